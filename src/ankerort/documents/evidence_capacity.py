"""Demand and capacity of one place and service, and daviplan's indicators under their own names."""

from __future__ import annotations

import math

import pandas as pd

from ankerort.catalogue.demand import DEMAND_UNITS, DemandRate
from ankerort.catalogue.model import Catalogue
from ankerort.documents.evidence_words import between, facility_words, number_text, record_words
from ankerort.region.model import Region
from ankerort.supply.explain_capacity import CapacityEvidence, IndicatorEvidence
from ankerort.text import Language, read_sentences, say
from ankerort.text.numbers import format_minutes, format_persons, format_share, format_whole

_OPEN_AGE = 120


def capacity_lines(found: CapacityEvidence, region: Region, catalogue: Catalogue, lang: Language) -> list[str]:
    """Rates with their source, demand of the place, the facility, and the score or why there is none."""
    lines = [_rate(rate, lang) for rate in found.rates]
    area = found.area
    if area is None:
        return [*lines, say("explain.capacity_none", lang)]
    demand_unit = _demand_unit(str(area["demand_unit"]), lang)
    unit = _unit(str(area["unit"]), lang)
    if not math.isnan(area["demand"]):
        lines.append(
            say(
                "explain.demand", lang, demand=_amount(area["demand"], str(area["demand_unit"]), lang), unit=demand_unit
            )
        )
    if found.unit is not None:
        value = found.unit.demand_per_unit
        lines.append(
            say(
                "explain.unit",
                lang,
                unit=unit,
                demand=number_text(value.value, lang),
                of=demand_unit,
                record=record_words(value, lang),
            )
        )
    if found.row is not None:
        lines += ["", facility_words(region, found.facility, lang)]
        lines += ["  " + line for line in _facility(found.row, str(area["reason"]), demand_unit, unit, lang)]
        lines.append("")
    lines.append(
        say(
            "explain.score_rule",
            lang,
            method=area["method"],
            minutes=format_minutes(area["limit_min"]),
            mode=say(f"mode.{area['mode']}", lang),
            record=record_words(found.rule.limit_min, lang),
        )
    )
    return lines + _score(area, demand_unit, unit, lang)


def _score(area: pd.Series, demand_unit: str, unit: str, lang: Language) -> list[str]:
    lines: list[str] = []
    if not math.isnan(area["score_mean"]):
        score = {"score": number_text(float(area["score_mean"]), lang), "unit": unit, "of": demand_unit}
        lines.append(say("explain.score_least" if area["score_is_least"] else "explain.score", lang, **score))
    elif area["reason"]:
        lines.append(say("explain.score_none", lang, reason=say(f"capacity_reason.{area['reason']}", lang)))
    else:
        lines.append(say("explain.score_none", lang, reason=say("capacity_reason.not_recorded", lang)))
    if not math.isnan(area["unserved_high"]):
        low, high = (_amount(area[f"unserved_{b}"], str(area["demand_unit"]), lang) for b in ("low", "high"))
        lines.append(say("explain.unserved", lang, demand=between(low, high, lang), of=demand_unit))
    return lines


def _facility(row: pd.Series, known_reason: str, demand_unit: str, unit: str, lang: Language) -> list[str]:
    """Lines of one facility; a reason that is told of the place anyway is not repeated."""
    lines: list[str] = []
    if math.isnan(row["capacity"]):
        lines.append(say("explain.capacity_unknown", lang))
    else:
        lines.append(say("explain.capacity", lang, capacity=number_text(float(row["capacity"]), lang), unit=unit))
    if not math.isnan(row["demand"]):
        lines.append(
            say("explain.catchment", lang, demand=_amount(row["demand"], str(row["demand_unit"]), lang), of=demand_unit)
        )
    if not math.isnan(row["adequacy"]):
        lines.append(say("explain.adequacy", lang, share=format_share(float(row["adequacy"]), lang)))
    for name, sentence in (("assigned", "explain.assigned"), ("turned_away", "explain.turned_away")):
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        if not math.isnan(low) and not math.isnan(high):
            least, most = (_amount(v, str(row["demand_unit"]), lang) for v in sorted((low, high)))
            told = between(least, most, lang)
            lines.append(say(sentence, lang, demand=told, of=demand_unit))
    if row["reason"] not in ("", known_reason, "capacity_unknown"):
        lines.append(say(f"capacity_reason.{row['reason']}", lang))
    return lines


def _amount(value: float, unit: str, lang: Language) -> str:
    """An amount of demand: persons rounded as persons, all else whole."""
    return format_persons(value, lang) if unit == "persons" else format_whole(value, lang)


def _rate(rate: DemandRate, lang: Language) -> str:
    ages = (
        say("explain.ages_open", lang, first=rate.first_age)
        if rate.last_age >= _OPEN_AGE
        else say("explain.ages", lang, first=rate.first_age, last=rate.last_age)
    )
    return say(
        "explain.rate",
        lang,
        ages=ages,
        sex=say(f"explain.sex.{rate.sex}", lang),
        value=number_text(rate.value.value, lang),
        unit=_demand_unit(DEMAND_UNITS[rate.kind], lang),
        record=record_words(rate.value, lang),
    )


def _demand_unit(unit: str, lang: Language) -> str:
    return say(f"demand_unit.{unit}", lang) if f"demand_unit.{unit}" in read_sentences() else unit


def _unit(unit: str, lang: Language) -> str:
    """A unit of capacity; one that a project added stands as it wrote it."""
    return say(f"explain.capacity_unit.{unit}", lang) if f"explain.capacity_unit.{unit}" in read_sentences() else unit


def daviplan_lines(found: IndicatorEvidence, region: Region, lang: Language) -> list[str]:
    """The indicators of the place, then those of its facility; at the end why others have no value."""
    lines = [say("explain.daviplan_rule", lang), *_indicators(found.place, lang)]
    if found.facility >= 0 and len(found.of_facility):
        lines += ["", facility_words(region, found.facility, lang), *_indicators(found.of_facility, lang)]
    return lines


def _indicators(rows: pd.DataFrame, lang: Language) -> list[str]:
    lines: list[str] = []
    missing: dict[str, list[str]] = {}
    for _, row in rows.iterrows():
        name = say(f"daviplan.{row['indicator']}", lang)
        if row["mode"]:
            mode = say(f"mode.{row['mode']}", lang)
            name += f" ({mode})"
        if math.isnan(row["value"]):
            if row["reason"]:
                missing.setdefault(str(row["reason"]), []).append(name)
            continue
        low, high = (_value(row, column, lang) for column in ("low", "high"))
        bounds = ""
        if low and high and low != high:
            bounds = " " + say("explain.bounds", lang, low=low, high=high)
        elif low and not high:
            bounds = " " + say("explain.at_least", lang, low=low)
        within = row["within_min"]
        if not math.isnan(within):
            name = name.replace("…", format_minutes(within))
        lines.append(f"  {name}: {_value(row, 'value', lang)}{bounds}")
    for reason, names in missing.items():
        names_text = ", ".join(dict.fromkeys(names))
        lines.append(
            "  " + say("explain.no_value", lang, names=names_text, reason=say(f"capacity_reason.{reason}", lang))
        )
    return lines


def _value(row: pd.Series, column: str, lang: Language) -> str:
    value = float(row[column])
    if math.isnan(value):
        return ""
    if row["unit"] == "share":
        return format_share(value, lang)
    unit = str(row["unit"])
    if unit == "min":
        return f"{format_minutes(value)} {say('explain.minutes', lang)}"
    if unit == "persons":
        return f"{format_persons(value, lang)} {_demand_unit(unit, lang)}"
    parts = [_unit(_demand_unit(part, lang), lang) for part in unit.split(" / ")]
    return f"{number_text(round(value, 3), lang)} {' / '.join(parts)}"
