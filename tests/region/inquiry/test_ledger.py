"""The ledger: only added to, survives any text and a German spreadsheet, names a row that was changed, and never stands half."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankerort.base.problems import InputError, Problems
from ankerort.region.inquiry import ledger
from ankerort.region.inquiry.ledger import (
    COLUMNS,
    READ_FOLDER,
    RETURNS_FOLDER,
    add_to_ledger,
    ledger_path,
    ledger_text,
    read_ledger,
    with_id,
)
from ankerort.text import say


def row(**given_values: object) -> dict[str, object]:
    """A confirmed pharmacy."""
    return with_id(
        {
            "subject": "facilities",
            "subject_id": "pharmacy:liste:1",
            "subject_name": "Löwen-Apotheke",
            "object_id": "liste:1",
            "lon": 11.5234567,
            "lat": 52.1,
            "service": "pharmacy",
            "ags": "01001000",
            "place_id": "01001000-ahausen",
            "place_name": "Ahausen",
            "verdict": "correct",
            "field": "",
            "old_value": "open",
            "old_source_id": "liste",
            "old_source_date": "2025-01-01",
            "new_value": "open",
            "since_year": "",
            "remark": "",
            "confirmed_by": "Gemeinde Ahausen",
            "confirmed_on": "2026-03-03",
            "imported_on": "2026-03-10",
            "file": "abfrage.xlsx",
            "sheet": "Ahausen",
            "row": 7,
            **given_values,
        }
    )


def read(path: Path) -> tuple[list[dict[str, object]], Problems]:
    problems = Problems()
    rows = read_ledger(path, problems=problems).drop(columns="state").to_dict("records")
    for p in problems:
        say(f"problem.{p.code}", "de", **p.params)
        say(f"repair.{p.code}", "en", **p.params)
    return rows, problems


@given(st.lists(st.text(max_size=30), min_size=5, max_size=5))
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """Semicolons, quotes, line breaks, formulas, apostrophes: what is written is read."""
    path = tmp_path_factory.mktemp("l") / "x.csv"
    one = row(remark=texts[0], new_value=texts[1], sheet=texts[2], subject_name=texts[3], old_value=texts[4])
    path.write_bytes(ledger_text([one]).encode("utf-8-sig"))
    rows, problems = read(path)
    assert not len(problems)
    assert rows == [one]


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    """A spreadsheet never runs what an office wrote: such cells begin with an apostrophe in the file."""
    text = ledger_text([row(remark="=HYPERLINK(1)", sheet="+49", new_value="-1", old_value="@x")])
    cells = list(csv.reader(io.StringIO(text), delimiter=";"))[1]
    assert not [c for c in cells if c.startswith(("=", "+", "-", "@"))]


def test_saved_by_a_german_spreadsheet(tmp_path: Path) -> None:
    """Days in German order, a lost leading zero, another encoding: the same rows; decimal commas from the beginning."""
    path = tmp_path / "x.csv"
    text = ledger_text([row()])
    assert ";11,5234567;52,1000000;" in text
    saved = (
        text.replace("2026-03-03", "03.03.2026").replace("2026-03-10", "10.03.2026").replace(";01001000;", ";1001000;")
    )
    path.write_bytes(saved.encode("cp1252"))
    rows, problems = read(path)
    assert not len(problems)
    assert rows == [row()]


def test_a_changed_row_is_named(tmp_path: Path) -> None:
    """Any value changed by hand, a missing cell, a row that stands twice, a missing column: an error with the row."""
    path = tmp_path / "x.csv"
    good = ledger_text([row(), row(service="atm")]).splitlines(keepends=True)

    def fault(*lines: str) -> tuple[str, int | None]:
        path.write_bytes("".join(lines).encode("utf-8-sig"))
        _, problems = read(path)
        (problem,) = list(problems)
        assert problem.severity == "error"
        return problem.code, problem.row

    assert fault(good[0], good[1], good[2].replace("Ahausen;7", "Ahausen;8")) == ("ledger_changed", 3)
    assert fault(good[0], good[1].replace(";open;", ";closed;"), good[2]) == ("ledger_changed", 2)
    assert fault(good[0], good[1], "r1;facilities\r\n") == ("ledger_row_short", 3)
    assert fault(good[0], good[1], good[1]) == ("ledger_twice", 3)
    assert fault(good[0].replace(";verdict", ";urteil"), good[1]) == ("ledger_columns", 1)
    assert fault(good[0], good[1], '"nie zu') == ("ledger_broken", 3)


def test_rows_may_be_deleted_whole(tmp_path: Path) -> None:
    """An answer is taken back by deleting its row; the rest is as it was."""
    path = tmp_path / "x.csv"
    lines = ledger_text([row(), row(service="atm")]).splitlines(keepends=True)
    path.write_bytes("".join([lines[0], lines[2]]).encode("utf-8-sig"))
    rows, problems = read(path)
    assert not len(problems)
    assert [r["service"] for r in rows] == ["atm"]


def test_adding_keeps_everything(tmp_path: Path) -> None:
    """Rows are added behind the others, the same statement once; the former ledger and the file that came in are kept."""
    came = tmp_path / "Abfrage Ahausen.xlsx"
    came.write_bytes(b"filled")
    assert add_to_ledger(tmp_path, [row()], [came]) is None
    first = ledger_path(tmp_path).read_bytes()
    assert first.startswith(b"\xef\xbb\xbf")
    old = add_to_ledger(tmp_path, [row(file="andere.xlsx", row=9), row(service="atm")], [came])
    assert old is not None
    assert old.read_bytes() == first
    rows, _ = read(ledger_path(tmp_path))
    assert [(r["service"], r["file"]) for r in rows] == [("pharmacy", "abfrage.xlsx"), ("atm", "abfrage.xlsx")]
    (kept,) = (tmp_path / RETURNS_FOLDER / READ_FOLDER).iterdir()
    assert kept.name.endswith("-Abfrage Ahausen.xlsx")
    assert len(kept.name.split("-")[0]) == 8
    assert kept.read_bytes() == b"filled"


def test_an_interruption_leaves_the_old_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken off between copying the file and writing the ledger: the ledger is as before, the same import goes on later."""
    came = tmp_path / "a.xlsx"
    came.write_bytes(b"x")
    add_to_ledger(tmp_path, [row()], [])
    before = ledger_path(tmp_path).read_bytes()

    def broken(path: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "keep_old", broken)
        with pytest.raises(KeyboardInterrupt):
            add_to_ledger(tmp_path, [row(service="atm")], [came])
    assert ledger_path(tmp_path).read_bytes() == before
    add_to_ledger(tmp_path, [row(service="atm")], [came])
    assert len(read(ledger_path(tmp_path))[0]) == 2


def test_a_held_ledger_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger open in a spreadsheet (Windows): a clear error, nothing changed, no copy left behind."""
    add_to_ledger(tmp_path, [row()], [])
    before = sorted(p.name for p in tmp_path.rglob("*"))

    def held(self: Path, target: Path) -> Path:
        raise PermissionError(str(target))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", held)
        with pytest.raises(InputError) as raised:
            add_to_ledger(tmp_path, [row(service="atm")], [])
    assert [p.code for p in raised.value.problems] == ["ledger_held"]
    assert sorted(p.name for p in tmp_path.rglob("*")) == before


def test_a_broken_ledger_is_never_written_over(tmp_path: Path) -> None:
    """Adding to a ledger that was changed by hand stops with the row; the file stays as it is."""
    add_to_ledger(tmp_path, [row()], [])
    path = ledger_path(tmp_path)
    path.write_bytes(path.read_bytes().replace(b";open;", b";closed;"))
    before = path.read_bytes()
    with pytest.raises(InputError):
        add_to_ledger(tmp_path, [row(service="atm")], [])
    assert path.read_bytes() == before


def test_all_columns_but_the_state_stand_in_the_file() -> None:
    """The state follows from all rows; a file that is only added to cannot hold it."""
    assert "state" not in COLUMNS
    assert COLUMNS[0] == "confirmation_id"
