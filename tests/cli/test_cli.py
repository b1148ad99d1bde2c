"""The command line: its language, its exit codes, what it keeps, and that all problems are told together."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

from ankerort import __version__
from ankerort.catalogue import read_catalogue
from ankerort.cli import main
from ankerort.documents.write import INTERNAL_FILE
from ankerort.text import say
from worlds.small_region import lon_lat, write_small_region

OUTPUTS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "outputs.md"


class Answer(NamedTuple):
    """What a call of the program left behind."""

    code: int
    out: str
    err: str


Call = Callable[..., Answer]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the program as a user does, on a wide terminal without colours."""
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("ANKERORT_LANG", raising=False)

    def run(*arguments: object) -> Answer:
        monkeypatch.setattr("sys.argv", ["ankerort", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main.run()
        printed = capsys.readouterr()
        code = ended.value.code
        return Answer(code if isinstance(code, int) else 0, printed.out, printed.err)

    return run


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project folder of three municipalities without streets and timetable, with two facilities of a list."""
    shops = [("general_practitioner", "Praxis Dr. Berg", *lon_lat(5000, 1200), "15001001"),
             ("pharmacy", "Apotheke am Markt", *lon_lat(5050, 1250), "15001001")]  # fmt: skip
    extra = """
[[input]]
kind = "facilities"
id = "liste"
file = "liste.csv"
[input.columns]
service = "service"
name = "name"
lon = "lon"
lat = "lat"
ags = "ags"
"""
    folder = write_small_region(tmp_path / "klein", extra=extra)
    rows = "".join(";".join(map(str, row)) + "\n" for row in shops)
    (folder / "liste.csv").write_text("service;name;lon;lat;ags\n" + rows, encoding="utf-8")
    return folder


@pytest.fixture
def files_before(tmp_path: Path) -> Iterator[Callable[[], dict[str, bytes]]]:
    """All files of the test's folder with their content."""
    yield lambda: {p.relative_to(tmp_path).as_posix(): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}


@pytest.mark.parametrize("command", ["demo", "sample", "template", "catalogue", "assess", "explain"])
def test_help_is_german_unless_asked_otherwise(call: Call, command: str) -> None:
    """The help of a command is German by default, English with --lang en, wherever that stands."""
    german, english = call(command, "--help"), call(command, "--lang", "en", "--help")
    assert (german.code, english.code) == (0, 0)
    assert say(f"cli.help.{command}", "de") in german.out
    assert say(f"cli.help.{command}", "en") in english.out
    assert say(f"cli.help.{command}", "de") not in english.out


def test_the_environment_names_the_language_and_an_option_goes_before_it(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ANKERORT_LANG=en makes the help English; --lang=de makes it German again."""
    monkeypatch.setenv("ANKERORT_LANG", "en")
    assert say("cli.help.assess", "en") in call("assess", "--help").out
    assert say("cli.help.assess", "de") in call("assess", "--lang=de", "--help").out


def test_version_is_printed(call: Call) -> None:
    """--version prints the version and ends well."""
    answer = call("--version")
    assert (answer.code, answer.out.strip()) == (0, f"ankerort {__version__}")


@pytest.mark.parametrize(
    "arguments", [("assess",), ("explain", "x"), ("assess", "x", "--nope"), ("nope",)], ids=" ".join
)
def test_a_wrong_call_ends_with_2(call: Call, arguments: tuple[str, ...]) -> None:
    """A missing argument, an unknown option or command is bad input, not a fault."""
    answer = call(*arguments)
    assert answer.code == main.EXIT_INPUT
    assert "Usage" in answer.err


def test_template_keeps_the_file_that_was_there(call: Call, tmp_path: Path) -> None:
    """A filled template is never lost: the old file stays beside the new one, byte for byte, and is named."""
    path = tmp_path / "einrichtungen.xlsx"
    assert call("template", path).code == 0
    path.write_bytes(path.read_bytes() + b"filled in")
    filled = path.read_bytes()
    answer = call("template", path, "--lang", "en")
    assert answer.code == 0
    assert (tmp_path / "einrichtungen.alt-1.xlsx").read_bytes() == filled
    assert "einrichtungen.alt-1.xlsx" in answer.out
    book = openpyxl.load_workbook(path, read_only=True)
    assert "Facilities" in book.sheetnames
    book.close()


def test_catalogue_copies_and_keeps_what_was_changed(call: Call, tmp_path: Path) -> None:
    """`catalogue DIR` writes a catalogue that reads as the shipped one, and keeps a file that was edited."""
    folder = tmp_path / "katalog"
    answer = call("catalogue", folder)
    assert answer.code == 0
    assert str(folder / "services.csv") in answer.out
    assert read_catalogue(folder).services == read_catalogue().services
    assert read_catalogue(folder).figures == read_catalogue().figures
    changed = folder / "figures.csv"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    mine = changed.read_bytes()
    assert call("catalogue", folder).code == 0
    assert (folder / "figures.alt-1.csv").read_bytes() == mine


def test_init_keeps_what_a_person_wrote(call: Call, tmp_path: Path) -> None:
    """`region init` writes a region.toml with the asked keys; once edited, it stays, and a proposal stands beside it."""
    folder = tmp_path / "börde"
    first = call("region", "init", folder, "--district", "15083", "--district", "15003", "--name", "Börde")
    assert first.code == 0
    assert "Verwaltungsgebiete" in first.out
    assert f"ankerort region init {folder}" in " ".join(first.out.split())
    path = folder / "region.toml"
    written = path.read_text(encoding="utf-8")
    assert 'study_area = ["15083", "15003"]' in written
    assert 'name = "Börde"' in written
    path.write_text(written.replace("buffer_km = 30.0", "buffer_km = 20.0"), encoding="utf-8")
    mine = path.read_bytes()
    again = call("region", "init", folder, "--district", "01001")
    assert again.code == 0
    assert path.read_bytes() == mine
    proposal = (folder / "region-vorschlag.toml").read_text(encoding="utf-8")
    assert 'study_area = ["01001"]' in proposal
    assert "buffer_km = 20.0" in proposal


def test_init_asks_for_the_area(call: Call, tmp_path: Path) -> None:
    """Without a key and without boundaries `region init` says what to give, and ends with 2."""
    answer = call("region", "init", tmp_path / "neu")
    assert answer.code == main.EXIT_INPUT
    assert "--district 15083" in answer.err
    assert (tmp_path / "neu" / "eingang").is_dir()


def test_a_fresh_region_lacks_boundaries_and_people(call: Call, tmp_path: Path) -> None:
    """`region check` of a region without inputs names both needed inputs at once, each with its repair, in German."""
    folder = tmp_path / "neu"
    call("region", "init", folder, "--district", "15083")
    answer = call("region", "check", folder)
    assert answer.code == main.EXIT_INPUT
    errors = [line for line in answer.out.splitlines() if line.startswith("Fehler region.toml")]
    assert len(errors) == 2
    assert "(boundaries)" in errors[0]
    assert "(census)" in errors[1]
    assert "Fehler: 2" in answer.out


def test_check_names_all_problems_at_once(
    call: Call, small: Path, files_before: Callable[[], dict[str, bytes]]
) -> None:
    """A missing file and two wrong cells of other files come in one list, and the check writes nothing."""
    (small / "haltestellen.csv").unlink()
    census = small / "zensus.csv"
    census.write_text(census.read_text(encoding="utf-8").replace(";100\n", ";-7\n"), encoding="utf-8")
    facilities = small / "liste.csv"
    facilities.write_text(facilities.read_text(encoding="utf-8").replace("pharmacy", "pharmazie"), encoding="utf-8")
    before = files_before()
    answer = call("region", "check", small, "--lang", "en")
    assert answer.code == main.EXIT_INPUT
    errors = [line for line in answer.out.splitlines() if line.startswith("Error ")]
    assert any("haltestellen.csv" in line for line in errors)
    assert any(line.startswith("Error zensus.csv, row 2") for line in errors)
    assert any(line.startswith("Error liste.csv, row 3") for line in errors)
    assert re.search(rf"^Errors: {len(errors)},", answer.out, flags=re.MULTILINE)
    assert files_before() == before


def test_a_folder_without_region_toml_is_bad_input(call: Call, tmp_path: Path) -> None:
    """assess names the command that starts a region, and writes nothing."""
    answer = call("assess", tmp_path / "leer")
    assert answer.code == main.EXIT_INPUT
    assert "ankerort region init" in answer.err
    assert not list(tmp_path.iterdir())


def test_bad_input_leaves_the_last_result_alone(call: Call, small: Path, tmp_path: Path) -> None:
    """assess on broken input ends with 2 and touches no file of the output folder."""
    out = tmp_path / "aus"
    out.mkdir()
    (out / "report.html").write_text("the last one", encoding="utf-8")
    (small / "zensus.csv").write_text("lon;lat\n", encoding="utf-8")
    answer = call("assess", small, "--out", out)
    assert answer.code == main.EXIT_INPUT
    assert "zensus.csv" in answer.err
    assert [p.name for p in out.iterdir()] == ["report.html"]
    assert (out / "report.html").read_text(encoding="utf-8") == "the last one"


def test_an_interruption_ends_with_130(call: Call, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C says that finished steps are kept and ends with 130, without a traceback."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ankerort.cli.assess_commands.assess_project", interrupted)
    answer = call("assess", small)
    assert answer.code == main.EXIT_INTERRUPTED
    assert "Traceback" not in answer.err


def test_a_run_from_files_to_documents(call: Call, small: Path) -> None:
    """assess writes what outputs.md names: sheets, layers with their columns, tables; explain tells the evidence; a
    second run takes over everything and writes the same."""
    first = call("assess", small, "--threads", "1")
    assert first.code == 0, first.err
    out = small / "ausgabe"
    assert {p.name for p in out.iterdir()} == {
        "report.html",
        "bericht.pdf",
        "bericht.docx",
        "balance.xlsx",
        "supply.gpkg",
        "run.json",
        "tables",
    }
    assert str(out / "report.html") in first.out
    page = OUTPUTS.read_text(encoding="utf-8")
    book = openpyxl.load_workbook(out / "balance.xlsx", read_only=True)
    for sheet in book.sheetnames:
        assert f"| {sheet} |" in page
    book.close()
    _layers_are_documented(out / "supply.gpkg", page)
    for table in (out / "tables").iterdir():
        assert f"`{table.stem}`" in page
    for key in json.loads((out / "run.json").read_text(encoding="utf-8")):
        assert f"`{key}`" in page

    report = (out / "report.html").read_bytes()
    second = call("assess", small)
    assert second.code == 0
    assert say("cli.reused", "de", stages="Region, ")[:-3] in second.out
    assert (out / "report.html").read_bytes() == report

    known = call("explain", small, "--place", "Berge", "--service", "general_practitioner")
    assert known.code == 0, known.err
    assert "Praxis Dr. Berg" in known.out
    wrong = call("explain", small, "--place", "Bergge", "--service", "general_practitioner")
    assert wrong.code == main.EXIT_INPUT
    assert "Berge" in wrong.err.replace("Bergge", "")
    wrong = call("explain", small, "--place", "Berge", "--service", "general_practitoner")
    assert wrong.code == main.EXIT_INPUT
    assert "general_practitioner" in wrong.err


def test_a_year_outside_the_forecast_ends_with_2_and_names_the_years(
    call: Call, small: Path, files_before: Callable[[], dict[str, bytes]]
) -> None:
    """assess --year with a year that nobody can know ends with code 2, names the years that go, and writes no document."""
    toml = small / "region.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('kind = "census"', 'kind = "census"\ndate = "2022-05-15"'), encoding="utf-8")
    answer = call("assess", small, "--year", "2200", "--threads", "1")
    assert answer.code == main.EXIT_INPUT
    printed = " ".join((answer.out + answer.err).split())
    years = re.search(r"Das Jahr 2200 liegt außerhalb der Vorausberechnung: (\d{4}) bis (\d{4})", printed)
    assert years is not None, printed
    assert say("repair.forecast_year_outside", "de", first=years[1], last=years[2]) in printed
    assert not any("ausgabe" in name for name in files_before())


def test_a_variant_without_a_year_ends_with_2_and_says_what_to_add(call: Call, small: Path) -> None:
    """assess --variant alone would change nothing; it is told instead of ignored, and no document is written."""
    answer = call("assess", small, "--variant", "natural")
    assert answer.code == main.EXIT_INPUT
    assert "--year" in answer.out + answer.err
    assert not (small / "ausgabe").exists()


def test_the_internal_workbook_comes_with_its_option_only(call: Call, small: Path) -> None:
    """assess --internal writes intern.xlsx and names it; a run without the option does not write it, and says where an old
    one lies."""
    plain = call("assess", small, "--threads", "1")
    assert plain.code == 0, plain.err
    assert not (small / "ausgabe" / INTERNAL_FILE).exists()
    assert INTERNAL_FILE not in plain.out
    asked = call("assess", small, "--internal")
    assert asked.code == 0, asked.err
    assert (small / "ausgabe" / INTERNAL_FILE).is_file()
    assert str(small / "ausgabe" / INTERNAL_FILE) in asked.out
    later = call("assess", small)
    assert say("internal.stays", "de", folder=small / "ausgabe") in later.out


def _layers_are_documented(file: Path, page: str) -> None:
    """Each layer has its row in outputs.md, and each column stands there, by name or by its pattern."""
    catalogue = read_catalogue()
    cores = [item.id for item in catalogue.core]
    services = [s for item in catalogue.core for s in item.services]
    with closing(sqlite3.connect(file)) as database:
        layers = [name for (name,) in database.execute("SELECT table_name FROM gpkg_contents")]
        assert set(layers) == {"cells", "places", "municipalities", "facilities", "layer_styles"}
        assert "`layer_styles`" in page
        for layer in set(layers) - {"layer_styles"}:
            row = next(line for line in page.splitlines() if line.startswith(f"| `{layer}` |"))
            columns = [c[1] for c in database.execute(f"PRAGMA table_info({layer})")]
            assert len(columns) > 3
            for column in set(columns) - {"fid", "geom"}:
                patterns = {column}
                patterns |= {f"{column.removesuffix(c)}<core>" for c in cores if column.endswith(f"_{c}")}
                patterns |= {f"{column.removesuffix(s)}<service>" for s in services if column.endswith(f"_{s}")}
                assert any(f"`{p}`" in row for p in patterns), (layer, column)


def test_groups_makes_its_table_once_and_then_tells_who_owes_what(call: Call, small: Path) -> None:
    """groups writes arbeitsgruppen.xlsx if there is none; later it reads it, lists what is open and leaves it as it is."""
    made = call("groups", small)
    assert made.code == 0, made.err
    path = small / "arbeitsgruppen.xlsx"
    assert path.is_file()
    assert path.name in "".join(made.out.split())
    book = openpyxl.load_workbook(path)
    page = book["Daten"]
    page["C2"], page["D2"] = "Fachdienst Schule", "01.02.2020"
    book.save(path)
    kept = path.read_bytes()
    told = call("groups", small)
    assert told.code == 0, told.err
    assert path.read_bytes() == kept
    words = " ".join(told.out.split())
    assert "Fachdienst Schule" in words
    assert say("groups.late", "de") in words
    assert "1 davon überfällig" in words


def test_groups_with_a_mistake_ends_with_2_and_names_the_row(call: Call, small: Path) -> None:
    """What cannot be read is an error with its row; nothing is changed."""
    call("groups", small)
    path = small / "arbeitsgruppen.xlsx"
    book = openpyxl.load_workbook(path)
    book["Daten"]["C2"], book["Daten"]["D2"] = "Amt", "bald"
    book.save(path)
    told = call("groups", small)
    assert told.code == main.EXIT_INPUT
    assert "bald" in told.out + told.err
