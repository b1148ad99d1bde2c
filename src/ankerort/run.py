"""The whole run of a region, from the files a planner has to the documents, stage by stage from the cache.

A stage is made again only if its inputs, its parameters or the code below it changed; an interrupted run goes on where it
stopped.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ankerort import __version__
from ankerort.base.cache import code_key
from ankerort.base.problems import Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.check_run import ProjectCheck, check_project
from ankerort.documents.assessment import Assessment, PtFacts
from ankerort.documents.evidence import TracedFigure
from ankerort.documents.write import write_documents
from ankerort.region.model import Region
from ankerort.region.paper_status import read_paper_status
from ankerort.region.read_settings import read_settings
from ankerort.region.working_groups import read_working_groups
from ankerort.stages import SUPPLY_CODE, TREND, Stages, check_variant, parameters_of
from ankerort.supply.explain import explain


@dataclass(frozen=True)
class RunResult:
    """What a run left behind.

    Parameters
    ----------
    assessment
        The figures.
    files
        The documents written, in the order in which a reader should open them.
    reused
        Stages taken from the cache (region, network, reach, supply).
    """

    assessment: Assessment
    files: tuple[Path, ...]
    reused: tuple[str, ...]


def assess_project(
    folder: Path,
    *,
    out: Path | None = None,
    lang: str = "de",
    year: int | None = None,
    variant: str = TREND,
    population: str = "",
    internal: bool = False,
    threads: int = 0,
    progress: Progress = SILENT,
) -> RunResult:
    """Read a project folder, compute its supply, write the documents.

    Parameters
    ----------
    folder
        Folder with ``region.toml``.
    out
        Where the documents go; default ``<folder>/ausgabe``, for another year ``<folder>/ausgabe-<year>-<variant>``, for another
        leading source ``<folder>/ausgabe-melderegister`` or ``ausgabe-zensus``, so that the usual documents stay.
    lang
        de or en.
    year, variant
        People of a year and a variant of the forecast; None = those of the region as read.
    population
        Whose count of people leads, ``census`` or ``register``; empty = as ``region.toml`` says.
    internal
        Documents for the office only: they hold what follows from confidential figures.
    threads
        Worker threads, 0 = one per core; the result does not depend on it.

    Raises
    ------
    InputError
        With all problems of all inputs, if any is an error; nothing is overwritten then.
    """
    assessment, reused = assess_region(
        folder, year=year, variant=variant, population=population, threads=threads, progress=progress
    )
    target = out if out is not None else usual_out(folder, year=year, variant=variant, population=population)
    files = write_documents(
        assessment, target, lang="en" if lang == "en" else "de", internal=internal, progress=progress
    )
    return RunResult(assessment, files, reused)


_OUT_OF = {"": "", "census": "-zensus", "register": "-melderegister"}


def default_out(folder: Path, *, year: int | None = None, variant: str = TREND, population: str = "") -> Path:
    """Where documents go unless it is said: today's and those of each year, variant and other leading source apart."""
    return folder / (("ausgabe" if year is None else f"ausgabe-{year}-{variant}") + _OUT_OF[population])


def usual_out(folder: Path, *, year: int | None = None, variant: str = TREND, population: str = "") -> Path:
    """`default_out` of a project: the source that ``region.toml`` names needs no folder of its own."""
    usual = read_settings(folder, problems=Problems()).population
    return default_out(folder, year=year, variant=variant, population="" if population == usual else population)


def assess_region(
    folder: Path,
    *,
    year: int | None = None,
    variant: str = TREND,
    population: str = "",
    threads: int = 0,
    progress: Progress = SILENT,
) -> tuple[Assessment, tuple[str, ...]]:
    """All figures of a project folder and the stages that came from the cache; see `assess_project`."""
    check_variant(year, variant)
    stages = Stages(folder, threads, progress, year=year, variant=variant, population=population)
    region = stages.people()
    pt = stages.pt_facts()
    reach = stages.reach()
    supply = stages.supply()
    depth = stages.depth()
    forecast = stages.forecast()
    problems = Problems(stages.catalogue.problems)
    problems.extend(region.problems)
    problems.extend(stages.network_problems())
    problems.extend(reach.problems)
    problems.extend(supply.problems)
    problems.extend(stages.forecast_problems)
    paper, paper_problems = read_paper_status(folder)
    problems.extend(paper_problems)
    groups = read_working_groups(stages.folder, catalogue=stages.catalogue, problems=problems)
    assessment = Assessment(
        catalogue=stages.catalogue,
        region=region,
        reach=reach,
        supply=supply,
        depth=depth,
        forecast=forecast,
        pt=pt,
        problems=problems.sorted(),
        record=_record(stages, region, pt),
        groups=groups,
        year=year,
        variant=variant if year is not None else "",
        paper=paper,
    )
    return assessment, tuple(stages.reused)


def explain_project(
    folder: Path, *, place: str, service: str, threads: int = 0, progress: Progress = SILENT
) -> TracedFigure:
    """The evidence behind the figures of one place and service; computes what is not there yet.

    Raises
    ------
    InputError
        With the problems of the inputs, or if there is no such place or service.
    """
    stages = Stages(folder, threads, progress)
    found = explain(
        stages.region(),
        stages.network(),
        stages.reach(),
        stages.supply(),
        stages.catalogue,
        place=place,
        service=service,
    )
    return TracedFigure(found, stages.region(), stages.network(), stages.catalogue)


def _record(stages: Stages, region: Region, pt: PtFacts) -> Mapping[str, object]:
    """``run.json``: everything that is needed to get the same figures again."""
    return {
        "format": 1,
        "ankerort": __version__,
        "code": code_key(SUPPLY_CODE),
        "python": platform.python_version(),
        "region": stages.settings.name,
        "study_area": list(stages.settings.study_ags),
        "inputs": stages.hashes,
        "sources": region.sources[["source_id", "file", "date", "sha256"]].to_dict("records"),
        "settings": parameters_of(stages.settings),
        "catalogue": stages.catalogue.content_hash,
        "figures": {k: v.value for k, v in sorted(stages.catalogue.figures.items())},
        "service_day": pt.date,
        "day_types": {d.day_type: {f.source_id: f.date for f in d.feeds} for d in pt.days},
        "population": stages.settings.population,
        "year": stages.year,
        "variant": stages.variant if stages.year is not None else "",
        "key": stages.supply_key,
    }


__all__ = [
    "ProjectCheck",
    "RunResult",
    "Stages",
    "assess_project",
    "assess_region",
    "check_project",
    "default_out",
    "explain_project",
    "usual_out",
]
