"""Cells of a place meet the counts of a register, band by band, as a slow reference does it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankerort.base.problems import Problems
from ankerort.catalogue.age_bands import AGE_BANDS, AGE_COLUMNS
from ankerort.region.scale_to_register import (
    AgeCount,
    RegisterUnit,
    bands_of_register,
    scale_bands,
    scale_to_register,
    single_years,
    told_persons,
)

_EVEN = single_years(np.ones(101))


def _slow(counts: list[AgeCount], cells: np.ndarray, ages: np.ndarray) -> np.ndarray:
    """Every single year of every cell by itself: split, multiply by its class, sum up again; nobody's classes last."""
    years = np.zeros((len(cells), 121))
    for i in range(len(cells)):
        for k, (_, first, last) in enumerate(AGE_BANDS):
            for age in range(first, last + 1):
                years[i, age] = cells[i, k] * ages[age] / sum(ages[a] for a in range(first, last + 1))
    out = np.zeros_like(cells)
    share = cells.sum(axis=1) / cells.sum()
    for count in counts:
        inside = range(count.first, count.last + 1)
        have = sum(years[i, a] for i in range(len(cells)) for a in inside)
        weight = sum(ages[a] for a in inside)
        for i in range(len(cells)):
            for k, (_, first, last) in enumerate(AGE_BANDS):
                for age in inside:
                    if not first <= age <= last:
                        continue
                    if have > 0:
                        out[i, k] += count.persons * years[i, age] / have
                    else:
                        out[i, k] += count.persons * ages[age] / weight * share[i]
    return out


_CUTS = st.lists(st.sampled_from([3, 6, 10, 15, 16, 18, 25, 40, 65, 70, 75, 80, 85, 90]), unique=True, max_size=7)


@given(
    cells=st.lists(
        st.lists(st.sampled_from([0.0, 0.0, 1.0, 2.5, 17.0, 80.0]), min_size=8, max_size=8), min_size=1, max_size=4
    ),
    cuts=_CUTS,
    persons=st.lists(st.integers(0, 90), min_size=8, max_size=8),
    slope=st.floats(0.0, 3.0),
)
def test_it_equals_the_slow_reference(
    cells: list[list[float]], cuts: list[int], persons: list[int], slope: float
) -> None:
    """Any classes, coarser than the bands or across them: each cell as if every single year were scaled by itself."""
    bands = np.array(cells)
    if not bands.sum() > 0:
        return
    edges = [0, *sorted(cuts), 121]
    ages = single_years(1.0 + slope * np.arange(101) / 100)
    counts = [AgeCount(a, b - 1, float(n)) for a, b, n in zip(edges, edges[1:], persons, strict=False)]
    target = bands_of_register(counts, bands.sum(axis=0), ages)
    found = scale_bands(bands, target)
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(sum(c.persons for c in counts))
    assert found.sum(axis=0) == pytest.approx(target)
    # Where nobody of a band lives, the spread is by all persons (its own test); else every year must agree.
    if all(bands.sum(axis=0)[k] > 0 for k in range(8)):
        assert found == pytest.approx(_slow(counts, bands, ages))


def test_a_worked_example() -> None:
    """Cells of 6 and 2 people of 65-74 and 4 of 75-84; the register counts 15 of 65-79 and 5 of 80 and older.

    Even ages: 75-79 are half of 75-84, so that 65-79 holds 8 + 2 = 10 in the cells: factor 1.5. 80-84 holds 2, 85+ nobody: factor 2.5.
    65-74 becomes 12, 75-84 becomes 2 * 1.5 + 2 * 2.5 = 8. The first cell has 6 of 8 of the younger: 9.
    """
    cells = np.zeros((2, 8))
    cells[0, 5], cells[1, 5], cells[1, 6] = 6.0, 2.0, 4.0
    target = bands_of_register([AgeCount(65, 79, 15.0), AgeCount(80, 120, 5.0)], cells.sum(axis=0), _EVEN)
    assert target == pytest.approx([0, 0, 0, 0, 0, 12, 8, 0])
    assert scale_bands(cells, target)[:, 5:7] == pytest.approx(np.array([[9.0, 0.0], [3.0, 8.0]]))


def _cells(*rows: tuple[str, str, list[float]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                **dict.fromkeys(("lon", "lat", "x", "y"), 0.0),
                "cell_id": cell,
                "size_m": 100.0,
                "persons": float(sum(bands)),
                "persons_rule": "estimated",
                **dict(zip(AGE_COLUMNS, map(float, bands), strict=True)),
                "ages_rule": "raked",
                "ags": "15001000",
                "place_id": place,
                "in_study": True,
                "source_id": "census",
            }
            for cell, place, bands in rows
        ]
    )


_PLACES = pd.DataFrame(
    [(p, "15001000", 1.0, 2.0, 3.0, 4.0, True) for p in ("a", "b", "c")],
    columns=["place_id", "ags", "lon", "lat", "x", "y", "in_study"],
)


def _unit(place_ids: tuple[str, ...], *counts: AgeCount, kind: str = "place") -> RegisterUnit:
    return RegisterUnit("15001000", "Adorf", place_ids, kind, "2024", "r", "t.csv: 7", counts)


def test_a_band_that_no_cell_has_is_spread_like_all_people() -> None:
    """Ten children of a place without children: three quarters to the cell with three quarters of the people."""
    cells = _cells(("1", "a", [0, 0, 0, 0, 30.0, 0, 0, 0]), ("2", "a", [0, 0, 0, 0, 0, 10.0, 0, 0]))
    unit = _unit(("a",), AgeCount(0, 5, 10.0), AgeCount(6, 120, 40.0))
    found = scale_to_register(cells, [unit], _PLACES, ages=_EVEN, problems=Problems())
    assert found["p_0_5"].tolist() == pytest.approx([7.5, 2.5])
    assert found["persons"].tolist() == pytest.approx([37.5, 12.5])
    assert set(found["persons_rule"]) == {"scaled"}


def test_places_of_no_unit_stay_and_several_places_share_their_count() -> None:
    """A unit of a and b scales both alike; c keeps what the census says."""
    cells = _cells(
        ("1", "a", [0, 0, 0, 0, 30.0, 0, 0, 0]), ("2", "b", [0, 0, 0, 0, 10.0, 0, 0, 0]), ("3", "c", [5.0] * 8)
    )
    unit = _unit(("a", "b"), AgeCount(0, 120, 20.0), kind="several")
    found = scale_to_register(cells, [unit], _PLACES, ages=_EVEN, problems=Problems())
    assert found["persons"].tolist() == pytest.approx([15.0, 5.0, 40.0])
    assert found["persons_rule"].tolist() == ["scaled", "scaled", "estimated"]


def test_people_of_a_place_without_cells_stand_at_its_centre_and_people_without_a_place_are_named() -> None:
    """A point cell with a warning; people without any place are in no cell, and a warning says so, rounded."""
    cells = _cells(("1", "a", [1.0] * 8))
    problems = Problems()
    units = [_unit(("b",), AgeCount(0, 120, 41.0)), _unit((), AgeCount(0, 120, 2.0), kind="nowhere")]
    found = scale_to_register(cells, units, _PLACES, ages=_EVEN, problems=problems)
    point = found[found["cell_id"] == "register-b"].iloc[0]
    assert (point["x"], point["y"], point["size_m"]) == (3.0, 4.0, 0.0)
    assert point["persons"] == pytest.approx(41.0)
    assert [(p.code, p.row, p.params["persons"]) for p in problems] == [
        ("register_place_without_cells", 7, 40),
        ("register_rest_nowhere", 7, 5),
    ]
    assert found["persons"].sum() == pytest.approx(49.0)


def test_problems_never_name_a_household() -> None:
    """One or two people are told as 5, larger numbers as all persons are rounded."""
    assert [told_persons(n) for n in (0.0, 1.0, 2.0, 13.0, 138.0)] == [0, 5, 5, 15, 140]
