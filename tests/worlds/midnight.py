"""A bus after midnight (map: `worlds.road`): from the town at 23:20 and at 24:10, that is ten past midnight.

- The service day holds both, and in its first hour the 24:10 bus of the evening before: departures at 600, 84,000 and
  87,000 s.
- Back home: 80 + 900 + 160 = 1,140 s. In the window 22-25 h there are two departures; the last leaves the doctor at
  24:10 - 80 s = 86,920 s. In the window 6-20 h there is none, but the last return of the day is still the same.
"""

from __future__ import annotations

from ankerort.sample.gtfs_builder import EVERY_DAY, evenly, hm
from worlds.road import DOCTOR, HOME, add_stops, draw_road
from worlds.toy import Toy, toy_feed

EXPECTED = {"departures_s": [600, 84000, 87000], "duration_s": 1140, "night_departures": 2, "last_return_s": 86920}


def build() -> Toy:
    """Build the road and its night buses."""
    feed = toy_feed()
    village, town = add_stops(feed)
    feed.service("daily", EVERY_DAY)
    feed.route("N", "N", "Nachtbus")
    for k, start in enumerate(("23:20", "24:10")):
        feed.trip("N", "daily", f"n{k}", "Dorf", evenly((town, village), (15,), hm(start)))
    return Toy(draw_road(), feed.build(), {"home": HOME}, {"doctor": DOCTOR})
