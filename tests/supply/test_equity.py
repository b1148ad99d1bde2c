"""Measures of inequality: equal values, scale, replication, decomposition, and slow references."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.areas import AreaIndex
from ankerort.supply.equity import Inequality, equity_of_minutes, equity_table, inequality
from ankerort.supply.parts import nearest_for_the_old
from ankerort.supply.recording import assess_recording
from ankerort.supply.schema_equity import EQUITY
from ankerort.supply.service_status import service_status
from reference import equity as slow
from worlds import tiny_region as world

People = list[tuple[float, int, int]]
PEOPLE = st.lists(
    st.tuples(st.floats(0.1, 200.0).map(lambda x: round(x, 3)), st.integers(1, 9), st.integers(0, 3)),
    min_size=1,
    max_size=12,
)


def _of(people: People, *, epsilon: float = 0.5, least: float = 0.0) -> Inequality:
    x, p, part = (np.array(c) for c in zip(*people, strict=True))
    return inequality(
        x.astype(float), p.astype(float), part.astype(np.int32), min_known_share=least, atkinson_epsilon=epsilon
    )


@settings(max_examples=60, deadline=None)
@given(PEOPLE)
def test_all_measures_equal_the_slow_reference(people: People) -> None:
    """Gini over all pairs, Palma person by person, Theil and its part within, one by one."""
    x, p, part = (list(c) for c in zip(*people, strict=True))
    found = _of(people)
    assert found.gini == pytest.approx(slow.gini(x, p), abs=1e-9)
    assert found.palma == pytest.approx(slow.palma(x, p), rel=1e-9)
    assert found.theil == pytest.approx(slow.theil(x, p), abs=1e-9)
    assert found.theil_within == pytest.approx(slow.theil_within(x, p, part), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(PEOPLE, st.sampled_from([0.01, 3.0, 60.0]), st.integers(2, 4))
def test_scale_and_number_of_people_do_not_matter(people: People, factor: float, times: int) -> None:
    """Minutes or seconds, a village or several alike: the same inequality."""
    once = _of(people)
    for other in (_of([(x * factor, p, k) for x, p, k in people]), _of(people * times)):
        for name in ("gini", "palma", "theil", "theil_between", "atkinson"):
            assert getattr(other, name) == pytest.approx(getattr(once, name), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(PEOPLE)
def test_theil_is_the_sum_of_its_parts_and_all_are_in_range(people: People) -> None:
    """Between + within = all; none negative; Gini and Atkinson below 1."""
    found = _of(people)
    assert found.theil_between + found.theil_within == pytest.approx(found.theil, abs=1e-12)
    assert min(found.theil_between, found.theil_within) >= -1e-12
    assert 0 <= found.gini < 1 and 0 <= found.atkinson < 1


@pytest.mark.parametrize("value", [0.5, 20.0])
def test_equal_values_are_equal(value: float) -> None:
    """All have the same: Gini 0, Palma 0.25, Theil 0, Atkinson 0, and no share between."""
    found = _of([(value, 3, 0), (value, 5, 1), (value, 1, 2)])
    assert (found.gini, found.theil) == (pytest.approx(0, abs=1e-12), pytest.approx(0, abs=1e-12))
    assert found.palma == pytest.approx(0.25)
    assert found.atkinson == pytest.approx(0, abs=1e-12)


def test_two_villages_by_hand() -> None:
    """10 people at 10 minutes, 10 at 30, each village a municipality: mean 20, Gini 0.25, Palma (30 of 400) / (80 of 400) = 0.375.

    Theil = (0.5 ln 0.5 + 1.5 ln 1.5) / 2, all of it between.
    """
    found = _of([(10.0, 10, 0), (30.0, 10, 1)])
    assert (found.mean, found.gini) == (20, pytest.approx(0.25))
    assert found.palma == pytest.approx(2 * 30 / (8 * 10))
    assert found.theil == pytest.approx((0.5 * np.log(0.5) + 1.5 * np.log(1.5)) / 2)
    assert found.between_share == pytest.approx(1)
    # the same people in two municipalities of equal mix: nothing lies between
    mixed = _of([(10.0, 5, 0), (30.0, 5, 0), (10.0, 5, 1), (30.0, 5, 1)])
    assert mixed.between_share == pytest.approx(0, abs=1e-12)


def test_atkinson_at_one_uses_the_geometric_mean() -> None:
    """1 - sqrt(10 x 30) / 20; with a value of 0 it is 1."""
    assert _of([(10.0, 1, 0), (30.0, 1, 0)], epsilon=1.0).atkinson == pytest.approx(1 - np.sqrt(300) / 20)
    assert _of([(0.0, 1, 0), (30.0, 1, 0)], epsilon=1.0).atkinson == 1
    assert _of([(10.0, 1, 0), (30.0, 1, 0)], epsilon=0.5).atkinson == pytest.approx(
        1 - (np.sqrt(0.5) / 2 + np.sqrt(1.5) / 2) ** 2
    )


@pytest.mark.parametrize(
    ("value", "persons", "reason"),
    [
        ([1.0, np.nan], [7.0, 3.0], "few_known"),
        ([np.nan, np.nan], [7.0, 3.0], "few_known"),
        ([1.0, 2.0], [0.0, 0.0], "nobody"),
        ([], [], "nobody"),
        ([0.0, 0.0], [1.0, 2.0], "all_zero"),
    ],
)
def test_where_there_is_no_figure_there_is_a_reason(value: list[float], persons: list[float], reason: str) -> None:
    """Too few known, nobody at all, or nothing to share out: NaN and why."""
    found = inequality(
        np.array(value), np.array(persons), np.zeros(len(value), np.int32), min_known_share=0.8, atkinson_epsilon=0.5
    )
    assert found.reason == reason
    assert np.isnan([found.gini, found.palma, found.theil, found.between_share]).all()


def test_only_known_values_count_and_their_share_is_told() -> None:
    """One in ten is not known: the figures are of the nine."""
    with_gap = inequality(
        np.array([10.0, 30.0, np.nan]), np.array([5.0, 4.0, 1.0]), np.zeros(3, np.int32),
        min_known_share=0.8, atkinson_epsilon=0.5,
    )  # fmt: skip
    assert with_gap.known_share == pytest.approx(0.9)
    assert with_gap.gini == pytest.approx(_of([(10.0, 5, 0), (30.0, 4, 0)]).gini)


def test_negative_values_are_a_fault() -> None:
    """A negative minute or person is a fault of the code, told at once."""
    with pytest.raises(ValueError, match="values"):
        _of([(-1.0, 1, 0)])
    with pytest.raises(ValueError, match="persons"):
        _of([(1.0, -1, 0), (1.0, 1, 0)])


def test_the_way_to_the_market_by_car(region: Region, reach: Reach) -> None:
    """The study area's Gini over the six cells, from their seconds and people; between = Adorf and Bdorf against Cstadt."""
    catalogue = world.catalogue()
    knowledge, index = assess_recording(region, reach, catalogue), AreaIndex(region, catalogue)
    status = service_status(
        "supermarket", reach, catalogue, knowledge.edge_m["supermarket"], nearest_for_the_old(region, reach)
    )
    table = equity_of_minutes("supermarket", status, catalogue, knowledge.edge_m["supermarket"], index)
    assert list(table.columns) == EQUITY.names
    row = table.set_index(["mode", "group", "level", "area_id"]).loc[("car", "all", "study", "*")]
    minutes = list(status.modes["car"].minutes[index.rows])
    people = [60.0, 40.0, 30.0, 10.0, 100.0, 100.0]
    assert row["gini"] == pytest.approx(slow.gini(minutes, people))
    within = slow.theil_within(minutes, people, [0, 0, 0, 0, 1, 1])
    assert row["between_share"] == pytest.approx(1 - within / slow.theil(minutes, people))
    assert (row["known_share"], row["municipalities"], row["reason"]) == (1, 2, "")
    # the recording rate of supermarkets is high and the map wide: no nearer one can be missing
    assert row["sure_share"] == 1
    foot = table.set_index(["mode", "group", "level", "area_id"]).loc[("foot", "all", "study", "*")]
    assert foot["reason"] == "few_known" and np.isnan(foot["gini"])


def test_any_score_can_be_measured(region: Region) -> None:
    """A score of 1 for everybody is equal everywhere, in each district and in all."""
    catalogue = world.catalogue()
    index = AreaIndex(region, catalogue)
    table = equity_table("score", "pharmacy", {("car", "all"): np.ones(6)}, catalogue, index)
    assert table["gini"].to_numpy() == pytest.approx(0, abs=1e-12)
    assert table["area_id"].to_list() == ["150010000", "150020000", "15001", "15002", "*"]
    assert table["sure_share"].isna().all()


def test_minutes_that_a_missing_facility_could_shorten_are_not_sure(region: Region, reach: Reach) -> None:
    """Nothing is known about absence of pharmacies: only who lives at one, with no way to shorten, is sure."""
    catalogue = world.catalogue()
    knowledge, index = assess_recording(region, reach, catalogue), AreaIndex(region, catalogue)
    edge = knowledge.edge_m["pharmacy"]
    assert (edge == 0).all()
    status = service_status("pharmacy", reach, catalogue, edge, nearest_for_the_old(region, reach))
    table = equity_of_minutes("pharmacy", status, catalogue, edge, index, levels=("study",)).set_index(
        ["mode", "group"]
    )
    # c1 (100 of 340) has its pharmacy at the door
    assert table.loc[("car", "all"), "sure_share"] == pytest.approx(100 / 340)
