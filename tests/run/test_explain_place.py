"""``ankerort explain`` in depth: every section of one place in words, in both languages, from a project folder."""

from __future__ import annotations

import pytest

from ankerort.base.problems import InputError
from ankerort.documents.explanation import PLACE_SECTIONS, SECTIONS, explanation_lines, section_ids
from ankerort.explain_run import explain_place
from ankerort.text import LANGUAGES, say
from ankerort.text.numbers import format_clock, format_date, format_decimal, format_share

PLACE = "Fährdorf"
SERVICE = "general_practitioner"


@pytest.fixture(scope="module")
def found(sample_run):
    """Fährdorf and its doctors: two buses on school days, none in the holidays."""
    return explain_place(sample_run.folder, place=PLACE, service=SERVICE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_sections_stand_in_reading_order(found, lang) -> None:
    """Each section has its heading, in the order of `SECTIONS`, and something below it."""
    lines = explanation_lines(found, lang)
    headings = [f"── {say(f'explain.heading.{s}', lang)} ──" for s in SECTIONS[1:]]
    at = [lines.index(h) for h in headings]
    assert at == sorted(at)
    assert all(lines[k + 1].strip() for k in at)
    assert PLACE in lines[0] and "nan" not in "\n".join(lines).lower().split()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_printed_journeys_are_the_traced_ones(found, lang) -> None:
    """Date, departures and arrivals of the first pairs of each day stand in the text, or the reason why there is none."""
    text = "\n".join(explanation_lines(found, lang))
    assert found.trips.days
    for day in found.trips.days:
        if day.date and not day.with_demand:
            assert format_date(day.date, lang) in text
        for pair in day.trace.pairs[:4] if day.trace else ():
            for moment in (pair.out.leave_s, pair.out.arrive_s, pair.home.leave_s, pair.home.arrive_s):
                assert format_clock(moment) in text
    assert say("explain.trips_reason.closed", lang) in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_printed_figures_are_those_of_the_tables(found, sample_run, lang) -> None:
    """Known share of the weights, index, share of the endowment are those of the tables."""
    text = "\n".join(explanation_lines(found, lang))
    depth = sample_run.assessment.depth
    quality = depth.facility_quality.set_index("facility_id").loc[found.quality.quality["facility_id"]]
    assert format_share(quality["known_share"], lang) in text
    row = depth.centrality.set_index("place_id").loc[found.place["place_id"]]
    assert format_decimal(row["davies"], lang) in text
    assert format_share(row["endowment_low"], lang) in text


def test_a_group_has_its_own_figures(sample_run) -> None:
    """The old walk more slowly: their section names them and counts only them."""
    found = explain_place(
        sample_run.folder, place=PLACE, service=SERVICE, group="65_plus", sections=("hin-und-zurück", "standards")
    )
    assert found.trips.group == "65_plus" and found.sections == ("there_and_back", "standards")
    assert all(day.row is None or day.row["group"] == "65_plus" for day in found.trips.days)
    assert all(one.row["group"] == "65_plus" for one in found.standards)
    text = "\n".join(explanation_lines(found, "de"))
    assert "65 Jahre und älter" in text and say("explain.heading.quality", "de") not in text


def test_a_core_function_tells_the_nearest_of_its_services(sample_run) -> None:
    """core:<id> tells there and back with all its services, and says whose facility the other sections tell."""
    found = explain_place(
        sample_run.folder, place="Hüttelsdorf", service="core:food_market", sections=("there_and_back", "quality")
    )
    assert found.service in ("supermarket", "discounter", "full_supermarket") or found.service
    lines = explanation_lines(found, "de")
    assert any(line.startswith("Grundfunktion Lebensmittelmarkt") for line in lines)
    assert any("Nur mit Anmeldung" in line for line in lines)


def test_a_place_alone_tells_what_needs_no_service(sample_run) -> None:
    """Without a service: central position, class of public transport, people without a car, forecast; nothing else."""
    found = explain_place(sample_run.folder, place=PLACE)
    assert found.sections == PLACE_SECTIONS and found.way is None and found.trips is None
    text = "\n".join(explanation_lines(found, "en"))
    assert text.startswith(PLACE)
    assert say("explain.heading.forecast", "en") in text and say("explain.heading.quality", "en") not in text


@pytest.mark.parametrize("name", ["Lage", "position", "POSITION"])
def test_sections_answer_to_both_languages(name) -> None:
    """A section is named in German, in English or by its id, whatever the case."""
    assert section_ids([name], with_service=False) == ("position",)
    assert section_ids(["hin-und-zurueck", "ohne_auto"], with_service=True) == ("there_and_back", "no_car")


def test_what_cannot_be_told_is_refused(sample_run) -> None:
    """Unknown sections, sections without their service, unknown groups: named with what there is."""
    for sections, service, code in (
        (("nope",), "", "explain_section_unknown"),
        (("quality",), "", "explain_section_service"),
    ):
        with pytest.raises(InputError) as error:
            explain_place(sample_run.folder, place=PLACE, service=service, sections=sections)
        assert [p.code for p in error.value.problems] == [code]
    with pytest.raises(InputError) as error:
        explain_place(sample_run.folder, place=PLACE, group="children")
    assert error.value.problems[0].code == "explain_group_unknown"


def test_without_a_forecast_the_reason_is_told(found) -> None:
    """No forecast, no day types: one sentence each, no empty section."""
    from dataclasses import replace

    nothing = replace(found, forecast=None, transport=(), sections=("transport", "forecast"), way=None)
    text = "\n".join(explanation_lines(nothing, "de"))
    assert say("explain.forecast_none", "de") in text and say("explain.transport_none", "de") in text
