"""The heads and first rows of tables and layers, read without reading the files whole."""

from __future__ import annotations

import codecs
import csv
import io
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pyogrio

_SAMPLE_BYTES = 400_000
_SAMPLE_ROWS = 400
_SHEETS = 40
_SHAPES = 20
_DELIMITERS = ";\t,|"
_WINDOWS_1252 = "cp1252"


@dataclass(frozen=True)
class TablePeek:
    """First rows of a table, each cell as trimmed text, row 1 first; `sheet` is empty but for workbooks."""

    sheet: str
    rows: tuple[tuple[str, ...], ...]

    def head(self, at: int) -> dict[str, int]:
        """Heads of a row in lower case -> column; the first of equal ones counts."""
        heads: dict[str, int] = {}
        for column, text in enumerate(self.rows[at] if at < len(self.rows) else ()):
            if text:
                heads.setdefault(text.lower(), column)
        return heads

    def values(self, at: int, head: str) -> list[str]:
        """Filled values below a head that stands in row `at`."""
        column = self.head(at).get(head.lower())
        if column is None:
            return []
        return [row[column] for row in self.rows[at + 1 :] if column < len(row) and row[column]]


@dataclass(frozen=True)
class LayerPeek:
    """One layer: its columns with first values as text, kind of geometry, number of shapes, extent in its own system."""

    name: str
    geometry: str
    count: int
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def column(self, *names: str) -> tuple[str, ...]:
        """Values of the first of these columns that is there; case does not matter."""
        lower = {c.lower(): c for c in self.values}
        return next((self.values[lower[n.lower()]] for n in names if n.lower() in lower), ())

    def has(self, *names: str) -> bool:
        """Whether one of these columns is there."""
        return bool({n.lower() for n in names} & {c.lower() for c in self.values})


def peek_text(path: Path, *, whole: bool = False) -> TablePeek | None:
    """Head and first rows (`whole`: all rows) of a text table; None if it holds no text."""
    most_rows = 1 << 24 if whole else _SAMPLE_ROWS
    with path.open("rb") as stream:
        content = stream.read() if whole else stream.read(_SAMPLE_BYTES)
    whole = whole or path.stat().st_size <= _SAMPLE_BYTES
    text = _decoded(content)
    if not text.strip():
        return None
    lines = text.splitlines(keepends=True)
    if not whole and len(lines) > 1:
        lines = lines[:-1]  # may be cut within a character or a cell
    first = max((line for line in lines[:15]), key=lambda line: max(line.count(d) for d in _DELIMITERS))
    delimiter = max(_DELIMITERS, key=first.count)
    rows: list[tuple[str, ...]] = []
    try:
        for cells in csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter):
            rows.append(tuple(cell.strip() for cell in cells))
            if len(rows) >= most_rows:
                break
    except csv.Error:
        if not rows:
            return None
    return TablePeek("", tuple(rows))


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(content.removeprefix(b"\xef\xbb\xbf"), final=False)
    except UnicodeDecodeError:
        return content.decode(_WINDOWS_1252, errors="replace")


def peek_workbook(path: Path) -> list[TablePeek] | None:
    """First rows of each sheet; None if the workbook cannot be read."""
    found: list[TablePeek] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # drop-downs that openpyxl does not keep
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                for page in book.worksheets[:_SHEETS]:
                    page.reset_dimensions()
                    rows = page.iter_rows(max_row=_SAMPLE_ROWS, values_only=True)
                    cells = tuple(tuple("" if v is None else str(v).strip() for v in row) for row in rows)
                    found.append(TablePeek(page.title, cells))
            finally:
                book.close()
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, TypeError, EOFError):
        return None
    return found


def peek_parquet(path: Path) -> TablePeek | None:
    """Heads of a Parquet file; None if it cannot be read."""
    try:
        return TablePeek("", (tuple(pyarrow.parquet.read_schema(path).names),))
    except (pa.ArrowException, OSError):
        return None


def peek_layers(path: Path) -> list[LayerPeek] | None:
    """Columns and first values of each layer of a vector file; None if it cannot be opened."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # oddities of a file that the reader tells, if it is used
            return _layers(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError, ValueError, RuntimeError):
        return None


def _layers(path: Path) -> list[LayerPeek]:
    found: list[LayerPeek] = []
    for name, geometry in pyogrio.list_layers(path):
        info = pyogrio.read_info(path, layer=name)
        if str(geometry) == "Unknown":  # GeoJSON with single and multiple shapes
            first = pyogrio.read_dataframe(path, layer=name, columns=[], max_features=_SHAPES)
            geometry = "; ".join(sorted({str(t) for t in first.geom_type if t}))
        frame = pyogrio.read_dataframe(path, layer=name, read_geometry=False, max_features=_SAMPLE_ROWS)
        values = {str(c): _texts(frame[c]) for c in frame.columns}
        found.append(LayerPeek(str(name), str(geometry or ""), int(info["features"]), values))
    return found


def _texts(column: pd.Series) -> tuple[str, ...]:
    if pd.api.types.is_float_dtype(column.dtype) and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    return tuple(str(v).strip() for v in column.dropna())
