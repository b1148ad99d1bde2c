"""The profile of a place (Ortssteckbrief): one page of blocks, in German and English."""

from __future__ import annotations

from dataclasses import dataclass

from ankerort.catalogue.model import Catalogue
from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks import Block, Heading, Lines, Paragraph, Picture
from ankerort.documents.findings import settled_places
from ankerort.documents.labels import row_label
from ankerort.documents.profile_broadband import place_broadband
from ankerort.documents.profile_facts import PlaceProfile
from ankerort.documents.profile_fit import LINE_MM, ROOM_MM, SHORTENINGS, Shortening, height_mm
from ankerort.documents.profile_index import ProfileIndex, profile_index
from ankerort.documents.profile_map import FRAME_MM, SCALE, DrawnMap, ProfileMaps
from ankerort.documents.profile_of import profile_of
from ankerort.documents.profile_tables import missing_blocks, nothing_lacking_line, on_site_block
from ankerort.documents.profile_words import (
    evidence_lines,
    item_label,
    lost_line,
    municipality_line,
    nearest_lines,
    others_line,
    people_lines,
    stop_lines,
    visits_line,
)
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.grammar import capital, place_name
from ankerort.text.numbers import format_decimal, format_whole

_LETTERS = 4  # told below the map; more would take a second line


@dataclass(frozen=True)
class ProfileSources:
    """What the profiles of one assessment share; made once by `profile_sources`."""

    index: ProfileIndex
    maps: ProfileMaps


def profile_sources(assessment: Assessment) -> ProfileSources:
    """Indexes and streets for all profiles of an assessment."""
    index = profile_index(assessment)
    return ProfileSources(index, ProfileMaps(assessment.region, assessment.catalogue, index))


def profile_places(assessment: Assessment) -> tuple[str, ...]:
    """Ids of the places that get a profile: inhabited ones with a name of their own, in reading order."""
    return tuple(str(p) for p in settled_places(assessment)["place_id"])


def profile_blocks(
    assessment: Assessment, place_id: str, lang: Language, *, sources: ProfileSources | None = None
) -> tuple[Block, ...]:
    """One page about one place.

    Parameters
    ----------
    place_id
        A place of the study area.
    sources
        `profile_sources` of the same assessment, made once for several places; None makes them here.

    Returns
    -------
    tuple of Block
        Begins with a heading of level 1. As much as fits one page A4 at 12 pt: less important rows go first, and a line says where
        they stand.

    Raises
    ------
    KeyError
        If there is no such place in the study area.
    """
    sources = sources or profile_sources(assessment)
    profile = profile_of(assessment, place_id, index=sources.index)
    drawn = sources.maps.draw(place_id)
    blocks: tuple[Block, ...] = ()
    for short in SHORTENINGS:
        blocks = _blocks(profile, drawn, assessment, lang, short)
        if height_mm(blocks) <= ROOM_MM:
            break
    return blocks


def _blocks(
    profile: PlaceProfile, drawn: DrawnMap, assessment: Assessment, lang: Language, short: Shortening
) -> tuple[Block, ...]:
    catalogue = assessment.catalogue
    site, source = on_site_block(profile, assessment, lang, most_names=short.names, most_visits=short.visits)
    there = (
        source,
        others_line(profile, catalogue, lang, most=short.others),
        visits_line(profile, lang, most=short.visits),
        lost_line(profile, catalogue, lang, most=short.lost),
        place_broadband(assessment, profile.place_id, lang),
        nothing_lacking_line(profile, lang),
    )
    facts = (
        " ".join(text for text in there if text),
        " ".join(stop_lines(profile, lang, most=short.stops) + evidence_lines(profile, lang)),
    )
    return (
        Heading(place_name(profile.name, profile.kind, lang), 1, f"ort-{profile.place_id}"),
        Paragraph(capital(municipality_line(profile, lang))),
        *_map(profile, drawn, assessment, lang),
        Paragraph(" ".join(people_lines(profile, assessment, lang) + nearest_lines(profile, catalogue, lang))),
        *site,
        *(Paragraph(text) for text in facts[:1] if text),
        *missing_blocks(profile, assessment, lang, most=short.rows, demand=short.demand),
        *(Paragraph(text) for text in facts[1:]),
        Lines(say("profile.remarks", lang), short.remark_lines, LINE_MM),
    )


def _map(profile: PlaceProfile, drawn: DrawnMap, assessment: Assessment, lang: Language) -> tuple[Block, ...]:
    """The map, and below it what its signs mean."""
    wide, high = (format_decimal(mm / 1e6 * SCALE, lang) for mm in FRAME_MM)
    alt = say(
        "profile.map_alt",
        lang,
        name=place_name(profile.name, profile.kind, lang),
        wide=wide,
        high=high,
        marks=_marks(drawn, assessment.catalogue, lang),
        stops=say("profile.map_alt_stops", lang, n=Counted(drawn.stops, lang))
        if drawn.stops
        else say("profile.map_alt_no_stops", lang),
    )
    signs = [say("profile.map_scale", lang, scale=format_whole(SCALE, lang))]
    if drawn.marks:
        signs.append(_letters(profile, drawn, assessment.catalogue, lang))
    if drawn.presumed:
        signs.append(say("profile.map_presumed", lang))
    if drawn.stops:
        signs.append(say("profile.map_stop", lang))
    return Picture(drawn.png, alt, FRAME_MM[0]), Paragraph(" ".join(signs), "small")


def _letters(profile: PlaceProfile, drawn: DrawnMap, catalogue: Catalogue, lang: Language) -> str:
    """What the letters mean: a few one by one, many by the table that has them behind each function."""
    told = {one.item for one in profile.on_site}
    if len(drawn.marks) > _LETTERS and all(item in told for item in drawn.marks):
        return say("profile.map_letters_below", lang)
    marks = (f"{catalogue.nouns[item].mark} {item_label(item, catalogue, lang)}" for item in drawn.marks)
    return say("profile.map_letters", lang, marks=", ".join(marks))


def _marks(drawn: DrawnMap, catalogue: Catalogue, lang: Language) -> str:
    if not drawn.marks:
        return say("profile.map_alt_no_marks", lang)
    marks = [
        f"{catalogue.nouns[item].mark} {row_label(item, catalogue, lang)}{f' ({n})' if n > 1 else ''}"
        for item, n in drawn.marks.items()
    ]
    return say("profile.map_alt_marks", lang, marks=", ".join(marks))
