"""Rooms of a whole plan: no square metre of a building is given twice, and what finds none is priced as new."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.plan import RoomsShort
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import MOVED, NEW, Decision
from ankerort.anchors.rooms import choose_rooms, priced_in
from ankerort.catalogue.model import Catalogue
from ankerort.region.model import Region

ENDS = ("low", "mid", "high")
_LEAST_EUR = 0.005


def settled(prepared: Prepared, decision: Decision, region: Region, catalogue: Catalogue) -> Prepared:
    """The same problem with the true rooms and prices of what a decision opens.

    While a plan is sought each offer has the cheapest building that it fits into, as if it were alone there. Here all that opens in a
    place chooses together (`choose_rooms`); what no longer fits goes into another building or into new rooms. A price never falls, so a
    bound that was proven with the former prices holds for the true ones. Places without a building that is used stay as they are.

    Returns
    -------
    Prepared
        With other ``problem.offers.cost_eur`` and other rooms and investment in ``offers``; `prepared` itself if nothing changes.
    """
    offers, info = prepared.problem.offers, prepared.offers
    opens = decision.open & ((offers.state == NEW) | (offers.state == MOVED)) & (offers.place >= 0)
    housed = opens & (info["building_id"].to_numpy(object) != "")
    if not housed.any():
        return prepared
    variants, ids = catalogue.provision.variants, info["variant"].to_numpy(object)
    rate = catalogue.value("anchors.interest_rate")
    cost, told = offers.cost_eur.copy(), info.copy()
    column = {name: told.columns.get_loc(name) for name in told.columns}
    for place in np.unique(offers.place[housed]):
        here = [int(o) for o in np.flatnonzero(opens & (offers.place == place)) if str(ids[o]) in variants]
        wanted = [variants[str(ids[o])] for o in here]
        chosen = choose_rooms(region, catalogue, prepared.place_ids[int(place)], wanted)
        for o, variant, use in zip(here, wanted, chosen, strict=True):
            priced = priced_in(variant, use.price, rate)
            cost[o] = priced.invest + priced.operation
            told.iloc[o, column["building_id"]] = priced.building_id
            for k, end in enumerate(ENDS):
                told.iloc[o, column[f"invest_once_{end}"]] = priced.invest_once[k]
                told.iloc[o, column[f"invest_{end}"]] = priced.invest[k]
    problem = replace(prepared.problem, offers=replace(offers, cost_eur=cost))
    return replace(prepared, problem=problem, offers=told)


def dearer(before: Prepared, after: Prepared, decision: Decision) -> NDArray[np.float64]:
    """What a decision costs more at the prices of `after` than at those of `before`: float64, shape (3,), EUR per year."""
    more = after.problem.offers.cost_eur - before.problem.offers.cost_eur
    return np.asarray(more[decision.open].sum(axis=0).reshape(3))


def rooms_short(before: Prepared, after: Prepared, decision: Decision) -> tuple[RoomsShort, ...]:
    """Places whose buildings do not suffice for all that opens there, in the order of the places.

    Parameters
    ----------
    before, after
        As prepared, and `settled`.
    """
    offers, info = before.problem.offers, before.offers
    more = after.problem.offers.cost_eur - offers.cost_eur
    hit = np.flatnonzero(decision.open & (np.abs(more).max(axis=1) >= _LEAST_EUR))
    found = []
    for place in np.unique(offers.place[hit]):
        mine = hit[offers.place[hit] == place]
        found.append(
            RoomsShort(
                before.place_ids[int(place)],
                tuple(str(v) for v in info["variant"].to_numpy(object)[mine]),
                float(more[mine, 0].sum()),
                float(more[mine, 1].sum()),
                float(more[mine, 2].sum()),
            )
        )
    return tuple(found)
