"""Pairs of stops and groups of people: who is near enough, who may be served, what a walk and a poor stop cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.authorities import Authorities, authorities_of, operators_by_town
from ankerort.mobile.prepared import BlockedPairs, MobileNeed
from ankerort.mobile.request import MobileRequest
from ankerort.network.model import SparseColumns
from ankerort.region.model import Region

# beyond their own walk people count for a target that reaches farther, but bring next to nothing
_BEYOND = 1e-6


@dataclass(frozen=True)
class Pairs:
    """Pairs by stop, and those that a missing agreement forbids.

    Parameters
    ----------
    ptr, group, factor, target
        As in `Needs`.
    concern_share
        float64 (pairs,): share of the cases that the staff may deal with; part of `factor`.
    blocked
        Forbidden ones.
    operators
        Authorities that send the staff, sorted.
    """

    ptr: NDArray[np.int64]
    group: NDArray[np.int32]
    factor: NDArray[np.float64]
    target: NDArray[np.bool_]
    concern_share: NDArray[np.float64]
    blocked: BlockedPairs
    operators: tuple[str, ...]


def target_people(
    request: MobileRequest, need: MobileNeed, catalogue: Catalogue, problems: Problems
) -> NDArray[np.bool_]:
    """Groups of people that the target counts: those whose ages lie within the group asked for; bool (groups of the need,)."""
    if request.cover is None:
        return np.zeros(len(need.people), bool)
    asked = catalogue.groups[request.cover_group]
    known = sorted(set(need.people))
    inside = {
        g for g in known
        if catalogue.groups[g].first_age >= asked.first_age and catalogue.groups[g].last_age <= asked.last_age
    }  # fmt: skip
    cut = [
        g for g in known
        if g not in inside
        and catalogue.groups[g].last_age > asked.first_age
        and catalogue.groups[g].first_age < asked.last_age
    ]  # fmt: skip
    if not inside:
        problems.add(
            "mobile_cover_group", "error", "--cover-group", value=asked.label_de, known=_labels(known, catalogue)
        )
    elif cut:
        problems.add(
            "mobile_cover_group_part", "warning", "--cover-group",
            value=asked.label_de, counted=_labels(sorted(inside), catalogue),
        )  # fmt: skip
    return np.array([p in inside for p in need.people], bool)


def _labels(groups: list[str], catalogue: Catalogue) -> str:
    return ", ".join(catalogue.groups[g].label_de for g in groups)


def make_pairs(
    region: Region,
    catalogue: Catalogue,
    request: MobileRequest,
    need: MobileNeed,
    stops: pd.DataFrame,
    walks: SparseColumns,
    agreements: pd.DataFrame,
    counted: NDArray[np.bool_],
) -> Pairs:
    """All pairs within the walk of the group (or the target's walk).

    ``factor = (1 - walk_loss * walk / longest walk) * (1 - suitability_loss * (1 - suitability)) * share of concerns``: losses are the
    figures ``mobile.walk_loss`` and ``mobile.suitability_loss``; tasks of the district count only where the staff may deal with them.

    Parameters
    ----------
    walks
        Metres from cells (rows of ``Region.cells``) to stops.
    counted
        Of `target_people`.
    """
    stop = np.repeat(np.arange(len(stops)), np.diff(walks.ptr))
    first, last = (np.searchsorted(need.cell, walks.home, side) for side in ("left", "right"))
    many = last - first
    stop, metres = np.repeat(stop, many), np.repeat(walks.value.astype(np.float64), many)
    offset = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
    group = np.repeat(first, many) + offset
    target = counted[group] & (metres <= request.cover_m) & (request.cover is not None)
    near = metres <= need.walk_m[group]
    mine = near | target
    stop, metres, group, target, near = stop[mine], metres[mine], group[mine], target[mine], near[mine]
    walk = 1.0 - catalogue.value("mobile.walk_loss") * np.minimum(metres / need.walk_m[group], 1.0)
    suit = 1.0 - catalogue.value("mobile.suitability_loss") * (1.0 - stops["suitability"].to_numpy(np.float64)[stop])
    factor = np.where(near, walk * suit, _BEYOND)
    allowed, share, operators = _rights(region, catalogue, request, need, stops, agreements, stop, group)
    factor = factor * share
    shut = ~allowed & near
    return Pairs(
        ptr=_ptr(stop[allowed], len(stops)),
        group=group[allowed].astype(np.int32),
        factor=factor[allowed],
        target=target[allowed],
        concern_share=share[allowed],
        blocked=BlockedPairs(_ptr(stop[shut], len(stops)), group[shut].astype(np.int32), factor[shut]),
        operators=operators,
    )


def _ptr(stop: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.bincount(stop, minlength=count))]).astype(np.int64)


def _rights(
    region: Region,
    catalogue: Catalogue,
    request: MobileRequest,
    need: MobileNeed,
    stops: pd.DataFrame,
    agreements: pd.DataFrame,
    stop: NDArray[np.int64],
    group: NDArray[np.int64],
) -> tuple[NDArray[np.bool_], NDArray[np.float64], tuple[str, ...]]:
    """Per pair whether the staff may serve the group, and which share of its concerns; and who sends the staff."""
    rights: Authorities = authorities_of(region, agreements, staff=request.staff)
    ags = stops["ags"].astype(str).to_numpy()
    home = region.cells["ags"].astype(str).to_numpy()[need.cell]
    allowed, share = np.ones(len(stop), bool), np.ones(len(stop))
    senders: set[str] = set()
    service_of = np.array(need.service, object)
    authority = np.array(need.authority, object)
    for service in request.services:
        level = catalogue.mobile.services[service].authority
        by_town = operators_by_town(region, catalogue, service, operator=request.operator, authorities=rights)
        mine = np.flatnonzero(service_of[group] == service)
        if level == "none" or not len(mine):
            continue
        sender = np.array([by_town.get(a, "") for a in ags], object)
        senders.update(s for s in sender.tolist() if s)
        lost = catalogue.mobile.district_share(service)
        known: dict[tuple[str, str, str], tuple[bool, float]] = {}
        for k in mine.tolist():
            key = (sender[stop[k]], authority[group[k]], home[group[k]])
            if key not in known:
                district = rights.of("district", key[2])
                own = rights.may_serve(service, key[0], district) or not lost
                known[key] = rights.may_serve(service, key[0], key[1]), 1.0 if own else 1.0 - lost
            allowed[k], share[k] = known[key]
    return allowed, share, tuple(sorted(senders))
