"""The grammar of the tag rules."""

from __future__ import annotations

import pytest

from ankerort.catalogue.model import TagClause, TagTest
from ankerort.catalogue.tag_rules import RuleError, parse_rule


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("shop=bakery", TagTest("shop", "equals", ("bakery",))),
        ("brand=Aldi Nord|NP", TagTest("brand", "equals", ("aldi nord", "np"))),
        ("brand=*", TagTest("brand", "any")),
        ("brand!=*", TagTest("brand", "absent")),
        ("access!=private|no", TagTest("access", "differs", ("private", "no"))),
        ("name~Hort|Kita", TagTest("name", "contains", ("hort", "kita"))),
        ("name!~hort", TagTest("name", "lacks", ("hort",))),
        ("healthcare:speciality=general", TagTest("healthcare:speciality", "equals", ("general",))),
    ],
)
def test_each_operator_is_read(text: str, test: TagTest) -> None:
    """Each operator of the grammar has its own meaning, and values are stored in lower case."""
    anchor = TagTest("amenity", "any")
    assert parse_rule(f"amenity=*+{text}") == (TagClause((anchor, test)),)


def test_clauses_and_weak_evidence() -> None:
    """` | ` with blanks separates clauses, `|` without blanks alternative values, `?` marks weak evidence."""
    clauses = parse_rule("a=b|c+d=* | ?e~f")
    assert [c.weak for c in clauses] == [False, True]
    assert clauses[0].tests[0].values == ("b", "c")
    assert clauses[1].tests == (TagTest("e", "contains", ("f",)),)


def test_an_empty_rule_has_no_clause() -> None:
    """A service without a source in OpenStreetMap has an empty rule."""
    assert parse_rule("") == ()


@pytest.mark.parametrize(
    "rule", ["shop", "=bakery", "shop=", "shop=a||b", "shop=a+", "shop=a | ", "shop~*", "shop=*|a"]
)
def test_a_piece_that_cannot_be_read_is_named(rule: str) -> None:
    """A piece without key, operator or value is an error that names the piece."""
    with pytest.raises(RuleError) as fault:
        parse_rule(rule)
    assert fault.value.code == "catalogue_rule_no_test"


def test_a_clause_that_only_excludes_is_refused() -> None:
    """A clause of negative tests alone would match nearly every object."""
    with pytest.raises(RuleError) as fault:
        parse_rule("shop=bakery | name!~hort+access!=private")
    assert (fault.value.code, fault.value.part) == ("catalogue_rule_only_negative", "name!~hort+access!=private")
