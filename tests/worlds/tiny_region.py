"""A region in memory, three places in a row, with straight ways, so that every answer can be derived by hand.

Metres east and north of the origin. Ways are straight lines without detour: 1.25 m/s on foot, cars 15 m/s and 120 s parking.

- Adorf (0, 0): cells a1 (0, 0) with 50 people under and 10 over 65, a2 (300, 0) with 40 under 65. A fire station (100, 0).
- Bdorf (5000, 0): b1 (5000, 0) with 20 and 10, b2 (5000, 600) with 5 and 5. A pharmacy (5000, 50), probable only.
- Cstadt (10000, 0): c1 (10000, 0) with 100 and 0, c2 (10000, 1000) with 60 and 40. Supermarket (10000, 100), pharmacy and home care
  (10000, 0).
- In the buffer: x1 (13000, 0) with 50 people under 65.
- Buses Bdorf - Cstadt every hour from 6:00 to 19:00 (10 minutes), back at half past; one bus Adorf - Bdorf at 5:00, before the window.
- Adorf and Bdorf are one municipality and district, Cstadt another. The map covers 100 km around, as its owner says.
- The municipality confirmed that Bdorf has no village shop. A bakery comes to Adorf weekly; a butcher to Bdorf, nobody knows how often.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Network, Timetable
from ankerort.network.straight import StraightWays, build_barriers
from ankerort.region.model import Region
from ankerort.region.schema import (
    ABSENCES,
    BUILDINGS,
    CELLS,
    FACILITIES,
    FOOTPRINTS,
    MOBILE_VISITS,
    MUNICIPALITIES,
    PLACES,
    REGISTERED_STOPS,
    SOURCES,
)
from ankerort.region.settings import RegionSettings

CRS = "EPSG:25832"
ORIGIN = (650_000.0, 5_750_000.0)
MAP_HALF_M = 100_000.0
A, B, C = "a", "b", "c"
# id, place, ags, x, y, under 65, 65 and older, in the study area
_CELLS = (
    ("a1", A, "15001000", 0.0, 0.0, 50.0, 10.0, True),
    ("a2", A, "15001000", 300.0, 0.0, 40.0, 0.0, True),
    ("b1", B, "15001000", 5000.0, 0.0, 20.0, 10.0, True),
    ("b2", B, "15001000", 5000.0, 600.0, 5.0, 5.0, True),
    ("c1", C, "15002000", 10000.0, 0.0, 100.0, 0.0, True),
    ("c2", C, "15002000", 10000.0, 1000.0, 60.0, 40.0, True),
    ("x1", "", "", 13000.0, 0.0, 50.0, 0.0, False),
)
# id, service, place, x, y, certainty
_FACILITIES = (
    ("fire", "fire_station", A, 100.0, 0.0, "certain"),
    ("maybe", "pharmacy", B, 5000.0, 50.0, "probable"),
    ("market", "supermarket", C, 10000.0, 100.0, "certain"),
    ("pharmacy", "pharmacy", C, 10000.0, 0.0, "certain"),
    ("care", "home_care", C, 10000.0, 0.0, "certain"),
)
_STOPS = (("Adorf", 0.0), ("Bdorf", 5000.0), ("Cstadt", 10000.0))


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return read_catalogue()


def positions(x: list[float], y: list[float]) -> dict[str, object]:
    """Columns lon, lat, x, y of points given from the origin."""
    east, north = np.array(x) + ORIGIN[0], np.array(y) + ORIGIN[1]
    lon, lat = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(east, north)
    return {"lon": lon, "lat": lat, "x": east, "y": north}


def box(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    """A rectangle given from the origin."""
    return shapely.box(west + ORIGIN[0], south + ORIGIN[1], east + ORIGIN[0], north + ORIGIN[1])


def footprints(*rows: tuple[str, str, bool, str, shapely.Geometry]) -> gpd.GeoDataFrame:
    """FOOTPRINTS of (source, services, complete, rule, area)."""
    names = ("source_id", "services", "complete", "rule")
    plain = FOOTPRINTS.conform(pd.DataFrame([dict(zip(names, r[:4], strict=True)) for r in rows], columns=list(names)))
    return gpd.GeoDataFrame(plain, geometry=[r[4] for r in rows], crs=CRS)


def whole_map(half_m: float = MAP_HALF_M, *, complete: bool = False, services: str = "*") -> gpd.GeoDataFrame:
    """One map around the origin, as its owner declares it."""
    return footprints(("osm", services, complete, "given", box(-half_m, -half_m, half_m, half_m)))


def region(
    *,
    areas: gpd.GeoDataFrame | None = None,
    facilities: tuple[tuple[str, str, str, float, float, str], ...] = (),
    absences: tuple[dict[str, str], ...] = ({"service": "village_shop", "place_id": B, "ags": "15001000"},),
    buffer_km: float = 30.0,
) -> Region:
    """The region; `facilities` are added to those above, `areas` replaces the footprint."""
    cells = pd.DataFrame(_CELLS, columns=["cell_id", "place_id", "ags", "_x", "_y", "p_18_64", "p_75_84", "in_study"])
    cells = cells.assign(persons=cells["p_18_64"] + cells["p_75_84"], **positions(list(cells["_x"]), list(cells["_y"])))
    bands = ("p_0_5", "p_6_9", "p_10_15", "p_16_17", "p_65_74", "p_85_plus")
    cells = cells.assign(**dict.fromkeys(bands, 0.0)).drop(columns=["_x", "_y"])
    sites = pd.DataFrame(
        (*_FACILITIES, *facilities), columns=["facility_id", "service", "place_id", "_x", "_y", "certainty"]
    )
    sites = sites.assign(
        state="open", in_study=True, source_id="osm", **positions(list(sites["_x"]), list(sites["_y"]))
    )
    places = pd.DataFrame(
        {
            "place_id": [A, B, C],
            "name": ["Adorf", "Bdorf", "Cstadt"],
            "print_name": ["Adorf", "Bdorf", "Cstadt"],
            "ags": ["15001000", "15001000", "15002000"],
            "in_study": True,
            "persons": [100.0, 40.0, 200.0],
            **positions([0.0, 5000.0, 10000.0], [0.0, 0.0, 0.0]),
        }
    )
    municipalities = pd.DataFrame(
        {
            "ags": ["15001000", "15002000"],
            "association_id": ["150010000", "150020000"],
            "district_ags": ["15001", "15002"],
            "in_study": True,
        }
    )
    visits = pd.DataFrame(
        {
            "visit_id": ["v1", "v2"],
            "service": ["bakery", "butcher"],
            "place_id": [A, B],
            "rhythm_weeks": [1.0, np.nan],
        }
    )
    empty = gpd.GeoDataFrame({"kind": []}, geometry=[], crs=CRS)
    return Region(
        settings=RegionSettings(Path(), "Drei Orte", ("15001", "15002"), buffer_km=buffer_km, crs=CRS, land="ST"),
        places=PLACES.conform(places),
        municipalities=MUNICIPALITIES.conform(municipalities),
        cells=CELLS.conform(cells),
        facilities=FACILITIES.conform(sites.drop(columns=["_x", "_y"])),
        absences=ABSENCES.conform(pd.DataFrame(list(absences), columns=["service", "place_id", "ags"])),
        mobile_visits=MOBILE_VISITS.conform(visits),
        buildings=BUILDINGS.empty(),
        registered_stops=REGISTERED_STOPS.empty(),
        sources=SOURCES.conform(
            pd.DataFrame({"source_id": ["osm", "list", "census"], "kind": ["osm", "facilities", "census"]})
        ),
        footprints=whole_map() if areas is None else areas,
        boundaries=empty,
        place_areas=empty,
        study_area=gpd.GeoDataFrame(geometry=[box(-1000.0, -2000.0, 11000.0, 2000.0)], crs=CRS),
        barriers=empty,
        streets=None,
        gtfs_files=(),
        stop_matrix_files=None,
    )


def timetable() -> Timetable:
    """The buses above."""
    trips = [(5 * 3600, 300, 0, 1)]
    for hour in range(6, 20):
        trips += [(hour * 3600, 600, 1, 2), (hour * 3600 + 1800, 600, 2, 1)]
    dep, ride, start, end = (np.array(column, dtype=np.int32) for column in zip(*trips, strict=True))
    names = [name for name, _ in _STOPS]
    stops = pd.DataFrame(
        {
            "stop_ix": np.arange(3),
            "name": names,
            **positions([x for _, x in _STOPS], [0.0] * 3),
            "feeds": "gtfs",
            "stop_ids": names,
            "departures": np.bincount(start, minlength=3),
            "demand_departures": 0,
        }
    )
    count = len(trips)
    described = pd.DataFrame(
        {
            "trip_ix": np.arange(count),
            "source_id": "gtfs",
            "trip_id": [f"t{k}" for k in range(count)],
            "route": "1",
            "route_type": 3,
            "headsign": "",
            "on_demand": False,
            "booking_lead_min": np.nan,
            "on_demand_rule": "",
        }
    )
    none = np.empty(0, np.int32)
    return Timetable(
        date="2026-11-24",
        stops=stops,
        trips=described,
        dep_s=dep,
        arr_s=dep + ride,
        from_stop=start,
        to_stop=end,
        trip=np.arange(count, dtype=np.int32),
        can_board=np.ones(count, bool),
        can_alight=np.ones(count, bool),
        transfer_from=none,
        transfer_to=none,
        transfer_kind=np.empty(0, np.int8),
        transfer_min_s=none,
    )


def network(*, with_timetable: bool = True) -> Network:
    """Straight ways without detour, and the buses."""
    free = build_barriers(None)
    return Network(
        foot=StraightWays("foot", CRS, 1.0, 1.25, 0, free),
        bike=StraightWays("bike", CRS, 1.0, 14 / 3.6, 0, free),
        car=StraightWays("car", CRS, 1.0, 15.0, 120, free),
        timetable=timetable() if with_timetable else None,
        stop_matrix=None,
    )
