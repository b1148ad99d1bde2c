"""The status of the paper: whether it is work in progress, a draft, agreed with a municipality, or decided.

It stands in ``stand.toml`` of the project folder, apart from ``region.toml``: no figure depends on it, only what is printed on
each page.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from ankerort.base.files import keep_old, replacing
from ankerort.base.problems import Problems
from ankerort.region.model import Region
from ankerort.region.read_settings import FILE_NAME

STATUS_FILE = "stand.toml"
Kind: TypeAlias = Literal["arbeitsstand", "entwurf", "abgestimmt", "beschlossen"]
KINDS: tuple[Kind, ...] = ("arbeitsstand", "entwurf", "abgestimmt", "beschlossen")
_KEYS = ("stand", "datum", "nummer", "mit")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARS = (2000, 2100)


@dataclass(frozen=True)
class PaperStatus:
    """What holds of the paper.

    Parameters
    ----------
    kind
        Work in progress (arbeitsstand), draft (entwurf), agreed (abgestimmt), decided (beschlossen).
    on
        Day (ISO). Empty for work in progress and for a draft: then the newest day of the data stands for it.
    number
        Number of the decision; only decided papers have one.
    agreed_with
        Who agreed; only agreed papers name one.
    """

    kind: Kind = "arbeitsstand"
    on: str = ""
    number: str = ""
    agreed_with: str = ""


def read_paper_status(folder: Path) -> tuple[PaperStatus, Problems]:
    """The status of a project folder; work in progress where nothing is set.

    Returns
    -------
    PaperStatus, Problems
        A file that cannot be used gives warnings and work in progress: a paper must never claim more than is certain.
    """
    problems = Problems()
    path = folder / STATUS_FILE
    if not path.exists():
        return PaperStatus(), problems
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.add("paper_status_unreadable", "warning", STATUS_FILE, reason=str(error))
        return PaperStatus(), problems
    for key in content:
        if key not in _KEYS:
            problems.add("paper_status_key", "warning", STATUS_FILE, column=key, keys=", ".join(_KEYS))
    texts = {key: str(content.get(key, "")).strip() for key in _KEYS}
    status, found = status_of(texts["stand"], texts["datum"], texts["nummer"], texts["mit"], severity="warning")
    problems.extend(found)
    return status or PaperStatus(), problems


def status_of(
    kind: str, on: str = "", number: str = "", agreed_with: str = "", *, severity: Literal["error", "warning"] = "error"
) -> tuple[PaperStatus | None, Problems]:
    """A status out of words a person wrote.

    Parameters
    ----------
    kind
        One of `KINDS`, in any case.
    on
        Day as 2026-06-05 or 05.06.2026.
    number
        Number of the decision.
    agreed_with
        Who agreed, for instance "Gemeinde Musterdorf".
    severity
        How heavy a mistake is: an error when it is set, a warning when it is read.

    Returns
    -------
    PaperStatus or None, Problems
        None if anything is wrong; then the problems say all of it.
    """
    problems = Problems()
    chosen = next((k for k in KINDS if k == kind.strip().casefold()), None)
    if chosen is None:
        problems.add(
            "paper_status_kind", severity, STATUS_FILE, column="stand", value=kind.strip(), kinds=", ".join(KINDS)
        )
    day = _day(on)
    if day is None:
        problems.add("paper_status_day", severity, STATUS_FILE, column="datum", value=on.strip())
    elif chosen in ("abgestimmt", "beschlossen") and not day:
        problems.add("paper_status_day_missing", severity, STATUS_FILE, column="datum", kind=chosen)
    number, agreed_with = " ".join(number.split()), " ".join(agreed_with.split())
    if chosen == "beschlossen" and not number:
        problems.add("paper_status_number_missing", severity, STATUS_FILE, column="nummer")
    if chosen == "abgestimmt" and not agreed_with:
        problems.add("paper_status_with_missing", severity, STATUS_FILE, column="mit")
    for value, column, holder in ((number, "nummer", "beschlossen"), (agreed_with, "mit", "abgestimmt")):
        if value and chosen is not None and chosen != holder:
            problems.add("paper_status_not_for", severity, STATUS_FILE, column=column, value=value, kind=holder)
    if len(problems) or chosen is None or day is None:
        return None, problems
    return PaperStatus(chosen, day, number, agreed_with), problems


def write_paper_status(folder: Path, status: PaperStatus) -> tuple[Path, Path | None]:
    """Write ``stand.toml`` whole or not at all; an older one is kept beside it.

    Returns
    -------
    Path, Path or None
        The file, and where the older one now stands.
    """
    path = folder / STATUS_FILE
    values = (status.kind, status.on, status.number, status.agreed_with)
    lines = [f"{key} = {_quoted(value)}" for key, value in zip(_KEYS, values, strict=True) if value]
    with replacing(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
        old = keep_old(path)
    return path, old


def require_project(folder: Path) -> None:
    """Refuse a folder that is no project: a status written beside nothing would never be printed.

    Raises
    ------
    InputError
        If there is no ``region.toml``.
    """
    if not (folder / FILE_NAME).is_file():
        problems = Problems()
        problems.add("settings_missing", "error", FILE_NAME, folder=folder.name)
        problems.raise_errors()


def newest_day(region: Region) -> str:
    """The newest day (ISO) that any source or confirmation of the region carries; empty if none has a whole date."""
    days = [*region.sources["date"], *region.facilities["confirmed_on"]]
    if len(region.confirmations):
        days += list(region.confirmations["confirmed_on"])
    return max((day for day in map(str, days) if _ISO_DAY.fullmatch(day)), default="")


def _day(text: str) -> str | None:
    """A day in ISO form, empty for no text, None for what is no day."""
    text = text.strip()
    if not text:
        return ""
    german = _GERMAN_DAY.fullmatch(text)
    try:
        if german:
            day = dt.date(int(german[3]), int(german[2]), int(german[1]))
        elif _ISO_DAY.fullmatch(text):
            day = dt.date.fromisoformat(text)
        else:
            return None
    except ValueError:
        return None
    return day.isoformat() if _YEARS[0] <= day.year <= _YEARS[1] else None


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'
