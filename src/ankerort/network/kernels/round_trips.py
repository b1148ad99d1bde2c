"""There and back: both directions' profiles laid over the homes and paired (docs/decisions/0006)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ankerort.network.kernels.transit import INF
from ankerort.network.kernels.transit_merge import NONE, arrival_masks, asked_homes, lowest_bit

ON_FOOT = 32_767  # pairs of a home that can walk both ways


@njit(nogil=True, cache=True)
def useful_of_home(
    home: int,
    cap_s: int,
    home_ptr: NDArray,
    home_stop: NDArray,
    home_walk_s: NDArray,
    prof_ptr: NDArray,
    prof_dep: NDArray,
    prof_rank: NDArray,
    arrivals: NDArray,
    mask_row: NDArray,
    masks: NDArray,
    touched: NDArray,
    best: NDArray,
    leave: NDArray,
    arrive: NDArray,
) -> int:
    """Useful journeys by vehicle of one home, by rising leaving and arrival; returns their number.

    The same stands in `merge_homes`, where one direction only is merged and a call per home would cost a tenth.

    Parameters
    ----------
    cap_s
        Longest duration, seconds; a slower journey still dominates others.
    home_ptr .. arrivals
        As in `merge_homes`.
    mask_row, masks
        See `arrival_masks`.
    touched, best
        Scratch that is left as it was found: uint64 (words,) zeros, int32 (ranks,) `NONE`.
    leave, arrive
        Filled: int32 (at least ranks + 1,).
    """
    words = masks.shape[1]
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
    if not any_pair:
        return n
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
            n += (moment > latest) & (arrivals[r] - moment <= cap_s)
            latest = max(latest, moment)
    return n


@njit(nogil=True, cache=True)
def first_ready(earliest: int, open_s: NDArray, close_s: NDArray, stay_s: int) -> int:
    """When a visit that begins at `earliest` at the earliest, at any moment later, is over; `INF` if none fits the hours.

    `open_s`, `close_s` int32: windows, ascending, seconds.
    """
    for k in range(len(open_s)):
        begin = max(open_s[k], earliest)
        if begin + stay_s <= close_s[k]:
            return begin + stay_s
    return INF


@njit(nogil=True, cache=True)
def last_begin(earliest: int, latest: int, open_s: NDArray, close_s: NDArray, stay_s: int) -> int:
    """Latest begin of a visit in [`earliest`, `latest`] that fits the hours; -1 if there is none."""
    for k in range(len(open_s) - 1, -1, -1):
        begin = min(latest, close_s[k] - stay_s)
        if begin >= max(earliest, open_s[k]):
            return begin
    return -1


@njit(nogil=True, cache=True)
def pair_journeys(
    n_out: int,
    out_leave: NDArray,
    out_arrive: NDArray,
    n_back: int,
    back_leave: NDArray,
    back_arrive: NDArray,
    walk: int,
    open_s: NDArray,
    close_s: NDArray,
    stay_s: int,
    early_s: int,
    leave_from_s: int,
    back_by_s: int,
    shortest: NDArray,
    found: NDArray,
) -> None:
    """Pairs of one home with one target: their largest number, shortest time away, least longer way, first way home.

    Parameters
    ----------
    n_out, out_leave, out_arrive
        Useful journeys to the target by vehicle, leaving and arrival rising, int32 seconds.
    n_back, back_leave, back_arrive
        The same from the target to the home.
    walk
        Seconds of walking all the way, where that counts as a journey; else -1.
    open_s, close_s
        Hours of the target, ascending, not overlapping, int32 seconds.
    stay_s, early_s, leave_from_s, back_by_s
        Length of the visit, longest wait for the door, hours of leaving home and of being back, seconds.
    shortest
        Scratch, int32 (at least n_back + 1,).
    found
        Filled: int32 (4,): pairs (`ON_FOOT` = any number), time away, longer way; -1 where there is no pair; first leaving by vehicle
        in any possible pair; -1 where there is none.
    """
    pairs, away, way = 0, INF, INF
    while n_back > 0 and back_arrive[n_back - 1] > back_by_s:
        n_back -= 1
    shortest[n_back] = INF
    for j in range(n_back - 1, -1, -1):
        shortest[j] = min(shortest[j + 1], back_arrive[j] - back_leave[j])
    free_end = n_back  # ways home from here on can be joined with a walk to the target
    if walk >= 0:
        on_foot = first_ready(leave_from_s + walk, open_s, close_s, stay_s)
        if on_foot + walk <= back_by_s:
            pairs, away, way = ON_FOOT, stay_s + 2 * walk, walk
        while free_end > 0 and back_leave[free_end - 1] >= on_foot:
            free_end -= 1
            begin = last_begin(leave_from_s + walk, back_leave[free_end] - stay_s, open_s, close_s, stay_s)
            away = min(away, back_arrive[free_end] - begin + walk)
            way = min(way, max(walk, back_arrive[free_end] - back_leave[free_end]))
    counted = n_back - free_end
    window, first, free = 0, 0, 0
    earliest = free_end  # the first way home that anybody can take
    for i in range(n_out):
        if out_leave[i] < leave_from_s:
            continue
        arrive = out_arrive[i]
        while window < len(open_s) and max(arrive, open_s[window]) + stay_s > close_s[window]:
            window += 1
        if window == len(open_s):
            break
        if arrive < open_s[window] - early_s:
            continue
        ready = max(arrive, open_s[window]) + stay_s
        duration = arrive - out_leave[i]
        while first < n_back and back_leave[first] < ready:
            first += 1
        earliest = min(earliest, first)
        if first < n_back:
            away = min(away, back_arrive[first] - out_leave[i])
            way = min(way, max(duration, shortest[first]))
        if walk >= 0 and ready + walk <= back_by_s:
            away = min(away, ready + walk - out_leave[i])
            way = min(way, max(duration, walk))
            counted += 1
            continue
        free = max(free, first)
        if free < free_end:
            free += 1
            counted += 1
    found[0] = max(pairs, min(counted, ON_FOOT - 1))
    found[1] = away if away < INF else -1
    found[2] = way if way < INF else -1
    found[3] = back_leave[earliest] if earliest < n_back else -1


@njit(nogil=True, cache=True)
def merge_round_trips(
    home_ptr: NDArray,
    home_stop: NDArray,
    home_walk_s: NDArray,
    stop_ptr: NDArray,
    stop_home: NDArray,
    out_ptr: NDArray,
    out_dep: NDArray,
    out_rank: NDArray,
    out_arrivals: NDArray,
    out_ranks: int,
    back_ptr: NDArray,
    back_dep: NDArray,
    back_rank: NDArray,
    back_arrivals: NDArray,
    back_ranks: int,
    walk_home: NDArray,
    walk_s: NDArray,
    walk_counts: NDArray,
    open_s: NDArray,
    close_s: NDArray,
    stay_s: int,
    early_s: int,
    leave_from_s: int,
    back_by_s: int,
    max_s: int,
    out: NDArray,
) -> int:
    """Round trips of all homes with one target; returns the number of rows written.

    Parameters
    ----------
    home_ptr, home_stop, home_walk_s, stop_ptr, stop_home
        Access stops of each home and homes of each stop, as in `merge_homes`.
    out_ptr, out_dep, out_rank, out_arrivals, out_ranks
        Profiles of the stops to the target, as in `merge_homes`.
    back_ptr, back_dep, back_rank, back_arrivals, back_ranks
        The same from the target, times negated.
    walk_home, walk_s, walk_counts
        Homes (ascending) whose whole way on foot is known, its seconds, and whether it counts as a journey (then at most `max_s`).
    open_s, close_s, stay_s, early_s, leave_from_s, back_by_s
        As in `pair_journeys`.
    max_s
        Longest journey, seconds.
    out
        Filled: int32 (6, homes): home, pairs, time away, longer way, last way home, first way home in a pair.
    """
    out_row, out_masks = arrival_masks(out_ptr, out_rank, out_ranks)
    back_row, back_masks = arrival_masks(back_ptr, back_rank, back_ranks)
    # A home without any way back, on foot or by vehicle, has nothing to tell.
    asked = asked_homes(len(home_ptr) - 1, back_ptr, stop_ptr, stop_home, walk_home, walk_counts)
    ranks = max(out_ranks, back_ranks)
    touched = np.zeros(ranks // 64 + 1, np.uint64)
    best = np.full(ranks + 1, NONE, np.int32)
    leave = np.empty(out_ranks + 1, np.int32)
    arrive = np.empty(out_ranks + 1, np.int32)
    turned_arrive = np.empty(back_ranks + 1, np.int32)
    turned_leave = np.empty(back_ranks + 1, np.int32)
    back_leave = np.empty(back_ranks + 1, np.int32)
    back_arrive = np.empty(back_ranks + 1, np.int32)
    shortest = np.empty(back_ranks + 1, np.int32)
    found = np.empty(4, np.int32)
    first_over = open_s[0] + stay_s if len(open_s) else INF
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
            # A walk that is too long for the group takes no journey away: who cannot walk it rides, however slowly.
            cap = walk - 1 if counts else max_s
            n_back = useful_of_home(
                home, cap, home_ptr, home_stop, home_walk_s, back_ptr, back_dep, back_rank, back_arrivals, back_row,
                back_masks, touched, best, turned_arrive, turned_leave,
            )  # fmt: skip
            if n_back == 0 and not counts:
                continue
            for j in range(n_back):
                back_leave[j] = -turned_leave[n_back - 1 - j]
                back_arrive[j] = -turned_arrive[n_back - 1 - j]
            n_out = 0
            # Ways home rise in leaving and arrival: if the last that is in time leaves before any visit is over, none can be paired.
            in_time = n_back
            while in_time > 0 and back_arrive[in_time - 1] > back_by_s:
                in_time -= 1
            if counts or (in_time > 0 and back_leave[in_time - 1] >= first_over):
                n_out = useful_of_home(
                    home, cap, home_ptr, home_stop, home_walk_s, out_ptr, out_dep, out_rank, out_arrivals, out_row,
                    out_masks, touched, best, leave, arrive,
                )  # fmt: skip
            pair_journeys(
                n_out, leave, arrive, in_time, back_leave, back_arrive, walk if counts else -1, open_s, close_s, stay_s,
                early_s, leave_from_s, back_by_s, shortest, found,
            )  # fmt: skip
            if found[0] == 0 and n_back == 0:
                continue
            out[0, rows] = home
            out[1, rows] = found[0]
            out[2, rows] = found[1]
            out[3, rows] = found[2]
            out[4, rows] = back_leave[n_back - 1] if n_back > 0 else -1
            out[5, rows] = found[3]
            rows += 1
    return rows


@njit(nogil=True, cache=True)
def _mix(digest: np.uint64, value: int) -> np.uint64:
    # FNV-1a by words instead of bytes; the shift brings high bits down again.
    digest = (digest ^ np.uint64(value)) * np.uint64(1_099_511_628_211)
    return digest ^ (digest >> np.uint64(29))


@njit(nogil=True, cache=True)
def hash_columns(ptr: NDArray, first: NDArray, second: NDArray) -> NDArray:
    """64-bit hash of each column: what stands in `first` and `second` between its pointers.

    Parameters
    ----------
    ptr
        int64 (columns + 1,).
    first, second
        Integers; one pair per entry.

    Returns
    -------
    NDArray
        uint64 (columns,).
    """
    out = np.empty(len(ptr) - 1, np.uint64)
    for column in range(len(out)):
        digest = np.uint64(14_695_981_039_346_656_037)
        for k in range(ptr[column], ptr[column + 1]):
            digest = _mix(_mix(digest, first[k]), second[k])
        out[column] = digest
    return out


@njit(nogil=True, cache=True)
def hash_profiles(
    digest: np.uint64, stop_key: NDArray, prof_ptr: NDArray, prof_dep: NDArray, prof_arr: NDArray
) -> np.uint64:
    """`digest` mixed with the profiles of all stops that have one.

    Parameters
    ----------
    digest
        uint64 to begin with (hash of what else the summaries depend on).
    stop_key
        uint64 per stop: stands for the stop, whatever its number.
    prof_ptr, prof_dep, prof_arr
        As in `profiles`.
    """
    for stop in range(len(prof_ptr) - 1):
        if prof_ptr[stop + 1] > prof_ptr[stop]:
            digest = _mix(_mix(digest, stop_key[stop]), prof_ptr[stop + 1] - prof_ptr[stop])
            for p in range(prof_ptr[stop], prof_ptr[stop + 1]):
                digest = _mix(_mix(digest, prof_dep[p]), prof_arr[p])
    return digest
