"""Ways to provide a service, their figures, levels, bundles, who decides: shipped records and a project's own."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from ankerort.base.problems import InputError
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.build_provision import PEOPLE, ROOMS

CATALOGUE = read_catalogue()
PROVISION = CATALOGUE.provision
ITEMS = {*CATALOGUE.services, *(f"core:{item.id}" for item in CATALOGUE.core)}
SCHOOLS = ("primary_school", "secondary_school", "grammar_school", "special_school", "vocational_school")
ONLY_KEPT = (*SCHOOLS, "bus_stop", "rail_station", "hospital", "fire_station", "ambulance_station", "police")


def usual_hours(text: str) -> float:
    """Hours a week of rules such as ``Mo-Th 08:00-18:00; Fr 08:00-13:00``, for the services with variants by the hour."""
    days = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    total = 0.0
    chosen = 0
    for piece in text.replace(";", " ").replace(", ", " ").split():
        if piece[0].isalpha():
            chosen = 0
            for part in piece.split(","):
                first, _, last = part.partition("-")
                if first in days:
                    chosen += days.index(last or first) - days.index(first) + 1
        elif chosen:
            for span in piece.split(","):
                start, _, end = span.partition("-")
                if ":" in end:
                    hours = [int(t[:2]) + int(t[3:5]) / 60 for t in (start, end)]
                    total += chosen * (hours[1] - hours[0])
    return total


def test_every_service_has_a_rule_who_decides() -> None:
    """All 57 services; a partner is named exactly where others have a say."""
    assert set(PROVISION.decisions) == set(CATALOGUE.services)
    for rule in PROVISION.decisions.values():
        assert bool(rule.partner_de) == bool(rule.partner_en) == (rule.decides != "own"), rule.service


def test_nothing_closes_that_others_decide_on() -> None:
    """Closing may be proposed only for what the municipality or district decides alone, never for schools, day care and fire stations."""
    may_close = {r.service for r in PROVISION.decisions.values() if r.may_close}
    assert all(PROVISION.decisions[s].decides == "own" for s in may_close)
    assert not may_close & {*SCHOOLS, "kindergarten", "after_school", "fire_station", "ambulance_station", "bus_stop"}
    assert {"citizen_office", "library", "village_hall"} <= may_close


@pytest.mark.parametrize(
    ("service", "decides", "task"),
    [("citizen_office", "own", "duty"), ("library", "own", "voluntary"), ("kindergarten", "joint", "duty"),
     ("general_practitioner", "recruit", "other"), ("supermarket", "recruit", "other"), ("village_shop", "joint", "voluntary")],
)  # fmt: skip
def test_task_and_decision_follow_the_list_of_services(service: str, decides: str, task: str) -> None:
    """Duty is a task by law, voluntary one that a council may drop; doctors and shops can be invited only."""
    rule = PROVISION.decisions[service]
    assert (rule.decides, rule.task) == (decides, task)


def test_duties_are_those_of_the_list_of_services() -> None:
    """No task is called a duty that services.csv does not call one; what is called voluntary there is no duty."""
    for rule in PROVISION.decisions.values():
        told = CATALOGUE.services[rule.service].task_type
        assert (rule.task == "duty") == told.startswith("Pflicht"), rule.service
        if told == "freiwillig":
            assert rule.task == "voluntary", rule.service


def test_what_is_only_kept_has_no_variant() -> None:
    """Stops, rail, hospital, fire brigade, police and schools (no cost of operation known) are never opened."""
    assert not {v.service for v in PROVISION.variants.values()} & set(ONLY_KEPT)


def test_figures_of_variants_are_plausible() -> None:
    """Ranges ascend, quality lies in (0, 1], a service's best variant is 1 unless there is none with staff all week."""
    for variant in PROVISION.variants.values():
        for one in (variant.invest_eur, variant.operation_eur):
            assert 0 <= one.low <= one.mid <= one.high < math.inf, variant.id
        assert 0 < variant.quality.value <= 1
        assert variant.lifetime_years.value >= 5
        assert (variant.kind == "hours") == (variant.hours_week.value > 0)
        assert not variant.hosts or variant.kind == "agency", variant.id
        if variant.kind in ("hours", "visit", "desk"):
            assert variant.quality.value < 1, variant.id


def test_quality_of_hours_follows_its_rule() -> None:
    """The share of the need is the root of hours over those of the full branch (services.csv), to the nearest 0.05."""
    told = [v for v in PROVISION.variants.values() if v.kind == "hours"]
    assert len(told) == 11
    for variant in told:
        full = usual_hours(CATALOGUE.services[variant.service].default_hours)
        expected = math.sqrt(variant.hours_week.value / full)
        assert abs(variant.quality.value - expected) <= 0.025 + 1e-9, (variant.id, full, expected)


def test_own_assumptions_say_so() -> None:
    """A record marked D alone names Ankerort's assumption or the rule it follows; marks of the sources stay."""
    records = [v.quality for v in PROVISION.variants.values()]
    records += [r.record for v in PROVISION.variants.values() for r in (v.invest_eur, v.operation_eur)]
    records += [v.viable_persons for v in PROVISION.variants.values()]
    records += [r.record for r in PROVISION.rooms.values()]
    for record in records:
        assert record.source
        assert record.checked_on
        if record.mark == "D":
            assert "Annahme von Ankerort" in record.source or "services.csv" in record.source, record.id
    assert PROVISION.rooms["new", "invest_eur_m2"].record.mark == "M"
    assert PROVISION.variants["general_practitioner_practice"].viable_persons.mark == "M"


def test_levels_are_nested() -> None:
    """Full demands all that basic demands, and costs more."""
    basic, full = PROVISION.levels
    assert (basic.id, full.id) == ("basic", "full")
    assert {i.item for i in basic.items} <= {i.item for i in full.items} <= ITEMS
    assert {i.item for i in basic.items if i.required} <= {i.item for i in full.items if i.required}
    assert basic.at_least.value < full.at_least.value <= len(full.items)
    assert basic.cost_eur.mid < full.cost_eur.mid


def test_a_bundle_saves_less_than_its_members_cost() -> None:
    """Even the high saving stays below what the dearest variants of its members cost a year to run and spread over their life."""
    for rule in PROVISION.bundles:
        services = {i.id: i.services for i in CATALOGUE.core}
        total = 0.0
        for member in rule.members:
            mine = services.get(member.removeprefix("core:"), (member,)) if member.startswith("core:") else (member,)
            variants = [v for v in PROVISION.variants.values() if v.service in mine and v.kind in rule.kinds]
            assert variants, (rule.id, member)
            total += max(v.operation_eur.high + v.invest_eur.high / v.lifetime_years.value for v in variants)
        assert rule.saving_eur.low <= rule.saving_eur.mid <= rule.saving_eur.high < total, rule.id


def test_weights_and_rooms_are_complete() -> None:
    """All kinds of people and of rooms have their record; people without a car count at least as much as those with one."""
    assert set(PROVISION.group_weights) == set(PEOPLE)
    people = {k: v.value for k, v in PROVISION.group_weights.items()}
    assert people["young"] >= people["young_car"]
    assert people["old"] >= people["old_car"]
    assert set(PROVISION.weights) <= ITEMS
    assert set(PROVISION.rooms) == set(ROOMS)
    mids = [PROVISION.rooms[f"vacant_{k}", "invest_eur_m2"].mid for k in range(1, 6)]
    assert mids == sorted(mids)
    assert mids[-1] <= PROVISION.rooms["new", "invest_eur_m2"].mid * CATALOGUE.value("anchors.gross_per_usable")


def test_the_week_of_a_room() -> None:
    """Five mornings of 4, four afternoons of 3 and the Thursday afternoon of 4 hours are 36; Saturday is optional."""
    assert PROVISION.room_hours_week == 36
    assert [(s.weekday, s.hours) for s in PROVISION.slots if s.optional] == [(5, 3)]


HEAD = "of,quantity,low,value,high,unit,source,legal_status,mark\n"


def test_a_folder_may_replace_and_add(tmp_path: Path) -> None:
    """A project's own figure holds, without agreement with a warning; a variant of its own is added."""
    (tmp_path / "provision_figures.csv").write_text(
        HEAD
        + "library_hours,operation_eur,1000,2000,4000,EUR/a,Kreis,practice,S\n"
        + "".join(f"box,{q},,{v},,{u},Kreis,practice,S\n" for q, v, u in (
            ("quality", 0.5, "share"), ("invest_eur", 100, "EUR"), ("lifetime_years", 10, "years"),
            ("operation_eur", 5, "EUR/a"), ("viable_persons", 0, "persons"))),
        encoding="utf-8",
    )  # fmt: skip
    (tmp_path / "provision_variants.csv").write_text(
        "id,service,kind,label_de,label_en,hosts\nbox,bakery,branch,Brotautomat,bread box,\n", encoding="utf-8"
    )
    catalogue = read_catalogue(tmp_path)
    assert catalogue.provision.variants["library_hours"].operation_eur.high == 4000
    box = catalogue.provision.variants["box"]
    assert (box.invest_eur.low, box.invest_eur.high, box.room_m2.value, box.capacity_persons.value) == (100, 100, 0, 0)
    assert [p.code for p in catalogue.problems] == ["catalogue_figure_not_agreed"]


def test_faults_of_all_files_are_told_together(tmp_path: Path) -> None:
    """One run tells the reversed range and the unknown service both."""
    (tmp_path / "provision_figures.csv").write_text(
        "of,quantity,low\nlibrary_hours,invest_eur,99000\n", encoding="utf-8"
    )
    (tmp_path / "provision_weights.csv").write_text(
        "item,value,unit,source,legal_status,mark\nbakker,1,points,x,default,D\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        read_catalogue(tmp_path)
    assert {"provision_range_reversed", "catalogue_service_unknown"} <= {p.code for p in caught.value.problems}


def test_places_and_rhythms_are_those_of_the_labels() -> None:
    """A day care with 10 places has 10, the mobile office comes every 14 days; every visit has a rhythm and nothing else has one."""
    variants = PROVISION.variants
    assert [variants[v].capacity.value for v in ("kindergarten_10", "kindergarten_40", "day_care_elderly_16")] == [
        10,
        40,
        16,
    ]
    assert [variants[f"{v}_visit"].every_weeks.value for v in ("citizen_office", "library")] == [2, 3]
    for one in variants.values():
        assert (one.kind == "visit") == (one.every_weeks.value > 0), one.id
        assert not one.capacity.value or one.capacity.unit == CATALOGUE.capacity_units[one.service].unit, one.id


VARIANT = "id,service,kind,label_de,label_en,hosts\n"
BUNDLE = "id,label_de,label_en,sharing,members,kinds\n"
RULE = "service,decides,task,partner_de,partner_en,may_close\n"
SLOT = "weekday,from_time,to_time,optional,source,legal_status,mark\n"


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("provision_figures.csv", "of,quantity,value\nlibrary_hours,quality,1.2\n", "provision_quality_range"),
        ("provision_figures.csv", "of,quantity,value\nlibrary_hours,quality,0\n", "provision_quality_range"),
        ("provision_figures.csv", "of,quantity,value\nlibrary_hours,lifetime_years,0.5\n", "provision_lifetime"),
        ("provision_figures.csv", "of,quantity,unit\nlibrary_hours,invest_eur,TEUR\n", "catalogue_unit_wrong"),
        ("provision_figures.csv", "of,quantity,value\nlibrary_hours,hours_week,0\n", "provision_hours"),
        ("provision_figures.csv", "of,quantity,value\ncitizen_office_visit,every_weeks,0\n", "provision_rhythm"),
        ("provision_figures.csv", HEAD + "library_branch,every_weeks,1,1,1,weeks,x,default,D\n", "provision_quantity_misplaced"),
        ("provision_figures.csv", HEAD + "library_branch,capacity,1,1,1,places,x,default,D\n", "provision_quantity_misplaced"),
        ("provision_figures.csv", "of,quantity,unit\nkindergarten_10,capacity,seats\n", "catalogue_unit_wrong"),
        ("provision_variants.csv", "id,kind\nlibrary_branch,visit\n", "provision_figure_missing"),
        ("provision_figures.csv", HEAD + "libary,invest_eur,1,2,3,EUR,x,default,D\n", "provision_owner_unknown"),
        ("provision_figures.csv", HEAD + "library_hours,saving_eur,1,2,3,EUR/a,x,default,D\n", "provision_quantity_misplaced"),
        ("provision_figures.csv", "of,quantity,value\nlevel:full,at_least,99\n", "provision_at_least"),
        ("provision_figures.csv", "of,quantity,value\nlevel:full,at_least,3\n", "provision_level_not_nested"),
        ("provision_variants.csv", VARIANT + "new,library,branch,B,b,\n", "provision_figure_missing"),
        ("provision_variants.csv", VARIANT + "library_hours,libary,hours,B,b,\n", "catalogue_service_unknown"),
        ("provision_variants.csv", "id,hosts\npost_agency,shopp\n", "catalogue_service_unknown"),
        ("provision_variants.csv", "id,kind\npost_agency,bus\n", "catalogue_not_allowed"),
        ("anchor_level_items.csv", "level,item,required,source,legal_status,mark\nhuge,core:post,yes,x,default,D\n", "provision_level_unknown"),
        ("anchor_level_items.csv", "level,item,required\nbasic,core:post,yes\n", "provision_level_not_nested"),
        ("anchor_levels.csv", "id,rank,label_de,label_en\nhuge,3,Groß,huge\n", "provision_figure_missing"),
        ("sharing_bundles.csv", "id,members\nhouse_office,citizen_office\n", "provision_bundle_of_one"),
        ("sharing_bundles.csv", "id,kinds\nhouse_office,bus\n", "provision_kind_unknown"),
        ("sharing_bundles.csv", "id,members\nhouse_office,citizen_office;core:treff\n", "catalogue_service_unknown"),
        ("decision_rules.csv", "service,may_close\nkindergarten,yes\n", "provision_close_others"),
        ("decision_rules.csv", "service,decides\nlibrary,joint\n", "provision_close_others"),
        ("decision_rules.csv", "service,decides,may_close\nlibrary,joint,no\n", "provision_partner_missing"),
        ("provision_weights.csv", "item,unit\npeople:old,points\n", "catalogue_unit_wrong"),
        ("week_slots.csv", "weekday,from_time,to_time\nMo,08:00,07:00\n", "quality_window_times"),
        ("week_slots.csv", SLOT + "Mo,11:00,13:00,no,x,default,D\n", "provision_slots_overlap"),
    ],
)  # fmt: skip
def test_faults_are_named(tmp_path: Path, file: str, content: str, code: str) -> None:
    """Each fault of a project's own file has its code, with file and row."""
    (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_catalogue(tmp_path)
    found = {p.code for p in caught.value.problems}
    assert code in found
    assert all(p.row for p in caught.value.problems)
