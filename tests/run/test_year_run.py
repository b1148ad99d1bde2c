"""Runs for the people of another year, the whole way: folder, documents, record, evidence, refusals."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ankerort.base.files import sha256_of
from ankerort.base.problems import InputError
from ankerort.cli.main import build_app
from ankerort.explain_run import explain_place
from ankerort.run import assess_project, assess_region, default_out

from .conftest import GoodRun


def test_each_year_and_variant_has_its_own_folder() -> None:
    """Today's documents are never overwritten by those of another year, unless --out asks for it."""
    folder = Path("boerde")
    assert default_out(folder) == folder / "ausgabe"
    assert default_out(folder, year=2035) == folder / "ausgabe-2035-trend"
    assert default_out(folder, year=2035, variant="natural") == folder / "ausgabe-2035-natural"


def test_a_run_of_another_year_leaves_todays_documents(good_run: GoodRun, tmp_path: Path) -> None:
    """All documents in the year's folder, the record names year and variant, fewer people than today; facilities are the same."""
    folder = tmp_path / "region"
    shutil.copytree(good_run.folder, folder)
    before = {p.name: sha256_of(p) for p in (folder / "ausgabe").iterdir() if p.is_file()}
    result = assess_project(folder, year=2035, variant="natural", threads=1)
    assert {f.parent for f in result.files} == {folder / "ausgabe-2035-natural"}
    assert {p.name: sha256_of(p) for p in (folder / "ausgabe").iterdir() if p.is_file()} == before
    record = json.loads((folder / "ausgabe-2035-natural" / "run.json").read_text(encoding="utf-8"))
    assert (record["year"], record["variant"]) == (2035, "natural")
    then, now = result.assessment.region, good_run.result.assessment.region
    assert then.cells["persons"].sum() < 0.95 * now.cells["persons"].sum()
    assert then.facilities["facility_id"].tolist() == now.facilities["facility_id"].tolist()
    told = result.assessment.supply.place_service
    assert not told.equals(good_run.result.assessment.supply.place_service)


def test_year_and_variant_that_do_not_exist_are_refused_together(good_run: GoodRun) -> None:
    """Both problems in one go, with the range and the variants; a variant without a year is refused too."""
    with pytest.raises(InputError) as caught:
        assess_region(good_run.folder, year=2060, variant="boom")
    assert {p.code for p in caught.value.problems} == {"forecast_year_outside", "forecast_variant_unknown"}
    for call in (
        lambda: assess_region(good_run.folder, variant="natural"),
        lambda: explain_place(good_run.folder, place="Fährdorf", variant="natural"),
    ):
        with pytest.raises(InputError) as caught:
            call()
        assert [p.code for p in caught.value.problems] == ["variant_without_year"]


def test_evidence_of_another_year_says_so_first(good_run: GoodRun) -> None:
    """`explain --year` counts the people of that year, and its first line names year and variant."""
    call = ["explain", str(good_run.folder), "--place", "Fährdorf", "--section", "vorausberechnung"]
    today = CliRunner().invoke(build_app("de"), call)
    told = CliRunner().invoke(build_app("de"), [*call, "--year", "2035", "--variant", "natural"])
    assert today.exit_code == told.exit_code == 0
    assert "Menschen des Jahres 2035, Variante nur Geburten und Sterbefälle" in told.output
    assert "Menschen des Jahres" not in today.output
    assert "Fährdorf (rund 210 Menschen)" in today.output
    assert "Fährdorf (rund 170 Menschen)" in told.output
