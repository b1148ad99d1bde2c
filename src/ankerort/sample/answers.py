"""``ankerort sample answers``: the municipalities of the sample fill in their workbooks. All answers are invented."""

from __future__ import annotations

from pathlib import Path

from ankerort.base.problems import InputError, Problem
from ankerort.region.inquiry.sent import SENT_FOLDER, sent_workbooks
from ankerort.sample.typed_answers import COVER, TypedCell, read_typed_cells, type_into
from ankerort.text.numbers import format_date

ANSWERS_FOLDER = "antworten"
ANSWERED_ON = "2026-11-20"
_TABLE = Path(__file__).parent / "data" / "answers.csv"


def write_sample_answers(folder: Path, *, answered_on: str = ANSWERED_ON) -> tuple[tuple[Path, int], ...]:
    """Write filled copies of the workbooks in ``abfrage/`` of a sample project into ``antworten/``.

    Parameters
    ----------
    folder
        A folder of `ankerort.sample.write_sample` in which ``ankerort inquiry`` wrote workbooks. The workbooks stay as they are.
    answered_on
        Day of the answers (ISO).

    Returns
    -------
    tuple of (Path, int)
        Filled copies and the number of their filled cells. Some municipalities of the sample never answer.

    Raises
    ------
    InputError
        If there is no workbook of a municipality that answers, or the workbook asks something else than the sample would.
    """
    cells = read_typed_cells(_TABLE)
    day = format_date(answered_on, "de")
    written = []
    for sent in sent_workbooks(folder):
        own = [c for c in cells if c.municipality == sent.ags]
        if not own:
            continue
        own.append(TypedCell(sent.ags, "", COVER, "", "filled_on", day))
        target = folder / ANSWERS_FOLDER / sent.name
        type_into(folder / SENT_FOLDER / sent.name, target, own)
        written.append((target, len(own)))
    if not written:
        raise InputError([Problem("sample_no_inquiry", "error", SENT_FOLDER)])
    return tuple(written)
