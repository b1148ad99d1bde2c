"""``ankerort mobile`` on the sample region: from question to files, worked out again, compared, told on sheets; bad input told at once."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ankerort.base.problems import InputError
from ankerort.base.progress import SILENT
from ankerort.catalogue import read_catalogue
from ankerort.cli.exit_codes import EXIT_INPUT
from ankerort.cli.main import build_app
from ankerort.cli.mobile_summary import fault_line, proof_line
from ankerort.compare_run import check_scenarios, compare_with_today
from ankerort.mobile.plan_file import mobile_plans, read_mobile_plan
from ankerort.mobile.problem import Fault
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.resolve_request import AskedMobile
from ankerort.mobile.result_costs import total_cost
from ankerort.mobile_desk import MobileDesk
from ankerort.mobile_run import check_mobile, compare_mobile, default_name
from ankerort.sample import write_sample
from ankerort.scenario.scenario_file import read_scenario
from ankerort.text import say
from worlds.mobile_planned import planned, prepared

_PLAN = "mobil-probe"


def _run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(build_app("de"), ["mobile", *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample region with a plan for one van of the citizen office and a target; the word `plan` is left out."""
    folder = tmp_path_factory.mktemp("mobil") / "musterkreis"
    write_sample(folder, seed=1)
    code, told = _run(
        str(folder), "--service", "Mobiles Bürgerbüro", "--vehicles", "1", "--cover", "90 %", "--seconds", "6",
        "--name", "Mobil Probe", "--from", "04.01.2027",
    )  # fmt: skip
    assert code == 0, told
    (folder / "out.txt").write_text(told, encoding="utf-8")
    return folder


def test_plan_scenario_and_documents_are_written(project: Path) -> None:
    """Plan and scenario stand under the plan's name and can be read; the documents lie in a folder of their own and are listed."""
    plan = read_mobile_plan(project / "plaene" / f"{_PLAN}.toml")
    assert plan.name == "Mobil Probe"
    assert plan.request.services == ("citizen_office",)
    assert plan.effect.target_share >= 0.9
    assert len(plan.rows)
    scenario = read_scenario(project / "szenarien" / f"{_PLAN}.toml")
    assert len(scenario.changes) == len(plan.visits)
    assert not [p for p in check_scenarios(project, [_PLAN]) if p.severity == "error"]
    told = (project / "out.txt").read_text(encoding="utf-8")
    out = project / "ausgabe" / _PLAN
    files = [p for p in out.rglob("*") if p.is_file()]
    assert {"mobil.html", "mobil.pdf", "mobil.xlsx", "vergleich.html"} <= {p.name for p in files}
    flat = told.replace("\n", "")
    assert all(path.name in flat for path in files)


def test_the_terminal_says_when_for_whom_and_for_how_much(project: Path) -> None:
    """Each village with its weekday in words, people of 75 and older, cost as a range, other ways, state M against today, the proof."""
    told = (project / "out.txt").read_text(encoding="utf-8")
    plan = read_mobile_plan(project / "plaene" / f"{_PLAN}.toml")
    assert len(re.findall(r"(Montag|Dienstag|Mittwoch|Donnerstag|Freitag), \d+:\d\d bis \d+:\d\d Uhr", told)) == len(
        plan.visits
    )
    for words in ("Menschen ab 75", "€ im Jahr", "Hausbesuche", "„kommt ins Dorf“", "Ohne Befragung", "Ziel:"):
        assert words in told, words
    assert "Wie weit der Vorschlag" in told or "bewiesen" in told or "Schranke" in told


def test_costs_of_the_plan_are_those_of_the_search(project: Path) -> None:
    """The mid estimates of the items are the cost by which the plan was chosen; an unchanged plan keeps all rules and its figures."""
    checked = check_mobile(project, _PLAN)
    assert not checked.evaluation.faults
    assert not [p for p in checked.problems if p.severity != "note"]
    again, plan = checked.documents.plan, read_mobile_plan(project / "plaene" / f"{_PLAN}.toml")
    assert total_cost(again.costs).mid == pytest.approx(checked.evaluation.cost_eur + checked.evaluation.fixed_eur)
    assert again.proof.value == pytest.approx(plan.proof.value)
    assert again.proof.bound == pytest.approx(plan.proof.bound)
    assert again.rows["cases"].tolist() == pytest.approx(plan.rows["cases"].tolist())
    assert again.visits.equals(plan.visits)
    assert again.legs["from_time"].tolist() == plan.legs["from_time"].tolist()


def test_an_edited_plan_tells_the_rules_that_it_breaks(project: Path) -> None:
    """A visit at five in the morning lies outside its hours: told with place, day and time, and the exit code says so."""
    text = (project / "plaene" / f"{_PLAN}.toml").read_text(encoding="utf-8")
    edited = project / "plaene" / "zu-frueh.toml"
    edited.write_text(re.sub(r'from_time = "\d\d:\d\d"', 'from_time = "05:00"', text, count=1), encoding="utf-8")
    code, told = _run("check", str(project), "zu-frueh")
    assert code == EXIT_INPUT
    assert "05:00 Uhr" in told
    assert "Der Plan bricht" in told


def test_other_ways_stand_beside_the_plan(project: Path) -> None:
    """Five ways with cost and cases for the same people; the plan's own row has the plan's figures."""
    found = compare_mobile(project, [_PLAN])[0]
    rows = found.alternatives.set_index("way")
    assert rows.index.tolist() == ["mobile", "fixed", "shuttle", "home", "desk"]
    assert rows.at["mobile", "cases"] == pytest.approx(found.plan.effect.cases)
    assert (rows["cost_low"] <= rows["cost_mid"]).all()
    assert (rows["cost_mid"] <= rows["cost_high"]).all()
    assert (rows["persons_75_plus"] <= rows.at["mobile", "persons_75_plus"] + 1e-6).all()
    code, told = _run("compare", str(project), _PLAN, _PLAN)
    assert code == 0
    assert told.count("Digitaler Schalter:") == 2


def test_sheets_of_one_place_are_written(project: Path, tmp_path: Path) -> None:
    """Only the place asked for gets its sheets; where nobody comes the nearest served places are named."""
    plan = read_mobile_plan(project / "plaene" / f"{_PLAN}.toml")
    place = str(plan.stops["place_id"].iat[0])
    code, told = _run(
        "timetable", str(project), _PLAN, "--place", place, "--from", "2027-02-01", "--out", str(tmp_path)
    )
    assert code == 0, told
    written = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert {p.suffix for p in written} == {".pdf", ".ics"}
    assert len({p.stem.removesuffix("-a4").removesuffix("-a3") for p in written}) == 1
    with pytest.raises(Exception, match="mobile_place_not_served"):
        _run("timetable", str(project), _PLAN, "--place", "Nirgendwo")
    with pytest.raises(Exception, match="mobile_from_day"):
        _run("timetable", str(project), _PLAN, "--from", "morgen")


def test_the_only_plan_need_not_be_named(project: Path, tmp_path: Path) -> None:
    """Without a name all mobile plans are compared; a sheet needs the only one: a project without one, or with several, says so."""
    assert _PLAN in mobile_plans(project)
    code, told = _run("compare", str(project))
    assert code == 0 and "Hausbesuche" in told
    empty, many = tmp_path / "leer", tmp_path / "zwei"
    for folder in (empty, many):
        (folder / "plaene").mkdir(parents=True)
        (folder / "plaene" / "orte.toml").write_text("format = 1\n", encoding="utf-8")
    for name in ("a", "b"):
        (many / "plaene" / f"{name}.toml").write_text('art = "mobil"\n', encoding="utf-8")
    with pytest.raises(InputError, match="mobile_no_plan_yet"):
        _run("timetable", str(empty))
    with pytest.raises(InputError, match="mobile_which_plan"):
        _run("timetable", str(many))


def test_all_that_does_not_fit_is_told_at_once(project: Path) -> None:
    """Unknown service, place, vehicle and a share over one: one error each, nothing is written."""
    before = sorted(p.name for p in (project / "plaene").iterdir())
    with pytest.raises(Exception) as caught:
        _run(
            "plan", str(project), "--service", "Bürgerbus", "--vehicles", "0", "--cover", "150 %", "--area", "Nirgendwo",
            "--weekdays", "Mittwoch,Xtag",
        )  # fmt: skip
    codes = {p.code for p in caught.value.problems}  # type: ignore[attr-defined]
    assert len(codes) >= 5
    assert sorted(p.name for p in (project / "plaene").iterdir()) == before


def test_fewer_vehicles_than_the_target_needs_are_told_with_what_they_reach(project: Path) -> None:
    """Everybody of 75 and older weekly by one van: no plan, but the share within reach, the number that suffices or does not, and who lives too far."""
    with pytest.raises(Exception) as caught:
        _run(
            "plan", str(project), "--service", "citizen_office", "--vehicles", "1", "--cover", "100 %", "--cover-weeks", "0.5",
            "--rhythm", "zweimal wöchentlich", "--seconds", "3",
        )  # fmt: skip
    problems = {p.code: p for p in caught.value.problems}  # type: ignore[attr-defined]
    assert "mobile_cover_vehicles" in problems
    assert problems["mobile_cover_vehicles"].severity == "error"
    assert problems["mobile_cover_vehicles"].params["vehicles"] == 1
    assert problems["mobile_cover_vehicles"].params["cover"] == "100 %"
    assert {"mobile_cover_needed", "mobile_cover_never"} & set(problems)
    assert "mobile_cover_far" in problems


def test_the_places_of_the_plan_change_to_comes_to_the_village(project: Path) -> None:
    """Compared with today by step 2's code every served place that had nothing without a car has the letter M after."""
    desk, plan, _ = MobileDesk.of_plan(project, _PLAN, 1, SILENT)
    scenario = read_scenario(project / "szenarien" / f"{_PLAN}.toml")
    compared, problems = compare_with_today(desk.stages, desk.region, scenario)
    assert compared is not None
    assert not problems
    rows = compared.scenarios[0].comparison.places
    rows = rows[rows["service"] == "citizen_office"].set_index("place_id")
    served = set(plan.stops["place_id"]) & set(rows.index)
    assert served
    assert set(rows.loc[sorted(served), "state_no_car_after"]) <= {"M", "O"}
    assert "M" in set(rows.loc[sorted(served), "state_no_car_after"])


@pytest.mark.parametrize(
    "rule",
    ["window", "slot", "grid", "overlap", "leave", "back", "tour", "break", "drive", "range", "load", "vehicle", "way", "must", "pattern",
     "one_vehicle", "budget", "cover"],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_rule_has_a_sentence(rule: str, lang: str) -> None:
    """Each fault that the evaluation knows is told in both languages, with stop, day, vehicle and number where it has them."""
    line = fault_line(Fault(rule, 0, 0, 1, 2, 5400.0), prepared(), {"a": "Adorf"}, lang)  # type: ignore[arg-type]
    assert line.endswith(".")
    assert "{" not in line
    assert say(f"mobile_rule.{rule}", "de") != rule  # its short name, where no plan keeps it


def test_a_proof_is_told_as_far_as_it_goes() -> None:
    """Optimal, a gap in per cent, a bound that says nothing, none at all: four different sentences."""
    plan = planned()
    proofs = [
        plan.proof.__class__(1.0, b, g, "r", 1.0, 1, s)
        for b, g, s in ((1.0, 0.0, "optimal"), (1.1, 0.1, "feasible"), (9.0, 0.6, "feasible"), (float("nan"),) * 2 + ("feasible",))
    ]  # fmt: skip
    told = {proof_line(plan.__class__(**{**plan.__dict__, "proof": p}), "de") for p in proofs}
    assert len(told) == 4


def test_a_plan_without_a_name_is_named_after_its_question() -> None:
    """Services, more than one vehicle, budget, target and year tell plans apart."""
    catalogue = read_catalogue()
    asked = MobileRequest(services=("citizen_office",), vehicles=1)
    assert default_name(asked, catalogue) == "Mobiles Bürgerbüro"
    full = replace(asked, vehicles=2, budget_eur=80000.0, cover=0.9, year=2035)
    assert default_name(full, catalogue) == "Mobiles Bürgerbüro 2 Fahrzeuge 80.000 EUR 90 % 2035 trend"


def test_a_budget_below_the_fixed_cost_of_a_vehicle_is_told(project: Path) -> None:
    """For 1,000 EUR a year no vehicle can stand, let alone drive: the plan is empty, and the problem names what a vehicle costs."""
    desk = MobileDesk.asked(project, AskedMobile(services=("citizen_office",), budget="1000", seconds=2), 1, SILENT)
    prepared_, found, told = desk.solved()
    assert found.decision is not None
    assert not (found.decision.pattern >= 0).any()
    problem = next(p for p in told if p.code == "mobile_budget_fixed")
    assert problem.params["fixed"] == round(float(prepared_.problem.vehicles.eur_per_year.min()))


def test_a_stop_that_was_not_chosen_may_be_named_by_hand(project: Path) -> None:
    """A spot of the map that is no candidate by itself takes part where the plan names it, and need not be served; an unknown one is told."""
    desk, _, _ = MobileDesk.of_plan(project, _PLAN, 1, SILENT)
    known = set(desk.prepared().stops["stop_id"])
    other = next(s for s in desk.spots["spot_id"].astype(str) if s not in known)
    head = (project / "plaene" / f"{_PLAN}.toml").read_text(encoding="utf-8").split("\n[[visit]]")[0]
    visit = '\n[[visit]]\nstop_id = "{}"\nweekday = "We"\nweeks = "1;3"\nfrom_time = "09:30"\n'
    typed = project / "plaene" / "von-hand.toml"
    typed.write_text(head + visit.format(other), encoding="utf-8")
    checked = check_mobile(project, "von-hand")
    assert checked.documents.plan.rows["stop_id"].tolist() == [other]
    assert "must" not in {f.rule for f in checked.evaluation.faults}
    typed.write_text(head + visit.format("osm:n0"), encoding="utf-8")
    assert [p.code for p in check_mobile(project, "von-hand").problems] == ["mobile_plan_no_stop"]
