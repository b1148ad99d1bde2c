"""Quality of facilities: bounds from the unknown, grade only where enough is known, confidential figures apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.catalogue.quality import CRITERIA
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.region.schema import CONFIDENTIAL, FACILITIES
from ankerort.supply.quality import bounds_of, facility_quality, grade_of
from ankerort.supply.quality_security import catchment_persons, internal_security
from worlds import tiny_region

DAY = "2026-06-16"
CATALOGUE = tiny_region.catalogue()


def _region(region: Region, **columns: dict[str, object]) -> Region:
    """The region with other values: column -> facility -> value."""
    facilities = region.facilities.copy()
    for column, values in columns.items():
        for facility, value in values.items():
            assert facility in set(facilities["facility_id"])
            facilities.loc[facilities["facility_id"] == facility, column] = value
    return replace(region, facilities=FACILITIES.conform(facilities))


def _row(region: Region, facility: str, **given: pd.Series) -> pd.Series:
    table = facility_quality(region, CATALOGUE, day=DAY, **given).quality
    return table.set_index("facility_id").loc[facility]


def _criteria(region: Region, facility: str, **given: pd.Series) -> pd.DataFrame:
    table = facility_quality(region, CATALOGUE, day=DAY, **given).criteria
    return table[table["facility_id"] == facility].set_index("criterion")


cells = st.sampled_from([np.nan, 0.0, 0.25, 0.5, 1.0])


@settings(max_examples=60)
@given(data=st.data(), criteria=st.integers(1, 6), facilities=st.integers(1, 4))
def test_the_score_lies_between_its_bounds_whatever_is_unknown(
    data: st.DataObject, criteria: int, facilities: int
) -> None:
    """Bounds equal the slow and obvious sums, hold the score, and hold every score that could come out."""
    value = np.array([[data.draw(cells) for _ in range(criteria)] for _ in range(facilities)])
    assumed = np.array([[data.draw(st.booleans()) for _ in range(criteria)] for _ in range(facilities)])
    assumed &= ~np.isnan(value)
    weight = np.array([data.draw(st.integers(1, 9)) for _ in range(criteria)], float)
    weight /= weight.sum()
    score, low, high, known = bounds_of(value, assumed, weight)
    for row in range(facilities):
        sure = [k for k in range(criteria) if not np.isnan(value[row, k]) and not assumed[row, k]]
        there = [k for k in range(criteria) if not np.isnan(value[row, k])]
        assert known[row] == pytest.approx(sum(weight[k] for k in sure))
        assert low[row] == pytest.approx(sum(weight[k] * value[row, k] for k in sure))
        assert high[row] == pytest.approx(low[row] + 1 - known[row])
        if not there:
            assert np.isnan(score[row])
            continue
        total = sum(weight[k] for k in there)
        assert score[row] == pytest.approx(sum(weight[k] * value[row, k] for k in there) / total)
        assert low[row] - 1e-9 <= score[row] <= high[row] + 1e-9
        truth = sum(weight[k] * (value[row, k] if k in sure else data.draw(st.floats(0, 1))) for k in range(criteria))
        assert low[row] - 1e-9 <= truth <= high[row] + 1e-9


def test_a_missing_value_is_never_a_zero(region: Region) -> None:
    """What is not known is NaN, has no contribution and no source, and widens the bounds."""
    found = _criteria(region, "market")
    step_free = found.loc["step_free"]
    assert np.isnan(step_free["value"]) and np.isnan(step_free["contribution"])
    assert not step_free["known"] and step_free["source_id"] == ""
    quality = _row(region, "market")
    assert quality["score_high"] - quality["score_low"] == pytest.approx(1 - quality["known_share"])


def test_usual_hours_count_in_the_score_but_are_not_known(region: Region) -> None:
    """Usual hours are marked as assumed: they are in the score, not in the known share, and are still asked for."""
    assumed = _criteria(region, "market").loc["hours"]
    assert assumed["assumed"] and not assumed["known"] and assumed["value"] > 0
    given_hours = _region(region, opening_hours={"market": "Mo-Sa 08:00-20:00"})
    known = _criteria(given_hours, "market").loc["hours"]
    assert known["known"] and not known["assumed"] and known["value"] == assumed["value"]
    before, after = _row(region, "market"), _row(given_hours, "market")
    assert after["known_share"] - before["known_share"] == pytest.approx(known["weight"])
    assert "hours" in before["ask"].split(";") and "hours" not in after["ask"].split(";")
    assert (before["hours_basis"], after["hours_basis"]) == ("usual", "given")
    assert after["hours_per_week"] == 72


def test_a_grade_needs_sixty_percent_of_the_weights(region: Region) -> None:
    """Below the share there is no grade but the questions, the weightiest first; from the share on there is one."""
    little = _region(region, wheelchair={"market": "yes"})
    assert _row(little, "market")["grade"] == ""
    assert _row(little, "market")["ask"] == "hours;condition;pt"
    enough = _region(region, wheelchair={"market": "yes"}, opening_hours={"market": "Mo-Sa 08:00-20:00"})
    quality = _row(enough, "market")
    assert quality["known_share"] == pytest.approx(0.5 / 0.75)
    assert quality["grade"] == "A"
    just = grade_of(np.array([0.8, 0.8, 0.79, 0.1]), np.array([0.6, 0.599, 0.6, 1.0]), CATALOGUE)
    assert list(just) == ["A", "", "B", "E"]


def test_every_criterion_is_normalised_as_recorded(region: Region) -> None:
    """Each measure becomes its value of the scales: school marks, steps of broadband, classes, ratios over 1."""
    full = _region(
        region,
        wheelchair={"pharmacy": "limited"},
        toilets_wheelchair={"pharmacy": "yes"},
        condition={"pharmacy": 2.0},
        broadband_mbit={"pharmacy": 250.0},
        assortment={"market": "automat"},
    )
    found = _criteria(full, "pharmacy", pt_class=pd.Series({"pharmacy": "C"}))["value"]
    expected = {"step_free": 0.75 * 0.5 + 0.25, "condition": 0.75, "digital": 0.7, "pt": 0.6}
    for criterion, value in expected.items():
        if criterion in found:
            assert found[criterion] == pytest.approx(value), criterion
    assert _criteria(full, "market").loc["range", "value"] == 0.4
    assert _criteria(region, "market").loc["range", "value"] == 1.0
    full_places = pd.Series({"care": 1.7})
    assert _criteria(region, "care", capacity_ratio=full_places).loc["capacity", "value"] == 1.0
    assert np.isnan(_criteria(region, "care").loc["capacity", "value"])


@pytest.mark.parametrize(("step", "value"), [("none", 0.0), ("A", 1.0), ("unknown", None), ("", None)])
def test_no_connection_is_bad_and_an_unknown_one_is_unknown(region: Region, step: str, value: float | None) -> None:
    """A site without any public transport counts 0; one about which nothing is known does not count."""
    found = _criteria(region, "market", pt_class=pd.Series({"market": step}, dtype="category")).loc["pt"]
    assert found["known"] == (value is not None)
    assert np.isnan(found["value"]) if value is None else found["value"] == value


def test_adequate_only_if_the_bounds_allow_no_doubt(region: Region) -> None:
    """Yes if even the lower bound reaches the limit, no if even the upper one does not, else unknown."""
    good = _region(region, wheelchair={"market": "yes"}, opening_hours={"market": "24/7"})
    bad = _region(
        region,
        wheelchair={"market": "no"},
        opening_hours={"market": "Su 08:00-09:00"},
        assortment={"market": "mobile"},
    )
    assert _row(good, "market")["adequate"] == "yes"
    assert _row(region, "market")["adequate"] == "unknown"
    assert _row(bad, "market")["adequate"] == "no"


def test_criteria_carry_source_and_date(region: Region) -> None:
    """A known criterion names its source and the day of the check; the class of public transport comes from the timetable."""
    checked = _region(region, wheelchair={"market": "yes"}, check_date={"market": "2025-04-01"})
    found = _criteria(checked, "market", pt_class=pd.Series({"market": "B"}))
    assert tuple(found.loc["step_free", ["source_id", "source_date"]]) == ("osm", "2025-04-01")
    assert found.loc["pt", "source_id"] == "timetable"
    assert found.index.tolist() == [c for c in CRITERIA if c in found.index]


def test_closed_and_merged_facilities_have_no_quality(region: Region) -> None:
    """Only facilities that count are measured."""
    closed = _region(region, state={"market": "closed"}, merged_into={"maybe": "pharmacy"})
    table = facility_quality(closed, CATALOGUE, day=DAY).quality
    assert not {"market", "maybe"} & set(table["facility_id"])


def test_some_services_alone_equal_their_part_of_all(region: Region) -> None:
    """What a scenario recomputes for one service equals the rows of the full run."""
    whole = facility_quality(region, CATALOGUE, day=DAY)
    part = facility_quality(region, CATALOGUE, day=DAY, services={"pharmacy"})
    for name in ("criteria", "quality"):
        full, own = getattr(whole, name), getattr(part, name)
        expected = full[full["service"] == "pharmacy"].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, expected)


def test_the_catchment_counts_everybody_once(region: Region, reach: Reach) -> None:
    """The catchments of a service share its persons out; with one certain market all go there."""
    persons = catchment_persons(region, reach, CATALOGUE)
    reached = reach.nearest["supermarket", "car", "any"].facility >= 0
    assert persons["market"] == pytest.approx(region.cells["persons"].to_numpy()[reached].sum())
    assert persons["maybe"] + persons["pharmacy"] <= region.cells["persons"].sum() + 1e-9


@pytest.mark.parametrize(
    ("persons", "light"), [(5000.0, "green"), (4000.0, "amber"), (3000.0, "red"), (np.nan, "unknown")]
)
def test_the_public_light_follows_the_catchment(region: Region, persons: float, light: str) -> None:
    """Green from the persons that a market needs, red below 70 % of them, unknown without a catchment."""
    quality = _row(region, "market", catchment_persons=pd.Series({"market": persons}))
    assert quality["security"] == light


def _confidential(region: Region, **values: object) -> Region:
    row = {"facility_id": "market", **values}
    return replace(region, confidential=CONFIDENTIAL.conform(pd.DataFrame([row])))


@pytest.mark.parametrize(
    ("values", "light", "reasons"),
    [
        ({"operator_age": 66.0, "succession": "no"}, "red", "no_successor;viability"),
        ({"operator_age": 66.0}, "amber", "successor_unknown;viability"),
        ({"operator_age": 66.0, "succession": "yes"}, "green", "viability"),
        ({"operator_age": 40.0, "succession": "no"}, "green", "viability"),
        ({"lease_until_year": 2031.0}, "amber", "lease_ends;viability"),
        ({"lease_until_year": 2032.0}, "green", "viability"),
    ],
)
def test_the_internal_light_takes_the_worst_reason(
    region: Region, values: dict[str, object], light: str, reasons: str
) -> None:
    """Age without a successor and a lease that ends turn the light; the public one stays as it is."""
    secret = _confidential(region, **values)
    table = facility_quality(secret, CATALOGUE, day=DAY, catchment_persons=pd.Series({"market": 9000.0})).quality
    found = internal_security(secret, CATALOGUE, table, year=2026).iloc[0]
    assert (found["security"], found["reasons"]) == (light, reasons)
    assert table.set_index("facility_id").loc["market", "security"] == "green"


def test_public_tables_do_not_depend_on_confidential_figures(region: Region) -> None:
    """Criteria, score and public light are the same with and without confidential figures, so none can be read from them."""
    secret = _confidential(region, operator_age=66.0, succession="no", turnover_eur_year=1.0, rent_eur_m2=2.0)
    with_them, without = (facility_quality(r, CATALOGUE, day=DAY) for r in (secret, region))
    pd.testing.assert_frame_equal(with_them.criteria, without.criteria)
    pd.testing.assert_frame_equal(with_them.quality, without.quality)
    assert not set(CONFIDENTIAL.names[1:6]) & {*with_them.criteria.columns, *with_them.quality.columns}
