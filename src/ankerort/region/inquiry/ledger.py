"""The ledger of the round: what which office confirmed and when; only added to, never changed.

It stands in the project folder as a CSV file that German Excel opens (semicolon, UTF-8 with byte order mark, decimal comma).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

import pandas as pd

from ankerort.base.files import keep_old, replacing, sha256_of
from ankerort.base.problems import InputError, Problem, Problems
from ankerort.region import table_cells
from ankerort.region.inquiry.answers import Subject, Verdict
from ankerort.region.schema_inquiry import CONFIRMATIONS

RETURNS_FOLDER = "rueckmeldung"
LEDGER_FILE = "bestaetigungen.csv"
READ_FOLDER = "eingelesen"
ADDED_SOURCE = "rueckmeldung"  # id of the ledger among the sources of a region
# The state follows from all rows together (see standing.py), so it does not stand in a file that is only added to.
COLUMNS: tuple[str, ...] = tuple(c for c in CONFIRMATIONS.names if c != "state")
# What makes two rows the same statement of the same office.
_CONTENT = (
    *("subject", "subject_id", "service", "ags", "place_id", "verdict", "field", "new_value", "since_year"),
    *("remark", "confirmed_by", "confirmed_on"),
)
_DAYS = ("confirmed_on", "imported_on")
_DEGREES = ("lon", "lat")
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def ledger_path(folder: Path) -> Path:
    """Where the ledger of a project folder stands."""
    return folder / RETURNS_FOLDER / LEDGER_FILE


def content_id(row: Mapping[str, object]) -> str:
    """Id of what a row says: the same office, day and content give the same id, whatever file it came from."""
    return "r" + _digest([_text(column, row[column]) for column in _CONTENT])[:12]


def with_id(row: Mapping[str, object]) -> dict[str, object]:
    """The row with its `confirmation_id`: id of the content, and a check sum over everything else."""
    known = {column: row.get(column, "") for column in COLUMNS if column != "confirmation_id"}
    return {"confirmation_id": f"{content_id(known)}-{_check(known)}", **known}


def read_ledger(path: Path, *, problems: Problems) -> pd.DataFrame:
    """CONFIRMATIONS of a ledger, with an empty `state`; an empty table if there is no file.

    Parameters
    ----------
    path
        The CSV file.
    problems
        Collects, with the row: a missing column, a row with too few cells, an unknown word, a row whose content does not fit its id
        (changed by hand), a row that stands twice. All of them are errors: no answer may be lost or altered silently.
    """
    if not path.is_file():
        return CONFIRMATIONS.empty()
    lines = _lines(path, problems)
    if not lines:
        return CONFIRMATIONS.empty()
    head = [cell.strip() for cell in lines[0][1]]
    missing = [column for column in COLUMNS if column not in head]
    if missing:
        problems.add("ledger_columns", "error", path.name, row=1, columns=", ".join(missing))
        return CONFIRMATIONS.empty()
    rows: list[dict[str, object]] = []
    seen: dict[str, int] = {}
    for number, values in lines[1:]:
        if not any(values):
            continue
        if len(values) < len(head):
            problems.add("ledger_row_short", "error", path.name, row=number, cells=len(values), expected=len(head))
            continue
        row = _row(dict(zip(head, values, strict=False)))
        if row is None or row != with_id(row):
            problems.add("ledger_changed", "error", path.name, row=number)
            continue
        said = content_id(row)
        if said in seen:
            problems.add("ledger_twice", "error", path.name, row=number, first=seen[said])
            continue
        seen[said] = number
        rows.append(row)
    return confirmations_of(rows)


def confirmations_of(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Rows as CONFIRMATIONS; an empty position is not known."""
    if not rows:
        return CONFIRMATIONS.empty()
    frame = pd.DataFrame(list(rows))
    for column in _DEGREES:
        frame[column] = pd.to_numeric(frame[column].replace("", math.nan)).astype("float64")
    return CONFIRMATIONS.conform(frame)


def add_to_ledger(folder: Path, rows: Sequence[Mapping[str, object]], files: Sequence[Path]) -> Path | None:
    """Add rows to the ledger of a project folder and keep the files that they came from.

    The files are copied first; the ledger is replaced last, in one step. What breaks off in between leaves the ledger as it was.

    Parameters
    ----------
    folder
        Project folder.
    rows
        As `with_id` gives them; statements that are in the ledger already are passed over.
    files
        Files read, copied to ``rueckmeldung/eingelesen/<first 8 of the hash>-<name>``.

    Returns
    -------
    Path or None
        Copy of the former ledger; None if there was none.

    Raises
    ------
    InputError
        If the ledger is broken, or held open by another program; nothing is changed then.
    """
    path = ledger_path(folder)
    problems = Problems()
    before = read_ledger(path, problems=problems)
    problems.raise_errors()
    there = {content_id(row) for row in before.to_dict("records")}
    merged: list[Mapping[str, object]] = list(before.to_dict("records"))
    for row in rows:
        if content_id(row) not in there:
            there.add(content_id(row))
            merged.append(row)
    for file in files:
        _keep_file(file, folder)
    if len(merged) == len(before):
        return None
    text = ledger_text(merged)
    path.parent.mkdir(parents=True, exist_ok=True)
    old = keep_old(path)
    try:
        with replacing(path) as temporary:
            temporary.write_bytes(text.encode("utf-8-sig"))
    except PermissionError:
        if old is not None:
            old.unlink(missing_ok=True)
        raise InputError([Problem("ledger_held", "error", path.name)]) from None
    return old


def kept_name(file: Path) -> str:
    """Name under which a file that was read is kept."""
    return f"{sha256_of(file)[:8]}-{file.name}"


def ledger_text(rows: Sequence[Mapping[str, object]]) -> str:
    """The file's text, head line included."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(column, row[column]) for column in COLUMNS])
    return stream.getvalue()


def _keep_file(file: Path, folder: Path) -> None:
    target = folder / RETURNS_FOLDER / READ_FOLDER / kept_name(file)
    if not target.exists():
        with replacing(target) as temporary:
            shutil.copyfile(file, temporary)


def _lines(path: Path, problems: Problems) -> list[tuple[int, list[str]]]:
    """Line on which each row begins, and its cells."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # as a spreadsheet saves it
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    out: list[tuple[int, list[str]]] = []
    begin = 1
    try:
        for cells in reader:
            out.append((begin, cells))
            begin = reader.line_num + 1
    except csv.Error:
        problems.add("ledger_broken", "error", path.name, row=begin)
        return []
    if not out:
        problems.add("ledger_broken", "error", path.name, row=1)
    return out


def _row(cells: Mapping[str, str]) -> dict[str, object] | None:
    """Typed values; None if one of them cannot be."""
    row: dict[str, object] = {column: _bare(cells[column]) for column in COLUMNS}
    for column in _DAYS:
        day = table_cells.parse_day(str(row[column])) if row[column] else ""
        if day is None:
            return None
        row[column] = day
    try:
        row["row"] = int(str(row["row"]))
        for column in _DEGREES:
            row[column] = float(str(row[column]).replace(",", ".")) if row[column] else math.nan
    except ValueError:
        return None
    if str(row["ags"]).isdigit():
        row["ags"] = str(row["ags"]).zfill(8)  # a spreadsheet drops a leading zero
    known = row["subject"] in get_args(Subject) and row["verdict"] in get_args(Verdict)
    if not known or not row["confirmed_by"] or not row["confirmed_on"]:
        return None
    return {c: ("" if isinstance(v, float) and math.isnan(v) else v) for c, v in row.items()}


def _cell(column: str, value: object) -> str:
    text = _text(column, value)
    if column in _DEGREES:
        return text.replace(".", ",")  # so that a German spreadsheet reads and saves it unchanged
    return f"'{text}" if text.startswith(_FORMULA) else text


def _bare(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA and len(text) > 1 else text


def _text(column: str, value: object) -> str:
    """A value as the file has it; degrees with seven decimals (1 cm)."""
    if column in _DEGREES:
        return "" if value == "" or math.isnan(float(str(value))) else f"{float(str(value)):.7f}"
    return str(value)


def _check(row: Mapping[str, object]) -> str:
    return _digest([_text(column, row[column]) for column in COLUMNS if column != "confirmation_id"])[:8]


def _digest(texts: Sequence[str]) -> str:
    plain = json.dumps(list(texts), ensure_ascii=False)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
