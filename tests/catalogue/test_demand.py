"""Demand rates, capacity units, zones and rules of accessibility: what is shipped, and every kind of bad row."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankerort.base.problems import InputError, Problem
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue

HEAD = "service,age_from,age_to,sex,from_year,to_year,kind,value,unit,market,source,legal_status,mark\n"
END = "Beschluss,default,D\n"


def _own(folder: Path, text: str, name: str = "demand_rates.csv") -> Catalogue:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return read_catalogue(folder)


def _faults(folder: Path, text: str, name: str = "demand_rates.csv") -> list[Problem]:
    with pytest.raises(InputError) as fault:
        _own(folder, text, name)
    return list(fault.value.problems)


def test_shipped_rates_of_the_nursery_are_those_of_the_source() -> None:
    """57 % under three and 94 % from three to five (2017), marked as found; the band 0 to 5 is divided by the ages of the Land."""
    rates = {r.first_age: r for r in read_catalogue().demand_rates if r.service == "kindergarten"}
    assert {(a, r.value.value, r.value.mark) for a, r in rates.items()} == {(0, 0.57, "S"), (3, 0.94, "S")}
    assert sum(r.band_shares["p_0_5"] for r in rates.values()) == pytest.approx(1.0)


def test_shipped_services_without_a_rate_are_few_and_named() -> None:
    """Help that drives out, graves, churches and the like have no demand per head; all others have a record."""
    catalogue = read_catalogue()
    without = set(catalogue.facility_services()) - {r.service for r in catalogue.demand_rates}
    assert without == {
        "adult_music_school",
        "ambulance_station",
        "cemetery",
        "church",
        "coworking",
        "ev_charging",
        "fire_station",
        "police",
        "public_toilet",
    }


def test_shipped_rules_name_zones_that_exist() -> None:
    """The general rule is E2SFCA with slow zones up to 30 minutes (Luo & Qi 2009)."""
    catalogue = read_catalogue()
    rule = catalogue.access_rules["*"]
    assert (rule.method, rule.decay, rule.limit_min.value) == ("e2sfca", "zones:slow", 30)
    assert catalogue.decay_zones["slow"] == ((10.0, 1.0), (20.0, 0.68), (30.0, 0.22))
    assert catalogue.capacity_units["general_practitioner"].demand_per_unit.value == 1616


@pytest.mark.parametrize(
    ("rows", "code", "row", "column"),
    [
        ("baker,0,5,all,,,quota,0.5,places,,", "catalogue_service_unknown", 2, "service"),
        ("police,9,5,all,,,quota,0.5,places,,", "catalogue_ages_reversed", 2, "age_to"),
        ("police,0,5,all,2030,2025,quota,0.5,places,,", "catalogue_years_reversed", 2, "to_year"),
        ("police,0,5,all,,,quota,57,places,,", "catalogue_quota_too_large", 2, "value"),
        ("police,0,5,all,,,quota,-0.1,places,,", "catalogue_number_too_small", 2, "value"),
        ("police,0,5,all,,,quota,0.5,persons,,", "catalogue_unit_wrong", 2, "unit"),
        ("police,0,5,all,,,share,0.5,places,,", "catalogue_not_allowed", 2, "kind"),
        ("police,0,5,all,,,frequency,3,visits per year,food,", "catalogue_market_of_visits", 2, "market"),
        ("kindergarten,2,4,all,,,quota,0.5,places,,", "catalogue_demand_overlaps", 2, "age_from"),
        ("kindergarten,6,6,all,,,uniform,1,persons,,", "catalogue_demand_kinds_mixed", 2, "kind"),
        ("special_school,6,15,all,,,quota,0.1,places,school,", "catalogue_market_does_not_sum", None, "value"),
        ("special_school,6,15,all,,2030,quota,0.04,places,school,", "catalogue_market_does_not_sum", None, "value"),
    ],
)
def test_bad_rates_are_named_with_row_and_column(
    tmp_path: Path, rows: str, code: str, row: int | None, column: str
) -> None:
    """A rate that cannot be is refused, with its file, line and column, before anything is computed."""
    found = [p for p in _faults(tmp_path / "own", HEAD + rows + END) if p.code == code]
    assert found
    assert any(p.column == column and (row is None or p.row == row) for p in found)


def test_all_faults_of_the_rates_are_named_at_once(tmp_path: Path) -> None:
    """Three bad rows give three problems in one run."""
    rows = [
        "police,9,5,all,,,quota,0.5,places,,",
        "church,0,9,all,,,quota,2,places,,",
        "cemetery,0,9,all,2030,2020,uniform,1,persons,,",
    ]
    codes = {p.code for p in _faults(tmp_path / "own", HEAD + "".join(r + END for r in rows))}
    assert codes == {"catalogue_ages_reversed", "catalogue_quota_too_large", "catalogue_years_reversed"}


def test_rates_may_follow_one_another_in_years_and_differ_by_sex(tmp_path: Path) -> None:
    """Years that join without overlap, and women and men apart, are no overlap; a market of such rates is summed year by year."""
    rows = [
        "police,0,120,f,,2029,quota,0.4,places,m,",
        "police,0,120,m,,2029,quota,0.3,places,m,",
        "police,0,120,all,2030,,quota,0.5,places,m,",
        "church,0,120,f,,2029,quota,0.6,places,m,",
        "church,0,120,m,,2029,quota,0.7,places,m,",
        "church,0,120,all,2030,,quota,0.5,places,m,",
    ]
    catalogue = _own(tmp_path / "own", HEAD + "".join(r + END for r in rows))
    assert len([r for r in catalogue.demand_rates if r.market == "m"]) == 6


def test_a_replaced_rate_without_agreement_is_a_warning(tmp_path: Path) -> None:
    """Another quota than the shipped one should name who agreed it; an unchanged copy needs nobody."""
    own = _own(tmp_path / "own", HEAD + "kindergarten,0,2,all,,,quota,0.6,places,," + END)
    assert [p.code for p in own.problems] == ["catalogue_figure_not_agreed"]
    assert [r.value.value for r in own.demand_rates if r.service == "kindergarten"] == [0.6, 0.94]
    same = _own(tmp_path / "same", HEAD + "kindergarten,0,2,all,,,quota,0.57,places,," + END)
    assert not same.problems


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("capacity_units.csv", "service,demand_per_unit\nkindergarten,0\n", "catalogue_number_too_small"),
        ("capacity_units.csv", "service,demand_per_unit\nkindergarten,-1\n", "catalogue_number_too_small"),
        ("capacity_units.csv", "service,unit,demand_per_unit,source,legal_status,mark\nbaker,x,1,x,default,D\n",
         "catalogue_service_unknown"),
        ("decay_zones.csv", "set_id,up_to_min,weight\nslow,20,1\nslow,10,0.5\n", "catalogue_zone_rises"),
        ("access_rules.csv", "service,decay\n*,zones:steep\n", "catalogue_not_allowed"),
        ("access_rules.csv", "service,method\n*,4sfca\n", "catalogue_not_allowed"),
        ("access_rules.csv", "service,mode,method,decay,limit_min,source,legal_status,mark\nbaker,,2sfca,binary,9,x,default,D\n",
         "catalogue_service_unknown"),
    ],
)  # fmt: skip
def test_bad_rules_are_named(tmp_path: Path, name: str, text: str, code: str) -> None:
    """Units, zones and rules that cannot be are refused."""
    assert code in {p.code for p in _faults(tmp_path / "own", text, name)}
