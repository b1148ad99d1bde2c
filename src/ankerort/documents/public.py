"""What of an assessment may be printed: nothing that only a list says which may not be passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

import pandas as pd

from ankerort.documents.assessment import Assessment
from ankerort.reach.targets import FACILITY
from ankerort.region.model import Region
from ankerort.region.public_view import changed_ids, internal_sources, public_ids, public_problems, public_region
from ankerort.text import Language, say

Tables = TypeVar("Tables")
_IDS = frozenset({"area_id", "row_id", "target_id", "subject_id"})


def public_assessment(assessment: Assessment, lang: Language) -> Assessment:
    """The assessment as documents may see it; the same object where no source is internal.

    Figures stay: counts and travel times follow from all lists. A facility that only a list which is not public knows is
    called ``public.name`` where a table names the nearest, and has no row in tables of facilities. See
    `ankerort.region.public_view`.
    """
    region = assessment.region
    if not internal_sources(region):
        return assessment
    public = public_region(region, label=say("public.name", lang))
    targets = assessment.reach.targets.copy()
    is_facility = (targets["kind"] == FACILITY).to_numpy(bool)
    rows = targets["row"].to_numpy(int)[is_facility]
    for name in ("lon", "lat", "x", "y"):
        targets.loc[is_facility, name] = public.facilities[name].to_numpy(float)[rows]
    return replace(
        assessment,
        region=public,
        reach=replace(assessment.reach, targets=targets),
        supply=public_tables(assessment.supply, region),
        depth=public_tables(assessment.depth, region),
        problems=public_problems(region, assessment.problems),
    )


def public_label_region(region: Region, lang: Language) -> Region:
    """`public_region` with the name that documents print."""
    return public_region(region, label=say("public.name", lang))


def public_tables(tables: Tables, *regions: Region) -> Tables:
    """A dataclass of tables with the ids that documents print; without rows that tell of single facilities of internal lists.

    Parameters
    ----------
    tables
        Dataclass; what is no table stays as it is.
    regions
        The regions, as read, whose facilities the tables name.
    """
    ids = {key: told for region in regions for key, told in public_ids(region).items()}
    left_out = frozenset(key for region in regions for key in changed_ids(region))
    changed: dict[str, Any] = {}
    for field in fields(tables):  # type: ignore[arg-type]
        table = getattr(tables, field.name)
        if isinstance(table, pd.DataFrame):
            changed[field.name] = public_table(table, ids, left_out)
    return replace(tables, **changed)  # type: ignore[type-var]


def public_table(table: pd.DataFrame, ids: Mapping[str, str], left_out: frozenset[str]) -> pd.DataFrame:
    """One table with the ids that documents print; without the rows in `left_out` if its rows are facilities."""
    columns = [c for c in table.columns if "facility" in str(c) or c in _IDS]
    columns = [c for c in columns if not pd.api.types.is_numeric_dtype(table[c].dtype)]
    if not columns or not ids:
        return table
    out = table.copy()
    for column in columns:
        values = out[column]
        if isinstance(values.dtype, pd.CategoricalDtype):
            out[column] = values.cat.rename_categories(lambda key: ids.get(key, key))
        else:
            out[column] = values.map(lambda key: ids.get(key, key)).astype(values.dtype)
    if not _rows_are_facilities(out):
        return out
    secret = out["facility_id" if "facility_id" in out else "area_id"].astype("str").isin(left_out)
    return out[~secret].reset_index(drop=True)


def _rows_are_facilities(table: pd.DataFrame) -> bool:
    if "cell_id" in table or "place_id" in table:
        return False
    return "facility_id" in table or "area_id" in table
