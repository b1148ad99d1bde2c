"""Registers of stops and stations."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankerort.base.problems import Problems
from ankerort.region.read_stop_register import read_stop_register
from ankerort.region.settings import InputSettings

NASA = (
    "Haltestelle Name;Haltestelle Nummer;Globale ID;X-Koordinate;Y-Koordinate;AGS Gemeinde\n"
    "Möser, Markt;1;de:15:1;11,5;52,1;15086140\n"
    "Möser, Markt;2;de:15:1;11,6;52,1;15086140\n"
    "Möser, Kirche;3;de:15:3;;;15086140\n"
    "Möser, Markt;1;de:15:1;11,5;52,1;15086140\n"
)


def read(folder: Path, text: str, *, encoding: str = "utf-8", **more: object):
    path = folder / "register.csv"
    path.write_text(text, encoding=encoding)
    problems = Problems()
    given = {"files": (path,), "source_id": "reg"} | more
    settings = InputSettings("stop_register", **given)  # type: ignore[arg-type]
    return read_stop_register(settings, crs="EPSG:25832", problems=problems), problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_register_of_the_land(tmp_path: Path, encoding: str) -> None:
    """Decimal comma, DHID and AGS are read in every usual encoding; one id may stand for two poles, a double row for none."""
    stops, problems = read(tmp_path, NASA, encoding=encoding, preset="nasa_register")
    assert stops[["stop_id", "name", "lon", "ags", "kind", "source_id"]].to_numpy().tolist() == [
        ["de:15:1", "Möser, Markt", 11.5, "15086140", "stop", "reg"],
        ["de:15:1", "Möser, Markt", 11.6, "15086140", "stop", "reg"],
    ]
    assert stops["x"].between(600_000, 700_000).all()
    found = [(p.code, p.row) for p in problems if p.code != "text_table_encoding"]
    assert found == [("stop_register_position", 4), ("stop_register_duplicate", 5)]
    assert len(problems) == len(found) + (encoding == "cp1252")


def test_stations_of_the_railway(tmp_path: Path) -> None:
    """The preset of the railway's list gives stations."""
    text = "eva,ril100,name,lon,lat,category,stepless,city\n8011042,LANG,Angern-Rogätz,11.75,52.33,6,yes,Angern\n"
    stops, problems = read(tmp_path, text, preset="db_stations")
    assert stops[["stop_id", "kind"]].to_numpy().tolist() == [["8011042", "station"]]
    assert list(problems) == []


def test_own_columns_and_kinds(tmp_path: Path) -> None:
    """Columns are mapped; a kind per row goes before the option; an unknown kind is told."""
    text = "nr\tn\tlo\tla\tart\n1\tA\t11.5\t52.1\tstation\n2\tB\t11.5\t52.1\t\n3\tC\t11.5\t52.1\tTram\n"
    columns = {"stop_id": "nr", "name": "n", "lon": "lo", "lat": "la", "kind": "art"}
    stops, problems = read(tmp_path, text, columns=columns)
    assert stops["kind"].tolist() == ["station", "stop", "stop"]
    assert [(p.code, p.row, p.params["value"]) for p in problems] == [("stop_register_kind", 4, "Tram")]


@pytest.mark.parametrize(
    ("text", "more", "code"),
    [
        ("", {}, "text_table_empty"),
        ("stop_id,name,lon,lat\n", {}, "stop_register_without_rows"),
        ("stop_id,name,lon\n1,A,11\n", {}, "stop_register_column"),
        (NASA, {"preset": "nase"}, "stop_register_preset"),
        (NASA, {"preset": "nasa_register", "options": {"kind": "Bus"}}, "stop_register_kind"),
        (NASA, {"files": (Path("x.csv"),)}, "stop_register_not_found"),
    ],
)
def test_unusable_register_is_an_error(tmp_path: Path, text: str, more: dict, code: str) -> None:
    """What cannot be read is an error with a reason, never a crash."""
    _, problems = read(tmp_path, text, **more)
    assert code in {p.code for p in problems if p.severity == "error"}
