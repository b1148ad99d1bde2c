"""Golden regions: how they are made, and how a table becomes a checksum that survives another machine."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from pathlib import Path

import pandas as pd

REPOSITORY = Path(__file__).resolve().parents[2]
VALUES = REPOSITORY / "tests" / "golden"
UPDATE = "ANKERORT_UPDATE_GOLDEN"


def copy_of_region(name: str, shared: Path, target: Path) -> Path:
    """The definition in ``docs/regions/<name>`` with absolute paths of its inputs and its own catalogue, so that nothing is written there."""
    folder = REPOSITORY / "docs" / "regions" / name
    text = (folder / "region.toml").read_text(encoding="utf-8")
    target.mkdir(parents=True, exist_ok=True)
    if (folder / "katalog").is_dir():
        shutil.copytree(folder / "katalog", target / "katalog", dirs_exist_ok=True)
    (target / "region.toml").write_text(
        re.sub(r'"(?:\.\./)+shared/data/', f'"{shared.as_posix()}/', text), encoding="utf-8"
    )
    return target


def checksum(table: pd.DataFrame, columns: list[str], *, digits: int = 1) -> str:
    """Hash of the sorted rows, numbers rounded so that the last bits of a machine do not count."""
    chosen = table[columns].copy()
    for column in columns:
        if pd.api.types.is_float_dtype(chosen[column].dtype):
            chosen[column] = chosen[column].round(digits) + 0.0  # no negative zero
        else:
            chosen[column] = chosen[column].astype(str)
    text = chosen.sort_values(columns).to_csv(index=False, float_format=f"%.{digits}f", lineterminator="\n")
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def assert_golden(name: str, found: dict[str, object]) -> None:
    """Compare with ``tests/golden/<name>.json``; with ``ANKERORT_UPDATE_GOLDEN=1`` write it instead.

    Read the difference before committing it: each changed value is a changed figure for a user.
    """
    path = VALUES / f"{name}.json"
    found = json.loads(json.dumps(found))
    if os.environ.get(UPDATE) == "1":
        path.write_text(json.dumps(found, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    expected = json.loads(path.read_text(encoding="utf-8"))
    differing = {
        key: (expected.get(key), found.get(key))
        for key in sorted({*expected, *found})
        if expected.get(key) != found.get(key)
    }
    assert not differing, f"(expected, found): {differing}; if the change is meant: {UPDATE}=1 make unit"
