"""What a planner asks for, from words to ids; everything that does not fit is told at once, with the nearest names."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ankerort.anchors.request import AnchorRequest
from ankerort.base.problems import Problems
from ankerort.catalogue.demography import variants_by_id
from ankerort.catalogue.model import Catalogue
from ankerort.region.forecast.stock import stock_years
from ankerort.region.model import Region
from ankerort.scenario.nearest import nearest_names

COMPONENTS: Final = ("people", "minutes", "together", "cost", "worst")
LEGAL: Final = ("hard", "priced", "off")
# words that a planner uses for components
_SAID: Final[Mapping[str, str]] = {
    "coverage": "people",
    "cover": "people",
    "versorgung": "people",
    "menschen": "people",
    "personen": "people",
    "wegezeit": "minutes",
    "minuten": "minutes",
    "zeit": "minutes",
    "zusammen": "together",
    "gemeinsam": "together",
    "kosten": "cost",
    "budget": "cost",
    "gleichwert": "worst",
    "equity": "worst",
    "schlechteste": "worst",
}
_TODAY: Final = "trend"
_GROUPED = re.compile(
    r"(?P<whole>\d{1,3}(?:(?P<by>[.,' ])\d{3})(?:(?P=by)\d{3})*)(?:(?!(?P=by))[.,](?P<cents>\d{1,2}))?"
)
_MONEY = re.compile(
    r"(?P<number>\d[\d.,' ]*?) ?(?P<times>mio\.?|tsd\.?|t|k)? ?(?:€|eur|euro)? ?(?:(?:/|je|pro|im) ?(?:jahr|j|a)\.?)?"
)
_TIMES: Final = {"": 1.0, "k": 1e3, "t": 1e3, "tsd": 1e3, "mio": 1e6}


@dataclass(frozen=True)
class AskedAnchors:
    """A question as typed: names, shares as ``80 %`` or ``0.8``, money as ``50.000`` or ``50 T€``, components joined by ``:``.

    `spacing_km` is in km; everything else stands as in `AnchorRequest`.
    """

    max_anchors: int | None = None
    budget: str = ""
    cover: str = ""
    services: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    may_close: tuple[str, ...] = ()
    year: int | None = None
    variant: str = _TODAY
    own_services_only: bool = False
    pairs: bool = True
    spacing_km: float = 0.0
    area_share: str = ""
    legal: str = "priced"
    new_anywhere: bool = False
    order: str = ""
    pareto: str = ""
    robust: bool = False
    assume_complete: bool = False
    with_scenario: str = ""
    seed: int = 1
    seconds: float = 60.0


def resolve_request(asked: AskedAnchors, region: Region, catalogue: Catalogue) -> AnchorRequest:
    """Names become ids, texts numbers.

    Raises
    ------
    InputError
        With all that does not fit: unknown names with the nearest ones, contradictions, numbers out of range.
    """
    problems = Problems()
    keep = _places(asked.keep, "--keep", region, problems)
    forbid = _places(asked.forbid, "--forbid", region, problems)
    budget = _money(asked.budget, problems)
    cover = _share(asked.cover, "--cover", problems)
    if asked.max_anchors is None and not asked.budget and not asked.cover:
        problems.add("anchors_nothing_asked", "error", "ankerort anchors")
    if asked.max_anchors is not None and asked.max_anchors < 1:
        problems.add("anchors_max", "error", "--max", value=str(asked.max_anchors))
    names = dict(zip(region.places["place_id"], region.places["print_name"], strict=True))
    for place in sorted(set(keep) & set(forbid), key=keep.index):
        problems.add("anchors_keep_forbid", "error", "--keep", place=names[place])
    services = _items(asked.services, "--services", catalogue, problems, core=True)
    may_close = _items(asked.may_close, "--may-close", catalogue, problems, core=False)
    _cost_records(services, catalogue, problems)
    _closable(may_close, catalogue, problems)
    _people(asked, region, catalogue, problems)
    pareto = _components(asked.pareto, "--pareto", problems)
    if asked.pareto and pareto is not None and len(pareto) != 2:
        problems.add("anchors_pareto_two", "error", "--pareto", value=asked.pareto)
    order = _components(asked.order, "--order", problems)
    if asked.legal not in LEGAL:
        problems.add("anchors_legal", "error", "--legal", value=asked.legal, known=", ".join(LEGAL))
    for option, value in (("--spacing", asked.spacing_km), ("--seconds", asked.seconds)):
        if not (math.isfinite(value) and value >= 0):
            problems.add("anchors_number", "error", option, value=str(value))
    area_share = _share(asked.area_share, "--area-share", problems)
    problems.raise_errors()
    return AnchorRequest(
        max_anchors=asked.max_anchors,
        budget_eur=budget,
        cover=cover,
        services=services,
        keep=keep,
        forbid=forbid,
        may_close=may_close,
        year=asked.year,
        variant=asked.variant,
        own_services_only=asked.own_services_only,
        pairs=asked.pairs,
        spacing_m=asked.spacing_km * 1000.0,
        area_share=area_share or 0.0,
        legal=asked.legal,
        new_anywhere=asked.new_anywhere,
        order=order or (),
        pareto=pareto or (),
        robust=asked.robust,
        assume_complete=asked.assume_complete,
        with_scenario=asked.with_scenario,
        seed=asked.seed,
        seconds=asked.seconds,
    )


def find_place_id(name: str, places: pd.DataFrame) -> tuple[str, ...]:
    """Ids of the places that a name means: printed name first, then id, then name (of the study area, where that tells them apart)."""
    wanted = name.strip().casefold()
    for key in ("print_name", "place_id", "name"):
        found = places[places[key].str.casefold() == wanted]
        if len(found) > 1 and found["in_study"].sum() == 1:
            found = found[found["in_study"]]
        if len(found):
            return tuple(str(p) for p in found["place_id"])
    return ()


def parse_share(text: str) -> float | None:
    """A share in 0..1 from ``80 %``, ``0.8`` or ``0,8``; None if it is none."""
    plain = text.strip()
    per_cent = plain.endswith("%")
    try:
        value = float(plain.removesuffix("%").strip().replace(",", "."))
    except ValueError:
        return None
    value = value / 100.0 if per_cent else value
    return value if 0.0 <= value <= 1.0 else None


def parse_money(text: str) -> float | None:
    """EUR from ``50000``, ``50.000 EUR``, ``12.500,50 €``, ``50 T€`` or ``1,5 Mio. € pro Jahr``; None if it is no amount of zero or more."""
    found = _MONEY.fullmatch(re.sub(r"\s+", " ", text.strip().casefold()))
    if found is None:
        return None
    number = found["number"]
    grouped = _GROUPED.fullmatch(number)
    if grouped:
        number = re.sub(r"[.,' ]", "", grouped["whole"]) + (f".{grouped['cents']}" if grouped["cents"] else "")
    try:
        value = float(number.replace(",", ".")) * _TIMES[(found["times"] or "").rstrip(".")]
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _money(text: str, problems: Problems) -> float | None:
    if not text:
        return None
    value = parse_money(text)
    if value is None:
        problems.add("anchors_budget", "error", "--budget", value=text)
    return value


def _share(text: str, option: str, problems: Problems) -> float | None:
    if not text:
        return None
    value = parse_share(text)
    if value is None:
        problems.add("anchors_share", "error", option, value=text)
    return value


def _places(names: Sequence[str], option: str, region: Region, problems: Problems) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        ids = find_place_id(name, region.places)
        if not ids:
            near = nearest_names(name, region.places["print_name"])
            problems.add("anchors_place_unknown", "error", option, place=name, near=near)
        elif len(ids) > 1:
            told = region.places.set_index("place_id").loc[list(ids), "print_name"]
            problems.add("anchors_place_ambiguous", "error", option, place=name, places=", ".join(told))
        elif not region.places.set_index("place_id")["in_study"].at[ids[0]]:
            problems.add("anchors_place_outside", "error", option, place=name)
        else:
            found.extend(i for i in ids if i not in found)
    return tuple(found)


def _items(
    names: Sequence[str], option: str, catalogue: Catalogue, problems: Problems, *, core: bool
) -> tuple[str, ...]:
    """Services and core items by id, label, or the beginning of one label; an id of a service goes before that of a core item."""
    known: dict[str, str] = {}
    if core:
        for item in catalogue.core:
            known |= {t.casefold(): f"core:{item.id}" for t in (item.label_de, item.label_en, item.id)}
            known[f"core:{item.id}".casefold()] = f"core:{item.id}"
    for service_id in catalogue.facility_services():
        one = catalogue.services[service_id]
        known |= {t.casefold(): service_id for t in (one.label_de, one.label_en, service_id)}
    found: list[str] = []
    for name in names:
        wanted = name.strip().casefold()
        begins = {i for text, i in known.items() if text.startswith(wanted)}
        item_id = known.get(wanted) or (begins.pop() if wanted and len(begins) == 1 else None)
        if item_id is None:
            labels = [s.label_de for s in catalogue.services.values()] + [c.label_de for c in catalogue.core if core]
            near = nearest_names(name, (*labels, *known))
            problems.add("anchors_service_unknown", "error", option, service=name, near=near)
        elif item_id not in found:
            found.append(item_id)
    return tuple(found)


def item_services(item: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Services that a service or ``core:<id>`` stands for."""
    if not item.startswith("core:"):
        return (item,)
    return next((c.services for c in catalogue.core if f"core:{c.id}" == item), ())


def item_label(item: str, catalogue: Catalogue, lang: str) -> str:
    """Label of a service or ``core:<id>``; the id itself where there is no such item."""
    if item.startswith("core:"):
        return next((c.label(lang) for c in catalogue.core if f"core:{c.id}" == item), item)
    return catalogue.services[item].label(lang) if item in catalogue.services else item


def _cost_records(services: Sequence[str], catalogue: Catalogue, problems: Problems) -> None:
    with_record = {v.service for v in catalogue.provision.variants.values()}
    for item in services:
        if not with_record.intersection(item_services(item, catalogue)):
            label = item_label(item, catalogue, "de")
            problems.add("anchors_no_cost_record", "error", "--services", service=label)


def _closable(services: Sequence[str], catalogue: Catalogue, problems: Problems) -> None:
    for service in services:
        rule = catalogue.provision.decisions.get(service)
        if rule is None or not rule.may_close:
            label = catalogue.services[service].label_de
            problems.add("anchors_may_not_close", "error", "--may-close", service=label)


def _people(asked: AskedAnchors, region: Region, catalogue: Catalogue, problems: Problems) -> None:
    """Year and variant are those of the forecast."""
    known = tuple(variants_by_id(catalogue.forecast_variants))
    if asked.variant not in known:
        problems.add("anchors_variant", "error", "--variant", value=asked.variant, known=", ".join(known))
    if asked.year is None:
        if asked.variant != _TODAY:
            problems.add("variant_without_year", "error", "--variant", variant=asked.variant)
        return
    first, _ = stock_years(region)
    last = int(catalogue.value("forecast.last_year"))
    if not first <= asked.year <= last:
        problems.add("anchors_year", "error", "--year", year=str(asked.year), first=str(first), last=str(last))


def _components(text: str, option: str, problems: Problems) -> tuple[str, ...] | None:
    """Components of an objective joined by ``:`` or ``,``; None if one is not known or stands twice."""
    if not text:
        return None
    words = [w.strip().casefold() for w in re.split(r"[:,;]", text) if w.strip()]
    found = [_SAID.get(w, w) for w in words]
    unknown = [w for w, one in zip(words, found, strict=True) if one not in COMPONENTS]
    for word in unknown:
        near = nearest_names(word, COMPONENTS)
        problems.add("anchors_component", "error", option, value=word, near=near, known=", ".join(COMPONENTS))
    if not unknown and len(set(found)) != len(found):
        problems.add("anchors_component_twice", "error", option, value=text)
        return None
    return None if unknown else tuple(found)
