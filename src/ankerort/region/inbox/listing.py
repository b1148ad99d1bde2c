"""Which files lie in the inbox: folders of timetables as one, archives unpacked, the same content once."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from ankerort.base.download import PART_SUFFIX
from ankerort.base.files import sha256_of
from ankerort.base.problems import Problems
from ankerort.region.fetched_sources import SOURCES_FILE
from ankerort.region.inbox.archives import UNPACKED, is_timetable, unpack
from ankerort.region.inbox.formats import Format, format_of

_SILENT = (".ds_store", "thumbs.db", "desktop.ini", "__macosx", "quellen.txt")
_FETCH_LIST = re.compile(re.escape(Path(SOURCES_FILE).stem) + r"(\.alt-\d+)?\.txt")
_LOCKS = ("~$", ".~lock.")
_UNFINISHED = (PART_SUFFIX, ".tmp", ".crdownload", ".part", ".partial", ".download", ".opdownload", ".teil")
_ACCOMPANYING = (
    ".pdf",
    ".html",
    ".htm",
    ".docx",
    ".doc",
    ".xml",
    ".qml",
    ".sld",
    ".lyr",
    ".md",
    ".odt",
    ".prj",
    ".xsd",
)


@dataclass(frozen=True)
class InboxFile:
    """One file (or timetable folder) of the inbox.

    Parameters
    ----------
    path
        Where it stands.
    shown
        Path below the inbox as printed and as written to ``region.toml``, with ``/``.
    format
        What it is; folders of a timetable are ``gtfs``, archives that hold one too.
    origin
        Archive from which it was unpacked, as printed, or empty.
    """

    path: Path
    shown: str
    format: Format
    origin: str = ""


def list_inbox(inbox: Path, *, problems: Problems) -> list[InboxFile]:
    """All files that may be inputs, sorted by their printed path.

    Lock files of open workbooks and downloads that are not finished are named in a note and left out. Archives that
    hold no timetable are unpacked to ``eingang/entpackt``. Of files with the same content the first is taken.
    """
    found: list[InboxFile] = []
    for path, shown in _walk(inbox, problems):
        if shown.startswith(f"{UNPACKED}/"):
            continue  # listed with its archive
        one = _file(path, shown, problems)
        if one is None:
            continue
        if one.format.name == "zip" and not one.format.fault:
            for inner, origin in unpack(path, shown, inbox, problems=problems):
                below = inner.relative_to(inbox).as_posix()
                unpacked = None if _accompanies(inner) else _file(inner, below, problems, origin=origin)
                if unpacked is not None:
                    found.append(unpacked)
            continue
        found.append(one)
    return _without_doubles(sorted(found, key=lambda f: f.shown), problems)


def _walk(inbox: Path, problems: Problems) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    for name, folders, files in os.walk(inbox):
        here = Path(name)
        below = here.relative_to(inbox)
        lower = {f.lower() for f in files}
        if here != inbox and "stops.txt" in lower and lower & {"trips.txt", "stop_times.txt"}:
            found.append((here, below.as_posix()))
            folders.clear()
            continue
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f.lower() not in _SILENT)
        for file in sorted(files):
            shown = (below / file).as_posix()
            if file.startswith(_LOCKS):
                problems.add("inbox_lock", "note", shown, file=file.removeprefix(".~lock.").strip("~$#"))
            elif file.lower().endswith(_UNFINISHED):
                problems.add("inbox_unfinished", "note", shown)
            elif not (file.startswith(".") or file.lower() in _SILENT or _FETCH_LIST.fullmatch(file)):
                found.append((here / file, shown))
    return found


def _file(path: Path, shown: str, problems: Problems, *, origin: str = "") -> InboxFile | None:
    if path.is_dir():
        return InboxFile(path, shown, Format("gtfs"), origin)
    try:
        form = format_of(path)
        if form.name == "zip" and not form.fault and is_timetable(path):
            form = Format("gtfs")
    except OSError as error:
        problems.add("inbox_unreadable", "warning", shown, reason=error.strerror or type(error).__name__)
        return None
    return None if form.name == "part" else InboxFile(path, shown, form, origin)


def _accompanies(path: Path) -> bool:
    """Papers that publishers pack beside the data."""
    return path.name.lower().endswith(_ACCOMPANYING)


def _without_doubles(files: list[InboxFile], problems: Problems) -> list[InboxFile]:
    """Files with content of their own; a double is named once. Only files of equal size are read whole."""
    sizes: dict[int, list[InboxFile]] = {}
    for one in files:
        if one.path.is_file():
            sizes.setdefault(one.path.stat().st_size, []).append(one)
    double: set[str] = set()
    for same_size in sizes.values():
        first: dict[str, InboxFile] = {}
        for one in same_size if len(same_size) > 1 else ():
            kept = first.setdefault(sha256_of(one.path), one)
            # Shapefiles of equal geometry may differ in their tables, which lie in other files.
            if kept is not one and one.format.name != "shp" and one.format.fault != "empty":
                double.add(one.shown)
                problems.add("inbox_double", "note", one.shown, first=kept.shown)
    return [one for one in files if one.shown not in double]


def composed(text: str) -> str:
    """A name with its umlauts as one character each (macOS writes two)."""
    return unicodedata.normalize("NFC", text)
