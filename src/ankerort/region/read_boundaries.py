"""Municipalities, associations and districts with their keys and shapes (layout of VG250 or mapped columns)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from ankerort.base.problems import Problems
from ankerort.region.read_settings import nearest_name
from ankerort.region.schema import MUNICIPALITIES
from ankerort.region.settings import InputSettings
from ankerort.region.tables_in import read_text_table
from ankerort.region.vector_files import has_column, layer_names, read_vector, text_column

Level = Literal["municipality", "association", "district"]
_LEVELS: dict[str, Level] = {
    "municipality": "municipality",
    "association": "association",
    "district": "district",
}
# VG250 and its kin name their layers vg250_gem, vg250_vwg, vg250_krs.
_LAYER_NAMES: tuple[tuple[str, Level], ...] = (
    (r"(^|_)(gem|gemeinden?)$", "municipality"),
    (r"(^|_)(vwg|vg|verwaltungsgemeinschaften|verbandsgemeinden)$", "association"),
    (r"(^|_)(krs|kreise?|landkreise?)$", "district"),
)
_ADE: dict[str, Level] = {"6": "municipality", "5": "association", "4": "district"}


@dataclass(frozen=True)
class Boundaries:
    """Administrative units of all boundary inputs.

    Parameters
    ----------
    municipalities
        MUNICIPALITIES; ``persons`` is NaN (filled by the assembly), ``in_study`` by the study keys. Sorted by AGS.
    shapes
        GeoDataFrame (ags, geometry), one row per municipality, same order.
    row_counts
        source_id -> rows read.
    """

    municipalities: pd.DataFrame
    shapes: gpd.GeoDataFrame
    row_counts: dict[str, int]


def read_boundaries(
    inputs: Sequence[InputSettings],
    *,
    study_ags: tuple[str, ...],
    crs: str,
    land: str = "",
    problems: Problems,
) -> Boundaries | None:
    """Read all boundary inputs.

    Parameters
    ----------
    inputs
        Of kind ``boundaries``: vector files with municipalities, associations or districts, and tables (CSV) that say which
        municipality belongs to which Verbandsgemeinde. Options: ``layer``, ``level``, ``crs``.
    study_ags
        Keys asked for; each must match at least one municipality.
    crs
        The project's projected system.
    land
        In ``ST`` an association is printed as Verbandsgemeinde whatever the layer calls it.
    problems
        Collects.

    Returns
    -------
    Boundaries or None
        None if no municipality could be read.
    """
    parts: dict[Level, list[pd.DataFrame]] = {"municipality": [], "association": [], "district": []}
    membership: list[pd.DataFrame] = []
    counts: dict[str, int] = {}
    for source in inputs:
        for path in source.files:
            if path.suffix.lower() in (".csv", ".txt", ".tsv"):
                table = _read_membership(source, path, problems)
                if table is not None:
                    membership.append(table)
                    counts[source.source_id] = counts.get(source.source_id, 0) + len(table)
                continue
            for level, frame in _read_layers(source, path, crs, problems):
                parts[level].append(frame)
                counts[source.source_id] = counts.get(source.source_id, 0) + len(frame)
    if not parts["municipality"]:
        if not problems.has_errors:
            problems.add("boundaries_no_municipality", "error", inputs[0].files[0].name if inputs else "region.toml")
        return None
    units = _dissolved(pd.concat(parts["municipality"], ignore_index=True), problems)
    _check_keys(units, study_ags, problems)
    table = _with_district(
        _with_association(units, parts["association"], membership, land, problems), parts["district"]
    )
    table["in_study"] = table["ags"].str.startswith(study_ags) if study_ags else False
    table["persons"] = np.nan
    shapes = gpd.GeoDataFrame({"ags": units["ags"]}, geometry=units["geometry"].to_numpy(), crs=crs)
    return Boundaries(MUNICIPALITIES.conform(table[MUNICIPALITIES.names]), shapes, counts)


def level_by_layer_name(name: str) -> str:
    """Level by the name of a layer (``vg250_gem``, ``kreise``), or an empty string."""
    return next((level for pattern, level in _LAYER_NAMES if re.search(pattern, name.lower())), "")


def _read_layers(source: InputSettings, path: Path, crs: str, problems: Problems) -> list[tuple[Level, pd.DataFrame]]:
    """Every usable layer of the file with its level."""
    asked = str(source.options.get("level", ""))
    if asked and asked not in _LEVELS:
        suggestion = nearest_name(asked, _LEVELS) or ", ".join(_LEVELS)
        problems.add("boundaries_level", "error", path.name, value=asked, suggestion=suggestion)
        return []
    layer = str(source.options.get("layer", ""))
    names = layer_names(path)
    wanted: list[tuple[str, str]] = [(layer, asked)]
    if not layer and len(names) > 1:
        wanted = [(n, lvl) for n in names for pattern, lvl in _LAYER_NAMES if re.search(pattern, n.lower())]
        wanted = [(n, lvl) for n, lvl in wanted if not asked or asked == lvl]
        if not wanted:
            problems.add("boundaries_layer", "error", path.name, known=", ".join(names))
    result: list[tuple[Level, pd.DataFrame]] = []
    for name, hint in wanted:
        declared = str(source.options.get("crs", ""))
        frame = read_vector(path, crs=crs, problems=problems, layer=name, declared_crs=declared, columns=source.columns)
        if frame is None:
            continue
        units = _units(frame, path, problems)
        level = _LEVELS.get(hint) or _level_of(frame, units)
        if level is None:
            problems.add("boundaries_no_key", "error", path.name, known=", ".join(str(c) for c in frame.columns))
            continue
        result.append((level, units.assign(source_id=source.source_id)))
    return result


def _units(frame: gpd.GeoDataFrame, path: Path, problems: Problems) -> pd.DataFrame:
    """Keys, names and shapes of one layer, land parts only."""
    ags = text_column(frame, "ags", "schluessel", "gemeindeschluessel", "ags_gem")
    rs = text_column(frame, "rs", "ars", "regionalschluessel").str.replace(" ", "")
    units = pd.DataFrame(
        {
            "ags": ags.where(ags.str.fullmatch(r"\d+"), ""),
            "rs": rs.where(rs.str.fullmatch(r"\d+"), ""),
            "name": text_column(frame, "name", "gen"),
            "kind": text_column(frame, "kind", "bez"),
            "row": frame["row"],
            "file": path.name,
            "geometry": frame.geometry.to_numpy(),
        }
    )
    # Keys stored as numbers have lost the leading zero of the Laender 01 to 09.
    short_ags = units["ags"].str.len().isin([4, 7])
    short_rs = units["rs"].str.len().isin([4, 8, 11])
    if short_ags.any() or short_rs.any():
        problems.add("boundaries_zero_lost", "warning", path.name, count=int((short_ags | short_rs).sum()))
        units["ags"] = ("0" + units["ags"]).where(short_ags, units["ags"])
        units["rs"] = ("0" + units["rs"]).where(short_rs, units["rs"])
    long_rs = units["rs"].str.len() == 12
    from_rs = units["rs"].str[:5] + units["rs"].str[9:12]
    units["ags"] = units["ags"].where(~((units["ags"] == "") & long_rs), from_rs)
    if has_column(frame, "GF"):
        units = units[text_column(frame, "GF").isin(["4", ""])]
    return units


def _level_of(frame: pd.DataFrame, units: pd.DataFrame) -> Level | None:
    """The level by ADE, else by the length of the keys."""
    if has_column(frame, "ADE"):
        level = _ADE.get(str(text_column(frame, "ADE").mode().iloc[0]))
        if level is not None:
            return level
    for column, digits in (("ags", 8), ("rs", 12), ("ags", 5), ("rs", 5), ("rs", 9)):
        if (units[column].str.len() == digits).mean() > 0.5:
            return {8: "municipality", 12: "municipality", 5: "district", 9: "association"}[digits]  # type: ignore[return-value]
    return None


def _dissolved(units: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """One row per municipality; parts of one municipality are united, two names under one key are an error."""
    wrong = units["ags"].str.len() != 8
    for _, unit in units[wrong].head(20).iterrows():
        problems.add(
            "boundaries_key_length", "error", unit["file"], row=int(unit["row"]), key=unit["ags"], name=unit["name"]
        )
    units = units[~wrong]
    for ags, group in units[units.duplicated("ags", keep=False)].groupby("ags"):
        if group["name"].nunique() > 1:
            names = ", ".join(sorted(group["name"].unique()))
            problems.add(
                "boundaries_key_twice",
                "error",
                group["file"].iloc[0],
                row=int(group["row"].iloc[1]),
                ags=ags,
                names=names,
            )
    if units["ags"].duplicated().any():
        shapes = gpd.GeoSeries(units["geometry"].to_numpy())
        united = shapes.groupby(units["ags"].to_numpy()).agg(lambda parts: parts.union_all())
        units = units.drop_duplicates("ags")
        units = units.assign(geometry=united.reindex(units["ags"]).to_numpy())
    return units.sort_values("ags", kind="stable").reset_index(drop=True)


def _check_keys(units: pd.DataFrame, study_ags: tuple[str, ...], problems: Problems) -> None:
    for key in study_ags:
        if units["ags"].str.startswith(key).any():
            continue
        held = sorted(units["ags"].str[:5].unique())
        near = [a for a in units["ags"] if a.startswith(key[:5])] if len(key) == 8 else []
        shown = near or held
        text = ", ".join(shown[:12]) + (" ..." if len(shown) > 12 else "")
        problems.add("boundaries_ags_missing", "error", str(units["file"].iloc[0]), ags=key, held=text)


def _read_membership(source: InputSettings, path: Path, problems: Problems) -> pd.DataFrame | None:
    """A table municipality -> association (ags, association_id, association_name, association_kind)."""
    table = read_text_table(path, problems=problems)
    if table is None:
        return None
    table = table.rename(columns={theirs: own for own, theirs in source.columns.items()})
    lower = {str(c).lower(): c for c in table.columns}
    if "ags_mitglieder" in lower or "members" in lower:
        members = table[lower.get("ags_mitglieder", lower.get("members", ""))].str.split()
        name = text_column(table, "verbandsgemeinde", "association_name", "vg_name")
        table = pd.DataFrame({"ags": members, "association_name": name}).explode("ags", ignore_index=True).dropna()
        table["association_id"], table["association_kind"] = "", "Verbandsgemeinde"
    elif "ags" in lower and ("vg_name" in lower or "association_name" in lower):
        table = pd.DataFrame(
            {
                "ags": text_column(table, "ags"),
                "association_name": text_column(table, "association_name", "vg_name"),
                "association_id": text_column(table, "association_id", "vg_rs"),
                "association_kind": text_column(table, "association_kind", "vg_typ"),
            }
        )
    else:
        problems.add("boundaries_membership_columns", "error", path.name, known=", ".join(map(str, table.columns)))
        return None
    table["ags"] = table["ags"].str.zfill(8)
    twice = table["ags"].duplicated()
    if twice.any():
        row = int(np.flatnonzero(twice)[0])
        problems.add(
            "boundaries_membership_twice",
            "warning",
            path.name,
            row=int(table["row"].iloc[row]) if "row" in table else None,
            ags=table["ags"].iloc[row],
            count=int(twice.sum()),
        )
    return table.drop_duplicates("ags")


def _with_association(
    units: pd.DataFrame, layers: list[pd.DataFrame], membership: list[pd.DataFrame], land: str, problems: Problems
) -> pd.DataFrame:
    """Association by table, else by the first 9 digits of the regional key; the layer gives name and kind."""
    table = units.drop(columns="geometry").copy()
    nine = table["rs"].str[:9].where(table["rs"].str.len() == 12, "")
    # Sixth digit of the regional key: 5 = member of an association, 0 = free of one (Destatis, Regionalschluessel).
    member = nine.str[5:6] == "5"
    table["association_id"] = nine.where(nine != "", table["ags"])
    table["association_name"] = table["name"].where(~member, "")
    free = "Einheitsgemeinde" if land == "ST" else "Gemeinde"
    table["association_kind"] = np.where(member, "Verwaltungsgemeinschaft", free)
    if layers:
        layer = pd.concat(layers, ignore_index=True)
        layer["rs"] = layer["rs"].str[:9]
        layer = layer.drop_duplicates("rs").set_index("rs")
        known = nine.isin(layer.index)
        table.loc[known, "association_name"] = nine[known].map(layer["name"])
        table.loc[known, "association_kind"] = nine[known].map(layer["kind"])
    if membership:
        given = pd.concat(membership, ignore_index=True)
        # The first table that says something about a municipality counts; ids are taken over from the regional keys.
        given = given.drop_duplicates("ags").set_index("ags")
        known = table["ags"].isin(given.index)
        table.loc[known, "association_name"] = table["ags"][known].map(given["association_name"])
        kinds = table["ags"].map(given["association_kind"])
        table.loc[known & (kinds != ""), "association_kind"] = kinds
        ids = table["ags"].map(given["association_id"])
        table.loc[known & (ids != ""), "association_id"] = ids
        # Without key (a list of seats and members): one id per name.
        without = known & (ids == "") & ~member
        first = table[without].groupby("association_name")["ags"].transform("min")
        table.loc[without, "association_id"] = first
    if land == "ST":
        abolished = table["association_kind"] == "Verwaltungsgemeinschaft"
        table.loc[abolished, "association_kind"] = "Verbandsgemeinde"
    unnamed = int((table["association_name"] == "").sum())
    if unnamed:
        problems.add("boundaries_association_unnamed", "warning", str(units["file"].iloc[0]), count=unnamed)
    return table


def _with_district(table: pd.DataFrame, layers: list[pd.DataFrame]) -> pd.DataFrame:
    table["district_ags"] = table["ags"].str[:5]
    # A town that is its own district has the municipality number 000.
    table["district_name"] = table["name"].where(table["ags"].str[5:] == "000", "")
    if layers:
        layer = pd.concat(layers, ignore_index=True)
        key = layer["ags"].where(layer["ags"].str.len() == 5, layer["rs"].str[:5])
        names = layer.assign(key=key).drop_duplicates("key").set_index("key")["name"]
        table["district_name"] = table["district_ags"].map(names).fillna(table["district_name"])
    return table
