"""Writes ``region.toml`` of a generated region."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ankerort.base.files import replacing


@dataclass(frozen=True)
class RegionInput:
    """One ``[[input]]``: kind, id, files relative to the folder, and the text that is printed about it."""

    kind: str
    id: str
    files: tuple[str, ...]
    title: str = ""
    date: str = ""
    note: str = ""
    options: tuple[tuple[str, str | bool | int | list[str]], ...] = field(default=())


def write_region(
    path: Path,
    *,
    name: str,
    study_area: Sequence[str],
    inputs: Iterable[RegionInput],
    land: str,
    buffer_km: float,
    publisher: str = "",
    licence: str = "",
    attribution: str = "",
    comment: str = "",
) -> None:
    """Write `path` (``region.toml``, format 1).

    Parameters
    ----------
    path
        File to write.
    name, study_area, land, buffer_km
        Head of the file.
    inputs
        The inputs in order.
    publisher, licence, attribution
        The same for all inputs, left out where empty.
    comment
        Text for the top of the file.
    """
    lines = [f"# {line}".rstrip() for line in comment.splitlines()]
    if lines:
        lines.append("")
    lines += [
        "format = 1",
        f"name = {_text(name)}",
        f"study_area = [{', '.join(_text(a) for a in study_area)}]",
        f"buffer_km = {buffer_km}",
        'crs = "EPSG:25832"',
        f"land = {_text(land)}",
        'day = ""',
    ]
    for source in inputs:
        lines += ["", "[[input]]", f"kind = {_text(source.kind)}", f"id = {_text(source.id)}"]
        if len(source.files) == 1:
            lines.append(f"file = {_text(source.files[0])}")
        else:
            lines += ["files = [", *(f"  {_text(f)}," for f in source.files), "]"]
        told = {
            "title": source.title,
            "publisher": publisher,
            "licence": licence,
            "attribution": attribution,
            "date": source.date,
            "note": source.note,
        }
        lines += [f"{key} = {_text(value)}" for key, value in told.items() if value]
        if source.options:
            lines.append("[input.options]")
            lines += [f"{key} = {_value(value)}" for key, value in source.options]
    with replacing(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _value(value: str | bool | int | list[str]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_text(v) for v in value)}]"
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
