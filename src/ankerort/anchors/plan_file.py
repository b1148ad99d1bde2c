"""Plan files ``plaene/<name>.toml``: readable and editable; writing and reading give back the same plan."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

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
from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.tables import Schema
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

__all__ = ["FORMAT_VERSION", "PLAN_FOLDER", "plan_text", "read_plan", "write_plan"]

FORMAT_VERSION: Final = 1
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
    "anchor": ("level", "place_id"),
    "function": ("function", "what"),
    "cost": ("item",),
    "case": ("case",),
    "left_out": ("function",),
    "front": ("number",),
    "run": ("run",),
}
_HEAD: Final = ("format", "name", "region", "data_day", "request", "proof", "record")


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
    return keep_and_write(plan_text(plan, names=names, lang=lang), path)


def plan_text(plan: AnchorPlan, *, names: Mapping[str, str] | None = None, lang: Language = "de") -> str:
    """The content of a plan file."""
    lines = [f"# {line}".rstrip() for line in say("anchors_file.head", lang).splitlines()]
    lines += [f"format = {FORMAT_VERSION}"]
    lines += [f"{key} = {written(getattr(plan, key))}" for key in ("name", "region", "data_day")]
    lines += ["", f"# {say('anchors_file.request', lang)}", "[request]"]
    lines += [
        f"{f.name} = {written(value)}"
        for f in fields(AnchorRequest)
        if (value := getattr(plan.request, f.name)) is not None and value != f.default
    ]
    lines += ["", f"# {say('anchors_file.proof', lang)}", "[proof]"]
    lines += [f"{f.name} = {written(getattr(plan.proof, f.name))}" for f in fields(Proof)]
    if plan.record:
        lines += ["", f"# {say('anchors_file.record', lang)}", "[record]"]
        lines += [f"{key_of(k)} = {written(v)}" for k, v in plan.record.items()]
    for head, field_name, schema, decided in _TABLES:
        table: pd.DataFrame = getattr(plan, field_name)
        if len(table):
            lines += ["", f"# {say(f'anchors_file.{head}', lang)}"]
        for row in table.to_dict("records"):
            lines += row_lines(head, row, schema, decided, names or {})
    return "\n".join(lines) + "\n"


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
    text, content = load_plan_toml(path)
    if "art" in content:
        raise InputError([Problem("anchors_plan_kind", "error", table, params={"art": str(content["art"])})])
    known = (*_HEAD, *(head for head, _, _, _ in _TABLES))
    for key in content:
        if key not in known:
            problems.add("anchors_plan_key", "error", table, column=key, key=key, near=nearest_names(key, known))
    if content.get("format", FORMAT_VERSION) != FORMAT_VERSION:
        found_format, supported = str(content["format"]), str(FORMAT_VERSION)
        problems.add("anchors_plan_format", "error", table, column="format", found=found_format, supported=supported)

    def check(head: str, row: Mapping[str, object], line: int | None) -> None:
        if head == "function" and row.get("what", "kept") not in WHATS:
            params = {"value": str(row["what"]), "known": ", ".join(WHATS)}
            problems.add("anchors_plan_what", "error", table, row=line, column="what", **params)

    reader = SectionReader(content, text, table, problems, needed=_NEEDED, check=check)
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
