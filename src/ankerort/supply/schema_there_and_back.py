"""The table of round trips by public transport, declared once.

`*_low`/`*_high` are bounds: known, and known plus unknown. Levels and groups as in `ankerort.supply.schema`; meaning in
docs/method/there-and-back.md.
"""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

THERE_AND_BACK = Schema(
    "there_and_back",
    (
        Column("level", "category", "place, municipality, association, district, study"),
        Column("area_id", "category", "as in area_service"),
        Column(
            "service", "category", "service, or core:<id> (the best of its services, never two facilities in one pair)"
        ),
        Column("group", "category", "all, 65_plus, 75_plus"),
        Column("day_type", "category", "school, holiday, saturday, sunday"),
        Column("with_demand", "bool", "with Rufbus"),
        Column("persons", "float64", "persons of the group", "persons"),
        Column("persons_no_car", "float64", "of them without a car of their own to drive", "persons"),
        Column("one_pair_low", "float64", "persons with at least one pair of journeys there and back", "persons"),
        Column("one_pair_high", "float64", "the same plus unknown", "persons"),
        Column("more_pairs_low", "float64", "persons with at least round_trip.wanted_pairs pairs", "persons"),
        Column("more_pairs_high", "float64", "the same plus unknown", "persons"),
        Column(
            "pairs",
            "float64",
            "pairs of the median person with a facility in the data; NaN = day not known, or on foot",
        ),
        Column("bound", "bool", "it may be another number: probable facilities, or such as are not in the data"),
        Column("on_foot", "bool", "the median person can walk both ways, at any time"),
        Column(
            "away_min", "float64", "median person's shortest time away from home, the stay included; NaN = none", "min"
        ),
        Column("way_min", "float64", "median person's longer way of the best pair, one way; NaN = none", "min"),
        Column(
            "last_home_s",
            "float64",
            "median person's last departure from a facility that gets home; NaN = none by vehicle",
            "s after midnight",
        ),
        Column(
            "first_home_s",
            "float64",
            "median person's first departure by vehicle from a facility after the earliest visit, back in time; NaN = none, or last_home_s is",
            "s after midnight",
        ),
        Column("evening_low", "float64", "persons with a way home at or after evening.from_h", "persons"),
        Column("evening_high", "float64", "the same plus unknown", "persons"),
        Column(
            "there",
            "float64",
            "persons within the public-transport standard on the way there (default day) to a facility open on the day",
            "persons",
        ),
        Column("stranded_low", "float64", "of them without any pair with a facility within the standard", "persons"),
        Column("stranded_high", "float64", "the same plus unknown", "persons"),
        Column("there_no_car", "float64", "as there, persons without a car", "persons"),
        Column("stranded_no_car_low", "float64", "as stranded_low, persons without a car", "persons"),
        Column("stranded_no_car_high", "float64", "as stranded_high, persons without a car", "persons"),
        Column(
            "facilities", "int64", "facilities of the service in the data that can be reached by public transport rules"
        ),
        Column("open_facilities", "int64", "of them open on the day"),
        Column("hours_given", "int64", "of the facilities those with hours of their own"),
        Column("hours_usual", "int64", "those with the usual hours of the service"),
        Column("hours_none", "int64", "those without any hours: the whole day counts"),
    ),
    key=("level", "area_id", "service", "group", "day_type", "with_demand"),
)
