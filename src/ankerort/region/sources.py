"""The table of sources and the footprint of each: where, and for which services, it can know something."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from ankerort.base.files import sha256_of
from ankerort.base.problems import Problems
from ankerort.region.inquiry.ledger import ADDED_SOURCE
from ankerort.region.schema import FOOTPRINTS, SOURCES
from ankerort.region.settings import InputSettings, RegionSettings
from ankerort.region.vector_files import read_vector
from ankerort.text import say

OSM_ATTRIBUTION = "© OpenStreetMap-Mitwirkende, ODbL"
CENSUS_ATTRIBUTION = "Statistische Ämter des Bundes und der Länder, {census}, dl-de/by-2-0"
# kind -> licence, publisher where the kind settles them
_LICENCE: Mapping[str, tuple[str, str]] = {
    "osm": ("ODbL 1.0", "OpenStreetMap"),
    "census": ("dl-de/by-2-0", "Statistische Ämter des Bundes und der Länder"),
}


def source_table(
    settings: RegionSettings, rows: Mapping[str, int], dates: Mapping[str, str], problems: Problems
) -> pd.DataFrame:
    """SOURCES: one row per input, with hash, licence and the credit line that must be printed.

    Parameters
    ----------
    settings
        The inputs.
    rows, dates
        Rows read and date of the content, by source id; a date in ``region.toml`` goes first.
    problems
        Collects sources without credit line (note).
    """
    table: list[dict[str, object]] = []
    for source in settings.inputs:
        licence, publisher = _LICENCE.get(source.kind, ("", ""))
        attribution = source.attribution or _attribution(source)
        if not attribution:
            problems.add("source_without_attribution", "note", source.files[0].name, source=source.source_id)
        table.append(
            {
                "source_id": source.source_id,
                "kind": source.kind,
                "title": source.title or ", ".join(p.name for p in source.files),
                "file": "; ".join(_relative(p, settings.folder) for p in source.files),
                "publisher": source.publisher or publisher,
                "licence": source.licence or licence,
                "attribution": attribution,
                "date": source.date or dates.get(source.source_id, ""),
                "sha256": _hash(source.files),
                "rows": rows.get(source.source_id, 0),
                "note": source.note,
                "internal": source.options.get("internal") is True,
            }
        )
    return SOURCES.conform(pd.DataFrame(table)) if table else SOURCES.empty()


def with_ledger(sources: pd.DataFrame, settings: RegionSettings, ledger: pd.DataFrame) -> pd.DataFrame:
    """SOURCES with the answers of the municipalities as one source; as it was where nobody answered.

    Parameters
    ----------
    ledger
        CONFIRMATIONS.
    """
    if settings.ledger is None or not len(ledger):
        return sources
    row = {
        "source_id": ADDED_SOURCE,
        "kind": "user",
        "title": say("returns.source_title", "de"),
        "file": _relative(settings.ledger, settings.folder),
        "publisher": ", ".join(sorted(set(ledger["confirmed_by"]))),
        "licence": "",
        "attribution": say("returns.source_attribution", "de"),
        "date": str(ledger["confirmed_on"].max()),
        "sha256": sha256_of(settings.ledger),
        "rows": len(ledger),
        "note": "",
        "internal": False,
    }
    return SOURCES.conform(pd.concat([sources, pd.DataFrame([row])], ignore_index=True))


def _attribution(source: InputSettings) -> str:
    if source.kind == "osm":
        return OSM_ATTRIBUTION
    if source.kind == "census":
        text = " ".join([source.preset, source.title, source.date, *(p.name for p in source.files)])
        year = re.search(r"(2011|2022)", text)
        return CENSUS_ATTRIBUTION.format(census=f"Zensus {year.group(1)}" if year else "Zensus")
    # Without publisher there is no one to credit; with one, name and licence make the line.
    return ", ".join(t for t in (source.publisher, source.licence) if t) if source.publisher else ""


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def _hash(paths: Sequence[Path]) -> str:
    parts = [p for path in paths for p in ([path] if path.is_file() else sorted(path.iterdir())) if p.is_file()]
    hashes = [sha256_of(p) for p in parts]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def hull(x: Iterable[float], y: Iterable[float], *, margin_m: float = 1.0) -> shapely.Geometry:
    """Convex hull of points, a little wider so that its own points lie inside; empty without points."""
    points = shapely.multipoints(shapely.points(list(x), list(y)))
    return shapely.buffer(shapely.convex_hull(points), margin_m) if not points.is_empty else shapely.Polygon()


def footprint_of(
    source: InputSettings,
    *,
    content: shapely.Geometry,
    services: str,
    study_area: shapely.Geometry,
    shapes: gpd.GeoDataFrame,
    crs: str,
    folder: Path,
    problems: Problems,
) -> dict[str, object] | None:
    """The footprint of one source.

    Options: ``footprint`` = file with polygons, or list of AGS; ``complete = true``: absence inside is absence;
    ``services`` or ``service``: for which (default: `services`). A complete list without footprint covers the study area.

    Returns
    -------
    dict or None
        Row of FOOTPRINTS with geometry; None if the source covers nothing.
    """
    complete = source.options.get("complete") is True
    asked = source.options.get("services", source.options.get("service", ""))
    text = ";".join(str(a) for a in asked) if isinstance(asked, list) else str(asked)
    given = source.options.get("footprint")
    geometry, rule = content, "derived"
    if isinstance(given, str) and given and not given.isdigit():
        path = folder / given
        frame = read_vector(path, crs=crs, problems=problems) if path.is_file() else None
        if not path.is_file():
            problems.add("footprint_missing", "error", source.files[0].name, file=given)
        if frame is not None:
            geometry, rule = shapely.union_all(frame.geometry.to_numpy()), "given"
    elif given:
        keys = tuple(str(g) for g in given) if isinstance(given, list) else (str(given),)
        chosen = shapes["ags"].str.startswith(keys)
        for key in keys:
            if not shapes["ags"].str.startswith(key).any():
                problems.add("footprint_ags", "warning", source.files[0].name, ags=key)
        geometry, rule = shapely.union_all(shapes.geometry[chosen].to_numpy()), "given"
    elif complete:
        geometry, rule = study_area, "given"
    if geometry.is_empty:
        return None
    return {
        "source_id": source.source_id,
        "services": text or services,
        "complete": complete,
        "rule": rule,
        "geometry": geometry,
    }


def footprint_table(rows: Sequence[dict[str, object]], crs: str) -> gpd.GeoDataFrame:
    """FOOTPRINTS with geometry."""
    plain = FOOTPRINTS.conform(
        pd.DataFrame([{k: r[k] for k in FOOTPRINTS.names} for r in rows], columns=FOOTPRINTS.names)
    )
    return gpd.GeoDataFrame(plain, geometry=[r["geometry"] for r in rows], crs=crs)
