"""All benefit of an anchor problem as covering rows: a row counts where one of some columns is open.

Graded benefit (quality, minutes, levels of anchors) is a chain of rows, the best grade first: the row of a grade holds the row before it
and the columns of just this grade. So the model needs one entry per pair of column and demand row, also for p-median problems.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ankerort.anchors.cover_chains import Chains, chain_rows, column_signs
from ankerort.anchors.cover_second import beside_fixed, check_sites, with_second
from ankerort.anchors.entries import Entries, closest, offer_entries, unroll
from ankerort.anchors.problem import FIXED, NEW, AnchorProblem, Limits, Objective

PEOPLE: Final = 0  # points for people served
MINUTES: Final = 1  # points for minutes saved
TOGETHER: Final = 2  # points for people within reach of an anchor
LEGAL: Final = 3  # persons of legal functions served


@dataclass(frozen=True)
class CoverRows:
    """Covering rows: in every plan ``z_r <= z_previous(r) + sum of the columns of r``, and 0 <= z_r <= most_r (1, seldom 2).

    Columns are the offers (their numbers) and after them the units (offers + number). Shape (rows,) where nothing else is said.

    Parameters
    ----------
    component
        int8: PEOPLE, MINUTES, TOGETHER, LEGAL.
    function
        int32, -1 for TOGETHER.
    area
        int32: area of the demand, -1 where rows of several areas are merged (no limit asks for areas) or of none.
    previous
        int32: row of the better grade, -1 = none; always of the same component and function.
    ptr, column
        int64 (rows + 1,), int32: columns that the row has more than its previous one.
    weight
        float64: what the row counts in its component (points; persons for LEGAL), without the factors of the objective.
    persons
        float64: persons x quality of the row, for capacities; 0 outside PEOPLE.
    required
        bool: must be served (``legal = hard``).
    open_always
        bool: a FIXED offer serves the row; only capacity limits it (z <= 1, no columns).
    most
        int8: 1, or 2 where a second open site counts too (backup coverage): 0 <= z_r <= most.
    constant
        float64, shape (4,): what counts in every plan, per component. LEGAL counts all persons whom some offer can serve, negative.
    area_constant, area_possible
        float64, shape (areas,): points for people of an area that every plan has; that there are.
    people_possible
        Points for people that there are.
    """

    component: NDArray[np.int8]
    function: NDArray[np.int32]
    area: NDArray[np.int32]
    previous: NDArray[np.int32]
    ptr: NDArray[np.int64]
    column: NDArray[np.int32]
    weight: NDArray[np.float64]
    persons: NDArray[np.float64]
    required: NDArray[np.bool_]
    open_always: NDArray[np.bool_]
    most: NDArray[np.int8]
    constant: NDArray[np.float64]
    area_constant: NDArray[np.float64]
    area_possible: NDArray[np.float64]
    people_possible: float

    def __len__(self) -> int:
        return len(self.component)


def limited_functions(problem: AnchorProblem) -> NDArray[np.bool_]:
    """Functions of which some offer has a limited capacity, shape (functions,)."""
    return problem.offers.limited(len(problem.functions))


def needs_areas(objective: Objective, limits: Limits) -> bool:
    """Whether a limit or the objective asks for shares by area."""
    return limits.area_share > 0 or objective.worst != 0 or "worst" in objective.order


def unit_entries(problem: AnchorProblem) -> Entries:
    """Demand rows within reach of each unit; of a pair, those within reach of both places. Columns are numbers of units."""
    travel, units = problem.anchor_travel, problem.units
    single = np.flatnonzero(units.second < 0)
    alone = unroll(travel, single, units.first[single].astype(np.int64))
    alone = alone.only(alone.within)
    pairs = np.flatnonzero(units.second >= 0)
    if not len(pairs):
        return alone
    reach = csr_array(
        (travel.within.astype(np.int8), travel.row.astype(np.int64), travel.ptr),
        shape=(travel.site_count, len(problem.demand)),
    )
    both = csr_array(reach[units.first[pairs]].multiply(reach[units.second[pairs]]))
    both.eliminate_zeros()
    both.sort_indices()
    column = np.repeat(pairs, np.diff(both.indptr))
    row = both.indices.astype(np.int32)
    return Entries(
        np.concatenate((alone.column, column)),
        np.concatenate((alone.row, row)),
        np.concatenate((alone.seconds, np.zeros(len(row), dtype=np.int32))),
        np.ones(len(alone.row) + len(row), dtype=bool),
    )


def cover_rows(
    problem: AnchorProblem,
    objective: Objective,
    limits: Limits,
    *,
    offers: NDArray[np.bool_] | None = None,
    units: NDArray[np.bool_] | None = None,
    all_components: bool = False,
) -> CoverRows:
    """All benefit of a problem as covering rows.

    Parameters
    ----------
    problem, objective, limits
        As in `ankerort.anchors.problem`; components that neither objective nor limits ask for get no rows.
    offers, units
        bool, shapes (offers,) and (units,): what may be open at all (FIXED ones always are). All if not given.
    all_components
        Rows also for components that nothing asks for.

    Notes
    -----
    For a decision let z_r be the number of open columns of r and of the rows before it, at most ``most`` (and, for functions without
    limited capacity):
    then ``constant[c] + sum of weight x z`` over the rows of component c is exactly what docs/method/anchors.md calls people, minutes
    and together (without bundles); for LEGAL minus the persons not served.
    """
    offer_count, function_count = len(problem.offers), len(problem.functions)
    can = np.ones(offer_count, dtype=bool) if offers is None else offers
    can_unit = np.ones(len(problem.units), dtype=bool) if units is None else units
    fixed = problem.offers.state == FIXED
    signs = column_signs(offer_count + len(problem.units) + 1)
    no_area = np.zeros(len(problem.demand), dtype=np.int64)
    by_area = needs_areas(objective, limits)
    area = problem.demand.area.astype(np.int64) if by_area else no_area - 1
    area_count = int(problem.demand.area.max(initial=-1)) + 1
    asked = set(objective.order)
    people = all_components or by_area or objective.people != 0 or limits.min_people > 0 or "people" in asked
    minutes = all_components or objective.minutes != 0 or "minutes" in asked
    together = all_components or objective.together != 0 or "together" in asked
    legal = limits.legal in ("hard", "priced")
    limited = limited_functions(problem)
    saves = problem.offers.counts_minutes
    constant, area_constant, area_possible, possible = np.zeros(4), np.zeros(area_count), np.zeros(area_count), 0.0
    parts: list[tuple[int, int, Chains, bool]] = []
    known = problem.demand.area >= 0
    for f in range(function_count):
        function = problem.functions[f]
        points = function.need * function.weight * problem.demand.weight
        backup = 0.0 if limited[f] else function.backup_share
        most = points * (1.0 + backup)
        possible += float(most.sum())
        area_possible += np.bincount(problem.demand.area[known], most[known], area_count)
        entries = offer_entries(problem, f)
        usable = entries.only(can[entries.column] | fixed[entries.column])
        near = usable.only(usable.within)
        if people:
            quality = problem.offers.quality[near.column]
            chains = chain_rows(
                near, quality, fixed[near.column], signs, points, function.need, area, limited=bool(limited[f])
            )
            found = [chains]
            if backup > 0:
                check_sites(problem.offers, near.column, function.id)
                second = points * backup
                beside = beside_fixed(
                    near, quality, fixed[near.column], problem.offers.site, signs, second, function.need, area
                )
                found = [with_second(chains, problem.offers.site, backup), beside]
            for part in found:
                constant[PEOPLE] += float(part.constant.sum())
                area_constant += np.bincount(problem.demand.area[known], part.constant[known], area_count)
                parts.append((PEOPLE, f, part, False))
        if minutes and problem.minute_weight > 0 and len(entries.row):
            farthest = int(-(-int(function.travel.seconds.max()) // problem.step_s))
            worth = problem.minute_weight * problem.step_s / 60
            saved = function.need * function.per_minute * problem.demand.weight
            counting = usable.only(saves[usable.column])
            today = entries.only(problem.offers.state[entries.column] < NEW)
            seconds = closest(today, len(problem.demand))[1].astype(np.int64)
            now = np.minimum(-(-seconds // problem.step_s), farthest)
            steps = -(-counting.seconds.astype(np.int64) // problem.step_s)
            grade = (farthest - steps).astype(np.float64)
            chains = chain_rows(counting, grade, fixed[counting.column], signs, saved * worth, saved, no_area - 1)
            constant[MINUTES] += float(chains.constant.sum()) - worth * float((saved * (farthest - now)).sum())
            parts.append((MINUTES, f, chains, False))
        if legal and function.legal:
            able = entries.only(entries.within)
            reached = np.zeros(len(problem.demand), dtype=bool)
            reached[able.row] = True
            owed = np.where(reached, function.need, 0.0)
            hard = limits.legal == "hard"
            # Rows that no usable offer serves must stay in the model: they make it infeasible.
            lost = reached.copy()
            lost[near.row] = False
            chains = chain_rows(near, np.ones(len(near.row)), fixed[near.column], signs, owed, owed, no_area - 1)
            if hard and bool((owed[lost] > 0).any()):
                chains = _with_empty_row(chains, float(owed[lost].sum()))
            constant[LEGAL] += float(chains.constant.sum()) - float(owed.sum())
            parts.append((LEGAL, f, chains, hard))
    if together:
        points = problem.demand.persons * problem.demand.weight
        entries = unit_entries(problem)
        entries = entries.only(can_unit[entries.column])
        shifted = Entries(entries.column + offer_count, entries.row, entries.seconds, entries.within)
        grade = problem.together_weight[problem.units.level[entries.column]]
        nothing = np.zeros(len(entries.row), dtype=bool)
        parts.append((TOGETHER, -1, chain_rows(shifted, grade, nothing, signs, points, points, no_area - 1), False))
    return _joined(parts, constant, area_constant, area_possible, possible)


def _with_empty_row(chains: Chains, persons: float) -> Chains:
    """One more row without columns: nobody can serve it."""
    return Chains(
        np.append(chains.previous, -1),
        np.append(chains.size, 0),
        chains.column,
        np.append(chains.weight, persons),
        np.append(chains.persons, 0.0),
        np.append(chains.area, -1),
        np.append(chains.always, False),
        chains.constant,
    )


def _joined(
    parts: list[tuple[int, int, Chains, bool]],
    constant: NDArray[np.float64],
    area_constant: NDArray[np.float64],
    area_possible: NDArray[np.float64],
    possible: float,
) -> CoverRows:
    """Rows of all components one after the other."""
    sizes = [len(chains.previous) for _, _, chains, _ in parts]
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    previous = [np.where(p[2].previous >= 0, p[2].previous + at, -1) for p, at in zip(parts, starts, strict=False)]
    most = [np.ones(len(p[2].previous)) if p[2].most is None else p[2].most for p in parts]
    empty = [np.zeros(0)]
    return CoverRows(
        component=np.repeat(np.array([p[0] for p in parts], dtype=np.int8), sizes),
        function=np.repeat(np.array([p[1] for p in parts], dtype=np.int32), sizes),
        area=np.concatenate([p[2].area for p in parts] or empty).astype(np.int32),
        previous=np.concatenate(previous or empty).astype(np.int32),
        ptr=np.concatenate(([0], np.cumsum(np.concatenate([p[2].size for p in parts] or empty)))).astype(np.int64),
        column=np.concatenate([p[2].column for p in parts] or empty).astype(np.int32),
        weight=np.concatenate([p[2].weight for p in parts] or empty),
        persons=np.concatenate([np.where(p[0] == PEOPLE, p[2].persons, 0.0) for p in parts] or empty),
        required=np.repeat(np.array([p[3] for p in parts], dtype=bool), sizes),
        open_always=np.concatenate([p[2].always for p in parts] or empty).astype(bool),
        most=np.concatenate(most or empty).astype(np.int8),
        constant=constant,
        area_constant=area_constant,
        area_possible=area_possible,
        people_possible=possible,
    )
