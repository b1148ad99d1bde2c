"""Profiles as files: names that every system takes, each once, nothing half written."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ankerort.documents import write_profiles as module
from ankerort.documents.write_profiles import file_names, safe_name, write_profiles


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Großbölsdorf", "Großbölsdorf"),
        ("Neudorf (Sülzberg)", "Neudorf (Sülzberg)"),
        ('Hof "Am/See": 3?', "Hof -Am-See-- 3-"),
        ("  Berge.  ", "Berge"),
        ("Con", "Con_"),
        ("nul.alt", "nul.alt_"),
        ("a\tb\u200bc", "abc"),
        ("...", "Ort"),
        ("Mu\u0308hle", "Mühle"),
        ("x" * 300, "x" * 80),
    ],
)
def test_file_names_are_legal_on_windows(name: str, file: str) -> None:
    """Umlauts stay; signs of paths, device names, dots and blanks at the end do not."""
    assert safe_name(name) == file


def test_each_place_has_a_file_of_its_own(assessment) -> None:
    """Names that differ only in case, or by a forbidden sign, get a number."""
    places = assessment.region.places.copy()
    ids = places.loc[places["in_study"], "place_id"].tolist()[:3]
    for place_id, name in zip(ids, ("Hof/See", "Hof-See", "HOF-SEE"), strict=True):
        places.loc[places["place_id"] == place_id, "print_name"] = name
    changed = replace(assessment, region=replace(assessment.region, places=places))
    assert list(file_names(changed, ids).values()) == ["Hof-See", "Hof-See 2", "HOF-SEE 3"]


def test_pdf_and_docx_of_each_place(assessment, tmp_path: Path) -> None:
    """Two files per place, both complete, in the order asked for; no other file is left."""
    wanted = ("15999023-ziepelmuehle", "15999010-grossboelsdorf")
    files = write_profiles(assessment, tmp_path, places=wanted)
    assert [f.name for f in files] == ["Ziepelmühle.pdf", "Ziepelmühle.docx", "Großbölsdorf.pdf", "Großbölsdorf.docx"]
    assert all(f.parent == tmp_path / "ortssteckbriefe" for f in files)
    assert sorted(p.name for p in (tmp_path / "ortssteckbriefe").iterdir()) == sorted(f.name for f in files)
    assert files[0].read_bytes().startswith(b"%PDF")
    with zipfile.ZipFile(files[3]) as docx:
        assert "Großbölsdorf wohnen rund 470 Menschen" in docx.read("word/document.xml").decode("utf-8")


def test_a_failure_leaves_the_old_files(assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is renamed before all is there: what a user had stays as it was."""
    old = write_profiles(assessment, tmp_path, places=("15999023-ziepelmuehle",))[0].read_bytes()

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(module, "write_docx", broken)
    with pytest.raises(OSError, match="disk full"):
        write_profiles(assessment, tmp_path, places=("15999023-ziepelmuehle", "15999010-grossboelsdorf"), lang="en")
    assert (tmp_path / "ortssteckbriefe" / "Ziepelmühle.pdf").read_bytes() == old
    assert sorted(p.name for p in (tmp_path / "ortssteckbriefe").iterdir()) == ["Ziepelmühle.docx", "Ziepelmühle.pdf"]
