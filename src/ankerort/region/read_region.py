"""Reads all inputs of a region and puts them together: every problem is collected, errors stop at the end, together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from ankerort.base.problems import InputError, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.region.addresses.apply import (
    AddressBook,
    at_their_address,
    buildings_at_their_address,
    people_at_homes,
)
from ankerort.region.addresses.read_addresses import read_addresses
from ankerort.region.addresses.read_outlines import read_outlines
from ankerort.region.assign import assign_municipality
from ankerort.region.central_places import locate_central_places, read_central_places
from ankerort.region.facility_tables import empty_district_areas
from ankerort.region.gather import (
    all_facilities,
    areas_of_places,
    file_names,
    of_facilities,
    osm_id,
    osm_places,
    scaled_cells,
    source_ranks,
    stacked,
    stops_within_reach,
)
from ankerort.region.gtfs_stops import read_gtfs_stops
from ankerort.region.inquiry.apply import ConfirmedTables, apply_confirmations, new_facilities, settle_ledger
from ankerort.region.inquiry.capacity_answers import with_answers
from ankerort.region.inquiry.ledger import ADDED_SOURCE, LEDGER_FILE, read_ledger
from ankerort.region.inquiry.table_absences import refute_by_tables
from ankerort.region.lists.district_areas import locate_district_areas
from ankerort.region.lists.districts import locate_assigned
from ankerort.region.locate import Locator
from ankerort.region.locate_broadband import locate_broadband
from ankerort.region.locate_population import known_stocks, locate_projections, locate_stocks
from ankerort.region.merge import merge_facilities
from ankerort.region.model import RawStreets, Region
from ankerort.region.places import PlaceInputs, build_places, finish_places, report_unnamed_people
from ankerort.region.population import read_population
from ankerort.region.raw_region import RawRegion
from ankerort.region.read_boundaries import read_boundaries
from ankerort.region.read_broadband import read_broadband
from ankerort.region.read_facilities import read_facility_table
from ankerort.region.read_osm import OsmExtract, read_osm
from ankerort.region.read_osm_streets import read_osm_streets
from ankerort.region.read_places import read_barriers, read_place_areas, read_places
from ankerort.region.read_projection import read_population_tables
from ankerort.region.read_settings import read_settings
from ankerort.region.read_stop_register import read_stop_register
from ankerort.region.read_totals import read_totals
from ankerort.region.region_footprints import matrix_files, source_footprints
from ankerort.region.schema import (
    ABSENCES,
    BUILDINGS,
    CAPACITIES,
    CONFIDENTIAL,
    MOBILE_VISITS,
    OCCUPANCY,
    REGISTERED_STOPS,
)
from ankerort.region.schema_inquiry import CLUBS, CONFIRMATIONS
from ankerort.region.settings import RegionSettings
from ankerort.region.sources import source_table, with_ledger
from ankerort.region.use_register import use_register


def read_region(
    folder: Path, *, catalogue: Catalogue | None = None, population: str = "", progress: Progress = SILENT
) -> Region:
    """Read ``region.toml`` and all inputs that it names.

    Parameters
    ----------
    folder
        Project folder (or its ``region.toml``).
    catalogue
        Services, groups and figures; by default the shipped ones with the project's own folder on top.
    population
        Whose count of people leads, ``census`` or ``register``; empty = as ``region.toml`` says.
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
    if population:
        raw.settings = replace(raw.settings, population=population)
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
    bounds_m = None if reach is None else tuple(reach.bounds)
    tables = [
        (source, read_facility_table(source, catalogue=catalogue, crs=crs, problems=problems, bounds_m=bounds_m))
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
        registered=stacked(registers, REGISTERED_STOPS),
        gtfs_stops=read_gtfs_stops(settings.inputs_of("gtfs"), crs=crs),
        place_list=read_places(settings.inputs_of("places"), crs=crs, problems=problems),
        place_areas=read_place_areas(settings.inputs_of("place_areas"), crs=crs, problems=problems),
        barriers=read_barriers(settings.inputs_of("barriers"), crs=crs, problems=problems),
        central_places=read_central_places(settings.inputs_of("central_places"), problems=problems),
        reach=reach,
        addresses=read_addresses(settings.inputs_of("addresses"), crs=crs, problems=problems),
        outlines=read_outlines(settings.inputs_of("building_outlines"), crs=crs, problems=problems),
        projection_rows=read_population_tables(settings.inputs_of("projection"), problems=problems),
        stock_rows=read_population_tables(
            settings.inputs_of("population"),
            problems=problems,
            suppressed_persons=catalogue.value("census.suppressed_persons"),
        ),
        broadband_rows=read_broadband(settings.inputs_of("broadband"), reach=reach, crs=crs, problems=problems),
        ledger=CONFIRMATIONS.empty() if settings.ledger is None else read_ledger(settings.ledger, problems=problems),
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
    frames = [
        raw.cells,
        raw.registered,
        raw.gtfs_stops,
        raw.place_list[0],
        raw.place_list[1],
        raw.place_areas,
        raw.addresses,
    ]
    frames += [raw.central_places, raw.projection_rows, raw.stock_rows, raw.outlines]
    frames += [raw.broadband_rows.drop_duplicates(["source_id", "file", "row"])]
    dates.update(raw.broadband_rows.groupby("source_id")["date"].max().to_dict())
    for source_tables in [t for _, t in raw.facility_tables]:
        frames += [
            source_tables.facilities,
            source_tables.absences,
            source_tables.mobile_visits,
            source_tables.buildings,
            source_tables.district_areas,
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
        study_keys = municipalities.loc[municipalities["in_study"], "ags"]
        cells = people_at_homes(raw, problems, progress)
        cells["ags"] = assign_municipality(cells["x"].to_numpy(), cells["y"].to_numpy(), shapes)
        cells["in_study"] = [in_study.get(key, False) for key in cells["ags"]]
        if not cells["in_study"].any():
            problems.add("cells_outside", "error", file_names(settings, "census"), count=len(cells))
            problems.raise_errors()
        counted = cells
        cells = scaled_cells(cells, raw, shapes, problems)
        stops = stops_within_reach(raw, shapes)
        places = build_places(
            PlaceInputs(
                listed=raw.place_list[0],
                osm=osm_places(raw),
                areas=areas_of_places(raw),
                stops=stops[stops["source_id"] != osm_id(settings)],
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
        stocks = known_stocks(raw.stock_rows, municipalities, places.table, settings.inputs_of("population"), problems)
        people = use_register(
            cells,
            counted.assign(place_id=places.cell_place),
            stocks,
            places.table,
            settings=settings,
            catalogue=catalogue,
            whole={*shapes.loc[shapely.covered_by(shapes.geometry.to_numpy(), raw.reach), "ags"], *study_keys},
            problems=problems,
        )
        cells = people.cells
        files = {i.source_id: i.files[0].name for i in settings.inputs} | {ADDED_SOURCE: LEDGER_FILE}
        locator = Locator(places, shapes, raw.reach, nearest_m, files, problems)
        told = settle_ledger(
            raw.ledger, places.table, catalogue, merge_distance_m=settings.merge_distance_m, problems=problems
        )
        named = new_facilities(told, places.table, crs=settings.crs)
        listed = all_facilities(raw, stops, problems)
        listed = pd.concat([listed, named], ignore_index=True) if len(named) else listed
        book = AddressBook(raw, shapes, places, progress)
        together = at_their_address(book, listed, problems)
        facilities = merge_facilities(
            locator.facilities(together, in_study=in_study),
            catalogue=catalogue,
            source_rank=source_ranks(settings, problems),
            distance_m=settings.merge_distance_m,
            # a row without coordinates stands at its place's centre: it is one with the facility of its name there
            place_only=frozenset(together.loc[together["x"].isna(), "facility_id"]),
        )
        tables = [t for _, t in raw.facility_tables]
        absences = locator.absences(stacked([t.absences for t in tables], ABSENCES))
        visits = locator.mobile_visits(stacked([t.mobile_visits for t in tables], MOBILE_VISITS))
        buildings = locator.buildings(stacked([t.buildings for t in tables], BUILDINGS))
        facilities = refute_by_tables(
            facilities,
            absences,
            told,
            catalogue=catalogue,
            places=places.table,
            municipalities=dict(zip(municipalities["ags"], municipalities["name"], strict=True)),
            files=files,
            problems=problems,
        )
        confirmed = apply_confirmations(
            told,
            ConfirmedTables(facilities, absences, visits, buildings, CLUBS.empty(), told),
            catalogue=catalogue,
            merge_distance_m=settings.merge_distance_m,
            problems=problems,
        )
        facilities, absences, visits, buildings = (
            confirmed.facilities,
            confirmed.absences,
            confirmed.mobile_visits,
            buildings_at_their_address(book, confirmed.buildings, problems),
        )
        used = set(facilities["place_id"]) | set(absences["place_id"]) | set(visits["place_id"])
        used |= set(confirmed.clubs["place_id"])
        table = finish_places(places, cells, used | set(buildings["place_id"]), municipalities)
        report_unnamed_people(table, problems)
        sums = cells.groupby("ags")["persons"].sum()
        municipalities["persons"] = municipalities["ags"].map(sums).fillna(0.0)
        footprints = source_footprints(raw, study_area, shapes, stops, problems)
        capacities = with_answers(
            of_facilities([t.capacities for t in tables], facilities, CAPACITIES),
            confirmed.confirmations,
            facilities,
            problems=problems,
        )
        confidential = of_facilities([t.confidential for t in tables], facilities, CONFIDENTIAL)
        occupancy = of_facilities([t.occupancy for t in tables], facilities, OCCUPANCY)
        districts = locator.districts(pd.concat([t.assigned for t in tables]) if tables else pd.DataFrame())
        assigned = locate_assigned(districts, facilities, table, files=files, problems=problems)
        drawn = pd.concat([t.district_areas for t in tables], ignore_index=True) if tables else empty_district_areas()
        by_cell = locate_district_areas(drawn, facilities, table, cells, problems=problems)
        assigned = pd.concat([assigned, by_cell], ignore_index=True) if len(by_cell) else assigned
        broadband = locate_broadband(
            raw.broadband_rows,
            municipalities=municipalities,
            places=table,
            cells=cells,
            locator=locator,
            crs=settings.crs,
            problems=problems,
        )
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
        sources=with_ledger(source_table(settings, raw.rows, raw.dates, problems), settings, raw.ledger),
        footprints=footprints,
        boundaries=shapes,
        place_areas=known_areas,
        study_area=gpd.GeoDataFrame({"name": [settings.name]}, geometry=[study_area], crs=crs),
        barriers=raw.barriers,
        streets=raw.streets,
        gtfs_files=tuple(p for i in settings.inputs_of("gtfs") for p in i.files),
        stop_matrix_files=matrix_files(settings, problems),
        central_places=locate_central_places(raw.central_places, table, problems),
        capacities=capacities,
        confidential=confidential,
        projections=locate_projections(raw.projection_rows, municipalities, problems),
        population_stocks=locate_stocks(stocks, municipalities, table, problems),
        population_sources=people.sources,
        confirmations=confirmed.confirmations,
        clubs=confirmed.clubs,
        occupancy=occupancy,
        assigned=assigned,
        broadband=broadband,
    )
