"""The sheets on the people of tomorrow: totals and ratios by area, year and variant; ages by municipality, year and sex."""

from __future__ import annotations

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.tables import rounded, study_places
from ankerort.documents.year import variant_label
from ankerort.region.forecast import Forecast
from ankerort.region.forecast.age_groups import OPEN_AGE
from ankerort.text import Language, say

_LEVELS = {"study_area": "study", "municipality": "municipality", "place": "place"}
_TOTALS = ("level", "area", "municipality", "forecast_year", "forecast_variant", "persons", "forecast_low", "forecast_high", "persons_0_17",
           "persons_65_plus", "persons_80_plus", "youth_ratio", "old_age_ratio", "greying", "forecast_basis")  # fmt: skip
WHOLE = ("forecast_low", "forecast_high", "persons_0_17", "persons_65_plus", "persons_80_plus", "women", "men")
_AGES = ("municipality", "forecast_year", "forecast_ages", "women", "men", "persons", "forecast_basis")


def forecast_areas(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per area, year and variant: study area, its municipalities, its places; numbers too few to print are empty."""
    forecast = assessment.forecast
    if forecast is None:
        return pd.DataFrame(columns=list(_TOTALS))
    places = study_places(assessment)
    ags_name = _municipalities(assessment)
    names = {
        "study_area": {"": assessment.region.settings.name},
        "municipality": ags_name,
        "place": dict(zip(places["place_id"], places["print_name"], strict=True)),
    }
    of_place = dict(zip(places["place_id"], places["ags"], strict=True))
    basis = _basis(assessment, forecast, of_place, lang)
    frames = []
    for level, named in names.items():
        rows = forecast.areas[(forecast.areas["level"] == level) & forecast.areas["area_id"].isin(list(named))]
        area = rows["area_id"].astype(str)
        fewest = assessment.catalogue.value("forecast.print_from_persons")
        too_few = (rows[["persons_0_17", "persons_65_plus"]] < fewest).any(axis=1)
        frames.append(
            pd.DataFrame(
                {
                    "level": say(f"level.{_LEVELS[level]}", lang),
                    "area": area.map(named),
                    "municipality": ""
                    if level == "study_area"
                    else area.map(named)
                    if level == "municipality"
                    else area.map(of_place).map(ags_name),
                    "forecast_year": rows["year"],
                    "forecast_variant": rows["variant"]
                    .astype(str)
                    .map(lambda v: variant_label(assessment.catalogue, v, lang)),
                    "persons": _printed(rows["persons"], fewest),
                    "forecast_low": _printed(rows["low"], fewest),
                    "forecast_high": _printed(rows["high"], fewest),
                    "persons_0_17": _printed(rows["persons_0_17"], fewest),
                    "persons_65_plus": _printed(rows["persons_65_plus"], fewest),
                    "persons_80_plus": _printed(rows["persons_80_plus"], fewest),
                    "youth_ratio": rows["youth_ratio"].where(~too_few).round(),
                    "old_age_ratio": rows["old_age_ratio"].where(~too_few).round(),
                    "greying": rows["greying"].where(rows["persons_80_plus"] >= fewest).round(),
                    "forecast_basis": [
                        basis[level, a, int(y), v == forecast.variants[0]]
                        for a, y, v in zip(area, rows["year"], rows["variant"], strict=True)
                    ],
                }
            ).sort_values(["area", "forecast_year"], kind="stable")
        )
    return pd.concat(frames, ignore_index=True)[list(_TOTALS)]


def forecast_ages(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per municipality of the study area, year and age group: women, men and both in the trend."""
    forecast = assessment.forecast
    if forecast is None:
        return pd.DataFrame(columns=list(_AGES))
    places = study_places(assessment)
    of_place = dict(zip(places["place_id"], places["ags"], strict=True))
    basis = _basis(assessment, forecast, of_place, lang)
    rows = forecast.table[forecast.table["variant"] == forecast.variants[0]]
    rows = rows[rows["place_id"].isin(list(of_place))]
    rows = rows.assign(ags=rows["place_id"].astype(str).map(of_place), sex=rows["sex"].astype(str))
    sums = rows.groupby(["ags", "year", "age_from", "age_to", "sex"])["persons"].sum().unstack("sex").reset_index()
    fewest = assessment.catalogue.value("forecast.print_from_persons")
    names = _municipalities(assessment)
    both = (sums["f"] >= fewest) & (sums["m"] >= fewest)  # one of the two alone would tell the other
    out = pd.DataFrame(
        {
            "municipality": sums["ags"].map(names),
            "forecast_year": sums["year"],
            "forecast_ages": [
                _ages(int(first), int(last), lang) for first, last in zip(sums["age_from"], sums["age_to"], strict=True)
            ],
            "women": _printed(sums["f"].where(both), fewest),
            "men": _printed(sums["m"].where(both), fewest),
            "persons": _printed(sums["f"] + sums["m"], fewest),
            "forecast_basis": [
                basis["municipality", a, int(y), True] for a, y in zip(sums["ags"], sums["year"], strict=True)
            ],
        }
    )
    return out.sort_values(["municipality", "forecast_year"], kind="stable").reset_index(drop=True)[list(_AGES)]


def _ages(first: int, last: int, lang: Language) -> str:
    if first == last:
        return str(first)
    return say("forecast.age_open" if last >= OPEN_AGE else "forecast.age_range", lang, first=first, last=last)


def _municipalities(assessment: Assessment) -> dict[str, str]:
    rows = assessment.region.municipalities
    rows = rows[rows["in_study"]]
    return dict(zip(rows["ags"], rows["name"], strict=True))


def _printed(persons: pd.Series[float], fewest: float) -> list[float]:
    """Rounded; what is too few to be printed stays empty."""
    return rounded(persons.where(persons >= fewest))


def _basis(
    assessment: Assessment, forecast: Forecast, of_place: dict[str, str], lang: Language
) -> dict[tuple[str, str, int, bool], str]:
    """What the numbers of an area and year rest on, in words; the last part of the key: is it the trend?"""
    rows = forecast.table.drop_duplicates(["place_id", "year"])
    found: dict[tuple[str, str, int], set[str]] = {}
    for place, year, method, beyond in zip(
        rows["place_id"].astype(str), rows["year"], rows["method"].astype(str), rows["extrapolated"], strict=True
    ):
        if place not in of_place:
            continue
        kind = "base" if year == forecast.base_year else "beyond" if beyond else method
        for level, area in (("place", place), ("municipality", of_place[place]), ("study_area", "")):
            found.setdefault((level, area, int(year)), set()).add(kind)
    out = {}
    for (level, area, year), kinds in found.items():
        kind = next(iter(kinds)) if len(kinds) == 1 else "mixed"
        for main in (True, False):
            name = "ratio" if kind == "raked" and not main else kind
            out[level, area, year, main] = say(f"forecast.basis_{name}", lang)
    return out
