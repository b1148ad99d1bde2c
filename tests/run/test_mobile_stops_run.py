"""The table of found stops, from a project folder to a workbook and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ankerort.base.problems import InputError
from ankerort.base.progress import SILENT
from ankerort.cli.main import build_app
from ankerort.mobile_stops_run import write_found_stops
from ankerort.stages import Stages
from worlds.small_region import write_small_region


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small region with its register of six stops."""
    return write_small_region(tmp_path / "klein")


def test_the_found_stops_come_back_as_the_planners_own(folder: Path) -> None:
    """Written once as his table, then never touched: a second run writes a proposal beside it and keeps the former one."""
    first = write_found_stops(folder)
    assert first.path == folder.resolve() / "haltepunkte.xlsx"
    before = first.path.read_bytes()
    assert len(first.stops) >= 2
    second = write_found_stops(folder)
    assert second.path.name == "haltepunkte-vorschlag.xlsx"
    assert first.path.read_bytes() == before
    assert set(second.stops["stop_id"]) >= {f"haltepunkte:{i}" for i in first.stops["stop_id"]}
    assert second.kept is None
    third = write_found_stops(folder)
    assert third.kept is not None
    assert third.kept.name == "haltepunkte-vorschlag.alt-1.xlsx"


def test_an_unknown_area_is_told(folder: Path) -> None:
    """An area that is not there is an error that names what was typed; nothing is written."""
    with pytest.raises(InputError) as fault:
        write_found_stops(folder, area=("Nirgendheim",))
    assert [(p.code, p.params["value"]) for p in fault.value.problems] == [("mobile_area_unknown", "Nirgendheim")]
    assert not (folder / "haltepunkte.xlsx").exists()


def test_the_command_says_where_the_table_stands(folder: Path, tmp_path: Path) -> None:
    """``ankerort mobile stops`` writes the workbook asked for and says how many stops stand in it."""
    out = tmp_path / "halt.xlsx"
    result = CliRunner().invoke(build_app("de"), ["mobile", "stops", str(folder), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert out.is_file()
    assert "Halteplätze in" in result.output


def test_spots_are_read_once(folder: Path) -> None:
    """A project without a map has no spots; what was read is taken from the cache the next time."""
    assert not len(Stages(folder, 1, SILENT).spots())
    again = Stages(folder, 1, SILENT)
    assert not len(again.spots())
    assert again.reused == ["spots"]
