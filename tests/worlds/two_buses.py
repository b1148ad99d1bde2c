"""A village with two buses a day (map: `worlds.road`).

- There: 7:10 and 13:40 from the village, 15 minutes. Door to door 160 + 900 + 80 = 1,140 s. First arrival 7:25 + 80 s.
- Back: 12:15 and 17:05 from the town, the same 1,140 s. One leaves the doctor at the latest 17:05 - 80 s = 17:03:40.
- Waiting: of the 840 minutes of the window only those up to 90 minutes before an arrival have a journey, less than
  half; so the median is undefined (-1).
"""

from __future__ import annotations

from ankerort.sample.gtfs_builder import EVERY_DAY, evenly, hm
from worlds.road import DOCTOR, HOME, add_stops, draw_road
from worlds.toy import Toy, toy_feed

EXPECTED = {
    "duration_s": 1140,
    "departures": 2,
    "waiting_median_s": -1,
    "first_arrival_s": hm("07:26") + 20,
    "last_return_s": hm("17:03") + 40,
}


def build() -> Toy:
    """Build the village, the road and its timetable."""
    feed = toy_feed()
    village, town = add_stops(feed)
    feed.service("daily", EVERY_DAY)
    feed.route("5", "5", "Dorf – Stadt")
    for k, start in enumerate(("07:10", "13:40")):
        feed.trip("5", "daily", f"out{k}", "Stadt", evenly((village, town), (15,), hm(start)))
    for k, start in enumerate(("12:15", "17:05")):
        feed.trip("5", "daily", f"back{k}", "Dorf", evenly((town, village), (15,), hm(start)), direction=1)
    return Toy(draw_road(), feed.build(), {"home": HOME}, {"doctor": DOCTOR})
