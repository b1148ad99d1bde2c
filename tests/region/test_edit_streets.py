"""A new street is joined where it meets the streets, and changes nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.region.edit_streets import add_street, class_use, find_joint, street_classes
from ankerort.region.model import RawStreets
from ankerort.region.read_osm_streets import segment_length_m
from ankerort.region.street_tags import CLASS_NAMES, SURFACE_NAMES

LAT, LON = 52.0, 11.0
M_LAT = 1 / 111_250.0  # degrees per metre, near enough for these distances
M_LON = 1 / 68_600.0


def _streets(*classes: str) -> RawStreets:
    """Two parallel streets of 1,000 m from west to east, 500 m apart: nodes 0-1 in the south, 2-3 in the north."""
    lon = np.array([LON, LON + 1000 * M_LON, LON, LON + 1000 * M_LON])
    lat = np.array([LAT, LAT, LAT + 500 * M_LAT, LAT + 500 * M_LAT])
    start, end = np.array([0, 2], np.int32), np.array([1, 3], np.int32)
    yes, no = np.ones(2, bool), np.zeros(4, bool)
    nothing = np.full(2, np.nan, np.float32)
    names = classes or ("residential", "residential")
    return RawStreets(
        node_lon=lon,
        node_lat=lat,
        node_blocked_car=no,
        node_blocked_bike=no,
        node_blocked_foot=no,
        segment_from=start,
        segment_to=end,
        segment_m=segment_length_m(lon[start], lat[start], lon[end], lat[end]).astype(np.float32),
        segment_class=np.array([CLASS_NAMES.index(c) for c in names], np.uint8),
        segment_surface=np.zeros(2, np.uint8),
        segment_way=np.array([11, 12]),
        foot=yes,
        bike_forward=yes,
        bike_backward=yes,
        car_forward=yes,
        car_backward=np.array([True, False]),
        maxspeed_forward_kmh=nothing,
        maxspeed_backward_kmh=nothing,
        ferry_s=nothing,
        class_names=CLASS_NAMES,
        surface_names=SURFACE_NAMES,
    )


def _at(x_m: float, y_m: float) -> tuple[float, float]:
    return LON + x_m * M_LON, LAT + y_m * M_LAT


def test_ends_split_the_streets_that_they_meet() -> None:
    """A street from the middle of one to the middle of the other: two new nodes, both segments split, lengths kept."""
    raw = _streets()
    found = add_street(raw, (_at(500, 10), _at(500, 250), _at(500, 490)), street_class="tertiary", within_m=50.0)
    assert found.node_lon.size == 4 + 2 + 1
    assert found.segment_m.size == 2 + 2 + 2
    np.testing.assert_array_equal(found.segment_from[:2], raw.segment_from)
    np.testing.assert_allclose(found.segment_m[[0, 2]].sum(), raw.segment_m[0], rtol=1e-5)
    np.testing.assert_allclose(found.segment_m[[1, 3]].sum(), raw.segment_m[1], rtol=1e-5)
    assert found.segment_way.tolist() == [11, 12, 11, 12, -1, -1]
    assert found.car_backward.tolist() == [True, False, True, False, True, True]
    assert found.class_names[found.segment_class[-1]] == "tertiary"
    # the new street runs from joint to joint: 500 m in all
    assert found.segment_m[4:].sum() == pytest.approx(500.0, abs=2.0)
    assert found.segment_from[4] == found.segment_to[0]
    assert found.segment_to[5] == found.segment_to[1]
    for name in ("node_lon", "segment_from", "segment_m", "segment_class", "foot", "ferry_s"):
        assert getattr(found, name).dtype == getattr(raw, name).dtype


def test_an_end_at_a_node_takes_the_node() -> None:
    """Both ends at the eastern nodes: no node is new, no segment is split."""
    found = add_street(_streets(), (_at(1000, 0), _at(1000, 500)), street_class="footway", within_m=50.0)
    assert found.node_lon.size == 4
    assert (found.segment_from[-1], found.segment_to[-1]) == (1, 3)
    assert found.foot[-1]
    assert not found.car_forward[-1]


def test_a_one_way_street_with_a_limit() -> None:
    """Cars and bikes only in the direction of the line; people on foot both ways; the limit stands in both columns."""
    found = add_street(
        _streets(), (_at(0, 0), _at(0, 500)), street_class="residential", one_way=True, max_speed_kmh=30, within_m=50.0
    )
    assert (found.car_forward[-1], found.car_backward[-1], found.foot[-1]) == (True, False, True)
    assert found.maxspeed_forward_kmh[-1] == 30.0


def test_modes_cut_down_who_may_use_it() -> None:
    """A street for bikes only is for bikes only; a ferry is no class of a new street."""
    assert class_use("residential", modes=("bike",)) == (False, True, True, False, False)
    assert "ferry" not in street_classes()
    with pytest.raises(ValueError, match="ferry"):
        add_street(_streets(), (_at(0, 0), _at(0, 500)), street_class="ferry", within_m=50.0)


def test_nothing_joins_a_motorway_or_what_is_too_far() -> None:
    """The nearest street within the distance that may be joined; of two, the nearer."""
    raw = _streets("motorway", "residential")
    assert find_joint(raw, *_at(500, 10), within_m=50.0) is None
    assert find_joint(_streets(), *_at(500, 60), within_m=50.0) is None
    joint = find_joint(_streets(), *_at(250, 480), within_m=50.0)
    assert joint is not None
    assert (joint.segment, joint.distance_m) == (1, pytest.approx(20.0, abs=0.5))
    assert joint.share == pytest.approx(0.25, abs=0.01)
    with pytest.raises(ValueError, match="52"):
        add_street(raw, (_at(500, 10), _at(500, 490)), street_class="residential", within_m=50.0)


def test_a_new_street_has_no_limit_of_size_and_a_split_one_keeps_its_own() -> None:
    """Both halves of the street that is split stay as low as it was; the new street has no limit that is known."""
    raw = replace(_streets(), max_height_m=np.full(_streets().segment_m.size, 3.2, np.float32))
    found = add_street(raw, (_at(500, 0), _at(500, 500)), street_class="residential", within_m=50.0)
    assert found.max_height_m.size == found.segment_m.size == found.max_weight_t.size
    assert np.isnan(found.max_height_m[found.segment_way == -1]).all()
    assert (found.max_height_m[found.segment_way != -1] == np.float32(3.2)).all()
    assert np.isnan(found.max_width_m).all()
