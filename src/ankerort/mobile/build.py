"""A question for a mobile service becomes a problem in numbers: stops, people, patterns, hours, stays, vehicles, drives, objective."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.catalogue.mobile import WEEKDAYS, MobileService
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.build_checks import check_ids, check_target, shown, tell_fixed, tell_probable
from ankerort.mobile.build_pairs import Pairs, make_pairs, target_people
from ankerort.mobile.build_patterns import RhythmChoice, choose_rhythms, common_weekdays, make_patterns
from ankerort.mobile.build_served import served_patterns
from ankerort.mobile.build_stays import visit_lengths
from ankerort.mobile.build_vehicles import find_depots, make_vehicles, vehicle_cost, vehicle_count
from ankerort.mobile.build_windows import HALF_IDS, coincidence_factor, common_halves, presence, stop_windows
from ankerort.mobile.drivers import dependence
from ankerort.mobile.need import mobile_need
from ankerort.mobile.prepared import MobileNeed, Prepared
from ankerort.mobile.problem import MobileProblem, Needs, Objective
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.resolve_request import SEEK
from ankerort.mobile.stops import candidate_stops
from ankerort.mobile.travel import travel_matrices, walks_to_stops
from ankerort.mobile.wishes import WishWeights
from ankerort.network.model import Network, SparseColumns
from ankerort.region.areas import area_cells
from ankerort.region.model import Region
from ankerort.region.stop_places import place_key
from ankerort.scenario.nearest import nearest_names

_MINUTE_S = 60
_WORKING_AGE = (18, 65)  # ages of a group whose people work by day


def prepare(
    region: Region,
    network: Network,
    catalogue: Catalogue,
    request: MobileRequest,
    *,
    wishes: WishWeights | None = None,
    agreements: pd.DataFrame,
    spots: pd.DataFrame,
    stop_table: pd.DataFrame,
    threads: int = 0,
) -> Prepared:
    """The problem of a question (docs/method/mobile.md, docs/method/mobile-need.md).

    Parameters
    ----------
    region, network
        The region, and the network built of it.
    request
        Of `ankerort.mobile.resolve_request.resolve_request`.
    wishes
        Weights of the survey; None = defaults only.
    agreements
        AGREEMENTS that are valid.
    spots, stop_table
        Spots of the map and the user's stops, among which the candidates are chosen.
    threads
        Worker threads for walks, 0 = one per core.

    Raises
    ------
    InputError
        With all that stands in the way of a plan: nobody in the area, no stop, no hours or weekdays in common, no stop that any vehicle
        can serve, stops that are to be served but cannot be.
    """
    problems = Problems()
    check_ids(request, region, catalogue, problems)
    problems.raise_errors()
    services = [catalogue.mobile.services[s] for s in request.services]
    vehicle = catalogue.mobile.vehicles[request.vehicle or services[0].vehicle]
    choice = choose_rhythms(services, request.rhythms, catalogue, problems)
    weekdays = common_weekdays(services, request.weekdays, problems)
    halves = common_halves(services, catalogue, problems)
    cells = area_cells(region, request.area)
    need = mobile_need(region, catalogue, request, wishes=wishes, area_cells=cells)
    if not len(cells):
        problems.add("mobile_area_empty", "error", "--area")
    elif not len(need.cell):
        problems.add("mobile_nobody_needs", "error", "--service", services=_labels(services))
    counted = target_people(request, need, catalogue, problems)
    problems.raise_errors()
    tell_fixed(region, catalogue, request, need, cells, problems)
    tell_probable(region, catalogue, request, cells, problems)

    stops, told = candidate_stops(
        region,
        catalogue,
        spots=spots,
        table=stop_table,
        area_cells=cells,
        request=request,
        network=network,
        threads=threads,
    )
    problems.extend(told)
    if not len(stops):
        problems.add("mobile_no_candidate", "error", "haltepunkte")
    problems.raise_errors()
    walk_m = max(float(need.walk_m.max()), request.cover_m if request.cover is not None else 0.0)
    walks = walks_to_stops(region, network, catalogue, stops, cells, limit_m=walk_m, threads=threads)
    pairs = make_pairs(region, catalogue, request, need, stops, walks, agreements, counted)
    kept = _kept(request, stops, pairs, need, region, problems)
    some = _reached(stops, pairs, kept, problems)
    if not some.all():
        stops, walks = stops[some].reset_index(drop=True), _columns(walks, some)
        pairs = make_pairs(region, catalogue, request, need, stops, walks, agreements, counted)
    must = stops["stop_id"].isin(kept).to_numpy(bool)
    problems.raise_errors()

    cost = vehicle_cost(services, vehicle, catalogue, one_staff=request.one_staff)
    depots = find_depots(request, region, cells, problems)
    drives = travel_matrices(
        region,
        network,
        catalogue,
        stops[["x", "y"]].to_numpy(np.float64),
        depots[["x", "y"]].to_numpy(np.float64),
        vehicle,
    )
    nodes = [len(stops) + depots["place_id"].tolist().index(p) for p in (request.depots or depots["place_id"])]
    count = vehicle_count(request, cost, catalogue)
    vehicles = make_vehicles(count, vehicle, cost, catalogue, depot_nodes=nodes)
    window, slot_ok, unreadable = stop_windows(stops["hours"].astype(str).tolist(), halves, weekdays)
    if unreadable:
        names = [str(stops["name"].iat[s]) for s in unreadable]
        problems.add("mobile_hours_unreadable", "warning", "haltepunkte", count=len(names), names=shown(names))
    weeks = int(catalogue.value("mobile.cycle_weeks"))
    cycles = catalogue.value("mobile.operating_weeks") / weeks
    patterns = make_patterns(choice.weeks, weekdays, cycle_weeks=weeks)
    grid_s = round(catalogue.value("mobile.grid_min") * _MINUTE_S)
    kinds = [(s, g) for s in request.services for g in catalogue.mobile.services[s].cases_per_year]
    kind = np.array([kinds.index(k) for k in zip(need.service, need.people, strict=True)], np.int32)
    benefit = np.broadcast_to(choice.benefit, (len(kinds), len(choice.rhythms))).copy()
    longest = np.where(slot_ok.any(axis=1), window[:, :, 1] - window[:, :, 0], 0).max(axis=1)
    stay, share = visit_lengths(
        _cases_at(pairs, need, request.services, choice, len(stops)),
        services,
        visits_per_year=cycles * weeks / np.array(choice.weeks),
        longest_s=longest.astype(np.int32),
        grid_s=grid_s,
        one_staff=request.one_staff,
    )
    problem = MobileProblem(
        weeks=weeks,
        weekdays=len(WEEKDAYS),
        cycles_per_year=cycles,
        grid_s=grid_s,
        halves_s=halves,
        window_s=window,
        slot_ok=slot_ok,
        slot_factor=coincidence_factor(
            region, network, catalogue, stops, halves, seek=request.seek, avoid=request.avoid
        ),
        pattern_ok=np.ones((len(stops), patterns.count), bool),
        must=must,
        stay_s=stay,
        served_share=share,
        load=np.zeros(stay.shape),
        vehicle_ok=np.broadcast_to(drives.vehicle_ok[: len(stops)], (count, len(stops))).copy(),
        one_vehicle=True,
        travel_s=drives.travel_s[None],
        travel_m=drives.travel_m[None],
        drive_eur=np.maximum(drives.travel_m, 0.0)[None] / 1000.0 * cost.eur_per_km,
        patterns=patterns,
        vehicles=vehicles,
        needs=Needs(
            points=need.cases * _counts(need, services, catalogue, asked_eur=request.case_value_eur),
            persons=need.persons.copy(),
            kind=kind,
            benefit=benefit,
            preference=_preferences(kinds, catalogue, wishes),
            ptr=pairs.ptr,
            group=pairs.group,
            factor=pairs.factor,
            target=pairs.target,
            target_group=counted,
            target_rhythm=np.array([w <= request.cover_weeks + 1e-9 for w in choice.weeks], bool),
        ),
    )
    check_target(request, problem, choice, problems)
    problem = replace(problem, pattern_ok=served_patterns(problem, drives, stops, problems))
    problems.raise_errors()
    return Prepared(
        problem=problem,
        objective=_objective(request, services, need, catalogue),
        request=replace(request, keep=tuple(kept), vehicle=vehicle.id),
        stops=stops,
        depots=depots,
        need=need,
        blocked=pairs.blocked,
        rhythm_ids=choice.ids,
        rhythm_weeks=choice.weeks,
        half_ids=HALF_IDS,
        operators=pairs.operators,
        area_cells=cells,
        estimated=drives.estimated,
        problems=problems.sorted(),
        concern_share=pairs.concern_share,
        together={w: presence(w, region, network, catalogue, stops, halves) for w in SEEK},
    )


def _counts(
    need: MobileNeed, services: Sequence[MobileService], catalogue: Catalogue, *, asked_eur: float | None
) -> NDArray[np.float64]:
    """How much a case of each group counts, float64 (groups,): who depends on it, and what a case of its service is worth against the mean."""
    of = {p: dependence(catalogue, p) for p in sorted(set(need.people))}
    worth = dict.fromkeys((s.id for s in services), 1.0)
    if asked_eur is None:
        mean = _mean_value_eur(need, services)
        worth = {s.id: s.case_value_eur.value / mean for s in services}
    return np.array([of[p] * worth[s] for p, s in zip(need.people, need.service, strict=True)], np.float64)


def _mean_value_eur(need: MobileNeed, services: Sequence[MobileService]) -> float:
    """What a case is worth, mean over the cases that are expected of each service, EUR."""
    of = np.array(need.service, object)
    cases = np.array([float(need.cases[of == s.id].sum()) for s in services])
    return float(cases @ np.array([s.case_value_eur.value for s in services]) / cases.sum())


def _labels(services: Sequence[MobileService]) -> str:
    return ", ".join(s.label_de for s in services)


def _objective(
    request: MobileRequest, services: Sequence[MobileService], need: MobileNeed, catalogue: Catalogue
) -> Objective:
    """A target without a budget: the least cost that reaches it; else the most served need, within a budget almost whatever a case costs.

    A point is worth the mean of the services' values; what a case of one service is worth against it stands in its points.
    """
    value = _mean_value_eur(need, services) if request.case_value_eur is None else request.case_value_eur
    if request.budget_eur is not None and request.case_value_eur is None:
        value *= catalogue.value("mobile.budget_value_factor")
    only_target = request.cover is not None and request.budget_eur is None
    return Objective(
        kind="cover" if only_target else "need",
        point_eur=value,
        budget_eur=float("inf") if request.budget_eur is None else request.budget_eur,
        cover_share=request.cover or 0.0,
    )


def _kept(
    request: MobileRequest, stops: pd.DataFrame, pairs: Pairs, need: MobileNeed, region: Region, problems: Problems
) -> list[str]:
    """Stop ids that must be served: those named, and of a place the candidate that reaches most cases."""
    kept: list[str] = []
    ids = stops["stop_id"].astype(str).tolist()
    names = [place_key(str(n)) for n in stops["name"]]
    places = set(region.places["place_id"].astype(str))
    stop_of = np.repeat(np.arange(len(stops)), np.diff(pairs.ptr))
    reached = np.bincount(stop_of, weights=need.cases[pairs.group] * pairs.factor, minlength=len(stops))
    for asked in request.keep:
        if asked in places:
            own = np.flatnonzero((stops["place_id"] == asked).to_numpy(bool))
            if not len(own):
                told = str(region.places.loc[region.places["place_id"] == asked, "print_name"].iloc[0])
                problems.add("mobile_keep_no_stop", "error", "--keep", place=told)
                continue
            found = [ids[int(own[np.argmax(reached[own])])]]
        else:
            found = [i for i, n in zip(ids, names, strict=True) if i == asked or n == place_key(asked)]
        if len(found) > 1:
            problems.add("mobile_name_ambiguous", "error", "--keep", value=asked, names=", ".join(found))
        elif not found:
            near = nearest_names(asked, (*stops["name"].astype(str), *region.places["print_name"].astype(str)))
            problems.add("mobile_keep_unknown", "error", "--keep", value=asked, near=near)
        elif found[0] not in kept:
            kept.append(found[0])
    return kept


def _reached(stops: pd.DataFrame, pairs: Pairs, kept: Sequence[str], problems: Problems) -> NDArray[np.bool_]:
    """Stops to which anybody walks, or that must be served."""
    near = (np.diff(pairs.ptr) > 0) | (np.diff(pairs.blocked.ptr) > 0)
    if not near.any():
        problems.add("mobile_nobody_near", "error", "haltepunkte")
    some: NDArray[np.bool_] = near | stops["stop_id"].isin(kept).to_numpy(bool)
    names = stops.loc[~some, "name"].astype(str).tolist()
    if names:
        problems.add("mobile_stops_nobody", "note", "haltepunkte", count=len(names), names=shown(names))
    return some


def _columns(walks: SparseColumns, some: NDArray[np.bool_]) -> SparseColumns:
    many = np.diff(walks.ptr)
    inside = np.repeat(some, many)
    ptr = np.concatenate([[0], np.cumsum(many[some])]).astype(np.int64)
    return SparseColumns(ptr, walks.home[inside], walks.value[inside])


def _cases_at(
    pairs: Pairs, need: MobileNeed, services: Sequence[str], choice: RhythmChoice, count: int
) -> NDArray[np.float64]:
    """Cases a year that a stop can expect at most, of all who may come: float64 (stops, services, rhythms)."""
    stop = np.repeat(np.arange(count), np.diff(pairs.ptr))
    code = {s: k for k, s in enumerate(services)}
    service = np.array([code[s] for s in need.service], np.int64)[pairs.group]
    cases = np.zeros((count, len(services)))
    np.add.at(cases, (stop, service), need.cases[pairs.group] * pairs.factor)
    return cases[:, :, None] * choice.benefit


def _preferences(
    kinds: Sequence[tuple[str, str]], catalogue: Catalogue, wishes: WishWeights | None
) -> NDArray[np.float64]:
    """Factor by weekday and half-day: that of the survey; of people of working age also that of the default, less so the more answers there are."""
    out = np.ones((len(kinds), len(WEEKDAYS), len(HALF_IDS)))
    usual = np.array([catalogue.value(f"mobile.working_{half}") for half in HALF_IDS])
    for number, (service, people) in enumerate(kinds):
        group = catalogue.groups[people]
        answers = 0
        if wishes is not None:
            out[number] = wishes.preference(service, people)
            answers = wishes.slots[service, people].answers if (service, people) in wishes.slots else 0
        if group.first_age >= _WORKING_AGE[0] and group.last_age <= _WORKING_AGE[1]:
            k = catalogue.value("mobile.shrinkage_answers")
            out[number] *= usual ** (k / (answers + k))
    return out
