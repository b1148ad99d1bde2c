"""What is said where the buildings of a place do not suffice, and where the plan costs more than its budget."""

from __future__ import annotations

import math

from ankerort.documents.anchors_words import AnchorWords, Money
from ankerort.text import say
from ankerort.text.counted import Counted
from ankerort.text.grammar import join_words
from ankerort.text.numbers import format_whole


def budget_line(words: AnchorWords) -> str:
    """That the plan costs more than its budget, by how much and why; empty where it keeps it or none was asked for."""
    plan, lang = words.plan, words.lang
    if not plan.over_budget_eur or plan.request.budget_eur is None:
        return ""
    told = say(
        "anchors_rooms.over_budget",
        lang,
        cost=format_whole(math.ceil(float(plan.costs["cost_mid"].sum()) - 1e-9), lang),
        over=format_whole(math.ceil(plan.over_budget_eur - 1e-9), lang),
        budget=format_whole(plan.request.budget_eur, lang),
    )
    return f"{told} {say('anchors_rooms.over_budget_why', lang)}" if plan.rooms_short else told


def room_lines(words: AnchorWords) -> list[str]:
    """One sentence per place whose buildings do not suffice for all that opens there."""
    lang = words.lang
    return [
        say(
            "anchors_rooms.short",
            lang,
            place=words.place(short.place_id),
            n=Counted(len(short.variants), lang),
            functions=join_words([words.variant_name(v) for v in short.variants], lang),
            money=Money(short.more_low, short.more_mid, short.more_high).per_year(lang),
        )
        for short in words.plan.rooms_short
    ]


def bound_line(words: AnchorWords) -> str:
    """What the bound does not know of the rooms; empty where nothing is dearer or the plan is proven all the same."""
    if not words.plan.rooms_short or words.plan.proof.status == "optimal":
        return ""
    return say("anchors_rooms.bound", words.lang)
