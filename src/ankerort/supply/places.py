"""The balance: state and minutes of each service in each place."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.age_bands import AGE_COLUMNS
from ankerort.catalogue.groups import weighted_persons
from ankerort.catalogue.model import Catalogue, Group
from ankerort.reach.model import NearestMode, Reach
from ankerort.reach.stop_departures import service_unproven
from ankerort.region.model import Region
from ankerort.supply.journeys import Journeys
from ankerort.supply.recording import Knowledge
from ankerort.supply.schema import PLACE_SERVICE
from ankerort.supply.service_status import ServiceStatus
from ankerort.supply.states import Limits, PlaceFacts, decide_state
from ankerort.supply.status import BEYOND, UNKNOWN, WITHIN
from ankerort.supply.weighted import sum_by, weighted_quantiles

_OLD_BANDS = ("p_65_74", "p_75_84", "p_85_plus")


@dataclass(frozen=True)
class GroupWeights:
    """Persons of a group per cell, under 65 (`young`) and 65 or older (`old`), and their sum per place."""

    young: NDArray[np.float64]
    old: NDArray[np.float64]
    total: NDArray[np.float64]


class PlaceIndex:
    """Cells, facilities and visits by place of the study area."""

    def __init__(self, region: Region, reach: Reach) -> None:
        places = region.places[region.places["in_study"]].reset_index(drop=True)
        self.places = places
        self.count = len(places)
        number = {p: k for k, p in enumerate(places["place_id"])}
        self.cell_rows = np.flatnonzero(region.cells["place_id"].isin(number).to_numpy(bool))
        self.cell_place = region.cells["place_id"].iloc[self.cell_rows].map(number).to_numpy(np.int32)
        cells = region.cells.iloc[self.cell_rows]
        self.persons = cells["persons"].to_numpy(float)
        self._cells = cells
        self._by_group: dict[str, GroupWeights] = {}
        self.total = sum_by(self.cell_place, self.count, self.persons)
        self._number = number
        self._set_facilities(region, reach)

    def with_facilities(self, region: Region, reach: Reach) -> PlaceIndex:
        """The index of a region with the same places and cells, but other facilities, visits or absences."""
        other = copy(self)
        other._set_facilities(region, reach)
        return other

    def _set_facilities(self, region: Region, reach: Reach) -> None:
        number = self._number
        facilities = region.facilities
        silent = (reach.stop_departures == 0) & (reach.stop_demand_departures == 0)
        counts = (facilities["state"] == "open") & (facilities["merged_into"] == "") & ~silent
        chosen = (counts & facilities["place_id"].isin(number)).to_numpy(bool)
        inside = facilities[chosen]
        self.facility_booked = ((reach.stop_departures == 0) & (reach.stop_demand_departures > 0))[chosen]
        self.facility_place = inside["place_id"].map(number).to_numpy(np.int32)
        self.facility_service = inside["service"].to_numpy()
        services = facilities["service"].to_numpy(object)
        unsure = service_unproven(services, reach.stop_departures, pt_known=bool(reach.pt))[chosen]
        self.facility_probable = (inside["certainty"] == "probable").to_numpy(bool) | unsure
        visits = region.mobile_visits
        self.visits = visits[visits["place_id"].isin(number)].assign(
            place=lambda v: v["place_id"].map(number).astype("int32")
        )
        self.confirmed: dict[str, NDArray[np.bool_]] = {}
        ags = self.places["ags"].to_numpy()
        for row in region.absences.itertuples():
            mask = self.confirmed.setdefault(str(row.service), np.zeros(self.count, bool))
            if row.place_id:
                if row.place_id in number:
                    mask[number[str(row.place_id)]] = True
            else:
                mask |= ags == row.ags

    def share(self, weight: NDArray[np.float64], total: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Persons per cell summed by place, as a share of its inhabitants or of `total` (0 for a place without any)."""
        base = self.total if total is None else total
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(base > 0, sum_by(self.cell_place, self.count, weight) / base, 0.0)

    def group(self, group: Group) -> GroupWeights:
        """Persons of a demand group per cell, those under 65 and those of 65 and older apart.

        A place without anybody of the group counts all its inhabitants: a village without children today still has a way to school.
        """
        if group.id not in self._by_group:
            young_shares = {c: v for c, v in group.band_shares.items() if c not in _OLD_BANDS}
            old_shares = {c: v for c, v in group.band_shares.items() if c in _OLD_BANDS}
            everyone = dict.fromkeys(AGE_COLUMNS, 1.0)
            young = weighted_persons(self._cells, young_shares).to_numpy(float)
            old = weighted_persons(self._cells, old_shares).to_numpy(float)
            empty = (sum_by(self.cell_place, self.count, young + old) <= 0)[self.cell_place]
            all_old = weighted_persons(self._cells, dict.fromkeys(_OLD_BANDS, 1.0)).to_numpy(float)
            all_young = weighted_persons(self._cells, everyone).to_numpy(float) - all_old
            young, old = np.where(empty, all_young, young), np.where(empty, all_old, old)
            self._by_group[group.id] = GroupWeights(young, old, sum_by(self.cell_place, self.count, young + old))
        return self._by_group[group.id]


def balance_of_services(
    row_id: str,
    services: tuple[str, ...],
    status: ServiceStatus,
    journeys: Journeys,
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    knowledge: Knowledge,
    index: PlaceIndex,
) -> pd.DataFrame:
    """PLACE_SERVICE rows of one service, or of a core function that several services can fulfil.

    Parameters
    ----------
    row_id
        What stands in the column ``service``: the service's id or ``core:<id>``.
    services
        The services that count; with several, being there, being near or a visit of any of them is enough, and an absence is
        known only where it is known for all of them.
    status, journeys
        Of the service or of the union (`union_status`, `union_journeys`).
    """
    rows = index.cell_rows
    group = demand_group(services, catalogue)
    weights = index.group(catalogue.groups[group])
    low_high = _Shares(status, index, rows, weights)
    of_services = np.isin(index.facility_service, np.array(services, dtype=object))
    inside = of_services & ~index.facility_booked
    booked = np.bincount(index.facility_place[of_services & index.facility_booked], minlength=index.count)
    certain = np.bincount(index.facility_place[inside & ~index.facility_probable], minlength=index.count)
    probable = np.bincount(index.facility_place[inside & index.facility_probable], minlength=index.count)
    visited = _visited(services, index, catalogue)
    near, near_high = _near(services, reach, catalogue, knowledge, index)
    near_demand, _ = _near(services, reach, catalogue, knowledge, index, with_demand=True)
    home_low, home_high = np.zeros(index.count), np.zeros(index.count)
    if any(catalogue.services[s].comes_home for s in services) and (car := status.modes["car"].status) is not None:
        home_low = index.share(index.persons * (car[rows] == WITHIN))
        home_high = index.share(index.persons * (car[rows] != BEYOND))
    absence = np.all([knowledge.absence_known[s][rows] for s in services], axis=0)
    absence_share = index.share(index.persons * absence)
    nowhere = np.zeros(index.count, bool)
    confirmed = np.all([index.confirmed.get(s, nowhere) for s in services], axis=0)
    limits = Limits(catalogue.value("state.at_place_share"), catalogue.value("state.reached_share"))
    minutes = {
        mode: weighted_quantiles(
            index.cell_place, index.count, m.minutes[rows], index.persons, (0.5,), missing_is_far=True
        )[0]
        for mode, m in status.modes.items()
    }
    metres = weighted_quantiles(
        index.cell_place, index.count, status.modes["foot"].metres[rows], index.persons, (0.5,), missing_is_far=True
    )[0]
    bounds = {mode: index.share(index.persons * m.bound[rows]) >= 0.5 for mode, m in status.modes.items()}
    states: list[tuple[str, str, str, str]] = []
    for k in range(index.count):
        facts = PlaceFacts(
            certain_inside=int(certain[k]),
            probable_inside=int(probable[k]),
            near_share=float(near[k]),
            near_share_high=float(near_high[k]),
            visits=bool(visited[k]),
            comes_home_share=float(home_low[k]),
            comes_home_high=float(home_high[k]),
            without_car_low=float(low_high.without[0][k]),
            without_car_high=float(low_high.without[1][k]),
            with_car_low=float(low_high.with_car[0][k]),
            with_car_high=float(low_high.with_car[1][k]),
            confirmed_none=bool(confirmed[k]),
            absence_known=bool(absence_share[k] > 0.999 or confirmed[k]),
            has_standard=low_high.has_standard,
            has_own_standard=low_high.has_own_standard,
            has_car_standard=status.modes["car"].status is not None,
            help_drives=all(catalogue.services[s].direction == "from_facility" for s in services),
            inhabited=bool(index.total[k] > 0),
        )
        demand = PlaceFacts(
            **{
                **facts.__dict__,
                "certain_inside": facts.certain_inside + int(booked[k]),
                "near_share": float(near_demand[k]),
                "without_car_low": float(low_high.demand[0][k]),
                "without_car_high": float(low_high.demand[1][k]),
            }
        )
        state, reason = decide_state(facts, limits, with_car=True)
        no_car, _ = decide_state(facts, limits, with_car=False)
        with_demand, _ = decide_state(demand, limits, with_car=False)
        states.append((state, no_car, with_demand, reason))
    return PLACE_SERVICE.conform(
        pd.DataFrame(
            {
                "place_id": index.places["place_id"],
                "service": row_id,
                "state": [s[0] for s in states],
                "state_no_car": [s[1] for s in states],
                "state_demand": [s[2] for s in states],
                "reason": [s[3] for s in states],
                "facilities": certain + probable,
                "probable": probable,
                "confirmed_none": confirmed,
                "nearest_facility_id": _usual_facility(status, region, index),
                "walk_m": metres,
                "walk_min": minutes["foot"],
                "bike_min": minutes["bike"],
                "car_min": minutes["car"],
                "pt_min": minutes["pt"],
                "pt_demand_min": minutes["pt_demand"],
                **_journey_columns("pt", journeys, index),
                **_journey_columns("pt_demand", journeys, index),
                "bound": np.any(list(bounds.values()), axis=0),
                "walk_bound": bounds["foot"],
                "bike_bound": bounds["bike"],
                "car_bound": bounds["car"],
                "pt_bound": bounds["pt"],
                "estimated": any(reach.estimated.values()),
                "persons": index.total,
                "group": group,
                "group_persons": weights.total,
                "without_car_low": low_high.without[0],
                "without_car_high": low_high.without[1],
                "without_car_demand_low": low_high.demand[0],
                "without_car_demand_high": low_high.demand[1],
                "with_car_low": low_high.with_car[0],
                "with_car_high": low_high.with_car[1],
            }
        )
    )


class _Shares:
    """Known and possible shares of a place's people within the standard."""

    def __init__(self, status: ServiceStatus, index: PlaceIndex, rows: NDArray[np.intp], weights: GroupWeights) -> None:
        self.has_standard = any(v is not None for v in status.with_car.values())
        self.has_own_standard = any(v is not None for v in status.without_car.values())
        self.without = self._of(status.without_car, index, rows, weights)
        self.demand = self._of(status.without_car_demand, index, rows, weights)
        self.with_car = self._of(status.with_car, index, rows, weights)

    @staticmethod
    def _of(
        by_age: dict[str, NDArray[np.int8] | None], index: PlaceIndex, rows: NDArray[np.intp], weights: GroupWeights
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        if all(found is None for found in by_age.values()):
            return np.full(index.count, np.nan), np.full(index.count, np.nan)
        low, high = np.zeros(len(rows)), np.zeros(len(rows))
        for age, weight in (("young", weights.young), ("old", weights.old)):
            found = by_age[age]
            if found is None:  # no standard by which people of this age could be served
                continue
            low = low + weight * (found[rows] == WITHIN)
            high = high + weight * (found[rows] >= UNKNOWN)
        return index.share(low, weights.total), index.share(high, weights.total)


def demand_group(services: tuple[str, ...], catalogue: Catalogue) -> str:
    """The group whose people a service is for (first of its demand groups); everybody where several services differ."""
    groups = {catalogue.services[s].demand_groups[0] for s in services}
    return groups.pop() if len(groups) == 1 else "all"


def _visited(services: tuple[str, ...], index: PlaceIndex, catalogue: Catalogue) -> NDArray[np.bool_]:
    """Places with a visit at least every four weeks (an unknown rhythm does not count)."""
    out = np.zeros(index.count, bool)
    visits = index.visits
    regular = visits[
        visits["service"].isin(services) & (visits["rhythm_weeks"] <= catalogue.value("state.mobile_weeks"))
    ]
    out[regular["place"].to_numpy(int)] = True
    return out


def _near(
    services: tuple[str, ...],
    reach: Reach,
    catalogue: Catalogue,
    knowledge: Knowledge,
    index: PlaceIndex,
    *,
    with_demand: bool = False,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of inhabitants with an open facility within 1,000 m on foot: certain, and certain or unknown."""
    rows = index.cell_rows
    limit = catalogue.value("state.at_place_walk_m")
    near, possible = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    for service_id in services:
        certain = reach.nearest.get((service_id, "foot", "certain"))
        if with_demand:
            certain = reach.nearest.get((service_id, "foot_demand", "certain"), certain)
        if certain is not None:
            near |= (certain.value[rows] >= 0) & (certain.value[rows] <= limit)
        maybe = reach.nearest.get((service_id, "foot", "any"))
        if maybe is not None:
            possible |= (maybe.value[rows] >= 0) & (maybe.value[rows] <= limit)
        possible |= ~((knowledge.edge_m[service_id][rows] >= limit) & reach.cell_known["foot"][rows])
    possible |= near
    return index.share(index.persons * near), index.share(index.persons * possible)


def _usual_facility(status: ServiceStatus, region: Region, index: PlaceIndex) -> list[str]:
    """The facility that most of a place's people have nearest by car, else on foot; ties by id."""
    ids = region.facilities["facility_id"].to_numpy()
    chosen = status.modes["car"].facility[index.cell_rows]
    chosen = np.where(chosen >= 0, chosen, status.modes["foot"].facility[index.cell_rows])
    has = chosen >= 0
    frame = pd.DataFrame({"place": index.cell_place[has], "facility": ids[chosen[has]], "persons": index.persons[has]})
    sums = frame.groupby(["place", "facility"], sort=True)["persons"].sum().reset_index()
    sums = sums.sort_values(["place", "persons", "facility"], ascending=[True, False, True], kind="stable")
    best = sums.drop_duplicates("place")
    out = [""] * index.count
    for place, facility in zip(best["place"], best["facility"], strict=True):
        out[int(place)] = str(facility)
    return out


def _journey_columns(mode: NearestMode, journeys: Journeys, index: PlaceIndex) -> dict[str, NDArray[np.float64]]:
    """The median person's journey beside its typical time; the column names begin with the mode's."""

    def median(name: str) -> NDArray[np.float64]:
        value = journeys.value(mode, name)
        if value is None:
            return np.full(index.count, np.nan)
        return weighted_quantiles(
            index.cell_place, index.count, value[index.cell_rows], index.persons, (0.5,), missing_is_far=True
        )[0]

    return {
        f"{mode}_errand_min": median("errand") / 60,
        f"{mode}_waiting_min": median("waiting") / 60,
        f"{mode}_first_arrival_s": median("first_arrival"),
        f"{mode}_last_return_s": median("last_return"),
        f"{mode}_departures": median("departures"),
    }
