"""What a comparison says, as rows and sentences: head sentences, places, municipalities, changes in words."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ankerort.catalogue.model import Catalogue
from ankerort.documents.labels import row_label
from ankerort.documents.tables import places_in_order
from ankerort.region.model import Region
from ankerort.scenario.change import Change
from ankerort.scenario.compare import Comparison
from ankerort.scenario.resolve import ResolvedScenario
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_minutes, format_persons, format_whole
from ankerort.text.rhythm import rhythm_words

_LEAST = 2.5  # persons; fewer are printed as 0
_NOTICED_MIN = 0.5  # less is no minute
MODES = ("without_car", "without_car_demand", "with_car")
# The group of a row that speaks of everybody; services for one group have their own.
_MOST_HEAD = 4


@dataclass(frozen=True)
class ComparedScenario:
    """One scenario against the base; `region` is the region that it makes."""

    name: str
    resolved: ResolvedScenario
    comparison: Comparison
    region: Region


@dataclass(frozen=True)
class Effect:
    """Persons of one service and mode who gain or lose the standard in an area."""

    service: str
    mode: str
    gain_low: float
    gain_high: float
    lose_low: float
    lose_high: float

    @property
    def size(self) -> float:
        """How much it is about."""
        return max(self.gain_high, self.lose_high)


def own_group(service: str, catalogue: Catalogue) -> str:
    """The group whose people a service or core item is for."""
    if service.startswith("core:"):
        item = next(i for i in catalogue.core if f"core:{i.id}" == service)
        groups = {catalogue.services[s].demand_groups[0] for s in item.services}
        return groups.pop() if len(groups) == 1 else "all"
    return catalogue.services[service].demand_groups[0]


def effects(one: ComparedScenario, catalogue: Catalogue, *, level: str = "study", area: str = "*") -> list[Effect]:
    """Effects in one area by service (its own group) and mode, the largest first; core items repeat services and are left out."""
    rows = one.comparison.areas
    rows = rows[(rows["level"] == level) & (rows["area_id"] == area) & rows["mode"].isin(MODES)]
    found = []
    for row in rows.itertuples():
        if str(row.service).startswith("core:") or row.group != own_group(str(row.service), catalogue):
            continue
        numbers = (float(v) for v in (row.gain_low, row.gain_high, row.lose_low, row.lose_high))
        effect = Effect(str(row.service), str(row.mode), *(0.0 if math.isnan(n) else n for n in numbers))
        if effect.size >= _LEAST:
            found.append(effect)
    return sorted(found, key=lambda e: (-e.size, e.service, MODES.index(e.mode)))


def head_lines(one: ComparedScenario, catalogue: Catalogue, lang: Language) -> list[str]:
    """The sentences that head a scenario: who gains, who loses, by service; without a car first."""
    found = effects(one, catalogue)
    services = list(dict.fromkeys(e.service for e in found))
    lines = []
    for service in services[:_MOST_HEAD]:
        by_mode = {e.mode: e for e in found if e.service == service}
        mode = next(m for m in ("without_car", "with_car", "without_car_demand") if m in by_mode)
        effect = by_mode[mode]
        label = row_label(service, catalogue, lang)
        group = own_group(service, catalogue)
        people = catalogue.groups[group].label_de if lang == "de" else catalogue.groups[group].label_en
        people = say("compare.people", lang) if group == "all" else people
        how = say(f"compare.how.{mode}", lang)
        for sign, low, high in (
            ("gain", effect.gain_low, effect.gain_high),
            ("lose", effect.lose_low, effect.lose_high),
        ):
            if high >= _LEAST:
                number = _number(low, high, lang)
                kind = "compare.head." + sign + ("_known" if low < _LEAST else "")
                lines.append(say(kind, lang, service=label, persons=number, people=people, how=how))
    lines += _minute_lines(one, services[:_MOST_HEAD], catalogue, lang)
    if len(services) > _MOST_HEAD:
        lines.append(say("compare.head.more", lang, count=Counted(len(services) - _MOST_HEAD, lang)))
    if not lines:
        lines.append(say("compare.head.minutes" if len(one.comparison.places) else "compare.head.nothing", lang))
    return lines


def _minute_lines(one: ComparedScenario, services: list[str], catalogue: Catalogue, lang: Language) -> list[str]:
    """Whose way by car becomes shorter or longer, by service; also where nobody crosses a standard."""
    rows = one.comparison.areas
    rows = rows[(rows["level"] == "study") & (rows["mode"] == "car") & ~rows["service"].str.startswith("core:")]
    own = np.array(
        [g == own_group(str(s), catalogue) for g, s in zip(rows["group"], rows["service"], strict=True)], bool
    )
    rows = rows[own]
    told = services or list(dict.fromkeys(rows["service"]))[:_MOST_HEAD]
    lines = []
    for service in told:
        for row in rows[rows["service"] == service].itertuples():
            for kind, persons, mean, most in (
                ("faster", row.faster_persons, row.faster_mean_min, row.faster_max_min),
                ("slower", row.slower_persons, row.slower_mean_min, row.slower_max_min),
            ):
                if persons >= _LEAST and mean >= _NOTICED_MIN:
                    lines.append(
                        say(
                            f"compare.head.{kind}",
                            lang,
                            service=row_label(str(service), catalogue, lang),
                            persons=format_persons(float(persons), lang),
                            mean=format_whole(float(mean), lang),
                            most=format_minutes(float(most)),
                        )
                    )
    return lines


def _number(low: float, high: float, lang: Language) -> str:
    a, b = (format_persons(n, lang) for n in (low, high))
    if low < _LEAST and high >= _LEAST:
        return b
    return a if a == b else say("compare.from_to", lang, low=a, high=b)


def gained(low: float, high: float, lang: Language, *, sign: str = "") -> str:
    """Persons of a cell of a table: 310, "bis 40", "120 bis 150"; empty for nobody. `sign` stands before each number."""
    if math.isnan(high) or high < _LEAST:
        return ""
    a, b = (sign + format_persons(n, lang) for n in (low, high))
    if low < _LEAST:
        return say("compare.up_to", lang, high=b)
    return a if a == b else say("compare.from_to", lang, low=a, high=b)


def place_rows(one: ComparedScenario, base: Region, catalogue: Catalogue, lang: Language) -> pd.DataFrame:
    """One row per place and service in which something differs; places in reading order, columns by id.

    Rounded persons stand as text of a range; letters as before → after.
    """
    comparison = one.comparison
    rows = comparison.places[~comparison.places["service"].str.startswith("core:")]
    places = places_in_order(base)
    order = {p: k for k, p in enumerate(places["place_id"])}
    named = places.set_index("place_id")
    facility = one.region.facilities.set_index("facility_id")
    names = base.places.set_index("place_id")["print_name"]
    changes = _changes_of_places(comparison, catalogue)
    out = []
    for row in rows.to_dict("records"):
        place = str(row["place_id"])
        if place not in order:
            continue
        service = str(row["service"])
        effect = changes.get((place, service), {})
        entry: dict[str, object] = {
            "_order": order[place],
            "_size": effect.get("size", 0.0),
            "sign": {"+": "+", "-": "−", "+-": "±", "=": "="}[str(row["verdict"])],
            "place": named.at[place, "print_name"],
            "municipality": named.at[place, "municipality"],
            "service": row_label(service, catalogue, lang),
            "persons_place": float(row["persons"]),
            "gain": gained(effect.get("gain_low", 0.0), effect.get("gain_high", 0.0), lang, sign="+"),
            "lose": gained(effect.get("lose_low", 0.0), effect.get("lose_high", 0.0), lang, sign="−"),
            "letter": _arrow(str(row["state_before"]), str(row["state_after"])),
            "letter_no_car": _arrow(str(row["state_no_car_before"]), str(row["state_no_car_after"])),
        }
        for mode in ("walk", "car", "pt", "pt_demand"):
            entry[f"{mode}_change"] = _minutes(row[f"{mode}_min_before"], row[f"{mode}_min_after"])
        entry["uses_now"] = _facility(str(row["facility_after"]), facility, names, lang)
        out.append(entry)
    columns = [
        "sign", "place", "municipality", "service", "persons_place", "gain", "lose", "letter", "letter_no_car",
        "walk_change", "car_change", "pt_change", "pt_demand_change", "uses_now",
    ]  # fmt: skip
    if not out:
        return pd.DataFrame(columns=["_order", "_size", *columns])
    return pd.DataFrame(out).sort_values(["_order", "service"], kind="stable").reset_index(drop=True)


def _changes_of_places(comparison: Comparison, catalogue: Catalogue) -> dict[tuple[str, str], dict[str, float]]:
    """(place, service) -> persons who gain or lose: without a car where the service has such a standard, else with one."""
    rows = comparison.areas
    rows = rows[(rows["level"] == "place") & rows["mode"].isin(("without_car", "with_car"))]
    found: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows.sort_values("mode", ascending=False, kind="stable").to_dict("records"):
        service = str(row["service"])
        if service.startswith("core:") or row["group"] != own_group(service, catalogue):
            continue
        numbers = {
            k: 0.0 if math.isnan(row[k]) else float(row[k]) for k in ("gain_low", "gain_high", "lose_low", "lose_high")
        }
        if max(numbers.values()) < _LEAST:
            continue
        # sorted by mode descending: without_car comes first and stays
        found.setdefault((str(row["area_id"]), service), {**numbers, "size": max(numbers.values())})
    return found


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _minutes(before: float, after: float) -> str:
    one, two = ("–" if math.isnan(m) else format_minutes(m) for m in (before, after))
    return one if one == two else f"{one} → {two}"


def _facility(facility_id: str, facilities: pd.DataFrame, places: pd.Series, lang: Language) -> str:
    if facility_id not in facilities.index:
        return "–"
    row = facilities.loc[facility_id]
    name = str(row["name"]) or say("explain.no_name", lang)
    place = places.get(row["place_id"], "")
    return f"{name} ({place})" if place else name


def area_names(region: Region) -> dict[tuple[str, str], str]:
    """Printed names of the areas of all levels."""
    names = {("study", "*"): region.settings.name}
    names |= {
        ("place", str(k)): str(n) for k, n in zip(region.places["place_id"], region.places["print_name"], strict=True)
    }
    for row in region.municipalities.itertuples():
        names["municipality", str(row.ags)] = str(row.name)
        names["association", str(row.association_id)] = str(row.association_name)
        names["district", str(row.district_ags)] = str(row.district_name)
    return names


def changed_facilities(base: Region, other: Region) -> pd.DataFrame:
    """Facilities that a scenario opens, closes, moves or changes: columns facility_id, name, service, what, x, y, lon, lat."""
    one, two = (r.facilities.set_index("facility_id") for r in (base, other))
    new = two.index.difference(one.index, sort=False)
    both = two.index.intersection(one.index, sort=False)
    before, after = one.loc[both], two.loc[both]
    closed = (before["state"] == "open") & (after["state"] == "closed")
    told = ["x", "y", "opening_hours", "wheelchair", "capacity", "condition", "assortment", "broadband_mbit"]
    differs = np.zeros(len(both), bool)
    for column in told:
        a, b = before[column], after[column]
        differs |= ((a != b) & ~(a.isna() & b.isna())).to_numpy(bool)
    what = np.where(closed, "closed", np.where(differs, "changed", ""))
    parts = [two.loc[new].assign(what="opened"), after.assign(what=what)[what != ""]]
    rows = pd.concat([p for p in parts if len(p)] or [two.iloc[:0].assign(what="")])
    return rows.reset_index()[["facility_id", "name", "service", "place_id", "what", "x", "y", "lon", "lat"]]


def change_lines(resolved: ResolvedScenario, catalogue: Catalogue, lang: Language) -> list[str]:
    """Each change in words, in order."""
    return [change_line(one.change, catalogue, lang) for one in resolved.changes]


def change_line(change: Change, catalogue: Catalogue, lang: Language) -> str:
    """One change in words: its kind and its fields as the user wrote them."""
    told = []
    for name in sorted(change.field_names(), key=lambda n: n == "days"):  # on which days comes last
        value = getattr(change, name)
        if value in ("", None, (), False):
            continue
        text = _told(name, value, catalogue, lang)
        told.append(say(f"change.field.{name}", lang, value=text))
    return f"{say(f'change.kind.{change.kind}', lang)}: {', '.join(told)}"


def _told(name: str, value: object, catalogue: Catalogue, lang: Language) -> str:
    if name in ("service", "new_service") and str(value) in catalogue.services:
        return row_label(str(value), catalogue, lang)
    if name in ("step_free", "toilets_step_free"):
        return say(f"change.step_free.{value}", lang)
    if name == "line" and isinstance(value, tuple):
        return say("change.points", lang, count=len(value))
    if name == "days" and isinstance(value, tuple):
        return ", ".join(say(f"compare.day.{day}", lang) for day in value)
    if isinstance(value, tuple):
        return ", ".join(str(v) for v in value)
    if name == "every_weeks":
        return rhythm_words(float(str(value)), lang)
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",") if lang == "de" else f"{value:g}"
    return say("word.yes", lang) if value is True else str(value)
