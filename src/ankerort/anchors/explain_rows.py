"""What a decision means for each demand row: the parts from which explanations are summed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.explain_model import Change, PersonsChange
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import FIXED, REMOVABLE, AnchorProblem, Decision, Objective, Travel
from ankerort.region.model import Region

KINDS: Final = (
    "young",
    "old",
    "young_car",
    "old_car",
)  # codes of `Prepared.demand_kind`, as in `Provision.group_weights`
_LEAST_PERSONS: Final = 0.5  # fewer are no person


@dataclass(frozen=True)
class Homes:
    """Where the people of the demand rows live.

    Parameters
    ----------
    place_ids
        Names of `place`.
    place
        int32, shape (demand rows,): row of `place_ids`, -1 = outside of all places.
    municipality
        Per demand row its municipality key, "" = outside of all known ones; shape (demand rows,), object.
    anchor_municipality
        Per candidate place its municipality key, "" = not known.
    """

    place_ids: tuple[str, ...]
    place: NDArray[np.int32]
    municipality: NDArray[np.object_]
    anchor_municipality: tuple[str, ...]

    @staticmethod
    def of(prepared: Prepared, region: Region) -> Homes:
        """Homes of a prepared problem by the cells of its region."""
        cells = region.cells
        home = cells["place_id"].fillna("").to_numpy(object)[prepared.demand_cell]
        ids = tuple(sorted({str(p) for p in home if p}))
        number = {p: k for k, p in enumerate(ids)}
        place = np.fromiter((number.get(str(p), -1) for p in home), np.int32, len(home))
        municipality = cells["ags"].fillna("").to_numpy(object)[prepared.demand_cell]
        of_place = dict(zip(region.places["place_id"], region.places["ags"].fillna(""), strict=True))
        return Homes(ids, place, municipality, tuple(str(of_place.get(p, "")) for p in prepared.place_ids))

    def spread(self, persons: NDArray[np.float64]) -> tuple[tuple[str, float], ...]:
        """Persons of the demand rows by the place where they live, most first, equals by id."""
        sums = np.bincount(self.place + 1, weights=persons, minlength=len(self.place_ids) + 1)
        names = ("", *self.place_ids)
        found = [(names[k], float(sums[k])) for k in np.flatnonzero(sums >= _LEAST_PERSONS)]
        return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True)
class State:
    """A decision by function and demand row.

    Parameters
    ----------
    covered
        bool, shape (functions, rows): some open offer lies within the standard.
    quality
        float64, same shape: share of the need that is met (closest offer and its capacity where capacities are limited, else the best).
    second
        float64, same shape: the same of the best open offer at any other site; 0 where there is none or no backup counts.
    time_s
        float64, same shape: best time to any open offer in whole steps; the table's largest one where there is none.
    counted_s
        float64, same shape: the same to those open offers to which shorter ways count (`Offers.saves_minutes`).
    together
        float64, shape (rows,): points for one person for the anchors within reach.
    """

    covered: NDArray[np.bool_]
    quality: NDArray[np.float64]
    second: NDArray[np.float64]
    time_s: NDArray[np.float64]
    counted_s: NDArray[np.float64]
    together: NDArray[np.float64]


class Rows:
    """Reads decisions of one problem row by row."""

    def __init__(self, problem: AnchorProblem) -> None:
        self.problem = problem
        offers = problem.offers
        self.offers_of = [np.flatnonzero(offers.function == f) for f in range(len(problem.functions))]
        self.counts = problem.demand.weight > 0  # people outside the study area fill catchments only

    @cached_property
    def points(self) -> NDArray[np.float64]:
        """Points per function and demand row at quality 1."""
        shape = (len(self.problem.functions), len(self.problem.demand))
        made = np.zeros(shape)
        for f, function in enumerate(self.problem.functions):
            made[f] = function.need * function.weight * self.problem.demand.weight
        return made

    @cached_property
    def need(self) -> NDArray[np.float64]:
        """Persons per function and demand row that count as the plan's own people."""
        return np.array([f.need * self.counts for f in self.problem.functions]).reshape(
            len(self.problem.functions), len(self.problem.demand)
        )

    @cached_property
    def today(self) -> State:
        """What exists, all of it open, and no anchor."""
        problem = self.problem
        existing = np.isin(problem.offers.state, (FIXED, REMOVABLE))
        return self.state(Decision(existing, np.zeros(len(problem.units), bool)))

    def state(self, decision: Decision) -> State:
        """The decision by function and demand row."""
        problem = self.problem
        rows = len(problem.demand)
        covered = np.zeros((len(problem.functions), rows), bool)
        quality, second = np.zeros(covered.shape), np.zeros(covered.shape)
        time_s, counted_s = np.zeros(covered.shape), np.zeros(covered.shape)
        for f in range(len(problem.functions)):
            opened = self.offers_of[f][decision.open[self.offers_of[f]]]
            covered[f], quality[f], time_s[f], counted_s[f] = self._one_function(f, opened)
            if self.backup[f] > 0:
                second[f] = self._second(f, opened)
        return State(covered, quality, second, time_s, counted_s, self._together(decision))

    @cached_property
    def backup(self) -> NDArray[np.float64]:
        """Share of the points that a second offer counts, shape (functions,); 0 where a capacity is limited."""
        functions = self.problem.functions
        shares = np.array([f.backup_share for f in functions], np.float64)
        return np.where(self.problem.offers.limited(len(functions)), 0.0, shares)

    def reached(self, place: int) -> NDArray[np.bool_]:
        """Demand rows within reach of a place; shape (rows,)."""
        return _within(self.problem.anchor_travel, place, len(self.problem.demand))

    def people_points(self, state: State) -> NDArray[np.float64]:
        """Points of the component `people` per function and demand row."""
        return self.points * (state.quality + self.backup[:, None] * state.second)

    def minutes_points(self, state: State) -> NDArray[np.float64]:
        """Points of the component `minutes` per function and demand row."""
        per_minute = np.array([f.per_minute for f in self.problem.functions]) * self.problem.minute_weight
        saved_min = (self.today.counted_s - state.counted_s) / 60.0
        return np.asarray(per_minute[:, None] * self.need * self.problem.demand.weight * saved_min)

    def row_points(self, state: State, objective: Objective) -> NDArray[np.float64]:
        """Value of each demand row by the factors of the objective, bundles, cost and the worst area left out; shape (rows,)."""
        demand = self.problem.demand
        together = demand.persons * demand.weight * state.together
        return (
            objective.people * self.people_points(state).sum(axis=0)
            + objective.minutes * self.minutes_points(state).sum(axis=0)
            + objective.together * together
        )

    def _one_function(
        self, f: int, opened: NDArray[np.int64]
    ) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        problem, offers, function = self.problem, self.problem.offers, self.problem.functions[f]
        travel, rows, step = function.travel, len(problem.demand), problem.step_s
        covered, counts = np.zeros(rows, bool), offers.counts_minutes
        best = np.zeros(rows)
        none_s = float(travel.seconds.max()) if len(travel.seconds) else 0.0
        time_s, counted_s = np.full(rows, none_s), np.full(rows, none_s)
        closest = np.full(rows, -1, np.int64)
        closest_s = np.full(rows, np.inf)
        for o in opened:  # ascending, so that among equals the smallest number stays the closest
            at = travel.site(int(offers.site[o]))
            row, seconds, within = travel.row[at], travel.seconds[at], travel.within[at]
            time_s[row] = np.minimum(time_s[row], seconds)
            if counts[o]:
                counted_s[row] = np.minimum(counted_s[row], seconds)
            row, seconds = row[within], seconds[within]
            covered[row] = True
            best[row] = np.maximum(best[row], offers.quality[o])
            nearer = seconds < closest_s[row]
            closest[row[nearer]] = o
            closest_s[row[nearer]] = seconds[nearer]
        if np.isfinite(offers.capacity_persons[self.offers_of[f]]).any():
            best = np.zeros(rows)
            served = closest >= 0
            caught = np.bincount(closest[served], weights=function.need[served], minlength=len(offers))
            with np.errstate(divide="ignore", invalid="ignore"):
                fits = np.where(caught > offers.capacity_persons, offers.capacity_persons / caught, 1.0)
            best[served] = (offers.quality * fits)[closest[served]]
        return covered, best, np.ceil(time_s / step) * step, np.ceil(counted_s / step) * step

    def _second(self, f: int, opened: NDArray[np.int64]) -> NDArray[np.float64]:
        """Quality of the second best open site within the standard, shape (rows,)."""
        offers, travel = self.problem.offers, self.problem.functions[f].travel
        best, second = np.zeros(len(self.problem.demand)), np.zeros(len(self.problem.demand))
        for site in np.unique(offers.site[opened]).tolist():
            quality = offers.quality[opened[offers.site[opened] == site]].max()
            at = travel.site(site)
            row = travel.row[at][travel.within[at]]
            second[row] = np.maximum(second[row], np.minimum(best[row], quality))
            best[row] = np.maximum(best[row], quality)
        return second

    def _together(self, decision: Decision) -> NDArray[np.float64]:
        problem, units = self.problem, self.problem.units
        best = np.zeros(len(problem.demand))
        for u in np.flatnonzero(decision.units):
            within = self.reached(int(units.first[u]))
            if units.second[u] >= 0:
                within &= self.reached(int(units.second[u]))
            best[within] = np.maximum(best[within], problem.together_weight[units.level[u]])
        return best


def _within(travel: Travel, site: int, rows: int) -> NDArray[np.bool_]:
    made = np.zeros(rows, bool)
    at = travel.site(site)
    made[travel.row[at][travel.within[at]]] = True
    return made


def change_of(rows: Rows, prepared: Prepared, homes: Homes, had: NDArray[np.bool_], has: NDArray[np.bool_]) -> Change:
    """Who is served by `had` and not by `has`.

    Parameters
    ----------
    had, has
        bool, shape (functions, demand rows).

    Returns
    -------
    Change
        Persons by function and home, of the study area.
    """
    lost = rows.need * (had & ~has)
    kind = prepared.demand_kind
    no_car, old = kind < 2, kind % 2 == 1
    functions = []
    for f, function in enumerate(rows.problem.functions):
        persons = lost[f]
        if persons.sum() < _LEAST_PERSONS:
            continue
        functions.append(
            PersonsChange(
                function.id,
                float(persons.sum()),
                float(persons[no_car].sum()),
                float(persons[old].sum()),
                homes.spread(persons),
            )
        )
    functions.sort(key=lambda c: (-c.persons, c.function))
    if not functions:
        return Change()
    anyone = lost.max(axis=0)
    return Change(
        tuple(functions),
        float(lost.sum()),
        float(anyone.sum()),
        float(anyone[no_car].sum()),
        float(anyone[old].sum()),
        homes.spread(anyone),
    )


def by_name(names: Sequence[str], sums: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """Sums by name, most first, equals by name; only names with a person."""
    found = [(n, sums[n]) for n in names if sums.get(n, 0.0) >= _LEAST_PERSONS]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))
