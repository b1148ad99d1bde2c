"""Resolves changes of standards, of figures and of the population."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from ankerort.catalogue.model import StandardMode
from ankerort.scenario.changes import ChangeRate, ChangeStandard
from ankerort.scenario.edits import Edit, SetFigure, SetStandard
from ankerort.scenario.lookup import Draft, find_service
from ankerort.scenario.nearest import nearest_names
from ankerort.scenario.world import Touched

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
    """Another value of a figure; in its own unit, a share at most 1."""
    figures = draft.world.catalogue.figures
    old = figures.get(change.figure)
    if old is None:
        draft.report(
            "scenario_figure_unknown", "figure", figure=change.figure, near=nearest_names(change.figure, figures)
        )
        return None
    good = True
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
    return (SetFigure(new, _touched_by(draft, change.figure)),)


def _touched_by(draft: Draft, figure: str) -> Touched:
    return Touched(
        services=frozenset(draft.world.catalogue.facility_services()),
        streets=figure.startswith(_OF_STREETS),
        timetable=figure.startswith(_OF_TIMETABLE),
    )
