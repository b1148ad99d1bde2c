"""The ten indicators of the federal planning tool daviplan, as tables."""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

# Ids in the order of docs/method/demand-and-capacity.md; the names that people read stand in text/ under daviplan.<id>.
BY_FACILITY = ("demand_in_catchment", "mean_time_to_facility", "longest_time_to_facility")
BY_AREA_AND_MODE = ("mean_time_in_area", "share_within_minutes")
BY_AREA = ("capacity_per_100_demand", "demand_per_capacity", "demand_per_facility", "facilities_per_100_demand")
BY_CELL = ("time_to_nearest",)
INDICATORS = (*BY_FACILITY, *BY_AREA_AND_MODE, *BY_AREA, *BY_CELL)

DAVIPLAN = Schema(
    "daviplan",
    (
        Column("indicator", "str", "id of the indicator; its name stands in the texts"),
        Column("service", "str", "service"),
        Column("mode", "str", "foot, bike, car, pt, pt_demand (with Rufbus); empty for indicators without a way"),
        Column("level", "str", "facility, place, municipality, association, district, study"),
        Column("area_id", "str", "facility or area"),
        Column("value", "float64", "the indicator from all facilities in the data"),
        Column("low", "float64", "at least, where that is known: certain facilities only, unknown cells not served"),
        Column(
            "high",
            "float64",
            "at most, where that is known: unknown cells served; empty where more may be there than the data hold",
        ),
        Column("unit", "str", "demand unit, min, share, or a quotient"),
        Column("within_min", "float64", "the minutes of share_within_minutes", "min"),
        Column("demand", "float64", "demand that the value rests on"),
        Column("coverage", "float64", "share of the demand with a way in the data (facility, mean and share)", "share"),
        Column(
            "reason",
            "str",
            "empty, or why there is no value: no_rate, no_rate_for_year, no_demand, no_way, no_limit (no standard by this mode), "
            "no_facility_inside, not_recorded (none in the data, and absence is not known), capacity_unknown",
        ),
    ),
    key=("indicator", "service", "mode", "level", "area_id"),
)

DAVIPLAN_CELL = Schema(
    "daviplan_cell",
    (
        Column("cell_id", "category", "cell"),
        Column("service", "category", "service"),
        Column("mode", "category", "foot, bike, car, pt, pt_demand"),
        Column(
            "minutes",
            "float64",
            "time_to_nearest: minutes to the nearest facility; NaN = none in the data or not known",
            "min",
        ),
    ),
    key=("cell_id", "service", "mode"),
)
