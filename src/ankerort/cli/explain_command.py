"""``ankerort explain``: the evidence behind the figures of one place, as text."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ankerort.cli.printing import Bars
from ankerort.documents.explanation import explanation_lines
from ankerort.documents.year import people_line
from ankerort.explain_run import explain_place
from ankerort.stages import TREND
from ankerort.text import Language, say


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command."""

    @app.command("explain", help=say("cli.help.explain", lang))
    def explain(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))],
        place: Annotated[str, typer.Option("--place", help=say("cli.help.place", lang))],
        service: Annotated[str, typer.Option("--service", help=say("cli.help.service", lang))] = "",
        group: Annotated[str, typer.Option("--group", help=say("cli.help.group", lang))] = "all",
        section: Annotated[list[str] | None, typer.Option("--section", help=say("cli.help.section", lang))] = None,
        year: Annotated[int | None, typer.Option("--year", help=say("cli.help.year", lang))] = None,
        variant: Annotated[str, typer.Option("--variant", help=say("cli.help.variant", lang))] = TREND,
        lang: Annotated[str, typer.Option("--lang", help=say("cli.help.lang", lang))] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        with Bars(Console(stderr=True), spoken).showing() as bars:
            found = explain_place(
                folder,
                place=place,
                service=service,
                group=group,
                sections=section or (),
                year=year,
                variant=variant,
                progress=bars,
            )
        console = Console(width=max(Console().width, 80))
        if year is not None:
            told = people_line(found.catalogue, year, variant, spoken)
            console.print(told, highlight=False, soft_wrap=True, markup=False)
        for line in explanation_lines(found, spoken):
            console.print(line, highlight=False, soft_wrap=True, markup=False)
