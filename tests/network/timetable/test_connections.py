"""Earliest alighting along trips."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.network.timetable.connections import earliest_alighting_s
from ankerort.network.timetable.feed import StopTimes
from reference import gtfs

EVENT = st.tuples(
    st.integers(0, 3), st.sampled_from([0, 0, 1, 2, 40, 400]), st.sampled_from([0, 0, 20]), st.sampled_from("01")
)
X = np.array([0.0, 100.0, 3000.0, 9000.0])
Y = np.zeros(4)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(EVENT, min_size=2, max_size=12), min_size=1, max_size=4),
    st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_earliest_alighting_as_defined(trips: list[list[tuple[int, int, int, str]]], direct: list[bool]) -> None:
    """All trips at once give what the definition gives stop by stop, fixed trips and trips on demand."""
    rows, expected, trip = [], [], []
    for number, events in enumerate(trips):
        moment, own = 20000 + 7 * number, []
        for stop, ride, wait, pickup in events:
            own.append((str(stop), moment + ride, moment + ride + wait, pickup, "0"))
            moment += ride + wait
        rows += own
        trip += [number] * len(own)
        xy = {str(k): (float(X[k]), 0.0) for k in range(4)}
        expected += gtfs.earliest(own, xy, demand=direct[number])
    blank = np.zeros(len(rows))
    times = StopTimes(
        np.array(trip, np.int32),
        np.array([int(r[0]) for r in rows], np.int32),
        np.array([r[1] for r in rows], np.int32),
        np.array([r[2] for r in rows], np.int32),
        np.array([int(r[3]) for r in rows], np.int8),
        blank.astype(np.int8),
        blank.astype(bool),
        blank.astype(np.float32),
    )
    found = earliest_alighting_s(times, X, Y, max_speed_ms=30, direct=np.array(direct))
    assert found.tolist() == expected
