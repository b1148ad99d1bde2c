"""Central places: what plans ask of a place and its catchment, and the way to the nearest one. Replaces no designation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.base.provenance import DatedValue
from ankerort.catalogue.groups import group_persons
from ankerort.catalogue.model import Catalogue, SetStandard
from ankerort.catalogue.standard_sets import CENTRE, TIER, find_set
from ankerort.reach.model import UNREACHED, NearestMode, Reach, RoundTripColumns
from ankerort.reach.targets import PLACE
from ankerort.region.model import Region
from ankerort.supply.schema_standards import CENTRE_TEST
from ankerort.supply.shortfall import verdict
from ankerort.supply.status import BEYOND, UNKNOWN, WITHIN, ModeStatus, straight_radius_m

# a place with functions of a higher tier counts as one of its own; one with functions of the lowest is none yet
_RANK = {"GZ": 1, "GZ_MZ": 1, "MZ": 2, "OZ": 3}
_MODE_CRITERIA: tuple[NearestMode, ...] = ("car", "pt")
_OUTLYING, _WHOLE = "outlying", "whole_municipality"  # kinds of places; the second holds all places of a municipality
_ORDER = ("yes", "near", "unknown", "no")  # of several criteria the worst counts


class _Ways:
    """The ways from all cells, across all borders, to the place centres that have columns."""

    def __init__(
        self,
        region: Region,
        reach: Reach,
        catalogue: Catalogue,
        trips: RoundTripColumns | None,
        pt_known: NDArray[np.bool_] | None,
    ) -> None:
        self.region = region
        self.reach = reach
        self.catalogue = catalogue
        self.trips = trips
        self.cells = len(region.cells)
        self.pt_known = pt_known if pt_known is not None and trips is not None else np.zeros(self.cells, bool)
        self.targets = np.flatnonzero((reach.targets["kind"] == PLACE).to_numpy(bool))
        self.rows = reach.targets["row"].to_numpy(np.int64)[self.targets]
        self.points = np.column_stack([region.cells["x"].to_numpy(float), region.cells["y"].to_numpy(float)])
        self.to_edge_m = _metres_to_edge(region)
        named = region.central_places
        tiers = dict(zip(named["place_id"], named["tier"], strict=True))
        self.tier = [str(tiers.get(p, "")) for p in region.places["place_id"]]
        self.rank = np.array([_RANK.get(t, 0) for t in self.tier], dtype=int)

    def car_s(self, number: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Cells and seconds of the place target with this number."""
        return self.reach.car.column(int(self.targets[number]))

    def pt_s(self, number: int) -> NDArray[np.float64]:
        """Seconds by public transport, the longer of both ways, per cell; infinite where there is no pair, NaN where unknown."""
        out = np.where(self.pt_known, np.inf, np.nan)
        if self.trips is not None:
            part = slice(self.trips.ptr[number], self.trips.ptr[number + 1])
            homes, way_s = self.trips.home[part], self.trips.way_s[part]
            out[homes[way_s != UNREACHED]] = way_s[way_s != UNREACHED]
        return out

    def metres_to_others(self, others: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Straight line from each cell to where a centre without a column may lie: places of the mask outside the study area, and all
        that lies beyond the edge of the data.
        """
        places = self.region.places
        x, y = places["x"].to_numpy(float), places["y"].to_numpy(float)
        others = others & ~np.isnan(x)
        others[self.rows] = False
        if not others.any():
            return self.to_edge_m
        tree = cKDTree(np.column_stack([x[others], y[others]]))
        return np.minimum(self.to_edge_m, tree.query(self.points)[0])

    def radius_m(self, seconds: NDArray[np.float64], mode: NearestMode) -> NDArray[np.float64]:
        """How far in a straight line a centre with these seconds can lie."""
        return straight_radius_m(seconds, mode, self.catalogue, parked_s=self.catalogue.value("car_park_s"))


def tier_status(
    set_id: str,
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    *,
    trips: RoundTripColumns | None = None,
    pt_known: NDArray[np.bool_] | None = None,
) -> dict[str, dict[NearestMode, ModeStatus]]:
    """The way of each cell to the nearest designated central place of a tier or above, against the set's limits.

    Within: one of the study area lies within. Beyond: none does, and no designated place outside the study area and nothing
    beyond the edge of the data could. A central place outside has no column, so its people may stay unknown.

    Parameters
    ----------
    trips
        Round trips to the place centres, in the order of the place targets (school day, group of everybody); None = public transport is
        not known.
    pt_known
        Cells about whose public transport something is known.

    Returns
    -------
    dict
        By item ``tier:...`` and mode, for `ankerort.supply.standards.standard_statements`; empty without a list of central places.
    """
    ways = _Ways(region, reach, catalogue, trips, pt_known)
    found: dict[str, dict[NearestMode, ModeStatus]] = {}
    for row in find_set(catalogue, set_id).rows:
        tier = row.item.removeprefix(TIER)
        centres = ways.rank >= _RANK.get(tier, 9)
        if not row.item.startswith(TIER) or not centres.any():
            continue
        mode: NearestMode = "car" if row.mode == "car" else "pt"
        found.setdefault(row.item, {})[mode] = _nearest_centre(ways, centres, mode, row.value.value * 60.0)
    return found


def _nearest_centre(ways: _Ways, centres: NDArray[np.bool_], mode: NearestMode, limit_s: float) -> ModeStatus:
    seconds = np.full(ways.cells, np.inf)
    for number in np.flatnonzero(centres[ways.rows]):
        if mode == "car":
            homes, value = ways.car_s(int(number))
            seconds[homes] = np.minimum(seconds[homes], value)
        else:
            # where public transport is not known, nothing is learned
            seconds = np.fmin(seconds, ways.pt_s(int(number)))
    known = ways.reach.cell_known["car"] if mode == "car" else ways.pt_known
    seconds[np.isinf(seconds) | ~known] = np.nan
    others_m = ways.metres_to_others(centres.copy())
    status = np.full(ways.cells, UNKNOWN, dtype=np.int8)
    ruled_out = others_m >= ways.radius_m(np.full(ways.cells, limit_s), mode)
    status[known & ~(seconds <= limit_s) & ruled_out] = BEYOND
    status[known & (seconds <= limit_s)] = WITHIN
    nobody = np.full(ways.cells, -1, dtype=np.int32)
    bound = ~np.isnan(seconds) & (others_m < ways.radius_m(np.nan_to_num(seconds), mode))
    return ModeStatus(limit_s, status, seconds / 60.0, np.full(ways.cells, np.nan), nobody, bound)


def centre_tests(
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    *,
    set_ids: Collection[str] | None = None,
    trips: RoundTripColumns | None = None,
    pt_known: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """Each candidate against the tests of central places (rows ``centre:...`` of the sets).

    Candidates are the places of the study area with at least ``standard.centre_candidate_persons`` inhabitants and all designated ones.
    The catchment of a candidate are the cells, across all borders, from which no other centre is nearer by car; centres are the designated
    places and those that have the inhabitants that the set asks for. A candidate that is none of these is tested as if it became one.
    Quarters of a large city are centres for their people, but no candidates: together they are one built-up place.
    Inhabitants of a municipality whose places are not known (kind ``whole_municipality``) are an upper bound for its largest. Cells that may be nearer to a centre outside the study area, or beyond the edge of the data, stand in the upper bound.

    Parameters
    ----------
    set_ids
        Sets to test; default all.
    trips, pt_known
        As in `tier_status`.

    Returns
    -------
    DataFrame
        CENTRE_TEST, places in the order of `Region.places`.
    """
    ways = _Ways(region, reach, catalogue, trips, pt_known)
    kind = region.places["kind"].to_numpy(object)
    # what lies outside all places of a municipality is no place
    persons = np.where(kind == _OUTLYING, 0.0, region.places["persons"].to_numpy(float))
    known = np.where(kind == _WHOLE, 0.0, persons)
    density = _municipal_density(region)
    quarter = _quarters_of_large_cities(region, catalogue) & (ways.rank == 0)
    out: list[dict[str, object]] = []
    for set_id in catalogue.standard_sets if set_ids is None else set_ids:
        one = find_set(catalogue, set_id)
        for item in dict.fromkeys(r.item for r in one.rows if r.item.startswith(CENTRE)):
            rows = {str(r.mode): r for r in one.rows if r.item == item}
            rank = _RANK[item.removeprefix(CENTRE)]
            least = rows["persons_in_place"].value.value if "persons_in_place" in rows else np.inf
            centres = (persons >= least) | (ways.rank >= rank)
            candidates = (persons >= catalogue.value("standard.centre_candidate_persons")) | (ways.rank > 0)
            sparse = rows["density_exception"].value.value if "density_exception" in rows else 0.0
            for catchment in _catchments(ways, centres, (candidates | centres) & ~quarter):
                place = int(ways.rows[catchment.number])
                inside = (float(known[place]), float(persons[place]))
                found = [_test(ways, catchment, r, inside) for r in rows.values()]
                for test in _with_all([t for t in found if t is not None]):
                    out.append(
                        {
                            "set_id": set_id,
                            "item": item,
                            "place_id": region.places["place_id"].iloc[place],
                            "designated": ways.tier[place],
                            "exception": bool(density[place] < sparse),
                            **test,
                        }
                    )
    return CENTRE_TEST.conform(pd.DataFrame(out, columns=CENTRE_TEST.names))


def _quarters_of_large_cities(region: Region, catalogue: Catalogue) -> NDArray[np.bool_]:
    """Places of municipalities of at least ``settlement.large_city_persons`` inhabitants."""
    inhabitants = region.cells.groupby("ags")["persons"].sum()
    of_place = region.places["ags"].map(inhabitants).fillna(0.0).to_numpy(float)
    return of_place >= catalogue.value("settlement.large_city_persons")


@dataclass(frozen=True)
class _Catchment:
    """Cells, seconds by car and whether they belong to it for certain; `number` counts the place targets."""

    number: int
    cells: NDArray[np.int32]
    car_s: NDArray[np.float64]
    sure: NDArray[np.bool_]


def _catchments(ways: _Ways, centres: NDArray[np.bool_], candidates: NDArray[np.bool_]) -> list[_Catchment]:
    nearest_s = np.full(ways.cells, np.inf)
    nearest = np.full(ways.cells, -1)
    for number in np.flatnonzero(centres[ways.rows]):
        homes, seconds = ways.car_s(int(number))
        nearer = seconds < nearest_s[homes]  # of equals the first place
        nearest_s[homes[nearer]] = seconds[nearer]
        nearest[homes[nearer]] = number
    others_m = ways.metres_to_others(centres.copy())
    found: list[_Catchment] = []
    for number in np.flatnonzero(candidates[ways.rows]):
        homes, seconds = ways.car_s(int(number))
        is_centre = centres[ways.rows[number]]
        mine = nearest[homes] == number if is_centre else seconds < nearest_s[homes]
        cells, car_s = homes[mine], seconds[mine].astype(float)
        sure = others_m[cells] >= ways.radius_m(car_s, "car")
        found.append(_Catchment(int(number), cells, car_s, sure))
    return found


def _test(
    ways: _Ways, catchment: _Catchment, row: SetStandard, inside: tuple[float, float]
) -> dict[str, object] | None:
    persons = _cell_persons(ways)[catchment.cells]
    if row.mode == "persons_in_place":
        return _counted(ways, row, *inside)
    if row.mode == "persons_in_catchment":
        return _counted(ways, row, float(persons[catchment.sure].sum()), float(persons.sum()))
    if row.mode not in _MODE_CRITERIA:
        return None
    seconds = catchment.car_s if row.mode == "car" else ways.pt_s(catchment.number)[catchment.cells]
    return _shared(ways, row, persons, seconds, catchment.sure)


def _counted(ways: _Ways, row: SetStandard, low: float, high: float) -> dict[str, object]:
    """A number of persons; a little under counts as near."""
    near = high / (1 - ways.catalogue.value("standard.near_share"))
    return _result(row, row.value.value, low, high, near)


def _shared(
    ways: _Ways,
    row: SetStandard,
    persons: NDArray[np.float64],
    seconds: NDArray[np.float64],
    sure: NDArray[np.bool_],
) -> dict[str, object]:
    """The share of the catchment within the limit; cells that are not sure, or whose way is not known, count as it is worse or better."""
    required = 1.0 - (row.tolerance_share if row.tolerance_share >= 0 else 0.0)
    limit_s = row.value.value * 60.0

    def share(limit: float, *, best: bool) -> float:
        within = seconds <= limit
        unknown = np.isnan(seconds)
        served = within | unknown if best else within & sure
        against = ~served & sure if best else ~within
        of, not_of = float(persons[served].sum()), float(persons[against].sum())
        return of / (of + not_of) if of + not_of > 0 else (1.0 if best else 0.0)

    beyond = seconds > limit_s
    result = _result(
        row,
        required,
        share(limit_s, best=False),
        share(limit_s, best=True),
        share(limit_s * (1 + ways.catalogue.value("standard.near_share")), best=True),
    )
    return result | {
        "limit_min": row.value.value,
        "persons_beyond_low": float(persons[beyond & sure].sum()),
        "persons_beyond_high": float(persons[beyond | np.isnan(seconds)].sum()),
    }


def _result(row: SetStandard, required: float, low: float, high: float, near: float) -> dict[str, object]:
    decided = verdict(np.array([low]), np.array([high]), np.array([near]), required)[0]
    return {
        "criterion": str(row.mode),
        "value_low": low,
        "value_high": high,
        "required": required,
        "limit_min": np.nan,
        "missing_low": max(0.0, required - high),
        "missing_high": max(0.0, required - low),
        "persons_beyond_low": np.nan,
        "persons_beyond_high": np.nan,
        "fulfilled": str(decided),
        **_record(row.value),
    }


def _record(value: DatedValue) -> dict[str, object]:
    return {
        "legal_status": value.legal_status,
        "mark": value.mark,
        "agreed_by": value.agreed_by,
        "agreed_on": value.agreed_on,
    }


def _with_all(tests: list[dict[str, object]]) -> list[dict[str, object]]:
    """The criteria and one row for all of them: the worst counts."""
    if not tests:
        return []
    worst = max((str(t["fulfilled"]) for t in tests), key=_ORDER.index)
    return [*tests, {"criterion": "all", "fulfilled": worst}]


def _cell_persons(ways: _Ways) -> NDArray[np.float64]:
    return group_persons(ways.region.cells, ways.catalogue.groups["all"]).to_numpy(float)


def _metres_to_edge(region: Region) -> NDArray[np.float64]:
    """Straight line from each cell to the edge of study area and buffer; 0 outside, and everywhere without a study area."""
    read = shapely.union_all(region.study_area.geometry.to_numpy())
    if read.is_empty:
        return np.zeros(len(region.cells))
    read = shapely.buffer(read, region.settings.buffer_km * 1000.0)
    points = shapely.points(region.cells["x"].to_numpy(float), region.cells["y"].to_numpy(float))
    shapely.prepare(read)
    edge = shapely.boundary(read)
    shapely.prepare(edge)
    return np.where(shapely.contains(read, points), shapely.distance(points, edge), 0.0)


def _municipal_density(region: Region) -> NDArray[np.float64]:
    """Inhabitants per km2 of the municipality of each place; NaN where its boundary is not known."""
    ags = region.places["ags"]
    if not len(region.boundaries):
        return np.full(len(ags), np.nan)
    area_km2 = pd.Series(region.boundaries.geometry.area.to_numpy() / 1e6, index=region.boundaries["ags"].to_numpy())
    persons = region.municipalities.set_index("ags")["persons"]
    return (ags.map(persons) / ags.map(area_km2)).to_numpy(float)
