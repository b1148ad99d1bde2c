"""From the profiles of the stops to the summaries of the homes.

Per home the profiles of its access stops are laid over each other by arrival: of all pairs with the same arrival the latest
leaving counts, and going through the arrivals in time order a pair is useful where it leaves later than all before it.
The summaries count instead of sorting: durations in bins, minutes of waiting in bins of 60 seconds (within one
bin each gap between two journeys has exactly one minute).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

NONE = -(1 << 30)  # no moment


@intrinsic
def lowest_bit(typing_context: Any, word: Any) -> Any:
    """Number of the lowest set bit of a uint64 that is not 0."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], context.get_constant(types.boolean, True))

    return types.uint64(types.uint64), generate


@njit(nogil=True, cache=True)
def kth_duration(n: int, durations: NDArray, k: int, shift: int, bins: NDArray) -> int:
    """`k`-th smallest (from 0) of `durations[:n]`, found by counting.

    `bins` int32 is scratch over duration >> shift, zeros; `durations` is overwritten.
    """
    top = 0
    for i in range(n):
        b = durations[i] >> shift
        bins[b] += 1
        top = max(top, b)
    b = 0
    while bins[b] <= k:
        k -= bins[b]
        b += 1
    bins[: top + 1] = 0
    # The few of this bin move to the front and are sorted as far as needed.
    few = 0
    for i in range(n):
        d = durations[i]
        durations[few] = d
        few += d >> shift == b
    for i in range(k + 1):
        least = i
        for j in range(i + 1, few):
            if durations[j] < durations[least]:
                least = j
        durations[i], durations[least] = durations[least], durations[i]
    return durations[k]


@njit(nogil=True, cache=True)
def waiting_median(
    n: int,
    leave: NDArray,
    arrive: NDArray,
    first_minute: int,
    end_minute: int,
    cap_s: int,
    bins: NDArray,
    residues: NDArray,
    spans: NDArray,
) -> int:
    """Lower median over the minutes of (earliest arrival of a journey leaving at or after the minute) - minute.

    Journeys in time order, none dominated. -1 if the median is no value of at most `cap_s` seconds. `bins` (int32,
    cap // 60 + 3), `residues` (int32, 60) are scratch, zeros; `spans` (int32, (3, at least n)) is scratch.
    """
    if n == 0 or cap_s < 0:
        return -1
    rank = (end_minute - first_minute - 1) // 2
    cap_bin = cap_s // 60
    cap_rest = cap_s - 60 * cap_bin
    total = 0
    after = first_minute
    gaps = 0
    for i in range(n):
        last = leave[i] // 60
        if last < after:
            continue
        q = arrive[i] // 60
        rest = arrive[i] - 60 * q
        low = q - min(last, end_minute - 1)
        high = min(q - after, cap_bin - 1 if rest > cap_rest else cap_bin)
        after = last + 1
        if low <= high:
            bins[low] += 1
            bins[high + 1] -= 1
            total += high - low + 1
            spans[0, gaps] = low
            spans[1, gaps] = high
            spans[2, gaps] = rest
            gaps += 1
        if after >= end_minute:
            break
    if total <= rank:
        bins[: cap_bin + 2] = 0
        return -1
    running = 0
    b = 0
    while True:
        running += bins[b]
        if running > rank:
            break
        rank -= running
        b += 1
    bins[: cap_bin + 2] = 0
    # Of this bin each gap has one minute: its value is 60 * bin + what the arrival has over the full minute.
    for i in range(gaps):
        if spans[0, i] <= b <= spans[1, i]:
            residues[spans[2, i]] += 1
    r = 0
    while residues[r] <= rank:
        rank -= residues[r]
        r += 1
    residues[:] = 0
    return 60 * b + r


@njit(nogil=True, cache=True)
def arrival_masks(prof_ptr: NDArray, prof_rank: NDArray, ranks: int) -> tuple[NDArray, NDArray]:
    """Which arrivals each stop with a profile has, as bits.

    Parameters
    ----------
    prof_ptr, prof_rank, ranks
        As in `merge_homes`.

    Returns
    -------
    tuple
        int32 (stops,): row of each stop; uint64 (rows, ceil(ranks / 64)).
    """
    n_stops = len(prof_ptr) - 1
    mask_row = np.empty(n_stops, np.int32)
    rows = 0
    for stop in range(n_stops):
        mask_row[stop] = rows
        rows += prof_ptr[stop + 1] > prof_ptr[stop]
    masks = np.zeros((rows, (ranks + 63) // 64), np.uint64)
    for stop in range(n_stops):
        for p in range(prof_ptr[stop], prof_ptr[stop + 1]):
            r = prof_rank[p]
            masks[mask_row[stop], r >> 6] |= np.uint64(1) << np.uint64(r & 63)
    return mask_row, masks


@njit(nogil=True, cache=True)
def asked_homes(
    n_homes: int, prof_ptr: NDArray, stop_ptr: NDArray, stop_home: NDArray, walk_home: NDArray, walk_counts: NDArray
) -> NDArray:
    """Homes with a stop that has a profile, or a walk that counts, as bits; parameters as in `merge_homes`."""
    asked = np.zeros((n_homes + 63) // 64, np.uint64)
    for stop in range(len(prof_ptr) - 1):
        if prof_ptr[stop + 1] > prof_ptr[stop]:
            for k in range(stop_ptr[stop], stop_ptr[stop + 1]):
                asked[stop_home[k] >> 6] |= np.uint64(1) << np.uint64(stop_home[k] & 63)
    for k in range(len(walk_home)):
        if walk_counts[k]:
            asked[walk_home[k] >> 6] |= np.uint64(1) << np.uint64(walk_home[k] & 63)
    return asked


@njit(nogil=True, cache=True)
def merge_homes(
    home_ptr: NDArray,
    home_stop: NDArray,
    home_walk_s: NDArray,
    stop_ptr: NDArray,
    stop_home: NDArray,
    prof_ptr: NDArray,
    prof_dep: NDArray,
    prof_rank: NDArray,
    arrivals: NDArray,
    ranks: int,
    walk_home: NDArray,
    walk_s: NDArray,
    walk_counts: NDArray,
    mirrored: bool,
    window_start_s: int,
    window_end_s: int,
    max_s: int,
    shift: int,
    out: NDArray,
) -> int:
    """Summaries of all homes for one target; returns the number of rows written.

    Parameters
    ----------
    home_ptr, home_stop, home_walk_s
        Access stops of each home: int64 (homes + 1,), int32, int32 seconds.
    stop_ptr, stop_home
        The same by stop: int64 (stops + 1,), int32.
    prof_ptr, prof_dep, prof_rank, arrivals, ranks
        Profiles of the stops: departure, number of the arrival; `arrivals[:ranks]` in time order.
    walk_home, walk_s, walk_counts
        Homes (ascending) whose whole way on foot is known, its seconds, and whether it counts as a journey.
    mirrored
        Times are negated: arrivals are departures from the target, departures are arrivals at the stop.
    window_start_s, window_end_s, max_s
        Window of leaving and longest journey, seconds.
    shift
        Bins of durations have 2**shift seconds.
    out
        Filled: int32 (6, homes): home, fastest, typical, waiting median, departures, clock.
    """
    n_homes = len(home_ptr) - 1
    mask_row, masks = arrival_masks(prof_ptr, prof_rank, ranks)
    words = masks.shape[1]
    # Only homes with a stop that is served, or a walk that counts, are looked at.
    asked = asked_homes(n_homes, prof_ptr, stop_ptr, stop_home, walk_home, walk_counts)
    touched = np.zeros(max(words, 1), np.uint64)
    best = np.full(max(ranks, 1), NONE, np.int32)
    leave = np.empty(ranks + 1, np.int32)
    arrive = np.empty(ranks + 1, np.int32)
    durations = np.empty(max(ranks, 1), np.int32)
    bins = np.zeros((max_s >> shift) + 2, np.int32)
    minute_bins = np.zeros(max_s // 60 + 3, np.int32)
    residues = np.zeros(60, np.int32)
    spans = np.empty((3, max(ranks, 1)), np.int32)
    first_minute = -(-window_start_s // 60)
    end_minute = -(-window_end_s // 60)
    rows = 0
    w = 0
    for group in range(len(asked)):
        left = asked[group]
        while left:
            home = (group << 6) + np.int64(lowest_bit(left))
            left &= left - np.uint64(1)
            walk = -1
            counts = False
            while w < len(walk_home) and walk_home[w] < home:
                w += 1
            if w < len(walk_home) and walk_home[w] == home:
                walk = walk_s[w]
                counts = walk_counts[w]
            cap = max_s
            if walk >= 0 and walk - 1 < cap:
                cap = walk - 1
            any_pair = False
            for k in range(home_ptr[home], home_ptr[home + 1]):
                stop = home_stop[k]
                if prof_ptr[stop + 1] == prof_ptr[stop]:
                    continue
                any_pair = True
                access = home_walk_s[k]
                for p in range(prof_ptr[stop], prof_ptr[stop + 1]):
                    r = prof_rank[p]
                    best[r] = max(best[r], prof_dep[p] - access)
                row = mask_row[stop]
                for word in range(words):
                    touched[word] |= masks[row, word]
            n = 0
            if any_pair:
                latest = NONE
                for word in range(words):
                    bits = touched[word]
                    touched[word] = 0
                    while bits:
                        r = (word << 6) + np.int64(lowest_bit(bits))
                        bits &= bits - np.uint64(1)
                        moment = best[r]
                        best[r] = NONE
                        # Written in any case and kept only if useful: cheaper than a branch that is guessed wrongly.
                        # One that is too slow dominates none that is fast enough.
                        leave[n] = moment
                        arrive[n] = arrivals[r]
                        n += (moment > latest) & (arrivals[r] - moment <= cap)
                        latest = max(latest, moment)
            if n == 0 and not counts:
                continue
            if mirrored:
                for i in range((n + 1) // 2):
                    j = n - 1 - i
                    a, b = -arrive[i], -leave[i]
                    leave[i], arrive[i] = -arrive[j], -leave[j]
                    leave[j], arrive[j] = a, b
            inside = 0
            fastest = -1
            clock = -1
            for i in range(n):
                if leave[i] < window_start_s or leave[i] >= window_end_s:
                    continue
                d = arrive[i] - leave[i]
                durations[inside] = d
                if inside == 0:
                    fastest = d
                    if not mirrored:
                        clock = arrive[i]
                elif d < fastest:
                    fastest = d
                inside += 1
            if mirrored and n > 0 and leave[n - 1] >= window_start_s:
                clock = leave[n - 1]
            typical = -1
            if inside > 0:
                total = inside + 1 if counts else inside
                typical = kth_duration(inside, durations, (total - 1) // 2, shift, bins)
            elif counts:
                fastest = walk
                typical = walk
            waiting = -1
            if end_minute > first_minute:
                # Only a walk that counts replaces longer waits; a known walk beyond the limit does not.
                wait_cap = walk - 1 if counts else max_s
                waiting = waiting_median(
                    n, leave, arrive, first_minute, end_minute, wait_cap, minute_bins, residues, spans
                )
                if waiting < 0 and counts:
                    waiting = walk
            if fastest < 0 and waiting < 0 and clock < 0:
                continue
            out[0, rows] = home
            out[1, rows] = fastest
            out[2, rows] = typical
            out[3, rows] = waiting
            out[4, rows] = inside
            out[5, rows] = clock
            rows += 1
    return rows
