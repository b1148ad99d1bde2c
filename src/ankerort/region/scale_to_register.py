"""Cells of a place scaled, age band by age band, to the count of a registration office.

The cells say where in a place people live, the register how many of which age. Both meet so (docs/method/population.md):

1. The cells' bands of a place are split to single years by the ages of the Land.
2. Each class of the register, ``a`` to ``b`` with ``R`` persons, multiplies these years by ``R / (their sum)``; summed up again they
   are the place's target per band. Classes are disjoint, so that this is the exact end of iterative proportional fitting.
3. Each cell's band is multiplied by ``target / sum of the place's cells``. A band that no cell has is spread like all persons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.catalogue.age_bands import AGE_BANDS, AGE_COLUMNS
from ankerort.text.numbers import round_persons

FloatArray = NDArray[np.float64]
_AGES = 121
_FEWEST_TOLD = 5


@dataclass(frozen=True)
class AgeCount:
    """Persons of one sex (or all) in an age class; `last` 120 = open."""

    first: int
    last: int
    persons: float


@dataclass(frozen=True)
class RegisterUnit:
    """What a register says of one place, of several places together, or of the rest of a municipality.

    Parameters
    ----------
    ags
        Municipality.
    label
        Name in the register; of a rest the names that it holds.
    place_ids
        Places whose cells it counts, sorted; none if nobody knows where the people live.
    kind
        ``place``, ``several``, ``rest`` (of the municipality) or ``nowhere``.
    date
        ISO date, or year, of the count.
    source_id, source_ref
        Source; file and first row.
    counts
        Disjoint classes per sex.
    """

    ags: str
    label: str
    place_ids: tuple[str, ...]
    kind: str
    date: str
    source_id: str
    source_ref: str
    counts: tuple[AgeCount, ...]

    @property
    def persons(self) -> float:
        """All persons of the unit."""
        return float(sum(c.persons for c in self.counts))


def told_persons(persons: float) -> int:
    """Persons as a problem names them: rounded, and never so few that a household can be recognised."""
    return max(round_persons(persons), _FEWEST_TOLD) if persons > 0 else 0


def single_years(catalogue_ages: FloatArray) -> FloatArray:
    """Weights of the ages 0..120, shape (121,), positive; of persons by age 0..100 and older."""
    ages = np.zeros(_AGES)
    ages[: len(catalogue_ages)] = catalogue_ages
    # No age is impossible: a register may know a centenarian where the Land's table ends.
    return np.maximum(ages, 1e-9 * ages.sum())


def bands_of_register(counts: Sequence[AgeCount], cell_bands: FloatArray, ages: FloatArray) -> FloatArray:
    """Persons by band of a register whose classes may be wider than the bands or cut across them.

    Parameters
    ----------
    counts
        Classes; those of two sexes may overlap, each is split by itself.
    cell_bands
        float64, shape (bands,): persons of the place's cells.
    ages
        float64, shape (121,): weights by single age, positive.

    Returns
    -------
    float64, shape (bands,)
        Sums to the persons of `counts`; nowhere negative.
    """
    own = np.zeros(_AGES)
    for persons, (_, first, last) in zip(cell_bands, AGE_BANDS, strict=True):
        within = slice(first, last + 1)
        own[within] = persons * ages[within] / ages[within].sum()
    out = np.zeros(_AGES)
    for count in counts:
        within = slice(count.first, count.last + 1)
        # Where the cells have nobody of the class, the Land tells how it splits.
        weights = own[within] if own[within].sum() > 0 else ages[within]
        out[within] += count.persons * weights / weights.sum()
    return np.array([out[first : last + 1].sum() for _, first, last in AGE_BANDS])


def scale_bands(cells: FloatArray, target: FloatArray) -> FloatArray:
    """Bands of cells whose sums are the target.

    Parameters
    ----------
    cells
        float64, shape (cells, bands), with somebody in it.
    target
        float64, shape (bands,), not negative.

    Returns
    -------
    float64, shape (cells, bands)
        Columns sum to `target`.
    """
    sums = cells.sum(axis=0)
    share = cells.sum(axis=1) / cells.sum()
    factor = np.divide(target, sums, out=np.zeros_like(target), where=sums > 0)
    return np.where(sums > 0, cells * factor, share[:, None] * target)


def filled(cells: pd.DataFrame, ages: FloatArray) -> FloatArray:
    """Persons by band of each cell, shape (cells, bands); a cell without ages gets those of the Land."""
    bands = cells[list(AGE_COLUMNS)].to_numpy(dtype=np.float64, copy=True)
    persons = np.nan_to_num(cells["persons"].to_numpy(dtype=np.float64))
    unknown = np.isnan(bands).any(axis=1)
    share = np.array([ages[first : last + 1].sum() for _, first, last in AGE_BANDS])
    bands[unknown] = persons[unknown, None] * (share / share.sum())
    return bands


def scale_to_register(
    cells: pd.DataFrame,
    units: Sequence[RegisterUnit],
    places: pd.DataFrame,
    *,
    ages: FloatArray,
    problems: Problems,
) -> pd.DataFrame:
    """Cells whose sums per unit and band are those of the register.

    Parameters
    ----------
    cells
        Columns of `CELLS` with `place_id` and `ags`.
    units
        Disjoint units; their places must exist.
    places
        Columns place_id, lon, lat, x, y, in_study, for units in which nobody lives so far.
    ages
        As in `bands_of_register`.
    problems
        Collects: places of a register in which no cell is inhabited (warning: their people stand at the centre of the place), people
        of a register who belong to no place (warning: they are in no cell).

    Returns
    -------
    DataFrame
        Columns of `cells`, sorted by cell_id; ``persons_rule`` and ``ages_rule`` of scaled cells are ``scaled`` and ``counted``.
        Cells outside all units are untouched; cells that lose all their people stay, with 0.
    """
    bands = filled(cells, ages)
    owner = {p: k for k, unit in enumerate(units) for p in unit.place_ids}
    of_unit = np.array([owner.get(p, -1) for p in cells["place_id"]], dtype=np.int64)
    new: list[dict[str, object]] = []
    known = places.drop_duplicates("place_id").set_index("place_id")
    touched = of_unit >= 0
    for k, unit in enumerate(units):
        rows = np.flatnonzero(of_unit == k)
        if unit.kind == "nowhere":
            file, row = _where(unit)
            problems.add(
                "register_rest_nowhere",
                "warning",
                file,
                row=row,
                names=unit.label or "–",
                persons=told_persons(unit.persons),
            )
            continue
        target = bands_of_register(unit.counts, bands[rows].sum(axis=0), ages)
        if bands[rows].sum() > 0:
            bands[rows] = scale_bands(bands[rows], target)
        elif target.sum() > 0:
            new.append(_point_cell(unit, known.loc[unit.place_ids[0]], target))
            file, row = _where(unit)
            problems.add(
                "register_place_without_cells",
                "warning",
                file,
                row=row,
                name=unit.label,
                persons=told_persons(float(target.sum())),
            )
    out = cells.copy()
    out.loc[touched, list(AGE_COLUMNS)] = bands[touched]
    out.loc[touched, "persons"] = bands[touched].sum(axis=1)
    out.loc[touched, "persons_rule"] = "scaled"
    out.loc[touched, "ages_rule"] = "counted"
    if new:
        added = pd.DataFrame(new)
        out = pd.concat([out, added[[c for c in out.columns if c in added.columns]]], ignore_index=True)
    return out.sort_values("cell_id", kind="stable", ignore_index=True)


def _where(unit: RegisterUnit) -> tuple[str, int | None]:
    file, _, row = unit.source_ref.rpartition(": ")
    return file, int(row) if row.isdigit() else None


def _point_cell(unit: RegisterUnit, place: pd.Series, target: FloatArray) -> dict[str, object]:
    """A cell at the centre of a place in which the census knows nobody."""
    return {
        "cell_id": f"register-{unit.place_ids[0]}",
        **{c: float(place[c]) for c in ("lon", "lat", "x", "y")},
        "size_m": 0.0,
        "persons": float(target.sum()),
        "persons_rule": "scaled",
        **dict(zip(AGE_COLUMNS, (float(t) for t in target), strict=True)),
        "ages_rule": "counted",
        "ags": unit.ags,
        "place_id": unit.place_ids[0],
        "in_study": bool(place["in_study"]),
        "source_id": unit.source_id,
    }
