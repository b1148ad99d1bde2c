"""The table of inequality, declared once."""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

EQUITY = Schema(
    "equity",
    (
        Column("measure", "str", "minutes, or the name of an access score"),
        Column("service", "str", "service"),
        Column("mode", "str", "foot, bike, car, pt, pt_demand"),
        Column("group", "str", "group of the catalogue"),
        Column("level", "str", "association, district, study"),
        Column("area_id", "str", "as in area_service"),
        Column("persons", "float64", "persons of the group", "persons"),
        Column("known_share", "float64", "share of them with a known value; all figures are of these", "share"),
        Column(
            "sure_share",
            "float64",
            "of the known, share whose minutes no facility that is not recorded could shorten; NaN = not minutes",
            "share",
        ),
        Column("municipalities", "int64", "municipalities with a known value"),
        Column("mean", "float64", "mean value, minutes if the measure is minutes"),
        Column("gini", "float64", "0 = all have the same, towards 1 = one has all"),
        Column(
            "palma", "float64", "share of the highest 10 % of the persons / of the lowest 40 %; 0.25 = all the same"
        ),
        Column("theil", "float64", "Theil index, 0 = all have the same"),
        Column("theil_between", "float64", "its part between municipalities"),
        Column("theil_within", "float64", "its part inside municipalities"),
        Column("between_share", "float64", "theil_between / theil: what no municipality can level alone", "share"),
        Column("atkinson", "float64", "Atkinson index with equity.atkinson_epsilon, 0 = all have the same"),
        Column("reason", "str", "why there is no figure: nobody, few_known, all_zero; empty = there is one"),
    ),
    key=("measure", "service", "mode", "group", "level", "area_id"),
)
