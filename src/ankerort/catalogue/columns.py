"""The columns of the catalogue's files, declared once."""

from __future__ import annotations

from ankerort.catalogue.columns_mobile import MOBILE_LAYOUTS
from ankerort.catalogue.columns_places import DOWNLOADS, NOUNS, PLACE_EXPECTATIONS, WORKING_GROUP_DATA, WORKING_GROUPS
from ankerort.catalogue.columns_provision import PROVISION_LAYOUTS
from ankerort.catalogue.layout import (
    AGREEMENT,
    LABELS,
    LAENDER,
    LEGAL_STATUS,
    MARKS,
    SET_MODES,
    SET_UNITS,
    STATUS,
    FileColumn,
    FileLayout,
)

SERVICES = FileLayout(
    "services.csv",
    ("id",),
    (
        FileColumn("id", "id of the service", required=True),
        *LABELS,
        FileColumn("area", "field of action", required=True),
        FileColumn("level", "local, GZ, MZ, area", "choice", True, ("local", "GZ", "MZ", "area")),
        FileColumn("osm", "tag rule; empty = no source in OpenStreetMap"),
        FileColumn("demand_groups", "ids of groups, separated by ;", required=True),
        FileColumn(
            "direction",
            "there_back, from_facility, to_facility, none",
            "choice",
            True,
            ("there_back", "from_facility", "to_facility", "none"),
        ),
        FileColumn("stay_min", "usual stay in minutes", "number", lowest=0),
        FileColumn("decides", "who decides on it"),
        FileColumn("task_type", "kind of task"),
        FileColumn("ref_inhabitants_per_facility", "expected inhabitants per facility", "number", lowest=1),
        FileColumn("osm_absence_means", "what absence in OpenStreetMap means", "choice", True, ("missing", "unknown")),
        FileColumn("default_hours", "usual opening hours, OSM syntax"),
        FileColumn("viability_pop", "inhabitants from which it pays", "number", lowest=0),
        FileColumn("capacity_rule", "what the capacity counts"),
        FileColumn("mobile", "mobile substitutes, separated by ;"),
        FileColumn("digital", "digital substitute"),
        FileColumn("capex_eur", "cost of investment"),
        FileColumn("opex_eur_year", "cost per year"),
        FileColumn("std_status", "strongest legal status in this field", "choice", True, LEGAL_STATUS),
        FileColumn("mark", "mark of the row's key figures", "choice", True, MARKS),
        FileColumn("comes_home", "yes: the service comes to the home", "yes_no", True),
        FileColumn("data_note", "where the data comes from, what to beware of"),
    ),
)
STANDARDS = FileLayout(
    "standards.csv",
    ("service", "mode", "kind", "condition"),
    (
        FileColumn("service", "id of the service", required=True),
        FileColumn("mode", "walk, bike, car, pt", "choice", True, ("walk", "bike", "car", "pt")),
        FileColumn("kind", "minimum (Mindestwert) or target (Zielwert)", "choice", True, ("minimum", "target")),
        FileColumn("value", "metres on foot, else minutes; empty in an own folder = dropped", "number", lowest=1),
        FileColumn("unit", "m on foot, else min", "choice", True, ("m", "min")),
        FileColumn("condition", "where it holds; a conditional value is never a general standard"),
        *STATUS,
        *AGREEMENT,
    ),
)
STANDARD_SETS = FileLayout(
    "standard_sets.csv",
    ("set_id", "item", "mode", "kind"),
    (
        FileColumn("set_id", "id of the set", required=True),
        FileColumn("label_de", "German label of the set; one row of the set suffices"),
        FileColumn("label_en", "English label of the set; one row of the set suffices"),
        FileColumn("item", "service, tier:GZ|MZ|OZ, centre:GZ|MZ|OZ, or * for all of standards.csv", required=True),
        FileColumn("mode", "walk, bike, car, pt, a measure, or *", "choice", True, SET_MODES),
        FileColumn(
            "kind",
            "minimum, target, or conditional (the conditional row of standards.csv)",
            "choice",
            True,
            ("minimum", "target", "conditional"),
        ),
        FileColumn("value", "the limit; empty = as in standards.csv", "number", lowest=1),
        FileColumn("unit", "m on foot, min, or the unit of the measure", "choice", choices=SET_UNITS),
        FileColumn("tolerance_share", "share of the persons that may miss it", "number", lowest=0, highest=1),
        FileColumn("municipality_over_persons", "only in municipalities with more inhabitants", "number", lowest=0),
        FileColumn("condition", "where it holds, if the data cannot show that; German"),
        FileColumn("source", "source of the value; empty = as in standards.csv"),
        FileColumn("legal_status", "law, plan, guideline, practice, default", "choice", choices=LEGAL_STATUS),
        FileColumn("mark", "S, M, D; two marks with a stroke", "choice", choices=MARKS),
        *AGREEMENT,
    ),
)
RESPONSE_PARTS = FileLayout(
    "response_parts.csv",
    ("service",),
    (
        FileColumn("service", "id of the service", required=True),
        FileColumn("limit_min", "response time in minutes", "number", True, lowest=1),
        FileColumn("limit_source", "source of the limit", required=True),
        FileColumn("limit_mark", "mark of the limit", "choice", True, MARKS),
        FileColumn("starting_event_de", "event from which it counts, German", required=True),
        FileColumn("starting_event_en", "the same, English", required=True),
        FileColumn("turn_out_min", "minutes for dispatch and turn-out", "number", True, lowest=0),
        FileColumn("turn_out_source", "source of the turn-out", required=True),
        FileColumn("turn_out_mark", "mark of the turn-out", "choice", True, MARKS),
        FileColumn(
            "share", "share of cases in which it must be kept; empty = none named", "number", lowest=0, highest=1
        ),
        FileColumn("checked_on", "day of the last check", "date"),
    ),
)
FIGURES = FileLayout(
    "figures.csv",
    ("id",),
    (
        FileColumn("id", "id of the figure", required=True),
        FileColumn("value", "the number", "number", True, lowest=0),
        FileColumn("unit", "its unit", required=True),
        FileColumn("meaning", "what it is", required=True),
        *STATUS,
        *AGREEMENT,
    ),
)
GROUPS = FileLayout(
    "groups.csv",
    ("id",),
    (
        FileColumn("id", "id of the group", required=True),
        *LABELS,
        FileColumn("first_age", "youngest age", "integer", True, lowest=0, highest=120),
        FileColumn("last_age", "oldest age, 120 = open", "integer", True, lowest=0, highest=120),
        FileColumn("walk_speed", "figure of the walking speed", required=True),
        FileColumn("walk_limit", "figure of the longest accepted walk", required=True),
    ),
)
_UNION = (
    FileColumn("id", "id of the function", required=True),
    *LABELS,
    FileColumn("services", "ids of services of which one suffices, separated by ;", required=True),
)
CORE = FileLayout("core.csv", ("id",), _UNION)
FIVE = FileLayout("five.csv", ("id",), _UNION)
SCHOOL_HOLIDAYS = FileLayout(
    "school_holidays.csv",
    ("land", "name", "year"),
    (
        FileColumn("land", "abbreviation of the Land", "choice", True, LAENDER),
        FileColumn("name", "name of the holidays", required=True),
        FileColumn("year", "calendar year of the first day", "integer", True, lowest=1990, highest=2100),
        FileColumn("first_day", "first day", "date", True),
        FileColumn("last_day", "last day, included", "date", True),
        FileColumn("source", "source", required=True),
        FileColumn("mark", "mark", "choice", True, MARKS),
        FileColumn("checked_on", "day of the last check", "date"),
    ),
)
SINGLE_YEAR_AGES = FileLayout(
    "single_year_ages.csv",
    ("land", "age"),
    (
        FileColumn("land", "abbreviation of the Land, DE = Germany", "choice", True, (*LAENDER, "DE")),
        FileColumn("age", "age in years, 100 = 100 and older", "integer", True, lowest=0, highest=100),
        FileColumn("persons", "inhabitants of this age", "number", True, lowest=0),
        FileColumn("source", "source", required=True),
        FileColumn("mark", "mark", "choice", True, MARKS),
    ),
)
CAR_RATES = FileLayout(
    "car_rates.csv",
    ("settlement", "sex", "age_from"),
    (
        FileColumn("settlement", "village, town, large_city", "choice", True, ("village", "town", "large_city")),
        FileColumn("sex", "f, m", "choice", True, ("f", "m")),
        FileColumn("age_from", "youngest age", "integer", True, lowest=0, highest=120),
        FileColumn("age_to", "oldest age, 120 = open", "integer", True, lowest=0, highest=120),
        FileColumn("value", "share who can drive a car themselves", "number", True, lowest=0, highest=1),
        FileColumn("unit", "share", "choice", True, ("share",)),
        *STATUS,
        *AGREEMENT,
    ),
)
DEMOGRAPHIC_RATES = FileLayout(
    "demographic_rates.csv",
    ("quantity", "land", "sex", "age_from"),
    (
        FileColumn(
            "quantity",
            "deaths, births, net_migration, moves",
            "choice",
            True,
            ("deaths", "births", "net_migration", "moves"),
        ),
        FileColumn("land", "abbreviation of the Land, DE = Germany", "choice", True, (*LAENDER, "DE")),
        FileColumn("sex", "f, m", "choice", True, ("f", "m")),
        FileColumn("age_from", "youngest age", "integer", True, lowest=0, highest=120),
        FileColumn("age_to", "oldest age, 120 = open", "integer", True, lowest=0, highest=120),
        FileColumn("value", "per 1,000 persons of the group and year", "number", True, lowest=-1000, highest=1000),
        *STATUS,
        *AGREEMENT,
    ),
)
FORECAST_VARIANTS = FileLayout(
    "forecast_variants.csv",
    ("id", "age_from"),
    (
        FileColumn("id", "id of the variant", required=True),
        *LABELS,
        FileColumn("net_migration_factor", "by what the balance of moves is multiplied", "number", True, lowest=0),
        FileColumn("age_from", "youngest age that gains or loses", "integer", True, lowest=0, highest=120),
        FileColumn("age_to", "oldest age, 120 = open", "integer", True, lowest=0, highest=120),
        FileColumn(
            "extra_per_1000", "more moves in than out, per 1,000 and year", "number", True, lowest=-1000, highest=1000
        ),
        *STATUS,
        *AGREEMENT,
    ),
)
QUALITY_WEIGHTS = FileLayout(
    "quality_weights.csv",
    ("service", "criterion"),
    (
        FileColumn("service", "id of the service, area:<area>, or * for all", required=True),
        FileColumn(
            "criterion",
            "hours, step_free, capacity, condition, range, pt, digital",
            "choice",
            True,
            ("hours", "step_free", "capacity", "condition", "range", "pt", "digital"),
        ),
        FileColumn("value", "weight; 0 = does not apply", "number", True, lowest=0, highest=1),
        FileColumn("unit", "share", "choice", True, ("share",)),
        *STATUS,
        *AGREEMENT,
    ),
)
QUALITY_SCALES = FileLayout(
    "quality_scales.csv",
    ("criterion", "step"),
    (
        FileColumn(
            "criterion",
            "step_free, range, pt, digital",
            "choice",
            True,
            ("step_free", "range", "pt", "digital"),
        ),
        FileColumn("step", "what was found; for digital from so many Mbit/s on", required=True),
        FileColumn("value", "what it counts, 0 to 1", "number", True, lowest=0, highest=1),
        FileColumn("unit", "share", "choice", True, ("share",)),
        *STATUS,
        *AGREEMENT,
    ),
)
QUALITY_WINDOWS = FileLayout(
    "quality_windows.csv",
    ("window", "weekday", "from_time"),
    (
        FileColumn("window", "65_plus, workers", "choice", True, ("65_plus", "workers")),
        FileColumn("weekday", "Mo to Su", "choice", True, ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")),
        FileColumn("from_time", "HH:MM", required=True),
        FileColumn("to_time", "HH:MM", required=True),
        *STATUS,
        *AGREEMENT,
    ),
)
DEMAND_RATES = FileLayout(
    "demand_rates.csv",
    ("service", "age_from", "sex", "from_year"),
    (
        FileColumn("service", "id of the service", required=True),
        FileColumn("age_from", "youngest age", "integer", True, lowest=0, highest=120),
        FileColumn("age_to", "oldest age, 120 = open", "integer", True, lowest=0, highest=120),
        FileColumn("sex", "all, f, m", "choice", True, ("all", "f", "m")),
        FileColumn("from_year", "first year; empty = since ever", "integer", lowest=1990, highest=2100),
        FileColumn("to_year", "last year; empty = open", "integer", lowest=1990, highest=2100),
        FileColumn(
            "kind",
            "quota (places per person), frequency (visits per person and year), uniform (per head)",
            "choice",
            True,
            ("quota", "frequency", "uniform"),
        ),
        FileColumn("value", "the rate", "number", True, lowest=0),
        FileColumn(
            "unit",
            "unit of the demand: places, visits per year, persons",
            "choice",
            True,
            ("places", "visits per year", "persons"),
        ),
        FileColumn("market", "services of one market divide its people; their rates sum to 1"),
        *STATUS,
        *AGREEMENT,
    ),
)
CAPACITY_UNITS = FileLayout(
    "capacity_units.csv",
    ("service",),
    (
        FileColumn("service", "id of the service", required=True),
        FileColumn("unit", "what the capacity counts", required=True),
        FileColumn("demand_per_unit", "demand that one unit of capacity serves", "number", True, lowest=0),
        FileColumn("usual_capacity", "usual capacity of a facility, only for assumptions", "number", lowest=0),
        *STATUS,
        *AGREEMENT,
    ),
)
DECAY_ZONES = FileLayout(
    "decay_zones.csv",
    ("set_id", "up_to_min"),
    (
        FileColumn("set_id", "id of the set of zones", required=True),
        FileColumn("up_to_min", "the zone ends here, itself included", "number", True, lowest=1),
        FileColumn("weight", "weight of a way in the zone", "number", True, lowest=0, highest=1),
        *STATUS,
        *AGREEMENT,
    ),
)
ACCESS_RULES = FileLayout(
    "access_rules.csv",
    ("service",),
    (
        FileColumn("service", "id of the service; * = all others", required=True),
        FileColumn(
            "mode", "car, foot, bike, pt; empty = the service's own", "choice", False, ("car", "foot", "bike", "pt")
        ),
        FileColumn(
            "method",
            "gravity, gravity_competition, 2sfca, e2sfca, 3sfca, mh3sfca",
            "choice",
            True,
            ("gravity", "gravity_competition", "2sfca", "e2sfca", "3sfca", "mh3sfca"),
        ),
        FileColumn("decay", "binary, linear, exponential, gaussian, power, logistic, or zones:<set>", required=True),
        FileColumn("limit_min", "largest minutes of the catchment", "number", True, lowest=2),
        *STATUS,
        *AGREEMENT,
    ),
)
PT_CLASSES = FileLayout(
    "pt_classes.csv",
    ("part", "of", "limit"),
    (
        FileColumn("part", "category (of a stop) or class (of a home near it)", "choice", True, ("category", "class")),
        FileColumn("of", "mode group A, B, C; for classes the category I to VII", required=True),
        FileColumn("limit", "minutes between departures; for classes metres on foot", "number", True, lowest=1),
        FileColumn("unit", "min, m", "choice", True, ("min", "m")),
        FileColumn("included", "the limit itself belongs to the row", "yes_no", True),
        FileColumn("result", "category I to VII; class A to H", required=True),
        *STATUS,
        *AGREEMENT,
    ),
)
LAYOUTS: tuple[FileLayout, ...] = (
    SERVICES,
    STANDARDS,
    STANDARD_SETS,
    RESPONSE_PARTS,
    FIGURES,
    GROUPS,
    CORE,
    FIVE,
    SCHOOL_HOLIDAYS,
    SINGLE_YEAR_AGES,
    CAR_RATES,
    DEMOGRAPHIC_RATES,
    FORECAST_VARIANTS,
    QUALITY_WEIGHTS,
    QUALITY_SCALES,
    QUALITY_WINDOWS,
    DEMAND_RATES,
    CAPACITY_UNITS,
    DECAY_ZONES,
    ACCESS_RULES,
    PT_CLASSES,
    DOWNLOADS,
    NOUNS,
    PLACE_EXPECTATIONS,
    WORKING_GROUPS,
    WORKING_GROUP_DATA,
    *PROVISION_LAYOUTS,
    *MOBILE_LAYOUTS,
)
