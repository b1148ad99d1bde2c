"""Offers of all functions: what stands there, what may close, what may open or move."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.anchors.build_absence import Absence
from ankerort.anchors.build_demand import DemandRows
from ankerort.anchors.build_functions import TakingPart
from ankerort.anchors.build_market import Market
from ankerort.anchors.build_travel import function_travel, no_travel
from ankerort.anchors.prepared import OFFER_INFO
from ankerort.anchors.problem import FIXED, JOINT, MOVED, NEW, OWN, RECRUIT, REMOVABLE, Function, Offers, Travel
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.visits import VISIT, coming
from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.provision import Variant
from ankerort.reach.model import Reach
from ankerort.reach.targets import DEMAND, FACILITY
from ankerort.region.model import Region

DECIDES = {"own": OWN, "joint": JOINT, "recruit": RECRUIT}
OTHERS = ("Sparkasse", "Kirche", "Verein", "privat")  # no facility of these is closed by a plan
_FULL = "branch"
_WEEKLY = 52.0  # uses a year


@dataclass(frozen=True)
class Priced:
    """Cost of a variant in a place; float64 of shape (3,): low, mid, high.

    Parameters
    ----------
    invest_once
        EUR once, rooms included.
    invest
        Its annuity, EUR per year.
    operation
        EUR per year, rooms included.
    building_id
        Building that it goes into; empty = none, or rooms priced as new.
    """

    invest_once: NDArray[np.float64]
    invest: NDArray[np.float64]
    operation: NDArray[np.float64]
    building_id: str = ""


Pricing = Callable[[Variant, str], Priced]


@dataclass
class _Rows:
    """Offers as they come; `info` are rows of OFFER_INFO."""

    numbers: dict[str, list[float]] = field(default_factory=dict)
    cost: list[NDArray[np.float64]] = field(default_factory=list)
    info: list[dict[str, object]] = field(default_factory=list)

    def add(self, *, cost: NDArray[np.float64], info: dict[str, object], **numbers: float) -> int:
        for name, value in numbers.items():
            self.numbers.setdefault(name, []).append(value)
        self.cost.append(cost)
        self.info.append(info)
        return len(self.cost) - 1


@dataclass(frozen=True)
class Existing:
    """An open facility of a function; `target` is -1 for one that serves nobody for sure, `row` -1 for one that nobody recorded."""

    service: str
    row: int
    target: int
    place: int
    removable: bool
    evidence: str


class OfferBuilder:
    """Makes the functions with their travel, and their offers.

    Parameters
    ----------
    places
        Rows of ``Region.places`` of the candidates.
    price
        Cost of a variant in a place.
    absence
        Where it is known that there is none.
    market
        Where one more finds enough people beside those that are there.
    visited
        Rows of ``Region.places`` of further places that a scenario's visits come into; the sites of functions hold them after `places`.
    """

    def __init__(
        self,
        region: Region,
        reach: Reach,
        catalogue: Catalogue,
        request: AnchorRequest,
        places: NDArray[np.int32],
        functions: Sequence[TakingPart],
        price: Pricing,
        absence: Absence,
        market: Market,
        visited: Sequence[int] = (),
    ) -> None:
        self.region, self.reach, self.catalogue, self.request = region, reach, catalogue, request
        self.functions, self.price, self.absence, self.market = functions, price, absence, market
        table = region.places.iloc[places]
        self.place_ids = tuple(str(p) for p in table["place_id"])
        self._persons = table["persons"].to_numpy(np.float64)
        self._number = {p: k for k, p in enumerate(self.place_ids)}
        associations = region.municipalities.set_index("ags")["association_id"]
        self._association = table["ags"].map(associations).fillna("").to_numpy(object)
        self._associations: Mapping[str, str] = associations.to_dict()
        self._rows = _Rows()
        self._variant_number = {v: k for k, v in enumerate(catalogue.provision.variants)}
        self._priced: dict[tuple[str, str], Priced] = {}
        self._host_function = {s: k for k, one in enumerate(functions) for s in one.spec.services}
        self._visits = self._visits_of([*places, *visited])
        self._existing = [
            [*self._stands(one), *self._presumed(one, {p for _, p in self._visits[k]})]
            for k, one in enumerate(functions)
        ]

    def build(self, rows: DemandRows) -> tuple[tuple[Function, ...], Offers, pd.DataFrame]:
        """Functions, offers (per function what exists first, then by place) and OFFER_INFO."""
        weights, uses = self.catalogue.provision.weights, self.catalogue.provision.uses
        made: list[Function] = []
        for number, one in enumerate(self.functions):
            existing = self._existing[number]
            # where the service itself stands for good nobody needs its visit
            lasting = {(e.service, e.place) for e in existing if e.target >= 0 and not e.removable}
            opens, visits = self._opens(number), self._visits[number]
            visits = [(v, p) for v, p in visits if (v.service, p) not in lasting]
            held = [(v.service, p) for v, p in visits]
            centres = list(dict.fromkeys([*held, *((v.service, p) for v, p, _, _ in opens)]))
            if one.only_existing:
                travel = no_travel(len(existing))
            else:
                told = [(e.service, e.target, not e.removable) for e in existing]
                travel = function_travel(told, centres, one.sites, rows, one.need)
            # a facility outside of all candidate places that is the closest for nobody decides nothing
            used = np.diff(travel.ptr) > 0
            kept = [k for k, e in enumerate(existing) if e.place >= 0 or e.removable or used[k]]
            travel = _only(travel, [*kept, *range(len(existing), len(existing) + len(centres))])
            first: dict[int, int] = {}  # existing facility -> its offer
            for site, k in enumerate(kept):
                first[k] = self._add_existing(number, site, existing[k])
            site_of = {centre: len(kept) + k for k, centre in enumerate(centres)}
            for variant, place in visits:
                self._add_visit(number, site_of[variant.service, place], variant, place)
            for variant, place, host, origin in opens:
                came_from = -1 if origin < 0 else first[origin]
                self._add_opening(number, site_of[variant.service, place], variant, place, host, came_from)
            made.append(
                Function(
                    id=one.spec.id,
                    weight=weights[one.spec.id].value if one.spec.id in weights else 1.0,
                    travel=travel,
                    need=one.need,
                    legal=self._legal(one.spec.offered),
                    minute_weight=(uses[one.spec.id].value if one.spec.id in uses else _WEEKLY) / _WEEKLY,
                )
            )
        return tuple(made), self._offers(), OFFER_INFO.conform(pd.DataFrame(self._rows.info, columns=OFFER_INFO.names))

    def _legal(self, services: Sequence[str]) -> bool:
        standards = (s for service in services for s in self.catalogue.services[service].standards.values())
        return any(s.minimum.legal_status == "law" for s in standards)

    def _stands(self, one: TakingPart) -> list[Existing]:
        """Open facilities: certain ones anywhere, probable ones in candidate places; of a function that is only asked where it stands those in candidate places."""
        targets, facilities = self.reach.targets, self.region.facilities
        mine = (
            (targets["kind"] == FACILITY)
            & targets["service"].isin(one.spec.services)
            & (targets["certainty"] != DEMAND)
        )
        place_of = facilities["place_id"].to_numpy(object)
        kinds = facilities["operator_kind"].to_numpy(object)
        in_study = facilities["in_study"].to_numpy(bool)
        found: list[Existing] = []
        for target in np.flatnonzero(mine.to_numpy(bool)):
            row, service = int(targets["row"].iat[target]), str(targets["service"].iat[target])
            certain = targets["certainty"].iat[target] == "certain"
            place = self._number.get(str(place_of[row]), -1)
            if place < 0 and (one.only_existing or not certain):
                continue
            removable = certain and bool(in_study[row]) and kinds[row] not in OTHERS and self._may_close(service)
            serves = certain and not one.only_existing
            evidence = "certain" if certain else "probable"
            found.append(Existing(service, row, int(target) if serves else -1, place, removable and serves, evidence))
        return found

    def _presumed(self, one: TakingPart, visited: set[int]) -> list[Existing]:
        """What a place of its size is expected to have where nothing is recorded and nobody said that there is none."""
        held = {e.place for e in self._stands(one)} | visited
        classes, found = self.catalogue.place_expectations, []
        for place, persons in enumerate(self._persons):
            size = classes.of(float(persons))
            expected = size is not None and size.expected(one.spec.id) == "yes"
            if expected and place not in held and not self.absence.known(one.spec.services, place):
                found.append(Existing(one.spec.services[0], -1, -1, place, False, "presumed"))
        return found

    def _visits_of(self, rows: Sequence[int]) -> list[list[tuple[Variant, int]]]:
        """Per function the variants in which a scenario's visits bring it, each with its place (number in `rows`)."""
        number = {int(row): k for k, row in enumerate(rows)}
        told = [c for c in coming(self.region, self.catalogue) if c.row in number]
        return [
            [(c.variant, number[c.row]) for c in told if c.service in one.sites and not one.only_existing]
            for one in self.functions
        ]

    def _occupied(self, number: int) -> set[int]:
        """Places in which a function stands, is presumed, or comes with a scenario."""
        return {e.place for e in self._existing[number]} | {p for _, p in self._visits[number]}

    def _may_close(self, service: str) -> bool:
        rule = self.catalogue.provision.decisions.get(service)
        return service in self.request.may_close and rule is not None and rule.may_close

    def _opens(self, number: int) -> list[tuple[Variant, int, int, int]]:
        """(variant, place, function of its host or -1, existing facility that moves or -1) of all that may open, place by place."""
        one, existing = self.functions[number], self._existing[number]
        occupied = self._occupied(number)
        found: list[tuple[Variant, int, int, int]] = []
        variants = [v for v in self.catalogue.provision.variants.values() if v.service in one.spec.offered]
        if self.request.own_services_only:
            variants = [v for v in variants if self._decides(v.service) == OWN]
        for place in range(len(self.place_ids)):
            if place in occupied:
                continue
            for variant in variants:
                if not self._finds_room(one, variant, place):
                    continue
                for host in self._hosts(variant, place):
                    found.append((variant, place, host, -1))
        for k, facility in enumerate(existing):
            if not facility.removable:
                continue
            home = self._associations.get(str(self.region.facilities["ags"].iat[facility.row]), "")
            full = next((v for v in variants if v.service == facility.service and v.kind == _FULL), None)
            for place in range(len(self.place_ids)):
                if full is not None and place not in occupied and home and self._association[place] == home:
                    found.append((full, place, -1, k))
        return found

    def _finds_room(self, one: TakingPart, variant: Variant, place: int) -> bool:
        """A shop or practice that lives from its customers opens where they are enough for one more; smaller ways go along with others."""
        if variant.kind != _FULL or self._decides(variant.service) != RECRUIT:
            return True
        return self.market.room(one.spec.services, variant.service, variant.viable_persons.value, place)

    def _hosts(self, variant: Variant, place: int) -> list[int]:
        """Functions that may host a variant in a place: -1 where none is needed or one is there; empty where none can be."""
        if not variant.hosts:
            return [-1]
        numbers = list(dict.fromkeys(self._host_function[h] for h in variant.hosts if h in self._host_function))
        there = {f: {e.service for e in self._existing[f] if e.place == place and e.row >= 0} for f in numbers}
        if any(services & set(variant.hosts) for services in there.values()):
            return [-1]
        # where a function stands nothing of it opens: what stands there is no host
        return [f for f in numbers if place not in self._occupied(f)]

    def _decides(self, service: str) -> int:
        rule = self.catalogue.provision.decisions.get(service)
        return RECRUIT if rule is None else DECIDES[rule.decides]

    def _info(self, service: str) -> dict[str, object]:
        rule = self.catalogue.provision.decisions.get(service)
        return {
            "service": service,
            "task": "other" if rule is None else rule.task,
            "decides_by": self.catalogue.services[service].decides,
        }

    def _add_existing(self, function: int, site: int, facility: Existing) -> int:
        cost = np.zeros(3)
        if facility.removable:
            cost = self._running(facility.service)
        known = (
            {"facility_id": str(self.region.facilities["facility_id"].iat[facility.row])} if facility.row >= 0 else {}
        )
        return self._rows.add(
            cost=cost,
            info=self._info(facility.service) | known | {"evidence": facility.evidence},
            function=function,
            site=site,
            place=facility.place,
            variant=-1,
            state=REMOVABLE if facility.removable else FIXED,
            origin=-1,
            quality=1.0,
            viable=0.0,
            subsidy=np.inf,
            capacity=np.inf,
            decides=self._decides(facility.service),
            host=-1,
            hours=0.0,
        )

    def _add_visit(self, function: int, site: int, variant: Variant, place: int) -> int:
        """What a scenario's visit brings: there without cost in every plan, as good as its variant says."""
        return self._rows.add(
            cost=np.zeros(3),
            info=self._info(variant.service) | {"variant": variant.id, "evidence": VISIT},
            function=function,
            site=site,
            place=place if place < len(self.place_ids) else -1,
            variant=self._variant_number[variant.id],
            state=FIXED,
            origin=-1,
            quality=variant.quality.value,
            viable=0.0,
            subsidy=np.inf,
            capacity=np.inf,
            decides=self._decides(variant.service),
            host=-1,
            hours=0.0,
        )

    def _running(self, service: str) -> NDArray[np.float64]:
        """What an existing facility costs a year: the operation of the full variant, without any investment."""
        full = next(
            (v for v in self.catalogue.provision.variants.values() if v.service == service and v.kind == _FULL), None
        )
        if full is None:
            return np.zeros(3)
        return np.array([full.operation_eur.low, full.operation_eur.mid, full.operation_eur.high])

    def _add_opening(self, function: int, site: int, variant: Variant, place: int, host: int, origin: int) -> int:
        key = (variant.id, self.place_ids[place])
        if key not in self._priced:
            self._priced[key] = self.price(variant, self.place_ids[place])
        priced = self._priced[key]
        hours = variant.hours_week.value
        info = self._info(variant.service) | {
            "variant": variant.id,
            "building_id": priced.building_id,
            "record": variant.operation_eur.record.id,
            "evidence": "absent" if self.absence.known(self.functions[function].spec.services, place) else "unknown",
            "hours_week": hours if hours > 0 else np.nan,
        }
        for k, end in enumerate(("low", "mid", "high")):
            info[f"invest_once_{end}"], info[f"invest_{end}"] = priced.invest_once[k], priced.invest[k]
        capacity = variant.capacity_persons.value
        return self._rows.add(
            cost=priced.invest + priced.operation,
            info=info,
            function=function,
            site=site,
            place=place,
            variant=self._variant_number[variant.id],
            state=NEW if origin < 0 else MOVED,
            origin=origin,
            quality=variant.quality.value,
            viable=variant.viable_persons.value,
            subsidy=self.catalogue.value("anchors.subsidy_eur"),
            capacity=capacity if capacity > 0 else np.inf,
            decides=self._decides(variant.service),
            host=host,
            hours=hours,
        )

    def _offers(self) -> Offers:
        n = self._rows.numbers

        def ints(name: str, dtype: type[np.signedinteger]) -> NDArray:
            return np.array(n.get(name, []), dtype=dtype)

        def floats(name: str) -> NDArray[np.float64]:
            return np.array(n.get(name, []), dtype=np.float64)

        return Offers(
            function=ints("function", np.int32),
            site=ints("site", np.int32),
            place=ints("place", np.int32),
            variant=ints("variant", np.int32),
            state=ints("state", np.int8),
            origin=ints("origin", np.int32),
            quality=floats("quality"),
            cost_eur=np.array(self._rows.cost, np.float64).reshape(-1, 3),
            viable_persons=floats("viable"),
            subsidy_eur=floats("subsidy"),
            capacity_persons=floats("capacity"),
            decides=ints("decides", np.int8),
            host=ints("host", np.int32),
            room_hours=floats("hours"),
            saves_minutes=(ints("decides", np.int8) != RECRUIT)
            & (floats("quality") >= self.catalogue.value("anchors.minutes_quality_min"))
            & np.array([row["evidence"] == "absent" for row in self._rows.info], bool),
        )


def _only(travel: Travel, sites: Sequence[int]) -> Travel:
    """Some sites of a table, ascending."""
    keep = np.zeros(travel.site_count, bool)
    keep[list(sites)] = True
    lengths = np.diff(travel.ptr)
    entry = np.repeat(keep, lengths)
    ptr = np.concatenate([[0], np.cumsum(lengths[keep])]).astype(np.int64)
    return Travel(ptr, travel.row[entry], travel.seconds[entry], travel.within[entry])
