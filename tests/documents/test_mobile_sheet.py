"""The sheet of a village: one page, large type, what an old person must know, nothing that nobody knows."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pandas as pd
import pypdf
import pytest

from ankerort.documents.blocks import Heading, Lines, Paragraph, Printed, Table
from ankerort.documents.blocks_pdf import pages_of, write_pdf
from ankerort.documents.mobile_documents import MobileDocuments
from ankerort.documents.mobile_parts import MobileParts
from ankerort.documents.mobile_run_sheet import check_list_printed, days_of, run_sheets_printed
from ankerort.documents.mobile_service_sheet import service_printed
from ankerort.documents.mobile_sheet import (
    A3_GROWTH,
    SIZES_PT,
    Shown,
    cancelled_lines,
    concern_rows,
    sheet_blocks,
    sheet_printed,
    two_visit_lines,
)
from ankerort.region.read_mobile_contact import MobileContact, StopNote
from worlds import mobile_told as world
from worlds.tiny_region import A, B, C


@pytest.fixture(scope="module")
def parts() -> MobileParts:
    """The plan of the world in German."""
    return MobileParts(world.documents(), "de")


def words(printed: Printed) -> str:
    """All words of a document in reading order."""
    out: list[str] = []
    for block in printed.blocks:
        match block:
            case Heading() | Paragraph():
                out.append(block.text)
            case Lines():
                out.append(block.label)
            case Table():
                out += [str(getattr(c, "text", c)) for row in (block.head, *block.rows) for c in row]
            case _:
                out += list(getattr(block, "items", ()))
    return "\n".join(out).replace("\u00a0", " ")


def texts(pdf: Path) -> list[str]:
    """The words of each page."""
    return [" ".join((p.extract_text() or "").split()) for p in pypdf.PdfReader(pdf).pages]


@pytest.mark.parametrize("place", [A, B, C])
@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_a_sheet_has_one_page_and_large_type(parts, place: str, paper, tmp_path: Path) -> None:
    """One page of its size, nothing under 14 pt on A4, hours of at least 24 pt; on A3 all of it grows."""
    printed = sheet_printed(parts, place, paper)
    write_pdf(printed, tmp_path / "x.pdf")
    reader = pypdf.PdfReader(tmp_path / "x.pdf")
    assert len(reader.pages) == pages_of(printed) == 1
    wide = float(reader.pages[0].mediabox.width)
    assert wide == pytest.approx(595.3 if paper == "a4" else 841.9, abs=0.5)
    least = SIZES_PT[-1] * (A3_GROWTH if paper == "a3" else 1.0)
    assert printed.text_pt >= least - 0.1
    hours = [b for b in printed.blocks if isinstance(b, Paragraph) and b.style == "hours"]
    assert len(hours) == 1
    assert "Uhr" in hours[0].text
    assert 2 * printed.text_pt >= 24
    assert not [b for b in printed.blocks if isinstance(b, Paragraph) and b.style == "small"]
    assert not [b for b in printed.blocks if isinstance(b, Table) and (b.small or b.text_pt)]


def test_it_says_what_when_where_and_whom_to_call(parts) -> None:
    """Service, place, weekday in words, rhythm in words, hours, stop, waiting, toilet, payment, phone, and who cannot come."""
    told = words(sheet_printed(parts, A))
    for text in (
        "Mobiles Bürgerbüro und mobile Bank in Adorf",
        "Jede Woche am Dienstag",
        "9:00 bis 11:30 Uhr",
        "Wo: Dorfgemeinschaftshaus Adorf",
        "Warten können Sie im Vorraum des Dorfgemeinschaftshauses.",
        "Eine Toilette ist da.",
        "Der Weg hat keine Stufen.",
        "Bezahlen können Sie bar oder mit Karte.",
        "Fragen? Telefon 039000 12345",
        "Montag bis Freitag 9 bis 12 Uhr",
        "Sie kommen nicht aus dem Haus?\nRufen Sie an: 039000 54321",
        "alter Ausweis, Passfoto, 46 Euro",
    ):
        assert text in told, text
    assert "Jede zweite Woche am Dienstag" in words(sheet_printed(parts, B))
    assert "Alle 4 Wochen am Donnerstag" in words(sheet_printed(parts, C))


def test_what_nobody_knows_is_not_told_outside(parts) -> None:
    """Of Bdorf nothing is known: its sheet is silent on roof, toilet and steps; the check list of the office asks for them."""
    told = words(sheet_printed(parts, B))
    assert not re.search(r"nicht bekannt|Toilette|Stufen|Warten|Dach", told)
    assert "nicht bekannt, bitte erfragen" in words(check_list_printed(parts))


def test_what_is_not_there_is_told(parts) -> None:
    """No toilet, no roof, steps: an old person must know before she leaves home."""
    told = words(sheet_printed(parts, C))
    assert "Eine Toilette gibt es nicht." in told
    assert "Ein Dach zum Warten gibt es nicht." in told
    assert "Auf dem Weg gibt es Stufen." in told


def test_all_dates_of_the_half_year_stand_there(parts) -> None:
    """Each day that is held, by month; no other."""
    for stop in parts.stops:
        blocks = sheet_blocks(parts, stop.place_id, Shown(0))
        table = next(b for b in blocks if isinstance(b, Table))
        days = [int(d) for _, text in table.rows for d in re.findall(r"\d+", str(text))]
        assert days == [d.day for d in stop.held]
        assert len(table.rows) == len({(d.year, d.month) for d in stop.held})


def test_cancelled_days_have_reason_and_next_visit(parts) -> None:
    """A holiday is named; the day after which somebody comes again is told; many days are one sentence."""
    cstadt = next(s for s in parts.stops if s.place_id == C)
    (line,) = (x.replace("\u00a0", " ") for x in cancelled_lines(parts, cstadt))
    assert line == "Fällt aus am Donnerstag, 6. Mai (Christi Himmelfahrt). Danach kommen wir am Donnerstag, 3. Juni."
    many = MobileContact(cancelled=tuple(f"2027-{m:02d}-{d:02d}" for m, d in ((1, 5), (1, 12), (1, 19), (1, 26))))
    adorf = MobileParts(world.documents(many), "de").stops[0]
    assert len(cancelled_lines(MobileParts(world.documents(many), "de"), adorf)) == 1


def test_two_visits_have_a_day_to_come_back(parts) -> None:
    """Applied for at the first visit, collected at the first visit four weeks later or after: 2 February in Bdorf, 11 February in Cstadt."""
    for place, applied, collected in ((B, "5. Januar", "2. Februar"), (C, "14. Januar", "11. Februar")):
        (line,) = (x.replace("\u00a0", " ") for x in two_visit_lines(parts, place))
        assert line.startswith("Erst beantragen, frühestens 4 Wochen später abholen: Personalausweis und Reisepass.")
        assert f"beantragt am {applied}, abgeholt frühestens am {collected}." in line


def test_who_may_not_be_served_is_told(parts) -> None:
    """The citizen office serves its own authority only while an agreement is missing; the bank serves everybody."""
    told = words(sheet_printed(parts, C))
    assert "Mobiles Bürgerbüro: nur für Menschen, die hier gemeldet sind: Verbandsgemeinde West." in told
    assert "Mobile Bank: nur" not in told


def test_tasks_of_a_district_without_agreement_are_not_offered() -> None:
    """Nobody waits in the cold for what the staff may not do; the residents of the place may come all the same."""
    documents = world.documents()
    concerns = tuple(
        dataclasses.replace(c, authority="district") if c.id == "moving" else c for c in world.records().concerns
    )
    rows = documents.plan.authorities.assign(
        authority_id=["150010000", "15001", "150010000"], name=["West", "Kreis 1", "West"]
    )
    changed = dataclasses.replace(
        documents,
        plan=dataclasses.replace(documents.plan, authorities=rows),
        catalogue=dataclasses.replace(
            documents.catalogue, mobile=dataclasses.replace(world.records(), concerns=concerns)
        ),
    )
    parts = MobileParts(changed, "de")
    assert "Umzug anmelden" not in words(sheet_printed(parts, A))  # in Kreis 1
    assert "Umzug anmelden" in words(sheet_printed(parts, C))  # in Kreis 2
    assert "gemeldet sind" not in words(sheet_printed(parts, A))


def test_without_a_phone_there_is_a_line_to_fill_in() -> None:
    """A missing number is never left out: a ruled line stands there, and the check list says so."""
    parts = MobileParts(world.documents(MobileContact()), "de")
    printed = sheet_printed(parts, A)
    (line,) = (b for b in printed.blocks if isinstance(b, Lines))
    assert "Sie kommen nicht aus dem Haus?" in line.label
    assert "Telefonnummer" in words(check_list_printed(parts))


def test_a_full_sheet_is_shortened_where_it_hurts_least() -> None:
    """With far more to do than fits, rows of what to bring go, told in a sentence; dates, hours and phone stay, type stays 14 pt."""
    documents = world.documents()
    concerns = tuple(
        dataclasses.replace(
            c,
            id=f"{c.id}{k}",
            label_de=f"{c.label_de} {k}",
            bring_de="Ausweis, Bescheid, Vollmacht und eine Kopie davon",
        )
        for k in range(8)
        for c in world.records().concerns
    )
    catalogue = dataclasses.replace(documents.catalogue, mobile=dataclasses.replace(world.records(), concerns=concerns))
    parts = MobileParts(dataclasses.replace(documents, catalogue=catalogue), "de")
    printed = sheet_printed(parts, A)
    assert pages_of(printed) == 1
    assert printed.text_pt == SIZES_PT[-1]
    told = words(printed)
    assert "Es geht noch mehr." in told or "sagen wir Ihnen am Telefon" in told
    assert "Juni 2027" in told
    assert "039000 12345" in told
    assert len(concern_rows(parts, A)) == 40


def test_two_stops_and_two_weekdays_are_told_apart() -> None:
    """A place with two stops, one of them twice a week: each has its hours and its dates, with the weekday at each date."""
    plan = world.plan()
    stops = plan.stops.assign(place_id=[A, A, C])
    more = plan.visits.iloc[[0]].assign(part=2, weekday="Fr", from_time="14:00", to_time="16:00")
    visits = pd.concat([plan.visits, more], ignore_index=True)
    documents: MobileDocuments = dataclasses.replace(
        world.documents(), plan=dataclasses.replace(plan, stops=stops, visits=visits)
    )
    parts = MobileParts(documents, "de")
    told = words(sheet_printed(parts, A))
    for text in (
        "Jede Woche am Freitag",
        "14:00 bis 16:00 Uhr",
        "Haltestelle Bdorf, Kirche: Fällt aus am",
        "Di 5., Fr 8., Di 12.",
    ):
        assert text in told, text
    (dates,) = (b for b in sheet_printed(parts, A).blocks if isinstance(b, Table) and b.head[0] == "Termine")
    assert dates.head == ("Termine", "Haltestelle Bdorf, Kirche", "Dorfgemeinschaftshaus Adorf")
    assert dates.rows[0][1] == "5., 19."


def test_the_run_sheet_adds_up(parts) -> None:
    """Weeks with the same steps are one page; sums, star of estimated ways, breaks and the depot stand there, and it is internal."""
    days = days_of(parts)
    assert [(d.weekday, d.weeks) for d in days] == [("Tu", (1, 3)), ("Tu", (2, 4)), ("Th", (2,))]
    printed = run_sheets_printed(parts, 1)
    told = words(printed)
    assert (
        "Zusammen 20,0 km. Fahrt 0:24 Stunden, Halte 4:30, Pause 0:30, Wartezeit 1:54. Der ganze Tag: 8:06 Stunden."
        in told
    )
    assert "* geschätzt aus der Luftlinie" in told
    assert "Standort Cstadt" in told
    assert printed.header.startswith("Nur für den internen Gebrauch")


def test_a_tour_without_any_of_its_stops_is_not_driven(parts) -> None:
    """Adorf is left out on 9 February, a week in which nothing else is on the tour: the van stays at home."""
    second = days_of(parts)[1]
    assert "2027-02-09" not in {d.isoformat() for d in second.dates.held}
    assert "2027-02-09" in {c.day.isoformat() for c in second.dates.cancelled}
    both = MobileParts(world.documents(MobileContact(stops=(StopNote("Adorf", cancelled=("2027-01-19",)),))), "de")
    first = days_of(both)[0]
    assert "2027-01-19" in {d.isoformat() for d in first.dates.held}
    assert "Ohne Halt Adorf: 19.01." in words(run_sheets_printed(both, 1))


def test_the_sheet_of_a_service_has_all_its_stops(parts) -> None:
    """Place, stop, rhythm, hours and the next three dates of each village, in type for old people."""
    printed = service_printed(parts, "bank")
    told = words(printed)
    assert printed.text_pt >= 14
    for text in (
        "Adorf",
        "Haltestelle Bdorf, Kirche",
        "Alle 4 Wochen am Donnerstag",
        "14. Januar\n11. Februar\n11. März",
    ):
        assert text in told, text
