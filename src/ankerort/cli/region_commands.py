"""``ankerort region init|fetch|check``, ``ankerort template``, ``ankerort catalogue``."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ankerort.base.files import keep_old
from ankerort.catalogue import copy_catalogue, read_catalogue
from ankerort.cli import fetch_command
from ankerort.cli.exit_codes import EXIT_INPUT
from ankerort.cli.inbox_output import print_init, print_missing
from ankerort.cli.printing import Bars, print_problems, printed_params
from ankerort.region.init_region import init_region
from ankerort.region.template import write_template
from ankerort.run import check_project
from ankerort.text import Language, say


def register(app: typer.Typer, lang: Language) -> None:
    """Add the commands."""
    region = typer.Typer(help=say("cli.help.region", lang), no_args_is_help=True)
    app.add_typer(region, name="region")
    fetch_command.register(region, lang)
    help_lang = say("cli.help.lang", lang)

    @region.command("init", help=say("cli.help.region_init", lang))
    def init(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))],
        district: Annotated[list[str] | None, typer.Option("--district", help=say("cli.help.district", lang))] = None,
        name: Annotated[str, typer.Option(help=say("cli.help.name", lang))] = "",
        land: Annotated[str, typer.Option(help=say("cli.help.land", lang))] = "",
        crs: Annotated[str, typer.Option(help=say("cli.help.crs", lang))] = "",
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        result = init_region(
            folder, study_ags=tuple(district or ()), name=name, land=land, crs=crs, today=dt.date.today()
        )
        print_init(result, folder, spoken, Console())

    @region.command("check", help=say("cli.help.region_check", lang))
    def check(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))],
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        console = Console()
        with Bars(Console(stderr=True), spoken).showing() as bars:
            found = check_project(folder, progress=bars)
        for fact in found.facts:
            line = say(f"fact.{fact.code}", spoken, **printed_params(fact.params, spoken))
            console.print(line, highlight=False, soft_wrap=True, markup=False)
        print_problems(found.problems, spoken, console)
        if found.missing:
            console.print()
            print_missing(found.missing, spoken, console)
        if found.has_errors:
            raise typer.Exit(EXIT_INPUT)

    @app.command("template", help=say("cli.help.template", lang))
    def template(
        file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help=say("cli.help.template_file", lang))],
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        old = keep_old(file)
        write_template(file, catalogue=read_catalogue(), lang=spoken)
        typer.echo(say("cli.template_written", spoken, path=file))
        if old is not None:
            typer.echo(say("cli.old_kept", spoken, path=old))

    @app.command("catalogue", help=say("cli.help.catalogue", lang))
    def catalogue(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.catalogue_folder", lang))],
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        for path in copy_catalogue(folder):
            typer.echo(say("cli.written", spoken, path=path))
