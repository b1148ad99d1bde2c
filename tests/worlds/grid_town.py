"""A town of 5 x 5 crossings, 400 m apart, with a bus every 15 minutes along its southern street.

Derived by hand (1.25 m/s, metres east/north of the south-west corner):

- home (0, 400) to stop A (0, 0): 400 m = 320 s; bus A -> B -> C (1,600, 0): 4 min; C to the doctor (1,600, 400): 320 s.
  So a journey takes 320 + 240 + 320 = 880 s. On foot it is 1,600 m (1,280 s): slower, and beyond the limit of 1,000 m.
- The bus leaves A from 5:00 to 21:00 at :00, :15, :30, :45. One leaves home 320 s before. In the window 6-20 h these are
  the buses of 6:15 to 20:00: (20:00 - 6:15) / 15 min + 1 = 56. First arrival 6:15 + 240 s + 320 s = 6:24:20.
- Waiting: home is left 40 s after a full minute (-320 mod 60). From the 15 minutes of a cycle one waits 40, 100, ..., 880 s,
  each 56 times in 840 minutes; the lower median (element 419) is the eighth: 460 s. 880 + 460 = 1,340 s.
"""

from __future__ import annotations

from ankerort.sample.gtfs_builder import EVERY_DAY, evenly, hm
from ankerort.sample.world import MapBuilder
from worlds.toy import SHORT_M, Toy, toy_feed

_SPACING_M = 400.0 - SHORT_M

EXPECTED = {
    "walk_home_doctor_m": 1599,  # four pieces, each drawn 0.4 m short: 1,598.4 m, rounded up
    "fastest_s": 880,
    "typical_s": 880,
    "waiting_median_s": 1340,
    "departures": 56,
    "first_arrival_s": 6 * 3600 + 24 * 60 + 20,
}


def build() -> Toy:
    """Build the town."""
    osm = MapBuilder()
    grid = [[osm.node(i * _SPACING_M, j * _SPACING_M) for i in range(5)] for j in range(5)]
    for j in range(5):
        osm.way(grid[j], {"highway": "residential", "name": f"Querstraße {j + 1}"})
    for i in range(5):
        osm.way([grid[j][i] for j in range(5)], {"highway": "residential", "name": f"Längsstraße {i + 1}"})
    feed = toy_feed()
    stops = [feed.stop(name, f"Stadt, {name}", i * _SPACING_M, 0.0) for name, i in (("A", 0), ("B", 2), ("C", 4))]
    feed.service("daily", EVERY_DAY)
    feed.route("1", "1", "Südstraße")
    for number, start in enumerate(range(hm("05:00"), hm("21:00") + 1, 900)):
        feed.trip("1", "daily", f"t{number}", "C", evenly(stops, (2, 2), start))
    far = 4 * _SPACING_M
    return Toy(osm.build(), feed.build(), {"home": (0.0, _SPACING_M)}, {"doctor": (far, _SPACING_M)})
