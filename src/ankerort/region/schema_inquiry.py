"""The tables of the round with the municipalities, declared once: what offices confirmed, and the clubs that they named."""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

CONFIRMATIONS = Schema(
    "confirmations",
    (
        Column("confirmation_id", "str", "stable id, made of the content of the answer"),
        Column("subject", "str", "table that it is about: facilities, absences, mobile_visits, buildings, clubs"),
        Column(
            "subject_id",
            "str",
            "row of that table that was asked about, or the id given to a new one; empty for an absence",
        ),
        Column("subject_name", "str", "name of that row when it was asked about, or of the new one"),
        Column("object_id", "str", "object behind the facility when it was asked about"),
        Column("lon", "float64", "where it stood when it was asked about, or what the office says; else NaN", "degree"),
        Column("lat", "float64", "latitude of it", "degree"),
        Column("service", "str", "service, empty for buildings and clubs"),
        Column("ags", "str", "municipality key"),
        Column("place_id", "str", "place"),
        Column("place_name", "str", "name of the place when it was asked about"),
        Column("verdict", "str", "correct, wrong, gone, absent, new"),
        Column("field", "str", "column that the answer changes or confirms; empty = the row as a whole"),
        Column("old_value", "str", "what was believed before"),
        Column("old_source_id", "str", "source of the old value"),
        Column("old_source_date", "str", "its date"),
        Column(
            "new_value",
            "str",
            "what the office says; of the row as a whole: open, closed, absent",
        ),
        Column("since_year", "str", "year since when it is gone, empty = not given"),
        Column("remark", "str", "free text of the office"),
        Column("confirmed_by", "str", "office that confirmed it, never a person"),
        Column("confirmed_on", "date", "day of the answer"),
        Column("imported_on", "date", "day on which it was taken over"),
        Column("file", "str", "file that it came from"),
        Column("sheet", "str", "sheet"),
        Column("row", "int64", "row of the sheet, from 1"),
        Column("state", "str", "in_force, superseded (by a later answer), contradicted, without_subject (not found)"),
    ),
    key=("confirmation_id",),
)

CLUBS = Schema(
    "clubs",
    (
        Column("club_id", "str", "stable id"),
        Column("name", "str", "name of the club"),
        Column("place_id", "str", "place"),
        Column("rooms", "str", "rooms that it uses"),
        Column(
            "members_class", "str", "active members as a class: under_20, 20_49, 50_99, 100_plus, or empty = not known"
        ),
        Column("note", "str", "free text"),
        Column("confirmed_by", "str", "office"),
        Column("confirmed_on", "date", "day"),
        Column("source_id", "str", "source"),
        Column("source_ref", "str", "sheet and row"),
    ),
    key=("club_id",),
)
