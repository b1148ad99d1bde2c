"""Writes all documents of a run: to temporary files first, then renamed, so that no half file is ever there."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from ankerort.base.files import write_beside_if_held
from ankerort.base.progress import SILENT, Progress
from ankerort.documents.assessment import Assessment
from ankerort.documents.geopackage import write_geopackage
from ankerort.documents.report import write_report
from ankerort.documents.workbook import write_workbook
from ankerort.text import Language

PARQUET_TABLES = ("recording", "nearest", "place_service", "area_service", "bundle_of_five")


def write_documents(
    assessment: Assessment, out: Path, *, lang: Language = "de", progress: Progress = SILENT
) -> tuple[Path, ...]:
    """Write report, workbook, geopackage, Parquet tables and ``run.json`` into `out`.

    Returns
    -------
    tuple of Path
        Files in reading order. Where a file is held open by another program (Excel), the new one stands beside it as
        ``name-neu-2.xlsx``, and that path is returned.
    """
    out.mkdir(parents=True, exist_ok=True)
    makers: tuple[tuple[str, Callable[[Path], None]], ...] = (
        ("report.html", lambda path: write_report(assessment, path, lang)),
        ("balance.xlsx", lambda path: write_workbook(assessment, path, lang)),
        ("supply.gpkg", lambda path: write_geopackage(assessment, path, lang)),
        ("run.json", lambda path: _write_record(assessment, path)),
    )
    written: list[Path] = []
    with progress.task("progress.documents", len(makers) + 1) as task:
        for name, make in makers:
            written.append(_write(out / name, make))
            task.advance()
        folder = out / "tables"
        for table in PARQUET_TABLES:
            _write(folder / f"{table}.parquet", getattr(assessment.supply, table).to_parquet)
        region = assessment.region
        for table in ("places", "municipalities", "cells", "facilities", "sources"):
            _write(folder / f"{table}.parquet", getattr(region, table).to_parquet)
        written.append(folder)
        task.advance()
    return tuple(written)


def _write(path: Path, make: Callable[[Path], None]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        make(temporary)
        temporary.chmod(0o644)
        return write_beside_if_held(path, temporary)
    finally:
        temporary.unlink(missing_ok=True)


def _write_record(assessment: Assessment, path: Path) -> None:
    text = json.dumps(assessment.record, ensure_ascii=False, indent=2, sort_keys=True, default=str)
    path.write_text(text + "\n", encoding="utf-8")
