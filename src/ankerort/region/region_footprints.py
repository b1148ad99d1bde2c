"""The footprints of all sources of a region."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ankerort.base.problems import Problems
from ankerort.region.raw_region import RawRegion
from ankerort.region.settings import RegionSettings
from ankerort.region.sources import footprint_of, footprint_table, hull


def source_footprints(
    raw: RawRegion, study_area: shapely.Geometry, shapes: gpd.GeoDataFrame, stops: pd.DataFrame, problems: Problems
) -> gpd.GeoDataFrame:
    """One footprint per source; a source without any content and declaration has none."""
    rows: list[dict[str, object]] = []
    crs = raw.settings.crs
    by_source = {source.source_id: tables for source, tables in raw.facility_tables}
    for source in raw.settings.inputs:
        services = ""
        content: shapely.Geometry = shapely.Polygon()
        if source.kind == "osm" and raw.osm is not None:
            services, content = "*", raw.osm.footprint or content
        elif source.kind == "facilities":
            frame = by_source[source.source_id].facilities
            services = ";".join(sorted(frame["service"].unique()))
            known = frame[np.isfinite(frame["x"])]
            content = hull(known["x"], known["y"])
        elif source.kind in ("gtfs", "stop_register"):
            frame = raw.registered if source.kind == "stop_register" else raw.gtfs_stops
            frame = frame[frame["source_id"] == source.source_id]
            services = ";".join(["bus_stop", *(["rail_station"] if (frame["kind"] == "station").any() else [])])
            content = hull(frame["x"], frame["y"])
        elif source.kind == "census":
            frame = raw.cells[raw.cells["source_id"] == source.source_id]
            content = hull(frame["x"], frame["y"])
        else:
            continue
        row = footprint_of(
            source,
            content=content,
            services=services,
            study_area=study_area,
            shapes=shapes,
            crs=crs,
            folder=raw.settings.folder,
            problems=problems,
        )
        if row is not None:
            if source.kind == "osm" and raw.osm is not None and row["rule"] == "derived":
                # the box of the file's header: more than its content shows, but nobody's word on what lies outside the buffer
                row["rule"] = "header" if raw.osm.footprint_rule == "given" else raw.osm.footprint_rule
            rows.append(row)
    return footprint_table(rows, crs)


def matrix_files(settings: RegionSettings, problems: Problems) -> tuple[Path, Path] | None:
    """Stops and times, in this order."""
    inputs = settings.inputs_of("stop_matrix")
    if not inputs:
        return None
    files = inputs[0].files
    if len(files) != 2 or len(inputs) > 1:
        problems.add("matrix_files", "error", "region.toml", count=sum(len(i.files) for i in inputs))
        return None
    return files[0], files[1]
