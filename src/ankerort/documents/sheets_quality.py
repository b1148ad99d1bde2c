"""The sheets on quality: one row per facility with every criterion, one row per place and service."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ankerort.catalogue.quality import CRITERIA
from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.documents.tables import rounded, study_places
from ankerort.text import Language, say
from ankerort.text.numbers import format_date

_MODES = ("car", "foot", "pt")
FACILITY_SHARES = (
    "quality_score",
    "quality_low",
    "quality_high",
    "quality_known",
    "quality_hours_old",
    "quality_hours_workers",
    *(f"quality_{c}_weight" for c in CRITERIA),
)
SOURCE_WIDTHS = {f"quality_{c}_source": 36 for c in CRITERIA}
PLACE_SHARES = ("quality_nearest_low", "quality_nearest_high")
PLACE_PERSONS = tuple(
    f"quality_{mode}_{column}"
    for mode in _MODES
    for column in ("within_low", "within_adequate_low", "within_adequate_high")
)


def quality_facilities(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per open facility of the study area: grade, bounds, what to ask, each criterion with its source and date."""
    region = assessment.region
    records = region.facilities.set_index("facility_id")
    quality = assessment.depth.facility_quality
    rows = quality[quality["facility_id"].map(records["in_study"]).astype(bool)].reset_index(drop=True)
    places = region.places.set_index("place_id")["print_name"]
    municipalities = region.municipalities.set_index("ags")["name"]
    key = rows["facility_id"]
    columns: dict[str, object] = {
        "service": rows["service"].map(lambda s: row_label(s, assessment.catalogue, lang)),
        "name": key.map(records["name"]).fillna(""),
        "place": rows["place_id"].map(places).fillna(""),
        "municipality": key.map(records["ags"]).map(municipalities).fillna(""),
        "quality_grade": rows["grade"].where(rows["grade"] != "", say("quality.too_little_known", lang)),
        "quality_score": rows["score"],
        "quality_low": rows["score_low"],
        "quality_high": rows["score_high"],
        "quality_known": rows["known_share"],
        "quality_adequate": rows["adequate"].map(lambda a: say(f"quality.adequate.{a}", lang)),
        "quality_ask": rows["ask"].map(lambda a: _criteria_labels(a, lang)),
        "quality_hours_basis": rows["hours_basis"].map(lambda b: say(f"quality.hours_basis.{b}", lang)),
        "quality_hours_week": rows["hours_per_week"].round(1),
        "quality_hours_old": rows["hours_share_65_plus"],
        "quality_hours_workers": rows["hours_share_workers"],
        "quality_security": rows["security"].map(lambda s: say(f"security.{s}", lang)),
        "quality_security_reason": rows["security_reason"].map(lambda r: say(f"security_reason.{r}", lang)),
        "quality_viability": rows["viability"].round(2),
    }
    sources = region.sources.set_index("source_id")["title"]
    criteria = assessment.depth.facility_criteria.set_index(["criterion", "facility_id"]).sort_index()
    for criterion in CRITERIA:
        found = criteria.loc[criterion].reindex(key) if criterion in criteria.index.get_level_values(0) else None
        columns |= _criterion_columns(criterion, found, len(rows), sources, lang)
    columns["facility_id"] = key
    return pd.DataFrame(columns)


def _criterion_columns(
    criterion: str, found: pd.DataFrame | None, rows: int, sources: pd.Series[str], lang: Language
) -> dict[str, object]:
    """What was found, its value, its weight, whether it is known, and whence: empty where the criterion does not apply."""
    names = [f"quality_{criterion}{part}" for part in ("", "_value", "_weight", "_status", "_source")]
    if found is None:
        return dict.fromkeys(names, pd.Series([""] * rows, dtype="str"))
    status = np.full(rows, "", dtype=object)
    applies = found["weight"].notna().to_numpy(bool)
    known = found["known"].eq(True).to_numpy(bool)
    assumed = found["assumed"].eq(True).to_numpy(bool)
    status[applies] = say("word.unknown", lang)
    status[known] = say("quality.status_known", lang)
    status[assumed] = say("quality.hours_assumed", lang)
    source = [
        ", ".join(p for p in (_source(s, sources, lang), format_date(d, lang)) if p)
        for s, d in zip(found["source_id"].fillna(""), found["source_date"].fillna("").astype(str), strict=True)
    ]
    measured = found["measured"].fillna("").map(lambda m: _measured(criterion, m, lang))
    values = (measured, found["value"], found["weight"], status, source)
    return {n: v.to_numpy() if isinstance(v, pd.Series) else v for n, v in zip(names, values, strict=True)}


def _measured(criterion: str, text: str, lang: Language) -> str:
    """Words for the ids of step-free access; everything else stays as the data have it."""
    if criterion == "step_free" and text in ("yes", "no"):
        return say(f"word.{text}", lang)
    return text


def _source(source_id: str, sources: pd.Series[str], lang: Language) -> str:
    if source_id == "timetable":
        return say("quality.source_timetable", lang)
    return str(sources.get(source_id, source_id)) or source_id


def _criteria_labels(ids: str, lang: Language) -> str:
    return "; ".join(say(f"quality.criterion.{c}", lang) for c in ids.split(";") if c)


def quality_places(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per place of the study area and service: grades, the nearest, the nearest adequate one by car, on foot, by bus."""
    places = study_places(assessment).set_index("place_id")
    names = assessment.region.facilities.set_index("facility_id")["name"]
    table = assessment.depth.place_quality
    table = table[table["place_id"].isin(places.index) & (table["persons"] > 0)]
    order = pd.Series(np.arange(len(places)), index=places.index)
    rows = table.assign(_order=table["place_id"].map(order)).sort_values("_order", kind="stable").reset_index(drop=True)
    columns: dict[str, object] = {
        "place": rows["place_id"].map(places["print_name"]),
        "municipality": rows["place_id"].map(places["municipality"]),
        "service": rows["service"].map(lambda s: row_label(s, assessment.catalogue, lang)),
        "persons": rounded(rows["persons"]),
        "facilities": rows["facilities"],
        **{f"quality_places_{g}": rows[f"grade_{g}"] for g in "abcde"},
        "quality_places_ungraded": rows["ungraded"],
        "quality_best": rows["best_grade"],
        "nearest": rows["nearest_facility_id"].map(names).fillna(""),
        "quality_nearest": rows["nearest_grade"],
        "quality_nearest_low": rows["nearest_adequate_low"],
        "quality_nearest_high": rows["nearest_adequate_high"],
    }
    adequate = assessment.depth.place_adequate.set_index(["mode", "place_id", "service"]).sort_index()
    key = pd.MultiIndex.from_arrays([rows["place_id"], rows["service"]])
    for mode in _MODES:
        of_mode = (
            adequate.loc[mode].reindex(key)
            if mode in adequate.index.get_level_values(0)
            else pd.DataFrame(np.nan, index=key, columns=adequate.columns)
        )
        for column in ("minutes_nearest", "minutes_adequate_low", "minutes_adequate_high"):
            columns[f"quality_{mode}_{column}"] = np.ceil(of_mode[column].to_numpy(float) - 1e-9)
        for column in ("within_low", "within_adequate_low", "within_adequate_high"):
            persons = of_mode[column].where(of_mode["limit"].notna()).reset_index(drop=True)
            columns[f"quality_{mode}_{column}"] = rounded(persons)
    return pd.DataFrame(columns)
