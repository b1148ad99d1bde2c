"""Chapter 5: what is not known and whom to ask, by municipality and by working group, the most important question first."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks import Block, Bullets, Heading, Paragraph, Table
from ankerort.documents.findings import settled_places
from ankerort.documents.labels import row_label, short_label
from ankerort.documents.report_rows import FEW_PERSONS, footprint_line, unknown_rows
from ankerort.documents.tables import study_places
from ankerort.supply.questions import rank_questions
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_persons, format_whole

_MOST_QUESTIONS = 8  # per municipality; the workbook of the inquiry has all of them
_MOST_SHEETS = 6
_MOST_SENTENCES = 3
_MOST_SERVICES = 3
_OPEN = ("unknown", "probable")


def unknown_blocks(assessment: Assessment, questions: Sequence[Block], lang: Language) -> list[Block]:
    """The questions to each municipality (`ask_blocks`), then the services with too little data."""
    blocks: list[Block] = [Paragraph(say("report.unknown_about", lang)), *questions]
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
    """The open questions: the widest gaps in sentences, by municipality with the office to ask, and by working group."""
    open_ = _open_questions(assessment)
    places = study_places(assessment).set_index("place_id")
    blocks: list[Block] = _widest_gaps(assessment, open_, lang)
    blocks += [Heading(say("council.by_municipality", lang), 2), Paragraph(say("council.ask_about", lang))]
    for ags, rows in places.groupby("ags", sort=False):
        mine = open_[open_["ags"] == ags]
        if not len(mine) and float(rows["persons"].sum()) < 1:
            continue
        blocks.append(Heading(str(rows["municipality"].iloc[0]), 3))
        blocks += _questions(assessment, str(ags), mine, lang)
    return blocks + _groups(assessment, open_, lang)


def _open_questions(assessment: Assessment) -> pd.DataFrame:
    """What nobody has confirmed yet, the core functions first: they decide what the report says."""
    questions = rank_questions(assessment.region, assessment.supply, assessment.catalogue)
    open_ = questions[questions["kind"].isin(_OPEN) & ~questions["confirmed"] & questions["asked"]]
    places = study_places(assessment).set_index("place_id")
    open_ = open_.assign(ags=open_["place_id"].map(places["ags"]), place=open_["place_id"].map(places["print_name"]))
    return open_.sort_values(["core", "rank"], ascending=[False, True], kind="stable")


def _widest_gaps(assessment: Assessment, open_: pd.DataFrame, lang: Language) -> list[Block]:
    """For how many places it is not known whether there is a post office: the core services with most places."""
    settled = settled_places(assessment)["place_id"]
    asked = open_[open_["core"] & open_["kind"].eq("unknown") & open_["place_id"].isin(settled)]
    counts = asked.groupby("service", sort=False)["place_id"].nunique().sort_values(ascending=False, kind="stable")
    lines = [
        say(
            "council.not_known_whether",
            lang,
            n=format_whole(count, lang),
            of=format_whole(len(settled), lang),
            what=(_one if lang == "de" else _several)(assessment, str(service), lang),
        )
        for service, count in counts.head(_MOST_SENTENCES).items()
    ]
    return [Bullets(tuple(lines)), Paragraph(say("council.check_lists", lang))] if lines else []


def _questions(assessment: Assessment, ags: str, rows: pd.DataFrame, lang: Language) -> list[Block]:
    if not len(rows):
        return [Paragraph(say("council.ask_none", lang))]
    shown = rows[rows["persons"] >= FEW_PERSONS].head(_MOST_QUESTIONS)
    if not len(shown):
        shown = rows.head(1)
    names = assessment.region.facilities.set_index("facility_id")["name"]
    group_of = {a: g.label(lang) for g in assessment.catalogue.working_groups for a in g.areas}
    table = Table(
        tuple(say(key, lang) for key in ("column.place", "council.question", "council.group", "council.depends")),
        tuple(
            (
                str(r.place),
                _question(assessment, str(r.service), str(names.get(r.facility_id, "")), str(r.kind), lang),
                group_of.get(assessment.catalogue.services[str(r.service)].area, "–"),
                format_persons(float(r.persons), lang),
            )
            for r in shown.itertuples()
        ),
        align=("left", "left", "left", "right"),
        widths=(2.6, 4.6, 2.6, 2),
        whole=True,
    )
    sheets = list(dict.fromkeys(rows["place"].astype(str)))
    named = ", ".join(sheets[:_MOST_SHEETS])
    more = len(sheets) - _MOST_SHEETS
    ask = say(
        "council.ask_office",
        lang,
        office=office_of(assessment, ags),
        sheets=Counted(len(sheets), lang),
        names=say("council.and_more", lang, names=named, n=Counted(more, lang)) if more > 0 else named,
    )
    blocks: list[Block] = [Paragraph(ask, keep=True), table]
    rest = len(rows) - len(shown)
    if rest:
        blocks.append(Paragraph(say("council.ask_more", lang, n=Counted(rest, lang)), "small"))
    return blocks


def _groups(assessment: Assessment, open_: pd.DataFrame, lang: Language) -> list[Block]:
    """Per working group its lead office, how many questions are open, and on which services most."""
    leads = {m.group: m.lead for m in assessment.groups.members}
    areas = open_["service"].map({i: s.area for i, s in assessment.catalogue.services.items()})
    rows = []
    for group in assessment.catalogue.working_groups:
        mine = open_[areas.isin(group.areas)]
        if not len(mine):
            continue
        most = mine["service"].value_counts(sort=False).sort_values(ascending=False, kind="stable").head(_MOST_SERVICES)
        count = say(
            "council.group_places",
            lang,
            n=Counted(len(mine), lang),
            places=Counted(mine["place_id"].nunique(), lang),
        )
        services = ", ".join(short_label(str(s), assessment.catalogue, lang) for s in most.index)
        rows.append((group.label(lang), leads.get(group.id) or say("council.group_lead_none", lang), count, services))
    if not rows:
        return []
    keys = ("council.group", "council.group_lead", "council.group_open", "council.group_most")
    blocks: list[Block] = [
        Heading(say("council.groups", lang), 2),
        Paragraph(say("council.groups_about", lang), keep=True),
        Table(tuple(say(key, lang) for key in keys), tuple(rows), widths=(2.6, 2.8, 2.2, 4)),
    ]
    if not any(leads.values()):
        blocks.append(Paragraph(say("council.groups_none", lang), "note"))
    return blocks


def _question(assessment: Assessment, service: str, name: str, kind: str, lang: Language) -> str:
    label = short_label(service, assessment.catalogue, lang)
    if kind != "probable":
        return say("council.question_unknown", lang, what=_one(assessment, service, lang) if lang == "de" else label)
    if not name:
        return say("council.question_unnamed", lang, service=label)
    return say("council.question_probable", lang, service=label, name=name)


def _one(assessment: Assessment, service: str, lang: Language) -> str:
    """A service as an object: einen Friseur, eine Apotheke."""
    noun = assessment.catalogue.nouns.get(service)
    if noun is None:
        return row_label(service, assessment.catalogue, lang)
    name = noun.one(lang)
    # the one ending of masculine nouns here that changes as an object
    weak = lang == "de" and noun.gender == "m" and name.endswith("automat")
    return say(f"council.one_{noun.gender}", lang, noun=name + "en" if weak else name)


def _several(assessment: Assessment, service: str, lang: Language) -> str:
    noun = assessment.catalogue.nouns.get(service)
    return row_label(service, assessment.catalogue, lang) if noun is None else noun.many(lang)


def office_of(assessment: Assessment, ags: str) -> str:
    """The office to ask: the municipality, and its association where it has one of its own."""
    town = assessment.region.municipalities.set_index("ags").loc[ags]
    office = " ".join(part for part in (str(town["kind"]), str(town["name"])) if part)
    if str(town["association_name"]) in ("", str(town["name"])):
        return office
    above = " ".join(part for part in (str(town["association_kind"]), str(town["association_name"])) if part)
    return f"{office}, {above}"
