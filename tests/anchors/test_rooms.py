"""Rooms from vacant and shareable buildings."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd
import pytest

from ankerort.anchors.rooms import (
    Building,
    buildings_by_place,
    choose_rooms,
    price_of,
    priced_in,
    room_price,
    shared_hours,
    week_hours,
)
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.provision import Variant
from ankerort.region.model import Region
from ankerort.region.schema import BUILDINGS

CATALOGUE = read_catalogue()
VARIANTS = CATALOGUE.provision.variants
HALL = VARIANTS["village_hall_room"]  # 80 m2
OFFICE = VARIANTS["citizen_office_hours"]  # 20 m2, 8 hours
DOCTOR = VARIANTS["general_practitioner_hours"]  # 40 m2, 12 hours
DESKS = VARIANTS["coworking_house"]  # 30 m2


def region(*rows: tuple[str, str, float, float, str], place: str = "p1") -> Region:
    """A region with buildings (id, use, area, condition, step_free) in one place."""
    table = pd.DataFrame(rows, columns=["building_id", "use", "area_m2", "condition", "step_free"])
    return cast(
        Region,
        SimpleNamespace(buildings=BUILDINGS.conform(table.assign(place_id=place).reindex(columns=BUILDINGS.names))),
    )


def test_new_rooms_by_hand() -> None:
    """80 m2 usable = 112 m2 gross at 3,200 EUR = 358,400 EUR; running 80 x 45 = 3,600 EUR a year."""
    price = room_price(HALL, None, CATALOGUE)
    assert price.invest_once.mid == pytest.approx(80 * 1.4 * 3_200)
    assert price.yearly.mid == pytest.approx(3_600)
    assert (price.building_id, price.lifetime_years) == ("", 50)


def test_vacant_rooms_cost_by_condition() -> None:
    """Condition 3: 80 x 900 = 72,000 EUR; 3.4 counts as 4: 80 x 1,600; an unknown one has the range of 2 to 4."""

    def once(condition: float) -> float:
        return room_price(HALL, Building("b", "vacant", 100, condition, "yes"), CATALOGUE).invest_once.mid

    assert once(3) == pytest.approx(72_000)
    assert once(3.4) == once(4) == pytest.approx(128_000)
    unknown = room_price(HALL, Building("b", "vacant", 100, math.nan, "yes"), CATALOGUE).invest_once
    assert (unknown.low, unknown.high) == (80 * 250, 80 * 2_200)
    marks = [once(k) for k in (1, 2, 3, 4, 5)]
    assert marks == sorted(marks)


def test_a_shareable_room_costs_rent_only() -> None:
    """80 m2 at 150 EUR once and 0 to 48 EUR a year, no running cost."""
    price = room_price(HALL, Building("b", "shareable", 100, 2, "yes"), CATALOGUE)
    assert price.invest_once.mid == pytest.approx(12_000)
    assert (price.yearly.low, price.yearly.mid, price.yearly.high) == pytest.approx((0, 1_920, 3_840))


def test_hours_bear_their_share_of_the_room() -> None:
    """12 of 36 hours bear a third, 8 of 36 less than a quarter and so a quarter."""
    assert shared_hours(CATALOGUE) == 36
    house = Building("b", "vacant", 100, 1, "yes")
    assert room_price(DOCTOR, house, CATALOGUE).invest_once.mid == pytest.approx(40 * 100 / 3)
    assert room_price(OFFICE, house, CATALOGUE).invest_once.mid == pytest.approx(20 * 100 / 4)


def test_the_cheapest_building_that_fits_is_taken() -> None:
    """Too small, of unknown size or elsewhere: not taken; else the cheapest, then the step-free one."""
    own = region(
        ("small", "vacant", 79, 1, "yes"), ("unknown", "vacant", math.nan, 1, "yes"), ("worn", "vacant", 90, 4, "yes"),
        ("steps", "vacant", 90, 2, "no"), ("ramp", "vacant", 90, 2, "yes"),
    )  # fmt: skip
    price = price_of(own, CATALOGUE)
    assert price(HALL, "p1").building_id == "ramp"
    assert price(HALL, "p2").building_id == ""
    here = price(HALL, "p1")
    assert here.invest_once[1] == pytest.approx(20_000 + 80 * 400)
    assert here.operation[1] == pytest.approx(5_000 + 80 * 45)
    assert (here.invest + here.operation)[1] < (price(HALL, "p2").invest + price(HALL, "p2").operation)[1]
    assert set(buildings_by_place(own)) == {"p1"}


def test_what_needs_no_room_gets_none() -> None:
    """A shop's cash counter takes no building even where one stands."""
    price = price_of(region(("b", "vacant", 500, 1, "yes")), CATALOGUE)(VARIANTS["atm_shop_cash"], "p1")
    assert price.building_id == ""
    assert price.invest_once[1] == 500


def test_an_area_is_used_once() -> None:
    """100 m2 hold the room of 80, not 30 m2 of desks too: these are new. With 110 m2 both fit."""

    def where(area: float) -> dict[str, str]:
        chosen = choose_rooms(region(("b", "vacant", area, 1, "yes")), CATALOGUE, "p1", [DESKS, HALL])
        return {use.variant: use.price.building_id for use in chosen}

    assert where(100) == {"coworking_house": "", "village_hall_room": "b"}
    assert where(110) == {"coworking_house": "b", "village_hall_room": "b"}


def test_hours_share_one_room() -> None:
    """Office (20 m2) and doctor (40 m2) by the hour use the same 40 m2; in the order that was asked."""
    chosen = choose_rooms(region(("b", "vacant", 45, 1, "yes")), CATALOGUE, "p1", [OFFICE, DOCTOR])
    assert [(u.variant, u.price.building_id, u.area_m2) for u in chosen] == [
        ("citizen_office_hours", "b", 0.0), ("general_practitioner_hours", "b", 40.0),
    ]  # fmt: skip


def test_the_order_of_rows_does_not_matter() -> None:
    """The same buildings in another order give the same choice."""
    rows = [("a", "vacant", 90.0, 2.0, "yes"), ("b", "vacant", 90.0, 2.0, "yes"), ("c", "shareable", 50.0, 2.0, "")]
    wanted = [DESKS, HALL, OFFICE]
    assert choose_rooms(region(*rows), CATALOGUE, "p1", wanted) == choose_rooms(
        region(*rows[::-1]), CATALOGUE, "p1", wanted
    )


def test_hours_of_a_plan_are_written_as_opening_hours() -> None:
    """What opens by the hour gets its week per place; what is kept or has a room of its own gets none."""
    functions = pd.DataFrame(
        [
            ("p1", "new", "citizen_office_hours"), ("p1", "new", "bank_branch_hours"), ("p2", "moved", "care_advice_hours"),
            ("p1", "new", "village_hall_room"), ("p2", "kept", ""), ("p2", "closed", "library_hours"),
        ],
        columns=["place_id", "what", "variant"],
    )  # fmt: skip
    hours = week_hours(cast("object", SimpleNamespace(functions=functions)), CATALOGUE)  # type: ignore[arg-type]
    assert set(hours) == {("p1", "citizen_office_hours"), ("p1", "bank_branch_hours"), ("p2", "care_advice_hours")}
    assert hours["p2", "care_advice_hours"] == "Th 08:00-12:00"
    assert hours["p1", "bank_branch_hours"] == "Th 08:00-12:00"


def test_without_slots_hours_bear_the_whole_room() -> None:
    """A catalogue without a week divides by no hours."""
    bare = replace(CATALOGUE, provision=replace(CATALOGUE.provision, slots=()))
    assert room_price(OFFICE, Building("b", "vacant", 50, 1, "yes"), bare).invest_once.mid == pytest.approx(2_000)


def test_no_area_is_given_twice_and_no_price_falls() -> None:
    """Whatever opens together: each building holds what it is given, and each variant costs at least what it costs alone (mid)."""
    rng = np.random.default_rng(7)
    ids = sorted(VARIANTS)
    rate = CATALOGUE.value("anchors.interest_rate")
    for _ in range(60):
        rows = [
            (f"b{k}", str(rng.choice(["vacant", "shareable"])), float(rng.integers(15, 300)), float(rng.integers(1, 6)), "yes")
            for k in range(rng.integers(1, 4))
        ]  # fmt: skip
        here = region(*rows)
        wanted = [VARIANTS[v] for v in rng.choice(ids, size=rng.integers(1, 9), replace=False)]
        alone = price_of(here, CATALOGUE)
        used = dict.fromkeys([r[0] for r in rows], 0.0)
        for variant, use in zip(wanted, choose_rooms(here, CATALOGUE, "p1", wanted), strict=True):
            if use.price.building_id:
                used[use.price.building_id] += use.area_m2
            together, single = priced_in(variant, use.price, rate), alone(variant, "p1")
            assert (together.invest + together.operation)[1] >= (single.invest + single.operation)[1] - 0.01
        assert all(used[name] <= area for name, _, area, _, _ in rows)


def test_rooms_are_chosen_at_the_least_cost_together() -> None:
    """The sum of the rooms' cost equals that of trying every way to put up to five variants into up to three buildings or new rooms."""
    rng = np.random.default_rng(11)
    ids = sorted(v.id for v in VARIANTS.values() if v.hours_week.value <= 0 and v.room_m2.value > 0)
    rate = CATALOGUE.value("anchors.interest_rate")
    better_than_largest_first = 0
    for _ in range(60):
        rows = [
            (f"b{k}", str(rng.choice(["vacant", "shareable"])), float(rng.integers(20, 250)), float(rng.integers(1, 6)), "yes")
            for k in range(rng.integers(1, 4))
        ]  # fmt: skip
        here = region(*rows)
        buildings = buildings_by_place(here)["p1"]
        wanted = [VARIANTS[v] for v in rng.choice(ids, size=rng.integers(1, 6), replace=False)]
        cost = {
            (v.id, b): room_price(v, None if b < 0 else buildings[b], CATALOGUE).annual(rate).mid
            for v in wanted
            for b in range(-1, len(buildings))
        }
        least = math.inf
        for where in itertools.product(range(-1, len(buildings)), repeat=len(wanted)):
            used = [
                sum(v.room_m2.value for v, b in zip(wanted, where, strict=True) if b == k)
                for k in range(len(buildings))
            ]
            if all(u <= b.area_m2 for u, b in zip(used, buildings, strict=True)):
                least = min(least, sum(cost[v.id, b] for v, b in zip(wanted, where, strict=True)))
        found = sum(u.price.annual(rate).mid for u in choose_rooms(here, CATALOGUE, "p1", wanted))
        assert found == pytest.approx(least, abs=0.05)
        better_than_largest_first += _largest_first(wanted, buildings, cost) > least + 1.0
    assert better_than_largest_first > 3  # the test tells them apart


def _largest_first(wanted: list[Variant], buildings: tuple[Building, ...], cost: dict[tuple[str, int], float]) -> float:
    left, total = [b.area_m2 for b in buildings], 0.0
    for v in sorted(wanted, key=lambda v: (-v.room_m2.value, v.id)):
        best = min(
            (b for b in range(-1, len(left)) if b < 0 or left[b] >= v.room_m2.value), key=lambda b: cost[v.id, b]
        )
        if best >= 0:
            left[best] -= v.room_m2.value
        total += cost[v.id, best]
    return total
