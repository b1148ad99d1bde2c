"""``ankerort mobile stops``: the stops that Ankerort finds, as a table to be corrected."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ankerort.cli.printing import Bars, print_problems
from ankerort.mobile_stops_run import write_found_stops
from ankerort.text import Language, say
from ankerort.text.counted import Counted


def register_stops(group: typer.Typer, lang: Language) -> None:
    """Add the command to the group ``mobile``."""

    @group.command("stops", help=say("cli.help.mobile_stops", lang))
    def stops(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))],
        area: Annotated[list[str] | None, typer.Option("--area", help=say("cli.help.mobile_area", lang))] = None,
        out: Annotated[Path | None, typer.Option("--out", help=say("cli.help.mobile_stops_out", lang))] = None,
        threads: Annotated[int, typer.Option(help=say("cli.help.threads", lang))] = 0,
        lang: Annotated[str, typer.Option("--lang", help=say("cli.help.lang", lang))] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        console = Console()
        with Bars(Console(stderr=True), spoken).showing() as bars:
            found = write_found_stops(
                folder, area=tuple(area or ()), out=out, lang=spoken, threads=threads, progress=bars
            )
        print_problems(found.problems, spoken, console)
        count, places = len(found.stops), found.stops["place_id"].nunique()
        told = say(
            "cli.mobile_stops_written",
            spoken,
            n=Counted(count, spoken),
            places=Counted(places, spoken),
            path=found.path,
        )
        console.print(told, highlight=False, markup=False, soft_wrap=True)
        if found.kept is not None:
            console.print(
                say("cli.mobile_stops_kept", spoken, path=found.kept), highlight=False, markup=False, soft_wrap=True
            )
