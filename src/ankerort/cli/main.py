"""The entry point ``ankerort``: builds the commands in the language asked for and turns errors into exit codes."""

from __future__ import annotations

import os
import sys

import typer
from rich.console import Console

from ankerort import __version__
from ankerort.base.problems import InputError
from ankerort.cli import (
    anchors_commands,
    assess_commands,
    explain_command,
    groups_command,
    inquiry_commands,
    inquiry_returns,
    mobile_commands,
    profile_command,
    region_commands,
    sample_commands,
    scenario_commands,
    status_command,
    wishes_commands,
)
from ankerort.cli.exit_codes import EXIT_INPUT, EXIT_INTERRUPTED
from ankerort.cli.printing import print_problems
from ankerort.text import Language, say


def language_of(arguments: list[str]) -> Language:
    """The language asked for on the command line or by ``ANKERORT_LANG``; German otherwise."""
    wanted = os.environ.get("ANKERORT_LANG", "de")
    for k, argument in enumerate(arguments):
        if argument == "--lang" and k + 1 < len(arguments):
            wanted = arguments[k + 1]
        elif argument.startswith("--lang="):
            wanted = argument.removeprefix("--lang=")
    return "en" if wanted == "en" else "de"


def build_app(lang: Language) -> typer.Typer:
    """All commands, with help in one language."""
    app = typer.Typer(
        help=say("cli.help", lang), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )

    def show_version(value: bool) -> None:
        if value:
            typer.echo(f"ankerort {__version__}")
            raise typer.Exit

    @app.callback()
    def root(
        version: bool = typer.Option(
            False, "--version", callback=show_version, is_eager=True, help=say("cli.help.version", lang)
        ),
    ) -> None:
        """Keep the options that hold for all commands."""

    sample_commands.register(app, lang)
    region_commands.register(app, lang)
    assess_commands.register(app, lang)
    explain_command.register(app, lang)
    scenario_commands.register(app, lang)
    groups_command.register(app, lang)
    inquiry_returns.register(inquiry_commands.register(app, lang), lang)
    status_command.register(app, lang)
    profile_command.register(app, lang)
    anchors_commands.register(app, lang)
    mobile_commands.register(app, lang)
    wishes_commands.register(app, lang)
    return app


def run() -> None:
    """Run the command line; problems of the input are listed together and end with exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        # a Windows console may not know an umlaut; a question mark is better than a crash
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    lang = language_of(sys.argv[1:])
    try:
        build_app(lang)()
    except InputError as error:
        print_problems(error.problems, lang, Console(stderr=True))
        sys.exit(EXIT_INPUT)
    except KeyboardInterrupt:
        Console(stderr=True).print(say("cli.interrupted", lang))
        sys.exit(EXIT_INTERRUPTED)
