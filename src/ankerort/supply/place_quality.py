"""What quality makes of each place: grades there, and the way to the nearest facility that is adequate."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.network.model import SparseColumns
from ankerort.reach.assigned import may_use
from ankerort.reach.model import Nearest, NearestMode, PtKey, Reach
from ankerort.reach.targets import DEMAND, FACILITY
from ankerort.region.model import Region
from ankerort.supply.places import PlaceIndex
from ankerort.supply.quality import GRADES
from ankerort.supply.schema_quality import PLACE_ADEQUATE, PLACE_QUALITY
from ankerort.supply.status import BEYOND, WITHIN, ModeStatus, mode_status
from ankerort.supply.weighted import sum_by, weighted_quantiles

_MODES: tuple[NearestMode, ...] = ("foot", "car", "pt")
_FAR = np.iinfo(np.int32).max


def place_quality(
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    quality: pd.DataFrame,
    known_edge_m: Mapping[str, NDArray[np.float64]],
    *,
    services: Collection[str] | None = None,
    index: PlaceIndex | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Quality of each service in each place of the study area.

    A facility counts as adequate for certain if its lower bound reaches ``quality.adequate_score``; it may be adequate if its
    upper bound does. Low values count the first, high values the second; where the absence of a further facility is not
    known, the high values allow for one.

    Parameters
    ----------
    region, reach, catalogue
        Frozen inputs.
    quality
        FACILITY_QUALITY.
    known_edge_m
        Service -> per cell metres to the edge of the area in which absence is known (`Knowledge.edge_m`).
    services
        Only these; None = all that `quality` holds.
    index
        Places and cells, if they are at hand.

    Returns
    -------
    tuple of pandas.DataFrame
        PLACE_QUALITY and PLACE_ADEQUATE.
    """
    index = index or PlaceIndex(region, reach)
    of_facility = _FacilityQuality(region, quality)
    there = set(quality["service"])
    chosen = [s for s in catalogue.facility_services() if s in there and (services is None or s in services)]
    places = [_place_rows(s, region, reach, catalogue, of_facility, known_edge_m[s], index) for s in chosen]
    ways = [
        _way_rows(s, mode, reach, catalogue, of_facility, known_edge_m[s], index) for s in chosen for mode in _MODES
    ]
    ways = [w for w in ways if len(w)]
    return (
        PLACE_QUALITY.conform(pd.concat(places, ignore_index=True)) if places else PLACE_QUALITY.empty(),
        PLACE_ADEQUATE.conform(pd.concat(ways, ignore_index=True)) if ways else PLACE_ADEQUATE.empty(),
    )


class _FacilityQuality:
    """Grade and adequacy per row of Region.facilities."""

    def __init__(self, region: Region, quality: pd.DataFrame) -> None:
        by_id = quality.set_index("facility_id")
        ids = region.facilities["facility_id"]
        self.ids = ids.to_numpy(object)
        # where a scenario closes the last facility there are no grades, and the map is one of numbers
        self.grade = ids.map(by_id["grade"]).astype(object).fillna("").to_numpy(object)
        self.adequate = ids.map(by_id["adequate"]).astype(object).fillna("unknown").to_numpy(object)


def _place_rows(
    service: str,
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    of_facility: _FacilityQuality,
    edge_m: NDArray[np.float64],
    index: PlaceIndex,
) -> pd.DataFrame:
    facilities = region.facilities
    open_here = (facilities["state"] == "open") & (facilities["merged_into"] == "") & (facilities["service"] == service)
    number = {place: k for k, place in enumerate(index.places["place_id"])}
    rows = np.flatnonzero((open_here & facilities["place_id"].isin(number)).to_numpy(bool))
    place = facilities["place_id"].iloc[rows].map(number).to_numpy(np.int64)
    grades = of_facility.grade[rows]
    counts = {g: np.bincount(place[grades == g], minlength=index.count) for g in (*GRADES, "")}
    best = np.full(index.count, "", object)
    for grade in reversed(GRADES):
        best[counts[grade] > 0] = grade
    nearest, sure = _nearest_way(service, reach, catalogue, edge_m)
    nearest, sure = nearest[index.cell_rows], sure[index.cell_rows]
    found = nearest >= 0
    adequate = np.where(found, of_facility.adequate[nearest], "none")
    low = index.share(index.persons * (sure & (adequate == "yes")))
    high = index.share(index.persons * (~sure | (adequate == "yes") | (adequate == "unknown")))
    common = _commonest(index.cell_place[found], nearest[found], index.persons[found], index.count)
    graded = common >= 0
    return pd.DataFrame(
        {
            "place_id": index.places["place_id"],
            "service": service,
            "facilities": np.bincount(place, minlength=index.count),
            **{f"grade_{g.lower()}": counts[g] for g in GRADES},
            "ungraded": counts[""],
            "best_grade": best,
            "nearest_facility_id": np.where(graded, of_facility.ids[common], ""),
            "nearest_grade": np.where(graded, of_facility.grade[common], ""),
            "persons": index.total,
            "nearest_adequate_low": low,
            "nearest_adequate_high": high,
        }
    )


def _nearest_way(
    service: str, reach: Reach, catalogue: Catalogue, edge_m: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Per cell the nearest facility by car, else on foot, and whether it is known that it is the nearest (or that there is none).

    It may not be where the cell is not joined to the streets, or where a nearer one may lie beyond the edge of the data.
    """
    nearest = np.full(len(edge_m), -1)
    sure = np.zeros(len(edge_m), bool)
    modes: tuple[NearestMode, ...] = ("car", "foot")
    for mode in modes:
        found = mode_status(catalogue.services[service], mode, reach, catalogue, edge_m)
        free = nearest < 0
        nearest = np.where(free, found.facility, nearest)
        sure |= free & (found.facility >= 0) & ~found.bound
    # without any within the search there is none, as far as absence is known at all
    sure |= (nearest < 0) & reach.cell_known["car"] & (edge_m > 0)
    return nearest, sure


def _commonest(
    place: NDArray[np.int32], facility: NDArray[np.int64], persons: NDArray[np.float64], count: int
) -> NDArray[np.int64]:
    """Per place the facility that is the nearest for most persons, of equals the first; -1 = none."""
    chosen = np.full(count, -1)
    if len(place):
        sums = pd.DataFrame({"place": place, "facility": facility, "persons": persons})
        by_pair = sums.groupby(["place", "facility"], as_index=False)["persons"].sum()
        by_pair = by_pair.sort_values(["place", "persons", "facility"], ascending=[True, False, True], kind="stable")
        first = by_pair.drop_duplicates("place")
        chosen[first["place"].to_numpy(int)] = first["facility"].to_numpy(int)
    return chosen


def _way_rows(
    service: str,
    mode: NearestMode,
    reach: Reach,
    catalogue: Catalogue,
    of_facility: _FacilityQuality,
    edge_m: NDArray[np.float64],
    index: PlaceIndex,
) -> pd.DataFrame:
    columns = _columns(service, mode, reach)
    if columns is None:
        return PLACE_ADEQUATE.empty()
    data, positions, rows, certain = columns
    adequate = of_facility.adequate[rows]
    theirs = reach.assigned.get(service)
    sure = nearest_of(
        data,
        positions[(adequate == "yes") & certain],
        rows[(adequate == "yes") & certain],
        len(edge_m),
        assigned=theirs,
    )
    may_be = nearest_of(data, positions[adequate != "no"], rows[adequate != "no"], len(edge_m), assigned=theirs)
    spec = catalogue.services[service]
    everything = mode_status(spec, mode, reach, catalogue, edge_m)
    some = mode_status(spec, mode, reach, catalogue, edge_m, nearest=may_be, nearest_certain=sure)
    certain_only = mode_status(spec, mode, reach, catalogue, edge_m, nearest=sure, nearest_certain=sure)
    cells, persons = index.cell_rows, index.persons

    def median(status: ModeStatus) -> NDArray[np.float64]:
        found = weighted_quantiles(
            index.cell_place, index.count, status.minutes[cells], persons, (0.5,), missing_is_far=True
        )
        return found[0]

    def within(status: ModeStatus, *, high: bool) -> NDArray[np.float64]:
        if status.status is None:
            return np.full(index.count, np.nan)
        chosen = status.status[cells] != BEYOND if high else status.status[cells] == WITHIN
        return sum_by(index.cell_place, index.count, persons * chosen)

    return pd.DataFrame(
        {
            "place_id": index.places["place_id"],
            "service": service,
            "mode": mode,
            "minutes_nearest": median(everything),
            "minutes_adequate_low": median(some),
            "minutes_adequate_high": median(certain_only),
            "limit": np.nan if everything.limit is None else everything.limit,
            "persons": index.total,
            "within_low": within(everything, high=False),
            "within_adequate_low": within(some, high=False),
            "within_adequate_high": within(some, high=True),
        }
    )


_Columns = tuple[SparseColumns, NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]


def _columns(service: str, mode: NearestMode, reach: Reach) -> _Columns | None:
    """Columns of a mode, positions of the service's targets in them, their rows of Region.facilities, and which are certain."""
    targets = reach.targets
    # a stop with booked trips only is no nearest one either (`ankerort.reach.model.Reach.stop_departures`)
    wanted = (
        (targets["kind"] == FACILITY) & (targets["service"] == service) & (targets["certainty"] != DEMAND)
    ).to_numpy(bool)
    rows = targets["row"].to_numpy(np.int64)
    certain = (targets["certainty"] == "certain").to_numpy(bool)
    if mode == "pt":
        pt = reach.pt.get(PtKey("all", "out", False))
        if pt is None:
            return None
        stored = reach.pt_targets
        positions = np.flatnonzero(wanted[stored])
        if not len(positions):
            return None
        data = SparseColumns(pt.ptr, pt.home, pt.typical_s)
        return data, positions, rows[stored[positions]], certain[stored[positions]]
    if (service, mode) not in reach.limits:
        return None
    positions = np.flatnonzero(wanted)
    data = reach.foot if mode == "foot" else reach.car
    return data, positions, rows[positions], certain[positions]


def nearest_of(
    columns: SparseColumns,
    positions: NDArray[np.int64],
    rows: NDArray[np.int64],
    cells: int,
    *,
    assigned: NDArray[np.int32] | None = None,
) -> Nearest:
    """The nearest among some columns, per cell; of equals the first.

    Parameters
    ----------
    columns
        Metres or seconds; negative values count as no value.
    positions, rows
        Columns, and the row of Region.facilities of each.
    cells
        Number of cells.
    assigned
        Row of the facility that a cell is assigned to, see `ankerort.reach.assigned`: only it counts there.
    """
    value = np.full(cells, _FAR, dtype=np.int32)
    facility = np.full(cells, -1, dtype=np.int32)
    for position, row in zip(positions, rows, strict=True):
        home, reached = columns.column(int(position))
        better = (reached >= 0) & (reached < value[home]) & may_use(assigned, home, int(row))
        value[home[better]] = reached[better]
        facility[home[better]] = row
    return Nearest(facility, np.where(facility >= 0, value, -1).astype(np.int32))
