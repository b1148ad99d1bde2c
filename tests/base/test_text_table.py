"""CSV files as strings, with the line of each row."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankerort.base.problems import Problems
from ankerort.base.text_table import BAD_TIME, BLANK_TIME, date_of, read_text_table, time_s


def read(content: bytes):
    problems = Problems()
    return read_text_table(content, "t.csv", problems), problems


CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs", "Cc", "Z")), max_size=5
)


@given(st.lists(st.tuples(CELL, CELL), max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_reads_what_the_csv_module_writes(rows: list[tuple[str, str]], end: str) -> None:
    """Quotes, separators and any letters come back; numbers stay text; rows without content are left out."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=end)
    writer.writerows([("first", "second"), *rows])
    table, problems = read(stream.getvalue().encode())
    assert table is not None and list(problems) == []
    kept = [(k, r) for k, r in enumerate(rows, start=2) if any(r)]
    assert list(zip(table.strings("first"), table.strings("second"), strict=True)) == [r for _, r in kept]
    assert table.lines.tolist() == [k for k, _ in kept]


def test_lines_count_past_blank_and_broken_rows() -> None:
    """The line of a row is that of the file, whatever was left out before it."""
    table, problems = read(b"a,b\n1,2\n\n3\n4,5\n")
    assert table is not None
    assert (table.strings("a").tolist(), table.lines.tolist()) == (["1", "4"], [2, 5])
    assert [(p.code, p.severity, p.row) for p in problems] == [("text_table_row_broken", "warning", 4)]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\n"])
def test_empty_file_is_an_error(content: bytes) -> None:
    """A file without a header is empty."""
    table, problems = read(content)
    assert table is None
    assert [(p.code, p.severity) for p in problems] == [("text_table_empty", "error")]


@pytest.mark.parametrize(
    "content", [b"a;b\n1;2,5\n", b"a\tb\n1\t2,5\n", b'a;b\n"1";"2,5"', "a;b\n1;2,5\n".encode("utf-8-sig")]
)
def test_separator_and_decimal_comma(content: bytes) -> None:
    """Semicolon and tab are found from the header; numbers may have a decimal comma."""
    table, _ = read(content)
    assert table is not None
    assert table.numbers("b").tolist() == [2.5]
    assert table.whole("a", blank=0, bad=-1).tolist() == [1]


def test_missing_column_is_blank() -> None:
    """A column that is not there reads as blank throughout."""
    table, _ = read(b"a\n1\n")
    assert table is not None and not table.has("z")
    assert table.strings("z").tolist() == [""]
    assert np.isnan(table.numbers("z")).all()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6:05:00", 21900),
        ("06:05:00", 21900),
        ("25:00:01", 90001),
        ("", BLANK_TIME),
        ("6:60:00", BAD_TIME),
        ("6:05", BAD_TIME),
        ("-1:00:00", BAD_TIME),
    ],
)
def test_time(text: str, seconds: int) -> None:
    """H:MM:SS with one or two digits and hours past midnight; everything else is bad, blank is blank."""
    assert time_s(text) == seconds


@pytest.mark.parametrize(
    ("text", "day"), [("20260609", "2026-06-09"), ("2026-06-09", "NaT"), ("20260231", "NaT"), ("", "NaT")]
)
def test_date(text: str, day: str) -> None:
    """YYYYMMDD and nothing else."""
    assert str(date_of(text)) == day
