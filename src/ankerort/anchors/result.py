"""From a decision to the plan that a planner reads: all its tables, from the exact evaluation of the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.anchors.evaluate import Evaluation, Evaluator
from ankerort.anchors.explain_rows import Rows
from ankerort.anchors.plan import AnchorPlan, Proof
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import (
    FIXED,
    JOINT,
    MOVED,
    NEW,
    OWN,
    RECRUIT,
    REMOVABLE,
    Decision,
    Limits,
    Objective,
    Solution,
)
from ankerort.anchors.result_costs import cost_items
from ankerort.anchors.schema import PLAN_ANCHORS, PLAN_CASES, PLAN_FRONT, PLAN_FUNCTIONS, PLAN_LEFT_OUT, PLAN_ROBUST
from ankerort.anchors.settle_rooms import dearer, rooms_short, settled
from ankerort.catalogue.model import Catalogue
from ankerort.region.model import Region

DECIDES = {OWN: "own", JOINT: "joint", RECRUIT: "recruit"}
ENDS = ("low", "mid", "high")
_LEAST_EUR = 0.005
_SAME = 1e-6


def make_plan(
    prepared: Prepared,
    solution: Solution,
    region: Region,
    catalogue: Catalogue,
    *,
    name: str,
    front: Sequence[Solution] = (),
    robust: pd.DataFrame | None = None,
    robustness: Mapping[str, float] | None = None,
    record: Mapping[str, object] | None = None,
) -> AnchorPlan:
    """All tables of a plan, from the exact evaluation of its decision, at the prices of the rooms that all of it finds together.

    Parameters
    ----------
    prepared, solution
        The problem and what was decided; each price may still be that of an offer alone (see `settled`).
    region, catalogue
        As planned with.
    name
        As printed.
    front
        Plans along a Pareto front.
    robust
        PLAN_ROBUST where robustness was computed.
    robustness
        Per place_id the share of the runs that choose it.
    record
        What is needed to get the same plan again.

    Raises
    ------
    ValueError
        If the solution holds no decision.
    """
    decision = solution.decision
    if decision is None:
        raise ValueError("a plan needs a decision")
    asked, prepared = prepared, settled(prepared, decision, region, catalogue)
    told = _Told(prepared, region, catalogue)
    evaluation = told.evaluator.evaluate(decision)
    return AnchorPlan(
        name=name,
        region=region.settings.name,
        data_day=max((str(d) for d in region.sources["date"] if d), default=""),
        request=prepared.request,
        proof=_proof(solution, prepared.objective, float(dearer(asked, prepared, decision)[1])),
        anchors=_anchors(told, decision, robustness or {}),
        functions=_functions(told, decision, evaluation),
        costs=cost_items(prepared, catalogue, decision, evaluation, told.subsidised(decision, evaluation)),
        cases=_cases(told, decision),
        left_out=PLAN_LEFT_OUT.conform(prepared.left_out),
        front=_front(told, front, asked),
        robust=PLAN_ROBUST.empty() if robust is None else PLAN_ROBUST.conform(robust),
        record=dict(record or {}),
        rooms_short=rooms_short(asked, prepared, decision),
    )


def _proof(solution: Solution, objective: Objective, more_eur: float) -> Proof:
    """The proof at true prices: the bound holds for them too, since none of them is lower; the plan is worth less where cost counts.

    Parameters
    ----------
    more_eur
        What the plan costs more a year than the solver thought (mid).
    """
    value, gap, status = solution.value, solution.gap, solution.status
    counts = "cost" in objective.order if objective.order else objective.cost > 0
    if counts and more_eur > _LEAST_EUR:
        points = objective.cost if not objective.order else float(objective.order[0] == "cost")
        value -= points * more_eur
        gap = (solution.bound - value) / max(abs(solution.bound), 1e-9)
        if objective.order or gap > _SAME:
            status = "feasible" if status == "optimal" else status
    return Proof(value, solution.bound, gap, solution.seconds, solution.seed, status, solution.relaxed)


class _Told:
    """What all tables of a plan ask."""

    def __init__(self, prepared: Prepared, region: Region, catalogue: Catalogue) -> None:
        self.prepared, self.region, self.catalogue = prepared, region, catalogue
        self.problem = prepared.problem
        # what a plan is told to cost is money that someone pays: the price of an unmet legal standard is none
        self.paid: Limits = replace(prepared.limits, legal="off")
        self.evaluator = Evaluator(prepared.problem, prepared.objective, self.paid)
        self.rows = Rows(prepared.problem)
        self.recorded = (prepared.offers["evidence"] != "presumed").to_numpy(bool)
        self.places = region.places.set_index("place_id")

    def place_of(self, offer: int) -> str:
        """place_id of an offer, empty = in none."""
        place = int(self.problem.offers.place[offer])
        return self.prepared.place_ids[place] if place >= 0 else ""

    def today(self) -> Decision:
        """Everything that is there stays, nothing opens."""
        state = self.problem.offers.state
        return Decision((state == FIXED) | (state == REMOVABLE), np.zeros(len(self.problem.units), bool))

    def subsidised(self, decision: Decision, evaluation: Evaluation) -> NDArray[np.float64]:
        """Persons short of the least catchment that a subsidy pays for; shape (offers,)."""
        paid = (evaluation.short > 0) & self.evaluator.may_be_short(decision.units)
        return np.where(paid, evaluation.short, 0.0)


def _anchors(told: _Told, decision: Decision, robustness: Mapping[str, float]) -> pd.DataFrame:
    problem, prepared = told.problem, told.prepared
    units = problem.units
    today = told.today().open
    cell_ags = told.region.cells["ags"].to_numpy()[prepared.demand_cell] if len(problem.demand) else np.empty(0, object)
    central = dict(
        zip(told.region.central_places["place_id"], told.region.central_places["tier"], strict=True)
        if len(told.region.central_places)
        else ()
    )
    rows = []
    for u in np.flatnonzero(decision.units):
        numbers = [int(p) for p in (units.first[u], units.second[u]) if p >= 0]
        ids = [prepared.place_ids[p] for p in numbers]
        level = problem.levels[int(units.level[u])]
        at = told.evaluator.anchor_rows[u]
        persons = problem.demand.persons[at]
        own = {str(told.places["ags"].at[i]) for i in ids}
        others = ~np.isin(cell_ags[at].astype(str), sorted(own)) if len(at) else np.zeros(0, bool)
        rows.append(
            {
                "place_id": ids[0],
                "partner_id": ids[1] if len(ids) > 1 else "",
                "level": level.id,
                "given": any(i in prepared.request.keep for i in ids),
                "persons": float(sum(told.places["persons"].at[i] for i in ids)),
                "reach_persons": float(persons.sum()),
                "reach_persons_others": float(persons[others].sum()),
                "core_today": _core_items(told, numbers, level.core, today),
                "core_presumed": _core_items(told, numbers, level.core, today)
                - _core_items(told, numbers, level.core, today & told.recorded),
                "core_plan": _core_items(told, numbers, level.core, decision.open),
                "core_items": len(level.core),
                "tier": next((str(central[i]) for i in ids if i in central), ""),
                "robustness": max((robustness[i] for i in ids if i in robustness), default=np.nan),
            }
        )
    return PLAN_ANCHORS.conform(pd.DataFrame(rows, columns=PLAN_ANCHORS.names))


def _core_items(told: _Told, places: Sequence[int], core: Sequence[object], is_open: NDArray[np.bool_]) -> int:
    offers = told.problem.offers
    held = set(offers.function[is_open & np.isin(offers.place, places)].tolist())
    return sum(bool(held.intersection(slot.functions)) for slot in core)  # type: ignore[attr-defined]


def _functions(told: _Told, decision: Decision, evaluation: Evaluation) -> pd.DataFrame:
    """What opens, moves and closes anywhere, and what stays in the anchors."""
    problem, prepared = told.problem, told.prepared
    offers, info = problem.offers, prepared.offers
    is_open = decision.open
    chosen = [problem.units.first[decision.units], problem.units.second[decision.units]]
    in_anchor = (offers.place >= 0) & np.isin(offers.place, np.concatenate(chosen))
    moved_from = offers.origin[is_open & (offers.state == MOVED)]
    closed = ~is_open & (offers.state == REMOVABLE)
    closed[moved_from] = False  # told where it opens again
    existing = (offers.state == FIXED) | (offers.state == REMOVABLE)
    what = np.full(len(offers), "", dtype=object)
    what[is_open & existing & in_anchor] = "kept"
    what[is_open & (offers.state == NEW)] = "new"
    what[is_open & (offers.state == MOVED)] = "moved"
    what[closed] = "closed"
    listed = np.flatnonzero(what != "")
    gained = _gained(told, decision)
    short = told.subsidised(decision, evaluation)
    cost = offers_cost(prepared, decision, short)
    own = info.iloc[listed].reset_index(drop=True)
    origin = offers.origin[listed]
    facility = own["facility_id"].astype(str).to_numpy(dtype=object)
    moved = origin >= 0
    facility[moved] = info["facility_id"].to_numpy()[origin[moved]]
    table = {
        "place_id": [told.place_of(int(o)) for o in listed],
        "function": [problem.functions[int(f)].id for f in offers.function[listed]],
        "service": own["service"],
        "what": what[listed],
        "facility_id": facility,
        "variant": own["variant"],
        "building_id": own["building_id"],
        "quality": offers.quality[listed],
        "catchment_persons": evaluation.catchment[listed],
        "viable_persons": np.where(offers.viable_persons[listed] > 0, offers.viable_persons[listed], np.nan),
        "short_persons": short[listed],
        "gained_persons": gained[listed],
        "hours_week": own["hours_week"],
        **{f"invest_once_{e}": np.where(is_open[listed], own[f"invest_once_{e}"], 0.0) for e in ENDS},
        **{f"cost_{e}": cost[listed, k] for k, e in enumerate(ENDS)},
        "decides": [DECIDES[int(d)] for d in offers.decides[listed]],
        "decides_by": own["decides_by"],
        "task": own["task"],
        "evidence": own["evidence"],
    }
    frame = pd.DataFrame(table)
    order = {"new": 0, "moved": 1, "closed": 2, "kept": 3}
    rank = frame["what"].map(order)
    number = {p: k for k, p in enumerate([*_anchor_places(told, decision), *prepared.place_ids])}
    at = frame["place_id"].map(lambda p: number.get(p, len(number)))
    frame = frame.assign(_at=at, _rank=rank, _row=listed).sort_values(["_at", "_rank", "_row"], kind="stable")
    return PLAN_FUNCTIONS.conform(frame.drop(columns=["_at", "_rank", "_row"]))


def _anchor_places(told: _Told, decision: Decision) -> list[str]:
    units, out = told.problem.units, []
    for u in np.flatnonzero(decision.units):
        out += [told.prepared.place_ids[p] for p in (units.first[u], units.second[u]) if p >= 0]
    return out


def _anchor_names(told: _Told, decision: Decision) -> list[str]:
    """One text per anchor: its place, of a pair both joined by ``+``."""
    units, ids = told.problem.units, told.prepared.place_ids
    return [
        "+".join(ids[p] for p in (int(units.first[u]), int(units.second[u])) if p >= 0)
        for u in np.flatnonzero(decision.units)
    ]


def offers_cost(prepared: Prepared, decision: Decision, short: NDArray[np.float64]) -> NDArray[np.float64]:
    """Additional cost of each offer against today: its own where it opens, with subsidy, less what its origin or a closing saves.

    Returns
    -------
    ndarray of float64, shape (offers, 3)
        Low, mid, high, EUR per year; estimates of one column belong together, so that sums of columns are those of the plan.
    """
    offers = prepared.problem.offers
    opens = decision.open & ((offers.state == NEW) | (offers.state == MOVED))
    subsidy = np.where(short > 0, short * np.where(short > 0, offers.subsidy_eur, 0.0), 0.0)
    cost = np.where(opens[:, None], offers.cost_eur + subsidy[:, None], 0.0)
    moved = np.flatnonzero(opens & (offers.state == MOVED))
    cost[moved] -= offers.cost_eur[offers.origin[moved]]
    closed = ~decision.open & (offers.state == REMOVABLE)
    closed[offers.origin[moved]] = False
    cost[closed] -= offers.cost_eur[closed]
    return np.asarray(cost)


def _gained(told: _Told, decision: Decision) -> NDArray[np.float64]:
    """Persons of the study area who have the function only by this offer; for a closed one those who lost it, negative."""
    problem = told.problem
    offers = problem.offers
    out = np.zeros(len(offers))
    counts = problem.demand.weight > 0
    for f, function in enumerate(problem.functions):
        mine = np.flatnonzero(offers.function == f)
        travel = function.travel
        rows_of = {}
        for o in mine:
            part = travel.site(int(offers.site[o]))
            rows_of[int(o)] = travel.row[part][travel.within[part]]
        ways = np.zeros(len(problem.demand), np.int64)
        for o in mine[decision.open[mine]]:
            ways[rows_of[int(o)]] += 1
        need = np.where(counts, function.need, 0.0)
        for o in mine:
            rows = rows_of[int(o)]
            if decision.open[o]:
                out[o] = need[rows][ways[rows] == 1].sum()
            elif offers.state[o] == REMOVABLE:
                out[o] = -need[rows][ways[rows] == 0].sum()
    return out


def _cases(told: _Told, decision: Decision) -> pd.DataFrame:
    """What the plan is worth if only some of those who decide take part.

    The anchors and their rooms stay as the whole plan has them; what a host or a core would need is not asked again: the case tells what
    is left if others do not come.
    """
    offers = told.problem.offers
    today = told.today()
    base = told.evaluator.evaluate(today, faults=False)
    rows = [_case("today", base, base, today, told)]
    for case, most in (("own", OWN), ("joint", JOINT), ("all", RECRUIT)):
        part = decided_by(offers.decides <= most, decision, told.prepared)
        rows.append(_case(case, told.evaluator.evaluate(part, faults=False), base, part, told))
    return PLAN_CASES.conform(pd.DataFrame(rows))


def decided_by(taking_part: NDArray[np.bool_], decision: Decision, prepared: Prepared) -> Decision:
    """The plan with only those offers that `taking_part` allows to open or close, bool of shape (offers,); all else as today."""
    offers = prepared.problem.offers
    existing = (offers.state == FIXED) | (offers.state == REMOVABLE)
    is_open = decision.open & (existing | taking_part)
    stays = (offers.state == REMOVABLE) & ~taking_part
    is_open |= stays
    moved = (offers.state == MOVED) & decision.open
    # who stays where he is does not open elsewhere; who does not open elsewhere stays where he is
    blocked = moved & is_open
    blocked[blocked] = is_open[offers.origin[blocked]]
    is_open[blocked] = False
    lost = moved & ~is_open
    is_open[offers.origin[lost]] = True
    return Decision(is_open, decision.units)


def _case(case: str, found: Evaluation, base: Evaluation, decision: Decision, told: _Told) -> dict[str, object]:
    state = told.problem.offers.state
    saved_s = told.rows.today.time_s - told.rows.state(decision).time_s
    return {
        "case": case,
        "people_share": _share(found),
        "served_more": float(found.served.sum() - base.served.sum()),
        "new_functions": int((decision.open & ((state == NEW) | (state == MOVED))).sum()),
        "shorter_persons": float(told.rows.need[saved_s > 0].sum()),
        "person_minutes": float((told.rows.need * np.maximum(saved_s, 0.0)).sum() / 60.0),
        **{f"cost_{e}": float(found.cost_eur[k]) for k, e in enumerate(ENDS)},
    }


def _share(found: Evaluation) -> float:
    return found.people / found.people_possible if found.people_possible > 0 else np.nan


def _front(told: _Told, solutions: Sequence[Solution], asked: Prepared) -> pd.DataFrame:
    """Today as number 0, then the plans in their order, each at the prices of its own rooms."""
    if not solutions:
        return PLAN_FRONT.empty()
    decisions = [(told.today(), 0.0), *((s.decision, s.gap) for s in solutions if s.decision is not None)]
    rows = []
    for number, (decision, gap) in enumerate(decisions):
        found = told.evaluator.evaluate(decision, faults=False)
        own = settled(asked, decision, told.region, told.catalogue)
        cost = found.cost_eur + dearer(told.prepared, own, decision)
        rows.append(
            {
                "number": number,
                "people_share": _share(found),
                "worst_share": found.worst,
                **{f"cost_{e}": float(cost[k]) for k, e in enumerate(ENDS)},
                "anchors": ";".join(_anchor_names(told, decision)),
                "gap": gap,
            }
        )
    return PLAN_FRONT.conform(pd.DataFrame(rows))
