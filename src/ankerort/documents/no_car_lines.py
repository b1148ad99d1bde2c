"""The second headline of every result: people without a car, and whether they get home again."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.network.model import DayType
from ankerort.supply.there_and_back import stranded_headline
from ankerort.text import Language, say
from ankerort.text.numbers import format_persons, round_persons

FEW = 2.5  # persons; fewer are printed as 0
_NAMED_TRIPS = 1
_NAMED = 3
ADULT_AGE = 18
STOP_ITEM = "stop"  # a stop is where a journey begins, not what it is made for


def no_car_headline(assessment: Assessment, lang: Language) -> list[str]:
    """Two to five sentences: how many cannot drive, for how many of them a core function is too far, who does not get home."""
    table = assessment.depth.no_car_service
    study = table[(table["level"] == "study") & (table["group"] == "all")].set_index("service")
    core = for_everybody(assessment, [f"core:{i.id}" for i in assessment.catalogue.core])
    study = study.loc[[s for s in core if s in study.index and _walked_to(assessment, s)]]
    if not len(study) or study["persons"].iloc[0] < FEW:
        return [say("no_car.unknown", lang)]
    first = study.iloc[0]
    lines = [
        say(
            "no_car.persons",
            lang,
            persons=format_persons(float(first["persons_no_car"]), lang),
            all=format_persons(float(first["persons"]), lang),
            marks=rate_marks(assessment),
        )
    ]
    lines += _outside(assessment, study, lang)
    lines += trip_lines(assessment, lang)
    return lines


def _walked_to(assessment: Assessment, row_id: str) -> bool:
    """Whether people go there; help that drives out is no question of having a car."""
    services = next(i.services for i in assessment.catalogue.core if f"core:{i.id}" == row_id)
    return all(assessment.catalogue.services[s].direction == "there_back" for s in services)


def rate_marks(assessment: Assessment) -> str:
    """Marks of the rates of adults: D/M as shipped."""
    return ", ".join(sorted({r.rate.mark for r in assessment.catalogue.car_rates if r.age_to >= ADULT_AGE}))


def _outside(assessment: Assessment, study: pd.DataFrame, lang: Language) -> list[str]:
    """One sentence with the persons per core function, one with the functions of which nothing is known."""
    told: list[tuple[float, float, str]] = []
    unknown: list[str] = []
    none: list[str] = []
    for service, row in study.iterrows():
        label = row_label(str(service), assessment.catalogue, lang)
        persons = float(row["persons_no_car"])
        low, high = (persons - float(row[f"served_{end}"]) for end in ("high", "low"))
        if low < 0.005 * persons and high > 0.995 * persons:
            unknown.append(label)
            continue
        if high < FEW:
            none.append(label)
            continue
        text = between(low, high, lang)
        demand_low, demand_high = (persons - float(row[f"served_demand_{end}"]) for end in ("high", "low"))
        booked = between(demand_low, demand_high, lang)
        if booked != text:
            text = say("no_car.with_demand", lang, number=text, demand=booked)
        told.append((-low, -high, say("no_car.item", lang, function=label, number=text)))
    out = []
    if told:
        out.append(say("no_car.outside", lang, items="; ".join(t for *_, t in sorted(told)[:_NAMED])))
    if len(told) > _NAMED:
        out[-1] += " " + say("no_car.more", lang, count=len(told) - _NAMED)
    if none:
        out.append(say("no_car.all_within", lang, functions=", ".join(none)))
    if unknown:
        out.append(say("no_car.not_known", lang, functions=", ".join(unknown)))
    return out


def between(low: float, high: float, lang: Language) -> str:
    """Persons with their bounds: 120, 120 bis 400, bis 400; a few are none."""
    low, high = max(low, 0.0), max(high, 0.0)
    if round_persons(low) == round_persons(high):
        return format_persons(high, lang)
    if low < FEW:
        return say("no_car.up_to", lang, high=format_persons(high, lang))
    return say("no_car.between", lang, low=format_persons(low, lang), high=format_persons(high, lang))


def no_trips_reason(assessment: Assessment) -> str:
    """Why there are no round trips: no_timetable, stop_matrix, no_day_type, no_facility; empty where there are some."""
    if len(assessment.depth.there_and_back):
        return ""
    if assessment.pt.kind == "none":
        return "no_timetable"
    if assessment.pt.kind == "matrix":
        return "stop_matrix"
    return "no_facility" if assessment.pt.days else "no_day_type"


def for_everybody(assessment: Assessment, services: Iterable[str]) -> list[str]:
    """Of services and core functions those for all adults or old people: the table knows the journeys of these only."""
    core = {f"core:{i.id}": i.services for i in assessment.catalogue.core}
    out = []
    for service in services:
        members = core.get(service, (service,))
        if any(own_trip_group(assessment, m) for m in members):
            out.append(service)
    return out


def trip_services(assessment: Assessment, services: Iterable[str]) -> list[str]:
    """Of these the ones to which people make a journey there and back."""
    stops = {s for i in assessment.catalogue.core if i.id == STOP_ITEM for s in (f"core:{i.id}", *i.services)}
    return [s for s in for_everybody(assessment, services) if s not in stops]


def own_trip_group(assessment: Assessment, service: str) -> str:
    """Group of the table of round trips whose people the service is for; empty for children, pupils, the young."""
    groups = assessment.catalogue.services[service].demand_groups
    if "all" in groups or "18_plus" in groups:
        return "all"
    return next((g for g in ("65_plus", "75_plus") if g in groups), "")


def trip_lines(assessment: Assessment, lang: Language) -> list[str]:
    """There and back on the first page: the functions with most persons of 65 and older without a car who do not get home."""
    reason = no_trips_reason(assessment)
    if reason:
        return [say(f"trips.headline_{reason}", lang)]
    rows = stranded_headline(assessment.depth.there_and_back)
    rows = rows[rows["service"].isin(trip_services(assessment, rows["service"].unique()))]
    fixed = rows[~rows["with_demand"]]
    core = {s for i in assessment.catalogue.core for s in i.services}
    fixed = fixed[~fixed["service"].isin(core)]  # told by their core function
    if not len(fixed):
        return []
    worst = fixed.groupby("service", observed=True)["stranded_no_car_low"].max()
    worst = worst[worst >= FEW].sort_values(ascending=False, kind="stable").head(_NAMED_TRIPS)
    if not len(worst):
        return [_nobody(fixed, lang)]
    return [_stranded(assessment, rows[rows["service"] == s], str(s), lang) for s in worst.index]


def _nobody(fixed: pd.DataFrame, lang: Language) -> str:
    most = float(fixed["stranded_no_car_high"].max())
    count = fixed["service"].nunique()
    if most < FEW:
        return say("trips.headline_none", lang, count=count)
    return say("trips.headline_none_known", lang, count=count, most=format_persons(most, lang))


def _stranded(assessment: Assessment, rows: pd.DataFrame, service: str, lang: Language) -> str:
    parts = []
    there = 0.0
    wide = False
    for day in ("school", "holiday"):
        texts = []
        for with_demand in (False, True):
            row = rows[(rows["day_type"] == day) & (rows["with_demand"] == with_demand)]
            if not len(row):
                continue
            one = row.iloc[0]
            there = max(there, float(one["there_no_car"]))
            low, high = float(one["stranded_no_car_low"]), float(one["stranded_no_car_high"])
            texts.append(say("no_car.nobody", lang) if high < FEW else between(low, high, lang))
            wide |= day == "holiday" and round_persons(low) != round_persons(high)
        if not texts:
            continue
        number = texts[0]
        if len(texts) > 1 and texts[1] != texts[0]:
            number = say("no_car.with_demand", lang, number=number, demand=texts[1])
        parts.append(say(f"trips.on_{day}", lang, number=number))
    if math.isnan(there):
        there = 0.0
    line = say(
        "trips.headline",
        lang,
        function=row_label(service, assessment.catalogue, lang),
        there=format_persons(there, lang),
        parts=", ".join(parts),
    )
    silent = _silent_feeds(assessment, "holiday")
    return f"{line} {say('trips.headline_silent', lang, feeds=', '.join(silent))}" if wide and silent else line


def _silent_feeds(assessment: Assessment, day_type: DayType) -> list[str]:
    """Titles of the timetables that say nothing of a type of day."""
    titles = dict(zip(assessment.region.sources["source_id"], assessment.region.sources["title"], strict=True))
    feeds = [f for d in assessment.pt.days if d.day_type == day_type for f in d.feeds if not f.date]
    return [str(titles.get(f.source_id, f.source_id)) for f in feeds]
