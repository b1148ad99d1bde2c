"""The agreement between two authorities of the Musterkreis, as ``absprachen.csv``. It is invented."""

from __future__ import annotations

from pathlib import Path

from ankerort.base.files import replacing

AGREEMENTS = "absprachen.csv"
_ROWS = (
    "dienst;leistet;fuer;art;gueltig_ab;gueltig_bis",
    # one way only: staff of the association may not yet serve the people of the town
    "citizen_office;Mühlenstedt;Mührebogen;mandatierende Zweckvereinbarung (erfunden);2026-01-01;",
)


def write_agreements(folder: Path) -> str:
    """Write ``absprachen.csv`` of a sample region; returns its name relative to `folder`."""
    with replacing(folder / AGREEMENTS) as temporary:
        temporary.write_text("\n".join(_ROWS) + "\n", encoding="utf-8")
    return AGREEMENTS
