"""Names and numbers in free text are found; ordinary sentences stay as they are."""

from __future__ import annotations

import pytest

from ankerort.region.free_text import FOUND, MARKS, clean_text

PLACES = ("Mühlenstedt", "Groß Ammensleben")


@pytest.mark.parametrize(
    ("text", "clean", "found"),
    [
        ("Frau Müller fährt mich.", "Frau [Name] fährt mich.", ("name",)),
        ("Herr Dr. Karl-Heinz von der Aue", "Herr Dr. [Name]", ("name",)),
        ("frau schulze hilft", "frau [Name] hilft", ("name",)),
        ("Meine Tochter Anna kommt.", "Meine Tochter [Name] kommt.", ("name",)),
        ("Ich heiße Karl Meier.", "Ich heiße [Name].", ("name",)),
        ("Anna Schmidt kauft ein.", "[Name] kauft ein.", ("name",)),
        ("Fragen Sie H. Krause.", "Fragen Sie [Name].", ("name",)),
        ("Tel. 03949 12345", "Tel. [Telefon]", ("phone",)),
        ("Mobil +49 171 2345678", "Mobil [Telefon]", ("phone",)),
        ("karl.meier@example.org", "[E-Mail]", ("mail",)),
        ("IBAN DE12 5001 0517 0648 4898 90", "IBAN [Nummer]", ("number",)),
        ("geboren am 12.3.1941", "geboren am [Nummer]", ("number",)),
        ("Jahrgang 1938", "Jahrgang [Nummer]", ("number",)),
        ("Ich wohne Lange Straße 12a.", "Ich wohne [Nummer].", ("number",)),
        ("Am Anger 5 ist es glatt.", "[Nummer] ist es glatt.", ("number",)),
        ("39164 ist meine Postleitzahl", "[Nummer] ist meine Postleitzahl", ("number",)),
    ],
)
def test_what_points_to_a_person_is_replaced(text: str, clean: str, found: tuple[str, ...]) -> None:
    """Names after titles, relations and initials, two words with capitals, phone, mail, account, birth, address, long numbers."""
    assert clean_text(text, places=PLACES) == (clean, found)


@pytest.mark.parametrize(
    "text",
    [
        "Der Bus fährt nur 2 mal die Woche, 15 Minuten zu Fuß.",
        "Meine Frau ist krank, mein Mann auch.",
        "Die Sparkasse Mühlenstedt hat zu. Bitte wieder öffnen.",
        "In Groß Ammensleben war es besser.",
        "Um 9.30 Uhr, nicht von 12.00 bis 14.15 Uhr.",
        "Der Bus kostet 2,80 Euro und 200 m sind zu weit.",
        "Rufen Sie mich bitte nicht an.",
        "Seit der Laden zu hat, muss ich immer jemanden bitten.",
        "",
    ],
)
def test_ordinary_sentences_stay(text: str) -> None:
    """Times, prices, distances, places and nouns are no names and no numbers of a person."""
    assert clean_text(text, places=PLACES) == (text, ())


def test_what_was_found_is_told_once_in_a_fixed_order() -> None:
    """Two names and a phone number: two kinds, each once."""
    _, found = clean_text("Herr Meier und Frau Schulz, 0391 123456")
    assert found == ("name", "phone")
    assert set(MARKS) == set(FOUND)
