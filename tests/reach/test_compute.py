"""From region and network to travel times, on three places whose times are derived by hand."""

from __future__ import annotations

import numpy as np
import pytest

from ankerort.reach.compute import compute_reach
from ankerort.reach.model import PtKey, Reach
from reference.same_reach import assert_same
from worlds import tiny_region as world


@pytest.fixture(scope="module")
def reach() -> Reach:
    """Travel times of the three places."""
    return compute_reach(world.region(), world.network(), world.catalogue(), threads=1)


def test_streets_and_buses_by_hand(reach: Reach) -> None:
    """Row 2 is b1. Supermarket (100 m beyond the bus stop of Cstadt): on foot none within 5,000 m, by car 454 s, by bus 600 + 80 s. There are 14
    buses, the first arrives at 6:11:20; the last bus back leaves at 19:30, 80 s after leaving the shop."""
    assert reach.nearest["supermarket", "foot", "any"].value[2] == -1
    assert reach.nearest["supermarket", "car", "any"].value[2] == 454
    assert reach.nearest["supermarket", "pt", "any"].value[2] == 680
    out, home = (_row(reach, direction, 2) for direction in ("out", "home"))
    assert (out["typical_s"], out["fastest_s"], out["departures"]) == (680, 680, 14)
    assert out["clock_s"] == 6 * 3600 + 11 * 60 + 20
    assert home["clock_s"] == 19 * 3600 + 30 * 60 - 80


def _row(reach: Reach, direction: str, home: int) -> dict[str, int]:
    targets = reach.targets.iloc[reach.pt_targets]
    column = int(np.flatnonzero(targets["service"] == "supermarket")[0])
    columns = reach.pt[PtKey("all", direction, False)]  # type: ignore[arg-type]
    part = slice(columns.ptr[column], columns.ptr[column + 1])
    at = int(np.flatnonzero(columns.home[part] == home)[0])
    names = ("typical_s", "fastest_s", "departures", "clock_s")
    return {name: int(getattr(columns, name)[part][at]) for name in names}


def test_what_is_known_and_what_is_estimated(reach: Reach) -> None:
    """Straight ways join every cell and are estimated; the bus is known along its line and 3 km around: x1 (13 km) is on its edge, not inside."""
    for mode in ("foot", "bike", "car"):
        assert reach.cell_known[mode].all()
    assert reach.cell_known["pt"].tolist() == [True] * 6 + [False]
    assert dict(reach.estimated) == {"foot": True, "bike": True, "car": True, "pt": True}


def test_without_a_timetable_nothing_is_known_about_buses() -> None:
    """No timetable, no columns, no cell with a word on public transport."""
    bare = compute_reach(world.region(), world.network(with_timetable=False), world.catalogue(), threads=1)
    assert not bare.pt
    assert not bare.cell_known["pt"].any()
    assert not [key for key in bare.nearest if key[1] in ("pt", "pt_demand")]


def test_edges_are_those_of_the_map(reach: Reach) -> None:
    """b1 lies 5 km east of the middle of a map of 100 km each way: 95 km to its edge, for every service."""
    assert set(reach.edge_m) == set(world.catalogue().facility_services())
    assert reach.edge_m["supermarket"][2] == pytest.approx(95_000.0)


def test_the_number_of_threads_does_not_matter(reach: Reach) -> None:
    """One thread and two give the same."""
    assert_same(reach, compute_reach(world.region(), world.network(), world.catalogue(), threads=2))
