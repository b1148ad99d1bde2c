"""What stops are called: register names without their place, and names for spots that have none."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.region.model import Region
from ankerort.region.stop_places import place_key
from ankerort.text import say

_BRACKET = re.compile(r"\([^)]*\)?")
_SECTORS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
_LONGEST_NAME = 50  # some exports cut names off there


class StopNames:
    """What a stop is called within its place, out of "Ort (Gemeinde), Stop" or "Ort Stop, Gemeinde".

    Which side of the comma names the place is told by the stop's own place and municipality, else by those of the region; where neither
    is known, it is the side before it, as German registers have it.
    """

    def __init__(self, region: Region) -> None:
        towns, places = region.municipalities, region.places
        self._town = dict(zip(towns["ags"], map(_bare, towns["name"]), strict=True))
        self._place = dict(zip(places["place_id"], map(_bare, places["name"]), strict=True))
        self._towns = set(self._town.values()) - {""}
        self._known = self._towns | set(self._place.values()) - {""}

    def of(self, name: str, place_id: str = "", ags: str = "") -> str:
        """Name without its place and municipality; the name itself where nothing else is left."""
        text = " ".join(str(name).split())
        before, comma, after = (part.strip() for part in text.partition(","))
        if not comma:
            return text
        if not before or not after:
            return before or after
        town = self._town.get(ags, "")
        own = {self._place.get(place_id, ""), town} - {""}
        if _bare(before) in own and _bare(after) in own:  # "Rodenbach, Altenstadt" or "Altenstadt, Rodenbach"
            return after if _bare(before) == town else before
        return self._without_place(before) if self._place_follows(text, before, after, own) else after

    def _place_follows(self, text: str, before: str, after: str, own: set[str]) -> bool:
        first, second = _bare(before), _bare(after)
        if second and len(text) >= _LONGEST_NAME:  # "..., Altenst": cut off
            second = next((k for k in sorted(own or self._towns) if k.startswith(second)), second)
        if first in own or second in own:
            return second in own
        if second in self._towns:
            return first not in self._towns
        return second in self._known and first not in self._known

    def _without_place(self, text: str) -> str:
        """ "Lindheim Kirche" is "Kirche" in Lindheim."""
        words = text.split(" ")
        for k in range(len(words) - 1, 0, -1):
            if _bare(" ".join(words[:k])) in self._known:
                return " ".join(words[k:])
        return text


def _bare(name: str) -> str:
    return place_key(_BRACKET.sub(" ", str(name)))


def named_by_place(found: pd.DataFrame, printed: Callable[[str], str], *, near_m: float) -> list[str]:
    """Names as printed: a spot without a name is called after its kind and the nearest spot with a name, else after its place."""
    names = found["name"].to_numpy(object).copy()
    place = found["place_id"].to_numpy(object)
    kinds = found["kind"].to_numpy(object)
    xy = found[["x", "y"]].to_numpy(float)
    named = np.flatnonzero(names != "")
    tree = cKDTree(xy[named]) if len(named) else None
    for k in np.flatnonzero(names == "").tolist():
        near = [] if tree is None else [named[j] for j in sorted(tree.query_ball_point(xy[k], near_m))]
        near = [j for j in near if place[j] == place[k] and kinds[j] != "car_park"]
        if near and kinds[k] == "car_park":
            best = min(near, key=lambda j: (float(np.hypot(*(xy[j] - xy[k]))), found["stop_id"].iloc[j]))
            made = say("mobile_stops.beside.car_park", "de", name=found["name"].iloc[best])
        else:
            made = say(f"mobile_stops.unnamed.{kinds[k]}", "de", place=printed(place[k]))
        names[k] = made
    return [str(n) for n in names]


def told_apart(names: pd.Series, place_id: pd.Series, xy: NDArray[np.float64]) -> list[str]:
    """Names of which no two in one place are the same: each gets where it lies among those of its name, "Parkplatz in Bdorf (Nord)".

    Parameters
    ----------
    xy
        float64 (stops, 2): projected metres.

    Notes
    -----
    The direction is that from the middle of all spots of the name; of several in one direction the second gets a number.
    """
    told = [str(name) for name in names]
    used: dict[tuple[str, str], int] = {}
    for (place, name), rows in names.groupby([place_id, names], sort=True).indices.items():
        if len(rows) < 2:
            continue
        offset = xy[rows] - xy[rows].mean(axis=0)
        sector = np.round(np.degrees(np.arctan2(offset[:, 0], offset[:, 1])) / 45.0).astype(int) % len(_SECTORS)
        for row, k in zip(rows.tolist(), sector.tolist(), strict=True):
            where = say(f"mobile_stops.direction.{_SECTORS[k]}", "de")
            made = f"{name} ({where})"
            used[place, made] = used.get((place, made), 0) + 1
            told[row] = made if used[place, made] == 1 else f"{name} ({where} {used[place, made]})"
    return told
