"""A filled inquiry workbook or survey sheet as answers, whatever its layout has become."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ankerort.base.problems import Problems
from ankerort.catalogue.model import Catalogue
from ankerort.region.inquiry.answer_cells import is_month, parse_answer_day
from ankerort.region.inquiry.answers import Answer
from ankerort.region.inquiry.contradictions import without_contradictions
from ankerort.region.inquiry.grid import Grid, read_grids
from ankerort.region.inquiry.layout import HIDDEN_SHEET, folded, labels, read_line_key
from ankerort.region.inquiry.near import nearest_words
from ankerort.region.inquiry.read_lines import LineReader, find_heads
from ankerort.region.inquiry.read_survey import is_survey, read_survey
from ankerort.region.model import Region
from ankerort.region.place_names import PlaceNames

_PERSON = re.compile(r"^(?:frau|herrn?|hr\.|fr\.|mrs?\.?|ms\.?)\s", re.IGNORECASE)


@dataclass(frozen=True)
class Envelope:
    """What the first sheet of a workbook says: municipality, office and day; empty what is missing or wrong."""

    ags: str = ""
    confirmed_by: str = ""
    confirmed_on: str = ""


@dataclass(frozen=True)
class _Hidden:
    ags: str = ""
    places: Mapping[str, str] = field(default_factory=dict)  # title of a sheet -> place_id


def read_answers(path: Path, region: Region, catalogue: Catalogue, *, problems: Problems) -> tuple[Answer, ...]:
    """All answers of a filled workbook or survey sheet.

    Columns are found by their heads, lines by their hidden keys, places by the name on the sheet; sheets and lines may stand in
    another order, more of them may have been added, empty ones say nothing. Answers follow the rules of docs/reference/inquiry-workbook.md:

    - correct: the row is as listed; `values` hold what the office adds beside (step-free, hours) or nothing.
    - wrong: `values` hold what is right, or `remark` says it. An empty `subject_id` is about all stops of a place in one line: only a remark.
    - gone: `subject_id` is no more, `since_year` if given.
    - absent of subject absences: nothing of `service` in the place; `since_year` = there was one until then. Of another subject: the listed
      `subject_id` is not here and never was.
    - new: `values` hold what is known of it, maybe nothing but that it is there.

    Parameters
    ----------
    path
        The file.
    region
        Places, municipalities and facilities that the answers are about.
    catalogue
        Services by their labels.
    problems
        Collects everything; ``table`` is ``file/sheet``, ``row`` the row of the sheet from 1. If there is an error among them, nothing of
        the file may be taken over, whatever is returned.

    Returns
    -------
    tuple of Answer
        In the order of the sheets and rows; lines with an error are left out.
    """
    found = Problems()
    answers = _read(path, region, catalogue, found)
    kept = without_contradictions(answers, catalogue, found)
    problems.extend(found)
    return kept


def _read(path: Path, region: Region, catalogue: Catalogue, problems: Problems) -> list[Answer]:
    grids = read_grids(path, problems)
    if not grids:
        return []
    hidden = _hidden(next((g for g in grids if g.title == HIDDEN_SHEET), None))
    shown = [g for g in grids if g.title != HIDDEN_SHEET]
    surveys = [g for g in shown if is_survey(g)]
    lines = LineReader(path.name, region, catalogue, problems)
    answers: list[Answer] = []
    for grid in surveys:
        envelope = _envelope(path, [grid], hidden, region, problems)
        answers += read_survey(grid, envelope.ags, lines, envelope.confirmed_by, envelope.confirmed_on)
    sheets = [g for g in shown if g not in surveys and find_heads(g)]
    others = [g for g in shown if g not in surveys and g not in sheets]
    if sheets:
        envelope = _envelope(path, [*others, *sheets], hidden, region, problems)
        finder = _Places(path.name, region, hidden, problems)
        for grid in sheets:
            place_id = finder.of(grid, envelope.ags)
            answers += lines.read(grid, envelope.ags, place_id, envelope.confirmed_by, envelope.confirmed_on)
    elif not surveys:
        problems.add("inquiry_no_sheet", "error", path.name)
    return answers


def _hidden(grid: Grid | None) -> _Hidden:
    if grid is None:
        return _Hidden()
    ags, places = "", {}
    for cells in grid.rows.values():
        if cells.get(1) == "ags":
            ags = cells.get(2, "")
        elif cells.get(1) == "sheet" and 3 in cells:
            places[cells.get(2, "")] = cells[3]
    return _Hidden(ags, places)


def _labelled(grid: Grid, kind: str) -> dict[str, tuple[int, str]]:
    """Row and value of each label of a sheet; the first one counts, a label without a value has an empty one."""
    known = labels("cover" if kind == "cover" else "place")
    found: dict[str, tuple[int, str]] = {}
    for row, cells in sorted(grid.rows.items()):
        for column, text in sorted(cells.items()):
            name = known.get(folded(text.split("\n", 1)[0]))  # a hint may stand below the label
            if name is not None and name not in found:
                found[name] = (row, grid.right_of(row, column))
                break
    return found


def _envelope(path: Path, grids: list[Grid], hidden: _Hidden, region: Region, problems: Problems) -> Envelope:
    """Municipality, office and day from the first of the sheets that has a place for the office."""
    cover = next((g for g in grids if "office" in _labelled(g, "cover")), None)
    found = _labelled(cover, "cover") if cover is not None else {}
    table = path.name if cover is None else f"{path.name}/{cover.title}"

    def told(name: str) -> tuple[int | None, str]:
        return found.get(name, (None, ""))

    row, office = told("office")
    if not folded(office):
        problems.add("inquiry_office_missing", "error", table, row=row)
        office = ""
    elif _PERSON.match(office):
        problems.add("inquiry_office_person", "error", table, row=row)
        office = ""
    row, text = told("filled_on")
    day = parse_answer_day(text) if text else ""
    if not text:
        problems.add("inquiry_day_missing", "error", table, row=row)
    elif day is None and is_month(text):
        problems.add("inquiry_day_month", "error", table, row=row, value=text)
    elif day is None:
        problems.add("inquiry_day_unread", "error", table, row=row, value=text)
    return Envelope(_municipality(found, hidden, region, table, problems), office.strip(), day or "")


def _municipality(
    found: Mapping[str, tuple[int, str]], hidden: _Hidden, region: Region, table: str, problems: Problems
) -> str:
    known = dict(zip(region.municipalities["ags"], region.municipalities["name"], strict=True))
    row, written = found.get("ags", (None, ""))
    key = re.sub(r"\D", "", written)
    name_row, name = found.get("municipality", (None, ""))
    by_name = [ags for ags, one in known.items() if folded(str(one)) == folded(name)] if folded(name) else []
    if len(key) == 7:  # a spreadsheet took the key for a number and dropped its zero
        key = f"0{key}"
    given = [k for k in (key, hidden.ags) if k]
    if len(set(given)) > 1:
        problems.add("inquiry_ags_differs", "error", table, row=row, written=given[0], expected=given[1])
        return ""
    ags = given[0] if given else by_name[0] if len(by_name) == 1 else ""
    if ags in known:
        if by_name and ags not in by_name:
            problems.add("inquiry_name_differs", "error", table, row=name_row, name=name, expected=known[ags])
            return ""
        return ags
    what = written or name
    if what:
        near = nearest_words(name or written, [str(n) for n in known.values()])
        problems.add(
            "inquiry_municipality_unknown", "error", table, row=row or name_row, name=name or written, near=near
        )
    else:
        problems.add("inquiry_municipality_missing", "error", table)
    return ""


class _Places:
    """Which place a sheet is about: the name at its head, else what the hidden sheet says of its title, else its title."""

    def __init__(self, file: str, region: Region, hidden: _Hidden, problems: Problems) -> None:
        self.file, self.hidden, self.problems = file, hidden, problems
        self.names = PlaceNames(region.places)
        self.ags_of = dict(zip(region.places["place_id"], region.places["ags"], strict=True))
        self.municipality = dict(zip(region.municipalities["ags"], region.municipalities["name"], strict=True))

    def of(self, grid: Grid, ags: str) -> str:
        """Id of the place; empty with an error if it cannot be told."""
        table = f"{self.file}/{grid.title}"
        row, name = _labelled(grid, "place").get("place", (None, ""))
        listed = self.hidden.places.get(grid.title, "")
        listed = listed if listed in self.ags_of else ""
        found = self.names.find(name) if name else [listed] if listed else self.names.find(grid.title)
        own = [p for p in found if not ags or self.ags_of[p] == ags]
        if len(own) > 1:
            own = [p for p in own if p == listed or p in self._in_keys(grid)] or own
        if len(own) == 1:
            if name and listed and listed != own[0]:
                self.problems.add(
                    "inquiry_place_differs", "error", table, row=row, place=name, expected=self.names.printed(listed)
                )
                return ""
            return own[0]
        shown = name or grid.title
        if own:
            places = ", ".join(self.names.printed(p) for p in own)
            self.problems.add("inquiry_place_ambiguous", "error", table, row=row, place=shown, places=places)
        elif found:
            other = str(self.municipality.get(self.ags_of[found[0]], self.ags_of[found[0]]))
            self.problems.add(
                "inquiry_place_elsewhere",
                "error",
                table,
                row=row,
                place=shown,
                other=other,
                municipality=str(self.municipality.get(ags, ags)),
            )
        else:
            near = nearest_words(shown, self.names.known(ags))
            self.problems.add("inquiry_place_unknown", "error", table, row=row, place=shown, near=near)
        return ""

    @staticmethod
    def _in_keys(grid: Grid) -> set[str]:
        keys = (read_line_key(text) for cells in grid.rows.values() for text in cells.values() if text.startswith("{"))
        return {key.place_id for key in keys if key is not None}
