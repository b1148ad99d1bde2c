"""From reach to supply: the balance of every place."""

from __future__ import annotations

from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.model import Supply
from ankerort.supply.parts import assess_parts


def assess(region: Region, reach: Reach, catalogue: Catalogue, *, progress: Progress = SILENT) -> Supply:
    """How each cell, place, municipality, association and district stands with each service.

    Parameters
    ----------
    region, reach, catalogue
        Frozen inputs of one run.

    Returns
    -------
    Supply
        Tables declared in `ankerort.supply.schema`; only the study area is reported. Unknown is carried as bounds
        (see docs/method/supply.md), never as absence.
    """
    return assess_parts(region, reach, catalogue, progress=progress).supply()
