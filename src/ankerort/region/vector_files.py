"""Opens vector files (GeoPackage, Shapefile, GeoJSON) and brings them into the project's projected system."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from ankerort.base.problems import Problems

# Degrees: Germany with a margin of about 100 km. Content outside is in another projection than it says.
GERMANY = (4.5, 46.3, 16.5, 56.0)


def layer_names(path: Path) -> list[str]:
    """Names of the layers of a vector file; empty if it cannot be opened."""
    try:
        return [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError, ValueError):
        return []


def read_vector(
    path: Path,
    *,
    crs: str,
    problems: Problems,
    layer: str = "",
    declared_crs: str = "",
    columns: Mapping[str, str] | None = None,
) -> gpd.GeoDataFrame | None:
    """Read one layer into the system `crs`.

    Parameters
    ----------
    path, layer
        File, and layer if it has several.
    declared_crs
        What the user says about the file's system (option ``crs``); overrides the file.
    columns
        Ankerort's name -> name in the file; these columns are renamed.

    Returns
    -------
    GeoDataFrame or None
        With a column ``row`` (feature counted from 1), without empty geometries, repaired where invalid. None if
        nothing can be used (an error stands in `problems`).
    """
    table = path.name if not layer else f"{path.name}/{layer}"
    try:
        frame = gpd.read_file(path, layer=layer or None)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError, ValueError, RuntimeError):
        known = layer_names(path)
        if layer and known:
            problems.add("vector_layer", "error", table, layer=layer, known=", ".join(known))
        else:
            problems.add("vector_unreadable", "error", table)
        return None
    if not isinstance(frame, gpd.GeoDataFrame) or "geometry" not in frame.columns:
        problems.add("vector_no_geometry", "error", table)
        return None
    for own, theirs in (columns or {}).items():
        if theirs not in frame.columns:
            problems.add("vector_column", "error", table, column=theirs, name=theirs, known=", ".join(frame.columns))
            return None
        frame = frame.drop(columns=[own] if own in frame.columns and own != theirs else []).rename(
            columns={theirs: own}
        )
    frame["row"] = np.arange(1, len(frame) + 1)
    empty = frame.geometry.isna() | frame.geometry.is_empty
    if empty.any():
        rows = frame.loc[empty, "row"]
        problems.add("vector_empty_shape", "warning", table, row=int(rows.iloc[0]), count=int(empty.sum()))
        frame = frame[~empty]
    if frame.empty:
        problems.add("vector_empty", "error", table)
        return None
    system = _system(frame, table, declared_crs, problems)
    if system is None:
        return None
    frame = frame.set_crs(system, allow_override=True)
    if not _in_germany(frame, table, system, problems):
        return None
    frame = frame.to_crs(crs)
    broken = ~shapely.is_valid(frame.geometry.to_numpy())
    if broken.any():
        problems.add(
            "vector_repaired", "note", table, row=int(frame.loc[broken, "row"].iloc[0]), count=int(broken.sum())
        )
        frame = frame.set_geometry(frame.geometry.where(~broken, frame.geometry.make_valid()))
    return frame.reset_index(drop=True)


def _system(frame: gpd.GeoDataFrame, table: str, declared: str, problems: Problems) -> CRS | None:
    """The declared system, the file's own, or degrees if the numbers can be nothing else."""
    if declared:
        try:
            return CRS.from_user_input(declared)
        except CRSError:
            problems.add("vector_crs_unknown", "error", table, value=declared)
            return None
    if frame.crs is not None:
        return CRS(frame.crs)
    bounds = frame.total_bounds
    if GERMANY[0] <= bounds[0] and GERMANY[1] <= bounds[1] and bounds[2] <= GERMANY[2] and bounds[3] <= GERMANY[3]:
        problems.add("vector_crs_guessed", "warning", table)
        return CRS("EPSG:4326")
    problems.add("vector_crs_missing", "error", table, example=f"{bounds[0]:.0f} / {bounds[1]:.0f}")
    return None


def _in_germany(frame: gpd.GeoDataFrame, table: str, system: CRS, problems: Problems) -> bool:
    """Whether most shapes lie in Germany; else the system of the file is wrong or the axes are swapped."""
    raw = frame.total_bounds
    degrees = frame.geometry.to_crs("EPSG:4326").bounds
    centre_lon = ((degrees.minx + degrees.maxx) / 2).to_numpy()
    centre_lat = ((degrees.miny + degrees.maxy) / 2).to_numpy()
    inside = (GERMANY[0] <= centre_lon) & (centre_lon <= GERMANY[2])
    inside &= (GERMANY[1] <= centre_lat) & (centre_lat <= GERMANY[3])
    if inside.mean() >= 0.5:
        return True
    example = f"{raw[0]:.2f} / {raw[1]:.2f}"
    if system.is_geographic and GERMANY[1] <= raw[0] <= GERMANY[3] and GERMANY[0] <= raw[1] <= GERMANY[2]:
        problems.add("vector_axes_swapped", "error", table, example=example)
    else:
        problems.add("vector_wrong_crs", "error", table, example=example, system=system.to_string()[:40])
    return False


def text_column(frame: pd.DataFrame, *names: str) -> pd.Series:
    """The first of these columns as stripped text, empty where missing; case does not matter."""
    lower = {str(c).lower(): c for c in frame.columns}
    for name in names:
        if name.lower() in lower:
            values = frame[lower[name.lower()]]
            if pd.api.types.is_float_dtype(values.dtype):  # keys read as 15003000.0
                values = values.astype("Int64")
            return values.astype("str").where(values.notna(), "").str.strip()
    return pd.Series([""] * len(frame), index=frame.index, dtype="str")


def has_column(frame: pd.DataFrame, *names: str) -> bool:
    """Whether one of these columns is there; case does not matter."""
    return bool({n.lower() for n in names} & {str(c).lower() for c in frame.columns})
