"""Census files become population cells; what is wrong with them is named with file, row and repair."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.base.problems import Problems
from ankerort.base.provenance import DatedValue
from ankerort.catalogue.age_bands import AGE_BANDS, AGE_COLUMNS
from ankerort.catalogue.model import Catalogue
from ankerort.region.census_grid import CensusGrid, grid_ids, overlap
from ankerort.region.population import read_population, scale_to_totals
from ankerort.region.schema import CELLS
from ankerort.region.settings import InputSettings
from ankerort.text import say
from reference.population import overlap_slow

CRS = "EPSG:25832"
X, Y = 4400000, 3200000  # lower left corner of the km cell in which the test cells lie


def _figure(figure_id, value):
    return DatedValue(figure_id, value, "", "test", "default", "D")


CATALOGUE = Catalogue(
    services={},
    groups={},
    figures={
        k: _figure(k, v)
        for k, v in (("census.suppressed_persons", 1.5), ("census.scale_min", 0.5), ("census.scale_max", 1.6))
    },
    core=(),
    five=(),
    school_holidays=(),
    single_year_ages={"ST": np.full(101, 1.0), "DE": np.r_[np.full(65, 2.0), np.full(36, 1.0)]},
)


def cell(east, north, *values, size=100):
    """One row of an official file: cell by its place in the test kilometre."""
    e, n = X + east, Y + north
    head = [f"CRS3035RES{size}mN{n}E{e}", str(e + size // 2), str(n + size // 2)]
    return ";".join([*head, *map(str, values)])


def official(path, columns, rows, *, level="100m", encoding="utf-8"):
    """Write a file in the official layout."""
    head = ";".join([f"GITTER_ID_{level}", f"x_mp_{level}", f"y_mp_{level}", *columns])
    path.write_bytes(("\r\n".join([head, *rows]) + "\r\n").encode(encoding))
    return path


def census(*files, **more):
    return InputSettings("census", tuple(files), "census", **more)


def read(*inputs, land="ST", **more):
    """Cells by id and the problems; every problem must have its sentence and its repair in both languages."""
    problems = Problems()
    cells = read_population(inputs, catalogue=CATALOGUE, land=land, crs=CRS, problems=problems, **more)
    for p in problems:
        for lang in ("de", "en"):
            assert "{" not in say(f"problem.{p.code}", lang, **p.params) + say(f"repair.{p.code}", lang, **p.params)
    assert list(cells.columns) == CELLS.names
    bands = cells[list(AGE_COLUMNS)]
    assert (bands.to_numpy() >= 0).all()
    assert bands.sum(axis=1).to_numpy() == pytest.approx(cells["persons"].to_numpy())
    return cells.set_index("cell_id"), problems


def found(problems):
    return [(p.code, p.row, p.column) for p in problems]


TEN = ["Unter10", "a10bis19", "a20bis29", "a30bis39", "a40bis49", "a50bis59", "a60bis69", "a70bis79", "a80undaelter"]
FIVE = ["Unter18", "a18bis29", "a30bis49", "a50bis64", "a65undaelter"]


def test_totals_and_ten_year_classes_by_hand(tmp_path):
    """10 people under 10 in a cell of 10 are 6 of 0-5 and 4 of 6-9; the rule says raked, the persons counted."""
    totals = official(tmp_path / "t.csv", ["Einwohner"], [cell(0, 0, 10)])
    ages = official(tmp_path / "a.csv", ["Insgesamt_Bevoelkerung", *TEN], [cell(0, 0, 11, 10, *["0"] * 8)])
    cells, problems = read(census(totals, ages))
    row = cells.loc[f"CRS3035RES100mN{Y}E{X}"]
    assert row["persons"] == 10
    assert row["p_0_5"] == pytest.approx(6)
    assert row["p_6_9"] == pytest.approx(4)
    assert (row["persons_rule"], row["ages_rule"], row["size_m"]) == ("counted", "raked", 100)
    assert list(problems) == []


def test_five_classes_with_explanatory_signs(tmp_path):
    """The column of explanatory signs is no count; 65+ is met exactly, 18-64 too."""
    path = official(
        tmp_path / "a.csv",
        ["Insgesamt_Bevoelkerung", *FIVE, "werterlaeuternde_Zeichen"],
        [cell(0, 0, 40, 8, 4, 8, 10, 10, "KLAMMERN")],
    )
    cells, _ = read(census(path))
    row = cells.iloc[0]
    assert row[["p_65_74", "p_75_84", "p_85_plus"]].sum() == pytest.approx(10)
    assert row["p_18_64"] == pytest.approx(22)


@pytest.mark.parametrize("marker", ["–", "-", ".", "", "-9", "-1"])
def test_suppressed_persons_get_the_remainder_of_the_coarser_cell(tmp_path, marker):
    """Coarser 100, known 60 and 30, two suppressed: 5 each, marked estimated, never zero."""
    fine = official(
        tmp_path / "f.csv",
        ["Einwohner"],
        [cell(0, 0, 60), cell(100, 0, 30), cell(200, 0, marker), cell(900, 900, marker)],
    )
    coarse = official(tmp_path / "c.csv", ["Einwohner"], [cell(0, 0, 100, size=1000)], level="1km")
    cells, problems = read(census(fine, coarse))
    assert cells["persons"].to_dict() == pytest.approx(
        {
            f"CRS3035RES100mN{Y}E{X}": 60,
            f"CRS3035RES100mN{Y}E{X + 100}": 30,
            f"CRS3035RES100mN{Y}E{X + 200}": 5,
            f"CRS3035RES100mN{Y + 900}E{X + 900}": 5,
        }
    )
    assert sorted(cells["persons_rule"]) == ["counted", "counted", "estimated", "estimated"]
    assert list(problems) == []


def test_suppressed_persons_without_remainder_take_the_dated_figure(tmp_path):
    """Where perturbed counts leave nothing, or no coarser cell is there, a suppressed cell has 1.5 persons."""
    fine = official(tmp_path / "f.csv", ["Einwohner"], [cell(0, 0, 60), cell(100, 0, "–"), cell(5000, 0, "–")])
    coarse = official(tmp_path / "c.csv", ["Einwohner"], [cell(0, 0, 59, size=1000)], level="1km")
    cells, _ = read(census(fine, coarse))
    assert sorted(cells["persons"]) == [1.5, 1.5, 60]


def test_ages_missing_at_the_fine_grid_come_from_the_coarser_one(tmp_path):
    """A cell without own classes takes the shares of its kilometre (estimated), one outside the state's (state)."""
    fine = official(tmp_path / "f.csv", ["Einwohner"], [cell(0, 0, 20), cell(7000, 0, 20)])
    coarse = official(
        tmp_path / "c.csv",
        ["Insgesamt_Bevoelkerung", *FIVE],
        [cell(0, 0, 200, 0, 0, 0, 100, 100, size=1000)],
        level="1km",
    )
    cells, _ = read(census(fine, coarse))
    inner, outer = cells.iloc[0], cells.iloc[1]
    assert (inner["ages_rule"], outer["ages_rule"]) == ("estimated", "state")
    assert inner["p_18_64"] == pytest.approx(10)
    assert inner["p_0_5"] == pytest.approx(0)
    assert outer["p_0_5"] == pytest.approx(20 * 6 / 101)


def test_own_classes_win_over_the_coarser_grid(tmp_path):
    """A fully known cell keeps its own ages; its neighbour without them gets what the kilometre has left."""
    fine = official(tmp_path / "f.csv", ["Einwohner"], [cell(0, 0, 50), cell(100, 0, 50)])
    own = official(
        tmp_path / "o.csv",
        ["Insgesamt_Bevoelkerung", *FIVE],
        [cell(0, 0, 50, 0, 0, 0, 0, 50), cell(100, 0, 50, *["–"] * 5)],
    )
    coarse = official(
        tmp_path / "c.csv",
        ["Insgesamt_Bevoelkerung", *FIVE],
        [cell(0, 0, 100, 10, 10, 10, 10, 60, size=1000)],
        level="1km",
    )
    cells, _ = read(census(fine, own, coarse))
    old = cells[["p_65_74", "p_75_84", "p_85_plus"]].sum(axis=1).to_list()
    assert old == pytest.approx([50, 10], abs=1e-3)
    assert cells["ages_rule"].to_list() == ["raked", "estimated"]


def test_own_classes_win_where_the_coarser_grid_contradicts_them(tmp_path):
    """A cell that is its kilometre's only one keeps its own 40 of 65+, whatever the kilometre says."""
    own = official(tmp_path / "o.csv", ["Insgesamt_Bevoelkerung", *FIVE], [cell(0, 0, 50, 10, 0, 0, 0, 40)])
    coarse = official(
        tmp_path / "c.csv",
        ["Insgesamt_Bevoelkerung", *FIVE],
        [cell(0, 0, 50, 10, 10, 10, 10, 10, size=1000)],
        level="1km",
    )
    for files in ((own, coarse), (coarse, own)):
        cells, _ = read(census(*files))
        assert cells[["p_65_74", "p_75_84", "p_85_plus"]].to_numpy().sum() == pytest.approx(40)


def test_encodings_letter_case_and_short_ids(tmp_path):
    """UTF-8 with mark and Latin-1 are read alike, a foreign encoding is noted; header case does not count."""
    rows = [cell(0, 0, 12, "Ä"), cell(100, 0, 7, "–")]
    with_mark = official(tmp_path / "m.csv", ["EINWOHNER", "Bemerkung"], rows, encoding="utf-8-sig")
    windows = official(tmp_path / "l.csv", ["Einwohner", "Bemerkung"], rows, encoding="cp1252")
    first, none = read(census(with_mark))
    second, note = read(census(windows))
    pd.testing.assert_frame_equal(first, second)
    assert found(none) == []
    assert found(note) == [("census_encoding", None, None)]

    bare = tmp_path / "b.csv"
    bare.write_text(f"Gitter_ID_100m;Einwohner\n100mN{Y // 100}E{X // 100};12\n", encoding="utf-8")
    cells, problems = read(census(bare))
    assert list(problems) == []
    assert cells["persons"].to_list() == [12]
    assert cells["x"].iloc[0] == pytest.approx(first["x"].iloc[0])


def test_any_table_with_a_mapping(tmp_path):
    """CSV with decimal comma, Parquet with degrees and GeoPackage give the same points."""
    frame = pd.DataFrame({"rechts": [650000.5, 651000.0], "hoch": [5770000.25, 5771000.0], "pers": [3.5, 20.0]})
    csv = tmp_path / "p.csv"
    frame.to_csv(csv, sep=";", decimal=",", index=False)
    mapped = {"x": "rechts", "y": "hoch", "persons": "pers"}
    from_csv, problems = read(census(csv, columns=mapped, options={"crs": CRS}))
    assert list(problems) == []
    assert sorted(from_csv["persons"]) == [3.5, 20.0]
    assert sorted(from_csv["x"]) == pytest.approx([650000.5, 651000.0])
    assert set(from_csv["size_m"]) == {0.0}

    points = gpd.GeoDataFrame(frame[["pers"]], geometry=gpd.points_from_xy(frame.rechts, frame.hoch), crs=CRS)
    gpkg = tmp_path / "p.gpkg"
    points.to_file(gpkg, driver="GPKG")
    degrees = points.to_crs("EPSG:4326")
    parquet = tmp_path / "p.parquet"
    pd.DataFrame({"lo": degrees.geometry.x, "la": degrees.geometry.y, "pers": frame.pers}).to_parquet(parquet)
    for other, _ in (
        read(census(gpkg, columns={"persons": "pers"})),
        read(census(parquet, columns={"lon": "lo", "lat": "la", "persons": "pers"})),
    ):
        assert sorted(other["persons"]) == [3.5, 20.0]
        assert sorted(other["x"]) == pytest.approx([650000.5, 651000.0], abs=1e-3)
        assert sorted(other["lon"]) == pytest.approx(sorted(from_csv["lon"]))


def test_a_mapping_with_shares_and_own_classes(tmp_path):
    """Shares in per cent are shares of the row's persons."""
    path = tmp_path / "p.csv"
    path.write_text("lon;lat;n;alt;jung\n11,6;52,1;200;25;10\n", encoding="utf-8")
    columns = {"lon": "lon", "lat": "lat", "persons": "n", "share_65_plus": "alt", "share_under_18": "jung"}
    cells, _ = read(census(path, columns=columns))
    row = cells.iloc[0]
    assert row[["p_65_74", "p_75_84", "p_85_plus"]].sum() == pytest.approx(50)
    assert row[["p_0_5", "p_6_9", "p_10_15", "p_16_17"]].sum() == pytest.approx(20)


def test_the_three_files_of_2011_on_a_shifted_raster(tmp_path):
    """200 m cells lie shifted over two kilometres: shares by area and density, 100 m counts by area, then scaled."""
    base = tmp_path / "200.csv"
    # Cell from X+900 to X+1100: half in the first kilometre, half in the second.
    base.write_text(
        f"x,y,einwohner_2011,ags,einwohner_2022_skaliert,lon,lat\n{X + 1000}.0,{Y + 600}.0,40,15083001,20,0,0\n",
        encoding="utf-8",
    )
    km = tmp_path / "1km.csv"
    km.write_text(
        "grid_id,x,y,einwohner_2011,ab65_A,unter18_A\n"
        f"CRS3035RES1000mN{Y}E{X},{X + 500},{Y + 500},100,10.0,-9.0\n"
        f"CRS3035RES1000mN{Y}E{X + 1000},{X + 1500},{Y + 500},100,30.0,-1.0\n",
        encoding="utf-8",
    )
    small = tmp_path / "100.csv"
    small.write_text(
        "x,y,wohnungen,alter_unter10,alter_80plus\n"
        f"{X + 950},{Y + 550},3,2,0\n{X + 1050},{Y + 650},3,2,4\n{X + 1150},{Y + 650},3,7,7\n",
        encoding="utf-8",
    )
    cells, _ = read(census(base, km, small))
    row = cells.iloc[0]
    assert cells.index[0] == f"CRS3035RES200mN{Y + 500}E{X + 900}"
    assert (row["persons"], row["persons_rule"], row["ages_rule"]) == (20, "scaled", "estimated")
    assert row[["p_0_5", "p_6_9"]].sum() == pytest.approx(4 / 2, abs=1e-3)
    unscaled, _ = read(census(base, km, small, options={"scaled": False}))
    assert (unscaled["persons"].iloc[0], unscaled["persons_rule"].iloc[0]) == (40, "counted")
    old = unscaled[["p_65_74", "p_75_84", "p_85_plus"]].sum(axis=1).iloc[0]
    assert old == pytest.approx(40 * 0.2, rel=0.01)


def test_cells_outside_the_clip_are_left_out_but_help_the_estimate(tmp_path):
    """A known cell outside the area still counts when the remainder of its kilometre is made."""
    fine = official(tmp_path / "f.csv", ["Einwohner"], [cell(0, 0, 90), cell(800, 0, "–")])
    coarse = official(tmp_path / "c.csv", ["Einwohner"], [cell(0, 0, 100, size=1000)], level="1km")
    everything, _ = read(census(fine, coarse))
    east = everything.loc[f"CRS3035RES100mN{Y}E{X + 800}"]
    cells, _ = read(census(fine, coarse), clip=shapely.Point(east["x"], east["y"]).buffer(200))
    assert cells["persons"].to_dict() == pytest.approx({f"CRS3035RES100mN{Y}E{X + 800}": 10})


def test_people_without_a_fine_cell_are_reported(tmp_path):
    """A coarser cell that no fine cell touches is named with its people: they would be missing."""
    fine = official(tmp_path / "f.csv", ["Einwohner"], [cell(0, 0, 90)])
    coarse = official(
        tmp_path / "c.csv", ["Einwohner"], [cell(0, 0, 90, size=1000), cell(1000, 0, 25, size=1000)], level="1km"
    )
    _, problems = read(census(fine, coarse))
    assert [(p.code, p.severity, p.params["persons"]) for p in problems] == [("census_uncovered", "warning", 25)]


def test_the_land_without_ages_falls_back_to_germany(tmp_path):
    """An unknown Land takes Germany's single years and says so."""
    path = official(tmp_path / "f.csv", ["Einwohner"], [cell(0, 0, 166)])
    cells, problems = read(census(path), land="XX")
    assert found(problems) == [("census_land_ages_missing", None, None)]
    assert cells["p_0_5"].iloc[0] == pytest.approx(12)


def test_all_faults_of_a_file_are_named_together(tmp_path):
    """Negative, non-numeric, duplicate and short rows are named by line and column, in one go."""
    path = official(
        tmp_path / "f.csv",
        ["Einwohner"],
        [cell(0, 0, 10), cell(100, 0, -5), cell(200, 0, "zehn"), cell(0, 0, 10), "CRS3035RES100mN1E1;5"],
    )
    _, problems = read(census(path))
    assert set(found(problems)) == {
        ("census_negative", 3, "Einwohner"),
        ("census_not_numeric", 4, "Einwohner"),
        ("census_duplicate_cell", 5, "GITTER_ID_100m"),
        ("census_row_width", 6, None),
    }
    assert problems.has_errors


def test_many_equal_faults_are_counted(tmp_path):
    """Ten rows are named, the other three counted."""
    path = official(tmp_path / "f.csv", ["Einwohner"], [cell(100 * k, 0, -5) for k in range(13)])
    _, problems = read(census(path))
    codes = [p.code for p in problems]
    assert codes.count("census_negative") == 10
    assert next(p.params["count"] for p in problems if p.code == "census_more_rows") == 3


@pytest.mark.parametrize(
    ("x", "y", "options", "code"),
    [
        ("52.1", "11.6", {}, "census_degrees"),
        ("11.6", "52.1", {}, "census_degrees"),
        (str(Y), str(X), {}, "census_xy_swapped"),
        ("650000", "5770000", {}, "census_wrong_crs"),
        ("650000", "5770000", {"crs": "EPSG:99999999"}, "census_crs_unknown"),
        ("650000", "5770000", {"crs": CRS}, "census_grid_other_crs"),
        ("", "", {}, "census_wrong_crs"),
    ],
)
def test_wrong_projection_is_told_apart(tmp_path, x, y, options, code):
    """Degrees, swapped axes and another system each get their own repair; the file is not used."""
    path = tmp_path / "f.csv"
    path.write_text(f"GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner\na;{x};{y};5\n", encoding="utf-8")
    cells, problems = read(census(path, options=options))
    assert len(cells) == 0
    assert [p.code for p in problems] == [code]


def test_swapped_degrees_and_a_single_stray_row(tmp_path):
    """lon and lat swapped is an error of the file; one row far away is a warning and left out."""
    path = tmp_path / "f.csv"
    path.write_text("lon,lat,n\n52.1,11.6,5\n", encoding="utf-8")
    mapped = {"lon": "lon", "lat": "lat", "persons": "n"}
    assert [p.code for p in read(census(path, columns=mapped))[1]] == ["census_xy_swapped"]
    path.write_text("lon,lat,n\n11.6,52.1,5\n11.7,52.1,6\n0,0,7\n", encoding="utf-8")
    cells, problems = read(census(path, columns=mapped))
    assert cells["persons"].to_list() == [5, 6]
    assert [(p.code, p.severity, p.row) for p in problems] == [("census_outside_germany", "warning", 4)]


@pytest.mark.parametrize(
    ("text", "more", "code"),
    [
        ("", {}, "census_file_empty"),
        ("GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner\n", {}, "census_file_empty"),
        ("GITTER_ID_100m;x_mp_100m;y_mp_100m;Insgesamt_Haushalte;1_Person\na;1;1;5;2\n", {}, "census_households"),
        ("x;y;anzahl\n1;1;5\n", {}, "census_layout_unknown"),
        ("x;y;n\n1;1;5\n", {"columns": {"x": "x", "y": "y", "persons": "einw"}}, "census_column_missing"),
        ("x;y;n\n1;1;5\n", {"columns": {"x": "x", "y": "y", "persons": "n"}}, "census_crs_missing"),
        ("x;y;n\n1;1;5\n", {"columns": {"x": "x", "y": "y", "persons": "n", "wohnen": "n"}}, "census_mapping_unknown"),
        ("x;y;n\n1;1;5\n", {"preset": "zensus2030"}, "census_preset_unknown"),
        ("x;y;n\n1;1;5\n", {"preset": "zensus2022_100m"}, "census_preset_misfit"),
        ("x;y;x\n1;1;5\n", {}, "census_header_twice"),
        ("x;y;HH\n1;1;5\n", {"columns": {"x": "x", "y": "y", "persons": "Haushalte"}}, "census_column_missing"),
        (
            "x;y;Haushalte\n1;1;5\n",
            {"columns": {"x": "x", "y": "y", "persons": "Haushalte"}},
            "census_households",
        ),
    ],
)
def test_files_that_cannot_be_used(tmp_path, text, more, code):
    """Each kind of unusable file is named by its own problem, as an error."""
    path = tmp_path / "f.csv"
    path.write_text(text, encoding="utf-8")
    cells, problems = read(census(path, **more))
    assert len(cells) == 0
    assert (code, "error") in [(p.code, p.severity) for p in problems]


def test_missing_and_broken_files(tmp_path):
    """A file that is not there and one that is not what its name says are both named."""
    broken = tmp_path / "b.parquet"
    broken.write_bytes(b"no parquet")
    gpkg = tmp_path / "b.gpkg"
    gpkg.write_bytes(b"no geopackage")
    _, problems = read(census(tmp_path / "none.csv", broken, gpkg))
    assert [p.code for p in problems] == ["census_file_missing", "census_unreadable", "census_unreadable"]


def test_ages_without_persons_are_no_population(tmp_path):
    """Files without a number of inhabitants cannot make cells."""
    path = official(tmp_path / "a.csv", TEN, [cell(0, 0, *range(9))])
    assert [p.code for p in read(census(path))[1]] == ["census_no_persons"]


def test_the_complete_grid_of_2011_can_drop_uninhabited_cells(tmp_path):
    """With drop_not_available, -1 means uninhabited and makes no cell."""
    path = official(tmp_path / "f.csv", ["Einwohner"], [cell(0, 0, 10), cell(100, 0, -1)])
    assert len(read(census(path))[0]) == 2
    assert len(read(census(path, options={"drop_not_available": True}))[0]) == 1


def test_two_registers_keep_their_source(tmp_path):
    """Two point files of two municipalities are one population; each row names its source."""
    mapped = {"lon": "lon", "lat": "lat", "persons": "n"}
    inputs = []
    for k, name in enumerate(("nord", "sued")):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"lon,lat,n\n11.{k + 1},52.1,5\n", encoding="utf-8")
        inputs.append(replace(census(path, columns=mapped), source_id=name))
    cells, _ = read(*inputs)
    assert cells["source_id"].to_dict() == {"nord:2": "nord", "sued:2": "sued"}


def test_files_with_equal_numbers_are_not_taken_for_one(tmp_path):
    """Two files of one input that both number their people from 1 keep all of them, under different ids."""
    files = []
    for k in range(2):
        files.append(tmp_path / f"ort{k}.csv")
        files[-1].write_text(f"nr,lon,lat,n\n1,11.{k + 1},52.1,5\n", encoding="utf-8")
    mapped = {"lon": "lon", "lat": "lat", "persons": "n"}
    assert len(read(census(*files, columns=mapped))[0]) == 2
    cells, _ = read(census(*files, columns={**mapped, "id": "nr"}))
    assert sorted(cells.index) == ["census:ort0.csv:1", "census:ort1.csv:1"]


def test_the_same_cell_is_known_by_its_place(tmp_path):
    """Short ids in one file and long ones in the other name the same cell: its ages are its own."""
    totals = tmp_path / "t.csv"
    totals.write_text(f"Gitter_ID_100m;Einwohner\n100mN{Y // 100}E{X // 100};50\n", encoding="utf-8")
    ages = official(tmp_path / "a.csv", ["Insgesamt_Bevoelkerung", *FIVE], [cell(0, 0, 50, 0, 0, 0, 0, 50)])
    cells, _ = read(census(totals, ages))
    assert cells["ages_rule"].to_list() == ["raked"]
    assert cells[["p_65_74", "p_75_84", "p_85_plus"]].to_numpy().sum() == pytest.approx(50)


def test_classes_that_are_the_bands_are_counted(tmp_path):
    """A register with the eight bands needs no split; its numbers stay as they are."""
    path = tmp_path / "p.csv"
    names = [f"age_{first}_{last}" for _, first, last in AGE_BANDS]
    path.write_text("lon,lat,n," + ",".join(names) + "\n11.6,52.1,36,1,2,3,4,5,6,7,8\n", encoding="utf-8")
    mapped = {"lon": "lon", "lat": "lat", "persons": "n", **{n: n for n in names}}
    cells, _ = read(census(path, columns=mapped))
    assert cells["ages_rule"].to_list() == ["counted"]
    assert cells[list(AGE_COLUMNS)].iloc[0].to_list() == pytest.approx([1, 2, 3, 4, 5, 6, 7, 8])


def test_rows_keep_their_number_after_blank_and_broken_lines(tmp_path):
    """A blank line is no fault, a short one is; the row after them is named by its line in the file."""
    path = official(tmp_path / "f.csv", ["Einwohner"], [cell(0, 0, 10), "", "a;b", cell(100, 0, -5)])
    _, problems = read(census(path))
    assert sorted(found(problems)) == [("census_negative", 5, "Einwohner"), ("census_row_width", 4, None)]


def test_bytes_that_are_no_text_are_unreadable(tmp_path):
    """A file in no known encoding is named, not a crash."""
    path = tmp_path / "f.csv"
    path.write_bytes(b"GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner\n\x81\x8d;1;1;1\n")
    assert "census_unreadable" in [p.code for p in read(census(path))[1]]


def _cells(ags, persons):
    frame = pd.DataFrame({"cell_id": [str(k) for k in range(len(ags))], "ags": ags, "persons": persons})
    frame["persons_rule"] = "counted"
    for k, name in enumerate(AGE_COLUMNS):
        frame[name] = frame["persons"] * (k + 1) / 36
    return CELLS.conform(frame)


def test_scaling_meets_municipal_totals():
    """Cells of 30 and 10 with a total of 50 become 37.5 and 12.5; others stay; bands follow."""
    cells = _cells(["15083001", "15083001", "15083002"], [30.0, 10.0, 7.0])
    cells.loc[1, "persons_rule"] = "estimated"
    problems = Problems()
    got = scale_to_totals(cells, {"15083001": 50}, problems, catalogue=CATALOGUE)
    assert got["persons"].to_list() == pytest.approx([37.5, 12.5, 7])
    assert got["persons_rule"].to_list() == ["scaled", "estimated", "counted"]
    assert got[list(AGE_COLUMNS)].sum(axis=1).to_list() == pytest.approx([37.5, 12.5, 7])
    assert list(problems) == []


def test_a_factor_beyond_the_limits_is_held_and_reported():
    """A total of ten times the cells is scaled by 1.6 only, and said."""
    problems = Problems()
    got = scale_to_totals(_cells(["15083001"], [10.0]), {"15083001": 100}, problems, catalogue=CATALOGUE)
    assert got["persons"].to_list() == pytest.approx([16])
    assert [(p.code, p.params["factor"]) for p in problems] == [("census_factor_limited", 10.0)]
    assert "15083001" in say("problem.census_factor_limited", "de", **next(iter(problems)).params)


def test_totals_need_a_municipality_in_the_file(tmp_path):
    """Totals scale cells whose file names the municipality; otherwise a warning says that nothing was scaled."""
    path = tmp_path / "p.csv"
    path.write_text("lon,lat,n,key\n11.6,52.1,40,15083001\n11.7,52.1,60,15083001\n", encoding="utf-8")
    mapped = {"lon": "lon", "lat": "lat", "persons": "n"}
    cells, problems = read(census(path, columns={**mapped, "ags": "key"}), totals={"15083001": 110})
    assert cells["persons"].to_list() == pytest.approx([44, 66])
    assert set(cells["ags"]) == {""}
    assert list(problems) == []
    cells, problems = read(census(path, columns=mapped), totals={"15083001": 110})
    assert cells["persons"].to_list() == [40, 60]
    assert [p.code for p in problems] == ["census_totals_without_key"]


def _grid(squares, size):
    x, y = np.array([s[0] for s in squares], float), np.array([s[1] for s in squares], float)
    empty = np.full(len(x), "", dtype=object)
    return CensusGrid(
        "t", empty, size, grid_ids(x, y, size), x, y, None, np.full(len(x), np.nan), empty, (), np.zeros((len(x), 0))
    )


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12),
    st.sets(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), min_size=1, max_size=9),
    st.sampled_from([(0, 1000), (100, 200), (200, 1000), (100, 1000), (1000, 1000), (300, 500)]),
    st.integers(0, 9),
)
def test_overlap_equals_the_slow_reference(small, large, sizes, shift):
    """Area shares on rasters shifted against each other equal the intersection of each pair of squares."""
    fine, coarse = sizes
    small_squares = [(X + 100 * a + 7, Y + 100 * b + 7, fine) for a, b in small]
    large_squares = [(X + coarse * a + 100 * shift, Y + coarse * b + 100 * shift, coarse) for a, b in sorted(large)]
    got = overlap(_grid(small_squares, fine), _grid(large_squares, coarse)).toarray()
    assert got == pytest.approx(np.array(overlap_slow(small_squares, large_squares)))


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.one_of(st.integers(3, 80), st.just(None)), min_size=1, max_size=30),
    st.integers(0, 900),
)
def test_the_coarser_total_is_kept_where_cells_are_suppressed(tmp_path_factory, numbers, extra):
    """Known and estimated cells of a kilometre sum to its total wherever a remainder is left; nobody is zero."""
    folder = tmp_path_factory.mktemp("grid")
    rows = [cell(100 * (k % 10), 100 * (k // 10), "–" if n is None else n) for k, n in enumerate(numbers)]
    total = sum(n or 0 for n in numbers) + extra
    fine = official(folder / "f.csv", ["Einwohner"], rows)
    coarse = official(folder / "c.csv", ["Einwohner"], [cell(0, 0, total, size=1000)], level="1km")
    cells, _ = read(census(fine, coarse))
    assert len(cells) == len(numbers)
    assert (cells["persons"] > 0).all()
    if None in numbers and extra > 0:
        assert cells["persons"].sum() == pytest.approx(total)


@pytest.mark.golden
@pytest.mark.parametrize(
    ("region", "cells_count"),
    [("magdeburg", 33946), ("stockheim", 3184), ("heidelberg", 9913)],
)
def test_the_real_regions(shared_data, region, cells_count):
    """200 m cells of the three regions: their number, their persons, and the share of 65+ of the 1 km file."""
    folder = shared_data / region / "zensus"
    names = ("zensus2011_200m.csv", "zensus2011_1km.csv", "zensus2011_100m_wohnungen_alter.csv")
    files = [folder / name for name in names]
    source = pd.read_csv(files[0])
    km = pd.read_csv(files[1])
    cells, problems = read(census(*files, options={"scaled": False}))
    assert not problems.has_errors
    assert len(cells) == cells_count == len(source)
    assert set(cells["size_m"]) == {200.0}
    assert cells["persons"].sum() == pytest.approx(source["einwohner_2011"].sum())
    known = km[(km["ab65_A"] >= 0) & (km["einwohner_2011"] > 0)]
    share = (known["ab65_A"] * known["einwohner_2011"]).sum() / known["einwohner_2011"].sum() / 100
    old = cells[["p_65_74", "p_75_84", "p_85_plus"]].to_numpy().sum() / cells["persons"].sum()
    assert old == pytest.approx(share, abs=0.005)
    scaled, _ = read(census(*files))
    expected = source["einwohner_2022_skaliert"].fillna(source["einwohner_2011"]).sum()
    assert scaled["persons"].sum() == pytest.approx(expected)
    assert (scaled["persons_rule"] == "scaled").sum() == source["einwohner_2022_skaliert"].notna().sum()
