"""What house coordinates do to a region: people stand at their homes, addresses of lists get a position."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Transformer

from ankerort.base.problems import Problems
from ankerort.base.progress import Progress
from ankerort.region.addresses.geocode import AddressIndex, geocode_facilities
from ankerort.region.addresses.osm_addresses import read_osm_addresses
from ankerort.region.addresses.spread import homes_of, spread_over_homes
from ankerort.region.assign import assign_municipality
from ankerort.region.raw_region import RawRegion


def people_at_homes(raw: RawRegion, problems: Problems, progress: Progress) -> pd.DataFrame:
    """The cells, divided over the homes in them where the settings ask for it.

    Without an own word of the user (``people_at``) house coordinates and building outlines are used where there are any; addresses
    of OSM only if asked for, since a village without addresses would lose people to its neighbour within one cell.
    """
    asked = raw.settings.people_at
    given = len(raw.addresses) > 0 or len(raw.outlines) > 0
    if asked == "cell" or (not asked and not given):
        return raw.cells.copy()
    addresses, outlines = raw.addresses, raw.outlines
    if asked == "osm":
        addresses = _osm_addresses(raw, progress)
    if not len(addresses) and not len(outlines):
        problems.add("people_at_nothing", "warning", "region.toml", column="people_at", value=asked)
        return raw.cells.copy()
    value = raw.catalogue.value
    homes = homes_of(
        addresses,
        outlines,
        least_m2=value("address.building_least_m2"),
        storey_default=value("address.storeys"),
    )
    to_degrees = Transformer.from_crs(raw.settings.crs, "EPSG:4326", always_xy=True)
    cells, report = spread_over_homes(raw.cells, homes, cluster_m=value("address.cluster_m"), crs_to_degrees=to_degrees)
    problems.add(
        "people_at_homes",
        "note",
        "region.toml",
        placed=round(report.placed_persons),
        unplaced=round(report.unplaced_persons),
        points=report.points,
    )
    return cells


def at_their_address(
    raw: RawRegion, facilities: pd.DataFrame, shapes: gpd.GeoDataFrame, problems: Problems, progress: Progress
) -> pd.DataFrame:
    """Facilities with the position of their address where the list gives none: from house coordinates, else from OSM.

    Parameters
    ----------
    facilities
        Of all lists, with `place_name` beside.
    shapes
        (ags, geometry) of the municipalities: addresses without a key get it by their position.
    """
    lost = ~np.isfinite(facilities["x"]) & (facilities["address"] != "")
    if not lost.any():
        return facilities
    addresses = raw.addresses if len(raw.addresses) else _osm_addresses(raw, progress)
    files = {i.source_id: i.files[0].name for i in raw.settings.inputs}
    if not len(addresses):
        for source_id, count in facilities.loc[lost, "source_id"].value_counts().sort_index().items():
            problems.add("addresses_none", "warning", files.get(str(source_id), str(source_id)), count=int(count))
        return facilities
    by_position = pd.Series(
        assign_municipality(addresses["x"].to_numpy(), addresses["y"].to_numpy(), shapes), dtype="str"
    )
    addresses = addresses.assign(ags=addresses["ags"].where(addresses["ags"] != "", by_position.to_numpy()))
    value = raw.catalogue.value
    index = AddressIndex(addresses, near_numbers=value("address.near_numbers"), street_m=value("address.street_m"))
    return geocode_facilities(facilities, index, files=files, problems=problems)


def _osm_addresses(raw: RawRegion, progress: Progress) -> pd.DataFrame:
    inputs = raw.settings.inputs_of("osm")
    if not inputs or raw.osm is None:
        return raw.addresses
    return read_osm_addresses(
        inputs[0].files[0], source_id=inputs[0].source_id, crs=raw.settings.crs, progress=progress
    )
