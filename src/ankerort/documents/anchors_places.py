"""The anchors in a table and one by one: what is there, what changes, who decides, why; and the places x functions."""

from __future__ import annotations

import math

import pandas as pd

from ankerort.anchors.visits import VISIT
from ankerort.documents.anchors_evidence import must_be_asked, presumed, recorded, shown_what
from ankerort.documents.anchors_map import letter_of
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.anchors_week import week_blocks, week_of
from ankerort.documents.anchors_words import DECIDES, WHAT, Money
from ankerort.documents.blocks import Align, Block, Bullets, Cell, Heading, Paragraph, Table
from ankerort.text import say
from ankerort.text.grammar import capital, join_words
from ankerort.text.numbers import format_persons, round_persons

# what is told first where a place holds several of a function
_ORDER = ("new", "moved", "closed", "kept", "presumed")
_FEW = 2.5  # persons; fewer are printed as 0
_GROUP = 12  # functions side by side on A4


def anchors_blocks(parts: AnchorParts) -> list[Block]:
    """All anchors in one table, compared with the regional plan, then each by itself."""
    lang, anchors = parts.lang, parts.plan.anchors
    if anchors.empty:
        return [Paragraph(say("anchors.first.none", lang)), *_elsewhere(parts)]
    keys = ("anchor", "level", "plan", "persons", "reach", "core")
    rows = []
    for k, (_, row) in enumerate(anchors.iterrows()):
        core = {k: int(row[f"core_{k}"]) for k in ("today", "presumed", "plan", "items")}
        rows.append(
            (
                f"{letter_of(k)} {parts.words.anchor(row)}",
                parts.words.level(str(row["level"])),
                _tier(parts, row),
                format_persons(float(row["persons"]), lang),
                _reach(parts, row),
                say("anchors.core_cell_presumed" if core["presumed"] else "anchors.core_cell", lang, **core),
            )
        )
    blocks: list[Block] = [
        Paragraph(say("anchors.table_about", lang)),
        Table(
            tuple(say(f"anchors.column.{k}", lang) for k in keys),
            tuple(rows),
            align=("left", "left", "left", "right", "left", "left"),
            widths=(2.8, 2.6, 2.5, 1.8, 3.0, 2.2),
            small=True,
        ),
        *(Paragraph(line, "small") for line in plan_lines(parts)),
    ]
    for k in range(len(anchors)):
        blocks += _one(parts, k)
    return [*blocks, *_elsewhere(parts), *_catchments(parts)]


def _catchments(parts: AnchorParts) -> list[Block]:
    """Who belongs to which anchor, by municipality, across borders."""
    lang, found = parts.lang, parts.catchments
    rows: list[tuple[str | Cell, ...]] = []
    for k, (_, row) in enumerate(parts.plan.anchors.iterrows()):
        persons = parts.count(found.total(k), persons=True)
        rows.append(
            (say("anchors.catchment_head", lang, place=f"{letter_of(k)} {parts.words.anchor(row)}", persons=persons),)
        )
        own = parts.words.own_municipalities(row)
        of_anchor = found.persons[found.persons["anchor"] == k]
        for one in of_anchor.sort_values(["persons", "ags"], ascending=[False, True], kind="stable").itertuples():
            where = "anchors.catchment_own" if str(one.ags) in own else "anchors.catchment_other"
            rows.append(
                (
                    parts.words.municipality_name(str(one.ags)),
                    say(where, lang),
                    format_persons(float(one.persons), lang),
                )
            )
    keys = ("home", "where")
    heads = (*(say(f"anchors.column.{k}", lang) for k in keys), say("column.persons", lang))
    blocks: list[Block] = [
        Heading(say("anchors.catchments", lang), 2),
        Paragraph(say("anchors.catchments_about", lang), keep=True),
        Table(heads, tuple(rows), align=("left", "left", "right"), widths=(4, 3, 2), small=True),
    ]
    without = found.without[found.without["persons"] >= _FEW]
    if len(without):
        told = [
            say(
                "anchors.catchment_of",
                lang,
                municipality=parts.words.municipality_name(str(o.ags)),
                persons=format_persons(float(o.persons), lang),
            )
            for o in without.sort_values(["persons", "ags"], ascending=[False, True], kind="stable").itertuples()
        ]
        n = parts.count(float(without["persons"].sum()), persons=True)
        blocks.append(Paragraph(say("anchors.catchment_without", lang, n=n, list=", ".join(told))))
    return blocks


def plan_lines(parts: AnchorParts) -> list[str]:
    """The anchors against the central places of the regional plan."""
    lang = parts.lang
    central = parts.documents.region.central_places
    if not parts.words.plan_known:
        return [say("anchors.compare_unknown", lang)]
    region = parts.documents.region.places.set_index("place_id")
    inside = [str(p) for p in central["place_id"] if p in region.index and region.at[p, "in_study"]]
    kept = [p for p in inside if p in parts.anchor_places]
    left = [p for p in inside if p not in parts.anchor_places]
    fresh = int((parts.plan.anchors["tier"] == "").sum())
    kind = "anchors.compare_all" if not left else "anchors.compare_named" if kept else "anchors.compare_none"
    lines = [
        say(kind, lang, n=parts.count(len(inside)), kept=parts.count(len(kept))),
        say("anchors.compare_new", lang, n=parts.count(fresh)) if fresh else "",
        say("anchors.compare_left", lang, places=parts.words.places(left)) if left else "",
    ]
    return [" ".join(line for line in lines if line)]


def _tier(parts: AnchorParts, row: pd.Series) -> str:
    ids = [p for p in (str(row["place_id"]), str(row["partner_id"])) if p]
    tiers = parts.documents.region.central_places.set_index("place_id")["tier"]
    told = [parts.words.tier(p, str(tiers.get(p, ""))) for p in ids]
    if len(ids) == 1:
        return told[0]
    if not parts.words.plan_known:
        return told[0]
    if not any(tiers.get(p) for p in ids):
        return say("anchors.tier_none_both", parts.lang)
    return "; ".join(f"{parts.words.place(p)}: {t}" for p, t in zip(ids, told, strict=True))


def _reach(parts: AnchorParts, row: pd.Series) -> str:
    persons, others = (format_persons(float(row[k]), parts.lang) for k in ("reach_persons", "reach_persons_others"))
    kind = "anchors.reach_cell_own" if others == "0" else "anchors.reach_cell"
    return say(kind, parts.lang, persons=persons, others=others)


def _one(parts: AnchorParts, number: int) -> list[Block]:
    """One anchor: what is there, what changes by who decides, its cost, why."""
    lang, words = parts.lang, parts.words
    row = parts.plan.anchors.iloc[number]
    ids = [p for p in (str(row["place_id"]), str(row["partner_id"])) if p]
    name = words.anchor(row)
    others = parts.count(float(row["reach_persons_others"]), persons=True)
    blocks: list[Block] = [
        Heading(f"{letter_of(number)} {name}", 2, f"ort-{number + 1}"),
        Paragraph(
            say(
                "anchors.one_lead" if others.whole else "anchors.one_lead_own",
                lang,
                level=words.level(str(row["level"])),
                tier=_tier(parts, row),
                persons=parts.count(float(row["persons"]), persons=True),
                reach=parts.count(float(row["reach_persons"]), persons=True),
                others=others,
            )
        ),
    ]
    if len(ids) > 1:
        blocks.append(Paragraph(say("anchors.pair", lang, first=words.place(ids[0]), second=words.place(ids[1]))))
    if row["given"]:
        given = [p for p in ids if p in parts.plan.request.keep] or ids
        blocks.append(Paragraph(say("anchors.given", lang, places=words.places(given))))
    functions = parts.plan.functions[parts.plan.functions["place_id"].isin(ids)]
    there = _there(parts, recorded(functions))
    blocks.append(Paragraph(say("anchors.there", lang, functions=there) if there else say("anchors.there_none", lang)))
    expected = presumed(functions)
    if expected:
        paired = len(ids) > 1
        told = [
            say("anchors.noun_place", lang, function=words.noun(f), place=words.place(p)) if paired else words.noun(f)
            for p, f in expected
        ]
        blocks.append(Paragraph(say("anchors.presumed", lang, functions=join_words(told, lang))))
    changes = functions[functions["what"] != "kept"]
    if changes.empty:
        blocks.append(Paragraph(say("anchors.new_none_presumed" if expected else "anchors.new_none", lang)))
    else:
        blocks.append(changes_table(parts, changes, named=len(ids) > 1))
        asked = [str(r["service"] or r["function"]) for r in changes.to_dict("records") if must_be_asked(r)]
        if asked:
            blocks.append(Paragraph(say("anchors.new_unknown", lang, functions=words.functions(dict.fromkeys(asked)))))
        opened = changes[changes["what"] != "closed"]
        if any(round_persons(max(float(n), 0.0)) == 0 for n in opened["gained_persons"].dropna()):
            blocks.append(Paragraph(say("anchors.gained_zero", lang), "small"))
    cost = Money.of(parts.plan.costs[parts.plan.costs["place_id"].isin(ids)])
    if not cost.none:
        blocks.append(Paragraph(say("anchors.one_cost", lang, money=cost.per_year(lang), frame=parts.frame)))
    blocks += _week(parts, ids, functions)
    why = parts.reasons(str(row["place_id"]))
    if why:
        blocks += [Heading(say("anchors.why", lang), 3), Bullets(why)]
    return blocks


def _there(parts: AnchorParts, rows: pd.DataFrame) -> str:
    """Functions that are there; with a word where all that is known of one is only probable, or where it only comes into the village."""
    told = []
    for function, of_function in rows.groupby("function", sort=False):
        noun = parts.words.noun(str(function))
        known = set(of_function["evidence"])
        if known <= {"probable"}:
            noun = say("anchors.there_probable", parts.lang, function=noun)
        elif known <= {"probable", VISIT}:
            noun = say("anchors.there_visit", parts.lang, function=noun)
        told.append(noun)
    return join_words(told, parts.lang)


def changes_table(parts: AnchorParts, changes: pd.DataFrame, *, named: bool) -> Table:
    """What opens, moves or closes, in three groups by who decides; `named`: with the place."""
    lang = parts.lang
    rows: list[tuple[str | Cell, ...]] = []
    for decides in DECIDES:
        group = changes[changes["decides"] == decides]
        if len(group):
            rows.append((say(f"anchors.decides.{decides}", lang),))
            rows += [_change_row(parts, row, named=named) for _, row in group.iterrows()]
    keys = ("new", "gained", "catchment", "cost_year", "once")
    return Table(
        tuple(say(f"anchors.column.{k}", lang) for k in keys),
        tuple(rows),
        align=("left", "right", "right", "right", "right"),
        widths=(5.2, 1.9, 2.2, 2.3, 2.1),
        small=True,
        row_head=False,
    )


def _change_row(parts: AnchorParts, row: pd.Series, *, named: bool) -> tuple[str, ...]:
    lang = parts.lang
    lines = [parts.change(row, named=named)]
    who = parts.who(row)
    task = "" if row["task"] == "other" else say(f"anchors.task.{row['task']}", lang)
    ask = say("anchors.ask_before", lang) if must_be_asked(row) else ""
    lines.append("; ".join(part for part in (who, task, ask) if part))
    mark = parts.mark(row)
    return (
        "\n".join(lines),
        _signed(float(row["gained_persons"]), parts),
        _catchment(parts, row),
        " ".join(p for p in (Money.of(row.to_frame().T).text(lang), mark) if p),
        Money.of(row.to_frame().T, "invest_once").once(lang),
    )


def _signed(persons: float, parts: AnchorParts) -> str:
    if math.isnan(persons):
        return "–"
    text = format_persons(abs(persons), parts.lang)
    return text if text == "0" or persons > 0 else f"−{text}"


def _catchment(parts: AnchorParts, row: pd.Series) -> str:
    lang = parts.lang
    if row["what"] == "closed":
        return "–"
    told = format_persons(float(row["catchment_persons"]), lang)
    if not math.isnan(float(row["viable_persons"])):
        told = say(
            "anchors.catchment_cell", lang, catchment=told, viable=format_persons(float(row["viable_persons"]), lang)
        )
    if float(row["short_persons"]) > 0.5:
        told += "\n" + say("anchors.short", lang, persons=format_persons(float(row["short_persons"]), lang))
    return told


def _week(parts: AnchorParts, places: list[str], functions: pd.DataFrame) -> list[Block]:
    """Week plan of the shared room of each place."""
    blocks: list[Block] = []
    for place in places:
        answer = week_of(functions[functions["place_id"] == place], parts.documents.catalogue)
        if answer is not None:
            blocks += week_blocks(place, answer, parts.words)
    return blocks


def _elsewhere(parts: AnchorParts) -> list[Block]:
    """What changes outside of the anchors."""
    rows = parts.changes[~parts.changes["place_id"].isin(parts.anchor_places)]
    if rows.empty:
        return []
    return [Heading(say("anchors.elsewhere", parts.lang), 2), changes_table(parts, rows, named=True)]


def matrix(parts: AnchorParts, functions: pd.DataFrame) -> tuple[list[str], dict[tuple[str, str], str]]:
    """Functions in order (columns), and (place_id, function) -> what happens to it there; what changes goes before what stays."""
    order = {f.id: k for k, f in enumerate(parts.documents.prepared.problem.functions)}
    columns = sorted(dict.fromkeys(functions["function"].astype(str)), key=lambda f: (order.get(f, len(order)), f))
    cells: dict[tuple[str, str], str] = {}
    shown = functions.assign(what=[shown_what(row) for row in functions.to_dict("records")])
    for what in reversed(_ORDER):
        rows = shown[shown["what"] == what]
        for key in zip(rows["place_id"].astype(str), rows["function"].astype(str), strict=True):
            cells[key] = what
    return columns, cells


def matrix_blocks(parts: AnchorParts) -> list[Block]:
    """Places x functions: what is new, moves, closes, stays; split where the functions do not fit side by side."""
    lang, functions = parts.lang, parts.plan.functions
    shown = [*parts.anchor_places, *dict.fromkeys(parts.changes["place_id"].astype(str))]
    places = sorted(
        dict.fromkeys(p for p in shown if p), key=lambda p: parts.place_order.get(p, len(parts.place_order))
    )
    columns, cells = matrix(parts, functions[functions["place_id"].isin(places)])
    if not columns:
        return [Paragraph(say("anchors.matrix_none", lang))]
    letters = {what: say(f"anchors.letter.{what}", lang) for what in WHAT}
    blocks: list[Block] = [
        Paragraph(say("anchors.matrix_about", lang), keep=True),
        Paragraph(say("anchors.letters", lang, **letters), "small", keep=True),
    ]
    centered: list[Align] = ["center"] * len(columns)
    groups = -(-len(columns) // _GROUP)
    size = -(-len(columns) // groups)
    for part in range(groups):
        some = columns[part * size : (part + 1) * size]
        rows = []
        for place in places:
            row: list[str | Cell] = [parts.words.place(place)]
            for function in some:
                what = cells.get((place, function), "")
                row.append(Cell(letters[what], *WHAT[what], bold=True) if what else "")
            rows.append(tuple(row))
        blocks.append(
            Table(
                (say("column.place", lang), *(capital(parts.words.short(f)) for f in some)),
                tuple(rows),
                align=("left", *centered[: len(some)]),
                widths=(48, *(9.0 for _ in some), max(12.0, 9.0 * (_GROUP - len(some))))[: len(some) + 1],
                turned_head=True,
            )
        )
    return blocks
