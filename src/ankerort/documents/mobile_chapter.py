"""The report chapter on a mobile plan as blocks, written as HTML, PDF and DOCX.

1 the proposal, 2 timetable of the villages, 3 tours, 4 cost, 5 who may be served, 6 other ways, 7 places left out, 8 wishes, 9 how good the
proposal is, 10 assumptions and sources.
"""

from __future__ import annotations

import math
from functools import partial

import pandas as pd

from ankerort.documents.anchors_words import Money
from ankerort.documents.blocks import Block, Bullets, Heading, PageBreak, Paragraph, Picture, Printed, Table
from ankerort.documents.council import chapter_title
from ankerort.documents.mobile_lines import (
    authority_name,
    cost_name,
    left_reason,
    plan_lines,
    proof_lines,
    told_by_id,
    total,
)
from ankerort.documents.mobile_map import MM_PER_INCH, MobileMap
from ankerort.documents.mobile_parts import MobileParts, sort_key
from ankerort.documents.mobile_records_told import assumptions, figure_text, marks, value_text
from ankerort.documents.mobile_run_sheet import days_of, weeks_words
from ankerort.documents.mobile_sheet import cancelled_lines, stop_name
from ankerort.documents.pictures import png_size
from ankerort.text import read_sentences, say
from ankerort.text.counted import Counted
from ankerort.text.grammar import capital
from ankerort.text.numbers import format_date, format_decimal, format_persons, format_share, format_whole
from ankerort.text.problems import describe_problem, repair_of

CHAPTERS = (
    "proposal",
    "timetable",
    "tours",
    "cost",
    "authorities",
    "alternatives",
    "left",
    "wishes",
    "proof",
    "method",
)
_MAP_MM, _MAP_HIGH_MM, _MAP_LEAST_MM = 165.0, 150.0, 75.0
_TITLE_LETTERS, _TITLE_MM = 52, 11.0
_LINE_LETTERS, _LINE_MM, _ROOM_MM = 95, 5.1, 196.0  # of the first page: sentences and map share it


def mobile_printed(parts: MobileParts) -> Printed:
    """The whole chapter as a printed document."""
    makers = (
        proposal_blocks,
        timetable_blocks,
        tour_blocks,
        cost_blocks,
        authority_blocks,
        alternative_blocks,
        left_blocks,
        wishes_blocks,
        proof_blocks,
        method_blocks,
    )
    blocks: list[Block] = []
    for number, (name, make) in enumerate(zip(CHAPTERS, makers, strict=True), 1):
        if number == 2:
            blocks.append(PageBreak())  # the first chapter has its page to itself
        title = chapter_title(number, f"mobile_doc.chapter.{name}", parts.lang)
        blocks += [Heading(title, anchor=f"kapitel-{number}"), *make(parts)]
    return Printed(
        title=parts.plan_title,
        header=parts.header,
        footer=parts.footer,
        lang=parts.lang,
        date=parts.date,
        blocks=tuple(blocks),
    )


def proposal_blocks(parts: MobileParts) -> list[Block]:
    """The first page: the plan in sentences, and the map."""
    lang = parts.lang
    lines = plan_lines(parts)
    blocks: list[Block] = []
    if parts.plan.effect.estimated:
        blocks.append(Paragraph(say("mobile_doc.estimated", lang), "warn"))
    blocks.append(Bullets(tuple(lines)))
    if parts.stops:
        used = sum(-(-len(line) // _LINE_LETTERS) for line in lines) * _LINE_MM + (
            9 if parts.plan.effect.estimated else 0
        )
        used += _TITLE_MM * (len(parts.plan_title) // _TITLE_LETTERS)
        high = min(max(_ROOM_MM - used, _MAP_LEAST_MM), _MAP_HIGH_MM)
        png = MobileMap(parts).draw()
        wide, tall = png_size(png)
        width = min(_MAP_MM, high * wide / tall)
        if width < 0.8 * _MAP_MM:  # drawn anew, so that its words stay as large
            png = MobileMap(parts).draw(width=width / MM_PER_INCH)
            wide, tall = png_size(png)
            width = min(width, high * wide / tall)
        blocks.append(Picture(png, map_alt(parts), width, say("mobile_doc.map_caption", lang)))
    return blocks


def map_alt(parts: MobileParts) -> str:
    """The map in words."""
    told = "; ".join(
        say("mobile_doc.map_stop", parts.lang, letter=s.letter, place=s.place, stop=stop_name(parts, s))
        for s in parts.stops
    )
    return say("mobile_doc.map_alt", parts.lang, n=Counted(len(parts.stops), parts.lang), stops=told)


def timetable_blocks(parts: MobileParts) -> list[Block]:
    """Where and when; then what is handed over at a second visit, days left out."""
    lang = parts.lang
    rows = []
    for stop in parts.stops:
        when = "\n".join(f"{capital(parts.rhythm(v))}\n{parts.hours(v.from_time, v.to_time)}" for v in stop.visits)
        figures = stop.figures
        rows.append(
            (
                stop.letter,
                f"{stop.place}\n{stop_name(parts, stop)}",
                when,
                _persons(figures.get("persons_near"), parts),
                _range(figures.get("cases_low"), figures.get("cases_high"), parts),
                _share(figures.get("wishes_met"), parts),
            )
        )
    keys = ("letter", "place_stop", "when", "persons_near", "cases", "wishes_met")
    blocks: list[Block] = [
        Paragraph(say("mobile_doc.timetable_about", lang, weeks=Counted(parts.plan.weeks, lang)), keep=True),
        Table(
            tuple(say(f"mobile_doc.column.{k}", lang) for k in keys),
            tuple(rows),
            align=("center", "left", "left", "right", "right", "right"),
            widths=(1.1, 4.1, 5.1, 2.0, 1.7, 1.6),
            small=True,
        ),
    ]
    if any(float(s.figures.get("handover_weeks", math.nan)) > 0 for s in parts.stops):
        blocks += [
            Heading(say("mobile_doc.handover", lang), 2),
            Paragraph(say("mobile_doc.handover_rule", lang)),
            _handover(parts),
        ]
    off = [(s, cancelled_lines(parts, s, apart=False)) for s in parts.stops]
    told = [
        say("mobile_doc.stop_says", lang, place=f"{s.letter} {s.place}", told=line)
        for s, lines in off
        for line in lines
    ]
    if told:
        first, last = parts.calendar.first, parts.calendar.last
        about = say(
            "mobile_doc.dates_about",
            lang,
            first=format_date(first.isoformat(), lang),
            last=format_date(last.isoformat(), lang),
        )
        blocks += [Heading(say("mobile_doc.left_out_days", lang), 2), Paragraph(about, keep=True), Bullets(tuple(told))]
    return blocks


def _handover(parts: MobileParts) -> Table:
    """Stops by the weeks after which the slowest document is handed over."""
    lang = parts.lang
    found: dict[float, list[str]] = {}
    for stop in parts.stops:
        weeks = float(stop.figures.get("handover_weeks", math.nan))
        if not math.isnan(weeks):
            found.setdefault(weeks, []).append(f"{stop.letter} {stop.place}")
    rows = tuple((say("mobile_doc.weeks_n", lang, n=Counted(w, lang)), ", ".join(found[w])) for w in sorted(found))
    keys = ("handover", "stops")
    return Table(tuple(say(f"mobile_doc.column.{k}", lang) for k in keys), rows, widths=(3, 10), small=True)


def tour_blocks(parts: MobileParts) -> list[Block]:
    """Tours by vehicle and weekday with way and times."""
    lang = parts.lang
    rows = []
    for day in days_of(parts):
        stops = list(dict.fromkeys(str(x["stop_id"]) for x in day.legs if x["what"] == "visit"))
        named = "–".join(s.letter for x in stops if (s := parts.stop(x)) is not None)
        star = "*" if any(x["estimated"] for x in day.legs) else ""
        km = format_decimal(sum(float(x["drive_m"]) for x in day.legs) / 1000, lang) + star
        drive = round(sum(float(x["drive_s"]) for x in day.legs) / 60)
        rows.append(
            (
                say("mobile_doc.vehicle_n", lang, vehicle=day.vehicle),
                parts.weekday(day.weekday),
                weeks_words(parts, day.weeks),
                named,
                km,
                f"{drive}{star}",
                f"{str(day.legs[0]['from_time']).lstrip('0')}–{str(day.legs[-1]['to_time']).lstrip('0')}",
            )
        )
    keys = ("vehicle", "weekday", "weeks", "stops", "km", "drive_min", "span")
    blocks: list[Block] = [
        Paragraph(say("mobile_doc.tours_about", lang, kind=parts.vehicle_kind)),
        Table(
            tuple(say(f"mobile_doc.column.{k}", lang) for k in keys),
            tuple(rows),
            align=("left", "left", "left", "left", "right", "right", "right"),
            widths=(2, 2, 2.4, 4, 1.6, 1.8, 2.2),
            small=True,
        ),
    ]
    if any(leg["estimated"] for day in days_of(parts) for leg in day.legs):
        blocks.append(Paragraph(say("mobile_doc.estimated_star", lang), "small"))
    return blocks


def cost_blocks(parts: MobileParts) -> list[Block]:
    """Each item as a range with its quantity and mark, and the sum."""
    lang = parts.lang
    rows: list[tuple[str, ...]] = []
    for row in parts.plan.costs.to_dict("records"):
        amount = float(row["amount"])
        told = amount_text(amount, str(row["unit"]), parts)
        rows.append(
            (
                cost_name(parts, str(row["item"]), str(row["record"])),
                told,
                Money.of(pd.DataFrame([row])).per_year(lang),
                marks(parts, str(row["record"])),
            )
        )
    rows.append((say("mobile_doc.cost.sum", lang), "", total(parts).per_year(lang), ""))
    keys = ("item", "amount", "cost_year", "mark")
    frame = format_share(parts.documents.catalogue.value("anchors.cost_frame_share"), lang)
    return [
        Table(
            tuple(say(f"mobile_doc.column.{k}", lang) for k in keys),
            tuple(rows),
            align=("left", "right", "right", "center"),
            widths=(5, 3, 3.4, 2),
        ),
        Paragraph(say("mobile_doc.cost_base", lang, frame=frame)),
        Paragraph(say("mobile_doc.marks", lang), "small"),
    ]


def amount_text(amount: float, unit: str, parts: MobileParts) -> str:
    """A quantity with its unit; a dash for none."""
    if math.isnan(amount):
        return "–"
    key = f"mobile_doc.amount.{unit}"
    number = Counted(amount, parts.lang)
    return say(key, parts.lang, n=number) if unit and key in read_sentences() else f"{number} {unit}".strip()


def authority_blocks(parts: MobileParts) -> list[Block]:
    """Whose residents are served, what a missing agreement costs, which to conclude first."""
    lang, rows = parts.lang, parts.plan.authorities
    if rows.empty:
        return [Paragraph(say("mobile_doc.authorities_none", lang))]
    order = rows.assign(_rank=rows["rank"].where(rows["rank"] > 0, 10**6)).sort_values(
        ["_rank", "name", "service"], kind="stable"
    )
    told = tuple(
        (
            str(r["rank"]) if r["rank"] > 0 else "–",
            authority_name(parts, r),
            capital(parts.service(str(r["service"]))),
            say(f"mobile_doc.agreed.{r['agreed']}", lang),
            _persons(r["persons_near"], parts),
            format_whole(float(r["points_lost"]), lang) if r["points_lost"] > 0 else "–",
        )
        for r in order.to_dict("records")
    )
    keys = ("rank", "authority", "service", "agreed", "persons_near", "lost")
    about = "mobile_doc.authorities_about" if (rows["agreed"] == "missing").any() else "mobile_doc.authorities_all"
    return [
        Paragraph(say(about, lang), keep=True),
        Table(
            tuple(say(f"mobile_doc.column.{k}", lang) for k in keys),
            told,
            align=("center", "left", "left", "left", "right", "right"),
            widths=(1.4, 4, 3.4, 3.2, 2, 2.2),
            row_head=False,
            small=True,
        ),
    ]


def alternative_blocks(parts: MobileParts) -> list[Block]:
    """The same people served in other ways: cost, cases, people, wishes, kilometres, CO2; and why a way cannot be had."""
    lang, table = parts.lang, parts.documents.alternatives
    if table.empty:
        return [Paragraph(say("mobile_doc.alternatives_none", lang))]
    rows: list[tuple[str, ...]] = []
    for r in table[table["feasible"]].to_dict("records"):
        per_case = float(r["eur_per_case"])
        rows.append(
            (
                capital(say(f"mobile_alt.way_{r['way']}", lang)),
                Money.of(pd.DataFrame([r])).per_year(lang),
                "–" if math.isnan(per_case) else format_whole(per_case, lang),
                _range(r["cases_low"], r["cases_high"], parts),
                _persons(r["persons"], parts),
                _share(r["wishes_met"], parts),
                _whole(float(r["vehicle_km"]) + float(r["people_km"]), parts),
                _whole(r["co2_kg"], parts),
            )
        )
    keys = ("way", "cost_year", "eur_case", "cases", "persons", "wishes_met", "km", "co2")
    blocks: list[Block] = [
        Paragraph(say("mobile_doc.alternatives_about", lang), keep=True),
        Table(
            tuple(say(f"mobile_doc.column.{k}", lang) for k in keys),
            tuple(rows),
            align=("left", *(("right",) * 7)),
            widths=(3.4, 2.8, 1.5, 2.2, 1.7, 1.6, 1.6, 1.7),
            small=True,
        ),
    ]
    lines = [
        say("mobile_doc.way_says", lang, way=capital(say(f"mobile_alt.way_{r['way']}", lang)), told=told)
        for r in table.to_dict("records")
        if (told := told_by_id(str(r["detail"] if r["feasible"] else r["reason"]), parts))
    ]
    return [*blocks, Bullets(tuple(lines))] if lines else blocks


def left_blocks(parts: MobileParts) -> list[Block]:
    """Places without a visit and why."""
    lang, left = parts.lang, parts.plan.left
    if left.empty:
        return [Paragraph(say("mobile_doc.left_none", lang))]
    order = left.assign(_name=[sort_key(parts.place(str(p))) for p in left["place_id"]])
    order = order.sort_values(["persons_75_plus", "_name"], ascending=[False, True], kind="stable")
    rows = tuple(
        (
            parts.place(str(r["place_id"])),
            _persons(r["persons"], parts),
            _persons(r["persons_75_plus"], parts),
            left_reason(parts, r),
        )
        for _, r in order.iterrows()
    )
    keys = ("place", "persons", "persons_75", "reason")
    return [
        Table(
            tuple(say(f"mobile_doc.column.{k}", lang) for k in keys),
            rows,
            align=("left", "right", "right", "left"),
            widths=(3.6, 1.8, 1.8, 7),
            small=True,
        )
    ]


def wishes_blocks(parts: MobileParts) -> list[Block]:
    """What the survey says, as far as it may be printed."""
    lang = parts.lang
    if not parts.documents.wishes:
        return [Paragraph(say("mobile_doc.wishes_none", lang))]
    return list(parts.documents.wishes)


def proof_blocks(parts: MobileParts) -> list[Block]:
    """How far from the best the plan can be, in plain words."""
    return [Bullets(tuple(proof_lines(parts)))]


def method_blocks(parts: MobileParts) -> list[Block]:
    """Rules in short sentences, assumptions with marks, sources with licences, notes on the data, what gives the same again."""
    line = partial(say, lang=parts.lang)
    lang = parts.lang
    lines = [line(f"mobile_doc.method.{k}") for k in ("regular", "need", "rhythm", "driver", "holidays", "privacy")]
    found = [a for a in assumptions(parts) if a.what]
    rows = tuple(
        (
            a.what,
            figure_text(a, parts),
            value_text(a, parts),
            f"[{a.value.mark}]",
        )
        for a in found
    )
    keys = ("what", "figure", "value", "mark")
    blocks: list[Block] = [
        Bullets(tuple(lines)),
        Heading(line("mobile_doc.assumptions"), 2),
        Paragraph(line("mobile_doc.marks"), keep=True),
    ]
    if rows:
        blocks.append(
            Table(
                tuple(line(f"mobile_doc.column.{k}") for k in keys),
                rows,
                align=("left", "left", "right", "center"),
                widths=(4, 5, 4, 1.2),
                small=True,
                row_head=False,
            )
        )
    blocks += _concern_blocks(parts)
    told = [p for p in parts.documents.problems if p.severity != "error"]
    if told:
        blocks += [
            Heading(line("mobile_doc.problems"), 2),
            Bullets(tuple(f"{describe_problem(p, lang)} {repair_of(p, lang)}".strip() for p in told)),
        ]
    sources = tuple(
        (str(s.title or s.file), format_date(str(s.date), lang), str(s.licence), str(s.attribution))
        for s in parts.documents.region.sources.itertuples()
    )
    heads = ("column.title", "column.date", "column.licence", "column.attribution")
    blocks += [
        Heading(line("mobile_doc.sources"), 2),
        Table(tuple(line(k) for k in heads), sources, widths=(4, 1.8, 2.2, 3), small=True),
    ]
    record = "; ".join(f"{k}: {v}" for k, v in sorted(parts.plan.record.items()))
    return [*blocks, Paragraph(line("mobile_doc.method.record", record=record), "small")] if record else blocks


def _concern_blocks(parts: MobileParts) -> list[Block]:
    """What people come for: share of the cases, minutes, visits, wait, marks."""
    lang, mobile = parts.lang, parts.documents.catalogue.mobile
    rows = []
    for service in parts.plan.request.services:
        mine = {c.id for c in parts.concerns(service)}
        for c in mobile.concerns_of(service):
            wait = say("mobile_doc.weeks_n", lang, n=Counted(c.wait_weeks.value, lang)) if c.visits > 1 else "–"
            label = c.label(lang) if c.id in mine else say("mobile_doc.not_allowed", lang, concern=c.label(lang))
            marked = sorted({m for v in (c.share, c.minutes) for m in str(v.mark).split("/")})
            rows.append(
                (
                    label,
                    format_share(c.share.value, lang),
                    format_whole(c.minutes.value, lang),
                    str(c.visits),
                    wait,
                    f"[{', '.join(marked)}]",
                )
            )
    if not rows:
        return []
    keys = ("concern", "share", "minutes_all", "visits", "wait", "mark")
    return [
        Heading(say("mobile_doc.concerns", lang), 2),
        Table(
            tuple(say(f"mobile_doc.column.{k}", lang) for k in keys),
            tuple(rows),
            align=("left", "right", "right", "right", "right", "center"),
            widths=(6, 1.8, 1.8, 1.6, 1.9, 1.9),
            small=True,
        ),
    ]


def _persons(value: object, parts: MobileParts) -> str:
    number = float(str(value)) if value is not None else math.nan
    return say("word.unknown", parts.lang) if math.isnan(number) else format_persons(number, parts.lang)


def _whole(value: object, parts: MobileParts) -> str:
    number = float(str(value)) if value is not None else math.nan
    return "–" if math.isnan(number) else format_whole(number, parts.lang)


def _range(low: object, high: object, parts: MobileParts) -> str:
    ends = [_whole(low, parts), _whole(high, parts)]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)


def _share(value: object, parts: MobileParts) -> str:
    number = float(str(value)) if value is not None else math.nan
    return "–" if math.isnan(number) else format_share(number, parts.lang)
