"""Chapter 7: method, standards with their legal status, sources with licence and date, and what stands in the appendix."""

from __future__ import annotations

from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks import Block, Bullets, Heading, Paragraph, Table
from ankerort.documents.paper import day_of
from ankerort.documents.report_lines import method_lines, pt_lines
from ankerort.documents.report_rows import source_rows, standards_content
from ankerort.text import Language, say
from ankerort.text.numbers import format_date

_MODES = ("walk", "bike", "car", "pt")


def method_blocks(assessment: Assessment, lang: Language, appendix: tuple[str, ...]) -> list[Block]:
    """How it was computed, on what, and how to get the same figures again."""
    standards = standards_content(assessment, lang)
    rows = tuple(
        (row["service"], *("\n".join(f"{value} ({detail})" for value, detail in cell) or "–" for cell in row["cells"]))
        for row in standards["standards"]
    )
    blocks: list[Block] = [
        Bullets((*method_lines(assessment, lang), *pt_lines(assessment, lang))),
        Heading(say("report.standards", lang), 2),
        Paragraph(say("report.standards_about", lang)),
        Paragraph(standards["standards_agreed"]),
        Table(
            (say("column.service", lang), *(say(f"standard_mode.{mode}", lang) for mode in _MODES)),
            rows,
            widths=(2.6, 2.5, 2.5, 2.5, 2.5),
        ),
        Paragraph(say("report.marks", lang), "small"),
        Heading(say("report.sources", lang), 2),
    ]
    day = day_of(assessment)
    if day:
        blocks.append(Paragraph(say("council.data_day", lang, day=format_date(day, lang))))
    keys = ("column.title", "column.date", "column.licence", "column.attribution")
    sources = tuple(
        ("\n".join(part for part in (r["title"], r["note"]) if part), r["date"], r["licence"], r["attribution"])
        for r in source_rows(assessment, lang)
    )
    blocks.append(Table(tuple(say(key, lang) for key in keys), sources, widths=(4, 1.8, 2.2, 3)))
    record = assessment.record
    reproduce = say("report.reproduce", lang, version=str(record["ankerort"]), key=str(record["key"]))
    blocks.append(Paragraph(reproduce, "small"))
    if appendix:
        blocks += [
            Heading(say("council.appendix_title", lang), 2),
            Paragraph(say("council.appendix_about", lang, titles="; ".join(appendix))),
        ]
    return blocks
