"""The journeys behind one figure of there and back: which pairs there are, by which trips (docs/decisions/0006)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ankerort.reach.model import ON_FOOT_ANY_TIME, UNREACHED, PtRules
from ankerort.reach.round_trips import TripRules
from ankerort.reach.trace_transit import (
    Found,
    Journey,
    one_home_access,
    rebuild_journey,
    useful_found,
    walk_journey,
)
from ankerort.reach.transit import Worker
from ankerort.reach.transit_day import TransitDay, walk_seconds

Windows = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Pair:
    """One way there and one way home; the visit lasts from `begin_s` to `over_s`, seconds after midnight."""

    out: Journey
    home: Journey
    begin_s: int
    over_s: int

    @property
    def away_s(self) -> int:
        """Seconds from leaving home to being back."""
        return self.home.arrive_s - self.out.leave_s

    @property
    def way_s(self) -> int:
        """Seconds of the longer of the two ways."""
        return max(self.out.duration_s, self.home.duration_s)


@dataclass(frozen=True)
class RoundTripTrace:
    """The evidence behind the round trips of one home and one target.

    Parameters
    ----------
    pairs
        Disjoint pairs in the order of time, as many as the column says; those by vehicle both ways where one can walk at any time.
    on_foot
        The pair on foot both ways, as early as possible; None where that is not possible.
    shortest
        The pair with the shortest time away; None without any.
    nearest
        The pair with the least longer way.
    last_home
        The last way home by vehicle; None if there is none.
    first_home
        The first way home by vehicle in any possible pair; None if there is none.
    """

    pairs: tuple[Pair, ...]
    on_foot: Pair | None
    shortest: Pair | None
    nearest: Pair | None
    last_home: Journey | None
    first_home: Journey | None

    @property
    def values(self) -> tuple[int, int, int, int, int]:
        """Pairs, away_s, way_s, last_home_s, first_home_s as in `RoundTripColumns`."""
        return (
            ON_FOOT_ANY_TIME if self.on_foot else len(self.pairs),
            self.shortest.away_s if self.shortest else UNREACHED,
            self.nearest.way_s if self.nearest else UNREACHED,
            self.last_home.leave_s if self.last_home else UNREACHED,
            self.first_home.leave_s if self.first_home else UNREACHED,
        )


def trace_round_trip(
    day: TransitDay,
    *,
    target_stops: tuple[NDArray[np.int32], NDArray[np.int32]],
    home_stops: tuple[NDArray[np.int32], NDArray[np.int32]],
    walk_m: int | None,
    windows: Windows,
    stay_s: int,
    rules: PtRules,
    trip: TripRules,
) -> RoundTripTrace:
    """Rebuild the pairs of one home and one target.

    Parameters
    ----------
    day
        The service day made ready for the group (`prepare_transit`).
    target_stops, home_stops
        Stops of the target and of the home, and whole metres to them.
    walk_m
        Metres of walking all the way; None where not known.
    windows
        Hours of the target on the day, seconds after midnight, ascending.
    stay_s
        Length of the visit; negative = the service has no round trips.
    rules, trip
        Rules of the group and of the round trip.
    """
    if not windows or stay_s < 0:
        return RoundTripTrace((), None, None, None, None, None)
    home = _Home(day, target_stops, home_stops, walk_m, rules, trip)
    visits = _Visits(windows, stay_s, trip)
    possible: list[_Option] = []
    outs = [(f, begin) for f in home.out if f.leave_s >= trip.leave_from_s and (begin := visits.begin(f.arrive_s)) >= 0]
    backs = [f for f in home.back if f.arrive_s <= trip.back_by_s]
    walk = home.walk_s
    mixed: list[_Option] = []
    for f, begin in outs:
        possible += [_Option(f, b, begin) for b in backs if b.leave_s >= begin + stay_s]
        if walk is not None and begin + stay_s + walk <= trip.back_by_s:
            mixed.append(_Option(f, None, begin))
    on_foot: _Option | None = None
    if walk is not None:
        earliest = visits.first(trip.leave_from_s + walk)
        if 0 <= earliest <= trip.back_by_s - walk - stay_s:
            on_foot = _Option(None, None, earliest)
        for b in backs:
            latest = visits.last(trip.leave_from_s + walk, b.leave_s - stay_s)
            if latest >= 0:
                mixed.append(_Option(None, b, latest))
    with_walks = possible + mixed + ([on_foot] if on_foot else [])
    taken = _greedy(outs, backs, [] if on_foot else mixed, stay_s)
    shortest = min(with_walks, key=lambda o: home.key(o, stay_s)[0], default=None)
    nearest = min(with_walks, key=lambda o: home.key(o, stay_s)[1], default=None)
    first = min((o.back for o in with_walks if o.back is not None), key=lambda f: f.leave_s, default=None)
    return RoundTripTrace(
        tuple(sorted((home.pair(o, stay_s) for o in taken), key=lambda p: (p.begin_s, p.home.leave_s))),
        home.pair(on_foot, stay_s) if on_foot else None,
        home.pair(shortest, stay_s) if shortest else None,
        home.pair(nearest, stay_s) if nearest else None,
        home.journey_back(home.back[-1]) if home.back else None,
        home.journey_back(first) if first else None,
    )


@dataclass(frozen=True)
class _Option:
    """A possible pair before it is rebuilt; None = on foot."""

    out: Found | None
    back: Found | None
    begin_s: int


class _Visits:
    """When a visit can begin."""

    def __init__(self, windows: Windows, stay_s: int, trip: TripRules) -> None:
        self.windows, self.stay_s, self.early_s = windows, stay_s, trip.early_s

    def begin(self, arrive_s: int) -> int:
        """Begin of the visit of somebody who arrives then; -1 if no window fits."""
        for start, end in self.windows:
            begin = max(arrive_s, start)
            if arrive_s >= start - self.early_s and begin + self.stay_s <= end:
                return begin
        return -1

    def first(self, earliest_s: int) -> int:
        """First begin at any moment from `earliest_s` on; -1 if there is none."""
        begins = [max(start, earliest_s) for start, _ in self.windows]
        fits = [b for b, (_, end) in zip(begins, self.windows, strict=True) if b + self.stay_s <= end]
        return min(fits, default=-1)

    def last(self, earliest_s: int, latest_s: int) -> int:
        """Last begin in a span of time; -1 if there is none."""
        begins = [min(latest_s, end - self.stay_s) for _, end in self.windows]
        fits = [b for b, (start, _) in zip(begins, self.windows, strict=True) if b >= max(start, earliest_s)]
        return max(fits, default=-1)


def _greedy(outs: list[tuple[Found, int]], backs: list[Found], mixed: list[_Option], stay_s: int) -> list[_Option]:
    """As many disjoint pairs as there are: those with a walk first, the rest by the earliest way home that is left."""
    taken = list(mixed)
    used_out = {o.out.leave_s for o in mixed if o.out is not None}
    left = [b for b in backs if not any(o.back is b for o in mixed)]
    for f, begin in outs:
        if f.leave_s in used_out:
            continue
        later = [b for b in left if b.leave_s >= begin + stay_s]
        if later:
            taken.append(_Option(f, later[0], begin))
            left.remove(later[0])
    return taken


class _Home:
    """Both searches of one home and one target."""

    def __init__(
        self,
        day: TransitDay,
        target_stops: tuple[NDArray[np.int32], NDArray[np.int32]],
        home_stops: tuple[NDArray[np.int32], NDArray[np.int32]],
        walk_m: int | None,
        rules: PtRules,
        trip: TripRules,
    ) -> None:
        inside = replace(rules, window_start_s=trip.leave_from_s, window_end_s=max(trip.leave_from_s, trip.back_by_s))
        access = one_home_access(day, home_stops, inside)
        walk_all = None if walk_m is None else int(walk_seconds(walk_m, rules.walk_speed_ms))
        counts = walk_m is not None and walk_m <= rules.walk_limit_m
        self.day, self.walk_m = day, -1 if walk_m is None else walk_m
        self.walk_s = walk_all if walk_all is not None and counts and walk_all <= rules.max_journey_s else None
        self._target_m = dict(zip(target_stops[0].tolist(), target_stops[1].tolist(), strict=True))
        self._home_m = dict(zip(home_stops[0].tolist(), home_stops[1].tolist(), strict=True))
        self._out = Worker(day.side("out"), "out", access, inside)
        self._back = Worker(day.side("home"), "home", access, inside)
        for worker in (self._out, self._back):
            worker.scan(*target_stops)
            worker.profiles()
        # a walk that is too long for the group takes no journey away
        self.out = useful_found(self._out, self.walk_s)
        self.back = useful_found(self._back, self.walk_s)

    def journey_back(self, found: Found) -> Journey:
        """A way home with its rides."""
        return rebuild_journey(self.day, self._back, found, self._home_m, self._target_m)

    def key(self, option: _Option, stay_s: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """(time away, leaving home) and (longer way, leaving home) of a possible pair."""
        walk = self.walk_s or 0
        leave = option.out.leave_s if option.out else option.begin_s - walk
        back = option.back.arrive_s if option.back else option.begin_s + stay_s + walk
        out_s = option.out.arrive_s - option.out.leave_s if option.out else walk
        back_s = option.back.arrive_s - option.back.leave_s if option.back else walk
        return (back - leave, leave), (max(out_s, back_s), leave)

    def pair(self, option: _Option, stay_s: int) -> Pair:
        """The pair with its rides and walks."""
        begin, over = option.begin_s, option.begin_s + stay_s
        if option.out is not None:
            out = rebuild_journey(self.day, self._out, option.out, self._home_m, self._target_m)
        else:
            out = walk_journey(begin - (self.walk_s or 0), begin, self.walk_m)
        if option.back is not None:
            return Pair(out, self.journey_back(option.back), begin, over)
        return Pair(out, walk_journey(over, over + (self.walk_s or 0), self.walk_m), begin, over)
