"""``region.toml`` as Ankerort writes it: with a checksum, so that a file that a person has changed is never touched."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ankerort.base.files import keep_old, replacing
from ankerort.region.read_settings import FILE_NAME
from ankerort.region.settings import FORMAT_VERSION
from ankerort.text import read_sentences, say

PROPOSAL_NAME = "region-vorschlag.toml"
_MARK = re.compile(r"^#.*sha256:([0-9a-f]{64})\s*$")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class OldFile:
    """The ``region.toml`` that is there: whether Ankerort wrote it and nobody changed it, and what it says."""

    own: bool
    data: Mapping[str, Any]


def read_old(folder: Path) -> OldFile | None:
    """What is there; None if nothing is. A file that is no TOML counts as a person's, with nothing in it."""
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    try:
        data = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        data = {}
    return OldFile(is_own(text), data)


def is_own(text: str) -> bool:
    """Whether the checksum in the first line is that of the rest; other ends of lines do not count."""
    first, _, rest = text.replace("\r\n", "\n").partition("\n")
    mark = _MARK.match(first)
    return mark is not None and mark[1] == _checksum(rest)


def write_own(folder: Path, body: str) -> tuple[bool, Path | None]:
    """Write ``region.toml`` with its checksum; the one that it replaces is kept.

    Returns
    -------
    changed, old
        Whether anything was written, and where the old file now stands.
    """
    return _write(folder / FILE_NAME, say("inbox.toml.mark", "de", sha256=_checksum(body)) + "\n" + body)


def write_proposal(folder: Path, body: str) -> tuple[bool, Path | None]:
    """Write ``region-vorschlag.toml``, as `write_own`."""
    return _write(folder / PROPOSAL_NAME, say("inbox.toml.proposal", "de") + "\n" + body)


def _write(path: Path, text: str) -> tuple[bool, Path | None]:
    content = text.encode("utf-8")
    if path.is_file() and path.read_bytes().replace(b"\r\n", b"\n") == content:
        return False, None
    old = keep_old(path)
    with replacing(path) as temporary:
        temporary.write_bytes(content)
    return True, old


def _checksum(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def body_of(top: Mapping[str, object], options: Mapping[str, object], inputs: Sequence[Mapping[str, object]]) -> str:
    """The text of ``region.toml`` without its first line; comments are German.

    Parameters
    ----------
    top
        name, study_area, buffer_km, crs, land, day.
    options
        Table ``[options]``.
    inputs
        Entries in order; ``columns`` and ``options`` of an entry are tables.
    """
    lines = [say("inbox.toml.head", "de"), "", f"format = {FORMAT_VERSION}"]
    for key, value in top.items():
        lines += [*_comment(f"inbox.toml.{key}"), f"{key} = {toml_value(value)}"]
    lines += ["", "[options]"]
    for key, value in options.items():
        lines += [*_comment(f"inbox.toml.{key}"), f"{key} = {toml_value(value)}"]
    if not inputs:
        lines += ["", say("inbox.toml.no_inputs", "de")]
    for entry in inputs:
        lines += ["", "[[input]]"]
        tables = {k: v for k, v in entry.items() if isinstance(v, Mapping)}
        lines += [f"{toml_key(k)} = {toml_value(v)}" for k, v in entry.items() if k not in tables]
        for name, table in tables.items():
            lines += _table(("input", name), table)
    return "\n".join(lines) + "\n"


def _comment(sentence_id: str) -> list[str]:
    return [say(sentence_id, "de")] if sentence_id in read_sentences() else []


def _table(path: tuple[str, ...], table: Mapping[str, object]) -> list[str]:
    inner = {k: v for k, v in table.items() if isinstance(v, Mapping)}
    lines = [f"[{'.'.join(toml_key(p) for p in path)}]"]
    lines += [f"{toml_key(k)} = {toml_value(v)}" for k, v in table.items() if k not in inner]
    for name, below in inner.items():
        lines += _table((*path, name), below)
    return lines


def toml_key(key: str) -> str:
    """A key, in quotation marks where it needs them."""
    return key if _BARE_KEY.fullmatch(key) else _text(key)


def toml_value(value: object) -> str:
    """A value of TOML: texts, numbers, truth values, lists and tables of them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        parts = [toml_value(v) for v in value]
        if sum(map(len, parts)) > 80:
            return "[\n" + "".join(f"  {part},\n" for part in parts) + "]"
        return f"[{', '.join(parts)}]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{toml_key(str(k))} = {toml_value(v)}" for k, v in value.items()) + " }"
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: str) -> str:
    out = []
    for sign in value:
        if sign in '\\"':
            out.append("\\" + sign)
        elif ord(sign) < 32 or ord(sign) == 127:
            out.append(f"\\u{ord(sign):04x}")
        else:
            out.append(sign)
    return '"' + "".join(out) + '"'
