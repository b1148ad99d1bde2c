"""``ankerort groups``: the table of the working groups, and who owes what."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ankerort.base.problems import Problems
from ankerort.cli.exit_codes import EXIT_INPUT
from ankerort.cli.printing import print_problems
from ankerort.documents.working_groups_book import write_working_groups
from ankerort.region.read_settings import read_settings
from ankerort.region.working_groups import FILE_NAME, read_working_groups
from ankerort.stages import shipped_catalogue
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_date


def register(app: typer.Typer, lang: Language) -> None:
    """Add the command."""

    @app.command("groups", help=say("cli.help.groups", lang))
    def groups(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))],
        lang: Annotated[str, typer.Option("--lang", help=say("cli.help.lang", lang))] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        problems = Problems()
        settings = read_settings(folder)
        catalogue = shipped_catalogue(settings)
        path = folder / FILE_NAME
        if not path.exists():
            write_working_groups(path, catalogue=catalogue, lang=spoken)
            typer.echo(say("cli.groups_made", spoken, path=path))
            typer.echo(say("cli.groups_next", spoken))
            return
        found = read_working_groups(settings.folder, catalogue=catalogue, problems=problems)
        console = Console(width=max(Console().width, 80))
        today = dt.date.today().isoformat()
        labels = {g.id: g.label(spoken) for g in catalogue.working_groups}
        waiting = found.open_items()
        table = Table(title=say("cli.groups_title", spoken), show_lines=False)
        for column in ("office", "data", "group", "due_on"):
            table.add_column(say(f"groups.column.{column}", spoken))
        for one in waiting:
            due = format_date(one.due_on, spoken) if one.due_on else say("groups.no_day", spoken)
            if one.due_on and one.due_on < today:
                due += f" ({say('groups.late', spoken)})"
            table.add_row(one.office or say("groups.no_office", spoken), one.data, labels[one.group], due)
        if found.owed:
            if waiting:
                console.print(table)
            late = sum(bool(o.due_on) and o.due_on < today for o in waiting)
            done = len(found.owed) - len(waiting)
            console.print(
                say("cli.groups_count", spoken, open=Counted(len(waiting), spoken), late=late, done=done),
                highlight=False,
            )
        else:
            console.print(say("cli.groups_nothing", spoken), highlight=False)
        if found.agreed:
            console.print(say("cli.groups_agreed", spoken, count=len(found.agreed)), highlight=False)
        print_problems(problems.sorted(), spoken, console)
        if problems.has_errors:
            raise typer.Exit(EXIT_INPUT)
