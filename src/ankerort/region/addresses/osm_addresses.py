"""Addresses of an OSM extract: points and buildings that bear a street and a house number."""

from __future__ import annotations

from pathlib import Path

import osmium
import pandas as pd
from pyproj import Transformer

from ankerort.base.progress import SILENT, Progress
from ankerort.region.schema import ADDRESSES


def read_osm_addresses(path: Path, *, source_id: str, crs: str, progress: Progress = SILENT) -> pd.DataFrame:
    """Read nodes and ways with ``addr:housenumber`` and ``addr:street`` (or ``addr:place``).

    A way stands at the mean of its nodes. OSM is not complete: a village may have no address at all.

    Parameters
    ----------
    path
        An OSM file that `ankerort.region.read_osm` could read.
    source_id
        Id of the source.
    crs
        Projected system of the project.

    Returns
    -------
    DataFrame
        ADDRESSES in the order of the file.
    """
    rows: list[dict[str, object]] = []
    with progress.task("progress.read_addresses"):
        reader = (
            osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
            .with_locations()
            .with_filter(osmium.filter.KeyFilter("addr:housenumber"))
        )
        for item in reader:
            street = item.tags.get("addr:street") or item.tags.get("addr:place") or ""
            if not street:
                continue
            if item.is_node():
                lon, lat = item.location.lon, item.location.lat
            else:
                points = [(n.lon, n.lat) for n in item.nodes if n.location.valid()]
                if len(points) > 1 and points[0] == points[-1]:
                    points.pop()
                if not points:
                    continue
                lon, lat = (sum(axis) / len(points) for axis in zip(*points, strict=True))
            rows.append(
                {
                    "street": street,
                    "number": item.tags.get("addr:housenumber", ""),
                    "postcode": item.tags.get("addr:postcode", ""),
                    "town": item.tags.get("addr:city", ""),
                    "district": item.tags.get("addr:suburb") or item.tags.get("addr:place") or "",
                    "lon": lon,
                    "lat": lat,
                    "in_building": True,
                    "source_id": source_id,
                }
            )
    if not rows:
        return ADDRESSES.empty()
    frame = pd.DataFrame(rows)
    frame["x"], frame["y"] = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(
        frame["lon"].to_numpy(), frame["lat"].to_numpy()
    )
    return ADDRESSES.conform(frame)
