"""One straight road from a village to a town: the map of four worlds that differ in their bus.

Positions along the road (metres): home 0, village stop 200 (160 s on foot), town stop 9,000, doctor 9,100 (80 s from the
stop). The town is farther than anybody walks.
"""

from __future__ import annotations

from ankerort.sample.gtfs_builder import FeedBuilder
from ankerort.sample.world import MapBuilder, OsmMap, Point
from worlds.toy import SHORT_M

HOME: Point = (0.0, 0.0)
VILLAGE_STOP: Point = (200.0 - SHORT_M, 0.0)
TOWN_STOP: Point = (9000.0, 0.0)
DOCTOR: Point = (9100.0 - SHORT_M, 0.0)
ACCESS_S, EGRESS_S = 160, 80


def draw_road(*more: Point) -> OsmMap:
    """The road with a node at each point of interest."""
    osm = MapBuilder()
    points = sorted({HOME, VILLAGE_STOP, TOWN_STOP, DOCTOR, *more, (-2500.0, 0.0)})
    osm.street(points, "tertiary", {"maxspeed": "70"})
    return osm.build()


def add_stops(feed: FeedBuilder) -> tuple[str, str]:
    """Village and town stop."""
    return feed.stop("V", "Dorf, Kirche", *VILLAGE_STOP), feed.stop("T", "Stadt, Markt", *TOWN_STOP)
