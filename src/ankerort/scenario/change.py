"""What all changes share: a kind, fields with names users understand, faults told all together."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, fields
from typing import ClassVar

from ankerort.base.problems import InputError, Problem

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
STEP_FREE = ("yes", "limited", "no", "designated")
ASSORTMENTS = ("full_range", "discount", "village", "automat", "mobile")


class ChangeFaults:
    """Collects what is wrong with the fields of one change; the reader adds file, line and number of the change."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._problems: list[Problem] = []

    def add(self, code: str, column: str, **params: object) -> None:
        """Note one fault of one field."""
        self._problems.append(Problem(code, "error", self._kind, None, column, {"change": "", **params}))

    def needs(self, name: str, value: object) -> None:
        """The field must be filled."""
        if value in ("", None, ()):
            self.add("scenario_field_missing", name, field=name, kind=self._kind)

    def not_negative(self, name: str, value: float | None) -> None:
        """A number, if given, must be zero or more."""
        if value is not None and not (value >= 0 and math.isfinite(value)):
            self.add("scenario_negative", name, field=name, value=value)

    def one_of(self, name: str, value: str, known: tuple[str, ...]) -> None:
        """A text, if given, must be one of some values."""
        if value and value not in known:
            self.add("scenario_value", name, field=name, value=value, known=", ".join(known))

    def day(self, name: str, value: str) -> None:
        """A text, if given, must be a day as YYYY-MM-DD."""
        if value and not _is_day(value):
            self.add("scenario_day", name, field=name, value=value)

    def clock(self, name: str, value: str) -> None:
        """A text, if given, must be a time as HH:MM; hours over 24 are after midnight."""
        if value and parse_clock(value) is None:
            self.add("scenario_clock", name, field=name, value=value)

    def position(self, lon: float | None, lat: float | None) -> None:
        """Both coordinates or none, on Earth."""
        if (lon is None) != (lat is None):
            self.add("scenario_position_half", "lat" if lat is None else "lon", field="lat" if lat is None else "lon")
        elif lon is not None and lat is not None and not (abs(lon) <= 180 and abs(lat) <= 90):
            self.add("scenario_position_range", "lon", lon=lon, lat=lat)

    def raise_all(self) -> None:
        """Raise `InputError` with everything found."""
        if self._problems:
            raise InputError(self._problems)


@dataclass(frozen=True)
class Change:
    """One change of a scenario; `kind` is its name in the file, its fields are those of the file.

    Raises
    ------
    InputError
        On construction, with all faults of its fields (problems without file and row).
    """

    kind: ClassVar[str] = ""

    def __post_init__(self) -> None:
        faults = ChangeFaults(self.kind)
        self.check(faults)
        faults.raise_all()

    def check(self, faults: ChangeFaults) -> None:
        """Note what is wrong with the fields, without knowing the region."""

    @classmethod
    def field_names(cls) -> tuple[str, ...]:
        """Names of its fields, as in the file."""
        return tuple(f.name for f in fields(cls))


def parse_clock(text: str) -> int | None:
    """Seconds after midnight of HH:MM (hours up to 30 are after midnight); None if it is no time."""
    hour, colon, minute = text.strip().partition(":")
    if not (colon and hour.isdigit() and minute.isdigit() and len(minute) == 2):
        return None
    if int(hour) > 30 or int(minute) > 59:
        return None
    return int(hour) * 3600 + int(minute) * 60


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
