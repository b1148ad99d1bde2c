"""The real regions: counts that the data notes give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ankerort.region.check import RegionCheck, check_region
from ankerort.region.project import load_region, save_region


def project(folder: Path, data: Path, study: str, land: str, inputs: list[tuple[str, str, list[str]]]) -> Path:
    lines = ["format = 1", 'name = "Golden"', f"study_area = {study}", "buffer_km = 30.0", f'land = "{land}"']
    for k, (kind, preset, files) in enumerate(inputs):
        names = ", ".join(f'"{(data / f).resolve().as_posix()}"' for f in files)
        lines += ["[[input]]", f'kind = "{kind}"', f'id = "{kind}_{k}"', f"files = [{names}]", f'preset = "{preset}"']
    folder.mkdir(exist_ok=True)
    (folder / "region.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


CENSUS = ("census", "", [f"zensus/zensus2011_{n}.csv" for n in ("200m", "1km", "100m_wohnungen_alter")])
BOUNDARIES = [
    ("boundaries", "", [f"grenzen/{n}.geojson"]) for n in ("gemeinden", "verwaltungsgemeinschaften", "kreise")
]


@pytest.fixture(scope="module")
def stockheim(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> RegionCheck:
    inputs = [("osm", "", ["osm/stockheim.osm.pbf"]), CENSUS, *BOUNDARIES]
    folder = tmp_path_factory.mktemp("stockheim")
    return check_region(project(folder, shared_data / "stockheim", '["06440"]', "HE", inputs))


@pytest.fixture(scope="module")
def magdeburg(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> RegionCheck:
    inputs = [
        CENSUS,
        *BOUNDARIES,
        ("place_areas", "", ["grenzen/stadtteile_magdeburg.geojson"]),
        ("stop_register", "nasa_register", ["haltestellen/20260508_ST-MDV_nasa.csv"]),
    ]
    study = '["15003", "15083", "15086", "15089"]'
    folder = tmp_path_factory.mktemp("magdeburg")
    return check_region(project(folder, shared_data / "magdeburg", study, "ST", inputs))


@pytest.mark.golden
def test_stockheim_places(stockheim: RegionCheck) -> None:
    """29 villages and 3 hamlets; the 345 localities are field names and no places."""
    assert stockheim.region is not None
    kinds = stockheim.region.places["kind"].value_counts()
    assert (kinds["village"], kinds["hamlet"]) == (29, 3)
    assert set(kinds.index) == {"village", "hamlet", "outlying", "whole_municipality"}


@pytest.mark.golden
def test_stockheim_extract_ends_before_the_buffer(stockheim: RegionCheck) -> None:
    """The extract covers about 43,000 of 196,000 people; the check says so."""
    found = {p.code: p for p in stockheim.problems}
    covered, total = found["buffer_beyond_osm"].params["covered"], found["buffer_beyond_osm"].params["total"]
    assert isinstance(covered, int) and isinstance(total, int)
    assert 41_000 < covered < 45_000
    assert 190_000 < total < 200_000
    assert "study_beyond_osm" in found


@pytest.mark.golden
def test_stockheim_every_row_has_one_place(stockheim: RegionCheck) -> None:
    """Every cell and facility of a known municipality belongs to one known place, of its own municipality."""
    _every_row_has_one_place(stockheim)


@pytest.mark.golden
def test_stockheim_streets_survive_the_project_folder(stockheim: RegionCheck, tmp_path: Path) -> None:
    """The street arrays are mapped back as they were."""
    assert stockheim.region is not None and stockheim.region.streets is not None
    save_region(stockheim.region, tmp_path)
    loaded = load_region(tmp_path).streets
    assert loaded is not None
    assert np.array_equal(loaded.segment_from, stockheim.region.streets.segment_from)
    assert np.array_equal(loaded.maxspeed_forward_kmh, stockheim.region.streets.maxspeed_forward_kmh, equal_nan=True)
    assert loaded.class_names == stockheim.region.streets.class_names


@pytest.mark.golden
def test_magdeburg_study_area(magdeburg: RegionCheck) -> None:
    """12,284 cells of 200 m, as the data notes count them: none of the neighbouring Land, none missing."""
    assert magdeburg.region is not None
    assert int(magdeburg.region.cells["in_study"].sum()) == 12_284
    # 241517 + 168411 + 88710 + 184199 inhabitants by the census of 2022
    assert magdeburg.region.cells.loc[magdeburg.region.cells["in_study"], "persons"].sum() == pytest.approx(
        682_837, abs=2
    )


@pytest.mark.golden
def test_magdeburg_places_from_stop_names(magdeburg: RegionCheck) -> None:
    """About 500 settlements by stop names and 38 inhabited Stadtteile; same names are told apart."""
    assert magdeburg.region is not None
    places = magdeburg.region.places
    own = places[places["in_study"]]
    assert 480 <= (own["rule"] == "stop_names").sum() <= 530
    assert len(own[(own["ags"] == "15003000") & (own["kind"] != "outlying")]) == 39
    assert places["print_name"].is_unique
    assert places["name"].duplicated(keep=False).sum() > 60
    assert {"Ackendorf (Gardelegen)", "Aderstedt (Bernburg)"} <= set(places["print_name"])
    outlying = own.loc[own["kind"] == "outlying", "persons"].sum()
    assert outlying < 0.02 * own["persons"].sum()


@pytest.mark.golden
def test_magdeburg_every_row_has_one_place(magdeburg: RegionCheck) -> None:
    """As in stockheim; stops are merged by name, and none of them is lost."""
    _every_row_has_one_place(magdeburg)
    assert magdeburg.region is not None
    stops = magdeburg.region.facilities
    assert len(stops[stops["service"] == "bus_stop"]) == len(magdeburg.region.registered_stops)


def _every_row_has_one_place(check: RegionCheck) -> None:
    assert check.region is not None
    ags_of = check.region.places.set_index("place_id")["ags"]
    for table in (check.region.cells, check.region.facilities):
        known = table[table["ags"] != ""]
        assert (known["place_id"].map(ags_of) == known["ags"]).all()
        assert (table.loc[table["ags"] == "", "place_id"] == "").all()
