"""`worlds.tiny_region` with a city beyond Cstadt, whose city buses say nothing about holidays.

- Stops: Adorf, Bdorf, Cstadt as there, Mitte (16000, 0), Land (40000, 0). The feed "city" serves Cstadt and Mitte, "gtfs" all but Mitte's
  city buses.
- City buses: Cstadt - Mitte at a quarter past every hour from 6 to 19 (10 minutes), back at ten past. On holidays the feed is silent.
- Buses Mitte - Land at twenty to, back at ten to; they take `land_s`.
- A hospital at Mitte and one at Land. On holidays the buses Cstadt - Bdorf may be missing (`back`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ankerort.network.model import DayTimetable, Network, Timetable
from ankerort.region.model import Region
from worlds import tiny_region

MITTE_M, LAND_M = 16_000.0, 40_000.0
HOLIDAY = "2026-12-30"


def region() -> Region:
    """The three places with two hospitals beyond."""
    return tiny_region.region(
        facilities=(
            ("clinic", "hospital", "", MITTE_M, 0.0, "certain"),
            ("land", "hospital", "", LAND_M, 0.0, "certain"),
        )
    )


def timetable(*, city: bool, back: bool = True, land_s: int = 1200, date: str = "2026-11-24") -> Timetable:
    """All buses of a day."""
    rides: list[tuple[int, int, int, int]] = []
    for hour in range(6, 20):
        start = hour * 3600
        rides += [(start, 600, 1, 2), (start + 2400, land_s, 3, 4), (start + 3000, land_s, 4, 3)]
        rides += [(start + 1800, 600, 2, 1)] if back else []
        rides += [(start + 900, 600, 2, 3), (start + 600, 600, 3, 2)] if city else []
    rides.sort()
    dep, ride, begin, end = (np.array(column, dtype=np.int32) for column in zip(*rides, strict=True))
    count = len(rides)
    names = ["Adorf", "Bdorf", "Cstadt", "Mitte", "Land"]
    stops = pd.DataFrame(
        {
            "stop_ix": np.arange(5),
            "name": names,
            **tiny_region.positions([0.0, 5000.0, 10000.0, MITTE_M, LAND_M], [0.0] * 5),
            "feeds": ["gtfs", "gtfs", "city;gtfs", "city;gtfs", "gtfs"],
            "stop_ids": names,
            "departures": np.bincount(begin, minlength=5),
            "demand_departures": 0,
        }
    )
    described = pd.concat([tiny_region.timetable().trips.iloc[:1]] * count, ignore_index=True)
    described = described.assign(trip_ix=np.arange(count), trip_id=[f"t{k}" for k in range(count)])
    return replace(
        tiny_region.timetable(),
        date=date,
        stops=stops,
        trips=described,
        dep_s=dep,
        arr_s=dep + ride,
        from_stop=begin,
        to_stop=end,
        trip=np.arange(count, dtype=np.int32),
        can_board=np.ones(count, bool),
        can_alight=np.ones(count, bool),
    )


def network(*, back: bool = True, land_s: int = 1200) -> Network:
    """A school day with city buses, and a holiday about which the city buses say nothing."""
    school = timetable(city=True, land_s=land_s)
    holiday = timetable(city=False, back=back, land_s=land_s, date=HOLIDAY)
    return replace(
        tiny_region.network(),
        timetable=school,
        day_types={
            "school": DayTimetable("school", school, school.date, {"gtfs": school.date, "city": school.date}, True),
            "holiday": DayTimetable("holiday", holiday, HOLIDAY, {"gtfs": HOLIDAY, "city": ""}, True),
        },
    )
