"""Visits as a calendar file (iCalendar, RFC 5545), for phones, parish newsletters and web pages."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from ankerort.documents.mobile_dates import every_weeks
from ankerort.documents.mobile_parts import MobileParts, Stop, Visit
from ankerort.documents.mobile_sheet import full_name, two_visit_lines
from ankerort.text import say
from ankerort.text.grammar import capital

ZONE = "Europe/Berlin"
_OCTETS = 75  # longest line of RFC 5545, section 3.1, without its end
_DAYS = {"Mo": "MO", "Tu": "TU", "We": "WE", "Th": "TH", "Fr": "FR", "Sa": "SA", "Su": "SU"}
# Rules of the European Union since 1996: last Sunday of March and of October, at 1:00 UTC.
_TIMEZONE = (
    "BEGIN:VTIMEZONE",
    f"TZID:{ZONE}",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "DTSTART:19960331T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "DTSTART:19961027T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def calendar_text(parts: MobileParts, stops: Sequence[Stop]) -> str:
    """The calendar of some stops: one event per visit of the week with a rule, and exceptions for days left out.

    Equal plans give equal text: times of making are those of the data, ids follow from plan, stop and part.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Ankerort//Mobile services//DE",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    lines.append(f"X-WR-CALNAME:{escape(parts.plan_title)}")
    lines += _TIMEZONE
    for stop in stops:
        for visit in stop.visits:
            lines += _event(parts, stop, visit)
    lines.append("END:VCALENDAR")
    return "".join(fold(line) for line in lines)


def _event(parts: MobileParts, stop: Stop, visit: Visit) -> list[str]:
    held, cancelled = visit.dates.held, [c.day for c in visit.dates.cancelled]
    if not held:
        return []
    step = every_weeks(visit.weeks, parts.plan.weeks)
    first, last = held[0], held[-1]
    services = capital(parts.services(visit.services))
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid(parts, visit)}",
        f"DTSTAMP:{_stamp(parts)}",
        f"DTSTART;TZID={ZONE}:{_local(first, visit.from_time)}",
        f"DTEND;TZID={ZONE}:{_local(first, visit.to_time)}",
    ]
    if step:
        lines.append(
            f"RRULE:FREQ=WEEKLY;INTERVAL={step};BYDAY={_DAYS[visit.weekday]};UNTIL={_utc(last, visit.from_time)}"
        )
        left_out = [d for d in cancelled if first < d < last]
        if left_out:
            lines.append(f"EXDATE;TZID={ZONE}:" + ",".join(_local(d, visit.from_time) for d in left_out))
    elif len(held) > 1:  # weeks that no rule tells: each day by itself
        lines.append(f"RDATE;TZID={ZONE}:" + ",".join(_local(d, visit.from_time) for d in held[1:]))
    lines += [
        f"SUMMARY:{escape(say('mobile_doc.sheet_title', parts.lang, services=services, place=parts.in_place(stop.place_id)))}",
        f"LOCATION:{escape(full_name(parts, stop))}",
    ]
    lon, lat = float(stop.row["lon"]), float(stop.row["lat"])
    if lon == lon and lat == lat:
        lines.append(f"GEO:{lat:.6f};{lon:.6f}")
    told = "\n".join(_description(parts, stop, visit))
    lines += [f"DESCRIPTION:{escape(told)}", "TRANSP:TRANSPARENT", "STATUS:" + _status(parts), "END:VEVENT"]
    return lines


def _description(parts: MobileParts, stop: Stop, visit: Visit) -> list[str]:
    lang, contact = parts.lang, parts.contact
    lines = [f"{capital(parts.rhythm(visit))}, {parts.hours(visit.from_time, visit.to_time)}"]
    lines += two_visit_lines(parts, stop.place_id)
    if contact.phone:
        lines.append(say("mobile_doc.phone", lang, phone=contact.phone))
    return [*lines, parts.header]


def _status(parts: MobileParts) -> str:
    """A proposal is tentative, a decision is confirmed."""
    return "CONFIRMED" if parts.documents.paper.kind == "beschlossen" else "TENTATIVE"


def uid(parts: MobileParts, visit: Visit) -> str:
    """Id of an event: the same for the same visit of the same plan, so that a new file replaces the old entries."""
    text = "\n".join((parts.plan.region, parts.plan.name, visit.stop_id, str(visit.part)))
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}@ankerort.invalid"


def _stamp(parts: MobileParts) -> str:
    day = parts.date or parts.plan.first_day
    return day.replace("-", "") + "T000000Z"


def _local(day: dt.date, time: str) -> str:
    return f"{day:%Y%m%d}T{time.replace(':', '')}00"


def _utc(day: dt.date, time: str) -> str:
    """The end of a rule must be told in UTC where its beginning has a zone (RFC 5545, section 3.3.10)."""
    hour, _, minute = time.partition(":")
    moment = dt.datetime(day.year, day.month, day.day, int(hour), int(minute)) - dt.timedelta(hours=_offset_h(day))
    return f"{moment:%Y%m%dT%H%M%SZ}"


def _offset_h(day: dt.date) -> int:
    """Hours before UTC by day in Germany; visits never lie in the night of the change."""

    def last_sunday(month: int) -> dt.date:
        end = dt.date(day.year, month, 31)
        return end - dt.timedelta(days=(end.weekday() + 1) % 7)

    return 2 if last_sunday(3) <= day < last_sunday(10) else 1


def escape(text: str) -> str:
    """A text as the format wants it: backslash, semicolon, comma and line break escaped, no control characters."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\u00a0", " ")
    return "".join(c for c in text.replace("\n", "\\n") if c >= " ")


def fold(line: str) -> str:
    """A line with its end; what is longer than 75 octets goes on after a break and a blank, never within a letter."""
    out, used = [], 0
    for char in line:
        size = len(char.encode("utf-8"))
        if used + size > _OCTETS:
            out.append("\r\n ")
            used = 1
        out.append(char)
        used += size
    return "".join(out) + "\r\n"
