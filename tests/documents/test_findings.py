"""The report's numbers, added up by hand from a balance of three places."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from ankerort.documents import findings
from ankerort.documents.labels import verdict
from ankerort.documents.report_lines import headline
from ankerort.documents.report_rows import share_bounds
from ankerort.documents.tables import study_places


@pytest.fixture
def three(assessment):
    """Three places with 1000, 200 and 80 people; the post is in the first, unknown in the second, out of reach in the third."""
    ids = study_places(assessment).query("kind != 'outlying'")["place_id"].tolist()[:3]
    balance = assessment.supply.place_service
    rows = balance[(balance["service"] == "core:post") & balance["place_id"].isin(ids)].set_index("place_id")
    rows = rows.loc[ids].reset_index()
    rows = rows.assign(
        state=["O", "A", "–"],
        state_no_car=["O", "?", "–"],
        persons=[1000.0, 200.0, 80.0],
        group="all",
        group_persons=[1000.0, 200.0, 80.0],
        without_car_low=[1.0, 0.0, 0.0],
        without_car_high=[1.0, 1.0, 0.25],
        without_car_demand_low=[1.0, 1.0, 0.0],
        without_car_demand_high=[1.0, 1.0, 0.25],
        with_car_low=[1.0, 1.0, 0.0],
        with_car_high=[1.0, 1.0, 0.25],
        bound=[False, False, True],
        car_bound=[False, False, True],
        pt_bound=False,
        car_min=[1.0, 9.0, 31.5],
    )
    supply = dataclasses.replace(assessment.supply, place_service=pd.DataFrame(rows))
    return dataclasses.replace(assessment, supply=supply), ids


def _post(assessment) -> findings.CoreFinding:
    return next(f for f in findings.core_findings(assessment) if f.item_id == "post")


def test_people_are_added_up_with_their_bounds(three) -> None:
    """1280 people: 1000 surely served without a car, at most 1000 + 200 + a quarter of 80."""
    found = _post(three[0])
    assert found.persons == 1280
    assert (found.without_car_low, found.without_car_high) == (1000, 1220)
    assert (found.demand_low, found.demand_high) == (1200, 1220)  # the Rufbus settles what was not known
    assert (found.with_car_low, found.with_car_high) == (1200, 1220)
    # A beside ?: the way without a car is not known, so "nur mit Auto" would say too much
    assert found.places == {"O": 1, "M": 0, "E": 0, "A": 0, "–": 1, "?": 1}
    assert found.places_no_car == {"O": 1, "M": 0, "E": 0, "A": 0, "–": 1, "?": 1}


def test_only_places_known_to_be_out_of_reach_are_listed(three) -> None:
    """The place that is not known is not among the unserved; the bound is kept."""
    assessment, ids = three
    listed, count = findings.unserved_places(assessment, "post")
    names = study_places(assessment).set_index("place_id")["print_name"]
    assert [(r.place, r.persons, r.car_bound, r.car_min) for r in listed] == [(names[ids[2]], 80.0, True, 31.5)]
    assert count == 1


def test_headline_tells_the_outside_with_its_base(three) -> None:
    """60 of 1280 people, 5 %, are surely outside; the sentence names number and base."""
    lines = headline(three[0], [_post(three[0])], "de")
    assert lines[0] == "Post: 60 von 1.280 Menschen (5 %) wohnen ohne Auto nicht innerhalb des Richtwerts."


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.0, 100.0, "nicht bekannt"),
        (47.0, 47.2, "47 %"),
        (47.0, 80.0, "47 bis 80 %"),
        (99.8, 99.8, "über 99 %"),
        (100.0, 100.0, "100 %"),
    ],
)
def test_bounds_are_a_share_a_range_or_not_known(low, high, text) -> None:
    """A range is printed as one; a range from nothing to all says nothing and is not known."""
    assert share_bounds(low, high, 100.0, "de") == text


def test_less_than_the_smallest_printed_number_counts_as_none() -> None:
    """Two of 1000 people would be printed as 0, so that their share is printed as 100 %; three are told."""
    assert share_bounds(998.0, 998.0, 1000.0, "de", few_persons=2.5) == "100 %"
    assert share_bounds(997.0, 997.0, 1000.0, "de", few_persons=2.5) == "über 99 %"


def test_no_people_means_not_known() -> None:
    """Without people there is no share."""
    assert share_bounds(0.0, 0.0, 0.0, "de") == "nicht bekannt"


def test_five_shares_never_grow_with_the_count(assessment) -> None:
    """At least five is at most at least four; the known share is never above the possible one; network never above straight."""
    rows = findings.five_shares(assessment)
    assert [r[0] for r in rows] == [5, 4, 3, 2, 1, 0]
    for column in range(1, 5):
        values = [r[column] for r in rows]
        assert values == sorted(values)
    for _, low_straight, low_network, high_straight, high_network in rows:
        assert low_straight <= high_straight + 1e-9 and low_network <= high_network + 1e-9
        assert low_network <= low_straight + 1e-9
    assert rows[-1][1:] == pytest.approx((1, 1, 1, 1))


def test_cells_count_the_five_they_are_known_to_reach(assessment) -> None:
    """Each study cell has 0 to 5, and the people with five are the known share of the study area."""
    reached = findings.five_of_cells(assessment)
    cells = assessment.region.cells
    persons = cells.loc[cells["in_study"], "persons"].to_numpy(float)
    assert reached.min() >= 0 and reached.max() == 5
    share = persons[reached == 5].sum() / persons.sum()
    assert share == pytest.approx(findings.five_shares(assessment)[0][2], abs=1e-6)


def test_only_by_car_is_said_only_if_it_is_known() -> None:
    """A with – is A, A with ? is ?, everything else keeps its letter."""
    assert verdict("A", "–") == "A"
    assert verdict("A", "?") == "?"
    assert [verdict(x, "?") for x in "OME–?"] == list("OME–?")
