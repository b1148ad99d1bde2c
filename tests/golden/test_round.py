"""The round with one real municipality: 20 cells are filled in as a clerk would, read back, and change what they should.

The workbook that goes out holds data of OpenStreetMap, which may not enter the repository. Kept is therefore what the clerk types, as a table
(``stockheim_answers.csv``: place, line, column, text; the answers are invented); the test types it into a freshly exported workbook.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks import Block, Bullets, Cell, Heading, Paragraph, Table
from ankerort.documents.council_unknown import ask_blocks
from ankerort.documents.evidence import evidence_lines
from ankerort.documents.profile import profile_blocks
from ankerort.documents.report import write_report
from ankerort.inquiry_run import write_inquiry
from ankerort.region.hours_words import hours_in_words
from ankerort.region.inquiry.status import inquiry_status
from ankerort.returns_run import Returns, read_returns, take_over
from ankerort.run import assess_region, explain_project
from ankerort.sample.typed_answers import COVER, TypedCell, read_typed_cells, type_into
from reference.golden import copy_of_region

pytestmark = [pytest.mark.golden, pytest.mark.slow]

CELLS = Path(__file__).with_name("stockheim_answers.csv")
AGS, OFFICE, DAY = "06440020", "Gemeinde Ranstadt, Bauamt", "12.11.2026"
RANSTADT, DAUERNHEIM = f"{AGS}-ranstadt", f"{AGS}-dauernheim"
OBER_MOCKSTADT, BOBENHAUSEN, BELLMUTH = (f"{AGS}-{p}" for p in ("ober-mockstadt", "bobenhausen-i", "bellmuth"))
NO_POST = (DAUERNHEIM, OBER_MOCKSTADT, BOBENHAUSEN, BELLMUTH)
TOUCHED = {"post_office", "supermarket", "village_shop", "bakery"}
TOUCHED_CORE = {"core:post", "core:food_market", "core:bakery_village_shop"}


@dataclass(frozen=True)
class Round:
    """Before and after the answers, what the import showed, and the folder."""

    folder: Path
    filled: Path
    cells: tuple[TypedCell, ...]
    before: Assessment
    returns: Returns
    after: Assessment


@pytest.fixture(scope="module")
def played(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Round:
    """Assess, export, fill in, take over, assess again."""
    folder = copy_of_region("stockheim", shared_data, tmp_path_factory.mktemp("runde"))
    before, _ = assess_region(folder)
    (sent,) = write_inquiry(folder, municipalities=["Ranstadt"])
    cells = read_typed_cells(CELLS)
    filled = folder / "antworten" / sent.name
    type_into(sent, filled, cells)
    returns = read_returns([filled], imported_on="2026-11-20", project=folder)
    assert take_over(returns) is None
    after, _ = assess_region(folder)
    return Round(folder, filled, cells, before, returns, after)


def _recording(assessment: Assessment) -> pd.DataFrame:
    return assessment.supply.recording.set_index("service")


def _states(assessment: Assessment) -> pd.DataFrame:
    return assessment.supply.place_service.set_index(["place_id", "service"])


def _facility(assessment: Assessment, place_id: str, service: str, state: str = "open") -> pd.Series:
    rows = assessment.region.facilities
    mine = rows[(rows["place_id"] == place_id) & (rows["service"] == service) & (rows["state"] == state)]
    mine = mine[mine["merged_into"] == ""]
    assert len(mine) == 1, (place_id, service, len(mine))
    return mine.iloc[0]


def _texts(blocks: list[Block] | tuple[Block, ...]) -> str:
    """All texts of blocks, one line per paragraph or row of a table."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Heading | Paragraph):
            lines.append(block.text)
        elif isinstance(block, Bullets):
            lines += block.items
        elif isinstance(block, Table):
            lines += [" | ".join(c.text if isinstance(c, Cell) else c for c in row) for row in block.rows]
    return "\n".join(lines)


def _profile(assessment: Assessment, place_id: str) -> str:
    return _texts(profile_blocks(assessment, place_id, "de"))


def test_a_clerk_fills_in_twenty_cells(played: Round) -> None:
    """Twenty cells beside office and day, with every kind of answer and one thing in each block; the import has no complaint."""
    typed = [c for c in played.cells if c.block != COVER]
    assert len(typed) == 20
    assert {c.block for c in typed} == {"asked", "new", "mobile", "clubs", "buildings"}
    answers = {c.text for c in typed if c.field == "answer"}
    assert answers == {"stimmt", "stimmt nicht", "gibt es nicht mehr", "gibt es hier nicht"}
    assert not played.returns.problems
    assert played.returns.files == (played.filled,)


def test_the_import_shows_each_thing_once(played: Round) -> None:
    """One row of the ledger says what each answer says of a thing; fields stand in rows of their own."""
    whole = [d for d in played.returns.differences if not d.row["field"]]
    assert {(d.row["place_id"], d.row["service"] or d.row["subject"], d.kind) for d in whole} == {
        (RANSTADT, "post_office", "confirmed"),
        (RANSTADT, "supermarket", "changed"),
        (DAUERNHEIM, "supermarket", "closed"),
        *((place, "post_office", "absent") for place in NO_POST),
        (DAUERNHEIM, "general_practitioner", "absent"),
        (BELLMUTH, "village_shop", "new"),
        (BOBENHAUSEN, "bakery", "new"),
        (OBER_MOCKSTADT, "clubs", "new"),
        (DAUERNHEIM, "buildings", "new"),
    }
    hours = next(d.row for d in played.returns.differences if d.row["field"] == "opening_hours")
    before = _facility(played.before, RANSTADT, "supermarket")
    assert hours["old_value"] == before["opening_hours"] != hours["new_value"] == "Mo-Sa 07:00-20:00"
    assert (hours["old_source_id"], hours["confirmed_on"]) == (before["source_id"], "2026-11-12")


def test_facilities_are_what_the_office_says(played: Round) -> None:
    """Confirmed is certain, closed has its year, the new shop stands in its village; the club, the visit and the building are there."""
    post = _facility(played.after, RANSTADT, "post_office")
    assert (_facility(played.before, RANSTADT, "post_office")["certainty"], post["certainty"]) == (
        "probable",
        "certain",
    )
    assert (post["confirmed_by"], post["confirmed_on"]) == (OFFICE, "2026-11-12")
    assert _facility(played.after, RANSTADT, "supermarket")["opening_hours"] == "Mo-Sa 07:00-20:00"
    assert _facility(played.after, DAUERNHEIM, "supermarket", "closed")["closed_year"] == "2021"
    assert _facility(played.after, BELLMUTH, "village_shop")["name"] == "Dorfladen Bellmuth"
    region = played.after.region
    assert region.mobile_visits[["place_id", "weekday", "from_time"]].values.tolist() == [[BOBENHAUSEN, "Tu", "09:30"]]
    assert region.clubs[["place_id", "name"]].values.tolist() == [[OBER_MOCKSTADT, "Kulturverein"]]
    assert region.buildings[["place_id", "use"]].values.tolist() == [[DAUERNHEIM, "vacant"]]


def test_the_recording_rate_changes_by_hand_count(played: Round) -> None:
    """Post: one more certain, one less probable. Supermarket: one probable less, one closed more. Shop: one more. All else stays."""
    before, after = _recording(played.before), _recording(played.after)
    counts = ["found", "certain", "probable", "closed"]
    moved = (after[counts] - before[counts]).astype(int)
    expected = {"post_office": [0, 1, -1, 0], "supermarket": [-1, 0, -1, 1], "village_shop": [1, 1, 0, 0]}
    for service, row in moved.iterrows():
        assert row.tolist() == expected.get(str(service), [0, 0, 0, 0]), service
    market = after.loc["supermarket"]
    assert market["rate"] == pytest.approx((before.loc["supermarket", "found"] - 1) / market["expected"])
    assert market["rate"] < before.loc["supermarket", "rate"]
    same = [s for s in after.index if s not in expected]
    pd.testing.assert_frame_equal(after.loc[same], before.loc[same])


def test_absence_is_known_where_the_office_said_so(played: Round) -> None:
    """The four villages without a post office have a state now; elsewhere absence stays as unknown as it was."""
    before, after = _states(played.before), _states(played.after)
    for place in NO_POST:
        assert before.loc[(place, "post_office"), "state"] == "?"
        assert after.loc[(place, "post_office"), "state"] in ("E", "A", "–")
        assert bool(after.loc[(place, "post_office"), "confirmed_none"])
    assert bool(after.loc[(DAUERNHEIM, "general_practitioner"), "confirmed_none"])
    assert (
        _recording(played.after).loc["post_office", "absence"] == "unknown"
    )  # four other municipalities have not answered
    told = played.after.region.absences
    assert sorted(told["place_id"]) == sorted([*NO_POST, DAUERNHEIM])


def test_states_change_where_they_should_and_nowhere_else(played: Round) -> None:
    """Shop O, baker M, market no longer O; states of services that nobody answered about stay."""
    before, after = _states(played.before), _states(played.after)
    columns = ["state", "state_no_car", "state_demand"]
    for place, service, letter in ((BELLMUTH, "village_shop", "O"), (BOBENHAUSEN, "bakery", "M")):
        assert before.loc[(place, service), "state"] not in (letter, "M")
        assert after.loc[(place, service), "state"] == letter
    assert before.loc[(DAUERNHEIM, "supermarket"), "state"] == "O"
    assert after.loc[(DAUERNHEIM, "supermarket"), "state"] in ("E", "A", "–")
    changed = (before[columns] != after[columns]).any(axis=1)
    assert set(changed[changed].index.get_level_values("service")) == TOUCHED | TOUCHED_CORE
    unknown = [int((frame["state"] == "?").sum()) for frame in (before, after)]
    assert unknown[1] < unknown[0]


def test_the_state_of_the_round_counts_by_hand(played: Round) -> None:
    """All five villages answered; of 12 core functions each: post in five, doctor in one, market and shop where there is one."""
    table = inquiry_status(played.after.region, played.after.catalogue).set_index("ags")
    row = table.loc[AGS]
    assert (row["places_answered"], row["places"]) == (5, 5)
    assert (row["core_answered"], row["core_asked"]) == (5 + 1 + 1 + 1, 12 * 5)
    assert (row["offices"], row["newest"], row["contradicted"]) == (OFFICE, "2026-11-12", 0)
    others = table.drop(index=[AGS, ""], errors="ignore")
    assert not others["answers"].any()


def test_report_and_questions_follow(played: Round, tmp_path: Path) -> None:
    """The page "Rücklauf" names the office; what was answered is no longer asked."""
    reports = []
    for name, assessment in (("vorher", played.before), ("nachher", played.after)):
        path = tmp_path / f"{name}.html"
        write_report(assessment, path, "de")
        reports.append(path.read_text(encoding="utf-8"))
    assert OFFICE not in reports[0]
    assert OFFICE in reports[1]
    assert DAY in reports[1]
    asked = [_texts(ask_blocks(a, "de")) for a in (played.before, played.after)]
    post = [
        [line for line in text.splitlines() if line.startswith("Ober-Mockstadt | ") and "Post" in line]
        for text in asked
    ]
    assert len(post[0]) == 1
    assert not post[1]


def test_the_profiles_tell_what_was_confirmed(played: Round) -> None:
    """Shop and baker with the day of the confirmation, the market among what there was, and how many absences are confirmed."""
    bellmuth, bobenhausen, dauernheim = (_profile(played.after, p) for p in (BELLMUTH, BOBENHAUSEN, DAUERNHEIM))
    assert f"Dorfladen Bellmuth | bestätigt am {DAY}" in bellmuth
    assert "dienstags ab 09:30 Uhr" in bobenhausen
    assert f"bestätigt am {DAY}" in bobenhausen
    assert "Supermarkt (bis 2021)" in dauernheim
    assert "Bei 2 Leistungen ist bestätigt, dass es sie hier nicht gibt." in dauernheim
    for place in (BELLMUTH, BOBENHAUSEN, DAUERNHEIM):
        assert "bestätigt am" not in _profile(played.before, place)


@pytest.mark.parametrize(
    ("place", "service", "sheet"),
    [
        ("Ranstadt", "supermarket", "Ranstadt"),
        ("Dauernheim", "supermarket", "Dauernheim"),
        ("Bellmuth", "post_office", "Bellmuth"),
    ],
)
def test_explain_names_the_confirmation(played: Round, place: str, service: str, sheet: str) -> None:
    """Office, day, file, sheet and row, and what was believed before."""
    text = "\n".join(evidence_lines(explain_project(played.folder, place=place, service=service), "de"))
    rows = played.after.region.confirmations
    mine = rows[(rows["place_name"] == place) & (rows["service"] == service)]
    assert len(mine) >= 1
    assert f"{OFFICE}, {DAY}" in text
    assert f"({played.filled.name}, {sheet}, Zeile {mine.iloc[0]['row']})" in text
    if place == "Ranstadt":
        old = _facility(played.before, f"{AGS}-ranstadt", "supermarket")["opening_hours"]
        assert f"Vorher: {hours_in_words(str(old), 'de')}" in text
    else:
        assert ("Vorher: vorhanden" if service == "supermarket" else "Vorher nicht bekannt.") in text


def test_reading_the_same_file_again_changes_nothing(played: Round) -> None:
    """The ledger holds all of it already."""
    again = read_returns([played.filled], imported_on="2026-11-23", project=played.folder)
    assert again.news == 0
    assert not any(p.severity == "error" for p in again.problems)
