"""region.toml: every mistake is named, with its line, all at once."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from ankerort.base.problems import InputError, Problem, Problems
from ankerort.region.read_settings import read_settings
from ankerort.text import say
from worlds.small_region import write_small_region


def problems_of(folder: Path) -> list[Problem]:
    problems = Problems()
    with contextlib.suppress(InputError):
        read_settings(folder, problems=problems)
    for p in problems:  # every problem that can occur has its sentences with exactly these parameters
        say(f"problem.{p.code}", "de", **p.params)
        say(f"repair.{p.code}", "en", **p.params)
    return list(problems)


def write(folder: Path, old: str, new: str) -> Path:
    write_small_region(folder)
    path = folder / "region.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_good_file_is_read_with_defaults(tmp_path: Path) -> None:
    """Paths are absolute, the Land comes from the key, ids from the kind."""
    settings = read_settings(write_small_region(tmp_path))
    assert settings.study_ags == ("15001",)
    assert settings.land == "ST"
    assert settings.buffer_km == 2.0
    assert [i.source_id for i in settings.inputs] == ["boundaries", "census", "stop_register"]
    assert all(p.is_absolute() and p.is_file() for i in settings.inputs for p in i.files)


@pytest.mark.parametrize(
    ("old", "new", "code", "row"),
    [
        ("buffer_km", "bufer_km", "settings_unknown_key", 4),
        ("buffer_km = 2.0", 'buffer_km = "2"', "settings_wrong_type", 4),
        ("buffer_km = 2.0", "buffer_km = true", "settings_wrong_type", 4),
        ("buffer_km = 2.0", "buffer_km = -1", "settings_negative", 4),
        ('["15001"]', "[15001]", "settings_ags_number", 3),
        ('["15001"]', "[03241]", "settings_ags_number", 3),
        ('["15001"]', '["1500A"]', "settings_ags_digits", 3),
        ('["15001"]', '["3241"]', "settings_ags_length", 3),
        ('["15001"]', '["99001"]', "settings_ags_land", 3),
        ('["15001"]', '["15001", "15001"]', "settings_ags_twice", 3),
        ('["15001"]', "[]", "settings_no_study_area", 3),
        ("buffer_km = 2.0", 'crs = "EPSG:nothing"', "settings_crs_unknown", 4),
        ("buffer_km = 2.0", 'crs = "EPSG:4326"', "settings_crs_not_metres", 4),
        ("buffer_km = 2.0", 'land = "XX"', "settings_land", 4),
        ("buffer_km = 2.0", 'day = "9.6.2026"', "settings_date", 4),
        ("format = 1", "format = 2", "settings_format", 1),
        ('"grenzen.geojson"', '"grenze.geojson"', "settings_file_missing", 8),
        ('"grenzen.geojson"', '"."', "settings_file_is_folder", 8),
        ('kind = "census"', 'kind = "zensus"', "settings_unknown_kind", 11),
        ('kind = "census"', 'kind = "census"\nid = "boundaries"', "settings_id_twice", 12),
        ('kind = "census"', 'kind = "census"\nid = "ä b"', "settings_id_letters", 12),
        ('file = "grenzen.geojson"', "", "settings_file_or_files", 6),
        ('kind = "census"', 'kind = "census"\noptions = { size = 1 }', "settings_unknown_option", 10),
        ("buffer_km = 2.0", "buffer_km = [", "settings_syntax", None),
        ('"grenzen.geojson"', '"daten\\grenzen.geojson"', "settings_backslash", 8),
    ],
)
def test_each_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, code: str, row: int | None) -> None:
    """One wrong line gives one problem of its own code at that line."""
    found = [p for p in problems_of(write(tmp_path, old, new)) if p.code == code]
    assert len(found) == 1
    if row is not None:
        assert found[0].row == row


def test_all_mistakes_come_together(tmp_path: Path) -> None:
    """A file with three faults is reported with all three, and raising tells them together."""
    write(tmp_path, "buffer_km = 2.0", "buffer_km = -1\nnam = 2")
    path = tmp_path / "region.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("zensus.csv", "fehlt.csv"), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_settings(tmp_path)
    codes = {p.code for p in error.value.problems}
    assert {"settings_negative", "settings_unknown_key", "settings_file_missing"} <= codes


def test_the_set_of_standards_is_an_option(tmp_path: Path) -> None:
    """Without one the catalogue's minimum values count; an empty name is none."""
    assert read_settings(write_small_region(tmp_path / "a")).standard_set == "catalogue"
    for name, expected in (("target", "target"), ("", "catalogue")):
        folder = write(tmp_path / f"b{name}", "\n\n[[input]]", f'\n[options]\nstandard_set = "{name}"\n\n[[input]]')
        assert read_settings(folder).standard_set == expected


def test_unknown_key_suggests_the_nearest(tmp_path: Path) -> None:
    """`bufer_km` suggests `buffer_km`."""
    (problem,) = [p for p in problems_of(write(tmp_path, "buffer_km", "bufer_km")) if p.code == "settings_unknown_key"]
    assert problem.params["suggestion"] == "buffer_km"


def test_empty_file_is_an_error(tmp_path: Path) -> None:
    """An input of 0 bytes is named and left out."""
    write_small_region(tmp_path)
    (tmp_path / "zensus.csv").write_bytes(b"")
    assert "settings_file_empty" in {p.code for p in problems_of(tmp_path)}


def test_missing_file_region_toml(tmp_path: Path) -> None:
    """A folder without region.toml is an error of its own."""
    assert [p.code for p in problems_of(tmp_path)] == ["settings_missing"]


def test_paths_with_umlauts_and_blanks_and_encodings(tmp_path: Path) -> None:
    """Names with umlauts are found however composed; byte order mark and Windows text are read."""
    write(tmp_path, '"grenzen.geojson"', '"Börde Süd/grenzen neu.geojson"')
    (tmp_path / "Bo\u0308rde Su\u0308d").mkdir()
    (tmp_path / "grenzen.geojson").rename(tmp_path / "Bo\u0308rde Su\u0308d" / "grenzen neu.geojson")
    assert not [p for p in problems_of(tmp_path) if p.severity == "error"]
    path = tmp_path / "region.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8-sig")
    assert not [p for p in problems_of(tmp_path) if p.severity == "error"]
    path.write_bytes(text.encode("cp1252"))
    assert {p.code for p in problems_of(tmp_path)} >= {"settings_encoding"}
