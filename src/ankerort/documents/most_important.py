"""The first page: at most seven sentences with numbers."""

from __future__ import annotations

import re

from ankerort.documents.assessment import Assessment
from ankerort.documents.findings import CoreFinding, settled_places
from ankerort.documents.labels import share_label
from ankerort.documents.no_car_lines import FEW, no_car_headline, no_trips_reason
from ankerort.documents.report_lines import gap_lines, headline
from ankerort.documents.tables import study_places
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_persons

MOST_SENTENCES = 7
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
# What stays if not all has room, by kind of line and its number among them: the people first, then who is outside, who cannot
# drive, what is not known; the good news and the second worst after that.
_ORDER = (
    "people",
    "headline 0",
    "no_car 0",
    "no_car 1",
    "headline -1",
    "no_car -1",
    "headline 1",
    "headline 2",
    "headline 3",
)


def most_important(assessment: Assessment, core: list[CoreFinding], lang: Language) -> list[str]:
    """The sentences of the first page, in reading order; never more than `MOST_SENTENCES`."""
    first = headline(assessment, core, lang)
    no_car = no_car_headline(assessment, lang)
    reason = no_trips_reason(assessment)
    unable = _cannot_drive(assessment)
    if reason and unable >= FEW:
        no_car[-1] = say(f"first.home_{reason}", lang, persons=format_persons(unable, lang))
    # the line of the functions says how many more stand in the workbook; that has no room here
    no_car = [_SENTENCE_END.split(line, maxsplit=1)[0] + "." if k == 1 else line for k, line in enumerate(no_car)]
    lines = [people_line(assessment, lang), *first, *no_car]
    wanted: list[int] = []
    for key in _ORDER:
        kind, _, number = key.partition(" ")
        count = {"people": 1, "headline": len(first), "no_car": len(no_car)}[kind]
        start = {"people": 0, "headline": 1, "no_car": 1 + len(first)}[kind]
        at = int(number or 0)
        if -count <= at < count:
            wanted.append(start + at % count)
    wanted += range(len(lines))
    chosen: list[int] = []
    left = MOST_SENTENCES
    for line in dict.fromkeys(wanted):
        needed = sentences(lines[line])
        if needed <= left:
            chosen.append(line)
            left -= needed
    # what is not known closes the page: it leads to the questions
    last = set(gap_lines(assessment, core, lang))
    return [lines[line] for line in sorted(chosen, key=lambda n: (lines[n] in last, n))]


def sentences(text: str) -> int:
    """Number of sentences of a text; a full stop inside a number ends none."""
    return max(1, len(_SENTENCE_END.findall(text)))


def people_line(assessment: Assessment, lang: Language) -> str:
    """How many people live there, in how many places, and how many of them are 65 or older."""
    places = study_places(assessment)
    persons, old = float(places["persons"].sum()), float(places["persons_65_plus"].sum())
    return say(
        "first.people",
        lang,
        region=assessment.region.settings.name,
        persons=format_persons(persons, lang),
        places=Counted(len(settled_places(assessment)), lang),
        old=format_persons(old, lang),
        share=share_label(old / persons if persons else 0.0, lang),
    )


def _cannot_drive(assessment: Assessment) -> float:
    """Persons of the study area who cannot drive themselves; NaN where it is not known."""
    table = assessment.depth.no_car_service
    rows = table[(table["level"] == "study") & (table["group"] == "all")]
    return float(rows["persons_no_car"].iloc[0]) if len(rows) else float("nan")
