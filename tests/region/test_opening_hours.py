"""Opening hours: windows of a day, holidays of the Land, usual hours, unknown states."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import opening_hours
import pandas as pd
import pytest

from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.region.opening_hours import (
    DAY_S,
    OpeningBasis,
    OpenWindows,
    ReferenceWindow,
    hours_per_week,
    open_windows,
    parse_hours,
    reference_share,
    replaces_hours,
)

H = 3600
MONDAY = "2026-06-15"
REFORMATION_DAY = "2026-10-31"  # a Saturday; public holiday in Sachsen-Anhalt, not in Hessen


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


def _windows(
    catalogue: Catalogue, *texts: str, service: str = "general_practitioner", day: str = MONDAY, land: str = "ST"
) -> OpenWindows:
    frame = pd.DataFrame({"service": [service] * len(texts), "opening_hours": list(texts)})
    return open_windows(frame, catalogue, day=day, land=land)


def _hours(windows: OpenWindows, row: int = 0) -> list[tuple[float, float]]:
    rows = slice(windows.ptr[row], windows.ptr[row + 1])
    return [(a / H, b / H) for a, b in zip(windows.start_s[rows], windows.end_s[rows], strict=True)]


def test_own_hours_count_as_given(catalogue: Catalogue) -> None:
    """A facility's own hours make its windows; closed on the day means no window, and the basis stays "given"."""
    found = _windows(catalogue, "Mo 08:00-12:00,14:00-18:00", "Tu 09:00-10:00")
    assert _hours(found, 0) == [(8, 12), (14, 18)]
    assert _hours(found, 1) == []
    assert list(found.basis) == [OpeningBasis.GIVEN, OpeningBasis.GIVEN]


def test_usual_hours_of_a_practice_open_on_monday_morning_and_afternoon(catalogue: Catalogue) -> None:
    """Usual hours stand in for hours that are missing, unreadable or by arrangement; a GP is open on Monday morning."""
    found = _windows(catalogue, "", "werktags irgendwann", "nach Vereinbarung", '"nach Vereinbarung"')
    for row in range(4):
        assert _hours(found, row) == [(8, 12), (14, 17)]
        assert found.basis[row] == OpeningBasis.USUAL


def test_without_usual_hours_the_whole_day_counts(catalogue: Catalogue) -> None:
    """A service without usual hours ("nach Belegung") counts as open; the basis says that nothing is known."""
    found = _windows(catalogue, "", service="village_hall")
    assert found.basis[0] == OpeningBasis.NONE
    assert _hours(found) == [(0, 48)]


def test_every_default_of_the_catalogue_is_read(catalogue: Catalogue) -> None:
    """Each shipped default is readable or names no times, and none takes away hours of its own."""
    for service in catalogue.services.values():
        hours = parse_hours(service.default_hours)
        assert hours.fault != "unreadable", service.id
        assert not hours.rules or not replaces_hours(hours.rules), service.id


def test_the_end_after_midnight_is_kept(catalogue: Catalogue) -> None:
    """Windows that reach into the night end after 24 h, also where the rule of the next day would cut them short."""
    friday = "2026-06-19"
    found = _windows(
        catalogue, "Fr 18:00-02:00", "Fr 18:00-02:00; Sa 10:00-18:00", "24/7", "Fr 08:00-24:00", day=friday
    )
    assert [_hours(found, row) for row in range(4)] == [[(18, 26)], [(18, 26)], [(0, 48)], [(8, 24)]]


@pytest.mark.parametrize(
    ("text", "in_st", "in_he"),
    [
        ("Mo-Sa 08:00-20:00; PH off", [], [(8, 20)]),
        ("Mo-Sa 08:00-20:00; Su,PH off", [], [(8, 20)]),
        ("PH 10:00-12:00", [(10, 12)], []),
        ("Sa,PH 10:00-12:00", [(10, 12)], [(10, 12)]),
        ("Su,PH 10:00-12:00", [(10, 12)], []),
        ("Mo-Sa 08:00-20:00, PH 21:00-22:00", [(8, 20), (21, 22)], [(8, 20)]),
        ("PH Mo-Fr 10:00-12:00", [], []),  # the holidays among the working days; this one is a Saturday
        ("PH Sa 10:00-12:00", [(10, 12)], []),
        ("Apr-Oct PH 10:00-11:00; Nov-Mar PH 12:00-13:00", [(10, 11)], []),
        ('Mo-Sa 08:00-20:00; PH off "Feiertag"', [], [(8, 20)]),
    ],
)
def test_public_holidays_are_those_of_the_land(
    catalogue: Catalogue, text: str, in_st: list[tuple[float, float]], in_he: list[tuple[float, float]]
) -> None:
    """Rules for public holidays follow the Land, though the library knows countries only."""
    assert _hours(_windows(catalogue, text, day=REFORMATION_DAY, land="ST")) == in_st
    assert _hours(_windows(catalogue, text, day=REFORMATION_DAY, land="HE")) == in_he


def test_the_day_before_a_holiday_can_be_named(catalogue: Catalogue) -> None:
    """``PH -1 day`` is the day before a public holiday of the Land."""
    eve = "2026-10-30"
    assert _hours(_windows(catalogue, "Mo-Fr 08:00-12:00; PH -1 day off", day=eve, land="ST")) == []
    assert _hours(_windows(catalogue, "Mo-Fr 08:00-12:00; PH -1 day off", day=eve, land="HE")) == [(8, 12)]


def test_usual_hours_on_a_public_holiday_are_those_of_a_sunday(catalogue: Catalogue) -> None:
    """Usual hours that name no holidays count on a public holiday as on a Sunday; given hours count as they stand."""
    found = _windows(catalogue, "", "Mo-Sa 08:00-20:00", service="supermarket", day=REFORMATION_DAY)
    assert _hours(found, 0) == []
    assert _hours(found, 1) == [(8, 20)]
    assert _hours(_windows(catalogue, "", service="supermarket", day=REFORMATION_DAY, land="HE")) == [(8, 20)]


def test_schools_are_closed_in_the_school_holidays_of_the_land(catalogue: Catalogue) -> None:
    """``SH`` follows the school holidays on record; the usual hours of a school end with them."""
    summer = "2026-07-14"  # Sachsen-Anhalt has holidays, Hessen too; the 22nd of June neither
    assert _hours(_windows(catalogue, "", service="primary_school", day=summer)) == []
    assert _hours(_windows(catalogue, "", service="primary_school", day=MONDAY)) == [(7.75, 13)]
    assert _hours(_windows(catalogue, "SH Tu 10:00-12:00", day=summer)) == [(10, 12)]
    assert _hours(_windows(catalogue, "SH Mo 10:00-12:00", day=summer)) == []


def test_perhaps_is_not_open(catalogue: Catalogue) -> None:
    """Times marked as unknown, or with a comment without ``open``, are not open."""
    found = _windows(
        catalogue,
        'Mo 08:00-10:00; Tu 10:00-12:00 "nur mit Termin"',
        "Mo 08:00-10:00, Mo 14:00-16:00 unknown",
        'Mo 08:00-10:00 || "nach Vereinbarung"',
        'Mo 08:00-10:00 open "Seiteneingang"',
    )
    assert [_hours(found, row) for row in range(4)] == [[(8, 10)]] * 4
    tuesday = _windows(catalogue, 'Mo 08:00-10:00; Tu 10:00-12:00 "nur mit Termin"', day="2026-06-16")
    assert _hours(tuesday) == []
    assert tuesday.basis[0] == OpeningBasis.GIVEN


def test_a_text_that_only_says_when_it_is_closed_names_no_times() -> None:
    """``PH off`` alone says nothing on when a place is open; ``off`` says that it is closed."""
    assert parse_hours("PH off").fault == "by_arrangement"
    assert parse_hours("off").fault == ""
    assert parse_hours("PH 10:00-12:00").fault == ""


def test_a_rule_that_takes_away_hours_is_noticed() -> None:
    """In OSM syntax a later rule replaces the earlier one for its days: noticed where hours fall away."""
    assert replaces_hours("Mo-Fr 08:00-12:00; Mo 14:00-18:00")
    assert not replaces_hours("Mo-Fr 08:00-12:00, Mo 14:00-18:00")
    assert not replaces_hours("Mo-Fr 08:00-12:00; Sa 09:00-11:00; PH off")
    assert not replaces_hours("Mo-Fr 08:00-18:00; We 08:00-13:00")


def test_the_reference_share_counts_the_hours_of_the_windows() -> None:
    """Open 8 to 12 on two of five mornings is two fifths of the mornings; holidays of the week do not count."""
    mornings = [ReferenceWindow(day, 8 * H, 12 * H) for day in range(5)]
    assert reference_share("Mo,Tu 08:00-12:00", mornings, day=MONDAY) == pytest.approx(0.4)
    assert reference_share("Mo-Fr 10:00-20:00; PH off", mornings, day="2026-05-14") == pytest.approx(0.5)
    assert reference_share("24/7", mornings, day=MONDAY) == 1.0


def test_hours_per_week_end_at_midnight() -> None:
    """The hours of a week add up over midnight without counting twice."""
    assert hours_per_week("24/7", day=MONDAY) == 168
    assert hours_per_week("Fr 18:00-02:00", day=MONDAY) == 8
    assert hours_per_week("Mo-Fr 08:00-12:00", day=MONDAY) == 20


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 08:00-12:30, 14:00-18:30; Sa 08:00-13:30",
        "Mo-Th 10:00-24:00; Fr-Sa 10:00-23:00, Su 11:00-24:00",
        "Mo-Sa 09:00-13:00; Fr 15:00-18:00",
        'Mo-Fr 08:00-18:00 || "by appointment"',
        "Fr-Sa 17:00+; Su 15:00+",
        "Apr-Oct: 08:00-18:00; Nov-Mar 09:00-18:00",
        "week 1-53/2 Mo 10:00-12:00",
        "Mo[1] 10:00-12:00, Th[-1] 08:00-09:00",
    ],
)
def test_windows_agree_with_the_state_of_every_ten_minutes(catalogue: Catalogue, text: str) -> None:
    """Windows of a week equal the state that the library tells for each moment (slow and obvious)."""
    hours = opening_hours.OpeningHours(text)
    for number in range(7):
        midnight = datetime.fromisoformat(MONDAY) + timedelta(days=number)
        found = _hours(_windows(catalogue, text, day=midnight.date().isoformat()))
        for minute in range(5, DAY_S // 60, 10):
            state, comment = hours.state(midnight + timedelta(minutes=minute))
            is_open = state == opening_hours.State.OPEN and not comment
            assert is_open == any(a <= minute / 60 < b for a, b in found), (text, midnight, minute)


@pytest.mark.golden
def test_hours_of_real_ticket_agencies_are_read(shared_data: Path) -> None:
    """The German opening hours of the state's ticket agencies are all readable."""
    path = shared_data / "magdeburg" / "einrichtungen" / "2020-03-12_Standorte_Verkaufsstellen.csv"
    texts = pd.read_csv(path, sep=";", encoding="utf-8-sig", dtype=str)["Öffnungszeiten"].dropna().str.strip()
    texts = [t for t in texts if t]
    assert len(texts) >= 30
    assert [t for t in texts if parse_hours(t).fault] == []


@pytest.mark.parametrize("day", ["2026-05-01", "2026-12-25", "2027-01-01", "2026-12-24", "2026-05-02"])
@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 08:00-12:30, 14:00-18:30; Sa 08:00-13:30; PH off",
        "Mo-Sa 08:00-20:00; Su,PH off",
        "17:00-23:00; PH,Sa,Su 11:00-23:00",
        "Tu-Sa 17:00-22:00; Su,PH 11:30-14:00,17:00-21:30",
        "Mo-Sa 11:00-22:00; Su 12:00-22:00; PH 12:00-22:00",
        "Mo-Fr 09:00-18:00, PH 10:00-12:00; Sa off",
        "Mo-Fr 09:00-18:00; PH -1 day 09:00-12:00",
        "May-Oct PH 10:00-11:00; Nov-Apr PH 12:00-13:00",
    ],
)
def test_holidays_of_the_whole_country_are_as_the_library_has_them(catalogue: Catalogue, text: str, day: str) -> None:
    """On the holidays that all Länder share, dates in place of ``PH`` give what the library's own calendar gives."""
    hours = opening_hours.OpeningHours(text, country="DE", auto_country=False)
    midnight = datetime.fromisoformat(day)
    found = _hours(_windows(catalogue, text, day=day))
    for minute in range(5, DAY_S // 60, 10):
        is_open = hours.is_open(midnight + timedelta(minutes=minute))
        assert is_open == any(a <= minute / 60 < b for a, b in found), minute


def test_one_module_alone_imports_the_library() -> None:
    """The library of opening hours has one home, so that it can be replaced."""
    source = Path(__file__).resolve().parents[2] / "src"
    importing = [
        path.name
        for path in sorted(source.rglob("*.py"))
        if re.search(r"^\s*(?:import|from) opening_hours\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert importing == ["opening_hours.py"]


def test_hours_of_all_german_spellings_survive_a_round_trip(catalogue: Catalogue) -> None:
    """What a German spelling becomes is read again as it stands, with the same windows."""
    for text in ("Mo-Fr 8-12 Uhr und 14-18 Uhr", "Sa + So 7.00–13.00 u. 15.00–16.00", "Mo-Sa 8-12; Mi geschlossen"):
        rules = parse_hours(text).rules
        assert parse_hours(rules).rules == rules
        for day in ("2026-06-15", "2026-06-17", "2026-06-20", "2026-06-21"):
            first, second = _windows(catalogue, text, day=day), _windows(catalogue, rules, day=day)
            assert _hours(first) == _hours(second)
