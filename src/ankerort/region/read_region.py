"""Reads all inputs of a region and puts them together: every problem is collected, errors stop at the end, together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from ankerort.base.problems import InputError, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.base.tables import Schema
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.region.assign import assign_municipality
from ankerort.region.central_places import locate_central_places, read_central_places
from ankerort.region.facility_tables import FacilityTables
from ankerort.region.gtfs_stops import read_gtfs_stops
from ankerort.region.locate import Locator
from ankerort.region.locate_population import locate_projections, locate_stocks
from ankerort.region.merge import merge_facilities
from ankerort.region.model import RawStreets, Region
from ankerort.region.places import PlaceInputs, build_places, finish_places, report_unnamed_people
from ankerort.region.population import read_population, scale_to_totals
from ankerort.region.read_boundaries import Boundaries, read_boundaries
from ankerort.region.read_facilities import read_facility_table
from ankerort.region.read_osm import OsmExtract, read_osm
from ankerort.region.read_osm_streets import read_osm_streets
from ankerort.region.read_places import read_barriers, read_place_areas, read_places
from ankerort.region.read_projection import empty_rows, read_population_tables
from ankerort.region.read_settings import read_settings
from ankerort.region.read_stop_register import read_stop_register
from ankerort.region.read_totals import read_totals
from ankerort.region.schema import (
    ABSENCES,
    BUILDINGS,
    CAPACITIES,
    CONFIDENTIAL,
    FACILITIES,
    MOBILE_VISITS,
    REGISTERED_STOPS,
)
from ankerort.region.settings import InputSettings, RegionSettings
from ankerort.region.sources import footprint_of, footprint_table, hull, source_table
from ankerort.region.stop_facilities import stop_facilities, without_osm_stops

# Lists that somebody drew from OSM.
_OSM_COPIES = ("lidl_osm_2024", "poi_magdeburg")


@dataclass
class RawRegion:
    """What the readers gave, before anything belongs to anything."""

    settings: RegionSettings
    catalogue: Catalogue
    boundaries: Boundaries | None
    osm: OsmExtract | None
    streets: RawStreets | None
    cells: pd.DataFrame
    totals: Mapping[str, float]
    facility_tables: list[tuple[InputSettings, FacilityTables]]
    registered: pd.DataFrame
    gtfs_stops: pd.DataFrame
    place_list: tuple[pd.DataFrame, gpd.GeoDataFrame, pd.DataFrame]
    place_areas: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    central_places: pd.DataFrame
    reach: shapely.Geometry | None
    rows: dict[str, int] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    projection_rows: pd.DataFrame = field(default_factory=empty_rows)
    stock_rows: pd.DataFrame = field(default_factory=empty_rows)


def read_region(folder: Path, *, catalogue: Catalogue | None = None, progress: Progress = SILENT) -> Region:
    """Read ``region.toml`` and all inputs that it names.

    Parameters
    ----------
    folder
        Project folder (or its ``region.toml``).
    catalogue
        Services, groups and figures; by default the shipped ones with the project's own folder on top.
    progress
        Listener.

    Returns
    -------
    Region
        Frozen tables; `problems` holds warnings and notes. The same files give the same tables.

    Raises
    ------
    InputError
        With all problems of all inputs, if one of them is an error.
    """
    problems = Problems()
    raw = read_inputs(folder, catalogue=catalogue, problems=problems, progress=progress)
    problems.raise_errors()
    region = assemble(raw, problems=problems, progress=progress)
    problems.raise_errors()
    return replace(region, problems=problems.sorted())


def read_inputs(
    folder: Path, *, catalogue: Catalogue | None = None, problems: Problems, progress: Progress = SILENT
) -> RawRegion:
    """Read every input as far as it can be read; errors stand in `problems`.

    Raises
    ------
    InputError
        Only if ``region.toml`` or the catalogue cannot be read at all.
    """
    settings = read_settings(folder, problems=problems)
    if catalogue is None:
        try:
            catalogue = read_catalogue(settings.catalogue_folder, land=settings.land or "ST")
        except InputError as error:
            problems.extend(error.problems)
            problems.raise_errors()
            raise
        problems.extend(catalogue.problems)
    crs = settings.crs
    with progress.task("progress.read_boundaries"):
        inputs = settings.inputs_of("boundaries")
        boundaries = None
        if inputs:
            study = settings.study_ags
            boundaries = read_boundaries(inputs, study_ags=study, crs=crs, land=settings.land, problems=problems)
    reach = None
    if boundaries is not None and boundaries.municipalities["in_study"].any():
        study_area = shapely.union_all(boundaries.shapes.geometry[boundaries.municipalities["in_study"].to_numpy()])
        reach = shapely.buffer(study_area, settings.buffer_km * 1000.0) if settings.buffer_km else study_area
    osm, streets = _read_osm(settings, catalogue, problems, progress)
    totals = read_totals(settings, problems)
    census = tuple(i for i in settings.inputs_of("census") if i.options.get("totals") is not True)
    cells = read_population(
        census, catalogue=catalogue, land=settings.land, crs=crs, problems=problems, clip=reach, progress=progress
    )
    tables = [
        (source, read_facility_table(source, catalogue=catalogue, crs=crs, problems=problems))
        for source in settings.inputs_of("facilities")
    ]
    registers = [read_stop_register(s, crs=crs, problems=problems) for s in settings.inputs_of("stop_register")]
    raw = RawRegion(
        settings=settings,
        catalogue=catalogue,
        boundaries=boundaries,
        osm=osm,
        streets=streets,
        cells=cells,
        totals=totals,
        facility_tables=tables,
        registered=_stacked(registers, REGISTERED_STOPS),
        gtfs_stops=read_gtfs_stops(settings.inputs_of("gtfs"), crs=crs),
        place_list=read_places(settings.inputs_of("places"), crs=crs, problems=problems),
        place_areas=read_place_areas(settings.inputs_of("place_areas"), crs=crs, problems=problems),
        barriers=read_barriers(settings.inputs_of("barriers"), crs=crs, problems=problems),
        central_places=read_central_places(settings.inputs_of("central_places"), problems=problems),
        reach=reach,
        projection_rows=read_population_tables(settings.inputs_of("projection"), problems=problems),
        stock_rows=read_population_tables(settings.inputs_of("population"), problems=problems),
    )
    _count(raw)
    return raw


def _read_osm(
    settings: RegionSettings, catalogue: Catalogue, problems: Problems, progress: Progress
) -> tuple[OsmExtract | None, RawStreets | None]:
    inputs = settings.inputs_of("osm")
    if not inputs:
        return None, None
    if len(inputs) > 1 or len(inputs[0].files) > 1:
        problems.add("osm_twice", "error", "region.toml", count=sum(len(i.files) for i in inputs))
    source, path = inputs[0], inputs[0].files[0]
    before = len(problems)
    extract = read_osm(
        path, catalogue=catalogue, source_id=source.source_id, crs=settings.crs, problems=problems, progress=progress
    )
    if any(p.severity == "error" for p in list(problems)[before:]):
        return extract, None  # a broken file would be named twice
    streets = read_osm_streets(path, source_id=source.source_id, problems=problems, progress=progress)
    return extract, streets if len(streets.segment_from) else None


def _count(raw: RawRegion) -> None:
    """Rows and dates by source."""
    rows, dates = raw.rows, raw.dates
    if raw.boundaries is not None:
        rows.update(raw.boundaries.row_counts)
    for source in raw.settings.inputs_of("osm"):
        if raw.osm is not None:
            rows[source.source_id] = int(raw.osm.counts.get("objects", len(raw.osm.facilities)))
            dates[source.source_id] = raw.osm.date
    frames = [raw.cells, raw.registered, raw.gtfs_stops, raw.place_list[0], raw.place_list[1], raw.place_areas]
    frames += [raw.central_places, raw.projection_rows, raw.stock_rows]
    for source_tables in [t for _, t in raw.facility_tables]:
        frames += [
            source_tables.facilities,
            source_tables.absences,
            source_tables.mobile_visits,
            source_tables.buildings,
        ]
    for frame in frames:
        for source_id, count in frame["source_id"].value_counts().items():
            rows[str(source_id)] = rows.get(str(source_id), 0) + int(count)


def assemble(raw: RawRegion, *, problems: Problems, progress: Progress = SILENT) -> Region:
    """Put the tables together: municipality, place, study area or buffer for every row; merge; sources and footprints.

    `raw.boundaries` and `raw.reach` must be there (no errors so far).
    """
    if raw.boundaries is None or raw.reach is None:
        raise ValueError("boundaries are missing: raise the errors of the readers first")
    settings, catalogue = raw.settings, raw.catalogue
    nearest_m = catalogue.value("place.nearest_m")
    with progress.task("progress.assemble_region"):
        near = shapely.intersects(raw.boundaries.shapes.geometry.to_numpy(), raw.reach)
        municipalities = raw.boundaries.municipalities[near].reset_index(drop=True)
        shapes = raw.boundaries.shapes[near].reset_index(drop=True)
        in_study = dict(zip(municipalities["ags"], municipalities["in_study"], strict=True))
        study_area = shapely.union_all(shapes.geometry[municipalities["in_study"].to_numpy()].to_numpy())
        cells = raw.cells.copy()
        cells["ags"] = assign_municipality(cells["x"].to_numpy(), cells["y"].to_numpy(), shapes)
        cells["in_study"] = [in_study.get(key, False) for key in cells["ags"]]
        if not cells["in_study"].any():
            problems.add("cells_outside", "error", _files(settings, "census"), count=len(cells))
            problems.raise_errors()
        cells = _scaled(cells, raw, shapes, problems)
        stops = _stops(raw, shapes)
        places = build_places(
            PlaceInputs(
                listed=raw.place_list[0],
                osm=_osm_places(raw),
                areas=_areas(raw),
                stops=stops[stops["source_id"] != _osm_id(settings)],
                overrides=raw.place_list[2],
            ),
            municipalities=municipalities,
            shapes=shapes,
            cells=cells,
            min_persons=catalogue.value("place.stop_persons"),
            stop_radius_m=catalogue.value("place.stop_m"),
            nearest_m=nearest_m,
            problems=problems,
        )
        cells["place_id"] = places.cell_place
        files = {i.source_id: i.files[0].name for i in settings.inputs}
        locator = Locator(places, shapes, raw.reach, nearest_m, files, problems)
        together = _all_facilities(raw, stops, problems)
        facilities = merge_facilities(
            locator.facilities(together, in_study=in_study),
            catalogue=catalogue,
            source_rank=_ranks(settings, problems),
            distance_m=settings.merge_distance_m,
            # a row without coordinates stands at its place's centre: it is one with the facility of its name there
            place_only=frozenset(together.loc[together["x"].isna(), "facility_id"]),
        )
        tables = [t for _, t in raw.facility_tables]
        absences = locator.absences(_stacked([t.absences for t in tables], ABSENCES))
        visits = locator.mobile_visits(_stacked([t.mobile_visits for t in tables], MOBILE_VISITS))
        buildings = locator.buildings(_stacked([t.buildings for t in tables], BUILDINGS))
        used = set(facilities["place_id"]) | set(absences["place_id"]) | set(visits["place_id"])
        table = finish_places(places, cells, used | set(buildings["place_id"]), municipalities)
        report_unnamed_people(table, problems)
        sums = cells.groupby("ags")["persons"].sum()
        municipalities["persons"] = municipalities["ags"].map(sums).fillna(0.0)
        footprints = _footprints(raw, study_area, shapes, stops, problems)
        capacities = _of_facilities([t.capacities for t in tables], facilities, CAPACITIES)
        confidential = _of_facilities([t.confidential for t in tables], facilities, CONFIDENTIAL)
    crs = settings.crs
    known_areas = places.areas[places.areas["place_id"].isin(set(table["place_id"]))].reset_index(drop=True)
    return Region(
        settings=settings,
        places=table,
        municipalities=municipalities,
        cells=cells.reset_index(drop=True),
        facilities=facilities,
        absences=absences,
        mobile_visits=visits,
        buildings=buildings,
        registered_stops=stops,
        sources=source_table(settings, raw.rows, raw.dates, problems),
        footprints=footprints,
        boundaries=shapes,
        place_areas=known_areas,
        study_area=gpd.GeoDataFrame({"name": [settings.name]}, geometry=[study_area], crs=crs),
        barriers=raw.barriers,
        streets=raw.streets,
        gtfs_files=tuple(p for i in settings.inputs_of("gtfs") for p in i.files),
        stop_matrix_files=_matrix_files(settings, problems),
        central_places=locate_central_places(raw.central_places, table, problems),
        capacities=capacities,
        confidential=confidential,
        projections=locate_projections(raw.projection_rows, municipalities, problems),
        population_stocks=locate_stocks(raw.stock_rows, municipalities, table, problems),
    )


def _stacked(frames: list[pd.DataFrame], schema: Schema) -> pd.DataFrame:
    """All rows of several tables, with the extra columns for assignment."""
    frames = [f for f in frames if len(f)]
    if frames:
        return pd.concat(frames, ignore_index=True)
    return schema.empty().assign(place_name=pd.Series(dtype="str"))


def _of_facilities(frames: list[pd.DataFrame], facilities: pd.DataFrame, schema: Schema) -> pd.DataFrame:
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


def _osm_id(settings: RegionSettings) -> str:
    inputs = settings.inputs_of("osm")
    return inputs[0].source_id if inputs else ""


def _files(settings: RegionSettings, kind: Any) -> str:
    return ", ".join(p.name for i in settings.inputs_of(kind) for p in i.files)


def _scaled(cells: pd.DataFrame, raw: RawRegion, shapes: gpd.GeoDataFrame, problems: Problems) -> pd.DataFrame:
    """Cells scaled to the totals of the municipalities that lie wholly within reach, if asked for."""
    if not raw.settings.scale_to_totals or not raw.totals:
        return cells
    whole = shapely.covered_by(shapes.geometry.to_numpy(), raw.reach)
    inside = set(shapes.loc[whole, "ags"])
    totals = {ags: persons for ags, persons in raw.totals.items() if ags in inside}
    return scale_to_totals(cells, totals, problems, catalogue=raw.catalogue)


def _stops(raw: RawRegion, shapes: gpd.GeoDataFrame) -> pd.DataFrame:
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


def _osm_places(raw: RawRegion) -> pd.DataFrame:
    columns = ["name", "kind", "x", "y", "source_id"]
    if raw.osm is None:
        return pd.DataFrame({c: pd.Series(dtype="float64" if c in "xy" else "str") for c in columns})
    return raw.osm.places[columns].astype({"x": "float64", "y": "float64"})


def _areas(raw: RawRegion) -> gpd.GeoDataFrame:
    """Polygons of Ortsteile: the user's before those of OSM (administrative levels 9 and 10)."""
    parts = [raw.place_areas, raw.place_list[1]]
    if raw.osm is not None:
        levels = raw.osm.admin_areas
        levels = levels[levels["admin_level"].isin([9, 10]) & (levels["name"] != "")]
        levels = levels.sort_values("admin_level", ascending=False, kind="stable")  # the smaller unit first
        levels = levels[["name", "geometry"]].assign(ags="", source_id=_osm_id(raw.settings), by_user=False)
        parts.append(levels)
    parts = [p for p in parts if len(p)] or [raw.place_areas]
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=raw.settings.crs)


def _all_facilities(raw: RawRegion, stops: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    frames = [tables.facilities for _, tables in raw.facility_tables]
    osm_id = _osm_id(raw.settings)
    if raw.osm is not None:
        from_timetable = stops[stops["source_id"] != osm_id]
        frames.append(without_osm_stops(raw.osm.facilities, from_timetable, problems, file=_files(raw.settings, "osm")))
    dates = {**raw.dates, **{i.source_id: i.date for i in raw.settings.inputs if i.date}}
    frames.append(stop_facilities(stops[stops["source_id"] != osm_id], dates))
    together = _stacked(frames, FACILITIES)
    for column in [*FACILITIES.names, "place_name"]:
        if column in together and not pd.api.types.is_numeric_dtype(together[column].dtype):
            together[column] = together[column].fillna("")
    twice = together["facility_id"].duplicated()
    for _, row in together[twice].head(20).iterrows():
        problems.add("facility_id_twice", "warning", str(row["source_id"]), facility_id=row["facility_id"])
    return together[~twice].reset_index(drop=True)


def _ranks(settings: RegionSettings, problems: Problems) -> dict[str, int]:
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


def _footprints(
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


def _matrix_files(settings: RegionSettings, problems: Problems) -> tuple[Path, Path] | None:
    """Stops and times, in this order."""
    inputs = settings.inputs_of("stop_matrix")
    if not inputs:
        return None
    files = inputs[0].files
    if len(files) != 2 or len(inputs) > 1:
        problems.add("matrix_files", "error", "region.toml", count=sum(len(i.files) for i in inputs))
        return None
    return files[0], files[1]
