"""Tests of the user's table of stops: what it holds, all its faults at once, and the template that comes back in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.region.model import Region
from ankerort.region.read_mobile_stops import read_mobile_stops
from ankerort.region.schema_mobile import STOP_TABLE
from ankerort.region.stop_table_template import write_stop_table
from reference.streets import raw_streets
from worlds import tiny_region


def _region(**changes: object) -> Region:
    return replace(tiny_region.region(), **changes)


def _at(x: float, y: float) -> tuple[str, str]:
    """Longitude and latitude with decimal comma."""
    place = tiny_region.positions([x], [y])
    return tuple(f"{float(np.asarray(place[c])[0]):.6f}".replace(".", ",") for c in ("lon", "lat"))  # type: ignore[return-value]


def _read(folder: Path, text: str, region: Region | None = None) -> tuple[pd.DataFrame, list[tuple[str, int | None]]]:
    (folder / "haltepunkte.csv").write_text(text, encoding="utf-8")
    problems = Problems()
    found = read_mobile_stops(folder, region or _region(), read_catalogue(), problems)
    return found, [(p.code, p.row) for p in problems]


def test_a_row_as_a_planner_writes_it(tmp_path: Path) -> None:
    """German words, decimal commas, an id of its own; unknown stays unknown; hours become OSM syntax."""
    lon, lat = _at(5000, 10)
    text = (
        "Kennung;Haltepunkt;Ort;Länge;Breite;Art;Ebener Stellplatz;Ohne Stufen;Strom;Toilette;Nutzbar;Erlaubt;Bemerkung\n"
        f"H7;Alte Schmiede;Bdorf;{lon};{lat};Platz;ja;nein;nicht bekannt;;Mo-Fr 8-17 Uhr;ja;Schlüssel im Amt\n"
    )
    found, problems = _read(tmp_path, text)
    assert problems == []
    row = found.iloc[0]
    assert row[["stop_id", "name", "place_id", "kind"]].tolist() == ["haltepunkte:H7", "Alte Schmiede", "b", "square"]
    features = ["level_stand", "step_free", "power", "shelter", "toilet"]
    assert row[features].tolist() == ["yes", "no", "", "", ""]
    assert row["hours"].replace(":00", "").replace("0", "") == "Mo-Fr 8-17"
    assert bool(row["allowed"])
    assert (row["x"], row["y"]) == pytest.approx((5000 + tiny_region.ORIGIN[0], 10 + tiny_region.ORIGIN[1]), abs=0.2)
    assert row["position_rule"] == "given"


def test_all_faults_are_told_at_once_with_their_rows(tmp_path: Path) -> None:
    """Each faulty row is named; what can be used in part is used; good rows count."""
    b, far, swapped = _at(5000, 10), _at(0, 50_000), _at(10_000, 100)
    lines = [
        "Haltepunkt;Ort;Länge;Breite;Art;Strom;Erlaubt;Farbe",
        f"gut;Bdorf;{b[0]};{b[1]};Kirche;ja;ja;",
        "wo;Bdrof;;;;;;",  # unknown place, no position: left out
        f"doppelt;Bdorf;{b[0]};{b[1]};;;;",  # same position as row 2
        "Gut;bdorf;;;;;;",  # same name: at the centre, and twice
        f"weit;Bdorf;{far[0]};{far[1]};;;;",
        f"quer;Cstadt;{swapped[1]};{swapped[0]};;;;",
        f"halb;Adorf;{b[0]};;;;;",
        f"woanders;Adorf;{_at(5000, 300)[0]};{_at(5000, 300)[1]};Zelt;vielleicht;;",
        f"zu;Cstadt;{_at(10_000, 500)[0]};{_at(10_000, 500)[1]};;;nein;",
    ]
    found, problems = _read(tmp_path, "\n".join(lines))
    assert problems == [
        ("mobile_stops_column_unknown", None),
        ("mobile_stop_place_unknown", 3),
        ("mobile_stop_nowhere", 3),
        ("mobile_stop_twice", 4),
        ("mobile_stop_at_centre", 5),
        ("mobile_stop_twice", 5),
        ("mobile_stop_outside", 6),
        ("mobile_stop_swapped", 7),
        ("mobile_stop_half", 8),
        ("mobile_stop_at_centre", 8),
        ("mobile_stop_other_place", 9),
        ("mobile_stop_word", 9),
        ("mobile_stop_word", 9),
    ]
    assert found["name"].tolist() == ["gut", "quer", "halb", "woanders", "zu"]
    assert found["place_id"].tolist() == ["b", "c", "a", "a", "c"]
    assert found["allowed"].tolist() == [True, True, True, True, False]
    assert found["position_rule"].tolist() == ["given", "given", "place_centre", "given", "given"]


def test_a_stop_off_the_streets_is_named(tmp_path: Path) -> None:
    """A stop more than 500 m from any street does not count, one beside a street does."""
    streets = raw_streets([(0.0, 0.0), (5200.0, 0.0)], [{"a": 0, "b": 1}])
    ends = tiny_region.positions([0.0, 5200.0], [0.0, 0.0])
    streets = replace(streets, node_lon=np.asarray(ends["lon"]), node_lat=np.asarray(ends["lat"]))
    near, off = _at(5000, 300), _at(5000, 700)
    text = f"Haltepunkt;Länge;Breite\nnah;{near[0]};{near[1]}\nfern;{off[0]};{off[1]}\n"
    found, problems = _read(tmp_path, text, _region(streets=streets))
    assert found["name"].tolist() == ["nah"]
    assert problems == [("mobile_stop_off_streets", 3)]


def test_a_table_without_places_is_an_error_and_no_table_is_none(tmp_path: Path) -> None:
    """Without place, address or coordinates nothing can be read; without a file there is nothing to tell."""
    problems = Problems()
    assert not len(read_mobile_stops(tmp_path, _region(), read_catalogue(), problems))
    assert not len(problems)
    found, told = _read(tmp_path, "Haltepunkt;Art\nSchmiede;Platz\n")
    assert told == [("mobile_stops_columns", None)]
    assert not len(found)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_template_comes_back_as_it_was_written(tmp_path: Path, lang: str) -> None:
    """Stops written into the workbook are read as they were, in both languages, with their places and drop-downs."""
    rows = pd.DataFrame(
        {
            "stop_id": ["haltepunkte:1", "haltepunkte:2"],
            "name": ["Schmiede", ""],
            "place_id": ["b", "c"],
            "kind": ["hall", "table"],
            "level_stand": ["yes", ""],
            "toilet": ["no", ""],
            "hours": ["Mo-Fr 08:00-17:00", ""],
            "allowed": [True, False],
            "note": ["", "nur mit Schlüssel"],
        }
    ).assign(**tiny_region.positions([5000.0, 10_000.0], [0.0, 900.0]))
    region = _region()
    path = tmp_path / "haltepunkte.xlsx"
    write_stop_table(path, places=region.places, stops=STOP_TABLE.conform(rows), lang=lang)  # type: ignore[arg-type]
    (tmp_path / "haltepunkte.csv").write_text("Haltepunkt;Ort\n", encoding="utf-8")
    problems = Problems()
    found = read_mobile_stops(tmp_path, region, read_catalogue(), problems)
    assert [p.code for p in problems] == ["mobile_stops_two_files"]
    same = ["stop_id", "name", "place_id", "kind", "level_stand", "step_free", "toilet", "hours", "allowed", "note"]
    assert found[same].to_dict("list") == STOP_TABLE.conform(rows)[same].to_dict("list")
    assert found[["x", "y"]].to_numpy() == pytest.approx(rows[["x", "y"]].to_numpy(), abs=0.2)
    assert found["position_rule"].tolist() == ["given", "given"]
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert len(sheet.data_validations.dataValidation) == 8  # place, kind, five features, allowed
