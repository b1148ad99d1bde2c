"""A mobile plan file is read back as it was written, may be edited, and keeps what it replaces."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ankerort.anchors.plan_file import read_plan
from ankerort.base.problems import InputError
from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.plan import MobilePlan
from ankerort.mobile.plan_decision import decision_of
from ankerort.mobile.plan_file import mobile_plan_text, read_mobile_plan, write_mobile_plan
from ankerort.mobile.request import MobileRequest
from worlds.mobile_planned import decision, planned, prepared

_NAMES = {"a": "Adorf", "b": "Bdorf", "c": "Cstadt"}


def _same(one: MobilePlan, other: MobilePlan) -> None:
    for field in fields(MobilePlan):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, pd.DataFrame):
            pd.testing.assert_frame_equal(a, b)
        elif field.name in ("effect", "proof"):
            for part in fields(a):
                x, y = getattr(a, part.name), getattr(b, part.name)
                assert x == y or (x != x and y != y), part.name
        else:
            assert a == b, field.name


@pytest.mark.parametrize("names", [True, False])
def test_a_plan_is_read_as_it_was_written(tmp_path: Path, names: bool) -> None:
    """Writing and reading give back every table with all columns, request, proof, effect and record."""
    path = tmp_path / "plan.toml"
    full = planned()
    request = MobileRequest(
        services=("citizen_office",), vehicles=1, depots=("b",), budget_eur=80000.0, cover=0.9, rhythms=(1.0, 2.0),
        keep=("a",), weekdays=("Tu",), one_staff=True, use_factor=0.3, wishes=False, year=2030, variant="low",
    )  # fmt: skip
    plan = replace(full, request=request)
    assert write_mobile_plan(plan, path, names=_NAMES if names else None) is None
    _same(plan, read_mobile_plan(path))
    text = path.read_text(encoding="utf-8")
    assert 'art = "mobil"' in text
    assert ('place = "Adorf"' in text) == names
    assert 'stop = "Dorfgemeinschaftshaus"' in text


def test_the_same_plan_keeps_its_file_and_another_keeps_the_old_one(tmp_path: Path) -> None:
    """Another time of the search is no other plan; another weekday is, and the former file stays beside it."""
    path = tmp_path / "plan.toml"
    plan = planned()
    write_mobile_plan(plan, path)
    assert write_mobile_plan(replace(plan, proof=replace(plan.proof, seconds=99.0)), path) is None
    old = write_mobile_plan(replace(plan, visits=plan.visits.assign(weekday="Th")), path)
    assert old is not None
    assert read_mobile_plan(old).visits["weekday"].tolist() == ["Tu", "Tu"]


def test_the_decision_is_found_again() -> None:
    """The visits of an unchanged plan give the decision that it was made of."""
    found, problems = decision_of(planned(), prepared(), "plan.toml")
    assert not problems
    for name in ("pattern", "vehicle", "start_s", "break_after"):
        np.testing.assert_array_equal(getattr(found, name), getattr(decision(), name))


def test_a_visit_typed_by_hand_needs_no_ids_and_no_figures(tmp_path: Path) -> None:
    """Stop by its name, weekday, weeks and time suffice; the rest is worked out."""
    path = tmp_path / "typed.toml"
    path.write_text(
        'art = "mobil"\n[request]\nservices = ["citizen_office"]\nvehicles = 1\n'
        '[[visit]]\nstop = "Markt"\nweekday = "We"\nweeks = "2;4"\nfrom_time = "13:30"\n',
        encoding="utf-8",
    )
    plan = read_mobile_plan(path)
    assert plan.name == "typed"
    found, problems = decision_of(plan, prepared(), path.name)
    assert not problems
    assert found.pattern.tolist() == [-1, -1, 12]
    assert found.start_s[2, 0] == 13 * 3600 + 1800
    assert not evaluate(prepared().problem, found, prepared().objective).faults


def test_a_moved_visit_gets_its_break_anew() -> None:
    """Bdorf moved to 15:00 makes a day of over six hours: a break is found that breaks no rule, though the legs know none."""
    plan = planned()
    visits = plan.visits.copy()
    visits.loc[visits["stop_id"] == "osm:n2", ["from_time", "to_time"]] = ["15:00", "16:00"]
    found, problems = decision_of(replace(plan, visits=visits), prepared(), "plan.toml")
    assert not problems
    assert found.break_after[0, 1].tolist() == [0, -1, 0, -1]
    assert not evaluate(prepared().problem, found, prepared().objective).faults


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('weeks = "1;3"', 'weeks = "1;2"', "mobile_plan_no_pattern"),
        ("vehicle = 1", "vehicle = 3", "mobile_plan_no_vehicle"),
        ('stop_id = "osm:n2"\npart', 'stop_id = "osm:n9"\npart', "mobile_plan_no_stop"),
        ('to_time = "11:30"', 'to_time = "11:45"', "mobile_plan_stay"),
    ],
)
def test_what_fits_nothing_is_told(tmp_path: Path, old: str, new: str, code: str) -> None:
    """A rhythm that the question does not allow, a vehicle or stop that is not there, another stay: named, the rest stays."""
    path = tmp_path / "plan.toml"
    text = mobile_plan_text(planned())
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    found, problems = decision_of(read_mobile_plan(path), prepared(), path.name)
    assert {p.code for p in problems} == {code}
    assert (found.pattern >= 0).sum() == {"mobile_plan_no_vehicle": 0, "mobile_plan_stay": 2}.get(code, 1)


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    """Weekday, time, weeks, unknown key, missing field and wrong type, each with its line; an anchor plan is refused as such."""
    path = tmp_path / "bad.toml"
    path.write_text(
        'art = "mobil"\nwheels = 4\nweeks = "vier"\n[request]\nvehicles = 1\n'
        '[[visit]]\nstop = "Markt"\nweekday = "Di"\nweeks = "x"\nfrom_time = "25"\n[[visit]]\nstop = "Kirche"\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_mobile_plan(path)
    codes = [p.code for p in caught.value.problems]
    assert sorted(set(codes)) == [
        "anchors_plan_field", "anchors_plan_key", "anchors_plan_type", "mobile_plan_clock", "mobile_plan_services",
        "mobile_plan_weekday", "mobile_plan_weeks",
    ]  # fmt: skip
    rows = {p.code: p.row for p in caught.value.problems}
    assert rows["mobile_plan_weekday"] == 6
    path.write_text('name = "Anker"\n[request]\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_mobile_plan(path)
    assert [p.code for p in caught.value.problems] == ["mobile_plan_kind"]


def test_a_mobile_plan_is_no_plan_of_anchor_places(tmp_path: Path) -> None:
    """The reader of anchor plans says what the file is, instead of naming each of its sections."""
    path = tmp_path / "plan.toml"
    write_mobile_plan(planned(), path)
    with pytest.raises(InputError) as caught:
        read_plan(path)
    assert [(p.code, p.params["art"]) for p in caught.value.problems] == [("anchors_plan_kind", "mobil")]
