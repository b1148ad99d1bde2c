import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import box

from ankerort.catalogue.age_bands import AGE_BANDS
from ankerort.region.addresses.spread import Homes, homes_of, spread_over_homes
from ankerort.region.schema import ADDRESSES, CELLS

TO_DEGREES = Transformer.from_crs("EPSG:25832", "EPSG:4326", always_xy=True)
X0, Y0 = 640_000.0, 5_760_000.0
BANDS = [name for name, _, _ in AGE_BANDS]


def cells(*rows: tuple[str, float, float, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["cell_id", "x", "y", "size_m", "persons"])
    frame["x"] += X0
    frame["y"] += Y0
    frame["persons_rule"] = "counted"
    for name in BANDS:
        frame[name] = frame["persons"] / len(BANDS)
    return CELLS.conform(frame)


def homes(*points: tuple[float, float, float]) -> Homes:
    x, y, weight = (np.array(axis, dtype=np.float64) for axis in zip(*points, strict=True))
    return Homes(x + X0, y + Y0, weight)


def spread(table: pd.DataFrame, where: Homes, cluster_m: float = 100.0):
    return spread_over_homes(table, where, cluster_m=cluster_m, crs_to_degrees=TO_DEGREES)


def test_small_cell_is_moved_to_its_houses() -> None:
    """A cell of 100 m keeps its id and all its people and stands at the middle of its houses."""
    out, report = spread(cells(("a", 50, 50, 100, 12)), homes((10, 20, 1), (30, 20, 1)))
    assert out["cell_id"].to_list() == ["a"]
    assert (out.loc[0, "x"] - X0, out.loc[0, "y"] - Y0, out.loc[0, "persons"]) == (20, 20, 12)
    assert out.loc[0, "persons_rule"] == "counted"
    assert (report.placed_persons, report.unplaced_persons, report.points) == (12, 0, 1)


def test_large_cell_is_divided_by_the_number_of_homes() -> None:
    """1 km, 40 people, three houses in the south-west, one in the north-east: 30 and 10 people, and they are estimated now."""
    where = homes((10, 10, 1), (20, 20, 1), (30, 30, 1), (990, 990, 1))
    out, _ = spread(cells(("a", 500, 500, 1000, 40)), where)
    assert out["cell_id"].to_list() == ["a/1", "a/2"]
    assert out["persons"].to_list() == [30, 10]
    assert np.allclose(out["x"] - X0, [20, 990])
    assert set(out["persons_rule"]) == {"estimated"}
    assert np.allclose(out[BANDS].sum(axis=1), out["persons"])


def test_cell_without_houses_keeps_its_people() -> None:
    """Nobody is lost where no address is known; the order of the cells stays."""
    table = cells(("a", 50, 50, 100, 5), ("b", 150, 50, 100, 7), ("c", 250, 50, 100, 9))
    out, report = spread(table, homes((160, 60, 1)))
    assert out["cell_id"].to_list() == ["a", "b", "c"]
    assert out["persons"].to_list() == [5, 7, 9]
    assert (out.loc[0, "x"] - X0, out.loc[1, "x"] - X0) == (50, 160)
    assert (report.placed_persons, report.unplaced_persons) == (7, 14)


def test_house_outside_all_inhabited_cells_moves_nobody() -> None:
    """A house in a cell without people, or in none, has no effect."""
    table = cells(("a", 50, 50, 100, 5), ("empty", 150, 50, 100, 0))
    out, report = spread(table, homes((150, 50, 1), (900, 900, 1)))
    pd.testing.assert_frame_equal(out, table)
    assert report.points == 0


def test_points_stay_points() -> None:
    """A point source (size 0) is no cell and stays where it is."""
    table = cells(("p", 50, 50, 0, 5))
    out, _ = spread(table, homes((50, 50, 1)))
    pd.testing.assert_frame_equal(out, table)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.floats(0, 500)),
        min_size=1,
        max_size=8,
        unique_by=lambda t: t[:2],
    ),
    st.lists(st.tuples(st.floats(1, 799), st.floats(1, 799), st.floats(0.1, 5)), min_size=1, max_size=30),
    st.sampled_from([50.0, 100.0, 200.0]),
)
def test_nobody_is_lost_or_made(
    raster: list[tuple[int, int, float]], where: list[tuple[float, float, float]], cluster_m: float
) -> None:
    """People and age bands of every cell stay exact; every point lies in its cell; ids stay unique."""
    table = cells(*((f"{a}-{b}", 100 + 200 * a, 100 + 200 * b, 200, n) for a, b, n in raster))
    out, report = spread(table, homes(*where), cluster_m)
    own = out["cell_id"].str.split("/").str[0]
    sums = out.groupby(own)[["persons", *BANDS]].sum()
    before = table.set_index("cell_id")[["persons", *BANDS]]
    assert np.allclose(sums.loc[before.index], before)
    assert out["cell_id"].is_unique
    middle = table.set_index("cell_id").loc[own, ["x", "y"]].to_numpy()
    assert (np.abs(out[["x", "y"]].to_numpy() - middle) <= 105.1).all()
    assert np.isclose(report.placed_persons + report.unplaced_persons, table["persons"].sum())


def _addresses(*points: tuple[float, float]) -> pd.DataFrame:
    return ADDRESSES.conform(pd.DataFrame(points, columns=["x", "y"]))


def _outlines(*rows: tuple[object, float, tuple[float, float, float, float]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"residential": pd.Series([r[0] for r in rows], dtype="object"), "storeys": [r[1] for r in rows]},
        geometry=[box(*r[2]) for r in rows],
        crs="EPSG:25832",
    )


def test_addresses_in_a_factory_are_no_homes() -> None:
    """An address in a building that is not for living, or in a shed, is left out; one in no building stays."""
    outlines = _outlines((True, 1, (0, 0, 10, 10)), (False, 1, (20, 0, 40, 20)), (None, 1, (50, 0, 53, 3)))
    found = homes_of(_addresses((5, 5), (30, 5), (51, 1), (90, 90)), outlines, least_m2=40, storey_default=1.5)
    assert list(zip(found.x, found.y, strict=True)) == [(5, 5), (90, 90)]


def test_buildings_without_addresses_weigh_by_floor_area() -> None:
    """Three storeys of 100 m2 weigh 3; a building that does not say counts with the usual storeys; factories weigh nothing."""
    outlines = _outlines((True, 3, (0, 0, 10, 10)), (None, np.nan, (20, 0, 30, 10)), (False, 9, (50, 0, 80, 30)))
    found = homes_of(ADDRESSES.empty(), outlines, least_m2=40, storey_default=1.5)
    assert found.weight.tolist() == [3.0, 1.5]
