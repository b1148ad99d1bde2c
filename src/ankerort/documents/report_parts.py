"""What page, PDF and DOCX of the report share, made once when first asked for."""

from __future__ import annotations

from functools import cached_property

from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks import Block
from ankerort.documents.council_profiles import profiles_blocks
from ankerort.documents.council_unknown import ask_blocks
from ankerort.documents.council_unserved import municipality_blocks
from ankerort.documents.report_maps import ReportMaps
from ankerort.text import Language


class ReportParts:
    """Maps, tables by municipality, open questions and profiles of one assessment in one language."""

    def __init__(self, assessment: Assessment, lang: Language) -> None:
        self.assessment, self.lang = assessment, lang

    @cached_property
    def maps(self) -> ReportMaps:
        """The maps."""
        return ReportMaps(self.assessment, self.lang)

    @cached_property
    def by_municipality(self) -> tuple[Block, ...]:
        """Who is not within the standard, by municipality."""
        return tuple(municipality_blocks(self.assessment, self.lang))

    @cached_property
    def questions(self) -> tuple[Block, ...]:
        """What to ask, by municipality."""
        return tuple(ask_blocks(self.assessment, self.lang))

    @cached_property
    def profiles(self) -> tuple[Block, ...]:
        """The profiles of the places."""
        return tuple(profiles_blocks(self.assessment, self.lang))
