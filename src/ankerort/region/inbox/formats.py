"""What a file is by its first and last bytes, and whether it is whole; names and endings do not count."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

_HEAD_BYTES = 8192
_BLOB_HEADER_MAX = 65_536
_SHP_PARTS = (".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qmd", ".qpj", ".cst", ".shp.xml")
# Endings under which the readers open a format; None = any ending will do.
ENDINGS: dict[str, tuple[str, ...]] = {
    "osm": (".pbf", ".osm", ".osm.gz", ".osm.bz2"),
    "xlsx": (".xlsx", ".xlsm"),
    "gpkg": (".gpkg",),
    "geojson": (".geojson", ".json"),
    "shp": (".shp",),
    "fgb": (".fgb",),
    "parquet": (".parquet", ".pq"),
    "text": (".csv", ".txt", ".tsv"),
}


@dataclass(frozen=True)
class Format:
    """Format of a file.

    Parameters
    ----------
    name
        ``osm``, ``zip``, ``xlsx``, ``gpkg``, ``geojson``, ``shp``, ``fgb``, ``parquet``, ``text``; ``other`` for what no
        reader opens; ``part`` for the companions of a Shapefile.
    fault
        Why it cannot be used (sentence ``problem.inbox_<fault>``), or empty.
    what
        Name of the format for people where ``fault`` is ``format``.
    """

    name: str
    fault: str = ""
    what: str = ""


def format_of(path: Path) -> Format:
    """Look at the file; never raises for what is in it.

    Raises
    ------
    OSError
        If it cannot be opened at all.
    """
    size = path.stat().st_size
    if size == 0:
        return Format("other", "empty")
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        stream.seek(max(0, size - 64))
        tail = stream.read(64)
    if head.startswith(b"version https://git-lfs.github.com/spec/") or b"/annex/objects/" in head[:400]:
        return Format("other", "pointer")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:600].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return Format("other", "html")
    if head.startswith(b"PK"):
        return _zip(path)
    if head.startswith(b"SQLite format 3\x00"):
        return _sqlite(head, size)
    if head[4:].startswith(b"\x0a\x09OSMHeader") or b"OSMHeader" in head[:64]:
        return Format("osm", "" if _whole_pbf(path, size) else "cut_off")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        locked = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()[-65_536:] + head
        return Format("other", "locked" if locked else "xls")
    if head.startswith(b"PAR1"):
        return Format("parquet", "" if tail.endswith(b"PAR1") and size > 12 else "cut_off")
    if head.startswith(b"\x00\x00\x27\x0a") and len(head) >= 100:
        if path.suffix.lower() == ".shx":
            return Format("part")
        return _shapefile(path, head, size)
    if head.startswith(b"fgb\x03fgb"):
        return Format("fgb")
    for magic, what in (
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"Rar!", "RAR"),
        (b"%PDF", "PDF"),
        (b"\x89PNG", "PNG"),
        (b"\xff\xd8\xff", "JPEG"),
    ):
        if head.startswith(magic):
            return Format("other", "packed" if what in ("7z", "RAR") else "format", what)
    if any(path.name.lower().endswith(end) for end in _SHP_PARTS):
        return Format("part")
    if head.startswith((b"\x1f\x8b", b"BZh")):
        return _compressed(path, head)
    return _text(start, head, tail)


def _zip(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            names = {i.filename for i in infos}
            if any(i.flag_bits & 1 for i in infos):
                return Format("other", "locked")
            if "xl/workbook.xml" in names:
                return Format("xlsx")
            if "content.xml" in names and "mimetype" in names:
                return Format("other", "xls")  # OpenDocument: to be saved as XLSX as well
            if "word/document.xml" in names:
                return Format("other", "format", "DOCX")
            return Format("zip", "" if infos else "empty")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        return Format("other", "cut_off")


def _sqlite(head: bytes, size: int) -> Format:
    if head[68:72] not in (b"GPKG", b"GP10", b"GP11"):
        return Format("other", "format", "SQLite")
    page = struct.unpack(">H", head[16:18])[0]
    pages = struct.unpack(">I", head[28:32])[0]
    # The number of pages holds only where the two counters agree (SQLite file format, 1.3.7).
    counted = head[24:28] == head[92:96]
    whole = not counted or size >= (65_536 if page == 1 else page) * pages
    return Format("gpkg", "" if whole else "cut_off")


def _whole_pbf(path: Path, size: int) -> bool:
    """Whether the blocks of the extract end where the file ends (lengths only, nothing is unpacked)."""
    at = 0
    with path.open("rb") as stream:
        while at < size:
            stream.seek(at)
            length = stream.read(4)
            if len(length) < 4:
                return False
            header_size = struct.unpack(">I", length)[0]
            header = stream.read(header_size) if header_size <= _BLOB_HEADER_MAX else b""
            data_size = _data_size(header)
            if len(header) < header_size or data_size is None:
                return False
            at += 4 + header_size + data_size
    return at == size


def _data_size(header: bytes) -> int | None:
    """Field 3 (datasize) of a BlobHeader; None if the header is none."""
    at = 0
    try:
        while at < len(header):
            key, at = _varint(header, at)
            value, at = _varint(header, at)
            if key >> 3 == 3 and key & 7 == 0:
                return value
            if key & 7 == 2:
                at += value
            elif key & 7 != 0:
                return None
    except IndexError:
        return None
    return None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return value, at
        shift += 7


def _shapefile(path: Path, head: bytes, size: int) -> Format:
    if size < 2 * struct.unpack(">I", head[24:28])[0]:
        return Format("shp", "cut_off")
    beside = {p.name.lower() for p in path.parent.iterdir()}
    lacking = [end for end in (".dbf", ".shx") if f"{path.stem}{end}".lower() not in beside]
    return Format("shp", "parts" if lacking else "", ", ".join(lacking))


def _compressed(path: Path, head: bytes) -> Format:
    start = b""
    if head.startswith(b"\x1f\x8b"):
        try:
            start = zlib.decompressobj(wbits=31).decompress(head, 4096)
        except zlib.error:
            return Format("other", "cut_off")
    if b"<osm" in start or path.name.lower().endswith(".osm.bz2"):
        return Format("osm")
    return Format("other", "packed", "GZ" if head.startswith(b"\x1f\x8b") else "BZ2")


def _text(start: bytes, head: bytes, tail: bytes) -> Format:
    if start.startswith(b"<"):
        if b"<osm" in start:
            return Format("osm", "" if tail.rstrip().endswith(b"</osm>") else "cut_off")
        return Format("other", "format", "XML")
    if start.startswith((b"{", b"[")):
        if b'"featurecollection"' not in head.lower() and b'"feature"' not in head.lower():
            return Format("other", "format", "JSON")
        return Format("geojson", "" if tail.rstrip().endswith((b"}", b"]")) else "cut_off")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Format("text")
    if b"\x00" in head:
        return Format("other", "unknown_bytes")
    return Format("text")


def has_usable_ending(path: Path, name: str) -> bool:
    """Whether the readers open a file of this format under its name."""
    return name not in ENDINGS or path.name.lower().endswith(ENDINGS[name])
