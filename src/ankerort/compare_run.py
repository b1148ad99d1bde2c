"""Scenarios of a project folder: found, checked all at once, answered from the warm base, compared, told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ankerort import __version__
from ankerort.base.files import keep_old
from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.demography import variants_by_id
from ankerort.documents.comparison import ComparedScenario, ComparisonSet, write_comparison
from ankerort.region.forecast.forecast import Forecast, forecast_population
from ankerort.region.forecast.region_in_year import region_in_year
from ankerort.region.forecast.stock import stock_years
from ankerort.region.model import Region
from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.changes import UsePopulation
from ankerort.scenario.compare import compare
from ankerort.scenario.nearest import nearest_names
from ankerort.scenario.resolve import ResolvedScenario, resolve
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.scenario_file import read_scenario, read_what_is_good, scenario_text, write_scenario
from ankerort.scenario.workspace import Workspace
from ankerort.scenario.world import Answer, Projection, World
from ankerort.stages import Stages
from ankerort.text import Language

SCENARIO_FOLDER = "szenarien"
TODAY = ("heute", "today")


@dataclass(frozen=True)
class CompareResult:
    """What a comparison left behind: its figures, the files in reading order, warnings about the scenarios."""

    compared: ComparisonSet
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class ListedScenario:
    """A scenario file of a project: `problems` is empty where it can be read; names are not looked up for a list."""

    path: Path
    name: str
    based_on: str
    changes: int
    problems: tuple[Problem, ...]


def find_scenario(folder: Path, name: str) -> Path:
    """The file of a scenario: as given, or in ``szenarien/`` of the project, with or without ``.toml``.

    Raises
    ------
    InputError
        If there is none; the problem names the nearest ones.
    """
    inside = folder / SCENARIO_FOLDER
    for path in (Path(name), inside / name, inside / f"{name}.toml"):
        if path.is_file():
            return path
    near = nearest_names(Path(name).stem, [p.stem for p in scenario_files(folder)])
    raise InputError([Problem("scenario_not_found", "error", name, params={"name": name, "near": near})])


def scenario_files(folder: Path) -> tuple[Path, ...]:
    """All scenario files of a project, by name."""
    return tuple(sorted((folder / SCENARIO_FOLDER).glob("*.toml")))


def list_scenarios(folder: Path) -> tuple[ListedScenario, ...]:
    """What stands in each scenario file; never raises for a file that cannot be read."""
    found = []
    for path in scenario_files(folder):
        try:
            scenario = read_scenario(path)
        except InputError as error:
            found.append(ListedScenario(path, path.stem, "", 0, error.problems))
        else:
            found.append(ListedScenario(path, scenario.name, scenario.based_on, len(scenario.changes), ()))
    return tuple(found)


def check_scenarios(folder: Path, names: Sequence[str], *, progress: Progress = SILENT) -> tuple[Problem, ...]:
    """All problems of several scenario files against the project's region, network and catalogue."""
    problems = Problems()
    scenarios = _read(folder, names, problems)
    if scenarios:
        stages = Stages(folder, 0, progress)
        _resolve(scenarios, _world(stages, scenarios, problems), problems)
    return _once(problems)


def compare_project(
    folder: Path,
    base: str,
    scenarios: Sequence[str],
    *,
    out: Path | None = None,
    lang: Language = "de",
    threads: int = 0,
    progress: Progress = SILENT,
) -> CompareResult:
    """Compare scenarios of a project with a base and write ``vergleich.html``, ``vergleich.xlsx`` and ``vergleich.gpkg``.

    Parameters
    ----------
    folder
        Project folder.
    base
        ``heute`` or ``today``, or a scenario.
    scenarios
        Files, or names in ``szenarien/``.
    out
        Where the documents go; default ``<folder>/ausgabe``.
    lang
        de or en.
    threads
        Worker threads, 0 = one per core; the result does not depend on it.

    Raises
    ------
    InputError
        With all problems of all files together, if any is an error.
    """
    problems = Problems()
    from_today = base.casefold() in TODAY
    names = list(scenarios) if from_today else [base, *scenarios]
    read = _read(folder, names, problems)
    if not read:
        _raise(problems)
    stages = Stages(folder, threads, progress)
    world = _world(stages, read, problems)
    resolved = _resolve(read, world, problems)
    _raise(problems)
    workspace = Workspace(world, reach=stages.reach(), threads=threads)
    today = TODAY[1] if lang == "en" else TODAY[0]
    with progress.task("progress.scenarios", len(resolved) + 1) as task:
        first: Answer = workspace.base
        first_name = today
        task.advance()
        if not from_today:
            first, first_name = _answer(workspace, world, resolved[0]), resolved[0].scenario.name
            resolved = resolved[1:]
            task.advance()
        told: list[ComparedScenario] = []
        labels = _labels([one.scenario.name for one in resolved])
        for one, label in zip(resolved, labels, strict=True):
            other = _answer(workspace, world, one)
            found = compare(first, other, names=(first_name, label))
            told.append(ComparedScenario(label, one, found, other.world.region))
            task.advance()
    record = {"ankerort": __version__, "key": stages.supply_key}
    compared = ComparisonSet(
        first_name, first.world.region, first.world.catalogue, tuple(told), stages.pt_facts().date, record
    )
    target = out if out is not None else folder / "ausgabe"
    files = write_comparison(compared, target, lang=lang, progress=progress)
    return CompareResult(compared, files, _once(problems))


def _once(problems: Problems) -> tuple[Problem, ...]:
    """Each problem once, by file and line: scenarios that build on the same file share its problems."""
    found: list[Problem] = []
    weight = {"error": 0, "warning": 1, "note": 2}
    for problem in sorted(problems.sorted(), key=lambda p: (weight[p.severity], p.table, p.row or 0)):
        if problem not in found:
            found.append(problem)
    return tuple(found)


def _raise(problems: Problems) -> None:
    if problems.has_errors:
        raise InputError(_once(problems))


def _labels(names: list[str]) -> list[str]:
    """Names of scenarios, made different where two are the same."""
    labels: list[str] = []
    for name in names:
        number = 2
        label = name
        while label in labels:
            label, number = f"{name} ({number})", number + 1
        labels.append(label)
    return labels


def _read(folder: Path, names: Sequence[str], problems: Problems) -> list[Scenario]:
    """What is good of each file: the rest is told together with what does not fit the region."""
    found: list[Scenario] = []
    for name in names:
        try:
            scenario, told = read_what_is_good(find_scenario(folder, name))
        except InputError as error:
            problems.extend(error.problems)
        else:
            problems.extend(told)
            # without what it builds on, its own changes would be told as wrong
            whole = scenario is not None and not (scenario.based_on and scenario.base is None)
            found.extend([scenario] if scenario is not None and whole else [])
    return found


def _resolve(scenarios: Sequence[Scenario], world: World, problems: Problems) -> list[ResolvedScenario]:
    found: list[ResolvedScenario] = []
    for scenario in scenarios:
        try:
            one = resolve(scenario, world)
        except InputError as error:
            problems.extend(error.problems)
        else:
            problems.extend(one.problems)
            found.append(one)
    return found


def _world(stages: Stages, scenarios: Sequence[Scenario], problems: Problems) -> World:
    """The base world; the forecast is made only for the years and variants that a scenario asks for."""
    region, network, catalogue = stages.region(), stages.network(), stages.catalogue
    asked = [c for s in scenarios for c, _ in s.all_changes() if isinstance(c, UsePopulation)]
    if not asked:
        return World(region, network, catalogue)
    try:
        first, _ = stock_years(region)
    except InputError as error:
        problems.extend(error.problems)
        return World(region, network, catalogue)
    last, known = int(catalogue.value("forecast.last_year")), tuple(variants_by_id(catalogue.forecast_variants))
    # what lies outside is told with all other faults when the scenarios are resolved
    usable = [c for c in asked if first <= c.year <= last and c.variant in known]
    forecast = forecast_population(
        region, catalogue, years=[c.year for c in usable] or [first], variants=[c.variant for c in usable] or known[:1]
    )
    return World(region, network, catalogue, Projection(first, last, known, partial(_moved, forecast=forecast)))


def _moved(region: Region, year: int, variant: str, *, forecast: Forecast) -> Region:
    return region_in_year(region, forecast, year, variant)


def _answer(workspace: Workspace, world: World, resolved: ResolvedScenario) -> Answer:
    changed, touched = apply_scenario(world, resolved)
    return workspace.answer(changed, touched)


def compare_with_today(
    stages: Stages, region: Region, scenario: Scenario, *, threads: int = 0, lang: Language = "de"
) -> tuple[ComparisonSet | None, tuple[Problem, ...]]:
    """A scenario that a plan made against today, and what was met on the way; None where it changes nothing.

    Parameters
    ----------
    region
        With the people that the plan was made for.
    """
    if not scenario.changes:
        return None, ()
    world = World(region, stages.network(), stages.catalogue)
    resolved = resolve(scenario, world)
    workspace = Workspace(world, reach=stages.reach(), parts=stages.parts(), threads=threads)
    today = "today" if lang == "en" else "heute"
    changed, touched = apply_scenario(world, resolved)
    answer = workspace.answer(changed, touched)
    found = compare(workspace.base, answer, names=(today, scenario.name))
    one = ComparedScenario(scenario.name, resolved, found, answer.world.region)
    record = {"ankerort": __version__, "key": stages.supply_key}
    compared = ComparisonSet(today, region, stages.catalogue, (one,), stages.pt_facts().date, record)
    return compared, resolved.problems


def write_plan_scenario(scenario: Scenario, path: Path) -> Path | None:
    """Write the scenario of a plan; a file of that name that says something else is kept, and where is returned."""
    old = None
    if path.exists():
        if path.read_text(encoding="utf-8") == scenario_text(scenario):
            return None
        old = keep_old(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_scenario(scenario, path)
    return old
