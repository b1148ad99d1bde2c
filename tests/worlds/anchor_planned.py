"""A solved plan on the sample region with made-up records, for the tests of what is made of a solution."""

from __future__ import annotations

from functools import cache

from ankerort.anchors.build import prepare, travel_for
from ankerort.anchors.place_travel import PlaceTravel
from ankerort.anchors.plan import AnchorPlan
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import Solution
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.result import make_plan
from ankerort.anchors.solve import solve
from worlds.anchor_region import priced, sample_world

REQUEST = AnchorRequest(max_anchors=3, may_close=("library", "village_hall"), seconds=20.0)


@cache
def travel() -> PlaceTravel:
    """Ways to all candidate places."""
    w = sample_world()
    return travel_for(w.region, w.network, w.reach, w.catalogue, AnchorRequest(), threads=2)


@cache
def prepared(request: AnchorRequest = REQUEST) -> Prepared:
    """The problem of a request."""
    w = sample_world()
    return prepare(
        w.region, None, w.reach, w.parts, w.catalogue, request,
        pricing=priced, room_hours_week=20.0, travel=travel(), threads=2,
    )  # fmt: skip


@cache
def solution(request: AnchorRequest = REQUEST) -> Solution:
    """Its best plan."""
    found = prepared(request)
    return solve(found.problem, found.objective, found.limits, seconds=request.seconds)


@cache
def planned(request: AnchorRequest = REQUEST) -> AnchorPlan:
    """The plan with all tables."""
    w = sample_world()
    return make_plan(
        prepared(request), solution(request), w.region, w.catalogue, name="Vorschlag", record={"key": "abc", "n": 1}
    )
