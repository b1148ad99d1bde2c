"""Tests of the spots of a map where a vehicle may stop: what is one, and what tags tell about it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest
from pyproj import Transformer

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.region.read_spots import read_spots

CRS = "EPSG:25832"
X0, Y0 = 650_000.0, 5_750_000.0
_BACK = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)


class Draw:
    """An OSM file in metres from the origin."""

    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.rest: list[str] = []

    def _node(self, x: float, y: float, tags: str = "") -> int:
        lon, lat = _BACK.transform(X0 + x, Y0 + y)
        number = len(self.nodes) + 1
        self.nodes.append(f'<node id="{number}" version="1" lon="{lon:.7f}" lat="{lat:.7f}">{_xml(tags)}</node>')
        return number

    def point(self, x: float, y: float, tags: str) -> str:
        return f"osm:n{self._node(x, y, tags)}"

    def area(self, x: float, y: float, width: float, height: float, tags: str) -> str:
        return f"osm:w{self._ring(x, y, width, height, tags)}"

    def _ring(self, x: float, y: float, width: float, height: float, tags: str = "") -> int:
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        nodes = [self._node(*c) for c in corners]
        refs = "".join(f'<nd ref="{n}"/>' for n in [*nodes, nodes[0]])
        number = 1000 + len(self.rest)
        self.rest.append(f'<way id="{number}" version="1">{refs}{_xml(tags)}</way>')
        return number

    def relation(self, x: float, y: float, width: float, height: float, tags: str) -> str:
        way = self._ring(x, y, width, height)
        number = 9000 + len(self.rest)
        member = f'<member type="way" ref="{way}" role="outer"/>'
        self.rest.append(f'<relation id="{number}" version="1">{member}{_xml("type=multipolygon " + tags)}</relation>')
        return f"osm:r{number}"

    def read(self, folder: Path) -> pd.DataFrame:
        path = folder / "small.osm.gz"
        ways = [r for r in self.rest if r.startswith("<way")]
        relations = [r for r in self.rest if r.startswith("<rel")]
        body = "".join(self.nodes + ways + relations)
        path.write_bytes(gzip.compress(f'<osm version="0.6">{body}</osm>'.encode()))
        problems = Problems()
        found = read_spots(path, catalogue=read_catalogue(), source_id="osm", crs=CRS, problems=problems)
        assert not len(problems)
        return found.set_index("spot_id")


def _xml(tags: str) -> str:
    pairs = [pair.split("=", 1) for pair in tags.split()]
    return "".join(f'<tag k="{k}" v="{v}"/>' for k, v in pairs)


def test_what_is_a_spot(tmp_path: Path) -> None:
    """Halls, town halls, churches, squares, open car parks and bus stops, as nodes, areas and relations; the rest is none."""
    draw = Draw()
    wanted = {
        draw.point(0, 0, "amenity=community_centre name=Haus"): "hall",
        draw.area(100, 0, 20, 20, "amenity=townhall building=yes"): "town_hall",
        draw.relation(200, 0, 20, 20, "amenity=place_of_worship"): "church",
        draw.area(250, 0, 9, 9, "building=church"): "church",
        draw.area(300, 0, 40, 30, "place=square name=Markt"): "square",
        draw.area(400, 0, 40, 30, "highway=pedestrian name=Anger area=yes"): "square",
        draw.area(500, 0, 40, 30, "amenity=parking"): "car_park",
        draw.point(600, 0, "highway=bus_stop name=Kirche"): "bus_stop",
    }
    for tags in (
        "amenity=parking access=private",
        "amenity=parking access=customers",
        "amenity=parking parking=underground",
        "amenity=parking parking=street_side",
        "amenity=parking maxheight=2.0",
        "highway=pedestrian area=yes",
        "amenity=school",
        "building=house",
        "amenity=community_centre disused=yes",
    ):
        draw.area(900, 0, 30, 30, tags)
    found = draw.read(tmp_path)
    assert found["kind"].to_dict() == wanted
    assert found.loc["osm:n1", "name"] == "Haus"


@pytest.mark.parametrize(
    ("width", "height", "tags", "level"),
    [
        (12.5, 4.5, "surface=asphalt", "yes"),
        (30, 20, "surface=paving_stones", "yes"),
        (30, 20, "", ""),
        (30, 20, "surface=gravel", "no"),
        (11, 30, "surface=asphalt", "yes"),
        (11, 11, "surface=asphalt", "no"),
        (30, 3, "surface=asphalt", "no"),
        (10, 4, "", "no"),
    ],
)
def test_a_level_stand_is_paved_and_long_enough(
    tmp_path: Path, width: float, height: float, tags: str, level: str
) -> None:
    """12 x 4 m of a known firm surface; a surface that is not known is not known, a stand too small or soft is none."""
    draw = Draw()
    spot = draw.area(0, 0, width, height, f"amenity=parking {tags}")
    found = draw.read(tmp_path)
    assert found.loc[spot, "level_stand"] == level
    assert found.loc[spot, "area_m2"] == pytest.approx(width * height, rel=0.01)


def test_features_of_tags_and_of_what_lies_near(tmp_path: Path) -> None:
    """Tags of the spot decide; else a shelter or a public toilet within 100 m serves it; what nobody tells is not known."""
    draw = Draw()
    told = draw.point(0, 0, "highway=bus_stop shelter=no wheelchair=yes")
    near = draw.area(10, 60, 30, 20, "amenity=parking opening_hours=Mo-Fr_8:00-18:00")
    far = draw.point(5000, 0, "amenity=place_of_worship wheelchair=limited power_supply=yes")
    draw.point(0, 20, "amenity=shelter")
    draw.area(20, 20, 4, 4, "amenity=toilets")
    draw.point(5010, 0, "amenity=toilets access=customers")
    found = draw.read(tmp_path)
    names = ["step_free", "power", "shelter", "toilet"]
    assert found.loc[told, names].tolist() == ["yes", "", "no", "yes"]
    assert found.loc[near, names].tolist() == ["", "", "yes", "yes"]
    assert found.loc[far, names].tolist() == ["", "yes", "", ""]
    assert found.loc[near, "hours"] == "Mo-Fr_8:00-18:00"
    assert (found.loc[told, "x"], found.loc[told, "y"]) == pytest.approx((X0, Y0), abs=0.1)


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    """What cannot be read is a warning with the reason, and no spot."""
    path = tmp_path / "broken.osm.pbf"
    path.write_bytes(b"no map")
    problems = Problems()
    assert not len(read_spots(path, catalogue=read_catalogue(), source_id="osm", crs=CRS, problems=problems))
    assert [(p.code, p.severity, p.table) for p in problems] == [
        ("mobile_spots_unreadable", "warning", "broken.osm.pbf")
    ]
