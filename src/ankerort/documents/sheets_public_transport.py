"""Sheets on public transport: there and back, people without a car, stops, classes."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.documents.no_car_lines import trip_services
from ankerort.documents.pt_colours import PT_CLASSES, pt_class_letter
from ankerort.documents.tables import study_places
from ankerort.network.model import DAY_TYPES
from ankerort.text import Language, say
from ankerort.text.numbers import format_clock, round_persons

TRIP_WHOLE = ("persons", *(f"away_{d}" for d in DAY_TYPES))
TRIP_SHARES = tuple(f"one_pair_{d}_{end}" for d in ("school", "holiday") for end in ("low", "high"))
PERSON_COLUMNS = ("persons", "persons_no_car", "there_no_car")
CLASS_COLUMNS = tuple(f"persons_{name.lower()}" for name in PT_CLASSES)
STRANDED_COLUMNS = tuple(f"stranded_{d}_{end}" for d in DAY_TYPES for end in ("low", "high"))
NO_CAR_COLUMNS = ("beyond_low", "beyond_high", "beyond_demand_low", "beyond_demand_high")
_AREAS = ("municipality", "association", "district", "study")


def there_and_back(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Place, core function, group (all, 65 and older), without and with Rufbus; a column per day type.

    Pairs of the median person: a number, "zu Fuß", "geschlossen" or "nicht bekannt".
    """
    table = assessment.depth.there_and_back
    core = trip_services(assessment, [f"core:{i.id}" for i in assessment.catalogue.core])
    rows = table[
        (table["level"] == "place")
        & table["service"].isin(core)
        & table["group"].isin(["all", "65_plus"])
        & (table["persons"] > 0)
    ]
    keys = ["area_id", "service", "group", "with_demand"]
    wide = _by_day(
        rows, keys, ["pairs", "bound", "on_foot", "away_min", "last_home_s", "one_pair_low", "one_pair_high", "persons",
                     "open_facilities"],
    )  # fmt: skip
    places = study_places(assessment).set_index("place_id")
    wide = _in_order(wide, list(places.index), core)
    area = wide["area_id"].astype(str)
    out: dict[str, object] = {
        "place": area.map(places["print_name"]).to_numpy(),
        "municipality": area.map(places["municipality"]).to_numpy(),
        "service": _labels(wide["service"], assessment, lang),
        "group": _groups(wide["group"], assessment, lang),
        "with_demand": _yes(wide["with_demand"], lang),
    }
    days = [d for d in DAY_TYPES if f"pairs_{d}" in wide]
    out["persons"] = _rounded(wide[[f"persons_{d}" for d in days]].max(axis=1)) if days else []
    for day in DAY_TYPES:
        out[f"pairs_{day}"] = [
            _pairs(pairs, on_foot, opened, lang)
            for pairs, on_foot, opened in _columns(
                wide, [f"{c}_{day}" for c in ("pairs", "on_foot", "open_facilities")]
            )
        ]
    for day in DAY_TYPES:
        out[f"pairs_bound_{day}"] = [
            say("word.yes", lang) if b is True or b == 1 else "" for (b,) in _columns(wide, [f"bound_{day}"])
        ]
    for day in ("school", "holiday"):
        for end in ("low", "high"):
            out[f"one_pair_{day}_{end}"] = [
                _ratio(a, b) for a, b in _columns(wide, [f"one_pair_{end}_{day}", f"persons_{day}"])
            ]
    for day in DAY_TYPES:
        out[f"away_{day}"] = [_up(v) for (v,) in _columns(wide, [f"away_min_{day}"])]
    for day in DAY_TYPES:
        out[f"last_home_{day}"] = [
            "" if _missing(v) else format_clock(float(str(v))) for (v,) in _columns(wide, [f"last_home_s_{day}"])
        ]
    return pd.DataFrame(out)


def stranded(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Persons of 65 and older without a car who get there within the standard and not home, by municipality and larger areas."""
    table = assessment.depth.there_and_back
    told = trip_services(assessment, table["service"].unique())
    rows = table[table["level"].isin(_AREAS) & (table["group"] == "65_plus") & table["service"].isin(told)]
    rows = rows.assign(stranded_low=rows["stranded_no_car_low"], stranded_high=rows["stranded_no_car_high"])
    rows = rows.astype({"level": str, "area_id": str})
    wide = _by_day(
        rows, ["level", "area_id", "service", "with_demand"],
        ["stranded_low", "stranded_high", "there_no_car", "persons_no_car"],
    )  # fmt: skip
    there = wide[[c for c in wide if str(c).startswith("there_no_car_")]].max(axis=1)
    wide = wide[(there > 0) | (wide["level"] == "study")]
    wide = wide.sort_values(["level", "area_id"], kind="stable", key=_level_order).reset_index(drop=True)
    days = [d for d in DAY_TYPES if f"there_no_car_{d}" in wide]
    names = _area_names(assessment)
    out: dict[str, object] = {
        "level": [say(f"level.{v}", lang) for v in wide["level"]],
        "area": [names.get((lv, a), a) for lv, a in zip(wide["level"], wide["area_id"], strict=True)],
        "service": _labels(wide["service"], assessment, lang),
        "with_demand": _yes(wide["with_demand"], lang),
        "persons_no_car": _rounded(wide[[f"persons_no_car_{d}" for d in days]].max(axis=1)) if days else [],
        "there_no_car": _rounded(wide[[f"there_no_car_{d}" for d in days]].max(axis=1)) if days else [],
    }
    for day in DAY_TYPES:
        for end in ("low", "high"):
            out[f"stranded_{day}_{end}"] = _rounded(
                pd.Series([v for (v,) in _columns(wide, [f"stranded_{end}_{day}"])], dtype=float)
            )
    return pd.DataFrame(out)


def no_car(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Of the persons without a car those not within the standard, by municipality and larger areas; all and 65 and older."""
    table = assessment.depth.no_car_service
    rows = table[table["level"].isin(_AREAS) & table["group"].isin(["all", "65_plus"])].astype(
        {"level": str, "area_id": str}
    )
    rows = rows.sort_values(["level", "area_id"], kind="stable", key=_level_order).reset_index(drop=True)
    names = _area_names(assessment)
    without = rows["persons_no_car"]
    return pd.DataFrame(
        {
            "level": [say(f"level.{v}", lang) for v in rows["level"]],
            "area": [names.get((lv, a), a) for lv, a in zip(rows["level"], rows["area_id"], strict=True)],
            "service": _labels(rows["service"], assessment, lang),
            "group": _groups(rows["group"], assessment, lang),
            "persons": _rounded(rows["persons"]),
            "persons_no_car": _rounded(without),
            "beyond_low": _rounded((without - rows["served_high"]).clip(lower=0)),
            "beyond_high": _rounded((without - rows["served_low"]).clip(lower=0)),
            "beyond_demand_low": _rounded((without - rows["served_demand_high"]).clip(lower=0)),
            "beyond_demand_high": _rounded((without - rows["served_demand_low"]).clip(lower=0)),
        }
    )


def stops(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per stop: category and departures per day type."""
    table = assessment.depth.pt_stops
    wide = _by_day(
        table, ["stop_ix"], ["name", "lon", "lat", "platforms", "school_only", "category", "departures",
                            "departures_demand", "interval_min", "pairs", "booking_lead_min", "known"],
    )  # fmt: skip
    days = [d for d in DAY_TYPES if f"name_{d}" in wide]
    first = days[0] if days else "school"

    def column(name: str) -> list[object]:
        return [v for (v,) in _columns(wide, [name])]

    yes_no = {"yes": say("word.yes", lang), "no": say("word.no", lang), "unknown": say("word.unknown", lang)}
    out: dict[str, object] = {"name": [str(v) for v in column(f"name_{first}")]}
    for day in DAY_TYPES:
        out[f"category_{day}"] = [_category(v, lang) for v in column(f"category_{day}")]
    for day in DAY_TYPES:
        out[f"departures_{day}"] = column(f"departures_{day}")
    for day in DAY_TYPES:
        out[f"departures_demand_{day}"] = column(f"departures_demand_{day}")
    for day in DAY_TYPES:
        out[f"stop_known_{day}"] = [
            "" if _missing(v) else yes_no["yes"] if v else yes_no["no"] for v in column(f"known_{day}")
        ]
    out["interval_school"] = [_up(v) for v in column("interval_min_school")]
    out["return_pairs_school"] = column("pairs_school")
    out["school_only"] = [yes_no.get(str(v), "") for v in column(f"school_only_{first}")]
    out["booking_lead"] = column(f"booking_lead_min_{first}")
    out["platforms"] = column(f"platforms_{first}")
    out["lon"] = [round(float(str(v)), 6) for v in column(f"lon_{first}")]
    out["lat"] = [round(float(str(v)), 6) for v in column(f"lat_{first}")]
    found = pd.DataFrame(out)
    return found.sort_values(["name", "lon", "lat"], kind="stable").reset_index(drop=True)


def pt_classes(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Persons by class of public transport and departures: municipalities and places, day types, without and with Rufbus."""
    rows = assessment.depth.pt_areas
    rows = rows[rows["persons"] > 0].astype({"level": str, "area_id": str})
    rows = rows.sort_values(["level"], kind="stable").reset_index(drop=True)  # municipalities before places
    places = study_places(assessment).set_index("place_id")
    names = assessment.region.municipalities.set_index("ags")["name"]
    is_place = rows["level"] == "place"
    area = rows["area_id"].map(names).where(~is_place, rows["area_id"].map(places["print_name"]))
    municipality = rows["area_id"].map(names).where(~is_place, rows["area_id"].map(places["municipality"]))
    return pd.DataFrame(
        {
            "level": [say(f"level.{v}", lang) for v in rows["level"]],
            "area": area.fillna(rows["area_id"]),
            "municipality": municipality.fillna(""),
            "day_type": [say(f"trips.day_{d}", lang) for d in rows["day_type"]],
            "with_demand": _yes(rows["with_demand"], lang),
            "pt_class": [_letter(v) for v in rows["median_class"]],
            "pt_class_best": [_letter(v) for v in rows["median_class_best"]],
            "pt_class_worst": [_letter(v) for v in rows["median_class_worst"]],
            "persons": _rounded(rows["persons"]),
            **{c: _rounded(rows[c]) for c in CLASS_COLUMNS},
            "departures": rows["departures"],
            "departures_known": np.where(rows["departures_known"], say("word.yes", lang), say("word.no", lang)),
        }
    )


def _by_day(rows: pd.DataFrame, keys: list[str], values: list[str]) -> pd.DataFrame:
    """One row per key, columns ``<value>_<day type>``, in the order of first appearance."""
    parts = []
    order = rows[keys].drop_duplicates().reset_index(drop=True)
    for day in DAY_TYPES:
        of_day = rows[rows["day_type"] == day]
        if len(of_day):
            parts.append(of_day[[*keys, *values]].rename(columns={v: f"{v}_{day}" for v in values}))
    for part in parts:
        order = order.merge(part, on=keys, how="left", sort=False)
    return order


def _in_order(wide: pd.DataFrame, areas: list[str], services: list[str]) -> pd.DataFrame:
    """Places in reading order, core functions in that of the catalogue."""
    of_area, of_service = ({k: n for n, k in enumerate(keys)} for keys in (areas, services))
    ranks = pd.DataFrame(
        {
            "area": wide["area_id"].astype(str).map(of_area),
            "service": wide["service"].astype(str).map(of_service),
            "group": wide["group"].astype(str) != "all",
            "demand": wide["with_demand"].astype(bool),
        }
    )
    return wide.loc[ranks.sort_values(list(ranks.columns), kind="stable").index].reset_index(drop=True)


def _columns(wide: pd.DataFrame, names: list[str]) -> Iterable[tuple[object, ...]]:
    """Values of several columns row by row; a day type that nobody knows is None."""
    return zip(*(wide[n].tolist() if n in wide else [None] * len(wide) for n in names), strict=True)


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def _pairs(pairs: object, on_foot: object, open_facilities: object, lang: Language) -> object:
    if _missing(on_foot):
        return say("word.unknown", lang)
    if on_foot:
        return say("trips.on_foot", lang)
    if not _missing(open_facilities) and float(str(open_facilities)) == 0:
        return say("trips.closed", lang)
    return say("word.unknown", lang) if _missing(pairs) else float(str(pairs))


def _ratio(part: object, whole: object) -> float:
    if _missing(part) or _missing(whole) or float(str(whole)) <= 0:
        return math.nan
    return float(str(part)) / float(str(whole))


def _up(minutes: object) -> float:
    return math.nan if _missing(minutes) else float(math.ceil(float(str(minutes)) - 1e-9))


def _rounded(persons: pd.Series[float]) -> list[float]:
    return [math.nan if math.isnan(p) else float(round_persons(p)) for p in persons.astype(float)]


def _labels(services: pd.Series[str], assessment: Assessment, lang: Language) -> list[str]:
    names = {str(s): row_label(str(s), assessment.catalogue, lang) for s in services.unique()}
    return [names[str(s)] for s in services]


def _groups(groups: pd.Series[str], assessment: Assessment, lang: Language) -> list[str]:
    known = assessment.catalogue.groups
    return [known[str(g)].label_de if lang == "de" else known[str(g)].label_en for g in groups]


def _yes(flags: pd.Series[bool], lang: Language) -> list[str]:
    return [say("word.yes" if f else "word.no", lang) for f in flags]


def _letter(name: object) -> str:
    return "" if _missing(name) else pt_class_letter(str(name))


def _category(name: object, lang: Language) -> str:
    if _missing(name) or str(name) == "unknown":
        return say("word.unknown", lang)
    return "–" if str(name) == "none" else str(name)


def _level_order(values: pd.Series[str]) -> pd.Series[int] | pd.Series[str]:
    return values.map({level: n for n, level in enumerate(_AREAS)}) if values.name == "level" else values


def _area_names(assessment: Assessment) -> dict[tuple[str, str], str]:
    rows = assessment.region.municipalities
    names: dict[tuple[str, str], str] = {("study", "*"): assessment.region.settings.name}
    for row in rows.itertuples():
        names["municipality", str(row.ags)] = str(row.name)
        names["association", str(row.association_id)] = str(row.association_name)
        names["district", str(row.district_ags)] = str(row.district_name)
    return names
