"""No name of a person in a doctors' list stands in any file that Ankerort writes; the practices lie at their address."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from ankerort.documents.assessment import Assessment
from ankerort.documents.evidence import evidence_lines
from ankerort.documents.write import write_documents
from ankerort.documents.write_profiles import write_profiles
from ankerort.inquiry_run import write_inquiry, write_survey_sheets
from ankerort.run import assess_region, explain_project
from worlds.district_lists import workbook
from worlds.small_region import ORIGIN_X, ORIGIN_Y, write_small_region

PERSONS = ("Kunzemann", "Frohwitter", "Schlottke", "Adelheid", "Hieronymus", "Walburga", "Dr. med")
EXTRA = """
[[input]]
kind = "facilities"
file = "aerzte.xlsx"
id = "aerzte"
preset = "doctors_list"
title = "Arztverzeichnis"
date = "2024-03-01"

[[input]]
kind = "addresses"
file = "haus.csv"
id = "haus"
title = "Hauskoordinaten"
"""
HEAD = ["Name des Arztes", "Vorname", "Praxisname", "Fachgebiet", "Versorgungsauftrag", "Straße", "Haus-Nr.", "Ort"]
DOCTORS = [
    HEAD,
    ["Kunzemann", "Adelheid", "Praxis Dr. med. Kunzemann", "Allgemeinmedizin", "1,0", "Lange Straße", "5", "Ahausen"],
    ["Frohwitter", "Hieronymus", "Praxis Kunzemann", "Allgemeinmedizin", "0,5", "Lange Str.", "5", "Ahausen"],
    ["Schlottke", "Walburga", "MVZ Schlottke GmbH", "Zahnmedizin", "1", "Kirchweg", "1", "Berge"],
]
# street, number, metres from the origin, Ort
HOUSES = [("Lange Straße", "5", 1040.0, 1020.0, "Ahausen"), ("Kirchweg", "1", 5030.0, 980.0, "Bedorf")]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region whose doctors' list names persons in every row, also in the names of practices."""
    folder = write_small_region(tmp_path_factory.mktemp("aerzte"), extra=EXTRA)
    workbook(folder / "aerzte.xlsx", Liste=DOCTORS)
    rows = [f"{s};{n};32;{ORIGIN_X + x:.2f};{ORIGIN_Y + y:.2f};{ort}" for s, n, x, y, ort in HOUSES]
    text = "\n".join(["str;hnr;zone;ostwert;nordwert;postonm", *(row.replace(".", ",") for row in rows)])
    (folder / "haus.csv").write_text(text + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def assessment(project: Path) -> Assessment:
    return assess_region(project)[0]


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Bytes of all files, of what lies in workbooks and DOCX, and the text of PDF and Parquet, which are compressed."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        yield path.name, path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as book:
                yield from ((f"{path.name}/{name}", book.read(name)) for name in book.namelist())
        if path.suffix == ".pdf":
            yield f"{path.name} as text", "\n".join(page.extract_text() for page in PdfReader(path).pages).encode()
        if path.suffix == ".parquet":
            yield f"{path.name} as text", pd.read_parquet(path).to_csv().encode()


def test_practices_lie_at_their_address(assessment: Assessment) -> None:
    """Two doctors at one address are one practice at the point of its house, named by kind and street."""
    rows = assessment.region.facilities.set_index("service")
    practice = rows.loc["general_practitioner"]
    assert (practice["name"], practice["capacity"]) == ("Hausarztpraxis, Lange Straße 5", 1.5)
    assert (round(practice["x"] - ORIGIN_X), round(practice["y"] - ORIGIN_Y)) == (1040, 1020)
    assert practice["position_rule"] == "house"


def test_no_file_names_a_person(project: Path, assessment: Assessment, tmp_path: Path) -> None:
    """Report, workbook, maps, tables, profiles, inquiries, survey sheets and results kept: none holds a name of the list."""
    write_documents(assessment, tmp_path / "lauf", internal=True)
    write_profiles(assessment, tmp_path / "profile")
    write_inquiry(project, out=tmp_path / "abfrage")
    write_survey_sheets(project, whole=True, out=tmp_path / "bogen" / "alle")
    found = list(_contents(tmp_path))
    kinds = {name.rpartition(".")[2] for name, _ in found}
    assert {"html", "xlsx", "gpkg", "pdf", "docx"} <= kinds
    assert any(b"Hausarztpraxis" in data for _, data in found)
    kept = [(n, d) for n, d in _contents(project) if n.partition("/")[0] != "aerzte.xlsx"]  # caches, too
    named = [(name, word) for name, data in (*found, *kept) for word in PERSONS if word.encode() in data]
    assert not named


def test_the_evidence_names_no_person(project: Path) -> None:
    """explain shows the practice with its row in the list, not who works there."""
    found = explain_project(project, place="Ahausen", service="general_practitioner", threads=1)
    text = "\n".join(evidence_lines(found, "de"))
    assert "Hausarztpraxis, Lange Straße 5" in text
    assert not [word for word in PERSONS if word in text]
