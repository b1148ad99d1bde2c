"""Scenario files: TOML that people read and write; read with all problems at once, written so that reading gives it back."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, replace
from pathlib import Path
from typing import Any

from ankerort.base.files import replacing
from ankerort.base.problems import InputError, Problem, Problems
from ankerort.scenario.change import Change
from ankerort.scenario.changes import KINDS
from ankerort.scenario.nearest import nearest_names
from ankerort.scenario.scenario import Scenario

FORMAT_VERSION = 1
_HEAD = ("format", "name", "based_on", "note", "change")
_CHANGE_HEAD = re.compile(r"^\s*\[\[\s*change\s*\]\]")
_SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def read_scenario(path: Path) -> Scenario:
    """Read a scenario and those that it builds on.

    Raises
    ------
    InputError
        With all problems of all these files: syntax, unknown kinds and fields, wrong values, circles.
    """
    scenario, found = read_what_is_good(path)
    problems = Problems(found)
    problems.raise_errors()
    assert scenario is not None
    return scenario


def read_what_is_good(path: Path) -> tuple[Scenario | None, tuple[Problem, ...]]:
    """What can be read of a scenario, and all problems: changes with an error are left out, so that the others can be checked too.

    None where the file itself cannot be read.
    """
    problems = Problems()
    return _read(path, problems, ()), problems.sorted()


def _read(path: Path, problems: Problems, chain: tuple[Path, ...]) -> Scenario | None:
    table = path.name
    place = path.resolve()
    if place in chain:
        names = " → ".join(p.name for p in (*chain[chain.index(place) :], place))
        problems.add("scenario_circle", "error", table, column="based_on", chain=names)
        return None
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError:
        problems.add("scenario_file_missing", "error", table, file=path.as_posix())
        return None
    except UnicodeDecodeError:
        problems.add("scenario_encoding", "error", table)
        return None
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        found = _SYNTAX_LINE.search(str(fault))
        row = int(found[1]) if found else None
        problems.add("scenario_syntax", "error", table, row=row, detail=_SYNTAX_LINE.sub("", str(fault)).strip())
        return None
    for key in content:
        if key not in _HEAD:
            near = nearest_names(key, _HEAD)
            problems.add("scenario_key_unknown", "error", table, column=key, key=key, near=near)
    if content.get("format", FORMAT_VERSION) != FORMAT_VERSION:
        problems.add(
            "scenario_format", "error", table, column="format", found=content["format"], supported=FORMAT_VERSION
        )
    name, note, based_on = (_head_text(content, key, table, problems) for key in ("name", "note", "based_on"))
    if not name:
        name = path.stem
    base = _read(path.parent / based_on, problems, (*chain, place)) if based_on else None
    changes, lines, numbers = _changes(content.get("change", []), text, table, problems)
    return Scenario(name, changes, note, based_on, base, path, lines, numbers)


def _head_text(content: Mapping[str, Any], key: str, table: str, problems: Problems) -> str:
    value = content.get(key, "")
    if isinstance(value, str):
        return value.strip()
    problems.add("scenario_type", "error", table, column=key, field=key, value=str(value), change="–", wanted="text")
    return ""


def _changes(
    entries: object, text: str, table: str, problems: Problems
) -> tuple[tuple[Change, ...], tuple[int, ...], tuple[int, ...]]:
    """The changes that can be read, their lines and their numbers."""
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        problems.add("scenario_change_shape", "error", table, column="change")
        return (), (), ()
    heads = [number for number, line in enumerate(text.splitlines(), start=1) if _CHANGE_HEAD.match(line)]
    changes: list[Change] = []
    lines: list[int] = []
    numbers: list[int] = []
    for k, entry in enumerate(entries):
        line = heads[k] if len(heads) == len(entries) else None
        change = _change(entry, k + 1, table, line, problems)
        if change is not None:
            changes.append(change)
            lines.append(line or 0)
            numbers.append(k + 1)
    return tuple(changes), tuple(lines), tuple(numbers)


def _change(entry: Mapping[str, Any], number: int, table: str, line: int | None, problems: Problems) -> Change | None:
    kind = entry.get("kind", "")
    if kind not in KINDS:
        near = nearest_names(str(kind), tuple(KINDS))
        problems.add(
            "scenario_kind_unknown", "error", table, row=line, column="kind", change=number, kind=str(kind), near=near
        )
        return None
    made = KINDS[kind]
    known = {f.name: f for f in fields(made)}
    values: dict[str, Any] = {}
    good = True
    for key, value in entry.items():
        if key == "kind":
            continue
        if key not in known:
            near = nearest_names(key, tuple(known))
            problems.add(
                "scenario_field_unknown", "error", table, row=line, column=key, change=number, field=key, near=near
            )
            good = False
            continue
        typed, wanted = _typed(known[key], value)
        if wanted:
            problems.add(
                "scenario_type",
                "error",
                table,
                row=line,
                column=key,
                change=number,
                field=key,
                value=str(value),
                wanted=wanted,
            )
            good = False
            continue
        values[key] = typed
    for name, one in known.items():
        if name not in entry and one.default is MISSING and one.default_factory is MISSING:
            problems.add(
                "scenario_field_missing",
                "error",
                table,
                row=line,
                column=name,
                change=number,
                field=name,
                kind=kind,
            )
            good = False
    if not good:
        return None
    try:
        return made(**values)
    except InputError as fault:
        problems.extend(at_change(p, table, line, number) for p in fault.problems)
        return None


def at_change(problem: Problem, table: str, line: int | None, number: int) -> Problem:
    """A problem of a change with its file, its line and the number of the change."""
    return replace(problem, table=table, row=line, params={**problem.params, "change": number})


def _typed(one: Field[Any], value: Any) -> tuple[Any, str]:
    """The value as the field wants it, and what was wanted if it does not fit (id of a word)."""
    wanted = str(one.type)
    if wanted == "str":
        return (value.strip(), "") if isinstance(value, str) else (None, "text")
    if wanted == "bool":
        return (value, "") if isinstance(value, bool) else (None, "true / false")
    if wanted.startswith("int"):
        return (value, "") if isinstance(value, int) and not isinstance(value, bool) else (None, "1, 2, 3 ...")
    if wanted.startswith("float"):
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        return (float(value), "") if fits else (None, "1.5")
    if wanted == "tuple[str, ...]":
        fits = isinstance(value, list) and all(isinstance(v, str) for v in value)
        return (tuple(v.strip() for v in value), "") if fits else (None, '["A", "B"]')
    fits = isinstance(value, list) and all(
        isinstance(p, list) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in p) for p in value
    )
    return (tuple(tuple(float(v) for v in p) for p in value), "") if fits else (None, "[[11.5, 52.1], [11.6, 52.1]]")


def write_scenario(scenario: Scenario, path: Path) -> None:
    """Write a scenario so that `read_scenario` gives it back; a temporary file is renamed, so nothing is half written."""
    with replacing(path) as temporary:
        temporary.write_text(scenario_text(scenario), encoding="utf-8")


def scenario_text(scenario: Scenario) -> str:
    """The scenario's own file as text: fields in the order of their declaration, those that are as by default left out."""
    lines = [f"format = {FORMAT_VERSION}", f"name = {_written(scenario.name)}"]
    if scenario.based_on:
        lines.append(f"based_on = {_written(scenario.based_on)}")
    if scenario.note:
        lines.append(f"note = {_written(scenario.note)}")
    for change in scenario.changes:
        lines += ["", "[[change]]", f"kind = {_written(change.kind)}"]
        for one in _own_order(change):
            value = getattr(change, one.name)
            if one.default is MISSING or value != one.default:
                lines.append(f"{one.name} = {_written(value)}")
    return "\n".join(lines) + "\n"


def _own_order(change: Change) -> list[Field[Any]]:
    """Fields as declared; those on which days come last, as a reader expects."""
    declared = list(fields(change))
    return sorted(declared, key=lambda f: f.name == "days")


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return f"[{', '.join(_written(v) for v in value)}]"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    """A basic string of TOML; control characters are escaped."""
    named = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(named.get(c, c if c.isprintable() or ord(c) > 159 else f"\\u{ord(c):04x}") for c in text) + '"'
