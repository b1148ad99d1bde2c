"""Builds the records of provision from checked rows: variants, levels, bundles, who decides, weights, rooms, the week of a room."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Literal, cast

from ankerort.base.problems import Problems
from ankerort.base.provenance import DatedValue
from ankerort.catalogue import columns_provision as files
from ankerort.catalogue.build_records import dated, warn_without_agreement
from ankerort.catalogue.columns import CAPACITY_UNITS
from ankerort.catalogue.csv_rows import Row
from ankerort.catalogue.provision import (
    AnchorLevel,
    BundleRule,
    DatedRange,
    Decides,
    DecisionRule,
    LevelItem,
    Provision,
    Task,
    Variant,
    VariantKind,
    WeekSlot,
)

PEOPLE = ("young", "old", "young_car", "old_car")
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ROOMS = (
    ("new", "invest_eur_m2"),
    *((f"vacant_{k}", "invest_eur_m2") for k in (1, 2, 3, 4, 5, "unknown")),
    ("shareable", "invest_eur_m2"),
    ("shareable", "eur_m2_year"),
    ("running", "eur_m2_year"),
)
_UNITS = {
    "quality": "share",
    "invest_eur": "EUR",
    "lifetime_years": "years",
    "operation_eur": "EUR/a",
    "viable_persons": "persons",
    "capacity_persons": "persons",
    "room_m2": "m2",
    "hours_week": "h",
    "every_weeks": "weeks",
    "at_least": "items",
    "cost_eur": "EUR/a",
    "saving_eur": "EUR/a",
    "invest_eur_m2": "EUR/m2",
    "eur_m2_year": "EUR/m2/a",
}
_NEEDED = ("quality", "invest_eur", "lifetime_years", "operation_eur", "viable_persons")
_NONE_IF_ABSENT = ("capacity_persons", "room_m2", "hours_week")
_CAPACITY, _RHYTHM, _VISIT = "capacity", "every_weeks", "visit"
_LEVEL, _BUNDLE, _ROOM, _USES = "level:", "bundle:", "room:", "uses:"

_Figures = Mapping[tuple[str, str], DatedRange]


def build_provision(
    tables: Mapping[str, Sequence[Row]], services: Collection[str], core: Collection[str], problems: Problems
) -> Provision:
    """All records; every fault goes into `problems`, and what has one is left out.

    Parameters
    ----------
    tables
        Rows by file name.
    services
        Ids of the services.
    core
        ``core:<id>`` of the core functions.
    """
    items = {*services, *core}
    figures = _figures(tables, problems)
    weights, group_weights, uses = _weights(tables[files.PROVISION_WEIGHTS.name], items, problems)
    return Provision(
        variants=_variants(tables[files.PROVISION_VARIANTS.name], services, figures, problems),
        levels=_levels(tables, items, figures, problems),
        bundles=_bundles(tables[files.SHARING_BUNDLES.name], items, figures, problems),
        decisions=_decisions(tables[files.DECISION_RULES.name], services, problems),
        weights=weights,
        group_weights=group_weights,
        uses=uses,
        rooms=_rooms(figures, problems),
        slots=_slots(tables[files.WEEK_SLOTS.name], problems),
    )


def _figures(tables: Mapping[str, Sequence[Row]], problems: Problems) -> dict[tuple[str, str], DatedRange]:
    of_rooms: dict[str, tuple[str, ...]] = {}
    for kind, quantity in ROOMS:
        of_rooms[_ROOM + kind] = (*of_rooms.get(_ROOM + kind, ()), quantity)
    owners: dict[str, tuple[str, ...]] = {
        **{row["id"]: (*_NEEDED, *_NONE_IF_ABSENT) for row in tables[files.PROVISION_VARIANTS.name]},
        **{_LEVEL + row["id"]: ("at_least", "cost_eur") for row in tables[files.ANCHOR_LEVELS.name]},
        **{_BUNDLE + row["id"]: ("saving_eur",) for row in tables[files.SHARING_BUNDLES.name]},
        **of_rooms,
    }
    units = {row["service"]: row["unit"] for row in tables[CAPACITY_UNITS.name]}
    counted: dict[str, str] = {}  # variant -> what its capacity counts
    for row in tables[files.PROVISION_VARIANTS.name]:
        if row["service"] in units:
            counted[row["id"]] = units[row["service"]]
            owners[row["id"]] = (*owners[row["id"]], _CAPACITY)
        if row["kind"] == _VISIT:
            owners[row["id"]] = (*owners[row["id"]], _RHYTHM)
    found: dict[tuple[str, str], DatedRange] = {}
    for row in tables[files.PROVISION_FIGURES.name]:
        made = _figure(row, owners, counted, problems)
        if made is not None:
            found[row["of"], row["quantity"]] = made
    return found


def _figure(
    row: Row, owners: Mapping[str, tuple[str, ...]], counted: Mapping[str, str], problems: Problems
) -> DatedRange | None:
    owner, quantity = row["of"], row["quantity"]

    def fault(code: str, column: str, **params: object) -> None:
        problems.add(code, "error", row.table, row=row.line, column=column, **params)

    allowed = owners.get(owner)
    if allowed is None:
        fault("provision_owner_unknown", "of", value=owner)
        return None
    if quantity not in allowed:
        fault("provision_quantity_misplaced", "quantity", value=quantity, of=owner, allowed=", ".join(allowed))
        return None
    unit = counted[owner] if quantity == _CAPACITY else _UNITS[quantity]
    if row["unit"] != unit:
        fault("catalogue_unit_wrong", "unit", value=row["unit"], unit=unit)
        return None
    record = dated(row, f"{owner}.{quantity}")
    low, high = (row.number(c) if row[c] else record.value for c in ("low", "high"))
    if not low <= record.value <= high:
        fault("provision_range_reversed", "value", low=f"{low:g}", mid=f"{record.value:g}", high=f"{high:g}")
        return None
    if quantity == "quality" and not 0 < low <= high <= 1:
        fault("provision_quality_range", "value", value=f"{record.value:g}")
        return None
    if quantity == _RHYTHM and low <= 0:
        fault("provision_rhythm", "value", value=f"{record.value:g}")
        return None
    if quantity == "lifetime_years" and low < 1:
        fault("provision_lifetime", "value", value=f"{record.value:g}")
        return None
    warn_without_agreement(row, ("low", "value", "high", "legal_status"), f"{owner} {quantity}", problems)
    return DatedRange(low, high, record)


def _missing(row: Row, owner: str, quantities: Sequence[str], figures: _Figures, problems: Problems) -> bool:
    missing = [q for q in quantities if (owner, q) not in figures]
    if missing:
        problems.add(
            "provision_figure_missing",
            "error",
            row.table,
            row=row.line,
            column="id",
            of=owner,
            missing=", ".join(missing),
        )
    return bool(missing)


def _unknown(
    row: Row, column: str, named: Sequence[str], known: Collection[str], problems: Problems, *, code: str = ""
) -> bool:
    """Whether any of the ids is not known; each one is a fault."""
    strange = [n for n in named if n not in known]
    for name in strange:
        problems.add(code or "catalogue_service_unknown", "error", row.table, row=row.line, column=column, value=name)
    return bool(strange)


def _variants(
    rows: Sequence[Row], services: Collection[str], figures: _Figures, problems: Problems
) -> dict[str, Variant]:
    found: dict[str, Variant] = {}
    for row in rows:
        id_, hosts = row["id"], row.parts("hosts")
        faults = (
            _unknown(row, "service", [row["service"]], services, problems),
            _unknown(row, "hosts", hosts, services, problems),
            _missing(row, id_, (*_NEEDED, _RHYTHM) if row["kind"] == _VISIT else _NEEDED, figures, problems),
        )
        if any(faults):
            continue
        kind = cast(VariantKind, row["kind"])
        hours = _or_none(figures, id_, "hours_week")
        if (kind == "hours") != (hours.value > 0):
            problems.add("provision_hours", "error", row.table, row=row.line, column="kind", value=id_)
            continue
        found[id_] = Variant(
            id=id_,
            service=row["service"],
            kind=kind,
            label_de=row["label_de"],
            label_en=row["label_en"],
            quality=figures[id_, "quality"].record,
            invest_eur=figures[id_, "invest_eur"],
            lifetime_years=figures[id_, "lifetime_years"].record,
            operation_eur=figures[id_, "operation_eur"],
            viable_persons=figures[id_, "viable_persons"].record,
            capacity_persons=_or_none(figures, id_, "capacity_persons"),
            room_m2=_or_none(figures, id_, "room_m2"),
            hours_week=hours,
            hosts=hosts,
            capacity=_or_none(figures, id_, _CAPACITY),
            every_weeks=_or_none(figures, id_, _RHYTHM),
        )
    return found


def _or_none(figures: _Figures, id_: str, quantity: str) -> DatedValue:
    """The record, or that of "none" where the file has no row: a row that is not there says that nothing is needed or limited."""
    if (id_, quantity) in figures:
        return figures[id_, quantity].record
    return DatedValue(
        f"{id_}.{quantity}",
        0.0,
        _UNITS.get(quantity, ""),
        source=files.PROVISION_FIGURES.name,
        legal_status="default",
        mark="D",
    )


def _levels(
    tables: Mapping[str, Sequence[Row]], items: Collection[str], figures: _Figures, problems: Problems
) -> tuple[AnchorLevel, ...]:
    rows = sorted(tables[files.ANCHOR_LEVELS.name], key=lambda r: (r.number("rank"), r["id"]))
    known = {row["id"] for row in rows}
    held: dict[str, list[tuple[Row, LevelItem]]] = {}
    for row in tables[files.ANCHOR_LEVEL_ITEMS.name]:
        faults = (
            _unknown(row, "level", [row["level"]], known, problems, code="provision_level_unknown"),
            _unknown(row, "item", [row["item"]], items, problems),
        )
        if any(faults):
            continue
        warn_without_agreement(row, ("required",), f"{row['level']} {row['item']}", problems)
        record = _noted(row, f"level:{row['level']}.{row['item']}", float(row.yes("required")), "share")
        held.setdefault(row["level"], []).append((row, LevelItem(row["item"], row.yes("required"), record)))
    levels: list[AnchorLevel] = []
    for row in rows:
        owner = _LEVEL + row["id"]
        mine = tuple(item for _, item in held.get(row["id"], []))
        if _missing(row, owner, ("at_least", "cost_eur"), figures, problems):
            continue
        at_least = figures[owner, "at_least"].record
        if at_least.value > len(mine):
            problems.add(
                "provision_at_least", "error", row.table, row=row.line, column="id",
                of=row["id"], least=f"{at_least.value:g}", count=len(mine),
            )  # fmt: skip
            continue
        level = AnchorLevel(row["id"], row["label_de"], row["label_en"], mine, at_least, figures[owner, "cost_eur"])
        if levels and (lost := _lost(levels[-1], level)):
            problems.add(
                "provision_level_not_nested", "error", row.table, row=row.line, column="rank",
                of=level.id, lower=levels[-1].id, lost=", ".join(lost),
            )  # fmt: skip
            continue
        levels.append(level)
    return tuple(levels)


def _lost(lower: AnchorLevel, upper: AnchorLevel) -> list[str]:
    """What the lower level demands and the upper one does not."""
    demanded = {i.item: i.required for i in upper.items}
    lost = [i.item for i in lower.items if i.item not in demanded or (i.required and not demanded[i.item])]
    return [*lost, *(["at_least"] if lower.at_least.value > upper.at_least.value else [])]


def _bundles(
    rows: Sequence[Row], items: Collection[str], figures: _Figures, problems: Problems
) -> tuple[BundleRule, ...]:
    found: list[BundleRule] = []
    for row in rows:
        owner, members = _BUNDLE + row["id"], row.parts("members")
        faults = (
            _unknown(row, "members", members, items, problems),
            _unknown(row, "kinds", row.parts("kinds"), files.VARIANT_KINDS, problems, code="provision_kind_unknown"),
            _missing(row, owner, ("saving_eur",), figures, problems),
        )
        if len(set(members)) < 2:
            problems.add("provision_bundle_of_one", "error", row.table, row=row.line, column="members", value=row["id"])
            continue
        if any(faults):
            continue
        found.append(
            BundleRule(
                id=row["id"],
                label_de=row["label_de"],
                label_en=row["label_en"],
                sharing=cast(Literal["building", "staff", "hours"], row["sharing"]),
                members=members,
                kinds=cast(tuple[VariantKind, ...], row.parts("kinds")),
                saving_eur=figures[owner, "saving_eur"],
            )
        )
    return tuple(found)


def _decisions(rows: Sequence[Row], services: Collection[str], problems: Problems) -> dict[str, DecisionRule]:
    found: dict[str, DecisionRule] = {}
    for row in rows:
        if _unknown(row, "service", [row["service"]], services, problems):
            continue
        if row.yes("may_close") and row["decides"] != "own":
            problems.add(
                "provision_close_others", "error", row.table, row=row.line, column="may_close", value=row["service"]
            )
            continue
        if row["decides"] != "own" and not (row["partner_de"] and row["partner_en"]):
            problems.add(
                "provision_partner_missing", "error", row.table, row=row.line, column="partner_de", value=row["service"]
            )
            continue
        warn_without_agreement(row, ("decides", "task", "may_close"), row["service"], problems)
        found[row["service"]] = DecisionRule(
            service=row["service"],
            decides=cast(Decides, row["decides"]),
            task=cast(Task, row["task"]),
            partner_de=row["partner_de"],
            partner_en=row["partner_en"],
            may_close=row.yes("may_close"),
        )
    return found


def _weights(
    rows: Sequence[Row], items: Collection[str], problems: Problems
) -> tuple[dict[str, DatedValue], dict[str, DatedValue], dict[str, DatedValue]]:
    """Weights of functions, of kinds of people, and uses a year of functions."""
    kinds: dict[str, tuple[str, str]] = {item: ("points", item) for item in items}
    kinds |= {f"people:{kind}": ("factor", kind) for kind in PEOPLE}
    kinds |= {_USES + item: ("uses/a", item) for item in items}
    found: dict[str, dict[str, DatedValue]] = {"points": {}, "factor": {}, "uses/a": {}}
    for row in rows:
        item = row["item"]
        if _unknown(row, "item", [item], kinds, problems):
            continue
        unit, name = kinds[item]
        if row["unit"] != unit:
            problems.add(
                "catalogue_unit_wrong", "error", row.table, row=row.line, column="unit", value=row["unit"], unit=unit
            )
            continue
        warn_without_agreement(row, ("value", "legal_status"), f"weight {item}", problems)
        found[unit][name] = dated(row, f"weight.{item}")
    return found["points"], found["factor"], found["uses/a"]


def _rooms(figures: _Figures, problems: Problems) -> dict[tuple[str, str], DatedRange]:
    for kind, quantity in ROOMS:
        if (_ROOM + kind, quantity) not in figures:
            problems.add(
                "provision_figure_missing", "error", files.PROVISION_FIGURES.name, column="of",
                of=_ROOM + kind, missing=quantity,
            )  # fmt: skip
    return {
        (kind, quantity): figures[_ROOM + kind, quantity]
        for kind, quantity in ROOMS
        if (_ROOM + kind, quantity) in figures
    }


def _slots(rows: Sequence[Row], problems: Problems) -> tuple[WeekSlot, ...]:
    found: list[tuple[Row, WeekSlot]] = []
    for row in rows:
        first, last = _minutes(row["from_time"]), _minutes(row["to_time"])
        if first is None or last is None or first >= last:
            problems.add(
                "quality_window_times", "error", row.table, row=row.line, column="to_time",
                first=row["from_time"], last=row["to_time"],
            )  # fmt: skip
            continue
        warn_without_agreement(row, ("to_time", "optional"), f"{row['weekday']} {row['from_time']}", problems)
        record = _noted(row, f"week_slot.{row['weekday']}.{row['from_time']}", (last - first) / 60, "h")
        found.append((row, WeekSlot(WEEKDAYS.index(row["weekday"]), first, last, row.yes("optional"), record)))
    found.sort(key=lambda one: (one[1].weekday, one[1].from_min))
    for (_, a), (row, b) in pairwise(found):
        if a.weekday == b.weekday and b.from_min < a.to_min:
            problems.add(
                "provision_slots_overlap", "error", row.table, row=row.line, column="from_time", value=row["from_time"]
            )
    return tuple(slot for _, slot in found)


def _minutes(text: str) -> int | None:
    """Minutes since midnight of ``HH:MM``."""
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit() and int(hours) <= 24 and int(minutes) < 60):
        return None
    return int(hours) * 60 + int(minutes)


def _noted(row: Row, id_: str, value: float, unit: str) -> DatedValue:
    """The dated record of a row whose statement is no number of its own."""
    noted = Row({**row.cells, "value": repr(value), "unit": unit}, row.table, row.line)
    return dated(noted, id_)
