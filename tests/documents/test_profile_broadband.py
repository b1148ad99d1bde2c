"""The profile tells one figure of broadband, and of whom it is; the sheet tells all of them."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from ankerort.documents.profile import profile_blocks, profile_places
from ankerort.documents.profile_broadband import broadband_line, place_broadband, told_broadband
from ankerort.documents.sheets_broadband import broadband
from ankerort.region.schema_broadband import BROADBAND
from ankerort.text import LANGUAGES, say


def row(
    place_id: str, mbit: float, share: float, *, high: float | None = None, technology: str = "any"
) -> dict[str, object]:
    """One figure."""
    return {
        "ags": "15001000",
        "place_id": place_id,
        "class_mbit": mbit,
        "technology": technology,
        "share_low": share,
        "share_high": share if high is None else high,
        "date": "2026-06-30",
        "rule": "place" if place_id else "municipality",
        "source_id": "netz",
        "source_ref": "2",
    }


def line(one: dict[str, object], lang: str = "de") -> str:
    return broadband_line(
        one, name="Einsam", kind="village", municipality="Ahausen", source_title="Breitbandatlas", lang=lang
    )


def test_which_figure_is_told() -> None:
    """The place's own before the municipality's; a share before a class; 100 Mbit/s, else the next below, else the lowest above."""
    town = [row("", 50.0, 0.99), row("", 100.0, 0.9), row("", 1000.0, 0.4), row("", 0.0, 0.3, technology="fibre")]
    found = told_broadband(town, wanted_mbit=100.0)
    assert found is not None
    assert found["class_mbit"] == 100.0
    without = told_broadband([r for r in town if r["class_mbit"] != 100.0], wanted_mbit=100.0)
    assert without is not None
    assert without["class_mbit"] == 50.0
    above = told_broadband([row("", 1000.0, 0.4), row("", 400.0, 0.5)], wanted_mbit=100.0)
    assert above is not None
    assert above["class_mbit"] == 400.0
    own = told_broadband([*town, row("p", 50.0, 0.6)], wanted_mbit=100.0)
    assert own is not None
    assert own["place_id"] == "p"
    assert told_broadband([], wanted_mbit=100.0) is None
    assert told_broadband([row("", 400.0, 0.5, technology="cable")], wanted_mbit=100.0) is None


def test_the_sentences() -> None:
    """Read aloud: the number, its base, source and day; a class without share says what is not known."""
    assert line(row("", 100.0, 0.923)) == (
        "Mindestens 100 Mbit/s haben 92 % der Haushalte der ganzen Gemeinde Ahausen (Breitbandatlas, 30.06.2026)."
    )
    assert line(row("p", 1000.0, 0.5, high=0.75)) == (
        "Mindestens 1.000 Mbit/s haben 50 % bis 75 % der Haushalte des Ortes (Breitbandatlas, 30.06.2026)."
    )
    assert (
        line(row("p", 0.0, 0.31, technology="fibre"))
        == "Glasfaser haben 31 % der Haushalte des Ortes (Breitbandatlas, 30.06.2026)."
    )
    assert line(row("p", 100.0, math.nan)) == (
        "Laut Liste gibt es in Einsam mindestens 100 Mbit/s (Breitbandatlas, 30.06.2026). Für welchen Anteil der Haushalte, ist nicht bekannt."
    )
    assert line(row("", 0.0, math.nan, technology="fibre")) == (
        "Laut Liste gibt es in der Gemeinde Ahausen Glasfaser (Breitbandatlas, 30.06.2026). Für welchen Anteil der Haushalte, ist nicht bekannt."
    )
    assert line(row("", 100.0, 0.923), "en") == (
        "92% of the households of the whole municipality of Ahausen have at least 100 Mbit/s (Breitbandatlas, 2026-06-30)."
    )
    assert (
        line({**row("p", 100.0, 1.0), "date": ""})
        == "Mindestens 100 Mbit/s haben 100 % der Haushalte des Ortes (Breitbandatlas)."
    )


def with_figures(assessment, *, internal: bool = False):
    """The assessment with figures of the first place that gets a profile, and of its municipality."""
    region = assessment.region
    place_id = profile_places(assessment)[0]
    ags = region.places.set_index("place_id").loc[place_id, "ags"]
    rows = [{**row("", 50.0, 0.88), "ags": ags}, {**row(place_id, 100.0, 0.4), "ags": ags}]
    source = {**region.sources.iloc[0].to_dict(), "source_id": "netz", "title": "Breitbandatlas", "internal": internal}
    sources = pd.concat([region.sources, pd.DataFrame([source])], ignore_index=True)
    figures = BROADBAND.conform(pd.DataFrame(rows))
    changed = dataclasses.replace(assessment, region=dataclasses.replace(region, broadband=figures, sources=sources))
    return changed, place_id


def test_profile_tells_it_and_is_silent_without(assessment) -> None:
    """The sentence stands in the profile of the place; without a table there is none, and no gap."""
    changed, place_id = with_figures(assessment)
    text = place_broadband(changed, place_id, "de")
    assert text == "Mindestens 100 Mbit/s haben 40 % der Haushalte des Ortes (Breitbandatlas, 30.06.2026)."
    assert any(text in str(block) for block in profile_blocks(changed, place_id, "de"))
    assert place_broadband(assessment, place_id, "de") == ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sheet(assessment, lang) -> None:
    """One row per figure, of whom it is in words; lists that may not be passed on stay out; every column has its head."""
    changed, _ = with_figures(assessment)
    frame = broadband(changed, lang)
    assert frame["broadband_of"].to_list() == [
        say("broadband.rule_municipality", lang),
        say("broadband.rule_place", lang),
    ]
    assert frame["broadband_low"].to_list() == [0.88, 0.4]
    for column in frame.columns:
        assert say(f"column.{column}", lang)
    assert broadband(with_figures(assessment, internal=True)[0], lang).empty
