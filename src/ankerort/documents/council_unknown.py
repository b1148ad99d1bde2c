"""Chapter 5: what is not known and whom to ask, by municipality, the most important question first."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks import Block, Heading, Paragraph, Table
from ankerort.documents.labels import row_label
from ankerort.documents.report_rows import FEW_PERSONS, footprint_line, unknown_rows
from ankerort.documents.tables import study_places
from ankerort.supply.questions import rank_questions
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_persons

_MOST_QUESTIONS = 8  # per municipality; the inquiry has all of them
_OPEN = ("unknown", "probable")


def unknown_blocks(assessment: Assessment, questions: Sequence[Block], lang: Language) -> list[Block]:
    """The questions to each municipality (`ask_blocks`), then the services with too little data."""
    blocks: list[Block] = [Paragraph(say("report.unknown_about", lang)), Paragraph(say("report.ask", lang))]
    blocks += questions
    rows = unknown_rows(assessment, lang)
    if rows:
        keys = ("column.service", "column.found", "report.expected", "report.places_unknown")
        blocks += [
            Heading(say("council.unknown_services", lang), 2),
            Table(
                tuple(say(key, lang) for key in keys),
                tuple((r["label"], r["found"], r["expected"], r["places"]) for r in rows),
                align=("left", "right", "right", "right"),
                widths=(4, 1.6, 2, 2.4),
            ),
        ]
    footprint = footprint_line(assessment, lang)
    if footprint:
        blocks.append(Paragraph(footprint, "note"))
    return blocks


def ask_blocks(assessment: Assessment, lang: Language) -> list[Block]:
    """The open questions by municipality: on whose answer most people's result depends, and which office to ask."""
    questions = rank_questions(assessment.region, assessment.supply, assessment.catalogue)
    open_ = questions[questions["kind"].isin(_OPEN) & ~questions["confirmed"] & questions["asked"]]
    places = study_places(assessment).set_index("place_id")
    open_ = open_.assign(ags=open_["place_id"].map(places["ags"]), name=open_["place_id"].map(places["print_name"]))
    # the core functions decide what the report says
    open_ = open_.sort_values(["core", "rank"], ascending=[False, True], kind="stable")
    blocks: list[Block] = [
        Heading(say("council.by_municipality", lang), 2),
        Paragraph(say("council.ask_about", lang)),
    ]
    for ags, rows in places.groupby("ags", sort=False):
        mine = open_[open_["ags"] == ags]
        if not len(mine) and float(rows["persons"].sum()) < 1:
            continue
        blocks.append(Heading(str(rows["municipality"].iloc[0]), 3))
        blocks += _questions(assessment, str(ags), mine, lang)
    return blocks


def _questions(assessment: Assessment, ags: str, rows: pd.DataFrame, lang: Language) -> list[Block]:
    if not len(rows):
        return [Paragraph(say("council.ask_none", lang))]
    shown = rows[rows["persons"] >= FEW_PERSONS].head(_MOST_QUESTIONS)
    if not len(shown):
        shown = rows.head(1)
    names = assessment.region.facilities.set_index("facility_id")["name"]
    table = Table(
        (say("column.place", lang), say("council.question", lang), say("council.depends", lang)),
        tuple(
            (
                str(r.name_),
                _question(assessment, str(r.service), str(names.get(r.facility_id, "")), str(r.kind), lang),
                p,
            )
            for r, p in zip(
                shown.rename(columns={"name": "name_"}).itertuples(),
                (format_persons(float(n), lang) for n in shown["persons"]),
                strict=True,
            )
        ),
        align=("left", "left", "right"),
        widths=(2.6, 5, 2.2),
    )
    blocks: list[Block] = [Paragraph(say("council.ask_office", lang, office=office_of(assessment, ags))), table]
    rest = len(rows) - len(shown)
    if rest:
        blocks.append(Paragraph(say("council.ask_more", lang, n=Counted(rest, lang)), "small"))
    return blocks


def _question(assessment: Assessment, service: str, name: str, kind: str, lang: Language) -> str:
    label = row_label(service, assessment.catalogue, lang)
    if kind == "probable":
        return say("council.question_probable", lang, service=label, name=name or say("council.unnamed", lang))
    return say("council.question_unknown", lang, service=label)


def office_of(assessment: Assessment, ags: str) -> str:
    """The office to ask: the municipality, and its association where it has one of its own."""
    town = assessment.region.municipalities.set_index("ags").loc[ags]
    office = " ".join(part for part in (str(town["kind"]), str(town["name"])) if part)
    if str(town["association_name"]) in ("", str(town["name"])):
        return office
    above = " ".join(part for part in (str(town["association_kind"]), str(town["association_name"])) if part)
    return f"{office}, {above}"
