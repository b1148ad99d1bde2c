"""The table of stop categories and quality classes."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from ankerort.base.problems import InputError
from ankerort.catalogue import read_catalogue

TABLE = read_catalogue().pt_classes


@pytest.mark.parametrize(
    ("group", "minutes", "category"),
    [
        ("A", 4.99, "I"),
        ("A", 5.0, "I"),
        ("A", 10.0, "II"),
        ("B", 5.0, "II"),
        ("C", 4.0, "II"),
        ("C", 20.0, "V"),
        ("C", 40.0, "VI"),
        ("C", 60.0, "VI"),
        ("C", 60.01, "VII"),
        ("A", 120.0, "V"),
        ("C", 120.0, "VII"),
        ("C", 120.01, ""),
        ("B", math.nan, ""),
    ],
)
def test_category_by_group_and_interval(group: str, minutes: float, category: str) -> None:
    """Rows of domain 2.3; a bound belongs to the slower row, but every 60 and every 120 minutes to the faster one."""
    assert TABLE.category(group, minutes) == category


@pytest.mark.parametrize(
    ("category", "metres", "found"),
    [("I", 300, "A"), ("I", 501, "B"), ("I", 1000, "C"), ("IV", 1000, "F"), ("V", 750, "F"), ("V", 751, ""), ("VI", 500, "F"), ("VII", 300, "F"), ("VII", 301, ""), ("I", 1001, "")],
)  # fmt: skip
def test_class_by_category_and_metres(category: str, metres: float, found: str) -> None:
    """Rows of domain 2.3; the metres themselves belong to the nearer class."""
    assert TABLE.quality_class(category, metres) == found


def test_the_table_has_all_steps() -> None:
    """Six intervals for three mode groups; 4, 4, 4, 4, 3, 2, 1 distances; the longest is 1,000 m."""
    assert {g: len(s) for g, s in TABLE.categories.items()} == {"A": 6, "B": 6, "C": 6}
    assert [len(TABLE.classes[c]) for c in ("I", "II", "III", "IV", "V", "VI", "VII")] == [4, 4, 4, 4, 3, 2, 1]
    assert TABLE.longest_m == 1000.0


def test_a_project_may_replace_a_row_and_words_are_checked(tmp_path: Path) -> None:
    """Another class at 300 m of category VII holds, with a warning while nobody agreed to it; an unknown word is an error."""
    head = "part,of,limit,unit,included,result,source,legal_status,mark\n"
    (tmp_path / "pt_classes.csv").write_text(head + "class,VII,300,m,yes,E,Kreis,default,D\n", encoding="utf-8")
    catalogue = read_catalogue(tmp_path)
    assert catalogue.pt_classes.quality_class("VII", 250) == "E"
    assert [p.code for p in catalogue.problems] == ["catalogue_figure_not_agreed"]
    (tmp_path / "pt_classes.csv").write_text(head + "class,IX,300,m,yes,Z,Kreis,default,D\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_catalogue(tmp_path)
    assert [(p.code, p.column) for p in error.value.problems] == [
        ("catalogue_not_allowed", "of"),
        ("catalogue_not_allowed", "result"),
    ]
