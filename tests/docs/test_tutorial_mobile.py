"""Mobile services in the tutorial: its commands are run as printed, and what it shows comes true."""

from __future__ import annotations

from pathlib import Path

import pytest

from reference.tutorial import commands_of, run, shown_in_order

TITLE = "Was ins Dorf kommt"


@pytest.mark.slow
def test_the_way_from_the_questionnaire_to_the_sheet_runs_as_printed(tmp_path: Path) -> None:
    """Every step is there, in its order; each line that the page shows is printed in the order of the page; the documents are there."""
    commands = commands_of(TITLE)
    assert [" ".join(line.split()[1:3]) for line, _ in commands] == [
        "sample dorf", "wishes form", "wishes import", "wishes import", "wishes show", "mobile plan", "mobile timetable", "mobile check",
        "mobile compare", "compare dorf",
    ]  # fmt: skip
    for line, shown in commands:
        printed = run(line, tmp_path)
        assert shown_in_order(shown, printed) == "", (line, printed)
    out = tmp_path / "dorf" / "ausgabe" / "buergerbuero-auf-raedern"
    for name in ("mobil.pdf", "intern/pruefliste.pdf", "mobil-gtfs.zip", "kalender/alle-orte.ics"):
        assert (out / name).stat().st_size > 500, name
