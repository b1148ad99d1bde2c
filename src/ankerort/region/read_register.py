"""Tables of registration offices: Ort x age x sex, long or wide, one sheet or one per Ortsteil, as offices keep them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ankerort.base.problems import Problems
from ankerort.region.clean_register import estimated, main_residence, without_other_sex, without_subtotals
from ankerort.region.population_labels import (
    ALL_AGES,
    OPEN_AGE,
    has_thousands_points,
    parse_ags,
    parse_persons,
    parse_year,
)
from ankerort.region.read_settings import nearest_name
from ankerort.region.register_labels import (
    date_in,
    is_sum,
    is_suppressed,
    named_ags,
    named_municipality,
    named_place,
    parse_residence,
    register_age,
    register_sex,
    sum_of,
)
from ankerort.region.register_presets import REGISTER_PRESETS
from ankerort.region.register_sheets import Grid, Head, ValueColumn, find_head, read_grids
from ankerort.region.settings import InputSettings

# Beyond those of `ankerort.region.read_projection`: what a register says of where and when.
REGISTER_COLUMNS = ("sheet", "municipality", "stock_date")
_NAMED = 20
_PLAIN_SHEETS = ("tabelle", "sheet", "blatt", "daten", "export", "auswertung", "einwohner", "ergebnis", "seite")


@dataclass(frozen=True)
class _Context:
    """What a sheet says outside its table."""

    place: str
    municipality: str
    ags: str
    date: str
    residence: str


def read_register(path: Path, source: InputSettings, *, problems: Problems, suppressed_persons: float) -> pd.DataFrame:
    """Rows of one file of a registration office.

    Parameters
    ----------
    path
        XLSX (all visible sheets) or CSV.
    source
        `columns` and `preset` say what headings mean; options: ``ags``, ``municipality``, ``year``, ``unit_persons``.
    problems
        Collects: sheets without a table, columns that are not read, entries that cannot be read, suppressed numbers, persons with a
        secondary residence.
    suppressed_persons
        Persons of a suppressed number where no total tells more.

    Returns
    -------
    DataFrame
        Columns of `ankerort.region.read_projection.COLUMNS` and `REGISTER_COLUMNS`: `ags` may be empty, `place` too (a row on a whole
        municipality); persons with a main residence only; no suppressed number is left.
    """
    mapping = _mapping(source, path, problems)
    grids = read_grids(path, problems)
    frames: list[pd.DataFrame] = []
    bare: list[Grid] = []
    for grid in grids:
        head = find_head(grid, mapping)
        if head is None or not head.values or not _mapped(head, grid, source, problems):
            bare.append(grid)
            continue
        if head.alike is not None:
            first, second = head.alike
            problems.add("register_columns_alike", "error", grid.name, row=head.end, first=first, second=second)
            continue
        if head.ignored:
            named = ", ".join(head.ignored[:6])
            problems.add(
                "register_columns_ignored", "note", grid.name, row=head.end, names=named, count=len(head.ignored)
            )
        frames.append(_Sheet(grid, head, source, problems, alone=len(grids) == 1).rows())
    for grid in bare:
        severity = "warning" if frames else "error"
        problems.add("register_no_table", severity, grid.name)  # type: ignore[arg-type]
    frames = [f for f in frames if len(f)]
    if not frames:
        return _empty()
    table = pd.concat(frames, ignore_index=True)
    table = main_residence(table, path, problems)
    table = estimated(table, path, problems, suppressed_persons)
    table = without_other_sex(table, path, problems)
    return without_subtotals(table, path, problems)


def _empty() -> pd.DataFrame:
    names = ["source_id", "file", "row", "place", "ags", "year", "sex", "age_from", "age_to", "persons"]
    numbers = {"row": "int64", "year": "int64", "age_from": "int64", "age_to": "int64", "persons": "float64"}
    return pd.DataFrame({c: pd.Series(dtype=numbers.get(c, "str")) for c in [*names, *REGISTER_COLUMNS]})


def _mapping(source: InputSettings, path: Path, problems: Problems) -> Mapping[str, str]:
    preset = REGISTER_PRESETS.get(source.preset)
    if source.preset and preset is None:
        known = ", ".join(REGISTER_PRESETS)
        near = nearest_name(source.preset, REGISTER_PRESETS) or known
        problems.add("register_preset", "error", path.name, preset=source.preset, known=known, suggestion=near)
    layout = {**preset.columns, **preset.further} if preset is not None else {}
    return {**layout, **source.columns}


def _mapped(head: Head, grid: Grid, source: InputSettings, problems: Problems) -> bool:
    """Whether all columns that the user or the preset names are there; a missing one is named."""
    preset = REGISTER_PRESETS.get(source.preset)
    wanted = {**(preset.columns if preset else {}), **source.columns}
    told = "; ".join(t for row in grid.rows[max(0, head.end - 3) : head.end] for t in dict.fromkeys(row) if t)
    titles = {v.title for v in head.values}
    heads = {t for row in grid.rows[: head.end] for t in row} | titles
    lost = [
        (own, theirs)
        for own, theirs in wanted.items()
        if theirs not in heads and (own in source.columns or own not in head.keys)
    ]
    for own, theirs in lost:
        problems.add(
            "register_column", "error", grid.name, row=head.end, column=theirs, name=theirs, own=own, known=told
        )
    return not lost


class _Sheet:
    """One sheet: its rows below the head, made long."""

    def __init__(self, grid: Grid, head: Head, source: InputSettings, problems: Problems, *, alone: bool) -> None:
        self.grid, self.head, self.source, self.problems = grid, head, source, problems
        self.context = self._context(alone)
        self.counts: dict[str, int] = {}
        unit = source.options.get("unit_persons", 1)
        self.unit = float(str(unit)) if unit in (1, 1000) and not isinstance(unit, bool) else 1.0
        if unit not in (1, 1000) or isinstance(unit, bool):
            problems.add("projection_unit_option", "error", "region.toml", source=source.source_id, value=str(unit))

    def _context(self, alone: bool) -> _Context:
        above = [t for row in self.grid.rows[: self.head.end] for t in dict.fromkeys(row) if t]
        above = [t for t in above if len(t) > 3]
        sheet, options = self.grid.sheet, self.source.options
        text = " | ".join(above)
        year = str(options.get("year", ""))
        date = date_in(sheet) or date_in(text) or year or self.source.date
        place = next((p for t in above if (p := named_place(t))), "")
        plain = is_sum(sheet) or bool(date_in(sheet)) or sheet.lower().rstrip(" 0123456789").startswith(_PLAIN_SHEETS)
        preset = REGISTER_PRESETS.get(self.source.preset)
        by_sheet = bool(preset and preset.place_sheets)
        if not place and "place" not in self.head.keys and sheet and not is_sum(sheet):
            place = sheet if by_sheet or not (plain or alone or parse_residence(sheet)) else ""
        ags = str(options.get("ags", "")) or named_ags(text)
        municipality = str(options.get("municipality", "")) or next(
            (m for t in above if (m := named_municipality(t))), ""
        )
        residence = parse_residence(sheet) or ""
        if not residence and "nebenwohnung" in text.lower():
            both = "haupt" in text.lower()
            residence = "both" if both else "secondary"
        return _Context(place, municipality, ags, date, residence)

    def fault(self, code: str, row: int, column: int, value: str) -> None:
        """A cell that cannot be read; the first of a kind are named."""
        self.counts[code] = self.counts.get(code, 0) + 1
        if self.counts[code] <= _NAMED:
            head = self.grid.rows[self.head.end - 1]
            title = head[column] if column < len(head) else ""
            self.problems.add(code, "error", self.grid.name, row=row, column=title or None, value=value, count=1)

    def rows(self) -> pd.DataFrame:
        """All cells with persons as rows."""
        keys, head = self.head.keys, self.grid.rows[self.head.end - 1]
        long = any(k in keys for k in ("age", "sex", "year", "residence", "age_from"))
        found: list[tuple[object, ...]] = []
        group, above = "", dict.fromkeys(keys, "")
        seen: set[str] = set()
        for number, cells in enumerate(self.grid.rows[self.head.end :], start=self.head.end + 1):
            texts = [t for t in cells if t]
            if not texts or cells == head:
                continue
            if len(set(texts)) == 1 and (name := named_place(texts[0])):
                group = name
                continue
            told = [(v, cells[v.at] if v.at < len(cells) else "") for v in self.head.values]
            if not any(text for _, text in told) or not any(self._number(text) for _, text in told):
                if len(set(texts)) > 1 and not any(t == h for t, h in zip(cells, head, strict=False) if t):
                    self.problems.add("register_row_empty", "warning", self.grid.name, row=number, text=texts[0])
                continue
            entries = {k: cells[at] if at < len(cells) else "" for k, at in keys.items()}
            summed = next((t for t in cells[: len(keys) + 1] if t and is_sum(t)), "")
            if long and not summed:
                _carry_down(entries, above, keys)
            above = entries
            found += self._row(number, entries, group, told, seen, long)
        if not found:
            return _empty()
        frame = pd.DataFrame(
            found,
            columns=[
                *("row", "place", "municipality", "ags", "stock_date", "sex", "age_from", "age_to", "residence"),
                *("text", "title"),
            ],
        )
        return self._numbers(frame)

    @staticmethod
    def _number(text: str) -> bool:
        return bool(text) and (text[0].isdigit() or text in ("-", "–", "—") or text[0] == "-" or is_suppressed(text))

    def _row(
        self,
        number: int,
        entries: Mapping[str, str],
        group: str,
        told: list[tuple[ValueColumn, str]],
        seen: set[str],
        long: bool,
    ) -> list[tuple[object, ...]]:
        context, keys = self.context, self.head.keys
        place = entries.get("place", "") or ("" if "place" in keys else group or context.place)
        municipality = entries.get("municipality", "") or context.municipality
        age: tuple[int, int] | None = None
        sex = ""
        if "age" in keys or "age_from" in keys:
            text = entries.get("age", "")
            if "age_from" in keys:
                text = f"{entries['age_from']}-{entries.get('age_to', '') or OPEN_AGE}"
            age = register_age(text)
            if age is None and text:
                self.fault("projection_age", number, keys.get("age", keys.get("age_from", 0)), text)
                return []
        if is_sum(place):
            place = ""
        elif whole := sum_of(place):
            # "Adorf Ergebnis" of a pivot table sums up Adorf; "Gemeinde Bedorf insgesamt" sums up everything.
            if whole in seen:
                place, age = whole, age or ALL_AGES
            elif (place not in seen and named_municipality(f"{place} ")) or whole == municipality:
                place = ""
        if is_sum(municipality):
            municipality, place = context.municipality, ""
        if place:
            seen.add(place)
        if "sex" in keys:
            found = register_sex(entries["sex"]) if entries["sex"] else "all"
            if found is None:
                self.fault("projection_sex", number, keys["sex"], entries["sex"])
                return []
            sex = found
        if ("age" in keys or "age_from" in keys) and age is None:
            age = ALL_AGES
        residence = context.residence
        if "residence" in keys and entries["residence"]:
            residence = "both" if is_sum(entries["residence"]) else parse_residence(entries["residence"]) or "?"
            if residence == "?":
                self.fault("register_residence", number, keys["residence"], entries["residence"])
                return []
        date = date_in(entries.get("year", "")) or context.date
        ags = entries.get("ags", "") or context.ags
        out: list[tuple[object, ...]] = []
        for value, text in told:
            first, last = value.age or age or ALL_AGES
            day = (value.year and date_in(value.year)) or date
            # An empty cell of a wide table is nobody; in a long table it is a mistake.
            shown = text if text or not len(self.head.values) > 1 else "0"
            which = value.residence or residence
            if not which and any(v.residence for v in self.head.values):
                which = "both"
            out.append(
                (
                    number,
                    place,
                    municipality,
                    ags,
                    day,
                    value.sex or sex or "all",
                    first,
                    last,
                    which,
                    shown,
                    value.title,
                )
            )
        return out

    def _numbers(self, frame: pd.DataFrame) -> pd.DataFrame:
        thousands = has_thousands_points(frame["text"].unique())
        hidden = frame["text"].map(is_suppressed).to_numpy(dtype=bool)
        values = {t: parse_persons(t, thousands=thousands) for t in frame["text"].unique()}
        persons = [np.nan if h else values[t] for t, h in zip(frame["text"], hidden, strict=True)]
        bad = np.array([p is None for p in persons])
        column = {v.title: v.at for v in self.head.values}
        for k in np.flatnonzero(bad):
            row = frame.iloc[k]
            self.fault("projection_persons", int(row["row"]), column[row["title"]], str(row["text"]))
        years = frame["stock_date"].map(lambda d: parse_year(str(d)) or (int(d[:4]) if d[:4].isdigit() else None))
        if years.isna().any():
            self.problems.add(
                "register_year", "error", self.grid.name, row=int(frame["row"].iloc[0]), count=int(years.isna().sum())
            )
        keys = {t: ("", False) if not t else parse_ags(t) for t in frame["ags"].unique()}
        for text, key in keys.items():
            if key is None:
                row = int(frame.loc[frame["ags"] == text, "row"].iloc[0])
                count = int((frame["ags"] == text).sum())
                self.problems.add("projection_ags", "error", self.grid.name, row=row, value=text, count=count)
        if repaired := [t for t, key in keys.items() if key is not None and key[1]]:
            rows = frame[frame["ags"].isin(repaired)]
            first = int(rows["row"].iloc[0])
            self.problems.add(
                "projection_ags_zero",
                "warning",
                self.grid.name,
                row=first,
                column="ags",
                count=len(rows["row"].unique()),
            )
        keep = ~bad & years.notna().to_numpy() & np.array([keys[t] is not None for t in frame["ags"]])
        frame = frame.assign(
            source_id=self.source.source_id,
            file=self.grid.file,
            sheet=self.grid.sheet,
            year=years.fillna(0).astype("int64"),
            persons=[np.nan if p is None else float(p) * self.unit for p in persons],
            ags=[(keys[t] or ("", False))[0] for t in frame["ags"]],
        )[keep]
        return frame.drop(columns=["text", "title"])


def _carry_down(entries: dict[str, str], above: Mapping[str, str], keys: Mapping[str, int]) -> None:
    """Fill what a pivot table writes once: names, and keys left of the first one that the row does write."""
    written = min((at for name, at in keys.items() if entries[name]), default=0)
    for name, at in keys.items():
        if not entries[name] and (name in ("place", "municipality", "ags") or at < written):
            entries[name] = above.get(name, "")
