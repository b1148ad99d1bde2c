"""A stop where nobody may get on (map: `worlds.road`): the depot in the village, 200 m from home; the next stop lies at 700 m.

- There: the bus passes the depot at 8:00 (pickup_type 1), the next stop at 8:02, the town at 8:15. One walks 700 m = 560 s:
  560 + 780 + 80 = 1,420 s. Who took the depot for a stop would promise 160 + 900 + 80 = 1,140 s.
- Back: from the town at 12:00, getting off at the depot at 12:15 is allowed: 80 + 900 + 160 = 1,140 s.
"""

from __future__ import annotations

from ankerort.sample.gtfs_builder import EVERY_DAY, evenly, hm
from worlds.road import DOCTOR, HOME, add_stops, draw_road
from worlds.toy import SHORT_M, Toy, toy_feed

EXPECTED = {"out_s": 1420, "home_s": 1140}
_SECOND_STOP = (700.0 - SHORT_M, 0.0)


def build() -> Toy:
    """Build the road and its bus."""
    feed = toy_feed()
    depot, town = add_stops(feed)
    second = feed.stop("S", "Dorf, Anger", *_SECOND_STOP)
    feed.service("daily", EVERY_DAY)
    feed.route("7", "7", "Betriebshof – Stadt")
    first, *rest = evenly((depot, second, town), (2, 13), hm("08:00"))
    feed.trip("7", "daily", "out", "Stadt", [(first[0], first[1], first[2], 1, 0), *rest])
    feed.trip("7", "daily", "back", "Dorf", evenly((town, second, depot), (13, 2), hm("12:00")), direction=1)
    return Toy(draw_road(_SECOND_STOP), feed.build(), {"home": HOME}, {"doctor": DOCTOR})
