"""Where a vehicle might stop, from everything a region knows: stops, map, facilities, buildings, the user's table."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.network.model import Network
from ankerort.region.model import Region
from ankerort.region.schema_mobile import FEATURES

# The better known a spot is in its village, the earlier it stands for its neighbours.
KINDS = ("table", "hall", "town_hall", "square", "church", "car_park", "building", "bus_stop")
_FACILITY_KINDS = {
    "village_hall": "hall",
    "meeting_point_senior": "hall",
    "citizen_office": "town_hall",
    "weekly_market": "square",
    "church": "church",
}
_REPLACEMENT = re.compile(r"\bersatz|\bsev\b|_", re.IGNORECASE)  # "Harzgerode Sib_Strh 007 P7" too
_KNOWN = {"yes": "yes", "designated": "yes", "no": "no"}
_COLUMNS = (
    "stop_id",
    "name",
    "kind",
    "lon",
    "lat",
    "x",
    "y",
    *FEATURES,
    "hours",
    "source_id",
    "source_ref",
    "source_date",
    "given_place",
    "fixed",
)


def all_sources(region: Region, network: Network | None, spots: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Every possible stop of a region, nothing merged yet.

    Parameters
    ----------
    region
        Its registered stops, open facilities and buildings; what an internal list alone knows is left out.
    network
        Its timetable or stop matrix names further stops; None = none.
    spots
        SPOTS of the map.
    table
        STOP_TABLE of the user; rows that are not allowed are left out.

    Returns
    -------
    DataFrame
        Columns of STOPS without place, municipality and suitability; `given_place` (the place that the user named, else empty); `fixed`
        (stands in the user's table). One row per id, sorted by it; rows without a position are left out.
    """
    parts = [
        _registered(region),
        _served(network),
        _spots(spots),
        _facilities(region, set(zip(spots["source_id"], spots["source_ref"], strict=True))),
        _buildings(region),
        _from_table(table),
    ]
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in _COLUMNS})
    found = pd.concat(filled, ignore_index=True)
    found = found[np.isfinite(found["x"].to_numpy(float)) & np.isfinite(found["y"].to_numpy(float))]
    return found.drop_duplicates("stop_id").sort_values("stop_id", kind="stable").reset_index(drop=True)


def assign_places(
    found: pd.DataFrame, region: Region, *, within_m: float
) -> tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.int64]]:
    """Place, municipality and nearest inhabited cell of each possible stop.

    Names prove nothing ("Ort (Gemeinde), Stop" stands for pseudo-places too): a stop belongs to the place of the nearest inhabited cell,
    within `within_m`; one of the user's table to the place that he named.

    Returns
    -------
    tuple
        place_id and ags (empty = none), and the row of ``Region.cells`` (-1 = none).
    """
    cells = region.cells
    rows = np.flatnonzero(((cells["persons"] > 0) & (cells["place_id"] != "")).to_numpy(bool))
    place = np.full(len(found), "", dtype=object)
    ags = np.full(len(found), "", dtype=object)
    cell = np.full(len(found), -1, np.int64)
    if len(found) and len(rows):
        tree = cKDTree(cells[["x", "y"]].to_numpy(float)[rows])
        distance, at = tree.query(found[["x", "y"]].to_numpy(float))
        near = distance <= within_m
        cell[near] = rows[at[near]]
        place[near] = cells["place_id"].to_numpy(object)[cell[near]]
        ags[near] = cells["ags"].to_numpy(object)[cell[near]]
    given = found["given_place"].to_numpy(object)
    told = given != ""
    place[told] = given[told]
    own = dict(zip(region.places["place_id"], region.places["ags"], strict=True))
    ags[told] = [own.get(p, a) for p, a in zip(given[told], ags[told], strict=True)]
    return place, ags, cell


def _frame(rows: dict[str, object], count: int) -> pd.DataFrame:
    blank: dict[str, object] = dict.fromkeys((*FEATURES, "hours", "source_ref", "source_date", "given_place"), "")
    return pd.DataFrame({**blank, "fixed": False, **rows}, index=range(count))[list(_COLUMNS)]


def _position(table: pd.DataFrame) -> dict[str, object]:
    return {c: table[c].to_numpy(float) for c in ("lon", "lat", "x", "y")}


def _registered(region: Region) -> pd.DataFrame:
    """Registered bus stops; stops of replacement services, which stand there for a few weeks, are left out."""
    stops = region.registered_stops
    passing = np.array([bool(_REPLACEMENT.search(name)) for name in stops["name"]], dtype=bool)
    stops = stops[(stops["kind"] == "stop").to_numpy(bool) & ~passing]
    ids = [f"{s}:{i}" for s, i in zip(stops["source_id"], stops["stop_id"], strict=True)]
    return _frame(
        {
            "stop_id": ids,
            "name": stops["name"].to_numpy(object),
            "kind": "bus_stop",
            **_position(stops),
            "source_id": stops["source_id"].to_numpy(object),
            "source_ref": stops["stop_id"].to_numpy(object),
        },
        len(stops),
    )


def _served(network: Network | None) -> pd.DataFrame:
    """Stops of the timetable, else of the stop matrix."""
    if network is None or (network.timetable is None and network.stop_matrix is None):
        return _frame({c: [] for c in _COLUMNS}, 0)
    if network.timetable is not None:
        stops = network.timetable.stops
        stops = stops[(stops["departures"] + stops["demand_departures"]).to_numpy(float) > 0]
        feeds = [str(f).split(";")[0] for f in stops["feeds"]]
        own = [str(i).split(";")[0] for i in stops["stop_ids"]]
    else:
        assert network.stop_matrix is not None
        stops = network.stop_matrix.stops
        feeds = [network.stop_matrix.source_id] * len(stops)
        own = [str(n) for n in stops["stop_ix"]]
    return _frame(
        {
            "stop_id": [f"{f}:{i}" for f, i in zip(feeds, own, strict=True)],
            "name": stops["name"].to_numpy(object),
            "kind": "bus_stop",
            **_position(stops),
            "source_id": feeds,
            "source_ref": own,
        },
        len(stops),
    )


def _spots(spots: pd.DataFrame) -> pd.DataFrame:
    columns = ("name", "kind", *FEATURES, "hours", "source_id", "source_ref", "source_date")
    described = {c: spots[c].to_numpy(object) for c in columns}
    return _frame({"stop_id": spots["spot_id"].to_numpy(object), **described, **_position(spots)}, len(spots))


def _facilities(region: Region, drawn: set[tuple[str, str]]) -> pd.DataFrame:
    """Halls, churches and offices in use; what the map's spots hold already (`drawn`: source and object) is left out."""
    internal = region.sources.loc[region.sources["internal"].to_numpy(bool), "source_id"]
    table = region.facilities
    table = table[
        table["service"].isin(list(_FACILITY_KINDS))
        & (table["state"] == "open")
        & (table["merged_into"] == "")
        & ~table["source_id"].isin(internal)
        & (table["position_rule"] != "place_centre")
    ]
    keys = zip(table["source_id"], table["source_ref"], strict=True)
    table = table[np.array([key not in drawn for key in keys], dtype=bool)]
    return _frame(
        {
            "stop_id": table["facility_id"].to_numpy(object),
            "name": table["name"].to_numpy(object),
            "kind": table["service"].map(_FACILITY_KINDS).to_numpy(object),
            **_position(table),
            "step_free": [_KNOWN.get(v, "") for v in table["wheelchair"]],
            "toilet": ["yes" if v in ("yes", "designated", "limited") else "" for v in table["toilets_wheelchair"]],
            **{c: table[c].to_numpy(object) for c in ("source_id", "source_ref", "source_date")},
        },
        len(table),
    )


def _buildings(region: Region) -> pd.DataFrame:
    internal = region.sources.loc[region.sources["internal"].to_numpy(bool), "source_id"]
    table = region.buildings
    table = table[~table["source_id"].isin(internal)]
    return _frame(
        {
            "stop_id": table["building_id"].to_numpy(object),
            "name": [n or a for n, a in zip(table["name"], table["address"], strict=True)],
            "kind": "building",
            **_position(table),
            "step_free": [_KNOWN.get(v, "") for v in table["step_free"]],
            # rooms that others may use are warm rooms to wait in
            "shelter": ["yes" if use == "shareable" else "" for use in table["use"]],
            **{c: table[c].to_numpy(object) for c in ("source_id", "source_ref", "source_date")},
        },
        len(table),
    )


def _from_table(table: pd.DataFrame) -> pd.DataFrame:
    table = table[table["allowed"].to_numpy(bool)]
    columns = ("stop_id", "name", "kind", *FEATURES, "hours", "source_ref")
    return _frame(
        {
            **{c: table[c].to_numpy(object) for c in columns},
            **_position(table),
            "given_place": table["place_id"].to_numpy(object),
            "source_id": "user",
            "fixed": True,
        },
        len(table),
    )
