"""Operators of facilities in public registers: companies and public bodies are named, persons are not."""

from __future__ import annotations

import re

# Land, Stadt and the like are surnames too, so they count at the beginning only.
_SURELY = re.compile(
    r"(?<!\w)(g?gmbh|mbh|ag|se|kg|kgaa|ohg|ug|eg|e\.\s?g\.|e\.\s?v\.|ev|a[öo]r|kdör|ltd|b\.\s?v\.|n\.\s?v\.|s\.\s?a\.|sparkasse|hotel"
    r"|stiftung|schulverein|landkreis|verbandsgemeinde|bistum)(?!\w)"
    r"|^\s*(stadt|land|freistaat|gemeinde|markt|kreis)(?!\w)"
    r"|stadtwerk|gemeindewerk|kreiswerk|verband|werke\b|kirchengemeinde|kirchenkreis|ministerium",
    re.IGNORECASE,
)


def company_or_nothing(operator: str) -> str:
    """The operator if a legal form or a public body stands in its name; else empty, since it may be a person."""
    return operator if _SURELY.search(operator) else ""
