"""The same stop in several feeds."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.network.timetable.merge_stops import merge_stops, normalise_stop_name


def table(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Stops on a line: id, name, metres."""
    frame = pd.DataFrame(rows, columns=["stop_id", "name", "x"])
    return frame.assign(y=0.0, lon=11.0, lat=52.0)


def merged(*tables: pd.DataFrame) -> list[str]:
    stops, _ = merge_stops(tables, [f"f{k}" for k in range(len(tables))], max_m=100)
    return stops["stop_ids"].tolist()


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Möser, Kirche", "MOESER  Kirche", True),
        ("Burg, Bahnhofstraße", "Burg, Bahnhofstr.", True),
        ("Burg, Straße des Friedens", "Burg Str. des Friedens", True),
        ("Burg, Hauptstraße 1", "Burg, Hauptstraße 2", False),
        ("Berge (Gardelegen)", "Berge (Werben)", False),
    ],
)
def test_names_differ_only_in_letters_and_digits(one: str, two: str, same: bool) -> None:
    """Case, umlauts, punctuation and Straße/Str. do not tell stops apart; words and numbers do."""
    assert (normalise_stop_name(one) == normalise_stop_name(two)) is same


def test_same_name_within_100_m_is_one_stop() -> None:
    """At 100 m it is one, beyond it is two; another name nearby is another stop."""
    assert merged(table(("a", "Markt", 0)), table(("b", "MARKT", 100))) == ["a;b"]
    assert merged(table(("a", "Markt", 0)), table(("b", "Markt", 100.5))) == ["a", "b"]
    assert merged(table(("a", "Markt", 0)), table(("b", "Kirche", 5))) == ["a", "b"]


def test_same_id_needs_nearness_too() -> None:
    """An operator's own number may mean another stop elsewhere."""
    assert merged(table(("1", "Markt", 0)), table(("1", "Kirche", 50))) == ["1;1"]
    assert merged(table(("1", "Markt", 0)), table(("1", "Markt", 5000))) == ["1", "1"]


def test_poles_of_one_feed_stay_apart() -> None:
    """Two poles stay two stops; each is matched with the other feed's same id first, then with the nearest."""
    first = table(("p1", "Markt", 0), ("p2", "Markt", 30))
    assert merged(first) == ["p1", "p2"]
    assert merged(first, table(("p2", "Markt", 5), ("q", "Markt", 25))) == ["p1;q", "p2;p2"]
    assert merged(first, table(("q", "Markt", 20))) == ["p1", "p2;q"]


def test_name_and_position_are_of_the_first_feed() -> None:
    """The order of the inputs decides what is printed."""
    stops, rows = merge_stops(
        [table(("a", "Markt", 0)), table(("x", "Kirche", 900), ("b", "MARKT", 40))], ["f", "g"], max_m=100
    )
    assert stops[["name", "x", "feeds"]].to_numpy().tolist() == [["Markt", 0.0, "f;g"], ["Kirche", 900.0, "g"]]
    assert [r.tolist() for r in rows] == [[0], [1, 0]]
    assert stops["stop_ix"].tolist() == [0, 1]


STOP = st.tuples(st.sampled_from("abc"), st.sampled_from(["M", "K"]), st.integers(0, 300))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(STOP, min_size=1, max_size=5), min_size=2, max_size=3))
def test_no_cluster_holds_two_stops_of_one_feed(feeds: list[list[tuple[str, str, float]]]) -> None:
    """Every stop has one row, two stops of one feed never share it, and merged stops match in name or id."""
    tables = [table(*rows) for rows in feeds]
    stops, rows = merge_stops(tables, [str(k) for k in range(len(feeds))], max_m=100)
    for own, row in zip(tables, rows, strict=True):
        assert len(set(row.tolist())) == len(own)
    assert set().union(*(set(r.tolist()) for r in rows)) == set(range(len(stops)))
    for k, ids in enumerate(stops["stop_ids"]):
        assert len(ids.split(";")) == sum(int((r == k).sum()) for r in rows)
