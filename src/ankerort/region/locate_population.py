"""Projections and population stocks as tables of the region: areas and places that are known, one row per group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ankerort.base.problems import Problems
from ankerort.base.tables import Schema
from ankerort.region.place_names import PlaceNames
from ankerort.region.read_settings import nearest_name
from ankerort.region.schema import POPULATION_STOCKS, PROJECTIONS

_NAMED = 20
# A projection in thousands is a thousandth of the people; no projection halves them ten times.
_THOUSANDS_BELOW = 1 / 300


def locate_projections(rows: pd.DataFrame, municipalities: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """PROJECTIONS of the areas that have municipalities in reach.

    Parameters
    ----------
    rows
        As `ankerort.region.read_projection.read_population_tables` gives them.
    municipalities
        MUNICIPALITIES with persons.
    problems
        Collects: keys that are unknown in a known district (warning), tables without any known area (error), numbers that are in
        thousands (error), districts of the study area without projection (warning), areas told by two files (warning).
    """
    if rows.empty:
        return PROJECTIONS.empty()
    rows = _of_known_areas(rows, municipalities, problems)
    named = rows["place"] != ""
    for file, of_file in rows[named].groupby("file", sort=True):
        line = int(of_file["row"].min())
        problems.add("projection_place", "warning", str(file), row=line, column="place", count=len(of_file))
    rows = _once(rows[~named], ["ags", "year"], problems)
    _check_units(rows, municipalities, problems)
    if len(rows):
        keys = tuple(rows["ags"].unique())
        study = municipalities[municipalities["in_study"] & ~municipalities["ags"].str.startswith(keys)]
        for ags, of_district in study.groupby("district_ags", sort=True):
            problems.add(
                "projection_uncovered",
                "warning",
                ", ".join(sorted(rows["file"].unique())),
                ags=ags,
                count=len(of_district),
            )
    return _conformed(rows, PROJECTIONS)


def locate_stocks(
    rows: pd.DataFrame, municipalities: pd.DataFrame, places: pd.DataFrame, problems: Problems
) -> pd.DataFrame:
    """POPULATION_STOCKS of the areas and places in reach.

    Parameters
    ----------
    rows, municipalities, problems
        As in `locate_projections`.
    places
        PLACES; a place of a stock is found by its name and municipality.
    """
    if rows.empty:
        return POPULATION_STOCKS.empty()
    rows = _of_known_areas(rows, municipalities, problems).assign(place_id="")
    names = PlaceNames(places)
    known = rows[["place", "ags"]].drop_duplicates()
    found = {(p, a): names.find(p, a) for p, a in zip(known["place"], known["ags"], strict=True) if p}
    lost = [key for key, ids in found.items() if len(ids) != 1]
    for name, ags in lost[:_NAMED]:
        first = rows[(rows["place"] == name) & (rows["ags"] == ags)].iloc[0]
        suggestion = nearest_name(name, names.known()) or "–"
        problems.add(
            "place_unknown", "warning", str(first["file"]), row=int(first["row"]), name=name, suggestion=suggestion
        )
    keys = list(zip(rows["place"], rows["ags"], strict=True))
    rows["place_id"] = [found[k][0] if k in found and len(found[k]) == 1 else "" for k in keys]
    rows = rows[np.array([k not in set(lost) for k in keys], dtype=bool)]
    rows = _once(rows, ["ags", "place_id", "year"], problems)
    _check_units(rows[rows["place_id"] == ""], municipalities, problems)
    return _conformed(rows, POPULATION_STOCKS)


def _of_known_areas(rows: pd.DataFrame, municipalities: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    own = set(municipalities["ags"])
    known = own | {a[:5] for a in own} | {a[:2] for a in own}
    districts = {a[:5] for a in own}
    inside = rows["ags"].isin(known)
    # Only where the region knows the whole district is a foreign key a mistake; elsewhere it lies outside.
    strange = ~inside & (rows["ags"].str.len() == 8) & rows["ags"].str[:5].isin(districts)
    for ags, of_key in list(rows[strange].groupby("ags", sort=True))[:_NAMED]:
        problems.add(
            "projection_area_unknown",
            "warning",
            str(of_key["file"].iloc[0]),
            row=int(of_key["row"].min()),
            column="ags",
            ags=ags,
            count=len(of_key),
        )
    for file, of_file in rows.groupby("file", sort=True):
        if not of_file["ags"].isin(known).any():
            problems.add(
                "projection_nowhere", "error", str(file), row=int(of_file["row"].min()), ags=of_file["ags"].iloc[0]
            )
    return rows[inside]


def _once(rows: pd.DataFrame, key: list[str], problems: Problems) -> pd.DataFrame:
    """Of areas and years that two files tell, the first file counts."""
    if rows.empty:
        return rows
    first = rows.groupby(key)["file"].transform("first")
    second = rows["file"] != first
    for file, of_file in rows[second].groupby("file", sort=True):
        problems.add(
            "projection_two_files",
            "warning",
            str(file),
            row=int(of_file["row"].min()),
            ags=of_file["ags"].iloc[0],
            other=str(first[second].iloc[0]),
        )
    return rows[~second]


def _check_units(rows: pd.DataFrame, municipalities: pd.DataFrame, problems: Problems) -> None:
    persons = municipalities.set_index("ags")["persons"]
    for file, of_file in rows.groupby("file", sort=True):
        totals = of_file.groupby(["ags", "year"])["persons"].sum().groupby("ags").max()
        own = {str(key): float(persons[persons.index.str.startswith(str(key))].sum()) for key in totals.index}
        small = [k for k in totals.index if own[str(k)] > 0 and totals[k] < _THOUSANDS_BELOW * own[str(k)]]
        if small and len(small) * 2 > len(totals):
            line = int(of_file.loc[of_file["ags"] == small[0], "row"].min())
            problems.add(
                "projection_units",
                "error",
                str(file),
                row=line,
                column="persons",
                ags=small[0],
                value=f"{totals[small[0]]:.1f}",
                persons=round(own[small[0]]),
            )


def _conformed(rows: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    if rows.empty:
        return schema.empty()
    told = rows.assign(source_ref=[f"{f}: {r}" for f, r in zip(rows["file"], rows["row"], strict=True)])
    told = told[schema.names].drop_duplicates(list(schema.key))
    return schema.conform(told.sort_values(list(schema.key), kind="stable"))
