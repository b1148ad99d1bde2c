"""One good run of the sample region, shared by all tests of the whole run; nobody writes into it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from ankerort.run import RunResult, assess_project
from ankerort.sample import write_sample


@dataclass(frozen=True)
class GoodRun:
    """A project folder after its first run."""

    folder: Path
    result: RunResult


@pytest.fixture(scope="session")
def good_run(tmp_path_factory: pytest.TempPathFactory) -> GoodRun:
    """Seed 1, run once with one thread."""
    folder = tmp_path_factory.mktemp("musterkreis")
    write_sample(folder, seed=1)
    return GoodRun(folder, assess_project(folder, threads=1))
