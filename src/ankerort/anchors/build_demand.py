"""Demand rows: the people of each home, by age and by whether they have a car."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.anchors.problem import Demand
from ankerort.catalogue.age_bands import AGE_BANDS
from ankerort.catalogue.model import Catalogue
from ankerort.region.model import Region
from ankerort.supply.areas import OLD_BANDS
from ankerort.supply.without_car import settlement_of_cells

KINDS = ("young", "old", "young_car", "old_car")
YOUNG, OLD, YOUNG_CAR, OLD_CAR = range(4)
_ADULTS = "p_18_64"


@dataclass(frozen=True)
class DemandRows:
    """The rows of a problem and where they come from.

    Parameters
    ----------
    demand
        Persons, weight (0 outside the study area) and area.
    cell, kind
        Per row its row in ``Region.cells`` and its number in `KINDS`.
    row_of
        int32, shape (4, cells): row of a kind in a cell, -1 = nobody.
    area_ids
        Municipality keys.
    study
        bool per row: in the study area.
    """

    demand: Demand
    cell: NDArray[np.int32]
    kind: NDArray[np.int8]
    row_of: NDArray[np.int32] = field(repr=False)
    area_ids: tuple[str, ...]
    study: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.cell)


class People:
    """Persons of each age band by kind, per cell.

    Who cannot drive is without a car, as in the balance (`ankerort.supply.without_car`); but children of the bands that end at
    ``anchors.brought_to_age`` are brought, so that they have a car where the grown-ups of their settlement have one.
    """

    def __init__(self, region: Region, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.settlement = settlement_of_cells(region, catalogue)
        self.cells = region.cells
        brought = catalogue.value("anchors.brought_to_age")
        self._brought = frozenset(name for name, _, last in AGE_BANDS if last <= brought)

    def by_kind(self, groups: Collection[str]) -> NDArray[np.float64]:
        """Persons that belong to any of some groups; float64, shape (4, cells).

        Of groups that share an age band the one with the larger share of the band counts: the others lie within it.
        """
        out = np.zeros((4, len(self.cells)))
        known = [self.catalogue.groups[g] for g in groups if g in self.catalogue.groups]
        for band, _, _ in AGE_BANDS:
            holding = [g for g in known if g.band_shares.get(band, 0.0) > 0]
            if not holding:
                continue
            group = max(holding, key=lambda g: g.band_shares[band])
            persons = self.cells[band].to_numpy(np.float64) * group.band_shares[band]
            without = persons * self._share_without(group.id, band)
            old = int(band in OLD_BANDS)
            out[old] += without
            out[2 + old] += persons - without
        return np.maximum(out, 0.0)

    def _share_without(self, group: str, band: str) -> NDArray[np.float64]:
        """Share of the group's persons of a band who have no car, per cell."""
        share = np.ones(len(self.cells))
        shares: Mapping[str, float]
        for kind in sorted(set(self.settlement)):
            if band in self._brought:
                shares, of, asked = self.catalogue.without_car.get((kind, "all"), {}), "all", _ADULTS
            else:
                shares, of, asked = self.catalogue.without_car.get((kind, group), {}), group, band
            whole = self.catalogue.groups[of].band_shares.get(asked, 0.0)
            if whole > 0:
                share[self.settlement == kind] = min(1.0, shares.get(asked, 0.0) / whole)
        return share


def demand_rows(region: Region, catalogue: Catalogue, people: People) -> DemandRows:
    """One row per cell and kind with people, cell by cell; cells beyond the study area weigh nothing but fill catchments."""
    persons = people.by_kind(("all",))
    has = persons > 0
    cell, kind = np.nonzero(has.T)
    row_of = np.full(persons.shape, -1, np.int32)
    row_of[kind, cell] = np.arange(len(cell), dtype=np.int32)
    cells = region.cells
    study = cells["in_study"].to_numpy(bool)[cell]
    weights = catalogue.provision.group_weights
    of_kind = np.array([weights[k].value if k in weights else 1.0 for k in KINDS])
    ags = cells["ags"]
    area_ids = tuple(sorted(a for a in ags[cells["in_study"].to_numpy(bool)].unique() if a))
    number = pd.Series(ags.map({a: n for n, a in enumerate(area_ids)})).fillna(-1).to_numpy(np.int32)
    demand = Demand(
        persons=persons[kind, cell],
        weight=np.where(study, of_kind[kind], 0.0),
        area=np.where(study, number[cell], -1).astype(np.int32),
    )
    return DemandRows(demand, cell.astype(np.int32), kind.astype(np.int8), row_of, area_ids, study)
