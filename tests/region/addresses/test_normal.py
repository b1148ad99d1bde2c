import pytest

from ankerort.region.addresses.normal import number_key, split_address, street_key


@pytest.mark.parametrize(
    "written", ["Hauptstraße", "Hauptstr.", "Haupt-Straße", "HAUPTSTRASSE", "Hauptstr", " Hauptstraße "]
)
def test_ways_of_writing_a_street_are_one(written: str) -> None:
    """Abbreviated, hyphenated and capital forms of a street give one key."""
    assert street_key(written) == "hauptstrasse"


def test_different_streets_stay_different() -> None:
    """A key keeps what tells streets apart."""
    keys = {street_key(s) for s in ("Hauptstraße", "Hauptplatz", "Alte Hauptstraße", "Am Hauptweg")}
    assert len(keys) == 4


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Hauptstr. 12", ("Hauptstr.", "12")),
        ("Hauptstr. 12 a", ("Hauptstr.", "12a")),
        ("Hauptstr.12A", ("Hauptstr.", "12A")),
        ("Am Markt 3-5", ("Am Markt", "3-5")),
        ("Straße des 17. Juni 135", ("Straße des 17. Juni", "135")),
        ("Straße der Jugend", ("Straße der Jugend", "")),
        ("Dorfplatz 1, 39397 Gröningen", ("Dorfplatz", "1")),
        ("", ("", "")),
    ],
)
def test_line_is_split_into_street_and_number(line: str, expected: tuple[str, str]) -> None:
    """The number is what stands at the end; a number inside a street's name belongs to the name."""
    assert split_address(line) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [("12", (12, "")), ("12 A", (12, "a")), ("3-5", (3, "")), ("12a-14", (12, "a")), ("", None), ("a", None)],
)
def test_number_and_letter(number: str, expected: tuple[int, str] | None) -> None:
    """A range counts as its first house, a letter without case."""
    assert number_key(number) == expected
