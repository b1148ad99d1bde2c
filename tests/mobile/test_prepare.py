"""A question becomes a problem in numbers: three places in a row (tests/worlds/mobile_question.py), every number derived by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ankerort.base.problems import InputError
from ankerort.catalogue import read_catalogue
from ankerort.mobile.authorities import authorities_table
from ankerort.mobile.drivers import dependence
from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.problem import Decision
from ankerort.mobile.wishes import SlotWeight, WishWeights
from ankerort.text.problems import describe_problem, repair_of
from worlds import mobile_question as world

HOUR = 3600
HALL, CHURCH, SQUARE = 0, 1, 2


def _pairs(prepared: Prepared, stop: int) -> dict[tuple[int, str], float]:
    needs, need = prepared.problem.needs, prepared.need
    part = slice(needs.ptr[stop], needs.ptr[stop + 1])
    return {
        (int(need.cell[g]), need.people[g]): float(f)
        for g, f in zip(needs.group[part], needs.factor[part], strict=True)
    }


def _faults(**asked: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        world.prepared(**asked)
    for problem in caught.value.problems:
        for lang in ("de", "en"):
            assert describe_problem(problem, lang) and repair_of(problem, lang)  # type: ignore[arg-type]
    return [p.code for p in caught.value.problems if p.severity == "error"]


def test_who_is_near_and_what_a_walk_costs() -> None:
    """Suitability 0.5 costs a tenth (0.2 x 0.5), 300 m of 1,000 m 9 %, tasks of the district 16 %: a2 counts 0.91 x 0.9 x 0.84. b2 lies 600 m
    from the church: near for people of working age, not for old ones."""
    found = world.prepared()
    here, there = _pairs(found, HALL), _pairs(found, CHURCH)
    assert set(here) == {(0, "18_65"), (0, "75_84"), (1, "18_65")}
    assert here[0, "75_84"] == pytest.approx(0.9 * 0.84) and here[1, "18_65"] == pytest.approx(0.91 * 0.9 * 0.84)
    assert set(there) == {(2, "18_65"), (2, "75_84"), (3, "18_65")}
    assert there[3, "18_65"] == pytest.approx(0.82 * 0.9 * 0.84)
    assert found.concern_share == pytest.approx(np.full(len(found.problem.needs.group), 0.84))


def test_points_kinds_and_preferences() -> None:
    """Points are the expected cases by who depends on them; four kinds by age; people under 65 count 0.6 before and 0.8 after noon."""
    found = world.prepared()
    needs = found.problem.needs
    counts = np.array([dependence(read_catalogue(), p) for p in found.need.people])
    assert needs.points == pytest.approx(found.need.cases * counts) and (counts < 1).all()
    assert needs.benefit.tolist() == [[0.65, 0.45]] * 4
    assert needs.preference[0, 0].tolist() == [0.6, 0.8] and (needs.preference[1:] == 1).all()
    assert [needs.kind[g] for g in range(3)] == [0, 2, 0]
    assert found.objective.kind == "need" and found.objective.point_eur == pytest.approx(100)


def test_cases_of_several_services_count_by_their_own_value() -> None:
    """Bank and citizen office on board: points times `point_eur` are cases by the value of the service and by who depends on it."""
    found = world.prepared(services=("citizen_office", "bank"))
    catalogue = read_catalogue()
    of = {s: catalogue.mobile.services[s].case_value_eur.value for s in ("citizen_office", "bank")}
    assert of["citizen_office"] != of["bank"]
    want = [
        cases * of[s] * dependence(catalogue, p)
        for cases, s, p in zip(found.need.cases, found.need.service, found.need.people, strict=True)
    ]
    assert found.problem.needs.points * found.objective.point_eur == pytest.approx(want)


def test_answers_of_the_survey_move_hours() -> None:
    """10 answers weigh as much as the default: what they say counts whole, the default of working people by its root."""
    said = np.full((7, 2), 0.5)
    wishes = WishWeights(slots={("citizen_office", "18_65"): SlotWeight(said, 10)}, answers_total=10, shrinkage=10.0)
    needs = world.prepared(wishes=wishes).problem.needs
    assert needs.preference[0, 0] == pytest.approx([0.5 * 0.6**0.5, 0.5 * 0.8**0.5])


def test_clock_patterns_and_stays() -> None:
    """12 cycles of 4 weeks; 10 patterns every two and 20 every four weeks; so few cases that all stays are the shortest hour."""
    problem = world.prepared().problem
    assert (problem.weeks, problem.weekdays, problem.cycles_per_year, problem.grid_s) == (4, 7, 12.0, 300)
    assert problem.halves_s.tolist() == [[9 * HOUR, 12 * HOUR], [14 * HOUR, 17 * HOUR]]
    assert np.bincount(problem.patterns.rhythm).tolist() == [10, 20]
    assert problem.pattern_ok.all() and not problem.must.any()
    assert (problem.stay_s == HOUR).all() and (problem.served_share == 1).all()
    assert problem.slot_ok[:, :5].all() and not problem.slot_ok[:, 5:].any() and (problem.slot_factor == 1).all()


def test_drives_depot_and_cost() -> None:
    """No town hall is known: the van stands in Cstadt, where most people live; with town halls at that of the operator. 5 km take 5000 / 14.25 = 351 s and cost 2.75 EUR."""
    found = world.prepared()
    problem = found.problem
    assert found.depots["place_id"].tolist() == ["c"] and problem.vehicles.depot.tolist() == [3]
    assert problem.travel_s[0, HALL, CHURCH] == pytest.approx(351, abs=1)
    assert problem.drive_eur[0, HALL, CHURCH] == pytest.approx(2.75, abs=0.01)
    assert found.estimated and problem.vehicles.eur_per_h.tolist() == [41]
    chosen = world.prepared(depots=("a", "b"), vehicles=2)
    assert chosen.depots["place_id"].tolist() == ["a", "b"] and chosen.problem.vehicles.depot.tolist() == [3, 4]
    doors = (
        ("o", "citizen_office", "b", 5000.0, 900.0, "certain"),
        ("p", "citizen_office", "c", 10_000.0, 1900.0, "certain"),
    )
    assert world.prepared(of=world.region(*doors)).depots["place_id"].tolist() == ["c"]
    assert world.prepared(of=world.region(*doors), operator=world.ABTAL).depots["place_id"].tolist() == ["b"]
    seat = world.prepared(of=world.region(("o", "citizen_office", "b", 5000.0, 900.0, "certain")))
    assert seat.depots["place_id"].tolist() == ["b"] and seat.depots["y"].iat[0] == pytest.approx(5_750_900)


def test_each_authority_serves_its_own_without_an_operator() -> None:
    """Nobody asked whose staff comes: at each stop that of its own authority, so nothing is blocked."""
    found = world.prepared()
    assert not len(found.blocked.group) and found.operators == (world.ABTAL, world.CSTADT)


def test_residents_of_others_need_an_agreement() -> None:
    """Staff of Abtal at the square of Cstadt: its people are blocked; an agreement, also for all services, or `staff` all lets them in;
    with `own` agreements do not count."""
    blocked = world.prepared(operator=world.ABTAL)
    assert not _pairs(blocked, SQUARE)
    part = slice(blocked.blocked.ptr[SQUARE], blocked.blocked.ptr[SQUARE + 1])
    cells = blocked.need.cell[blocked.blocked.group[part]]
    assert cells.tolist() == [4, 5] and (blocked.blocked.factor > 0).all()
    assert blocked.operators == (world.ABTAL,)
    for service in ("citizen_office", ""):
        agreed = world.prepared((service, world.ABTAL, world.CSTADT), operator=world.ABTAL)
        assert len(_pairs(agreed, SQUARE)) == 2 and not len(agreed.blocked.group)
    assert not len(world.prepared(operator=world.ABTAL, staff="all").blocked.group)
    own = world.prepared(("", world.ABTAL, world.CSTADT), operator=world.ABTAL, staff="own")
    assert len(own.blocked.group) == 2
    other = world.prepared(("bank", world.ABTAL, world.CSTADT), operator=world.ABTAL)
    assert len(other.blocked.group) == 2


def test_tasks_of_the_district_need_an_agreement_with_it() -> None:
    """With an agreement between Abtal and the Nordkreis its people bring all concerns; those of the Südkreis still 84 %."""
    found = world.prepared(("", world.ABTAL, world.NORD))
    assert _pairs(found, HALL)[0, "75_84"] == pytest.approx(0.9)
    assert _pairs(found, SQUARE)[4, "18_65"] == pytest.approx(0.9 * 0.84)


def test_services_of_anybody_need_no_agreement() -> None:
    """A bank serves whoever comes, whoever sends it."""
    found = world.prepared(services=("bank",), operator=world.ABTAL)
    assert not len(found.blocked.group) and found.operators == ()
    assert (found.concern_share == 1).all()


def _decision(prepared: Prepared, *served: int) -> Decision:
    """Every four weeks on Monday, the stops one after the other from 9:00, in the first weeks."""
    problem = prepared.problem
    first = int(np.flatnonzero(problem.patterns.rhythm == 1)[0])
    pattern, vehicle, start = (np.full(s, -1, np.int32) for s in (3, (3, 1), (3, 1)))
    for week, stop in enumerate(served):
        pattern[stop], vehicle[stop, 0], start[stop, 0] = first + week, 0, 9 * HOUR
    return Decision(pattern, vehicle, start, np.full((problem.vehicles.count, 7, 4), -1, np.int32))


def _authorities(prepared: Prepared, *served: int) -> pd.DataFrame:
    decision = _decision(prepared, *served)
    evaluation = evaluate(prepared.problem, decision, prepared.objective)
    assert not evaluation.faults
    return authorities_table(prepared, decision, evaluation, world.region(), world.catalogue())


def test_what_missing_agreements_cost_and_which_comes_first() -> None:
    """Stops at the hall and the square by staff of Abtal. Turned away in Cstadt: c1 100 x 1.1 x 0.4 = 44 cases, at 0.9 (spot), 0.45 (monthly), 0.6
    (morning), 0.84 (concerns); c2 lies 1,000 m off (its factor 0.7): 26.4 cases; old people of c2 are too far. District tasks of Adorf:
    16/84 of what is served."""
    table = _authorities(world.prepared(operator=world.ABTAL), HALL, SQUARE).set_index("authority_id")
    c1, c2 = 44 * 0.9, 26.4 * 0.9 * 0.7
    lost = (c1 + c2) * 0.84 * 0.45 * 0.6
    assert table.loc[world.CSTADT, ["agreed", "rank"]].tolist() == ["missing", 1]
    assert table.at[world.CSTADT, "points_lost"] == pytest.approx(lost)
    assert table.at[world.CSTADT, "persons_near"] == pytest.approx(160)
    assert table.loc[world.ABTAL, ["agreed", "rank"]].tolist() == ["own", 0]
    assert table.at[world.ABTAL, "name"] == "Verbandsgemeinde Abtal"
    served = 22 * 0.9 * 0.45 * 0.6 + 3.2 * 0.9 * 0.45 + 17.6 * 0.91 * 0.9 * 0.45 * 0.6
    assert table.loc[world.NORD, ["agreed", "rank"]].tolist() == ["missing", 2]
    assert table.at[world.NORD, "points_lost"] == pytest.approx(served * 0.16)
    assert world.SUED not in table.index  # nobody of it is served


def test_people_without_a_stop_for_want_of_an_agreement_are_told_too() -> None:
    """The plan leaves Cstadt out, since its people are blocked: what its stop would serve at the rarest rhythm and the best hour is lost."""
    table = _authorities(world.prepared(operator=world.ABTAL), HALL).set_index("authority_id")
    c1, c2 = 44 * 0.9, 26.4 * 0.9 * 0.7
    assert table.at[world.CSTADT, "points_lost"] == pytest.approx((c1 + c2) * 0.84 * 0.45 * 0.8)
    assert table.at[world.CSTADT, "persons_near"] == 0 and table.at[world.CSTADT, "agreed"] == "missing"


def test_agreed_authorities_are_told_as_agreed() -> None:
    """With both agreements nothing is lost and no rank is given."""
    agreed = (("", world.ABTAL, world.CSTADT), ("", world.ABTAL, world.NORD), ("", world.ABTAL, world.SUED))
    table = _authorities(world.prepared(*agreed, operator=world.ABTAL), HALL, SQUARE).set_index("authority_id")
    assert table["agreed"].to_dict() == {world.ABTAL: "own", world.CSTADT: "agreement"}
    assert not table["rank"].any() and not table["points_lost"].any()


def test_a_target_counts_old_people_within_its_own_walk() -> None:
    """Every person of 75 and older within 700 m at least every two weeks: b2 (600 m) is near by the target, beyond its own walk of 400 m."""
    found = world.prepared(cover=1.0, cover_m=700.0)
    needs = found.problem.needs
    assert found.objective.kind == "cover" and found.objective.cover_share == 1.0
    assert [found.need.people[g] for g in np.flatnonzero(needs.target_group)] == ["75_84"] * 4
    pairs = _pairs(found, CHURCH)
    assert 0 < pairs[3, "75_84"] < 1e-5
    part = slice(needs.ptr[CHURCH], needs.ptr[CHURCH + 1])
    hit = needs.group[part][needs.target[part]]
    assert found.need.cell[hit].tolist() == [2, 3]
    assert needs.target_rhythm.tolist() == [True, False]
    assert found.problem.vehicles.count == 3
    assert world.prepared(cover=1.0, budget_eur=60_000.0).objective.kind == "need"


def test_a_target_that_cannot_be_checked_is_told() -> None:
    """65 and older holds the groups that live here; from 80 on the only old group here, 75 to 84, is cut: no target can be checked."""
    found = world.prepared(cover=1.0, cover_group="65_plus")
    assert not [p.code for p in found.problems if p.code.startswith("mobile_cover")]
    assert _faults(cover=1.0, cover_group="80_plus") == ["mobile_cover_group"]


def test_stops_that_must_be_served() -> None:
    """A place stands for its stop with most cases, a stop for itself by id or name; what is neither is told."""
    found = world.prepared(keep=("a", "church"))
    assert found.problem.must.tolist() == [True, True, False] and found.request.keep == ("hall", "church")
    assert _faults(keep=("nirgends",)) == ["mobile_keep_unknown"]
    assert _faults(keep=("c",), stops=world.table(*world.STOPS[:2])) == ["mobile_keep_no_stop"]


def test_hours_of_stops_close_weekdays() -> None:
    """A church that opens on Tuesday only has patterns on Tuesdays: two fortnightly and four every four weeks."""
    found = world.prepared(stops=world.table(hours=["", "Tu 09:00-17:00", ""]))
    assert found.problem.pattern_ok[CHURCH].sum() == 6 and found.problem.pattern_ok[HALL].sum() == 30
    days = found.problem.patterns.day[found.problem.patterns.ptr[:-1]]
    assert set(days[found.problem.pattern_ok[CHURCH]].tolist()) == {1}


def test_stops_that_nothing_can_serve_are_told_with_the_reason() -> None:
    """Half an hour holds no visit; a shift of 70 minutes holds an hour's visit in Cstadt but not the drive to Adorf; if a stop must be served it is
    an error."""
    short = world.prepared(stops=world.table(hours=["", "Tu 09:00-09:30", ""]))
    assert [p.code for p in short.problems if p.severity == "warning"] == ["mobile_stops_hours"]
    assert not short.problem.pattern_ok[CHURCH].any()
    shift = world.prepared(using=world.catalogue(tour_max_min=40))
    assert [(p.code, p.params["count"]) for p in shift.problems if p.severity == "warning"] == [
        ("mobile_stops_shift", 2)
    ]
    assert _faults(stops=world.table(hours=["", "Tu 09:00-09:30", ""]), keep=("church",)) == ["mobile_stops_hours"]
    assert _faults(using=world.catalogue(tour_max_min=10)) == ["mobile_no_stop_left"]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"area": ("nowhere",)}, ["mobile_area_empty"]),
        ({"weekdays": ("Su",)}, ["mobile_weekdays_none"]),
        ({"stops": world.table(*world.STOPS[:1]), "area": (world.CSTADT,)}, ["mobile_no_candidate"]),
        ({"cover": 1.0, "rhythms": (4.0,)}, ["mobile_cover_rhythm"]),
        ({"cover": 1.0, "cover_m": 5.0, "area": ("c",)}, ["mobile_cover_nobody"]),
        ({"cover": 1.0, "cover_group": "0_6"}, ["mobile_cover_group"]),
    ],
)
def test_what_stands_in_the_way_of_a_plan(asked: dict[str, Any], codes: list[str]) -> None:
    """Nobody in the area, no weekday in common, no stop, a target that no rhythm, no stop or no group of people can meet."""
    assert _faults(**asked) == codes


def test_what_an_edited_plan_names_and_nobody_knows_is_told() -> None:
    """A request may come from a file: unknown service, vehicle, group, depot and rhythm are told together."""
    assert _faults(
        services=("bus",), vehicle="lorry", cover_group="kinder", depots=("x",), rhythms=(3.0,)
    ) == ["mobile_service_unknown", "mobile_vehicle_unknown", "mobile_group_unknown", "mobile_place_unknown", "mobile_rhythm_unknown"]  # fmt: skip
    assert _faults(services=()) == ["mobile_no_service"]


def test_everybody_has_an_office_at_the_door() -> None:
    """Where all places have a fixed office there is nothing to plan; where some do, the note says how many."""
    doors = tuple((f"o{k}", "citizen_office", "b", 5000.0, 300.0 * k, "certain") for k in range(3))
    assert _faults(of=world.region(*doors), area=("b",)) == ["mobile_nobody_needs"]
    some = world.prepared(of=world.region(doors[0]))
    note = next(p for p in some.problems if p.code == "mobile_fixed_near")
    assert note.params["persons"] == 40 and note.params["total"] == 340  # all of b: 30 at b1, 10 at b2
    maybe = world.prepared(of=world.region((*doors[0][:5], "probable")))
    assert "mobile_fixed_probable" in {p.code for p in maybe.problems}


def test_what_else_is_there_is_kept() -> None:
    """Buses count for the factor where they are sought, and stand beside the problem in any case."""
    found = world.prepared(timetable=True, seek=("bus",))
    assert (
        found.problem.slot_factor[CHURCH, 0].tolist() == [1.15, 1.15] and (found.problem.slot_factor[HALL] == 1).all()
    )
    assert set(found.together) == {"market", "doctor", "bus", "visit"}
    assert found.together["bus"][SQUARE, 0].all() and not found.together["market"].any()


def test_the_same_question_gives_the_same_problem() -> None:
    """Two runs give the same arrays."""
    one, two = world.prepared(operator=world.ABTAL), world.prepared(operator=world.ABTAL)
    for name in ("group", "factor", "points"):
        assert np.array_equal(getattr(one.problem.needs, name), getattr(two.problem.needs, name))
    assert one.stops.equals(two.stops)
    assert replace(one.request, keep=()) == replace(two.request, keep=())
