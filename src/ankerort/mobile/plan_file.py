"""Plan files of mobile services, ``plaene/<name>.toml`` with ``art = "mobil"``: readable, editable, read back as they were written."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

import pandas as pd

from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.tables import Schema
from ankerort.mobile.plan import MobileEffect, MobilePlan, MobileProof
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.schema import (
    PLAN_AUTHORITIES,
    PLAN_LEFT_PLACES,
    PLAN_LEGS,
    PLAN_MOBILE_COSTS,
    PLAN_STOPS,
    PLAN_VISITS,
    STOPS,
)
from ankerort.scenario.change import WEEKDAYS, parse_clock
from ankerort.scenario.nearest import nearest_names
from ankerort.scenario.plan_sections import (
    PLAN_FOLDER,
    SectionReader,
    keep_and_write,
    key_of,
    load_plan_toml,
    row_lines,
    written,
)
from ankerort.text import Language, say

__all__ = [
    "FORMAT_VERSION",
    "KIND",
    "PLAN_FOLDER",
    "mobile_plan_text",
    "mobile_plans",
    "read_mobile_plan",
    "write_mobile_plan",
]

FORMAT_VERSION: Final = 1
KIND: Final = "mobil"
# (head in the file, field of the plan, its table, columns that say what is decided; all others are figures)
_TABLES: Final[tuple[tuple[str, str, Schema, tuple[str, ...]], ...]] = (
    (
        "visit",
        "visits",
        PLAN_VISITS,
        ("stop_id", "part", "services", "vehicle", "weekday", "weeks", "from_time", "to_time"),
    ),
    ("served", "rows", PLAN_STOPS, ("stop_id", "rhythm", "every_weeks", "stay_min")),
    ("left", "left", PLAN_LEFT_PLACES, ("place_id", "reason")),
    ("authority", "authorities", PLAN_AUTHORITIES, ("authority_id", "name", "service", "agreed")),
    ("cost", "costs", PLAN_MOBILE_COSTS, ("item",)),
    ("stop", "stops", STOPS, ("stop_id", "name", "kind")),
    ("leg", "legs", PLAN_LEGS, ()),
)
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "visit": ("stop_id", "weekday", "weeks", "from_time"),
    "served": ("stop_id",),
    "left": ("place_id",),
    "cost": ("item",),
    "stop": ("stop_id",),
}
_HEAD: Final = ("format", "art", "name", "region", "data_day", "vehicle", "weeks", "first_day", "depots")
_SECTIONS: Final = ("request", "proof", "effect", "record")
_UNPROVEN = MobileProof(math.nan, math.nan, math.nan, "", math.nan, 1, "none")
_NAN = math.nan
_UNKNOWN = MobileEffect(_NAN, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, 0, _NAN, _NAN, _NAN, _NAN, False)


def write_mobile_plan(
    plan: MobilePlan, path: Path, *, names: Mapping[str, str] | None = None, lang: Language = "de"
) -> Path | None:
    """Write a plan so that `read_mobile_plan` gives it back; nothing is half written.

    Parameters
    ----------
    names
        Printed name by place_id; names stand beside the ids, for those who read.
    lang
        Of the comments.

    Returns
    -------
    Path or None
        Where the former file of that name is kept, if it said something else.
    """
    return keep_and_write(mobile_plan_text(plan, names=names, lang=lang), path)


def mobile_plan_text(plan: MobilePlan, *, names: Mapping[str, str] | None = None, lang: Language = "de") -> str:
    """The content of a plan file."""
    stops = dict(zip(plan.stops["stop_id"].astype(str), plan.stops["name"].astype(str), strict=True))
    beside = {**stops, **(names or {})}
    lines = [f"# {line}".rstrip() for line in say("mobile_file.head", lang).splitlines()]
    lines += [f"format = {FORMAT_VERSION}", f"art = {written(KIND)}"]
    lines += [f"{key} = {written(getattr(plan, key))}" for key in _HEAD if key not in ("format", "art")]
    lines += ["", f"# {say('mobile_file.request', lang)}", "[request]"]
    lines += [
        f"{f.name} = {written(value)}"
        for f in fields(MobileRequest)
        if (value := getattr(plan.request, f.name)) is not None and value != f.default
    ]
    for head, made in (("proof", plan.proof), ("effect", plan.effect)):
        lines += ["", f"# {say(f'mobile_file.{head}', lang)}", f"[{head}]"]
        lines += [f"{f.name} = {written(getattr(made, f.name))}" for f in fields(made)]
    if plan.record:
        lines += ["", f"# {say('mobile_file.record', lang)}", "[record]"]
        lines += [f"{key_of(k)} = {written(v)}" for k, v in plan.record.items()]
    for head, field_name, schema, decided in _TABLES:
        table: pd.DataFrame = getattr(plan, field_name)
        if len(table):
            lines += ["", f"# {say(f'mobile_file.{head}', lang)}"]
        for row in table.to_dict("records"):
            named = {} if head in ("leg", "stop") else beside
            lines += row_lines(head, row, schema, decided, named)
    return "\n".join(lines) + "\n"


def mobile_plans(folder: Path) -> tuple[str, ...]:
    """Names of the mobile plans of a project, in order; a file that cannot be read is none."""
    found = []
    for path in sorted((folder / PLAN_FOLDER).glob("*.toml")):
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            continue
        if content.get("art") == KIND:
            found.append(path.stem)
    return tuple(found)


def read_mobile_plan(path: Path) -> MobilePlan:
    """Read a plan; figures that a person left out are unknown until the plan is worked out again.

    A stop that is named by `stop` only stands by that name in the column of ids: `ankerort.mobile.plan_decision` finds it.

    Raises
    ------
    InputError
        With all problems of the file, with the line where it can be told.
    """
    problems = Problems()
    table = path.name
    text, content = load_plan_toml(path)
    if content.get("art") != KIND:
        raise InputError([Problem("mobile_plan_kind", "error", table, params={"art": KIND})])
    known = (*_HEAD, *_SECTIONS, *(head for head, _, _, _ in _TABLES))
    for key in content:
        if key not in known:
            problems.add("anchors_plan_key", "error", table, column=key, key=key, near=nearest_names(key, known))
    if content.get("format", FORMAT_VERSION) != FORMAT_VERSION:
        found, supported = str(content["format"]), str(FORMAT_VERSION)
        problems.add("anchors_plan_format", "error", table, column="format", found=found, supported=supported)

    def check(head: str, row: Mapping[str, object], line: int | None) -> None:
        if head == "visit":
            _check_visit(row, table, line, problems)

    reader = SectionReader(content, text, table, problems, needed=_NEEDED, check=check)
    request = reader.head("request", MobileRequest, MobileRequest(services=()))
    proof = reader.head("proof", MobileProof, _UNPROVEN)
    effect = reader.head("effect", MobileEffect, _UNKNOWN)
    tables = {name: reader.table(head, schema) for head, name, schema, _ in _TABLES}
    if isinstance(request, MobileRequest) and not request.services:
        problems.add("mobile_plan_services", "error", table, column="services")
    record, depots, weeks = content.get("record", {}), content.get("depots", []), content.get("weeks", 4)
    for good, field, value, wanted in (
        (isinstance(weeks, int) and not isinstance(weeks, bool) and weeks >= 1, "weeks", weeks, "4"),
        (isinstance(depots, list) and all(isinstance(d, str) for d in depots), "depots", depots, '["A", "B"]'),
    ):
        if not good:
            told = str(value)
            problems.add("anchors_plan_type", "error", table, column=field, field=field, value=told, wanted=wanted)
    head = {key: reader.text(key) for key in ("name", "region", "data_day", "vehicle", "first_day")}
    problems.raise_errors()
    assert isinstance(request, MobileRequest)
    assert isinstance(proof, MobileProof)
    assert isinstance(effect, MobileEffect)
    return MobilePlan(
        **head | {"name": head["name"] or path.stem},
        request=request,
        proof=proof,
        effect=effect,
        weeks=weeks,
        depots=tuple(depots),
        record=record if isinstance(record, dict) else {},
        **tables,
    )


def _check_visit(row: Mapping[str, object], table: str, line: int | None, problems: Problems) -> None:
    """Weekday, weeks and hours of a visit as a person may have typed them."""
    weekday = str(row.get("weekday", ""))
    if weekday and weekday not in WEEKDAYS:
        known = ", ".join(WEEKDAYS)
        problems.add("mobile_plan_weekday", "error", table, row=line, column="weekday", value=weekday, known=known)
    for name in ("from_time", "to_time"):
        value = str(row.get(name, ""))
        if value and parse_clock(value) is None:
            problems.add("mobile_plan_clock", "error", table, row=line, column=name, value=value)
    weeks = str(row.get("weeks", ""))
    if weeks and not all(w.strip().isdigit() and int(w) >= 1 for w in weeks.split(";")):
        problems.add("mobile_plan_weeks", "error", table, row=line, column="weeks", value=weeks)
