"""Writes a made-up projection and two population stocks in the layouts that statistical offices use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ankerort.base.files import replacing

_STEP = 5
_LAST = 90
_GROUPS = _LAST // _STEP + 1
_SEXES = {"männlich": 0.49, "weiblich": 0.51}
# Share of a five-year group that is alive and still here five years later; made up, but like life.
_STAY = (1.0, 1.0, 0.98, 0.88, 0.90, 0.98, 1.02, 1.01, 1.0, 0.99, 0.98, 0.97, 0.96, 0.94, 0.91, 0.85, 0.74, 0.57, 0.38)
_CHILDREN_PER_ADULT = 0.21  # under 5 per person of 20 to 39
PROJECTION_YEARS = (2025, 2030, 2035, 2040)
STOCK_YEARS = (2012, 2022)


def count_groups(ages: Iterable[int]) -> list[float]:
    """Persons by five-year group, the last open (90 and older)."""
    groups = [0.0] * _GROUPS
    for age in ages:
        groups[min(age // _STEP, _GROUPS - 1)] += 1.0
    return groups


def write_projection(groups_by_district: Mapping[tuple[str, str], list[float]], path: Path) -> None:
    """A table wide in years: key, name, sex and age group; totals beside their parts, points for thousands.

    Parameters
    ----------
    groups_by_district
        (key, name) -> persons by five-year group in 2022.
    path
        File to write.
    """
    lines = [";".join(["Schlüssel", "Kreis", "Geschlecht", "Altersgruppe", *(str(y) for y in PROJECTION_YEARS)])]
    for (ags, name), groups in groups_by_district.items():
        paths = _paths(groups)
        for sex, share in _SEXES.items():
            rows = [[round(share * of_year[k]) for of_year in paths] for k in range(_GROUPS)]
            for k, row in enumerate(rows):
                lines.append(";".join([ags, name, sex, _label(k), *(_number(v) for v in row)]))
            totals = [sum(row[y] for row in rows) for y in range(len(paths))]
            lines.append(";".join([ags, name, sex, "Insgesamt", *(_number(v) for v in totals)]))
    _write(lines, path)


def write_stocks(groups_by_municipality: Mapping[str, list[float]], path: Path) -> None:
    """A long table: municipality, year, sex, age group, persons; the earlier year is derived from the later one.

    Parameters
    ----------
    groups_by_municipality
        Key -> persons by five-year group in 2022.
    path
        File to write.
    """
    lines = ["AGS;Jahr;Geschlecht;Alter;Personen"]
    for ags, groups in groups_by_municipality.items():
        earlier = _earlier(_earlier(groups))
        for year, of_year in zip(STOCK_YEARS, (earlier, groups), strict=True):
            for sex, share in _SEXES.items():
                for k, persons in enumerate(of_year):
                    lines.append(f"{ags};{year};{sex};{_label(k)};{round(share * persons)}")
    _write(lines, path)


def _paths(groups: list[float]) -> list[list[float]]:
    """Persons by group in `PROJECTION_YEARS`; three fifths of a step lie between 2022 and the first."""
    steps = [groups]
    for _ in PROJECTION_YEARS:
        steps.append(_later(steps[-1]))
    part = (PROJECTION_YEARS[0] - STOCK_YEARS[-1]) / _STEP
    return [
        [(1 - part) * a + part * b for a, b in zip(steps[k], steps[k + 1], strict=True)]
        for k in range(len(PROJECTION_YEARS))
    ]


def _later(groups: list[float]) -> list[float]:
    moved = [g * s for g, s in zip(groups, _STAY, strict=True)]
    out = [0.0, *moved[:-1]]
    out[-1] += moved[-1]
    out[0] = _CHILDREN_PER_ADULT * sum(out[4:8])
    return out


def _earlier(groups: list[float]) -> list[float]:
    out = [groups[k + 1] / _STAY[k] for k in range(_GROUPS - 1)]
    # The oldest of then are no longer there: as many as of the group before, less those who died.
    return [*out[:-1], out[-1] / 2, out[-1] / 4]


def _label(group: int) -> str:
    first = _STEP * group
    return f"{first} bis unter {first + _STEP}" if group < _GROUPS - 1 else f"{first} und mehr"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _write(lines: list[str], path: Path) -> None:
    with replacing(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\r\n")
