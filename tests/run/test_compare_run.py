"""Scenarios of the sample region, the whole way: files, check, comparison, documents, command line."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio
import pytest
from typer.testing import CliRunner

from ankerort.base.problems import InputError
from ankerort.base.progress import SILENT
from ankerort.cli.main import build_app
from ankerort.compare_run import (
    CompareResult,
    check_scenarios,
    compare_project,
    find_scenario,
    list_scenarios,
    scenario_files,
)
from ankerort.sample.scenarios import FILES, write_scenarios
from ankerort.scenario.changes import OpenFacility, UsePopulation
from ankerort.scenario.compare import place_signs
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.scenario_file import read_scenario, write_scenario
from ankerort.stages import Stages
from ankerort.text.problems import describe_problem, repair_of

SHOP, DOCTOR, BUS = (Path(f).stem for f in FILES)


@dataclass(frozen=True)
class Compared:
    """A project folder and what a comparison of its three scenarios left there."""

    folder: Path
    result: CompareResult


@pytest.fixture(scope="module")
def compared(good_run, tmp_path_factory: pytest.TempPathFactory) -> Compared:  # type: ignore[no-untyped-def]
    """The three scenarios against today, on the stages of the run before."""
    folder = tmp_path_factory.mktemp("vergleich") / "region"
    shutil.copytree(good_run.folder, folder)
    return Compared(folder, compare_project(folder, "heute", [SHOP, DOCTOR, BUS], threads=1))


def test_the_documents_are_there(compared: Compared) -> None:
    """Page, workbook and geopackage, in this order; no temporary file is left; the assessment's documents stay."""
    assert [f.name for f in compared.result.files] == ["vergleich.html", "vergleich.xlsx", "vergleich.gpkg"]
    left = {p.name for p in (compared.folder / "ausgabe").iterdir()}
    assert left == {"vergleich.html", "vergleich.xlsx", "vergleich.gpkg", "report.html", "bericht.pdf", "bericht.docx", "balance.xlsx", "supply.gpkg", "run.json", "tables"}  # fmt: skip


def test_the_village_gains_its_shop(compared: Compared) -> None:
    """Hüttelsdorf is marked + by the first scenario, and its letter for the village shop becomes O."""
    one = compared.result.compared.scenarios[0].comparison
    places = compared.result.compared.base.places.set_index("print_name")
    village = places.at["Hüttelsdorf", "place_id"]
    assert place_signs(one)[str(village)] == "+"
    row = one.places[(one.places["place_id"] == village) & (one.places["service"] == "village_shop")].iloc[0]
    assert row["state_after"] == "O"
    assert row["facility_after"] == "scenario:1:village_shop"
    assert not (one.areas[["lose_high", "slower_persons", "gone_persons"]].fillna(0) > 0).any().any()


def test_the_doctor_is_missed(compared: Compared) -> None:
    """Closing takes from people and gives to nobody."""
    one = compared.result.compared.scenarios[1].comparison
    assert set(place_signs(one).values()) == {"-"}
    assert not (one.areas[["gain_high", "faster_persons", "new_persons"]].fillna(0) > 0).any().any()


def test_typical_minutes_are_explained_where_the_timetable_changes(compared: Compared) -> None:
    """Only the section of the bus scenario says that a median of journeys may fall although a ride is gone."""
    page = compared.result.files[0].read_text(encoding="utf-8")
    sections = re.findall(r'<section id="szenario-\d">.*?</section>', page, flags=re.DOTALL)
    assert ["mittleren aller Fahrten" in s for s in sections] == [False, False, True]


def test_a_scenario_on_top_gives_at_least_what_its_base_gives(compared: Compared) -> None:
    """The bus is added to the shop: the shop's effects are there, and services by public transport besides."""
    shop, bus = (compared.result.compared.scenarios[k].comparison for k in (0, 2))
    assert set(shop.services) <= set(bus.services)
    assert "bus_stop" in bus.services
    assert len(bus.trips)


def test_the_page_stands_alone_and_names_everybody(compared: Compared) -> None:
    """All scenarios, their changes, maps inside the page, method and sources; nothing is loaded from anywhere."""
    page = compared.result.files[0].read_text(encoding="utf-8")
    assert "Wer gewinnt, wer verliert" in page
    for one in compared.result.compared.scenarios:
        assert one.name in page
    assert page.count("data:image/png;base64,") == 3
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", page)
    assert "{" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert "Musterkreis" in page
    assert "Einrichtung öffnet" in page


def test_workbook_and_geopackage(compared: Compared) -> None:
    """Side by side with two columns per scenario, places by name; a layer of places and of facilities per scenario."""
    workbook = openpyxl.load_workbook(compared.result.files[1], read_only=True)
    assert workbook.sheetnames[:2] == ["Nebeneinander", "Orte"]
    head = [c.value for c in next(workbook["Nebeneinander"].iter_rows(max_row=1))]
    assert sum("Dorfladen in Hüttelsdorf: " in str(h) for h in head) == 2
    assert any("Hüttelsdorf" in str(r[2].value) for r in workbook["Orte"].iter_rows(min_row=2, max_row=30))
    layers = [str(name) for name in pyogrio.list_layers(compared.result.files[2])[:, 0]]
    assert layers == [f"{kind}_{k}" for k in (1, 2, 3) for kind in ("places", "facilities")]
    places = pyogrio.read_dataframe(compared.result.files[2], layer="places_1")
    assert places.loc[places["name"] == "Hüttelsdorf", "sign"].tolist() == ["+"]


def test_against_a_scenario(compared: Compared, tmp_path: Path) -> None:
    """Against the shop, the bus scenario no longer tells the shop."""
    on_top = compare_project(compared.folder, SHOP, [BUS], out=tmp_path, lang="en", threads=1)
    one = on_top.compared.scenarios[0].comparison
    assert one.base == "Dorfladen in Hüttelsdorf"
    shops = one.places[one.places["service"].isin(["village_shop", "post_office"])]
    assert not (shops["facilities_before"] != shops["facilities_after"]).any()
    assert "Who gains, who loses" in on_top.files[0].read_text(encoding="utf-8")


def test_ten_scenarios_side_by_side(compared: Compared, tmp_path: Path) -> None:
    """Ten shops in ten places: ten columns, ten maps; scenarios of the same name get a number."""
    places = compared.result.compared.base.places
    chosen = places[places["in_study"] & (places["persons"] > 50)]["print_name"].head(10)
    files = []
    for k, place in enumerate(chosen):
        path = tmp_path / f"s{k}.toml"
        write_scenario(Scenario("Laden", (OpenFacility("village_shop", place=str(place)),)), path)
        files.append(str(path))
    assert len(files) == 10
    result = compare_project(compared.folder, "today", files, out=tmp_path / "out", threads=1)
    names = [one.name for one in result.compared.scenarios]
    assert names == ["Laden", *(f"Laden ({k})" for k in range(2, 11))]
    assert result.files[0].read_text(encoding="utf-8").count("data:image/png;base64,") == 10


def test_all_faults_of_all_files_are_told_at_once(compared: Compared, tmp_path: Path) -> None:
    """A file that cannot be read, one with unknown names, and one that is missing; nothing is computed or written."""
    (tmp_path / "a.toml").write_text("name = 1,5", encoding="utf-8")
    bad = '[[change]]\nkind = "close_facility"\nservice = "bakery"\nplace = "Atlantis"\n'
    (tmp_path / "b.toml").write_text(bad + bad.replace("bakery", "bakry"), encoding="utf-8")
    found = check_scenarios(compared.folder, [str(tmp_path / "a.toml"), str(tmp_path / "b.toml"), "nein"])
    assert [(p.code, p.row) for p in found] == [
        ("scenario_syntax", 1),
        ("scenario_place_unknown", 1),
        ("scenario_service_unknown", 5),
        ("scenario_place_unknown", 5),
        ("scenario_not_found", None),
    ]
    with pytest.raises(InputError):
        compare_project(compared.folder, "heute", [str(tmp_path / "b.toml")], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_people_of_another_year_are_those_of_its_own_run(compared: Compared, tmp_path: Path) -> None:
    """`use_population` counts the people that `assess --year` counts, in both variants; facilities and minutes stay."""
    files = []
    for k, variant in enumerate(("trend", "natural")):
        path = tmp_path / f"v{k}.toml"
        write_scenario(Scenario(variant, (UsePopulation(2033, variant),)), path)
        files.append(str(path))
    assert check_scenarios(compared.folder, files) == ()
    result = compare_project(compared.folder, "heute", files, out=tmp_path / "out", threads=1)
    for one in result.compared.scenarios:
        stages = Stages(compared.folder, 1, SILENT, year=2033, variant=one.name)
        own, told = stages.people(), one.region
        np.testing.assert_allclose(told.cells["persons"], own.cells["persons"], rtol=1e-9)
        assert abs(told.cells["persons"].sum() / result.compared.base.cells["persons"].sum() - 1.0) > 0.01
        assert told.facilities is result.compared.base.facilities
    trend, natural = (one.region.cells["persons"].sum() for one in result.compared.scenarios)
    assert trend != natural


def test_years_and_variants_that_do_not_exist_are_told_with_all_other_faults(
    compared: Compared, tmp_path: Path
) -> None:
    """A year outside, an unknown variant and an unknown place in two files come together, with the range and the variants."""
    (tmp_path / "a.toml").write_text(
        '[[change]]\nkind = "use_population"\nyear = 2060\nvariant = "boom"\n', encoding="utf-8"
    )
    (tmp_path / "b.toml").write_text(
        '[[change]]\nkind = "close_facility"\nservice = "bakery"\nplace = "Atlantis"\n'
        '[[change]]\nkind = "use_population"\nyear = 2035\nvariant = "natural"\n',
        encoding="utf-8",
    )
    found = check_scenarios(compared.folder, [str(tmp_path / "a.toml"), str(tmp_path / "b.toml")])
    assert sorted(p.code for p in found) == [
        "scenario_place_unknown",
        "scenario_variant_unknown",
        "scenario_year_outside",
    ]
    outside = next(p for p in found if p.code == "scenario_year_outside")
    assert outside.params["last"] == "2045"


def test_the_sample_scenarios_are_valid(compared: Compared) -> None:
    """`ankerort sample` writes scenarios that its own region takes, without a warning; they are found by name."""
    assert sorted(p.name for p in scenario_files(compared.folder)) == sorted(FILES)
    assert check_scenarios(compared.folder, [SHOP, DOCTOR, BUS]) == ()
    assert find_scenario(compared.folder, SHOP) == compared.folder / "szenarien" / f"{SHOP}.toml"
    with pytest.raises(InputError) as caught:
        find_scenario(compared.folder, "dorfladen")
    assert SHOP in str(caught.value.problems[0].params["near"])


def test_sample_scenarios_in_english(tmp_path: Path) -> None:
    """The names follow the language, the files stay the same."""
    write_scenarios(tmp_path, lang="en")
    assert read_scenario(tmp_path / "szenarien" / FILES[0]).name == "Village shop in Hüttelsdorf"


def test_the_command_line(compared: Compared, tmp_path: Path) -> None:
    """new writes once, list names all, check ends with 2 on faults, compare prints who gains and the files; equal inputs, equal bytes."""
    folder = tmp_path / "region"
    shutil.copytree(compared.folder, folder)
    app, runner = build_app("de"), CliRunner()
    new = ["scenario", "new", str(folder), "Neuer Plan"]
    assert runner.invoke(app, new).exit_code == 0
    assert isinstance(runner.invoke(app, new).exception, InputError)
    (folder / "szenarien" / "kaputt.toml").write_text("name = ", encoding="utf-8")
    listed = runner.invoke(app, ["scenario", "list", str(folder)]).output
    assert "neuer-plan.toml: Neuer Plan, 0 Änderungen" in listed
    assert "kaputt.toml: nicht lesbar" in listed
    assert [s.path.name for s in list_scenarios(folder)] == sorted([*FILES, "neuer-plan.toml", "kaputt.toml"])
    assert runner.invoke(app, ["scenario", "check", str(folder)]).exit_code == 2
    assert runner.invoke(app, ["scenario", "check", str(folder), SHOP]).exit_code == 0
    told = runner.invoke(app, ["compare", str(folder), "heute", SHOP, DOCTOR, BUS, "--out", str(tmp_path / "out")])
    assert told.exit_code == 0, told.output
    assert "Dorfladen in Hüttelsdorf" in told.output
    assert "gewinnen" in told.output
    assert (tmp_path / "out" / "vergleich.xlsx").is_file()
    assert (tmp_path / "out" / "vergleich.html").read_bytes() == compared.result.files[0].read_bytes()


def test_everything_wrong_in_one_file_is_told_by_line(compared: Compared, tmp_path: Path) -> None:
    """Fields that cannot be and names that are not there come as one list in the order of the lines, with the number of the change."""
    lines = [
        'kind = "close_facility"\nservice = "general_practitioner"\nplace = "Altenröde"',
        'kind = "close_facility"\nservice = "general_practitioner"\nplace = "Altenröde"',
        'kind = "move_facility"\nfacility = "bakery:osm:n1"\nto_place = "Hüttelsdorf"',
        'kind = "use_population"\nyear = 2060',
        'kind = "change_hours"\nservice = "village_shop"\nplace = "Langenwörden"\nopening_hours = "Montags vormittags"',
        'kind = "change_rate"\nfigure = "demand.grammar_school.10.all"\nvalue = 0.6',
        'kind = "resize_facility"\nservice = "kindergarten"\nplace = "Sülzberg"\ncapacity = -2',
        'kind = "change_standard"\nservice = "supermarket"\nmode = "walk"\nvalue = 15\nunit = "min"',
        'kind = "open_facility"\nservice = "bakery"\nlon = 5570000\nlat = 490000',
    ]
    path = tmp_path / "schlecht.toml"
    path.write_text("\n".join(f"[[change]]\n{text}" for text in lines), encoding="utf-8")
    found = check_scenarios(compared.folder, [str(path)])
    assert [(p.params["change"], p.code) for p in found] == [
        (2, "scenario_facility_closed"),
        (3, "scenario_facility_unknown"),
        (4, "scenario_year_outside"),
        (5, "scenario_hours"),
        (6, "scenario_market_sum"),
        (7, "scenario_negative"),
        (8, "scenario_unit"),
        (9, "scenario_position_range"),
    ]
    starts = [1 + sum(text.count("\n") + 2 for text in lines[:k]) for k in range(len(lines))]
    assert [p.row for p in found] == starts[1:]
    for problem in found:
        assert describe_problem(problem, "de")
        assert repair_of(problem, "de")
    ran = CliRunner().invoke(
        build_app("de"), ["compare", str(compared.folder), "heute", str(path), "--out", str(tmp_path / "out")]
    )
    assert isinstance(ran.exception, InputError)
    assert len(ran.exception.problems) == len(found)
    assert not (tmp_path / "out").exists()
