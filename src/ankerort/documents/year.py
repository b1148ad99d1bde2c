"""Whose people a run counts, in words: today's, or those of a year and a variant of the forecast."""

from __future__ import annotations

from ankerort.catalogue.demography import variants_by_id
from ankerort.catalogue.model import Catalogue
from ankerort.documents.assessment import Assessment
from ankerort.text import Language, say


def variant_label(catalogue: Catalogue, variant: str, lang: Language) -> str:
    """The name of a variant; its id where the catalogue does not know it."""
    known = variants_by_id(catalogue.forecast_variants).get(variant)
    return known.label(lang) if known is not None else variant


def beyond_official(assessment: Assessment, year: int) -> bool:
    """Whether the study area's people of a year are our own extrapolation, beyond an official projection."""
    forecast = assessment.forecast
    return forecast is not None and forecast.official_year is not None and year > forecast.official_year


def people_line(catalogue: Catalogue, year: int, variant: str, lang: Language) -> str:
    """Whose people count, in one sentence."""
    return say("year.people", lang, year=str(year), variant=variant_label(catalogue, variant, lang))


def year_line(assessment: Assessment, lang: Language) -> str:
    """Whose people the figures count, where these are not those of the region as read; empty else."""
    if assessment.year is None:
        return ""
    line = people_line(assessment.catalogue, assessment.year, assessment.variant, lang)
    if beyond_official(assessment, assessment.year):
        line += " " + say("year.extrapolated", lang)
    return line


def year_title(assessment: Assessment, lang: Language) -> str:
    """What is added to a title: ``, Menschen des Jahres 2035 (Trend)``; empty for today's people."""
    if assessment.year is None:
        return ""
    variant = variant_label(assessment.catalogue, assessment.variant, lang)
    return say("year.title", lang, year=str(assessment.year), variant=variant)
