"""``ankerort scenario new|check|list`` and ``ankerort compare``."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ankerort.base.files import replacing
from ankerort.base.problems import InputError, Problem
from ankerort.cli.exit_codes import EXIT_INPUT
from ankerort.cli.printing import Bars, print_problems
from ankerort.compare_run import (
    SCENARIO_FOLDER,
    CompareResult,
    check_scenarios,
    compare_project,
    list_scenarios,
    scenario_files,
)
from ankerort.documents.comparison_rows import head_lines
from ankerort.scenario.example import example_text, file_name
from ankerort.text import Language, say
from ankerort.text.counted import Counted


def register(app: typer.Typer, lang: Language) -> None:
    """Add the commands."""
    scenario = typer.Typer(help=say("cli.help.scenario", lang), no_args_is_help=True)
    app.add_typer(scenario, name="scenario")
    help_lang, help_folder = say("cli.help.lang", lang), say("cli.help.folder", lang)

    @scenario.command("new", help=say("cli.help.scenario_new", lang))
    def new(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_folder)],
        name: Annotated[str, typer.Argument(metavar="NAME", help=say("cli.help.scenario_name", lang))],
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        path = folder / SCENARIO_FOLDER / file_name(name)
        if path.exists():
            raise InputError([Problem("scenario_exists", "error", path.name, params={"file": path.as_posix()})])
        with replacing(path) as temporary:
            temporary.write_text(example_text(name, spoken), encoding="utf-8")
        typer.echo(say("cli.scenario_written", spoken, path=path))

    @scenario.command("check", help=say("cli.help.scenario_check", lang))
    def check(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_folder)],
        files: Annotated[
            list[str] | None, typer.Argument(metavar="[FILE]...", help=say("cli.help.scenario_file", lang))
        ] = None,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        names = files or [str(path) for path in scenario_files(folder)]
        with Bars(Console(stderr=True), spoken).showing() as bars:
            problems = check_scenarios(folder, names, progress=bars)
        console = Console()
        print_problems(problems, spoken, console)
        if any(p.severity == "error" for p in problems):
            raise typer.Exit(EXIT_INPUT)
        console.print(say("cli.scenario_good", spoken), highlight=False)

    @scenario.command("list", help=say("cli.help.scenario_list", lang))
    def list_(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_folder)],
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        found = list_scenarios(folder)
        if not found:
            typer.echo(say("cli.scenario_none", spoken, path=folder / SCENARIO_FOLDER))
        for one in found:
            if one.problems:
                typer.echo(say("cli.scenario_bad", spoken, file=one.path.name, count=len(one.problems)))
                continue
            based_on = one.based_on or say("cli.scenario_today", spoken)
            line = say(
                "cli.scenario_row",
                spoken,
                file=one.path.name,
                name=one.name,
                changes=Counted(one.changes, spoken),
                based_on=based_on,
            )
            typer.echo(line)

    @app.command("compare", help=say("cli.help.compare", lang))
    def compare(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_folder)],
        base: Annotated[str, typer.Argument(metavar="BASE", help=say("cli.help.compare_base", lang))],
        scenarios: Annotated[
            list[str], typer.Argument(metavar="SCENARIO...", help=say("cli.help.scenario_file", lang))
        ],
        out: Annotated[Path | None, typer.Option("--out", help=say("cli.help.compare_out", lang))] = None,
        threads: Annotated[int, typer.Option(help=say("cli.help.threads", lang))] = 0,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        with Bars(Console(stderr=True), spoken).showing() as bars:
            result = compare_project(folder, base, scenarios, out=out, lang=spoken, threads=threads, progress=bars)
        _show(result, spoken)


def _show(result: CompareResult, lang: Language) -> None:
    console = Console(width=max(Console().width, 110))
    if result.problems:
        print_problems(result.problems, lang, console, most=12)
    for one in result.compared.scenarios:
        console.print(one.name, style="bold", highlight=False, markup=False)
        for line in head_lines(one, result.compared.catalogue, lang):
            console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
    console.print(say("cli.look_at", lang))
    for path in result.files:
        console.print(f"  {path}", highlight=False, soft_wrap=True, markup=False)
        if "-neu-" in path.stem:
            console.print(f"    {say('cli.held', lang)}", highlight=False)
