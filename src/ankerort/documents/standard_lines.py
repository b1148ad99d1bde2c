"""Words that the pages on standards, position and equity share: bounds of persons, verdicts, whose figures, sets."""

from __future__ import annotations

import math

import pandas as pd

from ankerort.base.provenance import DatedValue
from ankerort.catalogue.model import Service
from ankerort.catalogue.standard_sets import SHIPPED_SET, find_set
from ankerort.catalogue.status import value_text
from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label, share_label
from ankerort.documents.tables import group_label
from ankerort.documents.year import year_line
from ankerort.supply.schema_standards import STANDARD_STATEMENT
from ankerort.text import Language, say
from ankerort.text.numbers import format_date, format_persons

FEW = 2.5  # persons; fewer are printed as none
VERDICTS = ("yes", "near", "no", "unknown")
_STYLES = {
    "yes": "O",
    "near": "A",
    "no": "none",
    "unknown": "unknown",
}  # the colours of the letters, never without a letter
_OLD = 65
_SAME = 0.005  # bounds that differ by less than this share are printed as one number


def core_services(assessment: Assessment) -> list[str]:
    """Services of the core functions, in their order."""
    return list(dict.fromkeys(s for item in assessment.catalogue.core for s in item.services))


def own_group(service: Service) -> str:
    """The group that a service is for (the first of its demand groups)."""
    return service.demand_groups[0] if service.demand_groups else "all"


def holds_old(assessment: Assessment, group: str) -> bool:
    """Whether a group has people of 65 and older beside others, so that they may be told apart."""
    one = assessment.catalogue.groups[group]
    return one.first_age < _OLD <= one.last_age


def service_and_group(assessment: Assessment, service: str, lang: Language) -> str:
    """Label of a service, with its group if it is not for everybody."""
    label = row_label(service, assessment.catalogue, lang)
    group = own_group(assessment.catalogue.services[service])
    return label if group == "all" else f"{label} ({group_label(assessment, group, lang)})"


def persons_between(low: float, high: float, lang: Language, *, persons: float = math.nan) -> str:
    """Persons with their bounds; not known where the bounds say nothing of `persons`."""
    if math.isnan(low) or math.isnan(high):
        return say("word.unknown", lang)
    if low < FEW:
        if high < FEW:
            return say("standards.none", lang)
        if high >= 0.995 * persons:
            return say("word.unknown", lang)
        return say("standards.at_most", lang, high=format_persons(high, lang))
    texts = format_persons(low, lang), format_persons(high, lang)
    same = texts[0] == texts[1] or high - low < max(FEW, _SAME * high)
    return texts[0] if same else say("statement.range", lang, low=texts[0], high=texts[1])


def shares_between(low: float, high: float, lang: Language) -> str:
    """A share with its bounds: 47 %, 47 bis 80 %, nicht bekannt."""
    if math.isnan(low) or (low < 0.005 and high > 0.995):
        return say("word.unknown", lang)
    if round(low * 100) == round(high * 100):
        return share_label(min(low, 1.0), lang)
    return say("report.bounds", lang, low=round(low * 100), high=round(min(high, 1.0) * 100))


def verdict_mark(fulfilled: str, lang: Language) -> dict[str, str]:
    """Letter, colour and meaning of a verdict."""
    if fulfilled not in VERDICTS:
        return {"letter": "", "style": "unknown", "meaning": say("verdict.nobody", lang)}
    return {
        "letter": say(f"standards.letter.{fulfilled}", lang),
        "style": _STYLES[fulfilled],
        "meaning": say(f"verdict.{fulfilled}", lang),
    }


def whose(assessment: Assessment, lang: Language) -> str:
    """Whose people are counted, and of which day the timetable is."""
    people = year_line(assessment, lang) or say("standards.people_today", lang)
    if assessment.pt.kind == "timetable":
        return f"{people} {say('standards.pt_date', lang, date=format_date(assessment.pt.date, lang))}"
    return f"{people} {say(f'standards.pt_{assessment.pt.kind}', lang)}"


def set_label(assessment: Assessment, set_id: str, lang: Language) -> str:
    """Name of a set of standards."""
    return assessment.catalogue.standard_sets[set_id].label(lang)


def run_set(assessment: Assessment) -> str:
    """The set that the run was made with."""
    return assessment.region.settings.standard_set or SHIPPED_SET


def run_statements(assessment: Assessment) -> pd.DataFrame:
    """Statements of the run's set; services and modes that it does not name keep the shipped standards."""
    table = assessment.depth.standard_statement
    if not len(table):
        return STANDARD_STATEMENT.empty()
    own = table[table["set_id"] == run_set(assessment)]
    if run_set(assessment) == SHIPPED_SET:
        return own
    rest = table[table["set_id"] == SHIPPED_SET]
    named = set(zip(own["item"], own["mode"], strict=True))
    kept = [pair not in named for pair in zip(rest["item"], rest["mode"], strict=True)]
    return pd.concat([own, rest[kept]], ignore_index=True)


def agreed_lines(assessment: Assessment, lang: Language) -> list[str]:
    """Each standard of the run's set that somebody agreed, with who and when."""
    lines: list[str] = []
    rows = find_set(assessment.catalogue, run_set(assessment)).rows
    for row in rows:
        if row.value.agreed_by and row.item in assessment.catalogue.services:
            lines.append(
                say(
                    "standards.one_agreed",
                    lang,
                    service=row_label(row.item, assessment.catalogue, lang),
                    mode=say(f"standard_mode.{row.mode}", lang),
                    limit=value_text(row.value, lang),
                    agreed=agreement_text(row.value, lang),
                )
            )
    return lines


def agreement_text(value: DatedValue, lang: Language) -> str:
    """Who agreed a value and when, or that nobody did."""
    if not value.agreed_by:
        return say("status.not_agreed", lang)
    return say("standard.agreed", lang, by=value.agreed_by, on=format_date(value.agreed_on, lang))
