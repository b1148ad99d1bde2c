"""Writes a commented ``region.toml`` and an empty ``eingang/`` for a new region."""

from __future__ import annotations

import json
from pathlib import Path

from ankerort.base.files import replacing
from ankerort.base.problems import Problems
from ankerort.region.read_settings import FILE_NAME, LAND_OF_AGS
from ankerort.text import say

INPUT_FOLDER = "eingang"


def init_region(
    folder: Path,
    *,
    name: str = "",
    study_ags: tuple[str, ...] = (),
    crs: str = "EPSG:25832",
    land: str = "",
    buffer_km: float = 30.0,
) -> Path:
    """Make a project folder.

    Parameters
    ----------
    folder
        Made if missing.
    name
        Name of the region; default: the folder's name.
    study_ags
        Keys of the study area (Land 2, district 5, municipality 8 digits); without any an example stands in a comment.
    crs
        Projected system: ``EPSG:25832`` west, ``EPSG:25833`` east of 12 degrees.
    land
        Land (``ST``); default: from the first key.
    buffer_km
        Width of the buffer.

    Returns
    -------
    Path
        The written ``region.toml``.

    Raises
    ------
    InputError
        If there is one already: nothing is overwritten.
    """
    path = folder / FILE_NAME
    if path.exists():
        problems = Problems()
        problems.add("init_exists", "error", FILE_NAME, folder=folder.name)
        problems.raise_errors()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / INPUT_FOLDER).mkdir(exist_ok=True)
    write_region_toml(path, name=name, study_ags=study_ags, crs=crs, land=land, buffer_km=buffer_km)
    return path


def write_region_toml(
    path: Path,
    *,
    name: str = "",
    study_ags: tuple[str, ...] = (),
    crs: str = "EPSG:25832",
    land: str = "",
    buffer_km: float = 30.0,
) -> None:
    """Write the commented German ``region.toml``; see `init_region` for the parameters.

    The inputs stand as comments, to be switched on by removing the ``#``.
    """
    known = land or (LAND_OF_AGS.get(study_ags[0][:2], "") if study_ags else "")
    text = say(
        "init.region_toml",
        "de",
        name=json.dumps(name or path.parent.resolve().name, ensure_ascii=False),
        study_area=json.dumps(list(study_ags)),
        crs=json.dumps(crs),
        land=json.dumps(known),
        buffer_km=f"{buffer_km:.1f}",
        folder=INPUT_FOLDER,
    )
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
