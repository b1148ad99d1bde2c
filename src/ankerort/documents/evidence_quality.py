"""Quality of the facility that is the nearest for most people of a place, criterion by criterion."""

from __future__ import annotations

import math

from ankerort.catalogue.model import Catalogue
from ankerort.documents.evidence_words import facility_words, number_text, record_words, share_between, source_title
from ankerort.documents.labels import row_label
from ankerort.region.model import Region
from ankerort.supply.explain_quality import CriterionEvidence, QualityEvidence
from ankerort.supply.quality_criteria import TIMETABLE
from ankerort.text import Language, read_sentences, say
from ankerort.text.numbers import format_date, format_decimal, format_share


def quality_lines(
    found: QualityEvidence, region: Region, catalogue: Catalogue, lang: Language, *, timetable_date: str = ""
) -> list[str]:
    """Facility, grade with bounds, criteria with weight and source, what to ask, traffic light; ISO day of the timetable."""
    if found.quality is None:
        return [say(f"explain.quality_none.{found.reason}", lang)]
    quality = found.quality
    lines = [
        say("explain.quality_facility", lang, facility=facility_words(region, found.facility, lang)),
        say(
            "explain.quality_grade",
            lang,
            grade=quality["grade"] or say("quality.too_little_known", lang),
            known=format_share(quality["known_share"], lang),
            needed=format_share(catalogue.value("quality.known_share"), lang),
            score=share_between(quality["score_low"], quality["score_high"], lang),
        ),
        say(
            "explain.quality_adequate",
            lang,
            adequate=say(f"quality.adequate.{quality['adequate']}", lang),
            score=format_share(catalogue.value("quality.adequate_score"), lang),
        ),
    ]
    lines += ["  " + _criterion(one, region, catalogue, timetable_date, lang) for one in found.criteria]
    for record in dict.fromkeys(record_words(one.record, lang) for one in found.criteria):
        lines.append(say("explain.weights", lang, record=record))
    if quality["ask"]:
        criteria = ", ".join(say(f"quality.criterion.{c}", lang) for c in str(quality["ask"]).split(";"))
        lines.append(say("quality.ask", lang, criteria=criteria))
    lines.append(_light(found, lang))
    if found.place is not None:
        low, high = float(found.place["nearest_adequate_low"]), float(found.place["nearest_adequate_high"])
        if not math.isnan(low):
            lines.append(say("explain.quality_place", lang, share=share_between(low, high, lang)))
    return lines


def _criterion(
    one: CriterionEvidence, region: Region, catalogue: Catalogue, timetable_date: str, lang: Language
) -> str:
    row = one.row
    name = say(f"quality.criterion.{row['criterion']}", lang)
    name = name[:1].upper() + name[1:]
    weight = format_share(row["weight"], lang)
    if math.isnan(row["value"]):
        return say("explain.criterion_unknown", lang, criterion=name, weight=weight)
    known = {
        "criterion": name,
        "weight": weight,
        "measured": _measured(str(row["measured"]), catalogue, lang),
        "value": number_text(float(row["value"]), lang),
        "contribution": format_decimal(float(row["contribution"]), lang, digits=2),
    }
    if row["assumed"]:
        return say("explain.criterion_assumed", lang, **known)
    source = str(row["source_id"])
    title = say("explain.source_timetable", lang) if source == TIMETABLE else source_title(region, source, lang)
    date = format_date(str(row["source_date"]) or (timetable_date if source == TIMETABLE else ""), lang) or say(
        "word.unknown", lang
    )
    return say("explain.criterion", lang, **known, source=title, date=date)


def _measured(text: str, catalogue: Catalogue, lang: Language) -> str:
    """A figure with the comma of the language, the kind of a shop by its name; other findings as the data have them."""
    try:
        return number_text(float(text), lang)
    except ValueError:
        pass
    if text.startswith("service:") and text.removeprefix("service:") in catalogue.services:
        return row_label(text.removeprefix("service:"), catalogue, lang)
    words = []
    for part in text.split(";toilet="):
        known = f"explain.step_free.{part}"
        words.append(say(known, lang) if known in read_sentences() else part)
    return f" {say('explain.toilet', lang)} ".join(words)


def _light(found: QualityEvidence, lang: Language) -> str:
    quality = found.quality
    assert quality is not None  # asked before
    light = say(f"security.{quality['security']}", lang)
    if math.isnan(quality["viability"]):
        return say("explain.light_unknown", lang, reason=say(f"security_reason.{quality['security_reason']}", lang))
    return say("explain.light", lang, light=light, ratio=format_share(float(quality["viability"]), lang))
