"""What the command line says about a plan of mobile services."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd
from rich.console import Console
from rich.table import Table

from ankerort.cli.printing import print_problems
from ankerort.documents.anchors_words import percent
from ankerort.documents.comparison import ComparisonSet
from ankerort.documents.comparison_rows import head_lines
from ankerort.documents.mobile_documents import MobileDocuments
from ankerort.documents.mobile_parts import MobileParts, Stop
from ankerort.mobile.plan import MobilePlan
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.problem import Fault
from ankerort.mobile.result_costs import total_cost
from ankerort.mobile_run import CheckedMobilePlan, ComparedMobile, MobileResult
from ankerort.scenario.change import WEEKDAYS
from ankerort.supply.states import MOBILE
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_clock, format_decimal, format_persons, format_share, format_whole

_MOST_PROBLEMS = 12
_MOST_PLACES = 6
_LEAST_CASES = 0.5  # fewer are printed as none
_LOOSE = 0.5  # a gap over this says nothing
_LEFT = ("no_agreement", "no_time", "too_dear", "no_stop", "no_need", "forbidden", "near_other", "fixed_near")


def print_result(result: MobileResult, lang: Language, console: Console) -> None:
    """Print the plan in short, and where to look."""
    if result.problems:
        print_problems(result.problems, lang, console, most=_MOST_PROBLEMS)
    for line in plan_lines(result.documents, lang, comparison=result.comparison):
        _print(console, line)
    _print(console, say("cli.look_at", lang))
    for path in (*result.files, result.plan_file, result.scenario_file):
        _print(console, f"  {path}")
        if "-neu-" in path.stem:
            _print(console, f"    {say('cli.held', lang)}")
    for path in result.kept:
        _print(console, say("cli.anchors_kept", lang, path=path))


def print_checked(checked: CheckedMobilePlan, lang: Language, console: Console) -> None:
    """Print a plan worked out again: visits that do not fit, figures, broken rules."""
    if checked.problems:
        print_problems(checked.problems, lang, console, most=_MOST_PROBLEMS)
    for line in plan_lines(checked.documents, lang):
        _print(console, line)
    places = checked.documents.region.places
    names = dict(zip(places["place_id"].astype(str), places["print_name"].astype(str), strict=True))
    told = list(dict.fromkeys(fault_line(f, checked.prepared, names, lang) for f in checked.evaluation.faults))
    if not told:
        _print(console, say("cli.anchors_good", lang))
        return
    _print(console, say("cli.anchors_faults", lang, n=Counted(len(told), lang)))
    for line in told:
        _print(console, f"  {line}")


def print_compared(compared: Sequence[ComparedMobile], lang: Language, console: Console) -> None:
    """Print plans and the other ways side by side."""
    for one in compared:
        table = Table(title=one.plan.name, title_justify="left")
        for k, column in enumerate(("way", "cost", "cases", "per_case", "persons", "old", "wishes", "co2")):
            table.add_column(say(f"cli.mobile_column_{column}", lang), justify="right" if k else "left")
        for row in one.alternatives.to_dict("records"):
            table.add_row(*_cells(row, lang))
        console.print(table)
        for row in one.alternatives.to_dict("records"):
            way = say(f"mobile_alt.way_{row['way']}", lang)
            _print(console, f"  {way}: {say(str(row['reason'] or row['detail']), lang)}")
    _print(console, say("cli.mobile_compare_note", lang))


def _cells(row: dict[object, object], lang: Language) -> list[str]:
    def whole(name: str) -> str:
        value = float(str(row[name]))
        return "–" if math.isnan(value) else format_whole(value, lang)

    def people(name: str) -> str:
        return format_persons(float(str(row[name])), lang)

    way = say(f"mobile_alt.way_{row['way']}", lang)
    if not row["feasible"]:
        return [way, *["–"] * 7]
    wishes = float(str(row["wishes_met"]))
    return [
        way,
        f"{whole('cost_low')}–{whole('cost_high')}",
        whole("cases"),
        whole("eur_per_case"),
        people("persons"),
        people("persons_75_plus"),
        "–" if math.isnan(wishes) else format_share(wishes, lang),
        whole("co2_kg"),
    ]


def plan_lines(documents: MobileDocuments, lang: Language, *, comparison: ComparisonSet | None = None) -> list[str]:
    """Weekday, rhythm and hours of each village, people, cost as a range, who gets nothing and why, agreements, other ways, proof."""
    plan, parts = documents.plan, MobileParts(documents, lang)
    effect = plan.effect
    if plan.visits.empty:
        lines = [say("cli.mobile_empty", lang, name=plan.name)]
        return [*lines, *left_lines(documents, parts, lang), proof_line(plan, lang)]
    lines = [
        say(
            "cli.mobile_title",
            lang,
            name=plan.name,
            stops=Counted(len(plan.stops), lang),
            places=Counted(plan.stops["place_id"].nunique(), lang),
            vehicles=Counted(plan.visits["vehicle"].nunique(), lang),
        )
    ]
    lines += [f"  {_stop_line(stop, parts, lang)}" for stop in parts.stops]
    lines.append(
        say(
            "cli.mobile_people",
            lang,
            old=format_persons(effect.persons_75_plus, lang),
            of=format_persons(effect.area_persons_75_plus, lang),
            persons=format_persons(effect.persons, lang),
            all=format_persons(effect.area_persons, lang),
        )
    )
    if plan.request.cover is not None and not math.isnan(effect.target_share):
        group = documents.catalogue.groups[plan.request.cover_group]
        label = group.label_de if lang == "de" else group.label_en
        share, cover = format_share(effect.target_share, lang), format_share(plan.request.cover, lang)
        lines.append(say("cli.mobile_target", lang, share=share, group=label, cover=cover))
    lines += [_cases_line(plan, lang), _drive_line(plan, lang), _cost_line(plan, lang)]
    if not math.isnan(effect.person_km_saved):
        lines.append(say("cli.mobile_saved", lang, km=format_whole(round(effect.person_km_saved, -2), lang)))
    lines.append(_wishes_line(plan, lang))
    lines += left_lines(documents, parts, lang)
    lines += _agreement_lines(plan, parts, lang)
    lines += _alternative_lines(documents.alternatives, lang)
    lines += _today_lines(documents, comparison, lang)
    lines.append(proof_line(plan, lang))
    if effect.estimated:
        lines.append(say("cli.mobile_estimated", lang))
    unknown = int((plan.stops["known_share"].fillna(0.0) < 1.0).sum())
    if unknown:
        lines.append(say("cli.mobile_walk_unknown", lang, n=Counted(unknown, lang)))
    return lines


def _stop_line(stop: Stop, parts: MobileParts, lang: Language) -> str:
    when = "; ".join(
        say("cli.mobile_visit", lang, rhythm=parts.rhythm(v), hours=parts.hours(v.from_time, v.to_time))
        for v in stop.visits
    )
    cases = Counted(float(stop.figures.get("cases", 0.0)), lang)
    return say("cli.mobile_stop", lang, place=stop.place, stop=stop.name, when=when, cases=cases)


def _cases_line(plan: MobilePlan, lang: Language) -> str:
    effect = plan.effect
    told = {
        "cases": effect.cases,
        "low": effect.cases_low,
        "high": effect.cases_high,
        "stated": effect.stated_cases,
    }
    return say("cli.mobile_cases", lang, **{k: format_whole(v, lang) for k, v in told.items()})


def _drive_line(plan: MobilePlan, lang: Language) -> str:
    return say(
        "cli.mobile_drive",
        lang,
        vehicles=Counted(plan.visits["vehicle"].nunique(), lang),
        km=format_whole(plan.effect.drive_km, lang),
        hours=format_whole(plan.effect.paid_h, lang),
    )


def _cost_line(plan: MobilePlan, lang: Language) -> str:
    cost = total_cost(plan.costs)
    case = cost.mid / plan.effect.cases if plan.effect.cases > 0 else math.nan
    return say(
        "cli.mobile_cost",
        lang,
        low=format_whole(round(cost.low, -2), lang),
        mid=format_whole(round(cost.mid, -2), lang),
        high=format_whole(round(cost.high, -2), lang),
        case="–" if math.isnan(case) else format_whole(case, lang),
    )


def _wishes_line(plan: MobilePlan, lang: Language) -> str:
    effect = plan.effect
    if not effect.answers:
        return say("cli.mobile_no_wishes", lang)
    n = Counted(effect.answers, lang)
    if math.isnan(effect.wishes_met):
        return say("cli.mobile_wishes_few", lang, n=n)
    return say("cli.mobile_wishes", lang, n=n, share=format_share(effect.wishes_met, lang))


def left_lines(documents: MobileDocuments, parts: MobileParts, lang: Language) -> list[str]:
    """Places without a stop by reason, those with most old people first."""
    left = documents.plan.left
    if left.empty:
        return []
    old = format_persons(float(left["persons_75_plus"].sum()), lang)
    lines = [say("cli.mobile_left", lang, n=Counted(len(left), lang), old=old)]
    for reason in _LEFT:
        rows = left[left["reason"] == reason].to_dict("records")
        if not rows:
            continue
        named = [
            say(
                "cli.mobile_left_place",
                lang,
                place=parts.place(str(r["place_id"])),
                old=format_persons(float(r["persons_75_plus"]), lang),
            )
            for r in rows[:_MOST_PLACES]
        ]
        if len(rows) > _MOST_PLACES:
            named.append(say("cli.mobile_left_more", lang, n=Counted(len(rows) - _MOST_PLACES, lang)))
        lines.append("  " + say(f"mobile_left.{reason}", lang, places=", ".join(named)))
    return lines


def _agreement_lines(plan: MobilePlan, parts: MobileParts, lang: Language) -> list[str]:
    table = plan.authorities
    missing = table[(table["rank"] > 0) & (table["points_lost"] >= _LEAST_CASES)].sort_values("rank", kind="stable")
    return [
        say(
            "cli.mobile_agreement_first" if row["rank"] == 1 else "cli.mobile_agreement",
            lang,
            name=str(row["name"]),
            service=parts.service(str(row["service"])),
            cases=format_whole(float(row["points_lost"]), lang),
        )
        for row in missing.to_dict("records")
    ]


def _alternative_lines(found: pd.DataFrame, lang: Language) -> list[str]:
    others = found[found["way"] != "mobile"]
    if others.empty:
        return []
    lines = [say("cli.mobile_alternatives", lang)]
    for row in others.to_dict("records"):
        way = say(f"mobile_alt.way_{row['way']}", lang)
        if not row["feasible"]:
            lines.append("  " + say("cli.mobile_alternative_none", lang, way=way, reason=say(row["reason"], lang)))
            continue
        case = float(row["eur_per_case"])
        told = say(
            "cli.mobile_alternative",
            lang,
            way=way,
            low=format_whole(round(float(row["cost_low"]), -2), lang),
            high=format_whole(round(float(row["cost_high"]), -2), lang),
            cases=format_whole(float(row["cases"]), lang),
            case="–" if math.isnan(case) else format_whole(case, lang),
            old=format_persons(float(row["persons_75_plus"]), lang),
            co2=format_whole(float(row["co2_kg"]), lang),
        )
        if float(row["people_km"]) >= 1.0:
            told += say("cli.mobile_alternative_drive", lang, km=format_whole(float(row["people_km"]), lang))
        lines.append(f"  {told}")
    return lines


def _today_lines(documents: MobileDocuments, comparison: ComparisonSet | None, lang: Language) -> list[str]:
    """How many places change to "comes to the village", by service; then who gains and who loses a standard."""
    if comparison is None:
        return []
    catalogue, lines = documents.catalogue, []
    for one in comparison.scenarios:
        places = one.comparison.places
        new = places[(places["state_no_car_after"] == MOBILE) & (places["state_no_car_before"] != MOBILE)]
        for service, rows in new.groupby("service", sort=True):
            if str(service) in catalogue.services:
                label = catalogue.services[str(service)].label(lang)
                lines.append(say("cli.mobile_state", lang, n=Counted(len(rows), lang), service=label))
        told = head_lines(one, catalogue, lang)
        # nobody crosses a standard: the line on the village says more
        lines += [] if lines and told == [say("compare.head.minutes", lang)] else told
    return lines


def proof_line(plan: MobilePlan, lang: Language) -> str:
    """How far the plan may be from the best."""
    gap = plan.proof.gap
    if not math.isfinite(gap):
        return say("cli.anchors_unproven", lang)
    if plan.proof.status == "optimal" or gap <= 1e-6:
        return say("cli.anchors_optimal", lang)
    if gap > _LOOSE:
        return say("cli.mobile_bound_loose", lang)
    return say("cli.mobile_gap", lang, gap=percent(gap, lang))


def fault_line(fault: Fault, prepared: Prepared, names: Mapping[str, str], lang: Language) -> str:
    """A broken rule as a sentence; `names` = printed name by place_id."""
    stop = "–"
    if fault.stop >= 0:
        at = prepared.stops.iloc[fault.stop]
        place, own = names.get(str(at["place_id"]), ""), str(at["name"])
        stop = own if not place or place in own else f"{place}, {own}"
    day = say(f"mobile_doc.day.{WEEKDAYS[fault.day]}", lang) if fault.day >= 0 else "–"
    return say(
        f"mobile_fault.{fault.rule}",
        lang,
        stop=stop,
        day=day,
        week=str(fault.week + 1),
        vehicle=str(fault.vehicle + 1),
        clock=format_clock(max(fault.detail, 0.0)),
        minutes=format_whole(fault.detail / 60.0, lang),
        km=format_decimal(fault.detail / 1000.0, lang),
        amount=format_whole(fault.detail, lang),
        share=format_share(fault.detail, lang) if fault.rule == "cover" else "",
    )


def _print(console: Console, line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)
