"""From the age classes of a census to the bands of Ankerort: split by single-year ages, raked to what is known.

Ages are handled in atoms: the widest intervals that no band and no class cuts. A cell's row of atoms starts with the
age structure of the Land; iterative proportional fitting (Deming and Stephan 1940) then scales it in turn to every
`Margin` and at last to the persons of the cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ankerort.catalogue.age_bands import AGE_BANDS
from ankerort.region.census_grid import AgeClass

FloatArray = NDArray[np.float64]
_AGES = 121  # 0..120
ITERATIONS = 100
TOLERANCE = 1e-7


@dataclass(frozen=True)
class Margin:
    """What one file says about the ages of groups of cells ("units").

    Parameters
    ----------
    classes
        Disjoint age classes.
    shares
        float64, shape (units, classes): share of the unit's persons in the class; NaN = not known. Known shares of a
        unit sum to at most 1; the rest belongs to all other ages.
    weight
        csr, shape (cells, units): part of each cell that lies in each unit; None if the units are the cells.
    """

    classes: tuple[AgeClass, ...]
    shares: FloatArray
    weight: csr_array | None = None


def atoms_of(margins: Sequence[Margin]) -> list[tuple[int, int]]:
    """The widest age intervals that neither a band nor a class of the margins cuts, in order, as (first, last)."""
    cuts = {0, _AGES}
    for _, first, last in AGE_BANDS:
        cuts |= {first, last + 1}
    for margin in margins:
        for c in margin.classes:
            cuts |= {c.first, min(c.last + 1, _AGES)}
    edges = sorted(cuts)
    return [(a, b - 1) for a, b in pairwise(edges)]


def weights_of(atoms: Sequence[tuple[int, int]], single_year_ages: FloatArray) -> FloatArray:
    """Share of each atom in the single-year ages (persons by age 0..100 and older), summing to 1.

    Ages above the last single year (100 and older stand together) belong to that year.
    """
    ages = np.asarray(single_year_ages, dtype=np.float64)
    weights = np.array([ages[first : last + 1].sum() for first, last in atoms])
    total = weights.sum()
    if not total > 0 or (weights < 0).any():
        raise ValueError("single-year ages must be positive")
    return weights / total


def harmonise(counts: FloatArray, persons: FloatArray, *, whole: bool) -> FloatArray:
    """Class counts of cells as shares of the cell's persons, made coherent with them.

    Published counts are perturbed one by one (cell-key method), so that they need not add up:

    - all classes known and `whole` (the classes cover all ages): each is divided by their sum;
    - else divided by the persons, and by their sum if that is more than the persons.

    Parameters
    ----------
    counts
        float64, shape (cells, classes); NaN = suppressed.
    persons
        float64, shape (cells,).
    whole
        Whether the classes cover all ages.

    Returns
    -------
    float64, shape (cells, classes)
        NaN = not known; all NaN in a row if its classes say nothing (all zero).
    """
    known = ~np.isnan(counts)
    total = np.where(known, counts, 0.0).sum(axis=1)
    complete = known.all(axis=1) & whole
    base = np.where(complete, total, np.maximum(persons, total))
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = counts / base[:, None]
    shares[~(base > 0)] = np.nan
    return np.clip(shares, 0.0, 1.0)


def covers_all_ages(classes: Sequence[AgeClass]) -> bool:
    """Whether the classes leave no age out."""
    covered = np.zeros(_AGES, dtype=bool)
    for c in classes:
        covered[c.first : c.last + 1] = True
    return bool(covered.all())


def disjoint_parts(classes: Sequence[AgeClass]) -> list[list[int]]:
    """Partition the classes into lists of disjoint ones: as many classes as fit in each, in order of age."""
    order = sorted(range(len(classes)), key=lambda k: (classes[k].first, classes[k].last))
    parts: list[list[int]] = []
    for k in order:
        # A class continues a part best where it follows on without a gap: so ten-year and five classes separate.
        fitting = [p for p in parts if classes[p[-1]].last < classes[k].first]
        seamless = [p for p in fitting if classes[p[-1]].last + 1 == classes[k].first]
        if seamless or fitting:
            (seamless or fitting)[0].append(k)
        else:
            parts.append([k])
    return parts


def rake(
    persons: FloatArray,
    weights: FloatArray,
    atoms: Sequence[tuple[int, int]],
    margins: Sequence[Margin],
) -> FloatArray:
    """Persons of each cell by atom.

    Parameters
    ----------
    persons
        float64, shape (cells,).
    weights
        float64, shape (atoms,): age structure of the Land, sums to 1.
    atoms
        First and last age of each atom.
    margins
        In the order of trust, least trusted first: where they contradict each other, the later one wins.

    Returns
    -------
    float64, shape (cells, atoms)
        Nowhere negative; each row sums to the cell's persons.
    """
    seed = persons[:, None] * weights[None, :]
    if not margins:
        return seed
    members = [_members(atoms, m.classes) for m in margins]
    targets = [_targets(m, persons) for m in margins]
    rows = seed.copy()
    for _ in range(ITERATIONS):
        before = rows.copy()
        for margin, member, target in zip(margins, members, targets, strict=True):
            rows *= _factors(rows, margin, member, target)
            total = rows.sum(axis=1)
            lost = ~(total > 0)
            rows[lost] = seed[lost]
            total[lost] = persons[lost]
            rows *= np.divide(persons, total, out=np.zeros_like(persons), where=total > 0)[:, None]
        if np.abs(rows - before).max(initial=0.0) <= TOLERANCE * max(1.0, persons.max(initial=0.0)):
            break
    # What fitting has shrunk to next to nothing is nothing.
    rows[rows < TOLERANCE * persons[:, None] * TOLERANCE] = 0.0
    return rows


def bands_of(rows: FloatArray, atoms: Sequence[tuple[int, int]]) -> FloatArray:
    """Sum atoms to the bands of `AGE_BANDS`; shape (cells, bands)."""
    starts = [first for first, _ in atoms]
    edges = [starts.index(first) for _, first, _ in AGE_BANDS] + [len(atoms)]
    return np.column_stack([rows[:, a:b].sum(axis=1) for a, b in pairwise(edges)])


def _members(atoms: Sequence[tuple[int, int]], classes: Sequence[AgeClass]) -> NDArray[np.int64]:
    """Class of each atom, or the number of classes for atoms in none."""
    out = np.full(len(atoms), len(classes), dtype=np.int64)
    for k, c in enumerate(classes):
        for a, (first, last) in enumerate(atoms):
            if c.first <= first and last <= c.last:
                out[a] = k
    return out


def _targets(margin: Margin, persons: FloatArray) -> FloatArray:
    """Persons by class (and, as last column, in none of the known classes) of each unit; NaN = not known."""
    unit_persons = persons if margin.weight is None else margin.weight.T @ persons
    known = np.nan_to_num(margin.shares).sum(axis=1)
    rest = np.clip(1.0 - known, 0.0, 1.0)
    return np.column_stack([margin.shares, rest]) * unit_persons[:, None]


def _factors(rows: FloatArray, margin: Margin, member: NDArray[np.int64], target: FloatArray) -> FloatArray:
    """By what each atom of each cell is multiplied to meet the margin."""
    classes = len(margin.classes)
    indicator = np.zeros((len(member), classes + 1))
    indicator[np.arange(len(member)), member] = 1.0
    sums = rows @ indicator
    if margin.weight is not None:
        sums = margin.weight.T @ sums
    unknown = np.isnan(target[:, :classes])
    rest = sums[:, classes] + np.where(unknown, sums[:, :classes], 0.0).sum(axis=1)
    rest_factor = np.divide(target[:, classes], rest, out=np.ones(len(rest)), where=rest > 0)
    factor = np.empty_like(sums)
    with np.errstate(invalid="ignore", divide="ignore"):
        factor[:, :classes] = target[:, :classes] / sums[:, :classes]
    factor[:, :classes] = np.where(sums[:, :classes] > 0, factor[:, :classes], 1.0)
    factor[:, :classes] = np.where(unknown, rest_factor[:, None], factor[:, :classes])
    factor[:, classes] = rest_factor
    # A unit of which nothing is known, or that has nobody, changes nothing.
    factor[unknown.all(axis=1) | ~(target.sum(axis=1, where=~np.isnan(target)) > 0)] = 1.0
    if margin.weight is not None:
        covered = np.asarray(margin.weight.sum(axis=1)).ravel()
        factor = margin.weight @ factor + (1.0 - covered)[:, None]
    return factor[:, member]
