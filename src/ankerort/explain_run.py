"""The evidence behind the figures of one place, from a project folder."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ankerort.base.problems import InputError, Problem
from ankerort.base.progress import SILENT, Progress
from ankerort.documents.evidence import TracedFigure
from ankerort.documents.explanation import Explanation, section_ids
from ankerort.stages import TREND, Stages, check_variant
from ankerort.supply.areas import ALWAYS
from ankerort.supply.explain import explain, find_place, find_services
from ankerort.supply.explain_capacity import explain_capacity, explain_daviplan
from ankerort.supply.explain_people import explain_car, explain_forecast
from ankerort.supply.explain_position import explain_position, explain_transport
from ankerort.supply.explain_quality import explain_quality
from ankerort.supply.explain_standards import explain_standards
from ankerort.supply.explain_trips import explain_trips


def explain_place(
    folder: Path,
    *,
    place: str,
    service: str = "",
    group: str = "all",
    sections: Collection[str] = (),
    year: int | None = None,
    variant: str = TREND,
    threads: int = 0,
    progress: Progress = SILENT,
) -> Explanation:
    """The evidence behind the figures of one place; computes what is not there yet, and only what is asked for.

    Parameters
    ----------
    folder
        Project folder.
    place
        Printed name or id of a place of the study area.
    service
        Id of a service, or ``core:<id>`` of a core function: there and back then tells the best of its services, the other sections the
        service of the nearest facility. Empty = only what is told of the place itself.
    group
        all, 65_plus or 75_plus: whose round trips and statements are told.
    sections
        German or English names; none = all.
    year, variant
        People of a year and a variant of the forecast; None = those of the region as read.

    Raises
    ------
    InputError
        With the problems of the inputs, or if there is no such place, service, section, year or variant.
    """
    wanted = section_ids(sections, with_service=bool(service))
    check_variant(year, variant)
    stages = Stages(folder, threads, progress, year=year, variant=variant)
    catalogue = stages.catalogue
    services = find_services(service, catalogue) if service else ()
    if group not in ALWAYS:
        known = ", ".join(ALWAYS)
        raise InputError([Problem("explain_group_unknown", "error", "--group", params={"name": group, "known": known})])
    region = stages.people()
    row = find_place(region, place)
    place_id = str(row["place_id"])
    lead = _lead_service(stages, place_id, service, services) if service else ""
    days = {d.day_type: d.date for d in stages.pt_facts().days}
    found = Explanation(region, catalogue, row, wanted, service, lead, day_dates=days)
    if "way" in wanted:
        traced = explain(
            region, stages.network(), stages.reach(), stages.supply(), catalogue, place=place_id, service=lead
        )
        found = replace(found, way=TracedFigure(traced, region, stages.network(), catalogue))
    if "there_and_back" in wanted:
        trips = explain_trips(
            region,
            stages.network(),
            stages.reach(),
            catalogue,
            stages.depth().there_and_back,
            place_id=place_id,
            row_id=service,
            services=services,
            group=group,
        )
        found = replace(found, trips=trips, network=stages.network())
    return _of_place(stages, _of_service(stages, found, place_id, group), place_id)


def _of_service(stages: Stages, found: Explanation, place_id: str, group: str) -> Explanation:
    region, catalogue, service = found.region, found.catalogue, found.service
    if "quality" in found.sections:
        quality = explain_quality(region, catalogue, stages.depth(), place_id=place_id, service=service)
        found = replace(found, quality=quality)
    if "standards" in found.sections:
        standards = explain_standards(catalogue, stages.depth(), place_id=place_id, service=service, group=group)
        found = replace(found, standards=standards)
    if "capacity" in found.sections:
        capacity = explain_capacity(
            region, stages.reach(), catalogue, stages.depth(), place_id=place_id, service=service
        )
        found = replace(found, capacity=capacity)
    if "daviplan" in found.sections:
        indicators = explain_daviplan(region, stages.reach(), stages.depth(), place_id=place_id, service=service)
        found = replace(found, daviplan=indicators)
    return found


def _of_place(stages: Stages, found: Explanation, place_id: str) -> Explanation:
    region, catalogue = found.region, found.catalogue
    if "position" in found.sections:
        position = explain_position(region, stages.reach(), catalogue, stages.depth(), place_id=place_id)
        found = replace(found, position=position)
    if "transport" in found.sections:
        days = explain_transport(region, stages.depth(), place_id=place_id)
        found = replace(found, transport=days)
    if "no_car" in found.sections:
        found = replace(found, no_car=explain_car(region, catalogue, place_id=place_id))
    if "forecast" in found.sections:
        forecast = stages.forecast()
        told = None if forecast is None else explain_forecast(region, forecast, place_id=place_id)
        found = replace(found, forecast=told, forecast_reason=stages.forecast_problems if forecast is None else ())
    return found


def _lead_service(stages: Stages, place_id: str, row_id: str, services: tuple[str, ...]) -> str:
    """The service of the nearest facility, where a core function is asked for; the first one without any."""
    if len(services) == 1:
        return services[0]
    table: pd.DataFrame = stages.supply().place_service
    row = table[(table["place_id"] == place_id) & (table["service"] == row_id)].iloc[0]
    facilities = stages.region().facilities
    of = facilities.loc[facilities["facility_id"] == row["nearest_facility_id"], "service"]
    return str(of.iloc[0]) if len(of) and of.iloc[0] in services else services[0]
