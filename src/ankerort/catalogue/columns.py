"""The columns of the catalogue's files, declared once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CellKind = Literal["text", "number", "integer", "date", "choice", "yes_no"]

LEGAL_STATUS = ("law", "plan", "guideline", "practice", "default")
MARKS = ("S", "M", "D", "S/M", "S/D", "D/M")
SET_MODES = (
    "walk",
    "bike",
    "car",
    "pt",
    "persons_in_place",
    "persons_in_catchment",
    "density_exception",
    "facilities_in_municipality",
    "km2_per_facility",
    "*",
)
SET_UNITS = ("m", "min", "persons", "persons/km2", "facilities", "km2")
LAENDER = ("BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH")


@dataclass(frozen=True)
class FileColumn:
    """One column of a catalogue file; `required` = no cell may be empty."""

    name: str
    meaning: str
    kind: CellKind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True)
class FileLayout:
    """One file: its columns and those that identify a row."""

    name: str
    key: tuple[str, ...]
    columns: tuple[FileColumn, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(c.name for c in self.columns)


_AGREEMENT = (
    FileColumn("valid_from", "day from which it holds", "date"),
    FileColumn("checked_on", "day of the last check", "date"),
    FileColumn("agreed_by", "who agreed a replaced value"),
    FileColumn("agreed_on", "day of the agreement", "date"),
    FileColumn("reason", "why it was replaced"),
)
_STATUS = (
    FileColumn("source", "source of the value", required=True),
    FileColumn("legal_status", "law, plan, guideline, practice, default", "choice", True, LEGAL_STATUS),
    FileColumn(
        "mark", "S source found, M from memory, D default of Ankerort; two marks with a stroke", "choice", True, MARKS
    ),
)
_LABELS = (
    FileColumn("label_de", "German label", required=True),
    FileColumn("label_en", "English label", required=True),
)

SERVICES = FileLayout(
    "services.csv",
    ("id",),
    (
        FileColumn("id", "id of the service", required=True),
        *_LABELS,
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
        *_STATUS,
        *_AGREEMENT,
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
        *_AGREEMENT,
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
        *_STATUS,
        *_AGREEMENT,
    ),
)
GROUPS = FileLayout(
    "groups.csv",
    ("id",),
    (
        FileColumn("id", "id of the group", required=True),
        *_LABELS,
        FileColumn("first_age", "youngest age", "integer", True, lowest=0, highest=120),
        FileColumn("last_age", "oldest age, 120 = open", "integer", True, lowest=0, highest=120),
        FileColumn("walk_speed", "figure of the walking speed", required=True),
        FileColumn("walk_limit", "figure of the longest accepted walk", required=True),
    ),
)
_UNION = (
    FileColumn("id", "id of the function", required=True),
    *_LABELS,
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
        *_STATUS,
        *_AGREEMENT,
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
        *_STATUS,
        *_AGREEMENT,
    ),
)
FORECAST_VARIANTS = FileLayout(
    "forecast_variants.csv",
    ("id", "age_from"),
    (
        FileColumn("id", "id of the variant", required=True),
        *_LABELS,
        FileColumn("net_migration_factor", "by what the balance of moves is multiplied", "number", True, lowest=0),
        FileColumn("age_from", "youngest age that gains or loses", "integer", True, lowest=0, highest=120),
        FileColumn("age_to", "oldest age, 120 = open", "integer", True, lowest=0, highest=120),
        FileColumn(
            "extra_per_1000", "more moves in than out, per 1,000 and year", "number", True, lowest=-1000, highest=1000
        ),
        *_STATUS,
        *_AGREEMENT,
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
        *_STATUS,
        *_AGREEMENT,
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
        *_STATUS,
        *_AGREEMENT,
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
        *_STATUS,
        *_AGREEMENT,
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
        *_STATUS,
        *_AGREEMENT,
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
        *_STATUS,
        *_AGREEMENT,
    ),
)
DECAY_ZONES = FileLayout(
    "decay_zones.csv",
    ("set_id", "up_to_min"),
    (
        FileColumn("set_id", "id of the set of zones", required=True),
        FileColumn("up_to_min", "the zone ends here, itself included", "number", True, lowest=1),
        FileColumn("weight", "weight of a way in the zone", "number", True, lowest=0, highest=1),
        *_STATUS,
        *_AGREEMENT,
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
        *_STATUS,
        *_AGREEMENT,
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
        *_STATUS,
        *_AGREEMENT,
    ),
)
# The kinds of inputs in region.toml (InputKind).
DOWNLOAD_KINDS = (
    "osm",
    "gtfs",
    "census",
    "boundaries",
    "facilities",
    "places",
    "stop_register",
    "stop_matrix",
    "barriers",
    "place_areas",
    "projection",
    "population",
    "central_places",
    "addresses",
    "building_outlines",
)
DOWNLOADS = FileLayout(
    "downloads.csv",
    ("id",),
    (
        FileColumn("id", "id of the file, as asked for with --only", required=True),
        FileColumn("kind", "kind of input", "choice", True, DOWNLOAD_KINDS),
        FileColumn("title_de", "German title", required=True),
        FileColumn("title_en", "English title", required=True),
        FileColumn("publisher", "who publishes it or has to be asked", required=True),
        FileColumn("page", "page of the publisher; empty = none"),
        FileColumn("url", "address of the file; empty = only by hand"),
        FileColumn("file_name", "name that it gets in eingang/", required=True),
        FileColumn("licence", "licence", required=True),
        FileColumn("attribution", "credit line", required=True),
        FileColumn("good_for_de", "what it is good for, German", required=True),
        FileColumn("good_for_en", "what it is good for, English", required=True),
        FileColumn("without_de", "what its absence costs, one German sentence", required=True),
        FileColumn("without_en", "what its absence costs, one English sentence", required=True),
        FileColumn("scope", "all, or abbreviations of Laender separated by ;", required=True),
        FileColumn("required", "yes: there is no assessment without it", "yes_no", True),
        FileColumn("size_mb", "megabytes; empty = not known", "number", lowest=0),
        FileColumn("sha256", "checksum; empty = the file changes"),
        FileColumn("mark", "S, M, D; two marks with a stroke", "choice", True, MARKS),
        FileColumn("checked_on", "day on which the address was looked up", "date"),
    ),
)
NOUNS = FileLayout(
    "nouns.csv",
    ("id",),
    (
        FileColumn("id", "service, or core:<id> of a core function", required=True),
        FileColumn("gender_de", "gender of the German noun: m, f, n", "choice", True, ("m", "f", "n")),
        FileColumn("noun_de", 'German noun, one, as it stands after "der nächste"', required=True),
        FileColumn("plural_de", "German noun, several", required=True),
        FileColumn("noun_en", "English noun, one", required=True),
        FileColumn("plural_en", "English noun, several", required=True),
        FileColumn("mark", "letter on the maps of places; empty = none"),
    ),
)
PLACE_EXPECTATIONS = FileLayout(
    "place_expectations.csv",
    ("persons_from", "item"),
    (
        FileColumn("persons_from", "the class of size begins with so many inhabitants", "number", True, lowest=0),
        FileColumn("item", "service, or core:<id> of a core function", required=True),
        FileColumn(
            "expected",
            "whether places of this size are expected to have it: yes, useful (a help, but not everywhere), no",
            "choice",
            True,
            ("yes", "useful", "no"),
        ),
        *_STATUS,
        *_AGREEMENT,
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
)
