"""Central position of a place, and its class of public transport with the stop that decides."""

from __future__ import annotations

import math

import pandas as pd

from ankerort.catalogue.model import Catalogue
from ankerort.documents.evidence_words import number_text, persons_between, share_between
from ankerort.documents.labels import row_label
from ankerort.network.model import DayType
from ankerort.supply.explain_position import PositionEvidence, TransportDay
from ankerort.supply.pt_quality import NONE, UNKNOWN
from ankerort.text import Language, say
from ankerort.text.numbers import (
    format_date,
    format_decimal,
    format_minutes,
    format_persons,
    format_share,
    format_whole,
)

_RAREST = 8


def position_lines(found: PositionEvidence, catalogue: Catalogue, places: int, lang: Language) -> list[str]:
    """Designation, endowment, index with what makes it up, surplus, and who reaches the centre.

    Parameters
    ----------
    places
        Number of places compared.
    """
    row = found.row
    designated = (
        say(
            "explain.designated",
            lang,
            tier=row["tier"],
            plan=row["plan"] or "–",
            date=format_date(str(row["plan_date"]), lang) or "–",
        )
        if row["tier"]
        else say("explain.not_designated", lang)
    )
    lines = [
        designated,
        say(
            "explain.endowment",
            lang,
            functions=format_whole(row["functions"], lang),
            size=format_whole(row["catalogue_size"], lang),
            share=share_between(row["endowment_low"], row["endowment_high"], lang),
            probable=format_whole(row["functions_probable"], lang),
            unknown=format_whole(row["functions_unknown"], lang),
        ),
        say(
            "explain.davies",
            lang,
            index=format_decimal(row["davies"], lang),
            rank=int(row["davies_rank"]),
            places=places,
        ),
    ]
    lines += [
        "  "
        + say(
            "explain.davies_part",
            lang,
            service=row_label(service, catalogue, lang),
            here=format_whole(here, lang),
            total=format_whole(total, lang),
            part=format_decimal(100 * here / total, lang),
        )
        for service, here, total in found.rarest[:_RAREST]
    ]
    if len(found.rarest) > _RAREST:
        rest = sum(100 * here / total for _, here, total in found.rarest[_RAREST:])
        lines.append(
            "  " + say("explain.davies_rest", lang, count=len(found.rarest) - _RAREST, part=format_decimal(rest, lang))
        )
    if not math.isnan(row["relative"]):
        lines.append(
            say(
                "explain.surplus",
                lang,
                surplus=format_decimal(row["surplus"], lang),
                relative=format_decimal(row["relative"], lang, digits=2),
            )
        )
    return [*lines, "", *_catchment(found.catchment, lang)]


def _catchment(rows: pd.DataFrame, lang: Language) -> list[str]:
    lines = [say("explain.catchment_head", lang)] if len(rows) else []
    without: dict[float, tuple[str, ...]] = {}
    for (mode, minutes), part in rows.groupby(["mode", "minutes"], sort=False, observed=True):
        by_group = part.set_index("group")
        everybody = by_group.loc["all"]
        others = everybody["from_others_share"]
        counts = {
            g: persons_between(by_group.loc[g, "persons_low"], by_group.loc[g, "persons_high"], lang)
            for g in ("all", "65_plus", "without_car")
        }
        if mode == "pt":
            without[float(minutes)] = tuple(counts.values())
        elif mode == "pt_demand" and without.get(float(minutes)) == tuple(counts.values()):
            continue  # Rufbus changes nothing
        lines.append(
            "  "
            + say(
                "explain.catchment_row",
                lang,
                mode=say(f"mode.{mode}", lang),
                minutes=format_minutes(float(minutes)),
                persons=counts["all"],
                old=counts["65_plus"],
                no_car=counts["without_car"],
                others="–" if math.isnan(others) else format_share(others, lang),
            )
        )
    return lines


def transport_lines(days: tuple[TransportDay, ...], dates: dict[DayType, str], lang: Language) -> list[str]:
    """Per day type the class without and with Rufbus, the stop that decides, and departures of the place."""
    if not days:
        return [say("explain.transport_none", lang)]
    lines: list[str] = []
    last: tuple[object, ...] = ()
    for day in days:
        row = day.row
        now = (row["day_type"], str(row["median_class"]), str(row["median_class_worst"]), row["departures"])
        if row["with_demand"] and now == last:
            lines.append("  " + say("explain.transport_same", lang))
            continue
        last = now
        day_type = str(row["day_type"])
        if day.cell < 0:
            lines.append(say("explain.transport_nobody", lang, day=say(f"explain.day_type.{day_type}", lang)))
            continue
        departures = format_whole(row["departures"], lang)
        lines.append(
            say(
                "explain.transport",
                lang,
                day=say(f"explain.day_type.{day_type}", lang),
                date=format_date(dates.get(day_type, ""), lang) or "–",  # type: ignore[call-overload]
                rufbus=say("explain.with_rufbus" if row["with_demand"] else "explain.without_rufbus", lang),
                name=_class(row, lang),
                departures=departures
                if row["departures_known"]
                else say("explain.at_least_bare", lang, low=departures),
            )
        )
        if day.stop_row is not None and day.cell_row is not None:
            lines.append("  " + _stop(day.stop_row, day.cell_row, lang))
        if row["persons_rail_missing"] >= 1:
            persons = format_persons(row["persons_rail_missing"], lang)
            lines.append("  " + say("explain.rail_missing", lang, persons=persons))
    return lines


def _class(row: pd.Series, lang: Language) -> str:
    """The class of the median person; where it is not known, between what bounds."""
    best, worst = str(row["median_class_best"]), str(row["median_class_worst"])
    if str(row["median_class"]) == UNKNOWN:
        return say("explain.class_unknown", lang, best=_bare(best, lang), worst=_bare(worst, lang))
    return _letter(str(row["median_class"]), lang)


def _letter(name: str, lang: Language) -> str:
    return say("explain.class_none", lang) if name == NONE else say("explain.class", lang, name=name)


def _bare(name: str, lang: Language) -> str:
    return say("explain.class_none", lang) if name == NONE else name


def _stop(stop: pd.Series, cell: pd.Series, lang: Language) -> str:
    category = str(stop["category"])
    return say(
        "explain.stop",
        lang,
        name=stop["name"],
        metres=format_whole(cell["metres"], lang),
        category=say("word.unknown", lang) if category == UNKNOWN else "–" if category == NONE else category,
        departures=format_whole(stop["departures"], lang),
        demand=format_whole(stop["departures_demand"], lang),
        interval="–" if math.isnan(stop["interval_min"]) else number_text(round(float(stop["interval_min"])), lang),
        pairs=format_whole(stop["pairs"], lang),
    )
