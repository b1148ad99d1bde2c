"""The buses of `worlds.tiny_region` on three kinds of days.

- School day, Tuesday 24 November 2026: buses both ways. Sunday, 29 November 2026: the same buses, but shops are closed.
- Holiday, Wednesday 30 December 2026: the buses of 8:00 and 12:00 from Bdorf to Cstadt, none back.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ankerort.network.model import DayTimetable, DayType, Network, Timetable
from worlds import tiny_region


def one_way() -> Timetable:
    """The holiday's buses."""
    whole = tiny_region.timetable()
    keep = np.isin(whole.dep_s, [8 * 3600, 12 * 3600]) & (whole.from_stop == 1)
    of_rides = ("dep_s", "arr_s", "from_stop", "to_stop", "trip", "can_board", "can_alight")
    return replace(whole, date="2026-12-30", **{name: getattr(whole, name)[keep] for name in of_rides})


def network() -> Network:
    """Straight ways, the buses of the default day, and three day types."""
    whole = tiny_region.timetable()
    days: dict[DayType, Timetable] = {
        "school": whole,
        "holiday": one_way(),
        "sunday": replace(whole, date="2026-11-29"),
    }
    return replace(
        tiny_region.network(),
        day_types={d: DayTimetable(d, t, t.date, {"gtfs": t.date}, common=True) for d, t in days.items()},
    )
