"""From census files to population cells with age bands: who lives where, and how old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from ankerort.base.problems import Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.age_bands import AGE_BANDS, AGE_COLUMNS
from ankerort.catalogue.model import Catalogue
from ankerort.region.census_grid import AgeClass, CensusGrid, overlap
from ankerort.region.census_presets import GRID_CRS
from ankerort.region.read_census import Box, read_census_file
from ankerort.region.schema import CELLS
from ankerort.region.settings import InputSettings
from ankerort.region.split_ages import (
    Margin,
    atoms_of,
    bands_of,
    covers_all_ages,
    disjoint_parts,
    harmonise,
    rake,
    weights_of,
)

FloatArray = NDArray[np.float64]
# Cells just outside the area are read too, since they share coarser cells (up to 10 km) with cells inside.
_MARGIN_M = 15_000.0
_CHUNK = 200_000


def read_population(
    inputs: Sequence[InputSettings],
    *,
    catalogue: Catalogue,
    land: str,
    crs: str,
    problems: Problems,
    totals: Mapping[str, float] | None = None,
    clip: Any = None,
    progress: Progress = SILENT,
) -> pd.DataFrame:
    """Read all census files and make one table of cells with persons by age band.

    The finest grid with persons makes the cells. Its suppressed persons are estimated from the next coarser grid; ages
    come from all files by overlap (docs/method/population.md gives the formulas).

    Parameters
    ----------
    inputs
        Inputs of kind ``census``; each may hold several files.
    catalogue
        For the single-year ages of the Land and the figures ``census.*``.
    land
        Land (``ST``, ``HE`` ...); where it has no single-year ages, those of Germany (``DE``) are taken and noted.
    crs
        Projected system of `x` and `y` in the result.
    problems
        Collects all that is wrong or worth knowing.
    totals
        Persons by municipality key. Used only if the cells' file names the municipality itself; otherwise call
        `scale_to_totals` after the cells have got their municipality.
    clip
        Shapely geometry in `crs`; cells whose centre lies outside are left out.
    progress
        Listener.

    Returns
    -------
    DataFrame
        Columns of `CELLS`, sorted by cell_id; `ags`, `place_id` and `in_study` are not filled. Cells without inhabitants
        are left out. Empty if no file can be used (the problems say why).
    """
    box = _box_of(clip, crs)
    grids: list[CensusGrid] = []
    with progress.task("progress.read_population", sum(len(i.files) for i in inputs)) as task:
        for settings in inputs:
            for path in settings.files:
                grid = read_census_file(path, settings, problems=problems, box=box)
                if grid is not None:
                    grids.append(grid)
                task.advance()
    with_persons = [g for g in grids if g.persons is not None and len(g)]
    if not with_persons:
        if not problems.has_errors:
            table = ", ".join(path.name for i in inputs for path in i.files)
            problems.add("census_no_persons", "error", table)
        return CELLS.empty()
    ages = _single_year_ages(catalogue, land, with_persons[0].table, problems)
    if ages is None:
        return CELLS.empty()

    finest = min(g.size_m for g in with_persons)
    base = _stack([g for g in with_persons if g.size_m == finest])
    coarser = [g for g in with_persons if g.size_m > finest]
    persons, rule = estimate_suppressed(base, coarser, catalogue.value("census.suppressed_persons"))
    for grid in coarser:
        _note_uncovered(base, grid, _inside(grid, clip, crs), problems)

    inside = (persons > 0) & _inside(base, clip, crs)
    base, persons, rule = base.take(inside), persons[inside], rule[inside]
    bands, ages_rule = age_bands(base, persons, grids, ages, problems)

    scaled = np.isfinite(base.scale)
    factor = np.where(scaled, base.scale, 1.0)
    rule = np.where(scaled & (rule == "counted"), "scaled", rule)
    cells = _cells(base, persons * factor, rule, bands * factor[:, None], ages_rule, crs)
    if totals is not None:
        known = base.ags[np.argsort(base.ids.astype(str), kind="stable")] if len(base) else base.ags
        if (known != "").any():
            cells = scale_to_totals(cells.assign(ags=known), totals, problems, catalogue=catalogue).assign(ags="")
        else:
            problems.add("census_totals_without_key", "warning", base.table)
    return CELLS.conform(cells)


def scale_to_totals(
    cells: pd.DataFrame, totals: Mapping[str, float], problems: Problems, *, catalogue: Catalogue
) -> pd.DataFrame:
    """Scale the cells of each municipality to its official number of inhabitants.

    ``factor = total / sum of the municipality's cells``, held within ``census.scale_min`` and ``census.scale_max``; a
    factor beyond them is reported. Pass only totals of municipalities whose cells are all there.

    Parameters
    ----------
    cells
        Columns of `CELLS` with `ags` filled.
    totals
        Persons by municipality key (8 digits); cells of other municipalities stay as they are.
    problems
        Collects: factor beyond the limits, total without cells (warnings).
    catalogue
        For the limits of the factor.

    Returns
    -------
    DataFrame
        Persons and bands multiplied; `persons_rule` of counted cells becomes ``scaled``, estimated ones stay estimated.
    """
    low, high = catalogue.value("census.scale_min"), catalogue.value("census.scale_max")
    sums = cells.groupby("ags", sort=True)["persons"].sum()
    factors: dict[str, float] = {}
    for ags in sorted(totals):
        total = float(totals[ags])
        have = float(sums.get(ags, 0.0))
        if have <= 0:
            if total > 0 and ags in sums.index:
                problems.add("census_total_without_cells", "warning", "cells", ags=ags, total=round(total))
            continue
        factor = total / have
        if not low <= factor <= high:
            problems.add(
                "census_factor_limited",
                "warning",
                "cells",
                ags=ags,
                total=round(total),
                cells=round(have),
                factor=round(factor, 2),
                low=low,
                high=high,
            )
        factors[ags] = min(max(factor, low), high)
    factor = cells["ags"].map(factors).astype("float64")
    out = cells.copy()
    for column in ("persons", *AGE_COLUMNS):
        out[column] = out[column] * factor.fillna(1.0)
    out["persons_rule"] = out["persons_rule"].mask(factor.notna() & (out["persons_rule"] == "counted"), "scaled")
    return out


def estimate_suppressed(
    base: CensusGrid, coarser: Sequence[CensusGrid], default_persons: float
) -> tuple[FloatArray, NDArray[np.object_]]:
    """Persons of all cells; suppressed ones from the remainder of the finest coarser cell that covers them.

    ``estimate = (coarser total - known fine cells in it) / number of suppressed cells in it``, cells that lie in several
    coarser ones by area share. Where that is not positive (perturbed counts need not add up) or no coarser cell is
    known, `default_persons`: a suppressed cell is inhabited.

    Returns
    -------
    persons : float64, shape (cells,)
    rule : str, shape (cells,), ``counted`` or ``estimated``
    """
    if base.persons is None:
        raise ValueError("the cells have no persons")
    persons = base.persons.copy()
    missing = np.isnan(persons)
    rule = np.where(missing, "estimated", "counted").astype(object)
    open_rows = missing.copy()
    for grid in sorted(coarser, key=lambda g: g.size_m):
        if not open_rows.any() or grid.persons is None:
            continue
        weight = overlap(base, grid)
        remainder = grid.persons - weight.T @ np.nan_to_num(persons)
        number = weight.T @ open_rows.astype(np.float64)
        each = np.divide(remainder, number, out=np.full(len(grid), np.nan), where=number > 0)
        usable = np.isfinite(each) & (each > 0)
        part = weight[open_rows] @ usable.astype(np.float64)
        value = weight[open_rows] @ np.where(usable, each, 0.0)
        got = np.divide(value, part, out=np.full(len(part), np.nan), where=part > 0)
        rows = np.flatnonzero(open_rows)
        persons[rows] = got
        open_rows[rows[np.isfinite(got)]] = False
    persons[open_rows] = default_persons
    return persons, rule


def age_bands(
    base: CensusGrid,
    persons: FloatArray,
    grids: Sequence[CensusGrid],
    single_year_ages: FloatArray,
    problems: Problems,
) -> tuple[FloatArray, NDArray[np.object_]]:
    """Persons by age band of each cell, and the rule by which they came about.

    Parameters
    ----------
    base, persons
        Cells and their persons (none suppressed any more).
    grids
        All files; those with age classes are used, coarser ones first, so that finer ones win.
    single_year_ages
        Age structure of the Land, persons by age 0..100.
    problems
        Collects: shares of a finer file that has no persons (warning).

    Returns
    -------
    bands : float64, shape (cells, bands)
        Rows sum to `persons`.
    rule : str, shape (cells,)
        ``counted`` (own classes cut at every band), ``raked`` (own classes, all known), ``estimated`` (other grid, or own classes in part), ``state``.
    """
    margins: list[Margin] = []
    rule = np.full(len(base), "state", dtype=object)
    coupled = False
    for grid in sorted((g for g in grids if g.classes and len(g)), key=lambda g: -g.size_m):
        for part in disjoint_parts(grid.classes):
            classes = tuple(grid.classes[k] for k in part)
            values = grid.ages[:, part]
            made = _margin(base, persons, grid, classes, values, problems)
            if made is None:
                continue
            margin, touched, complete = made
            margins.append(margin)
            rule[touched & (rule != "raked") & (rule != "counted")] = "estimated"
            # Classes that cut at every band need no split.
            exact = {first for _, first, _ in AGE_BANDS} <= {c.first for c in classes}
            rule[complete & (rule != "counted")] = "counted" if exact else "raked"
            coupled = coupled or margin.weight is not None
    atoms = atoms_of(margins)
    weights = weights_of(atoms, single_year_ages)
    bands = np.empty((len(base), len(AGE_COLUMNS)))
    # Without coarser grids every cell stands alone: large tables are done piece by piece.
    step = max(len(base), 1) if coupled else _CHUNK
    for start in range(0, len(base), step):
        piece = slice(start, start + step)
        local = margins if coupled else [Margin(m.classes, m.shares[piece]) for m in margins]
        bands[piece] = bands_of(rake(persons[piece], weights, atoms, local), atoms)
    return bands, rule


def _margin(
    base: CensusGrid,
    persons: FloatArray,
    grid: CensusGrid,
    classes: tuple[AgeClass, ...],
    values: FloatArray,
    problems: Problems,
) -> tuple[Margin, NDArray[np.bool_], NDArray[np.bool_]] | None:
    """The margin of one file, the cells that it says something about, and those whose classes it fully knows."""
    whole = covers_all_ages(classes)
    if grid.size_m > base.size_m:
        shares = values.copy()
        counted = [k for k, c in enumerate(classes) if not c.share]
        if counted:
            own = grid.persons if grid.persons is not None else overlap(base, grid).T @ persons
            # Where the coarser cell's own persons are suppressed, its classes still tell the proportions.
            own = np.where(np.isnan(own), np.nansum(values[:, counted], axis=1), own)
            shares[:, counted] = harmonise(values[:, counted], own, whole=whole and len(counted) == len(classes))
        weight = overlap(base, grid)
        shares = _fit(shares)
        touched = weight @ (~np.isnan(shares).all(axis=1)).astype(np.float64) > 0
        return Margin(classes, shares, weight), touched, np.zeros(len(base), dtype=bool)
    is_share = np.array([c.share for c in classes])
    own_file = grid.size_m == base.size_m
    if own_file:
        at = _rows_of(base, grid)
        found = at >= 0
        own_counts = np.full((len(base), len(classes)), np.nan)
        own_counts[found] = np.where(is_share, values[at[found]] * persons[found, None], values[at[found]])
    else:
        if is_share.any() and grid.persons is None:
            problems.add("census_share_without_persons", "warning", grid.table)
            return None
        counts = values if grid.persons is None else np.where(is_share, values * grid.persons[:, None], values)
        weight = overlap(grid, base)
        known = weight.T @ np.nan_to_num(counts)
        hidden = weight.T @ np.isnan(counts).astype(np.float64)
        any_cell = weight.T @ np.ones(len(grid)) > 0
        own_counts = np.where((hidden > 0) | ~any_cell[:, None], np.nan, known)
    shares = harmonise(own_counts, persons, whole=whole)
    some = ~np.isnan(shares).all(axis=1)
    complete = own_file & whole & ~np.isnan(shares).any(axis=1)
    return Margin(classes, shares), np.asarray(some), np.asarray(complete)


def _fit(shares: FloatArray) -> FloatArray:
    """Known shares of a unit sum to at most 1."""
    total = np.nansum(shares, axis=1)
    return shares / np.maximum(total, 1.0)[:, None]


def _rows_of(base: CensusGrid, grid: CensusGrid) -> NDArray[np.int64]:
    """Row of `grid` with the same cell for each cell of `base`, -1 where there is none."""
    return np.asarray(pd.Index(_keys(grid)).get_indexer(pd.Index(_keys(base))), dtype=np.int64)


def _keys(grid: CensusGrid) -> NDArray[Any]:
    """What makes a cell the same in two files: its place; for points also the id (a block of flats is one place)."""
    place = np.round(grid.x).astype(np.int64) * (1 << 31) + np.round(grid.y).astype(np.int64)
    if grid.size_m > 0:
        return place
    return np.char.add(np.char.add(place.astype(str), "@"), grid.ids.astype(str)).astype(object)


def _stack(grids: Sequence[CensusGrid]) -> CensusGrid:
    """One table of cells from all files of the finest size; the first file that knows a cell's persons counts."""
    if len(grids) == 1:
        return replace(grids[0], classes=(), ages=np.zeros((len(grids[0]), 0)))
    ids = np.concatenate([g.ids for g in grids])
    persons = np.concatenate([g.persons for g in grids if g.persons is not None])
    # Stable order by "known first", so that a suppressed value of one file gives way to the number of another.
    order = np.argsort(np.isnan(persons), kind="stable")
    keys = np.concatenate([_keys(g) for g in grids])
    first = order[~pd.Series(keys[order]).duplicated().to_numpy()]
    first.sort()
    sources = np.concatenate([g.sources for g in grids])
    # Two registers may number their rows alike: then the source and the file tell them apart.
    alike = np.isin(ids, ids[first][pd.Series(ids[first]).duplicated().to_numpy()])
    tables = np.concatenate([np.full(len(g), g.table, dtype=object) for g in grids])
    ids[alike] = [f"{a}:{b}:{c}" for a, b, c in zip(sources[alike], tables[alike], ids[alike], strict=True)]
    return CensusGrid(
        ", ".join(dict.fromkeys(g.table for g in grids)),
        sources[first],
        grids[0].size_m,
        ids[first],
        np.concatenate([g.x for g in grids])[first],
        np.concatenate([g.y for g in grids])[first],
        persons[first],
        np.concatenate([g.scale for g in grids])[first],
        np.concatenate([g.ags for g in grids])[first],
        (),
        np.zeros((len(first), 0)),
    )


def _note_uncovered(base: CensusGrid, grid: CensusGrid, inside: NDArray[np.bool_], problems: Problems) -> None:
    """Say how many inhabitants of a coarser grid live where the finer one has no cell at all."""
    if grid.persons is None:
        return
    covered = overlap(base, grid).T @ np.ones(len(base)) > 0
    lost = np.nan_to_num(grid.persons[~covered & inside])
    if lost.sum() > 0:
        problems.add(
            "census_uncovered",
            "warning",
            grid.table,
            cells=int((lost > 0).sum()),
            persons=round(float(lost.sum())),
            finer=base.table,
        )


def _single_year_ages(catalogue: Catalogue, land: str, table: str, problems: Problems) -> FloatArray | None:
    for key in (land, "DE"):
        if key in catalogue.single_year_ages:
            if key != land:
                problems.add("census_land_ages_missing", "note", table, land=land or "?")
            return catalogue.single_year_ages[key]
    problems.add("census_no_ages", "error", table, land=land or "?")
    return None


def _box_of(clip: Any, crs: str) -> Box | None:
    if clip is None:
        return None
    west, south, east, north = Transformer.from_crs(crs, GRID_CRS, always_xy=True).transform_bounds(*clip.bounds)
    return west - _MARGIN_M, south - _MARGIN_M, east + _MARGIN_M, north + _MARGIN_M


def _inside(base: CensusGrid, clip: Any, crs: str) -> NDArray[np.bool_]:
    if clip is None:
        return np.ones(len(base), dtype=bool)
    x, y = Transformer.from_crs(GRID_CRS, crs, always_xy=True).transform(base.x, base.y)
    shapely.prepare(clip)
    return np.asarray(shapely.intersects_xy(clip, x, y), dtype=bool)


def _cells(
    base: CensusGrid,
    persons: FloatArray,
    rule: NDArray[np.object_],
    bands: FloatArray,
    ages_rule: NDArray[np.object_],
    crs: str,
) -> pd.DataFrame:
    lon, lat = Transformer.from_crs(GRID_CRS, "EPSG:4326", always_xy=True).transform(base.x, base.y)
    x, y = Transformer.from_crs(GRID_CRS, crs, always_xy=True).transform(base.x, base.y)
    frame = pd.DataFrame(
        {
            "cell_id": base.ids.astype(str),
            "lon": lon,
            "lat": lat,
            "x": x,
            "y": y,
            "size_m": base.size_m,
            "persons": persons,
            "persons_rule": rule,
            **{name: bands[:, k] for k, name in enumerate(AGE_COLUMNS)},
            "ages_rule": ages_rule,
            "source_id": base.sources,
        }
    )
    return frame.sort_values("cell_id", kind="stable", ignore_index=True)
