"""Nobody can work out a hidden count: attacked here by other means than the program uses itself."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.mobile.wishes_results import AGES, ALL_AGES, wishes_results
from ankerort.region.read_wishes import Wishes
from worlds.survey import wishes
from worlds.tiny_region import catalogue, region

LEAST = 5
SERVICES = ("citizen_office", "bank", "doctor")


def _survey(rows: list[tuple[str, str, tuple[bool, ...]]]) -> Wishes:
    answers = [{"place_id": place, "age": age} for place, age, _ in rows]
    used = [(k, s, 12.0) for k, (_, _, named) in enumerate(rows) for s, n in zip(SERVICES, named, strict=True) if n]
    return wishes(answers, used)


ANSWERS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(AGES), st.tuples(*[st.booleans()] * len(SERVICES))),
    min_size=0,
    max_size=60,
)


def _layers(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Published counts by layer (answers, each service): places x ages with totals, as a reader would copy them from the table."""
    mine = table[table["question"].isin(["answers", "service"])]
    return {
        f"{q}:{o}": part.pivot(index="place_key", columns="age", values="answers")
        for (q, o), part in mine.groupby(["question", "option"], sort=True)
    }


def _exactly_known(layer: pd.DataFrame) -> list[tuple[str, str]]:
    """Hidden figures that follow from the shown ones by adding and taking away: those on which no solution of zero can turn."""
    places = [p for p in layer.index if p]
    ages = [a for a in layer.columns if a != ALL_AGES]
    atom = {pair: k for k, pair in enumerate(itertools.product(places, ages))}
    rows, hidden = [], []
    for place in layer.index:
        for age in layer.columns:
            row = np.zeros(len(atom))
            for p in places if place == "" else [place]:
                for a in ages if age == ALL_AGES else [age]:
                    row[atom[p, a]] = 1.0
            if math.isnan(layer.at[place, age]):
                hidden.append(((place, age), row))
            else:
                rows.append(row)
    shown = np.array(rows) if rows else np.zeros((1, len(atom)))
    rank = np.linalg.matrix_rank(shown)
    return [key for key, row in hidden if np.linalg.matrix_rank(np.vstack([shown, row])) == rank]


@given(ANSWERS)
@settings(max_examples=12)
def test_no_small_count_is_shown_and_no_hidden_one_follows_from_the_others(
    rows: list[tuple[str, str, tuple[bool, ...]]],
) -> None:
    """In each layer: shown figures are 5 or more (but the number of answers of a group), and adding and taking away gives no hidden one."""
    results = wishes_results(_survey(rows), region(), catalogue())
    for name, layer in _layers(results.table).items():
        for place, age in itertools.product(layer.index, layer.columns):
            value = layer.at[place, age]
            always = name == "answers:" and age == ALL_AGES
            assert math.isnan(value) or value >= LEAST or always, (name, place, age)
        if results.enough:
            assert _exactly_known(layer) == [], name


@given(
    st.lists(st.tuples(st.sampled_from("ac"), st.sampled_from(["65_74", "75_84", "85_plus"])), min_size=5, max_size=14)
)
@settings(max_examples=10)
def test_possible_values_of_a_hidden_count_leave_it_open(rows: list[tuple[str, str]]) -> None:
    """All tables of whole numbers that fit the shown figures, one by one: a hidden count has at least five possible values."""
    results = wishes_results(_survey([(p, a, (False,) * 3) for p, a in rows]), region(), catalogue())
    layer = _layers(results.table)["answers:"]
    places = [p for p in layer.index if p]
    ages = ["65_74", "75_84", "85_plus"]
    if len(places) == 1:
        tables = [(t,) for t in _rows_with_sum(int(layer.at[places[0], ALL_AGES]), len(ages))]
    else:
        tables = list(itertools.product(*(_rows_with_sum(int(layer.at[p, ALL_AGES]), len(ages)) for p in places)))
    fitting = [np.array(t) for t in tables if _fits(np.array(t), layer, places, ages)]
    assert fitting
    for (k, place), (m, age) in itertools.product(enumerate(places), enumerate(ages)):
        if math.isnan(layer.at[place, age]):
            assert len({int(t[k, m]) for t in fitting}) >= LEAST, (place, age)


def _rows_with_sum(total: int, width: int) -> list[tuple[int, ...]]:
    if width == 1:
        return [(total,)]
    return [(k, *rest) for k in range(total + 1) for rest in _rows_with_sum(total - k, width - 1)]


def _fits(table: np.ndarray, layer: pd.DataFrame, places: list[str], ages: list[str]) -> bool:
    for m, age in enumerate(ages):
        for k, place in enumerate(places):
            if not math.isnan(layer.at[place, age]) and layer.at[place, age] != table[k, m]:
                return False
        if not math.isnan(layer.at["", age]) and layer.at["", age] != table[:, m].sum():
            return False
    return True


def test_figures_that_are_large_enough_are_shown() -> None:
    """Ten of each age in two distant places, all naming the bank: nothing needs hiding, and the factor of use is told beside."""
    rows = [(p, a, (False, True, False)) for p in "ac" for a in ("65_74", "75_84") for _ in range(10)]
    results = wishes_results(_survey(rows), region(), catalogue())
    assert [g.answers for g in results.groups] == [20, 20]
    cell = results.of("service", place_key="a", age="75_84").loc["bank"]
    assert (cell["answers"], cell["of"], cell["stated_year"]) == (10, 10, 120)
    factor = catalogue().mobile.services["bank"].use_factor
    assert (factor.low, factor.mid, factor.high) == (0.2, 0.4, 0.7)
    assert cell["expected_mid"] == pytest.approx(48)
    assert (cell["expected_low"], cell["expected_high"]) == (pytest.approx(24), pytest.approx(84))
    whole = results.of("service").loc["bank"]
    assert (whole["answers"], whole["stated_year"]) == (40, 480)


def test_a_single_small_cell_takes_others_with_it() -> None:
    """Three of 85 and older in one place would follow from row and column: further cells are hidden, the place keeps its number of answers."""
    rows = (
        [("a", "65_74", (False,) * 3)] * 12 + [("a", "75_84", (False,) * 3)] * 9 + [("a", "85_plus", (False,) * 3)] * 3
    )
    rows += [("c", a, (False,) * 3) for a in ("65_74", "75_84", "85_plus") for _ in range(8)]
    results = wishes_results(_survey(rows), region(), catalogue())
    layer = _layers(results.table)["answers:"]
    assert math.isnan(layer.at["a", "85_plus"])
    assert layer.loc["a"].drop(ALL_AGES).isna().sum() >= 2
    assert layer.loc["c"].drop(ALL_AGES).isna().sum() >= 1
    assert (layer.at["a", ALL_AGES], layer.at["c", ALL_AGES]) == (24, 24)


def test_fewer_answers_than_the_least_show_nothing() -> None:
    """Four answers: their number is told, no other figure is."""
    results = wishes_results(_survey([("a", "65_74", (True, True, True))] * 4), region(), catalogue())
    assert not results.enough
    table = results.table
    told = table[table["answers"].notna()]
    assert set(told["question"]) == {"answers"}
    assert set(told["age"]) == {ALL_AGES}


def test_questions_with_one_option_hide_their_small_options() -> None:
    """Twenty answers, three of them by carers: the three do not follow from the others."""
    answers = [
        {"place_id": "a", "age": "75_84", "filled_by": by} for by in ["self"] * 11 + ["relative"] * 6 + ["carer"] * 3
    ]
    told = wishes_results(wishes(answers), region(), catalogue()).of("filled_by")["answers"]
    assert math.isnan(told["carer"])
    assert told.isna().sum() >= 2
    assert told.notna().any()


def test_no_answers_give_no_results() -> None:
    """An empty survey has an empty table, not a crash."""
    results = wishes_results(Wishes(), region(), catalogue())
    assert (results.answers, len(results.table), results.groups, results.services) == (0, 0, (), ())
