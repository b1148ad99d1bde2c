"""Answers that are there already and answers that come: nothing counts twice, nothing is lost unsaid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.region.read_wishes import Wishes

_ABOUT_THE_ROW = ("answer_id", "source_ref", "entered_on")


@dataclass(frozen=True)
class Taken:
    """What an import changed, in numbers of answers."""

    new: int
    changed: int
    same: int
    gone: int


def take_answers(before: Wishes, read: Wishes, files: Sequence[Path], problems: Problems) -> tuple[Wishes, Taken]:
    """Put the answers of some files into the place of what came from files of the same name before.

    Parameters
    ----------
    before
        What the project holds.
    read
        What the files hold now (`ankerort.region.read_wishes.read_answers`).
    files
        The files; a file is known by its name without the ending.
    problems
        Collects answers that another file holds with the same number and the same content (left out), and how many answers of a former file of
        the same name are gone (warning).

    Returns
    -------
    tuple of (Wishes, Taken)
        All answers, those of other files first; an answer that did not change keeps the day on which it was entered.
    """
    stems = {path.stem for path in files}
    replaced = np.array([_stem_of(ref) in stems for ref in before.answers["source_ref"]], bool)
    kept, old = _only(before, ~replaced), _only(before, replaced)
    known = _content(kept)
    numbers = dict(zip(kept.answers["answer_id"], _numbers(kept.answers), strict=True))
    there = {(numbers[i], c) for i, c in known.items() if numbers[i]}
    content = _content(read)
    double = []
    for answer_id, number, ref in zip(
        read.answers["answer_id"], _numbers(read.answers), read.answers["source_ref"], strict=True
    ):
        key = (number, content[answer_id])
        if number and key in there:
            table, _, row = str(ref).rpartition(":")
            problems.add("wishes_known", "warning", table, row=int(row), number=number)
            double.append(answer_id)
        there.add(key)
    new = _only(read, ~read.answers["answer_id"].isin(double).to_numpy(bool))
    former = _content(old)
    days = dict(zip(old.answers["answer_id"], old.answers["entered_on"], strict=True))
    same = {i for i in new.answers["answer_id"] if former.get(i) == content[i]}
    entered = [days[i] if i in same else d for i, d in zip(new.answers["answer_id"], new.answers["entered_on"], strict=True)]  # fmt: skip
    new = Wishes(new.answers.assign(entered_on=entered), new.services, new.text)
    present = set(new.answers["answer_id"])
    gone = [i for i in former if i not in present]
    if gone:
        problems.add("wishes_gone", "warning", ", ".join(sorted(p.name for p in files)), count=len(gone))
    changed = sum(i in former for i in present) - len(same)
    taken = Taken(len(present) - len(same) - changed, changed, len(same), len(gone))
    return _joined(kept, new), taken


def _stem_of(source_ref: str) -> str:
    return Path(source_ref.rpartition(":")[0].split("/")[0]).stem


def _numbers(answers: pd.DataFrame) -> list[str]:
    """Number of the sheet of each answer; empty where none was entered."""
    out = []
    for answer_id, ref in zip(answers["answer_id"], answers["source_ref"], strict=True):
        table, _, row = str(ref).rpartition(":")
        rest = str(answer_id).removeprefix(f"{_stem_of(str(ref))}-").removeprefix(f"{table.partition('/')[2]}-")
        out.append("" if rest == f"z{row}" else rest)
    return out


def _content(wishes: Wishes) -> dict[str, tuple[object, ...]]:
    """What each answer says, without where it stands."""
    services: dict[str, list[tuple[str, str]]] = {}
    for one in wishes.services.itertuples(index=False):
        services.setdefault(str(one.answer_id), []).append((str(one.service), f"{one.times_year:g}"))
    texts = dict(zip(wishes.text["answer_id"], wishes.text["text"], strict=True))
    plain = wishes.answers.drop(columns=list(_ABOUT_THE_ROW))
    rows = ([f"{v:g}" if isinstance(v, float) else v for v in row] for row in plain.itertuples(index=False, name=None))
    return {
        str(i): (*row, *sorted(services.get(str(i), [])), texts.get(i, ""))
        for i, row in zip(wishes.answers["answer_id"], rows, strict=True)
    }


def _only(wishes: Wishes, mask: NDArray[np.bool_]) -> Wishes:
    answers = wishes.answers[mask].reset_index(drop=True)
    ids = set(answers["answer_id"])
    return Wishes(
        answers,
        wishes.services[wishes.services["answer_id"].isin(ids)].reset_index(drop=True),
        wishes.text[wishes.text["answer_id"].isin(ids)].reset_index(drop=True),
    )


def _joined(first: Wishes, second: Wishes) -> Wishes:
    return Wishes(
        pd.concat([first.answers, second.answers], ignore_index=True),
        pd.concat([first.services, second.services], ignore_index=True),
        pd.concat([first.text, second.text], ignore_index=True),
    )
