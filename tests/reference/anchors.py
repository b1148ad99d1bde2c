"""Slow checker and brute force of the anchor problem, straight from docs/method/anchors.md: loops and dictionaries.

Shares nothing with ankerort.anchors but the frozen data. `check` tells value, components and faults of a decision; `brute_force` finds the
best decision of a small instance by enumerating chosen units and, per function, open offers.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ankerort.anchors.problem import (
    FIXED,
    MOVED,
    NEW,
    REMOVABLE,
    AnchorProblem,
    Decision,
    Limits,
    Objective,
)

EPS = 1e-6
COMPONENTS = ("people", "minutes", "together", "cost", "worst")


@dataclass(frozen=True)
class Part:
    """What one function gives with one set of open offers: all that does not depend on the other functions."""

    open: frozenset[int]
    people: float
    area_people: dict[int, float]
    minutes: float
    catchment: dict[int, float]
    served_persons: float
    unserved_legal: float
    cost: float


class Reference:
    """One instance with its travel times as dictionaries."""

    def __init__(self, problem: AnchorProblem, objective: Objective, limits: Limits) -> None:
        self.problem, self.objective, self.limits = problem, objective, limits
        rows = range(len(problem.demand))
        self.offers_of = {f: [] for f in range(len(problem.functions))}
        for o in range(len(problem.offers)):
            self.offers_of[int(problem.offers.function[o])].append(o)
        self.seconds: dict[int, dict[int, int]] = {}
        self.within: dict[int, set[int]] = {}
        self.largest: dict[int, int] = {}
        for f, offers in self.offers_of.items():
            travel = problem.functions[f].travel
            self.largest[f] = max((int(s) for s in travel.seconds), default=0)
            for o in offers:
                k = int(problem.offers.site[o])
                entries = range(int(travel.ptr[k]), int(travel.ptr[k + 1]))
                self.seconds[o] = {int(travel.row[e]): int(travel.seconds[e]) for e in entries}
                self.within[o] = {int(travel.row[e]) for e in entries if travel.within[e]}
        self.points = {
            (f, i): float(part.need[i]) * float(part.weight) * float(problem.demand.weight[i])
            for f, part in enumerate(problem.functions)
            for i in rows
        }
        self.minute_points = {
            (f, i): float(part.need[i])
            * float(part.weight if part.minute_weight is None else part.minute_weight)
            * float(problem.demand.weight[i])
            for f, part in enumerate(problem.functions)
            for i in rows
        }
        # A second offer counts where no capacity of the function is limited.
        self.again = {
            f: 0.0 if any(math.isfinite(problem.offers.capacity_persons[o]) for o in offers) else part.backup_weight
            for (f, offers), part in zip(self.offers_of.items(), problem.functions, strict=True)
        }
        self.second_points = {
            (f, i): float(part.need[i]) * self.again[f] * float(problem.demand.weight[i])
            for f, part in enumerate(problem.functions)
            for i in rows
        }
        self.possible = sum(self.points.values()) + sum(self.second_points.values())
        self.area_possible: dict[int, float] = {}
        for key, value in self.points.items():
            a = int(problem.demand.area[key[1]])
            if a >= 0:
                self.area_possible[a] = self.area_possible.get(a, 0.0) + value + self.second_points[key]
        self.area_possible = {a: v for a, v in self.area_possible.items() if v > 0}
        self.reach_of_place: dict[int, set[int]] = {}
        for j in range(problem.place_count):
            entries = range(int(problem.anchor_travel.ptr[j]), int(problem.anchor_travel.ptr[j + 1]))
            self.reach_of_place[j] = {
                int(problem.anchor_travel.row[e]) for e in entries if problem.anchor_travel.within[e]
            }
        self.parts: dict[tuple[int, frozenset[int]], Part] = {}

    # --- one function ---

    def part(self, f: int, is_open: frozenset[int]) -> Part:
        """Points, minutes and catchments of a function."""
        known = self.parts.get((f, is_open))
        if known is None:
            known = self.parts[f, is_open] = self._part(f, is_open)
        return known

    def _part(self, f: int, is_open: frozenset[int]) -> Part:
        problem, offers = self.problem, self.problem.offers
        need = problem.functions[f].need
        closest: dict[int, int] = {}
        catchment = dict.fromkeys(is_open, 0.0)
        for i in range(len(problem.demand)):
            choice = sorted((self.seconds[o][i], o) for o in is_open if i in self.within[o])
            if choice:
                closest[i] = choice[0][1]
                catchment[choice[0][1]] += float(need[i])
        limited = any(math.isfinite(offers.capacity_persons[o]) for o in self.offers_of[f])
        people, area_people, minutes, unserved, served_persons = 0.0, {}, 0.0, 0.0, 0.0
        today = frozenset(o for o in self.offers_of[f] if offers.state[o] in (FIXED, REMOVABLE))
        for i in range(len(problem.demand)):
            quality = 0.0
            if i in closest and limited:
                o = closest[i]
                share = min(1.0, float(offers.capacity_persons[o]) / catchment[o]) if catchment[o] > 0 else 1.0
                quality = float(offers.quality[o]) * share
            elif i in closest:
                quality = max(float(offers.quality[o]) for o in is_open if i in self.within[o])
            gained = self.points[f, i] * quality + self.second_points[f, i] * self._second_quality(i, is_open)
            people += gained
            a = int(problem.demand.area[i])
            area_people[a] = area_people.get(a, 0.0) + gained
            saved = self._time(f, i, today) - self._time(f, i, self._saving(is_open))
            minutes += problem.minute_weight * self.minute_points[f, i] * saved / 60.0
            if i in closest:
                served_persons += float(need[i]) if problem.demand.weight[i] > 0 else 0.0
            elif problem.functions[f].legal and any(i in self.within[o] for o in self.offers_of[f]):
                unserved += float(need[i])
        cost = sum(float(offers.cost_eur[o, 1]) for o in is_open)
        cost -= sum(float(offers.cost_eur[o, 1]) for o in self.offers_of[f] if offers.state[o] == REMOVABLE)
        return Part(is_open, people, area_people, minutes, catchment, served_persons, unserved, cost)

    def _second_quality(self, i: int, is_open: frozenset[int]) -> float:
        """Of the best open offer of each site within the standard the second best quality; 0 where there is one site or none."""
        offers = self.problem.offers
        by_site: dict[int, float] = {}
        for o in is_open:
            if i in self.within[o]:
                k = int(offers.site[o])
                by_site[k] = max(by_site.get(k, 0.0), float(offers.quality[o]))
        return sorted([*by_site.values(), 0.0, 0.0], reverse=True)[1]

    def _saving(self, is_open: frozenset[int]) -> frozenset[int]:
        """Those to which shorter ways count."""
        offers = self.problem.offers
        return frozenset(
            o
            for o in is_open
            if offers.saves_minutes is None or offers.saves_minutes[o] or offers.state[o] in (FIXED, REMOVABLE)
        )

    def _time(self, f: int, i: int, is_open: frozenset[int]) -> int:
        step = self.problem.step_s
        least = min((self.seconds[o][i] for o in is_open if i in self.seconds[o]), default=self.largest[f])
        return math.ceil(least / step) * step

    # --- chosen units ---

    def places_of(self, u: int) -> set[int]:
        units = self.problem.units
        return {int(units.first[u])} | ({int(units.second[u])} if units.second[u] >= 0 else set())

    def unit_faults(self, chosen: frozenset[int]) -> set[int]:
        """Rules 5 and 6."""
        faults: set[int] = set()
        limits, problem = self.limits, self.problem
        held: list[int] = [j for u in chosen for j in self.places_of(u)]
        if (
            len(held) != len(set(held))
            or any(j not in held for j in limits.keep)
            or any(j in held for j in limits.forbid)
        ):
            faults.add(5)
        if limits.max_anchors is not None and (
            len(chosen) > limits.max_anchors or (limits.exactly and len(chosen) != limits.max_anchors)
        ):
            faults.add(5)
        for u, v in itertools.combinations(sorted(chosen), 2):
            for j, k in itertools.product(self.places_of(u), self.places_of(v)):
                apart = math.hypot(problem.place_x[j] - problem.place_x[k], problem.place_y[j] - problem.place_y[k])
                if j != k and apart < limits.spacing_m - EPS:
                    faults.add(6)
        return faults

    def core_of_place(self, chosen: frozenset[int]) -> dict[int, set[int]]:
        """Functions in the core of the level of the chosen unit at each place."""
        core: dict[int, set[int]] = {}
        for u in chosen:
            slots = self.problem.levels[int(self.problem.units.level[u])].core
            for j in self.places_of(u):
                core.setdefault(j, set()).update(f for s in slots for f in s.functions)
        return core

    def together_of_units(self, chosen: frozenset[int]) -> float:
        problem = self.problem
        total = 0.0
        for i in range(len(problem.demand)):
            levels = [
                int(problem.units.level[u])
                for u in chosen
                if all(i in self.reach_of_place[j] for j in self.places_of(u))
            ]
            if levels:
                points = float(problem.demand.persons[i]) * float(problem.demand.weight[i])
                total += points * float(problem.together_weight[max(levels)])
        return total

    def shortfall(self, part: Part, core: dict[int, set[int]]) -> tuple[float, dict[int, float]] | None:
        """Subsidies and persons short by offer; None where an offer is short and may not be (rule 11)."""
        offers = self.problem.offers
        eur, short = 0.0, {}
        if self.limits.viability:
            for o in sorted(part.open):
                lacking = float(offers.viable_persons[o]) - part.catchment[o]
                if offers.state[o] not in (NEW, MOVED) or lacking <= EPS:
                    continue
                price = float(offers.subsidy_eur[o])
                if not math.isfinite(price) or int(offers.function[o]) not in core.get(int(offers.place[o]), set()):
                    return None
                eur += price * lacking
                short[o] = lacking
        return eur, short

    # --- all together ---

    def active_bundles(self, is_open: frozenset[int]) -> list[int]:
        b = self.problem.bundles
        active = []
        for n in range(len(b)):
            slots = [
                {int(o) for o in b.offer[b.offer_ptr[s] : b.offer_ptr[s + 1]]}
                for s in range(int(b.slot_ptr[n]), int(b.slot_ptr[n + 1]))
            ]
            if all(slot & is_open for slot in slots):
                active.append(n)
        return active

    def judge(self, parts: list[Part], chosen: frozenset[int]) -> tuple[float, dict[str, float], set[int]]:
        """Value, components and numbers of broken rules of docs/method/anchors.md."""
        problem, offers, limits = self.problem, self.problem.offers, self.limits
        is_open = frozenset(o for p in parts for o in p.open)
        faults = self.unit_faults(chosen)
        held = {j for u in chosen for j in self.places_of(u)}
        taken: set[tuple[int, int]] = set()
        used_hours: dict[int, float] = {}
        moved_from: set[int] = set()
        for o in range(len(offers)):
            f, j = int(offers.function[o]), int(offers.place[o])
            if offers.state[o] == FIXED and o not in is_open:
                faults.add(1)
            if o not in is_open:
                continue
            fresh = offers.state[o] in (NEW, MOVED)
            if fresh and (f, j) in taken:
                faults.add(1)
            if fresh:
                taken.add((f, j))
            if offers.state[o] == MOVED:
                origin = int(offers.origin[o])
                if origin in is_open or origin in moved_from:
                    faults.add(2)
                moved_from.add(origin)
            host = int(offers.host[o])
            if host >= 0 and not any(offers.function[p] == host and offers.place[p] == j for p in is_open):
                faults.add(3)
            if j >= 0:
                used_hours[j] = used_hours.get(j, 0.0) + float(offers.room_hours[o])
            if fresh and limits.new_only_in_anchors and j not in held:
                faults.add(7)
        if any(hours > float(problem.room_hours[j]) + EPS for j, hours in used_hours.items()):
            faults.add(4)
        for u in chosen:
            level = problem.levels[int(problem.units.level[u])]
            present = {int(offers.function[o]) for o in is_open if int(offers.place[o]) in self.places_of(u)}
            filled = [bool(set(slot.functions) & present) for slot in level.core]
            if (
                any(s.required and not ok for s, ok in zip(level.core, filled, strict=True))
                or sum(filled) < level.at_least
            ):
                faults.add(8)
        core = self.core_of_place(chosen)
        subsidies = 0.0
        for part in parts:
            found = self.shortfall(part, core)
            if found is None:
                faults.add(11)
                # A plan that breaks rule 11 has no price for it; what may be short is still paid.
                subsidies += self._payable(part, core)
            else:
                subsidies += found[0]
        people = sum(p.people for p in parts)
        by_area = {a: sum(p.area_people.get(a, 0.0) for p in parts) for a in self.area_possible}
        shares = {a: by_area[a] / self.area_possible[a] for a in by_area}
        active = self.active_bundles(is_open)
        unserved = sum(p.unserved_legal for p in parts)
        cost = sum(p.cost for p in parts) + sum(float(problem.units.cost_eur[u, 1]) for u in chosen) + subsidies
        cost -= sum(float(problem.bundles.saving_eur[b, 1]) for b in active)
        if limits.legal == "priced":
            cost += limits.legal_price_eur * unserved
        elif limits.legal == "hard" and unserved > 0:
            faults.add(10)
        parts_of = {
            "people": people,
            "minutes": sum(p.minutes for p in parts),
            "together": self.together_of_units(chosen) + sum(float(problem.bundles.benefit[b]) for b in active),
            "cost": cost,
            "worst": min(shares.values(), default=1.0),
        }
        if limits.budget_eur is not None and cost > limits.budget_eur + EPS:
            faults.add(9)
        if people < limits.min_people * self.possible - EPS:
            faults.add(9)
        if any(by_area[a] < limits.area_share * self.area_possible[a] - EPS for a in by_area):
            faults.add(9)
        return self.value(parts_of), parts_of, faults

    def decision(self, parts: list[Part], chosen: frozenset[int]) -> Decision:
        """As arrays."""
        out = Decision(np.zeros(len(self.problem.offers), bool), np.zeros(len(self.problem.units), bool))
        out.open[[o for p in parts for o in p.open]] = True
        out.units[sorted(chosen)] = True
        return out

    def _payable(self, part: Part, core: dict[int, set[int]]) -> float:
        offers, eur = self.problem.offers, 0.0
        for o in part.open:
            lacking = float(offers.viable_persons[o]) - part.catchment[o]
            price = float(offers.subsidy_eur[o])
            payable = math.isfinite(price) and int(offers.function[o]) in core.get(int(offers.place[o]), set())
            if offers.state[o] in (NEW, MOVED) and lacking > EPS and payable:
                eur += price * lacking
        return eur

    def value(self, parts: dict[str, float]) -> float:
        """Weighted sum of the components by the factors."""
        g = self.objective
        return (
            parts["people"] * g.people
            + parts["minutes"] * g.minutes
            + parts["together"] * g.together
            - parts["cost"] * g.cost
            + parts["worst"] * g.worst
        )

    def rank(self, value: float, parts: dict[str, float]) -> tuple[float, ...]:
        """By which the better of two decisions is told."""
        order = self.objective.order
        if not order:
            return (value,)
        # Rounded, so that a difference in the last digits of an earlier component does not hide a later one.
        return tuple(round((-1.0 if n == "cost" else 1.0) * parts[n], 7) for n in order)

    # --- enumeration ---

    def configurations(self, f: int, held: set[int]) -> Iterator[frozenset[int]]:
        """All sets of open offers of a function that keep rules 1, 2 and 7 when the places `held` are in chosen units."""
        offers = self.problem.offers
        fixed = [o for o in self.offers_of[f] if offers.state[o] == FIXED]
        removable = [o for o in self.offers_of[f] if offers.state[o] == REMOVABLE]
        fresh: dict[int, list[int]] = {}
        for o in self.offers_of[f]:
            j = int(offers.place[o])
            if offers.state[o] in (NEW, MOVED) and (not self.limits.new_only_in_anchors or j in held):
                fresh.setdefault(j, []).append(o)
        for kept in itertools.product([True, False], repeat=len(removable)):
            stay = [o for o, k in zip(removable, kept, strict=True) if k]
            for picked in itertools.product(*([None, *group] for group in fresh.values())):
                new = [o for o in picked if o is not None]
                origins = [int(offers.origin[o]) for o in new if offers.state[o] == MOVED]
                if len(set(origins)) == len(origins) and not set(origins) & set(stay):
                    yield frozenset([*fixed, *stay, *new])

    def unit_sets(self) -> Iterator[frozenset[int]]:
        """All sets of units that keep rules 5 and 6."""
        count = len(self.problem.units)
        most = min(self.limits.max_anchors if self.limits.max_anchors is not None else self.problem.place_count, count)
        for size in range(most + 1):
            for some in itertools.combinations(range(count), size):
                if not self.unit_faults(frozenset(some)):
                    yield frozenset(some)


def work(problem: AnchorProblem, objective: Objective, limits: Limits) -> int:
    """Combinations that `brute_force` would try without its shortcuts."""
    world = Reference(problem, objective, limits)
    total = 0
    for chosen in world.unit_sets():
        held = {j for u in chosen for j in world.places_of(u)}
        total += math.prod(sum(1 for _ in world.configurations(f, held)) for f in range(len(problem.functions)))
    return total


def check(
    problem: AnchorProblem, decision: Decision, objective: Objective, limits: Limits
) -> tuple[float, dict[str, float], set[int]]:
    """Value, components and the numbers of the broken rules of docs/method/anchors.md."""
    world = Reference(problem, objective, limits)
    parts = [world.part(f, frozenset(o for o in offers if decision.open[o])) for f, offers in world.offers_of.items()]
    return world.judge(parts, frozenset(np.flatnonzero(decision.units).tolist()))


class Search:
    """Depth-first search over the functions' configurations, one set of units after the other."""

    def __init__(self, world: Reference) -> None:
        self.world = world
        self.best: tuple[tuple[float, ...], Decision | None, float] = ((), None, -math.inf)
        bundles, objective, limits = world.problem.bundles, world.objective, world.limits
        self.saving = float(np.maximum(bundles.saving_eur[:, 1], 0).sum()) if len(bundles) else 0.0
        benefit = float(np.maximum(bundles.benefit, 0).sum()) if len(bundles) else 0.0
        # The most that bundles and the worst area could add to what functions and units give.
        self.extra = objective.cost * self.saving + objective.together * benefit + objective.worst
        self.price = limits.legal_price_eur if limits.legal == "priced" else 0.0

    def options(self, f: int, chosen: frozenset[int]) -> list[tuple[float, Part]]:
        """Configurations of a function that keep their own rules, with what each adds to the value, the best first."""
        world, objective = self.world, self.world.objective
        held = {j for u in chosen for j in world.places_of(u)}
        core = world.core_of_place(chosen)
        found: list[tuple[float, Part]] = []
        for config in world.configurations(f, held):
            part = world.part(f, config)
            short = world.shortfall(part, core)
            if short is None or (world.limits.legal == "hard" and part.unserved_legal > 0):
                continue
            cost = part.cost + short[0] + self.price * part.unserved_legal
            found.append(
                (part.people * objective.people + part.minutes * objective.minutes - cost * objective.cost, part)
            )
        return sorted(found, key=lambda t: -t[0])

    def try_units(self, chosen: frozenset[int]) -> None:
        """Enumerate what the functions may do where these units are chosen."""
        world = self.world
        functions = len(world.problem.functions)
        self.chosen = chosen
        self.lists = [self.options(f, chosen) for f in range(functions)]
        if any(not options for options in self.lists):
            return
        self.rest, self.least = [0.0] * (functions + 1), [0.0] * (functions + 1)
        for f in range(functions - 1, -1, -1):
            self.rest[f] = self.rest[f + 1] + self.lists[f][0][0]
            self.least[f] = self.least[f + 1] + min(part.cost for _, part in self.lists[f])
        units_eur = sum(float(world.problem.units.cost_eur[u, 1]) for u in chosen)
        budget = world.limits.budget_eur
        # Subsidies and prices only add to the cost, so what is left here is at least what the offers may cost.
        self.purse = math.inf if budget is None else budget - units_eur + self.saving + EPS
        g = world.objective
        self.go(0, world.together_of_units(chosen) * g.together - units_eur * g.cost + self.extra, 0.0, [])

    def go(self, f: int, so_far: float, spent: float, parts: list[Part]) -> None:
        """Give function `f` and those after it each of their configurations."""
        world = self.world
        if f == len(self.lists):
            value, components, faults = world.judge(parts, self.chosen)
            rank = world.rank(value, components)
            if not faults and (self.best[1] is None or rank > self.best[0]):
                self.best = (rank, world.decision(parts, self.chosen), value)
            return
        for gain, part in self.lists[f]:
            if not world.objective.order and so_far + gain + self.rest[f + 1] <= self.best[2] + 1e-9:
                break
            if spent + part.cost + self.least[f + 1] <= self.purse:
                self.go(f + 1, so_far + gain, spent + part.cost, [*parts, part])


def brute_force(
    problem: AnchorProblem, objective: Objective, limits: Limits
) -> tuple[Decision | None, float, tuple[float, ...]]:
    """The best decision that keeps every rule, its value and its rank; (None, -inf, ()) where there is none.

    Every set of units is tried, and for each every combination of the functions' configurations, except where the sum of the best that
    the functions could still give (bundles and the worst area at their most) does not beat what is known. With `Objective.order` the rank
    holds the components in that order (cost negative).
    """
    search = Search(Reference(problem, objective, limits))
    for chosen in search.world.unit_sets():
        search.try_units(chosen)
    return search.best[1], search.best[2], search.best[0]
