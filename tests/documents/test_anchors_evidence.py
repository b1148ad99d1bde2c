"""What a plan rests on is said: presumed functions, what must be asked first, untried places, and what the plan is for without a known gap."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pyogrio
import pytest

from anchors.explain_worlds import homes_by_row, line_world, solved
from ankerort.anchors.explain import Effort, explain_places
from ankerort.anchors.problem import Limits
from ankerort.catalogue import read_catalogue
from ankerort.cli.anchors_summary import plan_lines
from ankerort.documents.anchors_chapter import anchors_printed, proposal_lines
from ankerort.documents.anchors_documents import AnchorDocuments
from ankerort.documents.anchors_evidence import Evidence, presumed
from ankerort.documents.anchors_explain_words import ExplainWords
from ankerort.documents.anchors_geopackage import write_anchor_geopackage
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.anchors_places import matrix
from ankerort.documents.anchors_places import plan_lines as table_lines
from ankerort.documents.anchors_sheets import anchors_sheet, functions_sheet, proof_sheet
from ankerort.documents.blocks import Bullets, Paragraph
from ankerort.documents.labels import nearest_function
from ankerort.text import say
from worlds import anchor_plan

CATALOGUE = read_catalogue(land="ST")


@pytest.fixture(scope="module")
def documents(assessment) -> AnchorDocuments:
    """The made-up plan; in Altenröde a practice is presumed only, and whether there is a citizen office is not known."""
    made = anchor_plan.made_up(assessment)
    functions = made.plan.functions.copy()
    here = functions["place_id"] == anchor_plan.ALT
    functions["evidence"] = functions["what"].map({"kept": "certain"}).fillna("absent")
    practice = here & (functions["function"] == "general_practitioner")
    functions.loc[practice, ["evidence", "facility_id"]] = ["presumed", ""]
    functions.loc[here & (functions["function"] == "citizen_office"), "evidence"] = "unknown"
    anchors = made.plan.anchors.assign(core_presumed=[1, 0])
    plan = dataclasses.replace(made.plan, functions=functions, anchors=anchors)
    return dataclasses.replace(made, plan=plan)


@pytest.fixture(scope="module")
def parts(documents) -> AnchorParts:
    """Its parts in German."""
    return AnchorParts(documents, "de")


def _with(parts: AnchorParts, lang: str = "de", **changes: object) -> AnchorParts:
    plan = dataclasses.replace(parts.plan, **changes)
    return AnchorParts(dataclasses.replace(parts.documents, plan=plan), lang)


def _paragraphs(parts: AnchorParts) -> list[str]:
    return [b.text for b in anchors_printed(parts).blocks if isinstance(b, Paragraph)]


def test_what_is_presumed_is_never_told_as_there(parts) -> None:
    """Of the place only what is recorded stands under what is there; the presumed function has a sentence of its own."""
    told = _paragraphs(parts)
    assert "Das ist da und bleibt: Grundschule." in told
    assert "Nicht verzeichnet, bei dieser Größe aber zu erwarten: Hausarztpraxis. Fragen Sie zuerst nach." in told
    assert "1 bekannte Funktion" in proposal_lines(parts)[1]  # of the anchors only the primary school is recorded


def test_a_record_beside_it_is_no_presumption(parts) -> None:
    """Where somebody recorded the function in the place, or in the other place of the pair, it is there."""
    rows = parts.plan.functions
    practice = rows[rows["evidence"] == "presumed"]
    here = rows[rows["place_id"] == anchor_plan.ALT]
    assert presumed(here) == [(anchor_plan.ALT, "general_practitioner")]
    assert presumed(pd.concat([here, practice.assign(evidence="probable")])) == []
    assert presumed(pd.concat([here, practice.assign(evidence="certain", place_id=anchor_plan.HUE)])) == []


def test_probable_is_told_as_such(parts) -> None:
    """A function of which all that is known is probable carries the word; one sure facility is enough to drop it."""
    rows = parts.plan.functions
    school = rows["function"] == "primary_school"
    unsure = rows.assign(evidence=rows["evidence"].mask(school, "probable"))
    assert "Das ist da und bleibt: Grundschule (wahrscheinlich)." in _paragraphs(_with(parts, functions=unsure))
    both = pd.concat([unsure, rows[school]])
    assert "Das ist da und bleibt: Grundschule." in _paragraphs(_with(parts, functions=both))


@pytest.mark.parametrize("lang", ["de", "en"])
def test_what_to_ask_first_stands_on_the_first_page_and_on_the_screen(documents, lang) -> None:
    """By place: presumed functions of the anchors, and what opens though nobody said that there is none."""
    line = Evidence(AnchorParts(documents, lang).words).ask_line()
    noun = documents.catalogue.nouns
    asked = f"Altenröde: {noun['general_practitioner'].one(lang)}, {noun['citizen_office'].one(lang)}."
    assert line.endswith(f": {asked}")
    assert line in proposal_lines(AnchorParts(documents, lang))
    assert line in plan_lines(documents, lang)


def test_the_screen_tells_how_much_of_the_core_is_presumed(documents) -> None:
    """An anchor with presumed items says how many; one without says nothing of it."""
    lines = plan_lines(documents, "de")
    assert any("Altenröde" in line and "Kern 4 von 6 heute, davon 1 vermutet; 5 im Plan" in line for line in lines)
    assert any("Langenwörden mit Sülzberg" in line and "Kern 3 von 7 heute, 6 im Plan" in line for line in lines)


def test_what_opens_and_may_be_there_is_marked(parts) -> None:
    """The first page counts it; the list of decisions says "vorher fragen" of it, and of nothing else."""
    assert "Bei 1 davon ist nicht bekannt, ob es sie dort schon gibt." in proposal_lines(parts)[1]
    items = [
        i for b in anchors_printed(parts).blocks if isinstance(b, Bullets) for i in b.items if "vorher fragen" in i
    ]
    assert len(items) == 1
    assert items[0].startswith("Altenröde, neu: Bürgerbüro")


@pytest.mark.parametrize("lang", ["de", "en"])
def test_tables_and_layers_tell_the_evidence(documents, lang, tmp_path) -> None:
    """Workbook, map layer and matrix: a presumed function has the letter ? and its own words."""
    parts = AnchorParts(documents, lang)
    frame = functions_sheet(parts)
    row = frame[frame["anchor_what"] == say("anchors.what.presumed", lang)]
    assert row["anchor_evidence"].to_list() == [say("anchors.evidence.presumed", lang)]
    assert anchors_sheet(parts)["core_presumed"].to_list() == [1, 0]
    assert (proof_sheet(parts)["anchor_value"] == Evidence(parts.words).ask_line()).any()
    _, cells = matrix(parts, parts.plan.functions)
    assert cells[(anchor_plan.ALT, "general_practitioner")] == "presumed"
    path = tmp_path / "plan.gpkg"
    write_anchor_geopackage(parts, path)
    layer = pyogrio.read_dataframe(path, layer="anchor_functions")
    assert layer.loc[layer["evidence"] == "presumed", ["what", "what_id"]].to_numpy().tolist() == [["?", "kept"]]
    assert pyogrio.read_dataframe(path, layer="anchors")["core_presumed"].to_list() == [1, 0, 0]


def test_places_that_could_not_be_tried_are_named_with_people(documents) -> None:
    """On the first page and on the screen, with what to do; many are counted."""
    places = documents.region.places
    ids = tuple(places["place_id"].iloc[:6])
    for n, word in ((1, "ist"), (6, "sind")):
        prepared = dataclasses.replace(documents.prepared, no_centre=ids[:n])
        told = AnchorParts(dataclasses.replace(documents, prepared=prepared), "de")
        (line,) = [x for x in proposal_lines(told) if x.startswith(f"Nicht geprüft {word}")]
        assert f"{places['print_name'].iloc[0]} (" in line and "Menschen)" in line
        assert ("2 weitere" in line) == (n == 6)
        lines = plan_lines(told.documents, "de")
        assert lines[lines.index(line) + 1].strip() == say("anchors.no_centre_repair", "de")
    assert not Evidence(AnchorParts(documents, "de").words).place_lines()


def test_a_rest_with_the_people_of_a_place_is_named(documents) -> None:
    """What is left of a municipality and takes part as a candidate is told: a place is probably missing from the data."""
    places = documents.region.places.copy()
    places.loc[places["place_id"] == anchor_plan.LANG, "kind"] = "outlying"
    region = dataclasses.replace(documents.region, places=places)
    told = AnchorParts(dataclasses.replace(documents, region=region), "de")
    assert any(line.startswith("Kein Ort, sondern Restgebiet ist Langenwörden (") for line in proposal_lines(told))


def _cases(parts: AnchorParts, *, today: float, shorter: float) -> pd.DataFrame:
    rows = parts.plan.cases.assign(served_more=0.0, shorter_persons=0.0)
    rows.loc[rows["case"] == "today", "people_share"] = today
    rows.loc[rows["case"] == "all", "shorter_persons"] = shorter
    return rows


def test_without_a_known_gap_the_purpose_is_said(parts) -> None:
    """Nobody served more: what the plan is for, why no gap is known (functions and people), what to do; nothing of it where people gain."""
    assert not Evidence(parts.words).purpose_lines()
    for shorter, told in ((2_660.0, "2.660 Wege zu verkürzen"), (0.0, "dient dazu, Wege zu bündeln")):
        none = _with(parts, cases=_cases(parts, today=1.0, shorter=shorter))
        lines = Evidence(none.words).purpose_lines()
        assert told in lines[0] and "fehlt niemandem sicher" in lines[0]
        assert (
            "Bei 2 Funktionen" in lines[1] and "Friseur (6.310 Menschen) und Hausarztpraxis (120 Menschen)" in lines[1]
        )
        assert "ankerort inquiry" in lines[2] and "--assume-complete" in lines[2]
        assert set(lines) <= set(proposal_lines(none)) and set(lines) <= set(plan_lines(none.documents, "de"))


def test_a_proposal_on_few_functions_warns(parts) -> None:
    """Where more than half of the core functions are left out since too little is known, page and screen say so first."""
    core = [f"core:{item.id}" for item in parts.documents.catalogue.core]
    assert not Evidence(parts.words).little_known_line()
    for n in (len(core) // 2, len(core) // 2 + 1):
        rows = pd.DataFrame({"function": core[:n], "reason": "supply_unknown", "unknown_persons": 100.0})
        told = _with(parts, left_out=rows)
        line = Evidence(told.words).little_known_line()
        assert bool(line) == (2 * n > len(core))
    assert f"Nur {len(core) - n} von {len(core)} Grundfunktionen" in line
    warned = [b.text for b in anchors_printed(told).blocks[:4] if isinstance(b, Paragraph) and b.style == "warn"]
    assert line in warned and line in plan_lines(told.documents, "de")[1:3]


def test_known_gaps_that_stay_are_said(parts) -> None:
    """Where gaps are known and the plan closes none, it says how much is reached and does not claim that nobody lacks anything."""
    cases = _cases(parts, today=0.8, shorter=50.0)
    lines = Evidence(_with(parts, cases=cases).words).purpose_lines()
    assert "80,0 %" in lines[0] and "keine der bekannten Lücken" in lines[1] and "Bei 2 Funktionen" in lines[2]
    kept = parts.plan.functions[parts.plan.functions["what"] == "kept"]
    proven = dataclasses.replace(parts.plan.proof, status="optimal", relaxed=False)
    for proof, told in ((proven, "Unter diesen Vorgaben lohnt sich"), (parts.plan.proof, "Die Suche fand keine")):
        nothing = _with(parts, cases=cases, functions=kept, proof=proof)
        assert told in Evidence(nothing.words).purpose_lines()[1]
        assert say("anchors.decides_none", "de") in _paragraphs(nothing)
        assert not any("neue Funktionen" in line for line in plan_lines(nothing.documents, "de"))


def test_an_assumption_is_no_knowledge(parts) -> None:
    """Where the request assumes complete lists, nothing is told as known to be absent, and the screen warns."""
    request = dataclasses.replace(parts.plan.request, assume_complete=True)
    assumed = _with(parts, request=request)
    words = set(functions_sheet(assumed)["anchor_evidence"])
    assert say("anchors.evidence.assumed", "de") in words and say("anchors.evidence.absent", "de") not in words
    assert say("anchors.assume_complete", "de") in plan_lines(assumed.documents, "de")


def test_fewer_anchors_than_allowed_have_a_reason(parts) -> None:
    """One more would cost more than it brings (proven), was not found (not proven), does not fit the budget, or is not needed."""
    request = dataclasses.replace(parts.plan.request, budget_eur=None)
    proven = dataclasses.replace(parts.plan.proof, status="optimal", relaxed=False)

    def told(proof=proven, **asked: object) -> str:
        words = _with(parts, proof=proof, request=dataclasses.replace(request, **asked)).words
        return Evidence(words).fewer_line()

    assert told(max_anchors=3) == "Erlaubt waren 3; ein weiterer Schwerpunktort brächte weniger, als er kostet."
    assert "oder passt nicht ins Budget" in told(max_anchors=3, budget_eur=50_000.0)
    assert "die Suche fand keinen" in told(parts.plan.proof, max_anchors=3)
    assert "reichen 2" in told(max_anchors=3, cover=0.8)
    assert told(max_anchors=2) == told(max_anchors=None) == ""


def test_an_explanation_keeps_presumed_functions_apart() -> None:
    """What is presumed is no function that is there today; what opens where nobody knows is told as such."""
    prepared = line_world((640.0, 300.0), cost_eur=(40_000.0, 30_000.0), limits=Limits(max_anchors=1))
    homes, effort = homes_by_row(prepared, 3), Effort(10.0, exact=True)
    opens = prepared.offers.assign(evidence="unknown")
    told = explain_places(dataclasses.replace(prepared, offers=opens), solved(prepared), homes, effort=effort)
    gain = told.places[0].gain
    assert gain is not None and gain.unknown == gain.new == ("bank_branch",) and gain.presumed == ()
    places = pd.DataFrame({"place_id": ["P0"], "print_name": ["Altdorf"], "kind": ["village"]})
    words = ExplainWords(places, CATALOGUE, "de")
    assert (
        "Nicht bekannt ist, ob es das in Altdorf schon gibt: Bankfiliale. Fragen Sie zuerst nach."
        in words.place_lines(told.places[0])
    )
    held = dataclasses.replace(gain, kept=(), presumed=("general_practitioner",))
    lines = words.place_lines(dataclasses.replace(told.places[0], gain=held))
    assert "Nicht verzeichnet, in Altdorf aber zu erwarten: Hausarztpraxis. Fragen Sie zuerst nach." in lines
    assert not any(line.startswith("Schon heute") for line in lines)


def test_a_regional_plan_without_any_of_the_anchors_is_said(documents) -> None:
    """None of the designated places is proposed: a word, not the number 0."""
    plan = dataclasses.replace(documents.plan, anchors=documents.plan.anchors[:1])
    (line,) = table_lines(AnchorParts(dataclasses.replace(documents, plan=plan), "de"))
    assert "hier ist keiner davon vorgeschlagen" in line and "0 davon" not in line


def test_the_line_of_cost_and_benefit_names_what_counts_beside_it(parts) -> None:
    """With objectives one after the other only those of them count; weighted ones count by their weight."""
    told = "deshalb kann er neben der Linie liegen"
    assert any(told in text for text in _paragraphs(parts))
    objective = dataclasses.replace(parts.documents.prepared.objective, order=("people", "cost"))
    prepared = dataclasses.replace(parts.documents.prepared, objective=objective)
    ordered = AnchorParts(dataclasses.replace(parts.documents, prepared=prepared), "de")
    assert not any(told in text for text in _paragraphs(ordered))


def test_a_front_of_today_alone_is_a_sentence(parts) -> None:
    """Where no money serves anybody more there is no line to draw, and that is said."""
    flat = _with(parts, front=parts.plan.front[:1])
    assert say("anchors.front_flat", "de") in _paragraphs(flat)
    assert say("anchors.front_flat", "de") not in _paragraphs(parts)


def test_two_proposals_that_are_as_good_are_said_to_be() -> None:
    """Below a thousandth of the points nobody is told weights that would turn it: other reasons decide."""
    prepared = line_world((640.0, 639.9), limits=Limits(max_anchors=1))
    told = explain_places(prepared, solved(prepared), homes_by_row(prepared, 2), effort=Effort(10.0, exact=True))
    places = pd.DataFrame({"place_id": ["P0", "P1"], "print_name": ["Altdorf", "Bergen"], "kind": ["village"] * 2})
    lines = ExplainWords(places, CATALOGUE, "de").place_lines(told.places[0])
    assert say("anchors_explain.tie", "de") in lines
    assert not any("-fachem Gewicht" in line for line in lines)


@pytest.mark.parametrize(
    ("function", "de", "en"),
    [
        ("core:bank_cash", "die nächste Bankfiliale oder der nächste Geldautomat", "the nearest bank or cash machine"),
        (
            "core:bakery_village_shop",
            "die nächste Bäckerei oder der nächste Dorfladen",
            "the nearest bakery or village shop",
        ),
        (
            "adult_music_school",
            "die nächste Volkshochschule oder Musikschule",
            "the nearest adult education or music school",
        ),
        ("core:pharmacy", "die nächste Apotheke", "the nearest pharmacy"),
    ],
)
def test_each_noun_of_a_function_has_its_article(function, de, en) -> None:
    """Two nouns of different genders do not share an article."""
    assert nearest_function(function, CATALOGUE, "de") == de
    assert nearest_function(function, CATALOGUE, "en") == en
