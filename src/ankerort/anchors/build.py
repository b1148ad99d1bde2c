"""From region, travel times and supply to an anchor problem in numbers (docs/method/anchor-problem.md)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.build_absence import Absence
from ankerort.anchors.build_demand import People, demand_rows
from ankerort.anchors.build_functions import (
    asked_specs,
    largest_seconds,
    left_out_table,
    taking_part,
)
from ankerort.anchors.build_market import Market
from ankerort.anchors.build_offers import OfferBuilder, Pricing
from ankerort.anchors.build_sites import ServiceSites
from ankerort.anchors.build_travel import anchor_travel
from ankerort.anchors.build_units import core_levels, in_units, make_bundles, make_units
from ankerort.anchors.candidates import choose_candidates
from ankerort.anchors.place_travel import PlaceTravel, travel_to_places
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import AnchorProblem, Limits, Objective
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.visits import visited_rows
from ankerort.base.problems import InputError, Problem
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Network
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.parts import SupplyParts


def travel_for(
    region: Region,
    network: Network,
    reach: Reach,
    catalogue: Catalogue,
    request: AnchorRequest,
    *,
    threads: int = 0,
    progress: Progress = SILENT,
) -> PlaceTravel:
    """The ways to candidate places that `prepare` asks for; people of another year and other weights have the same ones."""
    candidates = choose_candidates(region, catalogue, request).rows
    rows = np.union1d(candidates, visited_rows(region, reach, catalogue, candidates)).astype(np.int32)
    return travel_to_places(
        region, network, reach, catalogue, rows, _offered(catalogue, request), threads=threads, progress=progress
    )  # fmt: skip


def prepare(
    region: Region,
    network: Network | None,
    reach: Reach,
    parts: SupplyParts,
    catalogue: Catalogue,
    request: AnchorRequest,
    *,
    pricing: Pricing,
    room_hours_week: float,
    travel: PlaceTravel | None = None,
    there_and_back: bool = True,
    threads: int = 0,
    progress: Progress = SILENT,
) -> Prepared:
    """The problem that a request asks, with what its numbers stand for.

    Parameters
    ----------
    region
        With the people asked for (``Stages.people``).
    network
        For the ways to places by public transport; None = `travel` has them, or nobody gets to a new facility that way.
    reach, parts, catalogue
        Travel times, balance and records of the region.
    request
        Services as ids of services or ``core:<id>``, places as place ids.
    pricing
        Cost of a variant in a place, with the rooms that it goes into.
    room_hours_week
        Hours a week of the shared room of a place.
    travel
        `travel_for` of the same places and services, to make it only once.
    there_and_back
        Public transport counts only with a way home on the school day, where timetables tell it; False = as the balance counts.
    threads
        Worker threads; 0 = one per core. The result does not depend on it.

    Raises
    ------
    InputError
        If no function asked for has a record of cost, no function is known well enough, or no place may be an anchor.
    """
    specs, left_out = asked_specs(catalogue, request)
    if not any(s.offered for s in specs):
        known = tuple(
            dict.fromkeys(catalogue.services[v.service].label_de for v in catalogue.provision.variants.values())
        )
        raise InputError(
            [Problem("anchors_core_without_cost", "error", "--services", params={"known": ", ".join(known)})]
        )
    candidates = choose_candidates(region, catalogue, request)
    if not len(candidates.rows):
        least = catalogue.value("anchors.candidate_min_persons")
        raise InputError([Problem("anchors_no_candidates", "error", "", params={"persons": int(least)})])
    if travel is None and network is not None:
        travel = travel_for(region, network, reach, catalogue, request, threads=threads, progress=progress)
    visited = visited_rows(region, reach, catalogue, candidates.rows)
    with progress.task("progress.anchor_problem"):
        people = People(region, catalogue)
        rows = demand_rows(region, catalogue, people)
        sites: dict[str, ServiceSites] = {}
        for spec in specs:
            if spec.offered:
                largest_s = largest_seconds(spec.services, catalogue)
                for service in spec.services:
                    sites[service] = ServiceSites(
                        service, reach, catalogue, cells=len(region.cells), travel=travel, places=np.concatenate([candidates.rows, visited]),
                        there_and_back=there_and_back, largest_s=largest_s,
                    )  # fmt: skip
        functions, too_little = taking_part(
            specs, sites, parts, catalogue, people, rows, assume_complete=request.assume_complete
        )
        left_out += too_little
        if not any(f.spec.offered for f in functions):
            raise InputError([Problem("anchors_all_unknown", "error", "", params={"n": len(too_little)})])
        absence = Absence(region, parts, candidates.rows, assumed=request.assume_complete)
        market = Market(region, reach, catalogue, people, candidates.rows)
        builder = OfferBuilder(
            region, reach, catalogue, request, candidates.rows, functions, pricing, absence, market, visited.tolist()
        )
        made, offers, info = builder.build(rows)
        taking = [f.spec for f in functions]
        levels = core_levels(catalogue, taking)
        units = make_units(region, reach, catalogue, candidates, request, levels=levels, offers=offers)
        if not len(units):
            least = int(catalogue.value("anchors.held_min"))
            raise InputError([Problem("anchors_no_cluster", "error", "", params={"items": least})])
        if not request.new_anywhere:
            offers, info = in_units(offers, info, units, len(candidates.rows))
        bundles, bundle_ids = make_bundles(catalogue, offers, info, taking, len(candidates.rows))
        centres = region.places.iloc[candidates.rows]
        problem = AnchorProblem(
            place_count=len(candidates.rows),
            place_x=centres["x"].to_numpy(np.float64),
            place_y=centres["y"].to_numpy(np.float64),
            demand=rows.demand,
            functions=made,
            offers=offers,
            levels=levels,
            units=units,
            bundles=bundles,
            anchor_travel=anchor_travel(reach, catalogue, candidates.rows, rows, travel, there_and_back=there_and_back),
            together_weight=_together(catalogue),
            room_hours=np.full(len(candidates.rows), room_hours_week),
            minute_weight=catalogue.value("anchors.minute_points"),
            step_s=int(catalogue.value("anchors.minute_step_s")),
        )
    return Prepared(
        problem=problem,
        objective=_objective(catalogue, request),
        limits=_limits(catalogue, request, builder.place_ids),
        request=request,
        place_ids=builder.place_ids,
        area_ids=rows.area_ids,
        offers=info,
        bundle_ids=bundle_ids,
        demand_cell=rows.cell,
        demand_kind=rows.kind,
        left_out=left_out_table(left_out),
        unknown_persons=tuple(f.unknown_persons for f in functions),
        too_small=candidates.too_small,
        beyond_most=candidates.beyond_most,
        no_centre=candidates.no_centre,
        too_little=len(candidates.rows) - len({int(p) for p in (*units.first, *units.second) if p >= 0}),
    )


def _offered(catalogue: Catalogue, request: AnchorRequest) -> tuple[str, ...]:
    specs, _ = asked_specs(catalogue, request)
    return tuple(dict.fromkeys(s for spec in specs for s in spec.offered))


def _together(catalogue: Catalogue) -> NDArray[np.float64]:
    """Points of one person within reach of an anchor by level, not decreasing."""
    levels = catalogue.provision.levels
    found = [catalogue.value(f"anchors.together_{one.id}") for one in levels]
    return np.maximum.accumulate(np.array(found, np.float64)) if found else np.zeros(0)


def _objective(catalogue: Catalogue, request: AnchorRequest) -> Objective:
    """Weighted sum with the recorded price of a point; a share to be covered at least cost asks for cost first."""
    order = request.order
    if not order and request.cover is not None:
        order = ("cost", "people")
    return Objective(
        people=1.0,
        minutes=1.0,
        together=1.0,
        cost=1.0 / catalogue.value("anchors.eur_per_point"),
        worst=0.0,
        order=order,
    )


def _limits(catalogue: Catalogue, request: AnchorRequest, place_ids: tuple[str, ...]) -> Limits:
    number = {p: k for k, p in enumerate(place_ids)}
    return Limits(
        max_anchors=request.max_anchors,
        budget_eur=request.budget_eur,
        min_people=request.cover or 0.0,
        keep=tuple(number[p] for p in request.keep if p in number),
        forbid=tuple(number[p] for p in request.forbid if p in number),
        spacing_m=request.spacing_m,
        new_only_in_anchors=not request.new_anywhere,
        area_share=request.area_share,
        legal=request.legal,
        legal_price_eur=catalogue.value("anchors.legal_price_eur"),
    )
