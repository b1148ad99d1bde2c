"""Questions for a mobile service as typed: names become ids, and all that does not fit is told at once."""

from __future__ import annotations

from typing import Any

import pytest

from ankerort.base.problems import InputError
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.resolve_request import AskedMobile, resolve_request
from ankerort.text.problems import describe_problem, repair_of
from worlds import mobile_question as world
from worlds import tiny_region


def _resolve(**asked: Any) -> MobileRequest:
    return resolve_request(
        AskedMobile(**{"services": ("citizen_office",), **asked}), world.region(), tiny_region.catalogue()
    )


def _faults(**asked: Any) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        _resolve(**asked)
    for problem in caught.value.problems:
        for lang in ("de", "en"):
            assert describe_problem(problem, lang) and repair_of(problem, lang)  # type: ignore[arg-type]
    return [(p.code, p.table) for p in caught.value.problems]


def test_the_least_question_has_the_defaults_of_a_request() -> None:
    """Only the service is needed."""
    assert _resolve() == MobileRequest(services=("citizen_office",))


@pytest.mark.parametrize(
    ("said", "expected"),
    [("Mobiles Bürgerbüro", "citizen_office"), ("bank_branch", "bank"), ("Sparkassenbus", "bank"), ("library", "library"),
     ("Bücherbus", "library"), ("medi", "doctor"), ("mobile shop", "shop"), ("POST", "post")],
)  # fmt: skip
def test_services_by_id_label_beginning_and_what_they_provide(said: str, expected: str) -> None:
    """The label or id of the mobile service goes before that of the fixed one; the beginning of one label suffices."""
    assert _resolve(services=(said,)).services == (expected,)


def test_words_become_numbers() -> None:
    """Money, shares, rhythms as words or weeks, weekdays in German and English, groups with a plus."""
    found = _resolve(
        budget="90 T€", cover="100 %", cover_group="75+", use_factor="0,5", rhythms=("monatlich", "2", "fortnightly"),
        weekdays=("Do", "Montag", "thursday"), seek=("Markt",), avoid=("visit",), staff="eigene",
    )  # fmt: skip
    assert (found.budget_eur, found.cover, found.cover_group, found.use_factor) == (90_000, 1.0, "75_plus", 0.5)
    assert found.rhythms == (2.0, 4.0) and found.weekdays == ("Mo", "Th")
    assert (found.seek, found.avoid, found.staff) == (("market",), ("visit",), "own")


def test_areas_and_operators_become_keys() -> None:
    """An area may be a place, an association or a district; a municipality as operator means its association; keys stay."""
    found = _resolve(area=("Abtal", "Südkreis", "Bdorf"), operator="Gemeinde Adorf", depots=("Bdorf",))
    assert found.area == (world.ABTAL, world.SUED, "b")
    assert (found.operator, found.depots) == (world.ABTAL, ("b",))
    assert _resolve(services=("care_advice",), operator="Nordkreis").operator == world.NORD


def test_stops_to_keep_stay_as_typed_where_they_are_no_place() -> None:
    """A place becomes its id; what may be a stop is looked for later."""
    found = _resolve(keep=("Adorf", "Bushaltestelle Mitte"), forbid=("Cstadt",))
    assert found.keep == ("a", "Bushaltestelle Mitte") and found.forbid == ("c",)


def test_everything_that_does_not_fit_is_told_at_once() -> None:
    """One answer names all faults, each with the option that it belongs to."""
    assert _faults(
        services=("Busi",), vehicles=0, vehicle="Rad", depots=("Xdorf",), keep=("Adorf",), forbid=("Adorf",), seek=("bus", "Sonne"),
        avoid=("bus",), staff="keine", cover_group="kinder", cover_m=0.0, area=("Xland",), operator="Xland", rhythms=("3", "oft"),
        weekdays=("Mittwuch",), budget="viel", cover="120 %", use_factor="x", variant="wunsch",
    ) == [
        ("mobile_service_unknown", "--service"), ("mobile_vehicle_unknown", "--vehicle"), ("mobile_vehicles_number", "--vehicles"),
        ("mobile_place_unknown", "--depot"), ("mobile_keep_forbid", "--keep"), ("mobile_word_unknown", "--seek"),
        ("mobile_seek_avoid", "--seek"), ("mobile_word_unknown", "--staff"), ("mobile_group_unknown", "--cover-group"),
        ("mobile_number", "--cover-m"), ("mobile_variant", "--variant"), ("variant_without_year", "--variant"),
        ("mobile_budget", "--budget"), ("mobile_share", "--cover"), ("mobile_area_unknown", "--area"),
        ("mobile_operator_unknown", "--operator"), ("mobile_rhythm_unknown", "--rhythm"), ("mobile_rhythm_unknown", "--rhythm"),
        ("mobile_weekday_unknown", "--weekday"), ("mobile_share", "--use-factor"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"services": ()}, "mobile_no_service"), ({"use_factor": "0"}, "mobile_use_factor_zero"),
     ({"vehicles": 3, "depots": ("Adorf", "Bdorf")}, "mobile_depots_number"), ({"seconds": float("nan")}, "mobile_number"),
     ({"year": 1990}, "forecast_stock_year")],
)  # fmt: skip
def test_single_faults(asked: dict[str, Any], code: str) -> None:
    """No service, a factor of nothing, depots that do not fit the vehicles, a time that is none, a year where no population is known."""
    assert [c for c, _ in _faults(**asked)] == [code]
