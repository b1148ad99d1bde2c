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
        fit = [b for b in buildings.get(place_id, ()) if b.area_m2 >= variant.room_m2.value]
        return priced_in(variant, _best(variant, fit, catalogue), rate)

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
    """Rooms of all variants that open in a place, where each square metre is used once.

    The variants with hours a week share one room, as large as the largest of them needs; it is charged by hours. The others take areas
    of their own, the largest first, each the cheapest building that still has enough left. A good order, not a proven least cost.

    Returns
    -------
    tuple of RoomUse
        In the order of `variants`.
    """
    rows = buildings_by_place(region).get(place_id, ())
    left = {b.id: b.area_m2 for b in rows}
    shared = sorted((v for v in variants if v.hours_week.value > 0 and v.room_m2.value > 0), key=_by_area)
    alone = sorted((v for v in variants if v.hours_week.value <= 0), key=_by_area)
    groups = ([shared] if shared else []) + [[v] for v in alone]
    found: dict[str, RoomUse] = {}
    for group in sorted(groups, key=lambda g: _by_area(g[0])):
        area = group[0].room_m2.value
        fit = [b for b in rows if left[b.id] >= area]
        first = _best(group[0], fit, catalogue)
        if first.building_id:
            left[first.building_id] -= area
        same = [b for b in rows if b.id == first.building_id]
        for k, variant in enumerate(group):
            price = first if k == 0 else _best(variant, same, catalogue, only_these=bool(same))
            found[variant.id] = RoomUse(variant.id, price, area if k == 0 else 0.0)
    for variant in variants:
        found.setdefault(variant.id, RoomUse(variant.id, NO_ROOM, 0.0))
    return tuple(found[v.id] for v in variants)


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


def _best(variant: Variant, fit: Sequence[Building], catalogue: Catalogue, *, only_these: bool = False) -> RoomPrice:
    """The cheapest room by its mid estimate a year; new rooms too unless only these buildings may be taken."""
    rate = catalogue.value("anchors.interest_rate")
    options = [
        (room_price(variant, b, catalogue), _STEP_FREE.get(b.step_free, _STEP_FREE[""]), b.id)
        for b in fit
    ]  # fmt: skip
    if not only_these:
        options.append((room_price(variant, None, catalogue), len(_STEP_FREE), ""))

    def rank(option: tuple[RoomPrice, int, str]) -> tuple[int, int, str]:
        price, step_free, id_ = option
        return round(price.annual(rate).mid / _CENT), step_free, id_

    return min(options, key=rank)[0]


def _by_area(variant: Variant) -> tuple[float, str]:
    return -variant.room_m2.value, variant.id
