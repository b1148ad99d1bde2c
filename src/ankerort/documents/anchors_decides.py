"""Who decides what, what remains if a part fails, and what it costs, item by item."""

from __future__ import annotations

import pandas as pd

from ankerort.documents.anchors_evidence import must_be_asked
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.anchors_rooms import budget_line, room_lines
from ankerort.documents.anchors_words import CASES, DECIDES, TASKS, Money, fine_share
from ankerort.documents.blocks import Block, Bullets, Cell, Heading, Paragraph, Table
from ankerort.text import say
from ankerort.text.grammar import join_words
from ankerort.text.numbers import format_persons, format_whole

_ITEMS = ("anchor", "invest", "operation", "subsidy", "bundle", "closed")
_NAMED = 4


def decides_blocks(parts: AnchorParts) -> list[Block]:
    """Three lists, and the plan's value in each case."""
    lang = parts.lang
    if parts.changes.empty:
        return [Paragraph(say("anchors.decides_none", lang)), Paragraph(say("anchors.cases_note_none", lang), "small")]
    blocks: list[Block] = [Paragraph(say("anchors.decides_about", lang))]
    for decides in DECIDES:
        rows = parts.changes[parts.changes["decides"] == decides]
        blocks.append(Heading(say(f"anchors.decides.{decides}", lang), 2))
        if rows.empty:
            blocks.append(Paragraph(say("anchors.nothing_in_list", lang)))
        else:
            blocks.append(Bullets(tuple(_item(parts, row) for _, row in rows.iterrows())))
    blocks += [Heading(say("anchors.cases", lang), 2), cases_table(parts)]
    line = recruit_line(parts)
    if line:
        blocks.append(Paragraph(line))
    return [*blocks, Paragraph(say("anchors.cases_note", lang), "small")]


def _item(parts: AnchorParts, row: pd.Series) -> str:
    lang = parts.lang
    told = [parts.change(row, named=True), parts.who(row)]
    money = Money.of(row.to_frame().T)
    if not money.none:
        told.append(" ".join(p for p in (money.per_year(lang), parts.mark(row)) if p))
    if must_be_asked(row):
        told.append(say("anchors.ask_before", lang))
    return "; ".join(t for t in told if t)


def cases_table(parts: AnchorParts) -> Table:
    """Today, what the body decides alone, with others, and everything."""
    lang = parts.lang
    rows = []
    for case in CASES:
        if case not in parts.cases.index:
            continue
        row = parts.cases.loc[case]
        rows.append(
            (
                say(f"anchors.case.{case}", lang),
                format_whole(int(row["new_functions"]), lang),
                signed_persons(float(row["served_more"]), parts) if case != "today" else "–",
                format_persons(parts.of_case(case, "shorter_persons"), lang) if case != "today" else "–",
                fine_share(float(row["people_share"]), lang),
                Money.of(row.to_frame().T).per_year(lang) if case != "today" else "–",
            )
        )
    keys = ("case", "functions", "served", "shorter", "share", "cost_year")
    return Table(
        tuple(say(f"anchors.column.{k}", lang) for k in keys),
        tuple(rows),
        align=("left", "right", "right", "right", "right", "right"),
        widths=(3.6, 1.8, 1.9, 1.9, 2.2, 2.6),
        small=True,
        whole=True,
    )


def signed_persons(persons: float, parts: AnchorParts) -> str:
    """Persons more or fewer, rounded."""
    text = format_persons(abs(persons), parts.lang)
    return text if text == "0" or persons > 0 else f"−{text}"


def recruit_line(parts: AnchorParts) -> str:
    """What remains if nobody comes who can only be invited; empty where nobody has to."""
    lang = parts.lang
    rows = parts.changes[parts.changes["decides"] == "recruit"]
    if rows.empty or not {"joint", "all"} <= set(parts.cases.index):
        return ""
    whole, left = (max(float(parts.cases.at[c, "served_more"]), 0.0) for c in ("all", "joint"))
    services = zip(rows["service"], rows["function"], strict=True)
    names = list(dict.fromkeys(parts.words.noun(str(s or f)) for s, f in services))
    more = [say("anchors.first.more", lang, n=len(names) - _NAMED)] if len(names) > _NAMED else []
    functions = join_words([*names[:_NAMED], *more], lang)
    if parts.count(whole, persons=True).whole:
        lost = format_persons(max(whole - left, 0.0), lang)
        told = {"left": parts.count(left, persons=True), "all": format_persons(whole, lang), "lost": lost}
        return say("anchors.case_line", lang, functions=functions, **told)
    whole, left = (parts.of_case(c, "shorter_persons") for c in ("all", "joint"))
    if not parts.count(whole, persons=True).whole:
        return say("anchors.case_line_none", lang, functions=functions)
    told = {"left": parts.count(left, persons=True), "all": format_persons(whole, lang)}
    return say("anchors.case_line_shorter", lang, functions=functions, **told)


def cost_blocks(parts: AnchorParts) -> list[Block]:
    """Sum, by task, by place and item with mark; what is to be invested once."""
    lang, costs = parts.lang, parts.plan.costs
    if costs.empty:
        return [Paragraph(say("anchors.cost_none", lang))]
    blocks: list[Block] = [
        Paragraph(say("anchors.cost_sum", lang, money=parts.cost.per_year(lang)), "lead"),
        *([Paragraph(over, "warn")] if (over := budget_line(parts.words)) else []),
        Paragraph(say("anchors.cost_about", lang, frame=parts.frame)),
        Bullets(tuple(task_lines(parts))),
    ]
    invest = Money.of(parts.plan.functions, "invest_once")
    if not invest.none:
        blocks.append(Paragraph(say("anchors.cost_invest", lang, money=invest.text(lang))))
    blocks += [Paragraph(line) for line in room_lines(parts.words)]
    rows: list[tuple[str | Cell, ...]] = []
    for place, of_place in _by_place(parts, costs):
        money = Money.of(of_place)
        rows.append((say("anchors.cost_of_place", lang, place=parts.words.place(place), money=money.per_year(lang)),))
        for row in of_place.to_dict("records"):
            told = Money.of(pd.DataFrame([row]))
            rows.append(
                (
                    parts.cost_name(row),
                    say(f"anchors.item.{row['item']}", lang),
                    say(f"anchors.task.{row['task']}", lang),
                    told.text(lang),
                    parts.words.marks([str(row["record"])]) or "–",
                )
            )
    keys = ("what_for", "item", "task", "cost_year", "record")
    blocks.append(
        Table(
            tuple(say(f"anchors.column.{k}", lang) for k in keys),
            tuple(rows),
            align=("left", "left", "left", "right", "left"),
            widths=(3.4, 3.4, 2.6, 2.4, 1.2),
            small=True,
        )
    )
    return [*blocks, Paragraph(say("anchors.cost_frame_source", lang), "small")]


def task_lines(parts: AnchorParts) -> list[str]:
    """Duties, voluntary tasks and others apart."""
    lang, costs = parts.lang, parts.plan.costs
    found = []
    for task in TASKS:
        rows = costs[costs["task"] == task]
        if len(rows):
            money = Money.of(rows).per_year(lang)
            found.append(say("anchors.cost_of_task", lang, task=say(f"anchors.tasks.{task}", lang), money=money))
    return found


def _by_place(parts: AnchorParts, costs: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    order = parts.place_order
    places = sorted(dict.fromkeys(costs["place_id"].astype(str)), key=lambda p: (order.get(p, len(order)), p))
    rank = costs["item"].map({item: k for k, item in enumerate(_ITEMS)}).fillna(len(_ITEMS))
    ranked = costs.assign(_function=costs["function"].astype(str), _rank=rank)
    return [
        (
            p,
            ranked[ranked["place_id"] == p]
            .sort_values(["_function", "_rank"], kind="stable")
            .drop(columns=["_function", "_rank"]),
        )
        for p in places
    ]
