"""A made-up anchor plan on the sample region: three anchors (one a pair), every kind of row, front and robustness. No solver is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ankerort.anchors.plan import AnchorPlan, Proof
from ankerort.anchors.prepared import OFFER_INFO, Prepared
from ankerort.anchors.problem import (
    AnchorProblem,
    Bundles,
    Decision,
    Demand,
    Function,
    Limits,
    Objective,
    Offers,
    Solution,
    Travel,
    Units,
)
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.schema import (
    PLAN_ANCHORS,
    PLAN_CASES,
    PLAN_COSTS,
    PLAN_FRONT,
    PLAN_FUNCTIONS,
    PLAN_LEFT_OUT,
    PLAN_ROBUST,
)
from ankerort.documents.anchors_documents import AnchorDocuments
from ankerort.documents.assessment import Assessment
from ankerort.documents.comparison import ComparisonSet

ALT, HUE, LANG, SUE = "15999010-altenroede", "15999010-huettelsdorf", "15999021-langenwoerden", "15999022-suelzberg"
HOEH = "15999023-hoehenziepel"
FUNCTIONS = (
    "core:food_market",
    "village_shop",
    "general_practitioner",
    "citizen_office",
    "core:meeting_place",
    "primary_school",
)
REACH_M = 5_500.0  # straight line in which the made-up anchors are within the standard


def made_up(assessment: Assessment, comparison: ComparisonSet | None = None) -> AnchorDocuments:
    """All that the documents need, with figures that fit one another (cases, costs and functions sum up)."""
    region = assessment.region
    places = region.places[region.places["in_study"]].reset_index(drop=True)
    prepared = _prepared(assessment, places)
    functions = _functions(region.facilities)
    costs = _costs(functions)
    plan = AnchorPlan(
        name="Vorschlag A",
        region=region.settings.name,
        data_day="2026-11-01",
        request=prepared.request,
        proof=Proof(12_345.6, 12_567.8, 0.018, 12.34, 1, "feasible", relaxed=True),
        anchors=_anchors(places),
        functions=functions,
        costs=costs,
        cases=_cases(functions, costs),
        left_out=PLAN_LEFT_OUT.conform(
            pd.DataFrame(
                [
                    {"function": "hairdresser", "reason": "supply_unknown", "unknown_persons": 6310.0},
                    {"function": "library", "reason": "no_cost_record", "unknown_persons": np.nan},
                    {"function": "swimming", "reason": "not_asked", "unknown_persons": np.nan},
                ]
            )
        ),
        front=_front(),
        robust=_robust(),
        record={"supply": "abc123", "catalogue": "def456", "ankerort": "1.2.3"},
    )
    nothing = Decision(np.zeros(0, bool), np.zeros(0, bool))
    solution = Solution(nothing, 12_345.6, 12_567.8, 0.018, 12.34, 1, "feasible", relaxed=True)
    return AnchorDocuments(
        plan, prepared, solution, region, assessment.catalogue, assessment.reach, comparison, paper=assessment.paper
    )


def without_extras(documents: AnchorDocuments) -> AnchorDocuments:
    """The same without front, robustness, comparison and what was left out."""
    plan = replace(documents.plan, front=PLAN_FRONT.empty(), robust=PLAN_ROBUST.empty(), left_out=PLAN_LEFT_OUT.empty())
    return replace(documents, plan=plan, comparison=None)


def empty(documents: AnchorDocuments) -> AnchorDocuments:
    """A plan without anchors and changes."""
    plan = replace(
        without_extras(documents).plan,
        anchors=PLAN_ANCHORS.empty(),
        functions=PLAN_FUNCTIONS.empty(),
        costs=PLAN_COSTS.empty(),
        cases=PLAN_CASES.conform(
            documents.plan.cases.assign(
                served_more=0.0, shorter_persons=0.0, new_functions=0, cost_low=0.0, cost_mid=0.0, cost_high=0.0
            )
        ),
    )
    return replace(documents, plan=plan, comparison=None)


def _prepared(assessment: Assessment, places: pd.DataFrame) -> Prepared:
    cells = assessment.region.cells
    at = np.flatnonzero(cells["in_study"].to_numpy(bool) & (cells["persons"].to_numpy(float) > 0)).astype(np.int32)
    persons = cells["persons"].to_numpy(float)[at]
    x, y = cells["x"].to_numpy(float)[at], cells["y"].to_numpy(float)[at]
    ptr, rows, seconds = [0], [], []
    for place in places.itertuples():
        distance = np.hypot(x - place.x, y - place.y)
        near = np.flatnonzero(distance < 2 * REACH_M)
        rows.append(near)
        seconds.append(distance[near] / 10.0)
        ptr.append(ptr[-1] + len(near))
    all_seconds = np.concatenate(seconds)
    travel = Travel(
        np.array(ptr, np.int64),
        np.concatenate(rows).astype(np.int32),
        all_seconds.astype(np.int32),
        all_seconds <= REACH_M / 10.0,
    )
    none = Travel(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, bool))
    problem = AnchorProblem(
        len(places),
        places["x"].to_numpy(float),
        places["y"].to_numpy(float),
        Demand(persons, np.ones(len(at)), np.zeros(len(at), np.int32)),
        tuple(Function(f, 1.0, none, persons) for f in FUNCTIONS),
        Offers(*(np.zeros((0, 3)) if name == "cost_eur" else np.zeros(0) for name in Offers.__dataclass_fields__)),
        (),
        Units(np.zeros(0, np.int8), np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros((0, 3))),
        Bundles(np.zeros(0, np.int32), np.zeros((0, 3)), np.zeros(0), np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros(0, np.int32)),
        travel,
        np.zeros(0),
        np.zeros(len(places)),
    )  # fmt: skip
    request = AnchorRequest(
        max_anchors=3,
        budget_eur=80_000.0,
        keep=(SUE,),
        may_close=("village_shop",),
        pareto=("cost", "people"),
        robust=True,
    )
    return Prepared(
        problem,
        Objective(cost=0.01),
        Limits(max_anchors=3, budget_eur=80_000.0),
        request,
        tuple(places["place_id"].astype(str)),
        ("15999010",),
        OFFER_INFO.empty(),
        (),
        at,
        np.zeros(len(at), np.int8),
        PLAN_LEFT_OUT.empty(),
        (0.0, 0.0, 120.0, 0.0, 0.0, 0.0),
    )


def _anchors(places: pd.DataFrame) -> pd.DataFrame:
    persons = places.set_index("place_id")["persons"]
    rows = [
        {"place_id": ALT, "level": "basic", "persons": persons[ALT], "reach_persons": 4310.0, "reach_persons_others": 0.0,
         "core_today": 4, "core_plan": 5, "core_items": 6, "robustness": 0.6},
        {"place_id": LANG, "partner_id": SUE, "level": "full", "given": True, "persons": persons[LANG] + persons[SUE],
         "reach_persons": 2140.0, "reach_persons_others": 730.0, "core_today": 3, "core_plan": 6, "core_items": 7,
         "tier": "GZ_part", "robustness": 0.9},
    ]  # fmt: skip
    return PLAN_ANCHORS.conform(
        pd.DataFrame(rows).fillna({"partner_id": "", "tier": "", "given": False}).astype({"given": bool})
    )


def _change(place: str, function: str, service: str, what: str, decides: str, task: str, cost: float, gained: float, **more: object) -> dict[str, object]:  # fmt: skip
    return {
        "place_id": place, "function": function, "service": service, "what": what, "decides": decides, "decides_by": "wer zuständig ist",
        "task": task, "cost_low": 0.7 * cost, "cost_mid": cost, "cost_high": 1.4 * cost, "gained_persons": gained, "quality": 1.0,
        "catchment_persons": 900.0, "short_persons": 0.0, "invest_once_low": 0.0, "invest_once_mid": 0.0, "invest_once_high": 0.0, **more,
    }  # fmt: skip


def _functions(facilities: pd.DataFrame) -> pd.DataFrame:
    there = facilities[facilities["state"] == "open"]

    def facility(place: str, service: str) -> str:
        return str(there.loc[(there["place_id"] == place) & (there["service"] == service), "facility_id"].iloc[0])

    rows = [
        _change(ALT, "citizen_office", "citizen_office", "new", "own", "duty", 12_000.0, 430.0, viable_persons=500.0, hours_week=4.0,
                invest_once_low=8_000.0, invest_once_mid=10_000.0, invest_once_high=14_000.0),
        _change(ALT, "general_practitioner", "general_practitioner", "kept", "recruit", "other", 0.0, 0.0,
                facility_id=facility(ALT, "general_practitioner")),
        _change(ALT, "primary_school", "primary_school", "kept", "joint", "duty", 0.0, 0.0, facility_id=facility(ALT, "primary_school")),
        _change(LANG, "general_practitioner", "general_practitioner", "new", "recruit", "other", 25_000.0, 1_210.0, viable_persons=1_200.0,
                catchment_persons=1_130.0, short_persons=70.0, hours_week=8.0),
        _change(SUE, "village_shop", "village_shop", "moved", "joint", "voluntary", 6_000.0, 310.0, viable_persons=700.0),
        _change(SUE, "core:meeting_place", "village_hall", "new", "own", "voluntary", 9_000.0, 160.0, invest_once_low=90_000.0,
                invest_once_mid=120_000.0, invest_once_high=168_000.0),
        _change(HUE, "village_shop", "village_shop", "closed", "joint", "voluntary", -4_000.0, -95.0, catchment_persons=0.0),
    ]  # fmt: skip
    return PLAN_FUNCTIONS.conform(pd.DataFrame(rows))


def _costs(functions: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {"place_id": LANG, "function": "", "item": "anchor", "cost_low": 3_000.0, "cost_mid": 4_000.0, "cost_high": 6_000.0,
         "task": "voluntary", "decides": "own", "record": ""},
        {"place_id": SUE, "function": "", "item": "bundle", "cost_low": -2_000.0, "cost_mid": -3_000.0, "cost_high": -3_500.0,
         "task": "voluntary", "decides": "own", "record": "house_office"},
    ]  # fmt: skip
    for row in functions[functions["what"] != "kept"].to_dict("records"):
        item = "closed" if row["what"] == "closed" else "operation"
        told = {k: row[k] for k in ("place_id", "function", "cost_low", "cost_mid", "cost_high", "task", "decides")}
        rows.append(told | {"item": item, "record": "anchors.cost_frame_share"})
    return PLAN_COSTS.conform(pd.DataFrame(rows))


def _cases(functions: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    changes = functions[functions["what"] != "kept"]
    rows = [
        {
            "case": "today",
            "people_share": 0.61,
            "served_more": 0.0,
            "new_functions": 0,
            **dict.fromkeys(("cost_low", "cost_mid", "cost_high"), 0.0),
        }
    ]
    for case, decides, share in (
        ("own", ("own",), 0.66),
        ("joint", ("own", "joint"), 0.68),
        ("all", ("own", "joint", "recruit"), 0.79),
    ):
        mine = changes[changes["decides"].isin(decides)]
        paid = costs[costs["decides"].isin(decides)]
        rows.append(
            {
                "case": case,
                "people_share": share,
                "served_more": float(mine["gained_persons"].sum()),
                "shorter_persons": 3.0 * float(mine["gained_persons"].sum()),
                "person_minutes": 900.0,
                "new_functions": int(mine["what"].isin(("new", "moved")).sum()),
                **{f"cost_{e}": float(paid[f"cost_{e}"].sum()) for e in ("low", "mid", "high")},
            }
        )
    return PLAN_CASES.conform(pd.DataFrame(rows))


def _front() -> pd.DataFrame:
    rows = []
    for number, (share, cost, anchors) in enumerate(
        (
            (0.61, 0.0, ""),
            (0.70, 15_000.0, ALT),
            (0.79, 49_000.0, f"{ALT};{LANG}+{SUE}"),
            (0.83, 90_000.0, f"{ALT};{LANG};{HOEH}"),
        )
    ):
        rows.append(
            {"number": number, "people_share": share, "worst_share": share - 0.2, "cost_low": 0.7 * cost, "cost_mid": cost,
             "cost_high": 1.4 * cost, "anchors": anchors, "gap": 0.0 if number < 2 else 0.0123}
        )  # fmt: skip
    return PLAN_FRONT.conform(pd.DataFrame(rows))


def _robust() -> pd.DataFrame:
    rows = []
    for run in range(1, 11):
        anchors = [LANG, SUE] if run > 1 else [HOEH]
        anchors += [ALT] if run > 4 else []
        rows.append(
            {"run": run, "variant": "" if run < 6 else "2035 trend", "weights": "recorded" if run % 2 else str(run),
             "costs": ("low", "mid", "high")[run % 3], "anchors": ";".join(anchors), "value": 1000.0, "plan_value": 1000.0 - 10 * (run == 1),
             "regret": 0.01 * (run == 1), "proven": True}
        )  # fmt: skip
    return PLAN_ROBUST.conform(pd.DataFrame(rows))
