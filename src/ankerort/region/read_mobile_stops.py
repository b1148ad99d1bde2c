"""``haltepunkte.xlsx`` or ``haltepunkte.csv``: where vehicles of mobile services may stop, as the user knows it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.spatial import cKDTree

from ankerort.base.problems import Problems
from ankerort.catalogue.model import Catalogue
from ankerort.region.addresses.geocode import AddressIndex, AddressQuery
from ankerort.region.addresses.osm_addresses import read_osm_addresses
from ankerort.region.addresses.read_addresses import read_addresses
from ankerort.region.edit_streets import find_joint
from ankerort.region.facility_rows import Row
from ankerort.region.model import Region
from ankerort.region.opening_hours import parse_hours
from ankerort.region.place_names import PlaceNames
from ankerort.region.read_settings import nearest_name
from ankerort.region.schema_mobile import FEATURES, STOP_TABLE
from ankerort.region.stop_places import place_key
from ankerort.region.table_files import RawTable, read_raw_tables
from ankerort.text import LANGUAGES, say

STEM = "haltepunkte"
# Columns and values; their words stand in text/sentences/mobile_stops.toml.
TABLE_COLUMNS = (
    "id",
    "name",
    "place_name",
    "ags",
    "address",
    "lon",
    "lat",
    "kind",
    *FEATURES,
    "hours",
    "allowed",
    "note",
)
TABLE_KINDS = ("hall", "town_hall", "church", "square", "car_park", "bus_stop", "building", "table")
TABLE_VALUES = ("yes", "no", "unknown")
_WHERE = ("place_name", "address", "lon")
_SAME_M = 1.0  # two rows at one position


def stops_file(folder: Path) -> Path | None:
    """The file of the project folder that holds the user's stops; None if there is none. A workbook goes before a text file."""
    found = [path for suffix in (".xlsx", ".csv") if (path := folder / f"{STEM}{suffix}").is_file()]
    return found[0] if found else None


def read_mobile_stops(folder: Path, region: Region, catalogue: Catalogue, problems: Problems) -> pd.DataFrame:
    """Read the user's stops of a project folder.

    Parameters
    ----------
    folder
        The project folder; without such a file there are no stops.
    region
        Its places, cells, streets, and the addresses that its settings name.
    catalogue
        Figures ``snap_m``, ``mobile.stop_same_place_m``, ``address.near_numbers``, ``address.street_m``.
    problems
        Collects, each with its row: unknown places with the most similar name, names of several places, positions that cannot be,
        outside the region, in another place than named, or off the streets, stops that stand twice, words that are none of the possible
        ones. A row without a usable position stands at the centre of its place; one without either is left out. The others count.

    Returns
    -------
    DataFrame
        STOP_TABLE in the order of the file.
    """
    path = stops_file(folder)
    if path is None:
        return STOP_TABLE.empty()
    if path.suffix == ".xlsx" and (folder / f"{STEM}.csv").is_file():
        problems.add("mobile_stops_two_files", "warning", path.name, other=f"{STEM}.csv")
    words = _column_words()
    reader = _Reader(region, catalogue, problems)
    found: list[dict[str, object]] = []
    tables = read_raw_tables(path, problems=problems, is_head=lambda text: place_key(text) in words)
    usable = [raw for raw in tables if any(words.get(place_key(head)) in _WHERE for head in raw.head)]
    if tables and not usable:
        problems.add("mobile_stops_columns", "error", tables[0].name, known=_known_columns())
    for raw in usable:
        found += reader.table(raw)
    return STOP_TABLE.conform(pd.DataFrame(found, columns=STOP_TABLE.names))


@cache
def _column_words() -> Mapping[str, str]:
    """Column by its head in any language, or by itself."""
    words = {place_key(c): c for c in TABLE_COLUMNS}
    for column in TABLE_COLUMNS:
        for lang in LANGUAGES:
            head = say(f"stop_table.column.{column}", lang)
            words[place_key(head)] = column
            words[place_key(head.partition("(")[0])] = column
    return words


def _known_columns() -> str:
    return ", ".join(say(f"stop_table.column.{c}", "de").partition(" (")[0] for c in TABLE_COLUMNS)


def _choices(ids: tuple[str, ...], prefix: str) -> dict[str, str]:
    words = {place_key(i): i for i in ids}
    for one in ids:
        for lang in LANGUAGES:
            words[place_key(say(f"stop_table.{prefix}.{one}", lang))] = one
    return words


class _Reader:
    def __init__(self, region: Region, catalogue: Catalogue, problems: Problems) -> None:
        self.region, self.catalogue, self.problems = region, catalogue, problems
        self.names = PlaceNames(region.places)
        self.places = region.places.set_index("place_id")
        self.to_xy = Transformer.from_crs("EPSG:4326", region.settings.crs, always_xy=True)
        self.kinds = _choices(TABLE_KINDS, "kind")
        self.values = _choices(TABLE_VALUES, "value")
        self.seen: dict[object, int] = {}
        cells = region.cells[(region.cells["place_id"] != "").to_numpy(bool)]
        self.cell_place = cells["place_id"].to_numpy(object)
        self.cells = cKDTree(cells[["x", "y"]].to_numpy(float)) if len(cells) else None

    def table(self, raw: RawTable) -> list[dict[str, object]]:
        """Rows of one sheet; columns that nobody knows are told."""
        words = _column_words()
        columns: dict[str, str] = {}
        strange = []
        for head in raw.head:
            column = words.get(place_key(head)) if head else None
            if column is not None:
                columns.setdefault(column, head)
            elif head:
                strange.append(head)
        for head in strange:
            self.problems.add("mobile_stops_column_unknown", "warning", raw.name, column=head, known=_known_columns())
        rows = (self.row(Row(self.problems, raw, number, values, columns)) for number, values in raw.rows)
        return [row for row in rows if row is not None]

    def row(self, row: Row) -> dict[str, object] | None:
        """One stop; None if it cannot be used."""
        place_id = self.named_place(row)
        at = self.position(row, place_id)
        if at is None:
            return None
        lon, lat, x, y, rule = at
        here = self.place_at(x, y)
        if not here:
            row.problem("mobile_stop_outside", "warning", row.head("lon"), name=row.text("name") or row.ref)
            return None
        if place_id and here != place_id and rule != "place_centre":
            row.problem(
                "mobile_stop_other_place",
                "warning",
                row.head("place_name"),
                named=self.names.printed(place_id),
                found=self.names.printed(here),
            )
        place_id = place_id or here
        name = row.text("name")
        if self.off_streets(lon, lat):
            distance = round(self.catalogue.value("snap_m"))
            row.problem("mobile_stop_off_streets", "warning", row.head("lon"), name=name or row.ref, distance=distance)
            return None
        if self.twice(row, place_id, name, None if rule == "place_centre" else (x, y)):
            return None
        allowed = self.word(row, "allowed", self.values, TABLE_VALUES, "value")
        return {
            "stop_id": f"{STEM}:{row.text('id') or row.generated_key}",
            "name": name,
            "place_id": place_id,
            "kind": self.word(row, "kind", self.kinds, TABLE_KINDS, "kind") or "table",
            "lon": lon,
            "lat": lat,
            "x": x,
            "y": y,
            "position_rule": rule,
            **{f: self.feature(row, f) for f in FEATURES},
            "hours": self.hours(row),
            "allowed": allowed != "no",
            "address": row.text("address"),
            "note": row.text("note"),
            "source_ref": row.ref,
        }

    def named_place(self, row: Row) -> str:
        """Id of the place that the row names; empty without a name, or with a problem."""
        name = row.text("place_name")
        if not name:
            return ""
        found = self.names.find(name, row.ags())
        if len(found) == 1:
            return found[0]
        head = row.head("place_name")
        if found:
            where = ", ".join(self.names.printed(p) for p in found)
            row.problem("mobile_stop_place_several", "warning", head, name=name, where=where)
        else:
            near = nearest_name(name, self.names.known()) or "–"
            row.problem("mobile_stop_place_unknown", "warning", head, name=name, near=near)
        return ""

    def position(self, row: Row, place_id: str) -> tuple[float, float, float, float, str] | None:
        """lon, lat, x, y and how they were found; None (told) without any."""
        lon, lat = row.number_of("lon"), row.number_of("lat")
        if np.isfinite(lon) and np.isfinite(lat):
            x, y = self.to_xy.transform(lon, lat)
            if self.place_at(x, y) or not self.place_at(*self.to_xy.transform(lat, lon)):
                return lon, lat, float(x), float(y), "given"
            row.problem("mobile_stop_swapped", "warning", row.head("lon"), name=row.text("name") or row.ref)
            x, y = self.to_xy.transform(lat, lon)
            return lat, lon, float(x), float(y), "given"
        if np.isfinite(lon) or np.isfinite(lat):
            row.problem("mobile_stop_half", "warning", row.head("lat" if np.isfinite(lon) else "lon"))
        address = row.text("address")
        if address and self.addresses is not None:
            query = AddressQuery(address, ags=row.ags(), place_name=row.text("place_name"), place_id=place_id)
            hit = self.addresses.find(query)
            if hit is not None:
                return hit.lon, hit.lat, hit.x, hit.y, hit.quality
        if not place_id or not np.isfinite(self.places.loc[place_id, "x"]):
            row.problem("mobile_stop_nowhere", "warning", row.head("address" if address else "lon"))
            return None
        row.problem(
            "mobile_stop_at_centre",
            "warning",
            row.head("address" if address else "lon"),
            place=self.names.printed(place_id),
        )
        lon, lat, x, y = (float(self.places.loc[place_id, c]) for c in ("lon", "lat", "x", "y"))
        return lon, lat, x, y, "place_centre"

    @cached_property
    def addresses(self) -> AddressIndex | None:
        """House coordinates of the project, else the addresses of its map; None where there are none."""
        settings = self.region.settings
        # the region's reader has told what is wrong with them
        found = read_addresses(settings.inputs_of("addresses"), crs=settings.crs, problems=Problems())
        maps = settings.inputs_of("osm")
        if not len(found) and maps:
            found = read_osm_addresses(maps[0].files[0], source_id=maps[0].source_id, crs=settings.crs)
        if not len(found):
            return None
        place = self.places_at(found[["x", "y"]].to_numpy(float))
        own = [str(self.places.loc[p, "ags"]) if p else "" for p in place]
        ags = found["ags"].where(found["ags"] != "", pd.Series(own, index=found.index, dtype="str"))
        value = self.catalogue.value
        return AddressIndex(
            found.assign(ags=ags, place_id=place),
            near_numbers=value("address.near_numbers"),
            street_m=value("address.street_m"),
        )

    def place_at(self, x: float, y: float) -> str:
        """Place of the nearest cell; empty where none is near."""
        return self.places_at(np.array([[x, y]]))[0]

    def places_at(self, xy: NDArray[np.float64]) -> list[str]:
        """Place of the nearest cell of each point."""
        found = [""] * len(xy)
        known = np.flatnonzero(np.isfinite(xy).all(axis=1))
        if self.cells is None or not len(known):
            return found
        distance, at = self.cells.query(xy[known])
        near = distance <= self.catalogue.value("mobile.stop_same_place_m")
        for k, cell in zip(known[near].tolist(), at[near].tolist(), strict=True):
            found[k] = str(self.cell_place[cell])
        return found

    def off_streets(self, lon: float, lat: float) -> bool:
        """Whether no street lies near; never where the region has none."""
        streets = self.region.streets
        if streets is None or not streets.segment_m.size:
            return False
        return find_joint(streets, lon, lat, within_m=self.catalogue.value("snap_m")) is None

    def twice(self, row: Row, place_id: str, name: str, at: tuple[float, float] | None) -> bool:
        """Whether the stop stands in an earlier row: the same id, name in the place, or position."""
        keys: list[object] = [] if at is None else [(round(at[0] / _SAME_M), round(at[1] / _SAME_M))]
        if row.text("id"):
            keys.append(("id", row.text("id")))
        if name:
            keys.append((place_id, place_key(name)))
        first = next((self.seen[k] for k in keys if k in self.seen), None)
        if first is not None:
            row.problem("mobile_stop_twice", "warning", row.head("name"), name=name or row.ref, first=first)
            return True
        self.seen.update(dict.fromkeys(keys, row.number))
        return False

    def feature(self, row: Row, column: str) -> str:
        """yes, no or empty."""
        value = self.word(row, column, self.values, TABLE_VALUES, "value")
        return "" if value == "unknown" else value

    def word(self, row: Row, column: str, words: Mapping[str, str], ids: tuple[str, ...], prefix: str) -> str:
        """Id of the cell's word; empty if the cell is empty or (told) none of the possible words."""
        text = row.text(column)
        if not text:
            return ""
        found = words.get(place_key(text), "")
        if not found:
            known = ", ".join(say(f"stop_table.{prefix}.{i}", "de") for i in ids)
            row.problem("mobile_stop_word", "warning", row.head(column), value=text, known=known)
        return found

    def hours(self, row: Row) -> str:
        """OSM syntax; empty = any time, or (told) not readable."""
        text = row.text("hours")
        if not text:
            return ""
        hours = parse_hours(text)
        if not hours.rules:
            row.problem("mobile_stop_hours", "warning", row.head("hours"), value=text)
        return hours.rules
