"""Which counts may be told: none below a least number, and none that could be worked out from those that are told.

A published table is a list of sums over atoms (persons by place, age and answer). Somebody who knows all sums that are shown, that no atom is negative
and which atoms cannot exceed which others, must not be able to narrow a hidden sum down to less than a given span. Which sums must be hidden besides
the small ones is found step by step: each hidden sum is attacked by linear programs; where an attack succeeds, one more sum beside it is hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog

_TOLERANCE = 1e-6
_DIRECTIONS = 12
_FEW = 12
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
        int64 (pairs, 2): (smaller, larger) atoms: who names a service has answered.
    parts
        bool (atoms,) each: atoms that are attacked together before the whole table is; only for speed.
    """

    sums: sp.csr_matrix
    atoms: NDArray[np.float64]
    lines: Sequence[NDArray[np.int64]]
    total: NDArray[np.bool_]
    keep: NDArray[np.bool_]
    at_most: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    parts: Sequence[NDArray[np.bool_]] = ()


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
    rng = np.random.default_rng(_SEED)

    def narrow(among: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.flatnonzero(among & hidden & (high - low < span - _TOLERANCE))

    def directions(attack: _Attack, among: NDArray[np.bool_]) -> None:
        """One program moves many sums at once: random directions."""
        for _ in range(_DIRECTIONS):
            open_ones = narrow(among)
            if open_ones.size < _FEW:
                return
            weights = np.zeros(len(values))
            weights[open_ones] = rng.uniform(-1.0, 1.0, open_ones.size)
            for sign in (-1.0, 1.0):
                attack.widen(sign * weights, low, high)

    def one_by_one(attack: _Attack, among: NDArray[np.bool_]) -> None:
        for i in narrow(among):
            for sign in (-1.0, 1.0):
                if high[i] - low[i] < span - _TOLERANCE:
                    weights = np.zeros(len(values))
                    weights[i] = sign
                    attack.widen(weights, low, high)

    # A part alone, all else as it is: what moves there, moves in the whole table too.
    for part in table.parts:
        among = np.asarray(table.sums @ part.astype(np.float64), np.float64) > 0
        if narrow(among).size:
            attack = _Attack(table, values, hidden, part)
            directions(attack, among)
            if narrow(among).size < 2 * _FEW:
                one_by_one(attack, among)
    everything = np.ones(len(values), bool)
    if not narrow(everything).size:
        return []
    whole = _Attack(table, values, hidden, np.ones(table.atoms.size, bool))
    directions(whole, everything)
    one_by_one(whole, everything)
    return [int(i) for i in narrow(everything)]


class _Attack:
    """Linear programs over the atoms of `moved`; all other atoms keep their true values."""

    def __init__(
        self, table: Published, values: NDArray[np.float64], hidden: NDArray[np.bool_], moved: NDArray[np.bool_]
    ) -> None:
        self.table, self.moved = table, moved
        shown = table.sums[~hidden]
        inside = shown[:, moved]
        touched = np.diff(inside.indptr) > 0
        rest = np.where(moved, 0.0, table.atoms)
        self.equal = inside[touched]
        self.value = (values[~hidden] - shown @ rest)[touched]
        count = int(moved.sum())
        at = np.full(moved.size, -1)
        at[moved] = np.arange(count)
        least, most = np.zeros(count), np.full(count, _unbounded(values))
        small, large = table.at_most[:, 0], table.at_most[:, 1]
        both = moved[small] & moved[large]
        only_small, only_large = moved[small] & ~moved[large], moved[large] & ~moved[small]
        np.minimum.at(most, at[small[only_small]], table.atoms[large[only_small]])
        np.maximum.at(least, at[large[only_large]], table.atoms[small[only_large]])
        self.bounds = np.column_stack([least, most])
        pairs = np.stack([at[small[both]], at[large[both]]], axis=1)
        rows = np.repeat(np.arange(len(pairs)), 2)
        entries = np.tile([1.0, -1.0], len(pairs))
        self.above = sp.csr_matrix((entries, (rows, pairs.ravel())), shape=(len(pairs), count)) if len(pairs) else None

    def widen(self, weights: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> None:
        """Push the sums by these weights as far down as the shown ones allow; note what every sum is then."""
        objective = np.asarray(self.table.sums.T @ weights, np.float64)[self.moved]
        found = linprog(
            objective,
            A_eq=self.equal if self.equal.shape[0] else None,
            b_eq=self.value if self.equal.shape[0] else None,
            A_ub=self.above,
            b_ub=None if self.above is None else np.zeros(self.above.shape[0]),
            bounds=self.bounds,
            method="highs",
        )
        if found.x is None:  # numerically stuck: what it might have moved counts as exposed
            return
        atoms = self.table.atoms.copy()
        atoms[self.moved] = found.x
        point = np.asarray(self.table.sums @ atoms, np.float64)
        np.minimum(low, point, out=low)
        np.maximum(high, point, out=high)


def _unbounded(values: NDArray[np.float64]) -> float:
    """A bound that no count of the table reaches, so that sums without any shown total stay finite."""
    return float(values.max(initial=0.0)) * 2.0 + 100.0
