"""The table of what to ask the municipalities, ranked by how many people's result depends on the answer."""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

QUESTIONS = Schema(
    "questions",
    (
        Column("place_id", "str", "place of the study area"),
        Column("service", "str", "service"),
        Column("facility_id", "str", "open facility in the place; empty = nothing is listed there"),
        Column(
            "kind",
            "str",
            "unknown (nobody knows), probable (only weak evidence), believed (facility as listed), absent (believed none)",
        ),
        Column("persons", "float64", "persons of the service's group whose result depends on the answer", "persons"),
        Column("confirmed", "bool", "an office has confirmed it already"),
        Column("core", "bool", "belongs to the council's core functions"),
        Column("asked", "bool", "stands in the inquiry: listed, or expected in a place of this size"),
        Column("rank", "int64", "1 = ask first, over the whole study area"),
        Column(
            "reason",
            "str",
            "why the persons depend on it: status_unknown, only_one_near, weak_evidence, none_near, nobody, no_standard",
        ),
    ),
    key=("place_id", "service", "facility_id"),
)
