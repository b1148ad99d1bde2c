"""What a standard is worth, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankerort.base.provenance import DatedValue
from ankerort.catalogue import read_catalogue, standard_status, value_text
from ankerort.catalogue.standard_sets import find_set
from ankerort.catalogue.status import value_status
from ankerort.text import say

CATALOGUE = read_catalogue()


def test_an_assumption_is_called_one() -> None:
    """The sentence of the word list stands beside every default, word for word."""
    status = standard_status(CATALOGUE, "pharmacy", "car")
    assert status is not None
    assert (
        say(status[0], "de", **status[1])
        == "Der Richtwert (15 Minuten) ist eine Annahme dieses Konzepts, keine gesetzliche Vorgabe."
    )


def test_the_drive_budget_is_visible() -> None:
    """For the ambulance the sentence names limit, event, share, turn-out and what is left."""
    status = standard_status(CATALOGUE, "ambulance_station", "car")
    assert status is not None
    sentence = say(status[0], "de", **status[1])
    for part in ("12 Minuten", "Eingang des Notrufs", "95 %", "3 Minuten", "9 Minuten"):
        assert part in sentence
    fire = standard_status(CATALOGUE, "fire_station", "car")
    assert fire is not None
    assert "%" not in say(fire[0], "de", **fire[1])


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_standard_has_its_sentence(lang: str) -> None:
    """Every standard that is shipped can be printed in both languages; without a standard there is none."""
    count = 0
    for service in CATALOGUE.services.values():
        for mode in ("walk", "bike", "car", "pt"):
            status = standard_status(CATALOGUE, service.id, mode, lang=lang)
            assert (status is None) == (mode not in service.standards)
            if status is not None:
                assert say(status[0], "de" if lang == "de" else "en", **status[1])
                count += 1
    assert count > 100


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_row_of_a_set_has_its_sentence(lang: str) -> None:
    """Each value of each set can be printed with its unit and its legal status."""
    for one in CATALOGUE.standard_sets.values():
        for row in one.rows:
            sentence, parameters = value_status(row.value, lang=lang)
            assert say(sentence, "de" if lang == "de" else "en", **parameters)
    place = find_set(CATALOGUE, "gz_magdeburg").rows[0].value
    assert value_text(place, "de") == "3.000 Personen" and value_text(place, "en") == "3,000 persons"
    assert value_status(place)[0] == "status.plan"


def test_an_agreed_standard_names_the_agreement(tmp_path: Path) -> None:
    """A replaced standard is printed with the group and the date that agreed it."""
    (tmp_path / "standards.csv").write_text(
        "service,mode,kind,value,unit,source,legal_status,mark,agreed_by,agreed_on,reason\n"
        "pharmacy,car,minimum,12,min,AG,practice,S,AG Gesundheit,2026-10-01,Beschluss\n",
        encoding="utf-8",
    )
    status = standard_status(read_catalogue(tmp_path), "pharmacy", "car")
    assert status is not None
    assert say(status[0], "de", **status[1]) == "Vereinbarter Richtwert: 12 Minuten (AG Gesundheit, 2026-10-01)."


def test_numbers_are_written_as_the_language_does() -> None:
    """German groups by full stops and writes a decimal comma, English the other way round."""
    figure = DatedValue("x", 1234.5, "m", "q", "default", "D")
    assert value_text(figure, "de") == "1.234,5 m"
    assert value_text(figure, "en") == "1,234.5 m"
