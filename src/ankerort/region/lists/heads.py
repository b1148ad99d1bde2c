"""Finds the head of an office's list: below title lines, over one or two rows, whatever its spelling, sum rows left out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ankerort.base.problems import Problems
from ankerort.region.table_files import RawTable

Fields = Mapping[str, Sequence[str]]  # field -> heads that offices use for it, the most usual first
_HEAD_ROWS = 15
_LEAST_FIELDS = 2
_LEAST_PREFIX = 4  # letters from which on the beginning of a head is enough
_SUM = re.compile(r"\s*(summe|zwischensumme|gesamt|gesamtsumme|insgesamt|landkreis gesamt|∑|Σ)\b", re.IGNORECASE)
_BROKEN_WORD = re.compile(r"(?<=[a-zäöüß])-\s*[\r\n]+\s*(?=[a-zäöüß])")
# Heads of persons and how to reach them; no beginning makes one of them a field: Einrichtungsleitung is no Einrichtung.
_OF_PERSONS = re.compile(
    r"ansprech|leitung|leiter|inhaber|telefon|^tel|telefax|^fax|mail|kontakt|geschäftsführ|vorname|nachname|familienname|vertreter"
    r"|verantwortlich|handy|mobilnummer|mobilfunknummer|geburts"
)
_NOT_IN_KEY = re.compile(r"[^0-9a-zäöüß%]+")


def head_key(text: str) -> str:
    """A head without case, blanks, line breaks, hyphens at their ends and punctuation: ``lfd. Nr.`` is ``lfdnr``."""
    return _NOT_IN_KEY.sub("", _BROKEN_WORD.sub("", text).casefold().replace("ss", "ß").replace("ß", "ss"))


def is_sum_row(cells: Sequence[str]) -> bool:
    """Whether the first filled cell says that the row adds up others."""
    first = next((cell for cell in cells if cell.strip()), "")
    return bool(_SUM.match(first))


@dataclass(frozen=True)
class ListRow:
    """One row of a list: its number as the user counts, its cells by field, and the heading line above it."""

    number: int
    cells: tuple[str, ...]
    columns: Mapping[str, int]
    heading: str = ""

    def text(self, field: str) -> str:
        """Text of a field; empty if the list has no such column."""
        at = self.columns.get(field)
        return "" if at is None else " ".join(self.cells[at].split())


@dataclass(frozen=True)
class ListTable:
    """A list whose head is found.

    Parameters
    ----------
    name, sheet
        File (with sheet) and sheet.
    columns
        Field -> number of its column.
    heads
        Head per column, a head over two rows joined by a blank.
    rows
        Rows without sums, repeated heads, numbered heads and heading lines.
    sums
        How many sum rows were left out.
    """

    name: str
    sheet: str
    columns: Mapping[str, int]
    heads: tuple[str, ...]
    rows: tuple[ListRow, ...]
    sums: int = 0

    def has(self, field: str) -> bool:
        """Whether the list has a column for a field."""
        return field in self.columns

    def head(self, field: str) -> str:
        """Head of a field as in the file; the field's own name if there is no such column."""
        at = self.columns.get(field)
        return field if at is None else self.heads[at]

    def others(self) -> list[tuple[int, str]]:
        """Number and head of the columns that no field took."""
        taken = set(self.columns.values())
        return [(at, head) for at, head in enumerate(self.heads) if head and at not in taken]


def find_list(
    grid: RawTable,
    fields: Fields,
    *,
    given: Mapping[str, str],
    needed: Sequence[Sequence[str]],
    problems: Problems,
    headings: bool = True,
    also_head: re.Pattern[str] | None = None,
    exact: Collection[str] = (),
) -> ListTable | None:
    """Find the head of a list and the rows below it.

    Parameters
    ----------
    grid
        All rows of a sheet, without a head (``read_raw_tables(..., whole=True)``).
    fields
        Heads by which a field is known. A head is it if it is equal in `head_key`, else if it begins so.
    given
        Field -> head, as the user wrote; goes before `fields`.
    needed
        Of each group one field at least must be there.
    headings
        A row with a single filled cell is a heading line for the rows below, not a row.
    also_head
        Heads that count as known but are no fields (a wide table's years).
    exact
        Fields that only an equal head is (``Klasse`` is not ``Klasse 1``).

    Returns
    -------
    ListTable or None
        None if the sheet is no such list (then a note), or lacks a needed column (then an error that names the heads).
    """
    wanted = {field: tuple(head_key(h) for h in heads) for field, heads in fields.items()}
    wanted |= {field: (head_key(head),) for field, head in given.items()}
    best: tuple[float, int, tuple[str, ...], dict[str, int], int] | None = None
    for at, (heads, height) in _head_candidates(grid):
        columns = _match(heads, wanted, exact)
        # a year counts where it stands above: below a head it is a cell of the first row
        wide = sum(_is_wide(texts, also_head) for texts in heads)
        score = len(columns) + min(wide, 1) + wide / 1000.0
        # A title line joined to the head below it finds no more than that head alone.
        alone = best is not None and score == best[0] and height == 1 and (best[1], best[4]) == (at - 1, 2)
        if best is None or score > best[0] or alone:
            best = (score, at, tuple(h[-1] if h else "" for h in heads), columns, height)
    if best is None or best[0] < _LEAST_FIELDS:
        problems.add("list_no_head", "note", grid.name, wanted=_wanted_heads(fields, needed))
        return None
    _, at, heads_found, columns, head_rows = best
    for field, head in given.items():
        if field not in columns:
            problems.add(
                "facility_column_missing", "error", grid.name, column=head, meaning=field, known=_known(heads_found)
            )
    lacking = [group for group in needed if not any(field in columns for field in group)]
    for group in lacking:
        head = " / ".join(fields[field][0] for field in group)
        problems.add(
            "facility_column_missing", "error", grid.name, column=head, meaning=group[0], known=_known(heads_found)
        )
    if lacking or any(field not in columns for field in given):
        return None
    body = grid.rows[at + head_rows :]
    rows, sums = _rows(body, columns, [h[-1] for h in _own_heads(grid, at, head_rows)], headings=headings)
    if sums:
        problems.add("list_sums_left_out", "note", grid.name, count=sums)
    return ListTable(grid.name, grid.sheet, columns, heads_found, tuple(rows), sums)


def _is_wide(texts: tuple[str, ...], pattern: re.Pattern[str] | None) -> bool:
    if pattern is None or not texts or not pattern.search(texts[-1]):
        return False
    return len(texts) == 1 or not pattern.search(texts[0])


def _known(heads: Sequence[str]) -> str:
    return ", ".join(head for head in heads if head)


def _wanted_heads(fields: Fields, needed: Sequence[Sequence[str]]) -> str:
    return ", ".join(" / ".join(fields[field][0] for field in group) for group in needed)


def _head_candidates(grid: RawTable) -> Iterator[tuple[int, tuple[list[tuple[str, ...]], int]]]:
    """Each of the first rows as a head, and together with the row below; per column the texts it may be known by."""
    rows = [cells for _, cells in grid.rows[: _HEAD_ROWS + 1]]
    for at, cells in enumerate(rows[:_HEAD_ROWS]):
        yield at, ([(" ".join(c.split()),) if c.strip() else () for c in cells], 1)
        if at + 1 < len(rows):
            yield at, (_joined(cells, rows[at + 1]), 2)


def _joined(upper: tuple[str, ...], lower: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Texts of a head over two rows; a merged cell above stands over all that have a head below."""
    over = ""
    out: list[tuple[str, ...]] = []
    for above, below in zip(upper, lower, strict=True):
        above, below = " ".join(above.split()), " ".join(below.split())
        over = above or (over if below else "")
        if below and over:
            out.append((below, f"{over} {below}"))
        else:
            out.append((over or below,) if over or below else ())
    return out


def _own_heads(grid: RawTable, at: int, head_rows: int) -> list[tuple[str]]:
    return [(cell.strip(),) for cell in grid.rows[at + head_rows - 1][1]]


def _match(
    heads: list[tuple[str, ...]], wanted: Mapping[str, tuple[str, ...]], exact: Collection[str]
) -> dict[str, int]:
    """Field -> column: equal heads before beginnings, usual names before rare ones, left before right."""
    keys = [tuple(head_key(_without_break(text)) for text in texts) for texts in heads]
    found: list[tuple[int, int, int, int, str]] = []
    for order, (field, names) in enumerate(wanted.items()):
        for rank, name in enumerate(names):
            for column, texts in enumerate(keys):
                if name and name in texts:
                    found.append((0, rank, order, column, field))
                elif field not in exact and len(name) >= _LEAST_PREFIX and _begins(texts, name):
                    found.append((1, rank, order, column, field))
    columns: dict[str, int] = {}
    taken: set[int] = set()
    for *_, column, field in sorted(found):
        if field not in columns and column not in taken:
            columns[field] = column
            taken.add(column)
    return columns


def _begins(texts: tuple[str, ...], name: str) -> bool:
    """Whether a head begins with a field's name and goes on to nothing that tells of a person."""
    return any(text.startswith(name) and not _OF_PERSONS.search(text[len(name) :]) for text in texts)


def _without_break(text: str) -> str:
    # blanks were joined before: a word broken by a hyphen reads "Versorgungs- auftrag"
    return re.sub(r"(?<=[a-zäöüß])- (?=[a-zäöüß])", "", text)


def _rows(
    body: Sequence[tuple[int, tuple[str, ...]]], columns: Mapping[str, int], heads: list[str], *, headings: bool
) -> tuple[list[ListRow], int]:
    rows: list[ListRow] = []
    sums = 0
    heading = ""
    for number, cells in body:
        filled = [(at, cell.strip()) for at, cell in enumerate(cells) if cell.strip()]
        if not filled or [cell.strip() for cell in cells] == heads:
            continue
        if is_sum_row(cells):
            sums += 1
            continue
        if len(filled) > 1 and all(cell == str(at + 1) for at, cell in filled):
            continue  # the columns numbered, as in printed lists
        if headings and len(filled) == 1 and len(columns) > 1:
            heading = filled[0][1]
            continue
        rows.append(ListRow(number, cells, columns, heading))
    return rows, sums
