"""What stands behind the statements on standards of one place: each set's limit with its source, and the numbers."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ankerort.catalogue.model import Catalogue, SetStandard
from ankerort.catalogue.standard_sets import find_set
from ankerort.supply.depth import Depth
from ankerort.supply.status import STANDARD_MODE


@dataclass(frozen=True)
class StatementEvidence:
    """One row of STANDARD_STATEMENT and the row of the set behind it; None where several limits are joined (without, with a car)."""

    set_id: str
    row: pd.Series
    standard: SetStandard | None


def explain_standards(
    catalogue: Catalogue, depth: Depth, *, place_id: str, service: str, group: str = "all"
) -> tuple[StatementEvidence, ...]:
    """All statements of all sets on one service in one place, in the order of the sets; empty where no set names the service."""
    table = depth.standard_statement
    if not len(table):
        return ()
    mine = table[
        (table["level"] == "place")
        & (table["area_id"] == place_id)
        & (table["item"] == service)
        & (table["group"] == group)
    ]
    found: list[StatementEvidence] = []
    for set_id in catalogue.standard_sets:
        rows = mine[mine["set_id"] == set_id]
        if not len(rows):
            continue
        limits = {r.mode: r for r in find_set(catalogue, set_id).rows if r.item == service}
        for _, row in rows.iterrows():
            mode = next((str(of) for known, of in STANDARD_MODE.items() if known == row["mode"]), "")
            found.append(StatementEvidence(set_id, row, next((r for m, r in limits.items() if m == mode), None)))
    return tuple(found)
