"""Areas and authorities by name: municipalities, their associations, districts, places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.region.model import Region

AreaLevel = Literal["association", "municipality", "district", "place"]
_LEVELS: tuple[AreaLevel, ...] = ("association", "municipality", "place", "district")
# what a name may begin with, and the level that it then means; empty = says nothing
_TITLES: tuple[tuple[str, tuple[AreaLevel, ...]], ...] = (
    (r"(?:verbandsgemeinde|samtgemeinde|vg|amt|verwaltungsgemeinschaft)\s+", ("association",)),
    (r"(?:einheitsgemeinde|gemeinde|hansestadt|stadt|markt|flecken)\s+", ("municipality", "association")),
    (r"(?:landkreis|kreis|lk|region)\s+", ("district",)),
    (r"(?:ortschaft|ortsteil|ort|dorf)\s+", ("place",)),
)
_AFTER = re.compile(r",\s*(?:hansestadt|stadt|lutherstadt|landkreis|kreis|markt|flecken|gkst\.?)$")


@dataclass(frozen=True)
class Area:
    """One area: its level, key (association_id, ags, district_ags or place_id) and name as printed."""

    level: AreaLevel
    key: str
    name: str


def known_areas(region: Region) -> tuple[Area, ...]:
    """All areas of the region, the study area first, in the order of the tables."""
    found: list[Area] = []
    towns = region.municipalities.sort_values("in_study", ascending=False, kind="stable")
    places = region.places.sort_values("in_study", ascending=False, kind="stable")
    columns: tuple[tuple[AreaLevel, pd.DataFrame, str, str], ...] = (
        ("association", towns, "association_id", "association_name"),
        ("municipality", towns, "ags", "name"),
        ("place", places, "place_id", "print_name"),
        ("district", towns, "district_ags", "district_name"),
    )
    for level, frame, key, name in columns:
        one = frame[[key, name]].astype(str).drop_duplicates(key)
        found.extend(Area(level, k, n) for k, n in zip(one[key], one[name], strict=True) if k and n)
    return tuple(found)


def find_areas(name: str, areas: Sequence[Area], *, levels: Sequence[AreaLevel] = _LEVELS) -> tuple[Area, ...]:
    """What a name or key means: one area, several of one level (ambiguous), or none.

    The first of `levels` with a hit counts, since an association holds its municipality of the same name, and that its place. A title
    ("Verbandsgemeinde ...", "Landkreis ...") names the level.
    """
    wanted = re.sub(r"\s+", " ", name.strip().casefold())
    titled: tuple[AreaLevel, ...] = ()
    bare = wanted
    for title, of in _TITLES:
        if match := re.match(title, wanted):
            titled, bare = of, wanted[match.end() :]
            break
    for text, allowed in ((wanted, tuple(levels)), (bare, tuple(x for x in titled if x in levels))):
        for level in allowed:
            hits = [
                a for a in areas if a.level == level and text in (a.key.casefold(), _plain(a.name), a.name.casefold())
            ]
            if hits:
                return tuple(hits)
    return ()


def area_of(key: str, region: Region) -> Area | None:
    """The area with a key, in the order association, municipality, place, district; None if there is none."""
    return next((a for a in known_areas(region) if a.key == key), None)


def area_cells(region: Region, keys: Sequence[str]) -> NDArray[np.int32]:
    """Rows of ``Region.cells`` with people that lie in any of some areas (keys as in `Area`); no keys = the whole study area.

    Only cells of the study area count: beyond it supply is not known.
    """
    cells = region.cells
    mine = cells["in_study"].to_numpy(bool) & (cells["persons"].to_numpy(np.float64) > 0)
    if keys:
        wanted = set(keys)
        towns = region.municipalities
        hit = towns["ags"].isin(wanted) | towns["association_id"].isin(wanted) | towns["district_ags"].isin(wanted)
        inside = cells["ags"].isin(set(towns.loc[hit, "ags"])) | cells["place_id"].isin(wanted)
        mine &= inside.to_numpy(bool)
    return np.flatnonzero(mine).astype(np.int32)


def authority_keys(region: Region) -> dict[tuple[str, str], str]:
    """(municipality or district, ags) -> key of the authority that is competent for the residents: the association of municipalities where
    there is one, else the municipality; the district."""
    towns = region.municipalities
    of: dict[tuple[str, str], str] = {}
    for ags, association, district in zip(towns["ags"], towns["association_id"], towns["district_ags"], strict=True):
        of["municipality", str(ags)] = str(association) or str(ags)
        of["district", str(ags)] = str(district)
    return of


def area_name(key: str, region: Region) -> str:
    """Name of an area as printed; the key itself where there is none."""
    found = area_of(key, region)
    return found.name if found else key


def _plain(name: str) -> str:
    """Name without what stands behind a comma or before it as a title."""
    text = _AFTER.sub("", name.strip().casefold())
    for title, _ in _TITLES:
        if match := re.match(title, text):
            return text[match.end() :]
    return text
