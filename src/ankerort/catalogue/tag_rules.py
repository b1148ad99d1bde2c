"""The grammar of the tag rules: which tags of an OpenStreetMap object mean which service.

    rule    = clause { " | " clause }          one clause suffices
    clause  = [ "?" ] test { "+" test }        all tests must hold; "?" = weak evidence (probable)
    test    = key "=*"                         has any value
            | key "!=*"                        is absent
            | key "=" values                   equals one of the values
            | key "!=" values                  equals none of them (also holds where the key is absent)
            | key "~" values                   contains one of the words
            | key "!~" values                  contains none of them (also holds where the key is absent)
    values  = value { "|" value }              without blanks around the bar

Values are compared without case and against each member of a list separated by ``;``.
"""

from __future__ import annotations

import re
from typing import Literal

from ankerort.catalogue.model import TagClause, TagTest

_TEST = re.compile(r"(?P<key>[^=!~|?]+?)\s*(?P<operator>!=|!~|=|~)(?P<values>.*)", re.DOTALL)
_OPERATORS: dict[str, Literal["equals", "differs", "contains", "lacks"]] = {
    "=": "equals",
    "!=": "differs",
    "~": "contains",
    "!~": "lacks",
}
POSITIVE = ("equals", "any", "contains")


class RuleError(ValueError):
    """A rule that cannot be read; `code` names the fault, `part` the piece of text."""

    def __init__(self, code: str, part: str) -> None:
        self.code = code
        self.part = part
        super().__init__(f"{code}: {part}")


def parse_rule(rule: str) -> tuple[TagClause, ...]:
    """Parse the tag rule of a service; an empty rule has no clauses.

    Raises
    ------
    RuleError
        ``catalogue_rule_no_test`` (a piece without operator, key or value), ``catalogue_rule_only_negative`` (a clause
        that would match nearly every object).
    """
    if not rule.strip():
        return ()
    return tuple(_parse_clause(part) for part in rule.split(" | "))


def _parse_clause(text: str) -> TagClause:
    stripped = text.strip()
    weak = stripped.startswith("?")
    tests = tuple(_parse_test(part) for part in stripped.removeprefix("?").split("+"))
    if not any(test.operator in POSITIVE for test in tests):
        raise RuleError("catalogue_rule_only_negative", stripped)
    return TagClause(tests, weak)


def _parse_test(text: str) -> TagTest:
    match = _TEST.fullmatch(text.strip())
    if match is None:
        raise RuleError("catalogue_rule_no_test", text)
    key = match["key"].strip()
    operator = match["operator"]
    values = tuple(v.strip().lower() for v in match["values"].split("|"))
    if not key or not all(values):
        raise RuleError("catalogue_rule_no_test", text)
    if values == ("*",):
        if operator == "=":
            return TagTest(key, "any")
        if operator == "!=":
            return TagTest(key, "absent")
        raise RuleError("catalogue_rule_no_test", text)
    if "*" in values:
        raise RuleError("catalogue_rule_no_test", text)
    return TagTest(key, _OPERATORS[operator], values)
