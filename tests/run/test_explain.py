"""``explain`` end to end on the sample: what is printed is what is stored."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from ankerort.documents.evidence import evidence_lines
from ankerort.run import explain_project
from ankerort.text.numbers import format_clock, format_decimal

from .conftest import GoodRun

MINUTES = {"foot": "walk_min", "bike": "bike_min", "car": "car_min"}


def _pairs(good_run: GoodRun) -> list[tuple[str, str]]:
    """Places and services with a public-transport figure: fixed timetable, Rufbus, and only a car."""
    assessment = good_run.result.assessment
    names = assessment.region.places.set_index("place_id")["print_name"]
    rows = assessment.supply.place_service
    chosen = []
    for service in ("supermarket", "general_practitioner", "pharmacy"):
        of_service = rows[rows["service"] == service].sort_values("place_id")
        by_bus = of_service[of_service["pt_min"].notna()]
        booked = of_service[of_service["pt_min"].isna() & of_service["pt_demand_min"].notna()]
        by_car = of_service[of_service["car_min"].notna()]
        chosen += [(str(names[part["place_id"].iloc[-1]]), service) for part in (by_bus, booked, by_car) if len(part)]
    return chosen


@pytest.mark.slow
def test_printed_figures_are_the_stored_ones(good_run: GoodRun) -> None:
    """Minutes of each mode are those of the balance; a traced journey lasts as long as its column says."""
    pairs = _pairs(good_run)
    assert len(pairs) >= 5
    journeys = 0
    for place, service in pairs:
        found = explain_project(good_run.folder, place=place, service=service)
        row: pd.Series = found.evidence.balance
        text = "\n".join(evidence_lines(found, "de"))
        for street in found.evidence.streets:
            assert format_decimal(float(row[MINUTES[street.mode]]), "de") in text, (place, service, street.mode)
        for evidence in found.evidence.pt:
            stored = float(row["pt_demand_min" if evidence.with_demand else "pt_min"])
            assert stored == pytest.approx(evidence.value / 60)
            assert evidence.out is not None and evidence.out.typical is not None
            journey = evidence.out.typical
            assert journey.duration_s == journey.arrive_s - journey.leave_s
            durations = [arrive - leave for leave, arrive in evidence.out.departures]
            if durations:
                journeys += 1
                # the typical time is the median of the useful journeys, the lower one of two
                assert min(durations) <= evidence.value <= max(durations)
                assert evidence.value in durations or evidence.value == int(np.median(durations))
                assert format_clock(journey.leave_s) in text and format_clock(journey.arrive_s) in text
            assert journey.duration_s == evidence.value
            if journey.on_demand:
                assert evidence.with_demand
    assert journeys >= 3


@pytest.mark.slow
def test_facility_and_source_are_named(good_run: GoodRun) -> None:
    """The evidence names the facility that stands in the balance, with its source and its date."""
    place, service = _pairs(good_run)[0]
    found = explain_project(good_run.folder, place=place, service=service)
    text = "\n".join(evidence_lines(found, "de"))
    facilities = found.region.facilities.set_index("facility_id")
    nearest = facilities.loc[found.evidence.balance["nearest_facility_id"]]
    titles = found.region.sources.set_index("source_id")["title"]
    assert nearest["name"] in text
    assert titles[nearest["source_id"]] in text
    assert re.search(r"\d{2}\.\d{2}\.\d{4}", text)
