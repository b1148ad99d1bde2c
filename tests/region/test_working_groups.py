from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.documents.working_groups_book import write_working_groups
from ankerort.region.working_groups import (
    FILE_NAME,
    Agreed,
    WorkingGroups,
    read_working_groups,
    with_agreed_standards,
)
from ankerort.text import Language

CATALOGUE = read_catalogue()


def book(folder: Path, *, lang: Language = "de", **rows: list[list[object]]) -> Path:
    """The workbook as Ankerort makes it, with rows written over the first ones of a sheet."""
    path = folder / FILE_NAME
    write_working_groups(path, catalogue=CATALOGUE, lang=lang)
    found = openpyxl.load_workbook(path)
    names = dict(zip(("members", "owed", "standards"), found.sheetnames, strict=False))
    for sheet, lines in rows.items():
        page = found[names[sheet]]
        page.delete_rows(2, 100)
        for line in lines:
            page.append(line)
    found.save(path)
    return path


def read(folder: Path) -> tuple[WorkingGroups, Problems]:
    problems = Problems()
    return read_working_groups(folder, catalogue=CATALOGUE, problems=problems), problems


def codes(problems: Problems) -> list[tuple[str, int | None]]:
    return [(p.code, p.row) for p in problems]


def test_without_a_table_there_is_nothing(tmp_path: Path) -> None:
    """No workbook is no mistake."""
    found, problems = read(tmp_path)
    assert not found.exists
    assert not list(problems)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_new_table_is_readable_and_owes_nothing_yet(tmp_path: Path, lang: Language) -> None:
    """The workbook as made names groups and usual data, but no office and no day: suggestions, no mistakes."""
    book(tmp_path, lang=lang)
    found, problems = read(tmp_path)
    assert {o.group for o in found.owed} == {g.id for g in CATALOGUE.working_groups}
    assert all(not o.office and not o.due_on for o in found.owed)
    assert not list(problems)


def test_members_are_offices(tmp_path: Path) -> None:
    """Members are parted by semicolons; a cell that names a person is a warning with its row."""
    book(
        tmp_path,
        members=[
            ["Mobilität", "Aufgabenträger", "Fachdienst 1; VG Flechtingen", ""],
            ["Brandschutz", "Herr Muster", "x@y.de", ""],
        ],
    )
    found, problems = read(tmp_path)
    assert found.members[0].members == ("Fachdienst 1", "VG Flechtingen")
    assert codes(problems) == [("groups_person", 3), ("groups_person", 3)]


def test_open_items_stand_by_day(tmp_path: Path) -> None:
    """What is delivered is not open; the earliest day comes first, what has none last; days may be text or dates."""
    book(
        tmp_path,
        owed=[
            ["Mobilität", "C", "Amt C", "", "", ""],
            ["Mobilität", "B", "Amt B", "1.2.2027", "", ""],
            ["Bildung und Kita", "A", "Amt A", "15.01.2027", "", ""],
            ["Brandschutz", "D", "Amt D", "01.01.2027", "20.12.2026", ""],
        ],
    )
    found, problems = read(tmp_path)
    assert [o.data for o in found.open_items()] == ["A", "B", "C"]
    assert found.open_items()[0].due_on == "2027-01-15"
    assert codes(problems) == [("groups_no_due_on", 2)]


def test_all_mistakes_are_told_together(tmp_path: Path) -> None:
    """Unknown groups, services and modes, unreadable days and numbers are errors with row and column; what is right is still read."""
    book(
        tmp_path,
        owed=[["Mobilitt", "A", "Amt", "Okt. 2026", "", ""], ["Mobilität", "", "Amt", "1.1.2027", "", ""]],
        standards=[
            ["Gesundheit und Pflege", "Hausartzpraxis", "Auto", "Mindestwert", 12, "01.10.2026", ""],
            ["Gesundheit und Pflege", "Hausarztpraxis", "Auto", "Mindestwert", -3, "", ""],
            ["Gesundheit und Pflege", "Hausarztpraxis", "Auto", "Mindestwert", 12, "01.10.2026", "Fahrzeit heute"],
        ],
    )
    found, problems = read(tmp_path)
    assert codes(problems) == [
        ("groups_unknown", 2),
        ("groups_day", 2),
        ("groups_no_data", 3),
        ("groups_unknown", 2),
        ("groups_value", 3),
        ("groups_no_agreed_on", 3),
    ]
    assert next(iter(problems)).params["similar"] == "mobilität"
    assert [a.value for a in found.agreed] == [12.0]


def test_missing_column_is_named(tmp_path: Path) -> None:
    """A sheet without a needed column is an error, and nothing of it is used."""
    path = book(tmp_path, owed=[["Mobilität", "A", "Amt", "1.1.2027", "", ""]])
    found = openpyxl.load_workbook(path)
    found[found.sheetnames[1]].cell(1, 3).value = "Zuständig"
    found.save(path)
    groups, problems = read(tmp_path)
    assert groups.owed == ()
    problem = next(iter(problems))
    assert problem.code == "groups_columns"
    assert "Wer liefert" in str(problem.params["missing"])


def agreed(service: str, value: float, day: str, kind: str = "minimum", mode: str = "car") -> Agreed:
    return Agreed("health_care", service, mode, kind, value, day, "", 2)  # type: ignore[arg-type]


def test_agreed_standard_replaces_that_of_the_catalogue() -> None:
    """The latest agreement holds, names group and day, and changes the key of the catalogue; other standards stay."""
    groups = WorkingGroups(
        True, agreed=(agreed("general_practitioner", 9, "2026-11-01"), agreed("general_practitioner", 12, "2026-10-01"))
    )
    new = with_agreed_standards(CATALOGUE, groups)
    value = new.services["general_practitioner"].standards["car"].minimum
    assert (value.value, value.agreed_by, value.agreed_on) == (9, "AG Gesundheit und Pflege", "2026-11-01")
    assert new.content_hash != CATALOGUE.content_hash
    assert new.services["pharmacy"].standards == CATALOGUE.services["pharmacy"].standards
    assert with_agreed_standards(CATALOGUE, WorkingGroups(True)) is CATALOGUE


def test_weaker_target_goes_with_its_minimum() -> None:
    """A target that would be weaker than the minimum agreed now is dropped: it would contradict it."""
    service = next(
        s for s in CATALOGUE.services.values() for m in s.standards.values() if m.target is not None and m.mode == "car"
    )
    target = service.standards["car"].target
    assert target is not None
    new = with_agreed_standards(
        CATALOGUE, WorkingGroups(True, agreed=(agreed(service.id, target.value / 2, "2026-11-01"),))
    )
    assert new.services[service.id].standards["car"].target is None


def test_law_can_only_be_tightened(tmp_path: Path) -> None:
    """A value weaker than a standard of law is an error and does not hold; a stricter one does."""
    service = CATALOGUE.services["general_practitioner"]
    standard = service.standards["car"]
    lawful = replace(standard, minimum=replace(standard.minimum, legal_status="law"))
    of_law = replace(service, standards={**service.standards, "car": lawful})
    catalogue = replace(CATALOGUE, services={**CATALOGUE.services, service.id: of_law})
    limit = standard.minimum.value
    rows = [
        ["Gesundheit und Pflege", service.label_de, "Auto", "Mindestwert", v, "01.10.2026", ""]
        for v in (limit + 5, limit - 5)
    ]
    book(tmp_path, standards=rows)
    problems = Problems()
    found = read_working_groups(tmp_path, catalogue=catalogue, problems=problems)
    assert codes(problems) == [("groups_law", 2)]
    assert [a.value for a in found.agreed] == [limit - 5]
