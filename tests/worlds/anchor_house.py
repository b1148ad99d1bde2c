"""One place with one building, a village hall (80 m2) and desks (30 m2) that may open there: small enough to work out by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd

from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import (
    NEW,
    OWN,
    AnchorProblem,
    Bundles,
    CoreSlot,
    Demand,
    Function,
    Level,
    Limits,
    Objective,
    Offers,
    Travel,
    Units,
)
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.rooms import price_of
from ankerort.anchors.schema import OFFER_INFO, PLAN_LEFT_OUT
from ankerort.catalogue import read_catalogue
from ankerort.region.model import Region
from ankerort.region.schema import BUILDINGS

CATALOGUE = read_catalogue()
HALL, DESKS = (CATALOGUE.provision.variants[v] for v in ("village_hall_room", "coworking_house"))
VARIANTS = (HALL, DESKS)
PERSONS = 600.0


def region(area_m2: float, *more: tuple[str, float]) -> Region:
    """A place with a vacant building of condition 1, and others of condition 5 (id, area)."""
    rows = [("b", area_m2, 1.0), *((name, area, 5.0) for name, area in more)]
    table = pd.DataFrame(rows, columns=["building_id", "area_m2", "condition"])
    table = table.assign(place_id="p1", use="vacant", step_free="yes").reindex(columns=BUILDINGS.names)
    return cast(
        Region,
        SimpleNamespace(
            buildings=BUILDINGS.conform(table),
            settings=SimpleNamespace(name="Dorf"),
            sources=pd.DataFrame({"date": ["2026-11-01"]}),
            places=pd.DataFrame({"place_id": ["p1"], "ags": ["1"], "persons": [PERSONS], "print_name": ["Dorf"]}),
            cells=pd.DataFrame({"ags": ["1"]}),
            central_places=pd.DataFrame({"place_id": [], "tier": []}),
        ),
    )


def prepared(here: Region, *, budget_eur: float | None = None, required: bool = False, **objective: Any) -> Prepared:
    """Both may open in the place, each priced as if it were alone there; all people are within the standard of both.

    Parameters
    ----------
    required
        The place must be an anchor, and hold both.
    objective
        Of `Objective`.
    """
    prices = [price_of(here, CATALOGUE)(v, "p1") for v in VARIANTS]
    travel = Travel(np.array([0, 1]), np.zeros(1, np.int32), np.array([60], np.int32), np.ones(1, bool))
    weights = (2.0, 1.0)
    functions = tuple(
        Function(v.service, w, travel, np.array([PERSONS])) for v, w in zip(VARIANTS, weights, strict=True)
    )
    both = np.arange(2, dtype=np.int32)
    offers = Offers(
        function=both, site=both * 0, place=both * 0, variant=both, state=np.full(2, NEW, np.int8), origin=both * 0 - 1,
        quality=np.ones(2), cost_eur=np.array([p.invest + p.operation for p in prices]), viable_persons=np.zeros(2),
        subsidy_eur=np.full(2, math.inf), capacity_persons=np.full(2, math.inf), decides=np.full(2, OWN, np.int8),
        host=both * 0 - 1, room_hours=np.zeros(2),
    )  # fmt: skip
    info = pd.DataFrame(
        [
            {"service": v.service, "variant": v.id, "building_id": p.building_id, "task": "voluntary", "record": v.operation_eur.record.id}
            | {f"invest_once_{e}": p.invest_once[k] for k, e in enumerate(("low", "mid", "high"))}
            | {f"invest_{e}": p.invest[k] for k, e in enumerate(("low", "mid", "high"))}
            for v, p in zip(VARIANTS, prices, strict=True)
        ]
    )  # fmt: skip
    none = np.zeros(0, np.int32)
    problem = AnchorProblem(
        place_count=1, place_x=np.zeros(1), place_y=np.zeros(1),
        demand=Demand(np.array([PERSONS]), np.ones(1), np.zeros(1, np.int32)),
        functions=functions, offers=offers,
        levels=(Level("basic", (CoreSlot((0,), required), CoreSlot((1,), required)), 0),),
        units=Units(np.zeros(1, np.int8), np.zeros(1, np.int32), np.full(1, -1, np.int32), np.zeros((1, 3))),
        bundles=Bundles(none, np.zeros((0, 3)), np.zeros(0), np.zeros(1, np.int64), np.zeros(1, np.int64), none),
        anchor_travel=travel, together_weight=np.zeros(1), room_hours=np.zeros(1),
    )  # fmt: skip
    return Prepared(
        problem=problem,
        objective=Objective(**objective),
        limits=Limits(budget_eur=budget_eur, max_anchors=1, keep=(0,) if required else ()),
        request=AnchorRequest(max_anchors=1, budget_eur=budget_eur),
        place_ids=("p1",),
        area_ids=("1",),
        offers=OFFER_INFO.conform(info.reindex(columns=OFFER_INFO.names)),
        bundle_ids=(),
        demand_cell=np.zeros(1, np.int32),
        demand_kind=np.zeros(1, np.int8),
        left_out=PLAN_LEFT_OUT.empty(),
    )
