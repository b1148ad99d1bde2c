"""Tables of one assessment by place, made once for all profiles."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ankerort.catalogue.groups import weighted_persons
from ankerort.catalogue.model import Catalogue
from ankerort.documents.assessment import Assessment
from ankerort.documents.no_car_lines import trip_services
from ankerort.documents.page_forecast import horizon_of
from ankerort.documents.profile_facts import PROFILE_DAYS
from ankerort.region.model import Region

_Row = Mapping[str, Any]
_AGES = ("0_17", "65_plus", "80_plus")
_HOME_COLUMNS = (
    *("area_id", "service", "day_type", "with_demand", "pairs", "on_foot"),
    *("first_home_s", "last_home_s", "open_facilities"),
)


@dataclass(frozen=True)
class ProfileIndex:
    """Rows by place.

    Parameters
    ----------
    places
        PLACES by place_id, all of the data (the nearest facility may lie in the surroundings).
    municipalities
        MUNICIPALITIES by ags.
    items
        Services and core functions that profiles tell one by one, each with the services that make it up.
    services
        place_id -> item or service -> PLACE_SERVICE.
    facilities
        place_id -> FACILITIES that count, open and closed.
    towns
        facility_id -> place_id.
    home
        (place_id, item) -> (day type, with Rufbus) -> THERE_AND_BACK of all persons; only items for all adults, since the table knows
        the journeys of these only.
    departures
        place_id -> PT_AREAS.
    visits
        place_id -> MOBILE_VISITS.
    ages
        place_id -> persons under 18, of 65 and older, of 80 and older.
    later
        place_id -> FORECAST_AREAS of the main variant in the last year with official totals; `later_range` its smallest and largest
        figure of all variants; `later_base` the forecast's own figure of the base year.
    stocks
        (ags, place_id or empty) -> year -> persons.
    absent
        Services whose absence in the data is absence.
    """

    places: Mapping[str, _Row]
    municipalities: Mapping[str, _Row]
    items: Mapping[str, tuple[str, ...]]
    services: Mapping[str, Mapping[str, _Row]]
    facilities: Mapping[str, tuple[_Row, ...]]
    towns: Mapping[str, str]
    home: Mapping[tuple[str, str], Mapping[tuple[str, bool], _Row]]
    departures: Mapping[str, tuple[_Row, ...]]
    visits: Mapping[str, tuple[_Row, ...]]
    ages: Mapping[str, tuple[float, float, float]]
    later: Mapping[str, _Row]
    later_range: Mapping[str, tuple[float, float]]
    later_base: Mapping[str, float]
    stocks: Mapping[tuple[str, str], Mapping[int, float]]
    absent: frozenset[str]
    booking_lead_min: float


def profile_index(assessment: Assessment) -> ProfileIndex:
    """The index of an assessment; one pass over each table."""
    region, catalogue = assessment.region, assessment.catalogue
    study = set(region.places.loc[region.places["in_study"], "place_id"])
    facilities = region.facilities[region.facilities["merged_into"] == ""]
    items = _items(catalogue)
    later, span, base = _forecast(assessment, study)
    recording = assessment.supply.recording
    return ProfileIndex(
        places=_by_key(region.places, "place_id"),
        municipalities=_by_key(region.municipalities, "ags"),
        items=items,
        services=_services(assessment.supply.place_service, study),
        facilities=_grouped(facilities[facilities["place_id"].isin(study)], "place_id"),
        towns=dict(zip(region.facilities["facility_id"], region.facilities["place_id"], strict=True)),
        home=_home(assessment.depth.there_and_back, study, trip_services(assessment, items)),
        departures=_departures(assessment.depth.pt_areas),
        visits=_grouped(region.mobile_visits, "place_id"),
        ages=_ages(region, catalogue),
        later=later,
        later_range=span,
        later_base=base,
        stocks=_stocks(region.population_stocks),
        absent=frozenset(recording.loc[recording["absence"] == "missing", "service"]),
        booking_lead_min=_lead(assessment.depth.pt_stops),
    )


def _items(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Core functions, then whatever else the expectations name."""
    items = {f"core:{i.id}": i.services for i in catalogue.core}
    return items | {i: (i,) for i in catalogue.place_expectations.items if i not in items}


def _by_key(table: pd.DataFrame, key: str) -> dict[str, _Row]:
    return {str(row[key]): row for row in table.to_dict("records")}


def _grouped(table: pd.DataFrame, key: str) -> dict[str, tuple[_Row, ...]]:
    out: dict[str, list[_Row]] = {}
    for row in table.to_dict("records"):
        out.setdefault(str(row[key]), []).append(row)
    return {k: tuple(rows) for k, rows in out.items()}


def _services(table: pd.DataFrame, study: set[str]) -> dict[str, dict[str, _Row]]:
    out: dict[str, dict[str, _Row]] = {}
    for row in table[table["place_id"].isin(study)].to_dict("records"):
        out.setdefault(str(row["place_id"]), {})[str(row["service"])] = row
    return out


def _home(
    table: pd.DataFrame, study: set[str], items: Sequence[str]
) -> dict[tuple[str, str], dict[tuple[str, bool], _Row]]:
    if not len(table):
        return {}
    chosen = (
        (table["level"] == "place")
        & (table["group"] == "all")
        & table["service"].isin(items)
        & table["day_type"].isin(PROFILE_DAYS)
    )
    out: dict[tuple[str, str], dict[tuple[str, bool], _Row]] = {}
    for row in table.loc[chosen, [c for c in _HOME_COLUMNS if c in table]].to_dict("records"):
        if row["area_id"] in study:
            key = (str(row["area_id"]), str(row["service"]))
            out.setdefault(key, {})[str(row["day_type"]), bool(row["with_demand"])] = row
    return out


def _departures(table: pd.DataFrame) -> dict[str, tuple[_Row, ...]]:
    columns = ["area_id", "day_type", "with_demand", "departures", "departures_known"]
    return _grouped(table.loc[table["level"] == "place", columns], "area_id") if len(table) else {}


def _ages(region: Region, catalogue: Catalogue) -> dict[str, tuple[float, float, float]]:
    cells = region.cells
    table = pd.DataFrame(
        {g: weighted_persons(cells, catalogue.groups[g].band_shares) for g in _AGES}, index=cells.index
    )
    sums = table.groupby(cells["place_id"]).sum()
    return {str(k): (float(a), float(b), float(c)) for k, a, b, c in sums.itertuples()}


def _forecast(
    assessment: Assessment, study: set[str]
) -> tuple[dict[str, _Row], dict[str, tuple[float, float]], dict[str, float]]:
    forecast = assessment.forecast
    if forecast is None:
        return {}, {}, {}
    areas = forecast.areas
    areas = areas[(areas["level"] == "place") & areas["area_id"].isin(study)]
    main = areas["variant"] == forecast.variants[0]
    horizon = areas["year"] == horizon_of(forecast)
    base = areas[main & (areas["year"] == forecast.base_year)]
    span: dict[str, tuple[float, float]] = {}
    for row in areas[horizon].to_dict("records"):
        figures = [float(row[c]) for c in ("persons", "low", "high") if not math.isnan(float(row[c]))]
        low, high = span.get(str(row["area_id"]), (math.inf, -math.inf))
        span[str(row["area_id"])] = (min(low, *figures), max(high, *figures))
    return (
        _by_key(areas[main & horizon], "area_id"),
        span,
        {str(a): float(p) for a, p in zip(base["area_id"], base["persons"], strict=True)},
    )


def _stocks(table: pd.DataFrame) -> dict[tuple[str, str], dict[int, float]]:
    """Persons by year; both sexes together where the table has them so."""
    out: dict[tuple[str, str], dict[int, float]] = {}
    for (ags, place, year), rows in table.groupby(["ags", "place_id", "year"], sort=True):
        whole = rows[rows["sex"] == "all"]
        persons = float((whole if len(whole) else rows)["persons"].sum())
        out.setdefault((str(ags), str(place)), {})[int(year)] = persons
    return out


def _lead(stops: pd.DataFrame) -> float:
    """Longest notice that any Rufbus asks for; NaN without one."""
    leads = stops["booking_lead_min"].to_numpy(float) if len(stops) else np.zeros(0)
    leads = leads[~np.isnan(leads)]
    return float(leads.max()) if len(leads) else math.nan
