"""Resolves the population of another year."""

from __future__ import annotations

from dataclasses import fields

from ankerort.region.model import Region
from ankerort.scenario.changes import UsePopulation
from ankerort.scenario.edits import Edit, UseRegion
from ankerort.scenario.lookup import Draft
from ankerort.scenario.world import Touched


def use_population(draft: Draft, change: UsePopulation) -> tuple[Edit, ...] | None:
    """The tables that hold persons, as the projection gives them for the year and the variant; once per scenario."""
    projection = draft.world.projection
    if projection is None:
        draft.report("scenario_no_projection", "year")
        return None
    good = True
    if any(isinstance(one, UsePopulation) for one in draft.earlier):
        draft.report("scenario_population_twice", "year")
        good = False
    if change.variant not in projection.variants:
        near = ", ".join(projection.variants)
        draft.report("scenario_variant_unknown", "variant", variant=change.variant, near=near)
        good = False
    if not projection.first_year <= change.year <= projection.last_year:
        first, last = str(projection.first_year), str(projection.last_year)
        draft.report("scenario_year_outside", "year", year=str(change.year), first=first, last=last)
        good = False
    if not good:
        return None
    region = draft.world.region
    other = projection.region_in_year(region, change.year, change.variant)
    tables = {
        f.name: getattr(other, f.name)
        for f in fields(Region)
        if f.name != "problems" and getattr(other, f.name) is not getattr(region, f.name)
    }
    return (UseRegion(tables, Touched(population=True), change.year),)
