"""The visits as a GTFS feed: every tour is a trip on which nobody may ride, with the hours of each stop as arrival and departure.

The extension ``mobile_services.txt`` says what comes; programmes that do not know it read the rest. GTFS-Flex is not written: it tells
where people are picked up or set down, and no visit carries people.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from ankerort.documents.mobile_parts import MobileParts, Stop, Visit
from ankerort.documents.mobile_sheet import full_name
from ankerort.text import say
from ankerort.text.grammar import capital

_AGENCY = "mobil"
_NO_RIDE = 1  # pickup_type and drop_off_type: none available
_BUS = 3
_ZIP_TIME = (2000, 1, 1, 0, 0, 0)  # equal plans give equal files
_PLACEHOLDER = "https://www.example.org"
Rows = list[tuple[object, ...]]


def write_gtfs(parts: MobileParts, path: Path) -> None:
    """Write the feed as a zip archive to `path` (the caller renames it into place)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in gtfs_files(parts).items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), text.encode("utf-8"))


def gtfs_files(parts: MobileParts) -> Mapping[str, str]:
    """The files of the feed by name."""
    tours = tours_of(parts)
    days = sorted({d for _, dates in tours for d in dates})
    tables = {
        "agency.txt": _agency(parts),
        "stops.txt": _stops(parts),
        "routes.txt": _routes(parts),
        "trips.txt": _trips(parts, tours),
        "stop_times.txt": _stop_times(tours),
        "calendar_dates.txt": _calendar_dates(tours),
        "feed_info.txt": _feed_info(parts, days),
        "attributions.txt": _attributions(parts),
        "mobile_services.txt": _services(parts),
    }
    return {name: _text(head, rows) for name, (head, rows) in tables.items()}


def tours_of(parts: MobileParts) -> list[tuple[tuple[Visit, ...], tuple[dt.date, ...]]]:
    """Visits of one vehicle on one day in their order, with all days on which exactly these are made.

    A day on which one stop is left out is a tour of its own.
    """
    by_day: dict[tuple[int, dt.date], list[Visit]] = {}
    for stop in parts.stops:
        for visit in stop.visits:
            for day in visit.dates.held:
                by_day.setdefault((visit.vehicle, day), []).append(visit)
    found: dict[tuple[tuple[str, int], ...], tuple[tuple[Visit, ...], list[dt.date]]] = {}
    for (_, day), visits in sorted(by_day.items(), key=lambda item: item[0]):
        ordered = tuple(sorted(visits, key=lambda v: (v.from_time, v.stop_id)))
        key = tuple((v.stop_id, v.part) for v in ordered)
        found.setdefault(key, (ordered, []))[1].append(day)
    return [(visits, tuple(days)) for visits, days in found.values()]


def tour_id(visits: Sequence[Visit]) -> str:
    """Id of a tour, the same as long as its stops and times are the same."""
    told = "|".join(f"{v.vehicle} {v.weekday} {v.stop_id} {v.from_time} {v.to_time}" for v in visits)
    return f"f{visits[0].vehicle}-{visits[0].weekday.lower()}-{hashlib.sha256(told.encode()).hexdigest()[:10]}"


def _agency(parts: MobileParts) -> tuple[tuple[str, ...], Rows]:
    contact = parts.contact
    name = contact.publisher or parts.plan.region
    head = ("agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang", "agency_phone")
    return head, [(_AGENCY, name, contact.website or _PLACEHOLDER, "Europe/Berlin", parts.lang, contact.phone)]


def _stops(parts: MobileParts) -> tuple[tuple[str, ...], Rows]:
    head = ("stop_id", "stop_name", "stop_desc", "stop_lat", "stop_lon", "location_type", "wheelchair_boarding")
    rows: Rows = []
    for stop in parts.stops:
        name = full_name(parts, stop)
        what = capital(parts.services(stop.services))
        rows.append(
            (
                stop.stop_id,
                name,
                what,
                f"{float(stop.row['lat']):.6f}",
                f"{float(stop.row['lon']):.6f}",
                0,
                _wheelchair(stop),
            )
        )
    return head, rows


def _wheelchair(stop: Stop) -> int:
    """0 = not known: a way without steps does not yet mean that a wheelchair can get into the vehicle; steps mean that it cannot."""
    return 2 if stop.row.get("step_free") == "no" else 0


def _routes(parts: MobileParts) -> tuple[tuple[str, ...], Rows]:
    head = ("route_id", "agency_id", "route_short_name", "route_long_name", "route_desc", "route_type")
    long = capital(parts.services(parts.plan.request.services))
    vehicles = sorted({v.vehicle for s in parts.stops for v in s.visits})
    rows: Rows = []
    for v in vehicles:
        name = say("mobile_doc.gtfs_route", parts.lang, services=long, vehicle=v) if len(vehicles) > 1 else long
        rows.append((f"fahrzeug-{v}", _AGENCY, "", name, say("mobile_doc.gtfs_no_ride", parts.lang), _BUS))
    return head, rows


def _trips(
    parts: MobileParts, tours: Sequence[tuple[tuple[Visit, ...], tuple[dt.date, ...]]]
) -> tuple[tuple[str, ...], Rows]:
    head = ("route_id", "service_id", "trip_id", "trip_headsign")
    services = capital(parts.services(parts.plan.request.services))
    headsign = say("mobile_doc.gtfs_headsign", parts.lang, services=services)
    return head, [(f"fahrzeug-{v[0].vehicle}", tour_id(v), tour_id(v), headsign) for v, _ in tours]


def _stop_times(tours: Sequence[tuple[tuple[Visit, ...], tuple[dt.date, ...]]]) -> tuple[tuple[str, ...], Rows]:
    head = (
        "trip_id",
        "arrival_time",
        "departure_time",
        "stop_id",
        "stop_sequence",
        "pickup_type",
        "drop_off_type",
        "timepoint",
    )
    rows: Rows = []
    for visits, _ in tours:
        # a trip of one stop is no trip for most programmes: its beginning and its end are two calls then
        calls = [(v.from_time, v.to_time, v.stop_id) for v in visits]
        if len(visits) == 1:
            (start, end, stop_id) = calls[0]
            calls = [(start, start, stop_id), (end, end, stop_id)]
        for k, (start, end, stop_id) in enumerate(calls, 1):
            rows.append((tour_id(visits), f"{start}:00", f"{end}:00", stop_id, k, _NO_RIDE, _NO_RIDE, 1))
    return head, rows


def _calendar_dates(tours: Sequence[tuple[tuple[Visit, ...], tuple[dt.date, ...]]]) -> tuple[tuple[str, ...], Rows]:
    rows: Rows = [(tour_id(visits), f"{day:%Y%m%d}", 1) for visits, days in tours for day in days]
    return ("service_id", "date", "exception_type"), rows


def _feed_info(parts: MobileParts, days: Sequence[dt.date]) -> tuple[tuple[str, ...], Rows]:
    contact = parts.contact
    head = (
        "feed_publisher_name",
        "feed_publisher_url",
        "feed_lang",
        "feed_start_date",
        "feed_end_date",
        "feed_version",
    )
    first, last = (f"{days[0]:%Y%m%d}", f"{days[-1]:%Y%m%d}") if days else ("", "")
    version = hashlib.sha256(f"{parts.plan.name}|{parts.plan.first_day}|{parts.date}".encode()).hexdigest()[:12]
    return head, [
        (contact.publisher or parts.plan.region, contact.website or _PLACEHOLDER, parts.lang, first, last, version)
    ]


def _attributions(parts: MobileParts) -> tuple[tuple[str, ...], Rows]:
    head = ("attribution_id", "organization_name", "is_producer", "is_operator", "is_authority")
    rows: Rows = [(_AGENCY, parts.contact.publisher or parts.plan.region, 0, 0, 1)]
    named = [a for a in dict.fromkeys(map(str, parts.documents.region.sources["attribution"])) if a]
    rows += [(f"quelle-{k}", name, 1, 0, 0) for k, name in enumerate(named, 1)]
    return head, rows


def _services(parts: MobileParts) -> tuple[tuple[str, ...], Rows]:
    head = (
        "service",
        "service_name",
        "stop_id",
        "from_time",
        "to_time",
        "weekday",
        "weeks",
        "cycle_weeks",
        "cycle_start",
        "phone",
        "trip_ids",
    )
    trips: dict[tuple[str, int], list[str]] = {}
    for visits, _ in tours_of(parts):
        for v in visits:
            trips.setdefault((v.stop_id, v.part), []).append(tour_id(visits))
    rows: Rows = []
    for stop in parts.stops:
        for v in stop.visits:
            told = ";".join(trips.get((v.stop_id, v.part), []))
            weeks = ";".join(map(str, v.weeks))
            for service in v.services:
                rows.append(
                    (service, parts.service(service), v.stop_id, v.from_time, v.to_time, v.weekday, weeks, parts.plan.weeks,
                     f"{parts.calendar.start:%Y%m%d}", parts.contact.phone, told)
                )  # fmt: skip
    return head, rows


def _text(head: Sequence[str], rows: Rows) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return stream.getvalue()
