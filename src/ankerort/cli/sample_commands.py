"""``ankerort demo`` and ``ankerort sample``."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from ankerort.cli.assess_commands import run_and_show
from ankerort.cli.folder_first import FolderFirst
from ankerort.sample import write_sample, write_sample_answers
from ankerort.sample.answers import ANSWERED_ON
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_date

_DEFAULT = "write"


class _Sample(FolderFirst):
    default = _DEFAULT


def register(app: typer.Typer, lang: Language) -> None:
    """Add the commands."""
    help_lang = say("cli.help.lang", lang)

    @app.command("demo", help=say("cli.help.demo", lang))
    def demo(
        out: Annotated[Path, typer.Option("--out", help=say("cli.help.demo_out", lang))] = Path("demo-ausgabe"),
        seed: Annotated[int, typer.Option(help=say("cli.help.seed", lang))] = 1,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        region = out / "region"
        write_sample(region, seed=seed, lang=spoken)
        typer.echo(say("cli.sample_written", spoken, path=region))
        run_and_show(region, out, spoken)
        typer.echo(say("cli.demo_next", spoken, path=region))

    group = typer.Typer(help=say("cli.help.sample", lang), no_args_is_help=True, cls=_Sample)
    app.add_typer(group, name="sample")

    @group.command(_DEFAULT, help=say("cli.help.sample", lang))
    def sample(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))],
        seed: Annotated[int, typer.Option(help=say("cli.help.seed", lang))] = 1,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        write_sample(folder, seed=seed, lang=spoken)
        typer.echo(say("cli.sample_written", spoken, path=folder))
        typer.echo(say("cli.sample_next", spoken, path=folder))

    @group.command("answers", help=say("cli.help.sample_answers", lang))
    def answers(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))],
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        # an answer of a day to come would be refused by the import
        day = min(ANSWERED_ON, dt.date.today().isoformat())
        written = write_sample_answers(folder, answered_on=day)
        typer.echo(say("cli.sample_answers", spoken, date=format_date(day, spoken)))
        for path, cells in written:
            typer.echo(f"  {say('cli.sample_answers_file', spoken, path=path, n=Counted(cells, spoken))}")
        paths = " ".join(str(path) for path, _ in written)
        typer.echo(say("cli.sample_answers_next", spoken, paths=paths))
