"""Resolves changes of facilities and visits: names become rows, contradictions become problems."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ankerort.region.opening_hours import parse_hours
from ankerort.scenario.changes import (
    AddService,
    AddVisit,
    ChangeHours,
    ChangeQuality,
    CloseFacility,
    MoveFacility,
    OpenFacility,
    ResizeFacility,
)
from ankerort.scenario.edits import SOURCE_ID, AppendRow, Edit, PatchRow, SetCapacity
from ankerort.scenario.lookup import Draft, described, find_facility, find_place, find_service, find_site, moved_from

_SAME_SPOT_M = 0.5  # coordinates of one spot differ by rounding only


def open_facility(draft: Draft, change: OpenFacility) -> tuple[Edit, ...] | None:
    """A new row at the end of the facilities; opening the same service and name twice at one spot is a problem."""
    service = find_service(draft, change.service)
    site = find_site(draft, change.place, change.lon, change.lat)
    hours_good = _check_hours(draft, change.opening_hours)
    if service is not None:
        _check_capacity_rule(draft, service, change.capacity, strict=False)
    if service is None or site is None or not hours_good:
        return None
    facilities = draft.world.region.facilities
    same = facilities[
        (facilities["service"] == service)
        & (facilities["state"] == "open")
        & (facilities["merged_into"] == "")
        & (facilities["x"] - site.x).abs().lt(_SAME_SPOT_M)
        & (facilities["y"] - site.y).abs().lt(_SAME_SPOT_M)
        & (facilities["name"].str.casefold() == change.name.casefold())
    ]
    if len(same):
        draft.report("scenario_facility_there", "service", facility=described(draft.world, same.iloc[0]))
        return None
    values = {
        "facility_id": f"{SOURCE_ID}:{draft.number}:{service}",
        "service": service,
        "object_id": f"{SOURCE_ID}:{draft.number}",
        "name": change.name,
        **site.columns(),
        "state": "open",
        "certainty": "certain",
        "operator": change.operator,
        "opening_hours": change.opening_hours,
        "wheelchair": change.step_free,
        "source_id": SOURCE_ID,
        "source_ref": f"{draft.origin.table}:{draft.origin.number}",
    }
    if change.capacity is not None:
        values["capacity"] = change.capacity
    return (AppendRow("facilities", values, frozenset({service})),)


def close_facility(draft: Draft, change: CloseFacility) -> tuple[Edit, ...] | None:
    """The row stays, its state is closed."""
    row = find_facility(draft, change)
    if row is None:
        return None
    year = {"closed_year": str(change.year)} if change.year is not None else {}
    return (_patch(row, {"state": "closed", **year}),)


def move_facility(draft: Draft, change: MoveFacility) -> tuple[Edit, ...] | None:
    """New position, municipality and place; the id stays."""
    row = find_facility(draft, change)
    site = find_site(draft, change.to_place, change.lon, change.lat, place_column="to_place")
    if row is None or site is None:
        return None
    if not moved_from(site, row):
        draft.report("scenario_not_moved", "to_place", severity="warning", facility=described(draft.world, row))
    return (_patch(row, site.columns()),)


def resize_facility(draft: Draft, change: ResizeFacility) -> tuple[Edit, ...] | None:
    """Another capacity; the service must have a rule that says what it counts."""
    row = find_facility(draft, change)
    if row is None or not _check_capacity_rule(draft, str(row["service"]), change.capacity, strict=True):
        return None
    if change.capacity is None:
        return None
    year = np.nan if change.from_year is None else float(change.from_year)
    return (SetCapacity(str(row["facility_id"]), change.capacity, year, frozenset({str(row["service"])})),)


def change_hours(draft: Draft, change: ChangeHours) -> tuple[Edit, ...] | None:
    """Other opening hours."""
    row = find_facility(draft, change)
    if not _check_hours(draft, change.opening_hours) or row is None:
        return None
    return (_patch(row, {"opening_hours": change.opening_hours}),)


# field of the change -> column of the table
QUALITY_COLUMNS: Mapping[str, str] = {
    "step_free": "wheelchair",
    "toilets_step_free": "toilets_wheelchair",
    "condition": "condition",
    "assortment": "assortment",
    "broadband_mbit": "broadband_mbit",
}


def change_quality(draft: Draft, change: ChangeQuality) -> tuple[Edit, ...] | None:
    """Other values of the criteria that are given."""
    row = find_facility(draft, change)
    if row is None:
        return None
    given = {column: getattr(change, name) for name, column in QUALITY_COLUMNS.items()}
    return (_patch(row, {column: value for column, value in given.items() if value not in ("", None)}),)


def add_service(draft: Draft, change: AddService) -> tuple[Edit, ...] | None:
    """One more row of the same object, with the address of the facility."""
    row = find_facility(draft, change)
    service = find_service(draft, change.new_service, "new_service")
    hours_good = _check_hours(draft, change.opening_hours)
    if service is not None:
        _check_capacity_rule(draft, service, change.capacity, strict=False)
    if row is None or service is None or not hours_good:
        return None
    facilities = draft.world.region.facilities
    same = facilities[
        (facilities["object_id"] == row["object_id"])
        & (facilities["service"] == service)
        & (facilities["state"] == "open")
        & (row["object_id"] != "")
    ]
    if len(same) or row["service"] == service:
        draft.report("scenario_service_there", "new_service", facility=described(draft.world, row), service=service)
        return None
    kept = ("name", "lon", "lat", "x", "y", "ags", "place_id", "in_study", "certainty", "operator", "operator_kind")
    also = ("owner", "rooms", "opening_hours", "wheelchair")
    values: dict[str, object] = {column: row[column] for column in (*kept, *also)}
    values |= {
        "facility_id": f"{SOURCE_ID}:{draft.number}:{service}",
        "service": service,
        "object_id": row["object_id"] or row["facility_id"],
        "state": "open",
        "source_id": SOURCE_ID,
        "source_ref": f"{draft.origin.table}:{draft.origin.number}",
    }
    if change.opening_hours:
        values["opening_hours"] = change.opening_hours
    if change.capacity is not None:
        values["capacity"] = change.capacity
    return (AppendRow("facilities", values, frozenset({service})),)


def add_visit(draft: Draft, change: AddVisit) -> tuple[Edit, ...] | None:
    """A row at the end of the visits."""
    service = find_service(draft, change.service)
    place = find_place(draft, change.place)
    if service is None or place is None:
        return None
    values: dict[str, object] = {
        "visit_id": f"{SOURCE_ID}:{draft.number}:{service}",
        "service": service,
        "place_id": place["place_id"],
        "stop_name": change.stop_name,
        "weekday": change.weekday,
        "rhythm_weeks": change.every_weeks,
        "from_time": change.from_time,
        "to_time": change.to_time,
        "source_id": SOURCE_ID,
        "source_ref": f"{draft.origin.table}:{draft.origin.number}",
    }
    if change.lon is not None and change.lat is not None:
        site = find_site(draft, "", change.lon, change.lat)
        if site is None:
            return None
        values |= {"lon": site.lon, "lat": site.lat}
    return (AppendRow("mobile_visits", values, frozenset({service})),)


def _patch(row: pd.Series, values: Mapping[str, object]) -> PatchRow:
    return PatchRow("facilities", str(row["facility_id"]), values, frozenset({str(row["service"])}))


def _check_hours(draft: Draft, text: str) -> bool:
    good = parse_hours(text).fault != "unreadable"
    if not good:
        draft.report("scenario_hours", "opening_hours", hours=text)
    return good


def _check_capacity_rule(draft: Draft, service: str, capacity: float | None, *, strict: bool) -> bool:
    """A capacity means something only where the catalogue says what it counts."""
    rule = draft.world.catalogue.services[service].capacity_rule
    if capacity is None or rule not in ("", "none"):
        return True
    label = draft.world.catalogue.services[service].label_de
    draft.report("scenario_no_capacity_rule", "capacity", severity="error" if strict else "warning", service=label)
    return not strict
