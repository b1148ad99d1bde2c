"""Answers that lie in the inbox are known by their content and pointed to the import."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ankerort.base.problems import Problems
from ankerort.region.inbox.listing import list_inbox
from ankerort.region.inbox.recognise import recognise_files
from ankerort.region.inquiry.layout import HIDDEN_SHEET
from ankerort.text.problems import repair_of
from worlds import inquiry_world, tiny_region


def _codes(folder: Path) -> list[str]:
    problems = Problems()
    found = recognise_files(
        list_inbox(folder, problems=problems), catalogue=tiny_region.catalogue(), this_year=2026, problems=problems
    )
    assert found == []
    assert all(
        "inquiry import" in repair_of(p, lang) for p in problems if p.code == "inbox_inquiry" for lang in ("de", "en")
    )
    return [p.code for p in problems]


@pytest.mark.parametrize("hidden", [True, False])
def test_a_workbook_of_the_inquiry_is_known(tmp_path: Path, hidden: bool) -> None:
    """With its hidden sheet or without it, under any name: the repair names the command."""
    path = inquiry_world.write(tmp_path / "Rückmeldung.xlsx")
    if not hidden:
        book = openpyxl.load_workbook(path)
        del book[HIDDEN_SHEET]
        book.save(path)
    assert _codes(tmp_path) == ["inbox_inquiry"]


def test_a_list_with_the_same_heads_is_none(tmp_path: Path) -> None:
    """Heads alone, without a place for office and day, are those of any list."""
    book = openpyxl.Workbook()
    book.active.append(["Funktion", "Name", "Öffnungszeiten", "Betreiber", "Bemerkung"])
    book.active.append(["Bäckerei", "Krume", "", "", ""])
    book.save(tmp_path / "liste.xlsx")
    assert "inbox_inquiry" not in _codes(tmp_path)
