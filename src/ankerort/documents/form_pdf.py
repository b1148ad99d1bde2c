"""Forms to fill in by hand as PDF/UA-1, set by Typst: large boxes, one question below the other."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from ankerort.documents.blocks_pdf import _fonts
from ankerort.text import Language, say

_TEMPLATE = "templates/form.typ"
_REGIONS = {"de": "DE", "en": "GB"}
_NOON = dt.datetime(2000, 1, 1, 12, tzinfo=dt.UTC)  # equal content gives equal bytes

FormBlock = Mapping[str, Any]


@dataclass(frozen=True)
class Form:
    """A form.

    Parameters
    ----------
    title
        Title of the file.
    footer
        On each page beside the page number.
    blocks
        In the words of ``templates/form.typ``; see the functions below.
    text_pt
        Size of the type, points.
    box_mm
        Side of a box to tick.
    gap_mm
        Space above a question.
    """

    title: str
    footer: str
    lang: Language
    blocks: Sequence[FormBlock]
    text_pt: float = 14.0
    box_mm: float = 7.0
    gap_mm: float = 6.0


def head(text: str, office: str = "") -> FormBlock:
    """The title, and a box for the office beside it."""
    return {"kind": "head", "text": text, "office": office}


def text(words: str, *, strong: bool = False) -> FormBlock:
    """A paragraph."""
    return {"kind": "strong" if strong else "text", "text": words}


def blank(*parts: tuple[str, str, float]) -> FormBlock:
    """Words with a line to write on behind each: (number of the question or empty, words, relative length)."""
    return {"kind": "blank", "parts": [{"number": n, "text": t, "share": s} for n, t, s in parts]}


def boxes(number: str, words: str, options: Sequence[str], widths: Sequence[float]) -> FormBlock:
    """A question and its boxes in columns of these relative widths."""
    return {"kind": "boxes", "number": number, "text": words, "options": list(options), "widths": list(widths)}


def row(number: str, words: str, options: Sequence[str], *, width_mm: float) -> FormBlock:
    """A short question with its boxes on the same line."""
    return {"kind": "row", "number": number, "text": words, "options": list(options), "width_mm": width_mm}


def grid(
    number: str, words: str, hint: str, rows: Sequence[str], columns: Sequence[str], *, column_mm: float, row_mm: float
) -> FormBlock:
    """Rows of things with a box per column; the last column stands apart."""
    return {
        "kind": "grid",
        "number": number,
        "text": words,
        "hint": hint,
        "rows": list(rows),
        "columns": list(columns),
        "column_mm": column_mm,
        "row_mm": row_mm,
    }


def lines(number: str, words: str, count: int) -> FormBlock:
    """A question with ruled lines below."""
    return {"kind": "lines", "number": number, "text": words, "count": count}


def notice(paragraphs: Sequence[str]) -> FormBlock:
    """A framed text."""
    return {"kind": "notice", "lines": list(paragraphs)}


CUT: FormBlock = {"kind": "cut"}
PAGE: FormBlock = {"kind": "page"}
FILL: FormBlock = {"kind": "fill"}


def write_form(form: Form, path: Path) -> None:
    """Write a form as PDF/UA-1 directly to `path`; the caller renames it into place."""
    with tempfile.TemporaryDirectory(prefix="ankerort-form-") as name:
        _set(form, Path(name))
        pdf = typst.compile(
            str(Path(name) / "main.typ"),
            root=name,
            font_paths=_fonts()[0],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=_NOON,
        )
    path.write_bytes(pdf)


def form_pages(form: Form) -> int:
    """How many pages a form has."""
    with tempfile.TemporaryDirectory(prefix="ankerort-form-") as name:
        _set(form, Path(name))
        found = typst.query(
            str(Path(name) / "main.typ"),
            "<pages>",
            field="value",
            one=True,
            root=name,
            font_paths=_fonts()[0],
            ignore_system_fonts=True,
        )
    return int(json.loads(found))


def _set(form: Form, folder: Path) -> None:
    content = {
        "title": form.title,
        "footer": form.footer,
        "lang": form.lang,
        "region": _REGIONS[form.lang],
        "text_pt": form.text_pt,
        "box_mm": form.box_mm,
        "gap_mm": form.gap_mm,
        "page": _page_parts(form.lang),
        "blocks": list(form.blocks),
    }
    (folder / "content.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    shutil.copyfile(str(files("ankerort.documents") / _TEMPLATE), folder / "main.typ")


def _page_parts(lang: Language) -> list[str | int]:
    """The words around page number (1) and number of pages (2)."""
    before, rest = say("printed.page", lang, page="\x01", pages="\x02").split("\x01")
    between, after = rest.split("\x02")
    return [before, 1, between, 2, after]
