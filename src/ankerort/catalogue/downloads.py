"""Where input files can be had: dated records of publisher, page, address, licence and what each file is good for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ankerort.base.problems import Problems
from ankerort.catalogue.csv_rows import Row

EVERYWHERE = "all"
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Download:
    """One input file that can be had somewhere (a row of downloads.csv, typed).

    Parameters
    ----------
    kind
        Kind of input in ``region.toml``.
    page
        Page of the publisher where a person finds the file; empty = none (ask the office).
    url
        Address of the file itself; empty = it is only to be had by hand.
    file_name
        Name that the file gets in ``eingang/``; safe on Windows where `url` is given.
    attribution
        Credit line, as the licence asks for it.
    good_for_de, good_for_en
        What the file is good for, to be read after "good for:".
    without_de, without_en
        What its absence costs in quality, one sentence.
    scope
        ``all``, or abbreviations of Laender separated by ``;``.
    required
        There is no assessment without it.
    usual
        It is fetched without being asked for; of files that hold the same (two timetables) only one is.
    size_mb
        Megabytes when it was looked up, NaN = not known.
    sha256
        Checksum; empty = the publisher replaces the file, so that nothing can be pinned.
    mark
        S the address was found in public texts, M from memory, D no address: whom to ask.
    checked_on
        Day on which the address was looked up; empty = never.
    """

    id: str
    kind: str
    title_de: str
    title_en: str
    publisher: str
    page: str
    url: str
    file_name: str
    licence: str
    attribution: str
    good_for_de: str
    good_for_en: str
    without_de: str
    without_en: str
    scope: str
    required: bool
    usual: bool
    size_mb: float
    sha256: str
    mark: str
    checked_on: str

    def title(self, lang: str) -> str:
        """Title in the language asked for."""
        return self.title_de if lang == "de" else self.title_en

    def good_for(self, lang: str) -> str:
        """What the file is good for."""
        return self.good_for_de if lang == "de" else self.good_for_en

    def without(self, lang: str) -> str:
        """What its absence costs."""
        return self.without_de if lang == "de" else self.without_en

    @property
    def laender(self) -> tuple[str, ...]:
        """Laender that the file covers; empty = all."""
        return () if self.scope == EVERYWHERE else tuple(part.strip() for part in self.scope.split(";") if part.strip())

    def fits(self, land: str) -> bool:
        """Whether the file covers the Land; with no Land given only what covers all."""
        return not self.laender or land in self.laender


def build_downloads(rows: Sequence[Row], laender: Sequence[str], problems: Problems) -> tuple[Download, ...]:
    """Downloads in the order of the rows; what has a fault is reported and left out.

    Parameters
    ----------
    laender
        Known abbreviations, for the scope.
    """
    downloads: list[Download] = []
    for row in rows:
        if _checked(row, laender, problems):
            texts = {
                name: row[name]
                for name in Download.__dataclass_fields__
                if name not in ("required", "usual", "size_mb", "sha256")
            }
            downloads.append(
                Download(
                    **texts,
                    required=row.yes("required"),
                    usual=row.yes("usual"),
                    size_mb=row.number("size_mb"),
                    sha256=row["sha256"].lower(),
                )
            )
    return tuple(downloads)


def _checked(row: Row, laender: Sequence[str], problems: Problems) -> bool:
    before = len(problems)

    def report(code: str, column: str, **params: object) -> None:
        problems.add(code, "error", row.table, row=row.line, column=column, value=row[column], **params)

    for column in ("page", "url"):
        parts = urlsplit(row[column])
        # http only to this machine: a mirror inside the office is tried without a certificate.
        local = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
        if row[column] and not (parts.hostname and (parts.scheme == "https" or local)):
            report("catalogue_address_invalid", column)
    if row["url"] and not is_safe_file_name(row["file_name"]):
        report("catalogue_file_name_unsafe", "file_name")
    if row["sha256"] and not _SHA256.fullmatch(row["sha256"].lower()):
        report("catalogue_checksum_invalid", "sha256")
    if row["scope"] != EVERYWHERE:
        parts_of_scope = row.parts("scope")
        if not parts_of_scope or any(part not in laender for part in parts_of_scope):
            report("catalogue_not_allowed", "scope", allowed=", ".join((EVERYWHERE, *laender)))
    return len(problems) == before


def is_safe_file_name(name: str) -> bool:
    """Whether a name can be written on Windows, macOS and Linux and leaves its folder nowhere."""
    return not (
        not name
        or len(name) > 120
        or _FORBIDDEN.search(name)
        or name[0] == "."
        or name[-1] in ". "
        or _RESERVED.fullmatch(name)
    )
