"""The further pages of the report, in their order: each renders its own template and is listed in the contents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jinja2

from ankerort.documents.assessment import Assessment
from ankerort.documents.page_capacity import capacity_content
from ankerort.documents.page_equity import equity_content
from ankerort.documents.page_forecast import forecast_content
from ankerort.documents.page_population_sources import population_content
from ankerort.documents.page_position import position_content
from ankerort.documents.page_quality import quality_content
from ankerort.documents.page_returns import returns_content
from ankerort.documents.page_standards import standards_content
from ankerort.documents.page_stops import stops_page
from ankerort.documents.page_there_and_back import there_and_back_page
from ankerort.documents.page_working_groups import working_groups_content
from ankerort.text import Language, say


@dataclass(frozen=True)
class Page:
    """One page.

    Parameters
    ----------
    anchor
        Anchor in the page, a German word as those of the other sections.
    title
        Id of the sentence that is its heading.
    template
        File in ``templates/``; it gets the content, `t` (say a sentence) and `lang`, and begins below the heading.
    content
        Makes the content; a page without figures says why, it is never left out silently.
    """

    anchor: str
    title: str
    template: str
    content: Callable[[Assessment, Language], Mapping[str, Any]]


# Pages are plugged in here, in reading order, between the chapters and "fahrplan": first what came back and who owes what.
PAGES: tuple[Page, ...] = (
    Page("ruecklauf", "page.returns", "returns.html", returns_content),
    Page("arbeitsgruppen", "page.groups", "working_groups.html", working_groups_content),
    Page("hin-und-zurueck", "trips.title", "there_and_back.html", there_and_back_page),
    Page("haltestellen", "stops.title", "stops.html", stops_page),
    Page("qualitaet", "page.quality", "quality.html", quality_content),
    Page("kapazitaet", "page.capacity", "capacity.html", capacity_content),
    Page("richtwerte", "page.standards", "standards.html", standards_content),
    Page("gerechtigkeit", "page.equity", "equity.html", equity_content),
    Page("lage", "page.position", "position.html", position_content),
    Page("einwohnerquellen", "page.population_sources", "population_sources.html", population_content),
    Page("morgen", "page.forecast", "forecast.html", forecast_content),
)


def environment() -> jinja2.Environment:
    """How all templates are read: from this package, escaping, no undefined names."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("ankerort.documents"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )


def render_pages(assessment: Assessment, lang: Language, pages: tuple[Page, ...] = PAGES) -> list[dict[str, str]]:
    """Anchor, heading and HTML of each page."""
    templates = environment()

    def sentence(sentence_id: str, **params: object) -> str:
        return say(sentence_id, lang, **params)

    return [
        {
            "anchor": page.anchor,
            "title": say(page.title, lang),
            "html": templates.get_template(page.template).render(
                t=sentence, lang=lang, **page.content(assessment, lang)
            ),
        }
        for page in pages
    ]
