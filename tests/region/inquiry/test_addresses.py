"""What offices name with an address stands at its house; never at a house of another village."""

from __future__ import annotations

from pathlib import Path

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.region.inquiry.answers import Answer
from ankerort.region.inquiry.differences import find_differences, new_rows
from ankerort.region.inquiry.ledger import add_to_ledger, ledger_path, read_ledger
from ankerort.region.model import Region
from ankerort.region.read_region import read_region
from worlds.small_region import ORIGIN_X, lon_lat, write_small_region

AHAUSEN, EINSAM = "15001000-ahausen", "15001000-einsam"
# street, number, x, y: the Hauptstraße of Ahausen, that of Einsam with number 12, a lane only in Einsam
HOUSES = (
    ("Hauptstraße", "10", 1010.0, 1000.0),
    ("Hauptstraße", "14", 1030.0, 1000.0),
    ("Hauptstraße", "12", 3510.0, 3500.0),
    ("Gasse", "1", 3520.0, 3500.0),
)
EXTRA = """
[[input]]
kind = "addresses"
file = "haeuser.csv"

[[input]]
kind = "places"
file = "orte.csv"
"""


def world(folder: Path, extra: str = "") -> Path:
    """The small region with Ahausen and Einsam in one municipality, and house coordinates without names of places."""
    write_small_region(folder, extra=EXTRA + extra)
    rows = [f"{s};{n};{lon_lat(x, y)[0]};{lon_lat(x, y)[1]}" for s, n, x, y in HOUSES]
    (folder / "haeuser.csv").write_text("\n".join(["Straße;Hausnummer;lon;lat", *rows]) + "\n", encoding="utf-8")
    places = [("Ahausen", 1000, 1000), ("Einsam", 3500, 3500)]
    rows = [f"{name};15001000;{lon_lat(x, y)[0]};{lon_lat(x, y)[1]}" for name, x, y in places]
    (folder / "orte.csv").write_text("\n".join(["name;ags;lon;lat", *rows]) + "\n", encoding="utf-8")
    return folder


def told(folder: Path, *answers: Answer) -> Region:
    """The region after an import."""
    problems = Problems()
    found = find_differences(
        answers,
        read_region(folder),
        read_ledger(ledger_path(folder), problems=problems),
        imported_on="2026-04-01",
        round_days=read_catalogue().value("inquiry.round_days"),
        similar_from=read_catalogue().value("merge.name_similarity"),
        problems=problems,
    )
    problems.raise_errors()
    add_to_ledger(folder, new_rows(found), [])
    return read_region(folder)


def new(place_id: str, name: str, *, row: int = 7, subject: str = "facilities", **values: object) -> Answer:
    """A line that names something that was not listed."""
    return Answer(
        subject=subject,  # type: ignore[arg-type]
        verdict="new",
        ags="15001000",
        place_id=place_id,
        subject_id="",
        service="bakery" if subject == "facilities" else "",
        values={"name": name, **values},
        confirmed_by="Gemeinde Ahausen",
        confirmed_on="2026-03-03",
        file="abfrage.xlsx",
        sheet="Ahausen",
        row=row,
    )


def where(region: Region, name: str) -> tuple[float, str, str]:
    """Metres east of the origin, rule of the position and place."""
    (row,) = region.facilities[region.facilities["name"] == name].to_dict("records")
    return round(row["x"] - ORIGIN_X, 1), row["position_rule"], row["place_id"]


def test_a_new_facility_stands_at_its_house(tmp_path: Path) -> None:
    """House, nearest house, and without a house in the place its middle, with a warning that names workbook, sheet and row."""
    folder = world(tmp_path)
    region = told(
        folder,
        new(AHAUSEN, "Backhaus Adler", address="Hauptstr. 10"),
        new(AHAUSEN, "Mehlstube", address="Hauptstraße 12", row=8),
        new(EINSAM, "Dorfbäckerei", address="Hauptstr. 12", row=9),
        new(AHAUSEN, "Kornkammer", address="Gasse 1", row=10),
        new(AHAUSEN, "Ofenfrisch", row=11),
    )
    assert where(region, "Backhaus Adler") == (1010.0, "house", AHAUSEN)
    # the same street has a 12 in Einsam only: the answer is about Ahausen, so the nearest house there stands for it
    assert where(region, "Mehlstube") == (1010.0, "near_house", AHAUSEN)
    assert where(region, "Dorfbäckerei") == (3510.0, "house", EINSAM)
    assert where(region, "Kornkammer")[1:] == ("place_centre", AHAUSEN)
    assert where(region, "Ofenfrisch")[1:] == ("place_centre", AHAUSEN)
    lost = [p for p in region.problems if p.code == "address_not_found"]
    assert [(p.table, p.row, p.params["address"]) for p in lost] == [
        ("bestaetigungen.csv/abfrage.xlsx, Ahausen", 10, "Gasse 1")
    ]
    (counted,) = [p for p in region.problems if p.code == "addresses_found"]
    assert dict(counted.params) == {"count": 4, "house": 2, "near_house": 1, "street": 0, "none": 1}


def test_lists_try_the_place_that_they_name_first(tmp_path: Path) -> None:
    """Of two streets of one name that of the named place counts; a house in another place does where the named one has none."""
    extra = '\n[[input]]\nkind = "facilities"\nfile = "liste.csv"\nid = "liste"\n[input.columns]\nname = "name"\n'
    folder = world(tmp_path, extra)
    lines = ["service;name;address;place_name;ags", "bakery;Backhaus Adler;Hauptstr. 10;Ahausen;15001000",
             "bakery;Dorfbäckerei;Hauptstr. 12;Einsam;15001000", "bakery;Kornkammer;Gasse 1;Ahausen;15001000"]  # fmt: skip
    (folder / "liste.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    region = read_region(folder)
    assert where(region, "Backhaus Adler") == (1010.0, "house", AHAUSEN)
    assert where(region, "Dorfbäckerei") == (3510.0, "house", EINSAM)
    assert where(region, "Kornkammer") == (3520.0, "house", EINSAM)


def test_buildings_stand_at_their_address(tmp_path: Path) -> None:
    """A building of a table by its address, one of an answer by a name that is an address; a name with a number alone is none."""
    extra = (
        '\n[[input]]\nkind = "facilities"\nfile = "leer.csv"\nid = "leer"\n[input.columns]\nname = "name"\n'
        '[input.options]\ntable = "buildings"\n'
    )
    folder = world(tmp_path, extra)
    (folder / "leer.csv").write_text(
        "name;address;place_name;use\nAlte Schule;Hauptstr. 14;Ahausen;vacant\nScheune;;Ahausen;vacant\n",
        encoding="utf-8",
    )
    region = told(
        folder,
        new(EINSAM, "Hauptstr. 12", subject="buildings", use="vacant"),
        new(EINSAM, "Gebäude 3", subject="buildings", use="vacant", row=8),
    )
    found = region.buildings.set_index("name")
    assert round(found.loc["Alte Schule", "x"] - ORIGIN_X, 1) == 1030.0
    assert found["position_rule"].to_dict() == {
        "Alte Schule": "house",
        "Scheune": "",
        "Hauptstr. 12": "house",
        "Gebäude 3": "",
    }
    assert round(found.loc["Hauptstr. 12", "x"] - ORIGIN_X, 1) == 3510.0
    assert found.loc["Scheune", ["x", "y"]].isna().all()
