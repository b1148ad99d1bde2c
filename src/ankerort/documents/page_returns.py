"""Page "ruecklauf": what the municipalities answered, where they contradict each other, and what their answers changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ankerort.catalogue.model import Catalogue
from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.documents.returns_words import ReturnWords
from ankerort.region.inquiry.status import CHANGES, changes_by_service, contradiction_rows, inquiry_status
from ankerort.region.model import Region
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_date, format_share, format_whole

_MOST = 12
_STATUS_COLUMNS = ("municipality", "places", "core", "share", "answers", "contradicted", "offices", "newest")


def returns_content(assessment: Assessment, lang: Language) -> Mapping[str, Any]:
    """Content of the page."""
    region, catalogue = assessment.region, assessment.catalogue
    table = inquiry_status(region, catalogue)
    total = table.iloc[-1]
    heads, rows = status_rows(table, lang)
    lost = int(total["without_subject"])
    return {
        "about": say("returns.about", lang),
        "told": _told(total, lang),
        "any": bool(total["answers"]),
        "heads": heads,
        "rows": rows.to_numpy().tolist(),
        "fights": contradiction_table(region, catalogue, lang),
        "lost": say("returns.lost", lang, n=Counted(lost, lang)) if lost else "",
        "change_heads": [say("column.service", lang), *(say(f"returns.change.{c}", lang) for c in CHANGES)],
        "changes": _changes(region, catalogue, lang),
    }


def status_rows(table: pd.DataFrame, lang: Language) -> tuple[list[str], pd.DataFrame]:
    """Heads and printed rows of STATUS."""
    heads = [say(f"returns.head.{c}", lang) for c in _STATUS_COLUMNS]
    rows = [
        (
            row.municipality or say("returns.all", lang),
            say("returns.of", lang, part=format_whole(row.places_answered, lang), whole=format_whole(row.places, lang)),
            say(
                "returns.of", lang, part=format_whole(row.core_answered, lang), whole=format_whole(row.core_asked, lang)
            ),
            "–" if row.core_share != row.core_share else format_share(row.core_share, lang),
            format_whole(row.answers, lang),
            format_whole(row.contradicted, lang),
            row.offices if row.offices and row.ags else "–",
            format_date(row.newest, lang) if row.newest else "–",
        )
        for row in table.itertuples()
    ]
    return heads, pd.DataFrame(rows, columns=list(_STATUS_COLUMNS))


def contradiction_table(region: Region, catalogue: Catalogue, lang: Language) -> list[dict[str, str]]:
    """Each contradiction with both statements."""
    words = ReturnWords(region, catalogue, lang)
    return [
        {
            "place": str(one["place_name"]),
            "thing": words.thing(_named(one, other)) + (f": {words.field(one['field'])}" if one["field"] else ""),
            "first": _statement(one, words, lang),
            "second": _statement(other, words, lang),
        }
        for one, other in contradiction_rows(region, catalogue)
    ]


def contradiction_lines(region: Region, catalogue: Catalogue, lang: Language) -> list[str]:
    """Each contradiction as a line of text."""
    return [say("returns.fight_line", lang, **fight) for fight in contradiction_table(region, catalogue, lang)]


def _named(one: pd.Series, other: pd.Series) -> Mapping[Any, Any]:
    return one.to_dict() if one["subject_id"] or one["subject_name"] else other.to_dict()


def _statement(row: pd.Series, words: ReturnWords, lang: Language) -> str:
    told = say(
        "returns.statement",
        lang,
        by=row["confirmed_by"],
        on=format_date(str(row["confirmed_on"]), lang),
        value=words.says(row.to_dict()),
    )
    return f"{told} ({words.where(row.to_dict())})"


def _told(total: pd.Series, lang: Language) -> str:
    if not total["answers"]:
        return say("returns.none", lang)
    return say(
        "returns.told",
        lang,
        answered=Counted(total["places_answered"], lang),
        places=Counted(total["places"], lang),
        share=format_share(float(total["core_share"]), lang),
    )


def _changes(region: Region, catalogue: Catalogue, lang: Language) -> list[list[str]]:
    rows = changes_by_service(region).head(_MOST)
    return [
        [
            row_label(str(row["service"]), catalogue, lang) if row["service"] else say("returns.other", lang),
            *(format_whole(row[c], lang) if row[c] else "–" for c in CHANGES),
        ]
        for row in rows.to_dict("records")
    ]
