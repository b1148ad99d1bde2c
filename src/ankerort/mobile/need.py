"""Need of mobile services: who lives where, what they bring in a year, and what is expected to come to a vehicle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.catalogue.age_bands import AGE_COLUMNS
from ankerort.catalogue.mobile import MobileService
from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.provision import DatedRange
from ankerort.mobile.prepared import MobileNeed
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.wishes import WishWeights
from ankerort.region.areas import authority_keys
from ankerort.region.model import Region

_LEAST_PERSONS = 1e-6


def mobile_need(
    region: Region,
    catalogue: Catalogue,
    request: MobileRequest,
    *,
    wishes: WishWeights | None,
    area_cells: NDArray[np.int32],
) -> MobileNeed:
    """Persons and cases a year by cell, mobile service and group of people.

    ``stated = persons * cases_per_year * wish``, with ``wish`` = factor of the survey (1 without answers), and ``cases = stated * use``, where
    ``use`` is the factor from what is said (or brought to an office) to what comes to a vehicle, low, mid and high. People who walk to an
    open fixed facility of the service (straight line within their walk) or live in a place that has one do not need the vehicle and are left
    out; where a target is asked for, only those who walk to it, since a target names everybody.

    Parameters
    ----------
    request
        `services` as ids; `use_factor` replaces the mid estimate of the records.
    wishes
        Weights of the survey; None = defaults only.
    area_cells
        int32: rows of ``Region.cells``.

    Returns
    -------
    MobileNeed
        Rows by cell, then service as asked, then group of people as in the record. A person counts in one group of a service only: where
        groups overlap in an age band, the one that holds most of the band has all of it.
    """
    cells = region.cells
    rows = np.asarray(area_cells, np.int64)
    place = cells["place_id"].astype(str).to_numpy()[rows]
    authority = authority_keys(region)
    ags = cells["ags"].astype(str).to_numpy()[rows]
    parts: list[tuple[NDArray[np.int64], int, int]] = []
    columns: dict[str, list[NDArray[np.float64]]] = {
        k: [] for k in ("persons", "stated", "low", "mid", "high", "walk", "answers")
    }
    labels: list[tuple[str, str]] = []
    keys: list[list[str]] = []
    for number, id_ in enumerate(request.services):
        service = catalogue.mobile.services[id_]
        low, mid, high = use_of(service.use_factor, request.use_factor)
        far = _far_from_fixed(region, service, rows, same_place=request.cover is None)
        people = tuple(service.cases_per_year)
        for order, (group, share) in enumerate(zip(people, band_shares(people, catalogue), strict=True)):
            persons = cells[list(AGE_COLUMNS)].to_numpy(np.float64)[rows] @ share
            default_m = service.walk_m[group].value
            walk = wishes.walk_m(id_, group, default_m) if wishes else default_m
            mine = np.flatnonzero((persons > _LEAST_PERSONS) & (far > walk))
            factor, answers = _wish(wishes, place[mine], id_, group)
            stated = persons[mine] * service.cases_per_year[group].value * factor
            parts.append((mine, number, order))
            labels.append((id_, group))
            keys.append([authority.get((service.authority, a), "") for a in ags[mine]])
            for name, values in (
                ("persons", persons[mine]),
                ("stated", stated),
                ("low", stated * low),
                ("mid", stated * mid),
                ("high", stated * high),
                ("walk", np.full(len(mine), walk)),
                ("answers", answers),
            ):
                columns[name].append(values)
    if not parts:
        return _empty()
    at = np.concatenate([p[0] for p in parts])
    which = np.repeat(np.arange(len(parts)), [len(p[0]) for p in parts])
    order_ = np.lexsort((which, at))
    joined = {name: np.concatenate(values)[order_] for name, values in columns.items()}
    all_keys = [k for of in keys for k in of]
    return MobileNeed(
        cell=rows[at][order_].astype(np.int32),
        service=tuple(labels[w][0] for w in which[order_]),
        people=tuple(labels[w][1] for w in which[order_]),
        authority=tuple(all_keys[i] for i in order_),
        persons=joined["persons"],
        cases_low=joined["low"],
        cases=joined["mid"],
        cases_high=joined["high"],
        stated_cases=joined["stated"],
        walk_m=joined["walk"],
        answers=joined["answers"].astype(np.int32),
    )


def use_of(record: DatedRange, asked: float | None) -> tuple[float, float, float]:
    """Factor of use low, mid, high; what was asked replaces the mid one, and the range reaches at least as far."""
    if asked is None:
        return record.low, record.mid, record.high
    return min(record.low, asked), asked, max(record.high, asked)


def band_shares(groups: Sequence[str], catalogue: Catalogue) -> list[NDArray[np.float64]]:
    """Per group of people its share of each age band of the cells, float64 (bands,): no band is shared out twice.

    The group "18 to 65" and that of 65 to 74 meet in the people of 65: they belong to the group that holds more of their band.
    """
    left = np.ones(len(AGE_COLUMNS))
    shares = {g: np.array([catalogue.groups[g].band_shares.get(c, 0.0) for c in AGE_COLUMNS]) for g in groups}
    given = {g: np.zeros(len(AGE_COLUMNS)) for g in groups}
    for band in range(len(AGE_COLUMNS)):
        for group in sorted(groups, key=lambda g: (-shares[g][band], groups.index(g))):
            given[group][band] = min(shares[group][band], left[band])
            left[band] -= given[group][band]
    return [given[g] for g in groups]


def _wish(
    wishes: WishWeights | None, places: NDArray[np.str_], service: str, group: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if wishes is None or not len(places):
        return np.ones(len(places)), np.zeros(len(places))
    known, at = np.unique(places, return_inverse=True)
    of = [wishes.need_of(str(p), service, group) for p in known]
    return np.array([w.factor for w in of])[at], np.array([float(w.answers) for w in of])[at]


def _far_from_fixed(
    region: Region, service: MobileService, rows: NDArray[np.int64], *, same_place: bool
) -> NDArray[np.float64]:
    """Metres in a straight line to the nearest open facility that makes the vehicle unnecessary; inf = there is none.

    With `same_place` 0 for all who live in a place that has one, however long their way: nobody sends a vehicle into a town with an office.
    """
    fixed = region.facilities
    ok = (
        fixed["service"].isin(service.instead)
        & (fixed["state"] == "open")
        & (fixed["certainty"] == "certain")
        & (fixed["merged_into"] == "")
    )
    xy = fixed.loc[ok, ["x", "y"]].to_numpy(np.float64)
    xy = xy[np.isfinite(xy).all(axis=1)]
    if not len(xy):
        return np.full(len(rows), np.inf)
    metres, _ = cKDTree(xy).query(region.cells[["x", "y"]].to_numpy(np.float64)[rows])
    own = region.cells["place_id"].iloc[rows].isin(set(fixed.loc[ok, "place_id"].astype(str)) - {""}).to_numpy(bool)
    return np.where(own & same_place, 0.0, np.asarray(metres, np.float64))


def _empty() -> MobileNeed:
    none = np.zeros(0)
    return MobileNeed(np.zeros(0, np.int32), (), (), (), none, none, none, none, none, none, np.zeros(0, np.int32))
