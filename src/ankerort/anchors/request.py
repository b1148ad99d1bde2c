"""What a planner asks for, in names as printed or ids; `ankerort.anchors.build` turns it into numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AnchorRequest:
    """One question for anchor places.

    Parameters
    ----------
    max_anchors
        At most so many anchors; None = any number.
    budget_eur
        Most additional cost per year, mid estimate; None = none.
    cover
        Least share of the points for people, least cost; None = not asked.
    services
        Services or core items that take part; empty = all with data and cost records.
    keep, forbid
        Places that must be anchors, or may not be.
    may_close
        Services whose existing facilities may close or move: only such as the planning body decides on, never schools and fire stations
        unless named here.
    year, variant
        People of a year and a variant of the forecast; None = those of the region.
    own_services_only
        Only what the planning body can decide alone.
    pairs
        Whether two neighbouring places may share the functions of one level.
    spacing_m
        Least distance between anchors.
    area_share
        Every municipality gets at least this share of the points for people.
    legal
        hard, priced or off.
    new_anywhere
        New functions may also open outside anchors.
    order
        Objectives one after the other instead of weighted: people, minutes, together, cost, worst.
    pareto
        Two components whose front is asked for, for instance (cost, people); empty = none.
    robust
        Solve over population variants, weights and costs too.
    assume_complete
        Count people whose supply is not known as unserved, as if the data held every facility: what is found this way must be asked first.
    with_scenario
        Scenario of the project (file in ``szenarien/``) whose visits count as there already; empty = none.
    seed
        Of the heuristic and of the draws.
    seconds
        Time limit of the exact solver.
    """

    max_anchors: int | None = None
    budget_eur: float | None = None
    cover: float | None = None
    services: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    may_close: tuple[str, ...] = ()
    year: int | None = None
    variant: str = "trend"
    own_services_only: bool = False
    pairs: bool = True
    spacing_m: float = 0.0
    area_share: float = 0.0
    legal: str = "priced"
    new_anywhere: bool = False
    order: tuple[str, ...] = ()
    pareto: tuple[str, ...] = ()
    robust: bool = False
    assume_complete: bool = False
    with_scenario: str = ""
    seed: int = 1
    seconds: float = 60.0
