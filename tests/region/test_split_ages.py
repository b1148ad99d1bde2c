"""Splitting census classes into age bands."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ankerort.catalogue.age_bands import AGE_COLUMNS
from ankerort.region.census_grid import AgeClass
from ankerort.region.split_ages import (
    Margin,
    atoms_of,
    bands_of,
    covers_all_ages,
    disjoint_parts,
    harmonise,
    rake,
    weights_of,
)
from reference.population import rake_slow

FLAT = np.full(101, 1.0)
TEN = (*tuple(AgeClass(a, a + 9) for a in range(0, 80, 10)), AgeClass(80, 120))
FIVE = (AgeClass(0, 17), AgeClass(18, 29), AgeClass(30, 49), AgeClass(50, 64), AgeClass(65, 120))


def bands(persons, margins, ages=FLAT):
    atoms = atoms_of(margins)
    rows = rake(np.asarray(persons, dtype=float), weights_of(atoms, ages), atoms, margins)
    return bands_of(rows, atoms)


def test_ten_year_classes_are_split_by_single_years():
    """With as many people of each age, 10 of "under 10" are 6 of 0-5 and 4 of 6-9; 60-69 halves at 65."""
    counts = np.array([[10.0, 10, 0, 0, 0, 0, 20, 10, 0]])
    got = bands([50.0], [Margin(TEN, harmonise(counts, np.array([50.0]), whole=True))])[0]
    assert dict(zip(AGE_COLUMNS, got, strict=True)) == pytest.approx(
        {
            "p_0_5": 6,
            "p_6_9": 4,
            "p_10_15": 6,
            "p_16_17": 2,
            "p_18_64": 2 + 10,
            "p_65_74": 10 + 5,
            "p_75_84": 5,
            "p_85_plus": 0,
        }
    )


def test_the_shape_of_the_single_years_decides_the_split():
    """Three times as many 0-5 as 6-9 in the Land's single years split 8 children under 10 into 6 and 2."""
    ages = FLAT.copy()
    ages[0:6] = 3 / 6
    ages[6:10] = 1 / 4
    counts = np.array([[8.0, 0, 0, 0, 0, 0, 0, 0, 0]])
    got = bands([8.0], [Margin(TEN, harmonise(counts, np.array([8.0]), whole=True))], ages)[0]
    assert got[:2] == pytest.approx([6, 2])


def test_people_of_100_and_older_belong_to_the_open_band():
    """The last single year holds all of 100 and older; nobody gets lost above it."""
    atoms = atoms_of([])
    weights = weights_of(atoms, FLAT)
    assert weights.sum() == pytest.approx(1.0)
    assert weights[-1] == pytest.approx(16 / 101)  # 85..100


def test_suppressed_classes_get_the_remainder_by_the_state_structure():
    """Persons 30, known 10 + 10, two suppressed classes of equal width: 5 each, not zero."""
    counts = np.array([[10.0, np.nan, np.nan, 10, 0, 0, 0, 0, 0]])
    margin = Margin(TEN, harmonise(counts, np.array([30.0]), whole=True))
    atoms = atoms_of([margin])
    rows = rake(np.array([30.0]), weights_of(atoms, FLAT), atoms, [margin])[0]
    by_class = [sum(v for v, (a, b) in zip(rows, atoms, strict=True) if c.first <= a and b <= c.last) for c in TEN]
    assert by_class == pytest.approx([10, 5, 5, 10, 0, 0, 0, 0, 0])


def test_perturbed_classes_are_fitted_to_the_persons():
    """Classes that add to 12 in a cell of 10 are scaled to 10; their proportions stay."""
    shares = harmonise(np.array([[6.0, 6, 0, 0, 0]]), np.array([10.0]), whole=True)
    assert shares[0] == pytest.approx([0.5, 0.5, 0, 0, 0])


def test_classes_that_are_all_zero_say_nothing():
    """A cell with persons whose classes are all zero takes the state's structure."""
    shares = harmonise(np.zeros((1, 5)), np.array([10.0]), whole=True)
    assert np.isnan(shares).all()
    assert bands([10.0], [Margin(FIVE, shares)])[0] == pytest.approx(bands([10.0], [])[0])


def test_a_group_margin_is_met_over_its_cells_while_local_counts_stay():
    """Two cells of 100 in one coarser cell with 30 % of 65+; one has 40 of 80+: it keeps them, the group keeps 60."""
    coarse = Margin((AgeClass(65, 120, True),), np.array([[0.3]]), csr_array(np.ones((2, 1))))
    local = Margin((AgeClass(80, 120),), np.array([[0.4], [0.0]]))
    margins = [coarse, local]
    atoms = atoms_of(margins)
    rows = rake(np.array([100.0, 100.0]), weights_of(atoms, FLAT), atoms, margins)
    old = np.array([a >= 65 for a, _ in atoms])
    oldest = np.array([a >= 80 for a, _ in atoms])
    assert rows[:, oldest].sum(axis=1) == pytest.approx([40, 0], abs=1e-6)
    assert rows[:, old].sum() == pytest.approx(60, abs=1e-3)
    assert rows[:, old].sum(axis=1)[0] > 40


def test_contradicting_margins_end_with_the_more_trusted_one():
    """80+ cannot be half of a cell that has 10 % of 65+: the later margin wins and persons are kept."""
    margins = [Margin((AgeClass(65, 120),), np.array([[0.1]])), Margin((AgeClass(80, 120),), np.array([[0.5]]))]
    atoms = atoms_of(margins)
    rows = rake(np.array([10.0]), weights_of(atoms, FLAT), atoms, margins)
    assert rows.sum() == pytest.approx(10)
    assert rows[0, [a >= 80 for a, _ in atoms]].sum() == pytest.approx(5)


def test_overlapping_classes_fall_into_disjoint_parts():
    """Ten-year and five classes in one file make two margins, each of classes that do not overlap."""
    classes = TEN + FIVE
    parts = disjoint_parts(classes)
    assert sorted(k for p in parts for k in p) == list(range(len(classes)))
    for part in parts:
        chosen = [classes[k] for k in part]
        assert all(a.last < b.first for a, b in itertools.pairwise(chosen))
        assert covers_all_ages(chosen)


def test_single_years_without_people_are_a_fault():
    """Nothing can be split by an empty age structure."""
    with pytest.raises(ValueError, match="single-year"):
        weights_of(atoms_of([]), np.zeros(101))


counts = st.lists(st.integers(0, 60).map(float), min_size=9, max_size=9)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(1, 200), counts, st.lists(st.booleans(), min_size=9, max_size=9)), min_size=1, max_size=6
    ),
    st.lists(st.floats(0.01, 5), min_size=101, max_size=101),
)
def test_bands_sum_to_persons_and_are_never_negative(cells, ages):
    """Whatever is known of the classes, the bands of a cell sum to its persons, none is negative or NaN."""
    persons = np.array([float(p) for p, _, _ in cells])
    values = np.array([c for _, c, _ in cells])
    values[np.array([h for _, _, h in cells])] = np.nan
    coarse = Margin((AgeClass(65, 120, True),), np.array([[0.25]]), csr_array(np.full((len(persons), 1), 0.7)))
    got = bands(persons, [coarse, Margin(TEN, harmonise(values, persons, whole=True))], np.array(ages))
    assert np.isfinite(got).all()
    assert (got >= 0).all()
    assert got.sum(axis=1) == pytest.approx(persons)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(1, 40), min_size=9, max_size=9), st.lists(st.integers(1, 40), min_size=5, max_size=5)
        ),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.floats(0.1, 3), min_size=101, max_size=101),
)
def test_raking_equals_the_slow_reference(cells, ages):
    """Two margins on every cell: the fitted table equals plain loops over cells, classes and ages."""
    ten = np.array([c[0] for c in cells], dtype=float)
    # Five classes made from a table that fits the ten-year ones, so that both margins can be met.
    persons = ten.sum(axis=1)
    atoms = atoms_of([Margin(TEN, ten), Margin(FIVE, np.zeros((1, 5)))])
    weights = weights_of(atoms, np.array(ages))
    member_ten = [next(k for k, c in enumerate(TEN) if c.first <= a and b <= c.last) for a, b in atoms]
    member_five = [next(k for k, c in enumerate(FIVE) if c.first <= a and b <= c.last) for a, b in atoms]
    tilt = np.array([c[1] for c in cells], dtype=float)
    five = np.zeros((len(cells), 5))
    for i in range(len(cells)):
        inside = np.array([weights[a] * tilt[i][member_five[a]] for a in range(len(atoms))])
        for k in range(9):
            mine = np.array(member_ten) == k
            inside[mine] *= ten[i, k] / inside[mine].sum()
        for a, v in enumerate(inside):
            five[i, member_five[a]] += v
    fast = rake(
        persons,
        weights,
        atoms,
        [Margin(FIVE, harmonise(five, persons, whole=True)), Margin(TEN, harmonise(ten, persons, whole=True))],
    )
    slow = rake_slow(persons, weights, [member_five, member_ten], [five, ten], 100)
    assert fast == pytest.approx(np.array(slow), abs=1e-3)
