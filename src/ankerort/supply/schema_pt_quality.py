"""The tables of public-transport quality, declared once.

Classes: A (best) to F by the table `pt_classes.csv`; G and H are the rural extension (marked as default); none = no service within
the walk; unknown = the timetables do not tell. Day types: school, holiday, saturday, sunday. "With Rufbus" counts trips on demand too.
"""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

PT_STOPS = Schema(
    "pt_stops",
    (
        Column("day_type", "category", "type of day"),
        Column("stop_ix", "int32", "the stop: smallest row of Timetable.stops among its platforms"),
        Column("name", "category", "name of the stop"),
        Column("lon", "float64", "position of that platform", "degree"),
        Column("lat", "float64", "position of that platform", "degree"),
        Column("platforms", "int32", "platforms of the same name that count as this stop"),
        Column("departures", "int32", "trips that can be boarded on the day, without Rufbus", "trips"),
        Column("departures_demand", "int32", "the same, with Rufbus", "trips"),
        Column("window_departures", "int32", "of the first, in the window of the category, both directions", "trips"),
        Column("interval_min", "float64", "2 x window / departures of the mode group that decides; NaN = none", "min"),
        Column("mode_group", "category", "A rail and metro, B tram, C bus: the group that decides; missing = none"),
        Column("category", "category", "I to VII; none; unknown (a timetable without such days serves the stop)"),
        Column(
            "pairs", "int32", "return pairs a day with the best-served other stop, without changing, without Rufbus"
        ),
        Column("booking_lead_min", "float64", "shortest notice of Rufbus there; NaN = no Rufbus or not known", "min"),
        Column("school_only", "category", "yes, no, unknown: served on school days, but not on holiday weekdays"),
        Column("known", "bool", "no timetable of the stop lacks days of this type"),
    ),
    key=("day_type", "stop_ix"),
)

PT_CELLS = Schema(
    "pt_cells",
    (
        Column("day_type", "category", "type of day"),
        Column("cell_id", "category", "cell"),
        Column("pt_class", "category", "A to H, none, unknown; without Rufbus"),
        Column("pt_class_demand", "category", "the same, with Rufbus"),
        Column("at_least", "category", "class by what the timetables tell, where the class is unknown; else the class"),
        Column("at_least_demand", "category", "the same, with Rufbus"),
        Column("metres", "float64", "walk to the nearest stop that gives `at_least`; NaN = none", "m"),
        Column("stop_ix", "int32", "that stop as in pt_stops; -1 = none"),
        Column("rail_missing", "bool", "a station lies near, and no timetable holds trains: may be better"),
    ),
    key=("day_type", "cell_id"),
)

PT_AREAS = Schema(
    "pt_areas",
    (
        Column("level", "category", "place, municipality"),
        Column("area_id", "category", "place_id or ags"),
        Column("day_type", "category", "type of day"),
        Column("with_demand", "bool", "with Rufbus"),
        Column("persons", "float64", "inhabitants", "persons"),
        *(Column(f"persons_{c.lower()}", "float64", f"inhabitants with class {c}", "persons") for c in "ABCDEFGH"),
        Column("persons_none", "float64", "inhabitants without service within the walk", "persons"),
        Column("persons_unknown", "float64", "inhabitants whose class is not known", "persons"),
        Column("persons_rail_missing", "float64", "inhabitants near a station without timetable of trains", "persons"),
        Column("median_class", "category", "class of the median person; unknown where the unknown ones decide"),
        Column("median_class_best", "category", "the same if all unknown ones had the best class"),
        Column("median_class_worst", "category", "the same if the unknown ones had what is known of them at least"),
        Column("departures", "int32", "trips that can be boarded at the stops within the walk, each once", "trips"),
        Column(
            "departures_known",
            "bool",
            "public transport is known at all inhabited cells, and no timetable of these stops lacks days of this type",
        ),
    ),
    key=("level", "area_id", "day_type", "with_demand"),
)
