"""Gathers from all readers what belongs together: stops, places, facilities, ranks of sources."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from ankerort.base.problems import Problems
from ankerort.base.tables import Schema
from ankerort.region.assign import assign_municipality
from ankerort.region.population import scale_to_totals
from ankerort.region.raw_region import RawRegion
from ankerort.region.schema import FACILITIES, REGISTERED_STOPS
from ankerort.region.settings import InputSettings, RegionSettings
from ankerort.region.stop_facilities import stop_facilities, without_osm_stops

# Lists that somebody drew from OSM.
_OSM_COPIES = ("lidl_osm_2024", "poi_magdeburg")


def osm_id(settings: RegionSettings) -> str:
    inputs = settings.inputs_of("osm")
    return inputs[0].source_id if inputs else ""


def file_names(settings: RegionSettings, kind: Any) -> str:
    return ", ".join(p.name for i in settings.inputs_of(kind) for p in i.files)


def scaled_cells(cells: pd.DataFrame, raw: RawRegion, shapes: gpd.GeoDataFrame, problems: Problems) -> pd.DataFrame:
    """Cells scaled to the totals of the municipalities that lie wholly within reach, if asked for."""
    if not raw.settings.scale_to_totals or not raw.totals:
        return cells
    whole = shapely.covered_by(shapes.geometry.to_numpy(), raw.reach)
    inside = set(shapes.loc[whole, "ags"])
    totals = {ags: persons for ags, persons in raw.totals.items() if ags in inside}
    return scale_to_totals(cells, totals, problems, catalogue=raw.catalogue)


def stops_within_reach(raw: RawRegion, shapes: gpd.GeoDataFrame) -> pd.DataFrame:
    """REGISTERED_STOPS within reach: of the register and, where it holds none, of the timetables; without both of OSM."""
    stops = pd.concat([raw.registered, _unregistered(raw)], ignore_index=True)
    if stops.empty and raw.osm is not None:
        stops = raw.osm.registered_stops
    stops = stops[[c for c in REGISTERED_STOPS.names if c in stops.columns]]
    inside = shapely.intersects_xy(raw.reach, stops["x"].to_numpy(), stops["y"].to_numpy())
    stops = REGISTERED_STOPS.conform(stops[inside])
    found = pd.Series(assign_municipality(stops["x"].to_numpy(), stops["y"].to_numpy(), shapes), dtype="str")
    stops["ags"] = stops["ags"].where(stops["ags"] != "", found)
    return stops


def _unregistered(raw: RawRegion) -> pd.DataFrame:
    """Stops of the timetables near which no stop is registered: a register of one Land ends at its border, buses do not."""
    stops = raw.gtfs_stops
    registered = raw.registered[raw.registered["kind"] == "stop"]
    if stops.empty or registered.empty:
        return stops
    near_m, _ = cKDTree(registered[["x", "y"]].to_numpy()).query(stops[["x", "y"]].to_numpy())
    return stops[near_m > raw.settings.merge_distance_m]


def osm_places(raw: RawRegion) -> pd.DataFrame:
    columns = ["name", "kind", "x", "y", "source_id"]
    if raw.osm is None:
        return pd.DataFrame({c: pd.Series(dtype="float64" if c in "xy" else "str") for c in columns})
    return raw.osm.places[columns].astype({"x": "float64", "y": "float64"})


def areas_of_places(raw: RawRegion) -> gpd.GeoDataFrame:
    """Polygons of Ortsteile: the user's before those of OSM (administrative levels 9 and 10)."""
    parts = [raw.place_areas, raw.place_list[1]]
    if raw.osm is not None:
        levels = raw.osm.admin_areas
        levels = levels[levels["admin_level"].isin([9, 10]) & (levels["name"] != "")]
        levels = levels.sort_values("admin_level", ascending=False, kind="stable")  # the smaller unit first
        levels = levels[["name", "geometry"]].assign(ags="", source_id=osm_id(raw.settings), by_user=False)
        parts.append(levels)
    parts = [p for p in parts if len(p)] or [raw.place_areas]
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=raw.settings.crs)


def all_facilities(raw: RawRegion, stops: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    frames = [tables.facilities for _, tables in raw.facility_tables]
    own = osm_id(raw.settings)
    if raw.osm is not None:
        from_timetable = stops[stops["source_id"] != own]
        frames.append(
            without_osm_stops(raw.osm.facilities, from_timetable, problems, file=file_names(raw.settings, "osm"))
        )
    dates = {**raw.dates, **{i.source_id: i.date for i in raw.settings.inputs if i.date}}
    frames.append(stop_facilities(stops[stops["source_id"] != own], dates))
    together = stacked(frames, FACILITIES)
    for column in [*FACILITIES.names, "place_name"]:
        if column in together and not pd.api.types.is_numeric_dtype(together[column].dtype):
            together[column] = together[column].fillna("")
    twice = together["facility_id"].duplicated()
    for _, row in together[twice].head(20).iterrows():
        problems.add("facility_id_twice", "warning", str(row["source_id"]), facility_id=row["facility_id"])
    return together[~twice].reset_index(drop=True)


def source_ranks(settings: RegionSettings, problems: Problems) -> dict[str, int]:
    """source_id -> position in ``source_order``; option ``rank`` of an input names another."""
    order = list(settings.source_order)
    ranks: dict[str, int] = {}
    for source in settings.inputs:
        name = str(source.options.get("rank", _default_rank(source)))
        if name not in order:
            if "rank" in source.options:
                problems.add(
                    "rank_unknown", "error", "region.toml", source=source.source_id, rank=name, known=", ".join(order)
                )
            ranks[source.source_id] = len(order)
            continue
        ranks[source.source_id] = order.index(name)
    return ranks


def _default_rank(source: InputSettings) -> str:
    """The template is the municipality's; a known layout or a mapped table is an official list or a copy of OSM."""
    if source.kind == "osm" or source.preset in _OSM_COPIES:
        return "osm"
    own = source.kind == "facilities" and source.preset in ("", "template") and not source.columns
    return "municipality" if own else "official"


def stacked(frames: list[pd.DataFrame], schema: Schema) -> pd.DataFrame:
    """All rows of several tables, with the extra columns for assignment."""
    frames = [f for f in frames if len(f)]
    if frames:
        return pd.concat(frames, ignore_index=True)
    return schema.empty().assign(place_name=pd.Series(dtype="str"))


def of_facilities(frames: list[pd.DataFrame], facilities: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Rows of tables beside the facilities, of those within reach; a row that was merged speaks for the one that counts."""
    frames = [f for f in frames if len(f)]
    if not frames:
        return schema.empty()
    stands_for = facilities["merged_into"].where(facilities["merged_into"] != "", facilities["facility_id"])
    counts = dict(zip(facilities["facility_id"], stands_for, strict=True))
    table = pd.concat(frames, ignore_index=True)
    own = table["facility_id"]
    table = table.assign(facility_id=own.map(counts), own=own.map(counts) == own)
    table = table[table["facility_id"].notna()].sort_values("own", ascending=False, kind="stable")
    # What the row that counts says itself goes before what was merged into it.
    first = table.groupby("facility_id")["source_id"].transform("first")
    table = table[table["source_id"] == first].drop(columns="own")
    table = table.drop_duplicates(list(schema.key)) if schema.key else table
    return schema.conform(table.sort_index(kind="stable").reset_index(drop=True))
