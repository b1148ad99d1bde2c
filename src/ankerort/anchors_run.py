"""Anchor places of a project folder: prepared, solved, explained, told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ankerort.anchors.conflict import find_conflict
from ankerort.anchors.evaluate import Evaluation, evaluate
from ankerort.anchors.explain import Effort, Homes, PlanExplanation, explain_places
from ankerort.anchors.plan_decision import decision_of
from ankerort.anchors.plan_file import PLAN_FOLDER, write_plan
from ankerort.anchors.problem import Solution
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.resolve_request import AskedAnchors, find_place_id
from ankerort.anchors.result import make_plan
from ankerort.anchors.rooms import week_hours
from ankerort.anchors.settle_rooms import settled
from ankerort.anchors.solve import pareto_front
from ankerort.anchors.solve_rooms import solve_with_rooms
from ankerort.anchors.to_scenario import plan_scenario
from ankerort.anchors_desk import Desk
from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.compare_run import SCENARIO_FOLDER, write_plan_scenario
from ankerort.documents.anchors_documents import AnchorDocuments
from ankerort.documents.anchors_write import write_anchor_documents
from ankerort.documents.comparison import write_comparison
from ankerort.region.model import Region
from ankerort.scenario.example import file_name
from ankerort.scenario.nearest import nearest_names
from ankerort.stages import Stages
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
    desk = Desk.asked(folder, asked, threads, progress)
    prepared, request = desk.prepared, desk.request
    solution = solve_with_rooms(
        prepared,
        desk.region,
        desk.stages.catalogue,
        seed=request.seed,
        seconds=request.seconds,
        progress=progress,
    )
    if solution.decision is None:
        found = find_conflict(
            prepared,
            names=desk.names,
            labels=desk.labels(lang),
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
        settled(prepared, solution.decision, desk.region, desk.stages.catalogue),
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
    kept = (write_plan_scenario(scenario, scenario_path), write_plan(plan, plan_path, names=desk.names, lang=lang))
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
    desk, read, path = Desk.of_plan(folder, plan, threads, progress)
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
        settled(desk.prepared, decision, desk.region, desk.stages.catalogue),
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
    desk, read, path = Desk.of_plan(folder, plan, threads, progress)
    decision, problems = decision_of(read, desk.prepared, path.name)
    solution = desk.solution(decision, read)
    made = make_plan(desk.prepared, solution, desk.region, desk.stages.catalogue, name=read.name, record=desk.record())
    housed = settled(desk.prepared, decision, desk.region, desk.stages.catalogue)
    found = evaluate(housed.problem, decision, housed.objective, housed.limits)
    return CheckedPlan(desk.documents(made, solution, problems), found, problems)


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
    if request.with_scenario:
        parts.append(say("anchors_file.with", lang, name=Path(request.with_scenario).stem))
    return " ".join(parts)
