"""Compares two reaches field by field."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pandas as pd

from ankerort.reach.model import Reach


def assert_same(left: Reach, right: Reach) -> None:
    """All fields are equal."""
    pd.testing.assert_frame_equal(left.targets, right.targets)
    for mode in ("foot", "bike", "car"):
        for name in ("ptr", "home", "value"):
            np.testing.assert_array_equal(getattr(getattr(left, mode), name), getattr(getattr(right, mode), name))
    assert set(left.pt) == set(right.pt)
    for key, columns in left.pt.items():
        for field in fields(columns):
            np.testing.assert_array_equal(getattr(columns, field.name), getattr(right.pt[key], field.name))
    assert set(left.round_trips) == set(right.round_trips)
    for key, trips in left.round_trips.items():
        for field in fields(trips):
            np.testing.assert_array_equal(getattr(trips, field.name), getattr(right.round_trips[key], field.name))
    assert set(left.nearest) == set(right.nearest)
    for one, nearest in left.nearest.items():
        np.testing.assert_array_equal(nearest.facility, right.nearest[one].facility)
        np.testing.assert_array_equal(nearest.value, right.nearest[one].value)
    for name in ("cell_known", "edge_m", "day_known", "opening_basis"):
        assert set(getattr(left, name)) == set(getattr(right, name))
        for key, values in getattr(left, name).items():
            np.testing.assert_array_equal(values, getattr(right, name)[key])
    for name in ("pt_targets", "stop_departures", "stop_demand_departures"):
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name))
    assert dict(left.estimated) == dict(right.estimated)
    assert dict(left.limits) == dict(right.limits)
    assert set(left.silent_ways) == set(right.silent_ways)
    for key, ways in left.silent_ways.items():
        for field in fields(ways):
            np.testing.assert_array_equal(getattr(ways, field.name), getattr(right.silent_ways[key], field.name))
