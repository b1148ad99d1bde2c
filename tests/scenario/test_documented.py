"""The reference page of the scenario file has every kind with every field, and its examples can be read."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from ankerort.scenario.changes import KINDS
from ankerort.scenario.scenario_file import read_scenario

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "scenario-file.md"


def _sections() -> dict[str, str]:
    parts = re.split(r"^### ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {part.split("\n", 1)[0].strip(): part for part in parts}


def test_every_kind_has_its_section() -> None:
    """The sections are the kinds, in their order."""
    assert list(_sections()) == list(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_field_has_its_row(kind: str) -> None:
    """A row per field, with its meaning; needed ones are marked."""
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| *(yes)? *\| (.+) \|$", _sections()[kind], flags=re.MULTILINE)
    assert [r[0] for r in rows] == [f.name for f in fields(KINDS[kind])]
    assert [bool(r[2]) for r in rows] == [f.default is MISSING for f in fields(KINDS[kind])]
    assert all(len(r[3]) > 5 for r in rows)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_example_can_be_read(kind: str, tmp_path: Path) -> None:
    """The example is a change of this kind."""
    example = re.search(r"```toml\n(.*?)```", _sections()[kind], flags=re.DOTALL)
    assert example is not None
    path = tmp_path / "beispiel.toml"
    path.write_text(example[1], encoding="utf-8")
    (change,) = read_scenario(path).changes
    assert change.kind == kind
