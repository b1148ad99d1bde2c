"""Answers of one file that say two things about one thing."""

from __future__ import annotations

from collections.abc import Sequence

from ankerort.base.problems import Problems
from ankerort.catalogue.model import Catalogue
from ankerort.region.inquiry.answers import Answer
from ankerort.region.inquiry.layout import verdict_word


def without_contradictions(answers: Sequence[Answer], catalogue: Catalogue, problems: Problems) -> tuple[Answer, ...]:
    """The answers; those said twice in the same words only once, those that contradict each other as errors.

    Contradictions: two different answers about one row; a service called absent in a place where another line names one that is
    there.
    """
    kept: list[Answer] = []
    said: dict[tuple[str, ...], Answer] = {}
    for answer in answers:
        thing = _thing(answer)
        first = said.get(thing) if thing else None
        if first is None:
            if thing:
                said[thing] = answer
            kept.append(answer)
        elif _content(first) == _content(answer):
            _tell("inquiry_said_twice", "note", first, answer, catalogue, problems)
        else:
            _tell("inquiry_contradiction", "error", first, answer, catalogue, problems)
            kept.append(answer)
    absent = {(a.place_id, a.service): a for a in kept if a.subject == "absences"}
    for answer in kept:
        there = answer.subject == "facilities" and answer.verdict in ("correct", "wrong", "new")
        first = absent.get((answer.place_id, answer.service)) if there else None
        if first is not None:
            _tell("inquiry_contradiction", "error", first, answer, catalogue, problems)
    return tuple(kept)


def _thing(answer: Answer) -> tuple[str, ...]:
    """What an answer is about; empty where several of them may stand side by side."""
    if answer.subject_id:
        return (answer.subject, answer.subject_id)
    if answer.subject == "absences":
        return (answer.subject, answer.place_id, answer.service)
    name = answer.values.get("name", "")
    if answer.verdict == "new" and name:
        return (answer.subject, answer.place_id, answer.service, name.casefold())
    return ()


def _content(answer: Answer) -> tuple[object, ...]:
    return answer.verdict, sorted(answer.values.items()), answer.since_year, answer.remark


def _tell(code: str, severity: str, first: Answer, second: Answer, catalogue: Catalogue, problems: Problems) -> None:
    service = catalogue.services.get(second.service)
    what = service.label_de if service is not None else second.values.get("name", "") or second.subject_id
    problems.add(
        code,
        "error" if severity == "error" else "note",
        f"{second.file}/{second.sheet}",
        row=second.row,
        what=what,
        first_sheet=first.sheet,
        first_row=first.row,
        first=_words(first),
        second=_words(second),
    )


def _words(answer: Answer) -> str:
    """The answer as the office wrote it, for the problem that shows both."""
    parts = [verdict_word(answer.verdict, "de"), answer.since_year, *answer.values.values(), answer.remark]
    return "„" + ", ".join(p for p in parts if p) + "“"
