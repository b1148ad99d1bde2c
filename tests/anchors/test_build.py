"""An anchor problem says what the balance says: who is served today, who would be served by what opens; and nothing of what is not known."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from ankerort.anchors.build import prepare, travel_for
from ankerort.anchors.build_demand import People
from ankerort.anchors.build_functions import FunctionSpec, function_specs, largest_seconds
from ankerort.anchors.build_sites import ServiceSites
from ankerort.anchors.build_status import function_status
from ankerort.anchors.candidates import choose_candidates
from ankerort.anchors.evaluate import evaluate
from ankerort.anchors.place_travel import PlaceTravel
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import FIXED, MOVED, NEW, RECRUIT, REMOVABLE, Decision, Function
from ankerort.anchors.request import AnchorRequest
from ankerort.base.problems import InputError
from ankerort.catalogue.provision import Provision
from ankerort.reach.model import Reach
from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.changes import OpenFacility
from ankerort.scenario.resolve import resolve
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.workspace import Workspace
from ankerort.scenario.world import World as ScenarioWorld
from ankerort.supply.parts import SupplyParts
from ankerort.supply.service_status import union_status
from ankerort.supply.status import WITHIN
from worlds.anchor_region import World, priced, sample_world

Rows = NDArray[np.bool_]


@cache
def _travel() -> PlaceTravel:
    w = sample_world()
    return travel_for(w.region, w.network, w.reach, w.catalogue, AnchorRequest(), threads=2)


def _prepare(request: AnchorRequest | None = None, *, back: bool = True, world: World | None = None) -> Prepared:
    w = world or sample_world()
    return prepare(
        w.region, w.network, w.reach, w.parts, w.catalogue, request or AnchorRequest(), pricing=priced,
        room_hours_week=20.0, travel=_travel(), there_and_back=back, threads=2,
    )  # fmt: skip


@cache
def _plain(back: bool) -> Prepared:
    return _prepare(back=back)


def _spec(function: str) -> FunctionSpec:
    return next(s for s in function_specs(sample_world().catalogue) if s.id == function)


def _in_balance(prepared: Prepared, spec: FunctionSpec, parts: SupplyParts) -> Rows:
    """Rows that the balance counts as served, on the way there."""
    status = union_status([parts.status(s) for s in spec.services])
    out = np.zeros(len(prepared.demand_cell), bool)
    for kind in range(4):
        of = (status.without_car if kind < 2 else status.with_car)["old" if kind % 2 else "young"]
        mine = prepared.demand_kind == kind
        if of is not None:
            out[mine] = of[prepared.demand_cell[mine]] == WITHIN
    return out


def _with_way_home(prepared: Prepared, spec: FunctionSpec, parts: SupplyParts, reach: Reach) -> Rows:
    """Rows that are served with a way home, of the facilities of a world."""
    w = sample_world()
    sites = {
        s: ServiceSites(
            s, reach, w.catalogue, cells=len(w.region.cells), travel=None, places=np.empty(0, np.int32),
            there_and_back=True, largest_s=largest_seconds(spec.services, w.catalogue),
        )
        for s in spec.services
    }  # fmt: skip
    status = function_status(spec.services, sites, parts, w.catalogue)
    out = np.zeros(len(prepared.demand_cell), bool)
    for kind, of in enumerate(status):
        mine = prepared.demand_kind == kind
        if of is not None:
            out[mine] = of[prepared.demand_cell[mine]] == WITHIN
    return out


def _served(prepared: Prepared, function: Function, offers: NDArray[np.intp]) -> Rows:
    out = np.zeros(len(prepared.demand_cell), bool)
    for o in offers:
        part = function.travel.site(int(prepared.problem.offers.site[o]))
        out[function.travel.row[part][function.travel.within[part]]] = True
    return out


def _of(prepared: Prepared, number: int, *states: int) -> NDArray[np.intp]:
    offers = prepared.problem.offers
    return np.flatnonzero((offers.function == number) & np.isin(offers.state, states))


def _needed(prepared: Prepared) -> list[tuple[int, Function]]:
    return [(k, f) for k, f in enumerate(prepared.problem.functions) if f.need.any()]


def test_served_today_is_what_the_balance_says() -> None:
    """For every function and row with a need: some existing facility is within the standard if and only if the balance counts it as served."""
    prepared = _plain(False)
    assert len(_needed(prepared)) >= 8
    for number, function in _needed(prepared):
        today = _served(prepared, function, _of(prepared, number, FIXED, REMOVABLE))
        known = function.need > 0
        told = _in_balance(prepared, _spec(function.id), sample_world().parts)
        np.testing.assert_array_equal(today[known], told[known], err_msg=function.id)


def test_the_way_home_only_takes_away() -> None:
    """With the way home nobody is served who is not served on the way there, and somebody of the sample region is lost."""
    there, back = _plain(False), _plain(True)
    lost = 0
    for number, function in _needed(back):
        twin = next(k for k, f in enumerate(there.problem.functions) if f.id == function.id)
        now = _served(back, function, _of(back, number, FIXED, REMOVABLE))
        before = _served(there, there.problem.functions[twin], _of(there, twin, FIXED, REMOVABLE))
        assert not (now & ~before).any()
        lost += int((before & ~now).sum())
    assert lost > 0


@cache
def _opened(service: str, place_id: str) -> tuple[SupplyParts, Reach]:
    """The balance after a facility opens, by the code of the scenarios."""
    workspace = _workspace()
    resolved = resolve(Scenario("new", (OpenFacility(service=service, place=place_id),)), workspace.world)
    answer = workspace.answer(*apply_scenario(workspace.world, resolved))
    return answer.parts, answer.reach


@cache
def _workspace() -> Workspace:
    w = sample_world()
    return Workspace(ScenarioWorld(w.region, w.network, w.catalogue), reach=w.reach, parts=w.parts, threads=2)


@pytest.mark.parametrize("back", [False, True])
def test_what_opens_serves_whom_the_scenario_serves(back: bool) -> None:
    """A new offer is within the standard of exactly those for whom the scenario with this facility makes the difference: no second truth."""
    prepared, gained = _plain(back), 0
    for number, function in _needed(prepared):
        spec, known = _spec(function.id), function.need > 0
        today = _served(prepared, function, _of(prepared, number, FIXED, REMOVABLE))
        new = _of(prepared, number, NEW)
        sites = dict.fromkeys(
            zip(prepared.offers["service"].iloc[new], prepared.problem.offers.place[new], strict=True)
        )
        for service, place in list(sites)[:3]:
            parts, reach = _opened(str(service), prepared.place_ids[int(place)])
            told = _with_way_home(prepared, spec, parts, reach) if back else _in_balance(prepared, spec, parts)
            of_site = [
                o for o in new
                if prepared.offers["service"].iat[o] == service and prepared.problem.offers.place[o] == place
            ]  # fmt: skip
            then = today | _served(prepared, function, np.array(of_site))
            np.testing.assert_array_equal(then[known], told[known], err_msg=f"{function.id} {service} {place}")
            gained += int((then & ~today).sum())
    assert gained > 0


def test_who_is_not_known_has_no_need() -> None:
    """A row with a need is served or known to be unserved; people whose supply is not known are told apart, with the same total."""
    prepared, w = _plain(False), sample_world()
    people = People(w.region, w.catalogue)
    study = prepared.problem.demand.weight > 0
    for number, function in _needed(prepared):
        groups = [g for s in _spec(function.id).services for g in w.catalogue.services[s].demand_groups]
        persons = people.by_kind(groups)[prepared.demand_kind, prepared.demand_cell]
        known = float(function.need[study].sum())
        assert known + prepared.unknown_persons[number] == pytest.approx(float(persons[study].sum()))
        assert (np.isclose(function.need, persons) | (function.need == 0)).all()


def test_too_little_known_leaves_a_function_out() -> None:
    """Above the least known share a function is left out with its reason and its unknown people; assumed complete, it takes part."""
    w = sample_world()
    all_known = replace(w.catalogue.figures["anchors.known_share_min"], value=0.999)
    world = replace(w, catalogue=replace(w.catalogue, figures={**w.catalogue.figures, all_known.id: all_known}))
    strict = _prepare(world=world)
    out = strict.left_out.set_index("function")
    assert (out.loc[out["reason"] == "supply_unknown", "unknown_persons"] > 0).all()
    assert out.at["core:meeting_place", "reason"] == "supply_unknown"
    assert "core:meeting_place" not in [f.id for f in strict.problem.functions]
    loose = _prepare(AnchorRequest(assume_complete=True), world=world)
    assert "supply_unknown" not in set(loose.left_out["reason"])
    halls = next(f for f in loose.problem.functions if f.id == "core:meeting_place")
    before = next(f for f in _plain(True).problem.functions if f.id == "core:meeting_place")
    assert halls.need.sum() > before.need.sum()


def test_people_add_up() -> None:
    """The rows hold all inhabitants, once each; people beyond the study area weigh nothing; areas are the municipalities of the study area."""
    prepared, w = _plain(True), sample_world()
    demand = prepared.problem.demand
    assert demand.persons.sum() == pytest.approx(float(w.region.cells["persons"].sum()))
    study = w.region.cells["in_study"].to_numpy(bool)[prepared.demand_cell]
    assert (demand.weight[~study] == 0).all()
    np.testing.assert_array_equal(demand.weight[study], (1.0 + prepared.demand_kind)[study])
    ags = w.region.cells["ags"].to_numpy(object)[prepared.demand_cell]
    assert all(prepared.area_ids[a] == g for a, g in zip(demand.area[study], ags[study], strict=True))


def test_children_are_brought() -> None:
    """Small children have a car where grown-ups have one: the people of the day care are no group without a car."""
    w = sample_world()
    people = People(w.region, w.catalogue)
    small, pupils = people.by_kind(("0_6",)), people.by_kind(("10_16",))
    assert small[2].sum() > small[0].sum() > 0
    assert small[[1, 3]].sum() == 0
    assert pupils[2].sum() == pytest.approx(0.0, abs=1e-6)


def test_groups_that_overlap_count_once() -> None:
    """Everybody and those of 65 and older together are everybody."""
    w = sample_world()
    people = People(w.region, w.catalogue)
    np.testing.assert_allclose(people.by_kind(("all", "65_plus")), people.by_kind(("all",)))


def test_nothing_opens_where_something_stands() -> None:
    """In a place with a facility of the function, certain or probable, no new one is offered; a probable one serves nobody for sure."""
    prepared, w = _plain(True), sample_world()
    offers = prepared.problem.offers
    for number, function in enumerate(prepared.problem.functions):
        there = set(offers.place[_of(prepared, number, FIXED, REMOVABLE)].tolist()) - {-1}
        assert not there & set(offers.place[_of(prepared, number, NEW)].tolist()), function.id
    certainty = w.region.facilities.set_index("facility_id")["certainty"]
    existing = prepared.offers["facility_id"] != ""
    probable = np.flatnonzero(existing & (prepared.offers["facility_id"].map(certainty) == "probable"))
    assert len(probable)
    for o in probable:
        part = prepared.problem.functions[int(offers.function[o])].travel.site(int(offers.site[o]))
        assert part.start == part.stop


def test_only_what_may_close_closes() -> None:
    """A facility may close only where the request and the catalogue say so, in the study area; it may move within its association."""
    asked = _prepare(AnchorRequest(may_close=("library", "citizen_office", "primary_school")))
    offers, info = asked.problem.offers, asked.offers
    closing = np.flatnonzero(offers.state == REMOVABLE)
    assert set(info["service"].iloc[closing]) == {"library"}
    assert (offers.state[np.isin(info["service"], ["citizen_office", "primary_school"])] != REMOVABLE).all()
    moved = np.flatnonzero(offers.state == MOVED)
    assert len(moved)
    assert set(offers.origin[moved]) <= set(closing)
    w = sample_world()
    of_place = w.region.places.set_index("place_id")["ags"].map(
        w.region.municipalities.set_index("ags")["association_id"]
    )
    ags = w.region.facilities.set_index("facility_id")["ags"]
    for o in moved:
        home = w.region.municipalities.set_index("ags")["association_id"][
            ags[info["facility_id"].iat[offers.origin[o]]]
        ]
        assert of_place[asked.place_ids[offers.place[o]]] == home
    assert not (_plain(True).problem.offers.state == REMOVABLE).any()


def test_what_is_left_out_of_the_tables_changes_no_value() -> None:
    """The value of opening any new offer is the same with the whole tables: what is cut could be used by no plan."""
    asked = AnchorRequest(may_close=("library",))
    prepared = _prepare(asked)
    number = next(k for k, f in enumerate(prepared.problem.functions) if f.id == "library")
    function, offers = prepared.problem.functions[number], prepared.problem.offers
    # with the library removable nothing of its table is cut off; with it fixed, only what cannot matter
    fixed = _plain(True)
    twin = next(k for k, f in enumerate(fixed.problem.functions) if f.id == "library")
    cut = fixed.problem.functions[twin]
    assert len(cut.travel.row) <= len(function.travel.row)
    new = {(prepared.offers["variant"].iat[o], offers.place[o]): o for o in _of(prepared, number, NEW)}
    for o in _of(fixed, twin, NEW):
        other = new[fixed.offers["variant"].iat[o], fixed.problem.offers.place[o]]
        values = []
        for one, opened in ((prepared, other), (fixed, o)):
            state = one.problem.offers.state
            is_open = (state == FIXED) | (state == REMOVABLE)
            is_open[opened] = True
            decision = Decision(is_open, np.zeros(len(one.problem.units), bool))
            found = evaluate(one.problem, decision, one.objective, one.limits)
            values.append((found.people, found.minutes, found.catchment[opened]))
        assert values[0] == pytest.approx(values[1])


def test_a_host_is_there_or_may_open() -> None:
    """An agency needs no further host where one stands; elsewhere a function that may open hosts it; where another one of the function stands it is not offered."""
    prepared, w = _plain(True), sample_world()
    offers = prepared.problem.offers
    agencies = np.flatnonzero(prepared.offers["variant"] == "bakery_agency")
    assert len(agencies)
    facilities = w.region.facilities
    shops = facilities[facilities["service"].isin(["village_shop", "supermarket"]) & (facilities["state"] == "open")]
    for o in agencies:
        has_shop = prepared.place_ids[offers.place[o]] in set(shops["place_id"])
        assert (offers.host[o] == -1) == has_shop
        if not has_shop:
            host = prepared.problem.functions[offers.host[o]].id
            assert host in ("core:bakery_village_shop", "core:food_market")


def test_cores_hold_what_takes_part() -> None:
    """A level's core has a slot for each item that takes part; what may not open holds it where it stands; the least number shrinks with the core."""
    prepared = _plain(True)
    ids = [f.id for f in prepared.problem.functions]
    full = prepared.problem.levels[1]
    assert [ids[s.functions[0]] for s in full.core] == [
        "core:bakery_village_shop", "core:stop", "core:meeting_place", "core:general_practitioner", "core:primary_school",
    ]  # fmt: skip
    assert full.at_least == 4
    school = ids.index("core:primary_school")
    assert not prepared.problem.functions[school].need.any()
    assert len(_of(prepared, school, FIXED)) and not len(_of(prepared, school, NEW))
    narrow = _prepare(AnchorRequest(services=("core:general_practitioner", "village_hall")))
    assert [f.id for f in narrow.problem.functions] == ["core:general_practitioner", "core:meeting_place"]
    assert [level.at_least for level in narrow.problem.levels] == [1, 2]
    assert set(narrow.left_out["reason"]) == {"not_asked"}


def test_units_are_places_and_neighbours() -> None:
    """Places and pairs that hold enough of the core, no farther apart than the record; none where pairs are not wanted; a pair costs its factor more."""
    prepared, w = _plain(True), sample_world()
    units, offers = prepared.problem.units, prepared.problem.offers
    there = (offers.state == FIXED) | (offers.state == REMOVABLE)

    def held(level: int, *places: int) -> int:
        mine = set(offers.function[there & np.isin(offers.place, [p for p in places if p >= 0])].tolist())
        return sum(bool(mine & set(slot.functions)) for slot in prepared.problem.levels[level].core)

    chosen = {(int(v), int(a), int(b)) for v, a, b in zip(units.level, units.first, units.second, strict=True)}
    named = {prepared.place_ids.index(p) for p in w.region.central_places["place_id"] if p in prepared.place_ids}
    for level, record in enumerate(w.catalogue.provision.levels):
        share = len(prepared.problem.levels[level].core) / len(record.items)
        least = np.ceil(w.catalogue.value("anchors.held_min") * share - 1e-9)
        for place in range(prepared.problem.place_count):
            enough = held(level, place) >= least or place in named
            assert ((level, place, -1) in chosen) == enough
    assert all(held(v, a, b) >= 1 for v, a, b in chosen)
    assert prepared.too_little == prepared.problem.place_count - len({p for _, *both in chosen for p in both if p >= 0})
    assert sum(b < 0 for _, _, b in chosen) < 2 * prepared.problem.place_count
    pairs = np.flatnonzero(units.second >= 0)
    assert len(pairs)
    metres = np.hypot(
        prepared.problem.place_x[units.first[pairs]] - prepared.problem.place_x[units.second[pairs]],
        prepared.problem.place_y[units.first[pairs]] - prepared.problem.place_y[units.second[pairs]],
    )
    assert (metres < 15_000).all()
    factor = w.catalogue.value("anchors.pair_cost_factor")
    np.testing.assert_allclose(units.cost_eur[pairs[0]], units.cost_eur[0] * factor)
    assert (_prepare(AnchorRequest(pairs=False)).problem.units.second == -1).all()


def test_request_becomes_limits_and_order() -> None:
    """Places become numbers; a share to cover asks for the least cost first; other limits are taken over."""
    plain = _plain(True)
    keep, forbid = plain.place_ids[2], plain.place_ids[0]
    asked = AnchorRequest(
        max_anchors=2, budget_eur=5e5, cover=0.8, keep=(keep,), forbid=(forbid,), spacing_m=500.0, area_share=0.1,
        new_anywhere=True, legal="off",
    )  # fmt: skip
    found = _prepare(asked)
    limits = found.limits
    assert (found.place_ids[limits.keep[0]], found.place_ids[limits.forbid[0]]) == (keep, forbid)
    assert (limits.max_anchors, limits.budget_eur, limits.min_people) == (2, 5e5, 0.8)
    assert (limits.spacing_m, limits.area_share, limits.new_only_in_anchors, limits.legal) == (500.0, 0.1, False, "off")
    assert found.objective.order == ("cost", "people")
    assert plain.objective.order == () and plain.objective.cost == pytest.approx(0.01)


def test_small_places_are_no_candidates_unless_asked_for() -> None:
    """A place below the least number of inhabitants takes part only if it must be an anchor; the most places keep those with most people and functions."""
    w, plain = sample_world(), _plain(True)
    persons = w.region.places.set_index("place_id")["persons"]
    least = w.catalogue.value("anchors.candidate_min_persons")
    central = set(w.region.central_places["place_id"])
    assert all(persons[p] >= least or p in central for p in plain.place_ids)
    small = next(p for p in persons.index[w.region.places["in_study"]] if p not in plain.place_ids)
    asked = AnchorRequest(keep=(small,))
    travel = travel_for(w.region, w.network, w.reach, w.catalogue, asked, threads=2)
    kept = prepare(
        w.region, None, w.reach, w.parts, w.catalogue, asked, pricing=priced, room_hours_week=20.0, travel=travel
    )
    assert small in kept.place_ids and kept.too_small == plain.too_small - 1
    with pytest.raises(ValueError, match="other places"):
        _prepare(asked)


def test_without_records_there_is_no_problem() -> None:
    """A catalogue without records of cost, or a function without one, cannot be planned: the problem says so."""
    w = sample_world()
    bare = replace(w, catalogue=replace(w.catalogue, provision=Provision()))
    for request, world in ((AnchorRequest(), bare), (AnchorRequest(services=("primary_school",)), w)):
        with pytest.raises(InputError) as caught:
            _prepare(request, world=world)
        assert [p.code for p in caught.value.problems] == ["anchors_core_without_cost"]


def test_own_services_only() -> None:
    """Only what the planning body decides alone may open."""
    prepared = _prepare(AnchorRequest(own_services_only=True))
    new = prepared.problem.offers.state == NEW
    assert set(prepared.offers["service"][new]) <= {"village_hall", "library", "citizen_office"}


def test_same_request_same_problem() -> None:
    """Everything is the same in every run, with any number of threads."""
    w = sample_world()
    again = prepare(
        w.region, w.network, w.reach, w.parts, w.catalogue, AnchorRequest(), pricing=priced, room_hours_week=20.0,
        threads=1,
    )  # fmt: skip
    one, other = _plain(True).problem, again.problem
    for f, g in zip(one.functions, other.functions, strict=True):
        np.testing.assert_array_equal(f.travel.row, g.travel.row)
        np.testing.assert_array_equal(f.travel.seconds, g.travel.seconds)
        np.testing.assert_array_equal(f.travel.within, g.travel.within)
    np.testing.assert_array_equal(one.offers.cost_eur, other.offers.cost_eur)
    np.testing.assert_array_equal(one.anchor_travel.row, other.anchor_travel.row)


def _evidence(prepared: Prepared, function: str) -> dict[str, set[str]]:
    """Evidence of a function's offers by place."""
    problem, told = prepared.problem, {}
    number = next(k for k, f in enumerate(problem.functions) if f.id == function)
    for o in np.flatnonzero((problem.offers.function == number) & (problem.offers.place >= 0)):
        place = prepared.place_ids[int(problem.offers.place[o])]
        told.setdefault(place, set()).add(str(prepared.offers["evidence"].iat[o]))
    return told


def test_what_a_place_of_its_size_has_is_presumed_until_somebody_said_no() -> None:
    """Not recorded where expected: presumed, holds a core item, serves nobody, nothing opens. Not recorded elsewhere: may open, evidence unknown. Known absence: absent."""
    w = sample_world()
    prepared = _plain(True)
    offers, classes = prepared.problem.offers, w.catalogue.place_expectations
    persons = w.region.places.set_index("place_id")["persons"]
    seen: set[str] = set()
    for number, function in enumerate(prepared.problem.functions):
        services = _spec(function.id).services
        for place, found in _evidence(prepared, function.id).items():
            recorded = bool(found & {"certain", "probable"})
            cells = (w.region.cells["place_id"] == place).to_numpy() & (w.region.cells["persons"] > 0).to_numpy()
            none_there = all(w.parts.service(s).knowledge.absence_known[cells].mean() > 0.5 for s in services)
            size = classes.of(float(persons[place]))
            expected = size is not None and size.expected(function.id) == "yes"
            if not recorded and expected and not none_there:
                assert found == {"presumed"}
            elif not recorded:
                assert found == {"absent" if none_there else "unknown"}
            seen |= found
        mine = np.flatnonzero((offers.function == number) & (prepared.offers["evidence"] == "presumed").to_numpy())
        assert (offers.state[mine] == FIXED).all()
        for o in mine:
            part = function.travel.site(int(offers.site[o]))
            assert part.start == part.stop
    assert seen == {"certain", "probable", "presumed", "absent", "unknown"}


def test_assumed_complete_presumes_nothing() -> None:
    """Who counts lists as complete counts what is not recorded as not there."""
    prepared = _prepare(AnchorRequest(assume_complete=True))
    told = set(prepared.offers["evidence"])
    assert "presumed" not in told
    assert "unknown" not in told


def test_only_what_planners_decide_saves_minutes() -> None:
    """Shorter ways count to what exists and to new offers that planners decide, that meet enough of the need and of which it is known that none is there; by uses a year."""
    assumed = _prepare(AnchorRequest(assume_complete=True)).problem.offers
    assert {True, False} == set(assumed.counts_minutes[assumed.state >= NEW].tolist())
    prepared = _plain(True)
    offers = prepared.problem.offers
    new = offers.state >= NEW
    least = sample_world().catalogue.value("anchors.minutes_quality_min")
    none_there = (prepared.offers["evidence"] == "absent").to_numpy(bool)
    counts = (offers.decides != RECRUIT) & (offers.quality >= least) & none_there
    assert (offers.counts_minutes[new] == counts[new]).all()
    assert offers.counts_minutes[~new].all()
    for function in prepared.problem.functions:
        once_a_week = 1.0  # where no record says how often
        assert function.per_minute == (8.0 / 52.0 if function.id == "core:general_practitioner" else once_a_week)


def test_a_large_place_without_a_centre_is_named() -> None:
    """Such a place cannot be tried; it is told, the largest first."""
    w = sample_world()
    places = w.region.places.copy()
    largest = places[places["in_study"]].nlargest(2, "persons")
    places.loc[largest.index, ["x", "y"]] = np.nan
    found = choose_candidates(replace(w.region, places=places), w.catalogue, AnchorRequest())
    assert found.no_centre == tuple(largest["place_id"])
    assert not set(found.rows) & set(largest.index)


def test_nothing_opens_where_no_anchor_may_stand() -> None:
    """Offers to open stand in places of units; with `new_anywhere` in all candidate places; what moves keeps its origin."""
    request = AnchorRequest(may_close=("village_hall",))
    for anywhere in (False, True):
        prepared = _prepare(replace(request, new_anywhere=anywhere))
        offers, units = prepared.problem.offers, prepared.problem.units
        opens = offers.state >= NEW
        held = {int(p) for p in (*units.first, *units.second) if p >= 0}
        if not anywhere:
            assert set(offers.place[opens].tolist()) <= held
        moved = np.flatnonzero(offers.state == MOVED)
        assert len(moved)
        assert (offers.state[offers.origin[moved]] == REMOVABLE).all()
        assert (offers.function[offers.origin[moved]] == offers.function[moved]).all()
        assert len(prepared.offers) == len(offers)
