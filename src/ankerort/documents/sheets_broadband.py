"""The sheet of broadband."""

from __future__ import annotations

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.region.broadband_heads import TECHNOLOGIES
from ankerort.text import Language, say
from ankerort.text.numbers import format_date

_COLUMNS = ("municipality", "place", "broadband_of", "broadband_mbit", "broadband_technology", "broadband_low",
            "broadband_high", "date", "source")  # fmt: skip
SHARES = ("broadband_low", "broadband_high")
WHOLE = ("broadband_mbit",)
WIDTHS = {"broadband_of": 22, "broadband_technology": 26, "place": 28}


def broadband(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per municipality or place of the study area, rate and technology; none of lists that are not public."""
    region = assessment.region
    sources = region.sources.set_index("source_id")
    rows = region.broadband
    study = set(region.municipalities.loc[region.municipalities["in_study"], "ags"])
    rows = rows[rows["ags"].isin(study) & ~rows["source_id"].map(sources["internal"]).fillna(False).astype(bool)]
    if rows.empty:
        return pd.DataFrame(columns=list(_COLUMNS))
    rows = rows.assign(order=rows["technology"].map(list(TECHNOLOGIES).index)).sort_values(
        ["order", "class_mbit"], kind="stable"
    )
    frame = pd.DataFrame(
        {
            "municipality": rows["ags"].map(region.municipalities.set_index("ags")["name"]).fillna(""),
            "place": rows["place_id"].map(region.places.set_index("place_id")["print_name"]).fillna(""),
            "broadband_of": rows["rule"].map(lambda rule: say(f"broadband.rule_{rule}", lang)),
            "broadband_mbit": rows["class_mbit"].where(rows["class_mbit"] > 0),
            "broadband_technology": rows["technology"].map(lambda name: say(f"broadband.{name}", lang)),
            "broadband_low": rows["share_low"],
            "broadband_high": rows["share_high"],
            "date": rows["date"].map(lambda day: format_date(day, lang)),
            "source": rows["source_id"].map(sources["title"]).fillna(rows["source_id"]),
        }
    )
    return frame.sort_values(["municipality", "place"], kind="stable").reset_index(drop=True)[list(_COLUMNS)]
