"""The whole run of a region, from the files a planner has to the documents, stage by stage from the cache.

A stage is made again only if its inputs, its parameters or the code below it changed; an interrupted run goes on where it
stopped.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pandas as pd

from ankerort import __version__
from ankerort.base.cache import StageCache, code_key, content_key
from ankerort.base.files import sha256_of
from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.documents.assessment import Assessment, PtFacts
from ankerort.documents.evidence import TracedFigure
from ankerort.documents.write import write_documents
from ankerort.network.build import build_network, read_timetable
from ankerort.network.model import FeedReport, Network, Timetable
from ankerort.network.timetable import stops_without_departures
from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach
from ankerort.reach.store import PtStore, load_reach, save_reach
from ankerort.region.check import Fact, check_region
from ankerort.region.model import Region
from ankerort.region.project import load_region, save_region
from ankerort.region.read_region import read_region
from ankerort.region.read_settings import find_file, read_settings
from ankerort.region.schema import REGISTERED_STOPS
from ankerort.region.settings import RegionSettings
from ankerort.supply.assess import assess
from ankerort.supply.explain import explain
from ankerort.supply.model import Supply

_REGION_CODE = ("base", "catalogue", "region")
_NETWORK_CODE = (*_REGION_CODE, "network")
_REACH_CODE = (*_NETWORK_CODE, "reach")
_SUPPLY_CODE = (*_REACH_CODE, "supply")
_SUPPLY_TABLES = ("recording", "nearest", "place_service", "area_service", "bundle_of_five")


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
    threads: int = 0,
    progress: Progress = SILENT,
) -> RunResult:
    """Read a project folder, compute its supply, write the documents.

    Parameters
    ----------
    folder
        Folder with ``region.toml``.
    out
        Where the documents go; default ``<folder>/ausgabe``.
    lang
        de or en.
    threads
        Worker threads, 0 = one per core; the result does not depend on it.

    Raises
    ------
    InputError
        With all problems of all inputs, if any is an error; nothing is overwritten then.
    """
    assessment, reused = assess_region(folder, threads=threads, progress=progress)
    target = out if out is not None else folder / "ausgabe"
    files = write_documents(assessment, target, lang="en" if lang == "en" else "de", progress=progress)
    return RunResult(assessment, files, reused)


def assess_region(folder: Path, *, threads: int = 0, progress: Progress = SILENT) -> tuple[Assessment, tuple[str, ...]]:
    """All figures of a project folder and the stages that came from the cache; see `assess_project`."""
    stages = Stages(folder, threads, progress)
    region = stages.region()
    pt = stages.pt_facts()
    reach = stages.reach()
    supply = stages.supply()
    problems = Problems(stages.catalogue.problems)
    problems.extend(region.problems)
    problems.extend(stages.network_problems())
    problems.extend(reach.problems)
    problems.extend(supply.problems)
    assessment = Assessment(stages.catalogue, region, reach, supply, pt, problems.sorted(), _record(stages, region, pt))
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


@dataclass(frozen=True)
class ProjectCheck:
    """What a check found: problems of all inputs, and facts (sentence ``fact.<code>`` with its parameters)."""

    problems: tuple[Problem, ...]
    facts: tuple[Fact, ...]

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
    timetable, _ = read_timetable(settings, catalogue, problems, region=found.region, progress=progress)
    if timetable is not None:
        titles = {i.source_id: i.title or i.source_id for i in settings.inputs}
        facts.extend(_timetable_facts(timetable, found.region, titles, catalogue))
    return ProjectCheck(problems.sorted(), tuple(facts))


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
        silent = _silent_stops(timetable, region, catalogue)
        stations = int((silent["kind"] == "station").sum())
        if stations:
            facts.append(Fact("silent_stations", {"count": stations, "day": timetable.date}))
        if len(silent) > stations:
            facts.append(Fact("silent_stops", {"count": len(silent) - stations, "day": timetable.date}))
    return facts


class Stages:
    """Region, network, reach and supply of one project folder, each made once or taken from the cache."""

    def __init__(self, folder: Path, threads: int, progress: Progress) -> None:
        self.folder = folder.resolve()
        self.threads = threads
        self.progress = progress
        try:
            self.settings: RegionSettings = read_settings(self.folder)
            self.catalogue: Catalogue = read_catalogue(self.settings.catalogue_folder, land=self.settings.land or "ST")
        except InputError as error:
            # what is wrong with the files that can be found is told in the same go
            raise InputError(check_project(self.folder, progress=progress).problems or error.problems) from error
        self.cache = StageCache(self.folder / "results")
        self.hashes = _input_hashes(self.settings)
        self.reused: list[str] = []
        self._region: Region | None = None
        self._network: Network | None = None
        self._reach: Reach | None = None
        self._supply: Supply | None = None
        self._facts: PtFacts | None = None
        self.region_key = content_key(
            self.hashes,
            _parameters(self.settings),
            self.catalogue.content_hash,
            code_key(_REGION_CODE),
        )
        # A name or a title stands in the documents only; changing it must not cost the travel times.
        counted = content_key(
            self.hashes, _parameters(self.settings, told=False), self.catalogue.content_hash, code_key(_REGION_CODE)
        )
        self.network_key = content_key(counted, self.settings.day, code_key(_NETWORK_CODE))
        self.reach_key = content_key(self.network_key, code_key(_REACH_CODE))
        self.supply_key = content_key(self.reach_key, code_key(_SUPPLY_CODE))

    def region(self) -> Region:
        """The region; problems of the timetables are told together with those of the region."""
        if self._region is not None:
            return self._region
        if self.cache.has("region", self.region_key):
            kept = load_region(self.cache.folder("region", self.region_key))
            self._region = replace(kept, settings=self.settings)
            self.reused.append("region")
            return self._region
        try:
            region = read_region(self.folder, catalogue=self.catalogue, progress=self.progress)
        except InputError as error:
            problems = Problems(error.problems)
            read_timetable(self.settings, self.catalogue, problems, progress=self.progress)
            raise InputError(problems.sorted()) from error
        with self.cache.filling("region", self.region_key) as folder:
            save_region(region, folder)
        self._region = region
        return region

    def network(self) -> Network:
        """The network; always built, since it is needed only where nothing later is in the cache."""
        if self._network is None:
            self._network = build_network(self.region(), self.catalogue, progress=self.progress)
            self._keep_facts(self._network)
        return self._network

    def pt_facts(self) -> PtFacts:
        """What is known about public transport."""
        if self._facts is None:
            if self.cache.has("network", self.network_key):
                self.reused.append("network")
            else:
                self.network()
            self._facts = _load_facts(self.cache.folder("network", self.network_key))
        return self._facts

    def network_problems(self) -> tuple[Problem, ...]:
        """Problems of timetables and streets."""
        self.pt_facts()
        return _load_problems(self.cache.folder("network", self.network_key) / "problems.json")

    def reach(self) -> Reach:
        """Travel times."""
        if self._reach is None:
            if self.cache.has("reach", self.reach_key):
                self.reused.append("reach")
            else:
                with self.cache.filling("reach", self.reach_key) as folder:
                    reach = compute_reach(
                        self.region(),
                        self.network(),
                        self.catalogue,
                        pt_store=PtStore(folder),
                        threads=self.threads,
                        progress=self.progress,
                    )
                    save_reach(reach, folder)
            self._reach = load_reach(self.cache.folder("reach", self.reach_key))
        return self._reach

    def supply(self) -> Supply:
        """The balance."""
        if self._supply is None:
            folder = self.cache.folder("supply", self.supply_key)
            if self.cache.has("supply", self.supply_key):
                self.reused.append("supply")
                self._supply = Supply(**{t: pd.read_parquet(folder / f"{t}.parquet") for t in _SUPPLY_TABLES})
            else:
                self._supply = assess(self.region(), self.reach(), self.catalogue, progress=self.progress)
                with self.cache.filling("supply", self.supply_key):
                    for table in _SUPPLY_TABLES:
                        getattr(self._supply, table).to_parquet(folder / f"{table}.parquet")
        return self._supply

    def _keep_facts(self, network: Network) -> None:
        if self.cache.has("network", self.network_key):
            return
        with self.cache.filling("network", self.network_key) as folder:
            _save_facts(network, self.region(), self.catalogue, folder)


def _input_hashes(settings: RegionSettings) -> dict[str, str]:
    """SHA-256 of each input file, by its path as the user wrote it; a missing file is told by the reader."""
    hashes: dict[str, str] = {}
    for one in settings.inputs:
        parts = [p for f in one.files for p in ([f] if f.is_file() else sorted(f.rglob("*"))) if p.is_file()]
        for option in one.options.values():  # a footprint is an input too
            named = find_file(settings.folder, option) if isinstance(option, str) and option else None
            if named is not None and named.is_file():
                parts.append(named)
        for part in parts:
            name, found = _relative(part, settings.folder), sha256_of(part)
            if hashes.get(name, found) != found:  # two files outside the project folder with one name
                name = f"{one.source_id}/{name}"
            while hashes.get(name, found) != found:
                name += "+"
            hashes[name] = found
    return hashes


def _relative(file: Path, folder: Path) -> str:
    try:
        return file.relative_to(folder).as_posix()
    except ValueError:
        return file.name


_TOLD = ("name", "title", "publisher", "licence", "attribution", "note")


def _parameters(settings: RegionSettings, *, told: bool = True) -> dict[str, object]:
    """All settings but the day; without what is only told in documents if not `told`."""
    left_out = () if told else _TOLD
    described = {
        k: v
        for k, v in asdict(settings).items()
        if k not in ("folder", "inputs", "catalogue_folder", "day") and k not in left_out
    }
    described["inputs"] = [
        {
            **{k: v for k, v in asdict(i).items() if k not in left_out},
            "files": [_relative(f, settings.folder) for f in i.files],
        }
        for i in settings.inputs
    ]
    return described


def _silent_stops(timetable: Timetable, region: Region, catalogue: Catalogue) -> pd.DataFrame:
    return stops_without_departures(
        timetable,
        region.registered_stops,
        within_m=catalogue.value("stop.same_name_m"),
        same_name_m=catalogue.value("stop.register_name_m"),
    )


def _save_facts(network: Network, region: Region, catalogue: Catalogue, folder: Path) -> None:
    timetable = network.timetable
    matrix = network.stop_matrix
    silent = REGISTERED_STOPS.empty()
    trips = pd.DataFrame()
    stops = pd.DataFrame()
    reports: tuple[FeedReport, ...] = ()
    kind, date = "none", ""
    if timetable is not None:
        kind, date, reports = "timetable", timetable.date, timetable.reports
        stops, trips = timetable.stops, timetable.trips
        silent = _silent_stops(timetable, region, catalogue)
    elif matrix is not None:
        kind, stops = "matrix", matrix.stops
    stops.to_parquet(folder / "stops.parquet")
    trips.to_parquet(folder / "trips.parquet")
    silent.to_parquet(folder / "silent_stops.parquet")
    (folder / "facts.json").write_text(
        json.dumps({"kind": kind, "date": date, "reports": [asdict(r) for r in reports]}), encoding="utf-8"
    )
    (folder / "problems.json").write_text(
        json.dumps([{**asdict(p), "params": dict(p.params)} for p in network.problems], default=str),
        encoding="utf-8",
    )


def _load_facts(folder: Path) -> PtFacts:
    described = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    reports = tuple(
        FeedReport(**{**r, "trips_per_week": tuple((d, n) for d, n in r["trips_per_week"])})
        for r in described["reports"]
    )
    return PtFacts(
        described["kind"],
        described["date"],
        pd.read_parquet(folder / "stops.parquet"),
        pd.read_parquet(folder / "trips.parquet"),
        reports,
        pd.read_parquet(folder / "silent_stops.parquet"),
    )


def _load_problems(path: Path) -> tuple[Problem, ...]:
    return tuple(Problem(**p) for p in json.loads(path.read_text(encoding="utf-8")))


def _record(stages: Stages, region: Region, pt: PtFacts) -> Mapping[str, object]:
    """``run.json``: everything that is needed to get the same figures again."""
    return {
        "format": 1,
        "ankerort": __version__,
        "code": code_key(_SUPPLY_CODE),
        "python": platform.python_version(),
        "region": stages.settings.name,
        "study_area": list(stages.settings.study_ags),
        "inputs": stages.hashes,
        "sources": region.sources[["source_id", "file", "date", "sha256"]].to_dict("records"),
        "settings": _parameters(stages.settings),
        "catalogue": stages.catalogue.content_hash,
        "figures": {k: v.value for k, v in sorted(stages.catalogue.figures.items())},
        "service_day": pt.date,
        "key": stages.supply_key,
    }


__all__ = [
    "ProjectCheck",
    "RunResult",
    "Stages",
    "assess_project",
    "assess_region",
    "check_project",
    "explain_project",
]
