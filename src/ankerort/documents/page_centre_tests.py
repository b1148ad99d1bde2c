"""Part of the page "richtwerte": which places meet the criteria of plans for central places, and which miss them by a little."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.standard_lines import persons_between, set_label, verdict_mark
from ankerort.supply.standard_words import agreement_words, centre_words
from ankerort.text import Language, say
from ankerort.text.numbers import format_share, format_whole

_MOST = 10  # places shown
_CRITERIA = ("persons_in_place", "persons_in_catchment", "car", "pt")


def centre_test_content(assessment: Assessment, lang: Language) -> dict[str, Any]:
    """Table of the set with most criteria, one sentence for each other set, narrow misses by name."""
    table = assessment.depth.centre_test
    if not len(table):
        return {"centre": None, "centre_lines": [say("standards.centre_none", lang)], "centre_near": []}
    sets = list(dict.fromkeys(table["set_id"].astype(str)))
    widest = max(sets, key=lambda s: table.loc[table["set_id"] == s, "criterion"].nunique())
    return {
        "centre": _table(assessment, table[table["set_id"] == widest], widest, lang),
        "centre_lines": [_line(assessment, table[table["set_id"] == s], s, lang) for s in sets],
        "centre_near": _near(assessment, table, lang),
    }


def _names(assessment: Assessment) -> dict[str, str]:
    places = assessment.region.places
    return dict(zip(places["place_id"], places["print_name"], strict=True))


def _line(assessment: Assessment, rows: pd.DataFrame, set_id: str, lang: Language) -> str:
    every = rows[rows["criterion"] == "all"]
    kept = every[every["fulfilled"] == "yes"]["place_id"].astype(str)
    counts = every["fulfilled"].astype(str).value_counts()
    names = _names(assessment)
    of_set = say(
        "standards.centre_line",
        lang,
        set=set_label(assessment, set_id, lang),
        yes=int(counts.get("yes", 0)),
        near=int(counts.get("near", 0)),
        no=int(counts.get("no", 0)),
        unknown=int(counts.get("unknown", 0)),
        all=len(every),
    )
    shown = [names.get(p, p) for p in kept][:_MOST]
    called = say("standards.centre_kept", lang, places=", ".join(shown)) if shown else ""
    first = rows.iloc[0]
    sentence, params = agreement_words(first, lang)
    status = say(
        "standards.centre_status",
        lang,
        status=say(f"legal_status.{first['legal_status']}", lang),
        mark=first["mark"],
        agreed=say(sentence, lang, **params),
    )
    return " ".join(part for part in (of_set, called, status) if part)


def _table(assessment: Assessment, rows: pd.DataFrame, set_id: str, lang: Language) -> dict[str, Any]:
    """The largest candidates, those that meet all first: each criterion with its verdict."""
    names = _names(assessment)
    order = {"yes": 0, "near": 1, "unknown": 2, "no": 3}
    every = rows[rows["criterion"] == "all"].assign(
        _order=lambda f: f["fulfilled"].astype(str).map(order),
        _persons=lambda f: (
            f["place_id"]
            .map(rows[rows["criterion"] == "persons_in_place"].set_index("place_id")["value_high"])
            .fillna(0.0)
        ),
    )
    every = every.sort_values(["_order", "_persons", "place_id"], ascending=[True, False, True], kind="stable")
    by_place = {str(p): part.set_index("criterion") for p, part in rows.groupby("place_id", sort=False)}
    criteria = [c for c in _CRITERIA if (rows["criterion"] == c).any()]
    shown = []
    for one in every.head(_MOST).to_dict("records"):
        mine = by_place[str(one["place_id"])]
        shown.append(
            {
                "place": names.get(str(one["place_id"]), str(one["place_id"])),
                "cells": [_cell(mine.loc[c], lang) if c in mine.index else None for c in criteria],
                "all": verdict_mark(str(one["fulfilled"]), lang)
                | {"text": say("standards.centre_exception", lang) if one["exception"] else ""},
                "designated": say(f"tier.{one['designated']}", lang) if one["designated"] else "–",
            }
        )
    heads = []
    for criterion in criteria:
        first = rows[rows["criterion"] == criterion].iloc[0]
        required = first["required"]
        heads.append(
            say(
                f"standards.criterion.{criterion}",
                lang,
                required=format_whole(required, lang)
                if math.isnan(first["limit_min"])
                else format_share(required, lang),
                limit="" if math.isnan(first["limit_min"]) else format_whole(first["limit_min"], lang),
            )
        )
    rest = len(every) - len(shown)
    return {
        "title": set_label(assessment, set_id, lang),
        "heads": heads,
        "rows": shown,
        "rest": say("standards.centre_rest", lang, count=rest) if rest else "",
    }


def _cell(row: pd.Series[Any], lang: Language) -> dict[str, str]:
    low, high = float(row["value_low"]), float(row["value_high"])
    if math.isnan(row["limit_min"]):
        text = persons_between(low, high, lang)
    elif low < 0.005 and high > 0.995:
        text = say("word.unknown", lang)
    else:
        # rounded down, lest a share that misses the criterion be printed as met
        whole = [math.floor(v * 100 + 1e-9) for v in (low, high)]
        text = (
            format_share(whole[0] / 100, lang)
            if whole[0] == whole[1]
            else say("report.bounds", lang, low=whole[0], high=whole[1])
        )
    return {**verdict_mark(str(row["fulfilled"]), lang), "text": text}


def _near(assessment: Assessment, table: pd.DataFrame, lang: Language) -> list[str]:
    """Criteria that a place misses by a little, each place once per criterion, the largest sets first."""
    names = _names(assessment)
    rows = table[(table["fulfilled"] == "near") & (table["criterion"] != "all")]
    out: list[str] = []
    for row in rows.to_dict("records"):
        place = names.get(str(row["place_id"]), str(row["place_id"]))
        text = " ".join(say(s, lang, **p) for s, p in centre_words(row, lang))
        out.append(f"{place} ({set_label(assessment, str(row['set_id']), lang)}): {text}")
    return out[:_MOST]
