"""Applying: a resolved scenario gives another world and says what it touched."""

from __future__ import annotations

from dataclasses import replace

from ankerort.network.build_ways import build_ways
from ankerort.scenario.edits import SOURCE_ID, AppendRow, SetCapacity, scenario_source
from ankerort.scenario.resolve import ResolvedScenario
from ankerort.scenario.world import Touched, World


def apply_scenario(world: World, resolved: ResolvedScenario) -> tuple[World, Touched]:
    """Apply all changes in order.

    Parameters
    ----------
    world
        The world that the scenario was resolved for.
    resolved
        From `resolve`.

    Returns
    -------
    tuple
        The new world and what was touched. Tables, catalogue and network parts that no change names are the same objects as
        before. The ways are built once, after the last change, if a change touched streets.
    """
    now = world
    edits = [edit for one in resolved.changes for edit in one.edits]
    adds = any(isinstance(e, AppendRow | SetCapacity) for e in edits)
    if adds and not (now.region.sources["source_id"] == SOURCE_ID).any():
        now = scenario_source(resolved.scenario.name).apply(now)
    for edit in edits:
        now = edit.apply(now)
    touched = resolved.touched
    if touched.streets:
        foot, bike, car = build_ways(now.region, catalogue=now.catalogue)
        now = replace(now, network=replace(now.network, foot=foot, bike=bike, car=car))
    return now, touched
