"""Sentences about anchors: true to the numbers, short, in both languages."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from anchors.explain_worlds import homes_by_row, line_world, random_prepared, solved
from ankerort.anchors.explain import Effort, PlanExplanation, explain_places
from ankerort.anchors.explain_model import Change, Exchange, PersonsChange, PlaceExplanation, Reach
from ankerort.anchors.problem import Limits
from ankerort.catalogue import read_catalogue
from ankerort.documents.anchors_explain_words import ExplainWords
from ankerort.text import LANGUAGES, Language, read_sentences

CATALOGUE = read_catalogue(land="ST")
NAMES = {"P0": "Altdorf", "P1": "Bergen", "P2": "Calwitz", "H0": "Dornau", "H1": "Elsnitz", "H2": "Forst"}


def _words(lang: Language) -> ExplainWords:
    places = pd.DataFrame(
        {"place_id": list(NAMES), "print_name": list(NAMES.values()), "kind": ["village"] * len(NAMES)}
    )
    return ExplainWords(places, CATALOGUE, lang)


def _explained(prepared, others=()) -> PlanExplanation:
    return explain_places(
        prepared, solved(prepared), homes_by_row(prepared, 3), others=others, effort=Effort(10.0, exact=True)
    )


def test_an_anchor_in_german() -> None:
    """640, 300 and 250 people, one anchor: gain, loss with homes, substitute, and how many people more would turn it."""
    prepared = line_world((640.0, 300.0), cost_eur=(40_000.0, 30_000.0), limits=Limits(max_anchors=1))
    lines = _words("de").place_lines(_explained(prepared).places[0])
    noun = CATALOGUE.nouns["bank_branch"]
    assert lines[0] == "Rund 640 Menschen erreichen Altdorf innerhalb des Richtwerts, alle aus der eigenen Gemeinde."
    assert f"Neu in Altdorf: {noun.noun_de}." in lines
    assert (
        f"Bei {noun.noun_de} sind rund 640 Menschen mehr versorgt als heute." in lines
    )  # nobody of them is 65 or older
    lost = next(k for k, line in enumerate(lines) if line.startswith("Ohne Altdorf liegt"))
    assert lines[lost].endswith("für rund 640 Menschen nicht innerhalb des Richtwerts.")
    assert lines[lost + 1] == "Alle wohnen in Dornau."
    assert "Der nächstbeste Vorschlag ohne Altdorf setzt auf Bergen; er hat 53 % weniger Punkte." in lines
    assert "Er versorgt über alle Funktionen rund 340 Menschen weniger." in lines
    assert "Ein besserer Ersatz ist bewiesen ausgeschlossen." in lines
    assert (
        "Gleich gut wäre der andere Vorschlag mit 340 Menschen mehr in den Orten, die er besser versorgt (heute 300)."
        in lines
    )


def test_a_place_that_is_none_in_german() -> None:
    """It says so first, then who leaves for it and what it would bring as one more anchor."""
    prepared = line_world((640.0, 300.0, 250.0), limits=Limits(max_anchors=1))
    lines = _words("de").place_lines(_explained(prepared, ["P2"]).places[-1])
    assert lines[0] == "Calwitz ist in diesem Vorschlag kein Schwerpunktort."
    assert "In ihm entfällt Altdorf als Schwerpunktort." in lines
    assert lines[-1].startswith("Als zusätzlicher Schwerpunktort brächte Calwitz Vorteile: 250 Menschen mehr versorgt")


def test_the_rules_of_the_plan_in_german() -> None:
    """One anchor more is named with its place, its people and its cost; without a rule that binds that is said."""
    told = _explained(line_world((640.0, 300.0), limits=Limits(max_anchors=1)))
    assert _words("de").plan_lines(told)[0].startswith("Ein Schwerpunktort mehr (Bergen) versorgt 300 Menschen mehr")
    free = _explained(line_world((640.0,), limits=Limits(max_anchors=2)))
    assert _words("de").plan_lines(free) == ["Keine der geprüften Vorgaben begrenzt den Vorschlag."]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "features", [{"cores", "minutes", "unit_costs"}, {"viability", "pairs"}, {"budget", "spacing"}]
)
def test_sentences_are_whole(features: set[str], lang: Language) -> None:
    """Over random plans, chosen and other places: every sentence ends with a stop, holds no gap, no NaN, and each language its own."""
    words = _words(lang)
    for seed in range(4):
        prepared = random_prepared(seed, features)
        if solved(prepared).decision is None:
            continue
        told = explain_places(prepared, solved(prepared), homes_by_row(prepared, 3), others=prepared.place_ids)
        lines = [line for place in told.places for line in words.place_lines(place)] + words.plan_lines(told)
        assert lines
        for line in lines:
            assert line.endswith(".") and line[0].isupper() | line[0].isdigit(), line
            assert not re.search(r"nan|\{|\}|  | \.|\(\)| ,", line), line


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_are_short(lang: Language) -> None:
    """No sentence has more than 20 words before names are filled in (a parameter counts as one word)."""
    for key, text in read_sentences().items():
        if key.startswith("anchors_explain."):
            for part in re.split(r"(?<=[.:;]) ", re.sub(r"\{[^}]*\}", "X", text[lang])):
                assert len(part.split()) <= 20, (key, part)


def test_where_people_live_is_said_as_far_as_it_is_true() -> None:
    """All in one place, most in one, mainly in two (more than half together), else the number of places and the largest."""
    words = _words("de")
    for homes, sentence in (
        ((("H0", 100.0),), "Alle wohnen in Dornau."),
        ((("H0", 60.0), ("H1", 40.0)), "Die meisten wohnen in Dornau."),
        ((("H0", 40.0), ("H1", 30.0), ("H2", 30.0)), "Sie wohnen vor allem in Dornau (40) und in Elsnitz (30)."),
        ((("H0", 25.0), ("H1", 25.0), ("H2", 25.0), ("P0", 25.0)), "Sie wohnen in 4 Orten, 25 von ihnen in Dornau."),
    ):
        loss = Change((PersonsChange("bank_branch", 100.0, 0.0, 0.0, homes),), 100.0, 100.0, 0.0, 0.0, homes)
        exchange = Exchange(True, points=10.0, share=0.1, loses=loss, cost_eur=(0.0, 0.0, 0.0))
        told = PlaceExplanation("P0", "", "basic", True, Reach(0.0, 0.0, ()), None, exchange, exchange, (), ())
        assert words.place_lines(told)[2] == sentence
