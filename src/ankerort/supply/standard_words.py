"""What a row of the tables on standards and equity says: sentence ids with their parameters, for ``ankerort.text.say``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ankerort.base.provenance import DatedValue
from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.status import value_text
from ankerort.supply.status import STANDARD_MODE
from ankerort.text import Language, say
from ankerort.text.numbers import format_date, format_minutes, format_persons, format_share, format_whole

_STANDARD_MODE: dict[str, str] = {str(mode): str(of) for mode, of in STANDARD_MODE.items()}
Words = tuple[str, dict[str, object]]
Row = Mapping[str, Any]


def agreement_words(row: Row, lang: Language) -> Words:
    """Who agreed the standard of a row, or that nobody did: "Vorschlag, nicht vereinbart"."""
    if not row["agreed_by"]:
        return "status.not_agreed", {}
    return "standard.agreed", {"by": row["agreed_by"], "on": format_date(str(row["agreed_on"]), lang)}


def statement_words(row: Row, catalogue: Catalogue, lang: Language) -> list[Words]:
    """The sentences of a STANDARD_STATEMENT row: the verdict with its persons, and how many minutes those beyond miss."""
    fulfilled = str(row["fulfilled"])
    if fulfilled == "nobody":
        return [("statement.nobody", {})]
    limit = row["limit"]
    joined = math.isnan(limit)
    parameters: dict[str, object] = {
        "limit": say("statement.limits", lang) if joined else _limit(float(limit), str(row["unit"]), lang),
        "persons": format_persons(row["persons"], lang),
    }
    more: dict[str, dict[str, object]] = {
        "yes": {
            "within": _persons(row["within_low"], row["within_high"], lang),
            "required": format_share(row["required_share"], lang),
        },
        "near": {
            "near": _persons(row["near_low"], row["near_high"], lang),
            "near_share": format_share(catalogue.value("standard.near_share"), lang),
        },
        "no": {
            "short": _persons(row["short_low"], row["short_high"], lang),
            "required": format_share(row["required_share"], lang),
        },
        "unknown": {
            "within": format_persons(row["within_low"], lang),
            "within_high": format_persons(row["within_high"], lang),
        },
    }
    words: list[Words] = [(f"statement.{fulfilled}", parameters | more[fulfilled])]
    if fulfilled in ("near", "no"):
        if not math.isnan(row["mean_shortfall_min"]):
            words.append(("statement.minutes", {"minutes": format_minutes(row["mean_shortfall_min"])}))
        if row["no_value"] >= 1:
            words.append(("statement.minutes_least", {"persons": format_persons(row["no_value"], lang)}))
    return words + _where(row, catalogue, lang)


def _where(row: Row, catalogue: Catalogue, lang: Language) -> list[Words]:
    """In which part of the area the standard holds, if not in all."""
    one = catalogue.standard_sets.get(str(row["set_id"]))
    asked = (str(row["item"]), _STANDARD_MODE.get(str(row["mode"]), ""))
    words: list[Words] = []
    for standard in one.rows if one is not None else ():
        if (standard.item, standard.mode) != asked:
            continue
        if standard.municipality_over_persons >= 0:
            persons = format_whole(standard.municipality_over_persons, lang)
            words.append(("statement.municipalities", {"persons": persons}))
        if standard.condition:
            words.append(("statement.condition", {"condition": standard.condition}))
    return words


def comparison_words(row: Row, catalogue: Catalogue, lang: Language) -> Words:
    """What a SET_COMPARISON row says: how many more are known to be short."""
    labels: dict[str, object] = {
        f"label_{side}": catalogue.standard_sets[str(row[f"set_{side}"])].label(lang) for side in ("a", "b")
    }
    if row["more_short"] < 1:
        return "comparison.same", labels
    return "comparison.more", labels | {"persons": format_persons(row["more_short"], lang)}


def centre_words(row: Row, lang: Language) -> list[Words]:
    """The sentences of a CENTRE_TEST row; the row of all criteria also says that the test replaces no designation."""
    criterion = str(row["criterion"])
    verdict = say(f"verdict.{row['fulfilled']}", lang)
    if criterion == "all":
        words: list[Words] = [("centre_test.all", {"verdict": verdict})]
        if row["exception"]:
            words.append(("centre_test.exception", {}))
        return [*words, ("centre_test.no_designation", {})]
    parameters: dict[str, object] = {"verdict": verdict}
    required = row["required"]
    bounds = (row["value_low"], row["value_high"])
    if math.isnan(row["limit_min"]):
        low, high = (format_persons(_not_rounded_up(b, required, 10), lang) for b in bounds)
        parameters |= {"value": _range(low, high, lang), "required": format_whole(required, lang)}
    else:
        low, high = (format_share(_not_rounded_up(b, required, 0.01), lang) for b in bounds)
        parameters |= {
            "value": _range(low, high, lang),
            "required": format_share(required, lang),
            "limit": format_minutes(row["limit_min"]),
        }
    return [(f"centre_test.{criterion}", parameters)]


def equity_words(row: Row, lang: Language) -> list[Words]:
    """The one sentence on what cooperation alone can fix, and for whom it is computed; else why there is no figure."""
    reason = str(row["reason"])
    if reason == "few_known":
        return [("equity.few_known", {"known": format_share(row["known_share"], lang)})]
    if reason:
        return [(f"equity.{reason}", {})]
    base: Words = (
        "equity.base",
        {"known": format_share(row["known_share"], lang), "persons": format_persons(row["persons"], lang)},
    )
    words: list[Words] = [("equity.equal", {}), base]
    if not math.isnan(row["between_share"]):
        words[0] = ("equity.between", {"share": format_share(row["between_share"], lang)})
    if row["sure_share"] < 0.995:
        words.append(("equity.recorded", {"share": format_share(1 - row["sure_share"], lang)}))
    return words


def _not_rounded_up(value: float, required: float, step: float) -> float:
    """What falls short of what is required is rounded down, lest 2,996 be printed as the 3,000 that it misses."""
    return math.floor(value / step + 1e-9) * step if value < required else value


def _limit(value: float, unit: str, lang: Language) -> str:
    return value_text(DatedValue("", value, unit, "", "default", "D"), lang)


def _persons(low: float, high: float, lang: Language) -> str:
    return _range(format_persons(low, lang), format_persons(high, lang), lang)


def _range(low: str, high: str, lang: Language) -> str:
    return low if low == high else say("statement.range", lang, low=low, high=high)
