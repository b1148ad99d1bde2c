"""The sheet of broadband, and what the profile of a place says of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import share_label
from ankerort.text import Language, say
from ankerort.text.grammar import in_place
from ankerort.text.numbers import format_date, format_whole

_COLUMNS = ("municipality", "place", "broadband_of", "broadband_mbit", "broadband_technology", "broadband_low",
            "broadband_high", "date", "source")  # fmt: skip
SHARES = ("broadband_low", "broadband_high")
WHOLE = ("broadband_mbit",)
WIDTHS = {"broadband_of": 22, "broadband_technology": 26, "place": 28}
_Row = Mapping[str, Any]


def broadband(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per municipality or place of the study area, rate and technology; none of lists that are not public."""
    region = assessment.region
    sources = region.sources.set_index("source_id")
    rows = region.broadband
    study = set(region.municipalities.loc[region.municipalities["in_study"], "ags"])
    rows = rows[rows["ags"].isin(study) & ~rows["source_id"].map(sources["internal"]).fillna(False).astype(bool)]
    if rows.empty:
        return pd.DataFrame(columns=list(_COLUMNS))
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


def told_broadband(rows: Sequence[_Row], *, wanted_mbit: float) -> _Row | None:
    """The one row of a place that its profile tells.

    Parameters
    ----------
    rows
        BROADBAND rows of the place and of its municipality.
    wanted_mbit
        Rate that is told where it is known; else the next one below, else the lowest above; the place's own figure before
        that of its municipality, a share before a mere class, all technologies before fibre.
    """

    def order(row: _Row) -> tuple[object, ...]:
        mbit = float(row["class_mbit"])
        return (
            not row["place_id"],
            math.isnan(float(row["share_low"])),
            ("any", "fibre").index(str(row["technology"])),
            mbit != wanted_mbit,
            mbit > wanted_mbit,
            abs(mbit - wanted_mbit),
        )

    known = [row for row in rows if row["technology"] in ("any", "fibre")]
    return min(known, key=order) if known else None


def broadband_line(
    row: _Row | None, *, name: str, kind: str, municipality: str, source_title: str, lang: Language
) -> str:
    """``Mindestens 100 Mbit/s haben 92 % der Haushalte des Ortes (Breitbandatlas, 30.06.2026).``; empty for nothing."""
    if row is None:
        return ""
    own = bool(row["place_id"])
    day = format_date(str(row["date"]), lang) if row["date"] else ""
    source = ", ".join(part for part in (source_title, day) if part)
    mbit = float(row["class_mbit"])
    fibre = row["technology"] == "fibre" and mbit == 0
    told = {"mbit": format_whole(mbit, lang), "source": source}
    if math.isnan(float(row["share_low"])):
        where = in_place(name, kind, lang) if own else say("profile.broadband_in_municipality", lang, name=municipality)
        return say("profile.broadband_class_fibre" if fibre else "profile.broadband_class", lang, where=where, **told)
    low, high = (share_label(float(row[n]), lang) for n in ("share_low", "share_high"))
    share = low if low == high else say("profile.broadband_range", lang, low=low, high=high)
    of = (
        say("profile.broadband_of_place", lang)
        if own
        else say("profile.broadband_of_municipality", lang, name=municipality)
    )
    line = "profile.broadband_fibre" if fibre else "profile.broadband"
    text = say(line, lang, share=share, of=of, **told)
    return text[:1].upper() + text[1:]
