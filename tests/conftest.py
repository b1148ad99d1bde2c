"""Fixtures that all rooms share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# No test states a time, and a busy machine must not fail one; the same examples on every machine.
settings.register_profile("ankerort", deadline=None, derandomize=True)
settings.load_profile("ankerort")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the real regions; skips with a message where it is missing."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("real regions are not here (../shared/data is missing)")
    return folder
