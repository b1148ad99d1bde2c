"""Checks of projections and stocks that no single cell shows: ages that join, totals that add up, years that are all there."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ankerort.base.problems import Problems
from ankerort.region.population_labels import OPEN_AGE

_AREA = ["place", "ags"]
_NAMED = 20
# Published numbers are rounded one by one, to persons or to tens.
_ROUNDING_PERSONS = 5.0
_ROUNDING_SHARE = 0.002


class _Limited:
    """Names the first cases of a kind and counts the others."""

    def __init__(self, problems: Problems, table: str, rounding_persons: float, rounding_share: float) -> None:
        self.rounding_persons, self.rounding_share = rounding_persons, rounding_share
        self._problems = problems
        self._table = table
        self._seen: dict[str, int] = {}

    def add(self, code: str, severity: str, row: int, column: str, **params: object) -> None:
        self._seen[code] = self._seen.get(code, 0) + 1
        if self._seen[code] <= _NAMED:
            self._problems.add(code, severity, self._table, row=row, column=column, **params)  # type: ignore[arg-type]


def check_rows(
    frame: pd.DataFrame,
    table: str,
    problems: Problems,
    *,
    rounding_persons: float = _ROUNDING_PERSONS,
    rounding_share: float = _ROUNDING_SHARE,
) -> pd.DataFrame:
    """Check the rows of one file and leave out totals that stand beside their parts.

    Collected: negative numbers, rows that stand twice, age groups that overlap or leave a gap (errors); sexes or ages that
    do not add up to their total, years that an area lacks (warnings; the parts count).

    Parameters
    ----------
    frame
        `ankerort.region.read_projection.COLUMNS` of one file.
    table
        Its name.
    rounding_persons, rounding_share
        By how much a total may differ from its parts: persons (per part), and share of the total.
    """
    found = _Limited(problems, table, rounding_persons, rounding_share)
    negative = frame["persons"] < 0
    for row, value in zip(frame.loc[negative, "row"], frame.loc[negative, "persons"], strict=True):
        found.add("projection_negative", "error", int(row), "persons", value=f"{value:g}")
    frame = frame[~negative]
    key = [*_AREA, "year", "sex", "age_from", "age_to"]
    frame = frame.sort_values([*key, "row"], kind="stable")
    twice = frame.duplicated(key)
    first = frame.groupby(key)["row"].transform("min")
    for row, earlier in zip(frame.loc[twice, "row"], first[twice], strict=True):
        found.add("projection_twice", "error", int(row), "", first=int(earlier))
    frame = _without_age_totals(frame[~twice], found)
    frame = _without_sex_totals(frame, found)
    _check_years(frame, found)
    return frame.reset_index(drop=True)


def _without_age_totals(frame: pd.DataFrame, found: _Limited) -> pd.DataFrame:
    group = [*_AREA, "year", "sex"]
    whole = (frame["age_from"] == 0) & (frame["age_to"] >= OPEN_AGE)
    parts = frame[~whole]
    sums = parts.groupby(group)["persons"].agg(["sum", "size"])
    totals = frame[whole].join(sums, on=group)
    beside = totals["size"].notna()
    differs = beside & _differ(totals["persons"], totals["sum"], totals["size"], found)
    for row in totals[differs].itertuples():
        found.add(
            "projection_ages_total",
            "warning",
            int(row.row),
            "persons",
            total=f"{row.persons:.0f}",
            sum=f"{row.sum:.0f}",
        )
    frame = frame.drop(index=totals.index[beside])
    for (_, ags, year, sex), rows in frame.groupby(group, sort=True):
        expected = 0
        for first, last, line in zip(rows["age_from"], rows["age_to"], rows["row"], strict=True):
            if first != expected:
                code = "projection_age_gap" if first > expected else "projection_age_overlap"
                found.add(code, "error", int(line), "age", ags=ags, year=year, sex=sex, first=first, expected=expected)
            expected = max(expected, int(last) + 1)
        if expected <= OPEN_AGE and (rows["age_to"] < 100).all():
            line = int(rows["row"].iloc[-1])
            found.add("projection_age_end", "error", line, "age", ags=ags, year=year, sex=sex, last=expected - 1)
    return frame


def _without_sex_totals(frame: pd.DataFrame, found: _Limited) -> pd.DataFrame:
    group = [*_AREA, "year"]
    by_sex = frame.groupby([*group, "sex"])["persons"].sum().unstack("sex")
    for sex in ("f", "m", "all"):
        if sex not in by_sex:
            by_sex[sex] = np.nan
    lines = frame.groupby(group)["row"].min()
    both = by_sex["f"].notna() & by_sex["m"].notna()
    parts = by_sex["f"] + by_sex["m"]
    differs = both & by_sex["all"].notna() & _differ(by_sex["all"], parts, pd.Series(100.0, index=by_sex.index), found)
    for index in by_sex.index[differs]:
        found.add(
            "projection_sexes_total",
            "warning",
            int(lines[index]),
            "sex",
            ags=index[1],
            year=index[2],
            total=f"{by_sex.loc[index, 'all']:.0f}",
            sum=f"{parts[index]:.0f}",
        )
    alone = ~both & (by_sex["f"].notna() | by_sex["m"].notna())
    for index in by_sex.index[alone]:
        missing = "m" if np.isnan(by_sex.loc[index, "m"]) else "f"
        found.add(
            "projection_sex_alone", "error", int(lines[index]), "sex", ags=index[1], year=index[2], missing=missing
        )
    has_both = both.reindex(pd.MultiIndex.from_frame(frame[group])).to_numpy(dtype=bool)
    return frame[~(has_both & (frame["sex"] == "all").to_numpy())]


def _check_years(frame: pd.DataFrame, found: _Limited) -> None:
    """Areas of one level must tell the same years."""
    level = frame["ags"].str.len() + 100 * (frame["place"] != "")
    for _, rows in frame.groupby(level):
        years = sorted(rows["year"].unique())
        for (place, ags), of_area in rows.groupby(_AREA):
            lacking = [str(y) for y in years if y not in set(of_area["year"])]
            if lacking:
                line = int(of_area["row"].min())
                found.add("projection_years", "warning", line, "year", ags=place or ags, years=", ".join(lacking))


def _differ(total: pd.Series, parts: pd.Series, count: pd.Series, limits: _Limited) -> pd.Series:
    """Whether a total differs from its parts by more than rounding."""
    rounding = limits.rounding_persons * np.sqrt(count.fillna(1.0))
    return (total - parts).abs() > np.maximum(rounding, limits.rounding_share * total)
