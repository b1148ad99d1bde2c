"""Plan files ``plaene/<name>.toml``: readable and editable; writing and reading give back the same plan."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ankerort.anchors.plan import AnchorPlan, Proof
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.schema import (
    PLAN_ANCHORS,
    PLAN_CASES,
    PLAN_COSTS,
    PLAN_FRONT,
    PLAN_FUNCTIONS,
    PLAN_LEFT_OUT,
    PLAN_ROBUST,
)
from ankerort.base.files import keep_old, replacing
from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.tables import Column, Schema
from ankerort.scenario.nearest import nearest_names
from ankerort.text import Language, say

FORMAT_VERSION: Final = 1
PLAN_FOLDER: Final = "plaene"
WHATS: Final = ("kept", "new", "closed", "moved")
LEVEL_KEYS: Final = ("place_id", "partner_id", "level", "given")
# (head in the file, field of the plan, its table, columns that say what is decided; all others are figures)
_TABLES: Final[tuple[tuple[str, str, Schema, tuple[str, ...]], ...]] = (
    ("anchor", "anchors", PLAN_ANCHORS, LEVEL_KEYS),
    (
        "function",
        "functions",
        PLAN_FUNCTIONS,
        ("place_id", "function", "service", "what", "facility_id", "variant", "building_id"),
    ),
    ("cost", "costs", PLAN_COSTS, ("place_id", "function", "item")),
    ("case", "cases", PLAN_CASES, ("case",)),
    ("left_out", "left_out", PLAN_LEFT_OUT, ("function", "reason")),
    ("front", "front", PLAN_FRONT, ("number", "anchors")),
    ("run", "robust", PLAN_ROBUST, ("run", "anchors")),
)
# what a person writes into a file must say at least this; the rest is worked out again
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "anchor": ("level",),
    "function": ("function", "what"),
    "cost": ("item",),
    "case": ("case",),
    "left_out": ("function",),
    "front": ("number",),
    "run": ("run",),
}
_HEAD: Final = ("format", "name", "region", "data_day", "request", "proof", "record")
_PROOF_SECONDS = re.compile(r"(?m)(^gap = .*\n)seconds = .*\n")
_SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def write_plan(
    plan: AnchorPlan, path: Path, *, names: Mapping[str, str] | None = None, lang: Language = "de"
) -> Path | None:
    """Write a plan so that `read_plan` gives it back; a temporary file is renamed, so nothing is half written.

    Parameters
    ----------
    names
        Printed name by place_id; it stands beside the id, for those who read.
    lang
        Of the comments.

    Returns
    -------
    Path or None
        Where the former file of that name is kept, if it said something else.
    """
    text = plan_text(plan, names=names, lang=lang)
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


def plan_text(plan: AnchorPlan, *, names: Mapping[str, str] | None = None, lang: Language = "de") -> str:
    """The content of a plan file."""
    lines = [f"# {line}".rstrip() for line in say("anchors_file.head", lang).splitlines()]
    lines += [f"format = {FORMAT_VERSION}"]
    lines += [f"{key} = {_written(getattr(plan, key))}" for key in ("name", "region", "data_day")]
    lines += ["", f"# {say('anchors_file.request', lang)}", "[request]"]
    lines += [
        f"{f.name} = {_written(value)}"
        for f in fields(AnchorRequest)
        if (value := getattr(plan.request, f.name)) is not None and value != f.default
    ]
    lines += ["", f"# {say('anchors_file.proof', lang)}", "[proof]"]
    lines += [f"{f.name} = {_written(getattr(plan.proof, f.name))}" for f in fields(Proof)]
    if plan.record:
        lines += ["", f"# {say('anchors_file.record', lang)}", "[record]"]
        lines += [f"{_key(k)} = {_written(v)}" for k, v in plan.record.items()]
    for head, field_name, schema, decided in _TABLES:
        table: pd.DataFrame = getattr(plan, field_name)
        if len(table):
            lines += ["", f"# {say(f'anchors_file.{head}', lang)}"]
        for row in table.to_dict("records"):
            lines += _row_lines(head, row, schema, decided, names or {})
    return "\n".join(lines) + "\n"


def _row_lines(
    head: str, row: Mapping[Any, Any], schema: Schema, decided: tuple[str, ...], names: Mapping[str, str]
) -> list[str]:
    """What is decided line by line, the figures in one."""
    lines = ["", f"[[{head}]]"]
    if names.get(str(row.get("place_id", ""))):
        lines.append(f"place = {_written(names[str(row['place_id'])])}")
    if names.get(str(row.get("partner_id", ""))):
        lines.append(f"partner = {_written(names[str(row['partner_id'])])}")
    lines += [f"{c} = {_written(row[c])}" for c in decided if not _is_missing(row[c])]
    told = [
        f"{c.name} = {_written(row[c.name])}"
        for c in schema.columns
        if c.name not in decided and not _is_missing(row[c.name])
    ]
    if told:
        lines.append(f"figures = {{ {', '.join(told)} }}")
    return lines


def read_plan(path: Path) -> AnchorPlan:
    """Read a plan; figures that a person left out are unknown until the plan is worked out again.

    A place that is named by `place` only stands by that name in the columns of ids: `ankerort.anchors.plan_decision` finds it.

    Raises
    ------
    InputError
        With all problems of the file, with the line where it can be told.
    """
    problems = Problems()
    table = path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError:
        raise InputError([Problem("anchors_plan_missing", "error", table, params={"file": path.as_posix()})]) from None
    except UnicodeDecodeError:
        raise InputError([Problem("scenario_encoding", "error", table)]) from None
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        found = _SYNTAX_LINE.search(str(fault))
        detail = _SYNTAX_LINE.sub("", str(fault)).strip()
        row = int(found[1]) if found else None
        raise InputError([Problem("scenario_syntax", "error", table, row, params={"detail": detail})]) from None
    known = (*_HEAD, *(head for head, _, _, _ in _TABLES))
    for key in content:
        if key not in known:
            problems.add("anchors_plan_key", "error", table, column=key, key=key, near=nearest_names(key, known))
    if content.get("format", FORMAT_VERSION) != FORMAT_VERSION:
        found_format, supported = str(content["format"]), str(FORMAT_VERSION)
        problems.add("anchors_plan_format", "error", table, column="format", found=found_format, supported=supported)
    reader = _Reader(content, text, table, problems)
    request = reader.head("request", AnchorRequest)
    proof = reader.head("proof", Proof, Proof(math.nan, math.nan, math.nan, math.nan, 1, "none", False))
    tables = {name: reader.table(head, schema) for head, name, schema, _ in _TABLES}
    record = content.get("record", {})
    plan = None
    if isinstance(request, AnchorRequest) and isinstance(proof, Proof):
        plan = AnchorPlan(
            name=reader.text("name") or path.stem,
            region=reader.text("region"),
            data_day=reader.text("data_day"),
            request=request,
            proof=proof,
            record=record if isinstance(record, dict) else {},
            **tables,
        )
    problems.raise_errors()
    assert plan is not None
    return plan


class _Reader:
    """Reads the parts of one file; faults are collected."""

    def __init__(self, content: Mapping[str, Any], text: str, table: str, problems: Problems) -> None:
        self._content, self._table, self._problems = content, table, problems
        self._lines = text.splitlines()

    def text(self, key: str) -> str:
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
        given = {k: v for k, v in entry.items() if k not in ("figures", "place", "partner")} | figures
        for key, value in given.items():
            if key not in columns:
                self._unknown(key, (*columns, "place", "partner", "figures"), line)
                continue
            typed, wanted = _as_column(columns[key].dtype, value)
            if wanted:
                self._type(key, value, wanted, line)
            else:
                row[key] = typed
        for named, column in (("place", "place_id"), ("partner", "partner_id")):
            if named in entry and column in columns and column not in row:
                row[column] = str(entry[named]).strip()
        needed = _NEEDED[head] + (("place_id",) if head == "anchor" else ())
        for name in needed:
            if row.get(name, "") == "":
                self._problems.add(
                    "anchors_plan_field", "error", self._table, row=line, column=name, field=name, head=head
                )
        if head == "function" and row.get("what", "kept") not in WHATS:
            params = {"value": str(row["what"]), "known": ", ".join(WHATS)}
            self._problems.add("anchors_plan_what", "error", self._table, row=line, column="what", **params)
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


def _is_missing(value: object) -> bool:
    return value == "" or (isinstance(value, float) and math.isnan(value))


def _key(key: object) -> str:
    text = str(key)
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else _written(text)


def _written(value: object) -> str:
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
        return f"[{', '.join(_written(v) for v in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key(k)} = {_written(v)}' for k, v in value.items())} }}"
    named = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    text = str(value)
    return '"' + "".join(named.get(c, c if c.isprintable() or ord(c) > 159 else f"\\u{ord(c):04x}") for c in text) + '"'
