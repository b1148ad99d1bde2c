"""Stop-to-stop times without a timetable."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.network.model import StopMatrix
from ankerort.network.timetable import read_stop_matrix
from ankerort.region.settings import InputSettings

STOPS = "hst_nr,name,lon,lat\n1,Eins,9.0,50.3\n2,Zwei,9.1,50.3\n3,Drei,9.2,50.3\n"
TIMES = "von,nach,minuten\n1,2,25.0\n2,1,96.12\n1,3,180\n3,1,180.01\n"


def read(folder: Path, stops: str = STOPS, times: str = TIMES, **more: object) -> tuple[StopMatrix | None, Problems]:
    files = (folder / "stops.csv", folder / "times.csv")
    for path, text in zip(files, (stops, times), strict=True):
        path.write_text(text, encoding="utf-8")
    problems = Problems()
    given = {"files": files, "preset": "daviplan_matrix"} | more
    settings = InputSettings("stop_matrix", source_id="m", **given)  # type: ignore[arg-type]
    return read_stop_matrix(settings, crs="EPSG:25832", catalogue=read_catalogue(), problems=problems), problems


def pairs(matrix: StopMatrix | None) -> dict[tuple[int, int], int]:
    assert matrix is not None
    found = {}
    for target in range(len(matrix.stops)):
        for home, value in zip(*matrix.times.column(target), strict=True):
            found[int(home), target] = int(value)
    return found


def test_columns_by_destination_in_seconds(tmp_path: Path) -> None:
    """Minutes become seconds rounded up; values over 180 min are dropped and counted."""
    matrix, problems = read(tmp_path)
    assert pairs(matrix) == {(0, 1): 1500, (1, 0): 5768, (0, 2): 10800}
    assert [(p.code, p.severity, p.params["count"]) for p in problems] == [("stop_matrix_long", "note", 1)]


def test_own_columns_and_semicolons(tmp_path: Path) -> None:
    """A column mapping replaces the preset; semicolon and decimal comma are read."""
    columns = {"stop_id": "id", "name": "n", "lon": "x", "lat": "y", "from": "a", "to": "b", "minutes": "t"}
    stops = "id;n;x;y\n1;Eins;9,0;50,3\n2;Zwei;9,1;50,3\n"
    matrix, problems = read(tmp_path, stops, "a;b;t\n1;2;0,5\n", preset="", columns=columns)
    assert pairs(matrix) == {(0, 1): 30}
    assert matrix is not None and matrix.stops["lon"].tolist() == [9.0, 9.1]
    assert list(problems) == []


@pytest.mark.parametrize(
    ("stops", "times", "code", "row", "left"),
    [
        (STOPS, TIMES + "1,9,5\n", "stop_matrix_unknown_stop", 6, 3),
        (STOPS, TIMES + "2,3,-1\n", "stop_matrix_value", 6, 3),
        (STOPS, TIMES + "2,3,x\n", "stop_matrix_value", 6, 3),
        (STOPS, TIMES + "1,2,20\n", "stop_matrix_repeated", None, 3),
        (STOPS + "2,Noch,9.1,50.3\n", TIMES, "stop_matrix_duplicate", 5, 3),
        (STOPS + "4,Null,0,0\n", TIMES, "stop_matrix_position", 5, 3),
    ],
)
def test_faulty_rows_are_named_and_left_out(
    tmp_path: Path, stops: str, times: str, code: str, row: int | None, left: int
) -> None:
    """What is wrong is a warning with its row; the rest is used."""
    matrix, problems = read(tmp_path, stops, times)
    assert [(p.severity, p.row) for p in problems if p.code == code] == [("warning", row)]
    assert len(pairs(matrix)) == left
    if code == "stop_matrix_repeated":
        assert pairs(matrix)[0, 1] == 1200


@pytest.mark.parametrize(
    ("stops", "times", "more", "code"),
    [
        ("", TIMES, {}, "text_table_empty"),
        (STOPS.replace("lon", "x"), TIMES, {}, "stop_matrix_column"),
        (STOPS, "von,nach,minuten\n8,9,1\n", {}, "stop_matrix_nothing"),
        (STOPS, TIMES, {"preset": "x"}, "stop_matrix_preset"),
        (STOPS, TIMES, {"files": ()}, "stop_matrix_files"),
        (STOPS, TIMES, {"files": (Path("a.csv"), Path("b.csv"))}, "stop_matrix_not_found"),
    ],
)
def test_unusable_matrix_is_an_error(tmp_path: Path, stops: str, times: str, more: dict, code: str) -> None:
    """Without both tables there is no matrix, and the error says why."""
    matrix, problems = read(tmp_path, stops, times, **more)
    assert matrix is None
    assert code in {p.code for p in problems if p.severity == "error"}
