"""A plan file is read back as it was written, may be edited, and keeps what it replaces."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pandas as pd
import pytest

from ankerort.anchors.plan import AnchorPlan
from ankerort.anchors.plan_decision import decision_of, with_place_ids
from ankerort.anchors.plan_file import plan_text, read_plan, write_plan
from ankerort.base.problems import InputError
from ankerort.text import say
from worlds.anchor_planned import planned, prepared, solution
from worlds.anchor_region import sample_world


def _names() -> dict[str, str]:
    places = sample_world().region.places
    return dict(zip(places["place_id"], places["print_name"], strict=True))


def _same(one: AnchorPlan, other: AnchorPlan) -> None:
    for field in fields(AnchorPlan):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, pd.DataFrame):
            pd.testing.assert_frame_equal(a, b)
        else:
            assert a == b, field.name


@pytest.mark.parametrize("names", [True, False])
def test_a_plan_is_read_as_it_was_written(tmp_path: Path, names: bool) -> None:
    """Writing and reading give back every table, the request, the proof and the record, with and without printed names."""
    path = tmp_path / "plan.toml"
    assert write_plan(planned(), path, names=_names() if names else None) is None
    _same(planned(), read_plan(path))


def test_the_scenario_of_the_question_stands_in_the_file(tmp_path: Path) -> None:
    """A plan made with a scenario names it in its request and reads it back; one made without does not."""
    path = tmp_path / "plan.toml"
    asked = replace(planned(), request=replace(planned().request, with_scenario="wochenplan"))
    write_plan(asked, path)
    assert 'with_scenario = "wochenplan"' in path.read_text(encoding="utf-8")
    assert read_plan(path).request == asked.request
    assert "with_scenario" not in plan_text(planned())


def test_the_decision_is_found_again() -> None:
    """The rows of an unchanged plan give the decision that it was made of."""
    decision, problems = decision_of(planned(), prepared(), "plan.toml")
    found = solution().decision
    assert found is not None
    assert not problems
    assert (decision.open == found.open).all()
    assert (decision.units == found.units).all()


def test_a_function_that_was_removed_does_not_open(tmp_path: Path) -> None:
    """Deleting one section [[function]] by hand leaves a plan that can be read; just its offer is closed."""
    text = plan_text(planned(), names=_names())
    parts = text.split("\n[[function]]\n")
    at = next(k for k, part in enumerate(parts) if 'what = "new"' in part)
    path = tmp_path / "plan.toml"
    path.write_text("\n[[function]]\n".join([*parts[:at], *parts[at + 1 :]]), encoding="utf-8")
    decision, problems = decision_of(read_plan(path), prepared(), "plan.toml")
    found = solution().decision
    assert found is not None
    assert not problems
    assert (found.open != decision.open).sum() == 1
    assert found.open[found.open != decision.open].all()


def test_places_may_be_named_as_printed(tmp_path: Path) -> None:
    """A section typed by hand needs no place_id and no figures."""
    places = sample_world().region.places.set_index("place_id")
    anchor = planned().anchors.iloc[0]
    name = places["print_name"].at[anchor["place_id"]]
    path = tmp_path / "typed.toml"
    path.write_text(f'[request]\n[[anchor]]\nplace = "{name}"\nlevel = "basic"\n', encoding="utf-8")
    plan = with_place_ids(read_plan(path), sample_world().region, path.name)
    assert plan.anchors["place_id"].tolist() == [anchor["place_id"]]
    assert plan.name == "typed"
    decision, problems = decision_of(plan, prepared(), path.name)
    assert not problems
    assert decision.units.sum() == 1


def test_a_name_that_is_no_place_is_told_with_near_ones(tmp_path: Path) -> None:
    """An unknown place in a plan is an error with similar names."""
    path = tmp_path / "typed.toml"
    path.write_text('[request]\n[[anchor]]\nplace = "Altenrode"\nlevel = "basic"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        with_place_ids(read_plan(path), sample_world().region, path.name)
    assert caught.value.problems[0].code == "anchors_place_unknown"
    assert "Altenröde" in str(caught.value.problems[0].params["near"])


def test_rows_that_fit_nothing_are_told_and_passed_over() -> None:
    """A function that cannot open, a facility that may not close and an anchor that cannot be are told; the rest stands."""
    plan = planned()
    functions, anchors = plan.functions.copy(), plan.anchors.copy()
    at = functions.index[functions["what"] == "new"][0]
    functions.loc[at, "variant"] = "nothing_like_it"
    kept = functions.index[functions["what"] == "kept"][0]
    functions.loc[kept, "what"] = "closed"
    anchors.loc[anchors.index[0], "level"] = "grand"
    edited = AnchorPlan(**{**plan.__dict__, "functions": functions, "anchors": anchors})
    decision, problems = decision_of(edited, prepared(), "plan.toml")
    assert {p.code for p in problems} == {"anchors_plan_no_unit", "anchors_plan_not_removable", "anchors_plan_no_offer"}
    assert decision.units.sum() == len(anchors) - 1
    for problem in problems:
        assert say(f"problem.{problem.code}", "de", **problem.params)
        assert say(f"repair.{problem.code}", "en", **problem.params)


def test_all_faults_of_a_file_are_told_with_their_lines(tmp_path: Path) -> None:
    """Unknown keys, wrong types, missing fields and wrong words are collected; lines count from 1."""
    path = tmp_path / "bad.toml"
    path.write_text(
        'nmae = "x"\n[request]\nmax_anchor = 3\nseconds = "lang"\n\n[[anchor]]\nlevel = "basic"\n\n'
        '[[function]]\nfunction = "pharmacy"\nwhat = "opened"\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_plan(path)
    told = {(p.code, p.row) for p in caught.value.problems}
    assert told == {
        ("anchors_plan_key", None),
        ("anchors_plan_key", 3),
        ("anchors_plan_type", 4),
        ("anchors_plan_field", 6),
        ("anchors_plan_what", 9),
    }


@pytest.mark.parametrize("text", ["format = 2\n[request]\n", "name = \n"])
def test_other_formats_and_broken_syntax_are_refused(tmp_path: Path, text: str) -> None:
    """A file of another version and one that is no TOML are told, not guessed at."""
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_plan(path)
    assert caught.value.problems[0].code in ("anchors_plan_format", "scenario_syntax")


def test_a_file_that_says_something_else_is_kept(tmp_path: Path) -> None:
    """Writing the same again changes nothing; a file that someone edited is kept beside the new one."""
    path = tmp_path / "plan.toml"
    write_plan(planned(), path)
    assert write_plan(planned(), path) is None
    slower = replace(planned(), proof=replace(planned().proof, seconds=99.0))
    assert write_plan(slower, path) is None
    path.write_text(path.read_text(encoding="utf-8") + "\n# meine Notiz\n", encoding="utf-8")
    old = write_plan(planned(), path)
    assert old is not None
    assert "meine Notiz" in old.read_text(encoding="utf-8")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["plan.alt-1.toml", "plan.toml"]
