"""What house coordinates do to a region: people stand at their homes, addresses of lists get a position."""

from __future__ import annotations

from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Transformer

from ankerort.base.problems import Problems
from ankerort.base.progress import Progress
from ankerort.region.addresses.geocode import AddressIndex, AddressQuery, geocode_facilities
from ankerort.region.addresses.normal import split_address
from ankerort.region.addresses.osm_addresses import read_osm_addresses
from ankerort.region.addresses.spread import homes_of, spread_over_homes
from ankerort.region.assign import assign_municipality
from ankerort.region.inquiry.ledger import ADDED_SOURCE, LEDGER_FILE
from ankerort.region.place_names import PlaceNames
from ankerort.region.places import PlaceSet
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


class AddressBook:
    """The addresses that a region can look up: house coordinates, else those of OSM; read when first asked for.

    Parameters
    ----------
    raw
        What the readers gave.
    shapes
        (ags, geometry) of the municipalities: addresses without a key get it by their position.
    places
        Places, so that each house has one.
    """

    def __init__(self, raw: RawRegion, shapes: gpd.GeoDataFrame, places: PlaceSet, progress: Progress) -> None:
        self.files = {i.source_id: i.files[0].name for i in raw.settings.inputs} | {ADDED_SOURCE: LEDGER_FILE}
        self.names = PlaceNames(places.table)
        self._raw = raw
        self._shapes = shapes
        self._places = places
        self._progress = progress

    @cached_property
    def index(self) -> AddressIndex | None:
        """The index; None where there is no address at all."""
        raw = self._raw
        addresses = raw.addresses if len(raw.addresses) else _osm_addresses(raw, self._progress)
        if not len(addresses):
            return None
        x, y = addresses["x"].to_numpy(), addresses["y"].to_numpy()
        by_position = assign_municipality(x, y, self._shapes)
        value = raw.catalogue.value
        place_id = self._places.place_of(x, y, by_position, nearest_m=value("place.nearest_m"))
        ags = addresses["ags"].where(addresses["ags"] != "", pd.Series(by_position, dtype="str").to_numpy())
        return AddressIndex(
            addresses.assign(ags=ags, place_id=place_id),
            near_numbers=value("address.near_numbers"),
            street_m=value("address.street_m"),
        )


def at_their_address(book: AddressBook, table: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Rows with the position of their address where the list gives none: from house coordinates, else from OSM.

    Parameters
    ----------
    table
        Facilities of all lists with `place_name` beside, or buildings. What an office answered about a place (`place_id` is known) is
        looked for in that place only.
    problems
        Collects as `geocode_facilities`, and lists whose addresses nobody can look up (warning).
    """
    lost = ~np.isfinite(table["x"]) & (table["address"] != "")
    if not lost.any():
        return table
    if book.index is None:
        for source_id, count in table.loc[lost, "source_id"].value_counts().sort_index().items():
            file = book.files.get(str(source_id), str(source_id))
            problems.add("addresses_none", "warning", file, count=int(count))
        return table
    if "place_name" not in table:
        return geocode_facilities(table, book.index, files=book.files, problems=problems)
    near = [
        _place_of(book.names, n, a) if k else ""
        for n, a, k in zip(table["place_name"], table["ags"], lost, strict=True)
    ]
    found = geocode_facilities(table.assign(near_place_id=near), book.index, files=book.files, problems=problems)
    return found.drop(columns="near_place_id")


def buildings_at_their_address(book: AddressBook, buildings: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Vacant and shareable buildings with the position of their address.

    Offices often write the address in place of a name ("Hauptstraße 12"): such a name is taken for one if its house, or a near one, stands
    in the place.
    """
    lost = ~np.isfinite(buildings["x"].to_numpy(float))
    table = at_their_address(book, buildings, problems)
    numbered = np.array([bool(split_address(str(name))[1]) for name in table["name"]], dtype=bool)
    unnamed = lost & (table["address"] == "").to_numpy(bool) & numbered
    if not unnamed.any() or book.index is None:
        return table
    table = table.copy()
    for row in np.flatnonzero(unnamed):
        at = table.index[row]
        query = AddressQuery(str(table.at[at, "name"]), place_id=str(table.at[at, "place_id"]), only_in_place=True)
        hit = book.index.find(query)
        if hit is None or hit.quality == "street":
            continue
        table.loc[at, ["lon", "lat", "x", "y"]] = [hit.lon, hit.lat, hit.x, hit.y]
        table.loc[at, ["address", "position_rule"]] = [query.address, hit.quality]
    return table


def _place_of(names: PlaceNames, name: str, ags: str) -> str:
    """Id of the one place of a name; empty for none and for several."""
    found = names.find(name, ags) if name else []
    return found[0] if len(found) == 1 else ""


def _osm_addresses(raw: RawRegion, progress: Progress) -> pd.DataFrame:
    inputs = raw.settings.inputs_of("osm")
    if not inputs or raw.osm is None:
        return raw.addresses
    return read_osm_addresses(
        inputs[0].files[0], source_id=inputs[0].source_id, crs=raw.settings.crs, progress=progress
    )
