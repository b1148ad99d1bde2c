"""Each set's limits for one service, and how one place stands with them."""

from __future__ import annotations

import math

from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.status import value_text
from ankerort.documents.evidence_words import persons_between, record_words
from ankerort.supply.explain_standards import StatementEvidence
from ankerort.supply.standard_words import agreement_words, statement_words
from ankerort.text import Language, say
from ankerort.text.numbers import format_minutes, format_persons, format_share


def standards_lines(found: tuple[StatementEvidence, ...], catalogue: Catalogue, lang: Language) -> list[str]:
    """Set by set: limit, source, status, agreed or proposed; the verdict with persons and minutes."""
    if not found:
        return [say("explain.standards_none", lang)]
    lines: list[str] = []
    told: set[tuple[object, ...]] = set()
    for set_id in dict.fromkeys(one.set_id for one in found):
        of_set = [one for one in found if one.set_id == set_id]
        new = [one for one in of_set if one.standard is not None and _key(one) not in told]
        told |= {_key(one) for one in new}
        joined = [one for one in of_set if one.standard is None] if _modes(of_set) > 1 and new else []
        lines.append(f"{catalogue.standard_sets[set_id].label(lang)}:")
        for one in [*new, *joined]:
            lines.append("  " + _limit(one, lang))
            lines += ["    " + sentence for sentence in _numbers(one, catalogue, lang)]
        if len(new) < sum(one.standard is not None for one in of_set):
            lines.append("  " + say("explain.limits_as_above" if new else "explain.all_limits_as_above", lang))
    return lines


def _key(one: StatementEvidence) -> tuple[object, ...]:
    """What makes two statements the same: limit, share required, and where the limit holds."""
    row, standard = one.row, one.standard
    where = None if standard is None else (str(standard.municipality_over_persons), standard.condition)
    return str(row["mode"]), float(row["limit"]), round(float(row["required_share"]), 6), where


def _modes(of_set: list[StatementEvidence]) -> int:
    return len({one.standard.mode for one in of_set if one.standard is not None})


def _limit(one: StatementEvidence, lang: Language) -> str:
    mode = say(f"mode.{one.row['mode']}", lang)
    if one.standard is None:
        return say("explain.limit_joined", lang, mode=mode)
    agreed, parameters = agreement_words(one.row, lang)
    return say(
        "explain.limit",
        lang,
        mode=mode,
        limit=value_text(one.standard.value, lang),
        record=record_words(one.standard.value, lang),
        agreed=say(agreed, lang, **parameters),
    )


def _numbers(one: StatementEvidence, catalogue: Catalogue, lang: Language) -> list[str]:
    """Persons within, a little over and short, and the minutes over; nothing where nobody is concerned."""
    row = one.row
    if row["fulfilled"] == "nobody":
        return [say("statement.nobody", lang)]
    verdict = say(f"verdict.{row['fulfilled']}", lang)
    lines = [
        say(
            "explain.statement_numbers",
            lang,
            verdict=verdict[:1].upper() + verdict[1:],
            required=format_share(row["required_share"], lang),
            within=persons_between(row["within_low"], row["within_high"], lang),
            near=persons_between(row["near_low"], row["near_high"], lang),
            near_share=format_share(catalogue.value("standard.near_share"), lang),
            short=persons_between(row["short_low"], row["short_high"], lang),
            persons=format_persons(row["persons"], lang),
        )
    ]
    minutes = row["mean_shortfall_min"]
    if not math.isnan(minutes) and row["fulfilled"] not in ("near", "no"):
        lines.append(say("explain.minutes_over", lang, minutes=format_minutes(minutes)))
    return lines + [say(id_, lang, **parameters) for id_, parameters in statement_words(row, catalogue, lang)[1:]]
