"""Which files of the inbox count: locks, half downloads, doubles, archives, names of other systems."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ankerort.base.problems import Problems
from ankerort.region.inbox.archives import UNPACKED, safe_name
from ankerort.region.inbox.listing import list_inbox


def _listed(inbox: Path) -> tuple[list[str], dict[str, str]]:
    problems = Problems()
    files = list_inbox(inbox, problems=problems)
    return [f.shown for f in files], {p.table: p.code for p in problems}


def _zip(path: Path, **members: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv").replace("_txt", ".txt"), text)


def test_locks_and_half_downloads_are_notes(tmp_path: Path) -> None:
    """What Excel, LibreOffice and browsers leave beside their files is named and left out; hidden files silently."""
    (tmp_path / "~$ärzte.xlsx").write_bytes(b"lock")
    (tmp_path / ".~lock.ärzte.ods#").write_bytes(b"lock")
    (tmp_path / "vg250.zip.crdownload").write_bytes(b"half")
    (tmp_path / "zensus.zip.part").write_bytes(b"half")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "Thumbs.db").write_bytes(b"x")
    (tmp_path / "a.csv").write_text("a;b\n1;2\n")
    files, told = _listed(tmp_path)
    assert files == ["a.csv"]
    assert told == {
        "~$ärzte.xlsx": "inbox_lock",
        ".~lock.ärzte.ods#": "inbox_lock",
        "vg250.zip.crdownload": "inbox_unfinished",
        "zensus.zip.part": "inbox_unfinished",
    }


def test_the_same_content_counts_once(tmp_path: Path) -> None:
    """A copy under another name is named once, with the file that is taken; equal length alone is no copy."""
    (tmp_path / "b").mkdir()
    (tmp_path / "a.csv").write_text("a;b\n1;2\n")
    (tmp_path / "b" / "kopie.csv").write_text("a;b\n1;2\n")
    (tmp_path / "c.csv").write_text("a;b\n1;3\n")
    files, told = _listed(tmp_path)
    assert files == ["a.csv", "c.csv"]
    assert told == {"b/kopie.csv": "inbox_double"}


def test_a_timetable_stays_an_archive_or_a_folder(tmp_path: Path) -> None:
    """GTFS is one thing, zipped or not, also in a folder inside the archive; other archives are unpacked."""
    _zip(tmp_path / "bus.zip", feed__stops_txt="stop_id", feed__trips_txt="trip_id")
    (tmp_path / "bahn").mkdir()
    for name in ("stops.txt", "stop_times.txt", "agency.txt"):
        (tmp_path / "bahn" / name).write_text("x")
    _zip(tmp_path / "zensus.zip", a_csv="x;y\n1;2\n", Datensatzbeschreibung_txt="nur Text")
    files, told = _listed(tmp_path)
    assert files == ["bahn", "bus.zip", f"{UNPACKED}/zensus/Datensatzbeschreibung.txt", f"{UNPACKED}/zensus/a.csv"]
    assert told == {}


def test_unpacking_twice_writes_once(tmp_path: Path) -> None:
    """A second look takes what was unpacked before; a changed archive is unpacked anew."""
    _zip(tmp_path / "z.zip", a_csv="x;y\n1;2\n")
    _listed(tmp_path)
    target = tmp_path / UNPACKED / "z" / "a.csv"
    before = target.stat().st_mtime_ns
    assert _listed(tmp_path)[0] == [f"{UNPACKED}/z/a.csv"]
    assert target.stat().st_mtime_ns == before
    _zip(tmp_path / "z.zip", a_csv="x;y\n1;3\n")
    _listed(tmp_path)
    assert target.read_text() == "x;y\n1;3\n"


def test_archives_of_other_systems(tmp_path: Path) -> None:
    """Umlauts in two characters (macOS), forbidden signs, long names, equal names in folders, members that lead out."""
    path = tmp_path / "Ein sehr langer Name eines Archivs vom Herausgeber 2026.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Bo\u0308rde/Einwohner: neu?.csv", "a;b\n1;2\n")
        archive.writestr("nord/x.csv", "a;b\n3;4\n")
        archive.writestr("sued/x.csv", "a;b\n5;6\n")
        archive.writestr("../heraus.csv", "a;b\n7;8\n")
        archive.writestr("__MACOSX/._x.csv", "x")
        archive.writestr("l" * 150 + ".csv", "a;b\n9;9\n")
    files, told = _listed(tmp_path)
    names = [Path(f).name for f in files]
    assert sorted(names) == sorted(["Einwohner_ neu_.csv", "x.csv", "x.csv", "l" * 80 + ".csv"])
    assert any("Börde" not in f and len(f) < 140 for f in files)
    assert not (tmp_path.parent / "heraus.csv").exists()
    assert not (tmp_path / "heraus.csv").exists()
    assert told == {}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("CON.csv", "_CON.csv"), ("a<b>.csv", "a_b_.csv"), ("x. ", "x"), ("Bo\u0308rde.csv", "Börde.csv"), ("", "_")],
)
def test_names_that_windows_takes(name: str, wanted: str) -> None:
    """Reserved words, forbidden signs and blanks at the end are changed."""
    assert safe_name(name) == wanted


def test_archive_in_an_archive(tmp_path: Path) -> None:
    """An archive inside an archive is unpacked too, once; a timetable inside stays whole."""
    inner, feed = tmp_path / "innen.zip", tmp_path / "bus.zip"
    _zip(inner, a_csv="x;y\n1;2\n")
    _zip(feed, stops_txt="stop_id", trips_txt="trip_id")
    with zipfile.ZipFile(tmp_path / "alles.zip", "w") as archive:
        archive.write(inner, "innen.zip")
        archive.write(feed, "bus.zip")
    inner.unlink()
    feed.unlink()
    files, told = _listed(tmp_path)
    assert [Path(f).name for f in files] == ["a.csv", "bus.zip"]
    assert told == {}


def test_a_damaged_member_is_told(tmp_path: Path) -> None:
    """An archive whose member fails its checksum gives nothing half unpacked, and a word about it."""
    path = tmp_path / "z.zip"
    _zip(path, a_csv="x;y\n" + "1;2\n" * 50)
    content = bytearray(path.read_bytes())
    content[60] ^= 255
    path.write_bytes(bytes(content))
    files, told = _listed(tmp_path)
    assert files == []
    assert told == {"z.zip": "inbox_cut_off"}
    assert not (tmp_path / UNPACKED / "z" / "a.csv").exists()


def test_long_paths_umlauts_and_names_that_differ_by_case(tmp_path: Path) -> None:
    """A path of more than 200 characters, umlauts and blanks, and names that differ by case only are all read."""
    inbox = tmp_path / ("Börde Süd " + "x" * 90) / ("y" * 100) / "eingang"
    inbox.mkdir(parents=True)
    (inbox / "Grenzen Ö.csv").write_text("a;b\n1;2\n")
    (inbox / "LISTE.CSV").write_text("a;b\n1;4\n")
    (inbox / "liste.csv").write_text("a;b\n1;3\n")
    assert len(str(inbox)) > 200
    files, told = _listed(inbox)
    assert set(files) == {"Grenzen Ö.csv", "LISTE.CSV", "liste.csv"}
    assert told == {}
