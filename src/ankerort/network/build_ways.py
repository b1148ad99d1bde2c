"""Which ways a region has: streets where its data hold streets, straight lines else."""

from __future__ import annotations

from ankerort.catalogue.model import Catalogue
from ankerort.network.build_streets import build_street_ways
from ankerort.network.model import Ways
from ankerort.network.straight import build_straight_ways
from ankerort.region.model import Region


def build_ways(region: Region, *, catalogue: Catalogue) -> tuple[Ways, Ways, Ways]:
    """Ways on foot, by bike and by car.

    Parameters
    ----------
    region
        `Region.streets` decides; without streets `Region.barriers` are heeded.
    catalogue
        Speeds, detour figures, parking, snapping distance.

    Returns
    -------
    tuple
        Foot, bike, car: `StreetWays`, or `StraightWays` (``estimated``) where the region has no streets.
    """
    crs = region.settings.crs
    if region.streets is not None and region.streets.segment_m.size:
        streets = build_street_ways(region.streets, catalogue=catalogue, crs=crs)
        return streets["foot"], streets["bike"], streets["car"]
    straight = build_straight_ways(region.barriers, catalogue=catalogue, crs=crs)
    return straight["foot"], straight["bike"], straight["car"]
