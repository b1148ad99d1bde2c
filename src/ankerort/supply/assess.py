"""From reach to supply: the balance of every place."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import Certainty, Nearest, NearestMode, Reach
from ankerort.reach.public_transport import nearest_by_pt, select_columns
from ankerort.region.model import Region
from ankerort.supply.areas import AreaBlock, AreaIndex, area_blocks, area_table
from ankerort.supply.five import bundle_of_five
from ankerort.supply.model import Supply
from ankerort.supply.places import PlaceIndex, balance_of_services
from ankerort.supply.recording import assess_recording
from ankerort.supply.schema import NEAREST, PLACE_SERVICE
from ankerort.supply.service_status import OLD_GROUP, ServiceStatus, service_status, union_status
from ankerort.supply.status import MODES, STATUS_NAMES


def assess(region: Region, reach: Reach, catalogue: Catalogue, *, progress: Progress = SILENT) -> Supply:
    """How each cell, place, municipality, association and district stands with each service.

    Parameters
    ----------
    region, reach, catalogue
        Frozen inputs of one run.

    Returns
    -------
    Supply
        Tables declared in `ankerort.supply.schema`; only the study area is reported. Unknown is carried as bounds
        (see docs/method/supply.md), never as absence.
    """
    knowledge = assess_recording(region, reach, catalogue)
    places = PlaceIndex(region, reach)
    areas = AreaIndex(region, catalogue)
    old = _nearest_for_the_old(region, reach)
    services = catalogue.facility_services()
    balance: list[pd.DataFrame] = []
    by_area: list[AreaBlock] = []
    nearest = _NearestTable(region, reach, areas, services)
    statuses: dict[str, ServiceStatus] = {}
    with progress.task("progress.supply", len(services)) as task:
        for service in services:
            status = service_status(service, reach, catalogue, knowledge.edge_m[service], old)
            statuses[service] = status
            balance.append(
                balance_of_services(service, (service,), status, region, reach, catalogue, knowledge, places)
            )
            by_area.extend(area_blocks(service, status, reach, catalogue, areas))
            nearest.add(service, status)
            task.advance()
    for item in catalogue.core:
        status = union_status([statuses[s] for s in item.services])
        balance.append(
            balance_of_services(f"core:{item.id}", item.services, status, region, reach, catalogue, knowledge, places)
        )
    return Supply(
        recording=knowledge.recording,
        nearest=nearest.table(),
        place_service=PLACE_SERVICE.conform(pd.concat(balance, ignore_index=True)),
        area_service=area_table(by_area, areas),
        bundle_of_five=bundle_of_five(region, reach, catalogue, knowledge, areas),
    )


def _nearest_for_the_old(region: Region, reach: Reach) -> dict[tuple[str, NearestMode, Certainty], Nearest]:
    return nearest_by_pt(
        reach.targets,
        reach.pt_targets,
        reach.pt,
        select_columns(reach.foot, reach.pt_targets),
        len(region.cells),
        facility_ids=region.facilities["facility_id"].to_numpy(object),
        group=OLD_GROUP,
    )


class _NearestTable:
    """Collects NEAREST rows; all parts share the same categories, so that joining them copies codes only."""

    def __init__(self, region: Region, reach: Reach, areas: AreaIndex, services: tuple[str, ...]) -> None:
        self.rows = areas.rows
        self.estimated = reach.estimated
        self.cell = pd.Categorical(region.cells["cell_id"].to_numpy()[self.rows])
        self.facility = pd.CategoricalDtype(region.facilities["facility_id"].to_numpy())
        self.certainties = pd.CategoricalDtype(["certain", "probable"])
        self.certain = (region.facilities["certainty"] != "certain").to_numpy(np.int8)
        self.services = pd.CategoricalDtype(list(services))
        self.modes = pd.CategoricalDtype(list(MODES))
        self.statuses = pd.CategoricalDtype(list(STATUS_NAMES))
        self.parts: list[pd.DataFrame] = []

    def add(self, service: str, status: ServiceStatus) -> None:
        """Rows of one service, all modes that say something."""
        count = len(self.rows)
        for mode in MODES:
            one = status.modes[mode]
            facility = np.asarray(one.facility[self.rows])
            if not (facility >= 0).any() and one.status is None:
                continue
            certainty = np.where(facility >= 0, self.certain[facility] if len(self.certain) else 0, -1)
            code = one.status[self.rows] if one.status is not None else np.full(count, -1)
            self.parts.append(
                pd.DataFrame(
                    {
                        "cell_id": self.cell,
                        "service": _constant(service, self.services, count),
                        "mode": _constant(mode, self.modes, count),
                        "facility_id": pd.Categorical.from_codes(facility, dtype=self.facility),
                        "certainty": pd.Categorical.from_codes(certainty, dtype=self.certainties),
                        "minutes": one.minutes[self.rows],
                        "metres": one.metres[self.rows],
                        "bound": one.bound[self.rows],
                        "estimated": self.estimated["pt" if mode in ("pt", "pt_demand") else mode],
                        "status": pd.Categorical.from_codes(code, dtype=self.statuses),
                    }
                )
            )

    def table(self) -> pd.DataFrame:
        """All rows."""
        if not self.parts:
            return NEAREST.empty()
        return NEAREST.conform(pd.concat(self.parts, ignore_index=True))


def _constant(value: str, dtype: pd.CategoricalDtype, count: int) -> pd.Categorical:
    code = list(dtype.categories).index(value)
    return pd.Categorical.from_codes(np.full(count, code), dtype=dtype)
