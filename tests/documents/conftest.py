"""The documents of the sample region, written once in German and once in English."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ankerort.documents.write import write_documents
from ankerort.text import Language

if TYPE_CHECKING:
    from ankerort.documents.assessment import Assessment


@dataclass(frozen=True)
class Written:
    """A folder of documents and what they were written from; nobody writes into it."""

    out: Path
    files: tuple[Path, ...]
    assessment: Assessment
    lang: Language


@pytest.fixture(scope="session")
def assessment(sample_run) -> Assessment:
    """The figures of the sample region."""
    return sample_run.assessment


@pytest.fixture(scope="session", params=["de", "en"])
def written(
    request: pytest.FixtureRequest, assessment: Assessment, tmp_path_factory: pytest.TempPathFactory
) -> Written:
    """All documents in one language."""
    out = tmp_path_factory.mktemp(f"ausgabe-{request.param}")
    return Written(out, write_documents(assessment, out, lang=request.param), assessment, request.param)
