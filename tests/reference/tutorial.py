"""Sections of the tutorial, and its commands run as a reader types them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"


def section(title: str) -> str:
    """Text of the section of this title, without its heading."""
    text = TUTORIAL.read_text(encoding="utf-8")
    found = re.search(rf"^## \d+\. {title}\n(.*?)(?=^## )", text, flags=re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def commands_of(title: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each command of the console blocks with the lines below it."""
    out: list[tuple[str, list[str]]] = []
    for block in re.findall(r"^```console\n(.*?)^```", section(title), flags=re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            if line.startswith("$ "):
                out.append((line.removeprefix("$ "), []))
            else:
                out[-1][1].append(line)
    return [(line, tuple(shown)) for line, shown in out]


def run(line: str, folder: Path) -> tuple[str, ...]:
    """Output of a command in a window of 100 columns, without blanks at the ends of lines."""
    words = shlex.split(line)
    assert words[0] == "ankerort"
    call = [sys.executable, "-c", "from ankerort.cli.main import run; run()", *words[1:]]
    environment = {**os.environ, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"}
    environment.pop("ANKERORT_LANG", None)
    done = subprocess.run(
        call, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, (line, done.stdout[-2000:], done.stderr[-2000:])
    return tuple(text.rstrip() for text in done.stdout.splitlines())


def shown_in_order(shown: tuple[str, ...], printed: tuple[str, ...]) -> str:
    """First line that is shown but not printed in its place; empty = all are."""
    rest = iter(printed)
    return next((text for text in shown if text != "..." and text.rstrip() not in rest), "")
