"""Which functions take part, and why the others are left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.anchors.build_demand import DemandRows, People
from ankerort.anchors.build_sites import ServiceSites
from ankerort.anchors.build_status import function_status
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.schema import PLAN_LEFT_OUT
from ankerort.catalogue.model import Catalogue
from ankerort.supply.parts import SupplyParts
from ankerort.supply.status import UNKNOWN, WITHIN, mode_speed_ms


@dataclass(frozen=True)
class FunctionSpec:
    """A function that may take part: its services, and those of them that have a record of how they can be provided."""

    id: str
    services: tuple[str, ...]
    offered: tuple[str, ...]


@dataclass(frozen=True)
class TakingPart:
    """A function that takes part.

    Parameters
    ----------
    sites
        Ways to its services' facilities; empty where nothing may open.
    need
        float64 (rows,): persons of its group whose supply is known.
    unknown_persons
        Persons of the study area whose supply is not known.
    served
        bool (rows,): within the standard today.
    """

    spec: FunctionSpec
    sites: dict[str, ServiceSites]
    need: NDArray[np.float64]
    unknown_persons: float
    served: NDArray[np.bool_]

    @property
    def only_existing(self) -> bool:
        """It is only asked where it stands: a core holds it, nothing of it may open."""
        return not self.spec.offered


def function_specs(catalogue: Catalogue) -> tuple[FunctionSpec, ...]:
    """The core functions, then each further service with a variant."""
    offered = {v.service for v in catalogue.provision.variants.values()}
    specs = [
        FunctionSpec(f"core:{item.id}", item.services, tuple(s for s in item.services if s in offered))
        for item in catalogue.core
    ]
    in_core = {s for spec in specs for s in spec.services}
    more = [s for s in catalogue.facility_services() if s in offered and s not in in_core]
    return (*specs, *(FunctionSpec(s, (s,), (s,)) for s in more))


def asked_specs(
    catalogue: Catalogue, request: AnchorRequest
) -> tuple[tuple[FunctionSpec, ...], list[dict[str, object]]]:
    """The functions that may take part, and PLAN_LEFT_OUT rows of the others.

    A function takes part where something of it may open, or where it is in the core of a level (then only where it stands).
    """
    in_levels = {i.item for level in catalogue.provision.levels for i in level.items}
    asked: list[FunctionSpec] = []
    left_out: list[dict[str, object]] = []
    for spec in function_specs(catalogue):
        if request.services and spec.id not in request.services and not set(spec.services) & set(request.services):
            left_out.append(_row(spec.id, "not_asked", 0.0))
            continue
        if not spec.offered:
            left_out.append(_row(spec.id, "no_cost_record", 0.0))
            if spec.id in in_levels:
                asked.append(spec)
            continue
        asked.append(spec)
    return tuple(asked), left_out


def taking_part(
    specs: tuple[FunctionSpec, ...],
    sites_of: dict[str, ServiceSites],
    parts: SupplyParts,
    catalogue: Catalogue,
    people: People,
    rows: DemandRows,
    *,
    assume_complete: bool = False,
) -> tuple[list[TakingPart], list[dict[str, object]]]:
    """What is needed and known of each function; left out are those about which too little is known, or without a standard or people.

    Parameters
    ----------
    assume_complete
        Who may only be unserved counts as unserved: as if the data held every facility.
    """
    found: list[TakingPart] = []
    left_out: list[dict[str, object]] = []
    for spec in specs:
        if not spec.offered:
            found.append(TakingPart(spec, {}, np.zeros(len(rows)), 0.0, np.zeros(len(rows), bool)))
            continue
        groups = tuple(dict.fromkeys(g for s in spec.services for g in catalogue.services[s].demand_groups))
        persons = people.by_kind(groups)[rows.kind, rows.cell]
        sites = {s: sites_of[s] for s in spec.services}
        status = function_status(spec.services, sites, parts, catalogue)
        unknown = np.full(len(rows), True)
        without = np.zeros(len(rows), bool)  # no standard says anything about these people
        served = np.zeros(len(rows), bool)
        for kind, of_kind in enumerate(status):
            mine = rows.kind == kind
            if of_kind is None:
                without |= mine
            else:
                at = of_kind[rows.cell[mine]]
                unknown[mine], served[mine] = at == UNKNOWN, at == WITHIN
        unknown &= ~without
        in_study = rows.study & ~without
        total = float(persons[in_study].sum())
        unsure = float(persons[in_study & unknown].sum())
        if all(s is None for s in status):
            left_out.append(_row(spec.id, "no_standard", 0.0))
        elif total <= 0:
            left_out.append(_row(spec.id, "nobody", 0.0))
        elif not assume_complete and total - unsure < catalogue.value("anchors.known_share_min") * total:
            left_out.append(_row(spec.id, "supply_unknown", unsure))
        else:
            need = np.where(without | (unknown & (not assume_complete)), 0.0, persons)
            found.append(TakingPart(spec, sites, need, unsure, served & (need > 0)))
    return found, left_out


def left_out_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    """PLAN_LEFT_OUT."""
    return PLAN_LEFT_OUT.conform(pd.DataFrame(rows, columns=PLAN_LEFT_OUT.names))


def largest_seconds(services: tuple[str, ...], catalogue: Catalogue) -> float:
    """Twice the longest standard of any of some services, in seconds of those who walk slowest."""
    longest = 0.0
    for service in services:
        for mode, standard in catalogue.services[service].standards.items():
            value = standard.minimum.value
            seconds = value / mode_speed_ms("foot", catalogue, old=True) if mode == "walk" else value * 60.0
            longest = max(longest, seconds)
    return 2.0 * longest


def _row(function: str, reason: str, unknown_persons: float) -> dict[str, object]:
    return {"function": function, "reason": reason, "unknown_persons": unknown_persons}
