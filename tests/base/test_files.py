"""Nothing that a user had is half written or lost."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ankerort.base.files import keep_old, replacing, sha256_of, write_beside_if_held


def test_a_file_is_replaced_only_when_it_is_whole(tmp_path: Path) -> None:
    """A failure keeps the old content and leaves no temporary file behind; success replaces it."""
    path = tmp_path / "sub" / "a.txt"
    with replacing(path) as temporary:
        temporary.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(path.parent.iterdir()) == [path]


def _held(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Other programs hold files of these names open, as on Windows."""
    free = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if Path(target).name in names:
            raise PermissionError(str(target))
        return free(self, target)

    monkeypatch.setattr(Path, "replace", replace)


def test_a_held_file_is_written_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Free: in its place. Held: name-neu-2; that held too: name-neu-3. The held file keeps its content."""
    path = tmp_path / "balance.xlsx"
    for names, expected in (((), "balance.xlsx"), (("balance.xlsx", "balance-neu-2.xlsx"), "balance-neu-3.xlsx")):
        temporary = tmp_path / "temporary"
        temporary.write_text(expected)
        with monkeypatch.context() as patch:
            _held(patch, *names)
            written = write_beside_if_held(path, temporary)
        assert written.name == expected
        assert written.read_text() == expected
    assert path.read_text() == "balance.xlsx"


def test_a_held_target_of_replacing_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller learns of it; the temporary file is gone."""
    path = tmp_path / "a.txt"
    path.write_text("old")
    _held(monkeypatch, "a.txt")
    with pytest.raises(PermissionError), replacing(path) as temporary:
        temporary.write_text("new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_old_files_are_kept_under_the_next_free_number(tmp_path: Path) -> None:
    """Nothing to keep: None. Then alt-1, alt-2; the original stays."""
    path = tmp_path / "region.toml"
    assert keep_old(path) is None
    for number, content in ((1, "first"), (2, "second")):
        path.write_text(content)
        kept = keep_old(path)
        assert kept == tmp_path / f"region.alt-{number}.toml"
        assert kept.read_text() == content == path.read_text()


def test_hash_of_a_large_file(tmp_path: Path) -> None:
    """More than one block gives the hash of the whole."""
    content = b"x" * ((1 << 20) + 5)
    (tmp_path / "a").write_bytes(content)
    assert sha256_of(tmp_path / "a") == hashlib.sha256(content).hexdigest()
