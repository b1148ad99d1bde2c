"""Bad input: each fault is told with file, place and repair; errors end with code 2 and touch no output.

Each case damages one file of the good sample. Both commands that read a region must say the same.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from ankerort.base.files import sha256_of
from ankerort.cli.main import run
from ankerort.run import assess_project

from .conftest import GoodRun

CENSUS = "Zensus2022_Bevoelkerungszahl_100m-Gitter.csv"
AGES = "Zensus2022_Alter_in_10er-Jahresgruppen_100m-Gitter.csv"
Damage = Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    """What is done to the sample and what the user must read.

    `told` stands in the line of the problem: file, row, column, value. `code` is the exit code of both commands.
    """

    name: str
    damage: Damage
    told: tuple[str, ...]
    code: int = 2


def inputs(folder: Path) -> Path:
    return folder / "eingang"


def rewrite(name: str, change: Callable[[str], str], *, encoding: str = "utf-8") -> Damage:
    """Change a text file of the sample."""

    def damage(folder: Path) -> None:
        path = inputs(folder) / name
        before = path.read_text(encoding="utf-8")
        after = change(before)
        assert after != before or encoding != "utf-8"
        path.write_text(after, encoding=encoding, newline="\n")

    return damage


def in_feed(member: str, change: Callable[[str], str | None], *, encoding: str = "utf-8") -> Damage:
    """Change a member of the first feed; None takes it out."""

    def damage(folder: Path) -> None:
        path = inputs(folder) / "gtfs_kvm.zip"
        with zipfile.ZipFile(path) as archive:
            members = {n: archive.read(n) for n in archive.namelist()}
        after = change(members[member].decode("utf-8"))
        if after is None:
            del members[member]
        else:
            assert after.encode(encoding) != members[member]
            members[member] = after.encode(encoding)
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)

    return damage


def in_sheet(row: int, heading: str, value: object) -> Damage:
    """Change a cell of the municipality's list."""

    def damage(folder: Path) -> None:
        path = inputs(folder) / "einrichtungen.xlsx"
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        columns = {str(c.value): c.column for c in sheet[1]}
        sheet.cell(row, columns[heading]).value = value  # type: ignore[assignment]
        book.save(path)

    return damage


def in_settings(old: str, new: str) -> Damage:
    """Change the project's ``region.toml``."""

    def damage(folder: Path) -> None:
        path = folder / "region.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return damage


def several(*damages: Damage) -> Damage:
    """All of them."""

    def damage(folder: Path) -> None:
        for one in damages:
            one(folder)

    return damage


def content(name: str, new: bytes) -> Damage:
    """Other bytes in place of the file."""
    return lambda folder: (inputs(folder) / name).write_bytes(new) and None


def cut(name: str, share: float) -> Damage:
    """Only the first part of the file, as after a broken download."""

    def damage(folder: Path) -> None:
        path = inputs(folder) / name
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * share)])

    return damage


def field_of(line: int, column: int, value: str, separator: str) -> Callable[[str], str]:
    """A change of one field; lines count from 1."""

    def change(text: str) -> str:
        lines = text.splitlines()
        fields = lines[line - 1].split(separator)
        fields[column] = value
        lines[line - 1] = separator.join(fields)
        return "\n".join(lines) + "\n"

    return change


def repeat_line(line: int) -> Callable[[str], str]:
    def change(text: str) -> str:
        lines = text.splitlines()
        return "\n".join([*lines, lines[line - 1]]) + "\n"

    return change


def moved(degrees: float) -> Callable[[str], str]:
    """All stops that many degrees to the south."""

    def change(text: str) -> str:
        header, *lines = text.splitlines()
        k = header.replace('"', "").split(",").index("stop_lat")
        # names hold commas, so the columns are counted from the end
        back = k - len(header.split(","))
        out = [header]
        for line in lines:
            fields = line.split(",")
            fields[back] = f'"{float(fields[back].strip(chr(34))) - degrees:.6f}"'
            out.append(",".join(fields))
        return "\n".join(out) + "\n"

    return change


def stop_at(line: int, lat: str, lon: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        lines = text.splitlines()
        header = lines[0].replace('"', "").split(",")
        fields = lines[line - 1].split(",")
        for name, value in (("stop_lat", lat), ("stop_lon", lon)):
            fields[header.index(name) - len(header)] = f'"{value}"'
        lines[line - 1] = ",".join(fields)
        return "\n".join(lines) + "\n"

    return change


def in_other_projection(text: str) -> str:
    """The census as if its metres were those of UTM 32."""
    header, *lines = text.splitlines()
    out = [header.replace("GITTER_ID_100m;", "")]
    for line in lines:
        _, x, y, *rest = line.split(";")
        out.append(";".join([str(int(x) - 3_750_000), str(int(y) + 2_550_000), *rest]))
    return "\n".join(out) + "\n"


def without_first_layer(text: str) -> str:
    data = json.loads(text)
    return json.dumps({**data, "features": []})


CASES = (
    Case("broken_pbf", cut("musterkreis.osm.pbf", 0.6), ("musterkreis.osm.pbf",)),
    Case("no_pbf_at_all", content("musterkreis.osm.pbf", b"<html>404</html>"), ("musterkreis.osm.pbf",)),
    Case("empty_pbf", content("musterkreis.osm.pbf", b""), ("musterkreis.osm.pbf",)),
    Case("gtfs_without_stop_times", in_feed("stop_times.txt", lambda t: None), ("gtfs_kvm.zip", "stop_times.txt")),
    Case("gtfs_without_stops", in_feed("stops.txt", lambda t: None), ("gtfs_kvm.zip", "stops.txt")),
    Case("gtfs_without_trips", in_feed("trips.txt", lambda t: None), ("gtfs_kvm.zip", "trips.txt")),
    Case("gtfs_no_archive", content("gtfs_kvm.zip", b"kein Archiv"), ("gtfs_kvm.zip",)),
    Case("gtfs_empty_file", in_feed("stop_times.txt", lambda t: ""), ("gtfs_kvm.zip", "stop_times.txt")),
    Case(
        "gtfs_date_format",
        in_feed("calendar.txt", lambda t: t.replace("20260801", "01.08.2026")),
        ("calendar.txt", "Zeile 2", "start_date", "01.08.2026"),
    ),
    Case("gtfs_stop_at_zero", in_feed("stops.txt", stop_at(3, "0.0", "0.0")), ("stops.txt", "Zeile 3"), 0),
    Case("gtfs_far_away", in_feed("stops.txt", moved(7.0)), ("gtfs_kvm.zip/stops.txt",)),
    Case("gtfs_one_stop_far", in_feed("stops.txt", stop_at(3, "45.0", "7.0")), ("stops.txt", "Zeile 3"), 0),
    Case("gtfs_duplicate_stop", in_feed("stops.txt", repeat_line(3)), ("stops.txt", "stop_id"), 0),
    Case("gtfs_no_service_on_the_day", in_settings('day = ""', 'day = "2031-05-06"'), ("2031",)),
    Case("day_in_wrong_format", in_settings('day = ""', 'day = "6.5.2026"'), ("region.toml", "6.5.2026", "day")),
    Case("census_wrong_projection", rewrite(CENSUS, in_other_projection), (CENSUS,)),
    Case("census_negative", rewrite(CENSUS, field_of(5, 3, "-7", ";")), (CENSUS, "Zeile 5", "Einwohner", "-7")),
    Case("census_suppressed", rewrite(CENSUS, field_of(7, 3, "–", ";")), (), 0),
    Case("census_duplicate", rewrite(CENSUS, repeat_line(4)), (CENSUS,)),
    Case("census_empty", content(CENSUS, b""), (CENSUS,)),
    Case("census_header_only", rewrite(CENSUS, lambda t: t.splitlines()[0] + "\n"), (CENSUS,)),
    Case("boundary_without_the_key", in_settings('study_area = ["15999"]', 'study_area = ["15997"]'), ("15997",)),
    Case("boundaries_empty", rewrite("gemeinden.geojson", without_first_layer), ("gemeinden.geojson",)),
    Case("boundaries_no_json", cut("gemeinden.geojson", 0.5), ("gemeinden.geojson",)),
    Case(
        "facility_outside",
        several(in_sheet(2, "Länge (Grad)", 8.0), in_sheet(2, "Breite (Grad)", 48.0)),
        ("einrichtungen.xlsx",),
        0,
    ),
    Case("facility_at_zero", several(in_sheet(3, "Länge (Grad)", 0), in_sheet(3, "Breite (Grad)", 0)), ("einrichtungen.xlsx", "Zeile 3")),
    Case(
        "facility_duplicate_id",
        several(
            in_sheet(2, "Kennung", "K1"), in_sheet(3, "Kennung", "K1"), in_sheet(3, "Leistung", "kindergarten")
        ),
        ("einrichtungen.xlsx", "Zeile 3", "K1"),
    ),
    Case(
        "facility_unknown_service",
        in_sheet(4, "Leistung", "Supermarkd"),
        ("einrichtungen.xlsx", "Zeile 4", "Leistung", "Supermarkd"),
    ),
    Case(
        "facility_values_that_cannot_be",
        several(
            in_sheet(2, "Kapazität", "50 Plätze"),
            in_sheet(3, "Kapazität", -3),
            in_sheet(3, "Zustandsnote (1–5)", 7),
            in_sheet(4, "Kapazität ab Jahr", 20222),
            in_sheet(5, "Vertraulich: Alter der Leitung", 200),
        ),
        ("einrichtungen.xlsx", "Zeile 2", "Kapazität", "50 Plätze"),
    ),
    Case(
        "opening_hours_unreadable",
        in_sheet(2, "Öffnungszeiten", "werktags"),
        ("einrichtungen.xlsx", "Zeile 2", "Öffnungszeiten", "werktags"),
        0,
    ),
    Case("facility_no_workbook", content("einrichtungen.xlsx", b"PK\x03\x04kaputt"), ("einrichtungen.xlsx",)),
    Case("facility_empty", content("einrichtungen.xlsx", b""), ("einrichtungen.xlsx",)),
    Case("missing_file", lambda folder: (inputs(folder) / "gtfs_svw.zip").unlink(), ("gtfs_svw.zip", "region.toml")),
    Case("bom_in_the_feed", in_feed("stops.txt", lambda t: t, encoding="utf-8-sig"), (), 0),
    Case("latin_1_in_the_feed", in_feed("stops.txt", lambda t: t, encoding="latin-1"), ("stops.txt", "Windows-1252"), 0),
    Case("bom_in_the_census", rewrite(CENSUS, lambda t: t, encoding="utf-8-sig"), (), 0),
    Case("latin_1_in_the_census", rewrite(AGES, lambda t: t.replace("–", "-"), encoding="latin-1"), (), 0),
    Case("syntax_of_the_settings", in_settings('land = "ST"', "land = ST"), ("region.toml", "Zeile")),
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """Exit code and everything that was printed."""

    code: int
    text: str

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Lines of problems with the line of their repair, which is empty where there is none."""
        lines = self.text.splitlines()
        out = []
        for k, line in enumerate(lines):
            if line.startswith(("Fehler ", "Warnung ", "Hinweis ")):
                follower = lines[k + 1] if k + 1 < len(lines) else ""
                out.append((line, follower.strip() if follower.strip().startswith("→") else ""))
        return out


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Runs the command line in this process."""

    def call(*arguments: str | Path) -> Said:
        monkeypatch.setattr("sys.argv", ["ankerort", *map(str, arguments)])
        code = 0
        try:
            run()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Said(code, captured.out + captured.err)

    return call


@pytest.fixture
def project(good_run: GoodRun, tmp_path: Path) -> Path:
    """A copy of the good project with its documents, ready to be damaged."""
    folder = tmp_path / "projekt"
    shutil.copytree(good_run.folder, folder, ignore=shutil.ignore_patterns("results"))
    return folder


def outputs_of(folder: Path) -> dict[str, str]:
    return {
        f.relative_to(folder).as_posix(): sha256_of(f) for f in sorted((folder / "ausgabe").rglob("*")) if f.is_file()
    }


def assert_told(said: Said, case: Case) -> None:
    severity = "Fehler" if case.code else ("Warnung", "Hinweis", "Fehler")
    found = [(p, r) for p, r in said.problems if p.startswith(severity) and all(t in p for t in case.told)]
    assert found, (case.told, said.text)
    assert any(r for _, r in found), ("no repair", found)


@pytest.mark.slow
@pytest.mark.parametrize("case", [c for c in CASES if c.code], ids=lambda c: c.name)
def test_an_error_is_told_by_check_and_assess_and_nothing_is_touched(
    case: Case, project: Path, command: Callable[..., Said]
) -> None:
    """Exit code 2; the line names file, place and value and is followed by a repair; the old documents stay as they were."""
    case.damage(project)
    before = outputs_of(project)
    for name in (("region", "check"), ("assess",)):
        said = command(*name, project)
        assert said.code == 2, said.text
        assert "Traceback" not in said.text
        assert_told(said, case)
    assert outputs_of(project) == before


@pytest.mark.slow
@pytest.mark.parametrize("case", [c for c in CASES if not c.code], ids=lambda c: c.name)
def test_what_can_be_used_in_part_is_a_warning(case: Case, project: Path, command: Callable[..., Said]) -> None:
    """Exit code 0; what was left out or read otherwise is told where the user must know it."""
    case.damage(project)
    said = command("region", "check", project)
    assert said.code == 0, said.text
    assert not [p for p, _ in said.problems if p.startswith("Fehler")]
    if case.told:
        assert_told(said, case)


@pytest.mark.slow
def test_faults_of_several_files_are_told_in_one_go(project: Path, command: Callable[..., Said]) -> None:
    """A broken map, a feed without stop times, a wrong date and a missing list: four errors at once, from both commands."""
    several(
        cut("musterkreis.osm.pbf", 0.6),
        in_feed("stop_times.txt", lambda t: None),
        in_feed("calendar.txt", lambda t: t.replace("20260801", "01.08.2026")),
        in_sheet(4, "Leistung", "Supermarkd"),
        lambda folder: (inputs(folder) / "kreise.geojson").unlink(),
    )(project)
    before = outputs_of(project)
    for name in (("region", "check"), ("assess",)):
        said = command(*name, project)
        assert said.code == 2
        errors = " ".join(p for p, _ in said.problems if p.startswith("Fehler"))
        for told in ("musterkreis.osm.pbf", "stop_times.txt", "01.08.2026", "Supermarkd", "kreise.geojson"):
            assert told in errors, said.text
    assert outputs_of(project) == before


@pytest.mark.slow
def test_a_workbook_that_is_held_open_gets_a_new_one_beside_it(
    good_run: GoodRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel holds the old workbook: it stays as it was, the new one stands beside it, and the run says where."""
    out = tmp_path / "aus"
    shutil.copytree(good_run.folder / "ausgabe", out)
    held = out / "balance.xlsx"
    before = sha256_of(held)
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if Path(target) == held:
            raise PermissionError(13, "held by Excel", str(held))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    result = assess_project(good_run.folder, out=out)
    assert sha256_of(held) == before
    beside = out / "balance-neu-2.xlsx"
    assert beside in result.files and held not in result.files
    assert (
        openpyxl.load_workbook(beside, read_only=True).sheetnames
        == openpyxl.load_workbook(held, read_only=True).sheetnames
    )
