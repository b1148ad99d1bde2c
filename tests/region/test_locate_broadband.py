"""Figures of broadband reach their municipality or place; grid cells are weighted, gaps in them widen the bounds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer

from ankerort.region.model import Region
from ankerort.region.project import load_region, save_region
from ankerort.region.public_view import public_region
from ankerort.region.read_region import read_region
from worlds.small_region import CELLS, ORIGIN_X, ORIGIN_Y, lon_lat, write_small_region

AHAUSEN, EINSAM = "15001000-ahausen", "15001000-einsam"
TO_GRID = Transformer.from_crs("EPSG:25832", "EPSG:3035", always_xy=True)


def region_with(folder: Path, text: str, *, options: str = "") -> Region:
    """The small region with one table of broadband."""
    extra = f"""
[[input]]
kind = "broadband"
file = "netz.csv"
id = "netz"
title = "Breitbandatlas"
date = "2026-06-30"
attribution = "BNetzA"
{options}

[[input]]
kind = "places"
file = "orte.csv"
"""
    write_small_region(folder, extra=extra)
    (folder / "netz.csv").write_text(text, encoding="utf-8")
    places = [
        ("Ahausen", 1000, 1000, "15001000"),
        ("Einsam", 3500, 3500, "15001000"),
        ("Berge", 5000, 1000, "15001001"),
    ]
    rows = [f"{name};{ags};{lon_lat(x, y)[0]};{lon_lat(x, y)[1]}" for name, x, y, ags in places]
    (folder / "orte.csv").write_text("\n".join(["name;ags;lon;lat", *rows]) + "\n", encoding="utf-8")
    return read_region(folder)


def figures(region: Region) -> dict[tuple[str, str, float, str], tuple[float, float, str]]:
    """(ags, place, class, technology) -> bounds and rule."""
    return {
        (r["ags"], r["place_id"], r["class_mbit"], r["technology"]): (
            round(r["share_low"], 6),
            round(r["share_high"], 6),
            r["rule"],
        )
        for r in region.broadband.to_dict("records")
    }


def codes(region: Region) -> list[str]:
    return [p.code for p in region.problems if p.code.startswith(("broadband", "place_"))]


def grid_id(x: float, y: float, size_m: int = 1000) -> str:
    """Id of the grid cell that holds a point given from the origin."""
    east, north = TO_GRID.transform(ORIGIN_X + x, ORIGIN_Y + y)
    return f"CRS3035RES{size_m}mN{int(north // size_m) * size_m}E{int(east // size_m) * size_m}"


def test_municipalities_and_places(tmp_path: Path) -> None:
    """A row with a place is of the place, one without of the municipality; rows of other districts are passed over silently."""
    region = region_with(
        tmp_path,
        "AGS;Gemeinde;Ortsteil;>= 100 Mbit/s;FTTB/H\n15001000;Ahausen;;92,3;31\n15001000;Ahausen;Einsam;40;0\n"
        ";Bedorf;;88;\n09162000;München;;99;60\n",
    )
    assert figures(region) == {
        ("15001000", "", 0.0, "fibre"): (0.31, 0.31, "municipality"),
        ("15001000", "", 100.0, "any"): (0.923, 0.923, "municipality"),
        ("15001000", EINSAM, 0.0, "fibre"): (0.0, 0.0, "place"),
        ("15001000", EINSAM, 100.0, "any"): (0.4, 0.4, "place"),
        ("15001001", "", 100.0, "any"): (0.88, 0.88, "municipality"),
    }
    assert set(region.broadband["date"]) == {"2026-06-30"}
    assert set(region.broadband["source_id"]) == {"netz"}
    assert codes(region) == []
    assert region.sources.set_index("source_id").loc["netz", "rows"] == 4


def test_a_list_of_municipalities_may_call_them_ort(tmp_path: Path) -> None:
    """Where each key has one name and it is the municipality's own, the figure is of the municipality, not of the village of that name."""
    region = region_with(tmp_path, "AGS;Ort;>= 100 Mbit/s\n15001000;Ahausen;92,3\n15001001;Bedorf;88,5\n")
    assert set(region.broadband["rule"]) == {"municipality"}
    region = region_with(tmp_path, "AGS;Ort;>= 100 Mbit/s\n15001000;Ahausen;92,3\n15001000;Einsam;88,5\n")
    assert dict(zip(region.broadband["place_id"], region.broadband["rule"], strict=True)) == {
        AHAUSEN: "place",
        EINSAM: "place",
    }


def test_misspelt_and_double_rows_are_named_once(tmp_path: Path) -> None:
    """A place that nobody knows is reported once with the nearest name; of two figures the first counts, with a warning."""
    region = region_with(
        tmp_path,
        "AGS;Ortsteil;>= 50 Mbit/s;>= 100 Mbit/s\n15001000;Einsahm;50;40\n15001000;Ahausen;95;90\n15001000;Ahausen;95;80\n",
    )
    assert sorted(codes(region)) == ["broadband_twice", "place_unknown"]
    assert figures(region)["15001000", AHAUSEN, 100.0, "any"][0] == pytest.approx(0.9)


def test_tables_of_elsewhere_are_named(tmp_path: Path) -> None:
    """A table without any row here is a warning, no figure of zero."""
    region = region_with(tmp_path, "AGS;Gemeinde;>= 100 Mbit/s\n09162000;München;99\n")
    assert region.broadband.empty
    assert codes(region) == ["broadband_nowhere"]


def test_cells_are_weighted_with_their_people(tmp_path: Path) -> None:
    """Of 120 people in Ahausen 100 live in a cell with 50 %, 20 in one with 80 %: 55 %. Without a row for the second: 42 to 58 %."""
    rows = f"raster_id;down_fn_hh_alle_100\n{grid_id(1000, 1000, 100)};50\n{grid_id(1100, 1000, 100)};80\n"
    region = region_with(tmp_path, rows)
    assert figures(region) == {("15001000", AHAUSEN, 100.0, "any"): (0.55, 0.55, "cells")}
    region = region_with(
        tmp_path, f"raster_id;down_fn_hh_alle_100\n{grid_id(1000, 1000, 100)};50\n{grid_id(1100, 1000, 100)};\n"
    )
    low, high, _ = figures(region)["15001000", AHAUSEN, 100.0, "any"]
    assert (low, high) == pytest.approx((0.5 * 100 / 120, 0.5 * 100 / 120 + 20 / 120), abs=1e-6)


def test_households_of_cells_go_before_people(tmp_path: Path) -> None:
    """Where the table counts households they are the weight: 10 households with 50 %, 30 with 80 % make 72.5 %."""
    rows = f"raster_id;hh_ges;down_fn_hh_alle_100\n{grid_id(1000, 1000, 100)};10;50\n{grid_id(1100, 1000, 100)};30;80\n"
    assert figures(region_with(tmp_path, rows))["15001000", AHAUSEN, 100.0, "any"][:2] == (0.725, 0.725)


def test_weighting_against_a_slow_reference(tmp_path: Path) -> None:
    """Random shares of all cells of 1 km: each place has the mean over its people, one by one."""
    rng = np.random.default_rng(4)
    share = {cell: round(float(rng.uniform(0, 100)), 1) for cell in sorted({grid_id(x, y) for x, y, _ in CELLS})}
    region = region_with(tmp_path, "raster_id;>= 50 Mbit/s\n" + "".join(f"{c};{s}\n" for c, s in share.items()))
    found = figures(region)
    cells = region.cells[region.cells["place_id"] != ""]
    for place_id, own in cells.groupby("place_id"):
        each = [(r.persons, share[grid_id(r.x - ORIGIN_X, r.y - ORIGIN_Y)] / 100) for r in own.itertuples()]
        expected = sum(n * s for n, s in each) / sum(n for n, _ in each)
        ags = own["ags"].iloc[0]
        assert found[ags, place_id, 50.0, "any"][:2] == pytest.approx((expected, expected), abs=1e-5)
    assert len(found) == cells["place_id"].nunique()


def test_saved_loaded_and_kept_back(tmp_path: Path) -> None:
    """The table comes back from the project folder as it was; a list that may not be passed on stays out of documents."""
    text = "AGS;Gemeinde;>= 100 Mbit/s\n15001000;Ahausen;92,3\n15001001;Bedorf;80,5\n"
    region = region_with(tmp_path, text, options="[input.options]\ninternal = true")
    save_region(region, tmp_path / "ablage")
    again = load_region(tmp_path / "ablage")
    assert again.broadband.equals(region.broadband)
    assert len(again.broadband) == 2
    assert public_region(region).broadband.empty
