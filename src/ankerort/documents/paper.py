"""What stands on each page of a printed document: status of the paper above, region and credits below."""

from __future__ import annotations

import re

from ankerort.documents.assessment import Assessment
from ankerort.region.paper_status import PaperStatus, newest_day
from ankerort.text import Language, say
from ankerort.text.numbers import format_date

# Who agrees, by the article that stands after "mit"
_FEMININE = re.compile(
    r"((verbands|einheits|mitglieds|samt|orts)?gemeinde|(hanse|kreis|welterbe)?stadt|ortschaft)\b", re.I
)
_MASCULINE = re.compile(r"(land)?kreis(tag)?\b|markt\b|\w+rat\b|\w*ausschuss\b", re.I)


def status_line(status: PaperStatus, data_day: str, lang: Language) -> str:
    """The header of each page.

    Parameters
    ----------
    status
        As set by the user.
    data_day
        Newest day of the data (ISO), printed where the user gave no day; empty = none is known.
    """
    day = status.on or data_day
    sentence = f"status.{status.kind}" if day else f"status.{status.kind}_undated"
    return say(
        sentence,
        lang,
        day=format_date(day, lang),
        number=status.number,
        agreed_with=_with_article(status.agreed_with, lang),
    )


def _with_article(name: str, lang: Language) -> str:
    """The name as it stands after "mit": ``der Gemeinde Harbke``, ``dem Kreistag``; what has an article stays as it is."""
    if lang != "de":
        return name
    article = "der " if _FEMININE.match(name) else "dem " if _MASCULINE.match(name) else ""
    return article + name


def header_of(assessment: Assessment, lang: Language) -> str:
    """`status_line` of an assessment; with people of another year it says so too."""
    line = status_line(assessment.paper, newest_day(assessment.region), lang)
    if assessment.year is None:
        return line
    return f"{line} · {say('status.year', lang, year=str(assessment.year))}"


def footer_of(assessment: Assessment) -> str:
    """Region and the credit lines of the sources that ask for one."""
    credits_ = [a for a in dict.fromkeys(assessment.region.sources["attribution"]) if a]
    return " · ".join([assessment.region.settings.name, *credits_])


def day_of(assessment: Assessment) -> str:
    """Day (ISO) for the properties of a file: the newest of the data, since equal inputs give equal files."""
    return newest_day(assessment.region)
