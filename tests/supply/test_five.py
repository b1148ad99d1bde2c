"""The bundle of five, derived by hand in `worlds.tiny_region`."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ankerort.reach.compute import compute_reach
from ankerort.supply.assess import assess
from ankerort.supply.model import Supply
from worlds import tiny_region as world

FIVE = ("supermarket", "general_practitioner", "pharmacy", "primary_school", "bus_stop")


def _rows(supply: Supply, measure: str, area: str = "*") -> pd.DataFrame:
    table = supply.bundle_of_five
    return table[(table["measure"] == measure) & (table["area_id"] == area)].set_index("reached")


def test_what_is_not_known_may_be_there(supply: Supply) -> None:
    """Cstadt (200 people): supermarket and pharmacy within 1,000 m (c2: 900 and exactly 1,000 m), the other three not known:
    at least 2, at most 5. Elsewhere: Bdorf's pharmacy is probable only; nobody knows more than 0, nor less than 5."""
    rows = _rows(supply, "straight")
    assert rows["persons_at_least"].tolist() == [340.0, 200.0, 200.0, 0.0, 0.0, 0.0]
    assert rows["persons_at_most"].tolist() == [340.0] * 6
    assert rows["persons_known"].tolist() == [0.0] * 6
    assert rows["persons"].tolist() == [340.0] * 6


def _supply(sites: tuple[tuple[str, str, str, float, float, str], ...], *, detour: bool = False) -> Supply:
    areas = world.footprints(
        ("list", ";".join((*FIVE, "discounter", "rail_station")), True, "given", world.box(-9e4, -9e4, 9e4, 9e4))
    )
    region = world.region(areas=areas, facilities=sites)
    network = world.network()
    if detour:
        network = replace(network, foot=replace(network.foot, detour=1.3))  # type: ignore[type-var]
    return assess(region, compute_reach(region, network, world.catalogue(), threads=1), world.catalogue())


def test_with_a_complete_list_each_number_has_its_people() -> None:
    """All lists complete. c1 and c2 have supermarket and pharmacy: 200 people reach 2. Bdorf's 40 reach none for certain and one at most (the probable pharmacy).
    Adorf's 100 reach none. The classes sum to all but Bdorf's people, of whom it is not known."""
    rows = _rows(_supply(()), "straight")
    assert rows["persons_known"].tolist() == [100.0, 0.0, 200.0, 0.0, 0.0, 0.0]
    assert rows["persons_at_least"].tolist() == [340.0, 200.0, 200.0, 0.0, 0.0, 0.0]
    assert rows["persons_at_most"].tolist() == [340.0, 240.0, 200.0, 0.0, 0.0, 0.0]


def test_all_five() -> None:
    """A doctor, a school and a stop at c1: c1 reaches 5, c2 (1,000 m north of all three) as well; a railway station 1,001 m away instead of the
    stop would not count for c1."""
    sites = tuple(
        (s, s, world.C, 10000.0, 0.0, "certain") for s in ("general_practitioner", "primary_school", "bus_stop")
    )
    assert _rows(_supply(sites), "straight", world.C)["persons_known"].tolist() == [0.0, 0.0, 0.0, 0.0, 0.0, 200.0]
    far = (*sites[:2], ("station", "rail_station", world.C, 11001.0, 0.0, "certain"))
    assert _rows(_supply(far), "straight", world.C)["persons_known"].tolist() == [0.0, 0.0, 0.0, 0.0, 200.0, 0.0]


def test_the_network_is_longer_than_the_straight_line() -> None:
    """With ways 1.3 times as long, c2's supermarket is 1,170 m away: by the network its 100 people reach none, in a straight line 2."""
    found = _supply((), detour=True)
    assert _rows(found, "straight", world.C)["persons_known"].tolist() == [0.0, 0.0, 200.0, 0.0, 0.0, 0.0]
    assert _rows(found, "network", world.C)["persons_known"].tolist() == [100.0, 0.0, 100.0, 0.0, 0.0, 0.0]
