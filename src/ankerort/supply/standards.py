"""Statements: is a standard kept, how many are short of it, by how many minutes; per set, group and area."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.provenance import DatedValue
from ankerort.catalogue.model import Catalogue, Group, SetStandard, StandardMode
from ankerort.catalogue.standard_sets import find_set, only_standard_set
from ankerort.reach.model import Certainty, Nearest, NearestMode, Reach
from ankerort.region.model import Region
from ankerort.supply.areas import ALWAYS, AreaIndex
from ankerort.supply.recording import Knowledge
from ankerort.supply.schema_standards import SET_COMPARISON, STANDARD_STATEMENT
from ankerort.supply.service_status import ServiceStatus, is_old, service_status
from ankerort.supply.shortfall import (
    EXCESSES,
    AreaSums,
    CellShortfall,
    cell_shortfall,
    joined_shortfall,
    nobody_within,
    statement_numbers,
    verdict,
    weights,
)
from ankerort.supply.status import MODES, STANDARD_MODE, ModeStatus, mode_speed_ms, search_limit

LEVELS = ("place", "municipality", "association", "district", "study")
VERDICTS = ("yes", "near", "no", "unknown", "nobody")
_AGES = ("young", "old")
_JOINED: dict[str, tuple[NearestMode, ...]] = {
    "without_car": ("foot", "bike", "pt"),
    "without_car_demand": ("foot", "bike", "pt", "pt_demand"),
    "with_car": ("foot", "bike", "pt", "car"),
}


@dataclass(frozen=True)
class StatementBlock:
    """Figures of one item, mode and group for all areas."""

    constant: dict[str, object]
    numbers: dict[str, NDArray[np.float64]]
    fulfilled: NDArray[np.object_]


def standard_statements(
    set_id: str,
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    knowledge: Knowledge,
    index: AreaIndex,
    nearest_old: dict[tuple[str, NearestMode, Certainty], Nearest],
    *,
    tiers: Mapping[str, Mapping[NearestMode, ModeStatus]] | None = None,
    services: Collection[str] | None = None,
    levels: Collection[str] = LEVELS,
) -> pd.DataFrame:
    """All statements of one set of standards.

    Each cell is compared with the set's limits exactly as with the catalogue's own (`service_status`); a set's row that holds in a
    part of the area counts the people of that part alone.

    Parameters
    ----------
    knowledge, index
        What the data know about absence, and the areas.
    nearest_old
        Nearest by public transport for those of 65 and older, see `service_status`.
    tiers
        Per item ``tier:...`` and mode the way to the nearest central place, see `ankerort.supply.centre_tests.tier_status`; such rows are
        left out without it.
    services
        Only these items; default all of the set.
    levels
        Levels of areas to report.

    Returns
    -------
    DataFrame
        STANDARD_STATEMENT.

    Raises
    ------
    InputError
        If there is no such set.
    """
    maker = _Maker(region, catalogue, index)
    for item in dict.fromkeys(r.item for r in find_set(catalogue, set_id).rows):
        if services is not None and item not in services:
            continue
        if item in catalogue.services:
            maker.service(set_id, item, None, reach, knowledge.edge_m[item], nearest_old)
        elif tiers is not None and item in tiers:
            maker.tier(set_id, item, tiers[item])
    return maker.table(levels)


def service_statements(
    service: str,
    status: ServiceStatus,
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    known_edge_m: NDArray[np.float64],
    index: AreaIndex,
    nearest_old: dict[tuple[str, NearestMode, Certainty], Nearest],
    *,
    set_ids: Collection[str] | None = None,
    levels: Collection[str] = LEVELS,
) -> pd.DataFrame:
    """The statements of all sets on one service, so that a change of this service makes these rows anew and no others.

    Parameters
    ----------
    status
        Of the service against the catalogue's own standards; sets with other limits are compared anew.
    known_edge_m
        See `Knowledge`.
    set_ids
        Sets in the order asked for; default all of the catalogue.
    index, nearest_old, levels
        As in `standard_statements`.

    Returns
    -------
    DataFrame
        STANDARD_STATEMENT.
    """
    maker = _Maker(region, catalogue, index)
    for set_id in catalogue.standard_sets if set_ids is None else set_ids:
        maker.service(set_id, service, status, reach, known_edge_m, nearest_old)
    return maker.table(levels)


class _Maker:
    """Collects the blocks of statements, in the order in which they are asked for."""

    def __init__(self, region: Region, catalogue: Catalogue, index: AreaIndex) -> None:
        self.catalogue = catalogue
        self.index = index
        self.sums = AreaSums(index)
        self.near_share = catalogue.value("standard.near_share")
        cells = region.cells.iloc[index.rows]
        persons = region.municipalities.set_index("ags")["persons"]
        self.municipality_persons = cells["ags"].map(persons).fillna(0.0).to_numpy(float)
        self.only: dict[str, Catalogue] = {}
        self.rows: dict[str, tuple[SetStandard, ...]] = {}
        self.blocks: list[StatementBlock] = []

    def service(
        self,
        set_id: str,
        service: str,
        status: ServiceStatus | None,
        reach: Reach,
        known_edge_m: NDArray[np.float64],
        nearest_old: dict[tuple[str, NearestMode, Certainty], Nearest],
    ) -> None:
        """All modes and groups of one service against one set; nothing if the set does not name the service."""
        limits = self._limits(set_id, service)
        if not limits:
            return
        one = self.catalogue.services[service]
        same = {m: s.minimum.value for m, s in one.standards.items()} == {m: r.value.value for m, r in limits.items()}
        if status is None or not same:
            status = service_status(service, reach, self._only(set_id), known_edge_m, nearest_old)
        groups = tuple(dict.fromkeys((*ALWAYS, *one.demand_groups)))
        for mode in MODES:
            if STANDARD_MODE[mode] in limits:
                self._mode(set_id, service, mode, limits, status.modes[mode], status.modes_old[mode], groups)
        self._joined(set_id, service, limits, status, groups, drives=one.direction == "from_facility")

    def tier(self, set_id: str, item: str, modes: Mapping[NearestMode, ModeStatus]) -> None:
        """The way to the nearest central place; journeys to centres are computed for the group of everybody only."""
        limits = self._limits(set_id, item)
        for mode, one in modes.items():
            if STANDARD_MODE[mode] in limits:
                self._mode(set_id, item, mode, limits, one, one, ALWAYS if mode == "car" else ("all",))

    def _limits(self, set_id: str, item: str) -> dict[StandardMode, SetStandard]:
        if set_id not in self.rows:
            self.rows[set_id] = find_set(self.catalogue, set_id).rows
        rows = self.rows[set_id]
        return {cast(StandardMode, r.mode): r for r in rows if r.item == item and r.mode in STANDARD_MODE.values()}

    def _only(self, set_id: str) -> Catalogue:
        if set_id not in self.only:
            self.only[set_id] = only_standard_set(self.catalogue, set_id)
        return self.only[set_id]

    def _mode(
        self,
        set_id: str,
        item: str,
        mode: NearestMode,
        limits: Mapping[StandardMode, SetStandard],
        young: ModeStatus,
        old: ModeStatus,
        groups: tuple[str, ...],
    ) -> None:
        """One mode; the whole group walks and cycles at its own speed."""
        row = limits[STANDARD_MODE[mode]]
        weight: dict[bool, NDArray[np.float64]] = {}
        for group in groups:
            aged = is_old(self.catalogue.groups[group])
            if aged not in weight:
                cells = self._cells(old if aged else young, mode, old=aged)
                weight[aged] = weights(cells, self.near_share) if cells is not None else nobody_within(self._count)
            sums = self.sums.of(self._persons(group, row), weight[aged])
            if mode == "foot":
                sums[:, EXCESSES] /= self._walk_m_per_min(self.catalogue.groups[group])
            self._add(set_id, item, mode, group, sums, self._required([row]), row.value)

    def _joined(
        self,
        set_id: str,
        item: str,
        limits: Mapping[StandardMode, SetStandard],
        status: ServiceStatus,
        groups: tuple[str, ...],
        *,
        drives: bool,
    ) -> None:
        """Without and with a car: any of several ways; those under and over 65 have different ones."""
        if any(r.municipality_over_persons >= 0 for r in limits.values()):
            return  # its rows hold in different parts of the area
        combined = {
            "without_car": status.without_car,
            "without_car_demand": status.without_car_demand,
            "with_car": status.with_car,
        }
        for name, by_age in combined.items():
            if by_age["young"] is None and by_age["old"] is None:
                continue
            modes = (*_JOINED[name], "car") if drives and "car" not in _JOINED[name] else _JOINED[name]
            weight = {age: self._joined_weights(status, modes, age, by_age[age]) for age in _AGES}
            for group in groups:
                of_old = self.index.old[group]
                sums = self.sums.of(self.index.persons[group] - of_old, weight["young"])
                sums += self.sums.of(of_old, weight["old"])
                self._add(set_id, item, name, group, sums, self._required(list(limits.values())), None)

    def _joined_weights(
        self, status: ServiceStatus, modes: tuple[NearestMode, ...], age: str, combined: NDArray[np.int8] | None
    ) -> NDArray[np.float64]:
        if combined is None:
            return nobody_within(self._count)
        table, old = (status.modes, False) if age == "young" else (status.modes_old, True)
        parts: list[CellShortfall] = []
        for mode in modes:
            if old and mode == "bike":
                continue
            cells = self._cells(
                table[mode], mode, old=old, walk_m_per_min=60 * mode_speed_ms("foot", self.catalogue, old=old)
            )
            if cells is not None:
                parts.append(cells)
        return weights(joined_shortfall(parts, combined[self.index.rows]), self.near_share)

    @property
    def _count(self) -> int:
        return len(self.index.rows)

    def _cells(
        self, one: ModeStatus, mode: NearestMode, *, old: bool, walk_m_per_min: float = 1.0
    ) -> CellShortfall | None:
        if one.status is None or one.limit is None:
            return None
        rows = self.index.rows
        if mode in ("foot", "bike"):
            per_min = walk_m_per_min if mode == "foot" else 60 * mode_speed_ms("bike", self.catalogue, old=old)
            value, per_unit = one.metres[rows], 1 / per_min
        else:
            value, per_unit = one.minutes[rows] * 60.0, 1 / 60.0
        return cell_shortfall(
            one.status[rows],
            value,
            limit=one.limit,
            search_limit=search_limit(mode, self.catalogue),
            excess_per_unit=per_unit,
        )

    def _walk_m_per_min(self, group: Group) -> float:
        return 60 * self.catalogue.value(group.walk_speed)

    def _persons(self, group: str, row: SetStandard) -> NDArray[np.float64]:
        persons = self.index.persons[group]
        if row.municipality_over_persons >= 0:
            return np.where(self.municipality_persons > row.municipality_over_persons, persons, 0.0)
        return persons

    def _required(self, rows: list[SetStandard]) -> float:
        """Share of the persons that must be within: what the set tolerates, else the share of the states E and A."""
        named = [r.tolerance_share for r in rows if r.tolerance_share >= 0]
        return 1 - max(named) if named else self.catalogue.value("state.reached_share")

    def _add(
        self,
        set_id: str,
        item: str,
        mode: str,
        group: str,
        sums: NDArray[np.float64],
        required: float,
        value: DatedValue | None,
    ) -> None:
        numbers = statement_numbers(sums, required)
        persons = numbers["persons"]
        fulfilled = verdict(
            numbers["within_low"],
            numbers["within_high"],
            numbers["within_high"] + numbers["near_low"],
            required * persons,
        )
        fulfilled[persons <= 0] = "nobody"
        constant: dict[str, object] = {
            "set_id": set_id,
            "item": item,
            "mode": mode,
            "group": group,
            "required_share": required,
            "limit": value.value if value else np.nan,
            "unit": value.unit if value else "",
            "legal_status": value.legal_status if value else "",
            "mark": value.mark if value else "",
            "agreed_by": value.agreed_by if value else "",
            "agreed_on": value.agreed_on if value else "",
        }
        self.blocks.append(StatementBlock(constant, numbers, fulfilled))

    def table(self, levels: Collection[str]) -> pd.DataFrame:
        """STANDARD_STATEMENT of all blocks, in their order; texts as categories, since they repeat in every row."""
        if not self.blocks:
            return STANDARD_STATEMENT.empty()
        keep = np.flatnonzero(np.isin(self.index.level_of.astype(str), list(levels)))
        count, blocks = len(keep), len(self.blocks)
        data: dict[str, object] = {}
        for name, values in (("level", self.index.level_of), ("area_id", self.index.id_of)):
            codes, names = pd.factorize(values[keep].astype(object))
            data[name] = pd.Categorical.from_codes(np.tile(codes, blocks), names)
        for name, example in self.blocks[0].constant.items():
            constants = [b.constant[name] for b in self.blocks]
            if isinstance(example, str):
                codes, names = pd.factorize(np.array(constants, dtype=object))
                data[name] = pd.Categorical.from_codes(np.repeat(codes, count), names)
            else:
                data[name] = np.repeat(np.array(constants, dtype=float), count)
        for name in self.blocks[0].numbers:
            data[name] = np.concatenate([b.numbers[name][keep] for b in self.blocks])
        data["fulfilled"] = pd.Categorical(np.concatenate([b.fulfilled[keep] for b in self.blocks]), VERDICTS)
        return STANDARD_STATEMENT.conform(pd.DataFrame(data))


def compare_sets(statements_a: pd.DataFrame, statements_b: pd.DataFrame) -> pd.DataFrame:
    """Two sets side by side: who is short under the second that was not under the first.

    Parameters
    ----------
    statements_a, statements_b
        STANDARD_STATEMENT of one set each. Only rows that both have are compared.

    Returns
    -------
    DataFrame
        SET_COMPARISON, in the order of `statements_a`. `more_short` counts those known to be beyond; where the second limit is
        stricter it is never negative, since what is beyond the wider limit is beyond the narrower one.
    """
    key = ["item", "mode", "group", "level", "area_id"]
    figures = ["limit", "persons", "within_low", "short_low", "short_high", "fulfilled", "set_id"]

    def side(table: pd.DataFrame) -> pd.DataFrame:
        part = table[[*key, *figures]].copy()
        return part.astype(dict.fromkeys([*key, "fulfilled", "set_id"], "str"))

    both = side(statements_a).merge(side(statements_b), on=key, suffixes=("_a", "_b"), how="inner")
    return SET_COMPARISON.conform(
        pd.DataFrame(
            {
                "set_a": both["set_id_a"],
                "set_b": both["set_id_b"],
                **{name: both[name] for name in key},
                "limit_a": both["limit_a"],
                "limit_b": both["limit_b"],
                "persons": both["persons_b"],
                "short_a_low": both["short_low_a"],
                "short_a_high": both["short_high_a"],
                "short_b_low": both["short_low_b"],
                "short_b_high": both["short_high_b"],
                "more_short": both["short_low_b"] - both["short_low_a"],
                "fewer_within": both["within_low_a"] - both["within_low_b"],
                "fulfilled_a": both["fulfilled_a"],
                "fulfilled_b": both["fulfilled_b"],
            }
        )
    )
