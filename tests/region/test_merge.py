"""Merging of rows that tell of the same facility."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.region.merge import merge_facilities
from ankerort.region.name_similarity import name_similarity_of, name_words
from ankerort.region.schema import FACILITIES

RANK = {"gemeinde": 0, "liste": 1, "osm": 2}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


def table(*rows: dict[str, object]) -> pd.DataFrame:
    """Facilities with sensible defaults; ids A, B, C ... where none is given."""
    defaults = {"service": "bakery", "x": 0.0, "y": 0.0, "state": "open", "certainty": "certain", "source_id": "osm"}
    full = [{"facility_id": chr(65 + k), "object_id": f"o{k}", **defaults, **row} for k, row in enumerate(rows)]
    return FACILITIES.conform(pd.DataFrame(full))


def merge(frame: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    return merge_facilities(frame, catalogue=catalogue, source_rank=RANK)


def into(frame: pd.DataFrame, catalogue: Catalogue) -> list[str]:
    return merge(frame, catalogue)["merged_into"].to_list()


@pytest.mark.parametrize(
    ("first", "second", "similar"),
    [
        ("Bäckerei Müller GmbH", "Baeckerei Mueller", True),
        ("REWE", "REWE Schmidt oHG", True),
        ("Freiwillige Feuerwehr Stockheim", "Feuerwehr Stockheim", True),
        ("Dr. med. Anna Schulz", "Praxis Dr. Schulz, Anna", True),
        ("Hotel Restaurant Krone", "Hotel Restaurant Post", False),
        ("Kita 1", "Kita 2", False),
        ("Katholische Kirche", "Evangelische Kirche", False),
        ("Bahnhofstr. 3", "Bahnhofstraße 3", True),
        ("Sparkasse", "Volksbank", False),
    ],
)
def test_names_are_similar_by_their_telling_words(first: str, second: str, similar: bool) -> None:
    """Umlauts, legal forms, titles and punctuation do not count; the words that tell which one do."""
    score = name_similarity_of(name_words(first), name_words(second))
    assert (score >= 0.8) is similar
    assert score == name_similarity_of(name_words(second), name_words(first))


def test_similar_or_no_name_within_the_distance_is_one(catalogue: Catalogue) -> None:
    """Node and building of one shop are one; the row with a name counts."""
    frame = table({"name": "", "x": 20.0}, {"name": "Bäckerei Müller"}, {"name": "Müller", "y": 140.0})
    result = merge(frame, catalogue)
    assert result["merged_into"].to_list() == ["B", "", "B"]
    assert result["merge_reason"].to_list() == ["near", "", "same_name"]


def test_beyond_the_distance_or_with_other_names_stay_two(catalogue: Catalogue) -> None:
    """151 m apart, or two names at one spot, or two services: nothing is merged."""
    assert into(table({"name": "Müller"}, {"name": "Müller", "x": 151.0}), catalogue) == ["", ""]
    assert into(table({"name": "Müller"}, {"name": "Schmidt"}), catalogue) == ["", ""]
    assert into(table({"name": "Müller"}, {"name": "Müller", "service": "butcher"}), catalogue) == ["", ""]


def test_distance_is_a_figure_that_the_user_can_change(catalogue: Catalogue) -> None:
    """The option replaces the figure of the catalogue."""
    frame = table({"name": "Müller"}, {"name": "Müller", "x": 151.0})
    result = merge_facilities(frame, catalogue=catalogue, source_rank=RANK, distance_m=200)
    assert result["merged_into"].to_list() == ["", "A"]


def test_doctors_of_one_practice_are_one(catalogue: Catalogue) -> None:
    """Doctors of one service within 30 m are one practice whatever their names; shops are not, nor doctors 40 m apart."""
    names = [{"name": "Dr. Anna Schulz"}, {"name": "Dr. Bernd Lehmann", "x": 25.0}]
    assert into(table(*[{"service": "general_practitioner", **n} for n in names]), catalogue) == ["", "A"]
    assert into(table(*[{"service": "hairdresser", **n} for n in names]), catalogue) == ["", ""]
    names[1]["x"] = 40.0
    assert into(table(*[{"service": "general_practitioner", **n} for n in names]), catalogue) == ["", ""]


def test_poles_are_one_stop(catalogue: Catalogue) -> None:
    """Poles of one name within 150 m are one stop, a nameless one within 50 m; similar names are two stops."""
    stop = {"service": "bus_stop"}
    frame = table(
        {**stop, "name": "Kirche"},
        {**stop, "name": "Kirche", "x": 120.0},
        {**stop, "name": "", "x": -45.0},
        {**stop, "name": "", "x": -60.0},
        {**stop, "name": "Kirche Nord", "y": 10.0},
    )
    result = merge(frame, catalogue)
    assert result["merged_into"].to_list() == ["", "A", "A", "", ""]
    assert set(result.loc[[1, 2], "merge_reason"]) == {"poles"}


def test_pitches_of_one_site_are_one(catalogue: Catalogue) -> None:
    """Nameless pitches around a named sports ground are one facility."""
    pitch = {"service": "sports_ground"}
    frame = table({**pitch, "x": 60.0}, {**pitch, "name": "SV Dorf"}, {**pitch, "y": 90.0})
    assert into(frame, catalogue) == ["B", "", "B"]


def test_nameless_row_is_one_facility_not_all_around_it(catalogue: Catalogue) -> None:
    """Two inns of different names do not vanish in a nameless row of better standing: it stands for one of them."""
    frame = table(
        {"source_id": "gemeinde", "name": "", "service": "restaurant"},
        {"name": "Krone", "x": 30.0, "service": "restaurant"},
        {"name": "Adler", "x": -40.0, "service": "restaurant"},
    )
    assert sorted(into(frame, catalogue)) == ["", "", "A"]


def test_municipality_beats_official_list_beats_osm(catalogue: Catalogue) -> None:
    """The rank of the source decides, whatever else a row knows; a source without rank comes last."""
    rows = [{"source_id": s, "name": "Müller", "opening_hours": "Mo" if s == "osm" else ""} for s in ("osm", "liste")]
    assert into(table(*rows), catalogue) == ["B", ""]
    assert into(table(*rows, {"source_id": "gemeinde", "name": "Müller"}), catalogue) == ["C", "C", ""]
    assert into(table({"source_id": "x", "name": "Müller"}, {"name": "Müller"}), catalogue) == ["B", ""]


def test_confirmed_row_wins(catalogue: Catalogue) -> None:
    """What an office has confirmed counts before any rank."""
    frame = table({"source_id": "gemeinde", "name": "Müller"}, {"name": "Müller", "confirmed_on": "2024-01-01"})
    assert into(frame, catalogue) == ["B", ""]


def test_unknown_fields_are_filled_and_the_loser_says_so(catalogue: Catalogue) -> None:
    """The row that counts keeps what it knows and takes what only the other knows; the note names the fields."""
    frame = table(
        {"source_id": "gemeinde", "name": "Müller", "wheelchair": "no"},
        {"name": "Müller", "wheelchair": "yes", "opening_hours": "Mo 08:00-12:00", "capacity": 12.0, "note": "alt"},
    )
    result = merge(frame, catalogue)
    winner, loser = result.to_dict("records")
    assert (winner["wheelchair"], winner["opening_hours"], winner["capacity"]) == ("no", "Mo 08:00-12:00", 12.0)
    assert (loser["wheelchair"], loser["note"]) == ("yes", "alt; merge: opening_hours, capacity -> A")
    assert winner["merged_into"] == ""


def test_closed_of_better_rank_beats_open(catalogue: Catalogue) -> None:
    """A municipality's closed shop takes in the open one of OSM, and lends it no hours; the reverse holds too."""
    closed = {"source_id": "gemeinde", "state": "closed", "name": "Müller"}
    result = merge(table(closed, {"name": "Müller", "opening_hours": "Mo 08:00-12:00"}), catalogue)
    assert result["merged_into"].to_list() == ["", "A"]
    assert result.loc[0, "opening_hours"] == ""
    opened = {"source_id": "gemeinde", "name": "Müller"}
    assert into(table({"state": "closed", "name": "Müller"}, opened), catalogue) == ["B", ""]


def test_closed_and_open_of_one_rank_stay_two_unless_a_date_tells(catalogue: Catalogue) -> None:
    """Of equal standing the later knowledge wins; without dates, or without names, both stay."""
    closed = {"state": "closed", "name": "Müller"}
    opened = {"name": "Müller"}
    assert into(table(closed, opened), catalogue) == ["", ""]
    assert into(table({**closed, "closed_year": "2020"}, {**opened, "check_date": "2022-05-01"}), catalogue) == [
        "B",
        "",
    ]
    assert into(table({**closed, "check_date": "2023-01-01"}, {**opened, "check_date": "2022-05-01"}), catalogue) == [
        "",
        "A",
    ]
    nameless = {"state": "closed", "closed_year": "2020"}
    assert into(table(nameless, {**opened, "check_date": "2022-05-01"}), catalogue) == ["", ""]


def test_former_use_never_takes_in_what_the_object_is_today(catalogue: Catalogue) -> None:
    """A pub that closed in 2020 does not swallow the inn in the same object, checked in 2019."""
    today = {"object_id": "osm:n1", "name": "Krone", "check_date": "2019-05-01"}
    former = {"object_id": "osm:n1", "name": "Krone", "state": "closed", "closed_year": "2020"}
    assert into(table(today, former), catalogue) == ["", ""]


def test_same_object_in_two_sources_is_one(catalogue: Catalogue) -> None:
    """Rows that name the same OSM object are one wherever they lie and whatever they are called."""
    frame = table(
        {"object_id": "osm:n1", "name": "Lidl"},
        {"object_id": "osm:n1", "name": "Markt", "x": 900.0, "source_id": "liste"},
    )
    result = merge(frame, catalogue)
    assert result["merged_into"].to_list() == ["B", ""]
    assert result.loc[0, "merge_reason"] == "same_object"


def test_a_chain_does_not_become_one(catalogue: Catalogue) -> None:
    """Ten rows 140 m apart are several facilities: none is merged over more than the distance."""
    frame = table(*[{"name": "Müller", "x": 140.0 * k} for k in range(10)])
    result = merge(frame, catalogue)
    by_id = result.set_index("facility_id")["x"]
    losers = result[result["merged_into"] != ""]
    assert 0 < len(losers) <= 6
    assert ((losers["x"] - by_id[losers["merged_into"]].to_numpy()).abs() <= 150).all()


def test_row_without_position_is_left_alone(catalogue: Catalogue) -> None:
    """Rows that only name a place are not merged by distance."""
    assert into(table({"name": "Müller", "x": np.nan, "y": np.nan}, {"name": "Müller"}), catalogue) == ["", ""]


def test_row_known_by_its_place_only_joins_by_name_in_that_place(catalogue: Catalogue) -> None:
    """A municipality's row without coordinates is one with OSM's shop of that name in the place, and takes its spot."""
    centred = {"source_id": "gemeinde", "name": "Müller", "place_id": "p", "x": 0.0, "y": 0.0}
    far = {"name": "Bäckerei Müller", "place_id": "p", "x": 600.0, "y": 10.0}
    frame = table(centred, far, {**far, "name": "Schmidt", "x": 20.0}, {**far, "place_id": "q", "x": 900.0})
    result = merge_facilities(frame, catalogue=catalogue, source_rank=RANK, place_only=["A"])
    assert result["merged_into"].to_list() == ["", "A", "", ""]
    assert result.loc[0, ["x", "y"]].to_list() == [600.0, 10.0]
    assert into(frame, catalogue)[:3] == ["", "", ""]


def test_nameless_rows_of_one_place_stay_as_many_as_the_list_has(catalogue: Catalogue) -> None:
    """Two nameless rows of one list at one place's centre are two facilities; each may be one of OSM's, not both."""
    centred = {"source_id": "gemeinde", "place_id": "p"}
    osm = {"place_id": "p", "x": 600.0}
    frame = table(centred, centred, osm, {**osm, "x": 900.0}, {**osm, "x": 1300.0})
    result = merge_facilities(frame, catalogue=catalogue, source_rank=RANK, place_only=["A", "B"])
    counting = result[result["merged_into"] == ""]
    assert len(counting) == 3
    assert {"A", "B"} <= set(counting["facility_id"])


def test_empty_table_comes_back(catalogue: Catalogue) -> None:
    """No facilities are no fault."""
    assert len(merge(FACILITIES.empty(), catalogue)) == 0


ROW = st.fixed_dictionaries(
    {
        "service": st.sampled_from(["bakery", "bus_stop", "general_practitioner"]),
        "name": st.sampled_from(["", "Müller", "Bäckerei Müller", "Mueller GmbH", "Schmidt", "Kirche"]),
        "x": st.integers(0, 8).map(lambda k: 40.0 * k),
        "y": st.integers(0, 3).map(lambda k: 40.0 * k),
        "state": st.sampled_from(["open", "open", "closed"]),
        "certainty": st.sampled_from(["certain", "probable"]),
        "source_id": st.sampled_from(["gemeinde", "liste", "osm"]),
        "check_date": st.sampled_from(["", "2020-01-01", "2023-06-01"]),
        "opening_hours": st.sampled_from(["", "Mo 08:00-12:00", "Tu 08:00-12:00"]),
        "source_date": st.sampled_from(["", "2022-01-01"]),
    }
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=14), st.randoms(use_true_random=False))
def test_order_of_the_rows_does_not_matter(catalogue: Catalogue, rows: list[dict[str, object]], random) -> None:  # type: ignore[no-untyped-def]
    """Any order of the rows gives the same merging; what counts is not merged, and nothing is merged over 150 m."""
    frame = table(*rows) if rows else FACILITIES.empty()
    order = list(range(len(frame)))
    random.shuffle(order)
    result = merge(frame, catalogue)
    again = merge(frame.iloc[order], catalogue).sort_values("facility_id", ignore_index=True)
    pd.testing.assert_frame_equal(result, again)
    counting = set(result.loc[result["merged_into"] == "", "facility_id"])
    losers = result[result["merged_into"] != ""]
    assert set(losers["merged_into"]) <= counting
    own = result.set_index("facility_id")
    winners = own.loc[losers["merged_into"].to_list()]
    assert (losers["service"].to_numpy() == winners["service"].to_numpy()).all()
    apart = np.hypot(losers["x"].to_numpy() - winners["x"].to_numpy(), losers["y"].to_numpy() - winners["y"].to_numpy())
    assert (apart <= 150).all()
    assert list(result["facility_id"]) == list(frame["facility_id"])


def test_position_brings_its_rule_and_address_fills_a_gap(catalogue: Catalogue) -> None:
    """Who lends the position lends its rule; an address is taken over, but makes no row the better known one."""
    frame = table(
        {"name": "Müller", "source_id": "gemeinde", "position_rule": "place_centre", "place_id": "p"},
        {"name": "Müller", "source_id": "liste", "position_rule": "house", "address": "Weg 1", "x": 300.0, "place_id": "p"},
    )  # fmt: skip
    result = merge_facilities(frame, catalogue=catalogue, source_rank=RANK, place_only=["A"])
    assert result.loc[0, ["x", "position_rule", "address"]].to_list() == [300.0, "house", "Weg 1"]
    assert result["note"].to_list() == ["", "merge: address -> A"]
    same = table({"name": "Müller"}, {"name": "Müller", "address": "Weg 1", "postcode": "39164"})
    assert into(same, catalogue) == ["", "A"]
