"""The sheet that sets register and census side by side, and what of it may be printed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ankerort.catalogue.age_bands import AGE_BANDS
from ankerort.documents.assessment import Assessment
from ankerort.documents.tables import rounded
from ankerort.text import Language, say
from ankerort.text.numbers import format_date

_OPEN_AGE = 120
_COLUMNS = ("municipality", "place", "register_name", "register_ages", "census_persons", "totals_persons", "register_persons",
            "register_difference", "register_share", "census_date", "totals_date", "register_date", "leading_source")  # fmt: skip
WHOLE = ("census_persons", "totals_persons", "register_persons", "register_difference")


def printable_sources(assessment: Assessment) -> pd.DataFrame:
    """POPULATION_SOURCES of the study area, without registers that may not be passed on."""
    region = assessment.region
    kept_in = {i.source_id for i in region.settings.inputs if i.options.get("internal") is True}
    rows = region.population_sources
    return rows[rows["in_study"] & ~rows["source_id"].isin(list(kept_in))]


def places_text(place_ids: str, names: pd.Series) -> str:
    """Print names of the places that a row counts."""
    return ", ".join(str(names.get(p, p)) for p in place_ids.split(";") if p)


def population_sources(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per place and age band: census, scaled to totals, register, difference; numbers too small to print are empty."""
    rows = printable_sources(assessment)
    if rows.empty:
        return pd.DataFrame(columns=list(_COLUMNS))
    region = assessment.region
    names = region.places.set_index("place_id")["print_name"]
    municipalities = region.municipalities.set_index("ags")["name"]
    fewest = assessment.catalogue.value("register.suppress_below")
    register = rows["register_persons"].where(~_few(rows["register_persons"], fewest))
    known = register.notna()
    enough = rows["register_persons"] - rows["difference_persons"] >= assessment.catalogue.value(
        "forecast.print_from_persons"
    )
    return pd.DataFrame(
        {
            "municipality": rows["ags"].map(municipalities),
            "place": [place_label(p, k, names, lang) for p, k in zip(rows["place_id"], rows["kind"], strict=True)],
            "register_name": rows["label"],
            "register_ages": rows["age_band"].map(lambda band: ages_text(str(band), lang)),
            "census_persons": rounded(rows["census_persons"]),
            "totals_persons": rounded(rows["totals_persons"]),
            "register_persons": rounded(register),
            "register_difference": _signed(rows["difference_persons"].where(known)),
            "register_share": rows["difference_share"].where(known & enough).round(2),
            "census_date": rows["census_date"].map(lambda d: format_date(str(d), lang)),
            "totals_date": rows["totals_date"].map(lambda d: format_date(str(d), lang)),
            "register_date": rows["register_date"].map(lambda d: format_date(str(d), lang)),
            "leading_source": rows["leading"].map(lambda who: say(f"population.{who}", lang)),
        }
    ).reset_index(drop=True)[list(_COLUMNS)]


def _few(persons: pd.Series, fewest: float) -> pd.Series:
    """Whether so few people are meant that a household could be recognised; nobody is no secret."""
    return (persons > 0) & (persons < fewest)


def _signed(persons: pd.Series) -> list[float]:
    """Differences, rounded as persons are."""
    return [float(np.sign(p) * r) for p, r in zip(persons, rounded(persons.abs()), strict=True)]


def place_label(place_ids: str, kind: str, names: pd.Series, lang: Language) -> str:
    """Printed places of a row; the rest of a municipality and people without a place are called so."""
    text = places_text(place_ids, names)
    if kind == "rest":
        return say("population.rest", lang, places=text)
    return text or say("population.nowhere", lang)


def ages_text(band: str, lang: Language) -> str:
    """Ages of a band in words; all ages for ``all``."""
    if band == "all":
        return say("population.all_ages", lang)
    first, last = next((a, b) for name, a, b in AGE_BANDS if name == band)
    return say("forecast.age_open" if last >= _OPEN_AGE else "forecast.age_range", lang, first=first, last=last)
