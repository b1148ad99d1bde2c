"""Sheets on central position: what each place holds, and who reaches its centre."""

from __future__ import annotations

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.tables import rounded, study_places
from ankerort.text import Language, say
from ankerort.text.numbers import format_date


def centrality(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per place: endowment, Davies' index, surplus, designation."""
    rows = _in_order(assessment, assessment.depth.centrality)
    return pd.DataFrame(
        {
            "place": rows["print_name"],
            "municipality": rows["municipality"],
            "persons": rounded(rows["persons"]),
            "tier": [say(f"tier.{t}", lang) if t else "" for t in rows["tier"]],
            "plan": rows["plan"],
            "plan_date": [format_date(d, lang) for d in rows["plan_date"]],
            "functions": rows["functions"],
            "functions_probable": rows["functions_probable"],
            "functions_unknown": rows["functions_unknown"],
            "catalogue_size": rows["catalogue_size"],
            "endowment_low": rows["endowment_low"],
            "endowment_high": rows["endowment_high"],
            "davies": rows["davies"].round(1),
            "davies_rank": rows["davies_rank"],
            "surplus": rows["surplus"].round(1),
            "relative": rows["relative"].round(2),
        }
    ).reset_index(drop=True)


def catchments(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per place, mode, minutes and group: who reaches its centre, and how many from other municipalities."""
    table = assessment.depth.place_catchment
    if not len(table):
        return pd.DataFrame()
    rows = _in_order(assessment, table)
    return pd.DataFrame(
        {
            "place": rows["print_name"],
            "municipality": rows["municipality"],
            "mode": [say(f"position.mode.{m}", lang) for m in rows["mode"]],
            "minutes": rows["minutes"],
            "group": [say(f"position.group.{g}", lang) for g in rows["group"]],
            "persons_low": rounded(rows["persons_low"]),
            "persons_high": rounded(rows["persons_high"]),
            "from_others_share": rows["from_others_share"],
        }
    ).reset_index(drop=True)


def _in_order(assessment: Assessment, table: pd.DataFrame) -> pd.DataFrame:
    """The rows with name and municipality, places in reading order."""
    places = study_places(assessment)[["place_id", "print_name", "municipality"]]
    return places.merge(table, on="place_id", how="inner", sort=False, validate="one_to_many")
