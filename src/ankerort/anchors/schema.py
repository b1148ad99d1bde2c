"""The tables of an anchor plan, declared once. Money is EUR per year unless it says once; low, mid and high are a cost range, never one number."""

from __future__ import annotations

from ankerort.base.tables import Column, Schema


def _range(name: str, meaning: str, unit: str = "EUR per year") -> tuple[Column, ...]:
    return tuple(Column(f"{name}_{end}", "float64", f"{meaning}, {end}", unit) for end in ("low", "mid", "high"))


_EVIDENCE = Column(
    "evidence",
    "str",
    "of what is there: certain, probable, presumed (expected in a place of this size; nothing is recorded and nobody said that there is none), "
    "visit (comes with the scenario of the question); "
    "of what opens: absent (known that there is none), unknown (nothing is recorded, ask first)",
)

PLAN_ANCHORS = Schema(
    "plan_anchors",
    (
        Column("place_id", "str", "anchor place (proposal)"),
        Column("partner_id", "str", "second place of a pair that shares the functions of the level; empty = none"),
        Column("level", "str", "basic, full"),
        Column("given", "bool", "asked for by name"),
        Column("persons", "float64", "inhabitants of the place, of a pair of both", "persons"),
        Column("reach_persons", "float64", "inhabitants within the standard of an anchor", "persons"),
        Column("reach_persons_others", "float64", "of them from other municipalities", "persons"),
        Column("core_today", "int64", "items of its level's core that it holds today"),
        Column("core_presumed", "int64", "of them items that are presumed only: not recorded, but expected there"),
        Column("core_plan", "int64", "items that it holds in the plan"),
        Column("core_items", "int64", "items of the level's core that take part in the plan"),
        Column("tier", "str", "central place by a plan: OZ, MZ, GZ_MZ, GZ, GZ_part; empty = none"),
        Column("robustness", "float64", "share of the runs that choose it; NaN = not computed", "share"),
    ),
    key=("place_id",),
)

PLAN_FUNCTIONS = Schema(
    "plan_functions",
    (
        Column("place_id", "str", "place; empty = outside of all candidate places"),
        Column("function", "str", "service or core:<id>"),
        Column("service", "str", "service that is there or opens"),
        Column("what", "str", "kept, new, closed, moved (opens here, closes where it was)"),
        Column("facility_id", "str", "existing facility (kept, closed, moved); empty = new"),
        Column("variant", "str", "id of the way in which it is provided; empty = existing facility"),
        Column("building_id", "str", "building of the table `buildings` that it goes into; empty = priced as new"),
        Column("quality", "float64", "share of the need that the variant meets", "share"),
        Column(
            "catchment_persons",
            "float64",
            "persons of its group for whom it is the closest within the standard",
            "persons",
        ),
        Column("viable_persons", "float64", "least catchment; NaN = none", "persons"),
        Column("short_persons", "float64", "persons short of it that a subsidy pays for", "persons"),
        Column("gained_persons", "float64", "persons of its group who would not be served without it", "persons"),
        Column("hours_week", "float64", "hours a week in a shared room; NaN = all week", "h"),
        *_range("invest_once", "investment", "EUR once"),
        *_range("cost", "additional cost per year: annuity, operation and subsidy"),
        Column("decides", "str", "own, joint, recruit"),
        Column("decides_by", "str", "who decides, as in the catalogue"),
        Column("task", "str", "duty, voluntary, other (not a task of the municipality)"),
        _EVIDENCE,
    ),
)

PLAN_COSTS = Schema(
    "plan_costs",
    (
        Column("place_id", "str", "place; empty = none"),
        Column("function", "str", "service or core:<id>; empty = the anchor itself or a bundle"),
        Column(
            "item",
            "str",
            "invest (annuity), operation, subsidy, bundle (saving, negative), anchor, closed (saving, negative)",
        ),
        *_range("cost", "additional cost"),
        Column("task", "str", "duty, voluntary, other"),
        Column("decides", "str", "own, joint, recruit"),
        Column("record", "str", "id of the dated record behind it"),
    ),
)

PLAN_CASES = Schema(
    "plan_cases",
    (
        Column(
            "case",
            "str",
            "today, own (what the planning body decides), joint (and what it decides with others), all (and who can be invited)",
        ),
        Column("people_share", "float64", "points for people of all possible points", "share"),
        Column("served_more", "float64", "persons served more than today, summed over functions", "persons"),
        Column("new_functions", "int64", "functions that open"),
        Column("shorter_persons", "float64", "persons with a shorter way than today, summed over functions", "persons"),
        Column(
            "person_minutes", "float64", "minutes of one way that they save, summed over persons and functions", "min"
        ),
        *_range("cost", "additional cost"),
    ),
    key=("case",),
)

PLAN_LEFT_OUT = Schema(
    "plan_left_out",
    (
        Column("function", "str", "service or core:<id>"),
        Column(
            "reason",
            "str",
            "id of the sentence that says why: supply_unknown, no_standard, no_cost_record, not_asked, nobody",
        ),
        Column("unknown_persons", "float64", "persons whose supply is not known", "persons"),
    ),
    key=("function",),
)

PLAN_FRONT = Schema(
    "plan_front",
    (
        Column("number", "int64", "number along the front; 0 = today"),
        Column("people_share", "float64", "points for people of all possible points", "share"),
        Column("worst_share", "float64", "the same in the worst-served municipality", "share"),
        *_range("cost", "additional cost"),
        Column("anchors", "str", "place ids of the anchors, separated by ';'; the two of a pair are joined by '+'"),
        Column("gap", "float64", "proven distance to the best", "share"),
    ),
    key=("number",),
)

PLAN_ROBUST = Schema(
    "plan_robust",
    (
        Column("run", "int64", "number of the run"),
        Column("variant", "str", "population of the run: as read, or year and variant"),
        Column("weights", "str", "as recorded, or number of the draw"),
        Column("costs", "str", "low, mid, high"),
        Column("anchors", "str", "place ids of the anchors that it chooses, separated by ';'"),
        Column("value", "float64", "points of its own best plan"),
        Column("plan_value", "float64", "points of the proposed plan in this run"),
        Column("regret", "float64", "(value - plan_value) / value", "share"),
        Column("proven", "bool", "both plans are proven best; otherwise the search was cut off by time"),
    ),
    key=("run",),
)

PLAN_TABLES = (PLAN_ANCHORS, PLAN_FUNCTIONS, PLAN_COSTS, PLAN_CASES, PLAN_LEFT_OUT, PLAN_FRONT, PLAN_ROBUST)

OFFER_INFO = Schema(
    "offer_info",
    (
        Column("facility_id", "str", "existing facility; empty = new"),
        Column("service", "str", "service that is there or opens"),
        Column("variant", "str", "id of the variant; empty = existing facility"),
        Column("building_id", "str", "building that it goes into; empty = none or priced as new"),
        Column("task", "str", "duty, voluntary, other"),
        Column("decides_by", "str", "who decides, as in the catalogue"),
        Column("record", "str", "id of the dated record of its cost"),
        _EVIDENCE,
        Column("invest_once_low", "float64", "investment, low", "EUR once"),
        Column("invest_once_mid", "float64", "investment, mid", "EUR once"),
        Column("invest_once_high", "float64", "investment, high", "EUR once"),
        Column("invest_low", "float64", "annuity of the investment, low", "EUR per year"),
        Column("invest_mid", "float64", "annuity, mid", "EUR per year"),
        Column("invest_high", "float64", "annuity, high", "EUR per year"),
        Column("hours_week", "float64", "hours a week in a shared room; NaN = all week", "h"),
    ),
)
