"""Chapter 6: the profiles of the places, one page each, as long as there are not too many for one report."""

from __future__ import annotations

from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks import Block, PageBreak, Paragraph
from ankerort.documents.blocks_check import lowered
from ankerort.documents.profile import profile_blocks, profile_places, profile_sources
from ankerort.documents.tables import study_places
from ankerort.text import Language, say
from ankerort.text.counted import Counted


def profiles_blocks(assessment: Assessment, lang: Language, *, page_breaks: bool = True) -> list[Block]:
    """The profile of each place; over ``report.profiles_most`` the command that writes them, and the names."""
    chosen = profile_places(assessment)
    if not chosen:
        return [Paragraph(say("council.profiles_none", lang))]
    most = round(assessment.catalogue.value("report.profiles_most"))
    names = study_places(assessment).set_index("place_id")["print_name"]
    listed = ", ".join(str(names.get(p, p)) for p in chosen)
    if len(chosen) > most:
        return [
            Paragraph(
                say("council.profiles_too_many", lang, n=Counted(len(chosen), lang), most=Counted(most, lang)), "note"
            ),
            Paragraph(say("council.profile_list", lang, places=listed)),
        ]
    blocks: list[Block] = [
        Paragraph(say("council.profiles_about", lang, n=Counted(len(chosen), lang))),
        Paragraph(say("council.profile_list", lang, places=listed)),
    ]
    sources = profile_sources(assessment)
    for place_id in chosen:
        if page_breaks:
            blocks.append(PageBreak())
        blocks += lowered(profile_blocks(assessment, place_id, lang, sources=sources), 1)
    return blocks
