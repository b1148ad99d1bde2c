"""The GTFS feed of a mobile plan, read back by the project's own reader."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from ankerort.base.problems import Problems
from ankerort.documents.mobile_gtfs import gtfs_files, tours_of, write_gtfs
from ankerort.documents.mobile_parts import MobileParts
from ankerort.network.timetable.read_gtfs import read_gtfs
from ankerort.region.read_mobile_contact import MobileContact
from worlds import mobile_told as world


@pytest.fixture(scope="module")
def parts() -> MobileParts:
    """The plan of the world in German."""
    return MobileParts(world.documents(), "de")


def table(parts: MobileParts, name: str) -> list[dict[str, str]]:
    """Rows of a file of the feed."""
    return list(csv.DictReader(io.StringIO(gtfs_files(parts)[name])))


def test_our_own_reader_finds_nothing_wrong(parts, tmp_path: Path) -> None:
    """No problem of any kind; all stops and trips are there, and nobody may board or alight anywhere."""
    path = tmp_path / "mobil-gtfs.zip"
    write_gtfs(parts, path)
    problems = Problems()
    feed = read_gtfs(path, source_id="mobil", problems=problems)
    assert [p for p in problems if p.severity != "note"] == []
    assert feed is not None
    assert len(feed.stops) == 3
    assert (feed.times.pickup == 1).all()
    assert (feed.times.drop_off == 1).all()


def test_every_day_has_exactly_the_visits_of_the_sheets(parts) -> None:
    """Over all services a stop is visited on each day that is held, at its hours, and on no other."""
    calls: dict[str, list[tuple[str, str, str]]] = {}
    for row in table(parts, "stop_times.txt"):
        calls.setdefault(row["trip_id"], []).append((row["stop_id"], row["arrival_time"], row["departure_time"]))
    service = {row["trip_id"]: row["service_id"] for row in table(parts, "trips.txt")}
    days: dict[str, list[str]] = {}
    for row in table(parts, "calendar_dates.txt"):
        assert row["exception_type"] == "1"
        days.setdefault(row["service_id"], []).append(row["date"])
    found = set()
    for trip, visits in calls.items():
        for stop in {v[0] for v in visits}:
            begin = min(v[1] for v in visits if v[0] == stop)
            end = max(v[2] for v in visits if v[0] == stop)
            found |= {(stop, day, begin, end) for day in days[service[trip]]}
    expected = {
        (s.stop_id, f"{d:%Y%m%d}", f"{v.from_time}:00", f"{v.to_time}:00")
        for s in parts.stops
        for v in s.visits
        for d in v.dates.held
    }
    assert found == expected


def test_ids_belong_together_and_times_run_on(parts) -> None:
    """Each trip has a route, a service with days and at least two calls; sequence and times rise; ids are unique."""
    stops = {row["stop_id"] for row in table(parts, "stops.txt")}
    routes = {row["route_id"] for row in table(parts, "routes.txt")}
    services = {row["service_id"] for row in table(parts, "calendar_dates.txt")}
    trips = table(parts, "trips.txt")
    assert len({t["trip_id"] for t in trips}) == len(trips)
    for trip in trips:
        assert trip["route_id"] in routes
        assert trip["service_id"] in services
        mine = [r for r in table(parts, "stop_times.txt") if r["trip_id"] == trip["trip_id"]]
        assert len(mine) >= 2
        assert [int(r["stop_sequence"]) for r in mine] == list(range(1, len(mine) + 1))
        times = [t for r in mine for t in (r["arrival_time"], r["departure_time"])]
        assert times == sorted(times)
        assert {r["pickup_type"] for r in mine} == {r["drop_off_type"] for r in mine} == {"1"}
        assert {r["stop_id"] for r in mine} <= stops


def test_a_day_without_one_stop_is_a_tour_of_its_own() -> None:
    """If only Adorf is left out on a Tuesday of week 1, the van still comes to Bdorf, on a trip without Adorf."""
    contact = MobileContact(stops=(world.StopNote("Adorf", cancelled=("2027-01-19",)),))
    parts = MobileParts(world.documents(contact), "de")
    on_day = [visits for visits, days in tours_of(parts) if any(d.isoformat() == "2027-01-19" for d in days)]
    assert [[v.stop_id for v in visits] for visits in on_day] == [[world.B_STOP]]


def test_the_feed_says_who_publishes_it_and_until_when(parts) -> None:
    """Publisher and address of the office, first and last day, credit lines of the sources; without an address a placeholder."""
    info = table(parts, "feed_info.txt")[0]
    assert info["feed_publisher_name"] == "Verbandsgemeinde Musterland"
    assert (info["feed_start_date"], info["feed_end_date"]) == ("20270105", "20270701")
    named = {row["organization_name"] for row in table(parts, "attributions.txt")}
    assert "© OpenStreetMap-Mitwirkende" in named
    bare = MobileParts(world.documents(MobileContact()), "de")
    assert table(bare, "agency.txt")[0]["agency_url"].startswith("https://www.example")


def test_the_extension_tells_service_stop_hours_and_phone(parts) -> None:
    """One row per service and weekday of a stop, with the trips on which it comes."""
    rows = table(parts, "mobile_services.txt")
    assert len(rows) == 2 * 3
    trips = {row["trip_id"] for row in table(parts, "trips.txt")}
    for row in rows:
        assert set(row["trip_ids"].split(";")) <= trips
        assert row["phone"] == "039000 12345"
    assert {r["service"] for r in rows} == {"citizen_office", "bank"}
    bdorf = next(r for r in rows if r["stop_id"] == world.B_STOP)
    assert (bdorf["weekday"], bdorf["weeks"], bdorf["cycle_weeks"]) == ("Tu", "1;3", "4")
