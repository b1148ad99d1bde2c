"""Texts of opening hours: German spellings into OSM's syntax, holidays into dates; knows no library."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# "8-5 Uhr" is a slip of the pen, "18-2 Uhr" a pub: only an evening may end after midnight.
_EVENING_MIN, _MORNING_MIN = 16 * 60, 6 * 60

_DAY_WORDS = {
    **dict(zip(("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"), DAYS, strict=True)),
    **dict(zip(("mo", "di", "mi", "do", "fr", "sa", "so"), DAYS, strict=True)),
    **{day.lower(): day for day in DAYS},
    "sonnabend": "Sa",
    "feiertag": "PH",
    "feiertage": "PH",
    "feiertagen": "PH",
    "ph": "PH",
}
_TOKENS = re.compile(
    r"""(?P<always>rund\s+um\s+die\s+uhr|24\s*(?:h|std\.?|stunden)\b|24/7)
    |(?P<daily>(?:täglich|tgl\.?)(?!\w))
    |(?P<off>(?:geschlossen|geschl\.|ruhetag|zu|off|closed)(?!\w))
    |(?P<skip>(?:uhr|von|jeweils|an|geöffnet|öffnungszeiten|h)(?!\w)|\s+)
    |(?P<to>bis(?!\w)|-)
    |(?P<and>(?:und|sowie|u\.)(?!\w)|[,&+/])
    |(?P<next>[;\n])
    |(?P<day>[a-zäöü]+)\.?
    |(?P<time>\d{1,2}(?:[:.]\d{2})?)(?![\d.:])
    |(?P<colon>:)""",
    re.VERBOSE,
)
_ARRANGED = re.compile(
    r"^(?:nur\s+|öffnung\s+)?(?:nach\s+(?:(?:vorheriger|telefonischer|tel\.|vorh\.)\s+)?"
    r"(?:vereinbarung|absprache|terminvereinbarung|anmeldung|terminabsprache|bedarf|belegung|fahrplan|voranmeldung)"
    r"|auf\s+anfrage|saison|saisonal|by\s+appointment(?:\s+only)?|on\s+appointment|on\s+request)\.?$"
)

_HOLIDAY = r"(?:PH|SH)(?:\s*[+-]\s*\d+\s*days?)?"
_WEEKDAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:\s*-\s*(?:Mo|Tu|We|Th|Fr|Sa|Su))?(?:\[[^\]]*\])?(?:\s*[+-]\d+\s*days?)?"
_ITEM = re.compile(rf"{_HOLIDAY}|{_WEEKDAY}")
_SELECTOR = re.compile(
    rf"(?<![\w\"])(?:{_HOLIDAY}|{_WEEKDAY})(?:\s*,\s*(?:{_HOLIDAY}|{_WEEKDAY})|\s+(?:{_HOLIDAY}|{_WEEKDAY}))*(?!\w)"
)
_QUOTED = re.compile(r'"[^"]*"')
# An additive rule begins with a letter after the end of another rule.
_ADDITIVE = re.compile(r"((?::\d\d\+?|\b(?:off|closed|open|unknown)\b|[\ue000-\ue0ff])\s*),\s*(?=[A-Z])", re.IGNORECASE)
# Comments stand as one private character each while rules are taken apart.
_FIRST_MARK, _MOST_COMMENTS = 0xE000, 256
_SHIFT = re.compile(r"([+-])\s*(\d+)\s*day")

HolidayDates = Callable[[str, int], Collection[tuple[int, int, int]]]


def clean_text(text: str) -> str:
    """Dashes, blanks and ends as OSM writes them; nothing that carries a meaning changes."""
    text = re.sub("[\u2010-\u2015\u2212]", "-", text.replace("\u00a0", " ").replace("\r", ""))
    return text.strip().strip(";,").strip()


def is_by_arrangement(text: str) -> bool:
    """Whether a text says that one has to ask (by appointment, in the season, by the timetable)."""
    return bool(_ARRANGED.match(" ".join(text.replace('"', " ").lower().split())))


def from_german(text: str) -> str | None:
    """OSM syntax of the usual German spellings; None if any word or sign is not understood.

    Rules add up, as a reader of German takes them: ``Mo-Fr 8-12 Uhr; Di 14-18 Uhr`` means Tuesday morning and
    afternoon. Days that are named as closed are closed. Weekdays "werktags" are not understood: Monday to Friday for
    some, to Saturday for others.

    Parameters
    ----------
    text
        As `clean_text` gives it.
    """
    tokens = _tokens(text.lower())
    if tokens is None:
        return None
    if [kind for kind, _ in tokens if kind not in ("and", "next")] == ["always"]:
        return "24/7"
    rules = _rules(tokens)
    if not rules:
        return None
    opened = [f"{','.join(days)} {','.join(times)}" for days, times in rules if times]
    closed = [f"{','.join(days)} off" for days, times in rules if not times]
    return "; ".join(([", ".join(opened)] if opened else []) + closed)


def _tokens(text: str) -> list[tuple[str, str]] | None:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKENS.match(text, at)
        if match is None:
            return None
        kind, value = str(match.lastgroup), match[str(match.lastgroup)]
        at = match.end()
        if kind == "day":
            # "montags", "sonntags": the day of every week.
            word = value if value in _DAY_WORDS else value.removesuffix("s")
            if word not in _DAY_WORDS:
                return None
            value = _DAY_WORDS[word]
        elif kind == "daily":
            kind, value = "day", "Mo-Su"
        elif kind == "time":
            minutes = _minutes(value)
            if minutes is None:
                return None
            value = str(minutes)
        if kind != "skip":
            found.append((kind, value))
    return found


def _minutes(text: str) -> int | None:
    hour, minute = (int(part) for part in (*re.split("[:.]", text), "0")[:2])
    return hour * 60 + minute if minute < 60 and hour * 60 + minute <= 24 * 60 else None


def _rules(tokens: list[tuple[str, str]]) -> list[tuple[list[str], list[str]]] | None:
    """Pairs of days and times; no times = closed. None if the order of the tokens makes no sense."""
    rules: list[tuple[list[str], list[str]]] = []
    days: list[str] = []
    times: list[str] = []
    done = False  # the group has its times (or is closed), so another day begins a new one
    at = 0
    kinds = [kind for kind, _ in tokens] + ["end", "end", "end"]
    while at < len(tokens):
        kind, value = tokens[at]
        if kind == "day":
            if done:
                rules.append((days, times))
                days, times, done = [], [], False
            if kinds[at + 1] == "to":
                if kinds[at + 2] != "day" or "PH" in (value, tokens[at + 2][1]) or "-" in value + tokens[at + 2][1]:
                    return None
                value, at = f"{value}-{tokens[at + 2][1]}", at + 2
            days.append(value)
        elif kind == "time":
            if not days or (done and not times) or kinds[at + 1] != "to" or kinds[at + 2] != "time":
                return None
            start, end = int(value), int(tokens[at + 2][1])
            if end <= start and not (start >= _EVENING_MIN and end <= _MORNING_MIN):
                return None
            times.append(f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}")
            done, at = True, at + 2
        elif kind == "off":
            if not days or done:
                return None
            done = True
        elif kind == "colon":
            if done or not days:
                return None
        elif kind not in ("and", "next"):
            return None
        at += 1
    return [*rules, (days, times)] if done else None


def names_holidays(rules: str) -> bool:
    """Whether rules in OSM syntax speak of public or school holidays."""
    return bool(re.search(r"\b[PS]H\b", _QUOTED.sub("", rules)))


def with_dates(rules: str, dates: HolidayDates, matches: Callable[[str, tuple[int, int, int]], bool]) -> str | None:
    """Rules in OSM syntax in which the holidays of the Land stand as dates.

    The library knows the holidays of a country only, takes ``PH Mo-Fr`` (the holidays among the working days) for
    ``PH,Mo-Fr``, and knows no school holidays.

    Parameters
    ----------
    rules
        OSM syntax.
    dates
        Dates round the day asked for that are holidays: ``("PH" or "SH", shift in days)`` -> (year, month, day).
    matches
        Whether a selector without holidays (``Apr-Oct``, ``Mo-Fr``) holds on a date.

    Returns
    -------
    str or None
        Empty if no rule is left; None if a rule is built in a way that is not understood.
    """
    quoted = _QUOTED.findall(rules)
    if len(quoted) > _MOST_COMMENTS:
        return None
    numbers = iter(range(len(quoted)))
    bare = _QUOTED.sub(lambda _: chr(_FIRST_MARK + next(numbers)), rules)
    parts = re.split(r"(;|\|\|)", bare)
    written = ""
    for index in range(0, len(parts), 2):
        sign = parts[index - 1] if index else ""
        fragments = re.split("\x01", _ADDITIVE.sub("\\1\x01", parts[index]))
        for number, fragment in enumerate(fragments):
            joint = ("; " if sign == ";" else " || " if sign else "") if number == 0 else ", "
            replaced = [fragment.strip()]
            if re.search(r"\b[PS]H\b", fragment):
                found = _dated(fragment.strip(), dates, matches)
                if found is None:
                    return None
                replaced = found
            for rule in replaced:
                written += (joint if written else "") + rule
                # The dates of a rule stand beside its weekdays with the same times, so they may replace what was before.
                joint = joint or "; "
    for number, comment in enumerate(quoted):
        written = written.replace(chr(_FIRST_MARK + number), comment)
    return written


def _dated(rule: str, dates: HolidayDates, matches: Callable[[str, tuple[int, int, int]], bool]) -> list[str] | None:
    """One rule as up to two: its weekdays, and its holidays as dates."""
    selector = next((m for m in _SELECTOR.finditer(rule) if re.search(r"[PS]H", m[0])), None)
    if selector is None:
        return None
    wide, rest = rule[: selector.start()].strip().rstrip(":").strip(), rule[selector.end() :].lstrip(": ")
    if re.search(r"\b[PS]H\b", f"{wide} {rest}"):
        return None
    items = _ITEM.findall(selector[0])
    holidays = [i for i in items if i[:2] in ("PH", "SH")]
    weekdays = ",".join(i for i in items if i[:2] not in ("PH", "SH"))
    first, last = holidays[-1], items[-1]
    # "PH Mo-Fr": a blank between the holidays and the weekdays joins the two conditions.
    both = bool(weekdays) and last != first and re.search(rf"{re.escape(first)}\s+(?:{_WEEKDAY})", selector[0])
    days: set[tuple[int, int, int]] = set()
    for holiday in holidays:
        shift = _SHIFT.search(holiday)
        days |= set(dates(holiday[:2], int(shift[1] + shift[2]) if shift else 0))
    wanted = [wide] if wide else []
    wanted += [weekdays] if both else []
    kept = sorted(day for day in days if all(matches(selector, day) for selector in wanted))
    written = []
    if weekdays and not both:
        written.append(" ".join(p for p in (wide, weekdays, rest) if p))
    if kept:
        listed = ",".join(f"{year} {_MONTHS[month - 1]} {day:02d}" for year, month, day in kept)
        written.append(f"{listed} {rest}".strip())
    return written
