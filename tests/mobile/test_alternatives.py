"""Other ways to serve the people of a mobile plan: figures derived by hand from the records."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ankerort.mobile.alternatives import alternatives
from ankerort.mobile.drivers import car_share
from ankerort.mobile.result_costs import total_cost
from ankerort.region.schema_wishes import WISHES
from worlds.mobile_planned import decision, planned, prepared, region
from worlds.tiny_region import catalogue


def _found(office_km: float = 5.0, answers: pd.DataFrame | None = None, **changed: object) -> pd.DataFrame:
    metres = np.full(7, office_km * 1000.0)
    found = alternatives(
        replace(prepared(), **changed),  # type: ignore[arg-type]
        decision(),
        planned(),
        region(),
        catalogue(),
        office_m={"citizen_office": metres},
        answers=WISHES.empty() if answers is None else answers,
    )
    return found.set_index("way")


def _figure(name: str) -> float:
    return catalogue().value(f"mobile.alt_{name}")


def test_the_mobile_row_is_the_plan() -> None:
    """Cost, cases and people of the plan itself; nobody drives; carbon dioxide of 480 km of the van."""
    row, plan = _found().loc["mobile"], planned()
    assert row["cost_mid"] == pytest.approx(total_cost(plan.costs).mid)
    assert (row["cases"], row["persons"], row["people_km"]) == (150.0, 20.0, 0.0)
    van = catalogue().mobile.vehicles["van"]
    assert row["co2_kg"] == pytest.approx(480.0 * van.co2_kg_per_km.value)
    assert row["eur_per_case"] == pytest.approx(row["cost_mid"] / 150.0)


def test_a_shuttle_pays_two_trips_a_case_and_the_counter() -> None:
    """200 cases within walk of the plan's stops, of which the share that books comes: trips at 15, 25, 35 EUR and minutes at the office."""
    row = _found().loc["shuttle"]
    office = catalogue().mobile.services["citizen_office"]
    cases = 200.0 * _figure("shuttle_use")
    assert row["cases"] == pytest.approx(cases)
    counter_h = cases * office.minutes_per_case.value / 60.0 / office.utilisation.value * office.staff.value
    assert row["cost_mid"] == pytest.approx(2 * cases * _figure("trip_eur") + counter_h * office.eur_per_h.mid)
    assert row["cost_low"] == pytest.approx(2 * cases * _figure("trip_eur_low") + counter_h * office.eur_per_h.low)
    ridden = 2 * cases * 5.0
    assert row["vehicle_km"] == pytest.approx(ridden * (1 + _figure("shuttle_empty_share")) / _figure("shuttle_riders"))
    assert row["persons_75_plus"] == 20.0


def test_without_a_known_office_there_is_no_shuttle() -> None:
    """The row says why, and has neither cost nor a price per case."""
    row = _found(office_km=float("nan")).loc["shuttle"]
    assert not row["feasible"]
    assert row["reason"] == "mobile_alt.reason_no_office"
    assert np.isnan(row["cost_mid"])
    assert np.isnan(row["eur_per_case"])
    assert row["cases"] == 0.0


def test_a_visit_at_home_takes_the_case_and_twice_the_drive() -> None:
    """Depot Bdorf: 5 km straight to Adorf (times the detour), none within Bdorf; each 100 cases, of which the share that lets people in."""
    row = _found().loc["home"]
    office, cat = catalogue().mobile.services["citizen_office"], catalogue()
    km, cases = 5.0 * cat.value("detour.car"), 100.0 * _figure("home_use")
    assert row["cases"] == pytest.approx(2 * cases)
    hours = 2 * cases * office.minutes_per_case.value / 60.0 + cases * 2 * km / cat.value("straight_speed.car")
    own_km = cases * 2 * km
    assert row["vehicle_km"] == pytest.approx(own_km)
    expected = hours * office.staff.value * office.eur_per_h.mid + office.it_eur_per_year.mid
    assert row["cost_mid"] == pytest.approx(expected + own_km * _figure("car_eur_km"))


def test_office_hours_lose_those_who_cannot_come() -> None:
    """The hall of Adorf is the only stop with a room beside the church of Bdorf; at either the own people walk and 10 km off few come."""
    row, cat = _found().loc["fixed"], catalogue()
    weekly = cat.mobile.rhythms["weekly"].benefit.value
    km = 5.0 * cat.value("detour.car")
    car = car_share(cat, "75_84")
    lift = (1 - car) * _figure("lift_share")
    bus = (1 - car) * (1 - _figure("lift_share")) * _figure("bus_share")
    fade = 0.5 ** (km / _figure("half_km"))
    coming = (car + lift + bus) * fade
    assert row["cases"] == pytest.approx(weekly * 100.0 * (1 + coming))
    assert row["people_km"] == pytest.approx(weekly * 100.0 * (car + lift) * fade * 2 * km)
    assert row["persons"] == pytest.approx(10.0 + 10.0 * coming)
    assert 0 < coming < 1


def test_a_desk_serves_who_is_ready_for_what_needs_one_visit() -> None:
    """Share of people of 75 and older by the figure, or by the survey from five answers on; share of concerns with one visit."""
    concerns = catalogue().mobile.concerns_of("citizen_office")
    fits = sum(c.share.value for c in concerns if c.visits == 1) / sum(c.share.value for c in concerns)
    assert _found().loc["desk", "cases"] == pytest.approx(200.0 * _figure("ready_75_plus") * fits)
    told = pd.DataFrame(
        {"answer_id": list("uvwxy"), "place_id": "a", "age": "75_84", "online": ["yes", "no", "no", "with_help", "no"]}
    )
    assert _found(answers=WISHES.conform(told)).loc["desk", "cases"] == pytest.approx(200.0 * 0.4 * fits)
    assert _found(answers=WISHES.conform(told[:4])).loc["desk", "cases"] == pytest.approx(
        200.0 * _figure("ready_75_plus") * fits
    )


def test_what_the_staff_may_not_deal_with_counts_in_no_way() -> None:
    """Where a quarter of the cases are tasks of the district without an agreement, every other way has a quarter less of the cases."""
    base, less = _found(), _found(concern_share=np.array([0.75, 0.75]))
    for way in ("shuttle", "home", "desk"):
        assert less.loc[way, "cases"] == pytest.approx(0.75 * base.loc[way, "cases"])


def test_car_shares_lie_between_those_of_the_records() -> None:
    """Shares are in [0, 1] and fall with age."""
    shares = [car_share(catalogue(), g) for g in ("18_65", "65_74", "75_84", "85_plus")]
    assert all(0 <= s <= 1 for s in shares)
    assert shares == sorted(shares, reverse=True)
