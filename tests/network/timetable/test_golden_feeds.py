"""The real feeds: counts, traps, and samples against a slow reading."""

from __future__ import annotations

import random
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer

from ankerort.base.problems import Problems
from ankerort.catalogue import is_school_day, read_catalogue
from ankerort.network.model import Timetable
from ankerort.network.timetable import build_timetable, read_stop_matrix, stops_without_departures
from ankerort.network.timetable.feed import Feed
from ankerort.network.timetable.read_gtfs import read_gtfs
from ankerort.network.timetable.service_day import align_trips_per_day, choose_day, school_tuesdays_thursdays
from ankerort.region.read_stop_register import read_stop_register
from ankerort.region.settings import InputSettings
from reference import gtfs

pytestmark = pytest.mark.golden
FEEDS = ("boerdebus", "kvg", "mvb", "njl", "pvgs")
CRS = "EPSG:25832"
ON_DEMAND = {"boerdebus": 109, "kvg": 0, "mvb": 0, "njl": 0, "pvgs": 3416}


def magdeburg(shared: Path, feed: str) -> Path:
    return shared / "magdeburg" / "gtfs" / f"gtfs_{feed}_std_kn.zip"


@cache
def feed_of(path: Path) -> Feed:
    feed = read_gtfs(path, source_id=path.stem, problems=Problems())
    assert feed is not None
    return feed


@cache
def timetable_of(shared: Path, region: str, land: str, day: str = "") -> tuple[Timetable, Problems]:
    problems = Problems()
    paths = sorted((shared / region / "gtfs").glob("*.zip"))
    inputs = [InputSettings("gtfs", (p,), p.stem) for p in paths]
    catalogue = read_catalogue(land=land)
    return build_timetable(inputs, day=day, land=land, catalogue=catalogue, crs=CRS, problems=problems), problems


@cache
def tables_of(path: Path) -> dict:
    return gtfs.read_tables(path)


def all_paths(shared: Path) -> list[Path]:
    return [*(magdeburg(shared, f) for f in FEEDS), shared / "heidelberg" / "gtfs" / "vrn_gtfs_cut.zip"]


def test_rows_as_in_the_data_notes(shared_data: Path) -> None:
    """Stops, trips and stop times of each feed are those that the notes count; nothing is left out."""
    counts = {f: feed_of(magdeburg(shared_data, f)) for f in FEEDS}
    assert {f: (len(c.stops), len(c.trips), len(c.times)) for f, c in counts.items()} == {
        "boerdebus": (939, 2850, 37367),
        "kvg": (996, 1942, 30176),
        "mvb": (735, 8382, 138125),
        "njl": (718, 1893, 30725),
        "pvgs": (1055, 4476, 155720),
    }


def test_trips_per_date_as_a_slow_reading_counts_them(shared_data: Path) -> None:
    """On dates spread over each feed's calendar the same trips run as plain csv finds."""
    for path in all_paths(shared_data):
        feed = feed_of(path)
        per_day = feed.trips_per_day()
        for column in range(0, len(per_day), max(1, len(per_day) // 12)):
            day = feed.first_day + column
            expected = gtfs.trips_on(tables_of(path), day.astype(date))
            assert sorted(feed.trips["trip_id"][feed.runs_on(day)]) == sorted(expected)
            assert per_day[column] == len(expected)


def test_stop_times_of_random_trips_as_a_slow_reading_finds_them(shared_data: Path) -> None:
    """Stops, times and boarding rules of 100 trips per feed are those of the file."""
    for path in all_paths(shared_data):
        feed = feed_of(path)
        slow = gtfs.runs(tables_of(path))
        starts = feed.times.starts(len(feed.trips))
        ids = feed.stops["stop_id"].to_numpy(object)
        for trip in random.Random(7).sample(range(len(feed.trips)), 100):
            part = slice(starts[trip], starts[trip + 1])
            times = feed.times
            columns = (
                ids[times.stop[part]],
                times.arr_s[part],
                times.dep_s[part],
                times.pickup[part],
                times.drop_off[part],
            )
            found = [(s, int(a), int(d), str(p), str(q)) for s, a, d, p, q in zip(*columns, strict=True)]
            assert found == slow[feed.trips["trip_id"][trip]]


def test_trips_on_demand_are_those_of_the_notes(shared_data: Path) -> None:
    """Exactly 3,416 trips of PVGS and 109 of BördeBus are flattened areas; all 109 on the lines 612 to 621."""
    timetable, problems = timetable_of(shared_data, "magdeburg", "ST")
    assert {r.source_id[5:-7]: r.on_demand_trips for r in timetable.reports} == ON_DEMAND
    flat = timetable.trips[timetable.trips["on_demand"] & timetable.trips["source_id"].str.contains("boerde")]
    assert set(flat["route"]) <= {str(k) for k in range(612, 622)}
    assert set(timetable.trips["on_demand_rule"]) == {"", "short_hops"}
    assert not problems.has_errors
    suspects = {p.table.split("_")[1]: p.params["count"] for p in problems if p.code == "gtfs_maybe_on_demand"}
    assert suspects == {"boerdebus": 264, "pvgs": 272}


def test_nobody_rides_between_two_stops_in_two_seconds(shared_data: Path) -> None:
    """On every PVGS trip every possible ride takes at least 3 s and is no faster than 30 m/s in a straight line."""
    timetable, _ = timetable_of(shared_data, "magdeburg", "ST")
    chosen = np.flatnonzero(timetable.trips["source_id"].str.contains("pvgs").to_numpy(bool)[timetable.trip])
    order = chosen[np.argsort(timetable.trip[chosen], kind="stable")]
    trip = timetable.trip[order]
    dep, arr = timetable.dep_s[order], timetable.arr_s[order]
    start, end = timetable.from_stop[order], timetable.to_stop[order]
    boards, alights = timetable.can_board[order], timetable.can_alight[order]
    x, y = timetable.stops["x"].to_numpy(), timetable.stops["y"].to_numpy()
    shortest, teleports, pairs = 10**9, 0, 0
    for lag in range(int(np.bincount(trip).max())):
        first = np.flatnonzero(trip[: len(trip) - lag] == trip[lag:])
        first = first[boards[first] & alights[first + lag]]
        if not len(first):
            continue
        ride = arr[first + lag] - dep[first]
        metres = np.hypot(x[end[first + lag]] - x[start[first]], y[end[first + lag]] - y[start[first]])
        shortest = min(shortest, int(ride.min()))
        teleports += int((metres > 30.0 * ride + 1e-6).sum())
        pairs += len(first)
    assert pairs > 100_000
    assert shortest >= 3
    assert teleports == 0


def test_published_times_of_trips_on_demand_stay_nearly_as_they_are(shared_data: Path) -> None:
    """The rule against teleporting moves 99 % of their alightings by 2 s at most."""
    timetable, _ = timetable_of(shared_data, "magdeburg", "ST")
    feed = feed_of(magdeburg(shared_data, "pvgs"))
    starts = feed.times.starts(len(feed.trips))
    row = {t: k for k, t in enumerate(feed.trips["trip_id"])}
    late, all_alightings = 0, 0
    demand = timetable.trips["on_demand"] & timetable.trips["source_id"].str.contains("pvgs")
    for trip in np.flatnonzero(demand)[::25]:
        rides = np.flatnonzero((timetable.trip == trip) & timetable.can_alight)
        k = row[timetable.trips["trip_id"][trip]]
        part = slice(starts[k] + 1, starts[k + 1])
        open_stops = feed.times.drop_off[part] != 1
        gap = np.sort(timetable.arr_s[rides]) - np.sort(feed.times.arr_s[part][open_stops])
        late += int((gap > 2).sum())
        all_alightings += len(gap)
    assert all_alightings > 500
    assert late <= 0.01 * all_alightings


def test_whole_school_days_lie_in_june(shared_data: Path) -> None:
    """All five feeds run whole only between 5 June and 3 July 2026; the day chosen is one of these."""
    catalogue = read_catalogue()
    feeds = [feed_of(magdeburg(shared_data, f)) for f in FEEDS]
    first, trips = align_trips_per_day([f.first_day for f in feeds], [f.trips_per_day() for f in feeds])
    eligible = school_tuesdays_thursdays(first, trips.shape[1], lambda d: is_school_day(catalogue, "ST", d))
    choice = choose_day(trips, first, eligible, whole_share=0.9)
    assert choice.rule == "whole"
    assert choice.whole_days == (
        "2026-06-09",
        "2026-06-11",
        "2026-06-16",
        "2026-06-18",
        "2026-06-23",
        "2026-06-25",
        "2026-06-30",
        "2026-07-02",
    )
    assert timetable_of(shared_data, "magdeburg", "ST")[0].date in choice.whole_days


@pytest.mark.parametrize(
    ("day", "hollow"),
    [
        ("2026-09-08", {"mvb": 761, "pvgs": 0}),
        ("2027-02-23", {"boerdebus": 0, "kvg": 632, "mvb": 405, "njl": 0, "pvgs": 0}),
    ],
)
def test_hollow_calendars_are_named(shared_data: Path, day: str, hollow: dict[str, int]) -> None:
    """Calendars promise June 2027, but MVB falls to 761 trips after 3 July; Börde and NJL run nothing in February."""
    timetable, problems = timetable_of(shared_data, "magdeburg", "ST", day)
    named = {p.table.split("_")[1]: p.params["trips"] for p in problems if p.code == "gtfs_hollow"}
    assert named == hollow
    assert {r.source_id[5:-7] for r in timetable.reports if r.hollow} == set(hollow)


def test_heidelberg_has_whole_days(shared_data: Path) -> None:
    """One feed, chosen on a school day of Baden-Württemberg, whole, no trips on demand, no stop without name."""
    timetable, problems = timetable_of(shared_data, "heidelberg", "BW")
    assert timetable.date == "2022-06-21"
    assert not problems.has_errors and not any(p.code == "gtfs_hollow" for p in problems)
    assert (len(timetable.stops), len(timetable.dep_s), timetable.reports[0].trips) == (354, 22615, 1480)


def test_magdeburg_timetable_has_these_sizes(shared_data: Path) -> None:
    """Stops that stand in several feeds are one; the counts of the day stay as they are."""
    timetable, _ = timetable_of(shared_data, "magdeburg", "ST")
    assert (timetable.date, len(timetable.stops), len(timetable.trips), len(timetable.dep_s)) == (
        "2026-06-09",
        4330,
        11465,
        241954,
    )
    assert int(timetable.stops["feeds"].str.contains(";").sum()) == 94
    assert not any(r.has_rail for r in timetable.reports)


def test_ids_that_stand_in_two_feeds_and_lie_together_are_one_stop(shared_data: Path) -> None:
    """73 stop ids stand in more than one feed; none of them gives two stops within 100 m."""
    timetable, _ = timetable_of(shared_data, "magdeburg", "ST")
    transform = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    seen: dict[str, list[tuple[float, float]]] = {}
    for name in FEEDS:
        stops = feed_of(magdeburg(shared_data, name)).stops
        for stop, lon, lat in stops[["stop_id", "lon", "lat"]].itertuples(index=False):
            seen.setdefault(stop, []).append(transform.transform(lon, lat))
    shared_ids = {s for s, places in seen.items() if len(places) > 1}
    assert len(shared_ids) == 73
    for ids in timetable.stops["stop_ids"].str.split(";"):
        shared_ids -= {s for s in set(ids) if ids.count(s) == len(seen[s])}
    assert all(max(np.hypot(*np.subtract(p, seen[s][0])) for p in seen[s]) > 100 for s in shared_ids)


def test_all_stations_are_without_trains(shared_data: Path) -> None:
    """209 stations have no departure: the rail timetable is missing."""
    timetable, _ = timetable_of(shared_data, "magdeburg", "ST")
    folder = shared_data / "magdeburg" / "haltestellen"
    problems = Problems()
    stations = InputSettings("stop_register", (folder / "db_stationen.csv",), "db", preset="db_stations")
    register = InputSettings("stop_register", (folder / "20260508_ST-MDV_nasa.csv",), "nasa", preset="nasa_register")
    assert (
        len(
            stops_without_departures(
                timetable, read_stop_register(stations, crs=CRS, problems=problems), within_m=150, same_name_m=500
            )
        )
        == 209
    )
    stops = read_stop_register(register, crs=CRS, problems=problems)
    assert len(stops) == 15459 - 7 - 9
    found = [(p.code, p.params["count"]) for p in problems]
    assert found == [("stop_register_position", 7), ("stop_register_duplicate", 9)]


def test_stockheim_matrix(shared_data: Path) -> None:
    """383 stops; of 87,893 pairs 14,625 take longer than 180 min and are dropped."""
    folder = shared_data / "stockheim" / "opnv"
    files = (folder / "haltestellen.csv", folder / "befoerderungszeit_minuten.csv")
    problems = Problems()
    settings = InputSettings("stop_matrix", files, "ptv", preset="daviplan_matrix")
    matrix = read_stop_matrix(settings, crs=CRS, catalogue=read_catalogue(), problems=problems)
    assert matrix is not None
    assert (len(matrix.stops), len(matrix.times.value), int(matrix.times.value.max())) == (383, 87893 - 14625, 10800)
    assert [(p.code, p.params["count"]) for p in problems] == [("stop_matrix_long", 14625)]
