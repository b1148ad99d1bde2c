"""Projections and stocks of the areas and places that a region has."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ankerort.base.problems import InputError, Problems
from ankerort.region.locate_population import known_stocks, locate_projections, locate_stocks
from ankerort.region.model import Region
from ankerort.region.project import load_region, save_region
from ankerort.region.read_projection import COLUMNS, empty_rows
from ankerort.region.read_region import read_region
from worlds import tiny_region
from worlds.small_region import write_small_region


def _rows(*rows: tuple[str, str, int, float], file: str = "p.csv", place: str = "") -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("p", file, k + 2, place or where, ags, year, "all", 0, 120, n)
            for k, (where, ags, year, n) in enumerate(rows)
        ],
        columns=list(COLUMNS),
    )


def _stocks(rows: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    known = known_stocks(rows, _municipalities(), tiny_region.region().places, [], problems)
    return locate_stocks(known, _municipalities(), tiny_region.region().places, problems)


def _municipalities() -> pd.DataFrame:
    return tiny_region.region().municipalities.assign(persons=[140.0, 200.0])


def test_unknown_keys_foreign_areas_and_double_files_are_named() -> None:
    """A key that the known district lacks is a mistake, one of another district lies outside; the first of two files counts."""
    problems = Problems()
    rows = pd.concat(
        [
            _rows(("", "15001", 2030, 130.0), ("", "15001999", 2030, 5.0), ("", "15085", 2030, 9.0)),
            _rows(("", "15001", 2030, 120.0), file="q.csv"),
        ],
        ignore_index=True,
    )
    found = locate_projections(rows, _municipalities(), problems)
    assert found[["ags", "persons"]].to_numpy().tolist() == [["15001", 130.0]]
    assert [(p.code, p.table, p.row) for p in problems] == [
        ("projection_area_unknown", "p.csv", 3),
        ("projection_two_files", "q.csv", 2),
        ("projection_uncovered", "p.csv", None),
    ]


def test_a_table_of_elsewhere_and_one_in_thousands_are_errors() -> None:
    """No area of the region; or 0.13 people where 140 live."""
    problems = Problems()
    assert locate_projections(_rows(("", "08221", 2030, 5.0)), _municipalities(), problems).empty
    locate_projections(_rows(("", "15001", 2030, 0.13), ("", "15002", 2030, 0.2)), _municipalities(), problems)
    assert [(p.code, p.severity) for p in problems] == [("projection_nowhere", "error"), ("projection_units", "error")]


def test_stocks_find_their_places_by_name() -> None:
    """Adorf is found, Xdorf is named with what may be meant; a row without place is the municipality."""
    problems = Problems()
    rows = _rows(("Adorf", "15001000", 2022, 90.0), ("Adof", "15001000", 2022, 5.0), ("", "15001000", 2022, 140.0))
    found = _stocks(rows, problems)
    assert found[["place_id", "persons"]].to_numpy().tolist() == [["", 140.0], ["a", 90.0]]
    assert [(p.code, p.row, p.params["suggestion"]) for p in problems] == [("register_place_unknown", 3, "Adorf")]
    assert _stocks(empty_rows(), problems).empty


def _write(folder: Path, text: str, kind: str = "projection", options: str = "") -> Path:
    extra = f'[[input]]\nkind = "{kind}"\nfile = "tabelle.csv"\n{options}'
    write_small_region(folder, extra=extra)
    (folder / "tabelle.csv").write_text(text, encoding="utf-8")
    return folder


def test_a_region_reads_and_keeps_them(tmp_path: Path) -> None:
    """Through ``region.toml`` into the region, and through the project folder back."""
    region = read_region(_write(tmp_path / "r", "ags;jahr;personen\n15001;2030;160\n15001;2040;150\n"))
    assert region.projections["persons"].tolist() == [160.0, 150.0]
    assert region.sources.set_index("source_id").loc["projection", "rows"] == 2
    save_region(region, tmp_path / "saved")
    again: Region = load_region(tmp_path / "saved")
    pd.testing.assert_frame_equal(again.projections, region.projections)
    assert again.population_stocks.empty
    stock = read_region(_write(tmp_path / "s", "ags;ort;jahr;personen\n15001001;Berge;2022;40\n", kind="population"))
    assert stock.population_stocks["place_id"].tolist() == ["15001001-berge"]


def test_numbers_in_thousands_stop_the_run_with_the_option_as_repair(tmp_path: Path) -> None:
    """0.16 thousand people: an error; with ``unit_persons = 1000`` it is right."""
    text = "ags;jahr;personen\n15001;2030;0,16\n"
    try:
        read_region(_write(tmp_path / "r", text))
    except InputError as fault:
        assert "projection_units" in [p.code for p in fault.problems]
    else:
        raise AssertionError("numbers in thousands went through")
    region = read_region(_write(tmp_path / "s", text, options="[input.options]\nunit_persons = 1000\n"))
    assert region.projections["persons"].tolist() == [160.0]
