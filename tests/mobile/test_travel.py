"""Tests of drives between stops: streets fit for the vehicle, why a stop cannot be reached, walks and lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ankerort.base.provenance import DatedValue
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.mobile import MobileVehicle
from ankerort.mobile.travel import Matrices, trace_leg, travel_matrices, vehicle_ways, walks_to_stops
from reference.streets import CRS, Figures
from worlds import tiny_region, two_bridges
from worlds.two_bridges import FIELD, HAMLET, NORTH, SOUTH, at


def _vehicle(weight_t: float, height_m: float, speed: float = 1.0) -> MobileVehicle:
    """A vehicle of the catalogue with other sizes."""
    one = next(iter(read_catalogue().mobile.vehicles.values()))

    def sized(old: DatedValue, value: float) -> DatedValue:
        return replace(old, value=value)

    return replace(
        one,
        weight_t=sized(one.weight_t, weight_t),
        height_m=sized(one.height_m, height_m),
        width_m=sized(one.width_m, 2.3),
        speed_factor=sized(one.speed_factor, speed),
    )


class _Streets(Figures):
    def value(self, figure_id: str) -> float:
        return 60.0 if figure_id == "mobile.stand_beside_m" else super().value(figure_id)


def _region() -> Any:
    region = tiny_region.region()
    return replace(region, streets=two_bridges.streets(), settings=replace(region.settings, crs=CRS))


def _matrices(vehicle: MobileVehicle, *stops: tuple[float, float]) -> Matrices:
    depots = np.array(at((4000.0, 0.0)))
    return travel_matrices(_region(), two_bridges.network(), _Streets(), np.array(at(*stops)), depots, vehicle)


@pytest.mark.parametrize(
    ("weight_t", "height_m", "way_m"),
    [(3.5, 3.3, 1000.0), (3.6, 3.2, 3000.0), (7.5, 3.3, 7000.0), (2.0, 4.0, 1000.0)],
)
def test_the_vehicle_takes_the_first_bridge_that_bears_it(weight_t: float, height_m: float, way_m: float) -> None:
    """3.5 t pass the weak bridge, 3.2 m the low gate, what is heavy and high goes round by the sound one."""
    found = _matrices(_vehicle(weight_t, height_m), SOUTH, NORTH)
    assert found.travel_m[0, 1] == pytest.approx(way_m, rel=2e-3)
    assert found.travel_s[0, 1] == pytest.approx(way_m / 10.0, rel=2e-3)
    assert found.travel_m[0, 2] == pytest.approx(3000.0, rel=2e-3)
    assert (found.travel_s[[0, 1, 2], [0, 1, 2]] == 0).all()
    assert found.vehicle_ok.all()
    assert not found.estimated


def test_why_a_stop_cannot_be_reached() -> None:
    """Off the streets, or on a street that only lighter vehicles reach: two reasons, and no drive to or from it."""
    heavy = _matrices(_vehicle(7.5, 3.3), SOUTH, HAMLET, FIELD)
    assert heavy.reason == ("ok", "not_fit", "off_streets", "ok")
    assert heavy.known.tolist() == [True, True, False, True]
    assert heavy.vehicle_ok.tolist() == [True, False, False, True]
    assert (heavy.travel_s[1] == -1).all()
    assert (heavy.travel_m[:, 2] == -1).all()
    light = _matrices(_vehicle(2.5, 3.3), SOUTH, HAMLET, FIELD)
    assert light.reason == ("ok", "ok", "off_streets", "ok")
    assert light.travel_m[0, 1] == pytest.approx(2500.0, rel=2e-3)


def test_a_stop_near_a_street_of_its_own_is_no_stop_across_the_field() -> None:
    """A stop at a closed street counts as not reached though another street passes within 500 m of it."""
    beside = (1000.0, 1400.0)  # on the way to the hamlet, 400 m from the northern bank
    assert _matrices(_vehicle(7.5, 3.3), SOUTH, beside).reason[1] == "not_fit"
    assert _matrices(_vehicle(7.5, 3.3), SOUTH, (1000.0, 1040.0)).reason[1] == "ok"


def test_the_matrix_and_the_line_tell_the_same_drive() -> None:
    """Metres and seconds of a traced leg are those of the matrix; its line begins and ends at the stops."""
    vehicle = _vehicle(7.5, 3.3, 0.9)
    ways = vehicle_ways(_region(), two_bridges.network(), _Streets(), vehicle)
    found = _matrices(vehicle, SOUTH, NORTH)
    start, end = at(SOUTH, NORTH)
    trace = trace_leg(ways, start, end)
    assert trace is not None
    assert trace.value == found.travel_s[0, 1]
    assert trace.metres == pytest.approx(found.travel_m[0, 1], abs=0.01)
    assert len(trace.line) >= 4
    assert trace_leg(ways, start, at(FIELD)[0]) is None


def test_straight_lines_are_marked_as_estimated() -> None:
    """Without streets metres are the line times the detour, seconds those at the pace of the vehicle, without parking."""
    network = tiny_region.network()
    region = tiny_region.region()
    network = replace(network, car=replace(network.car, detour=1.3))
    places = region.places[["x", "y"]].to_numpy(float)
    found = travel_matrices(region, network, read_catalogue(), places[:2], places[2:], _vehicle(12, 4, 0.5))
    assert found.estimated
    assert found.travel_m[0] == pytest.approx([0.0, 6500.0, 13000.0], abs=1.0)
    assert found.travel_s[0].tolist() == [0, 867, 1734]  # 15 m/s x 0.5
    assert found.reason == ("ok", "ok", "ok")


def test_walks_are_told_by_row_of_the_region() -> None:
    """Cells are named by their rows in the region, whatever part of them is asked for; beyond the limit there is nothing."""
    region, network = tiny_region.region(), tiny_region.network()
    stops = pd.DataFrame(tiny_region.positions([0.0, 10_000.0], [0.0, 300.0]))
    walks = walks_to_stops(region, network, read_catalogue(), stops, np.array([1, 2, 4, 5], np.int32), limit_m=400)
    assert [c.tolist() for c in walks.column(0)] == [[1], [300]]
    assert [c.tolist() for c in walks.column(1)] == [[4], [300]]
