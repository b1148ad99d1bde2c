"""Answers for all places of a municipality make absence known there, as a complete list does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ankerort.reach.compute import compute_reach
from ankerort.region.schema_inquiry import CONFIRMATIONS
from ankerort.supply.recording import Knowledge, assess_recording
from worlds import tiny_region as world


def _told(place: str, ags: str, number: int, state: str = "in_force") -> dict[str, object]:
    return {
        **dict.fromkeys(CONFIRMATIONS.names, ""),
        "lon": 0.0, "lat": 0.0, "row": 1, "confirmation_id": str(number), "subject": "facilities", "service": "butcher",
        "place_id": place, "ags": ags, "verdict": "correct", "new_value": "open", "state": state,
    }  # fmt: skip


def _knowledge(*rows: dict[str, object]) -> Knowledge:
    region = replace(world.region(), confirmations=CONFIRMATIONS.conform(pd.DataFrame(rows)))
    catalogue = world.catalogue()
    return assess_recording(region, compute_reach(region, world.network(), catalogue, threads=1), catalogue)


def test_one_municipality_then_all() -> None:
    """Adorf and Bdorf answered: their four cells are known. Cstadt too: everybody of the study area, so the service is recorded.
    One of the answers contradicted: nothing is known."""
    one = (_told(world.A, "15001000", 1), _told(world.B, "15001000", 2))
    knowledge = _knowledge(*one)
    assert np.flatnonzero(knowledge.absence_known["butcher"]).tolist() == [0, 1, 2, 3]
    row = knowledge.recording.set_index("service").loc["butcher"]
    assert row["absence"] == "unknown"
    knowledge = _knowledge(*one, _told(world.C, "15002000", 3))
    row = knowledge.recording.set_index("service").loc["butcher"]
    assert (row["absence"], row["reason"]) == ("missing", "confirmed_complete")
    knowledge = _knowledge(one[0], _told(world.B, "15001000", 2, "contradicted"))
    assert not knowledge.absence_known["butcher"].any()
