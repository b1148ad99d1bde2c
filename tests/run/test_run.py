"""The whole run: what it writes, what it reuses, what it does after an interruption."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from ankerort.base.files import sha256_of
from ankerort.base.progress import SILENT, Task
from ankerort.catalogue import copy_catalogue
from ankerort.run import Stages, assess_project, assess_region
from ankerort.sample import write_sample

from .conftest import GoodRun

TABLES = ("recording", "nearest", "place_service", "area_service", "bundle_of_five")
ALL_STAGES = ("region", "network", "reach", "supply", "depth", "forecast")


def inputs_only(folder: Path, target: Path) -> Path:
    """A copy of a project folder as it was before its first run."""
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("results", "ausgabe"))
    return target


def content_of(out: Path) -> dict[str, str]:
    """Hash of each Parquet table and of ``run.json``."""
    files = sorted([*out.rglob("*.parquet"), out / "run.json"])
    return {f.relative_to(out).as_posix(): sha256_of(f) for f in files}


def edited(folder: Path, old: str, new: str) -> None:
    path = folder / "region.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def keys_of(folder: Path) -> dict[str, str]:
    """Cache key per stage; nothing is computed."""
    stages = Stages(folder, 1, SILENT)
    return {
        "region": stages.region_key,
        "network": stages.network_key,
        "reach": stages.reach_key,
        "supply": stages.supply_key,
        "depth": stages.supply_key,
        "forecast": stages.forecast_key,
    }


def test_a_run_leaves_all_documents(good_run: GoodRun) -> None:
    """Report, workbook, map, record and tables exist and hold something; the stages were all made."""
    out = good_run.folder / "ausgabe"
    assert [f.name for f in good_run.result.files] == [
        "report.html",
        "bericht.pdf",
        "bericht.docx",
        "balance.xlsx",
        "supply.gpkg",
        "run.json",
        "tables",
    ]
    assert good_run.result.reused == ()
    assert not [f for f in out.rglob("*") if f.name.startswith(".")]
    for path in good_run.result.files[:-1]:
        assert path.parent == out and path.stat().st_size > 1000
    for table in TABLES:
        written = pd.read_parquet(out / "tables" / f"{table}.parquet")
        assert len(written) == len(getattr(good_run.result.assessment.supply, table)) > 0


def test_record_names_what_is_needed_to_get_the_figures_again(good_run: GoodRun) -> None:
    """run.json holds each input with its hash, versions, parameters and the day; it holds no path of this machine."""
    text = (good_run.folder / "ausgabe" / "run.json").read_text(encoding="utf-8")
    record = json.loads(text)
    files = {f.relative_to(good_run.folder).as_posix(): f for f in (good_run.folder / "eingang").iterdir()}
    assert record["inputs"] == {name: sha256_of(path) for name, path in files.items()}
    assert record["service_day"] and record["catalogue"] and record["code"] and record["figures"]["walk_speed.all"]
    assert str(good_run.folder) not in text


@pytest.mark.slow
def test_second_run_reuses_every_stage_and_gives_the_same(good_run: GoodRun, tmp_path: Path) -> None:
    """Nothing is computed twice; tables, record and report are the same bytes."""
    again = assess_project(good_run.folder, out=tmp_path / "aus")
    assert again.reused == ALL_STAGES
    assert content_of(tmp_path / "aus") == content_of(good_run.folder / "ausgabe")
    report = (tmp_path / "aus" / "report.html").read_bytes()
    assert report == (good_run.folder / "ausgabe" / "report.html").read_bytes()


@pytest.mark.slow
def test_neither_folder_nor_threads_change_the_result(good_run: GoodRun, tmp_path: Path) -> None:
    """In another folder, with umlauts and blanks in its path, with two threads, the content is the same."""
    folder = tmp_path / "Landkreis Börde Ä" / "Prüfung 1"
    write_sample(folder, seed=1)
    result = assess_project(folder, threads=2)
    assert result.reused == ()
    assert content_of(folder / "ausgabe") == content_of(good_run.folder / "ausgabe")


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("buffer_km = 15.0", "buffer_km = 14.0", ALL_STAGES),
        ('day = ""', 'day = "2026-09-15"', ("network", "reach", "supply", "depth")),
        ('name = "Musterkreis"', 'name = "Mein Kreis"', ("region",)),
        ('title = "Karte des Musterkreises"', 'title = "Karte"', ("region",)),
        ('crs = "EPSG:25832"', 'crs = "EPSG:25833"', ALL_STAGES),
        ("# Für die eigene Region", "# Ein anderer Kommentar", ()),
    ],
    ids=["buffer", "day", "name", "title", "crs", "comment"],
)
def test_a_change_of_settings_invalidates_what_rests_on_it(
    good_run: GoodRun, tmp_path: Path, old: str, new: str, changed: tuple[str, ...]
) -> None:
    """Another buffer makes all anew, another day keeps the region, a name or a title keeps the travel times."""
    folder = inputs_only(good_run.folder, tmp_path / "p")
    before = keys_of(folder)
    edited(folder, old, new)
    after = keys_of(folder)
    assert tuple(s for s in ALL_STAGES if before[s] != after[s]) == changed


@pytest.mark.parametrize(
    "name",
    ["gtfs_kvm.zip", "einrichtungen.xlsx", "musterkreis.osm.pbf", "gemeinden.geojson", "kartenausschnitt.geojson"],
)
def test_a_change_of_a_file_makes_all_anew(good_run: GoodRun, tmp_path: Path, name: str) -> None:
    """Each input counts by its content: other bytes make all anew, an other time stamp nothing."""
    folder = inputs_only(good_run.folder, tmp_path / "p")
    before = keys_of(folder)
    path = folder / "eingang" / name
    os.utime(path, (1_000_000_000, 1_000_000_000))
    assert keys_of(folder) == before
    path.write_bytes(path.read_bytes() + b"\n")
    after = keys_of(folder)
    assert [s for s in ALL_STAGES if before[s] != after[s]] == list(ALL_STAGES)


def test_a_standard_of_the_user_makes_anew_what_rests_on_the_catalogue(good_run: GoodRun, tmp_path: Path) -> None:
    """An agreed standard is part of what every figure was made from."""
    folder = inputs_only(good_run.folder, tmp_path / "p")
    copy_catalogue(folder / "katalog")
    path = folder / "region.toml"
    text = path.read_text(encoding="utf-8").replace("[[input]]", '[options]\ncatalogue = "katalog"\n\n[[input]]', 1)
    path.write_text(text, encoding="utf-8")
    before = keys_of(folder)
    standards = folder / "katalog" / "standards.csv"
    table = pd.read_csv(standards, dtype=str, keep_default_na=False)
    table.loc[0, ["value", "agreed_by", "agreed_on", "reason"]] = ["900", "Kreistag", "2026-11-02", "Beschluss"]
    table.to_csv(standards, index=False)
    after = keys_of(folder)
    assert [s for s in ALL_STAGES if before[s] != after[s]] == list(ALL_STAGES)


def test_two_files_of_one_name_outside_the_folder_both_count(good_run: GoodRun, tmp_path: Path) -> None:
    """Inputs outside the project folder are known by name; a second one of the same name is not lost."""
    folder = inputs_only(good_run.folder, tmp_path / "p")
    for feed, place in (("gtfs_kvm", "a"), ("gtfs_svw", "b")):
        (tmp_path / place).mkdir()
        shutil.move(folder / "eingang" / f"{feed}.zip", tmp_path / place / "gtfs.zip")
        edited(folder, f"eingang/{feed}.zip", f"../{place}/gtfs.zip")
    before = keys_of(folder)
    for place in ("a", "b"):
        path = tmp_path / place / "gtfs.zip"
        path.write_bytes(path.read_bytes() + b"\n")
        after = keys_of(folder)
        assert after["region"] != before["region"]
        before = after


class Interrupt:
    """A listener that breaks off when `step` has advanced `after` times."""

    def __init__(self, step: str, after: int) -> None:
        self.step, self.left = step, after

    @contextmanager
    def task(self, text_id: str, total: int | None = None) -> Iterator[Task]:
        yield _Advance(self, text_id == self.step)


class _Advance:
    def __init__(self, owner: Interrupt, counts: bool) -> None:
        self.owner, self.counts = owner, counts

    def advance(self, amount: int = 1) -> None:
        if self.counts:
            self.owner.left -= 1
            if self.owner.left == 0:
                raise KeyboardInterrupt


@pytest.mark.slow
def test_an_interrupted_run_goes_on_where_it_stopped(good_run: GoodRun, tmp_path: Path) -> None:
    """Finished stages and finished columns stay as they are; the next run ends with the same figures."""
    folder = inputs_only(good_run.folder, tmp_path / "p")
    with pytest.raises(KeyboardInterrupt):
        assess_region(folder, threads=1, progress=Interrupt("progress.public_transport", 3))
    done = sorted((folder / "results").glob("reach-*/*.ok"))
    assert len(done) == 3
    stamps = {f: f.stat().st_mtime_ns for f in (folder / "results").glob("reach-*/pt-*.npy")}
    assert not list((folder / "results").glob("reach-*/fertig.json"))
    assessment, reused = assess_region(folder, threads=1)
    assert reused == ("region", "network")
    kept = {f: s for f, s in stamps.items() if any(f.name.startswith(d.stem + ".") for d in done)}
    assert kept and all(f.stat().st_mtime_ns == stamp for f, stamp in kept.items())
    for table in TABLES:
        assert_frame_equal(getattr(assessment.supply, table), getattr(good_run.result.assessment.supply, table))
