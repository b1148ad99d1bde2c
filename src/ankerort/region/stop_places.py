"""Places out of stop names: "Abbendorf (Diesdorf), Abzweig" is a stop of Abbendorf in the municipality Diesdorf."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

# Words that name a stop, not a settlement, when a name has no comma.
_STOP_WORDS = re.compile(
    r"\s+(hbf|hauptbahnhof|bahnhof|bhf|bf|busbahnhof|zob|abzweig|ort|kirche|schule|mitte|dorf)\.?$", re.I
)
_JUNCTION = re.compile(r"^(abzweig|abzw\.|abzw|bahnhof|bf\.?|haltepunkt)\s+", re.I)
# "Harzgerode Sib_Strh 007 P7": stops of replacement services under an operator's code.
_CODE = re.compile(r"[_\d]")
_BRACKET = re.compile(r"\s*\([^)]*\)?\s*")


def place_key(name: str) -> str:
    """The name as it is compared: lower case, umlauts spelt out, one blank between words."""
    text = unicodedata.normalize("NFC", name).casefold()
    for umlaut, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        text = text.replace(umlaut, plain)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return " ".join(re.findall(r"[a-z0-9]+", text))


def place_of_stop_name(stop_name: str) -> tuple[str, bool]:
    """The settlement that a stop name names, and whether a comma says so.

    Returns
    -------
    tuple of str and bool
        Name without a bracketed addition (empty if the name names no settlement), and True if the text stood before
        a comma.
    """
    name = " ".join(stop_name.split())
    head, comma, _ = name.partition(",")
    head = _BRACKET.sub(" ", head).strip()
    if comma:
        return head, True
    if _CODE.search(head):
        return "", False
    head = _JUNCTION.sub("", head)
    return _STOP_WORDS.sub("", head).strip(), False


def persons_within(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    ags: NDArray[np.object_],
    *,
    cell_xy: NDArray[np.float64],
    cell_persons: NDArray[np.float64],
    cell_ags: NDArray[np.object_],
    radius_m: float,
) -> NDArray[np.float64]:
    """Persons of the cells of the same municipality whose centre lies within `radius_m` of each point; shape (points,)."""
    if len(x) == 0 or len(cell_xy) == 0:
        return np.zeros(len(x))
    near = cKDTree(cell_xy).query_ball_point(np.column_stack([x, y]), radius_m)
    counts = np.fromiter((len(cells) for cells in near), dtype=np.int64, count=len(x))
    flat = (
        np.concatenate([np.asarray(cells, dtype=np.int64) for cells in near]) if counts.sum() else np.zeros(0, np.int64)
    )
    point = np.repeat(np.arange(len(x)), counts)
    same = cell_ags[flat] == ags[point]
    return np.bincount(point[same], weights=cell_persons[flat[same]], minlength=len(x)).astype(np.float64)


def places_from_stops(
    stops: pd.DataFrame,
    *,
    municipality_names: dict[str, str],
    cell_xy: NDArray[np.float64],
    cell_persons: NDArray[np.float64],
    cell_ags: NDArray[np.object_],
    min_persons: float,
    radius_m: float,
) -> pd.DataFrame:
    """Settlements that the stops of a register or timetable name.

    Parameters
    ----------
    stops
        Columns name, ags, x, y, source_id; rows without AGS are left out.
    municipality_names
        AGS -> name: "Halle (Saale)" keeps its bracket, since that is its name.
    cell_xy, cell_persons, cell_ags
        Cell centres, shape (cells, 2), their inhabitants and municipalities.
    min_persons, radius_m
        A name is accepted where at least so many persons of its municipality live within the radius of its position; else a
        stop at the border would found a second place of a village next door.

    Returns
    -------
    DataFrame
        name, ags, x, y, source_id, one row per accepted (name, AGS), sorted by AGS and name. The position is the stop of that
        name nearest to the mean of its stops, weighted with the persons around each.
    """
    named = [place_of_stop_name(name) for name in stops["name"]]
    table = stops[["ags", "x", "y", "source_id"]].assign(
        place=[n for n, _ in named], comma=[c for _, c in named], number=np.arange(len(stops))
    )
    table = table[
        (table["place"] != "") & (table["ags"] != "") & np.isfinite(table["x"]) & np.isfinite(table["y"])
    ].reset_index(drop=True)
    columns = ["name", "ags", "x", "y", "source_id"]
    if table.empty:
        return pd.DataFrame({c: pd.Series(dtype="float64" if c in "xy" else "str") for c in columns})
    table["key"] = table["place"].map(place_key)
    table["key"] = _joined_keys(table)
    table["persons"] = persons_within(
        table["x"].to_numpy(),
        table["y"].to_numpy(),
        table["ags"].to_numpy(dtype=object),
        cell_xy=cell_xy,
        cell_persons=cell_persons,
        cell_ags=cell_ags,
        radius_m=radius_m,
    )
    table = table[(table["key"] != "") & (table["persons"] > 0)]
    group = table.groupby(["ags", "key"], sort=True)
    weight = table["persons"]
    total = group["persons"].transform("sum")
    mean_x = (table["x"] * weight).groupby([table["ags"], table["key"]]).transform("sum") / total
    mean_y = (table["y"] * weight).groupby([table["ags"], table["key"]]).transform("sum") / total
    table = table.assign(off=np.hypot(table["x"] - mean_x, table["y"] - mean_y))
    # The spelling of most stops; of equals the first.
    spelling = (
        table.groupby(["ags", "key", "place"], sort=False)
        .agg(count=("comma", "sum"), first=("number", "min"))
        .sort_values(["count", "first"], ascending=[False, True], kind="stable")
        .reset_index()
        .drop_duplicates(["ags", "key"])
        .set_index(["ags", "key"])["place"]
    )
    best = table.sort_values(["ags", "key", "off", "number"], kind="stable").drop_duplicates(["ags", "key"])
    best = best[best["persons"] >= min_persons]
    names = spelling.reindex(pd.MultiIndex.from_frame(best[["ags", "key"]])).to_numpy()
    best = best.assign(
        name=[_own_name(n, municipality_names.get(a, "")) for n, a in zip(names, best["ags"], strict=True)]
    )
    return best[columns].reset_index(drop=True)


def _joined_keys(table: pd.DataFrame) -> list[str]:
    """A name without comma that begins with a place of the same municipality is a stop of that place."""
    by_ags: dict[str, set[str]] = {}
    for ags, key in zip(table.loc[table["comma"], "ags"], table.loc[table["comma"], "key"], strict=True):
        by_ags.setdefault(ags, set()).add(key)
    keys: list[str] = []
    for ags, key, comma in zip(table["ags"], table["key"], table["comma"], strict=True):
        words = key.split(" ")
        heads = [" ".join(words[:k]) for k in range(len(words), 0, -1)]
        known = by_ags.get(ags, set())
        keys.append(key if comma else next((head for head in heads if head in known), key))
    return keys


def _own_name(name: str, municipality: str) -> str:
    """ "Halle" in the municipality "Halle (Saale)" is called so in full."""
    return municipality if place_key(_BRACKET.sub(" ", municipality)) == place_key(name) else name
