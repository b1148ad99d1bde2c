"""Reading the catalogue, own files over the shipped ones, and every kind of bad row."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankerort.base.problems import InputError, Problem
from ankerort.catalogue import copy_catalogue, read_catalogue
from ankerort.catalogue.columns import LAYOUTS

STANDARDS = "service,mode,kind,condition,value,unit,source,legal_status,mark,agreed_by,agreed_on,reason\n"
AGREED = "AG Daseinsvorsorge,2026-10-01,Beschluss"
SERVICE = "id,label_de,label_en,area,level,osm,demand_groups,direction,osm_absence_means,std_status,mark,comes_home\n"


def _write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text.encode(encoding))
    return folder


def _faults(folder: Path) -> list[Problem]:
    with pytest.raises(InputError) as fault:
        read_catalogue(folder)
    return list(fault.value.problems)


@pytest.mark.parametrize(
    ("name", "text", "code", "row", "column"),
    [
        ("figures.csv", "", "catalogue_file_empty", None, None),
        ("figures.csv", "id,valeu\nsnap_m,400\n", "catalogue_column_unknown", 1, "valeu"),
        ("figures.csv", "value\n400\n", "catalogue_column_missing", 1, "id"),
        ("figures.csv", "id,value,value\nsnap_m,400,1\n", "catalogue_column_twice", 1, "value"),
        ("figures.csv", "id,value\nsnap_m,400,m\n", "catalogue_row_too_long", 2, None),
        ("figures.csv", "id,value\nsnap_m,400\nsnap_m,300\n", "catalogue_duplicate", 3, None),
        ("figures.csv", "id,value\nsnap_m,\n", "catalogue_cell_empty", 2, "value"),
        ("figures.csv", "id,value\nown.figure,3\n", "catalogue_cell_empty", 2, "unit"),
        ("figures.csv", "id,value\nsnap_m,500 m\n", "catalogue_not_a_number", 2, "value"),
        ("figures.csv", "id,value\nsnap_m,inf\n", "catalogue_not_a_number", 2, "value"),
        ("figures.csv", "id,value\n\nsnap_m,-1\n", "catalogue_number_too_small", 3, "value"),
        ("figures.csv", "id,value,unit\nsnap_m,4,km\n", "catalogue_unit_wrong", 2, "unit"),
        ("figures.csv", "id,value,checked_on\nsnap_m,400,gestern\n", "catalogue_not_a_date", 2, "checked_on"),
        ("figures.csv", "id,value,checked_on\nsnap_m,400,31.02.2026\n", "catalogue_not_a_date", 2, "checked_on"),
        ("figures.csv", "id,mark\nsnap_m,X\n", "catalogue_not_allowed", 2, "mark"),
        ("groups.csv", "id,first_age\nall,1.5\n", "catalogue_not_a_whole_number", 2, "first_age"),
        ("groups.csv", "id,last_age\nall,130\n", "catalogue_number_too_large", 2, "last_age"),
        ("groups.csv", "id,first_age\n65_74,80\n", "catalogue_ages_reversed", 2, "last_age"),
        ("groups.csv", "id,walk_speed\nall,walk_speed.alle\n", "catalogue_figure_unknown", 2, "walk_speed"),
        ("services.csv", "id,comes_home\nbakery,vielleicht\n", "catalogue_not_allowed", 2, "comes_home"),
        ("services.csv", "id,osm\nbakery,shop\n", "catalogue_rule_no_test", 2, "osm"),
        ("services.csv", "id,osm\nbakery,shop!=bakery\n", "catalogue_rule_only_negative", 2, "osm"),
        ("services.csv", "id,demand_groups\nbakery,70_plus\n", "catalogue_group_unknown", 2, "demand_groups"),
        ("core.csv", "id,services\nbakery_village_shop,baker\n", "catalogue_service_unknown", 2, "services"),
        (
            "standards.csv",
            STANDARDS + "baker,car,minimum,,9,min,x,default,D,,,\n",
            "catalogue_service_unknown",
            2,
            "service",
        ),
        (
            "standards.csv",
            STANDARDS + f"pharmacy,walk,minimum,,10,min,x,default,D,{AGREED}\n",
            "catalogue_unit_wrong",
            2,
            "unit",
        ),
        (
            "standards.csv",
            STANDARDS + "pharmacy,car,minimum,,12,min,x,default,D,AG,,Beschluss\n",
            "catalogue_standard_not_agreed",
            2,
            "agreed_on",
        ),
        (
            "standards.csv",
            STANDARDS + "pharmacy,car,target,,16,min,x,default,D,,,\n",
            "catalogue_target_weaker",
            2,
            "value",
        ),
        (
            "standards.csv",
            STANDARDS + "hairdresser,car,minimum,neu,,min,x,default,D,,,\n",
            "catalogue_cell_empty",
            2,
            "value",
        ),
        (
            "standards.csv",
            STANDARDS + "post_box,car,target,,9,min,x,default,D,,,\n",
            "catalogue_target_alone",
            2,
            "kind",
        ),
        (
            "school_holidays.csv",
            "land,name,year,first_day,last_day,source,mark\nNI,Herbstferien,2026,2026-10-24,2026-10-12,x,S\n",
            "catalogue_days_reversed",
            2,
            "last_day",
        ),
        (
            "school_holidays.csv",
            "land,name,year,first_day,last_day,source,mark\nNI,Herbstferien,2025,2026-10-12,2026-10-24,x,S\n",
            "catalogue_days_reversed",
            2,
            "year",
        ),
        (
            "single_year_ages.csv",
            "land,age,persons,source,mark\nNI,0,70000,x,S\n",
            "catalogue_ages_incomplete",
            2,
            "age",
        ),
        ("response_parts.csv", "service,turn_out_min\nfire_station,5\n", "catalogue_drive_budget", 2, "turn_out_min"),
        ("response_parts.csv", "service,share\nfire_station,95\n", "catalogue_number_too_large", 2, "share"),
    ],
)
def test_each_bad_row_is_named(
    tmp_path: Path, name: str, text: str, code: str, row: int | None, column: str | None
) -> None:
    """Every kind of fault gives its problem with the user's file, the line and the column."""
    folder = _write(tmp_path / "katalog", name, text)
    problem = next(p for p in _faults(folder) if p.code == code)
    assert (problem.table, problem.row, problem.column, problem.severity) == (
        f"katalog/{name}",
        row,
        column,
        "error",
    )


def test_all_faults_come_together(tmp_path: Path) -> None:
    """Faults of several files and rows are raised at once."""
    folder = _write(tmp_path / "k", "figures.csv", "id,value\nsnap_m,x\nwalk_speed.all,y\n")
    _write(folder, "services.csv", "id,osm\nbakery,shop\n")
    codes = [p.code for p in _faults(folder)]
    assert codes.count("catalogue_not_a_number") == 2
    assert codes.count("catalogue_rule_no_test") == 1


def test_a_missing_folder_and_an_unknown_land_are_named(tmp_path: Path) -> None:
    """A folder that is not there and a Land that does not exist are errors, not silently the shipped state."""
    assert [p.code for p in _faults(tmp_path / "fehlt")] == ["catalogue_folder_missing"]
    with pytest.raises(InputError) as fault:
        read_catalogue(land="XX")
    assert [p.code for p in fault.value.problems] == ["catalogue_land_unknown"]


def test_files_that_are_not_read_are_named(tmp_path: Path) -> None:
    """A CSV of unknown name and a folder without any known file are warnings; old versions are not."""
    folder = _write(tmp_path / "k", "standard.csv", "a\n1\n")
    _write(folder, "figures.alt-1.csv", "x")
    _write(folder, "notizen.txt", "x")
    assert [(p.code, p.table) for p in read_catalogue(folder).problems] == [
        ("catalogue_file_unknown", "k/standard.csv"),
        ("catalogue_folder_empty", "k"),
    ]


def test_an_own_row_overrides_by_key_and_keeps_absent_columns(tmp_path: Path) -> None:
    """Same key replaces only the columns given; a new key adds; everything else stays as shipped."""
    text = (
        SERVICE
        + "repair_cafe,Reparaturtreff,repair café,social,local,amenity=repair_cafe,all,there_back,unknown,default,D,no\n"
    )
    folder = _write(tmp_path / "k", "services.csv", text)
    _write(folder, "groups.csv", "id,label_de\n65_plus,Ältere\n")
    shipped, own = read_catalogue(), read_catalogue(folder)
    assert list(own.services) == [*shipped.services, "repair_cafe"]
    assert own.services["bakery"] == shipped.services["bakery"]
    assert own.services["repair_cafe"].standards == {}
    assert own.groups["65_plus"].label_de == "Ältere"
    assert own.groups["65_plus"].band_shares == shipped.groups["65_plus"].band_shares


def test_an_agreed_standard_carries_who_when_and_why(tmp_path: Path) -> None:
    """A replaced standard is taken over with its agreement, which the value keeps."""
    folder = _write(
        tmp_path / "k", "standards.csv", STANDARDS + f"pharmacy,car,minimum,,12,min,AG,practice,S,{AGREED}\n"
    )
    value = read_catalogue(folder).services["pharmacy"].standards["car"].minimum
    assert (value.value, value.agreed_by, value.agreed_on, value.reason) == (
        12,
        "AG Daseinsvorsorge",
        "2026-10-01",
        "Beschluss",
    )


def test_an_empty_value_drops_a_standard(tmp_path: Path) -> None:
    """An agreed empty value drops the shipped standard; the other modes stay."""
    folder = _write(tmp_path / "k", "standards.csv", STANDARDS + f"pharmacy,bike,minimum,,,min,AG,default,D,{AGREED}\n")
    shipped, own = read_catalogue().services["pharmacy"], read_catalogue(folder).services["pharmacy"]
    assert set(shipped.standards) - set(own.standards) == {"bike"}


def test_a_changed_figure_without_agreement_is_a_warning(tmp_path: Path) -> None:
    """A figure may be changed, but who agreed it is asked for."""
    folder = _write(tmp_path / "k", "figures.csv", "id,value\nsnap_m,400\nwalk_speed.all,1.25\n")
    catalogue = read_catalogue(folder)
    assert catalogue.value("snap_m") == 400
    assert [(p.code, p.row, p.severity) for p in catalogue.problems] == [("catalogue_figure_not_agreed", 2, "warning")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_what_a_german_spreadsheet_writes_is_read(tmp_path: Path, encoding: str) -> None:
    """Semicolons, decimal commas, German dates, a byte-order mark or Windows-1252 are read."""
    text = (
        "id;value;unit;agreed_by;agreed_on;reason\r\nwalk_speed.85_plus;0,6;m/s;Altenhilfe Börde;1.10.2026;gemessen\r\n"
    )
    figure = read_catalogue(_write(tmp_path / "k", "figures.csv", text, encoding)).figures["walk_speed.85_plus"]
    assert (figure.value, figure.agreed_by, figure.agreed_on) == (0.6, "Altenhilfe Börde", "2026-10-01")


def test_a_copy_changes_nothing(tmp_path: Path) -> None:
    """The copied files read back to the same catalogue, without a demand for agreements."""
    written = copy_catalogue(tmp_path / "k")
    assert [p.name for p in written] == [layout.name for layout in LAYOUTS]
    shipped, own = read_catalogue(), read_catalogue(tmp_path / "k")
    assert own.problems == ()
    assert repr(own.services) == repr(shipped.services)
    assert own.figures == shipped.figures
    assert own.school_holidays == shipped.school_holidays


def test_a_copy_never_overwrites(tmp_path: Path) -> None:
    """What a planner changed is kept beside the fresh copy; an untouched copy is not kept twice."""
    copy_catalogue(tmp_path)
    (tmp_path / "figures.csv").write_text("id,value\nsnap_m,400\n", encoding="utf-8")
    copy_catalogue(tmp_path)
    assert (tmp_path / "figures.alt-1.csv").read_text(encoding="utf-8") == "id,value\nsnap_m,400\n"
    assert [p.name for p in tmp_path.glob("*.alt-*")] == ["figures.alt-1.csv"]


def test_the_hash_covers_all_files_and_the_land(tmp_path: Path) -> None:
    """The same content has the same hash and the same object; another value or Land has another hash."""
    shipped = read_catalogue()
    assert read_catalogue() is shipped
    first = read_catalogue(_write(tmp_path / "a", "figures.csv", "id,value\nsnap_m,400\n"))
    second = read_catalogue(_write(tmp_path / "b", "figures.csv", "id,value\nsnap_m,401\n"))
    assert read_catalogue(_write(tmp_path / "a", "figures.csv", "id,value\nsnap_m,400\n")) is first
    hashes = {c.content_hash for c in (shipped, first, second, read_catalogue(land="HE"))}
    assert len(hashes) == 4
