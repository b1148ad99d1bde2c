"""Filled entry forms: what is understood, what is left out, and that all of it is told."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from ankerort.base.problems import Problems
from ankerort.region.read_wishes import Wishes, read_answers, read_wishes
from ankerort.region.wishes_layout import CHOICES, FIELDS, entry_columns, head_of, known_heads
from ankerort.text import LANGUAGES
from ankerort.text.problems import describe_problem, repair_of
from worlds.survey import write_form
from worlds.tiny_region import catalogue, region

GOOD = {
    "Bogen-Nr.": 7,
    "Wohnort": "Adorf",
    "Alter": "82",
    "Haushalt": "allein",
    "Ausgefüllt von": "Angehörige",
    "Wie oft: Sparkassenbus (Mobile Filiale)": "alle 14 Tage",
    "Wie oft: Mobiles Bürgerbüro": "3",
    "Wie oft: Bücherbus": "x",
    "Fehlt mir: Sparkassenbus (Mobile Filiale)": "x",
    "Tageszeit": "vormittags",
    "Wochentag: Dienstag": "x",
    "Wochentag: Donnerstag": "x",
    "Halteplatz": "Bushaltestelle",
    "Fußweg": "10 Minuten",
    "Stehen und warten": "15",
    "Fahrt heute: Familie": "x",
    "Hindernis: Stufen": "x",
    "Anmeldung am Telefon": "ja",
    "Begleitung": "nein",
    "Online": "mit Hilfe",
    "Anmerkung": "Frau Meier fährt mich.",
}


def _read(path: Path) -> tuple[Wishes, Problems]:
    problems = Problems()
    return read_answers([path], region(), catalogue(), problems, entered_on="2026-11-20"), problems


@pytest.mark.parametrize("name", ["bogen.xlsx", "bogen.csv"])
def test_a_filled_sheet_is_read_in_full(tmp_path: Path, name: str) -> None:
    """Each cell of a good row arrives as its value, from a workbook and from CSV alike."""
    found, problems = _read(write_form(tmp_path / name, [GOOD]))
    row = found.answers.iloc[0]
    assert (row.answer_id, row.place_id, row.age, row.household) == ("bogen-7", "a", "75_84", "alone")
    assert (row.filled_by, row.half_day, row.weekdays, row.spot) == ("relative", "morning", "Tu;Th", "bus_stop")
    assert (row.walk_m, row.wait_min, row.drives, row.hinders) == (600.0, 15.0, "family", "steps")
    assert (row.phone_booking, row.company, row.online, row.given_up) == ("yes", "no", "with_help", "bank")
    assert row.entered_on == "2026-11-20"
    times = dict(zip(found.services["service"], found.services["times_year"], strict=True))
    assert times.keys() == {"bank", "citizen_office", "library"}
    assert (times["bank"], times["citizen_office"]) == (26.0, 3.0)
    assert math.isnan(times["library"])
    assert list(found.text["text"]) == ["Frau [Name] fährt mich."]
    assert [p.code for p in problems] == ["wishes_text_found"]


def test_every_bad_row_is_named_and_every_good_row_kept(tmp_path: Path) -> None:
    """Unknown and missing places, doubles and empty rows stay out, each with row, column and repair; the rest is read."""
    rows = [
        {"Bogen-Nr.": 1, "Wohnort": "Adorf", "Alter": "70"},
        {"Bogen-Nr.": 2, "Wohnort": "Adorv", "Alter": "70"},
        {"Bogen-Nr.": 3, "Wohnort": "", "Alter": "70"},
        {"Bogen-Nr.": 1, "Wohnort": "Bdorf", "Alter": "80"},
        {"Bogen-Nr.": 5, "Wohnort": "Bdorf", "Alter": ""},
        {"Bogen-Nr.": "", "Wohnort": "Cstadt", "Alter": "90"},
        {"Bogen-Nr.": "", "Wohnort": "Cstadt", "Alter": "90"},
        {"Bogen-Nr.": 8, "Wohnort": "Cstadt", "Alter": "90"},
        {"Bogen-Nr.": 9, "Wohnort": "Cstadt", "Alter": "90"},
        {"Bogen-Nr.": 10, "Wohnort": "", "Alter": ""},
    ]
    found, problems = _read(write_form(tmp_path / "bogen.xlsx", rows))
    assert list(found.answers["answer_id"]) == ["bogen-1", "bogen-z7", "bogen-8", "bogen-9"]
    told = [(p.code, p.severity, p.row) for p in problems]
    assert told == [
        ("wishes_place_unknown", "error", 3),
        ("wishes_place_missing", "error", 4),
        ("wishes_double", "error", 5),
        ("wishes_row_empty", "error", 6),
        ("wishes_same_row", "error", 8),
        ("wishes_alike", "warning", 9),
        ("wishes_alike", "warning", 10),
    ]
    first = next(iter(problems))
    assert first.column == "Wohnort"
    assert "Adorf" in repair_of(first, "de")
    for problem in problems:
        assert describe_problem(problem, "de").startswith("bogen.xlsx/Erfassung, Zeile")
        assert repair_of(problem, "en")


def test_a_bad_cell_stays_empty_and_its_row_counts(tmp_path: Path) -> None:
    """Impossible ages, unknown words and numbers out of range are told with the allowed values; the rest of the row counts."""
    row = {
        "Wohnort": "Adorf", "Alter": "182", "Haushalt": "zu dritt", "Fußweg": "99999", "Stehen und warten": "-5", "Wochentag: Montag": "vielleicht",
        "Wie oft: Bücherbus": "500", "Wie oft: Mobiles Bürgerbüro": "manchmal", "Wie oft: Sparkassenbus (Mobile Filiale)": "jede Woche", "Tageszeit": "egal", "Lieblingsfarbe": "blau",
    }  # fmt: skip
    found, problems = _read(write_form(tmp_path / "bogen.csv", [row]))
    kept = found.answers.iloc[0]
    assert (kept.age, kept.household, kept.weekdays, kept.half_day) == ("", "", "", "any")
    assert math.isnan(kept.walk_m)
    assert math.isnan(kept.wait_min)
    assert list(found.services["service"]) == ["bank"]
    assert sorted(p.code for p in problems) == [
        "wishes_age", "wishes_choice", "wishes_choice", "wishes_choice", "wishes_column_unknown", "wishes_number", "wishes_number", "wishes_number",
    ]  # fmt: skip
    assert {p.severity for p in problems} == {"warning"}
    household = next(p for p in problems if p.column == "Haushalt")
    assert "allein / mit anderen" in repair_of(household, "de")


@pytest.mark.parametrize(
    ("written", "age"),
    [("64", "under_65"), ("65", "65_74"), ("74", "65_74"), ("75", "75_84"), ("84", "75_84"), ("85 Jahre", "85_plus"),
     ("110", "85_plus"), ("85 und älter", "85_plus"), ("13", ""), ("111", ""), ("1941", ""), ("alt", ""), ("", "")],
)  # fmt: skip
def test_ages_by_number_and_by_word(tmp_path: Path, written: str, age: str) -> None:
    """An age in years falls into its class at the borders; what no person can be is no age."""
    row = {"Wohnort": "Adorf", "Alter": written, "Tageszeit": "egal"}
    found, _ = _read(write_form(tmp_path / "bogen.csv", [row]))
    assert list(found.answers["age"]) == [age]


def test_a_question_with_boxes_may_stand_in_one_cell(tmp_path: Path) -> None:
    """Forms of other programs hold several ticks in one cell, parted by a sign."""
    row = {"Wohnort": "Adorf", "Wochentag": "Montag, Fr", "Hindernis": "Stufen; keine Toilette", "Wie oft": "Bücherbus"}
    found, problems = _read(write_form(tmp_path / "bogen.csv", [row]))
    assert (found.answers["weekdays"][0], found.answers["hinders"][0]) == ("Mo;Fr", "steps;toilet")
    assert list(found.services["service"]) == ["library"]
    assert not list(problems)


def test_a_file_that_is_no_form_is_told(tmp_path: Path) -> None:
    """A table without a column of places, and a file that is not there, are errors, not crashes."""
    found, problems = _read(write_form(tmp_path / "x.csv", [{"Name": "A", "Wert": 1}]))
    assert (found.count, [p.code for p in problems]) == (0, ["wishes_no_table"])
    found, problems = _read(tmp_path / "fehlt.xlsx")
    assert (found.count, [p.code for p in problems]) == (0, ["facility_file_missing"])


def test_every_head_that_the_form_prints_is_understood() -> None:
    """Each column of the form is known by its German and its English head, and no two columns share one."""
    labels = {lang: {k: s.label(lang) for k, s in catalogue().mobile.services.items()} for lang in LANGUAGES}
    known = known_heads(labels)
    columns = entry_columns(tuple(labels["de"]))
    from ankerort.region.inquiry.layout import folded

    for lang in LANGUAGES:
        heads = [folded(head_of(c, labels[lang], lang)) for c in columns]
        assert len(set(heads)) == len(heads)
        assert [known[h] for h in heads] == list(columns)
    assert {f.choices for f in FIELDS if f.choices} <= set(CHOICES)


def test_a_folder_without_answers_has_none(tmp_path: Path) -> None:
    """No survey is no problem."""
    problems = Problems()
    assert read_wishes(tmp_path, problems).count == 0
    assert not list(problems)


def test_words_that_a_hand_put_into_the_kept_table_become_empty(tmp_path: Path) -> None:
    """The table of answers may be edited; what no question knows is told with its row and does not count, the rest does."""
    folder = tmp_path / "umfrage"
    folder.mkdir()
    head = "answer_id;place_id;age;half_day;weekdays;walk_m"
    (folder / "antworten.csv").write_text(
        f'{head}\nx-1;a;75_84;vormittags;"Mo;Freitag";300\nx-2;b;alt;morning;;\nx-2;b;65_74;;;\n', encoding="utf-8"
    )
    problems = Problems()
    found = read_wishes(tmp_path, problems)
    assert list(found.answers["answer_id"]) == ["x-1", "x-2"]
    first, second = (found.answers.iloc[k] for k in (0, 1))
    assert (first.half_day, first.weekdays, first.walk_m, first.age) == ("", "Mo", 300.0, "75_84")
    assert (second.half_day, second.age) == ("morning", "")
    told = sorted((p.code, p.row, p.column) for p in problems)
    assert told == [
        ("wishes_choice", 2, "half_day"), ("wishes_choice", 2, "weekdays"), ("wishes_choice", 3, "age"), ("wishes_double_id", 4, None),
    ]  # fmt: skip
    assert {p.severity for p in problems} == {"warning"}


def test_a_kept_table_without_its_key_is_an_error(tmp_path: Path) -> None:
    """Nothing is guessed where the column of the answers is gone."""
    folder = tmp_path / "umfrage"
    folder.mkdir()
    (folder / "antworten.csv").write_text("place_id\na\n", encoding="utf-8")
    problems = Problems()
    assert read_wishes(tmp_path, problems).count == 0
    assert [(p.code, p.severity) for p in problems] == [("wishes_file_broken", "error")]
