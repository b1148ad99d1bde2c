"""Problems as sentences."""

from __future__ import annotations

import re

from ankerort.base.problems import Phrase, Problem
from ankerort.text.numbers import format_date
from ankerort.text.sentences_reader import Language, read_sentences, say

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def describe_problem(problem: Problem, lang: Language) -> str:
    """Where it is and what is wrong: ``stops.txt, Zeile 7, Spalte stop_lat: ...``."""
    where = problem.table
    if problem.row is not None:
        where += f", {say('problem_place.row', lang, row=problem.row)}"
    if problem.column:
        where += f", {say('problem_place.column', lang, column=problem.column)}"
    return f"{where}: {say(f'problem.{problem.code}', lang, **_printed(problem, lang))}"


def repair_of(problem: Problem, lang: Language) -> str:
    """What the user can do about it; empty where nothing needs doing."""
    key = f"repair.{problem.code}"
    return say(key, lang, **_printed(problem, lang)) if key in read_sentences() else ""


class _Number(int):
    """A whole number that can choose the form of its noun: ``{count} {count:Ort|Orte}``."""

    def __format__(self, spec: str) -> str:
        one, bar, other = spec.partition("|")
        return (one if self == 1 else other) if bar else super().__format__(spec)


def _printed(problem: Problem, lang: Language) -> dict[str, object]:
    """Parameters as a reader writes them: ISO dates become dates of the language, whole numbers know their noun's form."""
    return {key: _value(value, lang) for key, value in problem.params.items()}


def _value(value: object, lang: Language) -> object:
    if isinstance(value, Phrase):
        return str(Phrase(tuple((say(key, lang), detail) for key, detail in value.parts)))
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        return format_date(value, lang)
    return _Number(value) if isinstance(value, int) and not isinstance(value, bool) else value
