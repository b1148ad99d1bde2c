"""What the readers gave, before anything belongs to anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd
import shapely

from ankerort.catalogue.model import Catalogue
from ankerort.region.facility_tables import FacilityTables
from ankerort.region.model import RawStreets
from ankerort.region.read_boundaries import Boundaries
from ankerort.region.read_broadband import empty_broadband_rows
from ankerort.region.read_osm import OsmExtract
from ankerort.region.read_projection import empty_rows
from ankerort.region.schema_inquiry import CONFIRMATIONS
from ankerort.region.settings import InputSettings, RegionSettings


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
    addresses: pd.DataFrame
    outlines: gpd.GeoDataFrame
    rows: dict[str, int] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    projection_rows: pd.DataFrame = field(default_factory=empty_rows)
    stock_rows: pd.DataFrame = field(default_factory=empty_rows)
    ledger: pd.DataFrame = field(default_factory=CONFIRMATIONS.empty)
    broadband_rows: pd.DataFrame = field(default_factory=empty_broadband_rows)
