"""Finds the position of an address without asking anybody: in the house coordinates that lie there, or in those of OSM."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ankerort.base.problems import Problems
from ankerort.region.addresses.normal import number_key, split_address, street_key

# What a hit is worth, best first.
QUALITIES = ("house", "near_house", "street")


@dataclass(frozen=True)
class Hit:
    """Position of an address, in degrees and metres, and how good it is: one of `QUALITIES`."""

    lon: float
    lat: float
    x: float
    y: float
    quality: str


@dataclass(frozen=True)
class AddressQuery:
    """An address of a list: a line with street and number, and what tells same streets apart (empty = not given).

    Parameters
    ----------
    place_id
        Place of the region that it lies in, where the index knows the places of its houses.
    only_in_place
        No other place will do: whoever named the address named the place with it.
    """

    address: str
    postcode: str = ""
    ags: str = ""
    place_name: str = ""
    place_id: str = ""
    only_in_place: bool = False


class AddressIndex:
    """House coordinates by street.

    Parameters
    ----------
    addresses
        ADDRESSES; `ags` filled by position where the source gives none (see `AddressIndex.find`). A further column `place_id` tells
        the place of each house.
    near_numbers
        A missing house number is taken for the nearest one of its street if it is at most so many numbers away.
    street_m
        A street stands for a missing number only if all its houses lie within so many metres of their middle: the middle
        of a long street says nothing.
    """

    def __init__(self, addresses: pd.DataFrame, *, near_numbers: float, street_m: float) -> None:
        self.near_numbers = near_numbers
        self.street_m = street_m
        self._xy = addresses[["lon", "lat", "x", "y"]].to_numpy(dtype=np.float64)
        self._ags = addresses["ags"].to_list()
        self._postcode = addresses["postcode"].to_list()
        self._place = addresses["place_id"].to_list() if "place_id" in addresses else [""] * len(addresses)
        self._names = [
            {street_key(text) for text in pair if text}
            for pair in zip(addresses["district"], addresses["town"], strict=True)
        ]
        self._numbers = [number_key(number) for number in addresses["number"]]
        self._of_street: dict[str, list[int]] = defaultdict(list)
        for row, street in enumerate(addresses["street"]):
            self._of_street[street_key(street)].append(row)

    def find(self, query: AddressQuery) -> Hit | None:
        """The position of an address; None if its street is not there, or stands in several places that the query does not tell apart.

        The rows of the street are narrowed by place, municipality, postcode and place name; what the query does not give, or what no row
        has, does not narrow. Then: the house itself (the same number and letter, then the same number), the nearest number within
        `near_numbers` (a house of the other side counts as two numbers farther), the middle of the street if it is short.
        """
        street, number = split_address(query.address)
        rows = self._of_street.get(street_key(street), [])
        if not rows or not street:
            return None
        rows = self._narrowed(rows, query)
        if not rows:
            return None
        wanted = number_key(number) if number else None
        if wanted is not None:
            exact = [r for r in rows if self._numbers[r] == wanted] or [
                r for r in rows if (known := self._numbers[r]) is not None and known[0] == wanted[0]
            ]
            if exact:
                return self._hit(exact, "house")
            near = self._nearest_number(rows, wanted[0])
            if near:
                return self._hit(near, "near_house")
        return self._hit(rows, "street")

    def _narrowed(self, rows: list[int], query: AddressQuery) -> list[int]:
        if query.place_id:
            there = [r for r in rows if self._place[r] == query.place_id]
            rows = there if there or query.only_in_place else rows
        if query.ags:
            rows = [r for r in rows if self._ags[r] == query.ags] or rows
        if query.postcode:
            rows = [r for r in rows if self._postcode[r] == query.postcode] or rows
        if query.place_name:
            name = street_key(query.place_name)
            rows = [r for r in rows if name in self._names[r]] or rows
        return rows

    def _nearest_number(self, rows: list[int], wanted: int) -> list[int]:
        known = [
            (r, n[0]) for r in rows if (n := self._numbers[r]) is not None and abs(n[0] - wanted) <= self.near_numbers
        ]
        if not known:
            return []
        # houses of one side follow each other; the other side may count its own way, so it stands two numbers farther off
        best = min((abs(n - wanted) + (n - wanted) % 2 * 2, n) for _, n in known)[1]
        return [r for r, n in known if n == best]

    def _hit(self, rows: list[int], quality: str) -> Hit | None:
        points = self._xy[rows]
        middle = points.mean(axis=0)
        apart_m = np.hypot(points[:, 2] - middle[2], points[:, 3] - middle[3])
        # the same street in two villages, or one too long to stand for a house
        if apart_m.max() > self.street_m:
            return None
        lon, lat, x, y = (float(v) for v in points[np.argmin(apart_m)])
        return Hit(lon, lat, x, y, quality)


def geocode_facilities(
    facilities: pd.DataFrame, index: AddressIndex, *, files: Mapping[str, str], problems: Problems
) -> pd.DataFrame:
    """Give rows without a position that of their address.

    Parameters
    ----------
    facilities
        FACILITIES with `place_name` beside, or BUILDINGS; rows with a position stay as they are. The address of a row that has its
        `place_id` already is looked for in that place only; `near_place_id` beside names one that is tried first.
    index
        House coordinates.
    files
        source_id -> file name, for problems.
    problems
        Collects per list: how many addresses were found, and how well (note); those not found, by name (warning). A row
        that is not found keeps its place, if it names one; it is never put into the middle of a municipality.

    Returns
    -------
    DataFrame
        The same rows; `position_rule` is ``house``, ``near_house`` or ``street`` where a position was found.
    """
    table = facilities.reset_index(drop=True)
    asked = np.flatnonzero((~np.isfinite(table["x"]) & (table["address"] != "")).to_numpy())
    if not len(asked):
        return table
    nothing = pd.Series([""] * len(table))
    told = {name: table.get(name, nothing) for name in ("postcode", "ags", "place_name", "place_id", "near_place_id")}
    found: dict[int, Hit] = {}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in asked:
        query = AddressQuery(
            str(table["address"].iloc[row]),
            postcode=str(told["postcode"].iloc[row]),
            ags=str(told["ags"].iloc[row]),
            place_name=str(told["place_name"].iloc[row]),
            place_id=str(told["place_id"].iloc[row]) or str(told["near_place_id"].iloc[row]),
            only_in_place=bool(told["place_id"].iloc[row]),
        )
        hit = index.find(query)
        source = str(table["source_id"].iloc[row])
        counts[source]["none" if hit is None else hit.quality] += 1
        if hit is None:
            problems.add(
                "address_not_found",
                "warning",
                _file_of(files.get(source, source), str(table["source_ref"].iloc[row])),
                row=_row_of(str(table["source_ref"].iloc[row])),
                address=query.address,
            )
        else:
            found[int(row)] = hit
    for source, count in sorted(counts.items()):
        shares: dict[str, Any] = {quality: count.get(quality, 0) for quality in (*QUALITIES, "none")}
        problems.add("addresses_found", "note", files.get(source, source), count=sum(count.values()), **shares)
    rows = sorted(found)
    for column in ("lon", "lat", "x", "y"):
        values = table[column].to_numpy(dtype=np.float64, copy=True)
        values[rows] = [getattr(found[at], column) for at in rows]
        table[column] = values
    rules = table["position_rule"].to_list()
    for at in rows:
        rules[at] = found[at].quality
    table["position_rule"] = pd.Series(rules, dtype="str")
    return table


def _file_of(file: str, source_ref: str) -> str:
    """The file with its sheet; of an answer of an office the workbook that it came in."""
    sheet = source_ref.rpartition(":")[0]
    return f"{file}/{sheet}" if sheet else file


def _row_of(source_ref: str) -> int | None:
    last = source_ref.rpartition(":")[2].removeprefix("row").strip()
    return int(last) if last.isdigit() else None
