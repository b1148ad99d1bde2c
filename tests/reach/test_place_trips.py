"""There and back to place centres, derived by hand in `worlds.tiny_days`."""

from __future__ import annotations

from dataclasses import replace

from ankerort.reach.compute import compute_reach
from ankerort.reach.model import ON_FOOT_ANY_TIME
from ankerort.reach.place_trips import place_round_trips
from worlds import tiny_days, tiny_region


def test_both_ways_to_a_centre_take_as_long_as_the_longer_one() -> None:
    """Bdorf to Cstadt: 10 minutes by bus each way; b2 walks 480 s to the stop, so 18 minutes; c1 and c2 walk; nobody of Adorf comes home."""
    region, network, catalogue = tiny_region.region(), tiny_days.network(), tiny_region.catalogue()
    reach = compute_reach(region, network, catalogue, threads=1)
    trips = place_round_trips(region, network, reach, catalogue, threads=1)
    assert set(trips) == {False}
    centre = 2  # Cstadt is the third place
    part = slice(trips[False].ptr[centre], trips[False].ptr[centre + 1])
    cells = region.cells["cell_id"].to_numpy()[trips[False].home[part]]
    way_s = dict(zip(cells, trips[False].way_s[part].tolist(), strict=True))
    pairs = dict(zip(cells, trips[False].pairs[part].tolist(), strict=True))
    assert way_s == {"b1": 600, "b2": 1080, "c1": 0, "c2": 800}
    assert pairs["c1"] == ON_FOOT_ANY_TIME
    assert 1 <= pairs["b1"] < ON_FOOT_ANY_TIME


def test_without_a_school_day_nothing_is_told() -> None:
    """No day types: no round trips to centres, instead of trips that nobody can make."""
    region, catalogue = tiny_region.region(), tiny_region.catalogue()
    network = replace(tiny_days.network(), day_types={})
    reach = compute_reach(region, network, catalogue, threads=1)
    assert place_round_trips(region, network, reach, catalogue, threads=1) == {}
