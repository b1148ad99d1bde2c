"""Progress of long work, told to whoever listens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Task(Protocol):
    """One step of work with a known or unknown number of parts."""

    def advance(self, amount: int = 1) -> None:
        """Note that `amount` parts are done."""


class Progress(Protocol):
    """A listener; the command line draws bars, tests listen to nothing."""

    def task(self, text_id: str, total: int | None = None) -> AbstractContextManager[Task]:
        """Return a context manager that yields a `Task`; `text_id` is a sentence id."""


class _SilentTask:
    def advance(self, amount: int = 1) -> None:
        return None


class Silent:
    """Tells nobody."""

    @contextmanager
    def task(self, text_id: str, total: int | None = None) -> Iterator[Task]:
        """Yield a task that tells nobody."""
        yield _SilentTask()


SILENT = Silent()
