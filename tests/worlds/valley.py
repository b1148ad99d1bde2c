"""A valley with one bridge and a one-way road.

The home (0, 0) and the doctor (300, 0) face each other across a river; the only bridge is 1,000 m north. The road on the
doctor's bank is one-way towards the bridge; whoever drives or cycles to the doctor takes the loop by x = 800.

- On foot both ways: 1,000 + 300 + 1,000 = 2,300 m (300 m as the crow flies).
- By bike there: 1,000 + 300 + 500 + 1,000 + 500 = 3,300 m; back with the one-way road: 2,300 m.
- By car at 36 km/h (10 m/s, as signposted): there 330 s, back 230 s, plus 120 s for parking: 450 s and 350 s.
"""

from __future__ import annotations

from ankerort.sample.world import MapBuilder
from worlds.toy import Toy

EXPECTED = {
    "foot_m": 2300,
    "bike_out_m": 3300,
    "bike_home_m": 2300,
    "car_out_s": 450,
    "car_home_s": 350,
}
# Together half a metre short, see `worlds.toy`.
_HEIGHT_M, _BRIDGE_M, _LOOP_M = 999.8, 299.9, 499.9


def build() -> Toy:
    """Build the valley."""
    osm = MapBuilder()
    tags = {"maxspeed": "36", "surface": "asphalt"}
    home, west = osm.node(0, 0), osm.node(0, _HEIGHT_M)
    east, doctor = osm.node(_BRIDGE_M, _HEIGHT_M), osm.node(_BRIDGE_M, 0)
    loop = [osm.node(_BRIDGE_M + _LOOP_M, _HEIGHT_M), osm.node(_BRIDGE_M + _LOOP_M, 0)]
    osm.way([home, west], {"highway": "tertiary", **tags})
    osm.way([west, east], {"highway": "tertiary", "bridge": "yes", "layer": "1", **tags})
    osm.way([doctor, east], {"highway": "tertiary", "oneway": "yes", **tags})
    osm.way([east, *loop, doctor], {"highway": "tertiary", **tags})
    river = [osm.node(150, -800), osm.node(150, 1800)]
    osm.way(river, {"waterway": "river", "name": "Talbach"})
    return Toy(osm.build(), None, {"home": (0.0, 0.0)}, {"doctor": (_BRIDGE_M, 0.0)})
