"""Street columns of all targets, and the nearest of each service."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ankerort.network.model import SparseColumns
from ankerort.reach.street_columns import join_columns, nearest_by_street, parking_s, street_columns, street_direction
from ankerort.reach.targets import list_targets, search_limits
from ankerort.region.model import Region
from worlds import tiny_region as world


def _columns(*columns: list[tuple[int, int]]) -> SparseColumns:
    ptr = np.cumsum([0, *(len(c) for c in columns)]).astype(np.int64)
    flat = [pair for c in columns for pair in c]
    return SparseColumns(ptr, np.array([h for h, _ in flat], np.int32), np.array([v for _, v in flat], np.int32))


def test_columns_of_disjoint_targets_are_joined_in_the_order_of_the_targets() -> None:
    """Targets 1 and 3 from one search, 0 from another, 2 from none."""
    joined = join_columns(
        4,
        [
            (np.array([1, 3]), _columns([(0, 10), (5, 15)], [(2, 20)])),
            (np.array([0]), _columns([(7, 70)])),
        ],
    )
    assert joined.ptr.tolist() == [0, 1, 3, 3, 4]
    assert joined.home.tolist() == [7, 0, 5, 2]
    assert joined.value.tolist() == [70, 10, 15, 20]
    assert join_columns(2, []).ptr.tolist() == [0, 0, 0]


def test_help_drives_from_its_station_and_people_to_the_facility() -> None:
    """The fire brigade is searched from the target, a shop and a place centre to it."""
    catalogue = world.catalogue()
    assert street_direction(catalogue, "fire_station") == "from_target"
    assert street_direction(catalogue, "supermarket") == street_direction(catalogue, "") == "to_target"


def test_parking_counts_for_people_only() -> None:
    """120 s of parking are in a value to a shop; help that drives out has none."""
    catalogue = world.catalogue()
    assert parking_s(catalogue, "car", "from_target") == 120
    assert parking_s(catalogue, "car", "to_target") == parking_s(catalogue, "foot", "from_target") == 0


def _homes(region: Region) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return region.cells["x"].to_numpy(float), region.cells["y"].to_numpy(float)


def test_columns_of_a_region_by_car() -> None:
    """b1 (row 2) to the supermarket: 5,001 m at 15 m/s + 120 s = 454 s. From the fire station: 4,900 m = 327 s, no parking. A column ends at
    twice the standard: Adorf (787 s) is in the supermarket's (1,200 s), Cstadt (660 + 120 s) is not in the fire station's (720 s)."""
    region, catalogue = world.region(), world.catalogue()
    targets = list_targets(region, catalogue)
    columns = street_columns(
        world.network(),
        "car",
        targets,
        *_homes(region),
        catalogue=catalogue,
        limits=search_limits(catalogue),
        threads=1,
    )
    market = dict(zip(*(a.tolist() for a in columns.column(_target(targets, "supermarket"))), strict=True))
    fire = dict(zip(*(a.tolist() for a in columns.column(_target(targets, "fire_station"))), strict=True))
    assert (market[2], market[0]) == (454, 787)
    assert fire[2] == 327
    assert 4 not in fire


def _target(targets: object, service: str) -> int:
    found = targets[targets["service"] == service]  # type: ignore[index]
    return int(found["target_ix"].iloc[0])


def test_the_nearest_is_searched_beyond_the_columns_and_certain_ones_apart() -> None:
    """Cstadt's fire engine needs 660 s, beyond its column. Bdorf's nearest pharmacy is the probable one (row 1), the nearest certain one stands in
    Cstadt (row 3)."""
    region, catalogue = world.region(), world.catalogue()
    nearest = nearest_by_street(world.network(), list_targets(region, catalogue), *_homes(region), catalogue=catalogue)
    assert nearest["fire_station", "car", "any"].value[4] == 660
    assert nearest["pharmacy", "foot", "any"].facility[2] == 1
    assert nearest["pharmacy", "foot", "certain"].facility[2] == 3
    assert nearest["pharmacy", "foot", "certain"].value[2] == 5000
    assert nearest["pharmacy", "foot", "certain"].value[0] == -1
    assert nearest["supermarket", "car", "certain"] is nearest["supermarket", "car", "any"]
