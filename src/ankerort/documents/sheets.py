"""The further sheets of the workbook, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.text import Language


@dataclass(frozen=True)
class Sheet:
    """One sheet: a table with one row per line.

    Parameters
    ----------
    name
        Sentences ``sheet.<name>`` (its tab, at most 31 characters) and ``sheet_about.<name>``; columns are headed by ``column.<key>``.
    make
        Makes the table; an empty one is written with the sentence ``sheet.empty``.
    freeze
        Rows and columns that stay.
    shares, whole, wrapped
        Columns printed as per cent, as whole numbers, with line breaks.
    wide
        Width of columns in characters; 14 else.
    """

    name: str
    make: Callable[[Assessment, Language], pd.DataFrame]
    freeze: tuple[int, int] = (1, 1)
    shares: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    wrapped: tuple[str, ...] = ()
    wide: Mapping[str, int] = field(default_factory=dict)


# Sheets are plugged in here, after the bundle of five.
FURTHER_SHEETS: tuple[Sheet, ...] = ()
