"""Week plan of the shared room of a place: who is there when, and the day for old people."""

from __future__ import annotations

import pandas as pd

from ankerort.anchors.week_plan import WeekAnswer, WeekNeed, plan_week, week_need
from ankerort.catalogue.model import Catalogue
from ankerort.documents.anchors_words import AnchorWords
from ankerort.documents.blocks import Block, Paragraph, Table
from ankerort.text import Language, say
from ankerort.text.numbers import format_clock, format_decimal, format_whole

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def week_of(functions: pd.DataFrame, catalogue: Catalogue) -> WeekAnswer | None:
    """The week of what opens in one place with hours in the shared room; None where nothing does.

    The same week as `ankerort.anchors.rooms.week_hours` writes into the scenario: optional slots are used where the others do not suffice.
    """
    needs: dict[str, WeekNeed] = {}
    for row in functions[functions["what"].isin(("new", "moved"))].to_dict("records"):
        variant = catalogue.provision.variants.get(str(row["variant"]))
        if variant is not None and variant.hours_week.value > 0:
            needs[variant.id] = week_need(variant, catalogue.services[variant.service])
    if not needs:
        return None
    slots = catalogue.provision.slots
    answer = plan_week(tuple(needs.values()), slots)
    return answer if answer.plan is not None else plan_week(tuple(needs.values()), slots, optional=True)


def week_blocks(place: str, answer: WeekAnswer, words: AnchorWords) -> list[Block]:
    """Table of a week, or why there is none."""
    lang = words.lang
    name = words.place(place)
    if answer.plan is None:
        hours = {k: _hours(v, lang) for k, v in (("needed", answer.needed_hours), ("open", answer.open_hours))}
        return [Paragraph(say(f"anchors.week_fault_{answer.fault}", lang, place=name, **hours))]
    by_day: dict[int, list[str]] = {}
    for one in answer.plan.sessions:
        times = {"first": format_clock(60.0 * one.from_min), "last": format_clock(60.0 * one.to_min)}
        by_day.setdefault(one.weekday, []).append(
            say("anchors.week_session", lang, what=words.variant_service(one.need), **times)
        )
    rows = tuple((say(f"weekday.{_DAYS[day]}", lang), "\n".join(told)) for day, told in sorted(by_day.items()))
    heads = (say("anchors.week_day", lang), say("anchors.week_there", lang))
    title = say("anchors.week_title", lang, place=name)
    blocks: list[Block] = [Table(heads, rows, widths=(2, 8), caption=title, small=True, whole=True)]
    shared = {one.need for one in answer.plan.sessions if one.weekday == answer.plan.focus_day}
    if len(shared) > 1:  # a day for one errand is none
        day = say(f"weekday.{_DAYS[answer.plan.focus_day]}", lang)
        blocks.append(Paragraph(say("anchors.week_old", lang, day=day), "small"))
    return blocks


def _hours(hours: float, lang: Language) -> str:
    return format_whole(hours, lang) if abs(hours - round(hours)) < 1e-9 else format_decimal(hours, lang)
