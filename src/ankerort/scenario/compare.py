"""Who gains, who loses: two worlds side by side, by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ankerort.scenario.compare_areas import compare_service, groups_of
from ankerort.scenario.compare_depth import DepthComparison, compare_depth
from ankerort.scenario.compare_statements import compare_statements
from ankerort.scenario.compare_trips import compare_trips
from ankerort.scenario.schema import COMPARISON_AREAS, COMPARISON_PLACES, SIDE_BY_SIDE
from ankerort.scenario.world import Answer
from ankerort.supply.parts import SupplyParts
from ankerort.supply.places import demand_group
from ankerort.supply.service_status import ServiceStatus, union_status

_STATES = ("state", "state_no_car", "state_demand")
_MINUTES = ("walk_min", "bike_min", "car_min", "pt_min", "pt_demand_min")
_LEAST_PERSONS = 0.5
ABOUT_ALL = ("without_car", "with_car")


@dataclass(frozen=True)
class Comparison:
    """A scenario against its base; the columns are declared in `ankerort.scenario.schema`.

    `services` are those of which anything differs, core items (``core:<id>``) after them.
    """

    base: str
    other: str
    services: tuple[str, ...]
    areas: pd.DataFrame
    places: pd.DataFrame
    trips: pd.DataFrame
    statements: pd.DataFrame
    depth: DepthComparison


def compare(base: Answer, other: Answer, *, names: tuple[str, str] = ("", "")) -> Comparison:
    """Persons who gain or lose a standard, minutes, letters and facilities, service by service.

    Parameters
    ----------
    base, other
        Both have the same cells in the same order (a scenario changes persons, never cells).
    names
        Of both, as printed.

    Returns
    -------
    Comparison
        Only rows in which something differs. Cell by cell: certain gain = known beyond before and known within after; possible
        gain = the status rose (unknown lies between); losses the other way round.

    Raises
    ------
    ValueError
        If the cells differ: a fault of the code.
    """
    cells = [answer.world.region.cells["cell_id"].to_numpy(object) for answer in (base, other)]
    if not np.array_equal(cells[0], cells[1]):
        raise ValueError("both sides must have the same cells")
    catalogue = other.world.catalogue
    changed = [s for s in catalogue.facility_services() if other.parts.services[s] is not base.parts.services.get(s)]
    areas = [_service_areas(s, (s,), catalogue.services[s].demand_groups, base, other) for s in changed]
    rows = list(changed)
    for item in catalogue.core:
        if set(item.services) & set(changed):
            row = f"core:{item.id}"
            areas.append(_service_areas(row, item.services, (demand_group(item.services, catalogue),), base, other))
            rows.append(row)
    by_area = COMPARISON_AREAS.conform(pd.concat(areas, ignore_index=True)) if areas else COMPARISON_AREAS.empty()
    places = _places(rows, base, other, by_area)
    trips = compare_trips(changed, base.reach_of(changed), other.reach_of(changed), other.parts.areas)
    statements = compare_statements(changed, base, other)
    depth = compare_depth(changed, base, other, trips)
    tables = (by_area, places, trips, statements, depth.capacity, depth.quality)
    touched = {service for table in tables for service in table["service"]}
    return Comparison(*names, tuple(n for n in rows if n in touched), by_area, places, trips, statements, depth)


def _service_areas(
    row: str, services: tuple[str, ...], demand_groups: tuple[str, ...], base: Answer, other: Answer
) -> pd.DataFrame:
    return compare_service(
        row,
        groups_of(demand_groups, other.world.catalogue),
        _status(base.parts, services),
        _status(other.parts, services),
        base.parts.areas,
        other.parts.areas,
        (base.world.catalogue, other.world.catalogue),
    )


def _status(parts: SupplyParts, services: tuple[str, ...]) -> ServiceStatus:
    return union_status([parts.status(s) for s in services])


def _places(rows_of: list[str], base: Answer, other: Answer, by_area: pd.DataFrame) -> pd.DataFrame:
    """COMPARISON_PLACES rows of the places whose letters, facility or minutes differ or where somebody gains or loses."""
    found = []
    noticeable = other.world.catalogue.value("scenario.noticeable_min")
    verdicts = _verdicts(by_area, noticeable)
    for name in rows_of:
        rows = [_place_rows(answer.parts, name) for answer in (base, other)]
        before, after = (r.set_index("place_id") for r in rows)
        before = before.loc[after.index]
        table = pd.DataFrame({"place_id": after.index, "service": name, "persons": after["persons"].to_numpy()})
        differs = np.zeros(len(table), bool)
        for column in (*_STATES, *_MINUTES, "facilities"):
            one, two = before[column].to_numpy(), after[column].to_numpy()
            table[f"{column}_before"], table[f"{column}_after"] = one, two
            differs |= (one != two) & ~(pd.isna(one) & pd.isna(two))
        table["facility_before"] = before["nearest_facility_id"].to_numpy()
        table["facility_after"] = after["nearest_facility_id"].to_numpy()
        differs |= (table["facility_before"] != table["facility_after"]).to_numpy(bool)
        verdict = [verdicts.get((name, p), "=") for p in table["place_id"]]
        table["verdict"] = verdict
        found.append(table[differs | (table["verdict"] != "=").to_numpy(bool)])
    if not found:
        return COMPARISON_PLACES.empty()
    return COMPARISON_PLACES.conform(pd.concat(found, ignore_index=True))


def _place_rows(parts: SupplyParts, name: str) -> pd.DataFrame:
    return parts.cores[name.removeprefix("core:")] if name.startswith("core:") else parts.service(name).place_rows


def _verdicts(by_area: pd.DataFrame, noticeable_min: float) -> dict[tuple[str, str], str]:
    """Sign of each (service, place): what somebody of the group "all" gains or loses, by the standard or by whole minutes."""
    rows = by_area[(by_area["level"] == "place") & (by_area["group"] == "all")]
    better = (
        (rows["gain_high"].fillna(0) >= _LEAST_PERSONS)
        | ((rows["faster_persons"] >= _LEAST_PERSONS) & (rows["faster_max_min"] >= noticeable_min))
        | (rows["new_persons"] >= _LEAST_PERSONS)
    )
    worse = (
        (rows["lose_high"].fillna(0) >= _LEAST_PERSONS)
        | ((rows["slower_persons"] >= _LEAST_PERSONS) & (rows["slower_max_min"] >= noticeable_min))
        | (rows["gone_persons"] >= _LEAST_PERSONS)
    )
    signs: dict[tuple[str, str], set[str]] = {}
    for service, place, up, down in zip(rows["service"], rows["area_id"], better, worse, strict=True):
        signs.setdefault((service, place), set()).update((["+"] if up else []) + (["-"] if down else []))
    return {key: sign_of(found) for key, found in signs.items()}


def sign_of(signs: Iterable[str]) -> str:
    """One sign of several: + and - together are +-, none is =."""
    found = set("".join(signs)) - {"="}
    return ("+" if "+" in found else "") + ("-" if "-" in found else "") or "="


def place_signs(comparison: Comparison) -> dict[str, str]:
    """Sign of each place over all services (core items left out, they repeat their services)."""
    rows = comparison.places[~comparison.places["service"].str.startswith("core:")]
    return {str(place): sign_of(found) for place, found in rows.groupby("place_id")["verdict"]}


def side_by_side(comparisons: Sequence[Comparison]) -> pd.DataFrame:
    """SIDE_BY_SIDE rows: each area, service, group and mode in which any scenario differs, once per scenario."""
    key = ["level", "area_id", "service", "group", "mode"]
    values = ["gain_low", "gain_high", "lose_low", "lose_high"]
    rows = [c.areas.loc[c.areas[values].fillna(0).gt(0).any(axis=1), key] for c in comparisons]
    if not rows or not sum(map(len, rows)):
        return SIDE_BY_SIDE.empty()
    union = pd.concat(rows, ignore_index=True).drop_duplicates(ignore_index=True)
    parts = []
    for one in comparisons:
        joined = union.merge(one.areas[[*key, *values]], on=key, how="left")
        parts.append(joined.assign(scenario=one.other, **{v: joined[v].fillna(0.0) for v in values}))
    return SIDE_BY_SIDE.conform(pd.concat(parts, ignore_index=True))
