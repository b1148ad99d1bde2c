"""Documents are written whole or not at all, beside files that are held open, and equally each time."""

from __future__ import annotations

import dataclasses
from dataclasses import fields
from pathlib import Path

import pytest

from ankerort.base.files import sha256_of
from ankerort.documents import write
from ankerort.documents.write import FORECAST_TABLES, INTERNAL_FILE, REGION_TABLES, write_documents
from ankerort.supply.depth import Depth
from ankerort.supply.model import Supply

SHOWN = ["report.html", "bericht.pdf", "bericht.docx", "balance.xlsx", "supply.gpkg", "run.json", "tables"]


def _files(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): sha256_of(p) for p in sorted(folder.rglob("*")) if p.is_file()}


def test_all_documents_are_there_and_no_temporary_file(written) -> None:
    """The documents in reading order; every table of supply, of supply in depth, of the forecast and the open ones of the region;
    and nothing else."""
    assert [p.relative_to(written.out).as_posix() for p in written.files] == SHOWN
    assert written.assessment.forecast is not None
    of_supply = [f.name for of in (Supply, Depth) for f in fields(of) if f.name != "problems"]
    tables = {f"tables/{t}.parquet" for t in (*of_supply, *FORECAST_TABLES, *REGION_TABLES)}
    assert set(_files(written.out)) == tables | set(SHOWN[:-1])


def test_without_a_forecast_its_tables_are_not_there(assessment, tmp_path) -> None:
    """Where the data allow no forecast no empty table stands for one; all other files are the same."""
    write_documents(dataclasses.replace(assessment, forecast=None), tmp_path)
    assert not {f"tables/{t}.parquet" for t in FORECAST_TABLES} & set(_files(tmp_path))
    assert "tables/equity.parquet" in _files(tmp_path)


def test_the_internal_workbook_comes_only_when_asked_for_and_an_older_one_stays(assessment, tmp_path) -> None:
    """``intern.xlsx`` stands last among the documents if asked for; a later run without it leaves it as it was."""
    files = write_documents(assessment, tmp_path, internal=True)
    assert [p.name for p in files] == [*SHOWN[:-1], INTERNAL_FILE, "tables"]
    before = sha256_of(tmp_path / INTERNAL_FILE)
    assert INTERNAL_FILE not in [p.name for p in write_documents(assessment, tmp_path)]
    assert sha256_of(tmp_path / INTERNAL_FILE) == before


def test_equal_figures_give_equal_bytes(written, tmp_path) -> None:
    """The same assessment written again is the same, byte by byte: no clock, no order by chance."""
    write_documents(written.assessment, tmp_path, lang=written.lang)
    assert _files(tmp_path) == _files(written.out)


def test_a_held_file_is_left_and_the_new_one_stands_beside(assessment, tmp_path, monkeypatch) -> None:
    """Where Excel holds the workbook open, the old one stays and the new one is told under its name."""
    old = tmp_path / "balance.xlsx"
    old.write_bytes(b"held")
    replace = Path.replace

    def held(self: Path, target: Path) -> Path:
        if Path(target) == old:
            raise PermissionError(13, "held by another program")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    files = write_documents(assessment, tmp_path)
    assert old.read_bytes() == b"held"
    assert tmp_path / "balance-neu-2.xlsx" in files
    assert (tmp_path / "balance-neu-2.xlsx").read_bytes()[:2] == b"PK"
    assert not [p for p in tmp_path.rglob(".*") if p.is_file()]


def test_a_failing_writer_changes_nothing(assessment, tmp_path, monkeypatch) -> None:
    """If one document cannot be made, the documents of the last run stay as they were and no part is left."""
    for name in ("report.html", "supply.gpkg"):
        (tmp_path / name).write_bytes(b"old")

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(write, "write_geopackage", fails)
    with pytest.raises(OSError, match="disk full"):
        write_documents(assessment, tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == {
        "report.html": b"old",
        "supply.gpkg": b"old",
    }
