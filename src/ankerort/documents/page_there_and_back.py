"""The page "hin-und-zurueck": pairs of journeys there and back by public transport, who does not get home, evenings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label, share_label
from ankerort.documents.no_car_lines import FEW, STOP_ITEM, between, no_trips_reason, own_trip_group, trip_services
from ankerort.documents.tables import study_places
from ankerort.network.model import DAY_TYPES, DayType
from ankerort.text import Language, say
from ankerort.text.numbers import format_clock, format_date, format_minutes, format_share, format_whole

_MOST = 12
_MOST_PER_PLACE = 2


def there_and_back_page(assessment: Assessment, lang: Language) -> Mapping[str, Any]:
    """Content of the page; without round trips only the reason."""
    reason = no_trips_reason(assessment)
    table = assessment.depth.there_and_back
    rows = table[table["service"].isin(trip_services(assessment, table["service"].unique()))]
    if not reason and not len(rows):
        reason = "no_facility"
    days = [d for d in DAY_TYPES if (rows["day_type"] == d).any()]
    core = [s for s in (f"core:{i.id}" for i in assessment.catalogue.core) if (rows["service"] == s).any()]
    members = {s for i in assessment.catalogue.core for s in i.services}
    others = [
        s
        for s in assessment.catalogue.facility_services()
        if s not in members and own_trip_group(assessment, s) and (rows["service"] == s).any()
    ]
    study = rows[rows["level"] == "study"]
    return {
        "reason": say(f"trips.headline_{reason}", lang) if reason else "",
        "about": [] if reason else _about(assessment, days, study, lang),
        "days": [say(f"trips.day_{d}", lang) for d in days],
        "blocks": [
            {"heading": say(f"trips.{name}_heading", lang), "rows": _figures(assessment, study, chosen, days, lang)}
            for name, chosen in (("core", core), ("services", others))
            if chosen
        ],
        "not_told": _not_told(assessment, core, lang) if not reason else "",
        "municipalities": _municipalities(assessment, rows, core, lang) if not reason else [],
        "stranded": _stranded(assessment, rows, core + others, lang) if not reason else [],
        "evening": _evening(assessment, study, core + others, lang) if not reason else [],
        "evening_from": format_whole(assessment.catalogue.value("evening.from_h"), lang),
        "hours": _hours(assessment, study, members | set(others), lang) if not reason else "",
    }


def _about(assessment: Assessment, days: Sequence[DayType], study: pd.DataFrame, lang: Language) -> list[str]:
    value = assessment.catalogue.value
    dates = {d.day_type: d.date for d in assessment.pt.days}
    named = ", ".join(f"{say(f'trips.day_{d}', lang)} {format_date(dates.get(d, ''), lang)}" for d in days)
    lines = [
        say(
            "trips.pair",
            lang,
            leave=format_whole(value("round_trip.leave_from_h"), lang),
            back=format_whole(value("round_trip.back_by_h"), lang),
        ),
        say("trips.median", lang),
        say("trips.dates", lang, days=named),
    ]
    missing = [d for d in DAY_TYPES if d not in days]
    if missing:
        lines.append(say("trips.days_missing", lang, days=", ".join(say(f"trips.day_{d}", lang) for d in missing)))
    if not study["with_demand"].any():
        lines.append(say("trips.no_demand", lang))
    return lines


def _figures(
    assessment: Assessment, study: pd.DataFrame, services: list[str], days: Sequence[DayType], lang: Language
) -> list[dict[str, Any]]:
    """Per service a row without Rufbus, and one with it where it differs; a cell per day type."""
    out = []
    for service in services:
        group = _group(assessment, service)
        mine = study[(study["service"] == service) & (study["group"] == group)]
        cells = {
            with_demand: [
                _cell(mine[(mine["day_type"] == d) & (mine["with_demand"] == with_demand)], lang) for d in days
            ]
            for with_demand in (False, True)
        }
        label = row_label(service, assessment.catalogue, lang)
        if group != "all":
            one = assessment.catalogue.groups[group]
            label += f" ({one.label_de if lang == 'de' else one.label_en})"
        out.append({"label": label, "cells": cells[False], "demand": False})
        if any(cells[True]) and cells[True] != cells[False]:
            out.append({"label": say("report.with_demand", lang), "cells": cells[True], "demand": True})
    return out


def _cell(rows: pd.DataFrame, lang: Language) -> list[str]:
    """Pairs of the median person; shares with one pair and with the wanted number; shortest time away."""
    if not len(rows):
        return []
    row = rows.iloc[0]
    persons = float(row["persons"])
    if int(row["open_facilities"]) == 0:
        return [say("trips.closed", lang)]
    lines = [pairs_text(row, lang, short=True)]
    if persons >= FEW:
        one, more = (
            _share(float(row[f"{name}_low"]), float(row[f"{name}_high"]), persons, lang)
            for name in ("one_pair", "more_pairs")
        )
        lines.append(say("trips.shares", lang, one=one, more=more) if one != more else one)
    away = float(row["away_min"])
    if not math.isnan(away) and not bool(row["on_foot"]):
        lines.append(say("report.minutes", lang, minutes=format_minutes(away)))
    return lines


def pairs_text(row: Any, lang: Language, *, short: bool = False) -> str:
    """Pairs of the median person in words: 3 Fahrtenpaare, keines, zu Fuß, nicht bekannt; short: 3, 3 bekannt."""
    if bool(row["on_foot"]):
        return say("trips.on_foot", lang)
    pairs, bound = float(row["pairs"]), bool(row["bound"])
    if math.isnan(pairs):
        return say("word.unknown", lang)
    if pairs < 0.5:
        return say("trips.none_known" if bound else "trips.none", lang)
    if short:
        return say("trips.about", lang, pairs=round(pairs)) if bound else str(round(pairs))
    return say("trips.one" if round(pairs) == 1 else "trips.pairs", lang, pairs=round(pairs))


def _share(low: float, high: float, persons: float, lang: Language) -> str:
    a, b = min(low / persons, 1.0), min(high / persons, 1.0)
    if a < 0.005 and b > 0.995:
        return say("word.unknown", lang)
    if round(a * 100) == round(b * 100):
        return share_label(a, lang).replace(" ", "\u00a0")
    return say("trips.bounds", lang, low=round(a * 100), high=round(b * 100)).replace(" ", "\u00a0")


def _group(assessment: Assessment, service: str) -> str:
    if service.startswith("core:"):
        return "all"
    return own_trip_group(assessment, service)


def _not_told(assessment: Assessment, core: list[str], lang: Language) -> str:
    left_out = [
        row_label(f"core:{i.id}", assessment.catalogue, lang)
        for i in assessment.catalogue.core
        if f"core:{i.id}" not in core and i.id != STOP_ITEM
    ]
    return say("trips.not_told", lang, functions=", ".join(left_out)) if left_out else ""


def _municipalities(
    assessment: Assessment, rows: pd.DataFrame, core: list[str], lang: Language
) -> list[dict[str, str]]:
    """Municipalities with the fewest pairs in the holidays first: one sentence each, on the core functions that ride."""
    chosen = rows[
        (rows["level"] == "municipality")
        & (rows["group"] == "all")
        & ~rows["with_demand"]
        & rows["service"].isin(core)
        & (rows["persons"] >= FEW)
    ]
    names = assessment.region.municipalities.set_index("ags")["name"]
    found: list[tuple[float, float, str, str]] = []
    for ags, of_area in chosen.groupby("area_id", observed=True, sort=True):
        items: list[tuple[float, str]] = []
        for service, of_service in of_area.groupby("service", observed=True, sort=False):
            by_day = {str(r["day_type"]): r for _, r in of_service.iterrows()}
            if "school" not in by_day or all(bool(r["on_foot"]) for r in by_day.values()):
                continue
            told = [by_day[d] for d in ("school", "holiday") if d in by_day]
            if all(math.isnan(float(r["pairs"])) or (float(r["pairs"]) < 0.5 and bool(r["bound"])) for r in told):
                continue  # nothing is known: told by the table of shares
            school, last = (pairs_text(r, lang) for r in (told[0], told[-1]))
            label = row_label(str(service), assessment.catalogue, lang)
            if len(told) == 1:
                text = say("trips.item_school", lang, function=label, school=school)
            elif school == last:
                text = say("trips.item_same", lang, function=label, school=school)
            else:
                text = say("trips.item", lang, function=label, school=school, holiday=last)
            fewest = min((float(r["pairs"]) for r in told if not math.isnan(float(r["pairs"]))), default=99.0)
            items.append((fewest, text))
        if items:
            items.sort(key=lambda x: x[0])
            shown = "; ".join(text for _, text in items[:_MOST_PER_PLACE])
            found.append((items[0][0], -float(of_area["persons"].max()), str(names.get(ags, ags)), shown))
    found.sort()
    return [{"name": name, "text": text} for _, _, name, text in found[:_MOST]]


def _stranded(assessment: Assessment, rows: pd.DataFrame, services: list[str], lang: Language) -> list[dict[str, str]]:
    """Places with most persons of 65 and older without a car who get there and not home, school day or holidays."""
    mine = rows[
        (rows["level"] == "place")
        & (rows["group"] == "65_plus")
        & rows["service"].isin(services)
        & rows["day_type"].isin(["school", "holiday"])
    ]
    keys = ["area_id", "service"]
    worst = mine[~mine["with_demand"]].groupby(keys, observed=True)["stranded_no_car_low"].max()
    worst = (
        worst[worst >= FEW]
        .reset_index()
        .sort_values(["stranded_no_car_low", *keys], ascending=[False, True, True], kind="stable")
    )
    places = study_places(assessment).set_index("place_id")
    table = mine.set_index([*keys, "day_type", "with_demand"]).sort_index()
    out = []
    for row in worst.head(_MOST).itertuples():
        texts = {}
        for day in ("school", "holiday"):
            for with_demand in (False, True):
                key = (row.area_id, row.service, day, with_demand)
                found = table.loc[key] if key in table.index else None
                texts[day, with_demand] = (
                    between(float(found["stranded_no_car_low"]), float(found["stranded_no_car_high"]), lang)
                    if found is not None
                    else ""
                )
        out.append(
            {
                "place": str(places["print_name"].get(row.area_id, row.area_id)),
                "municipality": str(places["municipality"].get(row.area_id, "")),
                "service": row_label(str(row.service), assessment.catalogue, lang),
                "school": texts["school", False],
                "holiday": texts["holiday", False],
                "school_demand": texts["school", True],
                "holiday_demand": texts["holiday", True],
            }
        )
    return out


def _evening(assessment: Assessment, study: pd.DataFrame, services: list[str], lang: Language) -> list[dict[str, str]]:
    """Last way home of the median person and the share with one in the evening, school day and Saturday."""
    out = []
    for service in services:
        mine = study[
            (study["service"] == service) & (study["group"] == _group(assessment, service)) & ~study["with_demand"]
        ].set_index("day_type")
        texts: dict[str, str] = {"label": row_label(service, assessment.catalogue, lang)}
        told = False
        for day in ("school", "saturday"):
            row = mine.loc[day] if day in mine.index else None
            if row is None or int(row["open_facilities"]) == 0 or float(row["persons"]) < FEW:
                word = "trips.closed" if row is not None else "word.unknown"
                texts[f"last_{day}"] = texts[f"share_{day}"] = say(word, lang)
                continue
            last = float(row["last_home_s"])
            told = told or not math.isnan(last)
            texts[f"last_{day}"] = (
                say("trips.on_foot", lang)
                if bool(row["on_foot"])
                else say("trips.none_known", lang)
                if math.isnan(last)
                else say("trips.clock", lang, time=format_clock(last))
            )
            low, high = float(row["evening_low"]), float(row["evening_high"])
            texts[f"share_{day}"] = _share(low, high, float(row["persons"]), lang)
        if told:
            out.append(texts)
    return out[:_MOST]


def _hours(assessment: Assessment, study: pd.DataFrame, services: set[str], lang: Language) -> str:
    """For how many facilities usual hours were assumed."""
    rows = study[
        (study["group"] == "all")
        & (study["day_type"] == study["day_type"].iloc[0])
        & ~study["with_demand"]
        & study["service"].isin(services)
    ]
    total = int(rows["facilities"].sum())
    if not total:
        return ""
    usual, none = int(rows["hours_usual"].sum()), int(rows["hours_none"].sum())
    return say(
        "trips.hours",
        lang,
        usual=format_whole(usual, lang),
        all=format_whole(total, lang),
        share=format_share(usual / total, lang),
        none=format_whole(none, lang),
    )
