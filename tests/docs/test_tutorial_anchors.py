"""Anchor places in the tutorial: its commands are run as printed, and what it shows and says comes true."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
TITLE = "Von der Bilanz zum Vorschlag"


def _section() -> str:
    text = TUTORIAL.read_text(encoding="utf-8")
    found = re.search(rf"^## \d+\. {TITLE}\n(.*?)(?=^## )", text, flags=re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def _commands() -> list[tuple[str, tuple[str, ...]]]:
    """Each command of the console blocks with the lines below it."""
    out: list[tuple[str, list[str]]] = []
    for block in re.findall(r"^```console\n(.*?)^```", _section(), flags=re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            if line.startswith("$ "):
                out.append((line.removeprefix("$ "), []))
            else:
                out[-1][1].append(line)
    return [(line, tuple(shown)) for line, shown in out]


def _run(line: str, folder: Path) -> tuple[str, ...]:
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


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, tuple[str, ...], tuple[str, ...]]]]:
    """The folder, and each command with the lines shown and printed, run one after the other as a reader types them."""
    folder = tmp_path_factory.mktemp("tutorial")
    return folder, [(line, shown, _run(line, folder)) for line, shown in _commands()]


@pytest.mark.slow
def test_the_way_to_a_proposal_runs_as_printed(played) -> None:
    """Every step is there, in its order, and each line that the page shows is printed, in the order of the page."""
    _, commands = played
    steps = [" ".join(line.split()[1:3]) for line, _, _ in commands]
    assert steps == [
        "sample kreis", "assess kreis", "anchors kreis", "anchors explain", "anchors kreis", "anchors kreis", "anchors check", "compare kreis",
    ]  # fmt: skip
    for line, shown, printed in commands:
        rest = iter(printed)
        for text in shown:
            assert text == "..." or text.rstrip() in rest, (line, text, printed)


@pytest.mark.slow
def test_the_figures_in_the_text_are_those_of_the_plans(played) -> None:
    """The sentences on cost and people cite what the first and the last plan printed."""
    _, commands = played
    told = re.search(r"„([\d–.]+ T€/Jahr)“\s+ist ein Kostenrahmen", _section())
    assert told is not None
    assert any(line.startswith(f"Folgekosten {told[1]} ") for line in commands[2][2])
    bought = re.search(r"Für ([\d–.]+ T€/Jahr) wären ([\d.]+) Menschen mehr versorgt", _section())
    assert bought is not None
    last = next(line for line in commands[5][2] if line.startswith("alles, auch"))
    assert last.endswith(f", {bought[1]}") and f" {bought[2]} Menschen mehr versorgt" in last


@pytest.mark.slow
def test_the_documents_of_all_plans_are_there(played) -> None:
    """Each plan has its documents, its file and its scenario; the first page of none passes for a designation."""
    folder, _ = played
    for name in ("vorschlag-a", "was-waere-wenn", "vorschlag-b"):
        out = folder / "kreis" / "ausgabe" / name
        assert {p.suffix for p in out.glob("schwerpunktorte.*")} == {".html", ".pdf", ".docx", ".xlsx", ".gpkg"}
        assert "ersetzt keine Festlegung der Regionalplanung" in (out / "schwerpunktorte.html").read_text(
            encoding="utf-8"
        )
        assert (folder / "kreis" / "plaene" / f"{name}.toml").is_file()
        assert (folder / "kreis" / "szenarien" / f"{name}.toml").is_file()
    assert "Kosten und Nutzen" in (folder / "kreis" / "ausgabe" / "vorschlag-b" / "schwerpunktorte.html").read_text(
        encoding="utf-8"
    )
