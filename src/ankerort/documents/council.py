"""The report for the council as blocks: seven chapters, written as PDF and DOCX; the page takes the same rows.

1 the most important, 2 maps, 3 places x core functions, 4 who is not served, 5 what is not known and whom to ask, 6 profiles,
7 method, standards, sources.
"""

from __future__ import annotations

from ankerort.documents import findings
from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks import (
    Align,
    Block,
    Bullets,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    PictureRow,
    Printed,
    Table,
)
from ankerort.documents.council_method import method_blocks
from ankerort.documents.council_places import letters_line, matrix_blocks
from ankerort.documents.council_unknown import unknown_blocks
from ankerort.documents.council_unserved import unserved_blocks
from ankerort.documents.labels import row_label
from ankerort.documents.most_important import most_important
from ankerort.documents.paper import day_of, footer_of, header_of
from ankerort.documents.report_lines import warning_lines
from ankerort.documents.report_maps import ReportMap, ReportMaps
from ankerort.documents.report_parts import ReportParts
from ankerort.documents.report_rows import core_row, five_rows, share_base
from ankerort.documents.tables import study_places
from ankerort.documents.year import year_line, year_title
from ankerort.text import Language, say

# Sentence ids of the chapter titles, in the order of the report; page, PDF and DOCX have the same.
CHAPTERS = (
    "report.first_page",
    "report.maps",
    "report.matrix",
    "report.unserved",
    "report.unknown",
    "council.profiles",
    "report.method",
)
_HALF_MM = 83.0
_FULL_MM = 125.0


def council_printed(
    assessment: Assessment, lang: Language, *, parts: ReportParts | None = None, appendix: tuple[str, ...] = ()
) -> Printed:
    """The whole report as a printed document.

    Parameters
    ----------
    parts
        Of the same assessment and language, made once for all documents; None makes them here.
    appendix
        Titles of the pages that stand in the appendix of ``report.html`` only.
    """
    parts = parts or ReportParts(assessment, lang)
    chapters = (
        _first(assessment, lang),
        _maps(assessment, parts.maps, lang),
        matrix_blocks(assessment, lang),
        unserved_blocks(assessment, parts.by_municipality, lang),
        unknown_blocks(assessment, parts.questions, lang),
        parts.profiles,
        method_blocks(assessment, lang, appendix),
    )
    blocks: list[Block] = []
    for number, (title, content) in enumerate(zip(CHAPTERS, chapters, strict=True), 1):
        if number > 1:
            blocks.append(PageBreak())
        blocks += [Heading(chapter_title(number, title, lang)), *content]
    return Printed(
        title=report_title(assessment, lang),
        header=header_of(assessment, lang),
        footer=footer_of(assessment),
        lang=lang,
        date=day_of(assessment),
        blocks=tuple(blocks),
    )


def chapter_title(number: int, sentence_id: str, lang: Language) -> str:
    """A chapter's title with its number."""
    return say("council.chapter", lang, number=str(number), title=say(sentence_id, lang))


def report_title(assessment: Assessment, lang: Language) -> str:
    """Title of the report, with the year if it is another than today's."""
    title = say("report.title", lang, region=assessment.region.settings.name)
    year = year_title(assessment, lang)
    return f"{title}, {year}" if year else title


def _first(assessment: Assessment, lang: Language) -> list[Block]:
    core = findings.core_findings(assessment)
    labels = {i.id: row_label(f"core:{i.id}", assessment.catalogue, lang) for i in assessment.catalogue.core}
    places = study_places(assessment)
    persons = float(places.loc[places["persons"] > 0.5, "persons"].sum())
    blocks: list[Block] = []
    year = year_line(assessment, lang)
    if year:
        blocks.append(Paragraph(year, "warn"))
    blocks.append(Bullets(tuple(most_important(assessment, core, lang))))
    has_demand = bool(len(assessment.pt.trips) and assessment.pt.trips["on_demand"].any())
    head = [
        say("column.function", lang),
        say("council.places_by_letter", lang, count=len(findings.settled_places(assessment))),
        say("report.without_car", lang),
        *([say("mode.without_car_demand", lang)] if has_demand else []),
        say("report.with_car", lang),
    ]
    rows = []
    for finding in core:
        row = core_row(assessment, finding, labels[finding.item_id], lang)
        counts = " · ".join(f"{letter} {count}" for letter, count in finding.places.items() if count)
        demand = [row["with_demand"]] if has_demand else []
        rows.append((row["label"], counts, row["without_car"], *demand, row["with_car"]))
    shares = len(head) - 2
    ends: list[Align] = ["right"] * shares
    blocks += [
        Table(
            tuple(head),
            tuple(rows),
            align=("left", "left", *ends),
            widths=(3.6, 3.2, *(2.0 if has_demand else 2.5,) * shares),
        ),
        Paragraph(letters_line(lang), "small"),
        Paragraph(share_base(assessment, core, labels, persons, lang), "small"),
    ]
    warnings = warning_lines(assessment, lang)
    if warnings:
        blocks.append(Paragraph(" ".join(warnings), "note"))
    return blocks


def _maps(assessment: Assessment, maps: ReportMaps, lang: Language) -> list[Block]:
    blocks: list[Block] = [Paragraph(say("report.maps_about", lang)), Paragraph(letters_line(lang), "small")]
    pictures = [_picture(m, _HALF_MM) for m in maps.core]
    blocks += [PictureRow(tuple(pictures[k : k + 2])) for k in range(0, len(pictures), 2)]
    if maps.left_out:
        blocks.append(Paragraph(maps.left_out, "note"))
    rows = [(r["label"], r["straight"], r["network"]) for r in five_rows(assessment, lang)]
    head = (say("report.five_reached", lang), say("measure.straight", lang), say("measure.network", lang))
    blocks += [
        Heading(say("report.five_heading", lang), 2),
        Paragraph(say("report.five_about", lang), keep=True),
        _picture(maps.five, _FULL_MM),
        Table(head, tuple(rows), align=("left", "right", "right"), widths=(2, 2, 2)),
        Paragraph(say("report.five_note", lang), "small"),
    ]
    return blocks


def _picture(drawn: ReportMap, width_mm: float) -> Picture:
    return Picture(drawn.png, drawn.alt, width_mm, drawn.caption)
