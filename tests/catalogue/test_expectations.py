"""Nouns of services, and what places of a size are expected to have."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankerort.base.problems import InputError
from ankerort.catalogue import read_catalogue

CATALOGUE = read_catalogue()
CORE = [f"core:{item.id}" for item in CATALOGUE.core]


def test_every_service_and_core_function_has_its_noun() -> None:
    """A sentence about any of them needs gender and number; each core function has a letter of its own on the maps."""
    assert set(CATALOGUE.nouns) == {*CATALOGUE.services, *CORE}
    marks = [CATALOGUE.nouns[item].mark for item in CORE]
    assert all(marks)
    assert len(set(marks)) == len(marks)


def test_german_nouns_are_capital_and_have_no_adjective() -> None:
    """An adjective before the noun would have to be declined: "der nächste öffentliche Ladepunkt"."""
    for noun in CATALOGUE.nouns.values():
        assert noun.noun_de[0].isupper(), noun.id
        assert noun.plural_de[0].isupper(), noun.id


def test_classes_leave_no_gap() -> None:
    """Each number of inhabitants, 0 too, has exactly one class."""
    classes = CATALOGUE.place_expectations.classes
    assert [c.persons_from for c in classes] == [0, 200, 500, 1000, 3000]
    for persons, first in ((0, 0), (199.9, 0), (200, 200), (999, 500), (3000, 3000), (40000, 3000)):
        size = CATALOGUE.place_expectations.of(persons)
        assert size is not None
        assert size.persons_from == first


def test_a_larger_place_is_never_expected_to_have_less() -> None:
    """Of two classes the larger one expects at least as much of each core function."""
    rank = ("no", "useful", "yes")
    classes = CATALOGUE.place_expectations.classes
    for item in CORE:
        levels = [rank.index(c.expected(item)) for c in classes]
        assert levels == sorted(levels), item
        assert all(item in c.items for c in classes)


def test_a_hamlet_is_not_expected_to_have_a_bank() -> None:
    """Nothing is demanded of the smallest places, and every record says where it comes from."""
    hamlet = CATALOGUE.place_expectations.classes[0]
    assert hamlet.expected("core:bank_cash") == "no"
    assert not any(e.expected == "yes" for e in hamlet.items.values())
    assert hamlet.expected("hairdresser") == "no"
    assert all(e.record.source and e.record.mark in ("D", "D/M") for e in hamlet.items.values())


def test_a_folder_may_change_what_is_expected(tmp_path: Path) -> None:
    """A changed record holds; without agreement it is a warning."""
    (tmp_path / "place_expectations.csv").write_text(
        "persons_from,item,expected,source,legal_status,mark\n200,core:kindergarten,yes,Kreis,practice,S\n",
        encoding="utf-8",
    )
    catalogue = read_catalogue(tmp_path)
    size = catalogue.place_expectations.of(300)
    assert size is not None
    assert size.expected("core:kindergarten") == "yes"
    assert [p.code for p in catalogue.problems] == ["catalogue_figure_not_agreed"]


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("place_expectations.csv", "persons_from,item,expected,source,legal_status,mark\n0,bakker,yes,x,default,D\n",
         "catalogue_service_unknown"),
        ("nouns.csv", "id,gender_de,noun_de,plural_de,noun_en,plural_en,mark\nbakker,m,B,B,b,b,\n",
         "catalogue_service_unknown"),
        ("nouns.csv", "id,mark\nbakery,H\n", "catalogue_mark_twice"),
        ("nouns.csv", "id,gender_de\nbakery,x\n", "catalogue_not_allowed"),
    ],
)  # fmt: skip
def test_faults_are_named(tmp_path: Path, file: str, content: str, code: str) -> None:
    """An unknown service, a letter given twice and an unknown gender are faults with a name."""
    (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_catalogue(tmp_path)
    assert code in {p.code for p in caught.value.problems}
