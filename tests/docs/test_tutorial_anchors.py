"""Anchor places in the tutorial: its commands are run as printed, and what it shows and says comes true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reference.tutorial import commands_of, run, section, shown_in_order

TITLE = "Von der Bilanz zum Vorschlag"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, tuple[str, ...], tuple[str, ...]]]]:
    """The folder, and each command with the lines shown and printed, run one after the other as a reader types them."""
    folder = tmp_path_factory.mktemp("tutorial")
    return folder, [(line, shown, run(line, folder)) for line, shown in commands_of(TITLE)]


@pytest.mark.slow
def test_the_way_to_a_proposal_runs_as_printed(played) -> None:
    """Every step is there, in its order, and each line that the page shows is printed, in the order of the page."""
    _, commands = played
    steps = [" ".join(line.split()[1:3]) for line, _, _ in commands]
    assert steps == [
        "sample kreis", "assess kreis", "anchors kreis", "anchors explain", "anchors kreis", "anchors kreis", "anchors check", "compare kreis",
    ]  # fmt: skip
    for line, shown, printed in commands:
        assert shown_in_order(shown, printed) == "", (line, printed)


@pytest.mark.slow
def test_the_figures_in_the_text_are_those_of_the_plans(played) -> None:
    """The sentences on cost and people cite what the first and the last plan printed."""
    _, commands = played
    told = re.search(r"„([\d–.]+ T€/Jahr)“\s+ist ein Kostenrahmen", section(TITLE))
    assert told is not None
    assert any(line.startswith(f"Folgekosten {told[1]} ") for line in commands[2][2])
    bought = re.search(r"Für ([\d–.]+ T€/Jahr) wären ([\d.]+) Menschen mehr versorgt", section(TITLE))
    assert bought is not None
    last = next(line for line in commands[5][2] if line.startswith("alles, auch"))
    assert last.endswith(f", {bought[1]}") and f" {bought[2]} Menschen mehr versorgt" in last


@pytest.mark.slow
def test_the_documents_of_all_plans_are_there(played) -> None:
    """Each plan has its documents, its file and its scenario; the first page of none passes for a designation."""
    folder, _ = played
    for name in ("vorschlag-a", "was-waere-wenn", "vorschlag-b"):
        out = folder / "kreis" / "ausgabe" / name
        assert {p.suffix for p in out.glob("schwerpunktorte.*")} == {".html", ".pdf", ".docx", ".xlsx", ".gpkg"}
        assert "ersetzt keine Festlegung der Regionalplanung" in (out / "schwerpunktorte.html").read_text(
            encoding="utf-8"
        )
        assert (folder / "kreis" / "plaene" / f"{name}.toml").is_file()
        assert (folder / "kreis" / "szenarien" / f"{name}.toml").is_file()
    assert "Kosten und Nutzen" in (folder / "kreis" / "ausgabe" / "vorschlag-b" / "schwerpunktorte.html").read_text(
        encoding="utf-8"
    )
