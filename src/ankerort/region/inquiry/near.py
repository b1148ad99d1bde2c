"""The names nearest to one that is not known, for the repair."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest_words(wanted: str, known: Iterable[str], *, most: int = 3) -> str:
    """Up to `most` similar names, joined by commas; a dash if none is similar."""
    by_fold: dict[str, str] = {}
    for name in known:
        by_fold.setdefault(name.casefold(), name)
    found = difflib.get_close_matches(wanted.casefold(), by_fold, n=most, cutoff=0.5)
    return ", ".join(by_fold[f] for f in found) or "–"
