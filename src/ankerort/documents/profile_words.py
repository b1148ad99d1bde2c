"""The sentences in the profile of a place."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ankerort.catalogue.model import Catalogue
from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import nearest_function, row_label, share_label
from ankerort.documents.no_car_lines import STOP_ITEM
from ankerort.documents.profile_facts import DayDepartures, Missing, OnSite, PeopleFacts, PlaceProfile, Visit
from ankerort.documents.year import variant_label
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.grammar import capital, in_place, join_words
from ankerort.text.numbers import format_clock, format_date, format_persons, format_whole, round_persons
from ankerort.text.rhythm import rhythm_words

_MODEL_ITEM = "core:general_practitioner"  # of what is not there, people ask for the doctor first


def municipality_line(profile: PlaceProfile, lang: Language) -> str:
    """``Gemeinde Harbke in der Verbandsgemeinde Obere Aller, Kreis Börde``; only the kinds that the law knows are named."""
    if profile.association_kind == "Verbandsgemeinde":
        text = say(
            "profile.in_association",
            lang,
            kind=profile.municipality_kind,
            name=profile.municipality,
            association=profile.association,
        ).strip()
    elif profile.association_kind == "Einheitsgemeinde":
        text = say("profile.single_municipality", lang, name=profile.municipality)
    else:
        text = say("profile.municipality", lang, kind=profile.municipality_kind, name=profile.municipality).strip()
    if not profile.district or profile.district == profile.municipality:
        return text
    kind = "profile.district_named" if "kreis" in profile.district.lower() else "profile.district"
    return say(kind, lang, municipality=text, district=profile.district)


def people_lines(profile: PlaceProfile, assessment: Assessment, lang: Language) -> list[str]:
    """How many live there, how old they are, how many there were and will be."""
    people = profile.people
    where = in_place(profile.name, profile.kind, lang)
    begins = capital(where) if lang == "de" else where
    if people.persons < 0.5:
        return [say("profile.people_none", lang, where=begins)]
    if people.few:
        fewest = format_whole(assessment.catalogue.value("forecast.print_from_persons"), lang)
        return [say("profile.people_few", lang, where=begins, persons=fewest)]
    persons = format_persons(people.persons, lang)
    old = round_persons(people.over_65)
    kind = "profile.people" if old else "profile.people_no_old"
    lines = [say(kind, lang, where=begins, persons=persons, old=format_whole(old, lang))]
    shares = {
        name: share_label(value / people.persons, lang)
        for name, value in (("young", people.under_18), ("old", people.over_65), ("very_old", people.over_80))
    }
    lines.append(say("profile.ages", lang, persons=persons, **shares))
    return [*lines, _past_line(profile, lang), _later_line(people, assessment.catalogue, lang)]


def _past_line(profile: PlaceProfile, lang: Language) -> str:
    people = profile.people
    if people.past_year is not None:
        change = people.past_persons / people.persons - 1.0
        kind = "same" if round(abs(change) * 100) == 0 else "less" if change > 0 else "more"
        share = share_label(abs(change), lang)
        was = format_persons(people.past_persons, lang)
        return say(f"profile.past_{kind}", lang, year=str(people.past_year), was=was, share=share)
    if people.area_from_year is None:
        return say("profile.past_unknown", lang)
    change = people.area_change
    kind = "same" if round(abs(change) * 100) == 0 else "less" if change < 0 else "more"
    return say(
        f"profile.past_area_{kind}",
        lang,
        first=str(people.area_from_year),
        last=str(people.area_to_year),
        share=share_label(abs(change), lang),
    )


def _later_line(people: PeopleFacts, catalogue: Catalogue, lang: Language) -> str:
    if people.later_year is None:
        return say("profile.later_unknown", lang)
    texts = {
        "year": str(people.later_year),
        "persons": format_persons(people.later_persons, lang),
        "variant": variant_label(catalogue, people.variant, lang),
        "low": format_persons(people.later_low, lang),
        "high": format_persons(people.later_high, lang),
    }
    if texts["low"] == texts["high"]:
        return say("profile.later_sure", lang, **texts)
    return say("profile.later_extrapolated" if people.extrapolated else "profile.later", lang, **texts)


def nearest_lines(profile: PlaceProfile, catalogue: Catalogue, lang: Language) -> list[str]:
    """The model sentence: what is missing first, where it is, how to get there and back."""
    row = model_row(profile, catalogue)
    if row is None:
        return []
    ways = [w for w in (_car_way(row, lang), _bus_way(row, lang)) if w]
    if not row.town or not ways:
        return [say("profile.nearest_unknown", lang, nearest=nearest_function(row.item, catalogue, lang))]
    named = capital(nearest_function(row.item, catalogue, lang, of_known=row.absence == "unknown"))
    where = in_place(row.town, row.town_kind, lang)
    lines = [say("profile.nearest", lang, nearest=named, where=where, ways=_ways(row, ways, lang))]
    if demand_gains(row):
        lines.append(say("profile.by_demand", lang, n=_minutes(row.pt_demand_min, lang)))
    return lines + _back_lines(profile, row, lang)


def model_row(profile: PlaceProfile, catalogue: Catalogue) -> Missing | None:
    """The doctor, if there is none, else the first missing function to which people go; one whose place is known before others.

    None where nothing is missing.
    """
    rows = [m for m in profile.missing if m.item in catalogue.nouns and walked_to(m.item, catalogue)]
    rows.sort(key=lambda m: (not m.town, m.item != _MODEL_ITEM, not m.lacking))
    return rows[0] if rows else None


def walked_to(item: str, catalogue: Catalogue) -> bool:
    """Whether people go there by bus: help comes to them, and at a stop the journey only begins."""
    if item == f"core:{STOP_ITEM}":
        return False
    members = next((i.services for i in catalogue.core if f"core:{i.id}" == item), (item,))
    return all(catalogue.services[s].direction == "there_back" for s in members)


def _car_way(row: Missing, lang: Language) -> str:
    if math.isnan(row.car_min):
        return ""
    return say("profile.by_car_at_most" if row.car_bound else "profile.by_car", lang, n=_minutes(row.car_min, lang))


def _ways(row: Missing, ways: Sequence[str], lang: Language) -> str:
    """By car and by bus; where both are upper bounds "höchstens" is said once."""
    if row.car_bound and row.pt_bound and not math.isnan(row.car_min) and not math.isnan(row.pt_min):
        return say("profile.ways_at_most", lang, car=_minutes(row.car_min, lang), bus=_minutes(row.pt_min, lang))
    return ", ".join(ways)


def _bus_way(row: Missing, lang: Language) -> str:
    if not math.isnan(row.pt_min):
        return say("profile.by_bus_at_most" if row.pt_bound else "profile.by_bus", lang, n=_minutes(row.pt_min, lang))
    return say("profile.by_no_bus" if row.pt_known else "profile.bus_unknown", lang)


def demand_gains(row: Missing) -> bool:
    """Whether Rufbus is faster by a minute, or the only way."""
    if math.isnan(row.pt_demand_min):
        return False
    return math.isnan(row.pt_min) or math.ceil(row.pt_demand_min) < math.ceil(row.pt_min)


def _minutes(minutes: float, lang: Language) -> Counted:
    return Counted(math.ceil(minutes - 1e-9), lang)


def _back_lines(profile: PlaceProfile, row: Missing, lang: Language) -> list[str]:
    days = {d.day_type: d for d in row.home}
    school = days.get("school")
    if school is None and profile.trips_known:
        return []  # a school or a Kita: their journeys are not those of all adults
    if school is None or school.state == "unknown":
        return [say("profile.back_unknown", lang)]
    if school.state not in ("time", "none"):
        return []
    more = ""
    holiday, saturday = days.get("holiday"), days.get("saturday")
    time = format_clock(school.last_s) if school.state == "time" else ""
    if holiday is not None and holiday.state in ("time", "none", "unknown"):
        kind, at = holiday.state, format_clock(holiday.last_s) if holiday.state == "time" else ""
        if kind == "none" and school.state == "none":
            kind_id = "none_too"
        else:
            kind_id = "same" if at and at == time else kind
        more += say(f"profile.back_holiday_{kind_id}", lang, time=at)
    if saturday is not None and saturday.state in ("time", "none") and school.state == "time":
        at = format_clock(saturday.last_s) if saturday.state == "time" else ""
        more += say(f"profile.back_saturday_{saturday.state}", lang, time=at)
    lines = [say(f"profile.back_{school.state}", lang, time=time, more=more)]
    if not math.isnan(school.demand_s):
        lines.append(
            say("profile.back_demand", lang, time=format_clock(school.demand_s), lead=lead_words(profile, lang))
        )
    return lines


def lead_words(profile: PlaceProfile, lang: Language) -> str:
    """`` bis 60 Minuten vorher``; empty where the notice is not known."""
    if math.isnan(profile.booking_lead_min):
        return ""
    return say("profile.lead", lang, n=format_whole(profile.booking_lead_min, lang))


def others_line(profile: PlaceProfile, catalogue: Catalogue, lang: Language, *, most: int) -> str:
    """What else is there; empty for nothing."""
    if not profile.others:
        return ""
    items = [_counted(o, catalogue, lang) for o in profile.others]
    if len(items) > most + 1:
        rest = len(items) - most
        return say(
            "profile.others", lang, items=say("profile.others_more", lang, items=", ".join(items[:most]), n=rest)
        )
    return say("profile.others", lang, items=join_words(items, lang))


def _counted(one: OnSite, catalogue: Catalogue, lang: Language) -> str:
    noun = catalogue.nouns.get(one.item)
    label = noun.one(lang) if noun is not None else row_label(one.item, catalogue, lang)
    if one.count == 1:
        return label
    return f"{format_whole(one.count, lang)} {noun.many(lang) if noun is not None else label}"


def visits_line(profile: PlaceProfile, lang: Language, *, most: int) -> str:
    """That no mobile offer is known, or that there are more than the table shows; else empty."""
    if not profile.visits:
        return say("profile.mobile_none", lang)
    if len(profile.visits) <= most:
        return ""
    return say("profile.mobile_more", lang, n=Counted(len(profile.visits) - most, lang))


def item_label(item: str, catalogue: Catalogue, lang: Language) -> str:
    """Short label of a service or core function: its noun, or the catalogue's label where a user's own service has none."""
    noun = catalogue.nouns.get(item)
    return capital(noun.one(lang)) if noun is not None else row_label(item, catalogue, lang)


def visit_words(visit: Visit, lang: Language) -> str:
    """When, where and how often: ``dienstags 08:15 bis 08:45 Uhr, Anger (jede Woche)``."""
    day = say(f"profile.on_{visit.weekday}" if visit.weekday else "profile.on_unknown", lang)
    if visit.from_time and visit.to_time:
        when = say("profile.visit_time", lang, day=day, first=visit.from_time, last=visit.to_time)
    elif visit.from_time:
        when = say("profile.visit_from", lang, day=day, first=visit.from_time)
    else:
        when = day.rstrip(",")
    # a rhythm of 0 in a list says no more than an empty field
    rhythm = rhythm_words(visit.rhythm_weeks if visit.rhythm_weeks > 0 else math.nan, lang)
    where = f", {visit.stop_name}" if visit.stop_name else ""
    return f"{when}{where} ({rhythm})"


def stop_lines(profile: PlaceProfile, lang: Language, *, most: int) -> list[str]:
    """Stops, and what leaves there on each type of day."""
    names = profile.stops.names
    if not names:
        lines = [say("profile.stops_none", lang)]
    elif len(names) > most:
        shown = _named(names[:most], lang)
        lines = [say("profile.stops_more", lang, n=format_whole(len(names), lang), names=shown)]
    else:
        lines = [say("profile.stops", lang, n=Counted(len(names), lang), names=_named(names, lang))]
    lines = [line.replace("..", ".") for line in lines]  # a name may end with an abbreviation: Hauptstr.
    days = profile.stops.days
    if not days:
        known = "profile.departures_place_unknown" if profile.pt_kind == "timetable" else "profile.departures_unknown"
        return [*lines, say(known, lang)]
    if all(d.known and not d.with_demand for d in days):
        return [*lines, say("profile.departures_none", lang)]
    texts = [say(f"profile.day_{d.day_type}", lang, n=_departures(d, lang)) for d in days]
    return [*lines, say("profile.departures", lang, days=join_words(texts, lang))]


def _named(names: Sequence[str], lang: Language) -> str:
    """Names in a list; with semicolons where a name has a comma itself."""
    return "; ".join(names) if any("," in n for n in names) else join_words(names, lang)


def _departures(day: DayDepartures, lang: Language) -> str:
    number = format_whole(day.departures, lang) if day.departures else say("profile.number_none", lang)
    if not day.known:
        if not day.departures:
            return say("profile.number_unknown", lang)
        number = say("profile.number_at_least", lang, n=number)
    if day.with_demand > day.departures:
        return say("profile.number_demand", lang, n=number, demand=format_whole(day.with_demand, lang))
    return number


def evidence_lines(profile: PlaceProfile, lang: Language) -> list[str]:
    """What is confirmed, what is presumed, what is not known."""
    proof = profile.evidence
    proven = {"date": format_date(proof.confirmed_on, lang), "office": proof.confirmed_by}
    of = Counted(proof.facilities, lang)
    if not proof.facilities:
        lines = [say("profile.evidence_no_facility", lang)]
    elif not proof.confirmed and proof.facilities == 1:
        lines = [say("profile.evidence_one_open", lang)]
    elif not proof.confirmed:
        lines = [say("profile.evidence_not_confirmed", lang, of=of)]
    elif proof.facilities == 1:
        lines = [say("profile.evidence_one", lang, **proven)]
    else:
        lines = [say("profile.evidence_confirmed", lang, n=Counted(proof.confirmed, lang), of=of, **proven)]
    if proof.probable:
        lines.append(say("profile.evidence_probable", lang, n=Counted(proof.probable, lang)))
    if proof.confirmed_none:
        lines.append(say("returns.profile_none", lang, n=Counted(proof.confirmed_none, lang)))
    if proof.unknown_services:
        lines.append(
            say(
                "profile.evidence_unknown",
                lang,
                n=format_whole(proof.unknown_services, lang),
                of=format_whole(proof.services, lang),
            )
        )
    return lines


def lost_line(profile: PlaceProfile, catalogue: Catalogue, lang: Language, *, most: int) -> str:
    """What there was, newest first; empty for nothing."""
    if not profile.lost:
        return ""
    items = []
    for lost in profile.lost[:most]:
        noun = catalogue.nouns.get(lost.service)
        label = noun.one(lang) if noun is not None else row_label(lost.service, catalogue, lang)
        kind = "profile.lost_year" if lost.year else "profile.lost_unknown"
        items.append(say(kind, lang, service=label, year=lost.year))
    if len(profile.lost) > most:
        items.append(say("profile.lost_more", lang, n=format_whole(len(profile.lost) - most, lang)))
    return say("profile.lost", lang, items=join_words(items, lang))
