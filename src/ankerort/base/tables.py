"""Tables whose columns are declared once: name, type, unit, meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

DType = Literal["str", "int64", "int32", "float64", "bool", "date", "category"]
_EMPTY: dict[str, object] = {
    "str": "",
    "int64": 0,
    "int32": 0,
    "float64": np.nan,
    "bool": False,
    "date": "",
    "category": None,
}


@dataclass(frozen=True)
class Column:
    """One declared column. Dates are ISO strings; a missing string is empty, a missing number NaN.

    A category column repeats few texts in many rows; missing there is NaN.
    """

    name: str
    dtype: DType
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Schema:
    """The declared columns of one table, in order; `key` names the columns that identify a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [c.name for c in self.columns]

    def empty(self) -> pd.DataFrame:
        """A table without rows."""
        return pd.DataFrame({c.name: pd.Series(dtype=_pandas_dtype(c.dtype)) for c in self.columns})

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return `frame` with exactly the declared columns and types, missing ones filled with "unknown".

        Raises
        ------
        ValueError
            If the frame has an undeclared column or a duplicate key: a fault of the code, not of a user.
        """
        extra = [c for c in frame.columns if c not in self.names]
        if extra:
            raise ValueError(f"{self.name}: undeclared columns {extra}")
        out: dict[str, pd.Series] = {}
        for c in self.columns:
            if c.name not in frame.columns:
                out[c.name] = pd.Series([_EMPTY[c.dtype]] * len(frame), dtype=_pandas_dtype(c.dtype))
                continue
            values = frame[c.name].reset_index(drop=True)
            if c.dtype == "category":
                out[c.name] = values.astype("category")
            elif c.dtype in ("str", "date"):
                out[c.name] = values.astype("str").where(values.notna(), "")
            else:
                out[c.name] = values.astype(_pandas_dtype(c.dtype))
        result = pd.DataFrame(out)
        if self.key and result.duplicated(list(self.key)).any():
            raise ValueError(f"{self.name}: duplicate key {self.key}")
        return result


def _pandas_dtype(dtype: DType) -> str:
    return "str" if dtype == "date" else dtype
