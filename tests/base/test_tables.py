"""Declared tables: columns, types, unknown values, keys."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ankerort.base.tables import Column, Schema

SCHEMA = Schema(
    "things",
    (
        Column("id", "str", "id"),
        Column("count", "int64", "number"),
        Column("share", "float64", "share"),
        Column("kept", "bool", "kept"),
        Column("day", "date", "day"),
        Column("kind", "category", "kind"),
    ),
    key=("id",),
)


def test_an_empty_table_has_the_declared_types() -> None:
    """The same types with rows and without."""
    full = SCHEMA.conform(pd.DataFrame({"id": ["a"], "count": [1], "kind": ["x"]}))
    assert SCHEMA.empty().dtypes.drop("kind").to_dict() == full.dtypes.drop("kind").to_dict()
    assert list(SCHEMA.empty().columns) == SCHEMA.names


def test_missing_columns_and_texts_are_unknown_not_zero_or_nan_texts() -> None:
    """A missing number is NaN, a missing text empty, also where single values are missing."""
    table = SCHEMA.conform(pd.DataFrame({"day": ["2026-01-02", None], "id": ["a", "b"]}, index=[5, 9]))
    assert table["day"].tolist() == ["2026-01-02", ""]
    assert table["share"].isna().all()
    assert table.index.tolist() == [0, 1]
    assert table.columns.tolist() == SCHEMA.names


def test_types_are_made_the_declared_ones() -> None:
    """Whole numbers of floats, flags of numbers."""
    table = SCHEMA.conform(pd.DataFrame({"id": [1, 2], "count": [1.0, 2.0], "kept": [0, 1]}))
    assert table["id"].tolist() == ["1", "2"]
    assert table["count"].dtype == np.int64 and table["kept"].tolist() == [False, True]


def test_faults_of_the_code_are_raised() -> None:
    """An undeclared column, and a key that stands twice."""
    with pytest.raises(ValueError, match="undeclared columns"):
        SCHEMA.conform(pd.DataFrame({"id": ["a"], "extra": [1]}))
    with pytest.raises(ValueError, match="duplicate key"):
        SCHEMA.conform(pd.DataFrame({"id": ["a", "a"]}))
