"""``mobil.gpkg``: stops, tours between them, homes served, places left out; with QGIS styles."""

from __future__ import annotations

import itertools
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from ankerort.documents.anchors_geopackage import FIXED_TIME
from ankerort.documents.geopackage import write_layer_styles
from ankerort.documents.mobile_lines import left_reason, reason_words
from ankerort.documents.mobile_map import SERVED, TOUR_STYLES, line_of, served_cells
from ankerort.documents.mobile_parts import MobileParts
from ankerort.documents.mobile_run_sheet import days_of
from ankerort.documents.mobile_sheet import stop_name
from ankerort.documents.qgis_style import class_colours_style
from ankerort.text import say
from ankerort.text.grammar import capital
from ankerort.text.numbers import round_persons

LAYERS = ("mobile_served", "mobile_tours", "mobile_left_places", "mobile_stops")
_KINDS = {
    "mobile_served": "MultiPolygon",
    "mobile_tours": "LineString",
    "mobile_left_places": "Point",
    "mobile_stops": "Point",
}
_LEAST_M = 100.0


def write_mobile_geopackage(parts: MobileParts, path: Path) -> None:
    """Write all layers and styles to `path` (the caller renames it into place). Drives from and to the depot are left out: internal."""
    frames = {
        "mobile_served": served_layer(parts),
        "mobile_tours": tour_layer(parts),
        "mobile_left_places": left_layer(parts),
        "mobile_stops": stop_layer(parts),
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


def stop_layer(parts: MobileParts) -> pd.DataFrame:
    """One point per stop."""
    rows = []
    for s in parts.stops:
        rows.append(
            {
                "letter": s.letter,
                "stop_id": s.stop_id,
                "place_id": s.place_id,
                "place": s.place,
                "stop": stop_name(parts, s),
                "rhythm": str(s.figures.get("rhythm", "")),
                "when": "; ".join(
                    f"{capital(parts.rhythm(v))}, {parts.hours(v.from_time, v.to_time)}" for v in s.visits
                ),
                "services": ";".join(s.services),
                "vehicles": ";".join(str(v) for v in sorted({v.vehicle for v in s.visits})),
                "next": s.held[0].isoformat() if s.held else "",
                "persons_near": _persons(s.figures.get("persons_near")),
                "cases_low": _number(s.figures.get("cases_low")),
                "cases": _number(s.figures.get("cases")),
                "cases_high": _number(s.figures.get("cases_high")),
                **{k: str(s.row[k]) for k in ("level_stand", "step_free", "power", "shelter", "toilet")},
                "geometry": shapely.Point(float(s.row["x"]), float(s.row["y"])),
            }
        )
    columns = ["letter", "stop_id", "place_id", "place", "stop", "rhythm", "when", "services", "vehicles", "next", "persons_near", "cases_low",
               "cases", "cases_high", "level_stand", "step_free", "power", "shelter", "toilet", "geometry"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def tour_layer(parts: MobileParts) -> pd.DataFrame:
    """One line per drive between two stops, once per vehicle and weekday."""
    rows: dict[tuple[int, str, str, str], dict[str, object]] = {}
    for day in days_of(parts):
        visits = [str(x["stop_id"]) for x in day.legs if x["what"] == "visit"]
        drives = {str(x["stop_id"]): x for x in day.legs if x["what"] == "drive"}
        for start, end in itertools.pairwise(visits):
            key = (day.vehicle, day.weekday, start, end)
            a, b = parts.stop(start), parts.stop(end)
            if a is None or b is None:
                continue
            weeks = [*rows[key]["_weeks"], *day.weeks] if key in rows else list(day.weeks)  # type: ignore[misc]
            leg = drives.get(end, {"drive_m": float("nan"), "drive_s": float("nan"), "estimated": False})
            rows[key] = {
                "vehicle": day.vehicle,
                "weekday_id": day.weekday,
                "weekday": parts.weekday(day.weekday),
                "_weeks": weeks,
                "weeks": ";".join(map(str, sorted(weeks))),
                "from_letter": a.letter,
                "to_letter": b.letter,
                "from_place": a.place,
                "to_place": b.place,
                "metres": round(float(leg["drive_m"])),
                "minutes": round(float(leg["drive_s"]) / 60, 1),
                "estimated": bool(leg["estimated"]),
                "geometry": shapely.LineString(line_of(parts, start, end)),
            }
    columns = ["vehicle", "weekday_id", "weekday", "weeks", "from_letter", "to_letter", "from_place", "to_place", "metres", "minutes",
               "estimated", "geometry"]  # fmt: skip
    return pd.DataFrame(list(rows.values()), columns=["_weeks", *columns])[columns]


def served_layer(parts: MobileParts) -> pd.DataFrame:
    """Homes within their walk of a stop; a ring round each stop where they are not known."""
    found = served_cells(parts)
    if found is None:
        metres = parts.plan.request.cover_m
        rings = [shapely.Point(float(s.row["x"]), float(s.row["y"])).buffer(metres) for s in parts.stops]
        area, kind = shapely.union_all(rings), "ring"
    else:
        cells = parts.documents.region.cells
        half = np.maximum(cells["size_m"].to_numpy(float)[found], _LEAST_M) / 2
        x, y = cells["x"].to_numpy(float)[found], cells["y"].to_numpy(float)[found]
        area, kind = shapely.union_all(shapely.box(x - half, y - half, x + half, y + half)), "cells"
    polygons = [g for g in shapely.get_parts(area) if g.geom_type == "Polygon"]
    rows = [{"kind": kind, "geometry": shapely.MultiPolygon(polygons)}] if polygons else []
    return pd.DataFrame(rows, columns=["kind", "geometry"])


def left_layer(parts: MobileParts) -> pd.DataFrame:
    """One point per place without a visit."""
    places = parts.documents.region.places.set_index("place_id")
    rows = []
    for _, row in parts.plan.left.iterrows():
        place = str(row["place_id"])
        if place in places.index:
            rows.append(
                {
                    "place_id": place,
                    "place": parts.place(place),
                    "persons": _persons(row["persons"]),
                    "persons_75_plus": _persons(row["persons_75_plus"]),
                    "reason_id": str(row["reason"]),
                    "reason": left_reason(parts, row),
                    "geometry": shapely.Point(float(places.at[place, "x"]), float(places.at[place, "y"])),
                }
            )
    return pd.DataFrame(
        rows, columns=["place_id", "place", "persons", "persons_75_plus", "reason_id", "reason", "geometry"]
    )


def _styles(parts: MobileParts, path: Path) -> None:
    lang = parts.lang
    stops = [(s.letter, "#000000", s.place) for s in parts.stops]
    days = list(dict.fromkeys(d.weekday for d in days_of(parts)))
    tours = [(d, TOUR_STYLES[k % len(TOUR_STYLES)][0], parts.weekday(d)) for k, d in enumerate(days)]
    left = [(r, "#bdbdbd", reason_words(parts, r)) for r in sorted(set(parts.plan.left["reason"]))]
    served = [(k, SERVED, say("mobile_doc.map_served", lang)) for k in ("cells", "ring")]
    write_layer_styles(
        path,
        [
            ("mobile_stops", say("sheet.mobile_stops", lang), class_colours_style("letter", stops, "marker"), True),
            ("mobile_tours", say("sheet.mobile_tours", lang), class_colours_style("weekday_id", tours, "line"), True),
            (
                "mobile_left_places",
                say("sheet.mobile_left", lang),
                class_colours_style("reason_id", left, "marker"),
                True,
            ),
            ("mobile_served", say("mobile_doc.map_served", lang), class_colours_style("kind", served, "fill"), True),
        ],
    )


def _number(value: object) -> float:
    return float("nan") if value is None else float(str(value))


def _persons(value: object) -> float:
    number = _number(value)
    return number if number != number else float(round_persons(number))
