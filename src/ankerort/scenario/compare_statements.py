"""Statements on standards that turn from yes to no, or from no to yes."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ankerort.scenario.schema import COMPARISON_STATEMENTS
from ankerort.scenario.world import Answer
from ankerort.supply.parts import nearest_for_the_old
from ankerort.supply.standards import service_statements

_KEY = ["set_id", "item", "mode", "group", "level", "area_id"]


def compare_statements(services: Sequence[str], base: Answer, other: Answer) -> pd.DataFrame:
    """COMPARISON_STATEMENTS rows of the statements that differ between two answers, for all sets of standards."""
    if not services:
        return COMPARISON_STATEMENTS.empty()
    sides = [_statements(answer, services) for answer in (base, other)]
    joined = sides[0].merge(sides[1], on=_KEY, suffixes=("_before", "_after"))
    turned = joined[joined["fulfilled_before"] != joined["fulfilled_after"]]
    if turned.empty:
        return COMPARISON_STATEMENTS.empty()
    return COMPARISON_STATEMENTS.conform(
        turned.rename(
            columns={
                "item": "service",
                "fulfilled_before": "before",
                "fulfilled_after": "after",
                "short_low_before": "short_before",
                "short_low_after": "short_after",
            }
        )
    )


def _statements(answer: Answer, services: Sequence[str]) -> pd.DataFrame:
    world, parts = answer.world, answer.parts
    reach = answer.reach_of(services)
    old = nearest_for_the_old(world.region, reach, services)
    edge_m = parts.knowledge().edge_m
    made = [
        service_statements(s, parts.status(s), world.region, reach, world.catalogue, edge_m[s], parts.areas, old)
        for s in services
    ]
    columns = [*_KEY, "fulfilled", "short_low"]
    rows = pd.concat([m[columns] for m in made if len(m)] or [pd.DataFrame(columns=columns)], ignore_index=True)
    return rows.astype(dict.fromkeys((*_KEY, "fulfilled"), "str"))
