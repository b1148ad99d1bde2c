"""The tag rules, evaluated straight from their text: slow, obvious, and without any code of the package."""

from __future__ import annotations

from collections.abc import Mapping


def services_of(rules: Mapping[str, str], tags: Mapping[str, str]) -> dict[str, str]:
    """Service -> certain or probable, by reading every rule from left to right."""
    found: dict[str, str] = {}
    for service, rule in rules.items():
        for clause in rule.split(" | ") if rule else []:
            weak = clause.startswith("?")
            if all(holds(test, tags) for test in clause.lstrip("?").split("+")):
                if not weak:
                    found[service] = "certain"
                elif service not in found:
                    found[service] = "probable"
    return found


def holds(test: str, tags: Mapping[str, str]) -> bool:
    """One test such as ``shop=bakery|pastry`` or ``name!~hort``."""
    position = min(i for i in (test.find("="), test.find("~")) if i >= 0)
    negative = test[position - 1] == "!"
    key = test[: position - 1] if negative else test[:position]
    word = test[position] == "~"
    values = [v.lower() for v in test[position + 1 :].split("|")]
    members = [m.strip().lower() for m in tags[key].split(";")] if key in tags else []
    if values == ["*"]:
        positive = key in tags
    elif word:
        positive = any(v in m for m in members for v in values)
    else:
        positive = any(v == m for m in members for v in values)
    return not positive if negative else positive
