"""What a scenario's visits bring counts as there: held in the core, used by people, and not opened once more."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from ankerort.anchors.build import prepare, travel_for
from ankerort.anchors.evaluate import evaluate
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import FIXED, MOVED, NEW, REMOVABLE, Decision
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.result import make_plan
from ankerort.anchors.solve import solve
from ankerort.anchors.visits import coming, uncounted, visits_key, with_visits
from ankerort.base.problems import InputError
from ankerort.catalogue.provision import VariantKind
from ankerort.region.model import Region
from ankerort.scenario.changes import AddVisit, CloseFacility, UsePopulation
from ankerort.scenario.scenario import Scenario
from worlds.anchor_region import World, priced, sample_world, variant

# the question is about one function, so that its problem is solved to the end in no time
REQUEST = AnchorRequest(max_anchors=2, services=("core:bakery_village_shop",), assume_complete=True, seconds=10.0)
_VISIT: VariantKind = "visit"


@cache
def _world() -> World:
    """The sample region with a record of visits of the village shop: they meet half of the need."""
    w = sample_world()
    visit = variant("village_shop", _VISIT)
    provision = replace(w.catalogue.provision, variants={**w.catalogue.provision.variants, visit.id: visit})
    return replace(w, catalogue=replace(w.catalogue, provision=provision))


def _with(*changes: AddVisit) -> Region:
    w = _world()
    return with_visits(Scenario("Woche", changes), w.region, w.network, w.catalogue)


@cache
def _prepared(place: str = "") -> Prepared:
    w = _world()
    region = _with(AddVisit(service="village_shop", place=place, every_weeks=2.0)) if place else w.region
    travel = travel_for(region, w.network, w.reach, w.catalogue, REQUEST, threads=2)
    return prepare(
        region, None, w.reach, w.parts, w.catalogue, REQUEST, pricing=priced, room_hours_week=20.0, travel=travel, threads=2
    )  # fmt: skip


def _function(prepared: Prepared) -> int:
    return next(k for k, f in enumerate(prepared.problem.functions) if f.id == "core:bakery_village_shop")


def _opened() -> str:
    """A place in which the best plan of today opens a bakery or a village shop."""
    prepared, w = _prepared(), _world()
    found = solve(prepared.problem, prepared.objective, prepared.limits, seconds=REQUEST.seconds)
    assert found.decision is not None
    offers = prepared.problem.offers
    new = np.flatnonzero(found.decision.open & (offers.state == NEW) & (offers.function == _function(prepared)))
    assert len(new), "the question must open something, or the test tells nothing"
    assert w.region.places["place_id"].isin([prepared.place_ids[offers.place[new[0]]]]).any()
    return prepared.place_ids[int(offers.place[new[0]])]


def _today(prepared: Prepared) -> Decision:
    state = prepared.problem.offers.state
    return Decision((state == FIXED) | (state == REMOVABLE), np.zeros(len(prepared.problem.units), bool))


def test_what_comes_is_held_without_cost_and_does_not_open_again() -> None:
    """The visited place has one offer that is there in every plan at no cost, with the quality of a visit; nothing opens or moves there."""
    place = _opened()
    before, after = _prepared(), _prepared(place)
    number, at = _function(after), after.place_ids.index(place)
    offers, info = after.problem.offers, after.offers
    mine = np.flatnonzero((offers.function == number) & (offers.place == at))
    assert info["evidence"].iloc[mine].tolist() == ["visit"]
    assert info["variant"].iloc[mine].tolist() == ["village_shop_visit"]
    assert offers.state[mine].tolist() == [FIXED]
    assert offers.quality[mine].tolist() == [0.5]
    assert not offers.cost_eur[mine].any()
    old = before.problem.offers
    was = (old.function == number) & (old.place == before.place_ids.index(place))
    assert set(old.state[was]) <= {NEW, MOVED}
    assert was.any()
    # all other offers are the same, in the same order
    others, kept = np.flatnonzero(offers.place != at), np.flatnonzero(old.place != before.place_ids.index(place))
    assert info["variant"].iloc[others].tolist() == before.offers["variant"].iloc[kept].tolist()


def test_people_use_it_as_far_as_it_meets_their_need() -> None:
    """Today with the visit is worth half the points of those within the standard of the place whom nothing else serves, and no more."""
    place = _opened()
    before, after = _prepared(), _prepared(place)
    number, at = _function(after), after.place_ids.index(place)
    function, offers = after.problem.functions[number], after.problem.offers
    site = int(offers.site[(offers.function == number) & (offers.place == at)][0])
    part = function.travel.site(site)
    reached = function.travel.row[part][function.travel.within[part]]
    served = np.zeros(len(after.problem.demand), bool)
    for o in np.flatnonzero((offers.function == number) & (offers.state == FIXED) & (offers.site != site)):
        one = function.travel.site(int(offers.site[o]))
        served[function.travel.row[one][function.travel.within[one]]] = True
    gained = reached[~served[reached]]
    points = 0.5 * function.weight * float((function.need * after.problem.demand.weight)[gained].sum())
    assert points > 0
    values = [evaluate(p.problem, _today(p), p.objective, p.limits).people for p in (before, after)]
    assert values[1] - values[0] == pytest.approx(points)


def test_the_plan_tells_what_comes_and_keeps_its_bound() -> None:
    """A plan that must have the visited place as anchor holds the function there by the visit; its value does not pass its bound."""
    place = _opened()
    w = _world()
    prepared = _prepared(place)
    at = prepared.place_ids.index(place)
    limits = replace(prepared.limits, keep=(at,))
    found = solve(prepared.problem, prepared.objective, limits, seconds=REQUEST.seconds)
    assert found.decision is not None
    assert found.value <= found.bound + 1e-6 * max(1.0, abs(found.bound))
    plan = make_plan(replace(prepared, limits=limits), found, w.region, w.catalogue, name="Plan")
    rows = plan.functions[(plan.functions["place_id"] == place) & (plan.functions["service"] == "village_shop")]
    assert rows["what"].tolist() == ["kept"]
    assert rows["evidence"].tolist() == ["visit"]
    assert rows["cost_high"].tolist() == [0.0]
    anchor = plan.anchors[(plan.anchors["place_id"] == place) | (plan.anchors["partner_id"] == place)]
    # the only item of the core that takes part is held today, by what comes
    assert anchor[["core_today", "core_presumed", "core_plan", "core_items"]].to_numpy().tolist() == [[1, 0, 1, 1]]


def test_only_visits_of_a_scenario_that_come_often_enough_count() -> None:
    """Visits of today's data, visits rarer than every four weeks and services without a record of a visit bring nothing."""
    w = _world()
    place = _prepared().place_ids[0]
    often, rarely = (AddVisit(service="village_shop", place=place, every_weeks=n) for n in (4.0, 4.5))
    pills = AddVisit(service="pharmacy", place=place)
    assert coming(w.region, w.catalogue) == ()
    assert visits_key(w.region) == ""
    assert [(c.service, c.variant.id) for c in coming(_with(often, often, pills), w.catalogue)] == [
        ("village_shop", "village_shop_visit")
    ]
    assert coming(_with(rarely), w.catalogue) == ()
    assert uncounted(_with(rarely, pills), w.catalogue) == ("pharmacy", "village_shop")
    assert uncounted(_with(often), w.catalogue) == ()
    assert visits_key(_with(often)) != visits_key(_with(rarely))
    today = _with(often)
    own = replace(today, mobile_visits=today.mobile_visits.assign(source_id="liste"))
    assert coming(own, w.catalogue) == ()


def test_a_place_that_is_no_candidate_serves_its_people() -> None:
    """What comes into a place too small for an anchor stands in no place of the problem and serves people who reach its centre."""
    w, before = _world(), _prepared()
    places = w.region.places
    small = places[places["in_study"] & places["x"].notna() & ~places["place_id"].isin(before.place_ids)]
    assert len(small), "the sample region has places that are no candidates"
    gains = []
    for place in small["place_id"].astype(str)[:3]:
        after = _prepared(place)
        offers = after.problem.offers
        mine = np.flatnonzero((after.offers["evidence"] == "visit").to_numpy(bool))
        assert offers.place[mine].tolist() == [-1]
        assert after.place_ids == before.place_ids
        values = [evaluate(p.problem, _today(p), p.objective, p.limits).people for p in (before, after)]
        gains.append(values[1] - values[0])
    assert min(gains) >= 0
    assert max(gains) > 0


def test_a_visit_where_the_service_stands_counts_nothing() -> None:
    """Where a village shop stands for sure its visit changes no offer."""
    before = _prepared()
    offers, info = before.problem.offers, before.offers
    stands = np.flatnonzero((info["service"] == "village_shop") & (info["evidence"] == "certain") & (offers.place >= 0))
    assert len(stands), "the sample region has a village shop"
    after = _prepared(before.place_ids[int(offers.place[stands[0]])])
    assert after.offers.equals(before.offers)
    assert after.problem.functions[0].travel.site_count == before.problem.functions[0].travel.site_count


def test_other_changes_are_told_all_at_once() -> None:
    """Everything that is no visit is a problem with its number; a scenario without changes is one, too."""
    w = _world()
    visit = AddVisit(service="village_shop", place=_prepared().place_ids[0])
    mixed = Scenario("Woche", (CloseFacility(service="library"), visit, UsePopulation(year=2040)))
    with pytest.raises(InputError) as caught:
        with_visits(mixed, w.region, w.network, w.catalogue)
    assert [(p.code, p.params["change"], p.params["kind"]) for p in caught.value.problems] == [
        ("anchors_with_change", 1, CloseFacility.kind),
        ("anchors_with_change", 3, UsePopulation.kind),
    ]
    with pytest.raises(InputError) as caught:
        with_visits(Scenario("Leer"), w.region, w.network, w.catalogue)
    assert [p.code for p in caught.value.problems] == ["anchors_with_nothing"]
    with pytest.raises(InputError) as caught:
        _with(replace(visit, place="Nirgendwo"), replace(visit, service="Kino"))
    assert [p.code for p in caught.value.problems] == ["scenario_place_unknown", "scenario_service_unknown"]
