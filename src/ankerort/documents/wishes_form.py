"""The questionnaire of the survey of wishes on two pages, and the slip for a call back on a sheet of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ankerort.catalogue.mobile import MobileService
from ankerort.documents import form_pdf as form
from ankerort.documents.form_pdf import Form, FormBlock, form_pages
from ankerort.region.wishes_layout import CHOICES, OFFERED_WEEKDAYS, choice_word
from ankerort.text import Language, say

PROMISED_PAGES = 2
_TEXT_PT = 14.0
# Spaces above a question that are tried, widest first, until two pages suffice.
_GAPS_MM = (9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.2)


@dataclass(frozen=True)
class Questionnaire:
    """A questionnaire and how it came out.

    Parameters
    ----------
    form
        To be written by `ankerort.documents.form_pdf.write_form`.
    pages
        Its pages: two, and further ones for a long notice of data protection.
    notice_apart
        Whether the notice stands on a page of its own.
    """

    form: Form
    pages: int
    notice_apart: bool


def questionnaire(services: Sequence[MobileService], *, notice: str, region: str, lang: Language) -> Questionnaire:
    """The questionnaire for these services.

    Parameters
    ----------
    services
        Mobile services that are asked about, in their order.
    notice
        Text of the data-protection notice; empty lines part its paragraphs.
    region
        Name of the region, for the foot of the pages.

    Returns
    -------
    Questionnaire
        On two pages with the notice below the last question. A notice that is too long goes to a page of its own behind them. With too many services
        the questions themselves need more than two pages: `pages` says so.
    """
    paragraphs = tuple(" ".join(p.split()) for p in notice.split("\n\n") if p.strip())
    for apart in (False, True):
        for gap_mm in _GAPS_MM:
            made = _form(services, paragraphs, apart=apart, gap_mm=gap_mm, region=region, lang=lang)
            told = made if not apart else replace(made, blocks=made.blocks[:-2])
            if form_pages(told) <= PROMISED_PAGES:
                return Questionnaire(made, form_pages(made), apart)
    return Questionnaire(made, form_pages(made), notice_apart=True)


def _form(
    services: Sequence[MobileService],
    paragraphs: tuple[str, ...],
    *,
    apart: bool,
    gap_mm: float,
    region: str,
    lang: Language,
) -> Form:
    blocks = [*_about_you_and_services(services, lang), *_about_the_visit(lang)]
    if apart:
        blocks += [form.text(say("wishes_form.notice_apart", lang)), form.PAGE, form.notice(paragraphs)]
    else:
        blocks.append(form.notice(paragraphs))
    return Form(
        title=say("wishes_form.title", lang),
        footer=say("wishes_form.footer", lang, region=region),
        lang=lang,
        blocks=tuple(blocks),
        text_pt=_TEXT_PT,
        gap_mm=gap_mm,
    )


def _about_you_and_services(services: Sequence[MobileService], lang: Language) -> list[FormBlock]:
    ask = _Questions(lang)
    columns = [choice_word("times", t, lang) for t in ("weekly", "fortnightly", "monthly", "rarely")]
    return [
        form.head(say("wishes_form.title", lang), say("wishes_form.office", lang)),
        form.text(say("wishes_form.intro", lang)),
        form.text(say("wishes_form.how", lang)),
        form.blank(("", say("wishes_form.until", lang), 1.0), ("", say("wishes_form.at", lang), 2.2)),
        form.blank(("1", say("wishes_form.place", lang), 1.0)),
        ask.boxes("2", "age", "age", (1, 1, 1, 1.15)),
        ask.boxes("3", "household", "household", (1, 1, 1, 1.15)),
        ask.boxes("4", "filled_by", "filled_by", (1, 1, 1, 1.15)),
        form.grid(
            "5",
            say("wishes_form.services", lang),
            say("wishes_form.services_hint", lang),
            [s.label(lang) for s in services],
            [*columns, say("wishes_form.given_up", lang)],
            column_mm=20.0,
            row_mm=1.7,
        ),
    ]


def _about_the_visit(lang: Language) -> list[FormBlock]:
    ask = _Questions(lang)
    return [
        ask.boxes("6", "half_day", "half_day", (1, 1, 1)),
        ask.boxes("7", "weekdays", "weekdays", (1, 1, 1), values=OFFERED_WEEKDAYS),
        ask.boxes("8", "spot", "spot", (1, 1, 1)),
        ask.boxes("9", "walk_m", "walk_m", (1.25, 1, 1, 1)),
        ask.boxes("10", "wait_min", "wait_min", (1.25, 1, 1, 1)),
        ask.boxes("11", "drives", "drives", (1, 1, 1)),
        ask.boxes("12", "hinders", "hinders", (1.15, 1.02, 1.28)),
        ask.row("13", "phone_booking", "yes_no"),
        ask.row("14", "company", "yes_no"),
        ask.row("15", "online", "online"),
        form.lines("16", say("wishes_form.text", lang), 2),
    ]


@dataclass(frozen=True)
class _Questions:
    """Questions whose boxes are the choices of the layout."""

    lang: Language

    def boxes(
        self, number: str, field_id: str, kind: str, widths: Sequence[float], *, values: Sequence[str] = ()
    ) -> FormBlock:
        words = [choice_word(kind, v, self.lang) for v in values or CHOICES[kind]]
        return form.boxes(number, say(f"wishes_form.{field_id}", self.lang), words, widths)

    def row(self, number: str, field_id: str, kind: str) -> FormBlock:
        words = [choice_word(kind, v, self.lang) for v in CHOICES[kind]]
        return form.row(number, say(f"wishes_form.{field_id}", self.lang), words, width_mm=31.0)


def callback_slip(*, region: str, lang: Language) -> Form:
    """Two slips on one sheet for those who want to be called; they go apart from the questionnaire and are never entered."""
    slip: list[FormBlock] = [
        form.head(say("wishes_slip.title", lang)),
        form.text(say("wishes_slip.intro", lang)),
        form.text(say("wishes_slip.apart", lang), strong=True),
        form.blank(("", say("wishes_slip.name", lang), 1.0)),
        form.blank(("", say("wishes_slip.phone", lang), 1.0)),
        form.blank(("", say("wishes_slip.place", lang), 1.0)),
        form.blank(("", say("wishes_slip.when", lang), 1.0)),
        form.text(say("wishes_slip.after", lang)),
    ]
    return Form(
        title=say("wishes_slip.title", lang),
        footer=say("wishes_slip.footer", lang, region=region),
        lang=lang,
        blocks=(*slip, form.CUT, *slip),
        text_pt=_TEXT_PT,
        gap_mm=8.0,
    )
