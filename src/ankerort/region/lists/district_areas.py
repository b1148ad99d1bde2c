"""School districts drawn as polygons: their reader, and which inhabited cell lies in which district."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from ankerort.base.problems import Problems
from ankerort.catalogue.model import Catalogue
from ankerort.region.facility_presets import IGNORED
from ankerort.region.facility_tables import empty_district_areas
from ankerort.region.lists.common import ListContext
from ankerort.region.lists.districts import Schools
from ankerort.region.lists.schools import school_service
from ankerort.region.schema import ASSIGNED
from ankerort.region.settings import InputSettings
from ankerort.region.vector_files import layer_names, read_vector, text_column

AREA_SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".fgb")
# Heads that only the school of a district has, and names of anything; best first. A Shapefile cuts heads after ten letters.
_SCHOOL_HEADS = (
    *("school", "schule", "schulname", "name_schule", "schul_name", "name_schul", "zust_schule", "zust_schul"),
    *("grundschule", "grundschul", "sekundarschule", "sekundarsc", "schulbezirk", "schulbezir"),
)
_NAME_HEADS = ("einzugsbereich", "einzugsber", "name", "bezeichnung", "bezeichnun")
_KEY_HEADS = (
    *("school_key", "schulnummer", "schulnumme", "schulnr", "schul_nr", "schul_id", "schulid", "school_id"),
    *("schulschluessel", "schulschlu"),
)
_KIND_HEADS = ("kind", "schulform", "schulart")
_AREAS = ["Polygon", "MultiPolygon"]


def read_district_areas(
    path: Path, *, input: InputSettings, catalogue: Catalogue, crs: str, problems: Problems
) -> gpd.GeoDataFrame:
    """Polygons of school districts of a GeoPackage, Shapefile or GeoJSON.

    Parameters
    ----------
    path
        All layers with a name or key of a school are read, or the one of the option ``layer``.
    input
        Its `columns` map ``school``, ``school_key`` and ``kind`` to columns of the file; the options ``layer``, ``crs`` and
        ``service`` are used.
    catalogue
        Knows the services.
    crs
        Projected system of the project.
    problems
        Collects: a file that cannot be read or has no such column, shapes that are no areas or name no school.

    Returns
    -------
    GeoDataFrame
        `ankerort.region.facility_tables.DISTRICT_AREA_COLUMNS` and geometry in `crs`. Without a kind of school in the row, in its
        name or the layer's, primary schools are meant.
    """
    context = ListContext(input, catalogue, problems)
    chosen = str(input.options.get("layer", ""))
    names = [chosen] if chosen else layer_names(path) or [""]
    several = len(names) > 1
    known: list[str] = []
    parts: list[gpd.GeoDataFrame] = []
    for name in names:
        fields = _fields(path, name)
        known += [field for field in fields if field not in known]
        if fields and not _has_school(fields, input):
            continue
        frame = read_vector(
            path,
            crs=crs,
            problems=problems,
            layer=name if several or chosen else "",
            declared_crs=str(input.options.get("crs", "")),
            columns=input.columns,
        )
        if frame is None:
            return empty_district_areas().set_crs(crs)
        parts.append(_districts(frame, path, name if several else "", context))
    if not parts:
        problems.add("district_area_columns", "error", path.name, known=", ".join(known) or "–")
        return empty_district_areas().set_crs(crs)
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=crs)


def has_school_column(columns: tuple[str, ...]) -> bool:
    """Whether one of these columns can only be the school of a district, not the name of anything else."""
    return bool({column.lower() for column in columns} & {*_SCHOOL_HEADS, *_KEY_HEADS})


def _fields(path: Path, layer: str) -> tuple[str, ...]:
    try:
        return tuple(map(str, pyogrio.read_info(path, layer=layer or None)["fields"]))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError, ValueError, RuntimeError):
        return ()  # read_vector says what is wrong with it


def _has_school(fields: tuple[str, ...], input: InputSettings) -> bool:
    wanted = {*_SCHOOL_HEADS, *_NAME_HEADS, *_KEY_HEADS}
    mapped = {theirs.lower() for own, theirs in input.columns.items() if own in ("school", "school_key")}
    return bool((wanted | mapped) & {field.lower() for field in fields})


def _districts(frame: gpd.GeoDataFrame, path: Path, layer: str, context: ListContext) -> gpd.GeoDataFrame:
    school = text_column(frame, *_SCHOOL_HEADS, *_NAME_HEADS)
    key, kind = text_column(frame, *_KEY_HEADS), text_column(frame, *_KIND_HEADS)
    source = context.input
    area = frame.geometry.geom_type.isin(_AREAS)
    if not area.all():
        row = int(frame.loc[~area, "row"].iloc[0])
        context.problems.add("district_area_shape", "warning", path.name, row=row, count=int((~area).sum()))
    nameless = area & (school == "") & (key == "")
    for row in frame.loc[nameless, "row"].head(20):
        context.problems.add("district_area_nameless", "warning", path.name, row=int(row))
    use = (area & ~nameless).to_numpy(bool)
    head = next((c for c in frame.columns if str(c).lower() in _SCHOOL_HEADS), "")
    services = [
        school_service(k, f"{name} {head}", layer or path.stem, context)
        for k, name in zip(kind[use], school[use], strict=True)
    ]
    rows = frame.loc[use, "row"].astype(int)
    return gpd.GeoDataFrame(
        {
            "service": ["primary_school" if service == IGNORED else service for service in services],
            "school": school[use].to_numpy(),
            "school_key": key[use].to_numpy(),
            "file": path.name,
            "row": rows.to_numpy(),
            "source_id": source.source_id,
            "source_ref": [f"{layer}:{row}" if layer else str(row) for row in rows],
            "source_date": source.date,
        },
        geometry=frame.geometry[use].to_numpy(),
        crs=frame.crs,
    )


def locate_district_areas(
    areas: gpd.GeoDataFrame,
    facilities: pd.DataFrame,
    places: pd.DataFrame,
    cells: pd.DataFrame,
    *,
    problems: Problems,
) -> pd.DataFrame:
    """ASSIGNED by cell: the school in whose polygon the point of a cell lies.

    Parameters
    ----------
    areas
        See `read_district_areas`; the first of two that overlap counts.
    facilities, places
        FACILITIES after merging, and PLACES, whose names stand for schools that are called after their place.
    cells
        CELLS of the study area and its buffer.
    problems
        Collects schools that are not found or not clear (only of polygons with people of the study area), polygons that overlap
        where people live, and how many people of the study area no polygon holds.

    Returns
    -------
    DataFrame
        ASSIGNED with a `cell_id` and the rule ``area``.
    """
    if areas.empty or cells.empty:
        return ASSIGNED.empty()
    finder = Schools(facilities, places.set_index("place_id")["name"])
    points = shapely.points(cells["x"].to_numpy(float), cells["y"].to_numpy(float))
    counts = facilities[facilities["merged_into"] == ""]
    sites = shapely.points(counts["x"].to_numpy(float), counts["y"].to_numpy(float))
    site_ids = counts["facility_id"].to_numpy(object)
    in_study = cells["in_study"].to_numpy(bool)
    persons = cells["persons"].to_numpy(float)
    parts: list[pd.DataFrame] = []
    for service, of_service in areas.groupby("service", sort=True):
        owner = np.full(len(cells), -1, dtype=np.int64)
        covered = np.zeros(len(cells), dtype=bool)
        schools = [""] * len(of_service)
        doubled: dict[tuple[int, int], float] = {}
        records = of_service.drop(columns="geometry").to_dict("records")
        shapely.prepare(of_service.geometry.to_numpy())
        for number, (record, shape) in enumerate(zip(records, of_service.geometry, strict=True)):
            inside = shapely.covers(shape, points)
            if not inside.any():
                continue  # a file of the whole Land names schools that nobody here asks for
            covered |= inside
            here = frozenset(site_ids[shapely.covers(shape, sites)].tolist())
            found = finder.find(str(service), str(record["school"]), here, key=str(record["school_key"]))
            if len(found) != 1:
                if (inside & in_study).any():
                    _tell_unclear(record, found, finder, here, problems)
                continue
            schools[number] = found[0]
            for other in np.unique(owner[inside & (owner >= 0)]).tolist():
                if schools[other] != found[0]:
                    doubled[other, number] = float(persons[inside & (owner == other)].sum())
            owner[inside & (owner < 0)] = number
        for (first, second), people in doubled.items():
            names = finder.names(str(service), [schools[first], schools[second]])
            problems.add(
                "district_areas_overlap", "warning", str(records[second]["file"]), row=int(records[second]["row"]),
                schools=", ".join(names), first=records[first]["row"], count=max(round(people), 1),
            )  # fmt: skip
        left = float(persons[in_study & ~covered].sum())
        if round(left) > 0:
            problems.add("district_areas_gap", "note", str(records[0]["file"]), count=round(left))
        rows = np.flatnonzero(owner >= 0)
        told = pd.DataFrame([records[k] for k in owner[rows].tolist()])
        if len(rows):
            parts.append(
                pd.DataFrame(
                    {
                        **{name: told[name] for name in ("service", "source_id", "source_ref", "source_date")},
                        "cell_id": cells["cell_id"].to_numpy(object)[rows],
                        "place_id": cells["place_id"].to_numpy(object)[rows],
                        "ags": cells["ags"].to_numpy(object)[rows],
                        "facility_id": [schools[k] for k in owner[rows].tolist()],
                        "rule": "area",
                    }
                )
            )
    return ASSIGNED.conform(pd.concat(parts, ignore_index=True)) if parts else ASSIGNED.empty()


def _tell_unclear(
    record: dict[str, object], found: list[str], finder: Schools, here: frozenset[str], problems: Problems
) -> None:
    service, school = str(record["service"]), str(record["school"] or record["school_key"])
    inside = finder.names(service, sorted(here))
    similar = (
        finder.names(service, found) if found else list(dict.fromkeys([*inside, *finder.similar(service, school)]))
    )
    code = "district_area_several" if found else "district_area_unknown"
    row = int(str(record["row"]))
    problems.add(code, "warning", str(record["file"]), row=row, school=school, similar=", ".join(similar[:5]) or "–")
