"""The check of a project folder: everything is read, nothing is computed, all problems are told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.downloads import Download
from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.standard_sets import with_standard_set
from ankerort.network.build import read_timetable
from ankerort.network.model import Timetable
from ankerort.region.check import Fact, check_region
from ankerort.region.inbox.missing import missing_records
from ankerort.region.model import Region
from ankerort.region.read_settings import read_settings
from ankerort.region.working_groups import read_working_groups
from ankerort.stage_files import silent_stops


@dataclass(frozen=True)
class ProjectCheck:
    """What a check found.

    Parameters
    ----------
    problems
        Of all inputs.
    facts
        Sentence ``fact.<code>`` with its parameters.
    missing
        Records of inputs that the region lacks.
    """

    problems: tuple[Problem, ...]
    facts: tuple[Fact, ...]
    missing: tuple[Download, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether the region cannot be used."""
        return any(p.severity == "error" for p in self.problems)


def check_project(folder: Path, *, progress: Progress = SILENT) -> ProjectCheck:
    """Read everything, compute nothing, and tell all problems at once; never raises `InputError`."""
    found = check_region(folder, progress=progress)
    problems = Problems(found.problems)
    facts = list(found.facts)
    try:
        settings = read_settings(folder, problems=Problems())  # its problems are told by check_region
        catalogue = read_catalogue(settings.catalogue_folder, land=settings.land or "ST")
    except InputError:
        return ProjectCheck(problems.sorted(), tuple(facts))  # told by check_region already
    missing = missing_records(settings.inputs, catalogue.downloads, land=settings.land)
    try:
        with_standard_set(catalogue, settings.standard_set)
    except InputError as error:
        problems.extend(error.problems)
    read_working_groups(settings.folder, catalogue=catalogue, problems=problems)
    timetable, _ = read_timetable(settings, catalogue, problems, region=found.region, progress=progress)
    if timetable is not None:
        titles = {i.source_id: i.title or i.source_id for i in settings.inputs}
        facts.extend(_timetable_facts(timetable, found.region, titles, catalogue))
    return ProjectCheck(problems.sorted(), tuple(facts), missing)


_CURVE = "▁▂▃▄▅▆▇█"


def _timetable_facts(
    timetable: Timetable, region: Region | None, titles: Mapping[str, str], catalogue: Catalogue
) -> list[Fact]:
    facts: list[Fact] = []
    for report in timetable.reports:
        most = max((trips for _, trips in report.trips_per_week), default=0.0)
        curve = "".join(
            _CURVE[min(7, int(8 * trips / most))] if most and trips else "·" for _, trips in report.trips_per_week
        )
        name = titles.get(report.source_id, report.source_id)
        facts.append(
            Fact(
                "feed",
                {
                    "feed": name,
                    "day": timetable.date,
                    "day_trips": report.day_trips,
                    "peak_day": report.peak_date,
                    "peak_trips": report.peak_trips,
                    "first": report.trips_per_week[0][0] if report.trips_per_week else report.first_date,
                    "curve": curve,
                },
            )
        )
        if report.hollow:
            facts.append(Fact("feed_hollow", {"feed": name}))
    if region is not None:
        silent = silent_stops(timetable, region, catalogue)
        stations = int((silent["kind"] == "station").sum())
        if stations:
            facts.append(Fact("silent_stations", {"count": stations, "day": timetable.date}))
        if len(silent) > stations:
            facts.append(Fact("silent_stops", {"count": len(silent) - stations, "day": timetable.date}))
    return facts
