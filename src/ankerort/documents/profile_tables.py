"""The tables in the profile of a place: what is there, and how far away the rest is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ankerort.catalogue.expectations import SizeClass
from ankerort.catalogue.model import Catalogue
from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks import Align, Block, Cell, Paragraph, Table
from ankerort.documents.no_car_lines import STOP_ITEM
from ankerort.documents.profile_facts import PROFILE_DAYS, Missing, OnSite, PlaceProfile, Visit, WayHome
from ankerort.documents.profile_fit import TABLE_PT
from ankerort.documents.profile_words import demand_gains, item_label, lead_words, visit_words, walked_to
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.grammar import capital, in_place
from ankerort.text.numbers import format_clock, format_date, format_persons, format_whole

FIRE_ITEM = "fire_station"  # help that drives out: the minutes are its own
_KIND_LABELS = ("osm", "gtfs", "stop_register")  # sources that everybody knows by their kind
_NAMES = 2
_LONG_NAME = 26


def marked_label(item: str, catalogue: Catalogue, lang: Language) -> str:
    """Label with its letter on the map: Hausarzt (H); stops are squares there."""
    label, noun = row_name(item, catalogue, lang), catalogue.nouns.get(item)
    if noun is None or not noun.mark or item == f"core:{STOP_ITEM}":
        return label
    return say("profile.marked", lang, label=label, mark=noun.mark)


def row_name(item: str, catalogue: Catalogue, lang: Language) -> str:
    """Label for one line of a narrow table: Bank, Geldautomat."""
    return item_label(item, catalogue, lang).replace(say("profile.or", lang), ", ")


def on_site_block(
    profile: PlaceProfile, assessment: Assessment, lang: Language, *, most_names: int = _NAMES, most_visits: int = 99
) -> tuple[list[Block], str]:
    """The core functions in the place, with facility, source and date; below them what comes to the place.

    Returns
    -------
    tuple
        The blocks, and the sentence that names the source of all rows that name none; empty where each names its own.
    """
    catalogue = assessment.catalogue
    common = _common_source(profile, assessment, lang)
    rows = [
        (
            marked_label(one.item, catalogue, lang),
            _facility_words(one, lang, most_names),
            _source_words(one, assessment, lang, common, full=most_names == 1),
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
        names, widths = ("head", "what", "source"), (58.0, 65.0, 47.0)
        if not any(row[2] for row in rows):  # one source for all: no column without a word
            names, widths, rows = names[:2], widths[:2], [row[:2] for row in rows]  # type: ignore[assignment, misc]
        head = tuple(say(f"profile.on_site_{c}", lang) for c in names)
        out.append(Table(head, tuple(rows), widths=widths, text_pt=TABLE_PT))
    source, date = common
    return out, say("profile.source_common", lang, source=_dated(source, date, lang)) if source else ""


def _common_source(profile: PlaceProfile, assessment: Assessment, lang: Language) -> tuple[str, str]:
    """Source that most rows have, to be said once, and the date that most of these share; empty where no two rows do."""
    found = [
        (_source_title(one, assessment, lang), one.source_date)
        for one in profile.on_site
        if one.count and not one.confirmed
    ]
    title = _most_common([source for source, _ in found])
    return title, _most_common([date for source, date in found if source == title])


def _most_common(texts: Sequence[str]) -> str:
    text, times = max(Counter(texts).items(), key=lambda item: item[1], default=("", 0))
    return text if times > 1 else ""


def _dated(source: str, date: str, lang: Language) -> str:
    if not date:
        return source
    return say("profile.source_dated", lang, source=source, date=format_date(date, lang))


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


def _source_title(one: OnSite, assessment: Assessment, lang: Language) -> str:
    sources = assessment.region.sources
    kinds = dict(zip(sources["source_id"], sources["kind"], strict=True))
    titles = dict(zip(sources["source_id"], sources["title"], strict=True))
    named = [
        say(f"profile.source_{kinds[s]}", lang) if kinds.get(s) in _KIND_LABELS else str(titles.get(s) or s)
        for s in one.source_ids
    ]
    return ", ".join(dict.fromkeys(named))


def _source_words(one: OnSite, assessment: Assessment, lang: Language, common: tuple[str, str], *, full: bool) -> str:
    """Confirmed or presumed, and the source where it is not the common one; only the date where only that differs."""
    if not one.count:
        return ""
    if one.confirmed:
        date = format_date(one.confirmed_on, lang)
        if one.confirmed >= one.count:
            return say("profile.confirmed", lang, date=date)
        return say("profile.confirmed_some", lang, n=one.confirmed, of=one.count, date=date)
    title = _source_title(one, assessment, lang)
    if (title, one.source_date) == common:
        source = ""
    elif title == common[0] and one.source_date:
        source = say("profile.source_date", lang, date=format_date(one.source_date, lang))
    else:
        if full and len(title) > _LONG_NAME:  # the page is full: shortened
            title = title[:_LONG_NAME].rstrip() + "…"
        source = _dated(title, one.source_date, lang)
    if not one.probable:
        return source
    if one.probable >= one.count:
        doubt = say("profile.probably", lang)
    else:
        doubt = say("profile.probably_some", lang, n=one.probable, of=one.count)
    return f"{doubt}; {source}" if source else doubt


def size_words(size: SizeClass, lang: Language) -> str:
    """``200 bis unter 500 Menschen``."""
    first, under = size.persons_from, size.persons_under
    if math.isinf(under):
        return say("profile.size_over", lang, first=format_persons(first, lang))
    if first <= 0:
        return say("profile.size_under", lang, under=format_persons(under, lang))
    return say("profile.size_between", lang, first=format_persons(first, lang), under=format_persons(under, lang))


def missing_blocks(
    profile: PlaceProfile, assessment: Assessment, lang: Language, *, most: int | None = None, demand: bool = True
) -> list[Block]:
    """What is not there and how far it is: first what places of this size are expected to have; and what the signs mean.

    Parameters
    ----------
    most
        Rows at most; None = all.
    demand
        Rufbus is told behind a fixed bus too, not only where it is the only one.
    """
    rows = sorted(profile.missing, key=_importance)
    shown = rows if most is None else rows[:most]
    out: list[Block] = []
    if shown:
        later = not demand and any(_second_bus(m) for m in shown)
        if later:
            shown = [_without_second_bus(m) for m in shown]
        table = _table(profile, shown, assessment.catalogue, lang)
        legend = _legend(profile, shown, table, lang, len(rows) - len(shown), later=later)
        out += [table, *([Paragraph(legend, "small")] if legend else [])]
    elif rows:
        rest = Counted(len(rows), lang)
        out.append(Paragraph(say("profile.rest_all", lang, n=rest, sheet=say("sheet.ways", lang)), "small"))
    return out


def _importance(row: Missing) -> tuple[object, ...]:
    """What is missing for sure, what may be missing, then what would help, then the rest."""
    return not row.lacking, row.lacking and row.absence == "unknown", ("yes", "useful", "no").index(row.expected)


def _second_bus(row: Missing) -> bool:
    """Whether Rufbus gains anything where a fixed bus runs too."""
    home = any(d.state == "time" and not math.isnan(d.demand_s) for d in row.home)
    return home or (demand_gains(row) and not math.isnan(row.pt_min))


def _without_second_bus(row: Missing) -> Missing:
    """The row without Rufbus where a fixed bus runs too."""
    home = tuple(replace(d, demand_s=math.nan) if d.state == "time" else d for d in row.home)
    return replace(row, home=home, pt_demand_min=row.pt_demand_min if math.isnan(row.pt_min) else math.nan)


def nothing_lacking_line(profile: PlaceProfile, lang: Language) -> str:
    """That all is there which places of this size are expected to have; else empty."""
    if profile.size_class is None or any(m.lacking for m in profile.missing):
        return ""
    expected = any(e.expected == "yes" for e in profile.size_class.items.values())
    sentence = "profile.nothing_lacking" if expected else "profile.nothing_expected"
    return say(sentence, lang, size=size_words(profile.size_class, lang))


def _table(profile: PlaceProfile, rows: Sequence[Missing], catalogue: Catalogue, lang: Language) -> Table:
    """Columns without any content are left out: without a timetable nothing is said of ways home, row by row."""
    names = ["what", "here", "where", "car"]
    widths: list[float] = [36.0, 18.6, 22.6, 10.6]
    if profile.pt_kind != "none":
        names.append("bus")
        widths.append(13.8)
    if profile.trips_known:
        names += PROFILE_DAYS
        widths += [22.8] * len(PROFILE_DAYS)
    body = tuple(tuple(_cells(profile, m, catalogue, lang)[n] for n in names) for m in rows)
    align: tuple[Align, ...] = tuple("left" if n in ("what", "here", "where") else "right" for n in names)
    head = tuple(say(f"profile.missing_{n}", lang) for n in names)
    return Table(head, body, align=align, widths=tuple(widths), text_pt=TABLE_PT)


def _here(profile: PlaceProfile, row: Missing, lang: Language) -> str | Cell:
    """What the gap means: "fehlt" only where it is expected and known to be missing."""
    if row.comes:
        return say("profile.comes", lang)
    expected = profile.size_class is not None and row.expected == "yes"
    if row.absence == "unknown":
        return say("profile.to_check" if expected else "profile.cell_unknown", lang)
    if not expected:
        return say(f"profile.absence_{row.absence}", lang)
    return Cell(say(f"profile.missing_{row.absence}", lang), bold=True)


def _cells(profile: PlaceProfile, row: Missing, catalogue: Catalogue, lang: Language) -> dict[str, str | Cell]:
    cells: dict[str, str | Cell] = {
        "what": row_name(row.item, catalogue, lang),
        "here": _here(profile, row, lang),
        "where": row.town or say("profile.cell_unknown", lang),
        "car": _minutes(row.car_min, row.car_bound, lang) or say("profile.cell_unknown", lang),
    }
    if not walked_to(row.item, catalogue):
        return cells | dict.fromkeys(("bus", *PROFILE_DAYS), "")
    none = say("profile.cell_none" if row.pt_known and row.town else "profile.cell_unknown", lang)
    bus = _minutes(row.pt_min, row.pt_bound, lang) or none
    if demand_gains(row):
        bus = _with_demand(bus, none, _minutes(row.pt_demand_min, False, lang), lang)
    cells |= {"bus": bus}
    empty = "" if row.town else none  # a school or a Kita: their journeys are not those of all adults
    return cells | dict.fromkeys(PROFILE_DAYS, empty) | {d.day_type: _home_cell(d, lang) for d in row.home}


def _minutes(minutes: float, bound: bool, lang: Language) -> str:
    if math.isnan(minutes):
        return ""
    number = format_whole(math.ceil(minutes - 1e-9), lang)
    return say("profile.at_most", lang, n=number) if bound else number


def _home_cell(day: WayHome, lang: Language) -> str:
    text = _span(day.first_s, day.last_s, lang) if day.state == "time" else say(f"profile.cell_{day.state}", lang)
    if math.isnan(day.demand_s):
        return text
    if day.state == "time":
        return _with_demand(text, "", format_clock(day.demand_s), lang)
    return _with_demand("", "", _span(day.demand_first_s, day.demand_s, lang), lang)


def _span(first_s: float, last_s: float, lang: Language) -> str:
    """First and last: ``06:55–18:09``; ``nur 18:09`` where they are one; ``bis 18:09`` where the first is not known."""
    last = format_clock(last_s)
    if math.isnan(first_s):
        return say("profile.home_until", lang, last=last)
    first = format_clock(first_s)
    return say("profile.home_once" if first == last else "profile.home_span", lang, first=first, last=last)


def _with_demand(text: str, none: str, demand: str, lang: Language) -> str:
    """The fixed bus and Rufbus behind it; Rufbus alone where no fixed bus runs."""
    if text == none:
        return say("profile.demand_only", lang, demand=demand)
    return say("profile.with_demand", lang, text=text, demand=demand)


def _legend(
    profile: PlaceProfile, rows: Sequence[Missing], table: Table, lang: Language, rest: int, *, later: bool
) -> str:
    """Only the signs that the table uses."""
    used = {cell.text if isinstance(cell, Cell) else cell for row in table.rows for cell in row}
    parts = [_size_legend(profile, rows, lang)]
    if rest > 0:
        parts.append(say("profile.rest", lang, n=Counted(rest, lang), sheet=say("sheet.ways", lang)))
    if profile.trips_known:
        if any(d.state == "time" or not math.isnan(d.demand_s) for m in rows for d in m.home):
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
    if later:
        parts.append(say("profile.legend_demand_later", lang))
    if any(m.estimated for m in rows):
        parts.append(say("profile.legend_estimated", lang))
    if any(m.item == f"core:{FIRE_ITEM}" for m in rows):
        parts.append(say("profile.legend_help", lang))
    return " ".join(part for part in parts if part)


def _size_legend(profile: PlaceProfile, rows: Sequence[Missing], lang: Language) -> str:
    """By which size of places "fehlt", "zu prüfen" and "nein" are told apart; empty where none of them stands."""
    if profile.size_class is None:
        return ""
    parts = []
    if any(m.lacking and m.absence != "unknown" for m in rows):
        parts.append("missing")
    if any(m.lacking and m.absence == "unknown" for m in rows):
        parts.append("check")
    if any(m.expected != "yes" and not m.comes and m.absence != "unknown" for m in rows):
        parts.append("no")
    size = say("profile.legend_size", lang, size=size_words(profile.size_class, lang))
    return " ".join(
        capital(say(f"profile.legend_{part}", lang, size="" if k else size)) for k, part in enumerate(parts)
    )
