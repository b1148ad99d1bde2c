"""Each cell against each standard: within, beyond, or not known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.reach.model import Nearest, NearestMode, Reach
from ankerort.supply.status import (
    BEYOND,
    UNKNOWN,
    WITHIN,
    ModeStatus,
    combine,
    mode_status,
    search_limit,
    standard_limit,
    straight_radius_m,
)
from worlds import tiny_region as world

FAR_M = 1e6


def _status(
    reach: Reach,
    mode: NearestMode,
    value: list[int],
    *,
    certain: list[int] | None = None,
    known_edge: list[float] | None = None,
    edge: list[float] | None = None,
    located: list[bool] | None = None,
    service: str = "supermarket",
    old: bool = False,
) -> ModeStatus:
    """`mode_status` of cells with these nearest values; everything known unless said otherwise."""
    cells = len(value)
    sites = np.where(np.array(value) >= 0, 0, -1).astype(np.int32)
    joined = np.array(located) if located is not None else np.ones(cells, bool)
    changed = replace(
        reach,
        edge_m={service: np.array(edge or [FAR_M] * cells)},
        cell_known=dict.fromkeys(("foot", "bike", "car", "pt"), joined),
    )
    return mode_status(
        world.catalogue().services[service],
        mode,
        changed,
        world.catalogue(),
        np.array(known_edge or [FAR_M] * cells),
        old=old,
        nearest=Nearest(sites, np.array(value, np.int32)),
        nearest_certain=Nearest(sites, np.array(certain if certain is not None else value, np.int32)),
    )


def test_within_beyond_and_the_limit_itself(reach: Reach) -> None:
    """Supermarket on foot, 1,000 m: 1,000 is within, 1,001 and "none found" are beyond where absence is known."""
    found = _status(reach, "foot", [1000, 1001, -1])
    assert found.status is not None
    assert found.status.tolist() == [WITHIN, BEYOND, BEYOND]
    assert found.minutes[:2] == pytest.approx([1000 / 75, 1001 / 75])
    assert np.isnan(found.minutes[2])
    assert found.facility.tolist() == [0, 0, -1]


def test_a_standard_by_bike_is_in_minutes_but_compared_in_metres(reach: Reach) -> None:
    """10 minutes at 14 km/h are 2,333.3 m; at 11 km/h, for those of 65 and older, 1,833.3 m."""
    values = [1833, 1834, 2333, 2334]
    young, old = _status(reach, "bike", values), _status(reach, "bike", values, old=True)
    assert young.status is not None and old.status is not None
    assert young.status.tolist() == [WITHIN, WITHIN, WITHIN, BEYOND]
    assert old.status.tolist() == [WITHIN, BEYOND, BEYOND, BEYOND]
    assert old.minutes[0] == pytest.approx(1833 / (11 / 3.6) / 60)


def test_a_probable_facility_serves_nobody_for_certain(reach: Reach) -> None:
    """Within the limit only by a facility that is probable: unknown, neither within nor beyond."""
    found = _status(reach, "foot", [500, 500], certain=[-1, 900])
    assert found.status is not None
    assert found.status.tolist() == [UNKNOWN, WITHIN]


def test_absence_that_is_not_known_is_never_beyond(reach: Reach) -> None:
    """Where absence is not known (edge 0), a known facility within counts, everything else is unknown."""
    found = _status(reach, "foot", [500, 2000, -1], known_edge=[0.0, 0.0, 0.0])
    assert found.status is not None
    assert found.status.tolist() == [WITHIN, UNKNOWN, UNKNOWN]


def test_a_cell_that_is_not_joined_to_the_streets_is_unknown(reach: Reach) -> None:
    """A cell farther than 500 m from the mode's streets: unknown, no minutes, whatever was found."""
    found = _status(reach, "foot", [500, -1], located=[False, False])
    assert found.status is not None
    assert found.status.tolist() == [UNKNOWN, UNKNOWN]
    assert np.isnan(found.minutes).all() and (found.facility == -1).all()


def test_at_the_edge_of_the_data_nothing_is_beyond_and_values_are_bounds(reach: Reach) -> None:
    """Absence is known, but the data end 999 m away: within 1,000 m there may be one outside. A value of 1,500 m is an upper bound, one
    of 900 m is not: a nearer one would lie inside the data."""
    found = _status(reach, "foot", [1500, 900, -1], known_edge=[999.0, 999.0, 999.0], edge=[999.0, 999.0, 999.0])
    assert found.status is not None
    assert found.status.tolist() == [UNKNOWN, WITHIN, UNKNOWN]
    assert found.bound.tolist() == [True, False, False]
    assert _status(reach, "foot", [1500], known_edge=[1000.0]).status == [BEYOND]


def test_near_a_hollow_timetable_a_missing_journey_is_not_a_missing_bus(reach: Reach) -> None:
    """20 minutes by bus to the supermarket: 1,201 s and none at all are beyond, but unknown where the timetable is hollow; a
    journey within the limit counts there too. On foot nothing changes."""
    value = np.array([1200, 1201, -1], np.int32)
    nearest = Nearest(np.where(value >= 0, 0, -1).astype(np.int32), value)
    catalogue, far = world.catalogue(), np.full(3, FAR_M)
    service = catalogue.services["supermarket"]
    for whole, beyond in ((True, BEYOND), (False, UNKNOWN)):
        known = {**dict.fromkeys(("foot", "pt"), np.ones(3, bool)), "pt_whole": np.full(3, whole)}
        here = replace(reach, edge_m={"supermarket": far}, cell_known=known)
        found = mode_status(service, "pt", here, catalogue, far, nearest=nearest, nearest_certain=nearest)
        assert found.status is not None
        assert found.status.tolist() == [WITHIN, beyond, beyond]
        walked = mode_status(service, "foot", here, catalogue, far, nearest=nearest, nearest_certain=nearest)
        assert walked.status is not None
        assert walked.status.tolist() == [BEYOND, BEYOND, BEYOND]


def test_none_found_within_a_short_search_says_nothing_about_a_long_limit(reach: Reach) -> None:
    """A standard of 6,000 m against a search of 5,000 m: "none found" is unknown; a value of 6,001 m is beyond."""
    catalogue = world.catalogue()
    service = catalogue.services["supermarket"]
    walk = service.standards["walk"]
    long = replace(service, standards={"walk": replace(walk, minimum=replace(walk.minimum, value=6000.0))})
    cells = np.full(7, FAR_M)
    here = replace(reach, edge_m={"supermarket": cells}, cell_known={"foot": np.ones(7, bool)})
    value = np.array([-1, 6001, 5999, -1, -1, -1, -1], np.int32)
    nearest = Nearest(np.zeros(7, np.int32), value)
    found = mode_status(long, "foot", here, catalogue, cells, nearest=nearest, nearest_certain=nearest)
    assert found.status is not None
    assert found.status[:3].tolist() == [UNKNOWN, BEYOND, WITHIN]


def test_search_radius_in_a_straight_line() -> None:
    """On foot the metres themselves; by car (600 - 120) s at 80 km/h; help without parking 600 s; by bus 1,200 s at 40 km/h."""
    catalogue = world.catalogue()

    def radius(mode: NearestMode, value: float, parked_s: float = 120.0) -> float:
        return float(straight_radius_m(np.array([value]), mode, catalogue, parked_s=parked_s)[0])

    assert radius("foot", 1000.0) == 1000.0
    assert radius("car", 600.0) == pytest.approx(480 * 80 / 3.6)
    assert radius("car", 600.0, 0.0) == pytest.approx(600 * 80 / 3.6)
    assert radius("car", 60.0) == 0.0
    assert radius("pt", 1200.0) == pytest.approx(1200 * 40 / 3.6)


def test_limits_of_standards_and_searches() -> None:
    """Minutes become seconds by car and bus; a service without a standard for a mode has no limit."""
    catalogue = world.catalogue()
    service = catalogue.services["supermarket"]
    assert [standard_limit(service, m, catalogue) for m in ("foot", "car", "pt", "pt_demand")] == [
        1000,
        600,
        1200,
        1200,
    ]
    assert standard_limit(catalogue.services["post_box"], "car", catalogue) is None
    assert [search_limit(m, catalogue) for m in ("foot", "bike", "car", "pt")] == [5000, 15000, 3600, 5400]


def test_any_way_within_is_enough_and_unknown_beats_beyond() -> None:
    """Within if one way is; else unknown if one is; beyond only if all are; nothing without parts."""
    first, second = np.array([WITHIN, UNKNOWN, BEYOND], np.int8), np.array([BEYOND, BEYOND, BEYOND], np.int8)
    both = combine([first, second], 3)
    assert both is not None and both.tolist() == [WITHIN, UNKNOWN, BEYOND]
    assert combine([], 3) is None
