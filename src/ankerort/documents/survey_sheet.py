"""The survey sheet of a facility: one page to print and fill in by hand, and the same on screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from ankerort.catalogue.model import Catalogue
from ankerort.documents.blocks import Block, Cell, Heading, Lines, PageBreak, Paragraph, Printed, Table
from ankerort.documents.inquiry_workbook import (
    Formats,
    drop_down,
    protect,
    sheet_titles,
    text,
    workbook_options,
    write_hidden,
)
from ankerort.region.inquiry.layout import (
    ANSWERS_LISTED,
    ANSWERS_NONE,
    CHOICES,
    FORMAT,
    HIDDEN_SHEET,
    choice_word,
    verdict_word,
)
from ankerort.text import Language, say

_FIXED_DATE = dt.datetime(2000, 1, 1)
_BOX = "☐"
_LINE = "______"
_TEXT_PT = 14.0


@dataclass(frozen=True)
class Survey:
    """What one survey sheet is about, in the words of the sheet.

    Parameters
    ----------
    service, label
        Id and label of the service.
    place, municipality, ags
        Where it is.
    believed
        Lines of what we assume: name, operator, site; empty = nothing is listed.
    hours, source
        Opening hours so far, source and date; may be empty.
    key
        Key of the facility, see `ankerort.region.inquiry.layout.line_key`.
    listed
        Whether a facility is listed (else the sheet is for one that is not).
    """

    service: str
    label: str
    place: str
    municipality: str
    ags: str
    believed: tuple[str, ...]
    hours: str
    source: str
    key: str
    listed: bool


def survey_document(
    surveys: Sequence[Survey], catalogue: Catalogue, *, region: str, data_date: str, lang: Language
) -> Printed:
    """All sheets as one document, each on a page of its own, at 14 pt.

    Parameters
    ----------
    region
        Name of the region, for the foot of the pages.
    data_date
        Newest day of the data (ISO).
    """
    blocks: list[Block] = []
    for number, survey in enumerate(surveys):
        if number:
            blocks.append(PageBreak())
        blocks += _page(survey, catalogue, lang)
    first = blocks[0]
    return Printed(
        # the title is printed above the blocks unless the first heading says the same, and a sheet has one page
        title=first.text if isinstance(first, Heading) else say("inquiry_label.survey", lang),
        header=say("inquiry.survey_header", lang),
        footer=region,
        lang=lang,
        date=data_date,
        blocks=tuple(blocks),
        text_pt=_TEXT_PT,
    )


def _page(survey: Survey, catalogue: Catalogue, lang: Language) -> list[Block]:
    def boxes(words: Sequence[str]) -> str:
        return "   ".join(f"{_BOX} {word}" for word in words)

    def label(name: str) -> str:
        return say(f"inquiry_label.{name}", lang)

    believed = ", ".join(survey.believed) or say("inquiry.survey_nothing", lang)
    told = believed if not survey.hours else f"{believed}; {survey.hours}"
    verdicts = ANSWERS_LISTED if survey.listed else ANSWERS_NONE
    step_free = boxes([choice_word("step_free", v, lang) for v in CHOICES["step_free"]])
    answer = boxes([verdict_word(v, lang) for v in verdicts])
    if survey.listed:
        answer += " " + say("inquiry.survey_since", lang, line=_LINE)
    rows: list[tuple[str | Cell, ...]] = [
        (label("survey_there"), answer),
        (label("survey_right_name"), ""),
        (label("survey_address"), ""),
        (label("survey_step_free"), step_free),
        (_size(survey, catalogue, lang), ""),
        (
            label("survey_condition"),
            boxes([say("inquiry.survey_best", lang), "2", "3", "4", say("inquiry.survey_worst", lang)]),
        ),
        (label("survey_toilet"), step_free),
    ]
    grid = (say("inquiry_survey.day", lang), *(say(f"inquiry_survey.{w}", lang) for w in ("from", "to", "from", "to")))
    days: tuple[tuple[str | Cell, ...], ...] = tuple(
        (choice_word("weekday", day, lang), "", "", "", "") for day in CHOICES["weekday"]
    )
    return [
        Heading(f"{survey.label}, {survey.place}", 1),
        Paragraph(
            say(
                "inquiry.survey_believed",
                lang,
                told=told,
                source=survey.source.replace("\n", ", "),
                municipality=survey.municipality,
            )
        ),
        Table(
            (say("inquiry.survey_question", lang), say("inquiry.survey_reply", lang)),
            tuple(rows),
            widths=(2.3, 4.7),
            caption=say("inquiry.survey_table", lang),
            roomy=True,
        ),
        Table(grid, days, widths=(2.0, 1.0, 1.0, 1.0, 1.0), caption=say("inquiry.survey_hours", lang), roomy=True),
        Lines(label("survey_remark"), 1),
        Lines(say("inquiry.survey_signed", lang), 1),
    ]


def _size(survey: Survey, catalogue: Catalogue, lang: Language) -> str:
    label = say("inquiry_label.survey_capacity", lang)
    known = survey.service in catalogue.capacity_units
    return f"{label} ({capacity_words(survey.service, catalogue, lang)})" if known else label


def capacity_words(service: str, catalogue: Catalogue, lang: Language) -> str:
    """Unit in which a service counts its size; what is counted as such where the catalogue names none."""
    unit = catalogue.capacity_units.get(service)
    return say("inquiry.survey_size", lang) if unit is None else say(f"capacity_unit.{unit.unit}", lang)


def write_survey_workbook(path: Path, surveys: Sequence[Survey], catalogue: Catalogue, *, lang: Language) -> None:
    """Write the sheets as a workbook, one sheet per facility; read back by `read_answers`."""
    with xlsxwriter.Workbook(str(path), workbook_options()) as workbook:
        workbook.set_properties({"title": say("inquiry_label.survey", lang), "created": _FIXED_DATE})
        formats = Formats(workbook)
        names = [f"{(s.believed or (s.label,))[0]} {s.place}" for s in surveys]
        pages = [workbook.add_worksheet(t) for t in sheet_titles(names, (HIDDEN_SHEET,))]
        hidden = workbook.add_worksheet(HIDDEN_SHEET)
        lists = write_hidden(hidden, catalogue, [("format", FORMAT), ("kind", "survey"), ("lang", lang)], lang)
        for page, survey in zip(pages, surveys, strict=True):
            _Form(page, formats, dict(lists), lang).write(survey, catalogue)


class _Form:
    """One survey sheet on screen: labels on the left, answers beside them."""

    def __init__(
        self, sheet: xlsxwriter.worksheet.Worksheet, formats: Formats, lists: dict[str, str], lang: Language
    ) -> None:
        self.sheet, self.formats, self.lists, self.lang = sheet, formats, lists, lang
        self.row = 0

    def write(self, survey: Survey, catalogue: Catalogue) -> None:
        """The whole sheet, to be printed on one page."""
        self.sheet.set_column(0, 0, 30)
        self.sheet.set_column(1, 4, 14)
        text(self.sheet, 0, 0, say("inquiry_label.survey", self.lang), self.formats.title)
        self.sheet.set_row(0, 26)
        self.row = 2
        for name, value in (
            ("survey_service", survey.label),
            ("place", survey.place),
            ("municipality", survey.municipality),
            ("ags", survey.ags),
            ("survey_name", "\n".join((*survey.believed, survey.hours)).strip()),
        ):
            self._told(name, value or say("inquiry.survey_nothing", self.lang))
        self.row += 1
        answers = "listed" if survey.listed else "none"
        self._asked("survey_there", self.lists[answers])
        if survey.listed:
            self._asked("survey_since")
        self._asked("survey_right_name")
        self._asked("survey_address")
        self._asked("survey_step_free", self.lists["step_free"])
        self._asked("survey_capacity", hint=capacity_words(survey.service, catalogue, self.lang))
        self._asked("survey_condition", self.lists["marks"], hint=say("inquiry.survey_marks", self.lang))
        self._asked("survey_toilet", self.lists["step_free"])
        self._asked("survey_remark", height=48.0)
        self.row += 1
        text(self.sheet, self.row, 0, say("inquiry.survey_hours", self.lang), self.formats.bold)
        self.row += 1
        heads = ("day", "from", "to", "from", "to")
        for column, word in enumerate(heads):
            text(self.sheet, self.row, column, say(f"inquiry_survey.{word}", self.lang), self.formats.head)
        for day in CHOICES["weekday"]:
            self.row += 1
            text(self.sheet, self.row, 0, choice_word("weekday", day, self.lang), self.formats.told)
            for column in range(1, len(heads)):
                text(self.sheet, self.row, column, "", self.formats.answer)
        self.row += 2
        self._asked("office", hint=say("inquiry.cover_office_hint", self.lang))
        self._asked("filled_on", hint=say("inquiry.cover_day_hint", self.lang))
        text(self.sheet, self.row + 1, 0, say("inquiry.no_names", self.lang), self.formats.line_free)
        text(self.sheet, self.row + 2, 0, say("inquiry_label.survey_key", self.lang), self.formats.key)
        text(self.sheet, self.row + 2, 1, survey.key, self.formats.key)
        self.sheet.set_row(self.row + 2, None, None, {"hidden": True})
        protect(self.sheet)
        self.sheet.set_paper(9)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.5)
        self.sheet.fit_to_pages(1, 1)

    def _told(self, name: str, value: str) -> None:
        text(self.sheet, self.row, 0, say(f"inquiry_label.{name}", self.lang), self.formats.head)
        self.sheet.merge_range(self.row, 1, self.row, 4, "", self.formats.told)
        text(self.sheet, self.row, 1, value, self.formats.told)
        self.sheet.set_row(self.row, 16.0 * (value.count("\n") + 1))
        self.row += 1

    def _asked(self, name: str, source: str = "", *, hint: str = "", height: float = 0.0) -> None:
        label = say(f"inquiry_label.{name}", self.lang)
        text(self.sheet, self.row, 0, f"{label}\n({hint})" if hint else label, self.formats.head)
        self.sheet.merge_range(self.row, 1, self.row, 4, "", self.formats.answer)
        text(self.sheet, self.row, 1, "", self.formats.answer)
        if source:
            drop_down(self.sheet, self.row, 1, source, self.lang)
        self.sheet.set_row(self.row, height or (46.0 if len(hint) > 25 else 32.0 if hint else 20.0))
        self.row += 1
