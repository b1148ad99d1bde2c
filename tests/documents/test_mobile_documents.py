"""All documents of a mobile plan: chapter, workbook, geopackage, files; what is internal stays inside."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from pathlib import Path

import docx
import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import pypdf
import pytest
from PIL import Image

from ankerort.base.provenance import DatedValue
from ankerort.catalogue.mobile import Concern, MobileService, MobileVehicle, Rhythm
from ankerort.catalogue.provision import DatedRange
from ankerort.documents.blocks import Bullets, Heading, Paragraph, Picture, Table
from ankerort.documents.blocks_check import checked
from ankerort.documents.mobile_chapter import CHAPTERS, mobile_printed
from ankerort.documents.mobile_documents import contact_problems, internal_stops
from ankerort.documents.mobile_geopackage import LAYERS
from ankerort.documents.mobile_lines import plan_lines
from ankerort.documents.mobile_map import MobileMap, served_cells, tour_lines
from ankerort.documents.mobile_parts import MobileParts
from ankerort.documents.mobile_run_sheet import check_lines
from ankerort.documents.mobile_workbook import SHEETS
from ankerort.documents.mobile_write import FILES, write_mobile_documents, write_place_timetable
from ankerort.mobile.schema import PLAN_LEFT_PLACES, PLAN_VISITS
from ankerort.region.read_mobile_contact import MobileContact, StopNote
from ankerort.text import read_sentences, say
from ankerort.text.problems import describe_problem
from worlds import mobile_told as world
from worlds.tiny_region import B


@pytest.fixture(scope="module", params=["de", "en"])
def out(request, tmp_path_factory) -> tuple[Path, str, tuple[Path, ...]]:
    """All files in one language."""
    folder = tmp_path_factory.mktemp(f"mobil-{request.param}")
    return folder, request.param, write_mobile_documents(world.documents(), folder, lang=request.param)


@pytest.fixture(scope="module")
def parts() -> MobileParts:
    """The plan of the world in German."""
    return MobileParts(world.documents(), "de")


def pdf_text(path: Path) -> str:
    """All words of a PDF."""
    return " ".join(" ".join((p.extract_text() or "").split()) for p in pypdf.PdfReader(path).pages)


def test_all_files_are_there_and_nothing_else(out) -> None:
    """Chapter in three forms, workbook, geopackage, feed; two sheets and a calendar per place; services; what is internal lies apart."""
    folder, _, files = out
    assert tuple(f.name for f in files[: len(FILES)]) == FILES
    assert set(files) == {p for p in folder.rglob("*") if p.is_file()}
    names = {f.relative_to(folder).as_posix() for f in files}
    for place in ("Adorf", "Bdorf", "Cstadt"):
        assert {f"fahrplan/{place}-a4.pdf", f"fahrplan/{place}-a3.pdf", f"kalender/{place}.ics"} <= names
    assert {"kalender/alle-orte.ics", "intern/fahrtenblatt-fahrzeug-1.pdf", "intern/pruefliste.pdf"} <= names
    assert sum(n.startswith("leistungen/") for n in names) == 2


def test_equal_plans_give_equal_bytes(out, tmp_path: Path) -> None:
    """Nothing carries the day of writing."""
    folder, lang, files = out
    again = write_mobile_documents(world.documents(), tmp_path, lang=lang)
    for old, new in zip(files, again, strict=True):
        assert old.relative_to(folder) == new.relative_to(tmp_path)
        assert old.read_bytes() == new.read_bytes(), old.name


def test_the_depot_stands_only_inside() -> None:
    """Where the vehicle stands over night is in the run sheet; no public file names a depot that is no stop."""
    documents = world.documents()
    plan = dataclasses.replace(documents.plan, depots=("Geheimhof",))
    parts = MobileParts(dataclasses.replace(documents, plan=plan), "de")
    public = [str(b) for b in mobile_printed(parts).blocks if not isinstance(b, Picture)]
    public += [frame.to_csv() for make in SHEETS.values() for frame in [make(parts)]]
    assert "Geheimhof" not in "\n".join(public)
    drawn = [line for _, lines in tour_lines(parts) for line in lines]
    assert len(drawn) == 1  # Adorf to Bdorf; the ways from and to the depot are not drawn


def test_the_chapters_stand_in_order_in_page_pdf_and_docx(out) -> None:
    """Ten chapters with the same titles; the first has its page to itself."""
    folder, lang, _ = out
    titles = [f"{n} {say(f'mobile_doc.chapter.{c}', lang)}" for n, c in enumerate(CHAPTERS, 1)]
    html = (folder / "mobil.html").read_text(encoding="utf-8")
    document = [p.text for p in docx.Document(str(folder / "mobil.docx")).paragraphs]
    pdf = pdf_text(folder / "mobil.pdf")
    for title in titles:
        assert title in html
        assert title in document
        assert title in pdf
    first = " ".join(pypdf.PdfReader(folder / "mobil.pdf").pages[0].extract_text().split())
    assert titles[1] not in first
    assert not re.search(r'(?:src|href)="https?:', html)


def test_no_sentence_is_left_open(out) -> None:
    """No id of a sentence, no brace and no 'nan' reaches a reader, in either language."""
    folder, _, files = out
    told = [pdf_text(f) for f in files if f.suffix == ".pdf"]
    book = openpyxl.load_workbook(folder / "mobil.xlsx")
    told += [str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c is not None]
    for text in told:
        assert not re.search(r"mobile_doc\.|mobile_alt\.|[{}]|\bnan\b|\bNone\b", text), text[:200]


def test_the_first_page_says_it_in_numbers(parts) -> None:
    """Places, rhythm, people, target, cases as a range, cost with tolerance, driving, wishes, ways saved, agreement: each with a number."""
    lines = plan_lines(parts)
    assert all(re.search(r"\d", line) for line in lines)
    told = "\n".join(lines)
    assert "1 Fahrzeug bringt in 3 Orte: mobiles Bürgerbüro und mobile Bank." in told
    assert "280 von 340 Menschen" in told
    assert "33–54 T€/Jahr" in told
    assert "± 40 %" in told
    assert "150 Personen in Fußweite, 40 Fälle im Jahr gehen verloren" in told


def test_estimated_times_warn_on_chapter_and_run_sheet_only(out) -> None:
    """Straight-line times are told where somebody plans or drives, not on the sheet of a village."""
    folder, lang, _ = out
    warning = say("mobile_doc.estimated", lang)
    assert warning in pdf_text(folder / "mobil.pdf")
    assert warning in pdf_text(folder / "intern" / "fahrtenblatt-fahrzeug-1.pdf")
    assert warning not in pdf_text(folder / "fahrplan" / "Adorf-a4.pdf")


def test_a_plan_without_a_stop_still_has_documents(tmp_path: Path) -> None:
    """Nothing comes: the chapter says so, no sheet is written, nothing breaks."""
    documents = world.documents()
    plan = documents.plan
    left = PLAN_LEFT_PLACES.conform(plan.left.assign() if len(plan.left) else PLAN_LEFT_PLACES.empty())
    empty = dataclasses.replace(
        plan, stops=plan.stops.iloc[:0], rows=plan.rows.iloc[:0], visits=PLAN_VISITS.empty(), legs=plan.legs.iloc[:0],
        costs=plan.costs.iloc[:0], left=left,
    )  # fmt: skip
    files = write_mobile_documents(dataclasses.replace(documents, plan=empty), tmp_path)
    assert "Der Plan hat keinen Halt." in pdf_text(files[1])
    assert not list(tmp_path.glob("fahrplan/*"))


def test_places_left_out_have_a_reason(parts) -> None:
    """Every reason of the plan has its sentence; a stop in the next village is named."""
    documents = parts.documents
    for reason in (
        "no_stop",
        "no_need",
        "near_other",
        "no_agreement",
        "too_dear",
        "no_time",
        "forbidden",
        "fixed_near",
    ):
        assert f"mobile_doc.left.{reason}" in read_sentences()
    left = PLAN_LEFT_PLACES.conform(
        left_frame := PLAN_LEFT_PLACES.empty()
        .reindex(range(1))
        .assign(place_id=B, persons=40.0, persons_75_plus=15.0, reason="near_other", stop_id=world.H_STOP)
    )
    assert len(left_frame) == 1
    told = MobileParts(dataclasses.replace(documents, plan=dataclasses.replace(documents.plan, left=left)), "de")
    rows = [b for b in mobile_printed(told).blocks if isinstance(b, Table) and "Warum" in b.head]
    assert rows[0].rows == (
        ("Bdorf", "40", "15", "Die meisten Menschen können zu einem Halt im Nachbarort gehen. Halt: Adorf."),
    )


def test_the_map_shows_letters_and_lines_without_the_problem(parts) -> None:
    """Rings stand for homes where the problem is not at hand; the picture is not empty and as wide as asked."""
    assert served_cells(parts) is None
    image = Image.open(io.BytesIO(MobileMap(parts).draw(width=5.0)))
    assert image.width == 5.0 * 170
    assert len(np.unique(np.asarray(image.convert("L")))) > 20


def test_the_workbook_has_all_tables(out) -> None:
    """One sheet per table after the reading aid, with heads in words; dates of all visits; marks at the costs."""
    folder, lang, _ = out
    book = openpyxl.load_workbook(folder / "mobil.xlsx")
    assert book.sheetnames == [say("sheet.aid", lang), *(say(f"sheet.{n}", lang) for n in SHEETS)]
    dates = book[say("sheet.mobile_dates", lang)]
    expected = sum(len(v.dates.regular) for s in MobileParts(world.documents(), "de").stops for v in s.visits)
    assert dates.max_row == 1 + expected
    costs = book[say("sheet.mobile_costs", lang)]
    head = [c.value for c in costs[1]]
    mid = head.index(say("column.mobile_cost_mid", lang))
    assert sum(costs.cell(k, mid + 1).value for k in range(2, costs.max_row + 1)) == pytest.approx(41160.0)
    mark = head.index(say("column.mobile_mark", lang))
    assert all(costs.cell(k, mark + 1).value == "[D]" for k in range(2, costs.max_row + 1))


def test_the_geopackage_opens_with_styles(out) -> None:
    """Layers with geometry and fields; a style for each; letters as in the chapter; only stops joined by a drive have a line."""
    folder, _, _ = out
    path = folder / "mobil.gpkg"
    assert set(LAYERS) <= {name for name, _ in pyogrio.list_layers(path)}
    stops = gpd.read_file(path, layer="mobile_stops")
    assert stops["letter"].tolist() == ["A", "B", "C"]
    tours = gpd.read_file(path, layer="mobile_tours")
    assert tours[["from_letter", "to_letter", "weeks"]].to_numpy().tolist() == [["A", "B", "1;3"]]
    assert tours.geometry.iloc[0].length == pytest.approx(5000.0, abs=0.5)
    styles = pyogrio.read_dataframe(path, layer="layer_styles", read_geometry=False)
    assert set(styles["f_table_name"]) == set(LAYERS)


def test_every_figure_of_the_records_has_a_name() -> None:
    """A new field of a record would reach the table of assumptions without words."""
    for record in (MobileService, MobileVehicle, Rhythm, Concern):
        for field in dataclasses.fields(record):
            if field.type in ("DatedValue", "DatedRange", "Mapping[str, DatedValue]"):
                assert f"mobile_doc.field.{field.name}" in read_sentences(), (record, field.name)
    assert DatedRange and DatedValue


def test_notes_on_stops_that_nobody_serves_are_told() -> None:
    """A name of a place that the plan does not serve is a warning that lists those it serves."""
    documents = world.documents(MobileContact(stops=(StopNote("Xdorf", toilet="im Saal"), StopNote("adorf"))))
    (problem,) = contact_problems(documents)
    assert problem.params["name"] == "Xdorf"
    assert "Adorf, Bdorf, Cstadt" in str(problem.params["known"])
    parts = MobileParts(dataclasses.replace(documents, problems=(problem,)), "de")
    assert any("Xdorf" in line for line in check_lines(parts))


def test_a_stop_of_an_internal_list_is_a_warning() -> None:
    """A sheet cannot hide where the vehicle stands: the office is told which names only an internal list knows."""
    documents = world.documents()
    assert internal_stops(documents) == ()
    sources = documents.region.sources.assign(internal=[True, False])
    region = dataclasses.replace(documents.region, sources=sources)
    (problem,) = internal_stops(dataclasses.replace(documents, region=region))
    assert problem.params["names"] == "Bdorf, Kirche, Marktplatz"
    assert describe_problem(problem, "de")


def test_the_timetable_of_one_place_alone(tmp_path: Path) -> None:
    """Two sheets and a calendar, the same bytes as in the whole; a place without a stop is an error."""
    files = write_place_timetable(world.documents(), B, tmp_path / "one")
    whole = write_mobile_documents(world.documents(), tmp_path / "all")
    same = {f.relative_to(tmp_path / "all").as_posix(): f for f in whole}
    assert len(files) == 3
    for f in files:
        assert f.read_bytes() == same[f.relative_to(tmp_path / "one").as_posix()].read_bytes()
    with pytest.raises(KeyError):
        write_place_timetable(world.documents(), "x", tmp_path)


def test_the_feed_is_a_zip_of_text_files(out) -> None:
    """Each file has a head; the archive holds no folder."""
    folder, _, _ = out
    with zipfile.ZipFile(folder / "mobil-gtfs.zip") as archive:
        names = archive.namelist()
        assert {"agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt", "calendar_dates.txt"} <= set(
            names
        )
        assert all("/" not in n and archive.read(n).startswith(n[:3].encode()[:0]) for n in names)


def test_the_picture_has_words_for_who_cannot_see_it(parts) -> None:
    """The alternative text names every stop with its letter; checks of the writers pass."""
    blocks = checked(mobile_printed(parts)).blocks
    (picture,) = (b for b in blocks if isinstance(b, Picture))
    for stop in parts.stops:
        assert f"{stop.letter} {stop.place}" in picture.alt
    assert any(isinstance(b, Bullets | Heading | Paragraph) for b in blocks)


def test_sheets_layers_and_files_are_documented() -> None:
    """outputs.md has a row for each sheet in both languages and in order, for each layer and each file."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "outputs.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", page, flags=re.MULTILINE)
    parts = {p.split("\n", 1)[0].strip(): p for p in section}
    rows = [tuple(c.strip() for c in x.strip("|").split("|")[:2]) for x in parts["mobil.xlsx"].splitlines() if "|" in x]
    assert rows[3:] == [(say(f"sheet.{n}", "de"), say(f"sheet.{n}", "en")) for n in SHEETS]
    for layer in LAYERS:
        assert f"| `{layer}` |" in parts["mobil.gpkg"]
    for name in FILES:
        assert f"`{name}`" in parts["mobil.*"]
