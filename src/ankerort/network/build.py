"""From a region to its network: ways per mode and the public transport of one day."""

from __future__ import annotations

from ankerort.base.problems import Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.network.build_ways import build_ways
from ankerort.network.model import Network, StopMatrix, Timetable
from ankerort.network.timetable import build_timetable, read_stop_matrix
from ankerort.region.model import Region
from ankerort.region.settings import RegionSettings


def build_network(region: Region, catalogue: Catalogue, *, progress: Progress = SILENT) -> Network:
    """Streets (or straight lines where there is no extract) and one service day.

    Raises
    ------
    InputError
        With all problems of the timetables, if any is an error.
    """
    problems = Problems()
    timetable, matrix = read_timetable(region.settings, catalogue, problems, region=region, progress=progress)
    problems.raise_errors()
    foot, bike, car = build_ways(region, catalogue=catalogue)
    return Network(foot, bike, car, timetable, matrix, problems.sorted())


def read_timetable(
    settings: RegionSettings,
    catalogue: Catalogue,
    problems: Problems,
    *,
    region: Region | None = None,
    progress: Progress = SILENT,
) -> tuple[Timetable | None, StopMatrix | None]:
    """The timetable of the chosen day, or the stop matrix, or neither; problems are collected.

    Parameters
    ----------
    region
        With a region, stops far outside its cells are told as problems.
    """
    feeds = settings.inputs_of("gtfs")
    matrices = settings.inputs_of("stop_matrix")
    timetable: Timetable | None = None
    matrix: StopMatrix | None = None
    bbox = None
    if region is not None and len(region.cells):
        cells = region.cells
        bbox = (
            float(cells["lon"].min()),
            float(cells["lat"].min()),
            float(cells["lon"].max()),
            float(cells["lat"].max()),
        )
    if feeds:
        timetable = build_timetable(
            feeds,
            day=settings.day,
            land=settings.land or "ST",
            catalogue=catalogue,
            crs=settings.crs,
            problems=problems,
            bbox=bbox,
            progress=progress,
        )
    elif matrices:
        matrix = read_stop_matrix(matrices[0], crs=settings.crs, catalogue=catalogue, problems=problems)
    return timetable, matrix
