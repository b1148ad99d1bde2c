"""``ankerort region fetch`` as a user calls it; everything goes to this machine."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from ankerort.cli import main
from worlds.local_server import BODY, Server, serving, status, whole

ONLY = ("--only", "vg250", "--only", "gtfs_mdv")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server on this machine."""
    with serving(monkeypatch) as plan:
        yield plan


@pytest.fixture
def project(server: Server, tmp_path: Path) -> Path:
    """A project whose catalogue names addresses of this machine."""
    folder = tmp_path / "Börde Süd"
    (folder / "katalog").mkdir(parents=True)
    (folder / "region.toml").write_text(
        'format = 1\nstudy_area = ["15083"]\n[options]\ncatalogue = "katalog"\n', encoding="utf-8"
    )
    address = f"http://{server.address}"
    rows = f"id;url;file_name\nvg250;{address}/vg.bin;vg.bin\ngtfs_mdv;{address}/mdv.bin;mdv.bin\n"
    (folder / "katalog" / "downloads.csv").write_text(rows, encoding="utf-8")
    return folder


def call(monkeypatch: pytest.MonkeyPatch, *arguments: object, typed: str = "") -> int:
    """Call the program; `typed` is what the user answers."""
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("sys.argv", ["ankerort", "region", "fetch", *map(str, arguments)])
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    with pytest.raises(SystemExit) as ended:
        main.run()
    return ended.value.code if isinstance(ended.value.code, int) else 0


def test_the_plan_stands_before_the_question(
    project: Path, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Licence, publisher and use of each file are printed before anything is asked of anybody; without an answer nothing comes."""
    assert call(monkeypatch, project) == 0
    out = capsys.readouterr().out
    assert "Bundesamt für Kartographie und Geodäsie" in out and "Lizenz: Datenlizenz Deutschland" in out
    assert "--only gtfs_mdv" in out and "https://zhv.wvigmbh.de/" in out
    assert out.index("Lizenz") < out.index("[j/N]") < out.index("--yes")
    assert server.asked == []
    assert not (project / "eingang").exists()


@pytest.mark.parametrize("typed", ["j\n", "Ja\n", "yes\n"])
def test_a_yes_fetches(
    project: Path, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    """After a yes the files come, with the host that sent them and the next step."""
    server.do(whole())
    assert call(monkeypatch, project, *ONLY, typed=typed) == 0
    out = capsys.readouterr().out
    assert (project / "eingang" / "vg.bin").read_bytes() == BODY
    assert "vg.bin: geholt, 1 MB von 127.0.0.1" in out
    assert "QUELLEN.txt" in out and "region init" in out


def test_a_required_file_that_fails_ends_with_2(
    project: Path, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 says that a required file is missing; the other file came all the same."""
    server.do(status(404), whole())
    assert call(monkeypatch, project, *ONLY, "--yes") == 2
    out = capsys.readouterr().out
    assert "eingang/vg.bin" in out and "404" in out and "gdz.bkg.bund.de" in out
    assert (project / "eingang" / "mdv.bin").is_file() and not (project / "eingang" / "vg.bin").exists()


def test_an_optional_file_that_fails_ends_with_0(
    project: Path, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is not required is a warning."""
    server.do(status(500))
    monkeypatch.setattr("time.sleep", lambda _: None)
    from ankerort.base.download import Patience

    monkeypatch.setattr("ankerort.base.download.Patience", lambda: Patience(tries=1, sleep=lambda _: None))
    assert call(monkeypatch, project, "--only", "gtfs_mdv", "--yes", "--lang", "en") == 0
    assert "Warning eingang/mdv.bin" in capsys.readouterr().out


def test_a_wrong_id_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown id is an error with the nearest one, before anything is asked."""
    assert call(monkeypatch, project, "--only", "vg205", "--yes") == 2
    assert "vg250" in capsys.readouterr().err


def test_a_common_folder(project: Path, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --cache the file lies in the common folder and in the project."""
    server.do(whole())
    assert call(monkeypatch, project, "--only", "vg250", "--yes", "--cache", tmp_path / "gemeinsam") == 0
    assert (tmp_path / "gemeinsam" / "vg.bin").read_bytes() == (project / "eingang" / "vg.bin").read_bytes()
