"""Edits of a timetable: each gives what a feed gives that had been written so from the start."""

from __future__ import annotations

import tempfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.network.model import DayTimetable, Network, Timetable
from ankerort.network.timetable.edit import (
    NewTrip,
    add_stop,
    add_trip,
    find_trips,
    remove_stops,
    remove_trips,
    simple_trip,
)
from ankerort.network.timetable.edit_days import (
    add_line_to_days,
    add_stop_to_days,
    add_trip_to_days,
    count_trips_of_days,
    edit_days,
    remove_stops_from_days,
    remove_trips_from_days,
    resolve_calls,
    stops_named,
)
from ankerort.network.timetable.edit_line import add_line, line_date, place_line, read_line
from reference.gtfs import read_tables, write_feed
from reference.small_feed import DAY, STOPS, build, calendar, events, rides, tables
from worlds import tiny_region as world

SPEED = read_catalogue().value("pt.max_vehicle_speed_ms")
A, B, C, D = range(4)
TRIPS = [
    {"route_id": "r", "service_id": "s", "trip_id": "t1", "trip_headsign": "C"},
    {"route_id": "r", "service_id": "s", "trip_id": "t2", "trip_headsign": "A"},
]
TIMES = events("t1", ("A", "6:05:00"), ("B", "6:10:00"), ("C", "6:20:00")) + events(
    "t2", ("C", "16:00:00"), ("B", "16:10:00"), ("A", "16:15:00")
)
NEW = {"route_id": "r", "service_id": "s", "trip_id": "new", "trip_headsign": ""}


def clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def same(found: Timetable, expected: Timetable, *, without: tuple[str, ...] = ("reports",)) -> None:
    """Both timetables are the same, to the last bit and data type."""
    for one in fields(Timetable):
        a, b = getattr(found, one.name), getattr(expected, one.name)
        if one.name in without:
            continue
        if isinstance(a, pd.DataFrame):
            pd.testing.assert_frame_equal(a, b)
        elif isinstance(a, np.ndarray):
            assert a.dtype == b.dtype, one.name
            np.testing.assert_array_equal(a, b, err_msg=one.name)
        else:
            assert a == b, one.name


def built(folder: Path, **other: Any) -> Timetable:
    timetable, problems = build(folder, tables(**other))
    assert not problems.has_errors
    return timetable


def in_order(timetable: Timetable) -> None:
    """Connections stand by departure, then trip."""
    keys = list(zip(timetable.dep_s.tolist(), timetable.trip.tolist(), strict=True))
    assert keys == sorted(keys)


def test_an_added_trip_is_that_of_a_feed_that_holds_it(tmp_path: Path) -> None:
    """Bitwise: connections, trips, departures; removing it again gives the timetable from before."""
    base = built(tmp_path)
    moments = (21900, 22200, 24000)  # 6:05:00 as t1, 6:10:00, 6:40:00
    found = add_trip(
        base, replace(simple_trip((A, B, D), moments, trip_id="new", route="610"), source_id="f0"), max_speed_ms=SPEED
    )
    new = events("new", *[(s, clock(t)) for s, t in zip("ABD", moments, strict=True)])
    same(found, built(tmp_path, trips=[*TRIPS, NEW], stop_times=TIMES + new))
    same(remove_trips(found, find_trips(found, trip_id="new")), base, without=())
    in_order(found)


def test_nobody_alights_from_a_new_trip_faster_than_a_vehicle_drives(tmp_path: Path) -> None:
    """A to D (about 4.7 km) in one second takes the time of 30 m/s, as in a feed; so on demand too."""
    base = built(tmp_path)
    for on_demand in (False, True):
        trip = simple_trip((A, D), (30000, 30001), trip_id="new", route="610", on_demand=on_demand)
        found = add_trip(base, trip, max_speed_ms=SPEED)
        (row,) = np.flatnonzero(found.trip == 2)
        metres = np.hypot(*np.diff(found.stops[["x", "y"]].to_numpy()[[A, D]], axis=0)[0])
        assert found.arr_s[row] == 30000 + int(np.ceil(metres / SPEED))
        assert found.on_demand[row] == on_demand
        column = "demand_departures" if on_demand else "departures"
        assert found.stops[column].tolist()[A] == base.stops[column].tolist()[A] + 1


def test_boarding_and_alighting_rules_of_a_new_trip_hold(tmp_path: Path) -> None:
    """A trip that only picks up at B and only sets down at C is that of a feed with these kinds."""
    base = built(tmp_path)
    trip = NewTrip(
        "new", "610", (A, B, C), (30000, 30300, 30600), (30000, 30360, 30600), (True, True, False), (False, False, True),
        source_id="f0",
    )  # fmt: skip
    new = events("new", ("A", "8:20:00", "0", "1"), ("B", "8:25:00", "0", "1"), ("C", "8:30:00", "1", "0"))
    new[1]["departure_time"] = "8:26:00"
    same(add_trip(base, trip, max_speed_ms=SPEED), built(tmp_path, trips=[*TRIPS, NEW], stop_times=TIMES + new))


def test_a_new_trip_past_midnight_also_runs_the_evening_before(tmp_path: Path) -> None:
    """23:50 to 24:20 with a stop at 24:05: the day holds it twice, the second time from 0:05 on."""
    base = built(tmp_path)
    moments = (85800, 86700, 87600)
    trip = replace(simple_trip((A, B, C), moments, trip_id="new", route="610"), source_id="f0")
    new = events("new", *[(s, clock(t)) for s, t in zip("ABC", moments, strict=True)])
    expected = built(tmp_path, trips=[*TRIPS, NEW], stop_times=TIMES + new)
    found = add_trip(base, trip, max_speed_ms=SPEED, day_before=True)
    same(found, expected)
    assert len(find_trips(found, trip_id="new")) == 2
    same(remove_trips(found, find_trips(found, trip_id="new")), base, without=())


@pytest.mark.parametrize(
    "bad",
    [
        {"stop_ix": (0,), "arr_s": (0,), "dep_s": (0,)},
        {"stop_ix": (0, 1), "arr_s": (0, 5), "dep_s": (0,)},
        {"stop_ix": (0, 1), "arr_s": (0, 5), "dep_s": (6, 5)},
        {"stop_ix": (0, 1), "arr_s": (0, 5), "dep_s": (0, 5), "can_board": (True,)},
    ],
)
def test_a_trip_that_cannot_be_is_refused(bad: dict[str, Any]) -> None:
    """One stop, missing times, times backwards, flags that do not fit."""
    with pytest.raises(ValueError):
        NewTrip("t", "1", **bad)


def test_a_stop_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A row beyond the table of stops."""
    with pytest.raises(IndexError):
        add_trip(built(tmp_path), simple_trip((0, 9), (1, 2), trip_id="t", route="1"), max_speed_ms=SPEED)


@st.composite
def feeds(draw: st.DrawFn, kinds: str = "0012") -> list[list[dict[str, object]]]:
    """Stop times of some trips; many at equal moments, with stops passed twice and all kinds of boarding."""
    trips = []
    for k in range(draw(st.integers(1, 4))):
        moment, rows = draw(st.sampled_from([21600, 21660, 86300])), []
        for _ in range(draw(st.integers(2, 5))):
            moment += draw(st.sampled_from([0, 600]))
            stop = draw(st.sampled_from("ABCD"))
            rows.append((stop, clock(moment), draw(st.sampled_from(kinds)), draw(st.sampled_from(kinds))))
        trips.append(events(f"t{k}", *rows))
    return trips


def written(folder: str, trips: list[list[dict[str, object]]]) -> Timetable:
    names = [str(t[0]["trip_id"]) for t in trips]
    rows = [{"route_id": "r", "service_id": "s", "trip_id": n, "trip_headsign": "C"} for n in names]
    feed = tables(trips=rows, stop_times=[e for t in trips for e in t], calendar=[calendar("s", "1111111")])
    return build(Path(folder), feed)[0]


@settings(max_examples=40, deadline=None)
@given(feeds(), st.data())
def test_a_removed_trip_is_that_of_a_feed_without_it(trips: list[list[dict[str, object]]], data: st.DataObject) -> None:
    """Trips with stops by arrangement and runs of the evening before go with all their rows."""
    other = events("stays", ("A", "5:00:00"), ("D", "5:30:00"))
    gone = data.draw(st.integers(0, len(trips) - 1))
    with tempfile.TemporaryDirectory() as folder:
        base = written(folder, [*trips, other])
        expected = written(folder, [*trips[:gone], *trips[gone + 1 :], other])
    found = remove_trips(base, find_trips(base, trip_id=f"t{gone}"))
    same(found, expected)
    in_order(found)


def without_calls(trips: list[list[dict[str, object]]], gone: str) -> tuple[Timetable, Timetable]:
    """The stop removed from the timetable, and the timetable of a feed without its calls."""
    other = events("stays", ("A", "5:00:00"), ("B", "5:20:00"), ("C", "5:40:00"), ("D", "6:10:00"))
    with tempfile.TemporaryDirectory() as folder:
        base = written(folder, [*trips, other])
        kept = [[e for e in t if e["stop_id"] != gone] for t in [*trips, other]]
        expected = written(folder, [t for t in kept if len(t) > 1])
    return remove_stops(base, ["ABCD".index(gone)]), expected


@settings(max_examples=40, deadline=None)
@given(feeds("001"), st.sampled_from("ABCD"))
def test_a_removed_stop_leaves_the_connections_of_a_feed_without_its_calls(
    trips: list[list[dict[str, object]]], gone: str
) -> None:
    """Passengers ride through, first and last calls are cut. Where the rule of the fastest vehicle held the way through the stop back,
    one alights later than in such a feed, never earlier: no vehicle becomes faster."""
    found, expected = without_calls(trips, gone)
    in_order(found)
    assert (found.arr_s >= expected.arr_s).all()
    same(replace(found, arr_s=expected.arr_s), expected)


@settings(max_examples=40, deadline=None)
@given(feeds(), st.sampled_from("ABCD"))
def test_a_removed_stop_keeps_what_runs_only_when_booked(trips: list[list[dict[str, object]]], gone: str) -> None:
    """With boarding and alighting by arrangement the same rides stay, each with or without booking as before."""
    found, expected = without_calls(trips, gone)
    keys = [
        sorted((t, a, b, dep, booked) for t, a, b, dep, _, booked in rides(x).elements()) for x in (found, expected)
    ]
    assert keys[0] == keys[1]


def test_a_removed_stop_by_hand(tmp_path: Path) -> None:
    """Without B: A 6:05 to C 6:20, C 16:00 to A 16:15; B stays in the table without departures. Without A: B to C and C to B."""
    base = built(tmp_path)
    through = remove_stops(base, [B])
    assert {(k[1], k[2], k[3], k[4]) for k in rides(through)} == {("A", "C", 21900, 22800), ("C", "A", 57600, 58500)}
    assert through.stops["departures"].tolist() == [1, 0, 1, 0]
    ends = remove_stops(base, [A])
    assert {(k[1], k[2]) for k in rides(ends)} == {("B", "C"), ("C", "B")}
    assert len(remove_stops(base, [A, B]).trips) == 0, "a trip with one call left is gone"
    assert remove_stops(base, [D]) is base


def test_an_added_stop_stands_at_the_end(tmp_path: Path) -> None:
    """Rows of the others stay; a trip can call there."""
    base = built(tmp_path)
    found = add_stop(base, name="Ort, Neu", stop_id="n", lon=11.5, lat=52.11, x=671000.0, y=5774000.0)
    pd.testing.assert_frame_equal(found.stops.iloc[:4], base.stops)
    assert found.stops.iloc[4][["stop_ix", "name", "departures"]].tolist() == [4, "Ort, Neu", 0]
    served = add_trip(found, simple_trip((A, 4), (30000, 31000), trip_id="x", route="1"), max_speed_ms=SPEED)
    assert served.stops["departures"].tolist() == [2, 2, 1, 0, 0]
    assert served.to_stop[served.trip == 2].tolist() == [4]


def test_trips_are_found_by_line_stop_and_time(tmp_path: Path) -> None:
    """The line alone finds all its trips; with stop and moment the one trip; another feed finds none."""
    base = built(tmp_path)
    assert find_trips(base, line="610").tolist() == [0, 1]
    assert find_trips(base, line="610", stop_ix=[B], dep_s=22200).tolist() == [0]
    assert find_trips(base, line="610", source_id="f9").tolist() == []
    assert find_trips(base, trip_id="t2").tolist() == [1]
    assert find_trips(base, line="61").tolist() == []


def test_runs_of_frequencies_are_found_by_the_id_of_the_file(tmp_path: Path) -> None:
    """Three runs of t1 go by its id; one run by its own id; t10 is another trip."""
    more = {"route_id": "r", "service_id": "s", "trip_id": "t10", "trip_headsign": ""}
    base = built(
        tmp_path,
        trips=[*TRIPS, more],
        stop_times=TIMES + events("t10", ("A", "9:00:00"), ("B", "9:10:00")),
        frequencies=[{"trip_id": "t1", "start_time": "7:00:00", "end_time": "8:30:00", "headway_secs": 1800}],
    )
    assert base.trips["trip_id"][find_trips(base, trip_id="t1")].tolist() == [
        "t1#07:00:00",
        "t1#07:30:00",
        "t1#08:00:00",
    ]
    assert len(find_trips(base, trip_id="t1#07:30:00")) == 1


def snippet(folder: Path, **other: Any) -> Path:
    """A line of its own from B over X to a stop D2 called like D, 30 m beside it."""
    east = STOPS["D"][0] + 0.0004
    stops = [
        {"stop_id": "B", "stop_name": "anders", "stop_lat": 52.10, "stop_lon": 11.52},
        {"stop_id": "X", "stop_name": "Ort, X", "stop_lat": 52.11, "stop_lon": 11.53},
        {"stop_id": "D2", "stop_name": "ORT  D", "stop_lat": 52.12, "stop_lon": east},
    ]
    return write_feed(
        folder / "line.zip",
        tables(
            stops=stops,
            routes=[{"route_id": "q", "route_short_name": "99", "route_type": 3}],
            trips=[{"route_id": "q", "service_id": "s", "trip_id": f"q{k}", "trip_headsign": "D"} for k in range(2)],
            stop_times=events("q0", ("B", "7:00:00"), ("X", "7:05:00"), ("D2", "7:12:00"))
            + events("q1", ("D2", "23:55:00"), ("X", "24:02:00"), ("B", "24:10:00")),
            **other,
        ),
    )


def read_snippet(path: Path) -> Any:
    problems = Problems()
    line = read_line(path, catalogue=read_catalogue(), crs="EPSG:25832", problems=problems, source_id="f1")
    assert line is not None and not problems.has_errors
    return line


def test_an_added_line_is_that_of_a_second_feed(tmp_path: Path) -> None:
    """Stops of the same id or name are those of the timetable, the others new; the same rides as with both feeds from the start."""
    base = built(tmp_path)
    line = read_snippet(snippet(tmp_path))
    placed, row = place_line(base, line, max_m=100.0)
    assert row.tolist() == [B, 4, D] and placed.stops["name"].tolist()[4] == "Ort, X"
    found = add_line(placed, line, row, np.datetime64(DAY))
    with_both, _ = build(tmp_path, tables(), dict(read_tables(tmp_path / "line.zip")))
    same(found, with_both, without=("reports", "stops"))
    columns = ["name", "x", "y", "departures", "demand_departures"]
    pd.testing.assert_frame_equal(found.stops[columns], with_both.stops[columns])
    same(remove_trips(found, find_trips(found, line="99")), placed)


def test_a_line_of_another_year_runs_by_its_own_days(tmp_path: Path) -> None:
    """Inside its calendar the date of the timetable counts; a line of 2027 stands with its own school Tuesday; none on Sundays."""
    now, later = read_snippet(snippet(tmp_path)), None
    catalogue = read_catalogue()
    assert str(line_date(now, "school", DAY, land="ST", catalogue=catalogue)) == DAY
    later = read_snippet(snippet(tmp_path, calendar=[calendar("s", "1111100", "20270405", "20270409")]))
    assert str(line_date(later, "school", DAY, land="ST", catalogue=catalogue)) == "2027-04-06"
    assert line_date(later, "sunday", "2026-06-07", land="ST", catalogue=catalogue) is None


def days_network(tmp_path: Path) -> Network:
    """The small feed on a school day, on Saturdays only t2."""
    school = built(tmp_path)
    saturday = replace(remove_trips(school, [0]), date="2026-06-13")
    types = {
        t: DayTimetable(t, table, table.date, {"f0": table.date}, True)
        for t, table in (("school", school), ("saturday", saturday))
    }
    return replace(world.network(), timetable=school, day_types=types)


def test_edits_of_a_network_concern_the_days_that_they_name(tmp_path: Path) -> None:
    """A trip for Saturdays leaves the school day untouched; the default day, the same object as the school day, stays so."""
    net, where = days_network(tmp_path), {"land": "ST", "catalogue": read_catalogue()}
    trip = simple_trip((A, C), (30000, 31000), trip_id="new", route="7")
    found = add_trip_to_days(net, trip, days=("saturday",), **where)
    assert found.timetable is net.timetable
    assert found.day_types["school"].timetable is net.timetable
    assert len(found.day_types["saturday"].timetable.trips) == 2
    everywhere = add_trip_to_days(net, trip, **where)
    assert everywhere.timetable is everywhere.day_types["school"].timetable
    assert count_trips_of_days(everywhere, line="7") == 2
    back = remove_trips_from_days(everywhere, line="7", **where)
    for day_type, day in net.day_types.items():
        same(back.day_types[day_type].timetable, day.timetable, without=())


def test_stops_stay_the_same_table_on_all_days(tmp_path: Path) -> None:
    """New stops and the stops of a line stand at the same rows on every day; a day that is not named gets the stops without trips."""
    net, where = days_network(tmp_path), {"land": "ST", "catalogue": read_catalogue()}
    position = {"lon": 11.5, "lat": 52.2, "x": 671000.0, "y": 5785000.0}
    added = add_stop_to_days(net, name="Neu", stop_id="n", **position, **where)
    result = add_line_to_days(added, read_snippet(snippet(tmp_path)), days=("school",), **where)
    found = result.network
    assert dict(result.dates) == {"school": DAY}
    names = [d.timetable.stops["name"].tolist() for d in found.day_types.values()]
    assert names[0] == names[1] and names[0][4:] == ["Neu", "Ort, X"]
    assert found.timetable is not None and len(found.day_types["saturday"].timetable.trips) == 1
    assert count_trips_of_days(found, days=("school",), line="99") == 3, "q1 also ran the evening before"
    gone = remove_stops_from_days(found, [C], **where)
    assert all(d.timetable.stops["departures"].tolist()[C] == 0 for d in gone.day_types.values())


def test_without_a_timetable_nothing_is_edited() -> None:
    """A network of a stop matrix stays as it is."""
    bare = world.network(with_timetable=False)
    assert edit_days(bare, lambda t, _: t, land="ST", catalogue=read_catalogue()) is bare


def test_stops_are_named_by_id_or_name_and_poles_make_the_shortest_line(tmp_path: Path) -> None:
    """Two poles P (north and south of a road 40 m wide): the call takes that on the way; unknown and ambiguous names are told together."""
    poles = [
        {"stop_id": s, "stop_name": f"Ort, {s}", "stop_lat": lat, "stop_lon": lon} for s, (lon, lat) in STOPS.items()
    ]
    poles += [
        {"stop_id": "P1", "stop_name": "Pol", "stop_lat": 52.1004, "stop_lon": 11.51},
        {"stop_id": "P2", "stop_name": "Pol", "stop_lat": 52.1000, "stop_lon": 11.51},
        {"stop_id": "Q1", "stop_name": "Markt", "stop_lat": 52.10, "stop_lon": 11.51},
        {"stop_id": "Q2", "stop_name": "Markt", "stop_lat": 52.30, "stop_lon": 11.51},
    ]
    base = built(tmp_path, stops=poles)
    assert stops_named(base, "ort a").tolist() == [A]
    assert stops_named(base, "Pol").tolist() == [4, 5]
    problems = Problems()
    calls = resolve_calls(base, ("A", "Pol", "Ort, B"), within_m=500.0, problems=problems, table="x")
    assert calls == (A, 5, B) and not len(problems.sorted())
    assert resolve_calls(base, ("Nirgends", "Markt", "A"), within_m=500.0, problems=problems, table="x", row=3) == ()
    assert [(p.code, p.row, p.params["stop"]) for p in problems] == [
        ("edit_stop_unknown", 3, "Nirgends"),
        ("edit_stop_ambiguous", 3, "Markt"),
    ]
    assert resolve_calls(base, ("Q2", "A"), within_m=500.0, problems=problems, table="x") == (7, A)
