"""Projections and population stocks as tables of the region: areas and places that are known, one row per group."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ankerort.base.problems import Problems
from ankerort.base.tables import Schema
from ankerort.region.locate_register import match_register
from ankerort.region.schema import POPULATION_STOCKS, PROJECTIONS
from ankerort.region.settings import InputSettings

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


def known_stocks(
    rows: pd.DataFrame,
    municipalities: pd.DataFrame,
    places: pd.DataFrame,
    inputs: Sequence[InputSettings],
    problems: Problems,
) -> pd.DataFrame:
    """Rows of population tables with the municipality and the places that they mean.

    Parameters
    ----------
    rows, municipalities, problems
        As in `locate_projections`; `rows` may name the municipality only, or none.
    places
        PLACES; a place of a stock is found by its name and municipality.
    inputs
        As in `ankerort.region.locate_register.match_register`, which says what the result holds.
    """
    keyed = rows["ags"] != ""
    rows = pd.concat([_of_known_areas(rows[keyed], municipalities, problems), rows[~keyed]])
    return match_register(rows.sort_index(), municipalities, places, inputs, problems)


def locate_stocks(
    matched: pd.DataFrame, municipalities: pd.DataFrame, places: pd.DataFrame, problems: Problems
) -> pd.DataFrame:
    """POPULATION_STOCKS of the areas and places in reach.

    A municipality whose places are told for several years without their sum gets it, if its table names all its inhabited places, by
    the same names in all years.

    Parameters
    ----------
    matched
        As `known_stocks` gives them.
    municipalities, problems
        As in `locate_projections`.
    places
        PLACES with persons.
    """
    rows = matched[(matched["ags"] != "").to_numpy()]
    if rows.empty:
        return POPULATION_STOCKS.empty()
    rows = pd.concat([rows, _sums_of_places(rows, places)], ignore_index=True)
    single = rows["known"] & ~rows["place_ids"].str.contains(";")
    rows = rows[single].assign(place_id=rows.loc[single, "place_ids"])
    rows = _once(rows, ["ags", "place_id", "year"], problems)
    _check_units(rows[rows["place_id"] == ""], municipalities, problems)
    # Several names of a register may be one place of ours.
    key = list(POPULATION_STOCKS.key)
    first = dict.fromkeys(("file", "row", "source_id", "age_to"), "first")
    rows = rows.groupby([*key, "age_to"], as_index=False, sort=True).agg(
        {**{c: a for c, a in first.items() if c != "age_to"}, "persons": "sum"}
    )
    return _conformed(rows, POPULATION_STOCKS)


def _sums_of_places(rows: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Rows of whole municipalities where only their places are told, all of them, by the same names in all years."""
    inhabited = places[places["persons"] > 0].groupby("ags")["place_id"].agg(set)
    named = rows[rows["place"] != ""]
    whole = set(zip(*(rows.loc[rows["place"] == "", c] for c in ("ags", "year")), strict=True))
    parts = []
    for ags, of_ags in named.groupby("ags", sort=True):
        years = {y: frozenset(r["place"]) for y, r in of_ags.groupby("year")}
        told = {p for ids in of_ags["place_ids"].unique() for p in ids.split(";")}
        same = len(years) > 1 and len(set(years.values())) == 1 and inhabited.get(ags, set()) <= told
        if not same or any((ags, y) in whole for y in years):
            continue
        key = ["ags", "year", "sex", "age_from", "age_to"]
        first = dict.fromkeys(("source_id", "file", "row"), "first")
        parts.append(of_ags.groupby(key, as_index=False, sort=True).agg({**first, "persons": "sum"}))
    together = pd.concat(parts, ignore_index=True) if parts else rows.iloc[:0]
    return together.assign(place="", place_ids="", known=True)


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
