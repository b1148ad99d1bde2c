"""Opening hours in the words of a reader: ``Mo-Fr 08:00-18:00`` as "Mo–Fr 8–18 Uhr"."""

from __future__ import annotations

import re

from ankerort.region.hours_text import DAYS
from ankerort.region.opening_hours import open_week, parse_hours
from ankerort.text import Language, say

_RULE = re.compile(
    r"^(?P<days>(?:(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?,?)+)?\s*"
    r"(?P<times>off|closed|\d\d:\d\d-\d\d:\d\d(?:,\s*\d\d:\d\d-\d\d:\d\d)*)$"
)
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_BEGINS = re.compile(r";|,\s+(?=[A-Z])")
_WEEK = "2026-01-07"  # any week: the rules put into words hold in all of them


def hours_in_words(text: str, lang: Language) -> str:
    """Opening hours as people write them; as given where any of them is not understood.

    Rules for weekdays, times and holidays are put into words; seasons, weeks of the month and comments stay as the source has them.
    """
    rules = parse_hours(text)
    if rules.fault or not rules.rules:
        return text.strip()
    if rules.rules == "24/7":
        return say("inquiry_hours.always", lang)
    parts = []
    for rule in _BEGINS.split(rules.rules):
        found = _RULE.match(" ".join(rule.split()))
        if found is None:
            return text.strip()
        days = _days(found["days"], lang) if found["days"] else say("inquiry_hours.daily", lang)
        if found["times"] in ("off", "closed"):
            times = say("inquiry_hours.closed", lang)
        else:
            spans = [_span(*span) for span in _SPAN.findall(found["times"])]
            times = say("inquiry_hours.times", lang, times=say("inquiry_hours.and", lang).join(spans))
        parts.append(f"{days} {times}")
    # in the syntax a later rule replaces an earlier one, for a reader both hold
    if open_week(rules.rules, day=_WEEK) != open_week(rules.rules.replace(";", ","), day=_WEEK) and not (
        " off" in rules.rules or " closed" in rules.rules
    ):
        return text.strip()
    return ", ".join(parts)


def _days(text: str, lang: Language) -> str:
    words = text.strip().strip(",")
    for day in (*DAYS, "PH"):
        words = re.sub(rf"\b{day}\b", say(f"inquiry_hours.day.{day}", lang), words)
    return words.replace("-", "–").replace(",", ", ")


def _span(hour: str, minute: str, to_hour: str, to_minute: str) -> str:
    return f"{_clock(hour, minute)}–{_clock(to_hour, to_minute)}"


def _clock(hour: str, minute: str) -> str:
    return str(int(hour)) if minute == "00" else f"{int(hour)}:{minute}"
