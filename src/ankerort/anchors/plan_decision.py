"""From the rows of a plan, edited by hand or not, back to a decision that can be worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.plan import AnchorPlan
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import FIXED, MOVED, NEW, REMOVABLE, Decision
from ankerort.anchors.resolve_request import find_place_id
from ankerort.base.problems import Problem, Problems
from ankerort.region.model import Region
from ankerort.scenario.nearest import nearest_names


def with_place_ids(plan: AnchorPlan, region: Region, table: str) -> AnchorPlan:
    """The plan with ids where a person wrote names of places.

    Parameters
    ----------
    table
        File as problems name it.

    Raises
    ------
    InputError
        If a name means no place or several.
    """
    problems = Problems()
    known = set(region.places["place_id"])

    def found(value: str) -> str:
        if not value or value in known:
            return value
        ids = find_place_id(value, region.places)
        if len(ids) == 1:
            return ids[0]
        if ids:
            told = region.places.set_index("place_id").loc[list(ids), "print_name"]
            problems.add("anchors_place_ambiguous", "error", table, place=value, places=", ".join(told))
        else:
            near = nearest_names(value, region.places["print_name"])
            problems.add("anchors_place_unknown", "error", table, place=value, near=near)
        return value

    anchors, functions = plan.anchors.copy(), plan.functions.copy()
    for frame, column in ((anchors, "place_id"), (anchors, "partner_id"), (functions, "place_id")):
        frame[column] = [found(str(v)) for v in frame[column]]
    problems.raise_errors()
    return replace(plan, anchors=anchors, functions=functions)


def decision_of(plan: AnchorPlan, prepared: Prepared, table: str) -> tuple[Decision, tuple[Problem, ...]]:
    """What a plan decides, in the numbers of a problem.

    What is there and not told to close stays. Rows that fit nothing are told and passed over, so that the rest can be worked out.

    Parameters
    ----------
    table
        File as problems name it.
    """
    offers, info = prepared.problem.offers, prepared.offers
    problems = Problems()
    units = np.zeros(len(prepared.problem.units), bool)
    for row in plan.anchors.to_dict("records"):
        unit = _unit(prepared, str(row["place_id"]), str(row["partner_id"]), str(row["level"]))
        if unit is None:
            place = " / ".join(p for p in (str(row["place_id"]), str(row["partner_id"])) if p)
            problems.add("anchors_plan_no_unit", "error", table, place=place, level=str(row["level"]))
        else:
            units[unit] = True
    is_open = (offers.state == FIXED) | (offers.state == REMOVABLE)
    by_facility = {
        str(f): int(o) for o, f in enumerate(info["facility_id"]) if f and offers.state[o] in (FIXED, REMOVABLE)
    }
    index = _Index(prepared)
    rows: Sequence[Mapping[Any, Any]] = plan.functions.to_dict("records")
    for row in (r for r in rows if r["what"] in ("closed", "moved")):
        at = by_facility.get(str(row["facility_id"]))
        if at is None or offers.state[at] != REMOVABLE:
            problems.add(
                "anchors_plan_not_removable", "error", table, facility=str(row["facility_id"] or row["service"])
            )
        else:
            is_open[at] = False
    several: list[list[int]] = []
    for row in (r for r in rows if r["what"] in ("new", "moved")):
        fitting = index.find(row, by_facility)
        if not fitting:
            place, function = str(row["place_id"]), str(row["service"] or row["function"])
            near = index.near(row)
            problems.add("anchors_plan_no_offer", "error", table, place=place, function=function, near=near)
        elif len(fitting) == 1:
            is_open[fitting[0]] = True
        else:
            several.append(fitting)
    for fitting in several:  # one way in several shops: the one that is there
        is_open[next((o for o in fitting if _hosted(prepared, o, is_open)), fitting[0])] = True
    return Decision(is_open, units), problems.sorted()


def _hosted(prepared: Prepared, offer: int, is_open: NDArray[np.bool_]) -> bool:
    """Whether an open offer of the host function stands in the place of an offer, or it needs none."""
    offers = prepared.problem.offers
    host = int(offers.host[offer])
    if host < 0:
        return True
    return bool((is_open & (offers.place == offers.place[offer]) & (offers.function == host)).any())


def _unit(prepared: Prepared, place: str, partner: str, level: str) -> int | None:
    units, ids = prepared.problem.units, prepared.place_ids
    wanted = {place, partner} - {""}
    for u in range(len(units)):
        held = {ids[int(p)] for p in (units.first[u], units.second[u]) if p >= 0}
        if held == wanted and prepared.problem.levels[int(units.level[u])].id == level:
            return u
    return None


class _Index:
    """Finds the offers that a row of a plan may mean."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        offers = prepared.problem.offers
        self._at: dict[str, list[int]] = {}
        for o in np.flatnonzero((offers.state == NEW) | (offers.state == MOVED)):
            self._at.setdefault(prepared.place_ids[int(offers.place[o])], []).append(int(o))

    def find(self, row: Mapping[Any, Any], by_facility: Mapping[str, int]) -> list[int]:
        """Offers of the row's place, function, service and variant; without a variant those of the best quality.

        They differ in the function that hosts them only.
        """
        prepared, info = self._prepared, self._prepared.offers
        offers = prepared.problem.offers
        wanted = MOVED if row["what"] == "moved" else NEW
        fitting = [
            o
            for o in self._at.get(str(row["place_id"]), ())
            if offers.state[o] == wanted
            and prepared.problem.functions[int(offers.function[o])].id == row["function"]
            and row["service"] in ("", info["service"].iat[o])
            and row["variant"] in ("", info["variant"].iat[o])
            and (wanted == NEW or offers.origin[o] == by_facility.get(str(row["facility_id"]), -2))
        ]
        best = max((float(offers.quality[o]) for o in fitting), default=0.0)
        fitting = [o for o in fitting if float(offers.quality[o]) == best]
        return [o for o in fitting if info["variant"].iat[o] == info["variant"].iat[fitting[0]]]

    def near(self, row: Mapping[Any, Any]) -> str:
        """Variants of the row's function that could open in its place, else functions that could."""
        prepared, info = self._prepared, self._prepared.offers
        offers = prepared.problem.offers
        here = self._at.get(str(row["place_id"]), [])
        functions = [prepared.problem.functions[int(offers.function[o])].id for o in here]
        variants = [str(info["variant"].iat[o]) for o, f in zip(here, functions, strict=True) if f == row["function"]]
        return _listed(variants) or nearest_names(str(row["function"]), functions)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))
