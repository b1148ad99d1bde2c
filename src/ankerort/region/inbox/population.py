"""Recognises projections and counts of past years: tables by area, year, sex and age, long or wide."""

from __future__ import annotations

import pandas as pd

from ankerort.region.inbox.layouts import Fit, Layout
from ankerort.region.inbox.peek import TablePeek
from ankerort.region.population_labels import parse_age, parse_ags, parse_persons, parse_sex, parse_year
from ankerort.region.read_projection import with_known_columns

_NEEDED = ("ags", "year", "persons")
_MOSTLY = 0.8


def fit_population(table: TablePeek, *, this_year: int) -> Fit | None:
    """Whether the table is a projection (years after `this_year`) or a count of past years; None if it is neither.

    Parameters
    ----------
    table
        First rows of the file with the head in row 1; all rows, where the years stand in rows.
    this_year
        Year of today.
    """
    if not table.rows or not any(table.rows[0]):
        return None
    heads = [h for h in table.rows[0] if h]
    if len(set(heads)) < len(heads) or len(table.rows) < 2:
        return None
    width = len(table.rows[0])
    body = [(*row[:width], *[""] * (width - len(row))) for row in table.rows[1:]]
    frame = pd.DataFrame(body, columns=list(table.rows[0]), dtype="str")
    frame = frame.loc[:, [bool(h) for h in table.rows[0]]].assign(row=range(2, 2 + len(body)))
    known = with_known_columns(frame)
    missing = tuple(name for name in _NEEDED if name not in known.columns)
    if missing:
        return None
    years = [parse_year(str(v)) for v in known["year"].unique()]
    whole = [y for y in years if y is not None]
    if not whole or len(whole) < _MOSTLY * len(years):
        return None
    if _share(known["ags"], lambda t: parse_ags(t) is not None) < _MOSTLY:
        return None
    if _share(known["persons"], lambda t: parse_persons(t, thousands=False) is not None) < _MOSTLY:
        return None
    for column, parse in (("age", parse_age), ("sex", parse_sex)):
        if column in known.columns and _share(known[column], lambda t, p=parse: p(t) is not None) < _MOSTLY:
            return None
    ahead = max(whole) > this_year
    score = len(_NEEDED) + sum(c in known.columns for c in ("age", "sex", "place", "age_from", "age_to"))
    layout = Layout(
        "projection" if ahead else "population", tuple((n,) for n in _NEEDED), formats=("text", "xlsx"), role="years"
    )
    return Fit(layout, score, ())


def _share(values: pd.Series, fits: object) -> float:
    texts = values.astype("str").unique()
    return sum(bool(fits(t)) for t in texts) / len(texts) if len(texts) else 0.0  # type: ignore[operator]
