"""`build_street_ways`, `build_vehicle_ways`: speeds, permissions and ferries turn raw street segments into one graph per mode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from ankerort.catalogue.mobile import MobileVehicle
from ankerort.catalogue.model import Catalogue
from ankerort.network.contract import UNITS, contract
from ankerort.network.model import Mode
from ankerort.network.streets import StreetWays
from ankerort.region.model import RawStreets
from ankerort.region.street_tags import CAR_CLASSES, FERRY, UNPAVED

MODES: tuple[Mode, ...] = ("foot", "bike", "car")
_NO_DRIVEWAY = ("motorway", "motorway_link", FERRY)  # nobody lives at them: points never attach there
_SIZE_NOISE = 1e-4


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
    plan = _Plan.of(raw, crs)
    ways: dict[Mode, StreetWays] = {}
    for mode in MODES:
        ahead, back = _costs(raw, plan.metres, mode, catalogue)
        extra_s = round(catalogue.value("car_park_s")) if mode == "car" else 0
        ways[mode] = _contracted(raw, plan, mode, ahead, back, catalogue, extra_s=extra_s)
    return ways


def build_vehicle_ways(raw: RawStreets, vehicle: MobileVehicle, *, catalogue: Catalogue, crs: str) -> StreetWays:
    """Build the graph of one kind of vehicle: streets that cars may use and on which it fits.

    Parameters
    ----------
    raw
        Segments with their limits of weight, height and width; what is not tagged fits.
    vehicle
        A segment whose limit is below its weight, height or width is closed. Its speed is ``speed_factor`` times that of cars.
    catalogue
        Figures as in `build_street_ways`.
    crs
        Projected system of the project.

    Returns
    -------
    StreetWays
        Of mode car, in seconds, without parking: setting up is part of a visit. Tracks and paths are open as far as cars may use them.
    """
    plan = _Plan.of(raw, crs)
    ahead, back = _costs(raw, plan.metres, "car", catalogue)
    fits = vehicle_fits(raw, vehicle)
    pace = vehicle.speed_factor.value
    ferry = _is_class(raw, (FERRY,))
    ahead, back = (np.where(fits, np.where(ferry, cost, cost / pace), np.inf) for cost in (ahead, back))
    return _contracted(raw, plan, "car", ahead, back, catalogue, extra_s=0)


def vehicle_fits(raw: RawStreets, vehicle: MobileVehicle) -> NDArray[np.bool_]:
    """Per segment whether no tagged limit is below the vehicle's weight, height or width."""
    fits = np.ones(raw.segment_m.size, bool)
    for limit, size in (
        (raw.max_weight_t, vehicle.weight_t),
        (raw.max_height_m, vehicle.height_m),
        (raw.max_width_m, vehicle.width_m),
    ):
        # float32 limits: 3.8 m is 3.7999999 there
        fits &= ~(np.asarray(limit, np.float64) < size.value - _SIZE_NOISE)
    return fits


@dataclass(frozen=True)
class _Plan:
    """What all modes share: where the nodes lie, how long segments are, and at which one may join a street."""

    crs: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    metres: NDArray[np.float64]
    joinable: NDArray[np.bool_]

    @classmethod
    def of(cls, raw: RawStreets, crs: str) -> _Plan:
        x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(raw.node_lon, raw.node_lat)
        metres = raw.segment_m.astype(np.float64)
        return cls(crs, np.asarray(x, np.float64), np.asarray(y, np.float64), metres, ~_is_class(raw, _NO_DRIVEWAY))


def _contracted(
    raw: RawStreets,
    plan: _Plan,
    mode: Mode,
    ahead: NDArray[np.float64],
    back: NDArray[np.float64],
    catalogue: Catalogue,
    *,
    extra_s: int,
) -> StreetWays:
    """The contracted graph of costs per segment; infinite where one may not go."""
    chains = contract(
        plan.x,
        plan.y,
        raw.segment_from.astype(np.int32),
        raw.segment_to.astype(np.int32),
        ahead,
        back,
        plan.metres,
        plan.joinable,
        _blocked(raw, mode),
    )
    return StreetWays(
        mode=mode,
        crs=plan.crs,
        chains=chains,
        node_x=plan.x[chains.node],
        node_y=plan.y[chains.node],
        point_lon=raw.node_lon[chains.point_node],
        point_lat=raw.node_lat[chains.point_node],
        point_x=plan.x[chains.point_node],
        point_y=plan.y[chains.point_node],
        snap_m=catalogue.value("snap_m"),
        connector_units_per_m=_connector_units_per_m(mode, catalogue),
        units_per_s=UNITS * (_general_speed_ms(mode, catalogue) if mode != "car" else 1.0),
        extra_s=extra_s,
    )


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
