"""The tables of the workbook and the geopackage: rows of a run, in the reader's words.

Each function returns a data frame whose column names are ids; the document gives them their label
(``column.<id>`` in text).
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ankerort.base.provenance import DatedValue
from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import row_label
from ankerort.region.model import Region
from ankerort.region.public_view import public_facilities
from ankerort.text import Language, say
from ankerort.text.numbers import format_clock, format_date, round_persons
from ankerort.text.problems import describe_problem, repair_of


def study_places(assessment: Assessment) -> pd.DataFrame:
    """Places of the study area with municipality and association, in reading order."""
    return places_in_order(assessment.region)


def places_in_order(region: Region) -> pd.DataFrame:
    """`study_places` of a region."""
    names = region.municipalities.set_index("ags")
    places = region.places[region.places["in_study"]].copy()
    places["municipality"] = places["ags"].map(names["name"]).fillna("")
    places["association"] = places["ags"].map(names["association_name"]).fillna("")
    places["district"] = places["ags"].map(names["district_name"]).fillna("")
    order = ["district", "association", "municipality", "print_name", "place_id"]
    return places.sort_values(order, kind="stable").reset_index(drop=True)


def letters(assessment: Assessment, state: str, *, core: bool) -> pd.DataFrame:
    """Places x services with the letter of `state` (state, state_no_car, state_demand).

    Returns
    -------
    pandas.DataFrame
        place, municipality, persons, then one column per service id (or ``core:<id>``).
    """
    balance = assessment.supply.place_service
    chosen = balance[balance["service"].str.startswith("core:") == core]
    wide = chosen.pivot(index="place_id", columns="service", values=state)
    services = (
        [f"core:{i.id}" for i in assessment.catalogue.core] if core else list(assessment.catalogue.facility_services())
    )
    places = study_places(assessment)
    out = pd.DataFrame(
        {
            "place": places["print_name"],
            "municipality": places["municipality"],
            "persons": rounded(places["persons"]),
        }
    )
    for service in services:
        out[service] = places["place_id"].map(wide[service]).fillna("?") if service in wide else "?"
    return out


def ways(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """One row per place and service: letters, reason, minutes by mode, shares with their bounds."""
    places = study_places(assessment).set_index("place_id")
    balance = assessment.supply.place_service
    core = balance["service"].str.startswith("core:")
    rows = balance[~core]
    facilities = assessment.region.facilities.set_index("facility_id")
    nearest = rows["nearest_facility_id"]
    return pd.DataFrame(
        {
            "place": rows["place_id"].map(places["print_name"]),
            "municipality": rows["place_id"].map(places["municipality"]),
            "service": rows["service"].map(lambda s: row_label(s, assessment.catalogue, lang)),
            "state": rows["state"],
            "state_no_car": rows["state_no_car"],
            "state_demand": rows["state_demand"],
            "reason": rows["reason"].map(lambda r: say(f"state_reason.{r}", lang)),
            "facilities": rows["facilities"],
            "nearest": nearest.map(facilities["name"]).fillna(""),
            "walk_m": rows["walk_m"].round(),
            "walk_min": np.ceil(rows["walk_min"]),
            "bike_min": np.ceil(rows["bike_min"]),
            "car_min": np.ceil(rows["car_min"]),
            "pt_min": np.ceil(rows["pt_min"]),
            "pt_errand_min": np.ceil(rows["pt_errand_min"]),
            "pt_waiting_min": np.ceil(rows["pt_waiting_min"]),
            "pt_departures": rows["pt_departures"],
            "pt_first_arrival": rows["pt_first_arrival_s"].map(_clock),
            "pt_last_return": rows["pt_last_return_s"].map(_clock),
            "pt_demand_min": np.ceil(rows["pt_demand_min"]),
            "pt_demand_errand_min": np.ceil(rows["pt_demand_errand_min"]),
            "pt_demand_waiting_min": np.ceil(rows["pt_demand_waiting_min"]),
            "pt_demand_departures": rows["pt_demand_departures"],
            "pt_demand_first_arrival": rows["pt_demand_first_arrival_s"].map(_clock),
            "pt_demand_last_return": rows["pt_demand_last_return_s"].map(_clock),
            "without_car_low": rows["without_car_low"],
            "without_car_high": rows["without_car_high"],
            "without_car_demand_low": rows["without_car_demand_low"],
            "without_car_demand_high": rows["without_car_demand_high"],
            "with_car_low": rows["with_car_low"],
            "with_car_high": rows["with_car_high"],
            "bound": _bounds(rows, lang),
            "estimated": rows["estimated"].map({True: say("word.estimated", lang), False: ""}),
            "nearest_facility_id": nearest,
        }
    ).reset_index(drop=True)


def facilities(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """All facilities of area and buffer, the merged ones too, with source, date and certainty; none of lists that are not public."""
    region = assessment.region
    rows = public_facilities(region)
    places = region.places.set_index("place_id")["print_name"]
    municipalities = region.municipalities.set_index("ags")["name"]
    sources = region.sources.set_index("source_id")["title"]
    out = pd.DataFrame(
        {
            "service": rows["service"].map(
                lambda s: row_label(s, assessment.catalogue, lang) if s in assessment.catalogue.services else s
            ),
            "name": rows["name"],
            "place": rows["place_id"].map(places).fillna(""),
            "municipality": rows["ags"].map(municipalities).fillna(""),
            "address": rows["address"],
            "postcode": rows["postcode"],
            "position_rule": rows["position_rule"].map(lambda r: say(f"position_rule.{r}", lang) if r else ""),
            "facility_state": rows["state"].map(lambda s: say(f"facility_state.{s}", lang)),
            "certainty": rows["certainty"].map(lambda s: say(f"certainty.{s}", lang)),
            "operator": rows["operator"],
            "operator_kind": rows["operator_kind"],
            "opening_hours": rows["opening_hours"],
            "wheelchair": rows["wheelchair"],
            "capacity": rows["capacity"],
            "closed_year": rows["closed_year"],
            "source": rows["source_id"].map(sources).fillna(rows["source_id"]),
            "source_ref": rows["source_ref"],
            "source_date": rows["source_date"].map(lambda d: format_date(d, lang)),
            "check_date": rows["check_date"].map(lambda d: format_date(d, lang)),
            "confirmed_by": rows["confirmed_by"],
            "confirmed_on": rows["confirmed_on"].map(lambda d: format_date(d, lang)),
            "in_study": rows["in_study"].map({True: say("word.yes", lang), False: say("word.buffer", lang)}),
            "merged_into": rows["merged_into"],
            "note": rows["note"],
            "lon": rows["lon"].round(6),
            "lat": rows["lat"].round(6),
            "facility_id": rows["facility_id"],
        }
    )
    return out.sort_values(["service", "municipality", "place", "name", "facility_id"], kind="stable").reset_index(
        drop=True
    )


def shares(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Shares within the standard per municipality, association, district and study area.

    Groups: all, 65 and older, and the demand group of the service; the Parquet table has every group.
    """
    table = assessment.supply.area_service
    own = table["service"].map(lambda s: _own_group(assessment, s))
    rows = table[(table["level"] != "place") & (table["group"].isin(["all", "65_plus"]) | (table["group"] == own))]
    names = area_names(assessment)
    return pd.DataFrame(
        {
            "level": rows["level"].map(lambda v: say(f"level.{v}", lang)),
            "area": [names.get((lv, a), a) for lv, a in zip(rows["level"], rows["area_id"], strict=True)],
            "service": rows["service"].map(lambda s: row_label(s, assessment.catalogue, lang)),
            "group": rows["group"].map(lambda g: group_label(assessment, g, lang)),
            "mode": rows["mode"].map(lambda m: say(f"mode.{m}", lang)),
            "persons": rounded(rows["persons"]),
            "share_low": rows["share_low"],
            "share_high": rows["share_high"],
            "mean_min": rows["mean_min"].round(1),
            "median_min": rows["median_min"].round(1),
            "p90_min": rows["p90_min"].round(1),
            "standard": rows["standard"],
            "standard_unit": rows["standard_unit"],
            "standard_status": rows["standard_status"].map(lambda s: say(f"legal_status.{s}", lang) if s else ""),
            "standard_mark": rows["standard_mark"],
            "estimated": rows["estimated"].map({True: say("word.estimated", lang), False: ""}),
        }
    ).reset_index(drop=True)


def municipalities(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Municipalities of the study area with inhabitants and the number of their places."""
    region = assessment.region
    rows = region.municipalities[region.municipalities["in_study"]]
    places = region.places[region.places["in_study"]].groupby("ags").size()
    return pd.DataFrame(
        {
            "name": rows["name"],
            "kind": rows["kind"],
            "association": rows["association_name"],
            "association_kind": rows["association_kind"],
            "district": rows["district_name"],
            "persons": rounded(rows["persons"]),
            "places": rows["ags"].map(places).fillna(0).astype(int),
            "ags": rows["ags"],
        }
    ).reset_index(drop=True)


def recording(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Recording rate of each service and whether an absence may count as absence."""
    rows = assessment.supply.recording
    return pd.DataFrame(
        {
            "service": rows["service"].map(lambda s: row_label(s, assessment.catalogue, lang)),
            "found": rows["found"],
            "certain": rows["certain"],
            "probable": rows["probable"],
            "closed": rows["closed"],
            "expected": rows["expected"].round(1),
            "rate": rows["rate"],
            "absence": rows["absence"].map(lambda a: say(f"absence.{a}", lang)),
            "reason": rows["reason"].map(lambda r: say(f"recording_reason.{r}", lang)),
        }
    )


def five(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """The bundle of five per municipality, association, district and study area."""
    table = assessment.supply.bundle_of_five
    rows = table[table["level"] != "place"]
    names = area_names(assessment)
    persons = rows["persons"].where(rows["persons"] > 0)
    return pd.DataFrame(
        {
            "level": rows["level"].map(lambda v: say(f"level.{v}", lang)),
            "area": [names.get((lv, a), a) for lv, a in zip(rows["level"], rows["area_id"], strict=True)],
            "measure": rows["measure"].map(lambda m: say(f"measure.{m}", lang)),
            "reached": rows["reached"],
            "share_known": rows["persons_known"] / persons,
            "share_at_least": rows["persons_at_least"] / persons,
            "share_at_most": rows["persons_at_most"] / persons,
            "persons": rounded(rows["persons"]),
        }
    ).reset_index(drop=True)


def sources(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Sources with date, licence and credit line."""
    rows = assessment.region.sources
    return pd.DataFrame(
        {
            "title": rows["title"],
            "file": rows["file"],
            "publisher": rows["publisher"],
            "date": rows["date"].map(lambda d: format_date(d, lang)),
            "licence": rows["licence"],
            "attribution": rows["attribution"],
            "rows": rows["rows"],
            "note": rows["note"],
            "sha256": rows["sha256"],
        }
    )


def standards(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Every standard used, with legal status, mark and source; agreed ones with office and date."""
    out: list[dict[str, object]] = []
    for service in assessment.catalogue.services.values():
        for mode, standard in service.standards.items():
            for kind, value in (("minimum", standard.minimum), ("target", standard.target)):
                if value is None:
                    continue
                out.append(
                    {
                        "service": row_label(service.id, assessment.catalogue, lang),
                        "mode": say(f"standard_mode.{mode}", lang),
                        "standard_kind": say(f"standard_kind.{kind}", lang),
                        "standard": value.value,
                        "standard_unit": value.unit,
                        "standard_status": say(f"legal_status.{value.legal_status}", lang),
                        "standard_mark": value.mark,
                        "agreement": _agreement(value, lang),
                        "source": value.source,
                        "checked_on": format_date(value.checked_on, lang),
                    }
                )
    return pd.DataFrame(out)


def figures(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """All dated figures of the method: speeds, limits, thresholds."""
    rows = assessment.catalogue.figures.values()
    return pd.DataFrame(
        [
            {
                "figure": f.id,
                "standard": f.value,
                "standard_unit": f.unit,
                "standard_status": say(f"legal_status.{f.legal_status}", lang),
                "standard_mark": f.mark,
                "source": f.source,
                "checked_on": format_date(f.checked_on, lang),
            }
            for f in rows
        ]
    )


def feeds(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """What each timetable runs on the chosen day and at its peak."""
    titles = assessment.region.sources.set_index("source_id")["title"]
    trips = assessment.pt.trips
    booked = trips[trips["on_demand"]].groupby("source_id").size() if len(trips) else {}
    return pd.DataFrame(
        [
            {
                "title": titles.get(r.source_id, r.source_id),
                "first_date": format_date(r.first_date, lang),
                "last_date": format_date(r.last_date, lang),
                "stops": r.stops,
                "trips": r.trips,
                "on_demand_trips": int(booked.get(r.source_id, 0)),
                "day_trips": r.day_trips,
                "peak_date": format_date(r.peak_date, lang),
                "peak_trips": r.peak_trips,
                "hollow": say("word.yes", lang) if r.hollow else "",
                "has_rail": say("word.yes", lang) if r.has_rail else say("word.no", lang),
            }
            for r in assessment.pt.reports
        ],
        columns=[
            "title",
            "first_date",
            "last_date",
            "stops",
            "trips",
            "on_demand_trips",
            "day_trips",
            "peak_date",
            "peak_trips",
            "hollow",
            "has_rail",
        ],
    )


def silent_stops(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Registered stops and stations of area and buffer without any departure on the service day, stations first."""
    rows = assessment.pt.silent_stops
    names = assessment.region.municipalities.set_index("ags")["name"]
    titles = assessment.region.sources.set_index("source_id")["title"]
    out = pd.DataFrame(
        {
            "stop_kind": rows["kind"].map(lambda k: say(f"stop_kind.{k}", lang)),
            "name": rows["name"],
            "municipality": rows["ags"].map(names).fillna(""),
            "source": rows["source_id"].map(titles).fillna(rows["source_id"]),
            "lon": rows["lon"].round(6),
            "lat": rows["lat"].round(6),
            "_order": (rows["kind"] != "station").astype(int),
        }
    )
    out = out.sort_values(["_order", "municipality", "name"], kind="stable")
    return out.drop(columns="_order").reset_index(drop=True)


def mobile(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """Mobile visits of the study area."""
    rows = assessment.region.mobile_visits
    places = assessment.region.places.set_index("place_id")["print_name"]
    return pd.DataFrame(
        {
            "service": rows["service"].map(
                lambda s: row_label(s, assessment.catalogue, lang) if s in assessment.catalogue.services else s
            ),
            "place": rows["place_id"].map(places).fillna(""),
            "stop_name": rows["stop_name"],
            "weekday": rows["weekday"].map(lambda d: say(f"weekday.{d}", lang) if d else ""),
            "rhythm_weeks": rows["rhythm_weeks"],
            "from_time": rows["from_time"],
            "to_time": rows["to_time"],
            "operator": rows["operator"],
            "confirmed_by": rows["confirmed_by"],
            "confirmed_on": rows["confirmed_on"].map(lambda d: format_date(d, lang)),
        }
    )


def problems(assessment: Assessment, lang: Language) -> pd.DataFrame:
    """All problems as sentences with their repair."""
    return pd.DataFrame(
        [
            {
                "severity": say(f"severity.{p.severity}", lang),
                "problem": describe_problem(p, lang),
                "repair": repair_of(p, lang),
            }
            for p in assessment.problems
        ],
        columns=["severity", "problem", "repair"],
    )


def _clock(seconds: float) -> str:
    """A clock time; empty where there is no journey."""
    return "" if math.isnan(seconds) else format_clock(seconds)


def _bounds(rows: pd.DataFrame, lang: Language) -> list[str]:
    """Which minutes are upper bounds: höchstens (zu Fuß, Auto)."""
    modes = {f"{mode}_bound": say(f"standard_mode.{mode}", lang) for mode in ("walk", "bike", "car", "pt")}
    out = []
    for flags in rows[list(modes)].itertuples(index=False):
        named = [label for label, flag in zip(modes.values(), flags, strict=True) if flag]
        out.append(f"{say('word.at_most', lang)} ({', '.join(named)})" if named else "")
    return out


def _agreement(value: DatedValue, lang: Language) -> str:
    """Who agreed the standard and when; the shipped ones are proposals."""
    if not value.agreed_by:
        return say("status.not_agreed", lang)
    return say("standard.agreed", lang, by=value.agreed_by, on=format_date(value.agreed_on, lang))


def rounded(persons: pd.Series[float]) -> list[float]:
    """Persons rounded for print; unknown stays unknown."""
    return [math.nan if math.isnan(p) else float(round_persons(p)) for p in persons.astype(float)]


def _own_group(assessment: Assessment, service: str) -> str:
    """The group whose people a service is for (the first of its demand groups)."""
    found = assessment.catalogue.services.get(service)
    return found.demand_groups[0] if found is not None else "all"


def group_label(assessment: Assessment, group: str, lang: Language) -> str:
    """Label of a group."""
    found = assessment.catalogue.groups[group]
    return found.label_de if lang == "de" else found.label_en


def area_names(assessment: Assessment) -> dict[tuple[str, str], str]:
    """Names of the study area and of all municipalities, associations and districts by (level, area_id)."""
    rows = assessment.region.municipalities
    names: dict[tuple[str, str], str] = {("study", "*"): assessment.region.settings.name}
    for row in rows.itertuples():
        names["municipality", str(row.ags)] = str(row.name)
        names["association", str(row.association_id)] = str(row.association_name)
        names["district", str(row.district_ags)] = str(row.district_name)
    return names
