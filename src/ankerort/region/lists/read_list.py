"""Reads the sheets of an office's list by the reader of its preset."""

from __future__ import annotations

from pathlib import Path

from ankerort.base.problems import Problems
from ankerort.catalogue.model import Catalogue
from ankerort.region.lists.common import ListContext, ListResult
from ankerort.region.lists.registry import LIST_READERS
from ankerort.region.settings import InputSettings
from ankerort.region.table_files import RawTable, read_raw_tables


def read_list(
    path: Path,
    *,
    input: InputSettings,
    catalogue: Catalogue,
    problems: Problems,
    file_mark: str = "",
    box: tuple[float, float, float, float] | None = None,
) -> list[tuple[RawTable, ListResult]]:
    """Rows of a list as a table with the columns of the facility template, sheet by sheet.

    Parameters
    ----------
    path
        CSV or XLSX; the head may stand below title lines and over two rows.
    input
        Its `preset` names the reader, its `columns` go before the heads that the reader knows.
    catalogue
        Knows the services.
    problems
        Collects what is wrong; a file without any such list is an error.
    file_mark
        Goes before the ids of rows where several files are read.
    box
        Rectangle of the project in degrees (west, south, east, north), for registers of all of Germany.
    """
    options = input.options
    before = len(problems)
    grids = read_raw_tables(
        path,
        problems=problems,
        encoding=str(options.get("encoding", "")),
        delimiter=str(options.get("delimiter", "")).replace("\\t", "\t"),
        sheet=str(options.get("sheet", "")),
        whole=True,
    )
    context = ListContext(input, catalogue, problems, file_mark, box)
    reader = LIST_READERS[input.preset]
    out: list[tuple[RawTable, ListResult]] = []
    for grid in grids:
        found = reader(grid, context)
        if found is None:
            continue
        for value, count in sorted(found.ignored.items()):
            problems.add("facility_values_ignored", "note", grid.name, value=value or "–", count=count)
        out.append((found.table(grid), found))
    if not out and not any(p.severity == "error" for p in list(problems)[before:]):
        problems.add("list_empty", "error", path.name, preset=input.preset)
    return out
