"""The files of a feed, in a zip archive or a folder, and the checks that all of them share."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ankerort.base.problems import Problems, Severity
from ankerort.base.text_table import TextTable, read_text_table


class FeedFiles:
    """Opens the text files of a feed by name; also where they stand in a folder inside the archive."""

    def __init__(self, path: Path, problems: Problems) -> None:
        self.path = path
        self.problems = problems
        self._members: dict[str, str] = {}
        self._archive: zipfile.ZipFile | None = None
        self.usable = True
        if path.is_dir():
            self._members = {p.name.lower(): str(p) for p in sorted(path.iterdir()) if p.is_file()}
        elif not path.exists():
            self.usable = False
            problems.add("gtfs_not_found", "error", path.name)
        else:
            try:
                self._archive = zipfile.ZipFile(path)
            except (zipfile.BadZipFile, OSError):
                self.usable = False
                problems.add("gtfs_no_archive", "error", path.name)
                return
            for name in sorted(self._archive.namelist(), key=lambda n: (-n.count("/"), n)):
                if not name.startswith("__MACOSX"):
                    self._members[name.rsplit("/", 1)[-1].lower()] = name

    def has(self, name: str) -> bool:
        """Whether the feed holds this file."""
        return name in self._members

    def table_name(self, name: str) -> str:
        """How a problem names the file."""
        return f"{self.path.name}/{name}"

    def read(self, name: str, *, required: Sequence[str] = (), optional: bool = False) -> TextTable | None:
        """One file as strings; None (with the problems noted) if it cannot be used.

        Parameters
        ----------
        name
            File name, for instance ``stops.txt``.
        required
            Columns without which it is of no use.
        optional
            Whether the feed is complete without it; its faults are then warnings.
        """
        severity: Severity = "warning" if optional else "error"
        table = self.table_name(name)
        if not self.has(name):
            if not optional:
                self.problems.add("gtfs_file_missing", "error", table, file=name)
            return None
        found = Problems()
        try:
            content = self._content(name)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError):
            self.problems.add("gtfs_file_damaged", "error", table, file=name)
            return None
        read = read_text_table(content, table, found)
        self.problems.extend(replace(p, severity=severity) if p.severity == "error" else p for p in found)
        if read is None:
            return None
        missing = [c for c in required if not read.has(c)]
        for column in missing:
            self.problems.add("gtfs_column_missing", severity, table, row=1, column=column)
        if missing:
            return None
        if not len(read) and not optional:
            self.problems.add("gtfs_file_without_rows", "error", table)
            return None
        return read

    def close(self) -> None:
        """Close the archive."""
        if self._archive is not None:
            self._archive.close()

    def _content(self, name: str) -> bytes:
        member = self._members[name]
        if self._archive is not None:
            return self._archive.read(member)
        return Path(member).read_bytes()


def report_rows(
    problems: Problems,
    code: str,
    severity: Severity,
    table: TextTable,
    bad: NDArray[np.bool_],
    *,
    column: str | None = None,
    shown: str | None = None,
) -> None:
    """Note one problem for all rows of a mask: the first row's line, how many, and an example value.

    Parameters
    ----------
    shown
        Column whose value in the first bad row is the example; default `column`.
    """
    rows = np.flatnonzero(bad)
    if not len(rows):
        return
    example_of = shown or column
    example = table.strings(example_of)[rows[0]] if example_of else ""
    problems.add(
        code, severity, table.table, row=int(table.lines[rows[0]]), column=column, count=len(rows), example=example
    )
