"""Problems of input data: collected, never thrown one by one.

A reader gathers every `Problem` it meets and goes on as far as it can. Whoever needs a clean input
calls `Problems.raise_errors`, which raises one `InputError` with all of them. Problems carry a code and
parameters; the sentence and the repair stand in ``text`` under ``problem.<code>`` and ``repair.<code>``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "note"]
_ORDER: dict[str, int] = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class Phrase:
    """A parameter that is words of ``text`` itself: ids of sentences, each with a detail in brackets (or none)."""

    parts: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return " / ".join(f"{key} ({detail})" if detail else key for key, detail in self.parts)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong or worth knowing about an input.

    Parameters
    ----------
    code
        Id of the sentence (``problem.<code>``) and of the repair (``repair.<code>``).
    severity
        ``error`` stops the run, ``warning`` is used in part, ``note`` is worth knowing.
    table
        File or table as the user knows it, for instance ``eingang/gtfs.zip/stops.txt``.
    row
        Row as the user sees it (line of the file or row of the sheet, counted from 1), or None.
    column
        Column as the user sees it, or None.
    params
        Values that the sentence names.
    """

    code: str
    severity: Severity
    table: str
    row: int | None = None
    column: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)


class InputError(Exception):
    """The input cannot be used; `problems` holds everything that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("; ".join(f"{p.table}: {p.code}" for p in self.problems[:5]))


class Problems:
    """A collecting list of problems."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self._problems: list[Problem] = list(problems)

    def add(
        self,
        code: str,
        severity: Severity,
        table: str,
        *,
        row: int | None = None,
        column: str | None = None,
        **params: object,
    ) -> None:
        """Note one problem."""
        self._problems.append(Problem(code, severity, table, row, column, params))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over the problems of another reader."""
        self._problems.extend(problems)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._problems)

    def __len__(self) -> int:
        return len(self._problems)

    @property
    def has_errors(self) -> bool:
        """Whether any problem stops the run."""
        return any(p.severity == "error" for p in self._problems)

    def sorted(self) -> tuple[Problem, ...]:
        """Errors first, then warnings, then notes; within them in the order found."""
        return tuple(sorted(self._problems, key=lambda p: _ORDER[p.severity]))

    def raise_errors(self) -> None:
        """Raise `InputError` with all problems if there is an error among them."""
        if self.has_errors:
            raise InputError(self.sorted())
