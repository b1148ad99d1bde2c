"""Changes check their own fields, all faults at once."""

from __future__ import annotations

from dataclasses import fields

import pytest

from ankerort.base.problems import InputError
from ankerort.scenario.changes import (
    KINDS,
    AddStreet,
    AddTrip,
    AddVisit,
    Change,
    ChangeQuality,
    ChangeStandard,
    CloseFacility,
    OpenFacility,
    RemoveTrip,
    ResizeFacility,
)
from ankerort.text import read_sentences


def _codes(made: type[Change], **values: object) -> set[str]:
    with pytest.raises(InputError) as caught:
        made(**values)
    return {p.code for p in caught.value.problems}


def test_every_kind_has_its_own_name() -> None:
    """Each class stands under its own kind, and there are the eighteen kinds of the issue."""
    assert {made.kind for made in KINDS.values()} == set(KINDS)
    assert len(KINDS) == 18


def test_every_kind_and_field_can_be_told() -> None:
    """Documents have words for each kind and for each field."""
    sentences = read_sentences()
    for kind, made in KINDS.items():
        assert f"change.kind.{kind}" in sentences
        for one in fields(made):
            assert f"change.field.{one.name}" in sentences, one.name


def test_all_faults_of_one_change_are_told_together() -> None:
    """A facility without service, with half a position, an unknown step-free value and a negative capacity has four faults."""
    codes = _codes(OpenFacility, service="", lon=11.0, step_free="maybe", capacity=-3.0)
    assert codes == {"scenario_field_missing", "scenario_position_half", "scenario_value", "scenario_negative"}


def test_a_facility_must_be_named_and_placed() -> None:
    """Without place and coordinates nothing can open; without id and service nothing can close."""
    assert _codes(OpenFacility, service="bakery") == {"scenario_position_missing"}
    assert _codes(CloseFacility, name="Bäcker") == {"scenario_facility_not_named"}


def test_numbers_must_be_possible() -> None:
    """Negative capacities, school marks beyond 5, standards of zero and metres as minutes are refused."""
    assert _codes(ResizeFacility, facility="f", capacity=-1.0) == {"scenario_negative"}
    assert _codes(ChangeQuality, facility="f", condition=6.0) == {"scenario_range"}
    assert _codes(ChangeQuality, facility="f") == {"scenario_nothing_changed"}
    assert _codes(ChangeStandard, service="bakery", mode="walk", value=0.0) == {"scenario_not_positive"}
    assert _codes(ChangeStandard, service="bakery", mode="walk", value=15.0, unit="min") == {"scenario_unit"}
    assert _codes(ChangeStandard, service="bakery", mode="ship", value=15.0) == {"scenario_value"}


def test_a_trip_needs_stops_with_ascending_times() -> None:
    """One stop is no trip; each stop has a time; times ascend, also past midnight; a trip to drop must be named."""
    assert _codes(AddTrip, line="1", stops=("A",), times=("7:00",)) == {"scenario_trip_short"}
    assert _codes(AddTrip, line="1", stops=("A", "B"), times=("7:00",)) == {"scenario_trip_times"}
    assert _codes(AddTrip, line="1", stops=("A", "B"), times=("7:00", "6:59")) == {"scenario_trip_backwards"}
    assert _codes(AddTrip, line="1", stops=("A", "B"), times=("7:00", "7 Uhr")) == {"scenario_clock"}
    assert _codes(AddTrip, line="1", stops=("A", "B"), times=("7:00", "7:10"), days=("monday",)) == {"scenario_value"}
    assert AddTrip(line="1", stops=("A", "B"), times=("23:50", "24:10")).times == ("23:50", "24:10")
    assert _codes(RemoveTrip, line="1", stop="A") == {"scenario_trip_not_named"}


def test_visits_and_streets_are_checked() -> None:
    """A visit ends after it begins and comes every so many weeks; a street has two points on Earth."""
    wrong = _codes(AddVisit, service="bakery", place="A", every_weeks=0.0, from_time="10:00", to_time="09:00")
    assert wrong == {"scenario_rhythm", "scenario_hours_turned"}
    assert _codes(AddStreet, line=((11.0, 52.0),)) == {"scenario_line_short"}
    assert _codes(AddStreet, line=((11.0, 52.0), (650000.0, 5750000.0))) == {"scenario_position_range"}
