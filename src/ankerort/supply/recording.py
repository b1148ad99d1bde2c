"""Is a facility that is not in the data missing, or only not known?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.reach.footprint import FACILITY_SOURCES, facility_edge_distances
from ankerort.reach.model import Reach
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


def assess_recording(region: Region, reach: Reach, catalogue: Catalogue) -> Knowledge:
    """Compare what was found with what the population lets expect, and decide per service and cell.

    A service is *missing* somewhere only if a source declared complete covers the cell, or the municipality confirmed that
    the place has none, or `osm_absence_means` is missing and the recording rate is at least ``recording_rate.min``.
    rate = found / (persons / ref_inhabitants_per_facility), over the area that the sources cover. Without a reference there is no
    rate, and absence stays unknown.
    """
    cells, facilities = region.cells, region.facilities
    persons = cells["persons"].to_numpy(float)
    sites = shapely.points(facilities["x"].to_numpy(float), facilities["y"].to_numpy(float))
    counts = ((facilities["state"] == "open") & (facilities["merged_into"] == "")).to_numpy(bool)
    closed = ((facilities["state"] == "closed") & (facilities["merged_into"] == "")).to_numpy(bool)
    probable = (facilities["certainty"] == "probable").to_numpy(bool)
    service_of = facilities["service"].to_numpy()
    confirmed = _confirmed_cells(region)
    covering = _Covering(region, sites)
    declared_edge = facility_edge_distances(region, catalogue.facility_services(), complete=True)
    least = catalogue.value("recording_rate.min")
    study = cells["in_study"].to_numpy(bool)
    rows: list[dict[str, object]] = []
    absence: dict[str, NDArray[np.bool_]] = {}
    edges: dict[str, NDArray[np.float64]] = {}
    for service_id in catalogue.facility_services():
        service = catalogue.services[service_id]
        in_area = reach.edge_m[service_id] > 0
        site_in_area = covering.sites(service_id)
        of_service = service_of == service_id
        found = int((counts & of_service & site_in_area).sum())
        certain = int((counts & of_service & site_in_area & ~probable).sum())
        people = float(persons[in_area].sum())
        reference = service.ref_inhabitants_per_facility
        expected = people / reference if reference > 0 else np.nan
        rate = min(1.0, found / expected) if expected > 0 else np.nan
        edge = declared_edge[service_id]
        declared = edge > 0
        if declared[study].all() and study.any():
            verdict, reason = "missing", "declared_complete"
        elif not in_area.any() or people == 0:
            verdict, reason = "unknown", "no_source"
        elif service.osm_absence_means != "missing":
            verdict, reason = "unknown", "osm_unknown"
        elif np.isnan(rate):
            verdict, reason = "unknown", "no_reference"
        elif rate >= least and certain < least * expected:
            verdict, reason = "unknown", "rate_probable"
        elif rate >= least:
            verdict, reason = "missing", "rate_high"
        else:
            verdict, reason = "unknown", "rate_low"
        rows.append(
            {
                "service": service_id,
                "found": found,
                "certain": certain,
                "probable": int((counts & of_service & site_in_area & probable).sum()),
                "closed": int((closed & of_service & site_in_area).sum()),
                "expected": expected,
                "rate": rate,
                "persons": people,
                "absence": verdict,
                "reason": reason,
            }
        )
        if reason == "rate_high":
            edge = np.maximum(edge, reach.edge_m[service_id])
        told = confirmed.get(service_id, np.zeros(len(cells), bool))
        absence[service_id] = (edge > 0) | told
        # The municipality has looked: in its place, what is too far is decided by all that is recorded around it.
        edges[service_id] = np.where(told, np.maximum(edge, reach.edge_m[service_id]), edge)
    return Knowledge(RECORDING.conform(pd.DataFrame(rows)), absence, edges)


def _confirmed_cells(region: Region) -> dict[str, NDArray[np.bool_]]:
    """Cells of places (or whole municipalities) for which an absence is confirmed, per service."""
    out: dict[str, NDArray[np.bool_]] = {}
    place = region.cells["place_id"].to_numpy()
    ags = region.cells["ags"].to_numpy()
    for row in region.absences.itertuples():
        hit = place == row.place_id if row.place_id else ags == row.ags
        out[str(row.service)] = out.get(str(row.service), np.zeros(len(place), bool)) | hit
    return out


class _Covering:
    """Which facilities lie inside the footprints of the sources for a service."""

    def __init__(self, region: Region, sites: NDArray[np.object_]) -> None:
        footprints = region.footprints
        kinds = dict(zip(region.sources["source_id"], region.sources["kind"], strict=True))
        counts = [kinds.get(s) in FACILITY_SOURCES for s in footprints["source_id"]]
        self._names = [
            set(str(s).split(";")) if use else set() for s, use in zip(footprints["services"], counts, strict=True)
        ]
        geometries = footprints.geometry.to_numpy()
        shapely.prepare(geometries)
        self._sites = [shapely.contains(g, sites) for g in geometries]
        self._none = np.zeros(len(sites), bool)

    def sites(self, service: str) -> NDArray[np.bool_]:
        """Facilities inside any footprint for the service."""
        found = self._none.copy()
        for names, inside in zip(self._names, self._sites, strict=True):
            if "*" in names or service in names:
                found |= inside
        return found
