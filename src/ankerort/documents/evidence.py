"""The evidence behind a figure, told in sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ankerort.catalogue.model import Catalogue
from ankerort.documents.evidence_words import facility_words, leg_words, source_title
from ankerort.documents.labels import row_label
from ankerort.documents.returns_words import ReturnWords
from ankerort.network.model import Network
from ankerort.reach.trace_transit import Journey, JourneyTrace
from ankerort.region.model import Region
from ankerort.supply.explain import Evidence, PtEvidence, StreetEvidence
from ankerort.text import Language, say
from ankerort.text.numbers import format_clock, format_date, format_decimal, format_persons, format_whole


@dataclass(frozen=True)
class TracedFigure:
    """Evidence with what is needed to name its rows."""

    evidence: Evidence
    region: Region
    network: Network
    catalogue: Catalogue


def evidence_lines(found: TracedFigure, lang: Language) -> list[str]:
    """All evidence of one place and service, line by line."""
    evidence, catalogue = found.evidence, found.catalogue
    place, row = evidence.place, evidence.balance
    service = catalogue.services[evidence.service]
    lines = [
        say(
            "explain.title",
            lang,
            place=place["print_name"],
            service=row_label(service.id, catalogue, lang),
            persons=format_persons(float(place["persons"]), lang),
        ),
        say(
            "explain.state",
            lang,
            state=row["state"],
            no_car=row["state_no_car"],
            demand=row["state_demand"],
            reason=say(f"state_reason.{row['reason']}", lang),
        ),
    ]
    lines.extend(_standards(found, lang))
    if len(evidence.in_place):
        lines.append("")
        lines.append(say("explain.in_place", lang))
        for k in evidence.in_place:
            lines.append(f"  {facility_words(found.region, int(k), lang)}{_served(found, int(k), lang)}")
    lines.extend(_confirmed(found, lang))
    lines.extend(_district(found, lang))
    for street in evidence.streets:
        lines.append("")
        lines.extend(_street(found, street, lang))
    for journey in evidence.pt:
        lines.append("")
        lines.extend(_pt(found, journey, lang))
    lines.extend(_missing_ways(found, lang))
    return lines


def _confirmed(found: TracedFigure, lang: Language) -> list[str]:
    """What offices said of this service in this place: facilities, absences and mobile visits, with what was believed before."""
    told = found.region.confirmations
    mine = told[(told["place_id"] == found.evidence.place["place_id"]) & (told["service"] == found.evidence.service)]
    mine = mine[(mine["field"] == "") | (mine["old_value"] != mine["new_value"])]
    if not len(mine):
        return []
    mine = mine.sort_values(["confirmed_on", "subject_id", "field"], kind="stable")  # what it is before how it is
    words = ReturnWords(found.region, found.catalogue, lang)
    return ["", say("explain.confirmations", lang), *(f"  {words.line(row)}" for row in mine.to_dict("records"))]


def _district(found: TracedFigure, lang: Language) -> list[str]:
    """Which school the place is assigned to, by whom, and which one would be the nearest."""
    told = found.evidence.district
    if told is None:
        return []
    source = source_title(found.region, told.source_id, lang)
    date = format_date(told.source_date, lang) or say("word.unknown", lang)
    school = _facility_name(found.region, told.facility, lang)
    if not told.counts:
        return ["", say("explain.district_closed", lang, source=source, date=date, school=school)]
    lines = ["", say("explain.district", lang, source=source, date=date, school=school)]
    if told.nearest == told.facility:
        lines.append("  " + say("explain.district_same", lang))
    elif told.nearest >= 0:
        nearest = _facility_name(found.region, told.nearest, lang)
        minutes = format_decimal(told.nearest_s / 60, lang)
        lines.append("  " + say("explain.district_nearest", lang, school=nearest, minutes=minutes))
    return lines


def _facility_name(region: Region, row: int, lang: Language) -> str:
    facility = region.facilities.iloc[row]
    places = region.places.set_index("place_id")["print_name"]
    name = str(facility["name"]) or say("explain.no_name", lang)
    place = str(places.get(facility["place_id"], ""))
    return f"{name} ({place})" if place else name


def _served(found: TracedFigure, row: int, lang: Language) -> str:
    """What a stop is worth on the service day; empty for everything else."""
    fixed, booked = found.evidence.departures.get(row, (-1, -1))
    if fixed < 0:
        return ""
    if fixed == 0:
        return " " + say("explain.only_booked" if booked > 0 else "explain.no_departure", lang)
    return " " + say("explain.stop_departures", lang, count=fixed)


def _missing_ways(found: TracedFigure, lang: Language) -> list[str]:
    """One line per mode for which nothing was found: no figure stays without its reason."""
    value = found.catalogue.value
    limits = {
        "foot": say("explain.within_km", lang, km=format_whole(value("search_limit.foot_m") / 1000, lang)),
        "bike": say("explain.within_km", lang, km=format_whole(value("search_limit.bike_m") / 1000, lang)),
        "car": say("explain.within_min", lang, minutes=format_whole(value("search_limit.car_s") / 60, lang)),
    }
    there = {street.mode for street in found.evidence.streets}
    lines = [
        say("explain.no_way", lang, mode=say(f"mode.{mode}", lang), limit=limit)
        for mode, limit in limits.items()
        if mode not in there
    ]
    service = found.catalogue.services[found.evidence.service]
    has_pt = found.network.timetable is not None or found.network.stop_matrix is not None
    if "pt" in service.standards and has_pt and not any(not p.with_demand for p in found.evidence.pt):
        minutes = format_whole(value("pt.max_journey_min"), lang)
        limit = say("explain.within_min", lang, minutes=minutes)
        lines.append(say("explain.no_way", lang, mode=say("mode.pt", lang), limit=limit))
    return ["", *lines] if lines else []


def _standards(found: TracedFigure, lang: Language) -> list[str]:
    out = []
    for mode, standard in found.catalogue.services[found.evidence.service].standards.items():
        value = standard.minimum
        out.append(
            say(
                "explain.standard",
                lang,
                mode=say(f"standard_mode.{mode}", lang),
                value=f"{format_whole(value.value, lang)} {value.unit}",
                status=say(f"legal_status.{value.legal_status}", lang),
                mark=value.mark,
                source=value.source,
            )
        )
        if value.agreed_by:
            agreed = {"by": value.agreed_by, "on": format_date(value.agreed_on, lang), "reason": value.reason or "–"}
            out.append("  " + say("explain.agreed", lang, **agreed))
    return out


def _street(found: TracedFigure, street: StreetEvidence, lang: Language) -> list[str]:
    catalogue = found.catalogue
    ways = {"foot": found.network.foot, "bike": found.network.bike, "car": found.network.car}[street.mode]
    trace = street.trace
    if street.mode == "car":
        minutes = street.value / 60
        metres = trace.metres if trace is not None else math.nan
        parked = catalogue.value("car_park_s") / 60
        drives_itself = catalogue.services[found.evidence.service].direction == "from_facility"
        extra = say(
            "explain.no_parking" if drives_itself else "explain.parking", lang, minutes=format_whole(parked, lang)
        )
    else:
        metres = float(street.value)
        speed = catalogue.value("walk_speed.all" if street.mode == "foot" else "bike_speed.all")
        speed_kmh = speed * 3.6 if street.mode == "foot" else speed
        minutes = metres / (speed_kmh / 3.6) / 60
        extra = say("explain.speed", lang, speed=format_decimal(speed_kmh, lang))
    length = "–" if math.isnan(metres) else format_decimal(metres / 1000, lang, digits=2)
    lines = [
        say(
            "explain.way",
            lang,
            mode=say(f"mode.{street.mode}", lang),
            minutes=format_decimal(minutes, lang),
            km=length,
            extra=extra,
        ),
        f"  {facility_words(found.region, street.facility, lang)}",
        "  " + _cell(found, street.cell, lang),
    ]
    if ways.estimated:
        lines.append("  " + say("explain.estimated", lang))
    return lines


def _cell(found: TracedFigure, cell: int, lang: Language) -> str:
    row = found.region.cells.iloc[cell]
    return say("explain.cell", lang, cell=row["cell_id"], lat=f"{row['lat']:.5f}", lon=f"{row['lon']:.5f}")


def _pt(found: TracedFigure, journey: PtEvidence, lang: Language) -> list[str]:
    mode = say("mode.pt_demand" if journey.with_demand else "mode.pt", lang)
    lines = [
        say("explain.pt", lang, mode=mode, minutes=format_decimal(journey.value / 60, lang)),
        f"  {facility_words(found.region, journey.facility, lang)}",
        "  " + _cell(found, journey.cell, lang),
    ]
    if found.network.timetable is None:
        lines.append("  " + say("explain.matrix", lang))
        return lines
    lines.append("  " + say("explain.day", lang, date=format_date(found.network.timetable.date, lang)))
    for title, trace in (("explain.out", journey.out), ("explain.home", journey.home)):
        if trace is not None:
            lines.extend(_trace(found, title, trace, lang))
    return lines


def _trace(found: TracedFigure, title: str, trace: JourneyTrace, lang: Language) -> list[str]:
    if trace.typical is None:
        return ["  " + say(f"{title}_none", lang)]
    lines = ["  " + say(title, lang)]
    lines.extend(_journey(found, trace.typical, lang))
    if trace.departures:
        times = ", ".join(format_clock(leave) for leave, _ in trace.departures)
        lines.append("    " + say("explain.departures", lang, count=len(trace.departures), times=times))
    return lines


def _journey(found: TracedFigure, journey: Journey, lang: Language) -> list[str]:
    if journey.changes < 0:
        walk = journey.legs[0]
        minutes = format_decimal(journey.duration_s / 60, lang)
        return ["    " + say("explain.walk_all", lang, metres=format_whole(walk.metres, lang), minutes=minutes)]
    lines = [
        "    "
        + say(
            "explain.journey" if journey.changes else "explain.journey_direct",
            lang,
            leave=format_clock(journey.leave_s),
            arrive=format_clock(journey.arrive_s),
            minutes=format_decimal(journey.duration_s / 60, lang),
            changes=journey.changes,
        )
    ]
    timetable = found.network.timetable
    if timetable is None:
        raise ValueError("a leg needs a timetable")
    lines.extend("      " + leg_words(timetable, leg, lang) for leg in journey.legs)
    if journey.on_demand:
        if journey.booking_lead_min is None:
            lines.append("      " + say("explain.book", lang))
        else:
            lines.append(
                "      " + say("explain.book_lead", lang, minutes=format_whole(journey.booking_lead_min, lang))
            )
    return lines
