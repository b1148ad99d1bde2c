"""What a plan costs, item by item, with the record behind each."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.anchors.evaluate import Evaluation
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import JOINT, MOVED, NEW, OWN, RECRUIT, REMOVABLE, Decision
from ankerort.anchors.schema import PLAN_COSTS
from ankerort.catalogue.model import Catalogue

_ENDS = ("low", "mid", "high")
_DECIDES = {OWN: "own", JOINT: "joint", RECRUIT: "recruit"}
_LEAST_EUR = 0.005
VOLUNTARY = "voluntary"  # an anchor and what is shared there are no duty of anyone


def cost_items(
    prepared: Prepared,
    catalogue: Catalogue,
    decision: Decision,
    evaluation: Evaluation,
    short: NDArray[np.float64],
) -> pd.DataFrame:
    """PLAN_COSTS; the columns low, mid and high sum to the cost of the plan (without prices of unmet legal standards).

    Parameters
    ----------
    short
        float64, shape (offers,): persons that a subsidy pays for.
    """
    rows = [
        *_anchor_rows(prepared, catalogue, decision),
        *_offer_rows(prepared, decision, short),
        *_bundle_rows(prepared, catalogue, evaluation),
    ]
    return PLAN_COSTS.conform(pd.DataFrame(rows, columns=PLAN_COSTS.names))


def _row(
    place_id: str, function: str, item: str, cost: NDArray[np.float64], task: str, decides: str, record: str
) -> dict[str, object]:
    row: dict[str, object] = {
        "place_id": place_id,
        "function": function,
        "item": item,
        "task": task,
        "decides": decides,
        "record": record,
    }
    return row | {f"cost_{end}": float(cost[k]) for k, end in enumerate(_ENDS)}


def _anchor_rows(prepared: Prepared, catalogue: Catalogue, decision: Decision) -> list[dict[str, object]]:
    units = prepared.problem.units
    records = {level.id: level.cost_eur.record.id for level in catalogue.provision.levels}
    rows = []
    for u in np.flatnonzero(decision.units):
        level = prepared.problem.levels[int(units.level[u])].id
        place = prepared.place_ids[int(units.first[u])]
        if np.abs(units.cost_eur[u]).max() >= _LEAST_EUR:
            rows.append(_row(place, "", "anchor", units.cost_eur[u], VOLUNTARY, "own", records.get(level, "")))
    return rows


def _offer_rows(prepared: Prepared, decision: Decision, short: NDArray[np.float64]) -> list[dict[str, object]]:
    problem, info = prepared.problem, prepared.offers
    offers = problem.offers
    opens = decision.open & ((offers.state == NEW) | (offers.state == MOVED))
    closes = ~decision.open & (offers.state == REMOVABLE)
    invest = info[[f"invest_{end}" for end in _ENDS]].to_numpy(np.float64)
    rows = []
    for o in np.flatnonzero(opens | closes):
        place = prepared.place_ids[int(offers.place[o])] if offers.place[o] >= 0 else ""
        function = problem.functions[int(offers.function[o])].id
        about = (str(info["task"].iat[o]), _DECIDES[int(offers.decides[o])], str(info["record"].iat[o]))
        if closes[o]:
            rows.append(_row(place, function, "closed", -offers.cost_eur[o], *about))
            continue
        annuity = np.nan_to_num(invest[o])
        rows.append(_row(place, function, "invest", annuity, *about))
        rows.append(_row(place, function, "operation", offers.cost_eur[o] - annuity, *about))
        if short[o] > 0:
            rows.append(_row(place, function, "subsidy", np.full(3, short[o] * offers.subsidy_eur[o]), *about))
    return [r for r in rows if max(abs(float(str(r[f"cost_{end}"]))) for end in _ENDS) >= _LEAST_EUR]


def _bundle_rows(prepared: Prepared, catalogue: Catalogue, evaluation: Evaluation) -> list[dict[str, object]]:
    bundles = prepared.problem.bundles
    records = {rule.id: rule.saving_eur.record.id for rule in catalogue.provision.bundles}
    return [
        _row(
            prepared.place_ids[int(bundles.place[b])],
            "",
            "bundle",
            -bundles.saving_eur[b],
            VOLUNTARY,
            "own",
            records.get(prepared.bundle_ids[b], prepared.bundle_ids[b]),
        )
        for b in np.flatnonzero(evaluation.bundles)
    ]
