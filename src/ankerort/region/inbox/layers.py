"""Recognises the layers of vector files: boundaries, Ortsteile, places, barriers, census cells, outlines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ankerort.region.census_presets import recognise
from ankerort.region.inbox.layouts import Fit, Layout
from ankerort.region.inbox.peek import LayerPeek
from ankerort.region.lists.district_areas import has_school_column
from ankerort.region.read_boundaries import level_by_layer_name

_VECTOR = ("gpkg", "geojson", "shp", "fgb")
_PLACE_NAMES = ("ortsteil", "stadtteil", "ortschaft", "gemarkung", "ortsteilname")
_MOSTLY = 0.5
_LEVEL_BY_ADE = {"6": "municipality", "5": "association", "4": "district"}
_LEVEL_BY_DIGITS = {8: "municipality", 12: "municipality", 5: "district", 9: "association"}
# The other levels of VG250: state, Laender, Regierungsbezirke.
NOT_NEEDED = "not_needed"


def fit_layer(layer: LayerPeek) -> Fit | None:
    """What one layer is; None if nobody knows it.

    The role of boundaries is their level, or `NOT_NEEDED` for Laender and the state.
    """
    areas = "Polygon" in layer.geometry
    of_areas = (_boundaries, _school_districts, _place_areas, _outlines) if areas else ()
    for known in (_census, _footprint, *of_areas, _barriers):
        found = known(layer)
        if found is not None:
            return found
    return _points(layer) if "Point" in layer.geometry else None


def _census(layer: LayerPeek) -> Fit | None:
    layout = recognise(list(layer.values))
    if layout is None or not (layout.age_classes() or "persons" in layout.columns):
        return None
    heads = tuple((c.lower(),) for c in layout.columns.values())
    return Fit(Layout("census", heads, layout.id, formats=_VECTOR, role=layout.id), len(heads), ())


def _boundaries(layer: LayerPeek) -> Fit | None:
    if not layer.has("ags", "rs", "ars", "schluessel", "gemeindeschluessel", "regionalschluessel"):
        return None
    if not layer.has("gen", "name"):
        return None
    level = level_of(layer)
    if level == "":
        return None
    options = {} if level == NOT_NEEDED else {"level": level}
    score = 2 + sum(layer.has(c) for c in ("bez", "gf", "ade", "rs", "ars"))
    return Fit(Layout("boundaries", (("ags",), ("gen",)), options=options, formats=_VECTOR, role=level), score, ())


def level_of(layer: LayerPeek) -> str:
    """Level by the layer's name, by ``ADE``, else by the length of the keys; empty if there are no keys."""
    named = level_by_layer_name(layer.name)
    if named:
        return named
    ade = layer.column("ADE")
    if ade:
        most = max(sorted(set(ade)), key=ade.count)
        return _LEVEL_BY_ADE.get(most, NOT_NEEDED)
    for values in (layer.column("ags", "schluessel", "gemeindeschluessel"), layer.column("rs", "ars")):
        digits = [v for v in values if re.fullmatch(r"\d+", v)]
        if values and len(digits) >= _MOSTLY * len(values):
            # Keys stored as numbers have lost the leading zero of the Laender 01 to 09.
            lengths = [len(v) + (len(v) in (4, 7, 11)) for v in digits]
            return _LEVEL_BY_DIGITS.get(max(sorted(set(lengths)), key=lengths.count), NOT_NEEDED)
    return ""


def _school_districts(layer: LayerPeek) -> Fit | None:
    """Areas that name a school; outlines of buildings may, too, and tell their function."""
    if not has_school_column(tuple(layer.values)) or _outlines(layer) is not None:
        return None
    return Fit(Layout("facilities", (("school",),), "school_districts", formats=_VECTOR), 2, ())


def _place_areas(layer: LayerPeek) -> Fit | None:
    """Polygons of Ortsteile: a name that says so, or the levels of OSM below the municipality."""
    named = layer.has(*_PLACE_NAMES)
    levels = layer.column("admin_level")
    if not named and not (layer.has("name") and levels and set(levels) <= {"9", "10", "11"}):
        return None
    return Fit(Layout("place_areas", (("name",),), formats=_VECTOR), 2, ())


def _outlines(layer: LayerPeek) -> Fit | None:
    """Buildings with their function, in the names of ALKIS or of OSM."""
    if layer.has("gfk", "gebaeudefunktion", "gebäudefunktion") or (layer.has("oi") and layer.has("aog")):
        return Fit(Layout("building_outlines", (("gfk",),), formats=_VECTOR), 1, ())
    if layer.has("building") and not layer.has("ags"):
        return Fit(Layout("building_outlines", (("building",),), formats=_VECTOR), 1, ())
    return None


def _points(layer: LayerPeek) -> Fit | None:
    """Points of places: a column named for it, or name and key."""
    if layer.has("ort", "ortsteil") or (layer.has("name", "gen") and layer.has("ags")):
        return Fit(Layout("places", (("name",),), formats=_VECTOR), 2, ())
    return None


def _barriers(layer: LayerPeek) -> Fit | None:
    kinds = set(layer.column("kind"))
    if kinds and kinds <= {"barrier", "crossing"}:
        return Fit(Layout("barriers", (("kind",),), formats=_VECTOR), 1, ())
    return None


def _footprint(layer: LayerPeek) -> Fit | None:
    """An outline that says itself for which kind of input it holds (column ``footprint``)."""
    kinds = set(layer.column("footprint"))
    if len(kinds) == 1 and kinds <= {"osm"}:
        return Fit(Layout("osm", (("footprint",),), formats=_VECTOR, role="footprint"), 1, ())
    return None


def heads_of(layers: Sequence[LayerPeek]) -> tuple[str, ...]:
    """Columns of all layers, each once."""
    return tuple(dict.fromkeys(c for layer in layers for c in layer.values))
