"""``ankerort region fetch``: what is public, into ``eingang/``."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

import math
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ankerort.catalogue import read_catalogue
from ankerort.catalogue.downloads import Download
from ankerort.cli.exit_codes import EXIT_INPUT
from ankerort.cli.printing import Bars, print_problems
from ankerort.region.fetch import Outcome, choose_downloads, fetch_downloads, read_area
from ankerort.region.fetched_sources import SOURCES_FILE
from ankerort.region.init_region import INPUT_FOLDER
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_whole

_YES = ("j", "ja", "y", "yes")
_MEGABYTE = 1_000_000


def register(region: typer.Typer, lang: Language) -> None:
    """Add the command to the group ``region``."""

    @region.command("fetch", help=say("cli.help.region_fetch", lang))
    def fetch(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))],
        only: Annotated[list[str] | None, typer.Option("--only", help=say("cli.help.fetch_only", lang))] = None,
        yes: Annotated[bool, typer.Option("--yes", help=say("cli.help.fetch_yes", lang))] = False,
        cache: Annotated[Path | None, typer.Option("--cache", help=say("cli.help.fetch_cache", lang))] = None,
        lang: Annotated[str, typer.Option("--lang", help=say("cli.help.lang", lang))] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        console = Console(width=max(Console().width, 80))
        area = read_area(folder)
        catalogue = read_catalogue(area.catalogue_folder)
        chosen, otherwise = choose_downloads(catalogue, area.laender, only=only or ())
        for line in _plan(chosen, otherwise, area.laender, spoken):
            _print(console, line)
        if not chosen:
            return
        if not yes and not _agreed(spoken):
            _print(console, say("fetch.not_asked", spoken))
            return
        with Bars(Console(stderr=True), spoken).showing() as bars:
            report = fetch_downloads(
                folder,
                chosen,
                day=date.today().isoformat(),
                lang=spoken,
                cache=cache,
                progress=bars,
                after=lambda outcome: _print(console, _told(outcome, spoken)),
            )
        if report.problems:
            print_problems(report.problems, spoken, console)
        if any(o.state in ("new", "renewed", "unchanged") for o in report.outcomes):
            _print(console, say("fetch.written", spoken, path=folder / INPUT_FOLDER / SOURCES_FILE))
        if report.has_errors:
            raise typer.Exit(EXIT_INPUT)
        _print(console, say("fetch.next", spoken, folder=folder))


def _plan(
    chosen: Sequence[Download], otherwise: Sequence[Download], laender: Sequence[str], lang: Language
) -> list[str]:
    """The files with licence and use, before anything is asked of anybody."""
    if not chosen:
        lines = [say("fetch.nothing", lang)]
    else:
        files = say("fetch.files", lang, n=Counted(len(chosen), lang))
        lines = [say("fetch.to_fetch", lang, files=files, laender=", ".join(laender))]
    for one in chosen:
        size = "" if math.isnan(one.size_mb) else say("fetch.entry_size", lang, size_mb=format_whole(one.size_mb, lang))
        lines += [
            f"  {one.id}",
            "    " + say("fetch.entry", lang, title=one.title(lang), publisher=one.publisher, size=size),
            "    " + say("fetch.entry_good_for", lang, good_for=one.good_for(lang)),
            "    " + say("fetch.entry_licence", lang, licence=one.licence),
        ]
    if otherwise:
        lines += ["", say("fetch.otherwise", lang)]
    for one in otherwise:
        if one.url:
            way = say("fetch.on_demand", lang, id=one.id)
        else:
            way = say("fetch.by_hand", lang, page=one.page or one.publisher)
        lines.append(f"  {one.title(lang)} – {way}")
    return [*lines, "", say("fetch.untried", lang)]


def _agreed(lang: Language) -> bool:
    """Whether somebody says yes; where nobody can be asked, nobody does."""
    typer.echo(say("fetch.ask", lang), nl=False)
    answer = sys.stdin.readline().strip().lower()
    return answer in _YES


def _told(outcome: Outcome, lang: Language) -> str:
    line = say(
        f"fetch.state_{outcome.state}",
        lang,
        file=outcome.download.file_name,
        size_mb=_mb(outcome.size_bytes, lang),
        host=outcome.host,
    )
    if outcome.resumed_from_bytes and outcome.state in ("new", "renewed"):
        line += say("fetch.resumed", lang, size_mb=_mb(outcome.resumed_from_bytes, lang))
    return line


def _mb(size_bytes: int, lang: Language) -> str:
    return format_whole(-(-size_bytes // _MEGABYTE), lang)


def _print(console: Console, line: str) -> None:
    console.print(line, highlight=False, soft_wrap=True, markup=False)
