"""``report.html``: one file, works offline, printable; the most important on its first page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ankerort.documents import findings, tables
from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import DARK_LETTERS, LETTERS, letter_meaning, row_label, share_label
from ankerort.documents.maps import MapMaker
from ankerort.documents.no_car_lines import no_car_headline
from ankerort.documents.pages import environment, render_pages
from ankerort.documents.report_lines import headline, method_lines, people_of, pt_lines, warning_lines
from ankerort.documents.year import year_line, year_title
from ankerort.text import Language, say
from ankerort.text.numbers import (
    format_date,
    format_decimal,
    format_minutes,
    format_persons,
    format_share,
    format_whole,
)

_MATRIX_MOST = 150  # longer tables belong into the workbook
_STYLES = {"–": "none", "?": "unknown"}  # letters that cannot be part of a class name
_FEW = 2.5  # persons; fewer are printed as 0
_SECTIONS = ("karten", "orte", "nicht-versorgt", "unbekannt", "fahrplan", "methode", "hinweise", "quellen")
_SECTION_TITLES = ("maps", "matrix", "unserved", "unknown", "pt", "method", "problems", "sources")


def write_report(assessment: Assessment, path: Path, lang: Language) -> None:
    """Write the report to `path` (the caller renames it into place).

    The page holds everything, pictures too; it loads nothing from the network and has no date of printing, so that equal
    figures give an equal page.
    """

    def sentence(sentence_id: str, **params: object) -> str:
        return say(sentence_id, lang, **params)

    page = environment().get_template("report.html").render(t=sentence, lang=lang, **_content(assessment, lang))
    path.write_text(page + "\n", encoding="utf-8")


def _content(assessment: Assessment, lang: Language) -> dict[str, Any]:
    core = findings.core_findings(assessment)
    inhabited = tables.study_places(assessment)
    inhabited = inhabited[inhabited["persons"] > 0.5]
    persons = float(inhabited["persons"].sum())
    settled = len(findings.settled_places(assessment))
    maps = MapMaker(assessment, lang)
    pages = render_pages(assessment, lang)
    before = _SECTIONS.index("fahrplan")
    contents = [(a, say(f"report.{x}", lang)) for a, x in zip(_SECTIONS, _SECTION_TITLES, strict=True)]
    contents[before:before] = [(page["anchor"], page["title"]) for page in pages]
    labels = {i.id: row_label(f"core:{i.id}", assessment.catalogue, lang) for i in assessment.catalogue.core}
    blank = [f for f in core if f.places["?"] == sum(f.places.values())]  # a map of question marks says nothing
    return {
        "region": assessment.region.settings.name,
        "subtitle": _subtitle(assessment, lang),
        "year_line": year_line(assessment, lang),
        "year_title": year_title(assessment, lang),
        "headline": headline(assessment, core, lang),
        "no_car": no_car_headline(assessment, lang),
        "key_figures": _key_figures(assessment, settled, persons, lang),
        "place_count": settled,
        "has_demand": bool(len(assessment.pt.trips) and assessment.pt.trips["on_demand"].any()),
        "base": _base(assessment, core, labels, persons, lang),
        "colours": [
            {"style": _STYLES.get(x, x), "fill": fill, "ink": "#ffffff" if x in DARK_LETTERS else "#000000"}
            for x, (fill, _) in LETTERS.items()
        ],
        "core": [_core_row(assessment, f, labels[f.item_id], lang) for f in core],
        "letters": [{"letter": x, "meaning": letter_meaning(x, lang)} for x in LETTERS],
        "warnings": warning_lines(assessment, lang),
        "contents": contents,
        "pages": pages,
        "maps": [
            {
                "src": maps.letters(f"core:{f.item_id}"),
                "alt": say("map.alt", lang, function=labels[f.item_id], letters=_spoken(f.places, lang)),
                "label": labels[f.item_id],
                "counts": [f"{x} {format_whole(n, lang)}" for x, n in f.places.items() if n],
            }
            for f in core
            if f not in blank
        ],
        "maps_left_out": say("report.maps_left_out", lang, functions=", ".join(labels[f.item_id] for f in blank))
        if blank
        else "",
        "five_map": {
            "src": maps.five(findings.five_of_cells(assessment)),
            "alt": say("map.five_alt", lang),
            "label": say("map.five_label", lang),
        },
        "five": _five(assessment, lang),
        "credit": " · ".join(a for a in dict.fromkeys(assessment.region.sources["attribution"]) if a),
        **_matrix(assessment, inhabited, lang),
        "unserved": [_unserved(assessment, f, labels[f.item_id], lang) for f in core],
        "unknown": _unknown(assessment, lang),
        "footprint": _footprint(assessment, lang),
        "pt_lines": pt_lines(assessment, lang),
        "feeds": _feeds(assessment, lang),
        "method": method_lines(assessment, lang),
        **_standards(assessment, lang),
        **_problems(assessment, lang),
        "sources": [
            {
                "title": s.title or s.file,
                "note": s.note,
                "date": format_date(str(s.date), lang),
                "licence": s.licence,
                "attribution": s.attribution,
            }
            for s in assessment.region.sources.itertuples()
        ],
        "version": assessment.record["ankerort"],
        "key": assessment.record["key"],
    }


def _subtitle(assessment: Assessment, lang: Language) -> str:
    dates = [d for d in assessment.region.sources["date"] if d]
    if not dates:
        return say("report.subtitle_undated", lang)
    return say("report.subtitle", lang, first=format_date(min(dates), lang), last=format_date(max(dates), lang))


def _key_figures(assessment: Assessment, places: int, persons: float, lang: Language) -> list[dict[str, str]]:
    facilities = assessment.region.facilities
    counts = facilities["in_study"] & (facilities["state"] == "open") & (facilities["merged_into"] == "")
    old = assessment.region.places.loc[assessment.region.places["in_study"], "persons_65_plus"].sum()
    return [
        {
            "value": format_persons(persons, lang),
            "label": say("key.persons", lang)
            if assessment.year is None
            else say("year.persons", lang, year=str(assessment.year)),
        },
        {
            "value": format_share(old / persons, lang) if persons else say("word.unknown", lang),
            "label": say("key.old", lang),
        },
        {"value": format_whole(places, lang), "label": say("key.places", lang)},
        {"value": format_whole(int(counts.sum()), lang), "label": say("key.facilities", lang)},
    ]


def _bounds(low: float, high: float, persons: float, lang: Language, *, few_persons: float = 0.0) -> str:
    """A share with its bounds: 47 %, 47 bis 80 %, nicht bekannt; fewer than `few_persons` left over count as none."""
    if persons <= 0:
        return say("word.unknown", lang)
    a, b = (1.0 if persons - n < few_persons else n / persons for n in (low, high))
    if a < 0.005 and b > 0.995:
        return say("word.unknown", lang)
    if round(a * 100) == round(b * 100):
        return share_label(min(a, 1.0), lang)
    return say("report.bounds", lang, low=round(a * 100), high=round(b * 100))


def _base(
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


def _core_row(assessment: Assessment, finding: findings.CoreFinding, label: str, lang: Language) -> dict[str, Any]:
    total = max(1, sum(finding.places.values()))
    return {
        "label": label,
        "spoken": _spoken(finding.places, lang),
        "parts": [
            {
                "style": _STYLES.get(x, x),
                "width": round(100 * n / total, 2),
                "letter": x,
                "text": f"{x} {n}",
                "least": 5.5 + 3.2 * len(str(n)),
            }
            for x, n in finding.places.items()
        ],
        "without_car": _bounds(
            finding.without_car_low, finding.without_car_high, finding.persons, lang, few_persons=_FEW
        ),
        "with_demand": _bounds(finding.demand_low, finding.demand_high, finding.persons, lang, few_persons=_FEW),
        "with_car": _bounds(finding.with_car_low, finding.with_car_high, finding.persons, lang, few_persons=_FEW),
    }


def _spoken(places: Mapping[str, int], lang: Language) -> str:
    return ", ".join(f"{letter_meaning(x, lang)}: {n}" for x, n in places.items() if n)


def _five(assessment: Assessment, lang: Language) -> list[dict[str, str]]:
    out = []
    for reached, low_straight, low_network, high_straight, high_network in findings.five_shares(assessment):
        if reached == 0:
            continue
        out.append(
            {
                "label": say("report.five_at_least", lang, count=reached),
                "straight": _bounds(low_straight, high_straight, 1.0, lang),
                "network": _bounds(low_network, high_network, 1.0, lang),
            }
        )
    return out


def _matrix(assessment: Assessment, inhabited: pd.DataFrame, lang: Language) -> dict[str, Any]:
    balance = assessment.supply.place_service
    state = balance.pivot(index="place_id", columns="service", values="state")
    no_car = balance.pivot(index="place_id", columns="service", values="state_no_car")
    shown = inhabited.sort_values(["persons", "place_id"], ascending=[False, True], kind="stable").head(_MATRIX_MOST)
    shown = inhabited[inhabited["place_id"].isin(shown["place_id"])]
    items = [f"core:{i.id}" for i in assessment.catalogue.core]
    groups = []
    for name, rows in shown.groupby("association", sort=False):
        groups.append(
            {
                "name": name,
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


def _unserved(assessment: Assessment, finding: findings.CoreFinding, label: str, lang: Language) -> dict[str, Any]:
    rows, count = findings.unserved_places(assessment, finding.item_id)
    known = finding.persons - finding.without_car_high
    unknown = finding.without_car_high - finding.without_car_low
    params = {
        "function": label,
        "known": format_persons(max(known, 0), lang),
        "unknown": format_persons(max(unknown, 0), lang),
        "all": people_of(assessment, finding, lang),
    }
    sentence = "report.unserved_known" if known >= _FEW else "report.unserved_none"
    if unknown >= _FEW:
        sentence += "_unknown"
    line = say(sentence, lang, **params)
    more = say("report.unserved_more", lang, shown=len(rows), count=count) if count > len(rows) else ""
    return {
        "label": label,
        "sentence": line,
        "more": more,
        "by_pt": any("pt" in assessment.catalogue.services[s].standards for s in finding.services),
        "rows": [
            {
                "place": r.place,
                "persons": format_persons(r.persons, lang),
                "nearest": r.nearest,
                "car": _minutes(r.car_min, r.car_bound, lang),
                "pt": _minutes(r.pt_min, r.pt_bound, lang),
                "pt_demand": _minutes(r.pt_demand_min, r.pt_bound, lang),
            }
            for r in rows
        ],
    }


def _minutes(minutes: float, bound: bool, lang: Language) -> str:
    if math.isnan(minutes):
        return say("report.no_value", lang)
    return say("report.at_most_minutes" if bound else "report.minutes", lang, minutes=format_minutes(minutes))


def _unknown(assessment: Assessment, lang: Language) -> list[dict[str, str]]:
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


def _footprint(assessment: Assessment, lang: Language) -> str:
    """How many people of the study area live where no source of facilities says anything."""
    cells = assessment.region.cells
    study = cells["in_study"].to_numpy(bool)
    edge = assessment.reach.edge_m.get("supermarket")
    if edge is None:
        return ""
    outside = float(cells["persons"].to_numpy(float)[study & (edge <= 0)].sum())
    total = float(cells["persons"].to_numpy(float)[study].sum())
    if outside < _FEW:
        return ""
    return say(
        "report.outside_footprint",
        lang,
        outside=format_persons(outside, lang),
        total=format_persons(total, lang),
    )


def _feeds(assessment: Assessment, lang: Language) -> list[dict[str, str]]:
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


def _standards(assessment: Assessment, lang: Language) -> dict[str, Any]:
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


def _problems(assessment: Assessment, lang: Language, *, most: int = 60) -> dict[str, Any]:
    rows = tables.problems(assessment, lang).to_dict("records")
    about = "report.problems_about" if rows else "report.problems_none"
    return {
        "problems_about": say(about, lang, count=len(rows), shown=min(most, len(rows))),
        "problems": [{"severity": r["severity"], "text": r["problem"], "repair": r["repair"]} for r in rows[:most]],
    }
