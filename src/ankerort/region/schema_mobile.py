"""Tables of places where a vehicle may stop: spots of a map, and the user's own list."""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

_KNOWN = "yes, no, or empty = not known"
_POSITION = (
    Column("lon", "float64", "longitude, WGS 84", "degree"),
    Column("lat", "float64", "latitude, WGS 84", "degree"),
    Column("x", "float64", "easting in the project's projected system", "m"),
    Column("y", "float64", "northing in the project's projected system", "m"),
)
FEATURE_COLUMNS = (
    Column("level_stand", "str", f"level paved stand that is long enough: {_KNOWN}"),
    Column("step_free", "str", f"way to it without steps: {_KNOWN}"),
    Column("power", "str", f"electricity: {_KNOWN}"),
    Column("shelter", "str", f"shelter or warm room to wait in: {_KNOWN}"),
    Column("toilet", "str", f"toilet: {_KNOWN}"),
)
FEATURES = tuple(column.name for column in FEATURE_COLUMNS)
SPOT_KINDS = ("hall", "town_hall", "church", "square", "car_park", "bus_stop")

SPOTS = Schema(
    "mobile_spots",
    (
        Column("spot_id", "str", "stable id: source and object"),
        Column("name", "str", "name, may be empty"),
        Column("kind", "str", ", ".join(SPOT_KINDS)),
        *_POSITION,
        *FEATURE_COLUMNS,
        Column("hours", "str", "opening hours of a square or car park, OSM syntax; empty = any time"),
        Column("area_m2", "float64", "area of a square or car park; NaN = not drawn", "m2"),
        Column("source_id", "str", "source"),
        Column("source_ref", "str", "object: n123, w123, r123"),
        Column("source_date", "date", "day of the object"),
    ),
    key=("spot_id",),
)

STOP_TABLE = Schema(
    "mobile_stop_table",
    (
        Column("stop_id", "str", "stable id: the table and its row, or the user's own id"),
        Column("name", "str", "as the user wrote"),
        Column("place_id", "str", "place that the user named, else that of the position"),
        Column("kind", "str", "hall, town_hall, church, square, car_park, bus_stop, building, table"),
        *_POSITION,
        Column("position_rule", "str", "given, house, near_house, street, place_centre"),
        *FEATURE_COLUMNS,
        Column("hours", "str", "when it can be used, OSM syntax; empty = any time"),
        Column("allowed", "bool", "may be served; False = no vehicle may stop there"),
        Column("address", "str", "street and house number, empty = not given"),
        Column("note", "str", "free text"),
        Column("source_ref", "str", "sheet and row"),
    ),
    key=("stop_id",),
)
