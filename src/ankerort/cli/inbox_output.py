"""How ``region init`` and ``region check`` tell what was recognised, what is missing and what comes next."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from ankerort.catalogue.downloads import Download
from ankerort.cli.printing import print_problems
from ankerort.region.inbox.plan import PlannedInput
from ankerort.region.init_region import INPUT_FOLDER, InitResult
from ankerort.text import Language, read_sentences, say

_WIDEST = 100
_MOST_FILES = 3


def print_init(result: InitResult, folder: Path, lang: Language, console: Console) -> None:
    """All that `init` found, the file that it wrote, and the next command."""
    inbox = folder / INPUT_FOLDER
    if result.inputs:
        _line(console, say("inbox.recognised", lang, inbox=inbox))
        for one in result.inputs:
            _line(console, f"{_what(one, lang)}: {_files(one)}", indent=2)
    elif not result.problems:
        _line(console, say("inbox.made", lang, folder=folder, inbox=inbox))
    else:
        _line(console, say("inbox.recognised_none", lang, inbox=inbox))
    if result.problems:
        console.print()
        _line(console, say("inbox.noted", lang))
        print_problems(result.problems, lang, console)
    console.print()
    if result.inputs:
        print_missing(result.missing, lang, console)
    else:
        _print_list(result.downloads, result.missing, lang, console)
    console.print()
    _line(console, say(f"inbox.{result.state}", lang, path=result.path))
    if result.old is not None:
        _line(console, say("cli.old_kept", lang, path=result.old))
    _print_next(result, folder, lang, console)


def print_missing(missing: Sequence[Download], lang: Language, console: Console) -> None:
    """What is missing, what each costs, and where to get it."""
    if not missing:
        _line(console, say("inbox.missing_none", lang))
        return
    _line(console, say("inbox.missing", lang))
    for record in missing:
        needed = say("inbox.get.needed", lang) if record.required else ""
        _line(console, f"{record.title(lang)}{needed}", indent=2)
        _line(console, record.without(lang), indent=6)
        _line(console, _where(record, lang), indent=6)


def _print_list(downloads: Sequence[Download], missing: Sequence[Download], lang: Language, console: Console) -> None:
    """What to get, one record per subject, as `missing` chose them; the needed ones first."""
    chosen = {record.id for record in missing}
    _line(console, say("inbox.to_get", lang))
    # Timetables of one region do not stand for another one: all of them are told.
    listed = [r for r in downloads if r.id in chosen or r.kind == "gtfs"]
    ordered = sorted(listed, key=lambda record: (not record.required, not record.usual))
    for number, record in enumerate(ordered, start=1):
        needed = say("inbox.get.needed", lang) if record.required else ""
        console.print()
        _line(console, say("inbox.get.title", lang, number=number, title=record.title(lang), needed=needed))
        _line(console, say("inbox.get.good_for", lang, text=record.good_for(lang)), indent=4)
        if record.page:
            _line(console, say("inbox.get.publisher", lang, publisher=record.publisher), indent=4)
        _line(console, _where(record, lang), indent=4)
        _line(console, _file_of(record, lang), indent=4)
        _line(console, say("inbox.get.licence", lang, licence=record.licence), indent=4)


def _where(record: Download, lang: Language) -> str:
    if record.page:
        return say("inbox.get.page", lang, page=record.page)
    return say("inbox.get.ask", lang, publisher=record.publisher)


def _file_of(record: Download, lang: Language) -> str:
    if math.isnan(record.size_mb):
        return say("inbox.get.file", lang, file=record.file_name)
    return say("inbox.get.file_size", lang, file=record.file_name, size=round(record.size_mb))


def _print_next(result: InitResult, folder: Path, lang: Language, console: Console) -> None:
    console.print()
    lacking = any(record.required for record in result.missing)
    if lacking:
        _line(console, say("inbox.next_fetch", lang, command=_command("region fetch", folder)))
        _line(console, say("inbox.next_init", lang, command=_command("region init", folder)))
        return
    _line(console, say("inbox.next_check", lang, command=_command("region check", folder)))
    _line(console, say("inbox.next_assess", lang, command=_command("assess", folder)))


def _command(words: str, folder: Path) -> str:
    """A command to copy; quotation marks hold a path with blanks together in every shell."""
    text = str(folder)
    return f'ankerort {words} "{text}"' if " " in text else f"ankerort {words} {text}"


def _what(one: PlannedInput, lang: Language) -> str:
    """``Gemeindegrenzen (Gemeinden, Kreise)``, ``Fahrplan KVG Salzland``."""
    kind = say(f"inbox.kind.{one.kind}", lang)
    if one.kind == "gtfs":
        return one.title or kind
    roles = [say(f"inbox.role.{role}", lang) for role in one.roles if f"inbox.role.{role}" in read_sentences()]
    inner = ", ".join(roles) or (one.title if one.title and one.kind != "osm" else "") or one.preset
    return f"{kind} ({inner})" if inner else kind


def _files(one: PlannedInput) -> str:
    names = [name.split("/", 1)[-1].replace("/", "\\" if "\\" in str(Path("a/b")) else "/") for name in one.files]
    shown = ", ".join(names[:_MOST_FILES])
    return f"{shown}, ... ({len(names)})" if len(names) > _MOST_FILES else shown


def _line(console: Console, text: str, *, indent: int = 0) -> None:
    """One paragraph with hanging indent; addresses and paths are not broken."""
    filled = textwrap.fill(
        text,
        width=min(console.width, _WIDEST),
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
    console.print(filled, highlight=False, soft_wrap=True, markup=False)
