"""What a comparison says on capacity, on quality and on what it cannot tell."""

from __future__ import annotations

import math

import pandas as pd

from ankerort.catalogue.model import Catalogue
from ankerort.documents.comparison_rows import ComparedScenario
from ankerort.documents.labels import row_label
from ankerort.region.model import Region
from ankerort.text import Language, say
from ankerort.text.numbers import format_decimal, format_persons, round_persons

_MOST = 8
_LEAST = 2.5  # persons, places, visits; fewer are printed as 0
_WHEN = ("before", "after")


def depth_lines(one: ComparedScenario, base: Region, catalogue: Catalogue, lang: Language) -> list[str]:
    """Sentences of one scenario: capacity in the study area, facilities of another grade, adequate ones, and what is not told."""
    return [
        *_capacity(one, catalogue, lang),
        *_quality(one, base, lang),
        *_adequate(one, catalogue, lang),
        *_not_told(one, catalogue, lang),
    ]


def _capacity(one: ComparedScenario, catalogue: Catalogue, lang: Language) -> list[str]:
    rows = one.comparison.depth.capacity
    lines = []
    for row in rows[rows["level"] == "study"].head(_MOST).to_dict("records"):
        service, unit = row_label(str(row["service"]), catalogue, lang), say(f"compare.unit.{row['unit']}", lang)
        held, per_100 = (
            [_decimal(float(row[f"{name}_{when}"]), lang) for when in _WHEN]
            for name in ("capacity", "capacity_per_100")
        )
        lines.append(
            say(
                "compare.capacity.held",
                lang,
                service=service,
                unit=unit,
                before=held[0],
                after=held[1],
                per_before=per_100[0],
                per_after=per_100[1],
            )
        )
        short = [_between(float(row[f"unserved_low_{w}"]), float(row[f"unserved_high_{w}"]), lang) for w in _WHEN]
        demand = say(f"demand_unit.{row['demand_unit']}", lang)
        if short[0] != short[1]:
            lines.append(
                say("compare.capacity.short", lang, service=service, before=short[0], after=short[1], unit=demand)
            )
    return lines


def _quality(one: ComparedScenario, base: Region, lang: Language) -> list[str]:
    rows = one.comparison.depth.quality
    known = pd.concat([base.facilities, one.region.facilities]).drop_duplicates("facility_id", keep="last")
    names = known.set_index("facility_id")["name"]
    places = base.places.set_index("place_id")["print_name"]
    graded = rows[(rows["grade_before"] != rows["grade_after"]) | (rows["adequate_before"] != rows["adequate_after"])]
    chosen = graded if len(graded) else rows
    lines = []
    for row in chosen.head(_MOST).to_dict("records"):
        name = str(names.get(row["facility_id"], "")) or say("explain.no_name", lang)
        grades = [_grade(row, when, lang) for when in _WHEN]
        place = str(places.get(row["place_id"], "")) or say("compare.quality.outside", lang)
        lines.append(say("compare.quality.grade", lang, name=name, place=place, before=grades[0], after=grades[1]))
    if len(rows) > len(lines):
        lines.append(say("compare.quality.more", lang, count=len(rows) - len(lines)))
    return lines


def _grade(row: dict[str, object], when: str, lang: Language) -> str:
    if not row[f"adequate_{when}"]:
        return say("compare.quality.not_open", lang)
    points = [format_decimal(100 * float(str(row[f"score_{end}_{when}"])), lang, digits=0) for end in ("low", "high")]
    range_ = points[0] if points[0] == points[1] else say("compare.from_to", lang, low=points[0], high=points[1])
    grade = str(row[f"grade_{when}"])
    return say("compare.quality.points" if grade else "compare.quality.too_little", lang, grade=grade, points=range_)


def _adequate(one: ComparedScenario, catalogue: Catalogue, lang: Language) -> list[str]:
    rows = one.comparison.depth.adequate
    lines = []
    for service in list(dict.fromkeys(rows["service"]))[:_MOST]:
        # places in which nothing differs add the same on both sides: only the difference is told
        total = rows[rows["service"] == service].sum(numeric_only=True)
        more = [total[f"adequate_{end}_after"] - total[f"adequate_{end}_before"] for end in ("low", "high")]
        label = row_label(str(service), catalogue, lang)
        for end, change in zip(("low", "high"), more, strict=True):
            if abs(change) >= _LEAST:
                kind = "more" if change > 0 else "fewer"
                persons = format_persons(abs(float(change)), lang)
                lines.append(say(f"compare.adequate.{end}_{kind}", lang, service=label, persons=persons))
    return lines


def _not_told(one: ComparedScenario, catalogue: Catalogue, lang: Language) -> list[str]:
    return [
        say(
            "compare.not_told",
            lang,
            service=row_label(str(row.service), catalogue, lang),
            topic=say(f"compare.topic.{row.topic}", lang),
            reason=say(f"compare.reason.{row.reason}", lang),
        )
        for row in one.comparison.depth.not_told.itertuples()
    ]


def capacity_sheet(one: ComparedScenario, catalogue: Catalogue, lang: Language) -> pd.DataFrame:
    """COMPARISON_CAPACITY with units in words and rounded demand; areas and services are still ids."""
    out = one.comparison.depth.capacity.copy()
    out["unit"] = [say(f"compare.unit.{u}", lang) for u in out["unit"]]
    out["demand_unit"] = [say(f"demand_unit.{u}", lang) for u in out["demand_unit"]]
    for name in ("demand", "unserved_low", "unserved_high"):
        for when in _WHEN:
            out[f"{name}_{when}"] = [
                math.nan if math.isnan(v) else float(round_persons(v)) for v in out[f"{name}_{when}"]
            ]
    return out


def quality_sheet(one: ComparedScenario, base: Region, catalogue: Catalogue, lang: Language) -> pd.DataFrame:
    """COMPARISON_QUALITY by name."""
    rows = one.comparison.depth.quality
    known = pd.concat([base.facilities, one.region.facilities]).drop_duplicates("facility_id", keep="last")
    names, places = known.set_index("facility_id")["name"], base.places.set_index("place_id")["print_name"]
    out = pd.DataFrame(
        {
            "service": [row_label(str(s), catalogue, lang) for s in rows["service"]],
            "facility": [str(names.get(f, "")) for f in rows["facility_id"]],
            "place": [str(places.get(p, "")) for p in rows["place_id"]],
        }
    )
    for when in _WHEN:
        out[f"grade_{when}"] = rows[f"grade_{when}"].to_numpy(object)
        out[f"adequate_{when}"] = [say(f"compare.is_adequate.{v}", lang) if v else "" for v in rows[f"adequate_{when}"]]
        for end in ("low", "high"):
            out[f"points_{end}_{when}"] = (100 * rows[f"score_{end}_{when}"]).round().to_numpy(float)
    out["ask"] = [", ".join(say(f"quality.criterion.{c}", lang) for c in str(a).split(";") if c) for a in rows["ask"]]
    out["facility_id"] = rows["facility_id"].to_numpy(object)
    return out


def _decimal(number: float, lang: Language) -> str:
    if math.isnan(number):
        return say("compare.not_known", lang)
    return format_decimal(
        number, lang, digits=0 if number >= 100 or number == round(number) else 1 if number >= 1 else 2
    )


def _between(low: float, high: float, lang: Language) -> str:
    if math.isnan(low) or math.isnan(high):
        return say("compare.not_known", lang)
    a, b = (format_persons(n, lang) for n in (low, high))
    return a if a == b else say("compare.from_to", lang, low=a, high=b)
