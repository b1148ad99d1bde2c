"""Public registers in the inbox are known by their heads and words, and found again under the record they come from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.region.inbox.listing import list_inbox
from ankerort.region.inbox.missing import subjects_of
from ankerort.region.inbox.recognise import Found, recognise_files
from ankerort.region.settings import InputSettings

DATA = Path(__file__).resolve().parents[1] / "data"
CATALOGUE = read_catalogue()


def _look(inbox: Path) -> list[Found]:
    problems = Problems()
    files = list_inbox(inbox, problems=problems)
    return recognise_files(files, catalogue=CATALOGUE, this_year=2026, problems=problems)


@pytest.mark.parametrize(
    ("file", "preset", "subject"),
    [
        ("ladesaeulenregister.csv", "charging_register", "charging_points"),
        ("pflege.csv", "care_providers", "care_providers"),
        ("jedeschule.csv", "jedeschule", "schools"),
    ],
)
def test_registers_are_known(tmp_path: Path, file: str, preset: str, subject: str) -> None:
    """Under a name that says nothing each is known, and with it nothing on its subject is missing any more."""
    shutil.copyfile(DATA / file, tmp_path / "x1.csv")
    (found,) = _look(tmp_path)
    assert (found.kind, found.preset) == ("facilities", preset)
    assert subjects_of(InputSettings("facilities", (tmp_path / "x1.csv",), "a", preset=preset)) == {subject}


def test_unfinished_downloads_and_the_list_of_sources_are_no_inputs(tmp_path: Path) -> None:
    """What `region fetch` leaves beside the files is passed over."""
    (tmp_path / "QUELLEN.txt").write_text("Woher die Dateien kommen", encoding="utf-8")
    (tmp_path / ".quellen.json").write_text("{}", encoding="utf-8")
    (tmp_path / "a.zip.teil").write_bytes(b"PK")
    problems = Problems()
    assert list_inbox(tmp_path, problems=problems) == []
    assert [(p.code, p.severity) for p in problems] == [("inbox_unfinished", "note")]
