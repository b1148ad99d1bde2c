"""What a plan rests on: functions that nobody recorded, places that could not be tried, and what a plan is for where no gap is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from ankerort.documents.anchors_words import CHANGES, AnchorWords, fine_share
from ankerort.text import say
from ankerort.text.counted import Counted
from ankerort.text.grammar import join_words
from ankerort.text.numbers import format_persons, format_whole

PRESUMED = "presumed"
_ALL = 1.0 - 1e-6  # share of the points from which on no gap is known
_EXAMPLES = 3  # functions named with the people of whom too little is known
_PLACES = 4  # places without a centre that are named


def shown_what(row: Mapping[str, object] | pd.Series) -> str:
    """What is shown of a row of the functions: what happens, or that it is presumed only (nobody recorded it)."""
    return PRESUMED if is_presumed(row) else str(row["what"])


def is_presumed(row: Mapping[str, object] | pd.Series) -> bool:
    """Whether a function is expected in a place of this size and recorded nowhere."""
    return row["what"] == "kept" and row["evidence"] == PRESUMED


def must_be_asked(row: Mapping[str, object] | pd.Series) -> bool:
    """Whether it opens although it is not known that there is none."""
    return row["what"] in CHANGES and row["what"] != "closed" and row["evidence"] == "unknown"


def recorded(functions: pd.DataFrame) -> pd.DataFrame:
    """Rows that stay and that somebody recorded."""
    return functions[(functions["what"] == "kept") & (functions["evidence"] != PRESUMED)]


def presumed(functions: pd.DataFrame) -> list[tuple[str, str]]:
    """(place_id, function) of the functions that are presumed only in a place or a pair, in order of the rows.

    What is recorded in one place of a pair counts for both, so it is none of them.
    """
    there = set(recorded(functions)["function"])
    rows = functions[(functions["what"] == "kept") & (functions["evidence"] == PRESUMED)]
    keys = zip(rows["place_id"].astype(str), rows["function"].astype(str), strict=True)
    return [(p, f) for p, f in dict.fromkeys(keys) if f not in there]


class Evidence:
    """Sentences on what a plan rests on."""

    def __init__(self, words: AnchorWords) -> None:
        self.words, self.plan, self.lang = words, words.plan, words.lang
        self.prepared = words.prepared

    @cached_property
    def ask(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(place_id, functions) to ask for first: presumed ones of anchors, and what opens though it may be there already."""
        functions, anchors = self.plan.functions, self.plan.anchors
        told: list[tuple[str, str]] = []
        for pair in zip(anchors["place_id"], anchors["partner_id"], strict=True):
            told += presumed(functions[functions["place_id"].isin([p for p in pair if p])])
        asked = functions[np.array([must_be_asked(row) for row in functions.to_dict("records")], bool)]
        told += zip(asked["place_id"].astype(str), asked["function"].astype(str), strict=True)
        found: dict[str, list[str]] = {}
        for place, function in dict.fromkeys(told):
            found.setdefault(place, []).append(function)
        order = [p for pair in zip(anchors["place_id"], anchors["partner_id"], strict=True) for p in pair]
        ranked = sorted(found, key=lambda p: order.index(p) if p in order else len(order))
        return tuple((p, tuple(found[p])) for p in ranked)

    def ask_line(self) -> str:
        """Where to ask first for what; empty where there is nothing to ask."""
        if not self.ask:
            return ""
        told = [
            say("anchors.ask_place", self.lang, place=self.words.place(p), functions=", ".join(map(self.words.noun, f)))
            for p, f in self.ask
        ]
        return say("anchors.ask_first", self.lang, list="; ".join(told))

    def place_lines(self) -> list[str]:
        """Places that are large enough and could not be tried, and rests of a municipality that hold more people than its places."""
        places = self.words.region.places
        outlying = places["kind"] == "outlying"
        largest = places["ags"].map(places[~outlying].groupby("ags")["persons"].max())
        asked = [*self.prepared.place_ids, *self.prepared.no_centre]
        rest = places[outlying & (places["persons"] > largest) & places["place_id"].isin(asked)]
        rests = set(places.loc[outlying, "place_id"].astype(str))
        listed = (
            ("anchors.no_centre", tuple(p for p in self.prepared.no_centre if p not in rests)),
            ("anchors.no_name", tuple(rest["place_id"].astype(str))),
        )
        return [self._places(sentence, ids) for sentence, ids in listed if ids]

    def _places(self, sentence: str, ids: Sequence[str]) -> str:
        told = [
            say("anchors.place_persons", self.lang, place=self.words.place(p), persons=self._people(p))
            for p in ids[:_PLACES]
        ]
        if len(ids) > _PLACES:
            told.append(say("anchors.first.more", self.lang, n=len(ids) - _PLACES))
        n = Counted(len(ids), self.lang)
        return say(sentence, self.lang, n=n, places=join_words(told, self.lang))

    def _people(self, place_id: str) -> str:
        places = self.words.region.places
        return format_persons(float(places.loc[places["place_id"] == place_id, "persons"].sum()), self.lang)

    def little_known_line(self) -> str:
        """That most functions of the core could not be computed; empty where at least half could."""
        core = [f"core:{item.id}" for item in self.words.catalogue.core]
        left = self.plan.left_out[self.plan.left_out["reason"] == "supply_unknown"]
        known = len(core) - int(left["function"].isin(core).sum())
        return say("anchors.little_known", self.lang, n=known, of=len(core)) if 2 * known < len(core) else ""

    @property
    def serves_nobody_more(self) -> bool:
        """Whether nobody is served more than today, whoever takes part."""
        cases = self.plan.cases
        return not any(Counted(max(n, 0.0), self.lang, persons=True).whole for n in cases["served_more"])

    def purpose_lines(self) -> list[str]:
        """What the plan is for where it serves nobody more, and why no gap is known; empty where it serves somebody."""
        if not self.serves_nobody_more or (self.plan.anchors.empty and not len(self.plan.functions)):
            return []
        lang, cases = self.lang, self.plan.cases.set_index("case")
        today = float(cases["people_share"].get("today", 1.0))
        lines = [] if today >= _ALL else [say("anchors.purpose_reached", lang, share=fine_share(today, lang))]
        if today >= _ALL:
            lines.append(self._purpose("anchors.purpose", cases))
        elif self.plan.functions["what"].isin(CHANGES).any():
            lines.append(self._purpose("anchors.purpose_gaps", cases))
        else:
            proven = self.plan.proof.status == "optimal" and not self.plan.proof.relaxed
            lines.append(say("anchors.purpose_nothing" if proven else "anchors.purpose_nothing_found", lang))
        unknown = self._unknown()
        if self.plan.request.assume_complete or not unknown:
            return lines
        shown = [
            say("anchors.unknown_one", lang, function=self.words.noun(f), persons=format_persons(n, lang))
            for f, n in unknown[:_EXAMPLES]
        ]
        return [
            *lines,
            say("anchors.purpose_why", lang, n=Counted(len(unknown), lang), list=join_words(shown, lang)),
            say("anchors.purpose_do", lang),
        ]

    def _purpose(self, sentence: str, cases: pd.DataFrame) -> str:
        shorter = float(cases["shorter_persons"].get("all", 0.0))
        ways = Counted(shorter if shorter > 0 else 0.0, self.lang, persons=True)
        return say(sentence if ways.whole else f"{sentence}_hold", self.lang, shorter=ways)

    def _unknown(self) -> list[tuple[str, float]]:
        """Functions for which the supply of somebody is not known: those of the core first, then those of most people."""
        found = {f.id: n for f, n in zip(self.prepared.problem.functions, self.prepared.unknown_persons, strict=False)}
        left = self.plan.left_out[self.plan.left_out["reason"] == "supply_unknown"]
        found |= {str(f): float(n) for f, n in zip(left["function"], left["unknown_persons"], strict=True)}
        known = [(f, n) for f, n in found.items() if n == n and Counted(n, self.lang, persons=True).whole]
        return sorted(known, key=lambda item: (not item[0].startswith("core:"), -item[1], item[0]))

    def fewer_line(self) -> str:
        """Why there are fewer anchors than allowed; empty where there are as many, or none."""
        plan, request = self.plan, self.plan.request
        most, chosen = request.max_anchors, len(plan.anchors)
        if most is None or not chosen or chosen >= most:
            return ""
        if request.cover is not None:
            kind = "enough"
        elif request.order:
            kind = "order"
        elif plan.proof.status != "optimal" or plan.proof.relaxed:
            kind = "searched"
        else:
            kind = "budget" if request.budget_eur is not None else "cost"
        return say(f"anchors.fewer_{kind}", self.lang, most=format_whole(most, self.lang), chosen=chosen)
