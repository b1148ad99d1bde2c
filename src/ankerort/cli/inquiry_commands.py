"""``ankerort inquiry``: workbooks and survey sheets for the municipalities, and what came back."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ankerort.cli.folder_first import FolderFirst
from ankerort.cli.printing import Bars
from ankerort.inquiry_run import write_inquiry, write_survey_sheets
from ankerort.text import Language, say

_DEFAULT = "workbook"


class _Inquiry(FolderFirst):
    default = _DEFAULT


def register(app: typer.Typer, lang: Language) -> typer.Typer:
    """Add the commands; returns the group, so that others can join it."""
    group = typer.Typer(help=say("cli.help.inquiry", lang), no_args_is_help=True, cls=_Inquiry)
    app.add_typer(group, name="inquiry")

    @group.command(_DEFAULT, help=say("cli.help.inquiry_workbook", lang))
    def workbook(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))],
        municipality: Annotated[
            list[str] | None, typer.Option("--municipality", help=say("cli.help.inquiry_municipality", lang))
        ] = None,
        out: Annotated[Path | None, typer.Option("--out", help=say("cli.help.inquiry_out", lang))] = None,
        threads: Annotated[int, typer.Option(help=say("cli.help.threads", lang))] = 0,
        lang: Annotated[str, typer.Option("--lang", help=say("cli.help.lang", lang))] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        with Bars(Console(stderr=True), spoken).showing() as bars:
            written = write_inquiry(
                folder, municipalities=municipality or (), out=out, lang=spoken, threads=threads, progress=bars
            )
        _show(written, spoken)

    @group.command("sheet", help=say("cli.help.inquiry_sheet", lang))
    def sheet(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))],
        facility: Annotated[str, typer.Option("--facility", help=say("cli.help.inquiry_facility", lang))] = "",
        place: Annotated[str, typer.Option("--place", help=say("cli.help.inquiry_place", lang))] = "",
        service: Annotated[str, typer.Option("--service", help=say("cli.help.inquiry_service", lang))] = "",
        all_of_them: Annotated[bool, typer.Option("--all", help=say("cli.help.inquiry_all", lang))] = False,
        municipality: Annotated[
            list[str] | None, typer.Option("--municipality", help=say("cli.help.inquiry_municipality", lang))
        ] = None,
        out: Annotated[Path | None, typer.Option("--out", help=say("cli.help.inquiry_sheet_out", lang))] = None,
        lang: Annotated[str, typer.Option("--lang", help=say("cli.help.lang", lang))] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        with Bars(Console(stderr=True), spoken).showing() as bars:
            written = write_survey_sheets(
                folder,
                facility=facility,
                place=place,
                service=service,
                whole=all_of_them,
                municipalities=municipality or (),
                out=out,
                lang=spoken,
                progress=bars,
            )
        _show(written, spoken)

    return group


def _show(written: tuple[Path, ...], lang: Language) -> None:
    console = Console(width=max(Console().width, 110))
    console.print(say("cli.look_at", lang))
    for path in written:
        console.print(f"  {path}", highlight=False, soft_wrap=True, markup=False)
        if "-neu-" in path.stem:
            console.print(f"    {say('cli.held', lang)}", highlight=False)
