"""The columns of the catalogue's files about mobile services: who comes, with what, how often, for which concerns."""

from __future__ import annotations

from ankerort.catalogue.layout import AGREEMENT, LABELS, STATUS, FileColumn, FileLayout

AUTHORITY_LEVELS = ("municipality", "district", "none")
DRIVER_RULES = ("own", "eu561")
LICENCES = ("B", "BE", "C1", "C1E", "C", "CE", "D1", "D")

MOBILE_SERVICES = FileLayout(
    "mobile_services.csv",
    ("id",),
    (
        FileColumn("id", "id of the mobile service", required=True),
        FileColumn("service", "service that a visit provides", required=True),
        *LABELS,
        FileColumn(
            "authority",
            "whose residents the staff may serve: municipality (its own, or of its association), district, none (anybody)",
            "choice",
            True,
            AUTHORITY_LEVELS,
        ),
        FileColumn("vehicle", "id of the kind of vehicle that it usually comes with", required=True),
        FileColumn("rhythms", "ids of rhythms that fit it, separated by ;", required=True),
        FileColumn("weekdays", "weekdays on which it may come, Mo ... Su separated by ;", required=True),
        FileColumn("morning", "hours before noon, 09:00-12:00; empty = those of the figures mobile.morning_*"),
        FileColumn("afternoon", "hours after noon, 14:00-17:00; empty = those of the figures mobile.afternoon_*"),
        FileColumn("instead", "services; who walks to an open one of them does not need the vehicle, separated by ;"),
    ),
)
MOBILE_VEHICLES = FileLayout(
    "mobile_vehicles.csv",
    ("id",),
    (
        FileColumn("id", "id of the kind of vehicle", required=True),
        *LABELS,
        FileColumn("licence", "driving licence that it needs", "choice", True, LICENCES),
        FileColumn(
            "driver_rules",
            "own (working-time law only) or eu561 (driving and rest times of Regulation (EC) 561/2006 too)",
            "choice",
            True,
            DRIVER_RULES,
        ),
    ),
)
MOBILE_RHYTHMS = FileLayout(
    "mobile_rhythms.csv",
    ("id",),
    (
        FileColumn("id", "id of the rhythm", required=True),
        FileColumn("every_weeks", "weeks between two visits: 0.5, 1, 2 or 4", "number", True, lowest=0.5, highest=4),
        *LABELS,
    ),
)
MOBILE_CONCERNS = FileLayout(
    "mobile_concerns.csv",
    ("service", "id"),
    (
        FileColumn("service", "id of the mobile service", required=True),
        FileColumn("id", "id of the concern", required=True),
        *LABELS,
        FileColumn("visits", "1, or 2 (applied for and collected)", "integer", True, lowest=1, highest=2),
        FileColumn("device", "what it needs on board; empty = nothing special"),
        FileColumn("authority", "whose task it is: municipality, district or none", "choice", True, AUTHORITY_LEVELS),
        FileColumn("bring_de", "what to bring, German", required=True),
        FileColumn("bring_en", "what to bring, English", required=True),
    ),
)
MOBILE_FEATURES = FileLayout(
    "mobile_features.csv",
    ("id",),
    (FileColumn("id", "id of the feature of a stop: a column of its table", required=True), *LABELS),
)
MOBILE_FIGURES = FileLayout(
    "mobile_figures.csv",
    ("of", "quantity"),
    (
        FileColumn(
            "of",
            "mobile service, vehicle:<id>, rhythm:<id>, concern:<service>:<id> or feature:<id>",
            required=True,
        ),
        FileColumn("quantity", "what the number is; of a group of people: cases_per_year.75_84", required=True),
        FileColumn("low", "low estimate; empty = none beside the mid one", "number", lowest=0),
        FileColumn("value", "mid estimate", "number", True, lowest=0),
        FileColumn("high", "high estimate; empty = none beside the mid one", "number", lowest=0),
        FileColumn("unit", "its unit", required=True),
        *STATUS,
        *AGREEMENT,
    ),
)
MOBILE_LAYOUTS: tuple[FileLayout, ...] = (
    MOBILE_SERVICES,
    MOBILE_VEHICLES,
    MOBILE_RHYTHMS,
    MOBILE_CONCERNS,
    MOBILE_FEATURES,
    MOBILE_FIGURES,
)
