"""The status of the paper: what may be set, how it is kept, what each page says."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from ankerort.base.problems import InputError
from ankerort.documents.paper import status_line
from ankerort.region.paper_status import (
    KINDS,
    STATUS_FILE,
    PaperStatus,
    newest_day,
    read_paper_status,
    require_project,
    status_of,
    write_paper_status,
)


def codes(problems: object) -> list[str]:
    return [p.code for p in problems]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "de", "en"),
    [
        (PaperStatus(), "Arbeitsstand 01.11.2026 – nicht abgestimmt", "Work in progress 2026-11-01 – not agreed"),
        (PaperStatus("entwurf"), "Entwurf vom 01.11.2026", "Draft of 2026-11-01"),
        (PaperStatus("entwurf", "2026-06-05"), "Entwurf vom 05.06.2026", "Draft of 2026-06-05"),
        (
            PaperStatus("abgestimmt", "2026-06-05", agreed_with="Gemeinde Harbke"),
            "Mit der Gemeinde Harbke abgestimmt am 05.06.2026",
            "Agreed with Gemeinde Harbke on 2026-06-05",
        ),
        (
            PaperStatus("abgestimmt", "2026-06-05", agreed_with="Ortschaftsrat Remkersleben"),
            "Mit dem Ortschaftsrat Remkersleben abgestimmt am 05.06.2026",
            "Agreed with Ortschaftsrat Remkersleben on 2026-06-05",
        ),
        (
            PaperStatus("abgestimmt", "2026-06-05", agreed_with="allen Gemeinden"),
            "Mit allen Gemeinden abgestimmt am 05.06.2026",
            "Agreed with allen Gemeinden on 2026-06-05",
        ),
        (
            PaperStatus("beschlossen", "2026-06-05", "12/2026"),
            "Beschlossen am 05.06.2026, Nr. 12/2026",
            "Decided on 2026-06-05, no. 12/2026",
        ),
    ],
)
def test_each_page_says_the_status(status: PaperStatus, de: str, en: str) -> None:
    """The sentence of each status, with its day, or the newest day of the data where none was set."""
    assert status_line(status, "2026-11-01", "de") == de
    assert status_line(status, "2026-11-01", "en") == en


def test_without_any_day_the_sentence_has_none() -> None:
    """Data without a date leave no hole in the sentence."""
    assert status_line(PaperStatus(), "", "de") == "Arbeitsstand – nicht abgestimmt"
    assert status_line(PaperStatus("entwurf"), "", "de") == "Entwurf"


@pytest.mark.parametrize("written", ["2026-06-05", "05.06.2026", "5.6.2026", " 5. 6. 2026 "])
def test_a_day_may_be_written_both_ways(written: str) -> None:
    """ISO and German days are read."""
    status, problems = status_of("Beschlossen", written, "7")
    assert not codes(problems)
    assert status == PaperStatus("beschlossen", "2026-06-05", "7")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (("fertig",), ["paper_status_kind"]),
        (("entwurf", "31.02.2026"), ["paper_status_day"]),
        (("entwurf", "gestern"), ["paper_status_day"]),
        (("entwurf", "05.06.0026"), ["paper_status_day"]),
        (("beschlossen",), ["paper_status_day_missing", "paper_status_number_missing"]),
        (("abgestimmt", ""), ["paper_status_day_missing", "paper_status_with_missing"]),
        (("entwurf", "", "12"), ["paper_status_not_for"]),
        (("beschlossen", "2026-06-05", "12", "Gemeinde A"), ["paper_status_not_for"]),
        (("fertig", "nie"), ["paper_status_kind", "paper_status_day"]),
    ],
)
def test_all_mistakes_are_named(given: tuple[str, ...], wanted: list[str]) -> None:
    """Every mistake of a call is told at once, and nothing is set."""
    status, problems = status_of(*given)
    assert status is None
    assert codes(problems) == wanted
    assert problems.has_errors


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_read(kind: str, tmp_path: Path) -> None:
    """Written and read again it is the same, whatever signs a name has."""
    status = PaperStatus(
        kind,  # type: ignore[arg-type]
        "2026-06-05",
        'Nr. "7" \\ #' if kind == "beschlossen" else "",
        "Gemeinde Möckern" if kind == "abgestimmt" else "",
    )
    path, old = write_paper_status(tmp_path, status)
    assert (path, old) == (tmp_path / STATUS_FILE, None)
    assert read_paper_status(tmp_path)[0] == status


def test_an_older_status_is_kept(tmp_path: Path) -> None:
    """Setting it twice keeps the first file beside the new one."""
    write_paper_status(tmp_path, PaperStatus("entwurf"))
    _, old = write_paper_status(tmp_path, PaperStatus())
    assert old is not None
    assert 'stand = "entwurf"' in old.read_text(encoding="utf-8")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["stand.alt-1.toml", "stand.toml"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("stand = [", "paper_status_unreadable"),
        ('stand = "fertig"', "paper_status_kind"),
        ('stand = "beschlossen"\ndatum = 2026-06-05', "paper_status_number_missing"),
        ('stand = "entwurf"\nstatus = "x"', "paper_status_key"),
    ],
)
def test_a_broken_file_never_claims_more(content: str, code: str, tmp_path: Path) -> None:
    """A file that a person broke gives a warning; the paper is work in progress then, unless the rest is clear."""
    (tmp_path / STATUS_FILE).write_text(content, encoding="utf-8")
    status, problems = read_paper_status(tmp_path)
    assert codes(problems) == [code]
    assert not problems.has_errors
    assert status.kind == ("entwurf" if code == "paper_status_key" else "arbeitsstand")


def test_dates_of_toml_are_read(tmp_path: Path) -> None:
    """A day without quotes is a date of TOML, and means the same."""
    (tmp_path / STATUS_FILE).write_text('stand = "entwurf"\ndatum = 2026-06-05\n', encoding="utf-8")
    assert read_paper_status(tmp_path)[0] == PaperStatus("entwurf", "2026-06-05")


def test_the_day_of_work_in_progress_is_the_newest_of_the_data() -> None:
    """Sources, confirmed facilities and confirmations count; a year alone or a missing day does not."""
    region = SimpleNamespace(
        sources=pd.DataFrame({"date": ["2022-05-15", "2030", ""]}),
        facilities=pd.DataFrame({"confirmed_on": ["", "2026-02-01"]}),
        confirmations=pd.DataFrame({"confirmed_on": ["2026-03-04"]}),
    )
    assert newest_day(region) == "2026-03-04"  # type: ignore[arg-type]
    region.confirmations = pd.DataFrame({"confirmed_on": []})
    assert newest_day(region) == "2026-02-01"  # type: ignore[arg-type]


def test_a_folder_without_project_is_refused(tmp_path: Path) -> None:
    """A status beside nothing would never be printed."""
    with pytest.raises(InputError):
        require_project(tmp_path)
    (tmp_path / "region.toml").write_text("", encoding="utf-8")
    require_project(tmp_path)
