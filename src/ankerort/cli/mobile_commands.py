"""``ankerort mobile``: plan services that come by vehicle, compare them with other ways, check a plan, write timetables."""

# No postponed annotations here: the help texts inside them belong to the language chosen when a command is registered.

import datetime as dt
import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ankerort.base.problems import InputError, Problem
from ankerort.cli.exit_codes import EXIT_INPUT
from ankerort.cli.folder_first import FolderFirst
from ankerort.cli.mobile_stops_command import register_stops
from ankerort.cli.mobile_summary import print_checked, print_compared, print_result
from ankerort.cli.printing import Bars
from ankerort.mobile.plan_file import mobile_plans
from ankerort.mobile.resolve_request import AskedMobile
from ankerort.mobile_run import check_mobile, compare_mobile, plan_mobile, write_timetable
from ankerort.region.table_cells import parse_day
from ankerort.scenario.plan_sections import PLAN_FOLDER
from ankerort.text import Language, say

_DEFAULT = "plan"


class _Mobile(FolderFirst):
    default = _DEFAULT


def register(app: typer.Typer, lang: Language) -> None:
    """Add the commands."""
    group = typer.Typer(help=say("cli.help.mobile", lang), no_args_is_help=True, cls=_Mobile)
    app.add_typer(group, name="mobile")
    help_folder, help_lang = say("cli.help.folder", lang), say("cli.help.lang", lang)
    help_threads, help_file = say("cli.help.threads", lang), say("cli.help.mobile_plan_file", lang)

    def told(name: str) -> str:
        return say(f"cli.help.mobile_{name}", lang)

    @group.command(_DEFAULT, help=told("plan"))
    def plan_(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_folder)],
        service: Annotated[list[str] | None, typer.Option("--service", help=told("service"))] = None,
        vehicles: Annotated[int | None, typer.Option("--vehicles", help=told("vehicles"))] = None,
        vehicle: Annotated[str, typer.Option("--vehicle", help=told("vehicle"))] = "",
        budget: Annotated[str, typer.Option("--budget", help=told("budget"))] = "",
        case_value: Annotated[str, typer.Option("--case-value", help=told("case_value"))] = "",
        cover: Annotated[str, typer.Option("--cover", help=told("cover"))] = "",
        cover_group: Annotated[str, typer.Option("--cover-group", help=told("cover_group"))] = "75_plus",
        cover_m: Annotated[float, typer.Option("--cover-m", help=told("cover_m"))] = 400.0,
        cover_weeks: Annotated[float, typer.Option("--cover-weeks", help=told("cover_weeks"))] = 2.0,
        area: Annotated[list[str] | None, typer.Option("--area", help=told("area"))] = None,
        operator: Annotated[str, typer.Option("--operator", help=told("operator"))] = "",
        depot: Annotated[list[str] | None, typer.Option("--depot", help=told("depot"))] = None,
        staff: Annotated[str, typer.Option("--staff", help=told("staff"))] = "with_agreements",
        rhythm: Annotated[list[str] | None, typer.Option("--rhythm", help=told("rhythm"))] = None,
        keep: Annotated[list[str] | None, typer.Option("--keep", help=told("keep"))] = None,
        forbid: Annotated[list[str] | None, typer.Option("--forbid", help=told("forbid"))] = None,
        seek: Annotated[list[str] | None, typer.Option("--seek", help=told("seek"))] = None,
        avoid: Annotated[list[str] | None, typer.Option("--avoid", help=told("avoid"))] = None,
        weekdays: Annotated[list[str] | None, typer.Option("--weekdays", help=told("weekdays"))] = None,
        one_staff: Annotated[bool, typer.Option("--one-staff", help=told("one_staff"))] = False,
        use_factor: Annotated[str, typer.Option("--use-factor", help=told("use_factor"))] = "",
        no_wishes: Annotated[bool, typer.Option("--no-wishes", help=told("no_wishes"))] = False,
        year: Annotated[int | None, typer.Option("--year", help=told("year"))] = None,
        variant: Annotated[str, typer.Option("--variant", help=told("variant"))] = "trend",
        seed: Annotated[int, typer.Option("--seed", help=told("seed"))] = 1,
        seconds: Annotated[float, typer.Option("--seconds", help=told("seconds"))] = 30.0,
        name: Annotated[str, typer.Option("--name", help=told("name"))] = "",
        from_day: Annotated[str, typer.Option("--from", help=told("from"))] = "",
        out: Annotated[Path | None, typer.Option("--out", help=told("out"))] = None,
        threads: Annotated[int, typer.Option(help=help_threads)] = 0,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        asked = AskedMobile(
            services=_split(service),
            vehicles=vehicles,
            vehicle=vehicle,
            depots=tuple(depot or ()),
            budget=budget,
            case_value=case_value,
            cover=cover,
            cover_group=cover_group,
            cover_m=cover_m,
            cover_weeks=cover_weeks,
            area=tuple(area or ()),
            operator=operator,
            staff=staff,
            rhythms=_split(rhythm),
            keep=tuple(keep or ()),
            forbid=tuple(forbid or ()),
            seek=_split(seek),
            avoid=_split(avoid),
            weekdays=_split(weekdays),
            one_staff=one_staff,
            use_factor=use_factor,
            wishes=not no_wishes,
            year=year,
            variant=variant,
            seed=seed,
            seconds=seconds,
        )
        first_day = _day(from_day)
        with Bars(Console(stderr=True), spoken).showing() as bars:
            result = plan_mobile(
                folder, asked, name=name, out=out, first_day=first_day, lang=spoken, threads=threads, progress=bars
            )
        print_result(result, spoken, Console())

    register_stops(group, lang)

    @group.command("compare", help=told("compare"))
    def compare(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_folder)],
        plans: Annotated[list[str] | None, typer.Argument(metavar="PLAN...", help=told("plans"))] = None,
        threads: Annotated[int, typer.Option(help=help_threads)] = 0,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        with Bars(Console(stderr=True), spoken).showing() as bars:
            compared = compare_mobile(folder, plans or _plans(folder), threads=threads, progress=bars)
        print_compared(compared, spoken, Console(width=max(Console().width, 120)))

    @group.command("check", help=told("check"))
    def check(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_folder)],
        plan: Annotated[str, typer.Argument(metavar="PLAN", help=help_file)],
        threads: Annotated[int, typer.Option(help=help_threads)] = 0,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        with Bars(Console(stderr=True), spoken).showing() as bars:
            checked = check_mobile(folder, plan, threads=threads, progress=bars)
        print_checked(checked, spoken, Console())
        if any(p.severity == "error" for p in checked.problems) or checked.evaluation.faults:
            raise typer.Exit(EXIT_INPUT)

    @group.command("timetable", help=told("timetable"))
    def timetable(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_folder)],
        plan: Annotated[str, typer.Argument(metavar="PLAN", help=told("one_plan"))] = "",
        place: Annotated[str, typer.Option("--place", help=told("place"))] = "",
        from_day: Annotated[str, typer.Option("--from", help=told("from"))] = "",
        out: Annotated[Path | None, typer.Option("--out", help=told("out"))] = None,
        threads: Annotated[int, typer.Option(help=help_threads)] = 0,
        lang: Annotated[str, typer.Option("--lang", help=help_lang)] = lang,
    ) -> None:
        spoken: Language = "en" if lang == "en" else "de"
        first_day = _day(from_day) or dt.date.today().isoformat()
        plan = plan or _only(_plans(folder))
        with Bars(Console(stderr=True), spoken).showing() as bars:
            files = write_timetable(
                folder, plan, place, first_day=first_day, out=out, lang=spoken, threads=threads, progress=bars
            )
        typer.echo(say("cli.look_at", spoken))
        for path in files:
            typer.echo(f"  {path}")


def _split(names: list[str] | None) -> tuple[str, ...]:
    """Names that were repeated or separated by commas."""
    return tuple(part.strip() for name in names or () for part in re.split(r"[,;]", name) if part.strip())


def _plans(folder: Path) -> list[str]:
    """The mobile plans of a project.

    Raises
    ------
    InputError
        If there is none.
    """
    found = list(mobile_plans(folder))
    if not found:
        raise InputError([Problem("mobile_no_plan_yet", "error", str(folder / PLAN_FOLDER))])
    return found


def _only(names: list[str]) -> str:
    """The plan where there is only one.

    Raises
    ------
    InputError
        If there are several.
    """
    if len(names) > 1:
        raise InputError([Problem("mobile_which_plan", "error", "PLAN", params={"names": ", ".join(names)})])
    return names[0]


def _day(text: str) -> str:
    """A day as typed, ISO; empty stays empty.

    Raises
    ------
    InputError
        If it is no day.
    """
    if not text.strip():
        return ""
    day = parse_day(text)
    if not day:
        raise InputError([Problem("mobile_from_day", "error", "--from", params={"value": text})])
    return day
