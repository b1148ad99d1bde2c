"""Profiles from a project folder: which places, and names that are not known."""

from __future__ import annotations

import pytest

from ankerort.base.problems import InputError
from ankerort.documents.profile import profile_places
from ankerort.profile_run import chosen_places, profile_project


def test_places_and_municipalities_add_up(sample_run) -> None:
    """A place by its name, all of a municipality by its name or key; in reading order, each once."""
    assessment = sample_run.assessment
    one = chosen_places(assessment, ["großbölsdorf"], [])
    assert one == ("15999010-grossboelsdorf",)
    both = chosen_places(assessment, ["Großbölsdorf", "Neudorf (Sülzberg)"], ["Sülzberg"])
    assert both == ("15999010-grossboelsdorf", "15999022-neudorf", "15999022-suelzberg")
    assert chosen_places(assessment, [], ["15999022"]) == both[1:]
    assert chosen_places(assessment, [], []) == ()
    rest = chosen_places(assessment, ["Langenwörden, übriges Gebiet"], [])
    assert rest
    assert rest[0] not in profile_places(assessment)


def test_all_unknown_names_are_told_with_the_nearest(sample_run) -> None:
    """Every name that is not known, not only the first; each with what it may have meant."""
    with pytest.raises(InputError) as caught:
        chosen_places(sample_run.assessment, ["Grosbölsdorf", "Neudorf"], ["Sülzburg"])
    found = {p.code: p.params for p in caught.value.problems}
    assert "Großbölsdorf" in str(found["explain_place_unknown"]["near"])
    assert "Neudorf (Sülzberg)" in str(found["explain_place_ambiguous"]["places"])
    assert "Sülzberg" in str(found["profile_municipality_unknown"]["near"])


def test_the_folder_of_the_project_holds_the_pages(sample_run, tmp_path) -> None:
    """The status of the paper and the figures come from the folder; the files go where it is said."""
    files = profile_project(sample_run.folder, places=["Ziepelmühle"], out=tmp_path, lang="en")
    assert [f.name for f in files] == ["Ziepelmühle.pdf", "Ziepelmühle.docx"]
