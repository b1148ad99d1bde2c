"""Figures of the catalogue behind a mobile plan: what they mean, their value, mark and source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from ankerort.base.provenance import DatedValue
from ankerort.catalogue.provision import DatedRange
from ankerort.documents.mobile_parts import MobileParts
from ankerort.text import read_sentences, say
from ankerort.text.grammar import capital
from ankerort.text.numbers import format_decimal, format_whole

_FIGURES = "mobile."
_NAMED = ("persons",)  # units that the name of the figure says
_NOTHING = ("driver_eur_per_h", "case_value_eur")  # nought means that there is none


@dataclass(frozen=True)
class Assumption:
    """One figure that a reader may argue about; low and high are NaN where it is no range."""

    what: str
    detail: str
    value: DatedValue
    low: float
    high: float


def assumptions(parts: MobileParts) -> list[Assumption]:
    """Figures that stand behind a plan: of its services, its vehicle, its rhythms, and the general ones; concerns have a table of their own."""
    catalogue, lang = parts.documents.catalogue, parts.lang
    mobile = catalogue.mobile
    records: list[tuple[str, object]] = []
    for service in parts.plan.request.services:
        if service in mobile.services:
            records.append((mobile.services[service].label(lang), mobile.services[service]))
    if parts.plan.vehicle in mobile.vehicles:
        records.append((parts.vehicle_kind, mobile.vehicles[parts.plan.vehicle]))
    used = set(parts.plan.rows["rhythm"])
    records += [(r.label(lang), r) for r in mobile.rhythms.values() if r.id in used]
    out = [
        Assumption(capital(name), detail, v, low, high)
        for name, one in records
        for detail, v, low, high in _values(one)
    ]
    nan = float("nan")
    out += [
        Assumption("", key, v, nan, nan) for key, v in sorted(catalogue.figures.items()) if key.startswith(_FIGURES)
    ]
    return out


def _values(record: object) -> Iterator[tuple[str, DatedValue, float, float]]:
    nan = float("nan")
    for field in fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        if isinstance(value, DatedValue):
            if value.value or field.name not in _NOTHING:
                yield field.name, value, nan, nan
        elif isinstance(value, DatedRange):
            if value.high or field.name not in _NOTHING:
                yield field.name, value.record, value.low, value.high
        elif isinstance(value, Mapping):
            for key, one in value.items():
                if isinstance(one, DatedValue):
                    yield f"{field.name}.{key}", one, nan, nan


def value_text(one: Assumption, parts: MobileParts) -> str:
    """The figure with its unit; a range from low to high with the mid estimate."""
    lang = parts.lang

    share = one.value.unit == "share"

    def number(x: float) -> str:
        x = 100 * x if share else x
        return format_whole(x, lang) if abs(x - round(x)) < 1e-9 else format_decimal(x, lang, digits=2)

    text = number(one.value.value)
    if one.low == one.low:
        text = f"{number(one.low)}–{number(one.high)} ({text})"
    key = f"mobile_doc.unit.{one.value.unit}"
    unit = say(key, lang) if key in read_sentences() else one.value.unit
    if one.value.unit in _NAMED:
        unit = ""
    return f"{text} {unit}".strip()


def figure_text(one: Assumption, parts: MobileParts) -> str:
    """What the figure is, with its group of people; general figures keep their id."""
    name, _, group = one.detail.partition(".")
    if not one.what:
        return one.detail
    key = f"mobile_doc.field.{name}"
    said = capital(say(key, parts.lang)) if key in read_sentences() else name
    found = parts.documents.catalogue.groups.get(group)
    label = (found.label_de if parts.lang == "de" else found.label_en) if found else group
    return say("mobile_doc.figure_group", parts.lang, figure=said, group=label) if label else said


def records_by_id(parts: MobileParts) -> dict[str, tuple[DatedValue, ...]]:
    """Dated values behind the id of a record."""
    catalogue = parts.documents.catalogue
    found: dict[str, tuple[DatedValue, ...]] = {k: (v,) for k, v in catalogue.figures.items()}
    for key, record in (*catalogue.mobile.services.items(), *catalogue.mobile.vehicles.items()):
        values = tuple(v for _, v, _, _ in _values(record))
        found[key] = values
        found |= {v.id: (v,) for v in values if v.id}
    return found


def marks(parts: MobileParts, record: str) -> str:
    """Marks of a record in brackets: ``[D, M]``; empty where none stands behind."""
    told = sorted({m for v in records_by_id(parts).get(record, ()) for m in str(v.mark).split("/")})
    return f"[{', '.join(told)}]" if told else ""


def source_of(parts: MobileParts, record: str) -> str:
    """Sources of a record, each once."""
    return "; ".join(dict.fromkeys(v.source for v in records_by_id(parts).get(record, ()) if v.source))
