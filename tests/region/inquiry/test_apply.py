"""Confirmations laid over a region: every verdict for every subject, precedence, contradictions, traces."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankerort.base.problems import InputError
from ankerort.region.inquiry.ledger import ledger_path
from ankerort.region.project import load_region, save_region
from ankerort.region.read_region import read_region
from worlds.answered_region import (
    AHAUSEN,
    BERGE,
    DISTRICT,
    OFFICE,
    answer,
    id_of,
    listed,
    named,
    states,
    take,
    told,
    world,
)


def test_correct_makes_certain(tmp_path: Path) -> None:
    """ "stimmt": the facility is certain and says who confirmed it and when; old state, source and date stay in the ledger."""
    folder = world(tmp_path)
    (one,) = take(folder, answer("correct", about=id_of(folder, "Löwen-Apotheke")))
    assert one.kind == "confirmed"
    region = read_region(folder)
    row = named(region, "Löwen-Apotheke")
    assert (row["state"], row["certainty"], row["confirmed_by"], row["confirmed_on"]) == (
        "open",
        "certain",
        OFFICE,
        "2026-03-03",
    )
    kept = region.confirmations.iloc[0]
    assert (kept["old_value"], kept["old_source_id"], kept["old_source_date"]) == ("open", "liste", "2025-01-01")
    assert (kept["file"], kept["sheet"], kept["row"], kept["state"]) == ("abfrage.xlsx", "Ahausen", 7, "in_force")
    source = region.sources.set_index("source_id").loc["rueckmeldung"]
    assert (source["kind"], source["date"], source["rows"]) == ("user", "2026-03-03", 1)


def test_wrong_replaces_the_named_fields_only(tmp_path: Path) -> None:
    """ "stimmt nicht": fields named by the office are replaced, the others stay; old and new value stand in the ledger."""
    folder = world(tmp_path)
    about = id_of(folder, "Löwen-Apotheke")
    found = take(folder, answer("wrong", about=about, values={"opening_hours": "Mo-Fr 09:00-12:00", "capacity": "2,5"}))
    assert [(d.row["field"], d.kind) for d in found] == [
        ("", "changed"),
        ("capacity", "changed"),
        ("opening_hours", "changed"),
    ]
    region = read_region(folder)
    row = named(region, "Löwen-Apotheke")
    assert (row["opening_hours"], row["capacity"], row["source_id"]) == ("Mo-Fr 09:00-12:00", 2.5, "liste")
    hours = region.confirmations[region.confirmations["field"] == "opening_hours"].iloc[0]
    assert (hours["old_value"], hours["new_value"]) == ("Mo-Fr 08:00-18:00", "Mo-Fr 09:00-12:00")


def test_gone_closes_with_its_year(tmp_path: Path) -> None:
    """ "gibt es nicht mehr seit 2024": closed with the year; it stays visible as closed."""
    folder = world(tmp_path)
    (one,) = take(folder, answer("gone", about=id_of(folder, "Löwen-Apotheke"), since_year="2024"))
    assert one.kind == "closed"
    row = named(read_region(folder), "Löwen-Apotheke")
    assert (row["state"], row["closed_year"], row["confirmed_by"]) == ("closed", "2024", OFFICE)


def test_new_stands_at_the_centre_of_its_place(tmp_path: Path) -> None:
    """ "fehlt": a facility nobody knew stands in its place with a note on the position, certain and confirmed."""
    folder = world(tmp_path)
    found = take(folder, answer("new", "bakery", values={"name": "Bäckerei Korn", "wheelchair": "yes"}))
    assert {d.kind for d in found} == {"new"}
    region = read_region(folder)
    row = named(region, "Bäckerei Korn")
    centre = region.places.set_index("place_id").loc[AHAUSEN]
    assert (row["x"], row["y"], row["place_id"]) == (centre["x"], centre["y"], AHAUSEN)
    assert (row["wheelchair"], row["certainty"], row["source_id"]) == ("yes", "certain", "rueckmeldung")
    assert row["note"] != ""
    assert row["source_ref"] == "abfrage.xlsx, Ahausen:7"


def test_new_that_is_known_already_is_one_with_it(tmp_path: Path) -> None:
    """A facility named as missing that a list has under a like name is one with it and takes its position."""
    folder = world(tmp_path)
    take(folder, answer("new", values={"name": "Hirschapotheke"}))
    rows = read_region(folder).facilities
    rows = rows[rows["service"].eq("pharmacy") & rows["merged_into"].eq("")]
    assert sorted(rows["name"]) == ["Hirschapotheke", "Löwen-Apotheke"]
    hirsch = rows[rows["name"] == "Hirschapotheke"].iloc[0]
    assert (hirsch["x"], hirsch["y"]) == pytest.approx((651_100, 5_751_700), abs=0.1)


def test_a_confirmed_absence_beats_list_and_older_confirmation(tmp_path: Path) -> None:
    """ "gibt es hier nicht" beats a list, a table confirmed before, and an older answer; nothing of them is lost or called closed."""
    folder = world(tmp_path, listed("pharmacy", "Alte Apotheke", 900, 600, by="Gemeinde", on="2026-01-01"))
    take(folder, answer("correct", about=id_of(folder, "Löwen-Apotheke"), confirmed_on="2025-06-01"))
    (one,) = take(folder, answer("absent", subject="absences"))
    assert one.kind == "absent"
    assert one.row["old_value"] == "open"
    assert "Hirsch-Apotheke" in str(one.row["subject_name"])
    region = read_region(folder)
    rows = region.facilities[region.facilities["service"] == "pharmacy"]
    assert set(rows["state"]) == {"refuted"}
    assert set(rows["closed_year"]) == {""}
    assert len(rows) == 3
    absence = region.absences.iloc[0]
    assert (absence["service"], absence["place_id"], absence["confirmed_by"]) == ("pharmacy", AHAUSEN, OFFICE)
    (beaten,) = told(region, "ledger_beats")
    assert "Alte Apotheke" in str(beaten.params["names"])
    assert sorted(states(region)) == ["in_force", "superseded"]


def test_a_table_confirmed_later_goes_over_the_answer(tmp_path: Path) -> None:
    """A facility that the user's own table calls confirmed on a later day stays; the absence is superseded and told."""
    folder = world(tmp_path, listed("pharmacy", "Neue Apotheke", 900, 600, by="Gesundheitsamt", on="2026-05-01"))
    take(folder, answer("absent", subject="absences"))
    region = read_region(folder)
    assert named(region, "Neue Apotheke")["state"] == "open"
    assert not len(region.absences)
    assert states(region) == ["superseded"]
    (older,) = told(region, "ledger_older")
    assert older.params["other_by"] == "Gesundheitsamt"


def test_a_later_answer_names_a_facility_again(tmp_path: Path) -> None:
    """An absence of March is superseded by the same office naming a pharmacy in May."""
    folder = world(tmp_path)
    take(folder, answer("absent", subject="absences"))
    take(folder, answer("new", confirmed_on="2026-05-01", values={"name": "Sonnen-Apotheke"}))
    region = read_region(folder)
    assert named(region, "Sonnen-Apotheke")["state"] == "open"
    assert not len(region.absences)
    assert named(region, "Löwen-Apotheke")["state"] == "open"


def test_an_old_sheet_never_beats_a_newer_answer(tmp_path: Path) -> None:
    """Import of a sheet of February after one of March: told as older, the newer one holds."""
    folder = world(tmp_path)
    about = id_of(folder, "Löwen-Apotheke")
    take(folder, answer("gone", about=about))
    (one,) = take(folder, answer("correct", about=about, confirmed_on="2026-02-01"))
    assert one.kind == "older"
    region = read_region(folder)
    assert named(region, "Löwen-Apotheke")["state"] == "closed"
    assert sorted(states(region)) == ["in_force", "superseded"]


@pytest.mark.parametrize(
    ("office", "day", "fight"),
    [
        (OFFICE, "2026-03-03", True),
        (DISTRICT, "2026-03-03", True),
        (DISTRICT, "2026-04-01", True),
        (OFFICE, "2026-04-01", False),
        (DISTRICT, "2027-06-01", False),
    ],
)
def test_contradictions(tmp_path: Path, office: str, day: str, fight: bool) -> None:
    """Absent against named: of one day, or of two offices within a year, both hold nothing and the former knowledge stays."""
    folder = world(tmp_path)
    take(folder, answer("new", "bakery", values={"name": "Bäckerei Korn"}))
    (one,) = take(folder, answer("absent", "bakery", subject="absences", confirmed_by=office, confirmed_on=day))
    assert one.kind == ("contradicted" if fight else "absent")
    region = read_region(folder)
    heads = region.confirmations[region.confirmations["field"] == ""]
    if fight:
        assert set(region.confirmations["state"]) == {"contradicted"}
        assert not len(region.absences)
        assert not (region.facilities["service"] == "bakery").any()
        (problem,) = told(region, "ledger_contradiction")
        assert {problem.params["by_1"], problem.params["by_2"]} == {OFFICE, office}
        assert problem.params["on_2"] == day
    else:
        assert sorted(heads["state"]) == ["in_force", "superseded"]
        assert len(region.absences) == 1
        assert named(region, "Bäckerei Korn")["state"] == "refuted"


def test_gone_in_the_year_of_the_older_answer_is_no_contradiction(tmp_path: Path) -> None:
    """One office saw it in March, another says in April that it went in 2026: both can be true, the newer holds."""
    folder = world(tmp_path)
    about = id_of(folder, "Löwen-Apotheke")
    take(folder, answer("correct", about=about))
    take(folder, answer("gone", about=about, confirmed_by=DISTRICT, confirmed_on="2026-04-01", since_year="2026"))
    assert named(read_region(folder), "Löwen-Apotheke")["state"] == "closed"


def test_contradictory_values_of_one_day(tmp_path: Path) -> None:
    """Two opening hours of one day: neither holds, the list's stay, both are named."""
    folder = world(tmp_path)
    about = id_of(folder, "Löwen-Apotheke")
    take(
        folder,
        answer("wrong", about=about, values={"opening_hours": "Mo 08:00-12:00"}),
        answer("wrong", about=about, values={"opening_hours": "Tu 08:00-12:00"}, confirmed_by=DISTRICT),
    )
    region = read_region(folder)
    assert named(region, "Löwen-Apotheke")["opening_hours"] == "Mo-Fr 08:00-18:00"
    (problem,) = told(region, "ledger_contradiction_value")
    assert {problem.params["value_1"], problem.params["value_2"]} == {"Mo 08:00-12:00", "Tu 08:00-12:00"}
    take(
        folder,
        answer("wrong", about=about, values={"opening_hours": "We 08:00-12:00"}, confirmed_on="2026-04-01"),
    )
    assert named(read_region(folder), "Löwen-Apotheke")["opening_hours"] == "We 08:00-12:00"


def test_reimport_is_idempotent_and_fuller_sheets_add(tmp_path: Path) -> None:
    """The same answers again change nothing, byte for byte; a fuller version of the sheet adds only what is new."""
    folder = world(tmp_path)
    about = id_of(folder, "Löwen-Apotheke")
    first = (
        answer("wrong", about=about, values={"wheelchair": "yes"}),
        answer("new", "bakery", values={"name": "Korn"}),
    )
    take(folder, *first)
    before = ledger_path(folder).read_bytes()
    again = take(folder, *first, on="2028-02-01")
    assert {d.kind for d in again} == {"nothing"}
    assert ledger_path(folder).read_bytes() == before
    fuller = (
        answer("wrong", about=about, values={"wheelchair": "yes", "opening_hours": "Mo 08:00-12:00"}),
        answer("new", "bakery", values={"name": "Korn", "opening_hours": "Sa 08:00-11:00"}),
    )
    added = [d for d in take(folder, *fuller) if d.kind != "nothing"]
    assert [d.row["field"] for d in added] == ["opening_hours", "opening_hours"]
    region = read_region(folder)
    assert named(region, "Korn")["opening_hours"] == "Sa 08:00-11:00"
    assert set(states(region)) == {"in_force"}


def test_order_of_independent_imports_does_not_matter(tmp_path: Path) -> None:
    """Three answers about three things, in three orders: the same facilities, absences and states."""
    results = set()
    for number, order in enumerate(((0, 1, 2), (2, 1, 0), (1, 2, 0))):
        folder = world(tmp_path / str(number))
        region = read_region(folder)
        ids = region.facilities.set_index("name")["facility_id"]
        answers = (
            answer("wrong", about=ids["Löwen-Apotheke"], values={"opening_hours": "Mo 08:00-12:00"}),
            answer("new", "bakery", values={"name": "Korn"}),
            answer("absent", "general_practitioner", subject="absences", place_id=BERGE, ags="15001001"),
        )
        for k in order:
            take(folder, answers[k])
        done = read_region(folder)
        told_rows = done.confirmations.sort_values("confirmation_id")
        results.add(
            (done.facilities.to_csv(index=False), done.absences.to_csv(index=False), told_rows.to_csv(index=False))
        )
    assert len(results) == 1


def test_visits_buildings_clubs(tmp_path: Path) -> None:
    """Mobile visits, buildings and clubs: new ones appear, wrong ones change, those gone are left out; all stay in the ledger."""
    folder = world(tmp_path)
    take(
        folder,
        answer("new", "bakery", subject="mobile_visits", values={"weekday": "Tu", "from_time": "10:00", "to_time": "10:20", "stop_name": "Kirche", "rhythm_weeks": "2"}),
        answer("new", "", subject="buildings", values={"name": "Alte Schule", "use": "vacant", "condition": "4", "step_free": "no"}),
        answer("new", "", subject="clubs", values={"name": "SV Ahausen", "rooms": "Sporthalle", "members_class": "50_99"}),
    )  # fmt: skip
    region = read_region(folder)
    visit, building, club = (region.mobile_visits.iloc[0], region.buildings.iloc[0], region.clubs.iloc[0])
    assert (visit["service"], visit["place_id"], visit["weekday"], visit["rhythm_weeks"]) == (
        "bakery",
        AHAUSEN,
        "Tu",
        2,
    )
    assert (building["name"], building["condition"], building["confirmed_by"]) == ("Alte Schule", 4, OFFICE)
    assert (club["name"], club["members_class"]) == ("SV Ahausen", "50_99")
    later = {"confirmed_on": "2026-05-01"}
    take(
        folder,
        answer("wrong", "bakery", subject="mobile_visits", about=visit["visit_id"], values={"weekday": "We"}, **later),
        answer("gone", "", subject="buildings", about=building["building_id"], since_year="2026", **later),
        answer("correct", "", subject="clubs", about=club["club_id"], **later),
    )
    region = read_region(folder)
    assert region.mobile_visits["weekday"].tolist() == ["We"]
    assert not len(region.buildings)
    assert region.clubs["confirmed_on"].tolist() == ["2026-05-01"]
    assert (region.confirmations["subject"] == "buildings").sum() == 6


def test_absence_of_a_table_is_denied(tmp_path: Path) -> None:
    """A "there is none" of a table goes when the office names one in that place; "stimmt" on an absence confirms it."""
    folder = world(tmp_path)
    take(folder, answer("correct", "bakery", subject="absences"))
    assert len(read_region(folder).absences) == 1
    take(folder, answer("wrong", "bakery", subject="absences", confirmed_on="2026-06-01"))
    assert not len(read_region(folder).absences)


@pytest.mark.parametrize("change", ["id", "gone"])
def test_a_subject_with_another_id_is_found_again(tmp_path: Path, change: str) -> None:
    """When the source numbers its rows anew the facility is found by name and place; when it is gone that is told."""
    folder = world(tmp_path)
    take(folder, answer("correct", about=id_of(folder, "Hirsch-Apotheke")))
    lines = (folder / "liste.csv").read_text(encoding="utf-8").splitlines()
    kept = [lines[0], lines[2], lines[1], lines[3]] if change == "id" else [lines[0], lines[3]]
    (folder / "liste.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    region = read_region(folder)
    if change == "id":
        assert named(region, "Hirsch-Apotheke")["confirmed_by"] == OFFICE
        assert named(region, "Löwen-Apotheke")["confirmed_by"] == ""
    else:
        assert states(region) == ["without_subject"]
        assert len(told(region, "ledger_subject_lost")) == 1


def test_answers_about_unknown_places_are_refused(tmp_path: Path) -> None:
    """A place that the project does not know is an error with file, sheet and row."""
    folder = world(tmp_path)
    with pytest.raises(InputError) as raised:
        take(folder, answer("absent", subject="absences", place_id="15001000-nirgends"))
    (problem,) = raised.value.problems
    assert (problem.code, problem.table, problem.row) == ("returned_place_unknown", "abfrage.xlsx/Ahausen", 7)
    assert not ledger_path(folder).exists()


def test_the_region_keeps_confirmations_on_disk(tmp_path: Path) -> None:
    """A region with a ledger survives the project folder."""
    folder = world(tmp_path / "a")
    take(folder, answer("absent", subject="absences"))
    region = read_region(folder)
    save_region(region, tmp_path / "kept")
    again = load_region(tmp_path / "kept")
    assert again.confirmations.equals(region.confirmations)
    assert again.settings.ledger == region.settings.ledger


def test_a_day_to_come_is_refused(tmp_path: Path) -> None:
    """An answer dated after its import would beat every later one: an error with file, sheet and row."""
    folder = world(tmp_path)
    with pytest.raises(InputError) as raised:
        take(folder, answer("absent", subject="absences", confirmed_on="2062-03-03"))
    assert [(p.code, p.row) for p in raised.value.problems] == [("returned_future", 7)]


def test_wrong_without_what_is_right_confirms_nothing(tmp_path: Path) -> None:
    """ "stimmt nicht" with a remark only: the facility stays as certain as it was, the remark stands in its note."""
    folder = world(tmp_path)
    take(folder, answer("wrong", about=id_of(folder, "Löwen-Apotheke"), remark="zieht gerade um"))
    row = named(read_region(folder), "Löwen-Apotheke")
    assert (row["confirmed_by"], row["note"]) == ("", "zieht gerade um")
