"""The tables of the survey of wishes and of the agreements between authorities, declared once."""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

_ONE = "yes, no, or empty = not said"

# One row per answered questionnaire; no names, no addresses. Kept in the project folder under ``umfrage/``.
WISHES = Schema(
    "wishes",
    (
        Column("answer_id", "str", "number on the sheet or row of the entry form, with the name of the file"),
        Column("place_id", "str", "place where the person lives"),
        Column("age", "str", "under_65, 65_74, 75_84, 85_plus; empty = not said"),
        Column("household", "str", "alone, with_others; empty = not said"),
        Column("filled_by", "str", "self, relative, carer; empty = not said"),
        Column("half_day", "str", "morning, afternoon, any; empty = not said"),
        Column("weekdays", "str", "weekdays that suit, Mo ... Su separated by ';'; empty = not said or any"),
        Column("spot", "str", "preferred spot: hall, bus_stop, church, square, shop, home; empty = not said"),
        Column("walk_m", "float64", "longest walk; NaN = not said", "m"),
        Column("wait_min", "float64", "how long one can wait standing; NaN = not said", "min"),
        Column("drives", "str", "who drives you today: self, family, neighbour, bus, taxi, nobody, separated by ';'"),
        Column("given_up", "str", "services given up because they could not be reached, separated by ';'"),
        Column("hinders", "str", "steps, toilet, bench, carrying, hearing, cash, seeing, cold, separated by ';'"),
        Column("phone_booking", "str", _ONE),
        Column("company", "str", f"would like company on the way: {_ONE}"),
        Column("online", "str", "does things online: yes, with_help, no; empty = not said"),
        Column("source_ref", "str", "file, sheet and row"),
        Column("entered_on", "date", "day of the import"),
    ),
    key=("answer_id",),
)

# One row per answer and service that the person would use.
WISHES_SERVICES = Schema(
    "wishes_services",
    (
        Column("answer_id", "str", "answer"),
        Column("service", "str", "id of the mobile service"),
        Column(
            "times_year",
            "float64",
            "how often a year the person would use it; NaN = ticked without a number",
            "per year",
        ),
    ),
    key=("answer_id", "service"),
)

# Free text stays internal: in no document without `internal`; names and numbers are marked.
WISHES_TEXT = Schema(
    "wishes_text",
    (
        Column("answer_id", "str", "answer"),
        Column("text", "str", "as written, with names and numbers replaced by a mark"),
        Column("found", "str", "what was replaced: name, phone, mail, number, separated by ';'; empty = nothing"),
    ),
    key=("answer_id",),
)

AGREEMENTS = Schema(
    "agreements",
    (
        Column("service", "str", "id of the mobile service; empty = all"),
        Column(
            "authority_id", "str", "authority that serves: AGS of a municipality, key of an association or district"
        ),
        Column("for_authority_id", "str", "authority whose residents may be served"),
        Column("kind", "str", "as written: mandatierende or delegierende Zweckvereinbarung, Zweckverband, ..."),
        Column("valid_from", "date", "first day"),
        Column("valid_until", "date", "last day; empty = until further notice"),
        Column("source_id", "str", "source"),
        Column("source_ref", "str", "file, sheet and row"),
    ),
)
