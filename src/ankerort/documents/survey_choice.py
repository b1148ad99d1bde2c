"""Which municipalities and facilities an inquiry is for, by what a user names."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from ankerort.base.problems import InputError, Problem
from ankerort.catalogue.model import Catalogue
from ankerort.documents.inquiry_lines import asked_about, listed_lines
from ankerort.documents.labels import row_label
from ankerort.documents.survey_sheet import Survey
from ankerort.region.inquiry.layout import line_key
from ankerort.region.inquiry.near import nearest_words
from ankerort.region.model import Region
from ankerort.region.place_names import PlaceNames
from ankerort.region.public_view import is_masked
from ankerort.text import Language, say

_MOST_NAMED = 8
# stops are asked about in the workbook; nobody fills in a page for each
_WITHOUT_SHEET = frozenset({"bus_stop", "post_box"})


def find_municipalities(region: Region, wanted: Sequence[str]) -> list[tuple[str, str]]:
    """AGS and name of municipalities of the study area by name or AGS; none wanted = all.

    Raises
    ------
    InputError
        With every name that is unknown or not unique, and the nearest ones.
    """
    table = region.municipalities[region.municipalities["in_study"]].sort_values("ags", kind="stable")
    known = [(str(a), str(n)) for a, n in zip(table["ags"], table["name"], strict=True)]
    if not wanted:
        return known
    found: list[tuple[str, str]] = []
    problems = []
    for one in wanted:
        fits = [m for m in known if one.strip() == m[0]] or [
            m for m in known if one.strip().casefold() in (m[1].casefold(), _bare(m[1]))
        ]
        if len(fits) == 1:
            found += [m for m in fits if m not in found]
        elif fits:
            keys = ", ".join(a for a, _ in fits)
            params: dict[str, object] = {"name": one, "keys": keys}
            problems.append(Problem("inquiry_municipality_twice", "error", "--municipality", params=params))
        else:
            near = nearest_words(one, [n for _, n in known])
            if near == "–":
                near = ", ".join(n for _, n in known[:_MOST_NAMED])
            params = {"name": one, "near": near}
            problems.append(Problem("inquiry_municipality_none", "error", "--municipality", params=params))
    if problems:
        raise InputError(problems)
    return found


def _bare(name: str) -> str:
    return re.sub(r"\s*(?:\([^)]*\)|,\s*Stadt)\s*$", "", name).casefold()


def choose_surveys(
    region: Region,
    catalogue: Catalogue,
    *,
    facility: str = "",
    place: str = "",
    service: str = "",
    whole: bool = False,
    municipalities: Sequence[str] = (),
    lang: Language = "de",
) -> tuple[Survey, ...]:
    """The survey sheets that a user asks for, by place, service and id; at least one.

    Raises
    ------
    InputError
        If nothing is chosen or found, with the nearest names.
    """
    facilities = region.facilities
    found = facilities[
        (facilities["state"] == "open")
        & (facilities["merged_into"] == "")
        & facilities["in_study"]
        & ~is_masked(facilities["facility_id"])
    ]
    if facility:
        one = found[found["facility_id"] == facility]
        if one.empty:
            near = nearest_words(facility, found["facility_id"])
            raise InputError([_problem("inquiry_sheet_facility", "--facility", facility, near)])
        return _surveys(region, catalogue, one, lang)
    if place and service:
        place_id, service_id = _place(region, place), _service(catalogue, service)
        here = found[(found["place_id"] == place_id) & (found["service"] == service_id)]
        return _surveys(region, catalogue, here, lang) or (_blank(region, catalogue, place_id, service_id, lang),)
    if not whole:
        raise InputError([Problem("inquiry_sheet_none", "error", "--facility")])
    ags = {a for a, _ in find_municipalities(region, municipalities)}
    return _surveys(region, catalogue, found[found["ags"].isin(ags) & ~found["service"].isin(_WITHOUT_SHEET)], lang)


def _surveys(region: Region, catalogue: Catalogue, found: pd.DataFrame, lang: Language) -> tuple[Survey, ...]:
    names = dict(zip(region.municipalities["ags"], region.municipalities["name"], strict=True))
    places = region.places.set_index("place_id")
    order = {s: k for k, s in enumerate(catalogue.services)}
    rows = found.assign(_order=found["service"].map(order)).sort_values(
        ["ags", "place_id", "_order", "facility_id"], kind="stable"
    )
    surveys = []
    for row in rows.to_dict("records"):
        place_id = str(row["place_id"])
        if place_id not in places.index:
            continue
        ags = str(places.loc[place_id, "ags"])
        believed, hours, source = listed_lines(region, catalogue, str(row["facility_id"]), lang)
        surveys.append(
            Survey(
                service=str(row["service"]),
                label=row_label(str(row["service"]), catalogue, lang),
                place=str(places.loc[place_id, "print_name"]),
                municipality=str(names.get(ags, ags)),
                ags=ags,
                believed=believed,
                hours=hours,
                source=source,
                key=line_key(
                    place_id=place_id,
                    service=str(row["service"]),
                    ids=[str(row["facility_id"])],
                    asked=[asked_about({str(c): v for c, v in row.items()})],
                ),
                listed=True,
            )
        )
    return tuple(surveys)


def _blank(region: Region, catalogue: Catalogue, place_id: str, service: str, lang: Language) -> Survey:
    place = region.places.set_index("place_id").loc[place_id]
    names = dict(zip(region.municipalities["ags"], region.municipalities["name"], strict=True))
    ags = str(place["ags"])
    return Survey(
        service=service,
        label=row_label(service, catalogue, lang),
        place=str(place["print_name"]),
        municipality=str(names.get(ags, ags)),
        ags=ags,
        believed=(),
        hours="",
        source=say("inquiry.survey_no_source", lang),
        key=line_key(place_id=place_id, service=service),
        listed=False,
    )


def _place(region: Region, name: str) -> str:
    places = region.places[region.places["in_study"]]
    names = PlaceNames(places)
    found = names.find(name)
    if len(found) != 1:
        near = ", ".join(names.printed(p) for p in found) or nearest_words(name, names.known())
        raise InputError([_problem("inquiry_sheet_place", "--place", name, near)])
    return found[0]


def _service(catalogue: Catalogue, name: str) -> str:
    services = [catalogue.services[s] for s in catalogue.facility_services()]
    wanted = name.strip().casefold()
    found = [s.id for s in services if wanted in (s.id, s.label_de.casefold(), s.label_en.casefold())]
    found = found or [s.id for s in services if wanted and s.label_de.casefold().startswith(wanted)]
    if len(found) != 1:
        known = [*(s.label_de for s in services), *(s.id for s in services)]
        near = ", ".join(found) or nearest_words(name, known)
        raise InputError([_problem("inquiry_sheet_service", "--service", name, near)])
    return found[0]


def _problem(code: str, table: str, name: str, near: str) -> Problem:
    return Problem(code, "error", table, params={"name": name, "near": near})
