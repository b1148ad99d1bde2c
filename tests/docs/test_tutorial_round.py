"""The round with the municipalities in the tutorial: its commands are run as printed, and what it prints and says comes true."""

from __future__ import annotations

import datetime as dt
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from ankerort.sample.answers import ANSWERED_ON
from ankerort.text.numbers import format_date

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
TITLE = "Die Runde mit den Gemeinden"
ROW = re.compile(r"^│ (.+?) +│ +[\d.]+ │(.+)│$")


@dataclass(frozen=True)
class Command:
    """One command of the page, what the page shows of its output, and what it really printed."""

    line: str
    shown: tuple[str, ...]
    printed: tuple[str, ...]


def _section() -> str:
    text = TUTORIAL.read_text(encoding="utf-8")
    found = re.search(rf"^## \d+\. {TITLE}\n(.*?)(?=^## )", text, flags=re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def _commands(section: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each command of the console blocks with the lines below it."""
    out: list[tuple[str, list[str]]] = []
    for block in re.findall(r"^```console\n(.*?)^```", section, flags=re.DOTALL | re.MULTILINE):
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


@dataclass(frozen=True)
class Round:
    """The folder in which the commands ran, and the commands."""

    folder: Path
    commands: tuple[Command, ...]

    def of(self, start: str) -> list[Command]:
        """Commands that begin so, in order."""
        return [c for c in self.commands if c.line.startswith(f"ankerort {start}")]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Round:
    """All commands of the section, one after the other, as a reader types them."""
    if dt.date.today().isoformat() <= ANSWERED_ON:
        pytest.skip("the clock of this machine is before the day of the invented answers")
    folder = tmp_path_factory.mktemp("tutorial")
    return Round(folder, tuple(Command(line, shown, _run(line, folder)) for line, shown in _commands(_section())))


def _question_marks(printed: tuple[str, ...]) -> dict[str, int]:
    rows = (ROW.match(line) for line in printed)
    return {row[1]: row[2].count("?") for row in rows if row is not None}


@pytest.mark.slow
def test_the_whole_round_runs_as_printed(played: Round) -> None:
    """Every step of the round is there, in its order, and each line that the page shows is printed, in the order of the page."""
    steps = [" ".join(c.line.split()[1:3]) for c in played.commands]
    assert steps == [
        "sample runde", "assess runde", "groups runde", "groups runde", "inquiry runde", "sample answers",
        "inquiry import", "inquiry import", "inquiry status", "assess runde", "explain runde", "profile runde",
        "status runde",
    ]  # fmt: skip
    for command in played.commands:
        rest = iter(command.printed)
        for line in command.shown:
            assert line == "..." or line.rstrip() in rest, (command.line, line, command.printed)


@pytest.mark.slow
def test_the_text_tells_the_right_number_of_question_marks(played: Round) -> None:
    """So many before, so many of them in the two villages, so many after: as the overviews show."""
    section = _section()
    before, after = (_question_marks(c.printed) for c in played.of("assess"))
    assert len(before) == len(after) == 13
    told = re.search(r"stehen (\d+) Fragezeichen\. (\d+) davon", section)
    then = re.search(r"Aus den (\d+) Fragezeichen sind (\d+) geworden", section)
    assert told is not None
    assert then is not None
    asked = before["Hüttelsdorf"] + before["Fährdorf"]
    assert [int(n) for n in (*told.groups(), *then.groups())] == [
        sum(before.values()), asked, sum(before.values()), sum(after.values())
    ]  # fmt: skip


@pytest.mark.slow
def test_the_filled_sheet_says_what_the_text_says(played: Round) -> None:
    """No shop, the post office gone in 2019, a baker on Wednesdays; the workbook that went out stays empty."""
    name = "abfrage-Mühlenstedt-15999010.xlsx"
    rows = []
    for where in ("abfrage", "antworten"):
        sheet = openpyxl.load_workbook(played.folder / "runde" / where / name)["Hüttelsdorf"]
        rows.append([" | ".join(str(v) for v in row if v is not None) for row in sheet.iter_rows(values_only=True)])
    sent, filled = rows
    wanted = [
        ("Dorfladen", "gibt es hier nicht"),
        ("Postfiliale", "gibt es nicht mehr seit 2019"),
        ("Bäckerei", "Mittwoch"),
    ]
    for first, second in wanted:
        assert any(first in row and second in row for row in filled), first
        assert not any(first in row and second in row for row in sent), first


@pytest.mark.slow
def test_the_documents_of_the_round_are_there(played: Round) -> None:
    """Ledger, page of the answers and profile exist and name the office; reading in once more changes nothing."""
    folder = played.folder / "runde"
    ledger = folder / "rueckmeldung" / "bestaetigungen.csv"
    before = ledger.read_bytes()
    assert "Stadt Mühlenstedt, Bauamt" in before.decode("utf-8-sig")
    report = (folder / "ausgabe" / "report.html").read_text(encoding="utf-8")
    assert "Rücklauf" in report
    assert "Stadt Mühlenstedt, Bauamt" in report
    assert {p.suffix for p in (folder / "ausgabe" / "ortssteckbriefe").glob("*Hüttelsdorf*")} == {".pdf", ".docx"}
    again = _run(played.of("inquiry import")[-1].line, played.folder)
    assert not any("übernommen" in line for line in again)
    assert ledger.read_bytes() == before


def test_the_day_of_the_answers_is_that_of_the_page() -> None:
    """The page and the program agree on the day on which the offices of the sample answered."""
    assert f"Stand {format_date(ANSWERED_ON, 'de')})" in _section()
