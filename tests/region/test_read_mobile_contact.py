"""``mobil.toml``: phone, payment, cancelled days and notes on stops."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from ankerort.region.read_mobile_contact import (
    CONTACT_FILE,
    MobileContact,
    read_mobile_contact,
    write_mobile_contact_template,
)
from ankerort.text import LANGUAGES
from ankerort.text.problems import describe_problem, repair_of


def read(folder: Path, text: str) -> tuple[MobileContact, list[str]]:
    """The contact and the codes of what is wrong."""
    (folder / CONTACT_FILE).write_text(text, encoding="utf-8")
    contact, problems = read_mobile_contact(folder)
    for problem in problems:
        assert describe_problem(problem, "de")
        assert repair_of(problem, "de")
    return contact, [p.code for p in problems]


def test_all_that_a_user_writes_is_taken(tmp_path: Path) -> None:
    """Texts, switches, days in both notations and as TOML days, notes on stops by place or stop."""
    contact, codes = read(
        tmp_path,
        """
        herausgeber = "Verbandsgemeinde Musterland"
        telefon = "039000 12345"
        bezahlen = ["bar", "Karte"]
        feiertage = false
        faellt_aus = ["2027-05-07", "21.05.2027", 2027-06-01]
        [halt."Adorf"]
        warten = "im Saal"
        faellt_aus = "2027-01-19"
        """,
    )
    assert codes == []
    assert contact.payment == ("cash", "card")
    assert contact.holidays_off is False
    assert contact.eves_off is True
    assert contact.cancelled == ("2027-05-07", "2027-05-21", "2027-06-01")
    assert contact.note_of("Anderswo", "adorf").wait == "im Saal"
    assert contact.note_of("Adorf").cancelled == ("2027-01-19",)
    assert contact.note_of("Bdorf").wait == ""


def test_everything_wrong_is_told_at_once_and_the_rest_is_used(tmp_path: Path) -> None:
    """Unknown keys, no days, no texts, no switches, no way to pay, no number, no address: each has its place; the good stays."""
    contact, codes = read(
        tmp_path,
        """
        telefonn = "1"
        telefon = "ruf an"
        telefon_zeiten = ["9 bis 12"]
        internet = "musterland.de"
        bezahlen = ["bar", "Muscheln"]
        feiertage = "nein"
        faellt_aus = ["2027-05-07", "gestern"]
        halt.Adorf.toilette = "im Saal"
        halt.Adorf.dach = "ja"
        halt.Bdorf = "ja"
        """,
    )
    assert sorted(codes) == sorted(
        [
            "mobile_contact_key",
            "mobile_contact_key",
            "mobile_contact_text",
            "mobile_contact_switch",
            "mobile_contact_payment",
            "mobile_contact_day",
            "mobile_contact_stop_table",
            "mobile_contact_phone_digits",
            "mobile_contact_website",
        ]
    )
    assert contact.payment == ("cash",)
    assert contact.cancelled == ("2027-05-07",)
    assert contact.note_of("Adorf").toilet == "im Saal"


@pytest.mark.parametrize("text", ["telefon = 0390", "telefon = „0390“", "[halt", "\x00"])
def test_a_file_that_cannot_be_read_stops_nothing(tmp_path: Path, text: str) -> None:
    """The sheets are then written without it, with a warning that names the file."""
    contact, codes = read(tmp_path, text)
    assert contact == MobileContact()
    assert codes == ["mobile_contact_unreadable"]


def test_a_missing_phone_is_a_warning(tmp_path: Path) -> None:
    """Somebody must answer: without a number the paper has a line to fill in."""
    assert read(tmp_path, 'herausgeber = "Amt"')[1] == ["mobile_contact_no_phone"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pattern_is_written_once_and_can_be_read(tmp_path: Path, lang) -> None:
    """A missing file is noted; its pattern gives no warning but that of the phone; a user's file is never replaced."""
    contact, problems = read_mobile_contact(tmp_path)
    assert [p.code for p in problems] == ["mobile_contact_missing"]
    path = write_mobile_contact_template(tmp_path, lang=lang)
    assert path is not None
    written = path.read_text(encoding="utf-8")
    again, problems = read_mobile_contact(tmp_path)
    assert again == contact
    assert [p.code for p in problems] == ["mobile_contact_no_phone"]
    assert write_mobile_contact_template(tmp_path, lang=lang) is None
    assert path.read_text(encoding="utf-8") == written


def test_the_example_of_a_stop_works_without_its_signs(tmp_path: Path) -> None:
    """The commented section of the pattern is what a user gets by removing the signs: all its keys are known."""
    path = write_mobile_contact_template(tmp_path)
    assert path is not None
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith("# [halt"))
    text = "\n".join([*lines[:start], *(line.removeprefix("# ") for line in lines[start:])])
    assert tomllib.loads(text)["halt"]
    contact, codes = read(tmp_path, text)
    assert codes == ["mobile_contact_no_phone"]
    assert contact.stops[0].toilet
    assert contact.stops[0].cancelled
