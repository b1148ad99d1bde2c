"""The sheet of all confirmations, and the list of differences that an import shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from ankerort.catalogue.model import Catalogue
from ankerort.documents.assessment import Assessment
from ankerort.documents.returns_words import ReturnWords
from ankerort.region.inquiry.differences import Difference
from ankerort.region.model import Region
from ankerort.text import Language, say
from ankerort.text.numbers import format_date

WIDTHS = {
    "returns_thing": 44,
    "returns_field": 22,
    "returns_before": 28,
    "returns_source": 40,
    "returns_says": 28,
    "returns_where": 44,
    "remark": 40,
    "confirmed_by": 30,
    "returns_state": 34,
    "returns_effect": 24,
}


def confirmations(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Every confirmation with what was believed before and whether it holds."""
    rows = assessment.region.confirmations
    if not len(rows):
        return pd.DataFrame()
    rows = rows.sort_values(["place_name", "service", "subject_id", "field", "confirmed_on"], kind="stable")
    words = ReturnWords(assessment.region, assessment.catalogue, lang)
    municipalities = assessment.region.municipalities.set_index("ags")["name"]
    records = rows.to_dict("records")
    return pd.DataFrame(
        {
            "place": rows["place_name"].to_numpy(),
            "municipality": rows["ags"].map(municipalities).fillna("").to_numpy(),
            "returns_thing": [words.thing(r) for r in records],
            "returns_field": [words.field(str(r["field"])) for r in records],
            "returns_before": [words.believed(r) for r in records],
            "returns_source": [words.source(r) for r in records],
            "returns_says": [words.says(r) for r in records],
            "returns_state": [say(f"returns.state.{r['state']}", lang) for r in records],
            "remark": rows["remark"].to_numpy(),
            "confirmed_by": rows["confirmed_by"].to_numpy(),
            "confirmed_on": [format_date(d, lang) for d in rows["confirmed_on"]],
            "returns_imported": [format_date(d, lang) for d in rows["imported_on"]],
            "returns_where": [words.where(r) for r in records],
        }
    )


def _thing(difference: Difference) -> tuple[object, ...]:
    return tuple(difference.row[c] for c in ("subject", "subject_id", "place_id", "service", "file", "sheet", "row"))


def _is_shown(difference: Difference, detailed: Collection[tuple[object, ...]]) -> bool:
    row, kind = difference.row, difference.kind
    if kind == "nothing":
        return False
    if row["field"]:
        return kind != "confirmed" and not (row["verdict"] == "new" and row["field"] == "name")
    return not (
        row["verdict"] == "wrong" and kind == "changed" and _thing(difference) in detailed and not row["remark"]
    )


def difference_table(
    differences: Sequence[Difference], region: Region, catalogue: Catalogue, lang: Language
) -> pd.DataFrame:
    """What an import would take over, one row per difference.

    Left out: what the ledger holds already; a field that stays as it was; "there is one, but not so" where the fields say how; the name
    of a new thing, which names the row.
    """
    words = ReturnWords(region, catalogue, lang)
    detailed = {_thing(d) for d in differences if d.row["field"]}
    shown = [d for d in differences if _is_shown(d, detailed)]
    return pd.DataFrame(
        {
            "place": [d.row["place_name"] for d in shown],
            "returns_thing": [words.thing(d.row) for d in shown],
            "returns_field": [words.field(str(d.row["field"])) for d in shown],
            "returns_before": [words.believed(d.row) for d in shown],
            "returns_source": [words.source(d.row) for d in shown],
            "returns_says": [words.says(d.row) for d in shown],
            "returns_effect": [say(f"returns.effect.{d.kind}", lang) for d in shown],
            "remark": [d.row["remark"] for d in shown],
            "confirmed_by": [d.row["confirmed_by"] for d in shown],
            "confirmed_on": [format_date(str(d.row["confirmed_on"]), lang) for d in shown],
            "returns_where": [words.where(d.row) for d in shown],
        }
    )
