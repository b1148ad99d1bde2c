"""A slow and strict reader of iCalendar (RFC 5545): every rule that a file of visits must keep, and the days of each event."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

LOCAL = re.compile(r"\d{8}T\d{6}")
UTC = re.compile(r"\d{8}T\d{6}Z")
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ONCE = ("UID", "DTSTAMP", "DTSTART", "DTEND", "RRULE", "SUMMARY", "LOCATION", "GEO", "DESCRIPTION", "STATUS", "TRANSP")


@dataclass
class Event:
    """One event with its properties and the local times at which it takes place."""

    properties: dict[str, tuple[dict[str, str], str]] = field(default_factory=dict)
    starts: list[dt.datetime] = field(default_factory=list)

    def text(self, name: str) -> str:
        """A text value, unescaped."""
        return unescape(self.properties[name][1])


def unfold(data: bytes) -> list[str]:
    """Content lines; raises where a line is too long, ends wrongly or is cut within a letter."""
    assert data.endswith(b"\r\n"), "the last line has no end"
    assert b"\n" not in data.replace(b"\r\n", b""), "a bare line feed"
    assert b"\r" not in data.replace(b"\r\n", b""), "a bare carriage return"
    lines: list[str] = []
    for raw in data[:-2].split(b"\r\n"):
        assert raw, "an empty line"
        assert len(raw) <= 75, f"{len(raw)} octets: {raw!r}"
        text = raw.decode("utf-8")  # fails where a letter is cut
        if text.startswith(" "):
            lines[-1] += text[1:]
        else:
            lines.append(text)
    return lines


def unescape(text: str) -> str:
    """The words behind an escaped text; raises on a bare semicolon or comma."""
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", text), f"not escaped: {text}"
    return re.sub(r"\\([nN;,\\])", lambda m: "\n" if m[1] in "nN" else m[1], text)


def parse(data: bytes) -> list[Event]:
    """All events of a calendar, each checked."""
    lines = unfold(data)
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    assert lines.count("VERSION:2.0") == 1
    assert sum(x.startswith("PRODID:") for x in lines) == 1
    open_: list[str] = []
    zones: set[str] = set()
    events: list[Event] = []
    for line in lines:
        head, colon, value = line.partition(":")
        assert colon, line
        name, *given = head.split(";")
        assert re.fullmatch(r"[A-Z0-9-]+", name), line
        parameters = dict(p.split("=", 1) for p in given)
        if name == "BEGIN":
            open_.append(value)
            if value == "VEVENT":
                events.append(Event())
        elif name == "END":
            assert open_.pop() == value, line
        elif name == "TZID":
            zones.add(value)
        elif open_[-1] == "VEVENT":
            event = events[-1]
            assert name not in event.properties or name not in ONCE, f"{name} twice"
            assert parameters.get("TZID", "Europe/Berlin") in zones, "a zone that is not declared before"
            event.properties[name] = (parameters, value)
    assert not open_
    for event in events:
        _check(event)
    assert len({e.properties["UID"][1] for e in events}) == len(events), "ids are not unique"
    return events


def _check(event: Event) -> None:
    p = event.properties
    for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"):
        assert name in p, f"{name} is missing"
    assert UTC.fullmatch(p["DTSTAMP"][1])
    start, end = _local(p["DTSTART"]), _local(p["DTEND"])
    assert start < end
    if "GEO" in p:
        lat, lon = map(float, p["GEO"][1].split(";"))
        assert -90 <= lat <= 90 and -180 <= lon <= 180
    starts = [start]
    if "RRULE" in p:
        rule = dict(x.split("=") for x in p["RRULE"][1].split(";"))
        assert set(rule) == {"FREQ", "INTERVAL", "BYDAY", "UNTIL"} and rule["FREQ"] == "WEEKLY"
        assert CODES.index(rule["BYDAY"]) == start.weekday(), "the first day does not fit the rule"
        assert UTC.fullmatch(rule["UNTIL"]), "the end must be told in UTC"
        until = dt.datetime.strptime(rule["UNTIL"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
        step = dt.timedelta(weeks=int(rule["INTERVAL"]))
        while (starts[-1] + step).replace(tzinfo=ZoneInfo("Europe/Berlin")) <= until:
            starts.append(starts[-1] + step)
    if "RDATE" in p:
        starts += [_local((p["RDATE"][0], v)) for v in p["RDATE"][1].split(",")]
    if "EXDATE" in p:
        for value in p["EXDATE"][1].split(","):
            starts.remove(_local((p["EXDATE"][0], value)))  # fails where it left out nothing
    event.starts = sorted(starts)


def _local(given: tuple[dict[str, str], str]) -> dt.datetime:
    parameters, value = given
    assert parameters.get("TZID") == "Europe/Berlin", value
    assert LOCAL.fullmatch(value), value
    return dt.datetime.strptime(value, "%Y%m%dT%H%M%S")
