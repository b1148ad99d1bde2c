"""What came back from whom: places and core functions answered, offices, days, contradictions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ankerort.base.tables import Column, Schema
from ankerort.catalogue.model import Catalogue
from ankerort.region.inquiry.answered import core_answered, places_asked
from ankerort.region.inquiry.standing import CONTRADICTED, IN_FORCE, SUPERSEDED, WITHOUT_SUBJECT, contradictions
from ankerort.region.model import Region

STATUS = Schema(
    "inquiry_status",
    (
        Column("ags", "str", "municipality key; empty for the sum"),
        Column("municipality", "str", "name"),
        Column("places", "int64", "inhabited places that can be asked about"),
        Column("places_answered", "int64", "of them with at least one answer in force"),
        Column("core_asked", "int64", "core functions times places"),
        Column("core_answered", "int64", "of them answered"),
        Column("core_share", "float64", "answered core questions, each weighted by the inhabitants of its place", "share"),
        Column("answers", "int64", "answers in the ledger, each with all its fields"),
        Column("in_force", "int64", "of them in force"),
        Column("superseded", "int64", "of them superseded by a later one"),
        Column("contradicted", "int64", "of them contradicted"),
        Column("without_subject", "int64", "of them about what the data no longer hold"),
        Column("offices", "str", "offices that answered"),
        Column("newest", "date", "day of the newest answer"),
    ),
    key=("ags",),
)  # fmt: skip
CHANGES = ("confirmed", "changed", "new", "gone", "absent")


def inquiry_status(region: Region, catalogue: Catalogue) -> pd.DataFrame:
    """STATUS of each municipality of the study area, those without any answer first, then by name; all of them (empty `ags`) last."""
    asked = places_asked(region)
    core = core_answered(region, {item.id: item.services for item in catalogue.core})
    persons = asked.set_index("place_id")["persons"].reindex(core.index).to_numpy(float)
    ags_of = asked.set_index("place_id")["ags"].reindex(core.index).to_numpy()
    told = region.confirmations
    municipalities = region.municipalities[region.municipalities["in_study"]]
    silent = ~municipalities["ags"].isin(set(told["ags"]))
    municipalities = municipalities.assign(silent=silent).sort_values(
        ["silent", "name", "ags"], ascending=[False, True, True], kind="stable"
    )
    rows = []
    for ags, name in [*municipalities[["ags", "name"]].itertuples(index=False), ("", "")]:
        mine = np.ones(len(core), bool) if not ags else ags_of == ags
        part = told if not ags else told[told["ags"] == ags]
        rows.append(_row(str(ags), str(name), core[mine], persons[mine], part))
    return STATUS.conform(pd.DataFrame(rows))


def contradiction_rows(region: Region, catalogue: Catalogue) -> list[tuple[pd.Series, pd.Series]]:
    """Pairs of confirmations that contradict each other: what the one says, the other denies."""
    rows = region.confirmations.reset_index(drop=True)
    pairs = contradictions(rows, round_days=catalogue.value("inquiry.round_days"))
    return [(rows.loc[a], rows.loc[b]) for a, b in pairs]


def changes_by_service(region: Region) -> pd.DataFrame:
    """How often the answers in force confirmed, changed, added, closed or denied; by service, most changes first.

    Returns
    -------
    DataFrame
        service (empty for buildings and clubs), and a count for each of `CHANGES`.
    """
    rows = region.confirmations
    heads = rows[(rows["field"] == "") & (rows["state"] == IN_FORCE)]
    kind = heads["verdict"].map({"correct": "confirmed", "wrong": "changed"}).fillna(heads["verdict"])
    counts = pd.crosstab(heads["service"], kind).reindex(columns=list(CHANGES), fill_value=0)
    counts["changes"] = counts[list(CHANGES[1:])].sum(axis=1)
    counts = counts.reset_index().sort_values(["changes", "confirmed", "service"], ascending=[False, False, True])
    return counts.drop(columns="changes").reset_index(drop=True)


def _row(ags: str, name: str, core: pd.DataFrame, persons: np.ndarray, told: pd.DataFrame) -> Mapping[str, object]:
    heads = told[told["field"] == ""]
    states = heads["state"].value_counts()
    weight = persons[:, None] * np.ones((1, core.shape[1]))
    answered = core.to_numpy(bool)
    held = set(told.loc[told["state"] == IN_FORCE, "place_id"])
    return {
        "ags": ags,
        "municipality": name,
        "places": len(core),
        "places_answered": int(core.index.isin(held).sum()),
        "core_asked": int(answered.size),
        "core_answered": int(answered.sum()),
        "core_share": float((weight * answered).sum() / weight.sum()) if weight.sum() > 0 else np.nan,
        "answers": len(heads),
        **{s: int(states.get(s, 0)) for s in (IN_FORCE, SUPERSEDED, CONTRADICTED, WITHOUT_SUBJECT)},
        "offices": ", ".join(sorted(set(told["confirmed_by"]))),
        "newest": str(told["confirmed_on"].max()) if len(told) else "",
    }
