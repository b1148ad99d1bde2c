"""One row of a facility list: its cells with their meaning, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
from pyproj import Transformer

from ankerort.base.problems import Problems, Severity
from ankerort.region import table_cells as cells
from ankerort.region.table_files import RawTable

# Central Europe, wide enough for every German extract: longitudes and latitudes never overlap there.
_LON_RANGE = (3.0, 18.0)
_LAT_RANGE = (45.0, 57.0)


class Row:
    """Cells of one row by Ankerort's column names.

    Parameters
    ----------
    problems
        Collects what is wrong, with table, row and column as the user sees them.
    raw
        The table.
    number
        Line or sheet row, counted from 1.
    values
        Cells in the order of the table's head.
    columns
        Ankerort's column -> head.
    """

    def __init__(
        self, problems: Problems, raw: RawTable, number: int, values: tuple[str, ...], columns: Mapping[str, str]
    ) -> None:
        self.number = number
        self._problems = problems
        self._raw = raw
        self._columns = columns
        self._cells = {head.lower(): value.strip() for head, value in zip(raw.head, values, strict=True)}

    @property
    def ref(self) -> str:
        """Where the row stands: ``sheet:7`` or ``7``."""
        return f"{self._raw.sheet}:{self.number}" if self._raw.sheet else str(self.number)

    @property
    def generated_key(self) -> str:
        """Id of a row that has none of its own."""
        return f"{self._raw.sheet}:row{self.number}" if self._raw.sheet else f"row{self.number}"

    def head(self, column: str) -> str:
        """Column name of the file."""
        return self._columns.get(column, column)

    def text(self, column: str) -> str:
        """Text of a cell; empty if the table has no such column."""
        head = self._columns.get(column)
        return "" if head is None else self._cells.get(head.lower(), "")

    def raw_text(self, head: str) -> str:
        """Text of a cell by the file's own column name."""
        return self._cells.get(head.lower(), "")

    def problem(self, code: str, severity: Severity, head: str | None, **params: object) -> None:
        """Note what is wrong with this row."""
        self._problems.add(code, severity, self._raw.name, row=self.number, column=head, **params)

    def day(self, column: str) -> str:
        """ISO day; empty and a warning if the cell holds none."""
        return self._parsed(column, cells.parse_day, "facility_date")

    def time(self, column: str) -> str:
        """``HH:MM``; empty and a warning if the cell holds no time."""
        return self._parsed(column, cells.parse_time, "facility_time")

    def weekday(self, column: str) -> str:
        """``Mo`` to ``Su``; empty and a warning if the cell holds none."""
        return self._parsed(column, cells.parse_weekday, "facility_weekday")

    def operator_kind(self, column: str) -> str:
        """One of the known kinds; empty and a warning if it is none of them."""
        known = ", ".join(cells.OPERATOR_KINDS)
        return self._parsed(column, cells.parse_operator_kind, "facility_operator_kind", known=known)

    def choice(self, column: str, parse: Callable[[str], str | None], known: tuple[str, ...]) -> str:
        """One of some values; empty and a warning if it is none of them."""
        return self._parsed(column, parse, "facility_value", known=", ".join(known))

    def year(self, column: str) -> str:
        """Year of a year or a date; empty and a warning if there is none."""
        return self._parsed(column, _year, "facility_date")

    def ags(self) -> str:
        """Municipality key of 8 digits; a leading zero that a spreadsheet dropped is put back."""
        return self._parsed("ags", _ags, "facility_ags")

    def number_of(self, column: str, *, not_negative: bool = False) -> float:
        """Number; NaN and a warning if the cell holds none, or a negative one where that cannot be."""
        text = self.text(column)
        if not text:
            return np.nan
        number = cells.parse_number(text)
        if number is None or np.isnan(number):
            self.problem("facility_number", "warning", self.head(column), value=text)
            return np.nan
        if not_negative and number < 0:
            self.problem("facility_negative", "warning", self.head(column), value=text)
            return np.nan
        return number

    def checked_number(
        self,
        column: str,
        lowest: float = 0.0,
        highest: float = np.inf,
        *,
        whole: bool = False,
        secret: bool = False,
        fault: Severity = "error",
    ) -> float:
        """Number within bounds; NaN and a problem if the cell holds a unit, no number, or one that cannot be.

        Parameters
        ----------
        column
            Ankerort's column.
        lowest, highest
            Bounds, both allowed.
        whole
            Only whole numbers (years) are allowed.
        secret
            The problem names no value and is an error.
        fault
            Severity of a value that cannot be. A word instead of a number is a warning, unless the cell is secret.
        """
        text = self.text(column)
        if not text:
            return np.nan
        head = self.head(column)
        number = cells.parse_number(text)
        good = number is not None and lowest <= number <= highest and not (whole and number % 1)
        if good and number is not None:
            return number
        bounds = {"lowest": f"{lowest:g}", "highest": "–" if np.isinf(highest) else f"{highest:g}"}
        if secret:
            self.problem("facility_confidential_number", "error", head, **bounds)
        elif number is None and cells.has_unit(text):
            self.problem("facility_unit", fault, head, value=text)
        elif number is None:
            self.problem("facility_number", "warning", head, value=text)
        elif number < 0 and lowest == 0:
            self.problem("facility_negative", fault, head, value=text)
        else:
            self.problem("facility_range", fault, head, value=text, **bounds)
        return np.nan

    def _parsed(self, column: str, parse: Callable[[str], str | None], code: str, **params: object) -> str:
        text = self.text(column)
        if not text:
            return ""
        value = parse(text)
        if value is None:
            self.problem(code, "warning", self.head(column), value=text, **params)
            return ""
        return value


def read_position(row: Row, from_given: Transformer | None) -> tuple[float, float] | None:
    """Longitude and latitude of a row: NaN if it has none, None if what it has cannot be right (then an error).

    Parameters
    ----------
    row
        With ``lon`` and ``lat`` in degrees, else ``x`` and ``y`` in the system that `from_given` starts from.
    from_given
        From that system to degrees; None if it is not known (then x and y are passed over).
    """
    names = ("lon", "lat") if row.text("lon") or row.text("lat") else ("x", "y")
    first, second = (row.number_of(name) for name in names)
    if np.isnan(first) and np.isnan(second):
        return np.nan, np.nan
    if np.isnan(first) or np.isnan(second):
        row.problem("facility_position_half", "warning", row.head(names[0] if np.isnan(first) else names[1]))
        return np.nan, np.nan
    column = row.head(names[0])
    if first == 0 and second == 0:
        row.problem("facility_zero_position", "error", column)
        return None
    if names == ("x", "y"):
        if from_given is None:
            return np.nan, np.nan
        first, second = (float(v) for v in from_given.transform(first, second))
    inside = np.isfinite(first) and np.isfinite(second) and abs(first) <= 180 and abs(second) <= 90
    if not inside:
        row.problem("facility_position_range", "error", column, lon=row.text(names[0]), lat=row.text(names[1]))
        return None
    if _LAT_RANGE[0] <= first <= _LAT_RANGE[1] and _LON_RANGE[0] <= second <= _LON_RANGE[1]:
        row.problem("facility_position_swapped", "error", column, lon=row.text(names[0]), lat=row.text(names[1]))
        return None
    return first, second


def _year(text: str) -> str | None:
    if re.fullmatch(r"(1[89]|20)\d\d", text):
        return text
    day = cells.parse_day(text)
    return None if day is None else day[:4]


def _ags(text: str) -> str | None:
    digits = text.replace(" ", "").removesuffix(".0")
    return digits.zfill(8) if re.fullmatch(r"\d{7,8}", digits) else None
