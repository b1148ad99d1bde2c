"""Rows of the report: figures as words. Page, PDF and DOCX take them from here, so that no figure differs between them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ankerort.documents import findings, tables
from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import letter_meaning, row_label, share_label
from ankerort.documents.report_lines import people_of
from ankerort.text import Language, say
from ankerort.text.numbers import format_date, format_decimal, format_minutes, format_persons, format_whole

MATRIX_MOST = 150  # longer tables belong into the workbook
STYLES = {"–": "none", "?": "unknown"}  # letters that cannot be part of a class name
FEW_PERSONS = 2.5  # fewer are printed as 0


def share_bounds(low: float, high: float, persons: float, lang: Language, *, few_persons: float = 0.0) -> str:
    """A share with its bounds: 47 %, 47 bis 80 %, nicht bekannt; fewer than `few_persons` left over count as none."""
    if persons <= 0:
        return say("word.unknown", lang)
    a, b = (1.0 if persons - n < few_persons else n / persons for n in (low, high))
    if a < 0.005 and b > 0.995:
        return say("word.unknown", lang)
    if round(a * 100) == round(b * 100):
        return share_label(min(a, 1.0), lang)
    return say("report.bounds", lang, low=round(a * 100), high=round(b * 100))


def share_base(
    assessment: Assessment,
    core: list[findings.CoreFinding],
    labels: Mapping[str, str],
    persons: float,
    lang: Language,
) -> str:
    """Whom the shares count; services for one group have a base of their own."""
    others = [f"{labels[f.item_id]}: {people_of(assessment, f, lang)}" for f in core if f.group != "all"]
    everyone = say("report.base", lang, persons=format_persons(persons, lang))
    own = [say("report.base_others", lang, others="; ".join(others))] if others else []
    return " ".join([everyone, *own, say("report.base_range", lang)])


def core_row(assessment: Assessment, finding: findings.CoreFinding, label: str, lang: Language) -> dict[str, Any]:
    total = max(1, sum(finding.places.values()))
    return {
        "label": label,
        "spoken": spoken_letters(finding.places, lang),
        "parts": [
            {
                "style": STYLES.get(x, x),
                "width": round(100 * n / total, 2),
                "letter": x,
                "text": f"{x} {n}",
                "least": 5.5 + 3.2 * len(str(n)),
            }
            for x, n in finding.places.items()
        ],
        "without_car": share_bounds(
            finding.without_car_low, finding.without_car_high, finding.persons, lang, few_persons=FEW_PERSONS
        ),
        "with_demand": share_bounds(
            finding.demand_low, finding.demand_high, finding.persons, lang, few_persons=FEW_PERSONS
        ),
        "with_car": share_bounds(
            finding.with_car_low, finding.with_car_high, finding.persons, lang, few_persons=FEW_PERSONS
        ),
    }


def spoken_letters(places: Mapping[str, int], lang: Language) -> str:
    return ", ".join(f"{letter_meaning(x, lang)}: {n}" for x, n in places.items() if n)


def five_rows(assessment: Assessment, lang: Language) -> list[dict[str, str]]:
    out = []
    for reached, low_straight, low_network, high_straight, high_network in findings.five_shares(assessment):
        if reached == 0:
            continue
        out.append(
            {
                "label": say("report.five_at_least", lang, count=reached),
                "straight": share_bounds(low_straight, high_straight, 1.0, lang),
                "network": share_bounds(low_network, high_network, 1.0, lang),
            }
        )
    return out


def matrix_content(assessment: Assessment, inhabited: pd.DataFrame, lang: Language) -> dict[str, Any]:
    balance = assessment.supply.place_service
    state = balance.pivot(index="place_id", columns="service", values="state")
    no_car = balance.pivot(index="place_id", columns="service", values="state_no_car")
    shown = inhabited.sort_values(["persons", "place_id"], ascending=[False, True], kind="stable").head(MATRIX_MOST)
    shown = inhabited[inhabited["place_id"].isin(shown["place_id"])]
    items = [f"core:{i.id}" for i in assessment.catalogue.core]
    groups = []
    for (association, municipality), rows in shown.groupby(["association", "municipality"], sort=False):
        own = str(municipality or association or assessment.region.settings.name)
        inside = association and association != municipality
        groups.append(
            {
                "name": say("report.matrix_group", lang, name=own, association=str(association)) if inside else own,
                "rows": [
                    {
                        "place": row.print_name,
                        "persons": format_persons(float(row.persons), lang),
                        "letters": [(state.loc[row.place_id, i], no_car.loc[row.place_id, i]) for i in items],
                    }
                    for row in rows.itertuples()
                ],
            }
        )
    rest = len(inhabited) - len(shown)
    return {"matrix": groups, "matrix_rest": say("report.matrix_rest", lang, count=rest) if rest else ""}


def unserved_row(assessment: Assessment, finding: findings.CoreFinding, label: str, lang: Language) -> dict[str, Any]:
    rows, count = findings.unserved_places(assessment, finding.item_id)
    more = say("report.unserved_more", lang, shown=len(rows), count=count) if count > len(rows) else ""
    return {
        "label": label,
        "counts": unserved_counts(assessment, finding, lang),
        "more": more,
        "by_pt": any("pt" in assessment.catalogue.services[s].standards for s in finding.services),
        "rows": [
            {
                "place": r.place,
                "persons": format_persons(r.persons, lang),
                "nearest": r.nearest,
                "car": minutes_text(r.car_min, r.car_bound, lang),
                "pt": minutes_text(r.pt_min, r.pt_bound, lang),
                "pt_demand": minutes_text(r.pt_demand_min, r.pt_bound, lang),
            }
            for r in rows
        ],
    }


def unserved_counts(assessment: Assessment, finding: findings.CoreFinding, lang: Language) -> tuple[str, str, str]:
    """Persons known to be outside the standard, those of whom it is not known, and all who are counted."""
    known = max(finding.persons - finding.without_car_high, 0.0)
    unknown = max(finding.without_car_high - finding.without_car_low, 0.0)
    return format_persons(known, lang), format_persons(unknown, lang), people_of(assessment, finding, lang)


def minutes_text(minutes: float, bound: bool, lang: Language) -> str:
    if math.isnan(minutes):
        return say("report.no_value", lang)
    return say("report.at_most_minutes" if bound else "report.minutes", lang, minutes=format_minutes(minutes))


def unknown_rows(assessment: Assessment, lang: Language) -> list[dict[str, str]]:
    out = []
    for row in findings.unknown_services(assessment).itertuples():
        label = row_label(str(row.service), assessment.catalogue, lang)
        expected = float(row.expected)
        out.append(
            {
                "label": label,
                "found": format_whole(row.found, lang),
                "expected": say("word.unknown", lang) if math.isnan(expected) else _about(expected, lang),
                "places": say("report.places_of", lang, places=row.places, of=row.of),
            }
        )
    return out


def _about(expected: float, lang: Language) -> str:
    return format_decimal(expected, lang) if expected < 3 else format_whole(expected, lang)


def footprint_line(assessment: Assessment, lang: Language) -> str:
    """How many people of the study area live where no source of facilities says anything."""
    cells = assessment.region.cells
    study = cells["in_study"].to_numpy(bool)
    edge = assessment.reach.edge_m.get("supermarket")
    if edge is None:
        return ""
    outside = float(cells["persons"].to_numpy(float)[study & (edge <= 0)].sum())
    total = float(cells["persons"].to_numpy(float)[study].sum())
    if outside < FEW_PERSONS:
        return ""
    return say(
        "report.outside_footprint",
        lang,
        outside=format_persons(outside, lang),
        total=format_persons(total, lang),
    )


def feed_rows(assessment: Assessment, lang: Language) -> list[dict[str, str]]:
    return [
        {
            "title": str(r["title"]),
            "day_trips": format_whole(float(r["day_trips"]), lang),
            "peak_trips": f"{format_whole(float(r['peak_trips']), lang)} ({r['peak_date']})",
            "on_demand": format_whole(float(r["on_demand_trips"]), lang),
            "valid": f"{r['first_date']} – {r['last_date']}",
        }
        for r in tables.feeds(assessment, lang).to_dict("records")
    ]


def standards_content(assessment: Assessment, lang: Language) -> dict[str, Any]:
    """One row per service of the core functions: what holds on foot, by bike, by car, by public transport."""
    rows = []
    agreed = False
    for service_id in dict.fromkeys(s for item in assessment.catalogue.core for s in item.services):
        service = assessment.catalogue.services[service_id]
        cells = []
        for mode in ("walk", "bike", "car", "pt"):
            found = []
            standard = service.standards.get(mode)
            for kind, value in (("minimum", standard.minimum), ("target", standard.target)) if standard else ():
                if value is None:
                    continue
                text = f"{format_whole(value.value, lang)} {value.unit}"
                if kind == "target":
                    text = say("report.target", lang, value=text)
                detail = f"{say(f'legal_status.{value.legal_status}', lang)}, {value.mark}"
                if value.agreed_by:
                    agreed = True
                    on = format_date(value.agreed_on, lang)
                    detail += ", " + say("standard.agreed", lang, by=value.agreed_by, on=on)
                found.append((text, detail))
            cells.append(found)
        rows.append({"service": row_label(service_id, assessment.catalogue, lang), "cells": cells})
    line = "report.standards_some_agreed" if agreed else "report.standards_none_agreed"
    return {"standards": rows, "standards_agreed": say(line, lang)}


def source_rows(assessment: Assessment, lang: Language) -> list[dict[str, str]]:
    """Sources with what is to be said about them, date, licence and credit line."""
    return [
        {
            "title": str(s.title or s.file),
            "note": str(s.note),
            "date": format_date(str(s.date), lang),
            "licence": str(s.licence),
            "attribution": str(s.attribution),
        }
        for s in assessment.region.sources.itertuples()
    ]
