"""What a planner asks of a mobile service, from words to ids; everything that does not fit is told at once, with the nearest names."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ankerort.anchors.resolve_request import find_place_id, parse_money, parse_share
from ankerort.base.problems import InputError, Problems
from ankerort.catalogue.demography import variants_by_id
from ankerort.catalogue.mobile import WEEKDAYS
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.request import MobileRequest
from ankerort.region.areas import Area, AreaLevel, find_areas, known_areas
from ankerort.region.forecast.stock import stock_years
from ankerort.region.model import Region
from ankerort.scenario.nearest import nearest_names

STAFF: Final = ("with_agreements", "own", "all")
SEEK: Final = ("market", "doctor", "bus", "visit")
_TREND: Final = "trend"
_SAID_STAFF: Final[Mapping[str, str]] = {"absprachen": "with_agreements", "eigene": "own", "alle": "all"}
_SAID_SEEK: Final[Mapping[str, str]] = {
    "markt": "market",
    "wochenmarkt": "market",
    "arzt": "doctor",
    "hausarzt": "doctor",
    "besuch": "visit",
    "dienst": "visit",
}
_SAID_RHYTHM: Final[Mapping[str, float]] = {
    "twice_weekly": 0.5,
    "zweimal wöchentlich": 0.5,
    "2x wöchentlich": 0.5,
    "weekly": 1.0,
    "wöchentlich": 1.0,
    "fortnightly": 2.0,
    "14-täglich": 2.0,
    "14 tage": 2.0,
    "14-tägig": 2.0,
    "zweiwöchentlich": 2.0,
    "monthly": 4.0,
    "monatlich": 4.0,
    "vierwöchentlich": 4.0,
}
_SAID_DAYS: Final[Mapping[str, str]] = {
    **{d.casefold(): d for d in WEEKDAYS},
    "di": "Tu", "mi": "We", "do": "Th", "so": "Su",
    "montag": "Mo", "dienstag": "Tu", "mittwoch": "We", "donnerstag": "Th", "freitag": "Fr", "samstag": "Sa", "sonntag": "Su",
    "monday": "Mo", "tuesday": "Tu", "wednesday": "We", "thursday": "Th", "friday": "Fr", "saturday": "Sa", "sunday": "Su",
}  # fmt: skip
_SAID_PEOPLE: Final[Mapping[str, str]] = {"65+": "65_plus", "75+": "75_plus", "80+": "80_plus", "85+": "85_plus"}


@dataclass(frozen=True)
class AskedMobile:
    """A question as typed: names, shares as ``80 %`` or ``0.8``, money as ``50.000`` or ``50 T€``; everything else stands as in `MobileRequest`.

    Parameters
    ----------
    rhythms
        As words ("monatlich", "fortnightly") or weeks ("2").
    weekdays
        Mo ... Su, German or English, whole words too.
    use_factor
        A share; empty = that of the records.
    """

    services: tuple[str, ...] = ()
    vehicles: int | None = None
    vehicle: str = ""
    depots: tuple[str, ...] = ()
    budget: str = ""
    case_value: str = ""
    cover: str = ""
    cover_group: str = "75_plus"
    cover_m: float = 400.0
    cover_weeks: float = 2.0
    area: tuple[str, ...] = ()
    operator: str = ""
    staff: str = "with_agreements"
    rhythms: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    seek: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    one_staff: bool = False
    use_factor: str = ""
    wishes: bool = True
    year: int | None = None
    variant: str = _TREND
    seed: int = 1
    seconds: float = 30.0


def resolve_request(asked: AskedMobile, region: Region, catalogue: Catalogue) -> MobileRequest:
    """Names become ids, texts numbers.

    `keep` and `forbid` may name stops: what is no place stays as typed, and `ankerort.mobile.build.prepare` looks for it among the stops.

    Raises
    ------
    InputError
        With all that does not fit: unknown names with the nearest ones, contradictions, numbers out of range.
    """
    problems = Problems()
    areas = known_areas(region)
    services = _services(asked.services, catalogue, problems)
    vehicle = _vehicle(asked.vehicle, catalogue, problems)
    if asked.vehicles is not None and asked.vehicles < 1:
        problems.add("mobile_vehicles_number", "error", "--vehicles", value=str(asked.vehicles))
    depots = _depots(asked, region, problems)
    keep = _stops(asked.keep, "--keep", region, problems)
    forbid = _stops(asked.forbid, "--forbid", region, problems)
    for name in [n for n in keep if n in forbid]:
        problems.add("mobile_keep_forbid", "error", "--keep", name=_place_name(name, region))
    seek = _words(asked.seek, "--seek", SEEK, _SAID_SEEK, problems)
    avoid = _words(asked.avoid, "--avoid", SEEK, _SAID_SEEK, problems)
    for word in [w for w in seek if w in avoid]:
        problems.add("mobile_seek_avoid", "error", "--seek", value=word)
    staff = _words((asked.staff,) if asked.staff else (), "--staff", STAFF, _SAID_STAFF, problems)
    people = _SAID_PEOPLE.get(asked.cover_group.strip(), asked.cover_group.strip())
    if people not in catalogue.groups:
        near = nearest_names(asked.cover_group, (*catalogue.groups, *_SAID_PEOPLE))
        problems.add("mobile_group_unknown", "error", "--cover-group", value=asked.cover_group, near=near)
    for option, value in (
        ("--cover-m", asked.cover_m),
        ("--cover-weeks", asked.cover_weeks),
        ("--seconds", asked.seconds),
    ):
        if not (math.isfinite(value) and value > 0):
            problems.add("mobile_number", "error", option, value=f"{value:g}")
    _people(asked, region, catalogue, problems)
    request = MobileRequest(
        services=services,
        vehicles=asked.vehicles,
        vehicle=vehicle,
        depots=depots,
        budget_eur=_money(asked.budget, problems),
        case_value_eur=_money(asked.case_value, problems, "--case-value"),
        cover=_share(asked.cover, "--cover", problems),
        cover_group=people,
        cover_m=asked.cover_m,
        cover_weeks=asked.cover_weeks,
        area=_areas(asked.area, "--area", areas, region, problems),
        operator=_operator(asked.operator, areas, services, region, catalogue, problems),
        staff=staff[0] if staff else STAFF[0],
        rhythms=_rhythms(asked.rhythms, catalogue, problems),
        keep=keep,
        forbid=forbid,
        seek=seek,
        avoid=avoid,
        weekdays=_weekdays(asked.weekdays, problems),
        one_staff=asked.one_staff,
        use_factor=_share(asked.use_factor, "--use-factor", problems),
        wishes=asked.wishes,
        year=asked.year,
        variant=asked.variant,
        seed=asked.seed,
        seconds=asked.seconds,
    )
    if request.use_factor == 0.0:
        problems.add("mobile_use_factor_zero", "error", "--use-factor", value=asked.use_factor)
    problems.raise_errors()
    return request


def _services(names: Sequence[str], catalogue: Catalogue, problems: Problems) -> tuple[str, ...]:
    """Mobile services by id or label, the beginning of one label, or the id or label of the one service that it provides."""
    mobile = catalogue.mobile.services
    if not names:
        problems.add("mobile_no_service", "error", "--service", known=", ".join(mobile))
    known: dict[str, str] = {}
    for one in mobile.values():
        fixed = catalogue.services[one.service]
        for text in (fixed.label_de, fixed.label_en, fixed.id):
            known.setdefault(text.casefold(), one.id)
    for one in mobile.values():
        known |= {t.casefold(): one.id for t in (one.label_de, one.label_en, one.id)}
    found: list[str] = []
    for name in names:
        wanted = name.strip().casefold()
        begins = {i for text, i in known.items() if text.startswith(wanted)}
        id_ = known.get(wanted) or (begins.pop() if wanted and len(begins) == 1 else None)
        if id_ is None:
            near = nearest_names(name, (*(s.label_de for s in mobile.values()), *known))
            problems.add(
                "mobile_service_unknown", "error", "--service", service=name, near=near, known=", ".join(mobile)
            )
        elif id_ not in found:
            found.append(id_)
    return tuple(found)


def _vehicle(name: str, catalogue: Catalogue, problems: Problems) -> str:
    if not name:
        return ""
    vehicles = catalogue.mobile.vehicles
    known = {t.casefold(): v.id for v in vehicles.values() for t in (v.label_de, v.label_en, v.id)}
    found = known.get(name.strip().casefold(), "")
    if not found:
        problems.add(
            "mobile_vehicle_unknown", "error", "--vehicle",
            value=name, near=nearest_names(name, known), known=", ".join(vehicles),
        )  # fmt: skip
    return found


def _depots(asked: AskedMobile, region: Region, problems: Problems) -> tuple[str, ...]:
    found: list[str] = []
    for name in asked.depots:
        ids = find_place_id(name, region.places)
        if not ids:
            problems.add(
                "mobile_place_unknown", "error", "--depot",
                place=name, near=nearest_names(name, region.places["print_name"]),
            )  # fmt: skip
        elif len(ids) > 1:
            _ambiguous(name, [_place_name(i, region) for i in ids], "--depot", problems)
        else:
            found.append(ids[0])
    most = asked.vehicles if asked.vehicles is not None else len(asked.depots)
    if len(asked.depots) > 1 and len(asked.depots) != most:
        problems.add("mobile_depots_number", "error", "--depot", depots=len(asked.depots), vehicles=most)
    return tuple(found)


def _stops(names: Sequence[str], option: str, region: Region, problems: Problems) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        ids = find_place_id(name, region.places)
        if len(ids) > 1:
            _ambiguous(name, [_place_name(i, region) for i in ids], option, problems)
        elif (key := ids[0] if ids else name.strip()) not in found:
            found.append(key)
    return tuple(found)


def _place_name(key: str, region: Region) -> str:
    hit = region.places.loc[region.places["place_id"] == key, "print_name"]
    return str(hit.iloc[0]) if len(hit) else key


def _ambiguous(name: str, meant: Sequence[str], option: str, problems: Problems) -> None:
    problems.add("mobile_name_ambiguous", "error", option, value=name, names=", ".join(meant))


def _areas(
    names: Sequence[str], option: str, areas: Sequence[Area], region: Region, problems: Problems
) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        hits = find_areas(name, areas)
        if not hits:
            problems.add(
                "mobile_area_unknown", "error", option, value=name, near=nearest_names(name, (a.name for a in areas))
            )
        elif len(hits) > 1:
            _ambiguous(name, [f"{a.name} ({a.key})" for a in hits], option, problems)
        elif not _in_study(hits[0].level, hits[0].key, region):
            problems.add("mobile_area_outside", "error", option, value=hits[0].name)
        elif hits[0].key not in found:
            found.append(hits[0].key)
    return tuple(found)


def _in_study(level: AreaLevel, key: str, region: Region) -> bool:
    frame = region.places if level == "place" else region.municipalities
    column = {"place": "place_id", "association": "association_id", "municipality": "ags", "district": "district_ags"}[
        level
    ]
    return bool(frame.loc[frame[column] == key, "in_study"].any())


def _operator(
    name: str, areas: Sequence[Area], services: Sequence[str], region: Region, catalogue: Catalogue, problems: Problems
) -> str:
    """Key of the authority; a municipality within an association means the association, whose task it is."""
    if not name:
        return ""
    levels: tuple[AreaLevel, ...] = ("association", "municipality", "district")
    of = {catalogue.mobile.services[s].authority for s in services}
    if "district" in of and "municipality" not in of:
        levels = ("district", "association", "municipality")
    hits = find_areas(name, areas, levels=levels)
    if not hits:
        known = [a.name for a in areas if a.level in levels]
        problems.add("mobile_operator_unknown", "error", "--operator", value=name, near=nearest_names(name, known))
        return ""
    if len(hits) > 1:
        _ambiguous(name, [f"{a.name} ({a.key})" for a in hits], "--operator", problems)
        return ""
    if hits[0].level != "municipality":
        return str(hits[0].key)
    towns: pd.DataFrame = region.municipalities
    return str(towns.loc[towns["ags"] == hits[0].key, "association_id"].iloc[0])


def _words(
    names: Sequence[str], option: str, known: Sequence[str], said: Mapping[str, str], problems: Problems
) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        word = said.get(name.strip().casefold(), name.strip().casefold())
        if word not in known:
            problems.add(
                "mobile_word_unknown", "error", option,
                value=name, near=nearest_names(name, (*known, *said)), known=", ".join(known),
            )  # fmt: skip
        elif word not in found:
            found.append(word)
    return tuple(found)


def _rhythms(names: Sequence[str], catalogue: Catalogue, problems: Problems) -> tuple[float, ...]:
    rhythms = catalogue.mobile.rhythms.values()
    known = {**_SAID_RHYTHM, **{t.casefold(): r.every_weeks for r in rhythms for t in (r.id, r.label_de, r.label_en)}}
    offered = {r.every_weeks for r in rhythms}
    found: set[float] = set()
    for name in names:
        text = name.strip().casefold()
        weeks = known.get(text)
        if weeks is None:
            try:
                weeks = float(text.replace(",", "."))
            except ValueError:
                weeks = None
        if weeks not in offered or weeks is None:
            problems.add(
                "mobile_rhythm_unknown", "error", "--rhythm",
                value=name, known=", ".join(f"{r.label_de} ({r.every_weeks:g})" for r in rhythms),
            )  # fmt: skip
        else:
            found.add(weeks)
    return tuple(sorted(found))


def _weekdays(names: Sequence[str], problems: Problems) -> tuple[str, ...]:
    found: set[str] = set()
    for name in names:
        day = _SAID_DAYS.get(name.strip().casefold().rstrip("."))
        if day is None:
            problems.add("mobile_weekday_unknown", "error", "--weekday", value=name, known=", ".join(WEEKDAYS))
        else:
            found.add(day)
    return tuple(d for d in WEEKDAYS if d in found)


def _money(text: str, problems: Problems, option: str = "--budget") -> float | None:
    if not text:
        return None
    value = parse_money(text)
    if value is None:
        problems.add("mobile_budget", "error", option, value=text)
    return value


def _share(text: str, option: str, problems: Problems) -> float | None:
    if not text:
        return None
    value = parse_share(text)
    if value is None:
        problems.add("mobile_share", "error", option, value=text)
    return value


def _people(asked: AskedMobile, region: Region, catalogue: Catalogue, problems: Problems) -> None:
    """Year and variant are those of the forecast."""
    known = tuple(variants_by_id(catalogue.forecast_variants))
    if asked.variant not in known:
        problems.add("mobile_variant", "error", "--variant", value=asked.variant, known=", ".join(known))
    if asked.year is None:
        if asked.variant != _TREND:
            problems.add("variant_without_year", "error", "--variant", variant=asked.variant)
        return
    try:
        first, _ = stock_years(region)
    except InputError as fault:  # told together with all the rest
        problems.extend(fault.problems)
        return
    last = int(catalogue.value("forecast.last_year"))
    if not first <= asked.year <= last:
        problems.add("mobile_year", "error", "--year", year=str(asked.year), first=str(first), last=str(last))
