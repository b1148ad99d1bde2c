"""Central position of the three places of `worlds.tiny_region`, derived by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ankerort.reach.model import Reach, RoundTripColumns
from ankerort.region.model import Region
from ankerort.region.schema import CENTRAL_PLACES
from ankerort.supply.centrality import centrality, place_catchments
from ankerort.supply.recording import assess_recording
from worlds import tiny_region


def _catchments(region: Region, reach: Reach, **more: object) -> pd.DataFrame:
    options: dict[str, object] = {"trips": {}, "known": np.ones(len(region.cells), bool), **more}
    return place_catchments(region, reach, tiny_region.catalogue(), **options)  # type: ignore[arg-type]


def test_people_from_everywhere_count_by_car(region: Region, reach: Reach) -> None:
    """Cstadt in 10 minutes (480 s of driving at 15 m/s = 7.2 km): 200 of its own, 40 of Bdorf, 50 of the buffer; Adorf needs 13."""
    table = _catchments(region, reach).set_index(["place_id", "mode", "minutes", "group"])
    near = table.loc[("c", "car", 10.0, "all")]
    assert near["persons_low"] == pytest.approx(290)
    assert near["from_others_share"] == pytest.approx(90 / 290)
    assert table.loc[("c", "car", 15.0, "all"), "persons_low"] == pytest.approx(390)
    assert table.loc[("c", "car", 15.0, "65_plus"), "persons_low"] == pytest.approx(65)


def test_a_centre_beside_the_streets_says_nothing_of_anybody(region: Region, reach: Reach) -> None:
    """No home reaches the centre by car, not even its own: not 0 people but at most all within a drive at top speed."""
    ptr = reach.car.ptr.copy()
    last = int(np.flatnonzero((reach.targets["kind"] == "place").to_numpy(bool))[-1])
    ptr[last + 1 :] = ptr[last]
    off = replace(reach, car=replace(reach.car, ptr=ptr))
    near = _catchments(region, off).set_index(["place_id", "mode", "minutes", "group"]).loc[("c", "car", 10.0, "all")]
    assert near["persons_low"] == 0
    assert near["persons_high"] == pytest.approx(390)


def test_without_round_trips_nothing_is_told_of_public_transport(region: Region, reach: Reach) -> None:
    """No timetable: there are rows by car only, no zeros by public transport."""
    assert set(_catchments(region, reach)["mode"]) == {"car"}


def test_both_ways_must_lie_within_the_minutes(region: Region, reach: Reach) -> None:
    """b1 reaches Cstadt both ways in 30 minutes, b2 in 31: 30 people at 30 minutes, 40 at 45; unknown cells near by stand in the upper bound."""
    nothing = np.zeros(2, np.int32)
    trips = RoundTripColumns(
        ptr=np.array([0, 0, 0, 2], np.int64),
        home=np.array([2, 3], np.int32),
        pairs=np.ones(2, np.int16),
        away_s=nothing,
        way_s=np.array([1800, 1860], np.int32),
        last_home_s=nothing,
        first_home_s=nothing,
    )
    known = np.ones(len(region.cells), bool)
    known[0] = False
    table = _catchments(region, reach, trips={False: trips}, known=known).set_index(
        ["place_id", "mode", "minutes", "group"]
    )
    half_hour = table.loc[("c", "pt", 30.0, "all")]
    assert half_hour["persons_low"] == pytest.approx(30)
    assert half_hour["persons_high"] == pytest.approx(30 + 60)
    assert half_hour["from_others_share"] == pytest.approx(1.0)
    assert table.loc[("c", "pt", 45.0, "all"), "persons_low"] == pytest.approx(40)


def test_each_service_adds_up_to_a_hundred(region: Region, reach: Reach) -> None:
    """One pharmacy in Bdorf (probable) and one in Cstadt: 50 each; what only one place has is worth 100 there."""
    catalogue = tiny_region.catalogue()
    table = centrality(region, reach, catalogue, assess_recording(region, reach, catalogue)).set_index("place_id")
    counted = [
        s for s in ("fire_station", "pharmacy", "supermarket", "home_care") if catalogue.services[s].level != "area"
    ]
    assert table["davies"].sum() == pytest.approx(100 * len(counted))
    assert table.loc["b", "davies"] == pytest.approx(50)
    assert table.loc["b", ["functions", "functions_probable"]].tolist() == [1, 1]
    assert table.loc["c", "davies_rank"] == 1


def test_surpluses_cancel_and_relative_centrality_is_one_on_average(region: Region, reach: Reach) -> None:
    """Surplus is what exceeds the mean of the study area, so it adds up to zero; weighted by persons the relative index is 1."""
    catalogue = tiny_region.catalogue()
    table = centrality(region, reach, catalogue, assess_recording(region, reach, catalogue))
    assert table["surplus"].sum() == pytest.approx(0, abs=1e-9)
    assert np.average(table["relative"], weights=table["persons"]) == pytest.approx(1)


def test_what_is_not_known_widens_the_endowment(region: Region, reach: Reach) -> None:
    """Adorf may have a pharmacy (half of the recorded ones are probable only) and a village shop; Bdorf has the one, and its municipality
    confirmed that it has not the other: two services less are unknown there."""
    catalogue = tiny_region.catalogue()
    table = centrality(region, reach, catalogue, assess_recording(region, reach, catalogue)).set_index("place_id")
    assert table.loc["b", "functions_unknown"] == table.loc["a", "functions_unknown"] - 2
    assert (table["endowment_high"] > table["endowment_low"]).all()


def test_the_plan_that_designates_a_place_stands_beside_it(region: Region, reach: Reach) -> None:
    """Tier, plan and date are those of the list; other places have none."""
    catalogue = tiny_region.catalogue()
    listed = CENTRAL_PLACES.conform(
        pd.DataFrame(
            [{"place_id": "c", "tier": "GZ", "plan": "REP", "plan_date": "2025", "source_id": "p", "source_ref": "x:2"}]
        )
    )
    named = replace(region, central_places=listed)
    table = centrality(named, reach, catalogue, assess_recording(named, reach, catalogue)).set_index("place_id")
    assert table["tier"].to_dict() == {"a": "", "b": "", "c": "GZ"}
    assert table.loc["c", "plan"] == "REP"
