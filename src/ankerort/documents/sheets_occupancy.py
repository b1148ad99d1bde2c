"""The sheet on how full Kitas and schools are, as their own lists say: places by licence, and who takes them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.text import Language, say
from ankerort.text.numbers import format_date

SHARES = ("occupancy_share",)
WHOLE = ("occupancy_places", "occupancy_taken")
_GRADE = "grade_"
# Order of the groups of one house; grades follow by their number, the total stands last.
_GROUPS = ("under_3", "from_3", "after_school")
_LAST = 99


def occupancy(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per facility of the study area, year and group; without rows of lists that are not public.

    Parameters
    ----------
    assessment
        Its region as documents may see it (`ankerort.documents.public.public_assessment`).
    lang
        Language of groups and dates.
    """
    region = assessment.region
    records = region.facilities.set_index("facility_id")
    table = region.occupancy
    here = table["facility_id"].map(records["in_study"]).fillna(False).astype(bool)
    rows = table[here].reset_index(drop=True)
    key = rows["facility_id"]
    places = region.places.set_index("place_id")["print_name"]
    sources = region.sources.set_index("source_id")
    taken, licensed = rows["occupied"].to_numpy(float), rows["places"].to_numpy(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(licensed > 0, taken / licensed, np.nan)
    out = pd.DataFrame(
        {
            "service": key.map(records["service"]).map(lambda s: row_label(s, assessment.catalogue, lang)),
            "name": key.map(records["name"]).fillna(""),
            "place": key.map(records["place_id"]).map(places).fillna(""),
            "municipality": key.map(records["ags"]).map(region.municipalities.set_index("ags")["name"]).fillna(""),
            "occupancy_period": rows["period"].where(rows["period"] != "", rows["year"].map(_year)),
            "occupancy_group": rows["group"].map(lambda g: group_name(str(g), lang)),
            "occupancy_places": licensed,
            "occupancy_taken": taken,
            "occupancy_share": share,
            "source": rows["source_id"].map(sources["title"]).fillna(rows["source_id"]),
            "source_ref": rows["source_ref"],
            "source_date": rows["source_id"].map(sources["date"]).map(lambda d: format_date(d, lang) if d else ""),
            "facility_id": key,
            "_year": rows["year"],
            "_order": rows["group"].map(_order),
        }
    )
    order = ["service", "municipality", "place", "name", "facility_id", "_year", "occupancy_period", "_order"]
    out = out.sort_values(order, kind="stable").reset_index(drop=True)
    return out.drop(columns=["_year", "_order"])


def group_name(group: str, lang: Language) -> str:
    """A group of children or pupils in words: ``unter 3 Jahren (U3)``, ``Klasse 4``."""
    if group.startswith(_GRADE):
        return say("occupancy.grade", lang, grade=int(group.removeprefix(_GRADE)))
    return say(f"occupancy.{group}", lang)


def _order(group: str) -> int:
    if group.startswith(_GRADE):
        return len(_GROUPS) + int(group.removeprefix(_GRADE))
    return _GROUPS.index(group) if group in _GROUPS else _LAST


def _year(year: int) -> str:
    return str(year) if year else ""
