"""Confidential figures stand in no document: a search through every output file of the sample."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.region.schema import CONFIDENTIAL
from ankerort.text import LANGUAGES, say

from .conftest import Written

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


def test_no_document_holds_a_confidential_column_or_figure(written: Written) -> None:
    """No output file of the sample run names a confidential column, its label or its distinctive figure."""
    figures = {f"{value:g}" for value in written.assessment.region.confidential["turnover_eur_year"].dropna()}
    labels = {say(f"template.column.{column}", lang) for column in SECRET_COLUMNS for lang in LANGUAGES}
    forbidden = {*SECRET_COLUMNS, *labels, *figures, *(f"{int(float(f)):,}".replace(",", ".") for f in figures)}
    files = [path for path in sorted(written.out.rglob("*")) if path.is_file()]
    assert len(files) > 5
    found = [
        f"{path.name}: {word}" for path in files for text in _texts(path) for word in sorted(forbidden) if word in text
    ]
    assert found == []
