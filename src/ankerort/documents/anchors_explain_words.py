"""Sentences of the explanation of an anchor: from numbers and ids to what a council reads."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from ankerort.anchors.explain_model import (
    Binding,
    Change,
    Exchange,
    Flip,
    Gain,
    PersonsChange,
    PlaceExplanation,
    PlanExplanation,
    Range,
)
from ankerort.catalogue.model import Catalogue
from ankerort.documents.anchors_words import Money
from ankerort.documents.labels import nearest_function, row_label
from ankerort.text import Language, read_sentences, say
from ankerort.text.counted import Counted
from ankerort.text.grammar import capital, in_place, join_words
from ankerort.text.numbers import format_decimal, format_persons, format_share, format_whole, round_persons

_TOLD = 3  # functions that get a sentence of their own
_NAMED = 3  # further ones that are named
_WEIGHTS = 2  # weights that are told
_LEAST_SHARE = 0.001
_LEAST_POINTS = 1e-6
_LEAST_FACTOR, _MOST_FACTOR = 0.1, 10.0  # beyond, a change of weights is none that anybody weighs


class ExplainWords:
    """Words of explanations in one region and language.

    Parameters
    ----------
    places
        PLACES of the region.
    catalogue
        Labels and nouns of functions.
    """

    def __init__(self, places: pd.DataFrame, catalogue: Catalogue, lang: Language) -> None:
        self._names = dict(zip(places["place_id"], places["print_name"], strict=True))
        self._kinds = dict(zip(places["place_id"], places["kind"], strict=True))
        self._catalogue, self._lang = catalogue, lang

    def place_lines(self, told: PlaceExplanation) -> list[str]:
        """All sentences about one place, in the order in which one asks."""
        place = self._listed([told.place_id, told.partner_id] if told.chosen and told.partner_id else [told.place_id])
        lines = [] if told.chosen else [self._say("not_chosen", place=place)]
        lines.append(self._reach(told, place))
        if told.chosen:
            lines += self._gain(told.gain, place) if told.gain else []
            lines += self._drop(told.drop, place) if told.drop else []
            lines += self._runner_up(told.exchange, place)
        else:
            lines += self._with_place(told, place)
        tie = told.exchange.found and abs(told.exchange.share) < _LEAST_SHARE
        if tie:
            lines.append(self._say("tie"))
        lines += self._flips(told.flips, weights=0 if tie else _WEIGHTS)
        return lines + self._bindings(told, place)

    def plan_lines(self, told: PlanExplanation) -> list[str]:
        """Which rules limit the plan as a whole, the most valuable first."""
        lines = [self._plan_rule(b) for b in told.binding]
        return lines or [self._say("plan.none")]

    def _reach(self, told: PlaceExplanation, place: str) -> str:
        persons = format_persons(told.reach.persons, self._lang)
        others = told.reach.others_persons
        if math.isnan(others) or not round_persons(told.reach.persons):
            return self._say("reach_only", place=place, persons=persons)
        if not round_persons(others):
            return self._say("reach_own", place=place, persons=persons)
        if round_persons(others) == round_persons(told.reach.persons):
            return self._say("reach_others", place=place, persons=persons)
        return self._say("reach", place=place, persons=persons, others=format_persons(others, self._lang))

    def _gain(self, gain: Gain, place: str) -> list[str]:
        lines = []
        if gain.new:
            lines.append(self._say("new", place=place, functions=self._functions(gain.new)))
        if gain.moved:
            lines.append(self._say("moved", place=place, functions=self._functions(gain.moved)))
        kept = [f for f in gain.kept if f not in (*gain.new, *gain.moved)]
        if kept:
            lines.append(self._say("kept", place=place, functions=self._functions(kept)))
        if gain.presumed:
            lines.append(self._say("presumed", place=place, functions=self._functions(gain.presumed)))
        unknown = [f for f in gain.unknown if f not in gain.presumed]
        if unknown:
            lines.append(self._say("unknown", place=place, functions=self._functions(unknown)))
        if not gain.new and not gain.moved:
            return [*lines, self._say("nothing_opens", place=place)]
        lines += [
            self._say(
                "gain" if round_persons(f.without_car) and round_persons(f.old) else "gain_plain",
                function=self._label(f.function),
                persons=self._persons(f.persons),
                no_car=format_persons(f.without_car, self._lang),
                old=format_persons(f.old, self._lang),
            )
            for f in self._seen(gain.served)[:_TOLD]
        ]
        further = self._further(gain.served)
        if further:
            lines.append(self._say("gain_more", functions=further))
        if not self._seen(gain.served):
            lines.append(self._say("gain_none", place=place))
        if round_persons(gain.shorter_persons):
            minutes = Counted(gain.person_minutes / gain.shorter_persons, self._lang)
            if minutes.whole:
                persons = format_persons(gain.shorter_persons, self._lang)
                lines.append(self._say("minutes", persons=persons, minutes=minutes))
        kind = "cost" if gain.cost_eur[1] >= 0 else "saves"
        lines.append(self._say(kind, place=place, money=self._money(gain.cost_eur, absolute=True)))
        return lines

    def _drop(self, drop: Exchange, place: str) -> list[str]:
        if not drop.found:
            lines = [self._say("drop_needed", place=place)]
            return [*lines, self._say("drop_broken", rules=self._rules(drop.broken))] if drop.broken else lines
        lines = []
        for loss in self._seen(drop.loses)[:_TOLD]:
            lines.append(
                self._say(
                    "lose", place=place, nearest=self._nearest(loss.function), persons=self._persons(loss.persons)
                )
            )
            lines += self._live(loss)
        further = self._further(drop.loses)
        if further:
            lines.append(self._say("lose_more", place=place, functions=further))
        if not lines:
            lines.append(self._say("lose_none", place=place))
        if drop.share >= _LEAST_SHARE / 2:
            lines.append(self._say("drop_share", place=place, share=self._share(drop.share)))
        return lines

    def _live(self, loss: PersonsChange) -> list[str]:
        known = [(p, n) for p, n in loss.places if p and round_persons(n)]
        if not known:
            return []
        if len(known) == 1 and known[0][1] >= loss.persons - 0.5:
            return [self._say("live_all", where=self._in(known[0][0]))]
        if known[0][1] > loss.persons / 2:
            return [self._say("live_most", where=self._in(known[0][0]))]
        if len(known) == 1:
            return []
        first, second = known[:2]
        if first[1] + second[1] <= loss.persons / 2:
            n, persons = len(known), format_persons(first[1], self._lang)
            return [self._say("live_many", n=n, where=self._in(first[0]), first=persons)]
        return [
            self._say(
                "live_mainly",
                where=self._in(first[0]),
                first=format_persons(first[1], self._lang),
                second_where=self._in(second[0]),
                second=format_persons(second[1], self._lang),
            )
        ]

    def _runner_up(self, other: Exchange, place: str) -> list[str]:
        if not other.found:
            return [self._say("instead_not_found", place=place)]
        comes = self._listed(other.comes)
        if other.points < -_LEAST_POINTS:
            return [self._say("instead_better", place=place)]
        if other.points <= _LEAST_POINTS:
            kind = "instead_equal" if comes else "instead_equal_none"
            lines = [self._say(kind, place=place, comes=comes)]
        else:
            kind = "instead" if comes else "instead_none"
            lines = [self._say(kind, place=place, comes=comes, share=self._share(other.share))]
        if other.leaves:
            lines.append(self._say("also_leaves", places=self._listed(other.leaves)))
        lines += self._difference(other)
        return [*lines, self._say("proven" if other.proven else "searched")]

    def _difference(self, other: Exchange) -> list[str]:
        less = other.loses.summed - other.gains.summed
        if not round_persons(abs(less)):
            lines = [self._say("persons_same")]
        else:
            lines = [self._say("persons_less" if less > 0 else "persons_more", persons=self._persons(abs(less)))]
        if not Money(*other.cost_eur).none:
            low, high = min(other.cost_eur), max(other.cost_eur)
            kind = "cost_more" if low >= 0 else "cost_less" if high <= 0 else "cost_other"
            lines.append(self._say(kind, money=self._money(other.cost_eur, absolute=kind != "cost_other")))
        return lines

    def _with_place(self, told: PlaceExplanation, place: str) -> list[str]:
        other = told.exchange
        if not other.found:
            lines = [self._say("with_not_found", place=place)]
            return [*lines, self._say("drop_broken", rules=self._rules(other.broken))] if other.broken else lines
        if other.points < -_LEAST_POINTS:
            return [self._say("with_better", place=place)]
        kind = "with" if other.points > _LEAST_POINTS else "with_equal"
        lines = [self._say(kind, place=place, share=self._share(other.share))]
        if other.leaves:
            lines.append(self._say("with_leaves", places=self._listed(other.leaves)))
        for loss in self._seen(other.loses)[:_TOLD]:
            persons = self._persons(loss.persons)
            lines.append(self._say("lose_then", nearest=self._nearest(loss.function), persons=persons))
            lines += self._live(loss)
        return lines + self._difference(other)

    def _bindings(self, told: PlaceExplanation, place: str) -> list[str]:
        where = self._in(told.place_id)
        lines = []
        for rule in told.binding:
            if rule.rule == "viability":
                if round_persons(rule.persons):
                    persons, label = self._persons(rule.persons), self._label(rule.function)
                    lines.append(self._say("viability", function=label, persons=persons, where=where))
            elif rule.rule == "core":
                lines.append(self._say("core", function=self._label(rule.function), where=where))
            elif rule.rule == "at_least":
                lines.append(self._say("at_least", where=capital(where), n=Counted(rule.amount, self._lang)))
            elif rule.rule == "spacing":
                km = format_decimal(rule.amount / 1000, self._lang)
                lines.append(self._say("spacing", places=self._listed(rule.places[:1]), km=km))
            elif rule.rule == "max_anchors":
                persons = self._persons(max(rule.persons, 0.0))
                lines.append(self._say("one_more", place=place, persons=persons, money=self._money(rule.cost_eur)))
            else:
                lines.append(self._say(rule.rule, place=place))
        return lines

    def _flips(self, flips: Sequence[Flip], *, weights: int) -> list[str]:
        """People and cost, then as many weights, those that need the smallest change."""
        told = [f for f in flips if self._tells(f)]
        sums = [f for f in told if f.kind in ("persons", "cost")]
        others = [f for f in told if f not in sums]
        others.sort(key=lambda f: abs(math.log(max(f.then / f.now, _LEAST_FACTOR))))
        return [self._flip(f) for f in (*sums, *others[:weights])]

    def _tells(self, flip: Flip) -> bool:
        """Changes that are large enough to be a number and small enough to be imagined."""
        if flip.kind == "persons":
            return round_persons(flip.then - flip.now) > 0
        if flip.kind == "cost":
            return flip.now - flip.then >= 50.0
        if flip.now <= 0:
            return False
        return flip.then <= _MOST_FACTOR * flip.now

    def _flip(self, flip: Flip) -> str:
        if flip.kind == "persons":
            more = format_persons(flip.then - flip.now, self._lang)
            return self._say("flip_persons", more=more, now=format_persons(flip.now, self._lang))
        if flip.kind == "cost":
            eur = math.ceil((flip.now - flip.then) / 100) * 100
            return self._say("flip_cost", eur=format_whole(eur, self._lang))
        what = say(f"anchors_explain.component.{flip.id}", self._lang) if flip.kind == "component" else ""
        what = what or self._label(flip.id)
        factor = flip.then / flip.now
        if factor < _LEAST_FACTOR:
            return self._say("flip_off", what=what)
        digits = 2 if abs(factor - 1) < 0.1 else 1
        return self._say("flip_weight", what=what, factor=format_decimal(factor, self._lang, digits=digits))

    def _plan_rule(self, rule: Binding) -> str:
        if round_persons(max(rule.persons, 0.0)) and (rule.places or rule.rule != "max_anchors"):
            return self._say(
                f"plan.{rule.rule}",
                places=self._listed(rule.places),
                persons=self._persons(rule.persons),
                money=self._money(rule.cost_eur),
                share="" if math.isnan(rule.amount) else format_share(min(rule.amount, 1.0), self._lang),
                eur="" if math.isnan(rule.eur) else format_whole(rule.eur, self._lang),
            )
        return self._say("plan.more_points", rule=capital(self._rules((rule.rule,))))

    def _rules(self, rules: Sequence[str]) -> str:
        known = read_sentences()
        ids = [r if f"anchors_explain.rule.{r}" in known else "other" for r in rules]
        return join_words([say(f"anchors_explain.rule.{r}", self._lang) for r in dict.fromkeys(ids)], self._lang)

    def _seen(self, change: Change) -> list[PersonsChange]:
        return [f for f in change.functions if round_persons(f.persons)]

    def _further(self, change: Change) -> str:
        some = self._seen(change)[_TOLD : _TOLD + _NAMED]
        return join_words(
            [
                self._say(
                    "gain_one_more",
                    function=self._label(f.function),
                    persons=format_persons(f.persons, self._lang),
                )
                for f in some
            ],
            self._lang,
        )

    def _functions(self, ids: Sequence[str]) -> str:
        return join_words([self._label(i) for i in ids], self._lang)

    def _label(self, function: str) -> str:
        noun = self._catalogue.nouns.get(function)
        if noun is not None:
            return noun.one(self._lang)
        return row_label(function, self._catalogue, self._lang) if self._knows(function) else function

    def _knows(self, function: str) -> bool:
        if function.startswith("core:"):
            return any(i.id == function.removeprefix("core:") for i in self._catalogue.core)
        return function in self._catalogue.services

    def _nearest(self, function: str) -> str:
        if function not in self._catalogue.nouns:
            return self._say("subject", function=self._label(function))
        return nearest_function(function, self._catalogue, self._lang)

    def _in(self, place_id: str) -> str:
        return in_place(self._names.get(place_id, place_id), self._kinds.get(place_id, ""), self._lang)

    def _listed(self, place_ids: Sequence[str]) -> str:
        return join_words([str(self._names.get(p, p)) for p in place_ids], self._lang)

    def _persons(self, persons: float) -> Counted:
        return Counted(persons, self._lang, persons=True)

    def _money(self, cost: Range, *, absolute: bool = False) -> str:
        return Money(*(abs(c) for c in cost) if absolute else cost).text(self._lang)

    def _share(self, share: float) -> str:
        if share < _LEAST_SHARE:
            return self._say("less_than", share=self._percent(_LEAST_SHARE))
        return self._percent(share)

    def _percent(self, share: float) -> str:
        if share >= 0.0995:
            return format_share(share, self._lang)
        text = format_decimal(share * 100, self._lang)
        return f"{text} %" if self._lang == "de" else f"{text}%"

    def _say(self, sentence: str, **params: object) -> str:
        return say(f"anchors_explain.{sentence}", self._lang, **params)
