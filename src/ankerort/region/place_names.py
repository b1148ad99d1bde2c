"""Ids of places and the names under which they are printed."""

from __future__ import annotations

import re

import pandas as pd

from ankerort.region.stop_places import place_key


def place_ids(names: pd.Series, ags: pd.Series) -> list[str]:
    """Stable ids ``15083040-eilsleben``; a second place of that name in the municipality gets ``-2``."""
    seen: dict[str, int] = {}
    ids: list[str] = []
    for name, key in zip(names, ags, strict=True):
        base = f"{key}-{place_key(name).replace(' ', '-')}"
        seen[base] = seen.get(base, 0) + 1
        ids.append(base if seen[base] == 1 else f"{base}-{seen[base]}")
    return ids


def print_names(places: pd.DataFrame, municipalities: pd.DataFrame) -> list[str]:
    """Names that tell same names apart: "Berge (Gardelegen)".

    Parameters
    ----------
    places
        Columns name, ags.
    municipalities
        Columns ags, name, district_name.

    Returns
    -------
    list of str
        The name alone where it is the only one; else with the municipality, then with the district, then with a number.
    """
    by_ags = municipalities.drop_duplicates("ags").set_index("ags")
    # "Aderstedt (Bernburg)" rather than two brackets within each other.
    short = by_ags["name"].map(lambda name: re.sub(r"\s*\([^)]*\)", "", name).strip() or name)
    municipality = places["ags"].map(short).fillna("")
    district = places["ags"].map(by_ags["district_name"]).fillna("")
    printed = places["name"].copy()
    same = places["name"].map(place_key).duplicated(keep=False)
    printed = printed.where(~same, [_with(n, m) for n, m in zip(printed, municipality, strict=True)])
    # Two municipalities of the same name: the district tells them apart.
    still = printed.duplicated(keep=False) & (district != "")
    apart = still & (places["ags"].groupby(printed).transform("nunique") > 1)
    longer = [_with(n, f"{m}, {d}") for n, m, d in zip(places["name"], municipality, district, strict=True)]
    printed = printed.where(~apart, longer)
    number = printed.groupby(printed).cumcount() + 1
    twice = printed.duplicated(keep=False)
    return [f"{p} {n}" if t else str(p) for p, n, t in zip(printed, number, twice, strict=True)]


def _with(name: str, addition: str) -> str:
    """The addition in brackets, unless the name has it already."""
    if not addition or addition in re.findall(r"\(([^)]*)\)", name):
        return name
    return f"{name} ({addition})"


class PlaceNames:
    """Finds places by what people write: name, print name or id."""

    def __init__(self, places: pd.DataFrame) -> None:
        self._printed = dict(zip(places["place_id"], places["print_name"], strict=True))
        self._ags = dict(zip(places["place_id"], places["ags"], strict=True))
        self._by_key: dict[str, list[str]] = {}
        for place_id, name, printed in zip(places["place_id"], places["name"], places["print_name"], strict=True):
            for key in dict.fromkeys((place_key(name), place_key(printed))):
                self._by_key.setdefault(key, []).append(place_id)

    def find(self, name: str, ags: str = "") -> list[str]:
        """Ids of the places of that name, in that municipality if given."""
        if name in self._printed:
            return [name]
        found = self._by_key.get(place_key(name), []) if name else []
        return [place_id for place_id in found if not ags or self._ags[place_id] == ags]

    def printed(self, place_id: str) -> str:
        """Print name of a place."""
        return str(self._printed[place_id])

    def ags_of(self, place_id: str) -> str:
        """Municipality of a place."""
        return str(self._ags[place_id])

    def known(self, ags: str = "") -> list[str]:
        """All print names, of one municipality if given."""
        return [str(p) for place_id, p in self._printed.items() if not ags or self._ags[place_id] == ags]
