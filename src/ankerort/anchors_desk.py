"""What a question for anchor places needs, made once: stages, people, ways to places, the problem in numbers."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from ankerort import __version__
from ankerort.anchors.build import prepare, travel_for
from ankerort.anchors.evaluate import evaluate
from ankerort.anchors.explain import PlanExplanation
from ankerort.anchors.place_travel import PlaceTravel
from ankerort.anchors.plan import AnchorPlan
from ankerort.anchors.plan_decision import with_place_ids
from ankerort.anchors.plan_file import read_plan
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import Decision, Solution
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.resolve_request import AskedAnchors, item_label, resolve_request
from ankerort.anchors.robust import Robustness, robust_runs, robustness
from ankerort.anchors.robust_populations import other_populations, population_label
from ankerort.anchors.rooms import price_of, shared_hours
from ankerort.anchors.visits import coming, uncounted, visits_key, with_visits
from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.progress import Progress
from ankerort.compare_run import SCENARIO_FOLDER, compare_with_today, find_scenario
from ankerort.documents.anchors_documents import AnchorDocuments
from ankerort.documents.comparison import ComparisonSet
from ankerort.region.model import Region
from ankerort.region.paper_status import read_paper_status
from ankerort.scenario.plan_sections import find_plan
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.scenario_file import read_scenario
from ankerort.stages import Stages
from ankerort.text import Language


@dataclass(frozen=True)
class Desk:
    """All that is made once for a question: stages, people, travel times to places, the problem in numbers.

    `region` holds the visits of the request's scenario, `without_visits` is the same without them.
    """

    stages: Stages
    region: Region
    without_visits: Region
    request: AnchorRequest
    travel: PlaceTravel
    prepared: Prepared
    threads: int
    progress: Progress

    @classmethod
    def asked(cls, folder: Path, asked: AskedAnchors, threads: int, progress: Progress) -> Desk:
        """From a question as typed; what does not fit it is told before anything takes time."""
        stages = Stages(folder, threads, progress)
        problems = Problems()
        scenario: Scenario | None = None
        if asked.with_scenario:
            try:
                path = find_scenario(folder, asked.with_scenario)
                if path.resolve().parent == (folder / SCENARIO_FOLDER).resolve():
                    asked = replace(asked, with_scenario=path.stem)
                scenario = read_scenario(path)
                with_visits(scenario, stages.region(), stages.network(), stages.catalogue)
            except InputError as error:
                problems.extend(error.problems)
        try:
            request = resolve_request(asked, stages.region(), stages.catalogue)
        except InputError as error:
            problems.extend(error.problems)
        problems.raise_errors()
        return cls._made(stages, request, threads, progress, scenario=scenario)

    @classmethod
    def of_plan(cls, folder: Path, plan: str, threads: int, progress: Progress) -> tuple[Desk, AnchorPlan, Path]:
        """From the question of a plan."""
        path = find_plan(folder, plan)
        read = read_plan(path)
        stages = Stages(folder, threads, progress)
        read = with_place_ids(read, stages.region(), path.name)
        # places that a person made anchors or gave something take part, even if they would not by themselves
        opens = read.functions.loc[read.functions["what"].isin(["new", "moved"]), "place_id"]
        named = (read.anchors["place_id"], read.anchors["partner_id"], opens)
        held = tuple(dict.fromkeys(str(p) for column in named for p in column if p))
        named_file = read.request.with_scenario
        scenario = read_scenario(find_scenario(folder, named_file)) if named_file else None
        desk = cls._made(stages, read.request, threads, progress, also=held, scenario=scenario)
        return desk, read, path

    @classmethod
    def _made(
        cls,
        stages: Stages,
        request: AnchorRequest,
        threads: int,
        progress: Progress,
        *,
        also: tuple[str, ...] = (),
        scenario: Scenario | None = None,
    ) -> Desk:
        if request.year is not None:
            stages = Stages(stages.folder, threads, progress, year=request.year, variant=request.variant)
        today, catalogue = stages.people(), stages.catalogue
        region = today if scenario is None else with_visits(scenario, today, stages.network(), catalogue)
        wide = replace(request, keep=tuple(dict.fromkeys((*request.keep, *also))))
        travel = travel_for(
            region, stages.network(), stages.reach(), catalogue, wide, threads=threads, progress=progress
        )
        prepared = prepare(
            region,
            None,
            stages.reach(),
            stages.parts(),
            catalogue,
            wide,
            pricing=price_of(region, catalogue),
            room_hours_week=shared_hours(catalogue),
            travel=travel,
            threads=threads,
            progress=progress,
        )
        if wide != request:  # asked for as candidates only, not as anchors
            number = {p: k for k, p in enumerate(prepared.place_ids)}
            keep = tuple(number[p] for p in request.keep if p in number)
            prepared = replace(prepared, request=request, limits=replace(prepared.limits, keep=keep))
        return cls(stages, region, today, request, travel, prepared, threads, progress)

    @property
    def names(self) -> dict[str, str]:
        """Printed name by place_id."""
        places = self.region.places
        return dict(zip(places["place_id"].astype(str), places["print_name"].astype(str), strict=True))

    def labels(self, lang: Language) -> dict[str, str]:
        """Label by function of the problem."""
        return {f.id: item_label(f.id, self.stages.catalogue, lang) for f in self.prepared.problem.functions}

    def notes(self) -> tuple[Problem, ...]:
        """What of the question has no effect."""
        told = Problems()
        legal = any(f.legal for f in self.prepared.problem.functions)
        if self.request.legal == "hard" and not legal:
            told.add("anchors_legal_none", "warning", "--legal")
        if self.request.with_scenario:
            name, services = self.request.with_scenario, self.stages.catalogue.services
            places = len({one.row for one in coming(self.region, self.stages.catalogue)})
            told.add("anchors_with_told", "note", "--with", name=name, places=places)
            left = [services[s].label_de for s in uncounted(self.region, self.stages.catalogue)]
            if left:
                told.add("anchors_with_left", "warning", "--with", services=", ".join(left))
        return told.sorted()

    def record(self) -> dict[str, object]:
        """What is needed to get the same plan again."""
        visits = {"visits": visits_key(self.region)} if self.request.with_scenario else {}
        return {
            "ankerort": __version__,
            "key": self.stages.supply_key,
            "catalogue": self.stages.catalogue.content_hash,
            **visits,
        }

    def solution(self, decision: Decision, plan: AnchorPlan) -> Solution:
        """A decision read from a file; the bound of its plan still holds, whatever was edited since, if the data are the same."""
        problem, objective, limits = self.prepared.problem, self.prepared.objective, self.prepared.limits
        found = evaluate(problem, decision, objective, limits)
        own = self.record()
        same = all(plan.record.get(k, "") == own.get(k, "") for k in ("key", "visits"))
        value = found.value
        if objective.order:
            first = objective.order[0]
            value = -found.component(first) if first == "cost" else found.component(first)
        bound = plan.proof.bound if same else float("nan")
        gap = (bound - value) / max(abs(bound), 1e-9)
        edited = abs(value - plan.proof.value) > 1e-6 * max(1.0, abs(value))
        status = "feasible" if edited or not same else plan.proof.status
        return Solution(decision, value, bound, gap, plan.proof.seconds, plan.proof.seed, status, plan.proof.relaxed)

    def compare(self, scenario: Scenario, lang: Language) -> tuple[ComparisonSet | None, tuple[Problem, ...]]:
        """The plan's scenario against today, without the visits of another one, by the code of step 2; None where nothing changes."""
        with self.progress.task("progress.anchors_compare", 1) as task:
            found = compare_with_today(self.stages, self.without_visits, scenario, threads=self.threads, lang=lang)
            task.advance()
        return found

    def robustness(self, plan: Decision) -> Robustness:
        """The plan over other populations, weights and costs; the number of workers changes no result."""
        stages, catalogue = self.stages, self.stages.catalogue
        # people as read, visits as planned with
        read = replace(stages.region(), mobile_visits=self.region.mobile_visits)
        others = other_populations(
            read,
            stages.reach(),
            catalogue,
            self.request,
            self.travel,
            threads=self.threads,
            progress=self.progress,
        )
        runs = robust_runs(
            [(population_label(self.request), self.prepared), *others],
            draws=int(catalogue.value("anchors.weight_draws")),
            joint=int(catalogue.value("anchors.joint_draws")),
        )
        workers = min(self.threads or os.cpu_count() or 1, len(runs))

        def tried(pool: ProcessPoolExecutor | None) -> Robustness:
            return robustness(
                runs,
                plan,
                self.prepared,
                spread=catalogue.value("anchors.weight_spread"),
                no_regret_share=catalogue.value("anchors.no_regret_share"),
                seed=self.request.seed,
                seconds=catalogue.value("anchors.robust_seconds"),
                executor=pool,
                progress=self.progress,
            )

        if workers == 1:
            return tried(None)
        # started anew, not forked: a fork takes over threads of the solver that it cannot run
        with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
            return tried(pool)

    def documents(
        self,
        plan: AnchorPlan,
        solution: Solution,
        told: tuple[Problem, ...],
        *,
        explained: PlanExplanation | None = None,
        comparison: ComparisonSet | None = None,
    ) -> AnchorDocuments:
        """All that documents are written from."""
        paper, paper_problems = read_paper_status(self.stages.folder)
        return AnchorDocuments(
            plan=plan,
            prepared=self.prepared,
            solution=solution,
            region=self.region,
            catalogue=self.stages.catalogue,
            reach=self.stages.reach(),
            comparison=comparison,
            explanations=() if explained is None else explained.places,
            binding=() if explained is None else explained.binding,
            problems=Problems((*told, *self.notes(), *paper_problems)).sorted(),
            paper=paper,
        )
