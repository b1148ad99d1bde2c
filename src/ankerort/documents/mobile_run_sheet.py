"""What a driver takes along: one page per vehicle and weekday with times, drives, breaks and sums; and what the office must still ask.

Internal: depots and breaks are nobody else's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ankerort.documents.blocks import Block, Bullets, Heading, PageBreak, Paragraph, Printed, Table
from ankerort.documents.mobile_dates import WEEKDAYS, CancelledDay, VisitDates
from ankerort.documents.mobile_parts import MobileParts, clock, minutes_of
from ankerort.documents.mobile_sheet import stop_name
from ankerort.text import say
from ankerort.text.counted import Counted
from ankerort.text.grammar import capital, join_words
from ankerort.text.numbers import format_decimal
from ankerort.text.problems import describe_problem, repair_of

WHATS = ("prepare", "drive", "wait", "visit", "break", "close")
_OURS = ("mobile_contact_stop_unknown", "mobile_stop_internal")  # problems that somebody must settle before printing
_FEATURES = ("level_stand", "step_free", "power", "shelter", "toilet")


@dataclass(frozen=True)
class Day:
    """One day of a vehicle as it is driven in some weeks of the cycle."""

    vehicle: int
    weekday: str
    weeks: tuple[int, ...]
    legs: tuple[dict[str, Any], ...]
    dates: VisitDates


def days_of(parts: MobileParts) -> list[Day]:
    """Days of all vehicles by weekday; weeks with the same steps are one."""
    legs = parts.plan.legs.sort_values(["vehicle", "weekday", "week", "number"], kind="stable")
    found: dict[tuple[int, str, str], list[int]] = {}
    steps: dict[tuple[int, str, str], tuple[dict[str, Any], ...]] = {}
    for (vehicle, weekday, week), rows in legs.groupby(["vehicle", "weekday", "week"], sort=True):
        told = tuple(rows.drop(columns=["vehicle", "weekday", "week"]).to_dict("records"))
        key = (int(vehicle), str(weekday), str(told))
        found.setdefault(key, []).append(int(week))
        steps[key] = told
    days = [
        Day(v, d, tuple(weeks), steps[v, d, s], _dates(parts, d, weeks, steps[v, d, s]))
        for (v, d, s), weeks in found.items()
    ]
    return sorted(days, key=lambda d: (d.vehicle, WEEKDAYS.index(d.weekday), d.weeks))


def _dates(parts: MobileParts, weekday: str, weeks: Sequence[int], legs: tuple[dict[str, Any], ...]) -> VisitDates:
    """Days on which a tour is driven; a day without any of its stops is left out."""
    dates = parts.calendar.dates(weekday, weeks)
    visited = dict.fromkeys(str(leg["stop_id"]) for leg in legs if leg["what"] == "visit")
    stops = [s for x in visited if (s := parts.stop(x)) is not None]
    idle = {d for d in dates.held if stops and all(d.isoformat() in s.note.cancelled for s in stops)}
    off = sorted((*dates.cancelled, *(CancelledDay(d) for d in idle)), key=lambda c: c.day)
    return VisitDates(tuple(d for d in dates.held if d not in idle), tuple(off))


def run_sheets_printed(parts: MobileParts, vehicle: int) -> Printed:
    """All run sheets of one vehicle, one page or more per day."""
    lang = parts.lang
    title = say("mobile_doc.run_title", lang, vehicle=vehicle)
    blocks: list[Block] = [Heading(title), *_general(parts)]
    for day in days_of(parts):
        if day.vehicle == vehicle:
            blocks += [PageBreak(), *day_blocks(parts, day)]
    return Printed(
        title, f"{say('mobile_doc.internal', lang)} · {parts.header}", parts.footer, lang, parts.date, tuple(blocks)
    )


def _general(parts: MobileParts) -> list[Block]:
    lang, services = parts.lang, parts.plan.request.services
    lines = [
        say("mobile_doc.run_services", lang, services=parts.services(services)),
        say("mobile_doc.run_vehicle", lang, kind=parts.vehicle_kind),
        *(setup_line(parts, s) for s in services),
        *device_lines(parts),
        say("mobile_doc.run_regular", lang),
    ]
    blocks: list[Block] = [Bullets(tuple(x for x in lines if x))]
    if parts.plan.effect.estimated:
        blocks.append(Paragraph(say("mobile_doc.estimated", lang), "warn"))
    blocks.append(_week_table(parts))
    return blocks


def _week_table(parts: MobileParts) -> Table:
    lang = parts.lang
    rows = []
    for day in days_of(parts):
        stops = list(dict.fromkeys(str(x["stop_id"]) for x in day.legs if x["what"] == "visit"))
        rows.append(
            (
                say("mobile_doc.vehicle_n", lang, vehicle=day.vehicle),
                parts.weekday(day.weekday),
                weeks_words(parts, day.weeks),
                ", ".join(s.place for x in stops if (s := parts.stop(x)) is not None),
                say("mobile_doc.km", lang, km=format_decimal(sum(float(x["drive_m"]) for x in day.legs) / 1000, lang)),
            )
        )
    keys = ("vehicle", "weekday", "weeks", "stops", "way")
    head = tuple(say(f"mobile_doc.column.{k}", lang) for k in keys)
    return Table(head, tuple(rows), align=("left", "left", "left", "left", "right"), widths=(2, 2, 2.6, 6, 1.6))


def weeks_words(parts: MobileParts, weeks: Sequence[int]) -> str:
    """Weeks of the cycle in words: every week, or weeks 1 and 3."""
    if len(weeks) == parts.plan.weeks:
        return say("mobile_doc.every_week", parts.lang)
    if len(weeks) == 1:
        return say("mobile_doc.week_one", parts.lang, week=weeks[0])
    return say("mobile_doc.weeks", parts.lang, weeks=join_words([str(w) for w in weeks], parts.lang))


def setup_line(parts: MobileParts, service: str) -> str:
    """How long setting up and closing takes within a visit."""
    found = parts.documents.catalogue.mobile.services.get(service)
    if found is None or not found.setup_min.value:
        return ""
    return say(
        "mobile_doc.setup", parts.lang, service=capital(found.label(parts.lang)), minutes=round(found.setup_min.value),
        mark=found.setup_min.mark,
    )  # fmt: skip


def device_lines(parts: MobileParts) -> list[str]:
    """What concerns need on board."""
    devices = dict.fromkeys(c.device for s in parts.plan.request.services for c in parts.concerns(s) if c.device)
    names = sorted({d.strip().replace("_", " ") for one in devices for d in one.split(";") if d.strip()})
    return [say("mobile_doc.devices", parts.lang, devices=join_words(names, parts.lang))] if names else []


def day_blocks(parts: MobileParts, day: Day) -> list[Block]:
    """One day: dates, steps, sums, what to know of the stops."""
    lang = parts.lang
    title = say(
        "mobile_doc.run_day", lang, vehicle=day.vehicle, weekday=parts.weekday(day.weekday), weeks=weeks_words(parts, day.weeks)
    )  # fmt: skip
    blocks: list[Block] = [Heading(title, 2)]
    blocks.append(Paragraph(say("mobile_doc.run_dates", lang, days=parts.days(day.dates.held)), "small"))
    off = [d.day for d in day.dates.cancelled]
    if off:
        blocks.append(Paragraph(say("mobile_doc.run_off", lang, days=parts.days(off)), "small"))
    blocks += [Paragraph(line, "warn") for line in _stop_off_lines(parts, day)]
    keys = ("from", "to", "what", "where", "km", "minutes")
    blocks.append(
        Table(
            tuple(say(f"mobile_doc.column.{k}", lang) for k in keys),
            tuple(_step(parts, day, leg) for leg in day.legs),
            align=("right", "right", "left", "left", "right", "right"),
            widths=(1.3, 1.3, 2.4, 6.6, 1.4, 1.4),
            row_head=False,
        )
    )
    blocks.append(Paragraph(sum_line(parts, day)))
    blocks.append(Bullets(tuple(_stop_lines(parts, day))))
    return blocks


def _step(parts: MobileParts, day: Day, leg: dict[str, Any]) -> tuple[str, ...]:
    lang, what = parts.lang, str(leg["what"])
    stop = parts.stop(str(leg["stop_id"]))
    depot = parts.place(parts.plan.depots[min(day.vehicle, len(parts.plan.depots)) - 1]) if parts.plan.depots else ""
    where = (
        f"{stop.letter}  {stop.place}, {stop_name(parts, stop)}" if stop else say("mobile_doc.depot", lang, place=depot)
    )
    km = ""
    if what == "drive":
        mark = "*" if leg["estimated"] else ""
        km = format_decimal(float(leg["drive_m"]) / 1000, lang) + mark
    long = minutes_of(str(leg["to_time"])) - minutes_of(str(leg["from_time"]))
    return (
        clock(str(leg["from_time"])),
        clock(str(leg["to_time"])),
        say(f"mobile_doc.what.{what}", lang),
        where,
        km,
        str(long),
    )


def sum_line(parts: MobileParts, day: Day) -> str:
    """Kilometres, driving, counter, break, waiting and the whole day in hours and minutes."""
    lang = parts.lang
    spent = dict.fromkeys(WHATS, 0)
    for leg in day.legs:
        spent[str(leg["what"])] += minutes_of(str(leg["to_time"])) - minutes_of(str(leg["from_time"]))
    whole = minutes_of(str(day.legs[-1]["to_time"])) - minutes_of(str(day.legs[0]["from_time"]))
    km = format_decimal(sum(float(x["drive_m"]) for x in day.legs) / 1000, lang)
    told = {w: _hours(spent[w]) for w in WHATS}
    line = say(
        "mobile_doc.run_sums", lang, km=km, drive=told["drive"], visit=told["visit"], rest=told["break"], wait=told["wait"],
        whole=_hours(whole),
    )  # fmt: skip
    if any(x["estimated"] for x in day.legs):
        line += " " + say("mobile_doc.estimated_star", lang)
    return line


def _hours(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _stop_off_lines(parts: MobileParts, day: Day) -> list[str]:
    """Days on which the tour is driven without one of its stops."""
    lines = []
    for stop_id in dict.fromkeys(str(x["stop_id"]) for x in day.legs if x["what"] == "visit"):
        stop = parts.stop(stop_id)
        if stop is None:
            continue
        own = [d for d in day.dates.held if d.isoformat() in stop.note.cancelled]
        if own:
            lines.append(say("mobile_doc.run_without", parts.lang, stop=stop.place, days=parts.days(own)))
    return lines


def _stop_lines(parts: MobileParts, day: Day) -> list[str]:
    lang, lines = parts.lang, []
    for stop_id in dict.fromkeys(str(x["stop_id"]) for x in day.legs if x["what"] == "visit"):
        stop = parts.stop(stop_id)
        if stop is None:
            continue
        states = {f: str(stop.row.get(f, "")) for f in _FEATURES}
        told = [say(f"mobile_doc.feature.{f}_{s}", lang) for f, s in states.items() if s in ("yes", "no")]
        unknown = [say(f"mobile_doc.feature.{f}", lang) for f, s in states.items() if s not in ("yes", "no")]
        if unknown:
            told.append(say("mobile_doc.unknown", lang, features=join_words(unknown, lang)))
        told += [t for t in (stop.note.where, stop.note.note) if t]
        lines.append(say("mobile_doc.stop_known", lang, letter=stop.letter, place=stop.place, known="; ".join(told)))
    return lines


def check_list_printed(parts: MobileParts) -> Printed:
    """What nobody knows yet and somebody must ask before sheets are hung up."""
    lang = parts.lang
    title = say("mobile_doc.check_title", lang)
    blocks: list[Block] = [Heading(title), Paragraph(say("mobile_doc.check_about", lang))]
    lines = check_lines(parts)
    if lines:
        blocks.append(Bullets(tuple(lines)))
    rows = []
    for stop in parts.stops:
        states = [str(stop.row.get(f, "")) for f in _FEATURES]
        noted = {"shelter": stop.note.wait, "toilet": stop.note.toilet, "step_free": stop.note.access}
        cells = [
            say(f"word.{s}", lang) if s in ("yes", "no") else noted.get(f, "") or say("mobile_doc.ask", lang)
            for f, s in zip(_FEATURES, states, strict=True)
        ]
        rows.append((f"{stop.letter}  {stop.place}, {stop.name}", *cells))
    head = (say("mobile_doc.column.stop", lang), *(capital(say(f"mobile_doc.feature.{f}", lang)) for f in _FEATURES))
    blocks.append(Table(head, tuple(rows), widths=(3, 2, 2, 2, 2, 2), small=True, roomy=False))
    header = f"{say('mobile_doc.internal', lang)} · {parts.header}"
    return Printed(title, header, parts.footer, lang, parts.date, tuple(blocks))


def check_lines(parts: MobileParts) -> list[str]:
    """What is missing on all sheets."""
    lang, contact = parts.lang, parts.contact
    missing = [
        ("phone", not contact.phone),
        ("phone_hours", bool(contact.phone) and not contact.phone_hours),
        ("payment", not contact.payment),
        ("publisher", not contact.publisher),
        ("website", not contact.website),
    ]
    lines = [say(f"mobile_doc.missing.{key}", lang) for key, is_missing in missing if is_missing]
    told = [p for p in parts.documents.problems if p.code.startswith(_OURS)]
    lines += [f"{describe_problem(p, lang)} {repair_of(p, lang)}" for p in told]
    if not contact.cancelled:
        weeks = round(parts.documents.catalogue.value("mobile.operating_weeks"))
        lines.append(say("mobile_doc.missing.leave", lang, weeks=weeks))
    if parts.plan.effect.estimated:
        lines.append(say("mobile_doc.estimated", lang))
    lost = parts.plan.authorities
    for row in lost[lost["agreed"] == "missing"].to_dict("records"):
        lines.append(
            say("mobile_doc.missing.agreement", lang, name=row["name"], service=parts.service(str(row["service"])),
                n=Counted(float(row["persons_near"]), lang, persons=True))
        )  # fmt: skip
    return lines
