"""One run of the search with one weighted objective: heuristic, relaxation, exact repair, exchange; the exact evaluation alone decides."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ankerort.anchors import heuristic, model, viability
from ankerort.anchors.evaluate import Evaluation, Evaluator
from ankerort.anchors.problem import AnchorProblem, Decision, Limits, Objective, Solution
from ankerort.base.progress import Progress

SAME = 1e-6
"""Relative difference of two values that count as the same."""


_CONSTRUCT, _IMPROVE = 0.1, 0.08  # most of the time that building and exchange may take before the solver begins


class WrongValueError(RuntimeError):
    """Model and exact evaluation disagree where they may not: an internal error, never a property of the inputs."""


@dataclass
class Run:
    """One run with one weighted objective.

    Parameters
    ----------
    problem, objective, limits, seed, tolerance, threads, progress
        As in `ankerort.anchors.solve.solve`; `Objective.order` is not looked at.
    held
        Least value of components (of ``cost``: the most EUR).
    polish
        Exchange before the solver begins, not only after it.
    """

    problem: AnchorProblem
    objective: Objective
    limits: Limits
    seed: int
    tolerance: float
    threads: int
    progress: Progress
    held: Mapping[str, float] = field(default_factory=dict)
    polish: bool = True

    def __post_init__(self) -> None:
        self.evaluator = Evaluator(self.problem, self.objective, self.limits)
        self.steps: list[tuple[str, float, float, float]] = []
        self.best: Decision | None = None
        self.value = -np.inf
        self.bound = possible(self.evaluator)

    def solve(self, begin: float, seconds: float, start: Decision | None) -> Solution:
        """Heuristic, relaxation, repair."""
        self.begin, end = begin, begin + seconds
        shared = {"held": self.held, "evaluator": self.evaluator, "seed": self.seed}
        given = (self.problem, self.objective, self.limits)
        with self.progress.task("progress.anchors_heuristic", 3) as task:
            if start is not None:
                self._offer(viability.repair(*given, start, seconds=0.1 * seconds, **shared))  # type: ignore[arg-type]
                self._note("start")
            task.advance()
            self._offer(heuristic.construct(*given, seconds=_CONSTRUCT * seconds, **shared))  # type: ignore[arg-type]
            self._note("construct")
            task.advance()
            if self.polish:
                self._improve(_IMPROVE * seconds)
                self._note("improve")
            task.advance()
        relaxed = binds_beyond_model(self.problem, self.limits)
        with self.progress.task("progress.anchors_exact"):
            left = end - time.monotonic()
            mip = model.solve_relaxation(
                *given,
                start=self.best,
                seconds=max(left * (0.75 if relaxed else 0.92), 0.2),
                threads=self.threads,
                tolerance=self.tolerance,
                seed=self.seed,
                held=dict(self.held),
            )
        self.bound = min(self.bound, mip.bound)
        if mip.status == "infeasible":
            if self.best is not None:
                raise WrongValueError("the solver calls infeasible what a plan without faults fulfils")
            return self._solution(begin, "infeasible", relaxed)
        self._take(mip, relaxed, end)
        if self.value > self.bound + SAME * max(1.0, abs(self.bound)):
            raise WrongValueError(f"a plan of value {self.value!r} exceeds the bound {self.bound!r}")
        self.bound = max(self.bound, self.value)
        if self.best is None:
            return self._solution(begin, "none", relaxed)
        gap = (self.bound - self.value) / max(abs(self.bound), 1e-9)
        status = "optimal" if gap <= max(self.tolerance, SAME) else "feasible"
        return self._solution(begin, status, relaxed and status != "optimal")

    def _take(self, mip: model.MipResult, relaxed: bool, end: float) -> None:
        """Take the relaxation's decision as it is, or mend it."""
        if mip.decision is None:
            self._note("exact")
            if not self.polish:
                self._improve(max(end - time.monotonic(), 0.1))
                self._note("exchange")
            return
        found = self.evaluator.evaluate(mip.decision)
        if not relaxed:
            _compare(found, mip)
        clean = not found.faults and self._holds(found)
        if clean:
            self._offer(mip.decision)
        self._note("exact")
        if self.value >= self.bound - max(self.tolerance, SAME) * max(1.0, abs(self.bound)):
            return
        if clean and not relaxed:
            self._improve(max(end - time.monotonic(), 0.1))
            self._note("exchange")
            return
        with self.progress.task("progress.anchors_repair", 2) as task:
            left = max(end - time.monotonic(), 0.3)
            self._offer(
                viability.repair(
                    self.problem,
                    self.objective,
                    self.limits,
                    mip.decision,
                    seed=self.seed,
                    seconds=0.7 * left,
                    held=self.held,
                    evaluator=self.evaluator,
                )
            )
            self._note("repair")
            task.advance()
            self._improve(max(end - time.monotonic(), 0.1))
            self._note("exchange")
            task.advance()

    def _improve(self, seconds: float) -> None:
        if self.best is None:
            return
        self._offer(
            heuristic.improve(
                self.problem,
                self.objective,
                self.limits,
                self.best,
                seed=self.seed,
                seconds=seconds,
                held=self.held,
                evaluator=self.evaluator,
            )
        )

    def _holds(self, found: Evaluation) -> bool:
        for name, least in self.held.items():
            now = found.component(name)
            missing = now - least if name == "cost" else least - now
            if missing > SAME * max(1.0, abs(least)):
                return False
        return True

    def _offer(self, decision: Decision | None) -> None:
        """Keep a decision if it has no fault and is better than what is known; the exact evaluation alone decides."""
        if decision is None:
            return
        found = self.evaluator.evaluate(decision)
        if not found.faults and self._holds(found) and found.value > self.value:
            self.best, self.value = decision, found.value

    def _note(self, name: str) -> None:
        self.steps.append((name, time.monotonic() - self.begin, self.value, self.bound))

    def _solution(self, begin: float, status: str, relaxed: bool) -> Solution:
        gap = (self.bound - self.value) / max(abs(self.bound), 1e-9) if self.best is not None else np.inf
        bound = -np.inf if status == "infeasible" else self.bound
        return Solution(
            self.best, self.value, bound, gap, time.monotonic() - begin, self.seed, status, relaxed, tuple(self.steps)
        )


def possible(evaluator: Evaluator) -> float:
    """Bound without any model: all people served at quality 1, all minutes, all errands together, all savings and no cost."""
    problem, objective = evaluator.problem, evaluator.objective
    minutes = sum(t.most_minutes() for t in evaluator.tables) * problem.minute_weight
    together = float(evaluator.weighted_persons.sum() * problem.together_weight.max(initial=0.0))
    together += float(np.maximum(problem.bundles.benefit, 0.0).sum())
    saved = float(evaluator.removable_eur[1] + np.maximum(problem.bundles.saving_eur[:, 1], 0.0).sum())
    return (
        objective.people * evaluator.people_possible
        + objective.minutes * minutes
        + objective.together * together
        + objective.cost * saved
        + objective.worst
    )


def binds_beyond_model(problem: AnchorProblem, limits: Limits) -> bool:
    """Whether least catchments or capacities are exact in plans but relaxed in the model."""
    offers = problem.offers
    return bool((limits.viability and (offers.viable_persons > 0).any()) or np.isfinite(offers.capacity_persons).any())


def _compare(found: Evaluation, mip: model.MipResult) -> None:
    """Where nothing is relaxed the model's value is the exact one (a solver once called a wrong optimum proven)."""
    off = abs(found.value - mip.value)
    if mip.status == "optimal" and off > 1e-4 * max(1.0, abs(mip.value)):
        raise WrongValueError(f"the solver's optimum is {mip.value!r}, the decision's exact value {found.value!r}")
    if found.value < mip.value - 1e-4 * max(1.0, abs(mip.value)):
        raise WrongValueError(f"the solver's value is {mip.value!r}, the decision's exact value {found.value!r}")
