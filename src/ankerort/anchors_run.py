"""Anchor places of a project folder: prepared, solved, explained, told."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from ankerort import __version__
from ankerort.anchors.build import prepare, travel_for
from ankerort.anchors.conflict import find_conflict
from ankerort.anchors.evaluate import Evaluation, evaluate
from ankerort.anchors.explain import Effort, Homes, PlanExplanation, explain_places
from ankerort.anchors.place_travel import PlaceTravel
from ankerort.anchors.plan import AnchorPlan
from ankerort.anchors.plan_decision import decision_of, with_place_ids
from ankerort.anchors.plan_file import PLAN_FOLDER, read_plan, write_plan
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import Decision, Solution
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.resolve_request import AskedAnchors, find_place_id, resolve_request
from ankerort.anchors.result import make_plan
from ankerort.anchors.robust import Robustness, robust_runs, robustness
from ankerort.anchors.rooms import price_of, shared_hours, week_hours
from ankerort.anchors.solve import pareto_front, solve
from ankerort.anchors.to_scenario import plan_scenario
from ankerort.base.files import keep_old
from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.demography import variants_by_id
from ankerort.compare_run import SCENARIO_FOLDER
from ankerort.documents.anchors_documents import AnchorDocuments
from ankerort.documents.anchors_write import write_anchor_documents
from ankerort.documents.comparison import ComparedScenario, ComparisonSet, write_comparison
from ankerort.region.forecast import forecast_population, region_in_year
from ankerort.region.model import Region
from ankerort.region.paper_status import read_paper_status
from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.compare import compare
from ankerort.scenario.example import file_name
from ankerort.scenario.nearest import nearest_names
from ankerort.scenario.resolve import resolve
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.scenario_file import scenario_text, write_scenario
from ankerort.scenario.workspace import Workspace
from ankerort.scenario.world import World
from ankerort.stages import Stages
from ankerort.supply.parts import assess_parts
from ankerort.text import Language, say
from ankerort.text.numbers import format_share, format_whole

_CONFLICT_SECONDS = 5.0
_FRONT_POINTS = 8


@dataclass(frozen=True)
class AnchorsResult:
    """What a run left behind.

    Parameters
    ----------
    documents
        The plan and all that its documents tell.
    plan_file, scenario_file
        Where the plan and its scenario stand.
    kept
        Former files of these names that said something else.
    files
        Documents in the order in which a reader should open them.
    problems
        Warnings and notes.
    """

    documents: AnchorDocuments
    plan_file: Path
    scenario_file: Path
    kept: tuple[Path, ...]
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class CheckedPlan:
    """A plan worked out again: its tables, what the exact evaluation says (with all faults) and rows that fit nothing."""

    documents: AnchorDocuments
    evaluation: Evaluation
    problems: tuple[Problem, ...]


def plan_anchors(
    folder: Path,
    asked: AskedAnchors,
    *,
    name: str = "",
    out: Path | None = None,
    lang: Language = "de",
    threads: int = 0,
    progress: Progress = SILENT,
) -> AnchorsResult:
    """Propose anchor places for a project folder; write the plan, its scenario and its documents.

    Parameters
    ----------
    folder
        Project folder.
    asked
        The question.
    name
        Of the plan; empty = made of the question.
    out
        Where the documents go; default ``<folder>/ausgabe/<plan>``.
    lang
        de or en.
    threads
        Worker threads, 0 = one per core; the result does not depend on it.

    Raises
    ------
    InputError
        With all that does not fit, or with the demands that contradict each other; nothing is written then.
    """
    desk = _Desk.asked(folder, asked, threads, progress)
    prepared, request = desk.prepared, desk.request
    solution = solve(
        prepared.problem,
        prepared.objective,
        prepared.limits,
        seed=request.seed,
        seconds=request.seconds,
        progress=progress,
    )
    if solution.decision is None:
        found = find_conflict(
            prepared,
            names=desk.names,
            seconds=_CONFLICT_SECONDS,
            seed=request.seed,
            lang=lang,
            progress=progress,
        )
        raise InputError(found.problems)
    front: Sequence[Solution] = ()
    if request.pareto:
        # today stands in the front of every plan
        front = pareto_front(
            prepared.problem,
            prepared.objective,
            prepared.limits,
            request.pareto,
            points=_FRONT_POINTS,
            seed=request.seed,
            seconds=2.0 * request.seconds,
            progress=progress,
        )[1:]
    robust = desk.robustness(solution.decision) if request.robust else None
    plan = make_plan(
        prepared,
        solution,
        desk.region,
        desk.stages.catalogue,
        name=name.strip() or default_name(request, lang),
        front=front,
        robust=None if robust is None else robust.table,
        robustness=None if robust is None else robust.share,
        record=desk.record(),
    )
    explained = explain_places(
        prepared,
        solution,
        Homes.of(prepared, desk.region),
        effort=Effort(seed=request.seed),
        budget_share=desk.stages.catalogue.value("anchors.budget_more_share"),
        progress=progress,
    )
    scenario = plan_scenario(
        plan,
        desk.region,
        desk.stages.catalogue,
        hours=week_hours(plan, desk.stages.catalogue),
        lang=lang,
    )
    comparison, told = desk.compare(scenario, lang)
    documents = desk.documents(plan, solution, told, explained=explained, comparison=comparison)
    stem = Path(file_name(plan.name)).stem
    target = out if out is not None else folder / "ausgabe" / stem
    written = write_anchor_documents(documents, target, lang=lang, progress=progress)
    if comparison is not None:
        written = (*written, *write_comparison(comparison, target, lang=lang, progress=progress))
    plan_path, scenario_path = folder / PLAN_FOLDER / f"{stem}.toml", folder / SCENARIO_FOLDER / f"{stem}.toml"
    kept = (_write_scenario(scenario, scenario_path), write_plan(plan, plan_path, names=desk.names, lang=lang))
    return AnchorsResult(
        documents,
        plan_path,
        scenario_path,
        tuple(k for k in kept if k is not None),
        written,
        documents.problems,
    )


def explain_plan(
    folder: Path, plan: str, *, place: str = "", threads: int = 0, progress: Progress = SILENT
) -> tuple[PlanExplanation, Region, Stages]:
    """Why a place is an anchor of a plan, or why not; without `place` all anchors.

    Raises
    ------
    InputError
        If there is no such plan or place, or the plan does not fit the region.
    """
    desk, read, path = _Desk.of_plan(folder, plan, threads, progress)
    decision, problems = decision_of(read, desk.prepared, path.name)
    Problems(problems).raise_errors()
    anchors: tuple[str, ...] | None = None
    others: tuple[str, ...] = ()
    if place:
        ids = find_place_id(place, desk.region.places)
        candidates = [i for i in ids if i in desk.prepared.place_ids]
        if not ids:
            near = nearest_names(place, desk.region.places["print_name"])
            raise InputError(
                [Problem("anchors_place_unknown", "error", "--place", params={"place": place, "near": near})]
            )
        if not candidates:
            raise InputError([Problem("anchors_no_candidate", "error", "--place", params={"place": place})])
        held = {str(p) for c in ("place_id", "partner_id") for p in read.anchors[c]}
        anchors = tuple(i for i in candidates if i in held)
        others = tuple(i for i in candidates if i not in held)
    explained = explain_places(
        desk.prepared,
        desk.solution(decision, read),
        Homes.of(desk.prepared, desk.region),
        places=anchors,
        others=others,
        effort=Effort(seed=desk.request.seed),
        budget_share=desk.stages.catalogue.value("anchors.budget_more_share"),
        progress=progress,
    )
    return explained, desk.region, desk.stages


def check_plan(folder: Path, plan: str, *, threads: int = 0, progress: Progress = SILENT) -> CheckedPlan:
    """Work out a plan again, as it stands in its file, with the data of today: figures, and every rule that it breaks.

    Raises
    ------
    InputError
        If there is no such plan, or its file cannot be read.
    """
    desk, read, path = _Desk.of_plan(folder, plan, threads, progress)
    decision, problems = decision_of(read, desk.prepared, path.name)
    solution = desk.solution(decision, read)
    made = make_plan(desk.prepared, solution, desk.region, desk.stages.catalogue, name=read.name, record=desk.record())
    found = evaluate(desk.prepared.problem, decision, desk.prepared.objective, desk.prepared.limits)
    return CheckedPlan(desk.documents(made, solution, problems), found, problems)


def find_plan(folder: Path, name: str) -> Path:
    """The file of a plan: as given, or in ``plaene/`` of the project, with or without ``.toml``.

    Raises
    ------
    InputError
        If there is none; the problem names the nearest ones.
    """
    inside = folder / PLAN_FOLDER
    for path in (Path(name), inside / name, inside / f"{name}.toml", inside / file_name(name)):
        if path.is_file():
            return path
    near = nearest_names(Path(name).stem, [p.stem for p in sorted(inside.glob("*.toml"))])
    raise InputError([Problem("anchors_plan_not_found", "error", name, params={"name": name, "near": near})])


def default_name(request: AnchorRequest, lang: Language = "de") -> str:
    """A name that tells the question: how many, for how much, for whom, of which year."""
    parts = [say("anchors_file.name", lang)]
    if request.max_anchors is not None:
        parts.append(str(request.max_anchors))
    if request.budget_eur is not None:
        parts.append(f"{format_whole(request.budget_eur, lang)} EUR")
    if request.cover is not None:
        parts.append(format_share(request.cover, lang))
    if request.year is not None:
        parts.append(f"{request.year} {request.variant}")
    return " ".join(parts)


@dataclass(frozen=True)
class _Desk:
    """All that is made once for a question: stages, people, travel times to places, the problem in numbers."""

    stages: Stages
    region: Region
    request: AnchorRequest
    travel: PlaceTravel
    prepared: Prepared
    threads: int
    progress: Progress

    @classmethod
    def asked(cls, folder: Path, asked: AskedAnchors, threads: int, progress: Progress) -> _Desk:
        """From a question as typed; what does not fit it is told before anything takes time."""
        stages = Stages(folder, threads, progress)
        return cls._made(stages, resolve_request(asked, stages.region(), stages.catalogue), threads, progress)

    @classmethod
    def of_plan(cls, folder: Path, plan: str, threads: int, progress: Progress) -> tuple[_Desk, AnchorPlan, Path]:
        """From the question of a plan."""
        path = find_plan(folder, plan)
        read = read_plan(path)
        stages = Stages(folder, threads, progress)
        read = with_place_ids(read, stages.region(), path.name)
        # places that a person made anchors take part, even if they would not by themselves
        held = tuple(dict.fromkeys(str(p) for c in ("place_id", "partner_id") for p in read.anchors[c] if p))
        desk = cls._made(stages, read.request, threads, progress, also=held)
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
    ) -> _Desk:
        if request.year is not None:
            stages = Stages(stages.folder, threads, progress, year=request.year, variant=request.variant)
        region, catalogue = stages.people(), stages.catalogue
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
        return cls(stages, region, request, travel, prepared, threads, progress)

    @property
    def names(self) -> dict[str, str]:
        """Printed name by place_id."""
        places = self.region.places
        return dict(zip(places["place_id"].astype(str), places["print_name"].astype(str), strict=True))

    def record(self) -> dict[str, object]:
        """What is needed to get the same plan again."""
        return {
            "ankerort": __version__,
            "key": self.stages.supply_key,
            "catalogue": self.stages.catalogue.content_hash,
        }

    def solution(self, decision: Decision, plan: AnchorPlan) -> Solution:
        """A decision read from a file; the bound of its plan still holds, whatever was edited since, if the data are the same."""
        problem, objective, limits = self.prepared.problem, self.prepared.objective, self.prepared.limits
        found = evaluate(problem, decision, objective, limits)
        same = plan.record.get("key") == self.stages.supply_key
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
        """The plan's scenario against today by the code of step 2; None where nothing changes."""
        if not scenario.changes:
            return None, ()
        stages = self.stages
        world = World(self.region, stages.network(), stages.catalogue)
        resolved = resolve(scenario, world)
        workspace = Workspace(world, reach=stages.reach(), parts=stages.parts(), threads=self.threads)
        today = "today" if lang == "en" else "heute"
        with self.progress.task("progress.anchors_compare", 1) as task:
            changed, touched = apply_scenario(world, resolved)
            answer = workspace.answer(changed, touched)
            found = compare(workspace.base, answer, names=(today, scenario.name))
            task.advance()
        one = ComparedScenario(scenario.name, resolved, found, answer.world.region)
        record = {"ankerort": __version__, "key": stages.supply_key}
        compared = ComparisonSet(today, self.region, stages.catalogue, (one,), stages.pt_facts().date, record)
        return compared, resolved.problems

    def robustness(self, plan: Decision) -> Robustness:
        """The plan over other populations, weights and costs."""
        catalogue = self.stages.catalogue
        runs = robust_runs(self._populations(), draws=int(catalogue.value("anchors.weight_draws")))
        # started anew, not forked: a fork takes over threads of the solver that it cannot run
        with ProcessPoolExecutor(self.threads or os.cpu_count() or 1, multiprocessing.get_context("spawn")) as pool:
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

    def _populations(self) -> list[tuple[str, Prepared]]:
        """The people planned for, then those of all variants of the forecast in its year."""
        catalogue, request = self.stages.catalogue, self.request
        own = "" if request.year is None else f"{request.year} {request.variant}"
        found = [(own, self.prepared)]
        year = request.year or int(catalogue.value("anchors.robust_year"))
        variants = tuple(variants_by_id(catalogue.forecast_variants))
        base = self.stages.region()
        try:
            forecast = forecast_population(base, catalogue, years=[year], variants=variants)
        except InputError:
            return found  # no forecast: weights and costs only
        reach = self.stages.reach()
        for variant in variants:
            if (request.year, request.variant) == (year, variant):
                continue
            region = region_in_year(base, forecast, year, variant)
            parts = assess_parts(region, reach, catalogue)
            prepared = prepare(
                region,
                None,
                reach,
                parts,
                catalogue,
                request,
                pricing=price_of(region, catalogue),
                room_hours_week=shared_hours(catalogue),
                travel=self.travel,
                threads=self.threads,
            )
            found.append((f"{year} {variant}", prepared))
        return found

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
            problems=Problems((*told, *paper_problems)).sorted(),
            paper=paper,
        )


def _write_scenario(scenario: Scenario, path: Path) -> Path | None:
    """Write the scenario of a plan; a file of that name that says something else is kept."""
    old = None
    if path.exists():
        if path.read_text(encoding="utf-8") == scenario_text(scenario):
            return None
        old = keep_old(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_scenario(scenario, path)
    return old
