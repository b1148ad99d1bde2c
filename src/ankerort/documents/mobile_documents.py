"""What the documents of a mobile plan are written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
from numpy import float64
from numpy.typing import NDArray

from ankerort.base.problems import Problem, Problems
from ankerort.catalogue.model import Catalogue
from ankerort.documents.blocks import Block
from ankerort.mobile.plan import MobilePlan
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.schema import ALTERNATIVES
from ankerort.region.model import Region
from ankerort.region.paper_status import PaperStatus
from ankerort.region.public_view import internal_sources
from ankerort.region.read_mobile_contact import CONTACT_FILE, MobileContact

DEPOT = ""  # end of a leg that is the depot


@dataclass(frozen=True)
class MobileDocuments:
    """One finished mobile plan with all that its documents tell.

    Parameters
    ----------
    plan
        The proposal, its tables, its proof.
    region, catalogue
        As planned with.
    prepared
        The problem behind the plan, for the cells that a stop serves; None = rings around the stops are drawn instead.
    alternatives
        ALTERNATIVES; empty where they were not computed.
    wishes
        What the survey says, as blocks that may be printed (small numbers are suppressed already); empty = no survey.
    contact
        ``mobil.toml``.
    lines
        Drives between two stops as they are drawn: (stop_id, stop_id) -> metres east and north, shape (points, 2); straight where missing.
    first_day
        First day (ISO) of the printed dates; empty = that of the plan.
    problems
        Warnings and notes of all floors.
    paper
        What holds of the paper (``stand.toml``); printed on each page.
    """

    plan: MobilePlan
    region: Region = field(repr=False)
    catalogue: Catalogue = field(repr=False)
    prepared: Prepared | None = field(default=None, repr=False)
    alternatives: pd.DataFrame = field(default_factory=ALTERNATIVES.empty, repr=False)
    wishes: tuple[Block, ...] = field(default=(), repr=False)
    contact: MobileContact = field(default_factory=MobileContact)
    lines: Mapping[tuple[str, str], NDArray[float64]] = field(default_factory=dict, repr=False)
    first_day: str = ""
    problems: tuple[Problem, ...] = ()
    paper: PaperStatus = field(default_factory=PaperStatus)


def internal_stops(documents: MobileDocuments) -> tuple[Problem, ...]:
    """Stops that only a list knows which may not be passed on: a sheet must name them, so the office must agree first."""
    internal = internal_sources(documents.region)
    stops = documents.plan.stops
    names = sorted(stops.loc[stops["source_id"].isin(list(internal)), "name"].astype(str))
    problems = Problems()
    if names:
        problems.add("mobile_stop_internal", "warning", "fahrplan/", count=len(names), names=", ".join(names))
    return tuple(problems)


def contact_problems(documents: MobileDocuments) -> tuple[Problem, ...]:
    """Notes of ``mobil.toml`` on stops and places that the plan does not serve."""
    plan, region = documents.plan, documents.region
    names = region.places.set_index("place_id")["print_name"]
    places = [str(names.get(p, p)) for p in plan.stops["place_id"]]
    known = {n.casefold() for n in (*places, *map(str, plan.stops["name"]), *map(str, plan.stops["stop_id"]))}
    problems = Problems()
    for note in documents.contact.stops:
        if note.key.casefold() not in known:
            problems.add(
                "mobile_contact_stop_unknown", "warning", CONTACT_FILE, column=f"halt.{note.key}", name=note.key,
                known=", ".join(sorted(dict.fromkeys(places))),
            )  # fmt: skip
    return tuple(problems)
