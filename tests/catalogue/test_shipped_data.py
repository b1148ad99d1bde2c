"""The files that Ankerort ships."""

from __future__ import annotations

import math
from datetime import date

from ankerort.catalogue import read_catalogue

CATALOGUE = read_catalogue()

FIGURES = """
walk_speed.all walk_speed.child walk_speed.65_74 walk_speed.75_84 walk_speed.85_plus
walk_limit.all walk_limit.65_74 walk_limit.75_84 walk_limit.85_plus bike_speed.all bike_speed.65_plus
car_speed.motorway car_speed.motorway_link car_speed.trunk car_speed.trunk_link car_speed.primary
car_speed.primary_link car_speed.secondary car_speed.secondary_link car_speed.tertiary car_speed.tertiary_link
car_speed.unclassified car_speed.residential car_speed.living_street car_speed.service car_speed.track
car_speed.road car_speed.ferry car_speed.unpaved car_park_s car_connector_kmh ferry_wait_s
detour.foot detour.bike detour.car straight_speed.car straight.crossing_m snap_m
search_limit.foot_m search_limit.bike_m search_limit.car_s
pt.min_change_s pt.transfer_walk_m pt.max_journey_min pt.window_start_h pt.window_end_h pt.errand_start_h
pt.errand_end_h pt.max_vehicle_speed_ms pt.stop_merge_m pt.matrix_max_min pt.on_demand_hops pt.on_demand_hop_s
day.hollow_share recording_rate.min state.at_place_walk_m state.at_place_share state.reached_share
state.mobile_weeks place.stop_persons place.stop_m place.nearest_m merge.distance_m merge.name_similarity
bundle_five.radius_m
"""


def test_all_services_are_there_and_have_rules() -> None:
    """57 services; all but broadband and mobile network are facilities, and each of these has a tag rule."""
    assert len(CATALOGUE.services) == 57
    facilities = CATALOGUE.facility_services()
    assert set(CATALOGUE.services) - set(facilities) == {"broadband", "mobile_network"}
    assert all(CATALOGUE.services[s].clauses for s in facilities)


def test_facilities_have_a_reference_density() -> None:
    """The recording rate needs the expected inhabitants per facility of every service that is a facility."""
    for service in CATALOGUE.facility_services():
        assert CATALOGUE.services[service].ref_inhabitants_per_facility > 0, service


def test_directions() -> None:
    """Fire brigade, ambulance and home care come to the people; only home care comes home as a service."""
    outward = {s.id for s in CATALOGUE.services.values() if s.direction == "from_facility"}
    assert outward == {"fire_station", "ambulance_station", "home_care"}
    assert [s.id for s in CATALOGUE.services.values() if s.comes_home] == ["home_care"]


def test_figures_are_dated_records() -> None:
    """Every figure that the code asks for is there, with source, mark and day of check."""
    assert set(FIGURES.split()) <= set(CATALOGUE.figures)
    for figure in CATALOGUE.figures.values():
        assert figure.source
        assert figure.mark
        assert date.fromisoformat(figure.checked_on) >= date(2026, 11, 22)


def test_walking_slows_with_age() -> None:
    """Speeds and accepted walks fall with age."""
    for kind in ("walk_speed", "walk_limit"):
        values = [CATALOGUE.value(f"{kind}.{age}") for age in ("all", "65_74", "75_84", "85_plus")]
        assert values == sorted(values, reverse=True)
        assert len(set(values)) == 4


def test_standards_keep_their_marks() -> None:
    """What is a guideline keeps its source; what is our own default is marked and never called law."""
    car = CATALOGUE.services["general_practitioner"].standards["car"]
    assert (car.minimum.value, car.minimum.legal_status, car.minimum.mark) == (20, "guideline", "S/M")
    assert car.target is not None
    assert car.target.value == 15
    for service in CATALOGUE.services.values():
        for standard in service.standards.values():
            assert standard.minimum.legal_status != "law", service.id
            if standard.minimum.legal_status == "default":
                assert standard.minimum.mark != "S", service.id


def test_conditional_law_is_no_general_standard() -> None:
    """The distances of the Postgesetz stand apart with their condition; the general value is our own default."""
    rules = {(r.service, r.value.value): r for r in CATALOGUE.conditional_rules}
    assert set(rules) == {("post_office", 2000), ("post_box", 1000)}
    assert all(r.value.legal_status == "law" and "bebauten" in r.condition for r in rules.values())
    for service in ("post_office", "post_box"):
        assert CATALOGUE.services[service].standards["walk"].minimum.legal_status == "default"


def test_drive_budgets() -> None:
    """The drive budget is the limit less dispatch and turn-out: 12 - 3 = 9 and 12 - 6 = 6 minutes."""
    ambulance, fire = CATALOGUE.response_times["ambulance_station"], CATALOGUE.response_times["fire_station"]
    assert (ambulance.drive_budget_min, fire.drive_budget_min) == (9, 6)
    assert ambulance.share == 0.95
    assert math.isnan(fire.share), "the law of the fire brigade names no share"
    assert CATALOGUE.services["fire_station"].standards["car"].minimum.value == 6


def test_council_core_and_bundle_of_five() -> None:
    """Twelve core functions and five of the BBSR; the food market is supermarket or discounter in both."""
    assert len(CATALOGUE.core) == 12
    assert [i.id for i in CATALOGUE.five] == [
        "food_market",
        "general_practitioner",
        "pharmacy",
        "primary_school",
        "stop",
    ]
    for items in (CATALOGUE.core, CATALOGUE.five):
        assert items[0].services == ("supermarket", "discounter")


def test_ages_add_up_to_the_published_totals() -> None:
    """The age structure of each Land sums to its published population of 31.12.2022, up to rounding."""
    totals = {"ST": 2_186_643, "HE": 6_391_360, "BW": 11_280_257, "DE": 84_358_845}
    assert set(CATALOGUE.single_year_ages) == set(totals)
    for land, total in totals.items():
        ages = CATALOGUE.single_year_ages[land]
        assert ages.shape == (101,)
        assert abs(ages.sum() - total) <= 101


def test_age_structure_meets_published_shares() -> None:
    """Sachsen-Anhalt: 28 % of 65 and older and about 84,400 people of 85 and older at the end of 2022 (published)."""
    ages = CATALOGUE.single_year_ages["ST"]
    assert abs(ages[65:].sum() / ages.sum() - 0.28) < 0.01
    assert abs(ages[85:].sum() - 84_400) < 1_500
