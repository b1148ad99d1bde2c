"""Is a facility that is not in the data missing, or only not known?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.reach.assigned import beyond_doubt
from ankerort.reach.footprint import FACILITY_SOURCES, facility_edge_distances
from ankerort.reach.model import Reach
from ankerort.region.inquiry.answered import answered_municipalities
from ankerort.region.model import Region
from ankerort.supply.schema import RECORDING


@dataclass(frozen=True)
class Knowledge:
    """What the data allow to say about absence.

    `recording` is the RECORDING table; `absence_known` gives per service a mask over cells: True where "not in the data" may
    be read as "not there". `edge_m` gives per service and cell the straight line in metres to the edge of the area in which that
    holds, 0 outside; in a place with a confirmed absence to the edge of all sources.
    """

    recording: pd.DataFrame
    absence_known: dict[str, NDArray[np.bool_]]
    edge_m: dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class ServiceKnowledge:
    """`Knowledge` of one service; `row` is its row of RECORDING."""

    row: Mapping[str, object]
    absence_known: NDArray[np.bool_]
    edge_m: NDArray[np.float64]


class RecordingIndex:
    """What sources, places and people say about absence; it does not depend on the facilities."""

    def __init__(self, region: Region, catalogue: Catalogue) -> None:
        self.persons = region.cells["persons"].to_numpy(float)
        self.study = region.cells["in_study"].to_numpy(bool)
        self.confirmed = _confirmed_cells(region)
        self.covering = _Covering(region)
        self.declared_edge_m = facility_edge_distances(region, catalogue.facility_services(), complete=True)


def assess_recording(region: Region, reach: Reach, catalogue: Catalogue) -> Knowledge:
    """Compare what was found with what the population lets expect, and decide per service and cell.

    A service is *missing* somewhere only if a source declared complete covers the cell, or the municipality confirmed that
    the place has none or answered it for all its places, or `osm_absence_means` is missing and the recording rate is at least ``recording_rate.min``.
    rate = found / (persons / ref_inhabitants_per_facility), over the area that the sources cover. Without a reference there is no
    rate, and absence stays unknown.
    """
    index = RecordingIndex(region, catalogue)
    return join_knowledge(record_services(catalogue.facility_services(), region, reach, catalogue, index))


def join_knowledge(parts: Mapping[str, ServiceKnowledge]) -> Knowledge:
    """Knowledge of all services, in their order."""
    return Knowledge(
        RECORDING.conform(pd.DataFrame([part.row for part in parts.values()])),
        {service: part.absence_known for service, part in parts.items()},
        {service: part.edge_m for service, part in parts.items()},
    )


def record_services(
    services: Iterable[str], region: Region, reach: Reach, catalogue: Catalogue, index: RecordingIndex
) -> dict[str, ServiceKnowledge]:
    """`assess_recording` for some services only."""
    facilities = region.facilities
    sole = (facilities["merged_into"] == "").to_numpy(bool)
    counts = (facilities["state"] == "open").to_numpy(bool) & sole
    closed = (facilities["state"] == "closed").to_numpy(bool) & sole
    probable = (facilities["certainty"] == "probable").to_numpy(bool)
    service_of = facilities["service"].to_numpy()
    x, y = facilities["x"].to_numpy(float), facilities["y"].to_numpy(float)
    out: dict[str, ServiceKnowledge] = {}
    for service in services:
        rows = np.flatnonzero(service_of == service)
        inside = rows[index.covering.sites(service, shapely.points(x[rows], y[rows]))]
        found = {
            "found": int(counts[inside].sum()),
            "certain": int((counts & ~probable)[inside].sum()),
            "probable": int((counts & probable)[inside].sum()),
            "closed": int(closed[inside].sum()),
        }
        told = _record(service, found, reach.edge_m[service], catalogue, index)
        out[service] = replace(told, edge_m=beyond_doubt(told.edge_m, reach, service))
    return out


def _record(
    service_id: str,
    found: dict[str, int],
    source_edge_m: NDArray[np.float64],
    catalogue: Catalogue,
    index: RecordingIndex,
) -> ServiceKnowledge:
    service = catalogue.services[service_id]
    least = catalogue.value("recording_rate.min")
    in_area = source_edge_m > 0
    people = float(index.persons[in_area].sum())
    reference = service.ref_inhabitants_per_facility
    expected = people / reference if reference > 0 else np.nan
    rate = min(1.0, found["found"] / expected) if expected > 0 else np.nan
    edge = index.declared_edge_m[service_id]
    declared = edge > 0
    if declared[index.study].all() and index.study.any():
        verdict, reason = "missing", "declared_complete"
    elif index.study.any() and (declared | index.confirmed.get(service_id, declared))[index.study].all():
        verdict, reason = "missing", "confirmed_complete"
    elif not in_area.any() or people == 0:
        verdict, reason = "unknown", "no_source"
    elif service.osm_absence_means != "missing":
        verdict, reason = "unknown", "osm_unknown"
    elif np.isnan(rate):
        verdict, reason = "unknown", "no_reference"
    elif rate >= least and found["certain"] < least * expected:
        verdict, reason = "unknown", "rate_probable"
    elif rate >= least:
        verdict, reason = "missing", "rate_high"
    else:
        verdict, reason = "unknown", "rate_low"
    row: dict[str, object] = {
        "service": service_id,
        **found,
        "expected": expected,
        "rate": rate,
        "persons": people,
        "absence": verdict,
        "reason": reason,
    }
    if reason == "rate_high":
        edge = np.maximum(edge, source_edge_m)
    if service_id not in index.confirmed:
        return ServiceKnowledge(row, edge > 0, edge)
    told = index.confirmed[service_id]
    # The municipality has looked: in its place, what is too far is decided by all that is recorded around it.
    return ServiceKnowledge(row, (edge > 0) | told, np.where(told, np.maximum(edge, source_edge_m), edge))


def _confirmed_cells(region: Region) -> dict[str, NDArray[np.bool_]]:
    """Cells of places (or whole municipalities) for which an absence is confirmed, per service.

    A municipality that answered a service for all its inhabited places has looked everywhere: its answers are a complete list.
    """
    out: dict[str, NDArray[np.bool_]] = {}
    place = region.cells["place_id"].to_numpy()
    ags = region.cells["ags"].to_numpy()
    for row in region.absences.itertuples():
        hit = place == row.place_id if row.place_id else ags == row.ags
        out[str(row.service)] = out.get(str(row.service), np.zeros(len(place), bool)) | hit
    for service, municipalities in answered_municipalities(region).items():
        out[service] = out.get(service, np.zeros(len(place), bool)) | np.isin(ags, sorted(municipalities))
    return out


class _Covering:
    """The footprints of the sources for a service."""

    def __init__(self, region: Region) -> None:
        footprints = region.footprints
        kinds = dict(zip(region.sources["source_id"], region.sources["kind"], strict=True))
        counts = [kinds.get(s) in FACILITY_SOURCES for s in footprints["source_id"]]
        self._names = [
            set(str(s).split(";")) if use else set() for s, use in zip(footprints["services"], counts, strict=True)
        ]
        self._geometries = footprints.geometry.to_numpy()
        shapely.prepare(self._geometries)

    def sites(self, service: str, points: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Points inside any footprint for the service."""
        found = np.zeros(len(points), bool)
        for names, geometry in zip(self._names, self._geometries, strict=True):
            if "*" in names or service in names:
                found |= shapely.contains(geometry, points)
        return found
