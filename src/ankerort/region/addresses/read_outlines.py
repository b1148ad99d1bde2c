"""Reads building outlines: Hausumringe (HU-DE), ALKIS exports and OSM buildings, as far as they say what a building is for."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from ankerort.base.problems import Problems
from ankerort.region.settings import InputSettings
from ankerort.region.vector_files import has_column, read_vector, text_column

_FUNCTION = ("gfk", "funktion", "gebaeudefunktion", "gebäudefunktion", "function", "building", "fclass", "type")
_STOREYS = ("aog", "anzahlderoberirdischengeschosse", "geschosse", "storeys", "building:levels")
# Key of the function in ALKIS (last four digits of 31001_1010): 1000 to 1999 is for living or living and trade.
_LIVING_WORDS = frozenset(
    "house residential detached apartments semidetached_house terrace farm dormitory bungalow".split()  # noqa: SIM905
)
_UNSAID = frozenset({"", "yes", "9998", "9999"})


def read_outlines(inputs: Sequence[InputSettings], *, crs: str, problems: Problems) -> gpd.GeoDataFrame:
    """Read all inputs of kind ``building_outlines``.

    Parameters
    ----------
    inputs
        Polygons (GeoPackage, Shapefile, GeoJSON). A column with the function of the building (ALKIS key like ``31001_1010`` or
        ``1010``, a word with "wohn", or OSM's ``building``) and one with storeys are used if they are there.
    crs
        Projected system of the project.
    problems
        Collects what the file lacks: no function at all (warning: each building of sufficient size counts as lived in).

    Returns
    -------
    GeoDataFrame
        Columns `residential` (True, False, None = not said), `storeys` (NaN = not known), `source_id`, geometry.
    """
    frames = []
    for source in inputs:
        for path in source.files:
            frame = read_vector(
                path,
                crs=crs,
                problems=problems,
                layer=str(source.options.get("layer", "")),
                declared_crs=str(source.options.get("crs", "")),
                columns=source.columns,
            )
            if frame is None:
                continue
            if not has_column(frame, *_FUNCTION):
                problems.add("outlines_function", "warning", path.name)
            storeys = pd.to_numeric(text_column(frame, *_STOREYS).str.replace(",", "."), errors="coerce")
            frames.append(
                gpd.GeoDataFrame(
                    {
                        "residential": pd.Series(
                            [residential(t) for t in text_column(frame, *_FUNCTION)], dtype="object"
                        ),
                        "storeys": storeys.to_numpy(dtype=np.float64),
                        "source_id": source.source_id,
                    },
                    geometry=frame.geometry.to_numpy(),
                    crs=crs,
                )
            )
    if not frames:
        return gpd.GeoDataFrame({"residential": [], "storeys": [], "source_id": []}, geometry=[], crs=crs)
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=crs)


def residential(function: str) -> bool | None:
    """Whether a building is for living; None if its function does not say.

    ALKIS keys 1000 to 1999 are for living, and living with trade or farming; all other keys are not.
    """
    text = function.strip().lower()
    key = text.rpartition("_")[2]
    if key in _UNSAID:
        return None
    if key.isdigit():
        return 1000 <= int(key) < 2000
    return text in _LIVING_WORDS or "wohn" in text
