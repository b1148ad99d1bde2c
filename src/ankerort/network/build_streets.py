"""`build_street_ways`: speeds, permissions and ferries turn raw street segments into one graph per mode."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from ankerort.catalogue.model import Catalogue
from ankerort.network.contract import UNITS, contract
from ankerort.network.model import Mode
from ankerort.network.streets import StreetWays
from ankerort.region.model import RawStreets
from ankerort.region.street_tags import CAR_CLASSES, FERRY, UNPAVED

MODES: tuple[Mode, ...] = ("foot", "bike", "car")
_NO_DRIVEWAY = ("motorway", "motorway_link", FERRY)  # nobody lives at them: points never attach there


def build_street_ways(raw: RawStreets, *, catalogue: Catalogue, crs: str) -> dict[Mode, StreetWays]:
    """Build the contracted graph of every mode.

    Parameters
    ----------
    raw
        Segments from `ankerort.region.read_osm_streets`.
    catalogue
        Figures: ``car_speed.*``, ``walk_speed.all``, ``bike_speed.all``, ``ferry_wait_s``, ``snap_m``, ``car_connector_kmh``,
        ``car_park_s``.
    crs
        Projected system of the project.

    Returns
    -------
    dict
        Mode -> `StreetWays`. Foot and bike cost metres in both directions; a ferry costs what the mode's general speed covers in its
        crossing and waiting time. Car costs seconds: ``metres / min(maxspeed, class speed, cap on unpaved)``.
    """
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(raw.node_lon, raw.node_lat)
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    metres = raw.segment_m.astype(np.float64)
    joinable = ~_is_class(raw, _NO_DRIVEWAY)
    ways: dict[Mode, StreetWays] = {}
    for mode in MODES:
        ahead, back = _costs(raw, metres, mode, catalogue)
        chains = contract(
            x,
            y,
            raw.segment_from.astype(np.int32),
            raw.segment_to.astype(np.int32),
            ahead,
            back,
            metres,
            joinable,
            _blocked(raw, mode),
        )
        ways[mode] = StreetWays(
            mode=mode,
            crs=crs,
            chains=chains,
            node_x=x[chains.node],
            node_y=y[chains.node],
            point_lon=raw.node_lon[chains.point_node],
            point_lat=raw.node_lat[chains.point_node],
            point_x=x[chains.point_node],
            point_y=y[chains.point_node],
            snap_m=catalogue.value("snap_m"),
            connector_units_per_m=_connector_units_per_m(mode, catalogue),
            units_per_s=UNITS * (_general_speed_ms(mode, catalogue) if mode != "car" else 1.0),
            extra_s=round(catalogue.value("car_park_s")) if mode == "car" else 0,
        )
    return ways


def _connector_units_per_m(mode: Mode, catalogue: Catalogue) -> float:
    return UNITS * 3.6 / catalogue.value("car_connector_kmh") if mode == "car" else float(UNITS)


def _general_speed_ms(mode: Mode, catalogue: Catalogue) -> float:
    return catalogue.value("walk_speed.all") if mode == "foot" else catalogue.value("bike_speed.all") / 3.6


def _is_class(raw: RawStreets, names: tuple[str, ...]) -> NDArray[np.bool_]:
    member = np.array([name in names for name in raw.class_names], bool)
    result: NDArray[np.bool_] = member[raw.segment_class]
    return result


def _blocked(raw: RawStreets, mode: Mode) -> NDArray[np.bool_]:
    return {"foot": raw.node_blocked_foot, "bike": raw.node_blocked_bike, "car": raw.node_blocked_car}[mode]


def _costs(
    raw: RawStreets, metres: NDArray[np.float64], mode: Mode, catalogue: Catalogue
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Search units forward and backward per segment; infinite where not permitted."""
    if mode == "foot":
        ahead = back = raw.foot
    elif mode == "bike":
        ahead, back = raw.bike_forward, raw.bike_backward
    else:
        ahead, back = raw.car_forward, raw.car_backward
    ferry_units = _ferry_units(raw, metres, ahead | back, mode, catalogue)
    ferry = np.isfinite(ferry_units)
    if mode == "car":
        cost_f = metres / _speed_ms(raw, raw.maxspeed_forward_kmh, ahead, catalogue) * UNITS
        cost_b = metres / _speed_ms(raw, raw.maxspeed_backward_kmh, back, catalogue) * UNITS
    else:
        cost_f = cost_b = metres * UNITS
    cost_f, cost_b = np.where(ferry, ferry_units, cost_f), np.where(ferry, ferry_units, cost_b)
    return np.where(ahead, cost_f, np.inf), np.where(back, cost_b, np.inf)


def _speed_ms(
    raw: RawStreets, limit_kmh: NDArray[np.float32], used: NDArray[np.bool_], catalogue: Catalogue
) -> NDArray[np.float64]:
    """Car speed: the class's record, capped by the limit and on unpaved surfaces."""
    by_class = np.array(
        [catalogue.value(f"car_speed.{name}") if name in CAR_CLASSES else np.inf for name in raw.class_names]
    )
    speed = by_class[raw.segment_class]
    unpaved = np.array([name in UNPAVED for name in raw.surface_names], bool)[raw.segment_surface]
    speed = np.where(unpaved, np.minimum(speed, catalogue.value("car_speed.unpaved")), speed)
    speed = np.fmin(speed, limit_kmh.astype(np.float64))
    result: NDArray[np.float64] = np.where(used & np.isfinite(speed), speed, 1.0) / 3.6
    return result


def _ferry_units(
    raw: RawStreets, metres: NDArray[np.float64], used: NDArray[np.bool_], mode: Mode, catalogue: Catalogue
) -> NDArray[np.float64]:
    """Cost of ferry segments in search units, NaN for all others.

    Seconds = timetable duration (else metres / ferry speed) + half the wait at each end where the ferry meets land. Feet and bikes
    count metres, so for them seconds become metres by the mode's general speed.
    """
    ferry = _is_class(raw, (FERRY,)) & used
    land = np.zeros(raw.node_lon.size, bool)
    ashore = used & ~ferry
    land[raw.segment_from[ashore]] = land[raw.segment_to[ashore]] = True
    landings = land[raw.segment_from].astype(float) + land[raw.segment_to]
    sailing = metres / (catalogue.value("car_speed.ferry") / 3.6)
    seconds = np.where(np.isfinite(raw.ferry_s), raw.ferry_s.astype(np.float64), sailing)
    seconds = seconds + landings * catalogue.value("ferry_wait_s") / 2
    per_second = UNITS * (1.0 if mode == "car" else _general_speed_ms(mode, catalogue))
    return np.where(ferry, seconds * per_second, np.nan)
