"""Which public-transport columns there are, and the nearest by public transport."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.network.model import SparseColumns
from ankerort.reach.model import PtColumns, PtKey
from ankerort.reach.public_transport import ERRANDS, nearest_by_pt, pt_keys, pt_rules, pt_target_rows, select_columns
from ankerort.reach.targets import list_targets
from worlds import tiny_region as world


def _int(values: list[int]) -> NDArray[np.int32]:
    return np.array(values, np.int32)


def _typical(columns: list[dict[int, int]]) -> PtColumns:
    """Columns with these typical seconds per home."""
    ptr = np.cumsum([0, *(len(c) for c in columns)]).astype(np.int64)
    home = _int([h for c in columns for h in sorted(c)])
    typical = _int([c[h] for c in columns for h in sorted(c)])
    return PtColumns(ptr, home, typical, typical, typical, typical, typical)


def _walks(columns: list[dict[int, int]]) -> SparseColumns:
    ptr = np.cumsum([0, *(len(c) for c in columns)]).astype(np.int64)
    return SparseColumns(
        ptr, _int([h for c in columns for h in sorted(c)]), _int([c[h] for c in columns for h in sorted(c)])
    )


TARGETS = pd.DataFrame({"service": "shop", "certainty": ["certain", "probable", "certain"], "row": _int([2, 0, 1])})
IDS = np.array(["b", "c", "a"], dtype=object)  # by row of Region.facilities: target 0 is a, 1 is b, 2 is c


def _nearest(
    typical: list[dict[int, int]], walks: list[dict[int, int]], certainty: str = "any"
) -> tuple[list[int], list[int]]:
    found = nearest_by_pt(
        TARGETS, _int([0, 1, 2]), {PtKey("all", "out", False): _typical(typical)}, _walks(walks), 3, facility_ids=IDS
    )
    one = found["shop", "pt", "certain" if certainty == "certain" else "any"]
    assert found["shop", "pt_demand", "any"].value.tolist() == found["shop", "pt", "any"].value.tolist()
    return one.facility.tolist(), one.value.tolist()


def test_nearest_is_the_smallest_typical_time() -> None:
    """Home 0: 900 s beat 1,000 s, although the walk is longer; home 1 has one way only; home 2 none."""
    found = _nearest([{0: 1000, 1: 700}, {0: 900}, {}], [{0: 100}, {0: 4000}, {}])
    assert found == ([0, 2, -1], [900, 700, -1])


def test_ties_go_to_the_shorter_walk_then_to_the_smaller_id() -> None:
    """Equal times: home 0 by the shorter walk (target 2); home 1 by a known walk against none (target 1); home 2 by id (a before c)."""
    typical = [{0: 600, 1: 600, 2: 600}, {1: 600}, {0: 600, 2: 600}]
    walks = [{0: 300}, {1: 4000}, {0: 200}]
    assert _nearest(typical, walks) == ([1, 0, 2], [600, 600, 600])


def test_undefined_times_do_not_count_and_certain_ones_are_asked_apart() -> None:
    """-1 is no time; the probable facility b (home 0: 500 s) is nearest among any, not among the certain."""
    typical = [{0: 800, 1: -1}, {0: 500}, {}]
    assert _nearest(typical, [{}, {}, {}]) == ([0, -1, -1], [500, -1, -1])
    assert _nearest(typical, [{}, {}, {}], "certain") == ([2, -1, -1], [800, -1, -1])


def test_columns_are_selected_in_the_order_asked_for() -> None:
    """Columns 2 and 0 of three, an empty one among them."""
    chosen = select_columns(_walks([{0: 5, 3: 6}, {1: 1}, {}]), _int([2, 0]))
    assert chosen.ptr.tolist() == [0, 0, 2]
    assert (chosen.home.tolist(), chosen.value.tolist()) == ([0, 3], [5, 6])


def test_facilities_of_services_with_a_standard_get_columns() -> None:
    """Supermarket and pharmacies have one; fire station, home care and place centres have none."""
    targets = list_targets(world.region(), world.catalogue())
    rows = pt_target_rows(targets, world.catalogue())
    assert targets["service"].iloc[rows].tolist() == ["pharmacy", "supermarket", "pharmacy"]


def test_each_group_has_its_own_walk() -> None:
    """75 to 84: 400 m at 0.9 m/s; all: 1,000 m at 1.25 m/s; the rest is the same."""
    old, everybody = pt_rules(world.catalogue(), "75_84"), pt_rules(world.catalogue(), "all")
    assert (old.walk_limit_m, old.walk_speed_ms) == (400, 0.9)
    assert (everybody.walk_limit_m, everybody.walk_speed_ms) == (1000, 1.25)
    assert old.max_journey_s == everybody.max_journey_s == 5400


def test_without_trips_on_demand_there_is_one_variant() -> None:
    """Two groups, both directions, and the way there for errands, without Rufbus only."""
    keys = pt_keys(world.network(), ("all", "75_84"))
    of_groups = {PtKey(g, d, False) for g in ("all", "75_84") for d in ("out", "home")}  # type: ignore[arg-type]
    assert set(keys) == {*of_groups, PtKey(ERRANDS, "out", False)}
    assert len(keys) == 5


def test_errands_have_their_own_window_and_nothing_else() -> None:
    """Errands: everybody's walk and changes, but leaving between 8 and 12 h."""
    catalogue = world.catalogue()
    day, errands = pt_rules(catalogue, "all"), pt_rules(catalogue, ERRANDS)
    assert (errands.window_start_s, errands.window_end_s) == (8 * 3600, 12 * 3600)
    assert replace(errands, window_start_s=day.window_start_s, window_end_s=day.window_end_s) == day
