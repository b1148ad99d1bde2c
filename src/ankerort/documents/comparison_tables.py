"""``vergleich.xlsx`` and ``vergleich.gpkg``."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
import xlsxwriter
from xlsxwriter.workbook import Workbook

from ankerort.catalogue.model import Catalogue
from ankerort.documents.comparison_depth import capacity_sheet, quality_sheet
from ankerort.documents.comparison_rows import (
    ComparedScenario,
    area_names,
    change_lines,
    changed_facilities,
    own_group,
    place_rows,
)
from ankerort.documents.labels import row_label
from ankerort.documents.tables import places_in_order
from ankerort.region.model import Region
from ankerort.scenario.compare import place_signs, side_by_side
from ankerort.text import Language, say
from ankerort.text.numbers import round_persons

_FIXED_DATE = dt.datetime(2000, 1, 1)  # Excel wants a creation date; a fixed one keeps equal content equal
_FIXED_TIME = "2000-01-01T00:00:00Z"
_PERSON_COLUMNS = (
    "persons",
    "persons_before",
    "gain_low",
    "gain_high",
    "lose_low",
    "lose_high",
    "served_before_low",
    "served_before_high",
    "served_after_low",
    "served_after_high",
    "faster_persons",
    "slower_persons",
    "new_persons",
    "gone_persons",
    "gain",
    "lose",
    "short_before",
    "short_after",
)
_KEY = ["level", "area_id", "service", "group", "mode"]


def write_comparison_workbook(
    base: Region, catalogue: Catalogue, scenarios: Sequence[ComparedScenario], path: Path, lang: Language
) -> None:
    """Sheets: side by side (columns per scenario), places, areas, standards, there and back, capacity, quality, changes."""
    sheets = {
        "side_by_side": _wide(base, catalogue, scenarios, lang),
        "compare_places": _joined(scenarios, lambda one: _places(one, base, catalogue, lang)),
        "compare_areas": _joined(scenarios, lambda one: _named(one.comparison.areas, base, catalogue, lang)),
        "compare_statements": _joined(scenarios, lambda one: _named(one.comparison.statements, base, catalogue, lang)),
        "compare_trips": _joined(scenarios, lambda one: _named(one.comparison.trips, base, catalogue, lang)),
        "compare_capacity": _joined(
            scenarios, lambda one: _named(capacity_sheet(one, catalogue, lang), base, catalogue, lang)
        ),
        "compare_quality": _joined(scenarios, lambda one: quality_sheet(one, base, catalogue, lang)),
        "compare_changes": _joined(scenarios, lambda one: _changes(one, catalogue, lang)),
    }
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"title": say("compare.title", lang), "created": _FIXED_DATE})
        for name, frame in sheets.items():
            _sheet(workbook, name, frame, lang)


def _joined(scenarios: Sequence[ComparedScenario], rows: Callable[[ComparedScenario], pd.DataFrame]) -> pd.DataFrame:
    frames = []
    for one in scenarios:
        frame = rows(one)
        frame.insert(0, "scenario", one.name)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _places(one: ComparedScenario, base: Region, catalogue: Catalogue, lang: Language) -> pd.DataFrame:
    rows = place_rows(one, base, catalogue, lang).drop(columns=["_order", "_size"])
    rows["persons_place"] = [round_persons(float(p)) for p in rows["persons_place"]]
    return rows


def _named(frame: pd.DataFrame, base: Region, catalogue: Catalogue, lang: Language) -> pd.DataFrame:
    """Labels in place of ids, persons rounded."""
    names = area_names(base)
    out = frame.copy()
    out["area"] = [names.get(k, k[1]) for k in zip(out["level"].astype(str), out["area_id"].astype(str), strict=True)]
    out["level"] = [say(f"level.{level}", lang) for level in out["level"]]
    out["service"] = [row_label(str(s), catalogue, lang) for s in out["service"]]
    groups = {g.id: g.label_de if lang == "de" else g.label_en for g in catalogue.groups.values()}
    if "group" in out:
        out["group"] = [groups.get(str(g), str(g)) for g in out["group"]]
    if "mode" in out:
        out["mode"] = [say(f"mode.{m}", lang) for m in out["mode"]]
    if "day_type" in out:
        out["day_type"] = [say(f"compare.day.{d}", lang) for d in out["day_type"]]
        out["with_demand"] = [say("word.yes" if d else "word.no", lang) for d in out["with_demand"]]
    if "before" in out:
        for column in ("before", "after"):
            out[column] = [say(f"compare.fulfilled.{v}", lang) for v in out[column]]
        sets = {k: s.label_de if lang == "de" else s.label_en for k, s in catalogue.standard_sets.items()}
        out["set_id"] = [sets.get(str(s), str(s)) for s in out["set_id"]]
    for column in _PERSON_COLUMNS:
        if column in out:
            out[column] = [np.nan if math.isnan(v) else float(round_persons(v)) for v in out[column].astype(float)]
    columns = ["level", "area", *(c for c in out.columns if c not in ("level", "area", "area_id")), "area_id"]
    return out[columns]


def _wide(base: Region, catalogue: Catalogue, scenarios: Sequence[ComparedScenario], lang: Language) -> pd.DataFrame:
    """One row per area, service, group and mode; two columns per scenario: known gain less known loss, and the range."""
    long = side_by_side([one.comparison for one in scenarios])
    if long.empty:
        return pd.DataFrame(columns=["level", "area", "service", "group", "mode"])
    first = long[long["scenario"] == scenarios[0].name].reset_index(drop=True)
    out = _named(first[_KEY], base, catalogue, lang).drop(columns="area_id")
    for one in scenarios:
        rows = long[long["scenario"] == one.name].reset_index(drop=True)
        for kind in ("gain", "lose"):
            low = [round_persons(v) for v in rows[f"{kind}_low"]]
            high = [round_persons(v) for v in rows[f"{kind}_high"]]
            head = f"{one.name}: {say(f'compare.{kind}_short', lang)}"
            out[head] = [
                float(h) if a == h else say("compare.from_to", lang, low=a, high=h)
                for a, h in zip(low, high, strict=True)
            ]
    return out


def _changes(one: ComparedScenario, catalogue: Catalogue, lang: Language) -> pd.DataFrame:
    lines = change_lines(one.resolved, catalogue, lang)
    return pd.DataFrame({"number": range(1, len(lines) + 1), "change": lines})


def _sheet(workbook: Workbook, name: str, frame: pd.DataFrame, lang: Language) -> None:
    font = {"font_name": "Arial", "font_size": 11}
    head = workbook.add_format(
        {**font, "bold": True, "bg_color": "#e8eef2", "bottom": 1, "text_wrap": True, "valign": "top"}
    )
    plain = workbook.add_format({**font, "valign": "top"})
    number = workbook.add_format({**font, "num_format": "#,##0.#", "valign": "top"})
    sheet = workbook.add_worksheet(say(f"sheet.{name}", lang))
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 48)
    for column, key in enumerate(frame.columns):
        known = f"column.{key}"
        label = say(known, lang) if ":" not in str(key) else str(key)
        sheet.write(0, column, label, head)
        wide = (
            90
            if key == "change"
            else 26
            if key in ("place", "area", "service", "uses_now", "scenario", "facility", "ask")
            else 15
        )
        sheet.set_column(column, column, wide)
    for row, values in enumerate(frame.itertuples(index=False), start=1):
        for column, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, column, value, plain)
            elif value is not None and not (isinstance(value, float) and math.isnan(value)):
                sheet.write_number(row, column, float(value), number)
    if frame.empty:
        sheet.write(1, 0, say("sheet.empty", lang), plain)
    sheet.autofilter(0, 0, max(len(frame), 1), max(len(frame.columns) - 1, 0))
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def write_comparison_geopackage(
    base: Region, catalogue: Catalogue, scenarios: Sequence[ComparedScenario], path: Path, lang: Language
) -> None:
    """One layer of places and one of changed facilities per scenario, numbered as on the page."""
    crs = base.settings.crs
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_TIME})
    try:
        written = False
        for number, one in enumerate(scenarios, start=1):
            for name, frame in (
                (f"places_{number}", _place_layer(one, base, catalogue)),
                (f"facilities_{number}", _facility_layer(one, base, catalogue, lang)),
            ):
                layer = gpd.GeoDataFrame(frame, geometry="geometry", crs=crs)
                pyogrio.write_dataframe(layer, path, layer=name, driver="GPKG", append=written, geometry_type="Point")
                written = True
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _place_layer(one: ComparedScenario, base: Region, catalogue: Catalogue) -> pd.DataFrame:
    """All places with their sign and, per service that differs, persons who gain and lose without and with a car."""
    places = places_in_order(base)
    signs = place_signs(one.comparison)
    out: dict[str, object] = {
        "scenario": one.name,
        "place_id": places["place_id"].to_numpy(),
        "name": places["print_name"].to_numpy(),
        "municipality": places["municipality"].to_numpy(),
        "persons": places["persons"].round().to_numpy(),
        "sign": places["place_id"].map(signs).fillna("=").to_numpy(),
    }
    rows = one.comparison.areas
    rows = rows[(rows["level"] == "place") & rows["mode"].isin(("without_car", "with_car"))]
    for (service, mode), part in rows.groupby(["service", "mode"], sort=True):
        own = part[part["group"] == own_group(str(service), catalogue)].set_index("area_id")
        for kind in ("gain_low", "gain_high", "lose_low", "lose_high"):
            name = f"{kind}_{mode}_{str(service).replace(':', '_')}"
            out[name] = places["place_id"].map(own[kind]).fillna(0.0).round().to_numpy(float)
    out["geometry"] = shapely.points(places["x"].to_numpy(float), places["y"].to_numpy(float))
    return pd.DataFrame(out)


def _facility_layer(one: ComparedScenario, base: Region, catalogue: Catalogue, lang: Language) -> pd.DataFrame:
    rows = changed_facilities(base, one.region)
    rows = rows[rows["x"].notna()]
    return pd.DataFrame(
        {
            "scenario": one.name,
            "facility_id": rows["facility_id"].to_numpy(),
            "name": rows["name"].to_numpy(),
            "service": [
                row_label(str(s), catalogue, lang) if s in catalogue.services else str(s) for s in rows["service"]
            ],
            "what": rows["what"].to_numpy(),
            "geometry": shapely.points(rows["x"].to_numpy(float), rows["y"].to_numpy(float)),
        }
    )
