"""Archives: a timetable stays one, everything else is unpacked beside it, under short and safe names."""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from ankerort.base.files import replacing
from ankerort.base.problems import Problems

UNPACKED = "entpackt"
# An archive of boundaries for Germany unpacks to about 0.3 GB, a census grid to 0.2 GB.
LARGEST_BYTES = 20 << 30
_MOST_FILES = 5000
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEPTH = 2


def is_timetable(path: Path) -> bool:
    """Whether the archive holds a GTFS feed."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {n.rsplit("/", 1)[-1].lower() for n in archive.namelist() if not n.startswith("__MACOSX")}
    except (zipfile.BadZipFile, OSError):
        return False
    return "stops.txt" in names and bool(names & {"trips.txt", "stop_times.txt"})


def unpack(path: Path, shown: str, inbox: Path, *, problems: Problems, depth: int = 1) -> list[tuple[Path, str]]:
    """Unpack one archive to ``eingang/entpackt/<name>``, archives inside it too.

    What is there already with the same size and checksum is not written again. Members that lead out of the folder
    are left out.

    Returns
    -------
    list of (path, archive)
        Files below ``entpackt`` in the order of the archive.
    """
    folder = inbox / UNPACKED / _short(Path(shown).with_suffix("").as_posix())
    found: list[tuple[Path, str]] = []
    taken: set[str] = set()
    try:
        with zipfile.ZipFile(path) as archive:
            members = [i for i in archive.infolist() if not i.is_dir() and _wanted(i.filename)]
            if sum(i.file_size for i in members) > LARGEST_BYTES or len(members) > _MOST_FILES:
                problems.add("inbox_too_large", "warning", shown, count=len(members))
                return []
            folders = sorted({PurePosixPath(i.filename).parent.as_posix() for i in members})
            for info in members:
                pure = PurePosixPath(info.filename.replace("\\", "/"))
                name = safe_name(pure.name)
                # Files of one stem stay together (a Shapefile); equal names of other folders get a folder of their own.
                below = folder if name.lower() not in taken else folder / str(folders.index(pure.parent.as_posix()) + 1)
                taken.add(name.lower())
                target = below / name
                if not _is_there(target, info):
                    with replacing(target) as temporary, archive.open(info) as source, temporary.open("wb") as sink:
                        while block := source.read(1 << 20):
                            sink.write(block)
                if depth < _DEPTH and target.suffix.lower() == ".zip" and not is_timetable(target):
                    inner = target.relative_to(inbox / UNPACKED).as_posix()
                    found += unpack(target, inner, inbox, problems=problems, depth=depth + 1)
                    continue
                found.append((target, shown))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        problems.add("inbox_cut_off", "warning", shown)
        return []
    except OSError as error:
        problems.add("inbox_unreadable", "warning", shown, reason=error.strerror or type(error).__name__)
        return []
    return found


def safe_name(name: str) -> str:
    """A file name that Windows takes: umlauts in one character, no forbidden signs, no reserved word, not too long."""
    plain = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).rstrip(". ")
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:80]}{dot}{ending}" if dot else plain[:80] or "_"


def _short(name: str) -> str:
    """Name of the folder of an archive; short, since Windows ends paths at 260 characters."""
    plain = safe_name(name.replace("/", "-"))
    return plain if len(plain) <= 24 else f"{plain[:15]}-{zlib.crc32(name.encode()):08x}"


def _wanted(name: str) -> bool:
    pure = PurePosixPath(name.replace("\\", "/"))
    if pure.is_absolute() or ".." in pure.parts or re.match(r"[A-Za-z]:", name):
        return False
    return not name.startswith("__MACOSX") and not pure.name.startswith(".")


def _is_there(target: Path, info: zipfile.ZipInfo) -> bool:
    if not target.is_file() or target.stat().st_size != info.file_size:
        return False
    checksum = 0
    with target.open("rb") as stream:
        while block := stream.read(1 << 20):
            checksum = zlib.crc32(block, checksum)
    return checksum == info.CRC
