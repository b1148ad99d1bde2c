"""The region: frozen tables, where they came from, and what was wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problem
from ankerort.region.schema import (
    ASSIGNED,
    CAPACITIES,
    CENTRAL_PLACES,
    CONFIDENTIAL,
    OCCUPANCY,
    POPULATION_SOURCES,
    POPULATION_STOCKS,
    PROJECTIONS,
)
from ankerort.region.schema_broadband import BROADBAND
from ankerort.region.schema_inquiry import CLUBS, CONFIRMATIONS
from ankerort.region.settings import RegionSettings

VEHICLE_LIMITS = ("max_weight_t", "max_height_m", "max_width_m")


def _no_limits() -> NDArray[np.float32]:
    return np.zeros(0, np.float32)


@dataclass(frozen=True)
class RawStreets:
    """Street segments between consecutive OSM nodes, all modes, before any speed is applied.

    Parameters
    ----------
    node_lon, node_lat
        float64, shape (nodes,), degrees.
    node_blocked_car, node_blocked_bike, node_blocked_foot
        bool, shape (nodes,): a barrier closes the node for the mode.
    segment_from, segment_to
        int32, shape (segments,): node indices, in the way's own direction.
    segment_m
        float32, geodesic length in metres.
    segment_class
        uint8 index into `class_names` (OSM highway value, or ``ferry``).
    segment_surface
        uint8 index into `surface_names`; 0 is "" (not tagged).
    segment_way
        int64 OSM way id, for evidence.
    foot, bike_forward, bike_backward, car_forward, car_backward
        bool: the mode may use the segment (in that direction). Foot goes both ways.
    maxspeed_forward_kmh, maxspeed_backward_kmh
        float32; NaN where not tagged.
    ferry_s
        float32: duration of the whole ferry way spread by length, seconds per segment; NaN else.
    max_weight_t, max_height_m, max_width_m
        float32, shape (segments,): largest vehicle that may use the segment; NaN where no limit is tagged. Left out = none is.
    """

    node_lon: NDArray[np.float64]
    node_lat: NDArray[np.float64]
    node_blocked_car: NDArray[np.bool_]
    node_blocked_bike: NDArray[np.bool_]
    node_blocked_foot: NDArray[np.bool_]
    segment_from: NDArray[np.int32]
    segment_to: NDArray[np.int32]
    segment_m: NDArray[np.float32]
    segment_class: NDArray[np.uint8]
    segment_surface: NDArray[np.uint8]
    segment_way: NDArray[np.int64]
    foot: NDArray[np.bool_]
    bike_forward: NDArray[np.bool_]
    bike_backward: NDArray[np.bool_]
    car_forward: NDArray[np.bool_]
    car_backward: NDArray[np.bool_]
    maxspeed_forward_kmh: NDArray[np.float32]
    maxspeed_backward_kmh: NDArray[np.float32]
    ferry_s: NDArray[np.float32]
    class_names: tuple[str, ...]
    surface_names: tuple[str, ...]
    max_weight_t: NDArray[np.float32] = field(default_factory=_no_limits)
    max_height_m: NDArray[np.float32] = field(default_factory=_no_limits)
    max_width_m: NDArray[np.float32] = field(default_factory=_no_limits)

    def __post_init__(self) -> None:
        """Streets made without limits of size have none."""
        for name in VEHICLE_LIMITS:
            if not getattr(self, name).size:
                object.__setattr__(self, name, np.full(self.segment_m.size, np.nan, np.float32))


@dataclass(frozen=True)
class Region:
    """Frozen tables of a region; the columns are declared in `ankerort.region.schema`.

    `boundaries` (ags, geometry), `place_areas` (place_id, geometry), `footprints` (FOOTPRINTS + geometry),
    `study_area` (one row) and `barriers` (kind ``barrier`` or ``crossing``, geometry) are GeoDataFrames in the
    project's projected system.
    """

    settings: RegionSettings
    places: pd.DataFrame
    municipalities: pd.DataFrame
    cells: pd.DataFrame
    facilities: pd.DataFrame
    absences: pd.DataFrame
    mobile_visits: pd.DataFrame
    buildings: pd.DataFrame
    registered_stops: pd.DataFrame
    sources: pd.DataFrame
    footprints: gpd.GeoDataFrame
    boundaries: gpd.GeoDataFrame
    place_areas: gpd.GeoDataFrame
    study_area: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    streets: RawStreets | None
    gtfs_files: tuple[Path, ...]
    stop_matrix_files: tuple[Path, Path] | None
    problems: tuple[Problem, ...] = field(default=())
    central_places: pd.DataFrame = field(default_factory=CENTRAL_PLACES.empty)
    capacities: pd.DataFrame = field(default_factory=CAPACITIES.empty)
    confidential: pd.DataFrame = field(default_factory=CONFIDENTIAL.empty)  # in no document without `internal`
    projections: pd.DataFrame = field(default_factory=PROJECTIONS.empty)
    population_stocks: pd.DataFrame = field(default_factory=POPULATION_STOCKS.empty)
    population_sources: pd.DataFrame = field(default_factory=POPULATION_SOURCES.empty)
    confirmations: pd.DataFrame = field(default_factory=CONFIRMATIONS.empty)
    clubs: pd.DataFrame = field(default_factory=CLUBS.empty)
    occupancy: pd.DataFrame = field(default_factory=OCCUPANCY.empty)
    assigned: pd.DataFrame = field(default_factory=ASSIGNED.empty)  # school districts: the assigned, not the nearest
    broadband: pd.DataFrame = field(default_factory=BROADBAND.empty)
