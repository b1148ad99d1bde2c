"""A mobile plan in sentences: what comes where, whom it reaches, what it costs, how good it is."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping

import pandas as pd

from ankerort.documents.anchors_words import Money, percent
from ankerort.documents.mobile_parts import MobileParts
from ankerort.text import read_sentences, say
from ankerort.text.counted import Counted
from ankerort.text.grammar import capital, join_words
from ankerort.text.numbers import format_decimal, format_persons, format_share, format_whole

_NAMED = 12  # places named in one sentence


def plan_lines(parts: MobileParts) -> list[str]:
    """The first page in sentences with numbers."""
    lang, plan = parts.lang, parts.plan
    if not parts.stops:
        return [say("mobile_doc.first.none", lang)]
    lines = [_what_line(parts), _rhythm_line(parts), _people_line(parts)]
    if not math.isnan(plan.effect.target_share):
        lines.append(_target_line(parts))
    lines += [_cases_line(parts), cost_line(parts), _drive_line(parts), wishes_line(parts)]
    if not math.isnan(plan.effect.person_km_saved):
        lines.append(say("mobile_doc.first.saved", lang, km=format_whole(_rounded(plan.effect.person_km_saved), lang)))
    lines += agreement_lines(parts)
    if len(plan.left):
        n = Counted(len(plan.left), lang)
        persons = format_persons(float(plan.left["persons"].sum()), lang)
        lines.append(say("mobile_doc.first.left", lang, n=n, persons=persons))
    return lines


def _what_line(parts: MobileParts) -> str:
    lang, plan = parts.lang, parts.plan
    vehicles = Counted(plan.visits["vehicle"].nunique(), lang)
    names = [parts.place(p) for p in parts.served_places]
    shown = names if len(names) <= _NAMED else names[: _NAMED - 2]
    if len(shown) < len(names):
        shown = [*shown, say("mobile_doc.first.more", lang, n=len(names) - len(shown))]
    return say(
        "mobile_doc.first.what", lang, vehicles=vehicles, services=parts.services(plan.request.services), n=Counted(len(names), lang),
        places=join_words(shown, lang),
    )  # fmt: skip


def _rhythm_line(parts: MobileParts) -> str:
    lang, rhythms = parts.lang, parts.documents.catalogue.mobile.rhythms
    counts = parts.plan.rows.groupby(["every_weeks", "rhythm"], sort=True).size()
    told = []
    for (_, rhythm), n in counts.items():
        label = rhythms[rhythm].label(lang) if rhythm in rhythms else str(rhythm)
        told.append(say("mobile_doc.first.rhythm_part", lang, n=Counted(int(n), lang), rhythm=label))
    return say("mobile_doc.first.rhythm", lang, parts=join_words(told, lang))


def _people_line(parts: MobileParts) -> str:
    lang, effect = parts.lang, parts.plan.effect
    return say(
        "mobile_doc.first.people", lang, persons=format_persons(effect.persons, lang), area=format_persons(effect.area_persons, lang),
        old=format_persons(effect.persons_75_plus, lang), area_old=format_persons(effect.area_persons_75_plus, lang),
    )  # fmt: skip


def _target_line(parts: MobileParts) -> str:
    lang, request = parts.lang, parts.plan.request
    group = parts.documents.catalogue.groups.get(request.cover_group)
    label = (group.label_de if lang == "de" else group.label_en) if group else request.cover_group
    return say(
        "mobile_doc.first.target", lang, share=format_share(parts.plan.effect.target_share, lang), group=label,
        metres=format_whole(request.cover_m, lang), weeks=Counted(request.cover_weeks, lang),
    )  # fmt: skip


def _cases_line(parts: MobileParts) -> str:
    lang, effect = parts.lang, parts.plan.effect
    told = {
        k: format_whole(_rounded(v), lang)
        for k, v in (("low", effect.cases_low), ("mid", effect.cases), ("high", effect.cases_high))
    }
    line = say("mobile_doc.first.cases", lang, **told)
    if effect.answers and effect.stated_cases > 0:
        line += " " + say("mobile_doc.first.stated", lang, stated=format_whole(_rounded(effect.stated_cases), lang))
    return line


def _rounded(value: float) -> float:
    """To two digits: finer figures would pretend."""
    if not math.isfinite(value) or value == 0:
        return 0.0
    step = 10.0 ** max(math.floor(math.log10(abs(value))) - 1, 0)
    return math.floor(value / step + 0.5) * step


def total(parts: MobileParts) -> Money:
    """Cost of the plan per year."""
    return Money.of(parts.plan.costs)


def cost_line(parts: MobileParts) -> str:
    """Cost as a range with its tolerance, and per case."""
    lang, money = parts.lang, total(parts)
    frame = format_share(parts.documents.catalogue.value("anchors.cost_frame_share"), lang)
    line = say("mobile_doc.first.cost", lang, money=money.per_year(lang), frame=frame)
    if parts.plan.effect.cases > 0:
        line += " " + say(
            "mobile_doc.first.per_case", lang, eur=format_whole(_rounded(money.mid / parts.plan.effect.cases), lang)
        )
    return line


def _drive_line(parts: MobileParts) -> str:
    lang, effect = parts.lang, parts.plan.effect
    told = {
        k: format_whole(_rounded(v), lang)
        for k, v in (("km", effect.drive_km), ("drive", effect.drive_h), ("paid", effect.paid_h))
    }
    return say("mobile_doc.first.drive", lang, **told)


def wishes_line(parts: MobileParts) -> str:
    """How many wishes the plan meets, or that nobody was asked."""
    effect, lang = parts.plan.effect, parts.lang
    if not effect.answers or not parts.plan.request.wishes:
        return say("mobile_doc.first.no_wishes", lang)
    if math.isnan(effect.wishes_met):
        return say("mobile_doc.first.few_wishes", lang, n=Counted(effect.answers, lang))
    return say(
        "mobile_doc.first.wishes", lang, n=Counted(effect.answers, lang), share=format_share(effect.wishes_met, lang)
    )


def agreement_lines(parts: MobileParts) -> list[str]:
    """The missing agreements, the one that brings most first; at most two of them."""
    lang, rows = parts.lang, parts.plan.authorities
    missing = rows[(rows["agreed"] == "missing") & (rows["points_lost"] > 0)]
    if missing.empty:
        return []
    lost = missing.groupby("name", sort=True).agg(
        rank=("rank", "min"), persons=("persons_near", "max"), points=("points_lost", "sum")
    )
    ordered = lost.sort_values(["rank", "points"], ascending=[True, False], kind="stable").head(2)
    return [
        say("mobile_doc.first.agreement", lang, name=str(name), n=Counted(float(row["persons"]), lang, persons=True),
            cases=format_whole(_rounded(float(row["points"])), lang))
        for name, row in ordered.iterrows()
    ]  # fmt: skip


def proof_lines(parts: MobileParts) -> list[str]:
    """Value, bound and distance in plain words; seed and time."""
    lang, proof = parts.lang, parts.plan.proof
    if not math.isfinite(proof.bound) or not math.isfinite(proof.gap):
        lines = [say("mobile_doc.proof.unknown", lang)]
    elif proof.status == "optimal":
        lines = [say("mobile_doc.proof.optimal", lang)]
    else:
        lines = [say("mobile_doc.proof.gap", lang, gap=percent(proof.gap, lang))]
    rule = f"mobile_doc.proof.rule.{proof.bound_rule}"
    if math.isfinite(proof.bound) and rule in read_sentences():
        lines.append(say(rule, lang))
    lines.append(say("mobile_doc.proof.run", lang, seconds=format_decimal(proof.seconds, lang), seed=str(proof.seed)))
    return lines


def told_by_id(sentence_id: str, parts: MobileParts) -> str:
    """The sentence that a table names by its id; empty for none, the id itself where there is no such sentence."""
    if not sentence_id:
        return ""
    return say(sentence_id, parts.lang) if sentence_id in read_sentences() else sentence_id


def cost_name(parts: MobileParts, item: str, record: str) -> str:
    """What an item of the cost is for; with several services on board also for which."""
    key = f"mobile_doc.cost.{item}"
    name = say(key, parts.lang) if key in read_sentences() else item
    found = [s for s in parts.plan.request.services if record in (s, *_record_ids(parts, s))]
    if len(parts.plan.request.services) < 2 or not found:
        return name
    return say("mobile_doc.cost_of", parts.lang, item=name, service=capital(parts.service(found[0])))


def _record_ids(parts: MobileParts, service: str) -> tuple[str, ...]:
    one = parts.documents.catalogue.mobile.services.get(service)
    return () if one is None else (one.eur_per_h.record.id, one.it_eur_per_year.record.id)


def authority_name(parts: MobileParts, row: Mapping[Hashable, object]) -> str:
    """Name of an authority; a service that anybody may use has none."""
    return str(row["name"]) or say("mobile_doc.everybody", parts.lang)


def reason_words(parts: MobileParts, reason: str) -> str:
    """Why a place has no visit, without the stop."""
    key = f"mobile_doc.left.{reason}"
    return say(key, parts.lang) if key in read_sentences() else reason


def left_reason(parts: MobileParts, row: pd.Series) -> str:
    """Why a place has no visit."""
    lang = parts.lang
    text = reason_words(parts, str(row["reason"]))
    stop = parts.stop(str(row["stop_id"]))
    if stop is not None and stop.place_id != row["place_id"]:
        text += " " + say("mobile_doc.left.stop", lang, place=stop.place)
    return text


def service_title(parts: MobileParts) -> str:
    """All services with a capital."""
    return capital(parts.services(parts.plan.request.services))
