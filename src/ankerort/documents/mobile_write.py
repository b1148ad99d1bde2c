"""Writes all documents of a mobile plan: chapter, workbook, geopackage, sheets of villages and services, calendars, GTFS, run sheets."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ankerort.base.progress import SILENT, Progress
from ankerort.documents.anchors_write import write_page
from ankerort.documents.blocks import Paper
from ankerort.documents.blocks_docx import write_docx
from ankerort.documents.blocks_pdf import write_pdf
from ankerort.documents.mobile_calendar import calendar_text
from ankerort.documents.mobile_chapter import mobile_printed
from ankerort.documents.mobile_documents import MobileDocuments, contact_problems, internal_stops
from ankerort.documents.mobile_geopackage import write_mobile_geopackage
from ankerort.documents.mobile_gtfs import write_gtfs
from ankerort.documents.mobile_parts import MobileParts, Stop
from ankerort.documents.mobile_run_sheet import check_list_printed, run_sheets_printed
from ankerort.documents.mobile_service_sheet import service_printed
from ankerort.documents.mobile_sheet import sheet_printed
from ankerort.documents.mobile_workbook import write_mobile_workbook
from ankerort.documents.public import public_label_region
from ankerort.documents.write import write_all
from ankerort.documents.write_profiles import safe_name
from ankerort.region.public_view import internal_sources, public_problems
from ankerort.text import Language

FILES = ("mobil.html", "mobil.pdf", "mobil.docx", "mobil.xlsx", "mobil.gpkg", "mobil-gtfs.zip")
SHEETS, SERVICES, CALENDARS, INTERNAL = "fahrplan", "leistungen", "kalender", "intern"
ALL = "alle-orte"  # of the calendar of all places
PAPERS: tuple[Paper, ...] = ("a4", "a3")
Makers = dict[str, Callable[[Path], object]]


def write_mobile_documents(
    documents: MobileDocuments, out: Path, *, lang: Language = "de", progress: Progress = SILENT
) -> tuple[Path, ...]:
    """Write all documents of a plan into `out`.

    Parameters
    ----------
    documents
        One finished plan with all that its documents tell.
    out
        Folder of the documents; made if missing.
    lang
        de or en; the files have the same names in both.
    progress
        Advances once per file.

    Returns
    -------
    tuple of Path
        Files in reading order: `FILES`, then ``fahrplan/<place>-a4.pdf`` and ``-a3.pdf``, ``leistungen/<service>.pdf``,
        ``kalender/<place>.ics`` and ``alle-orte.ics``, and for the office only ``intern/fahrtenblatt-fahrzeug-<n>.pdf`` and
        ``intern/pruefliste.pdf``. They appear only when all are there; where one is held open by another program, the new one stands
        beside it.

    Notes
    -----
    Equal plans give equal files: nothing carries the day of writing.
    """
    documents = _public(documents, lang)
    parts = MobileParts(documents, lang)
    printed = functools.cache(lambda: mobile_printed(parts))
    makers: Makers = {
        "mobil.html": lambda path: write_page(printed(), path),
        "mobil.pdf": lambda path: write_pdf(printed(), path),
        "mobil.docx": lambda path: write_docx(printed(), path),
        "mobil.xlsx": lambda path: write_mobile_workbook(parts, path),
        "mobil.gpkg": lambda path: write_mobile_geopackage(parts, path),
        "mobil-gtfs.zip": lambda path: write_gtfs(parts, path),
    }
    for place_id in parts.served_places:
        makers |= _place_makers(parts, place_id)
    for service in dict.fromkeys(s for stop in parts.stops for s in stop.services):
        name = safe_name(parts.service(service))
        makers[f"{SERVICES}/{name}.pdf"] = functools.partial(_service, parts, service)
    makers[f"{CALENDARS}/{ALL}.ics"] = functools.partial(_calendar, parts, parts.stops)
    for vehicle in sorted({v.vehicle for stop in parts.stops for v in stop.visits}):
        makers[f"{INTERNAL}/fahrtenblatt-fahrzeug-{vehicle}.pdf"] = functools.partial(_run_sheets, parts, vehicle)
    makers[f"{INTERNAL}/pruefliste.pdf"] = lambda path: write_pdf(check_list_printed(parts), path)
    return write_all(out, makers, progress, text_id="progress.mobile_documents")


def write_place_timetable(
    documents: MobileDocuments, place_id: str, out: Path, *, lang: Language = "de", progress: Progress = SILENT
) -> tuple[Path, ...]:
    """Write the sheets (A4, A3) and the calendar of one place into `out`.

    Raises
    ------
    KeyError
        If the plan has no stop in the place.
    """
    parts = MobileParts(_public(documents, lang), lang)
    if place_id not in parts.served_places:
        raise KeyError(place_id)
    return write_all(out, _place_makers(parts, place_id), progress, text_id="progress.mobile_documents")


def file_names(parts: MobileParts) -> Mapping[str, str]:
    """File names without ending by place_id, each once, whatever the case of its letters."""
    out: dict[str, str] = {}
    taken: set[str] = set()
    for place_id in parts.served_places:
        base = safe_name(parts.place(place_id))
        name, number = base, 2
        while name.casefold() in taken:
            name, number = f"{base} {number}", number + 1
        taken.add(name.casefold())
        out[place_id] = name
    return out


def _place_makers(parts: MobileParts, place_id: str) -> Makers:
    name = file_names(parts)[place_id]
    makers: Makers = {f"{SHEETS}/{name}-{p}.pdf": functools.partial(_sheet, parts, place_id, p) for p in PAPERS}
    makers[f"{CALENDARS}/{name}.ics"] = functools.partial(_calendar, parts, parts.stops_of(place_id))
    return makers


def _sheet(parts: MobileParts, place_id: str, paper: Paper, path: Path) -> None:
    write_pdf(sheet_printed(parts, place_id, paper), path)


def _service(parts: MobileParts, service: str, path: Path) -> None:
    write_pdf(service_printed(parts, service), path)


def _calendar(parts: MobileParts, stops: Sequence[Stop], path: Path) -> None:
    path.write_bytes(calendar_text(parts, stops).encode("utf-8"))


def _run_sheets(parts: MobileParts, vehicle: int, path: Path) -> None:
    write_pdf(run_sheets_printed(parts, vehicle), path)


def _public(documents: MobileDocuments, lang: Language) -> MobileDocuments:
    """The same with its own warnings, and without anything that only lists say which may not be passed on."""
    documents = replace(
        documents, problems=(*documents.problems, *contact_problems(documents), *internal_stops(documents))
    )
    region = documents.region
    if not internal_sources(region):
        return documents
    return replace(
        documents, region=public_label_region(region, lang), problems=public_problems(region, documents.problems)
    )
