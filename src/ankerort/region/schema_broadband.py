"""The table of broadband, declared once."""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

BROADBAND = Schema(
    "broadband",
    (
        Column("ags", "str", "municipality key"),
        Column("place_id", "str", "place that the figure is of; empty = the whole municipality"),
        Column("class_mbit", "float64", "download rate that is reached at least; 0 = whatever the rate", "Mbit/s"),
        Column("technology", "str", "any, fibre (to the building or home), cable, copper, wireless"),
        Column(
            "share_low",
            "float64",
            "share of the households, lower bound, 0 to 1; NaN = the source tells the class only",
        ),
        Column("share_high", "float64", "upper bound; parts of a place that the source does not know widen the bounds"),
        Column("date", "date", "day that the figures hold for, empty = not given"),
        Column("rule", "str", "place, municipality (as the source gives it), cells (weighted from its grid cells)"),
        Column("source_id", "str", "source"),
        Column("source_ref", "str", "sheet and row; of cells their number"),
    ),
    key=("ags", "place_id", "class_mbit", "technology"),
)
