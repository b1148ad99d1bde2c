"""``ankerort anchors``: propose anchor places, explain them, check a plan."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ankerort.anchors.resolve_request import AskedAnchors
from ankerort.anchors_run import check_plan, explain_plan, plan_anchors
from ankerort.cli.anchors_summary import print_checked, print_result
from ankerort.cli.exit_codes import EXIT_INPUT
from ankerort.cli.folder_first import FolderFirst
from ankerort.cli.printing import Bars
from ankerort.documents.anchors_explain_words import ExplainWords
from ankerort.text import Language, say

_DEFAULT = "propose"


class _Anchors(FolderFirst):
    default = _DEFAULT


def register(app: typer.Typer, lang: Language) -> None:
    """Add the commands."""
    group = typer.Typer(help=say("cli.help.anchors", lang), no_args_is_help=True, cls=_Anchors)
    app.add_typer(group, name="anchors")
    help_folder, help_lang = say("cli.help.folder", lang), say("cli.help.lang", lang)
    help_threads, help_plan = say("cli.help.threads", lang), say("cli.help.anchors_plan", lang)

    def told(name: str) -> str:
        return say(f"cli.help.anchors_{name}", lang)

    @group.command(_DEFAULT, help=told("propose"))
    def propose(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_folder)],
        max_anchors: Annotated[int | None, typer.Option("--max", help=told("max"))] = None,
        budget: Annotated[str, typer.Option("--budget", help=told("budget"))] = "",
        cover: Annotated[str, typer.Option("--cover", help=told("cover"))] = "",
        services: Annotated[list[str] | None, typer.Option("--services", help=told("services"))] = None,
        keep: Annotated[list[str] | None, typer.Option("--keep", help=told("keep"))] = None,
        forbid: Annotated[list[str] | None, typer.Option("--forbid", help=told("forbid"))] = None,
        may_close: Annotated[list[str] | None, typer.Option("--may-close", help=told("may_close"))] = None,
        year: Annotated[int | None, typer.Option("--year", help=told("year"))] = None,
        variant: Annotated[str, typer.Option("--variant", help=told("variant"))] = "trend",
        own_only: Annotated[bool, typer.Option("--own-only", help=told("own_only"))] = False,
        no_pairs: Annotated[bool, typer.Option("--no-pairs", help=told("no_pairs"))] = False,
        spacing: Annotated[float, typer.Option("--spacing", help=told("spacing"))] = 0.0,
        area_share: Annotated[str, typer.Option("--area-share", help=told("area_share"))] = "",
        legal: Annotated[str, typer.Option("--legal", help=told("legal"))] = "priced",
        new_anywhere: Annotated[bool, typer.Option("--new-anywhere", help=told("new_anywhere"))] = False,
        order: Annotated[str, typer.Option("--order", help=told("order"))] = "",
        pareto: Annotated[str, typer.Option("--pareto", help=told("pareto"))] = "",
        robust: Annotated[bool, typer.Option("--robust", help=told("robust"))] = False,
        assume_complete: Annotated[bool, typer.Option("--assume-complete", help=told("assume_complete"))] = False,
        with_scenario: Annotated[str, typer.Option("--with", help=told("with"))] = "",
        seed: Annotated[int, typer.Option("--seed", help=told("seed"))] = 1,
        seconds: Annotated[float, typer.Option("--seconds", help=told("seconds"))] = 60.0,
        name: Annotated[str, typer.Option("--name", help=told("name"))] = "",
        out: Annotated[Path | None, typer.Option("--out", help=told("out"))] = None,
        threads: Annotated[int, typer.Option(help=help_threads)] = 0,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        asked = AskedAnchors(
            max_anchors=max_anchors,
            budget=budget,
            cover=cover,
            services=_split(services),
            keep=tuple(keep or ()),
            forbid=tuple(forbid or ()),
            may_close=_split(may_close),
            year=year,
            variant=variant,
            own_services_only=own_only,
            pairs=not no_pairs,
            spacing_km=spacing,
            area_share=area_share,
            legal=legal,
            new_anywhere=new_anywhere,
            order=order,
            pareto=pareto,
            robust=robust,
            assume_complete=assume_complete,
            with_scenario=with_scenario,
            seed=seed,
            seconds=seconds,
        )
        with Bars(Console(stderr=True), spoken).showing() as bars:
            result = plan_anchors(folder, asked, name=name, out=out, lang=spoken, threads=threads, progress=bars)
        print_result(result, spoken, Console())

    @group.command("explain", help=told("explain"))
    def explain(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_folder)],
        plan: Annotated[str, typer.Argument(metavar="PLAN", help=help_plan)],
        place: Annotated[str, typer.Option("--place", help=told("place"))] = "",
        threads: Annotated[int, typer.Option(help=help_threads)] = 0,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        with Bars(Console(stderr=True), spoken).showing() as bars:
            explained, region, stages = explain_plan(folder, plan, place=place, threads=threads, progress=bars)
        words = ExplainWords(region.places, stages.catalogue, spoken)
        blocks = [words.place_lines(one) for one in explained.places]
        if not place:
            blocks.append(words.plan_lines(explained))
        typer.echo("\n\n".join("\n".join(lines) for lines in blocks))

    @group.command("check", help=told("check"))
    def check(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_folder)],
        plan: Annotated[str, typer.Argument(metavar="PLAN", help=help_plan)],
        threads: Annotated[int, typer.Option(help=help_threads)] = 0,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        with Bars(Console(stderr=True), spoken).showing() as bars:
            checked = check_plan(folder, plan, threads=threads, progress=bars)
        print_checked(checked, spoken, Console())
        if any(p.severity == "error" for p in checked.problems) or checked.evaluation.faults:
            raise typer.Exit(EXIT_INPUT)


def _split(names: list[str] | None) -> tuple[str, ...]:
    """Names that were repeated or separated by commas."""
    return tuple(part.strip() for name in names or () for part in re.split(r"[,;]", name) if part.strip())
