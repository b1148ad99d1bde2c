"""Evidence in depth: what is explained equals the tables, for every place, and what is not known says why."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ankerort.base.progress import SILENT
from ankerort.reach.compute import compute_reach
from ankerort.reach.model import ON_FOOT_ANY_TIME
from ankerort.reach.round_trips import TripRules
from ankerort.stages import Stages
from ankerort.supply.explain_capacity import explain_capacity, explain_daviplan
from ankerort.supply.explain_people import explain_car, explain_forecast
from ankerort.supply.explain_points import median_cell
from ankerort.supply.explain_position import explain_position, explain_transport
from ankerort.supply.explain_quality import explain_quality
from ankerort.supply.explain_standards import explain_standards
from ankerort.supply.explain_trips import DayTrips, TripsEvidence, _why_no_pair, explain_trips
from ankerort.supply.schema_there_and_back import THERE_AND_BACK
from worlds import tiny_days, tiny_region

if TYPE_CHECKING:
    from ankerort.documents.assessment import Assessment
    from ankerort.network.model import Network

_RULES = TripRules(leave_from_s=7 * 3600, back_by_s=19 * 3600, early_s=0)
_MORNING = ((8 * 3600, 12 * 3600),)


@pytest.fixture(scope="module")
def assessment(sample_run) -> Assessment:
    """The figures of the sample region."""
    return sample_run.assessment


@pytest.fixture(scope="module")
def network(sample_run) -> Network:
    """Its streets and timetables."""
    return Stages(sample_run.folder, 1, SILENT).network()


@pytest.fixture(scope="module")
def place_ids(assessment: Assessment) -> list[str]:
    """Places of the study area."""
    places = assessment.region.places
    return [str(p) for p in places.loc[places["in_study"], "place_id"]]


def _trips(
    assessment: Assessment, network: Network, place: str, row_id: str, services: tuple[str, ...], group: str
) -> TripsEvidence:
    return explain_trips(
        assessment.region,
        network,
        assessment.reach,
        assessment.catalogue,
        assessment.depth.there_and_back,
        place_id=place,
        row_id=row_id,
        services=services,
        group=group,
    )


def _agrees(day: DayTrips) -> None:
    """The traced values are the stored ones, and the median of the table is theirs."""
    if day.trace is not None:
        assert day.trace.values == day.stored, day
        assert bool(day.reason) == (day.stored is not None and day.stored[0] == 0)
    if day.row is None or day.reason == "day_unknown":
        return
    told = day.stored[0] if day.stored is not None else 0
    assert told == (ON_FOOT_ANY_TIME if day.row["on_foot"] else day.row["pairs"]), day


@pytest.mark.slow
@pytest.mark.parametrize("group", ["all", "65_plus"])
def test_explained_pairs_equal_the_table_in_every_place(assessment, network, place_ids, group) -> None:
    """For every place and core function the median person's pairs are those of THERE_AND_BACK, and each trace has the values of its column."""
    reasons = set()
    for place in place_ids:
        for item in assessment.catalogue.core:
            found = _trips(assessment, network, place, f"core:{item.id}", item.services, group)
            for day in found.days:
                _agrees(day)
                reasons.add(day.reason)
    assert {"", "closed", "no_way_there", "day_unknown"} <= reasons


def test_pairs_of_one_place_follow_each_other(assessment, network) -> None:
    """In each pair one arrives before the visit, stays as long as the service asks, inside the hours, and leaves after it."""
    found = _trips(assessment, network, "15999010-faehrdorf", "core:food_market", ("supermarket", "discounter"), "all")
    pairs = [(day, pair) for day in found.days if day.trace for pair in day.trace.pairs]
    assert pairs
    for day, pair in pairs:
        assert pair.out.arrive_s <= pair.begin_s and pair.over_s <= pair.home.leave_s
        assert pair.over_s - pair.begin_s == day.stay_s
        assert any(a <= pair.begin_s and pair.over_s <= b for a, b in day.windows)


def test_without_round_trips_the_reason_is_told(assessment, network) -> None:
    """No timetable, no standard by public transport: a reason in place of days."""
    nothing = replace(assessment, reach=replace(assessment.reach, round_trips={}, pt={}))
    place = "15999010-faehrdorf"
    assert _trips(nothing, network, place, "supermarket", ("supermarket",), "all").reason == "no_timetable"
    fire = next(i for i in assessment.catalogue.core if i.id == "fire_station")
    found = _trips(assessment, network, place, "core:fire_station", fire.services, "all")
    assert found.reason in ("no_standard", "no_stay") and not found.days


@pytest.mark.parametrize(
    ("outs", "backs", "reason"),
    [
        ((), ((30000, 31000),), "no_way_there"),
        (((50000, 51000),), ((60000, 61000),), "not_in_hours"),
        (((28000, 29000),), (), "no_way_home"),
        (((28000, 29000),), ((30000, 31000),), "no_way_home"),
        (((28000, 29000),), ((67000, 69000),), "home_too_late"),
        (((28000, 29000),), ((40000, 41000),), "no_pair"),
    ],
)
def test_why_there_is_no_pair(outs, backs, reason) -> None:
    """The first thing that fails is the reason: the way there, the hours, the way home, the hour of being back."""
    assert _why_no_pair(outs, backs, _MORNING, 1800, _RULES)[0] == reason


def test_the_median_cell_needs_persons() -> None:
    """Of cells with the median value the first inhabited one counts; without people, or beyond all values, there is none."""
    cells = np.array([4, 5, 6])
    assert median_cell(cells, np.array([1.0, 1.0, 2.0]), np.array([0.0, 3.0, 1.0])) == 5
    assert median_cell(cells, np.array([1.0, np.nan, np.nan]), np.array([1.0, 3.0, 1.0])) is None
    assert median_cell(cells, np.ones(3), np.zeros(3)) is None


def test_quality_adds_up_to_the_score(assessment, place_ids) -> None:
    """Contributions over the weights of what is known or assumed are the score; the weights sum to 1."""
    seen = 0
    for place in place_ids:
        for service in ("supermarket", "general_practitioner", "pharmacy"):
            found = explain_quality(
                assessment.region, assessment.catalogue, assessment.depth, place_id=place, service=service
            )
            if found.quality is None:
                assert found.reason == "no_nearest"
                continue
            rows = [one.row for one in found.criteria]
            assert sum(r["weight"] for r in rows) == pytest.approx(1)
            there = [r for r in rows if not math.isnan(r["value"])]
            score = sum(r["contribution"] for r in there) / sum(r["weight"] for r in there)
            assert score == pytest.approx(found.quality["score"])
            seen += 1
    assert seen > 10


def test_each_statement_has_the_limit_of_its_set(assessment, place_ids) -> None:
    """The record behind a statement has its limit; joined statements have none."""
    found = explain_standards(
        assessment.catalogue, assessment.depth, place_id=place_ids[0], service="general_practitioner"
    )
    assert {one.set_id for one in found} >= {"catalogue", "target", "gba2019"}
    for one in found:
        if one.standard is None:
            assert math.isnan(one.row["limit"])
        else:
            assert one.standard.value.value == one.row["limit"]
    assert explain_standards(assessment.catalogue, assessment.depth, place_id=place_ids[0], service="florist") == ()


def test_capacity_names_rates_and_rows(assessment, place_ids) -> None:
    """Rates without an end, the place's own row, the facility that most people have as the nearest."""
    for place in place_ids:
        found = explain_capacity(
            assessment.region,
            assessment.reach,
            assessment.catalogue,
            assessment.depth,
            place_id=place,
            service="primary_school",
        )
        assert found.rates and all(r.to_year is None for r in found.rates)
        assert found.area is not None and found.area["area_id"] == place
        if found.row is not None:
            ids = assessment.region.facilities["facility_id"]
            assert found.row["facility_id"] == ids.iloc[found.facility]
        indicators = explain_daviplan(
            assessment.region, assessment.reach, assessment.depth, place_id=place, service="primary_school"
        )
        assert set(indicators.place["area_id"]) == {place}


def test_the_index_is_the_sum_of_its_parts(assessment, place_ids) -> None:
    """Davies' index is the sum of 100 x here / everywhere, the functions their number, the rarest first."""
    for place in place_ids:
        found = explain_position(
            assessment.region, assessment.reach, assessment.catalogue, assessment.depth, place_id=place
        )
        parts = [100 * here / total for _, here, total in found.rarest]
        assert sum(parts) == pytest.approx(found.row["davies"])
        assert parts == sorted(parts, reverse=True)
        assert len(parts) == found.row["functions"]


def test_the_deciding_stop_gives_the_class_of_the_table(assessment, place_ids) -> None:
    """The class at the median person's cell is the least class of the place; its stop is named where there is one."""
    stops = 0
    for place in place_ids:
        for day in explain_transport(assessment.region, assessment.depth, place_id=place):
            if day.cell_row is None:
                continue
            column = "at_least_demand" if day.row["with_demand"] else "at_least"
            assert day.cell_row[column] == day.row["median_class_worst"]
            if day.stop_row is not None:
                assert day.stop_row["departures"] > 0
                stops += 1
    assert stops > 10


def test_people_without_a_car_and_of_tomorrow(assessment, place_ids) -> None:
    """Groups hold no more people than the place; rates are those of the type of settlement; the forecast's source is named."""
    assert assessment.forecast is not None
    for place in place_ids:
        car = explain_car(assessment.region, assessment.catalogue, place_id=place)
        assert all(0 <= without <= persons for _, persons, without in car.groups)
        assert {r.settlement for r in car.rates} == {car.settlement}
        forecast = explain_forecast(assessment.region, assessment.forecast, place_id=place)
        assert forecast.sources == ("vorausberechnung",)
        assert {int(y) for y in forecast.rows["year"]} == set(assessment.forecast.years)


def test_the_toy_world_has_its_known_reasons(region) -> None:
    """`worlds.tiny_days`: pairs on the school day, no bus back in the holidays, shops closed on Sunday, no Saturday in the timetables."""
    catalogue, network = tiny_region.catalogue(), tiny_days.network()
    reach = compute_reach(region, network, catalogue, threads=1)
    table = THERE_AND_BACK.empty()
    reasons: dict[str, set[str]] = {}
    for place in region.places.loc[region.places["in_study"], "place_id"]:
        for service in catalogue.facility_services():
            found = explain_trips(
                region, network, reach, catalogue, table, place_id=place, row_id=service, services=(service,)
            )
            for day in found.days:
                _agrees(day)
                reasons.setdefault(day.day_type, set()).add(day.reason)
    assert "" in reasons["school"]
    assert "no_way_home" in reasons["holiday"]
    assert "closed" in reasons["sunday"]
    assert reasons["saturday"] == {"no_day_type"}


def test_without_day_types_the_reason_is_told(region, reach) -> None:
    """`worlds.tiny_region` has a timetable but no day types: one reason, no days."""
    found = explain_trips(
        region,
        tiny_region.network(),
        reach,
        tiny_region.catalogue(),
        THERE_AND_BACK.empty(),
        place_id=str(region.places["place_id"].iloc[0]),
        row_id="supermarket",
        services=("supermarket",),
    )
    assert (found.reason, found.days) == ("no_day_type", ())
