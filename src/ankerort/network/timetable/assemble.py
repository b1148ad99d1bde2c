"""Rides of one day become a `Timetable`: departures per stop, transfers, and the timetable without any trip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.network.model import FeedReport, Timetable
from ankerort.network.timetable.connections import Rides
from ankerort.network.timetable.day_rides import DayRides
from ankerort.network.timetable.feed import Feed


@dataclass(frozen=True)
class Transfers:
    """Pairs of stops of transfers.txt, as the fields `transfer_…` of `Timetable`."""

    origin: NDArray[np.int32]
    target: NDArray[np.int32]
    kind: NDArray[np.int8]
    min_s: NDArray[np.int32]


def join_transfers(feeds: Sequence[Feed], rows: Sequence[NDArray[np.int32]]) -> Transfers:
    """All pairs in the numbers of the merged stops; where feeds differ about a pair, the first feed holds."""
    parts = [
        f.transfers.assign(from_stop=row[f.transfers["from_stop"]], to_stop=row[f.transfers["to_stop"]])
        for f, row in zip(feeds, rows, strict=True)
    ]
    pairs = pd.concat(parts, ignore_index=True).drop_duplicates(["from_stop", "to_stop"])
    pairs = pairs.sort_values(["from_stop", "to_stop"], kind="stable")
    return Transfers(
        pairs["from_stop"].to_numpy(np.int32),
        pairs["to_stop"].to_numpy(np.int32),
        pairs["kind"].to_numpy(np.int8),
        pairs["min_s"].to_numpy(np.int32),
    )


def count_departures(trips: pd.DataFrame, rides: Rides, stops: int) -> dict[str, NDArray[np.int32]]:
    """Columns `departures` and `demand_departures` of `Timetable.stops`: trips that can be boarded at each stop."""
    demand = trips["on_demand"].to_numpy(bool)[rides.trip] if len(trips) else np.zeros(0, bool)
    counts = {}
    for name, chosen in (("departures", ~demand), ("demand_departures", demand)):
        chosen = chosen & rides.can_board
        pairs = np.unique(rides.trip[chosen].astype(np.int64) * stops + rides.from_stop[chosen])
        counts[name] = np.bincount(pairs % max(stops, 1), minlength=stops).astype(np.int32)
    return counts


def assemble(
    date: str, stops: pd.DataFrame, day: DayRides, transfers: Transfers, reports: tuple[FeedReport, ...]
) -> Timetable:
    """The timetable of a day from its rides, which stand in the order of the timetable."""
    rides = day.rides
    return Timetable(
        date=date,
        stops=stops.assign(**count_departures(day.trips, rides, len(stops))),
        trips=day.trips,
        dep_s=rides.dep_s,
        arr_s=rides.arr_s,
        from_stop=rides.from_stop,
        to_stop=rides.to_stop,
        trip=rides.trip,
        can_board=rides.can_board,
        can_alight=rides.can_alight,
        transfer_from=transfers.origin,
        transfer_to=transfers.target,
        transfer_kind=transfers.kind,
        transfer_min_s=transfers.min_s,
        reports=reports,
    )


def empty_timetable(day: str, reports: tuple[FeedReport, ...] = ()) -> Timetable:
    """A timetable without stops and connections."""
    number, text, flag = np.zeros(0, np.int32), pd.Series(dtype="str"), np.zeros(0, bool)
    real = pd.Series(dtype="float64")
    stops = pd.DataFrame(
        {
            "stop_ix": pd.Series(dtype="int32"),
            "name": text,
            **dict.fromkeys(("lon", "lat", "x", "y"), real),
            **dict.fromkeys(("feeds", "stop_ids"), text),
            **dict.fromkeys(("departures", "demand_departures"), pd.Series(dtype="int32")),
        }
    )
    return Timetable(
        date=day,
        stops=stops,
        trips=DayRides.joined([]).trips,
        dep_s=number,
        arr_s=number,
        from_stop=number,
        to_stop=number,
        trip=number,
        can_board=flag,
        can_alight=flag,
        transfer_from=number,
        transfer_to=number,
        transfer_kind=np.zeros(0, np.int8),
        transfer_min_s=number,
        reports=reports,
    )
