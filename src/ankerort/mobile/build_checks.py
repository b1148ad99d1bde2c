"""What is told of a question before and while it becomes a problem: ids that nobody knows, targets that nothing meets, offices that are there already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.catalogue.age_bands import AGE_COLUMNS
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.build_patterns import RhythmChoice
from ankerort.mobile.need import band_shares
from ankerort.mobile.prepared import MobileNeed
from ankerort.mobile.problem import MobileProblem
from ankerort.mobile.request import MobileRequest
from ankerort.region.model import Region
from ankerort.scenario.nearest import nearest_names
from ankerort.text.numbers import round_persons

_TOLD = 5
_MOST_LISTED = 30  # of a longer list only the nearest are told


def shown(names: Sequence[str]) -> str:
    """The first names of a list."""
    return ", ".join(names[:_TOLD]) + (" ..." if len(names) > _TOLD else "")


def check_ids(request: MobileRequest, region: Region, catalogue: Catalogue, problems: Problems) -> None:
    """A request may come from an edited plan file: what the catalogue or the region no longer knows is told."""
    mobile = catalogue.mobile
    places = set(region.places["place_id"].astype(str))

    def unknown(code: str, option: str, name: str, known: Iterable[str]) -> None:
        listed = tuple(known)
        told = ", ".join(listed if len(listed) <= _MOST_LISTED else ())
        near = nearest_names(name, listed)
        problems.add(code, "error", option, value=name, service=name, place=name, near=near, known=told)

    if not request.services:
        problems.add("mobile_no_service", "error", "--service", known=", ".join(mobile.services))
    for name in request.services:
        if name not in mobile.services:
            unknown("mobile_service_unknown", "--service", name, mobile.services)
    if request.vehicle and request.vehicle not in mobile.vehicles:
        unknown("mobile_vehicle_unknown", "--vehicle", request.vehicle, mobile.vehicles)
    if request.cover_group not in catalogue.groups:
        unknown("mobile_group_unknown", "--cover-group", request.cover_group, catalogue.groups)
    for name in request.depots:
        if name not in places:
            unknown("mobile_place_unknown", "--depot", name, sorted(places))
    offered = {r.every_weeks for r in mobile.rhythms.values()}
    for weeks in request.rhythms:
        if weeks not in offered:
            known = ", ".join(f"{r.label_de} ({r.every_weeks:g})" for r in mobile.rhythms.values())
            problems.add("mobile_rhythm_unknown", "error", "--rhythm", value=f"{weeks:g}", known=known)


def check_target(request: MobileRequest, problem: MobileProblem, choice: RhythmChoice, problems: Problems) -> None:
    """A target needs a rhythm that is frequent enough and somebody within its walk."""
    if request.cover is None:
        return
    if not problem.needs.target_rhythm.any():
        problems.add(
            "mobile_cover_rhythm", "error", "--cover-weeks",
            weeks=f"{request.cover_weeks:g}", known=", ".join(r.label_de for r in choice.rhythms),
        )  # fmt: skip
    elif not problem.needs.target.any():
        problems.add("mobile_cover_nobody", "error", "--cover-m", walk=f"{request.cover_m:g}")


def tell_fixed(
    region: Region,
    catalogue: Catalogue,
    request: MobileRequest,
    need: MobileNeed,
    cells: NDArray[np.int32],
    problems: Problems,
) -> None:
    """How many people were left out because they walk to a fixed office."""
    bands = region.cells[list(AGE_COLUMNS)].to_numpy(np.float64)[cells]
    for id_ in request.services:
        service = catalogue.mobile.services[id_]
        total = float(sum((bands @ s).sum() for s in band_shares(tuple(service.cases_per_year), catalogue)))
        mine = np.array([s == id_ for s in need.service], bool)
        left = total - float(need.persons[mine].sum())
        if left >= 1.0:
            problems.add(
                "mobile_fixed_near",
                "note",
                "--service",
                persons=round_persons(left),
                total=round_persons(total),
                service=service.label_de,
            )


def tell_probable(
    region: Region, catalogue: Catalogue, request: MobileRequest, cells: NDArray[np.int32], problems: Problems
) -> None:
    """Places that may have the fixed office already: their people count, since nobody has confirmed it."""
    inside = set(region.cells["place_id"].to_numpy(object)[cells])
    fixed = region.facilities
    names = dict(zip(region.places["place_id"], region.places["print_name"], strict=True))
    for id_ in request.services:
        service = catalogue.mobile.services[id_]
        ok = fixed["service"].isin(service.instead) & (fixed["state"] == "open") & (fixed["merged_into"] == "")
        sure = set(fixed.loc[ok & (fixed["certainty"] == "certain"), "place_id"])
        places = sorted((set(fixed.loc[ok, "place_id"]) & inside) - sure)
        if places:
            told = shown([str(names[p]) for p in places if p in names])
            problems.add(
                "mobile_fixed_probable", "warning", "--service", count=len(places), names=told, service=service.label_de
            )
