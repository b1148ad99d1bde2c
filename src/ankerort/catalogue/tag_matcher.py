"""Matches the tags of one object against all rules of the catalogue, fast enough for every object of an extract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ankerort.catalogue.model import Catalogue, TagClause, TagTest
from ankerort.catalogue.tag_rules import POSITIVE

Certainty = Literal["certain", "probable"]
_Entry = tuple[int, bool, tuple[TagTest, ...]]  # service number, weak, remaining tests


class TagMatcher:
    """Finds the services of an object from its tags.

    Every clause is filed under one test that must hold: under key and value where it has an ``=`` test, else under the
    key alone. An object is tested only against the clauses filed under the tags that it has.

    Parameters
    ----------
    catalogue
        The catalogue whose rules are used.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._ids = tuple(catalogue.services)
        self._by_value: dict[str, dict[str, list[_Entry]]] = {}
        self._by_key: dict[str, list[_Entry]] = {}
        for number, service in enumerate(catalogue.services.values()):
            for clause in service.clauses:
                self._file(number, clause)
        self.relevant_keys: frozenset[str] = frozenset(self._by_value) | frozenset(self._by_key)

    def _file(self, number: int, clause: TagClause) -> None:
        anchor = min((t for t in clause.tests if t.operator in POSITIVE), key=_cost)
        rest = tuple(t for t in clause.tests if t is not anchor)
        if anchor.operator == "equals":
            values = self._by_value.setdefault(anchor.key, {})
            for value in anchor.values:
                values.setdefault(value, []).append((number, clause.weak, rest))
        else:
            # The anchor itself is tested again unless mere presence is all it asks for.
            tests = rest if anchor.operator == "any" else (anchor, *rest)
            self._by_key.setdefault(anchor.key, []).append((number, clause.weak, tests))

    def match(self, tags: Mapping[str, str]) -> tuple[tuple[str, Certainty], ...]:
        """Services of an object, in the order of the catalogue.

        Parameters
        ----------
        tags
            The object's tags. ``disused:`` and similar prefixes are plain keys here and match nothing.

        Returns
        -------
        tuple of (service id, certainty)
            ``certain`` if a strong clause holds, ``probable`` if only weak ones do. Each service at most once.
        """
        found: dict[int, bool] = {}
        for key, value in tags.items():
            values = self._by_value.get(key)
            if values is not None:
                members = (value.lower(),) if ";" not in value else _members(value)
                for member in members:
                    entries = values.get(member)
                    if entries is not None:
                        _test(entries, tags, found)
            by_key = self._by_key.get(key)
            if by_key is not None:
                _test(by_key, tags, found)
        if not found:
            return ()
        return tuple((self._ids[n], "probable" if found[n] else "certain") for n in sorted(found))


def _cost(test: TagTest) -> tuple[int, int]:
    # Rarest first: `shop=bakery` rules out far more objects than `shop=*`; `name` is on a great many of them.
    return (0 if test.operator == "equals" else 1, 1 if test.key == "name" else 0)


def _members(value: str) -> tuple[str, ...]:
    return tuple(member.strip() for member in value.lower().split(";"))


def _test(entries: list[_Entry], tags: Mapping[str, str], found: dict[int, bool]) -> None:
    for number, weak, tests in entries:
        if weak and number in found:
            continue
        for test in tests:
            if not _holds(test, tags):
                break
        else:
            found[number] = weak


def _holds(test: TagTest, tags: Mapping[str, str]) -> bool:
    value = tags.get(test.key)
    operator = test.operator
    if operator == "any":
        return value is not None
    if operator == "absent":
        return value is None
    if value is None:
        return operator in ("differs", "lacks")
    members = (value.lower(),) if ";" not in value else _members(value)
    if operator == "equals":
        return any(member in test.values for member in members)
    if operator == "differs":
        return not any(member in test.values for member in members)
    hit = any(word in member for member in members for word in test.values)
    return hit if operator == "contains" else not hit
