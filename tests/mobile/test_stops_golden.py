"""A real map: candidate stops of five municipalities around Stockheim, and drives between them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.stops import candidate_stops
from ankerort.mobile.travel import trace_leg, travel_matrices, vehicle_ways, walks_to_stops
from ankerort.network.build_ways import build_ways
from ankerort.network.model import Network
from ankerort.region.check import check_region
from ankerort.region.read_spots import spots_of
from ankerort.region.schema_mobile import STOP_TABLE

_STUDY = ("06440001", "06440007", "06440010", "06440014", "06440020")


@pytest.mark.golden
def test_stops_of_stockheim(shared_data: Path, tmp_path: Path) -> None:
    """Some 70 of 360 spots stay; every village has one; seven in ten people of 75 and older walk at most 400 m; drives equal their traces."""
    data = shared_data / "stockheim"
    inputs = [
        ("osm", ["osm/stockheim.osm.pbf"]),
        ("census", [f"zensus/zensus2011_{n}.csv" for n in ("200m", "1km", "100m_wohnungen_alter")]),
        *(("boundaries", [f"grenzen/{n}.geojson"]) for n in ("gemeinden", "verwaltungsgemeinschaften", "kreise")),
    ]
    lines = ["format = 1", 'name = "Golden"', f"study_area = {list(_STUDY)}", "buffer_km = 15.0", 'land = "HE"']
    for k, (kind, files) in enumerate(inputs):
        names = ", ".join(f'"{(data / f).resolve().as_posix()}"' for f in files)
        lines += ["[[input]]", f'kind = "{kind}"', f'id = "{kind}_{k}"', f"files = [{names}]"]
    (tmp_path / "region.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    region = check_region(tmp_path).region
    assert region is not None
    catalogue = read_catalogue()
    foot, bike, car = build_ways(region, catalogue=catalogue)
    network = Network(foot, bike, car, None, None)
    problems = Problems()
    spots = spots_of(region.settings, catalogue, problems=problems)
    assert not len(problems)
    assert 300 < len(spots) < 450
    area = np.flatnonzero(region.cells["in_study"]).astype(np.int32)
    stops, told = candidate_stops(
        region,
        catalogue,
        spots=spots,
        table=STOP_TABLE.empty(),
        area_cells=area,
        request=MobileRequest(services=("citizen_office",)),
        network=network,
    )
    assert 60 <= len(stops) <= 85
    assert "mobile_places_without_stop" not in {p.code for p in told}
    walks = walks_to_stops(region, network, catalogue, stops, area, limit_m=400)
    old = region.cells[["p_75_84", "p_85_plus"]].to_numpy(float).sum(axis=1)
    assert 0.65 < old[np.unique(walks.home)].sum() / old[area].sum() < 0.75
    vehicle = catalogue.mobile.vehicles["truck"]
    xy = stops[["x", "y"]].to_numpy(float)
    ways = vehicle_ways(region, network, catalogue, vehicle)
    found = travel_matrices(region, network, catalogue, xy[1:], xy[:1], vehicle, ways=ways)
    assert not found.estimated
    reached = np.flatnonzero(found.vehicle_ok)
    assert len(reached) > 0.9 * len(stops)
    nodes = np.vstack([xy[1:], xy[:1]])
    for a, b in zip(reached[:20].tolist(), reached[-20:].tolist(), strict=True):
        trace = trace_leg(ways, tuple(nodes[a]), tuple(nodes[b]))
        assert trace is not None
        assert (trace.value if a != b else 0) == found.travel_s[a, b]
        assert (trace.metres if a != b else 0.0) == pytest.approx(found.travel_m[a, b], abs=0.01)
