"""There and back of a place's median person, told day by day."""

from __future__ import annotations

import math

from ankerort.catalogue.model import Catalogue
from ankerort.documents.evidence_words import facility_words, group_label, leg_words, persons_between, record_words
from ankerort.documents.labels import row_label
from ankerort.network.model import Network, Timetable
from ankerort.reach.trace_round_trip import Pair
from ankerort.reach.trace_transit import Journey
from ankerort.region.model import Region
from ankerort.region.opening_hours import ROUND_THE_CLOCK
from ankerort.supply.explain_trips import DayTrips, TripsEvidence
from ankerort.text import Language, say
from ankerort.text.numbers import format_clock, format_date, format_minutes, format_persons, format_whole

_SHOWN = 4  # pairs told with all rides; of the others the clock times


def trips_lines(
    trips: TripsEvidence, region: Region, network: Network, catalogue: Catalogue, lang: Language
) -> list[str]:
    """Each day type without and with Rufbus: pairs, hours, facility, or why there is none."""
    if trips.reason:
        return [say(f"explain.trips_none.{trips.reason}", lang)]
    leave, back = catalogue.figures["round_trip.leave_from_h"], catalogue.figures["round_trip.back_by_h"]
    lines = [
        say(
            "explain.trips_rule",
            lang,
            group=group_label(trips.group, catalogue, lang),
            leave=format_clock(leave.value * 3600),
            back=format_clock(back.value * 3600),
            record=record_words(leave, lang),
        )
    ]
    last: DayTrips | None = None
    told: dict[tuple[str, ...], str] = {}
    without: DayTrips | None = None
    for day in trips.days:
        without = day if not day.with_demand else without
        if day.with_demand and without is not None and _same(day, without):
            lines.append(say("explain.trips_same", lang))
            continue
        lines += ["", *_day(day, last, region, catalogue, lang)]
        ways = tuple(_ways(day, network, lang))
        if ways in told and ways:
            lines.append("  " + say("explain.trips_as_on", lang, day=told[ways]))
        else:
            lines += ways
            told[ways] = say(f"explain.day_type.{day.day_type}", lang)
        last = day if day.facility >= 0 else last
    return lines


def _same(day: DayTrips, without: DayTrips) -> bool:
    """Whether Rufbus changes nothing for the median person."""
    if day.on_demand and not day.reason:
        return False
    return _told(day) == _told(without)


def _told(day: DayTrips) -> tuple[object, ...]:
    return day.cell, day.facility, day.stored, day.reason, day.over_s, day.leave_s, day.arrive_s


def _day(day: DayTrips, last: DayTrips | None, region: Region, catalogue: Catalogue, lang: Language) -> list[str]:
    head = {
        "day": say(f"explain.day_type.{day.day_type}", lang),
        "date": format_date(day.date, lang) or "–",
        "rufbus": say("explain.with_rufbus" if day.with_demand else "explain.without_rufbus", lang),
    }
    if day.reason:
        moments = {"over": day.over_s, "leave": day.leave_s, "arrive": day.arrive_s}
        clock = {name: format_clock(s) if s >= 0 else "–" for name, s in moments.items()}
        clock["minutes"] = format_whole(catalogue.value("pt.max_journey_min"), lang)
        why = "no_way_home_at_all" if day.reason == "no_way_home" and day.leave_s < 0 else day.reason
        lines = [say("explain.trips_zero", lang, **head, reason=say(f"explain.trips_reason.{why}", lang, **clock))]
    elif day.trace is not None and day.trace.on_foot is not None:
        lines = [say("explain.trips_on_foot", lang, **head)]
    else:
        lines = [say("explain.trips_pairs", lang, **head, count=len(day.trace.pairs) if day.trace else 0)]
    lines += ["  " + line for line in _persons(day, lang)]
    if day.feed_dates:
        dates = ", ".join(f"{source} {format_date(date, lang)}" for source, date in day.feed_dates)
        lines.append("  " + say("explain.trips_own_dates", lang, dates=dates))
    if day.facility < 0 or day.trace is None:
        return lines
    if last is None or last.facility != day.facility:
        label = row_label(day.service, catalogue, lang)
        lines.append(f"  {label}: {facility_words(region, day.facility, lang)}")
    if last is None or last.cell != day.cell:
        home = region.cells.iloc[day.cell]
        lines.append(
            "  " + say("explain.cell", lang, cell=home["cell_id"], lat=f"{home['lat']:.5f}", lon=f"{home['lon']:.5f}")
        )
    lines.append("  " + _hours(day, lang))
    return lines


def _ways(day: DayTrips, network: Network, lang: Language) -> list[str]:
    """The pairs with all rides, the shortest time away, and the first and the last way home."""
    if day.facility < 0 or day.trace is None:
        return []
    lines: list[str] = []
    timetable = network.day_types[day.day_type].timetable
    if day.trace.on_foot is not None:
        lines.append("  " + say("explain.trips_foot_way", lang, minutes=format_minutes(day.trace.on_foot.way_s / 60)))
    for number, pair in enumerate(day.trace.pairs[:_SHOWN], start=1):
        lines += _pair(number, pair, timetable, lang)
    rest = day.trace.pairs[_SHOWN:]
    if rest:
        times = ", ".join(f"{format_clock(p.out.leave_s)}/{format_clock(p.home.leave_s)}" for p in rest)
        lines.append("  " + say("explain.trips_more", lang, count=len(rest), times=times))
    if day.trace.shortest is not None:
        lines.append("  " + say("explain.trips_away", lang, minutes=format_minutes(day.trace.shortest.away_s / 60)))
    first, last = day.trace.first_home, day.trace.last_home
    for text_id, home in (("explain.trips_first", first), ("explain.trips_last", last)):
        if home is not None:
            leave, arrive = format_clock(home.leave_s), format_clock(home.arrive_s)
            lines.append("  " + say(text_id, lang, leave=leave, arrive=arrive, rides=_rides(home, timetable, lang)))
    return lines


def _persons(day: DayTrips, lang: Language) -> list[str]:
    """What the table says of the place."""
    row = day.row
    if row is None or not row["persons"] > 0:
        return []
    lines = [
        say(
            "explain.trips_persons",
            lang,
            within=persons_between(row["one_pair_low"], row["one_pair_high"], lang),
            persons=format_persons(row["persons"], lang),
        )
    ]
    if row["there_no_car"] >= 1:
        lines.append(
            say(
                "explain.trips_stranded",
                lang,
                there=format_persons(row["there_no_car"], lang),
                stranded=persons_between(row["stranded_no_car_low"], row["stranded_no_car_high"], lang),
            )
        )
    if row["bound"] and not day.reason.startswith(("day_unknown", "no_day")):
        lines.append(say("explain.trips_bound", lang))
    return lines


def _hours(day: DayTrips, lang: Language) -> str:
    if any(w == ROUND_THE_CLOCK for w in day.windows):
        hours = say("explain.hours_whole_day", lang)
    else:
        hours = ", ".join(f"{format_clock(a)}–{format_clock(b)}" for a, b in day.windows)
    basis = say(f"explain.basis.{day.basis.name.lower() if day.basis is not None else 'none'}", lang)
    return say("explain.hours", lang, hours=hours or "–", basis=basis, stay=format_whole(day.stay_s / 60, lang))


def _pair(number: int, pair: Pair, timetable: Timetable, lang: Language) -> list[str]:
    return [
        f"  {number}. "
        + say(
            "explain.pair_out",
            lang,
            leave=format_clock(pair.out.leave_s),
            arrive=format_clock(pair.out.arrive_s),
            rides=_rides(pair.out, timetable, lang),
        ),
        "     " + say("explain.pair_visit", lang, begin=format_clock(pair.begin_s), over=format_clock(pair.over_s)),
        "     "
        + say(
            "explain.pair_home",
            lang,
            leave=format_clock(pair.home.leave_s),
            arrive=format_clock(pair.home.arrive_s),
            rides=_rides(pair.home, timetable, lang),
        ),
    ]


def _rides(journey: Journey, timetable: Timetable, lang: Language) -> str:
    """The rides of a journey in one line; walks to and from stops are left out."""
    rides = [leg_words(timetable, leg, lang) for leg in journey.legs if leg.kind != "walk"]
    if not rides:
        return say("mode.foot", lang)
    if journey.on_demand:
        lead = journey.booking_lead_min
        unknown = lead is None or math.isnan(lead)
        rides.append(
            say("explain.book", lang)
            if unknown or lead is None
            else say("explain.book_lead", lang, minutes=format_whole(lead, lang))
        )
    return "; ".join(rides)
