"""Where a figure comes from: dated records and sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LegalStatus = Literal["law", "plan", "guideline", "practice", "default"]
Mark = Literal["S", "M", "D", "S/M", "S/D", "D/M"]


@dataclass(frozen=True)
class DatedValue:
    """A number that a user may argue about.

    Parameters
    ----------
    id
        Key under which the code asks for it, for instance ``walk_speed.75_84``.
    value, unit
        The figure and its unit (``m``, ``s``, ``min``, ``m/s``, ``km/h``, ``persons``, ``share``).
    source
        Tag or text of the source.
    legal_status
        law, plan, guideline, practice or default.
    mark
        S = source found, M = from memory (to be verified), D = design default. Printed wherever the figure is.
    valid_from, checked_on
        ISO dates or empty.
    agreed_by, agreed_on, reason
        Filled where a project replaced the shipped value.
    """

    id: str
    value: float
    unit: str
    source: str
    legal_status: LegalStatus
    mark: Mark
    valid_from: str = ""
    checked_on: str = ""
    agreed_by: str = ""
    agreed_on: str = ""
    reason: str = ""
