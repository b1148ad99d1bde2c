"""``eingang/QUELLEN.txt`` for people and ``eingang/.quellen.json`` for the next run: what was fetched, from where, under which licence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from ankerort.base.files import keep_old, replacing
from ankerort.text import Language, say
from ankerort.text.numbers import format_date, format_whole

SOURCES_FILE = "QUELLEN.txt"
RECORD_FILE = ".quellen.json"
_TEXT_KEY = "text_sha256"
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class FetchedSource:
    """One fetched file.

    Parameters
    ----------
    file_name
        Name in the folder.
    id
        Id in the catalogue's downloads.csv.
    day
        ISO day on which this content came.
    etag, last_modified
        Version by the server's words.
    """

    file_name: str
    id: str
    title_de: str
    title_en: str
    publisher: str
    licence: str
    attribution: str
    page: str
    url: str
    day: str
    size_bytes: int
    sha256: str
    etag: str = ""
    last_modified: str = ""

    def title(self, lang: str) -> str:
        """Title in the language asked for."""
        return self.title_de if lang == "de" else self.title_en


def read_fetched(folder: Path) -> Mapping[str, FetchedSource]:
    """What was fetched into a folder, by file name; an unreadable record counts as none.

    `region init` takes title, publisher, licence, credit line and day of an input from here.
    """
    sources, _ = _read(folder)
    return sources


def write_fetched(folder: Path, source: FetchedSource, *, lang: Language) -> Path:
    """Add one file to the record and write the list for people anew.

    A list that someone has written into is kept as ``QUELLEN.alt-N.txt``.

    Returns
    -------
    Path
        The list.
    """
    known, text_sha256 = _read(folder)
    sources = {**known, source.file_name: source}
    path = folder / SOURCES_FILE
    text = _text([sources[name] for name in sorted(sources)], lang)
    content = (_BYTE_ORDER_MARK + text).encode()
    if not path.is_file() or path.read_bytes() != content:
        if path.is_file() and _sha256(path.read_bytes()) != text_sha256:
            keep_old(path)
        with replacing(path) as temporary:
            temporary.write_bytes(content)
    record = {
        "files": [asdict(sources[name]) for name in sorted(sources)],
        _TEXT_KEY: _sha256(content),
    }
    with replacing(folder / RECORD_FILE) as temporary:
        temporary.write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")
    return path


def _read(folder: Path) -> tuple[dict[str, FetchedSource], str]:
    names = {f.name for f in fields(FetchedSource)}
    try:
        record = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
        sources = [FetchedSource(**{k: v for k, v in one.items() if k in names}) for one in record["files"]]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}, ""
    return {s.file_name: s for s in sources}, str(record.get(_TEXT_KEY, ""))


def _text(sources: Iterable[FetchedSource], lang: Language) -> str:
    lines = [say("fetch.sources_head", lang), ""]
    for source in sources:
        lines.append(source.file_name)
        for key, value in (
            ("title", source.title(lang)),
            ("publisher", source.publisher),
            ("licence", source.licence),
            ("attribution", source.attribution),
            ("page", source.page or "–"),
            ("url", source.url),
            ("day", format_date(source.day, lang)),
            ("size", say("fetch.bytes", lang, count=format_whole(source.size_bytes, lang))),
            ("sha256", source.sha256),
        ):
            lines.append(f"  {say(f'fetch.source_{key}', lang)}: {value}")
        lines.append("")
    return "\n".join(lines)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
