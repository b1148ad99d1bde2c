"""Scenario files: read with all problems at once, written so that reading gives them back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.base.problems import InputError, Problem
from ankerort.scenario.changes import (
    AddLine,
    AddStreet,
    AddTrip,
    AddVisit,
    Change,
    ChangeRate,
    CloseFacility,
    OpenFacility,
    UsePopulation,
)
from ankerort.scenario.example import example_text, file_name
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.scenario_file import read_scenario, scenario_text, write_scenario
from ankerort.text.problems import describe_problem, repair_of

ALL = (
    OpenFacility("village_shop", name='Laden "Zur Mühle"', place="Berge (Gardelegen)", capacity=120.5),
    CloseFacility(facility="osm:n1", year=2027),
    AddTrip(line="101", stops=("A", "B, Markt"), times=("18:10", "24:05"), days=("saturday", "sunday")),
    AddLine(gtfs="linie.zip"),
    AddStreet(line=((11.5, 52.1), (11.51, 52.125)), street_class="cycleway", one_way=True),
    AddVisit("bakery", "Adorf", weekday="Tu", every_weeks=2.0),
    ChangeRate("walk_speed.all", 1.1),
    UsePopulation(2035, "return"),
)


def _write(folder: Path, text: str, name: str = "plan.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read_scenario(path)
    for problem in caught.value.problems:  # every problem can be told, with its repair
        assert describe_problem(problem, "de")
        assert repair_of(problem, "en")
    return caught.value.problems


def test_a_scenario_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """Writing and reading gives the same scenario, and writing it again the same bytes."""
    scenario = Scenario("Mühle & Markt", ALL, note="Zwei\nZeilen mit „Zeichen“ \\ und\tTab")
    path = tmp_path / "plan.toml"
    write_scenario(scenario, path)
    found = read_scenario(path)
    assert found == scenario
    assert scenario_text(found) == path.read_text(encoding="utf-8")
    assert [p.name for p in tmp_path.iterdir()] == ["plan.toml"]


_TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).map(str.strip).filter(bool)


@settings(max_examples=25, deadline=None)
@given(names=st.lists(_TEXT, max_size=3), lon=st.floats(5, 15), capacity=st.floats(0, 1e6))
def test_any_text_and_number_survives_the_file(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], lon: float, capacity: float
) -> None:
    """Whatever users call things, and whatever the decimals, the file gives it back."""
    made: tuple[Change, ...] = tuple(OpenFacility("bakery", n, lon=lon, lat=52.0, capacity=capacity) for n in names)
    path = tmp_path_factory.mktemp("szenario") / "s.toml"
    write_scenario(Scenario("x", made), path)
    assert read_scenario(path).changes == made


def test_scenarios_build_on_one_another(tmp_path: Path) -> None:
    """The changes of the base come first; each knows its file, its number and its line."""
    write_scenario(Scenario("Eins", ALL[:2]), tmp_path / "eins.toml")
    _write(tmp_path, 'name = "Zwei"\nbased_on = "eins.toml"\n\n[[change]]\nkind = "add_line"\ngtfs = "l.zip"\n')
    found = read_scenario(tmp_path / "plan.toml").all_changes()
    assert [c.kind for c, _ in found] == ["open_facility", "close_facility", "add_line"]
    assert [(o.table, o.number) for _, o in found] == [("eins.toml", 1), ("eins.toml", 2), ("plan.toml", 1)]
    assert found[2][1].line == 4


def test_scenarios_in_a_circle_are_an_error(tmp_path: Path) -> None:
    """A builds on B and B on A: the circle is named."""
    _write(tmp_path, 'based_on = "b.toml"\n', "a.toml")
    _write(tmp_path, 'based_on = "a.toml"\n', "b.toml")
    (problem,) = _problems(tmp_path / "a.toml")
    assert problem.code == "scenario_circle"
    assert problem.params["chain"] == "a.toml → b.toml → a.toml"


def test_all_problems_of_a_file_and_its_base_are_told_together(tmp_path: Path) -> None:
    """Unknown keys, kinds, fields, types and values, in both files, each with the line of its change."""
    _write(tmp_path, '[[change]]\nkind = "close_facility"\n', "eins.toml")
    path = _write(
        tmp_path,
        """nmae = "Plan"
based_on = "eins.toml"

[[change]]
kind = "open_facilty"

[[change]]
kind = "open_facility"
service = "bakery"
place = 7
capcity = 3

[[change]]
kind = "add_visit"
weekday = "Montag"
place = "Adorf"
""",
    )
    found = _problems(path)
    assert [(p.code, p.table, p.row, p.column) for p in found] == [
        ("scenario_key_unknown", "plan.toml", None, "nmae"),
        ("scenario_facility_not_named", "eins.toml", 1, "facility"),
        ("scenario_kind_unknown", "plan.toml", 4, "kind"),
        ("scenario_type", "plan.toml", 7, "place"),
        ("scenario_field_unknown", "plan.toml", 7, "capcity"),
        ("scenario_field_missing", "plan.toml", 13, "service"),
    ]
    assert found[0].params["near"] == "name, note"
    assert "open_facility" in str(found[2].params["near"])
    assert found[4].params["near"] == "capacity"


def test_a_broken_file_names_its_line(tmp_path: Path) -> None:
    """A decimal comma is no TOML; a missing file and another encoding are told as such."""
    (comma,) = _problems(_write(tmp_path, 'name = "x"\n[[change]]\nkind = "add_stop"\nlon = 11,5\n'))
    assert (comma.code, comma.row) == ("scenario_syntax", 4)
    (missing,) = _problems(tmp_path / "nein.toml")
    assert missing.code == "scenario_file_missing"
    latin = tmp_path / "latin.toml"
    latin.write_bytes('name = "Mühle"\n'.encode("latin-1"))
    assert [p.code for p in _problems(latin)] == ["scenario_encoding"]
    assert [p.code for p in _problems(_write(tmp_path, "change = 3\n"))] == ["scenario_change_shape"]
    assert [p.code for p in _problems(_write(tmp_path, "format = 9\n"))] == ["scenario_format"]


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_example_can_be_read_with_and_without_its_comments(tmp_path: Path, lang: str) -> None:
    """The new file is a valid empty scenario; without the # its examples are valid too."""
    text = example_text("Neuer Plan", "en" if lang == "en" else "de")
    assert read_scenario(_write(tmp_path, text)).changes == ()
    opened = [line.removeprefix("# ") for line in text.splitlines() if not line.startswith("# ") or _is_toml(line)]
    found = read_scenario(_write(tmp_path, "\n".join(opened)))
    assert [c.kind for c in found.changes] == ["open_facility", "close_facility", "add_visit", "add_trip"]
    assert found.name == "Neuer Plan"


def _is_toml(line: str) -> bool:
    return " = " in line or (line.startswith("# [[change]]") and line.endswith("]]"))


def test_file_names_suit_every_system() -> None:
    """Umlauts are written out, other signs become hyphens."""
    assert file_name("Dorfladen Hüttelsdorf / Größe") == "dorfladen-huettelsdorf-groesse.toml"
    assert file_name("???") == "szenario.toml"
