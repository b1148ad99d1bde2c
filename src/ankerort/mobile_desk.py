"""What a question for a mobile service needs, made once: stages, people, answers of the survey, agreements, the problem in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer

from ankerort import __version__
from ankerort.base.problems import InputError, Phrase, Problem, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.documents.blocks import Block, Heading
from ankerort.documents.mobile_documents import MobileDocuments
from ankerort.documents.wishes_results import WishesWords, wishes_printed
from ankerort.mobile.alternatives import alternatives
from ankerort.mobile.build import prepare
from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.feasible import coverable, far_places, kept, least_vehicles, most_covered
from ankerort.mobile.offices import office_metres
from ankerort.mobile.plan import MobilePlan
from ankerort.mobile.plan_file import read_mobile_plan
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.problem import Decision, Solution
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.resolve_request import AskedMobile, resolve_request
from ankerort.mobile.result import vehicle_of
from ankerort.mobile.search import find
from ankerort.mobile.solve import solve
from ankerort.mobile.travel import trace_leg, vehicle_ways
from ankerort.mobile.wishes import WishWeights, wish_weights
from ankerort.mobile.wishes_results import wishes_results
from ankerort.region.model import Region
from ankerort.region.paper_status import read_paper_status
from ankerort.region.read_agreements import read_agreements
from ankerort.region.read_mobile_contact import read_mobile_contact
from ankerort.region.read_mobile_stops import read_mobile_stops
from ankerort.region.read_wishes import Wishes, read_wishes
from ankerort.scenario.plan_sections import find_plan
from ankerort.stages import Stages
from ankerort.text import Language
from ankerort.text.numbers import format_share

_WGS84 = "EPSG:4326"


@dataclass(frozen=True)
class MobileDesk:
    """All that is made once for a question.

    Parameters
    ----------
    stages, region
        Of the project; the region with the people of the year asked for.
    request
        As asked, names replaced by ids.
    wishes, weights
        Answers of the survey and what they weigh; `weights` is None where they do not count.
    agreements, spots, stop_table
        As read.
    told
        Warnings and notes of the readers.
    """

    stages: Stages
    region: Region
    request: MobileRequest
    wishes: Wishes
    weights: WishWeights | None
    agreements: pd.DataFrame = field(repr=False)
    spots: pd.DataFrame = field(repr=False)
    stop_table: pd.DataFrame = field(repr=False)
    told: tuple[Problem, ...]
    progress: Progress

    @classmethod
    def asked(cls, folder: Path, asked: AskedMobile, threads: int, progress: Progress) -> MobileDesk:
        """From a question as typed; what does not fit it is told before anything takes time."""
        stages = Stages(folder, threads, progress)
        request = resolve_request(asked, stages.region(), stages.catalogue)
        return cls._made(stages, request, threads, progress)

    @classmethod
    def of_plan(cls, folder: Path, plan: str, threads: int, progress: Progress) -> tuple[MobileDesk, MobilePlan, Path]:
        """From the question of a plan."""
        path = find_plan(folder, plan)
        read = read_mobile_plan(path)
        return cls._made(Stages(folder, threads, progress), read.request, threads, progress), read, path

    @classmethod
    def _made(cls, stages: Stages, request: MobileRequest, threads: int, progress: Progress) -> MobileDesk:
        if request.year is not None:
            stages = Stages(stages.folder, threads, progress, year=request.year, variant=request.variant)
        region, catalogue = stages.people(), stages.catalogue
        problems = Problems()
        wishes = read_wishes(stages.folder, problems)
        agreements = read_agreements(stages.folder, region, catalogue, problems)
        spots = stages.spots()
        problems.extend(stages.spot_problems)
        table = read_mobile_stops(stages.folder, region, catalogue, problems)
        problems.raise_errors()
        weights = wish_weights(wishes, region, catalogue) if request.wishes and wishes.count else None
        return cls(stages, region, request, wishes, weights, agreements, spots, table, problems.sorted(), progress)

    @property
    def names(self) -> dict[str, str]:
        """Printed name by place_id."""
        places = self.region.places
        return dict(zip(places["place_id"].astype(str), places["print_name"].astype(str), strict=True))

    @property
    def answers(self) -> pd.DataFrame:
        """WISHES that count; none where the question leaves the survey out."""
        return self.wishes.answers if self.request.wishes else self.wishes.answers[:0]

    @cached_property
    def office_m(self) -> Mapping[str, NDArray[np.float64]]:
        """Way from each cell to the nearest fixed office, by mobile service."""
        return office_metres(self.region, self.stages.reach(), self.stages.catalogue, self.request.services)

    def prepared(self, request: MobileRequest | None = None) -> Prepared:
        """The problem of the question, or of another."""
        return prepare(
            self.region,
            self.stages.network(),
            self.stages.catalogue,
            request or self.request,
            wishes=self.weights,
            agreements=self.agreements,
            spots=self.spots,
            stop_table=self.stop_table,
            threads=self.stages.threads,
        )

    def record(self) -> dict[str, object]:
        """What is needed to get the same plan again."""
        return {
            "ankerort": __version__,
            "key": self.stages.supply_key,
            "catalogue": self.stages.catalogue.content_hash,
            "answers": self.wishes.count if self.request.wishes else 0,
        }

    def solved(self) -> tuple[Prepared, Solution, tuple[Problem, ...]]:
        """The problem and its best plan; with a target and no number of vehicles the fewest that suffice.

        Raises
        ------
        InputError
            If there is no plan that keeps all demands: what can be reached instead, and what the demands need.
        """
        full = self.prepared()
        told = list(full.problems)
        if self.request.cover is not None:
            told += self._too_far(full)
        # the kernels are compiled once on each computer, which may take longer than a search: before its clock runs
        find(full.problem, full.objective, steps=1, progress=self.progress)
        free = self.request.vehicles is None
        if free and self.request.cover is not None:
            prepared, found, _ = least_vehicles(
                lambda count: with_vehicles(full, count),
                most=full.problem.vehicles.count,
                seconds=self.request.seconds,
                progress=self.progress,
            )
        else:
            prepared = full
            found = solve(
                full.problem,
                full.objective,
                seed=self.request.seed,
                seconds=self.request.seconds,
                progress=self.progress,
            )
        if not kept(prepared, found):
            raise InputError([*self._why_none(prepared, found), *told])
        assert found.decision is not None
        if not (found.decision.pattern >= 0).any():
            told.append(self._why_empty(prepared))
        return prepared, found, tuple(told)

    def _why_empty(self, prepared: Prepared) -> Problem:
        """Why the best plan serves no stop."""
        fixed = float(prepared.problem.vehicles.eur_per_year.min())
        if self.request.budget_eur is not None and self.request.budget_eur < fixed:
            params: dict[str, object] = {"fixed": round(fixed), "budget": round(self.request.budget_eur)}
            return Problem("mobile_budget_fixed", "warning", "--budget", params=params)
        return Problem("mobile_nothing_worth", "warning", "ankerort mobile plan")

    def _too_far(self, prepared: Prepared) -> list[Problem]:
        """A note where the target can only be met for those who live near some candidate."""
        found = coverable(prepared, self.region)
        wanted = self.request.cover
        assert wanted is not None
        if wanted <= found.share + 1e-9 or not len(found.far):
            return []
        params: dict[str, object] = {
            "share": format_share(found.share, "de"),
            "persons": round(found.persons - found.near),
            "metres": round(self.request.cover_m),
            "places": far_places(found),
        }
        return [Problem("mobile_cover_far", "warning", "--cover", params=params)]

    def _why_none(self, prepared: Prepared, found: Solution) -> list[Problem]:
        """What stands against a plan, with the nearest that is possible."""
        request = self.request
        vehicles = prepared.problem.vehicles.count
        if request.cover is None:
            faults = (
                () if found.decision is None else evaluate(prepared.problem, found.decision, prepared.objective).faults
            )
            rules = Phrase(tuple((f"mobile_rule.{r}", "") for r in sorted({f.rule for f in faults}))) if faults else "–"
            must = [str(n) for n in prepared.stops["name"].astype(str)[prepared.problem.must]]
            return [
                Problem(
                    "mobile_no_plan",
                    "error",
                    "ankerort mobile plan",
                    params={"rules": rules, "stops": ", ".join(must) or "–"},
                )
            ]
        share, _ = most_covered(prepared, seed=request.seed, seconds=request.seconds, progress=self.progress)
        params: dict[str, object] = {
            "vehicles": vehicles,
            "share": format_share(share, "de"),
            "cover": format_share(request.cover, "de"),
        }
        problems = [Problem("mobile_cover_vehicles", "error", "--cover", params=params)]
        needed = self._needed(vehicles)
        if needed is not None:
            problems.append(Problem("mobile_cover_needed", "note", "--vehicles", params={"vehicles": needed}))
        else:
            most = max(vehicles, int(self.stages.catalogue.value("mobile.vehicles_most")))
            problems.append(Problem("mobile_cover_never", "note", "--vehicles", params={"vehicles": most}))
        return problems

    def _needed(self, vehicles: int) -> int | None:
        """The fewest vehicles beyond a number with which the target is met; None if the most that are tried do not suffice."""
        most = int(self.stages.catalogue.value("mobile.vehicles_most"))
        if vehicles >= most:
            return None
        wide = self.prepared(replace(self.request, vehicles=most))
        for count in range(vehicles + 1, most + 1):
            tried = with_vehicles(wide, count)
            found = solve(
                tried.problem, tried.objective, seed=self.request.seed, seconds=self.request.seconds, progress=SILENT
            )
            if kept(tried, found):
                return count
        return None

    def alternatives(self, prepared: Prepared, decision: Decision, plan: MobilePlan) -> pd.DataFrame:
        """ALTERNATIVES of a plan."""
        return alternatives(
            prepared,
            decision,
            plan,
            self.region,
            self.stages.catalogue,
            office_m=self.office_m,
            answers=self.answers,
        )

    def documents(
        self,
        plan: MobilePlan,
        told: tuple[Problem, ...],
        *,
        prepared: Prepared | None = None,
        found: pd.DataFrame | None = None,
        first_day: str = "",
        lang: Language = "de",
    ) -> MobileDocuments:
        """All that documents are written from.

        Parameters
        ----------
        found
            ALTERNATIVES, where they were worked out.
        first_day
            First day (ISO) of the printed dates; empty = that of the plan.
        lang
            Of what the survey says.
        """
        paper, paper_problems = read_paper_status(self.stages.folder)
        contact, contact_told = read_mobile_contact(self.stages.folder)
        documents = MobileDocuments(
            plan=plan,
            region=self.region,
            catalogue=self.stages.catalogue,
            prepared=prepared,
            contact=contact,
            lines={} if prepared is None else self._lines(plan, prepared),
            first_day=first_day,
            problems=Problems((*self.told, *told, *contact_told, *paper_problems)).sorted(),
            paper=paper,
        )
        if found is not None:
            documents = replace(documents, alternatives=found)
        return replace(documents, wishes=self._wishes_told(lang)) if self.weights is not None else documents

    def _wishes_told(self, lang: Language) -> tuple[Block, ...]:
        """Who answered and which services they named, as the results of the survey print it: small numbers are suppressed."""
        results = wishes_results(self.wishes, self.region, self.stages.catalogue)
        printed = wishes_printed(WishesWords(results, self.region, self.stages.catalogue, lang), header="")
        told: list[Block] = []
        for block in printed.blocks:
            if isinstance(block, Heading) and block.anchor == "orte":
                break
            told.append(replace(block, level=2, anchor="") if isinstance(block, Heading) else block)
        return tuple(told)

    def _lines(self, plan: MobilePlan, prepared: Prepared) -> dict[tuple[str, str], NDArray[np.float64]]:
        """Drives of a plan as they are drawn; none where they are straight lines anyway."""
        if plan.effect.estimated or plan.legs.empty:
            return {}
        kind = self.stages.catalogue.mobile.vehicles[vehicle_of(prepared, self.stages.catalogue)]
        ways = vehicle_ways(self.region, self.stages.network(), self.stages.catalogue, kind)
        metres = Transformer.from_crs(_WGS84, self.region.settings.crs, always_xy=True)
        at = {
            str(i): (float(x), float(y))
            for i, x, y in zip(plan.stops["stop_id"], plan.stops["x"], plan.stops["y"], strict=True)
        }
        if len(prepared.depots):
            at[""] = (float(prepared.depots["x"].iat[0]), float(prepared.depots["y"].iat[0]))
        lines: dict[tuple[str, str], NDArray[np.float64]] = {}
        for _, day in plan.legs[plan.legs["what"] == "drive"].groupby(["vehicle", "weekday", "week"], sort=True):
            here = ""
            for there in day.sort_values("number", kind="stable")["stop_id"].astype(str):
                key = (here, there)
                if key not in lines and here in at and there in at:
                    traced = trace_leg(ways, at[here], at[there])
                    if traced is not None and len(traced.line) > 1:
                        lines[key] = np.column_stack(metres.transform(*np.array(traced.line).T))
                here = there
        return lines


def with_vehicles(prepared: Prepared, count: int) -> Prepared:
    """The same problem with the first `count` of its vehicles."""
    problem = prepared.problem
    if count >= problem.vehicles.count:
        return prepared
    vehicles = replace(
        problem.vehicles, **{name: getattr(problem.vehicles, name)[:count] for name in problem.vehicles.__dict__}
    )
    return replace(prepared, problem=replace(problem, vehicles=vehicles, vehicle_ok=problem.vehicle_ok[:count]))
