"""What a list of facilities holds, before anything is assigned to places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd
from pyproj import Transformer

from ankerort.region.schema import (
    ABSENCES,
    BUILDINGS,
    CAPACITIES,
    CONFIDENTIAL,
    FACILITIES,
    MOBILE_VISITS,
    OCCUPANCY,
)
from ankerort.region.tables_in import projected_where_given

# A row of a table of school districts, before place and school are found.
ASSIGNED_COLUMNS = ("service", "place_name", "ags", "school", "source_id", "source_ref", "source_date")
# A polygon of a school district, before its cells and its school are found.
DISTRICT_AREA_COLUMNS = ("service", "school", "school_key", "file", "row", "source_id", "source_ref", "source_date")


def empty_district_areas() -> gpd.GeoDataFrame:
    """A frame of school districts without rows."""
    return gpd.GeoDataFrame({c: pd.Series(dtype="str") for c in DISTRICT_AREA_COLUMNS}, geometry=[])


@dataclass(frozen=True)
class FacilityTables:
    """What a facility list holds; places are not assigned yet.

    Parameters
    ----------
    facilities, absences, mobile_visits, buildings
        Columns of the region's schema, and beside them `place_name` and `ags` as the source gives them (empty = not
        given). `place_id` is empty. Where only a place is given, lon, lat, x, y are NaN.
    ignored
        Rows that are no service of the catalogue, by the value that says so.
    capacities, confidential
        Tables of the region's schema: capacities that hold for some years only, and what must stay confidential.
    occupancy
        Table of the region's schema: places and those who take them, by group and year.
    assigned
        Rows of school districts (`ASSIGNED_COLUMNS`, text): a place and the name of the school that it belongs to.
    district_areas
        Polygons of school districts in the project's system (`DISTRICT_AREA_COLUMNS`), each with the name or key of its school.
    """

    facilities: pd.DataFrame
    absences: pd.DataFrame
    mobile_visits: pd.DataFrame
    buildings: pd.DataFrame
    ignored: Mapping[str, int] = field(default_factory=dict)
    capacities: pd.DataFrame = field(default_factory=CAPACITIES.empty)
    confidential: pd.DataFrame = field(default_factory=CONFIDENTIAL.empty)
    occupancy: pd.DataFrame = field(default_factory=OCCUPANCY.empty)
    assigned: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(ASSIGNED_COLUMNS), dtype="str"))
    district_areas: gpd.GeoDataFrame = field(default_factory=empty_district_areas)


def facility_tables(
    rows: Mapping[str, list[dict[str, object]]],
    *,
    ignored: Mapping[str, int],
    to_crs: Transformer,
    district_areas: Sequence[gpd.GeoDataFrame] = (),
) -> FacilityTables:
    """Rows by table as `FacilityTables`.

    Parameters
    ----------
    rows
        Table -> rows by column.
    ignored
        See `FacilityTables`.
    to_crs
        From degrees to the project's system.
    district_areas
        Polygons of school districts, file by file.
    """
    frames = {}
    schemas = {
        "facilities": FACILITIES,
        "absences": ABSENCES,
        "mobile_visits": MOBILE_VISITS,
        "buildings": BUILDINGS,
    }
    for table, schema in schemas.items():
        frame = pd.DataFrame(rows[table])
        beside = {c: frame[c].astype("str") if len(frame) else pd.Series(dtype="str") for c in ("place_name", "ags")}
        if len(frame) and {"x", "y"} & set(schema.names):
            frame["x"], frame["y"] = projected_where_given(frame, to_crs)
        frame = schema.conform(frame[[c for c in frame if c in schema.names]])
        frames[table] = frame.assign(**beside)
    for table, schema in (("capacities", CAPACITIES), ("confidential", CONFIDENTIAL), ("occupancy", OCCUPANCY)):
        frames[table] = schema.conform(pd.DataFrame(rows[table])) if rows[table] else schema.empty()
    frames["assigned"] = pd.DataFrame(rows["assigned"], columns=list(ASSIGNED_COLUMNS), dtype="str")
    areas = pd.concat(district_areas, ignore_index=True) if district_areas else empty_district_areas()
    return FacilityTables(**frames, ignored=ignored, district_areas=areas)
