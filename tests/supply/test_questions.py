"""What to ask first: how many people's result depends on an answer, derived by hand, and what must not change it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.reach.compute import compute_reach
from ankerort.region.model import Region
from ankerort.supply.assess import assess
from ankerort.supply.model import Supply
from ankerort.supply.questions import rank_questions
from worlds import tiny_region
from worlds.tiny_region import A, B, C


@pytest.fixture(scope="module")
def asked(region: Region, supply: Supply) -> pd.DataFrame:
    """The questions of the three places."""
    return rank_questions(region, supply, tiny_region.catalogue())


def _row(asked: pd.DataFrame, place: str, service: str) -> pd.Series:
    found = asked[(asked["place_id"] == place) & (asked["service"] == service)]
    assert len(found) == 1
    return found.iloc[0]


def test_each_place_and_service_is_one_question_or_one_per_facility(asked: pd.DataFrame) -> None:
    """Three places times all services that are facilities; each place lists at most one of a service here."""
    assert len(asked) == 3 * len(tiny_region.catalogue().facility_services())
    assert list(asked["rank"]) == list(range(1, len(asked) + 1))


def test_a_listed_facility_counts_those_who_have_nothing_else(asked: pd.DataFrame) -> None:
    """The supermarket: all of Cstadt's c1 (100 m away) walk to it; nobody else has one in reach on foot.

    c2 lies 1,000 m north, 900 m from the market, within the walking standard of 1,000 m. Bdorf's people get there by the hourly bus in
    10 minutes and the walk: they hang on it too. Adorf has no bus in the window and walks 10 km: not within, so not counted.
    """
    market = _row(asked, C, "supermarket")
    assert (market["kind"], market["reason"]) == ("believed", "only_one_near")
    assert market["persons"] == pytest.approx(240.0)


def test_a_probable_facility_counts_those_who_are_unknown_by_it(asked: pd.DataFrame) -> None:
    """Bdorf's pharmacy rests on weak evidence, but Bdorf's people reach Cstadt's by bus: nobody's result hangs on it.

    Without the buses the 40 people of Bdorf, 50 and 550 m away, are unknown by it alone; Adorf's lie 4.7 km off and are not counted.
    """
    row = _row(asked, B, "pharmacy")
    assert (row["kind"], row["persons"], row["reason"]) == ("probable", 0.0, "nobody")
    region = tiny_region.region()
    network = replace(tiny_region.network(), timetable=None)
    reach = compute_reach(region, network, tiny_region.catalogue(), threads=1)
    walking = rank_questions(region, assess(region, reach, tiny_region.catalogue()), tiny_region.catalogue())
    row = _row(walking, B, "pharmacy")
    assert row["persons"] == pytest.approx(40.0)
    assert row["reason"] == "weak_evidence"


def test_a_confirmed_absence_comes_last(asked: pd.DataFrame) -> None:
    """Bdorf has no village shop, as the municipality confirmed: nobody needs to ask again."""
    row = _row(asked, B, "village_shop")
    assert (row["kind"], row["confirmed"]) == ("absent", True)
    assert row["rank"] == len(asked)


def test_what_is_not_known_counts_the_people_of_the_place(asked: pd.DataFrame) -> None:
    """Nobody knows of a general practitioner in Adorf: none of its 100 people are known to be served or not."""
    row = _row(asked, A, "general_practitioner")
    assert (row["kind"], row["reason"]) == ("unknown", "status_unknown")
    assert row["persons"] == pytest.approx(100.0)


def test_order_follows_persons_then_core(asked: pd.DataFrame) -> None:
    """Confirmed ones last; more people first; at equal people the council's core functions first."""
    rows = list(zip(asked["confirmed"], -asked["persons"].round(6), ~asked["core"], strict=True))
    assert rows == sorted(rows)


def test_small_places_are_asked_about_the_core_and_what_is_listed_only(asked: pd.DataFrame) -> None:
    """All three places have fewer inhabitants than `inquiry.local_persons`: beside the core only listed facilities stand on the sheet."""
    rest = asked[~asked["core"]]
    assert set(rest.loc[rest["asked"], "facility_id"]) == {"care"}
    assert asked.loc[asked["core"], "asked"].all()


def _with_supply(region: Region) -> tuple[Region, Supply]:
    catalogue = tiny_region.catalogue()
    reach = compute_reach(region, tiny_region.network(), catalogue, threads=1)
    return region, assess(region, reach, catalogue)


def test_a_second_facility_takes_away_what_hangs_on_the_first() -> None:
    """With a second market beside the first nobody who walks hangs on either."""
    region, supply = _with_supply(
        tiny_region.region(facilities=(("second", "supermarket", C, 10_050.0, 100.0, "certain"),))
    )
    asked = rank_questions(region, supply, tiny_region.catalogue())
    markets = asked[(asked["service"] == "supermarket") & (asked["facility_id"] != "")]
    # Bdorf's 40 come by bus and have no other one within a walk of the home; nobody of Cstadt is counted
    assert sorted(markets["persons"]) == [0.0, 40.0]


def test_equal_input_in_another_order_gives_the_same_questions(region: Region, supply: Supply) -> None:
    """The order of rows of facilities, cells and places does not matter."""
    plain = rank_questions(region, supply, tiny_region.catalogue())
    turned = replace(
        region,
        facilities=region.facilities.iloc[::-1].reset_index(drop=True),
        places=region.places.iloc[::-1].reset_index(drop=True),
        cells=region.cells.iloc[::-1].reset_index(drop=True),
    )
    again = rank_questions(
        turned, replace(supply, nearest=supply.nearest.iloc[::-1].reset_index(drop=True)), tiny_region.catalogue()
    )
    pd.testing.assert_frame_equal(plain, again)


@settings(max_examples=10, deadline=None)
@given(x=st.floats(30_000, 60_000), y=st.floats(-5_000, 5_000))
def test_a_place_without_people_changes_no_other_question(region: Region, supply: Supply, x: float, y: float) -> None:
    """A place far off, where nobody lives, adds its own questions with 0 people and leaves the others as they were."""
    catalogue = tiny_region.catalogue()
    plain = rank_questions(region, supply, catalogue)
    row = region.places.iloc[[0]].assign(
        place_id="z", name="Zdorf", print_name="Zdorf", persons=0.0, **tiny_region.positions([x], [y])
    )
    wider = replace(region, places=pd.concat([region.places, row], ignore_index=True))
    more = rank_questions(wider, supply, catalogue)
    own = more[more["place_id"] == "z"]
    assert (own["persons"] == 0).all()
    rest = more[more["place_id"] != "z"].drop(columns="rank").reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, plain.drop(columns="rank"))
