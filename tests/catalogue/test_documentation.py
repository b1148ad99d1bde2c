"""The catalogue's pages name every file, column and figure."""

from __future__ import annotations

from pathlib import Path

from ankerort.catalogue import read_catalogue
from ankerort.catalogue.columns import LAYOUTS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_file_and_column_is_documented() -> None:
    """The reference names each file with all its columns in one row, keys in bold."""
    page = (DOCS / "reference" / "catalogue.md").read_text(encoding="utf-8")
    for layout in LAYOUTS:
        row = next(line for line in page.splitlines() if line.startswith("|") and f"`{layout.name}`" in line)
        for name in layout.names:
            assert f"`{name}`" in row, (layout.name, name)
            assert (f"**`{name}`**" in row) == (name in layout.key), (layout.name, name)


def test_every_figure_is_documented_with_its_value_and_mark() -> None:
    """The page of figures shows each shipped figure as it is; a new or changed figure needs its row there."""
    page = (DOCS / "method" / "figures.md").read_text(encoding="utf-8")
    rows = {}
    for line in page.splitlines():
        if line.startswith("| `"):
            id_, value, unit, _, status, mark = (cell.strip() for cell in line.strip("|").split("|"))
            rows[id_.strip("`")] = (float(value), unit, status, mark)
    figures = read_catalogue().figures
    assert rows == {f.id: (f.value, f.unit, f.legal_status, f.mark) for f in figures.values()}
