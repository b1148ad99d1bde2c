"""A plan that finds too few rooms, or costs more than its budget, says so wherever cost is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankerort.anchors.plan import RoomsShort
from ankerort.cli.anchors_summary import plan_lines
from ankerort.documents.anchors_chapter import proposal_blocks
from ankerort.documents.anchors_decides import cost_blocks
from ankerort.documents.anchors_documents import AnchorDocuments
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.anchors_proof import proof_lines
from ankerort.documents.anchors_rooms import bound_line, budget_line, room_lines
from ankerort.documents.anchors_sheets import proof_sheet
from ankerort.documents.blocks import Paragraph
from worlds import anchor_plan


@pytest.fixture(scope="module")
def documents(assessment) -> AnchorDocuments:
    """The made-up plan."""
    return anchor_plan.made_up(assessment)


@pytest.fixture(scope="module")
def short(documents) -> AnchorParts:
    """The plan 2,000 EUR above its budget, since the desks found no room in the first anchor."""
    plan = documents.plan
    told = RoomsShort(str(plan.anchors["place_id"].iloc[0]), ("coworking_house",), 3_000.0, 4_576.0, 6_000.0)
    asked = replace(plan.request, budget_eur=float(plan.costs["cost_mid"].sum()) - 2_000.0)
    proof = replace(plan.proof, status="feasible")
    return AnchorParts(replace(documents, plan=replace(plan, rooms_short=(told,), request=asked, proof=proof)), "de")


def test_a_broken_budget_is_said_on_the_first_page_in_the_costs_and_in_the_terminal(short) -> None:
    """The sentence names cost, excess and budget; its reason is the rooms."""
    line = budget_line(short.words)
    assert "2.000 EUR mehr als" in line
    assert "Gebäude reichen nicht" in line
    for blocks in (proposal_blocks(short), cost_blocks(short)):
        assert [b.style for b in blocks if isinstance(b, Paragraph) and b.text == line] == ["warn"]
    assert line in plan_lines(short.documents, "de")
    assert line in proof_sheet(short)["anchor_value"].tolist()


def test_what_found_no_room_is_named_with_its_price(short) -> None:
    """Place, functions and what they cost more, beside the items of cost, in the workbook and in the terminal."""
    (line,) = room_lines(short.words)
    assert short.words.place(str(short.plan.anchors["place_id"].iloc[0])) in line
    assert "4 Arbeitsplätze im Mehrfunktionshaus" in line
    assert "3,0–6,0 T€/Jahr mehr" in line
    assert line in [b.text for b in cost_blocks(short) if isinstance(b, Paragraph)]
    assert line in plan_lines(short.documents, "de")
    assert line in proof_sheet(short)["anchor_value"].tolist()


def test_the_bound_says_what_it_does_not_know(short) -> None:
    """Where prices rose, the proof says that the bound has each function alone; a proven plan needs no such word."""
    assert bound_line(short.words) in proof_lines(short)
    proven = replace(short.plan, proof=replace(short.plan.proof, status="optimal"))
    assert bound_line(AnchorParts(replace(short.documents, plan=proven), "de").words) == ""


def test_a_plan_with_rooms_for_all_says_nothing(documents) -> None:
    """Without a budget and with rooms for all there is nothing to say."""
    words = AnchorParts(documents, "de").words
    assert (budget_line(words), room_lines(words), bound_line(words)) == ("", [], "")
