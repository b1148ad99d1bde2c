"""School districts find their places and schools, and what a place is assigned to shows in the evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankerort.documents.evidence import evidence_lines
from ankerort.region.model import Region
from ankerort.region.read_region import read_region
from ankerort.run import explain_project
from ankerort.text import LANGUAGES, say
from worlds.small_region import lon_lat, write_small_region

EXTRA = """
[[input]]
kind = "facilities"
file = "schulen.csv"
id = "schulen"
preset = "school_plan"
title = "Schulentwicklungsplan"
date = "2024-03-01"

[[input]]
kind = "facilities"
file = "bezirke.csv"
id = "bezirke"
preset = "school_districts"
title = "Satzung über die Schulbezirke"
date = "2023-08-01"
"""
SCHOOLS = [
    ("Grundschule Ahausen", "Ahausen", 1000.0, 1000.0),
    ("Grundschule Am Teich", "Berge (Bedorf)", 5000.0, 1000.0),
]


def project(folder: Path, districts: list[str]) -> Path:
    """A region with two schools and a table of districts."""
    write_small_region(folder, extra=EXTRA)
    rows = ["Schule;Ort;lon;lat;Kapazität;Klasse 1;Klasse 2"]
    for name, place, x, y in SCHOOLS:
        lon, lat = lon_lat(x, y)
        rows.append(f"{name};{place};{lon};{lat};80;20;21")
    (folder / "schulen.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "bezirke.csv").write_text("\n".join(["Ort;zuständige Schule;AGS", *districts]) + "\n", encoding="utf-8")
    return folder


def assigned(region: Region) -> list[tuple[str, str]]:
    names = region.facilities.set_index("facility_id")["name"]
    printed = region.places.set_index("place_id")["print_name"]
    rows = region.assigned
    return [
        (str(printed.get(p, a)), str(names[f]))
        for p, a, f in zip(rows["place_id"], rows["ags"], rows["facility_id"], strict=True)
    ]


def test_places_and_schools_are_found(tmp_path: Path) -> None:
    """Names of schools need not be written as in the list; a row with a key only holds for the whole municipality."""
    folder = project(tmp_path / "p", ["Ahausen;GS am Teich;", ";Grundschule Ahausen;15001001"])
    region = read_region(folder)
    assert assigned(region) == [("Ahausen", "Grundschule Am Teich"), ("15001001", "Grundschule Ahausen")]
    pupils = region.occupancy[region.occupancy["group"] == "all"]
    assert pupils["occupied"].tolist() == [41, 41]
    assert set(pupils["facility_id"]) <= set(region.facilities["facility_id"])


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (["Ahausen;Grundschule Nirgendheim;"], "district_school_unknown"),
        ([";Grundschule;15001000"], "district_school_several"),
        (["Ahausen;Grundschule Am Teich;", "Ahausen;Grundschule Ahausen;"], "district_twice"),
        (["Ahausenn;Grundschule Am Teich;"], "place_unknown"),
    ],
)
def test_what_is_not_clear_is_said(tmp_path: Path, rows: list[str], code: str) -> None:
    """A school or place that is not found, not clear or named twice is a warning with its row; the rest counts."""
    region = read_region(project(tmp_path / "p", [*rows, ";Grundschule Ahausen;15001001"]))
    told = [p for p in region.problems if p.code == code]
    assert [(p.severity, p.row) for p in told] == [("warning", 3 if code == "district_twice" else 2)]
    for lang in LANGUAGES:
        assert say(f"problem.{code}", lang, **told[0].params)
        assert say(f"repair.{code}", lang, **told[0].params)
    assert assigned(region)[-1] == ("15001001", "Grundschule Ahausen")


def test_the_evidence_names_district_and_nearest(tmp_path: Path) -> None:
    """explain says by which list a place is assigned to which school, and which one would be the nearest."""
    folder = project(tmp_path / "p", ["Ahausen;Grundschule Am Teich;"])
    found = explain_project(folder, place="Ahausen", service="primary_school", threads=1)
    lines = evidence_lines(found, "de")
    text = "\n".join(lines)
    assert (
        "Zugewiesen nach Schulbezirk (Satzung über die Schulbezirke, 01.08.2023): Grundschule Am Teich (Berge (Bedorf))."
        in text
    )
    assert "Die nächste wäre Grundschule Ahausen (Ahausen): " in text
    way = next(k for k, line in enumerate(lines) if "Auto" in line and "Minuten" in line and "nächste" not in line)
    assert "Grundschule Am Teich" in lines[way + 1]
    other = "\n".join(
        evidence_lines(explain_project(folder, place="Berge (Bedorf)", service="primary_school", threads=1), "de")
    )
    assert "Schulbezirk (" not in other
