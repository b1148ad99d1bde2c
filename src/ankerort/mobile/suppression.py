"""Which counts may be told: none below a least number, and none that could be worked out from those that are told.

A published table is a list of sums over atoms (persons by place, age and answer). Somebody who knows all sums that are shown, that no atom is negative
and which atoms cannot exceed which others, must not be able to narrow a hidden sum down to less than a given span. Which sums must be hidden besides
the small ones is found step by step: each hidden sum is attacked by linear programs; where an attack succeeds, one more sum beside it is hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog

_TOLERANCE = 1e-6
_DIRECTIONS = 12
_SEED = 1


@dataclass(frozen=True)
class Published:
    """Sums that stand in a table, and what everybody knows of their atoms.

    Parameters
    ----------
    sums
        (published, atoms) of 0 and 1: which atoms a sum adds up.
    atoms
        float64 (atoms,): true values, never negative.
    lines
        Sums that add up to each other, as indices: cells, and their total last. What is hidden beside an exposed sum stands in one of its lines.
    total
        bool (published,): totals, which are hidden only where no cell is left.
    keep
        bool (published,): sums that must be shown (at least the least number by construction).
    at_most
        Pairs (smaller, larger) of atoms: who names a service has answered.
    """

    sums: sp.csr_matrix
    atoms: NDArray[np.float64]
    lines: Sequence[NDArray[np.int64]]
    total: NDArray[np.bool_]
    keep: NDArray[np.bool_]
    at_most: Sequence[tuple[int, int]] = ()


def hidden_sums(table: Published, *, least: int) -> NDArray[np.bool_]:
    """Sums that are not shown, bool (published,).

    Parameters
    ----------
    table
        What would be published.
    least
        Fewest persons of a sum that is shown. The possible values of a hidden sum span at least `least` - 1, as many as the rule alone leaves open.

    Notes
    -----
    Hidden first are all sums below `least`. Then each hidden sum is made as large and as small as the shown ones allow; a solution found once stays one
    when more is hidden, so each attack is made once. An exposed sum takes the smallest shown cell of its lines with it, or a total where none is left.
    """
    values = np.asarray(table.sums @ table.atoms, np.float64)
    hidden = (values < least) & ~table.keep
    lines_of: dict[int, list[int]] = {}
    for number, line in enumerate(table.lines):
        for member in line:
            lines_of.setdefault(int(member), []).append(number)
    low, high = values.copy(), values.copy()
    span = float(least - 1)
    while True:
        exposed = _plainly_exposed(table, values, hidden, span) or _exposed(table, values, hidden, low, high, span)
        if not exposed:
            return hidden
        more = {_beside(table, values, hidden, [table.lines[k] for k in lines_of.get(i, [])]) for i in exposed}
        more.discard(-1)
        if not more:
            # nothing beside them is left: all that may be hidden is
            more = {int(i) for i in np.flatnonzero(~hidden & ~table.keep)}
        if not more:
            return hidden
        hidden[sorted(more)] = True


def _plainly_exposed(
    table: Published, values: NDArray[np.float64], hidden: NDArray[np.bool_], span: float
) -> list[int]:
    """Hidden sums that a single line gives away: alone in it, or with a rest below a shown total that is too small."""
    exposed: set[int] = set()
    for line in table.lines:
        unseen = line[hidden[line]]
        cells, total = line[:-1], line[-1]
        if unseen.size == 1 or (unseen.size and not hidden[total] and values[cells[hidden[cells]]].sum() < span):
            exposed.update(int(i) for i in unseen)
    return sorted(exposed)


def _beside(
    table: Published, values: NDArray[np.float64], hidden: NDArray[np.bool_], lines: Sequence[NDArray[np.int64]]
) -> int:
    """The sum that is hidden beside an exposed one: of its lines the smallest shown cell, else the smallest total; -1 if none is left."""
    members = {int(m) for line in lines for m in line if not hidden[m] and not table.keep[m]}
    if not members:
        return -1
    return min(members, key=lambda m: (bool(table.total[m]), values[m], m))


def _exposed(
    table: Published,
    values: NDArray[np.float64],
    hidden: NDArray[np.bool_],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    span: float,
) -> list[int]:
    """Hidden sums whose possible values span less than `span`; `low` and `high` are widened in place."""
    equal, value = table.sums[~hidden], values[~hidden]
    above, bound = _at_most(table)
    rng = np.random.default_rng(_SEED)

    def narrow() -> NDArray[np.int64]:
        return np.flatnonzero(hidden & (high - low < span - _TOLERANCE))

    def attack(weights: NDArray[np.float64]) -> None:
        found = linprog(
            np.asarray(table.sums.T @ weights, np.float64),
            A_eq=equal if equal.shape[0] else None,
            b_eq=value if equal.shape[0] else None,
            A_ub=above,
            b_ub=bound,
            bounds=(0, _unbounded(values)),
            method="highs",
        )
        if found.x is not None:  # numerically stuck: counted as exposed
            point = np.asarray(table.sums @ found.x, np.float64)
            np.minimum(low, point, out=low)
            np.maximum(high, point, out=high)

    # One program moves many sums at once: random directions first, then each sum that is left by itself.
    for _ in range(_DIRECTIONS):
        open_ones = narrow()
        if not open_ones.size:
            return []
        weights = np.zeros(len(values))
        weights[open_ones] = rng.uniform(-1.0, 1.0, open_ones.size)
        attack(weights)
        attack(-weights)
    exposed = []
    for i in narrow():
        for sign in (-1.0, 1.0):
            if high[i] - low[i] < span - _TOLERANCE:
                weights = np.zeros(len(values))
                weights[i] = sign
                attack(weights)
        if high[i] - low[i] < span - _TOLERANCE:
            exposed.append(int(i))
    return exposed


def _unbounded(values: NDArray[np.float64]) -> float:
    """A bound that no count of the table reaches, so that sums without any shown total stay finite."""
    return float(values.max(initial=0.0)) * 2.0 + 100.0


def _at_most(table: Published) -> tuple[sp.csr_matrix | None, NDArray[np.float64] | None]:
    pairs = list(table.at_most)
    if not pairs:
        return None, None
    rows = np.repeat(np.arange(len(pairs)), 2)
    columns = np.array(pairs, np.int64).ravel()
    entries = np.tile([1.0, -1.0], len(pairs))
    shape = (len(pairs), table.sums.shape[1])
    return sp.csr_matrix((entries, (rows, columns)), shape=shape), np.zeros(len(pairs))
