"""Sentences: both languages, same parameters, every problem with its repair, German short."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import pytest

from ankerort.text import LANGUAGES, read_sentences, say

SOURCE = Path(__file__).resolve().parents[2] / "src" / "ankerort"
CODE = re.compile(r"[a-z][a-z0-9_]*")
SEVERITIES = {"error", "warning", "note"}
MAX_WORDS = 25
# Arguments of Problems.add and fields of Problem that are no parameters of the sentence.
OWN = {"code", "severity", "table", "row", "column", "params"}


@dataclass(frozen=True)
class Use:
    """One place in the code that names a problem code; `params` is None where they cannot be read off."""

    code: str
    params: frozenset[str] | None
    where: str


def _uses() -> Iterator[Use]:
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from _use(node, f"{path.relative_to(SOURCE)}:{node.lineno}")


def _use(node: ast.Call, where: str) -> Iterator[Use]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    literals = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    keywords = {k.arg: k.value for k in node.keywords}
    code = node.args[0] if node.args else keywords.get("code")
    if not isinstance(code, ast.Constant) or not isinstance(code.value, str) or not CODE.fullmatch(code.value):
        return
    severity = keywords.get("severity")
    named = isinstance(severity, ast.Constant) and severity.value in SEVERITIES
    if name in ("add", "Problem") and not (len(node.args) > 1 or named):
        return  # set.add
    if name in ("report", "RuleError"):
        yield Use(code.value, None, where)
    elif name == "add" and (named or SEVERITIES & set(literals[1:2]) or len(node.args) >= 3):
        params = None if None in keywords else frozenset(k for k in keywords if k is not None) - OWN
        yield Use(code.value, params, where)
    elif name == "Problem":
        given = keywords.get("params", node.args[5] if len(node.args) > 5 else None)
        if given is None:
            yield Use(code.value, frozenset(), where)
        elif isinstance(given, ast.Dict) and all(isinstance(k, ast.Constant) for k in given.keys):
            yield Use(code.value, frozenset(k.value for k in given.keys if isinstance(k, ast.Constant)), where)
        else:
            yield Use(code.value, None, where)


USES = tuple(_uses())


def _printed() -> Iterator[tuple[str, str]]:
    """Sentence ids that the code prints or shows as progress, with their place."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in ("say", "task"):
                    yield str(node.args[0].value), f"{path.relative_to(SOURCE)}:{node.lineno}"


def _parameters(sentence: str) -> set[str]:
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_the_code_names_problems() -> None:
    """The search for problem codes finds them at all (it reads the source)."""
    assert {"catalogue_duplicate", "catalogue_folder_missing", "catalogue_rule_no_test"} <= {u.code for u in USES}


def test_every_sentence_has_both_languages_with_the_same_parameters() -> None:
    """German and English exist, are not empty, and name the same parameters."""
    for key, sentence in read_sentences().items():
        assert set(sentence) == set(LANGUAGES), key
        assert all(text.strip() for text in sentence.values()), key
        assert _parameters(sentence["de"]) == _parameters(sentence["en"]), key


def test_every_problem_has_sentence_and_repair() -> None:
    """Each problem code used in the source has what is wrong and how to repair it."""
    sentences = read_sentences()
    missing = [
        f"{use.where}: {kind}.{use.code}"
        for use in USES
        for kind in ("problem", "repair")
        if f"{kind}.{use.code}" not in sentences
    ]
    assert not missing, "\n".join(missing)


def test_every_printed_sentence_exists() -> None:
    """Each sentence id that the code names literally is there."""
    sentences = read_sentences()
    missing = [f"{where}: {key}" for key, where in _printed() if key not in sentences]
    assert not missing, "\n".join(missing)


def test_problem_and_repair_come_in_pairs() -> None:
    """No problem sentence without repair, and no repair without problem."""
    keys = set(read_sentences())
    problems = {k.removeprefix("problem.") for k in keys if k.startswith("problem.")}
    repairs = {k.removeprefix("repair.") for k in keys if k.startswith("repair.")}
    assert problems == repairs


def test_sentences_use_only_parameters_that_are_passed() -> None:
    """A sentence names only what the code passes; table, row and column are printed apart."""
    sentences = read_sentences()
    faults = []
    for use in USES:
        if use.params is None:
            continue
        for kind in ("problem", "repair"):
            text = sentences.get(f"{kind}.{use.code}", {}).get("de", "")
            if unknown := _parameters(text) - use.params:
                faults.append(f"{use.where}: {kind}.{use.code} names {sorted(unknown)}")
    assert not faults, "\n".join(faults)


def test_german_sentences_are_short() -> None:
    """No German sentence has more than 25 words (entries of a legend, set apart by a dot, count each)."""
    long = []
    for key, sentence in read_sentences().items():
        for part in re.split(r"(?<=[.!?:;])\s+(?=[A-ZÄÖÜ„])|\s·\s|\n", sentence["de"]):
            if len(part.split()) > MAX_WORDS:
                long.append(f"{key}: {len(part.split())} words")
    assert not long, "\n".join(long)


def test_words_that_the_word_list_forbids_do_not_occur() -> None:
    """Legal terms and abolished words of the word list stand in no German sentence; only a plan's own tier may be called Grundzentrum."""
    forbidden = re.compile(r"Versorgungsgrad|unterversorgt|Gewinner|Verlierer|Snapping|Grundzentrum", re.IGNORECASE)
    told = [key for key, sentence in read_sentences().items() if forbidden.search(sentence["de"])]
    assert [key for key in told if key not in ("tier.GZ", "tier.GZ_MZ")] == []


def test_say_fills_parameters_and_refuses_gaps() -> None:
    """A missing parameter is an error of the code, not a gap in the print."""
    assert say("status.not_agreed", "de") == "Vorschlag, nicht vereinbart"
    with pytest.raises(KeyError):
        say("status.default", "de")
