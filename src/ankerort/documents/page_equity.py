"""Page "gerechtigkeit": share served, persons not served, how many minutes they miss, and what cooperation alone can fix."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ankerort.documents import findings
from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.documents.report_lines import people_of
from ankerort.documents.standard_lines import FEW, own_group, persons_between, run_statements, shares_between, whose
from ankerort.supply.standard_words import equity_words
from ankerort.text import Language, say
from ankerort.text.numbers import format_minutes, format_share

_MODES = ("pt", "car", "foot")  # the first with a figure is told
_SURE = 0.5  # of the people; below it a figure is put in brackets


def equity_content(assessment: Assessment, lang: Language) -> Mapping[str, Any]:
    """Content of the page."""
    rows = []
    told: list[tuple[float, str, Mapping[Any, Any]]] = []
    statements = run_statements(assessment)
    for finding in findings.core_findings(assessment):
        label = row_label(f"core:{finding.item_id}", assessment.catalogue, lang)
        inequality = _inequality(assessment, finding.services)
        if inequality is not None and not math.isnan(inequality["between_share"]):
            told.append((float(inequality["between_share"]), label, inequality))
        low, high = (
            value / finding.persons if finding.persons > 0 else math.nan
            for value in (finding.without_car_low, finding.without_car_high)
        )
        rows.append(
            {
                "label": label,
                "base": people_of(assessment, finding, lang),
                "share": shares_between(low, high, lang),
                "short": persons_between(
                    max(0.0, finding.persons - finding.without_car_high),
                    max(0.0, finding.persons - finding.without_car_low),
                    lang,
                    persons=finding.persons,
                ),
                "minutes": _minutes(assessment, statements, finding.services, lang),
                "between": _between(inequality, lang),
            }
        )
    return {
        "about": [say("equity_page.about", lang), whose(assessment, lang)],
        "rows": rows,
        "most": _most(told, lang),
        "workbook": say("equity_page.workbook", lang),
        "brackets": say("equity_page.brackets", lang, share=format_share(_SURE, lang)),
    }


def _minutes(assessment: Assessment, statements: pd.DataFrame, services: tuple[str, ...], lang: Language) -> str:
    """Mean minutes over the standard, without a car; of several services the least and the most."""
    known: list[float] = []
    recorded: list[float] = []
    for service in services:
        if not len(statements):
            break
        rows = statements[
            (statements["item"] == service)
            & (statements["mode"] == "without_car")
            & (statements["level"] == "study")
            & (statements["group"] == own_group(assessment.catalogue.services[service]))
        ]
        if not len(rows):
            continue
        row = rows.iloc[0]
        if not math.isnan(row["mean_shortfall_min"]):
            known.append(float(row["mean_shortfall_min"]))
        elif row["short_high"] >= FEW and not math.isnan(row["recorded_shortfall_min"]):
            recorded.append(float(row["recorded_shortfall_min"]))
    values = known + recorded
    if not values:
        return "–"
    low, high = format_minutes(min(values)), format_minutes(max(values))
    text = low if low == high else say("statement.range", lang, low=low, high=high)
    return f"({text})" if recorded else text


def _inequality(assessment: Assessment, services: tuple[str, ...]) -> Mapping[Any, Any] | None:
    """The EQUITY row of the study area that is told: the first mode with a figure, of the services the one known best."""
    table = assessment.depth.equity
    if not len(table):
        return None
    study = table[(table["level"] == "study") & (table["measure"] == "minutes") & table["service"].isin(services)]
    own = study["service"].map(lambda s: own_group(assessment.catalogue.services[str(s)]))
    study = study[(study["group"] == own) & (study["reason"] == "")]
    for mode in _MODES:
        rows = study[study["mode"] == mode].sort_values(
            ["sure_share", "known_share", "service"], ascending=[False, False, True], kind="stable"
        )
        if len(rows):
            return dict(rows.iloc[0])
    return None


def _between(row: Mapping[Any, Any] | None, lang: Language) -> str:
    if row is None or math.isnan(row["between_share"]):
        return "–"
    share = format_share(row["between_share"], lang)
    text = say("equity_page.between", lang, share=share, mode=say(f"mode.{row['mode']}", lang))
    return f"({text})" if row["sure_share"] < _SURE else text


def _most(told: list[tuple[float, str, Mapping[Any, Any]]], lang: Language) -> str:
    """The core function of which most lies between municipalities, in the words of `equity_words`; those well known first."""
    if not told:
        return say("equity_page.no_figure", lang)
    sure = [t for t in told if t[2]["sure_share"] >= _SURE] or told
    _, label, row = max(sure, key=lambda t: t[0])
    words = " ".join(say(sentence, lang, **params) for sentence, params in equity_words(row, lang))
    return say("equity_page.most", lang, function=label, mode=say(f"mode.{row['mode']}", lang), words=words)
