"""Finds again what an office was asked about, also where a source gave it another id meanwhile."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ankerort.region.name_similarity import name_similarity_of, name_words


class FacilityFinder:
    """Facilities by id, else by object, else by service, place and name, else by service and position.

    Parameters
    ----------
    facilities
        FACILITIES, merged, with a plain index.
    distance_m
        Within it a facility of the same service is the one asked about, if the names are alike or one is missing.
    similar_from
        Share from which two names are alike.
    """

    def __init__(self, facilities: pd.DataFrame, *, distance_m: float, similar_from: float) -> None:
        self._frame = facilities
        self._distance_m, self._similar_from = distance_m, similar_from
        self._position = {str(f): k for k, f in enumerate(facilities["facility_id"])}

    def find(self, row: pd.Series) -> int:
        """Position of the row that counts for a confirmation; -1 if there is none."""
        k = self._position.get(str(row["subject_id"]), -1)
        if k < 0 or not self._is_it(k, row):
            # a list without ids numbers its rows anew when a row is added: the number alone proves nothing
            other = self._alike(row)
            if other >= 0:
                k = other
            elif k >= 0 and not self._near(k, row):
                k = -1
        if k < 0:
            return -1
        into = str(self._frame.at[k, "merged_into"])
        return self._position[into] if into else k

    def _is_it(self, k: int, row: pd.Series) -> bool:
        """Whether the row with the id has the name that it had; what had no name is taken at its id."""
        words = name_words(str(row["subject_name"]))
        return not words or self._similarity(words, k) >= self._similar_from

    def _near(self, k: int, row: pd.Series) -> bool:
        """Whether it still stands where it stood: then it was renamed."""
        if math.isnan(float(row["lon"])):
            return True
        one = self._frame.iloc[[k]]
        return bool(metres(one["lon"], one["lat"], float(row["lon"]), float(row["lat"]))[0] <= self._distance_m)

    def _alike(self, row: pd.Series) -> int:
        frame = self._frame
        same = frame["service"] == row["service"]
        if row["object_id"]:
            found = frame.index[same & (frame["object_id"] == row["object_id"])]
            found = [int(k) for k in found if self._is_it(int(k), row)]
            if found:
                return found[0]
        words = name_words(str(row["subject_name"]))
        here = frame.index[same & (frame["place_id"] == row["place_id"])]
        named = [(self._similarity(words, int(k)), -int(k)) for k in here]
        best = max((n for n in named if n[0] >= self._similar_from), default=None)
        if best is not None:
            return -best[1]
        if math.isnan(float(row["lon"])):
            return -1
        away_m = metres(frame["lon"], frame["lat"], float(row["lon"]), float(row["lat"]))
        near = [int(k) for k in np.flatnonzero(same.to_numpy(bool) & (away_m <= self._distance_m))]
        near = [k for k in near if not words or not name_words(str(frame.at[k, "name"]))]
        return min(near, key=lambda k: (away_m[k], k), default=-1)

    def _similarity(self, words: tuple[str, ...], k: int) -> float:
        return name_similarity_of(words, name_words(str(self._frame.at[k, "name"])))


def find_row(frame: pd.DataFrame, key: str, row: pd.Series) -> int:
    """Position of a visit, building or club: by id, else by place and name (and service); -1 if there is none."""
    name = "stop_name" if "stop_name" in frame else "name"
    alike = (frame["place_id"] == row["place_id"]) & (frame[name] == row["subject_name"]) & (frame[name] != "")
    if "service" in frame:
        alike &= frame["service"] == row["service"]
    named = frame.index[alike]
    found = frame.index[frame[key] == row["subject_id"]]
    if len(found) and (alike[found[0]] or len(named) != 1):
        return int(found[0])
    # a list without ids numbers its rows anew when a row is added: the one of its name goes before the number
    return int(named[0]) if len(named) == 1 else -1


def metres(lon: pd.Series, lat: pd.Series, to_lon: float, to_lat: float) -> np.ndarray:
    """Metres on a sphere, good enough within a village."""
    north = np.radians(lat.to_numpy(float) - to_lat)
    east = np.radians(lon.to_numpy(float) - to_lon) * math.cos(math.radians(to_lat))
    return np.asarray(np.hypot(north, east) * 6_371_000.0)
