"""Facility lists: the template's rules, official layouts, any table with a mapping, and what can be wrong in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from ankerort.base.problems import Problem, Problems
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.region.facility_presets import IGNORED, PRESETS
from ankerort.region.facility_tables import FacilityTables
from ankerort.region.read_facilities import read_facility_table
from ankerort.region.schema import ABSENCES, BUILDINGS, FACILITIES, MOBILE_VISITS
from ankerort.region.settings import InputSettings
from ankerort.region.table_cells import (
    parse_day,
    parse_number,
    parse_operator_kind,
    parse_time,
    parse_weekday,
)
from ankerort.region.template import TEMPLATE_COLUMNS
from ankerort.text import LANGUAGES, say

CRS = "EPSG:25832"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


def read(
    path: Path,
    catalogue: Catalogue,
    *,
    preset: str = "",
    columns: dict[str, str] | None = None,
    **options: object,
) -> tuple[FacilityTables, list[Problem]]:
    problems = Problems()
    given = InputSettings("facilities", (path,), "liste", preset=preset, columns=columns or {}, options=options)
    tables = read_facility_table(given, catalogue=catalogue, crs=CRS, problems=problems)
    for problem in problems:  # every problem can be said and repaired in both languages
        for lang in LANGUAGES:
            assert say(f"problem.{problem.code}", lang, **problem.params)
            assert say(f"repair.{problem.code}", lang, **problem.params)
    return tables, list(problems)


def csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "liste.csv"
    path.write_bytes(text.encode(encoding))
    return path


def codes(problems: list[Problem]) -> list[tuple[str, str, int | None]]:
    return [(p.code, p.severity, p.row) for p in problems]


# -- cells ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,5", 1.5), ("1.5", 1.5), ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("1.234.567", 1234567), (" -3 ", -3)],
)
def test_numbers_with_point_or_comma(text: str, number: float) -> None:
    """Of point and comma the last one is the decimal sign; one that stands twice parts thousands."""
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "zwölf", "1,5 m", "inf", "--1"])
def test_no_numbers(text: str) -> None:
    """Words and infinities are no numbers."""
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [("2024-02-29", "2024-02-29"), ("29.2.2024", "2024-02-29"), ("08/03/2020", "2020-03-08"), ("45351", "2024-02-29")],
)
def test_days(text: str, day: str) -> None:
    """ISO, German and slashed days and Excel's day number."""
    assert parse_day(text) == day


def test_no_days() -> None:
    """A day that does not exist is none."""
    assert parse_day("30.02.2024") is None
    assert parse_day("Frühjahr") is None


@pytest.mark.parametrize(
    ("text", "time"),
    [("9", "09:00"), ("9.30", "09:30"), ("09:30 Uhr", "09:30"), ("0.395833333", "09:30"), ("24:00", "24:00")],
)
def test_times(text: str, time: str) -> None:
    """Usual ways to write a time, and Excel's fraction of a day."""
    assert parse_time(text) == time


def test_words_of_closed_sets() -> None:
    """Weekdays in both languages, operator kinds without regard to case; anything else is None."""
    assert [parse_weekday(t) for t in ("Di", "tuesday", "Sonnabend", "So.", "X")] == ["Tu", "Tu", "Sa", "Su", None]
    assert parse_time("25:00") is None
    assert [parse_operator_kind(t) for t in ("gemeinde", "", "Bund")] == ["Gemeinde", "", None]


# -- tables --------------------------------------------------------------------------------------------------------------

TEXT = "Name{0}Art{0}Länge{0}Breite\nBäckerei Müßig{0}Bäckerei{0}{1}{0}{2}\n"
COLUMNS = {"name": "Name", "service": "Art", "lon": "Länge", "lat": "Breite"}


@pytest.mark.parametrize(("delimiter", "decimal"), [(";", ","), (";", "."), ("\t", ","), (",", ".")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_any_separator_and_encoding(
    tmp_path: Path, catalogue: Catalogue, delimiter: str, decimal: str, encoding: str
) -> None:
    """Separator, decimal sign and encoding are found out; a guessed encoding is a note."""
    text = TEXT.format(delimiter, f"11{decimal}25", f"52{decimal}5")
    tables, problems = read(csv(tmp_path, text, encoding), catalogue, columns=COLUMNS)
    assert [p.code for p in problems] == (["facility_encoding_guessed"] if encoding in ("cp1252", "latin-1") else [])
    row = tables.facilities.iloc[0]
    assert (row["name"], row["service"], row["lon"], row["lat"]) == ("Bäckerei Müßig", "bakery", 11.25, 52.5)
    assert (row["facility_id"], row["source_ref"]) == ("bakery:liste:row2", "2")
    assert [*FACILITIES.names, "place_name"] == list(tables.facilities.columns)


def test_all_four_tables_have_the_declared_columns(tmp_path: Path, catalogue: Catalogue) -> None:
    """Each table has the columns of its schema, and place and municipality as given beside them."""
    tables, _ = read(csv(tmp_path, "service;place_name\natm;Altdorf\n"), catalogue)
    for frame, schema in (
        (tables.facilities, FACILITIES),
        (tables.absences, ABSENCES),
        (tables.mobile_visits, MOBILE_VISITS),
        (tables.buildings, BUILDINGS),
    ):
        assert set(frame.columns) == {*schema.names, "place_name", "ags"}
    assert np.isnan(tables.facilities.loc[0, "x"])
    assert tables.facilities.loc[0, "place_name"] == "Altdorf"


def test_metres_of_another_system(tmp_path: Path, catalogue: Catalogue) -> None:
    """x and y in the system that the option names; lon, lat and the project's metres follow."""
    text = "Name;R;H\nA;4450000;5770000\n"
    mapping = {"name": "Name", "x": "R", "y": "H"}
    tables, problems = read(csv(tmp_path, text), catalogue, columns=mapping, service="atm", crs="EPSG:31468")
    assert problems == []
    row = tables.facilities.iloc[0]
    assert row["lon"] == pytest.approx(11.27, abs=0.01)
    assert row["lat"] == pytest.approx(52.06, abs=0.01)
    assert row["x"] == pytest.approx(655_700, abs=500)
    _, problems = read(csv(tmp_path, text), catalogue, columns=mapping, service="atm", crs="EPSG:1")
    assert "facility_crs" in [p.code for p in problems]


def test_value_map_of_the_user(tmp_path: Path, catalogue: Catalogue) -> None:
    """Values of a column become services by the map; a dash and values outside it are ignored and counted."""
    text = "Typ,lon,lat\nBack,11,52\nback,11.1,52\nKino,11,52\nPark,11,52\n"
    tables, problems = read(
        csv(tmp_path, text), catalogue, service_column="Typ", service_map={"Back": "bakery", "Kino": "-"}
    )
    assert tables.facilities["service"].to_list() == ["bakery", "bakery"]
    assert tables.ignored == {"Kino": 1, "Park": 1}
    assert codes(problems) == [("facility_values_ignored", "note", None)] * 2


def test_what_cannot_be_read_never_makes_a_row_surer(tmp_path: Path, catalogue: Catalogue) -> None:
    """A state or certainty that is there and unreadable makes the row probable; a year of closing without a state closes it."""
    text = (
        "name;service;lon;lat;state;certainty;closed_year\n"
        "a;bakery;11;52;;;\nb;bakery;11.1;52;ehemals;;\nc;bakery;11.2;52;;vielleicht;\n"
        "d;bakery;11.3;52;;;2020\ne;bakery;11.4;52;offen;;2031\n"
    )
    tables, problems = read(csv(tmp_path, text), catalogue)
    rows = tables.facilities.set_index("name")
    assert rows["certainty"].to_dict() == {
        "a": "certain",
        "b": "probable",
        "c": "probable",
        "d": "certain",
        "e": "certain",
    }
    assert rows["state"].to_dict() == {"a": "open", "b": "open", "c": "open", "d": "closed", "e": "open"}
    assert codes(problems) == [("facility_value", "warning", 3), ("facility_value", "warning", 4)]


def test_two_line_cells_keep_the_line_numbers(tmp_path: Path, catalogue: Catalogue) -> None:
    """A cell with a line break is one cell, and the row is named by its first line."""
    text = 'Name;Art;lon;lat\n"Müller\nMarkt 1";Bäckerei;11;52\n\nSchmidt;Bäckerei;11;52\nX;Bäckerei;0;0\n'
    tables, problems = read(csv(tmp_path, text), catalogue, columns={"name": "Name", "service": "Art"})
    assert tables.facilities["source_ref"].to_list() == ["2", "5"]
    assert tables.facilities.loc[0, "name"] == "Müller\nMarkt 1"
    assert codes(problems) == [("facility_zero_position", "error", 6)]


def test_several_services_in_a_cell_are_one_object(tmp_path: Path, catalogue: Catalogue) -> None:
    """Ids, German and English labels are understood; the rows share their object."""
    tables, problems = read(csv(tmp_path, "id;Leistung;Ort\n7;Bäckerei;Dorf\n8;atm;Dorf\n"), catalogue)
    assert problems == []
    assert tables.facilities["facility_id"].to_list() == ["bakery:liste:7", "atm:liste:8"]
    tables, _ = read(csv(tmp_path, 'id,Leistung,Ort\n7,"bakery; cash machine / ATM; atm",Dorf\n'), catalogue)
    assert tables.facilities["object_id"].nunique() == 1


def test_absences_visits_and_buildings_from_csv(tmp_path: Path, catalogue: Catalogue) -> None:
    """The option ``table`` says what the rows are."""
    tables, _ = read(csv(tmp_path, "service;ags;confirmed_on\natm;1053040;1.3.2024\n"), catalogue, table="absences")
    assert tables.absences[["service", "ags", "confirmed_on"]].to_numpy().tolist() == [
        ["atm", "01053040", "2024-03-01"]
    ]
    text = "service;Ort;Wochentag;Von;Bis;rhythm_weeks\nbank_branch;Dorf;Mi;9;10.30 Uhr;2\n"
    tables, problems = read(csv(tmp_path, text), catalogue, table="mobile_visits")
    visit = tables.mobile_visits.iloc[0]
    assert problems == []
    assert [visit[c] for c in ("weekday", "from_time", "to_time", "rhythm_weeks")] == ["We", "09:00", "10:30", 2.0]
    tables, _ = read(csv(tmp_path, "name;Ort;area_m2\nSchule;Dorf;120,5\n"), catalogue, table="buildings")
    assert tables.buildings.loc[0, "area_m2"] == 120.5
    _, problems = read(csv(tmp_path, "name;Ort\nSchule;Dorf\n"), catalogue, table="cinemas")
    assert codes(problems) == [("facility_option", "error", None)]


def test_own_workbook_with_mapping(tmp_path: Path, catalogue: Catalogue) -> None:
    """A workbook with a mapping is a table like any other; days and numbers of Excel are understood."""
    import datetime as dt

    book = openpyxl.Workbook()
    page = book.active
    page.title = "Kitas"
    page.append(["Kitas im Landkreis, Stand 2024"])
    page.append(["Einrichtung", "Plätze", "Ost", "Nord", "geprüft", "AGS"])
    page.append(["Kita Löwenzahn", 45, 11.5, 52.25, dt.datetime(2024, 3, 1), 15083040])
    book.save(tmp_path / "kitas.xlsx")
    mapping = {
        "name": "Einrichtung",
        "capacity": "Plätze",
        "lon": "Ost",
        "lat": "Nord",
        "check_date": "geprüft",
        "ags": "AGS",
    }
    tables, problems = read(tmp_path / "kitas.xlsx", catalogue, columns=mapping, service="kindergarten", sheet="Kitas")
    assert problems == []
    row = tables.facilities.iloc[0]
    assert [row[c] for c in ("capacity", "check_date", "ags", "source_ref")] == [
        45.0,
        "2024-03-01",
        "15083040",
        "Kitas:3",
    ]
    _, problems = read(tmp_path / "kitas.xlsx", catalogue, columns=mapping, service="kindergarten", sheet="Horte")
    assert codes(problems) == [("facility_sheet_missing", "error", None)]


# -- problems ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "code", "severity", "rows_left"),
    [
        ("A;Bäkerei;11;52;;;", "facility_service_unknown", "error", 0),
        ("A;;11;52;;;", "facility_service_empty", "warning", 0),
        ("A;atm;0;0;;;", "facility_zero_position", "error", 0),
        ("A;atm;52;11;;;", "facility_position_swapped", "error", 0),
        ("A;atm;655000;5770000;;;", "facility_position_range", "error", 0),
        ("A;atm;181;52;;;", "facility_position_range", "error", 0),
        ("A;atm;elf;52;;;", "facility_number", "warning", 0),
        ("A;atm;11;52;gestern;;", "facility_date", "warning", 1),
        ("A;atm;11;52;;-3;", "facility_negative", "error", 1),
        ("A;atm;11;52;;50 Plätze;", "facility_unit", "error", 1),
        ("A;atm;11;52;;viele;", "facility_number", "warning", 1),
        ("A;atm;11;52;;;Bund", "facility_operator_kind", "warning", 1),
        (";atm;;;;;", "facility_row_empty", "warning", 0),
        ("A;atm;;;;;", "facility_no_position", "warning", 0),
    ],
)
def test_what_is_wrong_is_named_with_row_and_column(
    tmp_path: Path, catalogue: Catalogue, cells: str, code: str, severity: str, rows_left: int
) -> None:
    """Facts that would be wrong are errors, unknown details are warnings; the good row below is read anyway."""
    text = f"Name;Art;Länge;Breite;Geprüft;Plätze;Träger\n{cells}\nB;atm;11;52;;;\n"
    mapping = {**COLUMNS, "check_date": "Geprüft", "capacity": "Plätze", "operator_kind": "Träger"}
    tables, problems = read(csv(tmp_path, text), catalogue, columns=mapping)
    found = [p for p in problems if p.code == code]
    assert [(p.severity, p.table, p.row) for p in found] == [(severity, "liste.csv", 2)]
    assert found[0].column is None or found[0].column in text.split("\n")[0].split(";")
    assert len(tables.facilities) == 1 + rows_left
    assert tables.facilities.iloc[-1]["name"] == "B"


def test_unknown_service_suggests_the_nearest(tmp_path: Path, catalogue: Catalogue) -> None:
    """The problem names ids that are close to what was written."""
    _, problems = read(csv(tmp_path, "service;Ort\nBäkerei;Dorf\n"), catalogue)
    assert "bakery" in str(problems[0].params["similar"])


def test_all_problems_are_found_at_once(tmp_path: Path, catalogue: Catalogue) -> None:
    """Reading goes on after each problem; weekdays, times, odd values and keys are named too."""
    text = "service;Ort;AGS;Wochentag;Von;Bis\natm;Dorf;12;Feiertag;25:00;x\natm;Dorf;15083040;Mo;10:00;9:00\n"
    tables, problems = read(csv(tmp_path, text), catalogue, columns={"ags": "AGS"}, table="mobile_visits")
    assert sorted(codes(problems)) == [
        ("facility_ags", "warning", 2),
        ("facility_time", "warning", 2),
        ("facility_time", "warning", 2),
        ("facility_time_order", "warning", 3),
        ("facility_weekday", "warning", 2),
    ]
    assert tables.mobile_visits["weekday"].to_list() == ["", "Mo"]


def test_duplicate_ids_are_an_error(tmp_path: Path, catalogue: Catalogue) -> None:
    """An id that stands twice for one service is an error that names the first row; two services may share it."""
    text = "id;service;Ort\n1;atm;A\n1;bakery;A\n1;atm;B\n"
    tables, problems = read(csv(tmp_path, text), catalogue)
    assert codes(problems) == [("facility_duplicate_id", "error", 4)]
    assert problems[0].params == {"value": "1", "first": 2}
    assert len(tables.facilities) == 2


@pytest.mark.parametrize(
    ("text", "columns", "options", "code"),
    [
        ("Name;lon;lat\nA;11;52\n", {"name": "Bezeichnung"}, {"service": "atm"}, "facility_column_missing"),
        ("Name;lon;lat\nA;11;52\n", {}, {}, "facility_no_service_column"),
        ("Name;Strasse\nA;Weg\n", {}, {"service": "atm"}, "facility_no_position_column"),
        ("Name;lon;lat\nA;11;52\n", {}, {"service": "atms"}, "facility_option"),
        ("Name;lon;lat\nA;11;52\n", {}, {"service": "atm", "certainty": "sure"}, "facility_option"),
        ("Name;lon;lat\nA;11;52\n", {}, {"service": "atm", "encoding": "utf-99"}, "facility_encoding"),
        ("", {}, {"service": "atm"}, "facility_file_empty"),
    ],
)
def test_tables_that_cannot_be_read(
    tmp_path: Path, catalogue: Catalogue, text: str, columns: dict[str, str], options: dict[str, object], code: str
) -> None:
    """What is missing for the whole table is one error, not one per row."""
    _, problems = read(csv(tmp_path, text), catalogue, columns=columns, **options)
    assert codes(problems) == [(code, "error", None)]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"no workbook", "facility_file_broken"),
        ("a.xls", b"old", "facility_file_format"),
        ("none.csv", None, "facility_file_missing"),
    ],
)
def test_unusable_files(tmp_path: Path, catalogue: Catalogue, name: str, content: bytes | None, code: str) -> None:
    """Broken, old and missing files are errors, no crash."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    _, problems = read(tmp_path / name, catalogue, service="atm")
    assert codes(problems) == [(code, "error", None)]


def test_unknown_preset_is_an_error(tmp_path: Path, catalogue: Catalogue) -> None:
    """The problem names the presets that there are."""
    _, problems = read(csv(tmp_path, "service;Ort\natm;Dorf\n"), catalogue, preset="aldi")
    assert codes(problems) == [("facility_preset", "error", None)]
    assert "eurostat_hospitals" in str(problems[0].params["known"])


# -- presets -------------------------------------------------------------------------------------------------------------


def test_presets_name_services_of_the_catalogue(catalogue: Catalogue) -> None:
    """Every service of a preset is in the catalogue."""
    for preset in PRESETS.values():
        for service in (preset.service, *preset.service_map.values()):
            assert service == IGNORED or service in catalogue.services


def test_hospitals_must_meet_the_rule_of_the_catalogue(tmp_path: Path, catalogue: Catalogue) -> None:
    """Day clinics and psychiatric houses in a list of hospitals are no basic hospitals; they are counted."""
    text = (
        "id,hospital_name,site_name,lat,lon,cap_beds,ref_date\n"
        "1,Klinikum,Hauptstandort,52.1,11.6,120,08/03/2020\n"
        "2,Klinikum,Psychiatrische Tagesklinik,52.2,11.6,,08/03/2020\n"
        "1,Klinikum,Hauptstandort,52.1,11.6,120,08/03/2020\n"
    )
    tables, problems = read(csv(tmp_path, text), catalogue, preset="eurostat_hospitals")
    (row,) = tables.facilities.to_dict("records")
    assert (row["name"], row["capacity"], row["source_date"]) == ("Klinikum, Hauptstandort", 120.0, "2020-03-08")
    assert tables.ignored == {"hospital": 1}
    assert codes(problems) == [("facility_duplicate_id", "warning", 4), ("facility_rule_ignored", "note", None)]


def test_lidl_rows_are_the_objects_of_osm(tmp_path: Path, catalogue: Catalogue) -> None:
    """A list taken from OSM shares its objects, so that it merges with an extract wherever the centre lies."""
    text = "osm_type,osm_id,lon,lat,name,opening_hours,wheelchair\nway,5,11.6,52.1,Lidl,Mo-Sa 08:00-21:00,yes\n"
    tables, problems = read(csv(tmp_path, text), catalogue, preset="lidl_osm_2024")
    row = tables.facilities.iloc[0]
    assert problems == []
    assert (row["service"], row["object_id"], row["facility_id"]) == ("discounter", "osm:w5", "discounter:liste:w5")
    assert (row["opening_hours"], row["wheelchair"]) == ("Mo-Sa 08:00-21:00", "yes")


def test_columns_of_the_user_override_the_preset(tmp_path: Path, catalogue: Catalogue) -> None:
    """A preset's column that the file calls differently is mapped by the user."""
    text = "osm_type,osm_id,lon,lat,Markt,opening_hours,wheelchair\nnode,5,11.6,52.1,Lidl Nord,,\n"
    tables, problems = read(csv(tmp_path, text), catalogue, preset="lidl_osm_2024", columns={"name": "Markt"})
    assert problems == []
    assert tables.facilities.loc[0, "name"] == "Lidl Nord"


@pytest.mark.golden
@pytest.mark.parametrize(
    ("file", "preset", "found", "ignored"),
    [
        ("magdeburg/einrichtungen/krankenhaeuser_eurostat.csv", "eurostat_hospitals", {"hospital": 47}, 17),
        ("stockheim/einrichtungen/krankenhaeuser_eurostat.csv", "eurostat_hospitals", {"hospital": 6}, 2),
        ("magdeburg/einrichtungen/lidl_osm_2024.csv", "lidl_osm_2024", {"discounter": 59}, 0),
        (
            "magdeburg/einrichtungen/poi_stadt_magdeburg_osm.csv",
            "poi_magdeburg",
            {"bus_stop": 742, "pharmacy": 52, "restaurant": 263, "supermarket": 147},
            575,
        ),
        ("magdeburg/einrichtungen/2020-03-12_Standorte_Verkaufsstellen.csv", "sales_points_nasa", {}, 33),
        ("magdeburg/haltestellen/db_stationen.csv", "db_stations", {"rail_station": 209}, 0),
    ],
)
def test_real_lists(
    shared_data: Path, catalogue: Catalogue, file: str, preset: str, found: dict[str, int], ignored: int
) -> None:
    """The official lists of the real regions are read in full, without an error."""
    tables, problems = read(shared_data / file, catalogue, preset=preset)
    assert tables.facilities["service"].value_counts().to_dict() == found
    assert sum(tables.ignored.values()) == ignored
    assert not [p for p in problems if p.severity == "error"]
    assert tables.facilities[["lon", "lat", "x", "y"]].notna().all(axis=None)


def test_every_preset_option_and_column_is_documented() -> None:
    """The reference names each preset, option and template column."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "facility-tables.md").read_text("utf-8")
    columns = {column for table in TEMPLATE_COLUMNS.values() for column in table}
    options = {"service", "service_column", "service_map", "table", "certainty", "complete", "crs"}
    for name in (*PRESETS, *columns, *options, "delimiter", "encoding", "sheet"):
        assert f"`{name}`" in text, name
