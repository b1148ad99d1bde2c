"""The answer equals the full run for the kinds that touch streets, lines, capacities, qualities and people, on the sample region."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankerort.catalogue import read_catalogue
from ankerort.network.build import build_network
from ankerort.region.forecast.forecast import forecast_population
from ankerort.region.forecast.region_in_year import region_in_year
from ankerort.region.model import Region
from ankerort.region.read_region import read_region
from ankerort.sample import write_sample
from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.changes import (
    AddLine,
    AddStreet,
    Change,
    ChangeQuality,
    OpenFacility,
    RemoveLine,
    ResizeFacility,
    UsePopulation,
)
from ankerort.scenario.compare import compare
from ankerort.scenario.resolve import resolve
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.workspace import Workspace
from ankerort.scenario.world import Projection, Touched, World

from .full_run import assert_as_full_run

YEAR = 2033
_GTFS = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nx,X,http://x,Europe/Berlin\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nneu,x,Neu,3\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "d,1,1,1,1,1,1,1,20260101,20271231\n",
    "trips.txt": "route_id,service_id,trip_id\nneu,d,out\nneu,d,back\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "out,08:10:00,08:10:00,a,1\nout,08:30:00,08:30:00,b,2\nback,12:10:00,12:10:00,b,1\nback,12:30:00,12:30:00,a,2\n",
}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample region with its own forecast; nobody writes into it."""
    folder = tmp_path_factory.mktemp("musterkreis")
    write_sample(folder, seed=1)
    catalogue = read_catalogue()
    region = read_region(folder, catalogue=catalogue)
    forecast = forecast_population(region, catalogue, years=[YEAR], variants=["trend"])

    def moved(other: Region, year: int, variant: str) -> Region:
        return region_in_year(other, forecast, year, variant)

    world = World(region, build_network(region, catalogue), catalogue, Projection(YEAR, YEAR, ("trend",), moved))
    return Workspace(world, threads=1)


def _apply(workspace: Workspace, *changes: Change, folder: Path | None = None) -> tuple[World, Touched]:
    path = None if folder is None else folder / "plan.toml"
    return apply_scenario(workspace.world, resolve(Scenario("Plan", changes, path=path), workspace.world))


def _ends(workspace: Workspace) -> tuple[tuple[float, float], ...]:
    """Two places of the study area that lie close together, as points of a line between streets."""
    sites = workspace.world.region.facilities
    near = sites[sites["in_study"] & sites["x"].notna()].sort_values("x", kind="stable").iloc[[0, 40]]
    return tuple((float(lon), float(lat)) for lon, lat in zip(near["lon"], near["lat"], strict=True))


def test_a_street_and_other_people_at_once(sample: Workspace) -> None:
    """A new street, the people of another year and a shop: everything is computed anew, and equals the full run."""
    village = str(sample.world.region.places.loc[sample.world.region.places["in_study"], "print_name"].iloc[0])
    changed, touched = _apply(
        sample,
        AddStreet(_ends(sample), street_class="tertiary"),
        OpenFacility("village_shop", name="Laden", place=village),
        UsePopulation(YEAR),
    )
    assert touched.streets and touched.population
    answer = sample.answer(changed, touched)
    assert_as_full_run(answer, changed)
    found = compare(sample.base, answer)
    assert changed.year == YEAR
    assert "village_shop" in found.services
    study = found.areas[(found.areas["level"] == "study") & (found.areas["group"] == "all")]
    assert (study["persons"] != study["persons_before"]).any()


def test_people_first_and_last_are_the_same(sample: Workspace) -> None:
    """`use_population` before or after the other changes gives the same world, and an answer that equals the full run."""
    place = str(sample.world.region.places.loc[sample.world.region.places["in_study"], "print_name"].iloc[1])
    shop = OpenFacility("bakery", name="Laden", place=place)
    first, touched = _apply(sample, UsePopulation(YEAR), shop)
    last, _ = _apply(sample, shop, UsePopulation(YEAR))
    assert first.region.cells.equals(last.region.cells)
    assert first.region.facilities.drop(columns=["facility_id", "object_id", "source_ref"]).equals(
        last.region.facilities.drop(columns=["facility_id", "object_id", "source_ref"])
    )
    assert_as_full_run(sample.answer(first, touched), first)


def test_lines_come_and_go(sample: Workspace, tmp_path: Path) -> None:
    """A line from a GTFS folder is added and another one removed: only public transport is searched again, with the same result."""
    stops = sample.world.network.timetable.stops  # type: ignore[union-attr]
    two = stops[stops["departures"] > 0].iloc[[0, 5]]
    rows = [
        f"{i},{n},{y},{x}"
        for i, n, y, x in zip("ab", two["name"].str.replace(",", " "), two["lat"], two["lon"], strict=True)
    ]
    folder = tmp_path / "linie"
    folder.mkdir()
    files = {**_GTFS, "stops.txt": "\n".join(["stop_id,stop_name,stop_lat,stop_lon", *rows]) + "\n"}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    trips = sample.world.network.timetable.trips  # type: ignore[union-attr]
    line = str(trips["route"].value_counts().index[-1])
    changed, touched = _apply(sample, AddLine(gtfs="linie"), RemoveLine(line=line), folder=tmp_path)
    assert touched.timetable and not touched.streets
    assert_as_full_run(sample.answer(changed, touched), changed)


def test_capacity_and_quality_touch_their_service_only(sample: Workspace) -> None:
    """Another capacity and better rooms: the supply of these services is made anew, ways stay, and all equals the full run."""
    sites = sample.world.region.facilities
    counts = (sites["state"] == "open") & (sites["merged_into"] == "") & sites["in_study"]
    kita, doctor = (
        str(sites.loc[counts & (sites["service"] == s), "facility_id"].iloc[0])
        for s in ("kindergarten", "general_practitioner")
    )
    changed, touched = _apply(
        sample,
        ResizeFacility(facility=kita, capacity=35.0),
        ChangeQuality(facility=doctor, step_free="yes", condition=1.0),
    )
    answer = sample.answer(changed, touched)
    assert set(answer.services) <= {"kindergarten", "general_practitioner"}
    assert_as_full_run(answer, changed)
    depth = compare(sample.base, answer).depth
    assert doctor in set(depth.quality["facility_id"])
    assert "kindergarten" in {*depth.capacity["service"], *depth.not_told["service"]}
