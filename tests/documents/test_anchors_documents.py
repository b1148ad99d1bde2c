"""What a council reads of a plan: the chapter, its page, PDF and DOCX, and that all say the same."""

from __future__ import annotations

import dataclasses
import io
import re
from pathlib import Path

import docx
import pandas as pd
import pypdf
import pytest
from PIL import Image

from ankerort.anchors.schema import PLAN_ROBUST
from ankerort.anchors.week_plan import WeekAnswer
from ankerort.documents.anchors_catchments import NONE
from ankerort.documents.anchors_chapter import CHAPTERS, anchors_printed, proposal_lines
from ankerort.documents.anchors_decides import recruit_line
from ankerort.documents.anchors_documents import AnchorDocuments
from ankerort.documents.anchors_gains import left_out_blocks, municipality_rows
from ankerort.documents.anchors_map import letter_of
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.anchors_places import matrix
from ankerort.documents.anchors_proof import proof_lines, worth_telling
from ankerort.documents.anchors_robust import chosen_in, made_lines, robust_blocks, robust_rows
from ankerort.documents.anchors_sheets import regret_sheet
from ankerort.documents.anchors_week import week_blocks, week_of
from ankerort.documents.anchors_words import AnchorWords, Money
from ankerort.documents.anchors_write import FILES, public_documents, write_anchor_documents
from ankerort.documents.blocks import Bullets, Cell, Heading, Paragraph, Picture, Printed, Table
from ankerort.documents.blocks_check import checked
from ankerort.region.paper_status import PaperStatus
from ankerort.text import say
from ankerort.text.counted import Counted
from worlds import anchor_plan


@pytest.fixture(scope="module")
def documents(assessment) -> AnchorDocuments:
    """The made-up plan, without a comparison."""
    return anchor_plan.made_up(assessment)


@pytest.fixture(scope="module")
def parts(documents) -> AnchorParts:
    """Its parts in German."""
    return AnchorParts(documents, "de")


@pytest.fixture(scope="module")
def printed(parts) -> Printed:
    """Its chapter."""
    return anchors_printed(parts)


@pytest.fixture(scope="module", params=["de", "en"])
def out(request, documents, tmp_path_factory) -> tuple[Path, str]:
    """All its files in one language."""
    folder = tmp_path_factory.mktemp(f"plan-{request.param}")
    files = write_anchor_documents(documents, folder, lang=request.param)
    assert tuple(f.name for f in files) == FILES
    return folder, request.param


def texts(blocks) -> list[str]:
    """All words of blocks."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Heading | Paragraph):
            found.append(block.text)
        elif isinstance(block, Bullets):
            found += block.items
        elif isinstance(block, Table):
            found += [c.text if isinstance(c, Cell) else c for row in (block.head, *block.rows) for c in row]
    return found


def test_the_nine_chapters_stand_in_order(printed) -> None:
    """Proposal, anchors, matrix, who decides, cost, gains, what is not known, proof, method."""
    found = [b.text for b in checked(printed).blocks if isinstance(b, Heading) and b.level == 1]
    assert found == [f"{n} {say(title, 'de')}" for n, title in enumerate(CHAPTERS, 1)]


def test_the_first_page_says_five_things_with_numbers(parts) -> None:
    """Places, functions, people, cost as a range, what the body decides itself: each line has a number."""
    lines = proposal_lines(parts)
    assert len(lines) == 5
    assert all(re.search(r"\d", line) for line in lines)
    assert "Altenröde und Langenwörden mit Sülzberg" in lines[0]
    assert "2.020 Menschen" in lines[2] and "für 6.050 wird der Weg kürzer" in lines[2]
    assert "35–70 T€/Jahr" in lines[3] and "± 40 %" in lines[3]
    assert "2 von 5 Änderungen" in lines[4] and "590 von 2.020" in lines[4] and "1.770 von 6.050 Wegen" in lines[4]


def test_the_proposal_never_passes_for_a_designation(out) -> None:
    """Page, PDF and DOCX say that it replaces no designation of regional planning, and call it a proposal in the title."""
    folder, lang = out
    sentence, title = say("anchors.no_designation", lang), say("anchors.title", lang)
    html = (folder / FILES[0]).read_text(encoding="utf-8")
    first = pypdf.PdfReader(folder / FILES[1]).pages[0].extract_text()
    document = "\n".join(p.text for p in docx.Document(str(folder / FILES[2])).paragraphs)
    for text in (html, " ".join(first.split()), document):
        assert sentence in text
        assert title in text


def test_the_first_chapter_has_one_page(out) -> None:
    """The second chapter begins on the second page; the status of the paper stands on each."""
    folder, lang = out
    pages = [" ".join(p.extract_text().split()) for p in pypdf.PdfReader(folder / FILES[1]).pages]
    assert f"2 {say(CHAPTERS[1], lang)}" not in pages[0]
    assert f"2 {say(CHAPTERS[1], lang)}" in pages[1]
    assert all(("Arbeitsstand" if lang == "de" else "2026-11-01") in page for page in pages)


def test_the_page_loads_nothing(out) -> None:
    """One file that works offline: no address to load from, and every word of the German chapter is escaped."""
    html = (out[0] / FILES[0]).read_text(encoding="utf-8")
    assert not re.search(r"""(src|href)=["'](?!data:|#)""", html)
    assert "{{" not in html and "{%" not in html


def test_equal_plans_give_equal_files(documents, out, tmp_path) -> None:
    """Nothing carries the time of writing."""
    folder, lang = out
    again = write_anchor_documents(documents, tmp_path, lang=lang)
    for path in again:
        if path.suffix != ".gpkg":
            assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_every_change_stands_in_the_list_of_those_who_decide(parts, printed) -> None:
    """Three lists: what opens, moves or closes stands in the one of its row, and in no other."""
    blocks = list(printed.blocks)
    for decides in ("own", "joint", "recruit"):
        title = say(f"anchors.decides.{decides}", "de")
        at = next(k for k, b in enumerate(blocks) if isinstance(b, Heading) and b.text == title)
        items = blocks[at + 1].items
        mine = parts.changes[parts.changes["decides"] == decides]
        assert len(items) == len(mine)
        for (_, row), item in zip(mine.iterrows(), items, strict=True):
            assert item.startswith(
                f"{parts.words.place(row['place_id'])}, {say('anchors.what.' + row['what'], 'de').split()[0]}"
            )


def test_what_remains_without_the_doctor_is_said(parts) -> None:
    """The value without those who can only be invited is that of the case joint; what depends on them is named."""
    line = recruit_line(parts)
    assert "810 von 2.020" in line and "1.210" in line and "Hausarztpraxis" in line
    nobody = parts.plan.functions[parts.plan.functions["decides"] != "recruit"]
    plan = dataclasses.replace(parts.plan, functions=nobody)
    assert recruit_line(AnchorParts(dataclasses.replace(parts.documents, plan=plan), "de")) == ""


def test_items_of_cost_sum_to_the_plan(parts, printed) -> None:
    """The head sum of the chapter on cost is that of its items, and tasks are told apart."""
    total = Money.of(parts.plan.costs)
    assert (total.low, total.mid, total.high) == pytest.approx((parts.cost.low, parts.cost.mid, parts.cost.high))
    told = texts(printed.blocks)
    assert "Folgekosten: 35–70 T€/Jahr." in told
    by_task = [
        t for t in told if t.startswith(("Pflichtaufgaben:", "freiwillige Aufgaben:", "keine Aufgaben der Gemeinde:"))
    ]
    assert len(by_task) == 3


def test_costs_carry_the_marks_of_their_records(parts, printed) -> None:
    """A cost with a record shows its mark; one without shows a dash, never a mark of its own."""
    table = next(b for b in printed.blocks if isinstance(b, Table) and b.head[-1] == "Beleg")
    marks = {str(row[-1]) for row in table.rows if len(row) > 1}
    assert "[M]" in marks and "–" in marks
    assert parts.words.marks(["no such record"]) == ""
    assert parts.words.sources("anchors.cost_frame_share").startswith("DIN 276")


def test_the_matrix_tells_change_before_what_stays(parts) -> None:
    """A function that is there and gets another one counts as new; columns follow the order of the problem."""
    rows = parts.plan.functions
    twice = rows[rows["what"] == "kept"].assign(what="new")
    columns, cells = matrix(parts, rows)
    order = [f.id for f in parts.documents.prepared.problem.functions]
    assert columns == [f for f in order if f in columns]
    assert cells[(anchor_plan.ALT, "primary_school")] == "kept"
    _, cells = matrix(parts, pd.concat([rows, twice], ignore_index=True))
    assert cells[(anchor_plan.ALT, "primary_school")] == "new"


def test_catchments_are_those_of_the_closest_anchor(parts) -> None:
    """Each person of the study area within the standard of an anchor counts once, at the closest; the others are told too."""
    found, prepared = parts.catchments, parts.documents.prepared
    cells = parts.documents.region.cells
    inside = cells["in_study"].to_numpy(bool)[prepared.demand_cell]
    everybody = prepared.problem.demand.persons[inside].sum()
    assert found.persons["persons"].sum() + found.without["persons"].sum() == pytest.approx(everybody)
    travel, numbers = prepared.problem.anchor_travel, {p: k for k, p in enumerate(prepared.place_ids)}
    for row in range(0, len(prepared.demand_cell), 37):
        best = {}
        for k, places in enumerate([(anchor_plan.ALT,), (anchor_plan.LANG, anchor_plan.SUE)]):
            seconds = []
            for place in places:
                part = travel.site(numbers[place])
                hit = travel.row[part] == row
                near = hit & travel.within[part]
                seconds.append(int(travel.seconds[part][near][0]) if near.any() else None)
            if None not in seconds:
                best[k] = min(seconds)
        cell = prepared.demand_cell[row]
        expected = min(best, key=lambda k: (best[k], k)) if best and inside[row] else NONE
        assert found.of_cell[cell] == expected


def test_the_map_is_a_picture_of_the_page_and_told_in_words(parts, printed) -> None:
    """PNG of the width of a page; its alternative text names the anchors and who comes from other municipalities."""
    pictures = [b for b in printed.blocks if isinstance(b, Picture)]
    assert len(pictures) == 2  # map and Pareto chart
    assert "Altenröde" in pictures[0].alt and "730 Menschen" in pictures[0].alt
    assert Image.open(io.BytesIO(pictures[0].png)).size[0] > 900
    assert "heute: keine Mehrkosten, 61,0 %." in pictures[1].alt


def test_letters_go_on_after_z() -> None:
    """Every anchor has a letter of its own."""
    assert [letter_of(k) for k in (0, 25, 26, 53)] == ["A", "Z", "A2", "B3"]
    assert len({letter_of(k) for k in range(200)}) == 200


def test_the_proof_says_value_bound_distance_and_relaxation(parts) -> None:
    """Plain words with the numbers of the plan; a bound of the relaxation is said to be one; no bound is said to be none."""
    lines = " ".join(proof_lines(parts))
    for text in (
        "12.346 Punkte",
        "12.568",
        "1,8 %",
        "Startzahl 1",
        "vereinfachten Rechnung",
        "abgezogen sind die Folgekosten",
    ):
        assert text in lines
    proof = dataclasses.replace(parts.plan.proof, relaxed=False, status="optimal", gap=0.0)
    exact = _with(parts, proof=proof)
    assert any("bewiesen das Beste" in line for line in proof_lines(exact))
    assert not any("vereinfachten" in line for line in proof_lines(exact))
    unknown = _with(parts, proof=dataclasses.replace(parts.plan.proof, bound=float("inf"), gap=float("inf")))
    assert any("nicht bewiesen" in line for line in proof_lines(unknown))


def _with(parts: AnchorParts, **changes: object) -> AnchorParts:
    plan = dataclasses.replace(parts.plan, **changes)
    return AnchorParts(dataclasses.replace(parts.documents, plan=plan), parts.lang)


def test_no_regret_is_from_ninety_per_cent(parts) -> None:
    """A proposed place in 9 of 10 runs is right in almost every case, one in 6 is not; others are not proposed."""
    found = {place: (n, of, verdict) for place, n, of, verdict in robust_rows(parts)}
    assert found[anchor_plan.LANG] == (9, 10, say("anchors.robust_yes", "de"))
    assert found[anchor_plan.ALT] == (6, 10, say("anchors.robust_no", "de"))
    assert found[anchor_plan.HOEH] == (1, 10, say("anchors.robust_not_chosen", "de"))
    assert next(iter(chosen_in(parts.plan.robust))) == anchor_plan.LANG


def test_runs_are_told_by_what_is_varied(parts) -> None:
    """Page and sheet tell what is varied in how many runs, that people could not be varied without a forecast, and how many runs were cut off."""
    runs = [("", "recorded", "mid"), ("", "recorded", "low"), ("", "1", "mid"), ("", "2", "high")]
    rows = [
        {
            "run": k + 1,
            "variant": v,
            "weights": w,
            "costs": c,
            "value": 1.0,
            "plan_value": 1.0,
            "regret": 0.0,
            "proven": k < 3,
        }
        for k, (v, w, c) in enumerate(runs)
    ]
    robust = PLAN_ROBUST.conform(pd.DataFrame(rows).assign(anchors=anchor_plan.LANG))
    told = made_lines(robust, "de")
    assert told == [
        say("anchors.robust_made", "de", people="0", costs="1", weights="1", joint="1"),
        say("anchors.robust_no_people", "de"),
        say("anchors.robust_cut", "de", n=Counted(1, "de")),
    ]
    assert told[-1].startswith("1 Rechnung endete")
    assert set(told) <= set(texts(robust_blocks(_with(parts, robust=robust))))
    assert regret_sheet(_with(parts, robust=robust))["run_proven"].tolist() == ["ja", "ja", "ja", "nein"]
    forecast = robust.assign(variant=["", "2040 trend", "", ""], proven=True)
    assert made_lines(forecast, "de") == [
        say("anchors.robust_made", "de", people="0", costs="0", weights="1", joint="2")
    ]


def test_what_took_no_part_is_named_with_a_reason(parts) -> None:
    """Each function left out has its reason and what to do; supply partly unknown of one that took part is told too."""
    told = texts(left_out_blocks(parts))
    joined = " ".join(told)
    assert "Friseur" in joined and "6.310 Menschen" in joined and "ankerort inquiry" in joined
    assert "Bibliothek" in joined and "Hausarztpraxis (120 Menschen)" in joined


def test_unknown_counted_as_a_gap_is_said_on_the_first_page(parts) -> None:
    """Where people of unknown supply count as unserved, the first page warns before anything else."""
    request = dataclasses.replace(parts.plan.request, assume_complete=True)
    warned = anchors_printed(_with(parts, request=request))
    warning = say("anchors.assume_complete", "de")
    assert any(isinstance(b, Paragraph) and b.text == warning and b.style == "warn" for b in warned.blocks[:4])
    assert warning not in texts(anchors_printed(parts).blocks)


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("make", [anchor_plan.without_extras, anchor_plan.empty])
def test_a_plan_without_extras_is_written_too(documents, make, lang, tmp_path) -> None:
    """Without front, robustness, comparison, or any anchor, every file is there and says so; nothing is left silently empty."""
    small = make(documents)
    files = write_anchor_documents(small, tmp_path, lang=lang)
    assert all(f.stat().st_size > 0 for f in files)
    told = " ".join(texts(anchors_printed(AnchorParts(small, lang)).blocks))
    if not small.plan.anchors.empty:
        assert say("anchors.gains_missing", lang) in told
    else:
        assert say("anchors.gains_same", lang) in told
        assert say("anchors.first.none", lang) in told


def test_the_status_of_the_paper_heads_each_page(documents) -> None:
    """A draft is headed as such, with its day."""
    paper = PaperStatus(kind="entwurf", on="2026-11-20")
    told = anchors_printed(AnchorParts(dataclasses.replace(documents, paper=paper), "de"))
    assert told.header == "Entwurf vom 20.11.2026"


def test_nothing_is_hidden_where_nothing_is_internal(documents) -> None:
    """Without internal lists the documents are told as they are."""
    assert public_documents(documents, "de") is documents


def test_gains_are_those_of_the_comparison(documents, sample_run, tmp_path) -> None:
    """Who gains stands in the chapter with the numbers of step 2's comparison, municipality by municipality."""
    from ankerort.compare_run import compare_project
    from ankerort.documents.comparison_rows import effects, gained, head_lines

    compared = compare_project(sample_run.folder, "heute", ["dorfladen-huettelsdorf"], out=tmp_path, threads=1).compared
    told = AnchorParts(dataclasses.replace(documents, comparison=compared), "de")
    one = compared.scenarios[0]
    rows = municipality_rows(told)
    expected = effects(one, compared.catalogue, level="municipality", area="15999010")
    mine = rows[rows["municipality"] == "Mühlenstedt"]
    assert list(mine["gain"]) == [gained(e.gain_low, e.gain_high, "de", sign="+") for e in expected]
    words = texts(anchors_printed(told).blocks)
    assert set(head_lines(one, compared.catalogue, "de")) <= set(words)


def test_the_week_is_that_of_the_scenario(documents) -> None:
    """The printed week of a shared room has the opening hours that the plan's scenario gets; each presence stands on its day."""
    from ankerort.anchors.rooms import week_hours
    from ankerort.anchors.week_plan import opening_hours

    variants = [v.id for v in documents.catalogue.provision.variants.values() if v.hours_week.value > 0][:3]
    rows = pd.concat([documents.plan.functions.iloc[[0]]] * 3, ignore_index=True).assign(
        variant=variants, what="new", place_id=anchor_plan.ALT
    )
    plan = dataclasses.replace(documents.plan, functions=rows)
    answer = week_of(rows, documents.catalogue)
    hours = week_hours(plan, documents.catalogue)
    assert {(anchor_plan.ALT, v): opening_hours(answer.plan, v) for v in variants} == hours
    table = week_blocks(anchor_plan.ALT, answer, AnchorWords(documents, "de"))[0]
    assert sum(len(str(row[1]).split("\n")) for row in table.rows) == len(answer.plan.sessions)
    assert week_of(rows.assign(variant=""), documents.catalogue) is None


def test_too_many_hours_are_said(documents) -> None:
    """A room that is open for less than is needed says both numbers; no week is made up."""
    (block,) = week_blocks(anchor_plan.ALT, WeekAnswer(None, "hours", 52.0, 38.5), AnchorWords(documents, "de"))
    assert "52 Stunden" in block.text and "38,5" in block.text


def test_the_front_tells_what_brings_more(parts) -> None:
    """A point that brings no more than a cheaper one, or than today, is not told; the others stay, in their order."""
    front = parts.plan.front
    assert worth_telling(front, "people_share")["number"].to_list() == front["number"].to_list()
    last = front.iloc[[-1]]
    dearer = last.assign(number=9, cost_mid=last["cost_mid"] + 1000.0, people_share=last["people_share"] + 0.0004)
    today_again = front.iloc[[0]].assign(number=8)
    more = pd.concat([front.iloc[[0]], today_again, front.iloc[1:], dearer], ignore_index=True)
    assert worth_telling(more, "people_share")["number"].to_list() == front["number"].to_list()


def test_a_missing_regional_plan_is_unknown_not_absent(documents) -> None:
    """Without a list of central places no anchor is said not to be designated."""
    region = dataclasses.replace(documents.region, central_places=documents.region.central_places.iloc[:0])
    told = " ".join(texts(anchors_printed(AnchorParts(dataclasses.replace(documents, region=region), "de")).blocks))
    assert say("anchors.tier_none", "de") not in told
    assert say("anchors.compare_unknown", "de") in told
