"""Problems are collected and told together."""

from __future__ import annotations

import pytest

from ankerort.base.problems import InputError, Problem, Problems


def test_errors_come_first_and_the_rest_keeps_its_order() -> None:
    """Errors, warnings, notes; within them as found."""
    problems = Problems()
    for code, severity in (("a", "note"), ("b", "warning"), ("c", "error"), ("d", "warning"), ("e", "error")):
        problems.add(code, severity, "t.csv")  # type: ignore[arg-type]
    assert [p.code for p in problems.sorted()] == ["c", "e", "b", "d", "a"]


def test_an_error_raises_all_problems_together() -> None:
    """One `InputError` holds every problem, warnings included, errors first; its text names the first ones."""
    problems = Problems([Problem("small", "warning", "a.csv")])
    problems.raise_errors()
    problems.add("big", "error", "b.csv", row=7, column="x", value="?")
    assert problems.has_errors and len(problems) == 2
    with pytest.raises(InputError, match=r"b\.csv: big; a\.csv: small") as caught:
        problems.raise_errors()
    assert [p.code for p in caught.value.problems] == ["big", "small"]
    assert caught.value.problems[0] == Problem("big", "error", "b.csv", 7, "x", {"value": "?"})


def test_problems_of_another_reader_are_taken_over() -> None:
    """`extend` keeps them after the own ones."""
    problems = Problems()
    problems.add("own", "note", "a")
    problems.extend(Problems([Problem("other", "note", "b")]))
    assert [p.code for p in problems] == ["own", "other"]
