"""``ankerort status``: shows or sets what stands on each page."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

from pathlib import Path
from typing import Annotated

import typer

from ankerort.base.problems import InputError
from ankerort.documents.paper import status_line
from ankerort.region.paper_status import read_paper_status, require_project, status_of, write_paper_status
from ankerort.text import Language, say


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command."""

    @app.command("status", help=say("cli.help.status", lang))
    def status(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))],
        kind: Annotated[str, typer.Option("--set", help=say("cli.help.status_set", lang))] = "",
        on: Annotated[str, typer.Option("--on", help=say("cli.help.status_on", lang))] = "",
        number: Annotated[str, typer.Option("--number", help=say("cli.help.status_number", lang))] = "",
        agreed_with: Annotated[str, typer.Option("--with", help=say("cli.help.status_with", lang))] = "",
        lang: Annotated[str, typer.Option("--lang", help=say("cli.help.lang", lang))] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        require_project(folder)
        if not kind and (on or number or agreed_with):
            raise typer.BadParameter(say("cli.status_needs_set", spoken))
        if kind:
            chosen, problems = status_of(kind, on, number, agreed_with)
            if chosen is None:
                raise InputError(problems)
            path, old = write_paper_status(folder, chosen)
            typer.echo(say("cli.status_set", spoken, path=path))
            if old is not None:
                typer.echo(say("cli.old_kept", spoken, path=old))
        else:
            chosen, problems = read_paper_status(folder)
            if len(problems):
                raise InputError(problems)
        # the newest day of the data is known only after reading all of them
        line = status_line(chosen, say("cli.status_data_day", spoken), spoken)
        typer.echo(say("cli.status_now", spoken, line=line))
