"""The sheets on demand and capacity: facilities, areas, and the indicators of daviplan under their own names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.documents.page_capacity import has_figures, marks_of, unit_label
from ankerort.documents.tables import area_names, rounded, study_places
from ankerort.text import Language, say

SHARES = ("capacity_adequacy", "capacity_used_low", "capacity_used_high")
AMOUNTS = (
    "capacity_demand",
    "capacity_assigned_low",
    "capacity_assigned_high",
    "capacity_turned_low",
    "capacity_turned_high",
    "capacity_unserved_low",
    "capacity_unserved_high",
    "capacity_full_high",
)
_LEVELS = ("study", "district", "association", "municipality")


def capacity_facilities(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per facility of the study area whose service has a unit of capacity or a demand: what it holds, who comes, who is turned away."""
    region = assessment.region
    records = region.facilities.set_index("facility_id")
    table = assessment.depth.facility_capacity
    units = assessment.catalogue.capacity_units
    counts = table["service"].isin(list(units)) | table["capacity_known"]
    rows = table[table["facility_id"].map(records["in_study"]).astype(bool) & counts].reset_index(drop=True)
    key = rows["facility_id"]
    places = region.places.set_index("place_id")["print_name"]
    return pd.DataFrame(
        {
            "service": _services(assessment, rows, lang),
            "name": key.map(records["name"]).fillna(""),
            "place": key.map(records["place_id"]).map(places).fillna(""),
            "municipality": key.map(records["ags"]).map(region.municipalities.set_index("ags")["name"]).fillna(""),
            "mode": _modes(rows, lang),
            "capacity_amount": rows["capacity"],
            "capacity_unit": rows["unit"].map(lambda u: unit_label(u, lang)),
            "capacity_basis": np.where(
                rows["capacity_known"],
                say("quality.status_known", lang),
                np.where(rows["assumed"], say("capacity.assumed", lang), say("word.unknown", lang)),
            ),
            "capacity_demand": rounded(rows["demand"]),
            "capacity_demand_unit": rows["demand_unit"].map(lambda u: unit_label(u, lang)),
            "capacity_marks": rows["service"].map(lambda s: marks_of(assessment, s)),
            "capacity_per_100": rows["capacity_per_100"].round(1),
            "capacity_adequacy": rows["adequacy"],
            "capacity_assigned_low": rounded(rows["assigned_low"]),
            "capacity_assigned_high": rounded(rows["assigned_high"]),
            "capacity_used_low": rows["utilisation_low"],
            "capacity_used_high": rows["utilisation_high"],
            "capacity_turned_low": rounded(rows["turned_away_low"]),
            "capacity_turned_high": rounded(rows["turned_away_high"]),
            "reason": _reason(rows, lang),
            "facility_id": key,
        }
    )


def capacity_areas(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per area and service: demand, capacity, score, demand without a place; places only for services with figures."""
    table = assessment.depth.area_capacity
    of_study = table[table["level"] == "study"]
    told = set(of_study.loc[has_figures(of_study), "service"])
    chosen = table["level"].isin(_LEVELS) | ((table["level"] == "place") & table["service"].isin(told))
    rows = table[chosen].reset_index(drop=True)
    return pd.DataFrame(
        {
            "level": rows["level"].map(lambda v: say(f"level.{v}", lang)),
            "area": _areas(assessment, rows),
            "service": _services(assessment, rows, lang),
            "mode": _modes(rows, lang),
            "capacity_limit": rows["limit_min"].round(),
            "capacity_demand": rounded(rows["demand"]),
            "capacity_demand_unit": rows["demand_unit"].map(lambda u: unit_label(u, lang)),
            "capacity_marks": rows["service"].map(lambda s: marks_of(assessment, s)),
            "facilities_inside": rows["facilities"],
            "facilities_capacity": rows["facilities_known"],
            "capacity_amount": rows["capacity"],
            "capacity_unit": rows["unit"].map(lambda u: unit_label(u, lang)),
            "capacity_per_100": rows["capacity_per_100"].round(1),
            "capacity_method": rows["method"].str.upper(),
            "capacity_score": rows["score_mean"].round(1),
            "capacity_score_min": rows["score_min"].round(1),
            "capacity_score_median": rows["score_median"].round(1),
            "capacity_spar": rows["spar"].round(2),
            "capacity_score_least": _least(rows, lang),
            "capacity_unserved_low": rounded(rows["unserved_low"]),
            "capacity_unserved_high": rounded(rows["unserved_high"]),
            "capacity_full_high": rounded(rows["no_place_high"]),
            "capacity_minutes": rows["minutes"].round(1),
            "reason": _reason(rows, lang),
        }
    )


def daviplan(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """The indicators of daviplan, one row per indicator, service, mode and area or facility of the study area; places are in ``daviplan.parquet``."""
    table = assessment.depth.daviplan
    facilities = assessment.region.facilities.set_index("facility_id")
    of_facility = table["level"] == "facility"
    inside = table["area_id"].map(facilities["in_study"]).fillna(False).astype(bool)
    # a facility without a value says nothing that its service's row of the area does not say
    chosen = (of_facility & inside & table["value"].notna()) | table["level"].isin(_LEVELS)
    rows = table[chosen].reset_index(drop=True)
    places = assessment.region.places.set_index("place_id")["print_name"]
    names = rows["area_id"].map(facilities["name"]).fillna("")
    named = names.where(names != "", _services(assessment, rows, lang))
    return pd.DataFrame(
        {
            "daviplan_indicator": rows["indicator"].map(lambda i: say(f"daviplan.{i}", lang)),
            "service": _services(assessment, rows, lang),
            "mode": _modes(rows, lang),
            "level": rows["level"].map(lambda v: say(f"level.{v}", lang)),
            "area": np.where(rows["level"] == "facility", named, _areas(assessment, rows)),
            "place": rows["area_id"].map(facilities["place_id"]).map(places).fillna(""),
            "daviplan_value": rows["value"].round(3),
            "daviplan_low": rows["low"].round(3),
            "daviplan_high": rows["high"].round(3),
            "daviplan_unit": rows["unit"].map(
                lambda u: " / ".join(unit_label(p, lang) for p in u.split(" / ")).strip(" /")
            ),
            "daviplan_within": rows["within_min"],
            "daviplan_demand": rounded(rows["demand"]),
            "daviplan_coverage": rows["coverage"],
            "reason": _reason(rows, lang),
            "daviplan_meaning": rows["indicator"].map(lambda i: say(f"daviplan_meaning.{i}", lang)),
        }
    )


def _services(assessment: Assessment, rows: pd.DataFrame, lang: Language) -> pd.Series[str]:
    return rows["service"].map(lambda s: row_label(str(s), assessment.catalogue, lang))


def _modes(rows: pd.DataFrame, lang: Language) -> pd.Series[str]:
    return rows["mode"].map(lambda m: say(f"mode.{m}", lang) if m else "")


def _areas(assessment: Assessment, rows: pd.DataFrame) -> list[str]:
    names = area_names(assessment)
    places = study_places(assessment).set_index("place_id")["print_name"].to_dict()
    return [
        str(places.get(area, area)) if level == "place" else names.get((level, area), area)
        for level, area in zip(rows["level"].astype(str), rows["area_id"].astype(str), strict=True)
    ]


def _reason(rows: pd.DataFrame, lang: Language) -> pd.Series[str]:
    return rows["reason"].map(lambda r: say(f"capacity_reason.{r}", lang) if r else "")


def _least(rows: pd.DataFrame, lang: Language) -> pd.Series[str]:
    return (rows["score_is_least"] & rows["score_mean"].notna()).map({True: say("capacity.at_least", lang), False: ""})
