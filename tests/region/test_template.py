"""The facility template goes out empty or filled and comes back without loss."""

from __future__ import annotations

import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.region.facility_tables import FacilityTables
from ankerort.region.read_facilities import read_facility_table
from ankerort.region.settings import InputSettings
from ankerort.region.template import (
    TEMPLATE_COLUMNS,
    known_heads,
    read_template,
    write_facilities_to_template,
    write_template,
)
from ankerort.text import LANGUAGES, Language, say

CRS = "EPSG:25832"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


def read_back(path: Path, catalogue: Catalogue) -> FacilityTables:
    problems = Problems()
    settings_ = InputSettings("facilities", (path,), "gemeinde", preset="template")
    tables = read_facility_table(settings_, catalogue=catalogue, crs=CRS, problems=problems)
    assert list(problems) == []
    return tables


@pytest.mark.parametrize("lang", LANGUAGES)
def test_empty_template_has_all_sheets_and_comes_back_empty(
    tmp_path: Path, catalogue: Catalogue, lang: Language
) -> None:
    """Every sheet and head is there in the language asked for, all services are listed, and no row comes back."""
    path = tmp_path / "vorlage.xlsx"
    places = pd.DataFrame({"name": ["Altdorf"], "ags": ["15083040"]})
    write_template(path, catalogue=catalogue, lang=lang, places=places)
    book = openpyxl.load_workbook(path)
    for table, columns in TEMPLATE_COLUMNS.items():
        head = [cell.value for cell in book[say(f"template.sheet.{table}", lang)][1]]
        assert head == [say(f"template.column.{column}", lang) for column in columns]
        assert len(set(head)) == len(head)
    services = book[say("template.sheet.services", lang)]
    assert [row[1].value for row in services.iter_rows(min_row=2)] == list(catalogue.facility_services())
    assert book[say("template.sheet.places", lang)]["A2"].value == "Altdorf"
    tables = read_back(path, catalogue)
    assert len(tables.facilities) == len(tables.absences) == len(tables.mobile_visits) == len(tables.buildings) == 0


def test_drop_downs_offer_services_kinds_and_weekdays(tmp_path: Path, catalogue: Catalogue) -> None:
    """The columns with fixed values offer them, in the words that come back in."""
    path = tmp_path / "vorlage.xlsx"
    write_template(path, catalogue=catalogue)
    book = openpyxl.load_workbook(path)
    offered = {
        book[sheet].cell(1, next(iter(rule.sqref.ranges)).min_col).value: rule.formula1
        for sheet in ("Einrichtungen", "Mobile Angebote", "Gebäude")
        for rule in book[sheet].data_validations.dataValidation
    }
    assert offered["Leistung"] == f"'Leistungen'!$A$2:$A${len(catalogue.facility_services()) + 1}"
    assert offered["Wochentag"] == '"Mo,Di,Mi,Do,Fr,Sa,So"'
    assert offered["Trägerart"] == offered["Eigentümerart"] == '"Gemeinde,Landkreis,Sparkasse,Kirche,Verein,privat"'
    assert offered["Nutzung"] == '"leer,mitnutzbar"'


def test_same_content_gives_the_same_file(tmp_path: Path, catalogue: Catalogue) -> None:
    """No clock stands in the workbook."""
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name, catalogue=catalogue)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_filled_template_comes_back_as_tables(tmp_path: Path, catalogue: Catalogue, lang: Language) -> None:
    """All four tables come back with the values that went out, whichever language the workbook has."""
    facilities = pd.DataFrame(
        [
            {
                "id": "7",
                "service": "bakery",
                "name": "Bäckerei Müßig",
                "place_name": "Altdorf",
                "ags": "01053040",
                "lon": 11.123456789012,
                "lat": 52.1,
                "state": "closed",
                "certainty": "probable",
                "operator": "Müßig",
                "operator_kind": "privat",
                "owner": "Gemeinde",
                "rooms": "2",
                "opening_hours": "Mo 08:00-12:00",
                "wheelchair": "limited",
                "capacity": 12.5,
                "check_date": "2024-02-29",
                "closed_year": "2023",
                "note": "=SUMME(A1)",
                "confirmed_by": "Bürgeramt",
                "confirmed_on": "2024-03-01",
            },
            {"id": "8", "service": "village_shop", "name": "0049", "place_name": "Neudorf", "lon": float("nan")},
        ]
    )
    absences = pd.DataFrame([{"service": "pharmacy", "place_name": "Altdorf", "confirmed_on": "2024-03-01"}])
    visits = pd.DataFrame(
        [{"id": "v", "service": "bank_branch", "place_name": "Altdorf", "weekday": "We", "rhythm_weeks": 2.0}]
    ).assign(from_time="09:00", to_time="10:30", operator_kind="Sparkasse", stop_name="Markt")
    buildings = pd.DataFrame([{"id": "b", "name": "Alte Schule", "place_name": "Altdorf", "use": "vacant"}]).assign(
        area_m2=120.0, condition=3.5, step_free="no", owner_kind="Gemeinde"
    )
    path = tmp_path / "voll.xlsx"
    write_facilities_to_template(
        path,
        catalogue=catalogue,
        lang=lang,
        facilities=facilities,
        absences=absences,
        mobile_visits=visits,
        buildings=buildings,
    )
    tables = read_back(path, catalogue)
    first, second = tables.facilities.to_dict("records")
    for column, value in facilities.iloc[0].items():
        if column != "id":
            assert first[str(column)] == value, column
    assert first["facility_id"] == "bakery:gemeinde:7"
    assert first["source_ref"] == f"{say('template.sheet.facilities', lang)}:2"
    assert (second["name"], second["state"], second["certainty"]) == ("0049", "open", "certain")
    assert tables.absences[["service", "place_name", "confirmed_on"]].to_numpy().tolist() == [
        ["pharmacy", "Altdorf", "2024-03-01"]
    ]
    visit = tables.mobile_visits.iloc[0]
    assert [visit[c] for c in ("weekday", "rhythm_weeks", "from_time", "to_time")] == ["We", 2.0, "09:00", "10:30"]
    building = tables.buildings.iloc[0]
    assert [building[c] for c in ("use", "area_m2", "condition", "step_free")] == ["vacant", 120.0, 3.5, "no"]


def test_tables_of_a_region_keep_their_ids_over_a_round_trip(tmp_path: Path, catalogue: Catalogue) -> None:
    """What was read, written and read again is the same table; merged rows are left out."""
    first = tmp_path / "a.xlsx"
    rows = [
        {"id": str(k), "service": "atm", "name": "", "place_name": "Altdorf", "lon": 11.0, "lat": 52.0} for k in (1, 2)
    ]
    write_facilities_to_template(first, catalogue=catalogue, facilities=pd.DataFrame(rows))
    once = read_back(first, catalogue).facilities
    second = tmp_path / "b.xlsx"
    write_facilities_to_template(second, catalogue=catalogue, facilities=once)
    pd.testing.assert_frame_equal(read_back(second, catalogue).facilities, once)
    write_facilities_to_template(second, catalogue=catalogue, facilities=once.assign(merged_into=["", "x"]))
    assert len(read_back(second, catalogue).facilities) == 1


def test_place_is_looked_up_by_its_id(tmp_path: Path, catalogue: Catalogue) -> None:
    """A table of a region names places by id; the template names them by name."""
    frame = pd.DataFrame([{"facility_id": "atm:osm:n1", "service": "atm", "place_id": "p1"}])
    places = pd.DataFrame({"place_id": ["p1"], "name": ["Altdorf"], "ags": ["15083040"]})
    path = tmp_path / "a.xlsx"
    write_facilities_to_template(path, catalogue=catalogue, facilities=frame, places=places)
    assert read_back(path, catalogue).facilities["place_name"].to_list() == ["Altdorf"]


# Excel's cells hold no control characters but the line feed; a cell is at most 32,767 characters long.
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\näöüÄÖÜß'\"=+-@;,"),
    min_size=1,
    max_size=60,
)
DAY = st.dates(min_value=pd.Timestamp("1901-01-01").date(), max_value=pd.Timestamp("2100-12-31").date())


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"name": TEXT, "note": TEXT, "rooms": TEXT, "opening_hours": TEXT},
            optional={
                "check_date": DAY.map(str),
                "capacity": st.floats(0, 1e12, allow_subnormal=False) | st.integers(0, 10**6).map(float),
                "lon": st.floats(-180, 180, allow_subnormal=False),
            },
        ),
        min_size=1,
        max_size=5,
    )
)
@example([{"name": "_x000D_", "note": "  blank ", "rooms": "007", "opening_hours": "1,5"}])
@example([{"name": "{=A1}", "note": "=1+1", "rooms": "http://a.b", "opening_hours": "2024-01-01"}])
def test_each_cell_comes_back_without_loss(catalogue: Catalogue, rows: list[dict[str, object]]) -> None:
    """Texts come back letter by letter, days as ISO days, numbers exactly."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        frame = pd.DataFrame([{"service": "atm", **row} for row in rows])
        write_facilities_to_template(path, catalogue=catalogue, facilities=frame)
        problems = Problems()
        (sheet,) = read_template(path, problems=problems)
    assert sheet.table == "facilities"
    assert len(sheet.raw.rows) == len(rows)
    for (number, cells), row, expected_row in zip(sheet.raw.rows, rows, range(2, 99), strict=False):
        assert number == expected_row
        found = dict(zip(sheet.columns, cells, strict=True))
        assert found["service"] == catalogue.services["atm"].label_de
        for column, value in row.items():
            text = found[column]
            assert (float(text) if isinstance(value, float) else text) == value


def test_heads_and_sheets_are_known_in_any_order_and_language(tmp_path: Path, catalogue: Catalogue) -> None:
    """A workbook made by hand in Excel with a title row, few columns and own sheets is read as the template."""
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "Meine Notizen"
    notes.append(["Text"])
    page = book.create_sheet("einrichtungen")
    page.append(["Einrichtungen der Gemeinde"])
    page.append([])
    page.append(["ORT", "Leistung", "Kapazität", "Geprüft"])
    page.append(["Altdorf", "Bäckerei; Dorfladen / DorfGemeinschaftsladen", 12, "x"])
    path = tmp_path / "hand.xlsx"
    book.save(path)
    tables = read_back(path, catalogue)
    assert tables.facilities["service"].to_list() == ["bakery", "village_shop"]
    assert tables.facilities["object_id"].nunique() == 1
    assert tables.facilities["source_ref"].to_list() == ["einrichtungen:4"] * 2


def test_workbook_without_known_sheet_is_an_error(tmp_path: Path, catalogue: Catalogue) -> None:
    """A workbook that is no template says so and tells the repair."""
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.save(tmp_path / "a.xlsx")
    problems = Problems()
    assert read_template(tmp_path / "a.xlsx", problems=problems) == []
    assert [(p.code, p.severity) for p in problems] == [("facility_sheets_unknown", "error")]


def test_every_head_stands_for_one_column() -> None:
    """No German or English head means two columns."""
    heads = {
        (say(f"template.column.{column}", lang).lower(), column)
        for columns in TEMPLATE_COLUMNS.values()
        for column in columns
        for lang in LANGUAGES
    }
    assert len({head for head, _ in heads}) == len(heads)
    assert all(known_heads()[head] == column for head, column in heads)
