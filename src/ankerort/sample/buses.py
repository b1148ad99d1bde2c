"""The buses of the Musterkreis: a district company's feed and a neighbouring town's, with the traps that real feeds hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, hypot

from ankerort.catalogue import is_public_holiday, is_school_day, read_catalogue
from ankerort.sample.gtfs_builder import EVERY_DAY, NEVER, WEEKDAYS, Call, FeedBuilder, evenly, hm
from ankerort.sample.world import Feed, Point

FIRST_DAY = date(2026, 8, 1)
LAST_DAY = date(2027, 7, 31)
LAND = "ST"
_BUS_SPEED_MS = 12.5  # 45 km/h between stops, on roads 12 % longer than the straight line
_ROAD_DETOUR = 1.12


@dataclass(frozen=True)
class StopDesign:
    """One stop: place, position along its main street (-1 ... 1), name after the comma, number in the stop id."""

    key: str
    place: str
    along: float
    name: str
    number: int


STOPS: tuple[StopDesign, ...] = (
    StopDesign("mst_zob", "muehlenstedt", 0.1, "Mühlenstedt, ZOB", 101),
    StopDesign("mst_markt", "muehlenstedt", -0.2, "Mühlenstedt, Markt", 102),
    StopDesign("mst_schule", "muehlenstedt", 0.5, "Mühlenstedt, Schulzentrum", 103),
    StopDesign("mst_west", "muehlenstedt", -0.85, "Mühlenstedt, Magdeburger Tor", 104),
    StopDesign("mst_ost", "muehlenstedt", 0.95, "Mühlenstedt, Mührebrücke", 105),
    StopDesign("mst_hof", "muehlenstedt", -0.6, "Mühlenstedt, Betriebshof", 106),
    StopDesign("alt_siedlung", "altenroede", -0.8, "Altenröde, Siedlung", 110),
    StopDesign("alt_dorf", "altenroede", 0.1, "Altenröde, Dorfplatz", 111),
    StopDesign("gbd", "grossboelsdorf", 0.0, "Großbölsdorf, Anger", 112),
    StopDesign("hue", "huettelsdorf", 0.0, "Hüttelsdorf, Kirche", 113),
    StopDesign("fae", "faehrdorf", 0.2, "Fährdorf, Fährhaus", 114),
    StopDesign("neu", "neudorf_west", 0.0, "Neudorf (Mühlenstedt), Dorfstraße", 115),
    StopDesign("doe", "doebelitz", 0.0, "Döbelitz, Dorf", 116),
    StopDesign("lan_west", "langenwoerden", -0.8, "Langenwörden, Mühreweg", 120),
    StopDesign("lan_amt", "langenwoerden", 0.0, "Langenwörden, Verbandsgemeindeamt", 121),
    StopDesign("lan_schule", "langenwoerden", 0.7, "Langenwörden, Schule", 122),
    StopDesign("kle", "kleinwoerden", 0.0, "Kleinwörden, Dorfplatz", 123),
    StopDesign("kle_abzweig", "kleinwoerden", -0.9, "Kleinwörden, Abzweig", 124),
    StopDesign("hoe", "hoehenziepel", 0.0, "Höhenziepel, Dorfplatz", 125),
    StopDesign("hoe_friedhof", "hoehenziepel", 0.8, "Höhenziepel, Friedhof", 126),
    StopDesign("zie", "ziepelmuehle", 0.0, "Ziepelmühle, Mühle", 127),
    StopDesign("sue", "suelzberg", 0.0, "Sülzberg, Salzgasthof", 128),
    StopDesign("sue_siedlung", "suelzberg", 0.8, "Sülzberg, Siedlung", 129),
    StopDesign("neo", "neudorf_ost", 0.0, "Neudorf (Sülzberg), Am Anger", 130),
    StopDesign("neo_siedlung", "neudorf_ost", 0.9, "Neudorf (Sülzberg), Siedlung", 131),
    StopDesign("wer_bf", "werbenau", 0.5, "Werbenau, Bahnhof", 140),
    StopDesign("wer_markt", "werbenau", 0.0, "Werbenau, Markt", 141),
    StopDesign("wer_kh", "werbenau", 0.9, "Werbenau, Krankenhaus", 142),
    StopDesign("wer_nord", "werbenau", -0.8, "Werbenau, Nordring", 143),
)
_TOWN_ONLY = ("wer_kh", "wer_nord")
# The stops of both feeds: other ids, same name, a few metres apart.
SHARED = ("wer_bf", "wer_markt", "hoe")


@dataclass(frozen=True)
class BusTime:
    """One ride as the timetable promises it on every ordinary school day (Tuesday and Thursday)."""

    line: str
    from_stop: str
    to_stop: str
    departure_s: int
    arrival_s: int


def days_of(first: date = FIRST_DAY, last: date = LAST_DAY) -> tuple[date, ...]:
    """All days of the period."""
    return tuple(first + timedelta(days=k) for k in range((last - first).days + 1))


def build_feeds(poles: Mapping[str, tuple[Point, Point]]) -> tuple[tuple[Feed, Feed], tuple[BusTime, ...]]:
    """Build both feeds over the poles of the stops (world metres; one pole per direction).

    Returns
    -------
    tuple
        The district feed and the town feed; and some rides that hold on every school Tuesday and Thursday.
    """
    district, rides = _district_feed(poles)
    town, more = _town_feed(poles)
    return (district, town), (*rides, *more)


def ride_minutes(poles: Mapping[str, tuple[Point, Point]], stops: Sequence[str]) -> list[int]:
    """Whole minutes from stop to stop, at least one."""
    minutes = []
    for a, b in pairwise(stops):
        (xa, ya), (xb, yb) = poles[a][0], poles[b][0]
        minutes.append(max(1, ceil(hypot(xb - xa, yb - ya) * _ROAD_DETOUR / _BUS_SPEED_MS / 60)))
    return minutes


def _services(feed: FeedBuilder) -> None:
    """Calendars: working days, school days, holidays, Saturday, Sunday and two kinds of night."""
    catalogue = read_catalogue(land=LAND)
    days = days_of()
    weekdays = [d for d in days if d.weekday() < 5]
    public = [d for d in days if is_public_holiday(LAND, d)]
    feed.service("W", WEEKDAYS, removed=[d for d in public if d.weekday() < 5])
    feed.service("S", WEEKDAYS, removed=[d for d in weekdays if not is_school_day(catalogue, LAND, d)])
    # As in real feeds: a service without any weekday that lives by its exceptions alone.
    holidays = [d for d in weekdays if d not in public and not is_school_day(catalogue, LAND, d)]
    feed.service("F", NEVER, added=holidays)
    feed.service("SA", (0, 0, 0, 0, 0, 1, 0), removed=[d for d in public if d.weekday() == 5])
    feed.service("SO", (0, 0, 0, 0, 0, 0, 1), added=[d for d in public if d.weekday() != 6])
    feed.service("N", (0, 0, 0, 0, 1, 1, 0))
    feed.service("NW", (0, 1, 0, 1, 0, 0, 0), removed=[d for d in public if d.weekday() in (1, 3)])


class _Lines:
    """Adds the trips of lines in both directions and keeps some rides for the facts."""

    def __init__(self, feed: FeedBuilder, poles: Mapping[str, tuple[Point, Point]]) -> None:
        self.feed = feed
        self.poles = poles
        self.rides: list[BusTime] = []
        self._count = 0
        self._names = {s.key: s.name for s in STOPS}
        self._numbers = {s.key: s.number for s in STOPS}

    def pole(self, stop: str, direction: int) -> str:
        return f"de:15999:{self._numbers[stop]}::0{direction + 1}"

    def run(
        self, line: str, service: str, stops: Sequence[str], departures: Sequence[str], *, direction: int,
        no_boarding: Sequence[str] = (), by_arrangement: bool = False, booking_rule: str = "", fact: bool = False,
    ) -> None:  # fmt: skip
        """Add one trip per departure along `stops`."""
        minutes = ride_minutes(self.poles, stops)
        ids = [self.pole(s, direction) for s in stops]
        for departure in departures:
            calls: list[Call] = []
            for stop, (stop_id, arrival, leave, _, _) in zip(stops, evenly(ids, minutes, hm(departure)), strict=True):
                pickup = 2 if by_arrangement else int(stop in no_boarding)
                calls.append((stop_id, arrival, leave, pickup, 2 if by_arrangement else 0))
            self._count += 1
            trip_id = f"{line}-{self._count:04d}"
            self.feed.trip(
                line, service, trip_id, self._names[stops[-1]], calls, direction=direction, booking_rule=booking_rule
            )
            if fact and service in ("W", "S"):
                start, end = self._names[stops[0]], self._names[stops[-1]]
                self.rides.append(BusTime(line, start, end, calls[0][2], calls[-1][1]))


def _hourly(first: int, last: int, minute: int, step: int = 1) -> list[str]:
    return [f"{h:02d}:{minute:02d}" for h in range(first, last + 1, step)]


def _district_feed(poles: Mapping[str, tuple[Point, Point]]) -> tuple[Feed, list[BusTime]]:
    feed = FeedBuilder("gtfs_kvm", "501", "Kreisverkehr Musterkreis GmbH", FIRST_DAY, LAST_DAY)
    _services(feed)
    lines = _Lines(feed, poles)
    for stop in STOPS:
        if stop.key in _TOWN_ONLY:
            continue
        for direction in (0, 1):
            x, y = poles[stop.key][direction]
            feed.stop(lines.pole(stop.key, direction), stop.name, x, y)
    for line, name in (
        ("101", "PlusBus Mühlenstedt – Langenwörden – Werbenau"),
        ("102", "Mühlenstedt – Altenröde – Döbelitz"),
        ("103", "Mühlenstedt – Großbölsdorf – Neudorf"),
        ("104", "Schulbus Neudorf – Großbölsdorf – Fährdorf – Mühlenstedt"),
        ("105", "Langenwörden – Kleinwörden – Höhenziepel – Ziepelmühle"),
        ("106", "Langenwörden – Sülzberg – Neudorf"),
        ("N1", "Nachtbus Mühlenstedt – Langenwörden – Sülzberg – Neudorf"),
        ("612", "Rufbusgebiet Mührebogen"),
    ):
        feed.route(line, line, name)
    feed.route("190", "190", "Rufbus Mühlenstedt – Hüttelsdorf – Sülzberg", route_type=715)

    plus = ("mst_markt", "mst_zob", "mst_ost", "lan_west", "lan_amt", "lan_schule", "wer_markt", "wer_bf")
    back = tuple(reversed(plus))
    lines.run("101", "W", plus, _hourly(5, 20, 5), direction=0, fact=True)
    lines.run("101", "W", back, _hourly(5, 20, 35), direction=1, fact=True)
    lines.run("101", "SA", plus, _hourly(7, 19, 5, 2), direction=0)
    lines.run("101", "SA", back, _hourly(7, 19, 35, 2), direction=1)
    lines.run("101", "SO", plus, _hourly(9, 17, 5, 4), direction=0)
    lines.run("101", "SO", back, _hourly(9, 17, 35, 4), direction=1)

    west = ("mst_zob", "mst_markt", "mst_west", "alt_siedlung", "alt_dorf", "doe")
    east = tuple(reversed(west))
    lines.run("102", "W", west, ("06:10", "08:10", "10:10", "12:40", "14:40", "16:40", "18:10"), direction=0, fact=True)
    lines.run("102", "W", east, ("05:40", "06:40", "08:50", "10:50", "13:20", "15:20", "17:20"), direction=1, fact=True)
    lines.run("102", "S", east, ("07:00",), direction=1, fact=True)
    lines.run("102", "SA", west, ("09:10", "13:10"), direction=0)
    lines.run("102", "SA", east, ("09:50", "13:50"), direction=1)

    south = ("mst_zob", "mst_markt", "mst_hof", "gbd", "neu")
    north = tuple(reversed(south))
    # The depot lies on the way: one may get off there, but not on.
    lines.run("103", "W", south, ("09:15", "13:15", "15:45", "17:15"), direction=0, no_boarding=("mst_hof",), fact=True)
    lines.run("103", "W", north, ("06:35", "10:00", "14:00", "16:20"), direction=1, no_boarding=("mst_hof",), fact=True)
    lines.run("103", "F", north, ("08:00",), direction=1)

    school = ("neu", "gbd", "fae", "mst_schule")
    home = tuple(reversed(school))
    lines.run("104", "S", school, ("06:55",), direction=0, fact=True)
    lines.run("104", "S", home, ("13:15", "15:05"), direction=1, fact=True)

    mill = ("lan_amt", "kle", "hoe", "zie")
    lines.run("105", "W", mill, ("06:40", "09:40", "12:40", "15:40", "17:40"), direction=0, fact=True)
    lines.run("105", "W", tuple(reversed(mill)), ("06:05", "08:35", "11:35", "14:35", "16:35"), direction=1, fact=True)

    salt = ("lan_amt", "sue_siedlung", "sue", "neo")
    lines.run("106", "W", salt, _hourly(6, 18, 28, 2), direction=0, fact=True)
    lines.run("106", "W", tuple(reversed(salt)), _hourly(5, 17, 58, 2), direction=1, fact=True)

    night = ("mst_zob", "lan_amt", "sue", "neo")
    lines.run("N1", "N", night, ("23:20", "24:50"), direction=0)
    lines.run("N1", "NW", night, ("24:10",), direction=0)

    rule = feed.booking_rule("rufbus", 60, "Anmeldung bis 60 Minuten vor Abfahrt", "+49 0000 1900")
    call = ("mst_zob", "hue", "sue")
    lines.run("190", "W", call, _hourly(7, 19, 20), direction=0, by_arrangement=True, booking_rule=rule)
    lines.run(
        "190", "W", tuple(reversed(call)), _hourly(6, 18, 40), direction=1, by_arrangement=True, booking_rule=rule
    )

    _flat_area(lines)
    _transfers(feed, lines)
    return feed.build(), lines.rides


def _flat_area(lines: _Lines) -> None:
    """The trap: an on-demand area pressed into fixed trips. All boarding stops within seconds, half an hour, all alighting stops.

    Nothing in the feed marks these trips; who takes them literally lets people cross the area in a second.
    """
    area = (
        "lan_west", "lan_amt", "lan_schule", "kle_abzweig", "kle", "hoe", "hoe_friedhof", "zie", "sue", "sue_siedlung",
        "neo", "neo_siedlung",
    )  # fmt: skip
    ids = [lines.pole(s, 0) for s in area]
    for number, departure in enumerate(("08:00", "10:00", "12:00", "14:00", "16:00", "18:00")):
        start = hm(departure)
        calls: list[Call] = [(stop, start + k, start + k, 0, 1) for k, stop in enumerate(ids)]
        later = start + 1800
        calls += [(stop, later + k, later + k, 1, 0) for k, stop in enumerate(ids)]
        lines.feed.trip("612", "W", f"612-{number + 1:02d}", "Rufbusgebiet Mührebogen", calls)


def _transfers(feed: FeedBuilder, lines: _Lines) -> None:
    zob = [lines.pole("mst_zob", d) for d in (0, 1)]
    amt = [lines.pole("lan_amt", d) for d in (0, 1)]
    feed.transfer(zob[0], zob[1], 2, 180)
    feed.transfer(zob[1], zob[0], 2, 180)
    feed.transfer(amt[0], amt[0], 1)
    feed.transfer(amt[0], lines.pole("lan_west", 0), 0)
    feed.transfer(lines.pole("mst_hof", 0), lines.pole("mst_hof", 1), 3)


def _town_feed(poles: Mapping[str, tuple[Point, Point]]) -> tuple[Feed, list[BusTime]]:
    feed = FeedBuilder("gtfs_svw", "SVW", "Stadtverkehr Werbenau", FIRST_DAY, LAST_DAY)
    public = [d for d in days_of() if is_public_holiday(LAND, d)]
    feed.service("mo-fr", WEEKDAYS, removed=[d for d in public if d.weekday() < 5])
    feed.service("tgl", EVERY_DAY)
    names = {s.key: s.name for s in STOPS}

    def stop(stop_id: str, key: str, direction: int, *, station: str = "", platform: str = "") -> str:
        # Surveyed by another company: three metres off.
        x, y = poles[key][direction]
        return feed.stop(stop_id, names[key], x + 2.0, y - 2.0, station=station, platform=platform)

    x, y = poles["wer_bf"][0]
    feed.stop("WBF", names["wer_bf"], x + 4.0, y + 4.0, is_station=True)
    stop("WBF-A", "wer_bf", 0, station="WBF", platform="A")
    stop("WBF-B", "wer_bf", 1, station="WBF", platform="B")
    for key, name in (("wer_markt", "WMA"), ("wer_kh", "WKH"), ("wer_nord", "WNO"), ("hoe", "HOE")):
        stop(f"{name}-1", key, 0)
        stop(f"{name}-2", key, 1)
    feed.route("1", "1", "Stadtlinie Nordring – Krankenhaus")
    feed.route("20", "20", "Werbenau – Höhenziepel")

    out_keys = ("wer_nord", "wer_markt", "wer_bf", "wer_kh")
    minutes = ride_minutes(poles, out_keys)
    out = evenly(("WNO-1", "WMA-1", "WBF-A", "WKH-1"), minutes, hm("06:00"))
    home = evenly(("WKH-2", "WBF-B", "WMA-2", "WNO-2"), minutes[::-1], hm("06:15"))
    feed.trip("1", "tgl", "1-hin", "Krankenhaus", out)
    feed.trip("1", "tgl", "1-her", "Nordring", home, direction=1)
    feed.frequency("1-hin", hm("06:00"), hm("20:00"), 1800)
    feed.frequency("1-her", hm("06:15"), hm("20:15"), 1800, exact=False)

    rides = []
    keys = ("wer_bf", "wer_markt", "hoe")
    minutes = ride_minutes(poles, keys)
    for number, departure in enumerate(_hourly(7, 17, 10, 2)):
        calls = evenly(("WBF-A", "WMA-1", "HOE-1"), minutes, hm(departure))
        feed.trip("20", "mo-fr", f"20-h{number}", "Höhenziepel", calls)
        rides.append(BusTime("20", names["wer_bf"], names["hoe"], calls[0][2], calls[-1][1]))
        calls = evenly(("HOE-2", "WMA-2", "WBF-B"), minutes[::-1], hm(departure) + 1800)
        feed.trip("20", "mo-fr", f"20-r{number}", "Werbenau, Bahnhof", calls, direction=1)
        rides.append(BusTime("20", names["hoe"], names["wer_bf"], calls[0][2], calls[-1][1]))
    feed.transfer("WBF-A", "WBF-B", 2, 120)
    return feed.build(), rides
