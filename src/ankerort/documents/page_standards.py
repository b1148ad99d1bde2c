"""Page "richtwerte": which standards are kept, for whom not and by how many minutes, and what a stricter set would cost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ankerort.catalogue.standard_sets import SHIPPED_SET, find_set
from ankerort.catalogue.status import value_text
from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.documents.page_centre_tests import centre_test_content
from ankerort.documents.standard_lines import (
    FEW,
    VERDICTS,
    agreed_lines,
    core_services,
    holds_old,
    own_group,
    persons_between,
    run_set,
    run_statements,
    service_and_group,
    set_label,
    verdict_mark,
    whose,
)
from ankerort.documents.tables import area_names
from ankerort.supply.standard_words import comparison_words, statement_words
from ankerort.text import Language, say
from ankerort.text.numbers import format_minutes, format_persons, format_share, format_whole

_JOINED = ("without_car", "with_car")
_SINGLE = ("foot", "bike", "car", "pt", "pt_demand")
_MOST = 8  # rows of a list that a council reads


def standards_content(assessment: Assessment, lang: Language) -> Mapping[str, Any]:
    """Content of the page."""
    statements = _own_groups(assessment, run_statements(assessment))
    agreed = agreed_lines(assessment, lang)
    chosen = set_label(assessment, run_set(assessment), lang)
    return {
        "intro": [
            say("standards.intro_set", lang, set=chosen),
            *([say("standards.rest_shipped", lang)] if run_set(assessment) != SHIPPED_SET else []),
            say("standards.some_agreed" if agreed else "standards.none_agreed", lang),
            whose(assessment, lang),
        ],
        "agreed": agreed,
        "rule": say(
            "standards.rule",
            lang,
            share=format_share(assessment.catalogue.value("state.reached_share"), lang),
            near=format_share(assessment.catalogue.value("standard.near_share"), lang),
        ),
        "legend": [verdict_mark(v, lang) for v in VERDICTS],
        **_joined(assessment, statements, lang),
        "single": _single(assessment, statements, lang),
        "has_demand": bool(len(assessment.pt.trips) and assessment.pt.trips["on_demand"].any()),
        "short": _named(assessment, statements, "no", "short_low", lang),
        "near": _named(assessment, statements, "near", "near_low", lang),
        **_comparison(assessment, lang),
        "sets": _sets(assessment, lang),
        "counts": _counts(assessment, lang),
        **centre_test_content(assessment, lang),
    }


def _own_groups(assessment: Assessment, statements: pd.DataFrame) -> pd.DataFrame:
    """Statements of the core services for their own group and those of 65 and older; tells in `own` which is which."""
    if not len(statements):
        return statements.assign(own=False)
    services = core_services(assessment)
    own = {s: own_group(assessment.catalogue.services[s]) for s in services}
    rows = statements[statements["item"].isin(services)]
    is_own = rows["group"].astype(str).to_numpy() == rows["item"].astype(str).map(own).to_numpy()
    return rows.assign(own=is_own)[is_own | (rows["group"] == "65_plus").to_numpy()]


def _joined(assessment: Assessment, statements: pd.DataFrame, lang: Language) -> dict[str, Any]:
    """One row per service, without and with a car: verdicts of the municipalities, persons short, how far beyond."""
    rows: list[dict[str, Any]] = []
    unknown: list[str] = []
    for service in core_services(assessment):
        mine = statements[statements["item"] == service] if len(statements) else statements
        parts = {mode: _part(assessment, mine, service, mode, lang) for mode in _JOINED}
        found = [part for part in parts.values() if part is not None]
        if not found:
            continue
        label = service_and_group(assessment, service, lang)
        if all(part["blank"] for part in found):
            unknown.append(label)
        else:
            rows.append({"label": label, **parts})
    return {
        "joined": rows,
        "unknown": say("standards.all_unknown", lang, services=", ".join(unknown)) if unknown else "",
        "empty": "" if rows or unknown else say("standards.no_statement", lang),
    }


def _part(assessment: Assessment, mine: pd.DataFrame, service: str, mode: str, lang: Language) -> dict[str, Any] | None:
    of_mode = mine[mine["mode"] == mode]
    study = of_mode[of_mode["own"] & (of_mode["level"] == "study")]
    if not len(study):
        return None
    row = study.iloc[0]
    verdicts = of_mode[of_mode["own"] & (of_mode["level"] == "municipality")]["fulfilled"].astype(str)
    old = of_mode[(of_mode["group"] == "65_plus") & (of_mode["level"] == "study")]
    beside = len(old) and holds_old(assessment, own_group(assessment.catalogue.services[service]))
    return {
        "blank": row["fulfilled"] == "unknown" and row["within_low"] < FEW and row["short_low"] < FEW,
        "municipalities": [
            {**verdict_mark(v, lang), "count": format_whole(n, lang)}
            for v in VERDICTS
            if (n := int((verdicts == v).sum()))
        ],
        "short": _short(row, lang),
        "old": _short(old.iloc[0], lang) if beside else "–",
        "minutes": _minutes(row, lang),
    }


def _short(row: pd.Series[Any], lang: Language) -> str:
    return persons_between(float(row["short_low"]), float(row["short_high"]), lang, persons=float(row["persons"]))


def _minutes(row: pd.Series[Any], lang: Language) -> str:
    """Mean minutes over the standard; in brackets those to the nearest recorded, where a nearer one may exist."""
    if not math.isnan(row["mean_shortfall_min"]):
        return format_minutes(row["mean_shortfall_min"])
    if row["short_high"] >= FEW and not math.isnan(row["recorded_shortfall_min"]):
        return f"({format_minutes(row['recorded_shortfall_min'])})"
    return "–"


def _single(assessment: Assessment, statements: pd.DataFrame, lang: Language) -> list[dict[str, Any]]:
    """One row per service: limit, mark and verdict of the region by mode."""
    out: list[dict[str, Any]] = []
    study = statements[statements["own"] & (statements["level"] == "study")] if len(statements) else statements
    for service in core_services(assessment):
        mine = study[study["item"] == service] if len(study) else study
        cells: dict[str, dict[str, str]] = {}
        for _, row in mine.iterrows():
            if row["mode"] in _SINGLE:
                unit = "m" if row["unit"] == "m" else "min"
                cells[str(row["mode"])] = {
                    **verdict_mark(str(row["fulfilled"]), lang),
                    "limit": f"{format_whole(row['limit'], lang)} {unit}",
                    "mark": str(row["mark"]),
                }
        if cells:
            out.append({"label": service_and_group(assessment, service, lang), "cells": cells})
    return out


def _named(assessment: Assessment, statements: pd.DataFrame, fulfilled: str, by: str, lang: Language) -> dict[str, Any]:
    """Municipalities with this verdict, most people first, in sentences."""
    if not len(statements):
        return {"rows": [], "count": 0, "about": say("standards.no_statement", lang)}
    rows = statements[
        statements["own"]
        & (statements["level"] == "municipality")
        & statements["mode"].isin(_JOINED)
        & (statements["fulfilled"] == fulfilled)
    ]
    # who does not reach it by car either is told once, for the way without a car
    rows = rows.assign(_order=rows["mode"].astype(str) != "without_car").sort_values("_order", kind="stable")
    rows = rows.drop_duplicates(["item", "area_id"]).assign(
        item=rows["item"].astype(str), area_id=rows["area_id"].astype(str)
    )
    rows = rows.sort_values([by, "item", "area_id"], ascending=[False, True, True], kind="stable")
    names = area_names(assessment)
    shown = [
        {
            "area": names.get(("municipality", str(row["area_id"])), str(row["area_id"])),
            "service": row_label(str(row["item"]), assessment.catalogue, lang),
            "mode": say(f"mode.{row['mode']}", lang),
            "text": " ".join(say(s, lang, **p) for s, p in statement_words(row, assessment.catalogue, lang)),
        }
        for row in rows.head(_MOST).to_dict("records")
    ]
    about = f"standards.{fulfilled}_{'none' if not shown else 'all' if len(shown) == len(rows) else 'about'}"
    return {
        "rows": shown,
        "count": len(rows),
        "about": say(about, lang, shown=len(shown), count=len(rows)),
    }


def _comparison(assessment: Assessment, lang: Language) -> dict[str, Any]:
    """What the target values would cost, one row per service and mode whose limit or result differs."""
    table = assessment.depth.set_comparison
    out: list[dict[str, str]] = []
    sentences: list[str] = []
    labels = {"a": "", "b": ""}
    study = table[table["level"] == "study"] if len(table) else table
    for row in study.to_dict("records"):
        service = str(row["item"])
        one = assessment.catalogue.services.get(service)
        if one is None or row["group"] != own_group(one):
            continue
        single = str(row["mode"]) in ("foot", "bike", "car", "pt")
        if not (single and row["limit_a"] != row["limit_b"]) and str(row["mode"]) != "without_car":
            continue
        if not single and max(row["more_short"], row["fewer_within"]) < FEW:
            continue
        labels = {side: set_label(assessment, str(row[f"set_{side}"]), lang) for side in labels}
        label = service_and_group(assessment, service, lang)
        unit = "m" if row["mode"] == "foot" else "min"
        out.append(
            {
                "label": label,
                "mode": say(f"mode.{row['mode']}", lang),
                "a": f"{format_whole(row['limit_a'], lang)} {unit}" if single else say("statement.limits", lang),
                "b": f"{format_whole(row['limit_b'], lang)} {unit}" if single else say("statement.limits", lang),
                "more": format_persons(row["more_short"], lang) if row["more_short"] >= FEW else "0",
                "fewer": format_persons(row["fewer_within"], lang) if row["fewer_within"] >= FEW else "0",
            }
        )
        if row["more_short"] >= FEW:
            words, params = comparison_words(row, assessment.catalogue, lang)
            mode = say(f"mode.{row['mode']}", lang)
            sentences.append(f"{label}, {mode}: {say(words, lang, **params)}")
    about = say("standards.compare_about" if out else "standards.compare_none", lang)
    return {"compare": out, "compare_labels": labels, "compare_about": about, "compare_sentences": sentences[:_MOST]}


def _sets(assessment: Assessment, lang: Language) -> list[dict[str, str]]:
    """The named sets: id, name, legal status with mark, whether the run was made with it."""
    out = []
    for id_ in assessment.catalogue.standard_sets:
        rows = find_set(assessment.catalogue, id_).rows
        status = dict.fromkeys(f"{say(f'legal_status.{r.value.legal_status}', lang)}" for r in rows)
        marks = dict.fromkeys(r.value.mark for r in rows)
        agreed = sum(bool(r.value.agreed_by) for r in rows)
        state = say("standards.set_agreed", lang, count=agreed, all=len(rows)) if agreed else ""
        out.append(
            {
                "id": id_,
                "label": set_label(assessment, id_, lang),
                "status": f"{', '.join(status)} [{', '.join(sorted(marks))}]"
                if max(len(status), len(marks)) <= 2
                else say("standards.several_status", lang),
                "agreed": state,
                "chosen": say("standards.chosen", lang) if id_ == run_set(assessment) else "",
            }
        )
    return out


def _counts(assessment: Assessment, lang: Language) -> list[str]:
    """One sentence per rule on numbers of facilities: kept in how many areas, and where not."""
    table = assessment.depth.facility_count
    if not len(table):
        return []
    names = area_names(assessment)
    out: list[str] = []
    for (set_id, item, measure), rows in table.groupby(["set_id", "item", "measure"], sort=False):
        counts = rows["fulfilled"].astype(str).value_counts()
        rule = next(r for r in find_set(assessment.catalogue, str(set_id)).rows if r.item == item and r.mode == measure)
        limit = value_text(rule.value, lang)
        over = rule.municipality_over_persons
        out.append(
            say(
                f"standards.count.{measure}",
                lang,
                service=row_label(str(item), assessment.catalogue, lang),
                limit=limit,
                over=say("standards.count_over", lang, persons=format_whole(over, lang)) if over >= 0 else "",
                yes=int(counts.get("yes", 0)),
                no=int(counts.get("no", 0)),
                unknown=int(counts.get("unknown", 0)),
                all=len(rows),
                mark=rule.value.mark,
                status=say(f"legal_status.{rule.value.legal_status}", lang),
            )
        )
        short = rows[rows["fulfilled"] == "no"]
        if len(short):
            called = [
                names.get((str(lv), str(a)), str(a)) for lv, a in zip(short["level"], short["area_id"], strict=True)
            ]
            out.append(say("standards.count_short", lang, areas=", ".join(called[:_MOST]), count=len(called)))
    return out
