"""How good the proposal is: proof in plain words, Pareto chart, robustness; and how it was computed."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pandas as pd

from ankerort.documents.anchors_front import front_chart, front_measure
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.anchors_robust import robust_blocks
from ankerort.documents.anchors_rooms import bound_line
from ankerort.documents.anchors_words import Money, fine_share, percent
from ankerort.documents.blocks import Block, Bullets, Heading, Paragraph, Picture, Table
from ankerort.documents.year import variant_label
from ankerort.text import Language, read_sentences, say
from ankerort.text.grammar import join_words
from ankerort.text.numbers import format_date, format_decimal, format_share, format_whole
from ankerort.text.problems import describe_problem, repair_of

_CHART_MM = 150.0
_LEAST_SHARE = 5e-4  # shares are printed to tenths of a per cent
_COUNTED = ("people", "minutes", "together", "worst")


def proof_blocks(parts: AnchorParts) -> list[Block]:
    """Value, bound and distance in words; then front and robustness where they were asked for."""
    blocks: list[Block] = [Bullets(tuple(proof_lines(parts)))]
    limits = parts.limits()
    if limits:
        blocks += [Heading(say("anchors.binding", parts.lang), 2), Bullets(limits)]
    return [*blocks, *_front(parts), *robust_blocks(parts)]


def proof_lines(parts: AnchorParts) -> list[str]:
    """Value, bound, gap, what the bound rests on, time and seed."""
    lang, proof, objective = parts.lang, parts.plan.proof, parts.documents.prepared.objective
    value = points(proof.value, lang)
    if objective.order:
        counts = join_words([say(f"anchors.component.{c}", lang) for c in objective.order], lang)
        lines = [say("anchors.proof_order", lang, counts=counts, value=value)]
    else:
        used = [c for c in _COUNTED if getattr(objective, c)]
        counts = join_words([say(f"anchors.proof_counts.{c}", lang) for c in used], lang)
        kind = "anchors.proof_value_less" if objective.cost else "anchors.proof_value"
        lines = [say(kind, lang, value=value, counts=counts)]
    bound = points(proof.bound, lang)
    if not math.isfinite(proof.bound) or not math.isfinite(proof.gap):
        lines.append(say("anchors.proof_unknown", lang))
    elif proof.status == "optimal" and not proof.relaxed:
        lines.append(say("anchors.proof_optimal", lang, bound=bound))
    else:
        lines.append(say("anchors.proof_gap", lang, bound=bound, gap=percent(proof.gap, lang)))
    if proof.relaxed and math.isfinite(proof.bound):
        lines.append(say("anchors.proof_relaxed", lang))
    rooms = bound_line(parts.words)
    if rooms:
        lines.append(rooms)
    seconds = format_decimal(proof.seconds, lang)
    lines.append(say("anchors.proof_run", lang, seconds=seconds, seed=str(proof.seed)))
    return lines


def points(value: float, lang: Language) -> str:
    """Points, whole; small values with two decimals."""
    if not math.isfinite(value):
        return say("word.unknown", lang)
    return format_whole(value, lang) if abs(value) >= 100 else format_decimal(value, lang, digits=2)


def _front(parts: AnchorParts) -> list[Block]:
    lang = parts.lang
    if parts.plan.front.empty:
        return []
    measure = front_measure(parts.plan.request.pareto)
    front = worth_telling(parts.plan.front, measure)
    if not (front["number"] != 0).any():
        return [Heading(say("anchors.front", lang), 2), Paragraph(say("anchors.front_flat", lang))]
    plan = parts.cases.loc["all"] if measure == "people_share" and "all" in parts.cases.index else None
    told = [(_front_name(int(r["number"]), lang), Money.of(pd.DataFrame([r])), r) for r in front.to_dict("records")]
    alt = " ".join(
        say(
            "anchors.front_point",
            lang,
            name=name,
            money=money.per_year(lang),
            share=fine_share(float(r[measure]), lang),
        )
        for name, money, r in told
    )
    rows = tuple(
        (
            name,
            money.per_year(lang),
            fine_share(float(r["people_share"]), lang),
            fine_share(float(r["worst_share"]), lang),
            percent(float(r["gap"]), lang) if r["number"] else "–",
            parts.words.split(str(r["anchors"])),
        )
        for name, money, r in told
    )
    keys = ("front", "cost_year", "people_share", "worst_share", "gap", "anchors")
    about = say("anchors.front_about" if plan is not None else "anchors.front_about_no_plan", lang)
    objective = parts.documents.prepared.objective
    others = ("minutes", "together", "worst")
    beside = [c for c in others if (c in objective.order if objective.order else getattr(objective, c))]
    if plan is not None and beside:
        counts = join_words([say(f"anchors.proof_counts.{c}", lang) for c in beside], lang)
        about += " " + say("anchors.front_beside", lang, counts=counts)
    return [
        Heading(say("anchors.front", lang), 2),
        Paragraph(about, keep=True),
        Picture(front_chart(front, plan, measure, lang), say("anchors.front_alt", lang, points=alt), _CHART_MM),
        Table(
            tuple(say(f"anchors.column.{k}", lang) for k in keys),
            rows,
            align=("left", "right", "right", "right", "right", "left"),
            widths=(1.6, 2.4, 1.5, 2.0, 1.7, 4.0),
            small=True,
        ),
    ]


def worth_telling(front: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The front without points that bring no more than a cheaper one, to the digit that is printed; today stays.

    Points are found to a gap: those behind the greatest benefit cost more and bring what rounding brings.
    """
    best, kept = -math.inf, []
    for at in np.lexsort((front["number"], front["cost_mid"], front["number"] != 0)):
        brings = float(front[measure].iloc[at])
        if front["number"].iloc[at] == 0 or brings >= best + _LEAST_SHARE:
            kept.append(int(at))
            best = max(best, brings)
    return front.iloc[sorted(kept)].reset_index(drop=True)


def _front_name(number: int, lang: Language) -> str:
    return say("anchors.front_number", lang, number=str(number)) if number else say("anchors.front_today", lang)


def request_rows(parts: AnchorParts) -> list[tuple[str, str]]:
    """What was asked: demand and value, only what was set or always holds."""
    request, lang, words = parts.plan.request, parts.lang, parts.words
    yes_no = {True: say("word.yes", lang), False: say("word.no", lang)}
    found: list[tuple[str, str]] = []

    def add(key: str, value: str) -> None:
        if value:
            found.append((say(f"anchors.request.{key}", lang), value))

    add("max_anchors", "" if request.max_anchors is None else format_whole(request.max_anchors, lang))
    if request.budget_eur is not None:
        add("budget_eur", say("anchors.eur_year", lang, eur=format_whole(request.budget_eur, lang)))
    add("cover", "" if request.cover is None else format_share(request.cover, lang))
    add("services", words.functions(request.services) or say("anchors.all_functions", lang))
    add("keep", words.places(request.keep))
    add("forbid", words.places(request.forbid))
    add("may_close", words.functions(request.may_close))
    if request.year is not None:
        add("year", f"{request.year}, {variant_label(parts.documents.catalogue, request.variant, lang)}")
    add("own_services_only", yes_no[True] if request.own_services_only else "")
    add("pairs", yes_no[request.pairs])
    add(
        "spacing_m",
        say("anchors.metres", lang, metres=format_whole(request.spacing_m, lang)) if request.spacing_m else "",
    )
    add("area_share", format_share(request.area_share, lang) if request.area_share else "")
    legal = f"anchors.legal.{request.legal}"
    add("legal", say(legal, lang) if legal in read_sentences() else request.legal)
    add("new_anywhere", yes_no[request.new_anywhere])
    add("assume_complete", yes_no[True] if request.assume_complete else "")
    add("with", request.with_scenario)
    add("order", ", ".join(say(f"anchors.component.{c}", lang) for c in request.order))
    add("seed", str(request.seed))
    add("seconds", say("anchors.seconds", lang, seconds=format_whole(request.seconds, lang)))
    return found


def method_blocks(parts: AnchorParts) -> list[Block]:
    """Rules in short sentences, the request, sources, and what is needed to get the same again."""
    lang, documents = parts.lang, parts.documents
    line = partial(say, lang=lang)
    lines = [line(f"anchors.method.{k}") for k in ("model", "closest", "viable", "minutes", "existing", "presumed")]
    if parts.plan.request.may_close:
        lines.append(line("anchors.method.may_close", functions=parts.words.functions(parts.plan.request.may_close)))
    lines += [line("anchors.method.unknown"), line("anchors.method.standard")]
    if parts.plan.data_day:
        lines.append(line("anchors.method.data_day", day=format_date(parts.plan.data_day, lang)))
    blocks: list[Block] = [
        Bullets(tuple(lines)),
        Heading(line("anchors.request"), 2),
        Table(
            (line("anchors.column.demand"), line("anchors.column.value")),
            tuple(request_rows(parts)),
            widths=(4, 6),
        ),
    ]
    told = [p for p in documents.problems if p.severity != "error"]
    if told:
        blocks += [
            Heading(line("anchors.problems"), 2),
            Bullets(tuple(f"{describe_problem(p, lang)} {repair_of(p, lang)}".strip() for p in told)),
        ]
    sources = documents.region.sources
    rows = tuple(
        (str(s.title or s.file), format_date(str(s.date), lang), str(s.licence), str(s.attribution))
        for s in sources.itertuples()
    )
    keys = ("column.title", "column.date", "column.licence", "column.attribution")
    blocks += [
        Heading(line("anchors.sources"), 2),
        Table(tuple(line(k) for k in keys), rows, widths=(4, 1.8, 2.2, 3), small=True),
    ]
    record = "; ".join(f"{k}: {v}" for k, v in sorted(parts.plan.record.items()))
    if record:
        blocks.append(Paragraph(line("anchors.method.record", record=record), "small"))
    return blocks
