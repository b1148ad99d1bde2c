"""What the command line says about a plan of anchor places."""

from __future__ import annotations

import math

import pandas as pd
from rich.console import Console

from ankerort.anchors.evaluate import Fault
from ankerort.anchors_run import AnchorsResult, CheckedPlan
from ankerort.cli.printing import print_problems
from ankerort.documents.anchors_chapter import cost_line
from ankerort.documents.anchors_documents import AnchorDocuments
from ankerort.documents.anchors_evidence import Evidence
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.anchors_robust import made_lines, robust_rows
from ankerort.documents.anchors_rooms import budget_line, room_lines
from ankerort.documents.anchors_words import AnchorWords, Money, percent
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_persons, format_share, format_whole

_MOST_PROBLEMS = 12
_SHOWN = ("new", "moved", "closed")


def print_result(result: AnchorsResult, lang: Language, console: Console) -> None:
    """Print the plan in short, and where to look."""
    if result.problems:
        print_problems(result.problems, lang, console, most=_MOST_PROBLEMS)
    for line in plan_lines(result.documents, lang):
        _print(console, line)
    _print(console, say("cli.look_at", lang))
    for path in (*result.files, result.plan_file, result.scenario_file):
        _print(console, f"  {path}")
        if "-neu-" in path.stem:
            _print(console, f"    {say('cli.held', lang)}")
    for path in result.kept:
        _print(console, say("cli.anchors_kept", lang, path=path))


def print_checked(checked: CheckedPlan, lang: Language, console: Console) -> None:
    """Print a plan worked out again: rows that do not fit, figures, broken rules."""
    if checked.problems:
        print_problems(checked.problems, lang, console, most=_MOST_PROBLEMS)
    for line in plan_lines(checked.documents, lang):
        _print(console, line)
    faults = [f for f in checked.evaluation.faults if f.rule]
    if not faults:
        _print(console, say("cli.anchors_good", lang))
        return
    _print(console, say("cli.anchors_faults", lang, n=Counted(len(faults), lang)))
    for fault in faults:
        _print(console, f"  {fault_line(fault, checked.documents, lang)}")


def plan_lines(documents: AnchorDocuments, lang: Language) -> list[str]:
    """Anchors with what changes there, what remains in each case, cost as a range, the proof in plain words."""
    plan, parts = documents.plan, AnchorParts(documents, lang)
    words = parts.words
    evidence = Evidence(words)
    if plan.anchors.empty:
        kept = "cli.anchors_met" if plan.request.cover is not None else "cli.anchors_none"
        lines = [say(kept, lang, name=plan.name)]
    else:
        lines = [say("cli.anchors_title", lang, name=plan.name, n=Counted(len(plan.anchors), lang))]
    if plan.request.assume_complete:
        lines.append(say("anchors.assume_complete", lang))
    lines += [line for line in (evidence.little_known_line(), evidence.fewer_line()) if line]
    seen: set[str] = set()
    for _, row in plan.anchors.iterrows():
        lines.append("  " + _anchor_line(row, words, lang))
        held = [str(row["place_id"]), str(row["partner_id"])] if row["partner_id"] else [str(row["place_id"])]
        seen.update(held)
        for place in held:
            at = words.place(place) if len(held) > 1 else ""
            lines += _changes(plan.functions[plan.functions["place_id"] == place], words, lang, at)
    other = _changes(plan.functions[~plan.functions["place_id"].isin(seen)], words, lang)
    if other:
        lines += ["  " + say("cli.anchors_elsewhere", lang), *other]
    lines += [line for line in (evidence.ask_line(), *_no_centre(evidence, lang)) if line]
    cases = plan.cases[plan.cases["case"] != "today"] if len(parts.changes) else plan.cases[:0]
    for _, case in cases.iterrows():
        money = Money(*(float(case[f"cost_{end}"]) for end in ("low", "mid", "high")))
        lines.append(
            say(
                "cli.anchors_case",
                lang,
                case=say(f"anchors.case.{case['case']}", lang),
                more=format_persons(max(float(case["served_more"]), 0.0), lang),
                shorter=format_persons(_known(case["shorter_persons"]), lang),
                n=Counted(int(case["new_functions"]), lang),
                cost=money.per_year(lang),
            )
        )
    lines += evidence.purpose_lines()
    if len(plan.functions) or len(plan.anchors):
        lines.append(cost_line(parts))
    lines += [line for line in (*room_lines(words), budget_line(words)) if line]
    lines += _left_out(documents, words, lang)
    lines.append(proof_line(documents, lang))
    return [*lines, *robust_lines(documents, lang)]


def robust_lines(documents: AnchorDocuments, lang: Language) -> list[str]:
    """How often the anchors are chosen under other assumptions, and other places that most runs choose; empty where nobody asked."""
    robust = documents.plan.robust
    if robust.empty:
        return []
    parts = AnchorParts(documents, lang)
    lines = [say("cli.anchors_robust", lang, n=Counted(len(robust), lang))]
    for place, n, of, verdict in robust_rows(parts):
        if place in parts.anchor_places or 2 * n >= of:
            share, name = format_share(n / of, lang), parts.words.place(place)
            said = say(
                "cli.anchors_robust_row", lang, place=name, chosen=str(n), of=str(of), share=share, verdict=verdict
            )
            lines.append(f"  {said}")
    return [*lines, *(f"  {line}" for line in made_lines(robust, lang))]


def proof_line(documents: AnchorDocuments, lang: Language) -> str:
    """How far the plan may be from the best."""
    proof = documents.plan.proof
    if not math.isfinite(proof.gap):
        return say("cli.anchors_unproven", lang)
    if proof.gap <= 1e-6:
        return say("cli.anchors_optimal", lang)
    return say("cli.anchors_gap", lang, gap=percent(proof.gap, lang))


def fault_line(fault: Fault, documents: AnchorDocuments, lang: Language) -> str:
    """A broken rule as a sentence."""
    amount = format_whole(math.ceil(fault.amount - 1e-9), lang)
    return say(f"anchors_fault.{fault.detail}", lang, about=_about(fault, documents, lang), amount=amount)


def _about(fault: Fault, documents: AnchorDocuments, lang: Language) -> str:
    words, prepared = AnchorWords(documents, lang), documents.prepared
    problem, n = prepared.problem, fault.number
    if n < 0:
        return documents.plan.name
    if fault.rule in (1, 2, 3, 7, 11):
        place = int(problem.offers.place[n])
        function = words.function(str(prepared.offers["service"].iat[n]))
        return say(
            "anchors_fault.about",
            lang,
            function=function,
            place=words.place(prepared.place_ids[place] if place >= 0 else ""),
        )
    if fault.rule in (4, 5, 6):
        return words.place(prepared.place_ids[n])
    if fault.rule == 8:
        held = (int(problem.units.first[n]), int(problem.units.second[n]))
        return words.places(prepared.place_ids[p] for p in held if p >= 0)
    if fault.rule == 9:
        return words.municipality_name(prepared.area_ids[n])
    return words.function(problem.functions[n].id)


def _no_centre(evidence: Evidence, lang: Language) -> list[str]:
    lines = evidence.place_lines()
    return [*lines, "  " + say("anchors.no_centre_repair", lang)] if lines else []


def _left_out(documents: AnchorDocuments, words: AnchorWords, lang: Language) -> list[str]:
    """What took no part: too little known, only with what is there, other reasons."""
    there = {f.id for f in documents.prepared.problem.functions}
    groups: dict[str, list[str]] = {}
    for row in documents.plan.left_out.to_dict("records"):
        unknown = "unknown" if row["reason"] == "supply_unknown" else ""
        kind = unknown or ("existing" if row["function"] in there else "other")
        groups.setdefault(kind, []).append(str(row["function"]))
    return [
        say(f"cli.anchors_left_out_{kind}", lang, functions=words.functions(groups[kind]))
        for kind in ("unknown", "existing", "other")
        if kind in groups
    ]


def _known(value: float) -> float:
    return 0.0 if math.isnan(value) else float(value)


def _anchor_line(row: pd.Series, words: AnchorWords, lang: Language) -> str:
    return say(
        "cli.anchors_row_presumed" if row["core_presumed"] else "cli.anchors_row",
        lang,
        place=words.anchor(row),
        level=words.level(str(row["level"])),
        reach=format_persons(float(row["reach_persons"]), lang),
        today=str(row["core_today"]),
        presumed=str(row["core_presumed"]),
        plan=str(row["core_plan"]),
        items=str(row["core_items"]),
    )


def _changes(rows: pd.DataFrame, words: AnchorWords, lang: Language, place: str = "") -> list[str]:
    """What opens, moves and closes; of a pair with the name of the place."""
    lines = []
    for what in _SHOWN:
        here = rows[rows["what"] == what]
        if len(here):
            held = ", ".join(words.held(row) for _, row in here.iterrows())
            told = say(f"cli.anchors_{what}", lang, functions=held)
            lines.append(f"      {place}, {told}" if place else f"      {told}")
    return lines


def _print(console: Console, line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)
