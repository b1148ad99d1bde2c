"""The report for the council: seven chapters, the same figures as the page, readable aloud."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pypdf
import pytest

from ankerort.documents import council_profiles
from ankerort.documents.blocks import Bullets, Cell, Heading, Paragraph, Printed, Table
from ankerort.documents.blocks_check import checked
from ankerort.documents.blocks_pdf import write_pdf
from ankerort.documents.council import council_printed
from ankerort.documents.council_places import letter_cell
from ankerort.documents.council_unknown import ask_blocks, office_of
from ankerort.documents.council_unserved import municipality_blocks
from ankerort.documents.findings import core_findings
from ankerort.documents.labels import row_label, short_label
from ankerort.documents.most_important import MOST_SENTENCES, most_important, sentences
from ankerort.documents.report import css_string
from ankerort.documents.tables import study_places
from ankerort.region.paper_status import PaperStatus
from ankerort.region.working_groups import GroupMembers, WorkingGroups


@pytest.fixture(scope="module")
def printed(assessment) -> Printed:
    """The report of the sample region in German."""
    return council_printed(assessment, "de", appendix=("Hin und zurück",))


@pytest.fixture(scope="module")
def pages(printed, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Text of its pages."""
    path: Path = tmp_path_factory.mktemp("council") / "bericht.pdf"
    assert write_pdf(printed, path) == ()
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def texts(blocks) -> list[str]:
    """All words of blocks."""
    out: list[str] = []
    for block in blocks:
        if isinstance(block, Heading | Paragraph):
            out.append(block.text)
        elif isinstance(block, Bullets):
            out += block.items
        elif isinstance(block, Table):
            out += [block.caption, *block.head]
            out += [c.text if isinstance(c, Cell) else c for row in block.rows for c in row]
    return out


def chapters(printed: Printed) -> dict[str, list[object]]:
    """Blocks by chapter."""
    out: dict[str, list[object]] = {}
    for block in printed.blocks:
        if isinstance(block, Heading) and block.level == 1:
            out[block.text] = []
        elif out:
            out[list(out)[-1]].append(block)
    return out


def test_the_seven_chapters_stand_in_order(printed) -> None:
    """1 the most important, 2 maps, 3 places, 4 who is not served, 5 whom to ask, 6 profiles, 7 method and sources."""
    assert list(chapters(printed)) == [
        "1 Das Wichtigste",
        "2 Karten",
        "3 Orte und Grundfunktionen",
        "4 Wer nicht innerhalb des Richtwerts wohnt",
        "5 Was wir nicht wissen und wen wir fragen",
        "6 Steckbriefe der Orte",
        "7 So ist gerechnet",
    ]
    assert checked(printed).title == "Versorgung der Orte: Musterkreis"


def test_the_most_important_takes_one_page_and_the_status_stands_on_each(pages) -> None:
    """The second chapter begins on the second page; header, credit and number stand on every page."""
    assert "1 Das Wichtigste" in pages[0] and "2 Karten" in pages[1]
    for number, text in enumerate(pages, 1):
        assert "Arbeitsstand 01.11.2026 – nicht abgestimmt" in text
        assert f"Seite {number} von {len(pages)}" in text


@pytest.mark.parametrize("lang", ["de", "en"])
def test_at_most_seven_sentences_with_numbers(assessment, lang) -> None:
    """The first page says at most seven sentences, and each line but the reading of one has a number."""
    lines = most_important(assessment, core_findings(assessment), lang)
    assert 4 <= sum(sentences(line) for line in lines) <= MOST_SENTENCES
    assert all(re.search(r"\d", line) for line in lines)
    assert assessment.region.settings.name in lines[0]


def test_sentences_are_counted_at_their_ends() -> None:
    """A full stop inside a number ends no sentence."""
    assert sentences("1.670 von 7.390 Menschen (23 %) wohnen dort.") == 1
    assert sentences("Hin, aber nicht zurück: Markt. 360 Menschen kommen hin.") == 2
    assert sentences("ohne Punkt") == 1


def test_every_place_has_its_letters(assessment, printed) -> None:
    """Chapter 3 is one table: a row per inhabited place below the name of its municipality, an upright column per core function."""
    (table,) = (b for b in chapters(printed)["3 Orte und Grundfunktionen"] if isinstance(b, Table))
    labels = [short_label(f"core:{i.id}", assessment.catalogue, "de") for i in assessment.catalogue.core]
    assert table.turned_head and list(table.head[2:]) == labels
    places = study_places(assessment)
    inhabited = places[places["persons"] > 0.5]
    below, municipality = [], ""
    for row in table.rows:
        if len(row) == 1:
            municipality = str(row[0])
        else:
            below.append((str(row[0]), municipality.split(" (")[0]))
    assert sorted(below) == sorted(zip(inhabited["print_name"], inhabited["municipality"], strict=True))


def test_letters_differ_where_it_differs_without_a_car() -> None:
    """One letter, or both; the colour is that of the verdict and never tells more than the letters."""
    assert letter_cell("O", "O").text == "O"
    assert letter_cell("A", "–").text == "A/–"
    assert letter_cell("A", "?").fill == letter_cell("?", "?").fill
    assert letter_cell("–", "–").ink == "#ffffff"


def test_municipalities_add_up_to_the_region(assessment) -> None:
    """Persons outside the standard by municipality: those of the table of persons without a car, for old people and everybody."""
    table = assessment.depth.no_car_service
    rows = table[table["service"].astype(str).str.startswith("core:") & (table["group"].astype(str) == "65_plus")]
    whole = rows[rows["level"].astype(str) == "study"].set_index("service")["within_low"]
    parts = rows[rows["level"].astype(str) == "municipality"].groupby("service", observed=True)["within_low"].sum()
    assert (parts.astype(float) - whole[parts.index].astype(float)).abs().max() < 1e-6
    for finding in core_findings(assessment):
        one = table[
            (table["service"].astype(str) == f"core:{finding.item_id}")
            & (table["level"].astype(str) == "study")
            & (table["group"].astype(str) == finding.group)
        ]
        if len(one):
            assert float(one["within_low"].iloc[0]) == pytest.approx(finding.without_car_low, abs=0.5)
            assert float(one["within_high"].iloc[0]) == pytest.approx(finding.without_car_high, abs=0.5)


def test_each_municipality_is_told(assessment) -> None:
    """Chapter 4 has a heading for each municipality with people, and every core function is said somewhere below it."""
    blocks = municipality_blocks(assessment, "de")
    heads = [b.text for b in blocks if isinstance(b, Heading) and b.level == 3]
    names = study_places(assessment)["municipality"].unique()
    assert len(heads) == len(names) and all(h.split(":")[0] in names for h in heads)
    labels = [row_label(f"core:{i.id}", assessment.catalogue, "de") for i in assessment.catalogue.core]
    parts: list[list[object]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 3:
            parts.append([])
        elif parts:
            parts[-1].append(block)
    for part in parts:
        told = " ".join(texts(part))
        assert all(label in told for label in labels)


def test_whom_to_ask_is_named_and_the_confirmed_is_not_asked(assessment) -> None:
    """Chapter 5 names the office of each municipality; questions are those that are open, the weightiest first."""
    blocks = ask_blocks(assessment, "de")
    told = " ".join(texts(blocks))
    for ags in study_places(assessment)["ags"].unique():
        assert office_of(assessment, str(ags)) in told
    lists = [b for b in blocks if isinstance(b, Table) and b.head[1] == "Frage"]
    assert lists
    groups = {g.label("de") for g in assessment.catalogue.working_groups}
    for table in lists:
        assert 1 <= len(table.rows) <= 8 and table.whole
        assert all(str(row[1]).endswith("?") and row[2] in groups for row in table.rows)


def test_each_question_has_a_working_group(assessment) -> None:
    """Chapter 5 counts the open questions of each working group; who leads it is named once somebody is."""
    (table,) = (b for b in ask_blocks(assessment, "de") if isinstance(b, Table) and b.head[0] == "Arbeitsgruppe")
    assert {row[1] for row in table.rows} == {"noch nicht benannt"}
    assert all(re.match(r"[\d.]+ in [\d.]+ Orte?n?$", str(row[2])) for row in table.rows)
    group = next(g for g in assessment.catalogue.working_groups if g.label("de") == table.rows[0][0])
    led = WorkingGroups(True, (GroupMembers(group.id, "Fachdienst Schule", (), ""),))
    blocks = ask_blocks(dataclasses.replace(assessment, groups=led), "de")
    assert "Fachdienst Schule" in texts(blocks) and "ankerort groups" not in " ".join(texts(blocks))


def test_too_many_profiles_are_named_with_their_command(assessment, monkeypatch) -> None:
    """Over the limit the report names the places and the command; it does not grow without end."""
    figures = dict(assessment.catalogue.figures)
    figures["report.profiles_most"] = dataclasses.replace(figures["report.profiles_most"], value=2.0)
    few = dataclasses.replace(assessment, catalogue=dataclasses.replace(assessment.catalogue, figures=figures))
    blocks = council_profiles.profiles_blocks(few, "de")
    told = " ".join(texts(blocks))
    assert len(blocks) == 2 and "Grenze: 2" in told and "ankerort profile" in told
    for place_id in council_profiles.profile_places(assessment):
        row = study_places(assessment).set_index("place_id").loc[place_id]
        assert row["print_name"] in told


def test_no_ids_and_no_open_braces_are_read_aloud(printed) -> None:
    """No sentence id, no key of a service, no unfilled parameter is printed."""
    for text in texts(printed.blocks):
        assert not re.search(r"core:|[{}]|\bnan\b|\bNone\b", text), text
        assert not re.search(r"\b1 (Personen|Menschen|Orte|Fragen|Fahrten)\b", text), text


def test_the_status_of_the_user_is_printed(assessment) -> None:
    """What the user set stands in the header, and the figures are the same."""
    agreed = dataclasses.replace(assessment, paper=PaperStatus("beschlossen", "2026-12-03", "12/2026"))
    assert council_printed(agreed, "de").header == "Beschlossen am 03.12.2026, Nr. 12/2026"


def test_the_header_of_the_page_ends_no_style() -> None:
    """A name with quotes or tags stays inside the string of CSS."""
    text = str(css_string('Kreis "A" </style> \\ –'))
    assert text.startswith('"') and text.endswith('"')
    assert re.fullmatch(r'"(?:[A-Za-z0-9]|\\[0-9a-f]+ )*"', text)
