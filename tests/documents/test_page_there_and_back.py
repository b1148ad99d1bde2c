"""There and back, stops, and people without a car: what page, sheets and first page say, and what they say when nothing is known."""

from __future__ import annotations

import dataclasses
import re
import sqlite3
from contextlib import closing

import openpyxl
import pandas as pd
import pytest

from ankerort.documents import sheets_public_transport as sheets
from ankerort.documents.no_car_lines import between, no_car_headline, no_trips_reason, rate_marks, trip_lines
from ankerort.documents.page_stops import stops_page
from ankerort.documents.page_there_and_back import pairs_text, there_and_back_page
from ankerort.documents.pt_colours import PT_CLASSES
from ankerort.network.model import DAY_TYPES
from ankerort.text import say


def _with(assessment, **tables: pd.DataFrame):
    return dataclasses.replace(assessment, depth=dataclasses.replace(assessment.depth, **tables))


def _without_timetable(assessment, kind: str):
    """The same assessment as if there had been no timetable."""
    depth = assessment.depth
    empty = {name: getattr(depth, name).iloc[:0] for name in ("there_and_back", "pt_stops", "pt_cells", "pt_areas")}
    pt = dataclasses.replace(assessment.pt, kind=kind, days=())
    return dataclasses.replace(_with(assessment, **empty), pt=pt)


@pytest.mark.parametrize(("kind", "reason"), [("none", "no_timetable"), ("matrix", "stop_matrix")])
def test_without_a_timetable_one_sentence_tells_why(assessment, kind: str, reason: str) -> None:
    """No empty tables: both pages and the first page give the reason, the sheets are empty."""
    bare = _without_timetable(assessment, kind)
    assert no_trips_reason(bare) == reason
    assert there_and_back_page(bare, "de")["reason"] == say(f"trips.headline_{reason}", "de")
    assert stops_page(bare, "de")["reason"] == say(f"stops.{reason}", "de")
    assert trip_lines(bare, "de") == [say(f"trips.headline_{reason}", "de")]
    for make in (sheets.there_and_back, sheets.stranded, sheets.stops, sheets.pt_classes):
        assert make(bare, "de").empty


def test_first_page_counts_persons_without_a_car(assessment) -> None:
    """The line names the persons without a car of the study area with the marks of their rates, and who is not within the standard."""
    lines = no_car_headline(assessment, "de")
    assert "[D/M]" in lines[0]
    assert rate_marks(assessment) == "D/M"
    table = assessment.depth.no_car_service.astype({"service": str})
    study = table[(table["level"] == "study") & (table["group"] == "all")].set_index("service")
    food = study.loc["core:food_market"]
    outside = between(food["persons_no_car"] - food["served_high"], food["persons_no_car"] - food["served_low"], "de")
    assert f"Lebensmittelmarkt {outside}" in lines[1]
    assert "Feuerwehr" not in " ".join(lines)  # help that drives out is no question of having a car
    assert len(lines) <= 5


def test_a_function_of_which_nothing_is_known_is_named_so(assessment) -> None:
    """Bounds from none to all say nothing, so the function is listed as not known and not with a number."""
    table = assessment.depth.no_car_service.copy()
    blind = table["service"].astype(str) == "core:pharmacy"
    for low, high in (("served_low", "served_high"), ("served_demand_low", "served_demand_high")):
        table.loc[blind, low] = 0.0
        table.loc[blind, high] = table.loc[blind, "persons_no_car"]
    lines = no_car_headline(_with(assessment, no_car_service=table), "de")
    assert any(line.startswith("Nicht bekannt:") and "Apotheke" in line for line in lines)
    assert "Apotheke" not in lines[1]


def test_stranded_persons_stand_on_the_first_page(assessment) -> None:
    """200 persons get there; on school days 40 do not get home, in the holidays 60 to 90, with Rufbus nobody."""
    table = assessment.depth.there_and_back.copy()
    mine = (
        (table["service"].astype(str) == "core:pharmacy") & (table["level"] == "study") & (table["group"] == "65_plus")
    )
    table[["stranded_no_car_low", "stranded_no_car_high"]] = 0.0
    table.loc[mine, "there_no_car"] = 200.0
    for day, low, high in (("school", 40.0, 40.0), ("holiday", 60.0, 90.0)):
        rows = mine & (table["day_type"] == day) & ~table["with_demand"]
        table.loc[rows, "stranded_no_car_low"], table.loc[rows, "stranded_no_car_high"] = low, high
    lines = trip_lines(_with(assessment, there_and_back=table), "de")
    assert len(lines) == 1
    assert "Apotheke" in lines[0]
    assert "200 Menschen ab 65 ohne Auto" in lines[0]
    assert "an Schultagen 40 (mit Rufbus niemand), in den Ferien 60 bis 90 (mit Rufbus niemand)" in lines[0]


def test_nobody_stranded_is_said_with_the_number_of_services(assessment) -> None:
    """Where all get home, the first page says so and for how many services it is known."""
    table = assessment.depth.there_and_back.copy()
    table[["stranded_no_car_low", "stranded_no_car_high"]] = 0.0
    (line,) = trip_lines(_with(assessment, there_and_back=table), "de")
    assert re.search(r"allen \d+ Leistungen mit Daten", line)
    page = there_and_back_page(_with(assessment, there_and_back=table), "de")
    assert page["stranded"] == []


def test_persons_are_printed_with_their_bounds() -> None:
    """120 to 404 is a range, equal ends are one number, an unknown lower end is "höchstens"."""
    assert between(120.0, 404.0, "de") == "120 bis 400"
    assert between(120.0, 121.0, "de") == "120"
    assert between(0.0, 404.0, "de") == "höchstens 400"
    assert between(0.0, 1.0, "de") == "0"


def test_pairs_are_said_in_words() -> None:
    """On foot, none, none known, one, several, not known: a bound never reads as a known zero."""
    row = {"on_foot": False, "pairs": 0.0, "bound": False}
    assert pairs_text(row, "de") == "keines"
    assert pairs_text(row | {"bound": True}, "de") == "keines bekannt"
    assert pairs_text(row | {"pairs": 1.0}, "de") == "1 Fahrtenpaar"
    assert pairs_text(row | {"pairs": 3.0}, "de") == "3 Fahrtenpaare"
    assert pairs_text(row | {"pairs": 3.0, "bound": True}, "de", short=True) == "3 bekannt"
    assert pairs_text(row | {"pairs": float("nan")}, "de") == "nicht bekannt"
    assert pairs_text(row | {"on_foot": True}, "de") == "zu Fuß"


def test_page_shows_day_types_places_and_hours(assessment) -> None:
    """Every day type with its date, the core functions with a cell per day, stranded places by name, the share of usual hours."""
    page = there_and_back_page(assessment, "de")
    assert page["reason"] == ""
    assert len(page["days"]) == len(assessment.pt.days)
    assert all(len(row["cells"]) == len(page["days"]) for block in page["blocks"] for row in block["rows"])
    assert {row["label"] for row in page["blocks"][0]["rows"]} >= {"Lebensmittelmarkt", "Hausarzt"}
    assert "Kita" not in {row["label"] for row in page["blocks"][0]["rows"]}  # the table does not count the children
    assert all(row["place"] for row in page["stranded"])
    assert len(page["stranded"]) <= 12
    assert len(page["municipalities"]) <= 12
    assert "übliche Zeiten angenommen" in page["hours"]


def test_unknown_day_type_is_named(assessment) -> None:
    """A day type that no timetable knows is listed as not known, and its column is left out."""
    table = assessment.depth.there_and_back
    page = there_and_back_page(_with(assessment, there_and_back=table[table["day_type"] != "holiday"]), "de")
    assert "Ferientag" not in page["days"]
    assert any(line.startswith("Nicht bekannt sind: Ferientag") for line in page["about"])


def test_silent_feed_is_named_with_its_consequence(assessment) -> None:
    """A hollow feed is no missing service: the page says that nothing is known near its stops."""
    facts = assessment.pt.days[1]
    feed = dataclasses.replace(facts.feeds[0], date="", trips=0, share=float("nan"), state="hollow")
    days = (assessment.pt.days[0], dataclasses.replace(facts, feeds=(feed, *facts.feeds[1:])), *assessment.pt.days[2:])
    page = stops_page(dataclasses.replace(assessment, pt=dataclasses.replace(assessment.pt, days=days)), "de")
    assert any("nichts bekannt" in line and say(f"trips.day_{facts.day_type}", "de") in line for line in page["silent"])
    assert any(say("stops.feed_hollow", "de") in cell for row in page["feeds"] for cell in row["cells"])


def test_the_first_page_says_why_a_range_of_the_holidays_is_wide(assessment) -> None:
    """Where a timetable is silent in the holidays and that opens the bounds, the headline names the timetable; else it does not."""
    reason = "weil für die Ferien der Fahrplan fehlt"
    assert not any(reason in line for line in trip_lines(assessment, "de"))
    table = assessment.depth.there_and_back.copy()
    table.loc[table["day_type"] == "holiday", "stranded_no_car_high"] += 5_000.0
    facts = assessment.pt.days[1]
    feed = dataclasses.replace(facts.feeds[0], date="", trips=0, share=float("nan"), state="hollow")
    days = (assessment.pt.days[0], dataclasses.replace(facts, feeds=(feed, *facts.feeds[1:])), *assessment.pt.days[2:])
    edited = dataclasses.replace(
        assessment,
        pt=dataclasses.replace(assessment.pt, days=days),
        depth=dataclasses.replace(assessment.depth, there_and_back=table),
    )
    assert facts.day_type == "holiday"
    titles = dict(zip(assessment.region.sources["source_id"], assessment.region.sources["title"], strict=True))
    told = [line for line in trip_lines(edited, "de") if reason in line]
    assert told and titles[feed.source_id] in told[0]


def test_classes_add_up_to_all_persons(assessment) -> None:
    """Each municipality stands once per day type; its classes, none and unknown are all of its people."""
    rows = assessment.depth.pt_areas
    columns = [f"persons_{name.lower()}" for name in PT_CLASSES]
    assert (rows[columns].sum(axis=1) - rows["persons"]).abs().max() < 1e-6
    page = stops_page(assessment, "de")
    assert [c["letter"] for c in page["classes"]] == [*"ABCDEFGH", "–", "?"]
    assert all(len(row["cells"]) == len(PT_CLASSES) for table in page["tables"] for row in table["rows"])
    assert len(page["departures"]) == len(page["tables"][0]["rows"])


def test_sheet_has_a_row_per_place_function_and_group(assessment) -> None:
    """Pairs are numbers or words, never empty; the unknown is said."""
    frame = sheets.there_and_back(assessment, "de")
    keys = ["place", "municipality", "service", "group", "with_demand"]
    assert not frame.duplicated(keys).any()
    for day in DAY_TYPES:
        words = {v for v in frame[f"pairs_{day}"] if isinstance(v, str)}
        assert words <= {"zu Fuß", "geschlossen", "nicht bekannt"}
        assert all(v == int(v) for v in frame[f"pairs_{day}"] if not isinstance(v, str))


def test_report_and_workbook_carry_pages_and_sheets(written) -> None:
    """Both pages stand in the report with their anchors; the workbook has the five sheets, classes as letters."""
    html = (written.out / "report.html").read_text(encoding="utf-8")
    for anchor in ("hin-und-zurueck", "haltestellen"):
        assert f'<section id="{anchor}">' in html
        assert f'<a href="#{anchor}">' in html
    book = openpyxl.load_workbook(written.out / "balance.xlsx", read_only=True)
    for name in ("there_and_back", "stranded", "no_car", "stops", "pt_classes"):
        rows = list(book[say(f"sheet.{name}", written.lang)].iter_rows(values_only=True))
        assert len(rows) > 2, name
    head, first = rows[0], rows[1]
    letters = {letter for letter, _, _ in PT_CLASSES.values()}
    assert first[head.index(say("column.pt_class", written.lang))] in letters
    book.close()


def test_geopackage_has_pairs_and_classes(written) -> None:
    """Places carry pairs per day type and core function, cells their class; QGIS gets a style with the letters."""
    with closing(sqlite3.connect(written.out / "supply.gpkg")) as database:
        pairs = [v for (v,) in database.execute("SELECT pairs_school_food_market FROM places")]
        assert any(v is not None and v > 0 for v in pairs)
        classes = {v for (v,) in database.execute("SELECT pt_class_holiday FROM cells")}
        assert classes <= {letter for letter, _, _ in PT_CLASSES.values()}
        assert len(classes) > 1
        styles = [q for (q,) in database.execute("SELECT styleQML FROM layer_styles WHERE f_table_name = 'cells'")]
        assert any('attr="pt_class_school"' in q for q in styles)
