"""All that is told about one place, section by section, in the order in which one reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from ankerort.base.problems import InputError, Problem
from ankerort.catalogue.model import Catalogue
from ankerort.documents.evidence import TracedFigure, evidence_lines
from ankerort.documents.evidence_capacity import capacity_lines, daviplan_lines
from ankerort.documents.evidence_people import car_lines, forecast_lines, people_line
from ankerort.documents.evidence_position import position_lines, transport_lines
from ankerort.documents.evidence_quality import quality_lines
from ankerort.documents.evidence_standards import standards_lines
from ankerort.documents.evidence_trips import trips_lines
from ankerort.documents.labels import row_label
from ankerort.network.model import DayType, Network
from ankerort.region.model import Region
from ankerort.supply.explain_capacity import CapacityEvidence, IndicatorEvidence
from ankerort.supply.explain_people import CarEvidence, ForecastEvidence
from ankerort.supply.explain_position import PositionEvidence, TransportDay
from ankerort.supply.explain_quality import QualityEvidence
from ankerort.supply.explain_standards import StatementEvidence
from ankerort.supply.explain_trips import TripsEvidence
from ankerort.text import LANGUAGES, Language, say
from ankerort.text.numbers import format_persons

# In reading order; the first six need a service.
SERVICE_SECTIONS = ("way", "there_and_back", "quality", "standards", "capacity", "daviplan")
PLACE_SECTIONS = ("position", "transport", "no_car", "forecast")
SECTIONS = (*SERVICE_SECTIONS, *PLACE_SECTIONS)


@dataclass(frozen=True)
class Explanation:
    """The evidence of one place; what was not asked for, or is not there, is None.

    Parameters
    ----------
    row_id, service
        Service or ``core:<id>`` asked for, and the one service that the sections other than there and back tell; empty without.
    sections
        Those asked for, in reading order.
    day_dates
        Date of each day type.
    forecast_reason
        Why there is no forecast.
    """

    region: Region
    catalogue: Catalogue
    place: pd.Series
    sections: tuple[str, ...]
    row_id: str = ""
    service: str = ""
    network: Network | None = None
    way: TracedFigure | None = None
    trips: TripsEvidence | None = None
    quality: QualityEvidence | None = None
    standards: tuple[StatementEvidence, ...] | None = None
    capacity: CapacityEvidence | None = None
    daviplan: IndicatorEvidence | None = None
    position: PositionEvidence | None = None
    transport: tuple[TransportDay, ...] | None = None
    no_car: CarEvidence | None = None
    forecast: ForecastEvidence | None = None
    day_dates: dict[DayType, str] = field(default_factory=dict)
    forecast_reason: tuple[Problem, ...] = ()


def section_ids(names: Iterable[str], *, with_service: bool) -> tuple[str, ...]:
    """Sections by their German or English names or ids, in reading order; none named = all that there can be.

    Raises
    ------
    InputError
        If a name is unknown, or a section needs a service and none is given.
    """
    possible = SECTIONS if with_service else PLACE_SECTIONS
    by_name = {_plain(say(f"explain.section.{s}", lang)): s for s in SECTIONS for lang in LANGUAGES}
    by_name |= {_plain(s): s for s in SECTIONS}
    problems: list[Problem] = []
    asked: list[str] = []
    for name in names:
        section = by_name.get(_plain(name))
        if section is None:
            known = ", ".join(dict.fromkeys(say(f"explain.section.{s}", lang) for lang in LANGUAGES for s in SECTIONS))
            params = {"name": name, "known": known}
            problems.append(Problem("explain_section_unknown", "error", "--section", params=params))
        elif section not in possible:
            problems.append(Problem("explain_section_service", "error", "--section", params={"name": name}))
        else:
            asked.append(section)
    if problems:
        raise InputError(problems)
    return tuple(s for s in possible if s in asked or not asked)


def _plain(name: str) -> str:
    text = name.casefold().replace("_", "-").replace(" ", "-")
    return text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")


def explanation_lines(found: Explanation, lang: Language) -> list[str]:
    """Every section under its heading."""
    lines: list[str] = []
    if found.way is None:
        persons = format_persons(float(found.place["persons"]), lang)
        name = found.place["print_name"]
        if found.row_id:
            service = row_label(found.row_id, found.catalogue, lang)
            lines.append(say("explain.title", lang, place=name, service=service, persons=persons))
        else:
            lines.append(say("explain.title_place", lang, place=name, persons=persons))
    if found.row_id != found.service:
        item = row_label(found.row_id, found.catalogue, lang)
        service = row_label(found.service, found.catalogue, lang)
        lines.append(say("explain.core", lang, item=item, service=service))
    for section in found.sections:
        told = _section(section, found, lang)
        if section == "way":
            lines += told
        else:
            lines += ["", f"── {say(f'explain.heading.{section}', lang)} ──", *told]
    return lines


def _section(section: str, found: Explanation, lang: Language) -> list[str]:
    region, catalogue = found.region, found.catalogue
    if section == "way" and found.way is not None:
        return evidence_lines(found.way, lang)
    if section == "there_and_back" and found.trips is not None and found.network is not None:
        return trips_lines(found.trips, region, found.network, catalogue, lang)
    if section == "quality" and found.quality is not None:
        day = found.day_dates.get("school", "")
        return quality_lines(found.quality, region, catalogue, lang, timetable_date=day)
    if section == "standards" and found.standards is not None:
        return standards_lines(found.standards, catalogue, lang)
    if section == "capacity" and found.capacity is not None:
        return capacity_lines(found.capacity, region, catalogue, lang)
    if section == "daviplan" and found.daviplan is not None:
        return daviplan_lines(found.daviplan, region, lang)
    if section == "position" and found.position is not None:
        return position_lines(found.position, catalogue, int(region.places["in_study"].sum()), lang)
    if section == "transport" and found.transport is not None:
        return transport_lines(found.transport, found.day_dates, lang)
    if section == "no_car" and found.no_car is not None:
        people = people_line(region, str(found.place["place_id"]), lang)
        return [people, *car_lines(found.no_car, catalogue, lang)]
    if found.forecast is not None:
        people = people_line(region, str(found.place["place_id"]), lang)
        return [people, *forecast_lines(found.forecast, region, catalogue, lang)]
    return [say("explain.forecast_none", lang)] + [
        say(f"problem.{p.code}", lang, **p.params) for p in found.forecast_reason
    ]
