"""The table of persons without a car, declared once; the rates behind it stand in docs/method/without-car.md."""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

NO_CAR_SERVICE = Schema(
    "no_car_service",
    (
        Column("level", "category", "place, municipality, association, district, study"),
        Column("area_id", "category", "as in area_service"),
        Column("service", "category", "service, or core:<id> (the best of its services)"),
        Column("group", "category", "all, 65_plus, 75_plus, and the groups that the service is for"),
        Column("persons", "float64", "persons of the group", "persons"),
        Column("persons_no_car", "float64", "of them those who cannot drive a car themselves", "persons"),
        Column("served_low", "float64", "of these known to be within the standard without a car", "persons"),
        Column("served_high", "float64", "the same plus unknown", "persons"),
        Column("served_demand_low", "float64", "as served_low, with Rufbus", "persons"),
        Column("served_demand_high", "float64", "as served_high, with Rufbus", "persons"),
        Column(
            "within_low",
            "float64",
            "of all persons of the group, with a car or not, those known to be within the standard without using one",
            "persons",
        ),
        Column("within_high", "float64", "the same plus unknown", "persons"),
    ),
    key=("level", "area_id", "service", "group"),
)
