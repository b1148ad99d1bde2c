"""Mobile services of a project folder: planned, compared with other ways, checked, told on sheets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.compare_run import SCENARIO_FOLDER, compare_with_today, write_plan_scenario
from ankerort.documents.comparison import ComparisonSet, write_comparison
from ankerort.documents.mobile_documents import MobileDocuments
from ankerort.documents.mobile_write import write_mobile_documents, write_place_timetable
from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.plan import MobilePlan
from ankerort.mobile.plan_decision import decision_of
from ankerort.mobile.plan_file import PLAN_FOLDER, write_mobile_plan
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.problem import Decision, Evaluation, Solution
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.resolve_request import AskedMobile
from ankerort.mobile.result import make_mobile_plan
from ankerort.mobile.to_scenario import mobile_scenario
from ankerort.mobile_desk import MobileDesk
from ankerort.region.read_mobile_contact import write_mobile_contact_template
from ankerort.scenario.example import file_name
from ankerort.scenario.nearest import nearest_names
from ankerort.text import Language, say
from ankerort.text.numbers import format_share, format_whole


@dataclass(frozen=True)
class MobileResult:
    """What a run left behind.

    Parameters
    ----------
    documents
        The plan and all that its documents tell.
    comparison
        Against today; None where nothing comes.
    plan_file, scenario_file
        Where the plan and its scenario stand.
    kept
        Former files of these names that said something else.
    files
        Documents in the order in which a reader should open them.
    problems
        Warnings and notes.
    """

    documents: MobileDocuments
    comparison: ComparisonSet | None
    plan_file: Path
    scenario_file: Path
    kept: tuple[Path, ...]
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class CheckedMobilePlan:
    """A plan worked out again: its documents, the problem that it belongs to, what the evaluation says, visits that fit nothing."""

    documents: MobileDocuments
    prepared: Prepared
    evaluation: Evaluation
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class ComparedMobile:
    """A plan beside other ways to serve the same people; `alternatives` is ALTERNATIVES."""

    plan: MobilePlan
    alternatives: pd.DataFrame


def plan_mobile(
    folder: Path,
    asked: AskedMobile,
    *,
    name: str = "",
    out: Path | None = None,
    first_day: str = "",
    lang: Language = "de",
    threads: int = 0,
    progress: Progress = SILENT,
) -> MobileResult:
    """Plan a mobile service for a project folder; write the plan, its scenario and its documents.

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
    first_day
        First day (ISO) of the printed dates; empty = the first Monday after the newest day of the data.
    lang
        de or en.
    threads
        Worker threads, 0 = one per core; the result does not depend on it.

    Raises
    ------
    InputError
        With all that does not fit, or with what stands against a plan and the nearest that is possible; nothing is written then.
    """
    desk = MobileDesk.asked(folder, asked, threads, progress)
    prepared, solution, told = desk.solved()
    assert solution.decision is not None
    plan = make_mobile_plan(
        prepared,
        solution,
        desk.region,
        desk.stages.catalogue,
        name=name.strip() or default_name(desk.request, desk.stages.catalogue, lang),
        answers=desk.answers,
        office_m=desk.office_m,
        record=desk.record(),
    )
    scenario = mobile_scenario(plan, desk.region, desk.stages.catalogue, lang=lang)
    with progress.task("progress.anchors_compare", 1) as task:
        comparison, compared_told = compare_with_today(desk.stages, desk.region, scenario, threads=threads, lang=lang)
        task.advance()
    found = desk.alternatives(prepared, solution.decision, plan)
    documents = desk.documents(
        plan, (*told, *compared_told), prepared=prepared, found=found, first_day=first_day, lang=lang
    )
    stem = Path(file_name(plan.name)).stem
    target = out if out is not None else folder / "ausgabe" / stem
    written = write_mobile_documents(documents, target, lang=lang, progress=progress)
    write_mobile_contact_template(folder, lang=lang)  # phone, payment, days off: for a user to fill in
    if comparison is not None:
        written = (*written, *write_comparison(comparison, target, lang=lang, progress=progress))
    plan_path, scenario_path = folder / PLAN_FOLDER / f"{stem}.toml", folder / SCENARIO_FOLDER / f"{stem}.toml"
    kept = (
        write_plan_scenario(scenario, scenario_path),
        write_mobile_plan(plan, plan_path, names=desk.names, lang=lang),
    )
    return MobileResult(
        documents,
        comparison,
        plan_path,
        scenario_path,
        tuple(k for k in kept if k is not None),
        written,
        documents.problems,
    )


def check_mobile(folder: Path, plan: str, *, threads: int = 0, progress: Progress = SILENT) -> CheckedMobilePlan:
    """Work out a plan again, as it stands in its file, with the data of today: figures, and every rule that it breaks.

    Raises
    ------
    InputError
        If there is no such plan, or its file cannot be read.
    """
    desk, read, path = MobileDesk.of_plan(folder, plan, threads, progress)
    prepared, decision, problems = _decided(desk, read, path.name)
    made = _again(desk, read, prepared, decision)
    evaluation = evaluate(prepared.problem, decision, prepared.objective)
    found = desk.alternatives(prepared, decision, made)
    documents = desk.documents(made, (*prepared.problems, *problems), prepared=prepared, found=found)
    return CheckedMobilePlan(documents, prepared, evaluation, problems)


def compare_mobile(
    folder: Path, plans: Sequence[str], *, threads: int = 0, progress: Progress = SILENT
) -> tuple[ComparedMobile, ...]:
    """Plans, each worked out again, beside the other ways to serve the same people.

    Raises
    ------
    InputError
        If there is no such plan, or what a file says fits nothing.
    """
    compared = []
    for name in plans:
        desk, read, path = MobileDesk.of_plan(folder, name, threads, progress)
        prepared, decision, problems = _decided(desk, read, path.name)
        Problems(problems).raise_errors()
        made = _again(desk, read, prepared, decision)
        compared.append(ComparedMobile(made, desk.alternatives(prepared, decision, made)))
    return tuple(compared)


def write_timetable(
    folder: Path,
    plan: str,
    place: str = "",
    *,
    first_day: str = "",
    out: Path | None = None,
    lang: Language = "de",
    threads: int = 0,
    progress: Progress = SILENT,
) -> tuple[Path, ...]:
    """Write the timetable sheets of one place of a plan, or of all its places.

    Parameters
    ----------
    place
        Printed name or id of a place that the plan serves; empty = all.
    first_day
        First day (ISO) of the printed dates; empty = that of the plan.
    out
        Where the sheets go; default ``<folder>/ausgabe/<plan>``.

    Raises
    ------
    InputError
        If there is no such plan, or nobody comes to the place; the problem names the nearest places that are served.
    """
    desk, read, _ = MobileDesk.of_plan(folder, plan, threads, progress)
    documents = desk.documents(read, (), first_day=first_day, lang=lang)
    names = desk.names
    served = {str(p): names.get(str(p), str(p)) for p in dict.fromkeys(read.stops["place_id"].astype(str))}
    wanted = [
        p
        for p, printed in served.items()
        if not place or place.strip().casefold() in (p.casefold(), printed.casefold())
    ]
    if not wanted:
        near = nearest_names(place, list(served.values()))
        raise InputError(
            [Problem("mobile_place_not_served", "error", "--place", params={"place": place, "near": near})]
        )
    target = out if out is not None else folder / "ausgabe" / Path(file_name(read.name)).stem
    return tuple(path for p in wanted for path in write_place_timetable(documents, p, target, lang=lang))


def default_name(request: MobileRequest, catalogue: Catalogue, lang: Language = "de") -> str:
    """A name that tells the question: what comes, with how many vehicles, for how much, for whom, of which year."""
    services = catalogue.mobile.services
    parts = [" + ".join(services[s].label(lang) for s in request.services)]
    if request.vehicles is not None and request.vehicles > 1:
        parts.append(say("mobile_file.name_vehicles", lang, n=str(request.vehicles)))
    if request.budget_eur is not None:
        parts.append(f"{format_whole(request.budget_eur, lang)} EUR")
    if request.cover is not None:
        parts.append(format_share(request.cover, lang))
    if request.year is not None:
        parts.append(f"{request.year} {request.variant}")
    return " ".join(parts)


def _decided(desk: MobileDesk, plan: MobilePlan, table: str) -> tuple[Prepared, Decision, tuple[Problem, ...]]:
    """The problem of a plan and what it decides; stops that are no candidates by themselves take part if the plan names them."""
    prepared = desk.prepared()
    decision, problems = decision_of(plan, prepared, table)
    missing = [p for p in problems if p.code == "mobile_plan_no_stop"]
    if missing:
        lost = tuple(dict.fromkeys(str(p.params["stop"]) for p in missing))
        try:
            wide = desk.prepared(replace(desk.request, keep=(*desk.request.keep, *lost)))
        except InputError:  # no candidate at all: told as such
            return prepared, decision, problems
        asked = wide.stops["stop_id"].astype(str).isin(prepared.request.keep).to_numpy(bool)
        must = wide.problem.must & asked
        prepared = replace(wide, request=prepared.request, problem=replace(wide.problem, must=must))
        decision, problems = decision_of(plan, prepared, table)
    return prepared, decision, problems


def _again(desk: MobileDesk, plan: MobilePlan, prepared: Prepared, decision: Decision) -> MobilePlan:
    """The plan with all tables worked out anew; its bound still holds if the data are the same."""
    found = evaluate(prepared.problem, decision, prepared.objective)
    same = plan.record.get("key") == desk.stages.supply_key
    bound = plan.proof.bound if same else math.nan
    edited = abs(found.value - plan.proof.value) > 1e-6 * max(1.0, abs(found.value))
    gap = (bound - found.value) / max(abs(bound), 1e-9)
    status = "feasible" if edited or not same else plan.proof.status
    solution = Solution(
        decision, found.value, bound, gap, plan.proof.bound_rule, plan.proof.seconds, plan.proof.seed, status
    )
    return make_mobile_plan(
        prepared,
        solution,
        desk.region,
        desk.stages.catalogue,
        name=plan.name,
        answers=desk.answers,
        office_m=desk.office_m,
        first_day=plan.first_day,
        record=desk.record(),
    )
