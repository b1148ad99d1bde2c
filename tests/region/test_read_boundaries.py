"""Municipalities, associations, districts from vector files and tables."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest

from ankerort.base.problems import Problem, Problems
from ankerort.region.read_boundaries import Boundaries, read_boundaries
from ankerort.region.settings import InputSettings
from ankerort.text import say
from worlds.small_region import CRS, feature, square, write_boundaries, write_geojson


def read(
    *paths: Path, study: tuple[str, ...] = ("15001",), land: str = "ST", **options: object
) -> tuple[Boundaries | None, list[Problem]]:
    problems = Problems()
    columns = options.pop("columns", {})
    inputs = [InputSettings("boundaries", (p,), p.stem, options=options, columns=columns) for p in paths]  # type: ignore[arg-type]
    result = read_boundaries(inputs, study_ags=study, crs=CRS, land=land, problems=problems)
    for p in problems:
        say(f"problem.{p.code}", "de", **p.params)
        say(f"repair.{p.code}", "en", **p.params)
    return result, list(problems)


def codes(problems: list[Problem]) -> set[str]:
    return {p.code for p in problems}


def test_vg250_layout(tmp_path: Path) -> None:
    """AGS, RS, GEN, BEZ are known; a member of an association is known by the sixth digit of its regional key."""
    result, problems = read(write_boundaries(tmp_path / "gem.geojson"))
    assert result is not None
    table = result.municipalities.set_index("ags")
    assert table.index.tolist() == ["15001000", "15001001", "15002002"]
    assert table["in_study"].tolist() == [True, True, False]
    assert table.loc["15001000", "association_kind"] == "Einheitsgemeinde"
    assert table.loc["15001000", "district_name"] == "Ahausen"  # its own district: key ends in 000
    assert table.loc["15001001", "association_id"] == "150015001"
    assert table.loc["15001001", "association_name"] == ""
    assert codes(problems) == {"boundaries_association_unnamed"}
    assert result.shapes.geometry.area.round(-4).tolist() == pytest.approx([16e6] * 3, rel=1e-3)


@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
def test_other_formats_give_the_same(tmp_path: Path, suffix: str) -> None:
    """GeoPackage and Shapefile are read like GeoJSON."""
    path = write_boundaries(tmp_path / "gem.geojson")
    gpd.read_file(path).to_crs(CRS).to_file(tmp_path / f"gem{suffix}")
    first, _ = read(path)
    second, _ = read(tmp_path / f"gem{suffix}")
    assert first is not None and second is not None
    assert first.municipalities.equals(second.municipalities)


def test_several_layers_of_one_geopackage(tmp_path: Path) -> None:
    """vg250_gem, vg250_vwg and vg250_krs are found by name; associations and districts give their names."""
    path = tmp_path / "vg250.gpkg"
    gem = gpd.read_file(write_boundaries(tmp_path / "gem.geojson"))
    gem.to_file(path, layer="vg250_gem")
    whole = gem.dissolve()
    whole.assign(AGS="--------", RS="150015001", GEN="Westheim", BEZ="Verwaltungsgemeinschaft", ADE=5).to_file(
        path, layer="vg250_vwg"
    )
    whole.assign(AGS="15001", RS="15001", GEN="Kreisland", BEZ="Landkreis", ADE=4).to_file(path, layer="vg250_krs")
    result, problems = read(path)
    assert result is not None and not problems
    row = result.municipalities.set_index("ags").loc["15001001"]
    assert (row["association_name"], row["association_kind"]) == ("Westheim", "Verbandsgemeinde")
    assert row["district_name"] == "Kreisland"
    elsewhere, _ = read(path, land="BW")
    assert elsewhere is not None
    assert elsewhere.municipalities.set_index("ags").loc["15001001", "association_kind"] == "Verwaltungsgemeinschaft"


@pytest.mark.parametrize(
    "text",
    [
        "AGS,vg_rs,vg_name,vg_typ\n15001001,150015001,Westheim,Verbandsgemeinde\n",
        "verbandsgemeinde;strasse;ags_mitglieder\nWestheim;Weg 1;15001001 15001999\n",
    ],
)
def test_association_from_a_table(tmp_path: Path, text: str) -> None:
    """Both layouts of member tables name the Verbandsgemeinde."""
    table = tmp_path / "vg.csv"
    table.write_text(text, encoding="utf-8")
    result, problems = read(write_boundaries(tmp_path / "gem.geojson"), table)
    assert result is not None and not problems
    row = result.municipalities.set_index("ags").loc["15001001"]
    assert (row["association_id"], row["association_name"]) == ("150015001", "Westheim")
    assert row["association_kind"] == "Verbandsgemeinde"


def test_asked_key_is_not_in_the_file(tmp_path: Path) -> None:
    """The error names the key and what the file holds."""
    _, problems = read(write_boundaries(tmp_path / "gem.geojson"), study=("15001", "15083"))
    (problem,) = [p for p in problems if p.severity == "error"]
    assert problem.code == "boundaries_ags_missing"
    assert problem.params["ags"] == "15083"
    assert problem.params["held"] == "15001, 15002"


def test_parts_are_united_and_water_left_out(tmp_path: Path) -> None:
    """Land parts (GF 4) of one key become one municipality; water (GF 2) is no land."""
    base = {"ADE": 6, "AGS": "15001000", "RS": "150010000000", "GEN": "Ahausen", "BEZ": "Stadt"}
    path = write_geojson(
        tmp_path / "gem.geojson",
        [
            feature({**base, "GF": 4}, square(0, 0, 1000, 1000)),
            feature({**base, "GF": 4}, square(1000, 0, 1000, 1000)),
            feature({**base, "GF": 2}, square(2000, 0, 1000, 1000)),
        ],
    )
    result, _ = read(path)
    assert result is not None
    assert len(result.shapes) == 1
    assert result.shapes.geometry.area.iloc[0] == pytest.approx(2e6, rel=1e-3)


def test_one_key_two_names_is_an_error(tmp_path: Path) -> None:
    """A duplicate key with different names cannot be united."""
    shapes = [feature({"AGS": "15001000", "GEN": n}, square(x, 0, 1000, 1000)) for n, x in (("A", 0), ("B", 1000))]
    assert "boundaries_key_twice" in codes(read(write_geojson(tmp_path / "gem.geojson", shapes))[1])


def test_keys_stored_as_numbers_get_their_zero_back(tmp_path: Path) -> None:
    """6440005 is 06440005, with a warning."""
    path = write_geojson(tmp_path / "g.geojson", [feature({"AGS": 6440005, "GEN": "X"}, square(0, 0, 1000, 1000))])
    result, problems = read(path, study=("06440",), land="HE")
    assert result is not None
    assert result.municipalities["ags"].tolist() == ["06440005"]
    assert "boundaries_zero_lost" in codes(problems)


def test_mapped_columns(tmp_path: Path) -> None:
    """Names of one's own are mapped; an unknown one is named with what there is."""
    path = write_geojson(tmp_path / "g.geojson", [feature({"key": "15001000", "title": "X"}, square(0, 0, 1000, 1000))])
    result, _ = read(path, columns={"ags": "key", "name": "title"})
    assert result is not None
    assert result.municipalities["name"].tolist() == ["X"]
    assert "vector_column" in codes(read(path, columns={"ags": "nothing"})[1])
    assert "boundaries_no_key" in codes(read(path)[1])


def test_wrong_projection_is_named(tmp_path: Path) -> None:
    """Metres declared as degrees, swapped axes and a missing system are told apart."""
    path = write_boundaries(tmp_path / "gem.geojson")
    metres = gpd.read_file(path).to_crs(CRS)
    metres.set_crs("EPSG:25836", allow_override=True).to_file(tmp_path / "wrong.gpkg")
    assert "vector_wrong_crs" in codes(read(tmp_path / "wrong.gpkg")[1])
    result, _ = read(tmp_path / "wrong.gpkg", crs=CRS)
    assert result is not None
    metres.to_file(tmp_path / "none.shp")
    (tmp_path / "none.prj").unlink()
    assert "vector_crs_missing" in codes(read(tmp_path / "none.shp")[1])
    data = json.loads(path.read_text(encoding="utf-8"))
    for f in data["features"]:
        f["geometry"]["coordinates"] = [[[y, x] for x, y in ring] for ring in f["geometry"]["coordinates"]]
    (tmp_path / "swapped.geojson").write_text(json.dumps(data), encoding="utf-8")
    assert "vector_axes_swapped" in codes(read(tmp_path / "swapped.geojson")[1])


@pytest.mark.parametrize("content", ["", "no json", '{"type": "FeatureCollection", "features": []}'])
def test_files_that_are_none(tmp_path: Path, content: str) -> None:
    """Empty and broken files are errors, not crashes."""
    path = tmp_path / "gem.geojson"
    path.write_text(content, encoding="utf-8")
    result, problems = read(path)
    assert result is None
    assert any(p.severity == "error" for p in problems)


@pytest.mark.golden
def test_magdeburg_associations(shared_data: Path) -> None:
    """218 municipalities; 18 Verbandsgemeinden with 114 members, 104 Einheitsgemeinden; table and layer agree."""
    folder = shared_data / "magdeburg"
    layers = [folder / "grenzen" / f"{n}.geojson" for n in ("gemeinden", "verwaltungsgemeinschaften", "kreise")]
    study = ("15003", "15083", "15086", "15089")
    by_layer, problems = read(*layers, study=study)
    by_table, _ = read(layers[0], folder / "gemeinden" / "verbandsgemeinden_2026_anschriften.csv", study=study)
    assert by_layer is not None and by_table is not None and not problems
    table = by_layer.municipalities
    assert len(table) == 218
    assert table["association_kind"].value_counts().to_dict() == {"Verbandsgemeinde": 114, "Einheitsgemeinde": 104}
    assert table["association_id"].nunique() == 122
    assert table["district_name"].nunique() == 14 and (table["district_name"] != "").all()
    columns = ["ags", "association_id", "association_kind"]
    assert table[columns].equals(by_table.municipalities[columns])
