"""A reach that shares the columns of another one: only columns of new or moved targets are its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Literal, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.network.model import Mode, SparseColumns
from ankerort.reach.model import PtColumns, PtKey, Reach, RoundTripColumns, TripKey
from ankerort.reach.street_columns import MODES
from ankerort.reach.targets import FACILITY
from ankerort.region.model import Region

ColumnKind = Literal["foot", "bike", "car", "pt", "trips"]
KINDS: tuple[ColumnKind, ...] = ("foot", "bike", "car", "pt", "trips")
Columns = TypeVar("Columns", SparseColumns, PtColumns, RoundTripColumns)
Rows = NDArray[np.intp]


def gather_columns(count: int, parts: Sequence[tuple[Rows, Columns, Rows]], *, like: Columns) -> Columns:
    """Put columns of several sets into one of `count` columns.

    Parameters
    ----------
    count
        Columns of the result; those that no part names are empty.
    parts
        (columns of the result, a set of columns, columns of that set), the first and the last equally long.
    like
        A set of the same type, for the types of its arrays.

    Returns
    -------
    SparseColumns, PtColumns or RoundTripColumns
        Values per column (hashes) are 0 where a part does not keep them.
    """
    lengths = np.zeros(count, dtype=np.int64)
    for into, columns, of in parts:
        lengths[into] = np.diff(columns.ptr)[of]
    ptr = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(lengths, out=ptr[1:])
    out: dict[str, Any] = {"ptr": ptr}
    for field in fields(like):
        if field.name == "ptr":
            continue
        # a memory-mapped array is sliced far slower than a plain view of it
        kept = [(into, np.asarray(getattr(columns, field.name)), columns.ptr, of) for into, columns, of in parts]
        values = getattr(like, field.name)
        if field.name in PER_COLUMN:
            if not any(len(source) for _, source, _, _ in kept):
                out[field.name] = np.empty(0, values.dtype)
                continue
            one = np.zeros(count, values.dtype)
            for into, source, _, of in kept:
                if len(source):
                    one[into] = source[of]
            out[field.name] = one
            continue
        joined = np.empty(ptr[-1], values.dtype)
        for into, source, start, of in kept:
            for k, j in zip(into.tolist(), of.tolist(), strict=True):
                joined[ptr[k] : ptr[k + 1]] = source[start[j] : start[j + 1]]
        out[field.name] = joined
    return replace(like, **out)


PER_COLUMN = ("profile_hash",)


def no_columns(like: Columns, count: int) -> Columns:
    """As many empty columns."""
    return gather_columns(count, [], like=like)


@dataclass(frozen=True)
class TargetKeys:
    """What makes a target the same in a changed region: its id, service and position, and its opening hours.

    Parameters
    ----------
    ids
        Kind and id of the facility or place.
    service, certainty, hours
        str arrays; `hours` is the text of the opening hours.
    x, y
        Projected metres.
    """

    ids: NDArray[np.object_]
    service: NDArray[np.object_]
    certainty: NDArray[np.object_]
    hours: NDArray[np.object_]
    x: NDArray[np.float64]
    y: NDArray[np.float64]

    @classmethod
    def of(cls, targets: pd.DataFrame, region: Region) -> TargetKeys:
        """Keys of the targets of a region."""
        rows = targets["row"].to_numpy()
        facility = (targets["kind"] == FACILITY).to_numpy(bool)
        ids = np.empty(len(targets), dtype=object)
        hours = np.full(len(targets), "", dtype=object)
        ids[facility] = "facility " + region.facilities["facility_id"].to_numpy(object)[rows[facility]]
        ids[~facility] = "place " + region.places["place_id"].to_numpy(object)[rows[~facility]]
        hours[facility] = region.facilities["opening_hours"].to_numpy(object)[rows[facility]]
        return cls(
            ids,
            targets["service"].to_numpy(object),
            targets["certainty"].to_numpy(object),
            hours,
            targets["x"].to_numpy(float),
            targets["y"].to_numpy(float),
        )

    @cached_property
    def _index(self) -> pd.Index:
        return pd.Index(self.ids, dtype=object)

    def find(self, others: TargetKeys) -> Rows:
        """For each of the others the target here that stands at the same place for the same service, or -1."""
        found = self._index.get_indexer(pd.Index(others.ids, dtype=object))
        has = np.flatnonzero(found >= 0)
        at = found[has]
        same = (self.service[at] == others.service[has]) & (self.x[at] == others.x[has]) & (self.y[at] == others.y[has])
        out = np.full(len(found), -1, dtype=np.intp)
        out[has[same]] = at[same]
        return out


@dataclass(frozen=True)
class ReachLayers:
    """A reach in two layers.

    Parameters
    ----------
    whole
        A reach with all its columns, of this region or of one that this region was changed from.
    top
        Travel times of this region; its columns are those that `whole` does not hold, the others are empty.
    origin
        Per kind and target of `top` (kinds pt and trips: per column of its public transport) the column of `whole`, or -1.
    keys
        Keys of the targets of `top`.
    facility_ids
        Id per row of the region's facilities.
    """

    whole: Reach
    top: Reach
    origin: Mapping[ColumnKind, Rows]
    keys: TargetKeys
    facility_ids: NDArray[np.object_]

    @classmethod
    def of_whole(cls, reach: Reach, region: Region) -> ReachLayers:
        """A reach with all its columns."""
        streets, pt = np.arange(len(reach.targets)), np.arange(len(reach.pt_targets))
        nothing: dict[str, Any] = {mode: no_columns(getattr(reach, mode), len(streets)) for mode in MODES}
        top = replace(
            reach,
            **nothing,
            pt={key: no_columns(columns, len(pt)) for key, columns in reach.pt.items()},
            round_trips={key: no_columns(columns, len(pt)) for key, columns in reach.round_trips.items()},
        )
        origin: dict[ColumnKind, Rows] = {"foot": streets, "bike": streets, "car": streets, "pt": pt, "trips": pt}
        ids = region.facilities["facility_id"].to_numpy(object)
        return cls(reach, top, origin, TargetKeys.of(reach.targets, region), ids)

    def street(self, mode: Mode, targets: Rows) -> SparseColumns:
        """Columns of all targets by one mode, only those of `targets` filled."""
        return self._filled(getattr(self.top, mode), getattr(self.whole, mode), self.origin[mode], targets)

    def pt(self, key: PtKey, columns: Rows) -> PtColumns:
        """Public-transport columns, only those named filled."""
        return self._filled(self.top.pt[key], self.whole.pt.get(key, self.top.pt[key]), self.origin["pt"], columns)

    def trips(self, key: TripKey, columns: Rows) -> RoundTripColumns:
        """Round trips, only the columns named filled."""
        own = self.top.round_trips[key]
        return self._filled(own, self.whole.round_trips.get(key, own), self.origin["trips"], columns)

    @staticmethod
    def _filled(own: Columns, shared: Columns, origin: Rows, wanted: Rows) -> Columns:
        count = len(origin)
        if len(wanted) == count == len(shared.ptr) - 1 and bool((origin == np.arange(count)).all()):
            return shared
        if len(wanted) == count and bool((origin < 0).all()):
            return own
        from_whole = wanted[origin[wanted] >= 0]
        mine = wanted[origin[wanted] < 0]
        return gather_columns(count, [(from_whole, shared, origin[from_whole]), (mine, own, mine)], like=own)

    def of(self, services: Collection[str]) -> Reach:
        """The reach with the columns of these services only; all other columns are empty."""
        chosen = np.isin(self.top.targets["service"].to_numpy(object), np.array(list(services), dtype=object))
        return self._with(chosen)

    def full(self) -> Reach:
        """The reach with all its columns."""
        return self._with(np.ones(len(self.top.targets), bool))

    def _with(self, chosen: NDArray[np.bool_]) -> Reach:
        streets, pt = np.flatnonzero(chosen), np.flatnonzero(chosen[self.top.pt_targets])
        by_mode: dict[str, Any] = {mode: self.street(mode, streets) for mode in MODES}
        return replace(
            self.top,
            **by_mode,
            pt={key: self.pt(key, pt) for key in self.top.pt},
            round_trips={key: self.trips(key, pt) for key in self.top.round_trips},
        )
