"""Writes all documents of a run: to temporary files first, then renamed, so that no half file is ever there."""

from __future__ import annotations

import functools
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from ankerort.base.files import write_beside_if_held
from ankerort.base.progress import SILENT, Progress
from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks_docx import write_docx
from ankerort.documents.blocks_pdf import write_pdf
from ankerort.documents.council import council_printed
from ankerort.documents.geopackage import write_geopackage
from ankerort.documents.internal import write_internal
from ankerort.documents.public import public_assessment
from ankerort.documents.report import appendix_titles, write_report
from ankerort.documents.report_parts import ReportParts
from ankerort.documents.workbook import write_workbook
from ankerort.region.public_view import public_facilities
from ankerort.supply.depth import DEPTH_TABLES
from ankerort.text import Language

PARQUET_TABLES = ("recording", "nearest", "place_service", "area_service", "bundle_of_five")
FORECAST_TABLES = {"forecast": "table", "forecast_areas": "areas"}
INTERNAL_FILE = "intern.xlsx"
REGION_TABLES = ("places", "municipalities", "cells", "facilities", "sources", "occupancy")


def write_documents(
    assessment: Assessment, out: Path, *, lang: Language = "de", internal: bool = False, progress: Progress = SILENT
) -> tuple[Path, ...]:
    """Write report (page, PDF, DOCX), workbook, geopackage, Parquet tables and ``run.json`` into `out`.

    Parameters
    ----------
    internal
        Also write ``intern.xlsx``, the only file with confidential figures and what follows from them. Without it an older
        one stays as it is: what it holds is not ours to throw away.

    Returns
    -------
    tuple of Path
        Files in reading order. Where a file is held open by another program (Excel), the new one stands beside it as
        ``name-neu-2.xlsx``, and that path is returned.
    """
    # Only the file for the office sees what lists say that may not be passed on.
    whole, assessment = assessment, public_assessment(assessment, lang)
    # drawn and told once for page, PDF and DOCX
    parts = ReportParts(assessment, lang)
    printed = functools.cache(lambda: council_printed(assessment, lang, parts=parts, appendix=appendix_titles(lang)))
    makers: dict[str, Callable[[Path], object]] = {
        "report.html": lambda path: write_report(assessment, path, lang, parts=parts),
        "bericht.pdf": lambda path: write_pdf(printed(), path),
        "bericht.docx": lambda path: write_docx(printed(), path),
        "balance.xlsx": lambda path: write_workbook(assessment, path, lang),
        "supply.gpkg": lambda path: write_geopackage(assessment, path, lang),
        "run.json": lambda path: _write_record(assessment, path),
    }
    if internal:
        makers[INTERNAL_FILE] = lambda path: write_internal(whole, path, lang)
    shown = len(makers)
    for table in PARQUET_TABLES:
        makers[f"tables/{table}.parquet"] = getattr(assessment.supply, table).to_parquet
    for table in DEPTH_TABLES:
        makers[f"tables/{table}.parquet"] = getattr(assessment.depth, table).to_parquet
    if assessment.forecast is not None:
        for name, table in FORECAST_TABLES.items():
            makers[f"tables/{name}.parquet"] = getattr(assessment.forecast, table).to_parquet
    for table in REGION_TABLES:
        makers[f"tables/{table}.parquet"] = getattr(assessment.region, table).to_parquet
    makers["tables/facilities.parquet"] = public_facilities(assessment.region).to_parquet
    written = write_all(out, makers, progress)
    return (*written[:shown], out / "tables")


def write_all(
    out: Path,
    makers: Mapping[str, Callable[[Path], object]],
    progress: Progress,
    *,
    text_id: str = "progress.documents",
) -> tuple[Path, ...]:
    """Write files by their name in `out`; they are renamed only when all are there, and none is ever half written.

    Parameters
    ----------
    makers
        Writes one file each, by name; the work advances by one per file.
    text_id
        Sentence that names the work.

    Returns
    -------
    tuple of Path
        In the order of `makers`; a file held open by another program stays, the new one stands beside it.
    """
    made: list[tuple[Path, Path]] = []
    try:
        with progress.task(text_id, len(makers)) as task:
            for name, make in makers.items():
                path = out / name
                temporary = _temporary(path)
                made.append((path, temporary))
                make(temporary)
                temporary.chmod(0o644)
                task.advance()
        # renamed only when all are there: a run that fails leaves the documents of the last one as they were
        return tuple(write_beside_if_held(path, temporary) for path, temporary in made)
    finally:
        for _, temporary in made:
            temporary.unlink(missing_ok=True)


def _temporary(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    os.close(handle)
    return Path(name)


def _write_record(assessment: Assessment, path: Path) -> None:
    text = json.dumps(assessment.record, ensure_ascii=False, indent=2, sort_keys=True, default=str)
    path.write_text(text + "\n", encoding="utf-8")
