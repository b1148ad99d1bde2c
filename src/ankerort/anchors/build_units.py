"""Levels with their cores, units (places and pairs of neighbours) and bundles of an anchor problem."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.anchors.build_functions import FunctionSpec
from ankerort.anchors.build_sites import FAR, dense
from ankerort.anchors.candidates import Candidates
from ankerort.anchors.place_travel import place_targets
from ankerort.anchors.problem import FIXED, REMOVABLE, Bundles, CoreSlot, Level, Offers, Units
from ankerort.anchors.request import AnchorRequest
from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.provision import BundleRule, DatedRange
from ankerort.reach.model import Reach
from ankerort.region.model import Region


def core_levels(catalogue: Catalogue, specs: Sequence[FunctionSpec]) -> tuple[Level, ...]:
    """Levels with those items of their cores that take part.

    Of a core of n items of which m take part an anchor must hold ``ceil(at_least x m / n)``.
    """
    out: list[Level] = []
    for level in catalogue.provision.levels:
        slots: list[CoreSlot] = []
        for item in level.items:
            functions = tuple(k for k, s in enumerate(specs) if s.id == item.item or item.item in s.services)
            if functions:
                slots.append(CoreSlot(functions, item.required))
        share = len(slots) / len(level.items) if level.items else 0.0
        out.append(Level(level.id, tuple(slots), math.ceil(level.at_least.value * share - 1e-9)))
    return tuple(out)


def make_units(
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    candidates: Candidates,
    request: AnchorRequest,
    *,
    levels: Sequence[Level],
    offers: Offers,
) -> Units:
    """Each place at each level, then each pair of neighbours at each level; places that may not be anchors are left out by the limits.

    A unit must hold a cluster today: ``anchors.held_min`` items of its level's core, in proportion to those that take part, unless one of
    its places was asked for or is a central place.

    Parameters
    ----------
    levels, offers
        Cores and what is there.
    """
    pairs = neighbours(region, reach, catalogue, candidates.rows) if request.pairs else np.empty((0, 2), np.int32)
    factor = catalogue.value("anchors.pair_cost_factor")
    level: list[int] = []
    first: list[int] = []
    second: list[int] = []
    cost: list[NDArray[np.float64]] = []
    for number, one in enumerate(catalogue.provision.levels):
        price = as_array(one.cost_eur)
        for place in range(len(candidates.rows)):
            level.append(number)
            first.append(place)
            second.append(-1)
            cost.append(price)
        for a, b in pairs:
            level.append(number)
            first.append(int(a))
            second.append(int(b))
            cost.append(price * factor)
    made = Units(
        np.array(level, np.int8),
        np.array(first, np.int32),
        np.array(second, np.int32),
        np.array(cost, np.float64).reshape(-1, 3),
    )
    keep = _with_cluster(made, catalogue, candidates, levels, offers)
    return Units(made.level[keep], made.first[keep], made.second[keep], made.cost_eur[keep])


def _with_cluster(
    units: Units, catalogue: Catalogue, candidates: Candidates, levels: Sequence[Level], offers: Offers
) -> NDArray[np.bool_]:
    """Units that hold enough of their core today, or a place that was asked for; bool, shape (units,)."""
    places = len(candidates.rows)
    there = (offers.place >= 0) & ((offers.state == FIXED) | (offers.state == REMOVABLE))
    given = np.append(candidates.given, False)  # one more: no second place
    keep = given[units.first] | given[units.second]
    for number, (one, record) in enumerate(zip(levels, catalogue.provision.levels, strict=True)):
        held = np.zeros((places + 1, len(one.core)), bool)
        for k, slot in enumerate(one.core):
            held[offers.place[there & np.isin(offers.function, slot.functions)], k] = True
        least = math.ceil(catalogue.value("anchors.held_min") * len(one.core) / max(len(record.items), 1) - 1e-9)
        keep |= (units.level == number) & ((held[units.first] | held[units.second]).sum(axis=1) >= least)
    return np.asarray(keep)


def in_units(offers: Offers, info: pd.DataFrame, units: Units, places: int) -> tuple[Offers, pd.DataFrame]:
    """What is there, and of what may open only what stands in a place of some unit: no legal minimum can ask for more."""
    held = np.zeros(places + 1, bool)  # one more: in no place
    held[units.first] = True
    held[units.second[units.second >= 0]] = True
    keep = np.flatnonzero((offers.state == FIXED) | (offers.state == REMOVABLE) | held[offers.place])
    number = np.full(len(offers) + 1, -1, np.int32)
    number[keep] = np.arange(len(keep), dtype=np.int32)
    values = {f.name: getattr(offers, f.name) for f in fields(offers)}
    kept: dict[str, Any] = {name: None if one is None else one[keep] for name, one in values.items()}
    kept["origin"] = number[offers.origin[keep]]
    return Offers(**kept), info.iloc[keep].reset_index(drop=True)


def neighbours(region: Region, reach: Reach, catalogue: Catalogue, places: NDArray[np.int32]) -> NDArray[np.int32]:
    """Pairs of places at most ``anchors.pair_max_min`` apart by car in both directions, of each place the nearest ones.

    The drive to a centre is that of the inhabited cell next to the other centre.

    Returns
    -------
    int32, shape (pairs, 2)
        Numbers of places, the smaller one first, ascending. A pair stays if it is among the ``anchors.pairs_per_place`` nearest of both.
    """
    if len(places) < 2:
        return np.empty((0, 2), np.int32)
    table, cells = region.places.iloc[places], region.cells
    lived_in = np.flatnonzero((cells["persons"] > 0).to_numpy(bool))
    if not len(lived_in):
        return np.empty((0, 2), np.int32)
    tree = cKDTree(cells[["x", "y"]].to_numpy(float)[lived_in])
    _, near = tree.query(table[["x", "y"]].to_numpy(float))
    drives = dense(reach.car, reach.car.value, place_targets(reach, places), len(cells))[:, lived_in[near]]
    longest = np.maximum(drives, drives.T)
    np.fill_diagonal(longest, FAR)
    most = int(catalogue.value("anchors.pairs_per_place"))
    rank = np.argsort(np.argsort(longest, axis=1, kind="stable"), axis=1, kind="stable")
    chosen = (longest <= catalogue.value("anchors.pair_max_min") * 60) & (np.maximum(rank, rank.T) < most)
    return np.argwhere(np.triu(chosen, 1)).astype(np.int32)


def make_bundles(
    catalogue: Catalogue, offers: Offers, info: pd.DataFrame, specs: Sequence[FunctionSpec], places: int
) -> tuple[Bundles, tuple[str, ...]]:
    """Each rule in each place where every member can be held by an offer of the kinds that share; with the ids of the rules."""
    kinds = {v.id: v.kind for v in catalogue.provision.variants.values()}
    kind = info["variant"].map(kinds).fillna("").to_numpy(object)
    service = info["service"].to_numpy(object)
    place_of: list[int] = []
    saving: list[NDArray[np.float64]] = []
    ids: list[str] = []
    slot_ptr, offer_ptr, members = [0], [0], []
    for rule in catalogue.provision.bundles:
        of_member = [_holding(rule, member, offers, kind, service, specs) for member in rule.members]
        for place in range(places):
            slots = [np.flatnonzero(held & (offers.place == place)) for held in of_member]
            if not all(len(s) for s in slots):
                continue
            place_of.append(place)
            saving.append(as_array(rule.saving_eur))
            ids.append(rule.id)
            for slot in slots:
                members.append(slot)
                offer_ptr.append(offer_ptr[-1] + len(slot))
            slot_ptr.append(slot_ptr[-1] + len(slots))
    bundles = Bundles(
        place=np.array(place_of, np.int32),
        saving_eur=np.array(saving, np.float64).reshape(-1, 3),
        benefit=np.zeros(len(place_of)),
        slot_ptr=np.array(slot_ptr, np.int64),
        offer_ptr=np.array(offer_ptr, np.int64),
        offer=np.concatenate([np.empty(0, np.int32), *members]).astype(np.int32),
    )
    return bundles, tuple(ids)


def _holding(
    rule: BundleRule,
    member: str,
    offers: Offers,
    kind: NDArray[np.object_],
    service: NDArray[np.object_],
    specs: Sequence[FunctionSpec],
) -> NDArray[np.bool_]:
    """Offers that hold a member: of the service, or of any service of a core function; by a variant of the kinds that share."""
    functions = [k for k, s in enumerate(specs) if s.id == member]
    held = np.isin(offers.function, functions) if functions else service == member
    if rule.kinds:
        held = held & np.isin(kind, rule.kinds)
    return np.asarray(held, bool)


def as_array(value: DatedRange) -> NDArray[np.float64]:
    """Low, mid and high."""
    return np.array([value.low, value.mid, value.high])
