"""Entry forms of the survey of wishes, made cell by cell."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd

from ankerort.region.read_wishes import Wishes
from ankerort.region.schema_wishes import WISHES, WISHES_SERVICES, WISHES_TEXT


def write_form(path: Path, rows: Sequence[Mapping[str, object]], *, sheet: str = "Erfassung") -> Path:
    """A form as XLSX or CSV (by the ending) whose columns are all heads of `rows`, in their order."""
    heads = list(dict.fromkeys(head for row in rows for head in row))
    table = [heads, *[[row.get(head, "") for head in heads] for row in rows]]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(table)
        return path
    book = openpyxl.Workbook()
    book.active.title = sheet
    for cells in table:
        book.active.append(list(cells))
    book.save(path)
    return path


def wishes(answers: Sequence[Mapping[str, object]], services: Sequence[tuple[int, str, float]] = ()) -> Wishes:
    """Answers with ids a0, a1, ...; `services` are (answer, mobile service, times a year)."""
    frame = pd.DataFrame([{"answer_id": f"a{k}", **row} for k, row in enumerate(answers)])
    used = pd.DataFrame([(f"a{k}", s, t) for k, s, t in services], columns=["answer_id", "service", "times_year"])
    return Wishes(WISHES.conform(frame), WISHES_SERVICES.conform(used), WISHES_TEXT.empty())
