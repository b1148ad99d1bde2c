"""Each file is known by its content, none by its name; what is not known is told with what was looked for."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from ankerort.base.problems import Problem, Problems
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.network.timetable.stop_matrix import PRESETS as MATRIX_PRESETS
from ankerort.network.timetable.stop_matrix import STOP_COLUMNS, TIME_COLUMNS
from ankerort.region.census_presets import OFFICIAL_PRESETS
from ankerort.region.census_presets import PRESETS as CENSUS_PRESETS
from ankerort.region.facility_presets import PRESETS
from ankerort.region.inbox.layouts import MATRIX_HEADS
from ankerort.region.inbox.listing import list_inbox
from ankerort.region.inbox.office_lists import _LISTS
from ankerort.region.inbox.plan import PlannedInput, plan_inputs
from ankerort.region.inbox.recognise import Found, recognise_files
from ankerort.region.lists.registry import LIST_READERS
from ankerort.region.template import write_template
from ankerort.text.problems import describe_problem

YEAR = dt.date(2026, 11, 23).year


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return read_catalogue()


def _look(inbox: Path, catalogue: Catalogue) -> tuple[list[Found], dict[str, Problem]]:
    problems = Problems()
    files = list_inbox(inbox, problems=problems)
    found = recognise_files(files, catalogue=catalogue, this_year=YEAR, problems=problems)
    return found, {p.table: p for p in problems}


def _planned(inbox: Path, catalogue: Catalogue) -> tuple[list[PlannedInput], dict[str, Problem]]:
    problems = Problems()
    files = list_inbox(inbox, problems=problems)
    found = recognise_files(files, catalogue=catalogue, this_year=YEAR, problems=problems)
    inputs = plan_inputs(found, folder="eingang", downloads=catalogue.downloads, problems=problems)
    return inputs, {p.table: p for p in problems}


TABLES: Mapping[str, tuple[str, str, str, Mapping[str, object]]] = {
    "Grid 2022, persons": (
        "GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner\nCRS3035RES100mN3205300E4438200;4438250;3205350;6\n",
        "census",
        "",
        {},
    ),
    "Grid 2022, ages": (
        "GITTER_ID_1km;x_mp_1km;y_mp_1km;Insgesamt_Bevoelkerung;Unter18;a18bis29;a30bis49;a50bis64;a65undaelter\n"
        "CRS3035RES1000mN3205000E4438000;4438500;3205500;6;–;–;–;–;–\n",
        "census",
        "",
        {},
    ),
    "Grid 2011 of the official page": (
        "Gitter_ID_100m;x_mp_100m;y_mp_100m;Einwohner\n100mN26840E43341;4334150;2684050;-1\n",
        "census",
        "",
        {"drop_not_available": True},
    ),
    "totals": ("ars,ags,name,einwohner\n150010000000,15001000,Dessau,75938\n", "census", "", {"totals": True}),
    "members": ("AGS,RS,GEN,BEZ,vg_rs,vg_name,vg_typ\n15001000,1,A,Stadt,1,A,x\n", "boundaries", "", {}),
    "members of an association": (
        "verbandsgemeinde;plz;ags_mitglieder\nAn der Finne;06647;15084012 15084015\n",
        "boundaries",
        "",
        {},
    ),
    "register of stops": (
        "Haltestelle Name;Globale ID;X-Koordinate;Y-Koordinate;AGS Gemeinde\nA;de:1;10,9;52,7;15081105\n",
        "stop_register",
        "nasa_register",
        {},
    ),
    "stations": (
        "eva,ril100,name,lon,lat,category,stepless,city\n8011042,LANG,Angern,11.7,52.3,6,yes,Angern\n",
        "stop_register",
        "db_stations",
        {},
    ),
    "own stops": ("stop_id;name;lon;lat\n1;Markt;11,5;52,1\n", "stop_register", "", {}),
    "Lidl of OSM": (
        "osm_type,osm_id,lon,lat,name,opening_hours,wheelchair\nnode,1,8.6,49.5,LIDL,Mo-Sa 07:00-22:00,yes\n",
        "facilities",
        "lidl_osm_2024",
        {},
    ),
    "points of interest": ("category,lon,lat\ncafe,11.5,52.0\npharmacy,11.5,52.0\n", "facilities", "poi_magdeburg", {}),
    "own facilities": (
        "Leistung;Name;Ort;AGS\nApotheke;Markt-Apotheke;Wanzleben;15083535\n",
        "facilities",
        "",
        {},
    ),
    "visits": (
        "service;place_name;weekday;from_time;to_time\nbakery;Klein Wanzleben;Mo;08:00;09:00\n",
        "facilities",
        "",
        {"table": "mobile_visits"},
    ),
    "buildings": (
        "use;owner_kind;place_name\nvacant;municipality;Seehausen\n",
        "facilities",
        "",
        {"table": "buildings"},
    ),
    "projection, years in columns": (
        "Schlüssel;Kreis;Geschlecht;Altersgruppe;2025;2030;2035\n15999;Musterkreis;männlich;0 bis unter 5;129;112;100\n",
        "projection",
        "",
        {},
    ),
    "counts of past years": (
        "AGS;Jahr;Geschlecht;Alter;Personen\n15998010;2012;männlich;0 bis unter 5;70\n15998010;2022;weiblich;5-9;3\n",
        "population",
        "",
        {},
    ),
    "projection of GENESIS": (
        "1_Merkmal_Code;1_Auspraegung_Code;2_Merkmal_Code;2_Auspraegung_Code;3_Merkmal_Code;3_Auspraegung_Code;Zeit;BEV001__x\n"
        "KREISE;15083;GES;GESM;ALTX20;ALT000B05;31.12.2035;3000\n",
        "projection",
        "",
        {},
    ),
    "central places": (
        "Ort;Gemeindeschluessel;Stufe;Plan;Datum\nWerbenau;15998010;Mittelzentrum;Regionalplan;12.06.2024\n",
        "central_places",
        "",
        {},
    ),
    "places": ("ortsteil;ags;lon;lat\nSeehausen;15083535;11,3;52,1\n", "places", "", {}),
    "broadband atlas": (
        "ags;gemeinde;down_fn_hh_alle_50;down_fn_hh_alle_100;down_fn_hh_ftthb_1000\n15001000;Dessau;99,1;97,2;40\n",
        "broadband",
        "",
        {},
    ),
    "broadband by office": (
        "Breitbandversorgung im Musterkreis;;;\nGemeinde;Ortsteil;Haushalte;mind. 100 Mbit/s\nAdorf;Beheim;80;92 %\n",
        "broadband",
        "",
        {},
    ),
    "list of classes of broadband": ("Ort;Breitband\nBeheim;mind. 100 Mbit/s\n", "broadband", "", {}),
    "doctors' list": (
        "Fachgebiet;Name;Versorgungsauftrag;PLZ;Ort\nHausarzt;Dr. A;0,5;39164;Wanzleben\n",
        "facilities",
        "doctors_list",
        {"internal": True},
    ),
    "Kita plan": (
        "Name der Einrichtung;Ort;Plätze U3;Plätze Ü3;Hort\nSpatzennest;Seehausen;10;30;20\n",
        "facilities",
        "childcare_plan",
        {},
    ),
    "register of schools": (
        "Schulname;Schulform;Straße;PLZ;Ort\nGS Seehausen;Grundschule;Schulstr. 1;39164;Seehausen\n",
        "facilities",
        "school_plan",
        {},
    ),
    "register of charging points": (
        "Ladesäulenregister\nStand;1.11.2026\n\nLadeeinrichtungs-ID;Betreiber;Status;Art der Ladeeinrichtung;Anzahl Ladepunkte;"
        "Nennleistung Ladeeinrichtung [kW];Straße;Hausnummer;Postleitzahl;Ort\n"
        "1;Stadtwerke;In Betrieb;Normalladeeinrichtung;2;22;Markt;1;39164;Wanzleben\n",
        "facilities",
        "charging_register",
        {},
    ),
    "schools of JedeSchule": (
        "id,name,address,zip,city,school_type,provider,latitude,longitude\n1,GS,Weg 1,39164,Wanzleben,Grundschule,Stadt,52.1,11.4\n",
        "facilities",
        "jedeschule",
        {},
    ),
    "care": (
        "Name der Einrichtung;Ort;Plätze vollstationär;Plätze Tagespflege\nHaus Linde;Seehausen;40;12\n",
        "facilities",
        "care_providers",
        {},
    ),
    "fire brigades": (
        "Ortsfeuerwehr;Ort;Tagesverfügbarkeit;Atemschutzgeräteträger;Fahrzeuge\nSeehausen;Seehausen;3;8;LF 10\n",
        "facilities",
        "fire_plan",
        {},
    ),
    "stops of the local transport plan": (
        "Haltestelle;Ortsteil;Linien;barrierefrei\nMarkt;Seehausen;650, 651;nein\n",
        "facilities",
        "transport_stops",
        {},
    ),
    "school districts": (
        "Ortsteil;Zuständige Grundschule\nSeehausen;GS Seehausen\n",
        "facilities",
        "school_districts",
        {},
    ),
    "registration office": (
        "Ortsteil;unter 6;6 bis 17;18 bis 64;65 und älter\nSeehausen;40;90;600;250\nDreileben;12;20;200;100\n",
        "population",
        "",
        {},
    ),
    "house coordinates": (
        "N;DESTOI1;A;15;0;83;535;0000;00123;5;;32650000,1;5770000,2;Schulstraße;39164;Wanzleben\n",
        "addresses",
        "",
        {},
    ),
    "cells given to places": (
        "cell_id;ort\nCRS3035RES100mN3205300E4438200;Seehausen\n",
        "places",
        "",
        {"override": True},
    ),
}


@pytest.mark.parametrize("what", sorted(TABLES))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_tables_are_known_by_heads_and_values(tmp_path: Path, catalogue: Catalogue, what: str, encoding: str) -> None:
    """Each known table is recognised under a name that says nothing, as UTF-8 with and without mark and as German Excel."""
    text, kind, preset, options = TABLES[what]
    (tmp_path / "x1.dat.csv").write_text(text, encoding=encoding, errors="replace", newline="\r\n")
    found, told = _look(tmp_path, catalogue)
    assert {p.code for p in told.values()} == ({"inbox_internal"} if options.get("internal") else set())
    assert [(f.kind, f.preset, dict(f.options)) for f in found] == [(kind, preset, options)]


STRANGE = {
    "trees": "name,lon,lat,art,hoehe\nLinde 1,11.5,52.1,Tilia,12\n",
    "supermarkets of OSM": "osm_type,osm_id,lon,lat,name,opening_hours,wheelchair\nnode,1,8.6,49.5,Rewe,Mo-Sa 07:00-22:00,yes\n",
    "other categories": "category,lon,lat\n6,11.5,52.0\n5,11.5,52.0\n",
    "services of another list": "service;name;lon;lat\nwasserrohr;a;11;52\nkanal;b;11;52\n",
    "households": "GITTER_ID_100m;x_mp_100m;y_mp_100m;Insgesamt_Haushalte;1_Person\nCRS3035RES100mN1E1;1;1;3;3\n",
    "rents": "GITTER_ID_1km;x_mp_1km;y_mp_1km;durchschnMieteQM\nCRS3035RES1000mN1E1;1;1;5,80\n",
    "budget by year": "AGS;Jahr;Schulden\n15083020;2020;100\n",
    "years that are none": "AGS;Jahr;Einwohner\nnord;alt;viele\nsued;neu;wenige\n",
    "tiers that are none": "name;stufe\nTreppe;oben\nLeiter;unten\n",
    "machines": "\ufeffStandort;Lage;Lat;Lon;;;\nAngern;vor dem Haus;52.3;11.7;;;\n",
    "shops with addresses": "name,strasse,hnr,lon,lat,umsatz\nRewe,Markt,1,11.5,52.1,5\n",
    "invoices": "Name;Ort;Betrag\nMeier;Wanzleben;12,50\n",
    "one word": "Hallo\n",
    "prose": "Sehr geehrte Damen und Herren,\nanbei die Daten.\nMit freundlichen Grüßen\n",
}


@pytest.mark.parametrize("what", sorted(STRANGE))
def test_other_tables_are_left_out_with_a_word(tmp_path: Path, catalogue: Catalogue, what: str) -> None:
    """A table of something else is never taken for an input, and is named."""
    (tmp_path / "a.csv").write_text(STRANGE[what], encoding="utf-8")
    found, told = _look(tmp_path, catalogue)
    assert found == []
    assert set(told) == {"a.csv"}
    assert told["a.csv"].code.startswith(("inbox_unknown", "inbox_other_census"))


def test_the_nearest_layout_is_named_with_what_it_lacks(tmp_path: Path, catalogue: Catalogue) -> None:
    """A register of stops without its coordinate columns is told as that, with the missing heads."""
    (tmp_path / "a.csv").write_text("Haltestelle Name;Globale ID;X;Y\nA;de:1;10,9;52,7\n")
    _, told = _look(tmp_path, catalogue)
    assert told["a.csv"].code == "inbox_unknown_near"
    assert told["a.csv"].params["missing"] == "x-koordinate, y-koordinate"
    assert "Am nächsten ist Haltestellenverzeichnis (nasa_register)" in describe_problem(told["a.csv"], "de")


def test_two_kinds_that_fit_equally_are_not_chosen(tmp_path: Path, catalogue: Catalogue) -> None:
    """Absences and facilities without a name have the same heads: Ankerort says so and takes neither."""
    (tmp_path / "a.csv").write_text(
        "service;place_name;confirmed_by;confirmed_on\nbakery;Seehausen;Gemeinde;2026-01-01\n", encoding="utf-8"
    )
    found, told = _look(tmp_path, catalogue)
    assert found == []
    assert told["a.csv"].code == "inbox_two_kinds"
    assert "Einrichtungen / Einrichtungen (absences)" in describe_problem(told["a.csv"], "de")
    assert "facilities / facilities (absences)" in describe_problem(told["a.csv"], "en")


def test_stops_belong_to_their_times(tmp_path: Path, catalogue: Catalogue) -> None:
    """The same heads are a register of stops alone, and the stops of a matrix where the times lie beside."""
    (tmp_path / "b.csv").write_text("stop_id,name,lon,lat\n1,A,11,52\n2,B,11.1,52\n")
    inputs, told = _planned(tmp_path, catalogue)
    assert [i.kind for i in inputs] == ["stop_register"]
    (tmp_path / "a.csv").write_text("from,to,minutes\n1,2,5\n")
    inputs, told = _planned(tmp_path, catalogue)
    assert [(i.kind, i.files) for i in inputs] == [("stop_matrix", ("eingang/b.csv", "eingang/a.csv"))]
    assert told == {}
    (tmp_path / "b.csv").unlink()
    inputs, told = _planned(tmp_path, catalogue)
    assert inputs == []
    assert told["a.csv"].code == "inbox_matrix"


def test_every_census_preset_is_known(tmp_path: Path, catalogue: Catalogue) -> None:
    """The heads of each preset of the census reader are recognised as that preset."""
    marks = {"zensus2011_200m": [], "zensus2011_1km": [], "zensus2011_100m": ["wohnungen"]}
    for name, layout in CENSUS_PRESETS.items():
        heads = [*layout.columns.values(), *marks[name]]
        (tmp_path / f"{name}.csv").write_text(",".join(heads) + "\n" + ",".join("1" for _ in heads) + "\n")
    found, told = _look(tmp_path, catalogue)
    assert told == {}
    assert {f.file.shown: f.preset for f in found} == {f"{name}.csv": name for name in CENSUS_PRESETS}
    assert {f.role for f in found} & set(OFFICIAL_PRESETS) == set()


@pytest.mark.parametrize("preset", sorted(p for p, v in PRESETS.items() if v.columns and p != "db_stations"))
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_every_facility_preset_is_known(tmp_path: Path, catalogue: Catalogue, preset: str, ending: str) -> None:
    """A file with exactly the heads of a preset, and values of its own, is recognised as that preset."""
    one = PRESETS[preset]
    heads = [*one.columns.values(), one.service_column, *one.name_parts, *(one.osm_ref or ())]
    heads = list(dict.fromkeys(h for h in heads if h))
    samples = {"name": "Lidl Nord", one.service_column: next(iter(one.service_map), "x")}
    row = [samples.get(h, "1") for h in heads]
    if ending == ".csv":
        (tmp_path / "a.csv").write_text(";".join(heads) + "\n" + ";".join(row) + "\n", encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for line in (heads, row):
            book.active.append(line)
        book.save(tmp_path / "a.xlsx")
    found, told = _look(tmp_path, catalogue)
    if one.service_column and not one.service_map and not one.service:
        assert {p.code for p in told.values()} == {"inbox_no_services"}
        return
    assert told == {}
    assert [(f.kind, f.preset) for f in found] == [("facilities", preset)]


def test_every_list_reader_is_known() -> None:
    """A list that Ankerort reads but the inbox does not know could only be entered by hand."""
    assert set(_LISTS) == set(LIST_READERS)


def test_heads_of_the_matrix_are_those_of_its_reader() -> None:
    """The inbox stands below the network and names the heads of the matrix itself: both must agree."""
    assert set(MATRIX_HEADS) == set(MATRIX_PRESETS)
    for name, (stops, times) in MATRIX_HEADS.items():
        preset = MATRIX_PRESETS[name]
        assert stops == tuple(preset.get(c, c) for c in STOP_COLUMNS)
        assert times == tuple(preset.get(c, c) for c in TIME_COLUMNS)


def test_the_template_is_known_in_both_languages(tmp_path: Path, catalogue: Catalogue) -> None:
    """Filled or empty, German or English: the template is the template; a workbook with such a sheet name alone is not."""
    write_template(tmp_path / "a.xlsx", catalogue=catalogue, lang="de")
    write_template(tmp_path / "b.xlsx", catalogue=catalogue, lang="en")
    book = openpyxl.Workbook()
    book.active.title = "Einrichtungen"
    book.active.append(["Kasse", "Betrag"])
    book.save(tmp_path / "c.xlsx")
    found, told = _look(tmp_path, catalogue)
    assert [(f.file.shown, f.preset) for f in found] == [("a.xlsx", "template"), ("b.xlsx", "template")]
    assert set(told) == {"c.xlsx"}


def test_own_facilities_in_a_workbook_name_their_sheet(tmp_path: Path, catalogue: Catalogue) -> None:
    """A workbook that is no template is read by its sheet, below title rows."""
    book = openpyxl.Workbook()
    page = book.create_sheet("Liste 2026")
    for line in (["Apotheken im Kreis"], [], ["Leistung", "Name", "Ort"], ["Apotheke", "Markt-Apotheke", "Wanzleben"]):
        page.append(line)
    book.save(tmp_path / "a.xlsx")
    found, told = _look(tmp_path, catalogue)
    assert told == {}
    assert [(f.kind, dict(f.options)) for f in found] == [("facilities", {"sheet": "Liste 2026"})]


def test_a_table_of_another_format_is_told(tmp_path: Path, catalogue: Catalogue) -> None:
    """A register of stops as a workbook is recognised, but its reader wants CSV; a later sheet is not read."""
    book = openpyxl.Workbook()
    for line in (["stop_id", "name", "lon", "lat"], ["1", "A", "11", "52"]):
        book.active.append(line)
    book.save(tmp_path / "a.xlsx")
    book = openpyxl.Workbook()
    book.active.append(["Deckblatt"])
    page = book.create_sheet("Daten")
    for line in (["Ort", "Stufe"], ["Werbenau", "Mittelzentrum"]):
        page.append(line)
    book.save(tmp_path / "b.xlsx")
    found, told = _look(tmp_path, catalogue)
    assert found == []
    assert {t: p.code for t, p in told.items()} == {"a.xlsx": "inbox_kind_format", "b.xlsx": "inbox_sheet"}


# -- layers ----------------------------------------------------------------------------------------------------------


def _areas(**columns: list[object]) -> gpd.GeoDataFrame:
    count = len(next(iter(columns.values())))
    boxes = [shapely.box(11 + k / 10, 52, 11.1 + k / 10, 52.1) for k in range(count)]
    return gpd.GeoDataFrame(columns, geometry=boxes, crs="EPSG:4326")


def test_layers_of_vg250_are_one_input(tmp_path: Path, catalogue: Catalogue) -> None:
    """The GeoPackage of the BKG is one input whose layers the reader knows by name; its credit line is that of VG250."""
    path = tmp_path / "x.gpkg"
    vg = {"GF": [4, 4], "BEZ": ["Stadt", "Gemeinde"]}
    _areas(ADE=[6, 6], AGS=["15083020", "15083025"], GEN=["A", "B"], **vg).to_file(path, layer="vg250_gem")
    _areas(ADE=[4], AGS=["15083"], GEN=["Börde"], GF=[4], BEZ=["Landkreis"]).to_file(path, layer="vg250_krs")
    _areas(ADE=[2], AGS=["15"], GEN=["ST"], GF=[4], BEZ=["Land"]).to_file(path, layer="vg250_lan")
    inputs, told = _planned(tmp_path, catalogue)
    assert told == {}
    assert [(i.kind, i.files, dict(i.options)) for i in inputs] == [("boundaries", ("eingang/x.gpkg",), {})]
    assert inputs[0].roles == ("municipality", "district")
    assert "BKG" in inputs[0].attribution


def test_boundaries_under_other_names_name_layer_and_level(tmp_path: Path, catalogue: Catalogue) -> None:
    """Layers with names of their own become an input each; keys as numbers count with their lost zero."""
    path = tmp_path / "x.gpkg"
    _areas(AGS=[6440001, 6440007], GEN=["A", "B"]).to_file(path, layer="eins")
    _areas(AGS=["06440"], GEN=["W"]).to_file(path, layer="zwei")
    inputs, told = _planned(tmp_path, catalogue)
    assert told == {}
    assert [dict(i.options) for i in inputs] == [
        {"level": "municipality", "layer": "eins"},
        {"level": "district", "layer": "zwei"},
    ]
    assert all(i.attribution == "" for i in inputs)


def test_ortsteile_outlines_and_barriers(tmp_path: Path, catalogue: Catalogue) -> None:
    """Polygons with Ortsteil names, lines that say barrier, an outline that says what for; anything else is left out."""
    _areas(ortsteil=["Nord", "Süd"]).to_file(tmp_path / "a.geojson")
    _areas(name=["Nord"], admin_level=["10"]).to_file(tmp_path / "b.geojson")
    _areas(footprint=["osm"]).to_file(tmp_path / "c.geojson")
    lines = gpd.GeoDataFrame({"kind": ["barrier"]}, geometry=[shapely.LineString([(11, 52), (12, 52)])], crs=4326)
    lines.to_file(tmp_path / "d.geojson")
    _areas(OI=["D1"], GFK=["31001_1010"], AOG=[2]).to_file(tmp_path / "g.geojson")
    _areas(name=["Naturpark", "Moor"]).to_file(tmp_path / "e.geojson")
    lines.rename(columns={"kind": "name"}).to_file(tmp_path / "f.geojson")
    found, told = _look(tmp_path, catalogue)
    assert [(f.file.shown[0], f.kind, f.role) for f in found] == [
        ("a", "place_areas", ""),
        ("b", "place_areas", ""),
        ("c", "osm", "footprint"),
        ("d", "barriers", ""),
        ("g", "building_outlines", ""),
    ]
    assert {t: p.code for t, p in told.items()} == {
        "e.geojson": "inbox_unknown_layer",
        "f.geojson": "inbox_unknown_layer",
    }


def test_a_census_grid_as_parquet(tmp_path: Path, catalogue: Catalogue) -> None:
    """Grids come as Parquet and GeoPackage, too."""
    heads = {"GITTER_ID_100m": ["CRS3035RES100mN3205300E4438200"], "Einwohner": [6]}
    pd.DataFrame(heads).to_parquet(tmp_path / "a.parquet")
    gpd.GeoDataFrame(heads, geometry=[shapely.box(4438200, 3205300, 4438300, 3205400)], crs=3035).to_file(
        tmp_path / "b.gpkg"
    )
    found, told = _look(tmp_path, catalogue)
    assert told == {}
    assert [(f.kind, f.role) for f in found] == [("census", "zensus2022_100m")] * 2


# -- several files of one kind -----------------------------------------------------------------------------------------


def test_of_two_censuses_the_newest_counts(tmp_path: Path, catalogue: Catalogue) -> None:
    """Grids of 2011 beside those of 2022 would count people twice: they are left out, with a note."""
    (tmp_path / "a.csv").write_text(TABLES["Grid 2022, persons"][0], encoding="utf-8")
    (tmp_path / "b.csv").write_text(TABLES["Grid 2011 of the official page"][0], encoding="utf-8")
    (tmp_path / "c.csv").write_text(TABLES["Grid 2022, ages"][0], encoding="utf-8")
    inputs, told = _planned(tmp_path, catalogue)
    assert [(i.files, i.date, i.roles) for i in inputs] == [
        (("eingang/a.csv", "eingang/c.csv"), "2022-05-15", ("persons", "ages"))
    ]
    assert {t: p.code for t, p in told.items()} == {"b.csv": "inbox_older_census"}


def test_two_files_that_say_the_same(tmp_path: Path, catalogue: Catalogue) -> None:
    """Of two grids, extracts or layers of one level the larger counts; the other is named, never chosen silently."""
    grid = TABLES["Grid 2022, persons"][0]
    (tmp_path / "a.csv").write_text(grid, encoding="utf-8")
    (tmp_path / "b.csv").write_text(grid + "CRS3035RES100mN3205400E4438200;4438250;3205450;9\n", encoding="utf-8")
    _areas(AGS=["15083020"], GEN=["A"]).to_file(tmp_path / "c.geojson")
    _areas(AGS=["15083020", "15083025"], GEN=["A", "B"]).to_file(tmp_path / "d.geojson")
    (tmp_path / "e.osm").write_text('<?xml version="1.0"?><osm version="0.6"></osm>')
    (tmp_path / "f.osm").write_text('<?xml version="1.0"?><osm version="0.6"><node id="1"/></osm>')
    inputs, told = _planned(tmp_path, catalogue)
    assert [i.files for i in inputs] == [("eingang/d.geojson",), ("eingang/b.csv",), ("eingang/f.osm",)]
    assert {t: p.code for t, p in told.items()} == {
        "a.csv": "inbox_same_part",
        "c.geojson": "inbox_boundaries_twice",
        "e.osm": "inbox_osm_twice",
    }


def test_two_timetables_of_one_company(tmp_path: Path, catalogue: Catalogue) -> None:
    """Both are entered, with a word that trips may count twice; titles name the companies."""
    for name, agency in (("a", "Kreisbus GmbH"), ("b", "Kreisbus GmbH"), ("c", "Stadtbus")):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as feed:
            feed.writestr("agency.txt", f"agency_id,agency_name\n1,{agency}\n")
            feed.writestr("stops.txt", f"stop_id\n{name}\n")
            feed.writestr("trips.txt", "trip_id\n")
    inputs, told = _planned(tmp_path, catalogue)
    assert [i.title for i in inputs] == ["Fahrplan Kreisbus GmbH", "Fahrplan Kreisbus GmbH", "Fahrplan Stadtbus"]
    assert {t: p.code for t, p in told.items()} == {"b.zip": "inbox_same_companies"}


def test_ids_come_from_names_and_are_unique(tmp_path: Path, catalogue: Catalogue) -> None:
    """Ids hold ASCII letters only, and a further file changes no other id."""
    stops = "stop_id;name;lon;lat;ags\n{};Markt;11,5;52,1;15083020\n"
    (tmp_path / "Börde Süd.csv").write_text(stops.format(1), encoding="utf-8")
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "börde-süd.csv").write_text(stops.format(2), encoding="utf-8")
    (tmp_path / "§.csv").write_text(stops.format(3), encoding="utf-8")
    inputs, _ = _planned(tmp_path, catalogue)
    assert sorted(i.id for i in inputs) == ["boerde_sued", "boerde_sued_2", "stop_register"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.dat", b"stop_id;name;lon;lat\n1;A;11;52\n", "inbox_ending"),
        ("a.zip", b"<html>404</html>", "inbox_html"),
        ("a.csv", b"  \n \n", "inbox_empty"),
        ("a.gpkg", b"SQLite format 3\x00" + bytes(52) + b"GPKG" + bytes(60), "inbox_cut_off"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, catalogue: Catalogue, name: str, content: bytes, code: str) -> None:
    """Each has its own sentence, and nothing of it is entered."""
    (tmp_path / name).write_bytes(content)
    found, told = _look(tmp_path, catalogue)
    assert found == []
    assert {p.code for p in told.values()} == {code}


def test_a_table_of_broadband_may_stand_on_any_sheet(tmp_path: Path, catalogue: Catalogue) -> None:
    """The reader looks through all sheets; the atlas is known by its heads and gets its credit line."""
    book = openpyxl.Workbook()
    book.active.append(["Hinweise zum Breitbandatlas"])
    page = book.create_sheet("Gemeinden")
    page.append(["ags", "gemeinde", "down_fn_hh_alle_100"])
    page.append(["15001000", "Dessau", 97.2])
    book.save(tmp_path / "a.xlsx")
    inputs, problems = _planned(tmp_path, catalogue)
    (one,) = inputs
    assert (one.kind, one.record, dict(one.options)) == ("broadband", "broadband", {})
    assert one.attribution.startswith("Breitbandatlas")
    assert problems == {}
