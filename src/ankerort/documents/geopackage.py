"""``supply.gpkg``: cells, places, municipalities and facilities for QGIS, with their styles inside."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.documents.pt_colours import pt_class_letter
from ankerort.documents.qgis_style import categorised_style, class_style, graduated_style
from ankerort.documents.tables import facilities as facility_rows
from ankerort.documents.tables import study_places
from ankerort.network.model import DAY_TYPES, DayType
from ankerort.text import Language, say

_FIXED_TIME = "2000-01-01T00:00:00Z"  # GDAL stamps each layer; a fixed stamp keeps equal content equal
_ON_FOOT_PAIRS = 99.0  # who can walk both ways goes as often as he likes
_CLASS_DAYS: tuple[DayType, ...] = ("school", "holiday")
_MINUTE_STEPS = (5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0)


def write_geopackage(assessment: Assessment, path: Path, lang: Language) -> None:
    """Write all layers and styles to `path` (the caller renames it into place).

    Layers: cells (squares with minutes to each core service on foot, by car, by public transport), places (centre, letter of
    each core function), municipalities (shares with and without a car), facilities.
    """
    crs = assessment.region.settings.crs
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_TIME})
    try:
        for name, frame in (
            ("municipalities", _municipalities(assessment)),
            ("cells", _cells(assessment)),
            ("places", _places(assessment)),
            ("facilities", _facilities(assessment, lang)),
        ):
            layer = gpd.GeoDataFrame(frame, geometry="geometry", crs=crs)
            pyogrio.write_dataframe(
                layer, path, layer=name, driver="GPKG", append=path.stat().st_size > 0 and name != "municipalities"
            )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
    _write_styles(assessment, path, lang)


def _core_services(assessment: Assessment) -> list[str]:
    return list(dict.fromkeys(s for item in assessment.catalogue.core for s in item.services))


def _cells(assessment: Assessment) -> pd.DataFrame:
    region = assessment.region
    cells = region.cells[region.cells["in_study"]]
    places = region.places.set_index("place_id")["print_name"]
    half = np.maximum(cells["size_m"].to_numpy(float), 20.0) / 2
    x, y = cells["x"].to_numpy(float), cells["y"].to_numpy(float)
    out: dict[str, object] = {
        "cell_id": cells["cell_id"].to_numpy(),
        "place": cells["place_id"].map(places).fillna("").to_numpy(),
        "persons": cells["persons"].to_numpy(float).round(1),
        "persons_rule": cells["persons_rule"].to_numpy(),
        "ages_rule": cells["ages_rule"].to_numpy(),
    }
    nearest = assessment.supply.nearest
    for service in _core_services(assessment):
        of_service = nearest[nearest["service"] == service]
        for mode in ("foot", "car", "pt", "pt_demand"):
            rows = of_service[of_service["mode"] == mode].set_index("cell_id")["minutes"]
            values = cells["cell_id"].map(rows).to_numpy(float) if len(rows) else np.full(len(cells), np.nan)
            out[f"{mode}_{service}"] = np.ceil(values)
    out |= _cell_classes(assessment, cells["cell_id"])
    out["geometry"] = shapely.box(x - half, y - half, x + half, y + half)
    return pd.DataFrame(out)


def _places(assessment: Assessment) -> pd.DataFrame:
    places = study_places(assessment)
    balance = assessment.supply.place_service
    out: dict[str, object] = {
        "place_id": places["place_id"],
        "name": places["print_name"],
        "municipality": places["municipality"],
        "association": places["association"],
        "kind": places["kind"],
        "rule": places["rule"],
        "persons": places["persons"].round(),
        "persons_65_plus": places["persons_65_plus"].round(),
    }
    at_place = np.zeros(len(places), int)
    for item in assessment.catalogue.core:
        rows = balance[balance["service"] == f"core:{item.id}"].set_index("place_id")
        letter = places["place_id"].map(rows["state"])
        out[f"state_{item.id}"] = letter
        out[f"no_car_{item.id}"] = places["place_id"].map(rows["state_no_car"])
        out[f"car_min_{item.id}"] = np.ceil(places["place_id"].map(rows["car_min"]))
        out[f"pt_min_{item.id}"] = np.ceil(places["place_id"].map(rows["pt_min"]))
        out[f"pt_demand_min_{item.id}"] = np.ceil(places["place_id"].map(rows["pt_demand_min"]))
        out[f"no_car_demand_{item.id}"] = places["place_id"].map(rows["state_demand"])
        at_place += letter.isin(["O", "M"]).to_numpy(int)
    out["functions_in_place"] = at_place
    position = assessment.depth.centrality.set_index("place_id")
    out["davies"] = places["place_id"].map(position["davies"]).round(1)
    out["surplus"] = places["place_id"].map(position["surplus"]).round(1)
    out["tier"] = places["place_id"].map(position["tier"]).fillna("")
    out |= _place_trips(assessment, places["place_id"])
    out["geometry"] = shapely.points(places["x"].to_numpy(float), places["y"].to_numpy(float))
    return pd.DataFrame(out)


def _cell_classes(assessment: Assessment, cells: pd.Series[str]) -> dict[str, object]:
    """Class of public transport on school and holiday weekdays, without and with Rufbus; ? where not known."""
    table = assessment.depth.pt_cells
    out: dict[str, object] = {}
    for day in _CLASS_DAYS:
        rows = table[table["day_type"] == day].set_index("cell_id")
        for column in ("pt_class", "pt_class_demand"):
            letters = rows[column].astype(str).map(pt_class_letter)
            out[f"{column}_{day}"] = cells.map(letters).astype(object).fillna("?").to_numpy(object)
    return out


def _place_trips(assessment: Assessment, places: pd.Series[str]) -> dict[str, object]:
    """Pairs of journeys of the median person per core function and type of day, and the class of public transport."""
    out: dict[str, object] = {}
    trips = assessment.depth.there_and_back
    trips = trips[(trips["level"] == "place") & (trips["group"] == "all")]
    for item in assessment.catalogue.core:
        of_item = trips[trips["service"] == f"core:{item.id}"]
        for day in DAY_TYPES:
            for with_demand in (False, True):
                rows = of_item[(of_item["day_type"] == day) & (of_item["with_demand"] == with_demand)]
                pairs = pd.Series(
                    np.where(rows["on_foot"], _ON_FOOT_PAIRS, rows["pairs"]),
                    index=rows["area_id"].astype(str),
                    dtype=float,
                )
                name = f"pairs_demand_{day}" if with_demand else f"pairs_{day}"
                out[f"{name}_{item.id}"] = places.map(pairs).to_numpy(float)
    areas = assessment.depth.pt_areas
    areas = areas[areas["level"] == "place"]
    for day in _CLASS_DAYS:
        for with_demand in (False, True):
            rows = areas[(areas["day_type"] == day) & (areas["with_demand"] == with_demand)]
            letters = pd.Series(
                [pt_class_letter(str(v)) for v in rows["median_class"]], index=rows["area_id"].astype(str), dtype=object
            )
            name = f"pt_class_demand_{day}" if with_demand else f"pt_class_{day}"
            out[name] = places.map(letters).astype(object).fillna("?").to_numpy(object)
    return out


def _municipalities(assessment: Assessment) -> pd.DataFrame:
    region = assessment.region
    rows = region.municipalities[region.municipalities["in_study"]]
    shapes = region.boundaries.set_index("ags").geometry
    area = assessment.supply.area_service
    chosen = area[(area["level"] == "municipality") & (area["group"] == "all")]
    out: dict[str, object] = {
        "ags": rows["ags"],
        "name": rows["name"],
        "association": rows["association_name"],
        "district": rows["district_name"],
        "persons": rows["persons"].round(),
    }
    for service in _core_services(assessment):
        for mode in ("without_car", "without_car_demand", "with_car"):
            part = chosen[(chosen["service"] == service) & (chosen["mode"] == mode)].set_index("area_id")
            for end in ("low", "high"):
                out[f"{mode}_{end}_{service}"] = rows["ags"].map(part[f"share_{end}"]).round(3)
    for item in assessment.catalogue.core:
        short = _short_without_car(assessment, item.id)
        for end in ("low", "high"):
            out[f"short_{end}_{item.id}"] = rows["ags"].map(short[end]).round()
    out["geometry"] = rows["ags"].map(shapes)
    return pd.DataFrame(out).dropna(subset=["geometry"])


def _short_without_car(assessment: Assessment, core: str) -> pd.DataFrame:
    """Persons of each municipality not within the standard of a core function without a car: known (low), and the unknown too (high)."""
    rows = assessment.supply.place_service
    rows = rows[rows["service"] == f"core:{core}"]
    ags = rows["place_id"].map(assessment.region.places.set_index("place_id")["ags"])
    persons = rows["group_persons"]
    known, possible = persons * (1 - rows["without_car_high"]), persons * (1 - rows["without_car_low"])
    return pd.DataFrame({"low": known.clip(lower=0.0), "high": possible.clip(lower=0.0)}).groupby(ags).sum()


def _facilities(assessment: Assessment, lang: Language) -> pd.DataFrame:
    rows = facility_rows(assessment, lang)
    service = assessment.region.facilities.set_index("facility_id")["service"]
    position = assessment.region.facilities.set_index("facility_id")[["x", "y"]]
    rows.insert(0, "service_id", rows["facility_id"].map(service))
    x = rows["facility_id"].map(position["x"]).to_numpy(float)
    y = rows["facility_id"].map(position["y"]).to_numpy(float)
    return rows.assign(geometry=shapely.points(x, y)).loc[~np.isnan(x)]


def _write_styles(assessment: Assessment, path: Path, lang: Language) -> None:
    """Put QML styles into the table that QGIS reads (``layer_styles``)."""
    styles: list[tuple[str, str, str, bool]] = []
    first = True
    for item in assessment.catalogue.core:
        name = row_label(f"core:{item.id}", assessment.catalogue, lang)
        styles.append(("places", name, categorised_style(f"state_{item.id}", lang, marker=True), first))
        no_car = f"{name}: {say('mode.without_car', lang)}"
        styles.append(("places", no_car, categorised_style(f"no_car_{item.id}", lang, marker=True), False))
        first = False
    for k, service in enumerate(_core_services(assessment)):
        for mode in ("car", "pt", "foot"):
            title = f"{row_label(service, assessment.catalogue, lang)}: {say(f'mode.{mode}', lang)}"
            default = k == 0 and mode == "car"
            styles.append(("cells", title, graduated_style(f"{mode}_{service}", _MINUTE_STEPS, lang), default))
    for day in _CLASS_DAYS:
        title = f"{say('column.pt_class', lang)}: {say(f'trips.day_{day}', lang)}"
        styles.append(("places", title, class_style(f"pt_class_{day}", lang, marker=True), False))
        title = f"{say('sheet.pt_classes', lang)}: {say(f'trips.day_{day}', lang)}"
        styles.append(("cells", title, class_style(f"pt_class_{day}", lang, marker=False), False))
    styles.append(("municipalities", say("map.outline", lang), graduated_style("", (), lang), True))
    write_layer_styles(path, styles)


def write_layer_styles(path: Path, styles: Sequence[tuple[str, str, str, bool]]) -> None:
    """Put styles into the table that QGIS reads: layer, name, QML, whether it is the default of its layer."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE TABLE IF NOT EXISTS layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,"
            "f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),"
            "f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,"
            "description TEXT, owner TEXT(30), ui TEXT(30), update_datetime DATETIME)"
        )
        database.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
            " styleQML, styleSLD, useAsDefault, description, owner, ui, update_datetime)"
            " VALUES ('', '', ?, 'geom', ?, ?, '', ?, ?, 'ankerort', '', ?)",
            [(layer, name, qml, int(default), name, _FIXED_TIME) for layer, name, qml, default in styles],
        )
        database.execute(
            "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, description, last_change)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
            (_FIXED_TIME,),
        )
