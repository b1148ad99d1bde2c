"""The files in which the stages of a run keep what they made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from ankerort.base.problems import Problem
from ankerort.catalogue.model import Catalogue
from ankerort.documents.assessment import DayFacts, PtFacts
from ankerort.network.model import FeedDay, FeedReport, Network, Timetable
from ankerort.network.timetable import stops_without_departures
from ankerort.region.forecast import Forecast
from ankerort.region.model import Region
from ankerort.region.schema import REGISTERED_STOPS


def silent_stops(timetable: Timetable, region: Region, catalogue: Catalogue) -> pd.DataFrame:
    """Registered stops at which nothing leaves on the day (REGISTERED_STOPS)."""
    return stops_without_departures(
        timetable,
        region.registered_stops,
        within_m=catalogue.value("stop.same_name_m"),
        same_name_m=catalogue.value("stop.register_name_m"),
    )


def save_facts(network: Network, region: Region, catalogue: Catalogue, folder: Path) -> None:
    """Write what documents tell of a network: stops, trips, reports per feed, day types, problems."""
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
        silent = silent_stops(timetable, region, catalogue)
    elif matrix is not None:
        kind, stops = "matrix", matrix.stops
    stops.to_parquet(folder / "stops.parquet")
    trips.to_parquet(folder / "trips.parquet")
    silent.to_parquet(folder / "silent_stops.parquet")
    (folder / "facts.json").write_text(
        json.dumps(
            {
                "kind": kind,
                "date": date,
                "reports": [asdict(r) for r in reports],
                "days": [
                    {
                        "day_type": of.day_type,
                        "date": of.date,
                        "common": of.common,
                        "feeds": [asdict(f) for f in of.feeds],
                    }
                    for of in network.day_types.values()
                ],
            }
        ),
        encoding="utf-8",
    )
    save_problems(network.problems, folder / "problems.json")


def load_facts(folder: Path) -> PtFacts:
    """Read what `save_facts` wrote."""
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
        tuple(
            DayFacts(d["day_type"], d["date"], d["common"], tuple(FeedDay(**f) for f in d["feeds"]))
            for d in described["days"]
        ),
    )


def save_problems(problems: tuple[Problem, ...], path: Path) -> None:
    """Keep problems as JSON."""
    path.write_text(
        json.dumps([{**asdict(p), "params": dict(p.params)} for p in problems], default=str), encoding="utf-8"
    )


def load_problems(path: Path) -> tuple[Problem, ...]:
    """Problems kept as JSON."""
    return tuple(Problem(**p) for p in json.loads(path.read_text(encoding="utf-8")))


def save_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write tables as ``<name>.parquet``."""
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet")


def load_tables(names: Iterable[str], folder: Path) -> dict[str, pd.DataFrame]:
    """Read what `save_tables` wrote."""
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in names}


_FORECAST_TABLES = ("table", "areas")
_FORECAST_FACTS = ("base_year", "ages_year", "official_year", "last_year", "years", "variants")


def save_forecast(forecast: Forecast, folder: Path) -> None:
    """Write a forecast."""
    save_tables({name: getattr(forecast, name) for name in _FORECAST_TABLES}, folder)
    facts = {name: getattr(forecast, name) for name in _FORECAST_FACTS}
    (folder / "forecast.json").write_text(json.dumps(facts), encoding="utf-8")
    save_problems(forecast.problems, folder / "problems.json")


def load_forecast(folder: Path) -> Forecast:
    """Read what `save_forecast` wrote."""
    facts = json.loads((folder / "forecast.json").read_text(encoding="utf-8"))
    facts |= {"years": tuple(facts["years"]), "variants": tuple(facts["variants"])}
    problems = load_problems(folder / "problems.json")
    return Forecast(**facts, **load_tables(_FORECAST_TABLES, folder), problems=problems)
