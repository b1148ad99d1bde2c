"""The report chapter on anchor places as blocks, written as HTML, PDF and DOCX.

1 the proposal, 2 anchors one by one, 3 places x functions, 4 who decides what, 5 cost, 6 who gains and who loses, 7 what is not
known, 8 how good the proposal is, 9 method.
"""

from __future__ import annotations

from ankerort.documents.anchors_decides import cost_blocks, decides_blocks
from ankerort.documents.anchors_evidence import Evidence, must_be_asked, recorded
from ankerort.documents.anchors_gains import gains_blocks, left_out_blocks
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.anchors_places import anchors_blocks, matrix_blocks
from ankerort.documents.anchors_proof import method_blocks, proof_blocks
from ankerort.documents.anchors_rooms import budget_line
from ankerort.documents.anchors_words import Money
from ankerort.documents.blocks import Block, Bullets, Heading, PageBreak, Paragraph, Picture, Printed
from ankerort.documents.council import chapter_title
from ankerort.documents.paper import status_line
from ankerort.documents.pictures import png_size
from ankerort.region.paper_status import newest_day
from ankerort.text import say
from ankerort.text.grammar import join_words
from ankerort.text.numbers import format_persons

CHAPTERS = (
    "anchors.chapter_proposal",
    "anchors.chapter_anchors",
    "anchors.chapter_matrix",
    "anchors.chapter_decides",
    "anchors.chapter_cost",
    "anchors.chapter_gains",
    "anchors.chapter_left_out",
    "anchors.chapter_proof",
    "anchors.chapter_method",
)
_NEW_PAGE = (2,)  # the first chapter has its page to itself
_MAP_MM, _MAP_HIGH_MM, _MAP_LEAST_MM = 165.0, 125.0, 70.0
_REDRAWN = 0.8  # of the whole width; smaller maps are drawn anew
_LINE_LETTERS, _LINE_MM, _ROOM_MM = 98, 4.7, 184.0  # of the first page: sentences and map share it
_NAMED = 6  # new functions named in one sentence


def anchors_printed(parts: AnchorParts) -> Printed:
    """The whole chapter as a printed document."""
    documents, lang = parts.documents, parts.lang
    chapters = (
        proposal_blocks(parts),
        anchors_blocks(parts),
        matrix_blocks(parts),
        decides_blocks(parts),
        cost_blocks(parts),
        gains_blocks(parts),
        left_out_blocks(parts),
        proof_blocks(parts),
        method_blocks(parts),
    )
    blocks: list[Block] = []
    for number, (title, content) in enumerate(zip(CHAPTERS, chapters, strict=True), 1):
        if number in _NEW_PAGE:
            blocks.append(PageBreak())
        blocks += [Heading(chapter_title(number, title, lang), anchor=f"kapitel-{number}"), *content]
    named = [a for a in dict.fromkeys(documents.region.sources["attribution"]) if a]
    credits_ = [a for a in named if not any(a != other and a in other for other in named)]  # each holder once
    return Printed(
        title=say("anchors.title_region", lang, region=documents.region.settings.name),
        header=status_line(documents.paper, newest_day(documents.region), lang),
        footer=" · ".join([documents.region.settings.name, *credits_]),
        lang=lang,
        date=newest_day(documents.region),
        blocks=tuple(blocks),
    )


def proposal_blocks(parts: AnchorParts) -> list[Block]:
    """The first page: some sentences with numbers, and the map."""
    lang = parts.lang
    blocks: list[Block] = [Paragraph(say("anchors.no_designation", lang), "note")]
    if parts.plan.request.assume_complete:
        blocks.append(Paragraph(say("anchors.assume_complete", lang), "warn"))
    warnings = (budget_line(parts.words), Evidence(parts.words).little_known_line())
    blocks += [Paragraph(line, "warn") for line in warnings if line]
    blocks.append(Bullets(tuple(proposal_lines(parts))))
    if len(parts.plan.anchors):
        told = [b.text for b in blocks if isinstance(b, Paragraph)] + proposal_lines(parts)
        left_mm = _ROOM_MM - _LINE_MM * sum(-(-len(line) // _LINE_LETTERS) for line in told)
        picture, width_mm = _map(parts, min(max(left_mm, _MAP_LEAST_MM), _MAP_HIGH_MM))
        blocks.append(Picture(picture, parts.map_alt, width_mm, say("anchors.map_caption", lang)))
        blocks.append(Paragraph(say("anchors.map_note", lang), "small"))
    return blocks


def _map(parts: AnchorParts, high_mm: float) -> tuple[bytes, float]:
    """The map of at most a height, and its printed width; a small one is drawn anew, so that its words can be read."""
    wide, high = png_size(parts.map)
    width_mm = min(_MAP_MM, high_mm * wide / high)
    if width_mm > _REDRAWN * _MAP_MM:
        return parts.map, width_mm
    picture = parts.map_at(width_mm)
    wide, high = png_size(picture)
    return picture, min(width_mm, high_mm * wide / high)


def proposal_lines(parts: AnchorParts) -> list[str]:
    """The proposal in few sentences: places, functions, people, cost, what the council can decide itself; then what to ask first."""
    lang, anchors = parts.lang, parts.plan.anchors
    evidence = Evidence(parts.words)
    if anchors.empty and parts.changes.empty:
        return [say("anchors.first.none", lang), *evidence.place_lines()]
    first = say("anchors.first.none", lang)
    if len(anchors):
        first = say("anchors.first.places", lang, n=parts.count(len(anchors)), places=parts.anchor_names)
    lines = [f"{first} {evidence.fewer_line()}".strip(), _functions_line(parts)]
    lines += evidence.purpose_lines() or [_served_line(parts)]
    lines.append(cost_line(parts))
    if len(parts.changes):
        lines.append(_own_line(parts))
    return [*lines, *(line for line in (evidence.ask_line(), *evidence.place_lines()) if line)]


def _functions_line(parts: AnchorParts) -> str:
    lang, functions = parts.lang, parts.plan.functions
    kept = recorded(functions[functions["place_id"].isin(parts.anchor_places)])
    held = parts.count(len(kept[["place_id", "function"]].drop_duplicates()))
    new = functions[functions["what"] == "new"]
    told = [say("anchors.first.nothing_new", lang, kept=held)]
    if len(new):
        names = list(
            dict.fromkeys(parts.words.noun(str(s or f)) for s, f in zip(new["service"], new["function"], strict=True))
        )
        shown = names[:_NAMED] if len(names) > _NAMED + 1 else names
        more = [say("anchors.first.more", lang, n=len(names) - len(shown))] if len(names) > len(shown) else []
        listed = join_words([*shown, *more], lang)
        told = [say("anchors.first.functions", lang, kept=held, new=parts.count(len(new)), names=listed)]
        asked = sum(must_be_asked(row) for row in new.to_dict("records"))
        if asked:
            told.append(say("anchors.first.new_unknown", lang, n=asked))
    for what in ("moved", "closed"):
        n = int((functions["what"] == what).sum())
        if n:
            told.append(say(f"anchors.first.{what}", lang, n=parts.count(n)))
    return " ".join(told)


def _served_line(parts: AnchorParts) -> str:
    served = parts.count(parts.of_case("all", "served_more"), persons=True)
    shorter = format_persons(parts.of_case("all", "shorter_persons"), parts.lang)
    return say("anchors.first.served", parts.lang, n=served, shorter=shorter)


def cost_line(parts: AnchorParts) -> str:
    """Running cost as a range on the level of a cost frame, duties and voluntary tasks apart."""
    lang, costs = parts.lang, parts.plan.costs
    if parts.cost.none:
        return say("anchors.first.cost_none", lang)
    tasks = {t: Money.of(costs[costs["task"] == t]) for t in ("duty", "voluntary", "other")}
    told = [
        say(f"anchors.first.cost_{task}", lang, money=money.text(lang))
        for task, money in tasks.items()
        if not money.none
    ]
    return say(
        "anchors.first.cost", lang, money=parts.cost.per_year(lang), frame=parts.frame, tasks=join_words(told, lang)
    )


def _own_line(parts: AnchorParts) -> str:
    lang, changes = parts.lang, parts.changes
    own = int((changes["decides"] == "own").sum())
    if not own:
        return say(
            "anchors.first.own_none" if len(changes) > 1 else "anchors.first.own_none_one", lang, all=len(changes)
        )
    told = {
        name: format_persons(parts.of_case(case, column), lang)
        for name, case, column in (
            ("persons", "own", "served_more"),
            ("of", "all", "served_more"),
            ("shorter", "own", "shorter_persons"),
            ("of_shorter", "all", "shorter_persons"),
        )
    }
    # a number of nobody in nobody says nothing
    kind = "own" if told["of"] != "0" else "own_shorter" if told["of_shorter"] != "0" else "own_nothing"
    return say(f"anchors.first.{kind}", lang, own=own, all=parts.count(len(changes)), **told)
