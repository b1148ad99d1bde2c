"""Official projections and population stocks: persons by area, year, sex and age, in long and wide tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ankerort.base.problems import Problems
from ankerort.region.check_projection import check_rows
from ankerort.region.population_labels import (
    HEADINGS,
    has_thousands_points,
    heading,
    parse_age,
    parse_ags,
    parse_persons,
    parse_sex,
    parse_year,
)
from ankerort.region.read_register import REGISTER_COLUMNS, read_register
from ankerort.region.settings import InputSettings
from ankerort.region.tables_in import read_sheet, read_text_table

COLUMNS = ("source_id", "file", "row", "place", "ags", "year", "sex", "age_from", "age_to", "persons")
_NAMED = 20
_COUNTED = 0.06  # persons: registers count, they do not round; of a hundred parts 0.6
_TYPES = {"row": "int64", "year": "int64", "age_from": "int64", "age_to": "int64", "persons": "float64"}


def empty_rows() -> pd.DataFrame:
    """No rows, with the columns that the reader gives."""
    return pd.DataFrame({c: pd.Series(dtype=_TYPES.get(c, "str")) for c in COLUMNS})


def read_population_tables(
    inputs: Sequence[InputSettings], *, problems: Problems, suppressed_persons: float = 1.5
) -> pd.DataFrame:
    """Read inputs of the kinds ``projection`` and ``population``.

    A table is long (one row per area, year, sex and age) or wide in one of them (years, ages or sexes as headings).
    Headings and entries may be German or English; a flat file of GENESIS is recognised by its own headings.

    Parameters
    ----------
    inputs
        CSV or XLSX files. Option ``unit_persons`` (1 or 1000): persons that one unit stands for. Option ``year``: year of a table
        without a column for it.
    problems
        Collects what is wrong in all files; see `ankerort.region.check_projection`.
    suppressed_persons
        Persons of a number that a registration office keeps secret, where no total tells more.

    Returns
    -------
    DataFrame
        `COLUMNS`: `ags` of a Land, district or municipality; `place` may be empty; `sex` f, m or all; `age_to` 120 = open.
        Totals over ages or sexes that stand beside their parts are checked and left out.
        Rows of registration offices have `REGISTER_COLUMNS` too, and `ags` may be empty there.
    """
    frames = []
    for source in inputs:
        for path in source.files:
            if source.kind == "population" and not _is_genesis(path):
                found = read_register(path, source, problems=problems, suppressed_persons=suppressed_persons)
                frames.append(_checked(found, path.name, problems))
                continue
            excel = path.suffix.lower() == ".xlsx"
            table = read_sheet(path, problems=problems) if excel else read_text_table(path, problems=problems)
            if table is None:
                continue
            rows = _rows(table, source, path, problems)
            if rows is not None:
                frames.append(check_rows(rows, path.name, problems))
    frames = [f for f in frames if len(f)]
    if not frames:
        return empty_rows()
    together = pd.concat(frames, ignore_index=True)
    further = [c for c in REGISTER_COLUMNS if c in together.columns]
    return together[[*COLUMNS, *further]].fillna(dict.fromkeys(further, ""))


def _is_genesis(path: Path) -> bool:
    with path.open("rb") as file:
        return re.search(rb"_(?:merkmal|variable)_code", file.readline().lower()) is not None


def _checked(rows: pd.DataFrame, table: str, problems: Problems) -> pd.DataFrame:
    """`check_rows` of a register, whose municipalities may be named only."""
    if rows.empty:
        return rows
    own = rows["ags"]
    named = rows.assign(ags=own.where(own != "", rows["municipality"]), own_ags=own)
    checked = check_rows(named, table, problems, rounding_persons=_COUNTED, rounding_share=0.0)
    return checked.assign(ags=checked["own_ags"]).drop(columns="own_ags")


def with_known_columns(table: pd.DataFrame) -> pd.DataFrame:
    """A table of population as read, with Ankerort's names of columns and one row per area, year, sex and age.

    Columns that it does not have stay missing; the values stay text.
    """
    table = _from_genesis(table)
    for column in list(table.columns):
        own = heading(str(column)) if column not in HEADINGS and column != "row" else ""
        if own and own not in table.columns:
            table = table.rename(columns={column: own})
    return table if "persons" in table.columns else _lengthened(table)


def _rows(table: pd.DataFrame, source: InputSettings, path: Path, problems: Problems) -> pd.DataFrame | None:
    known = ", ".join(str(c) for c in table.columns if c != "row")
    missing = [theirs for theirs in source.columns.values() if theirs not in table.columns]
    for theirs in missing:
        problems.add("vector_column", "error", path.name, column=theirs, name=theirs, known=known)
    names = {theirs: own for own, theirs in source.columns.items()}
    table = _from_genesis(table).rename(columns=names)
    for column in list(table.columns):
        own = heading(str(column)) if column not in HEADINGS and column != "row" else ""
        if own and own not in table.columns:
            table = table.rename(columns={column: own})
    if "persons" not in table.columns:
        table = _lengthened(table)
    if "year" not in table.columns and "year" in source.options:
        table = table.assign(year=str(source.options["year"]))
    lost = [name for name in ("ags", "year", "persons") if name not in table.columns]
    for name in lost:
        problems.add("projection_column", "error", path.name, row=1, column=name, name=name, known=known)
    if lost or missing:
        return None
    unit = source.options.get("unit_persons", 1)
    if unit not in (1, 1000) or isinstance(unit, bool):
        problems.add("projection_unit_option", "error", "region.toml", source=source.source_id, value=str(unit))
        unit = 1
    return _parsed(table, source, path, float(str(unit)), problems)


def _parsed(table: pd.DataFrame, source: InputSettings, path: Path, unit: float, problems: Problems) -> pd.DataFrame:
    """Text as values; rows that cannot be read are named and left out."""
    usable = np.ones(len(table), dtype=bool)
    row = table["row"].to_numpy(dtype=np.int64)

    def values(column: str, parse: Callable[[str], object], code: str) -> pd.Series:
        texts = table[column].astype("str")
        found = {text: parse(text) for text in texts.unique()}
        bad = texts.map(lambda t: found[t] is None).to_numpy(dtype=bool)
        first = np.flatnonzero(bad)
        for k in first[:_NAMED]:
            problems.add(
                code, "error", path.name, row=int(row[k]), column=column, value=texts.iloc[k], count=len(first)
            )
        usable[bad] = False
        return texts.map(found)

    ags = values("ags", parse_ags, "projection_ags")
    year = values("year", parse_year, "projection_year")
    sex = values("sex", parse_sex, "projection_sex") if "sex" in table else pd.Series("all", index=table.index)
    if "age_from" in table.columns and "age_to" in table.columns:
        table = table.assign(age=table["age_from"].str.strip() + "-" + table["age_to"].str.strip().replace("", "120"))
    age = (
        values("age", parse_age, "projection_age")
        if "age" in table.columns
        else pd.Series([(0, 120)] * len(table), index=table.index)
    )
    thousands = has_thousands_points(table["persons"].unique())
    persons = values("persons", lambda t: parse_persons(t, thousands=thousands), "projection_persons")
    place = table["place"].str.strip() if "place" in table.columns else pd.Series("", index=table.index)
    repaired = np.array([bool(a is not None and a[1]) for a in ags], dtype=bool)
    if repaired.any():
        problems.add(
            "projection_ags_zero",
            "warning",
            path.name,
            row=int(row[np.flatnonzero(repaired)[0]]),
            column="ags",
            count=int(repaired.sum()),
        )
    keep = np.flatnonzero(usable)
    frame = pd.DataFrame(
        {
            "source_id": source.source_id,
            "file": path.name,
            "row": row[keep],
            "place": place.to_numpy(dtype=object)[keep],
            "ags": [ags.iloc[k][0] for k in keep],
            "year": [int(year.iloc[k]) for k in keep],
            "sex": [sex.iloc[k] for k in keep],
            "age_from": [int(age.iloc[k][0]) for k in keep],
            "age_to": [int(age.iloc[k][1]) for k in keep],
            "persons": [float(persons.iloc[k]) * unit for k in keep],
        }
    )
    return frame if len(frame) else empty_rows()


def _lengthened(table: pd.DataFrame) -> pd.DataFrame:
    """A wide table as a long one: headings that are years, ages or sexes become rows; the most frequent kind counts."""
    rest = [c for c in table.columns if c not in HEADINGS and c != "row"]
    # An empty heading reads as "both sexes", a number below 121 as an age: years are asked first.
    found = {
        "year": [c for c in rest if parse_year(str(c)) is not None],
        "age": [c for c in rest if parse_age(str(c)) is not None and parse_year(str(c)) is None],
        "sex": [c for c in rest if str(c).strip() and parse_sex(str(c)) is not None],
    }
    kind = max((k for k in found if k not in table.columns), key=lambda k: len(found[k]), default="")
    if not kind or not found[kind]:
        return table
    stay = [c for c in table.columns if c not in found[kind]]
    return table.melt(id_vars=stay, value_vars=found[kind], var_name=kind, value_name="persons")


def _from_genesis(table: pd.DataFrame) -> pd.DataFrame:
    """A flat file of GENESIS-Online: ``1_Merkmal_Code``, ``1_Auspraegung_Code``, ..., ``Zeit`` and one column of values.

    An empty code is the total.
    Newer files use the English names ``1_variable_code``, ``1_variable_attribute_code``, ``time`` and ``value``.
    """
    lower = {str(c).lower(): c for c in table.columns}
    out = table
    for k in range(1, 9):
        what = lower.get(f"{k}_merkmal_code") or lower.get(f"{k}_variable_code")
        code = lower.get(f"{k}_auspraegung_code") or lower.get(f"{k}_variable_attribute_code")
        if what is None or code is None or not len(table):
            continue
        variable = str(table[what].iloc[0]).upper()
        if variable.startswith("GES"):
            out = out.assign(sex=table[code].where(table[code] != "", "insgesamt"))
        elif variable.startswith("ALT"):
            out = out.assign(age=table[code].where(table[code] != "", "insgesamt"))
        elif variable.startswith(("KREISE", "GEMEIN", "DLAND", "DG", "DINSG")):
            out = out.assign(ags=table[code])
    if out is table:
        return table
    time = lower.get("zeit") or lower.get("time")
    value = lower.get("value") or next((c for key, c in lower.items() if key.count("__") >= 1), None)
    if time is not None:
        out = out.assign(year=table[time])
    if value is not None:
        out = out.assign(persons=table[value])
    return out[[c for c in ("ags", "year", "sex", "age", "persons", "row") if c in out.columns]]
