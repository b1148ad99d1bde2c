"""Public-transport columns against the exhaustive search, and in worlds with times derived by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference import transit as slow
from reference.transit_worlds import DETOUR, cases, columns

from ankerort.reach.transit import prepare_transit, pt_columns

FIELDS = ("fastest_s", "typical_s", "waiting_median_s", "departures", "clock_s")


def compute(case, direction, with_demand, threads=1):
    """The columns of a case by the kernel."""
    day = prepare_transit(
        case.timetable,
        rules=case.rules,
        with_demand=with_demand,
        stop_walks=columns(case.stop_walks, case.n_stops),
        detour=DETOUR,
    )
    return pt_columns(
        day,
        direction=direction,
        target_stops=columns(case.target_stops, case.n_targets),
        home_stops=columns(case.home_stops, case.n_stops),
        walks=columns(case.walks, case.n_targets),
        n_homes=case.n_homes,
        rules=case.rules,
        threads=threads,
    )


def as_dict(found, n_targets):
    """{(target, home): the five summaries}."""
    rows = {}
    for target in range(n_targets):
        for k in range(found.ptr[target], found.ptr[target + 1]):
            rows[target, int(found.home[k])] = tuple(int(getattr(found, f)[k]) for f in FIELDS)
    return rows


def expected(case, direction, with_demand):
    """The same by the exhaustive search."""
    world = case.slow_world(with_demand)
    rows = {}
    for target in range(case.n_targets):
        for home in range(case.n_homes):
            value = slow.summaries(world, *case.ends(direction, target, home), direction)
            if value is not None:
                rows[target, home] = value
    return rows


@pytest.mark.parametrize("direction", ["out", "home"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=cases(), with_demand=st.booleans())
def test_equals_exhaustive_search(direction, case, with_demand):
    """All five summaries equal the exhaustive search, out and home, with and without trips on demand."""
    found = as_dict(compute(case, direction, with_demand), case.n_targets)
    assert found == expected(case, direction, with_demand)
