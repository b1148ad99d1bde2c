"""The three real regions from their files to the balance: counts that the data notes give, and values that must not drift.

Values stand in ``tests/golden/<region>.json``. ``ANKERORT_UPDATE_GOLDEN=1 make unit`` writes them anew; see docs/method/traps.md.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from ankerort.base.progress import SILENT
from ankerort.documents.assessment import Assessment
from ankerort.documents.evidence import evidence_lines
from ankerort.documents.profile import profile_places
from ankerort.documents.write_profiles import write_profiles
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.run import Stages, assess_region, explain_project
from ankerort.supply.model import Supply
from ankerort.text.numbers import format_decimal
from reference.golden import assert_golden, checksum, copy_of_region

pytestmark = [pytest.mark.golden, pytest.mark.slow]


def _run(name: str, shared: Path, tmp: pytest.TempPathFactory) -> tuple[Path, Assessment]:
    folder = copy_of_region(name, shared, tmp.mktemp(name))
    assessment, _ = assess_region(folder)
    return folder, assessment


@pytest.fixture(scope="module")
def stockheim(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Assessment]:
    return _run("stockheim", shared_data, tmp_path_factory)


@pytest.fixture(scope="module")
def heidelberg(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Assessment]:
    return _run("heidelberg", shared_data, tmp_path_factory)


@pytest.fixture(scope="module")
def magdeburg(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Assessment]:
    return _run("magdeburg", shared_data, tmp_path_factory)


def region_values(region: Region) -> dict[str, object]:
    """Counts and checksums of what was read."""
    counting = region.facilities[(region.facilities["merged_into"] == "") & (region.facilities["state"] == "open")]
    facilities = counting.groupby(["service", "certainty"]).size()
    return {
        "cells": len(region.cells),
        "cells_in_study": int(region.cells["in_study"].sum()),
        "persons_in_study": round(float(region.cells.loc[region.cells["in_study"], "persons"].sum())),
        "places_in_study": int(region.places["in_study"].sum()),
        "places_by_rule": region.places["rule"].value_counts().sort_index().to_dict(),
        "registered_stops": len(region.registered_stops),
        "facilities": {f"{service} {certainty}": int(n) for (service, certainty), n in facilities.items()},
        "merged": int((region.facilities["merged_into"] != "").sum()),
        "cells_checksum": checksum(region.cells, ["x", "y", "persons", "ags", "place_id", "in_study"]),
        "places_checksum": checksum(region.places, ["place_id", "print_name", "kind", "rule", "persons"]),
        "facilities_checksum": checksum(counting, ["service", "name", "certainty", "source_id", "place_id", "x", "y"]),
    }


def supply_values(assessment: Assessment) -> dict[str, object]:
    """States and times; minutes are compared to a tenth."""
    supply: Supply = assessment.supply
    balance = supply.place_service
    return {
        "states": balance["state"].value_counts().sort_index().to_dict(),
        "states_no_car": balance["state_no_car"].value_counts().sort_index().to_dict(),
        "balance_checksum": checksum(balance, ["place_id", "service", "state", "state_no_car", "state_demand"]),
        "recording_checksum": checksum(supply.recording, ["service", "found", "absence", "reason"]),
        "nearest_rows": supply.nearest["mode"].astype(str).value_counts().sort_index().to_dict(),
        "car_minutes": mean_minutes(supply, "car"),
        "pt_minutes": mean_minutes(supply, "pt"),
    }


def mean_minutes(supply: Supply, mode: str) -> dict[str, float]:
    """Mean minutes to the nearest per service, over cells with a value."""
    rows = supply.nearest[supply.nearest["mode"] == mode]
    means = rows.groupby("service", observed=True)["minutes"].mean().dropna()
    return {str(service): round(float(m), 2) for service, m in means.items()}


@pytest.mark.parametrize("name", ["stockheim", "heidelberg", "magdeburg"])
def test_values_stay_as_they_are(name: str, request: pytest.FixtureRequest) -> None:
    """Counts, checksums, states and mean times are those that were last looked at."""
    _, assessment = request.getfixturevalue(name)
    assert_golden(
        name,
        {
            **region_values(assessment.region),
            **supply_values(assessment),
            "service_day": assessment.pt.date,
            "public_transport": assessment.pt.kind,
            "silent_stations": int((assessment.pt.silent_stops["kind"] == "station").sum()),
            "problems": sorted({f"{p.severity} {p.code}" for p in assessment.problems}),
        },
    )


def _open(region: Region, service: str) -> pd.DataFrame:
    rows = region.facilities
    return rows[(rows["service"] == service) & (rows["merged_into"] == "") & (rows["state"] == "open")]


@pytest.mark.parametrize(
    ("service", "certain", "probable"),
    [
        ("general_practitioner", 2, 1),
        ("secondary_school", 2, 0),
        ("after_school", 0, 0),
        ("post_office", 2, 6),
        ("bank_branch", 4, 2),
    ],
)
def test_stockheim_has_the_facilities_that_the_reviewed_rules_give(
    stockheim: tuple[Path, Assessment], service: str, certain: int, probable: int
) -> None:
    """What is certain and what is probable stays apart."""
    found = _open(stockheim[1].region, service)["certainty"].value_counts()
    assert (found.get("certain", 0), found.get("probable", 0)) == (certain, probable)


def test_stockheim_stops_by_name(stockheim: tuple[Path, Assessment]) -> None:
    """The poles of OSM become stops of 69 names."""
    names = _open(stockheim[1].region, "bus_stop")["name"]
    assert names[names != ""].nunique() == 69


def test_stockheim_after_school_is_unknown_everywhere(stockheim: tuple[Path, Assessment]) -> None:
    """OSM knows no after-school care: not known, nowhere "there is none", and nobody certainly unserved."""
    supply = stockheim[1].supply
    rows = supply.place_service[supply.place_service["service"] == "after_school"]
    assert len(rows) == 25 and set(rows["state"]) == {"?"}
    shares = supply.area_service[supply.area_service["service"] == "after_school"]
    assert shares["share_high"].dropna().min() == pytest.approx(1)
    assert shares["share_low"].dropna().max() == 0


def test_stockheim_recording_rate_of_practices(stockheim: tuple[Path, Assessment]) -> None:
    """3 of about 18 practices are recorded, so absence means unknown; food markets and primary schools are complete."""
    recording = stockheim[1].supply.recording.set_index("service")
    row = recording.loc["general_practitioner"]
    assert row["found"] == 3
    assert 17 <= row["expected"] <= 20
    assert row["absence"] == "unknown"
    assert {recording.loc[s, "absence"] for s in ("supermarket", "primary_school", "fire_station")} == {"missing"}


def test_stockheim_times_rest_on_a_matrix(stockheim: tuple[Path, Assessment]) -> None:
    """Without a timetable every public-transport figure is estimated and there is no service day and no way home."""
    assessment = stockheim[1]
    assert (assessment.pt.kind, assessment.pt.date) == ("matrix", "")
    rows = assessment.supply.nearest
    assert rows.loc[rows["mode"] == "pt", "estimated"].all()
    assert not rows.loc[rows["mode"] == "car", "estimated"].any()
    assert {key.direction for key in assessment.reach.pt} == {"out"}


def test_stockheim_beyond_its_edge_is_a_bound_and_never_out_of_reach(stockheim: tuple[Path, Assessment]) -> None:
    """Nobody is beyond a standard on foot whose circle leaves the data; what is found there is "at most"."""
    assessment = stockheim[1]
    rows = assessment.supply.nearest
    assert rows["bound"].mean() > 0.2
    cell = pd.Series(np.arange(len(assessment.region.cells)), index=assessment.region.cells["cell_id"])
    reach: Reach = assessment.reach
    beyond = rows[(rows["mode"] == "foot") & (rows["status"] == "beyond")]
    assert len(beyond) > 50
    for service, group in beyond.groupby("service", observed=True):
        standards = assessment.catalogue.services[str(service)].standards
        limit = standards["walk"].minimum
        metres = limit.value if limit.unit == "m" else limit.value * 60 * assessment.catalogue.value("walk_speed.all")
        edge = reach.edge_m[str(service)][cell.loc[group["cell_id"].astype(str)].to_numpy()]
        assert edge.min() >= metres, service
    assert "–" not in set(assessment.supply.place_service["state"])


def test_heidelberg_has_streets_and_hospitals_but_few_shops(heidelberg: tuple[Path, Assessment]) -> None:
    """The stripped extract gives streets; what it has lost is unknown, not missing."""
    assessment = heidelberg[1]
    assert assessment.pt.date == "2022-06-21"
    assert not any(assessment.reach.estimated[mode] for mode in ("foot", "bike", "car"))
    recording = assessment.supply.recording.set_index("service")
    for service in ("supermarket", "pharmacy", "general_practitioner", "bank_branch"):
        assert recording.loc[service, "absence"] == "unknown", service
    states = assessment.supply.place_service.groupby("service")["state"].agg(set)
    assert states["pharmacy"] == {"?"}


def test_magdeburg_cells_people_and_day(magdeburg: tuple[Path, Assessment]) -> None:
    """12,284 cells of 200 m, all inhabitants of 2022, and the first whole school day of all five feeds."""
    assessment = magdeburg[1]
    cells = assessment.region.cells
    assert int(cells["in_study"].sum()) == 12_284
    assert cells.loc[cells["in_study"], "persons"].sum() == pytest.approx(682_837, abs=2)
    assert assessment.pt.date == "2026-06-09"
    assert not any(r.hollow for r in assessment.pt.reports)


def test_magdeburg_on_demand_trips_and_missing_trains(magdeburg: tuple[Path, Assessment]) -> None:
    """3,416 and 109 trips on demand are kept apart; all stations of area and buffer (198 of the 209) have no train."""
    assessment = magdeburg[1]
    flat = {r.source_id: r.on_demand_trips for r in assessment.pt.reports}
    assert flat == {"boerdebus": 109, "kvg": 0, "njl": 0, "mvb": 0, "pvgs": 3416}
    assert (assessment.pt.silent_stops["kind"] == "station").sum() == 198
    assert (assessment.region.registered_stops["kind"] == "station").sum() == 198
    assert any(p.code == "gtfs_no_rail" for p in assessment.problems)


def test_magdeburg_feeds_are_hollow_in_autumn(shared_data: Path, tmp_path: Path) -> None:
    """On a Tuesday in September MVB runs 761 trips and PVGS none; the run names both."""
    folder = copy_of_region("magdeburg", shared_data, tmp_path)
    path = folder / "region.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('land = "ST"', 'land = "ST"\nday = "2026-09-08"', 1), encoding="utf-8")
    stages = Stages(folder, 0, SILENT)
    facts = stages.pt_facts()
    assert {r.source_id for r in facts.reports if r.hollow} == {"mvb", "pvgs"}
    hollow = {p.table: p.params["trips"] for p in stages.network_problems() if p.code == "gtfs_hollow"}
    assert sorted(hollow.values()) == [0, 761]  # type: ignore[type-var]


def test_magdeburg_services_without_a_source_are_unknown(magdeburg: tuple[Path, Assessment]) -> None:
    """Nobody gave doctors, banks or post outside the city: "?" and never "–"; only what was declared may be absent."""
    assessment = magdeburg[1]
    balance = assessment.supply.place_service
    places = assessment.region.places.set_index("place_id")
    outside = balance[~balance["place_id"].map(places["ags"]).eq("15003000")]
    for service in ("general_practitioner", "dentist", "bank_branch", "post_office"):
        states = outside.loc[outside["service"] == service, "state"]
        assert "–" not in set(states), service
    assert set(outside.loc[outside["service"] == "general_practitioner", "state"]) == {"?"}


def test_magdeburg_rests_on_straight_lines(magdeburg: tuple[Path, Assessment]) -> None:
    """No streets: every way is marked estimated."""
    rows = magdeburg[1].supply.nearest
    assert rows["estimated"].all()


@pytest.mark.parametrize("name", ["magdeburg", "heidelberg"])
def test_nobody_travels_in_two_seconds(name: str, request: pytest.FixtureRequest) -> None:
    """No public-transport time is shorter than the walk to it; nobody rides in 0 to 2 s, on demand or not."""
    reach: Reach = request.getfixturevalue(name)[1].reach
    assert len(reach.pt) > 0
    for key, columns in reach.pt.items():
        ridden = np.asarray(columns.departures) > 0
        fastest = np.asarray(columns.fastest_s)[ridden]
        assert ridden.any(), key
        assert fastest.min() > 2, key
        assert (np.asarray(columns.typical_s)[ridden] >= fastest).all(), key


@pytest.mark.parametrize("service", ["general_practitioner", "supermarket", "pharmacy"])
def test_stockheim_explain_prints_the_stored_figures(stockheim: tuple[Path, Assessment], service: str) -> None:
    """The minutes of the evidence are those of the balance, mode by mode."""
    folder, assessment = stockheim
    found = explain_project(folder, place="Enzheim", service=service)
    row = found.evidence.balance
    text = "\n".join(evidence_lines(found, "de"))
    columns = {"foot": "walk_min", "bike": "bike_min", "car": "car_min"}
    assert {s.mode for s in found.evidence.streets} >= {"car"}
    for street in found.evidence.streets:
        assert f"{format_decimal(float(row[columns[street.mode]]), 'de')} " in text, street.mode
        assert assessment.reach.nearest[service, street.mode, "any"].value[street.cell] == street.value
        if street.trace is not None and street.mode != "car":
            # each edge is rounded up to whole metres when the network is built, so the figure is a little longer than the way
            assert street.trace.metres <= street.value <= 1.002 * street.trace.metres + 2
    for journey in found.evidence.pt:
        column = "pt_demand_min" if journey.with_demand else "pt_min"
        assert float(row[column]) == pytest.approx(journey.value / 60)
        assert format_decimal(journey.value / 60, "de") in text


@pytest.mark.golden
def test_stockheim_profiles_are_one_page_each(stockheim: tuple[Path, Assessment], tmp_path: Path) -> None:
    """Every place of a real region has its profile on exactly one page, without a timetable too."""
    _, assessment = stockheim
    files = [f for f in write_profiles(assessment, tmp_path) if f.suffix == ".pdf"]
    assert len(files) == len(profile_places(assessment))
    assert {f.name: len(PdfReader(f).pages) for f in files} == {f.name: 1 for f in files}
