"""Official projections as targets of the raking: who belongs to which total, and what to do with areas cut by the region's edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.catalogue.demography import SINGLE_AGES
from ankerort.region.forecast.age_groups import ages_in
from ankerort.region.forecast.raking import TargetSet
from ankerort.region.forecast.rates import MEN, WOMEN

FloatArray = NDArray[np.float64]
_SEXES = {"f": slice(WOMEN, WOMEN + 1), "m": slice(MEN, MEN + 1), "all": slice(0, 2)}


@dataclass(frozen=True)
class Area:
    """One area of a projection: its places (indices), and whether its numbers are taken over or only their growth."""

    key: str
    places: NDArray[np.int64]
    whole: bool


def areas_of(
    projection: pd.DataFrame,
    ags: NDArray[np.object_],
    persons: FloatArray,
    *,
    cover_share: float,
    problems: Problems,
) -> list[Area]:
    """The areas of a projection that have people in the region, municipalities first.

    An area of which less than `cover_share` of the people live in the region lies in it only in part: its growth is
    taken over, for those of its places that no smaller area covers.

    Parameters
    ----------
    projection
        PROJECTIONS.
    ags
        Municipality of each place.
    persons
        float64, shape (places,): persons at the first year of the projection.
    cover_share
        Figure ``forecast.cover_share``.
    problems
        Collects areas that lie in the region only in part (note).
    """
    first = projection.groupby("ags")["year"].transform("min")
    start = projection[projection["year"] == first].groupby("ags")["persons"].sum()
    found: list[Area] = []
    covered = np.zeros(len(ags), dtype=bool)
    for key in sorted(start.index, key=lambda k: (-len(k), k)):
        inside = np.array([a.startswith(key) for a in ags], dtype=bool) & (ags != "")
        if not inside.any() or not persons[inside].sum() > 0:
            continue
        whole = persons[inside].sum() >= cover_share * start[key]
        if not whole:
            inside &= ~covered
            if not inside.any():
                continue
            problems.add(
                "forecast_area_partial",
                "note",
                "projection",
                ags=key,
                persons=round(float(persons[inside].sum())),
                total=round(float(start[key])),
            )
        covered |= inside
        found.append(Area(key, np.flatnonzero(inside), bool(whole)))
    return found


def target_sets(
    projection: pd.DataFrame,
    areas: Sequence[Area],
    *,
    year: int,
    own: Mapping[int, FloatArray],
    places: int,
) -> tuple[list[TargetSet], list[list[tuple[str, str, int, int]]]]:
    """Targets of one year, one set per level of areas, the smallest areas first, so that the largest are met in any case.

    Parameters
    ----------
    projection
        PROJECTIONS.
    areas
        As `areas_of` gives them.
    year
        A year of the projection.
    own
        Year -> float64, shape (places, 2, 101): own forecast; growth is applied to that of an area's first year.
    places
        Number of places.

    Returns
    -------
    sets, names
        For each set the names of its targets: (key, sex, first age, last age).
    """
    sets: list[TargetSet] = []
    names: list[list[tuple[str, str, int, int]]] = []
    by_area = dict(iter(projection.groupby("ags")))
    for digits in (8, 5, 2):
        label = np.full((places, 2, SINGLE_AGES), -1, dtype=np.int64)
        persons: list[float] = []
        named: list[tuple[str, str, int, int]] = []
        for area in (a for a in areas if len(a.key) == digits):
            rows = by_area[area.key]
            begin = rows[rows["year"] == rows["year"].min()]
            base = {(r.sex, r.age_from, r.age_to): r.persons for r in begin.itertuples()}
            for row in rows[rows["year"] == year].itertuples():
                target = float(row.persons)
                ages = ages_in(int(row.age_from), int(row.age_to))
                if not area.whole:
                    before = base.get((row.sex, row.age_from, row.age_to), 0.0)
                    mine = float(own[int(begin["year"].iloc[0])][area.places][:, _SEXES[row.sex], ages].sum())
                    if not before > 0:
                        continue
                    target = mine * target / before
                block = label[:, _SEXES[row.sex], ages]
                block[area.places] = len(persons)
                label[:, _SEXES[row.sex], ages] = block
                persons.append(target)
                named.append((area.key, str(row.sex), int(row.age_from), int(row.age_to)))
        if persons:
            sets.append(TargetSet(label, np.array(persons)))
            names.append(named)
    return sets, names


def complete_years(projection: pd.DataFrame, nodes: Sequence[int]) -> pd.DataFrame:
    """PROJECTIONS of the years `nodes`; a year that an area lacks between two others lies on the line between them."""
    key = ["ags", "sex", "age_from", "age_to"]
    wide = projection.pivot_table(index=key, columns="year", values="persons", aggfunc="sum", observed=True)
    wide = wide.reindex(columns=list(nodes)).T.interpolate(method="index", limit_area="inside").T
    long = wide.stack().dropna().rename("persons").reset_index()
    return long.sort_values([*key, "year"], kind="stable").reset_index(drop=True)
