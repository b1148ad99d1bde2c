"""Confidential figures stand in no document: a search through every output file of the sample."""

from __future__ import annotations

import dataclasses
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ankerort.documents.assessment import Assessment
from ankerort.documents.internal import internal_facilities, present_year, write_internal
from ankerort.documents.write import INTERNAL_FILE, write_documents
from ankerort.region.schema import CONFIDENTIAL
from ankerort.text import LANGUAGES, Language, say

from .conftest import Written

INTERNAL_REASONS = ("no_successor", "successor_unknown", "lease_ends")
SECRET_COLUMNS = [c for c in CONFIDENTIAL.names if c not in ("facility_id", "source_id", "source_ref")]


def _texts(path: Path) -> Iterator[str]:
    """All texts of a file: names of columns and cells, whatever the format."""
    if path.suffix == ".parquet":
        table = pd.read_parquet(path)
        yield "\n".join(str(c) for c in table.columns)
        yield table.drop(columns="geometry", errors="ignore").to_csv(index=False)
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode("utf-8", errors="replace")
    elif path.suffix == ".gpkg":
        with sqlite3.connect(path) as base:
            yield "\n".join(base.iterdump())
    else:
        yield path.read_bytes().decode("utf-8", errors="replace")


def test_the_search_would_find_a_secret(tmp_path: Path, assessment: Assessment) -> None:
    """The sample holds confidential figures, and the search finds them where they are written."""
    secret = assessment.region.confidential
    assert len(secret) >= 3
    assert secret["turnover_eur_year"].notna().any()
    for name, write in (("a.parquet", secret.to_parquet), ("a.csv", secret.to_csv), ("a.xlsx", secret.to_excel)):
        write(tmp_path / name)
        text = "\n".join(_texts(tmp_path / name))
        assert "turnover_eur_year" in text and "412345" in text


def _forbidden(assessment: Assessment) -> set[str]:
    """Confidential columns, their labels, the figures, and what follows from them in words."""
    figures = {f"{value:g}" for value in assessment.region.confidential["turnover_eur_year"].dropna()}
    labels = {say(f"template.column.{column}", lang) for column in SECRET_COLUMNS for lang in LANGUAGES}
    reasons = {say(f"security_reason.{reason}", lang) for reason in INTERNAL_REASONS for lang in LANGUAGES}
    numbers = {f"{int(float(f)):,}".replace(",", ".") for f in figures}
    return {*SECRET_COLUMNS, *INTERNAL_REASONS, *labels, *reasons, *figures, *numbers}


def _found(out: Path, forbidden: set[str]) -> list[tuple[str, str]]:
    files = [path for path in sorted(out.rglob("*")) if path.is_file()]
    assert len(files) > 5
    return [(path.name, word) for path in files for text in _texts(path) for word in sorted(forbidden) if word in text]


def test_no_document_holds_a_confidential_column_or_figure(written: Written) -> None:
    """No output file of the sample run names a confidential column, its label, a reason from it or its distinctive figure."""
    assert _found(written.out, _forbidden(written.assessment)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_with_internal_only_the_internal_workbook_holds_them(
    lang: Language, assessment: Assessment, tmp_path: Path
) -> None:
    """Asked for, the figures stand in ``intern.xlsx`` and nowhere else; each of its sheets is marked confidential."""
    write_documents(assessment, tmp_path, lang=lang, internal=True)
    found = _found(tmp_path, _forbidden(assessment))
    assert {name for name, _ in found} == {INTERNAL_FILE}
    words = {word for _, word in found}
    assert {"412345", say("security_reason.no_successor", lang), say("template.column.rent_eur_m2", lang)} <= words
    book = openpyxl.load_workbook(tmp_path / INTERNAL_FILE)
    assert [s.title for s in book] == [say("sheet.aid", lang), say("sheet.internal", lang)]
    assert all(sheet.oddHeader.right.text == say("internal.mark", lang) for sheet in book)


def test_the_internal_light_is_the_worst_of_all_reasons(assessment: Assessment) -> None:
    """The sample's village shop has people enough but nobody to take it over: green for everybody, red inside, and first."""
    table = internal_facilities(assessment, "de")
    assert len(table) == len(assessment.region.confidential)
    assert set(table["facility_id"]) == set(assessment.region.confidential["facility_id"])
    shop = table[table["internal_turnover"] == 412345].iloc[0]
    assert shop["quality_security"] == say("security.green", "de")
    assert shop["internal_security"] == say("security.red", "de")
    assert say("security_reason.no_successor", "de") in shop["internal_reasons"]
    lights = [say(f"security.{light}", "de") for light in ("red", "amber", "green", "unknown")]
    order = [lights.index(light) for light in table["internal_security"]]
    assert order == sorted(order)


def test_terms_count_from_the_year_of_the_data_not_of_the_clock(assessment: Assessment) -> None:
    """The year of the service day; without a timetable that of the newest source."""
    assert present_year(assessment) == int(assessment.pt.date[:4])
    untimed = dataclasses.replace(assessment, pt=dataclasses.replace(assessment.pt, date=""))
    assert present_year(untimed) == int(max(assessment.region.sources["date"])[:4])


def test_without_confidential_figures_the_internal_workbook_says_so(assessment: Assessment, tmp_path: Path) -> None:
    """Who asks for it learns that there are none, instead of finding no file or an empty table without a word."""
    region = dataclasses.replace(assessment.region, confidential=CONFIDENTIAL.empty())
    write_internal(dataclasses.replace(assessment, region=region), tmp_path / "intern.xlsx", "de")
    book = openpyxl.load_workbook(tmp_path / "intern.xlsx")
    lines = [row[0] for row in book[say("sheet.aid", "de")].iter_rows(values_only=True)]
    assert say("internal.none", "de") in lines
    assert book[say("sheet.internal", "de")]["A2"].value == say("sheet.empty", "de")
