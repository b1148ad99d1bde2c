"""Rows of registers set right: main residences only, no number secret, two sexes, age groups that do not overlap."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.region.population_labels import OPEN_AGE

_NAMED = 20
_GROUP = ["place", "municipality", "ags", "year"]


def main_residence(table: pd.DataFrame, path: Path, problems: Problems) -> pd.DataFrame:
    """Persons with a main residence; secondary ones are kept out with a word, both together give way to the main ones."""
    second = table["residence"] == "secondary"
    key = [*_GROUP, "sex", "age_from", "age_to"]
    if second.any():
        whole = table[second].groupby(_GROUP)["persons"].apply(_largest_sum)
        problems.add("register_secondary", "note", path.name, persons=round(float(whole.sum())))
    both = table["residence"] == "both"
    if both.any():
        main = pd.MultiIndex.from_frame(table.loc[table["residence"].isin(["main", ""]), key])
        beside = pd.MultiIndex.from_frame(table[key]).isin(main)
        if (both & ~beside).any():
            row = int(table.loc[both & ~beside, "row"].iloc[0])
            problems.add("register_both_residences", "warning", path.name, row=row, count=int((both & ~beside).sum()))
        both &= beside
    return table[~second & ~both].drop(columns="residence").reset_index(drop=True)


def _largest_sum(persons: pd.Series) -> float:
    """Persons of rows of which some may be the sum of others."""
    total = float(persons.sum())
    most = float(persons.max())
    return most if most * 2 >= total else total


def estimated(table: pd.DataFrame, path: Path, problems: Problems, default_persons: float) -> pd.DataFrame:
    """Suppressed numbers get what the other sex or the total leaves, in equal parts, else `default_persons`."""
    told = int(table["persons"].isna().sum())
    if not told:
        return table
    first = int(table.loc[table["persons"].isna(), "row"].iloc[0])
    out = _from_both_sexes(table)
    hidden = out["persons"].isna()
    whole = (out["age_from"] == 0) & (out["age_to"] >= OPEN_AGE)
    groups = out.groupby([*_GROUP, "sex"], sort=True).indices
    from_total = told - int(hidden.sum())
    for rows in groups.values():
        gone = rows[hidden.to_numpy()[rows]]
        if not len(gone):
            continue
        parts = gone[~whole.to_numpy()[gone]]
        known = rows[~whole.to_numpy()[rows] & ~hidden.to_numpy()[rows]]
        persons = out["persons"].to_numpy(copy=True)
        total = _total_of(out, rows, whole.to_numpy())
        persons[gone] = default_persons
        if np.isfinite(total) and len(parts):
            left = total - float(persons[known].sum())
            persons[parts] = max(0.0, left) / len(parts)
            from_total += len(parts)
        missing = gone[whole.to_numpy()[gone]]
        if len(missing) and (len(known) or len(parts)):
            persons[missing] = persons[known].sum() + persons[parts].sum()
        out["persons"] = persons
    problems.add(
        "register_suppressed",
        "note",
        path.name,
        row=first,
        count=told,
        totals=from_total,
        persons=f"{default_persons:g}",
    )
    return out


def _from_both_sexes(table: pd.DataFrame) -> pd.DataFrame:
    """Suppressed numbers of one sex, where the same class is told for both: what the other one leaves, or half."""
    key = [*_GROUP, "age_from", "age_to"]
    by_sex = table.assign(hidden=table["persons"].isna()).groupby([*key, "sex"], sort=True)["persons"].first()
    by_sex = by_sex.unstack("sex").reindex(columns=["f", "m", "d", "all"])
    others = np.isfinite(by_sex["all"]) & (by_sex["d"].isna())
    asked = pd.MultiIndex.from_frame(table[key])
    present = table.groupby([*key, "sex"], sort=True).size().unstack("sex").reindex(columns=["f", "m", "d", "all"])
    usable = others & present["f"].notna() & present["m"].notna() & present["d"].isna()
    out = table.copy()
    for sex, other in (("f", "m"), ("m", "f")):
        left = (by_sex["all"] - by_sex[other]).clip(lower=0.0).fillna(by_sex["all"] / 2).where(usable)
        at = (table["sex"] == sex) & table["persons"].isna()
        out.loc[at, "persons"] = left.reindex(asked[at.to_numpy()]).to_numpy()
    return out


def _total_of(table: pd.DataFrame, rows: NDArray[np.intp], whole: NDArray[np.bool_]) -> float:
    """Persons of all ages of a place, year and sex: as told, else those of both sexes less the other one; NaN if not known."""
    persons = table["persons"].to_numpy()
    told = rows[whole[rows] & np.isfinite(persons[rows])]
    if len(told):
        return float(persons[told[0]])
    first = table.iloc[rows[0]]
    if first["sex"] not in ("f", "m"):
        return np.nan
    same = (table[_GROUP] == first[_GROUP]).all(axis=1).to_numpy()
    sex = table["sex"].to_numpy()
    both = persons[same & whole & (sex == "all")]
    third = persons[same & (sex == "d") & ~whole]
    other = same & (sex == ("m" if first["sex"] == "f" else "f"))
    other = other & whole if np.isfinite(persons[other & whole]).any() else other & ~whole
    if not len(both) or not other.any():
        return np.nan
    return float(both[0] - persons[other].sum() - third.sum())  # NaN if one of them is suppressed too


def without_other_sex(table: pd.DataFrame, path: Path, problems: Problems) -> pd.DataFrame:
    """Divers and not told: half to each of the two sexes that a forecast knows; nobody is lost."""
    other = table["sex"] == "d"
    if not other.any():
        return table
    halves = table[other].assign(persons=table.loc[other, "persons"] / 2)
    problems.add("register_other_sex", "note", path.name, persons=round(float(table.loc[other, "persons"].sum())))
    rest = [table[~other], halves.assign(sex="f"), halves.assign(sex="m")]
    together = pd.concat(rest, ignore_index=True)
    key = [*_GROUP, "sex", "age_from", "age_to"]
    beside = pd.MultiIndex.from_frame(halves[key].assign(sex="f"))
    beside = beside.append(pd.MultiIndex.from_frame(halves[key].assign(sex="m")))
    touched = pd.MultiIndex.from_frame(together[key]).isin(beside)
    first = {c: "first" for c in together.columns if c not in (*key, "persons")}
    summed = together[touched].groupby(key, as_index=False, sort=True).agg({**first, "persons": "sum"})
    return pd.concat([together[~touched], summed[list(together.columns)]], ignore_index=True)


def without_subtotals(table: pd.DataFrame, path: Path, problems: Problems) -> pd.DataFrame:
    """Age groups that sum up others are checked and left out; of ``65 and older, of them 80 and older`` the rest is kept."""
    drop: list[int] = []
    changed: dict[int, tuple[int, int, float]] = {}
    named = 0
    first, last = table["age_from"].to_numpy(), np.minimum(table["age_to"].to_numpy(), OPEN_AGE)
    persons = table["persons"].to_numpy()
    for rows in table.groupby([*_GROUP, "sex"], sort=True).indices.values():
        part = [int(r) for r in rows if not (first[r] == 0 and last[r] >= OPEN_AGE)]
        part.sort(key=lambda r: (last[r] - first[r], first[r], r))
        for k, outer in enumerate(part):
            inner = [
                r
                for r in part[:k]
                if r not in drop and first[outer] <= first[r] and last[r] <= last[outer] and last[r] - first[r] < last[outer] - first[outer]
            ]  # fmt: skip
            if not inner:
                continue
            covered = sorted((changed[r][:2] if r in changed else (int(first[r]), int(last[r]))) for r in inner)
            gaps, at = [], int(first[outer])
            for a, b in covered:
                if a > at:
                    gaps.append((at, a - 1))
                at = b + 1
            if at <= last[outer]:
                gaps.append((at, int(last[outer])))
            inside = sum(changed[r][2] if r in changed else float(persons[r]) for r in inner)
            if not gaps:
                drop.append(outer)
                if abs(inside - persons[outer]) > 0.5 + 0.002 * persons[outer] and named < _NAMED:
                    named += 1
                    problems.add(
                        "register_subtotal",
                        "warning",
                        path.name,
                        row=int(table["row"].iloc[outer]),
                        total=f"{persons[outer]:.0f}",
                        sum=f"{inside:.0f}",
                        difference=f"{persons[outer] - inside:+.0f}",
                    )
            elif len(gaps) == 1:
                changed[outer] = (*gaps[0], max(0.0, float(persons[outer]) - inside))
            else:
                drop += inner
    if changed:
        table = table.copy()
        for row, (a, b, n) in changed.items():
            table.loc[row, ["age_from", "age_to"]] = [a, OPEN_AGE if b >= OPEN_AGE else b]
            table.loc[row, "persons"] = n
    return table.drop(index=drop).reset_index(drop=True)
