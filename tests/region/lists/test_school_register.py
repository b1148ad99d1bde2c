"""The collected school registers: kinds become services, persons are not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankerort.base.problems import Problems
from ankerort.region.lists.companies import company_or_nothing
from ankerort.region.read_facilities import read_facility_table
from ankerort.region.settings import InputSettings
from worlds.district_lists import CATALOGUE, read

REGISTER = Path(__file__).resolve().parents[1] / "data" / "jedeschule.csv"


def test_kinds_become_services() -> None:
    """The kind of a school says its service; a kind that the catalogue does not have is counted."""
    tables, problems = read(REGISTER, "jedeschule")
    found = tables.facilities.set_index("facility_id")
    assert found["service"].to_dict() == {
        "primary_school:liste:ST-900001": "primary_school",
        "secondary_school:liste:ST-900002": "secondary_school",
        "grammar_school:liste:ST-900003": "grammar_school",
        "special_school:liste:ST-900004": "special_school",
        "primary_school:liste:NI-900006": "primary_school",
    }
    first = found.loc["primary_school:liste:ST-900001"]
    assert (first["lon"], first["lat"], first["address"], first["postcode"]) == (11.65, 52.12, "Schulstraße 1", "39999")
    assert dict(tables.ignored) == {"Kolleg": 1}
    assert {p.code for p in problems} == {"facility_values_ignored", "list_far_away"}


def test_no_person_is_read() -> None:
    """Heads of schools, and providers that may be persons, stand nowhere in the tables."""
    tables, problems = read(REGISTER, "jedeschule")
    assert "Beispielmann" not in tables.facilities.to_csv() + str(problems)
    assert set(tables.facilities["operator"]) == {"Stadt Musterdorf", "Landkreis Muster", "Stadt Fernstadt", ""}


def test_only_the_project_is_taken() -> None:
    """Schools outside the project's rectangle, and those without a position, are counted and left out."""
    problems = Problems()
    given = InputSettings("facilities", (REGISTER,), "liste", preset="jedeschule")
    tables = read_facility_table(
        given,
        catalogue=CATALOGUE,
        crs="EPSG:25832",
        problems=problems,
        bounds_m=(650_000, 5_760_000, 700_000, 5_800_000),
    )
    assert len(tables.facilities) == 4
    assert [p.params["count"] for p in problems if p.code == "list_far_away"] == [2]


@pytest.mark.parametrize(
    "location",
    ["POINT (11.65 52.12)", "0101000020E6100000CDCCCCCCCC4C27408FC2F5285C0F4A40"],
)
def test_positions_as_points(tmp_path: Path, location: str) -> None:
    """Older editions give the position as one point, as text or in hexadecimal; what is no point is no position."""
    path = tmp_path / "alt.csv"
    head = "id,name,address,zip,city,school_type,provider,location\n"
    rows = f"ST-1,Grundschule A,Weg 1,39999,A,Grundschule,,{location}\nST-2,Grundschule B,Weg 1,39999,A,Grundschule,,nirgends\n"
    path.write_text(head + rows, encoding="utf-8")
    tables, _ = read(path, "jedeschule")
    (row,) = tables.facilities.to_dict("records")
    assert (round(row["lon"], 4), round(row["lat"], 4)) == (11.65, 52.12)


@pytest.mark.parametrize(
    ("operator", "stays"),
    [
        ("Stadtwerke Musterdorf GmbH", True),
        ("Landkreis Muster", True),
        ("Ev. Kirchengemeinde Musterdorf", True),
        ("Beispielverein e. V.", True),
        ("Ina Beispielmann", False),
        ("Agnes Landmann", False),
        ("Peter Land", False),
        ("Land Sachsen-Anhalt", True),
        ("AWO Börde", True),
        ("Kath. Kirche", True),
        ("Förderverein der Grundschule", True),
        ("kommunal", True),
        ("freier Träger", True),
        ("Pflegedienst Anna Stillmann", False),
        ("freie Trägerin Ina Beispielmann", False),
        ("", False),
    ],
)
def test_operators(operator: str, stays: bool) -> None:
    """Only what is surely a company or a public body is named."""
    assert bool(company_or_nothing(operator)) == stays
