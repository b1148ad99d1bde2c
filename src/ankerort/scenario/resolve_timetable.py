"""Resolves changes of the timetable: names of stops, lines and trips become rows."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from ankerort.base.problems import Problems
from ankerort.network.model import DayType, Timetable
from ankerort.network.timetable.edit import NewTrip
from ankerort.network.timetable.edit_line import line_date, place_line, read_line
from ankerort.scenario.change import parse_clock
from ankerort.scenario.changes import AddLine, AddStop, AddTrip, RemoveLine, RemoveStop, RemoveTrip
from ankerort.scenario.edits import SOURCE_ID, AppendRow, Edit
from ankerort.scenario.edits_timetable import (
    DropStops,
    DropTrips,
    InsertLine,
    InsertStop,
    InsertTrip,
    timetables,
    type_of_default_day,
)
from ankerort.scenario.lookup import Draft, Site, find_site
from ankerort.scenario.nearest import nearest_names
from ankerort.text.numbers import format_clock

_MOST_NAMED = 5


def add_trip(draft: Draft, change: AddTrip) -> tuple[Edit, ...] | None:
    """A trip along stops that the timetable knows."""
    days = _days(draft, change.days)
    if days is None:
        return None
    stops = [_one_stop(draft, name, "stops") for name in change.stops]
    times = [parse_clock(t) for t in change.times]
    if any(s is None for s in stops):
        return None
    rows = tuple(s for s in stops if s is not None)
    moments = tuple(t for t in times if t is not None)
    if any(a == b for a, b in pairwise(rows)):
        draft.report("scenario_stop_twice", "stops", stops=", ".join(change.stops))
        return None
    last = _stops(draft)["name"].iloc[rows[-1]]
    trip = NewTrip(
        trip_id=f"{SOURCE_ID}:{draft.number}",
        route=change.line,
        stop_ix=rows,
        arr_s=moments,
        dep_s=moments,
        on_demand=change.on_demand,
        booking_lead_min=np.nan if change.booking_min is None else change.booking_min,
        headsign=str(last),
    )
    return (InsertTrip(trip, change.days, draft.world.catalogue.value("pt.max_vehicle_speed_ms")),)


def remove_trip(draft: Draft, change: RemoveTrip) -> tuple[Edit, ...] | None:
    """A trip by its id, or by line, stop and departure."""
    days = _days(draft, change.days)
    if days is None:
        return None
    if change.line and not _known_line(draft, change.line, change.days):
        return None
    stop_ix: tuple[int, ...] = ()
    if change.stop:
        found = _stop_rows(draft, change.stop, "stop")
        if found is None:
            return None
        stop_ix = found
    dep_s = parse_clock(change.time) if change.time else None
    edit = DropTrips(change.days, change.trip, change.line, stop_ix, dep_s)
    if not any(len(edit.rows(t)) for _, t in days):
        _tell_unknown_trip(draft, change, edit, [t for _, t in days])
        return None
    return (edit,)


def _tell_unknown_trip(draft: Draft, change: RemoveTrip, edit: DropTrips, days: list[Timetable]) -> None:
    told = change.trip or f"{change.line}, {change.stop}, {change.time}"
    if change.trip:
        near = nearest_names(change.trip, dict.fromkeys(str(i) for t in days for i in t.trips["trip_id"]))
        draft.report("scenario_trip_unknown", "trip", trip=told, near=near)
        return
    wanted = edit.dep_s or 0
    times: set[int] = set()
    for timetable in days:
        of_line = np.isin(timetable.trip, DropTrips((), line=change.line, stop_ix=edit.stop_ix).rows(timetable))
        times.update(timetable.dep_s[of_line & np.isin(timetable.from_stop, edit.stop_ix)].tolist())
    closest = sorted(sorted(times, key=lambda s: abs(s - wanted))[:_MOST_NAMED])
    near = ", ".join(format_clock(s) for s in closest) or "–"
    draft.report("scenario_trip_unknown", "time", trip=told, near=near)


def add_line(draft: Draft, change: AddLine) -> tuple[Edit, ...] | None:
    """The trips of a GTFS file, on the stops of the timetable or on new ones."""
    days = _days(draft, change.days)
    if days is None:
        return None
    path = draft.origin.folder / change.gtfs
    if not path.exists():
        draft.report("scenario_line_file_missing", "gtfs", file=change.gtfs)
        return None
    region, catalogue = draft.world.region, draft.world.catalogue
    problems = Problems()
    line = read_line(path, catalogue=catalogue, crs=region.settings.crs, problems=problems)
    draft.problems.extend(problems)
    if line is None:
        return None
    land = region.settings.land or "ST"
    dates: dict[DayType, np.datetime64] = {}
    for day_type, timetable in days:
        found = line_date(line, day_type, timetable.date, land=land, catalogue=catalogue)
        if found is not None:
            dates[day_type] = found
    if not dates:
        draft.report("scenario_line_no_day", "gtfs", file=change.gtfs)
        return None
    edit = InsertLine(line, dates, catalogue.value("pt.stop_merge_m"))
    return (edit, *_stop_facilities(draft, edit, days[0][1]))


def _stop_facilities(draft: Draft, edit: InsertLine, timetable: Timetable) -> tuple[Edit, ...]:
    """The new stops of a line as facilities, as a stop of the register would be one."""
    known = len(timetable.stops)
    placed, _ = place_line(timetable, edit.line, max_m=edit.max_m)
    rows: list[Edit] = []
    for number, stop in enumerate(placed.stops.iloc[known:].itertuples(), start=1):
        site = find_site(draft, "", float(stop.lon), float(stop.lat))
        if site is not None:
            rows.append(_stop_row(draft, str(stop.name), site, f":{number}"))
    return tuple(rows)


def remove_line(draft: Draft, change: RemoveLine) -> tuple[Edit, ...] | None:
    """All trips with this name of a line."""
    if _days(draft, change.days) is None or not _known_line(draft, change.line, change.days):
        return None
    return (DropTrips(change.days, line=change.line),)


def add_stop(draft: Draft, change: AddStop) -> tuple[Edit, ...] | None:
    """A stop at the end of the stops, and as a facility."""
    days = _days(draft, ())
    site = find_site(draft, change.place, change.lon, change.lat)
    if days is None or site is None:
        return None
    stops = _stops(draft)
    same = stops[stops["name"].str.casefold() == change.name.casefold()]
    near_m = draft.world.catalogue.value("stop.same_name_m")
    if len(same) and np.hypot(same["x"] - site.x, same["y"] - site.y).min() <= near_m:
        draft.report("scenario_stop_there", "name", stop=change.name)
        return None
    edit = InsertStop(change.name, f"{SOURCE_ID}:{draft.number}", site.lon, site.lat, site.x, site.y)
    return (edit, _stop_row(draft, change.name, site, ""))


def _stop_row(draft: Draft, name: str, site: Site, suffix: str) -> AppendRow:
    values = {
        "facility_id": f"{SOURCE_ID}:{draft.number}{suffix}:bus_stop",
        "service": "bus_stop",
        "object_id": f"{SOURCE_ID}:{draft.number}{suffix}",
        "name": name,
        **site.columns(),
        "state": "open",
        "certainty": "certain",
        "source_id": SOURCE_ID,
        "source_ref": f"{draft.origin.table}:{draft.origin.number}",
    }
    return AppendRow("facilities", values, frozenset({"bus_stop"}))


def remove_stop(draft: Draft, change: RemoveStop) -> tuple[Edit, ...] | None:
    """No call at any stop of this name any more."""
    days = _days(draft, ())
    if days is None:
        return None
    rows = _stop_rows(draft, change.stop, "stop")
    if rows is None:
        return None
    called = [np.isin(t.from_stop, rows).any() or np.isin(t.to_stop, rows).any() for _, t in days]
    if not any(called):
        draft.report("scenario_stop_silent", "stop", stop=change.stop)
        return None
    return (DropStops(rows),)


def _days(draft: Draft, days: tuple[str, ...]) -> tuple[tuple[DayType, Timetable], ...] | None:
    network = draft.world.network
    if network.timetable is None:
        draft.report("scenario_no_timetable", "kind")
        return None
    found = timetables(network, days)
    if not found:
        known = ", ".join(sorted({*network.day_types, type_of_default_day(network)}))
        draft.report("scenario_no_such_day", "days", days=", ".join(days), known=known)
        return None
    return found


def _stops(draft: Draft) -> pd.DataFrame:
    timetable = draft.world.network.timetable
    assert timetable is not None
    return timetable.stops


def _known_line(draft: Draft, line: str, days: tuple[str, ...]) -> bool:
    lines = dict.fromkeys(str(r) for _, t in timetables(draft.world.network, days) for r in t.trips["route"])
    if line in lines:
        return True
    draft.report("scenario_line_unknown", "line", line=line, near=nearest_names(line, lines))
    return False


def _stop_rows(draft: Draft, name: str, column: str) -> tuple[int, ...] | None:
    """All stops of an id or a name (platforms too); None and a problem if there is none."""
    stops = _stops(draft)
    wanted = name.strip()
    by_id = np.array([wanted in str(ids).split(";") for ids in stops["stop_ids"]], dtype=bool)
    if not by_id.any():
        by_id = (stops["name"].str.casefold() == wanted.casefold()).to_numpy(bool)
    rows = tuple(int(k) for k in np.flatnonzero(by_id))
    if not rows:
        draft.report("scenario_stop_unknown", column, stop=name, near=nearest_names(name, stops["name"]))
        return None
    return rows


def _one_stop(draft: Draft, name: str, column: str) -> int | None:
    """One stop of an id or a name; of platforms close together the one with most departures."""
    rows = _stop_rows(draft, name, column)
    if rows is None:
        return None
    stops = _stops(draft).iloc[list(rows)]
    x, y = stops["x"].to_numpy(float), stops["y"].to_numpy(float)
    if np.hypot(x - x[0], y - y[0]).max() > draft.world.catalogue.value("stop.same_name_m"):
        ids = "; ".join(f"{i} ({lon:.5f}, {lat:.5f})" for i, lon, lat in _named(stops))
        draft.report("scenario_stop_ambiguous", column, stop=name, stops=ids)
        return None
    return rows[int(np.argmax(stops["departures"].to_numpy()))]


def _named(stops: pd.DataFrame) -> list[tuple[str, float, float]]:
    shown = stops.head(_MOST_NAMED)
    return [
        (str(i).split(";")[0], float(a), float(b))
        for i, a, b in zip(shown["stop_ids"], shown["lon"], shown["lat"], strict=True)
    ]
