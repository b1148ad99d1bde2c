"""Reads everything and says all that is wrong at once, and what the region holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.region.model import Region
from ankerort.region.raw_region import RawRegion
from ankerort.region.read_region import assemble, read_inputs


@dataclass(frozen=True)
class Fact:
    """One thing that a check tells: sentence ``fact.<code>`` with its parameters."""

    code: str
    params: dict[str, object]


@dataclass(frozen=True)
class RegionCheck:
    """What `check_region` found.

    Parameters
    ----------
    problems
        Errors first, then warnings, then notes.
    facts
        What the region holds; empty where errors stop the assembly.
    tables
        Rows by table.
    sources
        Columns source_id, rows, facilities, merged, persons_inside, persons_outside (of study area and buffer, by the
        source's footprint; NaN where it has none).
    region
        The region, or None where errors stop the assembly.
    """

    problems: tuple[Problem, ...]
    facts: tuple[Fact, ...]
    tables: dict[str, int]
    sources: pd.DataFrame
    region: Region | None

    @property
    def has_errors(self) -> bool:
        """Whether the region cannot be used."""
        return any(p.severity == "error" for p in self.problems)


def check_region(folder: Path, *, catalogue: Catalogue | None = None, progress: Progress = SILENT) -> RegionCheck:
    """Read all inputs of a region and report every problem together; never raises `InputError`.

    Parameters
    ----------
    folder
        Project folder.
    catalogue
        Default: the shipped one with the project's own folder on top.
    progress
        Listener.
    """
    problems = Problems()
    raw: RawRegion | None = None
    region: Region | None = None
    try:
        raw = read_inputs(folder, catalogue=catalogue, problems=problems, progress=progress)
        if not problems.has_errors:
            region = assemble(raw, problems=problems, progress=progress)
    except InputError:
        pass  # everything it holds stands in `problems` already
    if region is None or problems.has_errors or raw is None:
        return RegionCheck(problems.sorted(), (), {}, _no_sources(), None)
    sources = _sources(region)
    facts = _facts(region, raw, sources, problems)
    tables = {
        name: len(getattr(region, name))
        for name in (
            "places",
            "municipalities",
            "cells",
            "facilities",
            "absences",
            "mobile_visits",
            "buildings",
            "registered_stops",
            "sources",
        )
    }
    return RegionCheck(problems.sorted(), tuple(facts), tables, sources, region)


def _no_sources() -> pd.DataFrame:
    columns = ("rows", "facilities", "merged", "persons_inside", "persons_outside")
    return pd.DataFrame({"source_id": pd.Series(dtype="str"), **{c: pd.Series(dtype="float64") for c in columns}})


def _sources(region: Region) -> pd.DataFrame:
    table = region.sources[["source_id", "rows"]].copy()
    facilities = region.facilities
    counts = facilities.groupby("source_id").size()
    merged = facilities[facilities["merged_into"] != ""].groupby("source_id").size()
    table["facilities"] = table["source_id"].map(counts).fillna(0).astype("int64")
    table["merged"] = table["source_id"].map(merged).fillna(0).astype("int64")
    x, y = region.cells["x"].to_numpy(), region.cells["y"].to_numpy()
    persons = region.cells["persons"].to_numpy()
    inside: dict[str, float] = {}
    for source_id, shape in zip(region.footprints["source_id"], region.footprints.geometry, strict=True):
        shapely.prepare(shape)
        inside[source_id] = float(persons[shapely.intersects_xy(shape, x, y)].sum())
    table["persons_inside"] = table["source_id"].map(inside).astype("float64")
    table["persons_outside"] = float(persons.sum()) - table["persons_inside"]
    return table


def _facts(region: Region, raw: RawRegion, sources: pd.DataFrame, problems: Problems) -> list[Fact]:
    cells, places = region.cells, region.places
    study = cells["in_study"].to_numpy()
    persons = cells["persons"].to_numpy()
    own = places[places["in_study"]]
    settled = own[~own["kind"].isin(["outlying", "whole_municipality"])]
    facts = [
        Fact(
            "study_area",
            {
                "persons": round(persons[study].sum()),
                "cells": int(study.sum()),
                "municipalities": int(region.municipalities["in_study"].sum()),
                "places": len(settled),
            },
        ),
        Fact("buffer", {"persons": round(persons[~study].sum()), "km": f"{region.settings.buffer_km:g}"}),
    ]
    rest = own.loc[own["kind"] == "outlying", "persons"].sum()
    if rest:
        facts.append(Fact("outlying", {"persons": round(rest), "total": round(persons[study].sum())}))
    unknown = persons[(cells["ags"] == "").to_numpy()].sum()
    if unknown:
        facts.append(Fact("without_municipality", {"persons": round(unknown)}))
    facts += _coverage(region, problems)
    facts += _totals(region, raw)
    merged = int((region.facilities["merged_into"] != "").sum())
    facts.append(Fact("facilities", {"count": len(region.facilities) - merged, "merged": merged}))
    return facts


def _coverage(region: Region, problems: Problems) -> list[Fact]:
    """What lies beyond the OSM extract: there nothing is missing, it is not known."""
    facts: list[Fact] = []
    cells = region.cells
    x, y, persons = cells["x"].to_numpy(), cells["y"].to_numpy(), cells["persons"].to_numpy()
    study = cells["in_study"].to_numpy()
    files = {i.source_id: i.files[0].name for i in region.settings.inputs}
    osm = {i.source_id for i in region.settings.inputs_of("osm")}
    for source_id, shape in zip(region.footprints["source_id"], region.footprints.geometry, strict=True):
        if source_id not in osm:
            continue
        inside = shapely.intersects_xy(shape, x, y)
        total, covered = persons.sum(), persons[inside].sum()
        facts.append(Fact("osm_coverage", {"covered": round(covered), "total": round(total)}))
        params = {"covered": round(covered), "total": round(total)}
        if persons[study & ~inside].sum() > 0:
            outside = round(persons[study & ~inside].sum())
            problems.add("study_beyond_osm", "warning", files[source_id], persons=outside, **params)
        if persons[~study & ~inside].sum() > 0:
            outside = round(persons[~study & ~inside].sum())
            problems.add("buffer_beyond_osm", "warning", files[source_id], persons=outside, **params)
    if region.settings.buffer_km > 0 and not (~study).any():
        problems.add("buffer_without_people", "warning", "region.toml", km=f"{region.settings.buffer_km:g}")
    return facts


def _totals(region: Region, raw: RawRegion) -> list[Fact]:
    """Cells against the official totals of the study area's municipalities, where both are there."""
    table = region.municipalities[region.municipalities["in_study"]]
    known = table[table["ags"].isin(set(raw.totals))]
    if known.empty:
        return []
    official = float(np.sum([raw.totals[ags] for ags in known["ags"]]))
    return [Fact("totals", {"cells": round(known["persons"].sum()), "official": round(official)})]
