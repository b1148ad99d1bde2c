"""``ankerort profile``: the profiles of places (Ortssteckbriefe) as PDF and DOCX."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ankerort.cli.printing import Bars
from ankerort.profile_run import profile_project
from ankerort.stages import TREND
from ankerort.text import Language, say
from ankerort.text.counted import Counted


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command."""

    @app.command("profile", help=say("cli.help.profile", lang))
    def profile(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))],
        place: Annotated[list[str] | None, typer.Option("--place", help=say("cli.help.profile_place", lang))] = None,
        municipality: Annotated[
            list[str] | None, typer.Option("--municipality", help=say("cli.help.profile_municipality", lang))
        ] = None,
        out: Annotated[Path | None, typer.Option("--out", help=say("cli.help.profile_out", lang))] = None,
        year: Annotated[int | None, typer.Option("--year", help=say("cli.help.year", lang))] = None,
        variant: Annotated[str, typer.Option("--variant", help=say("cli.help.variant", lang))] = TREND,
        population: Annotated[str, typer.Option("--population", help=say("cli.help.population", lang))] = "",
        lang: Annotated[str, typer.Option("--lang", help=say("cli.help.lang", lang))] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        with Bars(Console(stderr=True), spoken).showing() as bars:
            files = profile_project(
                folder,
                places=place or (),
                municipalities=municipality or (),
                out=out,
                lang=spoken,
                year=year,
                variant=variant,
                population=population,
                progress=bars,
            )
        if files:
            typer.echo(say("cli.profiles_written", spoken, n=Counted(len(files) // 2, spoken), path=files[0].parent))
        else:
            typer.echo(say("cli.profiles_none", spoken))
