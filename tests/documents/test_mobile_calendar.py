"""Calendar files of a mobile plan, read by a strict reader of RFC 5545."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.documents.mobile_calendar import calendar_text, escape, fold
from ankerort.documents.mobile_parts import MobileParts
from ankerort.region.paper_status import PaperStatus
from reference import ics
from worlds import mobile_told as world


@pytest.fixture(scope="module")
def parts() -> MobileParts:
    """The plan of the world in German."""
    return MobileParts(world.documents(), "de")


def events_of(parts: MobileParts) -> list[ics.Event]:
    return ics.parse(calendar_text(parts, parts.stops).encode("utf-8"))


def test_events_take_place_on_the_days_of_the_sheets(parts) -> None:
    """Rule and exceptions give exactly the days that are held, at the hours of the visit, summer time or not."""
    events = events_of(parts)
    visits = [v for s in parts.stops for v in s.visits]
    assert len(events) == len(visits) == 3
    for event, visit in zip(events, visits, strict=True):
        hour, minute = map(int, visit.from_time.split(":"))
        assert event.starts == [dt.datetime(d.year, d.month, d.day, hour, minute) for d in visit.dates.held]
        assert len(event.starts) >= 5


def test_holidays_and_cancelled_days_are_exceptions(parts) -> None:
    """Ascension Day leaves Cstadt out, a day of the office all stops, a day of its own Adorf only."""
    days = {e.text("LOCATION"): {x.date().isoformat() for x in e.starts} for e in events_of(parts)}
    assert "2027-05-06" not in days["Cstadt, Marktplatz"]
    assert "2027-03-16" not in days["Dorfgemeinschaftshaus Adorf"] | days["Haltestelle Bdorf, Kirche"]
    assert "2027-02-09" not in days["Dorfgemeinschaftshaus Adorf"]
    assert "2027-02-16" in days["Dorfgemeinschaftshaus Adorf"] & days["Haltestelle Bdorf, Kirche"]


def test_an_uneven_rhythm_is_told_day_by_day() -> None:
    """Weeks 1 and 2 of four follow no interval: the days stand one by one, and are the same as on the sheet."""
    documents = world.documents()
    visits = documents.plan.visits.copy()
    visits.loc[1, "weeks"] = "1;2"
    parts = MobileParts(dataclasses.replace(documents, plan=dataclasses.replace(documents.plan, visits=visits)), "de")
    event = events_of(parts)[1]
    assert "RRULE" not in event.properties
    assert [x.date() for x in event.starts] == list(parts.stops[1].visits[0].dates.held)


def test_ids_stay_and_a_proposal_is_tentative(parts) -> None:
    """The same visit keeps its id when hours change, so that phones replace the entry; only a decided paper confirms."""
    documents = world.documents()
    visits = documents.plan.visits.assign(from_time="10:00")
    later = dataclasses.replace(
        documents,
        plan=dataclasses.replace(documents.plan, visits=visits),
        paper=PaperStatus("beschlossen", "2027-01-02", "5/2027"),
    )
    first, second = events_of(parts), events_of(MobileParts(later, "de"))
    assert [e.properties["UID"] for e in first] == [e.properties["UID"] for e in second]
    assert {e.properties["STATUS"][1] for e in first} == {"TENTATIVE"}
    assert {e.properties["STATUS"][1] for e in second} == {"CONFIRMED"}


def test_words_of_the_sheet_stand_in_the_entry(parts) -> None:
    """What comes where, phone, and the two visits of an identity card."""
    event = events_of(parts)[0]
    assert event.text("SUMMARY") == "Mobiles Bürgerbüro und mobile Bank in Adorf"
    assert "039000 12345" in event.text("DESCRIPTION")
    assert "abgeholt frühestens am 2. Februar" in event.text("DESCRIPTION")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_survives(text: str) -> None:
    """Whatever a user writes comes back as written, without control characters, in lines of at most 75 octets."""
    written = fold("SUMMARY:" + escape(text)).encode("utf-8", "surrogatepass")
    if any(0xD800 <= ord(c) < 0xE000 for c in text):
        return  # no text that a file can hold
    (line,) = ics.unfold(written)
    plain = "".join(c for c in text.replace("\u00a0", " ") if c >= " " or c == "\n")
    assert ics.unescape(line.removeprefix("SUMMARY:")) == plain
