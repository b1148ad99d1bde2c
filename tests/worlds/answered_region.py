"""The small region with pharmacies of a list, and answers of offices about them."""

from __future__ import annotations

from pathlib import Path

from ankerort.base.problems import Problem, Problems
from ankerort.catalogue import read_catalogue
from ankerort.region.inquiry.answers import Answer
from ankerort.region.inquiry.differences import Difference, find_differences, new_rows
from ankerort.region.inquiry.ledger import add_to_ledger, ledger_path, read_ledger
from ankerort.region.model import Region
from ankerort.region.read_region import read_region
from ankerort.text import say
from worlds.small_region import lon_lat, write_small_region

AHAUSEN, BERGE = "15001000-ahausen", "15001001-berge"
OFFICE, DISTRICT = "Gemeinde Ahausen", "Landkreis Musterkreis"
SIMILAR_FROM = read_catalogue().value("merge.name_similarity")
ROUND_DAYS = read_catalogue().value("inquiry.round_days")
_HEAD = "service;name;lon;lat;opening_hours;confirmed_by;confirmed_on;address"


def world(folder: Path, *rows: str) -> Path:
    """Two pharmacies in Ahausen and a GP in Berge, known from a list of 1 January 2025; more rows of a list may be added."""
    lines = [
        listed("pharmacy", "Löwen-Apotheke", 1000, 1200, hours="Mo-Fr 08:00-18:00"),
        listed("pharmacy", "Hirsch-Apotheke", 1100, 1700),
        listed("general_practitioner", "Praxis Dr. Klein", 5000, 1100),
        *rows,
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "liste.csv").write_text("\n".join([_HEAD, *lines]) + "\n", encoding="utf-8")
    names = _HEAD.split(";")
    columns = "\n".join(f'{n} = "{n}"' for n in names)
    extra = f"""
[[input]]
kind = "facilities"
id = "liste"
file = "liste.csv"
date = "2025-01-01"
attribution = "Landkreis"
[input.columns]
{columns}
"""
    return write_small_region(folder, extra=extra)


def listed(service: str, name: str, x: float, y: float, *, hours: str = "", by: str = "", on: str = "") -> str:
    lon, lat = lon_lat(x, y)
    return f"{service};{name};{lon};{lat};{hours};{by};{on};"


def answer(verdict: str, service: str = "pharmacy", *, about: str = "", **given: object) -> Answer:
    """One answer of 3 March 2026 unless said otherwise."""
    plain: dict[str, object] = {
        "subject": "facilities",
        "verdict": verdict,
        "ags": "15001000",
        "place_id": AHAUSEN,
        "service": service,
        "subject_id": about,
        "confirmed_by": OFFICE,
        "confirmed_on": "2026-03-03",
        "file": "abfrage.xlsx",
        "sheet": "Ahausen",
        "row": 7,
        **given,
    }
    return Answer(**plain)  # type: ignore[arg-type]


def take(folder: Path, *answers: Answer, on: str = "2028-01-01") -> tuple[Difference, ...]:
    """Import answers as the command does."""
    problems = Problems()
    region = read_region(folder)
    found = find_differences(
        answers,
        region,
        read_ledger(ledger_path(folder), problems=problems),
        imported_on=on,
        round_days=ROUND_DAYS,
        similar_from=SIMILAR_FROM,
        problems=problems,
    )
    problems.raise_errors()
    add_to_ledger(folder, new_rows(found), [])
    return found


def named(region: Region, name: str) -> dict[str, object]:
    """The facility of a name."""
    rows = region.facilities[region.facilities["name"] == name]
    assert len(rows) == 1
    return dict(rows.iloc[0])


def id_of(folder: Path, name: str) -> str:
    return str(named(read_region(folder), name)["facility_id"])


def told(region: Region, code: str) -> list[Problem]:
    """Problems of a code; each has its sentences."""
    found = [p for p in region.problems if p.code == code]
    for p in found:
        say(f"problem.{p.code}", "de", **p.params)
        say(f"problem.{p.code}", "en", **p.params)
    return found


def states(region: Region) -> list[str]:
    return region.confirmations["state"].tolist()
