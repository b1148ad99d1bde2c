"""Rates of deaths, births and moves, and the variants of the forecast."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ankerort.base.problems import InputError
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.demography import QUANTITIES, rate_per_age, variants_by_id

_HEAD = "quantity,land,sex,age_from,age_to,value,source,legal_status,mark,valid_from,checked_on,agreed_by,agreed_on,reason\n"


def test_shipped_life_tables_have_plausible_life_expectancies() -> None:
    """Women live longer than men; Germany about 78 and 83 years, Sachsen-Anhalt less."""
    rates = read_catalogue().demographic_rates
    expected = {}
    for land in ("DE", "ST"):
        deaths = rate_per_age(rates, "deaths", land=land)
        expected[land] = np.cumprod(1.0 - deaths, axis=1).sum(axis=1) + 0.5
    assert expected["DE"] == pytest.approx([83.2, 78.3], abs=0.3)
    assert expected["ST"] == pytest.approx([81.9, 75.7], abs=0.4)


def test_shipped_births_and_moves() -> None:
    """About 1.45 children per woman; births of women only; the young leave, families come; a Land without records is Germany."""
    rates = read_catalogue().demographic_rates
    births = rate_per_age(rates, "births", land="HE")
    assert births[0].sum() == pytest.approx(1.47, abs=0.05) and births[1].sum() == 0
    net = rate_per_age(rates, "net_migration", land="ST")
    assert (net[:, 18:25] < 0).all() and (net[:, 30:40] > 0).all()
    assert (rate_per_age(rates, "moves", land="ST") > 0).all()
    assert {r.quantity for r in rates} == set(QUANTITIES)


def test_shipped_variants() -> None:
    """Trend first; natural without moves; every extra is a dated record with its mark."""
    variants = variants_by_id(read_catalogue().forecast_variants)
    assert list(variants) == ["trend", "natural", "return", "family_influx", "closure"]
    assert variants["natural"].net_migration_factor.value == 0 and variants["trend"].extra == ()
    assert [(a, b, v.value) for a, b, v in variants["return"].extra] == [(25, 40, 5.0)]
    assert {v.mark for variant in variants.values() for _, _, v in variant.extra} == {"D"}
    assert variants["return"].label("de") == "Rückkehr"


def test_faults_of_an_own_file_are_named_together(tmp_path: Path) -> None:
    """Reversed ages, a gap, births of men, two factors in one variant: all at once, with their lines."""
    tail = ",,default,D,,,,,"
    (tmp_path / "demographic_rates.csv").write_text(
        _HEAD
        + f"deaths,SN,f,0,49,1{tail.replace(',,default', ',x,default')}\n"
        + "deaths,SN,f,60,120,20,x,default,D,,,,,\n"
        + "deaths,SN,m,9,5,20,x,default,D,,,,,\n"
        + "births,SN,m,15,49,50,x,default,D,,,,,\n",
        encoding="utf-8",
    )
    (tmp_path / "forecast_variants.csv").write_text(
        "id,label_de,label_en,net_migration_factor,age_from,age_to,extra_per_1000,source,legal_status,mark\n"
        "boom,Boom,boom,1,0,9,5,x,default,D\nboom,Boom,boom,2,25,40,5,x,default,D\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as found:
        read_catalogue(tmp_path)
    assert sorted((p.code, p.row) for p in found.value.problems) == [
        ("catalogue_ages_do_not_join", 3),
        ("catalogue_ages_reversed", 4),
        ("catalogue_not_allowed", 5),
        ("catalogue_variant_factor", 3),
    ]
