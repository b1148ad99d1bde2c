"""Errors of a back-test, and who may see what."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from ankerort.region.forecast.backtest import backtest
from ankerort.region.forecast.rates import rates_of
from worlds import tiny_region

ROOT = Path(__file__).resolve().parents[3]


def _areas(totals: list[float]) -> np.ndarray:
    out = np.zeros((len(totals), 2, 101))
    out[:, 0, 40] = totals
    return out


def test_measures_by_hand() -> None:
    """No change says 100 and 200, there are 80 and 250: +25 % and -20 %."""
    catalogue = tiny_region.catalogue()
    result = backtest(
        _areas([100.0, 200.0]),
        np.array([80.0, 250.0]),
        np.zeros(2, dtype=np.int64),
        rates=rates_of(catalogue, "ST"),
        catalogue=catalogue,
        years=5,
        earlier=(np.array([110.0, 180.0]), 10),
    )
    measures = result.measures.set_index("method")
    assert measures.loc["no_change", "mape"] == pytest.approx(22.5)
    assert measures.loc["no_change", "malpe"] == pytest.approx(2.5)
    assert measures.loc["no_change", "weighted_mape"] == pytest.approx(100 * 70 / 330)
    assert result.forecasts["straight_line"].tolist() == pytest.approx([95.0, 210.0])
    # leave-one-out: the area's own later count is not used, that of the other one is
    assert result.forecasts["district_line"].tolist() == pytest.approx([100 * 250 / 200, 200 * 80 / 100])
    assert measures.index[measures["cross_validated"]].tolist() == ["district_line", "district_cohort"]
    assert result.not_possible == ()


def test_nothing_of_the_later_count_is_in_the_honest_methods() -> None:
    """Other later counts change only the cross-validated methods; without an earlier count there is no straight line."""
    catalogue = tiny_region.catalogue()
    found = [
        backtest(
            _areas([100.0, 200.0, 50.0]),
            np.array(actual),
            np.array([0, 0, 1]),
            rates=rates_of(catalogue, "ST"),
            catalogue=catalogue,
            years=11,
        )
        for actual in ([90.0, 180.0, 40.0], [10.0, 900.0, 700.0])
    ]
    for method in ("no_change", "natural", "average"):
        assert (found[0].forecasts[method] == found[1].forecasts[method]).all()
    assert (found[0].forecasts["district_cohort"] != found[1].forecasts["district_cohort"]).all()
    assert found[0].not_possible == ("straight_line", "trend")


@pytest.mark.golden
def test_real_regions_keep_their_errors(shared_data: Path, tmp_path: Path) -> None:
    """From 2011 to 2022 in the region of Magdeburg, and to 2025 in the parts of its city: the figures of the method page."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        import backtest_population
    finally:
        sys.path.pop(0)
    expected = json.loads((Path(__file__).parent / "backtest_golden.json").read_text(encoding="utf-8"))
    for name, run in (
        ("magdeburg", lambda: backtest_population.run("magdeburg", tmp_path)),
        ("city_parts", backtest_population.run_city_parts),
    ):
        found = run().measures.set_index("method")
        for method, (mape, weighted) in expected[name].items():
            assert found.loc[method, "mape"] == pytest.approx(mape, abs=0.05), (name, method)
            assert found.loc[method, "weighted_mape"] == pytest.approx(weighted, abs=0.05), (name, method)
