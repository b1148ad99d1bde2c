"""Supply service by service, so that a change recomputes the services that it touched and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.progress import SILENT, Progress
from ankerort.base.rows import move_rows, row_moves
from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import Certainty, Nearest, NearestMode, Reach
from ankerort.reach.public_transport import nearest_by_pt, select_columns
from ankerort.region.model import Region
from ankerort.supply.areas import AreaBlock, AreaIndex, area_blocks, area_table
from ankerort.supply.five import FiveItem, bundle_of_five, five_item
from ankerort.supply.journeys import Journeys, service_journeys, union_journeys
from ankerort.supply.model import Supply
from ankerort.supply.nearest_table import nearest_table
from ankerort.supply.places import PlaceIndex, balance_of_services
from ankerort.supply.recording import Knowledge, RecordingIndex, ServiceKnowledge, join_knowledge, record_services
from ankerort.supply.schema import PLACE_SERVICE
from ankerort.supply.service_status import OLD_GROUP, ServiceStatus, service_status, union_status


@dataclass(frozen=True)
class ServiceSupply:
    """How each cell, place and area stands with one service.

    Parameters
    ----------
    status
        Per cell and mode: status, minutes, metres, nearest facility (row in ``Region.facilities`` of the region that it was computed for).
    journeys
        Journeys by public transport to the nearest facility, per cell.
    knowledge
        What is known about absence.
    place_rows
        PLACE_SERVICE rows.
    area_blocks
        Figures per area, see `SupplyParts.area_rows`.
    facility_ids
        Id of each row that `status` names.
    """

    service: str
    status: ServiceStatus
    journeys: Journeys
    knowledge: ServiceKnowledge
    place_rows: pd.DataFrame
    area_blocks: tuple[AreaBlock, ...]
    facility_ids: NDArray[np.object_]


@dataclass(frozen=True)
class SupplyParts:
    """Supply before its tables are put together: `services` and `cores` (PLACE_SERVICE rows of core functions) in their order.

    Without `balance` there are no rows of places and areas, no core functions and no bundle of five (`assess_status`).
    """

    region: Region
    catalogue: Catalogue
    estimated: Mapping[str, bool]
    facility_ids: NDArray[np.object_]
    places: PlaceIndex
    areas: AreaIndex
    recording: RecordingIndex
    services: Mapping[str, ServiceSupply]
    cores: Mapping[str, pd.DataFrame]
    five: Mapping[str, FiveItem]
    balance: bool = True

    def service(self, service: str) -> ServiceSupply:
        """How everybody stands with one service."""
        return self.services[service]

    def status(self, service: str) -> ServiceStatus:
        """Status of one service; its facilities are rows of ``region.facilities``."""
        return _status_in(self.services[service], self.facility_ids)

    def area_rows(self, service: str) -> pd.DataFrame:
        """AREA_SERVICE rows of one service."""
        return area_table(list(self.services[service].area_blocks), self.areas)

    def knowledge(self) -> Knowledge:
        """What is known about absence, all services."""
        return join_knowledge({s: part.knowledge for s, part in self.services.items()})

    def supply(self) -> Supply:
        """All tables, as `assess` gives them.

        Raises
        ------
        ValueError
            If there is no balance.
        """
        if not self.balance:
            raise ValueError("these parts hold status and knowledge only, no balance")
        parts = self.services.values()
        rows = [*(part.place_rows for part in parts), *self.cores.values()]
        return Supply(
            recording=self.knowledge().recording,
            nearest=nearest_table(
                self.region, self.areas.rows, self.estimated, {s: self.status(s) for s in self.services}
            ),
            place_service=PLACE_SERVICE.conform(pd.concat(rows, ignore_index=True)),
            area_service=area_table([block for part in parts for block in part.area_blocks], self.areas),
            bundle_of_five=bundle_of_five([self.five[item.id] for item in self.catalogue.five], self.areas),
        )


def assess_parts(region: Region, reach: Reach, catalogue: Catalogue, *, progress: Progress = SILENT) -> SupplyParts:
    """Supply of all services; parameters as in `ankerort.supply.assess.assess`."""
    return _recompute(
        None,
        catalogue.facility_services(),
        region,
        reach,
        catalogue,
        PlaceIndex(region, reach),
        AreaIndex(region, catalogue),
        RecordingIndex(region, catalogue),
        progress,
    )


def assess_status(region: Region, reach: Reach, catalogue: Catalogue) -> SupplyParts:
    """Status and knowledge of all services as `assess_parts` has them, without the balance of places and areas: most of the time is saved."""
    return _recompute(
        None,
        catalogue.facility_services(),
        region,
        reach,
        catalogue,
        PlaceIndex(region, reach),
        AreaIndex(region, catalogue),
        RecordingIndex(region, catalogue),
        SILENT,
        balance=False,
    )


def update_parts(
    base: SupplyParts, services: Collection[str], region: Region, reach: Reach, catalogue: Catalogue
) -> SupplyParts:
    """Supply after facilities, visits or standards of some services changed; all else is taken over from `base`.

    Parameters
    ----------
    services
        The services that changed. Places, cells, sources and confirmed absences must be those of `base`.
    reach
        Travel times of the changed region; columns of other services may be missing.

    Raises
    ------
    ValueError
        If `base` has no balance.
    """
    if not base.balance:
        raise ValueError("parts without a balance cannot be brought up to date")
    ordered = tuple(s for s in catalogue.facility_services() if s in services)
    return _recompute(
        base,
        ordered,
        region,
        reach,
        catalogue,
        base.places.with_facilities(region, reach),
        base.areas,
        base.recording,
        SILENT,
    )


def _recompute(
    base: SupplyParts | None,
    services: tuple[str, ...],
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    places: PlaceIndex,
    areas: AreaIndex,
    recording: RecordingIndex,
    progress: Progress,
    *,
    balance: bool = True,
) -> SupplyParts:
    found: dict[str, ServiceSupply] = dict(base.services) if base is not None else {}
    known = {s: part.knowledge for s, part in found.items()}
    known |= record_services(services, region, reach, catalogue, recording)
    knowledge = join_knowledge({s: known[s] for s in catalogue.facility_services()})
    facility_ids = region.facilities["facility_id"].to_numpy(object)
    old = nearest_for_the_old(region, reach, services)
    with progress.task("progress.supply", len(services)) as task:
        for service in services:
            status = service_status(service, reach, catalogue, knowledge.edge_m[service], old)
            journeys = service_journeys(service, reach, status, len(region.cells))
            found[service] = ServiceSupply(
                service=service,
                status=status,
                journeys=journeys,
                knowledge=known[service],
                place_rows=balance_of_services(
                    service, (service,), status, journeys, region, reach, catalogue, knowledge, places
                )
                if balance
                else PLACE_SERVICE.empty(),
                area_blocks=tuple(area_blocks(service, status, reach, catalogue, areas)) if balance else (),
                facility_ids=facility_ids,
            )
            task.advance()
    found = {s: found[s] for s in catalogue.facility_services()}
    cores: dict[str, pd.DataFrame] = {}
    five: dict[str, FiveItem] = {}
    if not balance:
        return SupplyParts(
            region,
            catalogue,
            reach.estimated,
            facility_ids,
            places,
            areas,
            recording,
            found,
            cores,
            five,
            balance=False,
        )
    for item in catalogue.core:
        if base is not None and not set(item.services) & set(services):
            cores[item.id] = base.cores[item.id]
            continue
        statuses = [_status_in(found[s], facility_ids) for s in item.services]
        cores[item.id] = balance_of_services(
            f"core:{item.id}",
            item.services,
            union_status(statuses),
            union_journeys([found[s].journeys for s in item.services], statuses),
            region,
            reach,
            catalogue,
            knowledge,
            places,
        )
    for item in catalogue.five:
        if base is not None and not set(item.services) & set(services):
            five[item.id] = base.five[item.id]
        else:
            five[item.id] = five_item(item, region, reach, catalogue, knowledge, areas)
    return SupplyParts(region, catalogue, reach.estimated, facility_ids, places, areas, recording, found, cores, five)


def nearest_for_the_old(
    region: Region, reach: Reach, services: Collection[str] | None = None
) -> dict[tuple[str, NearestMode, Certainty], Nearest]:
    """The nearest by public transport for the stored group that walks as those of 65 and older; None = all services."""
    return nearest_by_pt(
        reach.targets,
        reach.pt_targets,
        reach.pt,
        select_columns(reach.foot, reach.pt_targets),
        len(region.cells),
        facility_ids=region.facilities["facility_id"].to_numpy(object),
        group=OLD_GROUP,
        only=services,
        assigned=reach.assigned,
    )


def _status_in(part: ServiceSupply, facility_ids: NDArray[np.object_]) -> ServiceStatus:
    """The status with facilities as rows of a region that may have changed since."""
    moves = row_moves(part.facility_ids, facility_ids)
    if moves is None:
        return part.status
    return replace(
        part.status,
        modes={m: replace(s, facility=move_rows(s.facility, moves)) for m, s in part.status.modes.items()},
        modes_old={m: replace(s, facility=move_rows(s.facility, moves)) for m, s in part.status.modes_old.items()},
    )
