"""Known layouts of census files: how they are recognised by their header, and what their columns mean.

Ankerort's names of the columns: ``id``, ``x``, ``y``, ``lon``, ``lat``, ``persons``, ``persons_scaled``, ``ags``,
``age_<first>_<last>`` (persons of these ages, last 120 = open-ended), ``share_<first>_plus`` and ``share_under_<age>``
(per cent of the persons of the same cell).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GRID_CRS = "EPSG:3035"
OPEN_AGE = 120

# Signs that official statistics put where no number stands; none of them means zero. Full stop: table locked;
# dashes: nothing to publish; the numbers -9 and -1 come from the grid files of 2011.
TEXT_MARKERS: tuple[str, ...] = ("", "–", "—", "-", ".", "…", "...", "/", "x", "X", "NA", "NaN", "nan", "null", "NULL")
SUPPRESSED = -9.0
NOT_AVAILABLE = -1.0

# Rectangle in which a census of Germany can lie (longitude, latitude): only to tell wrong projections.
PLAUSIBLE_LON_LAT: tuple[float, float, float, float] = (5.0, 46.5, 16.0, 56.0)

_OFFICIAL_PERSONS = ("einwohner", "insgesamt_bevoelkerung")
_OFFICIAL_AGES: dict[str, tuple[int, int]] = {
    "unter10": (0, 9),
    "a10bis19": (10, 19),
    "a20bis29": (20, 29),
    "a30bis39": (30, 39),
    "a40bis49": (40, 49),
    "a50bis59": (50, 59),
    "a60bis69": (60, 69),
    "a70bis79": (70, 79),
    "a80undaelter": (80, OPEN_AGE),
    "unter18": (0, 17),
    "a18bis29": (18, 29),
    "a30bis49": (30, 49),
    "a50bis64": (50, 64),
    "a65undaelter": (65, OPEN_AGE),
}
_LEVELS = {"100m": 100.0, "1km": 1000.0, "10km": 10000.0}
_AGE_NAME = re.compile(r"age_(\d+)_(\d+)$")
_SHARE_PLUS = re.compile(r"share_(\d+)_plus$")
_SHARE_UNDER = re.compile(r"share_under_(\d+)$")
_HOUSEHOLD = re.compile(r"haushalt|household|^hh_|_hh_|^[1-6]_person", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """What the columns of one census file mean.

    Parameters
    ----------
    id
        Name of the layout, as used for ``preset``; empty if only the user's mapping tells.
    crs
        System of ``x`` and ``y``.
    size_m
        Edge length of a cell; 0 for points.
    columns
        Ankerort's name -> name in the file.
    """

    id: str
    crs: str
    size_m: float
    columns: Mapping[str, str]

    def age_classes(self) -> dict[str, tuple[int, int, bool]]:
        """Ankerort's names of the age columns -> first age, last age, whether it is a share in per cent."""
        found: dict[str, tuple[int, int, bool]] = {}
        for name in self.columns:
            if (age := age_range(name)) is not None:
                found[name] = age
        return found


PRESETS: dict[str, Layout] = {
    "zensus2011_200m": Layout(
        "zensus2011_200m",
        GRID_CRS,
        200.0,
        {"x": "x", "y": "y", "persons": "einwohner_2011", "persons_scaled": "einwohner_2022_skaliert", "ags": "ags"},
    ),
    "zensus2011_1km": Layout(
        "zensus2011_1km",
        GRID_CRS,
        1000.0,
        {
            "id": "grid_id",
            "x": "x",
            "y": "y",
            "persons": "einwohner_2011",
            "persons_scaled": "einwohner_2022_skaliert",
            "share_65_plus": "ab65_A",
            "share_under_18": "unter18_A",
            "ags": "ags",
        },
    ),
    "zensus2011_100m": Layout(
        "zensus2011_100m",
        GRID_CRS,
        100.0,
        {"x": "x", "y": "y", "age_0_9": "alter_unter10", "age_80_120": "alter_80plus"},
    ),
}
OFFICIAL_PRESETS: tuple[str, ...] = tuple(f"zensus2022_{level}" for level in _LEVELS)


def age_range(name: str) -> tuple[int, int, bool] | None:
    """First age, last age and "is a share" of an age column's name; None for other columns."""
    if match := _AGE_NAME.match(name):
        return int(match[1]), min(int(match[2]), OPEN_AGE), False
    if match := _SHARE_PLUS.match(name):
        return int(match[1]), OPEN_AGE, True
    if match := _SHARE_UNDER.match(name):
        return 0, int(match[1]) - 1, True
    return None


def holds_households(header: Iterable[str]) -> bool:
    """Whether the columns speak of households, so that the counts are no persons."""
    return any(_HOUSEHOLD.search(name) for name in header)


def recognise(header: list[str], *, preset: str = "") -> Layout | None:
    """Find the layout of a file by its header; letter case and surrounding blanks do not count.

    Parameters
    ----------
    header
        Column names as in the file.
    preset
        Name of a layout; then only this one is tried.

    Returns
    -------
    Layout or None
        With the columns that the file really has; None if no layout fits.
    """
    actual = {name.strip().lower(): name for name in header}
    if not preset or preset in OFFICIAL_PRESETS:
        for level, size_m in _LEVELS.items():
            if preset not in ("", f"zensus2022_{level}") or f"gitter_id_{level}" not in actual:
                continue
            return Layout(f"zensus2022_{level}", GRID_CRS, size_m, _official_columns(actual, level))
    for name, layout in PRESETS.items():
        if preset not in ("", name):
            continue
        # All columns must be there, but the scaled persons and the key; so the three files are told apart.
        needed = [c for key, c in layout.columns.items() if key not in ("persons_scaled", "ags")]
        marks = {"zensus2011_200m": "einwohner_2011", "zensus2011_1km": "grid_id", "zensus2011_100m": "wohnungen"}
        clash = name == "zensus2011_200m" and "ab65_a" in actual
        if all(c.lower() in actual for c in needed) and marks[name] in actual and not clash:
            columns = {k: actual[c.lower()] for k, c in layout.columns.items() if c.lower() in actual}
            return Layout(name, layout.crs, layout.size_m, columns)
    return None


def _official_columns(actual: Mapping[str, str], level: str) -> dict[str, str]:
    columns = {"id": actual[f"gitter_id_{level}"]}
    for axis in ("x", "y"):
        if (name := f"{axis}_mp_{level}") in actual:
            columns[axis] = actual[name]
    for name in _OFFICIAL_PERSONS:
        if name in actual and "persons" not in columns:
            columns["persons"] = actual[name]
    for name, (first, last) in _OFFICIAL_AGES.items():
        if name in actual:
            columns[f"age_{first}_{last}"] = actual[name]
    return columns
