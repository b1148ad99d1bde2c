"""Does the proposal hold if assumptions change: how often each place is chosen, what was varied, what the proposal misses."""

from __future__ import annotations

import pandas as pd

from ankerort.anchors.robust import runs_made
from ankerort.catalogue.demography import variants_by_id
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.anchors_words import percent
from ankerort.documents.blocks import Block, Heading, Paragraph, Table
from ankerort.documents.year import variant_label
from ankerort.text import Language, read_sentences, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_share, format_whole

_MOST_RUNS = 20


def chosen_in(robust: pd.DataFrame) -> dict[str, int]:
    """place_id -> number of runs that choose it; most first."""
    found: dict[str, int] = {}
    for text in robust["anchors"].astype(str):
        for place in dict.fromkeys(p for p in text.replace("+", ";").split(";") if p):
            found[place] = found.get(place, 0) + 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def robust_rows(parts: AnchorParts) -> list[tuple[str, int, int, str]]:
    """Per place of the plan or of any run: place_id, runs that choose it, runs, verdict as printed."""
    robust, lang = parts.plan.robust, parts.lang
    least = parts.documents.catalogue.value("anchors.no_regret_share")
    counts = chosen_in(robust)
    counts |= {p: 0 for p in parts.anchor_places if p not in counts}
    rows = []
    for place, n in counts.items():
        sure = n >= least * len(robust) - 1e-9
        if place in parts.anchor_places:
            verdict = "anchors.robust_yes" if sure else "anchors.robust_no"
        else:
            verdict = "anchors.robust_not_chosen"
        rows.append((place, n, len(robust), say(verdict, lang)))
    return rows


def robust_blocks(parts: AnchorParts) -> list[Block]:
    """How often each place is chosen, what was varied, and what the proposal misses; empty where nobody asked."""
    lang, robust = parts.lang, parts.plan.robust
    if robust.empty:
        return []
    least = parts.documents.catalogue.value("anchors.no_regret_share")
    rows = tuple(
        (
            parts.words.place(place),
            say("anchors.robust_cell", lang, n=n, of=of, share=format_share(n / of, lang)),
            verdict,
        )
        for place, n, of, verdict in robust_rows(parts)
    )
    blocks: list[Block] = [
        Heading(say("anchors.robust", lang), 2),
        Paragraph(say("anchors.robust_about", lang, n=parts.count(len(robust)), share=format_share(least, lang))),
        *(Paragraph(line) for line in made_lines(robust, lang)),
        Table(
            tuple(say(k, lang) for k in ("column.place", "anchors.column.runs", "anchors.column.verdict")),
            rows,
            widths=(3.5, 3, 4),
        ),
    ]
    known = robust[robust["regret"].notna()]
    if known.empty:
        return blocks
    most, mean = float(known["regret"].max()), float(known["regret"].mean())
    shown = known.sort_values(["regret", "run"], ascending=[False, True], kind="stable")
    lines = tuple(
        (
            population(parts, str(r["variant"])),
            say(f"anchors.costs.{r['costs']}", lang)
            if f"anchors.costs.{r['costs']}" in read_sentences()
            else str(r["costs"]),
            weights(parts, str(r["weights"])),
            percent(float(r["regret"]), lang),
            parts.words.split(str(r["anchors"])),
        )
        for r in shown.head(_MOST_RUNS).to_dict("records")
    )
    keys = ("variant", "costs", "weights", "regret", "anchors")
    blocks += [
        Heading(say("anchors.regret", lang), 2),
        Paragraph(say("anchors.regret_about", lang, most=percent(most, lang), mean=percent(mean, lang))),
        Table(
            tuple(say(f"anchors.column.{k}", lang) for k in keys),
            lines,
            align=("left", "left", "left", "right", "left"),
            widths=(2.6, 1.6, 2.2, 1.5, 4.4),
            small=True,
        ),
    ]
    if len(shown) > _MOST_RUNS:
        blocks.append(Paragraph(say("anchors.more_rows", lang, n=parts.count(len(shown) - _MOST_RUNS)), "small"))
    return blocks


def made_lines(robust: pd.DataFrame, lang: Language) -> list[str]:
    """What is varied in the runs, in how many; what could not be varied, and runs that were cut off."""
    made = runs_made(robust)
    numbers = {k: format_whole(getattr(made, k), lang) for k in ("people", "costs", "weights", "joint")}
    lines = [say("anchors.robust_made", lang, **numbers)]
    if robust["variant"].nunique() == 1:
        lines.append(say("anchors.robust_no_people", lang))
    cut = int((~robust["proven"].astype(bool)).sum())
    if cut:
        lines.append(say("anchors.robust_cut", lang, n=Counted(cut, lang)))
    return lines


def population(parts: AnchorParts, variant: str) -> str:
    """Population of a run: as read, or year and variant of the forecast."""
    year, _, name = variant.partition(" ")
    if year.isdigit() and name in variants_by_id(parts.documents.catalogue.forecast_variants):
        return f"{year}, {variant_label(parts.documents.catalogue, name, parts.lang)}"
    return variant or say("anchors.as_read", parts.lang)


def weights(parts: AnchorParts, drawn: str) -> str:
    """Weights of a run: as recorded, or a draw."""
    return say("anchors.drawn", parts.lang, number=drawn) if drawn.isdigit() else say("anchors.as_recorded", parts.lang)
