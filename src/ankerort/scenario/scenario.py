"""A scenario: a named, ordered list of changes, built on another one or on today."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ankerort.scenario.change import Change


@dataclass(frozen=True)
class Origin:
    """Where a change stands: file as printed, its folder, its number in the file (from 1) and its line (None in memory)."""

    table: str
    folder: Path
    number: int
    line: int | None = None


@dataclass(frozen=True)
class Scenario:
    """A named, ordered list of changes.

    Parameters
    ----------
    name
        As printed; it heads the columns of a comparison.
    changes
        Its own changes, in order.
    note
        Free text.
    based_on
        The scenario file it builds on, as the user wrote it (relative to its own file), or empty for today.
    base
        That scenario; its changes come first.
    path
        The file it was read from; not part of what a scenario is.
    lines, numbers
        Line and number of each change in the file, for messages; numbers are missing where no change was left out.
    """

    name: str
    changes: tuple[Change, ...] = ()
    note: str = ""
    based_on: str = ""
    base: Scenario | None = None
    path: Path | None = field(default=None, compare=False)
    lines: tuple[int, ...] = field(default=(), compare=False)
    numbers: tuple[int, ...] = field(default=(), compare=False)

    @property
    def table(self) -> str:
        """How messages name it: its file, or its name where it has none."""
        return self.path.name if self.path is not None else self.name

    def all_changes(self) -> tuple[tuple[Change, Origin], ...]:
        """The changes of what it builds on, then its own, each with where it stands."""
        before = self.base.all_changes() if self.base is not None else ()
        folder = self.path.parent if self.path is not None else Path()
        own = tuple(
            (
                change,
                Origin(
                    self.table,
                    folder,
                    self.numbers[k] if self.numbers else k + 1,
                    self.lines[k] if k < len(self.lines) else None,
                ),
            )
            for k, change in enumerate(self.changes)
        )
        return (*before, *own)
