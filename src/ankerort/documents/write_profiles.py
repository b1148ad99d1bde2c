"""Writes the profiles of places, each as its own PDF and DOCX."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from ankerort.base.progress import SILENT, Progress
from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks import Heading, Printed
from ankerort.documents.blocks_docx import write_docx
from ankerort.documents.blocks_pdf import write_pdf
from ankerort.documents.paper import day_of, footer_of, header_of
from ankerort.documents.profile import ProfileSources, profile_blocks, profile_places, profile_sources
from ankerort.documents.profile_fit import TEXT_PT
from ankerort.documents.public import public_assessment
from ankerort.documents.write import write_all
from ankerort.text import Language

FOLDER = "ortssteckbriefe"
_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(1, 10)), *(f"LPT{n}" for n in range(1, 10))}
)
_LONGEST = 80  # letters; paths on Windows end at 260


def write_profiles(
    assessment: Assessment,
    out: Path,
    *,
    places: Sequence[str] = (),
    lang: Language = "de",
    progress: Progress = SILENT,
) -> tuple[Path, ...]:
    """Write ``name.pdf`` and ``name.docx`` of each place into ``out/ortssteckbriefe``.

    Parameters
    ----------
    assessment
        One finished run.
    out
        Folder of the documents.
    places
        Ids of places; empty = all inhabited places with a name of their own.
    progress
        Advances once per file.

    Returns
    -------
    tuple of Path
        PDF and DOCX of each place, in the order of `places`. Files appear only when all are there; one that is held open by another
        program stays, and the new one stands beside it.
    """
    assessment = public_assessment(assessment, lang)
    chosen = tuple(places) or profile_places(assessment)
    sources = profile_sources(assessment)
    names = file_names(assessment, chosen)
    made: dict[str, Printed] = {}

    def printed(place_id: str) -> Printed:
        """One place's document; its PDF and DOCX follow one another, so only the last one is kept."""
        if place_id not in made:
            made.clear()
            made[place_id] = profile_document(assessment, place_id, lang, sources=sources)
        return made[place_id]

    def pdf(place_id: str, path: Path) -> None:
        write_pdf(printed(place_id), path)

    def docx(place_id: str, path: Path) -> None:
        write_docx(printed(place_id), path)

    makers: dict[str, Callable[[Path], object]] = {}
    for place_id in chosen:
        makers[f"{FOLDER}/{names[place_id]}.pdf"] = partial(pdf, place_id)
        makers[f"{FOLDER}/{names[place_id]}.docx"] = partial(docx, place_id)
    return write_all(out, makers, progress, text_id="progress.profiles")


def profile_document(
    assessment: Assessment, place_id: str, lang: Language, *, sources: ProfileSources | None = None
) -> Printed:
    """One place as a document of its own, with the status of the paper above and the credit lines below."""
    blocks = profile_blocks(assessment, place_id, lang, sources=sources)
    title = blocks[0].text if isinstance(blocks[0], Heading) else place_id
    return Printed(
        title,
        header_of(assessment, lang),
        footer_of(assessment),
        lang,
        day_of(assessment),
        blocks,
        text_pt=TEXT_PT,
        one_page=True,
    )


def file_names(assessment: Assessment, places: Sequence[str]) -> dict[str, str]:
    """File names without ending by place_id: legal on Windows, umlauts kept, each once, whatever the case of its letters."""
    printed = dict(zip(assessment.region.places["place_id"], assessment.region.places["print_name"], strict=True))
    out: dict[str, str] = {}
    taken: set[str] = set()
    for place_id in places:
        base = safe_name(str(printed[place_id]))
        name, number = base, 2
        while name.casefold() in taken:
            name, number = f"{base} {number}", number + 1
        taken.add(name.casefold())
        out[place_id] = name
    return out


def safe_name(name: str) -> str:
    """A file name that Windows accepts: no signs of paths, no control characters, no device names, no dot at the end."""
    text = unicodedata.normalize("NFC", name)
    text = "".join("-" if c in _FORBIDDEN else c for c in text if unicodedata.category(c)[0] != "C")
    text = " ".join(text.split())[:_LONGEST].strip(" .")
    if not text:
        return "Ort"
    return f"{text}_" if text.split(".")[0].rstrip().upper() in _RESERVED else text
