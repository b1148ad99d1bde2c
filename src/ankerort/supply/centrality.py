"""Central position: who reaches a place, what it holds for others, and what plans call it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.groups import group_persons
from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import UNREACHED, Reach, RoundTripColumns
from ankerort.reach.targets import PLACE
from ankerort.region.model import Region
from ankerort.supply.places import PlaceIndex
from ankerort.supply.recording import Knowledge
from ankerort.supply.schema_centrality import CENTRALITY, PLACE_CATCHMENT
from ankerort.supply.weighted import sum_by
from ankerort.supply.without_car import persons_without_car

WITHOUT_CAR = "without_car"
_CAR = ("centrality.car_near_min", "centrality.car_min", "centrality.car_far_min")
_PT = ("centrality.pt_min", "centrality.pt_far_min")


def place_catchments(
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    *,
    trips: Mapping[bool, RoundTripColumns],
    known: NDArray[np.bool_],
) -> pd.DataFrame:
    """Persons who reach the centre of each place of the study area, from everywhere: borders do not count.

    By car: the stored column of the place's centre (parking included). By public transport: there and back on the school day, both ways
    at most so long (`RoundTripColumns.way_s`); walking both ways counts.

    Parameters
    ----------
    trips
        Round trips to the place centres, in the order of the place targets, without (False) and with Rufbus (True); empty = no
        timetable, then nothing is told about public transport.
    known
        Cells about whose public transport something is known; the others stand in `persons_high` only.

    Returns
    -------
    pandas.DataFrame
        PLACE_CATCHMENT.
    """
    places = region.places
    targets = np.flatnonzero((reach.targets["kind"] == PLACE).to_numpy(bool))
    rows = reach.targets["row"].to_numpy(np.int64)[targets]
    persons = {
        "all": group_persons(region.cells, catalogue.groups["all"]).to_numpy(float),
        "65_plus": group_persons(region.cells, catalogue.groups["65_plus"]).to_numpy(float),
        WITHOUT_CAR: persons_without_car(region, catalogue, groups=("all",))["all"].to_numpy(float),
    }
    municipality = region.cells["ags"].to_numpy(object)
    ids = places["place_id"].to_numpy(object)[rows]
    own = places["ags"].to_numpy(object)[rows]
    car_known = reach.cell_known["car"]
    out: list[dict[str, object]] = []

    def add(place: int, mode: str, minutes: float, within: NDArray[np.bool_], unknown: dict[str, float]) -> None:
        others = within & (municipality != own[place])
        for group, number in persons.items():
            low = float(number[within].sum())
            out.append(
                {
                    "place_id": ids[place],
                    "mode": mode,
                    "minutes": minutes,
                    "group": group,
                    "persons_low": low,
                    "persons_high": low + unknown[group],
                    "from_others_share": float(number[others].sum()) / low if low > 0 else np.nan,
                }
            )

    for place, target in enumerate(targets):
        homes, seconds = reach.car.column(int(target))
        for figure in _CAR:
            minutes = catalogue.value(figure)
            within = _mask(homes[seconds <= minutes * 60], len(car_known))
            near = _near(region, places, int(rows[place]), minutes, catalogue.value("bound.car_kmh"))
            # a centre that no home reaches is not joined to the streets: then nothing is known of anybody near
            open_ = near & ~within & (~car_known | (len(homes) == 0))
            add(place, "car", minutes, within, {group: float(number[open_].sum()) for group, number in persons.items()})
        for with_demand, columns in sorted(trips.items()):
            part = slice(columns.ptr[place], columns.ptr[place + 1])
            homes, way_s = columns.home[part], columns.way_s[part]
            for figure in _PT:
                minutes = catalogue.value(figure)
                reached = (way_s != UNREACHED) & (way_s <= minutes * 60)
                within = _mask(homes[reached], len(known))
                # whoever lives too far for a vehicle at its top speed cannot reach it, known or not
                near = _near(region, places, int(rows[place]), minutes, catalogue.value("bound.pt_kmh"))
                open_ = near & ~known & ~within
                unknown = {group: float(number[open_].sum()) for group, number in persons.items()}
                add(place, "pt_demand" if with_demand else "pt", minutes, within, unknown)
    return PLACE_CATCHMENT.conform(pd.DataFrame(out, columns=PLACE_CATCHMENT.names))


def centrality(region: Region, reach: Reach, catalogue: Catalogue, knowledge: Knowledge) -> pd.DataFrame:
    """Endowment, Davies' index, surplus and designation of each place of the study area.

    Davies: C_j = sum over services s of n_js x 100 / T_s, where n_js are the open facilities of the service in the place and T_s those of all
    places of the study area, so each service adds up to 100 (Davies 1967). Surplus (Christaller's idea):
    C_j - P_j x sum(C) / sum(P); relative centrality: C_j x sum(P) / (P_j x sum(C)). Probable facilities count and are named.

    Returns
    -------
    pandas.DataFrame
        CENTRALITY.
    """
    index = PlaceIndex(region, reach)
    services = tuple(s for s in catalogue.facility_services() if catalogue.services[s].level != "area")
    counts = np.zeros((len(services), index.count))
    certain = np.zeros((len(services), index.count), bool)
    unknown = np.zeros((len(services), index.count), bool)
    for k, service in enumerate(services):
        mine = index.facility_service == service
        counts[k] = np.bincount(index.facility_place[mine], minlength=index.count)
        certain[k] = np.bincount(index.facility_place[mine & ~index.facility_probable], minlength=index.count) > 0
        told = knowledge.absence_known[service][index.cell_rows]
        whole = sum_by(index.cell_place, index.count, (~told).astype(float)) == 0
        confirmed = index.confirmed.get(service, np.zeros(index.count, bool))
        unknown[k] = (counts[k] == 0) & ~(whole & (index.total > 0)) & ~confirmed
    of_service = counts.sum(axis=1)
    weight = np.divide(100.0, of_service, out=np.zeros(len(services)), where=of_service > 0)
    davies = (counts * weight[:, None]).sum(axis=0)
    functions = (counts > 0).sum(axis=0)
    persons = index.total
    per_head = davies.sum() / persons.sum() if persons.sum() > 0 else np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(persons > 0, davies / (persons * per_head), np.nan)
    rank = pd.Series(davies).rank(method="min", ascending=False).to_numpy(np.int64)
    named = index.places["place_id"]
    size = max(1, len(services))
    return CENTRALITY.conform(
        pd.DataFrame(
            {
                "place_id": named,
                "persons": persons,
                **{c: _looked_up(named, region.central_places, c) for c in ("tier", "plan", "plan_date")},
                "functions": functions,
                "functions_probable": ((counts > 0) & ~certain).sum(axis=0),
                "functions_unknown": unknown.sum(axis=0),
                "catalogue_size": len(services),
                "endowment_low": functions / size,
                "endowment_high": (functions + unknown.sum(axis=0)) / size,
                "davies": davies,
                "davies_rank": rank,
                "surplus": davies - persons * per_head,
                "relative": relative,
            }
        )
    )


def _looked_up(place_ids: pd.Series, table: pd.DataFrame, column: str) -> list[str]:
    values = dict(zip(table["place_id"], table[column], strict=True))
    return [str(values.get(place, "")) for place in place_ids]


def _mask(rows: NDArray[np.int32], count: int) -> NDArray[np.bool_]:
    mask = np.zeros(count, bool)
    mask[rows] = True
    return mask


def _near(region: Region, places: pd.DataFrame, row: int, minutes: float, kmh: float) -> NDArray[np.bool_]:
    """Cells from which a vehicle at its top speed could reach the place in the time."""
    radius_m = minutes * 60 * kmh / 3.6
    x, y = region.cells["x"].to_numpy(float), region.cells["y"].to_numpy(float)
    return np.hypot(x - float(places["x"].iloc[row]), y - float(places["y"].iloc[row])) <= radius_m
