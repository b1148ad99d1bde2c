"""What to ask the municipalities, the questions first on whose answer most people's result depends (docs/method/inquiry.md)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.catalogue.groups import group_persons
from ankerort.catalogue.model import Catalogue, Service
from ankerort.reach.model import NearestMode
from ankerort.region.model import Region
from ankerort.supply.model import Supply
from ankerort.supply.schema_questions import QUESTIONS
from ankerort.supply.status import STANDARD_MODE

_KINDS = ("unknown", "probable", "absent", "believed")
_OUTLYING = "outlying"
_BEYOND, _UNKNOWN, _WITHIN = 0, 1, 2
_CODES = {"beyond": _BEYOND, "unknown": _UNKNOWN, "within": _WITHIN}
# what everybody can use: not the bike, which counts for those under 65 only
_WITHOUT_CAR: tuple[NearestMode, ...] = ("foot", "pt")
_CAR: NearestMode = "car"
# per cell: status, nearest site, whether it lies within the standard
_Mode = tuple[NDArray[np.int8], NDArray[np.int64], NDArray[np.bool_]]


def rank_questions(region: Region, supply: Supply, catalogue: Catalogue) -> pd.DataFrame:
    """All questions of the study area, ranked.

    For each place and service: one question per open facility there, else one on whether there is any. Persons are those of the
    service's first demand group. A person's result is "within the standard on foot or by public transport", which everybody can
    use; for a service that has a standard by car only, by car.

    Formula of `persons`, see docs/method/inquiry.md:

    - unknown, absent: people of the place, and of others whose cell lies within the walking standard of the place in a straight line, whose
      status is unknown (unknown) or not within (absent).
    - believed: people within the standard whose nearest facility by each mode within the standard is this one, and for whom no other open
      one lies within the walking standard in a straight line.
    - probable: people whose status is unknown and who have this facility nearest, within the standard, by some mode.

    Parameters
    ----------
    region, supply, catalogue
        Of one run; `supply.nearest`, `place_service` and `recording` are read.

    Returns
    -------
    DataFrame
        QUESTIONS, by rank. Answered ones (confirmed) come last, then by persons, core functions before others, unknown before probable before
        absent before believed, then by place, order of the catalogue and id.
    """
    return _Ranking(region, supply, catalogue).table()


class _Ranking:
    def __init__(self, region: Region, supply: Supply, catalogue: Catalogue) -> None:
        self.region, self.supply, self.catalogue = region, supply, catalogue
        self.cells = region.cells[region.cells["in_study"]].reset_index(drop=True)
        self.number = pd.Series(np.arange(len(self.cells)), index=self.cells["cell_id"])
        self.cell_place = self.cells["place_id"].to_numpy(object)
        self.xy = self.cells[["x", "y"]].to_numpy(float)
        facilities = region.facilities
        open_ = facilities[(facilities["state"] == "open") & (facilities["merged_into"] == "")]
        self.everywhere = {str(s): rows for s, rows in open_.groupby("service", sort=False)}
        self.nearest = {str(s): rows for s, rows in supply.nearest.groupby("service", sort=False, observed=True)}
        self.recorded = dict(zip(supply.recording["service"], supply.recording["absence"], strict=True))
        none = supply.place_service[supply.place_service["confirmed_none"]]
        self.confirmed_none = set(zip(none["place_id"], none["service"], strict=True))
        self.core = {s for item in catalogue.core for s in item.services}
        places = region.places[region.places["in_study"]]
        listed = set(open_["place_id"])
        self.places = places[(places["kind"] != _OUTLYING) | places["place_id"].isin(listed)].reset_index(drop=True)
        self.tree = cKDTree(self.xy) if len(self.xy) else None
        self.weights: dict[str, NDArray[np.float64]] = {}

    def table(self) -> pd.DataFrame:
        parts = [self._service(self.catalogue.services[s]) for s in self.catalogue.facility_services()]
        frame = pd.concat([pd.DataFrame(p, columns=_COLUMNS) for p in parts if p], ignore_index=True)
        if frame.empty:
            return QUESTIONS.empty()
        order = {s: k for k, s in enumerate(self.catalogue.facility_services())}
        frame["_kind"] = frame["kind"].map({k: n for n, k in enumerate(_KINDS)})
        frame["_service"] = frame["service"].map(order)
        # the sum over cells in another order must not change the rank
        frame["_persons"] = -frame["persons"].round(6)
        frame["_core"] = ~frame["core"]
        frame = frame.sort_values(
            ["confirmed", "_persons", "_core", "_kind", "place_id", "_service", "facility_id"], kind="stable"
        )
        frame = frame.drop(columns=["_kind", "_service", "_persons", "_core"])
        return QUESTIONS.conform(frame.assign(rank=np.arange(1, len(frame) + 1)))

    def _service(self, service: Service) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        status = _Status(self, service)
        facilities = self.everywhere.get(service.id)
        by_place = {str(p): f for p, f in facilities.groupby("place_id", sort=False)} if facilities is not None else {}
        core = service.id in self.core
        for place in self.places.itertuples():
            place_id, persons = str(place.place_id), float(place.persons)
            here = by_place.get(place_id)
            if here is not None:
                for one in here.itertuples():
                    probable = one.certainty == "probable"
                    count, reason = status.of_facility(str(one.facility_id), probable=probable)
                    kind = "probable" if probable else "believed"
                    confirmed = bool(one.confirmed_by)
                    rows.append((place_id, service.id, one.facility_id, kind, count, confirmed, core, True, reason))
                continue
            if place.kind == _OUTLYING:
                continue
            confirmed = (place_id, service.id) in self.confirmed_none
            absent = confirmed or self.recorded.get(service.id) == "missing"
            count, reason = status.of_none(place_id, float(place.x), float(place.y), absent=absent)
            kind = "absent" if absent else "unknown"
            asked = core or persons >= self._asked_from(service)
            rows.append((place_id, service.id, "", kind, count, confirmed, core, asked, reason))
        return rows

    def _asked_from(self, service: Service) -> float:
        level = "local" if service.level == "local" else "gz" if service.level == "GZ" else "mz"
        return self.catalogue.value(f"inquiry.{level}_persons")

    def group(self, service: Service) -> NDArray[np.float64]:
        """Persons of the service's group per study cell; all inhabitants in places without anybody of the group."""
        group = service.demand_groups[0]
        if group not in self.weights:
            persons = np.asarray(group_persons(self.cells, self.catalogue.groups[group]), float)
            total = pd.Series(persons).groupby(self.cell_place).transform("sum").to_numpy(float)
            self.weights[group] = np.where(total > 0, persons, self.cells["persons"].to_numpy(float))
        return self.weights[group]


_COLUMNS = ["place_id", "service", "facility_id", "kind", "persons", "confirmed", "core", "asked", "reason"]


class _Status:
    """Status of one service per study cell, and the facilities that it hangs on."""

    def __init__(self, ranking: _Ranking, service: Service) -> None:
        self.ranking = ranking
        self.persons = ranking.group(service)
        walk = service.standards.get("walk")
        self.walk_m = walk.minimum.value if walk is not None else 0.0
        self.limits = {
            mode: service.standards[STANDARD_MODE[mode]].minimum.value
            for mode in (*_WITHOUT_CAR, _CAR)
            if STANDARD_MODE[mode] in service.standards
        }
        sites = ranking.everywhere.get(service.id)
        self.site_of = {} if sites is None else {str(f): k for k, f in enumerate(sites["facility_id"])}
        self.site_xy = np.empty((0, 2)) if sites is None else sites[["x", "y"]].to_numpy(float)
        modes = self._modes(ranking.nearest.get(service.id))
        used = {m: found for m, found in modes.items() if m in _WITHOUT_CAR} or modes
        self.has_standard = bool(used)
        nobody = np.full(len(self.persons), _UNKNOWN, np.int8)
        self.status = np.max([status for status, _, _ in used.values()], axis=0) if used else nobody
        self.on_only, self.on_weak = self._persons_by_site(list(used.values()))

    def of_none(self, place_id: str, x: float, y: float, *, absent: bool) -> tuple[float, str]:
        """Persons whose result depends on whether there is one in a place where nothing is listed."""
        near = self.ranking.cell_place == place_id
        if self.walk_m and self.ranking.tree is not None:
            near[self.ranking.tree.query_ball_point((x, y), self.walk_m)] = True
        if not self.has_standard:
            return float(self.persons[near].sum()), "no_standard"
        depends = near & ((self.status != _WITHIN) if absent else (self.status == _UNKNOWN))
        persons = float(self.persons[depends].sum())
        return persons, "nobody" if persons == 0 else "none_near" if absent else "status_unknown"

    def of_facility(self, facility_id: str, *, probable: bool) -> tuple[float, str]:
        """Persons whose result depends on whether a listed facility is there."""
        if not self.has_standard:
            return 0.0, "no_standard"
        persons = float((self.on_weak if probable else self.on_only)[self.site_of[facility_id]])
        return persons, "nobody" if persons == 0 else "weak_evidence" if probable else "only_one_near"

    def _modes(self, nearest: pd.DataFrame | None) -> dict[str, _Mode]:
        """Status, nearest site (-1 = none) and whether it lies within the standard, per cell and mode that has a standard."""
        modes: dict[str, _Mode] = {}
        if nearest is None:
            return modes
        for mode, rows in nearest.groupby("mode", sort=False, observed=True):
            code = rows["status"].astype(object).map(_CODES)
            if mode not in self.limits or code.isna().all():
                continue
            at = self.ranking.number.reindex(rows["cell_id"].astype(object)).to_numpy()
            status = np.full(len(self.persons), _UNKNOWN, np.int8)
            status[at] = code.fillna(_UNKNOWN).to_numpy(np.int8)
            site = np.full(len(self.persons), -1, np.int64)
            site[at] = rows["facility_id"].astype(object).map(self.site_of).fillna(-1).to_numpy(np.int64)
            limit = self.limits[mode]
            value = rows["metres" if mode == "foot" else "minutes"].to_numpy(float)
            near = np.zeros(len(self.persons), bool)
            near[at] = value <= limit
            modes[str(mode)] = (status, site, near)
        return modes

    def _persons_by_site(self, modes: list[_Mode]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Per site: persons within the standard by nothing else, and persons for whom it is nearest and who are unknown."""
        only, weak = np.zeros(len(self.site_of)), np.zeros(len(self.site_of))
        if not modes or not self.site_of:
            return only, weak
        sole = np.full(len(self.persons), -1, np.int64)
        several = np.zeros(len(self.persons), bool)
        for status, site, _ in modes:
            counts = (status == _WITHIN) & (site >= 0)
            several |= counts & (sole >= 0) & (sole != site)
            sole = np.where(counts, site, sole)
        cell = np.flatnonzero((self.status == _WITHIN) & (sole >= 0) & ~several)
        cell = cell[~self._has_another(cell, sole[cell])]
        only += np.bincount(sole[cell], self.persons[cell], minlength=len(only))
        parts = []
        for _, site, near in modes:
            unknown = np.flatnonzero((self.status == _UNKNOWN) & (site >= 0) & near)
            parts.append(np.stack([unknown, site[unknown]], axis=1))
        pairs = np.unique(np.concatenate(parts), axis=0)
        weak += np.bincount(pairs[:, 1], self.persons[pairs[:, 0]], minlength=len(weak))
        return only, weak

    def _has_another(self, cell: NDArray[np.int64], site: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether another open facility than `site` lies within the walking standard of the cell, in a straight line."""
        if not self.walk_m or not len(cell):
            return np.zeros(len(cell), bool)
        xy = self.ranking.xy[cell]
        found = np.asarray(cKDTree(self.site_xy).query_ball_point(xy, self.walk_m, return_length=True), np.int64)
        itself = np.hypot(*(xy - self.site_xy[site]).T) <= self.walk_m
        return found - itself > 0
