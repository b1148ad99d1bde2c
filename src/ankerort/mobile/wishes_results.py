"""Results of a survey as they may be shown: from a least number of answers on, and so that nobody can work out what is hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from ankerort.base.provenance import DatedValue
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.schema_wishes import WISHES_RESULTS
from ankerort.mobile.suppression import Published, hidden_sums
from ankerort.mobile.wishes_groups import MergedPlaces, key_of_places, merge_places
from ankerort.mobile.wishes_weights import named_by, stated_uses
from ankerort.region.model import Region
from ankerort.region.read_wishes import Wishes
from ankerort.region.wishes_layout import CHOICES, OFFERED_WEEKDAYS, WAIT_MIN, WALK_M

ALL_AGES = "all"
AGES = (*CHOICES["age"], "")
_NO_AGE_DEFAULT = 1.0
_PART_PLACES, _PART_ATOMS = 8, 600  # least places and usual atoms of a part that is attacked by itself
# Questions of which an answer has one option, and such with several; the words of their choices.
ONE_OPTION = {
    "household": "household", "filled_by": "filled_by", "half_day": "half_day", "spot": "spot", "walk_m": "walk_m", "wait_min": "wait_min",
    "phone_booking": "yes_no", "company": "yes_no", "online": "online",
}  # fmt: skip
SEVERAL_OPTIONS = {"weekdays": "weekdays", "drives": "drives", "hinders": "hinders"}


@dataclass(frozen=True)
class WishesResults:
    """What a survey says.

    Parameters
    ----------
    groups
        Places that are told together, each with at least `least` answers (unless there are fewer in all).
    table
        WISHES_RESULTS.
    answers
        All answers.
    least
        Fewest answers of a figure that is shown.
    services
        Mobile services that somebody named or gave up, in the order of the catalogue.
    """

    groups: tuple[MergedPlaces, ...]
    table: pd.DataFrame = field(repr=False)
    answers: int
    least: int
    services: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether there are answers enough to show anything."""
        return self.answers >= self.least

    def of(self, question: str, *, place_key: str = "", age: str = ALL_AGES) -> pd.DataFrame:
        """Rows of one question for one group of places and age, by option."""
        table = self.table
        mine = (table["question"] == question) & (table["place_key"] == place_key) & (table["age"] == age)
        return table[mine].set_index("option")


def wishes_results(wishes: Wishes, region: Region, catalogue: Catalogue) -> WishesResults:
    """Results of all questions by group of places, of services also by age.

    Parameters
    ----------
    wishes
        The answers; may be empty.
    region
        Its places.
    catalogue
        Mobile services, and the figure ``mobile.wishes_least_answers``.

    Returns
    -------
    WishesResults
        Equal answers in any order give equal results.

    Notes
    -----
    Services: counts by place, age and service, with all their totals, are hidden together (see `ankerort.mobile.suppression`); what the answers state
    is shown where their count is. Each other question is counted by place. How many answers a group of places has is always shown.
    """
    answers = wishes.answers
    least = int(catalogue.value("mobile.wishes_least_answers"))
    counts = {str(p): int(n) for p, n in answers["place_id"].value_counts(sort=False).items()}
    groups = merge_places(counts, region.places, least=least)
    at = {place: k for k, g in enumerate(groups) for place in g.members}
    known = answers["place_id"].isin(at)
    wishes = Wishes(answers[known].reset_index(drop=True), wishes.services, wishes.text)
    answers = wishes.answers
    row = answers["place_id"].map(at).to_numpy(np.int64) if len(answers) else np.zeros(0, np.int64)
    services = tuple(s for s in catalogue.mobile.services if _occurs(wishes, s))
    rows: list[pd.DataFrame] = []
    if groups:
        told = _Told(tuple(g.key for g in groups), row, least)
        rows.append(told.by_age(wishes, catalogue, services))
        rows += [told.one_option(q, _values(answers, q), (*CHOICES[kind], "")) for q, kind in ONE_OPTION.items()]
        rows += [told.several(q, answers[q], _asked(answers[q], q, kind)) for q, kind in SEVERAL_OPTIONS.items()]
        if services:
            rows.append(told.several("given_up", answers["given_up"], services))
    table = pd.concat(rows, ignore_index=True) if rows else WISHES_RESULTS.empty()
    return WishesResults(groups, WISHES_RESULTS.conform(table), len(answers), least, services)


def _asked(values: pd.Series, question: str, kind: str) -> tuple[str, ...]:
    """Options on the sheet, and what else somebody named."""
    if question != "weekdays":
        return CHOICES[kind]
    named = {part for text in values for part in text.split(";")}
    return tuple(o for o in CHOICES[kind] if o in OFFERED_WEEKDAYS or o in named)


def _occurs(wishes: Wishes, service: str) -> bool:
    given_up = any(service in text.split(";") for text in wishes.answers["given_up"])
    return given_up or bool(named_by(wishes, service).any())


def _values(answers: pd.DataFrame, question: str) -> NDArray[np.object_]:
    """The option of each answer; numbers fall into the class of the nearest box."""
    words = {"walk_m": WALK_M, "wait_min": WAIT_MIN}.get(question)
    if words is None:
        return answers[question].to_numpy(object)
    names, values = tuple(words), np.array(list(words.values()))
    limits = (values[1:] + values[:-1]) / 2
    numbers = answers[question].to_numpy(np.float64)
    return np.array(["" if np.isnan(n) else names[int(np.searchsorted(limits, n))] for n in numbers], object)


class _Told:
    """Counts by group of places, hidden where they must be; `row` is the group of each answer."""

    def __init__(self, keys: tuple[str, ...], row: NDArray[np.int64], least: int) -> None:
        self.keys, self.row, self.least = keys, row, least

    def by_age(self, wishes: Wishes, catalogue: Catalogue, services: Sequence[str]) -> pd.DataFrame:
        """Answers and services by place and age."""
        ages = wishes.answers["age"].to_numpy(object)
        column = np.array([AGES.index(a) for a in ages], np.int64)
        named = [named_by(wishes, s) for s in services]
        counts = np.stack([self._count(column, len(AGES), mask) for mask in [np.ones(len(ages), bool), *named]])
        shown = self._shown(counts)
        parts = [self._frame("answers", "", shown[0], shown[0], AGES)]
        for k, service in enumerate(services, start=1):
            record = catalogue.mobile.services[service]
            default = np.array([_default_times(record.cases_per_year, a) for a in ages], np.float64)
            uses = _with_totals(self._sum(column, len(AGES), stated_uses(wishes, service, default)))
            frame = self._frame("service", service, shown[k], shown[0], AGES)
            stated = np.where(np.isnan(shown[k]), np.nan, uses).ravel()
            factor = record.use_factor
            parts.append(
                frame.assign(
                    stated_year=stated,
                    expected_low=stated * factor.low,
                    expected_mid=stated * factor.mid,
                    expected_high=stated * factor.high,
                )
            )
        return pd.concat(parts, ignore_index=True)

    def one_option(self, question: str, values: NDArray[np.object_], options: Sequence[str]) -> pd.DataFrame:
        """A question with one option per answer: its options add up to all answers."""
        at = {o: k for k, o in enumerate(options)}
        column = np.array([at.get(v, at[""]) for v in values], np.int64)
        counts = self._count(column, len(options), np.ones(len(column), bool))
        shown = self._shown(counts[None])[0]
        frame = self._frame(question, "", shown, np.repeat(shown[:, -1:], len(options) + 1, axis=1), options)
        frame = frame[frame["age"] != ALL_AGES]
        return frame.assign(option=frame["age"], age=ALL_AGES)

    def several(self, question: str, values: pd.Series, options: Sequence[str]) -> pd.DataFrame:
        """A question with several options per answer: each is a count of its own."""
        chosen = [set(text.split(";")) for text in values]
        masks = [np.ones(len(chosen), bool), *(np.array([o in own for own in chosen], bool) for o in options)]
        column = np.zeros(len(chosen), np.int64)
        shown = self._shown(np.stack([self._count(column, 1, mask) for mask in masks]))
        parts = []
        for k, option in enumerate(options, start=1):
            frame = self._frame(question, option, shown[k], shown[0], ("",))
            parts.append(frame[frame["age"] == ALL_AGES])
        return pd.concat(parts, ignore_index=True)

    def _count(self, column: NDArray[np.int64], width: int, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        return self._sum(column, width, mask.astype(np.float64))

    def _sum(self, column: NDArray[np.int64], width: int, values: NDArray[np.float64]) -> NDArray[np.float64]:
        out = np.zeros((len(self.keys), width))
        np.add.at(out, (self.row, column), values)
        return out

    def _shown(self, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Counts with their totals, (layers, groups + 1, columns + 1); NaN = hidden."""
        table = _published(counts)
        hidden = hidden_sums(table, least=self.least)
        layers, groups, columns = counts.shape
        out = np.stack([_with_totals(layer) for layer in counts])
        return np.where(hidden.reshape(layers, groups + 1, columns + 1), np.nan, out)

    def _frame(
        self,
        question: str,
        option: str,
        shown: NDArray[np.float64],
        of: NDArray[np.float64],
        columns: Sequence[str],
    ) -> pd.DataFrame:
        places = [*self.keys, ""]
        ages = [*columns, ALL_AGES]
        return pd.DataFrame(
            {
                "question": question,
                "option": option,
                "place_key": np.repeat(np.array(places, object), len(ages)),
                "age": ages * len(places),
                "answers": shown.ravel(),
                "of": of.ravel(),
            }
        )


def _default_times(cases: Mapping[str, DatedValue], age: str) -> float:
    record = cases.get("18_65" if age == "under_65" else age)
    return _NO_AGE_DEFAULT if record is None else record.value


def _with_totals(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """A row and a column of totals below and beside."""
    wide = np.concatenate([counts, counts.sum(axis=1, keepdims=True)], axis=1)
    return np.concatenate([wide, wide.sum(axis=0, keepdims=True)], axis=0)


def _published(counts: NDArray[np.float64]) -> Published:
    """Cells and totals of layers of tables, row by row; the first layer is that of all answers, whose totals by place are always shown."""
    layers, groups, columns = counts.shape
    atoms = np.arange(counts.size).reshape(counts.shape)
    members: list[NDArray[np.int64]] = []
    total, keep = [], []
    for layer in range(layers):
        for p in range(groups + 1):
            for a in range(columns + 1):
                rows = slice(p, p + 1) if p < groups else slice(None)
                cells = slice(a, a + 1) if a < columns else slice(None)
                members.append(atoms[layer, rows, cells].ravel())
                total.append(p == groups or a == columns)
                keep.append(layer == 0 and a == columns)
    index = np.arange(len(members)).reshape(layers, groups + 1, columns + 1)
    lines = [index[k, p] for k in range(layers) for p in range(groups + 1)]
    lines += [index[k, :, a] for k in range(layers) for a in range(columns + 1)]
    pointer = np.concatenate([[0], np.cumsum([len(m) for m in members])])
    sums = sp.csr_matrix((np.ones(pointer[-1]), np.concatenate(members), pointer), shape=(len(members), counts.size))
    pairs = np.stack([atoms[1:].ravel(), np.tile(atoms[0].ravel(), layers - 1)], axis=1)
    # a few places with all their answers move among each other: neighbours first, then distant ones
    owner = (np.arange(counts.size) // columns) % groups
    size = max(_PART_PLACES, _PART_ATOMS // (layers * columns))
    blocks = -(-groups // size)
    parts = [] if blocks < 2 else [group == k for group in (owner // size, owner % blocks) for k in range(blocks)]
    return Published(
        sums, counts.ravel(), lines, np.array(total, bool), np.array(keep, bool), pairs.astype(np.int64), parts
    )


def told_with(results: WishesResults, place_id: str) -> MergedPlaces | None:
    """The group of places that a place is told with; None where it has no answer."""
    key = key_of_places(results.groups).get(place_id)
    return next((g for g in results.groups if g.key == key), None)
