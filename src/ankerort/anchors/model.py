"""The mixed-integer relaxation of the anchor problem, solved by HiGHS (the only module that imports highspy)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.complete import complete
from ankerort.anchors.model_rows import Model, build_model
from ankerort.anchors.problem import FIXED, AnchorProblem, Decision, Limits, Objective


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

    Returns
    -------
    MipResult
        Every plan that keeps the exact rules is a solution of the relaxation with at least its exact value, so the bound holds for plans.
    """
    begin = time.monotonic()
    model = build_model(problem, objective, limits, held=held)
    built = time.monotonic() - begin
    solver = _solver(model, integer=True)
    solver.setOptionValue("threads", threads)
    solver.setOptionValue("random_seed", seed)
    solver.setOptionValue("mip_rel_gap", max(tolerance, 0.0))
    solver.setOptionValue("mip_abs_gap", 1e-7)
    solver.setOptionValue("mip_detect_symmetry", False)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = complete(model, start).tolist()
        solution.value_valid = True
        solver.setSolution(solution)
    solver.setOptionValue("time_limit", max(seconds - (time.monotonic() - begin), 0.05))
    solver.run()
    return _result(model, solver, begin, built, integer=True)


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
    solver = _solver(model, integer=False)
    solver.setOptionValue("time_limit", max(seconds - (time.monotonic() - begin), 0.05))
    solver.run()
    return _result(model, solver, begin, built, integer=False)


def _solver(model: Model, *, integer: bool) -> highspy.Highs:
    """HiGHS with the model in it."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    count = model.layout.count
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count, model.matrix.shape[0]
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.offset_ = model.offset
    lp.col_cost_ = model.cost
    lp.col_lower_, lp.col_upper_ = np.zeros(count), model.upper
    lp.row_lower_, lp.row_upper_ = _open(model.row_lower), _open(model.row_upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = model.matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = model.matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = model.matrix.data
    if integer:
        kinds = np.where(model.integer, 1, 0).tolist()
        names = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [names[k] for k in kinds]
    status = solver.passModel(lp)
    if status == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS does not take the model")
    return solver


def _open(bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bounds with the solver's own infinity for open ones (a large number once made a wrong optimum look proven)."""
    return np.where(np.isinf(bounds), np.copysign(highspy.kHighsInf, bounds), bounds)


def _result(model: Model, solver: highspy.Highs, begin: float, built: float, *, integer: bool) -> MipResult:
    """Status, bound and decision."""
    status = solver.getModelStatus()
    info = solver.getInfo()
    kind = highspy.HighsModelStatus
    decision, value, bound = None, -np.inf, np.inf
    if status in (kind.kInfeasible, kind.kUnboundedOrInfeasible):  # all columns are bounded, so it is the former
        name, bound = "infeasible", -np.inf
    elif not integer:
        name = "optimal" if status == kind.kOptimal else "none"
        bound = float(info.objective_function_value) if status == kind.kOptimal else np.inf
    else:
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        name = ("optimal" if status == kind.kOptimal else "feasible") if found else "none"
        bound = float(info.mip_dual_bound)
        if bound >= highspy.kHighsInf:
            bound = np.inf
        if found:
            decision = decided(model, np.asarray(solver.getSolution().col_value))
            value = float(info.objective_function_value)
            bound = max(bound, value)
    rows, columns = model.matrix.shape
    return MipResult(
        decision, value, bound, name, time.monotonic() - begin, columns, rows, int(model.matrix.nnz), built
    )


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
