"""From ``region.toml`` to cells: names of a register, rests of municipalities, the source that leads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from ankerort.base.problems import InputError
from ankerort.catalogue.age_bands import AGE_COLUMNS
from ankerort.region.forecast.stock import stock_years
from ankerort.region.model import Region
from ankerort.region.project import load_region, save_region
from ankerort.region.read_region import read_region
from worlds.small_region import lon_lat, write_small_region

# Ahausen: 120 people in Ahausen, 10 in Einsam. Bedorf: 45 in Berge (and around it).
HEAD = "Gemeinde;Ortsteil;0-17;18-64;65 und älter;Summe\n"


def _region(folder: Path, extra: str = "") -> Path:
    """The small region with a list of places: two in Ahausen, one in Bedorf, two in Cestadt."""
    listed = '[[input]]\nkind = "places"\nfile = "orte.csv"\n'
    write_small_region(folder, extra=listed + extra)
    points = (
        ("Ahausen", 1000.0, 1000.0),
        ("Einsam", 3500.0, 3500.0),
        ("Berge", 5000.0, 1000.0),
        ("Cestadt", 9000.0, 3000.0),
    )
    rows = [f"{name};{lon};{lat}" for name, x, y in points for lon, lat in [lon_lat(x, y)]]
    (folder / "orte.csv").write_text("name;lon;lat\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return folder


def _folder(folder: Path, text: str, *, options: str = "", leading: str = "") -> Path:
    extra = f'[[input]]\nkind = "population"\nfile = "melde.csv"\nid = "melde"\ndate = "2024-12-31"\n{options}\n'
    extra += f'[options]\npopulation = "{leading}"\n' if leading else ""
    _region(folder, extra)
    (folder / "melde.csv").write_text("Einwohner am 31.12.2024\n" + text, encoding="utf-8-sig")
    return folder


def _codes(region: Region, only: Sequence[str] = ("register", "population")) -> list[tuple[str, int | None]]:
    return [(p.code, p.row) for p in region.problems if p.code.startswith(tuple(only))]


def _persons(region: Region) -> dict[str, float]:
    return {str(k): round(float(v), 6) for k, v in region.cells.groupby("place_id")["persons"].sum().items()}


def _all(region: Region) -> pd.DataFrame:
    rows = region.population_sources
    return rows[rows["age_band"] == "all"].set_index("place_id")


FULL = HEAD + "Ahausen;Ahausen;30;70;40;140\nAhausen;Einsam;2;4;2;8\nAhausen;Insgesamt;32;74;42;148\n"


def test_the_census_leads_until_the_user_asks_and_the_register_stands_beside_it(tmp_path: Path) -> None:
    """Cells are untouched; the table holds both; a note says how far they are apart."""
    plain = read_region(_region(tmp_path / "plain"))
    region = read_region(_folder(tmp_path / "r", FULL))
    pd.testing.assert_frame_equal(region.cells, plain.cells)
    rows = _all(region)
    assert rows.loc["15001000-ahausen", ["census_persons", "register_persons", "difference_persons"]].tolist() == [
        *(120.0, 140.0, 20.0)
    ]
    assert rows.loc["15001000-ahausen", "difference_share"] == pytest.approx(20 / 120)
    assert set(rows["leading"]) == {"census"} and set(rows["register_date"]) == {"2024-12-31"}
    note = next(p for p in region.problems if p.code == "register_not_leading")
    assert (note.params["register"], note.params["census"], note.params["share"]) == (148, 130, "+14")


def test_a_leading_register_is_met_by_place_and_band(tmp_path: Path) -> None:
    """Sums of places and of classes are the register's; both cells of Ahausen grow; what no register tells stays."""
    folder = _folder(tmp_path / "r", FULL)
    region = read_region(folder, population="register")
    assert _persons(region)["15001000-ahausen"] == 140.0
    assert _persons(region)["15001000-einsam"] == 8.0
    cells = region.cells[region.cells["place_id"] == "15001000-ahausen"]
    sums = cells[list(AGE_COLUMNS)].sum()
    assert sums.iloc[:4].sum() == pytest.approx(30) and sums.iloc[5:].sum() == pytest.approx(40)
    assert set(cells["persons_rule"]) == {"scaled"} and len(cells) == 2
    beyond = region.cells[region.cells["ags"] == "15001001"]
    assert beyond["persons"].sum() == pytest.approx(45.0)
    assert region.places.set_index("place_id").at["15001000-ahausen", "persons"] == pytest.approx(140.0)
    assert ("register_places_missing", None) in _codes(region)
    told = _folder(tmp_path / "told", FULL, leading="register")
    pd.testing.assert_frame_equal(read_region(told).cells, region.cells)


def test_it_is_kept_and_the_forecast_starts_in_its_year(tmp_path: Path) -> None:
    """Through the project folder and back; persons and ages are of 2024 where the register leads for most."""
    region = read_region(_folder(tmp_path / "r", FULL), population="register")
    save_region(region, tmp_path / "saved")
    pd.testing.assert_frame_equal(load_region(tmp_path / "saved").population_sources, region.population_sources)
    assert stock_years(region) == (2024, 2024)


def test_unknown_places_become_the_rest_of_their_municipality(tmp_path: Path) -> None:
    """Ahaussen is unknown (Ahausen suggested): its people go where the table names no place; the sum is checked."""
    text = HEAD + "Ahausen;Ahaussen;30;70;40;140\nAhausen;Einsam;2;4;2;8\nAhausen;Summe;32;74;42;150\n"
    region = read_region(_folder(tmp_path / "r", text), population="register")
    assert ("register_place_unknown", 3) in _codes(region)
    unknown = next(p for p in region.problems if p.code == "register_place_unknown")
    assert unknown.params["suggestion"] == "Ahausen"
    rest = region.population_sources.query("kind == 'rest' and age_band == 'all'").iloc[0]
    assert (rest["label"], rest["register_persons"]) == ("Ahaussen", 140.0)
    assert sum(v for k, v in _persons(region).items() if k.startswith("15001000")) == pytest.approx(148.0)


def test_names_are_assigned_by_hand_and_several_places_count_together(tmp_path: Path) -> None:
    """[input.options.places] says what a name means; "A und B" are two of ours, scaled alike."""
    text = HEAD + "Ahausen;Kernort;30;70;40;140\nAhausen;Einsam;2;4;2;8\n"
    region = read_region(
        _folder(tmp_path / "a", text, options='[input.options.places]\nKernort = "Ahausen"\n'), population="register"
    )
    assert _persons(region)["15001000-ahausen"] == 140.0
    text = HEAD + "Ahausen;Ahausen und Einsam;32;74;42;148\n"
    region = read_region(_folder(tmp_path / "b", text), population="register")
    row = region.population_sources.query("kind == 'several' and age_band == 'all'").iloc[0]
    assert (row["register_persons"], row["place_id"].count(";")) == (148.0, 1)
    assert sum(v for k, v in _persons(region).items() if k.startswith("15001000")) == pytest.approx(148.0)


def test_a_second_municipality_in_the_table_is_named_and_counts_where_it_lies(tmp_path: Path) -> None:
    """Berge of Bedorf under Ahausen: the people count in Bedorf, with a warning."""
    text = HEAD.replace("Gemeinde;", "") + "Ahausen;30;70;40;140\nBerge (Bedorf);9;20;11;40\n"
    folder = _folder(tmp_path / "r", text, options='[input.options]\nmunicipality = "Ahausen"\n')
    region = read_region(folder, population="register")
    assert ("register_other_municipality", 4) in _codes(region)
    assert _persons(region)["15001001-berge"] == pytest.approx(40.0)


def test_without_a_word_on_the_municipality_its_places_tell_it(tmp_path: Path) -> None:
    """Names that only Ahausen has: rows and their sum belong to it."""
    text = HEAD.replace("Gemeinde;", "") + "Ahausen;30;70;40;140\nEinsam;2;4;2;8\nSumme;32;74;42;148\n"
    region = read_region(_folder(tmp_path / "r", text))
    assert set(_all(region)["ags"]) == {"15001000"}
    stocks = region.population_stocks
    assert stocks.loc[stocks["place_id"] == "", "persons"].sum() == 148.0


def test_registers_of_several_years_give_the_sum_of_their_municipality_once(tmp_path: Path) -> None:
    """Two years, all places, no sum row: the trend sees 130 and 148, once each; the newer one is compared with the census."""
    text = "Jahr;Ortsteil;Anzahl\n2014;Ahausen;122\n2014;Einsam;8\n2024;Ahausen;140\n2024;Einsam;8\n"
    region = read_region(_folder(tmp_path / "r", text))
    stocks = region.population_stocks
    whole = stocks[stocks["place_id"] == ""].groupby("year")["persons"].sum()
    assert whole.to_dict() == {2014: 130.0, 2024: 148.0}
    assert _all(region)["register_persons"].sum() == pytest.approx(148.0)


def test_a_register_that_cannot_lead_is_an_error_and_an_internal_one_is_told_without_numbers(tmp_path: Path) -> None:
    """No table by places, or one that may not be passed on."""
    with pytest.raises(InputError) as fault:
        read_region(_region(tmp_path / "none"), population="register")
    assert "population_no_register" in [p.code for p in fault.value.problems]
    folder = _folder(tmp_path / "i", FULL, options="[input.options]\ninternal = true\n")
    told = [p for p in read_region(folder).problems if p.code.startswith("register_")]
    assert [(p.code, dict(p.params)) for p in told] == [("register_internal", {})]
    assert ("register_internal_leads", None) in _codes(read_region(folder, population="register"))


def test_an_unknown_source_in_region_toml_is_named(tmp_path: Path) -> None:
    """population = "zensus": the known words are told."""
    with pytest.raises(InputError) as fault:
        read_region(_folder(tmp_path / "r", FULL, leading="zensus"))
    assert [p.params.get("known") for p in fault.value.problems if p.code == "settings_choice"] == ["census, register"]
