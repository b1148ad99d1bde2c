"""Public transport of one day, searched backwards from a target: connections, changes, profiles at the stops.

The idea. Every connection `c` of the day has one number per target: the earliest arrival at the target for somebody who sits
in `c`. It is the smallest of staying seated (the same number of the trip's next connection), alighting and walking to
the target, and alighting and changing. A change leads to the first departure that can be caught at another (or the same) stop;
which one that is does not depend on the target, so these arcs are built once per day. The departures of a stop in time
order are its *events*; each holds the best arrival of itself and all later ones, so a change costs one look-up.

A transfer walk never follows a transfer walk: arcs start at connections only. Boarding the first vehicle needs no
change time: profiles are read from the departures themselves, arcs carry the change time of their pair of stops.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

INF = 1 << 30  # later than any moment; twice this still fits int32


@njit(nogil=True, cache=True)
def _first_event(dep: NDArray, ev_conn: NDArray, lo: int, hi: int, moment: int) -> int:
    """First event of [lo, hi) that departs at or after `moment`; hi if none."""
    while lo < hi:
        mid = (lo + hi) // 2
        if dep[ev_conn[mid]] < moment:
            lo = mid + 1
        else:
            hi = mid
    return lo


@njit(nogil=True, cache=True)
def build_arcs(
    dep: NDArray,
    arr: NDArray,
    to: NDArray,
    nxt: NDArray,
    alight: NDArray,
    ev_ptr: NDArray,
    ev_conn: NDArray,
    tr_ptr: NDArray,
    tr_to: NDArray,
    tr_need: NDArray,
    max_s: int,
) -> tuple[NDArray, NDArray]:
    """Changes that may matter: per connection the events that are caught after alighting from it.

    A change is left out where staying seated and changing later from the same trip catches the same first departure of
    the same stop, because the later change then gives the same arrival.

    Parameters
    ----------
    dep, arr, to, nxt, alight
        Per connection (n, sorted by departure): int32 seconds, stop, next connection of the trip (n = none), bool.
    ev_ptr, ev_conn
        Events of each stop (the last one of each stop is a sentinel, connection -1): int64 (stops + 1,), int32.
    tr_ptr, tr_to, tr_need
        Changes by the stop of alighting: int64 (stops + 1,), int32 stop of boarding, int32 seconds needed.
    max_s
        Longest journey, seconds; a longer wait is no change.

    Returns
    -------
    arc_ptr, arc_event
        int64 (n + 1,), int32.
    """
    n = len(dep)
    n_stops = len(ev_ptr) - 1
    best = np.zeros(n_stops, np.int32)
    stamp = np.full(n_stops, -1, np.int64)
    first = np.ones(n, np.bool_)
    for c in range(n):
        if nxt[c] < n:
            first[nxt[c]] = False
    chain = np.empty(n, np.int32)
    count = np.zeros(n + 1, np.int64)
    cap = max(1024, 2 * n)
    found_conn = np.empty(cap, np.int32)
    found_event = np.empty(cap, np.int32)
    found = 0
    for head in range(n):
        if not first[head]:
            continue
        length = 0
        c = head
        while c < n:
            chain[length] = c
            length += 1
            c = nxt[c]
        for i in range(length - 1, -1, -1):
            c = chain[i]
            if not alight[c]:
                continue
            stop = to[c]
            for k in range(tr_ptr[stop], tr_ptr[stop + 1]):
                other = tr_to[k]
                end = ev_ptr[other + 1] - 1
                event = _first_event(dep, ev_conn, ev_ptr[other], end, arr[c] + tr_need[k])
                if event == end or dep[ev_conn[event]] - arr[c] > max_s:
                    continue
                if stamp[other] == head and best[other] <= event:
                    continue
                stamp[other] = head
                best[other] = event
                if found == cap:
                    cap *= 2
                    more_conn = np.empty(cap, np.int32)
                    more_event = np.empty(cap, np.int32)
                    more_conn[:found] = found_conn
                    more_event[:found] = found_event
                    found_conn = more_conn
                    found_event = more_event
                found_conn[found] = c
                found_event[found] = event
                found += 1
                count[c + 1] += 1
    for c in range(n):
        count[c + 1] += count[c]
    arc_event = np.empty(found, np.int32)
    place = count[:-1].copy()
    for k in range(found):
        c = found_conn[k]
        arc_event[place[c]] = found_event[k]
        place[c] += 1
    return count, arc_event


@njit(nogil=True, cache=True)
def scan(
    lo: int,
    hi: int,
    dep: NDArray,
    arr: NDArray,
    to: NDArray,
    nxt: NDArray,
    alight: NDArray,
    event: NDArray,
    arc_ptr: NDArray,
    arc_event: NDArray,
    egress_s: NDArray,
    max_s: int,
    value: NDArray,
    suffix: NDArray,
) -> None:
    """Earliest arrival at the target from each connection lo..hi-1, and the best of each event and all later ones.

    Parameters
    ----------
    lo, hi
        Connections to look at; all later ones count as not running.
    dep, arr, to, nxt, alight, arc_ptr, arc_event
        As in `build_arcs`.
    event
        int32 per connection: its event, -1 where nobody may board.
    egress_s
        int32 per stop: seconds on foot to the target, `INF` where too far.
    max_s
        Longest time from a departure to the target, seconds.
    value, suffix
        Filled: int32 (n + 1,) arrival by connection (the last one stays `INF`) and int32 (events,).
    """
    value[:] = INF
    suffix[:] = INF
    for c in range(hi - 1, lo - 1, -1):
        best = value[nxt[c]]
        if alight[c]:
            best = min(best, arr[c] + egress_s[to[c]])
            for k in range(arc_ptr[c], arc_ptr[c + 1]):
                best = min(best, suffix[arc_event[k]])
        if best - dep[c] > max_s:
            best = np.int32(INF)
        value[c] = best
        slot = event[c]
        if slot >= 0:
            suffix[slot] = min(best, suffix[slot + 1])


@njit(nogil=True, cache=True)
def profiles(
    dep: NDArray,
    ev_ptr: NDArray,
    ev_conn: NDArray,
    suffix: NDArray,
    least_walk_s: NDArray,
    leave_from: int,
    arrive_to: int,
    max_s: int,
    prof_ptr: NDArray,
    prof_dep: NDArray,
    prof_arr: NDArray,
) -> int:
    """Pareto pairs (departure, arrival at the target) of each stop, latest first, as CSR; returns their number.

    Parameters
    ----------
    dep, ev_ptr, ev_conn, suffix
        As in `scan`.
    least_walk_s
        int32 per stop: shortest access walk of any home, `INF` where no home uses the stop.
    leave_from, arrive_to
        Pairs that leave every home before `leave_from` or arrive after `arrive_to` are left out (seconds).
    max_s
        Longest journey from home to target, seconds.
    prof_ptr, prof_dep, prof_arr
        Filled: int64 (stops + 1,), int32 (events,) each.
    """
    n = 0
    for stop in range(len(ev_ptr) - 1):
        prof_ptr[stop] = n
        walk = least_walk_s[stop]
        if walk >= INF:
            continue
        begin = n
        known = INF
        for k in range(ev_ptr[stop + 1] - 2, ev_ptr[stop] - 1, -1):
            best = suffix[k]
            if best >= known:
                continue
            known = best
            moment = dep[ev_conn[k]]
            if moment - walk < leave_from:
                break
            if best - moment + walk > max_s or best > arrive_to:
                continue
            if n > begin and prof_dep[n - 1] == moment:
                n -= 1
            prof_dep[n] = moment
            prof_arr[n] = best
            n += 1
    prof_ptr[len(ev_ptr) - 1] = n
    return n


@njit(nogil=True, cache=True)
def rank_arrivals(n: int, prof_arr: NDArray, base: int, rank_of: NDArray, prof_rank: NDArray, arrivals: NDArray) -> int:
    """Number the different arrivals in time order; returns how many there are.

    `rank_of` int32 is scratch over the seconds from `base` on; `prof_rank` and `arrivals` are filled (int32).
    """
    rank_of[:] = 0
    for k in range(n):
        rank_of[prof_arr[k] - base] = 1
    ranks = 0
    for second in range(len(rank_of)):
        if rank_of[second]:
            arrivals[ranks] = second + base
            rank_of[second] = ranks
            ranks += 1
    for k in range(n):
        prof_rank[k] = rank_of[prof_arr[k] - base]
    return ranks
