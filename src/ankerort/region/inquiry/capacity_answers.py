"""What an office says of a capacity goes before the periods of the tables, from the year of the answer on."""

from __future__ import annotations

import math

import pandas as pd

from ankerort.base.problems import Problems
from ankerort.region.inquiry.ledger import ADDED_SOURCE, LEDGER_FILE
from ankerort.region.inquiry.standing import IN_FORCE
from ankerort.region.schema import CAPACITIES


def with_answers(
    capacities: pd.DataFrame, confirmations: pd.DataFrame, facilities: pd.DataFrame, *, problems: Problems
) -> pd.DataFrame:
    """Periods of capacities with the answers in force.

    Where a facility has periods, they end before the year of the answer, and the answer holds from its year on. A facility without periods
    has the answer in its own `capacity` already.

    Parameters
    ----------
    capacities
        CAPACITIES of the tables.
    confirmations
        CONFIRMATIONS with their states and the ids of the facilities of today.
    facilities
        FACILITIES.
    problems
        Collects periods that begin in the year of an answer or later and no longer hold (note): a planned extension may be among them.
    """
    told = confirmations[
        (confirmations["subject"] == "facilities")
        & (confirmations["field"] == "capacity")
        & (confirmations["state"] == IN_FORCE)
        & confirmations["subject_id"].isin(set(capacities["facility_id"]))
    ]
    if not len(told):
        return capacities
    names = dict(zip(facilities["facility_id"], facilities["name"], strict=True))
    out = capacities.reset_index(drop=True)
    newest = (
        told.sort_values(["confirmed_on", "confirmation_id"], kind="stable").groupby("subject_id", sort=True).tail(1)
    )
    for row in newest.sort_values("subject_id").to_dict("records"):
        year = float(str(row["confirmed_on"])[:4])
        own = out["facility_id"] == row["subject_id"]
        begin, end = out["from_year"].fillna(-math.inf), out["to_year"].fillna(math.inf)
        over = own & (begin >= year)
        for period in out[over].to_dict("records"):
            problems.add(
                "ledger_capacity",
                "note",
                LEDGER_FILE,
                name=names.get(row["subject_id"]) or row["subject_name"] or row["subject_id"],
                place=row["place_name"],
                by=row["confirmed_by"],
                on=row["confirmed_on"],
                value=row["new_value"],
                year=f"{period['from_year']:.0f}",
                former=f"{period['capacity']:g}",
            )
        out.loc[own & (begin < year) & (end >= year), "to_year"] = year - 1
        added = {
            "facility_id": row["subject_id"],
            "capacity": float(row["new_value"]),
            "unit": "",
            "from_year": year,
            "to_year": math.nan,
            "source_id": ADDED_SOURCE,
            "source_ref": f"{row['file']}, {row['sheet']}:{row['row']}",
        }
        out = pd.concat([out[~over], pd.DataFrame([added])], ignore_index=True)
    return CAPACITIES.conform(out)
