"""Writes all documents of an anchor plan: page, PDF, DOCX, workbook, geopackage."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from ankerort.base.progress import SILENT, Progress
from ankerort.documents.anchors_chapter import anchors_printed
from ankerort.documents.anchors_documents import AnchorDocuments
from ankerort.documents.anchors_geopackage import write_anchor_geopackage
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.anchors_workbook import write_anchor_workbook
from ankerort.documents.blocks import Heading, Printed
from ankerort.documents.blocks_docx import write_docx
from ankerort.documents.blocks_html import blocks_html
from ankerort.documents.blocks_pdf import write_pdf
from ankerort.documents.comparison import public_comparison
from ankerort.documents.pages import environment
from ankerort.documents.public import public_label_region, public_table
from ankerort.documents.report import css_string
from ankerort.documents.write import write_all
from ankerort.region.public_view import changed_ids, internal_sources, public_ids, public_problems
from ankerort.text import Language

FILES = (
    "schwerpunktorte.html",
    "schwerpunktorte.pdf",
    "schwerpunktorte.docx",
    "schwerpunktorte.xlsx",
    "schwerpunktorte.gpkg",
)


def write_anchor_documents(
    documents: AnchorDocuments, out: Path, *, lang: Language = "de", progress: Progress = SILENT
) -> tuple[Path, ...]:
    """Write ``schwerpunktorte.html``, ``.pdf``, ``.docx``, ``.xlsx`` and ``.gpkg`` into `out`.

    Parameters
    ----------
    documents
        One finished plan with all that its documents tell.
    out
        Folder of the documents; made if missing.
    lang
        de or en; the files have the same names in both.
    progress
        Advances once per file.

    Returns
    -------
    tuple of Path
        Files in reading order; where one is held open by another program, the new one stands beside it. They appear only when all
        are there.

    Notes
    -----
    Equal plans give equal files: nothing carries the day of writing.
    """
    documents = public_documents(documents, lang)
    parts = AnchorParts(documents, lang)
    printed = functools.cache(lambda: anchors_printed(parts))
    makers: dict[str, Callable[[Path], object]] = {
        "schwerpunktorte.html": lambda path: write_page(printed(), path),
        "schwerpunktorte.pdf": lambda path: write_pdf(printed(), path),
        "schwerpunktorte.docx": lambda path: write_docx(printed(), path),
        "schwerpunktorte.xlsx": lambda path: write_anchor_workbook(parts, path),
        "schwerpunktorte.gpkg": lambda path: write_anchor_geopackage(parts, path),
    }
    return write_all(out, makers, progress, text_id="progress.anchor_documents")


def public_documents(documents: AnchorDocuments, lang: Language) -> AnchorDocuments:
    """The same without anything that only lists say which may not be passed on; the same object where no source is internal."""
    region = documents.region
    if not internal_sources(region):
        return documents
    ids, left_out = public_ids(region), frozenset(changed_ids(region))
    functions = public_table(documents.plan.functions, ids, left_out)
    told = documents.comparison
    return replace(
        documents,
        plan=replace(documents.plan, functions=functions),
        region=public_label_region(region, lang),
        comparison=None if told is None else public_comparison(told, lang),
        problems=public_problems(region, documents.problems),
    )


def write_page(printed: Printed, path: Path) -> None:
    """The chapter as one page that loads nothing from the network."""
    folder = files("ankerort.documents") / "templates"
    # the styles of the report, without the lines that the report fills
    styles = (folder / "report.html").read_text(encoding="utf-8").split("<style>")[1].split("</style>")[0]
    styles = re.sub(r"\{% for .*?\{% endfor %\}", "", styles, flags=re.DOTALL)
    styles = re.sub(r"@top-left \{ content: \{\{.*?\}\};[^}]*\}", "", styles)
    contents = [(b.anchor, b.text) for b in printed.blocks if isinstance(b, Heading) and b.level == 1]
    page = (
        environment()
        .get_template("anchors.html")
        .render(
            lang=printed.lang,
            title=printed.title,
            status=printed.header,
            status_css=css_string(printed.header),
            styles=styles,
            contents=contents,
            body=blocks_html(printed.blocks, printed.lang),
            footer=printed.footer,
        )
    )
    path.write_text(page + "\n", encoding="utf-8")
