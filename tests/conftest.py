"""Fixtures that all rooms share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from ankerort.documents.assessment import Assessment

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


@dataclass(frozen=True)
class SampleRun:
    """The sample region, seed 1, with its figures; nobody writes into the folder."""

    folder: Path
    assessment: Assessment


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> SampleRun:
    """Written and computed once for all tests of documents and browser."""
    from ankerort.run import assess_region
    from ankerort.sample import write_sample

    folder = tmp_path_factory.mktemp("beispiel") / "musterkreis"
    write_sample(folder, seed=1)
    assessment, _ = assess_region(folder)
    return SampleRun(folder, assessment)
