"""Where files can be had: dated records that a project may replace."""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path

import pytest

from ankerort.base.problems import InputError
from ankerort.catalogue import copy_catalogue, read_catalogue
from ankerort.catalogue.columns import LAENDER
from ankerort.catalogue.columns_places import DOWNLOADS
from ankerort.catalogue.downloads import Download, is_safe_file_name
from ankerort.catalogue.input_kinds import INPUT_KINDS
from ankerort.region.read_settings import OPTIONS

SHIPPED = {d.id: d for d in read_catalogue().downloads}


def _own(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "downloads.csv").write_text(text, encoding="utf-8")
    return folder


def test_each_column_is_a_field() -> None:
    """The file and the record have the same fields in the same order."""
    assert DOWNLOADS.names == tuple(f.name for f in fields(Download))


def test_kinds_are_those_of_region_toml() -> None:
    """The kinds that a download may be listed under are those that region.toml reads: each has its options declared."""
    assert set(OPTIONS) == set(INPUT_KINDS)


@pytest.mark.parametrize("land", LAENDER)
def test_each_land_has_what_an_assessment_needs(land: str) -> None:
    """Each Land has exactly one extract of OpenStreetMap, and with it census, boundaries and a timetable to download."""
    fitting = [d for d in SHIPPED.values() if d.fits(land)]
    assert len([d for d in fitting if d.kind == "osm"]) == 1
    required = {d.kind for d in fitting if d.required}
    assert required == {"census", "boundaries"}
    assert all(d.url for d in fitting if d.required)
    assert any(d.url for d in fitting if d.kind == "gtfs")
    assert len([d for d in fitting if d.kind == "gtfs" and d.usual]) == 1
    assert all(d.url for d in fitting if d.usual) and all(d.usual for d in fitting if d.required)
    for kind in ("addresses", "building_outlines", "projection"):
        assert any(d.kind == kind for d in fitting), kind


def test_nothing_is_invented() -> None:
    """No checksum is pinned that nobody computed; an address from memory has no day, one that was looked up has its day."""
    for download in SHIPPED.values():
        assert download.sha256 == "", download.id
        assert (download.mark == "S") == bool(download.checked_on), download.id
        assert not download.url or download.mark == "S", download.id
        assert download.page or download.mark == "D", download.id


def test_files_do_not_overwrite_each_other() -> None:
    """Files that a project fetches have different names and names that Windows allows."""
    names = [d.file_name.lower() for d in SHIPPED.values() if d.url]
    assert len(set(names)) == len(names)
    assert all(is_safe_file_name(d.file_name) for d in SHIPPED.values() if d.url)


@pytest.mark.parametrize("name", ["", ".env", "a/b.zip", "..", "c:x", "CON", "nul.txt", "a?.zip", "a.zip ", "x\n.csv"])
def test_unsafe_names_are_known(name: str) -> None:
    """A name that leaves its folder, or that Windows cannot create, is no file name."""
    assert not is_safe_file_name(name)


def test_sentences_about_absence_are_short() -> None:
    """What the absence costs is one German sentence of at most 20 words."""
    for download in SHIPPED.values():
        assert len(download.without_de.split()) <= 20, download.id
        assert download.without_de.endswith(".") and download.without_en.endswith("."), download.id
        assert not download.good_for_de.endswith("."), download.id


def test_own_row_replaces_the_address_only(tmp_path: Path) -> None:
    """A user's folder corrects an address that has moved; the other cells stay."""
    folder = _own(tmp_path / "katalog", "id;url;checked_on\nvg250;https://neu.example.org/vg250.zip;01.12.2026\n")
    changed = {d.id: d for d in read_catalogue(folder).downloads}
    assert changed["vg250"].url == "https://neu.example.org/vg250.zip"
    assert changed["vg250"].checked_on == "2026-12-01"
    assert changed["vg250"].title_de == SHIPPED["vg250"].title_de
    assert len(changed) == len(SHIPPED)


def test_copy_holds_the_file(tmp_path: Path) -> None:
    """`ankerort catalogue` writes downloads.csv for editing, and it comes back the same."""
    copy_catalogue(tmp_path)
    assert (tmp_path / "downloads.csv").is_file()
    for old, new in zip(SHIPPED.values(), read_catalogue(tmp_path).downloads, strict=True):
        for field in fields(Download):
            one, other = getattr(old, field.name), getattr(new, field.name)
            assert one == other or (math.isnan(one) and math.isnan(other))


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("url", "http://example.org/vg250.zip", "catalogue_address_invalid"),
        ("url", "file:///etc/passwd", "catalogue_address_invalid"),
        ("url", "vg250.zip", "catalogue_address_invalid"),
        ("page", "www.example.org", "catalogue_address_invalid"),
        ("file_name", "../region.toml", "catalogue_file_name_unsafe"),
        ("sha256", "abc", "catalogue_checksum_invalid"),
        ("scope", "XX", "catalogue_not_allowed"),
        ("kind", "gtsf", "catalogue_not_allowed"),
    ],
)
def test_faults_are_named(tmp_path: Path, column: str, value: str, code: str) -> None:
    """An address without https, a name outside the inbox, a broken checksum, an unknown Land: named with file, row, column."""
    folder = _own(tmp_path / "katalog", f"id;{column}\nvg250;{value}\n")
    with pytest.raises(InputError) as caught:
        read_catalogue(folder)
    (problem,) = caught.value.problems
    assert (problem.code, problem.row, problem.column) == (code, 2, column)
    assert problem.table == "katalog/downloads.csv"


def test_a_mirror_on_this_machine_may_be_plain(tmp_path: Path) -> None:
    """http is allowed for this machine only."""
    folder = _own(tmp_path / "katalog", "id;url\nvg250;http://127.0.0.1:8000/vg250.zip\n")
    assert next(d for d in read_catalogue(folder).downloads if d.id == "vg250").url.startswith("http://127.0.0.1")
