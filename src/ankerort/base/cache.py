"""Results are kept under a hash of what they were made from; a stage that is there in full is not made again."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path

DONE = "fertig.json"


def content_key(*parts: object) -> str:
    """Hash of JSON-like parts, stable across runs and machines (16 hex digits)."""
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def code_key(packages: tuple[str, ...]) -> str:
    """Hash of the source of the named subpackages of ankerort, so that new code never meets old results."""
    digest = hashlib.sha256()
    root = Path(str(files("ankerort")))
    for package in packages:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in (".py", ".csv", ".toml") and path.is_file():
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class StageCache:
    """Folders ``<root>/<stage>-<key>``; one is valid only once its marker file was written last."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, stage: str, key: str) -> Path:
        """Where the stage's result stands."""
        return self.root / f"{stage}-{key}"

    def has(self, stage: str, key: str) -> bool:
        """Whether the stage is there in full."""
        return (self.folder(stage, key) / DONE).is_file()

    @contextmanager
    def filling(self, stage: str, key: str, *, keep: int = 3) -> Iterator[Path]:
        """Yield the folder to write into; parts of an interrupted run are still there. Marks it done on success.

        Only the `keep` newest results of a stage stay.
        """
        folder = self.folder(stage, key)
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        (folder / DONE).write_text(json.dumps({"stage": stage, "key": key}), encoding="utf-8")
        _drop_oldest([p for p in self.root.glob(f"{stage}-*") if (p / DONE).is_file()], keep)


def _drop_oldest(folders: Iterable[Path], keep: int) -> None:
    for old in sorted(folders, key=lambda p: (p / DONE).stat().st_mtime_ns, reverse=True)[keep:]:
        shutil.rmtree(old, ignore_errors=True)
