"""What an office confirmed as absent in a table of the user's own beats every other source, and only a later confirmation beats it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankerort.catalogue import read_catalogue
from ankerort.region.inquiry.status import inquiry_status
from ankerort.region.read_region import read_region
from worlds.answered_region import AHAUSEN, BERGE, answer, listed, named, states, take, told, world

_ABSENT = """
[[input]]
kind = "facilities"
id = "fehlt"
file = "fehlt.csv"
date = "2025-05-05"
attribution = "Landkreis"
[input.options]
table = "absences"
"""
BOTH = ["Hirsch-Apotheke", "Löwen-Apotheke"]


def absent(folder: Path, *lines: str, more: tuple[str, ...] = ()) -> Path:
    """The world of `test_apply` with a table of absences: place; ags; office; day, all about pharmacies."""
    world(folder, *more)
    text = "\n".join(["service;place_name;ags;confirmed_by;confirmed_on", *(f"pharmacy;{line}" for line in lines)])
    (folder / "fehlt.csv").write_text(text + "\n", encoding="utf-8")
    settings = folder / "region.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + _ABSENT, encoding="utf-8")
    return folder


def refuted(folder: Path) -> list[str]:
    """Names of what no longer counts."""
    rows = read_region(folder).facilities
    return sorted(rows.loc[rows["state"] == "refuted", "name"])


@pytest.mark.parametrize("line", ["Ahausen;;Bauamt;2025-05-05", ";15001000;Bauamt;5.5.2025"])
def test_a_confirmed_absence_of_a_table_beats_lists(tmp_path: Path, line: str) -> None:
    """In the place or in the whole municipality nothing of the service counts; office and day stand beside it, a note names what was beaten."""
    folder = absent(tmp_path, line)
    assert refuted(folder) == BOTH
    region = read_region(folder)
    row = named(region, "Löwen-Apotheke")
    assert (row["confirmed_by"], row["confirmed_on"], row["certainty"]) == ("Bauamt", "2025-05-05", "certain")
    (note,) = told(region, "table_absence_beats")
    assert (note.severity, note.table, note.params["place"]) == ("note", "fehlt.csv", "Ahausen")
    assert sorted(str(note.params["names"]).split(", ")) == BOTH
    assert named(region, "Praxis Dr. Klein")["state"] == "open"


@pytest.mark.parametrize("line", ["Ahausen;;;2025-05-05", "Ahausen;;Bauamt;", ";15001000;;"])
def test_without_office_or_day_it_beats_nothing(tmp_path: Path, line: str) -> None:
    """An absence that nobody confirmed is one source among others."""
    folder = absent(tmp_path, line)
    assert refuted(folder) == []
    assert len(read_region(folder).absences) == 1


def test_only_a_later_confirmation_of_the_facility_beats_it(tmp_path: Path) -> None:
    """A facility of the place that an office confirmed on a later day holds, with a note; of the same day or earlier it does not."""
    for on, expected in (
        ("2025-05-06", []),
        ("2025-05-05", [*BOTH, "Neue Apotheke"]),
        ("2025-01-01", [*BOTH, "Neue Apotheke"]),
    ):
        row = listed("pharmacy", "Neue Apotheke", 2000, 2000, by="Landkreis", on=on)
        folder = absent(tmp_path / on, "Ahausen;;Bauamt;2025-05-05", more=(row,))
        assert refuted(folder) == sorted(expected)
        assert [p.params["other_on"] for p in told(read_region(folder), "table_absence_older")] == (
            [on] if not expected else []
        )


def test_a_day_without_an_office_confirms_no_facility(tmp_path: Path) -> None:
    """A list may bear a newer day; without an office it is beaten."""
    folder = absent(
        tmp_path, "Ahausen;;Bauamt;2025-05-05", more=(listed("pharmacy", "Neue Apotheke", 2000, 2000, on="2026-01-01"),)
    )
    assert "Neue Apotheke" in refuted(folder)


@pytest.mark.parametrize(("on", "open_ones"), [("2025-05-04", []), ("2025-05-05", BOTH), ("2026-03-03", BOTH)])
def test_the_ledger_goes_before_a_table_of_the_same_day(tmp_path: Path, on: str, open_ones: list[str]) -> None:
    """What an office answered on the day of the absence or later, names the service there; an older answer is superseded."""
    folder = absent(tmp_path, "Ahausen;;Bauamt;2025-05-05")
    about = str(named(read_region(folder), "Löwen-Apotheke")["facility_id"])
    take(folder, answer("correct", about=about, confirmed_on=on))
    assert sorted(set(BOTH) - set(refuted(folder))) == open_ones
    region = read_region(folder)
    assert states(region) == ["in_force" if open_ones else "superseded"]
    assert len(told(region, "ledger_older")) == (not open_ones)


def test_an_older_new_facility_of_the_ledger_is_beaten_too(tmp_path: Path) -> None:
    """It was there, and a later confirmation says that there is none: refuted, its answer superseded."""
    folder = absent(tmp_path, "Ahausen;;Bauamt;2025-05-05")
    take(folder, answer("new", values={"name": "Eulen-Apotheke"}, confirmed_on="2025-02-02"))
    assert "Eulen-Apotheke" in refuted(folder)
    assert states(read_region(folder)) == ["superseded"] * 2


def test_the_whole_municipality_gives_way_place_by_place(tmp_path: Path) -> None:
    """A later confirmation in one place says nothing about another place of the municipality."""
    rows = (
        listed("pharmacy", "Einsame Apotheke", 3500, 3500, by="Landkreis", on="2026-01-01"),
        listed("pharmacy", "Berg-Apotheke", 5000, 1000),
    )
    folder = absent(tmp_path, ";15001000;Bauamt;2025-05-05", more=rows)
    assert refuted(folder) == BOTH
    assert named(read_region(folder), "Einsame Apotheke")["place_id"] not in (AHAUSEN, BERGE)


def test_who_has_not_answered_stands_first(tmp_path: Path) -> None:
    """Municipalities without any answer, then the others, each by name; the sum last."""
    folder = world(tmp_path)
    take(folder, answer("absent", "bakery", subject="absences"))
    table = inquiry_status(read_region(folder), read_catalogue())
    silent = sorted(set(table["municipality"]) - {"Ahausen", ""})
    assert table["municipality"].tolist() == [*silent, "Ahausen", ""]
    answered = (table["answers"] > 0).tolist()[:-1]
    assert answered == sorted(answered)
    assert any(answered)
