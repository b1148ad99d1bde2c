"""German spellings of opening hours become OSM syntax, or are refused."""

from __future__ import annotations

import pytest

from ankerort.region.hours_text import clean_text, from_german, is_by_arrangement


@pytest.mark.parametrize(
    ("german", "osm"),
    [
        ("Mo-Fr 8-12 Uhr und 14-18 Uhr", "Mo-Fr 08:00-12:00,14:00-18:00"),
        ("Montag bis Freitag 8.00-12.00", "Mo-Fr 08:00-12:00"),
        ("Mo.–Fr.: 8:00 – 12:00 Uhr, Di 14-18 Uhr", "Mo-Fr 08:00-12:00, Tu 14:00-18:00"),
        ("Mo-Fr 8-12; 14-18", "Mo-Fr 08:00-12:00,14:00-18:00"),
        ("Mo 6.00–17.30\nSa + So 7.00–13.00 u. 15.00–16.00", "Mo 06:00-17:30, Sa,Su 07:00-13:00,15:00-16:00"),
        ("Mo-Fr 8-12 Uhr; Mi geschlossen", "Mo-Fr 08:00-12:00; We off"),
        ("Sa, So sowie an Feiertagen von 10 bis 12 Uhr", "Sa,Su,PH 10:00-12:00"),
        ("dienstags 9-12 und 14-18 Uhr, donnerstags 9-12", "Tu 09:00-12:00,14:00-18:00, Th 09:00-12:00"),
        ("täglich 8-20 Uhr", "Mo-Su 08:00-20:00"),
        ("rund um die Uhr", "24/7"),
        ("Fr-Sa 18-2 Uhr", "Fr-Sa 18:00-02:00"),
    ],
)
def test_usual_spellings_are_read(german: str, osm: str) -> None:
    """The usual German spellings are understood; their rules add up."""
    assert from_german(clean_text(german)) == osm


@pytest.mark.parametrize(
    "text",
    [
        "werktags 8-12",  # to Friday for some, to Saturday for others
        "Mo-Fr 8-5",  # five in the morning or in the afternoon
        "8-12 Uhr",  # on which days
        "Mo-Fr 8-12 (außer Mi)",
        "1. Mo im Monat 9-12",
        "01.04.-31.10. 8-12",
        "01.10-31.03 Mo 8-12",
        "Mo 25-26",
        "Mo-Fr 8",
        "Mo-Fr vormittags",
        "Mo 8-12-14",
        "Mo-",
    ],
)
def test_what_is_not_understood_is_refused(text: str) -> None:
    """A text with any word or sign that is not understood is not read at all, never in part."""
    assert from_german(clean_text(text)) is None


@pytest.mark.parametrize("text", ["nach Vereinbarung", "nach telefonischer Absprache", '"by appointment"', "Saison"])
def test_by_arrangement_names_no_times(text: str) -> None:
    """Texts that say that one has to ask are known as such."""
    assert is_by_arrangement(text)


def test_times_are_no_arrangement() -> None:
    """Hours with a remark on appointments are not "by arrangement" as a whole."""
    assert not is_by_arrangement("Mo-Fr 8-12 und nach Vereinbarung")
