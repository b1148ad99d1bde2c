"""Rows that tell of the same facility become one; the others stay visible and say why they do not count.

Rows are taken from the best to the least; each joins the best-fitting row that already counts, or counts itself.
Nothing joins a row that was merged away, so that a chain of shops never becomes one shop.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from ankerort.catalogue.model import Catalogue
from ankerort.region.name_similarity import name_similarity_of, name_words

STOP_SERVICE = "bus_stop"
PRACTICE_SERVICES = frozenset({"general_practitioner", "paediatrician", "specialist", "dentist", "physiotherapist"})
# Physical sizes, not open to argument by a user: one building's doctors; the two sides of a road.
_FILLED_TEXTS = (
    "name",
    "operator",
    "operator_kind",
    "owner",
    "rooms",
    "opening_hours",
    "wheelchair",
    "toilets_wheelchair",
    "assortment",
    "check_date",
    "closed_year",
)
# Taken over as well, but no sign of how much a row knows: which row counts must not hang on them.
_ADDRESS = ("address", "postcode")
_FILLED_NUMBERS = ("capacity", "condition", "broadband_mbit")
_NOWHERE = (math.nan, math.nan)
_POSITION = ("lon", "lat", "x", "y")
_REASON_ORDER = {"same_object": 0, "same_name": 1, "poles": 2, "near": 3}


@dataclass(frozen=True)
class _Row:
    """One row of the table, as far as merging looks at it."""

    index: int
    key: tuple[object, ...]
    object_id: str
    source_id: str
    words: tuple[str, ...]
    is_open: bool
    standing: tuple[bool, int]  # not confirmed, rank of the source: lower is better
    checked: str
    known: str
    place_id: str
    place_only: bool
    spot: tuple[float, float]  # NaN where unknown


@dataclass(frozen=True)
class _Nearness:
    """When two rows are one: metres apart in general, for doctors, for nameless poles, and how alike their names must be."""

    distance_m: float
    similar_from: float
    practice_m: float
    pole_m: float


def merge_facilities(
    facilities: pd.DataFrame,
    *,
    catalogue: Catalogue,
    source_rank: Mapping[str, int],
    distance_m: float | None = None,
    name_similarity: float | None = None,
    place_only: Collection[str] = frozenset(),
) -> pd.DataFrame:
    """Fill `merged_into` and `merge_reason` of the rows that stand for a facility which another row already tells of.

    Parameters
    ----------
    facilities
        Columns of `ankerort.region.schema.FACILITIES`, unique `facility_id`; further columns are kept.
    catalogue
        Gives the figures ``merge.distance_m`` and ``merge.name_similarity`` where the options are None.
    source_rank
        Rank by source id, 0 is best; sources that are not named come last.
    distance_m
        Rows of one service within this distance, with similar or no name, are one.
    name_similarity
        Share (0 to 1) from which two names are similar, see `ankerort.region.name_similarity`.

    place_only
        Ids of the facilities of which only the place is known, so that x and y are but its centre. They are one with
        rows of the same place if the names are similar, or if one has no name and they come from different sources;
        a located row that joins them lends them its position.

    Returns
    -------
    DataFrame
        The same rows in the same order. Unknown fields of a row that counts are filled from those merged into it,
        and the note of these says which (``merge: opening_hours -> <facility_id>``).

    Notes
    -----
    Precedence: confirmed rows, then `source_rank`, certain before probable, the newer knowledge, a name, more known
    fields, the id. A closed row of better standing takes an open one in. At equal standing an open and a closed row
    become one only if both have a name (or are one object) and the better one is known from a later day.
    Stops (poles) are one by the same name, or within ``merge.pole_m`` if one has none; doctors also within
    ``merge.practice_m`` whatever the names.
    The result does not depend on the order of the rows.
    """
    nearness = _Nearness(
        distance_m=catalogue.value("merge.distance_m") if distance_m is None else distance_m,
        similar_from=catalogue.value("merge.name_similarity") if name_similarity is None else name_similarity,
        practice_m=catalogue.value("merge.practice_m"),
        pole_m=catalogue.value("merge.pole_m"),
    )
    result = facilities.reset_index(drop=True).copy()
    rows = _rows(result, source_rank, place_only)
    into: dict[int, tuple[int, str]] = {}
    for service, positions in sorted(result.groupby("service", sort=True).indices.items()):
        members = [rows[int(p)] for p in positions]
        into.update(_merge_service(str(service), members, nearness))
    _write(result, rows, into)
    return result


def _rows(table: pd.DataFrame, source_rank: Mapping[str, int], place_only: Collection[str]) -> list[_Row]:
    last = max(source_rank.values(), default=0) + 1
    newest = table.groupby("source_id")["source_date"].max().to_dict()
    filled = (table[list(_FILLED_TEXTS)] != "").sum(axis=1) + table["capacity"].notna()
    rows = []
    for row in table.itertuples():
        checked = max(row.check_date, row.confirmed_on, f"{row.closed_year}-01-01" if row.closed_year else "")
        known = max(checked, newest[row.source_id])
        standing = (not (row.confirmed_by or row.confirmed_on), source_rank.get(row.source_id, last))
        words = name_words(row.name)
        key = (
            *standing,
            row.certainty != "certain",
            _backwards(known),
            _backwards(checked),
            not words,
            -int(filled[row.Index]),
            row.facility_id,
        )
        rows.append(
            _Row(
                index=row.Index,
                key=key,
                object_id=row.object_id,
                source_id=row.source_id,
                words=words,
                is_open=row.state != "closed",
                standing=standing,
                checked=checked,
                known=known,
                place_id=row.place_id,
                place_only=row.facility_id in place_only,
                spot=_NOWHERE if row.facility_id in place_only else (row.x, row.y),
            )
        )
    return rows


def _backwards(day: str) -> tuple[int, ...]:
    """Sorts newer days first and unknown ones last."""
    return tuple(-ord(c) for c in day) if day else (0,)


def _merge_service(service: str, members: list[_Row], near: _Nearness) -> dict[int, tuple[int, str]]:
    """Row -> (row that counts, reason) within one service."""
    neighbours = _neighbours(members, near.distance_m)
    same = _same_test(service, near)
    # A row that counts takes on the name and the position that it lacks from the first row that joins it: it is one
    # facility, not all of them.
    names: dict[int, tuple[str, ...]] = {}
    spots: dict[int, tuple[float, float]] = {}
    into: dict[int, tuple[int, str]] = {}
    for number in sorted(range(len(members)), key=lambda k: members[k].key):
        row = members[number]
        best: tuple[tuple[object, ...], int, str] | None = None
        for other in neighbours[number]:
            if other not in names:
                continue
            centre = members[other]
            apart_m = math.dist(row.spot, spots[other])
            reason = same(row, centre, names[other], apart_m)
            if not reason or not _states_agree(centre, row):
                continue
            far_m = near.distance_m if math.isnan(apart_m) else apart_m
            fit = (_REASON_ORDER[reason], centre.is_open != row.is_open, far_m, centre.key)
            if best is None or fit < best[0]:
                best = (fit, other, reason)
        if best is None:
            names[number], spots[number] = row.words, row.spot
            continue
        _, other, reason = best
        into[row.index] = (members[other].index, reason)
        names[other] = names[other] or row.words
        if math.isnan(spots[other][0]):
            spots[other] = row.spot
    return into


def _neighbours(members: list[_Row], distance_m: float) -> list[list[int]]:
    """Of each row the rows that it may be one with: near, of the same object, or known by the same place only."""
    neighbours: list[set[int]] = [set() for _ in members]
    spots = np.array([row.spot for row in members], dtype=np.float64)
    located = np.flatnonzero(np.isfinite(spots).all(axis=1))
    if len(located):
        for a, b in cKDTree(spots[located]).query_pairs(distance_m, output_type="ndarray"):
            first, second = int(located[a]), int(located[b])
            neighbours[first].add(second)
            neighbours[second].add(first)
    by_object: dict[str, list[int]] = {}
    by_place: dict[str, list[int]] = {}
    for number, row in enumerate(members):
        by_object.setdefault(row.object_id, []).append(number)
        by_place.setdefault(row.place_id, []).append(number)
    for number, row in enumerate(members):
        alike = by_object[row.object_id] if row.object_id else []
        alike = [*alike, *(by_place[row.place_id] if row.place_only and row.place_id else [])]
        for other in alike:
            if other != number:
                neighbours[number].add(other)
                neighbours[other].add(number)
    return [sorted(found) for found in neighbours]


def _same_test(service: str, near: _Nearness) -> Callable[[_Row, _Row, tuple[str, ...], float], str]:
    """A function that gives the reason why a row and a row that counts (with its name) are one, or empty."""

    def same(row: _Row, centre: _Row, centre_words: tuple[str, ...], apart_m: float) -> str:
        if row.object_id and row.object_id == centre.object_id:
            return "same_object"
        nameless = not row.words or not centre_words
        is_stop = service == STOP_SERVICE
        alike = (
            row.words == centre_words if is_stop else name_similarity_of(row.words, centre_words) >= near.similar_from
        )
        if math.isnan(apart_m):
            # Without a position the place must do; two nameless rows of one list are two facilities.
            if row.place_id != centre.place_id or not (row.place_only or centre.place_only):
                return ""
            if nameless:
                return "near" if row.source_id != centre.source_id else ""
            return "same_name" if alike else ""
        if apart_m > near.distance_m:
            return ""
        if is_stop:
            one = apart_m <= near.pole_m if nameless else alike
            return "poles" if one else ""
        if not nameless and alike:
            return "same_name"
        if nameless or (service in PRACTICE_SERVICES and apart_m <= near.practice_m):
            return "near"
        return ""

    return same


def _states_agree(centre: _Row, row: _Row) -> bool:
    """Whether a row that counts may take in another as regards open and closed."""
    if centre.is_open == row.is_open or centre.standing < row.standing:
        return True
    same_object = bool(row.object_id) and centre.object_id == row.object_id
    if not (centre.words and row.words) and not same_object:
        return False
    if centre.source_id == row.source_id:
        if same_object:
            return False  # the source itself tells what the object is and what it was
        return bool(row.checked) and centre.checked > row.checked
    return bool(row.known) and centre.known > row.known


def _write(table: pd.DataFrame, rows: list[_Row], into: dict[int, tuple[int, str]]) -> None:
    """Write the merging into the table and fill unknown fields of the rows that count."""
    ids = table["facility_id"].to_list()
    merged = [""] * len(table)
    reasons = [""] * len(table)
    texts = {column: table[column].to_list() for column in (*_FILLED_TEXTS, *_ADDRESS, "position_rule", "note")}
    numbers = {column: table[column].to_list() for column in (*_POSITION, *_FILLED_NUMBERS)}
    nowhere = {row.index for row in rows if row.place_only}
    for loser in sorted(into, key=lambda index: rows[index].key):
        winner, reason = into[loser]
        merged[loser], reasons[loser] = ids[winner], reason
        if winner in nowhere and loser not in nowhere:
            nowhere.discard(winner)
            for column in _POSITION:
                numbers[column][winner] = numbers[column][loser]
            texts["position_rule"][winner] = texts["position_rule"][loser]
        if rows[loser].is_open != rows[winner].is_open:
            continue  # what held for an open shop says nothing about the closed one, and the other way round
        given = [c for c in (*_FILLED_TEXTS, *_ADDRESS) if not texts[c][winner] and texts[c][loser]]
        for column in given:
            texts[column][winner] = texts[column][loser]
        for column in _FILLED_NUMBERS:
            if np.isnan(numbers[column][winner]) and not np.isnan(numbers[column][loser]):
                numbers[column][winner] = numbers[column][loser]
                given.append(column)
        if given:
            told = f"merge: {', '.join(given)} -> {ids[winner]}"
            texts["note"][loser] = "; ".join(part for part in (texts["note"][loser], told) if part)
    for column, values in texts.items():
        table[column] = pd.Series(values, dtype="str")
    for column, values in numbers.items():
        table[column] = pd.Series(values, dtype="float64")
    table["merged_into"] = pd.Series(merged, dtype="str")
    table["merge_reason"] = pd.Series(reasons, dtype="str")
