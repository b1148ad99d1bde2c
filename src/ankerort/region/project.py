"""The project folder: a region as ``tables/*.parquet`` and ``network/raw_streets_*.npy``, with a format version."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ankerort.base.files import replacing
from ankerort.base.problems import InputError, Problem
from ankerort.base.tables import Schema
from ankerort.region.model import RawStreets, Region
from ankerort.region.schema import (
    ABSENCES,
    ASSIGNED,
    BUILDINGS,
    CAPACITIES,
    CELLS,
    CENTRAL_PLACES,
    CONFIDENTIAL,
    FACILITIES,
    MOBILE_VISITS,
    MUNICIPALITIES,
    OCCUPANCY,
    PLACES,
    POPULATION_SOURCES,
    POPULATION_STOCKS,
    PROJECTIONS,
    REGISTERED_STOPS,
    SOURCES,
)
from ankerort.region.schema_broadband import BROADBAND
from ankerort.region.schema_inquiry import CLUBS, CONFIRMATIONS
from ankerort.region.settings import InputSettings, RegionSettings

PROJECT_FORMAT = 2  # 2: streets know the largest vehicle that may use them
TABLES: tuple[Schema, ...] = (
    PLACES,
    MUNICIPALITIES,
    CELLS,
    FACILITIES,
    ABSENCES,
    MOBILE_VISITS,
    BUILDINGS,
    REGISTERED_STOPS,
    SOURCES,
    CENTRAL_PLACES,
    CAPACITIES,
    CONFIDENTIAL,
    PROJECTIONS,
    POPULATION_STOCKS,
    POPULATION_SOURCES,
    CONFIRMATIONS,
    CLUBS,
    OCCUPANCY,
    ASSIGNED,
    BROADBAND,
)
LAYERS = ("footprints", "boundaries", "place_areas", "study_area", "barriers")
_HEAD = "region.json"
_STREETS = "raw_streets_"


def save_region(region: Region, folder: Path) -> None:
    """Write a region into a project folder; a region already there is replaced.

    The head ``tables/region.json`` goes first and comes last, so that a broken-off write is never read.

    Parameters
    ----------
    region
        The region.
    folder
        Project folder; ``tables/`` and ``network/`` are made.
    """
    tables, network = folder / "tables", folder / "network"
    tables.mkdir(parents=True, exist_ok=True)
    network.mkdir(parents=True, exist_ok=True)
    (tables / _HEAD).unlink(missing_ok=True)
    for schema in TABLES:
        frame: pd.DataFrame = getattr(region, schema.name)
        with replacing(tables / f"{schema.name}.parquet") as path:
            schema.conform(frame).to_parquet(path, index=False)
    for name in LAYERS:
        layer: gpd.GeoDataFrame = getattr(region, name)
        with replacing(tables / f"{name}.parquet") as path:
            layer.to_parquet(path, index=False)
    for old in network.glob(f"{_STREETS}*.npy"):
        old.unlink()
    streets = region.streets
    if streets is not None:
        for name in _array_names():
            with replacing(network / f"{_STREETS}{name}.npy") as path:
                np.save(path, getattr(streets, name), allow_pickle=False)
    matrix = region.stop_matrix_files
    head = {
        "format": PROJECT_FORMAT,
        "settings": _settings_to_json(region.settings, folder),
        "gtfs_files": [_relative(p, folder) for p in region.gtfs_files],
        "stop_matrix_files": None if matrix is None else [_relative(p, folder) for p in matrix],
        "streets": None
        if streets is None
        else {"class_names": list(streets.class_names), "surface_names": list(streets.surface_names)},
        "problems": [{**asdict(p), "params": dict(p.params)} for p in region.problems],
    }
    with replacing(tables / _HEAD) as path:
        path.write_text(json.dumps(head, ensure_ascii=False, indent=1, default=_plain) + "\n", encoding="utf-8")


def load_region(folder: Path, *, mmap: bool = True) -> Region:
    """Read a region that `save_region` wrote.

    Parameters
    ----------
    folder
        Project folder.
    mmap
        Map the street arrays into memory instead of reading them.

    Raises
    ------
    InputError
        If there is none, it is not complete, or its format version is not supported.
    """
    tables, network = folder / "tables", folder / "network"
    try:
        head = json.loads((tables / _HEAD).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise InputError([Problem("project_missing", "error", f"tables/{_HEAD}")]) from None
    except ValueError:
        raise InputError([Problem("project_broken", "error", f"tables/{_HEAD}", params={"file": _HEAD})]) from None
    if head.get("format") != PROJECT_FORMAT:
        params = {"found": head.get("format"), "supported": PROJECT_FORMAT}
        raise InputError([Problem("project_format", "error", f"tables/{_HEAD}", params=params)])
    current = ""
    try:
        frames = {}
        for schema in TABLES:
            current = f"tables/{schema.name}.parquet"
            frames[schema.name] = schema.conform(pd.read_parquet(folder / current))
        layers = {}
        for name in LAYERS:
            current = f"tables/{name}.parquet"
            layers[name] = gpd.read_parquet(folder / current)
        streets = None
        if head["streets"] is not None:
            arrays: dict[str, Any] = {}
            for name in _array_names():
                current = f"network/{_STREETS}{name}.npy"
                arrays[name] = np.load(network / f"{_STREETS}{name}.npy", mmap_mode="r" if mmap else None)
            arrays |= {key: tuple(head["streets"][key]) for key in ("class_names", "surface_names")}
            streets = RawStreets(**arrays)
    except (OSError, ValueError) as error:
        problem = Problem("project_broken", "error", current, params={"file": current})
        raise InputError([problem]) from error
    matrix = head["stop_matrix_files"]
    return Region(
        settings=_settings_from_json(head["settings"], folder),
        **frames,
        **layers,
        streets=streets,
        gtfs_files=tuple(_absolute(p, folder) for p in head["gtfs_files"]),
        stop_matrix_files=None if matrix is None else (_absolute(matrix[0], folder), _absolute(matrix[1], folder)),
        problems=tuple(Problem(**p) for p in head["problems"]),
    )


def _array_names() -> list[str]:
    return [f.name for f in fields(RawStreets) if f.name not in ("class_names", "surface_names")]


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder.resolve())).as_posix()


def _absolute(name: str, folder: Path) -> Path:
    return Path(os.path.normpath(folder.resolve() / name))


def _settings_to_json(settings: RegionSettings, folder: Path) -> dict[str, Any]:
    data = {f.name: getattr(settings, f.name) for f in fields(settings)}
    data["folder"] = _relative(settings.folder, folder)
    data["ledger"] = None if settings.ledger is None else _relative(settings.ledger, folder)
    catalogue = settings.catalogue_folder
    data["catalogue_folder"] = None if catalogue is None else _relative(catalogue, folder)
    data["inputs"] = [
        {**{f.name: getattr(i, f.name) for f in fields(i)}, "files": [_relative(p, folder) for p in i.files]}
        for i in settings.inputs
    ]
    return data


def _settings_from_json(data: Mapping[str, Any], folder: Path) -> RegionSettings:
    inputs = tuple(
        InputSettings(**{**i, "files": tuple(_absolute(p, folder) for p in i["files"])}) for i in data["inputs"]
    )
    catalogue = data["catalogue_folder"]
    return RegionSettings(
        **{
            **data,
            "folder": _absolute(data["folder"], folder),
            "study_ags": tuple(data["study_ags"]),
            "source_order": tuple(data["source_order"]),
            "catalogue_folder": None if catalogue is None else _absolute(catalogue, folder),
            "ledger": None if data.get("ledger") is None else _absolute(data["ledger"], folder),
            "inputs": inputs,
        }
    )


def _plain(value: Any) -> Any:
    """numpy numbers, mappings and tuples as JSON knows them; anything else as text."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
