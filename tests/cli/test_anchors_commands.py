"""``ankerort anchors`` on the sample region: from question to files, and everything that does not fit told at once."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ankerort.anchors.plan_file import read_plan
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors_run import check_plan, default_name
from ankerort.base.problems import InputError
from ankerort.cli.exit_codes import EXIT_INPUT
from ankerort.cli.main import build_app
from ankerort.compare_run import check_scenarios
from ankerort.sample import write_sample


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample region with a plan for two anchors; what is not recorded counts as not there, so that something opens."""
    folder = tmp_path_factory.mktemp("anchors") / "musterkreis"
    write_sample(folder, seed=1)
    result = CliRunner().invoke(
        build_app("de"),
        ["anchors", str(folder), "--max", "2", "--assume-complete", "--seconds", "15", "--name", "Zwei Orte"],
    )
    assert result.exit_code == 0, result.output
    (folder / "out.txt").write_text(result.output, encoding="utf-8")
    return folder


def test_the_plan_its_scenario_and_its_documents_are_written(project: Path) -> None:
    """Plan and scenario stand under the plan's name and can be read; the documents lie in a folder of their own and are listed."""
    plan = read_plan(project / "plaene" / "zwei-orte.toml")
    assert plan.name == "Zwei Orte"
    assert 1 <= len(plan.anchors) <= 2
    assert plan.request.max_anchors == 2
    assert not [p for p in check_scenarios(project, ["zwei-orte"]) if p.severity == "error"]
    out = project / "ausgabe" / "zwei-orte"
    names = {p.name for p in out.iterdir()}
    assert {"schwerpunktorte.html", "schwerpunktorte.pdf", "schwerpunktorte.xlsx", "vergleich.html"} <= names
    assert not [n for n in names if n.startswith(".")]
    told = (project / "out.txt").read_text(encoding="utf-8")
    for name in names:
        assert name in told


def test_the_terminal_tells_ranges_proof_and_that_it_is_a_proposal(project: Path) -> None:
    """Cost stands as a range, the proof in a sentence, and the proposal is called one."""
    told = (project / "out.txt").read_text(encoding="utf-8")
    assert "(Vorschlag), ersetzt keine Festlegung der Regionalplanung" in told
    assert "bewiesen" in told
    assert "T€/Jahr" in told or "keine Mehrkosten" in told
    assert "nur, was Sie allein beschließen" in told


def test_an_unchanged_plan_keeps_all_rules_and_its_figures(project: Path) -> None:
    """Worked out again, a plan has the figures of its file and breaks no rule."""
    checked = check_plan(project, "zwei-orte")
    plan = read_plan(project / "plaene" / "zwei-orte.toml")
    assert not checked.problems
    assert not checked.evaluation.faults
    again = checked.documents.plan
    assert again.proof.value == pytest.approx(plan.proof.value)
    assert again.proof.gap == pytest.approx(plan.proof.gap, abs=1e-9)
    assert again.cases["cost_mid"].tolist() == pytest.approx(plan.cases["cost_mid"].tolist())
    assert again.functions["what"].tolist() == plan.functions["what"].tolist()


def test_an_edited_plan_tells_the_rules_that_it_breaks(project: Path, tmp_path: Path) -> None:
    """Without its anchors, what opens stands outside of anchors: each is told, and the exit code says so."""
    text = (project / "plaene" / "zwei-orte.toml").read_text(encoding="utf-8")
    head, *parts = text.split("\n[[anchor]]\n")
    edited = tmp_path / "ohne.toml"
    edited.write_text(head + "\n[[function]]\n" + parts[-1].split("\n[[function]]\n", 1)[1], encoding="utf-8")
    result = CliRunner().invoke(build_app("de"), ["anchors", "check", str(project), str(edited)])
    assert result.exit_code == EXIT_INPUT
    assert "entsteht außerhalb der Schwerpunktorte" in result.output


def test_anchors_and_other_places_are_explained(project: Path) -> None:
    """A chosen place and one that is none are explained in sentences; an unknown one is told with similar names."""
    plan = read_plan(project / "plaene" / "zwei-orte.toml")
    places = tomllib.loads((project / "plaene" / "zwei-orte.toml").read_text(encoding="utf-8"))
    chosen = places["anchor"][0]["place"]
    said = CliRunner().invoke(build_app("de"), ["anchors", "explain", str(project), "zwei-orte", "--place", chosen])
    assert said.exit_code == 0, said.output
    assert chosen in said.output
    assert len(plan.anchors)
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(
            build_app("de"),
            ["anchors", "explain", str(project), "zwei-orte", "--place", "Nirgendwo"],
            catch_exceptions=False,
        )
    assert caught.value.problems[0].code == "anchors_place_unknown"


def test_everything_that_does_not_fit_is_told_at_once_and_nothing_is_written(project: Path) -> None:
    """Names, numbers, contradictions and rules of closing are collected; no file comes or goes."""
    before = sorted(p.relative_to(project) for p in project.rglob("*"))
    arguments = [
        "anchors", str(project), "--budget", "20x", "--cover", "1.5", "--keep", "Altenrode", "--keep", "Mühlenstedt",
        "--forbid", "Mühlenstedt", "--services", "Feuerweh", "--may-close", "Grundschule", "--pareto", "cost",
        "--order", "people:people", "--year", "2200", "--legal", "never", "--area-share", "150 %", "--max", "0",
    ]  # fmt: skip
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(build_app("de"), arguments, catch_exceptions=False)
    assert sorted(p.code for p in caught.value.problems) == sorted(
        [
            "anchors_budget", "anchors_share", "anchors_share", "anchors_place_unknown", "anchors_keep_forbid",
            "anchors_service_unknown", "anchors_may_not_close", "anchors_pareto_two", "anchors_component_twice",
            "anchors_year", "anchors_legal", "anchors_max",
        ]
    )  # fmt: skip
    assert sorted(p.relative_to(project) for p in project.rglob("*")) == before


def test_a_question_without_any_demand_is_refused(project: Path) -> None:
    """Without --max, --budget and --cover nothing is asked."""
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(build_app("de"), ["anchors", str(project)], catch_exceptions=False)
    assert [p.code for p in caught.value.problems] == ["anchors_nothing_asked"]


def test_demands_that_contradict_each_other_are_named_with_what_would_work(project: Path) -> None:
    """A budget of 1 EUR against two given anchors: both are named, and a budget that works; nothing is written."""
    arguments = ["anchors", str(project), "--budget", "1", "--keep", "Altenröde", "--keep", "Hüttelsdorf"]
    before = sorted((project / "plaene").iterdir())
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(build_app("de"), arguments, catch_exceptions=False)
    codes = [p.code for p in caught.value.problems]
    assert codes[0] == "anchors_conflict"
    assert "anchors_conflict_budget" in codes
    assert sorted((project / "plaene").iterdir()) == before


def test_a_budget_that_is_proposed_works(project: Path, tmp_path: Path) -> None:
    """With the budget that the contradiction names, there is a plan within it."""
    folder = tmp_path / "kopie"
    shutil.copytree(project, folder)
    demands = ["--keep", "Altenröde", "--keep", "Hüttelsdorf", "--seconds", "10"]
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(build_app("de"), ["anchors", str(folder), "--budget", "1", *demands], catch_exceptions=False)
    eur = str(next(p.params["eur"] for p in caught.value.problems if p.code == "anchors_conflict_budget"))
    result = CliRunner().invoke(
        build_app("en"), ["anchors", str(folder), "--budget", eur, "--name", "Budget", *demands]
    )
    assert result.exit_code == 0, result.output
    plan = read_plan(folder / "plaene" / "budget.toml")
    assert plan.cases.set_index("case")["cost_mid"]["all"] <= float(eur.replace(".", ""))
    assert {"15999010-altenroede"} <= {*plan.anchors["place_id"], *plan.anchors["partner_id"]}


def test_a_plan_has_a_name_made_of_its_demands() -> None:
    """How many, for how much, for whom, of which year."""
    request = AnchorRequest(max_anchors=3, budget_eur=50_000.0, cover=0.8, year=2035, variant="natural")
    assert default_name(request) == "Schwerpunktorte 3 50.000 EUR 80 % 2035 natural"


def test_what_a_person_opens_in_a_small_place_is_worked_out_and_told(project: Path, tmp_path: Path) -> None:
    """A place that is no candidate takes part where a plan opens something there; that it stands outside of anchors is told as a broken rule."""
    tried = check_plan(project, "zwei-orte").documents.prepared
    units = tried.problem.units
    held = {tried.place_ids[int(p)] for p in (*units.first, *units.second) if p >= 0}
    region = check_plan(project, "zwei-orte").documents.region
    places = region.places[
        region.places["in_study"] & region.places["x"].notna() & ~region.places["place_id"].isin(held)
    ]
    place = str(places.sort_values("place_id")["place_id"].iloc[0])
    edited = tmp_path / "wagen.toml"
    text = (project / "plaene" / "zwei-orte.toml").read_text(encoding="utf-8")
    row = f'\n[[function]]\nplace_id = "{place}"\nfunction = "core:bakery_village_shop"\nwhat = "new"\nvariant = "village_shop_van"\n'
    edited.write_text(text + row, encoding="utf-8")
    checked = check_plan(project, str(edited))
    assert not [p for p in checked.problems if p.code == "anchors_plan_no_offer"]
    assert 7 in {f.rule for f in checked.evaluation.faults}


def test_what_a_scenario_brings_into_a_village_does_not_open_there(project: Path, tmp_path: Path) -> None:
    """With the scenario of a mobile plan the visited place holds what comes, at no cost; the plan file names the scenario and is worked out again with it."""
    folder = tmp_path / "region"
    shutil.copytree(project, folder)
    before = read_plan(folder / "plaene" / "zwei-orte.toml")
    services = ("citizen_office", "library", "village_shop")
    opened = before.functions[(before.functions["what"] == "new") & before.functions["service"].isin(services)]
    assert len(opened), "the plan must open something that could come instead"
    place, service = str(opened["place_id"].iloc[0]), str(opened["service"].iloc[0])
    scenario = folder / "szenarien" / "woche.toml"
    visit = f'[[change]]\nkind = "add_visit"\nservice = "{service}"\nplace = "{place}"\nevery_weeks = 2\n'
    scenario.write_text(f'format = 1\nname = "Woche"\n\n{visit}', encoding="utf-8")
    asked = [
        "anchors", str(folder), "--max", "2", "--assume-complete", "--seconds", "15", "--with", "woche", "--name", "Mit Woche",
        "--keep", place,
    ]  # fmt: skip
    result = CliRunner().invoke(build_app("de"), asked)
    assert result.exit_code == 0, result.output
    assert "zählen als vorhanden" in result.output
    plan = read_plan(folder / "plaene" / "mit-woche.toml")
    assert plan.request.with_scenario == "woche"
    rows = plan.functions[(plan.functions["place_id"] == place) & (plan.functions["service"] == service)]
    assert set(zip(rows["what"], rows["evidence"], strict=True)) == {("kept", "visit")}
    assert "kommt ins Dorf" in (folder / "ausgabe" / "mit-woche" / "schwerpunktorte.html").read_text(encoding="utf-8")
    checked = check_plan(folder, "mit-woche")
    assert not checked.evaluation.faults
    assert checked.documents.plan.proof.value == pytest.approx(plan.proof.value)
    assert checked.documents.plan.proof.gap == pytest.approx(plan.proof.gap, abs=1e-9)
    # other visits are another question: what was proven holds no more
    scenario.write_text(
        scenario.read_text(encoding="utf-8").replace("every_weeks = 2", "every_weeks = 8"), encoding="utf-8"
    )
    again = check_plan(folder, "mit-woche").documents.plan.proof
    assert again.bound != again.bound


def test_a_scenario_that_does_more_than_visits_is_refused_with_all_else(project: Path, tmp_path: Path) -> None:
    """Changes that are no visits are told together with what does not fit the question; a scenario that is not there, too."""
    folder = tmp_path / "region"
    shutil.copytree(project, folder)
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(
            build_app("de"), ["anchors", str(folder), "--max", "0", "--with", "zwei-orte"], catch_exceptions=False
        )
    codes = {p.code for p in caught.value.problems}
    assert codes == {"anchors_with_change", "anchors_max"}
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(build_app("de"), ["anchors", str(folder), "--with", "gibtsnicht"], catch_exceptions=False)
    assert {p.code for p in caught.value.problems} == {"scenario_not_found", "anchors_nothing_asked"}


def test_a_plan_with_a_scenario_has_its_name() -> None:
    """Plans of the same question with and without a scenario do not replace one another."""
    assert default_name(AnchorRequest(max_anchors=2, with_scenario="woche")) == "Schwerpunktorte 2 mit woche"
