"""The page on quality: grades, what to ask, the nearest adequate facility, future security, the weakest by name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.quality import CRITERIA
from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.reach.model import NearestMode
from ankerort.supply.quality import GRADES
from ankerort.text import Language, say
from ankerort.text.numbers import format_date, format_persons, format_whole

LIGHTS = ("green", "amber", "red", "unknown")
_WEAK = ("D", "E")
_MOST = 12
_REASONS = 3
_FEW = 2.5  # persons; fewer are printed as 0


def quality_content(assessment: Assessment, lang: Language) -> dict[str, Any]:
    """Content of ``quality.html``: core functions and the services behind them, facilities of the study area."""
    facilities = core_quality(assessment)
    if facilities.empty:
        return {"nothing": say("quality.page_nothing", lang)}
    graded = int((facilities["grade"] != "").sum())
    adequate, unclear = _adequate(assessment, lang)
    weakest, weak = _weakest(assessment, facilities, lang)
    return {
        "nothing": "",
        "lead": _lead(assessment, facilities, graded, lang),
        "grades": GRADES if graded else (),
        "functions": _functions(assessment, facilities, lang),
        "ask": _ask(assessment, facilities, lang),
        "adequate_about": _adequate_about(assessment, lang),
        "adequate": adequate,
        "unclear": say("quality.page_unclear", lang, count=len(unclear), services=", ".join(unclear))
        if unclear
        else "",
        "lights": [say(f"security.{light}", lang) for light in LIGHTS],
        "lights_known": bool((facilities["security"] != "unknown").any()),
        "security_about": _security_about(assessment, lang),
        "weakest": weakest,
        "weakest_about": _weakest_about(weak, graded, lang),
    }


def core_quality(assessment: Assessment) -> pd.DataFrame:
    """FACILITY_QUALITY of the study area, services of the core functions only."""
    quality = assessment.depth.facility_quality
    inside = assessment.region.facilities.set_index("facility_id")["in_study"]
    core = [s for item in assessment.catalogue.core for s in item.services]
    return quality[quality["facility_id"].map(inside).astype(bool) & quality["service"].isin(core)]


def _lead(assessment: Assessment, facilities: pd.DataFrame, graded: int, lang: Language) -> list[str]:
    value = assessment.catalogue.value
    total = len(facilities)
    key = "quality.page_graded" if graded else "quality.page_none_graded"
    lines = [
        say(
            key,
            lang,
            total=format_whole(total, lang),
            graded=format_whole(graded, lang),
            rest=format_whole(total - graded, lang),
        ),
        say(
            "quality.page_rule",
            lang,
            share=round(100 * value("quality.known_share")),
            **{g.lower(): round(100 * value(f"quality.grade_{g.lower()}")) for g in GRADES[:-1]},
        ),
        say("quality.page_unknown", lang),
    ]
    usual = int((facilities["hours_basis"] == "usual").sum())
    if usual:
        lines.append(say("quality.page_usual", lang, count=format_whole(usual, lang), total=format_whole(total, lang)))
    if assessment.pt.date:
        lines.append(say("quality.page_week", lang, date=format_date(assessment.pt.date, lang)))
    return lines


def _functions(assessment: Assessment, facilities: pd.DataFrame, lang: Language) -> list[dict[str, Any]]:
    out = []
    for item in assessment.catalogue.core:
        rows = facilities[facilities["service"].isin(item.services)]
        if rows.empty:
            continue
        out.append(
            {
                "label": row_label(f"core:{item.id}", assessment.catalogue, lang),
                "facilities": format_whole(len(rows), lang),
                "grades": [_count(rows["grade"] == grade) for grade in GRADES],
                "ungraded": _count(rows["grade"] == ""),
                "usual": _count(rows["hours_basis"] == "usual"),
                "lights": [_count(rows["security"] == light) for light in LIGHTS],
            }
        )
    return out


def _count(chosen: pd.Series[bool]) -> str:
    number = int(chosen.sum())
    return str(number) if number else "·"


def _ask(assessment: Assessment, facilities: pd.DataFrame, lang: Language) -> list[dict[str, str]]:
    """Criteria with the number of facilities for which they are not known, and of people to whom one of them is the nearest."""
    criteria = assessment.depth.facility_criteria
    rows = criteria[criteria["facility_id"].isin(facilities["facility_id"])]
    out = []
    for criterion in CRITERIA:
        of_it = rows[rows["criterion"] == criterion]
        missing = of_it.loc[~of_it["known"], "facility_id"]
        if missing.empty:
            continue
        persons = _persons_of_nearest(assessment, set(missing))
        out.append((len(missing), len(of_it), criterion, persons))
    out.sort(key=lambda row: (-row[0], CRITERIA.index(row[2])))
    return [
        {
            "criterion": say(f"quality.criterion.{criterion}", lang),
            "facilities": say(
                "quality.page_of", lang, count=format_whole(missing, lang), total=format_whole(applies, lang)
            ),
            "persons": format_persons(persons, lang),
        }
        for missing, applies, criterion, persons in out
    ]


def _persons_of_nearest(assessment: Assessment, facility_ids: Collection[str]) -> float:
    """People of the study area to whom one of some facilities is the nearest of its service: by car, where there is no way on foot."""
    region = assessment.region
    among = region.facilities["facility_id"].isin(list(facility_ids)).to_numpy(bool)
    counted = np.zeros(len(region.cells), dtype=np.bool_)
    modes: tuple[NearestMode, ...] = ("foot", "car")
    for service in (s for item in assessment.catalogue.core for s in item.services):
        chosen: NDArray[np.int64] = np.full(len(region.cells), -1, dtype=np.int64)
        for mode in modes:
            nearest = assessment.reach.nearest.get((service, mode, "any"))
            if nearest is not None:
                chosen = np.where(nearest.facility >= 0, nearest.facility, chosen)
        counted |= (chosen >= 0) & among[chosen]
    inside = region.cells["in_study"].to_numpy(bool)
    return float(region.cells["persons"].to_numpy(float)[counted & inside].sum())


def _adequate_about(assessment: Assessment, lang: Language) -> str:
    enough = round(100 * assessment.catalogue.value("quality.adequate_score"))
    return say("quality.page_adequate_about", lang, points=enough)


def _adequate(assessment: Assessment, lang: Language) -> tuple[list[dict[str, str]], list[str]]:
    """People within the standard, all facilities and adequate ones only; and the services of which nothing can be said."""
    table = assessment.depth.place_adequate
    inside = assessment.region.places.set_index("place_id")["in_study"]
    table = table[table["place_id"].map(inside).astype(bool) & table["limit"].notna()]
    columns = ["persons", "within_low", "within_adequate_low", "within_adequate_high"]
    sums = table.groupby(["service", "mode"], observed=True)[columns].sum()
    rows, unclear = [], []
    for service in dict.fromkeys(s for item in assessment.catalogue.core for s in item.services):
        mode = next((m for m in ("car", "foot") if (service, m) in sums.index), "")
        if not mode:
            continue
        persons, within, low, high = (float(sums.loc[(service, mode), c]) for c in columns)
        label = row_label(service, assessment.catalogue, lang)
        if low < _FEW and high >= within - _FEW:
            unclear.append(label)
            continue
        rows.append(
            {
                "label": label,
                "mode": say(f"mode.{mode}", lang),
                "within": say("page.at_least", lang, persons=format_persons(within, lang))
                if persons - within >= _FEW
                else say("page.all_of", lang, persons=format_persons(persons, lang)),
                "adequate": between(low, high, lang),
            }
        )
    return rows, unclear


def between(low: float, high: float, lang: Language) -> str:
    """Persons with their bounds, in words; one number where both print the same."""
    a, b = format_persons(low, lang), format_persons(high, lang)
    return a if a == b else say("page.between", lang, low=a, high=b)


def _security_about(assessment: Assessment, lang: Language) -> list[str]:
    value = assessment.catalogue.value
    return [
        say(
            "quality.page_security_rule",
            lang,
            viable=round(100 * value("security.viable_ratio")),
            critical=round(100 * value("security.critical_ratio")),
        ),
        say("quality.page_security_weak", lang),
    ]


def _weakest(assessment: Assessment, facilities: pd.DataFrame, lang: Language) -> tuple[list[dict[str, str]], int]:
    weak = facilities[facilities["grade"].isin(_WEAK)].sort_values(["score", "facility_id"], kind="stable")
    region = assessment.region
    records = region.facilities.set_index("facility_id")
    places = region.places.set_index("place_id")["print_name"]
    sources = region.sources.set_index("source_id")["title"]
    criteria = assessment.depth.facility_criteria
    criteria = criteria[criteria["facility_id"].isin(weak["facility_id"].head(_MOST))]
    out = []
    for row in weak.head(_MOST).itertuples():
        record = records.loc[row.facility_id]
        label = row_label(str(row.service), assessment.catalogue, lang)
        dates = [d for d in (record["check_date"], record["confirmed_on"], record["source_date"]) if d]
        source = str(sources.get(record["source_id"], record["source_id"]))
        out.append(
            {
                "name": str(record["name"]) or label,
                "service": label,
                "place": str(places.get(row.place_id, "")),
                "source": ", ".join([source, *(format_date(str(d), lang) for d in dates[:1])]),
                "grade": str(row.grade),
                "score": say(
                    "quality.page_points", lang, low=round(100 * row.score_low), high=round(100 * row.score_high)
                ),
                "reasons": "; ".join(_reasons(criteria[criteria["facility_id"] == row.facility_id], lang)),
            }
        )
    return out, len(weak)


def _reasons(criteria: pd.DataFrame, lang: Language) -> list[str]:
    """What costs the facility most points, of what is known or assumed: contribution and what it could have been."""
    found = criteria[criteria["value"].notna()]
    lost = found["weight"] - found["contribution"]
    order = lost[lost > 0.005].sort_values(ascending=False, kind="stable").index[:_REASONS]
    return [
        say(
            "quality.page_reason_assumed" if row.assumed else "quality.page_reason",
            lang,
            criterion=say(f"quality.criterion.{row.criterion}", lang),
            points=round(100 * row.contribution),
            weight=round(100 * row.weight),
        )
        for row in found.loc[order].itertuples()
    ]


def _weakest_about(weak: int, graded: int, lang: Language) -> str:
    if not graded:
        return say("quality.page_no_grades", lang)
    if not weak:
        return say("quality.page_no_weak", lang, graded=format_whole(graded, lang))
    key = "quality.page_weak_most" if weak > _MOST else "quality.page_weak"
    return say(key, lang, count=format_whole(weak, lang), most=_MOST, graded=format_whole(graded, lang))
