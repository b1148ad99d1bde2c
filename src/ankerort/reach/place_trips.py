"""There and back to the centre of each place of the study area, on the school day."""

from __future__ import annotations

import os

import numpy as np

from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Network
from ankerort.reach.model import Reach, RoundTripColumns
from ankerort.reach.public_transport import pt_rules, pt_walks
from ankerort.reach.round_trips import Visits, round_trip_columns, trip_keys, trip_rules
from ankerort.reach.targets import PLACE
from ankerort.reach.transit import home_access, prepare_transit
from ankerort.region.model import Region

_GROUP = "all"
_LAST_S = 2 * 86_400


def place_round_trips(
    region: Region,
    network: Network,
    reach: Reach,
    catalogue: Catalogue,
    *,
    threads: int = 0,
    progress: Progress = SILENT,
) -> dict[bool, RoundTripColumns]:
    """Round trips of everybody to the place centres, without (False) and with Rufbus (True).

    A centre is open all day, the stay is ``round_trip.place_stay_min``; all else is as for facilities (docs/decisions/0006).

    Returns
    -------
    dict
        Columns in the order of the place targets of `reach`; empty without a school day in the timetables. Without booked trips on the
        day only False is there.
    """
    rows = np.flatnonzero((reach.targets["kind"] == PLACE).to_numpy(bool)).astype(np.int32)
    keys = [k for k in trip_keys(network, (_GROUP,)) if k.day_type == "school"]
    if not keys or not len(rows):
        return {}
    cells = region.cells
    walks = pt_walks(
        network,
        reach.targets,
        rows,
        reach.foot,
        cells["x"].to_numpy(float),
        cells["y"].to_numpy(float),
        catalogue=catalogue,
        groups=(_GROUP,),
    )
    stay_s = round(catalogue.value("round_trip.place_stay_min") * 60)
    visits = Visits(
        ptr=np.arange(len(rows) + 1, dtype=np.int64),
        open_s=np.zeros(len(rows), np.int32),
        close_s=np.full(len(rows), _LAST_S, np.int32),
        stay_s=np.full(len(rows), stay_s, np.int32),
    )
    rules = pt_rules(catalogue, _GROUP)
    access = home_access(walks.home_stops, n_homes=len(cells), rules=rules)
    out: dict[bool, RoundTripColumns] = {}
    with progress.task("progress.place_trips", len(keys)) as task:
        for key in keys:
            day = prepare_transit(
                network.day_types[key.day_type].timetable,
                rules=rules,
                with_demand=key.with_demand,
                stop_walks=walks.stop_walks,
                detour=catalogue.value("detour.foot"),
            )
            out[key.with_demand] = round_trip_columns(
                day,
                access,
                target_stops=walks.target_stops,
                walks=walks.walks,
                visits=visits,
                rules=rules,
                trip=trip_rules(catalogue),
                threads=threads or os.cpu_count() or 1,
            )
            task.advance()
    return out
