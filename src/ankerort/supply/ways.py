"""The ways to the facilities of one service by one mode, and the decay that its rule names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ankerort.catalogue.demand import AccessRule
from ankerort.catalogue.model import Catalogue, Service
from ankerort.network.model import SparseColumns
from ankerort.reach.assigned import keep_assigned
from ankerort.reach.model import NearestMode, PtKey, Reach
from ankerort.reach.public_transport import select_columns
from ankerort.reach.targets import DEMAND
from ankerort.region.model import Region
from ankerort.supply.decay import Decay, DecayKind, calibrated, zone_decay
from ankerort.supply.status import mode_speed_ms


@dataclass(frozen=True)
class ServiceWays:
    """Columns of the facilities of one service that count, in the order of their ids.

    Parameters
    ----------
    mode
        foot, bike, car, pt or pt_demand (typical time of everybody, on the way there, without and with Rufbus).
    rows
        int32 (sites,): rows in ``Region.facilities``.
    columns
        Metres (foot, bike) or seconds, one column per site.
    minutes_per_unit
        Minutes of one unit.
    limit_min
        Largest minutes of the catchment: that of the rule, or of the search where it is smaller.
    """

    mode: NearestMode
    rows: NDArray[np.int32]
    columns: SparseColumns
    minutes_per_unit: float
    limit_min: float

    @property
    def limit(self) -> int:
        """The same in whole units of the columns."""
        return int(np.floor(self.limit_min / self.minutes_per_unit + 1e-9))


def access_rule(service: str, catalogue: Catalogue) -> AccessRule:
    """The service's own rule, or the general one."""
    return catalogue.access_rules.get(service, catalogue.access_rules["*"])


def usual_mode(service: Service, catalogue: Catalogue) -> NearestMode:
    """The mode of the service's rule; without one the car where the service has a standard by car, else on foot."""
    rule = access_rule(service.id, catalogue)
    return rule.mode or ("car" if "car" in service.standards else "foot")


def minutes_per_unit(mode: NearestMode, catalogue: Catalogue) -> float:
    """Minutes of one unit of the mode's columns: of a metre on foot or by bike, of a second else."""
    return 1.0 / 60.0 / mode_speed_ms(mode, catalogue) if mode in ("foot", "bike") else 1.0 / 60.0


def service_ways(
    service: str, region: Region, reach: Reach, catalogue: Catalogue, *, mode: NearestMode | None = None
) -> ServiceWays:
    """The ways to all facilities of a service that count (open, not merged away, not served by booked trips only).

    A cell that is assigned to a facility has a way to that one only. Certain and probable facilities alike, in the whole region: neither supply nor demand ends at a border.

    Parameters
    ----------
    mode
        Default `usual_mode`. Bike and car have columns only where the service has a standard for them, pt likewise: else no site has a
        way.
    """
    mode = mode or usual_mode(catalogue.services[service], catalogue)
    targets = reach.targets
    mine = np.flatnonzero(((targets["service"] == service) & (targets["certainty"] != DEMAND)).to_numpy(bool))
    rows = targets["row"].to_numpy(np.int32)[mine]
    order = np.argsort(region.facilities["facility_id"].to_numpy(object)[rows], kind="stable")
    columns_of, rows = mine[order].astype(np.int32), rows[order]
    if mode in ("pt", "pt_demand"):
        columns = _pt_columns(reach, columns_of, with_demand=mode == "pt_demand")
        searched = catalogue.value("pt.max_journey_min") * 60.0
    else:
        street = {"bike": reach.bike, "car": reach.car}.get(mode, reach.foot)
        columns = select_columns(street, columns_of)
        searched = float(reach.limits.get((service, mode), 0))
    columns = keep_assigned(columns, rows, reach.assigned.get(service))
    per_unit = minutes_per_unit(mode, catalogue)
    limit_min = access_rule(service, catalogue).limit_min.value
    if searched > 0:
        limit_min = min(limit_min, searched * per_unit)
    return ServiceWays(mode, rows, columns, per_unit, limit_min)


def rule_decay(rule: AccessRule, limit_min: float, catalogue: Catalogue) -> Decay:
    """The decay of a rule for a catchment; free parameters are calibrated to the figure ``access.weight_at_limit``."""
    name, _, zones = rule.decay.partition(":")
    if zones:
        return zone_decay(catalogue.decay_zones[zones], limit_min)
    kind = cast(DecayKind, name)
    if kind in ("exponential", "power", "logistic"):
        return calibrated(
            kind,
            limit_min,
            catalogue.value("access.weight_at_limit"),
            shortest_min=catalogue.value("access.power_shortest_min"),
        )
    return Decay(kind, limit_min)


def known_cells(reach: Reach, mode: NearestMode) -> NDArray[np.bool_]:
    """Cells for which ways by the mode are known at all."""
    return np.asarray(reach.cell_known["pt" if mode == "pt_demand" else mode], dtype=bool)


def _pt_columns(reach: Reach, targets: NDArray[np.int32], *, with_demand: bool) -> SparseColumns:
    stored = reach.pt.get(PtKey("all", "out", with_demand))
    if stored is None and with_demand:
        # without trips on demand both are the same
        stored = reach.pt.get(PtKey("all", "out", False))
    if stored is None:
        return _nothing(len(targets))
    column_of = {int(t): k for k, t in enumerate(reach.pt_targets)}
    if any(int(t) not in column_of for t in targets):
        return _nothing(len(targets))
    return select_columns(
        SparseColumns(stored.ptr, stored.home, stored.typical_s),
        np.array([column_of[int(t)] for t in targets], dtype=np.int32),
    )


def _nothing(sites: int) -> SparseColumns:
    return SparseColumns(np.zeros(sites + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.int32))
