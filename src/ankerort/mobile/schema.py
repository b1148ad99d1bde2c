"""The tables of mobile services, declared once. Money is EUR per year; clock times are HH:MM; a cycle has as many weeks as the plan says."""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

_KNOWN = "yes, no, or empty = not known"

STOPS = Schema(
    "mobile_stops",
    (
        Column("stop_id", "str", "stable id: source and the source's own id"),
        Column("name", "str", "as printed"),
        Column("place_id", "str", "place that it lies in"),
        Column("ags", "str", "municipality key"),
        Column("kind", "str", "hall, town_hall, church, square, car_park, bus_stop, building, table"),
        Column("lon", "float64", "longitude, WGS 84", "degree"),
        Column("lat", "float64", "latitude, WGS 84", "degree"),
        Column("x", "float64", "easting in the project's projected system", "m"),
        Column("y", "float64", "northing in the project's projected system", "m"),
        Column("level_stand", "str", f"level paved stand that is long enough: {_KNOWN}"),
        Column("step_free", "str", f"way to it without steps: {_KNOWN}"),
        Column("power", "str", f"electricity: {_KNOWN}"),
        Column("shelter", "str", f"shelter or warm room to wait in: {_KNOWN}"),
        Column("toilet", "str", f"toilet: {_KNOWN}"),
        Column("suitability", "float64", "weighted share of the features that are there; unknown counts half", "share"),
        Column("known_share", "float64", "weighted share of the features that are known", "share"),
        Column("hours", "str", "when it can be used, OSM syntax; empty = any time"),
        Column("source_id", "str", "source"),
        Column("source_ref", "str", "object, or sheet and row"),
        Column("source_date", "date", "date of the source or of the object"),
    ),
    key=("stop_id",),
)

PLAN_STOPS = Schema(
    "plan_mobile_stops",
    (
        Column("stop_id", "str", "stop, see `mobile_stops`"),
        Column("place_id", "str", "place"),
        Column("rhythm", "str", "id of the rhythm: twice_weekly, weekly, fortnightly, monthly"),
        Column("every_weeks", "float64", "weeks between two visits", "weeks"),
        Column("stay_min", "float64", "length of a visit", "min"),
        Column("persons_near", "float64", "persons of the groups that need it, within their walk", "persons"),
        Column(
            "points", "float64", "expected cases per year, weighted by how well rhythm and hour fit", "cases per year"
        ),
        Column("cases_low", "float64", "expected cases per year at the lowest factor of use", "cases per year"),
        Column("cases", "float64", "expected cases per year", "cases per year"),
        Column("cases_high", "float64", "expected cases per year at the highest factor of use", "cases per year"),
        Column(
            "wishes_met",
            "float64",
            "share of the answers about weekday and half-day that are met; NaN = no answers",
            "share",
        ),
        Column("answers", "int64", "answers of the survey behind it"),
        Column("together", "str", "what else is there at that hour: market, doctor, bus, visit, separated by ';'"),
        Column(
            "handover_weeks", "float64", "weeks until a document is handed over; NaN = nothing to hand over", "weeks"
        ),
    ),
    key=("stop_id",),
)

PLAN_VISITS = Schema(
    "plan_mobile_visits",
    (
        Column("stop_id", "str", "stop"),
        Column("part", "int64", "number of the weekday within the rhythm, from 1"),
        Column("services", "str", "services on board, separated by ';'"),
        Column("vehicle", "int64", "vehicle, from 1"),
        Column("weekday", "str", "Mo, Tu, We, Th, Fr, Sa, Su"),
        Column("weeks", "str", "weeks of the cycle, from 1, separated by ';'"),
        Column("from_time", "str", "HH:MM"),
        Column("to_time", "str", "HH:MM"),
    ),
    key=("stop_id", "part"),
)

PLAN_LEGS = Schema(
    "plan_mobile_legs",
    (
        Column("vehicle", "int64", "vehicle, from 1"),
        Column("weekday", "str", "Mo ... Su"),
        Column("week", "int64", "week of the cycle, from 1"),
        Column("number", "int64", "position in the day, from 1"),
        Column("what", "str", "drive, visit, break, wait, prepare, close"),
        Column(
            "stop_id",
            "str",
            "of a drive where it ends (empty = depot), of a visit the stop, of a break where it is taken",
        ),
        Column("from_time", "str", "HH:MM"),
        Column("to_time", "str", "HH:MM"),
        Column("drive_s", "float64", "driving time", "s"),
        Column("drive_m", "float64", "way", "m"),
        Column("estimated", "bool", "straight line instead of streets"),
    ),
    key=("vehicle", "weekday", "week", "number"),
)

PLAN_MOBILE_COSTS = Schema(
    "plan_mobile_costs",
    (
        Column("item", "str", "vehicle (annuity), fixed (insurance, tax), it, drive, staff, driver, places"),
        Column("amount", "float64", "quantity per year behind it; NaN = none"),
        Column("unit", "str", "unit of the quantity"),
        *(Column(f"cost_{end}", "float64", f"cost, {end}", "EUR per year") for end in ("low", "mid", "high")),
        Column("record", "str", "id of the dated record behind it"),
    ),
)

PLAN_AUTHORITIES = Schema(
    "plan_mobile_authorities",
    (
        Column("authority_id", "str", "key of the authority whose residents they are"),
        Column("name", "str", "name"),
        Column("service", "str", "service"),
        Column("agreed", "str", "own, agreement, district (one authority for all), missing"),
        Column("persons_near", "float64", "its residents within their walk of a stop of the plan", "persons"),
        Column("points_lost", "float64", "expected cases per year that are turned away", "cases per year"),
        Column("rank", "int64", "which agreement to conclude first, from 1; 0 = none is missing"),
    ),
    key=("authority_id", "service"),
)

PLAN_LEFT_PLACES = Schema(
    "plan_mobile_left",
    (
        Column("place_id", "str", "place of the area without a visit"),
        Column("persons", "float64", "inhabitants", "persons"),
        Column("persons_75_plus", "float64", "inhabitants of 75 and older", "persons"),
        Column(
            "reason",
            "str",
            "id of the sentence: no_stop, no_need, fixed_near, near_other, no_agreement, too_dear, no_time, forbidden",
        ),
        Column(
            "stop_id",
            "str",
            "stop of another place that its people can walk to, or the stop that would be added next; empty = none",
        ),
    ),
    key=("place_id",),
)

ALTERNATIVES = Schema(
    "mobile_alternatives",
    (
        Column("way", "str", "mobile, fixed, shuttle, home, desk"),
        Column("feasible", "bool", "whether it can be done for these people"),
        Column("reason", "str", "id of the sentence that says why not; empty = it can"),
        Column("persons", "float64", "persons reached", "persons"),
        Column("persons_75_plus", "float64", "of them 75 and older", "persons"),
        *(Column(f"cases{end}", "float64", "served cases per year", "cases per year") for end in ("_low", "", "_high")),
        *(Column(f"cost_{end}", "float64", f"cost, {end}", "EUR per year") for end in ("low", "mid", "high")),
        Column("eur_per_case", "float64", "mid cost over served cases; NaN = no cases", "EUR"),
        Column("wishes_met", "float64", "share of the wishes that are met; NaN = no answers", "share"),
        Column("vehicle_km", "float64", "kilometres of the service's own vehicles", "km per year"),
        Column("people_km", "float64", "kilometres that people travel by car", "km per year"),
        Column("co2_kg", "float64", "of both", "kg per year"),
        Column("detail", "str", "id of the sentence that says what is assumed"),
    ),
    key=("way",),
)
