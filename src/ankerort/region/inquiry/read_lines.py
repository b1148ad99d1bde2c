"""Lines of an Ort sheet as answers: heads are found, then each line below them is read by the rules of its block."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ankerort.base.problems import Problems, Severity
from ankerort.catalogue.model import Catalogue
from ankerort.region.inquiry.answer_cells import (
    is_unknown,
    parse_amount,
    parse_answer,
    parse_choice,
    parse_mark,
    parse_opening,
    parse_time,
    parse_weekday,
    parse_weeks,
    parse_year,
)
from ankerort.region.inquiry.answers import Answer, Verdict
from ankerort.region.inquiry.grid import Grid
from ankerort.region.inquiry.layout import (
    BLOCKS,
    CHOICES,
    VERDICTS,
    Block,
    Field,
    LineKey,
    block_heads,
    choice_word,
    fingerprint,
    folded,
    read_line_key,
    verdict_word,
)
from ankerort.region.inquiry.near import nearest_words
from ankerort.region.model import Region
from ankerort.text import say

_FEWEST_HEADS = 3
# kinds of cells that an office fills in; the others are prefilled
_FILLED = ("text", "remark", "hours", "answer", "year", "choice", "weekday", "time", "weeks", "mark", "amount")
_MERGED_MAY_REPEAT = ("told", "remark", "key")


@dataclass(frozen=True)
class Head:
    """The head of a block on a sheet: its row and the column (from 1) of each field that it has."""

    block: Block
    row: int
    columns: Mapping[str, int]
    others: tuple[str, ...]  # heads that belong to no field


def find_heads(grid: Grid) -> list[Head]:
    """Heads of blocks from top to bottom; a head may stand several times, on each printed page."""
    heads = []
    for row, cells in sorted(grid.rows.items()):
        texts = {column: folded(text) for column, text in cells.items()}
        best: Head | None = None
        for block in BLOCKS:
            known = block_heads(block.id)
            columns: dict[str, int] = {}
            for column, text in sorted(texts.items()):
                if text in known:
                    columns.setdefault(known[text], column)
            if best is None or len(columns) > len(best.columns):
                others = tuple(cells[c] for c, text in sorted(texts.items()) if text not in known)
                best = Head(block, row, columns, others)
        if best is not None and len(best.columns) >= _FEWEST_HEADS:
            heads.append(best)
    return heads


@dataclass(frozen=True)
class _Line:
    """One filled line: its block, cells by field id, key, and where it stands."""

    block: Block
    cells: Mapping[str, str]
    key: LineKey | None
    grid: Grid
    row: int
    place_id: str

    def text(self, field_id: str) -> str:
        """Text of a cell; empty where it is not there or says that nobody knows."""
        text = self.cells.get(field_id, "")
        return "" if is_unknown(text) else text


class LineReader:
    """Reads the lines of all sheets of one file."""

    def __init__(self, file: str, region: Region, catalogue: Catalogue, problems: Problems) -> None:
        self.file, self.catalogue, self.problems = file, catalogue, problems
        self.services: dict[str, str] = {}
        for service_id in catalogue.facility_services():
            one = catalogue.services[service_id]
            for text in (one.label_en, one.label_de, service_id):
                self.services[folded(text)] = service_id
        self.printed = dict(zip(region.places["place_id"], region.places["print_name"], strict=True))
        self.ags_of = dict(zip(region.places["place_id"], region.places["ags"], strict=True))
        self.municipality = dict(zip(region.municipalities["ags"], region.municipalities["name"], strict=True))
        facilities = region.facilities[region.facilities["merged_into"] == ""]
        self.listed: dict[tuple[str, str, str], list[str]] = {}
        for place, service, name, facility in zip(
            *(facilities[c] for c in ("place_id", "service", "name", "facility_id")), strict=True
        ):
            self.listed.setdefault((str(place), str(service), folded(str(name))), []).append(str(facility))

        self.own: dict[tuple[str, ...], list[tuple[str, dict[str, object]]]] = {}
        for subject, table, key in (
            ("mobile_visits", region.mobile_visits, "visit_id"),
            ("clubs", region.clubs, "club_id"),
            ("buildings", region.buildings, "building_id"),
        ):
            for row in table.to_dict("records"):
                named = {str(column): value for column, value in row.items()}
                service = str(named.get("service", ""))
                thing = _own_thing(subject, str(named["place_id"]), service, named)
                self.own.setdefault(thing, []).append((str(named[key]), named))

    def read(self, grid: Grid, ags: str, place_id: str, office: str, day: str) -> list[Answer]:
        """All answers of an Ort sheet."""
        heads = find_heads(grid)
        answers: list[Answer] = []
        for number, head in enumerate(heads):
            if not self._complete(head, grid):
                continue
            end = heads[number + 1].row if number + 1 < len(heads) else max(grid.rows) + 1
            self._merged(grid, head, end)
            for row in range(head.row + 1, end):
                line = self._line(grid, head, row, place_id)
                if line is not None:
                    answers += self._answers(line, ags, office, day)
        return answers

    def report(
        self, code: str, line: _Line, field_id: str = "", *, severity: Severity = "error", **params: object
    ) -> None:
        """Note a problem of a line."""
        column = line.block.field(field_id).head(line.block.id, "de") if field_id else None
        self.problems.add(
            code, severity, f"{self.file}/{line.grid.title}", row=line.row, column=column or None, **params
        )

    def _complete(self, head: Head, grid: Grid) -> bool:
        missing = [f for f in head.block.fields if f.needed and f.id not in head.columns]
        for one in missing:
            name = one.head(head.block.id, "de")
            self.problems.add(
                "inquiry_column_missing",
                "error",
                f"{self.file}/{grid.title}",
                row=head.row,
                column=name,
                name=name,
                near=nearest_words(name, head.others),
            )
        return not missing

    def _merged(self, grid: Grid, head: Head, end: int) -> None:
        """An answer that spans several lines may mean all of them or the first: a question back."""
        for field_id, column in head.columns.items():
            if head.block.field(field_id).kind in _MERGED_MAY_REPEAT:
                continue
            for first in sorted({grid.merged_down.get((row, column), 0) for row in range(head.row + 1, end)} - {0}):
                text = grid.text(first, column)
                if first > head.row and text:
                    rows = [r for r in range(first, end) if grid.merged_down.get((r, column)) == first]
                    self.problems.add(
                        "inquiry_merged_rows",
                        "error",
                        f"{self.file}/{grid.title}",
                        row=first,
                        column=head.block.field(field_id).head(head.block.id, "de"),
                        value=text,
                        last=max(rows),
                    )

    def _line(self, grid: Grid, head: Head, row: int, place_id: str) -> _Line | None:
        cells = {name: grid.text(row, column) for name, column in head.columns.items()}
        key = read_line_key(cells.get("key", ""))
        filled = [f.id for f in head.block.fields if f.kind in _FILLED and not is_unknown(cells.get(f.id, ""))]
        # In the first block the service is prefilled; elsewhere it is the office that names it.
        if head.block.id != "asked" and cells.get("service"):
            filled.append("service")
        if not filled:
            return None
        return _Line(head.block, cells, key, grid, row, place_id)

    def _answers(self, line: _Line, ags: str, office: str, day: str) -> list[Answer]:
        if line.key is not None and line.key.place_id and line.place_id and line.key.place_id != line.place_id:
            other = self.ags_of.get(line.key.place_id, "")
            code = "inquiry_line_municipality" if other and ags and other != ags else "inquiry_line_place"
            self.report(
                code,
                line,
                place=str(self.printed.get(line.key.place_id, line.key.place_id)),
                sheet_place=str(self.printed.get(line.place_id, line.place_id)),
                municipality=str(self.municipality.get(other, other)),
            )
            return []
        said = _Said(self, line)
        found = said.of_listed_or_none() if line.block.id == "asked" else said.of_own_line()
        return [
            Answer(
                subject="absences" if subject == "absences" else line.block.subject,
                verdict=verdict,
                ags=ags,
                place_id=line.place_id,
                service=service,
                subject_id=subject_id,
                confirmed_by=office,
                confirmed_on=day,
                file=self.file,
                sheet=line.grid.title,
                row=line.row,
                values=values,
                since_year=said.year,
                remark=said.remark,
                asked=line.key.asked_of(subject_id) if line.key is not None else None,
            )
            for subject, verdict, service, subject_id, values in found
        ]


_Found = list[tuple[str, Verdict, str, str, Mapping[str, str]]]


def _own_thing(subject: str, place_id: str, service: str, values: Mapping[str, object]) -> tuple[str, ...]:
    told = [str(values.get(c, "")) for c in (("weekday",) if subject == "mobile_visits" else ("name",))]
    return (subject, place_id, service, *(folded(t) for t in told))


def _plain_value(value: object) -> str:
    """A value of the region in the notation of answers."""
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:g}"
    return str(value or "")


class _Said:
    """What one line says; problems go to the reader's list, a line with an error says nothing."""

    def __init__(self, reader: LineReader, line: _Line) -> None:
        self.reader, self.line = reader, line
        self.failed = False
        self.remark = line.text("remark")
        self.verdict: Verdict | None = None
        self.year = ""
        self._answer()
        self._year()
        self.values = self._values()

    def fail(self, code: str, field_id: str = "", **params: object) -> None:
        """Note an error; the line is left out."""
        self.failed = True
        self.reader.report(code, self.line, field_id, severity="error", **params)

    def note(self, code: str, field_id: str = "", *, severity: Severity = "warning", **params: object) -> None:
        """Note something that does not stop the line."""
        self.reader.report(code, self.line, field_id, severity=severity, **params)

    def of_listed_or_none(self) -> _Found:
        """A line of the first block: something listed, or a service of which nothing is listed."""
        line, key = self.line, self.line.key
        service = key.service if key is not None and key.service else self._service(line.cells.get("service", ""))
        ids = key.ids if key is not None else self._by_name(service)
        kind = key.kind if key is not None else ""
        verdict = self.verdict
        if self.failed or not service:
            return []
        if verdict is None:
            return self._without_answer(service, ids)
        if not ids and verdict == "correct":
            if kind != "absent":
                self.fail("inquiry_answer_unfit", "answer", value=line.text("answer"))
                return []
            verdict = "absent"
        elif not ids and verdict == "wrong":
            verdict = "new" if self.values or kind == "absent" else None
        elif not ids and verdict == "gone":
            verdict = "absent"
        elif ids and verdict == "absent":
            # it never was here, or the data put it into the wrong place
            return [("facilities", "absent", service, one, {}) for one in ids]
        elif ids and verdict == "new":
            verdict = None
        if verdict is None:
            self.fail("inquiry_answer_unfit", "answer", value=line.text("answer"))
            return []
        if verdict == "absent":
            if self.values:
                self.fail("inquiry_absent_with_values", "answer", value=", ".join(self.values.values()))
                return []
            return [("absences", "absent", service, "", {})]
        if verdict == "new":
            if not self.values and not self.remark:
                self.note("inquiry_new_without", "answer", severity="note")
            return [("facilities", "new", service, "", self.values)]
        if verdict == "gone":
            if not self.year:
                self.note("inquiry_gone_without_year", "since", severity="note")
            return [("facilities", "gone", service, one, {}) for one in ids]
        if verdict == "wrong" and not self.values and not self.remark:
            self.fail("inquiry_wrong_without", "answer")
            return []
        if len(ids) > 1 and (verdict == "wrong" or self.values):
            # which of the stops is meant cannot be told
            if not self.remark:
                self.fail("inquiry_several_wrong", "answer")
                return []
            return [("facilities", "wrong", service, "", {})]
        return [("facilities", verdict, service, one, self.values) for one in ids]

    def of_own_line(self) -> _Found:
        """A line of another block: prefilled and perhaps changed in place, or added by the office."""
        line, key = self.line, self.line.key
        block = line.block
        service = ""
        if any(f.id == "service" for f in block.fields):
            text = line.cells.get("service", "")
            if not text:
                self.fail("inquiry_service_missing", "service")
            else:
                service = self._service(text)
        if key is not None and key.ids:
            ids = key.ids
            changed = fingerprint(line.cells.get(f.id, "") for f in prefilled_fields(block)) != key.mark
        else:
            ids, changed = self._own_by_content(service)
        if not ids:
            return self._own_new(service)
        if self.failed:
            return []
        verdict = self.verdict
        if verdict is None:
            if not changed:
                if self.remark or self.year:
                    self.note("inquiry_remark_only", "remark")
                return []
            self.note("inquiry_changed_without_answer", severity="note")
            verdict = "wrong"
        elif verdict == "new":
            self.fail("inquiry_answer_unfit", "answer", value=line.text("answer"))
            return []
        elif verdict == "correct" and changed:
            verdict = "wrong"
        if verdict == "wrong" and not changed and not self.remark:
            self.fail("inquiry_wrong_without", "answer")
            return []
        if verdict == "gone" and not self.year and any(f.id == "since" for f in block.fields):
            self.note("inquiry_gone_without_year", "since", severity="note")
        values = self.values if verdict == "wrong" and changed else {}
        return [(block.subject, verdict, service, one, values) for one in ids]

    def _own_by_content(self, service: str) -> tuple[tuple[str, ...], bool]:
        """What a line without a key is about: the row listed in the place that has its name, or its service and weekday."""
        block = self.line.block
        thing = _own_thing(block.subject, self.line.place_id, service, self.values)
        found = self.reader.own.get(thing, [])
        if len(found) != 1:
            return (), False
        subject_id, row = found[0]
        return (subject_id,), any(_plain_value(row.get(c)) != v for c, v in self.values.items())

    def _own_new(self, service: str) -> _Found:
        block = self.line.block
        if self.verdict in ("gone", "absent"):
            self.fail("inquiry_answer_unfit", "answer", value=self.line.text("answer"))
        for one in block.fields:
            # a club without a name, a building of which nobody says whether it is vacant: what is there cannot be told
            if one.needed and one.column in ("name", "use") and not self.line.text(one.id):
                self.fail("inquiry_cell_missing", one.id, name=one.head(block.id, "de"))
            elif one.kind == "weekday" and not self.line.text(one.id):
                self.note("inquiry_weekday_missing", one.id)
        if self.failed:
            return []
        return [(block.subject, "new", service, "", self.values)]

    def _without_answer(self, service: str, ids: Sequence[str]) -> _Found:
        if not self.values:
            self.note("inquiry_remark_only", "remark")
            return []
        self.note("inquiry_values_without_answer", "answer", answer=verdict_word("wrong" if ids else "new", "de"))
        if len(ids) > 1:
            self.fail("inquiry_several_wrong", "answer")
            return []
        if not ids:
            return [("facilities", "new", service, "", self.values)]
        return [("facilities", "wrong", service, ids[0], self.values)]

    def _answer(self) -> None:
        text = self.line.text("answer")
        if not text:
            return
        found = parse_answer(text)
        if found is None:
            near = nearest_words(text, [verdict_word(v, "de") for v in VERDICTS])
            self.fail("inquiry_answer_unknown", "answer", value=text, near=near)
        else:
            self.verdict, self.year = found

    def _year(self) -> None:
        text = self.line.text("since")
        if not text:
            return
        year = parse_year(text)
        if year is None:
            self.fail("inquiry_year_unread", "since", value=text)
        elif self.year and self.year != year:
            self.fail("inquiry_year_differs", "since", value=text, other=self.year)
        else:
            self.year = year

    def _values(self) -> dict[str, str]:
        values: dict[str, str] = {}
        for one in self.line.block.fields:
            text = self.line.text(one.id)
            if not one.column or not text:
                continue
            value = self._value(one, text)
            if value:
                values[one.column] = value
        start, end = values.get("from_time", ""), values.get("to_time", "")
        if start and end and end <= start:
            self.fail("inquiry_times_turned", "to_time", start=start, end=end)
        return values

    def _value(self, one: Field, text: str) -> str | None:
        if one.kind == "text":
            return text
        if one.kind == "hours":
            rules = parse_opening(text)
            if rules is None:
                self.keep_hours(text, one.id)
            return rules
        if one.kind == "choice":
            value = parse_choice(one.choices, text)
            if value is None:
                words = [choice_word(one.choices, v, "de") for v in CHOICES[one.choices]]
                self.fail("inquiry_choice_unknown", one.id, value=text, known=", ".join(words))
            return value
        parse = {
            "weekday": parse_weekday,
            "time": parse_time,
            "weeks": parse_weeks,
            "mark": parse_mark,
            "amount": parse_amount,
        }[one.kind]
        value = parse(text)
        if value is None:
            self.fail(f"inquiry_{one.kind}_unread", one.id, value=text)
        return value

    def keep_hours(self, text: str, field_id: str) -> None:
        """Opening hours that are not understood for certain stay as a remark."""
        self.note("inquiry_hours_unread", field_id, value=text)
        kept = say("inquiry.hours_as_written", "de", text=text)
        self.remark = f"{self.remark}; {kept}" if self.remark else kept

    def _service(self, text: str) -> str:
        """Service of a label; below it the workbook tells how many people the answer matters to."""
        first = text.split("\n", 1)[0].strip()
        found = self.reader.services.get(folded(first), "")
        if not found:
            services = self.reader.catalogue.services
            near = nearest_words(first, [services[s].label_de for s in self.reader.catalogue.facility_services()])
            self.fail("inquiry_service_unknown", "service", value=first, near=near)
        return found

    def _by_name(self, service: str) -> tuple[str, ...]:
        """What a line without a key is about: the one listed facility of its name, else nothing that is listed."""
        believed = self.line.cells.get("believed", "").split("\n", 1)[0]
        none = {folded(say(f"inquiry.believed_{k}", lang)) for k in ("unknown", "absent") for lang in ("de", "en")}
        if not folded(believed) or folded(believed) in none:
            return ()
        found = self.reader.listed.get((self.line.place_id, service, folded(believed)), [])
        if len(found) != 1:
            self.fail("inquiry_key_missing", "key", name=believed)
            return ()
        return (found[0],)


def prefilled_fields(block: Block) -> tuple[Field, ...]:
    """Fields of a block whose prefilled cells may be changed in place, in their order."""
    return tuple(f for f in block.fields if f.column)
