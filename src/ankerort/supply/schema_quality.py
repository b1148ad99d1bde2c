"""Tables of quality: criteria and score of each facility, and what they make of each place."""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

FACILITY_CRITERIA = Schema(
    "facility_criteria",
    (
        Column("facility_id", "str", "facility"),
        Column("service", "str", "id of the service"),
        Column("criterion", "str", "hours, step_free, capacity, condition, range, pt, digital; only those that apply"),
        Column("measured", "str", "what was found, as the data have it; empty = not known"),
        Column("value", "float64", "normalised, 0 to 1; NaN = not known", "share"),
        Column("weight", "float64", "weight among the criteria that apply; they sum to 1", "share"),
        Column("contribution", "float64", "weight times value; NaN = not known", "share"),
        Column("known", "bool", "found for this facility"),
        Column("assumed", "bool", "usual opening hours of the service stand in; not known, but in the score"),
        Column("source_id", "str", "source of the finding; empty = not known"),
        Column("source_date", "date", "when it was checked, confirmed or published"),
    ),
    key=("facility_id", "criterion"),
)

FACILITY_QUALITY = Schema(
    "facility_quality",
    (
        Column("facility_id", "str", "facility"),
        Column("service", "str", "id of the service"),
        Column("place_id", "str", "place"),
        Column("score", "float64", "weighted mean of what is known or assumed; NaN = nothing is", "share"),
        Column("score_low", "float64", "score if all that is not known were bad; assumed counts as not known", "share"),
        Column("score_high", "float64", "score if all that is not known were good", "share"),
        Column("known_share", "float64", "share of the weights that is known", "share"),
        Column("grade", "str", "A to E; empty = too little is known"),
        Column("ask", "str", "criteria to ask for, separated by ';', the weightiest first"),
        Column("adequate", "str", "yes, no, unknown: whether the score reaches what is adequate, by the bounds"),
        Column("hours_basis", "str", "given, usual, none"),
        Column("hours_per_week", "float64", "hours open in a week without holidays; NaN = not known", "h"),
        Column("hours_share_65_plus", "float64", "share of the reference window of those 65 and older", "share"),
        Column("hours_share_workers", "float64", "share of the reference window of those who work", "share"),
        Column("viability", "float64", "persons of the catchment per person that it needs; NaN = not known", "factor"),
        Column("security", "str", "future security by the catchment alone: green, amber, red, unknown"),
        Column("security_reason", "str", "viability, no_viability_figure, catchment_unknown, outside_study_area"),
    ),
    key=("facility_id",),
)

# Holds what follows from confidential figures: only with `internal` may it be written.
INTERNAL_SECURITY = Schema(
    "internal_security",
    (
        Column("facility_id", "str", "facility"),
        Column("security", "str", "green, amber, red, unknown; the worst of all reasons"),
        Column("reasons", "str", "ids of the reasons, the worst first, separated by ';'"),
    ),
    key=("facility_id",),
)

PLACE_QUALITY = Schema(
    "place_quality",
    (
        Column("place_id", "str", "place"),
        Column("service", "str", "id of the service"),
        Column("facilities", "int64", "facilities in the place"),
        Column("grade_a", "int64", "of these with grade A"),
        Column("grade_b", "int64", "of these with grade B"),
        Column("grade_c", "int64", "of these with grade C"),
        Column("grade_d", "int64", "of these with grade D"),
        Column("grade_e", "int64", "of these with grade E"),
        Column("ungraded", "int64", "of these without a grade: too little is known"),
        Column("best_grade", "str", "best grade in the place; empty = none is graded"),
        Column("nearest_facility_id", "str", "facility that is the nearest for most persons; empty = none"),
        Column("nearest_grade", "str", "its grade; empty = too little is known, or none"),
        Column("persons", "float64", "inhabitants", "persons"),
        Column(
            "nearest_adequate_low",
            "float64",
            "share of persons whose nearest facility is adequate for certain",
            "share",
        ),
        Column("nearest_adequate_high", "float64", "the same if all that is not known were so", "share"),
    ),
    key=("place_id", "service"),
)

PLACE_ADEQUATE = Schema(
    "place_adequate",
    (
        Column("place_id", "str", "place"),
        Column("service", "str", "id of the service"),
        Column("mode", "str", "foot, car, pt (typical time, without booked trips)"),
        Column("minutes_nearest", "float64", "to the nearest facility, median person; NaN = none found", "min"),
        Column("minutes_adequate_low", "float64", "to the nearest one that may be adequate, median person", "min"),
        Column("minutes_adequate_high", "float64", "to the nearest one that is adequate for certain", "min"),
        Column("limit", "float64", "minimum standard: metres on foot, else seconds; NaN = none", "m or s"),
        Column("persons", "float64", "inhabitants", "persons"),
        Column("within_low", "float64", "persons within the standard, all facilities counted", "persons"),
        Column(
            "within_adequate_low",
            "float64",
            "persons within the standard of a facility adequate for certain",
            "persons",
        ),
        Column("within_adequate_high", "float64", "the same if all that is not known were so", "persons"),
    ),
    key=("place_id", "service", "mode"),
)
