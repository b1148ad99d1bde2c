"""Page "gerechtigkeit": share served, persons not served, minutes, and what cooperation alone can fix."""

from __future__ import annotations

import dataclasses

from ankerort.documents import findings
from ankerort.documents.assessment import Assessment
from ankerort.documents.page_equity import equity_content
from ankerort.documents.pages import PAGES, render_pages
from ankerort.documents.standard_lines import persons_between
from ankerort.text import say

PAGE = tuple(p for p in PAGES if p.anchor == "gerechtigkeit")


def test_each_core_function_tells_share_persons_and_minutes(assessment: Assessment) -> None:
    """Twelve rows; persons short are those of the first page's shares: base less within."""
    rows = equity_content(assessment, "de")["rows"]
    found = findings.core_findings(assessment)
    assert len(rows) == len(found) == 12
    first = found[0]
    assert rows[0]["short"] == persons_between(
        first.persons - first.without_car_high,
        first.persons - first.without_car_low,
        "de",
        persons=first.persons,
    )
    assert all(row["base"] for row in rows)


def test_one_sentence_says_what_cooperation_alone_can_fix(assessment: Assessment) -> None:
    """The words of `equity_words`, with the function, the way and the share of the people that it rests on."""
    most = equity_content(assessment, "de")["most"]
    assert "kann keine Gemeinde allein ausgleichen" in most
    assert "deren Weg bekannt ist" in most


def test_a_figure_that_rests_on_few_people_stands_in_brackets_and_says_so(assessment: Assessment) -> None:
    """Where for most people a nearer service may be missing in the data, the share is bracketed and the sentence adds it."""
    table = assessment.depth.equity.assign(sure_share=0.1)
    edited = dataclasses.replace(assessment, depth=dataclasses.replace(assessment.depth, equity=table))
    content = equity_content(edited, "de")
    shown = [row["between"] for row in content["rows"] if row["between"] != "–"]
    assert shown and all(text.startswith("(") for text in shown)
    assert "kann ein näheres Angebot in den Daten fehlen" in content["most"]


def test_without_a_figure_the_page_says_why(assessment: Assessment) -> None:
    """Too few known ways: no number, one sentence."""
    table = assessment.depth.equity.assign(reason="few_known")
    edited = dataclasses.replace(assessment, depth=dataclasses.replace(assessment.depth, equity=table))
    content = equity_content(edited, "de")
    assert content["most"] == say("equity_page.no_figure", "de")
    assert {row["between"] for row in content["rows"]} == {"–"}


def test_inequality_indices_stand_in_the_workbook_only(assessment: Assessment) -> None:
    """Gini, Palma and Theil are named once as where to find them, and have no column in the report."""
    html = render_pages(assessment, "de", PAGE)[0]["html"]
    assert html.count("Gini") == 1
    assert "<th>Gini" not in html
