"""Whose inhabitants count is asked per run: each source has its own stages, and documents do not overwrite each other."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import pypdf
import pytest

from ankerort.base.problems import InputError
from ankerort.base.progress import SILENT, Task
from ankerort.profile_run import profile_project
from ankerort.run import default_out, usual_out
from ankerort.stages import Stages
from worlds.small_region import write_small_region

TABLE = "Stand 31.12.2024\nGemeinde;Ortsteil;0-17;18-64;65+\nAhausen;Ahausen;30;70;40\n"


def _folder(folder: Path, leading: str = "") -> Path:
    extra = '[[input]]\nkind = "population"\nfile = "melde.csv"\nid = "melde"\n'
    extra += f'[options]\npopulation = "{leading}"\n' if leading else ""
    write_small_region(folder, extra=extra)
    (folder / "melde.csv").write_text(TABLE, encoding="utf-8")
    return folder


def test_each_source_has_its_own_stages_and_both_stay(tmp_path: Path) -> None:
    """Other keys for region, travel times and supply; asking for what region.toml says changes nothing."""
    folder = _folder(tmp_path / "r")
    census, register = (Stages(folder, 1, SILENT, population=who) for who in ("census", "register"))
    assert Stages(folder, 1, SILENT).supply_key == census.supply_key
    keys = ("region_key", "network_key", "reach_key", "forecast_key", "supply_key")
    assert all(getattr(census, k) != getattr(register, k) for k in keys)
    told = {who.settings.population: float(who.region().cells["persons"].sum()) for who in (census, register)}
    assert told["register"] == pytest.approx(told["census"] + 20.0)
    for who, persons in told.items():
        again = Stages(folder, 1, SILENT, population=who)
        assert float(again.region().cells["persons"].sum()) == pytest.approx(persons)
        assert again.reused == ["region"]
        assert again.region().settings.population == who


def test_region_toml_says_it_for_scenarios_and_evidence(tmp_path: Path) -> None:
    """Stages without a word of their own (scenario, compare, explain) follow region.toml."""
    stages = Stages(_folder(tmp_path / "r", "register"), 1, SILENT)
    assert stages.settings.population == "register"
    assert set(stages.region().population_sources["leading"]) == {"register"}


def test_an_unknown_source_is_named(tmp_path: Path) -> None:
    """--population zensus: an error that says what can be written."""
    with pytest.raises(InputError) as fault:
        Stages(_folder(tmp_path / "r"), 1, SILENT, population="zensus")
    assert [p.code for p in fault.value.problems] == ["population_unknown"]


def test_documents_of_the_other_source_go_beside_the_usual_ones() -> None:
    """A folder of its own for each year, variant and other leading source."""
    names = [default_out(Path("r"), population=who).name for who in ("", "register", "census")]
    assert names == ["ausgabe", "ausgabe-melderegister", "ausgabe-zensus"]
    assert default_out(Path("r"), year=2035, variant="trend", population="register").name == (
        "ausgabe-2035-trend-melderegister"
    )


def test_the_source_of_region_toml_needs_no_folder_of_its_own(tmp_path: Path) -> None:
    """The register asked for by word is the usual run where region.toml says register, and the census the other one."""
    folder = _folder(tmp_path / "r", "register")
    names = [usual_out(folder, population=who).name for who in ("", "register", "census")]
    assert names == ["ausgabe", "ausgabe", "ausgabe-zensus"]


class _Labels:
    """Notes what is told of the work."""

    def __init__(self) -> None:
        self.told: dict[str, int | None] = {}

    def task(self, text_id: str, total: int | None = None) -> AbstractContextManager[Task]:
        self.told[text_id] = total
        return SILENT.task(text_id, total)


def test_profiles_of_the_register_lie_beside_the_usual_ones(tmp_path: Path) -> None:
    """Census 120, register 140: each page tells its own source's number, in its own folder, and the bar is called profiles."""
    folder, labels, pages = _folder(tmp_path / "r"), _Labels(), {}
    for who in ("census", "register"):
        pdf, docx = profile_project(folder, places=["Ahausen"], population=who, progress=labels)
        pages[docx.relative_to(folder).as_posix()] = " ".join(p.extract_text() for p in pypdf.PdfReader(pdf).pages)
    assert list(pages) == ["ausgabe/ortssteckbriefe/Ahausen.docx", "ausgabe-melderegister/ortssteckbriefe/Ahausen.docx"]
    assert [n in page for page in pages.values() for n in ("rund 120 Menschen", "rund 140 Menschen")] == [
        True,
        False,
        False,
        True,
    ]
    assert labels.told["progress.profiles"] == 2
    assert "progress.documents" not in labels.told
