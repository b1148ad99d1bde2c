"""``mobil.xlsx``: stops, visits, dates, tours, costs, agreements, other ways, places left out, concerns, assumptions, sources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from ankerort.documents.mobile_lines import authority_name, cost_name, left_reason, plan_lines, proof_lines, told_by_id
from ankerort.documents.mobile_parts import MobileParts
from ankerort.documents.mobile_records_told import assumptions, figure_text, marks, source_of
from ankerort.documents.mobile_run_sheet import days_of
from ankerort.documents.mobile_sheet import stop_name
from ankerort.documents.sheets import Sheet
from ankerort.documents.workbook import write_plain_workbook
from ankerort.text import say
from ankerort.text.grammar import capital
from ankerort.text.numbers import format_date, round_persons

_FEATURES = ("level_stand", "step_free", "power", "shelter", "toilet")
_ENDS = ("low", "mid", "high")
_SHARES = ("mobile_wishes_share", "mobile_suitability_share", "mobile_known_share")
_WHOLE = (
    "mobile_persons_near", "mobile_cases_low", "mobile_cases", "mobile_cases_high", "mobile_cost_low", "mobile_cost_mid", "mobile_cost_high",
    "mobile_amount", "mobile_persons", "mobile_persons_75", "mobile_lost", "mobile_vehicle_km", "mobile_people_km", "mobile_co2",
    "mobile_eur_case",
)  # fmt: skip
_WIDE = {
    "mobile_place": 26, "mobile_stop": 34, "mobile_when": 34, "mobile_services": 34, "mobile_reason": 70, "mobile_item": 34, "mobile_source": 60,
    "mobile_way": 34, "mobile_bring": 60, "mobile_concern": 34, "mobile_what": 34, "mobile_figure": 40, "mobile_authority": 34,
    "mobile_title": 50, "mobile_licence": 30, "mobile_attribution": 50, "mobile_together": 24, "mobile_agreed": 30, "mobile_device": 34,
}  # fmt: skip
_WRAPPED = ("mobile_reason", "mobile_source", "mobile_bring", "mobile_attribution")


def write_mobile_workbook(parts: MobileParts, path: Path) -> None:
    """Write the workbook to `path` (the caller renames it into place)."""
    lang = parts.lang
    lines = [
        *plan_lines(parts),
        "",
        *proof_lines(parts),
        "",
        say("mobile_doc.marks", lang),
        say("workbook.persons", lang),
    ]
    if parts.plan.effect.estimated:
        lines.insert(0, say("mobile_doc.estimated", lang))
    lines += [f"{say(f'sheet.{name}', lang)}: {say(f'sheet_about.{name}', lang)}" for name in SHEETS]
    made = [(_sheet(name), make(parts)) for name, make in SHEETS.items()]
    write_plain_workbook(path, title=parts.plan_title, lines=lines, sheets=made, lang=lang)


def _sheet(name: str) -> Sheet:
    return Sheet(name, _not_here, shares=_SHARES, whole=_WHOLE, wrapped=_WRAPPED, wide=_WIDE)


def _not_here(*_: object) -> pd.DataFrame:
    raise NotImplementedError("tables of a mobile plan are made from its parts, not from an assessment")


def stops_sheet(parts: MobileParts) -> pd.DataFrame:
    """One row per stop."""
    lang, rows = parts.lang, []
    municipalities = parts.documents.region.municipalities.set_index("ags")["name"]
    for s in parts.stops:
        f = s.figures
        rows.append(
            {
                "mobile_letter": s.letter,
                "mobile_place": s.place,
                "municipality": str(municipalities.get(str(s.row["ags"]), "")),
                "mobile_stop": stop_name(parts, s),
                "mobile_kind": told_by_id(f"mobile_doc.kind.{s.row['kind']}", parts),
                "mobile_when": "; ".join(
                    f"{capital(parts.rhythm(v))}, {parts.hours(v.from_time, v.to_time)}" for v in s.visits
                ),
                "mobile_persons_near": _persons(f.get("persons_near")),
                "mobile_cases_low": _number(f.get("cases_low")),
                "mobile_cases": _number(f.get("cases")),
                "mobile_cases_high": _number(f.get("cases_high")),
                "mobile_wishes_share": _number(f.get("wishes_met")),
                "mobile_answers": int(f.get("answers", 0)),
                "mobile_together": ", ".join(
                    told_by_id(f"mobile_doc.together.{t}", parts) for t in str(f.get("together", "")).split(";") if t
                ),
                "mobile_handover_weeks": _number(f.get("handover_weeks")),
                **{f"mobile_{k}": _known(str(s.row[k]), parts) for k in _FEATURES},
                "mobile_suitability_share": _number(s.row["suitability"]),
                "mobile_known_share": _number(s.row["known_share"]),
                "mobile_lon": _number(s.row["lon"]),
                "mobile_lat": _number(s.row["lat"]),
                "mobile_source_id": str(s.row["source_id"]),
                "mobile_source_date": format_date(str(s.row["source_date"]), lang),
                "mobile_stop_id": s.stop_id,
            }
        )
    return pd.DataFrame(rows)


def visits_sheet(parts: MobileParts) -> pd.DataFrame:
    """One row per weekday of a stop."""
    return pd.DataFrame(
        [
            {
                "mobile_letter": s.letter,
                "mobile_place": s.place,
                "mobile_stop": stop_name(parts, s),
                "mobile_weekday": parts.weekday(v.weekday),
                "mobile_from": v.from_time,
                "mobile_to": v.to_time,
                "mobile_rhythm": capital(parts.rhythm(v)),
                "mobile_weeks": ", ".join(map(str, v.weeks)),
                "mobile_vehicle": v.vehicle,
                "mobile_services": capital(parts.services(v.services)),
            }
            for s in parts.stops
            for v in s.visits
        ]
    )


def dates_sheet(parts: MobileParts) -> pd.DataFrame:
    """One row per visit and day of the half-year, those left out too."""
    rows = []
    for s in parts.stops:
        for v in s.visits:
            days = [(d, say("mobile_doc.held", parts.lang)) for d in v.dates.held]
            days += [
                (c.day, say("mobile_doc.not_held", parts.lang, reason=c.reason).strip(" :")) for c in v.dates.cancelled
            ]
            for day, held in days:
                told = (s.letter, s.place, stop_name(parts, s), parts.weekday(v.weekday), v.from_time, v.to_time, held)
                rows.append((day.isoformat(), *told))
    rows.sort(key=lambda r: (r[0], r[5], r[1]))
    columns = [
        "mobile_day",
        "mobile_letter",
        "mobile_place",
        "mobile_stop",
        "mobile_weekday",
        "mobile_from",
        "mobile_to",
        "mobile_held",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(mobile_day=[format_date(d, parts.lang) for d in frame["mobile_day"]])


def tours_sheet(parts: MobileParts) -> pd.DataFrame:
    """One row per step of a day; the depot has no name here, since where the vehicle stands is internal."""
    lang, rows = parts.lang, []
    for day in days_of(parts):
        for leg in day.legs:
            stop = parts.stop(str(leg["stop_id"]))
            drive = leg["what"] == "drive"
            rows.append(
                {
                    "mobile_vehicle": day.vehicle,
                    "mobile_weekday": parts.weekday(day.weekday),
                    "mobile_weeks": ", ".join(map(str, day.weeks)),
                    "mobile_number": int(leg["number"]),
                    "mobile_step": say(f"mobile_doc.what.{leg['what']}", lang),
                    "mobile_place": stop.place if stop else say("mobile_doc.depot_unnamed", lang),
                    "mobile_stop": stop_name(parts, stop) if stop else "",
                    "mobile_from": str(leg["from_time"]),
                    "mobile_to": str(leg["to_time"]),
                    "mobile_km": round(float(leg["drive_m"]) / 1000, 1) if drive else float("nan"),
                    "mobile_drive_min": round(float(leg["drive_s"]) / 60, 1) if drive else float("nan"),
                    "mobile_estimated": say("word.yes" if leg["estimated"] else "word.no", lang) if drive else "",
                }
            )
    return pd.DataFrame(rows)


def costs_sheet(parts: MobileParts) -> pd.DataFrame:
    """One row per item of the cost."""
    rows = [
        {
            "mobile_item": cost_name(parts, str(r["item"]), str(r["record"])),
            "mobile_amount": _number(r["amount"]),
            "mobile_unit": told_by_id(f"mobile_doc.unit.{r['unit']}", parts) if r["unit"] else "",
            **{f"mobile_cost_{e}": float(r[f"cost_{e}"]) for e in _ENDS},
            "mobile_mark": marks(parts, str(r["record"])),
            "mobile_source": source_of(parts, str(r["record"])),
            "mobile_record": str(r["record"]),
        }
        for r in parts.plan.costs.to_dict("records")
    ]
    return pd.DataFrame(rows)


def authorities_sheet(parts: MobileParts) -> pd.DataFrame:
    """One row per authority and service."""
    return pd.DataFrame(
        [
            {
                "mobile_authority": authority_name(parts, r),
                "mobile_service": capital(parts.service(str(r["service"]))),
                "mobile_agreed": say(f"mobile_doc.agreed.{r['agreed']}", parts.lang),
                "mobile_persons_near": _persons(r["persons_near"]),
                "mobile_lost": _number(r["points_lost"]),
                "mobile_rank": int(r["rank"]),
                "mobile_authority_id": str(r["authority_id"]),
            }
            for r in parts.plan.authorities.to_dict("records")
        ]
    )


def alternatives_sheet(parts: MobileParts) -> pd.DataFrame:
    """One row per way of serving the same people."""
    return pd.DataFrame(
        [
            {
                "mobile_way": capital(say(f"mobile_alt.way_{r['way']}", parts.lang)),
                "mobile_feasible": say("word.yes" if r["feasible"] else "word.no", parts.lang),
                **{f"mobile_cost_{e}": _number(r[f"cost_{e}"]) for e in _ENDS},
                "mobile_eur_case": _number(r["eur_per_case"]),
                "mobile_cases_low": _number(r["cases_low"]),
                "mobile_cases": _number(r["cases"]),
                "mobile_cases_high": _number(r["cases_high"]),
                "mobile_persons": _persons(r["persons"]),
                "mobile_persons_75": _persons(r["persons_75_plus"]),
                "mobile_wishes_share": _number(r["wishes_met"]),
                "mobile_vehicle_km": _number(r["vehicle_km"]),
                "mobile_people_km": _number(r["people_km"]),
                "mobile_co2": _number(r["co2_kg"]),
                "mobile_reason": told_by_id(str(r["detail"] if r["feasible"] else r["reason"]), parts),
            }
            for r in parts.documents.alternatives.to_dict("records")
        ]
    )


def left_sheet(parts: MobileParts) -> pd.DataFrame:
    """One row per place without a visit."""
    return pd.DataFrame(
        [
            {
                "mobile_place": parts.place(str(r["place_id"])),
                "mobile_persons": _persons(r["persons"]),
                "mobile_persons_75": _persons(r["persons_75_plus"]),
                "mobile_reason": left_reason(parts, r),
                "place_id": str(r["place_id"]),
            }
            for _, r in parts.plan.left.iterrows()
        ]
    )


def concerns_sheet(parts: MobileParts) -> pd.DataFrame:
    """One row per concern of the services on board."""
    lang, mobile = parts.lang, parts.documents.catalogue.mobile
    return pd.DataFrame(
        [
            {
                "mobile_service": capital(parts.service(s)),
                "mobile_concern": c.label(lang),
                "mobile_share": float(c.share.value),
                "mobile_minutes": float(c.minutes.value),
                "mobile_visits": c.visits,
                "mobile_wait_weeks": float(c.wait_weeks.value),
                "mobile_device": c.device,
                "mobile_bring": c.bring(lang),
                "mobile_mark": f"[{c.minutes.mark}]",
                "mobile_source": c.minutes.source,
            }
            for s in parts.plan.request.services
            for c in mobile.concerns_of(s)
        ]
    )


def assumptions_sheet(parts: MobileParts) -> pd.DataFrame:
    """One row per figure that somebody may argue about."""
    return pd.DataFrame(
        [
            {
                "mobile_what": a.what,
                "mobile_figure": figure_text(a, parts),
                "mobile_value": float(a.value.value),
                "mobile_low": a.low,
                "mobile_high": a.high,
                "mobile_unit": a.value.unit,
                "mobile_mark": f"[{a.value.mark}]",
                "mobile_source": a.value.source,
                "mobile_record": a.value.id,
            }
            for a in assumptions(parts)
        ]
    )


def sources_sheet(parts: MobileParts) -> pd.DataFrame:
    """One row per source."""
    return pd.DataFrame(
        [
            {
                "mobile_title": str(s.title or s.file),
                "mobile_source_date": format_date(str(s.date), parts.lang),
                "mobile_licence": str(s.licence),
                "mobile_attribution": str(s.attribution),
                "mobile_source_id": str(s.source_id),
            }
            for s in parts.documents.region.sources.itertuples()
        ]
    )


SHEETS: dict[str, Callable[[MobileParts], pd.DataFrame]] = {
    "mobile_stops": stops_sheet,
    "mobile_plan_visits": visits_sheet,
    "mobile_dates": dates_sheet,
    "mobile_tours": tours_sheet,
    "mobile_costs": costs_sheet,
    "mobile_authorities": authorities_sheet,
    "mobile_alternatives": alternatives_sheet,
    "mobile_left": left_sheet,
    "mobile_concerns": concerns_sheet,
    "mobile_assumptions": assumptions_sheet,
    "mobile_sources": sources_sheet,
}


def _number(value: object) -> float:
    return float("nan") if value is None else float(str(value))


def _persons(value: object) -> float:
    number = _number(value)
    return number if number != number else float(round_persons(number))


def _known(state: str, parts: MobileParts) -> str:
    return say(f"word.{state}" if state in ("yes", "no") else "word.unknown", parts.lang)
