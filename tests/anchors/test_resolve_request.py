"""A question as typed: names become ids, texts numbers, and everything that does not fit is told at once."""

from __future__ import annotations

import pytest

from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.resolve_request import (
    AskedAnchors,
    find_place_id,
    item_label,
    item_services,
    parse_money,
    parse_share,
    resolve_request,
)
from ankerort.base.problems import InputError, Problem
from ankerort.base.progress import SILENT
from ankerort.catalogue.model import Catalogue
from ankerort.region.model import Region
from ankerort.sample import write_sample
from ankerort.stages import Stages


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """The sample region, read only."""
    folder = tmp_path_factory.mktemp("frage") / "musterkreis"
    write_sample(folder, seed=1)
    return Stages(folder, 1, SILENT)


@pytest.fixture(scope="module")
def region(stages: Stages) -> Region:
    """Places with umlauts, two of one name, one outside of the study area."""
    return stages.region()


@pytest.fixture(scope="module")
def catalogue(stages: Stages) -> Catalogue:
    """As shipped."""
    return stages.catalogue


def _problems(asked: AskedAnchors, region: Region, catalogue: Catalogue) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        resolve_request(asked, region, catalogue)
    return list(caught.value.problems)


def test_places_are_named_as_printed_or_by_id(region: Region, catalogue: Catalogue) -> None:
    """Printed name in any case, id and plain name mean the place; named twice it stands once, in the order typed."""
    asked = AskedAnchors(
        max_anchors=3,
        keep=("  mühlenstedt ", "15999021-langenwoerden", "Mühlenstedt", "Neudorf (Sülzberg)"),
        forbid=("ALTENRÖDE",),
    )
    made = resolve_request(asked, region, catalogue)
    assert made.keep == ("15999010-muehlenstedt", "15999021-langenwoerden", "15999022-neudorf")
    assert made.forbid == ("15999010-altenroede",)
    assert find_place_id("Höhenziepel", region.places) == ("15999023-hoehenziepel",)
    assert find_place_id("", region.places) == ()


def test_an_unknown_place_is_told_with_similar_names(region: Region, catalogue: Catalogue) -> None:
    """Each unknown name is one problem with its option; the nearest printed name is proposed."""
    problems = _problems(
        AskedAnchors(max_anchors=1, keep=("Altenrode", "Xyz"), forbid=("Sulzberg",)), region, catalogue
    )
    assert [(p.code, p.table, p.params["place"]) for p in problems] == [
        ("anchors_place_unknown", "--keep", "Altenrode"),
        ("anchors_place_unknown", "--keep", "Xyz"),
        ("anchors_place_unknown", "--forbid", "Sulzberg"),
    ]
    assert "Altenröde" in str(problems[0].params["near"])
    assert "Sülzberg" in str(problems[2].params["near"])


def test_a_name_of_two_places_and_a_place_outside_are_told(region: Region, catalogue: Catalogue) -> None:
    """Neudorf stands for two places, both are named; Werbenau belongs to a neighbour and cannot be planned for."""
    problems = _problems(AskedAnchors(max_anchors=1, keep=("Neudorf", "Werbenau")), region, catalogue)
    assert [p.code for p in problems] == ["anchors_place_ambiguous", "anchors_place_outside"]
    assert problems[0].params["places"] == "Neudorf (Mühlenstedt), Neudorf (Sülzberg)"


def test_a_place_that_must_be_and_may_not_be_is_told(region: Region, catalogue: Catalogue) -> None:
    """Kept by its name and forbidden by its id is the same place: told once, by its printed name."""
    asked = AskedAnchors(
        max_anchors=1, keep=("Sülzberg", "Mühlenstedt"), forbid=("15999010-muehlenstedt", "Mühlenstedt")
    )
    problems = _problems(asked, region, catalogue)
    assert [(p.code, p.params["place"]) for p in problems] == [("anchors_keep_forbid", "Mühlenstedt")]


@pytest.mark.parametrize(
    ("text", "eur"),
    [
        ("50000", 50_000.0),
        ("50.000", 50_000.0),
        ("50 000 EUR", 50_000.0),
        ("50\u202f000 €", 50_000.0),
        ("50\u00a0T€", 50_000.0),
        ("50 T€", 50_000.0),
        ("50T€/Jahr", 50_000.0),
        ("12.500,50 €", 12_500.5),
        ("12,500.50", 12_500.5),
        ("1,5 Mio. € pro Jahr", 1_500_000.0),
        ("1.234.567 Euro je Jahr", 1_234_567.0),
        ("7,5 Tsd. EUR/a", 7_500.0),
        ("0", 0.0),
        ("1.5", 1.5),
    ],
)
def test_money_is_read_as_people_write_it(text: str, eur: float) -> None:
    """Points, spaces and narrow spaces group thousands, the comma divides; T€, Tsd. and Mio. multiply; "je Jahr" is said anyway."""
    assert parse_money(text) == pytest.approx(eur)


@pytest.mark.parametrize(
    "text", ["", "20x", "-5", "nan", "inf", "fünfzig", "1.2.3", "1,2,3", "12.34.567", "€", "5 T T"]
)
def test_what_is_no_amount_is_none(text: str) -> None:
    """Words, negative and endless numbers and broken groups of digits are no amount; nothing is guessed."""
    assert parse_money(text) is None


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("80 %", 0.8),
        ("80%", 0.8),
        ("0,8", 0.8),
        ("0.8", 0.8),
        ("62,5 %", 0.625),
        ("1", 1.0),
        ("100 %", 1.0),
        ("0", 0.0),
    ],
)
def test_shares_are_read_as_people_write_them(text: str, share: float) -> None:
    """Per cent with the sign, or a number up to 1; comma or point."""
    assert parse_share(text) == pytest.approx(share)


@pytest.mark.parametrize("text", ["80", "150 %", "-1", "nan", "viel", "%"])
def test_what_is_no_share_is_none(text: str) -> None:
    """80 without the sign may be meant as 80 %, but 1 may not; so it is asked for."""
    assert parse_share(text) is None


def test_services_are_named_by_label_id_or_its_beginning(region: Region, catalogue: Catalogue) -> None:
    """German and English label, id, core item and a beginning that fits one label only; an id of a service goes before a core item."""
    asked = AskedAnchors(
        max_anchors=1,
        services=(
            "Discounter",
            "hausarztpraxis",
            "Bank-/Spark",
            "core:post",
            "Lebensmittelmarkt",
            "pharmacy",
            "discounter",
        ),
        may_close=("Bibliothek", "Bürgerbüro"),
    )
    made = resolve_request(asked, region, catalogue)
    assert made.services == (
        "discounter", "general_practitioner", "bank_branch", "core:post", "core:food_market", "pharmacy",
    )  # fmt: skip
    assert made.may_close == ("library", "citizen_office")
    assert item_services("core:food_market", catalogue) == ("supermarket", "discounter")
    assert item_label("core:food_market", catalogue, "de") == "Lebensmittelmarkt"
    assert item_label("discounter", catalogue, "en") == catalogue.services["discounter"].label_en


def test_services_that_do_not_fit_are_told(region: Region, catalogue: Catalogue) -> None:
    """Unknown with a similar label; without a record of cost; schools and fire stations may not close, core items are none that close."""
    asked = AskedAnchors(
        max_anchors=1,
        services=("Apoteke", "Kino", "Friedhof", "B"),
        may_close=("Grundschule", "core:post", "Feuerwehr"),
    )
    problems = _problems(asked, region, catalogue)
    told = [(p.code, p.table, str(p.params["service"])) for p in problems]
    assert told == [
        ("anchors_service_unknown", "--services", "Apoteke"),
        ("anchors_service_unknown", "--services", "Kino"),
        ("anchors_service_unknown", "--services", "B"),
        ("anchors_service_unknown", "--may-close", "core:post"),
        ("anchors_no_cost_record", "--services", "Friedhof / Trauerhalle"),
        ("anchors_may_not_close", "--may-close", "Grundschule"),
        ("anchors_may_not_close", "--may-close", "Feuerwehrhaus"),
    ]
    assert "Apotheke" in str(problems[0].params["near"])


def test_objectives_are_named_in_german_or_english(region: Region, catalogue: Catalogue) -> None:
    """Words of planners stand for components, joined by colon or comma; an order may have any number, a front two."""
    asked = AskedAnchors(max_anchors=1, pareto="Kosten:Versorgung", order="coverage, Wegezeit : worst")
    made = resolve_request(asked, region, catalogue)
    assert made.pareto == ("cost", "people")
    assert made.order == ("people", "minutes", "worst")


def test_a_question_keeps_its_numbers(region: Region, catalogue: Catalogue) -> None:
    """Budget, share, distance and everything that is only handed on."""
    made = resolve_request(
        AskedAnchors(
            budget="20.000 €", cover="75 %", area_share="0,5", spacing_km=2.5, year=2040, variant="closure", legal="hard",
            own_services_only=True, pairs=False, new_anywhere=True, robust=True, assume_complete=True, seed=7, seconds=3.0,
            with_scenario="woche",
        ),
        region,
        catalogue,
    )  # fmt: skip
    assert made == AnchorRequest(
        budget_eur=20_000.0, cover=0.75, area_share=0.5, spacing_m=2500.0, year=2040, variant="closure", legal="hard",
        own_services_only=True, pairs=False, new_anywhere=True, robust=True, assume_complete=True, seed=7, seconds=3.0,
        with_scenario="woche",
    )  # fmt: skip


def test_all_problems_are_told_at_once(region: Region, catalogue: Catalogue) -> None:
    """One of each kind in one question: all are told, each with the option where it stands."""
    asked = AskedAnchors(
        max_anchors=0, budget="viel", cover="80", area_share="2", keep=("Nirgendwo", "Sülzberg"), forbid=("Sülzberg",),
        services=("Kino",), may_close=("Grundschule",), year=1900, variant="wunder", legal="immer", order="people:glück",
        pareto="cost", spacing_km=-1.0, seconds=float("nan"),
    )  # fmt: skip
    problems = _problems(asked, region, catalogue)
    assert sorted((p.code, p.table) for p in problems) == sorted(
        [
            ("anchors_max", "--max"),
            ("anchors_budget", "--budget"),
            ("anchors_share", "--cover"),
            ("anchors_share", "--area-share"),
            ("anchors_place_unknown", "--keep"),
            ("anchors_keep_forbid", "--keep"),
            ("anchors_service_unknown", "--services"),
            ("anchors_may_not_close", "--may-close"),
            ("anchors_year", "--year"),
            ("anchors_variant", "--variant"),
            ("anchors_legal", "--legal"),
            ("anchors_component", "--order"),
            ("anchors_pareto_two", "--pareto"),
            ("anchors_number", "--spacing"),
            ("anchors_number", "--seconds"),
        ]
    )
    assert all(p.severity == "error" for p in problems)


def test_nothing_asked_is_told(region: Region, catalogue: Catalogue) -> None:
    """Without a number, a budget or a share there is no question; a variant needs its year."""
    problems = _problems(AskedAnchors(variant="closure"), region, catalogue)
    assert [p.code for p in problems] == ["anchors_nothing_asked", "variant_without_year"]
