"""All kinds of changes, by the name that stands in a scenario file."""

from __future__ import annotations

from collections.abc import Mapping

from ankerort.scenario.change import Change
from ankerort.scenario.changes_facility import (
    AddService,
    AddVisit,
    ChangeHours,
    ChangeQuality,
    CloseFacility,
    FacilityChange,
    MoveFacility,
    OpenFacility,
    ResizeFacility,
)
from ankerort.scenario.changes_network import (
    AddLine,
    AddStop,
    AddStreet,
    AddTrip,
    RemoveLine,
    RemoveStop,
    RemoveTrip,
)
from ankerort.scenario.changes_rules import ChangeRate, ChangeStandard, UsePopulation

KINDS: Mapping[str, type[Change]] = {
    one.kind: one
    for one in (
        OpenFacility,
        CloseFacility,
        MoveFacility,
        ResizeFacility,
        ChangeHours,
        ChangeQuality,
        AddService,
        AddVisit,
        ChangeStandard,
        ChangeRate,
        UsePopulation,
        AddTrip,
        RemoveTrip,
        AddLine,
        RemoveLine,
        AddStop,
        RemoveStop,
        AddStreet,
    )
}

__all__ = [
    "KINDS",
    "AddLine",
    "AddService",
    "AddStop",
    "AddStreet",
    "AddTrip",
    "AddVisit",
    "Change",
    "ChangeHours",
    "ChangeQuality",
    "ChangeRate",
    "ChangeStandard",
    "CloseFacility",
    "FacilityChange",
    "MoveFacility",
    "OpenFacility",
    "RemoveLine",
    "RemoveStop",
    "RemoveTrip",
    "ResizeFacility",
    "UsePopulation",
]
