"""Standards that count facilities, by hand in `worlds.tiny_region`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.region.model import Region
from ankerort.supply.facility_counts import facility_counts
from ankerort.supply.recording import Knowledge
from ankerort.supply.schema import RECORDING
from ankerort.supply.schema_standards import FACILITY_COUNT
from worlds import tiny_region as world

HEAD = "set_id,label_de,label_en,item,mode,kind,value,unit,municipality_over_persons,source,legal_status,mark\n"
ROWS = """own,E,O,pharmacy,facilities_in_municipality,minimum,1,facilities,100,x,law,S
own,,,pharmacy,km2_per_facility,minimum,8,km2,,x,law,S
"""


@pytest.fixture
def own(tmp_path: Path) -> Catalogue:
    (tmp_path / "standard_sets.csv").write_text(HEAD + ROWS, encoding="utf-8")
    return read_catalogue(tmp_path)


def _region(region: Region) -> Region:
    """Adorf and Bdorf on 10 km2 with a probable pharmacy, Cstadt on 8 km2 with a certain one."""
    shapes = gpd.GeoDataFrame(
        {"ags": ["15001000", "15002000"]},
        geometry=[world.box(0, 0, 5000, 2000), world.box(8000, 0, 12000, 2000)],
        crs=world.CRS,
    )
    ags = np.where(region.facilities["place_id"] == world.C, "15002000", "15001000")
    return replace(
        region,
        boundaries=shapes,
        facilities=region.facilities.assign(ags=ags),
        municipalities=region.municipalities.assign(persons=[140.0, 200.0]),
    )


def _knowledge(region: Region, *, known: bool) -> Knowledge:
    mask = np.full(len(region.cells), known)
    return Knowledge(RECORDING.empty(), {"pharmacy": mask}, {"pharmacy": mask.astype(float)})


def _table(region: Region, own: Catalogue, *, known: bool) -> pd.DataFrame:
    table = facility_counts(region, own, _knowledge(region, known=known), set_ids=["own"])
    assert list(table.columns) == FACILITY_COUNT.names
    return table.set_index(["measure", "area_id"])


def test_certain_and_probable_facilities_are_bounds(region: Region, own: Catalogue) -> None:
    """Adorf's municipality has 0 to 1, Cstadt 1; its district has 8 km2 for one and keeps the limit, the other 10 and more."""
    table = _table(_region(region), own, known=True)
    town = table.loc["facilities_in_municipality"]
    assert town["fulfilled"].to_dict() == {"15001000": "unknown", "15002000": "yes"}
    assert town["facilities_high"].to_dict() == {"15001000": 1, "15002000": 1}
    area = table.loc["km2_per_facility"]
    assert area["fulfilled"].to_dict() == {"15001": "no", "15002": "yes"}
    assert area["value_low"].to_dict() == {"15001": pytest.approx(10), "15002": pytest.approx(8)}
    assert np.isinf(area.loc["15001", "value_high"])


def test_where_absence_is_not_known_there_may_be_more(region: Region, own: Catalogue) -> None:
    """Nothing is known to be missing: no municipality fails, however few are recorded."""
    table = _table(_region(region), own, known=False)
    assert table["fulfilled"].to_dict() == {
        ("facilities_in_municipality", "15001000"): "unknown", ("facilities_in_municipality", "15002000"): "yes",
        ("km2_per_facility", "15001"): "unknown", ("km2_per_facility", "15002"): "yes",
    }  # fmt: skip


def test_only_larger_municipalities_and_whole_districts_count(region: Region, own: Catalogue) -> None:
    """A municipality of 90 is not asked; a district with a municipality outside the study area is left out."""
    whole = _region(region)
    towns = whole.municipalities.assign(persons=[90.0, 200.0])
    assert "15001000" not in _table(replace(whole, municipalities=towns), own, known=True).index.get_level_values(
        "area_id"
    )
    cut = whole.municipalities.assign(in_study=[False, True])
    ids = _table(replace(whole, municipalities=cut), own, known=True).index.get_level_values("area_id")
    assert set(ids) == {"15002000", "15002"}


def test_an_area_that_is_not_known_decides_nothing(region: Region, own: Catalogue) -> None:
    """Without boundaries km2 per facility is unknown, not zero."""
    bare = replace(_region(region), boundaries=region.boundaries)
    area = _table(bare, own, known=True).loc["km2_per_facility"]
    assert set(area["fulfilled"]) == {"unknown"}
