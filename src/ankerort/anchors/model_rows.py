"""The relaxation as a matrix: docs/method/anchors.md, "The relaxation that the solver sees"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ankerort.anchors.linear import INF, LinearRows, spread
from ankerort.anchors.model_places import place_rows, unit_rows
from ankerort.anchors.problem import FIXED, REMOVABLE, AnchorProblem, Limits, Objective
from ankerort.anchors.reduce import Reduced, reduced
from ankerort.anchors.rows import LEGAL, MINUTES, PEOPLE, TOGETHER, CoverRows, cover_rows, limited_functions
from ankerort.anchors.starvation import starvation_rows

COMPONENTS = ("people", "minutes", "together", "cost", "worst")


@dataclass(frozen=True)
class Layout:
    """Where the columns stand: offers, units, covering rows, bundles, shortfalls, core items, worst share.

    Parameters
    ----------
    offer, unit
        int64: column of each offer and unit, -1 = none (FIXED, dropped, forbidden).
    row
        int64: column of each covering row; of a row with one offer or unit only, that one's; -1 for required rows.
    own
        bool: covering rows that have a column of their own.
    bundle, short
        int64: column of each bundle, and of the shortfall of each offer; -1 = none.
    items
        First column of the core items.
    worst
        Column of the worst share, -1 = none.
    count
        Columns in all.
    """

    offer: NDArray[np.int64]
    unit: NDArray[np.int64]
    row: NDArray[np.int64]
    own: NDArray[np.bool_]
    bundle: NDArray[np.int64]
    short: NDArray[np.int64]
    items: int
    worst: int
    count: int


@dataclass(frozen=True)
class Model:
    """A maximisation: ``offset + cost @ v`` under ``row_lower <= matrix @ v <= row_upper`` and bounds of the columns.

    Parameters
    ----------
    components, constants
        Per component of `Objective` its coefficients (columns,) and what every plan has.
    """

    problem: AnchorProblem
    objective: Objective
    limits: Limits
    reduced: Reduced
    cover: CoverRows
    layout: Layout
    components: Mapping[str, NDArray[np.float64]]
    constants: Mapping[str, float]
    cost: NDArray[np.float64]
    offset: float
    upper: NDArray[np.float64]
    integer: NDArray[np.bool_]
    matrix: csr_array
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]


def _numbered(mask: NDArray[np.bool_], start: int) -> NDArray[np.int64]:
    """Consecutive columns from `start` for what is in the mask, -1 for the rest."""
    return np.where(mask, start + np.cumsum(mask) - 1, -1)


def build_model(
    problem: AnchorProblem, objective: Objective, limits: Limits, *, held: Mapping[str, float] | None = None
) -> Model:
    """Put the relaxation together.

    Parameters
    ----------
    problem, objective, limits
        The factors of the objective count; `Objective.order` is the matter of `ankerort.anchors.solve`.
    held
        Least value of a component (of cost: the most EUR), by its name.

    Raises
    ------
    ValueError
        A factor of the objective is negative: the covering rows bound benefit from above only.
    """
    if min(objective.people, objective.minutes, objective.together, objective.cost, objective.worst) < 0:
        raise ValueError("factors of the objective must not be negative")
    hold = dict(held or {})
    asked = Objective(
        objective.people, objective.minutes, objective.together, objective.cost, objective.worst,
        (*objective.order, *hold),
    )  # fmt: skip
    less = reduced(problem, limits)
    cover = cover_rows(problem, asked, limits, offers=less.offers, units=less.units)
    layout = _layout(problem, asked, limits, less, cover)
    rows = LinearRows()
    unit_rows(rows, problem, limits, layout.unit)
    items = place_rows(rows, problem, limits, less, layout.offer, layout.unit, layout.items)
    layout = _with_items(layout, items)
    _chain_rows(rows, cover, layout)
    _bundle_rows(rows, problem, layout)
    if limits.viability:
        starvation_rows(rows, problem, less, layout.offer, layout.unit, layout.short)
    components, constants = _components(problem, limits, cover, layout)
    _limit_rows(rows, problem, limits, cover, layout, components, constants, hold)
    _capacity_rows(rows, problem, less, cover, layout)
    matrix, lower, upper = rows.matrix(layout.count)
    factors = (objective.people, objective.minutes, objective.together, -objective.cost, objective.worst)
    cost = sum((k * components[c] for c, k in zip(COMPONENTS, factors, strict=True)), np.zeros(layout.count))
    offset = sum(k * constants[c] for c, k in zip(COMPONENTS, factors, strict=True))
    column_upper = np.ones(layout.count)
    column_upper[layout.row[layout.own]] = cover.most[layout.own]
    short = layout.short >= 0
    column_upper[layout.short[short]] = problem.offers.viable_persons[short]
    integer = np.zeros(layout.count, dtype=bool)
    integer[layout.offer[layout.offer >= 0]] = True
    integer[layout.unit[layout.unit >= 0]] = True
    return Model(
        problem, objective, limits, less, cover, layout, components, constants,
        cost, float(offset), column_upper, integer, matrix, lower, upper,
    )  # fmt: skip


def _layout(problem: AnchorProblem, asked: Objective, limits: Limits, less: Reduced, cover: CoverRows) -> Layout:
    """Columns of the model; a row with one column only has that one's (z = x at any best plan), unless capacity may hold it down."""
    offer = _numbered(less.offers, 0)
    unit = _numbered(less.units, int(less.offers.sum()))
    start = int(less.offers.sum() + less.units.sum())
    size = np.diff(cover.ptr)
    limited = np.append(limited_functions(problem), False)[cover.function] & (cover.component == PEOPLE)
    lone = (size == 1) & (cover.previous < 0) & ~limited
    own = ~lone & ~cover.required
    row = _numbered(own, start)
    both = np.concatenate((offer, unit))
    row[lone] = both[cover.column[cover.ptr[:-1][lone]]]
    row[cover.required] = -1
    start += int(own.sum())
    slots = np.diff(problem.bundles.slot_ptr) > 0
    bundle = _numbered(slots, start)
    start += int(slots.sum())
    can_short = less.subsidised & less.offers & (problem.offers.viable_persons > 0) & limits.viability
    short = _numbered(can_short, start)
    start += int(can_short.sum())
    has_areas = bool((cover.area_possible > 0).any())
    worst = start if has_areas and (asked.worst != 0 or "worst" in asked.order) else -1
    items = start + (worst >= 0)
    return Layout(offer, unit, row, own, bundle, short, items, worst, items)


def _with_items(layout: Layout, items: int) -> Layout:
    """The layout with so many core items."""
    return replace(layout, count=layout.items + items)


def _chain_rows(rows: LinearRows, cover: CoverRows, layout: Layout) -> None:
    """z_r <= z_previous + sum of its columns; sum of its columns >= 1 where it is required."""
    both = np.concatenate((layout.offer, layout.unit))
    of_entry = spread(cover.ptr)
    chained = layout.own & ~cover.open_always
    number = _numbered(chained, 0)
    of_chain = np.flatnonzero(chained)
    hit = chained[of_entry]
    before = of_chain[cover.previous[of_chain] >= 0]
    rows.add(
        np.concatenate((number[of_chain], number[before], number[of_entry[hit]])),
        np.concatenate((layout.row[of_chain], layout.row[cover.previous[before]], both[cover.column[hit]])),
        np.concatenate((np.ones(len(of_chain)), -np.ones(len(before)), -np.ones(int(hit.sum())))),
        upper=0.0,
        count=len(of_chain),
    )
    number = _numbered(cover.required, 0)
    hit = cover.required[of_entry]
    rows.add(number[of_entry[hit]], both[cover.column[hit]], 1.0, lower=1.0, count=int(cover.required.sum()))


def _bundle_rows(rows: LinearRows, problem: AnchorProblem, layout: Layout) -> None:
    """A bundle is active where each slot holds an open offer: r_b <= sum of the slot's offers."""
    bundles = problem.bundles
    slots = len(bundles.offer_ptr) - 1
    if not slots:
        return
    slot_of = spread(bundles.offer_ptr)
    fixed = np.zeros(slots, dtype=bool)
    fixed[slot_of[problem.offers.state[bundles.offer] == FIXED]] = True
    number = _numbered(~fixed, 0)
    bundle_of = spread(bundles.slot_ptr)
    hit = ~fixed[slot_of]
    rows.add(
        np.concatenate((number[~fixed], number[slot_of[hit]])),
        np.concatenate((layout.bundle[bundle_of[~fixed]], layout.offer[bundles.offer[hit]])),
        np.concatenate((np.ones(int((~fixed).sum())), -np.ones(int(hit.sum())))),
        upper=0.0,
        count=int((~fixed).sum()),
    )


def _components(
    problem: AnchorProblem, limits: Limits, cover: CoverRows, layout: Layout
) -> tuple[dict[str, NDArray[np.float64]], dict[str, float]]:
    """Coefficients and constants of the components."""
    out = {name: np.zeros(layout.count) for name in COMPONENTS}
    has = layout.row >= 0
    for name, component in (("people", PEOPLE), ("minutes", MINUTES), ("together", TOGETHER)):
        hit = has & (cover.component == component)
        np.add.at(out[name], layout.row[hit], cover.weight[hit])
    constants = {
        "people": float(cover.constant[PEOPLE]),
        "minutes": float(cover.constant[MINUTES]),
        "together": float(cover.constant[TOGETHER]),
        "cost": -float(problem.offers.cost_eur[problem.offers.state == REMOVABLE, 1].sum()),
        "worst": 0.0 if layout.worst >= 0 else 1.0,
    }
    cost = out["cost"]
    for columns, price in (
        (layout.offer, problem.offers.cost_eur[:, 1]),
        (layout.unit, problem.units.cost_eur[:, 1]),
        (layout.bundle, -problem.bundles.saving_eur[:, 1]),
        (layout.short, problem.offers.subsidy_eur),
    ):
        cost[columns[columns >= 0]] += price[columns >= 0]
    hit = layout.bundle >= 0
    out["together"][layout.bundle[hit]] += problem.bundles.benefit[hit]
    if limits.legal == "priced":
        hit = has & (cover.component == LEGAL)
        np.add.at(cost, layout.row[hit], -limits.legal_price_eur * cover.weight[hit])
        constants["cost"] -= limits.legal_price_eur * float(cover.constant[LEGAL])
    if layout.worst >= 0:
        out["worst"][layout.worst] = 1.0
    return out, constants


def _slack(value: float) -> float:
    """What a sum may miss a limit by for rounding alone."""
    return 1e-6 + 1e-9 * abs(value)


def _limit_rows(
    rows: LinearRows,
    problem: AnchorProblem,
    limits: Limits,
    cover: CoverRows,
    layout: Layout,
    components: Mapping[str, NDArray[np.float64]],
    constants: Mapping[str, float],
    held: Mapping[str, float],
) -> None:
    """Budget, least people, shares of areas, the worst area, and components held at a value."""
    most = dict.fromkeys(COMPONENTS, INF)
    least = dict.fromkeys(COMPONENTS, -INF)
    if limits.budget_eur is not None:
        most["cost"] = limits.budget_eur
    if limits.min_people > 0:
        least["people"] = limits.min_people * cover.people_possible
    for name, value in held.items():
        if name == "cost":
            most[name] = min(most[name], value)
        else:
            least[name] = max(least[name], value)
    for name in COMPONENTS:
        columns = np.flatnonzero(components[name])
        for bound, upper in ((most[name], True), (least[name], False)):
            if not np.isfinite(bound):
                continue
            rest = bound - constants[name]
            slack = _slack(bound)
            rows.add(
                np.zeros(len(columns)),
                columns,
                components[name][columns],
                lower=-INF if upper else rest - slack,
                upper=rest + slack if upper else INF,
                count=1,
            )
    areas = np.flatnonzero(cover.area_possible > 0)
    if not len(areas) or (limits.area_share <= 0 and layout.worst < 0):
        return
    number = np.full(len(cover.area_possible), -1)
    number[areas] = np.arange(len(areas))
    hit = (cover.component == PEOPLE) & (cover.area >= 0)
    hit[hit] = number[cover.area[hit]] >= 0
    possible = cover.area_possible[areas]
    row, column = number[cover.area[hit]], layout.row[hit]
    share = cover.weight[hit] / cover.area_possible[cover.area[hit]]
    have = cover.area_constant[areas] / possible
    if limits.area_share > 0:
        rows.add(row, column, share, lower=limits.area_share - have - 1e-9, count=len(areas))
    if layout.worst >= 0:
        rows.add(
            np.concatenate((row, np.arange(len(areas)))),
            np.concatenate((column, np.full(len(areas), layout.worst))),
            np.concatenate((share, -np.ones(len(areas)))),
            lower=-have,
            count=len(areas),
        )


def _capacity_rows(rows: LinearRows, problem: AnchorProblem, less: Reduced, cover: CoverRows, layout: Layout) -> None:
    """Persons served x quality are at most the sum over open offers of quality x min(capacity, potential).

    Each open offer serves at most its capacity and at most its catchment, which its potential bounds. People outside the study area
    (without points) are left out on the left side only.
    """
    limited = np.flatnonzero(limited_functions(problem))
    if not len(limited) or not (cover.component == PEOPLE).any():
        return
    offers = problem.offers
    can = offers.quality * np.minimum(offers.capacity_persons, less.potential)
    fixed = np.bincount(offers.function, np.where(offers.state == FIXED, can, 0.0), len(problem.functions))
    number = np.full(len(problem.functions) + 1, -1)
    number[limited] = np.arange(len(limited))
    hit = (cover.component == PEOPLE) & (number[cover.function] >= 0)
    own = (number[offers.function] >= 0) & (layout.offer >= 0)
    rows.add(
        np.concatenate((number[cover.function[hit]], number[offers.function[own]])),
        np.concatenate((layout.row[hit], layout.offer[own])),
        np.concatenate((cover.persons[hit], -can[own])),
        upper=fixed[limited] + 1e-6,
        count=len(limited),
    )
