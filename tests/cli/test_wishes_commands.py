"""``ankerort wishes`` on the sample region: forms, imports that count once, results that show no small figure."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from ankerort.base.problems import InputError, Problems
from ankerort.cli.main import build_app
from ankerort.region.read_wishes import read_wishes, survey_files
from ankerort.sample import write_sample
from ankerort.wishes_run import FORM_FILES, RESULT_FILES, find_mobile_services, import_wishes, write_forms


def _run(*words: str | Path) -> str:
    result = CliRunner().invoke(build_app("de"), ["wishes", *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample region with its region read; nobody writes into it."""
    folder = tmp_path_factory.mktemp("wishes") / "musterkreis"
    write_sample(folder, seed=1)
    _run("form", folder, "--out", folder / "weg")
    return folder


@pytest.fixture
def project(sample: Path, tmp_path: Path) -> Path:
    """A copy with the stages of the sample."""
    folder = tmp_path / "musterkreis"
    shutil.copytree(sample, folder)
    return folder


def _good(project: Path) -> Path:
    return project / "umfrage" / "eingegangen.csv"


def _bytes(project: Path) -> list[bytes]:
    return [path.read_bytes() for path in survey_files(project)]


def test_forms_are_written_and_the_notice_is_never_overwritten(project: Path) -> None:
    """Four files; what a person wrote into the notice stays and stands in the questionnaire; former files are kept."""
    told = _run("form", project)
    assert all((project / "umfrage" / name).is_file() and name in told for name in FORM_FILES)
    assert "[Telefon]" in told
    notice = project / "umfrage" / "datenschutz.txt"
    notice.write_text("Unser eigener Hinweis.", encoding="utf-8")
    told = _run("form", project, "--service", "Bücherbus", "--service", "bank")
    assert notice.read_text(encoding="utf-8") == "Unser eigener Hinweis."
    assert "Warnung" not in told
    assert (project / "umfrage" / "fragebogen.alt-1.pdf").is_file()
    pages = PdfReader(project / "umfrage" / "fragebogen.pdf").pages
    text = " ".join(page.extract_text() for page in pages)
    assert len(pages) == 2
    assert "Unser eigener Hinweis." in text
    assert "Bücherbus" in text
    assert "Medibus" not in text
    sheet = openpyxl.load_workbook(project / "umfrage" / "erfassung.xlsx")["Erfassung"]
    assert [str(c.value) for c in sheet[2] if str(c.value).startswith("Wie oft")] == [
        "Wie oft: Sparkassenbus (Mobile Filiale)", "Wie oft: Bücherbus",
    ]  # fmt: skip


def test_a_long_notice_is_told(project: Path) -> None:
    """The third page comes with a warning, the questions keep their two."""
    (project / "umfrage" / "datenschutz.txt").write_text("Lang ist das. " * 200, encoding="utf-8")
    written = write_forms(project)
    assert [p.code for p in written.problems] == ["wishes_notice_long"]
    assert len(PdfReader(written.files[0]).pages) == 3


def test_unknown_services_are_told_together(project: Path) -> None:
    """Both wrong names with the nearest known ones; nothing is written."""
    with pytest.raises(InputError) as error:
        write_forms(project, services=("Bücherbuss", "Zahnarzt"))
    assert [p.code for p in error.value.problems] == ["wishes_service_unknown"] * 2
    assert "Bücherbus" in str(error.value.problems[0].params["near"])
    assert not (project / "umfrage" / "fragebogen.pdf").exists()


def test_an_import_counts_once(project: Path) -> None:
    """All 200 answers arrive; the same file again changes no byte; a corrected file replaces its answers; the old tables stay."""
    assert "200 Antworten: 200 neu, 0 geändert, 0 schon bekannt" in _run("import", project, _good(project))
    before = _bytes(project)
    assert "200 Antworten: 0 neu, 0 geändert, 200 schon bekannt" in _run("import", project, _good(project))
    assert _bytes(project) == before
    assert not list((project / "umfrage").glob("*.alt-*"))
    with _good(project).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    rows[1][rows[0].index("Alter")] = "66" if rows[1][rows[0].index("Alter")] != "65 bis 74" else "88"
    del rows[5]
    with _good(project).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    told = _run("import", project, _good(project))
    assert "199 Antworten: 0 neu, 1 geändert, 198 schon bekannt" in told
    assert "1 Antwort aus einer früheren Fassung" in told
    assert (project / "umfrage" / "antworten.alt-1.csv").read_bytes() == before[0]


def test_the_same_sheets_under_another_name_count_once(project: Path) -> None:
    """A copy of the file adds nothing: number and content are known."""
    _run("import", project, _good(project))
    copy = project / "kopie.csv"
    shutil.copyfile(_good(project), copy)
    found = import_wishes(project, [copy], entered_on="2026-11-21")
    assert (found.wishes.count, found.taken.new) == (200, 0)
    assert sum(p.code == "wishes_known" for p in found.problems) == 200


def test_faulty_rows_are_told_and_the_others_count(project: Path) -> None:
    """The second file of the sample: four rows stay out, three cells, each with its row; the rest counts."""
    found = import_wishes(project, [project / "umfrage" / "eingegangen-mit-fehlern.csv"], entered_on="2026-11-21")
    assert found.wishes.count == 4
    assert sorted((p.code, p.severity) for p in found.problems if p.severity != "note") == [
        ("wishes_age", "warning"), ("wishes_choice", "warning"), ("wishes_double", "error"), ("wishes_number", "warning"),
        ("wishes_place_missing", "error"), ("wishes_place_twice", "error"), ("wishes_place_unknown", "error"),
    ]  # fmt: skip
    assert all(p.row is not None for p in found.problems)


def test_a_file_without_a_usable_row_changes_nothing(project: Path) -> None:
    """Nothing is half imported."""
    bad = project / "leer.csv"
    bad.write_text("Wohnort;Alter\nNirgendwo;70\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        import_wishes(project, [bad], entered_on="2026-11-21")
    assert [p.code for p in error.value.problems] == ["wishes_place_unknown", "wishes_nothing"]
    assert not any(path.exists() for path in survey_files(project))


def test_results_show_no_figure_below_five_and_no_free_text(project: Path) -> None:
    """Page, PDF and workbook: every count is 5 or more, places are named with whom they are counted, and no remark stands in them."""
    _run("import", project, _good(project))
    told = _run("show", project)
    assert "200 Menschen haben geantwortet" in told
    assert "Faktor 0,4 (Spanne 0,2 bis 0,7)" in told
    out = project / "ausgabe"
    assert all((out / name).is_file() for name in RESULT_FILES)
    book = openpyxl.load_workbook(out / "umfrage.xlsx", read_only=True)
    counts = []
    for name in ("Dienste", "Orte", "Weitere Fragen"):
        head, *rows = book[name].iter_rows(values_only=True)
        columns = [k for k, title in enumerate(head) if title in ("Antworten", "von so vielen")]
        counts += [row[k] for row in rows for k in columns if row[k] is not None]
    assert len(counts) > 100
    assert min(counts) >= 5
    assert " mit Kleinwörden" in told
    page = (out / "umfrage.html").read_text(encoding="utf-8")
    remarks = read_wishes(project, Problems()).text["text"]
    assert len(remarks) > 10
    assert not [t for t in remarks if t in page]


def test_without_answers_there_is_nothing_to_show(project: Path) -> None:
    """The error says what to do first."""
    result = CliRunner().invoke(build_app("de"), ["wishes", "show", str(project)])
    assert isinstance(result.exception, InputError)
    assert [p.code for p in result.exception.problems] == ["wishes_none"]


def test_services_are_found_by_id_and_label() -> None:
    """In the order of the catalogue; none asked for = all."""
    from ankerort.catalogue import read_catalogue

    catalogue = read_catalogue()
    found = find_mobile_services(catalogue, ("shop, Mobiles Bürgerbüro",))
    assert [s.id for s in found] == ["citizen_office", "shop"]
    assert len(find_mobile_services(catalogue, ())) == len(catalogue.mobile.services)
