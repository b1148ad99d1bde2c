import numpy as np
import pandas as pd
import pytest

from ankerort.base.problems import Problems
from ankerort.region.addresses.geocode import AddressIndex, AddressQuery, geocode_facilities
from ankerort.region.schema import ADDRESSES, FACILITIES


def index(*rows: tuple[str, str, float, float], **same: str) -> AddressIndex:
    frame = pd.DataFrame(
        [{"street": s, "number": n, "x": x, "y": y, "lon": x / 1e5, "lat": y / 1e5} for s, n, x, y in rows]
    )
    return AddressIndex(ADDRESSES.conform(frame.assign(**same)), near_numbers=10, street_m=150)


def test_house_is_found_whatever_its_notation() -> None:
    """The same street and number give the house."""
    hit = index(("Hauptstraße", "12a", 100, 0), ("Hauptstraße", "12", 90, 0)).find(AddressQuery("Hauptstr. 12 A"))
    assert hit is not None
    assert (hit.x, hit.quality) == (100, "house")


def test_number_without_its_letter_is_still_the_house() -> None:
    """12b that is not listed stands at 12."""
    hit = index(("Hauptstraße", "12", 90, 0), ("Hauptstraße", "40", 500, 0)).find(AddressQuery("Hauptstraße 12b"))
    assert hit is not None
    assert (hit.x, hit.quality) == (90, "house")


def test_missing_number_stands_at_the_nearest_one() -> None:
    """14 is missing: of 12 and 16, equally far, the lower; 17 is farther and on the other side."""
    streets = [("Weg", "12", 12.0, 0.0), ("Weg", "16", 16.0, 0.0), ("Weg", "17", 17.0, 5.0)]
    hit = index(*streets).find(AddressQuery("Weg 14"))
    assert hit is not None
    assert (hit.x, hit.quality) == (12, "near_house")


def test_own_side_of_the_street_goes_first() -> None:
    """14 is missing: 16 is two away on its own side, 15 one away on the other, which counts as three."""
    hit = index(("Weg", "15", 15.0, 9.0), ("Weg", "16", 16.0, 0.0)).find(AddressQuery("Weg 14"))
    assert hit is not None
    assert hit.x == 16


def test_far_number_takes_the_middle_of_a_short_street_only() -> None:
    """More than ten numbers away only a short street may stand for the house; a long one says nothing."""
    short = [("Weg", "1", 0.0, 0.0), ("Weg", "3", 60.0, 0.0), ("Weg", "5", 100.0, 0.0)]
    hit = index(*short).find(AddressQuery("Weg 99"))
    assert hit is not None
    assert (hit.x, hit.quality) == (60, "street")
    assert index(*short, ("Weg", "7", 900.0, 0.0)).find(AddressQuery("Weg 99")) is None


def test_same_street_in_two_villages_needs_a_word_more() -> None:
    """Without municipality, postcode or place a doubtful address is not found; with one it is."""
    frame = pd.DataFrame(
        {
            "street": ["Dorfstraße"] * 2,
            "number": ["1"] * 2,
            "x": [0.0, 9000.0],
            "y": [0.0, 0.0],
            "postcode": ["39001", "39002"],
            "district": ["Adorf", "Bdorf"],
            "ags": ["15083001", "15083002"],
        }
    )
    found = AddressIndex(ADDRESSES.conform(frame), near_numbers=10, street_m=150)
    assert found.find(AddressQuery("Dorfstr. 1")) is None
    for query in (
        AddressQuery("Dorfstr. 1", postcode="39002"),
        AddressQuery("Dorfstr. 1", ags="15083002"),
        AddressQuery("Dorfstr. 1", place_name="Bdorf"),
    ):
        hit = found.find(query)
        assert hit is not None
        assert hit.x == 9000.0


@pytest.mark.parametrize("address", ["", "12", "Unbekannter Weg 3"])
def test_unknown_address_is_not_found(address: str) -> None:
    """What is not there is not put anywhere."""
    assert index(("Weg", "1", 0, 0)).find(AddressQuery(address)) is None


def test_rows_of_a_list_get_their_position_and_its_quality() -> None:
    """Rows with a position stay; others get that of their address; each miss is named with its row, the counts with their list."""
    table = FACILITIES.conform(
        pd.DataFrame(
            {
                "facility_id": ["a", "b", "c"],
                "x": [5.0, np.nan, np.nan],
                "y": [5.0, np.nan, np.nan],
                "address": ["Weg 1", "Weg 1", "Gasse 9"],
                "position_rule": ["given", "", ""],
                "source_id": ["liste"] * 3,
                "source_ref": ["2", "Blatt:3", "Blatt:4"],
            }
        )
    ).assign(place_name="")
    problems = Problems()
    out = geocode_facilities(table, index(("Weg", "1", 70, 80)), files={"liste": "aerzte.xlsx"}, problems=problems)
    assert out["x"].to_list()[:2] == [5.0, 70.0]
    assert np.isnan(out["x"].iloc[2])
    assert out["position_rule"].to_list() == ["given", "house", ""]
    told = {(p.code, p.table, p.row) for p in problems}
    assert told == {("address_not_found", "aerzte.xlsx/Blatt", 4), ("addresses_found", "aerzte.xlsx", None)}
    summary = next(p for p in problems if p.code == "addresses_found")
    assert dict(summary.params) == {"count": 2, "house": 1, "near_house": 0, "street": 0, "none": 1}
