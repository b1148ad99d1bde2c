"""How the command line shows problems, progress and short tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from ankerort.base.problems import Problem
from ankerort.base.progress import Task
from ankerort.text import Language, say
from ankerort.text.numbers import format_date, format_whole
from ankerort.text.problems import describe_problem, repair_of

_COLOUR = {"error": "red", "warning": "yellow", "note": "blue"}


_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def printed_params(params: Mapping[str, object], lang: Language) -> dict[str, object]:
    """Parameters of a sentence as a reader expects them: dates in his order, whole numbers with their separator."""
    out: dict[str, object] = {}
    for name, value in params.items():
        if isinstance(value, int) and not isinstance(value, bool):
            out[name] = format_whole(value, lang)
        elif isinstance(value, str) and _ISO_DATE.fullmatch(value):
            out[name] = format_date(value, lang)
        else:
            out[name] = value
    return out


def print_problems(problems: Iterable[Problem], lang: Language, console: Console, *, most: int = 200) -> None:
    """Print each problem with its place and its repair; errors first, at most `most` of them in full."""
    listed = list(problems)
    for problem in listed[:most]:
        name = say(f"severity.{problem.severity}", lang)
        colour = _COLOUR[problem.severity]
        console.print(
            f"[{colour}]{name}[/{colour}] {escape(describe_problem(problem, lang))}", highlight=False, soft_wrap=True
        )
        repair = repair_of(problem, lang)
        if repair:
            console.print(f"    → {escape(repair)}", highlight=False, soft_wrap=True)
    if len(listed) > most:
        console.print(say("cli.more_problems", lang, count=len(listed) - most))
    counts = {s: sum(p.severity == s for p in listed) for s in _COLOUR}
    console.print(
        say(
            "cli.problem_counts",
            lang,
            errors=counts["error"],
            warnings=counts["warning"],
            notes=counts["note"],
        )
    )


class _BarTask:
    def __init__(self, bars: RichProgress, task_id: object) -> None:
        self._bars = bars
        self._id = task_id

    def advance(self, amount: int = 1) -> None:
        """Move the bar."""
        self._bars.advance(self._id, amount)  # type: ignore[arg-type]


class Bars:
    """Progress as bars on the terminal; on a pipe only one line per finished step."""

    def __init__(self, console: Console, lang: Language) -> None:
        self._console = console
        self._lang = lang
        self._bars = RichProgress(
            TextColumn("{task.description:<46}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )

    @contextmanager
    def showing(self) -> Iterator[Bars]:
        """Draw the bars while the block runs."""
        with self._bars:
            yield self

    @contextmanager
    def task(self, text_id: str, total: int | None = None) -> Iterator[Task]:
        """Draw one bar."""
        task_id = self._bars.add_task(say(text_id, self._lang), total=total)
        yield _BarTask(self._bars, task_id)
        self._bars.update(task_id, total=total or 1, completed=total or 1)
