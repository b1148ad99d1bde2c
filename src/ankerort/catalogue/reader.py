"""Reads the catalogue: the shipped files, and over them those of a user's folder."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from ankerort.base.files import keep_old
from ankerort.base.problems import InputError, Problems
from ankerort.catalogue import columns
from ankerort.catalogue.build import build_catalogue
from ankerort.catalogue.csv_rows import Row, overlay, parse_rows
from ankerort.catalogue.model import Catalogue

_SHIPPED = files("ankerort.catalogue") / "data"


def read_catalogue(folder: Path | None = None, *, land: str = "ST") -> Catalogue:
    """Read and check the catalogue.

    Parameters
    ----------
    folder
        A user's folder with files named as the shipped ones (see `copy_catalogue`). A row with the key of a shipped row
        replaces it, any other row is added; missing files and columns keep what is shipped.
    land
        Abbreviation of the Land whose age structure splits the age bands that a group straddles. A Land without own
        records uses those of Germany, with a warning in `Catalogue.problems`.

    Returns
    -------
    Catalogue
        `content_hash` covers all files used and the Land; `problems` holds warnings about the user's folder.

    Raises
    ------
    InputError
        With all faults of all files together.
    """
    contents: list[tuple[str, bytes]] = []
    problems = Problems()
    if folder is not None:
        if not folder.is_dir():
            problems.add("catalogue_folder_missing", "error", str(folder))
            raise InputError(problems)
        known = {layout.name for layout in columns.LAYOUTS}
        for path in sorted(folder.iterdir()):
            if path.name in known:
                contents.append((path.name, path.read_bytes()))
            elif path.suffix == ".csv" and ".alt-" not in path.name:
                problems.add(
                    "catalogue_file_unknown", "warning", f"{folder.name}/{path.name}", known=", ".join(sorted(known))
                )
        if not contents:
            problems.add("catalogue_folder_empty", "warning", folder.name)
    try:
        catalogue = _read(tuple(contents), folder.name if folder is not None else "", land)
    except InputError as fault:
        problems.extend(fault.problems)
        raise InputError(problems.sorted()) from None
    return replace(catalogue, problems=(*problems, *catalogue.problems)) if len(problems) else catalogue


def copy_catalogue(folder: Path) -> tuple[Path, ...]:
    """Write the shipped files into a folder for editing; an existing file is kept as ``name.alt-N.csv``.

    Returns
    -------
    tuple of Path
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for layout in columns.LAYOUTS:
        path = folder / layout.name
        # With a byte-order mark, since spreadsheet programs else take the umlauts for Windows-1252.
        content = codecs.BOM_UTF8 + (_SHIPPED / layout.name).read_bytes()
        if path.exists() and path.read_bytes() != content:
            keep_old(path)
        path.write_bytes(content)
        written.append(path)
    return tuple(written)


@lru_cache(maxsize=16)
def _read(contents: tuple[tuple[str, bytes], ...], folder: str, land: str) -> Catalogue:
    problems = Problems()
    digest = hashlib.sha256(land.encode())
    own = dict(contents)
    tables: dict[str, list[Row]] = {}
    for layout in columns.LAYOUTS:
        shipped = (_SHIPPED / layout.name).read_bytes()
        digest.update(layout.name.encode() + b"\0" + shipped + b"\0")
        rows = parse_rows(shipped, layout, layout.name, problems, whole=True)
        if layout.name in own:
            digest.update(own[layout.name] + b"\0")
            changed = parse_rows(own[layout.name], layout, f"{folder}/{layout.name}", problems, whole=False)
            rows = overlay(rows, changed, layout, problems)
        tables[layout.name] = rows
    catalogue = build_catalogue(tables, land, digest.hexdigest(), problems)
    problems.raise_errors()
    return catalogue
