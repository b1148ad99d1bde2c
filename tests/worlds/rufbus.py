"""On-demand trips, marked and unmarked (map: `worlds.road`).

- Line 90 says so (route type 715, pickup_type 2): 9:00 from the village, 12 minutes: 160 + 720 + 80 = 960 s.
- Line 91 hides it: eleven village stops 200 m and one second apart from 10:00:00 on, the first of them the village stop, and
  half an hour later the town at 10:30:00 and a stop one second on. Door to door 160 + 1,800 + 80 = 2,040 s.
- Without booking nobody gets to the town. With booking there are two journeys: fastest 960 s, lower median of
  {960, 2,040} = 960 s.
- Nobody rides from one village stop to the next in one second.
"""

from __future__ import annotations

from ankerort.sample.gtfs_builder import EVERY_DAY, Call, evenly, hm
from worlds.road import DOCTOR, HOME, add_stops, draw_road
from worlds.toy import Toy, toy_feed

EXPECTED = {"fastest_s": 960, "typical_s": 960, "departures": 2, "on_demand_trips": 2, "least_ride_s": 3}


def build() -> Toy:
    """Build the road and its on-demand trips."""
    feed = toy_feed()
    village, town = add_stops(feed)
    points = [(-200.0 * k, 0.0) for k in range(1, 11)]
    area = [village] + [feed.stop(f"V{k}", f"Dorf, Hof {k}", *p) for k, p in enumerate(points, start=1)]
    beyond = feed.stop("T2", "Stadt, Bahnhof", 9600.0, 0.0)
    feed.service("daily", EVERY_DAY)
    feed.route("90", "90", "Rufbus", route_type=715)
    feed.route("91", "91", "Linienbus Dorfgebiet")
    calls = [(stop, a, d, 2, 2) for stop, a, d, _, _ in evenly((village, town), (12,), hm("09:00"))]
    feed.trip("90", "daily", "marked", "Stadt", calls)
    start = hm("10:00")
    hidden: list[Call] = [(stop, start + k, start + k, 0, 0) for k, stop in enumerate(area)]
    hidden += [(town, start + 1800, start + 1800, 1, 0), (beyond, start + 1801, start + 1801, 1, 0)]
    feed.trip("91", "daily", "hidden", "Stadt", hidden)
    return Toy(draw_road(*points), feed.build(), {"home": HOME}, {"doctor": DOCTOR})
