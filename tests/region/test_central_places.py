"""The list of designated central places: read, located, and what is wrong with it told by row."""

from __future__ import annotations

from pathlib import Path

from ankerort.base.problems import Problems
from ankerort.region.central_places import locate_central_places, read_central_places
from ankerort.region.settings import InputSettings
from worlds import tiny_region


def _read(tmp_path: Path, text: str) -> tuple[list[tuple[str, str]], Problems]:
    path = tmp_path / "zentrale_orte.csv"
    path.write_text(text, encoding="utf-8")
    problems = Problems()
    read = read_central_places((InputSettings("central_places", (path,), "plan"),), problems=problems)
    found = locate_central_places(read, tiny_region.region().places, problems)
    return list(zip(found["place_id"], found["tier"], strict=True)), problems


def test_german_headings_tiers_and_dates_are_read(tmp_path: Path) -> None:
    """Ort, Stufe, Plan, Datum; the tier as the plan writes it; the place is found by its name."""
    place = tiny_region.region().places.iloc[0]
    found, problems = _read(tmp_path, f"Ort;Stufe;Plan;Datum\n{place['name']};Grundzentrum;REP 2025;31.05.2025\n")
    assert found == [(place["place_id"], "GZ")]
    assert not len(problems)


def test_every_fault_is_told_with_its_row(tmp_path: Path) -> None:
    """An unknown place, an unknown tier, no plan, no date and a place named twice: all at once, each with its row."""
    name = tiny_region.region().places["name"].iloc[0]
    text = (
        "name,tier,plan,date\n"
        f"{name},GZ,REP,2025\n"
        f"{name},MZ,REP,2025\n"
        "Nirgendwo,GZ,REP,2025\n"
        f"{name},Dorf,REP,2025\n"
        f"{name},GZ,,morgen\n"
    )
    found, problems = _read(tmp_path, text)
    assert [tier for _, tier in found] == ["GZ"]
    told = {(p.code, p.row) for p in problems}
    assert {
        ("central_place_twice", 3),
        ("central_place_unknown", 4),
        ("central_place_tier", 5),
        ("central_place_without_plan", 6),
        ("central_place_date", 6),
    } <= told


def test_a_list_without_its_columns_is_told(tmp_path: Path) -> None:
    """Without a column for the tier the file cannot be used; the columns that are there are named."""
    _, problems = _read(tmp_path, "ort;rang\nA;1\n")
    assert [p.code for p in problems if p.severity == "error"] == ["central_places_columns"]
