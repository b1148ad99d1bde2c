"""Candidate stops of a question: what stands near one another is one stop, and a few per place are kept that reach most old people."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.base.problems import Problem, Problems
from ankerort.catalogue.mobile import StopFeature
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.schema import STOPS
from ankerort.mobile.stop_choice import TABLE, choose_stops
from ankerort.mobile.stop_names import StopNames, named_by_place, told_apart
from ankerort.mobile.stop_sources import KINDS, all_sources, assign_places
from ankerort.mobile.travel import OK, access, vehicle_ways
from ankerort.network.model import Network
from ankerort.region.model import Region
from ankerort.region.place_names import PlaceNames
from ankerort.region.schema_mobile import FEATURES
from ankerort.region.stop_places import place_key


def candidate_stops(
    region: Region,
    catalogue: Catalogue,
    *,
    spots: pd.DataFrame,
    table: pd.DataFrame,
    area_cells: NDArray[np.int32],
    request: MobileRequest,
    network: Network | None = None,
    threads: int = 0,
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """The stops among which a plan may choose.

    Parameters
    ----------
    region, catalogue
        The catalogue's features of stops weigh suitability; figures ``mobile.stop*`` and ``mobile.stops*``.
    spots
        SPOTS of the map (`ankerort.region.read_spots`).
    table
        STOPTABLE of the user (`ankerort.region.read_mobile_stops`): always kept; where not allowed nothing near it is kept.
    area_cells
        int32: rows of ``Region.cells`` of the area asked for.
    request
        `cover_m` is the walk; `keep` and `forbid` may name stops or places by id or name.
    network
        Exact walks on foot, and the stops of its timetable; without it a walk is the straight line times ``detour.foot``.
    threads
        Worker threads for the walks; 0 = one per core.

    Returns
    -------
    tuple
        STOPS sorted by place and id, and what was left out and why. Every place of the area with inhabitants has at least one stop, if the
        data know one and ``mobile.stops_most`` allows it.

    Notes
    -----
    1. Poles of one name, and stops within ``mobile.stop_merge_m``, are one: the user's, else the best known kind (hall, town hall,
       square, church, car park, building, bus stop). What its neighbours have (yes) it has too, but for a way without steps.
    2. Stops to which no street fit for the vehicle leads are left out.
    3. Each place gets the stop that reaches most of its own people of 75 and older, times ``(1 + suitability) / 2``, at bus stops times
       ``mobile.bus_stop_factor``; of equals the better known kind.
    4. Then further stops join by the same product over people whom no stop reaches yet, at most ``mobile.stops_per_place`` per
       place, as long as one reaches ``mobile.stop_gain_min`` more.
    """
    problems = Problems()
    found = all_sources(region, network, spots, table)
    place, ags, cell = assign_places(found, region, within_m=catalogue.value("mobile.stop_same_place_m"))
    found = found.assign(place_id=place, ags=ags)
    in_area = np.zeros(len(region.cells) + 1, bool)
    in_area[area_cells] = True
    places = set(region.cells["place_id"].to_numpy(object)[area_cells]) - {""}
    told = found["fixed"].to_numpy(bool)
    found = found[np.where(told, np.isin(place, list(places)), in_area[cell])].reset_index(drop=True)
    names = PlaceNames(region.places)
    called = StopNames(region)
    found["name"] = [
        called.of(n, p, a) if k == "bus_stop" else n
        for n, p, a, k in zip(found["name"], found["place_id"], found["ags"], found["kind"], strict=True)
    ]
    found["name"] = named_by_place(found, names.printed, near_m=catalogue.value("mobile.stop_poles_m"))
    found["kept"] = found["fixed"].to_numpy(bool) | _named(found, request.keep, names)
    allowed = _allowed(found, table, request, catalogue, names)
    merged = merge_near(_with_suitability(found[allowed], catalogue.mobile.features), catalogue)
    near = int(allowed.sum()) - len(merged)
    merged = merged.sort_values("stop_id", kind="stable").reset_index(drop=True)
    merged["name"] = told_apart(merged["name"], merged["place_id"], merged[["x", "y"]].to_numpy(np.float64))
    merged["kept"] |= _named(merged, request.keep, names)
    still = ~_named(merged, request.forbid, names)
    # of equals the better known kind stands first, and is chosen
    merged = merged[still].sort_values("kind", key=lambda kind: kind.map(KINDS.index), kind="stable")
    merged = _with_suitability(merged.reset_index(drop=True), catalogue.mobile.features)
    merged = _that_the_vehicle_reaches(merged, region, network, catalogue, request, problems)
    if ruled_out := int((~allowed).sum() + (~still).sum()):
        problems.add("mobile_stops_forbidden", "note", TABLE, n=ruled_out)
    chosen = choose_stops(
        region, catalogue, merged, np.asarray(area_cells, np.int32), request, network, threads, problems
    )
    stops = merged.iloc[chosen]
    if len(merged) < len(found) or len(stops) < len(merged):
        problems.add(
            "mobile_stops_thinned",
            "note",
            TABLE,
            kept=len(stops),
            found=len(found),
            merged=near,
            left=len(merged) - len(stops),
        )
    stops = stops[STOPS.names].sort_values(["place_id", "stop_id"], kind="stable")
    return STOPS.conform(stops), problems.sorted()


def suitability(features: pd.DataFrame, weights: Iterable[StopFeature]) -> tuple[NDArray, NDArray]:
    """Weighted share of the features that are there (not known counts half), and weighted share of those that are known.

    Parameters
    ----------
    features
        One column per feature: yes, no or empty.
    weights
        Features of the catalogue; without any the suitability is 0.5 and nothing is known.
    """
    total = 0.0
    there, known = np.zeros(len(features)), np.zeros(len(features))
    for feature in weights:
        value = features[feature.id].to_numpy(object)
        weight = feature.weight.value
        total += weight
        there += weight * np.where(value == "yes", 1.0, np.where(value == "no", 0.0, 0.5))
        known += weight * (value != "")
    if total <= 0:
        return np.full(len(features), 0.5), known
    return there / total, known / total


def _with_suitability(stops: pd.DataFrame, features: tuple[StopFeature, ...]) -> pd.DataFrame:
    there, known = suitability(stops, features)
    return stops.assign(suitability=there, known_share=known)


def _named(found: pd.DataFrame, asked: tuple[str, ...], names: PlaceNames) -> NDArray[np.bool_]:
    """Which stops are named by id or by name; a place is no stop."""
    keys = {place_key(a) for a in asked if not names.find(a)}
    ids = set(asked)
    return np.array(
        [i in ids or place_key(n) in keys for i, n in zip(found["stop_id"], found["name"], strict=True)], dtype=bool
    )


def _allowed(
    found: pd.DataFrame, table: pd.DataFrame, request: MobileRequest, catalogue: Catalogue, names: PlaceNames
) -> NDArray[np.bool_]:
    """Without the stops that the request forbids, and those near a row of the table that is not allowed."""
    out = _named(found, request.forbid, names)
    closed = table[~table["allowed"].to_numpy(bool)]
    if len(closed) and len(found):
        tree = cKDTree(closed[["x", "y"]].to_numpy(float))
        distance, _ = tree.query(found[["x", "y"]].to_numpy(float))
        out |= (distance <= catalogue.value("mobile.stop_merge_m")) & ~found["fixed"].to_numpy(bool)
    return ~out


def _that_the_vehicle_reaches(
    stops: pd.DataFrame,
    region: Region,
    network: Network | None,
    catalogue: Catalogue,
    request: MobileRequest,
    problems: Problems,
) -> pd.DataFrame:
    """Without stops to which no street fit for the vehicle leads, so that another one of the village takes part; asked-for ones stay."""
    vehicle = request.vehicle or next(
        (catalogue.mobile.services[s].vehicle for s in request.services if s in catalogue.mobile.services), ""
    )
    if network is None or vehicle not in catalogue.mobile.vehicles or not len(stops):
        return stops
    ways = vehicle_ways(region, network, catalogue, catalogue.mobile.vehicles[vehicle])
    reached = access(network, catalogue, stops[["x", "y"]].to_numpy(np.float64), ways) == OK
    stay = reached | stops["kept"].to_numpy(bool)
    if not stay.all():
        label = catalogue.mobile.vehicles[vehicle].label("de")
        problems.add("mobile_stops_unreached", "note", TABLE, n=int((~stay).sum()), vehicle=label)
    return stops[stay].reset_index(drop=True)


def merge_near(stops: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """One row for stops that are one: poles of a name in a place, and whatever lies within ``mobile.stop_merge_m``.

    Rows that somebody asked for are never merged into others. A row that stays takes over what its neighbours have (yes), but not
    their way without steps; cells of the user's table stay as he wrote them.
    """
    if not len(stops):
        return stops
    rank = {kind: k for k, kind in enumerate(KINDS)}
    order = np.lexsort(
        (
            stops["stop_id"].to_numpy(str),
            -stops["suitability"].to_numpy(float),
            stops["kind"].map(rank).to_numpy(int),
            ~stops["kept"].to_numpy(bool),
            ~stops["fixed"].to_numpy(bool),
        )
    )
    stops = stops.iloc[order].reset_index(drop=True)
    tree = cKDTree(stops[["x", "y"]].to_numpy(float))
    merge_m = catalogue.value("mobile.stop_merge_m")
    poles_m = max(catalogue.value("mobile.stop_poles_m"), merge_m)
    xy = stops[["x", "y"]].to_numpy(float)
    bus = (stops["kind"] == "bus_stop").to_numpy(bool)
    name = [(p, place_key(n)) for p, n in zip(stops["place_id"], stops["name"], strict=True)]
    kept = stops["kept"].to_numpy(bool)
    fixed = stops["fixed"].to_numpy(bool)
    values = {f: stops[f].to_numpy(object).copy() for f in FEATURES}
    gone = np.zeros(len(stops), bool)
    for k in range(len(stops)):
        if gone[k]:
            continue
        for j in sorted(tree.query_ball_point(xy[k], poles_m)):
            if j <= k or gone[j] or kept[j]:
                continue
            near = float(np.hypot(*(xy[k] - xy[j]))) <= merge_m
            pole = bus[k] and bus[j] and name[k] == name[j]
            if not (near or pole):
                continue
            gone[j] = True
            for feature in FEATURES:
                free = not (fixed[k] and values[feature][k])
                if free and values[feature][j] == "yes" and (pole or feature != "step_free"):
                    values[feature][k] = "yes"
    return stops.assign(**values)[~gone].reset_index(drop=True)
