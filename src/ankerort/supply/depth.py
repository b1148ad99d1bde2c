"""Supply in depth: there and back, quality, standards, capacity, equity and central position of one assessment."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.standard_sets import SHIPPED_SET
from ankerort.network.model import Network
from ankerort.reach.model import NearestMode, Reach, RoundTripColumns
from ankerort.reach.place_trips import place_round_trips
from ankerort.region.model import Region
from ankerort.supply.capacity import area_capacity, assess_capacity, capacity_ratio
from ankerort.supply.centrality import centrality, place_catchments
from ankerort.supply.centre_tests import centre_tests, tier_status
from ankerort.supply.daviplan import daviplan_areas, daviplan_endowment, daviplan_facilities
from ankerort.supply.equity import equity_of_minutes
from ankerort.supply.facility_counts import facility_counts
from ankerort.supply.no_car import no_car_services
from ankerort.supply.parts import SupplyParts, nearest_for_the_old
from ankerort.supply.place_quality import place_quality
from ankerort.supply.pt_quality import PtClassifier, facility_pt_classes, pt_quality
from ankerort.supply.quality import facility_quality
from ankerort.supply.quality_security import catchment_persons
from ankerort.supply.schema_capacity import AREA_CAPACITY, FACILITY_CAPACITY
from ankerort.supply.schema_daviplan import DAVIPLAN
from ankerort.supply.schema_equity import EQUITY
from ankerort.supply.standards import compare_sets, service_statements, standard_statements
from ankerort.supply.there_and_back import there_and_back

TARGET_SET = "target"
_MODES: tuple[NearestMode, ...] = ("foot", "bike", "car", "pt", "pt_demand")


@dataclass(frozen=True)
class Depth:
    """Further tables of supply; each is declared in the module ``ankerort.supply.schema_<topic>`` that is named.

    Parameters
    ----------
    there_and_back
        THERE_AND_BACK.
    no_car_service
        NO_CAR_SERVICE: of the persons without a car those within the standard.
    facility_criteria, facility_quality, place_quality, place_adequate
        Of schema_quality.
    pt_stops, pt_cells, pt_areas
        Of schema_pt_quality; empty without day types.
    standard_statement, set_comparison, centre_test, facility_count
        Of schema_standards: all sets; `set_comparison` lays the target values (Zielwerte) beside the catalogue's minimum standards.
    facility_capacity, area_capacity
        Of schema_capacity.
    daviplan
        DAVIPLAN: nine indicators; the tenth, time of each cell to the nearest, is the table ``nearest`` of `Supply`.
    equity
        EQUITY, of the minutes to the nearest.
    centrality, place_catchment
        Of schema_centrality.
    """

    there_and_back: pd.DataFrame
    no_car_service: pd.DataFrame
    facility_criteria: pd.DataFrame
    facility_quality: pd.DataFrame
    place_quality: pd.DataFrame
    place_adequate: pd.DataFrame
    pt_stops: pd.DataFrame
    pt_cells: pd.DataFrame
    pt_areas: pd.DataFrame
    standard_statement: pd.DataFrame
    set_comparison: pd.DataFrame
    centre_test: pd.DataFrame
    facility_count: pd.DataFrame
    facility_capacity: pd.DataFrame
    area_capacity: pd.DataFrame
    daviplan: pd.DataFrame
    equity: pd.DataFrame
    centrality: pd.DataFrame
    place_catchment: pd.DataFrame


DEPTH_TABLES: tuple[str, ...] = tuple(f.name for f in fields(Depth))


def assess_depth(
    region: Region,
    network: Network,
    reach: Reach,
    parts: SupplyParts,
    catalogue: Catalogue,
    *,
    day: str,
    year: int | None = None,
    place_trips: dict[bool, RoundTripColumns] | None = None,
    threads: int = 0,
    progress: Progress = SILENT,
) -> Depth:
    """All further tables of one assessment.

    Parameters
    ----------
    region, network, reach, catalogue
        Frozen inputs of one run.
    parts
        The supply that `assess_parts` gave for them.
    day
        ISO day of whose week the opening hours count for quality.
    year
        Year of rates and capacities; None = today's. For another year's people pass that year's region.
    place_trips
        As `place_round_trips` gives them, where they are at hand.
    """
    with progress.task("progress.depth", 5) as task:
        knowledge, index = parts.knowledge(), parts.areas
        trips = place_trips
        if trips is None:
            trips = place_round_trips(region, network, reach, catalogue, threads=threads)
        task.advance()
        round_trips = there_and_back(region, reach, catalogue, knowledge, index)
        task.advance()
        standards = _standards(region, reach, parts, catalogue, trips)
        task.advance()
        quality = _quality(region, network, reach, parts, catalogue, day, year)
        task.advance()
        capacity = _capacity(region, reach, parts, catalogue, year)
        equity = [
            equity_of_minutes(s, part.status, catalogue, knowledge.edge_m[s], index)
            for s, part in parts.services.items()
        ]
        task.advance()
    return Depth(
        there_and_back=round_trips,
        no_car_service=no_car_services(region, parts, catalogue),
        **quality,
        **standards,
        **capacity,
        equity=_joined(equity, EQUITY.empty()),
        centrality=centrality(region, reach, catalogue, knowledge),
        place_catchment=place_catchments(region, reach, catalogue, trips=trips, known=_pt_known(reach)),
    )


def _pt_known(reach: Reach) -> NDArray[np.bool_]:
    return reach.day_known.get("school", reach.cell_known["pt_whole"])


def _quality(
    region: Region,
    network: Network,
    reach: Reach,
    parts: SupplyParts,
    catalogue: Catalogue,
    day: str,
    year: int | None,
) -> dict[str, pd.DataFrame]:
    classifier = PtClassifier(network, catalogue) if network.day_types else None
    transport = pt_quality(region, network, catalogue, known=reach.day_known or None, classifier=classifier)
    classes = None
    if classifier is not None:
        classes = facility_pt_classes(region, network, catalogue, classifier=classifier).set_index("facility_id")
    tables = facility_quality(
        region,
        catalogue,
        day=day,
        capacity_ratio=capacity_ratio(parts.services, region, reach, catalogue, year=year),
        pt_class=None if classes is None else classes["pt_class"],
        catchment_persons=catchment_persons(region, reach, catalogue),
    )
    of_places, adequate = place_quality(
        region, reach, catalogue, tables.quality, parts.knowledge().edge_m, index=parts.places
    )
    return {
        "facility_criteria": tables.criteria,
        "facility_quality": tables.quality,
        "place_quality": of_places,
        "place_adequate": adequate,
        "pt_stops": transport.stops,
        "pt_cells": transport.cells,
        "pt_areas": transport.areas,
    }


def _standards(
    region: Region, reach: Reach, parts: SupplyParts, catalogue: Catalogue, trips: dict[bool, RoundTripColumns]
) -> dict[str, pd.DataFrame]:
    knowledge, index = parts.knowledge(), parts.areas
    old = nearest_for_the_old(region, reach)
    without_demand = trips.get(False)
    known = _pt_known(reach) if without_demand is not None else None
    statements = [
        service_statements(s, parts.status(s), region, reach, catalogue, knowledge.edge_m[s], index, old)
        for s in parts.services
    ]
    for set_id in catalogue.standard_sets:
        tiers = tier_status(set_id, region, reach, catalogue, trips=without_demand, pt_known=known)
        if tiers:
            statements.append(
                standard_statements(
                    set_id, region, reach, catalogue, knowledge, index, old, tiers=tiers, services=tuple(tiers)
                )
            )
    table = _joined(statements, pd.DataFrame())
    of_run = table[table["set_id"] == SHIPPED_SET]
    return {
        "standard_statement": table,
        "set_comparison": compare_sets(of_run, table[table["set_id"] == TARGET_SET]),
        "centre_test": centre_tests(region, reach, catalogue, trips=without_demand, pt_known=known),
        "facility_count": facility_counts(region, catalogue, knowledge),
    }


def _capacity(
    region: Region, reach: Reach, parts: SupplyParts, catalogue: Catalogue, year: int | None
) -> dict[str, pd.DataFrame]:
    edge_m = parts.knowledge().edge_m
    facilities, areas, indicators = [], [], []
    for service in parts.services:
        found = assess_capacity(service, region, reach, catalogue, edge_m[service], year=year)
        facilities.append(found.facilities)
        areas.append(area_capacity(found, region, parts.areas, catalogue))
        for mode in _MODES:
            if (service, mode, "any") not in reach.nearest:
                continue
            indicators.append(
                daviplan_facilities(service, region, reach, catalogue, mode=mode, year=year, demand=found.demand)
            )
            indicators.append(
                daviplan_areas(
                    service,
                    region,
                    reach,
                    catalogue,
                    parts.areas,
                    edge_m[service],
                    mode=mode,
                    year=year,
                    demand=found.demand,
                )
            )
        indicators.append(
            daviplan_endowment(
                service, region, reach, catalogue, parts.areas, edge_m[service], year=year, demand=found.demand
            )
        )
    return {
        "facility_capacity": _joined(facilities, FACILITY_CAPACITY.empty()),
        "area_capacity": _joined(areas, AREA_CAPACITY.empty()),
        "daviplan": _joined(indicators, DAVIPLAN.empty()),
    }


def _joined(tables: list[pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    with_rows = [t for t in tables if len(t)]
    if not with_rows:
        return tables[0] if tables else empty
    return pd.concat(_same_categories(with_rows), ignore_index=True)


def _same_categories(tables: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """The tables with the union of their categories per column, so that joining them keeps the type."""
    out = [t.copy(deep=False) for t in tables]
    for column in out[0].columns:
        if not isinstance(out[0][column].dtype, pd.CategoricalDtype):
            continue
        union = pd.api.types.union_categoricals([t[column].astype("category") for t in out]).categories
        for table in out:
            table[column] = table[column].astype("category").cat.set_categories(union)
    return out
