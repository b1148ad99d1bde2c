"""Each way in which a feed can be broken: what is said, and what is used all the same."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.base.problems import Problems
from ankerort.network.timetable.feed import Feed
from ankerort.network.timetable.read_gtfs import read_gtfs
from reference.gtfs import write_feed
from reference.small_feed import STOPS, build, calendar, events, tables

Spoil = Callable[[dict[str, Any]], None]
HERE = (11.0, 51.5, 12.0, 52.5)


def read(tmp_path: Path, feed: dict[str, Any], **options: Any) -> tuple[Feed | None, Problems]:
    problems = Problems()
    return read_gtfs(write_feed(tmp_path / "feed.zip", feed), source_id="f", problems=problems, **options), problems


def stop(name: str, **other: object) -> dict[str, object]:
    lon, lat = STOPS.get(name, (11.5, 52.1))
    return {"stop_id": name, "stop_name": name, "stop_lat": lat, "stop_lon": lon} | other


def stops(*spoilt: dict[str, object]) -> dict[str, Any]:
    """Stops A to D with some replaced or added."""
    rows = {name: stop(name) for name in STOPS} | {str(s["stop_id"]): s for s in spoilt}
    return {"stops": list(rows.values())}


BAD_TRIP = ("t1", ("A", "6:05:00"), ("B", "6:10:00"), ("C", "6:20:00"))
GOOD = events("t2", ("C", "16:00:00"), ("B", "16:10:00"), ("A", "16:15:00"))
TWICE = "trip_id,stop_id,stop_sequence,arrival_time,departure_time\nt1,A,0,6:00:00,6:00:00\nt1,B,0,6:01:00,6:01:00\nt1,C,1,6:05:00,6:05:00\n"


@pytest.mark.parametrize(
    ("other", "code", "severity", "file", "row", "column", "trips"),
    [
        # files
        ({"stops": None}, "gtfs_file_missing", "error", "stops.txt", None, None, None),
        ({"routes": None}, "gtfs_file_missing", "error", "routes.txt", None, None, None),
        ({"trips": None}, "gtfs_file_missing", "error", "trips.txt", None, None, None),
        ({"stop_times": None}, "gtfs_file_missing", "error", "stop_times.txt", None, None, None),
        ({"calendar": None}, "gtfs_calendar_missing", "error", "", None, None, None),
        ({"stops": ""}, "text_table_empty", "error", "stops.txt", None, None, None),
        ({"stop_times": "trip_id,stop_id,stop_sequence,arrival_time,departure_time\n"}, "gtfs_file_without_rows", "error", "stop_times.txt", None, None, None),
        ({"stops": [{"stop_id": "A", "stop_lon": 11}]}, "gtfs_column_missing", "error", "stops.txt", 1, "stop_lat", None),
        ({"stop_times": "trip_id,stop_id,stop_sequence,arrival_time\nt1,A,0,6:00:00\n"}, "gtfs_column_missing", "error", "stop_times.txt", 1, "departure_time", None),
        # stops
        (stops(stop("D", stop_lat=0, stop_lon=0)), "gtfs_stop_at_zero", "warning", "stops.txt", 5, None, 2),
        ({"stops": [stop(s, stop_lat=0, stop_lon=0) for s in "ABCD"]}, "gtfs_stop_at_zero", "error", "stops.txt", 2, None, None),
        (stops(stop("D", stop_lat="")), "gtfs_stop_position", "warning", "stops.txt", 5, None, 2),
        (stops(stop("D", stop_lat="52,1x")), "gtfs_stop_position", "warning", "stops.txt", 5, None, 2),
        (stops(stop("D", stop_lat=48, stop_lon=9)), "gtfs_stop_far", "warning", "stops.txt", 5, None, 2),
        ({"stops": [stop(s, stop_lat=48, stop_lon=9) for s in "ABCD"]}, "gtfs_feed_outside", "error", "stops.txt", 2, None, 2),
        ({"stops": [stop(s, stop_lat=11.5, stop_lon=52.1) for s in "ABCD"]}, "gtfs_stops_swapped", "error", "stops.txt", 2, None, 2),
        ({"stops": [*(stop(s) for s in "ABCD"), stop("A")]}, "gtfs_duplicate_id", "warning", "stops.txt", 6, "stop_id", 2),
        (stops(stop("")), "gtfs_id_missing", "warning", "stops.txt", 6, "stop_id", 2),
        (stops(stop("D", parent_station="X")), "gtfs_unknown_parent", "warning", "stops.txt", 5, "parent_station", 2),
        # trips and routes
        ({"routes": [{"route_id": "x", "route_type": 3}]}, "gtfs_unknown_route", "warning", "trips.txt", 2, "route_id", 2),
        ({"routes": [{"route_id": "r", "route_type": "Bus"}]}, "gtfs_route_type", "warning", "routes.txt", 2, "route_type", 2),
        ({"trips": [{"route_id": "r", "service_id": s, "trip_id": t} for t, s in (("t1", "s"), ("t2", "x"))]}, "gtfs_unknown_service", "warning", "trips.txt", 3, "service_id", 2),
        ({"trips": [{"route_id": "r", "service_id": "s", "trip_id": t} for t in ("t1", "t2", "t1")]}, "gtfs_duplicate_id", "warning", "trips.txt", 4, "trip_id", 2),
        # stop times: the spoilt trip t1 stands in lines 2 to 4
        ({"stop_times": events("t1", ("A", "6:05:00")) + GOOD}, "gtfs_trip_one_stop", "warning", "stop_times.txt", 2, None, 1),
        ({"stop_times": events("t1", ("A", "6:05:00"), ("B", "6:61:00"), ("C", "6:20:00")) + GOOD}, "gtfs_time_format", "warning", "stop_times.txt", 3, "arrival_time", 1),
        ({"stop_times": events("t1", ("A", "6:05:00"), ("B", "6:02:00"), ("C", "6:20:00")) + GOOD}, "gtfs_times_backwards", "warning", "stop_times.txt", 3, "arrival_time", 1),
        ({"stop_times": events("t1", ("A", "23:55:00"), ("B", "0:05:00")) + GOOD}, "gtfs_times_backwards", "warning", "stop_times.txt", 3, "arrival_time", 1),
        ({"stop_times": events("t1", ("A", "6:05:00"), ("B", "6:07:00"), ("C", "")) + GOOD}, "gtfs_trip_without_times", "warning", "stop_times.txt", 4, "departure_time", 1),
        ({"stop_times": events("t1", ("A", "6:05:00"), ("X", "6:07:00"), ("C", "6:20:00")) + GOOD}, "gtfs_unknown_stop", "warning", "stop_times.txt", 3, "stop_id", 2),
        ({"stop_times": events(*BAD_TRIP) + events("x", ("A", "7:00:00"), ("B", "7:05:00")) + GOOD}, "gtfs_unknown_trip", "warning", "stop_times.txt", 5, "trip_id", 2),
        ({"stop_times": TWICE}, "gtfs_duplicate_sequence", "warning", "stop_times.txt", 3, "stop_sequence", 1),
        ({"stop_times": TWICE.replace("B,0", "B,x")}, "gtfs_sequence", "warning", "stop_times.txt", 3, "stop_sequence", 1),
        ({"stop_times": events("t1", ("A", "6:05:00", "7", "0"), ("B", "6:07:00")) + GOOD}, "gtfs_boarding_kind", "warning", "stop_times.txt", 2, "pickup_type", 2),
        ({"stop_times": events("t1", ("A", "6:05:00"), ("B", ""), ("C", "6:20:00")) + GOOD}, "gtfs_times_filled", "note", "stop_times.txt", None, None, 2),
        ({"stop_times": events("t1", ("A", "6:05:00"))}, "gtfs_nothing_usable", "error", "", None, None, None),
        ({"stop_times": TWICE + "t1,D,2\n"}, "text_table_row_broken", "warning", "stop_times.txt", 5, None, 1),
        # calendars
        ({"calendar": [calendar(start="01.06.2026"), calendar("q")]}, "gtfs_date_format", "warning", "calendar.txt", 2, "start_date", 2),
        ({"calendar": [calendar(start="2026-06-01")]}, "gtfs_date_format", "error", "calendar.txt", 2, "start_date", None),
        ({"calendar_dates": [{"service_id": "s", "date": "20260631", "exception_type": 1}]}, "gtfs_date_format", "error", "calendar_dates.txt", 2, "date", 2),
        ({"calendar_dates": [{"service_id": "s", "date": "20260630", "exception_type": 3}]}, "gtfs_exception_type", "warning", "calendar_dates.txt", 2, "exception_type", 2),
        ({"calendar": [calendar(), calendar("q", start="20260630", end="20260601")]}, "gtfs_calendar_backwards", "warning", "calendar.txt", 3, "end_date", 2),
        ({"calendar": [calendar(days="0000000")]}, "gtfs_no_service", "error", "", None, None, 2),
        ({"calendar": [calendar(), calendar("q") | {"monday": "ja"}]}, "gtfs_weekday_flag", "warning", "calendar.txt", 3, "monday", 2),
        ({"calendar": [calendar(end="99991231")]}, "gtfs_calendar_long", "note", "calendar.txt", None, None, 2),
        # frequencies and transfers
        ({"frequencies": [{"trip_id": "t1", "start_time": "7:00:00", "end_time": "8:00:00", "headway_secs": 0}]}, "gtfs_frequency", "warning", "frequencies.txt", 2, "headway_secs", 2),
        ({"frequencies": [{"trip_id": "x", "start_time": "7:00:00", "end_time": "8:00:00", "headway_secs": 600}]}, "gtfs_unknown_trip", "warning", "frequencies.txt", 2, "trip_id", 2),
        ({"transfers": [{"from_stop_id": "A", "to_stop_id": "B", "transfer_type": 2}]}, "gtfs_transfer_time", "warning", "transfers.txt", 2, "min_transfer_time", 2),
        ({"transfers": [{"from_stop_id": "A", "to_stop_id": "B", "transfer_type": 9}]}, "gtfs_transfer_type", "warning", "transfers.txt", 2, "transfer_type", 2),
        ({"transfers": [{"from_stop_id": "A", "to_stop_id": "B", "transfer_type": 1, "from_trip_id": "t1"}]}, "gtfs_transfer_special", "warning", "transfers.txt", 2, None, 2),
    ],
)  # fmt: skip
def test_fault_is_named_with_its_row_and_the_rest_is_used(
    tmp_path: Path,
    other: dict[str, Any],
    code: str,
    severity: str,
    file: str,
    row: int | None,
    column: str | None,
    trips: int | None,
) -> None:
    """One fault gives one problem with file, row and column; a feed that is usable in part is used in part."""
    feed, problems = read(tmp_path, tables(**other), bbox=HERE)
    found = [p for p in problems if p.code == code and (column is None or p.column == column)]
    assert [(p.severity, p.table, p.row) for p in found] == [(severity, f"feed.zip/{file}".rstrip("/"), row)]
    assert (None if feed is None else len(feed.trips)) == trips
    if feed is None:
        assert problems.has_errors


def test_all_problems_come_together(tmp_path: Path) -> None:
    """A missing file does not hide what is wrong in the others."""
    spoilt = tables(routes=None, calendar=[calendar(start="x")], stop_times="trip_id,stop_id\n1,2\n")
    feed, problems = read(tmp_path, spoilt)
    assert feed is None
    assert {"gtfs_file_missing", "gtfs_date_format", "gtfs_column_missing"} <= {p.code for p in problems}


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04broken"])
def test_broken_archive_is_an_error(tmp_path: Path, content: bytes) -> None:
    """A file that is no zip archive is named, not a crash."""
    path = tmp_path / "feed.zip"
    path.write_bytes(content)
    problems = Problems()
    assert read_gtfs(path, source_id="f", problems=problems) is None
    assert [(p.code, p.severity) for p in problems] == [("gtfs_no_archive", "error")]


def test_damaged_member_is_an_error(tmp_path: Path) -> None:
    """A file that is damaged inside the archive is named."""
    rows = "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(f"S{k},x,52.1,11.5\n" for k in range(50))
    path = write_feed(tmp_path / "feed.zip", tables(stops=rows))
    content = path.read_bytes()
    path.write_bytes(content.replace(b"S7,x", b"S8,x"))
    problems = Problems()
    assert read_gtfs(path, source_id="f", problems=problems) is None
    assert ("gtfs_file_damaged", "feed.zip/stops.txt") in {(p.code, p.table) for p in problems}


def test_missing_feed_is_an_error(tmp_path: Path) -> None:
    """A path that does not exist is named."""
    problems = Problems()
    assert read_gtfs(tmp_path / "x.zip", source_id="f", problems=problems) is None
    assert [p.code for p in problems] == ["gtfs_not_found"]


def test_folder_bom_quotes_blank_lines_and_latin_1(tmp_path: Path) -> None:
    """A feed may be a folder; BOM, quotes, CRLF, blank lines, blanks round values and Windows-1252 are read."""
    with_zip = write_feed(tmp_path / "feed.zip", tables())
    with zipfile.ZipFile(with_zip) as archive:
        archive.extractall(tmp_path / "feed")
    (tmp_path / "feed" / "stops.txt").write_bytes(
        b'\xef\xbb\xbf"stop_id", stop_name ,stop_lat,stop_lon\r\n"A","M\xf6ser, ""Markt""", 52.1 ,11.5\r\n\r\nB,b,52.1,11.52\r\nC,c,52.1,11.54\r\n'
    )
    problems = Problems()
    feed = read_gtfs(tmp_path / "feed", source_id="f", problems=problems)
    assert feed is not None
    assert feed.stops["name"].tolist() == ['Möser, "Markt"', "b", "c"]
    assert [(p.code, p.row) for p in problems] == [("text_table_encoding", 2)]


def test_feed_in_a_folder_inside_the_archive_is_found(tmp_path: Path) -> None:
    """Archives that hold the feed in a folder are read."""
    feed, problems = read(tmp_path, {f"gtfs/{k}": v for k, v in tables().items()})
    assert feed is not None
    assert list(problems) == []


def test_blank_times_are_spread_evenly(tmp_path: Path) -> None:
    """Two blank stops between 6:00 and 6:10 stand at 6:03:20 and 6:06:40."""
    rows = events("t1", ("A", "6:00:00"), ("B", ""), ("C", ""), ("D", "6:10:00"))
    feed, _ = read(tmp_path, tables(stop_times=rows))
    assert feed is not None
    assert feed.times.dep_s.tolist() == [21600, 21800, 22000, 22200]


def test_frequencies_become_trips(tmp_path: Path) -> None:
    """A trip every 20 minutes from 7 to 8 runs at 7:00, 7:20 and 7:40, not as written; header-only files mean nothing."""
    row = {"trip_id": "t1", "start_time": "7:00:00", "end_time": "8:00:00", "headway_secs": 1200}
    feed, problems = read(tmp_path, tables(frequencies=[row]))
    assert feed is not None and list(problems) == []
    assert feed.trips["trip_id"].tolist() == ["t1#07:00:00", "t1#07:20:00", "t1#07:40:00", "t2"]
    assert feed.times.dep_s[:6].tolist() == [25200, 25500, 26100, 26400, 26700, 27300]
    same, problems = read(tmp_path, tables(frequencies="trip_id,start_time,end_time,headway_secs,exact_times\n"))
    assert same is not None and list(problems) == []
    assert same.trips["trip_id"].tolist() == ["t1", "t2"]


def test_calendar_dates_alone_and_with_calendar(tmp_path: Path) -> None:
    """Exceptions add and remove days; either file alone is enough."""
    dates = [
        {"service_id": "s", "date": "20260606", "exception_type": 1},
        {"service_id": "s", "date": "20260602", "exception_type": 2},
    ]
    week = [calendar(start="20260601", end="20260605")]
    both, _ = read(tmp_path, tables(calendar=week, calendar_dates=dates))
    alone, problems = read(tmp_path, tables(calendar=None, calendar_dates=dates))
    assert both is not None and alone is not None and list(problems) == []
    assert both.trips_per_day().tolist() == [2, 0, 2, 2, 2, 2]
    assert (str(alone.first_day), alone.trips_per_day().tolist()) == ("2026-06-02", [0, 0, 0, 0, 2])
    assert alone.runs_on(np.datetime64("2026-06-06")).all()
    assert not alone.runs_on(np.datetime64("2026-07-06")).any()


def test_flex_zones_are_reported_not_lost(tmp_path: Path) -> None:
    """Stop times with a window and an area are no rides: the problem names how many trips and the first of them."""
    head = "trip_id,stop_id,location_group_id,stop_sequence,arrival_time,departure_time,start_pickup_drop_off_window,end_pickup_drop_off_window\n"
    zone = "t1,,zone,0,,,8:00:00,18:00:00\nt1,,zone,1,,,8:00:00,18:00:00\n"
    fixed = "t2,A,,0,6:00:00,6:00:00,,\nt2,B,,1,6:05:00,6:05:00,,\n"
    feed, problems = read(tmp_path, tables(stop_times=head + zone + fixed))
    assert feed is not None
    assert feed.trips["trip_id"].tolist() == ["t2"]
    assert [(p.code, p.row, p.params["trips"], p.params["count"]) for p in problems] == [("gtfs_flex_zone", 2, 1, 2)]


def test_feed_of_flex_zones_only_does_not_stop_the_run(tmp_path: Path) -> None:
    """Its loss is a warning, so that other feeds are used."""
    head = "trip_id,stop_id,location_id,stop_sequence,arrival_time,departure_time,start_pickup_drop_off_window,end_pickup_drop_off_window\n"
    zone = "t1,,zone,0,,,8:00:00,18:00:00\nt1,,zone,1,,,8:00:00,18:00:00\n"
    feed, problems = read(tmp_path, tables(stop_times=head + zone))
    assert feed is None
    assert {p.code: p.severity for p in problems} == {"gtfs_flex_zone": "warning", "gtfs_nothing_usable": "warning"}


FULL = tables(
    frequencies=[{"trip_id": "t1", "start_time": "7:00:00", "end_time": "8:00:00", "headway_secs": 1200}],
    transfers=[{"from_stop_id": "A", "to_stop_id": "B", "transfer_type": 2, "min_transfer_time": 60}],
    calendar_dates=[{"service_id": "s", "date": "20260606", "exception_type": 1}],
)
CELL = st.sampled_from(
    [
        "",
        "x",
        "-1",
        "0",
        "99999999999999999999",
        "1e309",
        "nan",
        "25:00:00",
        "24:99:00",
        "20260606",
        '"',
        "\x00",
        "ß\n",
        "Ä;,",
    ]
)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_no_spoilt_cell_is_a_crash(data: st.DataObject) -> None:
    """Whatever stands in up to three cells, the feed is read or the problems say why not."""
    spoilt = {name: [dict(row) for row in rows] for name, rows in FULL.items() if not isinstance(rows, str)}
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(spoilt)))
        row = data.draw(st.sampled_from(spoilt[name]))
        row[data.draw(st.sampled_from(sorted(row)))] = data.draw(CELL)
    with tempfile.TemporaryDirectory() as folder:
        timetable, problems = build(Path(folder), spoilt)
    assert len(timetable.dep_s) or len(problems)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted(FULL)), st.binary(max_size=60), st.integers(0, 80))
def test_no_spoilt_bytes_are_a_crash(name: str, junk: bytes, at: int) -> None:
    """Whatever bytes stand in a file, the feed is read or the problems say why not."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_feed(Path(folder) / "feed.zip", FULL)
        with zipfile.ZipFile(path) as archive:
            archive.extractall(Path(folder) / "feed")
        file = Path(folder) / "feed" / f"{name}.txt"
        content = file.read_bytes()
        file.write_bytes(content[:at] + junk + content[at:])
        problems = Problems()
        feed = read_gtfs(Path(folder) / "feed", source_id="f", problems=problems)
    assert feed is not None or problems.has_errors
