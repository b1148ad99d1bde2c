"""Settles people along the streets of each place and counts them into census cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ankerort.sample.design import AGE_SHARES, PlaceDesign
from ankerort.sample.settlement import Settlement
from ankerort.sample.world import CensusCell, MapBuilder, census_xy

FARM_AGES = (71, 68, 44, 41, 14, 9)
_OLDEST = 97


def settle(
    osm: MapBuilder,
    places: Sequence[PlaceDesign],
    drawn: Mapping[str, Settlement],
    farm: int,
    seed: int,
) -> tuple[tuple[CensusCell, ...], dict[str, tuple[int, ...]]]:
    """Draw the age and the address of everybody.

    People live in households of one to four at street nodes of their place, thinner towards its edge; the classes of age
    follow the size of the place (small villages are older).

    Returns
    -------
    tuple
        The inhabited cells sorted by position, and the ages of each place's people (key ``""``: the lonely farm).
    """
    rng = np.random.default_rng([seed, 80])
    cells: dict[tuple[int, int], list[int]] = {}
    ages: dict[str, tuple[int, ...]] = {}
    for place in places:
        settlement = drawn[place.key]
        nodes = np.array(settlement.inhabited)
        x0, y0 = osm.at(settlement.centre)
        points = np.array([osm.at(int(n)) for n in nodes])
        distance = np.hypot(points[:, 0] - x0, points[:, 1] - y0)
        weight = 1.0 / (1.0 + distance / max(150.0, float(distance.max())))
        people = _ages(rng, place.persons)
        ages[place.key] = tuple(int(a) for a in people)
        first = 0
        while first < len(people):
            size = int(rng.choice((1, 2, 3, 4), p=(0.40, 0.36, 0.13, 0.11)))
            node = int(rng.choice(len(nodes), p=weight / weight.sum()))
            dx, dy = rng.uniform(-30, 30, 2)
            key = _cell(points[node, 0] + dx, points[node, 1] + dy)
            cells.setdefault(key, []).extend(int(a) for a in people[first : first + size])
            first += size
    ages[""] = FARM_AGES
    cells.setdefault(_cell(*osm.at(farm)), []).extend(FARM_AGES)
    settled = tuple(CensusCell(east, north, tuple(sorted(found))) for (north, east), found in sorted(cells.items()))
    return settled, ages


def _ages(rng: np.random.Generator, persons: int) -> np.ndarray:
    shares = np.array(next(s for least, s in AGE_SHARES if persons >= least))
    # Classes by largest remainder: the structure of a village is its own, not an accident of the draw.
    exact = shares / shares.sum() * persons
    counts = np.floor(exact).astype(int)
    for k in np.argsort(counts - exact, kind="stable")[: persons - counts.sum()]:
        counts[k] += 1
    people = np.concatenate(
        [rng.integers(10 * k, 10 * k + 10 if k < 8 else _OLDEST, size=n) for k, n in enumerate(counts)]
    )
    return rng.permutation(people)


def _cell(x_m: float, y_m: float) -> tuple[int, int]:
    """South-west corner (north, east) of the 100 m cell of a world position."""
    east, north = census_xy(float(x_m), float(y_m))
    return int(north // 100) * 100, int(east // 100) * 100
