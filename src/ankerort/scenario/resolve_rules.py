"""Resolves changes of standards, of figures and of the population."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from ankerort.base.problems import Problem, Problems
from ankerort.base.provenance import DatedValue
from ankerort.catalogue.demand import DemandRate, MarketFault, market_faults
from ankerort.catalogue.model import StandardMode
from ankerort.scenario.changes import ChangeRate, ChangeStandard
from ankerort.scenario.edits import Edit, SetDemandRate, SetFigure, SetStandard, SetWeight
from ankerort.scenario.lookup import Draft, find_service
from ankerort.scenario.nearest import nearest_names
from ankerort.scenario.scenario import Origin
from ankerort.scenario.world import Touched, World

_WEIGHT = "quality."
_ROUNDING = 1e-6

# Figures that only the readers use: the tables of the region are made, another value would change nothing in them.
_READ_ONLY = ("census.", "place.", "merge.", "stop.", "share_women.", "settlement.", "day.", "pt.on_demand_")
_OF_STREETS = (
    "car_speed.",
    "car_connector",
    "ferry_",
    "detour.",
    "straight",
    "snap_m",
    "walk_speed.all",
    "bike_speed.all",
)
_OF_TIMETABLE = ("pt.", "walk_speed.", "walk_limit.", "detour.foot", "search_limit.foot_m")


def change_standard(draft: Draft, change: ChangeStandard) -> tuple[Edit, ...] | None:
    """Another minimum or target of a service and a mode for which the catalogue has one."""
    service_id = find_service(draft, change.service)
    if service_id is None:
        return None
    service = draft.world.catalogue.services[service_id]
    mode = cast(StandardMode, change.mode)
    standard = service.standards.get(mode)
    old = None if standard is None else standard.minimum if change.level == "minimum" else standard.target
    if old is None:
        modes = ", ".join(m for m, s in service.standards.items() if change.level == "minimum" or s.target) or "–"
        draft.report(
            "scenario_standard_missing", "mode", service=service.label_de, mode=mode, level=change.level, modes=modes
        )
        return None
    new = replace(
        old,
        value=change.value,
        source=draft.origin.table,
        legal_status="default",
        mark="D",
        agreed_by=change.agreed_by,
        agreed_on=change.agreed_on,
        reason=change.reason,
    )
    other = standard.target if standard is not None and change.level == "minimum" else None
    if other is not None and other.value > change.value:
        draft.report(
            "scenario_target_wider", "value", severity="warning", value=change.value, target=other.value, unit=old.unit
        )
    if old.value == change.value:
        draft.report("scenario_value_same", "value", severity="warning", value=change.value)
    return (SetStandard(service_id, mode, change.level, new),)


def change_rate(draft: Draft, change: ChangeRate) -> tuple[Edit, ...] | None:
    """Another value of a figure, a demand rate or a weight; in its own unit, a share at most 1."""
    catalogue = draft.world.catalogue
    rates = {r.value.id: r for r in catalogue.demand_rates}
    weights = {r.id: r for r in catalogue.quality.records.values()}
    old = _record(change.figure, draft)
    if old is None and any(r.rate.id == change.figure for r in catalogue.car_rates):
        draft.report("scenario_figure_car", "figure", figure=change.figure)
        return None
    if old is None:
        known = (*catalogue.figures, *rates, *weights)
        draft.report(
            "scenario_figure_unknown", "figure", figure=change.figure, near=nearest_names(change.figure, known)
        )
        return None
    good = True
    quota = change.figure in rates and rates[change.figure].kind != "frequency"
    if (quota or old.id in weights) and change.value > 1:
        draft.report("scenario_range", "value", field="value", value=change.value, low=0, high=1)
        good = False
    if change.unit and change.unit != old.unit:
        draft.report("scenario_unit", "unit", given=change.unit, expected=old.unit or "–")
        good = False
    if old.unit == "share" and change.value > 1:
        draft.report("scenario_range", "value", field="value", value=change.value, low=0, high=1)
        good = False
    if change.value == 0 and old.unit in ("m/s", "km/h"):
        draft.report("scenario_not_positive", "value", field="value", value=change.value)
        good = False
    if change.figure.startswith(_READ_ONLY):
        draft.report("scenario_figure_read", "figure", figure=change.figure)
        good = False
    if not good:
        return None
    if old.value == change.value:
        draft.report("scenario_value_same", "value", severity="warning", value=change.value)
    new = replace(
        old,
        value=change.value,
        source=draft.origin.table,
        legal_status="default",
        mark="D",
        agreed_by=change.agreed_by,
        agreed_on=change.agreed_on,
        reason=change.reason,
    )
    if change.figure in rates:
        return (SetDemandRate(rates[change.figure].service, new),)
    if new.id.startswith(_WEIGHT):
        criterion = new.id.rpartition(".")[2]
        return (SetWeight(frozenset(_weighed(draft, new.id)), criterion, new),)
    return (SetFigure(new, _touched_by(draft, change.figure)),)


def _record(figure: str, draft: Draft) -> DatedValue | None:
    """The record of an id: a figure, a demand rate, or a weight (a service may be given a weight of its own)."""
    catalogue = draft.world.catalogue
    found = catalogue.figures.get(figure) or next(
        (r.value for r in catalogue.demand_rates if r.value.id == figure), None
    )
    if found is not None or not figure.startswith(_WEIGHT):
        return found
    service, _, criterion = figure.removeprefix(_WEIGHT).rpartition(".")
    for weight in catalogue.quality.records.values():
        if weight.id == figure:
            return weight
    inherited = catalogue.quality.records.get((service, criterion))
    return None if inherited is None else replace(inherited, id=figure)


def _weighed(draft: Draft, id_: str) -> list[str]:
    """Services that take a weight from a record, or the one service that is given its own."""
    service, _, criterion = id_.removeprefix(_WEIGHT).rpartition(".")
    records = draft.world.catalogue.quality.records
    if service in draft.world.catalogue.services:
        return [service]
    return [s for (s, c), record in records.items() if c == criterion and record.id == id_]


def check_sums(base: World, world: World, tried: Sequence[tuple[ChangeRate, Origin, bool]], problems: Problems) -> None:
    """Rates of a market and weights of ``*`` must sum to 1 after all changes together; told at the last change of each.

    Parameters
    ----------
    base, world
        Before the first and after the last change.
    tried
        Changes of rates with where they stand, and whether they could be resolved. Where one could not, its sum is not told: it
        follows from that fault.
    """
    rates = {r.value.id: r for r in base.catalogue.demand_rates}
    given = {change.figure for change, _, _ in tried}
    of_market: dict[str, list[tuple[Origin, bool]]] = {}
    of_weights: list[tuple[Origin, bool]] = []
    for change, origin, good in tried:
        rate = rates.get(change.figure)
        if rate is not None and rate.market:
            of_market.setdefault(rate.market, []).append((origin, good))
        elif change.figure.startswith(f"{_WEIGHT}*."):
            of_weights.append((origin, good))
    for market, changes in of_market.items():
        if not all(good for _, good in changes):
            continue
        for fault in market_faults([r for r in world.catalogue.demand_rates if r.market == market]):
            names = ", ".join(
                r.value.id for r in world.catalogue.demand_rates if _joins(r, market, fault) and r.value.id not in given
            )
            params = {
                "market": market,
                "sum": fault.total,
                "first": fault.first_age,
                "last": fault.last_age,
                "rates": names,
            }
            _tell("scenario_market_sum", changes[-1][0], problems, **params)
    was, now = base.catalogue.quality.default_sum(), world.catalogue.quality.default_sum()
    # where every service has its own weight of a criterion the rest of ``*`` is not known here
    if of_weights and all(good for _, good in of_weights) and abs(was - 1) < _ROUNDING and abs(now - 1) > _ROUNDING:
        _tell("scenario_weights_sum", of_weights[-1][0], problems, total=f"{now:.3g}")


def _joins(rate: DemandRate, market: str, fault: MarketFault) -> bool:
    return rate.market == market and rate.first_age <= fault.first_age <= rate.last_age


def _tell(code: str, origin: Origin, problems: Problems, **params: object) -> None:
    filled = {"change": origin.number, **params}
    problems.extend([Problem(code, "error", origin.table, origin.line, "value", filled)])


def _touched_by(draft: Draft, figure: str) -> Touched:
    return Touched(
        services=frozenset(draft.world.catalogue.facility_services()),
        streets=figure.startswith(_OF_STREETS),
        timetable=figure.startswith(_OF_TIMETABLE),
    )
