"""What of a region may be passed on: rows of lists that are not public (`internal = true`) stay in the computation only."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ankerort.base.problems import Problem
from ankerort.region.model import Region
from ankerort.region.schema import CONFIDENTIAL, FACILITIES

_MARK = ":nonpublic:"
_FILLED = re.compile(r"merge: ([a-z_]+(?:, [a-z_]+)*) -> ")
# What follows from a row and is told of it: which service there is in which place, and that it is open.
_KEPT = frozenset(
    {"facility_id", "service", "ags", "place_id", "in_study", "state", "certainty", "source_id", "merged_into"}
)
_POSITION = ("lon", "lat", "x", "y")
_NEVER_FROM_OTHERS = _KEPT | {"source_ref", "source_date", "object_id", "merge_reason", "note"}


def internal_sources(region: Region) -> frozenset[str]:
    """Ids of the sources that may not be passed on."""
    sources = region.sources
    return frozenset(sources.loc[sources["internal"].astype(bool), "source_id"].astype(str))


def is_masked(ids: pd.Series) -> pd.Series:
    """Which ids are those that `public_region` puts in place of facilities of lists that are not public."""
    return ids.astype("str").str.contains(_MARK, regex=False).fillna(False).astype(bool)


def is_mark(facility_id: str) -> bool:
    """`is_masked` of one id."""
    return _MARK in facility_id


def public_facilities(region: Region) -> pd.DataFrame:
    """FACILITIES that may be listed, with the fields that public sources themselves give.

    Parameters
    ----------
    region
        As read, or as `public_region` gives it.

    Returns
    -------
    DataFrame
        Rows of lists that are not public are left out. Where such a row counts for a public one, the public one stands here
        with its own id and its own fields; fields that merging had filled from a list that is not public are empty again.
    """
    facilities = public_region(region).facilities
    return facilities[~is_masked(facilities["facility_id"])]


def public_region(region: Region, *, label: str = "") -> Region:
    """The region as documents may see it: the same rows in the same order, without anything that only internal lists say.

    Parameters
    ----------
    region
        As read.
    label
        Name of a facility that only a list that is not public knows, for tables that name the nearest.

    Returns
    -------
    Region
        A facility that only such a list knows keeps its service, place, state and certainty, for they show in every figure; its
        id becomes a mark, its position the centre of its place, all else is empty. Rows stay where they are, so that numbers of
        rows in travel times stay right. The same object where no source is internal.
    """
    inside = internal_sources(region)
    if not inside:
        return region
    ids = public_ids(region)
    facilities = _masked(region, inside, ids, label)

    def public(table: pd.DataFrame) -> pd.DataFrame:
        return table[~table["source_id"].isin(inside)].reset_index(drop=True)

    def renamed(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(facility_id=table["facility_id"].map(lambda key: ids.get(key, key)))

    own = region.facilities
    listed = set(own.loc[own["source_id"].isin(inside), "facility_id"])
    confirmations = region.confirmations
    secret = confirmations["old_source_id"].isin(inside)
    asked = (confirmations["subject"] == "facilities") & confirmations["subject_id"].isin(listed)
    return replace(
        region,
        facilities=facilities,
        absences=region.absences.assign(
            confirmed_by=region.absences["confirmed_by"].where(~region.absences["source_id"].isin(inside), "")
        ),
        mobile_visits=public(region.mobile_visits),
        buildings=public(region.buildings),
        clubs=public(region.clubs),
        footprints=region.footprints[~region.footprints["source_id"].isin(inside)].reset_index(drop=True),
        capacities=renamed(public(region.capacities)),
        occupancy=renamed(public(region.occupancy)),
        assigned=renamed(region.assigned),
        broadband=public(region.broadband),
        confidential=CONFIDENTIAL.empty(),
        confirmations=confirmations.assign(
            old_value=confirmations["old_value"].where(~secret, ""),
            # what stood there when it was asked about is the list's; what the office says of it is the office's
            subject_name=confirmations["subject_name"].where(~asked, ""),
            object_id=confirmations["object_id"].where(~asked, ""),
            lon=confirmations["lon"].where(~asked),
            lat=confirmations["lat"].where(~asked),
            subject_id=confirmations["subject_id"].map(lambda key: ids.get(key, key)),
        ),
        problems=public_problems(region, region.problems),
    )


def changed_ids(region: Region) -> frozenset[str]:
    """Ids in documents of facilities whose figures may tell what only an internal list says: what is told of each stays out.

    These are the marks, and public facilities that merging had filled from an internal list.
    """
    public = public_region(region).facilities
    if public is region.facilities:
        return frozenset()
    told = [c for c in public.columns if c not in ("facility_id", "merged_into", "merge_reason", "note")]
    differs = pd.Series(False, index=public.index)
    for name in told:
        before, after = region.facilities[name].reset_index(drop=True), public[name]
        differs |= (before != after) & ~(before.isna() & after.isna())
    return frozenset(public.loc[differs | is_masked(public["facility_id"]), "facility_id"])


def public_problems(region: Region, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Problems without those of files that may not be passed on: what they name stands in those files."""
    inside = internal_sources(region)
    files = {path.name for source in region.settings.inputs if source.source_id in inside for path in source.files}
    return tuple(p for p in problems if p.table.partition("/")[0] not in files and p.table not in inside)


def public_ids(region: Region) -> dict[str, str]:
    """Facility id -> id in documents, for the ids that change.

    A row of an internal list has a mark in place of its id. Where it counts for a public row (the first in the table), both
    change their ids: the row that counts is told under the public one's.
    """
    facilities = region.facilities
    inside = facilities["source_id"].isin(internal_sources(region)).to_numpy(bool)
    keys = facilities["facility_id"].to_numpy(object)
    ids = {str(key): _mark(str(key)) for key in keys[inside]}
    for winner, loser in _stand_ins(facilities, inside).items():
        ids[str(keys[loser])], ids[str(keys[winner])] = ids[str(keys[winner])], str(keys[loser])
    return ids


def _mark(facility_id: str) -> str:
    service = facility_id.partition(":")[0]
    if _MARK in facility_id:
        return facility_id
    return f"{service}{_MARK}{hashlib.sha256(facility_id.encode()).hexdigest()[:10]}"


def _stand_ins(facilities: pd.DataFrame, inside: pd.Series) -> dict[int, int]:
    """Row of an internal list that counts -> the first public row that was merged into it."""
    number = {key: k for k, key in enumerate(facilities["facility_id"])}
    found: dict[int, int] = {}
    for row, into in enumerate(facilities["merged_into"]):
        winner = number.get(into, -1) if into else -1
        if winner >= 0 and inside[winner] and not inside[row]:
            found.setdefault(winner, row)
    return found


def _masked(region: Region, inside: frozenset[str], ids: Mapping[str, str], label: str) -> pd.DataFrame:
    facilities = region.facilities
    secret = facilities["source_id"].isin(inside).to_numpy(bool)
    stand_ins = _stand_ins(facilities, secret)
    records = facilities.to_dict("records")
    out = [dict(record) for record in records]
    centres = region.places.set_index("place_id")[list(_POSITION)].to_dict("index")
    empty = FACILITIES.empty()
    for row, record in enumerate(out):
        if not secret[row]:
            continue
        if row in stand_ins:
            public = records[stand_ins[row]]
            told = {
                name: value for name, value in public.items() if name not in ("state", "certainty", "place_id", "ags")
            }
            out[row] = {**record, **told, "merged_into": "", "merge_reason": "", "facility_id": record["facility_id"]}
            out[stand_ins[row]] = _blank(records[stand_ins[row]], empty, centres, "")
            out[stand_ins[row]]["source_id"] = record["source_id"]
            out[stand_ins[row]]["merged_into"] = record["facility_id"]
        else:
            out[row] = _blank(record, empty, centres, label if not record["merged_into"] else "")
    _take_back(out, records, secret, centres)
    frame = pd.DataFrame(out, columns=list(facilities.columns))
    for name in ("facility_id", "merged_into"):
        frame[name] = frame[name].map(lambda key: ids.get(key, key))
    frame["note"] = frame["note"].map(lambda note: _without_ids(str(note), ids))
    return FACILITIES.conform(frame)


def _blank(
    record: Mapping[str, object], empty: pd.DataFrame, centres: Mapping[str, Mapping[str, float]], label: str
) -> dict[str, object]:
    out: dict[str, object] = {}
    for name, value in record.items():
        numeric = name in empty and pd.api.types.is_float_dtype(empty[name].dtype)
        out[name] = value if name in _KEPT else float("nan") if numeric else ""
    out |= centres.get(str(record["place_id"]), {})
    out["name"] = label
    out["position_rule"] = "place_centre"
    return out


def _take_back(
    out: list[dict[str, object]],
    records: list[dict[str, object]],
    secret: pd.Series,
    centres: Mapping[str, Mapping[str, float]],
) -> None:
    """Empty the fields of public rows that merging filled from internal ones, or take them from the next public row."""
    number = {record["facility_id"]: k for k, record in enumerate(records)}
    for row, record in enumerate(records):
        winner = number.get(record["merged_into"], -1)
        if not secret[row] or winner < 0 or secret[winner]:
            continue
        filled = _FILLED.search(str(record["note"]))
        fields = filled[1].split(", ") if filled else []
        own = out[winner]
        for name in fields:
            if name in own and name not in _NEVER_FROM_OTHERS:
                own[name] = _other(name, record["merged_into"], records, secret)
        if all(own[name] == record[name] for name in ("x", "y")):
            own |= centres.get(str(own["place_id"]), {})
            own["position_rule"] = "place_centre"


def _other(name: str, winner: object, records: list[dict[str, object]], secret: pd.Series) -> object:
    """What a public row merged into the same one says; else empty."""
    nothing: object = ""
    for row, record in enumerate(records):
        if record["merged_into"] == winner and not secret[row]:
            value = record[name]
            if isinstance(value, float) and value != value:
                nothing = value
            elif value != "":
                return value
    sample = records[0][name]
    return float("nan") if isinstance(sample, float) else nothing


def _without_ids(note: str, ids: Mapping[str, str]) -> str:
    """A note names the row that it was merged into; the id of an internal one must not stand there."""
    head, arrow, target = note.rpartition(" -> ")
    return f"{head}{arrow}{ids.get(target, target)}" if arrow else note
