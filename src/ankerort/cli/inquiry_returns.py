"""``ankerort inquiry import`` and ``ankerort inquiry status``: what the municipalities answered."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from ankerort.cli.exit_codes import EXIT_INPUT, EXIT_NOT_TAKEN
from ankerort.cli.printing import Bars, print_problems
from ankerort.documents.page_returns import contradiction_lines, status_rows
from ankerort.documents.sheets_returns import difference_table
from ankerort.returns_run import Returns, read_returns, round_status, take_over, write_differences
from ankerort.text import Language, say
from ankerort.text.counted import Counted

_WIDTH = 100  # a usual window; a wider one is used
# Least widths of the columns thing, before, says and effect.
_LEAST = (26, 20, 20, 12)


def register(group: typer.Typer, lang: Language) -> None:
    """Add the commands to the group ``inquiry``."""
    help_lang = say("cli.help.lang", lang)

    @group.command("import", help=say("cli.help.inquiry_import", lang))
    def take(
        files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=say("cli.help.inquiry_files", lang))],
        project: Annotated[Path | None, typer.Option("--project", help=say("cli.help.inquiry_project", lang))] = None,
        yes: Annotated[bool, typer.Option("--yes", help=say("cli.help.inquiry_yes", lang))] = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help=say("cli.help.inquiry_dry_run", lang))] = False,
        listed: Annotated[Path | None, typer.Option("--list", help=say("cli.help.inquiry_list", lang))] = None,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        today = dt.date.today().isoformat()
        with Bars(Console(stderr=True), spoken).showing() as bars:
            found = read_returns(files, imported_on=today, project=project, progress=bars)
        console = Console(width=max(Console().width, _WIDTH))
        _show_differences(found, console, spoken)
        if found.problems:
            print_problems(found.problems, spoken, console)
        for file in found.refused:
            console.print(say("cli.inquiry_refused", spoken, file=file.name), highlight=False, markup=False)
        if listed is not None:
            write_differences(found, listed, spoken)
            console.print(say("cli.written", spoken, path=listed), highlight=False, markup=False)
        code = _decide(found, console, spoken, yes=yes, dry_run=dry_run)
        if found.refused or code:
            raise typer.Exit(EXIT_INPUT if found.refused else code)

    @group.command("status", help=say("cli.help.inquiry_status", lang))
    def status(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("cli.help.folder", lang))] = Path(),
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        with Bars(Console(stderr=True), spoken).showing() as bars:
            found = round_status(folder, progress=bars)
        console = Console(width=max(Console().width, _WIDTH))
        names = found.region.municipalities.set_index("ags")["name"]
        console.print(say("cli.inquiry_sent", spoken, n=Counted(len(found.sent), spoken)), highlight=False)
        for sent in found.sent:
            name = names.get(sent.ags, "–")
            line = say(
                "cli.inquiry_sent_line", spoken, file=sent.name, municipality=name, n=Counted(sent.places, spoken)
            )
            console.print(f"  {line}", highlight=False, markup=False)
        heads, rows = status_rows(found.table, spoken)
        # names of offices are too long for a column of a usual window
        kept = [k for k, column in enumerate(rows.columns) if column != "offices"]
        console.print(_table([heads[k] for k in kept], rows.iloc[:, kept]))
        for one in found.table.itertuples():
            if one.offices and one.ags:
                line = say("cli.inquiry_offices", spoken, municipality=one.municipality, offices=one.offices)
                console.print(line, highlight=False, soft_wrap=True, markup=False)
        for line in contradiction_lines(found.region, found.catalogue, spoken):
            console.print(line, highlight=False, soft_wrap=True, markup=False)


def _show_differences(found: Returns, console: Console, lang: Language) -> None:
    frame = difference_table(found.differences, found.region, found.catalogue, lang)
    if not len(frame):
        if found.files:
            console.print(say("cli.inquiry_nothing_new", lang), highlight=False)
        return
    known = sum(d.kind == "nothing" for d in found.differences)
    heads = [say(f"column.{c}", lang) for c in ("returns_thing", "returns_before", "returns_says", "returns_effect")]
    for (office, day), part in frame.groupby(["confirmed_by", "confirmed_on"], sort=False):
        console.print(say("cli.inquiry_answered_by", lang, by=office, on=day), highlight=False, markup=False)
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for head, least in zip(heads, _LEAST, strict=True):
            table.add_column(head, overflow="fold", min_width=least)
        for place, rows in part.groupby("place", sort=False):
            table.add_section()
            table.add_row(Text(str(place), style="bold"))
            for cells in _together(rows, lang):
                table.add_row(*(escape(cell) for cell in cells))
        console.print(table)
    counts = frame["returns_effect"].value_counts(sort=False)
    told = ", ".join(f"{count} {effect}" for effect, count in counts.items())
    console.print(say("cli.inquiry_differences", lang, n=Counted(len(frame), lang), kinds=told), highlight=False)
    if known:
        console.print(say("cli.inquiry_known", lang, n=Counted(known, lang)), highlight=False)


def _together(rows: pd.DataFrame, lang: Language) -> list[tuple[str, ...]]:
    """Rows as printed: thing, before with its source, what the office says, effect. All about one new thing stands in one row."""
    out: list[tuple[str, ...]] = []
    new = say("returns.effect.new", lang)
    last: tuple[str, str] | None = None
    for row in rows.to_dict("records"):
        thing, field, effect = str(row["returns_thing"]), str(row["returns_field"]), str(row["returns_effect"])
        says = [str(row["returns_says"])]
        if row["remark"]:
            says.append(say("cli.inquiry_remark", lang, remark=row["remark"]))
        if field and effect == new and last == (thing, effect):
            head, before, told, _ = out[-1]
            out[-1] = (head, before, "\n".join([told, f"{field}: {says[0]}", *says[1:]]), effect)
            continue
        last = (thing, effect) if not field else None
        before = str(row["returns_before"])
        if row["returns_source"] not in ("", "–"):
            before = f"{before}\n({row['returns_source']})"
        out.append((f"{thing}\n{field}" if field else thing, before, "\n".join(says), effect))
    return out


def _decide(found: Returns, console: Console, lang: Language, *, yes: bool, dry_run: bool) -> int:
    """Take over, ask, or only show; the exit code."""
    if not found.news:
        return 0
    if dry_run:
        console.print(say("cli.inquiry_dry", lang), highlight=False)
        return 0
    if not yes and not sys.stdin.isatty():
        console.print(say("cli.inquiry_not_taken", lang), highlight=False)
        return EXIT_NOT_TAKEN
    if not yes and not typer.confirm(say("cli.inquiry_ask", lang)):
        console.print(say("cli.inquiry_declined", lang), highlight=False)
        return EXIT_NOT_TAKEN
    old = take_over(found)
    console.print(say("cli.inquiry_taken", lang, n=Counted(found.news, lang)), highlight=False)
    if old is not None:
        console.print(say("cli.old_kept", lang, path=old), highlight=False, markup=False)
    return 0


def _table(heads: list[str], rows: pd.DataFrame) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for head, column in zip(heads, rows.astype(str).items(), strict=True):
        words = [word for text in (head, *column[1]) for word in text.split()]
        table.add_column(head, overflow="fold", min_width=max(map(len, words), default=1))
    for row in rows.astype(str).itertuples(index=False):
        table.add_row(*(escape(cell) for cell in row))
    return table
