"""The facts of one place, picked from the tables of an assessment."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ankerort.documents.assessment import Assessment
from ankerort.documents.profile_facts import (
    PROFILE_DAYS,
    DayDepartures,
    DayState,
    Evidence,
    Lost,
    Missing,
    OnSite,
    PeopleFacts,
    PlaceProfile,
    StopFacts,
    Visit,
    WayHome,
)
from ankerort.documents.profile_index import ProfileIndex, profile_index

_Row = Mapping[str, Any]
_STOPS = ("bus_stop", "rail_station")
_WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_LATER_S = 60  # less is no gain of Rufbus


def profile_of(assessment: Assessment, place_id: str, *, index: ProfileIndex | None = None) -> PlaceProfile:
    """The facts of one place of the study area.

    Parameters
    ----------
    index
        `profile_index` of the same assessment, made once for several places; None makes it here.

    Raises
    ------
    KeyError
        If there is no such place in the study area.
    """
    index = index or profile_index(assessment)
    place = index.places[place_id]
    if not place["in_study"]:
        raise KeyError(place_id)
    town = index.municipalities.get(str(place["ags"]), {})
    classes = assessment.catalogue.place_expectations
    size = None if place["kind"] == "outlying" else classes.of(float(place["persons"]))
    facilities = index.facilities.get(place_id, ())
    opened = [f for f in facilities if f["state"] == "open"]
    services = index.services.get(place_id, {})
    present = {i for i in index.items if i in services and services[i]["state"] == "O"}
    departures = _departures(index, place_id)
    visits = tuple(_visit(v) for v in sorted(index.visits.get(place_id, ()), key=_visit_order))
    school_known = any(d.day_type == "school" and d.known for d in departures)
    known_pt = assessment.pt.kind == "timetable" and school_known
    members = {s for i in index.items.values() for s in i}
    return PlaceProfile(
        place_id=place_id,
        name=str(place["print_name"]),
        kind=str(place["kind"]),
        municipality=str(town.get("name", "")),
        municipality_kind=str(town.get("kind", "")),
        association=str(town.get("association_name", "")),
        association_kind=str(town.get("association_kind", "")),
        district=str(town.get("district_name", "")),
        people=_people(assessment, index, place_id),
        size_class=size,
        on_site=tuple(
            _on_site(index, item, _once([f for f in opened if f["service"] in parts], index), services[item])
            for item, parts in index.items.items()
            if item in present
        ),
        others=tuple(
            _on_site(index, s, [f for f in opened if f["service"] == s], None)
            for s in assessment.catalogue.facility_services()
            if s not in members and any(f["service"] == s for f in opened)
        ),
        visits=visits,
        missing=tuple(
            Missing(
                item=item,
                absence=_absence(index, parts, services),
                expected="no" if size is None else size.expected(item),
                comes=any(v.service in parts for v in visits),
                home=_ways_home(index, place_id, item),
                **_nearest(index, services[item]),
                pt_known=known_pt,
            )
            for item, parts in index.items.items()
            if item in services and item not in present
        ),
        stops=StopFacts(
            tuple(dict.fromkeys(_stop_name(f, index) for f in opened if f["service"] in _STOPS and f["name"])),
            departures,
        ),
        evidence=_evidence(assessment, opened, services),
        lost=_lost(facilities),
        pt_kind=assessment.pt.kind,
        trips_known=bool(len(assessment.depth.there_and_back)),
        booking_lead_min=index.booking_lead_min,
    )


def _people(assessment: Assessment, index: ProfileIndex, place_id: str) -> PeopleFacts:
    place = index.places[place_id]
    persons, ags = float(place["persons"]), str(place["ags"])
    told: dict[str, Any] = {}
    if persons >= assessment.catalogue.value("forecast.print_from_persons"):
        told["under_18"], told["over_65"], told["over_80"] = index.ages.get(place_id, (math.nan,) * 3)
    own = {y: p for y, p in index.stocks.get((ags, place_id), {}).items() if p > 0}
    area = {y: p for y, p in index.stocks.get((ags, ""), {}).items() if p > 0}
    if len(own) > 1:
        told["past_year"] = min(own)
        told["past_persons"] = own[min(own)]
    elif len(area) > 1:
        first, last = min(area), max(area)
        told |= {"area_from_year": first, "area_to_year": last, "area_change": area[last] / area[first] - 1.0}
    later, forecast = index.later.get(place_id), assessment.forecast
    if later is not None and forecast is not None and not later["suppressed"] and not math.isnan(later["persons"]):
        low, high = index.later_range[place_id]
        told |= {
            "base_year": forecast.base_year,
            "later_year": int(later["year"]),
            "later_persons": float(later["persons"]),
            "later_low": low,
            "later_high": high,
            "later_base": index.later_base.get(place_id, math.nan),
            "variant": str(later["variant"]),
            "extrapolated": bool(later["extrapolated"]),
        }
    return PeopleFacts(persons, **told)


def _on_site(index: ProfileIndex, item: str, rows: Sequence[_Row], state: _Row | None) -> OnSite:
    if not rows:
        assert state is not None
        town = index.places.get(index.towns.get(str(state["nearest_facility_id"]), ""), {})
        return OnSite(
            item,
            0,
            next_door=str(town.get("print_name", "")),
            next_door_kind=str(town.get("kind", "")),
            walk_min=float(state["walk_min"]),
        )
    confirmed = sorted((str(f["confirmed_on"]), str(f["confirmed_by"])) for f in rows if f["confirmed_by"])
    dates = [str(f["check_date"] or f["source_date"]) for f in rows if f["check_date"] or f["source_date"]]
    return OnSite(
        item,
        len(rows),
        probable=sum(f["certainty"] == "probable" for f in rows),
        names=tuple(dict.fromkeys(_stop_name(f, index) for f in rows if f["name"])),
        source_ids=tuple(dict.fromkeys(str(f["source_id"]) for f in rows)),
        source_date=max(dates, default=""),
        confirmed=len(confirmed),
        confirmed_by=confirmed[-1][1] if confirmed else "",
        confirmed_on=confirmed[-1][0] if confirmed else "",
    )


def _stop_name(row: _Row, index: ProfileIndex) -> str:
    """Name of a facility; a stop without the name of its place before it: ``Ummendorf, Kirche`` is Kirche."""
    name = " ".join(str(row["name"]).split())
    if row["service"] not in _STOPS:
        return name
    towns = (index.places.get(str(row["place_id"]), {}), index.municipalities.get(str(row["ags"]), {}))
    names = [str(town[key]) for town in towns for key in ("print_name", "name") if town.get(key)]
    starts = [f"{town}{sign}" for town in names for sign in (", ", " ")]
    while start := next((s for s in starts if name.startswith(s) and len(name) > len(s)), ""):
        name = name.removeprefix(start).strip(" ,")
    return name


def _once(rows: Sequence[_Row], index: ProfileIndex) -> list[_Row]:
    """Platforms of one name are one stop."""
    seen: set[str] = set()
    out = []
    for row in rows:
        name = _stop_name(row, index) if row["service"] in _STOPS else ""
        if name not in seen or not name:
            out.append(row)
        seen.add(name)
    return out


def _visit_order(visit: _Row) -> tuple[int, str, str]:
    day = str(visit["weekday"])
    return (_WEEK.index(day) if day in _WEEK else len(_WEEK), str(visit["from_time"]), str(visit["visit_id"]))


def _visit(row: _Row) -> Visit:
    texts = {n: str(row[n]) for n in ("service", "weekday", "from_time", "to_time", "stop_name")}
    proof = {n: str(row[n]) for n in ("confirmed_by", "confirmed_on", "source_id")}
    return Visit(rhythm_weeks=float(row["rhythm_weeks"]), **texts, **proof)


def _absence(index: ProfileIndex, parts: Sequence[str], services: Mapping[str, _Row]) -> Any:
    rows = [services[s] for s in parts if s in services]
    if rows and all(r["confirmed_none"] for r in rows):
        return "confirmed"
    return "known" if all(r["confirmed_none"] or r["service"] in index.absent for r in rows) else "unknown"


def _nearest(index: ProfileIndex, row: _Row) -> dict[str, Any]:
    town = index.places.get(index.towns.get(str(row["nearest_facility_id"]), ""), {})
    return {
        "town": str(town.get("print_name", "")),
        "town_kind": str(town.get("kind", "")),
        **{n: float(row[n]) for n in ("car_min", "pt_min", "pt_demand_min", "walk_min")},
        **{n: bool(row[n]) for n in ("car_bound", "pt_bound", "estimated")},
    }


def _ways_home(index: ProfileIndex, place_id: str, item: str) -> tuple[WayHome, ...]:
    rows = index.home.get((place_id, item))
    if rows is None:
        return ()
    out = []
    for day in PROFILE_DAYS:
        fixed = _day_state(rows.get((day, False)))
        booked = _day_state(rows.get((day, True)))
        gain = booked[0] == "time" and (fixed[0] in ("none", "unknown") or booked[1] > fixed[1] + _LATER_S)
        first = _first_home(rows.get((day, False))) if fixed[0] == "time" else math.nan
        early = _first_home(rows.get((day, True))) if gain else math.nan
        out.append(WayHome(day, fixed[0], fixed[1], booked[1] if gain else math.nan, first, early))
    return tuple(out)


def _first_home(row: _Row | None) -> float:
    return math.nan if row is None else float(row.get("first_home_s", math.nan))


def _day_state(row: _Row | None) -> tuple[DayState, float]:
    """A last ride counts only with a ride there: without any pair there is none, wherever the day is known."""
    if row is None:
        return "unknown", math.nan
    if int(row["open_facilities"]) == 0:
        return "closed", math.nan
    if row["on_foot"]:
        return "on_foot", math.nan
    pairs, last = float(row["pairs"]), float(row["last_home_s"])
    if math.isnan(pairs):
        return "unknown", math.nan
    if pairs < 0.5:
        return "none", math.nan
    return ("on_foot", math.nan) if math.isnan(last) else ("time", last)


def _departures(index: ProfileIndex, place_id: str) -> tuple[DayDepartures, ...]:
    table = {(str(r["day_type"]), bool(r["with_demand"])): r for r in index.departures.get(place_id, ())}
    out = []
    for day in (*PROFILE_DAYS, "sunday"):
        fixed = table.get((day, False))
        if fixed is not None:
            both = table.get((day, True), fixed)
            known = bool(fixed["departures_known"])
            out.append(DayDepartures(day, int(fixed["departures"]), int(both["departures"]), known))
    return tuple(out)


def _evidence(assessment: Assessment, opened: Sequence[_Row], services: Mapping[str, _Row]) -> Evidence:
    confirmed = sorted((str(f["confirmed_on"]), str(f["confirmed_by"])) for f in opened if f["confirmed_by"])
    own = [services[s] for s in assessment.catalogue.facility_services() if s in services]
    return Evidence(
        facilities=len(opened),
        confirmed=len(confirmed),
        confirmed_by=confirmed[-1][1] if confirmed else "",
        confirmed_on=confirmed[-1][0] if confirmed else "",
        probable=sum(f["certainty"] == "probable" and not f["confirmed_by"] for f in opened),
        unknown_services=sum(r["state"] == "?" or r["state_no_car"] == "?" for r in own),
        services=len(own),
        confirmed_none=sum(bool(r["confirmed_none"]) for r in own),
    )


def _lost(facilities: Sequence[_Row]) -> tuple[Lost, ...]:
    """Closed stops are no loss of the place: they are moved as often as they are given up."""
    found = {(str(f["service"]), str(f["closed_year"])) for f in facilities if f["state"] == "closed"}
    rows = [Lost(s, y) for s, y in found if s not in _STOPS]
    return tuple(sorted(rows, key=lambda x: (-int(x.year) if x.year.isdigit() else 0, x.service)))
