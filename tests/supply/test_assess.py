"""The whole balance of a small region, every state derived by hand in `worlds.tiny_region`."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply import schema
from ankerort.supply.assess import assess
from ankerort.supply.model import Supply
from ankerort.supply.states import NOT_KNOWN
from ankerort.text import read_sentences
from worlds import tiny_region as world

# service -> (state, state without a car) of Adorf, Bdorf, Cstadt
EXPECTED = {
    # Adorf: 13.1 minutes by car (10 allowed), no bus in the window; Bdorf: 87.5 % by bus; Cstadt: in the place
    "supermarket": (("–", "–"), ("E", "E"), ("O", "O")),
    # Adorf: 13.1 of 15 minutes by car, a nearer one is not ruled out; Bdorf: probable
    "pharmacy": (("A", "?"), ("O", "O"), ("O", "O")),
    # Adorf: in the place; Bdorf: 5.5 of 6 minutes; Cstadt: 11 minutes
    "fire_station": (("O", "O"), ("E", "E"), ("–", "–")),
    # 11.1 of 20 minutes from Cstadt, comes home
    "home_care": (("M", "M"), ("M", "M"), ("O", "O")),
    # confirmed for Bdorf only
    "village_shop": (("?", "?"), ("–", "–"), ("?", "?")),
    # comes weekly to Adorf
    "bakery": (("M", "M"), ("?", "?"), ("?", "?")),
}


@pytest.mark.parametrize("service", EXPECTED)
def test_states_of_every_place(supply: Supply, service: str) -> None:
    """Each place's two letters, as derived beside `EXPECTED`."""
    table = supply.place_service
    rows = table[table["service"] == service].set_index("place_id").loc[[world.A, world.B, world.C]]
    assert tuple(zip(rows["state"], rows["state_no_car"], strict=True)) == EXPECTED[service]


def test_the_pharmacy_of_adorf_is_reached_by_car(supply: Supply) -> None:
    """Adorf's nearest known pharmacy is the probable one (454 s); the certain one (10,000 m) takes 667 + 120 s = 13.1 of 15 minutes."""
    row = supply.place_service.set_index(["place_id", "service"]).loc[(world.A, "pharmacy")]
    assert row["reason"] == "car_rest_unknown"
    assert row["car_min"] * 60 == pytest.approx(454)


def test_nearest_rows_of_a_cell(supply: Supply) -> None:
    """b1's supermarket: by car 454 s, within; by bus 680 s, within; on foot none within 5,000 m, beyond."""
    table = supply.nearest
    rows = table[(table["cell_id"] == "b1") & (table["service"] == "supermarket")].set_index("mode")
    assert rows.loc["car", "minutes"] * 60 == pytest.approx(454)
    assert rows.loc["pt", "minutes"] * 60 == pytest.approx(680)
    assert rows["status"].astype(str).to_dict() == {
        "foot": "beyond", "bike": "beyond", "car": "within", "pt": "within", "pt_demand": "within",
    }  # fmt: skip
    assert pd.isna(rows.loc["foot", "facility_id"]) and rows.loc["car", "facility_id"] == "market"
    assert rows["estimated"].all()


def test_only_the_study_area_is_reported(supply: Supply) -> None:
    """The buffer's cell counts for the recording rate and is in no table."""
    assert "x1" not in set(supply.nearest["cell_id"])
    assert set(supply.area_service.loc[supply.area_service["level"] == "place", "area_id"]) == {"a", "b", "c"}


def test_tables_have_the_declared_columns_and_all_services(supply: Supply) -> None:
    """Each table conforms to its schema; the balance has every service and core function for every place."""
    for table, declared in (
        (supply.recording, schema.RECORDING),
        (supply.nearest, schema.NEAREST),
        (supply.place_service, schema.PLACE_SERVICE),
        (supply.area_service, schema.AREA_SERVICE),
        (supply.bundle_of_five, schema.BUNDLE_OF_FIVE),
    ):
        assert list(table.columns) == declared.names
    catalogue = world.catalogue()
    expected = {*catalogue.facility_services(), *(f"core:{item.id}" for item in catalogue.core)}
    assert supply.place_service.groupby("place_id")["service"].apply(set).tolist() == [expected] * 3


def test_every_reason_that_occurs_has_a_sentence(supply: Supply) -> None:
    """Reasons of states and of recordings are ids of sentences."""
    sentences = read_sentences()
    for reason in supply.place_service["reason"].unique():
        assert f"state_reason.{reason}" in sentences
    for reason in supply.recording["reason"].unique():
        assert f"recording_reason.{reason}" in sentences


def test_two_runs_are_equal(region: Region, reach: Reach, supply: Supply) -> None:
    """Same inputs, same tables, row by row."""
    again = assess(region, reach, world.catalogue())
    for name in ("recording", "nearest", "place_service", "area_service", "bundle_of_five"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(supply, name))


def test_without_any_source_nothing_is_absent(region: Region, reach: Reach) -> None:
    """No footprint at all: no "–" anywhere but where a municipality confirmed it, and no known absence in any area."""
    nothing = replace(region, footprints=region.footprints.iloc[:0], absences=region.absences.iloc[:0])
    blind = replace(reach, edge_m={s: values * 0 for s, values in reach.edge_m.items()})
    found = assess(nothing, blind, world.catalogue())
    assert "–" not in set(found.place_service["state"]) | set(found.place_service["state_no_car"])
    assert NOT_KNOWN in set(found.place_service["state"])
    high = found.area_service.dropna(subset=["share_high"])
    single = high[high["mode"].isin(["foot", "bike", "car", "pt", "pt_demand"])]
    assert (single["share_high"] == 1.0).all()


def test_a_region_without_facilities_is_not_an_error(region: Region) -> None:
    """No facility at all: everything is unknown or absent, no crash."""
    bare = replace(region, facilities=region.facilities.iloc[:0])
    found = assess(bare, compute_reach(bare, world.network(), world.catalogue(), threads=1), world.catalogue())
    assert (found.place_service["facilities"] == 0).all()
    assert set(found.recording["found"]) == {0}
