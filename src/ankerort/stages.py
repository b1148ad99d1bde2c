"""The stages of a run: each is made again only if its inputs, its parameters or the code below it changed."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd

from ankerort.base.cache import StageCache, code_key, content_key
from ankerort.base.files import sha256_of
from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.progress import Progress
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.standard_sets import with_standard_set
from ankerort.check_run import check_project
from ankerort.documents.assessment import PtFacts
from ankerort.network.build import build_network, read_timetable
from ankerort.network.model import Network
from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach
from ankerort.reach.store import PtStore, load_reach, save_reach
from ankerort.region.forecast import Forecast, forecast_population, region_in_year
from ankerort.region.model import Region
from ankerort.region.project import load_region, save_region
from ankerort.region.read_region import read_region
from ankerort.region.read_settings import find_file, read_settings
from ankerort.region.read_spots import spots_of
from ankerort.region.schema_mobile import SPOTS
from ankerort.region.settings import LEADING, RegionSettings
from ankerort.region.working_groups import read_working_groups, with_agreed_standards
from ankerort.stage_files import (
    load_facts,
    load_forecast,
    load_problems,
    load_tables,
    save_facts,
    save_forecast,
    save_tables,
)
from ankerort.supply.depth import DEPTH_TABLES, Depth, assess_depth
from ankerort.supply.model import Supply
from ankerort.supply.parts import SupplyParts, assess_parts

TREND = "trend"
_REGION_CODE = ("base", "catalogue", "region")
_NETWORK_CODE = (*_REGION_CODE, "network")
_REACH_CODE = (*_NETWORK_CODE, "reach")
SUPPLY_CODE = (*_REACH_CODE, "supply")
_SUPPLY_TABLES = ("recording", "nearest", "place_service", "area_service", "bundle_of_five")
# Opening hours of quality count in the week of the service day; without a timetable in any week without holidays.
_WEEK_WITHOUT_TIMETABLE = "2026-06-09"


def shipped_catalogue(settings: RegionSettings) -> Catalogue:
    """The shipped catalogue with the project's own files on top, before sets and agreements.

    Raises
    ------
    InputError
        With what is wrong with the catalogue's files.
    """
    return read_catalogue(settings.catalogue_folder, land=settings.land or "ST")


def catalogue_of(settings: RegionSettings) -> Catalogue:
    """The catalogue of a project, with its own files, the set of standards that it chose and those that its working groups agreed.

    Raises
    ------
    InputError
        With what is wrong with the catalogue's files or the working groups' table, or if there is no such set.
    """
    shipped = shipped_catalogue(settings)
    problems = Problems()
    groups = read_working_groups(settings.folder, catalogue=shipped, problems=problems)
    problems.raise_errors()
    return with_agreed_standards(with_standard_set(shipped, settings.standard_set), groups)


def check_population(population: str) -> None:
    """Refuse a source of people that does not exist; empty = as ``region.toml`` says.

    Raises
    ------
    InputError
        If it is neither ``census`` nor ``register``.
    """
    if population not in ("", *LEADING):
        raise InputError([Problem("population_unknown", "error", "--population", params={"value": population})])


def check_variant(year: int | None, variant: str) -> None:
    """Refuse a variant without a year: it would be passed over silently.

    Raises
    ------
    InputError
        If a variant other than the trend is asked for without a year.
    """
    if year is None and variant != TREND:
        raise InputError([Problem("variant_without_year", "error", "--variant", params={"variant": variant})])


class Stages:
    """Region, network, reach, supply, depth and forecast of one project folder, each made once or taken from the cache.

    Parameters
    ----------
    folder
        Project folder.
    threads
        Worker threads; 0 = one per core.
    year, variant
        Whose people supply is told for: those of the region as read, or of a year and a variant of the forecast.

    population
        Whose count of people leads, ``census`` or ``register``; empty = as ``region.toml`` says. Each has its own stages.

    Raises
    ------
    InputError
        If the settings or the catalogue cannot be used.
    """

    def __init__(
        self,
        folder: Path,
        threads: int,
        progress: Progress,
        *,
        year: int | None = None,
        variant: str = TREND,
        population: str = "",
    ) -> None:
        check_population(population)
        self.folder = folder.resolve()
        self.threads = threads
        self.progress = progress
        try:
            self.settings: RegionSettings = read_settings(self.folder)
            self.catalogue: Catalogue = catalogue_of(self.settings)
        except InputError as error:
            # what is wrong with the files that can be found is told in the same go
            raise InputError(check_project(self.folder, progress=progress).problems or error.problems) from error
        if population:
            self.settings = replace(self.settings, population=population)
        self.year, self.variant = year, variant
        self.cache = StageCache(self.folder / "results")
        self.hashes = _input_hashes(self.settings)
        self.reused: list[str] = []
        self._region: Region | None = None
        self._spots: pd.DataFrame | None = None
        self.spot_problems = Problems()
        self._network: Network | None = None
        self._reach: Reach | None = None
        self._people: Region | None = None
        self._parts: SupplyParts | None = None
        self._supply: Supply | None = None
        self._depth: Depth | None = None
        self._forecast: Forecast | None = None
        self._facts: PtFacts | None = None
        self.forecast_problems: tuple[Problem, ...] = ()
        self.region_key = content_key(
            self.hashes,
            parameters_of(self.settings),
            self.catalogue.content_hash,
            code_key(_REGION_CODE),
        )
        # A name or a title stands in the documents only; changing it must not cost the travel times.
        counted = content_key(
            self.hashes, parameters_of(self.settings, told=False), self.catalogue.content_hash, code_key(_REGION_CODE)
        )
        self.network_key = content_key(counted, self.settings.day, code_key(_NETWORK_CODE))
        self.reach_key = content_key(self.network_key, code_key(_REACH_CODE))
        self.spots_key = content_key(counted, "spots", code_key(_REGION_CODE))
        self.forecast_key = content_key(counted, code_key(_REGION_CODE))
        people = () if year is None else (year, variant)
        self.supply_key = content_key(self.reach_key, *people, code_key(SUPPLY_CODE))

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
            region = read_region(
                self.folder,
                catalogue=self.catalogue,
                population=self.settings.population,
                progress=self.progress,
            )
        except InputError as error:
            problems = Problems(error.problems)
            read_timetable(self.settings, self.catalogue, problems, progress=self.progress)
            raise InputError(problems.sorted()) from error
        with self.cache.filling("region", self.region_key) as folder:
            save_region(region, folder)
        self._region = region
        return region

    def spots(self) -> pd.DataFrame:
        """Spots of the project's maps where a vehicle may stop (``ankerort.region.schema_mobile.SPOTS``)."""
        if self._spots is None:
            folder = self.cache.folder("spots", self.spots_key)
            if self.cache.has("spots", self.spots_key):
                self.reused.append("spots")
            else:
                found = spots_of(self.settings, self.catalogue, problems=self.spot_problems, progress=self.progress)
                if len(self.spot_problems):
                    return found
                with self.cache.filling("spots", self.spots_key):
                    save_tables({"spots": found}, folder)
            self._spots = SPOTS.conform(load_tables(("spots",), folder)["spots"])
        return self._spots

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
            self._facts = load_facts(self.cache.folder("network", self.network_key))
        return self._facts

    def network_problems(self) -> tuple[Problem, ...]:
        """Problems of timetables and streets."""
        self.pt_facts()
        return load_problems(self.cache.folder("network", self.network_key) / "problems.json")

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

    def people(self) -> Region:
        """The region with the people of the year asked for.

        Raises
        ------
        InputError
            If the forecast does not know the year or the variant, or there can be none.
        """
        if self._people is None:
            region = self.region()
            if self.year is None:
                self._people = region
            else:
                forecast = forecast_population(region, self.catalogue, years=[self.year], variants=[self.variant])
                self._people = region_in_year(region, forecast, self.year, self.variant)
        return self._people

    def parts(self) -> SupplyParts:
        """The balance, service by service; never kept on disk."""
        if self._parts is None:
            self._parts = assess_parts(self.people(), self.reach(), self.catalogue, progress=self.progress)
        return self._parts

    def supply(self) -> Supply:
        """The balance."""
        if self._supply is None:
            folder = self.cache.folder("supply", self.supply_key)
            if self.cache.has("supply", self.supply_key):
                self.reused.append("supply")
                self._supply = Supply(**load_tables(_SUPPLY_TABLES, folder))
            else:
                self._supply = self.parts().supply()
                with self.cache.filling("supply", self.supply_key):
                    save_tables({t: getattr(self._supply, t) for t in _SUPPLY_TABLES}, folder)
        return self._supply

    def depth(self) -> Depth:
        """Supply in depth."""
        if self._depth is None:
            folder = self.cache.folder("depth", self.supply_key)
            if self.cache.has("depth", self.supply_key):
                self.reused.append("depth")
            else:
                found = assess_depth(
                    self.people(),
                    self.network(),
                    self.reach(),
                    self.parts(),
                    self.catalogue,
                    day=self.pt_facts().date or _WEEK_WITHOUT_TIMETABLE,
                    year=self.year,
                    threads=self.threads,
                    progress=self.progress,
                )
                with self.cache.filling("depth", self.supply_key):
                    save_tables({t: getattr(found, t) for t in DEPTH_TABLES}, folder)
            self._depth = Depth(**load_tables(DEPTH_TABLES, folder))
        return self._depth

    def forecast(self) -> Forecast | None:
        """The forecast in all variants; None where the data allow none, `forecast_problems` says why."""
        if self._forecast is None:
            folder = self.cache.folder("forecast", self.forecast_key)
            if self.cache.has("forecast", self.forecast_key):
                self.reused.append("forecast")
            else:
                try:
                    with self.progress.task("progress.forecast"):
                        found = forecast_population(self.region(), self.catalogue)
                except InputError as error:
                    self.forecast_problems = tuple(replace(p, severity="warning") for p in error.problems)
                    return None
                with self.cache.filling("forecast", self.forecast_key):
                    save_forecast(found, folder)
            self._forecast = load_forecast(folder)
            self.forecast_problems = self._forecast.problems
        return self._forecast

    def _keep_facts(self, network: Network) -> None:
        if self.cache.has("network", self.network_key):
            return
        with self.cache.filling("network", self.network_key) as folder:
            save_facts(network, self.region(), self.catalogue, folder)


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
    if settings.ledger is not None:
        hashes[_relative(settings.ledger, settings.folder)] = sha256_of(settings.ledger)
    return hashes


def _relative(file: Path, folder: Path) -> str:
    try:
        return file.relative_to(folder).as_posix()
    except ValueError:
        return file.name


_TOLD = ("name", "title", "publisher", "licence", "attribution", "note")


def parameters_of(settings: RegionSettings, *, told: bool = True) -> dict[str, object]:
    """All settings but the day; without what is only told in documents if not `told`."""
    left_out = () if told else _TOLD
    described = {
        k: v
        for k, v in asdict(settings).items()
        if k not in ("folder", "inputs", "catalogue_folder", "day", "ledger") and k not in left_out
    }
    described["inputs"] = [
        {
            **{k: v for k, v in asdict(i).items() if k not in left_out},
            "files": [_relative(f, settings.folder) for f in i.files],
        }
        for i in settings.inputs
    ]
    return described
