"""Rows of the relaxation that tie offers and units to places: units, variants, moves, hosts, rooms, cores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.linear import INF, LinearRows
from ankerort.anchors.problem import FIXED, MOVED, NEW, AnchorProblem, Limits
from ankerort.anchors.reduce import Reduced


def unit_places(problem: AnchorProblem) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs (unit, place): each unit with the places that it holds."""
    units = problem.units
    pairs = np.flatnonzero(units.second >= 0)
    unit = np.concatenate((np.arange(len(units)), pairs))
    return unit, np.concatenate((units.first, units.second[pairs])).astype(np.int64)


def unit_rows(rows: LinearRows, problem: AnchorProblem, limits: Limits, column: NDArray[np.int64]) -> None:
    """Units: number, at most one per place, kept places, spacing; `column` of each unit (-1 = none)."""
    unit, place = unit_places(problem)
    hit = column[unit] >= 0
    unit, place = unit[hit], place[hit]
    for kept in sorted(set(limits.keep)):
        here = unit[place == kept]
        rows.add(np.zeros(len(here)), column[here], 1.0, lower=1.0, count=1)
    if limits.max_anchors is not None:
        all_units = column[column >= 0]
        least = float(limits.max_anchors) if limits.exactly else -INF
        rows.add(np.zeros(len(all_units)), all_units, 1.0, lower=least, upper=float(limits.max_anchors), count=1)
    able = np.flatnonzero(column >= 0)
    for clique in _cliques(_exclusive(problem, able, limits.spacing_m)):
        members = column[able[clique]]
        rows.add(np.zeros(len(members)), members, 1.0, upper=1.0, count=1)


def _exclusive(problem: AnchorProblem, units: NDArray[np.int64], spacing_m: float) -> NDArray[np.bool_]:
    """Pairs of units of which one is chosen at most: they share a place, or places of theirs lie too close together."""
    near = _too_close(problem, spacing_m) | np.eye(problem.place_count, dtype=bool)
    first = problem.units.first[units]
    second = np.where(problem.units.second[units] >= 0, problem.units.second[units], first)
    out = np.zeros((len(units), len(units)), dtype=bool)
    for a in (first, second):
        for b in (first, second):
            out |= near[np.ix_(a, b)]
    np.fill_diagonal(out, False)
    return out


def _too_close(problem: AnchorProblem, spacing_m: float) -> NDArray[np.bool_]:
    """Whether two places lie closer together than the spacing, shape (places, places)."""
    if spacing_m <= 0:
        return np.zeros((problem.place_count, problem.place_count), dtype=bool)
    x, y = problem.place_x, problem.place_y
    return np.asarray(np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :]) < spacing_m * (1 - 1e-12) - 1e-6)


def _cliques(conflict: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Cliques that hold every edge of a conflict graph at least once, grown greedily from each edge not yet held.

    Of the units of one clique at most one is chosen: stronger in the linear relaxation than a row for each pair.
    """
    open_edges = np.triu(conflict)
    out: list[NDArray[np.int64]] = []
    for a in range(len(conflict)):
        while open_edges[a].any():
            b = int(np.argmax(open_edges[a]))
            members = [a, b]
            common = conflict[a] & conflict[b]
            while common.any():
                # Prefer a node that brings many edges that no clique holds yet; ties go to the smallest number.
                nodes = np.flatnonzero(common)
                fresh = open_edges[nodes][:, members].sum(axis=1) + open_edges[members][:, nodes].sum(axis=0)
                node = int(nodes[np.argmax(fresh)])
                members.append(node)
                common &= conflict[node]
            clique = np.sort(np.array(members))
            open_edges[np.ix_(clique, clique)] = False
            out.append(clique)
    return out


def place_rows(
    rows: LinearRows,
    problem: AnchorProblem,
    limits: Limits,
    less: Reduced,
    offer: NDArray[np.int64],
    unit: NDArray[np.int64],
    first_item: int,
) -> int:
    """Variants, moves, hosts, rooms and cores.

    Parameters
    ----------
    offer, unit
        Column of each offer and unit, -1 = none.
    first_item
        Column of the first core item.

    Returns
    -------
    int
        Number of core items that were needed.
    """
    _variant_rows(rows, problem, limits, offer, unit)
    _move_rows(rows, problem, offer)
    _host_rows(rows, problem, offer)
    _room_rows(rows, problem, offer)
    return _core_rows(rows, problem, offer, unit, first_item)


def variant_groups(problem: AnchorProblem, offer: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """NEW and MOVED offers in places, and the number of their group (same function, same place): of a group at most one is open."""
    offers = problem.offers
    number = np.flatnonzero((offer >= 0) & (offers.state >= NEW) & (offers.place >= 0))
    key = offers.function[number].astype(np.int64) * problem.place_count + offers.place[number]
    return number, np.unique(key, return_inverse=True)[1]


def _variant_rows(
    rows: LinearRows, problem: AnchorProblem, limits: Limits, offer: NDArray[np.int64], unit: NDArray[np.int64]
) -> None:
    """Of a group at most one, and only in a place of a chosen unit where new ones stand in anchors only (one row says both)."""
    number, group = variant_groups(problem, offer)
    count = int(group.max(initial=-1)) + 1
    if not limits.new_only_in_anchors:
        many = np.bincount(group, minlength=count) > 1
        keep = many[group]
        new_number = np.cumsum(many) - 1
        rows.add(new_number[group[keep]], offer[number[keep]], 1.0, upper=1.0, count=int(many.sum()))
        return
    place_of = np.zeros(count, dtype=np.int64)
    place_of[group] = problem.offers.place[number]
    of_unit, place = unit_places(problem)
    hit = unit[of_unit] >= 0
    of_unit, place = of_unit[hit], place[hit]
    order = np.argsort(place, kind="stable")
    of_unit, place = of_unit[order], place[order]
    start = np.searchsorted(place, place_of)
    size = np.searchsorted(place, place_of, side="right") - start
    row = np.repeat(np.arange(count), size)
    at = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size) + np.repeat(start, size)
    rows.add(
        np.concatenate((group, row)),
        np.concatenate((offer[number], unit[of_unit[at]])),
        np.concatenate((np.ones(len(group)), -np.ones(len(row)))),
        upper=0.0,
        count=count,
    )


def _move_rows(rows: LinearRows, problem: AnchorProblem, offer: NDArray[np.int64]) -> None:
    """An origin that stays and what moves from it: at most one of them."""
    moved = np.flatnonzero((problem.offers.state == MOVED) & (offer >= 0))
    if not len(moved):
        return
    origins, row = np.unique(problem.offers.origin[moved], return_inverse=True)
    rows.add(
        np.concatenate((row, np.arange(len(origins)))),
        np.concatenate((offer[moved], offer[origins])),
        1.0,
        upper=1.0,
        count=len(origins),
    )


def _host_rows(rows: LinearRows, problem: AnchorProblem, offer: NDArray[np.int64]) -> None:
    """An offer needs an open offer of its host function in the same place; of a group of variants one row for all with the same host."""
    offers = problem.offers
    guests = np.flatnonzero((offers.host >= 0) & (offers.place >= 0) & ((offer >= 0) | (offers.state == FIXED)))
    if not len(guests):
        return
    alone = np.where(offers.state[guests] >= NEW, -1, guests)
    key = np.column_stack((offers.function[guests], offers.place[guests], offers.host[guests], alone))
    groups, row = np.unique(key, axis=0, return_inverse=True)
    row = row.ravel()
    must = np.zeros(len(groups))
    is_fixed = offers.state[guests] == FIXED
    must[row[is_fixed]] = 1.0
    for number, (_, place, host, _) in enumerate(groups.tolist()):
        hosts = np.flatnonzero((offers.function == host) & (offers.place == place))
        if (offers.state[hosts] == FIXED).any():
            continue
        mine = guests[(row == number) & ~is_fixed]
        rows.add(
            np.zeros(len(mine) + len(hosts)),
            np.concatenate((offer[mine], offer[hosts])),
            np.concatenate((np.ones(len(mine)), -np.ones(len(hosts)))),
            upper=-must[number],
            count=1,
        )


def _room_rows(rows: LinearRows, problem: AnchorProblem, offer: NDArray[np.int64]) -> None:
    """Hours of open offers in the shared room of a place."""
    offers = problem.offers
    need = np.flatnonzero((offers.room_hours > 0) & (offers.place >= 0) & (offer >= 0))
    if not len(need):
        return
    taken = (offers.state == FIXED) & (offers.room_hours > 0) & (offers.place >= 0)
    used = np.bincount(offers.place[taken], offers.room_hours[taken], problem.place_count)
    places, row = np.unique(offers.place[need], return_inverse=True)
    free = problem.room_hours[places] - used[places] + 1e-6
    rows.add(row, offer[need], offers.room_hours[need], upper=free, count=len(places))


def _core_rows(
    rows: LinearRows, problem: AnchorProblem, offer: NDArray[np.int64], unit: NDArray[np.int64], first_item: int
) -> int:
    """A chosen unit holds the required items of its core and at least so many items; returns the number of item columns.

    The item column e of a unit and a slot is at most y, and those of all units with the same places (of which one is chosen at most)
    are together at most the sum of the offers that fill the slot there.
    """
    offers, units = problem.offers, problem.units
    open_now = [np.zeros(0, dtype=np.int64)] * problem.place_count
    usable = np.flatnonzero((offers.place >= 0) & ((offer >= 0) | (offers.state == FIXED)))
    order = usable[np.argsort(offers.place[usable], kind="stable")]
    cuts = np.searchsorted(offers.place[order], np.arange(problem.place_count + 1))
    for j in range(problem.place_count):
        open_now[j] = order[cuts[j] : cuts[j + 1]]
    Key = tuple[int, int, frozenset[int]]
    required: dict[Key, list[int]] = {}
    optional: dict[Key, list[int]] = {}
    fills: dict[Key, NDArray[np.int64] | None] = {}
    parents: list[int] = []
    counted: list[tuple[int, int, list[int]]] = []
    for u in np.flatnonzero(unit >= 0).tolist():
        level = problem.levels[int(units.level[u])]
        first, second = int(units.first[u]), int(units.second[u])
        have, open_slots = 0, []
        for slot in level.core:
            key = (first, second, frozenset(slot.functions))
            if key not in fills:
                here = open_now[first] if second < 0 else np.concatenate((open_now[first], open_now[second]))
                here = here[np.isin(offers.function[here], slot.functions)]
                fills[key] = None if (offers.state[here] == FIXED).any() else offer[here]
            if fills[key] is None:
                have += 1
            elif slot.required:
                columns_now = required.setdefault(key, [])
                if int(unit[u]) not in columns_now:  # two slots with the same functions are filled by one offer
                    columns_now.append(int(unit[u]))
                have += 1
            else:
                open_slots.append(key)
        missing = level.at_least - have
        if missing <= 0:
            continue
        mine: dict[Key, int] = {}
        for key in open_slots:
            if key not in mine:
                mine[key] = first_item + len(parents)
                parents.append(int(unit[u]))
                optional.setdefault(key, []).append(mine[key])
        # Two slots with the same functions are two items: they share a column, which then counts twice.
        counted.append((int(unit[u]), missing, [mine[key] for key in open_slots]))
    for filled in (required, optional):
        for key, columns in filled.items():
            _at_most_sum(rows, columns, fills[key])
    for unit_column, missing, columns in counted:
        values = np.append(-np.ones(len(columns)), float(missing))
        rows.add(np.zeros(len(values)), [*columns, unit_column], values, upper=0.0, count=1)
    at = np.arange(len(parents))
    rows.add(
        np.concatenate((at, at)),
        np.concatenate((first_item + at, np.array(parents, dtype=np.int64))),
        np.repeat([1.0, -1.0], len(parents)),
        upper=0.0,
        count=len(parents),
    )
    return len(parents)


def _at_most_sum(rows: LinearRows, columns: list[int], fill: NDArray[np.int64] | None) -> None:
    """Sum of columns (of which at most one is 1) <= sum of the filling offers."""
    assert fill is not None
    rows.add(
        np.zeros(len(columns) + len(fill)),
        np.concatenate((np.array(columns, dtype=np.int64), fill)),
        np.concatenate((np.ones(len(columns)), -np.ones(len(fill)))),
        upper=0.0,
        count=1,
    )
