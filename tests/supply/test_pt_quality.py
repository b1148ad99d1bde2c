"""Categories of stops and classes of public transport, on worlds whose answers are derived by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ankerort.base.problems import Problems
from ankerort.network.build import read_timetables
from ankerort.network.model import DayTimetable, DayType, Network, Timetable
from ankerort.region.settings import InputSettings, RegionSettings
from ankerort.supply.pt_quality import PtQuality, facility_pt_classes, pt_quality
from ankerort.supply.pt_stops import group_stops, mode_group, return_pairs, stop_day
from worlds import tiny_region as world

CATALOGUE = world.catalogue()
HOUR = 3600
# a trip: (stops, departures in hours, route type, None or notice of a trip on demand (NaN = not known))
Trip = tuple[Sequence[int], Sequence[float], int, float | None]


def timetable(stops: Sequence[tuple[str, float, float]], trips: Sequence[Trip]) -> Timetable:
    """Trips between stops (name, metres east, metres north); everybody may board and alight everywhere."""
    rides, rows = [], []
    for k, (calls, hours, kind, lead) in enumerate(trips):
        rows.append((k, f"t{k}", kind, lead is not None, np.nan if lead is None else lead))
        for a, b, start, end in zip(calls, calls[1:], hours, hours[1:], strict=False):
            rides.append((int(start * HOUR), k, a, b, int(end * HOUR)))
    rides.sort(key=lambda r: r[:2])
    dep, trip, a, b, arr = (np.array(c, np.int32) for c in (zip(*rides, strict=True) if rides else [[]] * 5))
    columns = ["trip_ix", "trip_id", "route_type", "on_demand", "booking_lead_min"]
    described = pd.DataFrame(rows, columns=columns).astype({"on_demand": bool, "booking_lead_min": float})
    names = [n for n, _, _ in stops]
    table = pd.DataFrame(
        {
            "stop_ix": np.arange(len(stops)),
            "name": names,
            **world.positions([x for _, x, _ in stops], [y for _, _, y in stops]),
            "feeds": "gtfs",
            "stop_ids": names,
            "departures": np.bincount(a, minlength=len(stops)),
            "demand_departures": 0,
        }
    )
    flags = np.ones(len(dep), bool)
    return replace(
        world.timetable(), stops=table, trips=described.assign(source_id="gtfs", route="1", headsign="", on_demand_rule=""),
        dep_s=dep, arr_s=arr, from_stop=a, to_stop=b, trip=trip, can_board=flags, can_alight=flags,
    )  # fmt: skip


def network(days: dict[DayType, Timetable], silent: tuple[DayType, ...] = ()) -> Network:
    """Straight ways and one timetable per day type; the feed has no day of the silent ones."""
    types = {
        t: DayTimetable(t, table, "2026-06-09", {"gtfs": "" if t in silent else "2026-06-09"}, True)
        for t, table in days.items()
    }
    return replace(world.network(), timetable=next(iter(days.values())), day_types=types)


def classes(quality: PtQuality, day: str = "school", column: str = "pt_class") -> list[str]:
    """Classes of a1, a2, b1, b2, c1, c2 (x1 is not in the study area)."""
    return quality.cells[quality.cells["day_type"] == day][column].astype(str).tolist()[:6]


STOPS = (("Adorf", 0.0, 0.0), ("Bdorf", 5000.0, 0.0), ("Cstadt", 10000.0, 0.0))


def shuttle(a: int, b: int, hours: Sequence[float], kind: int = 3, lead: float | None = None) -> list[Trip]:
    """Trips there at these hours and back half an hour later."""
    there: list[Trip] = [((a, b), (h, h + 0.2), kind, lead) for h in hours]
    return there + [((b, a), (h + 0.5, h + 0.7), kind, lead) for h in hours]


def test_an_hourly_bus_by_hand() -> None:
    """The world's bus: 14 departures in 14 hours at each end, 2 x 840 / 14 = 120 min, bus: VII. b1 and c1 stand at the stop: F. b2 (600 m) and c2 (1,000 m)
    are too far for VII and for the rural classes. Adorf has one bus and none back: less than G, so H up to 500 m (a1 0 m, a2 300 m)."""
    found = pt_quality(world.region(), network({"school": world.timetable()}), CATALOGUE)
    stops = found.stops
    assert stops["category"].tolist() == ["none", "VII", "VII"]
    assert stops["window_departures"].tolist() == [0, 14, 14] and stops["departures"].tolist() == [1, 14, 14]
    assert stops["interval_min"].tolist()[1:] == [120.0, 120.0] and np.isnan(stops["interval_min"][0])
    assert stops["pairs"].tolist() == [0, 14, 14]
    assert classes(found) == ["H", "H", "F", "none", "F", "none"]
    assert found.cells["metres"].tolist()[:6] == [
        0.0,
        300.0,
        0.0,
        pytest.approx(np.nan, nan_ok=True),
        0.0,
        pytest.approx(np.nan, nan_ok=True),
    ]
    assert found.cells["stop_ix"].tolist()[:6] == [0, 0, 1, -1, 2, -1]


def test_persons_and_the_median_person_by_hand() -> None:
    """Adorf 100 H; Bdorf 30 F and 10 none; Cstadt 100 F and 100 none: of 200 the hundredth has F. Municipality 15001: 100 H, 30 F, 10 none: median H."""
    areas = pt_quality(world.region(), network({"school": world.timetable()}), CATALOGUE).areas
    rows = areas[~areas["with_demand"]].set_index(["level", "area_id"])
    places = rows.loc["place"]
    assert places["persons_h"].tolist() == [100.0, 0.0, 0.0]
    assert places["persons_f"].tolist() == [0.0, 30.0, 100.0]
    assert places["persons_none"].tolist() == [0.0, 10.0, 100.0]
    assert places["median_class"].tolist() == ["H", "F", "F"]
    assert places["departures"].tolist() == [1, 14, 14] and places["departures_known"].all()
    towns = rows.loc["municipality"]
    assert towns["median_class"].tolist() == ["H", "F"] and towns["departures"].tolist() == [15, 14]
    assert towns["persons_unknown"].tolist() == [0.0, 0.0]


def test_platforms_of_one_name_are_one_stop_and_a_trip_counts_once() -> None:
    """Through Bdorf every half hour each way, from platforms on both sides of the road: 28 + 28 departures, 2 x 840 / 56 = 30 min: V. A trip that calls at both
    platforms of Cstadt counts once there. The same name 5 km away is another stop."""
    stops = (*STOPS, ("BDORF", 5000.0, 60.0), ("Cstadt", 10080.0, 0.0), ("Adorf", 0.0, 5000.0))
    hours = np.arange(6, 20, 0.5)
    trips: list[Trip] = [((0, 1, 2, 4), (h, h + 0.2, h + 0.4, h + 0.42), 3, None) for h in hours]
    trips += [((4, 2, 3, 0), (h - 0.42, h - 0.4, h, h + 0.2), 3, None) for h in hours]
    table = timetable(stops, trips)
    groups = group_stops(table.stops, within_m=CATALOGUE.value("pt_class.same_stop_m"))
    assert groups.group.tolist() == [0, 1, 2, 1, 2, 3]
    assert (groups.first.tolist(), groups.platforms.tolist()) == ([0, 1, 2, 5], [1, 2, 2, 1])
    day = stop_day(network({"school": table}).day_types["school"], groups, CATALOGUE)
    assert day.departures.tolist()[:3] == [28, 56, 56], "at Cstadt every trip boards once, from either platform"
    assert day.window_departures[1] == 56 and day.interval_min[1] == 30.0 and day.category[1] == "V"
    assert day.pairs.tolist() == [28, 28, 28, 0]


def test_the_best_mode_group_alone_gives_the_category() -> None:
    """A tram every 30 min (28 + 28: IV) beside a bus every 10 min (84 + 84: IV at 10 min is IV): equal, the shorter interval names the group. A train every two hours
    (7 + 7: V) is no better than the bus."""
    hours = np.arange(6, 20, 0.5)
    through = [(x, k, t) for x, k, t in ((hours, 0, 1), (np.arange(6, 20, 1 / 6), 3, 1), (np.arange(6, 20, 2.0), 2, 1))]
    trips: list[Trip] = []
    for when, kind, middle in through:
        trips += [((0, middle, 2), (h - 0.1, h, h + 0.2), kind, None) for h in when]
        trips += [((2, middle, 0), (h - 0.1, h, h + 0.2), kind, None) for h in when]
    day = _day(timetable(STOPS, trips))
    assert day.category[1] == "IV"
    assert (day.mode_group[1], day.interval_min[1]) == ("C", pytest.approx(10.0))
    no_bus = _day(timetable(STOPS, [t for t in trips if t[2] != 3]))
    assert (no_bus.category[1], no_bus.mode_group[1]) == ("IV", "B")


def _day(table: Timetable):  # type: ignore[no-untyped-def]
    groups = group_stops(table.stops, within_m=CATALOGUE.value("pt_class.same_stop_m"))
    return stop_day(network({"school": table}).day_types["school"], groups, CATALOGUE)


@pytest.mark.parametrize(
    ("route_type", "group"), [(2, "A"), (109, "A"), (1, "A"), (402, "A"), (0, "B"), (900, "B"), (3, "C"), (715, "C"), (4, "C"), (-1, "C")]
)  # fmt: skip
def test_mode_groups(route_type: int, group: str) -> None:
    """GOAT groups: railway and metro A, tram B, bus and the rest C."""
    assert mode_group(route_type) == group


def test_departures_outside_the_window_do_not_count_for_the_category() -> None:
    """The window is 6:00 to 20:00: 5:59 and 20:00 lie outside, 6:00 and 19:59 inside."""
    hours = [5 + 59 / 60, 6.0, 19 + 59 / 60, 20.0]
    day = _day(timetable(STOPS, [((1, 2), (h, h + 0.2), 3, None) for h in hours]))
    assert (day.departures[1], day.window_departures[1]) == (4, 2)


def test_four_pairs_give_g_and_three_give_h() -> None:
    """Four buses there and back: G up to 500 m; three: H. Four there and three back make three pairs."""
    four, three = timetable(STOPS, shuttle(0, 1, [7, 9, 12, 16])), timetable(STOPS, shuttle(0, 1, [7, 9, 12]))
    assert classes(pt_quality(world.region(), network({"school": four}), CATALOGUE))[:3] == ["G", "G", "G"]
    assert classes(pt_quality(world.region(), network({"school": three}), CATALOGUE))[:3] == ["H", "H", "H"]
    uneven = timetable(STOPS, shuttle(0, 1, [7, 9, 12, 16])[:-1])
    groups = group_stops(uneven.stops, within_m=200.0)
    assert return_pairs(uneven, groups).tolist() == [3, 3, 0]


def test_pairs_are_with_one_and_the_same_stop() -> None:
    """Four buses from Bdorf to Adorf and four from Cstadt to Bdorf are no way back: no pair. A line through Bdorf with four trips each way makes four, not eight."""
    oneway: list[Trip] = [((1, 0), (h, h + 0.2), 3, None) for h in (7, 9, 11, 13)]
    oneway += [((2, 1), (h, h + 0.2), 3, None) for h in (7, 9, 11, 13)]
    assert return_pairs(
        timetable(STOPS, oneway), group_stops(timetable(STOPS, oneway).stops, within_m=200.0)
    ).tolist() == [0, 0, 0]
    through: list[Trip] = [((0, 1, 2), (h, h + 0.2, h + 0.4), 3, None) for h in (7, 9, 11, 13)]
    through += [((2, 1, 0), (h, h + 0.2, h + 0.4), 3, None) for h in (8, 10, 12, 14)]
    table = timetable(STOPS, through)
    assert return_pairs(table, group_stops(table.stops, within_m=200.0)).tolist() == [4, 4, 4]


def test_service_on_school_days_only_is_h() -> None:
    """Four pairs on school days, none on holiday weekdays: H and marked; with one bus in the holidays it is G; with the holidays unknown it is G, and whether it is
    school service is unknown."""
    school, none = timetable(STOPS, shuttle(0, 1, [7, 9, 12, 16])), timetable(STOPS, shuttle(1, 2, [7]))
    only = pt_quality(world.region(), network({"school": school, "holiday": none}), CATALOGUE)
    assert classes(only)[:2] == ["H", "H"] and classes(only, "holiday")[:2] == ["none", "none"]
    assert only.stops["school_only"].tolist()[:3] == ["yes", "no", "no"]
    some = timetable(STOPS, shuttle(0, 1, [7]))
    assert classes(pt_quality(world.region(), network({"school": school, "holiday": some}), CATALOGUE))[:2] == [
        "G",
        "G",
    ]
    silent = pt_quality(
        world.region(), network({"school": school, "holiday": timetable(STOPS, [])}, silent=("holiday",)), CATALOGUE
    )
    assert classes(silent)[:2] == ["G", "G"]
    assert silent.stops["school_only"].tolist()[:2] == ["unknown", "unknown"]


@pytest.mark.parametrize(
    ("lead", "with_demand", "at_least"), [(60.0, "G", "G"), (61.0, "H", "H"), (float("nan"), "unknown", "H")]
)
def test_rufbus_gives_g_if_it_comes_within_the_hour(lead: float, with_demand: str, at_least: str) -> None:
    """Booking up to 60 minutes ahead gives G, longer H, and with unknown notice it is unknown: at least H, at best G. Without Rufbus there is none."""
    table = timetable(STOPS, shuttle(0, 1, [9], lead=lead) + shuttle(1, 2, np.arange(6, 20, 0.5).tolist()))
    found = pt_quality(world.region(), network({"school": table}), CATALOGUE)
    assert classes(found)[:2] == ["none", "none"]
    assert classes(found, column="pt_class_demand")[:2] == [with_demand, with_demand]
    assert classes(found, column="at_least_demand")[:2] == [at_least, at_least]
    assert classes(found)[2] == classes(found, column="pt_class_demand")[2] == "E", (
        "2 x 840 / 28 = 60 min: VI, at the stop E"
    )


def test_a_silent_feed_makes_classes_unknown_and_never_none() -> None:
    """On a day type that the feed does not hold, cells up to 1,000 m from its stops are unknown, at least none; persons are unknown; the median is."""
    net = network({"school": world.timetable(), "sunday": timetable(STOPS, [])}, silent=("sunday",))
    found = pt_quality(world.region(), net, CATALOGUE)
    assert classes(found, "sunday") == ["unknown"] * 6
    assert classes(found, "sunday", "at_least") == ["none"] * 6
    areas = found.areas[(found.areas["day_type"] == "sunday") & (found.areas["level"] == "place")]
    assert areas["persons_unknown"].tolist() == [100.0, 40.0, 200.0] * 2
    assert (areas["median_class"] == "unknown").all() and (areas["median_class_best"] == "A").all()
    assert (areas["median_class_worst"] == "none").all() and not areas["departures_known"].any()
    assert (found.stops[found.stops["day_type"] == "sunday"]["category"] == "unknown").all()


def test_a_home_of_which_nothing_is_known_leaves_the_departures_of_its_place_open() -> None:
    """Adorf lies outside the area of the timetables: no departures are found, and that is not known; Bdorf is known."""
    known = {"school": np.array([False, False, True, True, True, True, False])}
    table = timetable(STOPS[1:], shuttle(0, 1, [7, 9]))
    areas = pt_quality(world.region(), network({"school": table}), CATALOGUE, known=known).areas
    places = areas[(areas["level"] == "place") & ~areas["with_demand"]]
    assert places["departures"].tolist() == [0, 2, 2]
    assert places["departures_known"].tolist() == [False, True, True]
    assert places["persons_unknown"].tolist() == [100.0, 0.0, 0.0]


def test_a_day_without_buses_is_none() -> None:
    """A feed that runs nothing on Sundays says so: none."""
    net = network({"school": world.timetable(), "sunday": timetable(STOPS, [])})
    assert classes(pt_quality(world.region(), net, CATALOGUE), "sunday") == ["none"] * 6


def test_facilities_have_the_class_of_their_site() -> None:
    """The pharmacy of Cstadt stands at the stop: F; the market 100 m beside it: F; the fire station 100 m from the stop of Adorf: H."""
    found = facility_pt_classes(world.region(), network({"school": world.timetable()}), CATALOGUE).set_index(
        "facility_id"
    )
    assert found["pt_class"].to_dict() == {"fire": "H", "maybe": "F", "market": "F", "pharmacy": "F", "care": "F"}
    bare = facility_pt_classes(world.region(), world.network(with_timetable=False), CATALOGUE)
    assert set(bare["pt_class"]) == {"unknown"} and set(bare["at_least"]) == {"none"}


def test_a_station_without_trains_in_the_timetables_is_named() -> None:
    """c1 and c2 lie within 1,000 m of a station, and no timetable holds trains: their class may be better."""
    region = world.region(facilities=(("station", "rail_station", "c", 10000.0, 300.0, "certain"),))
    found = pt_quality(region, network({"school": world.timetable()}), CATALOGUE)
    assert found.cells["rail_missing"].tolist()[:6] == [False, False, False, False, True, True]
    trains = replace(world.timetable(), trips=world.timetable().trips.assign(route_type=2))
    assert not pt_quality(region, network({"school": trains}), CATALOGUE).cells["rail_missing"].any()


def test_without_a_timetable_the_tables_are_empty_with_a_reason() -> None:
    """No rows, and why."""
    found = pt_quality(world.region(), world.network(with_timetable=False), CATALOGUE)
    assert (len(found.stops), len(found.cells), len(found.areas), found.reason) == (0, 0, 0, "no_timetable")


@pytest.mark.golden
def test_magdeburg_city_and_a_village_of_pvgs(shared_data: Path) -> None:
    """Hasselbachplatz is a tram stop of category I on school days and unknown in the holidays (MVB is hollow). Of the stops of PVGS that only Rufbus serves,
    whose notice nobody gave, none is without service with Rufbus: all have departures to be booked."""
    folder = shared_data / "magdeburg" / "gtfs"
    inputs = tuple(
        InputSettings("gtfs", (folder / f"gtfs_{f}_std_kn.zip",), f) for f in ("boerdebus", "kvg", "mvb", "njl", "pvgs")
    )
    settings = RegionSettings(Path(), "Magdeburg", ("15003",), crs="EPSG:25832", land="ST", inputs=inputs)
    default, _, days = read_timetables(settings, CATALOGUE, Problems())
    net = replace(world.network(), timetable=default, day_types=days)
    assert default is not None
    x, y = default.stops["x"].to_numpy(float), default.stops["y"].to_numpy(float)
    base = world.region()
    cells = pd.concat([base.cells.iloc[[0]]] * len(x), ignore_index=True)
    cells = cells.assign(cell_id=[f"c{k}" for k in range(len(x))], x=x, y=y)
    region = replace(base, cells=cells)
    known = {t: np.ones(len(x), bool) for t in days}
    found = pt_quality(region, net, CATALOGUE, known=known)
    stop = found.stops[found.stops["name"] == "Magdeburg, Hasselbachplatz (Tram/Bus)"].set_index("day_type")
    assert (stop.loc["school", "category"], stop.loc["school", "mode_group"]) == ("I", "B")
    assert stop.loc["holiday", "category"] == "unknown"
    school = found.cells[found.cells["day_type"] == "school"].reset_index(drop=True)
    city = default.stops["name"].str.startswith("Magdeburg, ").to_numpy(bool)
    centre = school[default.stops["name"].eq("Magdeburg, Hasselbachplatz (Tram/Bus)").to_numpy(bool)]
    assert (centre["pt_class"] == "A").all()
    assert school[city]["pt_class"].isin(["A", "B"]).mean() > 0.5
    rufbus = ((default.stops["departures"] == 0) & (default.stops["demand_departures"] > 0)).to_numpy(bool)
    assert rufbus.sum() > 50
    assert not (school[rufbus]["pt_class_demand"] == "none").any()
    assert (school[rufbus]["pt_class_demand"] == "unknown").any()
