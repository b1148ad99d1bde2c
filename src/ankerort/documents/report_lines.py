"""The report's sentences that depend on the figures."""

from __future__ import annotations

import datetime as dt

from ankerort.documents.assessment import Assessment
from ankerort.documents.findings import CoreFinding, unknown_services
from ankerort.documents.labels import row_label, share_label
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_date, format_decimal, format_persons, format_share, format_whole


def headline(assessment: Assessment, core: list[CoreFinding], lang: Language) -> list[str]:
    """Two to four sentences: how many people, what they have, what is not known."""
    labels = {i.id: row_label(f"core:{i.id}", assessment.catalogue, lang) for i in assessment.catalogue.core}
    lines: list[str] = []
    known = [f for f in core if f.persons > 0 and f.persons - f.without_car_high >= 0.005 * f.persons]
    worst = sorted(known, key=lambda f: f.without_car_high / f.persons)[:2]
    for finding in worst:
        outside = finding.persons - finding.without_car_high
        lines.append(
            say(
                "headline.outside",
                lang,
                function=labels[finding.item_id],
                outside=format_persons(outside, lang),
                all=people_of(assessment, finding, lang, dative=True),
                share=share_label(outside / finding.persons, lang),
            )
        )
    services = assessment.catalogue.services
    # help that drives out is no question of having a car
    walked = [f for f in core if f not in worst and all(services[s].direction == "there_back" for s in f.services)]
    best = sorted(walked, key=lambda f: -(f.without_car_low / f.persons if f.persons else 0.0))[:1]
    for finding in best:
        if finding.persons and finding.without_car_low / finding.persons >= 0.5:
            lines.append(
                say(
                    "headline.best_at_least"
                    if finding.without_car_high > finding.without_car_low + 2.5
                    else "headline.best",
                    lang,
                    function=with_article(assessment, finding, labels[finding.item_id], lang),
                    share=share_label(finding.without_car_low / finding.persons, lang),
                    all=people_of(assessment, finding, lang, dative=True),
                )
            )
    return lines + gap_lines(assessment, core, lang)


def gap_lines(assessment: Assessment, core: list[CoreFinding], lang: Language) -> list[str]:
    """Up to two sentences on what is not known: core functions without any figure, services with too little data."""
    lines: list[str] = []
    unknown = [
        f
        for f in core
        if f.persons and f.without_car_low < 0.005 * f.persons and f.without_car_high > 0.995 * f.persons
    ]
    if unknown:
        lines.append(say("headline.unknown", lang, count=len(unknown), of=len(core)))
    asked = unknown_services(assessment)
    asked = asked[asked["places"] > 0]
    if len(asked):
        every = len(assessment.supply.recording)
        lines.append(say("headline.ask", lang, n=Counted(len(asked), lang), of=Counted(every, lang)))
    return lines


def with_article(assessment: Assessment, finding: CoreFinding, label: str, lang: Language) -> str:
    """A core function with its article: die Kita, der Hausarzt, the day-care centre; its label where there is no noun."""
    noun = assessment.catalogue.nouns.get(f"core:{finding.item_id}")
    return label if noun is None else say(f"report.the_{noun.gender}", lang, noun=noun.one(lang))


_LAST_CHILD_AGE = 13  # the law speaks of children up to 13, of the young from 14 on


def people_of(assessment: Assessment, finding: CoreFinding, lang: Language, *, dative: bool = False) -> str:
    """The base of a share: 7.390 Menschen, or 410 Kinder (6 bis 10 Jahre) where a service is for one group.

    `dative`: as it stands after "von" in German.
    """
    persons = Counted(finding.persons, lang, persons=True)
    if finding.group == "all":
        return say("report.people_dative" if dative else "report.people", lang, persons=persons)
    group = assessment.catalogue.groups[finding.group]
    label = group.label_de if lang == "de" else group.label_en
    children = "children" if group.last_age <= _LAST_CHILD_AGE else "people"
    case = "_dative" if dative else ""
    return say(f"report.{children}_of_group{case}", lang, persons=persons, group=label)


def _car_line(assessment: Assessment, lang: Language) -> str:
    value = assessment.catalogue.value
    parking = format_whole(value("car_park_s") / 60, lang)
    if not assessment.reach.estimated.get("car"):
        return say("method.car", lang, parking=parking)
    detour, speed = format_decimal(value("detour.car"), lang), format_whole(value("straight_speed.car"), lang)
    return say("method.car_straight", lang, parking=parking, detour=detour, speed=speed)


def warning_lines(assessment: Assessment, lang: Language) -> list[str]:
    """What a reader must know before using any figure."""
    lines: list[str] = []
    estimated = assessment.reach.estimated
    if estimated.get("car") or estimated.get("foot"):
        lines.append(
            say(
                "warn.straight",
                lang,
                detour=format_decimal(assessment.catalogue.value("detour.car"), lang),
                speed=format_whole(assessment.catalogue.value("straight_speed.car"), lang),
            )
        )
        if not len(assessment.region.barriers):
            lines.append(say("warn.no_barriers", lang))
    pt = assessment.pt
    if pt.kind == "none":
        lines.append(say("warn.no_pt", lang))
    elif pt.kind == "matrix":
        lines.append(say("warn.matrix", lang))
    else:
        lines.append(say("warn.one_way_trips" if len(assessment.depth.there_and_back) else "warn.one_way", lang))
        hollow = [r for r in pt.reports if r.hollow]
        titles = assessment.region.sources.set_index("source_id")["title"]
        for report in hollow:
            lines.append(
                say(
                    "warn.hollow",
                    lang,
                    feed=str(titles.get(report.source_id, report.source_id)),
                    day=format_date(pt.date, lang),
                    trips=format_whole(report.day_trips, lang),
                    peak=format_whole(report.peak_trips, lang),
                    peak_day=format_date(report.peak_date, lang),
                )
            )
        stations = int((pt.silent_stops["kind"] == "station").sum()) if len(pt.silent_stops) else 0
        if stations:
            rail = any(r.has_rail for r in pt.reports)
            lines.append(say("warn.stations" if rail else "warn.no_rail", lang, count=stations))
    return lines


def pt_lines(assessment: Assessment, lang: Language) -> list[str]:
    """The service day, trips on demand and silent stops."""
    pt = assessment.pt
    if pt.kind == "none":
        return [say("warn.no_pt", lang)]
    if pt.kind == "matrix":
        return [say("warn.matrix", lang), say("pt.matrix_stops", lang, stops=format_whole(len(pt.stops), lang))]
    served = int((pt.stops["departures"] > 0).sum())
    demand = int(((pt.stops["departures"] == 0) & (pt.stops["demand_departures"] > 0)).sum())
    lines = [
        say("pt.day", lang, date=format_date(pt.date, lang), weekday=_weekday(pt.date, lang)),
        say(
            "pt.stops" if demand else "pt.stops_fixed",
            lang,
            served=format_whole(served, lang),
            demand=format_whole(demand, lang),
        ),
    ]
    on_demand = int(pt.trips["on_demand"].sum()) if len(pt.trips) else 0
    if on_demand:
        lines.append(
            say("pt.on_demand", lang, count=format_whole(on_demand, lang), all=format_whole(len(pt.trips), lang))
        )
    silent = len(pt.silent_stops)
    if silent:
        stations = int((pt.silent_stops["kind"] == "station").sum())
        lines.append(
            say(
                "pt.silent" if stations else "pt.silent_stops",
                lang,
                stops=format_whole(silent - stations, lang),
                stations=format_whole(stations, lang),
                day=format_date(pt.date, lang),
            )
        )
    return lines


def _weekday(iso: str, lang: Language) -> str:
    keys = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    return say(f"weekday.{keys[dt.date.fromisoformat(iso).weekday()]}", lang)


def method_lines(assessment: Assessment, lang: Language) -> list[str]:
    """The rules in short sentences, with the figures that were used."""
    value = assessment.catalogue.value
    whole = {
        k: format_whole(value(k), lang)
        for k in ("walk_limit.all", "walk_limit.75_84", "pt.max_journey_min", "car_park_s")
    }
    lines = [
        say(f"method.people_{assessment.region.settings.population}", lang),
        say("method.walk", lang, speed=format_decimal(value("walk_speed.all") * 3.6, lang)),
        say("method.bike", lang, speed=format_whole(value("bike_speed.all"), lang)),
        _car_line(assessment, lang),
    ]
    if assessment.pt.kind == "timetable":
        lines.append(
            say(
                "method.pt",
                lang,
                start=format_whole(value("pt.window_start_h"), lang),
                end=format_whole(value("pt.window_end_h"), lang),
                limit=whole["walk_limit.all"],
                limit_old=whole["walk_limit.75_84"],
                longest=whole["pt.max_journey_min"],
            )
        )
        lines.append(say("method.pt_demand", lang))
        if len(assessment.depth.there_and_back):
            lines.append(
                say(
                    "method.round_trip",
                    lang,
                    leave=format_whole(value("round_trip.leave_from_h"), lang),
                    back=format_whole(value("round_trip.back_by_h"), lang),
                )
            )
    lines.append(say("method.no_car", lang))
    lines.append(
        say(
            "method.absence",
            lang,
            rate=format_share(value("recording_rate.min"), lang),
        )
    )
    lines.append(say("method.bounds", lang))
    lines.append(say("method.places", lang))
    return lines
