"""Page "lage": who reaches the largest places, what they hold for others, and what plans call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import share_label
from ankerort.documents.standard_lines import persons_between, whose
from ankerort.text import Language, say
from ankerort.text.numbers import format_date, format_decimal, format_persons, format_share, format_whole

_MOST = 12
_GROUPS = ("all", "65_plus", "without_car")


def position_content(assessment: Assessment, lang: Language) -> Mapping[str, Any]:
    """Content of the page."""
    places = largest_places(assessment)
    catchments = assessment.depth.place_catchment
    columns = _columns(catchments)
    has_pt = any(mode == "pt" for mode, _ in columns)
    index = catchments.set_index(["place_id", "mode", "minutes", "group"]) if len(catchments) else catchments
    names = assessment.region.places.set_index("place_id")["print_name"]
    listed = bool(len(assessment.region.central_places))
    size = int(places["catalogue_size"].max()) if len(places) else 0
    unknown = places["functions_unknown"]
    return {
        "about": [say("position.about", lang), whose(assessment, lang)],
        "heads": [say(f"position.head.{mode}", lang, minutes=format_whole(m, lang)) for mode, m in columns],
        "reach": [
            {"place": str(names.get(p, p)), "groups": [_group(index, p, columns, g, lang) for g in _GROUPS]}
            for p in places["place_id"]
        ],
        "no_pt": "" if has_pt else say("position.no_pt", lang),
        "holds": [_holds(row, names, lang) for row in places.to_dict("records")],
        "depends": say(
            "position.depends",
            lang,
            low=format_whole(unknown.min(), lang) if len(places) else "0",
            high=format_whole(unknown.max(), lang) if len(places) else "0",
            size=format_whole(size, lang),
        ),
        "size": size,
        "listed": "" if listed else say("position.no_list", lang),
        "rest": _rest(assessment, len(places), lang),
    }


def largest_places(assessment: Assessment) -> pd.DataFrame:
    """CENTRALITY of the largest places that have a name of their own."""
    table = assessment.depth.centrality
    kinds = assessment.region.places.set_index("place_id")["kind"]
    named = table[table["place_id"].map(kinds).ne("outlying") & (table["persons"] > 0.5)]
    return named.sort_values(["persons", "place_id"], ascending=[False, True], kind="stable").head(_MOST)


def _columns(catchments: pd.DataFrame) -> list[tuple[str, float]]:
    """Modes and minutes in reading order; that with Rufbus only where it makes a difference."""
    if not len(catchments):
        return []
    pairs = set(zip(catchments["mode"], catchments["minutes"], strict=True))
    both = _demand_differs(catchments) if any(mode == "pt_demand" for mode, _ in pairs) else False
    return sorted((m, t) for m, t in pairs if m != "pt_demand" or both)


def _demand_differs(catchments: pd.DataFrame) -> bool:
    keys = ["place_id", "minutes", "group"]
    two = [catchments[catchments["mode"] == m].set_index(keys)["persons_low"] for m in ("pt", "pt_demand")]
    return bool(((two[1] - two[0]).abs() >= 2.5).any())


def _group(
    index: pd.DataFrame, place: str, columns: list[tuple[str, float]], group: str, lang: Language
) -> dict[str, Any]:
    cells: list[list[str]] = []
    for mode, minutes in columns:
        row = index.loc[(place, mode, minutes, group)]
        lines = [persons_between(float(row["persons_low"]), float(row["persons_high"]), lang)]
        if group == "all" and row["persons_low"] >= 2.5:
            lines.append(f"({share_label(float(row['from_others_share']), lang)})")
        cells.append(lines)
    return {"label": say(f"position.group.{group}", lang), "cells": cells}


def _holds(row: Mapping[Any, Any], names: pd.Series[Any], lang: Language) -> dict[str, str]:
    low, high = (format_share(row[f"endowment_{end}"], lang) for end in ("low", "high"))
    day = str(row["plan_date"])
    return {
        "place": str(names.get(row["place_id"], row["place_id"])),
        "persons": format_persons(row["persons"], lang),
        "endowment": low if low == high else say("statement.range", lang, low=low, high=high),
        "functions": format_whole(row["functions"], lang),
        "davies": format_whole(row["davies"], lang),
        "rank": format_whole(row["davies_rank"], lang),
        "surplus": ("+" if row["surplus"] >= 0.5 else "") + format_whole(row["surplus"], lang).replace("-", "−"),
        "relative": "–" if row["relative"] != row["relative"] else format_decimal(row["relative"], lang),
        "tier": say(f"tier.{row['tier']}", lang) if row["tier"] else "–",
        "plan": ", ".join(part for part in (str(row["plan"]), format_date(day, lang) if day else "") if part),
    }


def _rest(assessment: Assessment, shown: int, lang: Language) -> str:
    rest = len(assessment.depth.centrality) - shown
    return say("position.rest", lang, count=format_whole(rest, lang)) if rest > 0 else ""
