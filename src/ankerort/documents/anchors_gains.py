"""Who gains and who loses, by the comparison of step 2; and what took no part since too little is known."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ankerort.documents.anchors_evidence import Evidence
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.blocks import Block, Bullets, Heading, Paragraph, Table
from ankerort.documents.comparison_rows import effects, gained, head_lines, place_rows
from ankerort.documents.labels import short_label
from ankerort.text import read_sentences, say
from ankerort.text.grammar import join_words

_MOST_MUNICIPALITY_ROWS = 20
_MOST_PLACE_ROWS = 12


def gains_blocks(parts: AnchorParts) -> list[Block]:
    """Head sentences, gains and losses by municipality, and the places in which most changes."""
    lang, one, base = parts.lang, parts.compared, parts.documents.comparison
    if one is None or base is None:
        kind = "anchors.gains_same" if parts.changes.empty else "anchors.gains_missing"
        return [Paragraph(say(kind, lang))]
    blocks: list[Block] = [
        Paragraph(say("anchors.gains_about", lang)),
        Bullets(tuple(head_lines(one, base.catalogue, lang))),
        Heading(say("anchors.gains_municipalities", lang), 2),
    ]
    rows = municipality_rows(parts)
    if rows.empty:
        blocks.append(Paragraph(say("anchors.gains_nothing", lang)))
    else:
        blocks += _table(parts, rows, ("municipality", "service", "mode", "gain", "lose"), _MOST_MUNICIPALITY_ROWS)
    places = gain_places(parts)
    if len(places):
        blocks.append(Heading(say("anchors.gains_places", lang), 2))
        blocks += _table(parts, places, ("place", "municipality", "service", "gain", "lose"), _MOST_PLACE_ROWS)
    return [*blocks, Paragraph(say("anchors.gains_whole", lang), "small")]


def municipality_rows(parts: AnchorParts) -> pd.DataFrame:
    """Columns municipality, service, mode, gain, lose (as printed): every municipality of the study area in which somebody gains or loses."""
    one, base, lang = parts.compared, parts.documents.comparison, parts.lang
    found = []
    if one is not None and base is not None:
        inside = base.base.municipalities[base.base.municipalities["in_study"]]
        for row in inside.sort_values(["name", "ags"], kind="stable").itertuples():
            told: set[tuple[str, str, str]] = set()
            for effect in effects(one, base.catalogue, level="municipality", area=str(row.ags)):
                gain = gained(effect.gain_low, effect.gain_high, lang, sign="+")
                lose = gained(effect.lose_low, effect.lose_high, lang, sign="−")
                if effect.mode == "without_car_demand" and (effect.service, gain, lose) in told:
                    continue  # on-demand trips change nothing
                told |= {(effect.service, gain, lose)} if effect.mode == "without_car" else set()
                found.append(
                    {
                        "municipality": str(row.name),
                        "service": short_label(effect.service, base.catalogue, lang),
                        "mode": say(f"mode.{effect.mode}", lang),
                        "gain": gain,
                        "lose": lose,
                    }
                )
    return pd.DataFrame(found, columns=["municipality", "service", "mode", "gain", "lose"])


def gain_places(parts: AnchorParts) -> pd.DataFrame:
    """Rows of places in which somebody gains or loses the standard, most people first (columns of `place_rows`)."""
    one, base = parts.compared, parts.documents.comparison
    if one is None or base is None:
        return pd.DataFrame()
    rows = place_rows(one, base.base, base.catalogue, parts.lang)
    rows = rows[(rows["gain"] != "") | (rows["lose"] != "")]
    return rows.sort_values("_size", ascending=False, kind="stable")


def _table(parts: AnchorParts, rows: pd.DataFrame, keys: tuple[str, ...], most: int) -> list[Block]:
    lang = parts.lang
    heads = [say(f"anchors.column.{k}" if k in ("gain", "lose") else f"column.{k}", lang) for k in keys]
    told = [tuple(str(row[k]) or "–" for k in keys) for row in rows.head(most).to_dict("records")]
    blocks: list[Block] = [
        Table(
            tuple(heads),
            tuple(told),
            align=("left", "left", "left", "right", "right"),
            widths=(2.7, 3, 2.6, 2, 2.5),
            small=True,
        )
    ]
    if len(rows) > most:
        blocks.append(Paragraph(say("anchors.more_rows", lang, n=parts.count(len(rows) - most)), "small"))
    return blocks


def reason_line(parts: AnchorParts, row: dict[str, object]) -> str:
    """Why a function took no part."""
    reason, lang = str(row["reason"]), parts.lang
    if f"anchors.reason.{reason}" not in read_sentences():
        return say("anchors.reason.other", lang, reason=reason)
    return say(f"anchors.reason.{reason}", lang, n=parts.count(_or_none(row["unknown_persons"]), persons=True))


def ask_line(parts: AnchorParts, row: Mapping[str, object]) -> str:
    """What to do about it."""
    key = f"anchors.ask.{row['reason']}"
    return say(key if key in read_sentences() else "anchors.ask.other", parts.lang)


def left_out_blocks(parts: AnchorParts) -> list[Block]:
    """Functions that took no part, by reason, with what to ask; for whom a function that took part is not known; what could not be tried."""
    lang, rows = parts.lang, parts.plan.left_out
    blocks: list[Block] = []
    if rows.empty:
        blocks.append(Paragraph(say("anchors.left_out_none", lang)))
    else:
        n = parts.count(len(rows))
        blocks += [
            Paragraph(say("anchors.left_out_about", lang, n=n), keep=True),
            Bullets(tuple(left_out_lines(parts))),
        ]
    partly = unknown_rows(parts)
    if partly:
        listed = "; ".join(say("anchors.unknown_one", lang, function=f, persons=p) for f, p in partly)
        kind = "anchors.unknown_assumed" if parts.plan.request.assume_complete else "anchors.unknown_partly"
        blocks.append(Paragraph(say(kind, lang, list=listed)))
    lost = Evidence(parts.words).place_lines()
    if lost:
        blocks.append(Paragraph(" ".join([*lost, say("anchors.no_centre_repair", lang)])))
    return blocks


def left_out_lines(parts: AnchorParts) -> list[str]:
    """One line per reason: the functions, with the people of whom too little is known, and what to do."""
    lang = parts.lang
    lines = []
    for reason, rows in left_out_order(parts.plan.left_out).groupby("reason", sort=False):
        told = []
        for row in rows.to_dict("records"):
            noun, count = (
                parts.words.noun(str(row["function"])),
                parts.count(_or_none(row["unknown_persons"]), persons=True),
            )
            asked = reason == "supply_unknown" and count.whole
            told.append(say("anchors.unknown_one", lang, function=noun, persons=str(count)) if asked else noun)
        key = f"anchors.left_out.{reason}"
        key = key if key in read_sentences() else "anchors.left_out.other"
        why = say(key, lang, list=join_words(told, lang), reason=str(reason))
        lines.append(f"{why} {ask_line(parts, {'reason': reason})}")
    return lines


def _or_none(persons: object) -> float:
    value = float(str(persons))
    return 0.0 if value != value else value


def left_out_order(rows: pd.DataFrame) -> pd.DataFrame:
    """By reason (what can be asked first), most persons first."""
    order = {r: k for k, r in enumerate(("supply_unknown", "no_cost_record", "no_standard", "nobody", "not_asked"))}
    rank = rows["reason"].map(order).fillna(len(order))
    sorted_ = rows.assign(_rank=rank).sort_values(
        ["_rank", "unknown_persons", "function"], ascending=[True, False, True], kind="stable", na_position="last"
    )
    return sorted_.drop(columns="_rank")


def unknown_rows(parts: AnchorParts) -> list[tuple[str, str]]:
    """Functions that took part although the supply of some people is not known: label and persons."""
    prepared = parts.documents.prepared
    found = []
    for function, persons in zip(prepared.problem.functions, prepared.unknown_persons, strict=False):
        count = parts.count(persons, persons=True)
        if count.whole:
            found.append((parts.words.noun(function.id), str(count)))
    return found
