"""Answers that came back, from the files to the ledger of a project: read, compared, shown, then taken over or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ankerort.base.files import replacing
from ankerort.base.problems import InputError, Problem, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.documents.sheets import Sheet
from ankerort.documents.sheets_returns import WIDTHS, difference_table
from ankerort.documents.workbook import write_plain_workbook
from ankerort.region.inquiry.answers import Answer
from ankerort.region.inquiry.differences import Difference, find_differences, new_rows
from ankerort.region.inquiry.ledger import add_to_ledger, ledger_path, read_ledger
from ankerort.region.inquiry.read_answers import read_answers
from ankerort.region.inquiry.sent import SentWorkbook, sent_workbooks
from ankerort.region.inquiry.status import inquiry_status
from ankerort.region.model import Region
from ankerort.region.read_settings import FILE_NAME
from ankerort.stages import Stages
from ankerort.text import Language, say


@dataclass(frozen=True)
class Returns:
    """Files that came back, and what they would change; nothing is taken over yet.

    Parameters
    ----------
    folder
        Project folder.
    region, catalogue
        What is believed so far.
    differences
        Of the files without an error, in their order; with those that the ledger holds already.
    files
        Files without an error.
    refused
        Files with an error: nothing of them is taken over.
    problems
        Of all files, and of the region where they concern the ledger.
    """

    folder: Path
    region: Region
    catalogue: Catalogue
    differences: tuple[Difference, ...]
    files: tuple[Path, ...]
    refused: tuple[Path, ...]
    problems: tuple[Problem, ...]

    @property
    def news(self) -> int:
        """Rows that the ledger does not hold yet."""
        return len(new_rows(self.differences))


@dataclass(frozen=True)
class RoundStatus:
    """What went out and what came back.

    Parameters
    ----------
    region, catalogue
        The region with all confirmations.
    table
        `ankerort.region.inquiry.status.STATUS`.
    sent
        Workbooks in ``abfrage/``.
    """

    region: Region
    catalogue: Catalogue
    table: pd.DataFrame
    sent: tuple[SentWorkbook, ...]


def read_returns(
    files: Sequence[Path],
    *,
    imported_on: str,
    project: Path | None = None,
    threads: int = 0,
    progress: Progress = SILENT,
) -> Returns:
    """Read filled workbooks and survey sheets and compare them with what is believed.

    Parameters
    ----------
    files
        The files; any error in one of them refuses that one as a whole.
    imported_on
        ISO day of taking over.
    project
        Project folder; None = the one that a file lies in, else the current one.

    Raises
    ------
    InputError
        If there is no such file, no project folder, or the region or its ledger cannot be read.
    """
    missing = [file for file in files if not file.is_file()]
    if missing:
        raise InputError([Problem("returned_missing", "error", file.name) for file in missing])
    folder = project if project is not None else find_project(files)
    stages = Stages(folder, threads, progress)
    region, catalogue = stages.region(), stages.catalogue
    problems = Problems()
    ledger = read_ledger(ledger_path(stages.folder), problems=problems)
    problems.raise_errors()
    answers: list[Answer] = []
    good: list[Path] = []
    refused: list[Path] = []
    for file in files:
        own = Problems()
        found = read_answers(file, region, catalogue, problems=own)
        if not own.has_errors:
            _compare(found, region, ledger, catalogue, imported_on, own)
        if own.has_errors:
            refused.append(file)
        else:
            good.append(file)
            answers += found
        problems.extend(own)
    differences = _compare(answers, region, ledger, catalogue, imported_on, Problems())
    return Returns(stages.folder, region, catalogue, differences, tuple(good), tuple(refused), problems.sorted())


def _compare(
    answers: Sequence[Answer],
    region: Region,
    ledger: pd.DataFrame,
    catalogue: Catalogue,
    imported_on: str,
    problems: Problems,
) -> tuple[Difference, ...]:
    return find_differences(
        answers,
        region,
        ledger,
        imported_on=imported_on,
        round_days=catalogue.value("inquiry.round_days"),
        similar_from=catalogue.value("merge.name_similarity"),
        problems=problems,
    )


def take_over(returns: Returns) -> Path | None:
    """Add what came back to the ledger of the project and keep the files; see `ankerort.region.inquiry.ledger.add_to_ledger`.

    Returns
    -------
    Path or None
        Copy of the former ledger; None if there was none or nothing is new.
    """
    return add_to_ledger(returns.folder, new_rows(returns.differences), returns.files)


def write_differences(returns: Returns, path: Path, lang: Language) -> None:
    """The differences as a workbook."""
    sheet = Sheet("differences", lambda *_: pd.DataFrame(), (1, 2), wrapped=("remark",), wide=WIDTHS)
    table = difference_table(returns.differences, returns.region, returns.catalogue, lang)
    with replacing(path) as temporary:
        write_plain_workbook(
            temporary,
            title=say("returns.list_title", lang),
            lines=[say("returns.list_about", lang), *(f"– {f.name}" for f in returns.files)],
            sheets=[(sheet, table)],
            lang=lang,
        )


def round_status(folder: Path, *, threads: int = 0, progress: Progress = SILENT) -> RoundStatus:
    """What went out and what came back, of one project.

    Raises
    ------
    InputError
        If the region or its ledger cannot be read.
    """
    stages = Stages(folder, threads, progress)
    region = stages.region()
    table = inquiry_status(region, stages.catalogue)
    return RoundStatus(region, stages.catalogue, table, sent_workbooks(stages.folder))


def find_project(files: Sequence[Path]) -> Path:
    """The project folder that a file lies in (three levels up at most), else the current folder.

    Raises
    ------
    InputError
        If none of them holds a ``region.toml``.
    """
    for file in files:
        for folder in list(file.resolve().parents)[:3]:
            if (folder / FILE_NAME).is_file():
                return folder
    if (Path.cwd() / FILE_NAME).is_file():
        return Path.cwd()
    raise InputError([Problem("returned_no_project", "error", files[0].name if files else FILE_NAME)])
