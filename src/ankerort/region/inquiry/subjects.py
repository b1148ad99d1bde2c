"""Tells apart what bears the same id in answers of different times: a list without ids numbers its rows anew when one is added."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ankerort.region.inquiry.find_subject import metres
from ankerort.region.name_similarity import name_similarity_of, name_words


def separate_subjects(ledger: pd.DataFrame, *, distance_m: float, similar_from: float) -> pd.DataFrame:
    """The ledger, with a mark behind the id of a facility that is another one than the newest answer under that id.

    Two answers under one id are about one facility if their names are alike, or one has no name, or it stood within `distance_m`
    (a name may be corrected), or a position is not known. The mark (``#1``, ``#2``) keeps them apart when answers are weighed; the facility itself
    is found again by name and position.

    Parameters
    ----------
    ledger
        CONFIRMATIONS.
    distance_m
        Within it a facility stands where it stood.
    similar_from
        Share from which two names are alike.
    """
    rows = ledger[(ledger["subject"] == "facilities") & (ledger["subject_id"] != "")]
    several = rows["subject_id"].map(rows.groupby("subject_id")["subject_name"].nunique()).astype("int64") > 1
    if not several.any():
        return ledger
    out = ledger["subject_id"].copy()
    for subject_id, mine in rows[several].groupby("subject_id", sort=True):
        mine = mine.sort_values(["confirmed_on", "confirmation_id"], ascending=[False, True], kind="stable")
        groups: list[list[int]] = []
        for index in mine.index:
            row = mine.loc[index]
            own = next((g for g in groups if any(_same(row, mine.loc[k], distance_m, similar_from) for k in g)), None)
            if own is None:
                groups.append([index])
            else:
                own.append(index)
        for number, group in enumerate(groups):
            if number:
                out.loc[group] = f"{subject_id}#{number}"
    return ledger.assign(subject_id=out.astype("str"))


def _same(one: pd.Series, other: pd.Series, distance_m: float, similar_from: float) -> bool:
    words, others = name_words(str(one["subject_name"])), name_words(str(other["subject_name"]))
    if not words or not others or name_similarity_of(words, others) >= similar_from:
        return True
    lon, lat = float(one["lon"]), float(one["lat"])
    if math.isnan(lon + lat + float(other["lon"]) + float(other["lat"])):
        return True
    there = pd.Series([float(other["lon"])]), pd.Series([float(other["lat"])])
    return bool(np.all(metres(*there, lon, lat) <= distance_m))
