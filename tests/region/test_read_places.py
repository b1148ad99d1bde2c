"""The user's places, polygons, overrides and barriers; small text tables in any usual encoding."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ankerort.base.problems import Problems
from ankerort.region.read_places import read_barriers, read_place_areas, read_places
from ankerort.region.settings import InputSettings
from ankerort.region.tables_in import read_text_table
from ankerort.text import say
from worlds.small_region import CRS, feature, lon_lat, square, write_geojson


def source(path: Path, **options: object) -> InputSettings:
    return InputSettings("places", (path,), "orte", options=options)


def codes(problems: Problems) -> list[str]:
    for p in problems:
        say(f"problem.{p.code}", "de", **p.params)
        say(f"repair.{p.code}", "en", **p.params)
    return [p.code for p in problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_list_in_usual_encodings(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """Byte order mark, Latin-1 and decimal comma are read; faulty rows are named and the rest is used."""
    lon, lat = (str(v).replace(".", ",") for v in lon_lat(1000, 1000))
    rows = [("name", "lon", "lat", "ags"), ("Börde", lon, lat, "15001000"), ("Null", "0", "0", ""), ("", lon, lat, "")]
    rows += [("Tausch", lat, lon, ""), ("Börde", lon, lat, "15001000")]
    path = tmp_path / "orte.csv"
    path.write_bytes("\n".join(delimiter.join(r) for r in rows).encode(encoding))
    problems = Problems()
    listed, areas, overrides = read_places([source(path)], crs=CRS, problems=problems)
    assert listed["name"].tolist() == ["Börde"]
    assert areas.empty and overrides.empty
    found = [(p.code, p.row) for p in problems if p.severity == "warning"]
    assert found == [("places_position", 3), ("places_axes_swapped", 5), ("places_nameless", 4), ("places_twice", 6)]
    assert ("table_encoding" in codes(problems)) == (encoding == "cp1252")


def test_list_as_workbook_and_as_layer(tmp_path: Path) -> None:
    """The first sheet of an XLSX; points of a vector file are places, polygons are areas."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in [("name", "lon", "lat"), ("A", *lon_lat(1000, 1000))]:
        sheet.append(cells)
    book.save(tmp_path / "orte.xlsx")
    point = {
        "type": "Feature",
        "properties": {"name": "P"},
        "geometry": {"type": "Point", "coordinates": lon_lat(5, 5)},
    }
    layer = write_geojson(tmp_path / "orte.geojson", [point, feature({"name": "F"}, square(0, 0, 100, 100))])
    problems = Problems()
    listed, areas, _ = read_places([source(tmp_path / "orte.xlsx"), source(layer)], crs=CRS, problems=problems)
    assert listed["name"].tolist() == ["A", "P"]
    assert areas["name"].tolist() == ["F"]
    assert not codes(problems)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "table_empty"),
        ("name;lon;lat\n", "table_empty"),
        ("name;name\nA;B\n", "table_column_twice"),
        ("name;ags\nA;15001000\n", "places_columns"),
    ],
)
def test_unusable_lists_are_errors(tmp_path: Path, text: str, code: str) -> None:
    """Empty tables, double heads and missing columns are named."""
    path = tmp_path / "orte.csv"
    path.write_text(text, encoding="utf-8")
    problems = Problems()
    listed, _, _ = read_places([source(path)], crs=CRS, problems=problems)
    assert listed.empty
    assert codes(problems) == [code]


def test_overrides(tmp_path: Path) -> None:
    """Cell and place by id; the key may stand beside."""
    path = tmp_path / "zellen.csv"
    path.write_text("cell_id,place,ags\n100mN1E1,Berge,15001001\n", encoding="utf-8")
    problems = Problems()
    _, _, overrides = read_places([source(path, override=True)], crs=CRS, problems=problems)
    assert overrides[["cell_id", "name", "ags", "row"]].to_numpy().tolist() == [["100mN1E1", "Berge", "15001001", 2]]
    assert not codes(problems)


def test_areas_and_barriers(tmp_path: Path) -> None:
    """Polygons keep their names; lines are barriers, points crossings, unless the column says otherwise."""
    path = write_geojson(tmp_path / "teile.geojson", [feature({"GEN": "Nord"}, square(0, 0, 100, 100))])
    problems = Problems()
    assert read_place_areas([source(path)], crs=CRS, problems=problems)["name"].tolist() == ["Nord"]
    line = {"type": "LineString", "coordinates": [lon_lat(0, 0), lon_lat(100, 0)]}
    point = {"type": "Point", "coordinates": lon_lat(50, 0)}
    shapes = [
        {"type": "Feature", "properties": {"kind": kind}, "geometry": shape}
        for kind, shape in (("", line), ("", point), ("crossing", line), ("river", line))
    ]
    rivers = write_geojson(tmp_path / "fluss.geojson", shapes)
    frame = read_barriers([source(rivers)], crs=CRS, problems=problems)
    assert frame["kind"].tolist() == ["barrier", "crossing", "crossing", "barrier"]
    assert [(p.code, p.row) for p in problems] == [("barrier_kind", 4)]
    assert codes(problems) == ["barrier_kind"]


def test_text_table_keeps_rows_of_the_file(tmp_path: Path) -> None:
    """Blank lines do not shift the row numbers."""
    path = tmp_path / "t.csv"
    path.write_text("a;b\n1;2\n\n3\n", encoding="utf-8")
    table = read_text_table(path, problems=Problems())
    assert table is not None
    assert table["row"].tolist() == [2, 4]
    assert table["b"].tolist() == ["2", ""]
