"""The tables of demand and capacity, declared once.

Demand counts places, visits per year or persons, capacity what the service's unit says (``capacity_units.csv``). `*_low` and `*_high` are bounds:
facilities whose capacity is not known take everybody, or nobody. A number that is not known is NaN, and `reason` says why.
"""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

_REASONS = (
    "empty, or no_rate (the service has no demand record), no_rate_for_year, no_facilities, capacity_unknown (too few facilities with "
    "known capacity), capacity_incomplete (the method needs the capacity of all), no_unit (nobody said how much demand a unit serves)"
)

FACILITY_CAPACITY = Schema(
    "facility_capacity",
    (
        Column("service", "str", "service"),
        Column("facility_id", "str", "facility"),
        Column("mode", "str", "mode of the ways: foot, bike, car, pt"),
        Column("year", "float64", "year of rates and capacities; NaN = today's"),
        Column("demand_unit", "str", "places, visits per year, persons"),
        Column("unit", "str", "what the capacity counts"),
        Column("capacity", "float64", "capacity"),
        Column("capacity_known", "bool", "the capacity is known"),
        Column("assumed", "bool", "the usual capacity of the service stands in (only where asked for)"),
        Column("demand", "float64", "demand of the people to whom it is the nearest, by this mode"),
        Column("capacity_per_100", "float64", "capacity per 100 of that demand"),
        Column("adequacy", "float64", "min(1, demand that the capacity can serve / that demand)", "share"),
        Column("assigned_low", "float64", "demand that gets a place here, at least"),
        Column("assigned_high", "float64", "demand that gets a place here, at most"),
        Column("utilisation_low", "float64", "assigned_low / what the capacity can serve", "share"),
        Column("utilisation_high", "float64", "assigned_high / what the capacity can serve", "share"),
        Column("turned_away_low", "float64", "demand that asked here and got no place, at least"),
        Column("turned_away_high", "float64", "demand that asked here and got no place, at most"),
        Column("reason", "str", _REASONS),
    ),
    key=("service", "facility_id"),
)

AREA_CAPACITY = Schema(
    "area_capacity",
    (
        Column("level", "str", "place, municipality, association, district, study"),
        Column("area_id", "str", "id of the area"),
        Column("service", "str", "service"),
        Column("mode", "str", "mode of the ways"),
        Column("method", "str", "method of the score: gravity, gravity_competition, 2sfca, e2sfca, 3sfca, mh3sfca"),
        Column("year", "float64", "year of rates and capacities; NaN = today's"),
        Column("limit_min", "float64", "largest minutes of the catchment", "min"),
        Column("demand_unit", "str", "places, visits per year, persons"),
        Column("unit", "str", "what the capacity counts"),
        Column("demand", "float64", "demand of the area's people"),
        Column("facilities", "int64", "facilities inside"),
        Column("facilities_known", "int64", "of them with known capacity"),
        Column("capacity", "float64", "known capacity inside; NaN where it is not known"),
        Column(
            "capacity_per_100",
            "float64",
            "capacity inside per 100 of demand; NaN where the capacity of too few facilities inside is known, or none is in the data and absence is not known",
        ),
        Column("score_mean", "float64", "accessibility score per 100 of demand, mean over the demand"),
        Column("score_min", "float64", "the same, smallest of the cells with demand"),
        Column("score_median", "float64", "the same, that of the median demand"),
        Column("spar", "float64", "score_mean / mean over the demand of the whole region"),
        Column(
            "score_is_least",
            "bool",
            "facilities with unknown capacity are left out, or some may be there that the data do not hold: the score is at least so high (not with 3sfca, mh3sfca)",
        ),
        Column("unserved_low", "float64", "demand without a place within the catchment, at least"),
        Column("unserved_high", "float64", "demand without a place within the catchment, at most"),
        Column("no_place_high", "float64", "of unserved_high: facilities are in reach, and all are full"),
        Column("minutes", "float64", "mean minutes of those who get a place, full facilities overflowing", "min"),
        Column("reason", "str", _REASONS),
    ),
    key=("level", "area_id", "service"),
)
