"""The columns of the catalogue's files about ways to provide a service, what they cost, and what anchors hold."""

from __future__ import annotations

from ankerort.catalogue.layout import AGREEMENT, LABELS, STATUS, FileColumn, FileLayout

VARIANT_KINDS = ("branch", "house", "hours", "agency", "visit", "desk")
QUANTITIES = (
    "quality",
    "invest_eur",
    "lifetime_years",
    "operation_eur",
    "viable_persons",
    "capacity_persons",
    "room_m2",
    "hours_week",
    "capacity",
    "every_weeks",
    "at_least",
    "cost_eur",
    "saving_eur",
    "invest_eur_m2",
    "eur_m2_year",
)

PROVISION_VARIANTS = FileLayout(
    "provision_variants.csv",
    ("id",),
    (
        FileColumn("id", "id of the variant", required=True),
        FileColumn("service", "service that it provides", required=True),
        FileColumn(
            "kind",
            "branch (full), house (in a multi-function house), hours (hours a week in a shared room), agency (in a shop), "
            "visit (mobile), desk (digital)",
            "choice",
            True,
            VARIANT_KINDS,
        ),
        *LABELS,
        FileColumn("hosts", "services of which one must be in the place, separated by ;"),
    ),
)
PROVISION_FIGURES = FileLayout(
    "provision_figures.csv",
    ("of", "quantity"),
    (
        FileColumn("of", "variant, level:<id>, bundle:<id>, or room:<kind>", required=True),
        FileColumn("quantity", "what the number is", "choice", True, QUANTITIES),
        FileColumn("low", "low estimate; empty = none beside the mid one", "number", lowest=0),
        FileColumn("value", "mid estimate", "number", True, lowest=0),
        FileColumn("high", "high estimate; empty = none beside the mid one", "number", lowest=0),
        FileColumn("unit", "its unit", required=True),
        *STATUS,
        *AGREEMENT,
    ),
)
ANCHOR_LEVELS = FileLayout(
    "anchor_levels.csv",
    ("id",),
    (
        FileColumn("id", "id of the level", required=True),
        FileColumn("rank", "1 = lowest; a level holds what the lower ones hold", "integer", True, lowest=1),
        *LABELS,
    ),
)
ANCHOR_LEVEL_ITEMS = FileLayout(
    "anchor_level_items.csv",
    ("level", "item"),
    (
        FileColumn("level", "id of the level", required=True),
        FileColumn("item", "service, or core:<id> of a core function", required=True),
        FileColumn("required", "yes: without it a place is no anchor of the level", "yes_no", True),
        *STATUS,
        *AGREEMENT,
    ),
)
SHARING_BUNDLES = FileLayout(
    "sharing_bundles.csv",
    ("id",),
    (
        FileColumn("id", "id of the bundle", required=True),
        *LABELS,
        FileColumn("sharing", "what is shared: building, staff, hours", "choice", True, ("building", "staff", "hours")),
        FileColumn("members", "services or core:<id>, separated by ;", required=True),
        FileColumn("kinds", "kinds of variants that share, separated by ;; empty = any, also what exists"),
    ),
)
DECISION_RULES = FileLayout(
    "decision_rules.csv",
    ("service",),
    (
        FileColumn("service", "id of the service", required=True),
        FileColumn(
            "decides",
            "own (municipality or district decides), joint (together with others), recruit (in others' hands)",
            "choice",
            True,
            ("own", "joint", "recruit"),
        ),
        FileColumn(
            "task",
            "duty, voluntary, other (not a task of the municipalities)",
            "choice",
            True,
            ("duty", "voluntary", "other"),
        ),
        FileColumn("partner_de", 'with whom, German, as it stands after "mit"; empty = nobody'),
        FileColumn("partner_en", "with whom, English"),
        FileColumn(
            "may_close", "yes: existing ones may be proposed for closing or moving where the user asks", "yes_no", True
        ),
        *STATUS,
        *AGREEMENT,
    ),
)
PROVISION_WEIGHTS = FileLayout(
    "provision_weights.csv",
    ("item",),
    (
        FileColumn(
            "item",
            "service, core:<id>, people:<kind> (young, old, young_car, old_car), or uses:<service or core:<id>>",
            required=True,
        ),
        FileColumn(
            "value",
            "value of one person served; for people a factor; uses of one person a year",
            "number",
            True,
            lowest=0,
        ),
        FileColumn("unit", "points, factor, uses/a", "choice", True, ("points", "factor", "uses/a")),
        *STATUS,
        *AGREEMENT,
    ),
)
WEEK_SLOTS = FileLayout(
    "week_slots.csv",
    ("weekday", "from_time"),
    (
        FileColumn("weekday", "Mo to Su", "choice", True, ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")),
        FileColumn("from_time", "HH:MM", required=True),
        FileColumn("to_time", "HH:MM", required=True),
        FileColumn("optional", "yes: only where the others do not suffice and the planner allows it", "yes_no", True),
        *STATUS,
        *AGREEMENT,
    ),
)
PROVISION_LAYOUTS = (
    PROVISION_VARIANTS,
    PROVISION_FIGURES,
    ANCHOR_LEVELS,
    ANCHOR_LEVEL_ITEMS,
    SHARING_BUNDLES,
    DECISION_RULES,
    PROVISION_WEIGHTS,
    WEEK_SLOTS,
)
