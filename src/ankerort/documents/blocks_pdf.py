"""A printed document as PDF/UA-1 (tagged, with alternative texts), set by Typst.

Every word reaches Typst as data (JSON beside the template), never as Typst source: a place called ``*Hof* #1`` prints as it is.
"""

from __future__ import annotations

import datetime as dt
import functools
import importlib.util
import json
import shutil
import tempfile
import unicodedata
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib
import typst
from matplotlib.ft2font import FT2Font

from ankerort.documents.blocks import (
    Block,
    Bullets,
    Cell,
    Heading,
    Lines,
    PageBreak,
    Paragraph,
    Picture,
    PictureRow,
    Printed,
    Table,
)
from ankerort.documents.blocks_check import GAP_MM, alignments, as_cell, checked, shows_title
from ankerort.text import say

_TEMPLATE = "templates/printed.typ"
_FACES = ("Regular", "It", "Semibold", "Bold", "BoldIt")
_SECOND_FACES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")  # Polish or Cyrillic names, arrows, crosses
_MISSING = "\u25a1"  # an empty square, as printers use it
# Hyphenation breaks the words of a language, not codes and addresses.
_LONG_WORD = 28
_LONGEST_RUN = 42  # letters in a row that no language has
_REGIONS = {"de": "DE", "en": "GB"}


def write_pdf(printed: Printed, path: Path) -> tuple[str, ...]:
    """Write a document as PDF/UA-1; equal content gives equal bytes.

    Parameters
    ----------
    printed
        The document.
    path
        Written to directly; the caller renames it into place.

    Returns
    -------
    tuple of str
        Characters that no font here can print, in order of their code. They stand as an empty square, and a line at the end
        of the document names them.

    Raises
    ------
    ValueError
        If a picture has no alternative text, a heading skips a level or a table row has the wrong length.
    """
    printed = checked(printed)
    with tempfile.TemporaryDirectory(prefix="ankerort-pdf-") as name:
        missing = _set(printed, Path(name))
        pdf = typst.compile(
            str(Path(name) / "main.typ"),
            root=name,
            font_paths=_fonts()[0],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=_noon(printed.date),
        )
    path.write_bytes(pdf)
    return missing


def pages_of(printed: Printed) -> int:
    """How many pages the PDF of a document has, without writing it.

    Raises
    ------
    ValueError
        As `write_pdf`.
    """
    with tempfile.TemporaryDirectory(prefix="ankerort-pdf-") as name:
        _set(checked(printed), Path(name))
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


def _set(printed: Printed, folder: Path) -> tuple[str, ...]:
    """Write template, content and pictures into a folder; the characters that cannot be printed."""
    missing = missing_characters(printed)
    if missing:
        printed = replace(printed, blocks=(*printed.blocks, Paragraph(_missing_line(missing, printed), "small")))
    content = _substituted(_content(printed, folder), frozenset(missing))
    (folder / "content.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    shutil.copyfile(str(files("ankerort.documents") / _TEMPLATE), folder / "main.typ")
    return missing


def missing_characters(printed: Printed) -> tuple[str, ...]:
    """Characters of the document that no font here can print, in order of their code."""
    known = _fonts()[1]
    return tuple(sorted({c for text in _texts(printed) for c in text} - known - {"\n"}))


@functools.cache
def _fonts() -> tuple[typst.Fonts, frozenset[str], tempfile.TemporaryDirectory[str]]:
    """The fonts, what they can print, and the folder that must live as long as they do.

    Copied into a folder of their own: the package has each face twice (TTF and OTF), and which one Typst meets first depends
    on the file system.
    """
    spec = importlib.util.find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("font_source_sans_pro")
    sources = [Path(spec.origin).parent / "files" / f"SourceSansPro-{face}.ttf" for face in _FACES]
    second = [Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name for name in _SECOND_FACES]
    holder = tempfile.TemporaryDirectory(prefix="ankerort-fonts-")
    for source in sources + second:
        shutil.copyfile(source, Path(holder.name) / source.name)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[holder.name])
    known = {chr(code) for source in (sources[0], second[0]) for code in FT2Font(str(source)).get_charmap()}
    return fonts, frozenset(known), holder


def _noon(date: str) -> dt.datetime:
    day = dt.date.fromisoformat(date) if date else dt.date(2000, 1, 1)
    return dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC)


def _content(printed: Printed, folder: Path) -> dict[str, Any]:
    date = dt.date.fromisoformat(printed.date) if printed.date else None
    return {
        "title": printed.title,
        "header": printed.header,
        "footer": printed.footer,
        "lang": printed.lang,
        "region": _REGIONS[printed.lang],
        "date": [date.year, date.month, date.day] if date else None,
        "text_pt": printed.text_pt,
        "one_page": printed.one_page,
        "paper": printed.paper,
        "page": _page_parts(printed),
        "show_title": shows_title(printed),
        "blocks": [_block(b, k, folder) for k, b in enumerate(printed.blocks)],
    }


def _page_parts(printed: Printed) -> list[str | int]:
    """The words around page number (1) and number of pages (2)."""
    pattern = say("printed.page", printed.lang, page="\x01", pages="\x02")
    out: list[str | int] = [""]
    for char in pattern:
        if char in "\x01\x02":
            out += [ord(char), ""]
        else:
            out[-1] = f"{out[-1]}{char}"
    return out


def _block(block: Block, number: int, folder: Path) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": block.text}
        case Paragraph():
            return {"kind": "paragraph", "style": block.style, "text": block.text, "keep": block.keep}
        case Bullets():
            return {"kind": "bullets", "items": list(block.items)}
        case Table():
            return _table(block)
        case Picture():
            return _picture(block, f"picture-{number}.png", folder)
        case PictureRow():
            named = [(p, f"picture-{number}-{k}.png") for k, p in enumerate(block.pictures)]
            return {"kind": "pictures", "gap": GAP_MM, "pictures": [_picture(p, name, folder) for p, name in named]}
        case Lines():
            return {"kind": "lines", "label": block.label, "count": block.count, "pitch": block.pitch_mm}
        case PageBreak():
            return {"kind": "page"}


def _picture(picture: Picture, name: str, folder: Path) -> dict[str, Any]:
    (folder / name).write_bytes(picture.png)
    width = picture.width_mm
    return {"kind": "picture", "file": name, "alt": picture.alt, "width": width, "caption": picture.caption}


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "head": list(table.head),
        "rows": [[_cell(as_cell(c), bold=table.row_head and k == 0) for k, c in enumerate(row)] for row in table.rows],
        "align": list(alignments(table)),
        "widths": list(table.widths) or None,
        "caption": table.caption,
        "small": table.small,
        "turned": table.turned_head,
        "roomy": table.roomy,
        "whole": table.whole,
        "text_pt": table.text_pt,
    }


def _cell(cell: Cell, *, bold: bool) -> dict[str, Any]:
    return {"text": cell.text, "fill": cell.fill, "ink": cell.ink, "bold": cell.bold or bold}


_WORDS = frozenset({"text", "items", "head", "header", "footer", "caption", "label"})


def _substituted(value: Any, missing: frozenset[str], key: str = "") -> Any:
    """The content ready for print: squares for missing characters, places where a long word may break."""
    if isinstance(value, dict):
        return {k: _substituted(v, missing, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_substituted(v, missing, key) for v in value]
    if isinstance(value, str) and key in _WORDS:
        return _breakable("".join(_MISSING if c in missing else c for c in value))
    return value


def _breakable(text: str) -> str:
    """A zero-width blank into each word that is too long for a column: behind its signs, else every few letters."""
    if all(len(word) <= _LONG_WORD for word in text.split()):
        return text
    return "\n".join(" ".join(_broken(w) for w in line.split(" ")) for line in text.split("\n"))


def _broken(word: str) -> str:
    if len(word) <= _LONG_WORD:
        return word
    out, run = [], 0
    for char in word:
        out.append(char)
        run += 1
        if not char.isalnum() or run >= _LONGEST_RUN:
            out.append("\u200b")
            run = 0
    return "".join(out)


def _texts(printed: Printed) -> list[str]:
    out = [printed.header, printed.footer, printed.title]
    for block in printed.blocks:
        match block:
            case Heading() | Paragraph():
                out.append(block.text)
            case Bullets():
                out.extend(block.items)
            case Table():
                out.append(block.caption)
                out.extend(block.head)
                out.extend(as_cell(c).text for row in block.rows for c in row)
            case Picture():
                out.append(block.caption)
            case PictureRow():
                out.extend(p.caption for p in block.pictures)
            case Lines():
                out.append(block.label)
            case PageBreak():
                pass
    return out


def _missing_line(missing: tuple[str, ...], printed: Printed) -> str:
    names = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, '')}".strip() for c in missing)
    return say("printed.missing", printed.lang, square=_MISSING, names=names)
