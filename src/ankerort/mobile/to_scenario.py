"""A mobile plan as a scenario, so that step 2's code tells what it does for people: state M, "kommt ins Dorf"."""

from __future__ import annotations

from ankerort.catalogue.model import Catalogue
from ankerort.mobile.plan import MobilePlan
from ankerort.region.model import Region
from ankerort.scenario.changes import AddVisit
from ankerort.scenario.scenario import Scenario
from ankerort.text import Language, say


def mobile_scenario(plan: MobilePlan, region: Region, catalogue: Catalogue, *, lang: Language = "de") -> Scenario:
    """One `AddVisit` per visit of the plan and service on board; a service that is not in the catalogue is left out.

    A pattern with two weekdays gives two visits, each in its own rhythm: twice a week is Tuesday every week and Friday every week.

    Parameters
    ----------
    lang
        Of the note.
    """
    names = _names(region)
    stops = plan.stops.set_index("stop_id")
    changes: list[AddVisit] = []
    done: set[tuple[str, ...]] = set()
    for row in plan.visits.to_dict("records"):
        stop = stops.loc[str(row["stop_id"])]
        weeks = len(str(row["weeks"]).split(";"))
        for mobile in str(row["services"]).split(";"):
            if mobile not in catalogue.mobile.services:
                continue
            service = catalogue.mobile.services[mobile].service
            key = (service, str(row["stop_id"]), str(row["weekday"]), str(row["weeks"]), str(row["from_time"]))
            if key in done:  # two services on board may provide the same
                continue
            done.add(key)
            changes.append(
                AddVisit(
                    service=service,
                    place=names.get(str(stop["place_id"]), str(stop["place_id"])),
                    weekday=str(row["weekday"]),
                    every_weeks=plan.weeks / weeks,
                    from_time=str(row["from_time"]),
                    to_time=str(row["to_time"]),
                    stop_name=str(stop["name"]),
                    lon=round(float(stop["lon"]), 6),
                    lat=round(float(stop["lat"]), 6),
                )
            )
    note = [say("mobile_file.scenario_note", lang, name=plan.name)]
    if plan.request.year is not None:
        note.append(say("anchors_file.scenario_year", lang, year=str(plan.request.year), variant=plan.request.variant))
    return Scenario(plan.name, tuple(changes), note=" ".join(note))


def _names(region: Region) -> dict[str, str]:
    """How a scenario names a place: as printed, by its id where a printed name is not the only one."""
    places = region.places
    twice = places["print_name"].str.casefold().duplicated(keep=False)
    return {
        str(i): str(i) if again else str(name)
        for i, name, again in zip(places["place_id"], places["print_name"], twice, strict=True)
    }
