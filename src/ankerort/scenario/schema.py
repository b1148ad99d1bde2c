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

COMPARISON_CAPACITY = Schema(
    "comparison_capacity",
    (
        Column("level", "str", "place, municipality, association, district, study"),
        Column("area_id", "str", "as in area_service"),
        Column("service", "str", "service"),
        Column("unit", "str", "what the capacity counts"),
        Column("demand_unit", "str", "places, visits per year, persons"),
        *(
            Column(f"{name}_{when}", "float64", f"{meaning}, {when}; NaN = not known")
            for name, meaning in (
                ("demand", "demand of the area's people"),
                ("capacity", "known capacity inside"),
                ("capacity_per_100", "capacity inside per 100 of demand"),
                ("unserved_low", "demand without a place within the catchment, at least"),
                ("unserved_high", "demand without a place within the catchment, at most"),
            )
            for when in ("before", "after")
        ),
    ),
    key=("level", "area_id", "service"),
)

COMPARISON_QUALITY = Schema(
    "comparison_quality",
    (
        Column("facility_id", "str", "facility"),
        Column("service", "str", "service"),
        Column("place_id", "str", "place after; before, where it is no longer open"),
        Column("grade_before", "str", "A to E before; empty = too little is known, or not open"),
        Column("grade_after", "str", "A to E after; empty = too little is known, or not open"),
        Column("adequate_before", "str", "yes, no, unknown; empty = not open before"),
        Column("adequate_after", "str", "yes, no, unknown; empty = not open after"),
        *(
            Column(f"score_{end}_{when}", "float64", f"score {when}, {end} bound; NaN = not open", "share")
            for end in ("low", "high")
            for when in ("before", "after")
        ),
        Column("ask", "str", "criteria to ask for after, separated by ';'"),
    ),
    key=("facility_id",),
)

COMPARISON_ADEQUATE = Schema(
    "comparison_adequate",
    (
        Column("place_id", "str", "place"),
        Column("service", "str", "service"),
        Column("persons", "float64", "inhabitants after", "persons"),
        *(
            Column(
                f"adequate_{end}_{when}",
                "float64",
                f"persons whose nearest facility is adequate {how}, {when}",
                "persons",
            )
            for end, how in (("low", "for certain"), ("high", "if all that is not known were so"))
            for when in ("before", "after")
        ),
    ),
    key=("place_id", "service"),
)

NOT_TOLD = Schema(
    "comparison_not_told",
    (
        Column("service", "str", "service of which something was changed"),
        Column("topic", "str", "capacity, quality, hours: what was changed"),
        Column(
            "reason",
            "str",
            "why no effect is told: a reason of area_capacity, later (it holds from another year on), "
            "no_criteria, no_timetable, no_stay, or same (nothing differs)",
        ),
    ),
    key=("service", "topic"),
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

TABLES = (
    COMPARISON_AREAS,
    COMPARISON_PLACES,
    COMPARISON_TRIPS,
    COMPARISON_STATEMENTS,
    COMPARISON_CAPACITY,
    COMPARISON_QUALITY,
    COMPARISON_ADEQUATE,
    NOT_TOLD,
    SIDE_BY_SIDE,
)
