"""A filled survey sheet of one facility as an answer."""

from __future__ import annotations

from collections.abc import Callable

from ankerort.base.problems import Severity
from ankerort.region.inquiry.answer_cells import (
    is_unknown,
    parse_amount,
    parse_answer,
    parse_choice,
    parse_mark,
    parse_time,
    parse_weekday,
    parse_year,
)
from ankerort.region.inquiry.answers import Answer, Verdict
from ankerort.region.inquiry.grid import Grid
from ankerort.region.inquiry.layout import (
    CHOICES,
    VERDICTS,
    LineKey,
    choice_word,
    folded,
    labels,
    read_line_key,
    verdict_word,
)
from ankerort.region.inquiry.near import nearest_words
from ankerort.region.inquiry.read_lines import LineReader, find_heads
from ankerort.text import LANGUAGES, say

_TELLING = {"survey_key", "survey_step_free", "survey_condition"}
_CLOSED = frozenset(("geschlossen", "zu", "ruhetag", "closed", "off"))


def is_survey(grid: Grid) -> bool:
    """Whether a sheet is a survey sheet: it bears the title of one, or its labels without the head of a block."""
    found = set(_labelled(grid))
    return "survey" in found or (found >= _TELLING and not find_heads(grid))


def read_survey(grid: Grid, ags: str, lines: LineReader, office: str, day: str) -> list[Answer]:
    """The answer of a survey sheet; none if nothing is filled in."""
    sheet = _Sheet(grid, lines)
    values = sheet.values()
    hours = sheet.hours()
    if hours:
        values["opening_hours"] = hours
    verdict = sheet.verdict()
    since = sheet.value("survey_since")
    year = parse_year(since) or ""
    if since and not year:
        sheet.fail("inquiry_year_unread", "survey_since", value=since)
    remark = sheet.value("survey_remark")
    if sheet.failed or not (verdict or values or remark):
        if not sheet.failed:
            sheet.note("inquiry_survey_empty", severity="note")
        return []
    key = sheet.key
    if not key.place_id or not key.service:
        sheet.fail("inquiry_survey_key")
        return []
    if lines.ags_of.get(key.place_id, ags) != ags and ags:
        sheet.fail(
            "inquiry_line_municipality",
            place=str(lines.printed.get(key.place_id, key.place_id)),
            municipality=str(lines.municipality.get(lines.ags_of.get(key.place_id, ""), "")),
            sheet_place=grid.title,
        )
        return []
    subject_id = key.ids[0] if key.ids else ""
    if verdict in ("gone", "absent"):
        values = {}
        if not subject_id:
            verdict = "absent"
        elif verdict == "gone" and not year:
            sheet.note("inquiry_gone_without_year", "survey_since", severity="note")
    elif not subject_id:
        verdict = "new"
    elif verdict is None or verdict == "new":
        verdict = "wrong" if values else "correct"
    if verdict == "wrong" and not values and not remark:
        sheet.fail("inquiry_wrong_without", "survey_there")
        return []
    return [
        Answer(
            subject="absences" if verdict == "absent" and not subject_id else "facilities",
            verdict=verdict,
            ags=ags,
            place_id=key.place_id,
            service=key.service,
            subject_id=subject_id,
            confirmed_by=office,
            confirmed_on=day,
            file=lines.file,
            sheet=grid.title,
            row=sheet.row("survey_there") or 1,
            values=values,
            since_year=year,
            remark=remark,
            asked=key.asked_of(subject_id),
        )
    ]


def _labelled(grid: Grid) -> dict[str, tuple[int, int]]:
    """Row and column of each label; below the label, in the same cell, a hint may stand."""
    known = labels("survey")
    found: dict[str, tuple[int, int]] = {}
    for row, cells in sorted(grid.rows.items()):
        for column, text in sorted(cells.items()):
            name = known.get(folded(text.split("\n", 1)[0]))
            if name is not None and name not in found:
                found[name] = (row, column)
    return found


class _Sheet:
    """The cells of one survey sheet by their labels."""

    def __init__(self, grid: Grid, lines: LineReader) -> None:
        self.grid, self.lines = grid, lines
        self.found = _labelled(grid)
        self.failed = False
        text = self.value("survey_key", raw=True)
        self.key = read_line_key(text) or LineKey()

    def row(self, name: str) -> int | None:
        """Row of a label."""
        return self.found[name][0] if name in self.found else None

    def value(self, name: str, *, raw: bool = False) -> str:
        """Text to the right of a label; empty where it says that nobody knows."""
        if name not in self.found:
            return ""
        text = self.grid.right_of(*self.found[name])
        if not raw and folded(text.split("\n", 1)[0]) in labels("survey"):
            return ""  # the cell is empty, the next label stands behind it
        return text if raw or not is_unknown(text) else ""

    def fail(self, code: str, name: str = "", **params: object) -> None:
        """Note an error; the sheet says nothing."""
        self.failed = True
        self.note(code, name, severity="error", **params)

    def note(self, code: str, name: str = "", *, severity: Severity = "warning", **params: object) -> None:
        """Note a problem beside a label."""
        column = say(f"inquiry_label.{name}", "de") if name else None
        table = f"{self.lines.file}/{self.grid.title}"
        self.lines.problems.add(code, severity, table, row=self.row(name), column=column, **params)

    def verdict(self) -> Verdict | None:
        """The answer to whether it is there; None if none is given."""
        text = self.value("survey_there")
        if not text:
            return None
        found = parse_answer(text)
        if found is None:
            near = nearest_words(text, [verdict_word(v, "de") for v in VERDICTS])
            self.fail("inquiry_answer_unknown", "survey_there", value=text, near=near)
            return None
        return found[0]

    def values(self) -> dict[str, str]:
        """What is filled in, by column of the facilities, without the hours."""
        found: dict[str, str] = {}
        for name, column in (("survey_right_name", "name"), ("survey_address", "address")):
            if self.value(name):
                found[column] = self.value(name)
        parsers: tuple[tuple[str, str, str, Callable[[str], str | None]], ...] = (
            ("survey_step_free", "wheelchair", "choice", lambda t: parse_choice("step_free", t)),
            ("survey_toilet", "toilets_wheelchair", "choice", lambda t: parse_choice("step_free", t)),
            ("survey_capacity", "capacity", "amount", parse_amount),
            ("survey_condition", "condition", "mark", parse_mark),
        )
        for name, column, kind, parse in parsers:
            text = self.value(name)
            value = parse(text) if text else None
            if text and value is None:
                code = "inquiry_choice_unknown" if kind == "choice" else f"inquiry_{kind}_unread"
                words = ", ".join(choice_word("step_free", v, "de") for v in CHOICES["step_free"])
                self.fail(code, name, value=text, **({"known": words} if kind == "choice" else {}))
            elif value is not None:
                found[column] = value
        return found

    def hours(self) -> str:
        """OSM syntax of the grid of weekdays; empty if nothing is filled in.

        Once one day is filled in, days left empty are closed: the sheet says so.
        """
        grid = self.grid
        word = {folded(say("inquiry_survey.from", lang)) for lang in LANGUAGES}
        head = next((r for r, cells in sorted(grid.rows.items()) if word & {folded(t) for t in cells.values()}), None)
        if head is None:
            return ""
        starts = [c for c, text in sorted(grid.rows[head].items()) if folded(text) in word]
        rules: dict[str, str] = {}
        for row in sorted(r for r in grid.rows if r > head):
            cells = sorted(grid.rows[row].items())
            day = parse_weekday(cells[0][1]) if cells else None
            if day is None:
                if rules or row > head + len(CHOICES["weekday"]):
                    break
                continue
            told = [(c, t) for c, t in cells[1:]]
            if len(told) == 1 and folded(told[0][1]) in _CLOSED:
                continue
            spans = []
            for start in starts:
                texts = grid.text(row, start), grid.text(row, start + 1)
                if not any(texts):
                    continue
                first, last = parse_time(texts[0]), parse_time(texts[1])
                if first is None or last is None or last <= first:
                    self.failed = True
                    self.lines.problems.add(
                        "inquiry_survey_hours",
                        "error",
                        f"{self.lines.file}/{grid.title}",
                        row=row,
                        value=" – ".join(t or "…" for t in texts),
                    )
                    continue
                spans.append(f"{first}-{last}")
            if spans:
                rules[day] = ",".join(spans)
        return "; ".join(f"{day} {times}" for day, times in rules.items())
