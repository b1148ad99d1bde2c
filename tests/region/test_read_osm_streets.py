"""Reading streets: every tag rule on a small real file, and the counts of the real regions."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from ankerort.base.problems import InputError, Problems
from ankerort.region.model import RawStreets
from ankerort.region.read_osm_streets import read_osm_streets, segment_length_m
from ankerort.region.street_tags import (
    barrier_blocks,
    parse_duration_s,
    parse_length_m,
    parse_speed_kmh,
    parse_weight_t,
    speed_limits_kmh,
    vehicle_limits,
)


def tags_xml(tags: str) -> str:
    pairs = [pair.split("=", 1) for pair in tags.split()]
    return "".join(f'<tag k="{k}" v="{v}"/>' for k, v in pairs)


def read(folder: Path, ways: list[str], *, node_tags: str = "", missing: tuple[int, ...] = ()) -> RawStreets:
    """Write a file of parallel ways of three points each (ids 10k, 10k+1, 10k+2) and read it; `node_tags` on every middle point."""
    body = []
    for k in range(len(ways)):
        for i in range(3):
            ident = 10 * k + i + 10
            tags = tags_xml(node_tags) if i == 1 else ""
            if ident not in missing:
                body.append(
                    f'<node id="{ident}" version="1" lon="{11 + i * 0.001}" lat="{52 + k * 0.001}">{tags}</node>'
                )
    for k, tags in enumerate(ways):
        refs = "".join(f'<nd ref="{10 * k + i + 10}"/>' for i in range(3))
        body.append(f'<way id="{k + 1}" version="1">{refs}{tags_xml(tags)}</way>')
    path = folder / "small.osm.gz"
    path.write_bytes(gzip.compress(f'<osm version="0.6">{"".join(body)}</osm>'.encode()))
    return read_osm_streets(path, source_id="osm", problems=Problems())


def use_of(raw: RawStreets, way: int) -> str:
    """Who may use a way: F foot, B/b bike ahead/back, C/c car ahead/back."""
    at = int(np.flatnonzero(raw.segment_way == way)[0])
    flags = (raw.foot, raw.bike_forward, raw.bike_backward, raw.car_forward, raw.car_backward)
    return "".join(letter for letter, flag in zip("FBbCc", flags, strict=True) if flag[at])


RULES = {
    # classes
    "highway=residential": "FBbCc",
    "highway=motorway": "C",
    "highway=motorway oneway=no": "Cc",
    "highway=motorway_link": "Cc",
    "highway=trunk": "FBbCc",
    "highway=trunk foot=no": "Cc",
    "highway=trunk motorroad=yes": "Cc",
    "highway=footway": "FBb",
    "highway=steps": "F",
    "highway=path bicycle=no": "F",
    "highway=pedestrian bicycle=dismount": "F",
    "highway=cycleway foot=no": "Bb",
    "highway=track": "FBb",
    "highway=track tracktype=grade1": "FBbCc",
    "highway=track surface=asphalt": "FBbCc",
    "highway=track surface=asphalt motor_vehicle=agricultural": "FBb",
    "highway=track motor_vehicle=destination": "FBbCc",
    "highway=construction": "",
    "highway=bridleway": "",
    "highway=bridleway foot=yes": "FBb",
    "waterway=river": "",
    # access, the most special key decides
    "highway=service access=private": "",
    "highway=service access=private foot=yes": "FBb",
    "highway=service access=no motorcar=yes": "Cc",
    "highway=service access=destination": "FBbCc",
    "highway=service access=customers": "FBbCc",
    "highway=unclassified vehicle=no": "F",
    "highway=unclassified vehicle=no bicycle=yes": "FBb",
    "highway=unclassified motor_vehicle=no": "FBb",
    "highway=unclassified motor_vehicle=no motorcar=yes": "FBbCc",
    "highway=unclassified access=agricultural": "FBb",
    "highway=unclassified vehicle=agricultural": "F",
    "highway=unclassified motor_vehicle=forestry": "FBb",
    "highway=residential foot=use_sidepath bicycle=use_sidepath": "FBbCc",
    # one-way
    "highway=residential oneway=yes": "FBC",
    "highway=residential oneway=-1": "Fbc",
    "highway=residential oneway=yes oneway:bicycle=no": "FBbC",
    "highway=residential oneway=yes cycleway=opposite": "FBbC",
    "highway=residential oneway=yes cycleway:left=opposite_lane": "FBbC",
    "highway=residential oneway:bicycle=yes": "FBCc",
    "highway=tertiary junction=roundabout": "FBC",
    "highway=tertiary junction=roundabout oneway=-1": "Fbc",
    "highway=tertiary oneway=reversible": "F",
    # ferries: cars only where said
    "route=ferry": "FBb",
    "route=ferry motor_vehicle=yes": "FBbCc",
    "route=ferry foot=no bicycle=no motorcar=yes": "Cc",
    "route=bus": "",
}


def test_access_rules(tmp_path):
    """Each line of the rules, read from a real file, says who may use the way in which direction."""
    raw = read(tmp_path, list(RULES))
    found = {tags: use_of(raw, k + 1) if k + 1 in raw.segment_way else "" for k, tags in enumerate(RULES)}
    assert found == RULES


def test_segments_and_lengths(tmp_path):
    """A way of three points is two segments in its own direction, as long as the ellipsoid says; loose points are left out."""
    raw = read(tmp_path, ["highway=residential", "highway=construction"])
    assert raw.segment_from.tolist() == [0, 1]
    assert raw.segment_to.tolist() == [1, 2]
    assert raw.node_lon.tolist() == [11.0, 11.001, 11.002]
    metres = Geod(ellps="WGS84").inv(11.0, 52.0, 11.001, 52.0)[2]
    assert raw.segment_m == pytest.approx([metres, metres], abs=0.001)
    lon = np.array([11.0, 11.0, 11.2])
    lat = np.array([52.0, 52.02, 52.1])
    true = Geod(ellps="WGS84").inv(np.full(3, 10.99), np.full(3, 52.01), lon, lat)[2]
    assert segment_length_m(np.full(3, 10.99), np.full(3, 52.01), lon, lat) == pytest.approx(true, abs=0.5)


def test_speed_surface_and_ferry_time(tmp_path):
    """Limits by direction, surface or grade, and a ferry's duration spread over its length."""
    raw = read(
        tmp_path,
        [
            "highway=secondary maxspeed=70 maxspeed:backward=50",
            "highway=track tracktype=grade3",
            "route=ferry duration=00:20",
        ],
    )
    first = raw.segment_way == 1
    assert raw.maxspeed_forward_kmh[first].tolist() == [70, 70]
    assert raw.maxspeed_backward_kmh[first].tolist() == [50, 50]
    assert {raw.surface_names[k] for k in raw.segment_surface[raw.segment_way == 2]} == {"grade3"}
    assert raw.ferry_s[raw.segment_way == 3] == pytest.approx([600, 600], rel=1e-4)
    assert np.isnan(raw.ferry_s[~(raw.segment_way == 3)]).all()


def test_limits():
    """Units, German implicit limits, several values (the least counts), and words without a number."""
    known = {
        "50": 50,
        "50 km/h": 50,
        "30 mph": 48.28,
        "DE:urban": 50,
        "DE:rural": 100,
        "DE:zone:30": 30,
        "DE:zone30": 30,
        "DE:30": 30,
        "walk": 7,
        "DE:living_street": 7,
        "70;50": 50,
    }
    for text, kmh in known.items():
        assert parse_speed_kmh(text) == pytest.approx(kmh, abs=0.01), text
    for text in ("none", "signals", "DE:motorway", "", "fast", "0"):
        assert np.isnan(parse_speed_kmh(text)), text
    assert speed_limits_kmh({"source:maxspeed": "DE:urban"}) == (50, 50)
    assert speed_limits_kmh({"maxspeed": "100", "maxspeed:forward": "60"}) == (60, 100)


def test_limits_of_weight_and_size():
    """Tonnes and metres with comma, units, feet and inches; of several the lowest; words are no limit that is known."""
    weights = {"3.5": 3.5, "3.5 t": 3.5, "3,5t": 3.5, "7.5 st": 6.804, "2800 kg": 2.8, "12;7.5": 7.5, "6000 lbs": 2.722}
    for text, tonnes in weights.items():
        assert parse_weight_t(text) == pytest.approx(tonnes, abs=0.001), text
    lengths = {"3.8": 3.8, "3,8 m": 3.8, "380 cm": 3.8, "12'6\"": 3.81, "12'": 3.658, "6 ft": 1.829, "4.2;3.9": 3.9}
    for text, metres in lengths.items():
        assert parse_length_m(text) == pytest.approx(metres, abs=0.001), text
    for text in ("", "none", "default", "below_default", "0", "low", "-2", "3.5 stones"):
        assert np.isnan(parse_weight_t(text)), text
        assert np.isnan(parse_length_m(text)), text
    assert vehicle_limits({"maxweight": "12", "maxweightrating": "7.5", "maxheight:physical": "3.6"})[:2] == (7.5, 3.6)
    assert vehicle_limits({"hgv": "no"})[0] == 3.5
    assert np.isnan(vehicle_limits({"hgv": "no", "maxwidth": "default"})[2])


def test_limits_stand_at_their_segments(tmp_path):
    """A way's limit holds for all its segments, a restrictor for the two segments at it, the lower one of both counts."""
    raw = read(tmp_path, ["highway=residential maxheight=3.2", "highway=residential maxweight=3.5"])
    assert raw.max_height_m[raw.segment_way == 1] == pytest.approx([3.2, 3.2])
    assert np.isnan(raw.max_height_m[raw.segment_way == 2]).all()
    assert raw.max_weight_t[raw.segment_way == 2] == pytest.approx([3.5, 3.5])
    restricted = read(tmp_path, ["highway=service maxheight=3.2"], node_tags="barrier=height_restrictor maxheight=2.1")
    assert restricted.max_height_m == pytest.approx([2.1, 2.1])
    assert use_of(restricted, 1)[-2:] == "Cc"


def test_durations():
    """Clock times, minutes, ISO 8601; what is none of these is not known."""
    known = {"00:20": 1200, "1:05": 3900, "01:05:30": 3930, "8": 480, "PT20M": 1200, "PT1H5M": 3900}
    assert {text: parse_duration_s(text) for text in known} == known
    for text in ("", "soon", "PT", "-3"):
        assert np.isnan(parse_duration_s(text)), text


def test_barriers(tmp_path):
    """A bollard stops cars, a stile stops bikes too, a gate nobody unless it is private; tags of the node overrule."""

    def blocks(text: str) -> str:
        tags = dict(pair.split("=", 1) for pair in text.split())
        return "".join(m for m, b in zip("cbf", barrier_blocks(tags), strict=True) if b)

    cases = {
        "barrier=bollard": "c",
        "barrier=block": "c",
        "barrier=gate": "",
        "barrier=gate access=private": "cbf",
        "barrier=gate access=private foot=yes": "cb",
        "barrier=gate access=no foot=yes bicycle=yes": "c",
        "barrier=lift_gate motor_vehicle=no": "c",
        "barrier=lift_gate access=agricultural": "c",
        "barrier=bollard motor_vehicle=yes": "",
        "barrier=stile": "cb",
        "barrier=wall": "cbf",
        "barrier=cattle_grid": "",
    }
    assert {text: blocks(text) for text in cases} == cases
    raw = read(tmp_path, ["highway=residential"], node_tags="barrier=bollard")
    assert raw.node_blocked_car.tolist() == [False, True, False]
    assert not raw.node_blocked_bike.any()
    assert not raw.node_blocked_foot.any()


def test_points_outside_of_the_extract(tmp_path):
    """A way whose point the extract lacks loses the segments at it; the rest stays and a note counts the points."""
    problems = Problems()
    read(tmp_path, ["highway=residential", "highway=residential"], missing=(12,))
    raw = read_osm_streets(tmp_path / "small.osm.gz", source_id="osm", problems=problems)
    assert np.bincount(raw.segment_way).tolist() == [0, 1, 2]
    assert [(p.code, p.severity, p.params["count"]) for p in problems] == [("osm_nodes_missing", "note", 1)]


def test_broken_and_empty_files(tmp_path):
    """A broken file is an error with the file's name; a file without streets is one too, but reading ends well."""
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"\x00\x00\x00\x0dthis is no pbf file at all")
    problems = Problems()
    with pytest.raises(InputError):
        read_osm_streets(broken, source_id="osm", problems=problems)
    assert [(p.code, p.table) for p in problems] == [("osm_unreadable", "broken.osm.pbf")]
    read(tmp_path, ["waterway=river"])
    problems = Problems()
    raw = read_osm_streets(tmp_path / "small.osm.gz", source_id="osm", problems=problems)
    assert raw.segment_m.size == raw.node_lon.size == 0
    assert [p.code for p in problems] == ["osm_no_streets"]


@pytest.mark.golden
@pytest.mark.parametrize(
    ("region", "nodes", "segments", "foot", "car_ahead", "barriers"),
    [("stockheim", 35892, 38983, 38455, 19520, 210), ("heidelberg", 172495, 182490, 180372, 68093, 846)],
)
def test_real_regions(shared_data, region, nodes, segments, foot, car_ahead, barriers):
    """The real extracts hold as many points, segments, foot and car segments and car barriers as when they were reviewed."""
    problems = Problems()
    path = next((shared_data / region / "osm").glob("*.osm.pbf"))
    raw = read_osm_streets(path, source_id="osm", problems=problems)
    assert not len(problems)
    counts = (raw.node_lon.size, raw.segment_m.size, raw.foot.sum(), raw.car_forward.sum(), raw.node_blocked_car.sum())
    assert tuple(int(c) for c in counts) == (nodes, segments, foot, car_ahead, barriers)
