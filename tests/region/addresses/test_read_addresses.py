from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer

from ankerort.base.problems import Problems
from ankerort.region.addresses.read_addresses import read_addresses
from ankerort.region.settings import InputSettings

CRS = "EPSG:25832"
# A made-up house at 11.2 degrees east, 52.0 north.
EAST, NORTH = Transformer.from_crs("EPSG:4326", CRS, always_xy=True).transform(11.2, 52.0)
COMMA_EAST, COMMA_NORTH = (f"{v:.3f}".replace(".", ",") for v in (EAST, NORTH))


def read(path: Path, **settings: object):
    problems = Problems()
    source = InputSettings("addresses", (path,), "haus", **settings)  # type: ignore[arg-type]
    return read_addresses([source], crs=CRS, problems=problems), problems


def test_official_house_coordinates_without_head(tmp_path: Path) -> None:
    """HK-DE without head: fields by position, the zone before the east value, the key put together, quality B is not in the building."""
    lines = [
        f"N;DEST000000000001;A;15;0;83;020;0012;00042;12;a;32{COMMA_EAST};{COMMA_NORTH};Hauptstraße;39397;Gröningen;;Krottorf",
        f"N;DEST000000000002;B;15;0;83;020;0012;00042;14;;32{COMMA_EAST};{COMMA_NORTH};Hauptstraße;39397;Gröningen;;",
    ]
    path = tmp_path / "hk.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    table, problems = read(path)
    assert not list(problems)
    assert table["street"].to_list() == ["Hauptstraße", "Hauptstraße"]
    assert table["number"].to_list() == ["12a", "14"]
    assert table["ags"].to_list() == ["15083020", "15083020"]
    assert table["district"].to_list() == ["Krottorf", ""]
    assert table["in_building"].to_list() == [True, False]
    assert np.allclose(table[["x", "y"]], [[EAST, NORTH]] * 2, atol=0.01)
    assert np.allclose(table[["lon", "lat"]], [[11.2, 52.0]] * 2, atol=1e-6)


def test_official_house_coordinates_with_head(tmp_path: Path) -> None:
    """From version 5 on names and keys stand side by side: the Ortsteil's name is taken, not its key."""
    head = "nba;oid;qua;landschl;land;regbezschl;regbez;kreisschl;kreis;gmdschl;gmd;ottschl;ott;strschl;str;hnr;adz;zone;ostwert;nordwert;postplz;postonm;postonmzus;postott"
    row = f"N;DEST1;A;15;Sachsen-Anhalt;0;;83;Börde;020;Musterstadt;0012;Krottorf;00042;Am Bach;3;;32;{COMMA_EAST};{COMMA_NORTH};39397;Gröningen;;"
    path = tmp_path / "adressen.csv"
    path.write_text(f"{head}\n{row}\n", encoding="utf-8-sig")
    table, problems = read(path)
    assert not list(problems)
    assert table.loc[0, ["street", "number", "district", "town", "ags"]].to_list() == [
        "Am Bach",
        "3",
        "Krottorf",
        "Gröningen",
        "15083020",
    ]
    assert abs(table.loc[0, "x"] - EAST) < 0.01


def test_zone_33_is_brought_into_the_project(tmp_path: Path) -> None:
    """A house given in zone 33 stands at the same point of the earth."""
    east, north = Transformer.from_crs("EPSG:4326", "EPSG:25833", always_xy=True).transform(12.3, 52.0)
    path = tmp_path / "hk.csv"
    path.write_text(
        f"str;hnr;zone;ostwert;nordwert\nWeg;1;33;{east:.3f};{north:.3f}\n".replace(".", ","), encoding="utf-8"
    )
    table, _ = read(path)
    assert np.allclose(table[["lon", "lat"]], [[12.3, 52.0]], atol=1e-6)


def test_table_of_german_excel(tmp_path: Path) -> None:
    """Semicolons, decimal comma and Windows-1252 are read; other heads are mapped by the user."""
    path = tmp_path / "Häuser Börde.csv"
    path.write_bytes(
        "Straßenbezeichnung;Hausnr;PLZ;Ortsteil;Länge;Breite\nMühlweg;7;39393;Hötensleben;11,2;52,0\n".encode("cp1252")
    )
    table, problems = read(path, columns={"street": "Straßenbezeichnung"})
    assert [p.code for p in problems] == ["facility_encoding_guessed"]
    assert table.loc[0, ["street", "number", "postcode", "district"]].to_list() == [
        "Mühlweg",
        "7",
        "39393",
        "Hötensleben",
    ]
    assert abs(table.loc[0, "x"] - EAST) < 0.01


def test_missing_columns_are_named(tmp_path: Path) -> None:
    """A table without street or position is an error that says what is missing and what was found."""
    path = tmp_path / "x.csv"
    path.write_text("name;plz\nA;39393\n", encoding="utf-8")
    table, problems = read(path)
    assert table.empty
    problem = next(iter(problems))
    assert (problem.code, problem.severity) == ("addresses_columns", "error")
    assert "street" in str(problem.params["missing"])
    assert "plz" in str(problem.params["known"])


def test_rows_without_position_are_counted(tmp_path: Path) -> None:
    """Rows without coordinates are left out, with their number and the first of them."""
    path = tmp_path / "x.csv"
    path.write_text("strasse;hausnummer;lon;lat\nWeg;1;11.2;52.0\nWeg;2;;\nWeg;3;;\n", encoding="utf-8")
    table, problems = read(path)
    assert table["number"].to_list() == ["1"]
    assert [(p.code, p.row, p.params["count"]) for p in problems] == [("addresses_position", 3, 2)]


def test_wrong_system_is_an_error(tmp_path: Path) -> None:
    """Coordinates that lie outside Germany in the system believed are not used."""
    path = tmp_path / "x.csv"
    path.write_text("strasse;hausnummer;x;y\nWeg;1;4470000;5760000\n", encoding="utf-8")
    table, problems = read(path)
    assert table.empty
    assert "addresses_outside" in {p.code for p in problems}


@pytest.mark.parametrize("content", ["", "\n\n", "strasse;hausnummer;lon;lat\n"])
def test_empty_file_is_an_error(tmp_path: Path, content: str) -> None:
    """A file without rows is named."""
    path = tmp_path / "x.csv"
    path.write_text(content, encoding="utf-8")
    table, problems = read(path)
    assert table.empty
    assert [p.code for p in problems] == ["facility_file_empty"]
