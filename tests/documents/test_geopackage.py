"""``supply.gpkg`` opens in QGIS: layers, coordinates, styles."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing

import numpy as np
import pyogrio
import pytest

from ankerort.documents.labels import LETTERS
from ankerort.documents.pt_colours import PT_CLASSES
from ankerort.documents.tables import study_places

LAYERS = {"municipalities", "cells", "places", "facilities"}


def test_layers_have_their_rows_and_coordinates(written) -> None:
    """Four layers in the coordinate system of the region, with a row for each thing of the study area."""
    path = written.out / "supply.gpkg"
    region = written.assessment.region
    listed = {str(name): kind for name, kind in pyogrio.list_layers(path)}
    assert set(listed) - {"layer_styles"} == LAYERS
    counts = {
        "municipalities": int(region.municipalities["in_study"].sum()),
        "cells": int(region.cells["in_study"].sum()),
        "places": int(region.places["in_study"].sum()),
        "facilities": len(region.facilities),
    }
    for layer, count in counts.items():
        info = pyogrio.read_info(path, layer=layer)
        assert info["features"] == count, layer
        assert info["crs"] == region.settings.crs, layer


def test_places_carry_the_letters_of_the_balance(written) -> None:
    """The letter and the position of each place are those of the run."""
    frame = pyogrio.read_dataframe(written.out / "supply.gpkg", layer="places").set_index("place_id")
    balance = written.assessment.supply.place_service.set_index(["place_id", "service"])
    for place in study_places(written.assessment).itertuples():
        row = frame.loc[place.place_id]
        assert (row.geometry.x, row.geometry.y) == pytest.approx((place.x, place.y))
        for item in written.assessment.catalogue.core:
            assert row[f"state_{item.id}"] == balance.loc[(place.place_id, f"core:{item.id}"), "state"]


def test_cells_have_minutes_or_nothing(written) -> None:
    """Minutes by car are those of the table of nearest facilities, rounded up; cells without a value have none."""
    frame = pyogrio.read_dataframe(written.out / "supply.gpkg", layer="cells", read_geometry=False).set_index("cell_id")
    nearest = written.assessment.supply.nearest
    rows = nearest[(nearest["service"] == "supermarket") & (nearest["mode"] == "car")].set_index("cell_id")["minutes"]
    expected = np.ceil(rows.reindex(frame.index).to_numpy(float))
    assert np.array_equal(frame["car_supermarket"].to_numpy(float), expected, equal_nan=True)
    assert (~np.isnan(expected)).any()


def test_styles_are_well_formed_and_fit_their_columns(written) -> None:
    """Each style is XML, paints a column of its layer, and each layer with styles has one default."""
    path = written.out / "supply.gpkg"
    columns = {layer: set(pyogrio.read_info(path, layer=layer)["fields"]) for layer in LAYERS}
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT f_table_name, styleName, styleQML, useAsDefault FROM layer_styles").fetchall()
    defaults: dict[str, int] = {}
    for layer, name, qml, default in rows:
        root = ET.fromstring(qml)
        renderer = root.find("renderer-v2")
        assert root.tag == "qgis" and renderer is not None
        column = renderer.get("attr")
        assert column is None or column in columns[layer], name
        if renderer.get("type") == "categorizedSymbol":
            of_transport = str(column).startswith("pt_class_")
            painted = [letter for letter, _, _ in PT_CLASSES.values()] if of_transport else list(LETTERS)
            assert [c.get("value") for c in renderer.iter("category")] == painted
        symbols = {s.get("name") for s in renderer.find("symbols")}
        assert {r.get("symbol") for r in renderer.iter() if r.tag in ("category", "range")} <= symbols
        defaults[layer] = defaults.get(layer, 0) + default
    assert defaults == {"places": 1, "cells": 1, "municipalities": 1}
    assert len({(layer, name) for layer, name, _, _ in rows}) == len(rows)


def test_municipalities_carry_who_is_short_without_a_car(written) -> None:
    """Persons not within the standard of a core function without a car: known, and with those of whom it is not known."""
    frame = pyogrio.read_dataframe(written.out / "supply.gpkg", layer="municipalities")
    rows = written.assessment.supply.place_service
    rows = rows[rows["service"] == "core:food_market"]
    for end, bound in (("low", "without_car_high"), ("high", "without_car_low")):
        expected = float((rows["group_persons"] * (1 - rows[bound])).sum())
        assert frame[f"short_{end}_food_market"].sum() == pytest.approx(expected, abs=len(frame))
    assert (frame["short_low_food_market"] <= frame["short_high_food_market"]).all()


def test_places_carry_their_central_position(written) -> None:
    """Davies' index, surplus and the designated tier of each place; none is an empty text."""
    frame = pyogrio.read_dataframe(written.out / "supply.gpkg", layer="places").set_index("place_id")
    position = written.assessment.depth.centrality.set_index("place_id")
    assert (frame["davies"] - position["davies"].reindex(frame.index)).abs().max() <= 0.05 + 1e-9
    assert set(frame["tier"]) == {"", "GZ", "GZ_part"}
