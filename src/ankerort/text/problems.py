"""Problems as sentences."""

from __future__ import annotations

from ankerort.base.problems import Problem
from ankerort.text.sentences_reader import Language, read_sentences, say


def describe_problem(problem: Problem, lang: Language) -> str:
    """Where it is and what is wrong: ``stops.txt, Zeile 7, Spalte stop_lat: ...``."""
    where = problem.table
    if problem.row is not None:
        where += f", {say('problem_place.row', lang, row=problem.row)}"
    if problem.column:
        where += f", {say('problem_place.column', lang, column=problem.column)}"
    return f"{where}: {say(f'problem.{problem.code}', lang, **problem.params)}"


def repair_of(problem: Problem, lang: Language) -> str:
    """What the user can do about it; empty where nothing needs doing."""
    key = f"repair.{problem.code}"
    return say(key, lang, **problem.params) if key in read_sentences() else ""
