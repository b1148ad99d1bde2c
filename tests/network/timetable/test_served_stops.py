"""Stops and stations without departures."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ankerort.network.timetable import stops_without_departures
from ankerort.region.schema import REGISTERED_STOPS
from reference.small_feed import build, tables


def registered(*rows: tuple[str, str, float, float, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["stop_id", "name", "x", "y", "kind"])
    return REGISTERED_STOPS.conform(frame)


def silent(folder: Path, *rows: tuple[str, float, str], route_type: int = 3) -> list[str]:
    """Ids (numbers) of the rows without a departure; each row: name, metres east of stop A, kind."""
    feed = tables(routes=[{"route_id": "r", "route_short_name": "1", "route_type": route_type}])
    timetable, _ = build(folder, feed)
    x, y = timetable.stops.loc[0, ["x", "y"]]
    stops = registered(*((str(k), name, x - m, y, kind) for k, (name, m, kind) in enumerate(rows)))
    return stops_without_departures(timetable, stops, within_m=150, same_name_m=500)["stop_id"].tolist()


def test_near_or_of_the_same_name_is_served(tmp_path: Path) -> None:
    """Within 150 m any stop stands for it, within 500 m one of the same name."""
    rows = [("x", 149.0, "stop"), ("x", 151.0, "stop"), ("ORT  A", 499.0, "stop"), ("Ort, A", 501.0, "stop")]
    assert silent(tmp_path, *rows) == ["1", "3"]


def test_bus_before_a_station_is_no_train(tmp_path: Path) -> None:
    """For a station only rail departures count."""
    assert silent(tmp_path, ("Bahnhof", 10.0, "station")) == ["0"]
    assert silent(tmp_path, ("Bahnhof", 10.0, "station"), route_type=2) == []
    assert silent(tmp_path, ("Bahnhof", 10.0, "station"), route_type=106) == []


def test_stop_that_nobody_boards_is_silent(tmp_path: Path) -> None:
    """A stop of the feed without a departure on the day does not count as served."""
    timetable, _ = build(tmp_path, tables())
    x, y = timetable.stops.loc[3, ["x", "y"]]
    stops = registered(("d", "Ort, D", x, y, "stop"))
    assert len(stops_without_departures(timetable, stops, within_m=150, same_name_m=500)) == 1
    assert len(stops_without_departures(timetable, stops[:0], within_m=150, same_name_m=500)) == 0
