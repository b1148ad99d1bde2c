"""Stages are reused only if they are whole and made of the same things."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ankerort.base import cache
from ankerort.base.cache import DONE, StageCache, code_key, content_key


def test_an_interrupted_stage_is_not_valid_but_keeps_its_parts(tmp_path: Path) -> None:
    """Without the mark nothing is reused; what was written is still there for the next run."""
    stages = StageCache(tmp_path)
    with pytest.raises(KeyboardInterrupt), stages.filling("reach", "k") as folder:
        (folder / "part").write_text("1")
        raise KeyboardInterrupt
    assert not stages.has("reach", "k")
    with stages.filling("reach", "k") as folder:
        assert (folder / "part").read_text() == "1"
    assert stages.has("reach", "k") and not stages.has("reach", "other") and not stages.has("region", "k")


def test_the_three_newest_results_of_a_stage_stay(tmp_path: Path) -> None:
    """Five results: two oldest go. Another stage and an unfinished result are left alone."""
    stages = StageCache(tmp_path)
    with stages.filling("other", "x"):
        pass
    stages.folder("reach", "unfinished").mkdir()
    for number in range(5):
        with stages.filling("reach", f"k{number}"):
            pass
        os.utime(stages.folder("reach", f"k{number}") / DONE, (1000 + number, 1000 + number))
    # the fifth was marked by the clock, later than all; one more run sees the times set above
    with stages.filling("reach", "k4"):
        pass
    assert [stages.has("reach", f"k{n}") for n in range(5)] == [False, False, True, True, True]
    assert stages.has("other", "x") and stages.folder("reach", "unfinished").is_dir()


def test_the_key_of_the_code_changes_with_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changed, added and renamed sources and data give another key; files that are no source do not; other rooms do not."""
    monkeypatch.setattr(cache, "files", lambda _: tmp_path)
    for room in ("base", "supply"):
        (tmp_path / room).mkdir()
    source = tmp_path / "base" / "a.py"
    source.write_text("x = 1")

    def key() -> str:
        code_key.cache_clear()
        return code_key(("base",))

    keys = [key()]
    (tmp_path / "base" / "note.txt").write_text("no source")
    (tmp_path / "supply" / "b.py").write_text("another room")
    assert key() == keys[0]
    source.write_text("x = 2")
    keys.append(key())
    (tmp_path / "base" / "figures.csv").write_text("1")
    keys.append(key())
    source.rename(tmp_path / "base" / "b.py")
    keys.append(key())
    code_key.cache_clear()
    assert len(set(keys)) == 4


def test_the_key_of_the_content_does_not_depend_on_the_order_of_names() -> None:
    """Same values under the same names: same key; other values, other key."""
    assert content_key({"a": 1, "b": [2, "ü"]}) == content_key({"b": [2, "ü"], "a": 1})
    assert content_key({"a": 1}) != content_key({"a": 2})
    assert content_key("a", "b") != content_key("ab")
