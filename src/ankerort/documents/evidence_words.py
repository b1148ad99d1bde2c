"""Words that all evidence shares: a facility with its source, one leg of a journey, bounds, dated records."""

from __future__ import annotations

from ankerort.base.provenance import DatedValue
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Timetable
from ankerort.reach.trace_transit import Leg
from ankerort.region.model import Region
from ankerort.region.public_view import internal_sources
from ankerort.text import Language, say
from ankerort.text.numbers import format_clock, format_date, format_decimal, format_persons, format_share, format_whole


def facility_words(region: Region, row: int, lang: Language) -> str:
    """Name, place, certainty, source and date of one facility."""
    facility = region.facilities.iloc[row]
    towns = region.places.set_index("place_id")["print_name"]
    certainty = say(f"certainty.{facility['certainty']}", lang)
    if facility["state"] != "open":
        certainty = say(f"facility_state.{facility['state']}", lang)
    text = say(
        "explain.facility",
        lang,
        name=facility["name"] or say("explain.no_name", lang),
        place=towns.get(facility["place_id"], "") or say("explain.outside", lang),
        certainty=certainty,
        source=source_title(region, str(facility["source_id"]), lang),
        ref=facility["source_ref"],
        date=format_date(facility["source_date"], lang) or say("word.unknown", lang),
    )
    if facility["confirmed_by"]:
        text += ". " + say(
            "explain.confirmed", lang, by=facility["confirmed_by"], on=format_date(facility["confirmed_on"], lang)
        )
        text += _proof(region, str(facility["facility_id"]), lang)
    return text


def _proof(region: Region, facility_id: str, lang: Language) -> str:
    """File, sheet and row of the answer that confirms a facility; empty if its own list confirms it."""
    told = region.confirmations
    mine = told[(told["subject_id"] == facility_id) & (told["field"] == "") & (told["state"] == "in_force")]
    if not len(mine):
        return ""
    row = mine.iloc[-1]
    return " " + say("explain.proof", lang, file=row["file"], sheet=row["sheet"] or "–", row=row["row"])


def leg_words(timetable: Timetable, leg: Leg, lang: Language) -> str:
    """One leg with clock times; a stop of -1 is the door."""
    if leg.kind == "walk":
        return say(
            "explain.leg_walk",
            lang,
            start=format_clock(leg.start_s),
            metres=format_whole(leg.metres, lang),
            to=_stop(timetable, leg.to_stop, lang),
        )
    trip = timetable.trips.iloc[leg.trip]
    ride = "explain.leg_ride" if trip["headsign"] else "explain.leg_ride_plain"
    return say(
        "explain.leg_demand" if leg.on_demand else ride,
        lang,
        start=format_clock(leg.start_s),
        end=format_clock(leg.end_s),
        line=trip["route"] or trip["trip_id"],
        headsign=trip["headsign"],
        origin=_stop(timetable, leg.from_stop, lang),
        to=_stop(timetable, leg.to_stop, lang),
    )


def _stop(timetable: Timetable, stop: int, lang: Language) -> str:
    return str(timetable.stops["name"].iloc[stop]) if stop >= 0 else say("explain.door", lang)


def persons_between(low: float, high: float, lang: Language) -> str:
    """Rounded persons, as bounds where they differ: "zwischen 120 und 340"."""
    return between(format_persons(low, lang), format_persons(high, lang), lang)


def share_between(low: float, high: float, lang: Language) -> str:
    """Whole per cent, as bounds where they differ."""
    return between(format_share(low, lang), format_share(high, lang), lang)


def between(low: str, high: str, lang: Language) -> str:
    """One text where both are the same, else both."""
    return low if low == high else say("explain.between", lang, low=low, high=high)


def number_text(value: float, lang: Language) -> str:
    """A whole number and everything from 100 on without decimals, others with up to two, small ones with three."""
    if value == round(value) or abs(value) >= 100:
        return format_whole(value, lang)
    digits = 3 if abs(value) < 0.1 else 2 if abs(value) < 10 else 1
    return format_decimal(value, lang, digits=digits)


def record_words(value: DatedValue, lang: Language) -> str:
    """Legal status, mark and source of a dated record, and who agreed it."""
    words = say(
        "explain.record",
        lang,
        status=say(f"legal_status.{value.legal_status}", lang),
        mark=value.mark,
        source=value.source,
    )
    if value.agreed_by:
        agreed = {"by": value.agreed_by, "on": format_date(value.agreed_on, lang), "reason": value.reason or "–"}
        words += "; " + say("explain.agreed", lang, **agreed)
    return words


def group_label(group: str, catalogue: Catalogue, lang: Language) -> str:
    """Label of a group."""
    one = catalogue.groups[group]
    return one.label_de if lang == "de" else one.label_en


def source_title(region: Region, source_id: str, lang: Language) -> str:
    """Title of a source; one that may not be passed on says so."""
    titles = region.sources.set_index("source_id")["title"]
    title = str(titles.get(source_id, source_id)) or say("word.unknown", lang)
    return say("explain.source_internal", lang, title=title) if source_id in internal_sources(region) else title
