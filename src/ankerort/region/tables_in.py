"""Small text tables as users have them: comma or semicolon or tab, UTF-8 with or without mark, or Latin-1."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
from pyproj import Transformer

from ankerort.base.problems import Problems


def read_text_table(path: Path, *, problems: Problems) -> pd.DataFrame | None:
    """Read a delimited text file; every value is text, missing ones are empty; ``row`` is the row in the file.

    Parameters
    ----------
    path
        The file. The delimiter is the one of ``;``, tab and ``,`` that the head uses most.
    problems
        Collects: an empty file (error), another encoding than UTF-8 (note).

    Returns
    -------
    DataFrame or None
        None if the file holds no head or no rows.
    """
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.add("table_encoding", "note", path.name)
        text = content.decode("cp1252", errors="replace")
    head = text.split("\n", 1)[0]
    if not head.strip():
        problems.add("table_empty", "error", path.name)
        return None
    delimiter = max(";\t,", key=head.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    return _frame(rows, path, problems)


def read_sheet(path: Path, *, problems: Problems) -> pd.DataFrame | None:
    """Read the first sheet of a workbook like `read_text_table`."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        problems.add("table_unreadable", "error", path.name)
        return None
    rows = [
        ["" if cell is None else str(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)
    ]
    book.close()
    return _frame(rows, path, problems)


def _frame(rows: list[list[str]], path: Path, problems: Problems) -> pd.DataFrame | None:
    names = [name.strip() for name in rows[0]] if rows else []
    width = len(names)
    body = [
        [*row[:width], *[""] * (width - len(row)), str(number)]
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]
    if not body or not any(names):
        problems.add("table_empty", "error", path.name)
        return None
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        problems.add("table_column_twice", "error", path.name, row=1, column=twice[0], name=twice[0])
        return None
    frame = pd.DataFrame([line[:width] for line in body], columns=names, dtype="str")
    frame = frame.loc[:, [bool(n) for n in names]].apply(lambda column: column.str.strip())
    return frame.assign(row=[int(line[-1]) for line in body])


def decimal_numbers(values: pd.Series) -> pd.Series:
    """Numbers with decimal point or comma; NaN where there is none."""
    return pd.to_numeric(values.str.replace(",", ".", regex=False), errors="coerce")


def projected_where_given(frame: pd.DataFrame, to_crs: Transformer) -> tuple[np.ndarray, np.ndarray]:
    """x and y of the columns lon and lat; NaN where there is no position."""
    lon, lat = (frame[c].to_numpy(dtype=np.float64) for c in ("lon", "lat"))
    x, y = np.full(len(lon), np.nan), np.full(len(lon), np.nan)
    known = np.isfinite(lon) & np.isfinite(lat)
    x[known], y[known] = to_crs.transform(lon[known], lat[known])
    return x, y
