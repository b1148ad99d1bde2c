"""Answers of the survey of wishes: filled entry forms (XLSX, CSV) and the tables of the project folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ankerort.base.problems import Phrase, Problems
from ankerort.base.tables import Schema
from ankerort.catalogue.model import Catalogue
from ankerort.region.inquiry.layout import folded
from ankerort.region.model import Region
from ankerort.region.schema_wishes import WISHES, WISHES_SERVICES, WISHES_TEXT
from ankerort.region.table_cells import parse_number
from ankerort.region.table_files import read_raw_tables
from ankerort.region.wishes_layout import CHOICES, FIELDS, EntryColumn, joined
from ankerort.region.wishes_rows import FormReader

SURVEY_FOLDER = "umfrage"
ANSWERS_FILE = "antworten.csv"
SERVICES_FILE = "antworten_leistungen.csv"
TEXT_FILE = "freitext_intern.csv"


@dataclass(frozen=True)
class Wishes:
    """The answers of a survey, without names.

    Parameters
    ----------
    answers
        WISHES, in the order read.
    services
        WISHES_SERVICES.
    text
        WISHES_TEXT: internal.
    """

    answers: pd.DataFrame = field(default_factory=WISHES.empty)
    services: pd.DataFrame = field(default_factory=WISHES_SERVICES.empty)
    text: pd.DataFrame = field(default_factory=WISHES_TEXT.empty)

    @property
    def count(self) -> int:
        """Number of answers."""
        return len(self.answers)


def survey_files(folder: Path) -> tuple[Path, Path, Path]:
    """Files of the answers, of the services in them and of the free text, in the order of `Wishes`."""
    return tuple(folder / SURVEY_FOLDER / name for name in (ANSWERS_FILE, SERVICES_FILE, TEXT_FILE))  # type: ignore[return-value]


def read_wishes(folder: Path, problems: Problems) -> Wishes:
    """The answers that a project folder holds; no answers where nobody imported any.

    Parameters
    ----------
    folder
        Project folder.
    problems
        Collects files that were changed by hand and can no longer be read (errors).
    """
    schemas = (WISHES, WISHES_SERVICES, WISHES_TEXT)
    frames = [_kept(path, schema, problems) for path, schema in zip(survey_files(folder), schemas, strict=True)]
    answers, services, text = frames
    known = set(answers["answer_id"])
    return Wishes(
        answers,
        services[services["answer_id"].isin(known)].reset_index(drop=True),
        text[text["answer_id"].isin(known)].reset_index(drop=True),
    )


def _kept(path: Path, schema: Schema, problems: Problems) -> pd.DataFrame:
    if not path.is_file():
        return schema.empty()
    name = f"{SURVEY_FOLDER}/{path.name}"
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", sep=";")
    except (ValueError, UnicodeDecodeError) as error:
        problems.add("wishes_file_broken", "error", name, reason=str(error).splitlines()[0])
        return schema.empty()
    missing = [c for c in schema.key if c not in frame.columns]
    if missing:
        problems.add("wishes_file_broken", "error", name, reason=", ".join(missing))
        return schema.empty()
    frame = frame[[c for c in frame.columns if c in schema.names]].copy()
    for column in schema.columns:
        if column.dtype == "float64" and column.name in frame:
            numbers = [parse_number(t) if t.strip() else None for t in frame[column.name]]
            frame[column.name] = [float("nan") if n is None else n for n in numbers]
    twice = frame.duplicated(list(schema.key))
    for row in frame.index[twice]:
        problems.add("wishes_double_id", "warning", name, row=int(row) + 2, number=str(frame.at[row, "answer_id"]))
    if schema is WISHES:
        _empty_unknown(frame, problems, name)
    return schema.conform(frame[~twice])


def _empty_unknown(frame: pd.DataFrame, problems: Problems, name: str) -> None:
    """Words that a hand put into the table and that no question knows become empty; told."""
    for one in FIELDS:
        if one.kind not in ("age", "choice", "ticks") or one.id not in frame:
            continue
        known = {"", *CHOICES[one.choices]}
        texts = frame[one.id].tolist()
        kept = [
            joined(p for p in t.split(";") if p in known) if one.kind == "ticks" else t if t in known else ""
            for t in texts
        ]
        for row, (text, new) in enumerate(zip(texts, kept, strict=True), start=2):
            if text != new:
                told = Phrase(tuple((f"wishes_choice.{one.choices}.{v}", v) for v in CHOICES[one.choices]))
                problems.add("wishes_choice", "warning", name, row=row, column=one.id, value=text, known=told)
        frame[one.id] = kept


def read_answers(
    paths: Sequence[Path], region: Region, catalogue: Catalogue, problems: Problems, *, entered_on: str = ""
) -> Wishes:
    """Read filled entry forms; good rows are kept, bad ones are left out and named.

    Parameters
    ----------
    paths
        XLSX or CSV, as ``ankerort wishes form`` writes them or with the same heads; sheets without the head of a place are passed over.
    region, catalogue
        Places, and mobile services with their labels.
    problems
        Collects. A row is left out (error) where its place is missing or unknown, where it is a double entry or says nothing; a cell is left out
        (warning) where it holds an impossible age, an unknown choice or a number out of range.
    entered_on
        Day of the import (ISO).

    Returns
    -------
    Wishes
        Ids are ``<file>-<number of the sheet>``, or ``<file>-z<row>`` where no number was entered: the same file gives the same ids.
    """
    reader = FormReader(region, catalogue, problems, entered_on)
    for path in paths:
        tables = read_raw_tables(path, problems=problems, is_head=lambda t: folded(t) in reader.heads)
        mine = [t for t in tables if any(_is_place(reader.heads.get(folded(h))) for h in t.head)]
        if tables and not mine:
            problems.add("wishes_no_table", "error", path.name)
        for table in mine:
            reader.table(table, path.stem if len(mine) == 1 else f"{path.stem}-{table.sheet}")
    return Wishes(*reader.tables())


def _is_place(column: EntryColumn | None) -> bool:
    return column is not None and column.field.kind == "place"
