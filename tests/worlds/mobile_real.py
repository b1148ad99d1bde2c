"""A rural case on real places: stops of the register of Saxony-Anhalt, people of the census, straight-line ways."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.mobile.problem import MobileProblem
from worlds.mobile import rural_from

AREAS: Final = ("Obere Aller", "Westliche Börde", "Flechtingen", "Elbe-Heide")
"""Verbandsgemeinden of the case; one village has one stop."""

_OLD_SHARE: Final = 0.27
"""Persons of 65 and more among all, the same everywhere: the case is about ways, not about who lives where."""


def real_places(
    data: Path, *, areas: tuple[str, ...] = AREAS, stops: int = 90
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The largest villages of the areas: places of their stops (metres) and persons of 65 and more within 1.5 km.

    Parameters
    ----------
    data
        The folder ``shared/data``.
    """
    folder = data / "magdeburg"
    members = pd.read_csv(folder / "gemeinden" / "gemeinden_verbandsgemeinden.csv", dtype=str)
    ours = set(members.loc[members["vg_name"].isin(areas), "AGS"])
    register = pd.read_csv(
        folder / "haltestellen" / "20260508_ST-MDV_nasa.csv", sep=";", decimal=",", dtype={"AGS Gemeinde": str}
    )
    register = register[register["AGS Gemeinde"].isin(ours)].sort_values("Haltestelle Nummer", kind="stable")
    village = register["Haltestelle Name"].str.split(",").str[0] + " " + register["AGS Gemeinde"]
    lon0, lat0 = float(register["X-Koordinate"].mean()), float(register["Y-Koordinate"].mean())
    scale = np.array([111_320.0 * np.cos(np.radians(lat0)), 111_320.0])

    def metres(lon: pd.Series, lat: pd.Series) -> NDArray[np.float64]:
        return (np.column_stack([lon, lat]) - [lon0, lat0]) * scale

    xy = metres(register["X-Koordinate"], register["Y-Koordinate"])
    cells = pd.read_csv(folder / "zensus" / "zensus2011_200m.csv", usecols=["einwohner_2011", "lon", "lat"])
    homes = metres(cells["lon"], cells["lat"])
    near = (np.abs(homes) < 60_000).all(axis=1)
    homes, people = homes[near], cells["einwohner_2011"].to_numpy(dtype=np.float64)[near]

    # Of the stops of a village the one with most people within 600 m.
    apart = np.hypot(*(xy[:, None] - homes[None]).transpose(2, 0, 1))
    close = ((apart <= 600.0) * people).sum(axis=1)
    order = pd.DataFrame({"village": village.to_numpy(), "close": close, "row": np.arange(len(xy))})
    chosen = order.sort_values(["close", "row"], ascending=[False, True], kind="stable").drop_duplicates("village")
    # One village may stand under two names.
    kept: list[int] = []
    for row in chosen["row"].tolist():
        if not kept or np.hypot(*(xy[kept] - xy[row]).T).min() > 500.0:
            kept.append(row)
    rows = np.array(kept)
    nearest = apart[rows].argmin(axis=0)
    inside = apart[rows].min(axis=0) <= 1_500.0
    persons = np.bincount(nearest[inside], weights=people[inside], minlength=len(rows)) * _OLD_SHARE
    largest = np.argsort(-persons, kind="stable")[:stops]
    return xy[rows[largest]], persons[largest]


def real_rural(data: Path, *, stops: int = 90, vehicles: int = 2) -> MobileProblem:
    """The rural case with its depot in the largest village."""
    xy, persons = real_places(data, stops=stops)
    return rural_from(xy, persons, depot_xy=xy[:1], vehicles=vehicles)
