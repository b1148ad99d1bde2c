from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from ankerort.base.problems import Problems
from ankerort.region.addresses.read_outlines import read_outlines, residential
from ankerort.region.settings import InputSettings

CRS = "EPSG:25832"


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("31001_1010", True),
        ("1123", True),
        ("31001_2721", False),
        ("2000", False),
        ("Wohnhaus", True),
        ("Garage", False),
        ("house", True),
        ("yes", None),
        ("", None),
        ("31001_9998", None),
    ],
)
def test_function_says_whether_people_live_there(function: str, expected: bool | None) -> None:
    """Keys 1000 to 1999 are for living; what is not said is not known."""
    assert residential(function) is expected


def _write(path: Path, **columns: list[object]) -> None:
    x, y = 640_000, 5_760_000
    shapes = [box(x + 20 * k, y, x + 20 * k + 10, y + 10) for k in range(2)]
    gpd.GeoDataFrame({**columns, "id": [1, 2]}, geometry=shapes, crs=CRS).to_file(path, engine="pyogrio")


def test_outlines_are_read_with_function_and_storeys(tmp_path: Path) -> None:
    """Function and storeys are taken where the file has them."""
    path = tmp_path / "hu.gpkg"
    _write(path, GFK=["31001_1010", "31001_2463"], aog=["2", ""])
    problems = Problems()
    table = read_outlines([InputSettings("building_outlines", (path,), "hu")], crs=CRS, problems=problems)
    assert not list(problems)
    assert table["residential"].to_list() == [True, False]
    assert table["storeys"].fillna(-1).to_list() == [2, -1]


def test_outlines_without_function_are_told(tmp_path: Path) -> None:
    """Without a function nobody knows which buildings are lived in: said, not guessed."""
    path = tmp_path / "hu.gpkg"
    _write(path)
    problems = Problems()
    table = read_outlines([InputSettings("building_outlines", (path,), "hu")], crs=CRS, problems=problems)
    assert [p.code for p in problems] == ["outlines_function"]
    assert table["residential"].isna().all()
