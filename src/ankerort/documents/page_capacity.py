"""The page on capacity: demand against capacity where figures are known, and for the rest what to ask."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.documents.page_quality import between
from ankerort.text import Language, say
from ankerort.text.numbers import format_decimal, format_minutes, format_persons, format_whole
from ankerort.text.sentences_reader import read_sentences

_MOST = 12
_FEW = 2.5  # of the demand; less is printed as 0
# In this order; a reason with which a service still has figures is not among them.
_REASONS = ("capacity_unknown", "no_unit", "no_unit_named", "no_facilities", "no_rate", "no_rate_for_year", "no_demand")


def capacity_content(assessment: Assessment, lang: Language) -> dict[str, Any]:
    """Content of ``capacity.html``: the study area by service, its municipalities and its full facilities."""
    table = assessment.depth.area_capacity
    of_area = table[table["level"] == "study"]
    known = of_area[has_figures(of_area)]
    municipalities, short = _municipalities(assessment, table, known, lang)
    full, full_count = _full(assessment, known, lang)
    return {
        "about": _about(assessment, lang),
        "services": [_service(assessment, row, lang) for row in known.to_dict("records")],
        "nothing": "" if len(known) else say("capacity.page_nothing", lang),
        "municipalities": municipalities,
        "municipalities_more": _more("capacity.page_areas_more", short, lang),
        "full": full,
        "full_more": _more("capacity.page_full_more", full_count, lang),
        "reasons": _reasons(assessment, of_area[~has_figures(of_area)], lang),
    }


def has_figures(areas: pd.DataFrame) -> pd.Series[bool]:
    """Rows of AREA_CAPACITY that tell something: places given out, or certainly none in reach."""
    told = areas["reason"].isin(["", "capacity_incomplete"]) & areas["unserved_high"].notna() & (areas["demand"] > _FEW)
    return told | ((areas["reason"] == "no_facilities") & (areas["unserved_low"] >= _FEW))


def unit_label(unit: str, lang: Language) -> str:
    """What a capacity or a demand counts, in words; a unit of a user's own stays as written."""
    for key in (f"capacity_unit.{unit}", f"demand_unit.{unit}"):
        if key in read_sentences():
            return say(key, lang)
    return unit


def amount(number: float, lang: Language) -> str:
    """A capacity: whole where it is whole, else with two decimals (a quarter of a doctor's seat)."""
    if math.isnan(number):
        return say("word.unknown", lang)
    return format_whole(number, lang) if float(number).is_integer() else format_decimal(number, lang, digits=2)


def marks_of(assessment: Assessment, service: str) -> str:
    """Source marks of the demand rates and the capacity unit of a service: [D], [M/S]."""
    catalogue = assessment.catalogue
    marks = {r.value.mark for r in catalogue.demand_rates if r.service == service and r.holds_in(assessment.year)}
    unit = catalogue.capacity_units.get(service)
    if unit is not None:
        marks.add(unit.demand_per_unit.mark)
    letters = sorted({letter for mark in marks for letter in mark.split("/") if letter})
    return f"[{'/'.join(letters)}]" if letters else ""


def _about(assessment: Assessment, lang: Language) -> list[str]:
    places = assessment.region.places
    persons = float(places.loc[places["in_study"], "persons"].sum())
    people = format_persons(persons, lang)
    first = (
        say("capacity.page_people", lang, persons=people)
        if assessment.year is None
        else say("capacity.page_people_year", lang, persons=people, year=assessment.year)
    )
    share = round(100 * assessment.catalogue.value("capacity.known_share"))
    return [first, say("capacity.page_rule", lang, share=share), say("capacity.page_score", lang)]


def _service(assessment: Assessment, row: dict[str, Any], lang: Language) -> dict[str, str]:
    return {
        "label": row_label(row["service"], assessment.catalogue, lang),
        "mode": say("capacity.page_way", lang, mode=say(f"mode.{row['mode']}", lang), limit=round(row["limit_min"])),
        "demand": f"{format_persons(row['demand'], lang)} {unit_label(row['demand_unit'], lang)}",
        "marks": marks_of(assessment, row["service"]),
        "capacity": f"{amount(row['capacity'], lang)} {unit_label(row['unit'], lang)}".strip()
        if row["facilities"]
        else say("capacity.page_none_here", lang),
        "known": say("quality.page_of", lang, count=row["facilities_known"], total=row["facilities"]),
        "per_100": _decimal(row["capacity_per_100"], lang),
        "unserved": _unserved(row, lang),
        "full": format_persons(row["no_place_high"], lang),
        "minutes": format_minutes(row["minutes"]) or say("word.unknown", lang),
    }


def _decimal(number: float, lang: Language) -> str:
    return say("word.unknown", lang) if math.isnan(number) else format_decimal(number, lang)


def _unserved(row: dict[str, Any], lang: Language) -> str:
    """Demand without a place with its bounds; bounds that leave everything open are told as such."""
    low, high = row["unserved_low"], row["unserved_high"]
    if low < _FEW and row["demand"] - high < _FEW:
        return say("word.unknown", lang)
    return between(low, high, lang)


def _municipalities(
    assessment: Assessment, table: pd.DataFrame, known: pd.DataFrame, lang: Language
) -> tuple[list[dict[str, str]], int]:
    """Municipalities where demand stays without a place for certain, most first; none where there is only one."""
    names = assessment.region.municipalities.set_index("ags")["name"]
    rows = table[(table["level"] == "municipality") & table["service"].isin(known["service"])]
    if rows["area_id"].nunique() < 2:
        return [], 0
    short = rows[rows["unserved_low"] >= _FEW]
    short = short.sort_values(["unserved_low", "area_id", "service"], ascending=[False, True, True], kind="stable")
    return [
        {
            "area": str(names.get(row["area_id"], row["area_id"])),
            "service": row_label(row["service"], assessment.catalogue, lang),
            "demand": f"{format_persons(row['demand'], lang)} {unit_label(row['demand_unit'], lang)}",
            "unserved": between(row["unserved_low"], row["unserved_high"], lang),
        }
        for row in short.head(_MOST).to_dict("records")
    ], len(short)


def _full(assessment: Assessment, known: pd.DataFrame, lang: Language) -> tuple[list[dict[str, str]], int]:
    """Facilities of the study area that are full for certain and turn demand away, most first."""
    region = assessment.region
    records = region.facilities.set_index("facility_id")
    places = region.places.set_index("place_id")["print_name"]
    rows = assessment.depth.facility_capacity
    inside = rows["facility_id"].map(records["in_study"]).astype(bool)
    chosen = rows[inside & rows["service"].isin(known["service"]) & (rows["turned_away_low"] >= _FEW)]
    chosen = chosen.sort_values(["turned_away_low", "facility_id"], ascending=[False, True], kind="stable")
    out = []
    for row in chosen.head(_MOST).to_dict("records"):
        record = records.loc[row["facility_id"]]
        label = row_label(row["service"], assessment.catalogue, lang)
        out.append(
            {
                "name": str(record["name"]) or label,
                "about": ", ".join(p for p in (label, str(places.get(record["place_id"], ""))) if p),
                "capacity": f"{amount(row['capacity'], lang)} {unit_label(row['unit'], lang)}",
                "demand": format_persons(row["demand"], lang),
                "turned_away": between(row["turned_away_low"], row["turned_away_high"], lang)
                if not math.isnan(row["turned_away_high"])
                else say("page.at_least", lang, persons=format_persons(row["turned_away_low"], lang)),
            }
        )
    return out, len(chosen)


def _more(key: str, count: int, lang: Language) -> str:
    return say(key, lang, most=_MOST, count=format_whole(count, lang)) if count > _MOST else ""


def _reasons(assessment: Assessment, rows: pd.DataFrame, lang: Language) -> list[dict[str, str]]:
    """One sentence per reason, with the services and what to ask for."""
    units = assessment.catalogue.capacity_units
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows.to_dict("records"):
        reason = row["reason"] or "no_demand"
        if reason == "capacity_unknown" and row["service"] not in units:
            reason = "no_unit_named"  # nobody said yet what a capacity of it would be
        groups[reason if reason in _REASONS else "no_demand"].append(row["service"])
    return [
        {
            "what": say(
                f"capacity.page_{reason}",
                lang,
                count=len(groups[reason]),
                services=_labels(assessment, groups[reason], lang),
            ),
            "ask": _ask(assessment, groups[reason], lang)
            if reason == "capacity_unknown"
            else say(f"capacity.page_{reason}_ask", lang),
        }
        for reason in _REASONS
        if groups[reason]
    ]


def _labels(assessment: Assessment, services: Iterable[str], lang: Language) -> str:
    return ", ".join(row_label(s, assessment.catalogue, lang) for s in services)


def _ask(assessment: Assessment, services: Iterable[str], lang: Language) -> str:
    """Which unit to ask of which services."""
    by_unit: dict[str, list[str]] = defaultdict(list)
    for service in services:
        by_unit[assessment.catalogue.capacity_units[service].unit].append(service)
    units = "; ".join(f"{unit_label(u, lang)} ({_labels(assessment, of_it, lang)})" for u, of_it in by_unit.items())
    return say("capacity.page_capacity_unknown_ask", lang, units=units)
