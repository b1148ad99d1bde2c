"""transfers.txt as pairs of platforms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import numpy as np
import pandas as pd

from ankerort.network.timetable.feed_files import FeedFiles, report_rows

_EMPTY = {"from_stop": "int32", "to_stop": "int32", "kind": "int8", "min_s": "int32"}


def read_transfers(files: FeedFiles, members: Mapping[str, Sequence[int]], stations: Set[str]) -> pd.DataFrame:
    """Transfers between platforms; a row for a station holds for all its platforms.

    Rows of the types 4 and 5 (staying in the vehicle) and rows for single routes or trips are counted and left out.
    Of several rows for one pair the more specific one holds (platform before station), then the first.

    Parameters
    ----------
    members
        Rows of the stop table by stop id: a platform itself, or the platforms of a station.
    stations
        Which of these ids are stations.

    Returns
    -------
    pandas.DataFrame
        from_stop, to_stop (rows of the stop table), kind (0 to 3), min_s.
    """
    empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _EMPTY.items()})
    table = files.read("transfers.txt", required=("from_stop_id", "to_stop_id"), optional=True)
    if table is None or not len(table):
        return empty
    problems = files.problems
    kinds = table.whole("transfer_type", blank=0, bad=-1)
    seconds = table.whole("min_transfer_time", blank=-1, bad=-1)
    special = np.zeros(len(table), bool)
    for column in ("from_route_id", "to_route_id", "from_trip_id", "to_trip_id"):
        special |= table.mapped(column, bool, "bool")
    seated = np.isin(kinds, (4, 5))
    report_rows(problems, "gtfs_transfer_seated", "warning", table, seated, column="transfer_type")
    report_rows(problems, "gtfs_transfer_special", "warning", table, special & ~seated)
    report_rows(
        problems, "gtfs_transfer_type", "warning", table, ~np.isin(kinds, range(6)) & ~special, column="transfer_type"
    )
    timeless = (kinds == 2) & (seconds < 0) & ~special
    report_rows(problems, "gtfs_transfer_time", "warning", table, timeless, column="min_transfer_time")
    kinds = np.where(timeless, 0, kinds)
    usable = np.isin(kinds, (0, 1, 2, 3)) & ~special
    origin, target = table.strings("from_stop_id"), table.strings("to_stop_id")
    strange = np.zeros(len(table), bool)
    rows: list[tuple[int, int, int, int, int]] = []
    for k in np.flatnonzero(usable):
        starts, ends = members.get(origin[k]), members.get(target[k])
        if starts is None or ends is None:
            strange[k] = True
            continue
        general = int(origin[k] in stations) + int(target[k] in stations)
        minimum = int(seconds[k]) if kinds[k] == 2 else 0
        rows += [(general, a, b, int(kinds[k]), minimum) for a in starts for b in ends]
    report_rows(problems, "gtfs_transfer_stop", "warning", table, strange, shown="from_stop_id")
    if not rows:
        return empty
    pairs = pd.DataFrame(rows, columns=["general", *_EMPTY]).sort_values("general", kind="stable")
    pairs = pairs.drop_duplicates(["from_stop", "to_stop"]).sort_values(["from_stop", "to_stop"], kind="stable")
    return pairs.drop(columns="general").astype(_EMPTY).reset_index(drop=True)
