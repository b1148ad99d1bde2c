"""The tables of an assessment, declared once.

Modes: foot, bike, car, pt (fixed timetable only), pt_demand (with Rufbus). Groups: ids of the catalogue. Levels: place, municipality,
association, district, study. Minutes are door to door. `*_low`/`*_high` are bounds: known served, and known served plus unknown.
"""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

RECORDING = Schema(
    "recording",
    (
        Column("service", "str", "service"),
        Column("found", "int64", "open facilities found inside the recorded area"),
        Column("certain", "int64", "of them certain"),
        Column("probable", "int64", "of them probable"),
        Column("closed", "int64", "closed facilities found"),
        Column(
            "expected",
            "float64",
            "facilities that the population lets expect (persons / ref_inhabitants_per_facility); NaN = no reference",
        ),
        Column("rate", "float64", "found / expected, at most 1", "share"),
        Column("persons", "float64", "inhabitants of the area compared", "persons"),
        Column("absence", "str", "missing: absence may count as absence; unknown: it may not"),
        Column(
            "reason",
            "str",
            "why: declared_complete, confirmed_complete (answered for all places), rate_high, rate_low, rate_probable (only with probable ones), no_reference, osm_unknown, no_source",
        ),
    ),
    key=("service",),
)

NEAREST = Schema(
    "nearest",
    (
        Column("cell_id", "category", "cell"),
        Column("service", "category", "service"),
        Column("mode", "category", "foot, bike, car, pt, pt_demand"),
        Column(
            "facility_id",
            "category",
            "nearest open facility (certain or probable); missing = none within the search",
        ),
        Column("certainty", "category", "certain, probable"),
        Column("minutes", "float64", "door to door; NaN = none or not known", "min"),
        Column("metres", "float64", "network distance on foot or by bike; NaN for car and pt", "m"),
        Column("bound", "bool", "the search left the data's footprint: the value is an upper bound"),
        Column("estimated", "bool", "straight line or stop matrix"),
        Column(
            "status",
            "category",
            "within, beyond, unknown: against the service's standard for the mode; missing = no standard",
        ),
    ),
)

PLACE_SERVICE = Schema(
    "place_service",
    (
        Column("place_id", "str", "place"),
        Column("service", "str", "service or core item (core:<id>)"),
        Column("state", "str", "O, M, E, A, -, ?: first hit wins, with and without a car"),
        Column("state_no_car", "str", "the same for people without a car: O, M, E, -, ?"),
        Column("state_demand", "str", "state_no_car with Rufbus counted"),
        Column("reason", "str", "id of the sentence that says why (text: state_reason.<id>)"),
        Column("facilities", "int64", "open facilities inside the place"),
        Column("probable", "int64", "of them probable only"),
        Column("confirmed_none", "bool", "the municipality confirmed that there is none"),
        Column(
            "nearest_facility_id",
            "str",
            "the facility that most of its people have nearest (by car, else on foot)",
        ),
        Column("walk_m", "float64", "median person's network distance on foot to the nearest", "m"),
        Column("walk_min", "float64", "median person's minutes on foot", "min"),
        Column("bike_min", "float64", "median person's minutes by bike", "min"),
        Column("car_min", "float64", "median person's minutes by car", "min"),
        Column(
            "pt_min",
            "float64",
            "median person's typical minutes by public transport, without Rufbus, one way",
            "min",
        ),
        Column("pt_demand_min", "float64", "the same with Rufbus", "min"),
        Column("pt_errand_min", "float64", "the same as pt_min, for journeys between 8 and 12 h", "min"),
        Column(
            "pt_waiting_min",
            "float64",
            "median over each minute of the day of waiting at home and journey (R5); NaN where most minutes have none",
            "min",
        ),
        Column(
            "pt_first_arrival_s",
            "float64",
            "median person's earliest arrival on the day, without Rufbus",
            "s after midnight",
        ),
        Column(
            "pt_last_return_s",
            "float64",
            "median person's last departure from the facility that gets home, without Rufbus",
            "s after midnight",
        ),
        Column("pt_departures", "float64", "median person's useful departures on the day, without Rufbus"),
        Column("pt_demand_errand_min", "float64", "pt_errand_min with Rufbus", "min"),
        Column("pt_demand_waiting_min", "float64", "pt_waiting_min with Rufbus", "min"),
        Column("pt_demand_first_arrival_s", "float64", "pt_first_arrival_s with Rufbus", "s after midnight"),
        Column("pt_demand_last_return_s", "float64", "pt_last_return_s with Rufbus", "s after midnight"),
        Column("pt_demand_departures", "float64", "the same with Rufbus"),
        Column("bound", "bool", "some value is an upper bound (edge of the data): at most so many minutes"),
        Column("walk_bound", "bool", "the minutes on foot are an upper bound"),
        Column("bike_bound", "bool", "the minutes by bike are an upper bound"),
        Column("car_bound", "bool", "the minutes by car are an upper bound"),
        Column("pt_bound", "bool", "the minutes by public transport are an upper bound"),
        Column("estimated", "bool", "straight line or stop matrix"),
        Column("persons", "float64", "inhabitants", "persons"),
        Column("group", "str", "demand group whose people the shares and the states E and A count"),
        Column(
            "group_persons",
            "float64",
            "persons of the group; all inhabitants where nobody of it lives there",
            "persons",
        ),
        Column("without_car_low", "float64", "share within the standard without a car, known", "share"),
        Column("without_car_high", "float64", "the same plus unknown", "share"),
        Column(
            "without_car_demand_low", "float64", "share within the standard without a car, with Rufbus, known", "share"
        ),
        Column("without_car_demand_high", "float64", "the same plus unknown", "share"),
        Column("with_car_low", "float64", "share within the standard with a car, known", "share"),
        Column("with_car_high", "float64", "the same plus unknown", "share"),
    ),
    key=("place_id", "service"),
)

AREA_SERVICE = Schema(
    "area_service",
    (
        Column("level", "str", "place, municipality, association, district, study"),
        Column("area_id", "str", "place_id, AGS, association, district key, or * for the study area"),
        Column("service", "str", "service"),
        Column("group", "str", "group of the catalogue"),
        Column(
            "mode", "str", "foot, bike, car, pt, pt_demand, without_car, without_car_demand (with Rufbus), with_car"
        ),
        Column("persons", "float64", "persons of the group", "persons"),
        Column("served_low", "float64", "persons known to be within the standard", "persons"),
        Column("served_high", "float64", "the same plus unknown", "persons"),
        Column("share_low", "float64", "served_low / persons", "share"),
        Column("share_high", "float64", "served_high / persons", "share"),
        Column("mean_min", "float64", "mean minutes of those with a value", "min"),
        Column("median_min", "float64", "median minutes of those with a value", "min"),
        Column("p90_min", "float64", "90th percentile of those with a value", "min"),
        Column("with_value", "float64", "persons with a value", "persons"),
        Column("standard", "float64", "standard compared with: metres (foot) or minutes; NaN = none"),
        Column("standard_unit", "str", "m or min"),
        Column("standard_status", "str", "law, plan, guideline, practice, default"),
        Column("standard_mark", "str", "S, M, D ..."),
        Column("estimated", "bool", "straight line or stop matrix"),
    ),
    key=("level", "area_id", "service", "group", "mode"),
)

BUNDLE_OF_FIVE = Schema(
    "bundle_of_five",
    (
        Column("level", "str", "as in area_service"),
        Column("area_id", "str", "as in area_service"),
        Column("measure", "str", "straight (BBSR, straight line) or network"),
        Column("reached", "int64", "number of the five within 1 km, 0 to 5"),
        Column(
            "persons_known",
            "float64",
            "persons who certainly reach exactly that many, nothing unknown",
            "persons",
        ),
        Column("persons_at_least", "float64", "persons who are known to reach at least that many", "persons"),
        Column(
            "persons_at_most",
            "float64",
            "persons who may reach at least that many (unknown counted as there)",
            "persons",
        ),
        Column("persons", "float64", "all persons of the area", "persons"),
    ),
    key=("level", "area_id", "measure", "reached"),
)
