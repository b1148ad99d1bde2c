"""A run for the people of another year says so wherever a reader begins."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import openpyxl
from rich.console import Console

from ankerort.cli.summary import print_summary
from ankerort.documents.assessment import Assessment
from ankerort.documents.report import write_report
from ankerort.documents.workbook import write_workbook
from ankerort.documents.year import year_line

LINE = "Menschen des Jahres 2035, Variante Trend (Vorausschätzung), Einrichtungen und Fahrpläne von heute."


def test_title_first_page_workbook_and_summary_name_year_and_variant(assessment: Assessment, tmp_path: Path) -> None:
    """The line stands above everything else; the number of people is that of the year."""
    other = dataclasses.replace(assessment, year=2035, variant="trend")
    write_report(other, tmp_path / "report.html", "de")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<title>Versorgung der Orte: Musterkreis, Menschen des Jahres 2035 (Trend)</title>" in page
    assert page.index(LINE) < page.index('id="wichtigstes"')
    assert "Menschen im Jahr 2035" in page
    write_workbook(other, tmp_path / "balance.xlsx", "de")
    sheet = openpyxl.load_workbook(tmp_path / "balance.xlsx", read_only=True)["Lesehilfe"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2, max_row=2)] == [LINE]
    console = Console(width=140, record=True, quiet=False, file=(tmp_path / "out.txt").open("w", encoding="utf-8"))
    print_summary(other, "de", console)
    assert LINE in console.export_text()
    console.file.close()


def test_a_run_of_today_says_nothing_of_a_year(assessment: Assessment) -> None:
    """No line without a year."""
    assert year_line(assessment, "de") == ""


def test_a_year_beyond_the_official_projection_is_marked(assessment: Assessment) -> None:
    """2045 lies beyond 2040; the line says that it is our own extrapolation, in both languages."""
    other = dataclasses.replace(assessment, year=2045, variant="natural")
    assert "eigene Fortschreibung" in year_line(other, "de")
    assert "our own extrapolation" in year_line(other, "en")
    assert "births and deaths only" in year_line(other, "en")
