"""People of a place without a car, and its forecast with method and sources."""

from __future__ import annotations

import math

import pandas as pd

from ankerort.catalogue.demography import variants_by_id
from ankerort.catalogue.model import Catalogue
from ankerort.documents.evidence_words import between, group_label, record_words, source_title
from ankerort.region.model import Region
from ankerort.supply.explain_people import CarEvidence, ForecastEvidence
from ankerort.text import Language, say
from ankerort.text.numbers import format_date, format_persons, format_share

_OPEN_AGE = 120


def people_line(region: Region, place_id: str, lang: Language) -> str:
    """Whose count of people leads for a place, and what the other source says; an internal register is not quoted."""
    census = [i.date for i in region.settings.inputs_of("census") if i.options.get("totals") is not True]
    date = format_date(max(census, default=""), lang) or say("word.unknown", lang)
    cells = region.cells["place_id"] == place_id
    if (region.cells.loc[cells, "persons_rule"] == "forecast").any():
        return say(f"method.people_{region.settings.population}", lang)
    now = format_persons(float(region.cells.loc[cells, "persons"].sum()), lang)
    rows = region.population_sources
    rows = rows[(rows["age_band"] == "all") & rows["place_id"].str.split(";").map(lambda ids: place_id in ids)]
    if rows.empty:
        return say("explain.people_census", lang, census=now, date=date)
    row = rows.iloc[0]
    used = format_persons(float(row["register_persons"] - row["difference_persons"]), lang)
    counted = format_date(str(row["register_date"]), lang)
    if row["leading"] == "register":
        sentence = "explain.people_register" if row["kind"] == "place" else "explain.people_register_together"
        register = format_persons(float(row["register_persons"]), lang)
        return say(sentence, lang, register=register, census=used, date=counted, label=str(row["label"]))
    internal = {i.source_id for i in region.settings.inputs if i.options.get("internal") is True}
    if row["kind"] != "place" or row["source_id"] in internal:
        return say("explain.people_census", lang, census=now, date=date)
    register = format_persons(float(row["register_persons"]), lang)
    return say("explain.people_both", lang, census=used, register=register, date=counted)


def car_lines(found: CarEvidence, catalogue: Catalogue, lang: Language) -> list[str]:
    """Persons without a car by group, and the rates of the type of settlement with their source."""
    lines = [
        say("explain.settlement", lang, settlement=say(f"explain.settlement.{found.settlement}", lang)),
    ]
    for group, persons, without in found.groups:
        if persons <= 0:
            continue
        lines.append(
            "  "
            + say(
                "explain.no_car",
                lang,
                group=group_label(group, catalogue, lang),
                persons=format_persons(persons, lang),
                without=format_persons(without, lang),
                share=format_share(without / persons, lang),
            )
        )
    lines.append(say("explain.car_rates", lang))
    by_source: dict[str, list[str]] = {}
    for rate in found.rates:
        ages = (
            say("explain.ages_open", lang, first=rate.age_from)
            if rate.age_to >= _OPEN_AGE
            else say("explain.ages", lang, first=rate.age_from, last=rate.age_to)
        )
        told = f"{say(f'explain.sex.{rate.sex}', lang)} {ages}: {format_share(rate.rate.value, lang)}"
        by_source.setdefault(record_words(rate.rate, lang), []).append(told)
    for record, rates in by_source.items():
        lines.append(f"  {'; '.join(rates)} ({record})")
    return lines


def forecast_lines(found: ForecastEvidence, region: Region, catalogue: Catalogue, lang: Language) -> list[str]:
    """Totals by year and variant, method, source of the projection, what is our own extrapolation."""
    forecast = found.forecast
    lines = [say("explain.forecast_base", lang, year=forecast.base_year, ages=forecast.ages_year)]
    if found.sources:
        titles = ", ".join(source_title(region, s, lang) for s in found.sources)
        lines.append(say("explain.forecast_source", lang, titles=titles, year=forecast.official_year or "–"))
    else:
        lines.append(say("explain.forecast_own", lang))
    methods: dict[str, list[int]] = {}
    for year, method in found.methods:
        methods.setdefault(method, []).append(year)
    for method, years in methods.items():
        named = ", ".join(str(y) for y in years)
        lines.append(say("explain.forecast_method", lang, method=say(f"explain.method.{method}", lang), years=named))
    known = variants_by_id(catalogue.forecast_variants)
    for variant in forecast.variants:
        rows = found.rows[found.rows["variant"] == variant].sort_values("year")
        if variant != forecast.variants[0]:  # of the others the end of the official projection, and the last year
            rows = rows[rows["year"].isin([forecast.official_year, rows["year"].max()])]
        label = known[variant].label_de if lang == "de" else known[variant].label_en
        lines.append(f"  {label}: " + "; ".join(_year(row, lang) for _, row in rows.iterrows()))
    return lines


def _year(row: pd.Series, lang: Language) -> str:
    mark = "*" if row["extrapolated"] else ""
    if row["suppressed"]:
        return say("explain.forecast_few", lang, year=f"{row['year']}{mark}")
    persons = format_persons(row["persons"], lang)
    old = format_persons(row["persons_65_plus"], lang)
    told = say("explain.forecast_year", lang, year=f"{row['year']}{mark}", persons=persons, old=old)
    if not math.isnan(row["low"]) and row["low"] < row["high"]:
        bounds = between(format_persons(row["low"], lang), format_persons(row["high"], lang), lang)
        told += f" ({bounds})"
    return told
