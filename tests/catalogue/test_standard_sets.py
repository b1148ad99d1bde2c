"""Named sets of standards: references, faults of every kind, agreed values, and a set in place of the catalogue's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ankerort.base.problems import InputError, Problem
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.standard_sets import find_set, only_standard_set, with_standard_set

HEAD = "set_id,label_de,label_en,item,mode,kind,value,unit,tolerance_share,source,legal_status,mark,agreed_by,agreed_on,reason\n"
STANDARDS = "service,mode,kind,condition,value,unit,source,legal_status,mark,agreed_by,agreed_on,reason\n"


def _folder(folder: Path, text: str, name: str = "standard_sets.csv", head: str = HEAD) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(head + text, encoding="utf-8")
    return folder


def _faults(folder: Path) -> list[Problem]:
    with pytest.raises(InputError) as fault:
        read_catalogue(folder)
    return list(fault.value.problems)


def test_no_number_of_standards_csv_stands_twice() -> None:
    """Each row of a set for a service and mode of standards.csv refers to it or differs from it; the G-BA's GP is the very record."""
    catalogue = read_catalogue()
    gp = catalogue.services["general_practitioner"].standards["car"]
    assert find_set(catalogue, "gba2019").rows[0].value is gp.minimum
    assert find_set(catalogue, "gba_expert2018").rows[0].value is gp.target
    for one in catalogue.standard_sets.values():
        for row in one.rows:
            shipped = catalogue.services[row.item].standards.get(row.mode) if row.item in catalogue.services else None
            if shipped is not None and row.value.id.startswith(f"{one.id}."):
                # a school set may agree with our default by chance; its source is another
                assert row.value.source != shipped.minimum.source


def test_the_set_of_the_catalogue_is_all_minimum_values() -> None:
    """Set `catalogue` = every standard by service and mode; set `target` = services with a target, minimum where a mode has none."""
    catalogue = read_catalogue()
    rows = {(r.item, r.mode): r.value for r in find_set(catalogue, "catalogue").rows}
    assert rows == {(s.id, m): one.minimum for s in catalogue.services.values() for m, one in s.standards.items()}
    target = {(r.item, r.mode): r.value.value for r in find_set(catalogue, "target").rows}
    assert target == {
        ("general_practitioner", "walk"): 1000, ("general_practitioner", "bike"): 15, ("general_practitioner", "car"): 15,
        ("general_practitioner", "pt"): 30, ("primary_school", "walk"): 2000, ("primary_school", "pt"): 30,
    }  # fmt: skip


def test_the_shipped_tests_of_central_places() -> None:
    """Figures of the domain notes: Magdeburg 3,000 / 9,000 / 15 / 30 with 10 %, Anhalt 12,000, LEP 2010 with its exception, RIN 2008."""
    catalogue = read_catalogue()

    def values(set_id: str) -> dict[tuple[str, str], float]:
        return {(r.item, r.mode): r.value.value for r in find_set(catalogue, set_id).rows}

    place, area = ("centre:GZ", "persons_in_place"), ("centre:GZ", "persons_in_catchment")
    car, pt = ("centre:GZ", "car"), ("centre:GZ", "pt")
    assert values("gz_magdeburg") == {place: 3000, area: 9000, car: 15, pt: 30}
    assert values("gz_anhalt") == {place: 3000, area: 12000}
    assert values("gz_lep2010") == {place: 3000, area: 9000, car: 15, ("centre:GZ", "density_exception"): 70}
    assert [r.tolerance_share for r in find_set(catalogue, "gz_magdeburg").rows if r.mode in ("car", "pt")] == [
        0.1,
        0.1,
    ]
    assert values("rin2008") == {
        ("tier:GZ", "car"): 20, ("tier:GZ", "pt"): 30, ("tier:MZ", "car"): 30,
        ("tier:MZ", "pt"): 45, ("tier:OZ", "car"): 60, ("tier:OZ", "pt"): 90,
    }  # fmt: skip


def test_a_conditional_row_brings_its_condition() -> None:
    """The post's 2,000 m come from the conditional row of standards.csv, with its text, for municipalities over 4,000."""
    row = find_set(read_catalogue(), "post").rows[0]
    assert (row.value.value, row.value.legal_status, row.municipality_over_persons) == (2000, "law", 4000)
    assert row.condition.startswith("gilt nur in zusammenhängend bebauten")


@pytest.mark.parametrize(
    ("text", "code", "row", "column"),
    [
        ("own,Eigen,Own,baker,car,minimum,9,min,,x,default,D,,,\n", "catalogue_set_item_unknown", 2, "item"),
        ("own,Eigen,Own,tier:XZ,car,minimum,9,min,,x,default,D,,,\n", "catalogue_set_item_unknown", 2, "item"),
        ("own,Eigen,Own,tier:GZ,walk,minimum,9,m,,x,default,D,,,\n", "catalogue_not_allowed", 2, "mode"),
        ("own,Eigen,Own,bakery,persons_in_place,minimum,9,persons,,x,default,D,,,\n", "catalogue_not_allowed", 2, "mode"),
        ("own,Eigen,Own,bakery,fly,minimum,9,min,,x,default,D,,,\n", "catalogue_not_allowed", 2, "mode"),
        ("own,Eigen,Own,bakery,car,minimum,-9,min,,x,default,D,,,\n", "catalogue_number_too_small", 2, "value"),
        ("own,Eigen,Own,bakery,car,minimum,900,m,,x,default,D,,,\n", "catalogue_unit_wrong", 2, "unit"),
        ("own,Eigen,Own,bakery,walk,minimum,10,min,,x,default,D,,,\n", "catalogue_unit_wrong", 2, "unit"),
        ("own,Eigen,Own,bakery,car,minimum,9,min,10,x,default,D,,,\n", "catalogue_number_too_large", 2, "tolerance_share"),
        ("own,Eigen,Own,bakery,car,minimum,9,min,-1,x,default,D,,,\n", "catalogue_number_too_small", 2, "tolerance_share"),
        ("own,Eigen,Own,bakery,car,minimum,9,min,,,default,D,,,\n", "catalogue_cell_empty", 2, "source"),
        ("own,,Own,bakery,car,minimum,9,min,,x,default,D,,,\n", "catalogue_cell_empty", 2, "label_de"),
        ("own,Eigen,Own,bakery,car,target,,,,,,,,,\n", "catalogue_set_no_standard", 2, "value"),
        ("own,Eigen,Own,bakery,car,conditional,,,,,,,,,\n", "catalogue_set_no_standard", 2, "value"),
        ("own,Eigen,Own,playground,car,minimum,,,,,,,,,\n", "catalogue_set_no_standard", 2, "value"),
        ("own,Eigen,Own,bakery,car,minimum,9,min,,x,default,D,AG,,\n", "catalogue_agreement_partial", 2, "agreed_on"),
        ("rin2008,,,tier:GZ,car,minimum,25,min,,x,default,D,,,\n", "catalogue_standard_not_agreed", 2, "agreed_by"),
        (
            "own,Eigen,Own,bakery,car,minimum,9,min,,x,default,D,,,\nown,Eigen,Own,bakery,car,minimum,8,min,,x,default,D,,,\n",
            "catalogue_duplicate", 3, None,
        ),
        (
            "own,Eigen,Own,bakery,car,minimum,9,min,,x,default,D,,,\nown,Meins,Own,bakery,pt,minimum,8,min,,x,default,D,,,\n",
            "catalogue_set_label", 3, "label_de",
        ),
    ],
)  # fmt: skip
def test_faults_of_a_set_name_row_and_column(
    tmp_path: Path, text: str, code: str, row: int, column: str | None
) -> None:
    """Each kind of bad row is one problem with its line and column."""
    faults = _faults(_folder(tmp_path / "k", text))
    assert [(p.code, p.table, p.row, p.column) for p in faults] == [(code, "k/standard_sets.csv", row, column)]


def test_all_faults_come_together(tmp_path: Path) -> None:
    """Three bad rows of two files are told in one go."""
    folder = _folder(
        tmp_path / "k",
        "own,Eigen,Own,baker,car,minimum,9,min,,x,default,D,,,\nown,Eigen,Own,bakery,car,minimum,9,m,,x,default,D,,,\n",
    )
    _folder(folder, "bakery,car,target,,5,min,AG,default,D,AG,,\n", "standards.csv", STANDARDS)
    assert {p.code for p in _faults(folder)} == {
        "catalogue_set_item_unknown", "catalogue_unit_wrong", "catalogue_agreement_partial",
    }  # fmt: skip


def test_an_agreed_value_reaches_the_sets_that_refer_to_it(tmp_path: Path) -> None:
    """A replaced standard with all three cells is agreed, and the set that refers to it shows the agreed value."""
    folder = _folder(
        tmp_path / "k",
        "general_practitioner,car,minimum,,18,min,AG,practice,S,AG Gesundheit,12.10.2026,dünn besiedelt\n",
        "standards.csv",
        STANDARDS,
    )
    value = find_set(read_catalogue(folder), "gba2019").rows[0].value
    assert (value.value, value.agreed_by, value.agreed_on) == (18, "AG Gesundheit", "2026-10-12")


def test_a_run_with_a_set_uses_its_values_and_keeps_the_others() -> None:
    """With `target` the GP is 15 minutes by car, the pharmacy stays; rows for a part of the area stay out; the hash differs."""
    catalogue = read_catalogue()
    strict = with_standard_set(catalogue, "target")
    assert strict.services["general_practitioner"].standards["car"].minimum.value == 15
    assert strict.services["pharmacy"].standards == catalogue.services["pharmacy"].standards
    assert strict.content_hash != catalogue.content_hash
    post = with_standard_set(catalogue, "post").services["post_office"].standards["walk"].minimum
    assert post == catalogue.services["post_office"].standards["walk"].minimum
    assert with_standard_set(catalogue, "catalogue") is catalogue


def test_a_set_follows_a_standard_that_changes() -> None:
    """A scenario gives the GP 18 minutes: `catalogue` and `gba2019`, which refer to it, show them; a school set with an own value does not."""
    catalogue = read_catalogue()
    gp = catalogue.services["general_practitioner"]
    car = gp.standards["car"]
    new = replace(car, minimum=replace(car.minimum, value=18.0))
    services = {**catalogue.services, gp.id: replace(gp, standards={**gp.standards, "car": new})}
    changed = replace(catalogue, services=services)
    for set_id in ("catalogue", "gba2019"):
        values = {(r.item, r.mode): r.value.value for r in find_set(changed, set_id).rows}
        assert values["general_practitioner", "car"] == 18
    assert find_set(changed, "school_mv") == find_set(catalogue, "school_mv")


def test_the_other_sets_keep_their_values_in_a_run_with_a_set() -> None:
    """A run with the targets compares with the minimum values of before; a later change of a standard is one of the chosen set."""
    strict = with_standard_set(read_catalogue(), "target")
    values = {s: {(r.item, r.mode): r.value.value for r in find_set(strict, s).rows} for s in ("catalogue", "target")}
    assert values["catalogue"]["general_practitioner", "car"] == 20
    assert values["target"]["general_practitioner", "car"] == 15
    gp = strict.services["general_practitioner"]
    new = replace(gp.standards["car"], minimum=replace(gp.standards["car"].minimum, value=12.0))
    services = {**strict.services, gp.id: replace(gp, standards={**gp.standards, "car": new})}
    later = replace(strict, services=services)
    assert {r.value.value for r in find_set(later, "target").rows if (r.item, r.mode) == (gp.id, "car")} == {12}
    assert {r.value.value for r in find_set(later, "catalogue").rows if (r.item, r.mode) == (gp.id, "car")} == {20}


def test_a_set_alone_has_no_other_standard() -> None:
    """`only_standard_set` leaves the GP its one standard by car, and the pharmacy none."""
    services = only_standard_set(read_catalogue(), "gba2019").services
    assert list(services["general_practitioner"].standards) == ["car"]
    assert not services["pharmacy"].standards


def test_an_unknown_set_names_the_known_ones() -> None:
    """A misspelt set is an error that lists the sets."""
    with pytest.raises(InputError) as fault:
        with_standard_set(read_catalogue(), "taget")
    assert "target" in str(fault.value.problems[0].params["known"])


def test_an_empty_value_drops_a_shipped_row(tmp_path: Path) -> None:
    """An own row with an empty value and an agreement takes the row out of the set."""
    folder = _folder(tmp_path / "k", "rin2008,,,tier:GZ,car,minimum,,,,x,default,D,AG,2026-10-01,nein\n")
    rows = [(r.item, r.mode) for r in find_set(read_catalogue(folder), "rin2008").rows]
    assert ("tier:GZ", "car") not in rows and ("tier:GZ", "pt") in rows
    assert np.isnan(find_set(read_catalogue(), "rin2008").rows[0].tolerance_share)
