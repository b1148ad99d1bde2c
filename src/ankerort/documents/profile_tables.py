"""The tables in the profile of a place: what is there, and how far away the rest is."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ankerort.catalogue.expectations import SizeClass
from ankerort.catalogue.model import Catalogue
from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks import Align, Block, Cell, Paragraph, Table
from ankerort.documents.profile_facts import PROFILE_DAYS, Missing, OnSite, PlaceProfile, Visit, WayHome
from ankerort.documents.profile_words import demand_gains, item_label, lead_words, visit_words, walked_to
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.grammar import in_place
from ankerort.text.numbers import format_clock, format_date, format_persons, format_whole

FIRE_ITEM = "fire_station"  # help that drives out: the minutes are its own
_KIND_LABELS = ("osm", "gtfs", "stop_register")  # sources that everybody knows by their kind
_NAMES = 2
_LONG_NAME = 26


def marked_label(item: str, catalogue: Catalogue, lang: Language) -> str:
    """Label with its letter on the map: Hausarzt (H)."""
    label, noun = item_label(item, catalogue, lang), catalogue.nouns.get(item)
    return say("profile.marked", lang, label=label, mark=noun.mark) if noun is not None and noun.mark else label


def on_site_block(
    profile: PlaceProfile, assessment: Assessment, lang: Language, *, most_names: int = _NAMES, most_visits: int = 99
) -> list[Block]:
    """The core functions in the place, with facility, source and date; below them what comes to the place."""
    catalogue = assessment.catalogue
    rows = [
        (
            marked_label(one.item, catalogue, lang),
            _facility_words(one, lang, most_names),
            _source_words(one, assessment, lang, full=most_names == 1),
        )
        for one in profile.on_site
    ]
    rows += [
        (
            say("profile.mobile", lang, service=item_label(visit.service, catalogue, lang)),
            visit_words(visit, lang),
            _visit_source(visit, assessment, lang),
        )
        for visit in profile.visits[:most_visits]
    ]
    out: list[Block] = []
    if not profile.on_site:
        out.append(Paragraph(say("profile.on_site_none", lang)))
    if rows:
        head = tuple(say(f"profile.on_site_{c}", lang) for c in ("head", "what", "source"))
        out.append(Table(head, tuple(rows), widths=(57.0, 64.0, 49.0), small=True))
    return out


def _visit_source(visit: Visit, assessment: Assessment, lang: Language) -> str:
    if visit.confirmed_by:
        return say("profile.confirmed", lang, date=format_date(visit.confirmed_on, lang))
    sources = assessment.region.sources
    title = sources.loc[sources["source_id"] == visit.source_id, "title"]
    return str(title.iloc[0]) if len(title) else visit.source_id


def _facility_words(one: OnSite, lang: Language, most_names: int) -> str:
    if not one.count:
        where = in_place(one.next_door, one.next_door_kind, lang)
        if math.isnan(one.walk_min):
            return say("profile.next_door_near", lang, where=where)
        return say("profile.next_door", lang, where=where, n=Counted(math.ceil(one.walk_min), lang))
    if not one.names:
        return say("profile.there", lang) if one.count == 1 else say("profile.several", lang, n=one.count)
    shown, rest = one.names[:most_names], one.count - len(one.names[:most_names])
    if most_names == 1 and rest and len(shown[0]) > _LONG_NAME:  # the page is full: one line for each
        shown = (shown[0][:_LONG_NAME].rstrip() + "…",)
    names = ", ".join(shown)
    return say("profile.and_more", lang, names=names, n=format_whole(rest, lang)) if rest > 0 else names


def _source_words(one: OnSite, assessment: Assessment, lang: Language, *, full: bool) -> str:
    if not one.count:
        return ""
    if one.confirmed:
        date = format_date(one.confirmed_on, lang)
        if one.confirmed >= one.count:
            return say("profile.confirmed", lang, date=date)
        return say("profile.confirmed_some", lang, n=one.confirmed, of=one.count, date=date)
    sources = assessment.region.sources
    kinds = dict(zip(sources["source_id"], sources["kind"], strict=True))
    titles = dict(zip(sources["source_id"], sources["title"], strict=True))
    named = [
        say(f"profile.source_{kinds[s]}", lang) if kinds.get(s) in _KIND_LABELS else str(titles.get(s) or s)
        for s in one.source_ids
    ]
    named = list(dict.fromkeys(named))
    if full and len(", ".join(named)) > _LONG_NAME:  # the page is full: the first one, shortened
        named = [named[0] if len(named[0]) <= _LONG_NAME else named[0][:_LONG_NAME].rstrip() + "…"]
    source = ", ".join(named)
    if one.source_date:
        source = say("profile.source_dated", lang, source=source, date=format_date(one.source_date, lang))
    if not one.probable:
        return source
    if one.probable >= one.count:
        return say("profile.probably", lang, source=source)
    return say("profile.probably_some", lang, n=one.probable, of=one.count, source=source)


def size_words(size: SizeClass, lang: Language) -> str:
    """``200 bis unter 500 Menschen``."""
    first, under = size.persons_from, size.persons_under
    if math.isinf(under):
        return say("profile.size_over", lang, first=format_persons(first, lang))
    if first <= 0:
        return say("profile.size_under", lang, under=format_persons(under, lang))
    return say("profile.size_between", lang, first=format_persons(first, lang), under=format_persons(under, lang))


def missing_blocks(
    profile: PlaceProfile, assessment: Assessment, lang: Language, *, most_other: int | None = None
) -> list[Block]:
    """What is not there and how far it is: first what places of this size are expected to have; and what the signs mean.

    Parameters
    ----------
    most_other
        Rows of what is not expected at most, helpful ones first; None = all.
    """
    rows = sorted(profile.missing, key=lambda m: (not m.lacking, ("yes", "useful", "no").index(m.expected)))
    other = [m for m in rows if not m.lacking]
    shown = rows if most_other is None else rows[: len(rows) - len(other) + most_other]
    out: list[Block] = []
    size = size_words(profile.size_class, lang) if profile.size_class is not None else ""
    if shown:
        table = _table(profile, shown, assessment.catalogue, lang, size)
        legend = _legend(profile, shown, table, lang, len(rows) - len(shown))
        out += [table, *([Paragraph(legend, "small")] if legend else [])]
    elif rows:
        rest = Counted(len(rows), lang)
        out.append(Paragraph(say("profile.rest_all", lang, n=rest, sheet=say("sheet.ways", lang)), "small"))
    return out


def nothing_lacking_line(profile: PlaceProfile, lang: Language) -> str:
    """That all is there which places of this size are expected to have; else empty."""
    if profile.size_class is None or any(m.lacking for m in profile.missing):
        return ""
    expected = any(e.expected == "yes" for e in profile.size_class.items.values())
    sentence = "profile.nothing_lacking" if expected else "profile.nothing_expected"
    return say(sentence, lang, size=size_words(profile.size_class, lang))


def _table(profile: PlaceProfile, rows: Sequence[Missing], catalogue: Catalogue, lang: Language, size: str) -> Table:
    """Columns without any content are left out: without a timetable nothing is said of ways home, row by row."""
    names = ["what", "here", "where", "car"]
    widths: list[float] = [37.5, 23.0, 27.0, 9.5]
    if profile.pt_kind != "none":
        names.append("bus")
        widths.append(13.0)
    if profile.trips_known:
        names += ["first", *PROFILE_DAYS]
        widths += [14.5, 15.5, 14.5, 15.5]
    body = tuple(tuple(_cells(profile, m, catalogue, lang)[n] for n in names) for m in rows)
    align: tuple[Align, ...] = tuple("left" if n in ("what", "here", "where") else "right" for n in names)
    head = tuple(say(f"profile.missing_{n}", lang) for n in names)
    caption = say("profile.missing_size" if size else "profile.missing_caption", lang, size=size)
    if profile.trips_known:
        caption = say("profile.missing_trips", lang, caption=caption)
    return Table(head, body, align=align, widths=tuple(widths), caption=caption, small=True)


def _here(profile: PlaceProfile, row: Missing, lang: Language) -> str | Cell:
    """What the gap means: "fehlt" only where it is expected and known to be missing."""
    if row.comes:
        return say("profile.comes", lang)
    if profile.size_class is None or row.expected == "yes":
        kind = "missing" if profile.size_class is not None else "absence"
        return Cell(say(f"profile.{kind}_{row.absence}", lang), bold=kind == "missing" and row.absence != "unknown")
    text = say(f"profile.expected_{row.expected}", lang)
    return say("profile.expected_unknown", lang, text=text) if row.absence == "unknown" else text


def _cells(profile: PlaceProfile, row: Missing, catalogue: Catalogue, lang: Language) -> dict[str, str | Cell]:
    cells: dict[str, str | Cell] = {
        "what": item_label(row.item, catalogue, lang),
        "here": _here(profile, row, lang),
        "where": row.town or say("profile.cell_unknown", lang),
        "car": _minutes(row.car_min, row.car_bound, lang) or say("profile.cell_unknown", lang),
    }
    if not walked_to(row.item, catalogue):
        return cells | dict.fromkeys(("bus", "first", *PROFILE_DAYS), "")
    none = say("profile.cell_none" if row.pt_known and row.town else "profile.cell_unknown", lang)
    bus = _minutes(row.pt_min, row.pt_bound, lang) or none
    if demand_gains(row):
        bus = _with_demand(bus, none, _minutes(row.pt_demand_min, False, lang), lang)
    first = none if math.isnan(row.first_s) else format_clock(row.first_s)
    if not math.isnan(row.demand_first_s):
        first = _with_demand(first, none, format_clock(row.demand_first_s), lang)
    cells |= {"bus": bus, "first": first}
    empty = "" if row.town else none  # a school or a Kita: their journeys are not those of all adults
    return cells | dict.fromkeys(PROFILE_DAYS, empty) | {d.day_type: _home_cell(d, lang) for d in row.home}


def _minutes(minutes: float, bound: bool, lang: Language) -> str:
    if math.isnan(minutes):
        return ""
    number = format_whole(math.ceil(minutes - 1e-9), lang)
    return say("profile.at_most", lang, n=number) if bound else number


def _home_cell(day: WayHome, lang: Language) -> str:
    text = format_clock(day.last_s) if day.state == "time" else say(f"profile.cell_{day.state}", lang)
    if math.isnan(day.demand_s):
        return text
    return _with_demand(text if day.state == "time" else "", "", format_clock(day.demand_s), lang)


def _with_demand(text: str, none: str, demand: str, lang: Language) -> str:
    """The fixed bus and Rufbus behind it; Rufbus alone where no fixed bus runs."""
    if text == none:
        return say("profile.demand_only", lang, demand=demand)
    return say("profile.with_demand", lang, text=text, demand=demand)


def _legend(profile: PlaceProfile, rows: Sequence[Missing], table: Table, lang: Language, rest: int) -> str:
    """Only the signs that the table uses."""
    used = {cell.text if isinstance(cell, Cell) else cell for row in table.rows for cell in row}
    parts = []
    if rest > 0:
        parts.append(say("profile.rest", lang, n=Counted(rest, lang), sheet=say("sheet.ways", lang)))
    if profile.trips_known:
        parts.append(say("profile.legend_times", lang))
    elif profile.pt_kind == "none":
        parts.append(say("profile.legend_no_pt", lang))
    else:
        parts.append(say("profile.legend_matrix" if profile.pt_kind == "matrix" else "profile.back_unknown", lang))
    parts += [
        say(f"profile.legend_{name}", lang)
        for name in ("none", "unknown", "closed")
        if say(f"profile.cell_{name}", lang) in used
    ]
    if any(demand_gains(m) or any(not math.isnan(d.demand_s) for d in m.home) for m in rows):
        parts.append(say("profile.legend_demand", lang, lead=lead_words(profile, lang)))
    if profile.size_class is not None and any(m.expected == "no" and not m.comes for m in rows):
        parts.append(say("profile.legend_expected", lang))
    if any(m.estimated for m in rows):
        parts.append(say("profile.legend_estimated", lang))
    if any(m.item == f"core:{FIRE_ITEM}" for m in rows):
        parts.append(say("profile.legend_help", lang))
    return " ".join(parts)
