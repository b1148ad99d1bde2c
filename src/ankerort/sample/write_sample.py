"""``ankerort sample``: the built-in region Musterkreis as real input files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from ankerort.catalogue import read_catalogue
from ankerort.sample.buses import LAND
from ankerort.sample.design import (
    CENTRAL_PLACES,
    DISTRICT_AGS,
    DISTRICT_NAME,
    LANGENWOERDEN_AGS,
    NEIGHBOUR_AGS,
    NEIGHBOUR_NAME,
)
from ankerort.sample.district import District, build_district
from ankerort.sample.facts import SERVICES, SampleFacts
from ankerort.sample.people import FARM_AGES
from ankerort.sample.scenarios import write_scenarios
from ankerort.sample.survey import write_survey
from ankerort.sample.world import OsmMap, Point
from ankerort.sample.write_agreements import write_agreements
from ankerort.sample.write_boundaries import write_boundaries, write_outline
from ankerort.sample.write_census import write_census
from ankerort.sample.write_central_places import write_central_places
from ankerort.sample.write_facilities import write_facilities
from ankerort.sample.write_gtfs import write_gtfs
from ankerort.sample.write_osm import write_osm
from ankerort.sample.write_projection import count_groups, write_projection, write_stocks
from ankerort.sample.write_region import RegionInput, write_region
from ankerort.text import Language, say
from ankerort.text.numbers import format_date

INPUT_FOLDER = "eingang"
MAP_AREA = "kartenausschnitt.geojson"
BUFFER_KM = 15.0
# The map is declared to cover more than the buffer and the longest trip of a standard: where it shows nothing, there is nothing.
_MAP_MARGIN_M = 40_000.0
_MAP_DATE = "2026-11-01"
_CENSUS_DATE = "2022-05-15"
_FEED_DATE = "2026-07-31"
_LIST_DATE = "2026-10-15"
_PROJECTION_DATE = "2025-05-27"
_PLAN, _PLAN_DATE = "Regionalplan Musterland (erfunden)", "2024-06-12"
_DISTRICTS = ((DISTRICT_AGS, DISTRICT_NAME), (NEIGHBOUR_AGS, NEIGHBOUR_NAME))


def write_sample(folder: Path, *, seed: int = 1, lang: Language = "de") -> SampleFacts:
    """Write the input files of a generated rural district and its ``region.toml``.

    The files go through the same readers as real data. All names in them are invented; the same seed gives the same bytes.

    Parameters
    ----------
    folder
        Project folder; made if it does not exist. Files of the same name are replaced.
    seed
        Moves places, people and streets; what the sample promises (see docs/method/sample-region.md) holds for each.
    lang
        Language of the workbook's sheets and of the comments in ``region.toml``.

    Returns
    -------
    SampleFacts
        What is true of the files by construction.
    """
    district = build_district(seed)
    world = district.world
    inputs = folder / INPUT_FOLDER
    inputs.mkdir(parents=True, exist_ok=True)

    write_osm(world.osm, inputs / "musterkreis.osm.pbf")
    write_outline(_around(world.osm), inputs / MAP_AREA, name=say("sample.title.map_area", lang))
    for feed in world.feeds:
        write_gtfs(feed, inputs / f"{feed.name}.zip")
    census = write_census(world.cells, inputs, seed=seed)
    layers = {"municipality": "gemeinden", "association": "verbandsgemeinden", "district": "kreise"}
    for level, file in layers.items():
        write_boundaries((a for a in world.areas if a.level == level), inputs / f"{file}.geojson")
    places = pd.DataFrame({"name": [p.name for p in district.places], "ags": [p.ags for p in district.places]})
    catalogue = read_catalogue(land=LAND)
    write_facilities(
        world.lists,
        inputs / "einrichtungen.xlsx",
        catalogue=catalogue,
        lang=lang,
        places=places[places["ags"].str.startswith(DISTRICT_AGS)],
    )
    ages = _ages_by_municipality(district)
    write_projection(
        {key: count_groups(a for ags, of in ages.items() if ags.startswith(key[0]) for a in of) for key in _DISTRICTS},
        inputs / "vorausberechnung.csv",
    )
    write_stocks({ags: count_groups(of) for ags, of in ages.items()}, inputs / "bevoelkerungsstand.csv")
    write_central_places(CENTRAL_PLACES, inputs / "zentrale_orte.csv", plan=_PLAN, date=format_date(_PLAN_DATE, "de"))

    sources = [
        replace(
            _source("osm", "osm", ("musterkreis.osm.pbf",), _MAP_DATE, lang),
            options=(("footprint", f"{INPUT_FOLDER}/{MAP_AREA}"),),
        ),
        *(_source("gtfs", f.name, (f"{f.name}.zip",), _FEED_DATE, lang) for f in world.feeds),
        _source("census", "zensus", tuple(p.name for p in census), _CENSUS_DATE, lang),
        *(_source("boundaries", file, (f"{file}.geojson",), "2026-01-01", lang) for file in layers.values()),
        _source("facilities", "gemeinden_liste", ("einrichtungen.xlsx",), _LIST_DATE, lang),
        _source("projection", "vorausberechnung", ("vorausberechnung.csv",), _PROJECTION_DATE, lang),
        _source("population", "bevoelkerungsstand", ("bevoelkerungsstand.csv",), _CENSUS_DATE, lang),
        _source("central_places", "zentrale_orte", ("zentrale_orte.csv",), _PLAN_DATE, lang),
    ]
    write_region(
        folder / "region.toml",
        name=DISTRICT_NAME,
        study_area=[DISTRICT_AGS],
        inputs=sources,
        land=LAND,
        buffer_km=BUFFER_KM,
        publisher="Ankerort",
        licence="CC0-1.0",
        attribution=say("sample.attribution", lang),
        comment=say("sample.comment", lang, seed=seed),
    )
    scenarios = write_scenarios(folder, lang=lang)
    survey = write_survey(folder, district, catalogue, seed=seed, lang=lang)
    agreements = write_agreements(folder)
    inputs_written = (name for source in sources for name in source.files)
    files = ("region.toml", f"{INPUT_FOLDER}/{MAP_AREA}", *inputs_written, *scenarios, *survey, agreements)
    return _facts(seed, district, files)


def _around(osm: OsmMap) -> list[Point]:
    """Rectangle round the map, `_MAP_MARGIN_M` wider on each side."""
    xs, ys = [n.x_m for n in osm.nodes], [n.y_m for n in osm.nodes]
    west, east = min(xs) - _MAP_MARGIN_M, max(xs) + _MAP_MARGIN_M
    south, north = min(ys) - _MAP_MARGIN_M, max(ys) + _MAP_MARGIN_M
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def _ages_by_municipality(district: District) -> dict[str, list[int]]:
    """Ages of everybody by municipality; the lonely farm belongs to Langenwörden."""
    ags_of = {"": LANGENWOERDEN_AGS, **{p.key: p.ags for p in district.places}}
    found: dict[str, list[int]] = {ags: [] for ags in sorted(set(ags_of.values()))}
    for key, ages in district.ages.items():
        found[ags_of[key]].extend(ages)
    return found


def _source(kind: str, source_id: str, files: tuple[str, ...], date: str, lang: Language) -> RegionInput:
    paths = tuple(f"{INPUT_FOLDER}/{name}" for name in files)
    return RegionInput(kind, source_id, paths, title=say(f"sample.title.{source_id}", lang), date=date)


def _facts(seed: int, district: District, files: tuple[str, ...]) -> SampleFacts:
    persons = {key: len(ages) for key, ages in district.ages.items() if key}
    older = {key: sum(a >= 65 for a in ages) for key, ages in district.ages.items() if key}
    inside = {p.key for p in district.places if p.ags.startswith(DISTRICT_AGS)}
    return SampleFacts(
        seed=seed,
        place_names={p.key: (p.name, p.ags) for p in district.places},
        persons=persons,
        persons_65_plus=older,
        outlying_persons=len(FARM_AGES),
        district_persons=sum(n for key, n in persons.items() if key in inside) + len(FARM_AGES),
        services=SERVICES,
        roads=district.roads,
        bus_times=district.bus_times,
        no_boarding_stop="Mühlenstedt, Betriebshof",
        demand_lines=("190", "612"),
        school_line="104",
        night_line="N1",
        files=files,
    )
