"""Rules of facility quality: weights, scales and windows of the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankerort.base.problems import InputError
from ankerort.catalogue import copy_catalogue, read_catalogue

HEAD = "service,criterion,value,unit,source,legal_status,mark,agreed_by,agreed_on,reason\n"
AGREED = "Kreistag,2026-05-01,Beschluss"


def _own(folder: Path, *rows: str, file: str = "quality_weights.csv", head: str = HEAD) -> Path:
    (folder / file).write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return folder


def test_shipped_weights_are_those_of_the_domain() -> None:
    """A service to which every criterion applies has the seven weights; the range of a school does not count."""
    rules = read_catalogue().quality
    weights = rules.weights["general_practitioner"]
    assert "range" not in weights
    assert weights["hours"] == pytest.approx(0.2 / 0.9)
    assert weights["digital"] == pytest.approx(0.05 / 0.9)
    assert "hours" not in rules.weights["primary_school"] and "range" in rules.weights["supermarket"]


def test_weights_of_each_service_sum_to_one() -> None:
    """Left-out criteria are scaled away, not counted as unknown."""
    rules = read_catalogue().quality
    assert len(rules.weights) > 40
    for service, weights in rules.weights.items():
        assert sum(weights.values()) == pytest.approx(1), service
        assert all(weight > 0 for weight in weights.values())


def test_reference_windows_of_everybody_are_the_union() -> None:
    """17 to 18 stands in both sets and counts once: 40 hours and 14 hours are 49 together."""
    windows = read_catalogue().quality.windows
    hours = {name: sum(last - first for _, first, last in found) / 3600 for name, found in windows.items()}
    assert hours == {"65_plus": 40, "workers": 14, "all": 49}


def test_weights_that_do_not_sum_to_one_are_an_error(tmp_path: Path) -> None:
    """The error names the file, the changed row and the sum."""
    _own(tmp_path, f"*,hours,0.5,share,Beschluss,default,D,{AGREED}")
    with pytest.raises(InputError) as caught:
        read_catalogue(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.row, problem.column) == ("quality_weights_sum", 2, "value")
    assert problem.params["total"] == "1.3"
    assert problem.table.endswith("quality_weights.csv")


def test_a_project_may_replace_weights(tmp_path: Path) -> None:
    """Rows of a project replace shipped ones by their key; a row of a service goes before that of its area and of all."""
    rows = ("*,hours,0.3", "*,step_free,0.1", "village_shop,condition,0")
    rules = read_catalogue(_own(tmp_path, *(f"{row},share,Beschluss,default,D,{AGREED}" for row in rows))).quality
    assert rules.weights["general_practitioner"]["hours"] == pytest.approx(0.3 / 0.9)
    assert set(rules.weights["village_shop"]) == {"hours", "step_free", "range", "pt"}


def test_a_replaced_weight_without_agreement_is_a_warning(tmp_path: Path) -> None:
    """Who agreed a weight, when and why should stand beside it."""
    rows = ("*,hours,0.3,share,Beschluss,default,D,,,", "*,step_free,0.1,share,Beschluss,default,D,,,")
    found = [p.code for p in read_catalogue(_own(tmp_path, *rows)).problems]
    assert found == ["catalogue_figure_not_agreed"] * 2


@pytest.mark.parametrize(
    ("file", "head", "row", "code"),
    [
        ("quality_weights.csv", HEAD, "dorfladen,hours,0.2,share,x,default,D,,,", "catalogue_service_unknown"),
        (
            "quality_scales.csv",
            HEAD.replace("service,criterion", "criterion,step"),
            "digital,schnell,1,share,x,default,D,,,",
            "quality_step_number",
        ),
        (
            "quality_windows.csv",
            "window,weekday,from_time,to_time,source,legal_status,mark\n",
            "workers,Sa,9,13:00,x,default,D",
            "quality_window_times",
        ),
    ],
)
def test_faults_are_named_with_row(tmp_path: Path, file: str, head: str, row: str, code: str) -> None:
    """Unknown services, steps that are no numbers and times that are none stop the run with their row."""
    with pytest.raises(InputError) as caught:
        read_catalogue(_own(tmp_path, row, file=file, head=head))
    assert [(p.code, p.row) for p in caught.value.problems] == [(code, 2)]


def test_the_files_are_copied_for_editing(tmp_path: Path) -> None:
    """A copied catalogue holds the three files and reads as the shipped one."""
    names = {path.name for path in copy_catalogue(tmp_path)}
    assert {"quality_weights.csv", "quality_scales.csv", "quality_windows.csv"} <= names
    assert read_catalogue(tmp_path).quality.weights == read_catalogue().quality.weights
