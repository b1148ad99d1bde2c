"""The tables of a comparison, declared once; only rows in which something differs are kept.

Levels, groups, modes and letters as in `ankerort.supply.schema`; `service` is a service or a core item (``core:<id>``). Before is the
base, after the scenario. `*_low` is certain, `*_high` also counts what may be so because something is not known.
"""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

COMPARISON_AREAS = Schema(
    "comparison_areas",
    (
        Column("level", "str", "place, municipality, association, district, study"),
        Column("area_id", "str", "as in area_service"),
        Column("service", "str", "service or core item (core:<id>)"),
        Column("group", "str", "group of the catalogue"),
        Column(
            "mode", "str", "foot, bike, car, pt, pt_demand, without_car, without_car_demand (with Rufbus), with_car"
        ),
        Column("persons_before", "float64", "persons of the group before", "persons"),
        Column("persons", "float64", "persons of the group after", "persons"),
        Column("served_before_low", "float64", "known to be within the standard before", "persons"),
        Column("served_before_high", "float64", "the same plus unknown", "persons"),
        Column("served_after_low", "float64", "known to be within the standard after", "persons"),
        Column("served_after_high", "float64", "the same plus unknown", "persons"),
        Column("gain_low", "float64", "known beyond before, known within after", "persons"),
        Column("gain_high", "float64", "not known within before, possibly within after, and changed", "persons"),
        Column("lose_low", "float64", "known within before, known beyond after", "persons"),
        Column("lose_high", "float64", "possibly within before, not known within after, and changed", "persons"),
        Column("faster_persons", "float64", "persons with a shorter way", "persons"),
        Column("faster_mean_min", "float64", "mean of their gain; NaN = nobody", "min"),
        Column("faster_max_min", "float64", "largest gain; NaN = nobody", "min"),
        Column("slower_persons", "float64", "persons with a longer way", "persons"),
        Column("slower_mean_min", "float64", "mean of their loss; NaN = nobody", "min"),
        Column("slower_max_min", "float64", "largest loss; NaN = nobody", "min"),
        Column("new_persons", "float64", "persons without a way before and with one after", "persons"),
        Column("gone_persons", "float64", "persons with a way before and none after", "persons"),
    ),
    key=("level", "area_id", "service", "group", "mode"),
)

COMPARISON_PLACES = Schema(
    "comparison_places",
    (
        Column("place_id", "str", "place"),
        Column("service", "str", "service or core item (core:<id>)"),
        Column("verdict", "str", "+ better, - worse, +- both for different people, = the same for everybody"),
        Column("state_before", "str", "letter before"),
        Column("state_after", "str", "letter after"),
        Column("state_no_car_before", "str", "letter without a car before"),
        Column("state_no_car_after", "str", "letter without a car after"),
        Column("state_demand_before", "str", "letter without a car, with Rufbus, before"),
        Column("state_demand_after", "str", "letter without a car, with Rufbus, after"),
        Column("facilities_before", "int64", "open facilities inside the place before"),
        Column("facilities_after", "int64", "open facilities inside the place after"),
        Column("facility_before", "str", "facility that most of its people have nearest, before"),
        Column("facility_after", "str", "the same after: the facility that they use now"),
        *(
            Column(f"{mode}_min_{when}", "float64", f"median person's minutes, mode {mode}, {when}", "min")
            for mode in ("walk", "bike", "car", "pt", "pt_demand")
            for when in ("before", "after")
        ),
        Column("persons", "float64", "inhabitants after", "persons"),
    ),
    key=("place_id", "service"),
)

COMPARISON_TRIPS = Schema(
    "comparison_trips",
    (
        Column("level", "str", "place, municipality, association, district, study"),
        Column("area_id", "str", "as in area_service"),
        Column("service", "str", "service"),
        Column("group", "str", "group whose walk counts; its persons are counted"),
        Column("day_type", "str", "school, holiday, saturday, sunday"),
        Column("with_demand", "bool", "with Rufbus"),
        Column("persons", "float64", "persons of the group after", "persons"),
        Column("pairs_before", "float64", "mean number of pairs there and back before, walkers left out", "pairs"),
        Column("pairs_after", "float64", "the same after", "pairs"),
        Column("gain", "float64", "persons with no pair before and at least one after", "persons"),
        Column("lose", "float64", "persons with a pair before and none after", "persons"),
    ),
    key=("level", "area_id", "service", "group", "day_type", "with_demand"),
)

COMPARISON_STATEMENTS = Schema(
    "comparison_statements",
    (
        Column("set_id", "str", "set of standards"),
        Column("service", "str", "service"),
        Column("mode", "str", "as in standard_statement"),
        Column("group", "str", "group"),
        Column("level", "str", "as in area_service"),
        Column("area_id", "str", "as in area_service"),
        Column("before", "str", "yes, near, no, unknown, nobody: whether the standard was fulfilled"),
        Column("after", "str", "the same after"),
        Column("short_before", "float64", "persons known to be beyond before", "persons"),
        Column("short_after", "float64", "the same after", "persons"),
    ),
    key=("set_id", "service", "mode", "group", "level", "area_id"),
)

SIDE_BY_SIDE = Schema(
    "side_by_side",
    (
        Column("scenario", "str", "name of the scenario"),
        Column("level", "str", "as in area_service"),
        Column("area_id", "str", "as in area_service"),
        Column("service", "str", "service or core item"),
        Column("group", "str", "group"),
        Column("mode", "str", "mode"),
        Column("gain_low", "float64", "as in comparison_areas; 0 where nothing differs", "persons"),
        Column("gain_high", "float64", "the same plus unknown", "persons"),
        Column("lose_low", "float64", "as in comparison_areas; 0 where nothing differs", "persons"),
        Column("lose_high", "float64", "the same plus unknown", "persons"),
    ),
    key=("scenario", "level", "area_id", "service", "group", "mode"),
)

TABLES = (COMPARISON_AREAS, COMPARISON_PLACES, COMPARISON_TRIPS, COMPARISON_STATEMENTS, SIDE_BY_SIDE)
