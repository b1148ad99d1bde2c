"""region.toml as Ankerort writes it: read back as it was, known as its own until a person changes it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankerort.region.inbox.region_file import body_of, is_own, read_old, toml_value, write_own

TOP = {
    "name": 'Kreis "Nord" \\ Süd',
    "study_area": ["15083"],
    "buffer_km": 30.0,
    "crs": "EPSG:25832",
    "land": "ST",
    "day": "",
}
ENTRY = {
    "kind": "facilities",
    "id": "a",
    "files": ["eingang/Börde Süd.csv", "eingang/b.csv"],
    "options": {"complete": True, "service_map": {"Freie Agentur": "ticket_shop"}},
    "columns": {"name": "Name der Praxis"},
}


def _data(body: str) -> dict[str, object]:
    return tomllib.loads(body)


def test_what_is_written_is_read_back() -> None:
    """All entries come back, tables within tables too."""
    data = _data(body_of(TOP, {"merge_distance_m": 150}, [ENTRY]))
    assert data == {"format": 1, **TOP, "options": {"merge_distance_m": 150}, "input": [ENTRY]}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives(text: str) -> None:
    """Quotation marks, backslashes and control signs are written so that TOML reads them back."""
    assert _data(f"a = {toml_value(text)}") == {"a": text}


@pytest.mark.parametrize("change", [lambda t: t.replace("\n", "\r\n"), lambda t: "\ufeff" + t, lambda t: t])
def test_an_editor_that_only_saves_changes_nothing(tmp_path: Path, change: object) -> None:
    """Other ends of lines and the mark of Windows editors make nobody's file of it."""
    body = body_of(TOP, {}, [])
    assert write_own(tmp_path, body) == (True, None)
    path = tmp_path / "region.toml"
    path.write_bytes(change(path.read_text(encoding="utf-8")).encode("utf-8"))  # type: ignore[operator]
    old = read_old(tmp_path)
    assert old is not None
    assert old.own
    assert old.data["study_area"] == ["15083"]


def test_one_sign_more_makes_it_a_persons_file(tmp_path: Path) -> None:
    """Also a comment; and a file without the first line, or with one of another file."""
    write_own(tmp_path, body_of(TOP, {}, []))
    path = tmp_path / "region.toml"
    text = path.read_text(encoding="utf-8")
    assert is_own(text)
    assert not is_own(text + "# meine Bemerkung\n")
    assert not is_own(text.split("\n", 1)[1])
    assert not is_own(text.replace("15083", "15084"))


def test_the_old_file_is_kept_and_equal_files_are_not_written(tmp_path: Path) -> None:
    """A replaced file stands beside; writing the same again leaves everything as it is."""
    write_own(tmp_path, body_of(TOP, {}, []))
    first = (tmp_path / "region.toml").read_bytes()
    assert write_own(tmp_path, body_of(TOP, {}, [])) == (False, None)
    changed, old = write_own(tmp_path, body_of(TOP, {}, [ENTRY]))
    assert changed
    assert old == tmp_path / "region.alt-1.toml"
    assert old.read_bytes() == first
    assert sorted(p.name for p in tmp_path.iterdir()) == ["region.alt-1.toml", "region.toml"]
