"""``ankerort assess``: the run."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ankerort.cli.printing import Bars, print_problems
from ankerort.cli.summary import print_summary
from ankerort.documents.write import INTERNAL_FILE
from ankerort.run import assess_project
from ankerort.stages import TREND
from ankerort.text import Language, say


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command."""

    @app.command("assess", help=say("cli.help.assess", lang))
    def assess(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))],
        out: Annotated[Path | None, typer.Option("--out", help=say("cli.help.out", lang))] = None,
        year: Annotated[int | None, typer.Option("--year", help=say("cli.help.year", lang))] = None,
        variant: Annotated[str, typer.Option("--variant", help=say("cli.help.variant", lang))] = TREND,
        population: Annotated[str, typer.Option("--population", help=say("cli.help.population", lang))] = "",
        internal: Annotated[bool, typer.Option("--internal", help=say("cli.help.internal", lang))] = False,
        threads: Annotated[int, typer.Option(help=say("cli.help.threads", lang))] = 0,
        lang: Annotated[str, typer.Option("--lang", help=say("cli.help.lang", lang))] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        run_and_show(
            folder, out, spoken, year=year, variant=variant, population=population, internal=internal, threads=threads
        )


def run_and_show(
    folder: Path,
    out: Path | None,
    lang: Language,
    *,
    year: int | None = None,
    variant: str = TREND,
    population: str = "",
    internal: bool = False,
    threads: int = 0,
) -> None:
    """Run a project folder with progress bars and print the summary, the problems and the files."""
    console = Console(width=max(Console().width, 110))
    with Bars(Console(stderr=True), lang).showing() as bars:
        result = assess_project(
            folder,
            out=out,
            lang=lang,
            year=year,
            variant=variant,
            population=population,
            internal=internal,
            threads=threads,
            progress=bars,
        )
    print_problems(result.assessment.problems, lang, console, most=12)
    print_summary(result.assessment, lang, console)
    if result.reused:
        stages = ", ".join(say(f"stage.{s}", lang) for s in result.reused)
        console.print(say("cli.reused", lang, stages=stages), highlight=False)
    console.print(say("cli.look_at", lang))
    for path in result.files:
        console.print(f"  {path}", highlight=False, soft_wrap=True, markup=False)
        if "-neu-" in path.stem:
            console.print(f"    {say('cli.held', lang)}", highlight=False)
    folder_of_files = result.files[0].parent
    if not internal and (folder_of_files / INTERNAL_FILE).exists():
        console.print(
            say("internal.stays", lang, folder=folder_of_files), highlight=False, soft_wrap=True, markup=False
        )
