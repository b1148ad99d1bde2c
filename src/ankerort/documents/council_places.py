"""Chapter 3: places x core functions with their letters, upright heads, on A4."""

from __future__ import annotations

from typing import Any

from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks import Align, Block, Cell, Paragraph, Table
from ankerort.documents.labels import DARK_LETTERS, LETTERS, letter_meaning, short_label, verdict
from ankerort.documents.report_rows import matrix_content
from ankerort.documents.tables import study_places
from ankerort.text import Language, say


def matrix_blocks(assessment: Assessment, lang: Language) -> list[Block]:
    """One table: a row per place below the name of its municipality, a column per core function."""
    places = study_places(assessment)
    content = matrix_content(assessment, places[places["persons"] > 0.5], lang)
    labels = [short_label(f"core:{i.id}", assessment.catalogue, lang) for i in assessment.catalogue.core]
    head = (say("column.place", lang), say("column.persons", lang), *labels)
    narrow: list[Align] = ["center"] * len(labels)
    blocks: list[Block] = [Paragraph(say("report.matrix_about", lang)), Paragraph(letters_line(lang), "small")]
    rows: list[tuple[str | Cell, ...]] = []
    for group in content["matrix"]:
        rows.append((group["name"],))
        rows += [_row(row) for row in group["rows"]]
    if rows:
        blocks.append(
            Table(
                head,
                tuple(rows),
                align=("left", "right", *narrow),
                widths=(44, 16, *(110 / max(len(labels), 1),) * len(labels)),
                turned_head=True,
            )
        )
    if content["matrix_rest"]:
        blocks.append(Paragraph(content["matrix_rest"], "note"))
    return blocks


def letters_line(lang: Language) -> str:
    """What each letter means, in one line."""
    named = [say("council.letter", lang, letter=x, meaning=letter_meaning(x, lang)) for x in LETTERS]
    return say("council.letters", lang, letters=" · ".join(named))


def _row(row: dict[str, Any]) -> tuple[str | Cell, ...]:
    return (row["place"], row["persons"], *(letter_cell(*pair) for pair in row["letters"]))


def letter_cell(state: str, state_no_car: str) -> Cell:
    """The letter with a car, and that without one where it differs, on the colour of the verdict."""
    shown = verdict(state, state_no_car)
    text = state if state == state_no_car else f"{state}/{state_no_car}"
    return Cell(text, LETTERS[shown][0], "#ffffff" if shown in DARK_LETTERS else "#000000", bold=True)
