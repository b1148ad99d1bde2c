"""Populations over which a plan is tried: those of all variants of the forecast, each a problem prepared anew."""

from __future__ import annotations

from ankerort.anchors.build import prepare
from ankerort.anchors.place_travel import PlaceTravel
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.rooms import price_of, shared_hours
from ankerort.base.problems import InputError
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.demography import variants_by_id
from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import Reach
from ankerort.region.forecast import forecast_population, region_in_year
from ankerort.region.model import Region
from ankerort.supply.parts import assess_status


def population_label(request: AnchorRequest) -> str:
    """Label of the people that a plan is made for: year and variant; empty = those of the region."""
    return "" if request.year is None else f"{request.year} {request.variant}"


def other_populations(
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    request: AnchorRequest,
    travel: PlaceTravel,
    *,
    threads: int = 0,
    progress: Progress = SILENT,
) -> list[tuple[str, Prepared]]:
    """The same question for the people of all variants of the forecast, in the year of the request.

    Parameters
    ----------
    region
        With its people as read, not those of another year.
    reach, catalogue
        Travel times and records of the region.
    request
        The question; without a year that of figure ``anchors.robust_year`` is taken.
    travel
        Ways to places, as made for the plan: people of another year have the same ones.
    threads
        Worker threads, 0 = one per core.
    progress
        Listener.

    Returns
    -------
    list of (str, Prepared)
        Label and problem, in order of the variants, without the one that the request is about. Empty where the people by age are not
        known, so that there is no forecast.
    """
    year = request.year or int(catalogue.value("anchors.robust_year"))
    variants = tuple(variants_by_id(catalogue.forecast_variants))
    try:
        forecast = forecast_population(region, catalogue, years=[year], variants=variants)
    except InputError:
        return []
    others = [v for v in variants if (request.year, request.variant) != (year, v)]
    found = []
    with progress.task("progress.anchors_populations", len(others)) as task:
        for variant in others:
            then = region_in_year(region, forecast, year, variant)
            prepared = prepare(
                then,
                None,
                reach,
                assess_status(then, reach, catalogue),
                catalogue,
                request,
                pricing=price_of(then, catalogue),
                room_hours_week=shared_hours(catalogue),
                travel=travel,
                threads=threads,
            )
            found.append((f"{year} {variant}", prepared))
            task.advance()
    return found
