"""``report.html``: one file, works offline, printable; the most important on its first page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markupsafe import Markup

from ankerort.documents import findings, tables
from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks_html import blocks_html
from ankerort.documents.council import CHAPTERS, chapter_title
from ankerort.documents.labels import DARK_LETTERS, LETTERS, letter_meaning, row_label, short_label
from ankerort.documents.most_important import most_important
from ankerort.documents.pages import PAGES, environment, render_pages
from ankerort.documents.paper import day_of, header_of
from ankerort.documents.report_lines import method_lines, pt_lines, warning_lines
from ankerort.documents.report_parts import ReportParts
from ankerort.documents.report_rows import (
    STYLES,
    core_row,
    feed_rows,
    five_rows,
    footprint_line,
    matrix_content,
    share_base,
    source_rows,
    standards_content,
    unknown_rows,
    unserved_row,
)
from ankerort.documents.year import year_line, year_title
from ankerort.text import Language, say
from ankerort.text.numbers import (
    format_date,
    format_persons,
    format_share,
    format_whole,
)

# Anchors of the seven chapters (`council.CHAPTERS`) and of what follows in the appendix beside the further pages.
_ANCHORS = ("wichtigstes", "karten", "orte", "nicht-versorgt", "unbekannt", "steckbriefe", "methode")
_LAST_PAGES = (("fahrplan", "report.pt"), ("hinweise", "report.problems"))


def write_report(assessment: Assessment, path: Path, lang: Language, *, parts: ReportParts | None = None) -> None:
    """Write the report to `path` (the caller renames it into place).

    Parameters
    ----------
    parts
        Of the same assessment and language, made once for all documents; None makes them here.

    Notes
    -----
    The page holds everything, pictures too; it loads nothing from the network and has no date of printing, so that equal
    figures give an equal page.
    """

    def sentence(sentence_id: str, **params: object) -> str:
        return say(sentence_id, lang, **params)

    page = environment().get_template("report.html").render(t=sentence, lang=lang, **_content(assessment, lang, parts))
    path.write_text(page + "\n", encoding="utf-8")


def _content(assessment: Assessment, lang: Language, parts: ReportParts | None) -> dict[str, Any]:
    core = findings.core_findings(assessment)
    inhabited = tables.study_places(assessment)
    inhabited = inhabited[inhabited["persons"] > 0.5]
    persons = float(inhabited["persons"].sum())
    settled = len(findings.settled_places(assessment))
    parts = parts or ReportParts(assessment, lang)
    maps = parts.maps
    pages = render_pages(assessment, lang)
    chapters = {a: chapter_title(n, t, lang) for n, (a, t) in enumerate(zip(_ANCHORS, CHAPTERS, strict=True), 1)}
    appendix = {
        anchor: say("council.appendix", lang, number=str(number), title=title)
        for number, (anchor, title) in enumerate(_appendix(pages, lang), 1)
    }
    labels = {i.id: row_label(f"core:{i.id}", assessment.catalogue, lang) for i in assessment.catalogue.core}
    return {
        "region": assessment.region.settings.name,
        "subtitle": _subtitle(assessment, lang),
        "year_line": year_line(assessment, lang),
        "year_title": year_title(assessment, lang),
        "status": header_of(assessment, lang),
        "status_css": css_string(header_of(assessment, lang)),
        "most_important": most_important(assessment, core, lang),
        "titles": chapters | appendix,
        "key_figures": _key_figures(assessment, settled, persons, lang),
        "place_count": settled,
        "has_demand": bool(len(assessment.pt.trips) and assessment.pt.trips["on_demand"].any()),
        "base": share_base(assessment, core, labels, persons, lang),
        "colours": [
            {"style": STYLES.get(x, x), "fill": fill, "ink": "#ffffff" if x in DARK_LETTERS else "#000000"}
            for x, (fill, _) in LETTERS.items()
        ],
        "core": [core_row(assessment, f, labels[f.item_id], lang) for f in core],
        "short": [short_label(f"core:{f.item_id}", assessment.catalogue, lang) for f in core],
        "letters": [{"letter": x, "meaning": letter_meaning(x, lang)} for x in LETTERS],
        "warnings": warning_lines(assessment, lang),
        "contents": [*list(chapters.items())[1:], *appendix.items()],
        "pages": pages,
        "maps": maps.core,
        "maps_left_out": maps.left_out,
        "five_map": maps.five,
        "five": five_rows(assessment, lang),
        "credit": " · ".join(a for a in dict.fromkeys(assessment.region.sources["attribution"]) if a),
        **matrix_content(assessment, inhabited, lang),
        "unserved": [unserved_row(assessment, f, labels[f.item_id], lang) for f in core],
        "by_municipality": blocks_html(parts.by_municipality, lang, under=1),
        "ask": blocks_html(parts.questions, lang, under=1),
        "profiles": blocks_html(parts.profiles, lang, under=1),
        "unknown": unknown_rows(assessment, lang),
        "footprint": footprint_line(assessment, lang),
        "pt_lines": pt_lines(assessment, lang),
        "feeds": feed_rows(assessment, lang),
        "method": method_lines(assessment, lang),
        **standards_content(assessment, lang),
        **_problems(assessment, lang),
        "sources": source_rows(assessment, lang),
        "data_day": format_date(day_of(assessment), lang),
        "version": assessment.record["ankerort"],
        "key": assessment.record["key"],
    }


def appendix_titles(lang: Language) -> tuple[str, ...]:
    """Titles of what stands in the appendix of the page only, in its order."""
    return tuple(say(title, lang) for title in (*(p.title for p in PAGES), *(t for _, t in _LAST_PAGES)))


def _appendix(pages: list[dict[str, str]], lang: Language) -> list[tuple[str, str]]:
    """Anchor and title of each part of the appendix."""
    return [*((p["anchor"], p["title"]) for p in pages), *((anchor, say(title, lang)) for anchor, title in _LAST_PAGES)]


def css_string(text: str) -> Markup:
    """A text as a string of CSS: everything but letters and digits by its number, so that nothing in a name ends it."""
    return Markup('"{}"').format(Markup("".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text)))


def _subtitle(assessment: Assessment, lang: Language) -> str:
    dates = [d for d in assessment.region.sources["date"] if d]
    if not dates:
        return say("report.subtitle_undated", lang)
    return say("report.subtitle", lang, first=format_date(min(dates), lang), last=format_date(max(dates), lang))


def _key_figures(assessment: Assessment, places: int, persons: float, lang: Language) -> list[dict[str, str]]:
    facilities = assessment.region.facilities
    counts = facilities["in_study"] & (facilities["state"] == "open") & (facilities["merged_into"] == "")
    old = assessment.region.places.loc[assessment.region.places["in_study"], "persons_65_plus"].sum()
    return [
        {
            "value": format_persons(persons, lang),
            "label": say("key.persons", lang)
            if assessment.year is None
            else say("year.persons", lang, year=str(assessment.year)),
        },
        {
            "value": format_share(old / persons, lang) if persons else say("word.unknown", lang),
            "label": say("key.old", lang),
        },
        {"value": format_whole(places, lang), "label": say("key.places", lang)},
        {"value": format_whole(int(counts.sum()), lang), "label": say("key.facilities", lang)},
    ]


def _problems(assessment: Assessment, lang: Language, *, most: int = 60) -> dict[str, Any]:
    rows = tables.problems(assessment, lang).to_dict("records")
    about = "report.problems_about" if rows else "report.problems_none"
    return {
        "problems_about": say(about, lang, count=len(rows), shown=min(most, len(rows))),
        "problems": [{"severity": r["severity"], "text": r["problem"], "repair": r["repair"]} for r in rows[:most]],
    }
