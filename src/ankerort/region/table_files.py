"""Raw cells of users' tables: CSV in any usual encoding and separator, and XLSX."""

from __future__ import annotations

import csv
import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from ankerort.base.problems import Problems

_DELIMITERS = ";\t,|"
_HEAD_ROWS = 10
# A quoted cell may hold a whole text; the csv module's own limit is too small for some official lists.
csv.field_size_limit(1 << 24)


@dataclass(frozen=True)
class RawTable:
    """Cells as text, with the rows as the user counts them.

    Parameters
    ----------
    name
        File, for a workbook ``file/sheet``.
    sheet
        Sheet name, empty for CSV.
    head
        Column names, blanks at the ends cut off.
    rows
        (line or sheet row counted from 1, cells; as many as `head`). Rows without any content are left out.
    """

    name: str
    sheet: str
    head: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_raw_tables(
    path: Path,
    *,
    problems: Problems,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    is_head: Callable[[str], bool] | None = None,
    whole: bool = False,
) -> list[RawTable]:
    """Read all tables of a CSV or XLSX file as text.

    Parameters
    ----------
    path
        The file.
    problems
        Collects: missing, unreadable or empty file, unknown encoding or sheet (errors), guessed encoding (note).
    encoding, delimiter
        Given by the user; empty = found out: the mark of UTF-8 or UTF-16, else valid UTF-8, else Windows-1252; the
        separator that the head uses most.
    sheet
        Only this sheet; empty = all.
    is_head
        Whether a text is a known column name. The head of a sheet is that of its first ten rows with most of them
        (workbooks often begin with a title); without knowledge the first row with content.
    whole
        Give all rows with content, as wide as the widest, and an empty head: whoever asks finds the head himself.
    """
    if not path.is_file():
        problems.add("facility_file_missing", "error", path.name)
        return []
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _workbook(path, sheet, problems, is_head, whole=whole)
    if path.suffix.lower() in (".xls", ".ods"):
        problems.add("facility_file_format", "error", path.name, suffix=path.suffix)
        return []
    table = _text_table(path, encoding, delimiter, problems, is_head, whole=whole)
    return [] if table is None else [table]


def _text_table(
    path: Path,
    encoding: str,
    delimiter: str,
    problems: Problems,
    is_head: Callable[[str], bool] | None,
    *,
    whole: bool,
) -> RawTable | None:
    content = path.read_bytes()
    try:
        text = _decode(content, encoding, path, problems)
    except (UnicodeDecodeError, LookupError):
        problems.add("facility_encoding", "error", path.name, encoding=encoding)
        return None
    if not text.strip():
        problems.add("facility_file_empty", "error", path.name)
        return None
    if not delimiter:
        lines = [line for line in text.splitlines() if line.strip()][: _HEAD_ROWS if whole else 1]
        delimiter = max(_DELIMITERS, key=lambda sign: max(line.count(sign) for line in lines))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, tuple[str, ...]]] = []
    line = 1
    try:
        for cells in reader:
            rows.append((line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.add("facility_file_broken", "error", path.name, row=line, reason=str(error))
        return None
    return _table(path.name, "", rows, problems, is_head, whole=whole)


def _decode(content: bytes, encoding: str, path: Path, problems: Problems) -> str:
    if encoding:
        return content.decode(encoding).removeprefix("\ufeff")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.add("facility_encoding_guessed", "note", path.name, encoding="Windows-1252")
        return content.decode("cp1252", errors="replace")


def _workbook(
    path: Path, sheet: str, problems: Problems, is_head: Callable[[str], bool] | None, *, whole: bool
) -> list[RawTable]:
    tables = []
    try:
        with warnings.catch_warnings():
            # openpyxl warns of drop-downs and styles that it cannot keep; reading loses nothing by them.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                if sheet and sheet not in book.sheetnames:
                    problems.add(
                        "facility_sheet_missing", "error", path.name, sheet=sheet, known=", ".join(book.sheetnames)
                    )
                for page in book.worksheets:
                    if sheet and page.title != sheet:
                        continue
                    page.reset_dimensions()  # other programs than Excel write wrong ones
                    rows = [
                        (number, tuple(cell_text(value) for value in values))
                        for number, values in enumerate(page.iter_rows(values_only=True), start=1)
                    ]
                    table = _table(f"{path.name}/{page.title}", page.title, rows, None, is_head, whole=whole)
                    if table is not None:
                        tables.append(table)
            finally:
                book.close()
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        problems.add("facility_file_broken", "error", path.name, reason=str(error))
        return []
    if not tables and not (sheet and sheet not in book.sheetnames):
        problems.add("facility_file_empty", "error", path.name)
    return tables


def cell_text(value: object) -> str:
    """Text of a workbook's cell: days in ISO notation, times as HH:MM, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    return str(value)


def _table(
    name: str,
    sheet: str,
    rows: list[tuple[int, tuple[str, ...]]],
    problems: Problems | None,
    is_head: Callable[[str], bool] | None,
    *,
    whole: bool = False,
) -> RawTable | None:
    filled = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    if not filled:
        if problems is not None:
            problems.add("facility_file_empty", "error", name)
        return None
    if whole:
        width = max(len(cells) for _, cells in filled)
        return RawTable(name, sheet, (), tuple((n, (*cells, *[""] * (width - len(cells)))) for n, cells in filled))
    at = 0
    if is_head is not None:
        known = [sum(is_head(cell.strip()) for cell in cells) for _, cells in filled[:_HEAD_ROWS]]
        at = known.index(max(known))
    head = [cell.strip() for cell in filled[at][1]]
    while head and not head[-1]:
        head.pop()
    width = len(head)
    body = tuple((number, (*cells[:width], *[""] * (width - len(cells)))) for number, cells in filled[at + 1 :])
    return RawTable(name, sheet, tuple(head), tuple((n, c) for n, c in body if any(cell.strip() for cell in c)))
