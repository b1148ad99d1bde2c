"""The profile of a place: one page, sentences that can be read aloud, and nothing unknown told as absent."""

from __future__ import annotations

import io
import itertools
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib import image
from pypdf import PdfReader

from ankerort.documents.blocks import Block, Cell, Heading, Lines, Paragraph, Picture, Table
from ankerort.documents.blocks_pdf import write_pdf
from ankerort.documents.profile import ProfileSources, profile_blocks, profile_places, profile_sources
from ankerort.documents.profile_fit import ROOM_MM, height_mm
from ankerort.documents.profile_index import ProfileIndex
from ankerort.documents.profile_of import profile_of
from ankerort.documents.write_profiles import profile_document
from ankerort.text import Language

GROSSBOELSDORF = "15999010-grossboelsdorf"
HUETTELSDORF = "15999010-huettelsdorf"
ZIEPELMUEHLE = "15999023-ziepelmuehle"
MUEHLENSTEDT = "15999010-muehlenstedt"
REST = "15999021-langenwoerden-uebriges-gebiet"

# Read aloud by a person; a change here must be read aloud again.
READ_ALOUD = {
    GROSSBOELSDORF: (
        "Einheitsgemeinde Mühlenstedt, Musterkreis",
        "In Großbölsdorf wohnen rund 470 Menschen, 140 davon sind 65 oder älter.",
        "Von den 470 Menschen sind 14 % unter 18, 29 % 65 und älter, 9 % 80 und älter.",
        "Frühere Zahlen gibt es nur für die Gemeinde: Sie verlor von 2012 bis 2022 3 % ihrer Menschen.",
        "2040 werden rund 390 erwartet (Variante Trend), je nach Variante 300 bis 460.",
        "Der nächste Hausarzt ist in Mühlenstedt: 9 Minuten mit dem Auto, 16 Minuten mit dem Bus.",
        "Zurück fährt an Schultagen der letzte Bus um 17:11 Uhr, in den Ferien ebenso.",
        "Außerdem: Briefkasten, Spielplatz, Gaststätte und Kirche.",
        "Früher gab es hier: Hausarztpraxis (bis 2022).",
        "Was in Orten mit 200 bis unter 500 Menschen zu erwarten ist, gibt es hier.",
        "Haltestelle im Ort: Anger.",
        "Abfahrten: 11 an Schultagen, 9 in den Ferien, keine samstags und keine sonntags.",
        "Bestätigt sind 2 von 8 Einrichtungen, zuletzt am 15.10.2026 (Gemeindeverwaltung Stadt Mühlenstedt).",
        "Bei 17 von 55 Leistungen ist nicht bekannt, ob es sie hier gibt.",
    ),
    HUETTELSDORF: (
        "Der nächste bekannte Hausarzt ist in Mühlenstedt: 8 Minuten mit dem Auto, kein Bus.",
        "Mit dem Rufbus sind es 14 Minuten.",
        "An Schultagen kommt man mit dem Bus nicht hin und zurück, in den Ferien auch nicht.",
        "Mit Rufbus geht es an Schultagen bis 19:16 Uhr, aber nur mit Anmeldung bis 60 Minuten vorher.",
        "Mobile Angebote sind hier nicht bekannt.",
        "Von 6 Einrichtungen ist noch keine vor Ort bestätigt.",
    ),
    ZIEPELMUEHLE: (
        "Gemeinde Höhenziepel in der Verbandsgemeinde Mührebogen, Musterkreis",
        "In Ziepelmühle wohnen rund 85 Menschen, 35 davon sind 65 oder älter.",
        "In Orten mit unter 200 Menschen ist keine Grundfunktion am Ort zu erwarten.",
        "Die einzige bekannte Einrichtung ist noch nicht vor Ort bestätigt.",
    ),
    REST: ("Im übrigen Gebiet von Langenwörden wohnen weniger als 10 Menschen.",),
}


@pytest.fixture(scope="module")
def sources(assessment) -> ProfileSources:
    """Indexes and streets, made once."""
    return profile_sources(assessment)


@pytest.fixture(scope="module")
def pages(assessment, sources) -> dict[tuple[str, Language], tuple[Block, ...]]:
    """All profiles of the sample, the rest of a municipality too, in both languages."""
    places = (*profile_places(assessment), REST)
    langs: tuple[Language, ...] = ("de", "en")
    return {(p, lang): profile_blocks(assessment, p, lang, sources=sources) for lang in langs for p in places}


def texts(blocks: tuple[Block, ...]) -> list[str]:
    """Every text that a person reads or hears."""
    out: list[str] = []
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                out.append(block.text)
            case Table():
                out += [block.caption, *block.head]
                out += [c.text if isinstance(c, Cell) else c for row in block.rows for c in row]
            case Picture():
                out += [block.alt, block.caption]
            case Lines():
                out.append(block.label)
            case _:
                raise AssertionError(block)
    return out


def sentences(text: str) -> list[str]:
    """Sentences of a paragraph: a new one begins behind a full stop, a blank and a capital, a figure or a bracket."""
    return re.split(r"(?<=[.])\s+(?=[A-ZÄÖÜ0-9–?])", text)


def table_with(blocks: tuple[Block, ...], head: str) -> Table:
    """The table whose first column has this name."""
    return next(b for b in blocks if isinstance(b, Table) and b.head[0] == head)


def column(table: Table, name: str) -> dict[str, str]:
    """One column by the first cell of its row."""
    at = table.head.index(name)
    cells = [[c.text if isinstance(c, Cell) else c for c in row] for row in table.rows]
    return {row[0]: row[at] for row in cells}


def test_nothing_is_set_smaller_than_11_pt(assessment, sources, tmp_path: Path) -> None:
    """All text between header and footer has 11 pt at least, the sentences 12 pt, in the PDF as it is; two lines for remarks at least."""
    langs: tuple[Language, ...] = ("de", "en")
    for place, lang in itertools.product((MUEHLENSTEDT, HUETTELSDORF, ZIEPELMUEHLE), langs):
        path = tmp_path / "profile.pdf"
        document = profile_document(assessment, place, lang, sources=sources)
        write_pdf(document, path)
        sizes: dict[float, str] = {}

        def note(
            text: str, _: object, place_at: list[float], __: object, size: float, sizes: dict[float, str] = sizes
        ) -> None:
            if text.strip():
                scaled = round(size * abs(place_at[3]), 1)
                sizes[scaled] = sizes.get(scaled, "") + text

        PdfReader(path).pages[0].extract_text(visitor_text=note)
        assert set(sizes) >= {11.0, 12.0}
        small = "".join(text for size, text in sizes.items() if size < 11.0)
        for text in (document.header, document.footer, *re.findall(r"(?:Seite|Page) 1 (?:von|of) 1", small)):
            small = small.replace(text, "")
        assert not small.strip(), (place, lang)
        assert next(b for b in document.blocks if isinstance(b, Lines)).count >= 2


def test_the_map_says_what_its_signs_mean(pages) -> None:
    """A few letters are named below the map; many stand behind each function in the table; stops are squares."""
    below = {place: _below_map(pages[place, "de"]) for place in (GROSSBOELSDORF, MUEHLENSTEDT)}
    assert below[GROSSBOELSDORF] == (
        "Maßstab 1:40.000. Buchstaben: K Kita, T Treffpunkt, F Feuerwehr. Quadrat: Haltestelle."
    )
    assert (
        below[MUEHLENSTEDT] == "Maßstab 1:40.000. Buchstaben: siehe Tabelle. Mit ?: vermutlich. Quadrat: Haltestelle."
    )


def _below_map(blocks: tuple[Block, ...]) -> str:
    at = next(k for k, b in enumerate(blocks) if isinstance(b, Picture))
    block = blocks[at + 1]
    assert isinstance(block, Paragraph)
    return block.text


@pytest.mark.parametrize("place", list(READ_ALOUD))
def test_sentences_are_as_they_were_read_aloud(pages, place: str) -> None:
    """Case, gender, plural and number of each sentence, word by word."""
    told = [s for b in pages[place, "de"] if isinstance(b, Paragraph) for s in sentences(b.text)]
    for sentence in READ_ALOUD[place]:
        assert sentence in told, told


def test_every_profile_is_one_page(assessment, sources, tmp_path: Path) -> None:
    """One page A4 at 12 pt, whatever is known of a place; the measure without a PDF is right to 3 mm or too high."""
    langs: tuple[Language, ...] = ("de", "en")
    for lang in langs:
        for place in profile_places(assessment):
            document = profile_document(assessment, place, lang, sources=sources)
            assert document.text_pt == 12.0
            path = tmp_path / f"{place}-{lang}.pdf"
            assert write_pdf(document, path) == ()
            assert len(PdfReader(path).pages) == 1, (place, lang)


def test_the_page_is_shortened_only_where_it_must(pages) -> None:
    """No page is over its room; rows that are left out are counted, and it says where they stand."""
    for (place, lang), blocks in pages.items():
        assert height_mm(blocks) <= ROOM_MM, (place, lang)
        if lang == "de" and place != REST:
            shown = sum(len(b.rows) for b in blocks if isinstance(b, Table) and b.head[0] == "Nicht am Ort")
            shown += sum(
                not str(row[0]).endswith("(kommt)")
                for b in blocks
                if isinstance(b, Table) and b.head[0] == "Am Ort"
                for row in b.rows
            )
            left_out = re.search(r"(\d+) weitere Zeilen? steh", " ".join(texts(blocks)))
            assert shown + (int(left_out[1]) if left_out else 0) == 12, place


def test_texts_have_no_ids_no_braces_and_no_double_blanks(pages) -> None:
    """Nothing of the machine room is printed."""
    for (place, lang), blocks in pages.items():
        for text in texts(blocks):
            assert not re.search(r"[{}]|  |\bnan\b|core:|\w_\w|\.\.| ,| \.", text), (place, lang, text)
            assert text == text.strip()


def test_sentences_are_short(pages) -> None:
    """At most 20 words; lists of names behind a colon are no sentences."""
    for (place, lang), blocks in pages.items():
        for block in blocks:
            if isinstance(block, Paragraph):
                for sentence in sentences(block.text):
                    if not re.match(r"(Außerdem|Also|Haltestellen? im Ort|Stops? in the place|\d+ Haltestellen|\d+ stops|"
                                    r"Abfahrten|Departures)\b", sentence):  # fmt: skip
                        assert len(sentence.split()) <= 20, (place, lang, sentence)


def test_what_is_missing_is_told_by_size(pages) -> None:
    """ "Fehlt" stands only where places of the size have it; a hamlet is not scolded for having no bank."""
    here = column(table_with(pages[ZIEPELMUEHLE, "de"], "Nicht am Ort"), "hier")
    assert not any(text.startswith("fehlt") for text in here.values())
    village = column(table_with(pages[HUETTELSDORF, "de"], "Nicht am Ort"), "hier")
    assert list(village.items())[:2] == [("Haltestelle mit Hin- und Rückfahrt", "fehlt"), ("Treffpunkt", "zu prüfen")]
    assert village["Lebensmittelmarkt"] == "nein"
    assert village["Hausarzt"] == "?"
    legend = next(t for t in texts(pages[HUETTELSDORF, "de"]) if t.startswith("Fehlt:"))
    assert legend.startswith(
        "Fehlt: hier zu erwarten (Orte mit 200 bis unter 500 Menschen). Zu prüfen: zu erwarten, aber nicht bekannt. "
        "Nein: hier nicht zu erwarten."
    )
    bakery = column(table_with(pages[GROSSBOELSDORF, "de"], "Nicht am Ort"), "hier")["Bäckerei, Dorfladen"]
    assert bakery == "kommt"


def test_on_demand_and_fixed_bus_are_told_apart(pages) -> None:
    """Rufbus bears its name and the words "nur mit Anmeldung"; a closed day, no trip and not known have signs of their own."""
    table = table_with(pages[HUETTELSDORF, "de"], "Nicht am Ort")
    assert column(table, "Bus Min.")["Hausarzt"] == "Rufbus 14"
    assert re.fullmatch(r"Rufbus (bis |\d\d:\d\d–)19:16", column(table, "nach Hause Schultag")["Hausarzt"])
    assert column(table, "nach Hause Samstag")["Hausarzt"] == "zu"
    town = table_with(pages[GROSSBOELSDORF, "de"], "Nicht am Ort")
    assert column(town, "nach Hause Samstag")["Apotheke"] == "–"
    assert column(town, "nach Hause Schultag")["Grundschule"] == ""
    assert any("Rufbus: nur mit Anmeldung bis 60 Minuten vorher." in t for t in texts(pages[HUETTELSDORF, "de"]))


def test_what_is_there_names_its_source(pages) -> None:
    """Confirmed with the day, presumed as such, and what comes with day, hour and rhythm."""
    source = column(table_with(pages[GROSSBOELSDORF, "de"], "Am Ort"), "Quelle und Stand")
    assert source["Kita (K)"] == "bestätigt am 15.10.2026"
    assert source["Feuerwehr (F)"] == "OpenStreetMap, 01.11.2026"
    assert source["Haltestelle mit Hin- und Rückfahrt"] == "Fahrplan, 31.07.2026"
    what = column(table_with(pages[GROSSBOELSDORF, "de"], "Am Ort"), "Einrichtung")
    assert what["Bäckerei (kommt)"] == "dienstags 08:15 bis 08:45 Uhr, Anger (jede Woche)"
    town = column(table_with(pages[MUEHLENSTEDT, "de"], "Am Ort"), "Quelle und Stand")
    assert town["Hausarzt (H)"] == "1 von 2 vermutlich"
    assert town["Lebensmittelmarkt (L)"] == ""
    assert town["Apotheke (A)"] == "Stand 12.03.2026"
    assert any(
        "Quelle, wo nichts anderes steht: OpenStreetMap, 01.11.2026." in t for t in texts(pages[MUEHLENSTEDT, "de"])
    )


def test_maps_have_one_frame_and_no_colour(pages) -> None:
    """Same size for all, shades of grey only, and a text that says what is drawn."""
    shapes = set()
    for (place, lang), blocks in pages.items():
        picture = next(b for b in blocks if isinstance(b, Picture))
        assert picture.width_mm == 170.0
        if lang == "de":
            pixels = image.imread(io.BytesIO(picture.png))
            shapes.add(pixels.shape)
            assert np.ptp(pixels[:, :, :3], axis=2).max() < 0.02, place
    assert len(shapes) == 1
    alt = next(b for b in pages[GROSSBOELSDORF, "de"] if isinstance(b, Picture)).alt
    assert alt == (
        "Karte von Großbölsdorf, 6,8 mal 1,3 Kilometer, Norden oben. Buchstaben stehen für: K Kita, T Treffpunkt, "
        "F Feuerwehr. 1 Haltestelle als Quadrat. Gezeigt sind auch Straßen und bewohnte Flächen."
    )


def test_equal_runs_give_equal_pages(assessment, sources, pages) -> None:
    """No clock and no order of sets: the same place gives the same blocks again."""
    assert (
        profile_blocks(assessment, MUEHLENSTEDT, "de", sources=profile_sources(assessment)) == pages[MUEHLENSTEDT, "de"]
    )
    assert sources.index.items


def test_a_place_of_the_surroundings_has_no_profile(assessment, sources) -> None:
    """Only the study area is reported."""
    outside = assessment.region.places.loc[~assessment.region.places["in_study"], "place_id"].iloc[0]
    with pytest.raises(KeyError):
        profile_of(assessment, outside, index=sources.index)


def _with_home(index: ProfileIndex, place: str, item: str, **values: object) -> ProfileIndex:
    """The index with other values of the rides home to one item."""
    rows = {key: {**row, **values} for key, row in index.home[place, item].items()}
    return replace(index, home={**index.home, (place, item): rows})


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"pairs": math.nan, "on_foot": False}, "unknown"),
        ({"open_facilities": 0}, "closed"),
        ({"on_foot": True}, "on_foot"),
        ({"pairs": 0.0, "last_home_s": 60000.0}, "none"),
        ({"pairs": 2.0, "last_home_s": 60000.0}, "time"),
        ({"pairs": 2.0, "last_home_s": math.nan}, "on_foot"),
    ],
)
def test_unknown_rides_are_never_told_as_none(assessment, sources, values: dict[str, object], state: str) -> None:
    """A silent timetable is unknown; a last bus without a bus there is none; a closed day is closed."""
    item = "core:general_practitioner"
    index = _with_home(sources.index, GROSSBOELSDORF, item, **{"open_facilities": 1, **values})
    profile = profile_of(assessment, GROSSBOELSDORF, index=index)
    row = next(m for m in profile.missing if m.item == item)
    assert [d.state for d in row.home] == [state] * 3


def test_lost_services_name_their_year_or_say_that_it_is_unknown(assessment, sources) -> None:
    """ "Hausarztpraxis (bis 2022)"; without a year it is closed, year not known."""
    facilities = dict(sources.index.facilities)
    facilities[GROSSBOELSDORF] = tuple(
        {**f, "closed_year": "", "service": "post_office"} if f["state"] == "closed" else f
        for f in facilities[GROSSBOELSDORF]
    )
    shown = ProfileSources(replace(sources.index, facilities=facilities), sources.maps)
    told = texts(profile_blocks(assessment, GROSSBOELSDORF, "de", sources=shown))
    assert any("Früher gab es hier: Post (geschlossen, Jahr nicht bekannt)." in t for t in told)
