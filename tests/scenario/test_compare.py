"""Who gains, who loses: derived by hand in the three places of `worlds.tiny_region`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.changes import AddVisit, Change, ChangeStandard, CloseFacility, OpenFacility, RemoveLine
from ankerort.scenario.compare import Comparison, compare, place_signs, side_by_side, sign_of
from ankerort.scenario.resolve import resolve
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.schema import COMPARISON_AREAS, COMPARISON_PLACES, TABLES
from ankerort.scenario.workspace import Workspace
from ankerort.scenario.world import Answer, World


def _answer(world: World, workspace: Workspace, *changes: Change) -> Answer:
    changed, touched = apply_scenario(world, resolve(Scenario("Plan", changes), world))
    return workspace.answer(changed, touched)


def _compared(world: World, workspace: Workspace, *changes: Change) -> Comparison:
    return compare(workspace.base, _answer(world, workspace, *changes), names=("heute", "Plan"))


def _area(found: Comparison, level: str, area: str, service: str, group: str, mode: str) -> dict[str, float]:
    rows = found.areas
    chosen = rows[
        (rows["level"] == level)
        & (rows["area_id"] == area)
        & (rows["service"] == service)
        & (rows["group"] == group)
        & (rows["mode"] == mode)
    ]
    (row,) = chosen.to_dict("records")
    return {str(k): v for k, v in row.items()}


def _place(found: Comparison, place: str, service: str) -> dict[str, object]:
    rows = found.places
    (row,) = rows[(rows["place_id"] == place) & (rows["service"] == service)].to_dict("records")
    return {str(k): v for k, v in row.items()}


@pytest.fixture(scope="module")
def shop(world: World, workspace: Workspace) -> Comparison:
    """A supermarket opens in the centre of Bdorf; absence is unknown nowhere for it, since the map shows supermarkets."""
    return _compared(world, workspace, OpenFacility("supermarket", name="Markt Bdorf", place="Bdorf"))


def test_who_gains_a_shop_on_foot(shop: Comparison) -> None:
    """Bdorf's 30 people at the centre and its 10 people 600 m north are within 1,000 m on foot; nobody was before, nobody loses."""
    row = _area(shop, "place", "b", "supermarket", "all", "foot")
    assert (row["persons"], row["served_before_high"], row["served_after_low"]) == (40.0, 0.0, 40.0)
    assert (row["gain_low"], row["gain_high"], row["lose_high"]) == (40.0, 40.0, 0.0)
    assert row["new_persons"] == 40.0  # beyond the search before
    old = _area(shop, "place", "b", "supermarket", "65_plus", "foot")
    assert old["gain_low"] == 15.0
    study = _area(shop, "study", "*", "supermarket", "all", "foot")
    assert (study["gain_low"], study["persons"]) == (40.0, 340.0)


def test_minutes_gained_by_car(shop: Comparison) -> None:
    """From the centre of Bdorf: 5,001 m at 15 m/s were 334 s more than the parking; now none are: 5.57 minutes less for 30."""
    row = _area(shop, "place", "b", "supermarket", "all", "car")
    far = np.ceil(np.hypot(5000.0, 100.0) / 15.0)  # seconds, rounded up
    north = np.ceil(np.hypot(5000.0, 500.0) / 15.0) - 600.0 / 15.0
    assert row["faster_persons"] == 40.0
    assert row["faster_max_min"] == pytest.approx(far / 60.0, abs=0.02)
    assert row["faster_mean_min"] == pytest.approx((30.0 * far + 10.0 * north) / 40.0 / 60.0, abs=0.02)
    assert row["slower_persons"] == 0.0
    assert np.isnan(row["slower_mean_min"])


def test_letters_and_the_facility_that_people_use_now(shop: Comparison) -> None:
    """Bdorf goes from E (bus to Cstadt) to O; its people now use the new market, before the one in Cstadt."""
    row = _place(shop, "b", "supermarket")
    assert (row["state_before"], row["state_after"], row["verdict"]) == ("E", "O", "+")
    assert (row["facility_before"], row["facility_after"]) == ("market", "scenario:1:supermarket")
    assert (row["facilities_before"], row["facilities_after"]) == (0, 1)
    assert shop.places.loc[shop.places["place_id"] == "c"].empty  # nothing differs in Cstadt
    assert place_signs(shop) == {"a": "+", "b": "+"}


def test_only_what_differs_is_told(shop: Comparison) -> None:
    """Services and core items with a difference, areas with a gain, a loss or another way; declared columns only."""
    assert shop.services == ("supermarket", "core:food_market")
    changed = ["gain_high", "lose_high", "faster_persons", "slower_persons", "new_persons", "gone_persons"]
    assert (shop.areas[changed].fillna(0) > 0).any(axis=1).all()
    assert shop.areas.columns.tolist() == COMPARISON_AREAS.names
    assert shop.places.columns.tolist() == COMPARISON_PLACES.names
    assert "c" not in set(shop.areas.loc[shop.areas["level"] == "place", "area_id"])


def test_closing_is_the_mirror_of_opening(world: World, workspace: Workspace, shop: Comparison) -> None:
    """Compared the other way round, gains are losses and faster is slower, for the same persons."""
    other = _answer(world, workspace, OpenFacility("supermarket", name="Markt Bdorf", place="Bdorf"))
    back = compare(other, workspace.base, names=("Plan", "heute"))
    pairs = {"gain_low": "lose_low", "gain_high": "lose_high", "new_persons": "gone_persons"}
    pairs |= {f"faster_{k}": f"slower_{k}" for k in ("persons", "mean_min", "max_min")}
    for one, two in pairs.items():
        np.testing.assert_array_equal(shop.areas[one].to_numpy(float), back.areas[two].to_numpy(float))
        np.testing.assert_array_equal(shop.areas[two].to_numpy(float), back.areas[one].to_numpy(float))


def test_what_is_not_known_is_a_possible_loss(world: World, workspace: Workspace) -> None:
    """Without the certain pharmacy in Cstadt only the probable one in Bdorf is left: nobody loses for certain, 200 possibly."""
    found = _compared(world, workspace, CloseFacility(facility="pharmacy"))
    row = _area(found, "place", "c", "pharmacy", "all", "without_car")
    assert (row["served_before_low"], row["served_after_low"], row["served_after_high"]) == (200.0, 0.0, 200.0)
    assert (row["lose_low"], row["lose_high"]) == (0.0, 200.0)
    assert _place(found, "c", "pharmacy")["state_after"] == "?"


def test_a_stricter_standard_moves_people_without_moving_ways(world: World, workspace: Workspace) -> None:
    """At 5 minutes by car the market in Cstadt is too far for Bdorf (7.6 minutes): 40 lose; no minute differs."""
    found = _compared(world, workspace, ChangeStandard("supermarket", "car", 5.0))
    row = _area(found, "place", "b", "supermarket", "all", "car")
    assert (row["lose_low"], row["gain_high"], row["slower_persons"]) == (40.0, 0.0, 0.0)


def test_a_visit_changes_the_letter_only(world: World, workspace: Workspace) -> None:
    """A weekly bakery in Bdorf: letter M, no minutes, no verdict, since the standard counts ways."""
    found = _compared(world, workspace, AddVisit("bakery", "Bdorf"))
    row = _place(found, "b", "bakery")
    assert (row["state_after"], row["verdict"]) == ("M", "=")
    assert found.areas.empty


def test_without_the_bus_people_lose_the_way(world: World, workspace: Workspace) -> None:
    """All trips dropped: Bdorf's people reach the supermarket in Cstadt by bus no longer; car and foot stay as they are."""
    found = _compared(world, workspace, RemoveLine(line="1"))
    row = _area(found, "place", "b", "supermarket", "all", "pt")
    assert (row["gone_persons"], row["served_after_low"]) == (40.0, 0.0)
    assert row["lose_high"] == 40.0
    assert set(found.areas["mode"]) <= {"pt", "pt_demand", "without_car", "without_car_demand", "with_car"}


def test_more_people_gain_where_more_live(world: World, workspace: Workspace) -> None:
    """With twice the people of another year, the persons after are counted, and those before beside them."""
    cells = world.region.cells
    bands = [c for c in cells.columns if c.startswith("p_")]
    doubled = cells.assign(**{c: cells[c] * 2 for c in (*bands, "persons")})
    grown = replace(world, region=replace(world.region, cells=doubled))
    after, _ = apply_scenario(grown, resolve(Scenario("Plan", (OpenFacility("supermarket", place="Bdorf"),)), grown))
    found = compare(workspace.base, Workspace(after, threads=1).base)
    row = _area(found, "place", "b", "supermarket", "all", "foot")
    assert (row["persons_before"], row["persons"], row["gain_low"]) == (40.0, 80.0, 80.0)


def test_the_same_world_has_no_difference(workspace: Workspace) -> None:
    """All tables are empty and have their declared columns."""
    found = compare(workspace.base, workspace.base)
    assert found.services == ()
    for table in (found.areas, found.places, found.trips, found.statements):
        assert table.empty
    assert len({t.name for t in TABLES}) == len(TABLES)


def test_scenarios_side_by_side(world: World, workspace: Workspace, shop: Comparison) -> None:
    """Each row in which any scenario differs stands once per scenario, with zeros where it does not."""
    closed = replace(_compared(world, workspace, CloseFacility(facility="pharmacy")), other="ohne Apotheke")
    rows = side_by_side([shop, closed])
    key = ["level", "area_id", "service", "group", "mode"]
    per_scenario = rows.groupby("scenario", sort=False)[key].apply(lambda f: sorted(map(tuple, f.to_numpy())))
    assert per_scenario["Plan"] == per_scenario["ohne Apotheke"]
    of_pharmacy = rows[(rows["scenario"] == "Plan") & (rows["service"] == "pharmacy")]
    assert len(of_pharmacy)
    assert (of_pharmacy[["gain_low", "gain_high", "lose_low", "lose_high"]] == 0).all().all()
    assert side_by_side([]).empty


@pytest.mark.parametrize(("signs", "one"), [(["+", "="], "+"), (["-", "+"], "+-"), (["+-", "-"], "+-"), (["="], "=")])
def test_one_sign_of_several(signs: list[str], one: str) -> None:
    """Better and worse together is both."""
    assert sign_of(signs) == one
