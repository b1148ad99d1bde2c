"""The mixed-integer relaxation of the anchor problem, solved by HiGHS (the only module that imports highspy)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.complete import complete
from ankerort.anchors.model_rows import Model, build_model
from ankerort.anchors.problem import FIXED, AnchorProblem, Decision, Limits, Objective

# Up to so many integer columns the solver finds its way alone.
_DIRECT: Final = 200
# Of the time left the last run gets this share: it looks at the clock only after each round of cuts, which takes seconds.
_LAST_SHARE: Final = 0.8
# So many entries per column: the interior point method is then several times as fast as the simplex (measured: 4 s, 20 s).
_DENSE: Final = 10
# The run on what the linear relaxation opens: gap at which it stops, and its share of the time left.
_FIRST_GAP: Final = 2e-3
_FIRST_SHARE: Final = 0.5
# Where the incumbent is so near the bound, searching for a first one takes longer than the proof.
_NEAR_GAP: Final = 4e-3
_ROW_UNIT: Final = 0.5**0.5
# Where second offers count the primal simplex is faster than the dual one (measured: 18 s, 29 s), elsewhere it is not (6 s, 4 s).
_PRIMAL: Final = 4


@dataclass(frozen=True)
class MipResult:
    """What the solver found.

    Parameters
    ----------
    decision
        None where it found none. It keeps the relaxation, not always the exact rules of viability and capacity.
    value
        Value of the decision in the relaxation; -inf without one.
    bound
        No plan is better, also by the exact rules; -inf where there is no plan.
    status
        optimal (within the tolerance), feasible, infeasible, none (time was up).
    seconds
        Wall time, building included.
    columns, rows, entries
        Size of the model.
    build_seconds
        Wall time of building it.
    """

    decision: Decision | None
    value: float
    bound: float
    status: str
    seconds: float
    columns: int = 0
    rows: int = 0
    entries: int = 0
    build_seconds: float = 0.0


def solve_relaxation(
    problem: AnchorProblem,
    objective: Objective,
    limits: Limits,
    *,
    start: Decision | None = None,
    seconds: float = 60.0,
    threads: int = 1,
    tolerance: float = 0.0,
    seed: int = 1,
    held: Mapping[str, float] | None = None,
    sub_searches: bool = True,
) -> MipResult:
    """Solve the relaxation.

    Parameters
    ----------
    problem, objective, limits
        The factors of the objective count; `Objective.order` is the matter of `ankerort.anchors.solve`, which holds components by `held`.
    start
        A decision to begin with; one that breaks the relaxation is left aside.
    seconds
        Wall time, building included.
    threads, seed
        Of the solver. Within the time limit two runs with equal arguments give equal results.
    tolerance
        Relative gap at which the solver may stop.
    held
        Least value of a component (of ``cost``: the most EUR), by its name: people, minutes, together, cost, worst.
    sub_searches
        The solver's own searches around a solution; single covers of one service are proven sooner without them.

    Returns
    -------
    MipResult
        Every plan that keeps the exact rules is a solution of the relaxation with at least its exact value, so the bound holds for plans.
    """
    begin = time.monotonic()
    model = build_model(problem, objective, limits, held=held)
    built = time.monotonic() - begin
    search = _Search(model, begin + seconds, threads, tolerance, seed, sub_searches)
    incumbent = None if start is None else complete(model, start)
    if model.integer.sum() <= _DIRECT:
        found = search.solve(model.upper, np.zeros(model.layout.count), incumbent, tolerance, seconds)
    else:
        found = search.in_steps(incumbent)
    rows, columns = model.matrix.shape
    return MipResult(
        None if found.values is None else decided(model, found.values),
        found.value,
        found.bound,
        found.status,
        time.monotonic() - begin,
        columns,
        rows,
        int(model.matrix.nnz),
        built,
    )


@dataclass(frozen=True)
class _Found:
    """What one run of the solver gave: status as in `MipResult`, columns (None = no solution)."""

    status: str
    value: float
    bound: float
    values: NDArray[np.float64] | None


class _Search:
    """Runs of the solver on one model."""

    def __init__(
        self, model: Model, end: float, threads: int, tolerance: float, seed: int, sub_searches: bool = True
    ) -> None:
        self.model, self.end, self.threads, self.tolerance, self.seed = model, end, threads, tolerance, seed
        self.sub_searches = sub_searches
        dense = model.matrix.nnz > _DENSE * model.layout.count
        self.linear = "ipm" if dense else "choose"

    def left(self) -> float:
        """Seconds left."""
        return max(self.end - time.monotonic(), 0.05)

    def solve(
        self,
        upper: NDArray[np.float64],
        lower: NDArray[np.float64],
        incumbent: NDArray[np.float64] | None,
        gap: float,
        seconds: float,
        *,
        proof: bool = False,
    ) -> _Found:
        """One branch-and-bound run with these bounds of the columns; `proof`: the incumbent is good, so nothing searches for a first one."""
        if not self.model.layout.count:  # nothing to decide: the solver does not look at the rows of an empty model
            if (self.model.row_lower > 1e-9).any() or (self.model.row_upper < -1e-9).any():
                return _Found("infeasible", -np.inf, -np.inf, None)
            return _Found("optimal", self.model.offset, self.model.offset, np.zeros(0))
        solver = _solver(self.model, lower, upper, integer=True)
        for name, value in (
            ("threads", self.threads),
            ("random_seed", self.seed),
            ("mip_rel_gap", max(gap, 0.0)),
            ("mip_abs_gap", 1e-7),
            ("mip_detect_symmetry", False),
            ("mip_lp_solver", self.linear),
            ("mip_heuristic_run_rins", self.sub_searches),
            ("mip_heuristic_run_rens", self.sub_searches),
            ("time_limit", min(seconds, self.left())),
        ):
            solver.setOptionValue(name, value)
        if proof:
            for name in ("mip_heuristic_run_root_reduced_cost", "mip_heuristic_run_feasibility_jump"):
                solver.setOptionValue(name, False)
            solver.setOptionValue("mip_heuristic_effort", 0.0)
        if incumbent is not None:
            solution = highspy.HighsSolution()
            solution.col_value = (incumbent / _scale(self.model)).tolist()
            solution.value_valid = True
            solver.setSolution(solution)
        solver.run()
        status, info, kind = solver.getModelStatus(), solver.getInfo(), highspy.HighsModelStatus
        if status in (kind.kInfeasible, kind.kUnboundedOrInfeasible):  # all columns are bounded, so it is the former
            return _Found("infeasible", -np.inf, -np.inf, None)
        bound = float(info.mip_dual_bound)
        bound = np.inf if bound >= highspy.kHighsInf else bound
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return _Found("none", -np.inf, bound, None)
        value = float(info.objective_function_value)
        name = "optimal" if status == kind.kOptimal else "feasible"
        return _Found(name, value, max(bound, value), np.asarray(solver.getSolution().col_value) * _scale(self.model))

    def known(self, incumbent: NDArray[np.float64] | None) -> _Found | None:
        """A start that is a solution of the relaxation, else None."""
        if incumbent is None:
            return None
        model = self.model
        rows = model.matrix @ incumbent
        inside = (rows >= model.row_lower - 1e-6) & (rows <= model.row_upper + 1e-6)
        if not inside.all() or (incumbent > model.upper + 1e-6).any():
            return None
        return _Found("feasible", model.offset + float(model.cost @ incumbent), np.inf, incumbent)

    def in_steps(self, incumbent: NDArray[np.float64] | None) -> _Found:
        """Large models: the linear relaxation, then only what it or the start opens, then all that can still be better.

        The second step is heuristic and gives the incumbent. For the third, a column is fixed where its reduced cost says that changing it
        costs more than the linear bound is above the incumbent: no better solution is lost, and the bound stays valid as the
        greater of the run's bound and the incumbent.
        """
        model = self.model
        solver = _solver(model, np.zeros(model.layout.count), model.upper, integer=False)
        solver.setOptionValue("time_limit", self.left())
        solver.setOptionValue("solver", self.linear)
        _prefer_primal(solver, model)
        solver.run()
        status = solver.getModelStatus()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return _Found("infeasible", -np.inf, -np.inf, None)
        zeros = np.zeros(model.layout.count)
        if status != highspy.HighsModelStatus.kOptimal:
            found = self.solve(model.upper, zeros, incumbent, self.tolerance, self.left())
            known = self.known(incumbent)
            return found if found.values is not None or found.status == "infeasible" or known is None else known
        bound = float(solver.getInfo().objective_function_value)
        linear = solver.getSolution()
        values, reduced = np.asarray(linear.col_value), np.asarray(linear.col_dual)  # whole-numbered ones have scale 1
        started = zeros if incumbent is None else incumbent
        best = self.known(incumbent)
        if best is None or bound - best.value > _FIRST_GAP * abs(bound):
            unused = model.integer & (values < 1e-6) & (started < 0.5)
            gap, seconds = max(self.tolerance, _FIRST_GAP), _FIRST_SHARE * self.left()
            best = self.solve(np.where(unused, 0.0, model.upper), zeros, incumbent, gap, seconds)
        if best.values is None:
            best = self.solve(model.upper, zeros, incumbent, self.tolerance, self.left())
            return _Found(best.status, best.value, min(best.bound, bound), best.values)
        room = bound - best.value
        if room <= self.tolerance * abs(bound) + 1e-7 or self.left() < 0.1:
            name = "optimal" if room <= self.tolerance * abs(bound) + 1e-7 else "feasible"
            return _Found(name, best.value, max(bound, best.value), best.values)
        costly = model.integer & (np.abs(reduced) > room * (1 + 1e-6) + 1e-6)
        upper = np.where(costly & (values < 1e-6), 0.0, model.upper)
        lower = np.where(costly & (values > 1 - 1e-6), 1.0, 0.0)
        near = room <= _NEAR_GAP * abs(bound)
        last = self.solve(upper, lower, best.values, self.tolerance, _LAST_SHARE * self.left(), proof=near)
        if last.values is None or last.value < best.value:
            # Nothing that is better is left where all of it is infeasible: the incumbent is the best.
            ended = last.status == "infeasible"
            last = _Found("optimal" if ended else "feasible", best.value, last.bound, best.values)
        return _Found(last.status, last.value, max(min(last.bound, bound), last.value), last.values)


def relaxed_bound(
    problem: AnchorProblem,
    objective: Objective,
    limits: Limits,
    *,
    seconds: float = 60.0,
    held: Mapping[str, float] | None = None,
) -> MipResult:
    """Bound of the linear relaxation: fast and valid, without a decision. Status optimal (the bound is there), infeasible or none."""
    begin = time.monotonic()
    model = build_model(problem, objective, limits, held=held)
    built = time.monotonic() - begin
    solver = _solver(model, np.zeros(model.layout.count), model.upper, integer=False)
    solver.setOptionValue("time_limit", max(seconds - (time.monotonic() - begin), 0.05))
    _prefer_primal(solver, model)
    solver.run()
    status, kind = solver.getModelStatus(), highspy.HighsModelStatus
    name, bound = "none", np.inf
    if status in (kind.kInfeasible, kind.kUnboundedOrInfeasible):
        name, bound = "infeasible", -np.inf
    elif status == kind.kOptimal:
        name, bound = "optimal", float(solver.getInfo().objective_function_value)
    rows, columns = model.matrix.shape
    seconds = time.monotonic() - begin
    return MipResult(None, -np.inf, bound, name, seconds, columns, rows, int(model.matrix.nnz), built)


def _solver(model: Model, lower: NDArray[np.float64], upper: NDArray[np.float64], *, integer: bool) -> highspy.Highs:
    """HiGHS with the model in it, the columns within these bounds."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    count = model.layout.count
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count, model.matrix.shape[0]
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.offset_ = model.offset
    scale = _scale(model)
    lp.col_cost_ = model.cost * scale
    lp.col_lower_, lp.col_upper_ = lower / scale, upper / scale
    lp.row_lower_, lp.row_upper_ = _open(model.row_lower), _open(model.row_upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = model.matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = model.matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = model.matrix.data * scale[model.matrix.indices]
    if integer:
        kinds = np.where(model.integer, 1, 0).tolist()
        names = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [names[k] for k in kinds]
    status = solver.passModel(lp)
    if status == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS does not take the model")
    return solver


def _prefer_primal(solver: highspy.Highs, model: Model) -> None:
    """For the linear relaxation of a model in which second offers count, wherever the simplex solves it."""
    if (model.cover.most > 1).any():
        solver.setOptionValue("simplex_strategy", _PRIMAL)


def _scale(model: Model) -> NDArray[np.float64]:
    """Units of the columns: covering rows count in 1 / sqrt(2).

    So the solver does not take them for whole-numbered, which they are at any best plan: it would spend nearly all its time on mod-k cuts, of
    which few ever help (measured: 6 to 8 s for each round of cuts, 3 of 3,700 cuts used).
    """
    out = np.ones(model.layout.count)
    out[model.layout.row[model.layout.own]] = _ROW_UNIT
    return out


def _open(bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bounds with the solver's own infinity for open ones (a large number once made a wrong optimum look proven)."""
    return np.where(np.isinf(bounds), np.copysign(highspy.kHighsInf, bounds), bounds)


def decided(model: Model, values: NDArray[np.float64]) -> Decision:
    """The decision in the columns of a solution."""
    layout = model.layout
    is_open = model.problem.offers.state == FIXED
    mine = layout.offer >= 0
    is_open[mine] = values[layout.offer[mine]] > 0.5
    units = np.zeros(len(model.problem.units), dtype=bool)
    mine = layout.unit >= 0
    units[mine] = values[layout.unit[mine]] > 0.5
    return Decision(is_open, units)
