"""CSV files as columns of strings, fast, with the line of each row for whoever reports a problem.

Values are decoded once per distinct string: a timetable has a million stop times, but few distinct ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from ankerort.base.problems import Problems

BLANK_TIME = -1
BAD_TIME = -2
_LARGEST = 2**31 - 1
_TIME = re.compile(r"^(\d{1,3}):([0-5]\d):([0-5]\d)$")
_DATE = re.compile(r"^\d{8}$")


@dataclass(frozen=True)
class TextTable:
    """A CSV file: its columns as strings, `lines` the 1-based line of each row, `table` its name for problems."""

    table: str
    columns: dict[str, Any]
    lines: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.lines)

    def has(self, column: str) -> bool:
        """Whether the file has this column."""
        return column in self.columns

    def coded(self, column: str) -> tuple[NDArray[np.int64], list[str]]:
        """Code per row and the (trimmed) distinct values; a column that is not there is blank throughout."""
        if column not in self.columns:
            return np.zeros(len(self), np.int64), [""]
        encoded = self.columns[column].dictionary_encode()
        values = [v.strip() for v in encoded.dictionary.to_pylist()]
        return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), values or [""]

    def mapped(self, column: str, convert: Callable[[str], Any], dtype: str) -> NDArray[Any]:
        """One converted value per row; `convert` is called once per distinct value."""
        codes, values = self.coded(column)
        return np.array([convert(v) for v in values], dtype=dtype)[codes]

    def strings(self, column: str) -> NDArray[np.object_]:
        """The column as trimmed strings."""
        codes, values = self.coded(column)
        table = np.empty(len(values), dtype=object)
        table[:] = values
        return table[codes]

    def times_s(self, column: str) -> NDArray[np.int32]:
        """Seconds of ``H:MM:SS``; `BLANK_TIME` where blank, `BAD_TIME` where it is no time."""
        return self.mapped(column, time_s, "int32")

    def whole(self, column: str, *, blank: int, bad: int) -> NDArray[np.int64]:
        """Whole numbers, with the given values for blank and unreadable ones."""

        def convert(text: str) -> int:
            if not text:
                return blank
            try:
                number = int(text)
            except ValueError:
                return bad
            return number if abs(number) <= _LARGEST else bad

        return self.mapped(column, convert, "int64")

    def numbers(self, column: str) -> NDArray[np.float64]:
        """Numbers with decimal point or decimal comma; NaN where blank or unreadable."""

        def convert(text: str) -> float:
            try:
                return float(text.replace(",", "."))
            except ValueError:
                return float("nan")

        return self.mapped(column, convert, "float64")

    def dates(self, column: str) -> NDArray[np.datetime64]:
        """Dates written YYYYMMDD; NaT where blank or unreadable."""
        return self.mapped(column, date_of, "datetime64[D]")


def time_s(text: str) -> int:
    """Seconds after midnight of ``H:MM:SS`` (hours may exceed 24); `BLANK_TIME` or `BAD_TIME` otherwise."""
    if not text:
        return BLANK_TIME
    found = _TIME.match(text)
    if found is None:
        return BAD_TIME
    hours, minutes, seconds = (int(g) for g in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def date_of(text: str) -> np.datetime64:
    """The day of YYYYMMDD; NaT if it is none."""
    if _DATE.match(text):
        try:
            return np.datetime64(f"{text[:4]}-{text[4:6]}-{text[6:]}", "D")
        except ValueError:
            pass
    return np.datetime64("NaT", "D")


def read_text_table(content: bytes, table: str, problems: Problems) -> TextTable | None:
    """Read a CSV file (comma, semicolon or tab; UTF-8 with or without BOM, else Windows-1252) as strings.

    Parameters
    ----------
    content
        The bytes of the file.
    table
        Its name as the user knows it.
    problems
        Takes up: empty file (error), encoding (warning), rows with a wrong number of fields (warning, left out).

    Returns
    -------
    TextTable or None
        None if the file has no header line.
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as fault:
        problems.add(
            "text_table_encoding",
            "warning",
            table,
            row=content.count(b"\n", 0, fault.start) + 1,
            encoding="Windows-1252",
        )
        content = content.decode("cp1252", errors="replace").encode("utf-8")
    if not content.strip():
        problems.add("text_table_empty", "error", table)
        return None
    if not content.endswith(b"\n"):
        content += b"\n"
    header = content.lstrip(b"\r\n").split(b"\n", 1)[0]
    delimiter = max(b",;\t", key=lambda c: header.count(bytes([c])))
    skipped: list[int] = []
    broken: list[int] = []

    def on_invalid(row: Any) -> str:
        skipped.append(row.number)
        if row.text.strip():
            broken.append(row.number)
        return "skip"

    try:
        read = pacsv.read_csv(
            pa.BufferReader(content),
            read_options=pacsv.ReadOptions(use_threads=False, block_size=max(1 << 20, len(content) + 1)),
            parse_options=pacsv.ParseOptions(
                delimiter=chr(delimiter),
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=on_invalid,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=_all_strings(header, delimiter), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as fault:
        problems.add("text_table_unreadable", "error", table, reason=str(fault).splitlines()[0])
        return None
    if broken:
        problems.add("text_table_row_broken", "warning", table, row=broken[0], count=len(broken))
    lines = np.arange(2, len(read) + len(skipped) + 2, dtype=np.int64)
    if skipped:
        lines = np.setdiff1d(lines, np.array(skipped, dtype=np.int64))[: len(read)]
    columns: dict[str, Any] = {}
    filled = np.zeros(len(read), bool)
    for name, column in zip(read.column_names, read.columns, strict=True):
        text = column.cast(pa.string()).combine_chunks()
        filled |= pc.greater(pc.binary_length(text), 0).to_numpy(zero_copy_only=False)
        columns.setdefault(name.strip(), text)
    if not filled.all():  # blank lines
        keep = pa.array(filled)
        columns = {name: text.filter(keep) for name, text in columns.items()}
        lines = lines[filled]
    return TextTable(table, columns, lines)


def _all_strings(header: bytes, delimiter: int) -> dict[str, Any]:
    # Arrow guesses types per column unless told; the header is read as Arrow reads it, quotes and all.
    names = pacsv.read_csv(
        pa.BufferReader(header + b"\n"), parse_options=pacsv.ParseOptions(delimiter=chr(delimiter))
    ).column_names
    return dict.fromkeys(names, pa.string())
