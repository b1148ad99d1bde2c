"""The import on the command line: shows, asks, refuses whole files, exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ankerort import returns_run
from ankerort.base.problems import InputError, Problems
from ankerort.catalogue.model import Catalogue
from ankerort.cli.main import build_app
from ankerort.region.inquiry.answers import Answer
from ankerort.region.inquiry.ledger import ledger_path
from ankerort.region.model import Region
from ankerort.returns_run import find_project, read_returns, take_over
from worlds.small_region import write_small_region


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small region with two files in `abfrage/`: one with an absence, one with an error beside its answer."""
    folder = write_small_region(tmp_path / "Kleine Welt mit Ümlaut")
    (folder / "abfrage").mkdir()
    for name in ("gut.xlsx", "schlecht.xlsx"):
        (folder / "abfrage" / name).write_bytes(name.encode())

    def read(path: Path, region: Region, catalogue: Catalogue, *, problems: Problems) -> tuple[Answer, ...]:
        if path.name == "schlecht.xlsx":
            problems.add("returned_number", "error", path.name, row=3, column="x", value="viele")
        place = {"ags": "15001000", "place_id": "15001000-ahausen", "service": "bakery" if "g" in path.stem else "atm"}
        told = {"confirmed_by": "Bauamt", "confirmed_on": "2026-03-03", "file": path.name, "sheet": "Ahausen", "row": 4}
        return (Answer("absences", "absent", **place, subject_id="", **told),)  # type: ignore[arg-type]

    monkeypatch.setattr(returns_run, "read_answers", read)
    return folder


def _run(*arguments: str, answer: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(build_app("de"), ["inquiry", *arguments], input=answer)
    return result.exit_code, result.output


def test_without_anybody_to_ask_it_only_shows(project: Path) -> None:
    """A script without --yes: the differences, exit code 3, nothing written; --dry-run the same with 0; --yes takes over."""
    file = str(project / "abfrage" / "gut.xlsx")
    code, text = _run("import", file)
    assert (code, ledger_path(project).exists()) == (3, False)
    assert "Bäckerei" in text
    assert "nicht vorhanden" in text
    assert _run("import", file, "--dry-run")[0] == 0
    assert not ledger_path(project).exists()
    code, text = _run("import", file, "--yes", "--list", str(project / "liste.xlsx"))
    assert code == 0
    assert ledger_path(project).exists()
    assert (project / "liste.xlsx").stat().st_size > 0
    code, text = _run("import", file, "--yes")
    assert code == 0
    assert "Keine Unterschiede" in text
    code, text = _run("status", str(project))
    assert code == 0
    assert "Ahausen" in text
    assert "Bauamt" in text


def test_a_file_with_an_error_is_refused_whole(project: Path) -> None:
    """Nothing of the broken file, all of the other one; exit code 2."""
    files = [str(project / "abfrage" / n) for n in ("schlecht.xlsx", "gut.xlsx")]
    code, text = _run("import", *files, "--yes")
    assert code == 2
    assert "Nichts übernommen aus schlecht.xlsx" in text
    told = ledger_path(project).read_text(encoding="utf-8-sig")
    assert "bakery" in told
    assert "atm" not in told
    assert len(list((project / "rueckmeldung" / "eingelesen").iterdir())) == 1


def test_the_ledger_enters_the_region(project: Path) -> None:
    """After taking over, the region is read anew and holds the answer; the former state came from another key."""
    found = read_returns([project / "abfrage" / "gut.xlsx"], imported_on="2026-11-23", project=project)
    assert found.news == 1
    take_over(found)
    again = read_returns([project / "abfrage" / "gut.xlsx"], imported_on="2026-11-23", project=project)
    assert again.news == 0
    assert len(again.region.confirmations) == 1
    assert again.region.absences["service"].tolist() == ["bakery"]


def test_the_project_is_found_from_the_file(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder above the file, else the current one, else an error; a missing file is named."""
    assert find_project([project / "abfrage" / "gut.xlsx"]) == project
    monkeypatch.chdir(project)
    assert find_project([tmp_path / "x.xlsx"]) == project
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        find_project([tmp_path / "x.xlsx"])
    with pytest.raises(InputError) as raised:
        read_returns([tmp_path / "fehlt.xlsx"], imported_on="2026-11-23")
    assert [(p.code, p.table) for p in raised.value.problems] == [("returned_missing", "fehlt.xlsx")]
