"""Visits of a mobile plan that a question for anchor places starts from: what comes into the village need not open there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.provision import Variant
from ankerort.network.model import Network
from ankerort.reach.model import Reach
from ankerort.reach.targets import PLACE
from ankerort.region.model import Region
from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.changes import AddVisit
from ankerort.scenario.edits import SOURCE_ID
from ankerort.scenario.resolve import resolve
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.world import World

VISIT = "visit"  # kind of a variant, and evidence of what a scenario brings


@dataclass(frozen=True)
class Coming:
    """A service that comes often enough into a place; `row` is that of ``Region.places``, `variant` the record of such a visit."""

    service: str
    row: int
    variant: Variant


def with_visits(scenario: Scenario, region: Region, network: Network, catalogue: Catalogue) -> Region:
    """The region with the visits of a scenario in its table of visits; everything else is as before.

    Parameters
    ----------
    scenario
        With what it builds on. It may only bring visits: travel times and balance stay those of today.

    Raises
    ------
    InputError
        With every change that is no visit; without visits; or with all that the visits name and the region does not have.
    """
    problems = Problems()
    changes = scenario.all_changes()
    for change, origin in changes:
        if not isinstance(change, AddVisit):
            told = {"change": origin.number, "kind": change.kind}
            problems.add("anchors_with_change", "error", origin.table, row=origin.line, column="kind", **told)
    if not changes:
        problems.add("anchors_with_nothing", "error", scenario.table, name=scenario.name)
    problems.raise_errors()
    world = World(region, network, catalogue)
    return apply_scenario(world, resolve(scenario, world))[0].region


def coming(region: Region, catalogue: Catalogue) -> tuple[Coming, ...]:
    """What the scenario brings at least every ``state.mobile_weeks`` weeks, each service once per place, by service and place.

    Visits of today's data are none of it. A service without a variant of kind ``visit`` has no record of what a visit is worth and does
    not count; of several such variants the one that meets the least of the need is taken.
    """
    variants: dict[str, Variant] = {}
    for one in catalogue.provision.variants.values():
        if one.kind == VISIT and (
            one.service not in variants or one.quality.value < variants[one.service].quality.value
        ):
            variants[one.service] = one
    visits = region.mobile_visits
    often = (visits["rhythm_weeks"] <= catalogue.value("state.mobile_weeks")).to_numpy(bool)
    mine = visits[often & (visits["source_id"] == SOURCE_ID).to_numpy(bool) & visits["service"].isin(list(variants))]
    row_of = {str(p): k for k, p in enumerate(region.places["place_id"])}
    pairs = zip(mine["service"].astype(str), mine["place_id"].astype(str), strict=True)
    found = sorted({(service, row_of[place]) for service, place in pairs if place in row_of})
    return tuple(Coming(service, row, variants[service]) for service, row in found)


def uncounted(region: Region, catalogue: Catalogue) -> tuple[str, ...]:
    """Services that the scenario brings somewhere and that `coming` counts nowhere, by id."""
    counted = {one.service for one in coming(region, catalogue)}
    visits = region.mobile_visits
    return tuple(sorted({str(s) for s in visits.loc[visits["source_id"] == SOURCE_ID, "service"]} - counted))


def visited_rows(
    region: Region, reach: Reach, catalogue: Catalogue, candidates: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Rows of ``Region.places`` with a centre that something comes into and that are no candidates, ascending."""
    targets = reach.targets
    centres = targets.loc[targets["kind"] == PLACE, "row"].to_numpy(np.int64)
    rows = np.array(sorted({one.row for one in coming(region, catalogue)}), np.int64)
    return np.setdiff1d(rows[np.isin(rows, centres)], candidates).astype(np.int32)


def visits_key(region: Region) -> str:
    """What the scenario brings, as a short hash: a plan's proof holds for these visits only; empty without any."""
    visits = region.mobile_visits
    mine = visits[visits["source_id"] == SOURCE_ID]
    if mine.empty:
        return ""
    columns: Sequence[str] = ("service", "place_id", "rhythm_weeks")
    lines = sorted("\t".join(str(v) for v in row) for row in mine[list(columns)].itertuples(index=False))
    return sha256("\n".join(lines).encode()).hexdigest()[:16]
