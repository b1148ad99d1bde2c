"""``ankerort demo`` and ``ankerort sample``."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

from pathlib import Path
from typing import Annotated

import typer

from ankerort.cli.assess_commands import run_and_show
from ankerort.sample import write_sample
from ankerort.text import Language, say


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

    @app.command("sample", help=say("cli.help.sample", lang))
    def sample(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))],
        seed: Annotated[int, typer.Option(help=say("cli.help.seed", lang))] = 1,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        write_sample(folder, seed=seed, lang=spoken)
        typer.echo(say("cli.sample_written", spoken, path=folder))
        typer.echo(say("cli.sample_next", spoken, path=folder))
