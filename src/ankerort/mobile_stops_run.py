"""The stops that Ankerort finds for a project folder, as a table that planners correct."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ankerort.base.files import keep_old
from ankerort.base.problems import Problem, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.resolve_request import AskedMobile, resolve_request
from ankerort.mobile.stops import candidate_stops
from ankerort.region.areas import area_cells
from ankerort.region.read_mobile_stops import STEM, read_mobile_stops, stops_file
from ankerort.region.schema_mobile import STOP_TABLE
from ankerort.region.stop_table_template import write_stop_table
from ankerort.stages import Stages
from ankerort.text import Language

PROPOSAL = f"{STEM}-vorschlag.xlsx"


@dataclass(frozen=True)
class FoundStops:
    """The table that was written.

    Parameters
    ----------
    path
        Where it stands.
    kept
        The former file of that name; None if there was none.
    stops
        STOPS that take part.
    problems
        Of the planner's own table, of the map, and what the choice left out.
    """

    path: Path
    kept: Path | None
    stops: pd.DataFrame
    problems: tuple[Problem, ...]


def write_found_stops(
    folder: Path,
    *,
    area: tuple[str, ...] = (),
    out: Path | None = None,
    lang: Language = "de",
    threads: int = 0,
    progress: Progress = SILENT,
) -> FoundStops:
    """Write the candidate stops of an area as a table to be corrected.

    Parameters
    ----------
    folder
        Project folder.
    area
        Municipalities, associations or places, names as printed or keys; empty = the whole study area.
    out
        Workbook to write. None = ``haltepunkte.xlsx`` in the project folder, or ``haltepunkte-vorschlag.xlsx`` where the planner has a
        table already: that one is never touched. A former file of the name is kept as ``.alt-N``.
    lang
        Language of heads and words.

    Raises
    ------
    InputError
        If the region cannot be used, or the area is not known.
    """
    stages = Stages(folder, threads, progress)
    region, catalogue = stages.region(), stages.catalogue
    request = _request(area, stages)
    problems = Problems()
    table = read_mobile_stops(stages.folder, region, catalogue, problems)
    spots = stages.spots()
    problems.extend(stages.spot_problems)
    problems.raise_errors()
    stops, told = candidate_stops(
        region,
        catalogue,
        spots=spots,
        table=table,
        area_cells=np.asarray(area_cells(region, request.area), np.int32),
        request=request,
        network=stages.network(),
        threads=threads,
    )
    problems.extend(told)
    ruled_out = table[~table["allowed"].to_numpy(bool)]
    columns = [c for c in STOP_TABLE.names if c in stops.columns]
    listed = pd.concat([stops[columns].assign(allowed=True), ruled_out], ignore_index=True)
    path = out or stages.folder / (PROPOSAL if stops_file(stages.folder) else f"{STEM}.xlsx")
    kept = keep_old(path)
    write_stop_table(path, places=region.places, stops=STOP_TABLE.conform(listed), lang=lang)
    return FoundStops(path, kept, stops, problems.sorted())


def _request(area: tuple[str, ...], stages: Stages) -> MobileRequest:
    """A question for any service: only its area and its walk matter here."""
    service = next(iter(stages.catalogue.mobile.services))
    asked = AskedMobile(services=(service,), vehicles=1, area=area)
    return resolve_request(asked, stages.region(), stages.catalogue)
