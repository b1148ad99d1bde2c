"""Rows of filled entry forms of the survey of wishes: what each cell means, and all that is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from ankerort.base.problems import Phrase, Problems
from ankerort.catalogue.model import Catalogue
from ankerort.region.free_text import clean_text
from ankerort.region.inquiry.layout import folded
from ankerort.region.inquiry.near import nearest_words
from ankerort.region.model import Region
from ankerort.region.place_names import PlaceNames
from ankerort.region.schema_wishes import WISHES, WISHES_SERVICES, WISHES_TEXT
from ankerort.region.table_cells import parse_number, parse_weekday
from ankerort.region.table_files import RawTable
from ankerort.region.wishes_layout import (
    AGE_FIRST,
    AGE_LAST,
    CHOICES,
    FIELDS,
    MOST_TIMES_YEAR,
    MOST_WAIT_MIN,
    MOST_WALK_M,
    TIMES_YEAR,
    WAIT_MIN,
    WALK_M,
    EntryColumn,
    choice_words,
    entry_columns,
    head_of,
    joined,
    known_heads,
)
from ankerort.text import LANGUAGES

_MOST_TEXT = 2000
_TICKED = frozenset({"x", "ja", "yes", "1", "wahr", "true", "✓", "✔", "☒", "☑"})
_NOT_TICKED = frozenset({"", "nein", "no", "0", "falsch", "false", "-", "–", "☐"})
_PARTS = re.compile(r"[;,/\n]")


class FormReader:
    """Rows of all files, one after the other."""

    def __init__(self, region: Region, catalogue: Catalogue, problems: Problems, entered_on: str) -> None:
        self.problems, self.entered_on = problems, entered_on
        self.names = PlaceNames(region.places)
        self.place_words = tuple(dict.fromkeys([*region.places["name"], *region.places["print_name"]]))
        self.services = {s.id: s for s in catalogue.mobile.services.values()}
        self.heads = known_heads({lang: {k: s.label(lang) for k, s in self.services.items()} for lang in LANGUAGES})
        self.service_words = {folded(k): k for k in self.services}
        self.service_words |= {folded(s.label(lang)): k for k, s in self.services.items() for lang in LANGUAGES}
        self.answers: list[dict[str, object]] = []
        self.used: list[dict[str, object]] = []
        self.texts: list[dict[str, object]] = []
        self._seen_ids: dict[str, str] = {}
        self._seen_rows: dict[tuple[str, ...], str] = {}

    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """WISHES, WISHES_SERVICES and WISHES_TEXT of what was read so far."""
        return (
            WISHES.conform(pd.DataFrame(self.answers, columns=WISHES.names)),
            WISHES_SERVICES.conform(pd.DataFrame(self.used, columns=WISHES_SERVICES.names)),
            WISHES_TEXT.conform(pd.DataFrame(self.texts, columns=WISHES_TEXT.names)),
        )

    def table(self, table: RawTable, stem: str) -> None:
        """All rows of one table."""
        columns: dict[int, EntryColumn] = {}
        taken: set[EntryColumn] = set()
        for k, head in enumerate(table.head):
            column = self.heads.get(folded(head))
            if column is None:
                if head:
                    self.problems.add(
                        "wishes_column_unknown", "warning", table.name, column=head, near=self._near_heads(head)
                    )
            elif column in taken:
                self.problems.add("wishes_column_twice", "warning", table.name, column=head)
            else:
                columns[k] = column
                taken.add(column)
        for row, cells in table.rows:
            _Row(self, table, row, {c: (cells[k].strip(), table.head[k]) for k, c in columns.items()}, stem).read()

    def _near_heads(self, head: str) -> str:
        labels = {lang: {k: s.label(lang) for k, s in self.services.items()} for lang in LANGUAGES}
        known = [head_of(c, labels[lang], lang) for lang in LANGUAGES for c in entry_columns(tuple(self.services))]
        return nearest_words(head, known)

    def is_double(self, answer_id: str, number: str, content: tuple[str, ...], table: str, row: int) -> bool:
        """Whether the row was entered before; told. Equal content under another number is kept and told."""
        place = f"{table}:{row}"
        if answer_id in self._seen_ids:
            self.problems.add("wishes_double", "error", table, row=row, number=number, first=self._seen_ids[answer_id])
            return True
        before = self._seen_rows.get(content)
        if before is not None and not number:
            self.problems.add("wishes_same_row", "error", table, row=row, first=before)
            return True
        if before is not None:
            self.problems.add("wishes_alike", "warning", table, row=row, number=number, other=before)
        self._seen_ids[answer_id] = place
        self._seen_rows.setdefault(content, place)
        return False


class _Row:
    """One filled sheet."""

    def __init__(
        self, reader: FormReader, table: RawTable, row: int, cells: Mapping[EntryColumn, tuple[str, str]], stem: str
    ) -> None:
        self.reader, self.table, self.row, self.cells, self.stem = reader, table, row, cells, stem

    def read(self) -> None:
        """Keep the row, or name why not."""
        number = self._text("number")
        content = tuple(self._text_of(c) for c in self.cells if c.field.id != "number")
        filled = [c for c in self.cells if c.field.id not in ("number", "place") and self._text_of(c)]
        if not filled and not self._text("place"):
            return  # numbered beforehand, never filled in
        place_id = self._place()
        if place_id is None:
            return
        if not filled:
            self.report("wishes_row_empty", "error", "place")
            return
        answer_id = f"{self.stem}-{number}" if number else f"{self.stem}-z{self.row}"
        if self.reader.is_double(answer_id, number, content, self.table.name, self.row):
            return
        values = self._values()
        self.reader.answers.append(
            {
                "answer_id": answer_id,
                "place_id": place_id,
                **values,
                "source_ref": f"{self.table.name}:{self.row}",
                "entered_on": self.reader.entered_on,
            }
        )
        self.reader.used += [
            {"answer_id": answer_id, "service": service, "times_year": times} for service, times in self._services()
        ]
        said = self._text("text")
        if said:
            if len(said) > _MOST_TEXT:
                self.report("wishes_text_long", "warning", "text", most=_MOST_TEXT)
                said = said[:_MOST_TEXT]
            text, found = clean_text(said, places=self.reader.place_words)
            self.reader.texts.append({"answer_id": answer_id, "text": text, "found": joined(found)})
            if found:
                self.report("wishes_text_found", "note", "text", found=_found_words(found))

    def _values(self) -> dict[str, object]:
        out: dict[str, object] = {}
        for one in FIELDS:
            match one.kind:
                case "age":
                    out[one.id] = self._age()
                case "choice":
                    out[one.id] = self._choice(one.id, one.choices)
                case "ticks":
                    out[one.id] = joined(self._ticks(one.id, one.choices))
                case "service_ticks":
                    out[one.id] = joined(self._service_ticks(one.id))
                case "metres":
                    out[one.id] = self._number(one.id, one.choices, WALK_M, MOST_WALK_M)
                case "minutes":
                    out[one.id] = self._number(one.id, one.choices, WAIT_MIN, MOST_WAIT_MIN)
                case _:
                    pass
        return out

    def _place(self) -> str | None:
        wanted = self._text("place")
        names = self.reader.names
        if not wanted:
            self.report("wishes_place_missing", "error", "place")
            return None
        found = names.find(wanted)
        if len(found) == 1:
            return found[0]
        if found:
            self.report("wishes_place_twice", "error", "place", name=wanted, known=", ".join(map(names.printed, found)))
        else:
            self.report(
                "wishes_place_unknown", "error", "place", name=wanted, near=nearest_words(wanted, names.known())
            )
        return None

    def _age(self) -> str:
        text = self._text("age")
        word = choice_words("age").get(folded(text)) if text else ""
        if word is not None:
            return word
        years = parse_number(re.sub(r"\s*(jahre|years|j\.?)$", "", text, flags=re.IGNORECASE))
        if years is None:
            self._unknown_choice("age", "age", text)
            return ""
        if not AGE_FIRST <= years <= AGE_LAST:
            self.report("wishes_age", "warning", "age", value=text, least=AGE_FIRST, most=AGE_LAST)
            return ""
        return "under_65" if years < 65 else "65_74" if years < 75 else "75_84" if years < 85 else "85_plus"

    def _choice(self, field_id: str, kind: str) -> str:
        text = self._text(field_id)
        if not text:
            return ""
        word = choice_words(kind).get(folded(text))
        if word is None:
            self._unknown_choice(field_id, kind, text)
        return word or ""

    def _number(self, field_id: str, kind: str, words: Mapping[str, float], most: float) -> float:
        text = self._text(field_id)
        if not text:
            return float("nan")
        word = choice_words(kind).get(folded(text))
        if word is not None:
            return words[word]
        number = parse_number(
            re.sub(r"\s*(metern?|metres?|minuten?|minutes?|min\.?|m)$", "", text, flags=re.IGNORECASE)
        )
        if number is None:
            self._unknown_choice(field_id, kind, text)
        elif not 0 <= number <= most:
            self.report("wishes_number", "warning", field_id, value=text, least=0, most=int(most))
        else:
            return number
        return float("nan")

    def _ticks(self, field_id: str, kind: str) -> list[str]:
        """Options with a tick, in the order of the layout; a column for the whole question holds them in words."""
        words = choice_words(kind)
        found: set[str] = set()
        for column, (text, head) in self.cells.items():
            if column.field.id != field_id:
                continue
            if column.option:
                if self._is_tick(text, head):
                    found.add(column.option)
                continue
            for part in filter(None, (p.strip() for p in _PARTS.split(text))):
                word = words.get(folded(part)) or (parse_weekday(part) if kind == "weekdays" else None)
                if word is None:
                    self._unknown_choice(field_id, kind, part)
                else:
                    found.add(word)
        return [value for value in CHOICES[kind] if value in found]

    def _service_ticks(self, field_id: str) -> list[str]:
        found: set[str] = set()
        for column, (text, head) in self.cells.items():
            if column.field.id != field_id:
                continue
            if column.option:
                if self._is_tick(text, head):
                    found.add(column.option)
                continue
            found.update(self._service_words(field_id, text))
        return [s for s in self.reader.services if s in found]

    def _services(self) -> Iterable[tuple[str, float]]:
        found: dict[str, float] = {}
        for column, (text, head) in self.cells.items():
            if column.field.kind != "services" or not text:
                continue
            if not column.option:
                found |= dict.fromkeys(self._service_words(column.field.id, text), float("nan"))
                continue
            times = self._times(text, head)
            if times is not None:
                found[column.option] = times
        return [(s, found[s]) for s in self.reader.services if s in found]

    def _service_words(self, field_id: str, text: str) -> list[str]:
        found = []
        for part in filter(None, (p.strip() for p in _PARTS.split(text))):
            service = self.reader.service_words.get(folded(part))
            if service is None:
                near = nearest_words(part, [s.label("de") for s in self.reader.services.values()])
                self.report("wishes_choice", "warning", field_id, value=part, known=near)
            else:
                found.append(service)
        return found

    def _times(self, text: str, head: str) -> float | None:
        """Times a year; NaN = ticked without a number; None = not ticked, or not understood (told)."""
        if text.casefold() in _NOT_TICKED:
            return None
        if text.casefold() in _TICKED - {"1"}:  # 1 is once a year here
            return float("nan")
        word = choice_words("times").get(folded(text))
        if word is not None:
            value = TIMES_YEAR[word]
            return float("nan") if value is None else value
        number = parse_number(text)
        if number is None:
            self.report_at("wishes_choice", "warning", head, value=text, known=_offered("times"))
        elif not 0 < number <= MOST_TIMES_YEAR:
            self.report_at("wishes_number", "warning", head, value=text, least=1, most=int(MOST_TIMES_YEAR))
        else:
            return number
        return None

    def _is_tick(self, text: str, head: str) -> bool:
        value = text.casefold()
        if value in _TICKED:
            return True
        if value not in _NOT_TICKED:
            self.report_at("wishes_choice", "warning", head, value=text, known="x")
        return False

    def _unknown_choice(self, field_id: str, kind: str, text: str) -> None:
        self.report("wishes_choice", "warning", field_id, value=text, known=_offered(kind))

    def _text(self, field_id: str) -> str:
        return next((text for c, (text, _) in self.cells.items() if c.field.id == field_id), "")

    def _text_of(self, column: EntryColumn) -> str:
        return self.cells[column][0]

    def report(self, code: str, severity: str, field_id: str, **params: object) -> None:
        """Note a problem of a question of this row."""
        head = next((head for c, (_, head) in self.cells.items() if c.field.id == field_id), field_id)
        self.report_at(code, severity, head, **params)

    def report_at(self, code: str, severity: str, head: str, **params: object) -> None:
        """Note a problem in the column with this head."""
        self.reader.problems.add(code, severity, self.table.name, row=self.row, column=head, **params)  # type: ignore[arg-type]


def _found_words(found: Iterable[str]) -> Phrase:
    return Phrase(tuple((f"wishes_found.{kind}", "") for kind in found))


def _offered(kind: str) -> Phrase:
    return Phrase(tuple((f"wishes_choice.{kind}.{value}", "") for value in CHOICES[kind]))
