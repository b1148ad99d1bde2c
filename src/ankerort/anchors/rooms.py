"""Rooms for what opens: vacant and shareable buildings of a place by condition, else priced as new."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ankerort.anchors.build_offers import Priced, Pricing
from ankerort.anchors.costs import NO_ROOM, RoomPrice, annuity_range, offer_cost, range_of
from ankerort.anchors.plan import AnchorPlan
from ankerort.anchors.week_plan import WeekNeed, opening_hours, plan_week, week_need
from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.provision import Variant
from ankerort.region.model import Region

_STEP_FREE = {"yes": 0, "limited": 1, "": 2, "no": 3}
_WORST = 5
_CENT = 0.01
_MOST_TRIED = 20_000  # choices of rooms in one place


@dataclass(frozen=True)
class Building:
    """A building that rooms may be in; `condition` is a school mark 1 to 5, NaN = not known."""

    id: str
    use: str
    area_m2: float
    condition: float
    step_free: str


@dataclass(frozen=True)
class RoomUse:
    """Where a variant goes; `area_m2` is what it takes of the building (0 where it shares the room of another one)."""

    variant: str
    price: RoomPrice
    area_m2: float


def price_of(region: Region, catalogue: Catalogue) -> Pricing:
    """Cost of a variant in a place, each variant as if it were the only one there.

    The cheapest building that is large enough is taken (mid estimate a year; then the more step-free one, then by id), also over new
    rooms. What several variants of one plan cost together in the same building `choose_rooms` tells; a finished plan has these prices
    (`ankerort.anchors.settle_rooms`).
    """
    buildings = buildings_by_place(region)
    rate = catalogue.value("anchors.interest_rate")

    def price(variant: Variant, place_id: str) -> Priced:
        return priced_in(variant, _choices([variant], buildings.get(place_id, ()), catalogue)[0].prices[0], rate)

    return price


def priced_in(variant: Variant, room: RoomPrice, rate: float) -> Priced:
    """Cost of a variant in a room.

    Parameters
    ----------
    rate
        Interest rate a year as a share.
    """
    cost = offer_cost(variant, room, rate)
    invest = annuity_range(range_of(variant.invest_eur), variant.lifetime_years.value, rate)
    invest = invest + annuity_range(room.invest_once, room.lifetime_years, rate)
    operation = range_of(variant.operation_eur) + room.yearly
    return Priced(cost.invest_once.array(), invest.array(), operation.array(), room.building_id)


def choose_rooms(
    region: Region, catalogue: Catalogue, place_id: str, variants: Sequence[Variant]
) -> tuple[RoomUse, ...]:
    """Rooms of all variants that open in a place, where each square metre is used once, at the least cost together (mid).

    The variants with hours a week share one room, as large as the largest of them needs; it is charged by hours. The others take areas
    of their own. Depth first with a bound, beginning with the largest in the cheapest building; after `_MOST_TRIED` choices the best one so
    far is taken.

    Returns
    -------
    tuple of RoomUse
        In the order of `variants`.
    """
    rows = buildings_by_place(region).get(place_id, ())
    shared = sorted((v for v in variants if v.hours_week.value > 0 and v.room_m2.value > 0), key=_by_area)
    alone = sorted((v for v in variants if v.hours_week.value <= 0), key=_by_area)
    groups = sorted(([shared] if shared else []) + [[v] for v in alone], key=lambda g: _by_area(g[0]))
    search = _Search([_choices(group, rows, catalogue) for group in groups], {b.id: b.area_m2 for b in rows})
    found: dict[str, RoomUse] = {}
    for group, choice in zip(groups, search.best(), strict=True):
        for k, (variant, price) in enumerate(zip(group, choice.prices, strict=True)):
            found[variant.id] = RoomUse(variant.id, price, choice.area_m2 if k == 0 else 0.0)
    for variant in variants:
        found.setdefault(variant.id, RoomUse(variant.id, NO_ROOM, 0.0))
    return tuple(found[v.id] for v in variants)


@dataclass(frozen=True)
class _Choice:
    """Rooms of variants that share one: EUR a year (mid), prices in their order, area taken of a building (none of new rooms)."""

    cost: float
    building_id: str
    area_m2: float
    prices: tuple[RoomPrice, ...]


def _choices(group: Sequence[Variant], rows: Sequence[Building], catalogue: Catalogue) -> list[_Choice]:
    """Buildings that are large enough, and new rooms; the cheapest first, then the more step-free, then by id."""
    rate, area = catalogue.value("anchors.interest_rate"), group[0].room_m2.value
    found: list[tuple[int, int, str, _Choice]] = []
    for building in (*(b for b in rows if 0 < area <= b.area_m2), None):
        prices = tuple(room_price(v, building, catalogue) for v in group)
        cost = sum(p.annual(rate).mid for p in prices)
        id_ = "" if building is None else building.id
        step_free = len(_STEP_FREE) if building is None else _STEP_FREE.get(building.step_free, _STEP_FREE[""])
        found.append(
            (round(cost / _CENT), step_free, id_, _Choice(cost, id_, 0.0 if building is None else area, prices))
        )
    return [choice for *_, choice in sorted(found, key=lambda f: f[:3])]


class _Search:
    """One choice for each group so that no building gives more than it has, at the least sum of costs.

    Parameters
    ----------
    groups
        Choices of each group, the cheapest first; the last resort (new rooms) takes no building.
    left
        Area of each building.
    """

    def __init__(self, groups: Sequence[Sequence[_Choice]], left: dict[str, float]) -> None:
        self._groups, self._left = groups, left
        self._least = [0.0] * (len(groups) + 1)  # what the groups from here on cost at least
        for k in reversed(range(len(groups))):
            self._least[k] = self._least[k + 1] + groups[k][0].cost
        self._cost, self._tried = math.inf, 0
        self._found: list[_Choice] = []

    def best(self) -> list[_Choice]:
        """The cheapest one found; among equals the one tried first."""
        self._place(0.0, [])
        return self._found

    def _place(self, cost: float, chosen: list[_Choice]) -> None:
        k = len(chosen)
        if k == len(self._groups):
            self._cost, self._found = cost, list(chosen)
            return
        for choice in self._groups[k]:
            self._tried += 1
            if self._found and self._tried > _MOST_TRIED:
                return
            if cost + choice.cost + self._least[k + 1] > self._cost - _CENT:
                return  # all that follow cost more
            before = self._left.get(choice.building_id, math.inf)
            if choice.area_m2 > before:
                continue
            if choice.building_id:
                self._left[choice.building_id] = before - choice.area_m2
            self._place(cost + choice.cost, [*chosen, choice])
            if choice.building_id:
                self._left[choice.building_id] = before


def shared_hours(catalogue: Catalogue) -> float:
    """Hours a week of the shared room of a place, without the optional ones."""
    return catalogue.provision.room_hours_week


def week_hours(plan: AnchorPlan, catalogue: Catalogue) -> dict[tuple[str, str], str]:
    """Opening hours (OpenStreetMap syntax) of what opens with hours a week, by (place_id, variant).

    From the week plan of the shared room of each place; the optional slots are used where the others do not suffice. A place whose hours
    find no week has no entries: its services keep their usual hours.
    """
    variants = catalogue.provision.variants
    of_place: dict[str, dict[str, WeekNeed]] = {}
    for row in plan.functions.to_dict("records"):
        variant = variants.get(str(row["variant"]))
        if variant is None or not variant.hours_week.value > 0 or row["what"] not in ("new", "moved"):
            continue
        need = week_need(variant, catalogue.services[variant.service])
        of_place.setdefault(str(row["place_id"]), {})[variant.id] = need
    found: dict[tuple[str, str], str] = {}
    for place_id, needs in sorted(of_place.items()):
        answer = plan_week(tuple(needs.values()), catalogue.provision.slots)
        if answer.plan is None:
            answer = plan_week(tuple(needs.values()), catalogue.provision.slots, optional=True)
        if answer.plan is not None:
            for id_ in needs:
                found[place_id, id_] = opening_hours(answer.plan, id_)
    return found


def buildings_by_place(region: Region) -> Mapping[str, tuple[Building, ...]]:
    """Buildings with a known area, by place, in the order of their ids; of one whose area is not known nobody can say that it fits."""
    found: dict[str, list[Building]] = {}
    table: pd.DataFrame = region.buildings
    for row in table.sort_values("building_id", kind="stable").to_dict("records"):
        area = float(row["area_m2"])
        if math.isnan(area) or str(row["use"]) not in ("vacant", "shareable"):
            continue
        one = Building(str(row["building_id"]), str(row["use"]), area, float(row["condition"]), str(row["step_free"]))
        found.setdefault(str(row["place_id"]), []).append(one)
    return {place: tuple(rows) for place, rows in found.items()}


def room_price(variant: Variant, building: Building | None, catalogue: Catalogue) -> RoomPrice:
    """Price of the rooms of a variant in a building; None = in a new one.

    New rooms cost by gross area, those in buildings by usable area and condition (rounded up to the worse mark). A shareable room costs
    rent, any other running cost. A variant with hours a week bears its share of the hours of the shared room, at least
    ``anchors.room_share_min`` of it.
    """
    area = variant.room_m2.value
    if area <= 0:
        return NO_ROOM
    rooms = catalogue.provision.rooms
    if building is None:
        kind, factor = "new", catalogue.value("anchors.gross_per_usable")
        life = catalogue.value("anchors.room_life_new_years")
    else:
        kind, factor = _kind(building), 1.0
        life = catalogue.value("anchors.room_life_converted_years")
    share = 1.0
    if variant.hours_week.value > 0 and shared_hours(catalogue) > 0:
        share = variant.hours_week.value / shared_hours(catalogue)
        share = min(max(share, catalogue.value("anchors.room_share_min")), 1.0)
    once = rooms[kind, "invest_eur_m2"]
    yearly = rooms["shareable" if kind == "shareable" else "running", "eur_m2_year"]
    return RoomPrice(
        building_id="" if building is None else building.id,
        invest_once=range_of(once).times(area * factor * share),
        lifetime_years=life,
        yearly=range_of(yearly).times(area * share),
        record=once.record.id,
    )


def _kind(building: Building) -> str:
    if building.use == "shareable":
        return "shareable"
    if math.isnan(building.condition):
        return "vacant_unknown"
    return f"vacant_{min(max(math.ceil(building.condition), 1), _WORST)}"


def _by_area(variant: Variant) -> tuple[float, str]:
    return -variant.room_m2.value, variant.id
