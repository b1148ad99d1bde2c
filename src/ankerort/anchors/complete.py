"""All columns of the relaxation for a decision, so that the solver can begin with it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.entries import closest, offer_entries
from ankerort.anchors.linear import spread
from ankerort.anchors.model_rows import Model
from ankerort.anchors.problem import NEW, AnchorProblem, Decision
from ankerort.anchors.rows import PEOPLE, limited_functions


def catchments(problem: AnchorProblem, is_open: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Persons whose closest open offer within the standard it is, shape (offers,)."""
    out = np.zeros(len(problem.offers))
    for f, function in enumerate(problem.functions):
        entries = offer_entries(problem, f, is_open)
        column, _ = closest(entries.only(entries.within), len(problem.demand))
        served = column >= 0
        out += np.bincount(column[served], function.need[served], len(out))
    return out


def complete(model: Model, decision: Decision) -> NDArray[np.float64]:
    """Values of all columns; a decision that keeps the exact rules gives a solution of the relaxation.

    Dominated offers are exchanged for those that stand for them. In functions with limited capacity all rows are served to the same share,
    the largest that the capacity row allows.
    """
    problem, layout, cover = model.problem, model.layout, model.cover
    is_open = decision.open.copy()
    swapped = np.flatnonzero(is_open & (model.reduced.instead != np.arange(len(is_open))))
    is_open[swapped] = False
    is_open[model.reduced.instead[swapped]] = True
    values = np.zeros(layout.count)
    for columns, chosen in ((layout.offer, is_open), (layout.unit, decision.units)):
        hit = (columns >= 0) & chosen
        values[columns[hit]] = 1.0
    both = np.concatenate((is_open, decision.units)).astype(np.float64)
    rows = served(model, both)
    limited = np.flatnonzero(limited_functions(problem))
    can = problem.offers.quality * np.minimum(problem.offers.capacity_persons, model.reduced.potential)
    for f in limited.tolist():
        hit = (cover.component == PEOPLE) & (cover.function == f)
        wants = float((cover.persons * rows)[hit].sum())
        has = float(can[is_open & (problem.offers.function == f)].sum())
        if wants > has:
            rows[hit] *= has / wants
    values[layout.row[layout.own]] = rows[layout.own]
    _bundles(model, is_open, values)
    _short(model, is_open, values)
    _items(model, values)
    if layout.worst >= 0:
        _worst(model, values)
    return values


def served(model: Model, both: NDArray[np.float64]) -> NDArray[np.float64]:
    """z of each covering row; `both` = offers, then units.

    1 where a column of it or of a row before it is open; 2 where two of these are and both count.
    """
    cover = model.cover
    out = cover.open_always.astype(np.float64)
    hit = both[cover.column] > 0
    out[spread(cover.ptr)[hit]] = 1.0
    previous = cover.previous.copy()
    while (previous >= 0).any():  # doubling: after k rounds a row knows of 2^k rows before it
        has = previous >= 0
        out[has] = np.maximum(out[has], out[previous[has]])
        previous[has] = previous[previous[has]]
    twice = cover.most > 1
    if twice.any():
        count = np.bincount(spread(cover.ptr), both[cover.column], len(cover))
        previous = cover.previous.copy()
        while (previous >= 0).any():
            chained = np.flatnonzero(previous >= 0)
            count[chained] += count[previous[chained]]
            previous[chained] = previous[previous[chained]]
        out[twice] = np.minimum(count, 2.0)[twice]
    return out


def _bundles(model: Model, is_open: NDArray[np.bool_], values: NDArray[np.float64]) -> None:
    bundles = model.problem.bundles
    slots = len(bundles.offer_ptr) - 1
    held = np.bincount(spread(bundles.offer_ptr), is_open[bundles.offer], slots) > 0
    missing = np.bincount(spread(bundles.slot_ptr), ~held, len(bundles))
    hit = model.layout.bundle >= 0
    values[model.layout.bundle[hit]] = missing[hit] == 0


def _short(model: Model, is_open: NDArray[np.bool_], values: NDArray[np.float64]) -> None:
    """Exact shortfalls, which the relaxation admits."""
    offers, columns = model.problem.offers, model.layout.short
    if not (columns >= 0).any():
        return
    lacks = np.where(is_open & (offers.state >= NEW), offers.viable_persons - catchments(model.problem, is_open), 0.0)
    hit = columns >= 0
    values[columns[hit]] = np.maximum(lacks[hit], 0.0)


def _items(model: Model, values: NDArray[np.float64]) -> None:
    """Core items of chosen units: 1 where an offer fills them.

    A row of items reads sum of items - sum of offers <= 0 (the same places) or item - unit <= 0 (the last rows of the items).
    """
    first, count = model.layout.items, model.layout.count
    if first == count:
        return
    matrix = model.matrix
    per_entry = spread(matrix.indptr.astype(np.int64))
    is_item = (matrix.indices >= first) & (matrix.data > 0)
    row, item = per_entry[is_item], matrix.indices[is_item]
    rest = values.copy()
    rest[first:] = 0.0
    may = np.clip(-(matrix @ rest)[row], 0.0, 1.0)
    values[first:] = 1.0
    np.minimum.at(values, item, may)


def _worst(model: Model, values: NDArray[np.float64]) -> None:
    """The least share of an area, from the rows in which the column of the worst share stands."""
    matrix, column = model.matrix, model.layout.worst
    hit = matrix.indices == column
    row = spread(matrix.indptr.astype(np.int64))[hit]
    share = (matrix @ values - model.row_lower)[row]
    values[column] = float(np.clip(share.min(initial=1.0), 0.0, 1.0))
