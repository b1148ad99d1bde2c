"""The parts of the public-transport kernels against their definitions."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.network.kernels.transit import INF, build_arcs, profiles, rank_arrivals, scan
from ankerort.network.kernels.transit_merge import kth_duration, waiting_median


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 5400), min_size=1, max_size=60), st.data())
def test_counted_median_equals_sorting(values, data):
    """The k-th smallest by counting is that of the sorted list, and the bins are left clean."""
    k = data.draw(st.integers(0, len(values) - 1))
    bins = np.zeros(90, np.int32)
    assert kth_duration(len(values), np.array(values, np.int32), k, 6, bins) == sorted(values)[k]
    assert not bins.any()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 900), st.integers(1, 900)), max_size=25),
    st.integers(0, 5),
    st.integers(1, 120),
    st.sampled_from([-1, 0, 59, 60, 799, 5400]),
)
def test_waiting_median_equals_minute_by_minute(steps, first, minutes, cap):
    """The median by gaps is that of asking each minute for the next journey, and the scratch is left clean."""
    leave, arrive = [], []
    for ahead, later in steps:
        leave.append((leave[-1] if leave else 0) + ahead)
        arrive.append(max(leave[-1] + 1, (arrive[-1] if arrive else 0) + later))
    values = []
    for minute in range(first, first + minutes):
        after = [a - 60 * minute for x, a in zip(leave, arrive, strict=True) if x >= 60 * minute]
        values.append(after[0] if after and after[0] <= cap else INF)
    median = sorted(values)[(minutes - 1) // 2]
    bins, residues = np.zeros(max(cap, 0) // 60 + 3, np.int32), np.zeros(60, np.int32)
    found = waiting_median(
        len(leave), np.array(leave, np.int32), np.array(arrive, np.int32), first, first + minutes, cap,
        bins, residues, np.empty((3, len(leave) + 1), np.int32),
    )  # fmt: skip
    assert found == (-1 if median == INF else median)
    assert not bins.any()
    assert not residues.any()


def test_scan_and_profiles_on_a_line():
    """A - B - C by two trips with a change of 120 s at B: profile of A = one pair, that of B = both runs."""
    # c0: A 100 -> B 200 (trip 0); c1: B 310 -> C 400 (trip 1, missed by 10 s); c2: B 320 -> C 500 (trip 2, caught)
    dep, arr = np.array([100, 310, 320], np.int32), np.array([200, 400, 500], np.int32)
    start, to = np.array([0, 1, 1]), np.array([1, 2, 2], np.int32)
    nxt, yes = np.full(3, 3, np.int32), np.ones(3, bool)
    ev_ptr, ev_conn = np.array([0, 2, 5, 6]), np.array([0, -1, 1, 2, -1, -1], np.int32)
    event = np.array([0, 2, 3], np.int32)
    assert all(start[ev_conn[event]] == start)
    tr_ptr, tr_to, tr_need = np.array([0, 1, 2, 3]), np.array([0, 1, 2], np.int32), np.full(3, 120, np.int32)
    arc_ptr, arc_event = build_arcs(dep, arr, to, nxt, yes, ev_ptr, ev_conn, tr_ptr, tr_to, tr_need, 5400)
    assert arc_ptr.tolist() == [0, 1, 1, 1]
    assert arc_event.tolist() == [3]
    egress = np.array([INF, INF, 50], np.int32)
    value, suffix = np.empty(4, np.int32), np.empty(6, np.int32)
    scan(0, 3, dep, arr, to, nxt, yes, event, arc_ptr, arc_event, egress, 5400, value, suffix)
    assert value.tolist() == [550, 450, 550, INF]
    least = np.array([0, 0, INF], np.int32)
    ptr, pdep, parr = np.zeros(4, np.int64), np.empty(6, np.int32), np.empty(6, np.int32)
    n = profiles(dep, ev_ptr, ev_conn, suffix, least, 0, 5400, 5400, ptr, pdep, parr)
    assert (n, ptr.tolist(), pdep[:n].tolist(), parr[:n].tolist()) == (
        3,
        [0, 1, 3, 3],
        [100, 320, 310],
        [550, 550, 450],
    )
    ranks, arrivals = np.empty(6, np.int32), np.empty(1000, np.int32)
    assert rank_arrivals(n, parr, 0, np.empty(1000, np.int32), ranks, arrivals) == 2
    assert (ranks[:n].tolist(), arrivals[:2].tolist()) == ([1, 1, 0], [450, 550])
    # From A it takes 450 s: with a limit of 449 s the scan drops it, and keeps those from B.
    scan(0, 3, dep, arr, to, nxt, yes, event, arc_ptr, arc_event, egress, 449, value, suffix)
    assert value.tolist() == [INF, 450, 550, INF]
