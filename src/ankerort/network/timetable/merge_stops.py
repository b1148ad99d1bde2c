"""The same stop in several feeds becomes one stop; poles within one feed stay apart (one walks between them)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

_STREET = re.compile(r"str(aße|asse|\.)?(?=\W|$)")
_NO_LETTER = re.compile(r"[^a-z0-9]+")


def normalise_stop_name(name: str) -> str:
    """A stop's name without what feeds write differently: case, umlauts, punctuation, Straße/Str.

    >>> normalise_stop_name("Süplingen,  Haldensleber Straße") == normalise_stop_name("SUEPLINGEN Haldensleber Str.")
    True
    """
    text = name.casefold().replace("ß", "ss")
    text = _STREET.sub("str", text.replace("strasse", "straße"))
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        text = text.replace(umlaut, letters)
    text = unicodedata.normalize("NFKD", text)
    return _NO_LETTER.sub(" ", "".join(c for c in text if not unicodedata.combining(c))).strip()


def merge_stops(
    tables: Sequence[pd.DataFrame], source_ids: Sequence[str], *, max_m: float
) -> tuple[pd.DataFrame, list[NDArray[np.int32]]]:
    """Join the stop tables of several feeds.

    Two stops of different feeds are one if they lie within `max_m` metres and have the same id or the same normalised name.
    Each stop is matched with at most one stop of each other feed: same ids first, then the nearest. Name and position are those
    of the first feed.

    Parameters
    ----------
    tables
        Per feed: stop_id, name, lon, lat, x, y.
    source_ids
        Per feed its source.
    max_m
        Figure ``pt.stop_merge_m``.

    Returns
    -------
    stops : pandas.DataFrame
        stop_ix, name, lon, lat, x, y, feeds, stop_ids (both ';'-joined, in the order of the feeds).
    rows : list of int32 arrays
        Per feed: row in `stops` of each of its stops.
    """
    sizes = [len(t) for t in tables]
    together = pd.concat([t[["stop_id", "name", "lon", "lat", "x", "y"]] for t in tables], ignore_index=True)
    feed = np.repeat(np.arange(len(tables)), sizes)
    cluster = _clusters(together, feed, max_m)
    leaders, row = np.unique(
        cluster, return_inverse=True
    )  # a cluster's id is its first member: order of first appearance
    stops = together.loc[leaders, ["name", "lon", "lat", "x", "y"]].reset_index(drop=True)
    names = np.array(source_ids, dtype=object)[feed]
    members = pd.DataFrame({"row": row, "feeds": names, "stop_ids": together["stop_id"]})
    joined = members.groupby("row", sort=True).agg({"feeds": ";".join, "stop_ids": ";".join})
    stops["feeds"], stops["stop_ids"] = joined["feeds"].to_numpy(), joined["stop_ids"].to_numpy()
    stops.insert(0, "stop_ix", np.arange(len(stops), dtype=np.int32))
    bounds = np.cumsum([0, *sizes])
    return stops, [row[a:b].astype(np.int32) for a, b in pairwise(bounds)]


def _clusters(stops: pd.DataFrame, feed: NDArray[np.int64], max_m: float) -> NDArray[np.int64]:
    """Per stop the smallest index of its cluster; no cluster holds two stops of one feed."""
    parent = list(range(len(stops)))
    if len(set(feed.tolist())) < 2:
        return np.array(parent, dtype=np.int64)

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    xy = stops[["x", "y"]].to_numpy(float)
    pairs = cKDTree(xy).query_pairs(max_m, output_type="ndarray")
    a, b = pairs[:, 0], pairs[:, 1]
    ids = pd.factorize(stops["stop_id"])[0]
    names = pd.factorize(stops["name"].map(normalise_stop_name))[0]
    same_id = ids[a] == ids[b]
    chosen = (feed[a] != feed[b]) & (same_id | (names[a] == names[b]))
    a, b, same_id = np.minimum(a, b)[chosen], np.maximum(a, b)[chosen], same_id[chosen]
    distance = np.hypot(*(xy[a] - xy[b]).T)
    held: dict[int, set[int]] = {}
    for k in np.lexsort((b, a, distance, ~same_id)):
        one, two = sorted((root(int(a[k])), root(int(b[k]))))
        if one == two:
            continue
        first = held.setdefault(one, {int(feed[one])})
        second = held.setdefault(two, {int(feed[two])})
        if first.isdisjoint(second):
            parent[two] = one
            first |= second
    return np.array([root(k) for k in range(len(stops))], dtype=np.int64)
