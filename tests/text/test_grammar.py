"""Articles, cases and lists, so that sentences can be read aloud."""

from __future__ import annotations

import pytest

from ankerort.text.grammar import capital, in_place, join_words, nearest, none_of, one_of, place_name


@pytest.mark.parametrize(
    ("words", "german", "english"),
    [
        ([], "", ""),
        (["A"], "A", "A"),
        (["A", "B"], "A und B", "A and B"),
        (["A", "B", "C"], "A, B und C", "A, B and C"),
    ],
)
def test_lists_are_joined_as_one_speaks(words: list[str], german: str, english: str) -> None:
    """Commas, and the last one behind und or and."""
    assert join_words(words, "de") == german
    assert join_words(words, "en") == english


@pytest.mark.parametrize(
    ("name", "kind", "german", "english"),
    [
        ("Ummendorf", "village", "in Ummendorf", "in Ummendorf"),
        ("Berge (Gardelegen)", "village", "in Berge (Gardelegen)", "in Berge (Gardelegen)"),
        ("Klein Wanzleben", "stop_derived", "in Klein Wanzleben", "in Klein Wanzleben"),
        ("Alte Neustadt", "listed", "im Ortsteil Alte Neustadt", "in Alte Neustadt"),
        ("Neue Mühle", "hamlet", "im Ortsteil Neue Mühle", "in Neue Mühle"),
        ("Am Birnbaum", "hamlet", "im Ortsteil Am Birnbaum", "in Am Birnbaum"),
        ("Der Werder", "village", "im Ortsteil Der Werder", "in Der Werder"),
        ("Altenröde", "village", "in Altenröde", "in Altenröde"),
        ("Reform", "suburb", "im Ortsteil Reform", "in Reform"),
        ("Florstadt, übriges Gebiet", "outlying", "im übrigen Gebiet von Florstadt", "in the rest of Florstadt"),
    ],
)
def test_where_a_place_is(name: str, kind: str, german: str, english: str) -> None:
    """Names that cannot stand after a bare "in" get a noun before them; the rest of a municipality is no place."""
    assert in_place(name, kind, "de") == german
    assert in_place(name, kind, "en") == english


def test_articles_follow_the_gender() -> None:
    """Der, die, das nächste; ein, eine; keiner, keine, keines."""
    assert nearest("Hausarzt", "m", "de") == "der nächste Hausarzt"
    assert nearest("Apotheke", "f", "de") == "die nächste Apotheke"
    assert nearest("Bürgerbüro", "n", "de") == "das nächste Bürgerbüro"
    assert nearest("Bürgerbüro", "n", "de", of_known=True) == "das nächste bekannte Bürgerbüro"
    assert nearest("pharmacy", "f", "en", of_known=True) == "the nearest known pharmacy"
    assert one_of("Haltestelle", "f", "de") == "eine Haltestelle"
    assert one_of("inn", "f", "en") == "an inn"
    assert [none_of(g, "de") for g in ("m", "f", "n")] == ["keiner", "keine", "keines"]
    assert capital("im Ortsteil Reform") == "Im Ortsteil Reform"


def test_the_rest_of_a_municipality_has_a_name_in_each_language() -> None:
    """Only the rest is translated; a real name stays as it is."""
    assert place_name("Florstadt, übriges Gebiet", "outlying", "de") == "Florstadt, übriges Gebiet"
    assert place_name("Florstadt, übriges Gebiet", "outlying", "en") == "Florstadt, rest of the area"
    assert place_name("Ummendorf", "village", "en") == "Ummendorf"
