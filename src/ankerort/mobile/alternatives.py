"""Other ways to serve the same people, beside the mobile plan: office hours, shuttle, home visits, digital desk (docs/method/mobile-alternatives.md)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.anchors.costs import NOTHING, CostRange, annuity_range, range_of
from ankerort.catalogue.mobile import MobileService
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.drivers import car_share
from ankerort.mobile.fulfilled import NOTHING_ASKED, Offered, Wished, half_of_hours, wishes_of_place
from ankerort.mobile.people_near import PeopleNear
from ankerort.mobile.plan import MobilePlan
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.problem import Decision
from ankerort.mobile.result_costs import ENDS, crew_of, total_cost
from ankerort.mobile.schema import ALTERNATIVES
from ankerort.region.model import Region
from ankerort.scenario.change import WEEKDAYS, parse_clock

_ROOMS = ("hall", "town_hall", "building", "church")
_HALVES = ("morning", "afternoon")


@dataclass(frozen=True)
class Way:
    """One way of serving: what share of each group's need it serves, what share of its persons it reaches, cost, kilometres.

    Parameters
    ----------
    cases_share, persons_share
        float64 (groups,), in [0, 1]; 0 for groups that are not to be served.
    wished
        Wishes that it meets.
    """

    cases_share: NDArray[np.float64]
    persons_share: NDArray[np.float64]
    cost: CostRange
    vehicle_km: float
    people_km: float
    co2_kg: float
    wished: Wished
    reason: str = ""


def alternatives(
    prepared: Prepared,
    decision: Decision,
    plan: MobilePlan,
    region: Region,
    catalogue: Catalogue,
    *,
    office_m: Mapping[str, NDArray[np.float64]],
    answers: pd.DataFrame,
) -> pd.DataFrame:
    """ALTERNATIVES: the mobile plan and four other ways for the people within their walk of its stops.

    Parameters
    ----------
    office_m
        Per mobile service the way to the nearest fixed office, float64 (cells,), metres; NaN = none known.
    answers
        WISHES of the survey; may be empty.
    """
    told = _Told(prepared, decision, plan, region, catalogue, office_m, answers)
    rows = [told.mobile_row()]
    for way, made in (("fixed", told.fixed), ("shuttle", told.shuttle), ("home", told.home), ("desk", told.desk)):
        rows.append(told.row(way, made()))
    return ALTERNATIVES.conform(pd.DataFrame(rows, columns=ALTERNATIVES.names))


class _Told:
    """What all ways share: the people, their cases, where they live, what they wish."""

    def __init__(
        self,
        prepared: Prepared,
        decision: Decision,
        plan: MobilePlan,
        region: Region,
        catalogue: Catalogue,
        office_m: Mapping[str, NDArray[np.float64]],
        answers: pd.DataFrame,
    ) -> None:
        self._prepared, self._plan, self._catalogue, self._office_m = prepared, plan, catalogue, office_m
        need = prepared.need
        self._people = PeopleNear(prepared, region, catalogue)
        self._served = np.flatnonzero(decision.pattern >= 0)
        self._groups = self._people.groups_of(self._served.tolist())
        self._mine = np.zeros(len(need.persons))
        self._mine[self._groups] = 1.0
        self._allowed = allowed_share(prepared)
        self._cases = need.cases * self._mine * self._allowed
        self._x = region.cells["x"].to_numpy(np.float64)[need.cell]
        self._y = region.cells["y"].to_numpy(np.float64)[need.cell]
        self._places = sorted(set(region.cells["place_id"].astype(str).iloc[need.cell[self._groups]]) - {""})
        self._answers = answers
        self._weeks = prepared.problem.cycles_per_year * prepared.problem.weeks
        self._depot = prepared.depots.iloc[0] if len(prepared.depots) else None
        drives = {p: car_share(catalogue, p) for p in sorted(set(need.people))}
        self._car = np.array([drives[p] for p in need.people])

    def _value(self, name: str) -> float:
        return self._catalogue.value(f"mobile.alt_{name}")

    def _range(self, name: str) -> CostRange:
        return CostRange(self._value(f"{name}_low"), self._value(name), self._value(f"{name}_high"))

    def row(self, way: str, made: Way) -> dict[str, object]:
        """The figures of a way."""
        need = self._prepared.need
        share = made.cases_share * self._allowed
        cases = [float((n * share).sum()) for n in (need.cases_low, need.cases, need.cases_high)]
        feasible = not made.reason
        least = int(self._catalogue.value("mobile.wishes_least_answers"))
        per_case = made.cost.mid / cases[1] if feasible and cases[1] > 0 else math.nan
        cost = dict(zip((f"cost_{e}" for e in ENDS), made.cost.array().tolist(), strict=True))
        return {
            "way": way,
            "feasible": feasible,
            "reason": made.reason,
            "persons": self._people.persons_share(made.persons_share),
            "persons_75_plus": self._people.persons_75_plus_share(made.persons_share),
            "cases_low": cases[0],
            "cases": cases[1],
            "cases_high": cases[2],
            **{k: v if feasible else math.nan for k, v in cost.items()},
            "eur_per_case": per_case,
            "wishes_met": made.wished.share(least),
            "vehicle_km": made.vehicle_km,
            "people_km": made.people_km,
            "co2_kg": made.co2_kg,
            "detail": f"mobile_alt.detail_{way}",
        }

    def mobile_row(self) -> dict[str, object]:
        """The plan itself, by its own figures."""
        effect, cost = self._plan.effect, total_cost(self._plan.costs)
        co2 = self._catalogue.mobile.vehicles[self._plan.vehicle].co2_kg_per_km.value
        return {
            "way": "mobile",
            "feasible": True,
            "reason": "",
            "persons": effect.persons,
            "persons_75_plus": effect.persons_75_plus,
            "cases_low": effect.cases_low,
            "cases": effect.cases,
            "cases_high": effect.cases_high,
            **dict(zip((f"cost_{e}" for e in ENDS), cost.array().tolist(), strict=True)),
            "eur_per_case": cost.mid / effect.cases if effect.cases > 0 else math.nan,
            "wishes_met": self._plan_wishes().share(int(self._catalogue.value("mobile.wishes_least_answers"))),
            "vehicle_km": effect.drive_km,
            "people_km": 0.0,
            "co2_kg": effect.drive_km * co2,
            "detail": "mobile_alt.detail_mobile",
        }

    def _plan_wishes(self) -> Wished:
        """Wishes that the plan's visits meet, of the same places as for the other ways."""
        stops = self._plan.stops.set_index("stop_id")
        offered: dict[str, list[Offered]] = {}
        for row in self._plan.visits.to_dict("records"):
            stop = stops.loc[str(row["stop_id"])]
            begin, end = parse_clock(str(row["from_time"])) or 0, parse_clock(str(row["to_time"])) or 0
            one = Offered(str(row["weekday"]), half_of_hours(begin, end), str(stop["kind"]))
            offered.setdefault(str(stop["place_id"]), []).append(one)
        return sum((self._wishes(p, offered.get(p, [])) for p in self._places), NOTHING_ASKED)

    def _staff_h(self, cases_share: NDArray[np.float64], extra_h: float = 0.0, *, used: bool = True) -> CostRange:
        """Cost of the staff: minutes at the counter over the share of the time that is used, and hours on top per service."""
        need = self._prepared.need
        total = NOTHING
        for service in self._services():
            mine = np.array([s == service.id for s in need.service])
            hours = float((self._cases * cases_share)[mine].sum()) * service.minutes_per_case.value / 60.0
            hours = hours / service.utilisation.value if used else hours
            total = total + range_of(service.eur_per_h).times((hours + extra_h) * service.staff.value)
        return total

    def _services(self) -> list[MobileService]:
        return [self._catalogue.mobile.services[s] for s in self._prepared.request.services]

    def fixed(self) -> Way:
        """Office hours in one shared room: the stop of the plan that most cases can come to, rooms first."""
        prepared, need = self._prepared, self._prepared.need
        weekly = self._catalogue.mobile.rhythms["weekly"].benefit.value
        stops = [s for s in self._served.tolist() if prepared.stops["kind"].iat[s] in _ROOMS] or self._served.tolist()
        if not stops:
            return self._none("mobile_alt.reason_no_stop")
        best, coming, driven, km = max((self._to(s) for s in stops), key=lambda t: float((t[1] * self._cases).sum()))
        share = coming * weekly * self._mine
        lone = crew_of(self._services(), one_staff=prepared.request.one_staff)
        counter_h = sum(
            float((self._cases * share)[np.array([n == s.id for n in need.service])].sum())
            * s.minutes_per_case.value
            / 60.0
            / s.utilisation.value
            for s in self._services()
        )
        least_h = self._value("fixed_least_h_week") * self._weeks * len(lone)
        drive_km = self._from_depot_km(best)
        drive_h = 2.0 * drive_km / self._catalogue.value("straight_speed.car") * self._weeks
        staff = NOTHING
        for service in lone:
            hours = max(counter_h, least_h) / len(lone) + drive_h
            staff = staff + range_of(service.eur_per_h).times(hours * service.staff.value)
        room = self._range("room_eur_h").times(max(counter_h, least_h))
        it = NOTHING
        for service in self._services():
            it = it + range_of(service.it_eur_per_year)
        own_km = 2.0 * drive_km * self._weeks
        people_km = float((self._cases * weekly * driven * 2.0 * km).sum())
        cost = staff + room + it + self._range("car_eur_km").times(own_km)
        place, kind = str(prepared.stops["place_id"].iat[best]), str(prepared.stops["kind"].iat[best])
        offers = [[Offered(d, h, kind)] for d in WEEKDAYS[:5] for h in _HALVES]
        # the weekday and half-day that most wish for; a spot is met in the place itself only
        wished = max(
            (sum((self._wishes(p, o, spots=p == place) for p in self._places), NOTHING_ASKED) for o in offers),
            key=lambda w: w.met,
        )
        co2 = (own_km + people_km) * self._value("car_co2_kg_km")
        return Way(share, coming * self._mine, cost, own_km, people_km, co2, wished)

    def _to(self, stop: int) -> tuple[int, NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Of a stop: share of each group's cases that come, of them by car, and the kilometres."""
        prepared, needs = self._prepared, self._prepared.problem.needs
        at = prepared.stops.iloc[stop]
        km = np.hypot(self._x - float(at["x"]), self._y - float(at["y"])) * self._catalogue.value("detour.car") / 1000.0
        lift = (1.0 - self._car) * self._value("lift_share")
        bus = (1.0 - self._car) * (1.0 - self._value("lift_share")) * self._value("bus_share")
        fade = 0.5 ** (km / self._value("half_km"))
        coming, driven = (self._car + lift + bus) * fade, (self._car + lift) * fade
        pairs = slice(int(needs.ptr[stop]), int(needs.ptr[stop + 1]))
        walkers = needs.factor[pairs]
        if len(prepared.concern_share):  # what the staff may deal with counts for all who come
            walkers = walkers / np.maximum(prepared.concern_share[pairs], 1e-9)
        coming[needs.group[pairs]] = np.maximum(coming[needs.group[pairs]], walkers)
        driven[needs.group[pairs]] = 0.0
        return stop, coming, driven, km

    def _from_depot_km(self, stop: int) -> float:
        if self._depot is None:
            return 0.0
        at = self._prepared.stops.iloc[stop]
        line = math.hypot(float(at["x"]) - float(self._depot["x"]), float(at["y"]) - float(self._depot["y"]))
        return line * self._catalogue.value("detour.car") / 1000.0

    def shuttle(self) -> Way:
        """A bus on demand to the nearest fixed office: two trips a case, and the counter there."""
        need = self._prepared.need
        km = np.full(len(need.persons), np.nan)
        for service, metres in self._office_m.items():
            mine = np.array([s == service for s in need.service])
            km[mine] = metres[need.cell[mine]] / 1000.0
        known = np.isfinite(km) & (self._mine > 0)
        if not known.any():
            return self._none("mobile_alt.reason_no_office")
        persons = np.where(known, 1.0, 0.0)
        share = persons * self._value("shuttle_use")
        cases = self._cases * share
        cost = self._range("trip_eur").times(2.0 * float(cases.sum())) + self._staff_h(share)
        ridden = float((cases * 2.0 * np.nan_to_num(km)).sum())
        own_km = ridden * (1.0 + self._value("shuttle_empty_share")) / self._value("shuttle_riders")
        wished = self._everywhere([Offered(d, h, "home") for d in WEEKDAYS[:5] for h in _HALVES])
        return Way(share, persons, cost, own_km, 0.0, own_km * self._value("car_co2_kg_km"), wished)

    def home(self) -> Way:
        """Visits at home: minutes of the case and twice the drive from the depot, one drive a case."""
        if self._depot is None or not len(self._groups):
            return self._none("mobile_alt.reason_no_stop")
        need = self._prepared.need
        line = np.hypot(self._x - float(self._depot["x"]), self._y - float(self._depot["y"]))
        km = line * self._catalogue.value("detour.car") / 1000.0
        share = self._mine * self._value("home_use")
        cases = self._cases * share
        drive_h = 2.0 * km / self._catalogue.value("straight_speed.car")
        cost = self._staff_h(share, used=False)
        for service in self._services():
            mine = np.array([s == service.id for s in need.service])
            on_road = float((cases * drive_h)[mine].sum()) * service.staff.value
            cost = cost + range_of(service.eur_per_h).times(on_road) + range_of(service.it_eur_per_year)
        own_km = float((cases * 2.0 * km).sum())
        cost = cost + self._range("car_eur_km").times(own_km)
        wished = self._everywhere([Offered(d, h, "home") for d in WEEKDAYS[:5] for h in _HALVES])
        return Way(share, self._mine.copy(), cost, own_km, 0.0, own_km * self._value("car_co2_kg_km"), wished)

    def desk(self) -> Way:
        """A digital desk with a helper in each visited place: those who are ready for it, for what needs no second visit."""
        need = self._prepared.need
        if not len(self._groups):
            return self._none("mobile_alt.reason_no_stop")
        of_people = {p: self._ready(p) for p in sorted(set(need.people))}
        of_service = {s: self._online(s) for s in sorted(set(need.service))}
        ready = np.array([of_people[p] for p in need.people]) * self._mine
        fits = np.array([of_service[s] for s in need.service])
        share = ready * fits
        desks = len(self._plan.rows["place_id"].unique())
        yearly = annuity_range(
            self._range("desk_eur"), self._value("desk_life_years"), self._catalogue.value("anchors.interest_rate")
        )
        cost = (yearly + self._range("desk_eur_year")).times(desks) + self._staff_h(share)
        wished = self._everywhere([Offered(d, h, "hall") for d in WEEKDAYS[:5] for h in _HALVES])
        return Way(share, ready, cost, 0.0, 0.0, 0.0, wished)

    def _ready(self, people: str) -> float:
        """Share of a group that would use a digital desk: what the survey says from enough answers on, else the figure by age."""
        group = self._catalogue.groups.get(people)
        first = group.first_age if group is not None else 0
        ages = ("75_84", "85_plus") if first >= 75 else ("65_74",) if first >= 65 else ("under_65",)
        here = self._answers[self._answers["age"].isin(ages) & (self._answers["online"] != "")]
        if len(here) >= self._catalogue.value("mobile.wishes_least_answers"):
            return float(here["online"].isin(["yes", "with_help"]).mean())
        return self._value("ready_75_plus" if first >= 75 else "ready_65_74" if first >= 65 else "ready_under_65")

    def _online(self, service: str) -> float:
        """Share of the cases of a service that a digital desk can settle: concerns with one visit; without concerns a figure."""
        concerns = self._catalogue.mobile.concerns_of(service)
        total = sum(c.share.value for c in concerns)
        if not total:
            return self._value("desk_share")
        return float(sum(c.share.value for c in concerns if c.visits == 1) / total)

    def _wishes(self, place: str, offered: list[Offered], *, spots: bool = True) -> Wished:
        found = wishes_of_place(self._answers, [place], offered)
        if spots:
            return found
        elsewhere = [Offered(o.weekday, o.half, "") for o in offered]
        return wishes_of_place(self._answers, [place], elsewhere)

    def _everywhere(self, offered: list[Offered]) -> Wished:
        return sum((self._wishes(p, offered) for p in self._places), NOTHING_ASKED)

    def _none(self, reason: str) -> Way:
        nobody = np.zeros(len(self._mine))
        return Way(nobody, nobody, NOTHING, 0.0, 0.0, 0.0, NOTHING_ASKED, reason)


def allowed_share(prepared: Prepared) -> NDArray[np.float64]:
    """Per group the share of its cases that the staff may deal with at the best stop near it, float64 (groups,); 1 where nothing is shut out."""
    needs = prepared.problem.needs
    share = np.ones(len(needs.points))
    if len(prepared.concern_share):
        best = np.zeros(len(share))
        np.maximum.at(best, needs.group, prepared.concern_share)
        share[needs.group] = best[needs.group]
    return share
