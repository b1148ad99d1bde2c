"""Which confirmations hold: newer ones go over older ones, contradictory ones hold nothing until somebody solves it.

The state of a row follows from all rows together and from nothing else; the order in which they were taken over does not matter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

IN_FORCE, SUPERSEDED, CONTRADICTED, WITHOUT_SUBJECT = "in_force", "superseded", "contradicted", "without_subject"
OPEN, CLOSED, ABSENT = "open", "closed", "absent"
_WHOLE = "*"


@dataclass(frozen=True)
class _Statement:
    """That something exists or does not: a row of the ledger without `field`."""

    index: int
    scope: str  # one row of a table, or all of a service in a place
    exists: bool
    office: str
    day: str
    since_year: str

    def conflicts(self, other: _Statement) -> bool:
        if self.exists == other.exists:
            return False
        if self.scope == other.scope:
            return True
        # "there is none here" denies each single one; that one of them is gone says nothing about the others
        denied, named = (self, other) if other.exists else (other, self)
        return denied.scope == _WHOLE and named.exists

    def contradicts(self, other: _Statement, round_days: float) -> bool:
        """Whether two conflicting statements cannot be told as one after the other."""
        if self.day == other.day:
            return True
        if self.office == other.office:
            return False
        older, newer = (self, other) if self.day < other.day else (other, self)
        went_since = not newer.exists and bool(newer.since_year) and newer.since_year >= older.day[:4]
        return _days_apart(older.day, newer.day) <= round_days and not went_since


def standing(ledger: pd.DataFrame, *, round_days: float) -> pd.DataFrame:
    """The ledger with its `state`.

    Parameters
    ----------
    ledger
        CONFIRMATIONS, in any order.
    round_days
        Two offices that disagree within so many days contradict each other; later the newer one has news.

    Returns
    -------
    DataFrame
        CONFIRMATIONS with `state` in_force, superseded or contradicted, sorted by day, office and id.

    Notes
    -----
    An office speaks with its newest statement. Statements on whether something exists: a newer one of the same office supersedes,
    and so does a newer agreeing one of any office. Disagreeing ones of the same day contradict each other, whoever made them; those of
    two offices do if they were made within `round_days`, unless the newer one says that it went in the year of the older one or later.
    Values of a field: the newest day goes; different values of one day contradict each other, and the day before goes.
    A contradicted statement supersedes nothing.
    """
    rows = ledger.sort_values(["confirmed_on", "confirmed_by", "confirmation_id"], kind="stable").reset_index(drop=True)
    states = [IN_FORCE] * len(rows)
    heads = rows[rows["field"] == ""]
    keys = [_group(*row) for row in heads[["subject", "subject_id", "service", "place_id"]].itertuples(index=False)]
    for members in _grouped(heads.index.to_list(), keys):
        _judge([_statement(rows, k) for k in members], states, round_days)
    _judge_fields(rows, states)
    return rows.assign(state=pd.Series(states, dtype="str"))


def exists(row: pd.Series) -> bool:
    """Whether a row without `field` says that something is there: ``new_value`` is open."""
    return bool(row["new_value"] == OPEN)


def is_whole(row: pd.Series) -> bool:
    """Whether a row is about all of a service in a place, and not about one facility."""
    return bool(row["subject"] == "absences" or (row["subject"] == "facilities" and not row["subject_id"]))


def contradictions(rows: pd.DataFrame, *, round_days: float) -> list[tuple[int, int]]:
    """Pairs of contradicted rows (positions in `rows`, as `standing` gives them): what the one says, the other denies."""
    pairs: list[tuple[int, int]] = []
    told = rows[rows["state"] == CONTRADICTED]
    heads = told[told["field"] == ""]
    keys = [_group(*row) for row in heads[["subject", "subject_id", "service", "place_id"]].itertuples(index=False)]
    for members in _grouped(heads.index.to_list(), keys):
        statements = [_statement(rows, k) for k in members]
        for k, one in enumerate(statements):
            for other in statements[k + 1 :]:
                if one.conflicts(other) and one.contradicts(other, round_days):
                    yes, no = (one, other) if one.exists else (other, one)
                    pairs.append((yes.index, no.index))
    fields = told[told["field"] != ""]
    names = list(zip(fields["subject"], fields["subject_id"], fields["field"], fields["confirmed_on"], strict=True))
    for members in _grouped(fields.index.to_list(), names):
        pairs += [
            (a, b)
            for k, a in enumerate(members)
            for b in members[k + 1 :]
            if rows.at[a, "new_value"] != rows.at[b, "new_value"]
        ]
    return pairs


def _judge(statements: Sequence[_Statement], states: list[str], round_days: float) -> None:
    def supersedes(newer: _Statement, older: _Statement) -> bool:
        if newer.day <= older.day:
            return False
        if newer.exists == older.exists:
            return newer.scope == older.scope
        return newer.conflicts(older) and not newer.contradicts(older, round_days)

    over = {s: [t for t in statements if supersedes(t, s)] for s in statements}
    standing_ones = [s for s in statements if not over[s]]
    fighting = {
        s
        for s in standing_ones
        if any(s.conflicts(t) and s.contradicts(t, round_days) for t in standing_ones if t is not s)
    }
    for s in statements:
        if s in fighting:
            states[s.index] = CONTRADICTED
        elif any(t not in fighting for t in over[s]):
            states[s.index] = SUPERSEDED


def _judge_fields(rows: pd.DataFrame, states: list[str]) -> None:
    """Values of fields; those told together with a contradicted statement share its fate."""
    whose = ["subject", "subject_id", "place_id", "service", "confirmed_by", "confirmed_on", "verdict"]
    fought = {tuple(rows.loc[k, whose]) for k in rows.index if states[k] == CONTRADICTED and rows.at[k, "field"] == ""}
    fields = rows[rows["field"] != ""]
    keys = list(zip(fields["subject"], fields["subject_id"], fields["field"], strict=True))
    for members in _grouped(fields.index.to_list(), keys):
        decided = False
        for day in sorted({rows.at[k, "confirmed_on"] for k in members}, reverse=True):
            of_day = [k for k in members if rows.at[k, "confirmed_on"] == day]
            good = [k for k in of_day if tuple(rows.loc[k, whose]) not in fought]
            agree = len({rows.at[k, "new_value"] for k in good}) == 1
            for k in of_day:
                if decided:
                    states[k] = SUPERSEDED
                elif k not in good or not agree:
                    states[k] = CONTRADICTED
            decided = decided or agree


def _statement(rows: pd.DataFrame, k: int) -> _Statement:
    row = rows.loc[k]
    return _Statement(
        index=k,
        scope=_WHOLE if is_whole(row) else str(row["subject_id"]),
        exists=exists(row),
        office=str(row["confirmed_by"]),
        day=str(row["confirmed_on"]),
        since_year=str(row["since_year"]),
    )


def _group(subject: str, subject_id: str, service: str, place_id: str) -> tuple[str, ...]:
    """Statements that can conflict: all about a service in a place; of other things those about the same row."""
    return ("", service, place_id) if subject in ("facilities", "absences") else (subject, subject_id, place_id)


def _grouped(members: list[int], keys: Sequence[object]) -> list[list[int]]:
    groups: dict[object, list[int]] = {}
    for member, key in zip(members, keys, strict=True):
        groups.setdefault(key, []).append(member)
    return list(groups.values())


def _days_apart(first: str, second: str) -> int:
    parse: Callable[[str], dt.date] = dt.date.fromisoformat
    return abs((parse(second) - parse(first)).days)
