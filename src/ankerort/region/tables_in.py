"""Small text tables as users have them: comma or semicolon or tab, UTF-8 with or without mark, or Latin-1."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from ankerort.base.problems import Problems


def read_text_table(path: Path, *, problems: Problems) -> pd.DataFrame | None:
    """Read a delimited text file; every value is text, missing ones are empty.

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
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(cell.strip() for cell in row)]
    names = [name.strip() for name in rows[0]]
    if len(rows) < 2:
        problems.add("table_empty", "error", path.name)
        return None
    width = len(names)
    frame = pd.DataFrame([[*row[:width], *[""] * (width - len(row))] for row in rows[1:]], columns=names, dtype="str")
    return frame.loc[:, [bool(n) for n in names]].apply(lambda column: column.str.strip())


def decimal_numbers(values: pd.Series) -> pd.Series:
    """Numbers with decimal point or comma; NaN where there is none."""
    return pd.to_numeric(values.str.replace(",", ".", regex=False), errors="coerce")
