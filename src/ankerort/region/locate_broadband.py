"""BROADBAND: rows of tables become figures of municipalities and places; grid cells are weighted with their households or people."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from pyproj import Transformer

from ankerort.base.problems import Problems
from ankerort.region.locate import Locator
from ankerort.region.schema_broadband import BROADBAND

_KEY = ["ags", "place_id", "class_mbit", "technology"]
_GRID_CRS = "EPSG:3035"


def locate_broadband(
    rows: pd.DataFrame,
    *,
    municipalities: pd.DataFrame,
    places: pd.DataFrame,
    cells: pd.DataFrame,
    locator: Locator,
    crs: str,
    problems: Problems,
) -> pd.DataFrame:
    """BROADBAND of the municipalities and places in reach.

    Parameters
    ----------
    rows
        As `ankerort.region.read_broadband.read_broadband` gives them.
    municipalities, places, cells
        MUNICIPALITIES, PLACES and CELLS of the region; `cells` with their place, in `crs`.
    locator
        Finds places by name, and reports those that it does not find.
    problems
        Collects: tables of which no row lies here (warning), figures told twice (warning, the first counts).

    Returns
    -------
    DataFrame
        A place that only some cells of a grid tell has bounds: the people of the other cells count as without in the lower bound and as
        with in the upper. What no row tells has no row.
    """
    if rows.empty:
        return BROADBAND.empty()
    in_grid = rows["grid_x"].notna()
    named = _named(rows[~in_grid], municipalities, locator)
    of_cells = _of_cells(rows[in_grid & rows["share_low"].notna()], cells, places, crs)
    for source_id in sorted(set(rows["source_id"]) - set(named["source_id"]) - set(of_cells["source_id"])):
        file = str(rows.loc[rows["source_id"] == source_id, "file"].iloc[0])
        problems.add("broadband_nowhere", "warning", file, count=int((rows["source_id"] == source_id).sum()))
    found = pd.concat([named, of_cells], ignore_index=True)
    twice = found[found.duplicated(_KEY)]
    first = found.drop_duplicates(_KEY).set_index(_KEY)
    for row in twice.itertuples():
        other = first.loc[(row.ags, row.place_id, row.class_mbit, row.technology)]
        if row.file and not _same(row.share_low, other["share_low"]):
            name = _name_of(str(row.place_id), str(row.ags), places, municipalities)
            problems.add("broadband_twice", "warning", str(row.file), row=int(row.row), name=name)
    table = found.drop_duplicates(_KEY).sort_values(_KEY, kind="stable")
    return BROADBAND.conform(table[BROADBAND.names].reset_index(drop=True))


def _same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


def _name_of(place_id: str, ags: str, places: pd.DataFrame, municipalities: pd.DataFrame) -> str:
    names = dict(zip(places["place_id"], places["print_name"], strict=True)) | {
        "": dict(zip(municipalities["ags"], municipalities["name"], strict=True)).get(ags, ags)
    }
    return str(names.get(place_id, place_id))


def _named(rows: pd.DataFrame, municipalities: pd.DataFrame, locator: Locator) -> pd.DataFrame:
    """Rows that name a municipality or a place; those of other regions are passed over."""
    known = set(municipalities["ags"])
    names: Mapping[str, str] = (
        municipalities.drop_duplicates("name", keep=False).assign(name=lambda t: t["name"].str.casefold())
        .drop_duplicates("name", keep=False).set_index("name")["ags"].to_dict()
    )  # fmt: skip
    by_name = rows["municipality"].str.casefold().map(names).fillna("")
    rows = rows.assign(ags=rows["ags"].where(rows["ags"] != "", by_name))
    # a list of municipalities may call them Ort: each key has one name then, and that is the municipality's own
    own = rows["ags"].map(municipalities.set_index("ags")["name"]).fillna("").str.casefold()
    alone = rows.groupby(["file", "ags"])["place_name"].transform("nunique") == 1
    rows["place_name"] = rows["place_name"].where(~(alone & (rows["place_name"].str.casefold() == own)), "")
    here = rows["ags"].isin(known) | ((rows["ags"] == "") & (rows["municipality"] == "") & (rows["place_name"] != ""))
    rows = rows[here].reset_index(drop=True)
    if rows.empty:
        return rows.assign(place_id="", rule="")[[*_columns()]]
    # a row is looked up once, however many classes it tells, so that a misspelt place is reported once
    keys = ["file", "row"]
    once = rows.drop_duplicates(keys).reset_index(drop=True)
    found = locator.broadband(once)[[*keys, "ags", "place_id"]]
    merged = rows.drop(columns="ags").merge(found, on=keys, how="inner")
    merged["rule"] = np.where(merged["place_id"] == "", "municipality", "place")
    return merged[[*_columns()]]


def _columns() -> list[str]:
    return [*BROADBAND.names, "file", "row"]


def _of_cells(rows: pd.DataFrame, cells: pd.DataFrame, places: pd.DataFrame, crs: str) -> pd.DataFrame:
    """Shares of places from grid cells: sum of weight x share over the sum of weights; see `locate_broadband`."""
    out: list[dict[str, object]] = []
    placed = cells[cells["place_id"] != ""]
    ags_of = dict(zip(places["place_id"], places["ags"], strict=True))
    x, y = Transformer.from_crs(crs, _GRID_CRS, always_xy=True).transform(
        placed["x"].to_numpy(), placed["y"].to_numpy()
    )
    for (source_id, size_m), of_size in rows.groupby(["source_id", "grid_size_m"], sort=True):
        people = pd.DataFrame(
            {
                "gx": np.floor(np.asarray(x) / size_m).astype(np.int64),
                "gy": np.floor(np.asarray(y) / size_m).astype(np.int64),
                "place_id": placed["place_id"].to_numpy(),
                "persons": placed["persons"].to_numpy(float),
            }
        )
        people = people.groupby(["gx", "gy", "place_id"], sort=True, as_index=False)["persons"].sum()
        total = people.groupby("place_id")["persons"].sum()
        told = of_size.assign(
            gx=np.rint(of_size["grid_x"] / size_m).astype(np.int64),
            gy=np.rint(of_size["grid_y"] / size_m).astype(np.int64),
        )
        joined = told.merge(people, on=["gx", "gy"], how="inner")
        joined = joined[joined["persons"] > 0]
        of_cell = joined.groupby(["gx", "gy", "class_mbit", "technology"])["persons"].transform("sum")
        # households of a cell are divided over its places as its people are
        by_people = joined["persons"]
        joined["weight"] = (joined["households"] * by_people / of_cell).where(joined["households"].notna(), by_people)
        for (place_id, class_mbit, technology), mine in joined.groupby(
            ["place_id", "class_mbit", "technology"], sort=True
        ):
            covered = min(float(mine["persons"].sum() / total[place_id]), 1.0)
            weight = float(mine["weight"].sum())
            if weight <= 0:
                continue
            low = float((mine["share_low"] * mine["weight"]).sum()) / weight
            high = float((mine["share_high"] * mine["weight"]).sum()) / weight
            out.append(
                {
                    "ags": ags_of.get(place_id, ""),
                    "place_id": place_id,
                    "class_mbit": class_mbit,
                    "technology": technology,
                    "share_low": min(low * covered, 1.0),
                    "share_high": min(high * covered + (1.0 - covered), 1.0),
                    "date": str(mine["date"].max()),
                    "rule": "cells",
                    "source_id": source_id,
                    "source_ref": str(len(mine)),
                    "file": "",
                    "row": 0,
                }
            )
    return pd.DataFrame(out, columns=_columns())
