"""Matching tags against the rules of the catalogue."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import osmium
import osmium.filter
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankerort.catalogue import TagMatcher, read_catalogue
from reference.tag_rules import services_of

CATALOGUE = read_catalogue()
MATCHER = TagMatcher(CATALOGUE)
with (files("ankerort.catalogue") / "data" / "services.csv").open(encoding="utf-8") as stream:
    RULES: dict[str, str] = {row["id"]: row["osm"] for row in csv.DictReader(stream)}  # type: ignore[arg-type]


def _vocabulary() -> tuple[dict[str, list[str]], list[str]]:
    """Keys with the values that the rules name for them, and all values."""
    by_key: dict[str, set[str]] = {}
    for rule in RULES.values():
        for test in re.split(r" \| |\+", rule):
            if match := re.fullmatch(r"\??([^=!~]+)(?:!=|!~|=|~)(.*)", test):
                by_key.setdefault(match[1], set()).update(v for v in match[2].split("|") if v != "*")
    values = sorted({v for found in by_key.values() for v in found})
    return {key: [*sorted(found), "yes", "no"] for key, found in sorted(by_key.items())}, values


BY_KEY, VALUES = _vocabulary()


CLAUSES = [clause for rule in RULES.values() for clause in rule.split(" | ") if clause]


@st.composite
def _tags(draw: st.DrawFn) -> dict[str, str]:
    """Random tags over the tags that satisfy the positive tests of one clause, so that matches are frequent."""
    tags = {}
    for test in draw(st.sampled_from(CLAUSES)).lstrip("?").split("+"):
        if match := re.fullmatch(r"([^=!~]+)[=~](.*)", test):
            tags[match[1]] = draw(st.sampled_from(match[2].replace("*", "yes").split("|")))
    return {**tags, **draw(_random_tags())}


@st.composite
def _random_tags(draw: st.DrawFn) -> dict[str, str]:
    keys = draw(st.lists(st.sampled_from(sorted(BY_KEY)), max_size=4, unique=True))
    tags = {}
    for key in keys:
        members = draw(st.lists(st.sampled_from(BY_KEY[key]) | st.sampled_from(VALUES), min_size=1, max_size=2))
        text = draw(st.sampled_from([";", "; "])).join(members)
        tags[key] = draw(st.sampled_from([str, str.upper, str.title]))(text)
    return tags


@given(_tags())
def test_agrees_with_the_slow_reading(tags: Mapping[str, str]) -> None:
    """The indexed matcher finds exactly what reading every rule from left to right finds."""
    expected = services_of(RULES, tags)
    assert dict(MATCHER.match(tags)) == expected


@given(_tags(), st.sampled_from(["supermarket", "Supermarket", "supermarket;bakery"]))
def test_a_shop_is_never_supermarket_and_discounter(tags: dict[str, str], shop: str) -> None:
    """One shop counts as supermarket or as discounter, never as both."""
    found = dict(MATCHER.match({**tags, "shop": shop}))
    assert not {"supermarket", "discounter"} <= set(found)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"shop": "supermarket", "brand": "LIDL", "name": "Lidl"}, {"discounter": "certain"}),
        ({"shop": "supermarket", "brand": "Edeka"}, {"supermarket": "certain"}),
        ({"shop": "supermarket", "name": "Dorfladen Berge"}, {"village_shop": "certain"}),
        ({"shop": "supermarket"}, {"supermarket": "probable"}),
        (
            {"shop": "bakery;butcher"},
            {"bakery": "certain", "butcher": "certain"},
        ),
        (
            {"amenity": "bank", "opening_hours": "Mo-Fr 09:00-16:00", "atm": "yes"},
            {"bank_branch": "certain", "atm": "certain"},
        ),
        ({"amenity": "bank", "opening_hours": "24/7"}, {"atm": "certain"}),
        ({"amenity": "bank"}, {"bank_branch": "probable", "atm": "probable"}),
        ({"amenity": "doctors", "name": "Dr. Augenstern"}, {}),
        ({"amenity": "doctors"}, {"general_practitioner": "probable"}),
        ({"amenity": "doctors", "healthcare:speciality": "general;internal"}, {"general_practitioner": "certain"}),
        ({"amenity": "kindergarten", "name": "Hort am Wald"}, {"after_school": "certain"}),
        ({"amenity": "kindergarten"}, {"kindergarten": "certain"}),
        ({"highway": "bus_stop", "name": "Volkshochschule"}, {"bus_stop": "certain"}),
        ({"disused:shop": "bakery"}, {}),
        ({}, {}),
    ],
)
def test_hand_made_objects(tags: Mapping[str, str], expected: Mapping[str, str]) -> None:
    """Known objects: an absent key passes `!=` and `!~`, never `~`; lists count by member; strong evidence beats weak."""
    assert dict(MATCHER.match(tags)) == expected


def test_relevant_keys_suffice() -> None:
    """An object without a relevant key has no service, so a reader may skip it."""
    assert {"shop", "amenity", "highway", "healthcare"} <= MATCHER.relevant_keys
    assert MATCHER.match({"addr:street": "Am Anger", "building": "yes", "surface": "asphalt"}) == ()
    assert not {"addr:street", "surface", "maxspeed"} & MATCHER.relevant_keys


@given(_tags())
def test_only_relevant_keys_start_a_match(tags: dict[str, str]) -> None:
    """Without its relevant keys no object matches."""
    assert MATCHER.match({k: v for k, v in tags.items() if k not in MATCHER.relevant_keys}) == ()


@pytest.mark.golden
def test_counts_of_stockheim(shared_data: Path) -> None:
    """Objects of the stockheim extract by the reviewed rules, before merging."""
    counts: Counter[tuple[str, str]] = Counter()
    extract = shared_data / "stockheim" / "osm" / "stockheim.osm.pbf"
    for thing in osmium.FileProcessor(str(extract)).with_filter(osmium.filter.EmptyTagFilter()):
        counts.update(MATCHER.match({tag.k: tag.v for tag in thing.tags}))
    expected = {
        "general_practitioner": (2, 1),
        "secondary_school": (2, 0),
        "after_school": (0, 0),
        "post_office": (2, 6),
        "bank_branch": (4, 2),
        "home_care": (0, 0),
        "primary_school": (9, 0),
        "supermarket": (7, 1),
        "discounter": (6, 0),
    }
    assert {s: (counts[s, "certain"], counts[s, "probable"]) for s in expected} == expected
