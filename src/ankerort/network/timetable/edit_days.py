"""Edits of the timetables of a whole network: the default day and the day types, which share their stops."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import DAY_TYPES, DayType, Network, Timetable
from ankerort.network.timetable.day_types import day_type_of
from ankerort.network.timetable.edit import NewTrip, add_stop, add_trip, find_trips, remove_stops, remove_trips
from ankerort.network.timetable.edit_line import LineSnippet, add_line, line_date, place_line
from ankerort.network.timetable.merge_stops import normalise_stop_name

_DAY_BEFORE: Mapping[DayType, DayType] = {
    "school": "school",
    "holiday": "holiday",
    "saturday": "school",
    "sunday": "saturday",
}


def edit_days(
    network: Network,
    edit: Callable[[Timetable, DayType], Timetable],
    *,
    land: str,
    catalogue: Catalogue,
    days: Collection[DayType] = DAY_TYPES,
) -> Network:
    """The network with edited timetables.

    Parameters
    ----------
    edit
        Gets a timetable and its day type, gives the edited one. Where the default day is that of a day type, it is edited once.
    land, catalogue
        Say of which type the default day is (`day_type_of`).
    days
        The types concerned; an edit that changes the table of stops must concern all of them.

    Returns
    -------
    Network
        Timetables of other types are the same objects.
    """
    if network.timetable is None:
        return network
    done: dict[int, Timetable] = {}
    types = {}
    for day_type, day in network.day_types.items():
        found = edit(day.timetable, day_type) if day_type in days else day.timetable
        done[id(day.timetable)] = found
        types[day_type] = replace(day, timetable=found)
    default = done.get(id(network.timetable))
    if default is None:
        day_type = default_day_type(network.timetable, land, catalogue)
        default = edit(network.timetable, day_type) if day_type in days else network.timetable
    return replace(network, timetable=default, day_types=types)


def default_day_type(timetable: Timetable, land: str, catalogue: Catalogue) -> DayType:
    """By which day type the default day is measured; school without a date."""
    return day_type_of(date.fromisoformat(timetable.date), land, catalogue) if timetable.date else "school"


def add_trip_to_days(
    network: Network, trip: NewTrip, *, land: str, catalogue: Catalogue, days: Collection[DayType] = DAY_TYPES
) -> Network:
    """One more trip on these day types.

    What it departs after midnight also takes part as the run of the evening before, if that evening is of a type concerned: before
    a school day a school day, before a holiday weekday a holiday weekday, before Saturday a school day, before Sunday a
    Saturday.
    """
    speed = catalogue.value("pt.max_vehicle_speed_ms")

    def edit(timetable: Timetable, day_type: DayType) -> Timetable:
        return add_trip(timetable, trip, max_speed_ms=speed, day_before=_DAY_BEFORE[day_type] in days)

    return edit_days(network, edit, land=land, catalogue=catalogue, days=days)


@dataclass(frozen=True)
class LineDays:
    """A network with a line, and the dates of its calendar that stand for the day types (empty = it has none)."""

    network: Network
    dates: Mapping[DayType, str]


def add_line_to_days(
    network: Network, line: LineSnippet, *, land: str, catalogue: Catalogue, days: Collection[DayType] = DAY_TYPES
) -> LineDays:
    """A line from a GTFS snippet: its stops on all days, its trips on these day types, each by the date of `line_date`."""
    if network.timetable is None:
        return LineDays(network, {})
    _, row = place_line(network.timetable, line, max_m=catalogue.value("pt.stop_merge_m"))
    dates: dict[DayType, str] = {}

    def edit(timetable: Timetable, day_type: DayType) -> Timetable:
        placed, _ = place_line(timetable, line, max_m=catalogue.value("pt.stop_merge_m"))
        if day_type not in days:
            return placed
        day = line_date(line, day_type, timetable.date, land=land, catalogue=catalogue)
        dates[day_type] = "" if day is None else str(day)
        return placed if day is None else add_line(placed, line, row, day)

    return LineDays(edit_days(network, edit, land=land, catalogue=catalogue), dates)


def remove_trips_from_days(
    network: Network,
    *,
    land: str,
    catalogue: Catalogue,
    days: Collection[DayType] = DAY_TYPES,
    trip_id: str = "",
    line: str = "",
    source_id: str = "",
    stop_ix: Sequence[int] = (),
    dep_s: int | None = None,
) -> Network:
    """Without the trips that `find_trips` finds by the same options: one trip, or with `line` alone a whole line."""

    def edit(timetable: Timetable, day_type: DayType) -> Timetable:
        rows = find_trips(timetable, trip_id=trip_id, line=line, source_id=source_id, stop_ix=stop_ix, dep_s=dep_s)
        return remove_trips(timetable, rows)

    return edit_days(network, edit, land=land, catalogue=catalogue, days=days)


def count_trips_of_days(
    network: Network,
    *,
    days: Collection[DayType] = DAY_TYPES,
    trip_id: str = "",
    line: str = "",
    source_id: str = "",
    stop_ix: Sequence[int] = (),
    dep_s: int | None = None,
) -> int:
    """How many rows `remove_trips_from_days` would take out of the day types (of the default day without any): 0 = no such trip."""
    tables = [d.timetable for t, d in network.day_types.items() if t in days]
    if not network.day_types and network.timetable is not None:
        tables = [network.timetable]
    return sum(
        len(find_trips(t, trip_id=trip_id, line=line, source_id=source_id, stop_ix=stop_ix, dep_s=dep_s))
        for t in tables
    )


def add_stop_to_days(
    network: Network,
    *,
    name: str,
    stop_id: str,
    lon: float,
    lat: float,
    x: float,
    y: float,
    land: str,
    catalogue: Catalogue,
) -> Network:
    """One more stop, at the end of the stops of all days."""

    def edit(timetable: Timetable, day_type: DayType) -> Timetable:
        return add_stop(timetable, name=name, stop_id=stop_id, lon=lon, lat=lat, x=x, y=y)

    return edit_days(network, edit, land=land, catalogue=catalogue)


def remove_stops_from_days(network: Network, stop_ix: Sequence[int], *, land: str, catalogue: Catalogue) -> Network:
    """Nothing calls at these stops any more, on any day."""

    def edit(timetable: Timetable, day_type: DayType) -> Timetable:
        return remove_stops(timetable, stop_ix)

    return edit_days(network, edit, land=land, catalogue=catalogue)


def stops_named(timetable: Timetable, text: str) -> NDArray[np.int64]:
    """Rows of the stops that a text names: by id (of any feed), else by name (case, umlauts and punctuation aside)."""
    ids = timetable.stops["stop_ids"].astype("str")
    found = np.flatnonzero(ids.map(lambda joined: text in joined.split(";")).to_numpy(bool))
    if not len(found):
        wanted = normalise_stop_name(text)
        found = np.flatnonzero((timetable.stops["name"].map(normalise_stop_name) == wanted).to_numpy(bool))
    return found.astype(np.int64)


def resolve_calls(
    timetable: Timetable,
    stops: Sequence[str],
    *,
    within_m: float,
    problems: Problems,
    table: str,
    row: int | None = None,
    column: str = "stops",
) -> tuple[int, ...]:
    """The stop of each call of a new trip, by name or id; of several poles of one name those that make the shortest line.

    Parameters
    ----------
    within_m
        Stops of one name farther apart than this from one another are different stops (figure ``pt.transfer_walk_m``): the name does not say
        which, the id does.
    problems, table, row, column
        Take up names that no stop has (``edit_stop_unknown``) and names of several stops (``edit_stop_ambiguous``).

    Returns
    -------
    tuple of int
        Rows of ``timetable.stops``; empty if there is an error.
    """
    xy = timetable.stops[["x", "y"]].to_numpy(float)
    choices = []
    for text in stops:
        found = stops_named(timetable, text)
        if not len(found):
            problems.add("edit_stop_unknown", "error", table, row=row, column=column, stop=text)
            continue
        spread = xy[found].max(axis=0) - xy[found].min(axis=0)
        if np.hypot(*spread) > within_m:
            ids = ", ".join(str(i) for i in timetable.stops["stop_ids"].iloc[found])
            problems.add("edit_stop_ambiguous", "error", table, row=row, column=column, stop=text, ids=ids)
            continue
        choices.append(found)
    if len(choices) < len(stops) or not choices:
        return ()
    # shortest line through one pole per name; of equals the pole that stands first
    length, steps = np.zeros(len(choices[0])), []
    for before, here in pairwise(choices):
        metres = length[:, None] + np.hypot(*(xy[before][:, None, :] - xy[here][None, :, :]).transpose(2, 0, 1))
        steps.append(metres.argmin(axis=0))
        length = metres.min(axis=0)
    at = int(length.argmin())
    path = [at]
    for step in reversed(steps):
        at = int(step[at])
        path.append(at)
    return tuple(int(found[k]) for found, k in zip(choices, reversed(path), strict=True))
