"""The user's places: a list with positions, polygons of Ortsteile, cells given to a place; and barrier lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from pyproj.exceptions import CRSError

from ankerort.base.problems import Problems
from ankerort.region.settings import InputSettings
from ankerort.region.tables_in import decimal_numbers, read_sheet, read_text_table
from ankerort.region.vector_files import GERMANY, read_vector, text_column

VECTOR_SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".fgb")
_LIST_COLUMNS = ["name", "ags", "x", "y", "source_id", "row", "file"]
_OVERRIDE_COLUMNS = ["cell_id", "x", "y", "name", "ags", "row", "file"]
_AREA_COLUMNS = ["name", "ags", "source_id", "by_user"]


def empty_areas(crs: str) -> gpd.GeoDataFrame:
    """A frame of place polygons without rows."""
    return gpd.GeoDataFrame({c: [] for c in _AREA_COLUMNS}, geometry=[], crs=crs).astype({"by_user": bool})


def read_places(
    inputs: Sequence[InputSettings], *, crs: str, problems: Problems
) -> tuple[pd.DataFrame, gpd.GeoDataFrame, pd.DataFrame]:
    """Read the inputs of kind ``places``.

    Parameters
    ----------
    inputs
        CSV or XLSX with name and lon, lat (or x, y with option ``crs``), optional ags; or a vector file of points or
        polygons with a name. With the option ``override = true``: cell_id (or a position), place, optional ags.
    crs
        The project's projected system.
    problems
        Collects: missing columns, rows without name, positions outside Germany, rows that stand twice.

    Returns
    -------
    listed, areas, overrides
        As `ankerort.region.places.PlaceInputs` wants them.
    """
    listed: list[pd.DataFrame] = []
    areas: list[gpd.GeoDataFrame] = [empty_areas(crs)]
    overrides: list[pd.DataFrame] = []
    for source in inputs:
        for path in source.files:
            if path.suffix.lower() in VECTOR_SUFFIXES:
                points, shapes = _from_shapes(source, path, crs, problems)
                listed.append(points)
                areas.append(shapes)
                continue
            table = read_sheet(path, problems=problems) if path.suffix.lower() == ".xlsx" else None
            if path.suffix.lower() != ".xlsx":
                table = read_text_table(path, problems=problems)
            if table is None:
                continue
            table = _mapped(table, source, path, problems)
            if source.options.get("override") is True:
                overrides.append(_overrides(table, source, path, crs, problems))
            else:
                listed.append(_listed(table, source, path, crs, problems))
    return (
        _together(listed, _LIST_COLUMNS),
        gpd.GeoDataFrame(pd.concat(areas, ignore_index=True), geometry="geometry", crs=crs),
        _together(overrides, _OVERRIDE_COLUMNS),
    )


def read_place_areas(inputs: Sequence[InputSettings], *, crs: str, problems: Problems) -> gpd.GeoDataFrame:
    """Polygons of Ortsteile (kind ``place_areas``): name, ags (may be empty), source_id, by_user, geometry.

    The name is taken from the column ``name`` (or ``GEN``, ``ortsteil``, ``stadtteil``, or as mapped).
    """
    parts = [empty_areas(crs)]
    for source in inputs:
        for path in source.files:
            parts.append(_from_shapes(source, path, crs, problems)[1])
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=crs)


def read_barriers(inputs: Sequence[InputSettings], *, crs: str, problems: Problems) -> gpd.GeoDataFrame:
    """Barrier lines (a river) and crossings (its bridges): kind ``barrier`` or ``crossing``, geometry.

    The column ``kind`` decides; without it lines and areas are barriers and points are crossings.
    """
    parts: list[gpd.GeoDataFrame] = [gpd.GeoDataFrame({"kind": []}, geometry=[], crs=crs)]
    for source in inputs:
        for path in source.files:
            frame = _read_layer(source, path, crs, problems)
            if frame is None:
                continue
            kind = text_column(frame, "kind").str.lower()
            point = frame.geometry.geom_type.isin(["Point", "MultiPoint"])
            default = pd.Series(np.where(point, "crossing", "barrier"), index=frame.index)
            wrong = ~kind.isin(["", "barrier", "crossing"])
            for row, value in zip(frame.loc[wrong, "row"].head(20), kind[wrong], strict=False):
                problems.add("barrier_kind", "warning", path.name, row=int(row), column="kind", value=value)
            kind = kind.where(kind.isin(["barrier", "crossing"]), default)
            parts.append(gpd.GeoDataFrame({"kind": kind}, geometry=frame.geometry.to_numpy(), crs=crs))
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=crs)


def _mapped(table: pd.DataFrame, source: InputSettings, path: Path, problems: Problems) -> pd.DataFrame:
    missing = [theirs for theirs in source.columns.values() if theirs not in table.columns]
    for theirs in missing:
        known = ", ".join(map(str, table.columns))
        problems.add("vector_column", "error", path.name, column=theirs, name=theirs, known=known)
    return table.rename(columns={theirs: own for own, theirs in source.columns.items()})


def _positions(
    table: pd.DataFrame, source: InputSettings, path: Path, crs: str, problems: Problems, *, needed: bool
) -> pd.DataFrame:
    """x, y in the project's system; NaN where there is no usable position."""
    result = pd.DataFrame({"x": np.nan, "y": np.nan}, index=table.index)
    lower = {str(c).lower(): c for c in table.columns}
    declared = str(source.options.get("crs", ""))
    if {"lon", "lat"} <= set(lower):
        first, second, system = lower["lon"], lower["lat"], "EPSG:4326"
    elif {"x", "y"} <= set(lower):
        first, second, system = lower["x"], lower["y"], declared or crs
    else:
        if needed:
            known = ", ".join(map(str, table.columns))
            problems.add("places_columns", "error", path.name, missing="lon, lat", known=known)
        return result
    numbers = pd.DataFrame({"x": decimal_numbers(table[first]), "y": decimal_numbers(table[second])})
    try:
        x, y = Transformer.from_crs(system, crs, always_xy=True).transform(numbers["x"], numbers["y"])
        lon, lat = Transformer.from_crs(system, "EPSG:4326", always_xy=True).transform(numbers["x"], numbers["y"])
    except CRSError:
        problems.add("vector_crs_unknown", "error", path.name, value=system)
        return result
    inside = (lon >= GERMANY[0]) & (lon <= GERMANY[2]) & (lat >= GERMANY[1]) & (lat <= GERMANY[3])
    swapped = (lat >= GERMANY[0]) & (lat <= GERMANY[2]) & (lon >= GERMANY[1]) & (lon <= GERMANY[3])
    if needed:
        for row in np.flatnonzero(~inside)[:20]:
            code = "places_axes_swapped" if swapped[row] else "places_position"
            text = f"{table[first].iloc[row]} / {table[second].iloc[row]}"
            problems.add(code, "warning", path.name, row=int(table["row"].iloc[row]), column=str(first), value=text)
    result["x"], result["y"] = np.where(inside, x, np.nan), np.where(inside, y, np.nan)
    return result


def _listed(table: pd.DataFrame, source: InputSettings, path: Path, crs: str, problems: Problems) -> pd.DataFrame:
    name = text_column(table, "name", "ort", "ortsteil", "place")
    if (name == "").all():
        problems.add("places_columns", "error", path.name, missing="name", known=", ".join(map(str, table.columns)))
    position = _positions(table, source, path, crs, problems, needed=True)
    frame = pd.DataFrame({"name": name, "ags": _ags(table), "x": position["x"], "y": position["y"]})
    frame = frame.assign(source_id=source.source_id, row=table["row"], file=path.name)
    nameless = (name == "") & position["x"].notna()
    for row in frame.loc[nameless, "row"].head(20):
        problems.add("places_nameless", "warning", path.name, row=int(row))
    frame = frame[(name != "") & frame["x"].notna()]
    twice = frame.duplicated(["name", "ags", "x", "y"])
    for row, value in zip(frame.loc[twice, "row"].head(20), frame.loc[twice, "name"], strict=False):
        problems.add("places_twice", "warning", path.name, row=int(row), name=value)
    return frame[~twice]


def _overrides(table: pd.DataFrame, source: InputSettings, path: Path, crs: str, problems: Problems) -> pd.DataFrame:
    cell = text_column(table, "cell_id", "id", "grid_id")
    place = text_column(table, "place", "name", "ort", "ortsteil", "place_id")
    position = _positions(table, source, path, crs, problems, needed=False)
    if (place == "").all() or ((cell == "").all() and position["x"].isna().all()):
        missing = "place" if (place == "").all() else "cell_id"
        problems.add("places_columns", "error", path.name, missing=missing, known=", ".join(map(str, table.columns)))
        return pd.DataFrame()
    frame = pd.DataFrame({"cell_id": cell, "x": position["x"], "y": position["y"], "name": place, "ags": _ags(table)})
    return frame.assign(row=table["row"], file=path.name)[place != ""]


def _ags(table: pd.DataFrame) -> pd.Series:
    ags = text_column(table, "ags", "gemeindeschluessel")
    return ags.where(ags == "", ags.str.zfill(8))


def _read_layer(source: InputSettings, path: Path, crs: str, problems: Problems) -> gpd.GeoDataFrame | None:
    return read_vector(
        path,
        crs=crs,
        problems=problems,
        layer=str(source.options.get("layer", "")),
        declared_crs=str(source.options.get("crs", "")),
        columns=source.columns,
    )


def _from_shapes(
    source: InputSettings, path: Path, crs: str, problems: Problems
) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Points of a vector file as listed places, polygons as areas."""
    frame = _read_layer(source, path, crs, problems)
    if frame is None:
        return pd.DataFrame(columns=_LIST_COLUMNS), empty_areas(crs)
    name = text_column(frame, "name", "gen", "ortsteil", "stadtteil", "ort")
    if (name == "").all():
        problems.add("places_columns", "error", path.name, missing="name", known=", ".join(map(str, frame.columns)))
    for row in frame.loc[name == "", "row"].head(20):
        problems.add("places_nameless", "warning", path.name, row=int(row))
    area = frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"]) & (name != "")
    point = ~area & (name != "")
    centre = shapely.centroid(frame.geometry.to_numpy())
    listed = pd.DataFrame(
        {"name": name, "ags": _ags(frame), "x": shapely.get_x(centre), "y": shapely.get_y(centre), "row": frame["row"]}
    ).assign(source_id=source.source_id, file=path.name)
    shapes = gpd.GeoDataFrame(
        {"name": name[area], "ags": _ags(frame)[area], "source_id": source.source_id, "by_user": True},
        geometry=frame.geometry[area].to_numpy(),
        crs=crs,
    )
    return listed.loc[point, _LIST_COLUMNS], shapes


def _together(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    parts = [p for p in parts if len(p)]
    if parts:
        return pd.concat(parts, ignore_index=True)[columns]
    numbers = {"x": "float64", "y": "float64", "row": "int64"}
    return pd.DataFrame({c: pd.Series(dtype=numbers.get(c, "str")) for c in columns})
