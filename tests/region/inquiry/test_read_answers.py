"""Filled inquiry workbooks become answers, whatever their layout has become; what is unclear is asked back."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ankerort.base.problems import Problem
from ankerort.region.inquiry.answers import Answer
from ankerort.region.inquiry.layout import BLOCKS, HIDDEN_SHEET
from ankerort.text.problems import describe_problem, repair_of
from worlds.inquiry_world import AGS, OTHER_AGS, A, Clerk, codes, column, filled, find, read, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the workbook is written."""
    return tmp_path / "abfrage.xlsx"


def _said(answers: tuple[Answer, ...]) -> list[tuple[str, str, str, dict[str, str]]]:
    return [(a.verdict, a.service, a.subject_id, dict(a.values)) for a in answers]


def _only_error(problems: list[Problem], code: str) -> Problem:
    """The one error, which has a sentence and a repair in both languages and names the file."""
    errors = [p for p in problems if p.severity == "error"]
    assert [p.code for p in errors] == [code]
    for lang in ("de", "en"):
        assert "{" not in describe_problem(errors[0], lang) + repair_of(errors[0], lang)
        assert repair_of(errors[0], lang)
    assert errors[0].table.startswith("abfrage.xlsx")
    return errors[0]


def test_an_empty_workbook_with_office_and_day_says_nothing(path: Path) -> None:
    """Prefilled lines are no answers."""
    answers, problems = filled(path, lambda c: c)
    assert answers == ()
    assert problems == []


def test_each_answer_of_a_listed_facility(path: Path) -> None:
    """stimmt, stimmt nicht with what is right, and gibt es nicht mehr with a year, as text, number or date."""

    def fill(clerk: Clerk) -> None:
        clerk.line("Feuerwehr Adorf", Antwort="stimmt")
        clerk.line(
            "Bäckerei Krume", Antwort="stimmt nicht", richtigistName="Backstube", Öffnungszeiten="Di–Sa 6–12 Uhr"
        )
        clerk.line("Rosen-Apotheke", title="Bdorf", Antwort="gibt es nicht mehr", seitJahr=2019)

    answers, problems = filled(path, fill)
    assert _said(answers) == [
        ("correct", "fire_station", "fire", {}),
        ("wrong", "bakery", "baker", {"name": "Backstube", "opening_hours": "Tu-Sa 06:00-12:00"}),
        ("gone", "pharmacy", "maybe", {}),
    ]
    assert answers[2].since_year == "2019"
    assert {a.confirmed_by for a in answers} == {"Bauamt"}
    assert {a.confirmed_on for a in answers} == {"2026-10-01"}
    assert [(a.sheet, a.ags) for a in answers] == [("Adorf", AGS), ("Adorf", AGS), ("Bdorf", AGS)]
    assert codes(problems) == []


@pytest.mark.parametrize(
    "year", ["seit 2019", "Ende 2019", "2019", 2019, 2019.0, dt.datetime(2019, 5, 1), "31.12.2019"]
)
def test_years_are_understood_as_text_number_and_date(path: Path, year: object) -> None:
    """A year that stands in a cell in any of the usual ways is that year."""
    answers, problems = filled(path, lambda c: c.line("Bäckerei Krume", Antwort="gibt es nicht mehr", seitJahr=year))
    assert [a.since_year for a in answers] == ["2019"]
    assert codes(problems) == []


def test_a_year_may_stand_behind_the_answer(path: Path) -> None:
    """ "gibt es nicht mehr seit 2019" in one cell, as the letter to the municipality words it."""
    answers, problems = filled(path, lambda c: c.line("Bäckerei Krume", Antwort="Gibt es nicht mehr seit 2019"))
    assert [(a.verdict, a.since_year) for a in answers] == [("gone", "2019")]
    assert problems == []


def test_gone_without_a_year_counts_with_a_note(path: Path) -> None:
    """The year is welcome, not needed."""
    answers, problems = filled(path, lambda c: c.line("Bäckerei Krume", Antwort="gibt es nicht mehr"))
    assert [(a.verdict, a.since_year) for a in answers] == [("gone", "")]
    assert [(p.code, p.severity) for p in problems] == [("inquiry_gone_without_year", "note")]


def test_a_listed_facility_that_never_was_there_is_absent_itself(path: Path) -> None:
    """ "gibt es hier nicht" beside a facility is about this facility, not about all of its service."""
    answers, _ = filled(path, lambda c: c.line("Bäckerei Krume", Antwort="gibt es hier nicht"))
    assert [(a.subject, a.verdict, a.subject_id) for a in answers] == [("facilities", "absent", "baker")]


def test_a_service_of_which_nothing_is_listed(path: Path) -> None:
    """gibt es hier nicht confirms absence; fehlt names a new facility; gibt es nicht mehr is absence with the year of its end."""

    def fill(clerk: Clerk) -> None:
        clerk.line("Hausarzt", Antwort="fehlt", richtigistName="Praxis am Ring", stufenfrei="teilweise")
        clerk.line("Supermarkt", Antwort="gibt es nicht mehr", seitJahr="2005")
        clerk.line("Dorfladen", title="Bdorf", Antwort="gibt es hier nicht")

    answers, problems = filled(path, fill)
    assert [(a.subject, *said) for a, said in zip(answers, _said(answers), strict=True)] == [
        ("facilities", "new", "general_practitioner", "", {"name": "Praxis am Ring", "wheelchair": "limited"}),
        ("absences", "absent", "supermarket", "", {}),
        ("absences", "absent", "village_shop", "", {}),
    ]
    assert answers[1].since_year == "2005"
    assert codes(problems) == []


def test_agreeing_that_there_is_none_confirms_absence(path: Path) -> None:
    """ "stimmt" beside "nach unserem Wissen keine" is a confirmed absence; beside "nicht bekannt" it means nothing."""
    answers, _ = filled(path, lambda c: c.line("Supermarkt", Antwort="stimmt"))
    assert _said(answers) == [("absent", "supermarket", "", {})]
    answers, problems = filled(path, lambda c: c.line("Hausarzt", Antwort="stimmt"))
    assert answers == ()
    assert _only_error(problems, "inquiry_answer_unfit").row


def test_one_line_for_many_stops(path: Path) -> None:
    """ "stimmt" confirms each of them; "stimmt nicht" is about all together and needs a remark that says which."""
    answers, problems = filled(path, lambda c: c.line("ÖPNV-Haltestelle", Antwort="stimmt"))
    assert [a.subject_id for a in answers] == ["stop1", "stop2", "stop3", "stop4"]
    assert problems == []
    answers, problems = filled(
        path, lambda c: c.line("ÖPNV-Haltestelle", Antwort="stimmt nicht", Bemerkung="Halt 4 verlegt")
    )
    assert [(a.verdict, a.subject_id, a.remark) for a in answers] == [("wrong", "", "Halt 4 verlegt")]
    _, problems = filled(path, lambda c: c.line("ÖPNV-Haltestelle", Antwort="stimmt nicht"))
    _only_error(problems, "inquiry_wrong_without")


def test_lines_added_by_the_office(path: Path) -> None:
    """Blank lines of all blocks, with the values in the notation of the tables."""

    def fill(clerk: Clerk) -> None:
        clerk.blank(
            "2", Funktion="Friseur", Name="Schnittpunkt", StraßeoderLage="Ring 3", Betreiber="privat", stufenfrei="ja"
        )
        clerk.blank(
            "3",
            WasKommt="Bibliothek",
            WoesHält="Schule",
            Wochentag="Di",
            von="9",
            bis="9.30 Uhr",
            alleWochen="14-tägig",
        )
        clerk.blank("4", NamedesVereinsoderderGruppe="SV Adorf", genutzteRäume="Turnhalle", aktiveMitglieder="20 – 49")
        clerk.blank(
            "5", GebäudeNameoderLage="Bahnhof", leerodermitnutzbar="leer", Eigentümer="Gemeinde", ZustandNote15="2-3",
            Flächeinm2="1.200",
        )  # fmt: skip

    answers, problems = filled(path, fill)
    assert problems == []
    assert [(a.subject, a.verdict, a.service, dict(a.values)) for a in answers] == [
        (
            "facilities",
            "new",
            "hairdresser",
            {"name": "Schnittpunkt", "address": "Ring 3", "operator_kind": "privat", "wheelchair": "yes"},
        ),
        (
            "mobile_visits",
            "new",
            "library",
            {"stop_name": "Schule", "weekday": "Tu", "from_time": "09:00", "to_time": "09:30", "rhythm_weeks": "2"},
        ),
        ("clubs", "new", "", {"name": "SV Adorf", "rooms": "Turnhalle", "members_class": "20_49"}),
        (
            "buildings",
            "new",
            "",
            {"use": "vacant", "name": "Bahnhof", "owner_kind": "Gemeinde", "condition": "2.5", "area_m2": "1200"},
        ),
    ]


def test_prefilled_lines_are_confirmed_changed_in_place_or_gone(path: Path) -> None:
    """A changed cell is an answer even where nobody chose one; "stimmt nicht" without any change is a question back."""
    answers, problems = filled(path, lambda c: c.line("Dorfplatz", Antwort="stimmt"))
    assert _said(answers) == [("correct", "bakery", "van", {})]
    answers, problems = filled(path, lambda c: c.line("Dorfplatz", von="10:00", bis="10:30"))
    assert answers[0].verdict == "wrong"
    assert answers[0].values["from_time"] == "10:00"
    assert answers[0].values["weekday"] == "Tu"
    assert codes(problems, "note") == ["inquiry_changed_without_answer"]
    answers, _ = filled(path, lambda c: c.line("Chor", Antwort="gibt es nicht mehr"))
    assert [(a.subject, a.verdict, a.subject_id) for a in answers] == [("clubs", "gone", "choir")]
    _, problems = filled(path, lambda c: c.line("Alte Schule", Antwort="stimmt nicht"))
    _only_error(problems, "inquiry_wrong_without")


# Bad input


def _bad(code: str, fill: Callable[[Clerk], object], path: Path) -> Problem:
    answers, problems = filled(path, fill)
    assert answers == ()
    return _only_error(problems, code)


def test_office_and_day_are_needed(path: Path) -> None:
    """Without an office or a day nothing is confirmed; a person is no office. Both are told at once."""
    clerk = Clerk(write(path)).line("Feuerwehr Adorf", Antwort="stimmt")
    _, problems = read(clerk.save())
    assert codes(problems) == ["inquiry_office_missing", "inquiry_day_missing"]
    assert {p.table for p in problems} == {"abfrage.xlsx/Anleitung"}
    _, problems = read(Clerk(write(path)).cover(office="Frau Muster").save())
    _only_error(problems, "inquiry_office_person")


@pytest.mark.parametrize(
    "day",
    [
        "1.10.2026",
        "01.10.26",
        "1. Oktober 2026",
        "1. Okt. 2026",
        "2026-10-01",
        dt.datetime(2026, 10, 1),
        dt.date(2026, 10, 1),
    ],
)
def test_days_as_text(path: Path, day: object) -> None:
    """A day in any of the usual spellings is that day."""
    clerk = Clerk(write(path)).cover(day=day).line("Feuerwehr Adorf", Antwort="stimmt")
    answers, problems = read(clerk.save())
    assert problems == []
    assert answers[0].confirmed_on == "2026-10-01"


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("Okt. 2026", "inquiry_day_month"),
        ("10/2026", "inquiry_day_month"),
        ("2026", "inquiry_day_month"),
        ("32.13.2026", "inquiry_day_unread"),
        ("gestern", "inquiry_day_unread"),
    ],
)
def test_a_month_is_no_day(path: Path, day: str, code: str) -> None:
    """A month or a year alone is not a day, and is not made one."""
    _, problems = read(Clerk(write(path)).cover(day=day).save())
    found = _only_error(problems, code)
    assert found.row is not None
    assert found.params["value"] == day


def test_a_month_that_excel_made_a_day_is_no_day(path: Path) -> None:
    """Excel makes 1 October of "Okt 2026" and shows the month; the format tells."""
    clerk = Clerk(write(path)).cover(day=dt.datetime(2026, 10, 1))
    cell = find(clerk.sheet("Anleitung"), "ausgefüllt am")
    clerk.sheet("Anleitung").cell(cell.row, cell.column + 1).number_format = "mmm yy"
    _, problems = read(clerk.save())
    _only_error(problems, "inquiry_day_month")


def test_an_unknown_answer_names_the_nearest(path: Path) -> None:
    """A slip of the pen is named with file, sheet, row, column and the answers that are near."""
    found = _bad("inquiry_answer_unknown", lambda c: c.line("Feuerwehr Adorf", Antwort="stimt"), path)
    assert found.table == "abfrage.xlsx/Adorf"
    assert found.column == "Antwort"
    assert found.row == 9
    assert "stimmt" in str(found.params["near"])


def test_stimmt_nicht_needs_what_is_right(path: Path) -> None:
    """ "stimmt nicht" alone is a question back; a remark is enough."""
    _bad("inquiry_wrong_without", lambda c: c.line("Feuerwehr Adorf", Antwort="stimmt nicht"), path)
    answers, problems = filled(
        path, lambda c: c.line("Feuerwehr Adorf", Antwort="stimmt nicht", Bemerkung="steht jetzt am Ring")
    )
    assert [(a.verdict, a.remark) for a in answers] == [("wrong", "steht jetzt am Ring")]
    assert problems == []


def test_absent_but_described_is_a_question_back(path: Path) -> None:
    """A facility that is described cannot be absent."""
    _bad(
        "inquiry_absent_with_values",
        lambda c: c.line("Hausarzt", Antwort="gibt es hier nicht", richtigistName="Dr. Kurz"),
        path,
    )


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Flächeinm2": "1.2"}, "inquiry_amount_unread"),
        ({"Flächeinm2": "1,200"}, "inquiry_amount_unread"),
        ({"Flächeinm2": "viel"}, "inquiry_amount_unread"),
        ({"ZustandNote15": "6"}, "inquiry_mark_unread"),
        ({"Eigentümer": "Graf"}, "inquiry_choice_unknown"),
        ({"leerodermitnutzbar": "halb"}, "inquiry_choice_unknown"),
        ({"leerodermitnutzbar": None}, "inquiry_cell_missing"),
    ],
)
def test_cells_of_buildings_that_could_mean_two_things(path: Path, cells: dict[str, object], code: str) -> None:
    """Numbers, marks and choices that are not clear are named, never guessed."""
    base = {"GebäudeNameoderLage": "Bahnhof", "leerodermitnutzbar": "leer"}
    _bad(code, lambda c: c.blank("5", **{**base, **cells}), path)


@pytest.mark.parametrize(
    ("area", "told"), [("1.200", "1200"), ("1.200,5", "1200.5"), ("12,5 m²", "12.5"), (1200, "1200"), ("120 qm", "120")]
)
def test_german_numbers(path: Path, area: object, told: str) -> None:
    """Points in groups of three part thousands, the comma is the decimal sign."""
    answers, problems = filled(
        path, lambda c: c.blank("5", GebäudeNameoderLage="Bahnhof", leerodermitnutzbar="leer", Flächeinm2=area)
    )
    assert problems == []
    assert answers[0].values["area_m2"] == told


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Wochentag": "Di und Fr"}, "inquiry_weekday_unread"),
        ({"von": "früh"}, "inquiry_time_unread"),
        ({"von": "10", "bis": "9"}, "inquiry_times_turned"),
        ({"alleWochen": "manchmal"}, "inquiry_weeks_unread"),
        ({"WasKommt": "Bibliotek"}, "inquiry_service_unknown"),
        ({"WasKommt": None}, "inquiry_service_missing"),
    ],
)
def test_cells_of_mobile_offers_that_are_not_clear(path: Path, cells: dict[str, object], code: str) -> None:
    """Weekday, times and rhythm are read for certain or named."""
    base = {"WasKommt": "Bibliothek", "Wochentag": "Montag"}
    found = _bad(code, lambda c: c.blank("3", **{**base, **cells}), path)
    if code == "inquiry_service_unknown":
        assert "Bibliothek" in str(found.params["near"])


def test_years_that_are_none(path: Path) -> None:
    """Two years, or none, in the cell of the year."""
    for value in ("lange her", "2018 oder 2019"):
        _bad(
            "inquiry_year_unread",
            lambda c, v=value: c.line("Bäckerei Krume", Antwort="gibt es nicht mehr", seitJahr=v),
            path,
        )


def test_opening_hours_that_are_not_understood_stay_as_remark(path: Path) -> None:
    """Nothing the office wrote is lost, and nothing is guessed."""
    answers, problems = filled(
        path,
        lambda c: c.line("Feuerwehr Adorf", Antwort="stimmt nicht", Öffnungszeiten="1. Di im Monat", Bemerkung="neu"),
    )
    assert codes(problems, "warning") == ["inquiry_hours_unread"]
    assert answers[0].values == {}
    assert answers[0].remark == "neu; Öffnungszeiten laut Rückmeldung: 1. Di im Monat"


def test_details_without_an_answer_are_read_with_a_warning(path: Path) -> None:
    """Whoever fills in what is right says "stimmt nicht"; a remark alone says nothing that could be taken over."""
    answers, problems = filled(path, lambda c: c.line("Feuerwehr Adorf", richtigistName="Wache Adorf"))
    assert _said(answers) == [("wrong", "fire_station", "fire", {"name": "Wache Adorf"})]
    assert codes(problems, "warning") == ["inquiry_values_without_answer"]
    answers, problems = filled(path, lambda c: c.line("Feuerwehr Adorf", Bemerkung="fragen"))
    assert answers == ()
    assert codes(problems, "warning") == ["inquiry_remark_only"]


def test_unknown_is_an_empty_cell(path: Path) -> None:
    """ "nicht bekannt" and "?" say nothing."""
    answers, problems = filled(path, lambda c: c.line("Feuerwehr Adorf", Antwort="nicht bekannt", stufenfrei="?"))
    assert (answers, problems) == ((), [])


def test_contradictory_lines_are_both_shown(path: Path) -> None:
    """Two answers about one facility: the error names both rows and both answers."""

    def fill(clerk: Clerk) -> None:
        clerk.line("Feuerwehr Adorf", Antwort="stimmt")
        sheet = clerk.sheet()
        row = next(r[0].row for r in sheet.iter_rows() if any(str(c.value).startswith("Feuerwehr Adorf") for c in r))
        for c in range(1, sheet.max_column + 1):
            sheet.cell(60, c).value = sheet.cell(row, c).value  # a copied line
        # the copy stands below the last block, so it needs the head of its block
        for c in range(1, sheet.max_column + 1):
            sheet.cell(59, c).value = sheet.cell(7, c).value
        clerk.fill(60, Antwort="gibt es nicht mehr", seitJahr="2020")

    _, problems = filled(path, fill)
    found = _only_error(problems, "inquiry_contradiction")
    assert (found.row, found.params["first_row"]) == (60, 9)
    assert "stimmt" in str(found.params["first"])
    assert "gibt es nicht mehr, 2020" in str(found.params["second"])


def test_absence_against_a_new_one_contradicts(path: Path) -> None:
    """What does not exist in a place cannot be named there in another block."""

    def fill(clerk: Clerk) -> None:
        clerk.line("Hausarzt", Antwort="gibt es hier nicht")
        clerk.blank("2", Funktion="Hausarztpraxis", Name="Dr. Kurz")

    _, problems = filled(path, fill)
    _only_error(problems, "inquiry_contradiction")


def test_the_same_answer_twice_counts_once(path: Path) -> None:
    """A line filled in twice in the same words is told and counted once."""

    def fill(clerk: Clerk) -> None:
        for number in (1, 2):
            clerk.blank("2", number if number == 1 else 1, Funktion="Friseur", Name="Schnitt")

    answers, problems = filled(path, fill)
    assert len(answers) == 1
    assert [p.code for p in problems] == ["inquiry_said_twice"]


# Layout


def test_columns_and_lines_in_another_order(path: Path) -> None:
    """Columns are found by their heads and lines by their keys: moving, adding and sorting them changes nothing."""

    def fill(clerk: Clerk) -> None:
        clerk.line("Feuerwehr Adorf", Antwort="stimmt", stufenfrei="ja")
        clerk.line("Hausarzt", Antwort="fehlt", richtigistName="Dr. Kurz")

    plain, _ = filled(path, fill)
    clerk = Clerk(path)
    sheet = clerk.sheet()
    sheet.insert_cols(3, 2)  # the office added columns of its own
    sheet.insert_rows(9, 2)
    rows = [[c.value for c in r] for r in sheet.iter_rows()]
    other = clerk.book.create_sheet("umsortiert")
    for number, values in enumerate(rows, start=1):
        for c, value in enumerate(reversed(values), start=1):
            if number >= 7:  # the table mirrored, its head above as it was
                other.cell(number, c).value = value
            else:
                other.cell(number, len(values) + 1 - c).value = value
    clerk.book.remove(sheet)
    other.title = "Adorf"
    clerk.book.move_sheet("Adorf", -3)
    answers, problems = read(clerk.save())
    assert codes(problems) == []
    assert _said(answers) == _said(plain)


def test_sorted_lines_keep_their_meaning(path: Path) -> None:
    """Two lines changed places with their keys."""

    def fill(clerk: Clerk) -> None:
        clerk.line("Feuerwehr Adorf", Antwort="stimmt")
        sheet = clerk.sheet()
        for c in range(1, sheet.max_column + 1):
            first, second = sheet.cell(9, c).value, sheet.cell(10, c).value
            sheet.cell(9, c).value, sheet.cell(10, c).value = second, first

    answers, problems = filled(path, fill)
    assert problems == []
    assert [(a.subject_id, a.row) for a in answers] == [("fire", 10)]


def test_a_needed_column_that_is_gone_is_named(path: Path) -> None:
    """Without the column of the answers the block cannot be read: file, sheet, row, head, and what it may be called now."""

    def fill(clerk: Clerk) -> None:
        cell = find(clerk.sheet(), "Antwort")
        cell.value = "Antworten"

    found = _bad("inquiry_column_missing", fill, path)
    assert (found.table, found.row, found.column) == ("abfrage.xlsx/Adorf", 7, "Antwort")
    assert "Antworten" in str(found.params["near"])


def test_a_merged_answer_over_several_lines_is_a_question_back(path: Path) -> None:
    """Whether it holds for all lines or the first one cannot be told; a merged remark holds for all."""

    def fill(clerk: Clerk) -> None:
        clerk.line("Feuerwehr Adorf", Antwort="stimmt")
        at = column(clerk.sheet(), 9, "Antwort")
        clerk.sheet().merge_cells(start_row=9, end_row=10, start_column=at, end_column=at)

    _, problems = filled(path, fill)
    found = _only_error(problems, "inquiry_merged_rows")
    assert (found.row, found.params["last"]) == (9, 10)

    def remark(clerk: Clerk) -> None:
        clerk.line("Feuerwehr Adorf", Antwort="stimmt", Bemerkung="beide am Markt")
        clerk.line("Bäckerei Krume", Antwort="stimmt")
        at = column(clerk.sheet(), 9, "Bemerkung")
        clerk.sheet().merge_cells(start_row=9, end_row=10, start_column=at, end_column=at)

    answers, problems = filled(path, remark)
    assert [a.remark for a in answers] == ["beide am Markt", "beide am Markt"]
    assert problems == []


def test_cells_merged_side_by_side_count_for_the_first_column(path: Path) -> None:
    """A name written over two merged columns is the name."""

    def fill(clerk: Clerk) -> None:
        clerk.line("Hausarzt", Antwort="fehlt", richtigistName="Dr. Kurz")
        at = column(clerk.sheet(), 8, "richtig ist: Name")
        clerk.sheet().merge_cells(start_row=8, end_row=8, start_column=at, end_column=at + 1)

    answers, problems = filled(path, fill)
    assert problems == []
    assert answers[0].values == {"name": "Dr. Kurz"}


def test_without_the_hidden_sheet_names_tell(path: Path) -> None:
    """A deleted hidden sheet costs nothing: the municipality stands on the first sheet, the place at the head of its own."""

    def fill(clerk: Clerk) -> None:
        clerk.line("Feuerwehr Adorf", Antwort="stimmt")
        del clerk.book[HIDDEN_SHEET]

    answers, problems = filled(path, fill)
    assert problems == []
    assert [(a.ags, a.place_id) for a in answers] == [(AGS, A)]


def test_without_keys_the_name_tells_or_the_line_is_named(path: Path) -> None:
    """A line whose key was deleted is known by the name that it lists, if there is exactly one of it."""

    def without_keys(clerk: Clerk) -> None:
        sheet = clerk.sheet()
        for row in sheet.iter_rows():
            for cell in row:
                if str(cell.value or "").startswith("{"):
                    cell.value = None

    def fill(clerk: Clerk) -> None:
        clerk.line("Feuerwehr Adorf", Antwort="stimmt")
        clerk.line("Hausarzt", Antwort="gibt es hier nicht")
        without_keys(clerk)

    answers, problems = filled(path, fill)
    assert problems == []
    assert _said(answers) == [("absent", "general_practitioner", "", {}), ("correct", "fire_station", "fire", {})]

    def renamed(clerk: Clerk) -> None:
        clerk.line("Feuerwehr Adorf", Antwort="stimmt", Waswirannehmen="Irgendwas")
        without_keys(clerk)

    _bad("inquiry_key_missing", renamed, path)


def test_an_unknown_place_name_gets_a_suggestion(path: Path) -> None:
    """The name at the head of a sheet that no place has: error with the nearest names of the municipality."""

    def fill(clerk: Clerk) -> None:
        sheet = clerk.sheet()
        sheet.cell(1, 3).value = "Adorff"
        clerk.line("Feuerwehr Adorf", Antwort="stimmt")
        del clerk.book[HIDDEN_SHEET]

    clerk = Clerk(write(path)).cover()
    fill(clerk)
    _, problems = read(clerk.save())
    found = _only_error(problems, "inquiry_place_unknown")
    assert "Adorf" in str(found.params["near"])


def test_a_sheet_of_another_municipality_is_refused(path: Path, tmp_path: Path) -> None:
    """Copied into this workbook, as a whole or line by line, it is named with both municipalities."""
    other = Clerk(write(tmp_path / "andere.xlsx", ags=OTHER_AGS))

    def whole(clerk: Clerk) -> None:
        pasted = clerk.book.create_sheet("Cstadt")
        for row in other.sheet("Cstadt").iter_rows():
            for cell in row:
                pasted.cell(cell.row, cell.column).value = cell.value

    _, problems = filled(path, whole)
    found = _only_error(problems, "inquiry_place_elsewhere")
    assert (found.table, found.params["other"]) == ("abfrage.xlsx/Cstadt", "Beistadt")

    def line(clerk: Clerk) -> None:
        source = other.sheet("Cstadt")
        for c in range(1, source.max_column + 1):
            clerk.sheet().cell(9, c).value = source.cell(8, c).value
        clerk.fill(9, Antwort="stimmt")

    _, problems = filled(path, line)
    found = _only_error(problems, "inquiry_line_municipality")
    assert (found.row, found.params["municipality"]) == (9, "Beistadt")


def test_a_line_of_another_place_is_refused(path: Path) -> None:
    """A line that was copied from the sheet of a neighbouring place."""

    def fill(clerk: Clerk) -> None:
        source = clerk.sheet("Bdorf")
        for c in range(1, source.max_column + 1):
            clerk.sheet().cell(9, c).value = source.cell(8, c).value
        clerk.fill(9, Antwort="stimmt")

    _, problems = filled(path, fill)
    _only_error(problems, "inquiry_line_place")


@pytest.mark.parametrize(
    ("label", "value", "code"),
    [
        ("AGS", OTHER_AGS, "inquiry_ags_differs"),
        ("Gemeinde", "Beistadt", "inquiry_name_differs"),
    ],
)
def test_a_cover_of_another_municipality_is_refused(path: Path, label: str, value: str, code: str) -> None:
    """Key and name on the first sheet must be those of the workbook."""
    clerk = Clerk(write(path)).cover()
    sheet = clerk.sheet("Anleitung")
    cell = find(sheet, label)
    sheet.cell(cell.row, cell.column + 1).value = value
    _, problems = read(clerk.save())
    assert _only_error(problems, code).table == "abfrage.xlsx/Anleitung"


def test_an_unknown_municipality_gets_a_suggestion(path: Path) -> None:
    """Without keys the name counts, and a wrong one names the nearest."""
    clerk = Clerk(write(path)).cover()
    sheet = clerk.sheet("Anleitung")
    for label, value in (("AGS", None), ("Gemeinde", "Amtsdorff")):
        cell = find(sheet, label)
        sheet.cell(cell.row, cell.column + 1).value = value
    del clerk.book[HIDDEN_SHEET]
    _, problems = read(clerk.save())
    assert "Amtsdorf" in str(_only_error(problems, "inquiry_municipality_unknown").params["near"])


def test_all_problems_are_told_at_once(path: Path) -> None:
    """One bad line does not hide the next."""

    def fill(clerk: Clerk) -> None:
        clerk.line("Feuerwehr Adorf", Antwort="vielleicht")
        clerk.line("Bäckerei Krume", Antwort="gibt es nicht mehr", seitJahr="früher")
        clerk.line("Rosen-Apotheke", title="Bdorf", Antwort="stimmt nicht")

    _, problems = filled(path, fill)
    assert codes(problems) == ["inquiry_answer_unknown", "inquiry_year_unread", "inquiry_wrong_without"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("abfrage.xlsx", b"no workbook", "inquiry_file_broken"),
        ("abfrage.xls", b"old", "inquiry_file_format"),
        ("abfrage.xlsx", None, "inquiry_file_missing"),
    ],
)
def test_files_that_are_no_workbooks(tmp_path: Path, name: str, content: bytes | None, code: str) -> None:
    """Missing, broken and old files are named, none crashes."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    answers, problems = read(path)
    assert (answers, codes(problems)) == ((), [code])


def test_a_workbook_of_something_else(path: Path) -> None:
    """A workbook without any sheet of an inquiry."""
    book = openpyxl.Workbook()
    book.active["A1"] = "Haushalt"
    book.save(path)
    _, problems = read(path)
    _only_error(problems, "inquiry_no_sheet")


def test_saved_by_libreoffice(path: Path, tmp_path: Path) -> None:
    """LibreOffice writes the file anew; the answers stay the same."""
    office = shutil.which("libreoffice") or shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    import subprocess

    plain, _ = filled(path, lambda c: c.line("Feuerwehr Adorf", Antwort="stimmt", Bemerkung="=1+1"))
    out = tmp_path / "neu"
    subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/profil", "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )  # fmt: skip
    answers, problems = read(out / path.name)
    assert problems == []
    assert _said(answers) == _said(plain)


def test_heads_of_blocks_are_told_apart() -> None:
    """No two columns of a block have the same head, in either language, so that a column is never taken for another."""
    for block in BLOCKS:
        for lang in ("de", "en"):
            heads = [f.head(block.id, lang) for f in block.fields]
            assert len(set(heads)) == len(heads)


_TEXTS = st.text(
    alphabet=st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), min_size=1, max_size=60
).filter(lambda t: any(c.isalnum() for c in t)) | st.sampled_from(
    ["=1+1", "'Alte' Post", "-2 Plätze", "@SUMME(A1)", "+49 x", "Zeile 1\nZeile 2", "Haus 🏠 am Bach", "x" * 5000, "=HYPERLINK(\"a\")"]
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=_TEXTS, remark=_TEXTS)
def test_texts_come_back_as_they_were_written(path: Path, name: str, remark: str) -> None:
    """Whatever an office writes as name or remark comes back sign by sign, but for blanks at the ends."""

    def fill(clerk: Clerk) -> None:
        clerk.line("Hausarzt", Antwort="fehlt")
        sheet = clerk.sheet()
        for head, value in (("richtig ist: Name", name), ("Bemerkung", remark)):
            cell = sheet.cell(8, column(sheet, 8, head))
            cell.value = value
            cell.data_type = "s"  # as Excel keeps a text in a cell of the format text

    answers, problems = filled(path, fill)
    assert codes(problems) == []
    expected = {} if name.strip().casefold() in ("unknown", "unbekannt") else {"name": name.strip()}
    assert dict(answers[0].values) == expected
    assert answers[0].remark == remark.strip()
