"""The timetable of one village to hang up: one page A4 or A3, large type, plain language."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ankerort.catalogue.mobile import Concern
from ankerort.documents.blocks import Block, Heading, Lines, Paper, Paragraph, Printed, Table
from ankerort.documents.blocks_pdf import pages_of
from ankerort.documents.mobile_dates import collect_day, first_from
from ankerort.documents.mobile_parts import MobileParts, Stop
from ankerort.text import say
from ankerort.text.grammar import capital, join_words

# Body text of a sheet on A4; A3 is the same page seen through a glass. Nothing is smaller than the last.
SIZES_PT = (17.0, 16.0, 15.0, 14.5, 14.0)
A3_GROWTH = 1.41
_FEATURES = ("shelter", "toilet", "step_free")
_NOTES = {"shelter": "wait", "toilet": "toilet", "step_free": "access"}
_NAMED = 5  # authorities named on a sheet
_BESIDE = 3  # stops of a place whose dates stand side by side
_UNBROKEN = 30
_TOLD_APART = 3  # cancelled days with a sentence of their own


@dataclass(frozen=True)
class Shown:
    """How much of a sheet is shown: rows of what to bring, and whether each cancelled day has its own sentence."""

    concerns: int
    cancelled_apart: bool = True


def sheet_printed(parts: MobileParts, place_id: str, paper: Paper = "a4") -> Printed:
    """The sheet of one place in the largest type in which all of it has one page.

    What people can do there is shortened before type gets smaller than 14 pt (A4) or 20 pt (A3); dates, hours, phone never are.
    """
    growth = A3_GROWTH if paper == "a3" else 1.0
    rows = len(concern_rows(parts, place_id))

    def made(shown: Shown, size: float) -> Printed:
        return Printed(
            title=sheet_title(parts, place_id),
            header=parts.header,
            footer=" · ".join(x for x in (parts.contact.publisher, parts.footer) if x),
            lang=parts.lang,
            date=parts.date,
            blocks=tuple(sheet_blocks(parts, place_id, shown)),
            text_pt=round(size * growth, 1),
            one_page=True,
            paper=paper,
        )

    for size in SIZES_PT:
        printed = made(Shown(rows), size)
        if pages_of(printed) == 1:
            return printed
    for apart in (True, False):
        if pages_of(made(Shown(0, apart), SIZES_PT[-1])) > 1:
            continue
        fits, too_many = 0, rows
        while too_many - fits > 1:
            middle = (fits + too_many) // 2
            if pages_of(made(Shown(middle, apart), SIZES_PT[-1])) == 1:
                fits = middle
            else:
                too_many = middle
        return made(Shown(fits, apart), SIZES_PT[-1])
    return made(Shown(rows), SIZES_PT[-1])  # two pages rather than smaller type


def sheet_title(parts: MobileParts, place_id: str) -> str:
    """What comes where."""
    services = tuple(dict.fromkeys(s for stop in parts.stops_of(place_id) for s in stop.services))
    return say(
        "mobile_doc.sheet_title",
        parts.lang,
        services=capital(parts.services(services)),
        place=parts.in_place(place_id).replace(" ", "\u00a0", 1),
    )


def sheet_blocks(parts: MobileParts, place_id: str, shown: Shown) -> list[Block]:
    """The words of a sheet: what, when, where, dates, what to bring, phone."""
    stops = parts.stops_of(place_id)
    blocks: list[Block] = [Heading(sheet_title(parts, place_id))]
    for stop in stops:
        blocks += [*_when(parts, stop), *_where(parts, stop)]
    for together in [stops] if len(stops) <= _BESIDE else [(stop,) for stop in stops]:
        blocks += _dates(parts, together, named=len(stops) > 1, apart=shown.cancelled_apart)
    blocks += _concerns(parts, place_id, shown.concerns)
    blocks += [Paragraph(line) for line in (*two_visit_lines(parts, place_id), *_who_lines(parts, stops))]
    return [*blocks, *_contact(parts)]


def _when(parts: MobileParts, stop: Stop) -> list[Block]:
    """Weekday and rhythm with the hours below; one hour for all weekdays stands once."""
    boards = {v.services for v in stop.visits}
    hours = [parts.hours(v.from_time, v.to_time) for v in stop.visits]
    rhythms = [capital(parts.rhythm(v)) for v in stop.visits]
    if len(set(hours)) == 1 and len(boards) == 1:
        return [Paragraph("\n".join([*rhythms, hours[0]]), "hours")]
    lines: list[Block] = []
    for visit, rhythm, hour in zip(stop.visits, rhythms, hours, strict=True):
        lines.append(Paragraph(f"{rhythm}\n{hour}", "hours"))
        if len(boards) > 1:
            lines.append(Paragraph(capital(parts.services(visit.services)), "big"))
    return lines


def stop_name(parts: MobileParts, stop: Stop) -> str:
    """The stop as people call it: what it is, and its name."""
    name = stop.name or stop.place
    if stop.row.get("kind") == "bus_stop" and "haltestelle" not in name.casefold():
        return say("mobile_doc.bus_stop", parts.lang, name=name)
    return name


def full_name(parts: MobileParts, stop: Stop) -> str:
    """The stop with its place, once."""
    name = stop_name(parts, stop)
    return name if stop.place.casefold() in name.casefold() else f"{stop.place}, {name}"


def _where(parts: MobileParts, stop: Stop) -> list[Block]:
    lang, note = parts.lang, stop.note
    place = say("mobile_doc.where", lang, stop=stop_name(parts, stop))
    blocks: list[Block] = [Paragraph(place, "big")]
    told = [note.where and capital(sentence(note.where))]
    for feature in _FEATURES:
        written = getattr(note, _NOTES[feature])
        state = str(stop.row.get(feature, ""))
        if written and feature != "step_free":
            told.append(say(f"mobile_doc.{feature}_note", lang, where=written.rstrip(".")))
        elif written:
            told.append(sentence(written))
        elif state in ("yes", "no"):  # what nobody knows is asked for inside the office, not told outside
            told.append(say(f"mobile_doc.{feature}_{state}", lang))
    told += [note.note and sentence(note.note)]
    words = " ".join(t for t in told if t)
    return [*blocks, Paragraph(words)] if words else blocks


def unbroken(text: str) -> str:
    """A short text that never goes on in the next line: a name, a number."""
    return text.replace(" ", "\u00a0") if len(text) <= _UNBROKEN else text


def sentence(text: str) -> str:
    """A text that a person wrote, with a full stop."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _dates(parts: MobileParts, stops: Sequence[Stop], *, named: bool, apart: bool) -> list[Block]:
    """Days by month, a column per stop; then the days left out."""
    lang = parts.lang
    by_month: dict[tuple[int, int], list[list[dt.date]]] = {}
    for k, stop in enumerate(stops):
        for day in stop.held:
            by_month.setdefault((day.year, day.month), [[] for _ in stops])[k].append(day)
    rows = []
    for year, month in sorted(by_month):
        label = say("mobile_doc.month_year", lang, month=parts.month(dt.date(year, month, 1)), year=year)
        told = [
            ", ".join(_day(parts, d, named=len(stop.visits) > 1) for d in days)
            for stop, days in zip(stops, by_month[year, month], strict=True)
        ]
        rows.append((label, *told))
    blocks: list[Block] = []
    if rows:
        heads = [stop_name(parts, s) for s in stops] if named else [say("mobile_doc.days", lang)]
        head = (say("mobile_doc.dates", lang), *heads)
        blocks.append(Table(head, tuple(rows), widths=(2, *([4.2 / len(stops)] * len(stops))), whole=True))
    lines = []
    for stop in stops:
        for line in cancelled_lines(parts, stop, apart=apart):
            where = say("mobile_doc.stop_says", lang, place=stop_name(parts, stop), told=line)
            lines.append(where if named else line)
    return [*blocks, Paragraph("\n".join(lines), "warn")] if lines else blocks


def _day(parts: MobileParts, day: dt.date, *, named: bool) -> str:
    if not named:
        return say("mobile_doc.day_of_month", parts.lang, day=day.day)
    weekday = say(f"mobile_doc.day_letters.{day.weekday()}", parts.lang)
    return say("mobile_doc.weekday_of_month", parts.lang, weekday=weekday, day=day.day)


def cancelled_lines(parts: MobileParts, stop: Stop, *, apart: bool = True) -> list[str]:
    """Days that are left out, with the reason and the next visit; many days in one sentence."""
    lang = parts.lang
    found = sorted((c for v in stop.visits for c in v.dates.cancelled), key=lambda c: c.day)
    if not found:
        return []
    words = [
        say("mobile_doc.day_reason", lang, day=parts.long_day(c.day), reason=c.reason) if c.reason else parts.long_day(c.day)
        for c in found
    ]  # fmt: skip
    if not apart or len(found) > _TOLD_APART:
        return [say("mobile_doc.cancelled", lang, days="; ".join(words))]
    lines = []
    for one, said in zip(found, words, strict=True):
        after = first_from(stop.held, one.day)
        line = say("mobile_doc.cancelled", lang, days=said)
        lines.append(f"{line} {say('mobile_doc.again', lang, day=parts.long_day(after))}" if after else line)
    return lines


def concern_rows(parts: MobileParts, place_id: str) -> list[tuple[str, Concern]]:
    """What people can do there, the most frequent first within each service: (service, concern)."""
    services = dict.fromkeys(s for stop in parts.stops_of(place_id) for s in stop.services)
    ranked = [sorted(parts.concerns(s, place_id), key=lambda c: -c.share.value) for s in services]
    # the first of each service before the second of any: a short list then has all services
    return [
        (c.service, c) for turn in range(max(map(len, ranked), default=0)) for one in ranked for c in one[turn : turn + 1]
    ]  # fmt: skip


def _concerns(parts: MobileParts, place_id: str, most: int) -> list[Block]:
    lang, rows = parts.lang, concern_rows(parts, place_id)
    chosen = rows[:most]
    order = {s: k for k, s in enumerate(dict.fromkeys(s for s, _ in rows))}
    services = {s for s, _ in rows}
    blocks: list[Block] = []
    if chosen:
        table: list[tuple[str, ...]] = []
        for service, group in groupby(sorted(chosen, key=lambda r: order[r[0]]), key=lambda r: r[0]):
            if len(services) > 1:
                table.append((capital(parts.service(service)),))
            for _, concern in group:
                label = concern.label(lang)
                if concern.visits > 1:
                    label = say("mobile_doc.two_visits_mark", lang, concern=label)
                table.append((label, concern.bring(lang)))
        head = (say("mobile_doc.concern", lang), say("mobile_doc.bring", lang))
        blocks.append(Table(head, tuple(table), widths=(1, 1.25)))
    if len(chosen) < len(rows):
        blocks.append(Paragraph(say("mobile_doc.more_concerns" if chosen else "mobile_doc.ask_concerns", lang)))
    if parts.contact.bring:
        blocks.append(Paragraph(sentence(parts.contact.bring)))
    if parts.contact.payment:
        ways = [say(f"mobile_doc.pay.{p}", lang) for p in parts.contact.payment]
        link = say("mobile_doc.or", lang)
        blocks.append(Paragraph(say("mobile_doc.pay", lang, ways=f" {link} ".join(ways))))
    return blocks


def two_visit_lines(parts: MobileParts, place_id: str) -> list[str]:
    """What is applied for at one visit and collected at a later one, with an example out of the dates."""
    lang = parts.lang
    held = parts.stops_of(place_id)[0].held  # applied for and collected at the same stop
    # what can be collected at the same visit is one sentence
    groups: dict[dt.date | None, list[Concern]] = {}
    for concern in sorted(
        (c for _, c in concern_rows(parts, place_id) if c.visits > 1), key=lambda c: c.wait_weeks.value
    ):
        collected = collect_day(held, held[0], concern.wait_weeks.value) if held else None
        groups.setdefault(collected, []).append(concern)
    lines = []
    for collected, concerns in groups.items():
        weeks = math.ceil(max(c.wait_weeks.value for c in concerns) - 1e-6)
        names = join_words([_inline(c.label(lang)) for c in concerns], lang)
        line = say("mobile_doc.two_visits", lang, concerns=names, wait=_wait(parts, weeks))
        if collected:
            line += " " + say(
                "mobile_doc.two_visits_example",
                lang,
                applied=parts.long_day(held[0], weekday=False),
                collected=parts.long_day(collected, weekday=False),
            )
        lines.append(line)
    return lines


def _inline(label: str) -> str:
    """A label within a sentence: what stands behind a colon goes into brackets."""
    noun, colon, detail = label.partition(": ")
    return f"{noun} ({detail})" if colon else label


def _wait(parts: MobileParts, weeks: int) -> str:
    if weeks <= 1:
        return say(f"mobile_doc.wait_{weeks}", parts.lang)
    return say("mobile_doc.wait_n", parts.lang, n=weeks)


def _who_lines(parts: MobileParts, stops: Sequence[Stop]) -> list[str]:
    """Whose residents may come, where the staff are not competent for everybody."""
    lang, services = parts.lang, tuple(dict.fromkeys(s for stop in stops for s in stop.services))
    rows, lines = parts.plan.authorities, []
    for service in services:
        mine = rows[(rows["service"] == service) & ~rows["authority_id"].isin(parts.other_level(service))]
        if not (mine["agreed"] == "missing").any():
            continue
        agreed = mine[mine["agreed"].isin(["own", "agreement", "district"])]
        names = sorted(dict.fromkeys(map(str, agreed["name"])))
        if 0 < len(names) <= _NAMED:
            lines.append(
                say("mobile_doc.who", lang, service=capital(parts.service(service)), names=join_words(names, lang))
            )
        elif names:
            lines.append(say("mobile_doc.who_ask", lang, service=capital(parts.service(service))))
    return lines


def _contact(parts: MobileParts) -> list[Block]:
    lang, contact = parts.lang, parts.contact
    home = contact.home_phone or contact.phone
    blocks: list[Block] = []
    if contact.phone:
        blocks.append(Paragraph(say("mobile_doc.phone", lang, phone=unbroken(contact.phone)), "big", keep=True))
        if contact.phone_hours:
            blocks.append(Paragraph(sentence(contact.phone_hours)))
    else:
        blocks.append(Lines(say("mobile_doc.phone_blank", lang), 1, 11.0))
    if home:
        blocks.append(Paragraph(say("mobile_doc.home", lang, phone=unbroken(home)), "big"))
    if contact.note:
        blocks.append(Paragraph(sentence(contact.note)))
    return blocks
