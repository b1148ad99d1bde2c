"""``schwerpunktorte.gpkg``: anchors, their catchments, functions, links from places to anchors; with QGIS styles."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from ankerort.documents.anchors_evidence import shown_what
from ankerort.documents.anchors_map import STYLES, letter_of, links
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.anchors_words import WHAT
from ankerort.documents.geopackage import write_layer_styles
from ankerort.documents.qgis_style import class_colours_style
from ankerort.text import say

FIXED_TIME = "2000-01-01T00:00:00Z"  # GDAL stamps each layer; a fixed stamp keeps equal content equal
LAYERS = ("anchor_catchments", "anchor_links", "anchor_functions", "anchors")
_KINDS = {
    "anchor_catchments": "MultiPolygon",
    "anchor_links": "LineString",
    "anchor_functions": "Point",
    "anchors": "Point",
}
_LEAST_M = 100.0  # a single home is drawn as a square of at least this size


def write_anchor_geopackage(parts: AnchorParts, path: Path) -> None:
    """Write all layers and styles to `path` (the caller renames it into place)."""
    frames = {
        "anchor_catchments": catchment_layer(parts),
        "anchor_links": link_layer(parts),
        "anchor_functions": function_layer(parts),
        "anchors": anchor_layer(parts),
    }
    crs = parts.documents.region.settings.crs
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_TIME})
    try:
        for number, name in enumerate(LAYERS):
            layer = gpd.GeoDataFrame(frames[name], geometry="geometry", crs=crs)
            pyogrio.write_dataframe(
                layer, path, layer=name, driver="GPKG", append=number > 0, geometry_type=_KINDS[name]
            )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
    _styles(parts, path)


def anchor_layer(parts: AnchorParts) -> pd.DataFrame:
    """One point per place of an anchor; the places of a pair share letter and figures."""
    rows = []
    places = parts.documents.region.places.set_index("place_id")
    for k, row in enumerate(parts.plan.anchors.to_dict("records")):
        ids = [p for p in (str(row["place_id"]), str(row["partner_id"])) if p]
        for place in ids:
            rows.append(
                {
                    "letter": letter_of(k),
                    "place_id": place,
                    "name": parts.words.place(place),
                    "municipality": parts.words.municipality(place),
                    "partner": parts.words.places(p for p in ids if p != place),
                    "level": str(row["level"]),
                    "level_name": parts.words.level(str(row["level"])),
                    "tier": str(row["tier"]),
                    "persons": round(float(row["persons"])),
                    "reach_persons": round(float(row["reach_persons"])),
                    "reach_persons_others": round(float(row["reach_persons_others"])),
                    "core_today": int(row["core_today"]),
                    "core_presumed": int(row["core_presumed"]),
                    "core_plan": int(row["core_plan"]),
                    "core_items": int(row["core_items"]),
                    "robustness": float(row["robustness"]),
                    "geometry": shapely.Point(float(places.at[place, "x"]), float(places.at[place, "y"])),
                }
            )
    columns = ["letter", "place_id", "name", "municipality", "partner", "level", "level_name", "tier", "persons", "reach_persons",
               "reach_persons_others", "core_today", "core_presumed", "core_plan", "core_items", "robustness", "geometry"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def catchment_layer(parts: AnchorParts) -> pd.DataFrame:
    """One area per anchor: the inhabited cells whose closest anchor it is; persons, from other municipalities, and by municipality."""
    found, region = parts.catchments, parts.documents.region
    cells = region.cells
    half = np.maximum(cells["size_m"].to_numpy(float), _LEAST_M) / 2
    x, y = cells["x"].to_numpy(float), cells["y"].to_numpy(float)
    rows = []
    for k in range(len(parts.plan.anchors)):
        at = np.flatnonzero((found.of_cell == k) & (cells["persons"].to_numpy(float) > 0))
        area = shapely.union_all(shapely.box(x[at] - half[at], y[at] - half[at], x[at] + half[at], y[at] + half[at]))
        own = parts.words.own_municipalities(parts.plan.anchors.iloc[k])
        of_anchor = found.persons[found.persons["anchor"] == k].sort_values("persons", ascending=False, kind="stable")
        others = float(of_anchor.loc[~of_anchor["ags"].astype(str).isin(list(own)), "persons"].sum())
        told = [
            f"{parts.words.municipality_name(str(a))}: {round(float(p))}"
            for a, p in zip(of_anchor["ags"], of_anchor["persons"], strict=True)
        ]
        rows.append(
            {
                "letter": letter_of(k),
                "anchor": parts.words.anchor(parts.plan.anchors.iloc[k]),
                "persons": round(found.total(k)),
                "persons_others": round(others),
                "by_municipality": "; ".join(told),
                "geometry": _multi(area),
            }
        )
    return pd.DataFrame(rows, columns=["letter", "anchor", "persons", "persons_others", "by_municipality", "geometry"])


def _multi(area: shapely.Geometry) -> shapely.MultiPolygon:
    polygons = [g for g in shapely.get_parts(area) if g.geom_type == "Polygon"]
    return shapely.MultiPolygon(polygons)


def function_layer(parts: AnchorParts) -> pd.DataFrame:
    """One point per function in a place: existing ones where they stand, new ones at the centre of the place."""
    region = parts.documents.region
    places = region.places.set_index("place_id")
    facilities = region.facilities.set_index("facility_id")
    rows = []
    for row in parts.plan.functions.to_dict("records"):
        facility, place = str(row["facility_id"]), str(row["place_id"])
        if row["what"] in ("kept", "closed") and facility in facilities.index:
            x, y = float(facilities.at[facility, "x"]), float(facilities.at[facility, "y"])
        elif place in places.index:
            x, y = float(places.at[place, "x"]), float(places.at[place, "y"])
        else:
            x = y = np.nan
        rows.append(
            {
                "place": parts.words.place(place),
                "function_id": str(row["function"]),
                "function": parts.words.function(str(row["function"])),
                "what": say(f"anchors.letter.{shown_what(row)}", parts.lang),
                "what_id": str(row["what"]),
                "evidence": str(row["evidence"]),
                "how": parts.words.variant(str(row["variant"])),
                "decides": str(row["decides"]),
                "catchment_persons": _whole(row["catchment_persons"]),
                "gained_persons": _whole(row["gained_persons"]),
                "cost_low": float(row["cost_low"]),
                "cost_mid": float(row["cost_mid"]),
                "cost_high": float(row["cost_high"]),
                "geometry": shapely.Point(x, y) if np.isfinite(x) else None,
            }
        )
    columns = ["place", "function_id", "function", "what", "what_id", "evidence", "how", "decides", "catchment_persons", "gained_persons", "cost_low",
               "cost_mid", "cost_high", "geometry"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _whole(value: object) -> float:
    return float(np.round(float(str(value))))


def link_layer(parts: AnchorParts) -> pd.DataFrame:
    """One line per place to its closest anchor."""
    rows = [
        {
            "place_id": line.place_id,
            "place": parts.words.place(line.place_id),
            "municipality": parts.words.municipality(line.place_id),
            "letter": letter_of(line.anchor),
            "anchor": parts.words.place(line.to_place),
            "across": say("word.yes" if line.across else "word.no", parts.lang),
            "persons": _whole(line.persons),
            "minutes": float(np.ceil(line.minutes)),
            "geometry": shapely.LineString([line.start, line.end]),
        }
        for line in links(parts.plan.anchors, parts.catchments, parts.words)
    ]
    columns = ["place_id", "place", "municipality", "letter", "anchor", "across", "persons", "minutes", "geometry"]
    return pd.DataFrame(rows, columns=columns)


def _styles(parts: AnchorParts, path: Path) -> None:
    lang = parts.lang
    letters = [
        (letter_of(k), STYLES[k % len(STYLES)][0], parts.words.anchor(row))
        for k, (_, row) in enumerate(parts.plan.anchors.iterrows())
    ]
    whats = [(say(f"anchors.letter.{w}", lang), fill, say(f"anchors.what.{w}", lang)) for w, (fill, _) in WHAT.items()]
    across = [
        (say(f"word.{w}", lang), colour, say(f"anchors.link_{w}", lang))
        for w, colour in (("no", "#333333"), ("yes", "#c02a1f"))
    ]
    write_layer_styles(
        path,
        [
            ("anchors", say("sheet.anchors", lang), class_colours_style("letter", letters, "marker"), True),
            (
                "anchor_catchments",
                say("sheet.anchor_catchments", lang),
                class_colours_style("letter", letters, "fill"),
                True,
            ),
            (
                "anchor_functions",
                say("sheet.anchor_functions", lang),
                class_colours_style("what", whats, "marker"),
                True,
            ),
            ("anchor_links", say("anchors.links", lang), class_colours_style("across", across, "line"), True),
        ],
    )
