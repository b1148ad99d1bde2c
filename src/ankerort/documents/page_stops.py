"""The page "haltestellen": day types of the timetables, classes of public transport, departures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import share_label
from ankerort.documents.no_car_lines import FEW
from ankerort.documents.pt_colours import PT_CLASSES, pt_class_meaning
from ankerort.network.model import DAY_TYPES, DayType, FeedDay
from ankerort.text import Language, say
from ankerort.text.numbers import format_date, format_persons, format_share, format_whole

_MOST = 12
_CLASS_DAYS = ("school", "holiday")


def stops_page(assessment: Assessment, lang: Language) -> Mapping[str, Any]:
    """Content of the page; without day types only the reason."""
    areas = assessment.depth.pt_areas
    municipal = areas[areas["level"] == "municipality"]
    days = [d for d in DAY_TYPES if (municipal["day_type"] == d).any()]
    reason = "" if days else {"none": "no_timetable", "matrix": "stop_matrix"}.get(assessment.pt.kind, "no_day_type")
    shown = _largest(municipal)
    rest = municipal["area_id"].nunique() - len(shown)
    missing = [say(f"trips.day_{d}", lang) for d in DAY_TYPES if d not in days]
    return {
        "reason": say(f"stops.{reason}", lang) if reason else "",
        "days": [say(f"trips.day_{d}", lang) for d in days],
        "missing": say("trips.days_missing", lang, days=", ".join(missing)) if missing and days else "",
        "feeds": _feeds(assessment, days, lang),
        "silent": _silent(assessment, days, lang),
        "classes": [
            {"letter": letter, "fill": fill, "ink": ink, "meaning": pt_class_meaning(name, lang)}
            for name, (letter, fill, ink) in PT_CLASSES.items()
        ],
        "whole": _whole(municipal, lang),
        "totals": _totals(municipal, days, lang),
        "tables": [
            {
                "heading": say(f"stops.heading_{d}", lang),
                "rows": [_row(assessment, municipal, area, d, lang) for area in shown],
            }
            for d in _CLASS_DAYS
            if d in days
        ],
        "departures": [_departures(assessment, municipal, area, days, lang) for area in shown],
        "more": say("stops.more", lang, shown=len(shown), count=rest + len(shown)) if rest > 0 else "",
        "stations": _stations(municipal, lang),
        "school_only": _school_only(assessment, lang),
    }


def _largest(municipal: pd.DataFrame) -> list[str]:
    persons = municipal.groupby("area_id", observed=True)["persons"].max()
    persons = persons[persons >= FEW].reset_index()
    chosen = persons.sort_values(["persons", "area_id"], ascending=[False, True], kind="stable")
    return [str(a) for a in chosen["area_id"].head(_MOST)]


def _feeds(assessment: Assessment, days: Sequence[DayType], lang: Language) -> list[dict[str, Any]]:
    """Per feed and day type its date, trips and share of its normal."""
    titles = assessment.region.sources.set_index("source_id")["title"]
    table: dict[str, dict[str, FeedDay]] = {}
    for facts in assessment.pt.days:
        for feed in facts.feeds:
            table.setdefault(feed.source_id, {})[facts.day_type] = feed
    return [
        {
            "title": str(titles.get(source, source)),
            "cells": [_feed_cell(by_day.get(d), lang) for d in days],
        }
        for source, by_day in sorted(table.items())
    ]


def _feed_cell(feed: FeedDay | None, lang: Language) -> list[str]:
    if feed is None:
        return [say("word.unknown", lang)]
    if feed.state in ("outside", "hollow") or not feed.date:
        return [say(f"stops.feed_{'hollow' if feed.state == 'hollow' else 'outside'}", lang)]
    lines = [format_date(feed.date, lang)]
    if feed.state == "no_service":
        return [*lines, say("stops.feed_no_service", lang)]
    trips = format_whole(feed.trips, lang)
    if math.isnan(feed.share):
        return [*lines, say("stops.feed_trips", lang, trips=trips)]
    return [*lines, say("stops.feed_share", lang, trips=trips, share=format_share(feed.share, lang))]


def _silent(assessment: Assessment, days: Sequence[DayType], lang: Language) -> list[str]:
    """One sentence per silent feed: what follows."""
    titles = assessment.region.sources.set_index("source_id")["title"]
    named: dict[str, list[str]] = {}
    for facts in assessment.pt.days:
        for feed in facts.feeds:
            if feed.state in ("outside", "hollow") and facts.day_type in days:
                named.setdefault(feed.source_id, []).append(say(f"trips.day_{facts.day_type}", lang))
    lines = [
        say("stops.silent", lang, feed=str(titles.get(source, source)), days=", ".join(of))
        for source, of in sorted(named.items())
    ]
    own = [say(f"trips.day_{f.day_type}", lang) for f in assessment.pt.days if not f.common and f.day_type in days]
    if own:
        lines.append(say("stops.own_dates", lang, days=", ".join(own)))
    return lines


def _persons(row: Mapping[str, Any], name: str, lang: Language) -> str:
    persons = float(row[f"persons_{name.lower()}"])
    return format_persons(persons, lang) if persons >= FEW else "0"


def _whole(municipal: pd.DataFrame, lang: Language) -> str:
    """The base of the shares."""
    one = municipal.drop_duplicates("area_id")
    return say("stops.whole", lang, persons=format_persons(float(one["persons"].sum()), lang))


def _totals(municipal: pd.DataFrame, days: Sequence[DayType], lang: Language) -> list[dict[str, Any]]:
    """Shares of the study area: per day type without Rufbus, and with it where it differs."""
    columns = [f"persons_{name.lower()}" for name in PT_CLASSES]
    sums = municipal.groupby(["day_type", "with_demand"], observed=True)[columns].sum()
    out: list[dict[str, Any]] = []
    for day in days:
        cells: list[str] = []
        for with_demand in (False, True):
            if (day, with_demand) not in sums.index:
                continue
            row = sums.loc[(day, with_demand)]
            persons = float(sum(row[c] for c in columns))
            found = [share_label(float(row[c]) / persons, lang) if persons > 0 else "" for c in columns]
            label = say(f"trips.day_{day}", lang)
            if not with_demand:
                cells = found
                out.append({"label": label, "cells": found})
            elif found != cells:
                out.append({"label": say("no_car.day_demand", lang, day=label), "cells": found})
    return out


def _row(assessment: Assessment, municipal: pd.DataFrame, area: str, day: str, lang: Language) -> dict[str, Any]:
    rows = municipal[(municipal["area_id"] == area) & (municipal["day_type"] == day) & ~municipal["with_demand"]]
    return {
        "name": _name(assessment, area),
        "cells": [_persons(rows.iloc[0].to_dict(), name, lang) for name in PT_CLASSES] if len(rows) else [],
    }


def _name(assessment: Assessment, ags: str) -> str:
    names = assessment.region.municipalities.set_index("ags")["name"]
    return str(names.get(ags, ags))


def _departures(
    assessment: Assessment, municipal: pd.DataFrame, area: str, days: Sequence[DayType], lang: Language
) -> dict[str, Any]:
    """Trips that can be boarded per day type, with Rufbus in brackets where it adds some."""
    cells = []
    for day in days:
        of_day = municipal[(municipal["area_id"] == area) & (municipal["day_type"] == day)].set_index("with_demand")
        texts = []
        for with_demand in (False, True):
            if with_demand not in of_day.index:
                continue
            row = of_day.loc[with_demand]
            number, known = format_whole(float(row["departures"]), lang), bool(row["departures_known"])
            texts.append(number if known else say("stops.at_least", lang, number=number))
        text = texts[0] if texts else say("word.unknown", lang)
        if len(texts) > 1 and texts[1] != texts[0]:
            text = say("no_car.with_demand", lang, number=text, demand=texts[1])
        cells.append(text)
    return {"name": _name(assessment, area), "cells": cells}


def _stations(municipal: pd.DataFrame, lang: Language) -> str:
    rows = municipal[(municipal["day_type"] == "school") & ~municipal["with_demand"]]
    persons = float(rows["persons_rail_missing"].sum())
    return say("stops.rail_missing", lang, persons=format_persons(persons, lang)) if persons >= FEW else ""


def _school_only(assessment: Assessment, lang: Language) -> str:
    stops = assessment.depth.pt_stops
    count = int(((stops["day_type"] == "school") & (stops["school_only"] == "yes")).sum())
    return say("stops.school_only", lang, count=format_whole(count, lang)) if count else ""
