"""``ankerort explain``: the evidence has the figures of the tables, and its clock times add up to them."""

from __future__ import annotations

import itertools
import math

import pytest

from ankerort.documents.evidence import evidence_lines
from ankerort.run import explain_project
from ankerort.text import LANGUAGES
from ankerort.text.numbers import format_clock, format_decimal, format_persons


@pytest.fixture(scope="module")
def found(sample_run):
    """Altenröde and its way to the nearest supermarket: no shop in the place, a line bus goes there."""
    return explain_project(sample_run.folder, place="Altenröde", service="supermarket")


@pytest.fixture(scope="module")
def booked(sample_run):
    """Hüttelsdorf and its way to a doctor: no line bus, only a bus on demand."""
    return explain_project(sample_run.folder, place="Hüttelsdorf", service="general_practitioner")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_equal_the_tables(found, assessment, lang) -> None:
    """People, letters, minutes by car and by public transport are those of the balance."""
    balance = assessment.supply.place_service.set_index(["place_id", "service"])
    row = balance.loc[(found.evidence.place["place_id"], "supermarket")]
    lines = evidence_lines(found, lang)
    text = "\n".join(lines)
    assert "Altenröde" in lines[0] and format_persons(row["persons"], lang) in lines[0]
    assert row["state"] in lines[1]
    for minutes in (row["car_min"], row["pt_min"]):
        assert not math.isnan(minutes)
        assert f"{format_decimal(minutes, lang)} {'Minuten' if lang == 'de' else 'minutes'}" in text
    facilities = assessment.region.facilities.set_index("facility_id")
    assert facilities.loc[row["nearest_facility_id"], "name"] in text


def test_traced_ways_equal_the_columns(found) -> None:
    """The traced way is as long as its stored metres, which are rounded up at both ends; the typical journey lasts as stored."""
    for street in found.evidence.streets:
        if street.mode == "bike":
            assert street.trace is not None and street.trace.metres == pytest.approx(street.value, abs=2)
    assert found.evidence.pt
    for journey in found.evidence.pt:
        assert journey.out is not None and journey.out.typical is not None
        assert journey.out.typical.duration_s == journey.value
        assert journey.out.typical.arrive_s - journey.out.typical.leave_s == journey.value
        assert len(journey.out.departures) == found.evidence.balance["pt_departures"]


def test_legs_follow_each_other(found) -> None:
    """Each leg starts when or after the one before ends, and the printed clock times are those of the trace."""
    text = "\n".join(evidence_lines(found, "de"))
    for journey in found.evidence.pt:
        for trace in (journey.out, journey.home):
            assert trace is not None and trace.typical is not None
            legs = trace.typical.legs
            assert legs[0].start_s >= trace.typical.leave_s and legs[-1].end_s <= trace.typical.arrive_s
            assert all(a.end_s <= b.start_s for a, b in itertools.pairwise(legs))
            for leg in legs:
                assert f"{format_clock(leg.start_s)} " in text
    assert "ohne Umsteigen" in text


def test_a_bus_on_demand_is_told_apart(booked, assessment) -> None:
    """Without a line bus there is no figure without booking, and the evidence says that one must book."""
    row = booked.evidence.balance
    assert math.isnan(row["pt_min"]) and not math.isnan(row["pt_demand_min"])
    text = "\n".join(evidence_lines(booked, "de"))
    assert "Rufbus" in text and "Nur mit Anmeldung bis 60 Minuten vorher" in text
    assert [p.with_demand for p in booked.evidence.pt] == [True]
