"""Writes what the municipalities filled in as the facility workbook, with the template's own writer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ankerort.catalogue.model import Catalogue
from ankerort.region.template import write_facilities_to_template
from ankerort.sample.world import Row
from ankerort.text import Language


def write_facilities(
    lists: Mapping[str, tuple[Row, ...]],
    path: Path,
    *,
    catalogue: Catalogue,
    lang: Language = "de",
    places: pd.DataFrame | None = None,
) -> None:
    """Write the rows of a world's `lists` (facilities, absences, mobile_visits, buildings) to `path` (``.xlsx``).

    Parameters
    ----------
    lists
        Rows by table name; their keys are columns of the template.
    path
        Workbook to write.
    catalogue
        Names the services.
    lang
        Language of sheets and heads.
    places
        Optional places (name, ags) that the template offers.
    """
    frames = {table: pd.DataFrame(list(rows)) if rows else None for table, rows in lists.items()}
    write_facilities_to_template(
        path,
        catalogue=catalogue,
        lang=lang,
        facilities=frames.get("facilities"),
        absences=frames.get("absences"),
        mobile_visits=frames.get("mobile_visits"),
        buildings=frames.get("buildings"),
        places=places,
    )
