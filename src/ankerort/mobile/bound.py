"""A value that no feasible plan exceeds: a linear program over rhythms and drives, sharpened by cuts, then with whole choices.

All days of the cycle are added up. A plan then is a number of visits at each stop, a number of day tours and a number of drives between each two
places, with as many drives at a stop as two per visit. Every set of stops must be left and entered often enough for its visits, their loads and
their time (Laporte, Nobert and Desrochers, Operations Research 33 (1985), in the sum over the days). Nothing in it knows how a plan is found.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_matrix, csr_matrix, vstack
from scipy.sparse.csgraph import connected_components, maximum_flow

from ankerort.mobile.bound_data import choices_of, edges_of, longest_day, packings
from ankerort.mobile.bound_rows import Rows
from ankerort.mobile.evaluate import best_factor
from ankerort.mobile.problem import MobileProblem, Objective

_MOST_PAIRS = 40_000
_ROUNDS = 60
_VIOLATION = 1e-4
_FLOW = 1_000_000


def upper_bound(problem: MobileProblem, objective: Objective, *, seconds: float = 10.0) -> tuple[float, str]:
    """Return a value that no feasible plan exceeds.

    Parameters
    ----------
    problem, objective
        The problem.
    seconds
        Wall time in which to end; the first linear program is solved in any case.

    Returns
    -------
    tuple
        The bound, in the unit of the objective, and how it was found: tours. ``-inf`` where no plan is feasible at all, ``inf`` if the solver failed.

    Notes
    -----
    The bound is that of the whole program (choices whole, drives fractional) where it is solved in time, else its bound so far.
    """
    end = time.monotonic() + seconds
    model = _Model(problem, objective)
    value, point = model.relax(max(seconds, 1.0))
    if point is None:
        return (-np.inf if value == -np.inf else np.inf), "tours"
    if model.round_up(max(seconds, 1.0)):
        found, at = model.relax(max(seconds, 1.0))
        if found == -np.inf:
            return -np.inf, "tours"
        value, point = min(value, found), point if at is None else at
    rounds = 0
    while rounds < _ROUNDS and time.monotonic() < end - 0.3 * seconds and model.cut(point):
        rounds += 1
        found, at = model.relax(max(end - time.monotonic(), 0.1))
        if at is None:
            if found == -np.inf:
                return -np.inf, "tours"
            break
        value, point = min(value, found), at
    value = min(value, model.whole(max(end - time.monotonic(), 0.1)))
    return value + 1e-6 * max(1.0, abs(value)), "tours"


class _Model:
    """Columns: choices (stop with rhythm), drives, day tours, vehicles, then served shares of groups, then covered groups."""

    def __init__(self, problem: MobileProblem, objective: Objective) -> None:
        self._problem, self._objective = problem, objective
        # Weekdays and half-days matter for the need alone; without them the program is small and takes more cuts.
        self._choices = choices_of(problem, split=objective.kind == "need")
        self._edges, self._day = edges_of(problem), longest_day(problem)
        self._nc, self._ne = len(self._choices.stop), len(self._edges.a)
        self._tours, self._vehicles = self._nc + self._ne, self._nc + self._ne + 1
        self._weekday = self._nc + self._ne + 2
        self._columns = self._weekday + problem.weekdays
        self._rows = Rows()
        self._const = 0.0
        self._gain: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []
        near = self._edges.b == problem.stops
        self._home = np.full(problem.stops, np.inf)
        self._home[self._edges.a[near]] = self._edges.seconds[near]
        self._short = self._shortest()
        if objective.kind == "need":
            self._groups()
        if objective.cover_share > 0.0:
            self._target()
        self._drives()
        self._days()
        cost = self._cost()
        self._objective_row = np.zeros(self._columns)
        self._objective_row[: len(cost)] = -cost
        if objective.kind == "need":
            # The value of a plan leaves the fixed cost out; the budget does not.
            self._objective_row[self._vehicles] = 0.0
            for columns, values in self._gain:
                self._objective_row[columns] += values
        if np.isfinite(objective.budget_eur):
            used = np.flatnonzero(cost)
            self._rows.add(used, cost[used], -np.inf, objective.budget_eur * (1 + 1e-9) + 1e-6)
        self._low, self._high = self._limits()
        self._seen: set[bytes] = set()
        self._tours_of = self._shares_of_tours()
        per_stop = np.bincount(self._choices.stop, minlength=problem.stops)
        self._settled = problem.must & (per_stop == 1)

    # Rows

    def _groups(self) -> None:
        """Shares of groups that are served by a stop with a rhythm; groups beyond the size of the program get their most for nothing."""
        problem, needs, choices = self._problem, self._problem.needs, self._choices
        factor = best_factor(problem)
        stop_of = np.repeat(np.arange(problem.stops), np.diff(needs.ptr))
        most = np.zeros(len(needs.points))
        np.maximum.at(
            most, needs.group, needs.points[needs.group] * needs.factor * factor[stop_of, needs.kind[needs.group]]
        )
        # A group with one stop needs no share of its own: it is served if the stop is.
        alone = np.bincount(needs.group, minlength=len(needs.points)) == 1
        per_stop = np.bincount(choices.stop, minlength=problem.stops)
        size = np.bincount(needs.group, weights=per_stop[stop_of], minlength=len(most))
        size[alone] = 0.0
        order = np.argsort(-most, kind="stable")
        inside = alone.copy()
        inside[order[np.cumsum(size[order]) <= _MOST_PAIRS]] = True
        self._const += self._objective.point_eur * float(most[~inside].sum())
        begin, group_of, choice_of, values = self._columns, [], [], []
        for choice in range(self._nc):
            stop = int(choices.stop[choice])
            pairs = slice(int(needs.ptr[stop]), int(needs.ptr[stop + 1]))
            group = needs.group[pairs]
            worth = needs.points[group] * needs.factor[pairs] * choices.worth[choice, needs.kind[group]]
            own = float(worth[alone[group]].sum()) * self._objective.point_eur
            self._gain.append((np.array([choice]), np.array([own])))
            keep = inside[group] & ~alone[group] & (worth > 0.0)
            group_of.append(group[keep])
            choice_of.append(np.full(int(keep.sum()), choice))
            values.append(worth[keep] * self._objective.point_eur)
        if not values:
            return
        groups, owners, gains = np.concatenate(group_of), np.concatenate(choice_of), np.concatenate(values)
        columns = begin + np.arange(len(gains))
        self._columns += len(gains)
        self._gain.append((columns, gains))
        for column, owner in zip(columns.tolist(), owners.tolist(), strict=True):
            self._rows.add(np.array([column, owner]), np.array([1.0, -1.0]), -np.inf, 0.0)
        order = np.argsort(groups, kind="stable")
        for part in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
            if len(part) > 1:
                self._rows.add(columns[part], np.ones(len(part)), -np.inf, 1.0)

    def _target(self) -> None:
        """Covered groups, each at most as often as some near stop has a rhythm of the target."""
        problem, needs, choices = self._problem, self._problem.needs, self._choices
        counts = needs.target & needs.target_group[needs.group]
        stop_of = np.repeat(np.arange(problem.stops), np.diff(needs.ptr))
        could = np.unique(needs.group[counts])
        if not len(could):
            return
        often = np.flatnonzero(needs.target_rhythm[choices.rhythm])
        columns = self._columns + np.arange(len(could))
        self._columns += len(could)
        for column, group in zip(columns.tolist(), could.tolist(), strict=True):
            near = stop_of[counts & (needs.group == group)]
            owners = often[np.isin(choices.stop[often], near)]
            self._rows.add(
                np.concatenate([[column], owners]), np.concatenate([[1.0], -np.ones(len(owners))]), -np.inf, 0.0
            )
        persons = needs.persons[could]
        want = self._objective.cover_share * float(persons.sum()) * (1.0 - 1e-9)
        self._rows.add(columns, persons, want, np.inf)

    def _drives(self) -> None:
        """One rhythm per stop; two drives per visit; two drives at the depots per day tour."""
        choices, edges = self._choices, self._edges
        at: list[list[int]] = [[] for _ in range(self._problem.stops + 1)]
        for edge, (a, b) in enumerate(zip(edges.a.tolist(), edges.b.tolist(), strict=True)):
            at[a].append(self._nc + edge)
            if b >= 0:
                at[b].append(self._nc + edge)
        for stop in range(self._problem.stops):
            mine = np.flatnonzero(choices.stop == stop)
            must = bool(self._problem.must[stop])
            self._rows.add(mine, np.ones(len(mine)), 1.0 if must else 0.0, 1.0)
            columns = np.concatenate([np.array(at[stop], np.int64), mine])
            values = np.concatenate([np.ones(len(at[stop])), -2.0 * choices.visits[mine]])
            self._rows.add(columns, values, 0.0, 0.0)
        home = np.array(at[-1], np.int64)
        self._rows.add(np.append(home, self._tours), np.append(np.ones(len(home)), -2.0), 0.0, 0.0)

    def _days(self) -> None:
        """The days together hold all stays and drives; so many vehicles have so many days."""
        problem, choices = self._problem, self._choices
        stays = (choices.visits * choices.stay_s).astype(float)
        columns = np.concatenate([np.arange(self._nc + self._ne), [self._tours]])
        values = np.concatenate([stays, self._edges.seconds, [-self._day.work_s]]) / max(self._day.work_s, 1.0)
        self._rows.add(columns, values, -np.inf, 0.0)
        if np.isfinite(self._day.capacity):
            loads = np.append(choices.visits * choices.load, -self._day.capacity)
            self._rows.add(np.append(np.arange(self._nc), self._tours), loads, -np.inf, 0.0)
        self._half_days()
        days = float(problem.weekdays * problem.weeks)
        self._rows.add(np.array([self._tours, self._vehicles]), np.array([1.0, -days]), -np.inf, 0.0)
        of_day = self._weekday + np.arange(problem.weekdays)
        self._rows.add(np.append(of_day, self._tours), np.append(np.ones(len(of_day)), -1.0), 0.0, 0.0)
        for column in of_day.tolist():
            self._rows.add(np.array([column, self._vehicles]), np.array([1.0, -float(problem.weeks)]), -np.inf, 0.0)
        # A day has at most one tour of each vehicle, a stop at most one visit a day.
        for stop in np.unique(choices.stop).tolist():
            mine = np.flatnonzero(choices.stop == stop)
            self._rows.add(
                np.append(mine, self._tours), np.append(choices.visits[mine], -1).astype(float), -np.inf, 0.0
            )

    def _half_days(self) -> None:
        """The visits of a half-day have room in it; weekdays and half-days for themselves where the choices tell them apart."""
        problem, choices = self._problem, self._choices
        if not any(choices.slots):
            halves = float(len(problem.halves_s))
            for size in packings(problem, choices, self._edges, None):
                values = np.append(choices.visits * size, -halves)
                self._rows.add(np.append(np.arange(self._nc), self._tours), values, -np.inf, 0.0)
            return
        at: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for choice, slots in enumerate(choices.slots):
            for day, half, visits in slots:
                at.setdefault((day, half), []).append((choice, visits))
        loads: dict[int, list[tuple[int, int]]] = {}
        for (day, half), found in sorted(at.items()):
            columns = np.array([choice for choice, _ in found])
            visits_here = np.array([visits for _, visits in found], float)
            for size in packings(problem, choices, self._edges, half):
                values = np.append(visits_here * size[columns], -1.0)
                if (values > 0.0).any():
                    self._rows.add(np.append(columns, self._weekday + day), values, -np.inf, 0.0)
            loads.setdefault(day, []).extend(found)
        if np.isfinite(self._day.capacity):
            for day, found in sorted(loads.items()):
                columns = np.array([choice for choice, _ in found])
                weight = np.array([visits for _, visits in found]) * choices.load[columns]
                self._rows.add(
                    np.append(columns, self._weekday + day), np.append(weight, -self._day.capacity), -np.inf, 0.0
                )

    def _cost(self) -> NDArray[np.float64]:
        """Return the cost per year of each column."""
        year, hour = self._problem.cycles_per_year, self._day.eur_per_h / 3600.0
        cost = np.zeros(self._columns)
        cost[: self._nc] = year * hour * self._choices.visits * self._choices.stay_s
        cost[self._nc : self._nc + self._ne] = year * (self._edges.eur + hour * self._edges.seconds)
        cost[self._tours] = year * (self._day.eur_per_day + hour * self._day.extra_s)
        cost[self._vehicles] = self._day.eur_per_year
        return cost

    def _limits(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        low, high = np.zeros(self._columns), np.ones(self._columns)
        high[self._nc : self._nc + self._ne] = np.inf
        high[self._tours] = float(self._problem.vehicles.count * self._problem.weekdays * self._problem.weeks)
        high[self._vehicles] = float(self._problem.vehicles.count)
        high[self._weekday : self._weekday + self._problem.weekdays] = float(
            self._problem.vehicles.count * self._problem.weeks
        )
        return low, high

    # Solving

    def round_up(self, seconds: float) -> bool:
        """Find the fewest vehicles and day tours, which are whole numbers; return whether that says anything new."""
        if self._objective.kind == "need" and not self._problem.must.any() and self._objective.cover_share <= 0.0:
            return False
        better = False
        for column in (self._vehicles, self._tours):
            row = np.zeros(self._columns)
            row[column] = -1.0
            _, point = self.relax(seconds, row)
            if point is not None and np.ceil(point[column] - 1e-6) > self._low[column]:
                self._low[column] = np.ceil(point[column] - 1e-6)
                better = True
        return better

    def relax(
        self, seconds: float, objective_row: NDArray[np.float64] | None = None
    ) -> tuple[float, NDArray[np.float64] | None]:
        """Solve the linear program; -inf = it has no solution, inf = the solver found none in time."""
        matrix = self._rows.matrix(self._columns)
        low, high = np.array(self._rows.low), np.array(self._rows.high)
        equal = low == high
        upper, lower = ~equal & np.isfinite(high), ~equal & np.isfinite(low)
        found = linprog(
            -(self._objective_row if objective_row is None else objective_row),
            A_ub=vstack([matrix[upper], -matrix[lower]]),
            b_ub=np.concatenate([high[upper], -low[lower]]),
            A_eq=matrix[equal],
            b_eq=high[equal],
            bounds=np.column_stack([self._low, self._high]),
            method="highs",
            options={"time_limit": seconds},
        )
        if found.status == 2:
            return -np.inf, None
        if found.status != 0:
            return np.inf, None
        return self._const - float(found.fun), np.asarray(found.x)

    def whole(self, seconds: float) -> float:
        """Solve the program with whole choices, day tours and vehicles; return its bound, inf if there is none."""
        integrality = np.zeros(self._columns)
        integrality[: self._nc] = 1
        integrality[[self._tours, self._vehicles]] = 1
        found = milp(
            -self._objective_row,
            integrality=integrality,
            bounds=Bounds(self._low, self._high),
            constraints=LinearConstraint(self._rows.matrix(self._columns), self._rows.low, self._rows.high),
            options={"time_limit": seconds, "mip_rel_gap": 1e-4},
        )
        if found.status == 2:
            return -np.inf
        bound = found.mip_dual_bound
        return np.inf if bound is None or not np.isfinite(bound) else self._const - float(bound)

    # Cuts

    def cut(self, point: NDArray[np.float64]) -> int:
        """Add rows that the point breaks and every plan keeps; return how many."""
        drives = np.maximum(point[self._nc : self._nc + self._ne], 0.0)
        stops = self._problem.stops
        visits = np.bincount(self._choices.stop, self._choices.visits * point[: self._nc], minlength=stops).astype(
            float
        )
        before = len(self._rows.low)
        single = (self._edges.b >= 0) & (drives > 1e-9)
        between = single & (self._edges.b < stops)
        graph = coo_matrix((drives[between], (self._edges.a[between], self._edges.b[between])), shape=(stops, stops))
        count, part = connected_components(graph, directed=False)
        for number in range(count):
            self._try(part == number, point, visits)
        self._by_flow(drives, point, visits)
        return len(self._rows.low) - before

    def _by_flow(self, drives: NDArray[np.float64], point: NDArray[np.float64], visits: NDArray[np.float64]) -> None:
        stops, edges, choices = self._problem.stops, self._edges, self._choices
        # To anywhere is the depot here: it may cross the border of any set.
        to = np.where(edges.b < 0, stops, edges.b)
        for stop in np.flatnonzero(visits > 1e-6).tolist():
            self._try(self._side(stop, stops, edges.a, to, drives, np.zeros(stops)), point, visits)
        for share in self._tours_of:
            demand = 2.0 * np.bincount(choices.stop, share * point[: self._nc], minlength=stops)
            self._try(self._side(-1, stops, edges.a, to, drives, demand.astype(np.float64)), point, visits)
        stay = np.bincount(choices.stop, choices.visits * choices.stay_s * point[: self._nc], minlength=stops).astype(
            float
        )
        inner = (edges.b >= 0) & (edges.b < stops)
        half = np.bincount(edges.a[inner], (drives * edges.seconds)[inner] / 2.0, minlength=stops)
        half += np.bincount(edges.b[inner], (drives * edges.seconds)[inner] / 2.0, minlength=stops)
        home = np.where(np.isfinite(self._home), self._home, 0.0)
        for reach in sorted({0.0, *np.quantile(home, [0.25, 0.5, 0.75]).tolist()}):
            left = self._day.work_s - 2.0 * reach
            if left <= 0.0:
                continue
            weight = drives * (left / 2.0 + np.where(inner, edges.seconds / 2.0, 0.0))
            far = np.where(home >= reach, stay + half, 0.0).astype(np.float64)
            self._try(self._side(-1, stops, edges.a, to, weight / left * 2.0, far / left * 2.0), point, visits)

    def _side(
        self,
        source: int,
        stops: int,
        a: NDArray[np.int64],
        to: NDArray[np.int64],
        weight: NDArray[np.float64],
        demand: NDArray[np.float64],
    ) -> NDArray[np.bool_]:
        """Return the stops on the side of the source (-1 = of the demands) in the least cut to the depots."""
        root = stops + 1 if source < 0 else source
        rows, columns, values = [a, to], [to, a], [weight, weight]
        if source < 0:
            rows.append(np.full(stops, root))
            columns.append(np.arange(stops))
            values.append(demand)
        whole = np.minimum(np.round(np.concatenate(values) * _FLOW / max(1.0, weight.max(initial=1.0))), 2**30)
        graph = coo_matrix(
            (whole.astype(np.int32), (np.concatenate(rows), np.concatenate(columns))), shape=(stops + 2, stops + 2)
        ).tocsr()
        graph = csr_matrix(graph, dtype=np.int32)
        flow = maximum_flow(graph, root, stops).flow
        left = csr_matrix(graph - flow)
        left.data = np.maximum(left.data, 0)
        left.eliminate_zeros()
        return _reachable(left, root)[:stops]

    def _try(self, inside: NDArray[np.bool_], point: NDArray[np.float64], visits: NDArray[np.float64]) -> None:
        """Add the rows of a set of stops that the point breaks."""
        if not inside.any() or inside.tobytes() in self._seen:
            return
        edges, choices, stops = self._edges, self._choices, self._problem.stops
        padded = np.append(inside, False)
        ends = np.where(edges.b < 0, stops, edges.b)
        border = np.flatnonzero(padded[edges.a] != padded[ends])
        inner = np.flatnonzero(padded[edges.a] & padded[ends])
        mine = np.flatnonzero(inside[choices.stop])
        columns = self._nc + border
        crossing = float(point[columns].sum())
        added = False
        most = int(np.where(inside, visits, -1.0).argmax())
        if crossing < 2.0 * visits[most] - _VIOLATION:
            own = np.flatnonzero(choices.stop == most)
            self._rows.add(
                np.concatenate([columns, own]),
                np.concatenate([np.ones(len(columns)), -2.0 * choices.visits[own]]),
                0.0,
                np.inf,
            )
            added = True
        shares, least = self._entered(inside, mine, point)
        if crossing < 2.0 * (float(shares @ point[mine]) + least) - _VIOLATION:
            self._rows.add(
                np.concatenate([columns, mine]),
                np.concatenate([np.ones(len(columns)), -2.0 * shares]),
                2.0 * least,
                np.inf,
            )
            added = True
        # A tour that enters the set has the way there and back; what is left holds the stays and drives within.
        away = self._away(inside)
        left = self._day.work_s - 2.0 * away
        if np.isfinite(away) and left > 0.0:
            stays = 2.0 / left * choices.visits[mine] * choices.stay_s[mine]
            within = 2.0 / left * edges.seconds[inner]
            if crossing < float(stays @ point[mine]) + float(within @ point[self._nc + inner]) - _VIOLATION:
                self._rows.add(
                    np.concatenate([columns, mine, self._nc + inner]),
                    np.concatenate([np.ones(len(columns)), -stays, -within]),
                    0.0,
                    np.inf,
                )
                added = True
        if added:
            self._seen.add(inside.tobytes())

    def _shares_of_tours(self) -> list[NDArray[np.float64]]:
        """Return per choice the share of a tour that its visits take, in several valid ways: by half-days, and by load."""
        choices, halves = self._choices, float(len(self._problem.halves_s))
        found = [choices.visits * size / halves for size in packings(self._problem, choices, self._edges, None)]
        if np.isfinite(self._day.capacity):
            found.append(choices.visits * choices.load / max(self._day.capacity, 1e-9))
        return found

    def _entered(
        self, inside: NDArray[np.bool_], mine: NDArray[np.int64], point: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], float]:
        """Return the strongest row ``entries >= shares of the choices + constant``; whole where all of the set is settled."""
        totals = [float(share[mine] @ point[mine]) for share in self._tours_of]
        best = int(np.argmax(totals))
        if self._settled[inside].all():
            return np.zeros(len(mine)), float(np.ceil(totals[best] - 1e-6))
        return self._tours_of[best][mine], 0.0

    def _away(self, inside: NDArray[np.bool_]) -> float:
        """Return the least time from a depot to the set on any way, seconds."""
        return float(self._short[inside].min())

    def _shortest(self) -> NDArray[np.float64]:
        """Return the least time from a depot to each stop on any way; a drive that does not stand singly begins anywhere."""
        stops, edges = self._problem.stops, self._edges
        distance = self._home.copy()
        loose = edges.b < 0
        distance[edges.a[loose]] = np.minimum(distance[edges.a[loose]], 2.0 * edges.seconds[loose])
        pair = (edges.b >= 0) & (edges.b < stops)
        a, b, seconds = edges.a[pair], edges.b[pair], edges.seconds[pair]
        for _ in range(stops):
            before = distance.copy()
            np.minimum.at(distance, a, before[b] + seconds)
            np.minimum.at(distance, b, before[a] + seconds)
            if np.array_equal(before, distance):
                break
        return distance


def _reachable(graph: csr_matrix, root: int) -> NDArray[np.bool_]:
    seen = np.zeros(graph.shape[0], bool)
    seen[root] = True
    todo = [root]
    while todo:
        node = todo.pop()
        for other in graph.indices[graph.indptr[node] : graph.indptr[node + 1]].tolist():
            if not seen[other]:
                seen[other] = True
                todo.append(other)
    return seen
