"""``ankerort wishes``: the survey of wishes, from the questionnaire to its results."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

import datetime as dt
import math
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ankerort.cli.printing import Bars, print_problems
from ankerort.documents.wishes_results import WishesWords
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.wishes_run import Imported, Shown, WrittenForms, import_wishes, show_wishes, write_forms

_WIDTH = 100  # a usual window; a wider one is used


def register(app: typer.Typer, lang: Language) -> None:
    """Add the commands."""
    group = typer.Typer(help=say("cli.help.wishes", lang), no_args_is_help=True)
    app.add_typer(group, name="wishes")
    help_folder, help_lang = say("cli.help.folder", lang), say("cli.help.lang", lang)

    @group.command("form", help=say("cli.help.wishes_form", lang))
    def form(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_folder)],
        service: Annotated[
            list[str] | None, typer.Option("--service", help=say("cli.help.wishes_service", lang))
        ] = None,
        out: Annotated[Path | None, typer.Option("--out", help=say("cli.help.wishes_out", lang))] = None,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        with Bars(Console(stderr=True), spoken).showing() as bars:
            written = write_forms(folder, services=service or (), out=out, lang=spoken, progress=bars)
        _show_forms(written, spoken)

    @group.command("import", help=say("cli.help.wishes_import", lang))
    def take(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_folder)],
        files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=say("cli.help.wishes_files", lang))],
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        today = dt.date.today().isoformat()
        with Bars(Console(stderr=True), spoken).showing() as bars:
            found = import_wishes(folder, files, entered_on=today, progress=bars)
        _show_import(found, spoken)

    @group.command("show", help=say("cli.help.wishes_show", lang))
    def show(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_folder)],
        out: Annotated[Path | None, typer.Option("--out", help=say("cli.help.wishes_show_out", lang))] = None,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        with Bars(Console(stderr=True), spoken).showing() as bars:
            shown = show_wishes(folder, out=out, lang=spoken, progress=bars)
        _show_results(shown, spoken)


def _console() -> Console:
    return Console(width=max(Console().width, _WIDTH))


def _line(console: Console, text: str) -> None:
    console.print(text, highlight=False, soft_wrap=True, markup=False)


def _show_files(console: Console, files: tuple[Path, ...], kept: tuple[Path, ...], lang: Language) -> None:
    _line(console, say("cli.look_at", lang))
    for path in files:
        _line(console, f"  {path}")
        if "-neu-" in path.stem:
            _line(console, f"    {say('cli.held', lang)}")
    for path in kept:
        _line(console, say("cli.old_kept", lang, path=path))


def _show_forms(written: WrittenForms, lang: Language) -> None:
    console = _console()
    _show_files(console, written.files, written.kept, lang)
    if written.notice_new:
        _line(console, say("cli.wishes_notice", lang, path=written.notice))
    if written.problems:
        print_problems(written.problems, lang, console)
    _line(console, say("cli.wishes_form_next", lang))


def _show_import(found: Imported, lang: Language) -> None:
    console = _console()
    if found.problems:
        print_problems(found.problems, lang, console)
    taken = found.taken
    _line(
        console,
        say(
            "cli.wishes_taken",
            lang,
            n=Counted(found.wishes.count, lang),
            new=taken.new,
            changed=taken.changed,
            same=taken.same,
        ),
    )
    _show_files(console, found.files, found.kept, lang)
    _line(console, say("cli.wishes_import_next", lang))


def _show_results(shown: Shown, lang: Language) -> None:
    console = _console()
    words, results = shown.words, shown.results
    if shown.problems:
        print_problems(shown.problems, lang, console)
    _line(console, words.who_answered())
    if results.enough:
        console.print(_services(words, lang))
        console.print(_places(words, lang))
        for line in (words.factor_line(), say("wishes.rule", lang, least=results.least, hidden="–")):
            _line(console, line)
    else:
        _line(console, say("wishes.too_few", lang, least=results.least))
    _show_files(console, shown.files, (), lang)


def _services(words: WishesWords, lang: Language) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for k, head in enumerate(("service", "answers", "share", "stated", "expected")):
        table.add_column(say(f"wishes.head_{head}", lang), justify="left" if k == 0 else "right")
    rows = words.results.of("service")
    for service in words.results.services:
        row = rows.loc[service]
        table.add_row(
            escape(words.service(service)),
            words.number(float(row["answers"])),
            words.share(float(row["answers"]), float(row["of"])),
            words.number(float(row["stated_year"])),
            words.number(float(row["expected_mid"])),
        )
    return table


def _places(words: WishesWords, lang: Language) -> Table:
    """Places with their answers and the services that most people named there."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(say("wishes.head_place", lang))
    table.add_column(say("wishes.head_answers", lang), justify="right")
    table.add_column(say("wishes.head_services", lang))
    for group in words.results.groups:
        rows = words.results.of("service", place_key=group.key)["answers"]
        shown = [(s, float(rows[s])) for s in words.results.services if not math.isnan(float(rows[s]))]
        shown.sort(key=lambda pair: -pair[1])
        told = ", ".join(f"{words.service(s)} {words.number(n)}" for s, n in shown)
        table.add_row(escape(words.group(group)), str(group.answers), escape(told or "–"))
    return table
