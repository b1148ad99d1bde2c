"""The tables of statements on standards, declared once.

`*_low`/`*_high` are bounds: what is known, and that plus what is not known. Modes, groups and levels as in `ankerort.supply.schema`.
"""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

STANDARD_STATEMENT = Schema(
    "standard_statement",
    (
        Column("set_id", "category", "set of standards"),
        Column("item", "category", "service, or tier:GZ, tier:MZ, tier:OZ"),
        Column("mode", "category", "as in area_service; without_car, without_car_demand, with_car join several limits"),
        Column("group", "category", "group of the catalogue"),
        Column("level", "category", "place, municipality, association, district, study"),
        Column("area_id", "category", "as in area_service"),
        Column("limit", "float64", "metres (foot) or minutes; NaN where several limits are joined"),
        Column("unit", "category", "m or min"),
        Column("legal_status", "category", "law, plan, guideline, practice, default; empty where limits are joined"),
        Column("mark", "category", "S, M, D ..."),
        Column("agreed_by", "category", "who agreed the value; empty = proposal, not agreed"),
        Column("agreed_on", "category", "day of the agreement"),
        Column("required_share", "float64", "share of the persons that must be within", "share"),
        Column("persons", "float64", "persons of the group to whom the standard applies", "persons"),
        Column("within_low", "float64", "known to be within", "persons"),
        Column("within_high", "float64", "the same plus unknown", "persons"),
        Column("near_low", "float64", "known to be beyond, by at most standard.near_share of the limit", "persons"),
        Column("near_high", "float64", "the same plus those whose nearest known is so near", "persons"),
        Column("short_low", "float64", "known to be beyond", "persons"),
        Column("short_high", "float64", "the same plus unknown", "persons"),
        Column("no_value", "float64", "of short_low those beyond the end of the search", "persons"),
        Column("mean_shortfall_min", "float64", "mean minutes over the limit of those beyond with a value", "min"),
        Column(
            "recorded_shortfall_min",
            "float64",
            "the same over all not known to be within, to their nearest recorded facility: if nothing else exists",
            "min",
        ),
        Column("fgt0_low", "float64", "short_low / persons", "share"),
        Column("fgt0_high", "float64", "short_high / persons", "share"),
        Column(
            "fgt1", "float64", "sum of (x - z)/z over those known to be beyond / persons; at least, if no_value > 0"
        ),
        Column(
            "fgt1_recorded",
            "float64",
            "the same over all with a recorded facility, as recorded_shortfall_min; NaN = none",
        ),
        Column("fgt2", "float64", "as fgt1, of the square"),
        Column("fgt2_recorded", "float64", "as fgt1_recorded, of the square"),
        Column("margin_low", "float64", "within_low / persons - required_share", "share"),
        Column("margin_high", "float64", "within_high / persons - required_share", "share"),
        Column("fulfilled", "category", "yes, near, no, unknown, nobody"),
    ),
    key=("set_id", "item", "mode", "group", "level", "area_id"),
)

SET_COMPARISON = Schema(
    "set_comparison",
    (
        Column("set_a", "category", "set compared with"),
        Column("set_b", "category", "set asked about"),
        Column("item", "category", "service or tier"),
        Column("mode", "category", "as in standard_statement"),
        Column("group", "category", "group of the catalogue"),
        Column("level", "category", "as in area_service"),
        Column("area_id", "category", "as in area_service"),
        Column("limit_a", "float64", "limit of set_a"),
        Column("limit_b", "float64", "limit of set_b"),
        Column("persons", "float64", "persons of the group", "persons"),
        Column("short_a_low", "float64", "known to be beyond under set_a", "persons"),
        Column("short_a_high", "float64", "the same plus unknown", "persons"),
        Column("short_b_low", "float64", "known to be beyond under set_b", "persons"),
        Column("short_b_high", "float64", "the same plus unknown", "persons"),
        Column("more_short", "float64", "known to be beyond under set_b less under set_a", "persons"),
        Column("fewer_within", "float64", "known to be within under set_a less under set_b", "persons"),
        Column("fulfilled_a", "category", "as in standard_statement"),
        Column("fulfilled_b", "category", "as in standard_statement"),
    ),
    key=("set_a", "set_b", "item", "mode", "group", "level", "area_id"),
)

CENTRE_TEST = Schema(
    "centre_test",
    (
        Column("set_id", "str", "set of standards"),
        Column("item", "str", "centre:GZ, centre:MZ, centre:OZ"),
        Column("place_id", "str", "place tested"),
        Column(
            "criterion",
            "str",
            "persons_in_place, persons_in_catchment, car, pt (shares of the catchment), all (every criterion together)",
        ),
        Column("designated", "str", "tier that a plan names, empty = none"),
        Column("value_low", "float64", "known value: persons, or share of the catchment"),
        Column("value_high", "float64", "the same plus what is not known"),
        Column("required", "float64", "persons, or share that must be within the limit"),
        Column("limit_min", "float64", "minutes of car and pt; NaN else", "min"),
        Column("missing_low", "float64", "by how much value_high misses what is required, 0 = not", "persons or share"),
        Column("missing_high", "float64", "by how much value_low misses it, 0 = not", "persons or share"),
        Column("persons_beyond_low", "float64", "of the catchment known to be beyond the limit", "persons"),
        Column("persons_beyond_high", "float64", "the same plus unknown", "persons"),
        Column("fulfilled", "str", "yes, near, no, unknown"),
        Column("exception", "bool", "the plan allows exceptions here: sparsely populated (density_exception)"),
        Column("legal_status", "str", "law, plan, guideline, practice, default"),
        Column("mark", "str", "S, M, D ..."),
        Column("agreed_by", "str", "who agreed the value"),
        Column("agreed_on", "date", "day of the agreement"),
    ),
    key=("set_id", "item", "place_id", "criterion"),
)

FACILITY_COUNT = Schema(
    "facility_count",
    (
        Column("set_id", "str", "set of standards"),
        Column("item", "str", "service"),
        Column("measure", "str", "facilities_in_municipality (at least), km2_per_facility (at most, per district)"),
        Column("level", "str", "municipality, district"),
        Column("area_id", "str", "AGS or district key"),
        Column("persons", "float64", "inhabitants", "persons"),
        Column("facilities_low", "float64", "certain facilities"),
        Column("facilities_high", "float64", "the same plus probable ones; infinite where absence is not known"),
        Column("value_low", "float64", "lowest possible value of the measure"),
        Column("value_high", "float64", "highest possible value of the measure"),
        Column("limit", "float64", "what the set asks for"),
        Column("unit", "str", "facilities or km2"),
        Column("fulfilled", "str", "yes, no, unknown"),
        Column("legal_status", "str", "law, plan, guideline, practice, default"),
        Column("mark", "str", "S, M, D ..."),
        Column("agreed_by", "str", "who agreed the value"),
        Column("agreed_on", "date", "day of the agreement"),
    ),
    key=("set_id", "item", "measure", "area_id"),
)
