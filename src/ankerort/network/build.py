"""From a region to its network: ways per mode and the public transport of one day."""

from __future__ import annotations

from collections.abc import Mapping

from ankerort.base.problems import Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.network.build_ways import build_ways
from ankerort.network.model import DayTimetable, DayType, Network, StopMatrix, Timetable
from ankerort.network.timetable import build_timetables, read_stop_matrix
from ankerort.region.model import Region
from ankerort.region.settings import RegionSettings


def build_network(region: Region, catalogue: Catalogue, *, progress: Progress = SILENT) -> Network:
    """Streets (or straight lines where there is no extract), the default service day and one day of each type.

    Raises
    ------
    InputError
        With all problems of the timetables, if any is an error.
    """
    problems = Problems()
    timetable, matrix, day_types = read_timetables(
        region.settings, catalogue, problems, region=region, progress=progress
    )
    problems.raise_errors()
    foot, bike, car = build_ways(region, catalogue=catalogue)
    return Network(foot, bike, car, timetable, matrix, problems.sorted(), day_types)


def read_timetable(
    settings: RegionSettings,
    catalogue: Catalogue,
    problems: Problems,
    *,
    region: Region | None = None,
    progress: Progress = SILENT,
) -> tuple[Timetable | None, StopMatrix | None]:
    """The timetable of the chosen day, or the stop matrix, or neither: `read_timetables` without the day types."""
    timetable, matrix, _ = read_timetables(settings, catalogue, problems, region=region, progress=progress)
    return timetable, matrix


def read_timetables(
    settings: RegionSettings,
    catalogue: Catalogue,
    problems: Problems,
    *,
    region: Region | None = None,
    progress: Progress = SILENT,
) -> tuple[Timetable | None, StopMatrix | None, Mapping[DayType, DayTimetable]]:
    """The timetable of the chosen day, or the stop matrix, or neither, and the day types; problems are collected.

    Parameters
    ----------
    region
        With a region, stops far outside its cells are told as problems.
    """
    day_types: Mapping[DayType, DayTimetable] = {}
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
        days = build_timetables(
            feeds,
            day=settings.day,
            land=settings.land or "ST",
            catalogue=catalogue,
            crs=settings.crs,
            problems=problems,
            bbox=bbox,
            progress=progress,
        )
        timetable, day_types = days.timetable, days.day_types
    elif matrices:
        matrix = read_stop_matrix(matrices[0], crs=settings.crs, catalogue=catalogue, problems=problems)
    return timetable, matrix, day_types
