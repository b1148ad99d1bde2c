"""Sections of a plan file (TOML): written so that people can edit them and reading gives them back; faults are collected with their line."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import pandas as pd

from ankerort.base.files import keep_old, replacing
from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.tables import Column, Schema
from ankerort.scenario.example import file_name
from ankerort.scenario.nearest import nearest_names

PLAN_FOLDER = "plaene"
_PROOF_SECONDS = re.compile(r"(?m)(^gap = .*\n(?:bound_rule = .*\n)?)seconds = .*\n")
_SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)")
# names beside ids that a person may write instead of the id
BESIDE = (("place", "place_id"), ("partner", "partner_id"), ("stop", "stop_id"))


def find_plan(folder: Path, name: str) -> Path:
    """The file of a plan: as given, or in ``plaene/`` of the project, with or without ``.toml``.

    Raises
    ------
    InputError
        If there is none; the problem names the nearest ones.
    """
    inside = folder / PLAN_FOLDER
    for path in (Path(name), inside / name, inside / f"{name}.toml", inside / file_name(name)):
        if path.is_file():
            return path
    near = nearest_names(Path(name).stem, [p.stem for p in sorted(inside.glob("*.toml"))])
    raise InputError([Problem("anchors_plan_not_found", "error", name, params={"name": name, "near": near})])


def keep_and_write(text: str, path: Path) -> Path | None:
    """Write a plan file; a temporary file is renamed, so nothing is half written.

    Returns
    -------
    Path or None
        Where the former file of that name is kept, if it said something else than the time of the search.
    """
    old = None
    if path.exists():
        if _untimed(path.read_text(encoding="utf-8", errors="replace")) == _untimed(text):
            return None  # the same plan, only found in another time
        old = keep_old(path)
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return old


def _untimed(text: str) -> str:
    return _PROOF_SECONDS.sub(r"\1", text)


def load_plan_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """Text and content of a plan file.

    Raises
    ------
    InputError
        If it cannot be read, with the line where it can be told.
    """
    table = path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError:
        raise InputError([Problem("anchors_plan_missing", "error", table, params={"file": path.as_posix()})]) from None
    except UnicodeDecodeError:
        raise InputError([Problem("scenario_encoding", "error", table)]) from None
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        found = _SYNTAX_LINE.search(str(fault))
        detail = _SYNTAX_LINE.sub("", str(fault)).strip()
        row = int(found[1]) if found else None
        raise InputError([Problem("scenario_syntax", "error", table, row, params={"detail": detail})]) from None


def row_lines(
    head: str, row: Mapping[Any, Any], schema: Schema, decided: tuple[str, ...], names: Mapping[str, str]
) -> list[str]:
    """One section of a table: what is decided line by line, the figures in one line; printed names beside the ids of places."""
    lines = ["", f"[[{head}]]"]
    for named, column in BESIDE:
        if names.get(str(row.get(column, ""))):
            lines.append(f"{named} = {written(names[str(row[column])])}")
    lines += [f"{c} = {written(row[c])}" for c in decided if not is_missing(row[c])]
    told = [
        f"{c.name} = {written(row[c.name])}"
        for c in schema.columns
        if c.name not in decided and not is_missing(row[c.name])
    ]
    if told:
        lines.append(f"figures = {{ {', '.join(told)} }}")
    return lines


class SectionReader:
    """Reads the parts of one file; faults are collected.

    Parameters
    ----------
    text, content
        Of the file.
    table
        File as problems name it.
    needed
        By head of a section what it must say at least.
    check
        Further checks of a row: head, row, line.
    """

    def __init__(
        self,
        content: Mapping[str, Any],
        text: str,
        table: str,
        problems: Problems,
        *,
        needed: Mapping[str, tuple[str, ...]],
        check: Callable[[str, Mapping[str, object], int | None], None] | None = None,
    ) -> None:
        self._content, self._table, self._problems = content, table, problems
        self._needed, self._check = needed, check
        self._lines = text.splitlines()

    def text(self, key: str) -> str:
        """A text of the head."""
        value = self._content.get(key, "")
        if isinstance(value, str):
            return value.strip()
        self._type(key, value, "text", None)
        return ""

    def head(self, head: str, made: type[Any], default: object = None) -> object:
        """One section as the dataclass that it stands for."""
        section = self._content.get(head)
        if section is None and default is not None:
            return default
        if not isinstance(section or {}, dict):
            self._type(head, section, f"[{head}]", None)
            return None
        known: dict[str, Field[Any]] = {f.name: f for f in fields(made)}
        values: dict[str, object] = {}
        for key, value in (section or {}).items():
            if key not in known:
                self._unknown(key, tuple(known), self._line_of(key))
                continue
            typed, wanted = _as_field(str(known[key].type), value)
            if wanted:
                self._type(key, value, wanted, self._line_of(key))
            else:
                values[key] = typed
        if default is not None:
            values = {f.name: getattr(default, f.name) for f in fields(made)} | values
        return made(**values)

    def table(self, head: str, schema: Schema) -> pd.DataFrame:
        """All sections of one kind."""
        entries = self._content.get(head, [])
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            self._type(head, entries, f"[[{head}]]", None)
            return schema.empty()
        pattern = re.compile(rf"^\s*\[\[\s*{head}\s*\]\]")
        heads = [k for k, line in enumerate(self._lines, start=1) if pattern.match(line)]
        columns = {c.name: c for c in schema.columns}
        rows: list[dict[str, object]] = []
        seen: set[tuple[object, ...]] = set()
        for k, entry in enumerate(entries):
            line = heads[k] if len(heads) == len(entries) else None
            row = self._row(head, entry, columns, line)
            key = tuple(row.get(c, "") for c in schema.key)
            if schema.key and key in seen:
                self._problems.add(
                    "anchors_plan_twice", "error", self._table, row=line, head=head, key=" ".join(map(str, key))
                )
                continue
            seen.add(key)
            rows.append(row)
        frame = pd.DataFrame(rows, columns=[c for c in schema.names if any(c in r for r in rows)])
        for name in frame.columns:
            frame[name] = _filled(frame[name], columns[name])
        return schema.conform(frame)

    def _row(
        self, head: str, entry: Mapping[str, Any], columns: Mapping[str, Column], line: int | None
    ) -> dict[str, object]:
        row: dict[str, object] = {}
        figures = entry.get("figures", {})
        if not isinstance(figures, dict):
            self._type("figures", figures, "figures = { ... }", line)
            figures = {}
        beside = {named: column for named, column in BESIDE if column in columns}
        given = {k: v for k, v in entry.items() if k not in ("figures", *beside)} | figures
        for key, value in given.items():
            if key not in columns:
                self._unknown(key, (*columns, *beside, "figures"), line)
                continue
            typed, wanted = _as_column(columns[key].dtype, value)
            if wanted:
                self._type(key, value, wanted, line)
            else:
                row[key] = typed
        for named, column in beside.items():
            if named in entry and column not in row:
                row[column] = str(entry[named]).strip()
        for name in self._needed.get(head, ()):
            if row.get(name, "") == "":
                self._problems.add(
                    "anchors_plan_field", "error", self._table, row=line, column=name, field=name, head=head
                )
        if self._check is not None:
            self._check(head, row, line)
        return row

    def _line_of(self, key: str) -> int | None:
        """Line of a key of a section, where only one line begins so."""
        at = [k for k, line in enumerate(self._lines, start=1) if re.match(rf"\s*{re.escape(key)}\s*=", line)]
        return at[0] if len(at) == 1 else None

    def _unknown(self, key: str, known: tuple[str, ...], line: int | None) -> None:
        near = nearest_names(key, known)
        self._problems.add("anchors_plan_key", "error", self._table, row=line, column=key, key=key, near=near)

    def _type(self, key: str, value: object, wanted: str, line: int | None) -> None:
        params = {"field": key, "value": str(value), "wanted": wanted}
        self._problems.add("anchors_plan_type", "error", self._table, row=line, column=key, **params)


def _as_field(declared: str, value: Any) -> tuple[Any, str]:
    """A value as a field of a dataclass wants it, and what was wanted where it does not fit."""
    if declared == "tuple[str, ...]":
        fits = isinstance(value, list) and all(isinstance(v, str) for v in value)
        return (tuple(v.strip() for v in value), "") if fits else (None, '["A", "B"]')
    if declared == "tuple[float, ...]":
        many = isinstance(value, list) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in value)
        return (tuple(float(v) for v in value), "") if many else (None, "[1, 2]")
    if declared.startswith("int"):
        return _as_column("int64", value)
    if declared.startswith("float"):
        return _as_column("float64", value)
    return _as_column(declared, value)


def _as_column(dtype: str, value: Any) -> tuple[Any, str]:
    if dtype == "bool":
        return (value, "") if isinstance(value, bool) else (None, "true / false")
    if dtype in ("int64", "int32"):
        return (value, "") if isinstance(value, int) and not isinstance(value, bool) else (None, "1, 2, 3 ...")
    if dtype == "float64":
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        return (float(value), "") if fits else (None, "1.5")
    return (value.strip(), "") if isinstance(value, str) else (None, '"text"')


def _filled(values: pd.Series, column: Column) -> pd.Series:
    """Where a row does not say it: unknown."""
    if column.dtype == "bool":
        return values.map(lambda v: v is True)
    if column.dtype in ("int64", "int32"):
        return values.fillna(0).astype("int64")
    return values


def is_missing(value: object) -> bool:
    """Whether a value of a table is not known: empty text or NaN."""
    return value == "" or (isinstance(value, float) and math.isnan(value))


def key_of(key: object) -> str:
    """A key as TOML."""
    text = str(key)
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else written(text)


def written(value: object) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
        return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(written(v) for v in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key_of(k)} = {written(v)}' for k, v in value.items())} }}"
    named = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    text = str(value)
    return '"' + "".join(named.get(c, c if c.isprintable() or ord(c) > 159 else f"\\u{ord(c):04x}") for c in text) + '"'
