"""The register of charging points: notes above the head, several points per row, several rows per site."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer

from ankerort.base.problems import Problems
from ankerort.region.lists.charging import charging_hours
from ankerort.region.read_facilities import read_facility_table
from ankerort.region.settings import InputSettings
from worlds.district_lists import CATALOGUE, read

DATA = Path(__file__).resolve().parents[1] / "data"
REGISTER = DATA / "ladesaeulenregister.csv"


def test_sites_with_the_sum_of_their_points() -> None:
    """Devices of one operator at one address are one facility; its capacity is the sum of their points."""
    tables, problems = read(REGISTER, "charging_register")
    found = tables.facilities.set_index("name")
    assert set(tables.facilities["service"]) == {"ev_charging"}
    assert found.loc["Marktplatz Musterdorf", "capacity"] == 5
    assert found.loc["Marktplatz Musterdorf", "facility_id"] == "ev_charging:liste:900001"
    assert found.loc["Marktplatz Musterdorf", "lat"] == pytest.approx(52.123456)
    assert found.loc["Marktplatz Musterdorf", ["address", "postcode", "place_name"]].tolist() == [
        "Markt 1",
        "39999",
        "Musterdorf",
    ]
    assert len(found) == 4
    assert [p.code for p in problems] == ["facility_values_ignored"]


def test_other_operators_at_the_address_are_other_sites() -> None:
    """Two operators side by side stay two facilities."""
    tables, _ = read(REGISTER, "charging_register")
    assert (tables.facilities["address"] == "Markt 1").sum() == 2


def test_devices_out_of_operation_are_counted() -> None:
    """What is not in operation is no charging point today; how many there are is said."""
    tables, _ = read(REGISTER, "charging_register")
    assert dict(tables.ignored) == {"Außer Betrieb": 1}


def test_power_and_limits_stand_in_the_note() -> None:
    """The strongest device and limits of the parking space are noted; no limit is not."""
    notes = read(REGISTER, "charging_register")[0].facilities.set_index("name")["note"]
    assert notes["Marktplatz Musterdorf"] == "bis 150 kW"
    assert notes["Hofladen"] == "bis 7,2 kW; Zutritt nur für Gäste"


def test_an_operator_that_may_be_a_person_is_left_out() -> None:
    """A company or a public body is named; a name without any sign of one is not taken over."""
    tables, problems = read(REGISTER, "charging_register")
    operators = tables.facilities.set_index("name")["operator"]
    assert operators["Marktplatz Musterdorf"] == "Stadtwerke Musterdorf GmbH"
    assert operators["Hofladen"] == ""
    assert "Beispielmann" not in tables.facilities.to_csv() + str(problems)


def test_unknown_points_leave_the_site_unknown() -> None:
    """If one device does not say how many points it has, the sum is not known, not smaller."""
    tables, _ = read(REGISTER, "charging_register")
    assert np.isnan(tables.facilities.set_index("name").loc["Gewerbegebiet", "capacity"])


def test_what_lies_far_away_is_left_out() -> None:
    """A register of all of Germany gives only what lies in the project's rectangle; how many rows do not is said."""
    problems = Problems()
    given = InputSettings("facilities", (REGISTER,), "liste", preset="charging_register")
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True).transform(11.654321, 52.123456)
    tables = read_facility_table(
        given,
        catalogue=CATALOGUE,
        crs="EPSG:25832",
        problems=problems,
        bounds_m=(x - 1000, y - 1000, x + 1000, y + 1000),
    )
    assert set(tables.facilities["name"]) == {"Marktplatz Musterdorf", "", "Gewerbegebiet"}
    (note,) = [p for p in problems if p.code == "list_far_away"]
    assert (note.severity, note.params) == ("note", {"count": 1})


def test_older_editions_are_read_too(tmp_path: Path) -> None:
    """Windows-1252, the old misspelt head and no id: the editions before 2025."""
    path = tmp_path / "alt.csv"
    lines = (
        "Ladesäulenregister Bundesnetzagentur;;;;;;;;;\n;;;;;;;;;\nStand: 01.12.2021;;;;;;;;;\n\n"
        "Allgemeine Informationen;;;;;;;;;\n"
        "Betreiber;Straße;Hausnummer;Postleitzahl;Ort;Breitengrad;Längengrad;Anschlussleistung;Art der Ladeeinrichung;Anzahl Ladepunkte\n"
        "Stadtwerke Musterdorf GmbH;Am Bach;2;01234;Bachdorf;51,5;11,5;22;Normalladeeinrichtung;2\n"
    )
    path.write_bytes(lines.encode("cp1252"))
    tables, problems = read(path, "charging_register")
    (row,) = tables.facilities.to_dict("records")
    assert (row["capacity"], row["postcode"], row["operator"]) == (2, "01234", "Stadtwerke Musterdorf GmbH")
    assert [p.code for p in problems] == ["facility_encoding_guessed"]


@pytest.mark.parametrize(
    ("hours", "days", "times", "expected"),
    [
        ("247", "", "", "24/7"),
        ("24/7", "", "", "24/7"),
        ("Keine Angabe", "", "", ""),
        ("", "Montag; Dienstag", "08:00-18:00; 8:00-23:59", "Mo 08:00-18:00; Tu 08:00-24:00"),
        ("", "Montag; Dienstag", "08:00-18:00", ""),
        ("", "Werktag", "08:00-18:00", ""),
        ("", "Montag", "geschlossen", ""),
        (
            "Eingeschränkt",
            "Montag; Dienstag; Mittwoch; Donnerstag; Freitag; Samstag; Sonntag",
            "; ".join(["00:00-23:59"] * 7),
            "24/7",
        ),
    ],
)
def test_opening_hours(hours: str, days: str, times: str, expected: str) -> None:
    """Days and times become OSM's syntax; what does not pair stays unknown."""
    assert charging_hours(hours, days, times) == expected
