"""Who may serve whom: authorities of residents, agreements between authorities, and what a missing one costs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.mobile import AuthorityLevel
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.problem import Decision, Evaluation
from ankerort.mobile.schema import PLAN_AUTHORITIES
from ankerort.region.areas import area_name, authority_keys
from ankerort.region.model import Region

WITH_AGREEMENTS, OWN, ALL = "with_agreements", "own", "all"


@dataclass(frozen=True)
class Authorities:
    """Authorities of a region by the level that a service or a concern belongs to.

    Parameters
    ----------
    of_town
        (level, ags) -> key: the association where there is one, else the municipality; the district; none = "".
    agreed
        (service or "" for all, authority that serves, authority whose residents may be served).
    staff
        with_agreements, own or all.
    """

    of_town: dict[tuple[str, str], str] = field(repr=False)
    agreed: frozenset[tuple[str, str, str]]
    staff: str = WITH_AGREEMENTS

    def of(self, level: AuthorityLevel, ags: str) -> str:
        """Key of the authority of a level that is competent for a municipality's residents; empty = anybody's."""
        return "" if level == "none" else self.of_town.get((level, ags), "")

    def may_serve(self, service: str, operator: str, authority: str) -> bool:
        """Whether the staff of `operator` may serve residents of `authority`."""
        if self.staff == ALL or not authority or operator == authority:
            return True
        return self.staff == WITH_AGREEMENTS and any((s, operator, authority) in self.agreed for s in (service, ""))


def authorities_of(region: Region, agreements: pd.DataFrame, *, staff: str) -> Authorities:
    """Authorities of all municipalities of a region, and who agreed with whom."""
    columns = ("service", "authority_id", "for_authority_id")
    agreed = frozenset(tuple(str(v) for v in row) for row in agreements[list(columns)].itertuples(index=False))
    return Authorities(authority_keys(region), agreed, staff)  # type: ignore[arg-type]


def operators_by_town(
    region: Region, catalogue: Catalogue, service: str, *, operator: str, authorities: Authorities
) -> dict[str, str]:
    """Who sends the staff to a stop, by the municipality in which the stop lies.

    The operator asked for; without one each authority sends its own staff. An operator of another level than the service's stands for
    the authority of that level which holds it: an association for its district, where a task is the district's.
    """
    level = catalogue.mobile.services[service].authority
    own = {str(ags): authorities.of(level, str(ags)) for ags in region.municipalities["ags"]}
    if not operator or level == "none":
        return own
    return dict.fromkeys(own, operator)


def authorities_table(
    prepared: Prepared, decision: Decision, evaluation: Evaluation, region: Region, catalogue: Catalogue
) -> pd.DataFrame:
    """What each missing agreement costs a plan, and in which order to conclude them.

    `points_lost` counts, weighted as in docs/method/mobile.md: at stops of the plan what the best of them would serve beyond what the plan
    serves already; of people near no stop of the plan what the best candidate would serve at its rarest rhythm, since that stop may be
    missing for want of the agreement. Tasks of the district that the staff may not deal with stand under the district. The order is by
    cases won with each agreement; as every resident has one authority, what one of them brings does not change the others.

    Returns
    -------
    DataFrame
        PLAN_AUTHORITIES, missing ones first by rank.
    """
    lost = _Lost(prepared, decision, evaluation)
    rows: list[dict[str, object]] = []
    need = prepared.need
    near, blocked = lost.near, lost.blocked
    for service in prepared.request.services:
        mine = np.array([s == service for s in need.service], bool)
        for key in sorted({a for a, m in zip(need.authority, mine, strict=True) if m}):
            of = mine & np.array([a == key for a in need.authority], bool)
            open_, shut = of & near, of & blocked & ~near
            points = float((lost.gain * of).sum())
            if not (open_.any() or shut.any() or points > 0):
                continue
            state = "missing" if shut.any() or points > 0 else _state(key, service, prepared, catalogue)
            rows.append(_row(key, service, state, float(need.persons[of & (near | blocked)].sum()), points, region))
    rows.extend(_district_rows(prepared, lost, region, catalogue))
    missing = sorted(
        (r for r in rows if r["agreed"] == "missing"),
        key=lambda r: (-float(str(r["points_lost"])), str(r["authority_id"])),
    )
    for rank, row in enumerate(missing, start=1):
        row["rank"] = rank
    rest = [r for r in rows if r["agreed"] != "missing"]
    return PLAN_AUTHORITIES.conform(pd.DataFrame([*missing, *rest], columns=PLAN_AUTHORITIES.names))


def _row(key: str, service: str, state: str, persons: float, points: float, region: Region) -> dict[str, object]:
    return {
        "authority_id": key,
        "name": area_name(key, region),
        "service": service,
        "agreed": state,
        "persons_near": persons,
        "points_lost": points,
        "rank": 0,
    }


def _state(key: str, service: str, prepared: Prepared, catalogue: Catalogue) -> str:
    level = catalogue.mobile.services[service].authority
    if level == "district":
        return "district"
    return "own" if key in prepared.operators or not key else "agreement"


def _district_rows(prepared: Prepared, lost: _Lost, region: Region, catalogue: Catalogue) -> list[dict[str, object]]:
    """Tasks of the district within a municipal service: one row per district whose tasks the staff may not deal with."""
    need = prepared.need
    district_of = dict(zip(region.municipalities["ags"], region.municipalities["district_ags"], strict=True))
    ags = region.cells["ags"].astype(str).to_numpy()[need.cell]
    rows = []
    for service in prepared.request.services:
        if catalogue.mobile.district_share(service) <= 0:
            continue
        mine = np.array([s == service for s in need.service], bool)
        districts = np.array([str(district_of.get(a, "")) for a in ags])
        for key in sorted(set(districts[mine & lost.near])):
            of = mine & lost.near & (districts == key)
            points = float(lost.district[of].sum())
            if key and points > 0:
                rows.append(_row(key, service, "missing", float(need.persons[of].sum()), points, region))
    return rows


class _Lost:
    """Cases a year that would be served if nothing were blocked, per group.

    Parameters
    ----------
    near, blocked
        bool (groups,): a stop of the plan is near and may serve them, is near and may not.
    gain
        float64 (groups,): cases that the best blocked stop would bring beyond what the plan serves.
    district
        float64 (groups,): cases of the district's tasks at the stop that serves them.
    """

    def __init__(self, prepared: Prepared, decision: Decision, evaluation: Evaluation) -> None:
        problem, needs, blocked = prepared.problem, prepared.problem.needs, prepared.blocked
        served = decision.pattern >= 0
        stop_of = np.repeat(np.arange(problem.stops), np.diff(needs.ptr))
        shut_of = np.repeat(np.arange(problem.stops), np.diff(blocked.ptr))
        count = len(needs.points)
        self.near, self.blocked = np.zeros(count, bool), np.zeros(count, bool)
        self.near[needs.group[served[stop_of]]] = True
        self.blocked[blocked.group[served[shut_of]]] = True
        worth = np.where(served[:, None], _worth(prepared, decision), 0.0)
        turned = needs.points[blocked.group] * blocked.factor
        planned, possible = np.zeros(count), np.zeros(count)
        kind = needs.kind[blocked.group]
        np.maximum.at(planned, blocked.group, turned * worth[shut_of, kind])
        np.maximum.at(possible, blocked.group, turned * _rarest_worth(prepared)[shut_of, kind])
        best = np.where(self.near | self.blocked, planned, possible)
        self.gain: NDArray[np.float64] = np.maximum(best - evaluation.group_points, 0.0)
        self.district = np.zeros(count)
        if len(prepared.concern_share):
            mine = evaluation.served_by[needs.group] == stop_of
            group, share = needs.group[mine], prepared.concern_share[mine]
            self.district[group] = evaluation.group_points[group] * (1.0 / share - 1.0)
        # points weigh who has no car; what is told are cases
        weight = np.divide(needs.points, prepared.need.cases, out=np.ones(count), where=prepared.need.cases > 0)
        self.gain, self.district = self.gain / weight, self.district / weight


def _worth(prepared: Prepared, decision: Decision) -> NDArray[np.float64]:
    """What a case counts at a stop of the plan by rhythm, hour and room: float64 (stops, kinds)."""
    problem = prepared.problem
    needs, patterns = problem.needs, problem.patterns
    worth = np.zeros((problem.stops, len(needs.benefit)))
    for stop in np.flatnonzero(decision.pattern >= 0).tolist():
        pattern = int(decision.pattern[stop])
        rhythm = int(patterns.rhythm[pattern])
        parts = range(int(patterns.ptr[pattern]), int(patterns.ptr[pattern + 1]))
        suit = np.zeros(len(needs.benefit))
        for number, part in enumerate(parts):
            day, start = int(patterns.day[part]), int(decision.start_s[stop, number])
            half = int(np.argmax((problem.halves_s[:, 0] <= start) & (start < problem.halves_s[:, 1])))
            suit += needs.preference[:, day, half] * problem.slot_factor[stop, day, half]
        worth[stop] = needs.benefit[:, rhythm] * problem.served_share[stop, rhythm] * suit / max(1, len(parts))
    return worth


def _rarest_worth(prepared: Prepared) -> NDArray[np.float64]:
    """The same at the rarest rhythm and the best hour: float64 (stops, kinds)."""
    problem = prepared.problem
    needs = problem.needs
    rhythm = int(np.argmax(prepared.rhythm_weeks)) if prepared.rhythm_weeks else 0
    hours = np.where(problem.slot_ok, problem.slot_factor, 0.0)[:, None] * needs.preference[None]
    best = hours.max(axis=(2, 3)) * needs.benefit[None, :, rhythm] * problem.served_share[:, [rhythm]]
    return np.asarray(best, np.float64)
