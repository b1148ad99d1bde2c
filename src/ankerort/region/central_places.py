"""Designated central places: a list of places with tier, plan and date, as the Land or the region names them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

import pandas as pd

from ankerort.base.problems import Problems
from ankerort.region.place_names import PlaceNames
from ankerort.region.schema import CENTRAL_PLACES
from ankerort.region.settings import InputSettings
from ankerort.region.tables_in import read_sheet, read_text_table
from ankerort.region.vector_files import text_column

TIERS = ("OZ", "MZ", "GZ_MZ", "GZ", "GZ_part")
_WRITTEN = {
    "oz": "OZ",
    "oberzentrum": "OZ",
    "mz": "MZ",
    "mittelzentrum": "MZ",
    "gz_mz": "GZ_MZ",
    "grundzentrum mit teilfunktion eines mittelzentrums": "GZ_MZ",
    "grundzentrum mit teilfunktionen eines mittelzentrums": "GZ_MZ",
    "gz": "GZ",
    "grundzentrum": "GZ",
    "unterzentrum": "GZ",
    "gz_part": "GZ_part",
    "ort mit grundzentraler teilfunktion": "GZ_part",
}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_COLUMNS = ["name", "ags", "tier", "plan", "plan_date", "row", "file", "source_id"]


def read_central_places(inputs: Sequence[InputSettings], *, problems: Problems) -> pd.DataFrame:
    """Read the inputs of kind ``central_places``: name, ags (may be empty), tier, plan, plan_date, row, file, source_id.

    Parameters
    ----------
    inputs
        CSV or XLSX. Columns name (Ort), tier (Stufe), plan, date (Datum), and ags where a name is not unique.
    problems
        Collects: missing columns, unknown tiers, dates that are none, rows without plan.
    """
    parts: list[pd.DataFrame] = []
    for source in inputs:
        for path in source.files:
            read = read_sheet if path.suffix.lower() == ".xlsx" else read_text_table
            table = read(path, problems=problems)
            if table is None:
                continue
            table = table.rename(columns={theirs: own for own, theirs in source.columns.items()})
            name = text_column(table, "name", "ort", "ortsteil", "place")
            tier = text_column(table, "tier", "stufe", "zentralitaet", "zentralität")
            known = ", ".join(c for c in table.columns if c != "row")
            for values, wanted in ((name, "name"), (tier, "tier")):
                if (values == "").all():
                    problems.add("central_places_columns", "error", path.name, missing=wanted, known=known)
            ags = text_column(table, "ags", "gemeindeschluessel")
            parts.append(
                pd.DataFrame(
                    {
                        "name": name,
                        "ags": ags.where(ags == "", ags.str.zfill(8)),
                        "tier": _tiers(tier, table["row"], path.name, problems),
                        "plan": _plans(text_column(table, "plan"), name, table["row"], path.name, problems),
                        "plan_date": _dates(
                            text_column(table, "plan_date", "date", "datum"), table["row"], path.name, problems
                        ),
                        "row": table["row"],
                        "file": path.name,
                        "source_id": source.source_id,
                    }
                )[name != ""]
            )
    if parts:
        return pd.concat(parts, ignore_index=True)
    return pd.DataFrame({c: pd.Series(dtype="int64" if c == "row" else "str") for c in _COLUMNS})


def locate_central_places(read: pd.DataFrame, places: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """CENTRAL_PLACES: the rows of `read_central_places` with the place that each one names.

    A name that no place or several places bear is told; the row is left out.
    """
    names = PlaceNames(places)
    rows: list[dict[str, object]] = []
    taken: dict[str, int] = {}
    for one in read.itertuples():
        if not one.tier:
            continue  # told by the reader
        found = names.find(str(one.name), str(one.ags))
        if not found:
            near = difflib.get_close_matches(str(one.name), names.known(str(one.ags)), n=3)
            problems.add(
                "central_place_unknown",
                "warning",
                str(one.file),
                row=int(str(one.row)),
                column="name",
                name=one.name,
                near=", ".join(near) or "–",
            )
        elif len(found) > 1:
            problems.add(
                "central_place_ambiguous",
                "warning",
                str(one.file),
                row=int(str(one.row)),
                column="name",
                name=one.name,
                places=", ".join(names.printed(p) for p in found),
            )
        elif found[0] in taken:
            problems.add(
                "central_place_twice",
                "warning",
                str(one.file),
                row=int(str(one.row)),
                column="name",
                name=one.name,
                first=taken[found[0]],
            )
        else:
            taken[found[0]] = int(str(one.row))
            rows.append(
                {
                    "place_id": found[0],
                    "tier": one.tier,
                    "plan": one.plan,
                    "plan_date": one.plan_date,
                    "source_id": one.source_id,
                    "source_ref": f"{one.file}:{one.row}",
                }
            )
    return CENTRAL_PLACES.conform(pd.DataFrame(rows, columns=CENTRAL_PLACES.names))


def is_tier(text: str) -> bool:
    """Whether a text names a tier of central places, in whatever way plans write it."""
    return re.sub(r"\s+", " ", text.strip().lower()) in _WRITTEN


def _tiers(values: pd.Series, rows: pd.Series, file: str, problems: Problems) -> list[str]:
    out = []
    for value, row in zip(values, rows, strict=True):
        tier = _WRITTEN.get(re.sub(r"\s+", " ", value.lower()), "")
        if not tier and value:
            problems.add(
                "central_place_tier", "error", file, row=int(row), column="tier", value=value, known=", ".join(TIERS)
            )
        out.append(tier)
    return out


def _plans(values: pd.Series, names: pd.Series, rows: pd.Series, file: str, problems: Problems) -> pd.Series:
    for row in rows[(values == "") & (names != "")]:
        problems.add("central_place_without_plan", "warning", file, row=int(row), column="plan")
    return values


def _dates(values: pd.Series, rows: pd.Series, file: str, problems: Problems) -> list[str]:
    out = []
    for value, row in zip(values, rows, strict=True):
        text = value.removesuffix(" 00:00:00")  # how a workbook's date comes out as text
        german = _GERMAN.fullmatch(text)
        if german:
            text = f"{german[3]}-{int(german[2]):02d}-{int(german[1]):02d}"
        if text and not (_ISO.fullmatch(text) or re.fullmatch(r"\d{4}", text)):
            problems.add("central_place_date", "warning", file, row=int(row), column="plan_date", value=value)
            text = ""
        out.append(text)
    return out
