"""What a survey says, told: as blocks of a document and as sheets of a workbook, with nothing that may not be shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ankerort.catalogue.model import Catalogue
from ankerort.documents.blocks import Align, Block, Bullets, Heading, Paragraph, Printed, Table
from ankerort.documents.sheets import Sheet
from ankerort.documents.workbook import write_plain_workbook
from ankerort.mobile.wishes_groups import MergedPlaces
from ankerort.mobile.wishes_results import AGES, ALL_AGES, ONE_OPTION, SEVERAL_OPTIONS, WishesResults
from ankerort.region.model import Region
from ankerort.region.wishes_layout import CHOICES, choice_word, field_word
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.grammar import join_words
from ankerort.text.numbers import format_decimal, format_share, format_whole

HIDDEN = "–"
_ABOUT_THE_VISIT = ("half_day", "weekdays", "spot", "walk_m", "wait_min")
_ABOUT_THE_WAY = ("drives", "hinders")
_ABOUT_HELP = ("phone_booking", "company", "online", "household", "filled_by")
_KINDS = {**ONE_OPTION, **SEVERAL_OPTIONS}
_MOST_COLUMNS = 8


@dataclass(frozen=True)
class WishesWords:
    """Results of a survey in words of one language."""

    results: WishesResults
    region: Region
    catalogue: Catalogue
    lang: Language

    def group(self, group: MergedPlaces) -> str:
        """Name of a group of places: ``Ummendorf``, ``Ummendorf mit Badeleben``."""
        names = dict(zip(self.region.places["place_id"], self.region.places["print_name"], strict=True))
        first, *others = (names[p] for p in group.members)
        if not others:
            return first
        return say("wishes.with", self.lang, first=first, others=join_words(others, self.lang))

    def place(self, key: str) -> str:
        """Name of the group with this key; of the whole survey."""
        if not key:
            return say("wishes.everywhere", self.lang)
        return self.group(next(g for g in self.results.groups if g.key == key))

    def service(self, service: str) -> str:
        """Label of a mobile service."""
        return self.catalogue.mobile.services[service].label(self.lang)

    def age(self, age: str) -> str:
        """An age class in words."""
        if age == ALL_AGES:
            return say("wishes.all_ages", self.lang)
        return choice_word("age", age, self.lang) if age else say("wishes.not_said", self.lang)

    def option(self, question: str, option: str) -> str:
        """An option of a question in words."""
        if question in ("service", "given_up"):
            return self.service(option)
        return choice_word(_KINDS[question], option, self.lang) if option else say("wishes.not_said", self.lang)

    def question(self, question: str) -> str:
        """Short name of a question."""
        if question in ("answers", "service"):
            return say(f"wishes.question_{question}", self.lang)
        return field_word(question, self.lang)

    def number(self, value: float) -> str:
        """A count or number of cases; a dash where it is not shown."""
        return HIDDEN if math.isnan(value) else format_whole(value, self.lang)

    def share(self, value: float, base: float) -> str:
        """A share in whole per cent; a dash where it is not shown."""
        return HIDDEN if math.isnan(value) or math.isnan(base) or base <= 0 else format_share(value / base, self.lang)

    def who_answered(self) -> str:
        """How many answers there are, and which share others filled in."""
        n = self.results.answers
        by = self.results.of("filled_by")["answers"]
        others = float(by.get("relative", math.nan)) + float(by.get("carer", math.nan))
        if n and not math.isnan(others):
            return say("wishes.who", self.lang, n=Counted(n, self.lang), share=format_share(others / n, self.lang))
        relatives = float(by.get("relative", math.nan))
        if n and not math.isnan(relatives):
            share = format_share(relatives / n, self.lang)
            return say("wishes.who_relatives", self.lang, n=Counted(n, self.lang), share=share)
        return say("wishes.who_count", self.lang, n=Counted(n, self.lang))

    def factor_line(self) -> str:
        """Stated use is not use: factor and range of the services that were named."""
        records = [self.catalogue.mobile.services[s].use_factor for s in self.results.services]
        if not records:
            return ""
        mid, low, high = records[0].mid, min(r.low for r in records), max(r.high for r in records)

        def told(value: float) -> str:
            return format_decimal(value, self.lang, digits=1)

        return say("wishes.factor", self.lang, mid=told(mid), low=told(low), high=told(high))


def wishes_printed(words: WishesWords, *, header: str) -> Printed:
    """Results of a survey as a document."""
    lang, results = words.lang, words.results
    blocks: list[Block] = [
        Paragraph(words.who_answered(), "lead"),
        Paragraph(say("wishes.rule", lang, least=results.least, hidden=HIDDEN)),
    ]
    if not results.enough:
        blocks.append(Paragraph(say("wishes.too_few", lang, least=results.least), "warn"))
    else:
        blocks += _services(words) + _places(words)
        for title, questions in (("visit", _ABOUT_THE_VISIT), ("way", _ABOUT_THE_WAY), ("help", _ABOUT_HELP)):
            blocks.append(Heading(say(f"wishes.chapter_{title}", lang), anchor=title))
            blocks += [_question(words, q) for q in questions]
        blocks += _merged(words)
    return Printed(
        title=say("wishes.title", lang, region=words.region.settings.name),
        header=header,
        footer=say("wishes.footer", lang, region=words.region.settings.name),
        lang=lang,
        date="",
        blocks=tuple(blocks),
    )


def _services(words: WishesWords) -> list[Block]:
    lang, results = words.lang, words.results
    rows = []
    for service in results.services:
        row = _row(results.of("service"), service)
        given_up = _row(results.of("given_up"), service)["answers"]
        expected = words.number(row["expected_mid"])
        if not math.isnan(row["expected_mid"]):
            low, high = words.number(row["expected_low"]), words.number(row["expected_high"])
            expected = say("wishes.expected_range", lang, mid=expected, low=low, high=high)
        rows.append(
            (
                words.service(service),
                words.number(row["answers"]),
                words.share(row["answers"], row["of"]),
                words.number(row["stated_year"]),
                expected,
                words.number(given_up),
            )
        )
    heads = ("service", "answers", "share", "stated", "expected", "given_up")
    blocks: list[Block] = [
        Heading(say("wishes.chapter_services", lang), anchor="dienste"),
        Paragraph(words.factor_line()),
        Table(
            tuple(say(f"wishes.head_{h}", lang) for h in heads),
            tuple(rows),
            align=("left", "right", "right", "right", "right", "right"),
            widths=(3.2, 1.1, 1.1, 1.5, 2.2, 1.2),
            caption=say("wishes.table_services", lang),
        ),
    ]
    by_age = []
    for service in results.services:
        cells = [words.number(_row(results.of("service", age=a), service)["answers"]) for a in AGES]
        by_age.append((words.service(service), *cells))
    answers = [words.number(_row(results.of("answers", age=a), "")["answers"]) for a in AGES]
    blocks.append(
        Table(
            (say("wishes.head_service", lang), *(words.age(a) for a in AGES)),
            (*by_age, (say("wishes.question_answers", lang), *answers)),
            align=_numbers_behind(len(AGES)),
            caption=say("wishes.table_ages", lang),
            whole=True,
        )
    )
    return blocks


def _numbers_behind(columns: int) -> tuple[Align, ...]:
    """A first column to the left, numbers to the right."""
    right: Align = "right"
    return ("left", *[right] * columns)


def _places(words: WishesWords) -> list[Block]:
    lang, results = words.lang, words.results
    blocks: list[Block] = [Heading(say("wishes.chapter_places", lang), anchor="orte")]
    for first in range(0, len(results.services), _MOST_COLUMNS):
        services = results.services[first : first + _MOST_COLUMNS]
        rows = []
        for group in results.groups:
            told = results.of("service", place_key=group.key)
            cells = [words.number(_row(told, s)["answers"]) for s in services]
            rows.append((words.group(group), format_whole(group.answers, lang), *cells))
        blocks.append(
            Table(
                (say("wishes.head_place", lang), say("wishes.head_answers", lang), *map(words.service, services)),
                tuple(rows),
                align=_numbers_behind(len(services) + 1),
                widths=(3.0, 1.0, *(1.0,) * len(services)),
                caption=say("wishes.table_places", lang),
                turned_head=True,
            )
        )
    table = results.table
    shown = table[
        (table["question"] == "service")
        & (table["place_key"] != "")
        & ~table["age"].isin([ALL_AGES, ""])
        & table["answers"].notna()
    ]
    if not len(shown):
        blocks.append(Paragraph(say("wishes.no_combination", lang, least=results.least), "note"))
        return blocks
    order = {g.key: k for k, g in enumerate(results.groups)}
    shown = shown.assign(_k=shown["place_key"].map(order), _a=shown["age"].map(AGES.index)).sort_values(
        ["_k", "_a"], kind="stable"
    )
    rows = [
        (
            words.place(str(r.place_key)),
            words.age(str(r.age)),
            words.service(str(r.option)),
            words.number(r.answers),
            words.number(r.stated_year),
            words.number(r.expected_mid),
        )
        for r in shown.itertuples()
    ]
    heads = ("place", "age", "service", "answers", "stated", "expected")
    blocks.append(
        Table(
            tuple(say(f"wishes.head_{h}", lang) for h in heads),
            tuple(rows),
            align=("left", "left", "left", "right", "right", "right"),
            widths=(2.4, 1.3, 2.6, 1.1, 1.5, 1.5),
            caption=say("wishes.table_combinations", lang),
        )
    )
    return blocks


def _question(words: WishesWords, question: str) -> Table:
    told = words.results.of(question)
    options = [o for o in (*CHOICES[_KINDS[question]], "") if o in told.index]
    rows = []
    for option in options:
        row = told.loc[option]
        share = words.share(float(row["answers"]), float(row["of"]))
        rows.append((words.option(question, option), words.number(float(row["answers"])), share))
    return Table(
        (
            words.question(question),
            say("wishes.head_answers", words.lang),
            say("wishes.head_share", words.lang),
        ),
        tuple(rows),
        align=("left", "right", "right"),
        widths=(4.0, 1.0, 1.0),
        whole=True,
    )


def _merged(words: WishesWords) -> list[Block]:
    merged = [g for g in words.results.groups if len(g.members) > 1]
    if not merged:
        return []
    return [
        Heading(say("wishes.chapter_merged", words.lang), anchor="zusammen"),
        Paragraph(say("wishes.merged", words.lang, least=words.results.least)),
        Bullets(tuple(words.group(g) for g in merged)),
    ]


def _row(table: pd.DataFrame, option: str) -> dict[str, float]:
    columns = ("answers", "of", "stated_year", "expected_low", "expected_mid", "expected_high")
    if option not in table.index:
        return dict.fromkeys(columns, math.nan)
    return {c: float(table.at[option, c]) for c in columns}


def write_wishes_workbook(words: WishesWords, path: Path) -> None:
    """Write the results as a workbook: how to read it, services, places, combinations, all other questions."""
    lang, results = words.lang, words.results
    frame = _told_table(words)
    services = frame[frame["_question"] == "service"]
    whole, by_place = services["_place"] == "", services["_place"] != ""
    cases = ["wishes_service", "wishes_age", "wishes_answers", "wishes_of", "stated_year", "expected_low", "expected_mid", "expected_high"]  # fmt: skip
    others = frame[~frame["_question"].isin(["service"])]
    sheets: Sequence[tuple[str, pd.DataFrame]] = (
        ("wishes_services", services[whole].rename(columns={"wishes_option": "wishes_service"})[cases]),
        (
            "wishes_places",
            services[by_place].rename(columns={"wishes_option": "wishes_service"})[["wishes_place", *cases]],
        ),
        (
            "wishes_questions",
            others[["wishes_question", "wishes_option", "wishes_place", "wishes_age", "wishes_answers", "wishes_of"]],
        ),
    )
    lines = [
        words.who_answered(),
        say("wishes.rule", lang, least=results.least, hidden=say("wishes.empty_cell", lang)),
        *([words.factor_line()] if results.services else []),
        *([] if results.enough else [say("wishes.too_few", lang, least=results.least)]),
        *(say("wishes.merged_line", lang, group=words.group(g)) for g in results.groups if len(g.members) > 1),
    ]
    whole_columns = ("wishes_answers", "wishes_of", "stated_year", "expected_low", "expected_mid", "expected_high")
    wide = {"wishes_place": 34, "wishes_service": 32, "wishes_question": 24, "wishes_option": 32, "wishes_age": 16}
    write_plain_workbook(
        path,
        title=say("wishes.title", lang, region=words.region.settings.name),
        lines=lines,
        sheets=[
            (Sheet(name, lambda _a, _l: pd.DataFrame(), (1, 1), whole=whole_columns, wide=wide), table)
            for name, table in sheets
        ],
        lang=lang,
    )


def _told_table(words: WishesWords) -> pd.DataFrame:
    """The whole table in words, with its keys as ``_question`` and ``_place``; nothing in it if there are too few answers."""
    table = words.results.table if words.results.enough else words.results.table.iloc[:0]
    frame = pd.DataFrame(
        {
            "_question": table["question"],
            "_place": table["place_key"],
            "wishes_question": [words.question(q) for q in table["question"]],
            "wishes_option": [
                "" if q == "answers" else words.option(q, o)
                for q, o in zip(table["question"], table["option"], strict=True)
            ],
            "wishes_place": [words.place(p) for p in table["place_key"]],
            "wishes_age": [words.age(a) for a in table["age"]],
            "wishes_answers": table["answers"],
            "wishes_of": table["of"],
        }
    )
    for column in ("stated_year", "expected_low", "expected_mid", "expected_high"):
        frame[column] = table[column].round(0)
    return frame
