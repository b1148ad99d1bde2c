"""The rows of workbook and geopackage say what the run found, in the reader's words."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from ankerort.documents import tables
from ankerort.documents.labels import LETTERS, letter_meaning, share_label
from ankerort.text import LANGUAGES


def test_letters_are_those_of_the_balance(assessment) -> None:
    """Each place stands once, each core function has a column, and each letter is the balance's."""
    frame = tables.letters(assessment, "state_no_car", core=True)
    places = tables.study_places(assessment)
    balance = assessment.supply.place_service.set_index(["place_id", "service"])["state_no_car"]
    assert len(frame) == len(places)
    assert list(frame.columns[3:]) == [f"core:{i.id}" for i in assessment.catalogue.core]
    for row, place_id in enumerate(places["place_id"]):
        for service in frame.columns[3:]:
            assert frame.loc[row, service] == balance[place_id, service]


def test_a_pair_the_balance_does_not_name_is_not_known(assessment) -> None:
    """A place without a row in the balance gets ``?``, never an empty cell or a dash."""
    balance = assessment.supply.place_service
    place_id = tables.study_places(assessment)["place_id"].iloc[0]
    less = balance[balance["place_id"] != place_id]
    supply = dataclasses.replace(assessment.supply, place_service=less)
    frame = tables.letters(dataclasses.replace(assessment, supply=supply), "state", core=True)
    assert set(frame.iloc[0, 3:]) == {"?"}


def test_ways_keep_unknown_minutes_empty(assessment) -> None:
    """Minutes are rounded up; a way that was not found stays empty, it is no zero."""
    frame = tables.ways(assessment, "de")
    rows = assessment.supply.place_service
    rows = rows[~rows["service"].str.startswith("core:")]
    for column in ("car_min", "pt_min", "pt_demand_min", "walk_min"):
        expected = rows[column].to_numpy(float)
        got = frame[column].to_numpy(float)
        assert (np.isnan(got) == np.isnan(expected)).all()
        known = ~np.isnan(expected)
        assert (got[known] == np.ceil(expected[known])).all()
    assert frame["pt_min"].isna().any(), "the sample has places that no bus joins to a service"


def test_unknown_persons_are_not_zero(assessment) -> None:
    """A municipality whose number of inhabitants is not known has no number."""
    municipalities = assessment.region.municipalities.copy()
    row = municipalities.index[municipalities["in_study"]][0]
    municipalities.loc[row, "persons"] = math.nan
    region = dataclasses.replace(assessment.region, municipalities=municipalities)
    frame = tables.municipalities(dataclasses.replace(assessment, region=region), "de")
    assert frame["persons"].isna().sum() == 1
    assert not frame["persons"].eq(0).any()


def test_shares_give_all_the_old_and_the_services_own_group(assessment) -> None:
    """The sheet of shares holds three groups at most per service; none of the rows is a place's."""
    frame = tables.shares(assessment, "de")
    table = assessment.supply.area_service
    assert len(frame) < (table["level"] != "place").sum()
    for service_id in ("primary_school", "supermarket"):
        service = assessment.catalogue.services[service_id]
        groups = [assessment.catalogue.groups[g].label_de for g in ("all", "65_plus", service.demand_groups[0])]
        got = set(frame.loc[frame["service"] == service.label("de"), "group"])
        assert got == set(groups)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_has_a_label(assessment, lang) -> None:
    """Each column of each table has its words in both languages."""
    from ankerort.text import say

    for make in (
        tables.ways, tables.facilities, tables.shares, tables.municipalities, tables.recording, tables.five,
        tables.sources, tables.standards, tables.figures, tables.feeds, tables.mobile, tables.problems,
    ):  # fmt: skip
        for column in make(assessment, lang).columns:
            assert say(f"column.{column}", lang)
    assert len({letter_meaning(x, lang) for x in LETTERS}) == len(LETTERS)


def test_a_share_is_all_or_nothing_only_if_it_is() -> None:
    """What rounds to 100 % but is less says so, and likewise at 0 %."""
    assert share_label(1.0, "de") == "100 %"
    assert share_label(0.999, "de") == "über 99 %"
    assert share_label(0.994, "de") == "99 %"
    assert share_label(0.004, "en") == "under 1%"
    assert share_label(0.0, "en") == "0%"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("de", ["Adresse genau", "nächstes Haus", "Straße", "Ortsmitte", "Koordinaten der Quelle", ""]),
        ("en", ["exact address", "nearest house", "street", "centre of the place", "coordinates of the source", ""]),
    ],
)
def test_the_sheet_of_facilities_tells_address_and_what_the_position_rests_on(assessment, lang, words) -> None:
    """Street and postcode stand as the source gives them, the rule of the position in words."""
    facilities = assessment.region.facilities.head(6).copy()
    facilities["position_rule"] = ["house", "near_house", "street", "place_centre", "given", ""]
    facilities["address"] = [f"Lindenweg {k}" for k in range(6)]
    facilities["postcode"] = "39164"
    region = dataclasses.replace(assessment.region, facilities=facilities)
    frame = tables.facilities(dataclasses.replace(assessment, region=region), lang).set_index("facility_id")
    frame = frame.loc[facilities["facility_id"]]
    assert frame["position_rule"].to_list() == words
    assert frame["address"].to_list() == facilities["address"].to_list()
    assert set(frame["postcode"]) == {"39164"}
