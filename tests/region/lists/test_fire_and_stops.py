"""Fire brigade plans and stops of local transport plans."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from worlds.district_lists import read, workbook

FIRE: list[list[object]] = [
    ["Risikoanalyse 2024: Ortsfeuerwehren"],
    ["lfd. Nr.", "Ortsfeuerwehr", "Ort", "aktive\nMitglieder", "Verfügbarkeit", "", "Fahrzeuge", "Zustand"],
    ["", "", "", "", "tagsüber", "nachts", "", ""],
    [1, "Adorf", "Adorf", 24, 6, 18, "LF 10, MTF", 2],
    [2, "Beheim", "Beheim", 11, 0, 9, "TSF", "k. A."],
    [3, "Cedorf", "Cedorf", 9, "", 7, "TSF", 5],
    [4, "Werkfeuerwehr Chemie", "Adorf", 40, 12, 12, "GW", 1],
    ["", "Summe", "", 84, 18, 46, "", ""],
]


def test_strength_by_day(tmp_path: Path) -> None:
    """The strength by day is the capacity, zero stays zero and a gap is not known; the rest stands in the note."""
    tables, _ = read(workbook(tmp_path / "fw.xlsx", Wehren=FIRE), "fire_plan")
    found = tables.facilities.set_index("place_name")
    assert list(found.index) == ["Adorf", "Beheim", "Cedorf"]
    assert set(found["service"]) == {"fire_station"}
    assert found["capacity"]["Adorf"] == 6
    assert found["capacity"]["Beheim"] == 0
    assert np.isnan(found["capacity"]["Cedorf"])
    assert found["note"]["Adorf"] == (
        "tagsüber 6 Einsatzkräfte; nachts 18 Einsatzkräfte; 24 aktive Mitglieder; Fahrzeuge: LF 10, MTF"
    )
    assert found["condition"]["Adorf"] == 2
    assert np.isnan(found["condition"]["Beheim"])
    assert dict(tables.ignored) == {"Werkfeuerwehr": 1}


def test_stops_with_lines_and_step_free(tmp_path: Path) -> None:
    """Poles of one name are one stop; it is step-free as far as all of its poles are; names take their place in front."""
    path = tmp_path / "nvp.csv"
    path.write_text(
        "Nahverkehrsplan;;;;\n"
        "Haltestelle;Ort;Linien;barrierefrei;Bemerkung\n"
        "Kirche;Adorf;601, 602;ja;\n"
        "Kirche;Adorf;603;nein;\n"
        "Beheim, Markt;Beheim;601;x;\n"
        "Cedorf, Ort;Cedorf;;;\n"
        "Cedorf, Mühle;Cedorf;604;nein;aufgehoben 2020\n",
        encoding="cp1252",
    )
    tables, _ = read(path, "transport_stops")
    found = tables.facilities.set_index("name")
    assert list(found.index) == ["Adorf, Kirche", "Beheim, Markt", "Cedorf, Ort"]
    assert found["wheelchair"].to_dict() == {"Adorf, Kirche": "limited", "Beheim, Markt": "yes", "Cedorf, Ort": ""}
    assert found["note"].to_dict() == {
        "Adorf, Kirche": "Linien 601, 602, 603",
        "Beheim, Markt": "Linien 601",
        "Cedorf, Ort": "",
    }
    assert set(found["certainty"]) == {"probable"}
    assert dict(tables.ignored) == {"aufgehobene Haltestelle": 1}
