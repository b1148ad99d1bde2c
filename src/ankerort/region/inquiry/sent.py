"""Which inquiry workbooks lie ready to go out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ankerort.base.problems import Problems
from ankerort.region.inquiry.grid import read_grids
from ankerort.region.inquiry.layout import HIDDEN_SHEET

SENT_FOLDER = "abfrage"


@dataclass(frozen=True)
class SentWorkbook:
    """One workbook: its file name, the municipality that its hidden sheet names (empty if none), and its places."""

    name: str
    ags: str
    places: int


def sent_workbooks(folder: Path) -> tuple[SentWorkbook, ...]:
    """The workbooks in ``abfrage/`` of a project folder, in order of their names; what is no inquiry is passed over."""
    out = []
    for path in sorted((folder / SENT_FOLDER).glob(f"{SENT_FOLDER}-*.xlsx")):
        if path.name.startswith("~$"):
            continue  # the lock of an open workbook
        grids = read_grids(path, Problems())
        hidden = next((g for g in grids if g.title == HIDDEN_SHEET), None)
        if hidden is None:
            continue
        lines = [(cells.get(1, ""), cells.get(2, "")) for _, cells in sorted(hidden.rows.items())]
        ags = next((value for key, value in lines if key == "ags"), "")
        out.append(SentWorkbook(path.name, ags, sum(key == "sheet" for key, _ in lines)))
    return tuple(out)
