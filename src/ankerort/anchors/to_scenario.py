"""A plan as a scenario, so that step 2's code tells what it does for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ankerort.anchors.plan import AnchorPlan
from ankerort.catalogue.model import Catalogue
from ankerort.region.model import Region
from ankerort.scenario.change import Change
from ankerort.scenario.changes import AddVisit, CloseFacility, MoveFacility, OpenFacility
from ankerort.scenario.scenario import Scenario
from ankerort.text import Language, say

VISIT = "visit"


def plan_scenario(
    plan: AnchorPlan,
    region: Region,
    catalogue: Catalogue,
    *,
    hours: Mapping[tuple[str, str], str] | None = None,
    lang: Language = "de",
) -> Scenario:
    """What opens, moves, closes and comes by, as changes of facilities.

    New facilities stand at the centre of their place and have the usual hours of their service, unless `hours` says others, and the
    capacity of their way of provision where the catalogue has one: where none is recorded it stays unknown. What moves keeps its own.
    Mobile visits come as often as the catalogue says. People of another year are no part of it: the comparison is made with those that the
    plan was made for.

    Parameters
    ----------
    hours
        Opening hours (OpenStreetMap syntax) by (place_id, variant), from the week plans of shared rooms.
    lang
        Of the names of new facilities.
    """
    names = _names(region)
    told = hours or {}
    changes: list[Change] = []
    done: set[tuple[str, ...]] = set()
    for row in plan.functions.to_dict("records"):
        # a service that fulfils two functions opens once
        key = tuple(str(row[c]) for c in ("what", "place_id", "service", "facility_id"))
        if row["what"] == "kept" or key in done:
            continue
        done.add(key)
        changes.append(_change(row, names, catalogue, told, lang))
    note = [say("anchors_file.scenario_note", lang, name=plan.name)]
    if plan.request.year is not None:
        year = {"year": str(plan.request.year), "variant": plan.request.variant}
        note.append(say("anchors_file.scenario_year", lang, **year))
    return Scenario(plan.name, tuple(changes), note=" ".join(note))


def _change(
    row: Mapping[Any, Any],
    names: Mapping[str, str],
    catalogue: Catalogue,
    hours: Mapping[tuple[str, str], str],
    lang: Language,
) -> Change:
    place_id, service = str(row["place_id"]), str(row["service"])
    place = names.get(place_id, place_id)
    if row["what"] == "closed":
        return CloseFacility(facility=str(row["facility_id"]))
    if row["what"] == "moved":
        return MoveFacility(facility=str(row["facility_id"]), to_place=place)
    variant = catalogue.provision.variants.get(str(row["variant"]))
    if variant is not None and variant.kind == VISIT:
        return AddVisit(service=service, place=place, every_weeks=variant.every_weeks.value)
    label = catalogue.services[service].label(lang) if service in catalogue.services else service
    return OpenFacility(
        service=service,
        name=say("anchors_file.facility_name", lang, service=label, place=place),
        place=place,
        opening_hours=hours.get((place_id, str(row["variant"])), ""),
        capacity=variant.capacity.value if variant is not None and variant.capacity.value > 0 else None,
    )


def _names(region: Region) -> dict[str, str]:
    """How a scenario names a place: as printed, by its id where a printed name is not the only one."""
    places = region.places
    twice = places["print_name"].str.casefold().duplicated(keep=False)
    return {
        str(i): str(i) if again else str(name)
        for i, name, again in zip(places["place_id"], places["print_name"], twice, strict=True)
    }
