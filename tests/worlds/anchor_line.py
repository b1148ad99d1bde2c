"""Little anchor problems on a line, in which everything can be computed by hand: travel is 60 s per km, the standard a distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ankerort.anchors.problem import (
    FIXED,
    MOVED,
    NEW,
    AnchorProblem,
    Bundles,
    CoreSlot,
    Demand,
    Function,
    Level,
    Offers,
    Travel,
    Units,
)


@dataclass(frozen=True)
class Of:
    """An offer: function, place (also its site), and what is not usual about it."""

    function: int
    place: int
    state: int = NEW
    quality: float = 1.0
    cost: float = 0.0
    viable: float = 0.0
    subsidy: float = np.inf
    capacity: float = np.inf
    origin: int = -1
    host: int = -1
    hours: float = 0.0


def travel_on_line(sites_km: Sequence[float], rows_km: Sequence[float], within_km: float, table_km: float) -> Travel:
    """Travel at 60 s per km; the table ends at `table_km`, the standard at `within_km`."""
    ptr, row, seconds = [0], [], []
    for site in sites_km:
        for i, home in enumerate(rows_km):
            if abs(site - home) <= table_km:
                row.append(i)
                seconds.append(round(abs(site - home) * 60))
        ptr.append(len(row))
    return Travel(
        np.array(ptr, np.int64),
        np.array(row, np.int32),
        np.array(seconds, np.int32),
        np.array(seconds, np.int32) <= within_km * 60,
    )


def line_problem(
    places_km: Sequence[float],
    rows_km: Sequence[float],
    persons: Sequence[float],
    offers: Sequence[Of],
    *,
    functions: int = 1,
    weights: Sequence[float] | None = None,
    person_weight: Sequence[float] | None = None,
    area: Sequence[int] | None = None,
    within_km: float = 2.0,
    table_km: float = 100.0,
    core: Sequence[tuple[tuple[int, ...], bool]] = (),
    at_least: int = 0,
    units: Sequence[tuple[int, int, int]] | None = None,
    unit_cost: float = 0.0,
    together: Sequence[float] = (0.0,),
    bundles: Sequence[tuple[int, float, float, Sequence[Sequence[int]]]] = (),
    room_hours: Sequence[float] | None = None,
    legal: Sequence[bool] | None = None,
    minute_weight: float = 1.0,
    step_s: int = 60,
) -> AnchorProblem:
    """Build a problem; costs are 80, 100, 120 % of `cost`; units are (level, first, second), bundles (place, saving, benefit, slots)."""
    travel = travel_on_line(places_km, rows_km, within_km, table_km)
    unit = [(0, j, -1) for j in range(len(places_km))] if units is None else list(units)
    span = np.array([0.8, 1.0, 1.2])
    slots = [slot for bundle in bundles for slot in bundle[3]]
    return AnchorProblem(
        place_count=len(places_km),
        place_x=np.array(places_km, float) * 1000,
        place_y=np.zeros(len(places_km)),
        demand=Demand(
            np.array(persons, float),
            np.ones(len(persons)) if person_weight is None else np.array(person_weight, float),
            np.full(len(persons), -1, np.int32) if area is None else np.array(area, np.int32),
        ),
        functions=tuple(
            Function(
                f"f{f}",
                1.0 if weights is None else weights[f],
                travel,
                np.array(persons, float),
                False if legal is None else legal[f],
            )
            for f in range(functions)
        ),
        offers=Offers(
            np.array([o.function for o in offers], np.int32),
            np.array([o.place for o in offers], np.int32),
            np.array([o.place for o in offers], np.int32),
            np.array([-1 if o.state < NEW else 0 for o in offers], np.int32),
            np.array([o.state for o in offers], np.int8),
            np.array([o.origin for o in offers], np.int32),
            np.array([o.quality for o in offers], float),
            np.array([0.0 if o.state == FIXED else o.cost for o in offers])[:, None] * span,
            np.array([o.viable for o in offers], float),
            np.array([o.subsidy for o in offers], float),
            np.array([o.capacity for o in offers], float),
            np.zeros(len(offers), np.int8),
            np.array([o.host for o in offers], np.int32),
            np.array([o.hours for o in offers], float),
        ),
        levels=tuple(
            Level(f"level{k}", tuple(CoreSlot(tuple(which), required) for which, required in core), at_least)
            for k in range(len(together))
        ),
        units=Units(
            np.array([u[0] for u in unit], np.int8),
            np.array([u[1] for u in unit], np.int32),
            np.array([u[2] for u in unit], np.int32),
            np.full((len(unit), 3), unit_cost) * span,
        ),
        bundles=Bundles(
            np.array([b[0] for b in bundles], np.int32),
            np.array([b[1] for b in bundles], float).reshape(-1, 1) * span,
            np.array([b[2] for b in bundles], float),
            np.concatenate([[0], np.cumsum([len(b[3]) for b in bundles])]).astype(np.int64),
            np.concatenate([[0], np.cumsum([len(s) for s in slots])]).astype(np.int64),
            np.array([o for s in slots for o in s], np.int32),
        ),
        anchor_travel=travel,
        together_weight=np.array(together, float),
        room_hours=np.full(len(places_km), 1e9) if room_hours is None else np.array(room_hours, float),
        minute_weight=minute_weight,
        step_s=step_s,
    )


__all__ = ["MOVED", "Of", "line_problem", "travel_on_line"]
