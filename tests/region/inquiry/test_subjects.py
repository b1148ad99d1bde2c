"""What was asked about is found again by name and position where a list numbered its rows anew; capacities follow the answers."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from ankerort.base.problems import Problems
from ankerort.region.inquiry.answers import Asked
from ankerort.region.inquiry.capacity_answers import with_answers
from ankerort.region.inquiry.layout import line_key, read_line_key
from ankerort.region.inquiry.ledger import confirmations_of, ledger_path, read_ledger
from ankerort.region.inquiry.subjects import separate_subjects
from ankerort.region.read_region import read_region
from ankerort.region.schema import CAPACITIES
from worlds.answered_region import SIMILAR_FROM, answer, id_of, listed, named, states, take, told, world


def _asked(folder: Path, name: str) -> Asked:
    row = named(read_region(folder), name)
    return Asked(name, float(str(row["lon"])), float(str(row["lat"])))


def _renumber(folder: Path) -> None:
    """A pharmacy is put before the others: each of them gets the number of the next."""
    path = folder / "liste.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, listed("pharmacy", "Adler-Apotheke", 900, 900), *rows]) + "\n", encoding="utf-8")


def test_a_key_tells_what_was_asked_about_and_old_keys_still_read() -> None:
    """Name and position of each row; a key without them, or with others than it has ids, says nothing of them."""
    asked = (Asked("Löwen-Apotheke", 11.123456, 52.1), Asked("Ohne Ort"))
    key = read_line_key(line_key(place_id="p", service="s", ids=["a", "b"], asked=asked))
    assert key is not None
    assert (key.asked_of("a"), key.asked_of("b")) == (Asked("Löwen-Apotheke", 11.12346, 52.1), Asked("Ohne Ort"))
    for text in (
        '{"p":"p","i":["a"]}',
        '{"p":"p","i":["a"],"a":[["x"],["y"]]}',
        '{"p":"p","i":["a"],"a":[["x",1e9,2]]}',
    ):
        old = read_line_key(text)
        assert old is not None
        assert old.asked_of("a") is None


def test_a_sheet_sent_before_a_list_was_renumbered_hits_what_it_asked_about(tmp_path: Path) -> None:
    """The old number means another pharmacy by now: shown and closed is the one that stood on the sheet; re-import says nothing new."""
    folder = world(tmp_path)
    about, asked = id_of(folder, "Hirsch-Apotheke"), _asked(folder, "Hirsch-Apotheke")
    _renumber(folder)
    assert named(read_region(folder), "Löwen-Apotheke")["facility_id"] == about
    (one,) = take(folder, answer("gone", about=about, asked=asked))
    assert (one.row["subject_name"], one.row["old_value"]) == ("Hirsch-Apotheke", "open")
    region = read_region(folder)
    assert named(region, "Hirsch-Apotheke")["state"] == "closed"
    assert named(region, "Löwen-Apotheke")["state"] == "open"
    assert region.confirmations["subject_id"].tolist() == [named(region, "Hirsch-Apotheke")["facility_id"]]
    (again,) = take(folder, answer("gone", about=about, asked=asked))
    assert again.kind == "nothing"


def test_the_same_id_of_two_sheets_may_mean_two_things(tmp_path: Path) -> None:
    """Answers about them neither contradict nor supersede each other."""
    folder = world(tmp_path)
    about, asked = id_of(folder, "Hirsch-Apotheke"), _asked(folder, "Hirsch-Apotheke")
    take(folder, answer("gone", about=about, asked=asked))
    _renumber(folder)
    take(folder, answer("correct", about=about, asked=_asked(folder, "Löwen-Apotheke"), confirmed_on="2026-05-05"))
    region = read_region(folder)
    assert states(region) == ["in_force", "in_force"]
    assert named(region, "Hirsch-Apotheke")["state"] == "closed"
    assert named(region, "Löwen-Apotheke")["confirmed_on"] == "2026-05-05"


def test_what_is_no_more_is_told_by_its_name(tmp_path: Path) -> None:
    """What stood on the sheet was taken out of the list, and its number means another one: a warning, and nothing is closed."""
    folder = world(tmp_path)
    about, asked = id_of(folder, "Löwen-Apotheke"), Asked("Ganz Andere", 11.0, 50.0)
    take(folder, answer("gone", about=about, asked=asked))
    region = read_region(folder)
    assert states(region) == ["without_subject"]
    assert [p.params["name"] for p in told(region, "ledger_subject_lost")] == ["Ganz Andere"]
    assert named(region, "Löwen-Apotheke")["state"] == "open"


def test_a_corrected_name_is_no_other_thing(tmp_path: Path) -> None:
    """Renamed at the same spot: the newer answer supersedes the older one."""
    folder = world(tmp_path)
    about = id_of(folder, "Hirsch-Apotheke")
    take(folder, answer("correct", about=about))
    ledger = read_ledger(ledger_path(folder), problems=Problems())
    renamed = pd.concat([ledger, ledger.assign(subject_name="Apotheke am Ring", confirmation_id="r-x")])
    far = renamed.assign(lon=[ledger["lon"][0], ledger["lon"][0] + 0.1]).reset_index(drop=True)
    apart = {"distance_m": 150.0, "similar_from": SIMILAR_FROM}
    assert separate_subjects(renamed.reset_index(drop=True), **apart)["subject_id"].tolist() == [about, about]
    assert separate_subjects(far, **apart)["subject_id"].nunique() == 2


@pytest.mark.parametrize("begin", [math.nan, 2020.0])
def test_an_answered_capacity_goes_before_the_periods(tmp_path: Path, begin: float) -> None:
    """From the year of the answer on; the years before keep their periods, and a later one that no longer holds is told."""
    folder = world(tmp_path)
    about = id_of(folder, "Löwen-Apotheke")
    take(folder, answer("wrong", about=about, values={"capacity": "55"}))
    region = read_region(folder)
    rows = [
        {"facility_id": about, "capacity": 40.0, "from_year": begin, "to_year": math.nan},
        {"facility_id": about, "capacity": 80.0, "from_year": 2028.0, "to_year": math.nan},
        {"facility_id": "other", "capacity": 7.0, "from_year": 2028.0, "to_year": math.nan},
    ]
    problems = Problems()
    found = with_answers(
        CAPACITIES.conform(pd.DataFrame(rows)), region.confirmations, region.facilities, problems=problems
    )
    mine = found[found["facility_id"] == about][["capacity", "from_year", "to_year"]]
    assert mine.fillna(0.0).to_numpy().tolist() == [
        [40.0, 0.0 if math.isnan(begin) else begin, 2025.0],
        [55.0, 2026.0, 0.0],
    ]
    assert found.loc[found["facility_id"] == "other", "capacity"].tolist() == [7.0]
    assert [(p.code, p.params["year"], p.params["former"]) for p in problems] == [("ledger_capacity", "2028", "80")]


def test_without_an_answer_the_periods_stay() -> None:
    """An empty ledger changes nothing."""
    rows = CAPACITIES.conform(pd.DataFrame([{"facility_id": "a", "capacity": 1.0}]))
    assert with_answers(rows, confirmations_of([]), pd.DataFrame(), problems=Problems()) is rows
