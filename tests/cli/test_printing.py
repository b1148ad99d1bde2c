"""What the command line prints is written as its reader writes it."""

from __future__ import annotations

import pytest

from ankerort.cli.printing import printed_params


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("de", {"count": "12.345", "day": "18.08.2026", "km": "30", "part": 0.5, "name": "2026-08"}),
        ("en", {"count": "12,345", "day": "2026-08-18", "km": "30", "part": 0.5, "name": "2026-08"}),
    ],
)
def test_dates_and_whole_numbers_follow_the_language(lang, expected) -> None:
    """Dates in the reader's order, thousands with his separator; other texts and numbers stay as they are."""
    params = {"count": 12345, "day": "2026-08-18", "km": "30", "part": 0.5, "name": "2026-08"}
    assert printed_params(params, lang) == expected
