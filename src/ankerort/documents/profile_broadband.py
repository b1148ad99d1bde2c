"""What the profile of a place says of broadband: one sentence, and whether it is of the place or of its municipality."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import share_label
from ankerort.text import Language, say
from ankerort.text.grammar import in_place
from ankerort.text.numbers import format_date, format_whole

_Row = Mapping[str, Any]


def place_broadband(assessment: Assessment, place_id: str, lang: Language) -> str:
    """The sentence about broadband of one place; empty where nothing is known of it or its municipality.

    Parameters
    ----------
    assessment
        As documents may see it: without lists that may not be passed on.
    place_id
        A place of the region.
    """
    region = assessment.region
    rows = region.broadband
    if rows.empty:
        return ""
    place = region.places[region.places["place_id"] == place_id].iloc[0]
    mine = rows[(rows["place_id"] == place_id) | ((rows["place_id"] == "") & (rows["ags"] == place["ags"]))]
    row = told_broadband(mine.to_dict("records"), wanted_mbit=assessment.catalogue.value("broadband.told_mbit"))
    if row is None:
        return ""
    titles = region.sources.set_index("source_id")["title"]
    towns = region.municipalities.set_index("ags")["name"]
    return broadband_line(
        row,
        name=str(place["print_name"]),
        kind=str(place["kind"]),
        municipality=str(towns.get(place["ags"], "")),
        # "Breitbandatlas: Versorgung der Haushalte je Gemeinde" is a title, not a word in brackets
        source_title=str(titles.get(row["source_id"], row["source_id"])).partition(":")[0],
        lang=lang,
    )


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


def broadband_line(row: _Row, *, name: str, kind: str, municipality: str, source_title: str, lang: Language) -> str:
    """``Mindestens 100 Mbit/s haben 92 % der Haushalte des Ortes (Breitbandatlas, 30.06.2026).``."""
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
