"""A slow and obvious reading of GTFS with plain `csv`, and a writer of small feeds; knows nothing of the product's code."""

from __future__ import annotations

import csv
import io
import math
import zipfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Rows = Sequence[Mapping[str, object]]


def write_feed(path: Path, tables: Mapping[str, Rows | str]) -> Path:
    """Write a feed; a table is a list of rows or the text of the file."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, rows in tables.items():
            if isinstance(rows, str):
                archive.writestr(f"{name}.txt", rows)
                continue
            columns = list(dict.fromkeys(c for r in rows for c in r))
            stream = io.StringIO()
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
            archive.writestr(f"{name}.txt", stream.getvalue())
    return path


def read_tables(path: Path) -> dict[str, list[dict[str, str]]]:
    """All files of a feed as dictionaries."""
    tables: dict[str, list[dict[str, str]]] = defaultdict(list)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with archive.open(name) as raw:
                reader = csv.DictReader(io.TextIOWrapper(raw, "utf-8-sig", newline=""))
                tables[name.removesuffix(".txt")] = list(reader)
    return tables


def seconds(text: str) -> int | None:
    """Seconds of H:MM:SS, None if blank."""
    if not text.strip():
        return None
    h, m, s = text.split(":")
    return int(h) * 3600 + int(m) * 60 + int(s)


def services_on(tables: Mapping[str, list[dict[str, str]]], day: date) -> set[str]:
    """Ids of the services that run on a date."""
    key = day.strftime("%Y%m%d")
    running = {
        row["service_id"]
        for row in tables["calendar"]
        if row["start_date"] <= key <= row["end_date"] and row[WEEKDAYS[day.weekday()]] == "1"
    }
    for row in tables["calendar_dates"]:
        if row["date"] == key:
            if row["exception_type"] == "1":
                running.add(row["service_id"])
            else:
                running.discard(row["service_id"])
    return running


def trips_on(tables: Mapping[str, list[dict[str, str]]], day: date) -> list[str]:
    """Ids of the trips that run on a date (frequencies not expanded)."""
    running = services_on(tables, day)
    return [t["trip_id"] for t in tables["trips"] if t["service_id"] in running]


def runs(tables: Mapping[str, list[dict[str, str]]]) -> dict[str, list[tuple[str, int, int, str, str]]]:
    """Per run of a trip its events (stop, arrival, departure, pickup, drop-off); blanks filled, frequencies expanded."""
    events: dict[str, list[tuple[int, str, int | None, int | None, str, str]]] = defaultdict(list)
    for row in tables["stop_times"]:
        arr, dep = seconds(row["arrival_time"]), seconds(row["departure_time"])
        arr, dep = (dep if arr is None else arr), (arr if dep is None else dep)
        kinds = (row.get("pickup_type") or "0", row.get("drop_off_type") or "0")
        events[row["trip_id"]].append((int(row["stop_sequence"]), row["stop_id"], arr, dep, *kinds))
    written: dict[str, list[tuple[str, int, int, str, str]]] = {}
    for trip, rows in events.items():
        rows.sort()
        known = [k for k, r in enumerate(rows) if r[2] is not None]
        filled = []
        for k, (_, stop, arr, dep, pickup, drop) in enumerate(rows):
            if arr is None or dep is None:
                before = max(j for j in known if j < k)
                after = min(j for j in known if j > k)
                start, end = rows[before][3], rows[after][2]
                assert start is not None and end is not None
                arr = dep = start + (end - start) * (k - before) // (after - before)
            filled.append((stop, arr, dep, pickup, drop))
        written[trip] = filled
    repeated: dict[str, set[int]] = defaultdict(set)
    for row in tables["frequencies"]:
        start, end = seconds(row["start_time"]), seconds(row["end_time"])
        assert start is not None and end is not None
        repeated[row["trip_id"]] |= set(range(start, end, int(row["headway_secs"])))
    result = {}
    for trip, rows in written.items():
        if trip not in repeated:
            result[trip] = rows
        for moment in repeated.get(trip, ()):
            shift = moment - rows[0][2]
            label = f"{trip}#{moment // 3600:02d}:{moment // 60 % 60:02d}:{moment % 60:02d}"
            result[label] = [(s, a + shift, d + shift, p, q) for s, a, d, p, q in rows]
    return result


def is_on_demand(rows: Sequence[tuple[str, int, int, str, str]]) -> bool:
    """All boardings or all alightings by arrangement, or at least ten hops of two seconds or less."""
    boardings = [r[3] for r in rows[:-1] if r[3] != "1"]
    alightings = [r[4] for r in rows[1:] if r[4] != "1"]
    hops = sum(b[1] - a[2] <= 2 for a, b in pairwise(rows))
    by_arrangement = any(bool(kinds) and all(k in "23" for k in kinds) for kinds in (boardings, alightings))
    return by_arrangement or hops >= 10


def earliest(
    rows: Sequence[tuple[str, int, int, str, str]], xy: Mapping[str, tuple[float, float]], *, demand: bool
) -> list[int]:
    """Earliest alighting at each stop, by the definition, one stop after the other."""

    def ride(a: str, b: str) -> int:
        return max(3, math.ceil(math.dist(xy[a], xy[b]) / 30))

    result = [rows[0][1]]
    for k in range(1, len(rows)):
        moments = [rows[k][1]]
        if demand:
            moments += [rows[k - 1][2] + 3, result[-1] if k > 1 else rows[k][1]]
            moments += [rows[i][2] + ride(rows[i][0], rows[k][0]) for i in range(k) if rows[i][3] != "1"]
        else:
            moments.append(max(result[-1], rows[k - 1][2]) + ride(rows[k - 1][0], rows[k][0]))
        result.append(max(moments))
    return result


def rides(
    tables: Mapping[str, list[dict[str, str]]], day: date, xy: Mapping[str, tuple[float, float]]
) -> Counter[tuple[str, str, str, int, int, bool]]:
    """Every ride anyone can take: (run, from stop, to stop, departure, earliest alighting, only when booked)."""
    service = {t["trip_id"]: t["service_id"] for t in tables["trips"]}
    found: Counter[tuple[str, str, str, int, int, bool]] = Counter()
    for run, rows in runs(tables).items():
        demand = is_on_demand(rows)
        out = earliest(rows, xy, demand=demand)
        for before in range(4):
            if service[run.split("#")[0]] not in services_on(tables, day - timedelta(days=before)):
                continue
            for i in range(len(rows)):
                for j in range(i + 1, len(rows)):
                    if rows[i][3] == "1" or rows[j][4] == "1" or rows[i][2] < before * 86400:
                        continue
                    booked = demand or rows[i][3] in "23" or rows[j][4] in "23"
                    shift = before * 86400
                    found[(run, rows[i][0], rows[j][0], rows[i][2] - shift, out[j] - shift, booked)] += 1
    return found
