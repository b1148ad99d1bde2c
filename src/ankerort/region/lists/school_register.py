"""The collected school registers of the Länder (JedeSchule): kind and position of each school."""

from __future__ import annotations

import re

import shapely

from ankerort.region.facility_presets import IGNORED
from ankerort.region.lists.common import ListContext, ListResult, first_match, own_service
from ankerort.region.lists.companies import company_or_nothing
from ankerort.region.lists.heads import Fields, ListRow, find_list
from ankerort.region.lists.schools import SERVICE_OF_SCHOOL
from ankerort.region.table_files import RawTable
from ankerort.text import say

# Heads, telephone and mail of the schools are persons' data and not read.
FIELDS: Fields = {
    "id": ("id",),
    "name": ("name",),
    "address": ("address",),
    "postcode": ("zip",),
    "place_name": ("city",),
    "kind": ("school_type",),
    "operator": ("provider",),
    "lat": ("latitude",),
    "lon": ("longitude",),
    "location": ("location",),
}
_NEEDED = (("id",), ("name",), ("kind",), ("lon", "location"))
_HEX = re.compile(r"[0-9A-Fa-f]{42,}")


def read_school_register(grid: RawTable, context: ListContext) -> ListResult | None:
    """Rows of the register, one per school.

    The service follows from the kind of the school, else from its name; a school whose kind the catalogue does not have is counted.
    Schools outside the project's rectangle, and without a position, are left out: the register has all of Germany.
    """
    table = find_list(
        grid,
        FIELDS,
        given=context.input.columns,
        needed=_NEEDED,
        problems=context.problems,
        headings=False,
        exact=tuple(FIELDS),
    )
    if table is None:
        return None
    result = ListResult(heads={"lon": table.head("lon"), "lat": table.head("lat")})
    far = 0
    for row in table.rows:
        position = _position(row)
        if position is None or _is_far(position, context.box):
            far += 1
            continue
        service = own_service(row.text("kind"), context)
        if service is None:
            service = first_match(row.text("kind"), SERVICE_OF_SCHOOL) or first_match(
                row.text("name"), SERVICE_OF_SCHOOL
            )
        if not service or service == IGNORED:
            result.ignored[row.text("kind") or say("list.school_register.no_kind", "de")] += 1
            continue
        lon, lat = position
        result.rows.append(
            (
                row.number,
                {
                    "service": service,
                    "id": row.text("id"),
                    "name": row.text("name"),
                    "address": row.text("address"),
                    "postcode": row.text("postcode"),
                    "place_name": row.text("place_name"),
                    "operator": company_or_nothing(row.text("operator")),
                    "lon": f"{lon:.7f}",
                    "lat": f"{lat:.7f}",
                },
            )
        )
    if far:
        context.problems.add("list_far_away", "note", grid.name, count=far)
    return result


def _position(row: ListRow) -> tuple[float, float] | None:
    """Longitude and latitude; from two columns, or from a point as text or in hexadecimal."""
    try:
        return float(row.text("lon")), float(row.text("lat"))
    except ValueError:
        pass
    text = row.text("location")
    read = shapely.from_wkb if _HEX.fullmatch(text) else shapely.from_wkt
    point = read(text or "POINT EMPTY", on_invalid="ignore")
    if point is None or point.is_empty or point.geom_type != "Point":
        return None
    return float(point.x), float(point.y)


def _is_far(position: tuple[float, float], box: tuple[float, float, float, float] | None) -> bool:
    if box is None:
        return False
    west, south, east, north = box
    return not (west <= position[0] <= east and south <= position[1] <= north)
