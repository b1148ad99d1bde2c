"""The maps of the report, each drawn once for page, PDF and DOCX; all with the same extent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ankerort.documents import findings
from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.documents.maps import MapMaker
from ankerort.documents.pictures import png_of
from ankerort.documents.report_rows import spoken_letters
from ankerort.text import Language, say
from ankerort.text.numbers import format_whole


@dataclass(frozen=True)
class ReportMap:
    """One map: its address in the page, what it shows, its label, and the places by letter."""

    src: str
    alt: str
    label: str
    counts: tuple[str, ...] = ()

    @property
    def png(self) -> bytes:
        """The picture itself."""
        return png_of(self.src)

    @property
    def caption(self) -> str:
        """Label and counts, as they stand below the map on paper."""
        return "\n".join(part for part in (self.label, " · ".join(self.counts)) if part)


class ReportMaps:
    """All maps of one assessment in one language, drawn when first asked for."""

    def __init__(self, assessment: Assessment, lang: Language) -> None:
        self.assessment, self.lang = assessment, lang
        self._maker = MapMaker(assessment, lang)
        self._core = findings.core_findings(assessment)
        self._labels = {i.id: row_label(f"core:{i.id}", assessment.catalogue, lang) for i in assessment.catalogue.core}

    @cached_property
    def core(self) -> tuple[ReportMap, ...]:
        """One map per core function; one of question marks says nothing and is left out."""
        return tuple(
            ReportMap(
                self._maker.letters(f"core:{f.item_id}"),
                say(
                    "map.alt",
                    self.lang,
                    function=self._labels[f.item_id],
                    letters=spoken_letters(f.places, self.lang),
                ),
                self._labels[f.item_id],
                tuple(f"{x} {format_whole(n, self.lang)}" for x, n in f.places.items() if n),
            )
            for f in self._core
            if not _blank(f)
        )

    @cached_property
    def left_out(self) -> str:
        """Which core functions have no map; empty if all have one."""
        names = [self._labels[f.item_id] for f in self._core if _blank(f)]
        return say("report.maps_left_out", self.lang, functions=", ".join(names)) if names else ""

    @cached_property
    def five(self) -> ReportMap:
        """How many of the five lie within 1 km of each cell."""
        reached = findings.five_of_cells(self.assessment)
        return ReportMap(self._maker.five(reached), say("map.five_alt", self.lang), say("map.five_label", self.lang))


def _blank(finding: findings.CoreFinding) -> bool:
    return finding.places["?"] == sum(finding.places.values())
