"""Which places of the study area may become anchors: those asked for, and those that a rule chooses."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.request import AnchorRequest
from ankerort.catalogue.model import Catalogue
from ankerort.region.model import Region


@dataclass(frozen=True)
class Candidates:
    """Candidate places.

    Parameters
    ----------
    rows
        int32: rows of ``Region.places``, ascending.
    held
        int64: core functions with an open facility there, certain or probable.
    too_small, beyond_most
        Places of the study area that have too few inhabitants, and those after the most that take part.
    no_centre
        Ids of places that are large enough but have no centre in the data or are the rest of a municipality, the largest first.
    given
        bool: asked for, or a central place of a plan.
    """

    rows: NDArray[np.int32]
    held: NDArray[np.int64]
    too_small: int
    beyond_most: int
    no_centre: tuple[str, ...] = ()
    given: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))


def choose_candidates(region: Region, catalogue: Catalogue, request: AnchorRequest) -> Candidates:
    """Places of at least ``anchors.candidate_min_persons`` inhabitants, at most ``anchors.candidates_max``.

    Of more places those with the largest product of inhabitants and (1 + core functions held) stay; equal ones by place id. Places that
    must be anchors and central places of a plan are always in. Only places with a centre count. Places that may not be anchors stay: the
    limits of the problem forbid them, so that a contradiction can be told.

    Parameters
    ----------
    request
        `keep` as place ids.
    """
    places = region.places
    ids = places["place_id"].to_numpy(object)
    persons = places["persons"].to_numpy(float)
    held = _functions_held(region, catalogue)
    settled = places["x"].notna().to_numpy(bool) & (places["kind"] != "outlying").to_numpy(bool)
    given = np.isin(ids, [*request.keep, *region.central_places["place_id"]])
    # the rest of a municipality is no place, unless somebody asks for it
    eligible = places["in_study"].to_numpy(bool) & (settled | (given & places["x"].notna().to_numpy(bool)))
    large = persons >= catalogue.value("anchors.candidate_min_persons")
    lost = np.flatnonzero(places["in_study"].to_numpy(bool) & ~eligible & (large | given))
    ranked = np.flatnonzero(eligible & (large | given))
    score = persons[ranked] * (1.0 + held[ranked])
    order = np.lexsort((ids[ranked].astype(str), -score, ~given[ranked]))
    most = max(int(catalogue.value("anchors.candidates_max")), int(given[ranked].sum()))
    chosen = np.sort(ranked[order[:most]]).astype(np.int32)
    return Candidates(
        rows=chosen,
        held=held[chosen],
        too_small=int((eligible & ~large & ~given).sum()),
        beyond_most=len(ranked) - len(chosen),
        no_centre=tuple(str(ids[k]) for k in lost[np.lexsort((ids[lost].astype(str), -persons[lost]))]),
        given=given[chosen],
    )


def _functions_held(region: Region, catalogue: Catalogue) -> NDArray[np.int64]:
    facilities = region.facilities
    counts = ((facilities["state"] == "open") & (facilities["merged_into"] == "")).to_numpy(bool)
    service = facilities["service"].to_numpy(object)
    place = facilities["place_id"].to_numpy(object)
    ids = region.places["place_id"].to_numpy(object)
    held = np.zeros(len(ids), np.int64)
    for item in catalogue.core:
        mine = counts & np.isin(service, item.services)
        held += np.isin(ids, np.unique(place[mine].astype(str)))
    return held
